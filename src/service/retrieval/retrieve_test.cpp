#include "retrieval/retrieve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "crypto/hash.hpp"
#include "knowledge/vdd.hpp"
#include "retrieval/entries.hpp"
#include "search/entry.hpp"
#include "search/vectors.hpp"

namespace parvis::retrieval {
namespace {
namespace fs = std::filesystem;

knowledge::Document sheet(const std::string& id, const std::string& title,
                          const std::string& body) {
  auto document = knowledge::parse_fiche_xml(
      "<Publication ID='" + id + "' spUrl='https://example.org/" + id + "'><dc:title>" + title +
          "</dc:title><dc:date>modified 2020-07-21</dc:date><Texte>" + body +
          "</Texte></Publication>",
      "particuliers");
  EXPECT_TRUE(document.has_value());
  return document.value_or(knowledge::Document{});
}

class Retrieve : public ::testing::Test {
 protected:
  Retrieve() : folder_(fs::temp_directory_path() / ("parvis-answer-" + crypto::random_hex(6))) {
    search::GenerationBuilder builder(folder_);
    builder.add(
        entry_of(sheet("F1", "Perte du passeport", "<Paragraphe>Déclarez-la.</Paragraphe>")));
    builder.add(
        entry_of(sheet("F2", "Mariage en France", "<Paragraphe>À la mairie.</Paragraphe>")));
    builder.add(entry_of(sheet("F3", "Passeport d'un mineur", "<Paragraphe>Mairie.</Paragraphe>")));
    builder.publish();
    auto generation = search::Generation::open(*search::current_generation(folder_));
    snapshot_ = std::make_unique<search::Snapshot>(
        std::vector<std::shared_ptr<const search::Generation>>{*generation});
  }
  ~Retrieve() override { fs::remove_all(folder_); }

