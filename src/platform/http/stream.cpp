#include "http/stream.hpp"

#include <algorithm>

#include "http/options.hpp"

namespace parvis::http {

bool well_formed_id(std::string_view id) {
  return !id.empty() && id.size() <= kEventIdBytes &&
         std::ranges::all_of(id, [](char c) { return c > 0x20 && c < 0x7F; });
}

std::expected<std::string, Problem> resume_id(const Request& request) {
  std::string_view said = request.header("last-event-id").value_or("");
  if (said.empty()) said = request.query_value("after").value_or("");
  if (!said.empty() && !well_formed_id(said))
    return std::unexpected(Problem{"what follows Last-Event-ID or after= is not an event's id"});
  return std::string(said);
}

std::string head_of(const Stream& stream, std::string_view request_id) {
  Response response;
  for (const auto& [name, value] : kSecurityHeaders) response.set(name, value);
  for (const auto& [name, value] : stream.headers) response.set(name, value);
  response.set("Content-Type", "text/event-stream; charset=utf-8");
  response.set("X-Accel-Buffering", "no");  // nginx hands on each event as it comes
  response.set("X-Request-Id", request_id);
  response.set("Connection", "close");
  std::string bytes = "HTTP/1.1 200 OK\r\n";
  for (const auto& [name, value] : response.headers)
    bytes.append(name).append(": ").append(value).append("\r\n");
  return bytes.append("\r\n");
}

void append(std::string& bytes, const Event& event) {
  if (!well_formed_id(event.id) || (!event.type.empty() && !well_formed_id(event.type)))
    throw Error(Errc::failed, "an event whose id or type is not well formed");
  if (event.data.size() > kEventBytes)
    throw Error(Errc::failed, "an event of more than " + std::to_string(kEventBytes) + " bytes");
  bytes.append("id: ").append(event.id).append("\n");
  if (!event.type.empty()) bytes.append("event: ").append(event.type).append("\n");
  // A client takes CR, LF and CRLF as ends of a line: each of them begins a field of ours.
  for (std::string_view rest = event.data;;) {
    const std::size_t end = rest.find_first_of("\r\n");
    bytes.append("data: ").append(rest.substr(0, end)).append("\n");
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + (rest.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  bytes.append("\n");
}

Page page_after(const Stream& stream, const std::string& after) {
  const std::vector<Event> events = stream.next(after);
  if (events.size() > kPageEvents)
    throw Error(Errc::failed, "a page of more than " + std::to_string(kPageEvents) + " events");
  Page page{.bytes = {}, .events = events.size(), .last = after};
  for (const Event& event : events) append(page.bytes, event);
  if (events.empty()) return page;
  page.last = events.back().id;
  if (page.last == after) throw Error(Errc::failed, "a page that ends where it began");
  return page;
}

std::string retry_line(std::chrono::milliseconds wait) {
  return "retry: " + std::to_string(wait.count()) + "\n\n";
}

}  // namespace parvis::http
