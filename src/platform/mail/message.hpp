// A mail that Parvis sends, and the bytes of it (RFC 5322, MIME). Pure: the date is injected, and
// the same message gives the same bytes, so a mail that is sent again after a doubt is the same
// mail, under the same Message-ID.
//
// One recipient a message: nobody reads who else got it, and a refusal is about one address.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/sensitive.hpp"
#include "base/time.hpp"
#include "mail/address.hpp"

namespace parvis::mail {

inline constexpr std::size_t kNameMax = 200;      // bytes of a person's or a file's name
inline constexpr std::size_t kSubjectMax = 300;   // bytes
inline constexpr std::size_t kBodyMax = 1 << 20;  // bytes of each of text and HTML
inline constexpr std::size_t kAttachmentsMax = 10;
inline constexpr std::size_t kAttachedMax = 15u << 20;  // bytes of all of them: 20 MB once encoded
inline constexpr std::size_t kIdMax = 200;              // bytes of a Message-ID
inline constexpr std::size_t kReferencesMax = 20;
inline constexpr std::size_t kHeadersMax = 8;        // of the caller
inline constexpr std::size_t kHeaderValueMax = 500;  // bytes

struct Mailbox {
  Address address;
  Personal<std::string> name{""};  // as it is shown; may be empty
};

struct Attachment {
  Personal<std::string> name;  // of a file, without a folder
  std::string type;            // "application/pdf"; the text types are said to be UTF-8
  Personal<std::string> bytes;
  std::string method = {};  // of text/calendar (RFC 6047): "REQUEST"; empty: not said
};

// A mail that no person wrote says so, lest other machines answer it (RFC 3834).
enum class Origin { machine, person };

struct Message {
  std::string id;  // "receipt.2f9c@mairie.exemple.fr": of this message for ever, however often sent
  Mailbox from;
  Mailbox to;
  std::optional<Mailbox> reply_to = std::nullopt;
  Personal<std::string> subject;
  Personal<std::string> text;                                // plain: always there
  std::optional<Personal<std::string>> html = std::nullopt;  // a whole document; the same content
  std::vector<Attachment> attachments = {};
  Origin origin = Origin::machine;
  std::vector<std::string> references = {};  // ids of the mails before it, oldest first
  // "List-Unsubscribe", or a name that begins with "X-"; printable ASCII.
  std::vector<std::pair<std::string, std::string>> headers = {};
};

// With CRLF, lines of 998 bytes at most, all of it 7-bit: bodies quoted-printable, files base64. A
// problem when a limit is passed, a header holds a line break or another control character, a text
// is not UTF-8, or an id, a type or a header's name is not well formed; it says which, never what
// was in it.
std::expected<Personal<std::string>, Problem> compose(const Message& message, Instant date,
                                                      const Zone& zone);

}  // namespace parvis::mail
