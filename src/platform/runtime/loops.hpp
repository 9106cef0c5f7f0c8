// Event loops: one thread each, started by the constructor. What runs on a loop never blocks.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

namespace parvis::runtime {

class Loops {
 public:
  explicit Loops(std::size_t count = 1);
  ~Loops();  // stops; what was posted and did not run is destroyed
  Loops(const Loops&) = delete;
  Loops& operator=(const Loops&) = delete;

  boost::asio::io_context& next();  // in turn; thread-safe
  boost::asio::io_context& at(std::size_t i) { return loops_.at(i)->io; }
  std::size_t size() const { return loops_.size(); }
  void stop();  // after the current handlers; joins. Not from a loop

 private:
  struct Loop {
    boost::asio::io_context io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        io.get_executor()};
    std::thread thread;
  };
  std::vector<std::unique_ptr<Loop>> loops_;
  std::atomic<std::size_t> turn_ = 0;
};

}  // namespace parvis::runtime
