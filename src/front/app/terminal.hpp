// What a command asks of the person at the terminal, and shows them meanwhile.
#pragma once

#include <string>

#include "app/arguments.hpp"
#include "base/sensitive.hpp"

namespace parvis::app {

// Asks on a terminal; elsewhere --yes is the answer, and nothing else is. Throws Error when the
// answer is not yes.
void confirm(const Arguments& arguments, const std::string& question);

// How far a long command is, on standard error: a line that is written over on a terminal,
// elsewhere one for each tenth.
class Progress {
 public:
  explicit Progress(std::string what);  // "cases"
  Progress(const Progress&) = delete;
  ~Progress();  // ends the line
  void at(std::size_t done, std::size_t total);

 private:
  std::string what_;
  bool terminal_;
  int shown_ = -1;  // hundredths
};

// A password: the first line of --password-file, else of standard input; on a terminal it is typed
// twice, without being shown. Never an argument, which every user of the machine can read. Errc::
// invalid when there is none, the two differ, or the file cannot be read.
Secret<std::string> read_password(const Arguments& arguments);

}  // namespace parvis::app
