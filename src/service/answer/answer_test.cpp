#include "answer/answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::answer {
namespace {

TEST(Json, HasTheMembersOfTheContract) {
  const json::object object = to_json(Answer{});
  for (const char* key :
       {"status", "text", "language", "confidence", "citations", "more", "choices", "procedure",
        "contact", "case", "appointment", "notices", "took_ms"})
    EXPECT_TRUE(object.contains(key)) << key;
}

}  // namespace
}  // namespace parvis::answer
