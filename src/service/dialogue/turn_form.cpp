// A démarche in the conversation: begun, filled in, offered.
#include <algorithm>

#include "answer/facets.hpp"
#include "answer/phrases.hpp"
#include "dialogue/choices.hpp"
#include "dialogue/filling.hpp"
#include "dialogue/pages.hpp"
#include "dialogue/places.hpp"
#include "dialogue/turn.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Status;

namespace {

// Who says so wants it done, and not only to know.
bool wants_it_done(std::string_view text) {
  const std::string folded = text::fold(text);
  for (const std::string_view wish :
       {"je veux ", "je voudrais ", "je souhaite ", "j'aimerais ", "je dois ", "je viens ",
        "il faut que je ", "je desire ", "pouvez-vous enregistrer", "je vais "})
    if (folded.contains(wish)) return true;
  for (const std::string_view deed :
       {"declarer ", "demander ", "signaler ", "inscrire ", "deposer ", "faire une demande"})
    if (folded.starts_with(deed)) return true;
  return false;
}

// "Oui, on la fait maintenant", of the démarche that is offered.
bool begins_it(std::string_view text) {
  constexpr std::size_t kShort = 9;  // words
  const std::vector<std::string> words = answer::folded_words(text);
  return words.size() <= kShort && !text.contains('?') &&
         !answer::has_phrase(words, "pas|plus|non|apres|tard|avant") &&
         answer::has_phrase(words,
                            "on la fait|je la fais|on le fait|je le fais|la faire maintenant|la "
                            "faire ici|faire la demarche|on fait la demarche|je fais la demarche|"
                            "faisons la|faisons le|on fait _ maintenant|on fait _ _ maintenant|"
                            "je fais _ maintenant|on y va|allons y|on commence|commencons|"
                            "je commence|on demarre|je la commence|allez y|vas y|c est parti");
}

// "Je veux le signaler", of "Signaler un problème dans la rue": wished in the word it begins with.
bool wishes_it(std::string_view text, std::string_view title) {
  const Heard heard = hear(text);
  const std::vector<text::Word> words = text::words(title);
  return !words.empty() && !text.contains('?') && wants_it_done(text) && heard.own.size() == 1 &&
         heard.own.front() == text::stem(words.front().folded);
}

procedure::Moment moment_in(const answer::ComposeContext& context, const std::string& commune) {
  return {context.zone.local(context.now), {}, commune};
}

constexpr std::string_view kDoItHere = "Faire la démarche ici : ";
constexpr char kAt = '@';  // between a démarche and a commune, in a choice

bool is_resumed(const Said& said) {
  if (!said.choice.empty()) return said.choice.starts_with(kFormChoice);
  const std::string folded = text::fold(said.text);
  for (const std::string_view word : {"reprendre", "je reprends", "continuer", "c'est fait",
                                      "c'est depose", "j'ai depose", "j'ai rempli"})
    if (folded.starts_with(word)) return true;
  return false;
}

}  // namespace

std::optional<Step> Turn::fill(const Said& said) {
  if (state_.filling.procedure.empty() || said.draft == nullptr || !said.words) return std::nullopt;
  auto filled = fill_in(*said.draft, state_.filling, *said.words, said.choice);
  if (!filled) return std::nullopt;
  state_.filling = filled->filling;
  state_.offered = filled->answer.choices;
  filled->answer.procedure =
      progress_json(*said.draft, filled->filling,
                    filled->step.empty() ? filled->filling.asked : filled->step, slug());
  const bool keeps = said.draft->slots && said.draft->slots->lapsed && filled->deed != Deed::slot &&
                     filled->deed != Deed::deposit && !filled->filling.asked.empty() &&
                     !asks_slot(*said.draft, filled->filling);
  return Step{.state = std::move(state_),
              .answer = std::move(filled->answer),
              .deed = filled->deed,
              .answers = std::move(filled->answers),
              .slot = filled->slot,
              .keep = keeps};
}

void Turn::back_to_form(Step& step, const Draft& draft) const {
  Filling& filling = step.state.filling;
  resume(step.answer, draft, filling);
  if (filling.asked.empty()) return;
  step.answer.procedure = progress_json(draft, filling, filling.asked, slug());
}

