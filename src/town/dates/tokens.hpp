// Inside of the room: a text as words, numbers and signs, folded, with their places.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parvis::dates {

struct Token {
  enum class Kind { word, number, sign } kind = Kind::sign;
  std::string folded;  // lower case without accents; a dash is "-", an apostrophe "'"
  std::size_t begin = 0, end = 0;
  int value = -1;        // of a number of at most six digits
  bool glued = false;    // nothing between this and the token before, not even a dropped sign
  bool dashed = false;   // a dash stood between this word and the word before
  bool capital = false;  // the word begins with a capital
  bool opens = false;    // the first of a sentence
  bool blocked = false;  // part of a phone number, an amount, a reference…: no date begins in it
  bool is(std::string_view word) const { return folded == word; }
  bool number() const { return kind == Kind::number; }
  bool word() const { return kind == Kind::word; }
  std::size_t digits() const { return number() ? folded.size() : 0; }
};

// Dashes and apostrophes between two words are dropped ("après-demain" is two tokens). Names of
// months and days that are wrong by one edit are put right. Numbers that are no dates are blocked.
std::vector<Token> tokens(std::string_view text);

// Whether an expression that begins at `at` is part of a name: "rue du 11 novembre".
bool within_name(const std::vector<Token>& tokens, std::size_t at);

}  // namespace parvis::dates
