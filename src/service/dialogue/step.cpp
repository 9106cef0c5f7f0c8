#include "dialogue/step.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <ranges>
#include <set>

#include "answer/emergency.hpp"
#include "answer/facts.hpp"
#include "answer/scope.hpp"
#include "answer/traits.hpp"
#include "answer/tree.hpp"
#include "dialogue/choices.hpp"
#include "dialogue/hear.hpp"
#include "dialogue/languages.hpp"
#include "dialogue/places.hpp"
#include "dialogue/replies.hpp"
#include "knowledge/print.hpp"
#include "territory/communes.hpp"
#include "text/language.hpp"
#include "text/normalise.hpp"
#include "text/personal.hpp"
#include "text/tokens.hpp"

// 1. Danger. 2. What needs no search. 3. A choice, pressed or said. 4. A follow-up: it stays with
// the sheet talked about. 5. A new subject: searched. Several questions are taken one by one, each
// a turn of its own, and read together.

namespace parvis::dialogue {
namespace {

using answer::Answer;
using answer::Candidate;
using answer::Choice;
using answer::Status;

// What is found by meaning alone is less sure than its confidence says: it is given with its doubt.
constexpr double kForeignFloor = 0.1;
// A page under it is given up for another that fits better what was said since.
constexpr double kDoubtful = 0.5;
// From here on a page that is found for the words alone may be another matter.
constexpr double kAnother = 0.4;
constexpr std::size_t kQuestionBytes = 400;  // of what opened the subject, with what was said since

// A loss, a theft, a damage, a death: what happened to the same thing, or is a matter of its own.
bool tells_event(std::string_view text) {
  return std::ranges::any_of(answer::describe(text).traits, [](const answer::Trait& trait) {
    return trait.family == answer::Family::occasion || trait.family == answer::Family::validity ||
           trait.family == answer::Family::life;
  });
}

// The title is of somebody or something else than what is told: "d'un majeur" of a child of twelve.
bool contradicts(std::string_view title, std::string_view told) {
  const answer::Described of_title = answer::describe(title), said = answer::describe(told);
  return std::ranges::any_of(of_title.traits, [&](const answer::Trait& trait) {
    const auto of_family = [&](const answer::Trait& other) {
      return other.family == trait.family && !other.denied;
    };
    return !trait.denied && std::ranges::any_of(said.traits, of_family) &&
           std::ranges::none_of(said.traits, [&](const answer::Trait& other) {
             return of_family(other) && other.name == trait.name;
           });
  });
}

bool asserts(Status status) {
  return status == Status::answer || status == Status::partial || status == Status::clarify;
}

// ── the subject ──

class Turn {
 public:
  Turn(State state, const World& world) : state_(std::move(state)), world_(world) {}

  // Personal data are masked before anything reads the message, and the person is told.
  Step take(const Said& said) {
    const std::vector<text::PersonalSpan> personal = text::personal_spans(said.text);
    Step out = take_masked({text::mask(said.text, personal), said.choice});
    std::vector<std::string> kinds;
    for (const text::PersonalSpan& span : personal)
      if (const std::string name(text::name(span.kind));
          std::ranges::find(kinds, name) == kinds.end())
        kinds.push_back(name);
    if (!kinds.empty()) out.answer.notices.insert(out.answer.notices.begin(), told_masked(kinds));
    return out;
  }

