// Against the real Radicale, and against servers that misbehave.
#include "caldav/caldav.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "caldav/multistatus.hpp"
#include "ics/write.hpp"
#include "support/radicale.hpp"

namespace parvis::caldav {
namespace {

using namespace std::chrono_literals;
using support::Radicale;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

Instant at(std::string_view text) { return *parse_rfc3339(text); }
const Instant kFrom = at("2026-12-01T00:00:00+01:00");
const Instant kUntil = at("2027-01-01T00:00:00+01:00");
const Instant kTen = at("2026-12-03T10:00:00+01:00");
constexpr const char* kUid = "rdv-2f9c@mairie.exemple.fr";

ics::Event appointment(Instant start = kTen, int sequence = 0) {
  return {.uid = kUid,
          .sequence = sequence,
          .start = start,
          .end = start + 20min,
          .summary = Personal<std::string>("Rendez-vous : carte d’identité, Mme Martin"),
          .created = kFrom,
          .modified = kFrom};
}
Personal<std::string> text(const ics::Event& event) { return ics::write({event}).value(); }
Personal<std::string> foreign(const std::string& uid, const std::string& lines) {
  return Personal<std::string>(
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nBEGIN:VEVENT\r\nUID:" + uid +
      "\r\nDTSTAMP:20261101T000000Z\r\nSUMMARY:x\r\n" + lines + "END:VEVENT\r\nEND:VCALENDAR\r\n");
}
Config config(const std::string& url, const std::string& password = Radicale::kPassword) {
  return {.url = url, .user = Radicale::kUser, .password = Secret<std::string>(password)};
}
std::vector<ics::Interval> intervals(const Caldav& caldav) {
  const auto busy = caldav.busy(kFrom, kUntil, Zone::paris(), "rdv-");
  EXPECT_TRUE(busy) << (busy ? "" : busy.error().why);
  if (!busy) return {};
  EXPECT_THAT(busy->unread, IsEmpty());
  return busy->intervals;
}
ics::Interval hours(std::string_view from, std::string_view until) { return {at(from), at(until)}; }

// One server for all of them, a calendar for each.
class RealRadicale : public testing::Test {
 protected:
  static void SetUpTestSuite() { shared_ = new Radicale; }
  static void TearDownTestSuite() { delete std::exchange(shared_, nullptr); }

  static std::string fresh() {
    const std::string name = "c" + std::to_string(++calendars_);
    shared_->add_calendar(name);
    return name;
  }
  static inline Radicale* shared_ = nullptr;
  static inline int calendars_ = 0;
  Radicale& server_ = *shared_;
  const std::string calendar_ = fresh();
  Caldav caldav_{config(server_.url(calendar_))};
};

TEST_F(RealRadicale, AnAppointmentIsPutMovedAndTakenAway) {
  const Outcome put = caldav_.put(kUid, text(appointment()), std::nullopt);
  ASSERT_EQ(put.fate, Fate::done) << put.why;
  EXPECT_TRUE(etag_like(put.etag));
  auto back = caldav_.get(kUid);
  ASSERT_TRUE(back && *back);
  EXPECT_EQ((*back)->etag, put.etag);
  auto read = ics::read((*back)->ics->read(), kFrom, kUntil, Zone::paris());
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->entries.at(0).uid, kUid);
  EXPECT_EQ(read->entries.at(0).summary.read(), appointment().summary.read());
  EXPECT_THAT(read->entries.at(0).intervals, ElementsAre(ics::Interval{kTen, kTen + 20min}));

  const Outcome moved = caldav_.put(kUid, text(appointment(kTen + 24h, 1)), put.etag);
  ASSERT_EQ(moved.fate, Fate::done) << moved.why;
  EXPECT_NE(moved.etag, put.etag);
  back = caldav_.get(kUid);
  read = ics::read((*back)->ics->read(), kFrom, kUntil, Zone::paris());
  EXPECT_EQ(read->entries.size(), 1u);
  EXPECT_EQ(read->entries.at(0).sequence, 1);
  EXPECT_THAT(read->entries.at(0).intervals,
              ElementsAre(ics::Interval{kTen + 24h, kTen + 24h + 20min}));

