// What a command asks of the person at the terminal.
#pragma once

#include <string>

#include "app/arguments.hpp"
#include "base/sensitive.hpp"

namespace parvis::app {

// Asks on a terminal; elsewhere --yes is the answer, and nothing else is. Throws Error when the
// answer is not yes.
void confirm(const Arguments& arguments, const std::string& question);

// A password: the first line of --password-file, else of standard input; on a terminal it is typed
// twice, without being shown. Never an argument, which every user of the machine can read. Errc::
// invalid when there is none, the two differ, or the file cannot be read.
Secret<std::string> read_password(const Arguments& arguments);

}  // namespace parvis::app
