// Hands mail to the town's mail server. Thread-safe: each call has its own connection.
//
// What becomes of it is a value. Nothing in it, nor in an error, is about a person: of a server's
// answer only the numbers are kept, since its words repeat the address.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/sensitive.hpp"
#include "mail/address.hpp"

namespace parvis::mail {

enum class Tls : std::uint8_t {
  required,  // smtp:// without STARTTLS, or with a certificate that does not hold, sends nothing
  // Encrypted when the server offers it, under any certificate: whoever could forge one could as
  // well hide the offer. For a relay on the same machine or network.
  optional,
  none,
};

struct SmtpConfig {
  std::string url;  // smtp://HOST[:PORT], smtps://HOST[:PORT] (TLS from the first byte)
  Tls starttls = Tls::required;  // of smtp://
  std::string user = {};         // empty: without signing in
  Secret<std::string> password{""};
  std::string helo = {};     // how this machine calls itself; empty: its host name
  std::string ca_file = {};  // PEM; empty: those of the system
  std::chrono::milliseconds connect_max{10'000};
  std::chrono::milliseconds send_max{60'000};  // in all, connecting included
  std::size_t bytes_max = 25u << 20;
};

enum class Fate : std::uint8_t {
  sent,
  // Try later: refused for now (4xx), out of reach, too slow, no TLS, or the password is wrong.
  // When the connection broke at the end it may have been sent: sent again, it has the same
  // Message-ID.
  transient,
  permanent,  // this mail to this address will not go (5xx): a bounce
};

struct Delivery {
  Fate fate = Fate::sent;
  int code = 0;        // of the server's last answer, such as 550; 0: it gave none
  std::string status;  // RFC 3463, such as 5.1.1; empty: it gave none
  std::string why;     // "the mail server answered 550 5.1.1 to RCPT"; empty when sent
};

class Smtp {
 public:
  // Errc::invalid for a URL of another form, and for a password that would travel in the clear to
  // another machine.
  explicit Smtp(SmtpConfig config);

  // `mail` is what compose() made. Waits at most send_max, then as long to take leave of a server
  // that is silent.
  Delivery send(const Address& from, const Address& to, const Personal<std::string>& mail) const;

  // Connects, signs in, and leaves: for doctor. Fate::sent when mail could be sent.
  Delivery check() const;

 private:
  SmtpConfig config_;
  std::string url_;
};

}  // namespace parvis::mail
