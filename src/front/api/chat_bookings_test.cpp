// Appointments and démarches in a conversation with the rooms that keep them, on both engines: a
// turn that is taken again, a hold that ended, what is wrong with who comes.
#include "api/chat_bookings.hpp"

#include <gmock/gmock.h>

#include "api/chat_forms.hpp"
#include "base/error.hpp"
#include "support/appointing.hpp"

namespace parvis::api {
namespace {

using dialogue::Booking;
using dialogue::BookingDeed;
using dialogue::Step;
using std::chrono::days;
using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

Instant at(std::string_view time) { return *parse_rfc3339(time); }
const Instant kNow = at("2026-11-30T10:30:00+01:00");  // a Monday
const Instant kNine = at("2026-12-01T09:00:00+01:00");

constexpr std::string_view kAgenda = R"~(
id: urbanisme
title: Urbanisme
service: mairie
counters: [{id: g1, name: Guichet 1}]
reasons:
  - {id: travaux, label: Travaux, minutes: 30, notice: 0, horizon: 4, bring: [Un plan], asks: [{id: chantier, label: Chantier, required: true}]}
)~";
constexpr std::string_view kServices = R"~(
id: mairie
name: Mairie
address: {lines: [3 place du Parvis]}
hours: {days: {lundi-vendredi: 9h-10h30}}
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
      - {id: chantier, type: text, label: Chantier}
      - {id: vous, type: person, label: Vous, with: [email]}
  - title: Rendez-vous
    pages: [{id: visite, type: appointment, label: "Quand ?", agenda: urbanisme, reason: travaux}]
)~";

class Chatting : public support::Town {
 protected:
  Chatting() : Town(kNow, {.agenda = kAgenda, .services = kServices, .demarche = kDemarche}) {}
  void sweep(Instant now) { appointments_.end_holds(system(now)); }
  // A turn and its deeds; the state is given, so that it can be taken again.
  Step turn(dialogue::State state, const std::string& text, const std::string& choice = "") {
    const dialogue::Booker booker = forms_.booker(context(), visit_);
    Step out = dialogue::step(
        std::move(state),
        {.text = text, .choice = choice, .words = Personal(text), .booker = &booker}, world_);
    if (out.booking != BookingDeed::none) forms_.book(context(), visit_, out);
    return out;
  }
  Step all(dialogue::State state, std::initializer_list<const char*> texts) {
    Step out{.state = std::move(state), .answer = {}};
    for (const char* text : texts) out = turn(std::move(out.state), text);
    return out;
  }
  Step confirmed(const appointment::Visitor& visitor) {
    Step step{.state = {}, .answer = {}};
    step.booking = BookingDeed::confirm;
    Booking& booking = step.state.booking;
    booking.number = 1;
    booking.agenda = "urbanisme";
    booking.reason = "travaux";
    booking.commune = "99001";
    booking.people = 1;
    booking.start = kNine;
    booking.asked = dialogue::kAskReview;
    booking.visitor = visitor;
    forms_.book(context(), visit_, step);
    return step;
  }
  static appointment::Visitor ana() {
    return {.name = Personal(std::string("Ana Petit")),
            .email = Personal(std::string("ana@example.org")),
            .phone = Personal(std::string()),
            .asked = {{"chantier", Personal(std::string("Rue du Gué"))}}};
  }
  // The démarche of the conversation, up to its slot.
  void begun_form() {
    auto [id, token] = case_of(visit_, "essai", 1);
    case_id_ = id;
    case_token_ = token.reveal();
    cases_.begin(context(), "essai", id, token);
    cases_.merge(context(), id, token.reveal(),
                 {{"chantier", "Rue du Gué"},
                  {"vous", json::object{{"last_name", "Roy"},
                                        {"first_names", "Ana"},
                                        {"email", "ana@example.org"}}}});
  }
  // A turn of it and its deed.
  Step form(dialogue::State state, const std::string& text, const std::string& choice = "",
            Instant now = kNow) {
    if (state.filling.procedure.empty()) {
      state.filling.procedure = "essai";
      state.filling.number = 1;
    }
    const auto draft = forms_.draft(context(now), visit_, state.filling);
    const dialogue::Booker booker = forms_.booker(context(now), visit_);
    Step out = dialogue::step(std::move(state),
                              {.text = text,
                               .choice = choice,
                               .fills = true,
                               .words = Personal(text),
                               .draft = &*draft,
                               .booker = &booker},
                              world_);
    if (out.deed != dialogue::Deed::none || out.keep) forms_.perform(context(now), visit_, out);
    return out;
  }
  void taken_by_another(Instant start, Instant now = kNow) {
    ASSERT_TRUE(appointments_.hold(
        context(now), {.agenda = "urbanisme", .reason = "travaux"}, start,
        {appointment::new_id(), Secret(std::string(2 * appointment::kTokenBytes, 'e'))}));
  }

