#include "base/json.hpp"

#include <algorithm>
#include <cmath>

namespace parvis {
namespace {

// A number beyond a double's range reads as infinity, which JSON cannot say again.
bool finite(const json::value& value) {
  if (const auto* number = value.if_double()) return std::isfinite(*number);
  if (const auto* array = value.if_array()) return std::ranges::all_of(*array, finite);
  if (const auto* object = value.if_object())
    return std::ranges::all_of(*object, [](const auto& member) { return finite(member.value()); });
  return true;
}

}  // namespace

std::expected<json::value, Problem> parse_json(std::string_view text, std::size_t depth,
                                               json::storage_ptr storage) {
  json::parse_options options;
  options.max_depth = depth;
  json::stream_parser parser({}, options);
  parser.reset(std::move(storage));
  boost::system::error_code error;
  const std::size_t used = parser.write_some(text, error);
  if (!error) parser.finish(error);
  if (!error && text.find_first_not_of(" \t\r\n", used) != std::string_view::npos)
    error = json::error::extra_data;
  if (error) {
    auto line = 1 + std::ranges::count(text.substr(0, std::min(used, text.size())), '\n');
    return std::unexpected(Problem{"JSON: " + error.message(), static_cast<std::size_t>(line)});
  }
  json::value value = parser.release();
  if (!finite(value)) return std::unexpected(Problem{"JSON: a number is out of range"});
  return value;
}

std::optional<std::string_view> string_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

std::optional<std::int64_t> integer_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

std::optional<bool> bool_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_bool()) return std::nullopt;
  return value->get_bool();
}

const json::array* array_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_array();
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

}  // namespace parvis
