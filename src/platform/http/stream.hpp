// A stream of server-sent events (text/event-stream) as a handler describes it and as its bytes.
//
//   router.stream("/conversations/{id}/events", [&](const Request& r) -> Reply {
//     const auto access = gate(r);                       // throws, or returns a Response: refused
//     return Stream{.doorbell = doorbell,
//                   .topic = topic_of(access),
//                   .next = [=](const std::string& after) { return events_after(access, after); },
//                   .still_allowed = [=] { return allowed(access); }};
//   });
//
// The server listens to the topic, then reads, then writes, and reads again at each ring. A client
// that comes back says which event it saw last (Last-Event-ID, else ?after=) and gets what follows.
// It is kept alive by a comment when nothing happens, asked again whether it may go on, and cut
// when it is too slow; the limits are in limits.hpp. The stream ends when the connection does: it
// is not chunked, and nothing follows it.
#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/limits.hpp"
#include "http/message.hpp"
#include "runtime/doorbell.hpp"

namespace parvis::http {

struct Event {
  std::string id;    // never empty; well_formed_id()
  std::string type;  // the same, or empty: "message"
  std::string data;  // UTF-8, any lines; kEventBytes
};

struct Stream {
  runtime::Doorbell& doorbell;  // outlives the server
  std::string topic;            // of the doorbell
  Pairs headers = {};           // besides those of every response
  // What follows the event `after` ("" before the first), oldest first, at most kPageEvents; none
  // when there is nothing yet. It is called until it gives none. Throws Error: before the first
  // byte it is answered as from any handler; later it ends the stream, and the client comes back.
  std::function<std::vector<Event>(const std::string& after)> next;
  // False ends the stream. Null: always. Throwing ends it too.
  std::function<bool()> still_allowed = nullptr;
  // Both run on the worker pool, one at a time.
};

// What the handler of a stream answers.
using Reply = std::variant<Response, Stream>;

// 1 to kEventIdBytes visible characters of ASCII: safe in a line of a stream and in a header.
bool well_formed_id(std::string_view id);

// Which event the client saw last: the header Last-Event-ID, which a browser sends when it comes
// back by itself, else the query's `after`; "" when neither. A handler that knows more of its ids
// refuses earlier by calling this itself.
std::expected<std::string, Problem> resume_id(const Request& request);

// The bytes, by the HTML standard §9.2. Error(failed) for an event that is not well formed, and for
// a header with control characters: it would be injected.
std::string head_of(const Stream& stream, std::string_view request_id);
void append(std::string& bytes, const Event& event);
struct Page {
  std::string bytes;       // of the events
  std::size_t events = 0;  // none: there is nothing yet
  std::string last;        // the id to go on from
};
// Calls stream.next, and throws what it throws. Error(failed) too for a page that is too long, or
// that ends where it began: it would be read for ever.
Page page_after(const Stream& stream, const std::string& after);
std::string retry_line(std::chrono::milliseconds wait);  // how long a client waits to come back
inline constexpr std::string_view kPing = ": ping\n\n";

}  // namespace parvis::http