  // The démarche of the conversation, all but its deposit.
  CaseAppointments::Theirs drafted() {
    auto [id, token] = case_of(visit_, "essai", 1);
    case_id_ = id;
    case_token_ = token.reveal();
    cases_.begin(context(), "essai", id, token);
    cases_.merge(context(), id, token.reveal(),
                 {{"chantier", "Rue du Gué"},
                  {"vous", json::object{{"last_name", "Roy"},
                                        {"first_names", "Ana"},
                                        {"email", "ana@example.org"}}}});
    const CaseAppointments::Theirs theirs{cases_, case_id_, case_token_};
    EXPECT_TRUE(visits_.choose(context(), theirs, open(), kNine));
    return theirs;
  }
  casework::Opened open(Instant now = kNow) {
    return cases_.open(context(now), case_id_, case_token_);
  }
  Step deposited(Instant now) {
    Step step{.state = {}, .answer = {}};
    step.deed = dialogue::Deed::deposit;
    step.state.filling = {.procedure = "essai",
                          .number = 1,
                          .asked = std::string(dialogue::kReview),
                          .before = {},
                          .seen = {},
                          .passed = {}};
    forms_.perform(context(now), visit_, step);
    return step;
  }

  Casework casework_{.cases = cases_,
                     .catalogue = catalogue_,
                     .tenant = "demo",
                     .zone = Zone::paris(),
                     .now = [] { return kNow; },
                     .receipt = [](const casework::Opened&) { return casework::Receipt{}; },
                     .appointments = &visits_};
  Appointing appointing_{.appointments = appointments_,
                         .agendas = agendas_,
                         .tenant = "demo",
                         .zone = Zone::paris(),
                         .now = [] { return kNow; }};
  Forms forms_ = with_bookings(forms_of(casework_), appointing_, [this](const std::string& id) {
    return database_.read("demo",
                          [&](db::Tx& tx) { return directory::service_by_id(tx, "demo", id); });
  });
  dialogue::World world_{.town = "le Val",
                         .communes = {},
                         .commune = "99001",
                         .find = [](const dialogue::World::Search&) { return dialogue::Found{}; },
                         .context =
                             [](const std::string&) {
                               answer::ComposeContext cx;
                               cx.now = kNow;
                               return cx;
                             }};
  Visit visit_{std::string(32, 'a'), std::string(64, 'b')};
  std::string case_id_, case_token_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Chatting, support::kEngines, support::engine_name);

