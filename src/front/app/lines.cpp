#include "app/lines.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

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

std::function<void(std::size_t, std::size_t)> progress_bar(std::string what) {
  if (isatty(STDERR_FILENO) != 1) return nullptr;
  return [what = std::move(what)](std::size_t done, std::size_t all) {
    if (done % 200 == 0) std::cerr << '\r' << what << ' ' << done << '/' << all << std::flush;
  };
}

}  // namespace parvis::app
