// One turn, while it is taken (step.hpp). Each part of its work has a file of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialogue/going_on.hpp"
#include "dialogue/hear.hpp"
#include "dialogue/languages.hpp"
#include "dialogue/step.hpp"
#include "territory/communes.hpp"

namespace parvis::dialogue {

// Of what opened the subject, with what was said since.
inline constexpr std::size_t kQuestionBytes = 400;

inline bool asserts(answer::Status status) {
  return status == answer::Status::answer || status == answer::Status::partial ||
         status == answer::Status::clarify;
}

// A circumstance of what is talked about, and no question, however it is written: "12 rue des
// Écoles", "c'est un immeuble HLM".
bool tells_more(const Heard& heard);

class Turn {
 public:
  Turn(State state, const World& world) : state_(std::move(state)), world_(world) {}

  // Personal data are masked before anything reads the message, and the person is told.
  Step take(const Said& said);
  // The pages that a message may be about, as take() weighs them where a sheet is talked about.
  std::vector<Option> pages_meant(const std::string& message) const;
  std::vector<answer::PlaceRead> places(const std::string& message);

 private:
  // ── of a turn ──

  Step take_masked(const Said& said);
  Step take_turn(const Said& said);
  // Until something else is asked, what is said after a danger is said in it: "je peux pas
  // appeler".
  std::optional<Step> still_in_danger(const Heard& heard);
  // Beside what is asked after a danger: the numbers.
  void keep_numbers(const std::string& danger, answer::Answer& answer);
  Step in_danger(answer::Answer answer);  // and how to go on with what was begun
  Step yes_to_which();
  Step ask(const Heard& heard);
  Step forecast(const Heard& heard);
  // Each question is a turn; they are read together.
  Step several(const Heard& heard);
  // What another question adds: its first words where they fit, and its parts after the others.
  static void append(answer::Answer& to, const std::string& asked, answer::Answer& from);
  Step done(answer::Answer answer);
  void keep_said(std::string_view text);
  // All that it asks was asked by the answer before.
  bool asked_before(const answer::Answer& answer) const;
  void offer_person(answer::Answer& answer) const;
  // The service of the town that is there for what is talked about: for its page, or for what was
  // asked.
  std::optional<answer::Contact> who_deals() const;
  // Whom to speak to: of the service that is named, that deals with what is being done, or with
  // what was asked last; of the town hall where none does.
  answer::Answer to_person(const Heard& heard) const;
  // A person; where a matter is told with the wish for one, pages on it to read until then.
  Step hand_over(const Heard& heard);
  void remember(const std::string& text);
  // Danger, by rule or by meaning.
  std::optional<answer::Answer> in_words(const Said& said) const;
  // The danger that was told in these words, though it was not sure.
  std::optional<answer::Answer> danger_told(const std::string& before) const;
  intent::Heard by_meaning(const Said& said) const;
  // The act that no rule hears, by meaning. What a service of the town is there for is a question,
  // and what the knowledge answers: surely where it would be refused, at all where it is outside.
  Act act_by_meaning(const Said& said) const;
  std::string matter(std::string_view question) const;  // what is searched for
  Found find(std::string_view question, const std::vector<std::string>& also = {}) const;
  answer::ComposeContext context() const { return world_.context(commune_); }
  std::string commune_named(std::string_view text) const;
  Turn& with(std::string commune) {
    commune_ = std::move(commune);
    return *this;
  }

  // ── the sheet talked about (turn_subject.cpp; gone on with or left: turn_going_on.cpp) ──