// The answer was lost before it was stored: the same message meets what it has done already.
TEST_P(Chatting, ATurnTakenAgainSaysTheSame) {
  const Step offered = turn({}, "je veux un rdv pour des travaux");
  const Step held = turn(offered.state, "le premier"), again = turn(offered.state, "le premier");
  ASSERT_EQ(held.booking, BookingDeed::hold) << held.answer.text;
  EXPECT_EQ(again.answer.text, held.answer.text);
  EXPECT_EQ(again.answer.appointment, held.answer.appointment);
  // Somebody else does not get it for that.
  const Visit mine = std::exchange(visit_, {std::string(32, 'c'), std::string(64, 'd')});
  EXPECT_THAT(turn(offered.state, "le premier").answer.text, HasSubstr("vient d’être pris"));
  visit_ = mine;
  const Step booked =
      all(held.state, {"Ana Petit", "Rue du Gué", "ana@example.org", "oui c'est bon"});
  ASSERT_THAT(booked.answer.text, HasSubstr("C’est confirmé"));
  const Step moving = turn(booked.state, "décaler");
  ASSERT_FALSE(moving.answer.choices.empty());
  const answer::Choice slot = moving.answer.choices[1];
  EXPECT_THAT(turn(moving.state, slot.label, slot.value).answer.text, HasSubstr("C’est déplacé"));
  EXPECT_THAT(turn(moving.state, slot.label, slot.value).answer.text, HasSubstr("C’est déplacé"));
}

TEST_P(Chatting, WhatIsWrongWithWhoComesIsAskedAndNothingElse) {
  appointment::Visitor who = ana();
  who.name = Personal(std::string());
  Step step = confirmed(who);
  EXPECT_EQ(step.state.booking.asked, dialogue::kAskName);
  EXPECT_EQ(step.state.booking.visitor.email.read(), "ana@example.org");
  EXPECT_THAT(step.answer.text, Not(HasSubstr("e-mail")));
  who = ana();
  who.asked.clear();
  step = confirmed(who);
  EXPECT_EQ(step.state.booking.asked, "own/chantier");
  EXPECT_EQ(step.state.booking.visitor.email.read(), "ana@example.org");
  EXPECT_THAT(step.answer.text, HasSubstr("Chantier"));
  who = ana();
  who.phone = Personal(std::string("12"));
  step = confirmed(who);
  EXPECT_EQ(step.state.booking.asked, dialogue::kAskReview);
  EXPECT_EQ(step.state.booking.visitor.phone.read(), "");
  EXPECT_THAT(step.answer.choices, Not(IsEmpty()));
  who = ana();
  who.email = Personal(std::string("ana@"));
  step = confirmed(who);
  EXPECT_EQ(step.state.booking.asked, dialogue::kAskEmail);
  EXPECT_EQ(step.state.booking.visitor.name.read(), "Ana Petit");
  step = confirmed(ana());
  EXPECT_THAT(step.answer.text, HasSubstr("C’est confirmé"));
}

TEST_P(Chatting, ANeedToldAfterwardsIsWithTheBookingAndSaidOnce) {
  const Step booked = all({}, {"je veux un rdv pour des travaux", "le premier", "Ana Petit",
                               "Rue du Gué", "ana@example.org", "oui"});
  ASSERT_EQ(booked.booking, BookingDeed::confirm) << booked.answer.text;
  const Step noted = turn(booked.state, "je suis en fauteuil roulant");
  EXPECT_THAT(noted.answer.text, HasSubstr("C’est noté"));
  EXPECT_EQ(turn(booked.state, "je suis en fauteuil roulant").answer.text, noted.answer.text);
  const auto needs = [&] {
    return appointments_.open(context(), booking_of(visit_, 1)).visitor->needs;
  };
  EXPECT_EQ(needs(), appointment::Needs{.step_free = true});
  turn(noted.state, "et il me faut un interprète en arabe");
  EXPECT_EQ(needs(), (appointment::Needs{.step_free = true, .interpreter = "arabe"}));
  turn(noted.state, "je n'ai plus besoin d'interprète");
  EXPECT_EQ(needs(), appointment::Needs{.step_free = true});
  // Cancelled in another tab: it is not said to be noted.
  appointments_.cancel(context(), booking_of(visit_, 1));
  const Step late = turn(noted.state, "je suis sourde");
  EXPECT_THAT(late.answer.text, Not(HasSubstr("C’est noté")));
  EXPECT_THAT(late.answer.text, HasSubstr("Dites-le au service"));
}

// ── the waiting list ──

