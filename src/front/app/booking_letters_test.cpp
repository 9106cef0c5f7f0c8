// Letters about appointments, and counters' calendars, with the clock in hand and real servers.
#include "app/booking_letters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/booking_calendars.hpp"
#include "app/letterbox.hpp"
#include "appointment/agenda_yaml.hpp"
#include "appointment/calendar_store.hpp"
#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "directory/directory_store.hpp"
#include "directory/service_yaml.hpp"
#include "ics/read.hpp"
#include "jobs/jobs_store.hpp"
#include "runtime/doorbell.hpp"
#include "support/items.hpp"
#include "support/radicale.hpp"
#include "support/smtp_server.hpp"
#include "tenancy/tenancy_store.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::app {
namespace {

namespace fs = std::filesystem;
using appointment::Appointments;
using appointment::Busy;
using appointment::State;
using namespace std::chrono_literals;
using std::chrono::days;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Mine = Appointments::Mine;

Instant at(std::string_view text) { return *parse_rfc3339(text); }
const Instant kNow = at("2026-11-24T10:00:00+01:00");   // a Tuesday
const Instant kNine = at("2026-12-01T09:00:00+01:00");  // a week later
constexpr std::string_view kAgenda = R"~(
id: titres
title: Titres d’identité
service: mairie
counters:
  - {id: g1, name: Guichet 1}
  - {id: g2, name: Guichet 2}
reasons:
  - {id: cni, label: Carte d’identité, minutes: 20, notice: 0, horizon: 60, bring: [Une photo]}
)~";
constexpr std::string_view kService = R"~(
id: mairie
name: Mairie du Val
address: {lines: [1 place de la Loire], postcode: "00100", city: Le Val}
access: Entrée sans marche.
hours: {days: {lundi-vendredi: 9h-10h}}
)~";

class Visits : public support::EachEngine {
 public:
  ~Visits() override { fs::remove_all(folder_); }

 protected:
  void SetUp() override {
    fs::create_directories(folder_);
    config_.mail_url = smtp_.url();
    config_.mail_from = "mairie@ville.example";
    config_.mail_starttls = "none";
    config_.public_url = "https://v.example";
    const auto agenda = appointment::read_agenda(kAgenda);
    const auto services = directory::read_services(kService);
    ASSERT_TRUE(agenda && services);
    database_.write(
        [](db::Tx& tx) { tenancy::create_tenant(tx, {.id = "demo", .name = "Le Val"}, kNow); });
    database_.write("demo", [&](db::Tx& tx) {
      appointment::publish(tx, "demo", {*agenda}, kNow);
      directory::replace(tx, "demo", directory::kTownSource, *services);
    });
    restart();
  }
  void restart() {
    runner_.reset();
    calendars_.reset();
    letters_.reset();
    mailer_ = std::make_unique<Mailer>(config_, database_, "demo", Zone::paris());
    letters_ =
        std::make_unique<BookingLetters>(BookingLetters::Parts{.mailer = *mailer_,
                                                               .database = database_,
                                                               .appointments = appointments_,
                                                               .town = "Le Val",
                                                               .from = config_.mail_from,
                                                               .public_url = config_.public_url,
                                                               .zone = Zone::paris()});
    calendars_ = std::make_unique<BookingCalendars>(config_, database_, appointments_, agendas_,
                                                    Zone::paris());
    auto kinds = letters_->kinds();
    for (jobs::Kind& each : calendars_->kinds()) kinds.push_back(std::move(each));
    runner_ = std::make_unique<jobs::Runner>(database_, doorbell_, metrics_, system_now,
                                             std::move(kinds));
  }
  void mail_is(const std::string& url) {
    config_.mail_url = url;
    restart();
  }
  static tenancy::Context context(Instant now = kNow) {
    return {"demo", "", tenancy::Actor::visitor(), Zone::paris(), {}, "r", now};
  }
  static tenancy::Context system(Instant now = kNow) {
    return system_context("demo", "test", Zone::paris(), now);
  }
  static appointment::Look look(Instant now = kNow) {
    return {.agenda = "titres", .reason = "cni", .from = now, .until = now + days(30)};
  }
  static appointment::Visitor visitor(std::string email = "ana@example.org") {
    return {.name = Personal(std::string("Ana Roy")), .email = Personal(std::move(email))};
  }
  Mine booked(Instant start = kNine, Instant now = kNow) {
    Mine mine{appointment::new_id(), appointment::new_token()};
    EXPECT_TRUE(appointments_.hold(context(now), look(now), start, mine));
    appointments_.confirm(context(now), mine, visitor());
    return mine;
  }
  // What the minute does.
  void minute(Instant now) {
    appointments_.end_holds(system(now));
    appointments_.remind(system(now));
    calendars_->poll("demo", now);
    runner_->run_due(now);
  }
  std::string header(int n, std::string_view name) const {
    return std::string(string_at(*object_at(smtp_.record(n), "headers"), name).value_or(""));
  }
  std::vector<std::string> subjects() const {
    std::vector<std::string> all;
    for (int n = 1; n <= smtp_.received(); ++n) all.push_back(header(n, "Subject"));
    return all;
  }
  std::string part(int n, std::string_view type) const { return smtp_.part(n, type); }
  std::vector<appointment::Free> shown(Instant now = kNow) {
    return appointments_.look(context(now), look(now)).slots;
  }
  // The counter's calendar on a real server.
  void with_calendar() {
    std::ofstream(folder_ / "password") << support::Radicale::kPassword << '\n';
    config_.calendars = {{.agenda = "titres",
                          .counter = "g1",
                          .url = radicale_.url(),
                          .user = support::Radicale::kUser,
                          .password_file = folder_ / "password",
                          .ca_file = {}}};
    restart();
  }
  caldav::Caldav calendar() const {
    return caldav::Caldav({.url = radicale_.url(),
                           .user = support::Radicale::kUser,
                           .password = Secret<std::string>(support::Radicale::kPassword)});
  }
  std::vector<ics::Interval> entered() {
    return calendar().busy(kNow, kNow + days(30), Zone::paris(), "").value().intervals;
  }

