#include <charconv>
#include <set>

#include "api/resources.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::api {
namespace {

using http::Request;
using http::Response;
using knowledge::Block;
using knowledge::Document;

std::size_t limit_of(const Request& request) {
  const auto text = request.query_value("limit");
  if (!text) return kResults;
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error != std::errc() || end != text->data() + text->size() || limit < 1 ||
      limit > kResultsMax)
    throw Error(Errc::invalid,
                "\"limit\" is a whole number from 1 to " + std::to_string(kResultsMax));
  return limit;
}

// The sentence that holds most of the words asked for, whole; the first one among equals.
std::string snippet(const Document& document, const std::set<std::string>& asked) {
  std::string best;
  std::size_t most = 0;
  auto judge = [&](std::string_view text) {
    for (std::string& sentence : text::sentences(text)) {
      std::set<std::string> met;
      for (std::string& stem : text::terms(sentence))
        if (asked.contains(stem)) met.insert(std::move(stem));
      if (!best.empty() && met.size() <= most) continue;
      best = std::move(sentence);
      most = met.size();
    }
  };
  judge(document.description);
  std::vector<const Block*> ancestors;
  knowledge::walk(document.body, ancestors, [&](const Block& block, const auto&) {
    judge(plain(block.spans));
    return true;
  });
  return best;
}

json::value or_null(std::string_view text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object result(const Document& document, const std::set<std::string>& asked) {
  return {{"id", document.key.id},
          {"audience", document.key.audience},
          {"title", document.title},
          {"url", or_null(document.url)},
          {"updated", or_null(document.updated ? format_iso_date(*document.updated) : "")},
          {"snippet", snippet(document, asked)},
          {"local", document.key.is_local()}};
}

}  // namespace

void add_search(http::Router& router, const Service& service) {
  router.get("/api/v1/search", [&service](const Request& request) {
    const std::string words = text::clean(request.query_value("q").value_or(""));
    if (words.empty()) throw Error(Errc::invalid, "say what to search: ?q=…");
    if (words.size() > kWordsBytes)
      throw Error(Errc::too_large, "\"q\" is longer than 1000 bytes: shorten it");
    const std::size_t limit = limit_of(request);
    const std::string commune = known_commune(service, request.query_value("commune").value_or(""));
    std::set<std::string> asked;
    for (std::string& stem : text::terms(words)) asked.insert(std::move(stem));
    json::array results;
    for (const Document& document : service.find(words, commune, limit))
      results.push_back(result(document, asked));
    return Response::json(json::object{{"results", std::move(results)}});
  });
}

}  // namespace parvis::api