TEST_P(Chatting, TheListIsEnteredByConversationAndOffersAreAnsweredByTheirLink) {
  const Step review = all({}, {"je veux un rdv pour des travaux", "non, la liste d'attente",
                               "mardi matin", "Ana Petit", "Rue du Gué", "ana@example.org"});
  ASSERT_EQ(review.state.booking.asked, dialogue::kAskListReview) << review.answer.text;
  const Step entered = turn(review.state, "oui"), again = turn(review.state, "oui");
  ASSERT_EQ(entered.booking, BookingDeed::wait);
  EXPECT_THAT(entered.answer.text, HasSubstr("vous êtes sur la liste d’attente"));
  EXPECT_EQ(again.answer.text, entered.answer.text);
  EXPECT_EQ(again.answer.appointment, entered.answer.appointment);
  EXPECT_EQ(again.state, entered.state);
  const auto mine = waiting_of(visit_, 1);
  const auto waits = appointments_.open_waiting(context(), mine);
  EXPECT_EQ(waits.waiting.days, 0b10U);
  EXPECT_EQ(waits.waiting.halves, 1U);
  EXPECT_EQ(waits.visitor.email.read(), "ana@example.org");
  EXPECT_EQ(waits.visitor.asked.at("chantier").read(), "Rue du Gué");
  EXPECT_EQ(std::string(string_at(entered.answer.appointment, "list").value_or("")),
            "/rendez-vous/lien/" + mine.id + "-" + mine.token.reveal());

  // Somebody gives a slot back: it is offered, told here, and taken by the link alone.
  const appointment::Appointments::Mine other{appointment::new_id(), appointment::new_token()};
  ASSERT_TRUE(
      appointments_.hold(context(), {.agenda = "urbanisme", .reason = "travaux"}, kNine, other));
  appointments_.release(context(), other);
  const Step told = turn(entered.state, "je suis toujours sur la liste d'attente ?");
  EXPECT_THAT(told.answer.text, HasSubstr("Une place s’est libérée"));
  EXPECT_THAT(told.answer.text, HasSubstr("lien du courriel"));
  EXPECT_EQ(appointments_.accept(context(), mine).booking.start, kNine);
  const Step over = turn(told.state, "je suis toujours sur la liste d'attente ?");
  EXPECT_THAT(over.answer.text, HasSubstr("pris la place proposée\u00a0: mardi 1er décembre à 9"));
  EXPECT_TRUE(over.state.waited[0].left);
}

TEST_P(Chatting, TheListIsLeftByConversation) {
  const Step entered =
      all({}, {"je veux un rdv pour des travaux", "la liste d'attente", "tous les jours",
               "Ana Petit", "Rue du Gué", "ana@example.org", "oui"});
  ASSERT_EQ(entered.booking, BookingDeed::wait) << entered.answer.text;
  const Step asked = turn(entered.state, "quitter la liste d'attente");
  EXPECT_EQ(asked.booking, BookingDeed::none);
  const Step left = turn(asked.state, "oui");
  EXPECT_THAT(left.answer.text, HasSubstr("n’êtes plus sur la liste"));
  EXPECT_EQ(appointments_.open_waiting(context(), waiting_of(visit_, 1)).waiting.state,
            appointment::WaitingState::closed);
  // The same message again, and one of a tab that is behind.
  EXPECT_EQ(turn(asked.state, "oui").answer.text, left.answer.text);
}

TEST_P(Chatting, AHoldIsGivenBackForTheList) {
  const Step held = all({}, {"je veux un rdv pour des travaux", "le premier"});
  ASSERT_EQ(held.booking, BookingDeed::hold);
  turn(held.state, "M’inscrire sur la liste d’attente", std::string(dialogue::kWaitChoice));
  const Visit mine = std::exchange(visit_, {std::string(32, 'c'), std::string(64, 'd')});
  EXPECT_EQ(all({}, {"je veux un rdv pour des travaux", "le premier"}).state.booking.start,
            held.state.booking.start);
  visit_ = mine;
}

