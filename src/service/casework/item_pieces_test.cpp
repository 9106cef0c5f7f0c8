// Files of the items of a repeated block: each is of its item by name, whatever its place, through
// the real inspection.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "casework/export.hpp"
#include "casework/pieces.hpp"
#include "crypto/hash.hpp"
#include "inspect/fixtures_for_tests.hpp"
#include "support/databases.hpp"
#include "support/items.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::casework {
namespace {

namespace fs = std::filesystem;
using inspect::fixtures::pdf;
using support::error_of;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Sent = std::vector<procedure::Sent>;

const Instant kNow = *parse_rfc3339("2026-11-24T13:32:00Z");

std::string yaml(int version) {
  return "id: cantine\nversion: " + std::to_string(version) + R"~(
title: Cantine
summary: Pour voir.
service: etat-civil
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 months, basis: Une déclaration.}
steps:
  - title: Un
    pages:
      - id: enfants
        title: Vos enfants
        fields:
          - id: enfants
            type: repeat
            label: Vos enfants
            name: Enfant
            max: 3
            fields:
              - {id: nom, type: text, label: Nom}
              - {id: allergie, type: text, label: Allergie, optional: true}
              - {id: carnet, type: file, label: Carnet, within: 3 months, accept: [application/pdf]}
)~" + (version == 1 ? "" : "      - {id: mot, type: text, label: Un mot, optional: true}\n");
}

class ItemPieces : public support::EachEngine {
 public:
  ItemPieces() { fs::create_directories(folder_); }
  ~ItemPieces() override { fs::remove_all(folder_); }

 protected:
  void SetUp() override {
    publish(1);
    cases_.begin(cx_, "cantine", id_, token_);
  }
  void publish(int version) {
    auto definition = procedure::read_definition(yaml(version));
    ASSERT_TRUE(definition) << definition.error().front().what;
    database_.write("demo",
                    [&](db::Tx& tx) { procedure::publish(tx, "demo", {*definition}, kNow); });
  }
  std::string token() const { return token_.reveal(); }
  Piece give(const std::string& field, std::string_view content = pdf(),
             const std::string& name = "carnet.pdf") {
    const Upload begun = pieces_.begin(cx_, id_, token(),
                                       {.field = field,
                                        .name = Personal(std::string(name)),
                                        .length = static_cast<std::int64_t>(content.size()),
                                        .dated = parse_iso_date("2026-11-01")});
    const auto sending = pieces_.resume(cx_, id_, token(), begun.piece.id, 0);
    sending->append(content);
    return sending->finish();
  }
  Error refused(NewPiece fresh) {
    return error_of([&] { pieces_.begin(cx_, id_, token(), fresh); });
  }
  Saved save(const Sent& sent, Blanks blanks = Blanks::clear) {
    return cases_.save(cx_, id_, token(), "enfants", sent, blanks);
  }
  Opened open() { return cases_.open(cx_, id_, token()); }
  // "Léa: carnet.pdf", in their order.
  std::vector<std::string> items() {
    std::vector<std::string> out;
    const Opened draft = open();
    const json::array* all =
        draft.answers.contains("enfants") ? draft.answers.at("enfants").if_array() : nullptr;
    if (all == nullptr) return out;
    for (const json::value& each : *all) {
      const json::object& item = each.as_object();
      std::string line(string_at(item, "nom").value_or("?"));
      if (const json::value* files = item.if_contains("carnet"))
        for (const json::value& file : files->as_array())
          line += ": " + std::string(string_at(file.as_object(), "name").value_or(""));
      out.push_back(line);
    }
    return out;
  }
  static Sent of(std::initializer_list<std::pair<std::string, std::string>> children) {
    Sent out;
    int place = 0;
    for (const auto& [id, name] : children) {
      const std::string item = "enfants[" + std::to_string(place++) + "]";
      out.push_back({item + "._id", id});
      out.push_back({item + ".nom", name});
    }
    return out;
  }

  fs::path folder_ = fs::temp_directory_path() / ("items-" + crypto::random_hex(8));
  tenancy::Context cx_{.tenant = "demo",
                       .commune = "",
                       .actor = tenancy::Actor::visitor(),
                       .zone = Zone::paris(),
                       .deadline = {},
                       .request = "r1",
                       .now = kNow};
  db::Database database_{config()};
  vault::SealedFile store_{folder_ / "keys", crypto::Key::random()};
  vault::Keyring keyring_{database_, store_};
  procedure::Catalogue catalogue_{database_};
  Cases cases_{database_, keyring_, catalogue_};
  inspect::Inspector inspector_{{.time_limit = std::chrono::seconds(120)}};
  Pieces pieces_{database_, keyring_, catalogue_, inspector_, nullptr};
  const std::string id_ = new_id();
  const Secret<std::string> token_ = new_token();
  const Author agent_{Role::agent, "a1", "Claire Petit", {"etat-civil"}};
};

