// A ring crosses threads in two steps: the flag of the listener is raised, and if it was down a
// wake-up is posted to its loop. The listener lowers the flag before it reads. So a commit is
// either seen by that read, or its ring finds the flag down and wakes the listener once more.
//
// The wake-up is posted under the lock of the table: when ~Bell has left the table, nobody touches
// its loop any more.
#include "runtime/doorbell.hpp"

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <unordered_map>

#include "base/error.hpp"

namespace parvis::runtime {

namespace asio = boost::asio;

struct Doorbell::Ring {
  const std::string topic;
  asio::steady_timer sleep;  // touched on its loop
  std::atomic<bool> raised = false;
  std::unordered_multimap<std::string_view, std::shared_ptr<Ring>>::iterator place;
};

struct Doorbell::Table {
  mutable std::mutex mutex;
  // Each key is its ring's own topic.
  std::unordered_multimap<std::string_view, std::shared_ptr<Ring>> rings;
};

Doorbell::Doorbell() : table_(std::make_shared<Table>()) {}
Doorbell::~Doorbell() = default;

void Doorbell::ring(std::string_view topic) {
  const std::lock_guard lock(table_->mutex);
  const auto [first, last] = table_->rings.equal_range(topic);
  for (auto it = first; it != last; ++it) {
    const std::shared_ptr<Ring>& ring = it->second;
    if (ring->raised.exchange(true, std::memory_order_acq_rel)) continue;
    asio::post(ring->sleep.get_executor(), [ring] { ring->sleep.cancel(); });
  }
}

std::size_t Doorbell::listening() const {
  const std::lock_guard lock(table_->mutex);
  return table_->rings.size();
}

Doorbell::Bell::Bell(Doorbell& doorbell, std::string topic, const Executor& executor)
    : table_(doorbell.table_),
      ring_(std::make_shared<Ring>(std::move(topic), asio::steady_timer(executor))) {
  CHECK(!ring_->topic.empty() && ring_->topic.size() <= kTopicBytes);
  const std::lock_guard lock(table_->mutex);
  ring_->place = table_->rings.emplace(ring_->topic, ring_);
}

Doorbell::Bell::~Bell() {
  if (!ring_) return;
  const std::lock_guard lock(table_->mutex);
  table_->rings.erase(ring_->place);
}

bool Doorbell::Bell::rung() { return ring_->raised.exchange(false, std::memory_order_acq_rel); }

asio::awaitable<void> Doorbell::Bell::wait() {
  while (!rung()) co_await sleep_until(Time::max());
}

asio::awaitable<void> Doorbell::Bell::sleep_until(Time time) {
  boost::system::error_code woken;
  ring_->sleep.expires_at(time);
  co_await ring_->sleep.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

std::function<void()> Doorbell::Bell::waker() const {
  return [ring = ring_] { ring->sleep.cancel(); };
}

}  // namespace parvis::runtime
