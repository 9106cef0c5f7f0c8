// Bookings on both engines: holds, confirmations, moves, the waiting list, agents.
#include "appointment/appointments.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "appointment/agenda_yaml.hpp"
#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "directory/directory_store.hpp"
#include "directory/service_yaml.hpp"
#include "support/items.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::appointment {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using support::error_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Mine = Appointments::Mine;

const Instant kNow =
    *parse_rfc3339("2026-11-30T10:30:00+01:00");  // a Monday, past the hour of slots
Instant at(std::string_view time) { return *parse_rfc3339(time); }
const Instant kNine = at("2026-12-01T09:00:00+01:00");  // the first slot of Tuesday

constexpr std::string_view kAgenda = R"~(
id: titres
title: Titres d’identité
service: mairie
retention: 30
counters:
  - {id: g1, name: Guichet 1}
  - {id: g2, name: Guichet 2, reasons: [cni]}
reasons:
  - {id: cni, label: Carte d’identité, minutes: 20, people: 3, notice: 0, horizon: 30, communes: ["99001"]}
  - id: passeport
    label: Passeport
    minutes: 20
    asks: [{id: ants, label: Numéro de pré-demande}]
  - {id: conseil, label: Conseil, minutes: 30, offered: false, ways: [in_person, phone]}
)~";
// One hour a day: three slots at each counter.
constexpr std::string_view kService = R"~(
id: mairie
name: Mairie
hours: {days: {lundi-vendredi: 9h-10h}}
)~";

Visitor visitor(std::string name = "Élodie Roy") {
  return {.name = Personal(std::move(name)),
          .email = Personal(std::string("elodie@example.org")),
          .needs = {.sign_language = true}};
}

class Bookings : public support::EachEngine {
 public:
  Bookings() { fs::create_directories(folder_); }
  ~Bookings() override { fs::remove_all(folder_); }

 protected:
  void SetUp() override {
    publish(kAgenda);
    const auto services = directory::read_services(kService);
    ASSERT_TRUE(services);
    database_.write("demo", [&](db::Tx& tx) {
      directory::replace(tx, "demo", directory::kTownSource, *services);
    });
  }
  void publish(std::string_view yaml, Instant now = kNow) {
    const auto agenda = read_agenda(yaml);
    ASSERT_TRUE(agenda) << agenda.error().front().what;
    database_.write("demo", [&](db::Tx& tx) { appointment::publish(tx, "demo", {*agenda}, now); });
  }
  static tenancy::Context context(Instant now = kNow) {
    return {.tenant = "demo",
            .commune = "99001",
            .actor = tenancy::Actor::visitor(),
            .zone = Zone::paris(),
            .deadline = {},
            .request = "r1",
            .now = now};
  }
  static tenancy::Context system(Instant now = kNow) {
    tenancy::Context cx = context(now);
    cx.actor = tenancy::Actor::system("test");
    return cx;
  }
  static Mine mine() { return {new_id(), new_token()}; }
  static Look look(std::string reason = "cni") {
    return {.agenda = "titres", .reason = std::move(reason), .from = kNow, .until = kNow + days(7)};
  }
  std::vector<Free> shown(const Look& look, Instant now = kNow) {
    return appointments_.look(context(now), look).slots;
  }
  Mine booked(Instant start, std::string reason = "cni", Instant now = kNow) {
    Mine made = mine();
    EXPECT_TRUE(appointments_.hold(context(now), look(std::move(reason)), start, made));
    appointments_.confirm(context(now), made, visitor());
    return made;
  }
  // Every slot of Tuesday, for both counters.
  void fill(Instant from = kNine) {
    for (int n = 0; n < 3; ++n)
      for (int counter = 0; counter < 2; ++counter) booked(from + n * minutes(20));
  }

  fs::path folder_ = fs::temp_directory_path() / ("appointment-" + crypto::random_hex(8));
  db::Database database_{config()};
  vault::SealedFile store_{folder_ / "keys", crypto::Key::random()};
  vault::Keyring keyring_{database_, store_};
  Agendas agendas_{database_};
  std::mutex mutex_;
  std::vector<std::pair<std::string, Happened>> told_;  // committed or not: see heard()
  Appointments appointments_{database_, keyring_, agendas_,
                             [this](db::Tx&, const Booking& booking, Happened what, Instant) {
                               const std::lock_guard lock(mutex_);
                               told_.emplace_back(booking.id, what);
                             }};
  bool heard(std::string_view id, Happened what) {
    const std::lock_guard lock(mutex_);
    return std::ranges::find(told_, std::pair(std::string(id), what)) != told_.end();
  }
  const Author agent_{"a1", {"mairie"}};
  const Author other_{"a2", {"urbanisme"}};
};

