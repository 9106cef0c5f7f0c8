#include "mail/message.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "mail/gmime.hpp"
#include "mail/ids.hpp"
#include "text/normalise.hpp"

namespace parvis::mail {
namespace {

bool letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool control(char c) { return (c >= 0 && c < ' ') || c == 0x7f; }
bool printable(char c) { return c >= ' ' && c < 0x7f; }
bool token(std::string_view text) {  // RFC 2045, the part of it that is in use
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return letter_or_digit(c) || std::string_view("!#$&-^_.+").contains(c);
  });
}

bool one_line(std::string_view text, std::size_t max) {
  return text.size() <= max && text::valid_utf8(text) && std::ranges::none_of(text, control);
}
bool body(std::string_view text) {
  return text.size() <= kBodyMax && text::valid_utf8(text) && !text.contains('\0');
}
bool type_like(std::string_view type) {
  const std::size_t slash = type.find('/');
  return slash != std::string_view::npos && type.size() <= kNameMax &&
         token(type.substr(0, slash)) && token(type.substr(slash + 1)) &&
         !type.starts_with("multipart/") && !type.starts_with("message/");
}
bool own_header(std::string_view name) {
  return name.size() <= kNameMax && token(name) &&
         (name == "List-Unsubscribe" || name == "List-Unsubscribe-Post" ||
          (name.size() > 2 && name.starts_with("X-")));
}

const char* refusal(const Message& m) {
  if (!id_like(m.id)) return "a Message-ID is left@right, 200 printable characters at most";
  for (const Mailbox* box : {&m.from, &m.to, m.reply_to ? &*m.reply_to : nullptr})
    if (box != nullptr && !one_line(box->name.read(), kNameMax))
      return "the name of a sender or recipient is one line of 200 bytes at most";
  if (m.subject.read().empty() || !one_line(m.subject.read(), kSubjectMax))
    return "the subject of a mail is one line of 1 to 300 bytes";
  if (m.text.read().empty() || !body(m.text.read()) || (m.html && !body(m.html->read())))
    return "a mail has a plain text, and each of its bodies is valid UTF-8 of 1 MB at most";
  if (m.attachments.size() > kAttachmentsMax) return "a mail has 10 attachments at most";
  std::size_t bytes = 0;
  for (const Attachment& file : m.attachments) {
    bytes += file.bytes.read().size();
    if (file.name.read().empty() || !one_line(file.name.read(), kNameMax) ||
        file.name.read().find_first_of("/\\") != std::string::npos)
      return "the name of an attachment is one line of 1 to 200 bytes, without a folder";
    if (!type_like(file.type)) return "the type of an attachment is such as application/pdf";
    if (!file.method.empty() && !token(file.method))
      return "the method of a calendar is a word such as REQUEST";
  }
  if (bytes > kAttachedMax) return "the attachments of a mail have 15 MB at most";
  if (m.references.size() > kReferencesMax || !std::ranges::all_of(m.references, id_like))
    return "a mail refers to 20 others at most, by their Message-ID";
  if (m.headers.size() > kHeadersMax) return "a mail has 8 headers of its own at most";
  for (const auto& [name, value] : m.headers)
    if (!own_header(name) || value.size() > kHeaderValueMax ||
        !std::ranges::all_of(value, printable))
      return "a header is List-Unsubscribe or begins with X-, on one line of printable ASCII";
  return nullptr;
}

std::string one_newline(std::string_view text) {  // the writer makes them CRLF
  std::string out;
  out.reserve(text.size() + 1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r')
      out += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      out += '\n';
  }
  if (!out.ends_with('\n')) out += '\n';
  return out;
}

Owned<GMimeObject> part(std::string_view type, std::string_view bytes,
                        GMimeContentEncoding encoding) {
  const std::size_t slash = type.find('/');
  GMimePart* made = g_mime_part_new_with_type(std::string(type.substr(0, slash)).c_str(),
                                              std::string(type.substr(slash + 1)).c_str());
  const Owned<GMimeStream> stream = reading(bytes);
  const Owned<GMimeDataWrapper> content(
      g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT));
  g_mime_part_set_content(made, content.get());
  g_mime_part_set_content_encoding(made, encoding);
  if (type.starts_with("text/"))
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(made), "charset", "utf-8");
  return Owned<GMimeObject>(GMIME_OBJECT(made));
}

