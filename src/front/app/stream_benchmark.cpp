// `bench streams`: what an idle stream of a conversation takes, and how long a message is on its
// way while all of them are open.
//
//   Memory. The limit is per stream: the process's memory with all of them open, less without.
//   Their
//     clients live in another process.
//   Time. On the same server, two streams hear of a message each 2 ms from a feed in memory: the
//     database is not what is measured. In the gaps the same bytes go to two other sockets of the
//     same clients by a bare Asio broadcast, the peer. A message bears the time of its sending.
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <future>
#include <iostream>
#include <mutex>
#include <thread>

#include "app/conversation_server.hpp"
#include "app/measure.hpp"
#include "app/wire.hpp"
#include "base/error.hpp"
#include "http/descriptors.hpp"
#include "http/stream.hpp"
#include "runtime/loops.hpp"

namespace parvis::app {
namespace {

using Clock = Times::Clock;
using Tcp = boost::asio::ip::tcp;

constexpr std::size_t kStreams = 10'000;
constexpr std::size_t kConversations = 100;          // that they are spread over
constexpr double kBytesPerStream = 12 * 1024;        // the limit
constexpr std::size_t kListeners = 2;                // of messages
constexpr std::size_t kMessages = 4000;              // to each listener
constexpr std::chrono::microseconds kBetween{1000};  // a message of ours and one of the peer's
constexpr std::size_t kMessageBytes = 1000;
constexpr std::string_view kLive = "/bench/live";
constexpr std::size_t kFiles = kStreams + 512;  // of each process

std::string message_now() {
  std::string text = std::to_string(Clock::now().time_since_epoch().count()) + " ";
  text.resize(kMessageBytes, 'x');
  return text;
}

Clock::duration age_of(std::string_view event, Clock::time_point now) {
  constexpr std::string_view kData = "data: ";
  const std::size_t at = event.find(kData);
  Clock::rep sent = 0;
  if (at == std::string_view::npos ||
      std::from_chars(event.data() + at + kData.size(), event.data() + event.size(), sent).ec !=
          std::errc())
    throw Error(Errc::failed, "what came is not what was sent");
  return now.time_since_epoch() - Clock::duration(sent);
}

http::Event event_of(std::size_t number, std::string data) {
  return {.id = std::to_string(number), .type = "message", .data = std::move(data)};
}

// The events of the listeners, by number from 1. Thread-safe.
class LiveFeed {
 public:
  void commit(std::string data) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(data));
  }
  std::vector<http::Event> after(const std::string& last) {
    std::size_t seen = 0;
    std::from_chars(last.data(), last.data() + last.size(), seen);
    std::vector<http::Event> page;
    const std::lock_guard lock(mutex_);
    for (; seen < events_.size() && page.size() < http::kPageEvents; ++seen)
      page.push_back(event_of(seen + 1, events_[seen]));
    return page;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> events_;
};

// The least that a broadcast takes: bytes, a loop, sockets.
class Broadcast {
 public:
  Broadcast()
      : acceptor_(loops_.at(0), Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {}
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  void accept() {
    for (std::size_t i = 0; i < kListeners; ++i) {
      sockets_.push_back(acceptor_.accept());
      sockets_.back().set_option(Tcp::no_delay(true));
    }
  }
  void send(std::string bytes) {
    boost::asio::post(loops_.at(0), [this, bytes = std::move(bytes)] {
      for (Tcp::socket& socket : sockets_) {
        boost::system::error_code gone;  // the client says what is missing
        boost::asio::write(socket, boost::asio::buffer(bytes), gone);
      }
    });
  }

 private:
  std::vector<Tcp::socket> sockets_;  // none when the loop has stopped
  runtime::Loops loops_{1};
  Tcp::acceptor acceptor_;
};

// The clients' process, told what to open and asked what it saw, one JSON line each.
class Clients {
 public:
  Clients() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
      throw Error(Errc::unavailable, "a socket cannot be made");
    std::cout << std::flush;
    pid_ = ::fork();  // there is one thread yet
    if (pid_ < 0) throw Error(Errc::unavailable, "a process cannot be started");
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::close(ends[0]);
      ::_exit(run(Wire(ends[1])));
    }
    ::close(ends[1]);
    wire_.emplace(ends[0]);
  }
  Clients(const Clients&) = delete;
  ~Clients() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  void tell(const json::object& line) { wire_->send(json::serialize(line) + "\n"); }
  json::object hear() {
    auto line = parse_json(wire_->until("\n"));
    if (!line || !line->is_object()) throw Error(Errc::failed, "the clients say nothing");
    if (const auto problem = string_at(line->get_object(), "problem"))
      throw Error(Errc::unavailable, std::string(*problem));
    return std::move(line->get_object());
  }

