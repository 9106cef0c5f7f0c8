#include "casework/find.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "casework/cases.hpp"
#include "casework/indexing.hpp"
#include "casework/reference.hpp"
#include "crypto/hash.hpp"
#include "support/items.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::casework {
namespace {

namespace fs = std::filesystem;
using support::error_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const Instant kNow = *parse_rfc3339("2026-11-24T13:32:00Z");

constexpr std::string_view kYaml = R"~(
title: Essai
summary: Pour voir.
service: etat-civil
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 months, basis: Une déclaration.}
steps:
  - title: Un
    pages:
      - {id: objet, type: text, label: Objet, optional: true}
      - {id: chien, type: text, label: Nom du chien, optional: true, searchable: true}
      - title: Vous
        id: page
        fields:
          - {id: vous, type: person, label: Vous, with: [used_name, birth_place, email, phone]}
      - id: enfants
        type: repeat
        label: Enfants
        min: 0
        optional: true
        fields: [{id: enfant, type: person, label: Enfant}]
)~";
std::string yaml(std::string_view id) { return "id: " + std::string(id) + std::string(kYaml); }

procedure::Definition definition(std::string_view id = "essai") {
  auto read = procedure::read_definition(yaml(id));
  if (!read) throw std::runtime_error(read.error().front().what);
  return std::move(*read);
}

json::object person(std::string_view last, std::string_view first) {
  return {{"last_name", last}, {"first_names", first}, {"birth_place", "Lyon"}};
}
json::object answers(std::string_view last, std::string_view first, std::string_view email = "",
                     std::string_view phone = "") {
  json::object vous = person(last, first);
  vous["email"] = email.empty() ? "x@y.fr" : email;
  if (!phone.empty()) vous["phone"] = phone;
  return {{"vous", vous}};
}

TEST(FindWords, AreNamesAddressesAndNumbersInOneForm) {
  json::object all = answers("Roy-D’Arc", "Élodie  Zoé", "Ana.Roy@B.fr", "+33612345678");
  all["objet"] = "Une affaire privée";
  all["chien"] = "Médor";
  all["enfants"] = json::array{json::object{{"enfant", person("Œuf", "Lou")}}};
  EXPECT_THAT(
      words_of(definition(), all),
      UnorderedElementsAre("word:medor", "word:roy", "word:arc", "word:elodie", "word:zoe",
                           "email:ana.roy@b.fr", "phone:+33612345678", "word:oeuf", "word:lou"));
  EXPECT_THAT(words_of(definition(), {}), IsEmpty());
  EXPECT_THAT(words_of(definition(), {{"vous", 3}, {"chien", json::array{}}}), IsEmpty());
}

TEST(FindWords, AreBounded) {
  std::string many;
  for (int i = 0; i < 100; ++i) many += " mot" + std::to_string(i);
  EXPECT_EQ(words_of(definition(), {{"chien", many}}).size(), kWordsMax);
  EXPECT_EQ(words_asked(many).size(), kAskedMax);
}

TEST(FindWords, AreAskedAsPeopleTypeThem) {
  EXPECT_THAT(words_asked("  ROY élodie "), ElementsAre("word:roy", "word:elodie"));
  EXPECT_THAT(words_asked("ana.roy@B.FR"), ElementsAre("email:ana.roy@b.fr"));
  for (const std::string_view number : {"06 12 34 56 78", "0612345678", "+33 (0)6.12.34.56.78"})
    EXPECT_THAT(words_asked(number), ElementsAre("phone:+33612345678")) << number;
  for (const std::string_view nothing : {"", "  ", "a", "@", "a b", "%", "_"})
    EXPECT_THAT(words_asked(nothing), ::testing::AnyOf(IsEmpty(), ElementsAre("email:@")))
        << nothing;
}

TEST(FindWords, AreDigestsOfATenantsKey) {
  const crypto::Key one = *crypto::Key::from_bytes(std::string(32, '1')),
                    two = *crypto::Key::from_bytes(std::string(32, '2'));
  EXPECT_EQ(digest_of(one, "word:roy").size(), kWordBytes);
  EXPECT_EQ(digest_of(one, "word:roy"), digest_of(one, "word:roy"));
  EXPECT_NE(digest_of(one, "word:roy"), digest_of(two, "word:roy"));
  EXPECT_NE(digest_of(one, "word:roy"), digest_of(one, "email:roy"));
}

TEST(FindWords, OnlyATextIsMarkedSearchable) {
  std::string wrong = yaml("essai");
  wrong.replace(wrong.find("{id: objet, type: text"), 22,
                "{id: objet, searchable: true, type: date");
  const auto read = procedure::read_definition(wrong);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().front().what, ::testing::HasSubstr("searchable"));
}

