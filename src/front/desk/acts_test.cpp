#include "desk/acts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "casework/workflow.hpp"
#include "desk/deadline.hpp"
#include "desk/pieces.hpp"

namespace parvis::desk {
namespace {

using casework::Act;
using casework::Opened;
using casework::State;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using std::chrono::November;
const CivilDate kToday = std::chrono::year(2026) / November / 28;

Opened opened() {
  auto read = procedure::read_definition(R"(id: essai
title: Essai
summary: Pour voir.
service: voirie
other_ways: [Au guichet.]
clock: {silence: accepts, delay: 2 months, basis: Un texte.}
documents:
  - {id: plan, label: Un plan, source: citizen}
  - {id: devis, label: Un devis, source: citizen, optional: true}
  - {id: acte, label: L’acte, source: held}
steps: [{title: Un, pages: [{id: rue, type: text, label: Rue}]}]
)");
  EXPECT_TRUE(read) << (read ? "" : read.error().front().what);
  Opened out;
  out.reference = "KILU-BAFO-A";
  out.service = "voirie";
  out.definition = std::make_shared<const procedure::Definition>(std::move(*read));
  out.answers = {{"rue", "8 rue de la Halle"}, {"plan", {{{"name", "plan.pdf"}}}}};
  return out;
}

Facts facts(const Opened& of) {
  directory::Service own, other;
  own.id = "voirie";
  other.id = "urbanisme";
  other.name = "Urbanisme";
  return facts_of(of, {own, other},
                  {.now = Zone::paris().local(*parse_rfc3339("2026-11-28T09:00:00Z"))});
}

std::vector<std::string> wrong(Act act, const Typed& typed) {
  const Opened of = opened();
  const auto told = read_act(act, typed, facts(of));
  std::vector<std::string> out;
  if (!told)
    for (const Fault& fault : told.error()) out.push_back(fault.field);
  return out;
}

TEST(Acts, EveryTransitionOfAnAgentHasItsFormInThatStateAndNoOther) {
  for (const casework::Transition& each : casework::transitions()) {
    // What an agent types for a person is sent from the form of the démarche (counter.hpp).
    if (each.by != casework::Role::agent || each.act == Act::deposit) continue;
    EXPECT_THAT(next_acts(each.from), ::testing::Contains(Field(&ActForm::act, each.act)))
        << name(each.from) << " " << name(each.act);
  }
  for (const ActForm& form : act_forms()) EXPECT_EQ(act_form(form.slug), &form);
  EXPECT_THAT(next_acts(State::draft), IsEmpty());
  EXPECT_EQ(next_acts(State::received).front()->act, Act::take_up);
  EXPECT_EQ(act_form("inconnu"), nullptr);
}

TEST(Acts, PiecesAreAskedForWithAReasonAndATerm) {
  EXPECT_THAT(wrong(Act::ask_pieces, {}), ElementsAre("pieces", "text", "term"));
  EXPECT_THAT(wrong(Act::ask_pieces, {.text = "Pour voir", .term = "hier", .other = "Un acte"}),
              ElementsAre("term"));
  EXPECT_THAT(
      wrong(Act::ask_pieces, {.text = "Pour voir", .term = "1er janvier 2099", .other = "x"}),
      ElementsAre("term"));
  EXPECT_THAT(wrong(Act::ask_pieces,
                    {.text = "Pour voir", .term = "15/01/2027", .other = std::string(201, 'a')}),
              ElementsAre("other"));
  const Opened of = opened();
  const auto told = read_act(Act::ask_pieces,
                             {.text = "Le plan est flou.",
                              .term = "vendredi 15 janvier 2027",
                              .other = " Une photo \n\n de la rue",
                              .pieces = {"plan", "acte", "inconnu"}},
                             facts(of));
  ASSERT_TRUE(told);
  // What the administration holds is not asked for, whatever the form says.
  EXPECT_EQ(told->more, (json::object{{"pieces", {"Un plan", "Une photo", "de la rue"}},
                                      {"term", "2027-01-15"}}));
}

TEST(Acts, ARefusalNeedsItsMotivesInFactAndInLaw) {
  EXPECT_THAT(wrong(Act::refuse, {.text = " \n"}), ElementsAre("text", "law"));
  EXPECT_THAT(wrong(Act::refuse, {.text = "Trop étroit", .law = std::string(501, 'x')}),
              ElementsAre("law"));
  EXPECT_THAT(wrong(Act::refuse, {.text = "Trop étroit", .law = "Article L113-2"}), IsEmpty());
  EXPECT_THAT(wrong(Act::accept, {}), IsEmpty());
  EXPECT_THAT(wrong(Act::accept, {.text = std::string(4001, 'x')}), ElementsAre("text"));
}

TEST(Acts, ACaseGoesToAServiceThatIsThereAndIsNotItsOwn) {
  EXPECT_THAT(wrong(Act::reassign, {.text = "Leur affaire", .service = "voirie"}),
              ElementsAre("service"));
  EXPECT_THAT(wrong(Act::reassign, {.service = "urbanisme"}), ElementsAre("text"));
  EXPECT_THAT(wrong(Act::reassign, {.text = "Leur affaire", .service = "urbanisme"}), IsEmpty());
  EXPECT_THAT(wrong(Act::transfer, {}), ElementsAre("to", "text"));
  EXPECT_THAT(wrong(Act::reopen, {}), ElementsAre("text"));
  EXPECT_THAT(wrong(Act::withdraw, {}), ElementsAre("text"));  // how it was said
  EXPECT_THAT(wrong(Act::deposit, {}), ElementsAre(""));
}

TEST(Acts, ACaseOffersWhatItHas) {
  const auto offers = [](const Opened& of, Act act) {
    const auto acts = next_acts(of);
    return std::ranges::any_of(acts, [&](const ActForm* form) { return form->act == act; });
  };
  Opened of = opened();
  of.state = State::examined;
  EXPECT_TRUE(offers(of, Act::accept));
  for (const Act none : {Act::settle, Act::give_pieces, Act::return_pieces, Act::waive_pieces})
    EXPECT_FALSE(offers(of, none));
  of.events = {{.seq = 1, .act = Act::ask_pieces, .more = {{"pieces", {"Un plan", "Un devis"}}}},
               {.seq = 2, .act = Act::give_pieces, .more = {{"asks", {"1-1"}}}}};
  of.state = State::awaiting;
  for (const Act some : {Act::give_pieces, Act::return_pieces, Act::waive_pieces})
    EXPECT_TRUE(offers(of, some));
  procedure::Definition declared = *of.definition;
  declared.clock.silence = procedure::Silence::none;
  declared.ends = {
      {.id = "traite", .label = "Traité", .words = "C’est traité", .act = "Clore", .text = {}}};
  of.definition = std::make_shared<const procedure::Definition>(std::move(declared));
  EXPECT_TRUE(offers(of, Act::settle));
  EXPECT_FALSE(offers(of, Act::accept));
  EXPECT_FALSE(offers(of, Act::refuse));
}

TEST(Pieces, AreThoseOfTheFormAndThoseAskedForWithWhatCame) {
  Opened of = opened();
  of.pieces = {{.id = "1", .blob = {}, .given = true, .field = "plan"}};
  EXPECT_THAT(pieces_of(of), ElementsAre(Field(&Piece::state, Piece::State::with_form)));
  of.events = {{.seq = 1,
                .act = Act::ask_pieces,
                .more = {{"pieces", {"Une photo"}}, {"term", "2027-01-15"}}}};
  auto pieces = pieces_of(of);
  ASSERT_EQ(pieces.size(), 2u);
  EXPECT_EQ(pieces[0].label, "Une photo");  // what is waited for comes first
  EXPECT_EQ(pieces[0].state, Piece::State::asked);
  EXPECT_EQ(format_iso_date(*pieces[0].term), "2027-01-15");
  of.events.push_back({.seq = 2, .act = Act::give_pieces});
  EXPECT_EQ(pieces_of(of)[1].state, Piece::State::given);
}

TEST(Deadline, SaysInWordsHowLongIsLeft) {
  const auto words = [](State state, int days) {
    return deadline_of(state, CivilDate(std::chrono::sys_days(kToday) + std::chrono::days(days)),
                       kToday)
        .words;
  };
  EXPECT_EQ(words(State::received, -1), "En retard de 1\u00a0jour");
  EXPECT_EQ(words(State::received, -12), "En retard de 12\u00a0jours");
  EXPECT_THAT(words(State::examined, 0), HasSubstr("aujourd’hui"));
  EXPECT_THAT(words(State::examined, 1), HasSubstr("demain, dimanche 29 novembre"));
  EXPECT_EQ(words(State::examined, 12), "Dans 12\u00a0jours, jeudi 10 décembre");
  EXPECT_THAT(words(State::awaiting, 12), HasSubstr("Délai arrêté"));
  EXPECT_EQ(deadline_of(State::received, std::nullopt, kToday).words, "Sans échéance");
  EXPECT_EQ(deadline_of(State::refused, kToday, kToday).urgency, Urgency::none);
  EXPECT_EQ(deadline_of(State::received, kToday, kToday).urgency, Urgency::soon);
}

}  // namespace
}  // namespace parvis::desk
