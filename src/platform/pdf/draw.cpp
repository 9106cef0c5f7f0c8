// Cairo 1.16 marks only the content of a tag that has no tag inside and that stands whole on a
// page. So each stretch of text gets a flat tag of its own, and tags.cpp makes the tree of them.
#include "pdf/draw.hpp"

#include <cairo-pdf.h>
#include <fmt/format.h>
#include <hb.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <numbers>
#include <span>

#include "base/error.hpp"

namespace parvis::pdf {
namespace {

struct Destroy {
  void operator()(cairo_t* it) const { cairo_destroy(it); }
  void operator()(cairo_surface_t* it) const { cairo_surface_destroy(it); }
};

cairo_status_t append(void* to, const unsigned char* data, unsigned int size) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), size);
  return CAIRO_STATUS_SUCCESS;
}

struct Stretch {  // of a line, in one font and one direction
  PangoLayoutRun* run;
  double x;  // from the line's left end
  double width;
};

// As they are read, which is not as they stand when directions mix.
std::vector<Stretch> stretches(PangoLayoutLine* line) {
  std::vector<Stretch> out;
  double x = 0;
  for (GSList* at = line->runs; at != nullptr; at = at->next) {
    auto* run = static_cast<PangoLayoutRun*>(at->data);
    const double width = pango_units_to_double(pango_glyph_string_get_width(run->glyphs));
    out.push_back({run, x, width});
    x += width;
  }
  std::ranges::sort(out, {}, [](const Stretch& it) { return it.run->item->offset; });
  return out;
}

// Pango draws nothing for the space that a line breaks at; whoever reads the words out needs it.
void keep_space(PangoLayoutRun* run, const char* whole) {
  for (int i = 0; i < run->glyphs->num_glyphs; ++i) {
    PangoGlyphInfo& glyph = run->glyphs->glyphs[i];
    hb_codepoint_t space = 0;
    if (glyph.glyph == PANGO_GLYPH_EMPTY &&
        whole[run->item->offset + run->glyphs->log_clusters[i]] == ' ' &&
        hb_font_get_nominal_glyph(pango_font_get_hb_font(run->item->analysis.font), ' ', &space))
      glyph.glyph = space;
  }
}

class Pen {
 public:
  Pen(const Laid& laid, const Document& document, const Palette& palette, PangoContext* context)
      : laid_(laid),
        document_(document),
        palette_(palette),
        context_(context),
        surface_(
            cairo_pdf_surface_create_for_stream(&append, &out_.bytes, kPageWidth, kPageHeight)),
        cairo_(cairo_create(surface_.get())) {}

  Drawn run() {
    std::size_t first = 0;
    for (std::size_t page = 0; page < laid_.pages; ++page) {
      std::size_t end = first;
      while (end < laid_.lines.size() && laid_.lines[end].page == page) ++end;
      const std::span lines(laid_.lines.data() + first, end - first);
      begin(kNoNode);
      for (const Line& line : lines) grounds(line, lines);
      for (const Line& line : lines) ornaments(line);
      around(page);
      for (const Line& line : lines) {
        if (line.label != kNoNode) {
          const Text& label = laid_.texts[line.label];
          words(label, pango_layout_get_line_readonly(label.layout.get(), 0), label.x, line);
        }
        words(laid_.texts[line.text], line.line, line.x, line);
        if (line.heading && line.level <= 2) bookmark(line);
      }
      end_mark();
      cairo_show_page(cairo_.get());
      first = end;
    }
    cairo_.reset();
    cairo_surface_finish(surface_.get());
    if (const cairo_status_t status = cairo_surface_status(surface_.get());
        status != CAIRO_STATUS_SUCCESS)
      throw Error(Errc::failed, fmt::format("PDF: {}", cairo_status_to_string(status)));
    out_.pages = laid_.pages;
    return std::move(out_);
  }

 private:
  void begin(std::size_t node) {
    end_mark();
    cairo_tag_begin(cairo_.get(), tag_ = node == kNoNode ? kArtifact : "Span", nullptr);
    out_.marks.push_back(node);
  }
  void end_mark() {
    if (tag_ != nullptr) cairo_tag_end(cairo_.get(), tag_);
    tag_ = nullptr;
  }

