// A démarche in the conversation: begun, filled in, offered; and where a case stands.
#include <algorithm>

#include "answer/facets.hpp"
#include "dialogue/filling.hpp"
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

procedure::Moment moment_in(const answer::ComposeContext& context, const std::string& commune) {
  return {context.zone.local(context.now), {}, commune};
}

bool asks_for_case(std::string_view text) {
  const std::string folded = text::fold(text);
  bool names = false;
  for (const std::string_view thing : {"mon dossier", "ma demande", "ma declaration",
                                       "mon signalement", "mes demandes", "mon inscription"})
    names |= folded.contains(thing);
  if (!names) return false;
  for (const std::string_view how :
       {"ou en est", "ou en sont", "avance", "suivre", "suivi", "statut", "etat d", "nouvelles"})
    if (folded.contains(how)) return true;
  return false;
}

}  // namespace

std::optional<Step> Turn::fill(const Said& said) {
  if (state_.filling.procedure.empty() || said.draft == nullptr || !said.words) return std::nullopt;
  auto filled = fill_in(*said.draft, state_.filling, *said.words, said.choice);
  if (!filled) return std::nullopt;
  state_.filling = filled->filling;
  state_.offered = filled->answer.choices;
  filled->answer.procedure = offer_json(*said.draft->definition, filled->filling.asked);
  return Step{.state = std::move(state_),
              .answer = std::move(filled->answer),
              .deed = filled->deed,
              .answers = std::move(filled->answers)};
}

std::optional<Step> Turn::begin(const Said& said) {
  if (!said.fills || !world_.procedures) return std::nullopt;
  const bool pressed = said.choice.starts_with(kProcedureChoice);
  if (!pressed && !said.choice.empty()) return std::nullopt;
  const auto offered = world_.procedures(commune_);
  const procedure::Definition* one = nullptr;
  if (pressed) {
    const std::string_view id = std::string_view(said.choice).substr(kProcedureChoice.size());
    for (const auto& each : offered)
      if (each->id == id) one = each.get();
  } else {
    // One sentence wants it, the others tell the rest.
    for (const std::string& sentence : text::sentences(said.text))
      if (one == nullptr && !sentence.ends_with('?') && wants_it_done(sentence)) {
        one = meant(offered, sentence);
        if (one == nullptr) one = wanted(offered, sentence);
      }
  }
  // Without a commune, one that only some communes offer cannot be begun: the answer asks which.
  if (one == nullptr || !one->serves(commune_)) return std::nullopt;
  const auto kept =
      std::ranges::find_if(offered, [&](const auto& each) { return each.get() == one; });
  const Draft draft{*kept, {}, moment_in(context(), commune_)};
  // What opened the subject may have told more than the press of a button.
  Filled filled = begin_filling(draft, state_.filling.number + 1,
                                pressed ? state_.question : said.words->read());
  state_.filling = filled.filling;
  state_.offered = filled.answer.choices;
  filled.answer.procedure = offer_json(*one, filled.filling.asked);
  return Step{.state = std::move(state_),
              .answer = std::move(filled.answer),
              .deed = filled.deed,
              .answers = std::move(filled.answers)};
}

std::optional<Step> Turn::tell_case(const Said& said) {
  if (!said.fills || !said.choice.empty() || !asks_for_case(said.text)) return std::nullopt;
  Step out{.state = std::move(state_), .answer = {}, .answers = {}};
  out.answer.status = Status::case_status;
  out.tells_case = !out.state.deposited.empty();
  if (!out.tells_case) {
    out.answer.text =
        "Ouvrez « Suivre un dossier », en haut du site. Donnez la référence et votre adresse "
        "e-mail : vous recevez un lien. Sans la référence, appelez le service.";
    if (context().services.by_pivot) out.answer.contact = context().services.by_pivot("mairie");
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
  if (about == nullptr || !about->serves(commune_)) return;
  step.answer.procedure = offer_json(*about, "");
  if (!said.fills) return;
  // A question of ours is answered first.
  const answer::Choice begin{"Faire la démarche ici : " + about->title,
                             std::string(kProcedureChoice) + about->id};
  step.answer.choices.push_back(begin);
  step.state.offered.push_back(begin);
}

}  // namespace parvis::dialogue
