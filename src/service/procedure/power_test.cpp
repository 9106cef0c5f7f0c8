// What can a définition say? 74 forms that Belgian municipalities really use (Publik, by IMIO) are
// translated into ours, read, and filled to their end. What cannot be said is counted by reason,
// and the counts are asserted: a construct that is lost, or gained, is seen. The forms are read
// from the shared data and are not part of this project; nothing of them is kept here.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "procedure/form.hpp"
#include "text/normalise.hpp"

namespace parvis::procedure {
namespace {

using namespace std::chrono_literals;

using Counts = std::map<std::string, int>;

std::string yaml_text(std::string_view text) { return json::serialize(json::value(text)); }

// One line, as our files want it.
std::string line(std::string_view text) { return text::clean(text); }

std::string identifier(std::string_view name) {
  std::string id;
  for (const char c : text::fold(name))
    id += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '_';
  if (id.empty() || id[0] < 'a' || id[0] > 'z') id.insert(0, "f_");
  id.resize(std::min<std::size_t>(id.size(), 36));
  static const std::set<std::string> kReserved = {"and",   "or",    "not",  "in",     "true",
                                                  "false", "today", "time", "commune"};
  return kReserved.contains(id) ? id + "_" : id;
}

struct Known {  // a field of the form being translated
  std::string id, type;
  std::vector<std::string> options;
  bool open = false;  // its options come from a data source: any text may be one
  std::size_t place = 0;
};

struct Cannot {
  std::string reason;
};

std::string literal_of(const std::string& text) {
  if (text.contains('\'') && text.contains('"')) throw Cannot{"a text with both quotes"};
  return text.contains('\'') ? '"' + text + '"' : "'" + text + "'";
}

// The condition language of Publik (Django's `if`, with filters) in ours. Throws Cannot.
class Conditions {
 public:
  Conditions(std::map<std::string, Known>& fields, std::map<std::string, std::string>& settings)
      : fields_(fields), settings_(settings) {}

  // `before`: the place that reads it; only fields before it are answered.
  std::string translate(std::string_view text, std::size_t before) {
    text_ = text;
    at_ = 0;
    before_ = before;
    std::string out = disjunction();
    skip();
    if (at_ < text_.size()) throw Cannot{"not understood: " + std::string(text_.substr(at_))};
    return out;
  }

 private:
  struct Term {
    std::string text = {};         // in our language
    const Known* field = nullptr;  // when it is a field's own value
    std::optional<std::string> literal = {};
    bool lowered = false;
  };

  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(std::string_view sign) {
    skip();
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }
  bool word(std::string_view wanted) {
    skip();
    const std::size_t end = at_ + wanted.size();
    if (!text_.substr(at_).starts_with(wanted) || (end < text_.size() && is_name(text_[end])))
      return false;
    at_ = end;
    return true;
  }
  static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
  }

  std::string disjunction() {
    std::string out = conjunction();
    while (word("or")) out = fmt::format("{} or {}", out, conjunction());
    return out;
  }
  std::string conjunction() {
    std::string out = negation();
    while (word("and")) out = fmt::format("{} and {}", out, negation());
    return out;
  }
  std::string negation() {
    return word("not") ? fmt::format("not ({})", negation()) : comparison();
  }
  std::string comparison() {
    const Term left = term();
    if (word("is")) {
      const bool no = word("not");
      if (!word("null") && !word("None")) throw Cannot{"« is » of something else than null"};
      return fmt::format("{}given({})", no ? "" : "not ", left.text);
    }
    const bool no = word("not");
    if (word("in")) return fmt::format("{}({})", no ? "not " : "", inside(left, term()));
    for (const std::string sign : {"==", "!=", "<=", ">=", "<", ">"})
      if (take(sign)) {
        Term right = term();
        // A tick is kept as a boolean there too, and compared as its text.
        if (left.field != nullptr && left.field->type == "bool" && right.literal)
          right.text = *right.literal == "True" ? "true" : "false";
        return fmt::format("{} {} {}", left.text, sign, right.text);
      }
    return left.text;
  }

