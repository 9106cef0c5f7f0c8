// Strict reading of a YAML file that an editor wrote: each fault is noted with its line and its
// remedy, in French, and reading goes on, so that one pass shows them all.
#pragma once

#include <yaml-cpp/yaml.h>

#include <expected>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace parvis::directory {

inline constexpr std::size_t kYamlBytes = 256 * 1024;
inline constexpr std::size_t kYamlProblems = 50;  // of one file; the rest is not noted
inline constexpr std::size_t kTextBytes = 2000;   // of one value
inline constexpr std::size_t kListItems = 500;

// The one document of the text. Never throws.
std::expected<YAML::Node, Problem> parse_yaml(std::string_view text);

class YamlReader {
 public:
  // Notes a problem at the node's line (or without a line, when the node is not there).
  void bad(const YAML::Node& where, std::string what);
  std::vector<Problem> take_problems() { return std::move(problems_); }

  // False, with a problem, unless `node` is a mapping of just these keys, each once.
  bool mapping(const YAML::Node& node, std::initializer_list<std::string_view> keys);
  // Text of a member; empty when absent. A problem when it is not one line of sound text.
  std::string text(const YAML::Node& map, const char* key);
  std::string required(const YAML::Node& map, const char* key);
  // A list of texts, or one text alone; empty when absent.
  std::vector<std::string> texts(const YAML::Node& map, const char* key);
  // The items of a list; none, with a problem, when it is something else.
  std::vector<YAML::Node> items(const YAML::Node& node, const char* key);

 private:
  std::string scalar(const YAML::Node& node, std::string_view key);
  std::vector<Problem> problems_;
};

}  // namespace parvis::directory
