#include "dialogue/asking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "dialogue/filling_parts.hpp"
#include "procedure/values.hpp"
#include "text/normalise.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Choice;
using procedure::Field;
using procedure::Form;
using procedure::Type;

namespace {

// "foyer[1]" → "foyer" and 1; without a place, only the name.
struct Head {
  std::string_view name;
  std::optional<std::size_t> place;
};
Head head_of(std::string_view part) {
  const std::size_t open = part.find('[');
  if (open == std::string_view::npos || !part.ends_with(']')) return {part, std::nullopt};
  std::size_t place = 0;
  const std::string_view digits = part.substr(open + 1, part.size() - open - 2);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), place);
  if (error != std::errc() || end != digits.data() + digits.size() ||
      place >= procedure::kRepeatMax)
    return {part, std::nullopt};
  return {part.substr(0, open), place};
}

std::size_t items_of(const json::object& answers, const Field& repeat) {
  const json::value* value = answers.if_contains(repeat.id);
  return value != nullptr && value->is_array() ? value->get_array().size() : 0;
}

void leaves_of(const std::vector<Field>& fields, const std::string& prefix, const Leaf& around,
               const json::object* answers, std::vector<Leaf>& out) {
  for (const Field& field : fields) {
    if (!procedure::is_answered(field.type)) continue;
    Leaf leaf = around;
    leaf.field = &field;
    leaf.path = prefix + field.id;
    if (!procedure::is_composite(field.type)) {
      out.push_back(std::move(leaf));
      continue;
    }
    if (leaf.block == nullptr) leaf.block = &field;
    if (field.type != Type::repeat) {
      leaf.loose |= field.optional;
      leaves_of(field.fields, leaf.path + ".", leaf, nullptr, out);
      continue;
    }
    // Lists of the top alone: those inside a block are for the pages.
    if (answers == nullptr || !in_chat(field)) {
      out.push_back(std::move(leaf));
      continue;
    }
    const std::size_t items = items_of(*answers, field);
    for (std::size_t i = 0; i < items; ++i) {
      Leaf item = leaf;
      item.loose = true;
      item.item = i + 1;
      leaves_of(field.fields, fmt::format("{}[{}].", leaf.path, i), item, nullptr, out);
    }
    leaf.item = items;
    out.push_back(std::move(leaf));
  }
}

}  // namespace

std::vector<Leaf> leaves_of(const Form& form, const json::object& answers) {
  std::vector<Leaf> out;
  for (const procedure::ShownPage& page : form.pages)
    leaves_of(page.page->fields, "", {.page = page.page}, &answers, out);
  return out;
}

const json::value* value_at(const json::object& answers, std::string_view path) {
  const std::size_t dot = path.find('.');
  const Head head = head_of(path.substr(0, dot));
  const json::value* value = answers.if_contains(head.name);
  if (value != nullptr && head.place) {
    const json::array* list = value->if_array();
    value = list != nullptr && *head.place < list->size() ? &(*list)[*head.place] : nullptr;
  }
  if (value == nullptr || dot == std::string_view::npos) return value;
  const json::object* object = value->if_object();
  return object == nullptr ? nullptr : value_at(*object, path.substr(dot + 1));
}

std::string trace_of(const json::object& answers, std::string_view path) {
  const json::value* value = value_at(answers, path);
  if (value == nullptr || value->is_null()) return {};
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const char c : json::serialize(*value))
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return fmt::format("{:016x}", hash);
}

void set(json::object& answers, const json::object& known, std::string_view path,
         json::value value) {
  const std::size_t dot = path.find('.');
  const Head head = head_of(path.substr(0, dot));
  if (!answers.contains(head.name))
    if (const json::value* before = known.if_contains(head.name)) answers[head.name] = *before;
  json::value* place = &answers[head.name];
  if (head.place) {
    if (!place->is_array()) *place = json::array();
    json::array& list = place->get_array();
    while (list.size() <= *head.place) list.emplace_back(json::object());
    place = &list[*head.place];
  }
  if (dot == std::string_view::npos) {
    *place = std::move(value);
    return;
  }
  if (!place->is_object()) *place = json::object();
  set(place->get_object(), {}, path.substr(dot + 1), std::move(value));
}

json::object merged(json::object answers, const json::object& more) {
  for (const auto& member : more)
    if (member.value().is_null())
      answers.erase(member.key());
    else
      answers[member.key()] = member.value();
  return answers;
}

bool in_chat(const Field& field) {
  if (field.type == Type::file || field.type == Type::appointment) return false;
  return field.type != Type::repeat || std::ranges::all_of(field.fields, [](const Field& part) {
           return part.type != Type::repeat && part.type != Type::file &&
                  std::ranges::all_of(part.fields, [](const Field& inner) {
                    return !procedure::is_composite(inner.type) && inner.type != Type::file;
                  });
         });
}

bool answered_here(const Draft& draft, const Leaf& leaf) {
  const Field& field = *leaf.field;
  if (field.type == Type::file) return draft.takes_files && !leaf.path.contains('[');
  if (field.type == Type::appointment) return draft.slots.has_value();
  return in_chat(field);
}

namespace {

std::string fault_at(const Form& form, std::string_view path, bool missing) {
  for (const procedure::ShownPage& page : form.pages)
    for (const procedure::Fault& fault : page.faults)
      if (fault.path == path && fault.missing == missing) return fault.message;
  return {};
}

}  // namespace

