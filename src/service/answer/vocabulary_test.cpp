#include "answer/vocabulary.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

const AskedTerm* find(const std::vector<AskedTerm>& terms, std::string_view word) {
  const std::string stem = text::stem(word);
  const auto at = std::ranges::find(terms, stem, &AskedTerm::term);
  return at == terms.end() ? nullptr : &*at;
}

TEST(Vocabulary, AnotherWordOfTheSameThingCountsForAPart) {
  const auto terms = asked_terms(text::terms("mon mari a une amende"), {});
  const AskedTerm* own = find(terms, "mari");
  const AskedTerm* other = find(terms, "conjoint");
  ASSERT_NE(own, nullptr);
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(other->word, own->word);
  EXPECT_LT(other->weight, own->weight);
  EXPECT_NE(find(terms, "contravention")->word, own->word);
  EXPECT_EQ(find(terms, "loyer"), nullptr);
}

TEST(Vocabulary, WordsOfTheTitleAndOfEverySheetAreKnown) {
  const auto terms = asked_terms(text::terms("demande de visa pour un chat"), text::terms("Visa"));
  EXPECT_TRUE(find(terms, "demande")->known);
  EXPECT_TRUE(find(terms, "visa")->known);
  EXPECT_FALSE(find(terms, "chat")->known);
}

TEST(Vocabulary, EachStemIsThereOnce) {
  const auto terms = asked_terms(text::terms("mari époux mari"), {});
  for (const AskedTerm& one : terms)
    EXPECT_EQ(std::ranges::count(terms, one.term, &AskedTerm::term), 1) << one.term;
  EXPECT_TRUE(asked_terms({}, {}).empty());
}

}  // namespace
}  // namespace parvis::answer