TEST_P(Bookings, WhatIsShownIsBookedAndNotShownAgain) {
  ASSERT_EQ(shown(look()).size(), 3U * 5);  // Tuesday to Monday
  const Mine one = mine(), two = mine();
  const auto held = appointments_.hold(context(), look(), kNine, one);
  ASSERT_TRUE(held);
  EXPECT_EQ(held->booking.counter, "g1");
  EXPECT_EQ(held->booking.held_until, kNow + kHold);
  const Opened booked = appointments_.confirm(context(), one, visitor());
  EXPECT_EQ(booked.booking.state, State::booked);
  ASSERT_TRUE(booked.visitor);
  EXPECT_EQ(booked.visitor->name.read(), "Élodie Roy");
  EXPECT_TRUE(booked.visitor->needs.sign_language);
  EXPECT_EQ(booked.service, "mairie");
  ASSERT_TRUE(appointments_.hold(context(), look(), kNine, two));  // the other counter
  EXPECT_EQ(shown(look()).front().start, kNine + minutes(20));
  EXPECT_TRUE(heard(one.id, Happened::booked));
}

TEST_P(Bookings, AHoldAndAConfirmationSentTwiceAreOne) {
  const Mine one = mine();
  const auto first = appointments_.hold(context(), look(), kNine, one);
  const auto again = appointments_.hold(context(), look(), kNine, one);
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->booking.start, again->booking.start);
  appointments_.confirm(context(), one, visitor());
  const Opened second = appointments_.confirm(context(), one, visitor("Quelqu’un d’autre"));
  EXPECT_EQ(second.visitor->name.read(), "Élodie Roy");
  EXPECT_THAT(
      appointments_.day(context(), agent_, "titres", civil_date(Zone::paris().local(kNine))),
      SizeIs(1));
}

TEST_P(Bookings, TheLastSlotIsOnePersonsAndOthersGetTheNext) {
  // All but one slot of Tuesday; two hundred people want it.
  for (const int n : {0, 0, 1, 1, 2}) booked(kNine + n * minutes(20));
  constexpr int kThreads = 16, kBookers = 200;
  std::atomic<int> next{0}, won{0}, refused{0}, offered{0};
  std::vector<std::thread> threads;
  for (int n = 0; n < kThreads; ++n)
    threads.emplace_back([&] {
      while (next++ < kBookers) {
        const auto held = appointments_.hold(context(), look(), kNine + minutes(40), mine());
        if (held) {
          ++won;
        } else {
          ++refused;
          if (held.error().next.size() == kNextSlots &&
              held.error().next.front().start == kNine + days(1))
            ++offered;
        }
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(refused, kBookers - 1);
  EXPECT_EQ(offered, kBookers - 1);
}

TEST_P(Bookings, AHoldEndsAndIsHonouredWhileNobodyElseTookIt) {
  const Mine slow = mine(), late = mine(), quick = mine();
  ASSERT_TRUE(appointments_.hold(context(), look("passeport"), kNine, slow));
  const Instant after = kNow + kHold;
  EXPECT_EQ(shown(look("passeport"), after).front().start, kNine);  // free again
  EXPECT_EQ(appointments_.confirm(context(after), slow, visitor()).booking.state, State::booked);

  ASSERT_TRUE(appointments_.hold(context(), look("passeport"), kNine + minutes(20), late));
  ASSERT_TRUE(appointments_.hold(context(after), look("passeport"), kNine + minutes(20), quick));
  const Error lost = error_of([&] { appointments_.confirm(context(after), late, visitor()); });
  EXPECT_EQ(lost.code(), Errc::not_found);
  EXPECT_THAT(lost.detail(), HasSubstr("n’est plus gardé"));
  appointments_.confirm(context(after), quick, visitor());
}

TEST_P(Bookings, AnotherChoiceGivesTheFirstBack) {
  const Mine first = mine(), second = mine();
  ASSERT_TRUE(appointments_.hold(context(), look("passeport"), kNine, first));
  ASSERT_TRUE(appointments_.hold(context(), look("passeport"), kNine + minutes(20), second, first));
  EXPECT_EQ(shown(look("passeport")).front().start, kNine);
  appointments_.release(context(), second);
  appointments_.release(context(), second);  // again: nothing
  EXPECT_EQ(shown(look("passeport")).size(), 15U);
}

TEST_P(Bookings, MovesAndCancelsByTheToken) {
  const Mine one = booked(kNine, "passeport");
  const auto moved = appointments_.move(context(), one, kNine + days(1));
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->booking.start, kNine + days(1));
  EXPECT_EQ(moved->booking.revision, 1);
  EXPECT_EQ(shown(look("passeport")).front().start, kNine);
  ASSERT_TRUE(appointments_.move(context(), one, kNine + days(1)));  // again: the same
  EXPECT_EQ(appointments_.open(context(), one).booking.revision, 1);
  EXPECT_EQ(appointments_.cancel(context(), one).booking.state, State::cancelled);
  EXPECT_EQ(appointments_.cancel(context(), one).booking.state, State::cancelled);
  EXPECT_EQ(shown(look("passeport")).size(), 15U);
  EXPECT_EQ(error_of([&] { (void)appointments_.move(context(), one, kNine); }).code(),
            Errc::conflict);
  const Mine stranger{one.id, new_token()};
  EXPECT_EQ(error_of([&] { appointments_.open(context(), stranger); }).code(), Errc::not_found);
  EXPECT_EQ(error_of([&] { appointments_.open(context(), mine()); }).code(), Errc::not_found);
}

TEST_P(Bookings, NeedsToldAfterwardsAreSealedWithTheDetailsAndMoveWithTheBooking) {
  const Mine one = booked(kNine);
  const auto note = [&](const NeedsSaid& said, Instant now = kNow) {
    return appointments_.note_needs(context(now), one, said).visitor->needs;
  };
  EXPECT_EQ(note({.add = {.step_free = true, .interpreter = " arabe "}}),
            (Needs{.step_free = true, .sign_language = true, .interpreter = "arabe"}));
  EXPECT_EQ(note({.add = {.companion = true}, .drop = {.sign_language = true, .interpreter = "*"}}),
            (Needs{.step_free = true, .companion = true}));
  // Said again: the same.
  EXPECT_EQ(note({.add = {.companion = true}}), (Needs{.step_free = true, .companion = true}));
  const Opened before = appointments_.open(context(), one);
  EXPECT_EQ(before.visitor->name.read(), "Élodie Roy");
  EXPECT_EQ(before.booking.revision, 0);  // calendars hold nothing of it
  EXPECT_THAT(before.booking.sealed, ::testing::Not(HasSubstr("companion")));
  ASSERT_TRUE(appointments_.move(context(), one, kNine + minutes(20)));
  const auto day =
      appointments_.day(context(), agent_, "titres", civil_date(Zone::paris().local(kNine)));
  ASSERT_THAT(day, SizeIs(1));
  EXPECT_EQ(day[0].visitor->needs, (Needs{.step_free = true, .companion = true}));
  // Of others, of what is over, of what is cancelled.
  EXPECT_EQ(error_of([&] {
              appointments_.note_needs(context(), {one.id, new_token()},
                                       {.add = {.companion = true}});
            }).code(),
            Errc::not_found);
  EXPECT_EQ(error_of([&] { note({}, kNine + minutes(20)); }).code(), Errc::conflict);
  appointments_.cancel(context(), one);
  EXPECT_EQ(error_of([&] { note({}); }).code(), Errc::conflict);
  const Mine held = mine();
  ASSERT_TRUE(appointments_.hold(context(), look(), kNine, held));
  EXPECT_THROW(appointments_.note_needs(context(), held, {}), Error);
}

TEST_P(Bookings, AMoveToATakenSlotKeepsTheOldOne) {
  const Mine one = booked(kNine, "passeport");
  booked(kNine + minutes(20), "passeport");
  const auto moved = appointments_.move(context(), one, kNine + minutes(20));
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().next.front().start, kNine + minutes(40));
  EXPECT_EQ(appointments_.open(context(), one).booking.start, kNine);
  // Its time is still its own.
  EXPECT_FALSE(appointments_.hold(context(), look("passeport"), kNine, mine()));
}

TEST_P(Bookings, AMoveByLessThanItsLengthTakesItsOwnTime) {
  const Mine one = booked(kNine, "passeport");
  const auto moved = appointments_.move(context(), one, kNine + minutes(10));
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->booking.counter, "g1");
  EXPECT_EQ(shown(look("passeport")).front().start, kNine + minutes(30));
}

