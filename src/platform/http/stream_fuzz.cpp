// What a client says it saw, and any event as bytes: a reader of the bytes finds one event, with
// the id, the type and the lines that went in, and nothing else.
#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "http/stream.hpp"

namespace {

using namespace parvis::http;

// CR, LF and CRLF are ends of a line: what a reader gets has LF only.
std::string with_line_feeds(std::string_view data) {
  std::string out;
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (data[i] == '\r' && data.substr(i + 1).starts_with('\n')) continue;
    out += data[i] == '\r' ? '\n' : data[i];
  }
  return out;
}

Event read_back(std::string_view bytes) {
  Event event;
  bool first = true;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find_first_of("\r\n");
    CHECK(end != std::string_view::npos && bytes[end] == '\n');
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    CHECK(line.empty() == bytes.empty());  // one blank line, at the end
    if (line.empty()) break;
    const std::size_t colon = line.find(": ");
    CHECK(colon != std::string_view::npos);
    const std::string_view field = line.substr(0, colon), value = line.substr(colon + 2);
    if (field == "data") {
      event.data.append(std::exchange(first, false) ? "" : "\n").append(value);
    } else {
      CHECK(first && (field == "id" || field == "event"));
      std::string& into = field == "id" ? event.id : event.type;
      CHECK(into.empty());
      into = value;
    }
  }
  return event;
}

}  // namespace

// The input: what a client said, 0xFF, an id, 0xFF, a type, 0xFF, data.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(input), size);
  const auto next = [&] {
    const std::string_view part = rest.substr(0, rest.find('\xFF'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    return std::string(part);
  };
  const std::string said = next();
  Request by_header, by_query;
  by_header.headers = {{"last-event-id", said}};
  by_query.query = {{"after", said}};
  for (const Request& request : {by_header, by_query})
    if (const auto id = resume_id(request))
      CHECK(*id == said && (id->empty() || well_formed_id(*id)));
  const Event event{next(), next(), std::string(rest)};
  std::string bytes;
  try {
    append(bytes, event);
  } catch (const parvis::Error&) {
    CHECK(!well_formed_id(event.id) || !well_formed_id(event.type) ||
          event.data.size() > kEventBytes);
    return 0;
  }
  const Event read = read_back(bytes);
  CHECK(read.id == event.id && read.type == event.type);
  CHECK(read.data == with_line_feeds(event.data));
  return 0;
}
