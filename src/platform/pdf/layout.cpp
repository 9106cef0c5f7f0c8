#include "pdf/layout.hpp"

#include <pango/pangocairo.h>
#include <qrencode.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "html/html.hpp"
#include "text/normalise.hpp"

namespace parvis::pdf {
namespace {

constexpr const char* kFamilies = "Atkinson Hyperlegible, DejaVu Sans";
constexpr std::string_view kUndrawn = "\u25a1";
constexpr std::size_t kWordMax = 1000;
constexpr double kLeading = 1.42;
constexpr double kListIndent = 20;
constexpr double kMarkIndent = 16;

template <typename... Fns>
struct Each : Fns... {
  using Fns::operator()...;
};

// ── colours ──

double linear(double channel) {
  return channel <= .04045 ? channel / 12.92 : std::pow((channel + .055) / 1.055, 2.4);
}
double luminance(Colour c) {  // WCAG 2.2
  return .2126 * linear(c.red) + .7152 * linear(c.green) + .0722 * linear(c.blue);
}
Colour mixed(Colour a, Colour b, double share_of_b) {
  const auto mix = [&](double x, double y) { return x + (y - x) * share_of_b; };
  return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)};
}
constexpr Colour kWhite{1, 1, 1}, kBlack{0, 0, 0};

std::optional<Colour> colour(std::string_view hex) {
  if (hex.size() != 7 || hex[0] != '#') return std::nullopt;
  std::array<double, 3> channels{};
  for (std::size_t i = 0; i < 3; ++i) {
    unsigned value = 0;
    const char* begin = hex.data() + 1 + 2 * i;
    const auto [end, error] = std::from_chars(begin, begin + 2, value, 16);
    if (error != std::errc() || end != begin + 2) return std::nullopt;
    channels[i] = value / 255.0;
  }
  return Colour{channels[0], channels[1], channels[2]};
}

// ── characters ──

// What no font needs to have: it is not drawn, or it asks how its neighbour is.
bool invisible(gunichar c) {
  return c < 0x20 || g_unichar_iszerowidth(c) || g_unichar_isspace(c) ||
         (c >= 0xfe00 && c <= 0xfe0f);
}

std::string drawable(const std::string& text, const FcCharSet* drawn) {
  std::string out;
  for (const char* at = text.c_str(); at < text.c_str() + text.size();) {
    const char* next = g_utf8_next_char(at);
    const gunichar c = g_utf8_get_char(at);
    if (c < 0x7f || invisible(c) || FcCharSetHasChar(drawn, c))
      out.append(at, next);
    else
      out += kUndrawn;
    at = next;
  }
  return out;
}

std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::size_t longest_word(std::string_view text) {
  std::size_t longest = 0, from = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != ' ' && text[i] != '\n') continue;
    longest = std::max(longest, i - from);
    from = i + 1;
  }
  return longest;
}

// ── texts ──

struct Span {
  std::string text;
  std::size_t node = 0;
  Colour colour;
  bool link = false;
  bool strong = false;
};

struct Where {
  double x = kLeft, width = kPageWidth - kLeft - kRight;
};

class Layouter {
 public:
  Layouter(const Document& document, const Palette& palette, PangoContext* context,
           const FcCharSet* drawn)
      : document_(document), palette_(palette), context_(context), drawn_(drawn) {}

  Laid run() {
    const std::size_t root = node("Document", kNoNode, admitted(document_.language));
    admitted(document_.footer);
    admitted(document_.subject);
    plate(root);
    for (const Section& section : document_.sections) {
      if (section.blocks.empty()) continue;
      out_.frames.push_back(section.frame);
      section_ = node("Sect", root);
      frame_ = section.frame;
      gap_ += 17 + padding_ + pad();
      opens_ = true;
      at_top_ = pad();
      for (const Block& block : section.blocks)
        std::visit(Each{[&](const Heading& it) { heading(it); },
                        [&](const Paragraph& it) { paragraph(it); },
                        [&](const List& it) { list(it); }, [&](const Fact& it) { fact(it); },
                        [&](const Code& it) { code(it); }, [&](const Blank& it) { blank(it); }},
                   block);
      padding_ = pad();
    }
    paginate();
    return std::move(out_);
  }

 private:
  std::size_t node(std::string_view role, std::size_t parent, std::string language = {}) {
    out_.nodes.push_back({.role = role, .parent = parent, .language = std::move(language)});
    return out_.nodes.size() - 1;
  }

  double pad() const { return frame_ == Frame::round ? kPad : 0; }
  Where where() const {
    Where area;
    const double left = frame_ == Frame::round ? kTurn + kPad + 2 : frame_ == Frame::ruled ? 16 : 0;
    area.x += left;
    area.width -= left + (frame_ == Frame::round ? kPad : 0);
    return area;
  }