TEST_P(Bookings, ManyAtOnceOnFewSlotsAreNeverDouble) {
  constexpr int kThreads = 8, kEach = 12;
  std::vector<std::thread> threads;
  std::atomic<int> won{0};
  for (int n = 0; n < kThreads; ++n)
    threads.emplace_back([&, n] {
      for (int k = 0; k < kEach; ++k) {
        const Mine one = mine();
        const Instant start = kNine + ((n + k) % 3) * minutes(20);
        if (!appointments_.hold(context(), look(), start, one)) continue;
        appointments_.confirm(context(), one, visitor());
        if (k % 3 == 2)
          appointments_.cancel(context(), one);
        else
          ++won;
      }
    });
  for (std::thread& thread : threads) thread.join();
  const auto all = database_.read(
      "demo", [&](db::Tx& tx) { return between(tx, context(), "titres", kNow, kNow + days(7)); });
  std::set<std::tuple<std::string, int, Instant>> places;
  int standing = 0;
  for (const Booking& each : all) {
    if (each.state != State::booked) continue;
    ++standing;
    EXPECT_TRUE(places.insert({each.counter, each.seat, each.start}).second);
  }
  EXPECT_EQ(standing, won);
  EXPECT_LE(standing, 6);
}

TEST_P(Bookings, WhatIsNotOfferedIsRefused) {
  tenancy::Context elsewhere = context();
  elsewhere.commune = "99002";
  EXPECT_EQ(error_of([&] { appointments_.look(elsewhere, look("cni")); }).code(), Errc::not_found);
  EXPECT_NO_THROW(appointments_.look(elsewhere, look("passeport")));
  EXPECT_EQ(error_of([&] { appointments_.look(context(), look("conseil")); }).code(),
            Errc::not_found);
  EXPECT_EQ(error_of([&] { appointments_.look(context(), look("rien")); }).code(), Errc::not_found);
  Look many = look();
  many.people = 4;
  EXPECT_EQ(error_of([&] { appointments_.look(context(), many); }).code(), Errc::invalid);
  many.people = 1;
  many.way = Way::video;
  EXPECT_EQ(error_of([&] { appointments_.look(context(), many); }).code(), Errc::invalid);
  const Mine one = mine();
  ASSERT_TRUE(appointments_.hold(context(), look(), kNine, one));
  Visitor nobody;
  const Error error = error_of([&] { appointments_.confirm(context(), one, nobody); });
  EXPECT_EQ(error.code(), Errc::invalid);
  EXPECT_THAT(error.detail(), HasSubstr("prénom"));
  EXPECT_EQ(appointments_.open(context(), one).booking.state, State::held);
}

