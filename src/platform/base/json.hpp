// JSON: Boost.JSON with limits. Parsers never throw.
#pragma once

#include <boost/json.hpp>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace parvis {

namespace json = boost::json;

inline constexpr std::size_t kJsonDepth = 64;  // nesting of an input document

// The whole of `text` as one value; valid UTF-8, no duplicate-free guarantee. `depth` bounds
// nesting. `storage`: where all of it lives, the heap unless told; the value keeps it alive.
std::expected<json::value, Problem> parse_json(std::string_view text,
                                               std::size_t depth = kJsonDepth,
                                               json::storage_ptr storage = {});

// Members of an object by name; nullopt when absent or of another type.
std::optional<std::string_view> string_at(const json::object& object, std::string_view key);
std::optional<std::int64_t> integer_at(const json::object& object, std::string_view key);
std::optional<bool> bool_at(const json::object& object, std::string_view key);
const json::array* array_at(const json::object& object, std::string_view key);
const json::object* object_at(const json::object& object, std::string_view key);

}  // namespace parvis
