// Wakes whoever waits for news of a topic, after a commit. What happened is in the database: a ring
// only says "look again", so rings may be merged into one, and none is lost.
//
//   Doorbell::Bell bell(doorbell, topic, co_await asio::this_coro::executor);  // subscribe, then
//   for (;;) {
//     ... read what is new ...                                                 // read, then
//     if (nothing was new) co_await bell.wait();                               // wait: no gap
//   }
//
// One process. Where several nodes share a database, whoever listens to the commits of the others
// calls ring() for their topics; neither side of this header changes.
//
// An idle bell is a node of a few hundred bytes: no thread, no coroutine, nothing that ticks.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace parvis::runtime {

inline constexpr std::size_t kTopicBytes = 256;  // of a topic's name, CHECKed

class Doorbell {
 public:
  class Bell;

  Doorbell();
  ~Doorbell();  // bells may outlive it: they stay silent
  Doorbell(const Doorbell&) = delete;
  Doorbell& operator=(const Doorbell&) = delete;

  // Once what there is to read is committed. Any thread; waits for no listener. A bell that already
  // rang and was not asked since costs nothing.
  void ring(std::string_view topic);
  std::size_t listening() const;  // bells, of all topics; thread-safe

 private:
  struct Ring;                    // one listener
  struct Table;                   // all of them
  std::shared_ptr<Table> table_;  // shared with the bells, which may outlive this object
};

// Made and destroyed on any thread; the rest is for one coroutine on `executor`, whose loop runs on
// one thread. Destroyed before the loop that it waits on.
class Doorbell::Bell {
 public:
  using Executor = boost::asio::any_io_executor;
  using Time = std::chrono::steady_clock::time_point;

  Bell(Doorbell& doorbell, std::string topic, const Executor& executor);
  ~Bell();
  Bell(Bell&&) noexcept = default;  // what was moved from can only be destroyed
  Bell& operator=(Bell&&) = delete;

  bool rung();                          // since it was last asked, or made
  boost::asio::awaitable<void> wait();  // until rung(), which is then asked

  // For a coroutine that waits for more than its topic. Sleeps until a ring comes, `waker()` is
  // called or it is `time`, or for no reason; what to do is asked afterwards. As nothing else runs
  // on the loop between asking rung() and sleeping, nothing is lost.
  boost::asio::awaitable<void> sleep_until(Time time);
  std::function<void()> waker() const;  // to be called on the loop; may outlive the bell

 private:
  std::shared_ptr<Table> table_;
  std::shared_ptr<Ring> ring_;  // shared with a wake-up that is on its way to the loop
};

}  // namespace parvis::runtime
