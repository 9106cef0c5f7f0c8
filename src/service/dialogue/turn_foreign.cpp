// In another language: understood by meaning, answered from the French text.
#include <algorithm>
#include <ranges>

#include "answer/facts.hpp"
#include "dialogue/hear.hpp"
#include "dialogue/pages.hpp"
#include "dialogue/places.hpp"
#include "dialogue/replies.hpp"
#include "dialogue/turn.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Grounds;
using answer::Status;

// What is found by meaning alone is less sure than its confidence says: it is given with its doubt.
constexpr double kForeignFloor = 0.1;

Step Turn::foreign_courtesy(const Courtesy& courteous) {
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

Step Turn::foreign(const ForeignMessage& message) {
  const auto& [text, language, asked] = message;
  const Sentences& say = sentences(language.language);
  Answer answer;
  answer::ComposeContext cx = context();
  if (asked.reach && !state_.place.empty() && cx.services.by_words)
    if (auto contact = cx.services.by_words(state_.place))
      return in_language(reached(std::move(*contact), text, text), message);
  const Found alone = find_foreign(message);
  const Found found = foreign_page(message, alone);
  if (!state_.subject.empty() && first_of(found) == state_.subject) {
    answer::Question more = question(state_.title + " " + std::string(asked.french));
    more.said = state_.said;
    const Found titled = after(state_.title, message, {state_.subject});
    auto read = read_subject(more, titled);
    if (!read) return subject_gone();
    std::string before(say.prevails);
    more.said.clear();
    if (const knowledge::Document* page = page_of_subject(titled);
        page != nullptr && read->grounds == Grounds::none)
      if (auto beside = aside(more, *page, titled)) {
        read = std::move(beside);
        before.append(" ").append(say.doubtful);
      }
    const bool near = read->grounds == Grounds::nearness || read->grounds == Grounds::far;
    const bool nothing = near || read->grounds == Grounds::again;
    if (nothing) {
      if (near && !read->citations.empty())
        read->more.insert(read->more.begin(), {std::string(kNearest), read->text, 0});
      read->text = say.unsure;
      read->choices.clear();
      offer_others(*read, by_chance(foreign_pages_meant(message, alone), Reading::foreign));
      offer_person(*read);
    } else if (asked.french.empty()) {  // it may not stand there
      before.append(" ").append(say.doubtful);
    }
    if ((nothing || asked.french.empty()) && read->status == Status::answer)
      read->status = Status::partial;
    read->text.insert(0, before + "\n");
    return in_language(std::move(*read), message);
  }
  if (found.words_only || found.candidates.empty()) {
    answer.status = Status::unknown;
    answer.text = found.words_only ? say.words_only : say.unsure;
    if (cx.services.by_pivot) answer.contact = cx.services.by_pivot("mairie");
  } else {
    cx.floors.partial = std::min(cx.floors.partial, kForeignFloor);
    const answer::Candidate& page = found.candidates[0];
    answer = compose({.text = page.document->title + " " + std::string(asked.french),
                      .earlier = {},
                      .chosen = {}},
                     found.candidates, cx);
    std::string before(asserts(answer.status) ? say.prevails : say.unsure);
    if (asserts(answer.status)) {
      if (page.probability < cx.floors.answer) before.append(" ").append(say.doubtful);
      adopt(page, page.document->title);
      state_.opened = std::string(text::utf8_prefix(text, kQuestionBytes));
    }
    answer.text.insert(0, before + "\n");
  }
  return in_language(std::move(answer), message);
}

// A page for minors gives way to the one for adults, where nothing is told of a child; one that is
// not of students to one near it that is, where a student is told of, and is not of Europeans where
// none is told of.
Found Turn::find_foreign(const ForeignMessage& message) const {
  const std::string matter = without_communes(world_.communes, message.text);
  const auto search = [&](const std::vector<std::string>& also) {
    return world_.find({matter, commune_, also, message.language.code, !state_.subject.empty()});
  };
  Found found = search({});
  const auto brought = [&](const std::string& id) {
    Found whole = search({id});
    if (!bring_first(whole, id)) return found;
    whole.candidates.front().probability = confidence_of(found);
    return whole;
  };
  constexpr std::size_t kNear = 4;
  const auto fits = [&](const answer::Candidate& page) {
    return is_of_students(page) && !(message.asked.overseas && is_of_europeans(page));
  };
  if (message.asked.student && !found.candidates.empty() && !fits(found.candidates.front()))
    for (const answer::Candidate& each : found.candidates | std::views::take(kNear))
      if (fits(each)) return brought(each.document->key.id);
  if (message.asked.child || found.candidates.empty() || !is_for(found.candidates.front(), "minor"))
    return found;
  const std::vector<std::string> title = text::terms(found.candidates.front().document->title);
  for (const answer::Candidate& each : found.candidates) {
    const std::vector<std::string> other = text::terms(each.document->title);
    const auto missing = std::ranges::count_if(title, [&](const std::string& word) {
      return std::ranges::find(other, word) == other.end();
    });
    if (missing > 1 || !is_for(each, "adult")) continue;  // all but the age
    return brought(each.document->key.id);
  }
  return found;
}

Found Turn::foreign_page(const ForeignMessage& message, const Found& alone) const {
  if (state_.subject.empty() || (alone.words_only && !message.asked.brief)) return alone;
  // A child is told of: what was said of adults holds no more.
  if (message.asked.child && !alone.candidates.empty() && is_for(alone.candidates.front(), "minor"))
    return alone;
  const std::vector<Option> all = foreign_pages_meant(message, alone);
  const std::vector<double> likely = chances(all, sign_weights(Reading::foreign));
  const auto best = static_cast<std::size_t>(std::ranges::max_element(likely) - likely.begin());
  const std::string& id = all[best].id;
  if (id == first_of(alone)) return alone;
  Found whole = after(state_.title, message, {id});
  if (!bring_first(whole, id)) return alone;
  double& given = whole.candidates.front().probability;  // likely enough to be given with its doubt
  given = std::max(given, std::min(likely[best], context().floors.partial));
  return whole;
}

std::vector<Option> Turn::foreign_pages_meant(const ForeignMessage& message,
                                              const Found& alone) const {
  const Found joined = after(opening(), message, {state_.subject});
  const Found titled = after(state_.title, message, {state_.subject});
  Heard heard = hear(message.text);
  heard.leans = message.asked.brief && !message.asked.french.empty();
  return options(heard, {.alone = alone, .joined = joined, .titled = titled},
                 subject_among(joined));
}

const std::string& Turn::opening() const {
  return state_.opened.empty() ? state_.question : state_.opened;
}

Found Turn::after(const std::string& before, const ForeignMessage& message,
                  const std::vector<std::string>& also) const {
  return world_.find({before + " " + without_communes(world_.communes, message.text), commune_,
                      also, message.language.code});
}

std::optional<ForeignMessage> Turn::foreign_message(const std::string& text) const {
  text::LanguageGuess guess = text::language_of(text);
  // Too short to tell: the language that the conversation is in.
  if (guess.language == text::Language::unknown && !state_.opened.empty())
    guess = text::language_of(state_.opened);
  if (!text::is_foreign(guess.language)) return std::nullopt;
  const ForeignAsk asked = foreign_ask(text, guess.language);
  // Of what is gone on with, the question is all that is meant.
  const std::size_t end = state_.subject.empty() ? text.size() : asked.end;
  return ForeignMessage{text.substr(0, end), guess, asked};
}

Step Turn::in_language(Answer answer, const ForeignMessage& message) {
  tell_language(answer, message.language);
  remember(message.text);
  return done(std::move(answer));
}

void Turn::tell_language(Answer& answer, const text::LanguageGuess& guess) {
  answer.language = guess.code;
  answer.notices.emplace_back("Le texte français fait foi.");
}

}  // namespace parvis::dialogue