  EXPECT_EQ(caldav_.remove(kUid, moved.etag).fate, Fate::done);
  EXPECT_EQ(caldav_.get(kUid).value(), std::nullopt) << "gone";
  EXPECT_EQ(caldav_.remove(kUid, moved.etag).fate, Fate::done) << "twice is once";
}

TEST_F(RealRadicale, WhatSomebodyElseChangedIsAConflict) {
  const Outcome put = caldav_.put(kUid, text(appointment()), std::nullopt);
  const Outcome again = caldav_.put(kUid, text(appointment()), std::nullopt);
  EXPECT_EQ(again.fate, Fate::conflict) << "it exists: nothing is doubled";
  EXPECT_EQ(again.code, 412);
  EXPECT_EQ(again.etag, put.etag);
  // The agent moves it in their own program.
  const Outcome theirs = caldav_.put(kUid, text(appointment(kTen + 1h, 1)), put.etag);
  const Outcome late = caldav_.put(kUid, text(appointment(kTen + 2h, 2)), put.etag);
  EXPECT_EQ(late.fate, Fate::conflict);
  EXPECT_EQ(late.etag, theirs.etag);
  const Outcome removed = caldav_.remove(kUid, put.etag);
  EXPECT_EQ(removed.fate, Fate::conflict);
  EXPECT_EQ(removed.etag, theirs.etag);
  // Whoever answers for the appointments may have the last word.
  const Outcome ours = caldav_.put(kUid, text(appointment(kTen + 2h, 2)), "");
  EXPECT_EQ(ours.fate, Fate::done) << ours.why;
  EXPECT_NE(ours.etag, theirs.etag);
  EXPECT_EQ(caldav_.remove(kUid, theirs.etag).fate, Fate::conflict);
  EXPECT_EQ(caldav_.remove(kUid, "").fate, Fate::done);
  EXPECT_EQ(caldav_.put(kUid, text(appointment()), std::nullopt).etag, put.etag);
  ASSERT_EQ(caldav_.put(kUid, text(appointment(kTen + 1h, 1)), put.etag).etag, theirs.etag);
  // Or takes it away.
  EXPECT_EQ(caldav_.remove(kUid, theirs.etag).fate, Fate::done);
  const Outcome gone = caldav_.put(kUid, text(appointment(kTen + 2h, 2)), theirs.etag);
  EXPECT_EQ(gone.fate, Fate::conflict);
  EXPECT_EQ(gone.etag, "");
}

TEST_F(RealRadicale, TheirBusyTimesAndNotOurs) {
  ASSERT_EQ(caldav_.put(kUid, text(appointment()), std::nullopt).fate, Fate::done);
  EXPECT_THAT(intervals(caldav_), IsEmpty());
  const auto put = [&](const std::string& uid, const std::string& lines) {
    EXPECT_EQ(caldav_.put(uid, foreign(uid, lines), std::nullopt).fate, Fate::done) << uid;
  };
  put("meeting", "DTSTART;TZID=Europe/Paris:20261204T140000\r\nDURATION:PT1H\r\n");
  put("free", "DTSTART:20261205T080000Z\r\nDURATION:PT1H\r\nTRANSP:TRANSPARENT\r\n");
  put("earlier", "DTSTART:20261105T080000Z\r\nDURATION:PT1H\r\n");
  put("day off", "DTSTART;VALUE=DATE:20261231\r\n");
  put("weekly",
      "DTSTART;TZID=Europe/"
      "Paris:20260907T090000\r\nDURATION:PT90M\r\nRRULE:FREQ=WEEKLY;BYDAY=MO\r\n"
      "EXDATE;TZID=Europe/Paris:20261214T090000\r\n");
  EXPECT_THAT(intervals(caldav_),
              ElementsAre(hours("2026-12-04T14:00:00+01:00", "2026-12-04T15:00:00+01:00"),
                          hours("2026-12-07T09:00:00+01:00", "2026-12-07T10:30:00+01:00"),
                          hours("2026-12-21T09:00:00+01:00", "2026-12-21T10:30:00+01:00"),
                          hours("2026-12-28T09:00:00+01:00", "2026-12-28T10:30:00+01:00"),
                          hours("2026-12-31T00:00:00+01:00", "2027-01-01T00:00:00+01:00")));
  EXPECT_EQ(caldav_.busy(kFrom, kUntil, Zone::paris(), "")->intervals.size(), 6u) << "and ours";
}

TEST_F(RealRadicale, WhatIsNotUnderstoodIsNamedAndTheRestCounts) {
  ASSERT_EQ(caldav_
                .put("odd",
                     foreign("odd",
                             "DTSTART;TZID=Mars/Olympus:20261204T140000\r\n"
                             "DTEND;TZID=Mars/Olympus:20261204T150000\r\n"),
                     std::nullopt)
                .fate,
            Fate::done);
  ASSERT_EQ(caldav_
                .put("fine", foreign("fine", "DTSTART:20261204T140000Z\r\nDURATION:PT1H\r\n"),
                     std::nullopt)
                .fate,
            Fate::done);
  const auto busy = caldav_.busy(kFrom, kUntil, Zone::paris(), "rdv-");
  ASSERT_TRUE(busy) << busy.error().why;
  EXPECT_EQ(busy->intervals.size(), 1u);
  ASSERT_EQ(busy->unread.size(), 1u);
  EXPECT_EQ(busy->unread[0].name, "odd");
  EXPECT_THAT(busy->unread[0].fault.what, HasSubstr("Mars/Olympus"));
}

TEST_F(RealRadicale, WhatHasChangedSince) {
  const auto empty = caldav_.changes("", kFrom, kUntil);
  ASSERT_TRUE(empty) << empty.error().why;
  EXPECT_TRUE(empty->whole);
  EXPECT_THAT(empty->entries, IsEmpty());
  const Outcome put = caldav_.put(kUid, text(appointment()), std::nullopt);
  const Outcome other = caldav_.put(
      "a b é&", foreign("x", "DTSTART:20261204T140000Z\r\nDURATION:PT1H\r\n"), std::nullopt);
  ASSERT_EQ(other.fate, Fate::done) << other.why;
  auto now = caldav_.changes(empty->token, kFrom, kUntil);
  ASSERT_TRUE(now) << now.error().why;
  EXPECT_FALSE(now->whole);
  EXPECT_FALSE(now->more);
  ASSERT_EQ(now->entries.size(), 2u);
  std::ranges::sort(now->entries, {}, &Entry::name);
  EXPECT_EQ(now->entries[1].name, kUid);
  EXPECT_EQ(now->entries[1].etag, put.etag);
  ASSERT_TRUE(now->entries[1].ics);
  EXPECT_THAT(now->entries[1].ics->read(), HasSubstr(kUid));
  ASSERT_TRUE(now->entries[0].ics);

  EXPECT_EQ(caldav_.remove(kUid, put.etag).fate, Fate::done);
  const auto later = caldav_.changes(now->token, kFrom, kUntil);
  ASSERT_TRUE(later && later->entries.size() == 1u);
  EXPECT_EQ(later->entries[0].name, kUid);
  EXPECT_FALSE(later->entries[0].ics) << "gone";
  EXPECT_THAT(caldav_.changes(later->token, kFrom, kUntil)->entries, IsEmpty());
  // A token that the server does not know gives everything.
  const auto lost = caldav_.changes("sync:http://radicale.org/ns/sync/nonsense", kFrom, kUntil);
  ASSERT_TRUE(lost) << lost.error().why;
  EXPECT_TRUE(lost->whole);
  EXPECT_EQ(lost->entries.size(), 1u);
  // Of everything, what the window does not touch is left where it is.
  const auto elsewhere = caldav_.changes("", kUntil + 24h * 40, kUntil + 24h * 50);
  EXPECT_TRUE(elsewhere->whole);
  EXPECT_THAT(elsewhere->entries, IsEmpty());
}

TEST_F(RealRadicale, WithoutTokensEverythingIsListedWhenSomethingChanged) {
  ASSERT_EQ(caldav_.put(kUid, text(appointment()), std::nullopt).fate, Fate::done);
  const auto first = caldav_.changes("ctag:", kFrom, kUntil);  // as a server without them gives
  ASSERT_TRUE(first) << first.error().why;
  EXPECT_TRUE(first->whole);
  EXPECT_THAT(first->token, StartsWith("ctag:"));
  ASSERT_EQ(first->entries.size(), 1u);
  EXPECT_EQ(first->entries[0].name, kUid);
  const auto same = caldav_.changes(first->token, kFrom, kUntil);
  EXPECT_FALSE(same->whole);
  EXPECT_THAT(same->entries, IsEmpty());
  caldav_.remove(kUid, first->entries[0].etag);
  const auto after = caldav_.changes(first->token, kFrom, kUntil);
  EXPECT_TRUE(after->whole);
  EXPECT_THAT(after->entries, IsEmpty());
}

TEST_F(RealRadicale, ManyEntriesAreFetchedInPortions) {
  const std::string token = caldav_.changes("", kFrom, kUntil)->token;
  for (int i = 0; i < 5; ++i) {
    ics::Event event = appointment(kTen + i * 20min);
    event.uid = "rdv-" + std::to_string(i);
    server_.add_entry(calendar_, event.uid, text(event).read());
  }
  Config few = config(server_.url(calendar_));
  few.fetch_max = 2;
  const auto all = Caldav(few).changes(token, kFrom, kUntil);
  ASSERT_TRUE(all) << all.error().why;
  EXPECT_FALSE(all->whole);
  EXPECT_EQ(all->entries.size(), 5u);
  for (const Entry& entry : all->entries) EXPECT_TRUE(entry.ics) << entry.name;
}

TEST_F(RealRadicale, OutOfReachThenThereAgain) {
  ASSERT_EQ(caldav_.put(kUid, text(appointment()), std::nullopt).fate, Fate::done);
  server_.stop();
  const Outcome down = caldav_.put("rdv-2", text(appointment()), std::nullopt);
  EXPECT_EQ(down.fate, Fate::unavailable);
  EXPECT_EQ(down.code, 0);
  EXPECT_THAT(down.why, HasSubstr("does it run"));
  EXPECT_EQ(caldav_.remove(kUid, "\"x\"").fate, Fate::unavailable);
  EXPECT_EQ(caldav_.busy(kFrom, kUntil, Zone::paris(), "").error().fate, Fate::unavailable);
  EXPECT_EQ(caldav_.changes("", kFrom, kUntil).error().fate, Fate::unavailable);
  EXPECT_EQ(caldav_.get(kUid).error().fate, Fate::unavailable);
  EXPECT_EQ(caldav_.check().fate, Fate::unavailable);
  server_.start();
  EXPECT_EQ(caldav_.check().fate, Fate::done);
  EXPECT_EQ(caldav_.put(kUid, text(appointment()), std::nullopt).fate, Fate::conflict)
      << "what it had, it has";
}

TEST_F(RealRadicale, WhoMayNotIsTold) {
  const Caldav wrong(config(server_.url(calendar_), "wrong secret"));
  for (const Outcome& out :
       {wrong.check(), wrong.put(kUid, text(appointment()), std::nullopt),
        wrong.busy(kFrom, kUntil, Zone::paris(), "").error(), wrong.get(kUid).error()}) {
    EXPECT_EQ(out.fate, Fate::refused);
    EXPECT_EQ(out.code, 401);
    EXPECT_THAT(out.why, HasSubstr("password"));
    EXPECT_THAT(out.why, Not(HasSubstr("wrong secret")));
  }
  // Someone else's calendar looks the same whether it exists or not.
  std::string other = server_.url(calendar_);
  other.replace(other.find("/agent/"), 7, "/other/");
  EXPECT_EQ(Caldav(config(other)).check().fate, Fate::refused);
}

TEST_F(RealRadicale, AnAddressThatIsNoCalendarForUs) {
  EXPECT_EQ(caldav_.check().fate, Fate::done) << caldav_.check().why;
  const Outcome absent = Caldav(config(server_.url("absent"))).check();
  EXPECT_EQ(absent.fate, Fate::refused);
  EXPECT_EQ(absent.code, 404);
  const std::string home =
      server_.url(calendar_).substr(0, server_.url(calendar_).find(calendar_ + "/"));
  EXPECT_THAT(Caldav(config(home)).check().why, HasSubstr("not that of a calendar"));
  server_.add_calendar("tasks", "VTODO");
  EXPECT_THAT(Caldav(config(server_.url("tasks"))).check().why, HasSubstr("no events"));
}

TEST(Caldav, ACertificateThatDoesNotHoldIsNotTalkedTo) {
  std::string folder = (std::filesystem::temp_directory_path() / "parvis-tls-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string certificate = folder + "/certificate.pem", key = folder + "/key.pem";
  const std::string make =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "
      "/CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout '" +
      key + "' -out '" + certificate + "' 2>/dev/null";
  ASSERT_EQ(std::system(make.c_str()), 0) << "openssl is not installed: run bin/setup";
  const Radicale server(certificate, key);
  Config secure = config(server.url());
  const Outcome out = Caldav(secure).put(kUid, text(appointment()), std::nullopt);
  EXPECT_EQ(out.fate, Fate::unavailable);
  EXPECT_THAT(out.why, HasSubstr("certificate")) << "nobody vouches for it";
  secure.ca_file = certificate;
  EXPECT_EQ(Caldav(secure).check().fate, Fate::done) << Caldav(secure).check().why;
  std::string other = server.url();
  other.replace(other.find("127.0.0.1"), 9, "localhost");
  secure.url = other;
  EXPECT_THAT(Caldav(secure).check().why, HasSubstr("certificate")) << "it is another's name";
  std::filesystem::remove_all(folder);
}

// Answers each connection by `act`, which gets what was asked, until it goes.
class Server {
 public:
  using Act = std::function<void(int client, const std::string& asked)>;
  explicit Server(Act act) : act_(std::move(act)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this] { serve(); });
  }
  // Says the same to everyone.
  static Act says(std::string answer) {
    return [answer = std::move(answer)](int client, const std::string&) {
      ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    };
  }
  static std::string http(int code, const std::string& body, const std::string& headers = "") {
    return "HTTP/1.1 " + std::to_string(code) + " x\r\nConnection: close\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  ~Server() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/c"; }
  std::vector<std::string> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  void serve() {
    for (int client; (client = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(client)) {
      std::string request(65536, '\0');
      std::size_t got = 0;
      while (request.find("\r\n\r\n") == std::string::npos && got < request.size()) {
        const ssize_t some = ::recv(client, request.data() + got, request.size() - got, 0);
        if (some <= 0) break;
        got += static_cast<std::size_t>(some);
      }
      request.resize(got);
      {
        const std::lock_guard lock(mutex_);
        asked_.push_back(request);
      }
      act_(client, request);
      ::shutdown(client, SHUT_WR);
      std::string ignored(65536, '\0');
      while (::recv(client, ignored.data(), ignored.size(), 0) > 0) {
      }
    }
  }

  Act act_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> asked_;
  std::jthread thread_;
};

std::string multistatus(const std::string& inside) {
  return Server::http(207, "<d:multistatus xmlns:d='DAV:'>" + inside + "</d:multistatus>");
}

TEST(Caldav, ASlowServerIsUnavailable) {
  const Server mute([](int client, const std::string&) {
    char c = 0;
    ::recv(client, &c, 1, 0);  // until the client goes
  });
  Config impatient = config(mute.url());
  impatient.request_max = 200ms;
  const Outcome out = Caldav(impatient).put(kUid, text(appointment()), std::nullopt);
  EXPECT_EQ(out.fate, Fate::unavailable);
  EXPECT_THAT(out.why, HasSubstr("too slow"));
}

TEST(Caldav, AHugeAnswerIsNotKept) {
  const Server huge([](int client, const std::string&) {
    std::string some = "HTTP/1.1 207 x\r\nConnection: close\r\n\r\n<a>" + std::string(65536, 'x');
    while (::send(client, some.data(), some.size(), MSG_NOSIGNAL) > 0) {
    }
  });
  Config small = config(huge.url());
  small.answer_max = 1u << 20;
  const auto out = Caldav(small).busy(kFrom, kUntil, Zone::paris(), "");
  EXPECT_EQ(out.error().fate, Fate::unavailable);
  EXPECT_THAT(out.error().why, HasSubstr("1024 KiB"));
}

TEST(Caldav, AnAnswerThatIsNotUnderstoodIsUnavailable) {
  for (const std::string& answer :
       {std::string(), std::string("HTTP/1.1 2"), Server::http(200, "<html>Welcome</html>"),
        Server::http(207, ""), Server::http(207, "<multistatus><response>"),
        Server::http(207, "<html/>"), Server::http(207, "{\"ok\":true}"),
        multistatus("<d:response/>"), std::string(100'000, 'x'),
        std::string("HTTP/1.1 207 x\r\nContent-Length: 1000\r\n\r\n<multistatus/>")}) {
    const Server server(Server::says(answer));
    const Caldav caldav(config(server.url()));
    const auto busy = caldav.busy(kFrom, kUntil, Zone::paris(), "");
    ASSERT_FALSE(busy) << answer.substr(0, 100);
    EXPECT_EQ(busy.error().fate, Fate::unavailable) << answer.substr(0, 100);
    EXPECT_FALSE(busy.error().why.empty());
    EXPECT_EQ(caldav.changes("", kFrom, kUntil).error().fate, Fate::unavailable);
    EXPECT_EQ(caldav.check().fate, Fate::unavailable);
    EXPECT_EQ(caldav.put(kUid, text(appointment()), std::nullopt).fate, Fate::unavailable)
        << answer.substr(0, 100);
    EXPECT_EQ(caldav.remove(kUid, "\"5\"").fate, Fate::unavailable) << answer.substr(0, 100);
    EXPECT_EQ(caldav.get(kUid).error().fate, Fate::unavailable) << answer.substr(0, 100);
  }
}

TEST(Caldav, AnEntryWithoutItsContentIsNotTakenForNone) {
  const Server server(Server::says(multistatus(
      "<d:sync-token>t</d:sync-token><d:response><d:href>/c/x.ics</d:href></d:response>")));
  const Caldav caldav(config(server.url()));
  EXPECT_EQ(caldav.busy(kFrom, kUntil, Zone::paris(), "").error().fate, Fate::unavailable);
  EXPECT_EQ(caldav.changes("", kFrom, kUntil).error().fate, Fate::unavailable);
}

TEST(Caldav, AnEntryThatIsLeftOutIsNotTakenForNone) {
  const Server server([](int client, const std::string& asked) {
    const std::string answer =
        asked.contains("Depth: 0")
            ? multistatus(
                  "<d:sync-token>t</d:sync-token><d:response><d:href>/c/x.ics</d:href>"
                  "</d:response>")
            : multistatus("");
    ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
  });
  EXPECT_EQ(Caldav(config(server.url())).changes("sync:s", kFrom, kUntil).error().fate,
            Fate::unavailable);
}

TEST(Caldav, NoRedirectionIsFollowed) {
  const Server elsewhere(Server::says(Server::http(201, "")));
  const Server server(Server::says(Server::http(302, "", "Location: " + elsewhere.url() + "\r\n")));
  const Outcome out = Caldav(config(server.url())).put(kUid, text(appointment()), std::nullopt);
  EXPECT_EQ(out.fate, Fate::refused);
  EXPECT_THAT(out.why, HasSubstr("another address"));
  EXPECT_THAT(elsewhere.asked(), IsEmpty()) << "nor does the password go there";
}

TEST(Caldav, WhatEachAnswerMeans) {
  for (const auto& [code, fate] : std::vector<std::pair<int, Fate>>{{200, Fate::done},
                                                                    {201, Fate::done},
                                                                    {204, Fate::done},
                                                                    {400, Fate::refused},
                                                                    {401, Fate::refused},
                                                                    {403, Fate::refused},
                                                                    {404, Fate::refused},
                                                                    {405, Fate::refused},
                                                                    {409, Fate::refused},
                                                                    {413, Fate::refused},
                                                                    {415, Fate::refused},
                                                                    {507, Fate::refused},
                                                                    {408, Fate::unavailable},
                                                                    {423, Fate::unavailable},
                                                                    {429, Fate::unavailable},
                                                                    {500, Fate::unavailable},
                                                                    {502, Fate::unavailable},
                                                                    {503, Fate::unavailable}}) {
    const Server server(Server::says(Server::http(code, "", "ETag: \"7\"\r\n")));
    const Outcome out = Caldav(config(server.url())).put(kUid, text(appointment()), std::nullopt);
    EXPECT_EQ(out.fate, fate) << code << out.why;
    EXPECT_EQ(out.code, code);
    EXPECT_EQ(out.why.empty(), fate == Fate::done) << code;
    if (fate == Fate::done) EXPECT_EQ(out.etag, "\"7\"");
  }
}

TEST(Caldav, WhatIsAsked) {
  const Server server([](int client, const std::string& asked) {
    const std::string answer =
        Server::http(asked.starts_with("PUT") ? 201 : 204, "", "etag:  W/\"a\" \r\n");
    ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
  });
  Caldav caldav(config(server.url()));
  EXPECT_EQ(caldav.put("a b/é", text(appointment()), std::nullopt).etag, "W/\"a\"");
  caldav.put(kUid, text(appointment()), "\"5\"");
  caldav.remove(kUid, "\"5\"");
  const auto asked = server.asked();
  ASSERT_EQ(asked.size(), 3u);
  EXPECT_THAT(asked[0], StartsWith("PUT /c/a%20b%2F%C3%A9.ics HTTP/1.1\r\n"));
  EXPECT_THAT(asked[0], HasSubstr("If-None-Match: *\r\n"));
  EXPECT_THAT(asked[0], HasSubstr("Authorization: Basic "));
  EXPECT_THAT(asked[1], HasSubstr("PUT /c/rdv-2f9c%40mairie.exemple.fr.ics HTTP/1.1\r\n"));
  EXPECT_THAT(asked[1], HasSubstr("If-Match: \"5\"\r\n"));
  EXPECT_THAT(asked[2], StartsWith("DELETE /c/"));
  EXPECT_THAT(asked[2], HasSubstr("If-Match: \"5\"\r\n"));
}

TEST(Caldav, DigestIsAnsweredWithoutThePassword) {
  const Server server([](int client, const std::string& asked) {
    const std::string answer =
        asked.contains("\r\nAuthorization: Digest ")
            ? Server::http(201, "", "ETag: \"7\"\r\n")
            : Server::http(401, "",
                           "ETag: \"no\"\r\nWWW-Authenticate: Digest realm=\"r\", "
                           "nonce=\"n\", qop=\"auth\", algorithm=MD5\r\n");
    ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
  });
  Config digest = config(server.url(), "s3cret");
  digest.auth = Auth::digest;
  const Outcome out = Caldav(digest).put(kUid, text(appointment()), std::nullopt);
  EXPECT_EQ(out.fate, Fate::done) << out.why;
  EXPECT_EQ(out.etag, "\"7\"");
  for (const std::string& asked : server.asked()) {
    EXPECT_THAT(asked, Not(HasSubstr("s3cret")));
    EXPECT_THAT(asked, Not(HasSubstr("Basic")));
  }
}

TEST(Caldav, AnEntryThatIsTakenAndNotThereIsTriedAgain) {
  const Server server([](int client, const std::string& asked) {
    const std::string answer = Server::http(asked.starts_with("PUT") ? 201 : 404, "");
    ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
  });
  EXPECT_EQ(Caldav(config(server.url())).put(kUid, text(appointment()), std::nullopt).fate,
            Fate::unavailable);
}

TEST(Caldav, AnEntryThatIsTakenAwayAndStillThereIsTriedAgain) {
  const Server server([](int client, const std::string& asked) {
    const std::string answer =
        asked.starts_with("DELETE")
            ? Server::http(200, "")
            : multistatus("<d:response><d:href>/c/x.ics</d:href></d:response>");
    ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
  });
  EXPECT_EQ(Caldav(config(server.url())).remove(kUid, "\"5\"").fate, Fate::unavailable);
}

// It says no etag when it stores something else than what it was given: then it is asked.
TEST(Caldav, AServerThatSaysNoEtagIsAsked) {
  const Server server([](int client, const std::string& asked) {
    const std::string answer =
        asked.starts_with("PUT")
            ? Server::http(201, "")
            : multistatus(
                  "<d:response><d:href>/c/x.ics</d:href><d:propstat><d:prop><d:getetag>"
                  "\"9\"</d:getetag></d:prop><d:status>HTTP/1.1 200 OK</d:status>"
                  "</d:propstat></d:response>");
    ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
  });
  const Outcome out = Caldav(config(server.url())).put("x", text(appointment()), std::nullopt);
  EXPECT_EQ(out.fate, Fate::done);
  EXPECT_EQ(out.etag, "\"9\"");
}

TEST(Caldav, AServerThatHasMoreSaysSo) {
  const Server server(Server::says(
      multistatus("<d:sync-token>t</d:sync-token><d:response><d:href>/c/</d:href>"
                  "<d:status>HTTP/1.1 507 Insufficient Storage</d:status></d:response>")));
  const auto out = Caldav(config(server.url())).changes("sync:s", kFrom, kUntil);
  ASSERT_TRUE(out) << out.error().why;
  EXPECT_TRUE(out->more);
  EXPECT_EQ(out->token, "sync:t");
  EXPECT_THAT(out->entries, IsEmpty());
}

TEST(Caldav, AddressesAreChecked) {
  for (const char* right :
       {"https://cal.exemple.fr/dav/agent/cal/", "https://cal.exemple.fr:8443/c",
        "http://localhost:5232/a/", "http://127.0.0.1:5232/a/", "http://[::1]:5232/a/",
        "https://[2001:db8::1]/a%20b/"})
    EXPECT_NO_THROW(Caldav(config(right))) << right;
  for (const char* wrong :
       {"", "cal.exemple.fr/c", "ftp://cal.exemple.fr/c", "https://", "https:///c",
        "https://cal.exemple.fr", "https://user:pw@cal.exemple.fr/c", "https://cal.exemple.fr/c?x",
        "https://cal.exemple.fr/c#x", "https://cal.exemple.fr:/c", "https://cal.exemple.fr:x/c",
        "https://cal exemple.fr/c", "https://cal.exemple.fr/a b", "http://cal.exemple.fr/c",
        "http://127.evil.example/c", "http://127.0.0.1.evil.example/c", "http://localhost.x/c"}) {
    try {
      const Caldav caldav(config(wrong));
      ADD_FAILURE() << wrong;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Errc::invalid);
    }
  }
}

TEST(Multistatus, PrefixesPiecesAndStatuses) {
  const auto read = parse_multistatus(
      "<?xml version='1.0'?><multistatus xmlns='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>"
      "<response><href> /c/a.ics </href><propstat><prop><getetag>\"1\"</getetag>"
      "<C:calendar-data>A<![CDATA[<B>]]><!-- x -->&amp;&#13;\nC</C:calendar-data></prop>"
      "<status>HTTP/1.1 200 OK</status></propstat><propstat><prop><getetag>\"no\"</getetag></prop>"
      "<status>HTTP/1.1 404 Not Found</status></propstat></response>"
      "<response><href>/c/b.ics</href><status>HTTP/1.1 404 Not Found</status></response>"
      "<sync-token>t</sync-token></multistatus>");
  ASSERT_TRUE(read) << read.error();
  ASSERT_EQ(read->responses.size(), 2u);
  EXPECT_EQ(read->responses[0].href, "/c/a.ics");
  EXPECT_EQ(read->responses[0].etag, "\"1\"");
  EXPECT_EQ(read->responses[0].data->read(), "A<B>&\r\nC");
  EXPECT_EQ(read->responses[1].status, 404);
  EXPECT_EQ(read->sync_token, "t");
  const auto etag = parse_multistatus(
      "<multistatus><response><href>/c</href><propstat><prop><getetag>a\nb</getetag></prop>"
      "<status>HTTP/1.1 200 OK</status></propstat></response></multistatus>");
  EXPECT_EQ(etag->responses[0].etag, "") << "not fit for a header";
}

}  // namespace
}  // namespace parvis::caldav
