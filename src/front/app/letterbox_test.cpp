// Cases, their mail and time, with the clock in hand and a real mail server.
#include "app/letterbox.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "app/health.hpp"
#include "app/inbox.hpp"
#include "app/piece_checks.hpp"
#include "app/watch.hpp"
#include "casework/tags.hpp"
#include "crypto/hash.hpp"
#include "identity/accounts.hpp"
#include "identity/identity_store.hpp"
#include "inspect/fixtures_for_tests.hpp"
#include "inspect/inspector.hpp"
#include "jobs/jobs_store.hpp"
#include "runtime/doorbell.hpp"
#include "support/antivirus.hpp"
#include "support/imap_server.hpp"
#include "support/items.hpp"
#include "support/smtp_server.hpp"
#include "tenancy/tenancy_store.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::app {
namespace {

namespace fs = std::filesystem;
using casework::Act;
using casework::Opened;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Instant at(std::string_view text) { return *parse_rfc3339(text); }
const Instant kNow = at("2026-11-24T13:32:00Z");  // a Tuesday

constexpr std::string_view kYaml = R"(id: essai
title: Essai
summary: Pour voir.
service: voirie
other_ways: [Au guichet.]
clock: {silence: refuses, delay: 2 months, ground: financial, basis: article L231-4 du code}
steps:
  - title: Un
    pages:
      - {id: nom, type: text, label: Nom}
      - {id: email, type: email, label: E-mail, optional: true}
)";

class Post : public support::EachEngine {
 public:
  ~Post() override { fs::remove_all(folder_); }

 protected:
  void SetUp() override {
    fs::create_directories(folder_);
    config_.mail_url = smtp_.url();
    config_.mail_from = "mairie@ville.example";
    config_.mail_starttls = "none";
    config_.public_url = "https://v.example";
    config_.mail_reply = "dossier@ville.example";
    config_.imap_url = "imap://localhost:9";
    config_.imap_starttls = "none";
    database_.write(
        [](db::Tx& tx) { tenancy::create_tenant(tx, {.id = "demo", .name = "Le Val"}, kNow); });
    publish();
    restart();
  }
  void publish(bool any = true) {
    std::vector<procedure::Definition> all;
    if (any) all.push_back(procedure::read_definition(kYaml).value());
    database_.write("demo", [&](db::Tx& tx) { procedure::publish(tx, "demo", all, kNow); });
  }
  // The parts of serve that mail needs.
  void restart() {
    runner_.reset();
    inbox_.reset();
    letterbox_.reset();
    mailer_ = std::make_unique<Mailer>(config_, database_, "demo", Zone::paris());
    letterbox_ = std::make_unique<Letterbox>(Letterbox::Parts{
        .mailer = *mailer_,
        .database = database_,
        .keyring = keyring_,
        .cases = cases_,
        .access = access_,
        .catalogue = catalogue_,
        .receipt =
            [](const Opened& opened) {
              return casework::receipt_of(opened, nullptr, "la mairie", Zone::paris(), kNow);
            },
        .receipt_pdf = [](const Opened&, const casework::Receipt&) { return "%PDF-1.7"; },
        .decision_pdf =
            [](const casework::Decision& decision,
               const Personal<std::vector<std::string>>& recipient, Instant taken) {
              return fmt::format("%PDF {} {} {}", decision.law, recipient.read().size(),
                                 format_rfc3339(taken));
            },
        .town = "Le Val",
        .public_url = config_.public_url,
        .zone = Zone::paris(),
        .base =
            [](const std::string& commune) {
              return commune == "99001" ? std::string("/bourg/") : std::string("/");
            }});
    inbox_ = std::make_unique<Inbox>(
        config_, Inbox::Parts{database_, keyring_, cases_, pieces_, Zone::paris()});
    runner_ = std::make_unique<jobs::Runner>(database_, doorbell_, metrics_, system_now, kinds());
  }

  std::vector<jobs::Kind> kinds() {
    auto all = job_kinds({*letterbox_, watch_, *inbox_});
    all.push_back(check_kind(pieces_, Zone::paris()));
    return all;
  }

  static tenancy::Context context(Instant now = kNow) {
    return {"demo", "", tenancy::Actor::visitor(), Zone::paris(), {}, "r", now};
  }
  static tenancy::Context system(Instant now = kNow) {
    return system_context("demo", "test", Zone::paris(), now);
  }
  struct Mine {
    std::string id;
    Secret<std::string> token;
  };
  Mine draft(const std::string& email = "ana@example.org", const std::string& commune = "") {
    Mine mine{casework::new_id(), casework::new_token()};
    tenancy::Context cx = context();
    cx.commune = commune;
    cases_.begin(cx, "essai", mine.id, mine.token);
    json::object answers{{"nom", "Ana"}};
    if (!email.empty()) answers["email"] = email;
    cases_.merge(context(), mine.id, mine.token.reveal(), answers);
    return mine;
  }
  Mine deposited(const std::string& email = "ana@example.org") {
    Mine mine = draft(email);
    cases_.deposit(context(), mine.id, mine.token.reveal());
    return mine;
  }
  void ask_pieces(const Mine& mine, std::string_view term, Instant now) {
    const casework::Author agent{casework::Role::agent, "a1", "Claire Petit", {}};
    cases_.act_as(context(now), agent, mine.id, Act::take_up, "take-up-1", "");
    cases_.act_as(context(now), agent, mine.id, Act::ask_pieces, "ask-pieces-1", "Un plan.",
                  {{"term", term}});
  }
  Opened open(const Mine& mine) { return cases_.open(context(), mine.id, mine.token.reveal()); }
  // All that is due at each hour in between, as a server that runs does it.
  void until(Instant& now, Instant end) {
    for (; now < end; now += 1h) runner_->run_due(now);
    now = end;
    runner_->run_due(now);
  }
  std::vector<std::string> subjects() const {
    std::vector<std::string> all;
    for (int n = 1; n <= smtp_.received(); ++n)
      all.emplace_back(string_at(*object_at(smtp_.record(n), "headers"), "Subject").value_or(""));
    return all;
  }
  int count(std::string_view part) const {
    int found = 0;
    for (const std::string& each : subjects()) found += each.contains(part) ? 1 : 0;
    return found;
  }
  std::vector<std::string> notes(const Mine& mine) {
    std::vector<std::string> all;
    for (const casework::Happened& each : open(mine).events)
      if (each.act == Act::note) all.push_back(each.text);
    return all;
  }
  std::vector<std::string> written(const Mine& mine) {
    std::vector<std::string> all;
    for (const casework::Happened& each : open(mine).events)
      if (each.act == Act::write) all.push_back(each.text);
    return all;
  }

