// A text as its letters and digits look to someone copying a number. Inside the room: what
// personal.cpp, phones.cpp and addresses.cpp read.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace parvis::text {

// One ASCII character, with its bytes in the text. Digits of any script are '0'–'9', letters
// 'a'–'z' without accent (`upper` keeps the case), white space ' ', dashes '-', dots '.', other
// ASCII itself; kOtherLetter and kOther are the rest. Characters that nobody sees (zero width, soft
// hyphen, direction marks) have no cell.
struct Cell {
  char c = 0;
  bool upper = false;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};
inline constexpr char kOtherLetter = 1;
inline constexpr char kOther = 2;

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || c == kOtherLetter; }
inline bool is_word(char c) { return is_digit(c) || is_letter(c); }

// What may stand between two digits of one number, at most kGap of them ("1 - 2").
inline bool is_separator(char c) { return c == ' ' || c == '.' || c == '-' || c == '/'; }
inline constexpr std::size_t kGap = 3;

// The cells of a text (at most 2 GiB), of which some are taken: they read as kOther, like what lies
// outside.
class Cells {
 public:
  explicit Cells(std::string_view text);
  std::size_t size() const { return cells_.size(); }
  char at(std::size_t i) const { return i < cells_.size() && !taken_[i] ? cells_[i].c : kOther; }
  char before(std::size_t i) const { return i == 0 ? kOther : at(i - 1); }
  bool taken(std::size_t i) const { return taken_[i]; }
  bool reads(std::size_t i, std::string_view what) const;
  const Cell& operator[](std::size_t i) const { return cells_[i]; }
  void take(std::size_t begin, std::size_t end);

 private:
  std::vector<Cell> cells_;
  std::vector<bool> taken_;
};

}  // namespace parvis::text
