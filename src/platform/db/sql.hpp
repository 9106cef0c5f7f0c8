// SQL text and its parameters, for both engines.
//
// SQL is written once, in the text that SQLite and PostgreSQL share, with parameters $1, $2…; only
// a literal becomes SQL, so a value never can. Portable habits: `insert … on conflict … do update`,
// `returning`, `cast(x as bigint)`, 0/1 for truth, JSON kept as text, instants as milliseconds.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace parvis::db {

// A literal with exactly N parameters, checked when the program is compiled: numbered from 1 with
// no gap, one statement, no `?`.
template <std::size_t N>
class Sql {
 public:
  consteval Sql(const char* literal) : text_(literal) {
    std::size_t highest = 0;
    std::uint64_t seen = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '\'') quoted = !quoted;
      if (quoted) continue;
      if (text_[i] == '?') throw "SQL: write parameters as $1, $2…";
      if (text_[i] == ';') throw "SQL: one statement, without ;";
      if (text_[i] != '$') continue;
      std::size_t number = 0;
      while (i + 1 < text_.size() && text_[i + 1] >= '0' && text_[i + 1] <= '9')
        number = number * 10 + static_cast<std::size_t>(text_[++i] - '0');
      if (number == 0 || number > 63) throw "SQL: parameters are $1 to $63";
      seen |= std::uint64_t{1} << number;
      highest = number > highest ? number : highest;
    }
    if (highest != N) throw "SQL: as many arguments as parameters";
    for (std::size_t number = 1; number <= N; ++number)
      if ((seen >> number & 1) == 0) throw "SQL: a parameter number is skipped";
  }
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// Bytes that are not text. Does not own them.
struct Blob {
  std::string_view bytes;
};

// One argument of a statement. Text and bytes are not copied: they must outlive the call. Text is
// valid UTF-8 without NUL (Errc::invalid otherwise, on both engines). A bool is 0 or 1, an Instant
// its milliseconds since 1970. An empty optional is NULL.
class Param {
 public:
  enum class Kind : std::uint8_t { unknown, integer, real, text, blob };

  Param(std::nullopt_t) : null(true) {}
  template <std::integral I>
  Param(I value) : kind(Kind::integer), integer(static_cast<std::int64_t>(value)) {}
  Param(double value) : kind(Kind::real), real(value) {}
  Param(std::string_view value) : kind(Kind::text), bytes(value) {}
  Param(const std::string& value) : kind(Kind::text), bytes(value) {}
  Param(const char* value) : kind(Kind::text), bytes(value) {}
  Param(Blob value) : kind(Kind::blob), bytes(value.bytes) {}
  Param(Instant value) : kind(Kind::integer), integer(value.time_since_epoch().count()) {}
  template <typename T>
  Param(const std::optional<T>& value) : Param(value ? Param(*value) : Param(T{})) {
    null = !value;
    if (null) bytes = {};
  }

  Kind kind = Kind::unknown;  // known for an empty optional too
  bool null = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view bytes;  // of text and blob
};

}  // namespace parvis::db
