// Documents of a démarche, given in the conversation: the bytes take a way of their own (uploads),
// and the draft says what has come of them.
#include <fmt/format.h>

#include "answer/phrases.hpp"
#include "dialogue/filling_parts.hpp"
#include "dialogue/hear.hpp"
#include "dialogue/reading.hpp"
#include "procedure/values.hpp"
#include "text/normalise.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Status;
using procedure::Field;

namespace {

std::string given_words(const Draft& draft, std::string_view path) {
  std::string out;
  for (const GivenFile& file : draft.files)
    if (file.field == path && file.state == GivenFile::State::answers)
      out.append(out.empty() ? "" : ", ").append(file.name.read());
  return out;
}

// What became of files that answer nothing, or not yet.
std::string trouble_words(const Draft& draft, std::string_view path) {
  std::string out;
  for (const GivenFile& file : draft.files) {
    if (file.field != path) continue;
    if (file.state == GivenFile::State::refused)
      add(out, fmt::format("«\u00a0{}\u00a0» n’est pas gardé. {}", file.name.read(), file.said));
    if (file.state == GivenFile::State::checked)
      add(out, fmt::format("«\u00a0{}\u00a0» est en cours de vérification. Attendez un instant, "
                           "puis dites «\u00a0c’est fait\u00a0».",
                           file.name.read()));
  }
  return out;
}

bool not_at_hand(std::string_view text) {
  return answer::has_phrase(
      answer::folded_words(text),
      "sous la main|pas sur moi|je ne ai pas|je ai pas|je ne ai plus|je ai plus|ai pas ce "
      "document|ai pas ce "
      "papier|ai pas le document|ai pas le papier|ai pas encore|ai pas de scan|ai pas de photo|pas "
      "chez moi|a la maison");
}

}  // namespace

void ask_file(Answer& answer, const Draft& draft, const Leaf& leaf) {
  const Field& field = *leaf.field;
  const std::string given = given_words(draft, leaf.path);
  add(answer.text, field.label);
  add(answer.text, field.hint);
  add(answer.text, procedure::limits_words(field.files));
  if (!given.empty()) add(answer.text, fmt::format("J’ai déjà\u00a0: {}.", given));
  add(answer.text, "Joignez-le ici, puis dites «\u00a0c’est fait\u00a0».");
  answer.choices.push_back({"C’est fait", std::string(kValue)});
  if (field.optional)
    answer.choices.push_back({"Passer", std::string(kPass)});
  else
    answer.choices.push_back({"Je ne l’ai pas sous la main", std::string(kNotAtHand)});
}

std::optional<Filled> file_said(const Draft& draft, const Leaf& leaf, Filled out,
                                const std::string& text, std::string_view choice) {
  const Field& field = *leaf.field;
  const Heard heard = hear(text);
  const std::string folded = text::fold(text);
  out.deed = Deed::none;
  out.answer.status = Status::procedure;
  const json::value* value = value_at(draft.answers, leaf.path);
  const bool there = value != nullptr && !value->is_null();
  const bool lacks = choice == kNotAtHand || (choice.empty() && not_at_hand(text));
  if (field.optional && !there &&
      (choice == kPass || lacks ||
       (choice.empty() && (heard.act == Act::no || said_as(folded, {"passer", "je passe", "aucun",
                                                                    "aucune", "rien", "sans"}))))) {
    out.filling.passed.push_back(leaf.path);
    go_on(out, draft);
    return out;
  }
  if (lacks && !there) {
    add(out.answer.text,
        fmt::format("D’accord. Rien n’est perdu\u00a0: votre brouillon est gardé {}.\n"
                    "Quand vous aurez ce document, dites ici «\u00a0reprendre la démarche\u00a0».\n"
                    "Pour un autre appareil, ouvrez le formulaire\u00a0: «\u00a0Reprendre plus "
                    "tard\u00a0» y donne votre lien personnel.",
                    procedure::words(draft.definition->retention.drafts)));
    out.answer.choices = {{"Reprendre la démarche", std::string(kResume)}};
    out.step = leaf.path;
    out.filling.asked.clear();
    return out;
  }
  if (!choice.empty() && choice != kPass && !choice.starts_with(kValue)) return std::nullopt;
  if (choice.empty() && heard.asks && text.ends_with('?')) return std::nullopt;
  const std::string trouble = trouble_words(draft, leaf.path);
  add(out.answer.text, trouble);
  if (there) {
    add(out.answer.text, fmt::format("Bien reçu\u00a0: {}.", procedure::shown(field, *value)));
    go_on(out, draft);
    return out;
  }
  add(out.answer.text, "Je ne vois pas encore ce document.");
  ask_file(out.answer, draft, leaf);
  return out;
}

}  // namespace parvis::dialogue
