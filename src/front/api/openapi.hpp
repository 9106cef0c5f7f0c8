// The contract of the API: the files of contract/openapi, embedded at build time, merged into one
// document.
#pragma once

#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace parvis::api {

const std::vector<std::string_view>& openapi_files();  // YAML

// OpenAPI 3.1. CHECKs that the files are sound: they are part of the program.
json::object openapi();

// Mappings merge, member by member; anything else that stands in two places is a CHECK.
void merge(json::object& into, const json::object& from);

}  // namespace parvis::api
