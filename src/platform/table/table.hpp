// Tables of any length for other programs, written row by row: CSV as a French spreadsheet opens
// it, ODS (OpenDocument 1.3), JSON. Nothing is kept but the row at hand, whatever the number of
// rows.
//
//   CSV   RFC 4180, UTF-8 with its mark, CRLF, fields apart by semicolons, decimals with a comma. A
//         text that a spreadsheet would run as a formula (= + - @ tab, carriage return) gets an
//         apostrophe before it: what a citizen typed is never run (OWASP, CSV injection).
//   ODS   one sheet; texts are texts, so nothing runs; numbers and dates are such. mimetype comes
//         first and is not compressed, as programs that look at the first bytes want it.
//   JSON  an array of objects, a row a line; cells that are empty are left out.
//
// One thread at a time. end() or nothing: without it what was written is not whole.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.hpp"

namespace parvis::table {

enum class Format : std::uint8_t { csv, ods, json };
std::optional<Format> format_named(std::string_view name);  // "csv"
std::string_view media_type(Format format);

inline constexpr std::size_t kColumnsMax = 1000;

using Cell = std::variant<std::monostate, std::string, double, CivilDate>;
// Takes what is written, in order. What it throws ends the table.
using Out = std::function<void(std::string_view bytes)>;

class Table {
 public:
  virtual ~Table() = default;
  virtual void row(const std::vector<Cell>& cells) = 0;  // one cell a column (CHECK)
  virtual void end() = 0;                                // once, after the last row
};

// columns: names, each once; written at once as the first row (CSV, ODS), or as members (JSON).
// sheet: the name of the only sheet of an ODS.
std::unique_ptr<Table> begin(Format format, std::vector<std::string> columns,
                             std::string_view sheet, Out out);

}  // namespace parvis::table
