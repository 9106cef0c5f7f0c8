#include "api/openapi.hpp"

#include <yaml-cpp/yaml.h>

namespace parvis::api {
namespace {

// A plain scalar means what JSON means by the same letters; a quoted one is text.
json::value value_of(const YAML::Node& node) {
  if (node.IsMap()) {
    json::object out;
    for (const auto& member : node) out[member.first.Scalar()] = value_of(member.second);
    return out;
  }
  if (node.IsSequence()) {
    json::array out;
    for (const YAML::Node& item : node) out.push_back(value_of(item));
    return out;
  }
  if (node.IsNull()) return nullptr;
  if (node.Tag() != "!")
    if (const auto plain = parse_json(node.Scalar())) return *plain;
  return json::value(node.Scalar());
}

}  // namespace

void merge(json::object& into, const json::object& from) {
  for (const auto& [key, value] : from) {
    const auto [at, fresh] = into.emplace(key, value);
    if (fresh) continue;
    CHECK(at->value().is_object() && value.is_object());
    merge(at->value().get_object(), value.get_object());
  }
}

json::object openapi() {
  json::object all;
  for (const std::string_view file : openapi_files())
    merge(all, value_of(YAML::Load(std::string(file))).as_object());
  return all;
}

}  // namespace parvis::api
