#include "table/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "base/json.hpp"
#include "table/ods.hpp"

namespace parvis::table {
namespace {

struct FormatRow {
  Format format;
  std::string_view name, media;
};
constexpr std::array kFormats = {
    FormatRow{Format::csv, "csv", "text/csv; charset=utf-8"},
    FormatRow{Format::ods, "ods", "application/vnd.oasis.opendocument.spreadsheet"},
    FormatRow{Format::json, "json", "application/json"},
};

template <typename... Fns>
struct Overload : Fns... {
  using Fns::operator()...;
};

class Csv final : public Table {
 public:
  Csv(const std::vector<std::string>& columns, Out out)
      : columns_(columns.size()), out_(std::move(out)) {
    out_("\xEF\xBB\xBF");
    std::string line;
    for (const std::string& column : columns) add(line, text_of(column));
    finish(line);
  }
  void row(const std::vector<Cell>& cells) override {
    CHECK(cells.size() == columns_);
    std::string line;
    for (const Cell& cell : cells)
      add(line, std::visit(Overload{[](std::monostate) { return std::string(); },
                                    [](const std::string& text) { return text_of(text); },
                                    [](double number) { return number_of(number); },
                                    [](CivilDate date) { return format_iso_date(date); }},
                           cell));
    finish(line);
  }
  void end() override {}

 private:
  // As text: not as what a spreadsheet would work out.
  static std::string text_of(std::string_view text) {
    const bool formula = !text.empty() && std::string_view("=+-@\t\r").contains(text.front());
    return formula ? "'" + std::string(text) : std::string(text);
  }
  static std::string number_of(double number) {
    std::string text = fmt::format("{}", number);
    std::ranges::replace(text, '.', ',');
    return text;
  }
  void add(std::string& line, std::string_view field) {
    if (!std::exchange(first_, false)) line += ';';
    if (field.find_first_of(";\"\r\n") == std::string_view::npos) {
      line += field;
      return;
    }
    line += '"';
    for (const char c : field) line.append(c == '"' ? 2 : 1, c);
    line += '"';
  }
  void finish(std::string& line) {
    first_ = true;
    out_(line += "\r\n");
  }

  std::size_t columns_;
  Out out_;
  bool first_ = true;
};

class Json final : public Table {
 public:
  Json(std::vector<std::string> columns, Out out)
      : columns_(std::move(columns)), out_(std::move(out)) {}
  void row(const std::vector<Cell>& cells) override {
    CHECK(cells.size() == columns_.size());
    json::object object;
    for (std::size_t i = 0; i < cells.size(); ++i)
      std::visit(Overload{[](std::monostate) {},
                          [&](const std::string& text) { object[columns_[i]] = text; },
                          [&](double number) {
                            if (number == std::floor(number) && std::abs(number) < 1e15)
                              object[columns_[i]] = static_cast<std::int64_t>(number);
                            else
                              object[columns_[i]] = number;
                          },
                          [&](CivilDate date) { object[columns_[i]] = format_iso_date(date); }},
                 cells[i]);
    out_((std::exchange(first_, false) ? "[\n" : ",\n") + json::serialize(object));
  }
  void end() override { out_(first_ ? "[]\n" : "\n]\n"); }

 private:
  std::vector<std::string> columns_;
  Out out_;
  bool first_ = true;
};

}  // namespace

std::optional<Format> format_named(std::string_view name) {
  const auto found = std::ranges::find(kFormats, name, &FormatRow::name);
  return found == kFormats.end() ? std::nullopt : std::optional(found->format);
}
std::string_view media_type(Format format) {
  return std::ranges::find(kFormats, format, &FormatRow::format)->media;
}

std::unique_ptr<Table> begin(Format format, std::vector<std::string> columns,
                             std::string_view sheet, Out out) {
  if (columns.size() > kColumnsMax)
    throw Error(Errc::too_large, "a table has 1000 columns at most");
  switch (format) {
    case Format::csv:
      return std::make_unique<Csv>(columns, std::move(out));
    case Format::ods:
      return begin_ods(std::move(columns), sheet, std::move(out));
    case Format::json:
      return std::make_unique<Json>(std::move(columns), std::move(out));
  }
  throw Error(Errc::invalid, "a table is csv, ods or json");
}

}  // namespace parvis::table
