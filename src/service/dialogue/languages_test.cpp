#include "dialogue/languages.hpp"

#include <gtest/gtest.h>

namespace parvis::dialogue {
namespace {

TEST(Languages, WhatABriefQuestionAsksIsKnownWhateverIsToldAfterIt) {
  const ForeignAsk bare = foreign_ask("how much does it cost?", text::Language::english);
  EXPECT_TRUE(bare.brief);
  EXPECT_FALSE(bare.french.empty());
  const ForeignAsk more =
      foreign_ask("How much does it cost? I saw 225 euros somewhere and 75 somewhere else",
                  text::Language::english);
  EXPECT_TRUE(more.brief);
  EXPECT_EQ(more.french, bare.french);
  EXPECT_FALSE(foreign_ask("Is it true? My landlord wants to know how much the new card costs us "
                           "this year",
                           text::Language::english)
                   .brief)
      << "it begins with something else";
}

TEST(Languages, WhatIsAskedAfterABriefQuestionIsMeantToo) {
  const std::string two = "How much does it cost? And can my wife come with me this year?";
  EXPECT_EQ(foreign_ask(two, text::Language::english).end, two.size());
}

TEST(Languages, WhoIsNoEuropeanIsTold) {
  using text::Language;
  EXPECT_TRUE(
      foreign_ask("I am a student, my residence permit expires", Language::english).overseas);
  EXPECT_FALSE(foreign_ask("I am an Italian student", Language::english).overseas);
  EXPECT_TRUE(foreign_ask("Soy estudiante de Colombia", Language::spanish).overseas);
  EXPECT_FALSE(foreign_ask("Soy estudiante, llegué ayer", Language::spanish).overseas)
      << "of Spain";
  EXPECT_TRUE(foreign_ask("أنا طالب وأريد تجديد بطاقة الإقامة", Language::arabic).overseas);
}

TEST(Languages, AWishForAPersonIsKnown) {
  for (const char* text :
       {"هل يوجد شخص في البلدية؟ أريد التحدث مع شخص", "هل هناك شخص يتكلم العربية؟"}) {
    const auto wish = courtesy(text);
    ASSERT_TRUE(wish) << text;
    EXPECT_EQ(wish->act, Act::person) << text;
  }
}

}  // namespace
}  // namespace parvis::dialogue
