// GMime makes the tree of parts; it is walked with a stack of our own and a limit on each thing.
// A mail attached to a mail is a file: what it says is not what the sender writes.
#include "mail/received.hpp"

#include <algorithm>
#include <cstring>
#include <set>

#include "mail/gmime.hpp"
#include "mail/html_text.hpp"
#include "mail/ids.hpp"
#include "mail/message.hpp"
#include "mail/quoted.hpp"
#include "text/normalise.hpp"

namespace parvis::mail {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string one_line(const char* text, std::size_t max) {
  if (text == nullptr) return {};
  const std::string cleaned = text::clean(std::string_view(text).substr(0, 4 * max));
  return std::string(text::utf8_prefix(cleaned, max));
}

// The value of a header, in lower case without its ends; empty when it is not there.
std::string header(GMimeObject* object, const char* name) {
  const char* value = g_mime_object_get_header(object, name);
  return value == nullptr ? std::string() : lower(one_line(value, kHeaderValueMax));
}

std::string id_of(const char* text) {
  return text != nullptr && id_like(text) ? std::string(text) : std::string();
}

// nullopt when it is not text of this charset, or nobody knows the charset.
std::optional<std::string> converted(std::string_view text, const char* charset) {
  gsize size = 0;
  const OwnedText out(g_convert(text.data(), static_cast<gssize>(text.size()), "UTF-8", charset,
                                nullptr, &size, nullptr));
  if (!out || !text::valid_utf8({out.get(), size})) return std::nullopt;
  return std::string(out.get(), size);
}

// UTF-8 whatever came: what is not in its charset is most often Windows-1252.
std::string utf8(std::string text, const char* charset) {
  const std::string name = charset == nullptr ? "us-ascii" : lower(charset);
  std::optional<std::string> out;
  if (name != "utf-8" && name != "us-ascii")
    out = converted(text, g_mime_charset_iconv_name(charset));
  if (!out && text::valid_utf8(text)) out = std::move(text);
  if (!out) out = converted(text, "WINDOWS-1252");
  if (!out) {
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    out = std::move(text);
  }
  std::erase_if(*out, [](char c) { return c == '\0' || c == '\r'; });
  return *out;
}

void cut(std::string& text, std::size_t max, std::size_t& left_out) {
  if (text.size() <= max) return;
  text.resize(text::utf8_prefix(text, max).size());
  ++left_out;
}

std::string decoded(GMimePart* part) {
  GMimeDataWrapper* content = g_mime_part_get_content(part);
  if (content == nullptr) return {};
  return written([&](GMimeStream* out) { g_mime_data_wrapper_write_to_stream(content, out); });
}

std::string type_of(GMimeObject* object) {
  GMimeContentType* type = g_mime_object_get_content_type(object);
  if (type == nullptr) return "application/octet-stream";
  const OwnedText name(g_mime_content_type_get_mime_type(type));
  return lower(one_line(name.get(), kNameMax));
}

std::string text_of(GMimeObject* object) {
  return utf8(decoded(GMIME_PART(object)), g_mime_text_part_get_charset(GMIME_TEXT_PART(object)));
}

std::string file_name(const char* said, std::size_t number) {
  std::string name = one_line(said, kNameMax);
  if (const std::size_t folder = name.find_last_of("/\\"); folder != std::string::npos)
    name.erase(0, folder + 1);
  return name.empty() || name == "." || name == ".." ? "piece-jointe-" + std::to_string(number)
                                                     : name;
}

// The field of a delivery report or of returned headers, at the beginning of a line.
std::string field(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.size() <= name.size() || line[name.size()] != ':' ||
        lower(line.substr(0, name.size())) != name)
      continue;
    line.remove_prefix(name.size() + 1);
    const std::size_t begin = line.find_first_not_of(" \t");
    return begin == std::string_view::npos ? std::string() : std::string(line.substr(begin));
  }
  return {};
}

std::string id_in(std::string_view headers) {
  std::string id = field(headers, "message-id");
  std::erase_if(id, [](char c) { return c == '<' || c == '>' || c == ' ' || c == '\r'; });
  return id_of(id.c_str());
}

class Reader {
 public:
  explicit Reader(GMimeMessage* message) : message_(message), top_(GMIME_OBJECT(message)) {}

  Received read() {
    envelope();
    walk(g_mime_message_get_mime_part(message_));
    out_.writer = writer();
    if (out_.writer == Writer::bounce)
      out_.bounce = Bounce{.id = bounced_id_, .status = bounced_status_};
    for (std::size_t i = 0; i < out_.files.size(); ++i) {
      ReceivedFile& file = out_.files[i];
      file.embedded = file.type.starts_with("image/") && !ids_[i].empty() &&
                      shown_.contains(ids_[i]) && file.bytes.read().size() <= kEmbeddedMax;
    }
    std::string text = plain_.empty() ? html_ : plain_;
    cut(text, kReceivedTextMax, out_.left_out);
    out_.text = Personal<std::string>(without_quoted(text));
    return std::move(out_);
  }

