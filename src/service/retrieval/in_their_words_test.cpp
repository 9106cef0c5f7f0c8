#include "retrieval/in_their_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::retrieval {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> pages(const InTheirWords& words, std::string_view question) {
  std::vector<std::string> out;
  for (const InTheirWords::Asked& each : words.asked(question, 10)) out.emplace_back(each.id);
  return out;
}

TEST(InTheirWords, FindsAPageByWordsWithOtherEndings) {
  const Phrasings said = {
      {"F1", {"Oturma kartımı kaybettim, ne yapmalıyım?", "kartım çalındı"}},
      {"F2", {"Arabamı satmak istiyorum"}},
      {"F3", {"ضاعت رخصة القيادة"}},
      {"F4", {"Як продати машину?"}},
  };
  const InTheirWords words(said);
  EXPECT_EQ(pages(words, "oturma kartini kaybeden biri").at(0), "F1");
  EXPECT_EQ(pages(words, "arabanın satışı").at(0), "F2");
  EXPECT_EQ(pages(words, "أضعت رخصة قيادتي").at(0), "F3");
  EXPECT_EQ(pages(words, "продаж машини").at(0), "F4");
  EXPECT_THAT(pages(words, "xyz"), IsEmpty());
  EXPECT_THAT(pages(words, ""), IsEmpty());
}

TEST(InTheirWords, APageThatSaysMoreIsNotNearerForThat) {
  const Phrasings said = {
      {"F1", {"pasaport", "kimlik", "ehliyet", "evlilik", "doğum", "ölüm", "vergi"}},
      {"F2", {"pasaport"}},
  };
  const InTheirWords words(said);
  EXPECT_EQ(pages(words, "pasaport").at(0), "F2");
  EXPECT_THAT(words.asked("pasaport", 1), SizeIs(1));
}

TEST(InTheirWords, KnowsSevenLanguagesAndEveryNationalSheetInEach) {
  EXPECT_EQ(InTheirWords::of("fr"), nullptr);
  EXPECT_EQ(InTheirWords::of(""), nullptr);
  for (const std::string_view tongue : kTongues) {
    ASSERT_NE(InTheirWords::of(tongue), nullptr) << tongue;
    EXPECT_EQ(InTheirWords::of(tongue), InTheirWords::of(tongue)) << "it is read once";
  }
  EXPECT_EQ(pages(*InTheirWords::of("en"), "my driving licence was stolen abroad").size(), 10U);
}

}  // namespace
}  // namespace parvis::retrieval