  fs::path folder_ = fs::temp_directory_path() / ("visits-" + crypto::random_hex(8));
  support::SmtpServer smtp_;
  support::Radicale radicale_;
  Config config_;
  db::Database database_{config()};
  vault::SealedFile store_{folder_ / "keys", crypto::Key::random()};
  vault::Keyring keyring_{database_, store_};
  appointment::Agendas agendas_{database_};
  Appointments appointments_{
      database_, keyring_, agendas_,
      [this](db::Tx& tx, const appointment::Booking& row, appointment::Happened what, Instant now) {
        enqueue_booking_letter(tx, row, what, now);
        enqueue_entry(tx, config_, row, what, now);
      },
      place_letter_due};
  runtime::Doorbell doorbell_;
  Metrics metrics_;
  std::unique_ptr<Mailer> mailer_;
  std::unique_ptr<BookingLetters> letters_;
  std::unique_ptr<BookingCalendars> calendars_;
  std::unique_ptr<jobs::Runner> runner_;
};

TEST_P(Visits, BookedMovedAndCancelledAreOneEntryOfACalendar) {
  const Mine mine = booked();
  minute(kNow);
  minute(kNow + 1min);
  ASSERT_EQ(smtp_.received(), 1);
  EXPECT_EQ(header(1, "Subject"), "Votre rendez-vous est pris");
  EXPECT_THAT(part(1, "text/plain"), HasSubstr("https://v.example/rendez-vous/lien/" + mine.id));
  const std::string request = part(1, "text/calendar");
  for (const std::string_view line : {"METHOD:REQUEST", "SEQUENCE:0", "ATTENDEE", "ana@example.org",
                                      "DTSTART;TZID=Europe/Paris:20261201T090000"})
    EXPECT_THAT(request, HasSubstr(line));
  EXPECT_THAT(request, HasSubstr("UID:" + std::string(kUidPrefix) + mine.id));
  EXPECT_THAT(request, Not(HasSubstr("Ana Roy")));
  ASSERT_TRUE(appointments_.move(context(), mine, kNine + 20min));
  minute(kNow + 2min);
  ASSERT_EQ(smtp_.received(), 2);
  EXPECT_THAT(part(2, "text/calendar"), HasSubstr("SEQUENCE:1"));
  appointments_.cancel(context(), mine);
  minute(kNow + 3min);
  minute(kNow + 4min);
  ASSERT_EQ(smtp_.received(), 3);
  EXPECT_THAT(part(3, "text/calendar"), HasSubstr("METHOD:CANCEL"));
  EXPECT_THAT(part(3, "text/calendar"), HasSubstr("SEQUENCE:2"));
  EXPECT_THAT(part(3, "text/calendar"), HasSubstr("UID:" + std::string(kUidPrefix) + mine.id));
}

TEST_P(Visits, OfWhatChangedTwiceWhileMailWasDownTheLastIsTold) {
  const Mine mine = booked();
  ASSERT_TRUE(appointments_.move(context(), mine, kNine + 20min));
  appointments_.cancel(context(), mine);
  minute(kNow);
  EXPECT_THAT(subjects(), ElementsAre("Votre rendez-vous est annulé"));
}

