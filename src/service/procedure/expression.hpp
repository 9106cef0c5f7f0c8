// The conditions and sums of a définition: "motif == 'vol' and age(naissance) < 18".
//
//   or · and · not · == != < <= > >= · in · + - · * / · ( ) · names · calls
//   'text' "text" · 12 · 2.5 · true · false · [1, 2]
//
// A name is an answer's ("motif"), or a part of one ("demandeur.naissance"). What is not answered
// is absent: it equals nothing, is smaller than nothing, is in nothing, counts for nothing in a
// sum, and is false. "a in b": an item of a list, or a part of a text. Texts compare byte by byte
// (see lower), dates by the calendar. A text that is written as a date ("2026-11-24") or a number
// takes that form beside one. There are no loops, no assignments and nothing that reads a clock:
// `today` (a date), `time` (minutes since midnight) and `commune` (an INSEE code) are given.
//
//   age(date)              whole years at today
//   days(from, to)         from one date to another
//   add_days(date, n)      also add_months, and add_working_days (jours ouvrés)
//   minutes(hour)          "14:30" in minutes since midnight
//   count(x)               items of a list, signs of a text; 0 when absent
//   given(x)               whether it is answered
//   sum(list)              of numbers
//   lower(text)            without capitals and accents
//   starts(text, beginning)
//   if(condition, yes, no)
//   each(list, 'part')     that part of each item of a repeated block
//   at(table, key)         what a setting that is a table has there: at(tarifs, zone)
//
// Pure, thread-safe. Errors are told when it is read, never when it is evaluated: what does not fit
// together ('vol' + 1) is absent.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace parvis::procedure {

inline constexpr std::size_t kExpressionBytes = 2000;
inline constexpr int kExpressionDepth = 32;

struct Value;
using List = std::vector<Value>;
struct Value
    : std::variant<std::monostate, bool, double, std::string, std::chrono::sys_days, List> {
  using variant::variant;
  bool absent() const { return std::holds_alternative<std::monostate>(*this); }
  bool truth() const;  // false: absent, false, 0, an empty text or list
};

// Where and when a démarche is evaluated.
struct Moment {
  LocalTime now;  // of the commune
  // Whether a day is worked; nothing: Monday to Friday.
  std::function<bool(CivilDate)> working = {};
  std::string commune = {};  // that it is carried out with: INSEE code; empty: absent
};

// What a name stands for; called with names of `names` alone.
using Lookup = std::function<Value(std::string_view name)>;

class Expression {
 public:
  Expression() = default;  // says nothing: absent

  explicit operator bool() const { return root_ != nullptr; }
  Value evaluate(const Lookup& lookup, const Moment& moment) const;
  // Those it reads, each once, in order of appearance.
  const std::vector<std::string>& names() const { return names_; }
  // The texts that a name is compared with: what a choice is held against must be one of its own.
  struct Compared {
    std::string name, text;
  };
  const std::vector<Compared>& compared() const { return compared_; }
  const std::string& text() const { return text_; }

 private:
  struct Node;
  friend class ExpressionReader;
  friend std::expected<Expression, Problem> read_expression(std::string_view);
  std::shared_ptr<const Node> root_;  // shared: a definition is copied with its expressions
  std::vector<std::string> names_;
  std::vector<Compared> compared_;
  std::string text_;
};

// Never throws. Problem::what names the place and the remedy, in French.
std::expected<Expression, Problem> read_expression(std::string_view text);

}  // namespace parvis::procedure
