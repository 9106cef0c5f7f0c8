#include <array>
#include <iostream>

#include "app/command.hpp"
#include "app/home.hpp"

namespace parvis::app {
namespace {

int migrate(const Arguments& arguments) {
  const Home home(arguments.config);
  std::cout << "the database is ready\n";
  return 0;
}

constexpr std::array kCommands = {
    Command{"migrate", "", "", "prepare or upgrade the database", migrate}};

}  // namespace

std::span<const Command> administration_commands() { return kCommands; }

}  // namespace parvis::app
