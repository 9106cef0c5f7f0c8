// Streams of events through the real server, over sockets. The feed of the tests keeps its events
// in memory: the id of an event is its number from 1. Limits are small where one is awaited and
// stay long where none may fire.
#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <mutex>
#include <semaphore>
#include <thread>

#include "base/log.hpp"
#include "http/server.hpp"
#include "http/stream.hpp"
#include "support/stream_client.hpp"

namespace parvis::http {
namespace {

using parvis::test::Fields;
using parvis::test::Heard;
using parvis::test::HttpClient;
using parvis::test::StreamClient;
using testing::HasSubstr;
using testing::Not;

class Feed {
 public:
  static constexpr std::size_t kPage = 3;

  void commit(std::string data) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(data));
  }
  std::vector<Event> after(const std::string& id) {
    std::vector<Event> page;
    {
      const std::lock_guard lock(mutex_);
      ++reads_;
      for (std::size_t i = std::strtoul(id.c_str(), nullptr, 10);
           i < events_.size() && page.size() < kPage; ++i)
        page.push_back({std::to_string(i + 1), "said", events_[i]});
    }
    if (after_reading) after_reading();
    return page;
  }
  std::size_t reads() {
    const std::lock_guard lock(mutex_);
    return reads_;
  }
  std::function<void()> after_reading;  // set before the first stream

 private:
  std::mutex mutex_;
  std::vector<std::string> events_;
  std::size_t reads_ = 0;
};

