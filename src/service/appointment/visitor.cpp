#include "appointment/visitor.hpp"

#include <fmt/format.h>

#include <chrono>

#include "procedure/values.hpp"
#include "text/normalise.hpp"

namespace parvis::appointment {
namespace {

std::string cleaned(std::string_view text, std::size_t limit) {
  return std::string(text::utf8_prefix(text::clean(text), limit));
}

// The same reading as in forms.
void read(Personal<std::string>& value, procedure::Type type, std::string_view field,
          std::vector<Fault>& faults) {
  if (value.read().empty()) return;
  procedure::Field asked;
  asked.type = type;
  const auto got = procedure::read_typed(asked, value.read(), procedure::Moment{});
  if (!got)
    faults.push_back({std::string(field), got.error()});
  else if (got->is_string())
    value = Personal(std::string(got->get_string()));
}

}  // namespace

std::vector<Fault> tidy(Visitor& visitor, const Reason& reason, Books by) {
  std::vector<Fault> faults;
  for (Personal<std::string>* each : {&visitor.name, &visitor.email, &visitor.phone})
    *each = Personal(cleaned(each->read(), kNameMax));
  tidy(visitor.needs);
  if (!reason.may)
    visitor.may.reset();
  else if (!visitor.may.value_or(false))
    faults.push_back({"may_book", visitor.may
                                      ? reason.may->otherwise
                                      : "Répondez à la question\u00a0: " + reason.may->ask});
  if (visitor.name.read().empty())
    faults.push_back({"name", "Écrivez le prénom et le nom de la personne qui vient."});
  if (by == Books::citizen && visitor.email.read().empty())
    faults.push_back({"email", "Écrivez votre adresse de courriel\u00a0: la confirmation y part."});
  if (by == Books::agent && visitor.email.read().empty() && visitor.phone.read().empty())
    faults.push_back({"phone", "Écrivez un numéro de téléphone ou une adresse de courriel."});
  read(visitor.email, procedure::Type::email, "email", faults);
  read(visitor.phone, procedure::Type::phone, "phone", faults);
  std::map<std::string, Personal<std::string>> asked;
  for (const Asked& each : reason.asks) {
    const auto found = visitor.asked.find(each.id);
    std::string value = found == visitor.asked.end() ? "" : cleaned(found->second.read(), kNameMax);
    if (each.required && value.empty())
      faults.push_back({each.id, fmt::format("Répondez à la question\u00a0: {}.", each.label)});
    if (!value.empty()) asked.emplace(each.id, std::move(value));
  }
  visitor.asked = std::move(asked);
  return faults;
}

void tidy(Needs& needs) {
  needs.interpreter = cleaned(needs.interpreter, kNameMax);
  needs.note = cleaned(needs.note, kNeedMax);
}

void apply(const NeedsSaid& said, Needs& needs) {
  const auto turn = [&](bool Needs::* need) {
    needs.*need = (needs.*need && !(said.drop.*need)) || said.add.*need;
  };
  turn(&Needs::step_free);
  turn(&Needs::sign_language);
  turn(&Needs::companion);
  if (!said.drop.interpreter.empty()) needs.interpreter.clear();
  if (!said.add.interpreter.empty()) needs.interpreter = said.add.interpreter;
  if (!said.drop.note.empty()) needs.note.clear();
  if (!said.add.note.empty()) needs.note = said.add.note;
}

json::object to_json(const Visitor& visitor) {
  json::object asked;
  for (const auto& [id, value] : visitor.asked) asked[id] = value.read();
  return {{"name", visitor.name.read()},
          {"email", visitor.email.read()},
          {"phone", visitor.phone.read()},
          {"step_free", visitor.needs.step_free},
          {"sign_language", visitor.needs.sign_language},
          {"companion", visitor.needs.companion},
          {"interpreter", visitor.needs.interpreter},
          {"note", visitor.needs.note},
          {"may_book", visitor.may ? json::value(*visitor.may) : json::value(nullptr)},
          {"asked", std::move(asked)}};
}

Visitor visitor_from_json(const json::object& object) {
  const auto text = [&](std::string_view key) {
    return std::string(string_at(object, key).value_or(""));
  };
  Visitor made{.name = Personal(text("name")),
               .email = Personal(text("email")),
               .phone = Personal(text("phone")),
               .needs = {.step_free = bool_at(object, "step_free").value_or(false),
                         .sign_language = bool_at(object, "sign_language").value_or(false),
                         .companion = bool_at(object, "companion").value_or(false),
                         .interpreter = text("interpreter"),
                         .note = text("note")}};
  made.may = bool_at(object, "may_book");
  if (const json::object* asked = object_at(object, "asked"))
    for (const auto& member : *asked)
      if (member.value().is_string())
        made.asked.emplace(member.key(), std::string(member.value().get_string()));
  return made;
}

std::string words(const Needs& needs) {
  std::string out;
  const auto add = [&](std::string_view text) { out.append(out.empty() ? "" : ", ").append(text); };
  if (needs.step_free) add("accès sans marche");
  if (needs.sign_language) add("langue des signes");
  if (needs.companion) add("personne accompagnée");
  if (!needs.interpreter.empty()) add(fmt::format("interprète\u00a0: {}", needs.interpreter));
  if (!needs.note.empty()) add(needs.note);
  return out;
}

}  // namespace parvis::appointment
