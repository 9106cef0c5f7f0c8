#include "knowledge/local_sheet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/print.hpp"

namespace parvis::knowledge {
namespace {
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kSheet = R"(---
id: carte-identite
completes: [F1342, F1341]
communes: ["99001"]
updated: 2026-11-01
url: https://mairie.example/cni
theme: Papiers
---
# Carte d’identité : prendre **rendez-vous**

Le service est [en ligne](https://rdv.example). Voir la [fiche](F1342) et [ceci](javascript:x).

## Comment faire
1. Prenez rendez-vous.
2. Venez avec :
   - une photo ;
   - un justificatif.

### Le coût

| Carte | Coût |
|---|---|
| Première | Gratuit |
| Perdue | 25 € |

> Le samedi, sur rendez-vous.

<b>texte</b>
)";

TEST(LocalSheet, SaysHowPeopleAskForIt) {
  const auto d = parse_local_sheet(
      "marches.md",
      "---\ntitle: Marchés\nasked:\n  - c’est quand le marché\n  - prix du mètre\n---\nTexte.");
  ASSERT_TRUE(d.has_value()) << d.error().what;
  EXPECT_THAT(d->asked, ElementsAre("c’est quand le marché", "prix du mètre"));
  EXPECT_EQ(from_json(to_json(*d)), *d);
}

TEST(LocalSheet, ReadsMarkdownWithItsFrontMatter) {
  const auto d = parse_local_sheet("fiches/x.md", kSheet);
  ASSERT_TRUE(d.has_value()) << d.error().what;
  EXPECT_EQ(d->kind, Document::Kind::local);
  EXPECT_EQ(d->key, (DocumentKey{"local", "carte-identite"}));
  EXPECT_EQ(d->title, "Carte d’identité : prendre rendez-vous");
  EXPECT_THAT(d->completes, ElementsAre("F1342", "F1341"));
  EXPECT_THAT(d->communes, ElementsAre("99001"));
  EXPECT_EQ(d->updated, parse_iso_date("2026-11-01"));
  EXPECT_EQ(d->theme, "Papiers");
  ASSERT_EQ(d->body.size(), 2U);
  const Spans& spans = d->body[0].spans;
  EXPECT_EQ(spans.at(1).kind, Span::Kind::web_link);
  EXPECT_EQ(spans.at(3).kind, Span::Kind::sheet_link);
  EXPECT_EQ(spans.at(3).target, "F1342");
  EXPECT_EQ(spans.at(4).text, " et ceci.");  // a link that leads nowhere safe is text
  const Block& chapter = d->body[1];
  EXPECT_EQ(chapter.kind, Block::Kind::chapter);
  EXPECT_EQ(plain(chapter.title), "Comment faire");
  EXPECT_EQ(chapter.children.at(0).style, "numero");
  const Block& inner = chapter.children.at(0).children.at(1).children.at(1);
  EXPECT_EQ(inner.kind, Block::Kind::list);
  const Block& cost = chapter.children.at(1);
  EXPECT_EQ(cost.kind, Block::Kind::subchapter);
  const Block& table = cost.children.at(0);
  EXPECT_EQ(table.kind, Block::Kind::table);
  EXPECT_EQ(table.children.at(0).style, "header");
  EXPECT_EQ(plain(table.children.at(2).children.at(1).children.at(0).spans), "25 €");
  EXPECT_EQ(cost.children.at(1).kind, Block::Kind::note);
  EXPECT_EQ(plain(cost.children.at(2).spans), "<b>texte</b>");
  EXPECT_TRUE(from_json(to_json(*d)) == *d);
}

TEST(LocalSheet, ReadsHtml) {
  const auto d = parse_local_sheet("cantine.html",
                                   "<!--\n---\ntitle: Cantine\noverrides: F2883\n---\n-->"
                                   "<html><head><title>x</title><style>p{}</style></head><body>"
                                   "<nav>menu</nav><main><h1>Autre titre</h1><p>Le <strong>menu"
                                   "</strong>&nbsp;:<br>du jour<script>x()</script></p>"
                                   "<h2>Tarifs</h2><ul><li>3&nbsp;€</li><li></li></ul>"
                                   "<table><tr><th>a</th><td colspan=2>b</td></tr></table>"
                                   "<img src='https://e.org/i.png' alt='Le plan'><img src='x'>"
                                   "</main><footer>pied</footer></body></html>");
  ASSERT_TRUE(d.has_value()) << d.error().what;
  EXPECT_EQ(d->key.id, "cantine");
  EXPECT_EQ(d->title, "Cantine");
  EXPECT_THAT(d->overrides, ElementsAre("F2883"));
  const std::string print = print_text(*d);
  EXPECT_THAT(print, HasSubstr("Le menu\u00a0:"));
  EXPECT_THAT(print, HasSubstr("du jour"));
  EXPECT_THAT(print, HasSubstr("3\u00a0€"));
  EXPECT_THAT(print, HasSubstr("Le plan"));
  for (const char* gone : {"menu\n", "x()", "p{}", "pied"})
    EXPECT_THAT(print, ::testing::Not(HasSubstr(gone)));
  const Block& row = d->body.at(2).children.at(1).children.at(0);
  EXPECT_EQ(row.children.at(0).style, "header");
  EXPECT_EQ(row.children.at(1).span_columns, 2);
}

TEST(LocalSheet, TakesItsIdAndTitleFromTheFileWhenNothingSaysThem) {
  const auto d = parse_local_sheet("piscine.md", "\xEF\xBB\xBF# Piscine\nOuverte.");
  ASSERT_TRUE(d.has_value()) << d.error().what;
  EXPECT_EQ(d->key.id, "piscine");
  EXPECT_EQ(d->title, "Piscine");
}

TEST(LocalSheet, SaysWhatIsWrongAndOnWhichLine) {
  const auto why = [](std::string_view name, std::string_view bytes) {
    const auto d = parse_local_sheet(name, bytes);
    return d ? std::string("read") : std::to_string(d.error().line) + ": " + d.error().what;
  };
  EXPECT_THAT(why("a.md", "---\nid: a\ncomplete: F1\n---\n# T\np"), HasSubstr("3: 'complete'"));
  EXPECT_THAT(why("a.md", "---\nid: [\n---\n# T\np"), HasSubstr("not YAML"));
  EXPECT_THAT(why("a.md", "---\nid: a\n# T\np"), HasSubstr("no end"));
  EXPECT_THAT(why("a.md", "---\n- a\n---\n# T\np"), HasSubstr("key: value"));
  EXPECT_THAT(why("a.md", "---\nid: a/b\n---\n# T\np"), HasSubstr("2: 'id'"));
  EXPECT_THAT(why("a.md", "---\nurl: ftp://e.org\n---\n# T\np"), HasSubstr("'url'"));
  EXPECT_THAT(why("a.md", "---\nupdated: hier\n---\n# T\np"), HasSubstr("'updated'"));
  EXPECT_THAT(why("a.md", "---\ntitle: [a, b]\n---\n# T\np"), HasSubstr("one text"));
  EXPECT_THAT(why("é è.md", "# T\np"), HasSubstr("cannot serve as an id"));
  EXPECT_THAT(why("a.md", "texte"), HasSubstr("no title"));
  EXPECT_THAT(why("a.md", "# T\n"), HasSubstr("no text"));
  EXPECT_THAT(why("a.md", "\xff"), HasSubstr("UTF-8"));
  EXPECT_THAT(why("a.md", std::string_view("a\0b", 3)), HasSubstr("NUL"));
  EXPECT_THAT(why("a.html", "<!--\n---\nid: a\n---\n<p>x"), HasSubstr("comment"));
  EXPECT_THAT(why("a.md", std::string(kLocalSheetBytes + 1, 'a')), HasSubstr("larger"));
  std::string deep = "<h1>T</h1>";
  for (int i = 0; i < 50'000; ++i) deep += "<div>";
  EXPECT_THAT(why("a.html", deep), HasSubstr("nested"));
  EXPECT_THAT(why("a.md", "# T\n" + std::string(20'000, '>') + " x"), HasSubstr("nested"));
}

}  // namespace
}  // namespace parvis::knowledge