struct House {
  explicit House(Limits limits = {}, std::size_t threads = 2, std::size_t queue = 16)
      : loops(2), workers(threads, queue) {
    log_from(Level(4));  // some tests end streams by errors: keep their output clean
    Router router;
    router.stream("/events", [this](const Request&) -> Reply { return stream(); });
    router.stream("/refused", [this](const Request&) -> Reply {
      if (refused) throw Error(Errc::not_found, "Cette page n’existe pas.");
      return stream();
    });
    router.stream("/lapsing", [this](const Request&) -> Reply {
      Stream lapsing = stream();
      lapsing.still_allowed = [this] { return !refused; };
      return lapsing;
    });
    router.stream("/failing", [this](const Request&) -> Reply {
      Stream failing = stream();
      failing.next = [this](const std::string& after) {
        if (refused) throw Error(Errc::unavailable, "");
        return feed.after(after);
      };
      return failing;
    });
    router.stream("/gives", [this](const Request& r) -> Reply {
      Stream given = stream();
      given.next = [event = Event{std::string(r.query_value("id").value_or("")),
                                  std::string(r.query_value("type").value_or("")),
                                  std::string(r.query_value("data").value_or(""))}](
                       const std::string&) { return std::vector{event}; };
      return given;
    });
    router.stream("/endless", [this](const Request&) -> Reply {
      Stream endless = stream();
      endless.next = [](const std::string& after) {
        const std::size_t n = std::strtoul(after.c_str(), nullptr, 10) + 1;
        return std::vector{Event{std::to_string(n), "", std::string(100'000, 'x')}};
      };
      return endless;
    });
    router.stream("/huge", [this](const Request&) -> Reply {  // more than kernels keep for a client
      Stream huge = stream();
      huge.next = [](const std::string& after) {
        std::vector<Event> page;
        for (std::size_t n = 1; after.empty() && n <= 32; ++n)
          page.push_back({std::to_string(n), "", std::string(kEventBytes, 'x')});
        return page;
      };
      return huge;
    });
    router.stream("/topics/{topic}", [this](const Request& r) -> Reply {
      Stream of = stream();
      of.topic = *r.param("topic");
      return of;
    });
    router.stream("/header", [this](const Request& r) -> Reply {
      Stream with = stream();
      with.headers = {{"X-Own", std::string(*r.query_value("value"))},
                      {"Content-Security-Policy", "default-src 'none'"}};
      return with;
    });
    router.get("/hello", [](const Request&) { return Response::text("hello"); });
    router.get("/wait", [this](const Request&) {
      entered.release();
      go_on.wait();
      return Response::text("done");
    });
    server.emplace(loops, workers, metrics, std::move(router), ServerOptions{.limits = limits});
    server->listen({"127.0.0.1", 0});
  }
  ~House() {
    release();
    server.reset();
    workers.stop();
  }
  void release() {
    if (!std::exchange(released, true)) gate.set_value();
  }
  Stream stream() {
    return {.doorbell = doorbell, .topic = "t", .next = [this](const std::string& after) {
              return feed.after(after);
            }};
  }
  void say(std::string data) {
    feed.commit(std::move(data));
    doorbell.ring("t");
  }
  void until_listening(std::size_t bells) const {
    while (doorbell.listening() != bells) std::this_thread::yield();
  }
  // A worker answers a little before it is idle again.
  void until_idle() const {
    while (workers.running() != 0) std::this_thread::yield();
  }
  std::uint16_t port() const { return server->port(); }

  Feed feed;
  std::atomic<bool> refused = false;
  std::promise<void> gate;  // opened by release()
  std::shared_future<void> go_on = gate.get_future().share();
  bool released = false;
  std::counting_semaphore<> entered{0};
  runtime::Doorbell doorbell;
  Metrics metrics;
  runtime::Loops loops;
  runtime::WorkerPool workers;
  std::optional<Server> server;
};

Heard said(int id, std::string data) {
  return {.id = std::to_string(id),
          .type = "said",
          .data = std::move(data),
          .comment = {},
          .retry = {}};
}

Limits limits_with(const std::function<void(Limits&)>& change) {
  Limits limits;
  change(limits);
  return limits;
}

TEST(Streams, give_what_there_was_and_then_what_comes) {
  House house;
  house.feed.commit("one");
  house.feed.commit("two\nlines");
  StreamClient client(house.port(), "/events");
  EXPECT_EQ(client.head().status, 200);
  EXPECT_EQ(client.head().header("content-type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(client.head().header("cache-control"), "no-store");
  EXPECT_THAT(client.head().header("content-security-policy"), HasSubstr("default-src 'self'"));
  EXPECT_EQ(client.head().header("x-content-type-options"), "nosniff");
  EXPECT_EQ(client.head().header("x-request-id").size(), 16u);
  EXPECT_EQ(client.head().header("x-accel-buffering"), "no");
  EXPECT_EQ(client.head().header("connection"), "close");
  EXPECT_EQ(client.next(), said(1, "one"));
  EXPECT_EQ(client.next(), said(2, "two\nlines"));
  house.say("three");
  EXPECT_EQ(client.next(), said(3, "three"));
  house.doorbell.ring("t");  // nothing new: nothing is said
  house.say("four");
  EXPECT_EQ(client.next(), said(4, "four"));
}

TEST(Streams, read_on_page_by_page_without_a_ring) {
  House house;
  for (int i = 1; i <= 10; ++i) house.feed.commit(std::to_string(i));
  StreamClient client(house.port(), "/events");
  for (int i = 1; i <= 10; ++i) EXPECT_EQ(client.next(), said(i, std::to_string(i)));
}

TEST(Streams, resume_after_the_event_that_was_seen) {
  House house;
  for (const char* data : {"a", "b", "c"}) house.feed.commit(data);
  const Fields seen = {{"Last-Event-ID", "2"}};
  EXPECT_EQ(StreamClient(house.port(), "/events?after=1").next(), said(2, "b"));
  EXPECT_EQ(StreamClient(house.port(), "/events", seen).next(), said(3, "c"));
  EXPECT_EQ(StreamClient(house.port(), "/events?after=1", seen).next(), said(3, "c"))
      << "the header is newer: the address is that of the first time";
  EXPECT_EQ(StreamClient(house.port(), "/events?after=", {{"Last-Event-ID", ""}}).next(),
            said(1, "a"));
  StreamClient up_to_date(house.port(), "/events?after=3");
  house.say("d");
  EXPECT_EQ(up_to_date.next(), said(4, "d"));
}

TEST(Streams, refuse_ids_that_are_none) {
  House house;
  const std::string too_long(kEventIdBytes + 1, '1');
  for (const std::string& id :
       std::vector<std::string>{"%0Aid:9", "a%0Db", "a%20b", "%C3%A9", "%7F", "%00", too_long}) {
    const StreamClient client(house.port(), "/events?after=" + id);
    EXPECT_EQ(client.head().status, 400) << id;
  }
  for (const std::string& id : std::vector<std::string>{"a b", "é", "\"1\" 2", "a\tb", too_long}) {
    const StreamClient client(house.port(), "/events", {{"Last-Event-ID", id}});
    EXPECT_EQ(client.head().status, 400) << id;
    EXPECT_EQ(client.head().header("content-type"), "application/problem+json");
  }
  EXPECT_EQ(house.feed.reads(), 0u);
  EXPECT_EQ(house.doorbell.listening(), 0u);
  EXPECT_EQ(StreamClient(house.port(), "/events?after=unknown").head().status, 200);
}

TEST(Streams, lose_nothing_that_comes_while_they_read) {
  std::atomic<int> late = 2;  // committed after the reading that could have seen it
  House house;
  house.feed.after_reading = [&] {
    if (late > 0) house.say("late " + std::to_string(late--));
  };
  StreamClient client(house.port(), "/events");
  EXPECT_EQ(client.next(), said(1, "late 2")) << "while the first page was read, before the head";
  EXPECT_EQ(client.next(), said(2, "late 1"));
}

TEST(Streams, keep_order_with_many_writers_and_readers) {
  constexpr int kWriters = 3, kEach = 100, kAll = kWriters * kEach;
  House house({}, 2, 64);
  std::vector<std::unique_ptr<StreamClient>> clients;
  for (int i = 0; i < 6; ++i)
    clients.push_back(std::make_unique<StreamClient>(house.port(), "/events"));
  {
    std::vector<std::jthread> writers;
    for (int w = 0; w < kWriters; ++w)
      writers.emplace_back([&] {
        for (int i = 0; i < kEach; ++i) house.say("x");
      });
  }
  for (const auto& client : clients)
    for (int i = 1; i <= kAll; ++i) ASSERT_EQ(client->next_event(), said(i, "x"));
}

TEST(Streams, listen_to_their_own_topic) {
  House house;
  StreamClient one(house.port(), "/topics/one"), two(house.port(), "/topics/two");
  const std::size_t reads = house.feed.reads();
  house.feed.commit("a");
  house.doorbell.ring("one");
  EXPECT_EQ(one.next(), said(1, "a"));
  house.doorbell.ring("none");
  house.feed.commit("b");
  house.doorbell.ring("one");
  EXPECT_EQ(one.next(), said(2, "b"));
  EXPECT_LE(house.feed.reads(), reads + 4) << "at most two for each ring that was heard";
  house.doorbell.ring("two");
  EXPECT_EQ(two.next(), said(1, "a"));
}

TEST(Streams, ping_in_silence_without_reading) {
  House house(limits_with([](Limits& l) { l.stream_ping_time = 10ms; }));
  StreamClient client(house.port(), "/events");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.next()->comment, "ping");
  EXPECT_EQ(house.feed.reads(), 1u);
  house.say("one");
  EXPECT_EQ(client.next_event(), said(1, "one"));
}

TEST(Streams, a_gate_that_refuses_answers_as_any_handler) {
  House house;
  house.refused = true;
  StreamClient client(house.port(), "/refused");
  EXPECT_EQ(client.head().status, 404);
  EXPECT_EQ(client.head().header("content-type"), "application/problem+json");
  EXPECT_THAT(client.head().body, HasSubstr("Cette page n’existe pas."));
  house.refused = false;
  client.open("/refused");
  EXPECT_EQ(client.head().status, 200) << "on the same connection";
  house.say("one");
  EXPECT_EQ(client.next(), said(1, "one"));
}

TEST(Streams, end_when_they_are_no_longer_allowed) {
  House house(limits_with([](Limits& l) {
    l.stream_check_time = 5ms;
    l.stream_ping_time = 5ms;
  }));
  StreamClient client(house.port(), "/lapsing");
  EXPECT_EQ(client.next()->comment, "ping");
  EXPECT_EQ(client.next()->comment, "ping");
  house.refused = true;
  EXPECT_EQ(client.next_event(), std::nullopt) << "without a word: the gate will answer";
}

TEST(Streams, say_when_to_come_back_after_a_failure) {
  House house(limits_with([](Limits& l) { l.stream_retry_time = 500ms; }));
  StreamClient client(house.port(), "/failing");
  house.say("one");
  EXPECT_EQ(client.next(), said(1, "one"));
  house.refused = true;
  house.say("two");
  const auto last = client.next();
  ASSERT_TRUE(last);
  EXPECT_GE(std::stoi(last->retry), 500);
  EXPECT_LT(std::stoi(last->retry), 1000);
  EXPECT_EQ(client.next(), std::nullopt);
  const StreamClient again(house.port(), "/failing?after=1");
  EXPECT_EQ(again.head().status, 503) << "what fails before the first byte has its status";
  EXPECT_EQ(again.head().header("retry-after"), "2");
  house.until_listening(0);
}

TEST(Streams, never_write_an_event_that_would_inject) {
  House house;
  for (const char* bad : {"id=", "id=a%0Adata:+b", "id=%0D", "id=1&type=a%0A%0A", "id=1&type=a+b"})
    EXPECT_EQ(StreamClient(house.port(), std::string("/gives?") + bad).head().status, 500) << bad;
  EXPECT_EQ(StreamClient(house.port(), "/header?value=a%0D%0ASet-Cookie:+b").head().status, 500);
  const StreamClient fine(house.port(), "/header?value=a");
  EXPECT_EQ(fine.head().header("x-own"), "a");
  EXPECT_EQ(fine.head().header("content-security-policy"), "default-src 'none'");
  // The second page ends where the first did: a reader that never comes to an end.
  StreamClient client(house.port(), "/gives?id=1&data=a%0A%0Aid:+9%0Devent:+b");
  const auto event = client.next();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->id, "1");
  EXPECT_EQ(event->type, "");
  EXPECT_EQ(event->data, "a\n\nid: 9\nevent: b");
  EXPECT_NE(client.next()->retry, "");
}

TEST(Streams, cut_a_client_that_does_not_read) {
  House house(limits_with([](Limits& l) { l.stream_write_time = 300ms; }));
  StreamClient client(house.port(), "/endless"), reader(house.port(), "/endless");
  for (int i = 1; i <= 100; ++i) ASSERT_EQ(reader.next()->data.size(), 100'000u);
  house.until_listening(0);  // both are cut once they stop reading
  const auto to_the_end = [&] {
    while (client.next()) continue;
  };
  EXPECT_THROW(to_the_end(), std::runtime_error) << "in the middle of an event";
}

TEST(Streams, notice_a_client_that_leaves) {
  House house;
  {
    const StreamClient gone(house.port(), "/events");
    EXPECT_EQ(house.doorbell.listening(), 1u);
  }
  house.until_listening(0);
  StreamClient half(house.port(), "/events");
  half.http().half_close();
  EXPECT_TRUE(half.closed());
  house.until_listening(0);
  EXPECT_EQ(house.feed.reads(), 2u) << "nothing rang";
}

TEST(Streams, do_not_listen_to_their_client) {
  House house;
  StreamClient talker(house.port(), "/events"), shouter(house.port(), "/events");
  talker.http().send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  house.say("one");
  EXPECT_EQ(talker.next(), said(1, "one")) << "what it says is dropped, nothing answers it";
  house.say("two");
  EXPECT_EQ(talker.next(), said(2, "two"));
  shouter.http().send(std::string(kStreamHeard + 1, 'a'));
  house.until_listening(1);
}

TEST(Streams, are_bounded_in_all_and_for_an_address) {
  for (const Limits& limits : {limits_with([](Limits& l) { l.streams = 2; }),
                               limits_with([](Limits& l) { l.streams_per_address = 2; })}) {
    House house(limits);
    const StreamClient first(house.port(), "/events");
    auto second = std::make_unique<StreamClient>(house.port(), "/events");
    StreamClient third(house.port(), "/events");
    EXPECT_EQ(first.head().status, 200);
    EXPECT_EQ(second->head().status, 200);
    EXPECT_EQ(third.head().status, 503);
    EXPECT_EQ(third.head().header("retry-after"), "2");
    EXPECT_THAT(house.metrics.render(), HasSubstr("parvis_http_streams 2\n"));
    EXPECT_THAT(house.metrics.render(), HasSubstr("parvis_http_streams_refused_total 1\n"));
    EXPECT_EQ(house.doorbell.listening(), 2u);
    EXPECT_EQ(third.http().get("/hello").status, 200) << "what is no stream is still answered";
    second.reset();
    house.until_listening(1);
    // The place is given back soon after the bell.
    do third.open("/events");
    while (third.head().status != 200);
    house.say("one");
    EXPECT_EQ(third.next(), said(1, "one"));
  }
}

TEST(Streams, hold_no_place_of_a_connection) {
  House house(limits_with([](Limits& l) {
    l.connections = 2;
    l.connections_per_address = 2;
  }));
  std::vector<std::unique_ptr<StreamClient>> clients;
  while (clients.size() < 5) {
    auto client = std::make_unique<StreamClient>(house.port());
    try {
      client->open("/events");
    } catch (const std::runtime_error&) {
      continue;  // the refusal crossed our request
    }
    // A place is given back just after the head is written.
    if (client->head().status == 200) clients.push_back(std::move(client));
  }
  house.say("one");
  for (const auto& client : clients) EXPECT_EQ(client->next(), said(1, "one"));
}

TEST(Streams, wait_for_a_place_in_a_full_pool) {
  House house(limits_with([](Limits& l) { l.stream_pause_time = 200ms; }), 1, 0);
  StreamClient client(house.port(), "/events");
  HttpClient running(house.port());
  house.until_idle();
  running.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  house.entered.acquire();
  const std::size_t reads = house.feed.reads();
  house.say("one");
  EXPECT_EQ(HttpClient(house.port()).get("/hello").status, 503);
  EXPECT_EQ(StreamClient(house.port(), "/events").head().status, 503);
  EXPECT_EQ(house.feed.reads(), reads);
  house.release();
  EXPECT_EQ(client.next(), said(1, "one"));
}

TEST(Streams, end_when_the_pool_stays_full) {
  House house(limits_with([](Limits& l) { l.stream_pause_time = 1ms; }), 1, 0);
  StreamClient client(house.port(), "/events");
  HttpClient running(house.port());
  house.until_idle();
  running.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  house.entered.acquire();
  house.say("one");
  EXPECT_NE(client.next()->retry, "");
  EXPECT_EQ(client.next(), std::nullopt);
  house.release();
  house.until_idle();
  EXPECT_EQ(StreamClient(house.port(), "/events").head().status, 200);
}

TEST(Streams, say_goodbye_when_the_server_stops) {
  House house(limits_with([](Limits& l) { l.stream_retry_time = 1s; }));
  std::vector<std::unique_ptr<StreamClient>> clients;
  for (int i = 0; i < 5; ++i)
    clients.push_back(std::make_unique<StreamClient>(house.port(), "/events"));
  house.say("one");
  EXPECT_EQ(clients.front()->next(), said(1, "one"));
  EXPECT_TRUE(house.server->stop()) << "nothing was cut";
  clients.erase(clients.begin());
  for (const auto& client : clients) {
    auto last = client->next();
    if (last && last->retry.empty()) last = client->next();  // after the event, if it was read
    ASSERT_TRUE(last);
    EXPECT_GE(std::stoi(last->retry), 1000);
    EXPECT_LT(std::stoi(last->retry), 2000);
    EXPECT_EQ(client->next(), std::nullopt);
  }
  EXPECT_EQ(house.doorbell.listening(), 0u);
  EXPECT_THAT(house.metrics.render(), HasSubstr("parvis_http_streams 0\n"));
}

TEST(Streams, a_stop_cuts_those_who_do_not_read) {
  House house(limits_with([](Limits& l) { l.drain_time = 50ms; }));
  const StreamClient client(house.port(), "/huge");
  EXPECT_FALSE(house.server->stop());
  house.until_listening(0);
}

TEST(Streams, head_is_answered_without_a_stream) {
  House house;
  HttpClient client(house.port());
  const auto reply = client.request("HEAD", "/events");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("content-type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(client.get("/hello").body, "hello");
  EXPECT_EQ(house.feed.reads(), 0u);
}

TEST(Streams, are_logged_once_at_their_end) {
  testing::internal::CaptureStderr();
  std::string id;
  {
    House house;
    log_from(Level::info);
    house.feed.commit("secret one");
    StreamClient client(house.port(), "/events?after=&secret=secret");
    id = client.head().header("x-request-id");
    EXPECT_EQ(client.next(), said(1, "secret one"));
    house.say("secret two");
    EXPECT_EQ(client.next(), said(2, "secret two"));
    house.server->stop();
    log_from(Level(4));
    EXPECT_THAT(house.metrics.render(), HasSubstr("parvis_http_stream_events_total 2\n"));
    EXPECT_THAT(house.metrics.render(),
                HasSubstr("parvis_http_requests_total{route=\"GET /events\",status=\"2xx\"} 1\n"));
  }
  const std::string logged = testing::internal::GetCapturedStderr();
  EXPECT_THAT(logged, HasSubstr(id));
  EXPECT_EQ(logged.find(id), logged.rfind(id));
  EXPECT_THAT(logged, HasSubstr("\"/events\""));
  EXPECT_THAT(logged, HasSubstr("stopping"));
  EXPECT_THAT(logged, testing::ContainsRegex("\"events\":\"?2\"?,"));
  EXPECT_THAT(logged, Not(HasSubstr("secret")));
}

TEST(Streams, hold_hundreds_at_once) {
  constexpr std::size_t kMany = 300;
  House house(limits_with([](Limits& l) {
                l.streams_per_address = kMany;
                l.stream_pause_time = 5ms;
              }),
              2, 2 * kMany);
  std::vector<std::unique_ptr<StreamClient>> clients;
  for (std::size_t i = 0; i < kMany; ++i)
    clients.push_back(std::make_unique<StreamClient>(house.port(), "/topics/" + std::to_string(i)));
  EXPECT_EQ(StreamClient(house.port(), "/events").head().status, 503);
  EXPECT_EQ(house.doorbell.listening(), kMany);
  house.feed.commit("one");
  for (std::size_t i = 0; i < kMany; ++i) house.doorbell.ring(std::to_string(i));
  for (const auto& client : clients) EXPECT_EQ(client->next_event(), said(1, "one"));
}

}  // namespace
}  // namespace parvis::http
