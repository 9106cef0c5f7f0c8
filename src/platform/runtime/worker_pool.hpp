// Threads that run plain blocking functions, with a bounded queue in front of them.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace parvis::runtime {

class WorkerPool {
 public:
  using Task =
      std::move_only_function<void()>;  // must not throw: that is a bug and ends the process

  WorkerPool(std::size_t threads, std::size_t queue);
  ~WorkerPool();  // stop()
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False, and `task` untouched, when `queue` tasks already wait or the pool is stopping.
  bool try_submit(Task&& task);
  // Takes no more, runs what was accepted, joins. Idempotent. Not from a worker.
  void stop();

  std::size_t waiting() const;
  std::size_t running() const;

 private:
  void work();

  const std::size_t thread_count_;
  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> queue_;
  std::size_t running_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace parvis::runtime