  fs::path folder_ = fs::temp_directory_path() / ("post-" + crypto::random_hex(8));
  support::SmtpServer smtp_;
  Config config_;
  db::Database database_{config()};
  vault::SealedFile store_{folder_ / "keys", crypto::Key::random()};
  vault::Keyring keyring_{database_, store_};
  procedure::Catalogue catalogue_{database_};
  const casework::OnAct on_act_ = [](db::Tx& tx, const casework::Case& row, Act act, Instant now) {
    enqueue_letter(tx, row, act, now);
    enqueue_watch(tx, row, now);
  };
  casework::Cases cases_{
      database_,
      keyring_,
      catalogue_,
      on_act_,
      {},
      [](db::Tx& tx, const casework::Case& row, Instant now) { enqueue_watch(tx, row, now); }};
  casework::Access access_{database_, keyring_};
  inspect::Inspector inspector_{{.time_limit = std::chrono::seconds(120)}};
  casework::Pieces pieces_{database_, keyring_,      catalogue_, inspector_,
                           nullptr,   enqueue_check, on_act_};
  runtime::Doorbell doorbell_;
  Metrics metrics_;
  Watch watch_{database_, cases_, Zone::paris()};
  std::unique_ptr<Mailer> mailer_;
  std::unique_ptr<Letterbox> letterbox_;
  std::unique_ptr<Inbox> inbox_;
  std::unique_ptr<jobs::Runner> runner_;
};

TEST_P(Post, TheReceiptGoesWithItsPdfAndAnAddressToAnswer) {
  const Mine mine = deposited();
  runner_->run_due(kNow);
  ASSERT_EQ(smtp_.received(), 1);
  const json::object record = smtp_.record(1);
  EXPECT_THAT(json::serialize(record.at("parts")), HasSubstr("accuse-de-reception-"));
  const std::string to(record.at("reply_to").as_array()[0].as_array()[1].as_string());
  EXPECT_THAT(to, AllOf(HasSubstr("dossier+"), HasSubstr("@ville.example")));
  EXPECT_EQ(string_at(record, "mail_from"), to);  // bounces come back there
  EXPECT_THAT(to, Not(HasSubstr(mine.id)));
  runner_->run_due(kNow + 48h);
  EXPECT_EQ(count("accusé"), 1);
}

// As it was signed, not as it would be made at the time of the mail.
TEST_P(Post, ADecisionGoesWithItsLetter) {
  const Mine mine = deposited();
  runner_->run_due(kNow);
  const casework::Author agent{casework::Role::agent, "a1", "Claire Petit", {}};
  cases_.act_as(context(), agent, mine.id, Act::take_up, "take-up-1", "");
  cases_.act_as(context(), agent, mine.id, Act::refuse, "refuse-001", "La rue est trop étroite.",
                {{"letter", json::object{{"law", "article R116-2"}}}});
  runner_->run_due(kNow + 1h);
  ASSERT_EQ(smtp_.received(), 2);
  EXPECT_THAT(json::serialize(smtp_.record(2).at("parts")),
              HasSubstr("decision-" + open(mine).reference + ".pdf"));
  EXPECT_EQ(smtp_.part(2, "application/pdf"), "%PDF article R116-2 0 2026-11-24T13:32:00Z");
  EXPECT_THAT(smtp_.part(2, "text/plain"), HasSubstr("jointe à ce message"));
}

TEST_P(Post, PiecesAreRemindedOfUntilTheyAreGiven) {
  const Mine mine = deposited(), given = deposited("bob@example.org");
  Instant now = at("2026-12-01T09:00:00Z");
  ask_pieces(mine, "2026-12-24", now);
  ask_pieces(given, "2026-12-24", now);
  until(now, at("2026-12-18T09:00:00Z"));
  EXPECT_EQ(count("il manque encore"), 2);
  const casework::Author agent{casework::Role::agent, "a1", "Claire Petit", {}};
  cases_.act_as(context(now), agent, given.id, Act::give_pieces, "give-pieces-1", "Au guichet.");
  until(now, at("2026-12-26T09:00:00Z"));
  EXPECT_EQ(count("il manque encore"), 3);
  EXPECT_THAT(notes(mine), ElementsAre(HasSubstr("jeudi 24 décembre 2026")));
  EXPECT_THAT(notes(given), IsEmpty());
}

TEST_P(Post, OffForDaysItSendsOneReminderAndNotThoseThatArePast) {
  const Mine mine = deposited();
  Instant now = at("2026-12-01T09:00:00Z");
  ask_pieces(mine, "2026-12-24", now);
  runner_->run_due(now);
  now = at("2026-12-23T05:00:00Z");  // both were due meanwhile
  runner_->run_due(now);
  EXPECT_EQ(count("il manque encore"), 1);
  until(now, at("2026-12-24T12:00:00Z"));
  EXPECT_EQ(count("il manque encore"), 1);

  const Mine other = deposited("bob@example.org");
  ask_pieces(other, "2027-01-08", now);
  runner_->run_due(now);
  now = at("2027-01-10T09:00:00Z");  // after the term: it says nothing any more
  runner_->run_due(now);
  EXPECT_EQ(count("il manque encore"), 1);
}

