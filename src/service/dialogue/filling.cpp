#include "dialogue/filling.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dialogue/asking.hpp"
#include "dialogue/hear.hpp"
#include "dialogue/reading.hpp"
#include "procedure/form.hpp"
#include "text/normalise.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Status;
using procedure::Definition;
using procedure::Field;
using procedure::Form;
using procedure::Type;

using Read = std::expected<json::value, std::string>;

namespace {

// The turn after `answers` were taken: the next question, or the whole to look over.
void go_on(Filled& out, const Draft& draft) {
  const json::object answers = merged(draft.answers, out.answers);
  const Form form = procedure::evaluate(*draft.definition, answers, draft.moment);
  out.answer.status = Status::procedure;
  if (form.barred) {
    out.answer.text = form.barred->message + "\nSans internet\u00a0:";
    for (const std::string& way : draft.definition->other_ways) out.answer.text += "\n- " + way;
    out.answer.choices = {{"Corriger une réponse", std::string(kChange)},
                          {"Arrêter", std::string(kStop)}};
    out.filling.asked = kReview;
    return;
  }
  const Next next = next_of(form, answers, out.filling);
  if (next.leaf) {
    if (!next.fault.empty()) {
      if (!out.answer.text.empty()) out.answer.text += "\n";
      out.answer.text += next.fault;
    }
    if (out.filling.asked != next.leaf->field->path) {
      out.filling.before = out.filling.asked == kReview ? "" : out.filling.asked;
      out.filling.asked = next.leaf->field->path;
    }
    ask(out.answer, draft, *next.leaf, answers);
    return;
  }
  out.filling.before = out.filling.asked;
  out.filling.asked = kReview;
  if (!form.faults.empty()) {
    out.answer.text = form.faults[0].message;
    out.answer.choices = {{"Corriger une réponse", std::string(kChange)},
                          {"Arrêter", std::string(kStop)}};
    return;
  }
  out.answer.text =
      "Vérifiez vos réponses.\n" + summary_of(form) + "Est-ce que tout est juste\u202f?";
  out.answer.choices = {{"Déposer ma demande", std::string(kDeposit)},
                        {"Corriger une réponse", std::string(kChange)},
                        {"Plus tard", std::string(kStop)}};
}

std::string sentence_list(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out.append("\n- ").append(line);
  return out;
}

}  // namespace

json::object to_json(const Filling& filling) {
  return {{"procedure", filling.procedure},
          {"number", filling.number},
          {"asked", filling.asked},
          {"before", filling.before},
          {"passed", json::array(filling.passed.begin(), filling.passed.end())}};
}

Filling filling_from_json(const json::object& object) {
  Filling out;
  out.procedure = string_at(object, "procedure").value_or("");
  out.number = static_cast<int>(integer_at(object, "number").value_or(0));
  out.asked = string_at(object, "asked").value_or("");
  out.before = string_at(object, "before").value_or("");
  if (const json::array* passed = array_at(object, "passed"))
    for (const json::value& each : *passed)
      if (each.is_string()) out.passed.emplace_back(each.get_string());
  return out;
}

Filled begin_filling(const Draft& draft, int number, std::string_view said) {
  const Definition& definition = *draft.definition;
  Filled out;
  out.deed = Deed::begin;
  out.filling.procedure = definition.id;
  out.filling.number = number;
  out.answers = told_in(draft, said);
  out.answer.text = definition.title + ".\n" + definition.summary;
  std::vector<std::string> needed;
  const json::object known = merged(draft.answers, out.answers);
  for (const procedure::Document* document :
       procedure::documents_for(definition, known, draft.moment)) {
    if (document->source != procedure::Source::citizen) continue;
    std::string line = document->label;
    if (!document->when_words.empty()) line += ", " + document->when_words;
    if (document->optional) line += " (facultatif)";
    needed.push_back(std::move(line));
  }
  out.answer.text += needed.empty() ? "\nAucun document n’est demandé."
                                    : "\nÀ préparer\u00a0:" + sentence_list(needed);
  for (const auto& told : out.answers)
    if (const Field* field = definition.field(told.key()))
      out.answer.text +=
          fmt::format("\n{}\u00a0: {}.", field->name, discreet(*field, told.value()));
  go_on(out, draft);
  if (out.answer.choices.empty() || out.answer.choices.back().value != kStop)
    out.answer.choices.push_back({"Plus tard", std::string(kStop)});
  return out;
}

