#include "casework/cases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include "casework/asks.hpp"
#include "casework/ends.hpp"
#include "casework/letters.hpp"
#include "casework/receipt.hpp"
#include "casework/reference.hpp"
#include "casework/tags.hpp"
#include "crypto/hash.hpp"
#include "support/items.hpp"
#include "vault/sealed_file.hpp"
#include "vault/vault_store.hpp"

namespace parvis::casework {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using support::error_of;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

const Instant kNow = *parse_rfc3339("2026-11-24T13:32:00Z");

tenancy::Context context(std::string tenant = "demo", Instant now = kNow) {
  return {.tenant = std::move(tenant),
          .commune = "99001",
          .actor = tenancy::Actor::visitor(),
          .zone = Zone::paris(),
          .deadline = {},
          .request = "r1",
          .now = now};
}
tenancy::Context system_context(Instant now = kNow) {
  tenancy::Context cx = context("demo", now);
  cx.actor = tenancy::Actor::system("test");
  return cx;
}

std::string yaml(int version = 1, std::string_view more = "") {
  return "id: essai\nversion: " + std::to_string(version) + R"~(
title: Essai
summary: Pour voir.
communes: ["99001"]
service: etat-civil
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 months, basis: Une déclaration.}
steps:
  - title: Un
    pages:
      - {id: motif, type: choice, label: Motif, options: [vol, perte]}
      - {id: plainte, type: text, label: Plainte, when: "motif == 'vol'"}
      - {id: rue, type: text, label: Rue, when: commune != '99001'}
      - {id: nom, type: text, label: Nom}
)~" + std::string(more);
}

class Casework : public support::EachEngine {
 public:
  Casework() { fs::create_directories(folder_); }
  ~Casework() override { fs::remove_all(folder_); }

 protected:
  void SetUp() override { publish(1); }
  void publish(int version, std::string_view more = "") {
    auto definition = procedure::read_definition(yaml(version, more));
    ASSERT_TRUE(definition) << definition.error().front().what;
    database_.write("demo",
                    [&](db::Tx& tx) { procedure::publish(tx, "demo", {*definition}, kNow); });
  }
  struct Mine {
    std::string id;
    Secret<std::string> token;
  };
  Mine begin() {
    Mine mine{new_id(), new_token()};
    cases_.begin(cx_, "essai", mine.id, mine.token);
    return mine;
  }
  Saved save(const Mine& mine, std::string_view page, std::string value) {
    return cases_.save(cx_, mine.id, mine.token.reveal(), page,
                       {{std::string(page), std::move(value)}});
  }
  Mine filled() {
    Mine mine = begin();
    save(mine, "motif", "perte");
    save(mine, "nom", "Élodie Roy");
    return mine;
  }
  Deposit deposit(const Mine& mine) { return cases_.deposit(cx_, mine.id, mine.token.reveal()); }
  Opened open(const Mine& mine) { return cases_.open(cx_, mine.id, mine.token.reveal()); }

  fs::path folder_ = fs::temp_directory_path() / ("casework-" + crypto::random_hex(8));
  tenancy::Context cx_ = context();
  db::Database database_{config()};
  vault::SealedFile store_{folder_ / "keys", crypto::Key::random()};
  vault::Keyring keyring_{database_, store_};
  procedure::Catalogue catalogue_{database_};
  Cases cases_{database_, keyring_, catalogue_};
  const Author agent_{Role::agent, "a1", "Claire Petit", {"etat-civil"}};
  const Author other_{Role::agent, "a2", "Jean Blanc", {"urbanisme"}};
};

TEST_P(Casework, ADraftIsSavedAtEachAnswerAndOpenedWithItsToken) {
  const Mine mine = begin();
  EXPECT_EQ(open(mine).state, State::draft);
  const Saved saved = save(mine, "motif", "vol");
  EXPECT_TRUE(saved.faults.empty());
  EXPECT_EQ(open(mine).answers, (json::object{{"motif", "vol"}}));
  EXPECT_EQ(save(mine, "nom", "").faults.size(), 1u);
  // The same id and token again are the same draft.
  EXPECT_EQ(cases_.begin(cx_, "essai", mine.id, mine.token).answers.size(), 1u);
}

TEST_P(Casework, AnAgentTypesForAPersonInTheirOwnName) {
  const Mine mine{new_id(), new_token()};
  cases_.begin_for(cx_, agent_, "essai", mine.id, mine.token, Way::post,
                   CivilDate{std::chrono::year(2026) / 11 / 20});
  save(mine, "motif", "perte");
  save(mine, "nom", "Roy");
  const auto typings = cases_.typings(cx_, agent_);
  ASSERT_EQ(typings.size(), 1u);
  EXPECT_EQ(typings[0].id, mine.id);
  EXPECT_TRUE(cases_.typings(cx_, other_).empty());
  // Neither the token alone nor another agent deposits it.
  EXPECT_EQ(error_of([&] { deposit(mine); }).code(), Errc::not_found);
  EXPECT_EQ(error_of([&] { cases_.deposit(cx_, mine.id, mine.token.reveal(), &other_); }).code(),
            Errc::not_found);
  // The browser that lost its token gets another.
  const Secret<std::string> again = new_token();
  EXPECT_EQ(error_of([&] { cases_.retake(cx_, other_, mine.id, again); }).code(), Errc::not_found);
  EXPECT_EQ(cases_.retake(cx_, agent_, mine.id, again).id, mine.id);
  cases_.deposit(cx_, mine.id, again.reveal(), &agent_);
  const Opened made = cases_.open_as(cx_, agent_, mine.id);
  ASSERT_EQ(made.events.size(), 1u);
  EXPECT_EQ(made.events[0].act, Act::deposit);
  EXPECT_EQ(made.events[0].by, Role::agent);
  EXPECT_EQ(made.events[0].author, "Claire Petit");
  EXPECT_EQ(way_of(made.events[0]), Way::post);
  // The law counts from the day of reception.
  EXPECT_EQ(format_iso_date(*clock_of(made, Zone::paris(), kNow)->due), "2027-01-20");
  EXPECT_TRUE(cases_.typings(cx_, agent_).empty());
  EXPECT_EQ(error_of([&] { cases_.retake(cx_, agent_, mine.id, new_token()); }).code(),
            Errc::not_found);
}

TEST_P(Casework, OnlyTheServiceInChargeTypesAndMissingLooksAlike) {
  std::set<std::string> details;
  const auto refused = [&](const tenancy::Context& cx, const Author& who, const char* procedure) {
    const Error e = error_of([&] {
      cases_.begin_for(cx, who, procedure, new_id(), new_token(), Way::counter, std::nullopt);
    });
    EXPECT_EQ(e.code(), Errc::not_found);
    details.insert(e.detail());
  };
  refused(cx_, other_, "essai");
  refused(cx_, agent_, "rien");
  refused(cx_, {Role::agent, "a3", "Marc Mont", {}, {"99002"}}, "essai");
  tenancy::Context elsewhere = cx_;
  elsewhere.commune = "99002";
  refused(elsewhere, agent_, "essai");
  EXPECT_EQ(details.size(), 1u);
  for (const std::optional<CivilDate>& day :
       {std::optional<CivilDate>(), std::optional(CivilDate{std::chrono::year(2026) / 11 / 25})})
    EXPECT_EQ(error_of([&] {
                cases_.begin_for(cx_, agent_, "essai", new_id(), new_token(), Way::post, day);
              }).code(),
              Errc::invalid);
}