TEST_P(ItemPieces, AFileIsOfItsItemWhateverItsPlace) {
  save(of({{"ka", "Léa"}, {"kb", "Tom"}}));
  give("enfants[kb].carnet", pdf(), "tom.pdf");
  give("enfants[0].carnet", pdf(), "léa.pdf");  // by place too, as a program may
  EXPECT_THAT(items(), testing::ElementsAre("Léa: léa.pdf", "Tom: tom.pdf"));
  Sent sent = of({{"kb", "Tom"}});
  sent.push_back({"enfants[]._id", "ka"});
  const Saved fewer = save(sent);
  EXPECT_THAT(fewer.faults, IsEmpty());
  EXPECT_THAT(items(), testing::ElementsAre("Tom: tom.pdf"));
  EXPECT_THAT(pieces_.list(cx_, id_, token()), SizeIs(1)) << "the file went with its item";
  const Opened deposited = cases_.deposit(cx_, id_, token()).opened;
  EXPECT_EQ(deposited.answers.at("enfants").at(0).at("carnet").at(0).at("name"), "tom.pdf");
  EXPECT_THAT(pieces_.list_as(cx_, agent_, id_), SizeIs(1));
}

TEST_P(ItemPieces, AFileComesBeforeTheAnswersAroundIt) {
  give("enfants[knew].carnet");
  EXPECT_THAT(items(), testing::ElementsAre("?: carnet.pdf"));
  EXPECT_THAT(save(of({{"knew", "Léa"}})).faults, IsEmpty());
  EXPECT_THAT(items(), testing::ElementsAre("Léa: carnet.pdf"));
}

TEST_P(ItemPieces, LimitsAreThoseOfAnItem) {
  save(of({{"ka", "Léa"}, {"kb", "Tom"}}));
  give("enfants[ka].carnet");
  EXPECT_THAT(refused({.field = "enfants[ka].carnet", .length = 9}).detail(),
              HasSubstr("Un seul fichier"));
  EXPECT_THAT(refused({.field = "enfants[kb].carnet", .length = 9}).detail(),
              HasSubstr("Écrivez la date"));
  EXPECT_THAT(
      refused({.field = "enfants[kb].carnet", .length = 9, .dated = parse_iso_date("2020-01-01")})
          .detail(),
      HasSubstr("plus de 3 mois"));
  give("enfants[kc].carnet");
  EXPECT_THAT(refused({.field = "enfants[kd].carnet", .length = 9}).detail(),
              HasSubstr("3 lignes au plus"));
  for (const char* odd : {"enfants[7].carnet", "enfants[-1].carnet", "enfants[K!].carnet"})
    EXPECT_THAT(refused({.field = odd, .length = 9}).detail(), HasSubstr("Cette ligne n’existe"))
        << odd;
  for (const char* odd : {"enfants.carnet", "enfants[ka].nom", "enfants[ka]", "enfants[ka][kb]",
                          "enfants[ka].carnet[ka]", "autres[ka].carnet"})
    EXPECT_THAT(refused({.field = odd, .length = 9}).detail(), HasSubstr("n’attend pas de fichier"))
        << odd;
}

TEST_P(ItemPieces, WhatIsMissingOrRefusedIsOfAnItem) {
  const Saved saved = save(of({{"ka", "Léa"}, {"kb", "Tom"}}));
  ASSERT_THAT(saved.faults, SizeIs(2));
  EXPECT_EQ(saved.faults[1].path, "enfants[1].carnet");
  EXPECT_EQ(saved.faults[1].message, "Joignez le document\u00a0: Carnet (Enfant, n°\u00a02).");
  give("enfants[ka].carnet");
  EXPECT_EQ(give("enfants[kb].carnet", "du texte").state, PieceState::refused);
  const Error told = error_of([&] { cases_.deposit(cx_, id_, token()); });
  EXPECT_THAT(told.detail(),
              AllOf(HasSubstr("Carnet (Enfant, n°\u00a02)"), testing::Not(HasSubstr("n°\u00a01"))));
  EXPECT_EQ(open().state, State::draft);
}

