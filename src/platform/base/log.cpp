#include "base/log.hpp"

#include <unistd.h>

#include <atomic>
#include <boost/json.hpp>
#include <cstdio>

#include "base/time.hpp"

namespace parvis {
namespace {

std::atomic<Level> least_level{Level::info};

std::string_view name(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "info";
}

std::string as_text(Level level, std::string_view event, std::initializer_list<Field> fields) {
  std::string line = "parvis: ";
  if (level >= Level::warning) line.append(name(level)).append(": ");
  line.append(event);
  for (const Field& field : fields)
    line.append("  ").append(field.key).append("=").append(field.value);
  return line;
}

std::string as_json(Level level, std::string_view event, std::initializer_list<Field> fields) {
  boost::json::object object;
  object["time"] = format_rfc3339(system_now());
  object["level"] = name(level);
  object["event"] = event;
  for (const Field& field : fields) object[field.key] = field.value;
  return boost::json::serialize(object);
}

}  // namespace

void log_from(Level least) { least_level = least; }

void log(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (level < least_level.load(std::memory_order_relaxed)) return;
  static const bool terminal = isatty(STDERR_FILENO) == 1;
  std::string line = terminal ? as_text(level, event, fields) : as_json(level, event, fields);
  line.push_back('\n');
  std::fwrite(line.data(), 1, line.size(), stderr);  // one call: lines do not interleave
}

}  // namespace parvis
