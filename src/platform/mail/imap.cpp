// libcurl signs in, selects the folder and keeps the connection; commands are written here. A body
// comes by an address (";UID=5"), since libcurl gives no literal of a command of ours.
#include "mail/imap.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/loopback.hpp"
#include "mail/received.hpp"

namespace parvis::mail {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

bool host_like(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
  });
}

// Printable ASCII that a quoted string holds as it is; & begins modified UTF-7.
bool folder_like(std::string_view text) {
  return !text.empty() && text.size() <= kImapFolderMax && std::ranges::all_of(text, [](char c) {
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '&' && c != '%' && c != '*';
  });
}

std::string escaped(std::string_view text) {  // for a URL
  std::string out;
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
        c == '_' || c == '/')
      out += c;
    else
      (((out += '%') += kHex[byte >> 4]) += kHex[byte & 15]);
  }
  return out;
}

std::string_view trouble(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "the name of the mailbox's server is not known: look at mail.imap_url and the DNS";
    case CURLE_COULDNT_CONNECT:
      return "the mailbox's server does not take the connection: does it run, on this port?";
    case CURLE_OPERATION_TIMEDOUT:
      return "the mailbox's server is too slow";
    case CURLE_LOGIN_DENIED:
      return "the mailbox's server refuses the user or the password";
    case CURLE_USE_SSL_FAILED:
      return "the mailbox's server offers no STARTTLS, which is required";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return "the certificate of the mailbox's server does not hold: look at its name and issuer";
    case CURLE_SSL_CONNECT_ERROR:
      return "no TLS with the mailbox's server";
    case CURLE_QUOTE_ERROR:
      return "the mailbox's server refuses a command";
    case CURLE_REMOTE_FILE_NOT_FOUND:
      return "the mailbox has no such folder, or no such mail";
    case CURLE_WRITE_ERROR:
      return "the mailbox's server says more than is read";
    default:
      return "the exchange with the mailbox's server broke off";
  }
}

struct Sink {
  std::string bytes;
  std::size_t max = 0;
};
std::size_t on_write(char* data, std::size_t size, std::size_t count, void* to) {
  Sink& sink = *static_cast<Sink*>(to);
  if (size * count > sink.max - sink.bytes.size()) return 0;
  sink.bytes.append(data, size * count);
  return size * count;
}

