// The hard facts of a text: what a citizen acts upon and must find in the cited passage. Pure.
#pragma once

#include <compare>
#include <set>
#include <string>
#include <string_view>

namespace parvis::answer {

struct Fact {
  enum class Kind { number, amount, percent, date, duration, link, email };
  Kind kind = Kind::number;
  std::string value;  // canonical: "1539.42", "2020-09-24", "3 mois", "0970830707", the URL
  auto operator<=>(const Fact&) const = default;
};
using Facts = std::set<Fact>;

// Every number of the text is one fact, with its unit when it has one: amounts, rates, dates and
// delays are told from bare numbers (phones, postal codes, ages); so are links and e-mails.
// Spaces of every width and the French grouping of digits do not count.
Facts hard_facts(std::string_view text);

// Each fact of `text` stands in `passage`; a number with a unit is not stated by a bare number.
bool states_all(const Facts& passage, std::string_view text);

// Words as a reader counts them: runs between spaces of any width.
std::size_t word_count(std::string_view text);

// Every run of spaces, of any width, as one ASCII space; line ends are kept.
std::string plain_spaces(std::string_view text);

}  // namespace parvis::answer