  std::string admitted(const std::string& text) {
    bytes_ += text.size();
    if (bytes_ > kTextMax)
      throw Error(Errc::too_large, "too long for a PDF (more than 1 MB of text): take it as text");
    if (!text::valid_utf8(text)) throw Error(Errc::invalid, "a text for a PDF is not UTF-8");
    return readable(text);
  }

  void add(std::vector<Span>& spans, const Run& run, std::size_t parent, Colour colour) {
    std::string said = admitted(run.text);
    for (std::size_t at = 0; (at = said.find('\n', at)) != std::string::npos; at += 2)
      said.insert(at, " ");  // a break shows, and is not heard
    std::string shown = drawable(said, drawn_);
    const bool link = html::safe_link(run.url) && !html::local_link(run.url);
    bytes_ += run.url.size();
    std::size_t at = parent;
    if (link) {
      at = node("Link", parent);
      out_.nodes[at].url = run.url;
      out_.nodes[at].about = admitted(run.about);
      if (out_.nodes[at].about.empty()) out_.nodes[at].about = one_line(said);
    } else if (shown != said) {
      at = node("Span", parent);
    }
    if (shown != said) out_.nodes[at].actual = std::move(said);
    if (!shown.empty())
      spans.push_back({std::move(shown), at, link ? palette_.link : colour, link, run.strong});
  }

  // Adds the lines of a text; false when it has none.
  bool put(const std::vector<Span>& spans, Hand hand, Where area, double before, double indent = 0,
           Text text = {}) {
    std::string whole;
    PangoAttrList* attributes = pango_attr_list_new();
    for (const Span& span : spans) {
      const std::size_t from = whole.size();
      whole += span.text;
      text.pieces.push_back({whole.size(), span.node, span.colour, span.link});
      // A colour parts the runs that pieces are drawn by.
      const auto channel = [&](double c) { return static_cast<guint16>(std::lround(c * 65535)); };
      std::vector<PangoAttribute*> all = {pango_attr_foreground_new(
          channel(span.colour.red), channel(span.colour.green), channel(span.colour.blue))};
      if (span.strong != hand.bold)
        all.push_back(pango_attr_weight_new(span.strong ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL));
      for (PangoAttribute* attribute : all) {
        attribute->start_index = static_cast<guint>(from);
        attribute->end_index = static_cast<guint>(whole.size());
        pango_attr_list_insert(attributes, attribute);
      }
    }
    const std::unique_ptr<PangoAttrList, decltype(&pango_attr_list_unref)> release(
        attributes, &pango_attr_list_unref);
    if (whole.empty()) return false;
    text.width = area.width - indent;
    text.layout = lay(context_, whole, hand, text.width);
    pango_layout_set_attributes(text.layout.get(), attributes);
    text.rtl = pango_layout_line_get_resolved_direction(
                   pango_layout_get_line_readonly(text.layout.get(), 0)) == PANGO_DIRECTION_RTL;
    text.x = area.x + (text.rtl ? 0 : indent);
    text.section = out_.frames.size() - 1;
    out_.texts.push_back(std::move(text));
    lines_of(out_.texts.size() - 1, hand, before);
    return true;
  }

  void lines_of(std::size_t index, Hand hand, double before) {
    const Text& text = out_.texts[index];
    const std::size_t first = out_.lines.size();
    const std::unique_ptr<PangoLayoutIter, decltype(&pango_layout_iter_free)> at(
        pango_layout_get_iter(text.layout.get()), &pango_layout_iter_free);
    do {
      PangoRectangle box;
      pango_layout_iter_get_line_extents(at.get(), nullptr, &box);
      const double natural = pango_units_to_double(box.height);
      const double height = std::max(hand.size * leading_, natural);
      const double ascent = pango_units_to_double(pango_layout_iter_get_baseline(at.get()) - box.y);
      out_.lines.push_back({.text = index,
                            .line = pango_layout_iter_get_line_readonly(at.get()),
                            .x = text.x + pango_units_to_double(box.x),
                            .height = height,
                            .ascent = ascent + (height - natural) / 2});
    } while (pango_layout_iter_next_line(at.get()));
    Line& top = out_.lines[first];
    top.before = (opens_ ? 0 : before) + gap_;
    top.at_top = at_top_ + (text.strip != Strip::none ? kStripPad : 0);
    gap_ = text.strip != Strip::none ? kStripPad : 0;
    opens_ = false;
    const std::size_t count = out_.lines.size() - first;
    if (count > 1) {  // neither its first line nor its last stands alone on a page
      top.with_next = true;
      out_.lines[out_.lines.size() - 2].with_next = true;
    }
    // Every line may open a page, in its box.
    for (std::size_t i = first + 1; i < out_.lines.size(); ++i) out_.lines[i].at_top = top.at_top;
  }

