#include "mail/html_text.hpp"

#include <gumbo.h>

#include <memory>
#include <vector>

namespace parvis::mail {
namespace {

// Gumbo's functions recurse: how deep they may go at most, by the tags alone.
std::size_t depth_bound(std::string_view html) {
  std::size_t depth = 0, deepest = 0;
  for (std::size_t at = 0; (at = html.find('<', at)) != std::string_view::npos; ++at) {
    if (html.substr(at).starts_with("</"))
      depth -= depth > 0;
    else if (!html.substr(at).starts_with("<br") && !html.substr(at).starts_with("<!"))
      deepest = std::max(deepest, ++depth);
  }
  return deepest;
}

bool left_out(GumboTag tag) {
  return tag == GUMBO_TAG_SCRIPT || tag == GUMBO_TAG_STYLE || tag == GUMBO_TAG_HEAD ||
         tag == GUMBO_TAG_TEMPLATE || tag == GUMBO_TAG_NOSCRIPT || tag == GUMBO_TAG_TITLE;
}
bool block(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_P:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_BR:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
      return true;
    default:
      return false;
  }
}

class Lines {
 public:
  void text(std::string_view some) {
    for (const char c : some) {
      if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
        space_ = !line_.empty();
        continue;
      }
      if (space_) line_ += ' ';
      space_ = false;
      line_ += c;
    }
  }
  void end() {  // at most one empty line in a row
    if (!line_.empty() || (!out_.empty() && !out_.ends_with("\n\n")))
      out_ += (quotes_ > 0 && !line_.empty() ? "> " : "") + line_ + '\n';
    line_.clear();
    space_ = false;
  }
  void quote(int by) { quotes_ += by; }
  std::string take() {
    if (!line_.empty()) end();
    return std::move(out_);
  }

 private:
  std::string out_, line_;
  bool space_ = false;
  int quotes_ = 0;
};

}  // namespace

std::string html_text(std::string_view html) {
  if (html.size() > kHtmlRead || depth_bound(html) > kHtmlDepth) return {};
  const std::unique_ptr<GumboOutput, void (*)(GumboOutput*)> tree(
      gumbo_parse_with_options(&kGumboDefaultOptions, html.data(), html.size()),
      [](GumboOutput* all) { gumbo_destroy_output(&kGumboDefaultOptions, all); });
  Lines lines;
  struct Step {
    const GumboNode* node;
    bool leaving;
  };
  std::vector<Step> steps = {{tree->root, false}};
  while (!steps.empty()) {
    const auto [node, leaving] = steps.back();
    steps.pop_back();
    if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
        node->type == GUMBO_NODE_CDATA)
      lines.text(node->v.text.text);
    if (node->type != GUMBO_NODE_ELEMENT || left_out(node->v.element.tag)) continue;
    const GumboTag tag = node->v.element.tag;
    if (block(tag) && !(leaving && (tag == GUMBO_TAG_BR || tag == GUMBO_TAG_HR))) lines.end();
    if (tag == GUMBO_TAG_BLOCKQUOTE) lines.quote(leaving ? -1 : 1);
    if (leaving) continue;
    steps.push_back({node, true});
    const GumboVector& children = node->v.element.children;
    for (unsigned i = children.length; i > 0; --i)
      steps.push_back({static_cast<const GumboNode*>(children.data[i - 1]), false});
  }
  return lines.take();
}

}  // namespace parvis::mail
