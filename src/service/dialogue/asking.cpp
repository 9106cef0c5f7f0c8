#include "dialogue/asking.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "procedure/values.hpp"
#include "text/normalise.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Choice;
using procedure::Field;
using procedure::Form;
using procedure::Type;

namespace {

void leaves_of(const std::vector<Field>& fields, const procedure::Page& page, const Field* block,
               bool loose, std::vector<Leaf>& out) {
  for (const Field& field : fields) {
    if (!procedure::is_answered(field.type)) continue;
    if (procedure::is_composite(field.type) && field.type != Type::repeat)
      leaves_of(field.fields, page, block != nullptr ? block : &field, loose || field.optional,
                out);
    else
      out.push_back({&field, block, &page, loose});
  }
}

}  // namespace

std::vector<Leaf> leaves_of(const Form& form) {
  std::vector<Leaf> out;
  for (const procedure::ShownPage& page : form.pages)
    leaves_of(page.page->fields, *page.page, nullptr, false, out);
  return out;
}

const json::value* value_at(const json::object& answers, std::string_view path) {
  const std::size_t dot = path.find('.');
  const json::value* value = answers.if_contains(path.substr(0, dot));
  if (value == nullptr || dot == std::string_view::npos) return value;
  const json::object* object = value->if_object();
  return object == nullptr ? nullptr : value_at(*object, path.substr(dot + 1));
}

void set(json::object& answers, const json::object& known, std::string_view path,
         json::value value) {
  const std::size_t dot = path.find('.');
  const std::string_view head = path.substr(0, dot);
  if (dot == std::string_view::npos) {
    answers[head] = std::move(value);
    return;
  }
  if (!answers.contains(head)) {
    const json::value* before = known.if_contains(head);
    answers[head] = before != nullptr && before->is_object() ? *before : json::object();
  }
  set(answers[head].as_object(), {}, path.substr(dot + 1), std::move(value));
}

json::object merged(json::object answers, const json::object& more) {
  for (const auto& member : more)
    if (member.value().is_null())
      answers.erase(member.key());
    else
      answers[member.key()] = member.value();
  return answers;
}

bool in_chat(Type type) { return type != Type::repeat && type != Type::file; }

namespace {

std::string fault_at(const Form& form, std::string_view path, bool missing) {
  for (const procedure::ShownPage& page : form.pages)
    for (const procedure::Fault& fault : page.faults)
      if (fault.path == path && fault.missing == missing) return fault.message;
  return {};
}

}  // namespace

Next next_of(const Form& form, const json::object& answers, const Filling& filling) {
  for (const Leaf& leaf : leaves_of(form)) {
    const std::string& path = leaf.field->path;
    if (const std::string wrong = fault_at(form, path, false); !wrong.empty()) return {leaf, wrong};
    const json::value* value = value_at(answers, path);
    if (value != nullptr && !value->is_null()) continue;
    if (!fault_at(form, path, true).empty()) return {leaf, ""};
    const bool left = std::ranges::find(filling.passed, path) != filling.passed.end();
    if (leaf.field->optional && !leaf.loose && !leaf.field->when && !left &&
        in_chat(leaf.field->type))
      return {leaf, ""};
  }
  return {};
}

namespace {

std::string question_of(const Leaf& leaf) {
  if (leaf.block == nullptr || leaf.block->type == Type::address) return leaf.field->label;
  return fmt::format("{}\u00a0: {}", leaf.block->name.empty() ? leaf.page->title : leaf.block->name,
                     leaf.field->label);
}

void put_choices(Answer& answer, const Draft& draft, const Leaf& leaf,
                 const json::object& answers) {
  const Field& field = *leaf.field;
  const auto offer = [&](std::string label, std::string_view value) {
    answer.choices.push_back({std::move(label), std::string(kValue).append(value)});
  };
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

void ask(Answer& answer, const Draft& draft, const Leaf& leaf, const json::object& answers) {
  if (!answer.text.empty()) answer.text += "\n";
  if (!in_chat(leaf.field->type)) {
    answer.text += fmt::format(
        "Pour «\u00a0{}\u00a0», ouvrez le formulaire\u00a0: vos réponses y sont. Vous pourrez "
        "revenir "
        "ici ensuite.",
        leaf.field->name);
    answer.choices.push_back({"C’est fait", std::string(kValue)});
  } else {
    answer.text += question_of(leaf);
    if (!leaf.field->hint.empty()) answer.text += "\n" + leaf.field->hint;
    put_choices(answer, draft, leaf, answers);
  }
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

std::optional<Leaf> leaf_at(const Form& form, std::string_view path) {
  for (const Leaf& leaf : leaves_of(form))
    if (leaf.field->path == path) return leaf;
  return std::nullopt;
}

}  // namespace parvis::dialogue
