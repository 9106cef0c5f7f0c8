#include "app/lines.hpp"

#include <gtest/gtest.h>

namespace parvis::app {
namespace {

TEST(Lines, ANumberThatIsExpectedStandsByItself) {
  EXPECT_TRUE(says("appelez le 119, jour et nuit", "119"));
  EXPECT_TRUE(says("texte 000006071191 et 119", "119"));
  EXPECT_FALSE(says("cidtexte=legitext000006071191", "119"));
  EXPECT_FALSE(says("le cout est de 125 eur", "25 eur"));
  EXPECT_TRUE(says("25 euros", "25 eur"));
  EXPECT_FALSE(says("rien", "119"));
}

}  // namespace
}  // namespace parvis::app