// Calls fn with each line of an answer, without its end.
template <typename Fn>
void each_line(std::string_view text, Fn&& fn) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    fn(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// The number at the beginning of a text, which it is taken from.
template <typename Number>
std::optional<Number> number(std::string_view& text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

// "NAME 12" somewhere in "* 3 FETCH (UID 5 RFC822.SIZE 12)".
template <typename Number>
std::optional<Number> field(std::string_view line, std::string_view name) {
  const std::size_t at = line.find(std::string(name) + " ");
  if (at == std::string_view::npos) return std::nullopt;
  line.remove_prefix(at + name.size() + 1);
  return number<Number>(line);
}

}  // namespace

std::vector<std::uint32_t> uids_in(std::string_view answer, std::size_t limit) {
  std::vector<std::uint32_t> uids;
  each_line(answer, [&](std::string_view line) {
    constexpr std::string_view kSearch = "* SEARCH";
    if (!line.starts_with(kSearch)) return;
    line.remove_prefix(kSearch.size());
    while (line.starts_with(' ')) {
      line.remove_prefix(1);
      if (const auto uid = number<std::uint32_t>(line)) uids.push_back(*uid);
    }
  });
  std::ranges::sort(uids);
  const auto twice = std::ranges::unique(uids);
  uids.erase(twice.begin(), twice.end());
  if (uids.size() > limit) uids.resize(limit);
  return uids;
}

std::vector<Waiting> sizes_in(std::string_view answer, std::size_t limit) {
  std::vector<Waiting> out;
  each_line(answer, [&](std::string_view line) {
    const auto uid = field<std::uint32_t>(line, "UID");
    const auto bytes = field<std::uint64_t>(line, "RFC822.SIZE");
    if (line.starts_with("* ") && uid && bytes && out.size() < limit)
      out.push_back({.uid = *uid, .bytes = *bytes});
  });
  std::ranges::sort(out, {}, &Waiting::uid);
  return out;
}

// * LIST (\Noselect) "." ""
char separator_in(std::string_view answer) {
  char sign = '/';
  each_line(answer, [&](std::string_view line) {
    const std::size_t at = line.find(") \"");
    if (line.starts_with("* LIST ") && at != std::string_view::npos && at + 4 < line.size() &&
        line[at + 3] > ' ' && line[at + 3] < 0x7f && line[at + 3] != '\\' && line[at + 3] != '"' &&
        line[at + 3] != '%' && line[at + 4] == '"')
      sign = line[at + 3];
  });
  return sign;
}

struct Imap::Session {
  ImapConfig config;
  std::string root, inbox;  // addresses
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{begun() ? curl_easy_init() : nullptr,
                                                           curl_easy_cleanup};
  std::string separator;  // of folders; empty: not asked yet
  std::set<std::string, std::less<>> made;

  static bool begun() {
    static const bool ok = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return ok;
  }

  explicit Session(ImapConfig given) : config(std::move(given)) {
    const std::string_view url = config.url;
    const bool imaps = url.starts_with("imaps://");
    std::string_view host = url.substr(std::min(url.size(), url.find("//") + 2));
    const std::size_t colon = host.find(':');
    const std::string_view port = colon == std::string_view::npos ? "143" : host.substr(colon + 1);
    host = host.substr(0, colon);
    if ((!imaps && !url.starts_with("imap://")) || !host_like(host) || port.empty() ||
        port.size() > 5 || !std::ranges::all_of(port, digit))
      throw Error(Errc::invalid,
                  "the mailbox is named imap://HOST:PORT or imaps://HOST:PORT, and nothing more");
    if (!folder_like(config.folder))
      throw Error(Errc::invalid, "the mailbox's folder is named in plain letters, as INBOX");
    if (!imaps && config.starttls != Tls::required && !is_loopback(host))
      throw Error(Errc::invalid,
                  "a password for the mailbox needs imaps:// or a required STARTTLS");
    root = config.url + "/";
    inbox = root + escaped(config.folder);
    if (!curl) throw Error(Errc::failed, "libcurl does not start");
    set(CURLOPT_PROTOCOLS_STR, "imap,imaps");
    set(CURLOPT_PROXY, "");  // not that of the environment
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(config.connect_max.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(config.exchange_max.count()));
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT,
        static_cast<long>(std::chrono::ceil<std::chrono::seconds>(config.exchange_max).count()));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_USE_SSL,
        static_cast<long>(imaps || config.starttls == Tls::required ? CURLUSESSL_ALL
                          : config.starttls == Tls::optional        ? CURLUSESSL_TRY
                                                                    : CURLUSESSL_NONE));
    if (!imaps && config.starttls == Tls::optional) {
      set(CURLOPT_SSL_VERIFYPEER, 0L);
      set(CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (!config.ca_file.empty()) set(CURLOPT_CAINFO, config.ca_file.c_str());
    set(CURLOPT_USERNAME, config.user.c_str());
    set(CURLOPT_PASSWORD, config.password.reveal().c_str());
    set(CURLOPT_WRITEFUNCTION, on_write);
  }

  template <typename T>
  void set(CURLoption option, T value) {
    if (curl_easy_setopt(curl.get(), option, value) != CURLE_OK)
      throw Error(Errc::failed, "libcurl refuses an option for IMAP");
  }

  // command: empty: the mail that the address names.
  std::expected<std::string, Problem> ask(const std::string& address, const std::string& command,
                                          std::size_t max) {
    Sink sink{.bytes = {}, .max = max};
    set(CURLOPT_URL, address.c_str());
    set(CURLOPT_CUSTOMREQUEST, command.empty() ? nullptr : command.c_str());
    set(CURLOPT_WRITEDATA, static_cast<void*>(&sink));
    const CURLcode code = curl_easy_perform(curl.get());
    if (code != CURLE_OK) return std::unexpected(Problem{std::string(trouble(code))});
    return std::move(sink.bytes);
  }
  std::expected<std::string, Problem> command(const std::string& words) {
    return ask(inbox, words, kImapAnswerMax);
  }

  // The folder's name with the server's own sign between its parts.
  std::expected<std::string, Problem> named(std::string_view folder) {
    if (separator.empty()) {
      const auto answer = ask(root, "LIST \"\" \"\"", kImapAnswerMax);
      if (!answer) return std::unexpected(answer.error());
      separator = separator_in(*answer);
    }
    std::string out;
    for (const char c : folder) out += c == '/' ? separator : std::string(1, c);
    return out;
  }
};

Imap::Imap(ImapConfig config) : session_(std::make_unique<Session>(std::move(config))) {}
Imap::~Imap() = default;

std::expected<std::vector<Waiting>, Problem> Imap::waiting(std::size_t limit) {
  // What came since the connection stood is there after a command (RFC 9051, 5.2).
  if (const auto looked = session_->command("NOOP"); !looked)
    return std::unexpected(looked.error());
  const auto found = session_->command("UID SEARCH UNDELETED");
  if (!found) return std::unexpected(found.error());
  const std::vector<std::uint32_t> uids = uids_in(*found, limit);
  if (uids.empty()) return std::vector<Waiting>();
  std::string set;
  for (const std::uint32_t uid : uids)
    set.append(set.empty() ? "" : ",").append(std::to_string(uid));
  const auto sizes = session_->command("UID FETCH " + set + " (UID RFC822.SIZE)");
  if (!sizes) return std::unexpected(sizes.error());
  return sizes_in(*sizes, limit);
}

std::expected<std::string, Problem> Imap::mail(std::uint32_t uid) {
  return session_->ask(session_->inbox + "/;UID=" + std::to_string(uid), "", kReceivedMax);
}

std::expected<std::string, Problem> Imap::headers(std::uint32_t uid) {
  return session_->ask(session_->inbox + "/;UID=" + std::to_string(uid) + "/;SECTION=HEADER", "",
                       kReceivedMax);
}

std::expected<void, Problem> Imap::move(std::uint32_t uid, std::string_view folder) {
  CHECK(folder_like(folder));
  const auto name = session_->named(folder);
  if (!name) return std::unexpected(name.error());
  const std::string to = std::to_string(uid) + " \"" + *name + '"';
  // RFC 6851, which every server of today has; else what it stands for.
  const auto moved = [&]() -> std::expected<void, Problem> {
    if (session_->command("UID MOVE " + to)) return {};
    if (const auto copied = session_->command("UID COPY " + to); !copied)
      return std::unexpected(copied.error());
    if (const auto marked =
            session_->command("UID STORE " + std::to_string(uid) + " +FLAGS.SILENT (\\Deleted)");
        !marked)
      return std::unexpected(marked.error());
    // Marked, it is waiting() no more. Without UIDPLUS (RFC 4315) it stays where it is: a plain
    // EXPUNGE would take what others marked with it.
    (void)session_->command("UID EXPUNGE " + std::to_string(uid));
    return {};
  };
  // There already, most often, and then the server refuses.
  if (session_->made.insert(*name).second)
    (void)session_->ask(session_->root, "CREATE \"" + *name + '"', kImapAnswerMax);
  return moved();
}

}  // namespace parvis::mail