TEST_P(Bookings, AnAgendaEditedMeanwhileCounts) {
  const Mine one = booked(kNine, "passeport");
  std::string edited(kAgenda);
  edited.replace(edited.find("{id: g1, name: Guichet 1}"), 25,
                 "{id: g1, name: Guichet 1, hours: {days: {lundi-vendredi: 14h-15h}}}");
  publish(edited, kNow + minutes(1));
  // What was booked stays; what is shown is what the new edition offers.
  EXPECT_EQ(appointments_.open(context(), one).booking.start, kNine);
  EXPECT_EQ(shown(look("passeport")).front().start, kNow + minutes(210));  // today at two
  EXPECT_FALSE(appointments_.hold(context(), look("passeport"), kNine + minutes(20), mine()));
  database_.write("demo", [&](db::Tx& tx) { appointment::publish(tx, "demo", {}, kNow); });
  EXPECT_EQ(error_of([&] { shown(look("passeport")); }).code(), Errc::not_found);
  EXPECT_EQ(appointments_.cancel(context(), one).booking.state, State::cancelled);
}

TEST_P(Bookings, AFreedSlotIsOfferedInTheOrderOfWaiting) {
  const Mine taken = booked(kNine, "passeport");
  for (int n = 1; n < 3; ++n) booked(kNine + n * minutes(20), "passeport");
  const Mine first = mine(), second = mine(), afternoons = mine();
  Look until = look("passeport");
  until.until = kNow + days(2);
  appointments_.wait(context(), {.look = until, .halves = 2}, afternoons, visitor("Après"));
  appointments_.wait(context(kNow + minutes(1)), {.look = until}, first, visitor("Un"));
  appointments_.wait(context(kNow + minutes(2)), {.look = until}, second, visitor("Deux"));
  EXPECT_FALSE(appointments_.open_waiting(context(), first).offered);

  const Instant later = kNow + hours(1);
  appointments_.cancel(context(later), taken);
  // Kept for who came first and whom it suits; nobody else is shown it.
  const auto waits = appointments_.open_waiting(context(later), first);
  ASSERT_TRUE(waits.offered);
  EXPECT_EQ(waits.offered->start, kNine);
  EXPECT_EQ(waits.offered->held_until, later + kOffer);
  EXPECT_TRUE(heard(waits.offered->id, Happened::offered));
  EXPECT_FALSE(appointments_.hold(context(later), look("passeport"), kNine, mine()));
  EXPECT_FALSE(appointments_.open_waiting(context(later), afternoons).offered);

  // It is not taken in time: the next one's.
  EXPECT_EQ(appointments_.end_holds(system(later + kOffer)), 1U);
  EXPECT_FALSE(appointments_.open_waiting(context(later), first).offered);
  EXPECT_EQ(error_of([&] { appointments_.accept(context(later + kOffer), first); }).code(),
            Errc::not_found);
  const auto next = appointments_.open_waiting(context(later + kOffer), second);
  ASSERT_TRUE(next.offered);
  const Opened accepted = appointments_.accept(context(later + kOffer + minutes(5)), second);
  EXPECT_EQ(accepted.booking.state, State::booked);
  EXPECT_EQ(accepted.visitor->name.read(), "Deux");
  EXPECT_EQ(appointments_.accept(context(later + kOffer + minutes(6)), second).booking.id,
            accepted.booking.id);
  const Secret<std::string> mailed = appointments_.link(system(), accepted.booking.id);
  for (const Secret<std::string>& token : {second.token, mailed})
    EXPECT_EQ(appointments_.open(context(), {accepted.booking.id, token}).booking.state,
              State::booked);
}

TEST_P(Bookings, AnOfferOfTheEveningIsKeptUntilTheMorning) {
  const Mine taken = booked(kNine + days(2), "passeport");
  for (int n = 1; n < 3; ++n) booked(kNine + days(2) + n * minutes(20), "passeport");
  const Mine waits = mine();
  Look wish = look("passeport");
  wish.from = kNine + days(2);
  wish.until = kNine + days(2) + hours(1);
  appointments_.wait(context(), {.look = wish, .days = 1U << 3}, waits, visitor());  // Thursday
  appointments_.cancel(context(at("2026-11-30T21:30:00+01:00")), taken);
  EXPECT_EQ(appointments_.open_waiting(context(), waits).offered->held_until,
            at("2026-12-01T10:00:00+01:00"));
  appointments_.leave(context(at("2026-11-30T22:00:00+01:00")), waits);
  EXPECT_FALSE(appointments_.open_waiting(context(), waits).offered);
  EXPECT_TRUE(appointments_.hold(context(at("2026-11-30T22:01:00+01:00")), look("passeport"),
                                 kNine + days(2), mine()));
}