 private:
  Step take_masked(const Said& said) {
    if (auto danger = answer::emergency(said.text)) {
      const text::LanguageGuess guess = text::language_of(said.text);
      if (text::is_foreign(guess.language))
        danger->text.insert(0, std::string(sentences(guess.language).danger) + "\n");
      state_.danger = std::string(text::utf8_prefix(said.text, kQuestionBytes));
      return done(std::move(*danger));
    }
    if (!said.choice.empty()) return chose({said.text, said.choice});
    if (const auto courteous = courtesy(said.text)) return foreign_courtesy(*courteous);
    Heard heard = hear(said.text);
    if (heard.act == Act::ask)
      if (const text::LanguageGuess guess = text::language_of(said.text);
          text::is_foreign(guess.language))
        return foreign(said.text, guess);
    if (!state_.danger.empty())
      if (auto again = still_in_danger(heard)) return std::move(*again);
    if (const std::string commune = commune_named(heard.text); !commune.empty()) {
      commune_ = commune;
      if (lives_there(world_.communes, heard.text)) state_.commune = commune;
      if (is_commune(world_.communes, heard.text) && !state_.question.empty()) {
        if (auto contact = service(hear(state_.question))) return done(std::move(*contact));
        remember(said.text);
        return open(state_.question);
      }
    }
    if (const auto at = choice_said(state_.offered, heard)) {
      remember(said.text);
      return chose(state_.offered[*at]);
    }
    switch (heard.act) {
      case Act::person:
        return done(person(context()));
      case Act::outcome:
        return forecast(heard);
      case Act::unsure:
        if (!state_.subject.empty() && !state_.offered.empty()) return each_case();
        [[fallthrough]];
      case Act::greeting:
      case Act::thanks:
      case Act::goodbye:
      case Act::machine:
      case Act::wrong:
      case Act::insult:
      case Act::threat:
      case Act::manipulate:
      case Act::yes:
      case Act::no:
        return done(reply(heard.act, world_.town));
      case Act::ask:
        break;
    }
    if (heard.questions.size() > 1) return several(heard);
    return ask(heard);
  }

  // Until something else is asked, what is said after a danger is said in it: "je peux pas
  // appeler".
  std::optional<Step> still_in_danger(const Heard& heard) {
    const bool told = heard.act == Act::no || heard.act == Act::wrong || heard.act == Act::unsure ||
                      (heard.act == Act::ask && !heard.asks &&
                       confidence_of(find(heard.text)) < context().floors.answer);
    if (told)
      if (auto danger = answer::emergency(state_.danger)) return done(std::move(*danger));
    if (heard.act == Act::ask) state_.danger.clear();
    return std::nullopt;
  }

  Step foreign_courtesy(const Courtesy& courteous) {
    const Sentences& say = *courteous.sentences;
    Answer answer;
    if (courteous.act == Act::person) {
      answer = person(context());
      answer.text.insert(0, std::string(say.person) + "\n");
    } else {
      answer.status = Status::smalltalk;
      answer.text = courteous.act == Act::thanks ? say.welcome : say.hello;
    }
    answer.language = say.code;
    return done(std::move(answer));
  }

  // In another language: found by meaning, answered from the French text, which prevails. A few
  // words go on with the page talked about.
  Step foreign(const std::string& text, const text::LanguageGuess& guess) {
    const Sentences& say = sentences(guess.language);
    const ForeignAsk asked = foreign_ask(text);
    Answer answer;
    answer::ComposeContext cx = context();
    if (asked.reach && !state_.place.empty() && cx.services.by_words)
      if (auto contact = cx.services.by_words(state_.place))
        return in_language(reached(std::move(*contact)), text, guess);
    if (asked.brief && !state_.subject.empty()) {
      const std::vector<std::string> told = state_.told;
      remember(text);
      Step next = from_subject(state_.title + " " + std::string(asked.french), told);
      next.answer.text.insert(0, std::string(say.prevails) + "\n");
      tell_language(next.answer, guess);
      return next;
    }
    const Found found = world_.find({text, commune_, {}, true});
    if (found.words_only || found.candidates.empty()) {
      answer.status = Status::unknown;
      answer.text = found.words_only ? say.words_only : say.unsure;
      if (cx.services.by_pivot) answer.contact = cx.services.by_pivot("mairie");
    } else {
      cx.floors.partial = std::min(cx.floors.partial, kForeignFloor);
      const Candidate& page = found.candidates[0];
      answer = compose({.text = page.document->title + " " + std::string(asked.french),
                        .earlier = {},
                        .chosen = {}},
                       found.candidates, cx);
      std::string before(asserts(answer.status) ? say.prevails : say.unsure);
      if (asserts(answer.status)) {
        if (page.probability < cx.floors.answer) before.append(" ").append(say.doubtful);
        adopt(page, page.document->title);
      }
      answer.text.insert(0, before + "\n");
    }
    return in_language(std::move(answer), text, guess);
  }

  Step in_language(Answer answer, const std::string& text, const text::LanguageGuess& guess) {
    tell_language(answer, guess);
    remember(text);
    return done(std::move(answer));
  }