TEST_P(Chatting, AFullListSaysSo) {
  for (std::size_t i = 0; i < appointment::kWaitingMax; ++i)
    database_.write("demo", [&](db::Tx& tx) {
      insert(tx,
             appointment::Waiting{.tenant = "demo",
                                  .id = appointment::new_id(),
                                  .agenda = "urbanisme",
                                  .reason = "travaux",
                                  .commune = {},
                                  .until = kNow + days(3),
                                  .sealed = "x",
                                  .created_at = kNow},
             appointment::new_token());
    });
  const Step full =
      all({}, {"je veux un rdv pour des travaux", "la liste d'attente", "tous les jours",
               "Ana Petit", "Rue du Gué", "ana@example.org", "oui"});
  EXPECT_THAT(full.answer.text, HasSubstr("pleine"));
  EXPECT_THAT(full.state.waited, IsEmpty());
}

TEST_P(Chatting, ASlotThatWasSweptIsHeldAnewForTheDeposit) {
  drafted();
  const Instant later = kNow + minutes(30);
  sweep(later);
  const Step step = deposited(later);
  EXPECT_THAT(step.answer.text, HasSubstr("C’est déposé"));
  const auto visit = visits_.of(context(later), open(later));
  ASSERT_TRUE(visit);
  EXPECT_EQ(visit->booking.start, kNine);
}

TEST_P(Chatting, ASlotThatIsLostIsChosenAnewBeforeTheDeposit) {
  drafted();
  const Instant later = kNow + minutes(30);
  sweep(later);
  ASSERT_TRUE(appointments_.hold(
      context(later), {.agenda = "urbanisme", .reason = "travaux"}, kNine,
      {appointment::new_id(), Secret(std::string(2 * appointment::kTokenBytes, 'e'))}));
  const Step step = deposited(later);
  EXPECT_THAT(step.answer.text, HasSubstr("n’est plus"));
  EXPECT_EQ(step.state.filling.asked, "visite");
  EXPECT_THAT(step.answer.choices, Not(IsEmpty()));
  EXPECT_EQ(open(later).state, casework::State::draft);
  EXPECT_TRUE(open(later).answers["visite"].is_null());
}

// ── the slot of a démarche, chosen in the conversation ──

TEST_P(Chatting, ASlotIsChosenForTheDraftAndATurnTakenAgainSaysTheSame) {
  begun_form();
  const Step asked = form({}, "reprendre");
  EXPECT_EQ(asked.state.filling.asked, "visite") << asked.answer.text;
  const Step held = form(asked.state, "mardi à 9h"), again = form(asked.state, "mardi à 9h");
  ASSERT_EQ(held.deed, dialogue::Deed::slot) << held.answer.text;
  EXPECT_EQ(held.slot, kNine);
  EXPECT_EQ(again.answer.text, held.answer.text);
  EXPECT_EQ(again.state, held.state);
  EXPECT_EQ(held.state.filling.asked, dialogue::kReview);
  ASSERT_TRUE(visits_.held(context(), open()));
  EXPECT_EQ(visits_.held(context(), open())->start, kNine);
  const Step done = form(held.state, "oui");
  EXPECT_THAT(done.answer.text, HasSubstr("C’est déposé"));
  EXPECT_EQ(visits_.of(context(), open())->booking.start, kNine);
}

TEST_P(Chatting, HowManyComeAndWithWhatHelpIsHeldWithTheSlot) {
  begun_form();
  const Step asked = form({}, "reprendre");
  const Step noted = form(asked.state, "je suis en fauteuil roulant");
  form(noted.state, "le premier");
  EXPECT_EQ(CaseAppointments::coming(open()).needs, appointment::Needs{.step_free = true});
}

