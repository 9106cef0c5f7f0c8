#include "app/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <ranges>
#include <vector>

#include "app/command.hpp"

namespace parvis::app {
namespace {

constexpr std::array<std::string_view, 3> kGlobal = {"--home", "--tenant", "--json"};

std::vector<Command> all_commands() {
  std::vector<Command> all;
  for (const auto family :
       {import_commands(), ask_commands(), serve_commands(), evaluation_commands(),
        answers_evaluation_commands(), dialogue_evaluation_commands(), date_commands(),
        benchmark_commands(), intent_commands(), learning_commands(), administration_commands(),
        user_commands(), drill_commands(), export_commands()})
    all.insert(all.end(), family.begin(), family.end());
  return all;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  for (const auto word : std::views::split(text, ' '))
    if (!word.empty()) out.emplace_back(word.begin(), word.end());
  return out;
}

void print_help() {
  std::cout << "usage: parvis [--home DIR] [--config FILE] [--tenant T] [--json] COMMAND\n";
  for (const Command& command : all_commands()) {
    fmt::print("  {} {}\n      {}\n", command.words, command.operands, command.help);
    if (!command.options.empty()) fmt::print("      {}\n", command.options);
  }
}

bool names(const Command& command, const std::vector<std::string>& words) {
  const std::vector<std::string> own = split(command.words);
  return own.size() <= words.size() && std::equal(own.begin(), own.end(), words.begin());
}

// True when `option` stands in the command's own line of options.
bool accepts(const Command& command, const std::string& option) {
  if (std::ranges::find(kGlobal, option) != kGlobal.end()) return true;
  return std::ranges::any_of(split(command.options), [&](std::string_view word) {
    return word.substr(0, word.find(']')) == "[" + option;
  });
}

}  // namespace

int run(Arguments arguments) {
  std::vector<std::string>& words = arguments.words;
  if (words.empty()) usage("no command is given");
  if (words[0] == "help") {
    print_help();
    return 0;
  }
  const std::vector<Command> commands = all_commands();
  const auto command =
      std::ranges::find_if(commands, [&](const Command& each) { return names(each, words); });
  if (command == commands.end()) {
    const auto begins = [&](const Command& each) { return split(each.words)[0] == words[0]; };
    usage(std::ranges::any_of(commands, begins) ? words[0] + " wants another word after it"
                                                : "the command " + words[0] + " is not known");
  }
  for (const std::string& option : arguments.given)
    if (!accepts(*command, option))
      usage(fmt::format("{} does not take {}", command->words, option));
  arguments.operands.assign(words.begin() + std::ssize(split(command->words)), words.end());
  const std::vector<std::string> wanted = split(command->operands);
  const auto least = std::ranges::count_if(wanted, [](const auto& word) { return word[0] != '['; });
  const bool any = !wanted.empty() && wanted.back().ends_with("…");
  if (std::ssize(arguments.operands) < least || (!any && arguments.operands.size() > wanted.size()))
    usage(fmt::format("write: parvis {} {}", command->words, command->operands));
  return command->run(arguments);
}

}  // namespace parvis::app
