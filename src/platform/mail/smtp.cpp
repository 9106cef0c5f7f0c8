// libcurl speaks SMTP; this file decides what its end means. A refusal is about the mail only when
// it answers MAIL, RCPT, DATA or the mail itself; before that it is about us (our name, password,
// certificate), and trying later, when someone has mended it, loses no mail. So the exchange is
// followed: which command was sent last, which numbers came back.
#include "mail/smtp.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/loopback.hpp"
#include "mail/ids.hpp"

namespace parvis::mail {
namespace {

enum class Stage : std::uint8_t { before, mail, rcpt, data, body };  // what was sent last

struct Exchange {
  std::string_view left;  // of the mail, not yet handed to libcurl
  Stage stage = Stage::before;
  bool leaving = false;  // QUIT is sent, after a refusal too: what it answers says nothing
  int code = 0;
  std::string status = {};
};

bool digit(char c) { return c >= '0' && c <= '9'; }

void heard(Exchange& exchange, std::string_view line) {
  if (exchange.leaving || line.size() < 4 || !std::ranges::all_of(line.substr(0, 3), digit)) return;
  exchange.code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  exchange.status = enhanced_status(line.substr(4));
  // The server waits for the mail: what it answers next is about all of it.
  if (exchange.stage == Stage::data && exchange.code == 354) exchange.stage = Stage::body;
}

void said(Exchange& exchange, std::string_view line) {
  if (line.starts_with("MAIL FROM")) exchange.stage = Stage::mail;
  if (line.starts_with("RCPT TO")) exchange.stage = Stage::rcpt;
  if (line.starts_with("DATA")) exchange.stage = Stage::data;
  if (line.starts_with("QUIT")) exchange.leaving = true;
}

int on_trace(CURL*, curl_infotype type, char* data, std::size_t size, void* exchange) {
  if (type == CURLINFO_HEADER_IN) heard(*static_cast<Exchange*>(exchange), {data, size});
  if (type == CURLINFO_HEADER_OUT) said(*static_cast<Exchange*>(exchange), {data, size});
  return 0;
}

std::size_t on_read(char* out, std::size_t size, std::size_t count, void* exchange) {
  std::string_view& left = static_cast<Exchange*>(exchange)->left;
  const std::size_t some = std::min(left.size(), size * count);
  std::memcpy(out, left.data(), some);
  left.remove_prefix(some);
  return some;
}

std::size_t on_write(char*, std::size_t size, std::size_t count, void*) { return size * count; }

std::string_view words(Stage stage) {
  switch (stage) {
    case Stage::before:
      return "before any mail";
    case Stage::mail:
      return "to MAIL";
    case Stage::rcpt:
      return "to RCPT";
    case Stage::data:
      return "to DATA";
    case Stage::body:
      return "to the mail itself";
  }
  return "";
}

std::string_view trouble(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "the name of the mail server is not known: look at mail.url and the DNS";
    case CURLE_COULDNT_CONNECT:
      return "the mail server does not take the connection: does it run, on this port?";
    case CURLE_OPERATION_TIMEDOUT:
      return "the mail server is too slow";
    case CURLE_LOGIN_DENIED:
      return "the mail server refuses the user or the password";
    case CURLE_USE_SSL_FAILED:
      return "the mail server offers no STARTTLS, which is required";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return "the certificate of the mail server does not hold: look at its name and its issuer";
    case CURLE_SSL_CONNECT_ERROR:
      return "no TLS with the mail server";
    default:
      return "the exchange with the mail server broke off";
  }
}

// 530, 534, 535 and 538 are about signing in (RFC 4954): the mail is not to blame.
bool about_us(int code) { return code == 530 || code == 534 || code == 535 || code == 538; }

Delivery delivery_of(CURLcode result, const Exchange& exchange) {
  if (result == CURLE_OK)
    return {.fate = Fate::sent, .code = exchange.code, .status = exchange.status, .why = ""};
  const bool refused = exchange.code >= 400 && exchange.code <= 599;
  Delivery out{.fate = Fate::transient,
               .code = exchange.code,
               .status = exchange.status,
               .why = std::string(trouble(result))};
  if (!refused || result == CURLE_LOGIN_DENIED || result == CURLE_USE_SSL_FAILED) return out;
  if (exchange.code >= 500 && exchange.stage != Stage::before && !about_us(exchange.code))
    out.fate = Fate::permanent;
  out.why = "the mail server answered " + std::to_string(exchange.code) +
            (exchange.status.empty() ? "" : ' ' + exchange.status) + ' ' +
            std::string(words(exchange.stage));
  return out;
}

class Handle {
 public:
  Handle(const SmtpConfig& config, const std::string& url, Exchange& exchange)
      : curl_(begun() ? curl_easy_init() : nullptr, curl_easy_cleanup) {
    if (!curl_) throw Error(Errc::failed, "libcurl does not start");
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_PROXY, "");  // not that of the environment
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(config.connect_max.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(config.send_max.count()));
    // Past that limit libcurl still takes its leave (QUIT), and waits two minutes for the answer.
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT,
        static_cast<long>(std::chrono::ceil<std::chrono::seconds>(config.send_max).count()));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    const bool smtps = url.starts_with("smtps:");
    set(CURLOPT_USE_SSL,
        static_cast<long>(smtps || config.starttls == Tls::required ? CURLUSESSL_ALL
                          : config.starttls == Tls::optional        ? CURLUSESSL_TRY
                                                                    : CURLUSESSL_NONE));
    if (!smtps && config.starttls == Tls::optional) {
      set(CURLOPT_SSL_VERIFYPEER, 0L);
      set(CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (!config.ca_file.empty()) set(CURLOPT_CAINFO, config.ca_file.c_str());
    if (!config.user.empty()) {
      set(CURLOPT_USERNAME, config.user.c_str());
      set(CURLOPT_PASSWORD, config.password.reveal().c_str());
    }
    set(CURLOPT_VERBOSE, 1L);  // to the function, which writes nothing
    set(CURLOPT_DEBUGFUNCTION, on_trace);
    set(CURLOPT_DEBUGDATA, static_cast<void*>(&exchange));
    set(CURLOPT_WRITEFUNCTION, on_write);
  }
  template <typename T>
  void set(CURLoption option, T value) {
    if (curl_easy_setopt(curl_.get(), option, value) != CURLE_OK)
      throw Error(Errc::failed, "libcurl refuses an option for SMTP");
  }
  CURLcode perform() { return curl_easy_perform(curl_.get()); }

 private:
  static bool begun() {
    static const bool ok = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return ok;
  }
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_;
};

bool host_like(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
  });
}

}  // namespace

