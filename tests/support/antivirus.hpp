// A clamd that answers what a test wants, when it wants.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "inspect/clamd.hpp"

namespace parvis::support {

// Says of each file that it is clean, once `before` has returned: what happens during a look.
class SlowAntivirus {
 public:
  SlowAntivirus(const std::filesystem::path& path, std::function<void()> before,
                std::string says = "stream: OK")
      : path_(path) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    thread_ = std::jthread([this, before = std::move(before), says = std::move(says)] {
      for (int client; (client = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(client)) {
        // "zINSTREAM", then chunks: the empty one, four zeros, ends it.
        std::string sent, more(4096, '\0');
        while (!sent.ends_with(std::string(4, '\0'))) {
          const ssize_t some = ::recv(client, more.data(), more.size(), 0);
          if (some <= 0) break;
          sent.append(more, 0, static_cast<std::size_t>(some));
        }
        before();
        ::send(client, says.c_str(), says.size() + 1, MSG_NOSIGNAL);
      }
    });
  }
  ~SlowAntivirus() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  const inspect::Clamd& clamd() const { return clamd_; }

 private:
  const std::filesystem::path path_;
  int listener_ = -1;
  std::jthread thread_;
  const inspect::Clamd clamd_{{.address = "unix:" + path_.string()}};
};

}  // namespace parvis::support