  // There a choice is its text, and « in » looks for a piece of it. Here a choice has values: those
  // of which it is a piece.
  std::string inside(const Term& piece, const Term& whole) {
    const auto with = [](const std::vector<std::string>& options) {
      std::string out;
      for (const std::string& each : options) out += (out.empty() ? "" : ", ") + literal_of(each);
      return out;
    };
    if (whole.field != nullptr && piece.literal && !whole.field->options.empty()) {
      std::vector<std::string> fitting;
      for (const std::string& option : whole.field->options)
        if ((whole.lowered ? text::fold(option) : option).contains(*piece.literal))
          fitting.push_back(option);
      if (whole.field->type != "items") return whole.field->id + " in [" + with(fitting) + "]";
      std::string out = "false";
      for (const std::string& option : fitting)
        out += fmt::format(" or {} in {}", literal_of(option), whole.field->id);
      return out;
    }
    if (piece.field != nullptr && whole.literal && !piece.field->options.empty()) {
      std::vector<std::string> fitting;
      for (const std::string& option : piece.field->options)
        if (whole.literal->contains(option)) fitting.push_back(option);
      return piece.field->id + " in [" + with(fitting) + "]";
    }
    return piece.text + " in " + whole.text;
  }

  Term term() {
    Term out = atom();
    while (take("|")) out = filtered(out);
    return out;
  }

  Term atom() {
    skip();
    if (at_ == text_.size()) throw Cannot{"not understood: the end"};
    const char c = text_[at_];
    if (c == '"' || c == '\'') {
      const std::size_t end = text_.find(c, at_ + 1);
      if (end == std::string_view::npos) throw Cannot{"not understood: a quote"};
      const std::string literal(text_.substr(at_ + 1, end - at_ - 1));
      at_ = end + 1;
      return {literal_of(literal), nullptr, literal};
    }
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    const std::string name(text_.substr(begin, at_ - begin));
    if (name.empty()) throw Cannot{"not understood: " + std::string(text_.substr(at_))};
    if (name == "True") return {"true", nullptr, "True"};
    if (name == "False") return {"false", nullptr, "False"};
    if (name == "today") return {"today"};
    if (name == "now") return {"now"};
    if (name[0] >= '0' && name[0] <= '9') return {name};
    return named(name);
  }

  Term named(const std::string& name) {
    const auto setting = [&](const std::string& id, const std::string& value) -> Term {
      settings_.try_emplace(id, value);
      return {id};
    };
    if (name.starts_with("form_option_")) return setting(identifier("o_" + name.substr(12)), "Oui");
    if (name.starts_with("data_source."))
      return setting(identifier("source_" + name.substr(12)), "[x]");
    if (name == "commune_cp") return setting("commune_cp", "[\"1000\"]");
    if (!name.starts_with("form_var_")) throw Cannot{"a name that the form does not have"};
    std::string own = name.substr(9);
    for (const std::string_view suffix : {"_raw", "_structured"})
      if (!fields_.contains(own) && own.ends_with(suffix)) own.resize(own.size() - suffix.size());
    const auto field = fields_.find(own);
    if (field == fields_.end()) {
      for (const auto& [other, known] : fields_)
        if (own.starts_with(other + "_live_var_")) {  // a column of the town's own table
          const std::string table = identifier("t_" + own);
          settings_.try_emplace(table, "{x: 1}");
          return {"at(" + table + ", " + known.id + ")"};
        }
      for (const auto& [other, known] : fields_)
        if (own.starts_with(other + "_"))
          throw Cannot{"what an outside register or an agenda says of the row that is chosen"};
      throw Cannot{"a name that the form does not have"};
    }
    if (field->second.place >= before_) throw Cannot{"reads a question that comes later"};
    return {field->second.id, &field->second};
  }

  Term filtered(const Term& of) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    const std::string_view filter = text_.substr(begin, at_ - begin);
    std::string by;
    if (take(":")) by = atom().text;
    if (filter == "length") return {"count(" + of.text + ")"};
    if (filter == "lower") {
      Term out = of;
      out.text = "lower(" + of.text + ")";
      out.lowered = true;
      return out;
    }
    if (filter == "date" || filter == "split") return of;
    if (filter == "startswith") return {"starts(" + of.text + ", " + by + ")"};
    if (filter == "age_in_years") return {"age(" + of.text + ")"};
    if (filter == "add_days") return {"add_days(" + of.text + ", " + by + ")"};
    if (filter == "add_working_days") return {"add_working_days(" + of.text + ", " + by + ")"};
    if (filter == "default") return {fmt::format("if(given({0}), {0}, {1})", of.text, by)};
    if (filter == "add") return {"(" + of.text + " + " + by + ")"};
    if (filter == "multiply") return {"(" + of.text + " * " + by + ")"};
    if (filter == "time") return {of.text == "now" ? "time" : "minutes(" + of.text + ")"};
    throw Cannot{"filter " + std::string(filter)};
  }

