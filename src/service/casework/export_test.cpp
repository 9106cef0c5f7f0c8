#include "casework/export.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "crypto/hash.hpp"
#include "support/items.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::casework {
namespace {

namespace fs = std::filesystem;
using support::error_of;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const Instant kNow = *parse_rfc3339("2026-11-24T23:32:00Z");

std::string yaml(int version, std::string_view last) {
  return "id: essai\nversion: " + std::to_string(version) + R"~(
title: Essai
summary: Pour voir.
service: etat-civil
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 months, basis: Une déclaration.}
steps:
  - title: Un
    pages:
      - {id: jour, type: date, label: "Quel jour ?", name: Jour}
      - {id: combien, type: number, label: Combien, optional: true}
      - {id: vous, type: person, label: Vous}
)~" + std::string(last);
}

class Exporting : public support::EachEngine {
 public:
  Exporting() { fs::create_directories(folder_); }
  ~Exporting() override { fs::remove_all(folder_); }

 protected:
  void SetUp() override { publish(1, "      - {id: objet, type: text, label: Objet}\n"); }
  void publish(int version, std::string_view last) {
    const auto definition = procedure::read_definition(yaml(version, last));
    ASSERT_TRUE(definition) << definition.error().front().what;
    database_.write("demo",
                    [&](db::Tx& tx) { procedure::publish(tx, "demo", {*definition}, kNow); });
  }
  std::string deposit(json::object more) {
    more["jour"] = "2026-11-02";
    more["vous"] = json::object{{"last_name", "Roy"}, {"first_names", "Ana"}};
    return cases_.deposit_at_once(cx_, "essai", new_id(), new_token(), more).opened.reference;
  }
  std::string exported(Export wanted, const Author& who) {
    std::string out;
    written_ = export_cases(
        database_, catalogue_, cases_, cx_, who, wanted,
        [&](std::string_view bytes) { out += bytes; },
        [&](std::size_t done, std::size_t total) { progress_ = {done, total}; });
    return out;
  }
  std::string exported(table::Format format) {
    return exported({.filter = {.procedure = "essai"}, .format = format}, agent_);
  }

  tenancy::Context cx_{.tenant = "demo",
                       .commune = "99001",
                       .actor = tenancy::Actor::system("test"),
                       .zone = Zone::paris(),
                       .deadline = {},
                       .request = "r1",
                       .now = kNow};
  fs::path folder_ = fs::temp_directory_path() / ("export-" + crypto::random_hex(8));
  db::Database database_{config()};
  vault::SealedFile store_{folder_ / "keys", crypto::Key::random()};
  vault::Keyring keyring_{database_, store_};
  procedure::Catalogue catalogue_{database_};
  Cases cases_{database_, keyring_, catalogue_};
  const Author agent_{Role::agent, "a1", "Claire Petit", {}};
  const Author other_{Role::agent, "a2", "Jean Blanc", {"urbanisme"}};
  std::size_t written_ = 0;
  std::pair<std::size_t, std::size_t> progress_;
};

TEST_P(Exporting, ARowACaseAndAColumnAQuestion) {
  const std::string reference = deposit({{"objet", "=cmd()"}, {"combien", 2.5}});
  EXPECT_EQ(exported(table::Format::csv),
            "\xEF\xBB\xBFRéférence;État;Service;Commune;Déposé le;Réponse due le;Fin;Jour;Combien;"
            "Vous – Nom de famille;Vous – Prénoms;Objet\r\n" +
                reference +
                ";À prendre;etat-civil;99001;2026-11-25;;;2026-11-02;2,5;Roy;Ana;'=cmd()\r\n");
  const auto value = parse_json(exported(table::Format::json));
  ASSERT_TRUE(value && value->is_array());
  EXPECT_EQ(value->get_array().at(0), (json::object{{"reference", reference},
                                                    {"state", "received"},
                                                    {"service", "etat-civil"},
                                                    {"commune", "99001"},
                                                    {"deposited", "2026-11-25"},
                                                    {"answers.jour", "2026-11-02"},
                                                    {"answers.combien", 2.5},
                                                    {"answers.vous.last_name", "Roy"},
                                                    {"answers.vous.first_names", "Ana"},
                                                    {"answers.objet", "=cmd()"}}));
  EXPECT_THAT(exported(table::Format::ods), StartsWith("PK"));
  EXPECT_EQ(written_, 1u);
}

TEST_P(Exporting, GoesOnFromPageToPage) {
  std::set<std::string> all;
  for (std::size_t i = 0; i < kListMax + 3; ++i) all.insert(deposit({{"objet", "x"}}));
  const auto value = parse_json(exported(table::Format::json));
  ASSERT_TRUE(value && value->is_array());
  std::set<std::string> seen;
  for (const json::value& each : value->get_array())
    seen.insert(std::string(*string_at(each.get_object(), "reference")));
  EXPECT_EQ(seen, all);
  EXPECT_EQ(written_, all.size());
  EXPECT_EQ(progress_, std::pair(all.size(), all.size()));
}

TEST_P(Exporting, HasTheQuestionsOfEachVersion) {
  deposit({{"objet", "ancien"}});
  publish(2, "      - {id: motif, type: text, label: Motif}\n");
  deposit({{"motif", "nouveau"}});
  const std::string out = exported(table::Format::csv);
  EXPECT_THAT(out, HasSubstr("Prénoms;Motif;Objet\r\n"));
  EXPECT_THAT(out, HasSubstr("Ana;;ancien\r\n"));
  EXPECT_THAT(out, HasSubstr("Ana;nouveau;\r\n"));
}

TEST_P(Exporting, OnlyWhatTheFilterAndTheAgentAreFor) {
  deposit({{"objet", "x"}});
  EXPECT_EQ(exported({.filter = {.procedure = "essai"}, .format = table::Format::json}, other_),
            "[]\n");
  EXPECT_EQ(progress_.second, 0u);
  const Author elsewhere{Role::agent, "a3", "Luc Noir", {}, {"99002"}};
  progress_ = {};
  EXPECT_EQ(exported({.filter = {.procedure = "essai"}, .format = table::Format::json}, elsewhere),
            "[]\n");
  EXPECT_EQ(progress_.second, 0u) << "as many are announced as there are";
  EXPECT_EQ(exported({.filter = {.states = {State::closed}, .procedure = "essai"},
                      .format = table::Format::json},
                     agent_),
            "[]\n");
  EXPECT_EQ(error_of([&] { exported({.filter = {.procedure = "frob"}}, agent_); }).code(),
            Errc::not_found);
}

INSTANTIATE_TEST_SUITE_P(Engines, Exporting, support::kEngines, support::engine_name);

}  // namespace
}  // namespace parvis::casework
