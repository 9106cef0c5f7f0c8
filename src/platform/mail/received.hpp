// A mail that came in, read with limits: who wrote what, in answer to what, and whether a machine
// wrote it. A mail's own signature (S/MIME, OpenPGP) is no file. Nothing here is to be trusted: a
// sender's address, a date and a file's name are what the mail says. Pure; thread-safe.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/sensitive.hpp"
#include "base/time.hpp"
#include "mail/address.hpp"

namespace parvis::mail {

inline constexpr std::size_t kReceivedMax = 30u << 20;       // bytes of a mail
inline constexpr std::size_t kPartsMax = 200;                // looked at, files included
inline constexpr std::size_t kNestingMax = 20;               // parts in parts
inline constexpr std::size_t kReceivedTextMax = 256 * 1024;  // bytes kept of the text
inline constexpr std::size_t kReceivedFilesMax = 20;
inline constexpr std::size_t kReceivedFileBytesMax = 20u << 20;  // of all of them
inline constexpr std::size_t kReceivedToMax = 50;
// Of an image in the text. A larger one is what the mail is about: phones put photos in the text.
inline constexpr std::size_t kEmbeddedMax = 64 * 1024;

// To never answer: an answer to anything but a person may begin a loop.
enum class Writer : std::uint8_t {
  person,
  machine,  // Auto-Submitted, Precedence, X-Auto-Response-Suppress…: out of office, notifications
  list,     // List-Id: it goes to many
  bounce,   // a mail server about a mail of ours: an empty Return-Path, or a delivery report
};

struct ReceivedFile {
  Personal<std::string> name;  // one line, without a folder; never empty
  std::string type;            // "application/pdf": what the mail says, in lower case
  Personal<std::string> bytes;
  bool embedded = false;  // a small image that the HTML text shows: a logo, a signature
};

struct Bounce {
  std::string id;      // the Message-ID of the mail that did not arrive; empty when it is not said
  std::string status;  // RFC 3463, such as 5.1.1; empty when it is not said
};

struct Received {
  Writer writer = Writer::person;
  std::optional<Address> from;  // nullopt when it is no address that mail can be sent to
  Personal<std::string> from_name{""};
  std::vector<Address> to;  // and Cc
  Personal<std::string> subject{""};
  std::string id;                       // its Message-ID; empty when it has none
  std::vector<std::string> references;  // ids of the mails before it, the one it answers last
  std::optional<Instant> date;
  Personal<std::string> text{""};  // UTF-8, lines end with \n, without the quoted mail
  std::vector<ReceivedFile> files;
  std::size_t left_out = 0;        // files and texts past a limit
  std::size_t files_left_out = 0;  // those of them that are files
  std::optional<Bounce> bounce;
};

// A problem when it is too large or is no mail at all.
std::expected<Received, Problem> read_mail(std::string_view bytes);

}  // namespace parvis::mail
