#include "portal/visitor.hpp"

#include <algorithm>

#include "conversation/conversation_store.hpp"
#include "crypto/hash.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::portal {
namespace {

using http::Request;

constexpr std::size_t kIdDigits = 2 * conversation::kIdBytes;
constexpr std::size_t kTokenDigits = 2 * conversation::kTokenBytes;
static_assert(kTokenDigits == 64, "a token is a SHA-256");

bool digits(std::string_view text, std::size_t count) {
  return text.size() == count && crypto::from_hex(text).has_value();
}

std::string made_from(std::string_view secret, std::string_view what) {
  return crypto::sha256_hex(std::string("parvis portal ").append(what).append("\n").append(secret));
}

std::string_view cookie_in(const Request& request, std::string_view name) {
  std::string_view all = request.header("cookie").value_or("");
  while (!all.empty()) {
    const std::size_t end = std::min(all.find(';'), all.size());
    std::string_view one = all.substr(0, end);
    all.remove_prefix(std::min(end + 1, all.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    const std::size_t equals = one.find('=');
    if (one.substr(0, equals) == name && equals != std::string_view::npos)
      return one.substr(equals + 1);
  }
  return {};
}

std::string written(std::string_view name, std::string_view value, std::string_view path,
                    std::chrono::seconds life) {
  return std::string(name)
      .append("=")
      .append(value)
      .append("; Path=")
      .append(path)
      .append("; Max-Age=")
      .append(std::to_string(life.count()))
      .append("; HttpOnly; SameSite=Lax");
}

bool by_https(const Request& request) {
  return request.header("origin").value_or("").starts_with("https://") ||
         request.header("x-forwarded-proto") == "https";
}

}  // namespace

std::string new_start() { return crypto::random_hex(32); }
std::string new_id() { return crypto::random_hex(16); }
bool start_like(std::string_view text) { return digits(text, 64); }

api::Visit visit_from(std::string_view start) {
  return {.id = made_from(start, "id").substr(0, kIdDigits), .token = made_from(start, "token")};
}

bool visit_like(const api::Visit& visit) {
  return digits(visit.id, kIdDigits) && digits(visit.token, kTokenDigits);
}

std::string link_key(const api::Visit& visit) { return visit.id + "-" + visit.token; }

std::optional<api::Visit> visit_of_link(std::string_view key) {
  const std::size_t dash = key.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  api::Visit visit{.id = std::string(key.substr(0, dash)),
                   .token = std::string(key.substr(dash + 1))};
  return visit_like(visit) ? std::optional(std::move(visit)) : std::nullopt;
}

std::optional<api::Visit> visit_in(const Request& request, const Cookie& cookie) {
  const std::string_view value = cookie_in(request, cookie.name);
  const std::size_t dot = value.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  api::Visit visit{.id = std::string(value.substr(0, dot)),
                   .token = std::string(value.substr(dot + 1))};
  return visit_like(visit) ? std::optional(std::move(visit)) : std::nullopt;
}

std::string cookie_of(const api::Visit& visit, std::string_view path, const Request& request,
                      const Cookie& cookie) {
  std::string out = written(cookie.name, visit.id + "." + visit.token, path, cookie.life);
  if (by_https(request)) out.append("; Secure");
  return out;
}

std::string word_in(const Request& request, const Cookie& cookie) {
  const std::string_view word = cookie_in(request, cookie.name);
  const bool ours =
      word.size() <= tenancy::kIdMax && std::ranges::all_of(word, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
      });
  return ours ? std::string(word) : std::string();
}

std::string word_cookie(std::string_view word, std::string_view path, const Request& request,
                        const Cookie& cookie) {
  std::string out = written(cookie.name, word, path, cookie.life);
  if (by_https(request)) out.append("; Secure");
  return out;
}

std::string browser_in(const Request& request) {
  const std::string_view value = cookie_in(request, kAskCookie.name);
  return casework::browser_like(value) ? std::string(value) : std::string();
}

std::string browser_cookie(std::string_view browser, const Request& request) {
  return word_cookie(browser, "/", request,
                     kAskCookie);  // asked at a commune's, opened at the town's
}

std::string no_cookie(std::string_view path, const Cookie& cookie) {
  return written(cookie.name, "", path, {});
}

std::string origin_of(const Request& request) {
  return std::string(by_https(request) ? "https://" : "http://")
      .append(request.header("host").value_or("localhost"));
}

std::string form_token(const api::Visit& visit) { return made_from(visit.token, "form"); }

Sender sender_of(const Request& request) {
  const auto ours = [](bool yes) { return yes ? Sender::this_site : Sender::other_site; };
  // "none": the person's own doing, such as loading the page again.
  if (const auto site = request.header("sec-fetch-site"))
    return ours(site == "same-origin" || site == "none");
  const auto origin = request.header("origin");
  if (!origin) return Sender::not_said;
  const std::size_t scheme = origin->find("://");
  if (scheme == std::string_view::npos) return Sender::other_site;  // "null"
  std::string_view from = origin->substr(scheme + 3);
  const std::string_view host = request.header("host").value_or("");
  // A proxy may leave the port out of Host.
  const bool port = host.find(':', host.find(']') + 1) != std::string_view::npos;
  if (!port) from = from.substr(0, from.find(':', from.find(']') + 1));
  return ours(!host.empty() && from == host);
}

Trust trust_in(const Request& request, std::string_view token, std::string_view start,
               const std::optional<api::Visit>& visit) {
  switch (sender_of(request)) {
    case Sender::this_site:
      return Trust::full;
    case Sender::other_site:
      return Trust::none;
    case Sender::not_said:
      break;
  }
  if (!token.empty())
    return visit && crypto::equal_in_constant_time(token, form_token(*visit)) ? Trust::full
                                                                              : Trust::none;
  if (start.empty()) return Trust::none;
  const api::Visit made = visit_from(start);
  return visit && visit->id == made.id && crypto::equal_in_constant_time(visit->token, made.token)
             ? Trust::full
             : Trust::to_confirm;
}

}  // namespace parvis::portal
