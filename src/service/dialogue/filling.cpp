#include "dialogue/filling.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "answer/phrases.hpp"
#include "dialogue/asking.hpp"
#include "dialogue/booking_words.hpp"
#include "dialogue/filling_parts.hpp"
#include "dialogue/hear.hpp"
#include "dialogue/reading.hpp"
#include "procedure/form.hpp"
#include "procedure/values.hpp"
#include "text/normalise.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Status;
using procedure::Definition;
using procedure::Field;
using procedure::Form;
using procedure::Type;

using Read = std::expected<json::value, std::string>;

void add(std::string& text, std::string_view line) {
  if (!line.empty()) text.append(text.empty() ? "" : "\n").append(line);
}

void go_on(Filled& out, const Draft& draft, const json::object& also) {
  const json::object answers = merged(merged(draft.answers, out.answers), also);
  const Form form = procedure::evaluate(*draft.definition, answers, draft.moment);
  out.answer.status = Status::procedure;
  if (form.barred) {
    add(out.answer.text, form.barred->message + "\nSans internet\u00a0:");
    for (const std::string& way : draft.definition->other_ways) out.answer.text += "\n- " + way;
    out.answer.choices = {{"Corriger une réponse", std::string(kChange)},
                          {"Arrêter", std::string(kStop)}};
    out.filling.asked = kReview;
    return;
  }
  const Next next = next_of(draft, form, answers, out.filling);
  if (next.leaf) {
    add(out.answer.text, next.fault);
    if (out.filling.asked != next.leaf->path) {
      out.filling.before = out.filling.asked == kReview ? "" : out.filling.asked;
      out.filling.asked = next.leaf->path;
      out.filling.shown.clear();
    }
    out.filling.seen = trace_of(answers, out.filling.asked);
    ask(out.answer, draft, *next.leaf, answers, out.filling);
    return;
  }
  if (out.filling.asked != kReview) out.filling.before = out.filling.asked;
  out.filling.asked = kReview;
  if (!form.faults.empty()) {
    add(out.answer.text, form.faults[0].message);
    out.answer.choices = {{"Corriger une réponse", std::string(kChange)},
                          {"Arrêter", std::string(kStop)}};
    return;
  }
  add(out.answer.text,
      "Vérifiez vos réponses.\n" + summary_of(form) + "Est-ce que tout est juste\u202f?");
  out.answer.choices = {{"Déposer ma demande", std::string(kDeposit)},
                        {"Corriger une réponse", std::string(kChange)},
                        {"Plus tard", std::string(kStop)}};
}

namespace {

// What the form's page has to give, and has not yet; empty when it is there.
std::string not_seen(const Draft& draft, const Field& field) {
  const json::value* given = value_at(draft.answers, field.path);
  if (given != nullptr && !given->is_null()) return {};
  if (field.type == Type::file) return "Je ne vois pas encore ce document.";
  if (field.type == Type::appointment) return "Je ne vois pas encore votre horaire.";
  return {};
}

// The slot that the draft has is the one that is said, as if it had none yet.
std::optional<Filled> same_slot(const Draft& draft, const Leaf& leaf, const Filled& out,
                                const std::string& text, std::string_view choice) {
  const json::value* held = value_at(draft.answers, leaf.path);
  if (held == nullptr || !held->is_object()) return std::nullopt;
  const auto start = parse_rfc3339(string_at(held->get_object(), "start").value_or(""));
  Draft before = draft;
  before.answers.erase(leaf.path);
  auto said = slot_said(before, leaf, out, text, choice);
  return said && start && said->slot == start ? std::move(said) : std::nullopt;
}

// Whether one more item of a repeated block is wanted.
std::optional<bool> another_said(const std::string& text, std::string_view choice) {
  if (choice.starts_with(kValue)) return choice.substr(kValue.size()) == "true";
  if (!choice.empty()) return std::nullopt;
  const Heard heard = hear(text);
  const std::string folded = text::fold(text);
  if (heard.act == Act::yes || folded.starts_with("oui") ||
      said_as(folded, {"encore un", "encore une", "un autre", "une autre", "un de plus"}))
    return true;
  if (heard.act == Act::no || folded.starts_with("non") ||
      said_as(folded, {"c'est tout", "aucun", "aucune", "personne", "personne d'autre", "passer",
                       "je suis seul", "je suis seule", "rien d'autre", "fini", "termine"}))
    return false;
  return std::nullopt;
}

// "plus tard", "je veux arrêter"; "non merci" answers the question.
// While slots are offered "plus tard" is about them.
bool stops(std::string_view text, const Heard& heard, bool slots) {
  const std::vector<std::string> words = answer::folded_words(text);
  if (!slots &&
      answer::only_phrases(words, {"plus tard|je continuerai plus tard|je finirai plus tard|je "
                                   "reviendrai plus tard",
                                   "merci|svp|non|ok|oui|bon"}) &&
      answer::has_phrase(words, "plus tard"))
    return true;
  return heard.act != Act::no && gives_up(text) && !answer::has_phrase(words, "finalement") &&
         !text.contains("rrêté");  // "arrêté municipal"
}

// At the review: something is not right.
bool changes(std::string_view text, const Heard& heard) {
  const std::vector<std::string> words = answer::folded_words(text);
  if (heard.act == Act::no || answer::starts_with_phrase(words, "non|nan")) return true;
  return !text.contains('?') &&
         answer::has_phrase(words,
                            "corrig*|modifi*|chang*|rectifi*|sauf|est faux|est pas bon|est "
                            "pas juste|pas le bon|pas la bonne|erreur|trompe*");
}

// What follows "non" is an answer, and no refusal: "non, c'est le 12", and not "non, pas encore".
bool mends(const std::string& said) {
  return !said.empty() && hear(said).act == Act::ask &&
         !answer::starts_with_phrase(
             answer::folded_words(said),
             "pas|je ne|je sais|je ai|ai pas|aucun|aucune|rien|ne|jamais|plus|merci");
}

std::string sentence_list(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out.append("\n- ").append(line);
  return out;
}

}  // namespace

