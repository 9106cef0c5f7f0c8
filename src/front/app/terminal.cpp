#include "app/terminal.hpp"

#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <optional>

#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "crypto/password.hpp"

namespace parvis::app {
namespace {

// What is typed is not shown while this lives. A stop signal in between leaves the terminal as it
// is: `stty echo` mends it, as after any program that asks for a password.
class Silence {
 public:
  Silence() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    if (!changed_) throw Error(Errc::failed, "this terminal cannot hide what is typed");
  }
  ~Silence() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

// A line of at most one byte more than a password may have: what is longer is refused by its rule.
std::string first_line(std::istream& in) {
  std::string line;
  for (char c = 0; line.size() <= crypto::kPasswordMaxBytes && in.get(c) && c != '\n';)
    line.push_back(c);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string typed(const std::string& prompt) {
  std::cerr << prompt << std::flush;
  std::string line = first_line(std::cin);
  std::cerr << '\n';
  return line;
}

std::string asked() {
  if (isatty(STDIN_FILENO) != 1) return first_line(std::cin);
  const Silence silence;
  std::string once = typed("Password: ");
  std::string twice = typed("The same again: ");
  const bool same = crypto::equal_in_constant_time(once, twice);
  crypto::wipe(twice);
  if (!same) throw Error(Errc::invalid, "the two passwords differ: nothing was done");
  return once;
}

}  // namespace

void confirm(const Arguments& arguments, const std::string& question) {
  if (arguments.yes) return;
  if (isatty(STDIN_FILENO) != 1) usage(question + " Add --yes");
  std::cerr << question << " Type yes: ";
  std::string answer;
  if (!std::getline(std::cin, answer) || answer != "yes")
    throw Error(Errc::failed, "nothing was done");
}

Secret<std::string> read_password(const Arguments& arguments) {
  const std::filesystem::path& file = arguments.password_file;
  std::string password;
  if (file.empty()) {
    password = asked();
  } else {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Error(Errc::invalid, "the file " + file.string() + " cannot be read");
    password = first_line(in);
  }
  if (password.empty())
    throw Error(Errc::invalid,
                "no password is given: type it, pipe it in, or name a file with --password-file");
  return Secret(std::move(password));
}

Progress::Progress(std::string what)
    : what_(std::move(what)), terminal_(::isatty(STDERR_FILENO) == 1) {}
Progress::~Progress() {
  if (terminal_ && shown_ >= 0) std::cerr << '\n';
}

void Progress::at(std::size_t done, std::size_t total) {
  const int now = total == 0 ? 100 : static_cast<int>(std::min(done, total) * 100 / total);
  if (now == shown_ || (!terminal_ && now / 10 == shown_ / 10 && shown_ >= 0)) return;
  shown_ = now;
  if (terminal_) {
    constexpr int kWidth = 40;
    std::string bar(kWidth, ' ');
    std::fill_n(bar.begin(), now * kWidth / 100, '=');
    std::cerr << "\r[" << bar << "] " << now << " %, " << done << " of " << total << ' ' << what_
              << std::flush;
  } else {
    std::cerr << "parvis: " << done << " of " << total << ' ' << what_ << '\n';
  }
}

}  // namespace parvis::app
