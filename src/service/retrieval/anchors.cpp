#include "retrieval/anchors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "search/entry.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

// The file as it is in the source tree.
__asm__(
    ".section .rodata\n"
    "parvis_phrasings: .incbin \"" PARVIS_DATA
    "/phrasings.jsonl\"\nparvis_phrasings_end: .byte 0\n"
    ".global parvis_phrasings, parvis_phrasings_end\n"
    ".previous\n");
extern "C" const char parvis_phrasings[], parvis_phrasings_end[];

namespace parvis::retrieval {
namespace {

using knowledge::Block;
using knowledge::Span;

void read_spans(const knowledge::Spans& spans,
                const std::function<void(std::string_view, std::string_view, LinkPlace)>& fn) {
  for (const Span& span : spans)
    if (span.kind == Span::Kind::sheet_link && !span.text.empty())
      fn(span.text, span.target, LinkPlace::text);
}

}  // namespace

std::string comparable(std::string_view text) {
  std::string out;
  for (const text::Word& word : text::words(text)) out.append(word.folded).append(" ");
  return out;
}

void each_link(const knowledge::Document& document,
               const std::function<void(std::string_view, std::string_view, LinkPlace)>& fn) {
  auto blocks = [&](const knowledge::Blocks& all) {
    std::vector<const Block*> ancestors;
    knowledge::walk(all, ancestors, [&](const Block& block, const auto&) {
      read_spans(block.title, fn);
      read_spans(block.spans, fn);
      return true;
    });
  };
  blocks(document.body);
  blocks(document.resources);
  for (const knowledge::Definition& definition : document.definitions) blocks(definition.text);
  for (const auto* links : {&document.questions, &document.what_if, &document.see_also})
    for (const knowledge::Link& link : *links)
      if (!link.id.empty() && !link.title.empty()) fn(link.title, link.id, LinkPlace::list);
}

Phrasings read_phrasings(std::string_view jsonl, std::string_view language) {
  Phrasings out;
  while (!jsonl.empty()) {
    const std::size_t end = std::min(jsonl.find('\n'), jsonl.size());
    const auto line = parse_json(jsonl.substr(0, end));
    jsonl.remove_prefix(std::min(end + 1, jsonl.size()));
    if (!line || !line->is_object()) continue;
    const auto id = string_at(line->get_object(), "id");
    const json::value* said = line->get_object().if_contains("said");
    if (!id || said == nullptr || !said->is_array() ||
        string_at(line->get_object(), "language").value_or("fr") != language)
      continue;
    for (const json::value& each : said->get_array())
      if (each.is_string()) out[std::string(*id)].push_back(text::clean(each.get_string()));
  }
  return out;
}

const Phrasings& phrasings() {
  static const Phrasings all = read_phrasings({parvis_phrasings, parvis_phrasings_end});
  return all;
}

std::string phrasings_digest() {
  static const std::string digest =
      fmt::format("{:x}", search::text_hash({parvis_phrasings, parvis_phrasings_end}));
  return digest;
}

Anchors::Anchors(const Phrasings& phrasings, const Without& without)
    : phrasings_(phrasings), without_(without) {}

void Anchors::read(const knowledge::Document& document) {
  if (!document.asked.empty()) {
    std::vector<std::string>& own = of_[document.key.id].words;
    own.insert(own.begin(), document.asked.begin(), document.asked.end());
  }
  std::set<std::string, std::less<>> targets;
  each_link(document, [&](std::string_view words, std::string_view id, LinkPlace place) {
    if (id == document.key.id) return;
    About& about = of_[std::string(id)];
    if (place == LinkPlace::text && targets.emplace(id).second) ++about.links;
    if (about.words.size() < 4 * kAnchors) about.words.push_back(text::clean(words));
  });
}

std::vector<std::string> Anchors::of(std::string_view id) const {
  std::vector<std::string> out;
  std::set<std::string> seen;
  auto add = [&](const std::vector<std::string>& all) {
    for (const std::string& words : all) {
      if (out.size() == kAnchors) return;
      std::string folded = comparable(words);
      if (words.size() <= kAnchorBytes && !folded.empty() && !without_.contains(folded) &&
          seen.insert(std::move(folded)).second)
        out.push_back(words);
    }
  };
  if (const auto at = phrasings_.find(id); at != phrasings_.end()) add(at->second);
  if (const auto at = of_.find(id); at != of_.end()) add(at->second.words);
  return out;
}

std::uint32_t Anchors::links_in(std::string_view id) const {
  const auto at = of_.find(id);
  return at == of_.end() ? 0 : at->second.links;
}

std::uint64_t anchor_hash(std::string_view text) {
  return search::text_hash("anchor: " + std::string(text));
}

}  // namespace parvis::retrieval
