#include "knowledge/import.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "knowledge/knowledge_store.hpp"
#include "knowledge/vdd.hpp"
#include "support/databases.hpp"

namespace parvis::knowledge {
namespace {
namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Import : public support::EachEngine {
 protected:
  Import()
      : folder_(fs::temp_directory_path() / ("parvis-import-" + crypto::random_hex(6))),
        database_(config()) {
    fs::create_directories(folder_ / "src");
  }
  ~Import() override { fs::remove_all(folder_); }
  void sheet(const std::string& id, const std::string& title) const {
    std::ofstream(folder_ / "src" / ("part-" + id + ".xml"))
        << "<Publication ID='" << id << "'><dc:title>" << title
        << "</dc:title><Audience>Particuliers</Audience><Texte><Paragraphe>p</Paragraphe></Texte>"
           "</Publication>";
  }
  ImportReport run(ImportOptions options = {}) {
    return import_fiches(database_, folder_ / "src", options, nullptr);
  }
  std::string title(const std::string& id) {
    const auto found =
        database_.read([&](db::Tx& tx) { return load(tx, kNational, {"particuliers", id}); });
    return found ? found->title : "";
  }

  std::string titles() {
    std::string out;
    database_.read([&](db::Tx& tx) {
      each_document(tx, kNational,
                    [&](const Document& d) { out.append(d.key.id + "=" + d.title + " "); });
    });
    return out;
  }
  static Version version(const DocumentKey& key, std::string_view title) {
    Document d;
    d.key = key;
    d.title = title;
    return {key, d.title, "hash", to_json(d)};
  }

  fs::path folder_;
  db::Database database_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Import, support::kEngines, support::engine_name);

TEST_P(Import, AddsChangesAndRemoves) {
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

TEST_P(Import, AddNeverRemoves) {
  sheet("F1", "Un");
  run();
  fs::remove(folder_ / "src/part-F1.xml");
  sheet("F2", "Deux");
  EXPECT_THAT(run({.add = true}).removed, IsEmpty());
  EXPECT_EQ(title("F1"), "Un");
}

TEST_P(Import, ABrokenFileKeepsItsOldVersionAndIsListed) {
  sheet("F1", "Un");
  sheet("F2", "Deux");
  run();
  std::ofstream(folder_ / "src/part-F1.xml") << "<Publication";
  const ImportReport report = run();
  ASSERT_EQ(report.failed.size(), 1U);
  EXPECT_THAT(report.failed[0], HasSubstr("part-F1.xml"));
  EXPECT_EQ(title("F1"), "Un");
}

TEST_P(Import, ASecondFileOfTheSameSheetIsListed) {
  sheet("F1", "Un");
  fs::create_directories(folder_ / "src/z");
  fs::copy_file(folder_ / "src/part-F1.xml", folder_ / "src/z/F1.xml");
  const ImportReport report = run();
  EXPECT_EQ(report.added.size(), 1U);
  EXPECT_THAT(report.failed, ElementsAre(HasSubstr("second file")));
}

TEST_P(Import, OtherBytesThatSayTheSameAreNoChange) {
  sheet("F1", "Un");
  run();
  std::ofstream(folder_ / "src/part-F1.xml", std::ios::app) << "<!-- le même -->\n";
  const ImportReport report = run();
  EXPECT_EQ(report.unchanged, 1U);
  EXPECT_EQ(report.import_id, "");
  EXPECT_THAT(report.changed, IsEmpty());
}

TEST_P(Import, RollsBackOneAfterTheOther) {
  sheet("F1", "Un");
  sheet("F2", "Deux");
  const std::string first = run().import_id;
  sheet("F1", "Un bis");
  sheet("F3", "Trois");
  fs::remove(folder_ / "src/part-F2.xml");
  const ImportReport report = run({.yes = true});
  EXPECT_EQ(titles(), "F1=Un bis F3=Trois ");
  EXPECT_EQ(run().import_id, "");  // nothing to do is no import
  auto back = [&] { return database_.write([](db::Tx& tx) { return roll_back(tx, kNational); }); };
  auto now = [&] { return database_.read([](db::Tx& tx) { return state(tx, kNational); }); };
  EXPECT_EQ(now(), report.import_id);
  EXPECT_EQ(back()->id, report.import_id);
  EXPECT_EQ(now(), first);
  EXPECT_EQ(titles(), "F1=Un F2=Deux ");
  EXPECT_EQ(back()->id, first);
  EXPECT_EQ(titles(), "");
  EXPECT_EQ(now(), "none");
  EXPECT_FALSE(back().has_value());
}

TEST_P(Import, KeepsAFewWaysBack) {
  for (std::size_t i = 0; i < kImportsKept + 2; ++i) {
    sheet("F1", "Titre " + std::to_string(i));
    run({.now = Instant(std::chrono::seconds(i))});
  }
  const auto all = database_.read([](db::Tx& tx) { return imports(tx, kNational); });
  ASSERT_EQ(all.size(), kImportsKept);
  EXPECT_EQ(all.front().finished, Instant(std::chrono::seconds(kImportsKept + 1)));
  EXPECT_THAT(all.front().report, HasSubstr("particuliers/F1"));
}

TEST_P(Import, AnErrorInTheMiddleChangesNothing) {
  sheet("F1", "Un");
  run();
  sheet("F1", "Un bis");
  sheet("F2", "Deux");
  const auto stop = [](std::size_t done, std::size_t) {
    if (done == 1) throw Error(Errc::failed, "stopped");
  };
  EXPECT_THROW(import_fiches(database_, folder_ / "src", {}, stop), Error);
  EXPECT_EQ(titles(), "F1=Un ");
}

TEST_P(Import, AFaqIsASnapshotOfItsOwnLines) {
  const fs::path file = folder_ / "faq.jsonl";
  auto lines = [&](std::string_view text) { std::ofstream(file) << text; };
  auto faq = [&] { return import_faq(database_, "town", file, "Mairie", {}, nullptr); };
  lines(
      "{\"id\":\"a\",\"question\":\"A ?\",\"answer\":\"Oui.\"}\n\n"
      "{\"id\":\"b\",\"question\":\"B ?\",\"answer\":\"Non.\"}\n");
  EXPECT_THAT(faq().added, ElementsAre("local/a", "local/b"));
  EXPECT_EQ(faq().unchanged, 2U);
  // A broken line is listed with its number, the others are kept, and nothing is removed.
  lines(
      "{\"id\":\"a\",\"question\":\"A ?\",\"answer\":\"Si.\"}\n{\"id\":\"b\"\n"
      "{\"id\":\"a\",\"question\":\"A ?\",\"answer\":\"Si.\"}\n");
  const ImportReport broken = faq();
  EXPECT_THAT(broken.failed, ElementsAre(HasSubstr("faq.jsonl:2: "), HasSubstr("faq.jsonl:3: ")));
  EXPECT_THAT(broken.changed, ElementsAre("local/a"));
  EXPECT_THAT(broken.removed, IsEmpty());
  lines("{\"id\":\"a\",\"question\":\"A ?\",\"answer\":\"Si.\"}");
  EXPECT_THAT(faq().removed, ElementsAre("local/b"));
  lines("rien\n");
  EXPECT_THROW(faq(), Error);
  EXPECT_THROW(import_faq(database_, "town", folder_ / "absent", "", {}, nullptr), Error);
  const auto a = database_.read([](db::Tx& tx) { return load_by_id(tx, "town", "a"); });
  EXPECT_EQ(a.value().origin, "Mairie");
}

TEST_P(Import, LocalSheetsStandBesideOtherSources) {
  fs::create_directories(folder_ / "fiches");
  std::ofstream(folder_ / "fiches/a.md") << "# Ici\nOui.";
  std::ofstream(folder_ / "fiches/b.md") << "---\nid: [\n---\n";
  std::ofstream(folder_ / "faq.jsonl") << R"({"id":"q","question":"Q ?","answer":"R."})";
  sheet("F1", "Un");
  run();
  import_faq(database_, "town", folder_ / "faq.jsonl", "Mairie", {}, nullptr);
  const ImportReport report =
      import_local_sheets(database_, "town", folder_ / "fiches", "Mairie", {}, nullptr);
  EXPECT_THAT(report.added, ElementsAre("local/a"));
  EXPECT_THAT(report.failed, ElementsAre(HasSubstr("b.md:")));
  fs::remove_all(folder_ / "fiches");
  EXPECT_THAT(
      import_local_sheets(database_, "town", folder_ / "fiches", "Mairie", {}, nullptr).removed,
      ElementsAre("local/a"));
  const auto all = database_.read([](db::Tx& tx) { return held(tx, "town"); });
  EXPECT_EQ(all.size(), 1U);
  EXPECT_EQ(titles(), "F1=Un ");
}

TEST_P(Import, TheDemonstrationTownIsReadWithoutAFault) {
  const fs::path demo = fs::path(PARVIS_SOURCE_DIR) / "demo";
  const ImportReport sheets =
      import_local_sheets(database_, "demo", demo / "knowledge", "Val d’Orle", {}, nullptr);
  EXPECT_GT(sheets.added.size(), 20U);
  EXPECT_THAT(sheets.failed, IsEmpty());
  const ImportReport faq =
      import_faq(database_, "demo", demo / "faq.jsonl", "Val d’Orle", {}, nullptr);
  EXPECT_GT(faq.added.size(), 5U);
  EXPECT_THAT(faq.failed, IsEmpty());
}

TEST_P(Import, ABareIdFindsTheTownsOwnThenTheCitizens) {
  database_.write([](db::Tx& tx) {
    for (const char* audience : {"associations", "professionnels", "particuliers"})
      put(tx, kNational, "fiches", version({audience, "F1"}, audience));
    put(tx, kNational, "fiches", version({"professionnels", "F2"}, "pro"));
    put(tx, "town", "faq:x", version({"local", "F2"}, "ici"));
  });
  auto title = [&](std::string_view tenant, std::string_view id) {
    const auto d = database_.read([&](db::Tx& tx) { return load_by_id(tx, tenant, id); });
    return d ? d->title : "";
  };
  EXPECT_EQ(title("town", "F1"), "particuliers");
  EXPECT_EQ(title("town", "F2"), "ici");
  EXPECT_EQ(title("elsewhere", "F2"), "pro");
  EXPECT_EQ(title("town", "F3"), "");
}

TEST_P(Import, TheDossiersOfAnAudienceAreListedApart) {
  database_.write([&](db::Tx& tx) {
    for (const DocumentKey& key : {DocumentKey{"particuliers", "N2"},
                                   {"particuliers", "F1"},
                                   {"particuliers", "N1"},
                                   {"professionnels", "N3"}})
      put(tx, kNational, "fiches", version(key, key.id));
  });
  std::string ids;
  for (const Document& dossier :
       database_.read([&](db::Tx& tx) { return dossiers(tx, kNational, "particuliers"); }))
    ids += dossier.key.id + " ";
  EXPECT_EQ(ids, "N1 N2 ");
}

TEST_P(Import, ASheetIsSwitchedOffForOneTown) {
  const DocumentKey key{"particuliers", "F1"};
  database_.write([&](db::Tx& tx) {
    switch_off(tx, "town", key, "dépassée", Instant{});
    switch_off(tx, "town", key, "fausse", Instant{});
  });
  auto off = [&](std::string_view tenant) {
    return database_.read([&](db::Tx& tx) { return switched_off(tx, tenant); });
  };
  EXPECT_THAT(off("town"), ElementsAre(key));
  EXPECT_THAT(off("elsewhere"), IsEmpty());
  database_.write([&](db::Tx& tx) { switch_on(tx, "town", key); });
  EXPECT_THAT(off("town"), IsEmpty());
}

TEST_P(Import, RefusesAFolderWithoutSheets) {
  EXPECT_THROW(run(), Error);
  EXPECT_THROW(import_fiches(database_, folder_ / "absent", {}, nullptr), Error);
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
