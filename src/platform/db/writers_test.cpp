#include "db/writers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "base/error.hpp"

namespace parvis::db {
namespace {
using ::testing::AnyOf;
using ::testing::ElementsAre;
using Company = Writers::Company;
using Keep = Writers::Keep;

// Writes down what it is told.
class Told final : public Connection {
 public:
  void begin(Access, std::string_view) override { all.emplace_back("begin"); }
  void commit() override {
    all.emplace_back("commit");
    if (refusals > 0) {
      --refusals;
      throw Error(Errc::unavailable, "the disk is full");
    }
  }
  void rollback() noexcept override { all.emplace_back("rollback"); }
  bool usable() const override { return true; }
  std::int64_t run(const char*, std::span<const Value>, const std::function<void(Row)>&) override {
    return 0;
  }
  void script(const std::string& sql) override {
    if (lost && sql.starts_with("rollback")) throw Error(Errc::failed, "no such savepoint");
    all.push_back(sql);
  }
  void lock_schema() override {}

  std::vector<std::string> all;
  int refusals = 0;
  bool lost = false;
};

class Turns : public ::testing::Test {
 protected:
  void write(const std::function<void()>& body, Company company = Company::shared) {
    writers_.run(Access::write, company, Keep::commit, body);
  }
  // `first` has its turn, and each of the others waits for its own before it ends.
  void together(const std::function<void()>& first, std::vector<std::function<void()>> others) {
    std::vector<std::jthread> threads;
    write([&] {
      first();
      if (!threads.empty()) return;  // it is run again
      for (const auto& other : others) {
        threads.emplace_back([&, other] {
          try {
            write(other);
          } catch (const Error&) {
            ++thrown_;
          }
        });
        const auto wanted = static_cast<int>(threads.size());
        while (writers_.waiting() < wanted) std::this_thread::yield();
      }
    });
  }
  long count(std::string_view what) { return std::ranges::count(told_.all, what); }

  Told told_;
  Writers writers_{told_, std::chrono::seconds(60)};
  std::atomic<int> thrown_ = 0;
};

TEST_F(Turns, OneThatIsAlonePaysNothing) {
  write([] {});
  write([] {}, Company::alone);
  EXPECT_THAT(told_.all, ElementsAre("begin", "commit", "begin", "commit"));
}

TEST_F(Turns, ThoseWhoWaitShareOneCommit) {
  std::atomic<int> done = 0;
  together([] {}, {[&] { ++done; }, [&] { ++done; }, [&] { ++done; }});
  EXPECT_EQ(done, 3);
  EXPECT_EQ(count("begin"), 1);
  EXPECT_EQ(count("savepoint one"), 3);
  EXPECT_EQ(count("release one"), 3);
  EXPECT_EQ(count("commit"), 1);
  EXPECT_EQ(told_.all.back(), "commit");
}

TEST_F(Turns, OneThatThrowsTakesBackItsOwnAlone) {
  together([] {}, {[] {}, [] { throw Error(Errc::conflict, "no"); }, [] {}});
  EXPECT_EQ(thrown_, 1);
  EXPECT_EQ(count("rollback to one; release one"), 1);
  EXPECT_EQ(count("release one"), 2);
  EXPECT_EQ(count("commit"), 1);
  EXPECT_EQ(count("rollback"), 0);
}

TEST_F(Turns, WhenTheFirstThrowsTheOthersBeginAnew) {
  EXPECT_THROW(together([] { throw Error(Errc::conflict, "no"); }, {}), Error);
  EXPECT_THAT(told_.all, ElementsAre("begin", "rollback"));
  write([] {});
  EXPECT_EQ(told_.all.back(), "commit");
}

TEST_F(Turns, ACommitThatFailsForAllIsTriedForEach) {
  told_.refusals = 1;
  std::atomic<int> runs = 0;
  together([&] { ++runs; }, {[&] { ++runs; }, [&] { ++runs; }});
  EXPECT_EQ(runs, 6);
  EXPECT_EQ(thrown_, 0);
  EXPECT_EQ(count("commit"), 4);  // one for all, then one each
}

TEST_F(Turns, WhenTheEngineLosesAllEachFailsOrSucceedsByItself) {
  told_.lost = true;
  std::atomic<int> runs = 0;
  together([&] { ++runs; }, {[&] { ++runs; }, [] { throw Error(Errc::unavailable, "full"); }});
  EXPECT_EQ(thrown_, 1);
  // Twice each, or once for who joins only after the loss.
  EXPECT_THAT(runs.load(), AnyOf(3, 4));
  EXPECT_EQ(count("commit"), 2);
}

TEST_F(Turns, NobodyFailsForTheSakeOfTheSecond) {
  told_.lost = true;
  std::atomic<int> runs = 0;
  together([&] { ++runs; }, {[] { throw Error(Errc::unavailable, "full"); }});
  EXPECT_EQ(thrown_, 1);
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(count("commit"), 1);
}

TEST_F(Turns, ARehearsalLeavesNothing) {
  writers_.run(Access::write, Company::alone, Keep::roll_back, [] {});
  EXPECT_THAT(told_.all, ElementsAre("begin", "rollback"));
}

TEST_F(Turns, NobodyWaitsForEver) {
  Writers hasty(told_, std::chrono::milliseconds(1));
  const auto refused = [&](Company company) {
    try {
      hasty.run(Access::write, company, Keep::commit, [] {});
    } catch (const Error& e) {
      return e.code() == Errc::overloaded;
    }
    return false;
  };
  std::array<bool, 2> told{};
  hasty.run(Access::write, Company::shared, Keep::commit, [&] {
    std::jthread([&] { told = {refused(Company::shared), refused(Company::alone)}; }).join();
  });
  EXPECT_TRUE(told[0] && told[1]);
  EXPECT_EQ(count("commit"), 1);  // nobody that gave up is waited for
}

}  // namespace
}  // namespace parvis::db
