// One calendar on someone's server (CalDAV, RFC 4791): entries of ours are put there, busy times of
// theirs are read. Thread-safe: each call has its own connections. Blocks, request_max at most for
// each exchange, of which a call makes few.
//
// What becomes of a call is a value. Nothing in it is about a person, nor a secret: of what a
// server answers only numbers and etags are kept.
//
// An entry of ours lies under its uid, so putting it again after a doubt replaces it: nothing is
// doubled. Who sets the address decides where this machine connects to: an administrator.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sensitive.hpp"
#include "base/time.hpp"
#include "ics/read.hpp"

namespace parvis::caldav {

inline constexpr std::size_t kAnswerMax = 16u << 20;  // bytes
inline constexpr std::size_t kChangesMax = 2'000;     // entries that are asked for one by one
// A server may take a day, and a time without a zone, for those of another zone than ours: it is
// asked for this much more on both sides.
inline constexpr std::chrono::days kMargin{1};

enum class Auth : std::uint8_t { basic, digest };

struct Config {
  std::string url;  // of the calendar itself: https://HOST[:PORT]/…; http:// on this machine alone
  std::string user = {};
  Secret<std::string> password{""};
  Auth auth = Auth::basic;
  std::string ca_file = {};  // PEM; empty: those of the system
  std::chrono::milliseconds connect_max{5'000};
  std::chrono::milliseconds request_max{20'000};  // in all, connecting included
  std::size_t answer_max = kAnswerMax;
  std::size_t fetch_max = 50;  // entries asked for at a time
};

enum class Fate : std::uint8_t {
  done,
  conflict,     // somebody else has changed the entry since: etag is what it has now, empty if gone
  unavailable,  // try later: out of reach, too slow, or what it answers is not understood
  refused,      // trying again changes nothing: `why` says what to do
};

struct Outcome {
  Fate fate = Fate::done;
  int code = 0;  // of HTTP; 0: no answer
  // Of the entry now; empty when the server does not say, or when it is gone.
  std::string etag = {};
  std::string why = {};  // for a log and `doctor`; empty when done
};

struct Entry {
  // What it lies under, without ".ics": of an entry of ours, its uid.
  std::string name;
  std::string etag;
  std::optional<Personal<std::string>> ics;  // nothing: it is gone
};

struct Changes {
  std::vector<Entry> entries;
  std::string token;  // for the next call
  // Everything that touches the window: what is not listed is gone from it. Otherwise what changed,
  // whenever it is.
  bool whole = false;
  bool more = false;  // call again with this token at once
};

struct Unread {
  std::string name;
  ics::Fault fault;
};

struct Busy {
  std::vector<ics::Interval> intervals;  // sorted and disjoint
  // Entries that are not understood: somebody may be busy then, and nobody knows when.
  std::vector<Unread> unread;
};

class Caldav {
 public:
  // Errc::invalid for an address of another form, and for a password that would travel in the clear
  // to another machine.
  explicit Caldav(Config config);

  // `uid` and `ics` as ics::write takes and makes them, one event, Method::none. `etag`: of the
  // entry that this one replaces; empty: whatever is there, to have the last word after a conflict;
  // nothing: there must be none yet. After `unavailable` it may have been put all the same: then
  // the next try is a conflict, and get() shows our own sequence.
  Outcome put(std::string_view uid, const Personal<std::string>& ics,
              const std::optional<std::string>& etag) const;
  // What is gone already is done. An empty `etag`: whatever is there.
  Outcome remove(std::string_view uid, const std::string& etag) const;
  // Nothing when there is none.
  std::expected<std::optional<Entry>, Outcome> get(std::string_view uid) const;

  // What has changed since `token` was given, or everything that touches [from, until): at first,
  // with an empty token; when the server has forgotten the token; after more than kChangesMax
  // changes; and at each change on a server that cannot tell which (RFC 6578).
  std::expected<Changes, Outcome> changes(const std::string& token, Instant from,
                                          Instant until) const;

  // When the calendar keeps its owner busy, without events whose uid begins with `own`. Days and
  // times without a zone are those of `zone`. The window is that of ics::read.
  std::expected<Busy, Outcome> busy(Instant from, Instant until, const Zone& zone,
                                    std::string_view own) const;

  // For doctor: done when the address is a calendar of events that may be written to.
  Outcome check() const;

 private:
  std::string url_of(std::string_view uid) const;
  // Nothing when the entry is not there; empty when the server does not say.
  std::expected<std::optional<std::string>, Outcome> etag_of(const std::string& url) const;
  std::expected<std::vector<Entry>, Outcome> fetch(const std::vector<std::string>& hrefs) const;
  std::expected<std::vector<Entry>, Outcome> query(Instant from, Instant until) const;
  std::expected<Changes, Outcome> changes_by_tag(const std::string& token, Instant from,
                                                 Instant until) const;
  Config config_;
};

}  // namespace parvis::caldav