TEST_P(Bookings, AnAbsenceDisplacesAndClosesSlots) {
  const Mine one = booked(kNine, "passeport");
  const Mine elsewhere = booked(kNine, "cni");  // at the other counter
  const Busy busy{.agenda = "titres",
                  .counter = "g1",
                  .id = "abs1",
                  .from = kNine - hours(1),
                  .until = kNine + minutes(30),
                  .label = "formation"};
  const auto before = appointments_.would_displace(context(), agent_, busy);
  EXPECT_EQ(before.count, 1U);
  ASSERT_THAT(before.first, SizeIs(1));
  EXPECT_EQ(before.first[0].booking.id, one.id);
  EXPECT_EQ(appointments_.open(context(), one).booking.state, State::booked);  // only looked at
  EXPECT_EQ(error_of([&] { appointments_.would_displace(context(), other_, busy); }).code(),
            Errc::not_found);
  EXPECT_EQ(appointments_.absence(context(), agent_, busy), 1U);
  EXPECT_EQ(appointments_.absence(context(), agent_, busy), 0U);  // the same
  EXPECT_EQ(appointments_.open(context(), one).booking.state, State::displaced);
  EXPECT_EQ(appointments_.open(context(), elsewhere).booking.state, State::booked);
  EXPECT_TRUE(heard(one.id, Happened::displaced));
  EXPECT_EQ(shown(look("passeport")).front().start, kNine + minutes(30));
  const auto opened = appointments_.open(context(), one);
  const auto proposals = appointments_.alternatives(context(), opened, kNow, kNow + days(7)).slots;
  ASSERT_GE(proposals.size(), 3U);
  ASSERT_TRUE(appointments_.move(context(), one, proposals.front().start));
  EXPECT_EQ(appointments_.open(context(), one).booking.state, State::booked);
  appointments_.end_absence(context(), agent_, busy);
  EXPECT_EQ(shown(look("passeport")).front().start, kNine);
  EXPECT_EQ(error_of([&] { appointments_.absence(context(), other_, busy); }).code(),
            Errc::not_found);
}

TEST_P(Bookings, AgentsAreShownSlotsOfReasonsThatCitizensAreNotOffered) {
  EXPECT_EQ(error_of([&] { shown(look("conseil")); }).code(), Errc::not_found);
  EXPECT_EQ(appointments_.look_as(context(), agent_, look("conseil")).slots.front().start, kNine);
  EXPECT_EQ(error_of([&] { appointments_.look_as(context(), other_, look("conseil")); }).code(),
            Errc::not_found);
}

TEST_P(Bookings, AgentsSeeTheirDayAndSayWhoCame) {
  const Mine one = booked(kNine, "passeport");
  const CivilDate day = civil_date(Zone::paris().local(kNine));
  const auto seen = appointments_.day(context(), agent_, "titres", day);
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].visitor->email.read(), "elodie@example.org");
  EXPECT_EQ(error_of([&] { appointments_.day(context(), other_, "titres", day); }).code(),
            Errc::not_found);
  EXPECT_EQ(error_of([&] { appointments_.open_as(context(), other_, one.id); }).code(),
            Errc::not_found);
  EXPECT_EQ(error_of([&] { appointments_.act_as(context(), agent_, one.id, Act::miss); }).code(),
            Errc::conflict);
  EXPECT_EQ(appointments_.act_as(context(kNine), agent_, one.id, Act::arrive).booking.state,
            State::arrived);
  EXPECT_EQ(appointments_.act_as(context(kNine), agent_, one.id, Act::see).booking.state,
            State::seen);
  const Mine absent = booked(kNine + minutes(20), "passeport");
  appointments_.act_as(context(kNine + hours(1)), agent_, absent.id, Act::miss);
  std::map<State, std::int64_t> figures;
  for (const Count& each : appointments_.figures(context(), agent_, "titres", kNow, kNow + days(7)))
    figures[each.state] += each.count;
  EXPECT_EQ(figures, (std::map<State, std::int64_t>{{State::seen, 1}, {State::missed, 1}}));
}

TEST_P(Bookings, AnAgentBooksByPhoneOutsideOfHoursAndMoves) {
  const Mine one = mine();
  Visitor caller;
  caller.name = Personal(std::string("Jean Blanc"));
  caller.phone = Personal(std::string("02 61 91 24 00"));
  Look wish = look("conseil");
  wish.way = Way::phone;
  const Instant evening = at("2026-12-01T18:00:00+01:00");
  const auto made = appointments_.book_as(context(), agent_, wish, evening, one, caller);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->booking.state, State::booked);
  EXPECT_EQ(made->visitor->phone.read(), "+33261912400");
  EXPECT_EQ(appointments_.book_as(context(), agent_, wish, evening, one, caller)->booking.id,
            one.id);
  EXPECT_FALSE(appointments_.book_as(context(), agent_, wish, evening, mine(), caller));
  EXPECT_TRUE(appointments_.move_as(context(), agent_, one.id, evening + hours(1)));
  EXPECT_EQ(error_of([&] {
              (void)appointments_.book_as(context(), other_, wish, evening, mine(), caller);
            }).code(),
            Errc::not_found);
}