std::optional<Step> Turn::filled_elsewhere(const Said& said) {
  if (!said.fills || state_.filling.procedure.empty()) return std::nullopt;
  if (said.draft != nullptr && said.draft->deposited.empty()) return std::nullopt;
  const Filling left = std::exchange(state_.filling, {.procedure = {},
                                                      .number = state_.filling.number,
                                                      .asked = {},
                                                      .before = {},
                                                      .seen = {},
                                                      .passed = {}});
  if (said.draft != nullptr)
    state_.deposited.push_back({left.procedure, left.number, said.draft->deposited});
  if (!is_resumed(said)) return std::nullopt;
  Step out{.state = std::move(state_), .answer = {}, .answers = {}};
  if (said.draft != nullptr) {
    out.answer.status = Status::case_status;
    out.answer.text = "Votre demande est déposée depuis le formulaire.";
    out.tells = out.state.deposited.back();
    return out;
  }
  out.answer.status = Status::procedure;
  out.answer.text = "Ce brouillon n’est plus là\u00a0: il est effacé ou trop ancien.";
  out.answer.choices = {{"Recommencer", std::string(kProcedureChoice) + left.procedure}};
  out.state.offered = out.answer.choices;
  return out;
}

bool Turn::needs_commune(const procedure::Definition& definition) const {
  return commune_.empty() && world_.communes.size() > 1 &&
         (!definition.communes.empty() || definition.services.size() > 1);
}

Step Turn::ask_commune(const procedure::Definition& definition, const Said& said) {
  Answer out;
  out.status = Status::procedure;
  out.text =
      definition.title + ".\nLe service change d’une commune à l’autre. Quelle est la vôtre\u202f?";
  for (const tenancy::Commune& each : world_.communes)
    if (definition.serves(each.insee))
      out.choices.push_back(
          {each.name, std::string(kProcedureChoice) + definition.id + kAt + each.insee});
  out.procedure = offer_json(definition, "", "");
  if (said.choice.empty()) state_.question = said.text;
  state_.offered = out.choices;
  return {.state = std::move(state_), .answer = std::move(out), .answers = {}};
}

std::string Turn::procedure_choice_said(const Said& said) const {
  if (!said.choice.empty())
    return said.choice.starts_with(kProcedureChoice) ? said.choice : std::string();
  if (state_.offered.size() == 1 && state_.offered[0].value.starts_with(kProcedureChoice) &&
      hear(said.text).act == Act::yes)
    return state_.offered[0].value;
  const auto of_procedure = [](const answer::Choice& choice) {
    return choice.value.starts_with(kProcedureChoice);
  };
  if (std::ranges::count_if(state_.offered, of_procedure) == 1) {
    const answer::Choice& one = *std::ranges::find_if(state_.offered, of_procedure);
    const std::string_view label = one.label;  // "Faire la démarche ici : Signaler un problème"
    const std::size_t title = label.starts_with(kDoItHere) ? kDoItHere.size() : 0;
    if (begins_it(said.text) || wishes_it(said.text, label.substr(title))) return one.value;
  }
  const auto is_ours = [](const answer::Choice& choice) {
    return choice.value.starts_with(kProcedureChoice) && choice.value.contains(kAt);
  };
  if (state_.offered.empty() || !std::ranges::all_of(state_.offered, is_ours)) return {};
  const std::string named = commune_named(said.text);
  for (const answer::Choice& choice : state_.offered)
    if (!named.empty() && choice.value.ends_with(kAt + named)) return choice.value;
  const auto at = choice_said(state_.offered, hear(said.text));
  return at ? state_.offered[*at].value : std::string();
}

std::string Turn::slug() const {
  const auto at = std::ranges::find(world_.communes, commune_, &tenancy::Commune::insee);
  return at == world_.communes.end() ? std::string() : at->slug;
}

