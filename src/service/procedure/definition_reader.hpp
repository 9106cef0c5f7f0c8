// A démarche's file, while it is read: the whole in definition_yaml.cpp, what is asked of citizens
// in definition_pages.cpp. What is wrong is collected, and reading goes on.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "directory/yaml.hpp"
#include "procedure/definition.hpp"

namespace parvis::procedure {

bool is_id(std::string_view text);  // of a field or a page
// Words that an expression reads otherwise than as a field's name.
bool is_reserved(std::string_view name);
bool present(const YAML::Node& node);
std::optional<double> number_in(std::string_view text);

class DefinitionReader {
 public:
  // `in` outlives it.
  explicit DefinitionReader(directory::YamlReader& in) : in_(in) {}

  Definition read(const YAML::Node& root);

 private:
  using Node = YAML::Node;

  // ── the whole (definition_yaml.cpp) ──

  std::int64_t whole(const Node& map, const char* key, std::int64_t otherwise, std::int64_t least,
                     std::int64_t most);
  bool yes(const Node& map, const char* key);
  // `reads`: how many fields, in the order of the form, are answered where it is evaluated.
  Expression expression(const Node& map, const char* key, std::size_t reads = kFieldsMax);
  std::vector<Check> checks(const Node& node, const char* key);
  // A text that may show answers: {name}.
  std::string said(const Node& map, const char* key, bool required = false);
  void read_settings(const Node& node);
  // A table's rows are settings of their own, "tarifs.premiere", which at() looks for.
  void read_table(const std::string& name, const Node& node);
  Value setting(const Node& node);
  void read_services(const Node& root);
  Delay delay(const Node& map, const char* key, Delay otherwise);
  void read_clock(const Node& root);
  void read_texts(const Node& node);
  void read_retention(const Node& node);
  void read_reminders(const Node& node);
  void read_ends(const Node& node);
  // Days before something, the earliest first.
  std::vector<int> days(const Node& map, const char* key, std::vector<int> otherwise);
  // {name} in a text is an answer's or a setting's.
  void judge_template(const Node& node, const std::string& text);
  // Every name is one of a field or a setting, and what a choice is compared with is one of its
  // values: what is misspelt would be absent for ever.
  void judge_names();
  // Where a field, or the one that it is a part of, stands in the form: from 1.
  std::size_t place(std::string path) const;

  // ── what is asked (definition_pages.cpp) ──

  void read_steps(const Node& root);
  Page read_page(const Node& node);
  void note_page(const Node& node, const std::string& id);
  void bad_name(const Node& node, const std::string& name);
  void bad_id(const Node& node);
  std::vector<Field> read_fields(const Node& map, const std::string& prefix);
  Field read_field(const Node& node, const std::string& prefix);
  void read_parts(const Node& node, Field& field);
  void read_options(const Node& node, Field& field);
  // A whole text that fits it is sound: RE2, whose time is linear in the text.
  void read_pattern(const Node& node, Field& field);
  void read_files(const Node& node, Field& field);
  void read_slots(const Node& node, Field& field);
  // The answers that choose a reason, and who comes: known when all is read.
  void judge_appointment();
  // The documents that the citizen gives are the last questions of the form.
  void read_documents(const Node& node);

  struct Used {
    Node where;
    Expression expression;
    std::string block;  // inside which its names may be short; empty at the top
    std::size_t reads = 0;
  };
  directory::YamlReader& in_;
  Definition out_;
  std::vector<Used> used_;
  std::vector<std::pair<Node, std::string>> fields_named_, shown_;
  std::map<std::string, std::size_t> order_;
  Node settings_;
  std::set<std::string> pages_, names_;
  std::string block_;
  Node appointment_;                                 // the field, once there is one
  std::size_t count_ = 0, depth_ = 0, repeats_ = 0;  // repeats: those around the field
  bool outer_repeat_ = false;                        // the outermost block around it is one
};

}  // namespace parvis::procedure
