#include "feed/feed_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "support/items.hpp"

namespace parvis::feed {
namespace {

using support::error_of;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

const Instant kNow = *parse_rfc3339("2026-11-24T09:00:00Z");
const Topic kTopic{"demo", "conversation/1"};

class Feed : public support::EachEngine {
 protected:
  void SetUp() override {
    database_.write([](db::Tx& tx) { open_topic(tx, kTopic, kNow); });
  }
  Appended add(std::string_view id, std::string_view payload = "sealed",
               const Topic& topic = kTopic, Instant now = kNow) {
    return database_.write([&](db::Tx& tx) {
      return append(tx, topic, id, "said", now, [&](std::int64_t) { return std::string(payload); });
    });
  }
  std::vector<Event> after(std::int64_t seq, std::size_t limit = kPageMax,
                           const Topic& topic = kTopic) {
    return database_.read([&](db::Tx& tx) { return events_after(tx, topic, seq, limit); });
  }
  std::optional<std::int64_t> last(const Topic& topic = kTopic) {
    return database_.read([&](db::Tx& tx) { return last_seq(tx, topic); });
  }
  db::Database database_{config()};
};
INSTANTIATE_TEST_SUITE_P(Engines, Feed, support::kEngines, support::engine_name);

TEST_P(Feed, CountsFromOneAndKeepsBytes) {
  EXPECT_THAT(last(), Optional(0));
  const std::string bytes("\0\xff sealed", 9);
  const Appended first = add("a-1", bytes);
  EXPECT_EQ(first.outcome, Outcome::appended);
  EXPECT_EQ(first.event, (Event{1, "a-1", "said", kNow, bytes}));
  const Instant later = kNow + std::chrono::milliseconds(1);
  EXPECT_EQ(add("a_2.b", "", kTopic, later).event.seq, 2);
  EXPECT_THAT(after(0), ElementsAre(first.event, Event{2, "a_2.b", "said", later, ""}));
  EXPECT_THAT(last(), Optional(2));
}

TEST_P(Feed, ReadsByPagesAfterWhatWasSeen) {
  for (int i = 1; i <= 5; ++i) add("id" + std::to_string(i));
  EXPECT_THAT(after(0, 2), ElementsAre(Field(&Event::seq, 1), Field(&Event::seq, 2)));
  EXPECT_THAT(after(2, 2), ElementsAre(Field(&Event::seq, 3), Field(&Event::seq, 4)));
  EXPECT_THAT(after(4, 2), ElementsAre(Field(&Event::seq, 5)));
  EXPECT_THAT(after(5), IsEmpty());
  EXPECT_THAT(after(0, 0), IsEmpty());
  EXPECT_THAT(after(-7), SizeIs(5));
}

TEST_P(Feed, APageHasALimitOfItsOwn) {
  for (std::size_t i = 0; i <= kPageMax; ++i) add("id" + std::to_string(i));
  EXPECT_THAT(after(0, 1'000'000), SizeIs(kPageMax));
}

TEST_P(Feed, TheSameIdIsTheSameEvent) {
  const Appended first = add("a", "first");
  add("b");
  const Appended again = add("a", "other", kTopic, kNow + std::chrono::hours(1));
  EXPECT_EQ(again.outcome, Outcome::repeated);
  EXPECT_EQ(again.event, first.event);
  EXPECT_THAT(after(0), SizeIs(2));
  EXPECT_EQ(add("c").event.seq, 3);  // no number is lost by a repetition
}

TEST_P(Feed, WhoKnowsTheNewestReadsNothing) {
  std::size_t statements = 0;
  db::DatabaseConfig written_down = config();
  written_down.rehearse = false;
  written_down.on_said = [&](const db::Said& said) { statements = said.statements.size(); };
  db::Database database(written_down);
  const auto add_after = [&](std::int64_t last, std::string_view id) {
    return database.write([&](db::Tx& tx) {
      return append(
          tx, kTopic, id, "said", kNow, [](std::int64_t) { return std::string("sealed"); }, last);
    });
  };
  EXPECT_EQ(add_after(0, "a").event.seq, 1);
  EXPECT_EQ(statements, 2u);
  EXPECT_EQ(error_of([&] { add_after(0, "b"); }).code(), Errc::conflict);
  EXPECT_EQ(add_after(1, "b").event.seq, 2);
  EXPECT_THAT(after(0), SizeIs(2));
}

TEST_P(Feed, ThePayloadMayBeBoundToItsPlace) {
  database_.write([](db::Tx& tx) {
    for (const std::string_view id : {"a", "b"})
      append(tx, kTopic, id, "said", kNow,
             [](std::int64_t seq) { return "sealed for " + std::to_string(seq); });
  });
  EXPECT_THAT(after(0), ElementsAre(Field(&Event::payload, "sealed for 1"),
                                    Field(&Event::payload, "sealed for 2")));
}

TEST_P(Feed, FindsOneEvent) {
  const Event event = add("a").event;
  database_.read([&](db::Tx& tx) {
    EXPECT_THAT(event_with_id(tx, kTopic, "a"), Optional(event));
    EXPECT_EQ(event_with_id(tx, kTopic, "A"), std::nullopt);
    EXPECT_THAT(event_at(tx, kTopic, 1), Optional(event));
    EXPECT_EQ(event_at(tx, kTopic, 2), std::nullopt);
  });
}

TEST_P(Feed, TopicsAndTenantsAreApart) {
  const Topic other{"demo", "conversation/2"};
  const Topic elsewhere{"elsewhere", "conversation/1"};
  database_.write([&](db::Tx& tx) {
    open_topic(tx, other, kNow);
    open_topic(tx, elsewhere, kNow);
  });
  add("a", "one");
  add("a", "two", other);
  add("a", "three", elsewhere);
  EXPECT_THAT(after(0), ElementsAre(Field(&Event::payload, "one")));
  EXPECT_THAT(after(0, 9, other), ElementsAre(Field(&Event::payload, "two")));
  EXPECT_THAT(after(0, 9, elsewhere), ElementsAre(Field(&Event::payload, "three")));
}

TEST_P(Feed, RowLevelSecurityStandsBehind) {
  if (on_sqlite()) {  // it has no such wall: the statements alone keep tenants apart
    EXPECT_EQ(last({"elsewhere", kTopic.name}), std::nullopt);
    return;
  }
  add("a");
  database_.read("elsewhere", [](db::Tx& tx) {
    EXPECT_EQ(last_seq(tx, kTopic), std::nullopt);
    EXPECT_THAT(events_after(tx, kTopic, 0), IsEmpty());
  });
  EXPECT_THROW(
      database_.write("elsewhere", [](db::Tx& tx) { open_topic(tx, {"demo", "forged"}, kNow); }),
      Error);
}

TEST_P(Feed, RefusesWhatIsNotWellFormed) {
  const std::string long_id(kEventIdMax + 1, 'a');
  for (const std::string& id : {std::string(), std::string("a b"), std::string("a/b"),
                                std::string("é"), std::string("a\n"), long_id})
    EXPECT_EQ(error_of([&] { add(id); }).code(), Errc::invalid) << id;
  EXPECT_EQ(error_of([&] {
              database_.write([](db::Tx& tx) {
                append(tx, kTopic, "a", "a type", kNow, [](auto) { return ""; });
              });
            }).code(),
            Errc::invalid);
  for (const std::string& name :
       {std::string(), std::string("a b"), std::string(kTopicMax + 1, 'a')})
    EXPECT_EQ(error_of([&] {
                database_.write([&](db::Tx& tx) { open_topic(tx, {"demo", name}, kNow); });
              }).code(),
              Errc::invalid);
  EXPECT_EQ(error_of([&] { add("a", std::string(kPayloadMax + 1, 'x')); }).code(), Errc::too_large);
  EXPECT_EQ(error_of([&] { add("a", "x", {"demo", "absent"}); }).code(), Errc::not_found);
  EXPECT_EQ(
      error_of([&] { database_.write([](db::Tx& tx) { open_topic(tx, kTopic, kNow); }); }).code(),
      Errc::conflict);
  EXPECT_THAT(after(0), IsEmpty());
  EXPECT_THAT(last(), Optional(0));
}

TEST_P(Feed, ATopicFillsUp) {
  database_.write([](db::Tx& tx) {
    tx.run("update feed_topic set last_seq = $1 where tenant = 'demo'", {kEventsMax - 1});
  });
  EXPECT_EQ(add("last").event.seq, kEventsMax);
  EXPECT_EQ(error_of([&] { add("more"); }).code(), Errc::too_large);
  EXPECT_EQ(add("last").outcome, Outcome::repeated);
}

TEST_P(Feed, ErasesATopicWhole) {
  const Topic other{"demo", "conversation/2"};
  database_.write([&](db::Tx& tx) { open_topic(tx, other, kNow); });
  add("a");
  add("a", "kept", other);
  const auto erase = [&] {
    return database_.write([](db::Tx& tx) { return erase_topic(tx, kTopic); });
  };
  EXPECT_TRUE(erase());
  EXPECT_FALSE(erase());
  EXPECT_THAT(after(0), IsEmpty());
  EXPECT_EQ(last(), std::nullopt);
  EXPECT_THAT(after(0, 9, other), SizeIs(1));
}

TEST_P(Feed, WhatRollsBackTakesNoNumber) {
  EXPECT_THROW(database_.write([](db::Tx& tx) {
    append(tx, kTopic, "a", "said", kNow, [](auto) { return "x"; });
    throw Error(Errc::invalid, "no");
  }),
               Error);
  EXPECT_EQ(add("b").event.seq, 1);
}

// Writers beside each other, some with the same ids, and a reader that follows: each event once,
// numbered without a gap, and no number shows before a smaller one.
TEST_P(Feed, ManyWritersAreOneOrder) {
  constexpr int kWriters = 4;
  constexpr int kEach = 12;
  constexpr int kShared = 4;  // ids that every writer sends
  constexpr std::int64_t kTotal = kWriters * (kEach - kShared) + kShared;
  std::atomic<int> writing = kWriters;
  std::mutex mutex;
  std::map<std::string, std::int64_t> seq_of;
  std::vector<Event> followed;
  {
    std::vector<std::jthread> threads;
    for (int writer = 0; writer < kWriters; ++writer)
      threads.emplace_back([&, writer] {
        for (int i = 0; i < kEach; ++i) {
          const std::string id = i < kShared
                                     ? "shared" + std::to_string(i)
                                     : "w" + std::to_string(writer) + "-" + std::to_string(i);
          const Event event = add(id).event;
          const std::scoped_lock lock(mutex);
          const auto [known, first] = seq_of.emplace(id, event.seq);
          EXPECT_EQ(known->second, event.seq) << id;
        }
        --writing;
      });
    for (bool last = false; !last;) {
      last = writing == 0;  // read once more after the end
      for (Event& event : after(followed.empty() ? 0 : followed.back().seq))
        followed.push_back(std::move(event));
    }
  }
  ASSERT_THAT(followed, SizeIs(kTotal));
  for (std::int64_t i = 0; i < kTotal; ++i) {
    const Event& event = followed[static_cast<std::size_t>(i)];
    EXPECT_EQ(event.seq, i + 1);
    EXPECT_EQ(seq_of.at(event.id), event.seq);
  }
  EXPECT_THAT(last(), Optional(kTotal));
}

}  // namespace
}  // namespace parvis::feed
