#include "portal/conditions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace parvis::portal {
namespace {

using procedure::Field;
using procedure::Type;
using Said = std::optional<std::string>;

// Reads the few forms that conditions have in practice from the condition's own text; whatever else
// it meets makes the whole unsaid, never wrong.
class Sayer {
 public:
  Sayer(const procedure::Definition& definition, std::string_view text, const QuestionNamed& named)
      : definition_(definition), rest_(text), named_(named) {}

  Said all() {
    Said said = any();
    return said && token().empty() ? said : std::nullopt;
  }

 private:
  // "and", "==", "'text'", "12", "(", a name; empty at the end. Stays until `take`.
  std::string_view token() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n\t"), rest_.size()));
    if (rest_.empty()) return {};
    const auto word = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '.';
    };
    std::size_t end = 1;
    if (rest_[0] == '\'' || rest_[0] == '"')
      end = std::min(rest_.find(rest_[0], 1), rest_.size() - 1) + 1;
    else if (word(rest_[0]))
      while (end < rest_.size() && word(rest_[end])) ++end;
    else if (rest_.size() > 1 && rest_[1] == '=')
      end = 2;
    return rest_.substr(0, end);
  }
  std::string_view take() {
    const std::string_view out = token();
    rest_.remove_prefix(out.size());
    return out;
  }
  bool take_if(std::string_view wanted) {
    if (token() != wanted) return false;
    take();
    return true;
  }

  Said joined(Said (Sayer::*part)(), std::string_view word, std::string_view between) {
    Said out = (this->*part)();
    while (out && take_if(word)) {
      const Said more = (this->*part)();
      if (!more) return std::nullopt;
      out->append(between).append(*more);
    }
    return out;
  }
  Said any() { return joined(&Sayer::every, "or", ", ou si "); }
  Said every() { return joined(&Sayer::one, "and", " et "); }

  Said one() {
    if (take_if("(")) {
      Said inside = any();
      return inside && take_if(")") ? inside : std::nullopt;
    }
    if (take_if("not")) {
      const std::string_view name = take();
      return answered(name, "Non");
    }
    const std::string_view name = take();
    if (name == "given") {
      if (!take_if("(")) return std::nullopt;
      const std::string question = named_(take());
      if (question.empty() || !take_if(")")) return std::nullopt;
      return fmt::format("vous répondez {}", question);
    }
    if (name == "age") return age();
    if (take_if("==")) return chosen(name, take());
    if (take_if("!=")) {
      const Said other = chosen(name, take());
      if (!other) return std::nullopt;
      std::string out = *other;
      const std::string_view said = "vous répondez ";
      return out.starts_with(said) ? Said(out.replace(0, said.size(), "vous ne répondez pas "))
                                   : std::nullopt;
    }
    if (take_if("in")) return among(name);
    return answered(name, "Oui");
  }

  Said age() {
    if (!take_if("(")) return std::nullopt;
    const Field* field = definition_.field(take());
    if (field == nullptr || !take_if(")")) return std::nullopt;
    const std::string_view how = take(), number = take();
    if (number.empty() || number[0] < '0' || number[0] > '9') return std::nullopt;
    if (how == "<") return fmt::format("la personne a moins de {} ans", number);
    if (how == ">=") return fmt::format("la personne a {} ans ou plus", number);
    return std::nullopt;
  }

  Said answered(std::string_view name, std::string_view yes_or_no) {
    const Field* field = definition_.field(name);
    const std::string question = named_(name);
    if (field == nullptr || field->type != Type::yes_no || question.empty()) return std::nullopt;
    return fmt::format("vous répondez «\u00a0{}\u00a0» {}", yes_or_no, question);
  }

  std::string label(std::string_view name, std::string_view quoted) const {
    const Field* field = definition_.field(name);
    if (field == nullptr || quoted.size() < 2 || (quoted[0] != '\'' && quoted[0] != '"')) return {};
    const std::string_view value = quoted.substr(1, quoted.size() - 2);
    const auto option = std::ranges::find(field->options, value, &procedure::Option::value);
    return option == field->options.end() ? std::string()
                                          : fmt::format("«\u00a0{}\u00a0»", option->label);
  }
  Said chosen(std::string_view name, std::string_view quoted) {
    const std::string question = named_(name), answer = label(name, quoted);
    if (question.empty() || answer.empty()) return std::nullopt;
    return fmt::format("vous répondez {} {}", answer, question);
  }
  Said among(std::string_view name) {
    const std::string question = named_(name);
    if (question.empty() || !take_if("[")) return std::nullopt;
    std::vector<std::string> answers;
    do {
      answers.push_back(label(name, take()));
      if (answers.back().empty()) return std::nullopt;
    } while (take_if(","));
    if (!take_if("]")) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < answers.size(); ++i)
      out.append(i == 0 ? "" : i + 1 == answers.size() ? " ou " : ", ").append(answers[i]);
    return fmt::format("vous répondez {} {}", out, question);
  }

  const procedure::Definition& definition_;
  std::string_view rest_;
  const QuestionNamed& named_;
};

}  // namespace

std::string condition_words(const procedure::Definition& definition,
                            const procedure::Expression& condition, const QuestionNamed& named) {
  if (!condition) return {};
  const Said said = Sayer(definition, condition.text(), named).all();
  return said ? "si " + *said : "si cela vous concerne";
}

}  // namespace parvis::portal
