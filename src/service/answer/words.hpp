// The words of the texts of one answer: a sheet is read several times while it is composed, each
// text is normalised once. Not for several threads.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace parvis::answer {

class Words {
 public:
  // References hold as long as this does.
  const std::vector<std::string>& terms(std::string_view text) { return of(text).terms; }
  // Folded words, each between spaces: " la carte est gratuite ".
  const std::string& plain(std::string_view text) { return of(text).plain; }

 private:
  struct Text {
    std::vector<std::string> terms;
    std::string plain;
  };
  const Text& of(std::string_view text);

  std::unordered_map<std::string, Text> texts_;
  std::unordered_map<std::string, std::string> stems_;  // empty for a stop word
};

}  // namespace parvis::answer