TEST_P(Chatting, ASlotThatSomebodyElseTookIsToldAndAnotherOneIsChosen) {
  begun_form();
  const Step asked = form({}, "reprendre");
  const Instant first = asked.state.filling.shown[0];
  taken_by_another(first);
  const Step lost = form(asked.state, "le premier");
  EXPECT_THAT(lost.answer.text, HasSubstr("vient d’être pris"));
  EXPECT_EQ(lost.state.filling.asked, "visite");
  EXPECT_THAT(lost.state.filling.shown, Not(::testing::Contains(first)));
  EXPECT_EQ(lost.state.offered, lost.answer.choices);
  const Step held = form(lost.state, "le premier");
  EXPECT_EQ(visits_.held(context(), open())->start, lost.state.filling.shown[0]);
  EXPECT_EQ(held.state.filling.asked, dialogue::kReview);
}

TEST_P(Chatting, AHoldThatEndedIsToldAndHeldAnewOrOthersAreProposed) {
  begun_form();
  const Step held = form(form({}, "reprendre").state, "le premier");
  const Instant start = *held.slot, later = kNow + minutes(30);
  sweep(later);
  const Step kept = form(held.state, "non", "", later);
  EXPECT_THAT(kept.answer.text, HasSubstr("Il est encore libre"));
  EXPECT_EQ(visits_.held(context(later), open(later))->start, start);
  const Instant evening = later + minutes(30);
  sweep(evening);
  taken_by_another(start, evening);
  const Step lost = form(kept.state, "non", "", evening);
  EXPECT_THAT(lost.answer.text, HasSubstr("n’est plus libre"));
  EXPECT_EQ(lost.state.filling.asked, "visite");
  EXPECT_THAT(lost.state.filling.shown, Not(IsEmpty()));
  EXPECT_TRUE(open(evening).answers["visite"].is_null());
  // Left for now, nothing is held.
  EXPECT_FALSE(form(held.state, "je veux arrêter", "", evening).keep);
}

// A reader makes the answer that its writer could not: it has the masked words alone.
TEST_P(Chatting, WhatIsMaskedIsNeverTakenForAnAnswer) {
  conversation::Conversations conversations(database_, keyring_);
  runtime::Doorbell doorbell;
  Turns turns(
      database_, conversations, doorbell,
      [this](dialogue::State state, const dialogue::Said& said, const std::string&, Instant) {
        return dialogue::step(std::move(state), said, world_);
      },
      forms_);
  const tenancy::Context cx = context();
  const conversation::Begun begun = conversations.begin(cx);
  const Visit visit{begun.conversation.id(), begun.token.reveal()};
  int n = 0;
  for (const char* text : {"je veux un rdv pour des travaux", "le premier", "Ana Petit"})
    turns.take(cx, visit, {.id = "message-" + std::to_string(++n), .text = text});
  const auto before = conversations.say(
      cx, visit.id, visit.token, "message-x",
      {{"text", "[numéro de téléphone masqué]"}, {"masked", json::array{"numéro de téléphone"}}});
  const auto read = turns.messages_after(cx, visit, before.message.seq);
  ASSERT_THAT(read, SizeIs(1));
  EXPECT_THAT(std::string(read[0].text()), HasSubstr("de nouveau"));
  const auto state = dialogue::state_from_json(read[0].payload.at("state").as_object());
  EXPECT_THAT(state.booking.visitor.asked, IsEmpty());
  EXPECT_EQ(state.booking.asked, "own/chantier");
  // The words themselves are taken when they come, and what is stored of them is masked.
  const auto taken = turns.take(
      cx, visit, {.id = "message-y", .text = "Rue du Gué, 06 12 34 56 78", .choice = {}});
  EXPECT_THAT(std::string(taken.message.text()), HasSubstr("[numéro de téléphone masqué]"));
  EXPECT_THAT(std::string(taken.message.text()), Not(HasSubstr("06 12")));
  const auto known = dialogue::state_from_json(taken.reply.payload.at("state").as_object());
  EXPECT_THAT(known.booking.visitor.asked.at("chantier").read(), HasSubstr("06 12"));
}

}  // namespace
}  // namespace parvis::api
