// One command of the program. Each family of commands lists its own beside their code.
#pragma once

#include <span>
#include <string_view>

#include "app/arguments.hpp"

namespace parvis::app {

struct Command {
  std::string_view words;     // "import fiches"
  std::string_view operands;  // "SRC"; in brackets when it may be left out; "FILE…": any number
  std::string_view options;   // "[--dry-run] [--batch FILE]": those it accepts, beside kGlobal
  std::string_view help;      // one line
  int (*run)(const Arguments& arguments);  // the exit code; throws Error
};

std::span<const Command> import_commands();
std::span<const Command> ask_commands();
std::span<const Command> evaluation_commands();
std::span<const Command> answers_evaluation_commands();
std::span<const Command> dialogue_evaluation_commands();
std::span<const Command> date_commands();
std::span<const Command> benchmark_commands();
std::span<const Command> learning_commands();
std::span<const Command> intent_commands();
std::span<const Command> serve_commands();
std::span<const Command> administration_commands();
std::span<const Command> user_commands();
std::span<const Command> drill_commands();
std::span<const Command> export_commands();

}  // namespace parvis::app
