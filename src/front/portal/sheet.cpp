#include "base/time.hpp"
#include "portal/pages.hpp"

// A sheet with its whole official structure. Situations and cases are closed panels: a reader opens
// the one that applies and never reads two branches as one.

namespace parvis::portal {

using namespace html;
using knowledge::Block;
using knowledge::Span;

namespace {

Html inline_text(const knowledge::Spans& spans) {
  return each(spans, [](const Span& span) -> Html {
    switch (span.kind) {
      case Span::Kind::strong:
        return h("strong", span.text);
      case Span::Kind::expression:
        return h("em", span.text);
      case Span::Kind::superscript:
        return h("sup", span.text);
      case Span::Kind::subscript:
        return h("sub", span.text);
      case Span::Kind::quote:
        return h("q", span.text);
      case Span::Kind::value:
        return h("span", {cls("num")}, span.text);
      case Span::Kind::foreign:
        return h("span", {lang(span.target)}, span.text);
      case Span::Kind::web_link:
        return h("a", {href(span.target)}, span.text);
      case Span::Kind::sheet_link:
        return h(
            "a",
            {href(sheet_url(span.audience.empty() ? "particuliers" : span.audience, span.target))},
            span.text.empty() ? "La fiche qui répond" : span.text);
      case Span::Kind::term_link:
        return h("a", {href("#" + span.target)}, span.text);
      case Span::Kind::text:
      case Span::Kind::variable:
        return {span.text};
    }
    return {span.text};
  });
}

Html heading(int level, const knowledge::Spans& title) {
  if (title.empty()) return {};
  switch (level) {
    case 2:
      return h("h2", inline_text(title));
    case 3:
      return h("h3", inline_text(title));
    case 4:
      return h("h4", inline_text(title));
    default:
      return h("h5", inline_text(title));
  }
}

Html blocks(const knowledge::Blocks& all, int level);

Html table(const Block& block, int level) {
  return h(
      "div",
      {cls("table"), attr("tabindex", 0), attr("role", "group"),
       attr("aria-label", block.title.empty() ? "Tableau" : plain(block.title))},
      h("table", when(!block.title.empty(), [&] { return h("caption", inline_text(block.title)); }),
        each(block.children, [&](const Block& row) {
          if (row.kind != Block::Kind::row) return Html();
          return h("tr", each(row.children, [&](const Block& cell) {
                     const Attr columns =
                         cell.span_columns > 1 ? attr("colspan", cell.span_columns) : Attr();
                     const Attr rows =
                         cell.span_rows > 1 ? attr("rowspan", cell.span_rows) : Attr();
                     const Html inner = blocks(cell.children, level);
                     if (row.style == "header")
                       return h("th", {attr("scope", "col"), columns, rows}, inner);
                     return cell.style == "header"
                                ? h("th", {attr("scope", "row"), columns, rows}, inner)
                                : h("td", {columns, rows}, inner);
                   }));
        })));
}

Html resource(const Block& block, int level) {
  const Html title = block.title.empty() ? Html(block.text) : inline_text(block.title);
  return h("div", {cls("resource")},
           h("p", block.url.empty() ? h("strong", title) : h("a", {href(block.url)}, title),
             when(!block.number.empty(), [&] { return fragment(" (n° ", block.number, ")"); }),
             when(!block.format.empty(), [&] { return fragment(" – ", block.format); })),
           when(!block.source.empty(), [&] { return h("p", {cls("soft")}, block.source); }),
           when(!block.text.empty() && !block.title.empty(), [&] { return h("p", block.text); }),
           blocks(block.children, level));
}

Html one(const Block& block, int level) {
  switch (block.kind) {
    case Block::Kind::paragraph:
      return h("p", inline_text(block.spans));
    case Block::Kind::list:
      return fragment(heading(level, block.title), block.style == "numero"
                                                       ? h("ol", blocks(block.children, level))
                                                       : h("ul", blocks(block.children, level)));
    case Block::Kind::item:
      return h("li", blocks(block.children, level));
    case Block::Kind::table:
      return table(block, level);
    case Block::Kind::situations:
    case Block::Kind::cases:
      return h("div", {cls("branches")},
               h("p", {cls("soft")}, "Ouvrez la situation qui vous concerne."),
               blocks(block.children, level));
    case Block::Kind::situation:
    case Block::Kind::case_:
      return h("details", h("summary", inline_text(block.title)), blocks(block.children, level));
    case Block::Kind::chapter:
    case Block::Kind::subchapter:
      return h("section", heading(level, block.title), blocks(block.children, level + 1));
    case Block::Kind::note:
    case Block::Kind::know:
    case Block::Kind::attention:
    case Block::Kind::reminder:
    case Block::Kind::example:
    case Block::Kind::help:
    case Block::Kind::warning:
      return h(
          "div", {cls("notice")},
          when(!block.title.empty(), [&] { return h("p", h("strong", inline_text(block.title))); }),
          blocks(block.children, level + 1));
    case Block::Kind::online:
    case Block::Kind::form:
    case Block::Kind::notice_link:
    case Block::Kind::template_:
    case Block::Kind::tool:
    case Block::Kind::contact:
      return resource(block, level);
    case Block::Kind::illustration:
      return h("figure",
               h("figcaption", "Illustration\u00a0: ", block.text, " ", inline_text(block.title)),
               blocks(block.children, level));
    case Block::Kind::question:
      return h("div", {cls("notice")}, h("p", h("strong", inline_text(block.title))),
               when(!block.spans.empty(), [&] { return h("p", inline_text(block.spans)); }),
               h("ul", blocks(block.children, level)));
    case Block::Kind::choice:
      return h(
          "li", h("p", inline_text(block.title)),
          when(!block.spans.empty(), [&] { return h("p", inline_text(block.spans)); }),
          when(!block.children.empty(), [&] { return h("ul", blocks(block.children, level)); }));
    case Block::Kind::row:
    case Block::Kind::cell:
    case Block::Kind::conditional:
    case Block::Kind::group:
    case Block::Kind::unknown:
      return fragment(heading(level, block.title), blocks(block.children, level));
  }
  return {};
}

Html blocks(const knowledge::Blocks& all, int level) {
  return each(all, [&](const Block& block) { return one(block, level); });
}

Html links(std::string_view title, const std::vector<knowledge::Link>& all) {
  if (all.empty()) return {};
  return h("section", h("h2", title),
           h("ul", each(all, [](const knowledge::Link& link) {
               const bool ours = link.url.empty() && !link.id.empty();
               const std::string to =
                   ours ? sheet_url(link.audience.empty() ? "particuliers" : link.audience, link.id)
                        : link.url;
               return h("li", to.empty() ? Html(link.title) : h("a", {href(to)}, link.title),
                        when(!link.note.empty(), [&] { return fragment(" – ", link.note); }));
             })));
}

Html content(const knowledge::Group& group, int level, std::string_view audience) {
  return fragment(
      when(!group.title.empty(),
           [&] { return level == 2 ? h("h2", group.title) : h("h3", group.title); }),
      when(!group.sheets.empty(),
           [&] {
             return h("ul", each(group.sheets, [&](const knowledge::Link& link) {
                        return h("li", h("a", {href(sheet_url(audience, link.id))}, link.title));
                      }));
           }),
      each(group.groups,
           [&](const knowledge::Group& inner) { return content(inner, 3, audience); }));
}

}  // namespace

Html sheet(const knowledge::Document& document) {
  return fragment(
      h("nav", {attr("aria-label", "Vous êtes ici")},
        h("p", {cls("soft")}, document.theme,
          when(!document.dossier.empty(), [&] { return fragment(" › ", document.dossier); }))),
      h("h1", document.title),
      when(document.description.ends_with('.'),  // many are cut in the source
           [&] { return h("p", {cls("lead")}, document.description); }),
      h("div", {cls("notice")},
        h("p", "Source\u00a0: ", document.origin, ", fiche ", document.key.id, ". ",
          document.updated ? "Mise à jour le " + format_french_date(*document.updated) + "."
                           : std::string("Date inconnue."),
          " Des règles ont pu changer depuis."),
        when(!document.url.empty(),
             [&] {
               return h("p", h("a", {href(document.url)}, "La page officielle d’aujourd’hui"));
             })),
      blocks(document.body, 2),
      when(!document.resources.empty(),
           [&] {
             return h("section", h("h2", "Services, formulaires et contacts"),
                      blocks(document.resources, 3));
           }),
      when(!document.definitions.empty(),
           [&] {
             return h("section", h("h2", "Définitions"),
                      each(document.definitions, [](const knowledge::Definition& definition) {
                        return h("div", {id(definition.id)}, h("h3", definition.term),
                                 blocks(definition.text, 4));
                      }));
           }),
      links("Questions et réponses", document.questions),
      links("Comment faire si…", document.what_if), links("Voir aussi", document.see_also),
      links("Pour en savoir plus", document.more),
      links("Textes de référence", document.references),
      when(document.kind == knowledge::Document::Kind::dossier, [&] {
        return h("section", content(document.dossier_content, 2, document.key.audience));
      }));
}

}  // namespace parvis::portal
