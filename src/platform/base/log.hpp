// Logs to standard error, one JSON object a line (or short text on a terminal). Thread-safe.
// Never a question, a name or a secret: Personal<T> and Secret<T> do not convert to a field.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace parvis {

enum class Level { debug, info, warning, error };

struct Field {
  std::string_view key;
  std::string value;
  Field(std::string_view k, std::string v) : key(k), value(std::move(v)) {}
  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(v) {}
  template <typename N>
    requires(std::is_arithmetic_v<N>)
  Field(std::string_view k, N v) : key(k), value(std::to_string(v)) {}
};

void log(Level level, std::string_view event, std::initializer_list<Field> fields = {});
void log_from(Level least);  // what is below `least` is not written; info at start

}  // namespace parvis