  static void tell_language(Answer& answer, const text::LanguageGuess& guess) {
    answer.language = guess.code;
    answer.notices.emplace_back("Le texte français fait foi.");
  }

  Found find(std::string_view question, const std::vector<std::string>& also = {}) const {
    return world_.find({question, commune_, also, false});
  }

  answer::ComposeContext context() const { return world_.context(commune_); }

  std::string commune_named(std::string_view text) const {
    return dialogue::commune_named(world_.communes, text);
  }

  void remember(const std::string& text) {
    state_.told.push_back(text);
    if (state_.told.size() > kRemembered) state_.told.erase(state_.told.begin());
  }

  Step done(Answer answer) {
    if (answer.status == Status::unknown)
      ++state_.misses;
    else if (asserts(answer.status) || answer.status == Status::contact)
      state_.misses = 0;
    if (state_.misses >= kMisses && answer.status == Status::unknown) {
      answer.text += "\nVous pouvez aussi parler à une personne.";
      offer_person(answer);
    }
    if (answer.status == Status::clarify && ++state_.asked > kAsked) {
      answer.status = Status::partial;
      answer.text.insert(0, std::string(kEnoughAsked) + "\n");
      offer_person(answer);
    }
    if (answer.status == Status::answer || answer.status == Status::partial) state_.asked = 0;
    if (asserts(answer.status) || answer.status == Status::unknown) {
      state_.offered = answer.choices;
      state_.at_place = false;
    }
    if (answer.status == Status::contact || answer.status == Status::handoff) {
      state_.at_place = true;
    }
    if (answer.contact && answer.status != Status::emergency) state_.place = answer.contact->name;
    return {std::move(state_), std::move(answer)};
  }

  void offer_person(Answer& answer) const {
    if (!answer.contact && context().services.by_pivot)
      answer.contact = context().services.by_pivot("mairie");
  }

  answer::Question question(std::string text) const {
    answer::Question out{.text = std::move(text), .earlier = state_.told, .chosen = {}};
    for (const Choice& choice : state_.chosen) out.chosen.push_back(choice.value);
    return out;
  }

  // The answer of the sheet talked about.
  Step from_subject(std::string text, const std::vector<std::string>& told) {
    Found found = find(text, {state_.subject});
    for (Candidate& each : found.candidates) each.probability = 0;
    const auto at = std::ranges::find_if(found.candidates, [&](const Candidate& each) {
      return each.document->key.id == state_.subject;
    });
    if (at == found.candidates.end()) {  // switched off, or gone, since
      State fresh;
      fresh.told = std::move(state_.told);
      state_ = std::move(fresh);
      return done(reply(Act::ask, world_.town));
    }
    std::rotate(found.candidates.begin(), at, at + 1);
    found.candidates.resize(1);
    found.candidates[0].probability = state_.confidence;
    answer::ComposeContext cx = context();
    cx.floors = {.answer = 0, .partial = 0};  // it was given before
    answer::Question asked = question(std::move(text));
    asked.earlier = told;
    Answer answer = compose(asked, found.candidates, cx);
    // Its doubt was told when it was first given: it is not told again, and not forgotten.
    if (answer.status == Status::answer && state_.confidence < kDoubtful)
      answer.status = Status::partial;
    if (found.words_only) answer.notices.emplace_back("Recherche par mots seulement.");
    return done(std::move(answer));
  }

  Step chose(const Choice& choice) {
    const std::string sheet(answer::sheet_of_choice(choice.value));
    if (state_.subject != sheet) {  // a sheet that was offered
      const Found found = find(state_.question, {sheet});
      const auto at = std::ranges::find_if(
          found.candidates, [&](const Candidate& each) { return each.document->key.id == sheet; });
      if (at == found.candidates.end()) return done(reply(Act::ask, world_.town));
      state_.subject = at->document->key.id;
      state_.title = at->document->title;
      state_.confidence = 1;  // the citizen chose it
      state_.chosen.clear();
    }
    if (choice.value != sheet) choose(state_.chosen, labelled(choice));
    return from_subject(state_.question.empty() ? state_.title : state_.question, state_.told);
  }

  // A choice whose label was not sent back bears the one it was offered with.
  Choice labelled(Choice choice) const {
    for (const Choice& each : state_.offered)
      if (each.value == choice.value) choice.label = each.label;
    return choice;
  }

