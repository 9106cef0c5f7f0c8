#include "app/found_cache.hpp"

#include <gtest/gtest.h>

namespace parvis::app {
namespace {

retrieval::Retrieval sure(double confidence) { return {.found = {}, .confidence = confidence}; }

TEST(FoundCache, gives_back_what_was_found_in_the_same_index) {
  FoundCache cache;
  EXPECT_FALSE(cache.find("1", "passeport"));
  cache.keep("1", "passeport", sure(0.7));
  ASSERT_TRUE(cache.find("1", "passeport"));
  EXPECT_EQ(cache.find("1", "passeport")->confidence, 0.7);
}

TEST(FoundCache, forgets_when_the_index_changes) {
  FoundCache cache;
  cache.keep("1", "passeport", sure(0.7));
  EXPECT_FALSE(cache.find("2", "passeport"));
  cache.keep("2", "cni", sure(0.5));
  EXPECT_FALSE(cache.find("2", "passeport"));
  EXPECT_TRUE(cache.find("2", "cni"));
}

TEST(FoundCache, keeps_a_limited_number) {
  FoundCache cache;
  for (std::size_t i = 0; i <= FoundCache::kKept; ++i) cache.keep("1", std::to_string(i), sure(0));
  EXPECT_FALSE(cache.find("1", "0"));
  EXPECT_TRUE(cache.find("1", "1"));
  EXPECT_TRUE(cache.find("1", std::to_string(FoundCache::kKept)));
}

}  // namespace
}  // namespace parvis::app
