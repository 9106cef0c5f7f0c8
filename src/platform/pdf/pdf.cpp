#include "pdf/pdf.hpp"

#include <fmt/format.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include "base/error.hpp"
#include "html/html.hpp"
#include "pdf/draw.hpp"
#include "pdf/fonts.hpp"

namespace parvis::pdf {
namespace {

// Pango 1.50 forgets the configuration of a font map that goes: it would never be freed.
struct Forget {
  void operator()(PangoFontMap* map) const {
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), nullptr);
    g_object_unref(map);
  }
};
using Map = std::unique_ptr<PangoFontMap, Forget>;
using Context = std::unique_ptr<PangoContext, Unref>;

// A font map is for one thread at a time: each document has its own.
Map font_map(FcConfig* config) {
  Map map(pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT));
  CHECK(map != nullptr);
  pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map.get()), config);
  pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map.get()), 72);  // points
  return map;
}

// Widths are those of the outlines: nothing is rounded to the dots of a screen.
Context context_of(PangoFontMap* map, const std::string& language) {
  Context context(pango_font_map_create_context(map));
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(context.get(), options);
  cairo_font_options_destroy(options);
  pango_context_set_round_glyph_positions(context.get(), FALSE);
  pango_context_set_language(context.get(), pango_language_from_string(language.c_str()));
  return context;
}

std::string escaped(const std::string& value) {
  std::string out;
  html::escape_to(out, value);
  return out;
}

// XMP (ISO 16684-1): the title, and that this is PDF/UA-1 (ISO 14289-1).
std::string xmp_of(const Document& document) {
  constexpr std::string_view kForm =
      R"(<?xpacket begin="{}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{}</xmp:CreateDate><pdf:Producer>Parvis</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>)";
  return fmt::format(kForm, "\xef\xbb\xbf", escaped(readable(document.title)),
                     escaped(readable(document.author)), escaped(readable(document.subject)),
                     escaped(document.language), format_rfc3339(document.created));
}

About about(const Document& document) {
  const auto created = std::chrono::floor<std::chrono::seconds>(document.created);
  const auto day = std::chrono::floor<std::chrono::days>(created);
  const CivilDate date{day};
  const std::chrono::hh_mm_ss time{created - day};
  return {
      .title = readable(document.title),
      .author = readable(document.author),
      .subject = readable(document.subject),
      .language = document.language,
      .created = fmt::format("D:{:04}{:02}{:02}{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                             static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                             time.hours().count(), time.minutes().count(), time.seconds().count()),
      .xmp = xmp_of(document)};
}

}  // namespace

std::string render(const Document& document, const Fonts& fonts) {
  if (!fonts.house() && !fonts.fallback())
    throw Error(Errc::unavailable, "no font for a PDF: install fonts-dejavu-core, run bin/setup");
  const std::shared_ptr<void> turn = fonts.turn();
  if (turn == nullptr) throw Error(Errc::overloaded, "other PDFs are being made: try again");
  const Map map = font_map(fonts.held_->config);
  const Context context = context_of(map.get(), document.language);
  const Palette palette(document.accent);
  const Laid laid = lay_out(document, palette, context.get(), fonts.held_->drawn);
  const Drawn drawn = draw(laid, document, palette, context.get());
  try {
    return tagged(drawn, laid.nodes, about(document));
  } catch (const std::exception& error) {
    throw Error(Errc::failed, std::string("PDF: ") + error.what());
  }
}

}  // namespace parvis::pdf
