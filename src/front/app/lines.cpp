#include "app/lines.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <memory>

#include "base/error.hpp"

namespace parvis::app {

void each_line(const std::filesystem::path& path,
               const std::function<void(const json::object&, std::size_t)>& fn) {
  std::ifstream file(path);
  if (!file) throw Error(Errc::invalid, path.string() + " cannot be read: check its name");
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.empty()) continue;
    const auto value = parse_json(line);
    if (!value || !value->is_object())
      throw Error(Errc::invalid, fmt::format("{}:{}: not a JSON object", path.string(), number));
    fn(value->get_object(), number);
  }
}

std::string question_of(const json::object& line, const std::filesystem::path& path,
                        std::size_t number) {
  const auto question = string_at(line, "question");
  if (!question)
    throw Error(Errc::invalid, fmt::format("{}:{}: no \"question\"", path.string(), number));
  return std::string(*question);
}

std::vector<std::string> texts_at(const json::object& line, std::string_view key) {
  std::vector<std::string> out;
  if (const json::array* values = array_at(line, key))
    for (const json::value& value : *values)
      if (value.is_string()) out.emplace_back(value.get_string());
  return out;
}

namespace {

class Progress {
 public:
  explicit Progress(std::string what)
      : what_(std::move(what)), terminal_(isatty(STDERR_FILENO) == 1) {}
  Progress(const Progress&) = delete;
  ~Progress() {
    if (terminal_) std::cerr << "\r\033[K" << std::flush;
  }
  void at(std::size_t done, std::size_t all) {
    const std::size_t quarter = all == 0 ? 0 : 4 * done / all;
    if (terminal_ && done % kEvery == 0)
      std::cerr << fmt::format("\r\033[K{} {}", what_,
                               all == 0 ? fmt::format("{}", done) : fmt::format("{}/{}", done, all))
                << std::flush;
    else if (!terminal_ && quarter > quarter_)
      std::cerr << fmt::format("parvis: {} {} %\n", what_, 25 * quarter);
    quarter_ = quarter;
  }

 private:
  static constexpr std::size_t kEvery = 100;
  std::string what_;
  bool terminal_;
  std::size_t quarter_ = 0;
};

}  // namespace

bool says(std::string_view text, std::string_view wanted) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (wanted.empty()) return true;
  for (std::size_t at = text.find(wanted); at != std::string_view::npos;
       at = text.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    const bool begun = digit(wanted.front()) && at > 0 && digit(text[at - 1]);
    const bool goes_on = digit(wanted.back()) && end < text.size() && digit(text[end]);
    if (!begun && !goes_on) return true;
  }
  return false;
}

std::function<void(std::size_t, std::size_t)> progress_bar(std::string what) {
  return [line = std::make_shared<Progress>(std::move(what))](std::size_t done, std::size_t all) {
    line->at(done, all);
  };
}

}  // namespace parvis::app
