// The appointment of a démarche on both engines: held with the draft, booked with the deposit, both
// or neither.
#include "api/case_appointments.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "base/error.hpp"
#include "support/appointing.hpp"
#include "support/items.hpp"

namespace parvis::api {
namespace {

using appointment::Happened;
using appointment::State;
using std::chrono::days;
using std::chrono::minutes;
using support::error_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kept = CaseAppointments::Kept;

Instant at(std::string_view time) { return *parse_rfc3339(time); }
const Instant kNow = at("2026-11-30T10:30:00+01:00");  // a Monday
const Instant kNine = at("2026-12-01T09:00:00+01:00"), kLast = at("2026-12-01T09:30:00+01:00");

constexpr std::string_view kAgenda = R"~(
id: urbanisme
title: Urbanisme
service: mairie
counters: [{id: g1, name: Guichet 1}]
reasons:
  - {id: travaux, label: Travaux, minutes: 30, notice: 0, horizon: 2, bring: [Un plan], asks: [{id: chantier, label: Chantier}]}
  - {id: terrasse, label: Terrasse, minutes: 30, notice: 0, horizon: 2, people: 2, ways: [in_person, phone]}
)~";
// Two slots a day, at one counter: those of Tuesday and Wednesday are offered.
constexpr std::string_view kServices = R"~(
id: mairie
name: Mairie
address: {lines: [3 place du Parvis]}
hours: {days: {lundi-vendredi: 9h-10h}}
)~";
constexpr std::string_view kDemarche = R"~(id: essai
title: Essai
summary: Pour voir.
service: mairie
other_ways: [Au guichet.]
clock: {silence: none, delay: 5 days, basis: Une déclaration.}
steps:
  - title: Vous
    pages:
      - {id: objet, type: choice, label: Objet, options: [travaux, terrasse, rien]}
      - {id: chantier, type: text, label: Chantier}
      - {id: vous, type: person, label: Vous, with: [used_name, email, phone]}
  - title: Rendez-vous
    pages:
      - id: visite
        type: appointment
        label: Quand ?
        when: objet != 'rien'
        agenda: urbanisme
        reason_by: objet
        reasons: {travaux: travaux, terrasse: terrasse, rien: travaux}
)~";

