#include "dialogue/step.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <ranges>

#include "answer/emergency.hpp"
#include "answer/facts.hpp"
#include "answer/phrases.hpp"
#include "answer/scope.hpp"
#include "answer/traits.hpp"
#include "answer/tree.hpp"
#include "dialogue/hear.hpp"
#include "dialogue/languages.hpp"
#include "dialogue/replies.hpp"
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

bool asserts(Status status) {
  return status == Status::answer || status == Status::partial || status == Status::clarify;
}

// ── choices said in words ──

constexpr std::array<std::string_view, 8> kPlaces = {
    "1|un|le premier|la premiere|premier|premiere|1er|1ere|option 1|le 1|la 1",
    "2|deux|le deuxieme|la deuxieme|deuxieme|le second|la seconde|second|2eme|2e|option 2|le 2",
    "3|trois|le troisieme|la troisieme|troisieme|3eme|3e|option 3|le 3",
    "4|quatre|le quatrieme|la quatrieme|quatrieme|4eme|4e|option 4|le 4",
    "5|cinq|le cinquieme|la cinquieme|cinquieme|option 5|le 5",
    "6|six|le sixieme|la sixieme|sixieme|option 6",
    "7|sept|le septieme|la septieme|septieme",
    "8|huit|le huitieme|la huitieme|huitieme"};

std::optional<std::size_t> choice_said(const std::vector<Choice>& offered, const Heard& heard) {
  if (offered.empty()) return std::nullopt;
  const std::vector<std::string> words = answer::folded_words(heard.text);
  const std::string folded = text::fold(heard.text);
  for (std::size_t i = 0; i < offered.size(); ++i)
    if (text::fold(offered[i].label) == folded) return i;
  for (std::size_t i = 0; i < std::min(offered.size(), kPlaces.size()); ++i)
    if (answer::phrase_at_start(words, kPlaces[i]) == words.size() && !words.empty()) return i;
  if (heard.act == Act::yes || heard.act == Act::no) {
    const std::string_view wanted = heard.act == Act::yes ? "oui" : "non";
    for (std::size_t i = 0; i < offered.size(); ++i)
      if (answer::starts_with_phrase(answer::folded_words(offered[i].label), wanted)) return i;
    return std::nullopt;
  }
  constexpr std::size_t kShort = 12;  // words; a longer message tells more than a choice
  if (words.size() > kShort) return std::nullopt;
  // Words that every label has tell nothing.
  std::vector<answer::Described> titles;
  for (const Choice& choice : offered) titles.push_back(answer::describe(choice.label));
  std::vector<std::string> common;
  for (const std::string& stem : titles[0].stems)
    if (titles.size() > 1 && std::ranges::all_of(titles, [&](const answer::Described& title) {
          return std::ranges::find(title.stems, stem) != title.stems.end();
        }))
      common.push_back(stem);
  const answer::Described asked = answer::describe(heard.text);
  constexpr double kAgrees = 0.5, kAhead = 0.25;
  std::size_t best = 0;
  double most = 0, next = 0;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    const double agrees = answer::agreement(asked, titles[i], common);
    if (agrees > most) {
      next = most;
      most = agrees;
      best = i;
    } else {
      next = std::max(next, agrees);
    }
  }
  if (most >= kAgrees && most - next >= kAhead) return best;
  return std::nullopt;
}

// A new choice takes the place of one of the same group, and of those inside it.
void choose(std::vector<Choice>& chosen, const Choice& fresh) {
  const std::string group = fresh.value.substr(0, fresh.value.rfind('/'));
  std::erase_if(chosen, [&](const Choice& old) {
    return old.value.starts_with(group + "/") || old.value == fresh.value;
  });
  chosen.push_back(fresh);
}

