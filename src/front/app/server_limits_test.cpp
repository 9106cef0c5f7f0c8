#include "app/server_limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/descriptors.hpp"

namespace parvis::app {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ServerLimits, AreTheServersOwnUnlessConfigured) {
  const http::Limits given = limits_of(Config{}), own;
  EXPECT_EQ(given.connections, own.connections);
  EXPECT_EQ(given.connections_per_address, own.connections_per_address);
  EXPECT_EQ(given.drain_time, own.drain_time);
  EXPECT_EQ(given.streams, own.streams);
  EXPECT_EQ(given.streams_per_address, own.streams_per_address);
  EXPECT_EQ(given.stream_ping_time, own.stream_ping_time);
}

TEST(ServerLimits, AreThoseOfTheConfiguration) {
  Config config;
  config.connections = 11;
  config.connections_per_address = 12;
  config.drain_s = 13;
  config.streams = 14;
  config.streams_per_address = 15;
  config.stream_ping_s = 16;
  const http::Limits given = limits_of(config);
  EXPECT_EQ(given.connections, 11u);
  EXPECT_EQ(given.connections_per_address, 12u);
  EXPECT_EQ(given.drain_time, std::chrono::seconds(13));
  EXPECT_EQ(given.streams, 14u);
  EXPECT_EQ(given.streams_per_address, 15u);
  EXPECT_EQ(given.stream_ping_time, std::chrono::seconds(16));
}

TEST(ServerLimits, AreHeldWholeWhereFilesAreEnough) {
  const Config config;
  const ServerLimits held = limits_within(config, files_needed(config));
  EXPECT_THAT(held.problem, IsEmpty());
  EXPECT_EQ(held.limits.streams, 10'000u);
  EXPECT_EQ(held.limits.connections, 1000u);
}

TEST(ServerLimits, AreCutWhereTheyAreNotAndItIsSaid) {
  Config config;
  config.streams = 100'000;
  const ServerLimits held = limits_within(config, 20'000);
  EXPECT_EQ(held.limits.connections, 1000u);
  EXPECT_LE(http::descriptors_of(held.limits) + kFilesAside, 20'000u);
  EXPECT_GT(held.limits.streams, 18'000u);
  EXPECT_THAT(held.problem, HasSubstr("open 20000 files"));
  EXPECT_THAT(held.problem, HasSubstr("server.streams = 100000"));
  EXPECT_THAT(held.problem, HasSubstr("LimitNOFILE=" + std::to_string(files_needed(config))));
  EXPECT_THAT(held.problem,
              HasSubstr("1000 connections and " + std::to_string(held.limits.streams)));
}

TEST(ServerLimits, OneFileTooFewIsSaid) {
  const Config config;
  const ServerLimits held = limits_within(config, files_needed(config) - 1);
  EXPECT_EQ(held.limits.streams, 9999u);
  EXPECT_THAT(held.problem, HasSubstr("9999 streams"));
}

TEST(ServerLimits, CountTheDatabasesFiles) {
  Config few, many;
  few.database_connections = 1;
  many.database_connections = 11;
  EXPECT_EQ(files_needed(many) - files_needed(few), 10 * kFilesPerDatabaseConnection);
}

}  // namespace
}  // namespace parvis::app
