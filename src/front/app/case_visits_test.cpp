// What the end of a case does to its appointment, on both engines: by the job that its act queues.
#include "app/case_visits.hpp"

#include <gmock/gmock.h>

#include <set>

#include "app/letterbox.hpp"
#include "jobs/jobs_store.hpp"
#include "runtime/doorbell.hpp"
#include "support/appointing.hpp"

namespace parvis::app {
namespace {

using appointment::Happened;
using casework::Act;
using std::chrono::days;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using VisitState = appointment::State;

Instant at(std::string_view time) { return *parse_rfc3339(time); }
const Instant kNow = at("2026-11-30T10:30:00+01:00");  // a Monday
const Instant kNine = at("2026-12-01T09:00:00+01:00"), kLast = at("2026-12-01T09:30:00+01:00");
constexpr std::string_view kAgenda = R"~(
id: urbanisme
title: Urbanisme
service: mairie
counters: [{id: g1, name: Guichet 1}]
reasons: [{id: travaux, label: Travaux, minutes: 30, notice: 0, horizon: 2}]
)~";
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
      - {id: objet, type: choice, label: Objet, options: [visite, rien]}
      - {id: vous, type: person, label: Vous, with: [email]}
  - title: Rendez-vous
    pages:
      - id: visite
        type: appointment
        label: Quand ?
        when: objet != 'rien'
        agenda: urbanisme
        reason: travaux
)~";

class CaseVisits : public support::Town {
 protected:
  CaseVisits()
      : Town(
            kNow, {.agenda = kAgenda, .services = kServices, .demarche = kDemarche},
            [this](db::Tx& tx, const appointment::Booking& row, Happened what, Instant now) {
              if (what == Happened::cancelled) cancelled_.insert(row.id);
              enqueue_visit(tx, row, what, now);
            },
            enqueue_visit_end) {}
  struct Citizen {
    std::string id;
    Secret<std::string> token;
    std::string reference = {};
  };
  Citizen deposited(std::optional<Instant> start = kNine) {
    Citizen made{casework::new_id(), casework::new_token()};
    cases_.begin(context(), "essai", made.id, made.token);
    cases_.merge(context(), made.id, made.token.reveal(),
                 {{"objet", start ? "visite" : "rien"},
                  {"vous", json::object{{"last_name", "Roy"},
                                        {"first_names", "Ana"},
                                        {"email", "ana@example.org"}}}});
    if (start)
      EXPECT_TRUE(
          visits_.choose(context(), {cases_, made.id, made.token.reveal()}, open(made), *start));
    made.reference = cases_.deposit(context(), made.id, made.token.reveal()).opened.reference;
    return made;
  }
  casework::Opened open(const Citizen& who) {
    return cases_.open(context(), who.id, who.token.reveal());
  }
  std::optional<appointment::Opened> visit(const Citizen& who) {
    return visits_.of(context(), open(who));
  }
  void acts(const Citizen& who, const std::vector<Act>& all, Instant now = kNow) {
    for (const Act act : all)
      cases_.act_as(context(now), agent_, who.id, act, "event-" + std::to_string(++acts_),
                    "Pour voir.",
                    act == Act::transfer ? json::object{{"to", "La préfecture"}} : json::object{});
  }

  std::set<std::string> cancelled_;  // each is told once more, in the rehearsal of its write
  const casework::Author agent_{casework::Role::agent, "a1", "Rosa", {}};
  int acts_ = 1000;
  runtime::Doorbell doorbell_;
  Metrics metrics_;
  jobs::Runner runner_{database_,
                       doorbell_,
                       metrics_,
                       system_now,
                       {visit_kind(database_, cases_, Zone::paris()),
                        visit_end_kind(appointments_, cases_, Zone::paris())}};
};
INSTANTIATE_TEST_SUITE_P(Engines, CaseVisits, support::kEngines, support::engine_name);

TEST_P(CaseVisits, NobodyIsExpectedForACaseThatIsOver) {
  const std::vector<std::vector<Act>> ends{
      {Act::take_up, Act::refuse}, {Act::transfer}, {Act::take_up, Act::accept, Act::close}};
  for (const auto& acts : ends) {
    const Citizen ana = deposited();
    cancelled_.clear();
    this->acts(ana, acts);
    runner_.run_due(kNow);
    EXPECT_EQ(visit(ana)->booking.state, VisitState::cancelled);
    EXPECT_THAT(cancelled_, ElementsAre(visit(ana)->booking.id));  // what the letter goes by
  }
  deposited();  // its time is free again
}