TEST_P(Casework, LettersToWhoHasNoEmailWaitUntilTheyArePosted) {
  publish(2, R"~(  - title: Vous
    pages:
      - {id: vous, title: Vous, fields: [{id: vous, type: person, label: Vous},
          {id: email, type: email, label: E-mail, optional: true},
          {id: adresse, type: address, label: Adresse}]}
)~");
  const auto deposited = [&](const json::object& more) {
    const Mine mine = filled();
    json::object answers{
        {"vous", json::object{{"last_name", "Roy"}, {"first_names", "Ana"}}},
        {"adresse",
         json::object{{"street", "1 rue A"}, {"postcode", "45200"}, {"city", "Montargis"}}}};
    for (const auto& each : more) answers[each.key()] = each.value();
    cases_.merge(cx_, mine.id, mine.token.reveal(), answers);
    deposit(mine);
    return mine;
  };
  const Mine mine = deposited({});
  EXPECT_TRUE(open(deposited({{"email", "ana@example.org"}})).papers.empty());
  EXPECT_THAT(open(mine).papers, ElementsAre(1));
  cases_.act_as(cx_, agent_, mine.id, Act::take_up, "take-up-1", "");
  cases_.act_as(cx_, agent_, mine.id, Act::refuse, "refuse-01", "Sans objet.");
  EXPECT_THAT(open(mine).papers, ElementsAre(1, 3));
  ASSERT_EQ(cases_.with_papers(cx_, agent_).size(), 1u);
  EXPECT_EQ(cases_.with_papers(cx_, agent_)[0].id, mine.id);
  EXPECT_TRUE(cases_.with_papers(cx_, other_).empty());
  EXPECT_EQ(error_of([&] { cases_.posted(cx_, other_, mine.id, 1); }).code(), Errc::not_found);
  for (int times = 0; times < 2; ++times)
    for (const std::int64_t seq : {1, 3}) cases_.posted(cx_, agent_, mine.id, seq);
  EXPECT_TRUE(open(mine).papers.empty());
  EXPECT_EQ(open(mine).events.size(), 5u);  // a note for each letter
  EXPECT_TRUE(cases_.with_papers(cx_, agent_).empty());
}

TEST_P(Casework, TheTimeToAppealRunsFromTheDayOnWhichTheLetterCame) {
  publish(2, R"~(  - title: Vous
    pages:
      - {id: vous, title: Vous, fields: [{id: vous, type: person, label: Vous},
          {id: adresse, type: address, label: Adresse}]}
)~");
  const Mine mine = filled();
  cases_.merge(
      cx_, mine.id, mine.token.reveal(),
      {{"vous", json::object{{"last_name", "Roy"}, {"first_names", "Ana"}}},
       {"adresse",
        json::object{{"street", "1 rue A"}, {"postcode", "45200"}, {"city", "Montargis"}}}});
  deposit(mine);
  cases_.act_as(cx_, agent_, mine.id, Act::take_up, "take-up-1", "");
  cases_.act_as(cx_, agent_, mine.id, Act::refuse, "refuse-01", "Sans objet.");
  const auto day = [&](int more) {
    return CivilDate(std::chrono::sys_days(civil_date(cx_.zone.local(cx_.now))) +
                     std::chrono::days(more));
  };
  const auto told = [&](Handing::Way way, int more, std::int64_t letter = 3) {
    cases_.notified(cx_, agent_, mine.id, {.letter = letter, .way = way, .day = day(more)});
  };
  const auto until = [&] { return clock_of(open(mine), cx_.zone, cx_.now + std::chrono::days(9)); };
  EXPECT_FALSE(until()->appeal_until);
  EXPECT_EQ(error_of([&] { told(Handing::Way::posted, 1); }).code(), Errc::invalid);  // to come
  cx_.now += std::chrono::days(8);
  EXPECT_EQ(error_of([&] { told(Handing::Way::posted, -9); }).code(), Errc::invalid);  // before it
  EXPECT_EQ(error_of([&] { told(Handing::Way::posted, 0, 2); }).code(), Errc::invalid);
  EXPECT_THAT(open(mine).papers, ElementsAre(1, 3));
  for (int times = 0; times < 2; ++times) told(Handing::Way::posted, -6);
  EXPECT_THAT(open(mine).papers, ElementsAre(1));
  EXPECT_EQ(open(mine).events.size(), 4u);
  const auto posted = until();
  ASSERT_TRUE(posted->appeal_until);
  EXPECT_TRUE(at_least(*posted));
  // The acknowledgement came back: its day counts, whatever was said of the posting.
  told(Handing::Way::registered, -4);
  told(Handing::Way::posted, -5);
  const auto known = until();
  EXPECT_FALSE(at_least(*known));
  EXPECT_EQ(
      std::chrono::sys_days(*known->appeal_until) - std::chrono::sys_days(*posted->appeal_until),
      std::chrono::days(2));
  const auto lines = why(rule_of(*open(mine).definition, "99001", cx_.zone), *known);
  EXPECT_THAT(lines, testing::Contains(testing::HasSubstr("d’après l’avis de réception")));
  EXPECT_THAT(lines, testing::Not(testing::Contains(testing::HasSubstr("au moins"))));
}

