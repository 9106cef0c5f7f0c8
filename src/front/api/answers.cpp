#include "api/resources.hpp"
#include "base/error.hpp"
#include "text/normalise.hpp"

namespace parvis::api {
namespace {

using http::Request;
using http::Response;

// An optional array of texts.
std::vector<std::string> texts(const json::object& object, std::string_view key) {
  std::vector<std::string> out;
  const json::value* values = object.if_contains(key);
  if (values == nullptr) return out;
  const auto wrong = [&] {
    return Error(Errc::invalid, "\"" + std::string(key) + "\" is not an array of texts");
  };
  if (!values->is_array()) throw wrong();
  for (const json::value& value : values->get_array()) {
    if (!value.is_string()) throw wrong();
    out.emplace_back(value.get_string());
  }
  return out;
}

}  // namespace

void add_answers(http::Router& router, const Service& service) {
  router.post("/api/v1/answers", [&service](const Request& request) {
    auto body = object_of(request, "send a JSON object {\"question\": \"…\"}");
    if (Response* refused = std::get_if<Response>(&body)) return std::move(*refused);
    const json::object& object = std::get<json::object>(body);
    const answer::Question question{.text = text_of(object, "question"),
                                    .earlier = texts(object, "after"),
                                    .chosen = texts(object, "chosen")};
    if (text::clean(question.text).empty())
      throw Error(Errc::invalid, "the member \"question\" is missing or empty");
    return Response::json(
        to_json(service.ask(question, known_commune(service, text_of(object, "commune")))));
  });
}

}  // namespace parvis::api
