#include <algorithm>
#include <set>

#include "base/time.hpp"
#include "portal/icons.hpp"
#include "portal/pages.hpp"

// A sheet with its whole official structure. Situations and cases are closed panels: a reader opens
// the one that applies and never reads two branches as one. Links between sheets stay in the portal
// and keep the citizen's commune.

namespace parvis::portal {

using namespace html;
using knowledge::Block;
using knowledge::Document;
using knowledge::Span;

namespace {

constexpr int kTop = 2;  // heading level of a chapter

class SheetPage {
 public:
  SheetPage(const Frame& frame, const Document& document, const Offices& offices)
      : frame_(frame), document_(document), offices_(offices) {
    for (const knowledge::Definition& definition : document.definitions)
      defined_.insert(definition.id);
  }

  Html whole() const {
    return h(
        "div", {cls("wrap")}, crumb(),
        h("div", {cls("page-head")}, h("h1", document_.title),
          when(document_.description.ends_with('.'),  // many are cut in the source
               [&] { return h("p", {cls("lead")}, document_.description); }),
          document_.kind == Document::Kind::dossier
              ? h("p", {cls("soft")}, "Fiches officielles de service-public.fr, de novembre 2020.")
              : fragment(date(), h("p", print_button()))),
        group(document_.dossier_content), body(), resources(),
        links("Questions et réponses", document_.questions),
        links("Comment faire si…", document_.what_if), definitions(),
        links("Voir aussi", document_.see_also), links("Pour en savoir plus", document_.more),
        links("Textes de référence", document_.references));
  }

 private:
  std::string url_of(const std::string& audience, std::string_view id) const {
    return sheet_url(frame_, audience.empty() ? document_.key.audience : audience, id);
  }

  // Steps that are pages: the audience's home and the inner parts of a dossier are not.
  Html crumb() const {
    Html steps = h("li", h("a", {href(frame_.base)}, "Accueil"));
    if (document_.key.audience == "particuliers")
      steps += h("li", h("a", {href(frame_.base + "themes")}, "Thèmes"));
    for (const knowledge::PathStep& step : document_.path)
      if (step.id.starts_with('N') && step.id.find('-') == std::string::npos &&
          step.id != document_.key.id && !step.title.empty())
        steps += h("li", h("a", {href(url_of("", step.id))}, step.title));
    return h("nav", {cls("crumb"), attr("aria-label", "Vous êtes ici")}, h("ol", steps));
  }

  Html date() const {
    const bool local = document_.key.is_local();
    std::string held;
    for (const std::string& insee : document_.communes)
      for (const tenancy::Commune& commune : frame_.communes)
        if (commune.insee == insee) held.append(held.empty() ? "" : ", ").append(commune.name);
    return h("div", {cls("notice")},
             h("p",
               document_.updated
                   ? h("strong", "Mise à jour le ", format_french_date(*document_.updated), ".")
                   : h("strong", "Date inconnue."),
               " Source\u00a0: ", document_.origin,
               when(!local, [&] { return fragment(", fiche ", document_.key.id); }), "."),
             when(!held.empty(), [&] { return h("p", "Cette règle vaut pour ", held, "."); }),
             h("p", "Des règles ont pu changer depuis.", when(!document_.url.empty(), [&] {
                 return fragment(" Vérifiez sur ",
                                 h("a", {href(document_.url)}, "la page officielle d’aujourd’hui"),
                                 ".");
               })));
  }

  // Chapters stand as sections; what comes before or between them has no title to hang.
  Html body() const {
    Html out, loose;
    auto flush = [&] {
      if (!loose.empty()) out += h("div", {cls("matter rung--loose")}, loose);
      loose = Html();
    };
    for (const Block& block : document_.body) {
      if (block.kind == Block::Kind::chapter && !block.title.empty()) {
        flush();
        out += h("section", {cls("rung")}, h("h2", text(block.title)),
                 h("div", {cls("matter")}, blocks(block.children, kTop + 1)));
      } else {
        loose += one(block, kTop);
      }
    }
    flush();
    return out;
  }

  Html section(std::string_view title, const Html& matter) const {
    if (matter.empty()) return {};
    return h("section", {cls("rung")}, h("h2", title), h("div", {cls("matter")}, matter));
  }

  Html resources() const {
    return section("Services, formulaires et contacts", blocks(document_.resources, kTop + 1));
  }

  Html definitions() const {
    return section("Définitions",
                   each(document_.definitions, [&](const knowledge::Definition& definition) {
                     return h("div", {cls("group"), id(definition.id)}, h("h3", definition.term),
                              blocks(definition.text, kTop + 2));
                   }));
  }

  Html links(std::string_view title, const std::vector<knowledge::Link>& all) const {
    if (all.empty()) return {};
    return section(
        title,
        h("ul", {cls("sheet-list")}, each(all, [&](const knowledge::Link& link) {
            const std::string to =
                link.url.empty() && !link.id.empty() ? url_of(link.audience, link.id) : link.url;
            return h("li", to.empty() ? Html(link.title) : h("a", {href(to)}, link.title),
                     when(!link.source.empty() || !link.note.empty(), [&] {
                       return h("p", {cls("soft small")}, link.source,
                                link.source.empty() || link.note.empty() ? "" : ". ", link.note);
                     }));
          })));
  }

