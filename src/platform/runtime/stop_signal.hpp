// SIGTERM and SIGINT as an event: made early in main, waited for by main's thread.
#pragma once

#include <memory>

namespace parvis::runtime {

class StopSignal {
 public:
  StopSignal();  // from here on the signals no longer end the process by themselves
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  void wait();  // until one came, before or after the call
  // From now on a second signal ends the process at once (status 1), as a person at a terminal
  // expects who presses Ctrl-C twice.
  void next_one_kills();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parvis::runtime
