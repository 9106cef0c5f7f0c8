#include "conversation/transcript_parts.hpp"

#include <fmt/format.h>

namespace parvis::conversation {
namespace {

std::string text_at(const json::object& object, std::string_view key) {
  return std::string(string_at(object, key).value_or(""));
}

template <typename Fn>
void each_object(const json::object& payload, std::string_view key, Fn&& fn) {
  const json::array* array = array_at(payload, key);
  if (array == nullptr) return;
  for (const json::value& value : *array)
    if (const json::object* object = value.if_object()) fn(*object);
}

Part choices_of(const json::object& payload) {
  Part part{.kind = Part::Kind::choices, .title = "Réponses proposées", .entries = {}};
  each_object(payload, "choices", [&](const json::object& choice) {
    part.entries.push_back({.words = text_at(choice, "label")});
  });
  return part;
}

Part contact_of(const json::object& payload) {
  Part part{.kind = Part::Kind::contact, .title = "Contact", .entries = {}};
  const json::object* contact = object_at(payload, "contact");
  if (contact == nullptr) return part;
  const auto add = [&](std::string label, std::string words) {
    if (!words.empty())
      part.entries.push_back({.label = std::move(label), .words = std::move(words)});
  };
  add("", text_at(*contact, "name"));
  each_object(*contact, "phones", [&](const json::object& phone) {
    add(text_at(phone, "label"), text_at(phone, "number"));
  });
  for (const std::string_view key : {"address", "email", "url", "hours", "open_words", "note"})
    add("", text_at(*contact, key));
  return part;
}

Part sources_of(const json::object& payload) {
  Part part{.kind = Part::Kind::sources, .title = "Sources", .entries = {}};
  each_object(payload, "citations", [&](const json::object& source) {
    const auto date = parse_iso_date(text_at(source, "updated"));
    part.entries.push_back({.words = text_at(source, "title"),
                            .date = date ? format_french_date(*date) : "",
                            .url = text_at(source, "url")});
  });
  return part;
}

Part notices_of(const json::object& payload) {
  Part part{.kind = Part::Kind::notices, .title = "À noter", .entries = {}};
  if (const json::array* array = array_at(payload, "notices"))
    for (const json::value& notice : *array)
      if (notice.is_string() && !notice.get_string().empty())
        part.entries.push_back({.words = std::string(notice.get_string())});
  return part;
}

}  // namespace

std::vector<Part> parts_of(const json::object& payload) {
  std::vector<Part> parts;
  each_object(payload, "more", [&](const json::object& more) {
    if (std::string words = text_at(more, "text"); !words.empty())
      parts.push_back({.kind = Part::Kind::more,
                       .title = text_at(more, "title"),
                       .entries = {{.words = std::move(words)}}});
  });
  for (Part part :
       {choices_of(payload), contact_of(payload), sources_of(payload), notices_of(payload)})
    if (!part.entries.empty()) parts.push_back(std::move(part));
  return parts;
}

std::string hour(LocalTime local) {
  const auto minutes = time_of_day(local).count();
  return fmt::format("{}\u00a0h\u00a0{:02}", minutes / 60, minutes % 60);
}

}  // namespace parvis::conversation
