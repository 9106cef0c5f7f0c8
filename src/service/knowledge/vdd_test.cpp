#include "knowledge/vdd.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "text/normalise.hpp"

namespace parvis::knowledge {
namespace {
namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

constexpr std::string_view kHead =
    R"(<Publication ID="F1" type="Fiche" spUrl="https://example.org/F1"><dc:title>Titre</dc:title>)"
    R"(<dc:date>modified 2020-07-21</dc:date><Audience>Particuliers</Audience>)";

Document sheet(std::string_view body) {
  auto document = parse_fiche_xml(std::string(kHead) + std::string(body) + "</Publication>", "");
  EXPECT_TRUE(document.has_value()) << (document ? "" : document.error().what);
  return document ? *document : Document{};
}

TEST(Vdd, ReadsIdentityAndDate) {
  const Document d = sheet("");
  EXPECT_EQ(d.key, (DocumentKey{"particuliers", "F1"}));
  EXPECT_EQ(d.title, "Titre");
  EXPECT_EQ(d.url, "https://example.org/F1");
  EXPECT_EQ(d.updated, parse_iso_date("2020-07-21"));
  EXPECT_EQ(d.kind, Document::Kind::sheet);
}

TEST(Vdd, KeepsSituationsAndCasesApart) {
  const Document d = sheet(
      "<ListeSituations><Situation><Titre>En France</Titre><Condition><estVrai "
      "var='T1'/></Condition>"
      "<Texte><Paragraphe>Ici.</Paragraphe></Texte></Situation><Situation><Titre>À "
      "l'étranger</Titre>"
      "<Texte><BlocCas "
      "affichage='radio'><Cas><Titre>Majeur</Titre><Paragraphe>A.</Paragraphe></Cas>"
      "<Cas><Titre>Mineur</Titre><Paragraphe>B.</Paragraphe></Cas></BlocCas></Texte></Situation>"
      "</ListeSituations>");
  ASSERT_EQ(d.body.size(), 1U);
  const Block& situations = d.body[0];
  EXPECT_EQ(situations.kind, Block::Kind::situations);
  ASSERT_EQ(situations.children.size(), 2U);
  EXPECT_EQ(plain(situations.children[0].title), "En France");
  ASSERT_TRUE(situations.children[0].condition.has_value());
  EXPECT_EQ(situations.children[0].condition->variable, "T1");
  const Block& cases = situations.children[1].children.at(0);
  EXPECT_EQ(cases.kind, Block::Kind::cases);
  EXPECT_EQ(cases.style, "radio");
  EXPECT_EQ(plain(cases.children.at(1).children.at(0).spans), "B.");
}

TEST(Vdd, ReadsNestedConditions) {
  const Document d = sheet(
      "<Texte><FragmentConditionne><Condition><ou><estVrai var='A'/><et><estVrai var='B'/>"
      "<estIndefini var='C'/></et></ou></Condition><Paragraphe>x</Paragraphe></FragmentConditionne>"
      "</Texte>");
  const Condition& c = d.body.at(0).condition.value();
  EXPECT_EQ(c.kind, Condition::Kind::any);
  EXPECT_EQ(c.operands.at(1).kind, Condition::Kind::all);
  EXPECT_EQ(c.operands.at(1).operands.at(1).kind, Condition::Kind::is_undefined);
}

TEST(Vdd, SeparatesWordsThatTouchButNotExponents) {
  const Document d = sheet(
      "<Texte><Paragraphe>le <MiseEnEvidence>travail</MiseEnEvidence><Expression>avant</Expression>"
      " le 1<Exposant>er</Exposant> mai</Paragraphe></Texte>");
  EXPECT_EQ(plain(d.body.at(0).spans), "le travail avant le 1er mai");
}

TEST(Vdd, KeepsLinksWithTheirTargets) {
  const Document d = sheet(
      "<Texte><Paragraphe>Voir <LienInterne LienPublication='F2' audience='Professionnels'>ici"
      "</LienInterne> et <LienExterne URL='https://example.org'>là</LienExterne>.</Paragraphe>"
      "</Texte><QuestionReponse ID='F3' audience='Particuliers'>Pourquoi ?</QuestionReponse>");
  const Spans& spans = d.body.at(0).spans;
  ASSERT_EQ(spans.size(), 5U);
  EXPECT_EQ(spans[1].target, "F2");
  EXPECT_EQ(spans[1].audience, "professionnels");
  EXPECT_EQ(spans[3].target, "https://example.org");
  EXPECT_EQ(d.questions.at(0).id, "F3");
  EXPECT_EQ(d.questions.at(0).title, "Pourquoi ?");
}

TEST(Vdd, KeepsAnUnknownElementAndReportsIt) {
  const Document d = sheet("<Texte><Nouveau><Truc>des mots</Truc></Nouveau></Texte>");
  EXPECT_EQ(d.body.at(0).kind, Block::Kind::unknown);
  EXPECT_EQ(d.body.at(0).text, "des mots");
  EXPECT_THAT(d.unknown, ElementsAre("Nouveau"));
}

TEST(Vdd, RefusesWhatIsNoSheet) {
  EXPECT_FALSE(parse_fiche_xml("<a/>", "").has_value());
  EXPECT_FALSE(parse_fiche_xml("<Publication ID='F1'", "").has_value());
  EXPECT_FALSE(parse_fiche_json("", "").has_value());
  EXPECT_FALSE(parse_fiche_json("{}", "").has_value());
  EXPECT_FALSE(
      parse_fiche_json("{\"children\":[{\"type\":\"text\",\"text\":\"x\"}]}", "").has_value());
  EXPECT_FALSE(parse_fiche_json("\xff", "").has_value());
  EXPECT_FALSE(parse_fiche_json(std::string(1000, '['), "").has_value());
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "<a>";
  EXPECT_FALSE(parse_fiche_xml(deep, "").has_value());
  const auto broken = parse_fiche_xml("<Publication>\n<x>\n</y></Publication>", "");
  ASSERT_FALSE(broken.has_value());
  EXPECT_GT(broken.error().line, 1U);
}

// The sheets of both formats that exist as twins give the same Document.
TEST(Vdd, XmlAndJsonAgree) {
  const fs::path xml = fs::path(PARVIS_SOURCE_DIR) / "../shared/data/dila/xml_3.3";
  const char* corpus = std::getenv("PARVIS_CORPUS");
  if (!fs::is_directory(xml) || corpus == nullptr) {
    std::cout << "twins not compared: the XML samples or PARVIS_CORPUS are absent\n";
    SUCCEED();
    return;
  }
  int twins = 0;
  for (const auto& entry : fs::directory_iterator(xml)) {
    const std::string name = entry.path().stem();  // part-F1342
    const std::string audience = name.starts_with("part")  ? "particuliers"
                                 : name.starts_with("pro") ? "professionnels"
                                                           : "associations";
    const std::string id = name.substr(name.find('-') + 1);
    auto a = parse_fiche_xml(read_file(entry.path()), audience);
    auto b = parse_fiche_json(read_file(fs::path(corpus) / "data" / audience / (id + ".json")),
                              audience);
    ASSERT_TRUE(a.has_value()) << name << ": " << a.error().what;
    ASSERT_TRUE(b.has_value()) << name << ": " << b.error().what;
    EXPECT_TRUE(*a == *b) << name;
    ++twins;
  }
  EXPECT_EQ(twins, 15);
}

// No character of a paragraph of the source is lost, and no element is unknown, over the whole
// corpus.
void count_words(const Element& e, bool counted, std::size_t& out) {
  if (e.name == "RechercheGuidee") return;  // an editorial name of a search tool, for no reader
  const bool here = counted || e.name == "Paragraphe";
  if (e.name.empty() && here)
    for (const char c : e.text) out += c != ' ' && c != '\n' && c != '\t' && c != '\r';
  for (const Element& child : e.children) count_words(child, here, out);
}
void count_words(const Spans& spans, std::size_t& out) {
  for (const Span& span : spans)
    for (const char c : span.text) out += c != ' ';
}

TEST(Vdd, ReadsTheWholeCorpusWithoutAnUnknownElement) {
  const char* corpus = std::getenv("PARVIS_CORPUS");
  if (corpus == nullptr || !fs::is_directory(corpus)) {
    std::cout << "corpus not read: PARVIS_CORPUS is absent (bin/setup fetches it)\n";
    SUCCEED();
    return;
  }
  std::size_t files = 0;
  for (const std::string audience : {"particuliers", "professionnels", "associations"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(corpus) / "data" / audience)) {
      if (entry.path().filename() == "index.json") continue;
      const std::string bytes = read_file(entry.path());
      const auto root = element_from_json(bytes);
      ASSERT_TRUE(root.has_value()) << entry.path() << root.error().what;
      const auto document = document_from(*root, audience);
      ASSERT_TRUE(document.has_value()) << entry.path() << document.error().what;
      EXPECT_THAT(document->unknown, ElementsAre()) << entry.path();
      std::size_t source = 0, kept = 0;
      count_words(*root, false, source);
      std::vector<const Block*> ancestors;
      auto count = [&](const Block& block, const std::vector<const Block*>&) {
        count_words(block.title, kept);
        count_words(block.spans, kept);
        return true;
      };
      walk(document->body, ancestors, count);
      walk(document->resources, ancestors, count);
      for (const Definition& definition : document->definitions)
        walk(definition.text, ancestors, count);
      for (const Link& link : document->more)
        count_words({Span{Span::Kind::text, link.note, "", ""}}, kept);
      EXPECT_GE(kept, source) << entry.path();
      EXPECT_TRUE(from_json(to_json(*document)) == *document) << entry.path();
      ++files;
    }
  }
  EXPECT_EQ(files, 7591U);
}

}  // namespace
}  // namespace parvis::knowledge