Owned<GMimeObject> text_part(std::string_view type, const Personal<std::string>& text) {
  return part(type, one_newline(text.read()), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
}

// Its boundary is made from the message's id, not drawn: the same message is the same bytes. It
// holds "=_", which neither quoted-printable nor base64 can.
Owned<GMimeObject> multipart(const char* subtype, const Message& m) {
  GMimeMultipart* made = g_mime_multipart_new_with_subtype(subtype);
  const std::string boundary =
      "=_" + crypto::sha256_hex(std::string(subtype) + ' ' + m.id).substr(0, 32);
  g_mime_multipart_set_boundary(made, boundary.c_str());
  return Owned<GMimeObject>(GMIME_OBJECT(made));
}

Owned<GMimeObject> content_of(const Message& m) {
  Owned<GMimeObject> content = text_part("text/plain", m.text);
  if (m.html) {
    Owned<GMimeObject> both = multipart("alternative", m);
    g_mime_multipart_add(GMIME_MULTIPART(both.get()), content.get());
    g_mime_multipart_add(GMIME_MULTIPART(both.get()), text_part("text/html", *m.html).get());
    content = std::move(both);
  }
  if (m.attachments.empty()) return content;
  Owned<GMimeObject> all = multipart("mixed", m);
  g_mime_multipart_add(GMIME_MULTIPART(all.get()), content.get());
  for (const Attachment& file : m.attachments) {
    const Owned<GMimeObject> one =
        part(file.type, file.bytes.read(), GMIME_CONTENT_ENCODING_BASE64);
    if (!file.method.empty())
      g_mime_object_set_content_type_parameter(one.get(), "method", file.method.c_str());
    g_mime_object_set_disposition(one.get(), GMIME_DISPOSITION_ATTACHMENT);
    g_mime_part_set_filename(GMIME_PART(one.get()), file.name.read().c_str());
    g_mime_multipart_add(GMIME_MULTIPART(all.get()), one.get());
  }
  return all;
}

void set_mailbox(GMimeMessage* message, GMimeAddressType type, const Mailbox& box) {
  const std::string& name = box.name.read();
  g_mime_message_add_mailbox(message, type, name.empty() ? nullptr : name.c_str(),
                             box.address.value().read().c_str());
}

std::string date_header(Instant date, const Zone& zone) {  // RFC 5322, 3.3
  const auto seconds = std::chrono::floor<std::chrono::seconds>(date);
  const auto offset = zone.local(date).time_since_epoch() - seconds.time_since_epoch();
  const std::unique_ptr<GTimeZone, decltype(&g_time_zone_unref)> at(
      g_time_zone_new_offset(static_cast<gint32>(offset.count())), g_time_zone_unref);
  const std::unique_ptr<GDateTime, decltype(&g_date_time_unref)> utc(
      g_date_time_new_from_unix_utc(seconds.time_since_epoch().count()), g_date_time_unref);
  const std::unique_ptr<GDateTime, decltype(&g_date_time_unref)> local(
      g_date_time_to_timezone(utc.get(), at.get()), g_date_time_unref);
  return OwnedText(g_mime_utils_header_format_date(local.get())).get();
}

}  // namespace

std::expected<Personal<std::string>, Problem> compose(const Message& m, Instant date,
                                                      const Zone& zone) {
  if (const char* why = refusal(m)) return std::unexpected(Problem{why});
  begin_gmime();
  const Owned<GMimeMessage> message(g_mime_message_new(TRUE));
  GMimeObject* const object = GMIME_OBJECT(message.get());
  const auto header = [&](const char* name, const std::string& value) {
    g_mime_object_set_header(object, name, value.c_str(), "utf-8");
  };
  set_mailbox(message.get(), GMIME_ADDRESS_TYPE_FROM, m.from);
  set_mailbox(message.get(), GMIME_ADDRESS_TYPE_TO, m.to);
  if (m.reply_to) set_mailbox(message.get(), GMIME_ADDRESS_TYPE_REPLY_TO, *m.reply_to);
  g_mime_message_set_subject(message.get(), m.subject.read().c_str(), "utf-8");
  header("Date", date_header(date, zone));
  g_mime_message_set_message_id(message.get(), m.id.c_str());
  if (!m.references.empty()) {
    header("In-Reply-To", '<' + m.references.back() + '>');
    std::string all;
    for (const std::string& id : m.references) all += (all.empty() ? "<" : " <") + id + '>';
    header("References", all);
  }
  if (m.origin == Origin::machine) {
    header("Auto-Submitted", "auto-generated");
    header("X-Auto-Response-Suppress", "All");  // Exchange reads this one
  }
  for (const auto& [name, value] : m.headers) header(name.c_str(), value);
  g_mime_message_set_mime_part(message.get(), content_of(m).get());

  const std::unique_ptr<GMimeFormatOptions, decltype(&g_mime_format_options_free)> format(
      g_mime_format_options_new(), g_mime_format_options_free);
  g_mime_format_options_set_newline_format(format.get(), GMIME_NEWLINE_FORMAT_DOS);
  return Personal<std::string>(
      written([&](GMimeStream* out) { g_mime_object_write_to_stream(object, format.get(), out); }));
}

}  // namespace parvis::mail