  Step open(const std::string& text) { return open(text, find(text)); }
  Step open(const std::string& text, const Found& found);
  // The answer to what goes on with the matter before, or nothing when it does not.
  std::optional<Step> follow(const Heard& heard, const Found& alone);
  // What was talked about before, in words: what was asked, or the appointment begun.
  std::string matter_before() const;
  // A message that goes on with the page talked about, and what was found for it.
  struct GoesOn {
    const Heard& heard;
    const Found& alone;
    Found joined;             // after what was asked before
    Found titled = {};        // after the title of the page talked about
    std::string beside = {};  // id of a page that may be meant as well, which the answer offers
    std::optional<Found> near = {};    // near_in_subject(), where it was searched
    std::optional<double> stays = {};  // World::stays
  };
  // What the page talked about has near a message, which is read after its title, as passages are.
  Found near_in_subject(const std::string& text, const Found& joined) const;
  // What is asked of a page that is gone on with. What answers a question of ours tells more of the
  // one it stands for.
  answer::Question more_of(const Heard& heard, bool stays) const;
  // Where a sheet is talked about: the answer of another page that is meant; or nothing, and the
  // page talked about may be another: a doubtful one gives way to one that fits better what was
  // said since, one of another case to its sister.
  std::optional<Step> leave(GoesOn& on);
  // The page talked about is likely to say what is asked.
  bool says_it(GoesOn& on) const;
  // What is asked and the page talked about does not give, from one of `joined` near it that does:
  // it shares a word of its title, or the page sends to it. The subject stays.
  std::optional<answer::Answer> aside(const answer::Question& asked,
                                      const knowledge::Document& page, const Found& joined) const;
  // The first page gives way to one near it when it is of another age than what is told, or of
  // something else that happened: a theft for what is broken; one for minors to one for adults when
  // nothing is told of a child or an age.
  Found of_what_is_told(const Found& found, const std::string& text) const;
  // What happens in a life, told without a question ("ma mère est morte"), is answered by the guide
  // to it when there is one near: "Je dois faire face au décès d'un proche".
  Found guide_of_event(const Found& found, const std::string& text) const;
  // What a service of the town is there for is said ("nid de poule"): a page of the town on it is
  // meant, rather than one that shares other words.
  Found of_the_matter(const Found& found, const std::string& text) const;
  // What became of what was talked about became of the next thing too: after a stolen bag "et ma
  // carte bleue ?", "combien pour refaire la carte d'identité ?" are of a theft. The page of it is
  // first; nothing when none has at least the words that the first of `alone` has.
  std::optional<Found> of_what_became(const Heard& heard, const Found& alone) const;
  // The town's own life, and none of its pages tells.
  Step unknown_of_the_town(const std::string& text);
  // One word, which names several things: which one is asked.
  static bool vague(const std::string& text, const Found& found);
  Step ask_which_matter(const std::string& text, const Found& found);
  // The page talked about sends to a page for what is said; empty when it does not.
  std::string linked_page(const Heard& heard, const Found& joined) const;
  // The page talked about does not say it, or has said all that it says of it: another that may,
  // else that nothing was found, with other pages, who deals with it and a person.
  Step beyond(const answer::Question& asked, answer::Answer answer, const GoesOn& on);
  // What is nearest to it there, said to be no more than that, or that nothing is; other pages, who
  // deals with it, a person.
  Step not_said(answer::Answer answer, const GoesOn& on);
  // The answer of the page found first; the subject stays.
  Step passing(const Heard& heard, const Found& found);
  // Whether it goes on with what was talked about, by rule. The words are searched alone and after
  // what was asked before: the surer search says which it is; a message that leans on what was
  // said, or only tells something, is taken to go on in doubt.
  bool follows(const GoesOn& on) const;
  // The page talked about; null when it is not among them. Lives as long as `found`.
  const knowledge::Document* page_of_subject(const Found& found) const;
  // Whether the page talked about has the words: half of a question's or of what happened, one of
  // what is only told.
  bool speaks_of(const Found& found, const Heard& heard) const;
  // The page that a message is about, where a sheet is talked about; of those that are there. The
  // rules say whether it stays, unless another page is much likelier; which other page is learnt.
  struct Meant {
    std::string id;  // empty: that talked about
    Found found;     // the way that it is found best: it is first, with its chance
    std::string by;  // what was searched for then
  };
  enum class Leaving : std::uint8_t {
    where_meant,     // by the rules, or where another is much likelier
    where_likelier,  // or nearly as likely: nothing but nearness speaks for staying
    anyway,          // nothing does: for a fair share of the others' chance
  };
  struct Likely {
    Option page;
    double chance = 0;
  };
  // The page talked about, then the others, likeliest first.
  std::vector<Likely> likely_pages(const GoesOn& on) const;
  static std::vector<Likely> by_chance(std::vector<Option> all, Reading reading);
  // The likeliest of the others, as choices.
  void offer_others(answer::Answer& answer, const std::vector<Likely>& all) const;
  void offer_pages(answer::Answer& answer, const std::vector<std::string>& ids) const;
  Meant page_meant(const GoesOn& on, Leaving leaving) const;
  Subject subject_among(const Found& found) const;  // without its words
  std::vector<Option> pages_meant(const GoesOn& on) const;
  std::optional<double> odds_of_staying(const std::string& text) const;
  // What was found is the page talked about from now on.
  void adopt(const answer::Candidate& page, std::string question);
  // "non, le passeport": what was asked last, of what is said now. "Non, on me l'a volé" takes the
  // place of what happened, and not of the matter: the surer of both is meant.
  Step correct(const std::string& text);
  Step chose(const answer::Choice& choice);
  Step chose_commune(const answer::Choice& choice);  // what was asked, for that commune
  // A choice whose label was not sent back bears the one it was offered with.
  answer::Choice labelled(answer::Choice choice) const;
  // The branches are said one after the other.
  Step each_case();
  // What the page found first says, whatever its confidence.
  answer::Answer answer_from_first(const answer::Question& asked, const Found& found) const;
  // The answer of the sheet talked about, with what `found` has near the question; nothing when it
  // is switched off, or gone, since.
  std::optional<answer::Answer> read_subject(answer::Question asked, Found found) const;
  Step subject_gone();
  Step from_subject(const std::string& text, const std::vector<std::string>& told);
  answer::Question question(std::string text) const;
  static double confidence_of(const Found& found) {
    return found.candidates.empty() ? 0 : found.candidates.front().probability;
  }
  // The page of that id first, when it is among them.
  static bool bring_first(Found& found, std::string_view id);
  static std::string_view first_of(const Found& found) {
    return found.candidates.empty() ? std::string_view{}
                                    : std::string_view(found.candidates.front().document->key.id);
  }