TEST_P(Bookings, ASlotOfOpeningHoursGivesAnAgentNoClosedCounter) {
  std::string edited(kAgenda);
  edited.replace(edited.find("reasons: [cni]}"), 15,
                 "reasons: [cni], hours: {days: {lundi-vendredi: 14h-15h}}}");
  publish(edited, kNow + minutes(1));
  booked(kNine, "cni", kNow + minutes(2));  // at the counter that is open
  const auto booked_too =
      appointments_.book_as(context(), agent_, look(), kNine, mine(), visitor());
  ASSERT_FALSE(booked_too);
  EXPECT_EQ(booked_too.error().next.front().start, kNine + minutes(20));
  const Mine other = booked(kNine + minutes(20), "cni", kNow + minutes(2));
  EXPECT_FALSE(appointments_.move_as(context(), agent_, other.id, kNine));
  EXPECT_TRUE(appointments_.move_as(context(), agent_, other.id, kNine + hours(10)));  // by night
}

TEST_P(Bookings, AnAbsenceEndsHoldsAndOffers) {
  const Mine held = mine(), waits = mine();
  ASSERT_TRUE(appointments_.hold(context(), look("passeport"), kNine, held));
  const Mine taken = booked(kNine + minutes(20), "passeport");
  Look wish = look("passeport");
  wish.until = kNine + minutes(30);
  appointments_.wait(context(), {.look = wish}, waits, visitor());
  appointments_.cancel(context(), taken);
  ASSERT_TRUE(appointments_.open_waiting(context(), waits).offered);
  appointments_.absence(context(), agent_,
                        {.agenda = "titres",
                         .counter = "g1",
                         .id = "abs1",
                         .from = kNine,
                         .until = kNine + hours(1),
                         .label = "formation"});
  EXPECT_EQ(error_of([&] { appointments_.confirm(context(), held, visitor()); }).code(),
            Errc::not_found);
  EXPECT_EQ(error_of([&] { appointments_.accept(context(), waits); }).code(), Errc::not_found);
}

TEST_P(Bookings, ACaseWhoseVisitCameToNothingTakesAnother) {
  const Mine first = mine();
  ASSERT_TRUE(appointments_.hold(context(), look("passeport"), kNine, first, {}, "case-1"));
  appointments_.confirm(context(), first, visitor());
  const auto early = appointments_.retake(context(), "case-1", kNine + days(1));
  ASSERT_TRUE(early);
  EXPECT_EQ(early->booking.id, first.id) << "one that stands is moved, not taken again";
  EXPECT_EQ(early->booking.start, kNine);
  appointments_.cancel(context(), first);
  booked(kNine + days(1), "passeport");
  const Instant later = kNow + hours(1);
  const auto refused = appointments_.retake(context(later), "case-1", kNine + days(1));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().next, SizeIs(kNextSlots));
  const auto again = appointments_.retake(context(later), "case-1", kNine);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->booking.state, State::booked);
  EXPECT_EQ(again->booking.case_id, "case-1");
  EXPECT_EQ(again->visitor->name.read(), "Élodie Roy");
  EXPECT_TRUE(heard(again->booking.id, Happened::booked));
  const auto twice = appointments_.retake(context(later), "case-1", kNine + minutes(20));
  ASSERT_TRUE(twice);
  EXPECT_EQ(twice->booking.id, again->booking.id);
  EXPECT_EQ(appointments_.of_case(context(later), "case-1")->booking.id, again->booking.id);
  // Missed: the figures keep it, and an agent gives the next one.
  appointments_.act_as(context(kNine + hours(1)), agent_, again->booking.id, Act::miss);
  EXPECT_EQ(error_of([&] {
              (void)appointments_.retake_as(context(kNine + hours(2)), other_, again->booking.id,
                                            kNine + days(2));
            }).code(),
            Errc::not_found);
  const auto third =
      appointments_.retake_as(context(kNine + hours(2)), agent_, first.id, kNine + days(2));
  ASSERT_TRUE(third);
  EXPECT_EQ(third->booking.start, kNine + days(2));
  EXPECT_EQ(appointments_.open_as(context(), agent_, again->booking.id).booking.state,
            State::missed);
  EXPECT_EQ(error_of([&] { (void)appointments_.retake(context(), "case-2", kNine); }).code(),
            Errc::not_found);
}

TEST_P(Bookings, TheEndOfAnAbsenceIsOfferedInTheOrderOfWaiting) {
  const Busy busy{.agenda = "titres",
                  .counter = "g1",
                  .id = "abs1",
                  .from = kNine - hours(1),
                  .until = kNine + minutes(30),
                  .label = "formation"};
  appointments_.absence(context(), agent_, busy);
  const Mine first = mine(), second = mine(), third = mine();
  for (const Mine& each : {first, second, third})
    appointments_.wait(context(kNow + minutes(each.id == first.id    ? 1
                                              : each.id == second.id ? 2
                                                                     : 3)),
                       {.look = look("passeport")}, each, visitor());
  const Instant later = kNow + minutes(10);
  appointments_.end_absence(
      context(later), agent_,
      {.agenda = "titres", .counter = "g1", .id = "abs1", .from = {}, .until = {}});
  const auto offered = [&](const Mine& who) {
    return appointments_.open_waiting(context(later), who).offered;
  };
  ASSERT_TRUE(offered(first));
  EXPECT_EQ(offered(first)->start, kNine);
  EXPECT_EQ(offered(first)->held_until, later + kOffer);
  ASSERT_TRUE(offered(second));
  EXPECT_EQ(offered(second)->start, kNine + minutes(20));
  EXPECT_FALSE(offered(third)) << "what was free all the time is nothing that was freed";
}