Smtp::Smtp(SmtpConfig config) : config_(std::move(config)) {
  const std::string_view url = config_.url;
  const bool smtps = url.starts_with("smtps://");
  std::string_view host = url.substr(std::min(url.size(), url.find("//") + 2));
  const std::size_t colon = host.find(':');
  const std::string_view port = colon == std::string_view::npos ? "25" : host.substr(colon + 1);
  host = host.substr(0, colon);
  if ((!smtps && !url.starts_with("smtp://")) || !host_like(host) || port.empty() ||
      port.size() > 5 || !std::ranges::all_of(port, digit))
    throw Error(Errc::invalid,
                "the mail server is named smtp://HOST:PORT or smtps://HOST:PORT, and nothing more");
  if (!config_.helo.empty() && !host_like(config_.helo))
    throw Error(Errc::invalid, "how this machine calls itself to the mail server is a host name");
  if (!config_.user.empty() && !smtps && config_.starttls != Tls::required && !is_loopback(host))
    throw Error(Errc::invalid,
                "a password for the mail server needs smtps:// or a required STARTTLS");
  url_ = config_.url + '/' + config_.helo;
}

Delivery Smtp::send(const Address& from, const Address& to,
                    const Personal<std::string>& mail) const {
  if (mail.read().size() > config_.bytes_max)
    return {.fate = Fate::permanent,
            .code = 0,
            .status = "5.3.4",
            .why = "this mail is larger than mail may be"};
  Exchange exchange{.left = mail.read()};
  Handle handle(config_, url_, exchange);
  const std::string sender = '<' + from.value().read() + '>';
  const std::string recipient = '<' + to.value().read() + '>';
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> recipients(
      curl_slist_append(nullptr, recipient.c_str()), curl_slist_free_all);
  handle.set(CURLOPT_MAIL_FROM, sender.c_str());
  handle.set(CURLOPT_MAIL_RCPT, recipients.get());
  handle.set(CURLOPT_UPLOAD, 1L);
  handle.set(CURLOPT_READFUNCTION, on_read);
  handle.set(CURLOPT_READDATA, static_cast<void*>(&exchange));
  handle.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.read().size()));
  return delivery_of(handle.perform(), exchange);
}

Delivery Smtp::check() const {
  Exchange exchange;
  Handle handle(config_, url_, exchange);
  handle.set(CURLOPT_CUSTOMREQUEST, "NOOP");
  handle.set(CURLOPT_NOBODY, 1L);
  return delivery_of(handle.perform(), exchange);
}

}  // namespace parvis::mail
