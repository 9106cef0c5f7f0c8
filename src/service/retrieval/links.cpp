#include "retrieval/links.hpp"

#include "text/tokens.hpp"

namespace parvis::retrieval {
namespace {

using knowledge::Block;
using knowledge::Span;

void read(const knowledge::Spans& spans,
          const std::function<void(std::string_view, std::string_view)>& fn) {
  for (const Span& span : spans)
    if (span.kind == Span::Kind::sheet_link && !span.text.empty()) fn(span.text, span.target);
}

}  // namespace

void each_link(const knowledge::Document& document,
               const std::function<void(std::string_view, std::string_view)>& fn) {
  auto blocks = [&](const knowledge::Blocks& all) {
    std::vector<const Block*> ancestors;
    knowledge::walk(all, ancestors, [&](const Block& block, const auto&) {
      read(block.title, fn);
      read(block.spans, fn);
      return true;
    });
  };
  blocks(document.body);
  blocks(document.resources);
  for (const knowledge::Definition& definition : document.definitions) blocks(definition.text);
  for (const auto* links : {&document.questions, &document.what_if, &document.see_also})
    for (const knowledge::Link& link : *links)
      if (!link.id.empty() && !link.title.empty()) fn(link.title, link.id);
}

std::string comparable(std::string_view text) {
  std::string out;
  for (const text::Word& word : text::words(text)) out.append(word.folded).append(" ");
  return out;
}

}  // namespace parvis::retrieval
