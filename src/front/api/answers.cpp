#include <algorithm>

#include "api/resources.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
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

// An optional text.
std::string text_of(const json::object& object, std::string_view key) {
  const auto text = string_at(object, key);
  if (object.contains(key) && !text)
    throw Error(Errc::invalid, "\"" + std::string(key) + "\" is not a text");
  return std::string(text.value_or(""));
}

bool is_json(const Request& request) {
  std::string type(request.header("content-type").value_or(""));
  type.resize(std::min(type.size(), type.find_first_of("; ")));
  std::ranges::transform(type, type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return type == "application/json";
}

}  // namespace

void add_answers(http::Router& router, const Service& service) {
  router.post("/api/v1/answers", [&service](const Request& request) {
    if (!is_json(request))
      return http::problem({415, "send JSON, with Content-Type: application/json"},
                           request.request_id);
    const auto value = parse_json(request.body);
    if (!value || !value->is_object())
      throw Error(Errc::invalid, "send a JSON object {\"question\": \"…\"}");
    const json::object& object = value->get_object();
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
