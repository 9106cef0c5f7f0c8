#include "knowledge/import.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "knowledge/knowledge_store.hpp"
#include "knowledge/vdd.hpp"

namespace parvis::knowledge {
namespace {
namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string schema() {
  std::ifstream file(fs::path(PARVIS_SOURCE_DIR) / "migrations/20261123T0900_expand_init.sql");
  return {std::istreambuf_iterator<char>(file), {}};
}

class Import : public ::testing::Test {
 protected:
  Import() : folder_(fs::temp_directory_path() / ("parvis-import-" + crypto::random_hex(6))) {
    fs::create_directories(folder_ / "src");
    database_ = std::make_unique<db::Database>(folder_ / "db");
    const std::string sql = schema();
    const std::array migrations = {db::Migration{"init", sql}};
    migrate(*database_, migrations);
  }
  ~Import() override {
    database_.reset();
    fs::remove_all(folder_);
  }
  void sheet(const std::string& id, const std::string& title) const {
    std::ofstream(folder_ / "src" / ("part-" + id + ".xml"))
        << "<Publication ID='" << id << "'><dc:title>" << title
        << "</dc:title><Audience>Particuliers</Audience><Texte><Paragraphe>p</Paragraphe></Texte>"
           "</Publication>";
  }
  ImportReport run(ImportOptions options = {}) {
    return import_fiches(*database_, folder_ / "src", options, nullptr);
  }
  std::string title(const std::string& id) {
    const auto found =
        database_->read([&](db::Tx& tx) { return load(tx, kNational, {"particuliers", id}); });
    return found ? found->title : "";
  }

  fs::path folder_;
  std::unique_ptr<db::Database> database_;
};

TEST_F(Import, AddsChangesAndRemoves) {
  sheet("F1", "Un");
  sheet("F2", "Deux");
  EXPECT_THAT(run().added, ElementsAre("particuliers/F1", "particuliers/F2"));
  sheet("F2", "Deux bis");
  fs::remove(folder_ / "src/part-F1.xml");
  const ImportReport dry = run({.dry_run = true});
  EXPECT_THAT(dry.removed, ElementsAre("particuliers/F1"));
  EXPECT_EQ(title("F2"), "Deux");
  EXPECT_THROW(run(), Error);  // half of the audience would go
  EXPECT_EQ(title("F1"), "Un");
  const ImportReport report = run({.yes = true});
  EXPECT_THAT(report.changed, ElementsAre("particuliers/F2"));
  EXPECT_EQ(title("F1"), "");
  EXPECT_EQ(title("F2"), "Deux bis");
  EXPECT_EQ(run().unchanged, 1U);
}

TEST_F(Import, AddNeverRemoves) {
  sheet("F1", "Un");
  run();
  fs::remove(folder_ / "src/part-F1.xml");
  sheet("F2", "Deux");
  EXPECT_THAT(run({.add = true}).removed, IsEmpty());
  EXPECT_EQ(title("F1"), "Un");
}

TEST_F(Import, ABrokenFileKeepsItsOldVersionAndIsListed) {
  sheet("F1", "Un");
  sheet("F2", "Deux");
  run();
  std::ofstream(folder_ / "src/part-F1.xml") << "<Publication";
  const ImportReport report = run();
  ASSERT_EQ(report.failed.size(), 1U);
  EXPECT_THAT(report.failed[0], HasSubstr("part-F1.xml"));
  EXPECT_EQ(title("F1"), "Un");
}

TEST_F(Import, RefusesAFolderWithoutSheets) {
  EXPECT_THROW(run(), Error);
  EXPECT_THROW(import_fiches(*database_, folder_ / "absent", {}, nullptr), Error);
}

TEST(StoredForm, LosesNothing) {
  const auto document = parse_fiche_xml(
      "<Publication ID='F1' spUrl='https://e.org'><dc:title>T</dc:title><dc:date>modified "
      "2020-07-21"
      "</dc:date><Audience>Particuliers</Audience><Texte><BlocCas affichage='radio'><Cas><Titre>A"
      "</Titre><Condition><ou><estVrai var='T'/><estIndefini var='U'/></ou></Condition><Tableau>"
      "<Rangée type='header'><Cellule fusionVerticale='2'><Paragraphe>x <Valeur>3 €</Valeur>"
      "</Paragraphe></Cellule></Rangée></Tableau></Cas></BlocCas></Texte><Definition "
      "ID='D'><Titre>d"
      "</Titre><Texte><Paragraphe>e</Paragraphe></Texte></Definition><Reference type='r' URL='u' "
      "ID='R1'><Titre>loi</Titre></Reference></Publication>",
      "");
  ASSERT_TRUE(document.has_value());
  const auto back = from_json(to_json(*document));
  ASSERT_TRUE(back.has_value());
  EXPECT_TRUE(*back == *document);
  EXPECT_EQ(from_json("{}"), std::nullopt);
  EXPECT_EQ(from_json("[1"), std::nullopt);
}

}  // namespace
}  // namespace parvis::knowledge