class Finding : public support::EachEngine {
 public:
  Finding() { fs::create_directories(folder_); }
  ~Finding() override { fs::remove_all(folder_); }

 protected:
  void SetUp() override {
    database_.write([&](db::Tx& tx) {
      for (const std::string tenant : {"demo", "other"})
        procedure::publish(tx, tenant, {definition("essai"), definition("autre")}, kNow);
    });
  }
  // Each a minute after the one before.
  Opened deposit(const json::object& given, const std::string& tenant = "demo",
                 std::string_view procedure = "essai") {
    tenancy::Context cx = context(tenant);
    cx.now = kNow + std::chrono::minutes(++deposits_);
    return cases_.deposit_at_once(cx, procedure, new_id(), new_token(), given).opened;
  }
  static tenancy::Context context(const std::string& tenant = "demo") {
    return {.tenant = tenant,
            .commune = "",
            .actor = tenancy::Actor::system("test"),
            .zone = Zone::paris(),
            .deadline = {},
            .request = "r1",
            .now = kNow};
  }
  std::vector<std::string> found(Filter filter) {
    std::vector<std::string> out;
    for (const Line& line : cases_.list(context(), agent_, std::move(filter)))
      out.push_back(line.reference);
    return out;
  }
  std::vector<std::string> found(std::string text) {
    return found(Filter{.text = std::move(text)});
  }

  int deposits_ = 0;
  fs::path folder_ = fs::temp_directory_path() / ("find-" + crypto::random_hex(8));
  db::Database database_{config()};
  vault::SealedFile store_{folder_ / "keys", crypto::Key::random()};
  vault::Keyring keyring_{database_, store_};
  procedure::Catalogue catalogue_{database_};
  std::optional<CivilDate> due_;
  Cases cases_{database_, keyring_, catalogue_, {}, [this](const Opened&) { return due_; }};
  Author agent_{Role::agent, "a1", "Claire Petit", {}};
};

TEST_P(Finding, ByReferenceHoweverItIsTyped) {
  const std::string reference = deposit(answers("Roy", "Ana")).reference;
  deposit(answers("Roy", "Ana"));
  std::string typed = reference;
  std::ranges::replace(typed, '-', ' ');
  for (char& c : typed) c = static_cast<char>(std::tolower(c));
  EXPECT_THAT(found(reference), ElementsAre(reference));
  EXPECT_THAT(found("  " + typed + " "), ElementsAre(reference));
  typed.back() = typed.back() == 'a' ? 'b' : 'a';  // the check letter is wrong
  EXPECT_THAT(found(typed), IsEmpty());
}

TEST_P(Finding, ByPersonTheNewestFirst) {
  const std::string one = deposit(answers("Roy", "Ana", "ana@b.fr", "+33612345678")).reference;
  const std::string two = deposit(answers("Roy", "Élodie", "", "")).reference;
  deposit(answers("Royer", "Ana"));
  EXPECT_THAT(found("ROY"), ElementsAre(two, one));
  EXPECT_THAT(found("ana roy"), ElementsAre(one));
  EXPECT_THAT(found("elodie ana"), IsEmpty());
  EXPECT_THAT(found("Ana@B.fr"), ElementsAre(one));
  EXPECT_THAT(found("06 12 34 56 78"), ElementsAre(one));
  EXPECT_THAT(found("Ro"), IsEmpty());  // a whole word or nothing
  EXPECT_THAT(found("Lyon"), IsEmpty());
  EXPECT_THAT(found("a"), IsEmpty());  // names nothing: not everything
}

TEST_P(Finding, OnlyWhatTheFilterAndTheAgentAreFor) {
  const std::string one = deposit(answers("Roy", "Ana")).reference;
  due_ = CivilDate(std::chrono::year(2027) / 1 / 25);
  const Opened two = deposit(answers("Roy", "Ana"), "demo", "autre");
  deposit(answers("Roy", "Ana"), "other");
  EXPECT_THAT(found({.procedure = "autre", .text = "roy"}), ElementsAre(two.reference));
  EXPECT_THAT(found({.text = "roy", .due_to = due_}), ElementsAre(two.reference));
  EXPECT_THAT(found({.text = "roy", .due_from = due_, .due_to = due_}), ElementsAre(two.reference));
  EXPECT_THAT(found({.text = two.reference, .due_to = parse_iso_date("2027-01-24")}), IsEmpty());
  EXPECT_THAT(found({.states = {State::closed}, .text = "roy"}), IsEmpty());
  cases_.act_as(context(), agent_, two.id, Act::transfer, "event-01", "À la préfecture");
  EXPECT_THAT(found({.states = {State::transferred}, .text = "roy"}), ElementsAre(two.reference));
  EXPECT_THAT(found(Filter{}), ElementsAre(one));  // a list is of what is open
  agent_.services = {"urbanisme"};
  EXPECT_THAT(found("roy"), IsEmpty());
  EXPECT_THAT(found(one), IsEmpty());
  agent_.services = {"etat-civil"};
  EXPECT_EQ(found("roy").size(), 2u);
}

