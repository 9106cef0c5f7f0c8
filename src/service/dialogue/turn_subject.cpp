// The sheet talked about: opened, answered from, corrected, given up.
#include <algorithm>
#include <ranges>

#include "answer/scope.hpp"
#include "answer/traits.hpp"
#include "answer/tree.hpp"
#include "dialogue/choices.hpp"
#include "dialogue/pages.hpp"
#include "dialogue/replies.hpp"
#include "dialogue/spelling.hpp"
#include "dialogue/turn.hpp"
#include "knowledge/print.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Candidate;
using answer::Choice;
using answer::Status;

namespace {

bool is_own(const Candidate& page) { return page.document->key.is_local(); }

}  // namespace

bool Turn::bring_first(Found& found, std::string_view id) {
  const auto at = std::ranges::find_if(
      found.candidates, [&](const Candidate& each) { return each.document->key.id == id; });
  if (at == found.candidates.end()) return false;
  std::rotate(found.candidates.begin(), at, at + 1);
  return true;
}

answer::Question Turn::question(std::string text) const {
  answer::Question out{.text = std::move(text), .earlier = state_.told, .chosen = {}};
  for (const Choice& choice : state_.chosen) out.chosen.push_back(choice.value);
  return out;
}

Answer Turn::answer_from_first(const answer::Question& asked, const Found& found) const {
  answer::ComposeContext cx = context();
  cx.floors = {.answer = 0, .partial = 0};  // it was given, or sent to, before
  return compose(asked, {found.candidates.data(), 1}, cx);
}

std::optional<Answer> Turn::read_subject(answer::Question asked, Found found) const {
  if (!bring_first(found, state_.subject)) return std::nullopt;
  found.candidates[0].probability = state_.confidence;
  Answer answer = answer_from_first(asked, found);
  // Its doubt was told when it was first given: it is not told again, and not forgotten.
  if (answer.status == Status::answer && state_.confidence < kDoubtful)
    answer.status = Status::partial;
  if (found.words_only) answer.notices.emplace_back("Recherche par mots seulement.");
  return answer;
}

Step Turn::subject_gone() {
  State fresh;
  fresh.told = std::move(state_.told);
  state_ = std::move(fresh);
  return done(reply(Act::ask, world_.town));
}

Step Turn::from_subject(const std::string& text, const std::vector<std::string>& told) {
  answer::Question asked = question(text);
  asked.earlier = told;
  auto answer = read_subject(std::move(asked), find(text, {state_.subject}));
  return answer ? done(std::move(*answer)) : subject_gone();
}

Step Turn::chose_commune(const Choice& choice) {
  const std::string_view insee =
      std::string_view(choice.value).substr(answer::kCommuneChoice.size());
  const auto at = std::ranges::find(world_.communes, insee, &tenancy::Commune::insee);
  if (at == world_.communes.end() || state_.question.empty())
    return done(reply(Act::ask, world_.town));
  state_.commune = commune_ = at->insee;
  if (auto contact = service(hear(state_.question))) return done(std::move(*contact));
  return open(state_.question);
}

Step Turn::chose(const Choice& choice) {
  if (choice.value.starts_with(answer::kCommuneChoice)) return chose_commune(choice);
  const std::string sheet(answer::sheet_of_choice(choice.value));
  if (state_.subject != sheet) {  // a sheet that was offered
    Found found = find(state_.question, {sheet});
    if (!bring_first(found, sheet)) return done(reply(Act::ask, world_.town));
    state_.subject = sheet;
    state_.title = found.candidates.front().document->title;
    state_.confidence = 1;  // the citizen chose it
    state_.chosen.clear();
    state_.opened.clear();
  }
  if (answer::is_offer(choice.value)) {
    const std::string asked = labelled(choice).label;
    const std::vector<std::string> told = state_.told;
    remember(asked);
    return from_subject(asked, told);
  }
  if (choice.value != sheet) choose(state_.chosen, labelled(choice));
  return from_subject(state_.question.empty() ? state_.title : state_.question, state_.told);
}

Choice Turn::labelled(Choice choice) const {
  for (const Choice& each : state_.offered)
    if (each.value == choice.value) choice.label = each.label;
  return choice;
}

Step Turn::each_case() {
  Step out = from_subject(state_.question, state_.told);
  if (out.answer.status == Status::clarify) out.answer.status = Status::partial;
  out.answer.text.insert(0, std::string(kEachCase) + "\n");
  return out;
}

void Turn::adopt(const Candidate& page, std::string question) {
  if (state_.subject != page.document->key.id) {
    state_.chosen.clear();
    state_.asked = 0;
  }
  state_.subject = page.document->key.id;
  state_.title = page.document->title;
  state_.confidence = page.probability;
  state_.opened.clear();
  state_.question = std::string(text::utf8_prefix(question, kQuestionBytes));
}

Found Turn::of_what_is_told(const Found& found, const std::string& text) const {
  constexpr std::size_t kOthers = 4;
  if (found.candidates.empty()) return found;
  const Candidate& first = found.candidates.front();
  const bool of_child =
      is_for(first, "minor") && !tells_age(text) && std::ranges::none_of(state_.told, tells_age);
  if (!of_child && !of_another_case(first, text)) return found;
  for (const Candidate& each : found.candidates | std::views::take(kOthers)) {
    if (of_another_case(each, text) || (of_child && !is_sister(each, first, text))) continue;
    const std::string id = each.document->key.id;
    Found whole = find(text, {id});  // what is not first was read by its head alone
    if (!bring_first(whole, id)) break;
    whole.candidates.front().probability = confidence_of(found);
    return whole;
  }
  return found;
}