TEST_P(Casework, ADeclarationHasEndsOfItsOwnAndNoDecision) {
  publish(2, R"~(ends:
  - {id: traite, label: Traité, words: Votre signalement est traité, act: Clore comme traité}
  - {id: sans_suite, label: Sans suite, words: Votre signalement reste sans suite,
     act: Classer sans suite, text: Nous ne pouvons pas intervenir., reason: true}
)~");
  const Mine mine = filled();
  deposit(mine);
  const auto acts = [&](Act what, std::string id, std::string_view text = "",
                        const json::object& more = {}) {
    return cases_.act_as(cx_, agent_, mine.id, what, id, text, more);
  };
  acts(Act::take_up, "event-01");
  for (const Act decision : {Act::accept, Act::refuse})
    EXPECT_EQ(error_of([&] { acts(decision, "event-02", "Non."); }).code(), Errc::conflict);
  EXPECT_EQ(error_of([&] { acts(Act::settle, "event-02", "", {{"end", "perdu"}}); }).code(),
            Errc::invalid);
  EXPECT_EQ(error_of([&] { acts(Act::settle, "event-02", "", {{"end", "sans_suite"}}); }).code(),
            Errc::invalid);
  const Opened over =
      acts(Act::settle, "event-02", "C’est une voie privée.", {{"end", "sans_suite"}});
  EXPECT_EQ(over.state, State::settled);
  EXPECT_EQ(state_words(over), "Votre signalement reste sans suite");
  const auto clock = clock_of(over, cx_.zone, cx_.now);
  EXPECT_EQ(clock->outcome, Clock::Outcome::settled);
  EXPECT_FALSE(clock->appeal_until);
  const Receipt receipt = receipt_of(over, nullptr, "la mairie", cx_.zone, cx_.now);
  const auto letter = letter_of(over, receipt, over.events.back(), "");
  ASSERT_TRUE(letter);
  EXPECT_THAT(letter->text.read(), testing::HasSubstr("C’est une voie privée."));
  EXPECT_THAT(letter->text.read(), testing::HasSubstr("Nous ne pouvons pas intervenir."));
  EXPECT_THAT(letter->text.read(), testing::HasSubstr("faire une nouvelle demande"));
  for (const char* never : {"tribunal", "contester", "refusée"})
    EXPECT_THAT(letter->text.read(), testing::Not(testing::HasSubstr(never)));
  EXPECT_EQ(acts(Act::reopen, "event-03", "Un fait nouveau.").state, State::examined);
  EXPECT_EQ(end_of(open(mine)), nullptr);
  EXPECT_EQ(acts(Act::settle, "event-04", "", {{"end", "traite"}}).state, State::settled);
  EXPECT_EQ(end_of(open(mine))->label, "Traité");
}

TEST_P(Casework, WhereADecisionIsDueNothingElseEndsACase) {
  const Mine mine = filled();
  deposit(mine);
  cases_.act_as(cx_, agent_, mine.id, Act::take_up, "event-01", "");
  EXPECT_EQ(error_of([&] {
              cases_.act_as(cx_, agent_, mine.id, Act::settle, "event-02", "", {{"end", "traite"}});
            }).code(),
            Errc::invalid);
}

TEST_P(Casework, EachDocumentThatIsAskedForIsAwaitedForItself) {
  const Mine mine = filled();
  deposit(mine);
  const auto acts = [&](Act what, std::string id, std::string_view text,
                        const json::object& more = {}) {
    return cases_.act_as(cx_, agent_, mine.id, what, id, text, more);
  };
  acts(Act::take_up, "event-01", "");
  Opened now =
      acts(Act::ask_pieces, "event-02", "Il manque trois documents.",
           {{"pieces", json::array{"Un plan", "Un devis", "Un bail"}}, {"term", "2027-01-15"}});
  EXPECT_THAT(awaited_labels(asks_of(now.events)), ElementsAre("Un plan", "Un devis", "Un bail"));
  now = acts(Act::give_pieces, "event-03", "", {{"asks", json::array{"3-1"}}});
  EXPECT_EQ(now.state, State::awaiting);
  EXPECT_FALSE(acts(Act::note, "event-04", "Un avis.").state != State::awaiting);
  EXPECT_EQ(error_of([&] {
              acts(Act::give_pieces, "event-05", "", {{"asks", json::array{"3-1"}}});
            }).code(),
            Errc::invalid);  // it is there
  EXPECT_EQ(error_of([&] {
              acts(Act::waive_pieces, "event-05", " ", {{"asks", json::array{"3-2"}}});
            }).code(),
            Errc::invalid);  // without a word
  acts(Act::waive_pieces, "event-05", "Il est au dossier.", {{"asks", json::array{"3-2"}}});
  now = acts(Act::give_pieces, "event-06", "", {{"asks", json::array{"3-3"}}});
  EXPECT_EQ(now.state, State::examined);
  // What was given is not good: it is awaited again, and the delay stops again.
  now = acts(Act::return_pieces, "event-07", "Il est illisible.",
             {{"asks", json::array{"3-1"}}, {"term", "2027-01-20"}});
  EXPECT_EQ(now.state, State::awaiting);
  EXPECT_THAT(awaited_labels(asks_of(now.events)), ElementsAre("Un plan"));
  EXPECT_EQ(clock_of(now, cx_.zone, cx_.now)->state, Clock::State::stopped);
  EXPECT_EQ(acts(Act::give_pieces, "event-08", "").state, State::examined);
}

TEST_P(Casework, FollowsTheRulesOfTheCommuneWhereItWasBegun) {
  const Mine mine = filled();
  cx_.commune = "";                      // looked at from the tenant's own page
  EXPECT_FALSE(deposit(mine).repeated);  // no street is asked of this commune
}

TEST_P(Casework, MissingForeignAndOthersLookAlike) {
  const Mine mine = begin(), second = begin();
  std::set<std::string> details;
  const auto refused = [&](const tenancy::Context& cx, std::string_view id,
                           std::string_view token) {
    const Error e = error_of([&] { cases_.open(cx, id, token); });
    EXPECT_EQ(e.code(), Errc::not_found);
    details.insert(e.detail());
  };
  refused(cx_, mine.id, second.token.reveal());
  refused(cx_, mine.id, "");
  refused(cx_, new_id(), mine.token.reveal());
  refused(cx_, "x' or 1=1", mine.token.reveal());
  refused(context("other"), mine.id, mine.token.reveal());
  EXPECT_EQ(details.size(), 1u);
}

TEST_P(Casework, TwoTabsOnTwoPagesLoseNothing) {
  const Mine mine = begin();
  std::thread one([&] { save(mine, "motif", "perte"); });
  std::thread two([&] { save(mine, "nom", "Roy"); });
  one.join();
  two.join();
  EXPECT_EQ(open(mine).answers, (json::object{{"motif", "perte"}, {"nom", "Roy"}}));
}

TEST_P(Casework, MergesAnswersOfADialogueAndTakesThemAway) {
  const Mine mine = begin();
  const std::string& token = mine.token.reveal();
  EXPECT_TRUE(cases_.merge(cx_, mine.id, token, {{"motif", "vol"}, {"nom", "Roy"}}).faults.empty());
  EXPECT_EQ(cases_.merge(cx_, mine.id, token, {{"motif", "autre"}}).faults.size(), 1u);
  cases_.merge(cx_, mine.id, token, {{"motif", nullptr}});
  EXPECT_EQ(open(mine).answers, (json::object{{"nom", "Roy"}}));
  EXPECT_EQ(error_of([&] { cases_.merge(cx_, mine.id, token, {{"frob", 1}}); }).code(),
            Errc::invalid);
}

TEST_P(Casework, ADepositNeedsACompleteForm) {
  const Mine mine = begin();
  save(mine, "motif", "vol");
  const Error e = error_of([&] { deposit(mine); });
  EXPECT_EQ(e.code(), Errc::invalid);
  EXPECT_THAT(e.detail(), HasSubstr("Plainte"));
  EXPECT_EQ(open(mine).state, State::draft);
}

