// The state of a conversation as it is stored.
#include <charconv>

#include "dialogue/step.hpp"

namespace parvis::dialogue {
namespace {

json::array to_array(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

json::array to_array(const std::vector<answer::Choice>& choices) {
  json::array out;
  for (const answer::Choice& choice : choices)
    out.push_back({{"label", choice.label}, {"value", choice.value}});
  return out;
}

json::array to_array(const std::vector<Deposited>& all) {
  json::array out;
  for (const Deposited& each : all)
    out.push_back(
        {{"procedure", each.procedure}, {"number", each.number}, {"reference", each.reference}});
  return out;
}

json::array to_array(const std::vector<Booked>& all) {
  json::array out;
  for (const Booked& each : all) out.push_back(to_json(each));
  return out;
}

json::array to_array(const std::vector<Waited>& all) {
  json::array out;
  for (const Waited& each : all) out.push_back(to_json(each));
  return out;
}

// A text, "perte-identite/1", is one of before references were kept.
std::optional<Deposited> deposited_in(const json::value& value) {
  if (const json::object* object = value.if_object())
    return Deposited{std::string(string_at(*object, "procedure").value_or("")),
                     static_cast<int>(integer_at(*object, "number").value_or(0)),
                     std::string(string_at(*object, "reference").value_or(""))};
  const json::string* text = value.if_string();
  const std::size_t slash = text == nullptr ? std::string::npos : text->rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  Deposited out{std::string(text->subview(0, slash)), 0, ""};
  std::from_chars(text->data() + slash + 1, text->data() + text->size(), out.number);
  return out;
}

std::vector<answer::Choice> choices_at(const json::object& object, std::string_view key) {
  std::vector<answer::Choice> out;
  if (const json::array* all = array_at(object, key))
    for (const json::value& each : *all)
      if (each.is_object())
        out.push_back({std::string(string_at(each.get_object(), "label").value_or("")),
                       std::string(string_at(each.get_object(), "value").value_or(""))});
  return out;
}

}  // namespace

json::object to_json(const State& state) {
  return {{"subject", state.subject},
          {"title", state.title},
          {"confidence", state.confidence},
          {"question", state.question},
          {"opened", state.opened},
          {"told", to_array(state.told)},
          {"chosen", to_array(state.chosen)},
          {"offered", to_array(state.offered)},
          {"place", state.place},
          {"at_place", state.at_place},
          {"commune", state.commune},
          {"danger", state.danger},
          {"danger_again", state.danger_again},
          {"endangered", state.endangered},
          {"asked", state.asked},
          {"said", json::array(state.said.begin(), state.said.end())},
          {"misses", state.misses},
          {"filling", to_json(state.filling)},
          {"deposited", to_array(state.deposited)},
          {"reference", state.reference},
          {"links", state.links},
          {"booking", to_json(state.booking)},
          {"booked", to_array(state.booked)},
          {"waited", to_array(state.waited)}};
}

State state_from_json(const json::object& object) {
  State out;
  auto text = [&](std::string_view key) {
    return std::string(string_at(object, key).value_or(""));
  };
  out.subject = text("subject");
  out.title = text("title");
  out.question = text("question");
  out.opened = text("opened");
  out.place = text("place");
  out.commune = text("commune");
  out.danger = text("danger");
  for (const auto& [name, flag] : {std::pair{"danger_again", &State::danger_again},
                                   std::pair{"endangered", &State::endangered}})
    if (const json::value* v = object.if_contains(name); v != nullptr && v->is_bool())
      out.*flag = v->get_bool();
  auto count = [&](std::string_view key) {
    const json::value* v = object.if_contains(key);
    return v != nullptr && v->is_int64() ? static_cast<int>(v->get_int64()) : 0;
  };
  out.reference = text("reference");
  out.links = count("links");
  out.misses = count("misses");
  out.asked = count("asked");
  if (const json::array* said = array_at(object, "said"))
    for (const json::value& each : *said)
      if (each.is_number()) out.said.push_back(each.to_number<std::uint32_t>());
  if (const json::value* v = object.if_contains("confidence"); v != nullptr && v->is_number())
    out.confidence = v->to_number<double>();
  if (const json::value* v = object.if_contains("at_place"); v != nullptr && v->is_bool())
    out.at_place = v->get_bool();
  if (const json::array* told = array_at(object, "told"))
    for (const json::value& each : *told)
      if (each.is_string()) out.told.emplace_back(each.get_string());
  if (const json::object* filling = object_at(object, "filling"))
    out.filling = filling_from_json(*filling);
  if (const json::array* deposited = array_at(object, "deposited"))
    for (const json::value& each : *deposited)
      if (auto one = deposited_in(each)) out.deposited.push_back(std::move(*one));
  if (const json::object* booking = object_at(object, "booking"))
    out.booking = booking_from_json(*booking);
  if (const json::array* booked = array_at(object, "booked"))
    for (const json::value& each : *booked)
      if (each.is_object()) out.booked.push_back(booked_from_json(each.get_object()));
  if (const json::array* waited = array_at(object, "waited"))
    for (const json::value& each : *waited)
      if (each.is_object()) out.waited.push_back(waited_from_json(each.get_object()));
  out.chosen = choices_at(object, "chosen");
  out.offered = choices_at(object, "offered");
  return out;
}

}  // namespace parvis::dialogue