std::optional<Step> Turn::begin(const Said& said) {
  if (!said.fills || !world_.procedures) return std::nullopt;
  std::string_view pressed;
  const std::string choice = procedure_choice_said(said);
  if (!choice.empty()) {
    pressed = std::string_view(choice).substr(kProcedureChoice.size());
    if (const std::size_t at = pressed.find(kAt); at != std::string_view::npos) {
      const auto known =
          std::ranges::find(world_.communes, pressed.substr(at + 1), &tenancy::Commune::insee);
      if (known == world_.communes.end()) return std::nullopt;
      state_.commune = commune_ = known->insee;
      pressed = pressed.substr(0, at);
    }
  } else if (!said.choice.empty()) {
    return std::nullopt;
  }
  const auto offered = world_.procedures(commune_);
  const procedure::Definition* one = nullptr;
  if (!pressed.empty()) {
    for (const auto& each : offered)
      if (each->id == pressed) one = each.get();
  } else {
    // One sentence wants it, the others tell the rest.
    for (const std::string& sentence : text::sentences(said.text))
      if (one == nullptr && !sentence.ends_with('?') && wants_it_done(sentence)) {
        one = meant(offered, sentence);
        if (one == nullptr) one = wanted(offered, sentence);
        // "Je viens pour une carte d'identité" tells of no loss.
        if (one != nullptr && !what_became(one->title).empty() && what_became(said.text).empty())
          one = nullptr;
      }
    if (one != nullptr && commune_.empty() && lives_there(world_.communes, said.text))
      state_.commune = commune_ = commune_named(said.text);
  }
  if (one == nullptr) return std::nullopt;
  if (needs_commune(*one)) return ask_commune(*one, said);
  // Without a commune, one that only some communes offer cannot be begun: the answer asks which.
  if (!one->serves(commune_)) return std::nullopt;
  const auto kept =
      std::ranges::find_if(offered, [&](const auto& each) { return each.get() == one; });
  about(*one);
  // What opened the subject may have told more than the press of a button.
  return begin(*kept, pressed.empty() ? said.words->read() : state_.question);
}

// "C'est payant ?" is asked of its page from now on.
void Turn::about(const procedure::Definition& definition) {
  if (definition.sheets.empty() ||
      std::ranges::find(definition.sheets, state_.subject) != definition.sheets.end())
    return;
  const std::string& sheet = definition.sheets.front();
  const Found found = find(definition.title, {sheet});
  const auto at = std::ranges::find_if(found.candidates, [&](const answer::Candidate& each) {
    return each.document->key.id == sheet;
  });
  if (at == found.candidates.end()) return;
  answer::Candidate page = *at;
  page.probability = 1;  // the citizen chose it
  adopt(page, definition.title);
}

Step Turn::begin(std::shared_ptr<const procedure::Definition> definition, const std::string& told) {
  const Draft draft{definition, {}, moment_in(context(), commune_)};
  Filled filled = begin_filling(draft, state_.filling.number + 1, told, quotes_for(*definition));
  state_.filling = filled.filling;
  state_.offered = filled.answer.choices;
  filled.answer.procedure = progress_json(draft, filled.filling, filled.filling.asked, slug());
  return Step{.state = std::move(state_),
              .answer = std::move(filled.answer),
              .deed = filled.deed,
              .answers = std::move(filled.answers)};
}

std::vector<answer::Quote> Turn::quotes_for(const procedure::Definition& definition) const {
  std::vector<answer::Quote> out;
  if (definition.sheets.empty() || !world_.find) return out;
  const Found found = world_.find({definition.title, commune_, definition.sheets});
  for (const std::string& sheet : definition.sheets)
    for (const answer::Candidate& candidate : found.candidates) {
      if (candidate.document->key.id != sheet || candidate.document->body.empty()) continue;
      for (answer::Quote& quote : answer::quotes(*candidate.document, definition.title, context()))
        if (std::ranges::none_of(out, [&](const auto& each) { return each.facet == quote.facet; }))
          out.push_back(std::move(quote));
    }
  return out;
}

void Turn::offer_procedure(Step& step, const Said& said) const {
  if (!world_.procedures || !asserts(step.answer.status)) return;
  const auto offered = world_.procedures(commune_);
  const procedure::Definition* about = nullptr;
  if (said.choice.empty()) about = meant(offered, said.text);
  if (about == nullptr && !step.answer.citations.empty())
    for (const auto& each : offered)
      if (std::ranges::find(each->sheets, step.answer.citations[0].id) != each->sheets.end()) {
        about = each.get();
        break;
      }
  if (about == nullptr && said.choice.empty()) about = touched(offered, said.text);
  if (about == nullptr || !about->serves(commune_)) return;
  step.answer.procedure = offer_json(*about, "", slug());
  if (!said.fills) return;
  // A question of ours is answered first.
  const answer::Choice begin{std::string(kDoItHere) + about->title,
                             std::string(kProcedureChoice) + about->id};
  step.answer.choices.push_back(begin);
  step.state.offered.push_back(begin);
}

}  // namespace parvis::dialogue
