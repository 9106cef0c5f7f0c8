// What is read of a document before any search: passages, links, and the words of a question.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "knowledge/vdd.hpp"
#include "retrieval/anchors.hpp"
#include "retrieval/entries.hpp"
#include "retrieval/passages.hpp"
#include "retrieval/ranker.hpp"
#include "retrieval/retrieve.hpp"
#include "retrieval/synonyms.hpp"
#include "text/tokens.hpp"

namespace parvis::retrieval {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

knowledge::Document sheet(const std::string& body) {
  auto read = knowledge::parse_fiche_xml(
      "<Publication ID='F1'><dc:title>Passeport perdu</dc:title>"
      "<dc:description>Que faire ?</dc:description>" +
          body + "</Publication>",
      "particuliers");
  EXPECT_TRUE(read.has_value());
  return read.value_or(knowledge::Document{});
}

std::vector<std::string> whole(const std::vector<Passage>& passages) {
  std::vector<std::string> out;
  for (const Passage& passage : passages) out.push_back(passage.whole());
  return out;
}

TEST(Passages, begin_with_the_title_and_the_summary) {
  EXPECT_THAT(whole(passages_of(sheet(""))), ElementsAre("Passeport perdu. Que faire ?"));
}

TEST(Passages, carry_the_headings_above_them) {
  const auto passages =
      passages_of(sheet("<Texte><Chapitre><Titre>À l'étranger</Titre><Paragraphe>Allez au consulat."
                        "</Paragraphe></Chapitre></Texte>"));
  EXPECT_THAT(whole(passages), Contains("Passeport perdu > À l'étranger : Allez au consulat."));
}

TEST(Passages, are_the_short_beginnings_of_sections_and_end_with_a_sentence) {
  std::string body = "<Texte><Paragraphe>";
  for (int i = 0; i < 40; ++i) body += "Il faut se présenter au guichet avec le document. ";
  const auto passages = passages_of(sheet(body + "</Paragraphe></Texte>"));
  ASSERT_THAT(passages, SizeIs(2));  // the title, and one for the only section
  for (const std::string& passage : whole(passages)) {
    EXPECT_LE(passage.size(), 2 * kPassageBytes + 40);
    EXPECT_THAT(passage.back(), testing::AnyOf('.', '?'));
  }
}

TEST(Passages, of_the_whole_text_begin_with_those_that_find_the_page_and_lose_no_sentence) {
  std::string body = "<Texte><Chapitre><Titre>Délai</Titre><Paragraphe>";
  constexpr int kSentences = 20;
  for (int i = 0; i < kSentences; ++i) body += fmt::format("Voici la phrase numéro {}. ", i);
  body += "</Paragraphe></Chapitre></Texte>";
  const auto begins = passages_of(sheet(body)), all = text_of(sheet(body));
  ASSERT_THAT(begins, SizeIs(2));
  ASSERT_GT(all.size(), 1U);
  EXPECT_EQ(all[0].whole(), begins[1].whole()) << "one text, one vector";
  std::string whole;
  for (const Passage& each : all) {
    EXPECT_EQ(each.about, "Passeport perdu > Délai");
    EXPECT_LE(each.text.size(), kPassageBytes);
    whole += each.text + " ";
  }
  for (int i = 0; i < kSentences; ++i)
    EXPECT_THAT(whole, HasSubstr(fmt::format("phrase numéro {}.", i)));
}

TEST(Passages, leave_out_where_to_go_and_what_to_click) {
  const auto passages = passages_of(
      sheet("<Texte><Paragraphe>Il faut le déclarer.</Paragraphe></Texte><OuSAdresser ID='R1'>"
            "<Titre>Mairie</Titre><Texte><Paragraphe>Pour s'informer.</Paragraphe></Texte>"
            "</OuSAdresser>"));
  EXPECT_THAT(whole(passages), ElementsAre("Passeport perdu. Que faire ?",
                                           "Passeport perdu : Il faut le déclarer."));
}

TEST(Passages, of_one_document_are_limited) {
  std::string body = "<Texte>";
  for (std::size_t i = 0; i < 3 * kPassages; ++i)
    body += "<Chapitre><Titre>Titre</Titre><Paragraphe>Texte.</Paragraphe></Chapitre>";
  EXPECT_THAT(passages_of(sheet(body + "</Texte>")), SizeIs(kPassages + 1));
  EXPECT_GT(text_of(sheet(body + "</Texte>")).size(), kPassages);
}

TEST(Links, give_the_words_and_where_they_lead) {
  std::vector<std::pair<std::string, std::string>> links;
  each_link(sheet("<Texte><Paragraphe>En cas de <LienInterne LienPublication='F2'>vol du passeport"
                  "</LienInterne>.</Paragraphe></Texte>"
                  "<QuestionReponse ID='F3'>Peut-on voyager sans ?</QuestionReponse>"),
            [&](std::string_view words, std::string_view id, LinkPlace place) {
              links.emplace_back(words, id);
              EXPECT_EQ(place, id == "F2" ? LinkPlace::text : LinkPlace::list);
            });
  EXPECT_THAT(links, ElementsAre(std::pair("vol du passeport", "F2"),
                                 std::pair("Peut-on voyager sans ?", "F3")));
}

TEST(Phrasings, are_read_line_by_line_and_a_broken_line_is_left_out) {
  const Phrasings read = read_phrasings(
      "{\"id\":\"F1\",\"said\":[\"j'ai  paumé mon passeport\",7]}\nno\n{\"id\":\"F2\"}\n"
      "{\"id\":\"F3\",\"said\":[\"se marier\"]}");
  EXPECT_EQ(read, (Phrasings{{"F1", {"j'ai paumé mon passeport"}}, {"F3", {"se marier"}}}));
}

TEST(Phrasings, of_the_program_name_national_sheets_and_are_distinct) {
  ASSERT_THAT(phrasings(), Not(IsEmpty()));
  for (const auto& [id, said] : phrasings()) {
    EXPECT_THAT(id, testing::MatchesRegex("F[0-9]+"));
    EXPECT_THAT(said, Not(IsEmpty())) << id;
    EXPECT_EQ(std::set(said.begin(), said.end()).size(), said.size()) << id;
    for (const std::string& words : said) EXPECT_LE(words.size(), kAnchorBytes) << id;
  }
}

TEST(Anchors, of_a_towns_sheet_are_what_it_says_that_people_ask) {
  const Phrasings none;
  const Without nothing;
  Anchors anchors(none, nothing);
  knowledge::Document market;
  market.key = {.audience = "local", .id = "marches"};
  market.asked = {"c'est quand le marché", "prix d'un emplacement"};
  anchors.read(market);
  EXPECT_THAT(anchors.of("marches"), ElementsAre("c'est quand le marché", "prix d'un emplacement"));
  EXPECT_EQ(anchors.links_in("marches"), 0U);
}

TEST(Anchors, are_phrasings_then_links_each_once_without_those_that_count_as_absent) {
  const Phrasings said = {{"F2", {"on m'a piqué mon passeport", "Vol du passeport"}}};
  const Without without = {comparable("on m'a piqué mon passeport")};
  Anchors anchors(said, without);
  for (int i = 0; i < 2; ++i)
    anchors.read(
        sheet("<Texte><Paragraphe><LienInterne LienPublication='F2'>vol du passeport"
              "</LienInterne><LienInterne LienPublication='F2'>plainte</LienInterne>"
              "</Paragraphe></Texte><QuestionReponse ID='F3'>Peut-on voyager sans ?"
              "</QuestionReponse>"));
  EXPECT_THAT(anchors.of("F2"), ElementsAre("Vol du passeport", "plainte"));
  EXPECT_THAT(anchors.of("F3"), ElementsAre("Peut-on voyager sans ?"));
  EXPECT_EQ(anchors.links_in("F3"), 0U) << "a list of related questions counts as no link";
  EXPECT_EQ(anchors.links_in("F2"), 2U);
  EXPECT_THAT(anchors.of("F9"), IsEmpty());
}

TEST(Anchors, have_vectors_of_their_own) {
  EXPECT_NE(anchor_hash("plainte"), search::text_hash("plainte"));
}

TEST(Links, are_compared_without_accents_and_punctuation) {
  EXPECT_EQ(comparable("Peut-on voyager, à l'étranger ?"),
            comparable("PEUT-ON VOYAGER A L'ETRANGER"));
  EXPECT_NE(comparable("Peut-on voyager ?"), comparable("Peut-on voyager seul ?"));
}

TEST(Synonyms, spell_out_an_acronym_and_name_the_official_thing) {
  EXPECT_THAT(synonyms(text::terms("refaire ma CNI")), Contains(text::stem("nationale")));
  EXPECT_THAT(synonyms(text::terms("perte de la carte grise")),
              Contains(text::stem("immatriculation")));
}

TEST(Synonyms, repeat_no_word_of_the_question_and_need_all_the_words_said) {
  EXPECT_THAT(synonyms(text::terms("CNI ou carte nationale")),
              Not(Contains(text::stem("nationale"))));
  EXPECT_THAT(synonyms(text::terms("une carte postale")), IsEmpty());
  EXPECT_THAT(synonyms({}), IsEmpty());
  EXPECT_THAT(synonyms(text::terms("ma mère est morte")), Contains(text::terms("décès")[0]));
  EXPECT_THAT(synonyms(text::terms("elle est décédée")), Contains(text::terms("décès")[0]));
  EXPECT_THAT(synonyms(text::terms("perdu ou perte")), IsEmpty());
  EXPECT_EQ(noun_of(text::stem("perdu")), text::stem("perte"));
  EXPECT_EQ(noun_of(text::stem("perdre")), text::stem("perte"));
  EXPECT_EQ(noun_of(text::stem("passeport")), "");
}

TEST(Stays, SaysByItsVectorWhetherAMessageStays) {
  const auto stays = Stays::from_json(R"({"model":"m","constant":1,"weights":[2,-4]})");
  ASSERT_TRUE(stays);
  EXPECT_EQ(stays->model(), "m");
  EXPECT_EQ(stays->odds(std::vector<float>{0.5, 0.25}), 1);
  EXPECT_EQ(stays->odds(std::vector<float>{0.5}), std::nullopt) << "of another model";
  EXPECT_EQ(Stays::built_in().model().size(), 64U);
}

TEST(Stays, RefusesWhatIsNotSound) {
  for (const std::string_view wrong :
       {"", "[]", R"({"model":"m","constant":1})", R"({"model":"m","constant":1,"weights":[]})",
        R"({"model":"m","constant":"1","weights":[1]})",
        R"({"model":"m","constant":1,"weights":["1"]})"})
    EXPECT_FALSE(Stays::from_json(wrong)) << wrong;
}

TEST(Ranker, is_the_same_after_json_and_refuses_another_version) {
  const Ranker& built_in = Fitted::built_in().ranker;
  const auto again = ranker_from_json(to_json(built_in));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->model, built_in.model);
  for (std::size_t m = 0; m < kModes; ++m) {
    EXPECT_EQ(again->modes[m].rank, built_in.modes[m].rank);
    EXPECT_EQ(again->modes[m].confidence, built_in.modes[m].confidence);
    EXPECT_EQ(again->meaning[m].rank, built_in.meaning[m].rank);
    EXPECT_EQ(again->meaning[m].confidence, built_in.meaning[m].confidence);
  }
  EXPECT_EQ(again->most, built_in.most);
  EXPECT_FALSE(ranker_from_json("{}"));
  EXPECT_FALSE(ranker_from_json("no"));
}

TEST(Ranker, may_know_words_alone) {
  Ranker ranker;
  ranker.most = Mode::lexical;
  const auto again = ranker_from_json(to_json(ranker));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->most, Mode::lexical);
}

}  // namespace
}  // namespace parvis::retrieval
