// Asks ClamAV's daemon whether a file is known to be malicious (clamd(8), command INSTREAM). The
// file goes over the socket in pieces; clamd needs no right to read anything of ours.
//
// What to set in clamd.conf: StreamMaxLength no less than kFileMax (Debian's 25M is less), and
// AlertExceedsMax yes, or an archive too large to be searched through passes as clean.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "inspect/report.hpp"

namespace parvis::inspect {

struct Scan {
  enum class Outcome : std::uint8_t {
    clean,
    found,        // detail: the name of what was found, for the log
    unavailable,  // nobody knows; detail: why and what to do, for whoever runs the service
  };
  Outcome outcome = Outcome::unavailable;
  std::string detail = {};
  bool operator==(const Scan&) const = default;
};

struct ClamdConfig {
  std::string address;  // unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310, an IP address
  std::chrono::milliseconds connect_limit{2'000};
  std::chrono::milliseconds time_limit{60'000};  // of one scan, connecting included
};

// Thread-safe; each scan has a connection of its own. Blocks.
class Clamd {
 public:
  explicit Clamd(const ClamdConfig& config);  // Errc::invalid for an address that is not one
  // Throws only what `source` throws. More than kFileMax bytes are `unavailable`.
  Scan scan(const Source& source) const;
  // "ClamAV 1.4.6/27000/Fri Nov 27 …": program, signatures and their date; nothing when it does not
  // answer. For `doctor`.
  std::optional<std::string> version() const;

 private:
  struct Unix {
    std::string path;
  };
  struct Tcp {
    std::string host;
    std::string port;
  };
  class Connection;
  ClamdConfig config_;
  std::variant<Unix, Tcp> address_;
};

inline constexpr std::size_t kAnswerMax = 1024;  // bytes of an answer of clamd
inline constexpr std::size_t kVirusMax = 120;    // bytes of a name that are kept

// What clamd's answer to INSTREAM means, without its final NUL. Takes any bytes.
Scan parse_answer(std::string_view answer);

}  // namespace parvis::inspect