TEST_P(Post, AClockThatJumpsNeitherLosesNorDoublesAReminder) {
  const Mine mine = deposited();
  Instant now = at("2026-12-01T09:00:00Z");
  ask_pieces(mine, "2026-12-24", now);
  until(now, at("2026-12-17T10:00:00Z"));
  EXPECT_EQ(count("il manque encore"), 1);
  for (const Instant back : {at("2026-12-10T09:00:00Z"), at("2026-12-16T09:00:00Z")}) {
    now = back;
    until(now, at("2026-12-17T12:00:00Z"));
    EXPECT_EQ(count("il manque encore"), 1);
  }
  runner_->run_due(at("2026-12-22T09:00:00Z"));  // ahead, then right again
  until(now, at("2026-12-23T09:00:00Z"));
  EXPECT_EQ(count("il manque encore"), 2);
}

TEST_P(Post, TheCitizenSwitchesRemindersOffAndNothingElse) {
  const Mine mine = deposited();
  const crypto::Key key = casework::tag_key(database_, keyring_, system());
  const std::string tag = tag_of(key, casework::Purpose::stop, mine.id);
  EXPECT_FALSE(stop_reminders(system(), database_, keyring_, cases_, mine.id,
                              tag_of(key, casework::Purpose::reply, mine.id)));
  EXPECT_TRUE(open(mine).reminders);
  EXPECT_TRUE(stop_reminders(system(), database_, keyring_, cases_, mine.id, tag));
  EXPECT_FALSE(stop_reminders(system(), database_, keyring_, cases_, casework::new_id(), tag));
  Instant now = at("2026-12-01T09:00:00Z");
  ask_pieces(mine, "2026-12-24", now);
  until(now, at("2026-12-25T09:00:00Z"));
  EXPECT_EQ(count("il manque encore"), 0);
  EXPECT_EQ(count("accusé"), 1);
  EXPECT_EQ(count("il manque quelque chose"), 1);
}