  void plate(std::size_t root) {
    out_.frames.push_back(Frame::none);
    const Where area{.x = kPlateSide + 24, .width = kPageWidth - 2 * (kPlateSide + 24)};
    leading_ = 1.25;
    std::vector<Span> owner, title;
    if (!document_.author.empty()) {
      add(owner, {one_line(document_.author)}, node("P", root), palette_.on_plate);
      put(owner, {.size = 12}, area, 0);
    }
    add(title, {.text = one_line(document_.title), .strong = true}, node("H1", root),
        palette_.on_plate);
    const std::size_t first = out_.lines.size();
    if (put(title, {.size = 21, .bold = true}, area, out_.lines.empty() ? 0 : 3))
      heading_from(first, 1);
    leading_ = kLeading;
    padding_ = 22;
  }

  void heading_from(std::size_t first, int level) {
    out_.lines[first].heading = true;
    for (std::size_t i = first; i < out_.lines.size(); ++i) {
      out_.lines[i].with_next = true;
      out_.lines[i].level = level;
    }
  }

  void heading(const Heading& it) {
    const bool second = it.level <= 2;
    const std::size_t at = node(second ? "H2" : "H3", section_);
    std::vector<Span> spans;
    add(spans, {.text = one_line(it.text), .strong = true}, at, palette_.ink);
    if (!it.aside.empty()) add(spans, {", " + one_line(it.aside)}, at, palette_.ink_2);
    const std::size_t first = out_.lines.size();
    Text text;
    text.mark = it.mark;
    if (put(spans, {.size = second ? 11.5 : 11, .bold = true}, where(), opens_ ? 0 : 12,
            it.mark == Mark::none ? 0 : kMarkIndent, std::move(text)))
      heading_from(first, second ? 2 : 3);
  }

  void paragraph(const Paragraph& it) {
    const std::size_t at = node("P", section_, admitted(it.language));
    const bool strip = it.tone == Tone::notice || it.tone == Tone::danger;
    std::vector<Span> spans;
    for (const Run& run : it.words)
      add(spans, run, at, it.tone == Tone::small ? palette_.ink_2 : palette_.ink);
    Where area = where();
    if (strip) {
      area.x += 14;
      area.width -= 28;
    }
    Text text;
    if (strip) text.strip = it.tone == Tone::notice ? Strip::notice : Strip::danger;
    const double size = it.tone == Tone::small || it.tone == Tone::notice ? 9.5 : 11;
    put(spans, {.size = size}, area, strip ? 8 + kStripPad : 5, 0, std::move(text));
  }

  void fact(const Fact& it) {
    const std::size_t at = node("P", section_);
    std::vector<Span> spans;
    if (!it.label.empty())
      add(spans, {.text = it.label + "\u00a0: ", .strong = true}, at, palette_.ink);
    for (const Run& run : it.value) add(spans, run, at, palette_.ink);
    put(spans, {}, where(), 3);
  }

  // A line of its height, with one space to hang the picture on.
  void code(const Code& it) {
    if (it.text.size() > kCodeMax)
      throw Error(Errc::too_large, "a code in a PDF holds 500 bytes at most");
    const std::size_t at = node("Figure", section_);
    out_.nodes[at].about = admitted(it.about);
    Text text;
    text.code = squares_of(admitted(it.text));
    const std::vector<Span> space = {{" ", at, palette_.ink}};
    if (!put(space, {}, where(), 8, 0, std::move(text))) return;
    out_.lines.back().height = kCodeSide;
    out_.lines.back().ascent = kCodeSide;
  }

  void blank(const Blank& it) {
    if (!out_.lines.empty()) out_.lines.back().with_next = true;  // what is to be written there
    const std::vector<Span> space = {{" ", kNoNode, palette_.ink_2}};
    for (int i = 0; i < std::clamp(it.lines, 1, kBlankMax); ++i) {
      Text text;
      text.blank = true;
      put(space, {}, where(), 0, 0, std::move(text));
      out_.lines.back().height = kBlankLine;
    }
  }

