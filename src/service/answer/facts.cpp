#include "answer/facts.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "text/normalise.hpp"

// One pass from left to right. Links and e-mails are cut out first, since their digits are theirs.
// Then each number is read with the French grouping ("1 539,42"), and the word after it says what
// it is. A phone number is grouped by pairs: pairs that follow each other are glued.

namespace parvis::answer {
namespace {

using namespace std::string_view_literals;

bool digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::array kWideSpaces = {"\u00A0"sv, "\u202F"sv, "\u2009"sv, "\u2007"sv,
                                    "\u2002"sv, "\u2003"sv, "\t"sv};

// Bytes of the space of any width that stands there; 0 when none does.
std::size_t space_at(std::string_view text, std::size_t at) {
  if (text[at] == ' ') return 1;
  if (text[at] != '\t' && static_cast<unsigned char>(text[at]) < 0x80) return 0;
  for (const std::string_view space : kWideSpaces)
    if (text.substr(at).starts_with(space)) return space.size();
  return 0;
}

std::size_t digits_from(std::string_view text, std::size_t at) {
  std::size_t n = 0;
  while (at + n < text.size() && digit(text[at + n])) ++n;
  return n;
}

struct Number {
  std::string value;
  std::size_t end = 0;
};

// text[at] is a digit.
Number number_at(std::string_view text, std::size_t at) {
  Number out;
  std::size_t n = digits_from(text, at);
  out.value = text.substr(at, n);
  at += n;
  const std::size_t group = out.value.size() <= 3 && out.value != "0" ? 3 : 2;
  const bool pairs = n == 2;  // "01 23 45 67 89", "34 00"
  while (at + 1 < text.size() && text[at] == ' ' && digit(text[at + 1])) {
    const std::size_t next = digits_from(text, at + 1);
    if (next != (pairs && next == 2 ? 2 : group)) break;
    out.value.append(text.substr(at + 1, next));
    at += 1 + next;
  }
  if (at + 1 < text.size() && (text[at] == ',' || text[at] == '.') && digit(text[at + 1])) {
    n = digits_from(text, at + 1);
    std::string_view decimals = text.substr(at + 1, n);
    at += 1 + n;
    while (decimals.ends_with('0')) decimals.remove_suffix(1);
    if (!decimals.empty()) out.value.append(".").append(decimals);
  }
  out.end = at;
  return out;
}

constexpr std::array kMonths = {"janvier"sv,   "fevrier"sv, "mars"sv,     "avril"sv,
                                "mai"sv,       "juin"sv,    "juillet"sv,  "aout"sv,
                                "septembre"sv, "octobre"sv, "novembre"sv, "decembre"sv};

struct Unit {
  std::string_view word;
  std::string_view canonical;
};
constexpr std::array kUnits = {
    Unit{"an", "an"},
    Unit{"ans", "an"},
    Unit{"annee", "an"},
    Unit{"annees", "an"},
    Unit{"mois", "mois"},
    Unit{"semaine", "semaine"},
    Unit{"semaines", "semaine"},
    Unit{"jour", "jour"},
    Unit{"jours", "jour"},
    Unit{"heure", "heure"},
    Unit{"heures", "heure"},
    Unit{"h", "heure"},
    Unit{"minute", "minute"},
    Unit{"minutes", "minute"},
};

std::string_view word_at(std::string_view text, std::size_t& at) {
  while (at < text.size() && text[at] == ' ') ++at;
  const std::size_t begin = at;
  while (at < text.size() && std::isalpha(static_cast<unsigned char>(text[at])) != 0) ++at;
  return text.substr(begin, at - begin);
}

std::string two(std::size_t value) { return (value < 10 ? "0" : "") + std::to_string(value); }

// What stands after a number says its kind; `folded` is the text in lower case without accents.
Fact typed(std::string_view folded, Number& number) {
  const std::string_view rest = folded.substr(number.end);
  std::size_t at = number.end;
  if (rest.starts_with("€") || rest.starts_with(" €")) return {Fact::Kind::amount, number.value};
  if (rest.starts_with("%") || rest.starts_with(" %")) return {Fact::Kind::percent, number.value};
  const bool ordinal = rest.starts_with("er ");
  if (ordinal) at += 2;
  const std::string_view word = word_at(folded, at);
  if (word == "euro" || word == "euros") return {Fact::Kind::amount, number.value};
  if (const auto month = std::ranges::find(kMonths, word); month != kMonths.end()) {
    std::string value = two(static_cast<std::size_t>(month - kMonths.begin()) + 1) + "-" +
                        (number.value.size() == 1 ? "0" : "") + number.value;
    std::size_t year = at;
    while (year < folded.size() && folded[year] == ' ') ++year;
    if (digits_from(folded, year) == 4) {
      value = std::string(folded.substr(year, 4)) + "-" + value;
      at = year + 4;
    }
    number.end = at;
    return {Fact::Kind::date, value};
  }
  if (!ordinal)
    if (const auto unit = std::ranges::find(kUnits, word, &Unit::word); unit != kUnits.end())
      return {Fact::Kind::duration, number.value + " " + std::string(unit->canonical)};
  return {Fact::Kind::number, number.value};
}

bool link_end(char c) { return c == ' ' || c == '\n' || c == '<' || c == '>' || c == '"'; }

// A number never goes on from one line to the next.
void facts_of_line(std::string text, Facts& out) {
  // Links first: they are case-sensitive, and their digits are not numbers of the text.
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && std::isalpha(static_cast<unsigned char>(text[begin - 1])) != 0) --begin;
    std::size_t end = at;
    while (end < text.size() && !link_end(text[end])) ++end;
    while (end > at && ".,;)"sv.contains(text[end - 1])) --end;
    out.insert({Fact::Kind::link, text.substr(begin, end - begin)});
    std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin),
              text.begin() + static_cast<std::ptrdiff_t>(end), ' ');
  }
  const std::string folded = text::fold(text);
  for (std::size_t i = 0; i < folded.size();) {
    if (folded[i] == '@') {
      auto part = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
      };
      std::size_t begin = i, end = i + 1;
      while (begin > 0 && part(folded[begin - 1])) --begin;
      while (end < folded.size() && part(folded[end])) ++end;
      while (folded[end - 1] == '.') --end;
      out.insert({Fact::Kind::email, folded.substr(begin, end - begin)});
      i = std::max(end, i + 1);
      continue;
    }
    if (!digit(folded[i])) {
      ++i;
      continue;
    }
    Number number = number_at(folded, i);
    out.insert(typed(folded, number));
    i = number.end;
  }
}

}  // namespace

std::string plain_spaces(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t wide = space_at(text, i);
    if (wide == 0) {
      out.push_back(text[i++]);
      continue;
    }
    if (!out.empty() && out.back() != ' ' && out.back() != '\n') out.push_back(' ');
    i += wide;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

std::size_t word_count(std::string_view text) {
  std::size_t count = 0;
  bool inside = false;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t wide = text[i] == '\n' ? 1 : space_at(text, i);
    if (wide == 0 && !inside) ++count;
    inside = wide == 0;
    i += std::max<std::size_t>(wide, 1);
  }
  return count;
}

Facts hard_facts(std::string_view text) {
  Facts out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    facts_of_line(plain_spaces(text.substr(0, end)), out);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

bool states_all(const Facts& passage, std::string_view text) {
  return std::ranges::includes(passage, hard_facts(text));
}

}  // namespace parvis::answer