  std::map<std::string, Known>& fields_;
  std::map<std::string, std::string>& settings_;  // name → YAML
  std::string_view text_;
  std::size_t at_ = 0, before_ = 0;
};

class Translation {
 public:
  explicit Translation(const json::object& form, Counts& cannot, Counts& can)
      : form_(form), cannot_(cannot), can_(can), conditions_(known_, settings_) {}

  std::string yaml() {
    const json::array& fields = form_.at("fields").as_array();
    std::set<std::string> ids;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const json::object& field = fields[i].as_object();
      std::string id = identifier(text(field, "varname").empty() ? fmt::format("f{}", i)
                                                                 : text(field, "varname"));
      while (!ids.insert(id).second) id += "x";
      ids_.push_back(id);
      note(field, id, i + 1);
    }
    gather_compared(fields);
    std::string pages, page;
    std::string last = "\n";
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const json::object& field = fields[i].as_object();
      if (const std::string title = line(text(field, "page")); title != last) {
        pages += fmt::format("      - id: page{}\n        title: {}\n        fields:\n", i,
                             shown_text(title.empty() ? "Suite" : title));
        last = title;
      }
      pages += translated(field, i);
    }
    std::string checks;
    for (const json::value& each : form_.at("post_conditions").as_array()) {
      const json::object& check = each.as_object();
      if (const auto must = condition(text(check, "condition"), fields.size() + 1))
        checks += fmt::format("  - {{must: {}, message: {}}}\n", yaml_text(*must),
                              shown_text(text(check, "error")));
    }
    std::string out = fmt::format(
        "id: {}\ntitle: {}\nsummary: Pour voir.\nservice: mairie\nother_ways: [Au guichet.]\n"
        "clock: {{silence: none, delay: 1 month, basis: x}}\nsteps:\n  - title: Un\n    pages:\n",
        "essai", yaml_text(line(text(form_, "title"))));
    out += pages;
    if (!checks.empty()) out += "checks:\n" + checks;
    if (!settings_.empty()) out += "settings:\n";
    for (const auto& [name, value] : settings_) out += fmt::format("  {}: {}\n", name, value);
    return out;
  }

 private:
  static std::string text(const json::object& object, const char* key) {
    return std::string(string_at(object, key).value_or(""));
  }
  void cannot(const std::string& reason) { ++cannot_[reason]; }

  void note(const json::object& field, const std::string& id, std::size_t place) {
    Known known{id, text(field, "type"), {}, false, place};
    if (const json::value* items = field.if_contains("items"))
      for (const json::value& item : items->as_array())
        if (const std::string option = line(item.as_string());
            std::ranges::find(known.options, option) == known.options.end())
          known.options.push_back(option);
    const bool several = known.type == "item" || known.type == "items";
    known.open = several && (known.options.empty() || field.contains("data_source"));
    if (several && known.options.empty()) known.options = {"une réponse", "une autre"};
    const std::string name = text(field, "varname");
    if (name.empty()) {
      unnamed_.emplace(id, known);
    } else if (!known_.emplace(name, known).second) {
      unnamed_.emplace(id, known);
      shared_.insert(name);
    }
  }
  const Known& of(const json::object& field, const std::string& id) const {
    const auto unnamed = unnamed_.find(id);
    return unnamed != unnamed_.end() ? unnamed->second : known_.at(text(field, "varname"));
  }

  // What a data source holds is not in the file: it holds what conditions look for.
  void gather_compared(const json::array& fields) {
    std::string all;
    for (const json::value& each : fields) all += text(each.as_object(), "condition") + "\n";
    for (const json::value& each : form_.at("post_conditions").as_array())
      all += text(each.as_object(), "condition") + "\n";
    for (std::size_t open = all.find_first_of("\"'"); open != std::string::npos;) {
      const std::size_t close = all.find(all[open], open + 1);
      if (close == std::string::npos) break;
      const std::string literal = all.substr(open + 1, close - open - 1);
      for (auto& [name, known] : known_)
        if (known.open && !literal.empty() &&
            std::ranges::find(known.options, literal) == known.options.end())
          known.options.push_back(literal);
      open = all.find_first_of("\"'", close + 1);
    }
  }

  std::optional<std::string> condition(const std::string& text, std::size_t before) {
    for (const std::string& name : shared_)
      if (text.contains("form_var_" + name))
        ++can_["(a name of several fields is read: the first)"];
    try {
      std::string out = conditions_.translate(text, before);
      ++can_["condition"];
      return out;
    } catch (const Cannot& why) {
      cannot("condition: " + why.reason);
      return std::nullopt;
    }
  }

  // {{ form_var_x }} shows an answer; what computes becomes a computed value.
  std::string shown_text(std::string text) {
    std::string out;
    text = line(text);
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t open = text.find_first_of("{}", from);
      out += text.substr(from, open - from);
      if (open == std::string::npos) break;
      from = open + 1;
      if (text.substr(open).starts_with("{%")) {
        cannot("label: conditions and loops inside a text");
        return yaml_text("Texte");
      }
      if (!text.substr(open).starts_with("{{")) continue;
      const std::size_t close = text.find("}}", open);
      std::string inside = line(text.substr(open + 2, close - open - 2));
      for (const std::string_view filter : {"|safe", "|linebreaks"})
        if (inside.ends_with(filter)) inside.resize(inside.size() - filter.size());
      try {
        if (inside == "commune_name") {
          settings_.try_emplace("commune_name", "Bruxelles");
          out += "{commune_name}";
        } else {
          const std::string value = conditions_.translate(inside, ids_.size() + 1);
          const bool name = value.find_first_of(" (") == std::string::npos;
          if (!name) computed_.push_back(value);
          out += name ? "{" + value + "}" : "{computed" + std::to_string(computed_.size()) + "}";
        }
        ++can_["label that shows answers"];
      } catch (const Cannot& why) {
        cannot("label: " + why.reason);
      }
      from = close + 2;
    }
    if (out.size() > 2000) {
      cannot("label: more than 2,000 bytes");
      out = std::string(text::utf8_prefix(out, 2000));
    }
    return yaml_text(out.empty() ? "Texte" : out);
  }

  std::string translated(const json::object& field, std::size_t i) {
    const Known& known = of(field, ids_[i]);
    const std::string& type = known.type;
    static const std::map<std::string, std::string> kTypes = {
        {"string", "text"},      {"email", "email"}, {"date", "date"},     {"file", "file"},
        {"text", "long_text"},   {"bool", "yes_no"}, {"item", "choice"},   {"items", "choices"},
        {"comment", "note"},     {"title", "note"},  {"subtitle", "note"}, {"map", "place"},
        {"computed", "computed"}};
    const bool block = type.starts_with("block");
    const auto named = kTypes.find(type);
    if (!block && named == kTypes.end()) {
      cannot("type: " + type);
      return "";
    }
    std::string ours = block ? "repeat" : named->second;
    std::vector<std::string> members;
    const std::string validation = text(field, "validation");
    if (validation == "phone" || validation == "iban")
      ours = validation;
    else if (validation == "digits")
      members.push_back("pattern: {regex: '[0-9]+', message: Des chiffres.}");
    else if (validation == "regex")  // it is not in the file: any is RE2's to judge
      members.push_back("pattern: {regex: '.+', message: Corrigez.}");
    else if (validation == "nrn-be")
      cannot("validation: the check digits of a foreign number");
    else if (!validation.empty())
      cannot("validation: " + validation);
    if (!validation.empty() && validation != "nrn-be" && validation != "django")
      ++can_["validation"];
    const std::string label = shown_text(text(field, "label"));
    // What a label computes stands before it.
    std::string out;
    for (; written_ < computed_.size(); ++written_)
      out += fmt::format("          - {{id: computed{}, type: computed, value: {}}}\n",
                         written_ + 1, yaml_text(computed_[written_]));
    if (const std::string hint = text(field, "hint"); !hint.empty())
      members.push_back("hint: " + shown_text(hint));
    if (ours != "computed" && ours != "note" && !field.contains("required"))
      members.push_back("optional: true");
    if (const std::string when = text(field, "condition"); !when.empty())
      if (const auto read = condition(when, i + 1)) members.push_back("when: " + yaml_text(*read));
    if (ours == "choice" || ours == "choices") {
      std::string options;
      for (const std::string& option : known.options)
        options += (options.empty() ? "" : ", ") + yaml_text(option);
      if (known.open) {
        const std::string setting = identifier("list_" + ids_[i]);
        settings_[setting] = "[" + options + "]";
        members.push_back("options: " + setting);
        ++can_["options of a data source, as a list of settings"];
      } else {
        members.push_back("options: [" + options + "]");
      }
    }
    if (block) members.push_back("fields: [{id: partie, type: text, label: Partie}]");
    if (ours == "computed") {  // its formula is not in the file
      members.push_back("value: \"'x'\"");
      cannot("computed: the formula is not in the file");
    }
    out += fmt::format("          - {{id: {}, type: {}, label: {}", ids_[i], ours, label);
    for (const std::string& member : members) out += ", " + member;
    ++can_["field"];
    return out + "}\n";
  }

  const json::object& form_;
  Counts& cannot_;
  Counts& can_;
  std::map<std::string, Known> known_;    // by name
  std::map<std::string, Known> unnamed_;  // by id
  std::set<std::string> shared_;
  std::map<std::string, std::string> settings_;
  std::vector<std::string> ids_, computed_;
  std::size_t written_ = 0;
  Conditions conditions_;
};

