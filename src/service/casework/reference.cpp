#include "casework/reference.hpp"

#include <array>

#include "base/error.hpp"

namespace parvis::casework {
namespace {

constexpr std::string_view kConsonants = "BDFGKLMNPRSTVZ";
constexpr std::string_view kVowels = "AEIOU";
// A prime count, greater than any difference of two letters: with weights that all differ, one
// wrong letter and two neighbours that changed places always change the sum.
constexpr std::string_view kChecks = "ABCDEFGHJKLMNPQRSTUVWXYZ23456";
static_assert(kChecks.size() == 29);
constexpr std::size_t kLetters = 8;

char check_of(std::string_view letters) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < letters.size(); ++i)
    sum += (i + 1) * static_cast<std::size_t>(letters[i] - 'A');
  return kChecks[sum % kChecks.size()];
}

std::string written(std::string_view letters, char check) {
  return std::string(letters.substr(0, 4)) + "-" + std::string(letters.substr(4)) + "-" + check;
}

}  // namespace

std::string reference_of(std::uint32_t random) {
  std::string letters;
  while (letters.size() < kLetters) {
    letters += kConsonants[random % kConsonants.size()];
    random /= static_cast<std::uint32_t>(kConsonants.size());
    letters += kVowels[random % kVowels.size()];
    random /= static_cast<std::uint32_t>(kVowels.size());
  }
  return written(letters, check_of(letters));
}

std::optional<std::string> read_reference(std::string_view typed) {
  if (typed.size() > 64) return std::nullopt;
  std::string letters;
  for (char c : typed) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if ((c >= 'A' && c <= 'Z') || (c >= '2' && c <= '6'))
      letters += c;
    else if (c != ' ' && c != '-' && c != '.' && c != '_')
      return std::nullopt;
  }
  if (letters.size() != kLetters + 1) return std::nullopt;
  const std::string_view body = std::string_view(letters).substr(0, kLetters);
  for (std::size_t i = 0; i < kLetters; ++i)
    if ((i % 2 == 0 ? kConsonants : kVowels).find(body[i]) == std::string_view::npos)
      return std::nullopt;
  if (check_of(body) != letters.back()) return std::nullopt;
  return written(body, letters.back());
}

}  // namespace parvis::casework
