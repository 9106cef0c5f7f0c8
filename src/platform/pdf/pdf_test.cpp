// What the file says is read back with programs that know nothing of how it was made: poppler's
// pdfinfo and pdftotext, and qpdf.
#include "pdf/pdf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <regex>
#include <thread>

#include "base/error.hpp"
#include "base/json.hpp"

namespace parvis::pdf {
namespace {
namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const Fonts& fonts() {
  static const Fonts all(fs::path(PARVIS_SOURCE_DIR) / "web/assets/fonts");
  return all;
}

// What a program prints of a file, named "FILE" among its arguments.
std::string printed(const std::string& bytes, std::string command) {
  const fs::path file = fs::temp_directory_path() / ("pdf_test." + std::to_string(getpid()));
  std::ofstream(file) << bytes;
  command.replace(command.find("FILE"), 4, file.string());
  std::string out;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no " + command);
  char buffer[4096];
  while (const std::size_t read = fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, read);
  EXPECT_EQ(pclose(pipe), 0) << command;
  fs::remove(file);
  return out;
}
std::string structure(const std::string& bytes) {
  return std::regex_replace(printed(bytes, "pdfinfo -struct-text FILE"),
                            std::regex("Object [0-9]+ 0\n"), "(annotation)\n");
}
std::string words(const std::string& bytes) { return printed(bytes, "pdftotext FILE -"); }
std::string unpacked(const std::string& bytes) {
  return printed(bytes, "qpdf --qdf --object-streams=disable FILE -");
}

// Every object of a file, its streams apart.
std::vector<json::value> objects(const std::string& bytes) {
  const auto whole = parse_json(printed(bytes, "qpdf --json=2 --json-key=qpdf FILE"));
  std::vector<json::value> out;
  for (const auto& [name, object] : whole->at("qpdf").at(1).as_object())
    if (const json::value* value = object.as_object().if_contains("value")) out.push_back(*value);
  return out;
}
std::vector<json::object> of_type(const std::string& bytes, std::string_view type) {
  std::vector<json::object> out;
  for (const json::value& each : objects(bytes))
    if (const json::object* object = each.if_object())
      if (string_at(*object, "/Type") == type) out.push_back(*object);
  return out;
}

Document document(std::vector<Section> sections = {}) {
  return {.title = "Conversation du 24 novembre 2026",
          .author = "Agglomération du Val d’Orle",
          .created = *parse_rfc3339("2026-11-24T09:00:00Z"),
          .footer = "Réponses automatiques.",
          .sections = std::move(sections)};
}
Document saying(std::string text, std::string url = "") {
  return document({{.blocks = {Paragraph{{{std::move(text), std::move(url)}}}}}});
}
std::string file(const Document& what) { return render(what, fonts()); }
Errc refused(const Document& what) {
  try {
    file(what);
  } catch (const Error& error) {
    return error.code();
  }
  throw std::runtime_error("rendered");
}

Document whole() {
  return document({{.blocks = {Heading{.text = "Vous", .aside = "9 h 05", .mark = Mark::round},
                               Paragraph{{{"Le prix du passeport ?"}}}},
                    .frame = Frame::round},
                   {.blocks = {Heading{.text = "Assistant", .mark = Mark::square},
                               Paragraph{{{"Il coûte 86 €. Voyez "},
                                          {"la fiche", "https://www.service-public.fr/F14929",
                                           "Passeport, service-public.fr"},
                                          {"."}}},
                               List{{{{"une photo"}}, {{"un justificatif"}}}},
                               List{{{{"Venez"}}}, 1}, Heading{.level = 3, .text = "Contact"},
                               Fact{"Accueil", {{"01 23 45 67 89", "tel:0123456789"}}},
                               Paragraph{{{"Fiche de 2020."}}, Tone::notice},
                               Paragraph{{{"Appelez le 15."}}, Tone::danger}},
                    .frame = Frame::ruled}});
}

TEST(Pdf, IsReadInOrder) {
  EXPECT_EQ(structure(file(whole())), R"(Document
  P (block)
    "Agglomération du Val d’Orle"
  H1 (block)
    "Conversation du 24 novembre 2026"
  Sect
    H2 (block)
      "Vous, 9 h 05"
    P (block)
      "Le prix du passeport ?"
  Sect
    H2 (block)
      "Assistant"
    P (block)
      "Il coûte 86 €. Voyez "
      Link (inline)
        "la fiche"
        (annotation)
      "."
    L (block):
       /ListNumbering /Disc
      LI (block)
        Lbl (block)
          "•"
        LBody (block)
          "une photo"
      LI (block)
        Lbl (block)
          "•"
        LBody (block)
          "un justificatif"
    L (block):
       /ListNumbering /Decimal
      LI (block)
        Lbl (block)
          "1."
        LBody (block)
          "Venez"
    H3 (block)
      "Contact"
    P (block)
      "Accueil : "
      Link (inline)
        "01 23 45 67 89"
        (annotation)
    P (block)
      "Fiche de 2020."
    P (block)
      "Appelez le 15."
)");
}

TEST(Pdf, AFormIsFilledInByHandUnderItsQuestions) {
  const std::string bytes =
      file(document({{.blocks = {Heading{.level = 3, .text = "1. Nom"}, Blank{2},
                                 Heading{.level = 3, .text = "2. Sexe"},
                                 List{.items = {{{"F"}}, {{"M"}}}, .boxes = true}}}}));
  EXPECT_THAT(structure(bytes), HasSubstr(R"(  Sect
    H3 (block)
      "1. Nom"
    H3 (block)
      "2. Sexe"
    L (block):
       /ListNumbering /Disc
      LI (block)
        Lbl (block)
          "☐"
        LBody (block)
          "F"
)"));
  // Each question stands with its first line.
  Document many = document({Section{}});
  for (int i = 0; i < 40; ++i) {
    many.sections[0].blocks.emplace_back(Paragraph{{{"Question"}}});
    many.sections[0].blocks.emplace_back(Blank{1 + i % 3});
  }
  const std::string boxes = printed(file(many), "pdftotext -bbox FILE -");
  const std::regex word("yMax=\"([0-9.]+)\">Question<");
  int questions = 0;
  for (std::sregex_iterator at(boxes.begin(), boxes.end(), word), end; at != end; ++at, ++questions)
    EXPECT_LT(std::stod((*at)[1]), 841.89 - 70 - 25);  // a page, its foot, a line
  EXPECT_EQ(questions, 40);
}

TEST(Pdf, SaysWhatItIs) {
  const std::string bytes = file(whole());
  EXPECT_THAT(bytes, testing::StartsWith("%PDF-1.7"));
  const auto catalog = of_type(bytes, "/Catalog");
  ASSERT_THAT(catalog, SizeIs(1));
  EXPECT_EQ(catalog[0].at("/Lang"), "u:fr");
  EXPECT_EQ(catalog[0].at("/MarkInfo"), json::value({{"/Marked", true}}));
  EXPECT_EQ(catalog[0].at("/ViewerPreferences"), json::value({{"/DisplayDocTitle", true}}));
  const auto pages = of_type(bytes, "/Page");
  ASSERT_THAT(pages, Not(IsEmpty()));
  for (const json::object& page : pages) EXPECT_EQ(page.at("/Tabs"), "/S");
  EXPECT_THAT(printed(bytes, "TZ=UTC pdfinfo -isodates FILE"),
              AllOf(HasSubstr("Title:           Conversation du 24 novembre 2026\n"),
                    HasSubstr("Author:          Agglomération du Val d’Orle\n"),
                    HasSubstr("CreationDate:    2026-11-24T09:00:00Z\n")));
  EXPECT_THAT(printed(bytes, "pdfinfo -meta FILE"),
              AllOf(HasSubstr("<pdfuaid:part>1</pdfuaid:part>"),
                    HasSubstr(">Conversation du 24 novembre 2026</rdf:li>"),
                    HasSubstr("<rdf:li>fr</rdf:li>"), HasSubstr("2026-11-24T09:00:00Z")));
  Document hostile = whole();
  hostile.title = "<a> & \"b\" \x01(c)\\";
  EXPECT_THAT(printed(file(hostile), "pdfinfo -meta FILE"),
              HasSubstr(">&lt;a&gt; &amp; &quot;b&quot; (c)\\</rdf:li>"));
  EXPECT_THAT(printed(file(hostile), "pdfinfo FILE"), HasSubstr("<a> & \"b\" (c)\\\n"));
}

TEST(Pdf, WhatIsNotReadIsAnArtifact) {
  std::istringstream lines(unpacked(file(whole())));
  std::string line;
  int depth = 0, artifacts = 0, drawn = 0;
  while (std::getline(lines, line)) {
    if (line.ends_with("BDC") || line.ends_with("BMC")) ++depth;
    if (line == "/Artifact BMC") ++artifacts;
    if (line == "EMC") --depth;
    if (line.ends_with("Tj") || line.ends_with("TJ") || line.ends_with(" f") ||
        line.ends_with(" S")) {
      ++drawn;
      EXPECT_GT(depth, 0) << line;
    }
  }
  EXPECT_EQ(depth, 0);
  EXPECT_EQ(artifacts, 1);
  EXPECT_GT(drawn, 10);
}

TEST(Pdf, LinksSayWhereTheyLead) {
  const auto notes = of_type(file(whole()), "/Annot");
  ASSERT_THAT(notes, SizeIs(2));
  EXPECT_EQ(notes[0].at("/Contents"), "u:Passeport, service-public.fr");
  EXPECT_EQ(notes[0].at("/A").at("/URI"), "u:https://www.service-public.fr/F14929");
  EXPECT_EQ(notes[1].at("/Contents"), "u:01 23 45 67 89");
  EXPECT_TRUE(notes[0].contains("/StructParent"));
  for (const char* unsafe : {"javascript:alert(1)", "file:///etc/passwd", "/a", "//host", "x",
                             "https://a b", "data:text/html,x"}) {
    const std::string bytes = file(saying("un lien", unsafe));
    EXPECT_THAT(of_type(bytes, "/Annot"), IsEmpty()) << unsafe;
    EXPECT_THAT(words(bytes), HasSubstr("un lien")) << unsafe;
  }
  const auto foreign = of_type(file(saying("été", "https://a.example/été")), "/Annot");
  EXPECT_EQ(foreign.at(0).at("/A").at("/URI"), "u:https://a.example/%C3%A9t%C3%A9");
  // On several lines it is one link, with an area on each.
  const std::string wide =
      file(saying(std::string(120, 'm') + " " + std::string(120, 'w'), "https://a.example/"));
  EXPECT_GE(of_type(wide, "/Annot").size(), 4u);
  int links = 0;
  for (const json::object& element : of_type(wide, "/StructElem"))
    links += element.at("/S") == "/Link";
  EXPECT_EQ(links, 1);
}

TEST(Pdf, EveryScriptIsReadAsItWasWritten) {
  for (const std::string text : {"Où est né l’œuvre ? À Châlons : « çà et là », 1 234,50 €…",
                                 "Привіт, скільки коштує паспорт?", "كم تكلفة جواز السفر؟",
                                 "שלום עולם", "Șase ță, ğüşiöç, ñandú, coração"})
    EXPECT_THAT(structure(file(saying(text))), HasSubstr("\"" + text + "\"")) << text;
  // A ligature is said by its letters (poppler does not follow marks inside marks).
  EXPECT_THAT(unpacked(file(saying("سلام"))), HasSubstr("/ActualText <feff06440627>"));
  const std::string arabic = file(document(
      {{.blocks = {Paragraph{{{"مرحبا"}}, Tone::plain, "ar"}, List{{{{"جواز"}}}, 0, "ar"}}}}));
  int told = 0;
  for (const json::object& element : of_type(arabic, "/StructElem"))
    told += element.contains("/Lang") && element.at("/Lang") == "u:ar";
  EXPECT_EQ(told, 2);
}

TEST(Pdf, WhatNoFontHasIsReadAloudAllTheSame) {
  const std::string bytes = file(saying("Merci 漢字 👩‍👧."));
  EXPECT_THAT(words(bytes), HasSubstr("Merci □□"));
  std::vector<json::value> said;
  for (const json::object& element : of_type(bytes, "/StructElem"))
    if (element.contains("/ActualText")) said.push_back(element.at("/ActualText"));
  EXPECT_THAT(said, ElementsAre(json::value("u:Merci 漢字 👩‍👧.")));
}

TEST(Pdf, HostileTextStaysText) {
  EXPECT_THAT(structure(file(saying(std::string("a\0b\x1b\x7f\xc2\x85\tc", 9)))),
              HasSubstr("\"ab c\""));
  for (const std::string text : {"(a) Tj ET EMC", "/Code << /MCID 0 >> BDC", "\\) endstream endobj",
                                 "%PDF-1.7", "<</Type/Catalog>>"})
    EXPECT_THAT(structure(file(saying(text))), HasSubstr("\"" + text + "\""));
  EXPECT_THAT(structure(file(saying("un\ndeux"))), HasSubstr("\"un deux\""));
  for (const std::string bytes : {"\xff", "a\xc3", "\xed\xa0\x80"}) {
    EXPECT_EQ(refused(saying(bytes)), Errc::invalid);
    Document title = whole();
    title.title = bytes;
    EXPECT_EQ(refused(title), Errc::invalid);
    title = whole();
    title.footer = bytes;
    EXPECT_EQ(refused(title), Errc::invalid);
  }
  const std::string word = words(file(saying(std::string(100'000, 'Q'))));
  EXPECT_EQ(std::ranges::count(word, 'Q'), 100'000);
  for (const Document& empty : {Document{}, document(), saying(""), saying("\n"),
                                document({{.blocks = {List{}, List{{{}}}, Heading{}, Fact{}}}})})
    EXPECT_THAT(file(empty), Not(IsEmpty()));
}

TEST(Pdf, ACodeIsAFigureWithItsWordsAndNoOther) {
  const Document what = document(
      {{.blocks = {Paragraph{{{"Avant."}}},
                   Code{"https://v.example/dossiers?reference=KILU-BAFO-7", "Code à scanner"},
                   Paragraph{{{"Après."}}}}}});
  const std::string bytes = file(what);
  EXPECT_THAT(structure(bytes),
              AllOf(HasSubstr("Figure"), HasSubstr("Avant."), HasSubstr("Après.")));
  bool found = false;
  for (const json::object& each : of_type(bytes, "/StructElem"))
    if (string_at(each, "/S") == "/Figure") {
      EXPECT_EQ(string_at(each, "/Alt"), "u:Code à scanner");
      found = true;
    }
  EXPECT_TRUE(found);
  EXPECT_EQ(refused(document({{.blocks = {Code{std::string(501, 'a'), ""}}}})), Errc::too_large);
  EXPECT_EQ(refused(document({{.blocks = {Code{"", ""}}}})), Errc::invalid);
}

TEST(Pdf, HasLimits) {
  EXPECT_EQ(refused(saying(std::string(kTextMax, 'a'))), Errc::too_large);
  Document many;
  many.sections.reserve(kPagesMax * 50);
  for (std::size_t i = 0; i < kPagesMax * 50; ++i)
    many.sections.push_back({.blocks = {Paragraph{{{"a"}}}}});
  EXPECT_EQ(refused(many), Errc::too_large);
  static_assert(kAtOnce == 2);
  const auto first = fonts().turn(), second = fonts().turn();
  EXPECT_EQ(refused(whole()), Errc::overloaded);
}

TEST(Pdf, PagesAreNumberedAndHeadingsStayWithTheirText) {
  std::vector<Section> sections;
  sections.reserve(60);
  for (int i = 0; i < 60; ++i)
    sections.push_back(
        {.blocks = {Heading{.text = "Titre " + std::to_string(i)},
                    Paragraph{{{"Un texte de deux lignes, qui est assez long pour "
                                "ne pas tenir sur une seule ligne de la page. Fin."}}}},
         .frame = i % 2 == 0 ? Frame::round : Frame::ruled});
  const std::string bytes = file(document(std::move(sections)));
  const std::size_t count = of_type(bytes, "/Page").size();
  ASSERT_GT(count, 3u);
  std::string all = words(bytes);
  for (std::size_t page = 1; page <= count; ++page) {
    const std::string one = all.substr(0, all.find('\f'));
    all.erase(0, one.size() + 1);
    EXPECT_THAT(one, HasSubstr(std::to_string(page) + "/" + std::to_string(count)));
    EXPECT_EQ(one.find("Conversation du 24 novembre 2026") != std::string::npos, true);
    const auto titles = [&](const std::string& word) {
      int n = 0;
      for (std::size_t at = 0; (at = one.find(word, at)) != std::string::npos; ++at) ++n;
      return n;
    };
    EXPECT_EQ(titles("Titre"), titles("Fin.")) << one;
  }
}

TEST(Pdf, TheSameDocumentGivesTheSameBytes) {
  const std::string bytes = file(whole());
  EXPECT_EQ(file(whole()), bytes);
  std::string other;
  std::thread thread([&] { other = file(whole()); });
  const std::string mine = file(whole());
  thread.join();
  EXPECT_EQ(mine, bytes);
  EXPECT_EQ(other, bytes);
  Document later = whole();
  later.created += std::chrono::hours(1);
  EXPECT_NE(file(later), bytes);
}

TEST(Pdf, SaysNothingOfTheMachine) {
  EXPECT_THAT(unpacked(file(whole())),
              AllOf(Not(HasSubstr(PARVIS_SOURCE_DIR)), Not(HasSubstr("web/assets")),
                    Not(HasSubstr("/usr")), Not(HasSubstr(".ttf"))));
}

TEST(Pdf, WithoutTheHousesFontThereIsAnother) {
  EXPECT_TRUE(fonts().house());
  const Fonts none("/nowhere");
  EXPECT_FALSE(none.house());
  ASSERT_TRUE(none.fallback());
  EXPECT_THAT(structure(render(whole(), none)), HasSubstr("\"Il coûte 86 €. Voyez \""));
}

TEST(Pdf, AnyAccentWillDo) {
  for (const char* accent : {"#ffffff", "#000000", "#ffe600", "", "red", "#12345", "#gggggg"}) {
    Document coloured = whole();
    coloured.accent = accent;
    EXPECT_THAT(words(file(coloured)), HasSubstr("Conversation du 24 novembre 2026")) << accent;
  }
}

}  // namespace
}  // namespace parvis::pdf