  void use(Colour c) { cairo_set_source_rgb(cairo_.get(), c.red, c.green, c.blue); }
  void box(double x, double y, double width, double height, Colour c) {
    use(c);
    cairo_rectangle(cairo_.get(), x, y, width, height);
    cairo_fill(cairo_.get());
  }
  void round_box(double x, double y, double width, double height, double radius, Colour c) {
    use(c);
    const double quarter = std::numbers::pi / 2;
    cairo_new_sub_path(cairo_.get());
    for (int corner = 0; corner < 4; ++corner)
      cairo_arc(cairo_.get(), corner == 0 || corner == 3 ? x + width - radius : x + radius,
                corner < 2 ? y + height - radius : y + radius, radius, corner * quarter,
                (corner + 1) * quarter);
    cairo_close_path(cairo_.get());
    cairo_fill(cairo_.get());
  }

  // The end of what stands together on this page, from a line on, by `same`.
  template <typename Same>
  double bottom_of(const Line& from, std::span<const Line> lines, Same same) const {
    const Line* last = &from;
    for (const Line* at = &from; at != lines.data() + lines.size() && same(*at); ++at) last = at;
    return last->y + last->height + (laid_.texts[last->text].strip != Strip::none ? kStripPad : 0);
  }

  // Behind the first line of a section, and of a paragraph with a strip, on a page.
  void grounds(const Line& line, std::span<const Line> lines) {
    const Text& text = laid_.texts[line.text];
    const bool first = &line == lines.data();
    if (first || laid_.texts[(&line)[-1].text].section != text.section) {
      const double bottom = bottom_of(line, lines, [&](const Line& other) {
        return laid_.texts[other.text].section == text.section;
      });
      section_ground(text.section, line.y, bottom);
    }
    if (text.strip != Strip::none && (first || (&line)[-1].text != line.text)) {
      const double bottom =
          bottom_of(line, lines, [&](const Line& other) { return other.text == line.text; });
      const bool danger = text.strip == Strip::danger;
      const double top = line.y - kStripPad, height = bottom - top;
      box(text.x - 14, top, text.width + 28, height,
          danger ? palette_.alert_soft : palette_.lamp_soft);
      box(text.rtl ? text.x + text.width + 11 : text.x - 14, top, 3, height,
          danger ? palette_.alert : palette_.lamp);
    }
  }

  void section_ground(std::size_t section, double top, double bottom) {
    if (section == 0) {  // the plate, with its inner keyline
      top -= 20;
      bottom += 20;
      const double width = kPageWidth - 2 * kPlateSide;
      round_box(kPlateSide, top, width, bottom - top, 7, palette_.plate);
      use(palette_.on_plate);
      cairo_set_line_width(cairo_.get(), .9);
      cairo_rectangle(cairo_.get(), kPlateSide + 5, top + 5, width - 10, bottom - top - 10);
      cairo_stroke(cairo_.get());
    } else if (laid_.frames[section] == Frame::ruled) {
      box(kLeft, top, 2.2, bottom - top, palette_.rule);
    } else if (laid_.frames[section] == Frame::round) {
      round_box(kLeft + kTurn, top - kPad, kPageWidth - kLeft - kRight - kTurn,
                bottom - top + 2 * kPad, 14, palette_.soft);
    }
  }

  // Lines under links, and the mark of a heading.
  void ornaments(const Line& line) {
    const Text& text = laid_.texts[line.text];
    const double baseline = line.y + line.ascent;
    for (const Stretch& it : stretches(line.line)) {
      const Piece& piece = piece_at(text, it);
      if (!piece.link) continue;
      box(line.x + it.x, baseline + 1.7, it.width, .7, piece.colour);
      Drawn::Link link{
          piece.node,          line.page, line.x + it.x, line.y, line.x + it.x + it.width,
          line.y + line.height};
      if (!out_.links.empty() && out_.links.back().node == link.node &&
          out_.links.back().top == link.top && out_.links.back().page == link.page) {
        out_.links.back().left = std::min(out_.links.back().left, link.left);
        out_.links.back().right = std::max(out_.links.back().right, link.right);
      } else {
        out_.links.push_back(link);
      }
    }
    if (!line.heading || text.mark == Mark::none) return;
    const double size = 8, x = text.rtl ? text.x + text.width + 8 : text.x - 16;
    const double y = baseline - size - .2;
    if (text.mark == Mark::square)
      box(x, y, size, size, palette_.link);
    else
      round_box(x, y, size, size, size / 2, palette_.link);
  }