// "et si c'était vide ?" takes back a choice that says otherwise.
void take_back(std::vector<Choice>& chosen, std::string_view text) {
  const answer::Described now = answer::describe(text);
  std::erase_if(chosen, [&](const Choice& choice) {
    const answer::Described then = answer::describe(choice.label);
    return std::ranges::any_of(then.traits, [&](const answer::Trait& old) {
      return std::ranges::any_of(now.traits, [&](const answer::Trait& fresh) {
        return fresh.family == old.family && (fresh.name != old.name || fresh.denied != old.denied);
      });
    });
  });
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
      return done(std::move(*danger));
    }
    if (!said.choice.empty()) return chose({said.text, said.choice});
    Heard heard = hear(said.text);
    if (heard.act == Act::ask)
      if (const text::LanguageGuess guess = text::language_of(said.text);
          text::is_foreign(guess.language))
        return foreign(said.text, guess);
    const std::string commune = commune_named(heard.text);
    if (!commune.empty()) commune_ = commune;
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

  // In another language: found by meaning, answered from the French text, which prevails.
  Step foreign(const std::string& text, const text::LanguageGuess& guess) {
    const Sentences& say = sentences(guess.language);
    const Found found = world_.find({text, commune_, {}, true});
    Answer answer;
    answer::ComposeContext cx = context();
    if (found.words_only || found.candidates.empty()) {
      answer.status = Status::unknown;
      answer.text = found.words_only ? say.words_only : say.unsure;
      if (cx.services.by_pivot) answer.contact = cx.services.by_pivot("mairie");
    } else {
      cx.floors.partial = std::min(cx.floors.partial, kForeignFloor);
      answer = compose({.text = found.candidates[0].document->title, .earlier = {}, .chosen = {}},
                       found.candidates, cx);
      const std::string_view before = asserts(answer.status) ? say.prevails : say.unsure;
      answer.text.insert(0, std::string(before) + "\n");
      if (asserts(answer.status)) {
        state_.subject = found.candidates[0].document->key.id;
        state_.title = found.candidates[0].document->title;
        state_.question = state_.title;
        state_.confidence = answer.confidence;
        state_.chosen.clear();
      }
    }
    answer.language = guess.code;
    answer.notices.emplace_back("Le texte français fait foi.");
    remember(text);
    return done(std::move(answer));
  }

  Found find(std::string_view question, const std::vector<std::string>& also = {}) const {
    return world_.find({question, commune_, also, false});
  }

  answer::ComposeContext context() const { return world_.context(commune_); }

  std::string commune_named(std::string_view text) const {
    const std::vector<std::string> words = answer::folded_words(text);
    for (const tenancy::Commune& commune : world_.communes) {
      const std::vector<std::string> name = answer::folded_words(commune.name);
      std::string phrase;
      for (const std::string& word : name) phrase.append(phrase.empty() ? "" : " ").append(word);
      if (answer::has_phrase(words, phrase)) return commune.insee;
      for (const std::string& code : commune.postcodes)
        if (answer::has_phrase(words, code)) return commune.insee;
    }
    return "";
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
      if (!answer.contact && context().services.by_pivot)
        answer.contact = context().services.by_pivot("mairie");
    }
    if (asserts(answer.status) || answer.status == Status::unknown) state_.offered = answer.choices;
    return {std::move(state_), std::move(answer)};
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

  // Whether it is about the sheet talked about: it leans on it and names nothing that another sheet
  // is surely about.
  bool follows(const Heard& heard, const Found& alone) const {
    if (state_.subject.empty()) return false;
    if (heard.own.empty()) return true;
    constexpr std::size_t kFew = 4;
    const auto at = std::ranges::find_if(alone.candidates, [&](const Candidate& each) {
      return each.document->key.id == state_.subject;
    });
    const bool found = at != alone.candidates.end();
    if (found && at == alone.candidates.begin()) return true;
    const double confidence = alone.candidates.empty() ? 0 : alone.candidates.front().probability;
    const answer::Floors floors = context().floors;
    if (heard.leans && (found || confidence < floors.answer)) return true;
    // "je suis majeur": facts about the citizen, and nothing asked.
    const answer::Described told = answer::describe(heard.text);
    const bool facts = !told.traits.empty() || !told.quantities.empty();
    return facts && heard.own.size() <= kFew && confidence < floors.answer && heard.facets.empty();
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
    const answer::ComposeContext cx = context();
    const std::optional<territory::Commune> away = elsewhere(heard.text);
    if (away && answer::asks_for_contact(heard.text)) return other_commune(*away);
    if (auto reply = answer::out_of_scope(heard.text)) {
      Answer out;
      out.status = Status::out_of_scope;
      out.text = std::move(*reply);
      return done(std::move(out));
    }
    if (cx.services.by_words) {
      auto place = answer::asks_for_contact(heard.text);
      const bool same = !place && heard.own.empty() && !state_.place.empty() && heard.leans;
      if (same) place = state_.place;
      if (place)
        if (auto contact = cx.services.by_words(*place)) {
          Answer out;
          out.status = Status::contact;
          out.text = contact->name + ". " + contact->open_words;
          out.contact = std::move(contact);
          state_.place = *place;
          remember(heard.text);
          return done(std::move(out));
        }
    }
    if (heard.corrects && !state_.question.empty() && !heard.own.empty())
      return open(corrected(heard.text));
    const Found alone = find(heard.text);
    if (away && is_local(heard, alone)) return other_commune(*away);
    if (follows(heard, alone)) {
      take_back(state_.chosen, heard.text);
      const std::vector<std::string> told = state_.told;
      remember(heard.text);
      // What answers a question of ours tells more of the one it stands for.
      const bool replies = !state_.offered.empty() && heard.facets.empty();
      return from_subject(replies ? state_.question + ". " + heard.text : heard.text, told);
    }
    return open(heard.text, alone);
  }

  // A matter of the commune itself: its own sheets are among the first, or nothing but the place is
  // said.
  static bool is_local(const Heard& heard, const Found& found) {
    constexpr std::size_t kPlaceOnly = 2;  // words of the place itself
    constexpr std::size_t kFirst = 3;
    return heard.own.size() <= kPlaceOnly ||
           std::ranges::any_of(found.candidates | std::views::take(kFirst),
                               [](const Candidate& each) {
                                 return each.document->kind == knowledge::Document::Kind::local;
                               });
  }

  // "non, le passeport": what was asked, of what is said now.
  std::string corrected(std::string_view text) const {
    std::vector<std::string> old = text::terms(state_.title);
    std::string out(text);
    for (const text::Word& word : text::words(state_.question))
      if (std::ranges::find(old, text::stem(word.folded)) == old.end())
        out.append(" ").append(word.folded);
    return out;
  }

  Step open(const std::string& text) { return open(text, find(text)); }

  Step open(const std::string& text, const Found& found) {
    state_.chosen.clear();
    Answer answer = compose(question(text), found.candidates, context());
    state_.question = text;
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
  std::string commune_ = world_.commune;
};