TEST_P(ItemPieces, TwoWindowsLoseNoFile) {
  save(of({{"ka", "Léa"}}));
  give("enfants[ka].carnet");
  // The other one has added a child with a file, which the first does not know of.
  give("enfants[kb].carnet", pdf(), "tom.pdf");
  save(of({{"ka", "Léa"}, {"kb", "Tom"}}));
  for (const Blanks blanks : {Blanks::clear, Blanks::keep}) {
    save(of({{"ka", "Léa Roy"}}), blanks);
    EXPECT_THAT(items(), testing::ElementsAre("Léa Roy: carnet.pdf", "Tom: tom.pdf"));
  }
  // What it empties is emptied when it knew what was there, and kept when it did not.
  Sent blank = of({{"ka", "Léa Roy"}});
  blank.push_back({"enfants[]._blank", "kb"});
  save(blank, Blanks::keep);
  EXPECT_THAT(items(), SizeIs(2));
  save(blank, Blanks::clear);
  EXPECT_THAT(items(), testing::ElementsAre("Léa Roy: carnet.pdf"));
  EXPECT_THAT(pieces_.list(cx_, id_, token()), SizeIs(1));
  // One that was taken away here and is still shown there comes back without its file.
  const Saved again = save(of({{"ka", "Léa Roy"}, {"kb", "Tom"}}));
  ASSERT_THAT(again.faults, SizeIs(1));
  EXPECT_EQ(again.faults[0].path, "enfants[1].carnet");
}

TEST_P(ItemPieces, AProgramWritesItemsAndKeepsTheirFiles) {
  cases_.merge(
      cx_, id_, token(),
      {{"enfants", json::array{json::object{{"nom", "Léa"}}, json::object{{"nom", "Tom"}}}}});
  give("enfants[1].carnet", pdf(), "tom.pdf");
  EXPECT_THAT(items(), testing::ElementsAre("Léa", "Tom: tom.pdf"));
  // A description is no file; an item without its name is the one at its place.
  cases_.merge(cx_, id_, token(),
               {{"enfants", json::array{json::object{{"nom", "Léa"},
                                                     {"carnet", json::array{json::object{
                                                                    {"id", "1"},
                                                                    {"name", "x.pdf"},
                                                                    {"type", "application/pdf"}}}}},
                                        json::object{{"nom", "Tom Roy"}}}}});
  EXPECT_THAT(items(), testing::ElementsAre("Léa", "Tom Roy: tom.pdf"));
  const std::string tom(
      string_at(open().answers.at("enfants").at(1).as_object(), "_id").value_or(""));
  cases_.merge(cx_, id_, token(),
               {{"enfants", json::array{json::object{{"_id", tom}, {"nom", "Tom"}}}}});
  EXPECT_THAT(items(), testing::ElementsAre("Tom: tom.pdf"));
  cases_.merge(cx_, id_, token(), {{"enfants", nullptr}});
  EXPECT_THAT(pieces_.list(cx_, id_, token()), IsEmpty());
  // At once, without a draft, no description passes for a file.
  const Error told = error_of([&] {
    cases_.deposit_at_once(
        cx_, "cantine", new_id(), new_token(),
        {{"enfants",
          json::array{json::object{
              {"nom", "Léa"},
              {"carnet", json::array{json::object{
                             {"id", "1"}, {"name", "x.pdf"}, {"type", "application/pdf"}}}}}}}});
  });
  EXPECT_THAT(told.detail(), HasSubstr("Joignez le document"));
}

TEST_P(ItemPieces, AnOpenDraftFollowsANewVersionWithItsFiles) {
  save(of({{"ka", "Léa"}}));
  give("enfants[ka].carnet");
  publish(2);
  const Opened followed = open();
  EXPECT_EQ(followed.definition->version, 2);
  EXPECT_THAT(items(), testing::ElementsAre("Léa: carnet.pdf"));
}

TEST_P(ItemPieces, AnExportSaysEachItemWithItsFiles) {
  save(of({{"ka", "Léa"}, {"kb", "Tom"}}));
  give("enfants[ka].carnet", pdf(), "a.pdf");
  give("enfants[kb].carnet", pdf(), "b.pdf");
  cases_.deposit(cx_, id_, token());
  std::string csv;
  Filter filter;
  filter.procedure = "cantine";
  export_cases(database_, catalogue_, cases_, cx_, agent_,
               {.filter = filter, .format = table::Format::csv},
               [&](std::string_view bytes) { csv += bytes; });
  EXPECT_THAT(csv, HasSubstr("Léa, a.pdf\nTom, b.pdf"));
  EXPECT_THAT(csv, testing::Not(HasSubstr("ka")));
}

INSTANTIATE_TEST_SUITE_P(Engines, ItemPieces, support::kEngines, support::engine_name);

}  // namespace
}  // namespace parvis::casework
