#include "mail/address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::mail {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string taken(std::string_view text) {
  const auto address = Address::parse(text);
  return address ? address->value().read() : "refused: " + address.error().what;
}

TEST(Address, TakesWhatPeopleHave) {
  for (const std::string text :
       {"jeanne.martin@exemple.fr", "j@exemple.fr", "jeanne+mairie@mail.exemple.fr",
        "o'neil_2-3@exemple.museum", "MARTIN@exemple.fr", "a@b-c.fr", "1@2.fr"})
    EXPECT_EQ(taken(text), text);
  EXPECT_EQ(taken(" \tjeanne@Exemple.FR\r\n"), "jeanne@exemple.fr");
  EXPECT_EQ(Address::parse("Jeanne@Exemple.FR")->domain(), "exemple.fr");
  EXPECT_EQ(taken(std::string(kLocalMax, 'a') + "@b.fr"), std::string(kLocalMax, 'a') + "@b.fr");
}

TEST(Address, RefusesTheRest) {
  const std::string label(63, 'b');
  for (const std::string& text : {std::string(),
                                  std::string("   "),
                                  std::string("jeanne"),
                                  std::string("@exemple.fr"),
                                  std::string("jeanne@"),
                                  std::string("jeanne@exemple"),
                                  std::string("a@b@exemple.fr"),
                                  std::string(".a@exemple.fr"),
                                  std::string("a.@exemple.fr"),
                                  std::string("a..b@exemple.fr"),
                                  std::string("a b@exemple.fr"),
                                  std::string("\"a b\"@exemple.fr"),
                                  std::string("a@[192.0.2.1]"),
                                  std::string("a@192.0.2.1"),
                                  std::string("a@-b.fr"),
                                  std::string("a@b-.fr"),
                                  std::string("a@b..fr"),
                                  std::string("a@b.fr."),
                                  std::string("a@.fr"),
                                  std::string("a@b.f"),
                                  std::string("a@b_c.fr"),
                                  std::string("é@exemple.fr"),
                                  std::string("a@é.fr"),
                                  std::string("a<b>@exemple.fr"),
                                  std::string("a@exemple.fr, b@exemple.fr"),
                                  std::string("Jeanne <a@exemple.fr>"),
                                  std::string(kLocalMax + 1, 'a') + "@b.fr",
                                  "a@" + label + "b.fr",
                                  "a@" + label + "." + label + "." + label + "." + label + ".fr"})
    EXPECT_THAT(taken(text), HasSubstr("refused")) << text;
}

TEST(Address, CannotCarryAnotherCommandOrHeader) {
  for (const std::string& text :
       {std::string("a@exemple.fr\r\nBcc: b@exemple.fr"), std::string("a\nb@exemple.fr"),
        std::string("a@exemple.fr>\r\nDATA"), std::string("a\0@exemple.fr", 14),
        std::string("a@exemple.fr\0", 13), std::string("a@exemple.fr SIZE=1")})
    EXPECT_THAT(taken(text), HasSubstr("refused")) << text;
}

TEST(Address, SaysWhyWithoutSayingWhat) {
  EXPECT_THAT(taken("jeanne"), HasSubstr("one sign @"));
  EXPECT_THAT(taken("jeanne@exemple"), HasSubstr("domain"));
  EXPECT_THAT(taken("jéanne@exemple.fr"), HasSubstr("before the @"));
  EXPECT_THAT(taken("jeanne"), Not(HasSubstr("jeanne")));
}

}  // namespace
}  // namespace parvis::mail