TEST_P(CaseVisits, ACaseThatIsAcceptedIsStillVisited) {
  const Citizen ana = deposited();
  acts(ana, {Act::take_up, Act::accept});
  runner_.run_due(kNow);
  EXPECT_EQ(visit(ana)->booking.state, VisitState::booked);
}

TEST_P(CaseVisits, ACaseThatIsReopenedBeforeAnybodyLookedKeepsIts) {
  const Citizen ana = deposited();
  acts(ana, {Act::take_up, Act::refuse, Act::reopen});
  runner_.run_due(kNow);
  EXPECT_EQ(visit(ana)->booking.state, VisitState::booked);
}

TEST_P(CaseVisits, AVisitThatHasBegunOrWhoseVisitorIsThereStays) {
  const Citizen past = deposited(kNine), there = deposited(kLast);
  const appointment::Author desk{"a1", {}};
  appointments_.act_as(context(kNine), desk, visit(there)->booking.id, appointment::Act::arrive);
  for (const Citizen& each : {past, there})
    acts(each, {Act::take_up, Act::refuse}, kNine + minutes(1));
  runner_.run_due(kNine + minutes(1));
  EXPECT_EQ(visit(past)->booking.state, VisitState::booked);
  EXPECT_EQ(visit(there)->booking.state, VisitState::arrived);
  EXPECT_THAT(cancelled_, IsEmpty());
}

TEST_P(CaseVisits, TheCaseInWhichItGoesOnTakesItsVisitUnlessItHasOne) {
  const Citizen twice = deposited(kNine), bare = deposited(std::nullopt), own = deposited(kLast);
  const std::string booking = visit(twice)->booking.id;
  cases_.merge_into(context(), agent_, twice.id, bare.reference, "merge-001", "Doublon.");
  runner_.run_due(kNow);
  EXPECT_FALSE(visit(twice));
  ASSERT_TRUE(visit(bare));
  EXPECT_EQ(visit(bare)->booking.id, booking);
  EXPECT_EQ(visit(bare)->booking.state, VisitState::booked);
  // Whoever has the case that goes on opens it.
  const auto opener =
      visits_.opener(context(), {cases_, bare.id, bare.token.reveal()}, *visit(bare));
  EXPECT_EQ(appointments_.open(context(), opener).booking.id, booking);
  cases_.merge_into(context(), agent_, bare.id, own.reference, "merge-002", "Doublon.");
  runner_.run_due(kNow);
  EXPECT_EQ(visit(bare)->booking.state, VisitState::cancelled);
  EXPECT_EQ(visit(own)->booking.start, kLast);
  EXPECT_THAT(cancelled_, ElementsAre(booking));
}

// Several threads take jobs: the second act is not told before the first.
TEST_P(CaseVisits, WhatHappenedIsToldInItsOrder) {
  const Citizen ana = deposited(kNine);
  const auto mine = visits_.opener(context(), {cases_, ana.id, ana.token.reveal()}, *visit(ana));
  ASSERT_TRUE(appointments_.move(context(), mine, kLast));
  appointments_.cancel(context(), mine);
  const auto ready =
      database_.read([](db::Tx& tx) { return jobs::ready(tx, kNow, jobs::kTakeMax); });
  const jobs::Kind kind = visit_kind(database_, cases_, Zone::paris());
  std::vector<jobs::Job> told;
  for (const jobs::Job& job : ready)
    if (job.kind == kVisitJob) told.push_back(job);
  ASSERT_THAT(told, ::testing::SizeIs(2));
  std::ranges::sort(told, {}, &jobs::Job::key);
  EXPECT_TRUE(std::holds_alternative<jobs::Later>(kind.handler(told[1], kNow)));
  EXPECT_TRUE(std::holds_alternative<jobs::Done>(kind.handler(told[0], kNow)));
  runner_.run_due(kNow);
  std::vector<std::string> words;
  for (const casework::Happened& each : open(ana).events)
    if (each.act == Act::visit) words.emplace_back(string_at(each.more, "what").value_or(""));
  EXPECT_THAT(words, ElementsAre("moved", "cancelled"));
}

}  // namespace
}  // namespace parvis::app
