// A real mailbox for tests (tests/support/imap_server.py).
#pragma once

#include <fstream>

#include "support/script_server.hpp"

namespace parvis::support {

class ImapServer : public ScriptServer {
 public:
  explicit ImapServer(const json::object& options = {})
      : ScriptServer("imap", options, SIGTERM, "run bin/setup tests (dovecot-imapd)") {}

  std::string url(const std::string& scheme = "imap") const {
    return scheme + "://localhost:" + port();
  }

  // A mail that came.
  void put(const std::string& bytes) {
    const std::string name = std::to_string(++count_) + ".parvis.test";
    std::ofstream(folder() / "mail/tmp" / name, std::ios::binary) << bytes;
    std::filesystem::permissions(folder() / "mail/tmp" / name, std::filesystem::perms(0666));
    std::filesystem::rename(folder() / "mail/tmp" / name, folder() / "mail/new" / name);
  }
  // How many lie in a folder: "" is the inbox, "Parvis.repris" another.
  std::size_t count(const std::string& name = "") const {
    std::size_t found = 0;
    const auto where = folder() / "mail" / (name.empty() ? "" : "." + name);
    for (const char* part : {"new", "cur"})
      if (std::filesystem::exists(where / part))
        for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator(where / part))
          ++found;
    return found;
  }

 private:
  int count_ = 0;
};

}  // namespace parvis::support
