#include <fmt/format.h>

#include <array>
#include <iostream>

#include "answer/print.hpp"
#include "app/answers.hpp"
#include "app/command.hpp"
#include "app/lines.hpp"
#include "base/error.hpp"

namespace parvis::app {
namespace {

// --commune, which must be one of the tenant's.
std::string commune_named(const Arguments& arguments, const Answers& answers) {
  if (arguments.commune.empty()) return "";
  for (const tenancy::Commune& commune : answers.communes())
    if (commune.insee == arguments.commune) return commune.insee;
  throw Error(Errc::invalid, "--commune " + arguments.commune + " is no commune of this tenant");
}

Instant now_of(const Arguments& arguments) {
  if (arguments.now.empty()) return system_now();
  const auto now = parse_rfc3339(arguments.now);
  if (!now) throw Error(Errc::invalid, "--now wants a time like 2026-11-24T09:00:00+01:00");
  return *now;
}

int ask(const Arguments& arguments) {
  if (arguments.operands.empty() == arguments.batch.empty())
    usage("ask wants one question in quotes, or --batch FILE.jsonl");
  Home home(arguments.config);
  Models models(home.config, Models::Use::command);
  models.cache(Models::Wait::loaded);
  const Answers answers(home, models, tenant_named(home, arguments.tenant));
  const std::string commune = commune_named(arguments, answers);
  const Instant now = now_of(arguments);
  if (!arguments.batch.empty()) {
    each_line(arguments.batch, [&](const json::object& line, std::size_t number) {
      answer::Answer answer = answers.ask({.text = question_of(line, arguments.batch, number),
                                           .earlier = texts_at(line, "after"),
                                           .chosen = texts_at(line, "chosen")},
                                          commune, now);
      answer.qid = string_at(line, "qid").value_or("");
      std::cout << json::serialize(to_json(answer)) << '\n';
    });
    return 0;
  }
  const answer::Answer answer = answers.ask(
      {.text = arguments.operands[0], .earlier = arguments.after, .chosen = arguments.chosen},
      commune, now);
  if (arguments.json)
    std::cout << json::serialize(to_json(answer)) << '\n';
  else
    fmt::print("{}", render_text(answer));
  return 0;
}

constexpr std::array kCommands = {Command{
    "ask", "[\"question\"]",
    "[--batch FILE.jsonl] [--after \"earlier question\"] [--choose VALUE] "
    "[--commune INSEE] [--now TIME]",
    "one answer, with its source; --batch: one a line, --after and --choose: repeatable", ask}};

}  // namespace

std::span<const Command> ask_commands() { return kCommands; }

}  // namespace parvis::app