  static Squares squares_of(const std::string& text) {
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
        QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), QRcode_free);
    if (!made) throw Error(Errc::invalid, "a code in a PDF has nothing to say");
    Squares out{.side = static_cast<std::size_t>(made->width), .dark = {}};
    for (std::size_t i = 0; i < out.side * out.side; ++i)
      out.dark.push_back((made->data[i] & 1) != 0);
    return out;
  }

  void list(const List& it) {
    const std::size_t all = node("L", section_, admitted(it.language));
    out_.nodes[all].numbered = it.from > 0;
    int number = it.from;
    for (const Words& words : it.items) {
      const std::size_t item = node("LI", all);
      const std::string sign = it.from > 0 ? std::to_string(number++) + "."
                               : it.boxes  ? "\u2610"
                                           : "\u2022";
      const std::size_t mark = node("Lbl", item), body = node("LBody", item);
      std::vector<Span> spans;
      for (const Run& run : words) add(spans, run, body, palette_.ink);
      const std::size_t first = out_.lines.size();
      if (!put(spans, {}, where(), 4, kListIndent)) continue;
      Text label;
      label.layout = lay(context_, sign, {}, kListIndent * 2);
      label.pieces = {{sign.size(), mark, palette_.ink_2, false}};
      label.section = out_.frames.size() - 1;
      const Text& text = out_.texts.back();
      int width = 0;
      pango_layout_get_size(label.layout.get(), &width, nullptr);
      label.x = text.rtl ? text.x + text.width + kListIndent - pango_units_to_double(width)
                         : text.x - kListIndent + (it.from > 0 ? 0 : 4);
      out_.lines[first].label = out_.texts.size();
      out_.texts.push_back(std::move(label));
    }
  }

  // Lines fill pages in order; those that stay together go to the next page together.
  void paginate() {
    const double bottom = kPageHeight - kBottom;
    double y = kPlateTop + 20;
    std::size_t page = 0;
    bool fresh = true;
    const auto turn = [&] {
      if (++page >= kPagesMax)
        throw Error(Errc::too_large, "too long for a PDF (more than " + std::to_string(kPagesMax) +
                                         " pages): take it as text");
      y = kTop;
      fresh = true;
    };
    for (std::size_t i = 0; i < out_.lines.size();) {
      std::size_t last = i;
      double height = out_.lines[i].height;
      while (out_.lines[last].with_next && last + 1 < out_.lines.size()) {
        ++last;
        height += out_.lines[last].before + out_.lines[last].height;
      }
      if (!fresh && y + out_.lines[i].before + height > bottom) turn();
      for (; i <= last; ++i) {
        Line& line = out_.lines[i];
        if (!fresh && y + line.before + line.height > bottom) turn();
        y += fresh ? (page == 0 ? 0 : line.at_top) : line.before;
        fresh = false;
        line.page = page;
        line.y = y;
        y += line.height;
      }
    }
    out_.pages = page + 1;
  }

  const Document& document_;
  const Palette& palette_;
  PangoContext* context_;
  const FcCharSet* drawn_;
  Laid out_;
  std::size_t bytes_ = 0;
  std::size_t section_ = 0;
  Frame frame_ = Frame::none;
  bool opens_ = false;  // nothing stands in the section yet
  double gap_ = 0, at_top_ = 0, padding_ = 0, leading_ = kLeading;
};

}  // namespace

Palette::Palette(std::string_view accent) {
  plate = colour(accent).value_or(*colour("#0b5563"));
  on_plate = luminance(plate) > .179 ? ink : kWhite;
  soft = mixed(kWhite, plate, .1);
  link = plate;
  while (1.05 / (luminance(link) + .05) < 8) link = mixed(link, kBlack, .06);
}

LayoutPtr lay(PangoContext* context, std::string_view text, Hand hand, double width) {
  LayoutPtr layout(pango_layout_new(context));
  PangoFontDescription* font = pango_font_description_from_string(kFamilies);
  pango_font_description_set_absolute_size(font, hand.size * PANGO_SCALE);
  pango_font_description_set_weight(font, hand.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  pango_layout_set_width(layout.get(), pango_units_from_double(width));
  // Pango takes the square of its length to break a long word only where it must.
  pango_layout_set_wrap(layout.get(),
                        longest_word(text) > kWordMax ? PANGO_WRAP_CHAR : PANGO_WRAP_WORD_CHAR);
  return layout;
}

std::string readable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    const unsigned char next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if (c == '\t')
      out += ' ';
    else if (c == 0xc2 && next >= 0x80 && next < 0xa0)
      ++i;  // U+0080 to U+009F
    else if (c == '\n' || (c >= 0x20 && c != 0x7f))
      out += static_cast<char>(c);
  }
  return out;
}

Laid lay_out(const Document& document, const Palette& palette, PangoContext* context,
             const FcCharSet* drawn) {
  return Layouter(document, palette, context, drawn).run();
}

}  // namespace parvis::pdf
