// How many everyday questions the glossary reaches: data/glossary_questions.txt.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "retrieval/glossary.hpp"

namespace parvis::retrieval {
namespace {

struct Question {
  std::string language, fitting, text;
};

std::vector<std::string> split_words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

std::vector<Question> questions() {
  std::vector<Question> out;
  std::ifstream in(PARVIS_SOURCE_DIR "/src/service/retrieval/data/glossary_questions.txt");
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t first = line.find(" | "), second = line.find(" | ", first + 3);
    if (second == std::string::npos) {
      ADD_FAILURE() << "not of three parts: " << line;
      continue;
    }
    out.push_back({.language = line.substr(0, first),
                   .fitting = line.substr(first + 3, second - first - 3),
                   .text = line.substr(second + 3)});
  }
  return out;
}

bool fits(const Question& question, const std::string& french) {
  const std::vector<std::string> found = split_words(french);
  return std::ranges::any_of(split_words(question.fitting), [&](const std::string& word) {
    return std::ranges::find(found, word) != found.end();
  });
}

struct Count {
  int asked = 0, known = 0, fitting = 0;
};

TEST(GlossaryQuestions, are_reached_by_a_notion_that_fits) {
  std::map<std::string, Count> counts;
  for (const Question& question : questions()) {
    const std::string french = french_words(question.text);
    Count& count = counts[question.language];
    ++count.asked;
    count.known += french.empty() ? 0 : 1;
    count.fitting += fits(question, french) ? 1 : 0;
    EXPECT_TRUE(fits(question, french))
        << question.language << ": " << question.text << " -> \"" << french << '"';
  }
  for (const auto& [language, count] : counts)
    std::cout << language << ": of " << count.asked << " questions " << count.known
              << " have a word that is known, " << count.fitting << " one that fits\n";
  EXPECT_EQ(counts.size(), 7U);
  for (const char* language : {"ar", "uk", "tr"}) EXPECT_GE(counts[language].asked, 40) << language;
}

}  // namespace
}  // namespace parvis::retrieval