json::object to_json(const Filling& filling) {
  json::array shown;
  for (const Instant start : filling.shown) shown.emplace_back(format_rfc3339(start));
  return {{"procedure", filling.procedure},
          {"number", filling.number},
          {"asked", filling.asked},
          {"before", filling.before},
          {"seen", filling.seen},
          {"passed", json::array(filling.passed.begin(), filling.passed.end())},
          {"shown", std::move(shown)},
          {"people", filling.coming.people},
          {"way", filling.coming.way ? name(*filling.coming.way) : std::string_view()},
          {"coming", appointment::to_json({.needs = filling.coming.needs})}};
}

Filling filling_from_json(const json::object& object) {
  Filling out;
  out.procedure = string_at(object, "procedure").value_or("");
  out.number = static_cast<int>(integer_at(object, "number").value_or(0));
  out.asked = string_at(object, "asked").value_or("");
  out.before = string_at(object, "before").value_or("");
  out.seen = string_at(object, "seen").value_or("");
  if (const json::array* passed = array_at(object, "passed"))
    for (const json::value& each : *passed)
      if (each.is_string()) out.passed.emplace_back(each.get_string());
  if (const json::array* shown = array_at(object, "shown"))
    for (const json::value& each : *shown)
      if (const auto start = each.is_string() ? parse_rfc3339(each.get_string()) : std::nullopt)
        out.shown.push_back(*start);
  out.coming.people = static_cast<int>(std::clamp<std::int64_t>(
      integer_at(object, "people").value_or(1), 1, appointment::kPeopleMax));
  out.coming.way = appointment::way_named(string_at(object, "way").value_or(""));
  if (const json::object* coming = object_at(object, "coming"))
    out.coming.needs = appointment::visitor_from_json(*coming).needs;
  return out;
}