  // The content of a theme or dossier.
  Html group(const knowledge::Group& group) const {
    if (document_.kind != Document::Kind::dossier) return {};
    Html out = sheets(group.sheets);
    if (!out.empty()) out = h("div", {cls("matter rung--loose")}, out);
    Html pages;  // dossiers that stand directly under a theme
    for (const knowledge::Group& inner : group.groups) {
      if (inner.sheets.empty() && inner.groups.empty()) {
        pages += dossier(inner);
        continue;
      }
      Html matter = sheets(inner.sheets);
      if (!inner.groups.empty())
        matter +=
            h("ul", {cls("sheet-list")},
              each(inner.groups, [&](const knowledge::Group& each) { return dossier(each); }));
      out += section(inner.title, matter);
    }
    return out += section("Dossiers", pages.empty() ? Html() : h("ul", {cls("sheet-list")}, pages));
  }
  Html dossier(const knowledge::Group& group) const {
    return h("li", h("a", {href(url_of("", group.id))}, group.title));
  }
  Html sheets(const std::vector<knowledge::Link>& all) const {
    if (all.empty()) return {};
    return h("ul", {cls("sheet-list")}, each(all, [&](const knowledge::Link& link) {
               return h("li", h("a", {href(url_of(link.audience, link.id))}, link.title));
             }));
  }

  // ── text ──

  Html text(const knowledge::Spans& spans) const {
    return each(spans, [&](const Span& span) { return run(span); });
  }

  Html run(const Span& span) const {
    const auto note = [&] { return span.note.empty() ? Html() : Html(" (" + span.note + ")"); };
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
        return fragment(h("a", {href(span.target)}, span.text), note());
      case Span::Kind::sheet_link:
        return fragment(h("a", {href(url_of(span.audience, span.target))},
                          span.text.empty() ? "La fiche qui répond" : span.text),
                        note());
      case Span::Kind::term_link:
        return defined_.contains(span.target) ? h("a", {href("#" + span.target)}, span.text)
                                              : Html(span.text);
      case Span::Kind::text:
      case Span::Kind::variable:
        return {span.text};
    }
    return {span.text};
  }

  Html heading(int level, const knowledge::Spans& title) const {
    if (title.empty()) return {};
    switch (level) {
      case 2:
        return h("h2", text(title));
      case 3:
        return h("h3", text(title));
      case 4:
        return h("h4", text(title));
      default:
        return h("h5", text(title));
    }
  }

  // ── blocks ──

  Html blocks(const knowledge::Blocks& all, int level) const {
    return each(all, [&](const Block& block) { return one(block, level); });
  }

  // The name of a table: its own title, else what the source says of it.
  Html table(const Block& block, int level) const {
    const std::string name = block.title.empty() ? block.text : plain(block.title);
    const auto rest = std::ranges::find_if(block.children, [](const Block& row) {
      return row.kind == Block::Kind::row && row.style != "header";
    });
    Html head, lines;
    for (auto row = block.children.begin(); row != block.children.end(); ++row)
      if (row->kind == Block::Kind::row) (row < rest ? head : lines) += table_row(*row, level);
    return h("div",
             {cls("table"), attr("tabindex", 0), attr("role", "group"),
              attr("aria-label", name.empty() ? "Tableau" : name)},
             h("table",
               when(!name.empty(),
                    [&] {
                      return h("caption",
                               block.title.empty() ? Html(block.text) : text(block.title));
                    }),
               when(!head.empty(), [&] { return h("thead", head); }), h("tbody", lines)));
  }
  Html table_row(const Block& row, int level) const {
    return h("tr", each(row.children, [&](const Block& cell) {
               const Attr columns =
                   cell.span_columns > 1 ? attr("colspan", cell.span_columns) : Attr();
               const Attr rows = cell.span_rows > 1 ? attr("rowspan", cell.span_rows) : Attr();
               const Html inner = blocks(cell.children, level);
               if (inner.empty()) return h("td", {columns, rows});  // a corner heads nothing
               if (row.style == "header")
                 return h("th", {attr("scope", "col"), columns, rows}, inner);
               return cell.style == "header" ? h("th", {attr("scope", "row"), columns, rows}, inner)
                                             : h("td", {columns, rows}, inner);
             }));
  }

  Html resource(const Block& block, int level) const {
    const Html title = block.title.empty() ? Html(block.text) : text(block.title);
    return h(
        "div", {cls("resource")},
        when(!kind_of(block).empty(), [&] { return h("p", {cls("soft small")}, kind_of(block)); }),
        h("p", block.url.empty() ? h("strong", title) : h("a", {href(block.url)}, title),
          when(!block.number.empty(), [&] { return fragment(" (n°\u00a0", block.number, ")"); })),
        when(!block.format.empty(), [&] { return h("p", {cls("soft small")}, block.format); }),
        when(!block.source.empty(), [&] { return h("p", {cls("soft small")}, block.source); }),
        when(!block.text.empty() && !block.title.empty(), [&] { return h("p", block.text); }),
        blocks(block.children, level), office(block));
  }

