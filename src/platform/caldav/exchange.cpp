#include "caldav/exchange.hpp"

#include <curl/curl.h>

#include <memory>

#include "base/error.hpp"
#include "caldav/multistatus.hpp"

namespace parvis::caldav {
namespace {

struct Received {
  Reply reply;
  std::size_t most;
  bool too_large = false;
};

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* to) {
  Received& received = *static_cast<Received*>(to);
  if (size * count > received.most - received.reply.body.size()) {
    received.too_large = true;
    return 0;  // libcurl ends the exchange
  }
  received.reply.body.append(data, size * count);
  return size * count;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* to) {
  Reply& reply = static_cast<Received*>(to)->reply;
  std::string line(data, size * count);
  if (line.starts_with("HTTP/")) reply.etag.clear();  // another answer: 100, or 401 before digest
  const std::size_t colon = line.find(':');
  if (colon != 4) return size * count;
  std::string name = line.substr(0, 4);
  for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (name != "etag") return size * count;
  std::string etag = line.substr(5);
  etag.erase(0, std::min(etag.find_first_not_of(" \t"), etag.size()));
  etag.erase(etag.find_last_not_of(" \t\r\n") + 1);
  if (etag_like(etag)) reply.etag = etag;
  return size * count;
}

std::string_view trouble(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "the name of the calendar server is not known: look at its address and the DNS";
    case CURLE_COULDNT_CONNECT:
      return "the calendar server does not take the connection: does it run, on this port?";
    case CURLE_OPERATION_TIMEDOUT:
      return "the calendar server is too slow";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return "the certificate of the calendar server does not hold: look at its name and its "
             "issuer";
    case CURLE_SSL_CONNECT_ERROR:
      return "no TLS with the calendar server";
    default:
      return "the exchange with the calendar server broke off";
  }
}

class Handle {
 public:
  Handle() : curl_(begun() ? curl_easy_init() : nullptr, curl_easy_cleanup) {
    if (!curl_) throw Error(Errc::failed, "libcurl does not start");
  }
  template <typename T>
  void set(CURLoption option, T value) {
    if (curl_easy_setopt(curl_.get(), option, value) != CURLE_OK)
      throw Error(Errc::failed, "libcurl refuses an option for HTTP");
  }
  CURLcode perform() { return curl_easy_perform(curl_.get()); }
  int code() const {
    long code = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &code);
    return static_cast<int>(code);
  }

 private:
  static bool begun() {
    static const bool ok = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return ok;
  }
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_;
};

}  // namespace

Reply exchange(const Config& config, const Request& request) {
  Received received{.reply = {}, .most = config.answer_max};
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(nullptr, curl_slist_free_all);
  const auto add = [&](const std::string& header) {
    curl_slist* longer = curl_slist_append(headers.get(), header.c_str());
    if (longer == nullptr) throw Error(Errc::failed, "no memory for the headers of a request");
    static_cast<void>(headers.release());
    headers.reset(longer);
  };
  add("Expect:");  // no waiting for "100 Continue"
  for (const std::string& header : request.headers) add(header);

  Handle handle;
  handle.set(CURLOPT_URL, request.url.c_str());
  handle.set(CURLOPT_PROTOCOLS_STR, "http,https");
  handle.set(CURLOPT_FOLLOWLOCATION, 0L);
  handle.set(CURLOPT_PROXY, "");
  handle.set(CURLOPT_NOSIGNAL, 1L);
  handle.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(config.connect_max.count()));
  handle.set(CURLOPT_TIMEOUT_MS, static_cast<long>(config.request_max.count()));
  handle.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!config.ca_file.empty()) handle.set(CURLOPT_CAINFO, config.ca_file.c_str());
  handle.set(CURLOPT_USERAGENT, "Parvis");
  if (!config.user.empty()) {
    handle.set(CURLOPT_HTTPAUTH,
               static_cast<long>(config.auth == Auth::digest ? CURLAUTH_DIGEST : CURLAUTH_BASIC));
    handle.set(CURLOPT_USERNAME, config.user.c_str());
    handle.set(CURLOPT_PASSWORD, config.password.reveal().c_str());
  }
  handle.set(CURLOPT_HTTPHEADER, headers.get());
  handle.set(CURLOPT_CUSTOMREQUEST, request.method);
  if (!request.body.empty()) {
    handle.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    handle.set(CURLOPT_POSTFIELDS, request.body.c_str());
  }
  handle.set(CURLOPT_WRITEFUNCTION, on_body);
  handle.set(CURLOPT_WRITEDATA, static_cast<void*>(&received));
  handle.set(CURLOPT_HEADERFUNCTION, on_header);
  handle.set(CURLOPT_HEADERDATA, static_cast<void*>(&received));

  const CURLcode result = handle.perform();
  if (received.too_large)
    received.reply.trouble = "the answer of the calendar server is larger than " +
                             std::to_string(config.answer_max / 1024) + " KiB";
  else if (result != CURLE_OK)
    received.reply.trouble = trouble(result);
  received.reply.code = handle.code();
  return received.reply;
}

}  // namespace parvis::caldav
