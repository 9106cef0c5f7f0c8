// `parse date`: French dates and times in a text, as the chat and the forms read them.
#include <array>
#include <iostream>

#include "app/command.hpp"
#include "app/lines.hpp"
#include "base/error.hpp"
#include "dates/dates.hpp"

namespace parvis::app {
namespace {

// "2026-11-24T09:00:00+01:00" as the wall clock of that zone; without a zone, as it stands.
LocalTime local_time(std::string_view text, const Zone& zone) {
  if (const auto at = parse_rfc3339(text)) return zone.local(*at);
  if (const auto at = parse_rfc3339(std::string(text) + "Z"))
    return Zone::named("UTC").value_or(Zone::paris()).local(*at);
  throw Error(Errc::invalid,
              "now wants a time like 2026-11-24T09:00:00+01:00, not " + std::string(text));
}

json::object parsed(std::string_view text, std::string_view now) {
  const Zone zone = Zone::paris();
  return dates::to_json(
      dates::parse(text, now.empty() ? zone.local(system_now()) : local_time(now, zone)), text);
}

int parse_date(const Arguments& arguments) {
  if (arguments.operands.empty() == arguments.batch.empty())
    usage("parse date wants one text in quotes, or --batch FILE.jsonl");
  if (arguments.batch.empty()) {
    std::cout << json::serialize(parsed(arguments.operands[0], arguments.now)) << '\n';
    return 0;
  }
  each_line(arguments.batch, [&](const json::object& line, std::size_t number) {
    const auto text = string_at(line, "text");
    if (!text)
      throw Error(Errc::invalid, arguments.batch.string() + ":" + std::to_string(number) +
                                     ": a line has text, and now when it matters");
    std::cout << json::serialize(parsed(*text, string_at(line, "now").value_or(arguments.now)))
              << '\n';
  });
  return 0;
}

constexpr std::array kCommands = {Command{"parse date", "[\"text\"]",
                                          "[--now TIME] [--batch FILE.jsonl]",
                                          "the dates and times of a French text", parse_date}};

}  // namespace

std::span<const Command> date_commands() { return kCommands; }

}  // namespace parvis::app