class Visiting : public support::Town {
 protected:
  Visiting() : Town(kNow, {.agenda = kAgenda, .services = kServices, .demarche = kDemarche}) {}
  struct Citizen {
    std::string id;
    Secret<std::string> token;
  };
  // With all but the slot.
  Citizen begun(const std::string& objet = "travaux") {
    Citizen made{casework::new_id(), casework::new_token()};
    cases_.begin(context(), "essai", made.id, made.token);
    cases_.merge(context(), made.id, made.token.reveal(),
                 {{"objet", objet},
                  {"chantier", "Rue du Gué"},
                  {"vous", json::object{{"last_name", "Roy"},
                                        {"first_names", "Ana"},
                                        {"used_name", "Petit"},
                                        {"email", "ana@example.org"},
                                        {"phone", "06 12 34 56 78"}}}});
    return made;
  }
  CaseAppointments::Theirs theirs(const Citizen& who) {
    return {cases_, who.id, who.token.reveal()};
  }
  casework::Opened open(const Citizen& who, Instant now = kNow) {
    return cases_.open(context(now), who.id, who.token.reveal());
  }
  auto choose(const Citizen& who, Instant start, Instant now = kNow) {
    return visits_.choose(context(now), theirs(who), open(who, now), start);
  }
  casework::Deposit deposit(const Citizen& who, Instant now = kNow) {
    return cases_.deposit(context(now), who.id, who.token.reveal());
  }
  CaseAppointments::Standing keep(const Citizen& who, Instant now) {
    return visits_.keep(context(now), theirs(who), open(who, now));
  }
  std::vector<Instant> free(const Citizen& who, Instant now = kNow) {
    std::vector<Instant> out;
    for (const auto& slot : visits_.offer(context(now), open(who, now), now + days(9)).slots)
      out.push_back(slot.start);
    return out;
  }
  std::optional<appointment::Opened> booked(const Citizen& who, Instant now = kNow) {
    return visits_.of(context(now), open(who, now));
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Visiting, support::kEngines, support::engine_name);

TEST_P(Visiting, TheSlotOfTheDraftIsBookedWithTheDepositForWhoeverItNames) {
  const Citizen ana = begun();
  EXPECT_EQ(free(ana).front(), kNine);
  EXPECT_EQ(error_of([&] { deposit(ana); }).code(), Errc::invalid);  // nothing is chosen
  const auto held = choose(ana, kNine);
  ASSERT_TRUE(held);
  EXPECT_THAT(held->faults, IsEmpty());
  const json::object& slot = held->opened.answers.at("visite").as_object();
  EXPECT_EQ(slot.at("start"), "2026-12-01T09:00:00+01:00");
  EXPECT_EQ(slot.at("service"), "mairie");
  EXPECT_EQ(free(ana).front(), kLast);
  EXPECT_FALSE(booked(ana)) << "held alone";
  const casework::Deposit done = deposit(ana);
  const auto visit = booked(ana);
  ASSERT_TRUE(visit);
  EXPECT_EQ(visit->booking.state, State::booked);
  EXPECT_EQ(visit->booking.case_id, ana.id);
  EXPECT_EQ(visit->visitor->name.read(), "Ana Petit");
  EXPECT_EQ(visit->visitor->email.read(), "ana@example.org");
  EXPECT_EQ(visit->visitor->phone.read(), "+33612345678");
  EXPECT_EQ(visit->visitor->asked.at("chantier").read(), "Rue du Gué");
  // Sent again: one case, one booking.
  EXPECT_TRUE(deposit(ana).repeated);
  EXPECT_EQ(booked(ana)->booking.revision, visit->booking.revision);
  casework::Receipt receipt =
      casework::receipt_of(done.opened, nullptr, "Le Val", Zone::paris(), kNow);
  EXPECT_THAT(receipt.appointment.when, HasSubstr("mardi 1er décembre 2026 à 9"));
  visits_.tell(context(), done.opened, receipt);
  EXPECT_THAT(receipt.appointment.place, ElementsAre("Mairie", "3 place du Parvis"));
  EXPECT_THAT(receipt.appointment.bring, ElementsAre("Un plan"));
}

TEST_P(Visiting, AnotherChoiceGivesTheFormerBackAndASecondClickChangesNothing) {
  const Citizen ana = begun();
  ASSERT_TRUE(choose(ana, kNine));
  ASSERT_TRUE(choose(ana, kNine));
  ASSERT_TRUE(choose(ana, kLast));
  EXPECT_EQ(free(begun()).front(), kNine);
  // The answer that decides the reason has changed: the slot is of something else.
  cases_.merge(context(), ana.id, ana.token.reveal(), {{"objet", "terrasse"}});
  EXPECT_THAT(error_of([&] { deposit(ana); }).detail(), HasSubstr("Choisissez un autre horaire"));
  ASSERT_TRUE(choose(ana, kNine));
  EXPECT_EQ(deposit(ana).opened.state, casework::State::received);
  EXPECT_EQ(booked(ana)->booking.reason, "terrasse");
  EXPECT_EQ(booked(ana)->booking.start, kNine);
}

TEST_P(Visiting, AChoiceThatIsRefusedKeepsTheOneBeforeWhileItRuns) {
  const Citizen ana = begun(), luc = begun();
  ASSERT_TRUE(choose(ana, kNine));
  ASSERT_TRUE(choose(luc, kLast));
  EXPECT_FALSE(choose(ana, kLast));
  EXPECT_EQ(keep(ana, kNow).start, kNine);
  EXPECT_FALSE(choose(ana, kLast, kNow + minutes(9)));
  EXPECT_EQ(deposit(ana, kNow + minutes(9)).opened.state, casework::State::received);
  EXPECT_EQ(booked(ana)->booking.start, kNine);
}

TEST_P(Visiting, ACaseThatIsWithdrawnGivesItsTimeBack) {
  const Citizen ana = begun();
  ASSERT_TRUE(choose(ana, kNine));
  deposit(ana);
  appointments_.cancel_of_case(system(kNine + minutes(1)), ana.id);
  EXPECT_EQ(booked(ana)->booking.state, State::booked) << "what has begun stays as it was";
  appointments_.cancel_of_case(system(), ana.id);
  appointments_.cancel_of_case(system(), ana.id);
  EXPECT_EQ(booked(ana)->booking.state, State::cancelled);
  EXPECT_EQ(free(begun()).front(), kNine);
}

TEST_P(Visiting, AHoldThatEndedIsHeldAnewUntilSomebodyElseHasIt) {
  const Citizen ana = begun(), luc = begun();
  EXPECT_EQ(keep(ana, kNow).kept, Kept::none);
  ASSERT_TRUE(choose(ana, kNine));
  EXPECT_EQ(keep(ana, kNow).until, kNow + appointment::kHold);
  const Instant later = kNow + minutes(30);
  appointments_.end_holds(system(later));
  // The row is gone: a deposit is refused, and nothing of it is done.
  EXPECT_EQ(error_of([&] { deposit(ana, later); }).code(), Errc::conflict);
  EXPECT_EQ(open(ana, later).state, casework::State::draft);
  const auto again = keep(ana, later);
  EXPECT_EQ(again.kept, Kept::held);
  EXPECT_EQ(again.until, later + appointment::kHold);
  // It ends once more, and another draft takes the slot.
  const Instant evening = later + minutes(30);
  ASSERT_TRUE(choose(luc, kNine, evening));
  EXPECT_EQ(keep(ana, evening).kept, Kept::lost);
  const Error refused = error_of([&] { deposit(ana, evening); });
  EXPECT_EQ(refused.code(), Errc::conflict);
  EXPECT_THAT(refused.detail(), HasSubstr("n’est plus gardé"));
  EXPECT_EQ(open(ana, evening).state, casework::State::draft);
  EXPECT_EQ(deposit(luc, evening).opened.state, casework::State::received);
}

TEST_P(Visiting, WhoIsNotAskedForASlotBooksNone) {
  const Citizen ana = begun("rien");
  EXPECT_EQ(deposit(ana).opened.state, casework::State::received);
  EXPECT_FALSE(booked(ana));
  // Chosen, then asked for no more: the hold ends by itself.
  const Citizen luc = begun();
  ASSERT_TRUE(choose(luc, kNine));
  cases_.merge(context(), luc.id, luc.token.reveal(), {{"objet", "rien"}});
  deposit(luc);
  EXPECT_FALSE(booked(luc));
  appointments_.end_holds(system(kNow + minutes(30)));
  EXPECT_EQ(free(begun(), kNow + minutes(30)).front(), kNine);
}

TEST_P(Visiting, HowManyComeHowAndWithWhatHelpIsBookedToo) {
  const Citizen ana = begun("terrasse");
  const CaseAppointments::Coming two{.people = 2,
                                     .way = appointment::Way::phone,
                                     .needs = {.step_free = true, .interpreter = "arabe"}};
  const auto slot = visits_.offer(context(), open(ana), kNow + days(9), two).slots.front();
  EXPECT_EQ(slot.end - slot.start, minutes(60));
  const auto take = [&](const CaseAppointments::Coming& coming, Instant now = kNow) {
    return visits_.choose(context(now), theirs(ana), open(ana), kNine, coming).has_value();
  };
  ASSERT_TRUE(take(two));
  EXPECT_EQ(CaseAppointments::coming(open(ana)), two);
  EXPECT_GT(free(begun()).front(), kLast);
  // One stays at home: the time of the other is free again.
  ASSERT_TRUE(take({}));
  EXPECT_EQ(free(begun()).front(), kLast);
  ASSERT_TRUE(take(two));
  // Held anew as it was asked for.
  const Instant later = kNow + minutes(30);
  appointments_.end_holds(system(later));
  EXPECT_EQ(keep(ana, later).kept, Kept::held);
  deposit(ana, later);
  const auto visit = booked(ana, later);
  EXPECT_EQ(visit->booking.people, 2);
  EXPECT_EQ(visit->booking.way, appointment::Way::phone);
  EXPECT_EQ(visit->visitor->needs, two.needs);
  // What the reason does not take is what it does.
  const Citizen luc = begun("travaux");
  const Instant next = kNine + days(1);
  ASSERT_TRUE(visits_.choose(context(), theirs(luc), open(luc), next,
                             {.people = 5, .way = appointment::Way::video}));
  EXPECT_EQ(CaseAppointments::coming(open(luc)).people, 1);
  EXPECT_EQ(CaseAppointments::coming(open(luc)).way, appointment::Way::in_person);
}

TEST_P(Visiting, WhoseVisitCameToNothingTakesAnotherWhileTheCaseIsOpen) {
  const Citizen ana = begun();
  ASSERT_TRUE(choose(ana, kNine));
  deposit(ana);
  EXPECT_FALSE(CaseAppointments::can_retake(open(ana), *booked(ana)));
  appointments_.cancel(context(), visits_.mine(context(), theirs(ana)));
  EXPECT_TRUE(CaseAppointments::can_retake(open(ana), *booked(ana)));
  const Instant later = kNow + minutes(5);
  const auto again = visits_.retake(context(later), open(ana), kLast);
  ASSERT_TRUE(again);
  EXPECT_EQ(booked(ana)->booking.start, kLast);
  const auto opener = visits_.opener(context(later), theirs(ana), *booked(ana));
  EXPECT_EQ(appointments_.open(context(later), opener).booking.id, again->booking.id);
  appointments_.cancel(context(later), opener);
  cases_.act(context(later), ana.id, ana.token.reveal(), casework::Act::withdraw, "withdraw-1", "");
  EXPECT_FALSE(CaseAppointments::can_retake(open(ana), *booked(ana)));
  EXPECT_EQ(error_of([&] { (void)visits_.retake(context(later), open(ana), kNine); }).code(),
            Errc::conflict);
}

TEST_P(Visiting, TheSlotIsWrittenByNobodyButTheHold) {
  const Citizen ana = begun();
  const json::object forged{
      {"booking", "b"}, {"start", "2026-12-01T09:00:00+01:00"}, {"reason", "travaux"}};
  EXPECT_EQ(error_of([&] {
              cases_.merge(context(), ana.id, ana.token.reveal(), {{"visite", forged}});
            }).code(),
            Errc::invalid);
  // Even so: nothing was held.
  cases_.set_appointment(context(), ana.id, ana.token.reveal(), forged);
  EXPECT_EQ(error_of([&] { deposit(ana); }).code(), Errc::conflict);
  // Another's key opens nothing.
  EXPECT_NE(visits_.mine(context(), theirs(ana)).id, visits_.mine(context(), theirs(begun())).id);
}

TEST_P(Visiting, ALinkToTheCaseOpensItsAppointment) {
  const Citizen ana = begun();
  ASSERT_TRUE(choose(ana, kNine));
  deposit(ana);
  const Secret<std::string> link = cases_.link(system(), ana.id);
  const auto mine = visits_.mine(context(), {cases_, ana.id, link.reveal()});
  EXPECT_EQ(appointments_.open(context(), mine).booking.state, State::booked);
  ASSERT_TRUE(appointments_.move(context(), mine, kLast));
  casework::Receipt receipt;
  visits_.tell(context(), open(ana), receipt);
  EXPECT_THAT(receipt.appointment.when, HasSubstr("9\u202fh\u202f30"));
  appointments_.cancel(context(), mine);
  visits_.tell(context(), open(ana), receipt);
  EXPECT_EQ(receipt.appointment.when, "");
}

TEST_P(Visiting, TwoDraftsOnTheLastSlotAreOneBooking) {
  constexpr int kDrafts = 6;
  std::vector<Citizen> all;
  for (int n = 0; n < kDrafts; ++n) all.push_back(begun());
  std::atomic<int> held = 0, refused = 0;
  {
    std::vector<std::jthread> threads;
    for (const Citizen& who : all)
      threads.emplace_back([&] { (choose(who, kNine) ? held : refused)++; });
  }
  EXPECT_EQ(held, 1);
  EXPECT_EQ(refused, kDrafts - 1);
  // All of them send twice at once.
  std::atomic<int> deposits = 0;
  {
    std::vector<std::jthread> threads;
    for (int n = 0; n < 2 * kDrafts; ++n)
      threads.emplace_back([&, n] {
        try {
          if (!deposit(all[static_cast<std::size_t>(n) % kDrafts]).repeated) ++deposits;
        } catch (const Error& e) {
          if (e.code() != Errc::invalid) ADD_FAILURE() << e.detail();
        }
      });
  }
  EXPECT_EQ(deposits, 1);
  int bookings = 0;
  for (const Citizen& who : all)
    if (const auto visit = booked(who)) bookings += visit->booking.state == State::booked;
  EXPECT_EQ(bookings, 1);
}

// Whoever has no e-mail address comes all the same: the case writes to them on paper.
class VisitingWithoutMail : public support::Town {
 protected:
  static std::string demarche() {
    std::string out(kDemarche);
    const std::string_view with = "with: [used_name, email, phone]}\n";
    return out.replace(out.find(with), with.size(),
                       "with: [used_name]}\n"
                       "      - {id: email, type: email, label: E-mail, optional: true}\n"
                       "      - {id: adresse, type: address, label: Adresse}\n");
  }
  VisitingWithoutMail()
      : Town(kNow, {.agenda = kAgenda, .services = kServices, .demarche = demarche_}) {}
  static inline const std::string demarche_ = demarche();
};
INSTANTIATE_TEST_SUITE_P(Engines, VisitingWithoutMail, support::kEngines, support::engine_name);

TEST_P(VisitingWithoutMail, TheSlotIsBookedWithTheDepositAndConfirmedOnPaper) {
  const std::string id = casework::new_id();
  const Secret<std::string> token = casework::new_token();
  cases_.begin(context(), "essai", id, token);
  cases_.merge(
      context(), id, token.reveal(),
      {{"objet", "travaux"},
       {"chantier", "Rue du Gué"},
       {"adresse",
        json::object{{"street", "3 rue du Gué"}, {"postcode", "00100"}, {"city", "Saint-Aubin"}}},
       {"vous", json::object{{"last_name", "Roy"}, {"first_names", "Ana"}}}});
  const auto opened = [&] { return cases_.open(context(), id, token.reveal()); };
  ASSERT_TRUE(visits_.choose(context(), {cases_, id, token.reveal()}, opened(), kNine));
  const casework::Opened done = cases_.deposit(context(), id, token.reveal()).opened;
  EXPECT_THAT(done.papers, ElementsAre(1)) << "the acknowledgement is to be printed";
  const auto visit = visits_.of(context(), opened());
  ASSERT_TRUE(visit);
  EXPECT_EQ(visit->booking.start, kNine);
  EXPECT_EQ(visit->booking.state, State::booked);
}

}  // namespace
}  // namespace parvis::api
