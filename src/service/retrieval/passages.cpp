#include "retrieval/passages.hpp"

#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::retrieval {
namespace {

using knowledge::Block;

class Collector {
 public:
  explicit Collector(std::string title) : title_(std::move(title)) {}

  void read(const knowledge::Blocks& blocks) {
    for (const Block& block : blocks) read(block);
  }

  std::vector<std::string> take() {
    flush();
    return std::move(out_);
  }

 private:
  void read(const Block& block) {
    const bool heads = !block.title.empty() && !block.children.empty();
    if (heads) {
      flush();
      headings_.push_back(plain(block.title));
    } else if (!block.title.empty()) {
      add(plain(block.title));
    }
    if (!block.spans.empty()) add(plain(block.spans));
    if (!block.text.empty()) add(block.text);
    read(block.children);
    if (heads) {
      flush();
      headings_.pop_back();
    }
  }

  void add(const std::string& text) {
    for (const std::string& sentence : text::sentences(text)) {
      if (!text_.empty() && text_.size() + sentence.size() > kPassageBytes) flush();
      if (!text_.empty()) text_ += ' ';
      text_ += text::utf8_prefix(sentence, 2 * kPassageBytes);
    }
  }

  void flush() {
    if (text_.empty()) return;
    std::string passage = title_;
    for (const std::string& heading : headings_) passage.append(" > ").append(heading);
    passage.append(" : ").append(text_);
    if (out_.size() < kPassages) out_.push_back(text::clean(passage));
    text_.clear();
  }

  std::string title_, text_;
  std::vector<std::string> headings_, out_;
};

}  // namespace

std::vector<std::string> passages_of(const knowledge::Document& document) {
  std::string first = document.title;
  if (!document.description.empty()) first.append(". ").append(document.description);
  std::vector<std::string> out = {text::clean(first)};
  if (document.kind == knowledge::Document::Kind::dossier) return out;
  Collector collector(document.title);
  collector.read(document.body);
  for (std::string& passage : collector.take()) out.push_back(std::move(passage));
  return out;
}

}  // namespace parvis::retrieval