TEST_P(Finding, PageByPageWithoutLossOrRepetition) {
  std::set<std::string> all;
  for (int i = 0; i < 7; ++i)
    all.insert(deposit(answers("Roy", i % 2 == 0 ? "Ana" : "Lou")).reference);
  const auto pages = [&](const std::string& text, std::size_t limit) {
    std::vector<std::string> seen;
    const crypto::Key key = vault::sub_key(keyring_.keys_for(context(), "casework-find"), "find");
    const auto digests = digests_of(key, words_asked(text));
    std::optional<Filter> filter = Filter{};
    while (filter && seen.size() < 20) {
      const Page page = database_.read(
          "demo", [&](db::Tx& tx) { return with_words(tx, context(), *filter, digests, limit); });
      EXPECT_LE(page.lines.size(), limit);
      for (const Line& line : page.lines) seen.push_back(line.reference);
      filter = page.next;
    }
    return seen;
  };
  for (const std::size_t limit : {1u, 2u, 3u, 7u, 8u}) {
    const auto seen = pages("roy", limit);
    EXPECT_EQ(seen.size(), 7u) << limit;
    EXPECT_EQ(std::set(seen.begin(), seen.end()), all);
    EXPECT_EQ(pages("roy ana", limit).size(), 4u) << limit;
  }
}

TEST_P(Finding, ListsByDeadlineServiceAndProcedure) {
  std::vector<std::string> ids;
  for (int day = 1; day <= 6; ++day) {
    due_ = CivilDate(std::chrono::year(2027) / 1 / day);
    ids.push_back(
        deposit(answers("Roy", "Ana"), "demo", day % 2 == 0 ? "autre" : "essai").reference);
  }
  due_.reset();
  const std::string never = deposit(answers("Roy", "Ana")).reference;
  const auto day = [](unsigned d) { return CivilDate(std::chrono::year(2027) / 1 / d); };
  EXPECT_THAT(found({.due_from = day(2), .due_to = day(4)}), ElementsAre(ids[1], ids[2], ids[3]));
  EXPECT_THAT(found({.due_from = day(6)}), ElementsAre(ids[5]));  // never due is not due later
  EXPECT_THAT(found({.procedure = "essai"}), ElementsAre(ids[0], ids[2], ids[4], never));
  EXPECT_THAT(found({.services = {"etat-civil"}, .procedure = "autre", .due_to = day(4)}),
              ElementsAre(ids[1], ids[3]));
  EXPECT_THAT(found({.services = {"urbanisme"}, .procedure = "autre"}), IsEmpty());
}

TEST_P(Finding, ErasedWithTheCaseAndNeverInTheOpen) {
  const Opened one = deposit(answers("Zyxwvut", "Ana", "secret@b.fr"));
  int rows = 0;
  const auto look = [&] {
    rows = 0;
    database_.read(
        [&](db::Tx& tx) { rows = static_cast<int>(words_stored(tx, context(), one.id)); });
    return rows;
  };
  EXPECT_EQ(look(), 3);
  database_.write("demo",
                  [&](db::Tx& tx) { erase_rows(tx, case_for_system(tx, context(), one.id)); });
  EXPECT_EQ(look(), 0);
  EXPECT_THAT(found("zyxwvut"), IsEmpty());
}