  fs::path folder_;
  std::unique_ptr<search::Snapshot> snapshot_;
};

TEST_F(Retrieve, FindsWithTyposAndSaysHowSure) {
  const Retrieval sure = retrieve(*snapshot_, Fitted::built_in().ranker, Mode::lexical,
                                  "j'ai perdu: perte passeport", {}, 5);
  ASSERT_FALSE(sure.found.empty());
  EXPECT_EQ(sure.found[0].key.id, "F1");
  EXPECT_GT(sure.confidence, 0);
  EXPECT_LT(sure.confidence, 1);
  EXPECT_EQ(retrieve(*snapshot_, Fitted::built_in().ranker, Mode::lexical, "mariaje", {}, 5)
                .found.at(0)
                .key.id,
            "F2");
}

TEST_F(Retrieve, KnowsWhatATitleIsLimitedToThatTheQuestionDoesNotSay) {
  const auto unsaid = [&](std::string_view question, std::string_view id) {
    const Asked asked = read_question(*snapshot_, question);
    for (const Candidate& one : candidates(*snapshot_, asked, Mode::lexical, {}))
      if (snapshot_->key(one.document) == id) return one[Feature::unsaid];
    return -1.0;
  };
  EXPECT_EQ(unsaid("refaire un passeport", "particuliers/F3"), 1);
  EXPECT_EQ(unsaid("passeport pour mineur", "particuliers/F3"), 0);
  EXPECT_EQ(unsaid("le passeport de ma fille", "particuliers/F3"), 0);
  EXPECT_EQ(unsaid("passeport perdu", "particuliers/F1"), 0);
  EXPECT_EQ(unsaid("refaire un passeport", "particuliers/F1"), 1);
}

TEST_F(Retrieve, AResidenceSaysAForeignerAndNoEuropean) {
  search::GenerationBuilder builder(folder_);
  builder.add(entry_of(sheet("F4", "Carte de séjour perdue par l'Européen", "<Paragraphe/>")));
  builder.add(entry_of(sheet("F5", "Étranger : carte de séjour perdue", "<Paragraphe/>")));
  builder.publish();
  const auto generation = search::Generation::open(*search::current_generation(folder_));
  const search::Snapshot snapshot({*generation});
  const Asked asked = read_question(snapshot, "j'ai perdu ma carte de séjour");
  for (const Candidate& one : candidates(snapshot, asked, Mode::lexical, {}))
    EXPECT_EQ(one[Feature::unsaid], snapshot.key(one.document).ends_with("F4") ? 1 : 0);
}

TEST_F(Retrieve, ATownsOwnPageOfACaseThatIsNotSaidIsNotPreferred) {
  search::GenerationBuilder builder(folder_);
  knowledge::Document holiday = sheet("L1", "Jour des poubelles férié", "<Paragraphe/>");
  knowledge::Document days =
      sheet("L2", "Jour des poubelles", "<Paragraphe>Bac gris.</Paragraphe>");
  holiday.key.audience = days.key.audience = "local";
  builder.add(entry_of(holiday));
  builder.add(entry_of(days));
  builder.publish();
  const auto generation = search::Generation::open(*search::current_generation(folder_));
  const search::Snapshot snapshot({*generation});
  const auto first = [&](std::string_view question) {
    return retrieve(snapshot, Fitted::built_in().ranker, Mode::lexical, question, {}, 5)
        .found.at(0)
        .key.id;
  };
  EXPECT_EQ(first("quel jour pour les poubelles"), "L2");
  EXPECT_EQ(first("quel jour pour les poubelles, lundi est férié"), "L1");
}

TEST_F(Retrieve, ASheetComesBeforeAQuestionnaireThatOnlyLeadsToIt) {
  search::GenerationBuilder builder(folder_);
  knowledge::Document questions = sheet("F1", "Passeport : renouvellement", "<Paragraphe/>");
  questions.type = "Recherche guidée";
  builder.add(entry_of(questions));
  builder.add(entry_of(sheet("F2", "Renouvellement du passeport",
                             "<Paragraphe>Rendez-vous en mairie.</Paragraphe>")));
  builder.publish();
  const auto generation = search::Generation::open(*search::current_generation(folder_));
  const search::Snapshot snapshot({*generation});
  const Retrieval found = retrieve(snapshot, Fitted::built_in().ranker, Mode::lexical,
                                   "renouvellement de mon passeport", {}, 5);
  EXPECT_EQ(found.found.at(0).key.id, "F2");
}

TEST_F(Retrieve, SaysNothingOfWhatItDoesNotKnow) {
  const Retrieval none =
      retrieve(*snapshot_, Fitted::built_in().ranker, Mode::lexical, "xylophone zzz", {}, 5);
  EXPECT_TRUE(none.found.empty());
  EXPECT_EQ(none.confidence, 0);
  EXPECT_TRUE(
      retrieve(*snapshot_, Fitted::built_in().ranker, Mode::lexical, "", {}, 5).found.empty());
}

TEST(Nearest, AreThePassagesThatHaveAVectorTheNearestFirst) {
  const fs::path file = fs::temp_directory_path() / ("parvis-nearest-" + crypto::random_hex(6));
  {
    auto vectors = search::VectorCache::open(file, "model", 2);
    ASSERT_TRUE(vectors.has_value());
    const std::vector<Passage> passages = {{"Bail", "loin"}, {"Bail", "sans"}, {"Bail", "près"}};
    const auto put = [&](const Passage& passage, std::vector<float> vector) {
      vectors->append(search::text_hash(passage.whole()), vector);
    };
    put(passages[0], {0, 1});
    put(passages[2], {1, 0});
    const auto near = nearest(passages, *vectors, std::vector<float>{1, 0});
    ASSERT_EQ(near.size(), 2U);
    EXPECT_EQ(near[0].at, 2U);
    EXPECT_NEAR(near[0].cosine, 1, .01);
    EXPECT_NEAR(near[1].cosine, 0, .01);
    EXPECT_TRUE(nearest(passages, *vectors, std::vector<float>{1, 0, 0}).empty())
        << "of another model";
  }
  fs::remove(file);
}

}  // namespace
}  // namespace parvis::retrieval