  // The branches are said one after the other.
  Step each_case() {
    Step out = from_subject(state_.question, state_.told);
    if (out.answer.status == Status::clarify) out.answer.status = Status::partial;
    out.answer.text.insert(0, std::string(kEachCase) + "\n");
    return out;
  }

  Step forecast(const Heard& heard) {
    Answer out;
    out.status = Status::out_of_scope;
    out.text = kNoForecast;
    const Found found = find(heard.text);
    constexpr std::size_t kOffered = 3;
    for (const Candidate& each : found.candidates)
      if (out.choices.size() < kOffered)
        out.choices.push_back({each.document->title, each.document->key.id});
    if (!found.candidates.empty()) out.confidence = found.candidates[0].probability;
    state_.question = heard.text;
    state_.offered = out.choices;
    remember(heard.text);
    return {std::move(state_), std::move(out)};
  }

  static double confidence_of(const Found& found) {
    return found.candidates.empty() ? 0 : found.candidates.front().probability;
  }
  static std::string_view first_of(const Found& found) {
    return found.candidates.empty() ? std::string_view{}
                                    : std::string_view(found.candidates.front().document->key.id);
  }

  // Whether it goes on with what was talked about. The words are searched alone and after what was
  // asked before: the surer search says which it is; a message that leans on what was said, or only
  // tells something, is taken to go on in doubt.
  bool follows(const Heard& heard, const Found& alone, const Found& joined) const {
    constexpr double kGoesOn = 0.3;    // what leaning is worth
    constexpr std::size_t kNamed = 3;  // own words that name a matter
    if (heard.turns) return false;
    if (heard.own.empty() || heard.describes) return true;
    if (!state_.subject.empty() && first_of(alone) == state_.subject) return true;
    const double own = confidence_of(alone), both = confidence_of(joined);
    if (own >= kAnother && !state_.subject.empty() && !speaks_of(joined, heard)) return false;
    if (own >= context().floors.answer && heard.own.size() >= kNamed) return false;
    if (both + (heard.leans || !heard.asks ? kGoesOn : 0) >= own) return true;
    return own < kDoubtful && !state_.subject.empty() && first_of(joined) == state_.subject;
  }

  // Whether the page talked about has the words: half of a question's or of what happened, one of
  // what is only told.
  bool speaks_of(const Found& found, const Heard& heard) const {
    const auto at = std::ranges::find_if(found.candidates, [&](const Candidate& each) {
      return each.document->key.id == state_.subject;
    });
    if (at == found.candidates.end()) return false;
    const std::vector<std::string> page = text::terms(knowledge::print_text(*at->document));
    const std::set<std::string_view> has(page.begin(), page.end());
    const auto said = static_cast<std::size_t>(std::ranges::count_if(
        heard.own, [&](const std::string& word) { return has.contains(word); }));
    return heard.asks || tells_event(heard.text) ? 2 * said >= heard.own.size() : said > 0;
  }

  // What was found is the page talked about from now on.
  void adopt(const Candidate& page, std::string question) {
    if (state_.subject != page.document->key.id) {
      state_.chosen.clear();
      state_.asked = 0;
    }
    state_.subject = page.document->key.id;
    state_.title = page.document->title;
    state_.confidence = page.probability;
    state_.question = std::string(text::utf8_prefix(question, kQuestionBytes));
  }

  // The answer to what goes on with the matter before, or nothing when it does not.
  std::optional<Step> follow(const Heard& heard, const Found& alone) {
    const bool of_sheet = !state_.subject.empty();
    const bool of_place = state_.at_place && (!of_sheet || !heard.own.empty());
    const std::string& before = of_place ? state_.place : state_.question;
    if (before.empty()) return std::nullopt;
    const std::string both = before + " " + heard.text;
    const Found joined = find(both, {state_.subject});
    if (!follows(heard, alone, joined)) return std::nullopt;
    const bool stays = of_sheet && !of_place &&
                       (heard.own.empty() || state_.confidence >= kDoubtful ||
                        confidence_of(joined) < context().floors.partial);
    if (stays && contradicts(state_.title, heard.text)) {
      const auto sister = std::ranges::find_if(joined.candidates, [&](const Candidate& each) {
        return !contradicts(each.document->title, heard.text);
      });
      if (sister != joined.candidates.end()) {
        Candidate page = *sister;
        page.probability = confidence_of(joined);
        adopt(page, both);
      }
    } else if (!stays) {
      if (confidence_of(joined) < context().floors.partial) return std::nullopt;
      adopt(joined.candidates.front(), of_place ? heard.text : both);
    }
    take_back(state_.chosen, heard.text);
    const std::vector<std::string> told = state_.told;
    remember(heard.text);
    // What answers a question of ours tells more of the one it stands for.
    const bool replies = stays && !state_.offered.empty() && !heard.asks;
    return from_subject(replies ? state_.question + ". " + heard.text : heard.text, told);
  }

