#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "crypto/hash.hpp"
#include "search/index.hpp"
#include "text/tokens.hpp"

namespace parvis::search {
namespace {
namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Scope : public ::testing::Test {
 protected:
  Scope() : path_(fs::temp_directory_path() / ("parvis-search-" + crypto::random_hex(6))) {
    fs::create_directories(path_);
  }
  ~Scope() override { fs::remove_all(path_); }

  static Entry entry(std::string key, std::string title, std::string body) {
    Entry e;
    e.key = std::move(key);
    e.passages = {text_hash(title), text_hash(body)};
    e.field[0] = std::move(title);
    e.field[3] = std::move(body);
    e.groups = {1, 7};
    e.links_in = 3;
    return e;
  }

  void build(const fs::path& scope, const std::vector<Entry>& entries,
             std::string_view made_from = "") {
    GenerationBuilder builder(scope);
    for (const Entry& e : entries) builder.add(e);
    builder.publish(made_from);
  }

  Snapshot open(std::initializer_list<fs::path> scopes) {
    std::vector<std::shared_ptr<const Generation>> all;
    for (const fs::path& scope : scopes) {
      auto generation = Generation::open(current_generation(scope).value());
      EXPECT_TRUE(generation.has_value());
      all.push_back(*generation);
    }
    return Snapshot(std::move(all));
  }

  static std::vector<std::string> found(const Snapshot& snapshot, std::string_view question) {
    std::vector<QueryTerm> terms;
    for (std::string& stem : text::terms(question)) terms.push_back({std::move(stem), 1});
    std::vector<std::string> keys;
    for (const Hit& hit : snapshot.lexical(terms, 10))
      keys.emplace_back(snapshot.key(hit.document));
    return keys;
  }

  fs::path path_;
};

TEST_F(Scope, AGenerationSaysWhatItWasMadeFrom) {
  build(path_, {entry("a/F1", "Passeport", "p")}, "import-7");
  EXPECT_EQ(made_from(current_generation(path_).value()), "import-7");
  build(path_, {entry("a/F1", "Passeport", "p")});
  EXPECT_EQ(made_from(current_generation(path_).value()), "");
}

TEST_F(Scope, FindsByStemAndRanksTitlesFirst) {
  build(path_ / "a", {entry("p/1", "Passeport", "On demande une carte grise."),
                      entry("p/2", "Carte grise", "Le certificat du véhicule."),
                      entry("p/3", "Mariage", "À la mairie.")});
  const Snapshot snapshot = open({path_ / "a"});
  EXPECT_THAT(found(snapshot, "les cartes grises"), ElementsAre("p/2", "p/1"));
  EXPECT_THAT(found(snapshot, "divorce"), IsEmpty());
  EXPECT_THAT(found(snapshot, ""), IsEmpty());
}

TEST_F(Scope, SearchesSeveralScopesAsOneCollection) {
  build(path_ / "a", {entry("n/1", "Passeport", "x"), entry("n/2", "Mariage", "y")});
  build(path_ / "b", {entry("l/1", "Déchèterie", "z")});
  const Snapshot snapshot = open({path_ / "a", path_ / "b"});
  EXPECT_EQ(snapshot.documents(), 3U);
  EXPECT_THAT(found(snapshot, "dechetterie déchèterie"), ElementsAre("l/1"));
  EXPECT_THAT(found(snapshot, "mariage"), ElementsAre("n/2"));
}

TEST_F(Scope, AnswersWithTheOldGenerationUntilTheNewOneIsPublished) {
  build(path_ / "a", {entry("n/1", "Passeport", "x")});
  const auto before = current_generation(path_ / "a");
  {
    GenerationBuilder builder(path_ / "a");
    builder.add(entry("n/2", "Mariage", "y"));
    EXPECT_EQ(current_generation(path_ / "a"), before);
  }  // abandoned, as by a crash
  EXPECT_EQ(current_generation(path_ / "a"), before);
  EXPECT_THAT(found(open({path_ / "a"}), "passeport"), ElementsAre("n/1"));
}

TEST_F(Scope, CorrectsASpellingAgainstTheVocabulary) {
  build(path_ / "a", {entry("n/1", "Passeport", "passeport"), entry("n/2", "Mariage", "mariage")});
  const Snapshot snapshot = open({path_ / "a"});
  EXPECT_EQ(snapshot.spelling("pasport"), "passeport");
  EXPECT_EQ(snapshot.spelling("zzzzzzzz"), std::nullopt);
}

TEST_F(Scope, KeepsFieldsGroupsAndPassagesInTheForwardIndex) {
  build(path_ / "a", {entry("n/1", "Carte grise", "véhicule"), entry("n/2", "Permis", "carte")});
  const Snapshot snapshot = open({path_ / "a"});
  const ForwardIndex& forward = snapshot.generations()[0]->forward();
  const std::uint32_t card = forward.term(text::stem("carte"));
  ASSERT_NE(card, ForwardIndex::kNoTerm);
  EXPECT_EQ(forward.document_frequency(card), 2U);
  EXPECT_EQ(forward.occurrences(0).size(), 3U);
  EXPECT_THAT(forward.title(1), ElementsAre(forward.term(text::stem("permis"))));
  EXPECT_THAT(forward.groups(0), ElementsAre(1, 7));
  EXPECT_EQ(forward.links_in(1), 3U);
  EXPECT_THAT(forward.passages(0), ElementsAre(text_hash("Carte grise"), text_hash("véhicule")));
  EXPECT_EQ(forward.term("absent"), ForwardIndex::kNoTerm);
}

TEST_F(Scope, RefusesADamagedForwardIndex) {
  const fs::path file = path_ / "forward.bin";
  EXPECT_FALSE(ForwardIndex::open(file).has_value());
  std::ofstream(file) << std::string(1000, 'x');
  EXPECT_FALSE(ForwardIndex::open(file).has_value());
}

TEST_F(Scope, CachesVectorsDurablyAndCutsATornRecord) {
  const fs::path file = path_ / "vectors";
  const std::vector<float> a = {1, 0, 0, 0}, b = {0.6F, 0.8F, 0, 0};
  {
    auto cache = VectorCache::open(file, "model", 4);
    ASSERT_TRUE(cache.has_value());
    cache->append(1, a);
    cache->append(2, b);
    cache->append(2, b);
    EXPECT_EQ(cache->size(), 2U);
  }
  fs::resize_file(file, fs::file_size(file) - 3);
  {
    auto cache = VectorCache::open(file, "model", 4);
    ASSERT_TRUE(cache.has_value());
    EXPECT_TRUE(cache->contains(1));
    EXPECT_FALSE(cache->contains(2));
    cache->append(2, b);
    std::array<std::int8_t, 4> out{};
    const auto scale = cache->copy(2, out.data());
    ASSERT_TRUE(scale.has_value());
    EXPECT_NEAR(static_cast<float>(out[1]) * *scale, 0.8, 0.01);
  }
  const auto another = VectorCache::open(file, "another", 4);
  ASSERT_TRUE(another.has_value());
  EXPECT_EQ(another->size(), 0U);
}

TEST_F(Scope, LetsOneAppendVectorsAndOthersReadThem) {
  const fs::path file = path_ / "vectors";
  auto opened = VectorCache::open(file, "model", 2);
  ASSERT_TRUE(opened.has_value());
  std::optional<VectorCache> writer(std::move(*opened));
  EXPECT_TRUE(writer->can_append());
  writer->append(1, std::vector<float>{1, 0});
  auto reader = VectorCache::open(file, "model", 2);
  ASSERT_TRUE(reader.has_value());
  EXPECT_FALSE(reader->can_append());
  EXPECT_TRUE(reader->contains(1));
  writer->append(3, std::vector<float>{0, 1});
  EXPECT_THROW(reader->append(2, std::vector<float>{0, 1}), Error);
  EXPECT_FALSE(VectorCache::open(file, "another", 2).has_value());  // it would empty the writer's
  writer.reset();
  EXPECT_TRUE(reader->can_append());
  EXPECT_TRUE(reader->contains(3));
  reader->append(2, std::vector<float>{0, 1});
  EXPECT_EQ(reader->size(), 3U);
}

TEST_F(Scope, ScansVectorsOfAGeneration) {
  build(path_ / "a", {entry("n/1", "Un", "deux"), entry("n/2", "Trois", "quatre")});
  auto cache = VectorCache::open(path_ / "vectors", "model", 2);
  cache->append(text_hash("Un"), std::vector<float>{1, 0});
  cache->append(text_hash("Trois"), std::vector<float>{0, 1});
  cache->append(text_hash("quatre"), std::vector<float>{0.6F, 0.8F});
  auto generation = *Generation::open(*current_generation(path_ / "a"));
  EXPECT_EQ(generation->vectors(), nullptr);
  generation->load_vectors(*cache);
  const auto vectors = generation->vectors();
  ASSERT_EQ(vectors->titles.size(), 2U);
  ASSERT_EQ(vectors->passages.size(), 1U);
  std::vector<float> scores(2);
  vectors->titles.scan(quantise(std::vector<float>{1, 0}), 0, scores);
  EXPECT_NEAR(scores[0], 1, 0.01);
  EXPECT_NEAR(scores[1], 0, 0.01);
  scores.resize(1);
  vectors->passages.scan(quantise(std::vector<float>{0, 1}), 0, scores);
  EXPECT_NEAR(scores[0], 0.8, 0.01);
  EXPECT_EQ(vectors->passages.row(0).document, 1U);
  EXPECT_EQ(vectors->passages_missing, 1U);
  EXPECT_EQ(vectors->passages.rows_of(0), std::pair(std::size_t{0}, std::size_t{0}));
  EXPECT_EQ(vectors->passages.rows_of(1), std::pair(std::size_t{0}, std::size_t{1}));
  EXPECT_NEAR(vectors->passages.cosine(std::vector<float>{0, 1}, 0), 0.8, 0.01);
}

TEST_F(Scope, ScansWhatOthersAskForADocumentWith) {
  Entry asked = entry("n/1", "Un", "deux");
  asked.anchors = {text_hash("premier"), text_hash("sans vecteur")};
  build(path_ / "a", {asked, entry("n/2", "Trois", "quatre")});
  auto cache = VectorCache::open(path_ / "vectors", "model", 2);
  cache->append(text_hash("premier"), std::vector<float>{1, 0});
  auto generation = *Generation::open(*current_generation(path_ / "a"));
  EXPECT_THAT(generation->forward().anchors(0),
              ElementsAre(text_hash("premier"), text_hash("sans vecteur")));
  EXPECT_THAT(generation->forward().anchors(1), ElementsAre());
  generation->load_vectors(*cache);
  const auto vectors = generation->vectors();
  ASSERT_EQ(vectors->anchors.size(), 1U);
  EXPECT_EQ(vectors->anchors.row(0).document, 0U);
  EXPECT_EQ(vectors->anchors_missing, 1U);
  EXPECT_EQ(vectors->titles_missing, 2U);
}

}  // namespace
}  // namespace parvis::search
