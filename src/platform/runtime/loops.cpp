#include "runtime/loops.hpp"

#include "base/error.hpp"

namespace parvis::runtime {

Loops::Loops(std::size_t count) {
  CHECK(count > 0);
  for (std::size_t i = 0; i < count; ++i) {
    Loop& loop = *loops_.emplace_back(std::make_unique<Loop>());
    loop.thread = std::thread([&loop] { loop.io.run(); });
  }
}

Loops::~Loops() { stop(); }

boost::asio::io_context& Loops::next() {
  return loops_[turn_.fetch_add(1, std::memory_order_relaxed) % loops_.size()]->io;
}

void Loops::stop() {
  for (const auto& loop : loops_) loop->io.stop();
  for (const auto& loop : loops_)
    if (loop->thread.joinable()) loop->thread.join();
}

}  // namespace parvis::runtime
