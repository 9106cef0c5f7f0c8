#include <algorithm>
#include <ranges>

#include "answer/emergency.hpp"
#include "answer/facts.hpp"
#include "answer/phrases.hpp"
#include "answer/scope.hpp"
#include "dialogue/booking_words.hpp"
#include "dialogue/choices.hpp"
#include "dialogue/pages.hpp"
#include "dialogue/places.hpp"
#include "dialogue/reading.hpp"
#include "dialogue/replies.hpp"
#include "dialogue/spelling.hpp"
#include "dialogue/turn.hpp"
#include "text/language.hpp"
#include "text/normalise.hpp"
#include "text/personal.hpp"
#include "text/tokens.hpp"

// 1. Danger. 2. What needs no search. 3. A choice, pressed or said. 4. A follow-up: it stays with
// the sheet talked about. 5. A new subject: searched. Several questions are taken one by one, each
// a turn of its own, and read together.

namespace parvis::dialogue {

using answer::Answer;
using answer::Status;

Step Turn::take(const Said& said) {
  const std::vector<text::PersonalSpan> personal = text::personal_spans(said.text);
  Said masked = said;
  masked.text = text::mask(said.text, personal);
  if (!masked.words) masked.words = Personal(said.text);
  const bool mourns =
      tells_of_a_death(masked.text) && std::ranges::none_of(state_.told, tells_of_a_death);
  Step out = take_masked(masked);
  if (mourns && out.answer.language == "fr" && out.answer.status != Status::emergency)
    out.answer.text.insert(0, std::string(kCondolences) + "\n");
  std::vector<std::string> kinds;
  for (const text::PersonalSpan& span : personal)
    if (const std::string name(text::name(span.kind));
        std::ranges::find(kinds, name) == kinds.end())
      kinds.push_back(name);
  if (!kinds.empty()) out.answer.notices.insert(out.answer.notices.begin(), told_masked(kinds));
  if (out.answer.status != Status::emergency && intent::is_danger(by_meaning(masked).kind)) {
    const text::Language language = text::language_of(masked.text).language;
    const std::string_view whom =
        text::is_foreign(language) ? sentences(language).danger : kPerhapsInDanger;
    std::vector<std::string>& notices = out.answer.notices;
    if (std::ranges::find(notices, whom) == notices.end())
      notices.insert(notices.begin(), std::string(whom));
  }
  return out;
}

intent::Heard Turn::by_meaning(const Said& said) const {
  // Words: "زوجي يضربني" is all that is said in two.
  constexpr std::size_t kLeast = 2, kLeastOfDanger = 4;
  const std::size_t words = answer::word_count(said.text);
  // What was pressed is ours.
  if (!world_.by_meaning || !said.choice.empty() || words < kLeast) return {};
  const intent::Heard heard =
      world_.by_meaning(matter(answer::without_what_looks_dangerous(said.text)));
  const bool few =
      words < kLeastOfDanger && !text::is_foreign(text::language_of(said.text).language);
  return intent::is_danger(heard.kind) && few ? intent::Heard{} : heard;
}

namespace {

// Who answers, or how: where a page is talked about, a wish for a person names one of them.
bool speaks_of_somebody_there(std::string_view text) {
  return answer::has_phrase(
      answer::folded_words(text),
      "quelqu un|quelqun|quelq un|personne|gens|humain*|agent*|conseiller*|conseillere*|employe*|"
      "fonctionnaire*|operateur*|standard*|accueil|guichet*|telephone*|telephoner|appel*|rappel*|"
      "contact*|joindre|parler|parle|discuter|causer|vive voix|vrai|vraie|robot*|machine*|bot|"
      "secretaire*|responsable*|rencontrer|recu|recevoir");
}

}  // namespace

Act Turn::act_by_meaning(const Said& said) const {
  const intent::Kind kind = by_meaning(said).kind;
  const bool unsafe = kind == intent::Kind::unsafe, outside = kind == intent::Kind::outside;
  // How to reach a service is told with its hours.
  if (kind == intent::Kind::person)
    return answer::asks_for_contact(said.text) ||
                   (!state_.subject.empty() && !speaks_of_somebody_there(said.text) &&
                    !text::is_foreign(text::language_of(said.text).language))
               ? Act::ask
               : Act::person;
  // "Et si on me dit non ?" goes on with what is talked about.
  if ((!unsafe && !outside) || (!state_.subject.empty() && answer::goes_on(said.text)) ||
      tells_of_threats(said.text) || tells_an_address(said.text) || (unsafe && state_.endangered))
    return Act::ask;
  const answer::ComposeContext cx = context();
  const double known = confidence_of(find(said.text));
  if ((cx.services.matter && !cx.services.matter(said.text).empty()) ||
      known >= (unsafe ? cx.floors.answer : cx.floors.partial))
    return Act::ask;
  return unsafe ? Act::unsafe : Act::outside;
}

std::optional<Answer> Turn::in_words(const Said& said) const {
  if (auto danger = answer::emergency(said.text)) return danger;
  intent::Heard heard = by_meaning(said);
  if (!intent::is_danger(heard.kind)) return std::nullopt;
  // Greetings, thanks and whether somebody reads are what they seem.
  const Act act = hear(said.text).act;
  if (act == Act::greeting || act == Act::thanks || act == Act::machine) return std::nullopt;
  // "Lui il veut pas, je suis toute seule" is told of the page talked about, when it is likely.
  const bool talks =
      !state_.subject.empty() && state_.confidence >= kUnlikely && !state_.endangered;
  if (talks && !heard.doubtful)
    heard.doubtful = !intent::is_danger(by_meaning({.text = state_.title + ". " + said.text}).kind);
  // A danger that is not far is likelier than a page that is far, but not than the one told before
  // nor than what a likely page is asked of; pages are found otherwise for another language.
  const bool beside = heard.doubtful && (talks || !state_.danger.empty() ||
                                         text::is_foreign(text::language_of(said.text).language) ||
                                         confidence_of(find(said.text)) >= kUnlikely);
  return beside ? std::nullopt : answer::emergency(heard.kind);
}

std::optional<Answer> Turn::danger_told(const std::string& before) const {
  if (auto danger = answer::emergency(before)) return danger;
  return answer::emergency(by_meaning({.text = before}).kind);
}

Step Turn::take_masked(const Said& said) {
  if (auto danger = in_words(said)) {
    // "Il va revenir cette nuit": what is heard by its meaning is told of the danger told before.
    std::optional<Answer> before;
    if (!state_.danger.empty() && !answer::emergency(said.text))
      before = danger_told(state_.danger);
    if (before) {
      danger = std::move(before);
    } else {
      state_.danger = std::string(text::utf8_prefix(said.text, kQuestionBytes));
      state_.danger_again = false;
    }
    const text::LanguageGuess guess = text::language_of(said.text);
    if (text::is_foreign(guess.language))
      danger->text.insert(0, std::string(sentences(guess.language).danger) + "\n");
    state_.offered.clear();
    return in_danger(std::move(*danger));
  }
  // What follows is said in it, until something is pressed or asked: no name, and no "oui".
  const bool danger = !state_.danger.empty() && said.choice.empty() && !comes_back(said.text) &&
                      !wants_appointment(said.text);
  if (!danger) state_.danger.clear();
  const Draft* draft = state_.filling.procedure.empty() ? nullptr : said.draft;
  if (auto told = tell_case(said)) {
    if (draft != nullptr && draft->deposited.empty()) back_to_form(*told, *draft);
    return std::move(*told);
  }
  if (auto elsewhere = filled_elsewhere(said)) return std::move(*elsewhere);
  if (!danger) {
    const bool slot = draft != nullptr && draft->deposited.empty() && said.choice.empty() &&
                      asks_slot(*draft, state_.filling) &&
                      (state_.booking.asked.empty() || state_.booking.asked == kAskNothing);
    if (!slot)  // else what is said of a time is about the démarche's
      if (auto booked = book(said)) return std::move(*booked);
    if (auto filled = fill(said)) return std::move(*filled);
  }
  if (auto begun = begin(said)) {
    begun->state.danger.clear();
    begun->state.booking.asked.clear();  // the appointment is left for the démarche
    return std::move(*begun);
  }
  if (state_.filling.procedure.empty()) draft = nullptr;  // it was deposited elsewhere
  const std::string told = state_.danger;
  Step step = take_turn(said);
  if (step.answer.status == Status::emergency) return step;
  if (!told.empty()) keep_numbers(told, step.answer);
  if (draft != nullptr)
    back_to_form(step, *draft);
  else
    offer_procedure(step, said);
  resume_booking(step, said);
  return step;
}

Step Turn::take_turn(const Said& said) {
  if (!said.choice.empty()) return chose({said.text, said.choice});
  if (const auto courteous = courtesy(said.text)) return foreign_courtesy(*courteous);
  Heard heard = hear(said.text);
  if (heard.act == Act::ask) {
    if (const auto message = foreign_message(said.text))
      return act_by_meaning(said) == Act::person
                 ? foreign_courtesy({&sentences(message->language.language), Act::person})
                 : foreign(*message);
    heard = hear(spelled_out(said.text));
  }
  if (!state_.danger.empty())
    if (auto again = still_in_danger(heard)) return std::move(*again);
  constexpr std::size_t kBrief = 9;  // words: "et si j'habitais à Montreuil-le-Gué"
  const bool brief = answer::word_count(heard.text) <= kBrief;
  if (const std::string commune = commune_named(heard.text); !commune.empty()) {
    commune_ = commune;
    const bool lives = lives_there(world_.communes, heard.text);
    if (lives) state_.commune = commune;
    // Nothing else is said: what was asked, of that commune.
    const bool alone = is_commune(world_.communes, heard.text) || (lives && !heard.asks && brief) ||
                       asks_the_same(heard.text);
    if (alone && !state_.question.empty()) {
      if (auto contact = service(hear(state_.question))) return done(std::move(*contact));
      remember(said.text);
      return open(state_.question);
    }
  }
  if (const auto at = choice_said(state_.offered, heard)) {
    remember(said.text);
    return chose(state_.offered[*at]);
  }
  if (heard.act == Act::ask) heard.act = act_by_meaning(said);
  switch (heard.act) {
    case Act::person:
      return hand_over(heard);
    case Act::outcome:
      return forecast(heard);
    case Act::unsure:
      if (!state_.subject.empty() && asks_back(state_.offered)) return each_case();
      [[fallthrough]];
    case Act::greeting:
    case Act::thanks:
    case Act::goodbye:
    case Act::gives_up:
    case Act::machine:
    case Act::wrong:
    case Act::insult:
    case Act::threat:
    case Act::manipulate:
    case Act::unsafe:
    case Act::outside:
    case Act::no:
      return done(reply(heard.act, world_.town));
    case Act::yes:
      return state_.offered.empty() ? done(reply(heard.act, world_.town)) : yes_to_which();
    case Act::ask:
      break;
  }
  if (heard.questions.size() > 1) return several(heard);
  return ask(heard);
}

// "Oui", where several ways go on.
Step Turn::yes_to_which() {
  Answer out;
  out.status = Status::clarify;
  out.confidence = state_.confidence;
  out.text = "Oui, mais pour quelle suite\u202F? Choisissez-la, ou dites-le avec vos mots.";
  out.choices = state_.offered;
  return {std::move(state_), std::move(out)};
}

void Turn::keep_numbers(const std::string& danger, Answer& answer) {
  std::optional<Answer> numbers = danger_told(danger);
  if (!numbers || answer.language != "fr") return;
  answer.notices.insert(answer.notices.begin(), std::string(kPerhapsInDanger));
  if (!answer.contact) answer.contact = std::move(numbers->contact);
}

std::optional<Step> Turn::still_in_danger(const Heard& heard) {
  if (auto instead = answer::nobody_answers(heard.text)) return in_danger(std::move(*instead));
  // "J'ai le droit d'appeler, moi ?", "où je peux aller cette nuit avec les enfants ?"
  constexpr std::size_t kShort = 14, kLong = 30;  // words
  const std::size_t length = answer::word_count(heard.text);
  const std::vector<std::string> words = answer::folded_words(heard.text);
  // "Les pompiers sont là", and not "sont toujours pas là".
  const bool help_has_come =
      !answer::has_phrase(words, "pas|jamais|aucun*") &&
      answer::has_phrase(
          words,
          "pompiers sont|pompiers arrivent|police est la|police arrive|gendarmes sont|gendarmes "
          "arrivent|samu est la|samu arrive|ambulance est la|ambulance arrive|secours sont|secours "
          "arrivent");
  if (help_has_come && heard.act == Act::ask && !heard.asks && length <= kShort) {
    state_.danger.clear();
    return done(reply(Act::yes, world_.town));
  }
  // Who has noted the number, or is being helped, comes to something else.
  const bool helped = help_has_come || heard.turns || heard.turns_aside ||
                      answer::has_phrase(words, "merci*|note le numero|ai le numero");
  const bool calls =
      heard.act == Act::ask && !helped &&
      ((length <= kShort && answer::has_phrase(words,
                                               "appeler|apeler|apel|appel|appelle|appelles|jappel|"
                                               "jappelle|"
                                               "telephoner|le numero|quel numero|appeller")) ||
       (length <= kLong &&
        answer::has_phrase(words,
                           "ou aller|ou je peux aller|ou je vais|ou on peut aller|aller ou|ou "
                           "dormir|ou partir|me refugier|un refuge|me cacher|m enfuir|partir de "
                           "chez")));
  // "Je veux pas parler à un inconnu", "il va aller en prison à cause de moi"
  const bool refuses =
      heard.act == Act::outcome ||
      (heard.act == Act::person &&
       answer::has_phrase(words, "veux pas|veu pas|pas envie|ose pas|pas parler|pas appeler"));
  const bool told =
      calls || refuses || heard.act == Act::no || heard.act == Act::gives_up ||
      heard.act == Act::wrong || heard.act == Act::unsure ||
      (heard.act == Act::ask && !heard.asks && !answer::asks_for_contact(heard.text) &&
       confidence_of(find(heard.text)) < context().floors.answer);
  // What was heard by its meaning alone may have been none: it is not said again unasked.
  std::optional<Answer> danger;
  if (told)
    danger = calls || refuses ? danger_told(state_.danger) : answer::emergency(state_.danger);
  if (danger) return in_danger(std::move(*danger));
  if (heard.act != Act::ask) return std::nullopt;
  const std::string before = std::exchange(state_.danger, {});
  // "Je peux partir avec eux ?" is asked of what was told, where that is surer.
  if (heard.reach || answer::asks_for_contact(heard.text)) return std::nullopt;
  const double alone = confidence_of(find(heard.text));
  if (alone >= kDoubtful) return std::nullopt;
  const Found found = find(before + " " + heard.text);
  if (confidence_of(found) < std::max(context().floors.answer, alone)) {
    if (alone >= kUnlikely || helped) return std::nullopt;
    // No page is likely to be meant: it is still said in the danger. What was heard by its
    // meaning alone may have been none, and is said again once, and where a danger is not far.
    if (auto still = answer::emergency(before)) {
      state_.danger = before;
      return in_danger(std::move(*still));
    }
    auto perhaps = danger_told(before);
    const bool near = intent::is_danger(by_meaning({.text = heard.text}).kind);
    if (!perhaps || (std::exchange(state_.danger_again, true) && !near)) return std::nullopt;
    state_.danger = before;
    return in_danger(std::move(*perhaps));
  }
  Step next = open(heard.text, found);
  if (!next.state.subject.empty())  // in words that tell of no danger
    next.state.question =
        std::string(text::utf8_prefix(next.state.title + " " + heard.text, kQuestionBytes));
  return next;
}

Step Turn::in_danger(Answer answer) {
  state_.endangered = true;
  const std::string& asked = state_.booking.asked;
  if (!state_.filling.asked.empty() || (!asked.empty() && asked != kAskNothing))
    answer.text +=
        "\nEnsuite, pour continuer ce que vous faisiez, écrivez «\u00a0reprendre\u00a0».";
  return done(std::move(answer));
}

Found Turn::find(std::string_view question, const std::vector<std::string>& also) const {
  // What is found in any case is the page talked about, or one that is meant: the words are whole.
  const bool alone = also.empty();
  return world_.find({matter(question), commune_, also, "", !state_.subject.empty() && alone});
}

// The town is asked in any case: its name tells where, and not what.
std::string Turn::matter(std::string_view question) const {
  return with_kind(without_bare_days(without_communes(world_.communes, without_masked(question))));
}

std::string Turn::commune_named(std::string_view text) const {
  return dialogue::commune_named(world_.communes, text);
}

void Turn::remember(const std::string& text) {
  state_.told.push_back(text);
  if (state_.told.size() > kRemembered) state_.told.erase(state_.told.begin());
}

Step Turn::done(Answer answer) {
  if (answer.status == Status::unknown)
    ++state_.misses;
  else if (asserts(answer.status) || answer.status == Status::contact)
    state_.misses = 0;
  if (state_.misses >= kMisses && answer.status == Status::unknown) {
    answer.text += "\nVous pouvez aussi parler à une personne.";
    offer_person(answer);
  }
  if (answer.status == Status::clarify && asked_before(answer)) {
    answer.status = Status::partial;
    answer.text.insert(0, std::string(kAskedBefore) + "\n");
  }
  if (answer.status == Status::clarify && ++state_.asked > kAsked) {
    answer.status = Status::partial;
    answer.text.insert(0, std::string(kEnoughAsked) + "\n");
    offer_person(answer);
  }
  if (answer.status == Status::answer || answer.status == Status::partial) state_.asked = 0;
  if (asserts(answer.status)) keep_said(answer.text);
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

void Turn::keep_said(std::string_view text) {
  for (const std::uint32_t each : answer::said_in(text))
    if (std::ranges::find(state_.said, each) == state_.said.end()) state_.said.push_back(each);
  if (state_.said.size() > kSaid) state_.said.erase(state_.said.begin(), state_.said.end() - kSaid);
}

bool Turn::asked_before(const Answer& answer) const {
  return asks_back(answer.choices) &&
         std::ranges::all_of(answer.choices, [&](const answer::Choice& choice) {
           return std::ranges::find(state_.offered, choice) != state_.offered.end();
         });
}

Answer Turn::to_person(const Heard& heard) const {
  std::vector<std::string> matters = {answer::asks_for_contact(heard.text).value_or(heard.text)};
  if (!state_.booking.asked.empty()) matters.push_back(state_.booking.opening);
  if (state_.at_place) matters.push_back(state_.place);
  matters.push_back(state_.title);
  matters.push_back(state_.question);
  const auto& services = context().services;
  const auto known = std::ranges::find_if(matters, [&](const std::string& matter) {
    return !matter.empty() && services.by_words && services.by_words(matter).has_value();
  });
  return person(context(), known == matters.end() ? "" : *known);
}

Step Turn::hand_over(const Heard& heard) {
  constexpr std::size_t kMatter = 3, kPages = 3;  // words of a matter; pages
  constexpr std::string_view kOfTheWish =
      "parl*|agent*|mairie|telephon*|appel*|rappel*|contact*|conseiller*|humain*|quelquun|personne|"
      "joind*|guichet|accueil|voir|rencontr*|vrai*";
  Answer out = to_person(heard);
  std::vector<std::string> matter;
  for (const std::string& stem : heard.own)
    if (!answer::has_phrase({stem}, kOfTheWish)) matter.push_back(stem);
  if (!state_.subject.empty() || matter.size() < kMatter) return done(std::move(out));
  const Found found = find(heard.text);
  if (confidence_of(found) < kDoubtful) return done(std::move(out));
  out.text += "\nVoici des fiches à lire en attendant.";
  for (const answer::Candidate& each : found.candidates | std::views::take(kPages))
    out.choices.push_back({each.document->title, each.document->key.id});
  remember(heard.text);
  state_.question = std::string(text::utf8_prefix(heard.text, kQuestionBytes));
  state_.offered = out.choices;
  Step next = done(std::move(out));
  next.state.at_place = false;  // what follows is of the matter
  return next;
}

std::optional<answer::Contact> Turn::who_deals() const {
  const auto& services = context().services;
  if (services.matter && services.by_words)
    for (const std::string* words : {&state_.title, &state_.question})
      if (!words->empty() && !services.matter(*words).empty()) return services.by_words(*words);
  return std::nullopt;
}

void Turn::offer_person(Answer& answer) const {
  if (!answer.contact) answer.contact = who_deals();
  if (!answer.contact && context().services.by_pivot)
    answer.contact = context().services.by_pivot("mairie");
}

Step Turn::forecast(const Heard& heard) {
  Answer out;
  out.status = Status::out_of_scope;
  out.text = kNoForecast;
  const Found found = find(heard.text);
  constexpr std::size_t kOffered = 3;
  for (const answer::Candidate& each : found.candidates)
    if (out.choices.size() < kOffered)
      out.choices.push_back({each.document->title, each.document->key.id});
  if (!found.candidates.empty()) out.confidence = found.candidates[0].probability;
  state_.question = heard.text;
  state_.offered = out.choices;
  remember(heard.text);
  return {std::move(state_), std::move(out)};
}

Step Turn::ask(const Heard& heard) {
  // What is told of a matter names a place of it: "mon patron me mute à Lyon".
  const bool tells = !state_.subject.empty() && tells_more(heard);
  const auto away = tells ? std::nullopt : elsewhere(heard.text);
  if (away && answer::asks_for_contact(heard.text)) return other_commune(*away, heard.text);
  if (auto reply = answer::out_of_scope(heard.text)) {
    Answer out;
    out.status = Status::out_of_scope;
    out.text = std::move(*reply);
    return done(std::move(out));
  }
  if (auto answer = service(heard)) return done(std::move(*answer));
  if (heard.corrects && !state_.question.empty() && !heard.own.empty()) return correct(heard.text);
  const Found alone = of_the_matter(find(heard.text), heard.text);
  // A page of one commune is found only where that commune is known: where none is, the matter is
  // tried in the first, to tell whether towns have pages of their own on it.
  if (away &&
      (is_local(heard, alone) ||
       (commune_.empty() &&
        is_local(heard, world_.find({matter(heard.text), world_.communes.front().insee, {}})))))
    return other_commune(*away, heard.text);
  if (answer::of_the_towns_life(heard.text) &&
      (alone.candidates.empty() || alone.candidates.front().document->key.audience != "local"))
    return unknown_of_the_town(heard.text);
  if (auto next = of_what_became(heard, alone)) return open(heard.text, *next);
  if (auto next = follow(heard, alone)) return std::move(*next);
  return open(heard.text, alone);
}

Step Turn::several(const Heard& heard) {
  std::vector<std::pair<std::string, Answer>> parts;
  for (const std::string& one : heard.questions) {
    Heard each = hear(without_join(one));
    each.turns = each.turns || each.text != one;  // "et puis je voudrais voter": beside it
    // "Que penses-tu du gouvernement ? Faut les virer, non ?" goes on with what is not answered.
    if (!parts.empty() && parts.back().second.status == Status::out_of_scope &&
        each.own.size() <= 1)
      continue;
    Step next = Turn(std::move(state_), world_).with(commune_).ask(each);
    state_ = std::move(next.state);
    parts.emplace_back(one, std::move(next.answer));
  }
  Answer out = std::move(parts[0].second);
  for (std::size_t i = 1; i < parts.size(); ++i) append(out, parts[i].first, parts[i].second);
  return {std::move(state_), std::move(out)};
}

void Turn::append(Answer& to, const std::string& asked, Answer& from) {
  // Two questions that lead to one service are answered once.
  if (from.status == Status::contact && to.text.contains(from.text)) return;
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
  for (answer::Choice& choice : from.choices) to.choices.push_back(std::move(choice));
  for (std::string& notice : from.notices)
    if (std::ranges::find(to.notices, notice) == to.notices.end())
      to.notices.push_back(std::move(notice));
  // The one that is asked for comes before one that is only told with an answer.
  if (!to.contact || (from.status == Status::contact && to.status != Status::contact))
    to.contact = std::move(from.contact);
  if (to.status == Status::answer && from.status != Status::answer) to.status = Status::partial;
  const bool answers = from.status == Status::answer || from.status == Status::partial;
  if (answers && (to.status == Status::clarify || !asserts(to.status))) to.status = Status::partial;
}

Step step(State state, const Said& said, const World& world) {
  return Turn(std::move(state), world).take(said);
}

}  // namespace parvis::dialogue
