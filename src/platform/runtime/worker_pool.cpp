#include "runtime/worker_pool.hpp"

#include "base/error.hpp"

namespace parvis::runtime {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queue)
    : thread_count_(threads), limit_(queue) {
  CHECK(threads > 0);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::try_submit(Task&& task) {
  {
    const std::lock_guard lock(mutex_);
    // An idle thread takes a task at once, so a pool without a queue still works.
    const std::size_t idle = thread_count_ - running_;
    if (stopping_ || queue_.size() >= limit_ + idle) return false;
    queue_.push_back(std::move(task));
  }
  changed_.notify_one();
  return true;
}

void WorkerPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

std::size_t WorkerPool::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

std::size_t WorkerPool::running() const {
  const std::lock_guard lock(mutex_);
  return running_;
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    Task task = std::move(queue_.front());
    queue_.pop_front();
    ++running_;
    lock.unlock();
    task();
    task = nullptr;  // what it holds dies here, not under the lock
    lock.lock();
    --running_;
  }
}

}  // namespace parvis::runtime