  // pivot: keys in order of preference, "caf, msa".
  Html office(const Block& block) const {
    std::string_view keys = block.pivot;
    while (!keys.empty()) {
      const std::size_t end = std::min(keys.find(','), keys.size());
      std::string_view key = keys.substr(0, end);
      keys.remove_prefix(std::min(end + 1, keys.size()));
      while (key.starts_with(' ')) key.remove_prefix(1);
      if (const auto found = offices_(key))
        return h("div", {cls("group")}, h("p", h("strong", found->name)), service_card(*found));
    }
    return {};
  }

  static std::string_view kind_of(const Block& block) {
    switch (block.kind) {
      case Block::Kind::online:
        return "Service en ligne";
      case Block::Kind::form:
        return "Formulaire";
      case Block::Kind::notice_link:
        return "Notice";
      case Block::Kind::template_:
        return "Modèle de lettre";
      case Block::Kind::tool:
        return "Outil";
      case Block::Kind::contact:
        return "Où s’adresser\u202f?";
      default:
        return {};
    }
  }

  Html notice(const Block& block, int level) const {
    const std::string_view word = block.kind == Block::Kind::attention  ? "Attention\u00a0:"
                                  : block.kind == Block::Kind::reminder ? "Rappel\u00a0:"
                                  : block.kind == Block::Kind::example  ? "Exemple\u00a0:"
                                  : block.kind == Block::Kind::know     ? "À savoir\u00a0:"
                                  : block.kind == Block::Kind::note     ? "À noter\u00a0:"
                                                                        : "";
    const Html title = block.title.empty() ? Html(word) : text(block.title);
    const bool grave = block.kind == Block::Kind::attention || block.kind == Block::Kind::warning;
    return h("div", {cls(grave ? "notice" : "notice notice--plain")},
             when(!title.empty(), [&] { return h("p", h("strong", title)); }),
             blocks(block.children, level));
  }

  Html one(const Block& block, int level) const {
    const int inner = block.title.empty() ? level : std::min(level + 1, 5);
    switch (block.kind) {
      case Block::Kind::paragraph:
        return h("p", text(block.spans));
      case Block::Kind::list:
        return fragment(heading(level, block.title), block.style == "numero"
                                                         ? h("ol", blocks(block.children, inner))
                                                         : h("ul", blocks(block.children, inner)));
      case Block::Kind::item:
        return h("li", blocks(block.children, level));
      case Block::Kind::table:
        return table(block, level);
      case Block::Kind::situations:
      case Block::Kind::cases:
        return h("div", {cls("branches")}, blocks(block.children, level));
      case Block::Kind::situation:
      case Block::Kind::case_:
        return h("details", h("summary", text(block.title)),
                 h("div", {cls("matter")}, blocks(block.children, level)));
      case Block::Kind::chapter:
      case Block::Kind::subchapter:
        return h("div", {cls("group")}, heading(level, block.title), blocks(block.children, inner));
      case Block::Kind::note:
      case Block::Kind::know:
      case Block::Kind::attention:
      case Block::Kind::reminder:
      case Block::Kind::example:
      case Block::Kind::help:
      case Block::Kind::warning:
        return notice(block, level);
      case Block::Kind::online:
      case Block::Kind::form:
      case Block::Kind::notice_link:
      case Block::Kind::template_:
      case Block::Kind::tool:
      case Block::Kind::contact:
        return resource(block, level);
      case Block::Kind::illustration:
        return h("figure",
                 h("figcaption", "Illustration\u00a0: ", block.text, " ", text(block.title)),
                 blocks(block.children, level));
      case Block::Kind::question:
        return h("div", {cls("notice notice--plain")}, h("p", h("strong", text(block.title))),
                 when(!block.spans.empty(), [&] { return h("p", text(block.spans)); }),
                 h("ul", blocks(block.children, level)));
      case Block::Kind::choice:
        return h(
            "li", h("p", text(block.title)),
            when(!block.spans.empty(), [&] { return h("p", text(block.spans)); }),
            when(!block.children.empty(), [&] { return h("ul", blocks(block.children, level)); }));
      case Block::Kind::row:
      case Block::Kind::cell:
      case Block::Kind::conditional:
      case Block::Kind::group:
      case Block::Kind::unknown:
        return fragment(heading(level, block.title), blocks(block.children, inner));
    }
    return {};
  }

  const Frame& frame_;
  const Document& document_;
  const Offices& offices_;
  std::set<std::string, std::less<>> defined_;
};

}  // namespace

Html sheet(const Frame& frame, const Document& document, const Offices& offices) {
  return SheetPage(frame, document, offices).whole();
}

}  // namespace parvis::portal
