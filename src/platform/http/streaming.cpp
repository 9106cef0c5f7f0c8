// It turns: ask what there is to do, do it, else sleep.
//
//   One sleep. The coroutine waits in a single place, its bell's sleep_until(). A ring, a socket
//     that can be read or written, stop() and a deadline all end that sleep, and none says why: the
//     coroutine looks at the flags. Nothing else runs on the loop between the look and the sleep,
//     so no wake-up is lost.
//   The client's end. A client has nothing to say: what it sends is dropped, and the end of what it
//     sends is its leaving. One that vanishes without a word leaves pings unacknowledged, and the
//     kernel gives up on the connection (TCP_USER_TIMEOUT).
//   Slowness. A piece is written within stream_write_time, from its first byte to its last, however
//     they drip. What the kernel keeps for a client is bounded too.
//   Memory. Between two wake-ups there are two coroutine frames, the bell, a socket and the
//     functions of the Stream. Pages and their bytes live in frames that end before the sleep.
#include "http/streaming.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <utility>

#include "base/log.hpp"

namespace parvis::http {

namespace asio = boost::asio;
using boost::system::error_code;

struct Streaming::Watch {
  std::function<void()> wake;
  bool readable = false;
  bool writable = false;
};

Streaming::Streaming(Connection::Socket socket, std::unique_ptr<Opening> opening,
                     Dispatcher& dispatcher, const Limits& limits,
                     const std::atomic<bool>& stopping)
    : socket_(std::move(socket)),
      opening_(std::move(opening)),
      dispatcher_(dispatcher),
      limits_(limits),
      stopping_(stopping),
      watch_(std::make_shared<Watch>(opening_->bell.waker())) {
  error_code ignored;  // a socket that is no longer connected shows it at the first read
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::socket_base::send_buffer_size(kStreamPiece), ignored);
  const auto patience = limits.stream_ping_time + limits.stream_write_time;
  const auto milliseconds = static_cast<unsigned>(patience.count());
  ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds,
               sizeof milliseconds);  // refused by a Unix socket, whose peer cannot vanish
}

Streaming::~Streaming() = default;

std::string_view Streaming::name(End end) {
  switch (end) {
    case End::none:
      break;
    case End::left:
      return "left";
    case End::slow:
      return "slow";
    case End::refused:
      return "refused";
    case End::stopping:
      return "stopping";
    case End::overloaded:
      return "overloaded";
    case End::failed:
      return "failed";
  }
  return "none";
}

asio::awaitable<void> Streaming::run() {
  const auto started = Steady::now();
  watch_reads();
  const End end = co_await follow();
  if (end == End::stopping || end == End::overloaded || end == End::failed) {
    // Spread over as much again, so that not all clients come back at once.
    const auto wait = std::max(limits_.stream_retry_time, std::chrono::milliseconds(1));
    const auto spread =
        std::hash<std::string>()(opening_->request_id) % static_cast<std::size_t>(wait.count());
    co_await write(retry_line(wait + std::chrono::milliseconds(spread)));
  }
  error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_both, ignored);
  socket_.close(ignored);
  dispatcher_.ended(
      *opening_,
      {.why = name(end), .events = events_, .bytes = bytes_, .took = Steady::now() - started});
}

void Streaming::close(Connection::Close when) {
  error_code ignored;
  if (when == Connection::Close::now) socket_.close(ignored);
  watch_->wake();
}

asio::awaitable<Streaming::End> Streaming::follow() {
  check_at_ = Steady::now() + limits_.stream_check_time;
  seen_ = std::move(opening_->first.last);
  more_ = opening_->first.events > 0;
  events_ = opening_->first.events;
  dispatcher_.sent(events_);
  End end =
      co_await write(std::exchange(opening_->head, {}) + std::exchange(opening_->first.bytes, {}));
  while (end == End::none) {
    if (!here()) co_return End::left;
    if (stopping_) co_return End::stopping;
    const auto now = Steady::now();
    if (now >= check_at_) {
      end = co_await check();
    } else if (opening_->bell.rung() || more_) {
      end = co_await read();
    } else if (now >= ping_at_) {
      end = co_await write(kPing);
    } else {
      co_await opening_->bell.sleep_until(std::min(ping_at_, check_at_));
    }
  }
  co_return end;
}