TEST_P(Bookings, AHoldThatGivesWayToAnotherIsOffered) {
  const Mine one = mine(), instead = mine(), waits = mine();
  Look wish = look("passeport");
  wish.until = kNine + minutes(10);
  ASSERT_TRUE(appointments_.hold(context(), look("passeport"), kNine, one));
  appointments_.wait(context(), {.look = wish}, waits, visitor());
  const Instant later = kNow + minutes(1);
  ASSERT_TRUE(
      appointments_.hold(context(later), look("passeport"), kNine + minutes(20), instead, one));
  ASSERT_TRUE(appointments_.open_waiting(context(later), waits).offered);
  EXPECT_EQ(appointments_.open_waiting(context(later), waits).offered->start, kNine);
  EXPECT_FALSE(appointments_.hold(context(later), look("passeport"), kNine, mine()));
}

TEST_P(Bookings, WhatANewEditionOpensIsOfferedOnce) {
  const Mine waits = mine(), after = mine();
  appointments_.wait(context(), {.look = look("passeport")}, waits, visitor());
  EXPECT_EQ(appointments_.offer_editions(system()), 0U);
  std::string edited(kAgenda);
  edited.replace(edited.find("{id: g1, name: Guichet 1}"), 25,
                 "{id: g1, name: Guichet 1, hours: {days: {lundi-vendredi: 8h40-10h}}}");
  publish(edited, kNow + minutes(1));
  EXPECT_EQ(appointments_.offer_editions(system(kNow + minutes(2))), 1U);
  const auto offered = appointments_.open_waiting(context(), waits).offered;
  ASSERT_TRUE(offered);
  EXPECT_EQ(offered->start, kNine - minutes(20));
  // One that opens nothing offers nothing.
  appointments_.wait(context(kNow + minutes(2)), {.look = look("passeport")}, after, visitor());
  publish(kAgenda, kNow + minutes(3));
  EXPECT_EQ(appointments_.offer_editions(system(kNow + minutes(4))), 1U);
  EXPECT_EQ(appointments_.offer_editions(system(kNow + minutes(5))), 0U);
  EXPECT_FALSE(appointments_.open_waiting(context(), after).offered);
}

TEST_P(Bookings, HoursThatOpenAreOffered) {
  const Mine waits = mine(), after = mine();
  appointments_.wait(context(), {.look = look("passeport")}, waits, visitor());
  const auto before = appointments_.openings(system());
  EXPECT_EQ(appointments_.offer_opened(system(), before), 0U);
  std::string text(kService);
  const std::size_t from = text.find("9h-");
  ASSERT_NE(from, std::string::npos);
  const auto services = directory::read_services(text.replace(from, 2, "8h40"));
  ASSERT_TRUE(services);
  database_.write("demo", [&](db::Tx& tx) {
    directory::replace(tx, "demo", directory::kTownSource, *services);
  });
  const Instant later = kNow + minutes(1);
  EXPECT_EQ(appointments_.offer_opened(system(later), before), 1U);
  const auto offered = appointments_.open_waiting(context(later), waits).offered;
  ASSERT_TRUE(offered);
  EXPECT_EQ(offered->start, kNine - minutes(20));
  // Hours that close offer nothing.
  const auto open = appointments_.openings(system(later));
  const auto closed = directory::read_services(kService);
  database_.write(
      "demo", [&](db::Tx& tx) { directory::replace(tx, "demo", directory::kTownSource, *closed); });
  appointments_.wait(context(later), {.look = look("passeport")}, after, visitor());
  EXPECT_EQ(appointments_.offer_opened(system(later), open), 1U);
  EXPECT_FALSE(appointments_.open_waiting(context(later), after).offered);
}

TEST_P(Bookings, ABusyTimeThatGoesIsOffered) {
  const Busy busy{.agenda = "titres",
                  .counter = "g1",
                  .id = "caldav-1",
                  .from_calendar = true,
                  .from = kNine,
                  .until = kNine + minutes(20)};
  EXPECT_TRUE(appointments_.set_calendar(system(), "titres", "g1", {busy}));
  const Mine waits = mine();
  appointments_.wait(context(), {.look = look("passeport")}, waits, visitor());
  EXPECT_FALSE(appointments_.set_calendar(system(), "titres", "g1", {busy}));
  EXPECT_FALSE(appointments_.open_waiting(context(), waits).offered);
  EXPECT_TRUE(appointments_.set_calendar(system(), "titres", "g1", {}));
  ASSERT_TRUE(appointments_.open_waiting(context(), waits).offered);
  EXPECT_EQ(appointments_.open_waiting(context(), waits).offered->start, kNine);
}

TEST_P(Bookings, ABookingIsMovedWhateverItsReasonTakesNow) {
  Look family = look("cni");
  family.people = 3;
  const Mine one = mine();
  ASSERT_TRUE(appointments_.hold(context(), family, kNine, one));
  appointments_.confirm(context(), one, visitor());
  std::string edited(kAgenda);
  edited.replace(edited.find("people: 3"), 9, "people: 1, offered: false");
  publish(edited, kNow + minutes(1));
  const auto opened = appointments_.open(context(), one);
  const auto offer = appointments_.alternatives(context(), opened, kNow, kNow + days(7));
  ASSERT_FALSE(offer.slots.empty());
  EXPECT_EQ(offer.slots.back().end - offer.slots.back().start, hours(1));
  EXPECT_TRUE(appointments_.move(context(), one, kNine + days(1)));
}