 private:
  void envelope() {
    if (InternetAddressList* list = g_mime_message_get_from(message_);
        list != nullptr && internet_address_list_length(list) > 0) {
      InternetAddress* first = internet_address_list_get_address(list, 0);
      out_.from = address(first);
      out_.from_name = Personal<std::string>(one_line(internet_address_get_name(first), kNameMax));
    }
    for (InternetAddressList* list :
         {g_mime_message_get_to(message_), g_mime_message_get_cc(message_)}) {
      const int count = list == nullptr ? 0 : internet_address_list_length(list);
      for (int i = 0; i < count && out_.to.size() < kReceivedToMax; ++i)
        if (auto one = address(internet_address_list_get_address(list, i)))
          out_.to.push_back(std::move(*one));
    }
    out_.subject =
        Personal<std::string>(one_line(g_mime_message_get_subject(message_), kSubjectMax));
    out_.id = id_of(g_mime_message_get_message_id(message_));
    references("References");
    references("In-Reply-To");
    if (GDateTime* date = g_mime_message_get_date(message_))
      out_.date = Instant(std::chrono::seconds(g_date_time_to_unix(date)));
  }

  static std::optional<Address> address(InternetAddress* one) {
    if (!INTERNET_ADDRESS_IS_MAILBOX(one)) return std::nullopt;
    const char* text = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));
    auto parsed = Address::parse(text == nullptr ? "" : text);
    return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
  }

  void references(const char* name) {  // the newest kReferencesMax
    const char* value = g_mime_object_get_header(top_, name);
    if (value == nullptr || std::strlen(value) > 64 * 1024) return;
    const std::unique_ptr<GMimeReferences, decltype(&g_mime_references_free)> list(
        g_mime_references_parse(nullptr, value), g_mime_references_free);
    for (int i = 0; i < g_mime_references_length(list.get()); ++i) {
      std::string id = id_of(g_mime_references_get_message_id(list.get(), i));
      if (id.empty()) continue;
      std::erase(out_.references, id);
      out_.references.push_back(std::move(id));
      if (out_.references.size() > kReferencesMax) out_.references.erase(out_.references.begin());
    }
  }

  Writer writer() const {
    const std::string auto_submitted = header(top_, "Auto-Submitted");
    const std::string precedence = header(top_, "Precedence");
    const std::string path = header(top_, "Return-Path");
    const auto has = [&](const char* name) {
      return g_mime_object_get_header(top_, name) != nullptr;
    };
    // Replies of absent people have an empty path too (RFC 3834); what did not arrive says so in a
    // report, or comes from the mail system itself.
    const bool of_absent = auto_submitted.starts_with("auto-replied") && !report_;
    if (report_ || (path == "<>" && !of_absent) ||
        (out_.from && lower(out_.from->value().read()).starts_with("mailer-daemon@")))
      return Writer::bounce;
    if (has("List-Id") || precedence == "list") return Writer::list;
    if ((!auto_submitted.empty() && auto_submitted != "no") || precedence == "bulk" ||
        precedence == "junk" || precedence == "auto_reply" || has("X-Autoreply") ||
        has("X-Autorespond") || has("X-Auto-Response-Suppress"))
      return Writer::machine;
    return Writer::person;
  }

  struct Step {
    GMimeObject* object;
    std::size_t depth;
    bool only_text;  // of an alternative: the same text in other forms, no files
  };

  void walk(GMimeObject* top) {
    std::vector<Step> steps;
    if (top != nullptr) steps.push_back({top, 0, false});
    for (std::size_t parts = 0; !steps.empty(); ++parts) {
      const Step step = steps.back();
      steps.pop_back();
      if (parts == kPartsMax || step.depth > kNestingMax) {
        out_.left_out += 1 + (parts == kPartsMax ? steps.size() : 0);
        if (parts == kPartsMax) return;
        continue;
      }
      if (GMIME_IS_MULTIPART(step.object)) {
        const std::string type = type_of(step.object);
        if (type == "multipart/report") {
          const char* of = g_mime_object_get_content_type_parameter(step.object, "report-type");
          report_ = report_ || (of != nullptr && lower(of) == "delivery-status");
        }
        GMimeMultipart* many = GMIME_MULTIPART(step.object);
        for (int i = g_mime_multipart_get_count(many); i > 0; --i)
          if (steps.size() < 2 * kPartsMax)
            steps.push_back({g_mime_multipart_get_part(many, i - 1), step.depth + 1,
                             step.only_text || type == "multipart/alternative"});
          else
            ++out_.left_out;
        continue;
      }
      leaf(step);
    }
  }

  void leaf(const Step& step) {
    const std::string type = type_of(step.object);
    const bool attached = [&] {
      const char* how = g_mime_object_get_disposition(step.object);
      return how != nullptr && lower(how) == "attachment";
    }();
    if (GMIME_IS_MESSAGE_PART(step.object)) {
      GMimeMessage* inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(step.object));
      if (inner == nullptr) return;
      if (bounced_id_.empty()) bounced_id_ = id_of(g_mime_message_get_message_id(inner));
      file(step.object, "message.eml", "message/rfc822", written([&](GMimeStream* out) {
             g_mime_object_write_to_stream(GMIME_OBJECT(inner), nullptr, out);
           }));
      return;
    }
    if (GMIME_IS_TEXT_PART(step.object) && !attached &&
        (type == "text/plain" || type == "text/html")) {
      std::string text = text_of(step.object);
      if (type == "text/html") {
        note_shown(text);
        text = html_text(text);
      }
      std::string& into = type == "text/html" ? html_ : plain_;
      if (into.size() + text.size() > 2 * kReceivedTextMax) {
        cut(text, 2 * kReceivedTextMax - std::min(into.size(), 2 * kReceivedTextMax),
            out_.left_out);
      }
      if (!into.empty() && !into.ends_with('\n')) into += '\n';
      into += text;
      return;
    }
    if (!GMIME_IS_PART(step.object)) return;
    const std::string bytes = decoded(GMIME_PART(step.object));
    if (type == "message/delivery-status") {
      if (bounced_status_.empty()) bounced_status_ = enhanced_status(field(bytes, "status"));
      return;
    }
    if (type == "text/rfc822-headers") {
      if (bounced_id_.empty()) bounced_id_ = id_in(bytes);
      return;
    }
    if (step.only_text && !attached && type.starts_with("text/")) return;  // a calendar, AMP
    if (type == "application/pgp-signature" || type == "application/pkcs7-signature" ||
        type == "application/x-pkcs7-signature")
      return;
    file(step.object, g_mime_part_get_filename(GMIME_PART(step.object)), type, bytes);
  }

  void file(GMimeObject* object, const char* name, const std::string& type, std::string bytes) {
    if (out_.files.size() == kReceivedFilesMax ||
        bytes.size() > kReceivedFileBytesMax - file_bytes_) {
      ++out_.left_out;
      ++out_.files_left_out;
      return;
    }
    file_bytes_ += bytes.size();
    const char* id = g_mime_object_get_content_id(object);
    ids_.emplace_back(id == nullptr ? "" : lower(one_line(id, kNameMax)));
    out_.files.push_back({.name = Personal<std::string>(file_name(name, out_.files.size() + 1)),
                          .type = type,
                          .bytes = Personal<std::string>(std::move(bytes))});
  }

  // Which parts an HTML text shows: "cid:" and their id, percent-encoded (RFC 2392).
  void note_shown(std::string_view html) {
    constexpr std::string_view kCid = "cid:";
    for (std::size_t at = html.find(kCid);
         at != std::string_view::npos && shown_.size() < kPartsMax; at = html.find(kCid, at)) {
      at += kCid.size();
      const std::size_t end = std::min(html.find_first_of("\"'<>) \t\r\n", at), html.size());
      const OwnedText id(
          g_uri_unescape_string(std::string(html.substr(at, end - at)).c_str(), nullptr));
      if (id) shown_.insert(lower(one_line(id.get(), kNameMax)));
    }
  }

  GMimeMessage* message_;
  GMimeObject* top_;
  Received out_;
  std::string plain_, html_;
  std::vector<std::string> ids_;  // of the files, Content-ID; empty: none
  std::set<std::string> shown_;   // of what the HTML text shows
  std::size_t file_bytes_ = 0;
  bool report_ = false;
  std::string bounced_id_, bounced_status_;
};

}  // namespace

std::expected<Received, Problem> read_mail(std::string_view bytes) {
  if (bytes.size() > kReceivedMax)
    return std::unexpected(Problem{"this mail is too large: 30 MB at most"});
  begin_gmime();
  const Owned<GMimeStream> stream = reading(bytes);
  const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const Owned<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (!message) return std::unexpected(Problem{"this is no mail: it has no headers"});
  return Reader(message.get()).read();
}

}  // namespace parvis::mail