TEST_P(Visits, AnAgentBooksForWhoHasNoAddress) {
  const appointment::Author agent{"a1", {}};
  const Mine mine{appointment::new_id(), appointment::new_token()};
  appointment::Visitor caller{.name = Personal(std::string("Ana Roy")),
                              .phone = Personal(std::string("0612345678"))};
  ASSERT_TRUE(appointments_.book_as(context(), agent, look(), kNine, mine, caller));
  minute(kNow);
  EXPECT_EQ(smtp_.received(), 0);
  EXPECT_TRUE(database_.read("demo", [](db::Tx& tx) { return jobs::dead(tx, "demo"); }).empty());
}

TEST_P(Visits, AReminderGoesTwoDaysBeforeOnceOfTheTimeThatHolds) {
  const Mine mine = booked();
  minute(kNow);
  ASSERT_TRUE(appointments_.move(context(), mine, kNine + days(1)));
  minute(kNow);
  ASSERT_EQ(smtp_.received(), 2);
  minute(kNine - 47h);  // of the time that holds no more
  EXPECT_EQ(smtp_.received(), 2);
  minute(kNine + days(1) - 48h + 1min);
  ASSERT_EQ(smtp_.received(), 3);
  EXPECT_EQ(header(3, "Subject"), "Rappel de votre rendez-vous");
  EXPECT_THAT(part(3, "text/plain"), HasSubstr("mercredi 2 décembre 2026"));
  for (Instant now = kNine; now < kNine + days(1); now += 1h) minute(now);
  EXPECT_EQ(smtp_.received(), 3);
}

TEST_P(Visits, WhoBooksLaterIsNotReminded) {
  booked(kNine, kNine - 47h);
  for (Instant now = kNine - 47h; now < kNine + 2h; now += 1h) minute(now);
  EXPECT_EQ(smtp_.received(), 1);
}

TEST_P(Visits, AClockThatJumpsNeitherLosesNorDoublesAReminder) {
  booked();
  minute(kNow);
  minute(kNow + days(400));  // far past it
  minute(kNow);
  EXPECT_EQ(smtp_.received(), 1);
  minute(kNine - 40h);  // due by this clock
  minute(kNow);
  minute(kNine - 40h);
  EXPECT_EQ(smtp_.received(), 2);
}

TEST_P(Visits, ADisplacedBookingIsToldWithThreeProposals) {
  const Mine mine = booked();
  minute(kNow);
  const appointment::Author agent{"a1", {}};
  appointments_.absence(
      context(), agent,
      {.agenda = "titres", .counter = "", .id = "x", .from = kNine, .until = kNine + 1h});
  minute(kNow);
  ASSERT_EQ(smtp_.received(), 2);
  EXPECT_EQ(header(2, "Subject"), "Votre rendez-vous doit changer");
  const std::string text = part(2, "text/plain");
  std::size_t proposals = 0;
  for (std::size_t from = 0; (from = text.find("\n- ", from)) != std::string::npos; ++from)
    ++proposals;
  EXPECT_EQ(proposals, 3) << text;
  EXPECT_THAT(part(2, "text/calendar"), HasSubstr("METHOD:CANCEL"));
}

TEST_P(Visits, AFreedSlotIsOfferedByMailAndLapses) {
  const Mine holder = booked();
  const Mine waiting{appointment::new_id(), appointment::new_token()};
  appointments_.wait(context(), {.look = look()}, waiting, visitor("zoe@example.org"));
  minute(kNow);
  appointments_.cancel(context(), holder);
  runner_->run_due(kNow + 1min);
  const auto offered = subjects();
  ASSERT_THAT(offered, ::testing::Contains("Une place s’est libérée"));
  const int n =
      static_cast<int>(std::ranges::find(offered, "Une place s’est libérée") - offered.begin()) + 1;
  const std::string text = part(n, "text/plain");
  const std::size_t link = text.find("/lien/" + waiting.id + "-");
  ASSERT_NE(link, std::string::npos) << text;
  const Mine by_link{waiting.id, Secret(text.substr(link + 7 + 32, 64))};
  const auto accepted = appointments_.open_waiting(context(kNow + 1min), by_link);
  ASSERT_TRUE(accepted.offered);
  minute(kNow + 3h);  // two hours are over
  EXPECT_THAT(subjects(), ::testing::Contains("La place n’est plus gardée"));
  EXPECT_THROW(appointments_.accept(context(kNow + 3h), by_link), Error);
}

