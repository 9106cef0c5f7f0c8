#include "base/json.hpp"

#include <gmock/gmock.h>

namespace parvis {
namespace {

TEST(Json, reads_the_whole_text_as_one_value) {
  EXPECT_EQ(parse_json(" {\"é\": [1, null]} ")->as_object().at("é").as_array().size(), 2u);
  EXPECT_EQ(*parse_json("\"a\\u00e9\""), "aé");
  for (const char* bad : {"", " ", "{", "{} {}", "[1,]", "{'a':1}", "nul", "\"\xff\"", "\"a", "01",
                          "// a\n1", "\"\\ud83d\"", "NaN"})
    EXPECT_FALSE(parse_json(bad)) << bad;
}

TEST(Json, refuses_a_number_that_no_double_holds) {
  EXPECT_EQ(parse_json("[1e308]")->as_array().at(0).as_double(), 1e308);
  EXPECT_FALSE(parse_json("1e400"));
  EXPECT_FALSE(parse_json("{\"a\":[-2" + std::string(60, '5') + "e855]}"));
}

TEST(Json, bounds_nesting) {
  const auto nested = [](std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  EXPECT_TRUE(parse_json(nested(kJsonDepth)));
  EXPECT_FALSE(parse_json(nested(kJsonDepth + 1)));
  EXPECT_FALSE(parse_json(nested(4), 3));
  EXPECT_FALSE(parse_json(std::string(100'000, '['))) << "no stack is spent on it";
}

TEST(Json, gives_members_by_name_and_type) {
  const json::value value =
      *parse_json(R"({"s":"x","i":3,"b":false,"a":[],"o":{},"n":null,"d":1.5})");
  const json::object& object = value.as_object();
  EXPECT_EQ(string_at(object, "s"), "x");
  EXPECT_EQ(integer_at(object, "i"), 3);
  EXPECT_EQ(bool_at(object, "b"), false);
  EXPECT_NE(array_at(object, "a"), nullptr);
  EXPECT_NE(object_at(object, "o"), nullptr);
  for (const char* other : {"absent", "n"}) {
    EXPECT_EQ(string_at(object, other), std::nullopt);
    EXPECT_EQ(integer_at(object, other), std::nullopt);
    EXPECT_EQ(bool_at(object, other), std::nullopt);
    EXPECT_EQ(array_at(object, other), nullptr);
    EXPECT_EQ(object_at(object, other), nullptr);
  }
  EXPECT_EQ(string_at(object, "i"), std::nullopt);
  EXPECT_EQ(integer_at(object, "d"), std::nullopt);
}

}  // namespace
}  // namespace parvis