// The system's own look at all cases, batch after batch.
class FindingAgain : public Finding {
 protected:
  IndexProgress index(Cases& cases) {
    Indexing indexing(database_, keyring_, catalogue_, cases);
    IndexProgress at;
    for (int batch = 0; batch < 10 && !at.finished_at; ++batch) at = indexing.next(context());
    EXPECT_TRUE(at.finished_at);
    return at;
  }
  void forget() {  // as before there was an index
    database_.write("demo", [&](db::Tx& tx) {
      for (const std::string& id : deposited_after(tx, context(), "", 1000))
        replace_words(tx, case_for_system(tx, context(), id), {}, kNow);
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, FindingAgain, support::kEngines, support::engine_name);

TEST_P(FindingAgain, CasesFromBeforeTheIndexAreFoundOnceItIsMade) {
  const std::string one = deposit(answers("Roy", "Ana")).reference;
  deposit(answers("Noé", "Lou"));
  cases_.begin(context(), "essai", new_id(), new_token());  // a draft is nobody's to find
  forget();
  EXPECT_THAT(found("roy"), IsEmpty());
  const IndexProgress at = index(cases_);
  EXPECT_EQ(at.looked, 2);
  EXPECT_EQ(at.changed, 2);
  EXPECT_THAT(found("roy"), ElementsAre(one));
  // Done once: nothing is looked at again, until something else is indexed.
  EXPECT_EQ(index(cases_).looked, 2);
}

TEST_P(FindingAgain, ATownWithoutACaseGetsNoKey) {
  EXPECT_EQ(index(cases_).looked, 0);
  EXPECT_EQ(error_of([&] { keyring_.keys_for(context(), "casework-find"); }).code(),
            Errc::not_found);
}

TEST_P(FindingAgain, WhatWasCutOffGoesOnWhereItEnded) {
  const std::size_t all = kIndexBatch + 3;
  for (std::size_t i = 0; i < all; ++i) deposit(answers("Roy", "Ana"));
  forget();
  const IndexProgress first = Indexing(database_, keyring_, catalogue_, cases_).next(context());
  EXPECT_EQ(first.looked, static_cast<std::int64_t>(kIndexBatch));
  EXPECT_FALSE(first.finished_at);
  // Another process, after a crash; and a case that was erased meanwhile.
  Cases cases(database_, keyring_, catalogue_);
  database_.write("demo", [&](db::Tx& tx) {
    const std::string next = deposited_after(tx, context(), first.after, 1).at(0);
    erase_rows(tx, case_for_system(tx, context(), next));
  });
  const IndexProgress last = index(cases);
  EXPECT_EQ(last.looked, static_cast<std::int64_t>(all - 1));
  database_.read("demo", [&](db::Tx& tx) {
    for (const std::string& id : deposited_after(tx, context(), "", all))
      EXPECT_GT(words_stored(tx, context(), id), 0) << id;
  });
}

TEST_P(FindingAgain, AQuestionThatIsMarkedLaterIsFoundInOlderCases) {
  json::object given = answers("Roy", "Ana");
  given["objet"] = "Vélo rouge";
  const std::string one = deposit(given).reference;
  index(cases_);
  EXPECT_THAT(found("velo"), IsEmpty());
  // A draft that ends with its own version, since it does not follow.
  const std::string draft = new_id();
  const Secret<std::string> token = new_token();
  cases_.begin(context(), "essai", draft, token);
  cases_.merge(context(), draft, token.reveal(), given);
  std::string newer = yaml("essai");
  newer.replace(newer.find("label: Objet"), 12, "searchable: true, label: Objet");
  newer.replace(newer.find("title: Essai"), 12, "version: 2\ntitle: Essai");
  const auto read = procedure::read_definition(newer);
  ASSERT_TRUE(read) << read.error().front().what;
  database_.write("demo", [&](db::Tx& tx) {
    procedure::publish(tx, "demo", {*read, definition("autre")}, kNow + std::chrono::hours(1));
  });
  const IndexProgress at = index(cases_);
  EXPECT_EQ(at.looked, 1);
  EXPECT_EQ(at.changed, 1);
  EXPECT_THAT(found("velo rouge"), ElementsAre(one));
  EXPECT_THAT(found("roy"), ElementsAre(one)) << "and by all that it was found by before";
  const std::string two = cases_.deposit(context(), draft, token.reveal()).opened.reference;
  EXPECT_THAT(found("velo"), ::testing::UnorderedElementsAre(one, two));
}

TEST_P(FindingAgain, WhatAnotherKeyOrOtherRulesMadeIsMadeAnew) {
  const Opened one = deposit(answers("Roy", "Ana"));
  index(cases_);
  const crypto::Key other = *crypto::Key::from_bytes(std::string(32, 'k'));
  database_.write("demo", [&](db::Tx& tx) {
    replace_words(tx, case_for_system(tx, context(), one.id),
                  digests_of(other, {"word:roy", "word:martin"}), kNow);
    set_index_progress(tx, context(),
                       {.mark = "of that key", .after = "f", .looked = 9, .finished_at = kNow});
  });
  EXPECT_THAT(found("roy"), IsEmpty());
  const IndexProgress at = index(cases_);
  EXPECT_EQ(at.looked, 1);
  EXPECT_EQ(at.changed, 1);
  EXPECT_THAT(found("roy"), ElementsAre(one.reference));
  database_.read("demo", [&](db::Tx& tx) {
    EXPECT_EQ(words_stored(tx, context(), one.id), 3) << "nothing of the other key stays";
  });
}

INSTANTIATE_TEST_SUITE_P(Engines, Finding, support::kEngines, support::engine_name);

}  // namespace
}  // namespace parvis::casework