 private:
  static int run(Wire wire) {
    try {
      measure(wire);
      return 0;
    } catch (const std::exception& error) {
      const auto* own = dynamic_cast<const Error*>(&error);
      wire.send(json::serialize(json::object{{"problem", own ? own->detail() : error.what()}}) +
                "\n");
      return 1;
    }
  }
  static Times listen(Wire& wire) {
    Times times;
    for (std::size_t i = 0; i < kMessages; ++i) {
      const std::string event = next_event(wire);
      times.add(age_of(event, Clock::now()));
    }
    return times;
  }
  static json::object sum(std::span<std::future<Times>> parts) {
    Times all;
    for (auto& part : parts) all.add(part.get());
    return {{"p50", all.at(0.5)}, {"p95", all.at(0.95)}, {"count", all.size()}};
  }
  static void measure(Wire& wire) {
    const json::object told = parse_json(wire.until("\n"))->as_object();
    const auto port = static_cast<std::uint16_t>(told.at("port").as_int64());
    std::vector<Wire> ours, peers, idle;
    for (std::size_t i = 0; i < kListeners; ++i) {
      open_stream(ours.emplace_back(Wire::connect(port)), kLive, "");
      peers.push_back(Wire::connect(static_cast<std::uint16_t>(told.at("peer").as_int64())));
    }
    wire.send("{}\n");
    wire.until("\n");
    const json::array& conversations = told.at("conversations").as_array();
    idle.reserve(kStreams);
    for (std::size_t i = 0; i < kStreams; ++i) {
      const json::array& each = conversations.at(i % conversations.size()).as_array();
      open_stream(idle.emplace_back(Wire::connect(port)), each.at(0).as_string(),
                  each.at(1).as_string());
    }
    std::vector<std::future<Times>> heard;
    for (std::vector<Wire>* wires : {&ours, &peers})
      for (Wire& each : *wires)
        heard.push_back(std::async(std::launch::async, [&each] { return listen(each); }));
    wire.send("{}\n");
    const std::span all(heard);
    json::object seen{{"ours", sum(all.first(kListeners))}};
    seen["peer"] = sum(all.last(kListeners));
    wire.send(json::serialize(seen) + "\n");
    wire.until("\n");  // stays open
  }

  pid_t pid_ = 0;
  std::optional<Wire> wire_;
};

double figure(const json::object& seen, std::string_view whose, std::string_view which) {
  return seen.at(whose).as_object().at(which).to_number<double>();
}

}  // namespace

int bench_streams(const Arguments& arguments) {
  if (const std::size_t files = http::allow_descriptors(kFiles); files < kFiles)
    throw Error(Errc::unavailable,
                fmt::format("the system lets this process open {} files, and the benchmark needs "
                            "{}: raise the hard limit (ulimit -Hn)",
                            files, kFiles));
  Clients clients;
  LiveFeed feed;
  const ConversationServer server(
      {.folder = arguments.config.home / "bench.conversations",
       .policy = [](dialogue::State state, const dialogue::Said&, const std::string&,
                    Instant) { return dialogue::Step{std::move(state), {}}; },
       .streams = kStreams + kListeners,
       .routes =
           [&](http::Router& router, runtime::Doorbell& doorbell) {
             router.stream(std::string(kLive), [&](const http::Request&) -> http::Reply {
               return http::Stream{
                   .doorbell = doorbell,
                   .topic = std::string(kLive),
                   .next = [&](const std::string& last) { return feed.after(last); }};
             });
           }});
  Broadcast peer;
  json::array conversations;
  for (std::size_t i = 0; i < kConversations; ++i) {
    const Talking talking = begin_conversation(server.port());
    conversations.push_back(json::array{talking.target("events"), talking.token});
  }
  clients.tell({{"port", server.port()},
                {"peer", peer.port()},
                {"conversations", std::move(conversations)}});
  clients.hear();
  peer.accept();
  const double without = memory_of("self");
  const auto opening = Clock::now();
  clients.tell({});
  clients.hear();
  const std::chrono::duration<double> opened = Clock::now() - opening;
  const double bytes = (memory_of("self") - without) / kStreams;

  const auto start = Clock::now();
  for (std::size_t i = 0; i < 2 * kMessages; ++i) {
    std::this_thread::sleep_until(start + i * kBetween);
    if (i % 2 == 0) {
      feed.commit(message_now());
      server.doorbell().ring(kLive);
    } else {
      std::string event;
      http::append(event, event_of(i / 2 + 1, message_now()));
      peer.send(std::move(event));
    }
  }
  const std::chrono::duration<double> sent = Clock::now() - start;
  const json::object seen = clients.hear();
  const auto compared = [&](std::string_view which) {
    return beside(figure(seen, "ours", which), figure(seen, "peer", which));
  };
  std::cout << json::serialize(json::object{{"streams", kStreams},
                                            {"opened_per_second", kStreams / opened.count()},
                                            {"bytes_per_stream", within(bytes, kBytesPerStream)},
                                            {"peer", "a bare Asio broadcast"},
                                            {"listeners", kListeners},
                                            {"messages", kMessages},
                                            {"per_second", kMessages / sent.count()},
                                            {"p50_ms", compared("p50")},
                                            {"p95_ms", compared("p95")}})
            << '\n';
  return 0;
}

}  // namespace parvis::app