  // ── démarches (turn_form.cpp) ──

  // The draft is not one any more: it was deposited from another window, or erased. Told when the
  // turn goes on with it; otherwise the turn is taken without it.
  std::optional<Step> filled_elsewhere(const Said& said);
  // The turn as an answer of the démarche being filled in, or nothing when it is none.
  std::optional<Step> fill(const Said& said);
  // A démarche that a choice begins, or that the words ask to do.
  std::optional<Step> begin(const Said& said);
  Step begin(std::shared_ptr<const procedure::Definition> definition, const std::string& told);
  // Its service differs from one commune to the next, and the citizen's is not known.
  bool needs_commune(const procedure::Definition& definition) const;
  Step ask_commune(const procedure::Definition& definition, const Said& said);
  // Its page is talked about from now on.
  void about(const procedure::Definition& definition);
  // The choice of a démarche: pressed, agreed to or gone ahead with when it is the one that is
  // offered, or the commune that ask_commune asked for, in words.
  std::string procedure_choice_said(const Said& said) const;
  // What was asked for it, again, after something else.
  void back_to_form(Step& step, const Draft& draft) const;
  std::vector<answer::Quote> quotes_for(const procedure::Definition& definition) const;
  std::string slug() const;  // of the citizen's commune, or empty
  // "où en est mon dossier ?", with its reference or without (turn_case.cpp).
  std::optional<Step> tell_case(const Said& said);
  // Beside an answer, the démarche that it is about.
  void offer_procedure(Step& step, const Said& said) const;

  // ── appointments (turn_booking.cpp) ──

  // One that is begun, taken, moved or cancelled; nothing when the turn is none of it.
  std::optional<Step> book(const Said& said);
  // What was asked for it, again, after something else.
  void resume_booking(Step& step, const Said& said);

  // ── services and communes (turn_places.cpp) ──

  // How to reach a service, when that is asked: the one named, or the one last shown.
  std::optional<answer::Answer> service(const Heard& heard);
  // Open or not now, or its hours on the days that `when` names; by which number for what is asked.
  answer::Answer reached(answer::Contact contact, const std::string& asked,
                         const std::string& when) const;
  // Each commune has one of its own: its name, said next, answers.
  answer::Answer which_commune(const std::string& place);
  // A commune of France that is not one of the town's, when the message names one.
  std::optional<territory::Commune> elsewhere(std::string_view text) const;
  Step other_commune(const territory::Commune& commune, const std::string& asked);
  // A matter of the commune itself: its own sheets are among the first, or nothing but the place is
  // said.
  static bool is_local(const Heard& heard, const Found& found);

  // ── other languages (turn_foreign.cpp) ──

  // In another language: found by meaning, answered from the French text, which prevails.
  Step foreign(const ForeignMessage& message);
  Found find_foreign(const ForeignMessage& message) const;
  // First the page that is meant: the one talked about, or another, by what is learnt
  // (going_on.hpp).
  Found foreign_page(const ForeignMessage& message, const Found& alone) const;
  std::vector<Option> foreign_pages_meant(const ForeignMessage& message, const Found& alone) const;
  // The words that opened the subject.
  const std::string& opening() const;
  // The message after what was said before it; also: as find() takes it.
  Found after(const std::string& before, const ForeignMessage& message,
              const std::vector<std::string>& also) const;
  // None where it is French, or may be.
  std::optional<ForeignMessage> foreign_message(const std::string& text) const;
  Step foreign_courtesy(const Courtesy& courteous);
  Step in_language(answer::Answer answer, const ForeignMessage& message);
  static void tell_language(answer::Answer& answer, const text::LanguageGuess& guess);

  State state_;
  const World& world_;
  std::string commune_ = state_.commune.empty() ? world_.commune : state_.commune;
};

}  // namespace parvis::dialogue