  // A commune of France that is not one of the town's, when the message names one.
  std::optional<territory::Commune> elsewhere(std::string_view text) const {
    if (world_.communes.empty() || !commune_named(text).empty()) return std::nullopt;
    return territory::commune_in(text);
  }

  Step other_commune(const territory::Commune& commune) {
    Answer out;
    out.status = Status::other_commune;
    out.text = "Je réponds pour " + world_.town + ". Pour " + std::string(commune.name) +
               ", adressez-vous à la mairie de cette commune\u00A0: elle a ses propres services et "
               "horaires.\nJe peux vous répondre sur les démarches nationales.";
    return done(std::move(out));
  }

  Step ask(const Heard& heard) {
    const std::optional<territory::Commune> away = elsewhere(heard.text);
    if (away && answer::asks_for_contact(heard.text)) return other_commune(*away);
    if (auto reply = answer::out_of_scope(heard.text)) {
      Answer out;
      out.status = Status::out_of_scope;
      out.text = std::move(*reply);
      return done(std::move(out));
    }
    if (auto answer = service(heard)) return done(std::move(*answer));
    if (heard.corrects && !state_.question.empty() && !heard.own.empty())
      return correct(heard.text);
    const Found alone = find(heard.text);
    if (away && is_local(heard, alone)) return other_commune(*away);
    if (auto next = follow(heard, alone)) return std::move(*next);
    return open(heard.text, alone);
  }

  // How to reach a service, when that is asked: the one named, or the one last shown.
  std::optional<Answer> service(const Heard& heard) {
    auto place = answer::asks_for_contact(heard.text);
    constexpr std::size_t kBare = 3;  // words: "leur téléphone ?"
    if (!place && heard.reach && state_.place.empty() && answer::word_count(heard.text) <= kBare)
      place = "mairie";
    if (!place && !state_.place.empty() && (heard.reach || (heard.when && state_.at_place))) {
      place = state_.place;
      if (const std::string there = commune_named(*place); !there.empty()) commune_ = there;
    }
    const answer::ComposeContext cx = context();
    if (!place || !cx.services.by_words) return std::nullopt;
    auto contact = cx.services.by_words(*place);
    // A desk that has no page of its own is in the building last shown.
    if (!contact && state_.at_place) contact = cx.services.by_words(state_.place);
    if (!contact && commune_.empty() && world_.communes.size() > 1) return which_commune(*place);
    if (!contact) return std::nullopt;
    remember(heard.text);
    return reached(std::move(*contact));
  }

  // Each commune has one of its own: its name, said next, answers.
  Answer which_commune(const std::string& place) {
    Answer out;
    out.status = Status::clarify;
    out.text = "De quelle commune\u202F? Écrivez son nom\u00A0: ";
    for (std::size_t i = 0; i < world_.communes.size(); ++i)
      out.text.append(i == 0                           ? ""
                      : i + 1 < world_.communes.size() ? ", "
                                                       : " ou ")
          .append(world_.communes[i].name);
    out.text += ".";
    state_.question = "téléphone de " + place;
    state_.subject.clear();
    return out;
  }

  static Answer reached(answer::Contact contact) {
    Answer out;
    out.status = Status::contact;
    out.text = contact.name + ". " + contact.open_words;
    out.contact = std::move(contact);
    return out;
  }

