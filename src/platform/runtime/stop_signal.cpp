#include "runtime/stop_signal.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>

namespace parvis::runtime {

struct StopSignal::Impl {
  boost::asio::io_context io;
  boost::asio::signal_set signals{io, SIGTERM, SIGINT};
};

StopSignal::StopSignal() : impl_(std::make_unique<Impl>()) {}
StopSignal::~StopSignal() = default;

void StopSignal::wait() {
  impl_->signals.async_wait([](const boost::system::error_code&, int) {});
  impl_->io.restart();
  impl_->io.run();
}

void StopSignal::next_one_kills() {
  impl_->signals.clear();
  const auto end = [](int) { std::_Exit(1); };
  std::signal(SIGTERM, end);
  std::signal(SIGINT, end);
}

}  // namespace parvis::runtime
