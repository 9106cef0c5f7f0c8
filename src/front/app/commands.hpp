// The command line. Exit 0 done, 1 failed, 2 bad usage or bad input.
#pragma once

#include "app/arguments.hpp"

namespace parvis::app {

// Finds the command that the words name and runs it; its exit code. Throws Error, invalid when
// there is no such command or when it does not accept what was given.
int run(Arguments arguments);

}  // namespace parvis::app
