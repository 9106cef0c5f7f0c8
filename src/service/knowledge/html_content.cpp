#include <fmt/format.h>
#include <gumbo.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>

#include "knowledge/faq.hpp"
#include "knowledge/inline_text.hpp"
#include "knowledge/local_sheet.hpp"
#include "text/normalise.hpp"

// Gumbo makes the tree that a browser would. It is walked once into a flat list of blocks, headings
// among them, which is then folded into chapters and sub-chapters. Whatever is neither text nor
// structure of text (scripts, styles, forms, navigation) is left out.
//
// Gumbo's own functions recurse, so depth is bounded before it is called.

namespace parvis::knowledge {
namespace {

constexpr std::string_view kVoid =
    " area base br col embed hr img input link meta source track wbr ";
constexpr std::string_view kClosedByNext = " p li dt dd td th tr option thead tbody tfoot ";

// The deepest nesting of elements whose end is not implied, by their tags alone.
std::size_t depth_of(std::string_view html) {
  std::size_t depth = 0, deepest = 0;
  for (std::size_t at = 0; (at = html.find('<', at)) != std::string_view::npos; ++at) {
    const bool closing = html.substr(at).starts_with("</");
    std::string name = " ";
    for (std::size_t i = at + (closing ? 2 : 1); i < html.size() && name.size() < 12; ++i) {
      const char c = html[i];
      if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9')) break;
      name.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    name.push_back(' ');
    if (name.size() == 2 || kVoid.contains(name) || kClosedByNext.contains(name)) continue;
    if (closing)
      depth -= depth > 0;
    else
      deepest = std::max(deepest, ++depth);
  }
  return deepest;
}

std::string_view attribute(const GumboElement& element, const char* name) {
  const GumboAttribute* found = gumbo_get_attribute(&element.attributes, name);
  return found == nullptr ? std::string_view() : std::string_view(found->value);
}

bool left_out(const GumboElement& e) {
  switch (e.tag) {
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_OBJECT:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_CANVAS:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_BUTTON:
    case GUMBO_TAG_TEXTAREA:
      return true;
    default:
      return gumbo_get_attribute(&e.attributes, "hidden") != nullptr;
  }
}

int heading_level(GumboTag tag) {
  return tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6 ? tag - GUMBO_TAG_H1 + 1 : 0;
}

// Whether the element starts lines of its own; all others are part of a run of text.
bool is_block(GumboTag tag) {
  static constexpr std::array kBlocks = {
      GUMBO_TAG_P,          GUMBO_TAG_DIV,     GUMBO_TAG_SECTION, GUMBO_TAG_ARTICLE,
      GUMBO_TAG_MAIN,       GUMBO_TAG_HEADER,  GUMBO_TAG_FOOTER,  GUMBO_TAG_ASIDE,
      GUMBO_TAG_UL,         GUMBO_TAG_OL,      GUMBO_TAG_LI,      GUMBO_TAG_TABLE,
      GUMBO_TAG_DL,         GUMBO_TAG_DT,      GUMBO_TAG_DD,      GUMBO_TAG_PRE,
      GUMBO_TAG_HR,         GUMBO_TAG_FIGURE,  GUMBO_TAG_BR,      GUMBO_TAG_IMG,
      GUMBO_TAG_DETAILS,    GUMBO_TAG_SUMMARY, GUMBO_TAG_ADDRESS, GUMBO_TAG_BLOCKQUOTE,
      GUMBO_TAG_FIGCAPTION, GUMBO_TAG_FORM,    GUMBO_TAG_BODY,    GUMBO_TAG_HTML};
  return std::ranges::find(kBlocks, tag) != kBlocks.end() || heading_level(tag) > 0;
}

bool is_sheet_id(std::string_view target) {
  return target.size() > 1 && std::string_view("FNR").contains(target.front()) &&
         std::ranges::all_of(target.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

Span style_of(const GumboElement& e, const Span& outer) {
  Span style = outer;
  switch (e.tag) {
    case GUMBO_TAG_A: {
      const std::string target = text::clean(attribute(e, "href"));
      if (is_sheet_id(target))
        style.kind = Span::Kind::sheet_link;
      else if (is_web_address(target) || target.starts_with("mailto:") ||
               target.starts_with("tel:"))
        style.kind = Span::Kind::web_link;
      else
        return outer;  // a place in the town's own site, or worse
      style.target = target;
      return style;
    }
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_B:
      style.kind = Span::Kind::strong;
      break;
    case GUMBO_TAG_EM:
    case GUMBO_TAG_I:
    case GUMBO_TAG_CODE:
      style.kind = Span::Kind::expression;
      break;
    case GUMBO_TAG_SUP:
      style.kind = Span::Kind::superscript;
      break;
    case GUMBO_TAG_SUB:
      style.kind = Span::Kind::subscript;
      break;
    case GUMBO_TAG_Q:
      style.kind = Span::Kind::quote;
      break;
    default:
      break;
  }
  return outer.target.empty() ? style : outer;  // a link stays a link
}

Block block_of(Block::Kind kind) {
  Block block;
  block.kind = kind;
  return block;
}

struct Flat {
  Blocks blocks;
  std::vector<int> levels;  // of each: 1 to 6 for a heading (a chapter without children), else 0
};

class Reader {
 public:
  Blocks children(const GumboNode& node) {
    Reader inner;
    inner.walk(node);
    inner.flush();
    return std::move(inner.flat_.blocks);
  }
  void walk(const GumboNode& parent) {
    const GumboVector& all = parent.v.element.children;
    for (unsigned i = 0; i < all.length; ++i) node(*static_cast<const GumboNode*>(all.data[i]));
  }
  Flat take() {
    flush();
    return std::move(flat_);
  }

 private:
  void push(Block block, int level = 0) {
    flat_.blocks.push_back(std::move(block));
    flat_.levels.push_back(level);
  }
  void flush() {
    Spans spans = tidy(std::move(loose_));
    loose_.clear();
    if (spans.empty()) return;
    Block paragraph;
    paragraph.spans = std::move(spans);
    push(std::move(paragraph));
  }
  void node(const GumboNode& n) {
    if (n.type == GUMBO_NODE_TEXT || n.type == GUMBO_NODE_WHITESPACE ||
        n.type == GUMBO_NODE_CDATA) {
      Span run = style_;
      run.text = n.v.text.text;
      for (char& c : run.text)
        if (static_cast<unsigned char>(c) < ' ') c = ' ';
      loose_.push_back(std::move(run));
    } else if (n.type == GUMBO_NODE_ELEMENT && !left_out(n.v.element)) {
      element(n);
    }
  }
  void element(const GumboNode& n) {
    const GumboElement& e = n.v.element;
    if (!is_block(e.tag)) {
      const Span outer = style_;
      style_ = style_of(e, outer);
      walk(n);
      style_ = outer;
      return;
    }
    flush();
    if (const int level = heading_level(e.tag))
      heading(n, level);
    else if (e.tag == GUMBO_TAG_UL || e.tag == GUMBO_TAG_OL)
      list(n);
    else if (e.tag == GUMBO_TAG_TABLE)
      table(n);
    else if (e.tag == GUMBO_TAG_BLOCKQUOTE) {
      Block note = block_of(Block::Kind::note);
      note.children = children(n);
      push(std::move(note));
    } else if (e.tag == GUMBO_TAG_IMG) {
      Block image = block_of(Block::Kind::illustration);
      image.text = text::clean(attribute(e, "alt"));
      const std::string source = text::clean(attribute(e, "src"));
      if (is_web_address(source)) image.url = source;
      if (!image.text.empty()) push(std::move(image));  // decoration otherwise
    } else {
      walk(n);
      flush();
    }
  }
  Spans inline_of(const GumboNode& n) {
    Spans all;
    for (Block& block : children(n)) {
      if (!all.empty()) all.push_back({Span::Kind::text, " ", "", "", ""});
      std::ranges::move(block.spans, std::back_inserter(all));
    }
    return tidy(std::move(all));
  }
  void heading(const GumboNode& n, int level) {
    Block heading = block_of(level <= 2 ? Block::Kind::chapter : Block::Kind::subchapter);
    heading.title = inline_of(n);
    if (!heading.title.empty()) push(std::move(heading), level);
  }
  void list(const GumboNode& n) {
    Block list = block_of(Block::Kind::list);
    list.style = n.v.element.tag == GUMBO_TAG_OL ? "numero" : "puce";
    for_each(n, [&](const GumboNode& child) {
      Block item = block_of(Block::Kind::item);
      item.children = children(child);
      if (!item.children.empty()) list.children.push_back(std::move(item));
    });
    if (!list.children.empty()) push(std::move(list));
  }
  static std::uint16_t count(std::string_view text) {
    std::uint16_t value = 1;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return std::clamp<std::uint16_t>(value, 1, 100);
  }
  void table(const GumboNode& n) {
    Block table = block_of(Block::Kind::table);
    rows(n, table);
    if (!table.children.empty()) push(std::move(table));
  }
  void rows(const GumboNode& n, Block& table) {
    for_each(n, [&](const GumboNode& child) {
      const GumboTag tag = child.v.element.tag;
      if (tag == GUMBO_TAG_CAPTION)
        table.title = inline_of(child);
      else if (tag == GUMBO_TAG_TR)
        row(child, table);
      else
        rows(child, table);  // thead, tbody, tfoot
    });
  }
  void row(const GumboNode& n, Block& table) {
    Block row = block_of(Block::Kind::row);
    bool heading = true;
    for_each(n, [&](const GumboNode& child) {
      const GumboElement& e = child.v.element;
      Block cell = block_of(Block::Kind::cell);
      cell.span_columns = count(attribute(e, "colspan"));
      cell.span_rows = count(attribute(e, "rowspan"));
      if (e.tag == GUMBO_TAG_TH)
        cell.style = "header";
      else
        heading = false;
      cell.children = children(child);
      row.children.push_back(std::move(cell));
    });
    if (heading) row.style = "header";
    if (!row.children.empty()) table.children.push_back(std::move(row));
  }
  template <typename Fn>
  static void for_each(const GumboNode& n, Fn fn) {
    const GumboVector& all = n.v.element.children;
    for (unsigned i = 0; i < all.length; ++i) {
      const auto& child = *static_cast<const GumboNode*>(all.data[i]);
      if (child.type == GUMBO_NODE_ELEMENT && !left_out(child.v.element)) fn(child);
    }
  }

  Flat flat_;
  Spans loose_;
  Span style_;
};

const GumboNode* find(const GumboNode& node, GumboTag tag) {
  if (node.type != GUMBO_NODE_ELEMENT) return nullptr;
  if (node.v.element.tag == tag) return &node;
  const GumboVector& all = node.v.element.children;
  for (unsigned i = 0; i < all.length; ++i)
    if (const GumboNode* found = find(*static_cast<const GumboNode*>(all.data[i]), tag))
      return found;
  return nullptr;
}

// Blocks after a heading become its children; a sub-chapter stands in the chapter before it.
Blocks folded(Flat flat) {
  Blocks out;
  Block* chapter = nullptr;
  Block* subchapter = nullptr;
  for (std::size_t i = 0; i < flat.blocks.size(); ++i) {
    const int level = flat.levels[i];
    if (level == 1 || level == 2) {
      subchapter = nullptr;
      chapter = &out.emplace_back(std::move(flat.blocks[i]));
    } else {
      if (level > 0) subchapter = nullptr;
      Blocks& into = subchapter != nullptr ? subchapter->children
                     : chapter != nullptr  ? chapter->children
                                           : out;
      Block& added = into.emplace_back(std::move(flat.blocks[i]));
      if (level > 0) subchapter = &added;
    }
  }
  return out;
}

}  // namespace

std::expected<HtmlContent, Problem> read_html(std::string_view html) {
  if (html.contains('\0')) return std::unexpected(Problem{"contains a NUL character"});
  if (!text::valid_utf8(html)) return std::unexpected(Problem{"not valid UTF-8"});
  if (depth_of(html) > kHtmlDepth)
    return std::unexpected(Problem{fmt::format("elements nested deeper than {}", kHtmlDepth)});
  const auto destroy = [](GumboOutput* output) {
    gumbo_destroy_output(&kGumboDefaultOptions, output);
  };
  const std::unique_ptr<GumboOutput, decltype(destroy)> output(
      gumbo_parse_with_options(&kGumboDefaultOptions, html.data(), html.size()), destroy);
  const GumboNode* content = find(*output->root, GUMBO_TAG_MAIN);
  if (content == nullptr) content = output->root;
  Reader reader;
  reader.walk(*content);
  Flat flat = reader.take();
  HtmlContent out;
  if (const auto first = std::ranges::find(flat.levels, 1); first != flat.levels.end()) {
    const auto at = first - flat.levels.begin();
    out.title = plain(flat.blocks[static_cast<std::size_t>(at)].title);
    flat.blocks.erase(flat.blocks.begin() + at);
    flat.levels.erase(first);
  }
  out.blocks = folded(std::move(flat));
  return out;
}

}  // namespace parvis::knowledge
