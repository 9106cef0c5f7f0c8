#include "base/loopback.hpp"

#include <gtest/gtest.h>

namespace parvis {
namespace {

TEST(Loopback, IsThisMachineAndNoOther) {
  for (const char* host : {"localhost", "[::1]", "127.0.0.1", "127.3.2.1"})
    EXPECT_TRUE(is_loopback(host)) << host;
  for (const char* host : {"127.evil.example", "127.0.0.1.example", "127.0.0", "localhost.example",
                           "", "128.0.0.1", "127."})
    EXPECT_FALSE(is_loopback(host)) << host;
}

}  // namespace
}  // namespace parvis