// The offer lapses while the mail server is down, and retention looks before it is back.
TEST_P(Visits, TheLetterOfAnOfferThatLapsedOutlivesAMailServerThatIsDown) {
  const Mine holder = booked();
  const Mine waiting{appointment::new_id(), appointment::new_token()};
  appointments_.wait(context(), {.look = look()}, waiting, visitor("zoe@example.org"));
  minute(kNow);
  mail_is("smtp://localhost:1");
  appointments_.cancel(context(), holder);
  for (const Instant now : {kNow + 1min, kNow + 3h, kNow + 4h}) {
    minute(now);
    appointments_.erase_old(system(now));
  }
  EXPECT_THAT(subjects(), Not(::testing::Contains("La place n’est plus gardée")));
  mail_is(smtp_.url());
  minute(kNow + 24h);
  EXPECT_THAT(subjects(), ::testing::Contains("La place n’est plus gardée"));
  EXPECT_NO_THROW(appointments_.open_waiting_for_system(system(), waiting.id));
  appointments_.erase_old(system(kNow + 25h));
  EXPECT_THROW(appointments_.open_waiting_for_system(system(), waiting.id), Error);
}

TEST_P(Visits, AMailServerThatNeverComesBackKeepsNobodysAddress) {
  const Mine holder = booked();
  const Mine waiting{appointment::new_id(), appointment::new_token()};
  appointments_.wait(context(), {.look = look()}, waiting, visitor("zoe@example.org"));
  minute(kNow);
  mail_is("smtp://localhost:1");
  appointments_.cancel(context(), holder);
  minute(kNow + 3h);
  const Instant last = kNow + days(30);  // of the wish
  appointments_.erase_old(system(last + days(6)));
  EXPECT_NO_THROW(appointments_.open_waiting_for_system(system(), waiting.id));
  appointments_.erase_old(system(last + days(7)));
  EXPECT_THROW(appointments_.open_waiting_for_system(system(), waiting.id), Error);
}

TEST_P(Visits, WhoGivesAnOfferBackIsToldNothing) {
  const Mine holder = booked();
  const Mine waiting{appointment::new_id(), appointment::new_token()};
  appointments_.wait(context(), {.look = look()}, waiting, visitor("zoe@example.org"));
  appointments_.cancel(context(), holder);
  minute(kNow);
  appointments_.leave(context(), waiting);
  minute(kNow + 3h);
  EXPECT_THAT(subjects(), Not(::testing::Contains("La place n’est plus gardée")));
}

TEST_P(Visits, TheFileOfThePage) {
  const Mine mine = booked();
  const std::string file = letters_->file(appointments_.open(context(), mine));
  const auto read = ics::read(file, kNow, kNow + days(30), Zone::paris());
  ASSERT_TRUE(read);
  EXPECT_THAT(read->entries.at(0).intervals, ElementsAre(ics::Interval{kNine, kNine + 20min}));
  EXPECT_THAT(file, Not(HasSubstr("METHOD:")));
  std::string unfolded = file;
  for (std::size_t from; (from = unfolded.find("\r\n ")) != std::string::npos;)
    unfolded.erase(from, 3);
  EXPECT_THAT(unfolded, HasSubstr("Une photo"));
  EXPECT_THAT(unfolded, HasSubstr("Entrée sans marche."));
  EXPECT_THAT(unfolded, HasSubstr("Mairie du Val\\, 1 place de la Loire"));
}

TEST_P(Visits, ABookingAppearsInTheCounterSCalendarMovesAndGoes) {
  with_calendar();
  const Mine mine = booked();
  ASSERT_EQ(appointments_.open(context(), mine).booking.counter, "g1");
  minute(kNow);
  EXPECT_THAT(entered(), ElementsAre(ics::Interval{kNine, kNine + 20min}));
  const auto entry = calendar().get(std::string(kUidPrefix) + mine.id);
  ASSERT_TRUE(entry && *entry);
  EXPECT_THAT((*entry)->ics->read(), Not(HasSubstr("Ana")));
  // Our own entries close nothing: g2 is free, and the one of g1 is taken by the booking alone.
  minute(kNow + 1min);
  EXPECT_THAT(appointments_.absences(context(), {"a1", {}}, "titres", kNow, kNow + days(30)),
              IsEmpty());
  ASSERT_TRUE(appointments_.move(context(), mine, kNine + 20min));
  minute(kNow + 2min);
  EXPECT_THAT(entered(), ElementsAre(ics::Interval{kNine + 20min, kNine + 40min}));
  // Somebody deletes it there: the next change puts it back.
  EXPECT_EQ(calendar().remove(std::string(kUidPrefix) + mine.id, "").fate, caldav::Fate::done);
  ASSERT_TRUE(appointments_.move(context(), mine, kNine + 40min));
  minute(kNow + 3min);
  EXPECT_THAT(entered(), ElementsAre(ics::Interval{kNine + 40min, kNine + 60min}));
  appointments_.cancel(context(), mine);
  minute(kNow + 4min);
  EXPECT_THAT(entered(), IsEmpty());
}

