#include "caldav/caldav.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/loopback.hpp"
#include "caldav/exchange.hpp"
#include "caldav/multistatus.hpp"

namespace parvis::caldav {
namespace {

using namespace std::chrono;

// Which of its two ways a server was asked in goes with the token it gave.
constexpr std::string_view kSync = "sync:";
constexpr std::string_view kTag = "ctag:";

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter_or_digit(char c) {
  return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct Address {
  bool https = false;
  std::string_view host;
  std::string_view path;
};

std::optional<Address> parse_address(std::string_view url) {
  Address out;
  out.https = url.starts_with("https://");
  if (!out.https && !url.starts_with("http://")) return std::nullopt;
  url.remove_prefix(out.https ? 8 : 7);
  out.path = url.substr(std::min(url.find('/'), url.size()));
  std::string_view host = url.substr(0, url.size() - out.path.size());
  const std::size_t bracket = host.find(']');
  const std::size_t colon = host.find(':', bracket == host.npos ? 0 : bracket);
  const std::string_view port = colon == host.npos ? "443" : host.substr(colon + 1);
  out.host = host.substr(0, colon);
  const bool name = !out.host.empty() && std::ranges::all_of(out.host, [](char c) {
    return letter_or_digit(c) || c == '-' || c == '.';
  });
  const bool six = out.host.size() > 2 && out.host.starts_with('[') && out.host.ends_with(']') &&
                   std::ranges::all_of(out.host.substr(1, out.host.size() - 2), [](char c) {
                     return letter_or_digit(c) || c == ':' || c == '.';
                   });
  const bool path =
      out.path.starts_with('/') && std::ranges::all_of(out.path, [](char c) {
        return letter_or_digit(c) || std::string_view("/%-._~!$&'()*+,;=:@").contains(c);
      });
  if ((!name && !six) || !path || port.empty() || port.size() > 5 ||
      !std::ranges::all_of(port, digit))
    return std::nullopt;
  return out;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (letter_or_digit(c) || std::string_view("-._~").contains(c))
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string percent_decoded(std::string_view text) {
  const auto hex = [](char c) {
    if (digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string escaped(std::string_view text) {  // for XML
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (static_cast<unsigned char>(c) >= ' ')
      out += c;
  }
  return out;
}

// "/…/agent/calendar/rdv-1%40exemple.fr.ics", with or without its host, is "rdv-1@exemple.fr".
std::string name_of(std::string_view href) {
  href = href.substr(href.rfind('/') + 1);
  std::string name = percent_decoded(href);
  if (name.ends_with(".ics")) name.resize(name.size() - 4);
  return name;
}

std::string_view path_of(std::string_view href) {
  if (const std::size_t scheme = href.find("://"); scheme != href.npos) {
    href.remove_prefix(scheme + 3);
    href = href.substr(std::min(href.find('/'), href.size()));
  }
  return href;
}

// A server that redirects, a proxy in front of it, a wrong address: what the numbers mean here.
Outcome outcome_of(const Reply& reply) {
  Outcome out{.fate = Fate::refused, .code = reply.code, .etag = reply.etag, .why = ""};
  if (!reply.trouble.empty()) {
    out.fate = Fate::unavailable;
    out.why = reply.trouble;
    return out;
  }
  const int code = reply.code;
  if (code >= 200 && code < 300) {
    out.fate = Fate::done;
  } else if (code >= 300 && code < 400) {
    out.why = "the calendar is at another address now: write that one (it is not followed)";
  } else if (code == 401) {
    out.why = "the calendar server refuses the user or the password: enter them again";
  } else if (code == 403) {
    out.why = "this user may not do this in this calendar: have its owner share it for writing";
  } else if (code == 404 || code == 410) {
    out.why = "there is no calendar at this address: look at it in the settings of the calendar";
  } else if (code == 405 || code == 501) {
    out.why = "this address is not that of a calendar: look at it in the settings of the calendar";
  } else if (code == 409) {
    out.why = "the calendar holds this event under another name: have it taken away there";
  } else if (code == 412) {
    out.fate = Fate::conflict;
    out.why = "somebody else has changed this entry";
  } else if (code == 413 || code == 507) {
    out.why = "the calendar server has no room for this: make some, or raise its limit";
  } else if (code == 408 || code == 423 || code == 425 || code == 429 || code >= 500) {
    out.fate = Fate::unavailable;
    out.why = fmt::format("the calendar server answered {}", code);
  } else {
    out.why = fmt::format("the calendar server does not take this: it answered {}", code);
  }
  return out;
}

std::unexpected<Outcome> not_understood(int code, std::string_view what) {
  return std::unexpected(
      Outcome{.fate = Fate::unavailable,
              .code = code,
              .etag = "",
              .why = fmt::format("the calendar server is not understood: {}", what)});
}

std::expected<Multistatus, Outcome> multistatus_of(const Reply& reply) {
  Outcome outcome = outcome_of(reply);
  if (outcome.fate != Fate::done) return std::unexpected(std::move(outcome));
  if (reply.code != 207) return not_understood(reply.code, "its answer is not a multistatus");
  auto read = parse_multistatus(reply.body);
  if (!read) return not_understood(reply.code, read.error());
  return *std::move(read);
}

// What is there and not said might keep somebody busy.
constexpr std::string_view kNoContent = "it lists an entry without its content";

constexpr std::string_view kXml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
constexpr std::string_view kNames =
    "xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" "
    "xmlns:S=\"http://calendarserver.org/ns/\"";

Request asking(const char* method, std::string url, const char* depth, std::string_view root,
               std::string_view inside) {
  return {
      .method = method,
      .url = std::move(url),
      .body = fmt::format("{}<{} {}>{}</{}>\n", kXml, root, kNames, inside, root),
      .headers = {"Content-Type: application/xml; charset=utf-8", fmt::format("Depth: {}", depth)}};
}

void only_if(Request& request, const std::string& etag) {
  CHECK(etag.empty() || etag_like(etag));
  if (!etag.empty()) request.headers.push_back("If-Match: " + etag);
}

std::string stamp(Instant at) {  // 20261203T090000Z
  std::string text = format_rfc3339(at);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

}  // namespace

Caldav::Caldav(Config config) : config_(std::move(config)) {
  CHECK(config_.fetch_max > 0);
  const auto address = parse_address(config_.url);
  if (!address)
    throw Error(Errc::invalid,
                "a calendar is named https://HOST[:PORT]/PATH/, without user, ? and #");
  if (!address->https && !is_loopback(address->host))
    throw Error(Errc::invalid, "a calendar on another machine needs https://");
  if (!config_.url.ends_with('/')) config_.url += '/';
}

std::string Caldav::url_of(std::string_view uid) const {
  CHECK(!uid.empty() && uid.size() <= ics::kUidMax);
  return config_.url + percent_encoded(uid) + ".ics";
}

std::expected<std::optional<std::string>, Outcome> Caldav::etag_of(const std::string& url) const {
  const Reply reply = exchange(
      config_, asking("PROPFIND", url, "0", "D:propfind", "<D:prop><D:getetag/></D:prop>"));
  if (reply.trouble.empty() && (reply.code == 404 || reply.code == 410)) return std::nullopt;
  const auto read = multistatus_of(reply);
  if (!read) return std::unexpected(read.error());
  if (read->responses.empty()) return not_understood(reply.code, "an entry has no properties");
  return read->responses.front().etag;
}

Outcome Caldav::put(std::string_view uid, const Personal<std::string>& ics,
                    const std::optional<std::string>& etag) const {
  CHECK(!ics.read().empty());
  const std::string url = url_of(uid);
  Request request{.method = "PUT",
                  .url = url,
                  .body = ics.read(),
                  .headers = {"Content-Type: text/calendar; charset=utf-8"}};
  if (etag)
    only_if(request, *etag);
  else
    request.headers.emplace_back("If-None-Match: *");
  Outcome out = outcome_of(exchange(config_, request));
  const bool conflict = out.fate == Fate::conflict;
  if (!conflict && (out.fate != Fate::done || !out.etag.empty())) return out;
  // Who changed it, or what became of it, must be known: else the whole is tried again. A proxy
  // that wants its own form filled in says "200 OK" to anything.
  const auto now = etag_of(url);
  if (!now) return now.error();
  if (!conflict && !*now)
    return not_understood(out.code, "it took an entry and has it not").error();
  out.etag = now->value_or("");
  return out;
}

Outcome Caldav::remove(std::string_view uid, const std::string& etag) const {
  const std::string url = url_of(uid);
  Request request{.method = "DELETE", .url = url};
  only_if(request, etag);
  Outcome out = outcome_of(exchange(config_, request));
  if (out.code == 404 || out.code == 410) return {.fate = Fate::done, .code = out.code};
  const bool conflict = out.fate == Fate::conflict;
  if (!conflict && (out.fate != Fate::done || out.code == 204)) return out;
  const auto now = etag_of(url);  // as after put()
  if (!now) return now.error();
  if (!*now) return {.fate = Fate::done, .code = out.code};
  if (!conflict) return not_understood(out.code, "it took an entry away and still has it").error();
  out.etag = **now;
  return out;
}

std::expected<std::optional<Entry>, Outcome> Caldav::get(std::string_view uid) const {
  Reply reply = exchange(config_, {.method = "GET", .url = url_of(uid)});
  if (reply.trouble.empty() && (reply.code == 404 || reply.code == 410)) return std::nullopt;
  Outcome outcome = outcome_of(reply);
  if (outcome.fate != Fate::done) return std::unexpected(std::move(outcome));
  if (!reply.body.starts_with("BEGIN:VCALENDAR"))
    return not_understood(reply.code, "its answer is not a calendar");
  return Entry{std::string(uid), reply.etag, Personal<std::string>(std::move(reply.body))};
}

std::expected<std::vector<Entry>, Outcome> Caldav::fetch(
    const std::vector<std::string>& hrefs) const {
  std::vector<Entry> out;
  for (std::size_t from = 0; from < hrefs.size(); from += config_.fetch_max) {
    std::string inside = "<D:prop><D:getetag/><C:calendar-data/></D:prop>";
    for (std::size_t i = from; i < std::min(from + config_.fetch_max, hrefs.size()); ++i)
      inside += "<D:href>" + escaped(hrefs[i]) + "</D:href>";
    auto read = multistatus_of(
        exchange(config_, asking("REPORT", config_.url, "1", "C:calendar-multiget", inside)));
    if (!read) return std::unexpected(read.error());
    if (read->responses.size() < std::min(config_.fetch_max, hrefs.size() - from))
      return not_understood(207, "it leaves out an entry that was asked for");
    for (Response& response : read->responses) {
      const bool gone = response.status == 404 || response.status == 410;  // since it was listed
      if (!gone && !response.data) return not_understood(207, kNoContent);
      out.push_back({name_of(response.href), response.etag, std::move(response.data)});
    }
  }
  return out;
}

std::expected<std::vector<Entry>, Outcome> Caldav::query(Instant from, Instant until) const {
  CHECK(from < until && until - from <= ics::kWindowMax);
  const std::string inside = fmt::format(
      "<D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter>"
      "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">"
      "<C:time-range start=\"{}\" end=\"{}\"/>"
      "</C:comp-filter></C:comp-filter></C:filter>",
      stamp(from - kMargin), stamp(until + kMargin));
  auto read = multistatus_of(
      exchange(config_, asking("REPORT", config_.url, "1", "C:calendar-query", inside)));
  if (!read) return std::unexpected(read.error());
  std::vector<Entry> out;
  for (Response& response : read->responses) {
    if (response.status == 404 || response.status == 410) continue;
    if (!response.data) return not_understood(207, kNoContent);
    out.push_back({name_of(response.href), response.etag, std::move(response.data)});
  }
  return out;
}

std::expected<Changes, Outcome> Caldav::changes(const std::string& token, Instant from,
                                                Instant until) const {
  if (token.starts_with(kTag)) return changes_by_tag(token, from, until);
  const std::string known = token.starts_with(kSync) ? token.substr(kSync.size()) : "";
  const Reply reply = exchange(
      config_, asking("REPORT", config_.url, "0", "D:sync-collection",
                      fmt::format("<D:sync-token>{}</D:sync-token>"
                                  "<D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop>",
                                  escaped(known))));
  const int code = reply.trouble.empty() ? reply.code : 0;
  const bool declined = code == 400 || code == 403 || code == 405 || code == 409 || code == 410 ||
                        code == 415 || code == 501;
  if (declined && !known.empty()) return changes("", from, until);  // it has forgotten this token
  if (declined) return changes_by_tag("", from, until);
  const auto read = multistatus_of(reply);
  if (!read) return std::unexpected(read.error());
  if (read->sync_token.empty()) return changes_by_tag("", from, until);

  Changes out{.entries = {}, .token = std::string(kSync) + read->sync_token};
  std::vector<std::string> hrefs;
  for (const Response& response : read->responses) {
    const std::string_view path = path_of(response.href);
    if (response.status == 507) out.more = true;  // the server has more than it says at once
    if (path.ends_with('/')) continue;            // the calendar itself, or a folder in it
    if (response.status == 404 || response.status == 410)
      out.entries.push_back({name_of(path), "", std::nullopt});
    else
      hrefs.push_back(response.href);
  }
  // At first, and after a great change, what touches the window is enough: a calendar may hold the
  // entries of ten years.
  out.whole = known.empty() || hrefs.size() > kChangesMax;
  if (out.whole) out.entries.clear();
  auto entries = out.whole ? query(from, until) : fetch(hrefs);
  if (!entries) return std::unexpected(entries.error());
  std::ranges::move(*entries, std::back_inserter(out.entries));
  return out;
}

std::expected<Changes, Outcome> Caldav::changes_by_tag(const std::string& token, Instant from,
                                                       Instant until) const {
  const auto read =
      multistatus_of(exchange(config_, asking("PROPFIND", config_.url, "0", "D:propfind",
                                              "<D:prop><S:getctag/></D:prop>")));
  if (!read) return std::unexpected(read.error());
  const std::string tag = read->responses.empty() ? "" : read->responses.front().ctag;
  Changes out{.entries = {}, .token = std::string(kTag) + tag};
  if (!tag.empty() && out.token == token) return out;
  auto entries = query(from, until);
  if (!entries) return std::unexpected(entries.error());
  out.entries = *std::move(entries);
  out.whole = true;
  return out;
}

std::expected<Busy, Outcome> Caldav::busy(Instant from, Instant until, const Zone& zone,
                                          std::string_view own) const {
  const auto entries = query(from, until);
  if (!entries) return std::unexpected(entries.error());
  Busy out;
  std::size_t work = ics::kWorkMax;
  for (const Entry& entry : *entries) {
    auto read = ics::read(entry.ics->read(), from, until, zone, work);
    if (!read) {
      out.unread.push_back({entry.name, read.error()});
      continue;
    }
    for (const ics::Entry& event : read->entries)
      if (own.empty() || !event.uid.starts_with(own))
        out.intervals.insert(out.intervals.end(), event.intervals.begin(), event.intervals.end());
  }
  out.intervals = ics::merged(std::move(out.intervals));
  return out;
}

Outcome Caldav::check() const {
  const Reply reply =
      exchange(config_, asking("PROPFIND", config_.url, "0", "D:propfind",
                               "<D:prop><D:resourcetype/><C:supported-calendar-component-set/>"
                               "<D:current-user-privilege-set/></D:prop>"));
  const auto read = multistatus_of(reply);
  if (!read) return read.error();
  Outcome out{.fate = Fate::refused, .code = reply.code};
  if (read->responses.empty() || !read->responses.front().calendar)
    out.why = "this address is not that of a calendar: look at it in the settings of the calendar";
  else if (!read->responses.front().events)
    out.why = "this calendar takes no events: choose one that does";
  else if (!read->responses.front().writable)
    out.why = "this user may only read this calendar: have its owner share it for writing";
  else
    out.fate = Fate::done;
  return out;
}

}  // namespace parvis::caldav