Filled begin_filling(const Draft& draft, int number, std::string_view said,
                     const std::vector<answer::Quote>& quotes) {
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
  for (const answer::Quote& quote : quotes) {
    const std::size_t at = out.answer.citations.size();
    out.answer.more.push_back({answer::title_of(quote), quote.text, at});
    out.answer.citations.push_back(quote.citation);
  }
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
    out.step = filling.asked;
    out.filling.asked.clear();
    return out;
  };
  const Heard heard = hear(text);
  if (choice.empty() && heard.act == Act::person) return std::nullopt;
  if (choice == kStop ||
      (choice.empty() && !filling.asked.empty() && stops(text, heard, asks_slot(draft, filling))))
    return leave();
  const auto away =
      filling.asked.empty() ? std::nullopt : leaf_at(form, draft.answers, filling.asked);
  // Of a document that is given here, "c'est fait" says that it is (filling_files.cpp).
  const bool given_here = away && away->field->type == Type::file && answered_here(draft, *away);
  // Left for a while, only a word of return comes back to it; from the form, the same word.
  if (choice == kResume ||
      (choice.empty() &&
       (comes_back(text) ||
        (!given_here && said_as(folded, {"c'est fait", "j'ai rempli le formulaire"}))))) {
    out.deed = Deed::none;
    const std::string missing = away ? not_seen(draft, *away->field) : std::string();
    out.answer.text = missing.empty() ? "Reprenons." : missing;
    if (missing.empty() && !filling.asked.empty() && filling.asked != kReview &&
        trace_of(draft.answers, filling.asked) != filling.seen)
      out.answer.text = "Reprenons. J’ai vos réponses du formulaire.";
    go_on(out, draft);
    return out;
  }
  if (filling.asked.empty()) return std::nullopt;
  if (choice == kChange || (filling.asked == kReview && choice.empty() && changes(text, heard))) {
    out.deed = Deed::none;
    out.answer.status = Status::procedure;
    out.answer.text = "Quelle réponse voulez-vous corriger\u202f?";
    for (const Leaf& leaf : leaves_of(form, draft.answers)) {
      const json::value* value = value_at(draft.answers, leaf.path);
      if (value == nullptr || !answered_here(draft, leaf)) continue;
      out.answer.choices.push_back({name_of(leaf), std::string(kField) + leaf.path});
    }
    return out;
  }
  if (choice.starts_with(kField)) {
    const auto leaf = leaf_at(form, draft.answers, choice.substr(kField.size()));
    if (!leaf) return std::nullopt;
    out.deed = Deed::none;
    out.filling.before.clear();
    out.filling.asked = leaf->path;
    out.filling.seen = trace_of(draft.answers, leaf->path);
    out.answer.status = Status::procedure;
    ask(out.answer, draft, *leaf, draft.answers, out.filling);
    return out;
  }
  if (filling.asked == kReview && choice.empty() && says_yes(text) && !confirms(text)) {
    out.deed = Deed::none;
    out.answer.text = "Votre demande n’est pas encore déposée.";
    go_on(out, draft);
    return out;
  }
  if (choice == kDeposit || (filling.asked == kReview && choice.empty() && confirms(text))) {
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
  const auto leaf = leaf_at(form, draft.answers, filling.asked);
  if (!leaf) {  // it is not asked any more
    out.deed = Deed::none;
    go_on(out, draft);
    return out;
  }
  const Field& field = *leaf->field;
  if (field.type == Type::file && answered_here(draft, *leaf))
    return file_said(draft, *leaf, std::move(out), text, choice);
  // The turn that chose this slot, taken again: the same is said of it.
  if (field.type == Type::appointment && answered_here(draft, *leaf))
    if (auto again = same_slot(draft, *leaf, out, text, choice)) return again;
  // Answered in another window meanwhile: that is kept, and said.
  if (trace_of(draft.answers, leaf->path) != filling.seen) {
    if (choice.empty() && hear(text).asks && text.ends_with('?')) return std::nullopt;
    out.deed = Deed::none;
    const json::value* value = value_at(draft.answers, leaf->path);
    out.answer.text =
        value == nullptr || value->is_null() || field.type == Type::repeat
            ? "Vous avez changé cette réponse dans le formulaire."
            : fmt::format("Vous avez répondu dans le formulaire\u00a0: {}\u00a0: {}. Je la garde.",
                          name_of(*leaf), discreet(field, *value));
    go_on(out, draft);
    return out;
  }
  if (field.type == Type::repeat && in_chat(field)) {
    const auto more = another_said(text, choice);
    if (!more) {
      if (choice.empty() && hear(text).asks) return std::nullopt;
      out.deed = Deed::none;
      out.answer.status = Status::procedure;
      out.answer.text = "Répondez par oui ou par non.";
      ask(out.answer, draft, *leaf, draft.answers, out.filling);
      return out;
    }
    if (*more)
      set(out.answers, draft.answers, fmt::format("{}[{}]", leaf->path, leaf->item),
          json::object());
    else
      out.filling.passed.push_back(leaf->path);
    go_on(out, draft);
    return out;
  }
  if (choice == kPass ||
      (choice.empty() && field.optional &&
       (heard.act == Act::no ||
        (field.type == procedure::Type::email && !text.contains('@') && without_email(text)) ||
        said_as(folded, {"passer", "je passe", "je ne sais pas", "aucun", "aucune", "rien"})))) {
    if (!field.optional) return std::nullopt;
    out.filling.passed.push_back(leaf->path);
    go_on(out, draft);
    return out;
  }
  if (field.type == Type::appointment && answered_here(draft, *leaf))
    return slot_said(draft, *leaf, std::move(out), text, choice);
  if (!choice.empty() && !choice.starts_with(kValue)) return std::nullopt;
  if (!in_chat(field)) {  // the form has it, or not yet
    out.deed = Deed::none;
    if (choice.empty() && hear(text).asks) return std::nullopt;
    out.answer.text = not_seen(draft, field);
    go_on(out, draft);
    return out;
  }
  // Typed, and masked before it came here.
  if (choice.empty() && is_masked(text)) {
    out.deed = Deed::none;
    out.answer.status = Status::procedure;
    out.answer.text =
        "Je n’ai pas gardé ce que vous avez écrit\u00a0: une partie en est masquée. Écrivez-le de "
        "nouveau.";
    ask(out.answer, draft, *leaf, draft.answers, out.filling);
    return out;
  }
  // "non, c'est le 12": what was answered before is mended, and the question asked again.
  if (choice.empty() && !filling.before.empty() && field.type != Type::yes_no &&
      heard.act != Act::no)
    if (const std::string mended = corrected(text); mends(mended))
      if (const auto before = leaf_at(form, draft.answers, filling.before);
          before && in_chat(*before->field) && before->field->type != Type::repeat)
        if (Read value = value_in(draft, *before->field, mended, draft.answers);
            value && !value->is_null()) {
          out.answer.text =
              fmt::format("{}\u00a0: {}.", before->field->name, discreet(*before->field, *value));
          set(out.answers, draft.answers, before->path, std::move(*value));
          go_on(out, draft);
          return out;
        }
  const std::string_view said =
      choice.empty() ? std::string_view(text) : choice.substr(kValue.size());
  if (choice.empty() && is_sentence_for_name(field, text)) return std::nullopt;
  Read value = value_in(draft, field, said, draft.answers);
  const bool free_text = field.type == Type::text || field.type == Type::long_text ||
                         field.type == Type::place || field.type == Type::commune;
  const bool a_question = choice.empty() && heard.asks && text.ends_with('?');
  if (a_question && (free_text || !value)) return std::nullopt;
  if (choice.empty() && free_text && heard.act == Act::no && folded.contains("merci")) {
    out.deed = Deed::none;
    out.answer.status = Status::procedure;
    out.answer.text = "Sans cette réponse, la demande ne peut pas être déposée.";
    ask(out.answer, draft, *leaf, draft.answers, out.filling);
    return out;
  }
  if (!value || value->is_null()) {
    if (choice.empty() && heard.asks && !free_text) return std::nullopt;
    out.deed = Deed::none;
    out.answer.status = Status::procedure;
    out.answer.text = value ? "Je n’ai pas compris votre réponse." : value.error();
    ask(out.answer, draft, *leaf, draft.answers, out.filling);
    return out;
  }
  set(out.answers, draft.answers, leaf->path, std::move(*value));
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

void resume(Answer& answer, const Draft& draft, Filling& filling) {
  if (filling.asked.empty()) return;
  const Form form = procedure::evaluate(*draft.definition, draft.answers, draft.moment);
  if (filling.asked == kReview) {
    answer.choices = {{"Déposer ma demande", std::string(kDeposit)},
                      {"Corriger une réponse", std::string(kChange)},
                      {"Plus tard", std::string(kStop)}};
    answer.text += "\nVotre demande est prête. Voulez-vous la déposer\u202f?";
    return;
  }
  const auto leaf = leaf_at(form, draft.answers, filling.asked);
  answer.choices.clear();
  answer.text += "\nRevenons à votre demande.";
  if (leaf && trace_of(draft.answers, leaf->path) == filling.seen) {
    ask(answer, draft, *leaf, draft.answers, filling);
    return;
  }
  // It was answered in another window meanwhile: what comes next is asked.
  Filled next{.filling = filling, .answer = {}};
  go_on(next, draft);
  filling = std::move(next.filling);
  add(answer.text, next.answer.text);
  answer.choices = std::move(next.answer.choices);
}

bool asks_slot(const Draft& draft, const Filling& filling) {
  const Field* field = draft.definition->appointment();
  return draft.slots && field != nullptr && field->id == filling.asked;
}

json::object progress_json(const Draft& draft, const Filling& filling, std::string_view step,
                           std::string_view slug) {
  json::object out = offer_json(*draft.definition, step, slug);
  const Field* field = draft.takes_files && !filling.asked.empty() && !filling.asked.contains('[')
                           ? draft.definition->field(filling.asked)
                           : nullptr;
  if (field == nullptr || field->type != Type::file) return out;
  const procedure::Files& files = field->files;
  out["files"] = json::object{{"number", filling.number},
                              {"question", filling.asked},
                              {"label", field->name},
                              {"limits", procedure::limits_words(files)},
                              {"types", json::array(files.types.begin(), files.types.end())},
                              {"count", files.count},
                              {"bytes", files.bytes},
                              {"dated", files.months > 0}};
  return out;
}

json::object offer_json(const Definition& definition, std::string_view step,
                        std::string_view slug) {
  return {{"id", definition.id},
          {"title", definition.title},
          {"summary", definition.summary},
          {"step", step},
          {"url", (slug.empty() ? "" : "/" + std::string(slug)) + "/demarches/" + definition.id}};
}

}  // namespace parvis::dialogue