TEST_P(Visits, BusyTimesCloseSlotsAndClashesAreListed) {
  with_calendar();
  const Mine mine = booked();  // at g1
  const auto write = [&](std::string_view uid, Instant start, Instant end) {
    return *ics::write({{.uid = std::string(uid),
                         .start = start,
                         .end = end,
                         .summary = Personal(std::string("Dentiste")),
                         .created = kNow,
                         .modified = kNow}});
  };
  EXPECT_EQ(calendar().put("dentiste", write("dentiste", kNine, kNine + 1h), std::nullopt).fate,
            caldav::Fate::done);
  minute(kNow);
  const appointment::Author agent{"a1", {}};
  const auto clashes = appointments_.clashes(context(), agent, "titres", kNow, kNow + days(30));
  ASSERT_THAT(clashes, SizeIs(1));
  EXPECT_EQ(clashes[0].id, mine.id);
  EXPECT_EQ(appointments_.open(context(), mine).booking.state, State::booked);  // nobody is moved
  const Mine second = booked();  // g1 is closed: the other counter takes it
  EXPECT_EQ(appointments_.open(context(), second).booking.counter, "g2");
  EXPECT_EQ(shown().front().start, kNow + 23h);  // tomorrow at nine
  // What is not understood may be a busy time: what was closed stays closed.
  EXPECT_EQ(calendar().remove("dentiste", "").fate, caldav::Fate::done);
  radicale_.add_entry("calendar", "bad",
                      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:bad\r\n"
                      "DTSTAMP:20261124T000000Z\r\nDTSTART:20261201T090000Z\r\n"
                      "DTEND:20261201T080000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
  minute(kNow + 1min);
  EXPECT_THAT(appointments_.clashes(context(), agent, "titres", kNow, kNow + days(30)), SizeIs(1));
  auto check = check_calendars(config_, database_, "demo").at(0);
  EXPECT_EQ(check.state, Check::State::degraded);
  EXPECT_THAT(check.what, HasSubstr("bad"));
  // No calendar is named any more: it closes nothing.
  config_.calendars.clear();
  restart();
  minute(kNow + 2min);
  EXPECT_THAT(appointments_.clashes(context(), agent, "titres", kNow, kNow + days(30)), IsEmpty());
}

TEST_P(Visits, ACalendarServerThatIsDownIsSaidAndMadeUpFor) {
  with_calendar();
  radicale_.stop();
  booked();
  minute(kNow);
  auto check = check_calendars(config_, database_, "demo").at(0);
  EXPECT_EQ(check.state, Check::State::degraded);
  EXPECT_THAT(check.remedy, HasSubstr("[[caldav]]"));
  radicale_.start();
  minute(kNow + 10min);
  EXPECT_THAT(entered(), SizeIs(1));
  check = check_calendars(config_, database_, "demo").at(0);
  EXPECT_EQ(check.state, Check::State::ok) << check.what;
}

TEST_P(Visits, WhatWasBookedBeforeItsCalendarWasNamedIsEntered) {
  booked();
  with_calendar();
  minute(kNow);
  minute(kNow + 1min);
  EXPECT_THAT(entered(), SizeIs(1));
}

TEST_P(Visits, ACalendarIsNamedOnceAndRightly) {
  config_.calendars = {{.agenda = "titres",
                        .counter = "g1",
                        .url = "http://agenda.example/",
                        .user = {},
                        .password_file = {},
                        .ca_file = {}}};
  EXPECT_THAT(support::error_of([&] { restart(); }).detail(), HasSubstr("titres/g1"));
  config_.calendars[0].url = "https://agenda.example/";
  config_.calendars[0].auth = "magic";
  EXPECT_THAT(support::error_of([&] { restart(); }).detail(), HasSubstr("basic or digest"));
  config_.calendars[0].auth = "basic";
  config_.calendars.push_back(config_.calendars[0]);
  EXPECT_THAT(support::error_of([&] { restart(); }).detail(), HasSubstr("twice"));
}

INSTANTIATE_TEST_SUITE_P(Engines, Visits, support::kEngines, support::engine_name);

}  // namespace
}  // namespace parvis::app
