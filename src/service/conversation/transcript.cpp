#include "conversation/transcript.hpp"

#include <fmt/format.h>

namespace parvis::conversation {
namespace {

const json::object* object_in(const json::value& value) { return value.if_object(); }

std::string_view text_at(const json::object& object, std::string_view key) {
  return string_at(object, key).value_or("");
}

void line(std::string& out, std::string_view words) {
  if (!words.empty()) out.append(words).append("\n");
}

template <typename Fn>
void each_object(const json::object& payload, std::string_view key, Fn&& fn) {
  const json::array* array = array_at(payload, key);
  if (array == nullptr) return;
  for (const json::value& value : *array)
    if (const json::object* object = object_in(value)) fn(*object);
}

// A block of lines under a title, left out when it has none.
void block(std::string& out, std::string_view title, const std::string& lines) {
  if (lines.empty()) return;
  out.append("\n");
  line(out, title);
  out.append(lines);
}

std::string contact_of(const json::object& payload) {
  std::string lines;
  const json::object* contact = object_at(payload, "contact");
  if (contact == nullptr) return lines;
  line(lines, text_at(*contact, "name"));
  each_object(*contact, "phones", [&](const json::object& phone) {
    const std::string_view label = text_at(phone, "label");
    const std::string_view number = text_at(phone, "number");
    if (!number.empty())
      line(lines, label.empty() ? std::string(number) : fmt::format("{}\u00a0: {}", label, number));
  });
  for (const std::string_view key : {"address", "email", "url", "hours", "open_words", "note"})
    line(lines, text_at(*contact, key));
  return lines;
}

std::string sources_of(const json::object& payload) {
  std::string lines;
  each_object(payload, "citations", [&](const json::object& source) {
    std::string words = fmt::format("- {}", text_at(source, "title"));
    if (const auto date = parse_iso_date(text_at(source, "updated")))
      words += fmt::format(", {}", format_french_date(*date));
    if (const auto url = text_at(source, "url"); !url.empty()) words += fmt::format(", {}", url);
    line(lines, words);
  });
  return lines;
}

void append_answer(std::string& out, const json::object& payload) {
  each_object(payload, "more", [&](const json::object& part) {
    std::string lines;
    line(lines, text_at(part, "text"));
    block(out, text_at(part, "title"), lines);
  });
  std::string choices, notices;
  each_object(payload, "choices", [&](const json::object& choice) {
    line(choices, fmt::format("- {}", text_at(choice, "label")));
  });
  if (const json::array* array = array_at(payload, "notices"))
    for (const json::value& notice : *array)
      if (notice.is_string()) line(notices, std::string_view(notice.get_string()));
  block(out, "Réponses proposées\u00a0:", choices);
  block(out, "Contact\u00a0:", contact_of(payload));
  block(out, "Sources\u00a0:", sources_of(payload));
  block(out, "À noter\u00a0:", notices);
}

std::string hour(LocalTime local) {
  const auto minutes = time_of_day(local).count();
  return fmt::format("{}\u00a0h\u00a0{:02}", minutes / 60, minutes % 60);
}

}  // namespace

json::object to_json(const Transcript& transcript) {
  json::array messages;
  for (const Message& message : transcript.messages) {
    json::object entry{{"seq", message.seq},
                       {"id", message.id},
                       {"author", name(message.author)},
                       {"at", format_rfc3339(message.at)},
                       {"message", message.payload}};
    if (const auto found = transcript.verdicts.find(message.seq);
        found != transcript.verdicts.end())
      entry["verdict"] = name(found->second);
    messages.push_back(std::move(entry));
  }
  return {{"id", transcript.id},
          {"commune", transcript.commune},
          {"created_at", format_rfc3339(transcript.created_at)},
          {"messages", std::move(messages)}};
}

std::string to_text(const Transcript& transcript, std::string_view with, Zone zone) {
  CivilDate day = civil_date(zone.local(transcript.created_at));
  std::string out = fmt::format(
      "Conversation du {} avec l’assistant automatique de {}\n"
      "Ces réponses sont automatiques. Elles ne remplacent pas une décision de l’administration.\n",
      format_french_date(day), with);
  for (const Message& message : transcript.messages) {
    const LocalTime local = zone.local(message.at);
    if (civil_date(local) != day) {
      day = civil_date(local);
      out += fmt::format("\nLe {}\n", format_french_date(day));
    }
    const bool citizen = message.author == Author::citizen;
    out +=
        fmt::format("\n{}, {}\u00a0:\n", citizen ? "Vous" : "Assistant automatique", hour(local));
    line(out, message.text());
    if (!citizen) append_answer(out, message.payload);
  }
  return out;
}

}  // namespace parvis::conversation
