// A request as a handler sees it and the response it returns: whole values, no sockets.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace parvis::http {

enum class Method { get, head, post, put, patch, del, options, other };
std::string_view name(Method method);  // "GET"…
Method method_named(std::string_view name);

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Request {
  Method method = Method::get;
  std::string path;   // as sent, before '?', still percent-encoded
  std::string route;  // the pattern that matched: "/{commune}/sheet/{id}"
  Pairs params;       // of the path, decoded, valid UTF-8, never empty
  Pairs query;        // decoded, valid UTF-8, in order
  Pairs headers;      // names in lower case
  std::string body;
  std::string peer;  // address without port; "unix" on a Unix socket
  std::string request_id;
  Instant received_at{};

  std::optional<std::string_view> param(std::string_view name) const;
  std::optional<std::string_view> query_value(std::string_view name) const;  // the first
  std::optional<std::string_view> header(std::string_view lower_name) const;
  bool prefers_html() const;  // Accept puts text/html before JSON: a browser's navigation
};

// A body that is never whole in memory: `next` is called on the worker pool, one call at a time,
// until `bytes` have come; pieces of at most 1 MiB. What it throws, or a piece too many or too few,
// ends the connection, so that its client knows that the file is not whole.
struct PiecedBody {
  std::uint64_t bytes = 0;
  std::function<std::string()> next;
};

struct Response {
  int status = 200;
  Pairs headers = {};
  std::string body = {};
  std::shared_ptr<const std::string> shared =
      nullptr;  // instead of body: bytes kept by many responses
  std::shared_ptr<const PiecedBody> pieces = nullptr;  // instead of body

  // Replaces a header. Throws Error(failed) on a control character (a header would be injected).
  Response& set(std::string_view name, std::string_view value) &;
  Response&& set(std::string_view name, std::string_view value) && {
    return std::move(this->set(name, value));
  }
  std::optional<std::string_view> header(std::string_view name) const;  // any case
  std::string_view bytes() const { return shared ? std::string_view(*shared) : body; }
  std::uint64_t length() const { return pieces ? pieces->bytes : bytes().size(); }

  static Response json(const boost::json::value& value, int status = 200);
  static Response html(std::string markup, int status = 200);
  static Response text(std::string plain, int status = 200);
  static Response redirect(std::string_view to, int status = 303);
  static Response no_content();
};

std::string_view reason(int status);  // "Not Found"

// A refusal, before it is rendered: RFC 9457, or a page through ErrorPage.
struct Refusal {
  int status = 500;
  std::string detail;  // shown to the person: plain words, no secret; may be empty
};
Refusal refusal(const Error& error);
// application/problem+json {"type","title","status","detail","request_id"}.
Response problem(const Refusal& refusal, std::string_view request_id);

// A form body (application/x-www-form-urlencoded) as pairs.
std::expected<Pairs, Problem> parse_form(const Request& request);

}  // namespace parvis::http