  void words(const Text& text, PangoLayoutLine* line, double x, const Line& at) {
    if (text.code.side > 0) {
      begin(text.pieces.front().node);
      return squares(text.code, x, at.y);
    }
    if (text.blank) {
      begin(kNoNode);
      return box(text.x, at.y + at.height - 2, text.width, .7, palette_.ink_2);
    }
    const char* whole = pango_layout_get_text(text.layout.get());
    for (const Stretch& it : stretches(line)) {
      const Piece& piece = piece_at(text, it);
      if (tag_ == nullptr || out_.marks.back() != piece.node) begin(piece.node);
      use(piece.colour);
      keep_space(it.run, whole);
      cairo_move_to(cairo_.get(), x + it.x, at.y + at.ascent);
      pango_cairo_show_glyph_item(cairo_.get(), whole, it.run);
    }
  }

  void squares(const Squares& code, double x, double y) {
    const double side = kCodeSide / (static_cast<double>(code.side) + 2 * kCodeBorder);
    box(x, y, kCodeSide, kCodeSide, {1, 1, 1});
    use({0, 0, 0});
    for (std::size_t i = 0; i < code.dark.size(); ++i)
      if (code.dark[i])
        cairo_rectangle(cairo_.get(), x + (static_cast<double>(i % code.side) + kCodeBorder) * side,
                        y + (static_cast<double>(i / code.side) + kCodeBorder) * side, side, side);
    cairo_fill(cairo_.get());
  }

  static const Piece& piece_at(const Text& text, const Stretch& it) {
    const auto offset = static_cast<std::size_t>(it.run->item->offset);
    return *std::ranges::upper_bound(text.pieces, offset, {}, &Piece::end);
  }

  // What stands at the head and foot of a page.
  void around(std::size_t page) {
    const double width = kPageWidth - kLeft - kRight;
    if (page > 0) {
      margin(document_.title, kLeft, 30, width, PANGO_ALIGN_LEFT);
      box(kLeft, 47, width, .6, palette_.rule);
    }
    box(kLeft, kPageHeight - 50, width, .6, palette_.rule);
    margin(document_.footer, kLeft, kPageHeight - 42, width - 80, PANGO_ALIGN_LEFT);
    margin(fmt::format("{} / {}", page + 1, laid_.pages), kLeft, kPageHeight - 42, width,
           PANGO_ALIGN_RIGHT);
  }

  void margin(std::string_view text, double x, double y, double width, PangoAlignment align) {
    const LayoutPtr layout = lay(context_, readable(text), {.size = 9}, width);
    pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    pango_layout_set_alignment(layout.get(), align);
    use(palette_.ink_2);
    cairo_move_to(cairo_.get(), x, y);
    pango_cairo_show_layout(cairo_.get(), layout.get());
  }

  void bookmark(const Line& line) {
    const Text& text = laid_.texts[line.text];
    cairo_pdf_surface_add_outline(
        surface_.get(), CAIRO_PDF_OUTLINE_ROOT, pango_layout_get_text(text.layout.get()),
        fmt::format("page={} pos=[{:.0f} {:.0f}]", line.page + 1, kLeft, line.y - 12).c_str(),
        static_cast<cairo_pdf_outline_flags_t>(0));
  }

  const Laid& laid_;
  const Document& document_;
  const Palette& palette_;
  PangoContext* context_;
  Drawn out_;
  std::unique_ptr<cairo_surface_t, Destroy> surface_;
  std::unique_ptr<cairo_t, Destroy> cairo_;
  const char* tag_ = nullptr;
};

}  // namespace

Drawn draw(const Laid& laid, const Document& document, const Palette& palette,
           PangoContext* context) {
  return Pen(laid, document, palette, context).run();
}

}  // namespace parvis::pdf