TEST_P(Post, AReminderBearsTheWayToStopIt) {
  deposited();
  Instant now = at("2027-01-18T07:00:00Z");
  until(now, at("2027-01-18T09:00:00Z"));
  ASSERT_EQ(count("la fin du délai approche"), 1);
  const json::object record = smtp_.record(smtp_.received());
  const json::object& headers = *object_at(record, "headers");
  EXPECT_THAT(std::string(string_at(headers, "List-Unsubscribe").value_or("")),
              HasSubstr("https://v.example/dossiers/rappels/"));
  EXPECT_EQ(string_at(headers, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
}

TEST_P(Post, ADraftIsRemindedOnceThoughItsDemarcheIsGone) {
  const Mine mine = draft(), silent = draft("");
  publish(false);  // withdrawn while drafts are open
  Instant now = kNow;
  runner_->run_due(now);
  now = at("2026-12-19T05:00:00Z");
  until(now, at("2026-12-24T12:00:00Z"));
  ASSERT_THAT(subjects(), ElementsAre(HasSubstr("n’est pas terminée")));
  const std::string text = smtp_.bytes(1);
  EXPECT_THAT(text, HasSubstr("dossiers/lien/" + mine.id));
  EXPECT_TRUE(string_at(*object_at(smtp_.record(1), "headers"), "Reply-To") == std::nullopt);
  // What was begun goes on with the text that it was begun with.
  EXPECT_FALSE(cases_.deposit(context(now), mine.id, mine.token.reveal()).repeated);
  runner_->run_due(now);
  EXPECT_EQ(count("accusé"), 1);
  EXPECT_EQ(cases_.expire_drafts(system(at("2026-12-25T12:00:00Z"))), 1u);
  runner_->run_due(at("2026-12-26T12:00:00Z"));
  EXPECT_EQ(smtp_.received(), 2);
}

TEST_P(Post, SilenceIsRecordedOnceToldAndDecidedByNobody) {
  const Mine mine = deposited();
  Instant now = at("2027-01-25T20:00:00Z");
  until(now, at("2027-01-25T22:00:00Z"));
  EXPECT_EQ(count("la fin du délai approche"), 1);
  until(now, at("2027-01-28T09:00:00Z"));
  now = at("2027-01-24T09:00:00Z");  // set back
  until(now, at("2027-01-29T09:00:00Z"));
  const Opened after = open(mine);
  EXPECT_EQ(after.state, casework::State::received);
  int silences = 0;
  for (const casework::Happened& each : after.events) silences += each.act == Act::silence ? 1 : 0;
  EXPECT_EQ(silences, 1);
  EXPECT_EQ(count("la fin du délai"), 2);
  EXPECT_NE(casework::newest_silence(after), nullptr);
}

TEST_P(Post, AMailServerThatIsDownForTwoDaysLosesNothingAndDoublesNothing) {
  const std::string url = config_.mail_url;
  config_.mail_url = "smtp://localhost:9";  // nobody listens
  restart();
  for (int i = 0; i < 3; ++i) deposited("ana" + std::to_string(i) + "@example.org");
  Instant now = kNow;
  until(now, kNow + 48h);
  EXPECT_EQ(smtp_.received(), 0);
  auto checks = check_mail(config_, database_, "demo", now);
  EXPECT_EQ(checks[0].state, Check::State::degraded);
  EXPECT_THAT(checks[0].what, AllOf(HasSubstr("last sent never"), HasSubstr("3 letters wait")));
  checks = check_mail(config_, database_, "demo", now, Look::glance);  // of /readyz
  EXPECT_EQ(checks[0].state, Check::State::degraded);
  EXPECT_THAT(checks[0].what, HasSubstr("last sent never, letters wait"));
  EXPECT_EQ(check_jobs(database_, "demo", now, Look::glance)[0].state, Check::State::ok);
  EXPECT_EQ(check_jobs(database_, "demo", now + 48h, Look::glance)[0].state,
            Check::State::degraded);
  config_.mail_url = url;
  restart();
  until(now, kNow + 52h);
  EXPECT_EQ(smtp_.received(), 3);
  checks = check_mail(config_, database_, "demo", now);
  EXPECT_EQ(checks[0].state, Check::State::ok) << checks[0].what;
  EXPECT_THAT(checks[0].what, HasSubstr("0 letters wait, 0 were given up"));
  EXPECT_EQ(check_mail(config_, database_, "demo", now, Look::glance)[0].state, Check::State::ok);
  until(now, kNow + 72h);
  EXPECT_EQ(smtp_.received(), 3);
}

TEST_P(Post, AnAddressThatTheServerRefusesIsNotedInTheCase) {
  const support::SmtpServer refusing({{"script", {{"RCPT", "550 5.1.1 no such user"}}}});
  config_.mail_url = refusing.url();
  restart();
  const Mine mine = deposited();
  runner_->run_due(kNow);
  EXPECT_THAT(notes(mine),
              ElementsAre(AllOf(HasSubstr("n’est pas parti"), Not(HasSubstr("ana@example.org")))));
  EXPECT_EQ(check_mail(config_, database_, "demo", kNow)[0].state, Check::State::degraded);
}

TEST_P(Post, AgentsGetOneDigestADayWhateverTheClockDoes) {
  identity::Accounts accounts(database_, {});
  const auto account = accounts.create(
      system(), {.login = "claire@ville.example", .name = "Claire", .services = {"voirie"}},
      Secret(std::string("une phrase assez longue 84")));
  accounts.create(system(), {.login = "jean@ville.example", .name = "Jean", .services = {"autre"}},
                  Secret(std::string("une phrase assez longue 84")));
  casework::Cases cases(database_, keyring_, catalogue_, {}, [](const Opened& opened) {
    const auto clock = casework::clock_of(opened, Zone::paris(), kNow);
    return clock ? clock->due : std::nullopt;
  });
  const Mine mine = draft("");
  cases.deposit(context(), mine.id, mine.token.reveal());  // due on Monday 25 January 2027
  Instant now = at("2027-01-04T05:00:00Z");
  database_.write("demo", [&](db::Tx& tx) { enqueue_digests(tx, "demo", now); });
  until(now, at("2027-01-27T12:00:00Z"));
  // 15 days before is a Sunday: told on Monday 11; then 7; 2 is a Saturday; the day after.
  EXPECT_THAT(subjects(), ElementsAre("Un dossier à surveiller", "Un dossier à surveiller",
                                      "Un dossier à surveiller", "Un dossier à surveiller"));
  EXPECT_EQ(smtp_.record(1).at("rcpt_tos").as_array()[0], "claire@ville.example");
  EXPECT_THAT(smtp_.bytes(1), Not(HasSubstr("Ana")));
  now = at("2027-01-26T05:00:00Z");  // set back
  until(now, at("2027-01-27T12:00:00Z"));
  EXPECT_EQ(smtp_.received(), 4);
  accounts.set_digest(system(), account.id, false);
  database_.write("demo", [&](db::Tx& tx) {
    identity::set_digest_day(tx, "demo", account.id, *parse_iso_date("2027-01-08"));
    enqueue_digest(tx, "demo", account.id, now);
  });
  runner_->run_due(now);
  EXPECT_EQ(smtp_.received(), 4);
}

TEST_P(Post, ADigestTellsAnAgentOfTheirOwnCommunesAlone) {
  database_.write([](db::Tx& tx) {
    tenancy::add_commune(tx, "demo", {"99001", "bourg", "Bourg", {}});
    tenancy::add_commune(tx, "demo", {"99002", "mont", "Mont", {}});
  });
  identity::Accounts accounts(database_, {});
  const auto agent = [&](const std::string& who, std::vector<std::string> communes) {
    accounts.create(system(),
                    {.login = who + "@ville.example",
                     .name = who,
                     .services = {"voirie"},
                     .communes = std::move(communes)},
                    Secret(std::string("une phrase assez longue 84")));
  };
  agent("bourg", {"99001"});
  agent("mont", {"99002"});
  agent("tous", {});
  casework::Cases cases(database_, keyring_, catalogue_, {}, [](const Opened& opened) {
    const auto clock = casework::clock_of(opened, Zone::paris(), kNow);
    return clock ? clock->due : std::nullopt;
  });
  std::string reference;
  for (const char* commune : {"99001", "99002"}) {
    const Mine mine = draft("", commune);
    cases.deposit(context(), mine.id, mine.token.reveal());  // due on Monday 25 January 2027
    if (reference.empty()) reference = open(mine).reference;
  }
  Instant now = at("2027-01-18T05:00:00Z");
  database_.write("demo", [&](db::Tx& tx) { enqueue_digests(tx, "demo", now); });
  until(now, at("2027-01-18T12:00:00Z"));
  std::map<std::string, std::string> told;
  for (int n = 1; n <= smtp_.received(); ++n)
    told[std::string(smtp_.record(n).at("rcpt_tos").as_array()[0].as_string())] = smtp_.bytes(n);
  ASSERT_EQ(told.size(), 3u);
  EXPECT_THAT(told["bourg@ville.example"], HasSubstr(reference));
  EXPECT_THAT(told["mont@ville.example"], Not(HasSubstr(reference)));
  EXPECT_THAT(told["tous@ville.example"], HasSubstr(reference));
  EXPECT_THAT(subjects(),
              ::testing::UnorderedElementsAre("Un dossier à surveiller", "Un dossier à surveiller",
                                              "2 dossiers à surveiller"));
}

// ── links into cases ──

class Links : public Post {
 protected:
  void ask(const Mine& mine, std::optional<std::string> email, Instant now = kNow) {
    ask(open(mine).reference, std::move(email), now);
  }
  void ask(const std::string& reference, std::optional<std::string> email, Instant now = kNow) {
    const casework::LinkAsked asked{reference, std::move(email), browser_};
    database_.write("demo", [&](db::Tx& tx) { enqueue_link(tx, "demo", asked, now); });
    runner_->run_due(now);
  }
  // Of the newest letter.
  std::string link() const {
    const std::string text = smtp_.part(smtp_.received(), "text/plain");
    const std::string before = "https://v.example/dossiers/acces/";
    const std::size_t at = text.find(before);
    return at == std::string::npos ? std::string() : text.substr(at + before.size(), 64);
  }
  const std::string browser_ = casework::new_browser();
};

TEST_P(Links, OneGoesToTheAddressOfTheCaseAndOpensItOnce) {
  const Mine mine = deposited();
  runner_->run_due(kNow);
  // The receipt leads to the page of the case, and opens nothing.
  EXPECT_THAT(smtp_.part(1, "text/plain"),
              AllOf(HasSubstr("https://v.example/dossiers/" + open(mine).reference),
                    Not(HasSubstr(mine.token.reveal())), Not(HasSubstr("/lien/"))));
  ask(mine, "Ana@Example.org");
  ASSERT_EQ(count("votre lien"), 1);
  const std::string first = link();
  ask(mine, std::nullopt);
  ASSERT_EQ(count("votre lien"), 2);
  const std::string second = link();
  EXPECT_NE(first, second);
  for (const std::string& each : {first, second}) {
    const auto entered = access_.follow(context(), each, browser_, "");
    ASSERT_TRUE(entered);
    EXPECT_EQ(entered->id, mine.id);
    EXPECT_FALSE(access_.follow(context(), each, browser_, ""));
  }
}

TEST_P(Links, NobodyElseGetsOne) {
  const Mine mine = deposited(), silent = deposited("");
  runner_->run_due(kNow);
  const int before = smtp_.received();
  ask(mine, "bob@example.org");
  ask(silent, "ana@example.org");
  ask(silent, std::nullopt);
  ask("KILU-BAFO-A", "ana@example.org");
  ask("KILU-BAFO-A", std::nullopt);
  EXPECT_EQ(smtp_.received(), before);
}

TEST_P(Links, MailThatIsDownForAWhileSendsOneThatWorksAndLaterNone) {
  const Mine mine = deposited();
  runner_->run_due(kNow);
  config_.mail_url = "smtp://127.0.0.1:9";  // nobody listens
  restart();
  ask(mine, std::nullopt);
  EXPECT_EQ(count("votre lien"), 0);
  config_.mail_url = smtp_.url();
  restart();
  const Instant later = kNow + 40min;
  runner_->run_due(later);
  ASSERT_EQ(count("votre lien"), 1);
  EXPECT_EQ(access_.look(context(later + 9min), link(), browser_), casework::Access::Link::here);
  EXPECT_EQ(access_.look(context(later + 10min), link(), browser_), casework::Access::Link::gone);
  config_.mail_url = "smtp://127.0.0.1:9";
  restart();
  ask(mine, std::nullopt, later);
  config_.mail_url = smtp_.url();
  restart();
  runner_->run_due(later + casework::kAskLife + 1min);
  EXPECT_EQ(count("votre lien"), 1);  // nobody waits for it any more
}

TEST_P(Links, AMailboxIsNotFilledByStrangers) {
  const Mine mine = deposited();
  runner_->run_due(kNow);
  for (int i = 0; i < 20; ++i) ask(mine, std::nullopt);
  EXPECT_EQ(count("votre lien"), casework::kLinksUnnamed);
  ask(mine, "ana@example.org");
  EXPECT_EQ(count("votre lien"), casework::kLinksUnnamed + 1);
}

// A file that was taken while the antivirus was away.
TEST_P(Post, AVirusThatIsFoundLaterIsToldToTheCitizenOnce) {
  const Mine mine = deposited(), silent = deposited("");
  runner_->run_due(kNow);
  const inspect::Clamd down({.address = "unix:" + (folder_ / "none").string()});
  casework::Pieces before(database_, keyring_, catalogue_, inspector_, &down, enqueue_check,
                          on_act_);
  const casework::Author agent{casework::Role::agent, "a1", "Claire Petit", {}};
  for (const Mine* each : {&mine, &silent}) {
    cases_.act_as(context(), agent, each->id, Act::ask_pieces, "ask-pieces-1", "Un plan.");
    const std::string content = inspect::fixtures::pdf();
    const auto begun = before.begin(context(), each->id, each->token.reveal(),
                                    {.field = "",
                                     .name = Personal(std::string("plan.pdf")),
                                     .length = static_cast<std::int64_t>(content.size())});
    const auto sending =
        before.resume(context(), each->id, each->token.reveal(), begun.piece.id, 0);
    sending->append(content);
    EXPECT_EQ(sending->finish().state, casework::PieceState::waiting);
    cases_.act(context(), each->id, each->token.reveal(), Act::give_pieces, "give-pieces-1", "");
  }
  const support::SlowAntivirus finds(folder_ / "finds", [] {}, "stream: Eicar FOUND");
  casework::Pieces found(database_, keyring_, catalogue_, inspector_, &finds.clamd(), enqueue_check,
                         on_act_);
  for (const Mine* each : {&mine, &silent})
    for (int twice = 0; twice < 2; ++twice)
      EXPECT_EQ(found.recheck(system(), each->id, open(*each).pieces[0].id),
                casework::PieceState::refused);
  runner_->run_due(kNow + 1h);
  runner_->run_due(kNow + 2h);
  ASSERT_EQ(count("un document à donner de nouveau"), 1);
  const std::string text = smtp_.part(smtp_.received(), "text/plain");
  EXPECT_THAT(text, AllOf(HasSubstr("plan.pdf"), HasSubstr("programme malveillant"),
                          HasSubstr("Donner ce document"),
                          HasSubstr("https://v.example/dossiers/" + open(mine).reference),
                          Not(HasSubstr("/lien/"))));
  EXPECT_EQ(open(silent).events.back().act, Act::reject_piece) << "its page tells it";
}

// ── mail that comes back ──

std::string reply(const std::string& to, const std::string& text, const std::string& more = "",
                  const std::string& from = "ana@example.org") {
  return "From: " + from + "\r\nTo: " + to + "\r\nSubject: Re: Dossier\r\nMessage-ID: <" +
         crypto::sha256_hex(text + more).substr(0, 12) + "@example.org>\r\n" + more +
         "Content-Type: text/plain; charset=utf-8\r\n\r\n" + text + "\r\n";
}

class Replies : public Post {
 protected:
  std::string address_of(const Mine& mine) {
    const crypto::Key key = casework::tag_key(database_, keyring_, system());
    return "dossier+" +
           casework::plus_of(open(mine).reference, tag_of(key, casework::Purpose::reply, mine.id)) +
           "@ville.example";
  }
  Inbox::Fate take(const std::string& bytes) { return inbox_->take("demo", bytes, false, kNow); }
};

TEST_P(Replies, AReplyIsAMessageOfTheCaseWithoutWhatItQuotes) {
  const Mine mine = deposited();
  const std::string mail = reply(address_of(mine),
                                 "Bonjour,\r\nvoici ma réponse.\r\n\r\nLe mardi 24 novembre 2026 à "
                                 "14:32, Le Val <mairie@ville.example> a écrit :\r\n> Accusé");
  EXPECT_EQ(take(mail), Inbox::Fate::taken);
  EXPECT_EQ(take(mail), Inbox::Fate::taken);  // a crash before it was moved
  EXPECT_THAT(written(mine), ElementsAre("Bonjour,\nvoici ma réponse."));
  EXPECT_THAT(notes(mine), IsEmpty());
}

// A part of a mail.
std::string part(const std::string& type, const std::string& name, const std::string& content,
                 const std::string& more = "Content-Disposition: attachment\r\n") {
  return "--b\r\nContent-Type: " + type + "; name=\"" + name + "\"\r\n" + more +
         "Content-Transfer-Encoding: binary\r\n\r\n" + content + "\r\n";
}
std::string with_files(const std::string& to, const std::string& text, const std::string& parts) {
  return "From: ana@example.org\r\nTo: " + to + "\r\nMessage-ID: <" +
         crypto::sha256_hex(text).substr(0, 12) +
         "@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
         "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>" +
         text + "</p><img src=\"cid:logo@x\">\r\n" + parts + "--b--\r\n";
}

TEST_P(Replies, FilesOfAMailArePiecesOfTheCaseOnce) {
  const Mine mine = deposited();
  const std::string mail =
      with_files(address_of(mine), "Ci-joint.",
                 part("application/pdf", "plan.pdf", inspect::fixtures::pdf()) +
                     part("image/png", "logo.png", "\x89PNG", "Content-ID: <logo@x>\r\n"));
  EXPECT_EQ(take(mail), Inbox::Fate::taken);
  EXPECT_EQ(take(mail), Inbox::Fate::taken);  // a crash before it was moved
  const Opened after = open(mine);
  EXPECT_THAT(written(mine), ElementsAre("Ci-joint."));
  EXPECT_THAT(pieces_in(after.events.back()), ElementsAre("plan.pdf"));
  EXPECT_THAT(refused_in(after.events.back()), IsEmpty()) << "a logo is no piece, and no fault";
  ASSERT_EQ(after.pieces.size(), 1u);
  EXPECT_TRUE(after.pieces[0].given);
  EXPECT_EQ(after.pieces[0].state, casework::PieceState::kept);
  const casework::Author agent{casework::Role::agent, "a1", "Claire Petit", {}};
  auto content = pieces_.open_as(context(), agent, mine.id, after.pieces[0].id);
  EXPECT_EQ(content.next(), inspect::fixtures::pdf());
  runner_->run_due(kNow);
  EXPECT_EQ(count("à donner de nouveau"), 0);
}

TEST_P(Replies, AMailThatWasCutOffGoesOnWhereItWas) {
  const Mine mine = deposited();
  const std::string mail =
      with_files(address_of(mine), "Ci-joint.",
                 part("application/pdf", "un.pdf", inspect::fixtures::pdf()) +
                     part("application/pdf", "deux.pdf", inspect::fixtures::pdf()));
  EXPECT_EQ(take(mail), Inbox::Fate::taken);
  // As if the program had ended before the message was written: its pieces are not handed in yet.
  const Mine other = deposited("bob@example.org");
  const std::string piece = std::string(32, 'a');
  const auto first = pieces_.take(system(), other.id, piece, Personal(std::string("un.pdf")),
                                  inspect::fixtures::pdf());
  const auto again = pieces_.take(system(kNow + 1h), other.id, piece,
                                  Personal(std::string("un.pdf")), inspect::fixtures::pdf());
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.state, casework::PieceState::kept);
  ASSERT_EQ(open(other).pieces.size(), 1u);
  EXPECT_FALSE(open(other).pieces[0].given);
  EXPECT_EQ(open(mine).pieces.size(), 2u);
}

TEST_P(Replies, WhatIsNotTakenIsToldToTheSenderInOneLetter) {
  const Mine mine = deposited();
  runner_->run_due(kNow);
  const std::string mail = with_files(
      address_of(mine), "Voici mes pièces.",
      part("application/msword", "lettre.doc", "Bonjour, ceci est du texte.") +
          part("application/pdf", "gros.pdf", std::string(procedure::Files{}.bytes + 1, 'x')) +
          part("application/pdf", "plan.pdf", inspect::fixtures::pdf()));
  EXPECT_EQ(take(mail), Inbox::Fate::taken);
  EXPECT_EQ(take(mail), Inbox::Fate::taken);
  EXPECT_THAT(written(mine), ElementsAre("Voici mes pièces."));
  const Opened after = open(mine);
  EXPECT_THAT(pieces_in(after.events.back()), ElementsAre("plan.pdf"));
  EXPECT_EQ(refused_in(after.events.back()).size(), 2u);
  runner_->run_due(kNow);
  runner_->run_due(kNow + 1h);
  ASSERT_EQ(count("un fichier à donner de nouveau"), 1);
  const std::string text = smtp_.part(smtp_.received(), "text/plain");
  EXPECT_THAT(text,
              AllOf(HasSubstr("lettre.doc"), HasSubstr("Exportez-le en PDF"), HasSubstr("gros.pdf"),
                    HasSubstr("10\u00a0Mo"), HasSubstr("répondez à ce message"),
                    HasSubstr("Les autres fichiers de cet e-mail sont reçus")));
  EXPECT_THAT(text, Not(HasSubstr("plan.pdf")));
}

TEST_P(Replies, AMailOfManyFilesGivesThoseThatItMayCarry) {
  const Mine mine = deposited();
  std::string parts;
  for (std::size_t i = 0; i <= mail::kReceivedFilesMax; ++i)
    parts += part("text/plain", "a.txt", "");
  EXPECT_EQ(take(with_files(address_of(mine), "Tout.", parts)), Inbox::Fate::taken);
  const auto refused = refused_in(open(mine).events.back());
  ASSERT_EQ(refused.size(), mail::kReceivedFilesMax + 1);
  EXPECT_THAT(refused.front().said, HasSubstr("vide"));
  EXPECT_THAT(refused.back().said, HasSubstr("Un fichier de plus"));
}

TEST_P(Replies, ATermThatIsMissedIsNotSaidOfWhoSentFilesByMail) {
  const Mine mine = deposited();
  ask_pieces(mine, "2026-12-24", kNow);
  EXPECT_EQ(take(with_files(address_of(mine), "Le plan.",
                            part("application/pdf", "plan.pdf", inspect::fixtures::pdf()))),
            Inbox::Fate::taken);
  // It is the only document that is awaited: it answers what was asked for.
  runner_->run_due(at("2026-12-26T09:00:00Z"));
  EXPECT_THAT(notes(mine), IsEmpty());
  EXPECT_NE(open(mine).state, casework::State::awaiting);
}

// Two machines that send files to each other are not fed.
TEST_P(Replies, LettersAboutFilesHaveALimitADay) {
  const Mine mine = deposited();
  for (std::size_t i = 0; i < kAnswersADay + 2; ++i)
    take(with_files(address_of(mine), "Encore " + std::to_string(i),
                    part("text/plain", "a.txt", "")));
  runner_->run_due(kNow);
  EXPECT_EQ(count("un fichier à donner de nouveau"), static_cast<int>(kAnswersADay));
  EXPECT_EQ(written(mine).size(), kAnswersADay + 2);
  EXPECT_TRUE(open(mine).events.back().more.contains("untold"));
}

TEST_P(Replies, AMailThatIsTooLargeToReadIsAnswered) {
  const Mine mine = deposited();
  EXPECT_EQ(inbox_->take("demo", reply(address_of(mine), ""), true, kNow), Inbox::Fate::unknown);
  EXPECT_EQ(inbox_->take("demo", reply(address_of(mine), ""), true, kNow), Inbox::Fate::unknown);
  runner_->run_due(kNow);
  ASSERT_EQ(count("un fichier à donner de nouveau"), 1);
  EXPECT_THAT(smtp_.part(smtp_.received(), "text/plain"), HasSubstr("dépasse 30\u00a0Mo"));
}

TEST_P(Replies, AnotherSenderIsToldToTheAgent) {
  const Mine mine = deposited();
  EXPECT_EQ(take(reply(address_of(mine), "Je suis sa sœur.", "", "eve@example.net")),
            Inbox::Fate::taken);
  EXPECT_THAT(written(mine), ElementsAre("Je suis sa sœur."));
  EXPECT_THAT(notes(mine), ElementsAre(HasSubstr("autre adresse")));
}

TEST_P(Replies, WhatBelongsToNoCaseIsKeptAside) {
  const Mine mine = deposited(), other = deposited("bob@example.org");
  const std::string good = address_of(mine);
  std::string forged = good;
  forged[good.find('@') - 1] = forged[good.find('@') - 1] == 'a' ? 'b' : 'a';
  std::string swapped = address_of(other);
  swapped.replace(8, 11, good.substr(8, 11));
  for (const std::string& to : {std::string("dossier@ville.example"), forged, swapped,
                                "dossier+" + open(mine).reference + "@ville.example",
                                good.substr(0, good.find('@')) + "@autre.example"})
    EXPECT_EQ(take(reply(to, "Bonjour.")), Inbox::Fate::unknown) << to;
  EXPECT_EQ(take("no mail"), Inbox::Fate::unknown);
  EXPECT_THAT(written(mine), IsEmpty());
  EXPECT_THAT(written(other), IsEmpty());
}

TEST_P(Replies, MachinesAreNotedOnceADayAndNotTakenUp) {
  const Mine mine = deposited();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(take(reply(address_of(mine), "Je suis absente." + std::to_string(i),
                         "Auto-Submitted: auto-replied\r\n")),
              Inbox::Fate::taken);
  EXPECT_EQ(take(reply(address_of(mine), "Boucle.", "", "mairie@ville.example")),
            Inbox::Fate::taken);
  EXPECT_THAT(written(mine), IsEmpty());
  EXPECT_THAT(notes(mine), ElementsAre(HasSubstr("réponse automatique")));
  EXPECT_EQ(smtp_.received(), 0);
}

TEST_P(Replies, ALetterThatCameBackIsNotedInItsCase) {
  const Mine mine = deposited();
  const auto bounce = [&](const std::string& status) {
    return "From: MAILER-DAEMON@relais.example\r\nTo: dossier@ville.example\r\nMessage-ID: <b" +
           status +
           "@relais.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; "
           "report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: "
           "text/plain\r\n\r\nNo such user.\r\n--b\r\nContent-Type: "
           "message/delivery-status\r\n\r\nReporting-MTA: dns; relais.example\r\n\r\nAction: "
           "failed\r\nStatus: " +
           status + "\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <case." +
           mine.id + ".1@ville.example>\r\n\r\n--b--\r\n";
  };
  EXPECT_EQ(take(bounce("4.4.1")), Inbox::Fate::taken);  // it is still tried
  EXPECT_THAT(notes(mine), IsEmpty());
  EXPECT_EQ(take(bounce("5.1.1")), Inbox::Fate::taken);
  EXPECT_EQ(take(bounce("5.1.1")), Inbox::Fate::taken);
  EXPECT_THAT(notes(mine), ElementsAre(AllOf(HasSubstr("n’est pas arrivé"), HasSubstr("5.1.1"))));
}

TEST_P(Replies, ALongMailIsSeveralMessagesAndOneWithoutWordsSaysSo) {
  const Mine mine = deposited();
  std::string text;
  for (int i = 0; i < 300; ++i) text += "Ligne " + std::to_string(i) + " de ma longue lettre.\r\n";
  EXPECT_EQ(take(reply(address_of(mine), text)), Inbox::Fate::taken);
  const auto all = written(mine);
  ASSERT_GT(all.size(), 1u);
  EXPECT_THAT(all.back(), HasSubstr("Ligne 299"));
  EXPECT_EQ(take(reply(address_of(mine), "", "X-A: b\r\n")), Inbox::Fate::taken);
  EXPECT_EQ(written(mine).back(), "(E-mail sans texte.)");
}

TEST_P(Replies, ALoopOfMailsFillsNoCase) {
  const Mine mine = deposited(), other = deposited("bob@example.org");
  const std::string to = address_of(mine);
  for (std::size_t i = 0; i < kMessagesADay; ++i)
    ASSERT_EQ(take(reply(to, "Message " + std::to_string(i) + ".")), Inbox::Fate::taken);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(take(reply(to, "De trop " + std::to_string(i) + ".")), Inbox::Fate::unknown);
  // What is too large to read fills it no more than the rest.
  EXPECT_EQ(inbox_->take("demo", reply(to, ""), true, kNow), Inbox::Fate::unknown);
  EXPECT_EQ(written(mine).size(), kMessagesADay);
  EXPECT_THAT(notes(mine), ElementsAre(AllOf(HasSubstr("ne sont plus repris aujourd’hui"),
                                             HasSubstr("Parvis/non reconnus"))));
  EXPECT_EQ(take(reply(address_of(other), "Bonjour.")), Inbox::Fate::taken);
  EXPECT_EQ(inbox_->take("demo", reply(to, "Demain."), false, kNow + 24h), Inbox::Fate::taken);
  EXPECT_EQ(smtp_.received(), 0);  // nobody is answered: that would feed the loop
}

TEST_P(Replies, TheMailboxIsEmptiedIntoCasesAndFolders) {
  const std::array mines = {deposited(), deposited("bob@example.org"),
                            deposited("eve@example.org")};
  support::ImapServer imap;
  config_.imap_url = imap.url();
  config_.imap_user = "parvis";
  config_.imap_password_file = folder_ / "password";
  std::ofstream(config_.imap_password_file) << "secret\n";
  restart();
  for (int i = 0; i < 60; ++i)
    imap.put(reply(address_of(mines[i % 3]), "Message " + std::to_string(i) + "."));
  imap.put(reply("dossier@ville.example", "À qui ?"));
  Instant now = kNow;
  database_.write("demo", [&](db::Tx& tx) { enqueue_inbox(tx, "demo", now); });
  runner_->run_due(now);
  EXPECT_EQ(imap.count("Parvis.repris"), kInboxMails);
  now += 5s;
  runner_->run_due(now);
  EXPECT_EQ(imap.count("Parvis.repris"), 60u);
  EXPECT_EQ(imap.count("Parvis.non reconnus"), 1u);
  EXPECT_EQ(imap.count(), 0u);
  for (const Mine& mine : mines) EXPECT_EQ(written(mine).size(), 20u);
  EXPECT_EQ(check_mail(config_, database_, "demo", now)[1].state, Check::State::ok);

  imap.stop();
  now += 10min;
  runner_->run_due(now);
  const Check down = check_mail(config_, database_, "demo", now)[1];
  EXPECT_EQ(down.state, Check::State::degraded);
  EXPECT_THAT(down.what, HasSubstr("does it run"));
  // It is still polled: nothing was given up.
  EXPECT_EQ(database_.read(
                "demo", [&](db::Tx& tx) { return jobs::counts(tx, now, "demo", kInboxJob).dead; }),
            0);
}

INSTANTIATE_TEST_SUITE_P(Engines, Post, support::kEngines, support::engine_name);
INSTANTIATE_TEST_SUITE_P(Engines, Replies, support::kEngines, support::engine_name);
INSTANTIATE_TEST_SUITE_P(Engines, Links, support::kEngines, support::engine_name);

}  // namespace
}  // namespace parvis::app

// This program is the child that looks at files, too.
int main(int argc, char** argv) {
  if (argc > 1 && argv[1] == parvis::inspect::kChildCommand)
    return parvis::inspect::run_child(argc, argv);
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