Step Turn::correct(const std::string& text) {
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

Found Turn::guide_of_event(const Found& found, const std::string& text) const {
  const answer::Described said = answer::describe(text);
  const auto of_life = [](const answer::Trait& trait) {
    return trait.family == answer::Family::life && !trait.denied;
  };
  if (found.candidates.empty() || hear(text).asks || std::ranges::none_of(said.traits, of_life))
    return found;
  for (const Candidate& each : found.candidates) {
    if (!each.document->type.contains("omment faire si")) continue;
    const std::string id = each.document->key.id;
    Found whole = find(text, {id});
    if (!bring_first(whole, id)) break;
    whole.candidates.front().probability = confidence_of(found);
    return whole;
  }
  return found;
}

// A page of the town on the matter, among the first, when the first one has not all of its words.
Found Turn::of_the_matter(const Found& found, const std::string& text) const {
  const auto& services = context().services;
  if (!services.matter || found.candidates.empty()) return found;
  const std::string called = services.matter(text);
  const std::vector<std::string> matter = text::terms(called);
  if (matter.empty()) return found;
  std::vector<std::string> kind = text::terms(with_kind(called));
  kind.erase(kind.begin(),
             kind.begin() + static_cast<std::ptrdiff_t>(std::min(matter.size(), kind.size())));
  const auto has_all = [](const std::vector<std::string>& page,
                          const std::vector<std::string>& all) {
    return !all.empty() && std::ranges::all_of(all, [&](const std::string& word) {
      return std::ranges::find(page, word) != page.end();
    });
  };
  const auto of_it = [&](const Candidate& page) {
    const std::vector<std::string> words =
        text::terms(is_own(page) ? knowledge::print_text(*page.document) : page.document->title);
    return has_all(words, matter) || (is_own(page) && has_all(words, kind));
  };
  if (of_it(found.candidates.front())) return found;
  for (const Candidate& each : found.candidates) {
    if (!is_own(each) || !of_it(each)) continue;
    const std::string id = each.document->key.id;
    Found whole = find(text, {id});
    if (!bring_first(whole, id)) break;
    whole.candidates.front().probability = confidence_of(found);
    return whole;
  }
  return found;
}

Step Turn::unknown_of_the_town(const std::string& text) {
  Answer out;
  out.status = Status::unknown;
  out.text =
      "Je n’ai pas cette information sur la vie de la commune. Votre mairie peut vous répondre.";
  if (context().services.by_pivot) out.contact = context().services.by_pivot("mairie");
  state_.subject.clear();
  state_.title.clear();
  state_.question = std::string(text::utf8_prefix(text, kQuestionBytes));
  remember(text);
  return done(std::move(out));
}

bool Turn::vague(const std::string& text, const Found& found) {
  const Heard heard = hear(text);
  return heard.own.size() == 1 && heard.facets.empty() && found.candidates.size() > 2 &&
         confidence_of(found) < kDoubtful &&
         std::ranges::count_if(
             found.candidates,
             [&](const Candidate& each) {
               const std::vector<std::string> title = text::terms(each.document->title);
               return std::ranges::find(title, heard.own.front()) != title.end();
             }) > 2;
}

Step Turn::ask_which_matter(const std::string& text, const Found& found) {
  Answer out;
  out.status = Status::clarify;
  out.confidence = confidence_of(found);
  out.text = "Plusieurs fiches en parlent. De laquelle avez-vous besoin\u202F?";
  for (const Candidate& each : found.candidates)
    out.choices.push_back({each.document->title, each.document->key.id});
  state_.offered.clear();  // they may be the same, asked for another reason
  state_.subject.clear();
  state_.title.clear();
  state_.chosen.clear();
  state_.question = std::string(text::utf8_prefix(text, kQuestionBytes));
  remember(text);
  return done(std::move(out));
}

Step Turn::open(const std::string& text, const Found& first) {
  const Found found = guide_of_event(of_what_is_told(first, text), text);
  if (vague(text, found)) return ask_which_matter(text, found);
  state_.chosen.clear();
  state_.asked = 0;
  Answer answer = compose(question(text), found.candidates, context());
  state_.opened.clear();
  state_.question = std::string(text::utf8_prefix(text, kQuestionBytes));
  state_.subject.clear();
  state_.title.clear();
  if (!found.candidates.empty() && asserts(answer.status)) {
    state_.subject = found.candidates[0].document->key.id;
    state_.title = found.candidates[0].document->title;
    state_.confidence = found.candidates[0].probability;
  }
  if (const auto& services = context().services;
      !answer.contact && services.by_words && !answer.citations.empty() &&
      answer.citations.front().local && asserts(answer.status))
    answer.contact = services.by_words(answer.citations.front().title);
  remember(text);
  if (found.words_only) answer.notices.emplace_back("Recherche par mots seulement.");
  return done(std::move(answer));
}

}  // namespace parvis::dialogue