json::array to_array(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

json::array to_array(const std::vector<Choice>& choices) {
  json::array out;
  for (const Choice& choice : choices)
    out.push_back({{"label", choice.label}, {"value", choice.value}});
  return out;
}

std::vector<Choice> choices_at(const json::object& object, std::string_view key) {
  std::vector<Choice> out;
  if (const json::array* all = array_at(object, key))
    for (const json::value& each : *all)
      if (each.is_object())
        out.push_back({std::string(string_at(each.get_object(), "label").value_or("")),
                       std::string(string_at(each.get_object(), "value").value_or(""))});
  return out;
}

}  // namespace

json::object to_json(const State& state) {
  return {{"subject", state.subject},
          {"title", state.title},
          {"confidence", state.confidence},
          {"question", state.question},
          {"told", to_array(state.told)},
          {"chosen", to_array(state.chosen)},
          {"offered", to_array(state.offered)},
          {"place", state.place},
          {"misses", state.misses}};
}

State state_from_json(const json::object& object) {
  State out;
  auto text = [&](std::string_view key) {
    return std::string(string_at(object, key).value_or(""));
  };
  out.subject = text("subject");
  out.title = text("title");
  out.question = text("question");
  out.place = text("place");
  if (const json::value* v = object.if_contains("confidence"); v != nullptr && v->is_number())
    out.confidence = v->to_number<double>();
  if (const json::value* v = object.if_contains("misses"); v != nullptr && v->is_int64())
    out.misses = static_cast<int>(v->get_int64());
  if (const json::array* told = array_at(object, "told"))
    for (const json::value& each : *told)
      if (each.is_string()) out.told.emplace_back(each.get_string());
  out.chosen = choices_at(object, "chosen");
  out.offered = choices_at(object, "offered");
  return out;
}

Step step(State state, const Said& said, const World& world) {
  return Turn(std::move(state), world).take(said);
}

}  // namespace parvis::dialogue