Next next_of(const Draft& draft, const Form& form, const json::object& answers,
             const Filling& filling) {
  for (const Leaf& leaf : leaves_of(form, answers)) {
    const Field& field = *leaf.field;
    const std::string wrong = fault_at(form, leaf.path, false);
    if (!wrong.empty()) return {leaf, wrong};
    const bool left = std::ranges::find(filling.passed, leaf.path) != filling.passed.end();
    if (field.type == Type::repeat && in_chat(field)) {
      const auto most = static_cast<std::size_t>(field.max.value_or(procedure::kRepeatMax));
      const bool missing = !fault_at(form, leaf.path, true).empty();
      if (missing || (!left && leaf.item < most && !field.when)) return {leaf, ""};
      continue;
    }
    const json::value* value = value_at(answers, leaf.path);
    if (value != nullptr && !value->is_null()) continue;
    if (!fault_at(form, leaf.path, true).empty()) return {leaf, ""};
    // An item that was asked for is filled in, though the form would drop it empty.
    if (leaf.item > 0 && !field.optional && !field.when) return {leaf, ""};
    if (field.optional && !leaf.loose && !field.when && !left && answered_here(draft, leaf))
      return {leaf, ""};
  }
  return {};
}

std::string name_of(const Leaf& leaf) {
  if (leaf.block == nullptr || leaf.field->type == Type::repeat) return leaf.field->name;
  const std::string of =
      leaf.item > 0 ? fmt::format("{}, n°\u00a0{}", leaf.block->name, leaf.item) : leaf.block->name;
  return fmt::format("{}\u00a0: {}", of, leaf.field->name);
}

namespace {

std::string question_of(const Leaf& leaf) {
  const Field& field = *leaf.field;
  if (field.type == Type::repeat)
    return leaf.item == 0 ? fmt::format("{}\u00a0: y en a-t-il\u202f?", field.name)
                          : fmt::format("{}\u00a0: {} pour l’instant. Encore un\u202f?", field.name,
                                        leaf.item);
  if (leaf.block == nullptr || leaf.block->type == Type::address) return field.label;
  std::string name = leaf.block->name.empty() ? leaf.page->title : leaf.block->name;
  if (leaf.item > 0) name += fmt::format(", n°\u00a0{}", leaf.item);
  return fmt::format("{}\u00a0: {}", name, field.label);
}

void put_choices(Answer& answer, const Draft& draft, const Leaf& leaf,
                 const json::object& answers) {
  const Field& field = *leaf.field;
  const auto offer = [&](std::string label, std::string_view value) {
    answer.choices.push_back({std::move(label), std::string(kValue).append(value)});
  };
  if (field.type == Type::repeat) {
    offer(leaf.item == 0 ? "Oui" : "Oui, encore un", "true");
    offer(leaf.item == 0 ? "Non" : "Non, c’est tout", "false");
    return;
  }
  if (field.type == Type::yes_no) {
    offer("Oui", "true");
    offer("Non", "false");
  }
  if (field.type == Type::attestation) offer("Je certifie", "true");
  if (field.type == Type::choice || field.type == Type::choices) {
    const auto options = procedure::options_of(*draft.definition, field, answers, draft.moment);
    if (options.size() <= kChoicesMax)
      for (const procedure::Option& option : options) offer(option.label, option.value);
  }
  if (field.optional) answer.choices.push_back({"Passer", std::string(kPass)});
}

}  // namespace

void ask(Answer& answer, const Draft& draft, const Leaf& leaf, const json::object& answers,
         Filling& filling) {
  const Type type = leaf.field->type;
  if (answered_here(draft, leaf)) {
    if (type == Type::file) return ask_file(answer, draft, leaf);
    if (type == Type::appointment) return ask_slot(answer, draft, leaf, answers, filling);
  }
  if (!answer.text.empty()) answer.text += "\n";
  if (in_chat(*leaf.field)) {
    answer.text += question_of(leaf);
    if (!leaf.field->hint.empty()) answer.text += "\n" + leaf.field->hint;
    put_choices(answer, draft, leaf, answers);
    return;
  }
  answer.text += fmt::format(
      "{} «\u00a0{}\u00a0», ouvrez le formulaire\u00a0: vos réponses y sont. Vous pourrez "
      "revenir ici ensuite.",
      type == Type::file          ? "Un document se joint sur la page de votre demande. Pour"
      : type == Type::appointment ? "L’horaire se choisit sur la page de votre demande. Pour"
                                  : "Pour",
      leaf.field->name);
  answer.choices.push_back({"C’est fait", std::string(kValue)});
}

std::string discreet(const Field& field, const json::value& value) {
  std::string words = procedure::shown(field, value);
  if (field.type == Type::email)
    if (const std::size_t at = words.find('@'); at != std::string::npos && at > 0)
      return std::string(text::utf8_prefix(words, 1)) + "…" + words.substr(at);
  constexpr std::size_t kTold = 4;  // the last digits
  const bool number =
      field.type == Type::phone || field.type == Type::nir || field.type == Type::iban;
  if (number && words.size() > kTold) return "…" + words.substr(words.size() - kTold);
  return words;
}

std::string summary_of(const Form& form) {
  std::string out;
  for (const procedure::ShownPage& page : form.pages)
    for (const Field& field : page.page->fields) {
      if (!procedure::is_answered(field.type) || field.type == Type::attestation) continue;
      const json::value* value = form.answers.if_contains(field.id);
      if (value == nullptr) continue;
      if (const std::string words = discreet(field, *value); !words.empty())
        out.append(fmt::format("- {}\u00a0: {}\n", field.name, words));
    }
  return out;
}

std::optional<Leaf> leaf_at(const Form& form, const json::object& answers, std::string_view path) {
  for (const Leaf& leaf : leaves_of(form, answers))
    if (leaf.path == path) return leaf;
  return std::nullopt;
}

}  // namespace parvis::dialogue
