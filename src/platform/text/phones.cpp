#include "text/phones.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace parvis::text {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kDialled = 18;  // "00", 15 digits of E.164, a "(0)"

// A row of digits as one would dial it: brackets and slashes may stand in it too.
struct Dialled {
  std::string digits;
  std::vector<std::size_t> ends;   // one past the cell of each digit
  std::vector<std::size_t> joins;  // after so many digits, something separates
  bool slashes = false;
  bool others = false;
  bool digit_after = false;  // the row was cut
  bool joined(std::size_t count) const {
    return count == digits.size() ? !digit_after : std::ranges::find(joins, count) != joins.end();
  }
};

Dialled dial(const Cells& cells, std::size_t i) {
  Dialled out;
  while (out.digits.size() < kDialled) {
    std::size_t next = i;
    bool slashes = false, others = false;
    while (next <= i + kGap && (is_separator(cells.at(next)) || "()"sv.contains(cells.at(next)))) {
      (cells.at(next) == '/' ? slashes : others) = true;
      ++next;
    }
    if (next > i + kGap || !is_digit(cells.at(next))) return out;
    if (next > i && !out.digits.empty()) {
      out.joins.push_back(out.digits.size());
      out.slashes |= slashes;
      out.others |= others;
    }
    out.digits.push_back(cells.at(next));
    i = next + 1;
    out.ends.push_back(i);
  }
  out.digit_after = is_digit(cells.at(i));
  return out;
}

// "05 12 2020 14 30": a day, a month and a year come first.
bool dated(const Dialled& number) {
  return number.joins.size() >= 3 && number.joins[0] == 2 && number.joins[1] == 4 &&
         number.joins[2] == 8 &&
         (number.digits.compare(4, 2, "19") == 0 || number.digits.compare(4, 2, "20") == 0);
}

// "+ 10 000 000 euros": what is counted is not called.
bool counted(const Cells& cells, std::size_t next) {
  if (cells.at(next) == ' ') ++next;
  if (cells.at(next) == '%' || cells.at(next) == '$') return true;
  if (next < cells.size() && cells.at(next) == kOther && !cells.taken(next) &&
      cells[next].end - cells[next].begin == 3)
    return true;  // €
  std::string word;
  for (; is_letter(cells.at(next)) && word.size() < 8; ++next) word.push_back(cells.at(next));
  return word.starts_with("euro") || word == "eur";
}

// How many digits follow a country code (ITU-T E.164 and the national plans). Elsewhere: 8 to 15
// with the code.
struct Country {
  std::string_view code;
  std::size_t least, most;
};
constexpr auto kCountries = std::to_array<Country>({
    {"1", 10, 10}, {"20", 9, 10},  {"212", 9, 9},  {"213", 8, 9}, {"216", 8, 8}, {"221", 9, 9},
    {"223", 8, 8}, {"224", 9, 9},  {"225", 8, 10}, {"237", 8, 9}, {"243", 9, 9}, {"261", 9, 9},
    {"262", 9, 9}, {"31", 9, 9},   {"32", 8, 9},   {"34", 9, 9},  {"351", 9, 9}, {"352", 6, 9},
    {"380", 9, 9}, {"39", 8, 11},  {"40", 9, 9},   {"41", 9, 9},  {"44", 9, 10}, {"48", 9, 9},
    {"49", 7, 12}, {"590", 9, 9},  {"594", 9, 9},  {"596", 9, 9}, {"687", 6, 6}, {"689", 8, 8},
    {"7", 10, 10}, {"90", 10, 10},
});

// `prefix` digits, "00" or none, come before the country code.
Phone international(const Cells& cells, const Dialled& number, std::size_t prefix) {
  const std::string_view digits =
      std::string_view(number.digits).substr(std::min(prefix, number.digits.size()));
  if (digits.empty() || digits[0] == '0') return {};
  if (digits.starts_with("33")) {
    const std::size_t trunk = digits.substr(2).starts_with('0') ? 1 : 0;  // "+33 (0)6"
    const std::size_t count = prefix + 2 + trunk + 9;
    if (number.digits.size() < count || !number.joined(count) || digits[2 + trunk] == '0')
      return {};
    return {number.ends[count - 1], digits[2 + trunk] == '8'};
  }
  std::size_t least = 8, most = 15;
  for (const Country& country : kCountries) {
    if (!digits.starts_with(country.code)) continue;
    const std::size_t trunk = digits.substr(country.code.size()).starts_with('0') ? 1 : 0;
    least = country.code.size() + country.least;
    most = country.code.size() + country.most + trunk;
  }
  for (std::size_t count = std::min(most, digits.size()); count >= least; --count) {
    if (!number.joined(prefix + count)) continue;
    const std::size_t end = number.ends[prefix + count - 1];
    return counted(cells, end) ? Phone{} : Phone{end, false};
  }
  return {};
}

}  // namespace

Phone phone_at(const Cells& cells, std::size_t begin) {
  const char c = cells.at(begin);
  if (c == '+') return international(cells, dial(cells, begin + 1), 0);
  // A digit right after a dash or dot belongs to what stands before it: "12.06.34.56.78.90".
  const char previous = cells.before(begin);
  if ((previous == '.' || previous == '-') && begin >= 2 && is_digit(cells.at(begin - 2)))
    return {};
  const bool letter = c == 'o' && !is_word(previous) && is_digit(cells.at(begin + 1));
  if (c != '0' && !letter) return {};
  Dialled number = dial(cells, letter ? begin + 1 : begin);
  if (letter) {
    number.digits.insert(number.digits.begin(), '0');
    number.ends.insert(number.ends.begin(), begin + 1);
    for (std::size_t& join : number.joins) ++join;
  }
  if (number.digits.starts_with("00")) return international(cells, number, 2);
  if (number.digits.size() < 10 || !number.joined(10)) return {};
  if (dated(number) || (number.slashes && number.others)) return {};
  return {number.ends[9], number.digits[1] == '8'};  // ARCEP, plan national de numérotation, 2.4
}

}  // namespace parvis::text
