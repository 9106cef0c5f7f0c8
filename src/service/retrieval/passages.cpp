#include "retrieval/passages.hpp"

#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::retrieval {
namespace {

using knowledge::Block;

enum class Extent : std::uint8_t { beginnings, whole };

class Collector {
 public:
  Collector(std::string title, Extent extent)
      : title_(std::move(title)),
        extent_(extent),
        most_(extent == Extent::whole ? kTextPassages : kPassages) {}

  void read(const knowledge::Blocks& blocks) {
    for (const Block& block : blocks) read(block);
  }

  std::vector<Passage> take() {
    flush();
    return std::move(out_);
  }

 private:
  // Where to go and what to click is found by the structure; as text it says nothing of the matter.
  static bool leads_elsewhere(const Block& block) {
    using enum Block::Kind;
    return block.kind == contact || block.kind == online || block.kind == form ||
           block.kind == notice_link || block.kind == template_ || block.kind == tool ||
           block.kind == illustration;
  }

  void read(const Block& block) {
    if (leads_elsewhere(block)) return;
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
      if (!text_.empty() && text_.size() + sentence.size() > kPassageBytes) cut();
      if (full_) return;
      if (!text_.empty()) text_ += ' ';
      text_ += text::utf8_prefix(sentence, 2 * kPassageBytes);
    }
  }

  void flush() {
    if (!full_) cut();
    full_ = false;
  }

  void cut() {
    full_ = extent_ == Extent::beginnings;
    if (text_.empty()) return;
    std::string about = title_;
    for (const std::string& heading : headings_) about.append(" > ").append(heading);
    if (out_.size() < most_) out_.push_back({text::clean(about), text::clean(text_)});
    text_.clear();
  }

  std::string title_, text_;
  Extent extent_;
  std::size_t most_;
  bool full_ = false;  // the section has its passage
  std::vector<std::string> headings_;
  std::vector<Passage> out_;
};

std::vector<Passage> collected(const knowledge::Document& document, Extent extent) {
  if (document.kind == knowledge::Document::Kind::dossier) return {};
  Collector collector(document.title, extent);
  collector.read(document.body);
  return collector.take();
}

}  // namespace

std::vector<Passage> passages_of(const knowledge::Document& document) {
  std::string first = document.title;
  if (!document.description.empty()) first.append(". ").append(document.description);
  std::vector<Passage> out = {{"", text::clean(first)}};
  for (Passage& passage : collected(document, Extent::beginnings))
    out.push_back(std::move(passage));
  return out;
}

std::vector<Passage> text_of(const knowledge::Document& document) {
  return collected(document, Extent::whole);
}

}  // namespace parvis::retrieval