std::optional<Filled> fill_in(const Draft& draft, const Filling& filling,
                              const Personal<std::string>& words, std::string_view choice) {
  const std::string& text = words.read();
  const std::string folded = text::fold(text);
  Filled out;
  out.filling = filling;
  out.deed = Deed::save;
  const Form form = procedure::evaluate(*draft.definition, draft.answers, draft.moment);
  const auto leave = [&] {
    out.deed = Deed::none;
    out.answer.status = Status::procedure;
    out.answer.text =
        "D’accord. Votre brouillon est gardé. Pour reprendre, dites «\u00a0reprendre la "
        "démarche\u00a0», ou ouvrez le formulaire.";
    out.answer.choices = {{"Reprendre la démarche", std::string(kResume)}};
    out.filling.asked.clear();
    return out;
  };
  if (choice == kStop ||
      (choice.empty() && said_as(folded, {"plus tard", "arreter", "annuler", "stop", "on arrete",
                                          "laisse tomber", "je veux arreter"})))
    return leave();
  // Left for a while: only a word of return comes back to it.
  if (filling.asked.empty()) {
    if (choice == kResume ||
        (choice.empty() && said_as(folded, {"reprendre", "reprendre la demarche", "je reprends",
                                            "on reprend", "continuer la demarche", "continuer"}))) {
      out.deed = Deed::none;
      out.answer.text = "Reprenons.";
      go_on(out, draft);
      return out;
    }
    return std::nullopt;
  }
  if (choice == kChange || (filling.asked == kReview && choice.empty() &&
                            said_as(folded, {"non", "corriger", "modifier", "changer"}))) {
    out.deed = Deed::none;
    out.answer.status = Status::procedure;
    out.answer.text = "Quelle réponse voulez-vous corriger\u202f?";
    for (const Leaf& leaf : leaves_of(form)) {
      const json::value* value = value_at(draft.answers, leaf.field->path);
      if (value == nullptr || !in_chat(leaf.field->type)) continue;
      out.answer.choices.push_back({leaf.field->name, std::string(kField) + leaf.field->path});
    }
    return out;
  }
  if (choice.starts_with(kField)) {
    const auto leaf = leaf_at(form, choice.substr(kField.size()));
    if (!leaf) return std::nullopt;
    out.deed = Deed::none;
    out.filling.before.clear();
    out.filling.asked = leaf->field->path;
    out.answer.status = Status::procedure;
    ask(out.answer, draft, *leaf, draft.answers);
    return out;
  }
  if (choice == kDeposit || (filling.asked == kReview && choice.empty() &&
                             (hear(text).act == Act::yes ||
                              said_as(folded, {"deposer", "envoyer", "c'est bon", "tout est juste",
                                               "valider", "deposer ma demande"})))) {
    if (form.complete()) {
      out.deed = Deed::deposit;
      out.answer.status = Status::procedure;
      return out;
    }
    out.deed = Deed::none;
    go_on(out, draft);
    return out;
  }
  if (filling.asked == kReview) return std::nullopt;
  const auto leaf = leaf_at(form, filling.asked);
  if (!leaf) {  // another way in answered it, or it is not asked any more
    out.deed = Deed::none;
    go_on(out, draft);
    return out;
  }
  const Field& field = *leaf->field;
  if (choice == kPass || (choice.empty() && field.optional &&
                          said_as(folded, {"passer", "je passe", "je ne sais pas", "non", "aucun",
                                           "aucune", "rien"}))) {
    if (!field.optional) return std::nullopt;
    out.filling.passed.push_back(field.path);
    go_on(out, draft);
    return out;
  }
  if (!choice.empty() && !choice.starts_with(kValue)) return std::nullopt;
  if (!in_chat(field.type)) {  // the form has it, or not yet
    out.deed = Deed::none;
    if (choice.empty() && hear(text).asks) return std::nullopt;
    go_on(out, draft);
    return out;
  }
  const Heard heard = hear(text);
  if (choice.empty() && heard.act == Act::person) return std::nullopt;
  // "non, c'est le 12": what was answered before is mended, and the question asked again.
  if (choice.empty() && !filling.before.empty() && field.type != Type::yes_no)
    if (const std::string mended = corrected(text); !mended.empty())
      if (const auto before = leaf_at(form, filling.before))
        if (Read value = value_in(draft, *before->field, mended, draft.answers);
            value && !value->is_null()) {
          out.answer.text =
              fmt::format("{}\u00a0: {}.", before->field->name, discreet(*before->field, *value));
          set(out.answers, draft.answers, before->field->path, std::move(*value));
          go_on(out, draft);
          return out;
        }
  const std::string_view said =
      choice.empty() ? std::string_view(text) : choice.substr(kValue.size());
  Read value = value_in(draft, field, said, draft.answers);
  const bool free_text = field.type == Type::text || field.type == Type::long_text ||
                         field.type == Type::place || field.type == Type::commune;
  const bool a_question = choice.empty() && heard.asks && text.ends_with('?');
  if (a_question && (free_text || !value)) return std::nullopt;
  if (!value || value->is_null()) {
    if (choice.empty() && heard.asks && !free_text) return std::nullopt;
    out.deed = Deed::none;
    out.answer.status = Status::procedure;
    out.answer.text = value ? "Je n’ai pas compris votre réponse." : value.error();
    ask(out.answer, draft, *leaf, draft.answers);
    return out;
  }
  set(out.answers, draft.answers, field.path, std::move(*value));
  // Several answers in one sentence.
  if (choice.empty() && !free_text) {
    Draft with = draft;
    with.answers = merged(draft.answers, out.answers);
    for (auto& member : told_in(with, text))
      if (!out.answers.contains(member.key())) {
        if (const Field* other = draft.definition->field(member.key()))
          out.answer.text += fmt::format("{}{}\u00a0: {}.", out.answer.text.empty() ? "" : "\n",
                                         other->name, discreet(*other, member.value()));
        out.answers[member.key()] = std::move(member.value());
      }
  }
  go_on(out, draft);
  return out;
}

void resume(Answer& answer, const Draft& draft, const Filling& filling) {
  if (filling.asked.empty()) return;
  const Form form = procedure::evaluate(*draft.definition, draft.answers, draft.moment);
  if (filling.asked == kReview) {
    answer.choices = {{"Déposer ma demande", std::string(kDeposit)},
                      {"Corriger une réponse", std::string(kChange)},
                      {"Plus tard", std::string(kStop)}};
    answer.text += "\nVotre demande est prête. Voulez-vous la déposer\u202f?";
    return;
  }
  const auto leaf = leaf_at(form, filling.asked);
  if (!leaf) return;
  answer.choices.clear();
  answer.text += "\nRevenons à votre demande.";
  ask(answer, draft, *leaf, draft.answers);
}

json::object offer_json(const Definition& definition, std::string_view step) {
  return {{"id", definition.id},
          {"title", definition.title},
          {"summary", definition.summary},
          {"step", step},
          {"url", "/demarches/" + definition.id}};
}

}  // namespace parvis::dialogue
