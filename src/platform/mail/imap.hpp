// Reads the town's mailbox over IMAP (RFC 9051, 3501), by libcurl. One object is one connection,
// for one thread; it is made, used and dropped within a poll.
//
// Nothing is deleted: what was dealt with is moved to another folder, so the inbox holds what is
// still to be done, whoever looks and after any crash. UIDs are those of the folder at this moment.
// What went wrong is a value; nothing in it is about a person.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/sensitive.hpp"
#include "mail/smtp.hpp"

namespace parvis::mail {

inline constexpr std::size_t kImapAnswerMax = 1 << 20;  // bytes of an answer that is no mail
inline constexpr std::size_t kImapFolderMax = 100;      // bytes of a folder's name

struct ImapConfig {
  std::string url;               // imap://HOST[:PORT], imaps://HOST[:PORT] (TLS at once)
  Tls starttls = Tls::required;  // of imap://
  std::string user;
  Secret<std::string> password{""};
  std::string folder = "INBOX";
  std::string ca_file = {};  // PEM; empty: those of the system
  std::chrono::milliseconds connect_max{10'000};
  std::chrono::milliseconds exchange_max{60'000};  // one command and its answer
};

struct Waiting {
  std::uint32_t uid = 0;
  std::uint64_t bytes = 0;
};

// What a server says to UID SEARCH, UID FETCH (RFC822.SIZE) and LIST "" "": numbers in order, at
// most `limit`; sizes by UID; the sign between a folder's parts, "/" when it is not said. Lines of
// another form are passed over. Pure.
std::vector<std::uint32_t> uids_in(std::string_view answer, std::size_t limit);
std::vector<Waiting> sizes_in(std::string_view answer, std::size_t limit);
char separator_in(std::string_view answer);

class Imap {
 public:
  // Errc::invalid for a URL of another form, a folder's name with other signs than printable ASCII,
  // and a password that would travel in the clear to another machine.
  explicit Imap(ImapConfig config);
  ~Imap();
  Imap(const Imap&) = delete;
  Imap& operator=(const Imap&) = delete;

  // The oldest mails of the folder that are not marked \Deleted, at most `limit`.
  std::expected<std::vector<Waiting>, Problem> waiting(std::size_t limit);
  // Bytes of the whole mail, or of its headers. At most kReceivedMax.
  std::expected<std::string, Problem> mail(std::uint32_t uid);
  std::expected<std::string, Problem> headers(std::uint32_t uid);
  // Into a folder that is made when it is not there; "/" parts its name, whatever the server's own
  // sign. A server that cannot move (RFC 6851) copies, then marks the one here \Deleted.
  std::expected<void, Problem> move(std::uint32_t uid, std::string_view folder);

 private:
  struct Session;
  std::unique_ptr<Session> session_;
};

}  // namespace parvis::mail