TEST_P(Bookings, AMoveStaysInItsPlace) {
  std::string edited(kAgenda);
  edited.replace(edited.find("reasons: [cni]}"), 15, "reasons: [cni], service: annexe}");
  publish(edited, kNow + minutes(1));
  auto services = directory::read_services(
      std::string("- {id: mairie, name: Mairie, hours: {days: {lundi-vendredi: 9h-10h}}}\n") +
      "- {id: annexe, name: Annexe, hours: {days: {lundi-vendredi: 9h-10h}}}\n");
  ASSERT_TRUE(services);
  database_.write("demo", [&](db::Tx& tx) {
    directory::replace(tx, "demo", directory::kTownSource, *services);
  });
  Look near = look();
  near.service = "annexe";
  const Mine one = mine();
  ASSERT_TRUE(appointments_.hold(context(), near, kNine, one));
  const auto booked = appointments_.confirm(context(), one, visitor());
  for (const Free& slot : appointments_.alternatives(context(), booked, kNow, kNow + days(7)).slots)
    EXPECT_EQ(slot.service, "annexe");
  const auto moved = appointments_.move(context(), one, kNine + days(1));
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->service, "annexe");
}

TEST_P(Bookings, WhoWasServedWaitsNoMore) {
  const Mine taken = booked(kNine, "passeport"), waits = mine();
  Look wish = look("passeport");
  wish.until = kNine + minutes(10);
  appointments_.wait(context(), {.look = wish}, waits, visitor());
  const auto waiting = [&] {
    return database_.read("demo",
                          [&](db::Tx& tx) { return count_waiting(tx, context(), "titres"); });
  };
  appointments_.cancel(context(), taken);
  EXPECT_EQ(waiting(), 1);  // offered
  appointments_.accept(context(), waits);
  EXPECT_EQ(waiting(), 0);
}

TEST_P(Bookings, AChoiceThatIsRefusedKeepsTheOneBefore) {
  const Mine one = mine(), other = mine();
  ASSERT_TRUE(appointments_.hold(context(), look("passeport"), kNine, one));
  booked(kNine + minutes(20), "passeport");
  EXPECT_FALSE(appointments_.hold(context(), look("passeport"), kNine + minutes(20), one));
  EXPECT_FALSE(appointments_.hold(context(), look("passeport"), kNine + minutes(20), other, one));
  EXPECT_EQ(appointments_.confirm(context(), one, visitor()).booking.start, kNine);
}

TEST_P(Bookings, WhatAnAgentTakesBackIsToldToo) {
  const Mine one = booked(kNine, "passeport");
  appointments_.act_as(context(kNine + hours(1)), agent_, one.id, Act::miss);
  told_.clear();
  appointments_.act_as(context(kNine + hours(1)), agent_, one.id, Act::undo);
  EXPECT_TRUE(heard(one.id, Happened::visited));
}

TEST_P(Bookings, WhatIsOldIsErasedWithItsKey) {
  const Mine one = booked(kNine, "passeport");
  const Mine waits = mine();
  appointments_.wait(context(), {.look = look("passeport")}, waits, visitor());
  EXPECT_EQ(appointments_.erase_old(system(kNine + days(29))), 1U);  // the entry is over
  EXPECT_EQ(appointments_.open(context(), one).booking.state, State::booked);
  EXPECT_EQ(appointments_.erase_old(system(kNine + days(31))), 1U);
  EXPECT_EQ(error_of([&] { appointments_.open(context(), one); }).code(), Errc::not_found);
  EXPECT_EQ(error_of([&] { appointments_.open_waiting(context(), waits); }).code(),
            Errc::not_found);
  EXPECT_EQ(error_of([&] { keyring_.keys_for(context(), "booking/" + one.id); }).code(),
            Errc::not_found);
}

TEST_P(Bookings, ALinkOfALetterGoesOnOpeningAfterTheNextLetter) {
  const Mine one = booked(kNine);
  const Secret<std::string> former = appointments_.link(system(), one.id);
  const Secret<std::string> newest = appointments_.link(system(), one.id);
  EXPECT_NO_THROW(appointments_.open(context(), one));
  EXPECT_NO_THROW(appointments_.open(context(), {one.id, newest}));
  EXPECT_NO_THROW(appointments_.open(context(), {one.id, former}));
  const Mine waits = mine();
  appointments_.wait(context(), {.look = look()}, waits, visitor());
  const Secret<std::string> first = appointments_.waiting_link(system(), waits.id);
  appointments_.waiting_link(system(), waits.id);
  EXPECT_NO_THROW(appointments_.open_waiting(context(), {waits.id, first}));
  EXPECT_EQ(error_of([&] { appointments_.open(context(), {one.id, first}); }).code(),
            Errc::not_found);
}

INSTANTIATE_TEST_SUITE_P(Engines, Bookings, support::kEngines, support::engine_name);

}  // namespace
}  // namespace parvis::appointment