TEST_P(Casework, ADepositIsOneWhateverIsPressed) {
  const Mine mine = filled();
  std::vector<Deposit> all(4);
  std::vector<std::thread> threads;
  for (Deposit& each : all) threads.emplace_back([&] { each = deposit(mine); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::ranges::count(all, false, &Deposit::repeated), 1);
  for (const Deposit& each : all) EXPECT_EQ(each.opened.reference, all[0].opened.reference);
  EXPECT_TRUE(read_reference(all[0].opened.reference));
  const Opened after = open(mine);
  EXPECT_EQ(after.state, State::received);
  EXPECT_EQ(after.deposited_at, kNow);
  EXPECT_THAT(after.events, ElementsAre(Field(&Happened::act, Act::deposit)));
  EXPECT_EQ(error_of([&] { save(mine, "nom", "Autre"); }).code(), Errc::conflict);
  EXPECT_EQ(error_of([&] { cases_.erase_draft(cx_, mine.id, mine.token.reveal()); }).code(),
            Errc::conflict);
}

TEST_P(Casework, ADepositAtOnceIsOneTransaction) {
  int told = 0;
  std::vector<db::Said> writes;
  db::DatabaseConfig written_down = config();
  written_down.rehearse = false;
  written_down.on_said = [&](db::Said said) {
    if (said.access == db::Access::write) writes.push_back(std::move(said));
  };
  db::Database database(written_down);
  vault::Keyring keyring(database, store_);
  const std::optional<CivilDate> due = CivilDate(std::chrono::year(2027) / 1 / 25);
  Cases cases(
      database, keyring, catalogue_,
      [&](db::Tx&, const Case& row, Act act, Instant) {
        EXPECT_EQ(act, Act::deposit);
        EXPECT_EQ(row.state(), State::received);
        EXPECT_EQ(row.deposited_at(), kNow);
        EXPECT_FALSE(row.reference().empty());
        ++told;
      },
      [&](const Opened& opened) { return opened.events.size() == 1 ? due : std::nullopt; });
  const json::object answers{{"motif", "perte"}, {"nom", "Roy"}, {"plainte", nullptr}};
  const auto send = [&](const Mine& mine, const json::object& sent) {
    return cases.deposit_at_once(cx_, "essai", mine.id, mine.token, sent);
  };
  const Mine first{new_id(), new_token()}, mine{new_id(), new_token()};
  send(first, answers);  // and the key that cases are found by
  writes.clear();
  told = 0;
  const Deposit made = send(mine, answers);
  EXPECT_EQ(writes.size(), 1u);
  EXPECT_EQ(told, 1);
  EXPECT_FALSE(made.repeated);
  const Opened after = open(mine);
  EXPECT_EQ(after.reference, made.opened.reference);
  EXPECT_EQ(after.state, State::received);
  EXPECT_EQ(after.due, due);
  EXPECT_EQ(after.deposited_at, kNow);
  EXPECT_EQ(after.answers, (json::object{{"motif", "perte"}, {"nom", "Roy"}}));
  EXPECT_EQ(after.events.size(), made.opened.events.size());
  EXPECT_EQ(after.events[0].act, made.opened.events[0].act);
  EXPECT_EQ(after.events[0].seq, made.opened.events[0].seq);
  // Sent again it is done, whatever it says then.
  for (const json::object& again : {answers, json::object{{"frob", 1}}, json::object()}) {
    EXPECT_EQ(send(mine, again).opened.reference, made.opened.reference);
    EXPECT_TRUE(send(mine, again).repeated);
  }
  EXPECT_EQ(told, 1);
}

// On PostgreSQL what one transaction reads and another writes makes them conflict: a page by page
// deposit reads no more than what decides it.
TEST_P(Casework, ADepositPageByPageReadsLittle) {
  std::vector<std::string> selects;
  db::DatabaseConfig written_down = config();
  written_down.rehearse = false;
  written_down.on_said = [&](const db::Said& said) {
    for (const auto& each : said.statements)
      if (said.access == db::Access::write && std::string_view(each.sql).starts_with("select"))
        selects.emplace_back(each.sql);
  };
  db::Database database(written_down);
  vault::Keyring keyring(database, store_);
  const CivilDate due = std::chrono::year(2027) / 1 / 25;
  Cases cases(
      database, keyring, catalogue_,
      [&](db::Tx&, const Case& row, Act, Instant) {
        EXPECT_EQ(row.state(), State::received);
        EXPECT_EQ(row.due(), due);
        EXPECT_EQ(row.deposited_at(), kNow);
        EXPECT_FALSE(row.reference().empty());
      },
      [&](const Opened& opened) {
        EXPECT_EQ(opened.events.size(), 1u);
        EXPECT_EQ(opened.deposited_at, kNow);
        return due;
      });
  for (int time = 0; time < 2; ++time) {  // the first one makes the key that cases are found by
    const Mine mine{new_id(), new_token()};
    selects.clear();
    const Opened draft = cases.begin(cx_, "essai", mine.id, mine.token);
    EXPECT_THAT(selects, ::testing::IsEmpty());
    EXPECT_EQ(draft.service, open(mine).service);
    EXPECT_EQ(draft.created_at, open(mine).created_at);
    cases.merge(cx_, mine.id, mine.token.reveal(), {{"motif", "perte"}, {"nom", "Roy"}});
    selects.clear();
    const Opened made = cases.deposit(cx_, mine.id, mine.token.reveal()).opened;
    // The case, its pieces, whether its citizen wants reminders, whether an agent types it.
    EXPECT_THAT(selects, ::testing::SizeIs(4));
    const Opened after = open(mine);
    EXPECT_EQ(after.reference, made.reference);
    EXPECT_EQ(after.state, made.state);
    EXPECT_EQ(after.due, made.due);
    EXPECT_EQ(after.answers, made.answers);
    EXPECT_EQ(after.saved_at, made.saved_at);
    EXPECT_EQ(after.deposited_at, made.deposited_at);
    ASSERT_THAT(after.events, ::testing::SizeIs(1));
    ASSERT_THAT(made.events, ::testing::SizeIs(1));
    EXPECT_EQ(after.events[0].seq, made.events[0].seq);
    EXPECT_EQ(after.events[0].at, made.events[0].at);
    cases_.act(cx_, mine.id, mine.token.reveal(), Act::write, "event-01", "Bonjour.");
    EXPECT_EQ(open(mine).events.back().seq, 2);
  }
}

TEST_P(Casework, ManyWhoDepositAtOnceAllGetThrough) {
  db::DatabaseConfig plain = config();
  plain.rehearse = false;
  db::Database database(plain);
  vault::Keyring keyring(database, store_);
  Cases cases(database, keyring, catalogue_);
  deposit(filled());  // the key that cases are found by
  constexpr int kEach = 10;
  std::mutex mutex;
  std::set<std::string> references;
  {
    std::vector<std::jthread> citizens;
    for (int citizen = 0; citizen < 4; ++citizen)
      citizens.emplace_back([&] {
        for (int n = 0; n < kEach; ++n) try {
            const Mine mine{new_id(), new_token()};
            cases.begin(cx_, "essai", mine.id, mine.token);
            cases.merge(cx_, mine.id, mine.token.reveal(), {{"motif", "perte"}, {"nom", "Roy"}});
            const Deposit made = cases.deposit(cx_, mine.id, mine.token.reveal());
            const std::scoped_lock lock(mutex);
            references.insert(made.opened.reference);
          } catch (const Error& e) {
            ADD_FAILURE() << e.detail();
          }
      });
  }
  EXPECT_THAT(references, ::testing::SizeIs(4 * kEach));
}

TEST_P(Casework, AReferenceIsOfOneCase) {
  const Mine first = filled(), second = filled();
  const auto name = [&](const Mine& mine) {
    database_.write("demo", [&](db::Tx& tx) {
      const Case row = case_for_citizen(tx, cx_, mine.id, mine.token.reveal());
      const Case after =
          set_deposited(tx, row, "KILU-BAFO-A", State::received, row.sealed(), std::nullopt, kNow);
      EXPECT_EQ(after.reference(), "KILU-BAFO-A");
    });
  };
  name(first);
  EXPECT_EQ(error_of([&] { name(second); }).code(), Errc::conflict);
  EXPECT_EQ(open(second).state, State::draft);
  deposit(second);
}

TEST_P(Casework, ADepositAtOnceThatIsRefusedBeginsNothing) {
  const Mine mine{new_id(), new_token()};
  const auto send = [&](const json::object& answers) {
    return cases_.deposit_at_once(cx_, "essai", mine.id, mine.token, answers);
  };
  EXPECT_EQ(error_of([&] { send({{"motif", "vol"}}); }).code(), Errc::invalid);
  EXPECT_EQ(error_of([&] { send({{"frob", 1}}); }).code(), Errc::invalid);
  EXPECT_EQ(error_of([&] { open(mine); }).code(), Errc::not_found);
  EXPECT_FALSE(send({{"motif", "perte"}, {"nom", "Roy"}}).repeated);
  // A draft that was begun under its id and token goes on.
  const Mine draft = begin();
  save(draft, "motif", "perte");
  EXPECT_EQ(cases_.deposit_at_once(cx_, "essai", draft.id, draft.token, {{"nom", "Roy"}})
                .opened.answers.at("motif"),
            "perte");
  // Another's is not.
  EXPECT_EQ(error_of([&] {
              cases_.deposit_at_once(cx_, "essai", mine.id, new_token(),
                                     {{"motif", "perte"}, {"nom", "Roy"}});
            }).code(),
            Errc::not_found);
}

TEST_P(Casework, WhatSharesTheDepositsFateIsThereOnce) {
  int told = 0;
  std::optional<CivilDate> due = CivilDate(std::chrono::year(2027) / 1 / 25);
  Cases cases(
      database_, keyring_, catalogue_,
      [&](db::Tx&, const Case& row, Act act, Instant) {
        EXPECT_EQ(act, Act::deposit);
        EXPECT_EQ(row.state(), State::received);
        ++told;
      },
      [&](const Opened& opened) {
        EXPECT_EQ(opened.events.size(), 1u);
        return due;
      });
  const Mine mine = filled();
  EXPECT_EQ(cases.deposit(cx_, mine.id, mine.token.reveal()).opened.due, due);
  const int first = told;
  EXPECT_GE(first, 1);  // writes are rehearsed
  EXPECT_TRUE(cases.deposit(cx_, mine.id, mine.token.reveal()).repeated);
  EXPECT_EQ(told, first);
  EXPECT_EQ(open(mine).due, due);
}

TEST_P(Casework, AnAgentActsOnTheCasesOfTheirServices) {
  const Mine mine = filled();
  EXPECT_EQ(error_of([&] { cases_.open_as(cx_, agent_, mine.id); }).code(), Errc::not_found);
  EXPECT_TRUE(cases_.list(cx_, agent_, {}).empty());  // drafts are nobody's
  deposit(mine);
  EXPECT_EQ(error_of([&] { cases_.open_as(cx_, other_, mine.id); }).code(), Errc::not_found);
  EXPECT_TRUE(cases_.list(cx_, other_, {}).empty());
  EXPECT_TRUE(cases_.list(cx_, other_, {.services = {"etat-civil"}}).empty());
  ASSERT_EQ(cases_.list(cx_, agent_, {}).size(), 1u);
  EXPECT_EQ(cases_.list(cx_, agent_, {})[0].id, mine.id);

  const auto acts = [&](Act what, std::string id, std::string_view text) {
    return cases_.act_as(cx_, agent_, mine.id, what, id, text);
  };
  EXPECT_EQ(acts(Act::take_up, "event-01", "").state, State::examined);
  EXPECT_EQ(error_of([&] { acts(Act::refuse, "event-02", " "); }).code(), Errc::invalid);
  EXPECT_EQ(acts(Act::ask_pieces, "event-02", "Il manque une pièce").state, State::awaiting);
  // A word gives no document: it is a message, and what is asked for stays awaited.
  const auto word = [&] {
    return cases_.act(cx_, mine.id, mine.token.reveal(), Act::give_pieces, "event-03", "Perdue");
  };
  EXPECT_EQ(word().state, State::awaiting);
  EXPECT_EQ(word().events.back().act, Act::write);
  EXPECT_EQ(acts(Act::give_pieces, "event-3b", "").state, State::examined);
  EXPECT_EQ(acts(Act::accept, "event-04", "").state, State::accepted);
  // Sent again it is done; another act under its id is not.
  EXPECT_EQ(acts(Act::accept, "event-04", "").state, State::accepted);
  EXPECT_EQ(error_of([&] { acts(Act::refuse, "event-04", "Non"); }).code(), Errc::conflict);
  EXPECT_EQ(error_of([&] { acts(Act::refuse, "event-05", "Non"); }).code(), Errc::conflict);
  const Opened after = open(mine);
  ASSERT_EQ(after.events.size(), 6u);
  EXPECT_EQ(after.events[1].author, "Claire Petit");
  EXPECT_EQ(after.events[2].text, "Il manque une pièce");
  EXPECT_FALSE(after.due);
}

TEST_P(Casework, ACaseGoesToAnotherService) {
  const Mine mine = filled();
  deposit(mine);
  cases_.act_as(cx_, agent_, mine.id, Act::reassign, "event-01", "Pour l’urbanisme",
                {{"service", "urbanisme"}});
  EXPECT_EQ(error_of([&] { cases_.open_as(cx_, agent_, mine.id); }).code(), Errc::not_found);
  EXPECT_EQ(cases_.open_as(cx_, other_, mine.id).service, "urbanisme");
  EXPECT_EQ(open(mine).deposited_at, kNow);  // its first date stays
}

TEST_P(Casework, ACitizenWritesAndWithdrawsButDoesNotDecide) {
  const Mine mine = filled();
  deposit(mine);
  const auto acts = [&](Act what, std::string id, std::string_view text) {
    return cases_.act(cx_, mine.id, mine.token.reveal(), what, id, text);
  };
  EXPECT_EQ(acts(Act::write, "event-01", "Bonjour,\n\n  une question  ").events.back().text,
            "Bonjour,\nune question");
  for (const Act what : {Act::accept, Act::note, Act::close, Act::take_up})
    EXPECT_EQ(error_of([&] { acts(what, "event-02", "x"); }).code(), Errc::invalid);
  EXPECT_EQ(
      error_of([&] { acts(Act::write, "event-02", std::string(kReasonMax + 1, 'a')); }).code(),
      Errc::too_large);
  EXPECT_EQ(acts(Act::withdraw, "event-02", "").state, State::withdrawn);
}

TEST_P(Casework, NobodyTakesAnIdOfTheProgramFirst) {
  const Mine mine = filled();
  deposit(mine);
  cases_.act(cx_, mine.id, mine.token.reveal(), Act::write, "bounce-0001", "Bonjour");
  cases_.record(system_context(), mine.id, Act::note, "bounce-0001", "Un e-mail n’est pas arrivé.");
  const Opened again = cases_.record(system_context(), mine.id, Act::note, "bounce-0001",
                                     "Un e-mail n’est pas arrivé.");
  EXPECT_EQ(again.events.size(), 3u);  // deposit, message, note
  EXPECT_EQ(again.events.back().act, Act::note);
}

TEST_P(Casework, ALinkOfALetterGoesOnOpeningItsDraftAfterTheNextLetter) {
  const Mine mine = filled();
  const Secret<std::string> first = cases_.link(system_context(), mine.id);
  const Secret<std::string> second = cases_.link(system_context(), mine.id);
  for (const Secret<std::string>& each : {second, first})
    EXPECT_EQ(cases_.open(cx_, mine.id, each.reveal()).answers.at("nom"), "Élodie Roy");
  const Mine other = filled();
  EXPECT_NE(cases_.link(system_context(), other.id).reveal(), first.reveal());
  EXPECT_EQ(error_of([&] { cases_.open(cx_, other.id, first.reveal()); }).code(), Errc::not_found);
  EXPECT_EQ(error_of([&] { cases_.open(cx_, mine.id, ""); }).code(), Errc::not_found);
  const std::string reference = deposit(mine).opened.reference;
  EXPECT_EQ(open(mine).reference, reference);
  EXPECT_FALSE(cases_.with_reference(system_context(), "KILU-BAFO-A"));
  EXPECT_EQ(cases_.with_reference(system_context(), reference)->answers.at("nom"), "Élodie Roy");
}

TEST_P(Casework, DraftsEndAndDepositsStay) {
  const Mine old = begin(), sent = filled();
  deposit(sent);
  const Instant later = kNow + std::chrono::days(31);
  EXPECT_EQ(cases_.expire_drafts(system_context(kNow + std::chrono::days(29))), 0u);
  EXPECT_EQ(cases_.expire_drafts(system_context(later)), 1u);
  EXPECT_EQ(error_of([&] { open(old); }).code(), Errc::not_found);
  EXPECT_EQ(open(sent).state, State::received);
  // Erased is erased: the same id and token do not bring it back.
  EXPECT_EQ(error_of([&] { cases_.begin(cx_, "essai", old.id, old.token); }).code(),
            Errc::not_found);
}

TEST_P(Casework, ACaseThatIsOverEndsAfterItsDelay) {
  const Mine over = filled(), under_way = filled(), fresh = filled();
  for (const Mine* mine : {&over, &under_way, &fresh}) deposit(*mine);
  const auto withdraw = [&](const Mine& mine, Instant now) {
    cases_.act(context("demo", now), mine.id, mine.token.reveal(), Act::withdraw, "event-01", "");
  };
  withdraw(over, kNow);
  withdraw(fresh, kNow + std::chrono::days(20));
  // Twelve months of 31 days: never shorter than what was promised.
  const Instant last = kNow + std::chrono::days(12 * 31);
  EXPECT_EQ(cases_.expire_closed(system_context(last)), 0u);
  EXPECT_EQ(cases_.expire_closed(system_context(last + std::chrono::milliseconds(1))), 1u);
  EXPECT_EQ(cases_.expire_closed(system_context(last + std::chrono::milliseconds(1))), 0u);
  EXPECT_EQ(error_of([&] { open(over); }).code(), Errc::not_found);
  EXPECT_EQ(open(under_way).state, State::received);
  EXPECT_EQ(open(fresh).state, State::withdrawn);
  database_.read([&](db::Tx& tx) {
    const auto key = vault::data_key_of(tx, "demo", object_of(over.id));
    ASSERT_TRUE(key);
    EXPECT_TRUE(key->destroyed_at);
    EXPECT_FALSE(feed::last_seq(tx, {"demo", object_of(over.id)}));
    EXPECT_EQ(words_stored(tx, cx_, over.id), 0);
  });
}

TEST_P(Casework, ACaseDepositedTwiceGoesOnInOne) {
  std::vector<std::pair<std::string, Act>> told;
  Cases cases(
      database_, keyring_, catalogue_,
      [&](db::Tx&, const Case& row, Act act, Instant) { told.emplace_back(row.id(), act); },
      [](const Opened& opened) {
        const auto clock = clock_of(opened, Zone::paris(), kNow);
        return clock ? clock->due : std::nullopt;
      });
  const Instant earlier = kNow - std::chrono::days(20);
  const Mine first = filled(), second = filled();
  const Opened kept =
      cases.deposit(context("demo", earlier), first.id, first.token.reveal()).opened;
  const Opened twice = cases.deposit(cx_, second.id, second.token.reveal()).opened;
  told.clear();
  const auto merge = [&](const Author& who, const Mine& mine, const std::string& reference,
                         std::string_view event = "event-01") {
    return cases.merge_into(cx_, who, mine.id, reference, event, "Déposée deux fois");
  };
  EXPECT_EQ(error_of([&] { merge(agent_, second, twice.reference); }).code(), Errc::invalid);
  EXPECT_EQ(error_of([&] { merge(agent_, second, "KILU-BAFO-A"); }).code(), Errc::invalid);
  EXPECT_EQ(error_of([&] { merge(other_, second, kept.reference); }).code(), Errc::not_found);
  EXPECT_EQ(
      error_of([&] { cases.act_as(cx_, agent_, second.id, Act::merge, "event-01", "x"); }).code(),
      Errc::invalid);
  told.clear();

  // The delay runs from the first deposit: the older case is the one that goes on.
  EXPECT_EQ(error_of([&] { merge(agent_, first, twice.reference); }).code(), Errc::conflict);
  EXPECT_EQ(open(first).state, State::received);
  told.clear();
  const Opened ended = merge(agent_, second, kept.reference);
  EXPECT_EQ(ended.state, State::closed);
  EXPECT_EQ(merge(agent_, second, kept.reference).events.size(), 2u);  // sent again it is done
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(std::set(told.begin(), told.end()), (std::set{std::pair(second.id, Act::merge)}));
  const Opened after = open(second), goes_on = open(first);
  EXPECT_EQ(merged_into(after), kept.reference);
  EXPECT_THAT(state_words(after), HasSubstr(kept.reference));
  EXPECT_EQ(after.deposited_at, kNow);
  EXPECT_FALSE(after.due);
  EXPECT_FALSE(clock_of(after, Zone::paris(), kNow)->due);
  EXPECT_EQ(goes_on.state, State::received);
  EXPECT_EQ(goes_on.deposited_at, earlier);
  EXPECT_EQ(goes_on.due, kept.due);  // its clock is its own
  EXPECT_EQ(clock_of(goes_on, Zone::paris(), kNow)->due, kept.due);
  EXPECT_FALSE(merged_into(goes_on));
  EXPECT_EQ(string_at(goes_on.events.back().more, "from"), twice.reference);
  // What is over cannot take another in; taken up again by itself it is a case like others.
  EXPECT_EQ(error_of([&] { merge(agent_, first, twice.reference, "event-02"); }).code(),
            Errc::conflict);
  const Opened again =
      cases.act_as(cx_, agent_, second.id, Act::reopen, "event-03", "C’en est une autre");
  EXPECT_FALSE(merged_into(again));
  EXPECT_TRUE(again.due);
}

TEST_P(Casework, CasesOfTwoPeopleOrTwoDemarchesAreNotMerged) {
  constexpr std::string_view kWho =
      "      - {id: vous, type: person, label: Vous, with: [email]}\n";
  publish(2, kWho);
  const auto sent = [&](std::string_view last, std::string_view first, std::string_view email) {
    const Mine mine{new_id(), new_token()};
    return cases_
        .deposit_at_once(
            cx_, "essai", mine.id, mine.token,
            {{"motif", "perte"},
             {"nom", "x"},
             {"vous", json::object{{"last_name", last}, {"first_names", first}, {"email", email}}}})
        .opened;
  };
  const Opened ana = sent("Roy", "Ana", "ana@b.fr"), lou = sent("Roy", "Lou", "lou@b.fr"),
               again = sent("Roi", "Anna", "Ana@B.fr"), third = sent("ROY", "Ana", "a@c.fr");
  const auto merge = [&](const Opened& one, const Opened& two) {
    return cases_.merge_into(cx_, agent_, one.id, two.reference, "event-01", "").state;
  };
  EXPECT_EQ(error_of([&] { merge(lou, ana); }).code(), Errc::invalid);
  EXPECT_EQ(merge(again, ana), State::closed);
  // Something happened to it since the agent looked; sent again, it is done whatever came after.
  const auto as_seen = [&](std::int64_t seen) {
    return cases_.merge_into(cx_, agent_, third.id, ana.reference, "event-02", "", seen).state;
  };
  EXPECT_EQ(error_of([&] { as_seen(0); }).code(), Errc::conflict);
  EXPECT_EQ(as_seen(1), State::closed);
  EXPECT_EQ(as_seen(1), State::closed);
}

TEST_P(Casework, ATransferThatWasAMistakeComesBackWithItsClock) {
  const Mine mine = filled();
  const Opened sent = deposit(mine).opened;
  cases_.act_as(cx_, agent_, mine.id, Act::transfer, "event-01", "x", {{"to", "la préfecture"}});
  const Opened back = cases_.act_as(cx_, agent_, mine.id, Act::reopen, "event-02", "Par erreur");
  EXPECT_EQ(back.state, State::examined);
  const auto clock = clock_of(back, Zone::paris(), kNow);
  ASSERT_TRUE(clock);
  EXPECT_EQ(clock->due, clock_of(sent, Zone::paris(), kNow)->due);
}

TEST_P(Casework, ADraftFollowsANewerVersionThatTakesItsAnswers) {
  const Mine mine = filled();
  publish(2, "      - {id: encore, type: text, label: Encore}\n");
  const Opened found = open(mine);
  EXPECT_EQ(found.definition->version, 2);
  EXPECT_EQ(found.answers.at("nom"), "Élodie Roy");
  EXPECT_EQ(found.saved_at, kNow);  // it is not younger for that
  // The new question is asked.
  EXPECT_EQ(error_of([&] { deposit(mine); }).code(), Errc::invalid);
  save(mine, "encore", "oui");
  EXPECT_FALSE(deposit(mine).opened.reference.empty());
  publish(3);
  EXPECT_EQ(open(mine).definition->version, 2);  // what is deposited stays as it was
}

TEST_P(Casework, WhatWasSentToTheVersionBeforeIsSentAgain) {
  const Mine mine = filled();
  publish(2, "      - {id: encore, type: text, label: Encore}\n");
  open(mine);
  EXPECT_EQ(save(mine, "nom", "Roy").opened.definition->version, 2);
}

TEST_P(Casework, ADraftThatANewerVersionDoesNotTakeEndsWithItsOwn) {
  const Mine mine = filled();
  auto changed = procedure::read_definition(
      std::string(yaml(2)).replace(yaml(2).find("[vol, perte]"), 12, "[vol, casse]"));
  ASSERT_TRUE(changed);
  database_.write("demo", [&](db::Tx& tx) { procedure::publish(tx, "demo", {*changed}, kNow); });
  EXPECT_EQ(open(mine).definition->version, 1);
  EXPECT_FALSE(deposit(mine).opened.reference.empty());
}

TEST_P(Casework, ADraftOfAWithdrawnDemarcheIsFinished) {
  publish(2, "      - {id: encore, type: text, label: Encore}\n");
  const Mine next = begin();
  EXPECT_EQ(open(next).definition->version, 2);
  database_.write("demo", [&](db::Tx& tx) { procedure::publish(tx, "demo", {}, kNow); });
  EXPECT_EQ(open(next).definition->version, 2);  // withdrawn: what was started goes on
  EXPECT_EQ(error_of([&] { begin(); }).code(), Errc::not_found);
}

TEST_P(Casework, ADraftIsHandedOverOnceAndForAMoment) {
  const Mine mine = filled();
  const auto code = [&] { return cases_.hand_over(cx_, mine.id, mine.token.reveal(), "note"); };
  const Secret<std::string> first = code();
  const Secret<std::string> second = code();  // takes the place of the first
  EXPECT_FALSE(cases_.take_over(cx_, first.reveal()));
  const auto handed = cases_.take_over(cx_, second.reveal());
  ASSERT_TRUE(handed);
  EXPECT_EQ(handed->id, mine.id);
  EXPECT_EQ(handed->token.reveal(), mine.token.reveal());
  EXPECT_EQ(handed->note, "note");
  EXPECT_FALSE(cases_.take_over(cx_, second.reveal()));  // used
  const Secret<std::string> third = code();
  EXPECT_FALSE(cases_.take_over(context("demo", kNow + kHandoverLife + 1ms), third.reveal()));
  EXPECT_FALSE(cases_.take_over(context("autre"), third.reveal()));
  EXPECT_TRUE(cases_.take_over(context("demo", kNow + kHandoverLife), third.reveal()));
  EXPECT_FALSE(cases_.take_over(cx_, "rien"));
  EXPECT_EQ(error_of([&] { cases_.hand_over(cx_, mine.id, new_token().reveal(), ""); }).code(),
            Errc::not_found);
}

TEST_P(Casework, AnswersMovedToAnotherCaseDoNotOpen) {
  const Mine mine = filled(), second = filled();
  database_.write("demo", [&](db::Tx& tx) {
    const Case from = case_for_citizen(tx, cx_, mine.id, mine.token.reveal());
    const Case to = case_for_citizen(tx, cx_, second.id, second.token.reveal());
    set_answers(tx, to, from.sealed(), kNow);
  });
  EXPECT_EQ(error_of([&] { open(second); }).code(), Errc::failed);
  EXPECT_EQ(open(mine).answers.size(), 2u);
}

TEST_P(Casework, IsOfferedWhereItIsServed) {
  tenancy::Context elsewhere = cx_;
  elsewhere.commune = "99002";
  EXPECT_EQ(error_of([&] { cases_.begin(elsewhere, "essai", new_id(), new_token()); }).code(),
            Errc::not_found);
  EXPECT_EQ(catalogue_.offered("demo", "99002").size(), 0u);
  EXPECT_EQ(catalogue_.offered("demo", "99001").size(), 1u);
}

TEST_P(Casework, APublishedVersionIsImmutable) {
  auto changed = procedure::read_definition(yaml(1, "      - {id: x, type: text, label: X}\n"));
  ASSERT_TRUE(changed);
  const auto publish_it = [&] {
    database_.write("demo", [&](db::Tx& tx) { procedure::publish(tx, "demo", {*changed}, kNow); });
  };
  const Error e = error_of(publish_it);
  EXPECT_EQ(e.code(), Errc::conflict);
  EXPECT_THAT(e.detail(), HasSubstr("raise version to 2"));
  publish(2);
  changed = procedure::read_definition(yaml(1));
  EXPECT_EQ(error_of(publish_it).code(), Errc::conflict);  // an older one
}

TEST_P(Casework, ListsByDateThenPageByPage) {
  std::vector<std::string> ids;
  const auto due_in = [](int days) {
    return CivilDate(std::chrono::sys_days(std::chrono::year(2027) / 1 / 1) +
                     std::chrono::days(days));
  };
  int days = 0;
  Cases cases(database_, keyring_, catalogue_, {},
              [&](const Opened&) { return std::optional(due_in(days)); });
  for (days = 5; days > 0; --days) {
    const Mine mine = filled();
    cases.deposit(cx_, mine.id, mine.token.reveal());
    ids.insert(ids.begin(), mine.id);
  }
  const auto page = database_.read(
      "demo", [&](db::Tx& tx) { return list(tx, cx_, {.services = {"etat-civil"}}, 3); });
  ASSERT_EQ(page.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(page[i].id, ids[i]);
  const auto rest =
      cases.list(cx_, agent_, {.after_due = format_iso_date(*page[2].due), .after_id = page[2].id});
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest[0].id, ids[3]);
  EXPECT_TRUE(cases.list(cx_, agent_, {.states = {State::accepted}}).empty());
  EXPECT_TRUE(cases.list(cx_, agent_, {.procedure = "autre"}).empty());
}

TEST_P(Casework, TagsAreOfOneCaseOneTenantAndOnePurpose) {
  const crypto::Key key = tag_key(database_, keyring_, system_context());
  EXPECT_EQ(tag_key(database_, keyring_, system_context()).reveal(), key.reveal());
  const std::string id = new_id(), tag = tag_of(key, Purpose::reply, id);
  EXPECT_EQ(tag.size(), kTagSigns);
  EXPECT_TRUE(is_tag(key, Purpose::reply, id, tag));
  std::string shouted = tag;
  for (char& c : shouted) c = static_cast<char>(std::toupper(c));
  EXPECT_TRUE(is_tag(key, Purpose::reply, id, shouted));
  EXPECT_FALSE(is_tag(key, Purpose::stop, id, tag));
  EXPECT_FALSE(is_tag(key, Purpose::reply, new_id(), tag));
  EXPECT_FALSE(is_tag(key, Purpose::reply, id, ""));
  EXPECT_FALSE(is_tag(crypto::Key::random(), Purpose::reply, id, tag));

  const std::string reference = reference_of(77);
  const auto plus = read_plus(plus_of(reference, tag));
  ASSERT_TRUE(plus);
  EXPECT_EQ(plus->reference, reference);
  EXPECT_EQ(plus->tag, tag);
  for (const std::string& wrong : {tag, reference, "kilu-bafo-0-" + tag, std::string()})
    EXPECT_FALSE(read_plus(wrong)) << wrong;
}

TEST_P(Casework, RemindersAreTakenOnceAndStoppedByTheCitizen) {
  const Mine mine = filled();
  deposit(mine);
  const auto take = [&](std::string_view key) {
    return database_.write("demo", [&](db::Tx& tx) {
      return take_reminder(tx, case_for_system(tx, system_context(), mine.id), key, kNow);
    });
  };
  EXPECT_TRUE(take("pieces-2-7"));
  EXPECT_FALSE(take("pieces-2-7"));
  EXPECT_TRUE(take("pieces-2-2"));
  EXPECT_TRUE(open(mine).reminders);
  cases_.set_reminders(cx_, mine.id, mine.token.reveal(), false);
  EXPECT_FALSE(open(mine).reminders);
  cases_.set_reminders(cx_, mine.id, mine.token.reveal(), true);
  EXPECT_TRUE(open(mine).reminders);
  cases_.stop_reminders(system_context(), mine.id);
  EXPECT_FALSE(open(mine).reminders);
  EXPECT_EQ(error_of([&] { cases_.set_reminders(cx_, mine.id, "", true); }).code(),
            Errc::not_found);
}

TEST_P(Casework, WhatTheSystemRecordsIsThereOnceAndDecidesNothing) {
  const Mine mine = filled();
  deposit(mine);
  for (int i = 0; i < 2; ++i)
    cases_.record(system_context(), mine.id, Act::silence, "silence-2027-01-25", "",
                  {{"verdict", "accepted"}});
  cases_.record(system_context(), mine.id, Act::note, "bounce-12345", "La lettre est revenue.");
  cases_.write_by_mail(system_context(), mine.id, "mail-12345", "Voici.", {{"by_mail", true}});
  const Opened after = open(mine);
  EXPECT_EQ(after.state, State::received);
  ASSERT_EQ(after.events.size(), 4u);
  EXPECT_EQ(after.events[1].act, Act::silence);
  EXPECT_EQ(after.events[1].by, Role::system);
  EXPECT_EQ(after.events[3].by, Role::citizen);
  const Mine draft = filled();
  EXPECT_EQ(error_of([&] {
              cases_.record(system_context(), draft.id, Act::silence, "silence-1", "");
            }).code(),
            Errc::conflict);
}

INSTANTIATE_TEST_SUITE_P(Engines, Casework, support::kEngines, support::engine_name);

}  // namespace
}  // namespace parvis::casework