asio::awaitable<Streaming::End> Streaming::read() {
  Page page;
  End end = co_await on_worker([&] { page = page_after(opening_->stream, seen_); });
  if (end != End::none) co_return end;
  more_ = page.events > 0;
  if (!more_) co_return End::none;
  end = co_await write(page.bytes);
  if (end != End::none) co_return end;
  seen_ = std::move(page.last);
  events_ += page.events;
  dispatcher_.sent(page.events);
  co_return End::none;
}

asio::awaitable<Streaming::End> Streaming::check() {
  bool allowed = true;
  if (opening_->stream.still_allowed) {
    const End end = co_await on_worker([&] { allowed = opening_->stream.still_allowed(); });
    if (end != End::none) co_return end;
  }
  check_at_ = Steady::now() + limits_.stream_check_time;
  co_return allowed ? End::none : End::refused;
}

// On the pool, when it has a place: a stream can wait better than a request.
asio::awaitable<Streaming::End> Streaming::on_worker(std::function<void()> work) {
  bool done = false;
  const std::function<void()> guarded = [&] {
    const auto failed = [&](std::string_view what) {
      log(Level::error, "stream", {{"request", opening_->request_id}, {"error", what}});
    };
    try {
      work();
      done = true;
    } catch (const std::exception& error) {
      failed(error.what());
    } catch (...) {
      failed("unknown");
    }
  };
  for (std::size_t tried = 0; tried < kStreamTries; ++tried) {
    if (co_await dispatcher_.on_worker(guarded)) co_return done ? End::none : End::failed;
    for (const auto until = Steady::now() + limits_.stream_pause_time; Steady::now() < until;) {
      if (!here()) co_return End::left;
      if (stopping_) co_return End::stopping;
      co_await opening_->bell.sleep_until(until);
    }
  }
  co_return End::overloaded;
}

asio::awaitable<Streaming::End> Streaming::write(std::string_view bytes) {
  while (!bytes.empty()) {
    std::string_view piece = bytes.substr(0, kStreamPiece);
    bytes.remove_prefix(piece.size());
    const auto deadline = Steady::now() + limits_.stream_write_time;
    while (!piece.empty()) {
      error_code failed;
      watch_->writable = false;
      const std::size_t n = socket_.write_some(asio::buffer(piece), failed);
      piece.remove_prefix(n);
      bytes_ += n;
      if (!failed) continue;
      if (failed != asio::error::would_block && failed != asio::error::try_again)
        co_return End::left;
      watch_writes();
      while (!watch_->writable) {
        if (!here()) co_return End::left;
        if (Steady::now() >= deadline) co_return End::slow;
        co_await opening_->bell.sleep_until(deadline);
      }
    }
  }
  ping_at_ = Steady::now() + limits_.stream_ping_time;
  co_return End::none;
}

bool Streaming::here() {
  if (!socket_.is_open()) return false;
  if (!watch_->readable) return true;
  std::array<char, 512> dropped;
  for (;;) {
    error_code failed;
    heard_ += socket_.read_some(asio::buffer(dropped), failed);
    if (heard_ > kStreamHeard) return false;
    if (failed == asio::error::would_block || failed == asio::error::try_again) break;
    if (failed) return false;
  }
  watch_reads();
  return true;
}

void Streaming::watch_reads() {
  watch_->readable = false;
  socket_.async_wait(asio::socket_base::wait_read, [watch = watch_](const error_code&) {
    watch->readable = true;
    watch->wake();
  });
}

void Streaming::watch_writes() {
  socket_.async_wait(asio::socket_base::wait_write, [watch = watch_](const error_code&) {
    watch->writable = true;
    watch->wake();
  });
}

}  // namespace parvis::http