  // A matter of the commune itself: its own sheets are among the first, or nothing but the place is
  // said.
  static bool is_local(const Heard& heard, const Found& found) {
    constexpr std::size_t kPlaceOnly = 2;  // words of the place itself
    constexpr std::size_t kFirst = 3;
    return heard.own.size() <= kPlaceOnly ||
           std::ranges::any_of(
               found.candidates | std::views::take(kFirst),
               [](const Candidate& each) { return each.document->key.audience == "local"; });
  }

  // "non, le passeport": what was asked last, of what is said now. "Non, on me l'a volé" takes the
  // place of what happened, and not of the matter: the surer of both is meant.
  Step correct(const std::string& text) {
    std::string asked = state_.question;
    if (!state_.told.empty() && hear(state_.told.back()).asks) asked = state_.told.back();
    const std::vector<std::string> title = text::terms(state_.title);
    std::string matter = text, event = text;
    for (const text::Word& word : text::words(asked))
      if (std::ranges::find(title, text::stem(word.folded)) == title.end())
        matter.append(" ").append(word.folded);
    for (const text::Word& word : text::words(state_.title))
      if (!tells_event(word.folded)) event.append(" ").append(word.folded);
    Found by_matter = find(matter), by_event = find(event);
    if (tells_event(text) && confidence_of(by_event) > confidence_of(by_matter))
      return open(event, by_event);
    return open(matter, by_matter);
  }

  Step open(const std::string& text) { return open(text, find(text)); }

  Step open(const std::string& text, const Found& found) {
    state_.chosen.clear();
    state_.asked = 0;
    Answer answer = compose(question(text), found.candidates, context());
    state_.question = std::string(text::utf8_prefix(text, kQuestionBytes));
    state_.subject.clear();
    state_.title.clear();
    if (!found.candidates.empty() && asserts(answer.status)) {
      state_.subject = found.candidates[0].document->key.id;
      state_.title = found.candidates[0].document->title;
      state_.confidence = found.candidates[0].probability;
    }
    remember(text);
    if (found.words_only) answer.notices.emplace_back("Recherche par mots seulement.");
    return done(std::move(answer));
  }

  // Each question is a turn; they are read together.
  Step several(const Heard& heard) {
    std::vector<std::pair<std::string, Answer>> parts;
    for (const std::string& one : heard.questions) {
      Step next = Turn(std::move(state_), world_).with(commune_).ask(hear(one));
      state_ = std::move(next.state);
      parts.emplace_back(one, std::move(next.answer));
    }
    Answer out = std::move(parts[0].second);
    for (std::size_t i = 1; i < parts.size(); ++i) append(out, parts[i].first, parts[i].second);
    return {std::move(state_), std::move(out)};
  }

  Turn& with(std::string commune) {
    commune_ = std::move(commune);
    return *this;
  }

  // What another question adds: its first words where they fit, and its parts after the others.
  static void append(Answer& to, const std::string& asked, Answer& from) {
    const std::size_t shift = to.citations.size();
    const std::string title = "«\u00A0" + std::string(text::utf8_prefix(asked, 120)) + "\u00A0»";
    const bool fits =
        answer::word_count(to.text) + answer::word_count(from.text) + 12 <= answer::kLeadWords;
    const std::size_t cited = from.citations.empty() ? 0 : shift;
    if (fits)
      to.text.append("\n").append(title).append("\n").append(from.text);
    else
      to.more.insert(to.more.begin(), {title, from.text, cited});
    for (answer::Part& part : from.more) {
      part.citation += shift;
      to.more.push_back(std::move(part));
    }
    std::ranges::move(from.citations, std::back_inserter(to.citations));
    for (Choice& choice : from.choices) to.choices.push_back(std::move(choice));
    for (std::string& notice : from.notices)
      if (std::ranges::find(to.notices, notice) == to.notices.end())
        to.notices.push_back(std::move(notice));
    if (!to.contact) to.contact = std::move(from.contact);
    if (to.status == Status::answer && from.status != Status::answer) to.status = Status::partial;
    if (!asserts(to.status) && asserts(from.status)) to.status = Status::partial;
  }

  State state_;
  const World& world_;
  std::string commune_ = state_.commune.empty() ? world_.commune : state_.commune;
};

}  // namespace

Step step(State state, const Said& said, const World& world) {
  return Turn(std::move(state), world).take(said);
}

}  // namespace parvis::dialogue