json::value sample(const Field& field) {
  switch (field.type) {
    case Type::date:
      return "2026-11-28";
    case Type::yes_no:
    case Type::attestation:
      return true;
    case Type::choice:
      return json::string(field.options[0].value);
    case Type::choices:
      return json::array{json::string(field.options[0].value)};
    case Type::email:
      return "a@b.be";
    case Type::phone:
      return "+3221234567";
    case Type::iban:
      return "FR1420041010050500013M02606";
    case Type::place:
      return json::object{{"address", "Grand-Place"}};
    case Type::file:
      return json::array{json::object{{"id", "1"}, {"name", "a"}, {"type", "application/pdf"}}};
    case Type::repeat:
      return json::array{json::object{{"partie", "x"}}};
    default:
      return "12";
  }
}

TEST(Power, RealFormsOfTownsCanBeSaid) {
  std::ifstream file(PARVIS_SOURCE_DIR "/../shared/data/forms/publik_communes.jsonl");
  if (!file) {
    fmt::print("real forms not read: ../shared/data is absent\n");
    return;
  }
  const Moment moment{LocalTime(std::chrono::local_days(CivilDate{2026y / 11 / 28})) + 14h, {}};
  Counts cannot, can;
  int forms = 0, sound = 0, ends = 0, stopped = 0;
  for (std::string row; std::getline(file, row);) {
    ++forms;
    const json::object form = parse_json(row)->as_object();
    const std::string yaml = Translation(form, cannot, can).yaml();
    const auto read = read_definition(yaml);
    EXPECT_TRUE(read.has_value()) << form.at("id");
    if (!read) {
      for (const Problem& problem : read.error())
        fmt::print("{}: {}\n", problem.line, problem.what);
      continue;
    }
    ++sound;
    evaluate(*read, {}, moment);
    json::object answers;  // what is missing, until nothing is
    Form filled = evaluate(*read, answers, moment);
    for (std::size_t before = kFieldsMax; before != answers.size();) {
      before = answers.size();
      for (const ShownPage& page : filled.pages)
        for (const Field& field : page.page->fields)
          if (is_answered(field.type)) answers[field.id] = sample(field);
      filled = evaluate(*read, answers, moment);
    }
    for (const ShownPage& page : filled.pages)
      EXPECT_THAT(page.faults, ::testing::IsEmpty()) << form.at("id") << page.faults[0].message;
    ends += filled.complete() ? 1 : 0;
    stopped += filled.faults.empty() ? 0 : 1;  // by its own conditions of the whole
  }
  fmt::print("of {} forms {} are read, {} reach their end, {} are stopped by their own checks\n",
             forms, sound, ends, stopped);
  for (const auto& [what, count] : can) fmt::print("  can    {:5}  {}\n", count, what);
  for (const auto& [why, count] : cannot) fmt::print("  cannot {:5}  {}\n", count, why);
  EXPECT_EQ(forms, 74);
  EXPECT_EQ(sound, 74);
  EXPECT_EQ(ends + stopped, 74);
  EXPECT_EQ(stopped, 9);
  EXPECT_EQ(can.at("field"), 2408);
  EXPECT_EQ(can.at("condition"), 524);
  EXPECT_EQ(cannot, (Counts{
                        // The file does not tell it, or the form is wrong itself.
                        {"computed: the formula is not in the file", 126},
                        {"condition: a name that the form does not have", 15},
                        {"label: a name that the form does not have", 5},
                        {"validation: django", 1},
                        // Plumbing of Publik: lists that other programs fill.
                        {"condition: what an outside register or an agenda says of the row that is "
                         "chosen",
                         18},
                        {"label: conditions and loops inside a text", 16},
                        // Left out on purpose: it would be false for ever here, another country's
                        // number has no type, and a text that long is a page of its own.
                        {"condition: reads a question that comes later", 1},
                        {"validation: the check digits of a foreign number", 58},
                        {"label: more than 2,000 bytes", 1},
                    }));
}

}  // namespace
}  // namespace parvis::procedure
