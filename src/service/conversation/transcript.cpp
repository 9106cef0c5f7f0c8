#include "conversation/transcript.hpp"

#include <fmt/format.h>

#include "conversation/transcript_parts.hpp"

namespace parvis::conversation {
namespace {

void line(std::string& out, std::string_view words) {
  if (!words.empty()) out.append(words).append("\n");
}

std::string words_of(Part::Kind kind, const Part::Entry& entry) {
  switch (kind) {
    case Part::Kind::choices:
      return "- " + entry.words;
    case Part::Kind::contact:
      return entry.label.empty() ? entry.words
                                 : fmt::format("{}\u00a0: {}", entry.label, entry.words);
    case Part::Kind::sources: {
      std::string words = "- " + entry.words;
      for (const std::string& each : {entry.date, entry.url})
        if (!each.empty()) words += ", " + each;
      return words;
    }
    default:
      return entry.words;
  }
}

void append(std::string& out, const Part& part) {
  out.append("\n");
  line(out, part.kind == Part::Kind::more ? part.title : part.title + "\u00a0:");
  for (const Part::Entry& entry : part.entries) line(out, words_of(part.kind, entry));
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
  std::string out = fmt::format("Conversation du {} avec l’assistant automatique de {}\n{}\n",
                                format_french_date(day), with, kDisclaimer);
  for (const Message& message : transcript.messages) {
    const LocalTime local = zone.local(message.at);
    if (civil_date(local) != day) {
      day = civil_date(local);
      out += fmt::format("\nLe {}\n", format_french_date(day));
    }
    const bool citizen = message.author == Author::citizen;
    out += fmt::format("\n{}, {}\u00a0:\n", citizen ? kCitizen : kAgent, hour(local));
    line(out, message.text());
    if (citizen) continue;
    for (const Part& part : parts_of(message.payload)) append(out, part);
  }
  return out;
}

}  // namespace parvis::conversation
