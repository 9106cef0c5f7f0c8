#include "ics/write.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "text/normalise.hpp"

namespace parvis::ics {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Instant at(std::string_view text) { return *parse_rfc3339(text); }
Personal<std::string> personal(std::string text) { return Personal<std::string>(std::move(text)); }

Event appointment() {
  return {.uid = "rdv-2f9c@mairie.exemple.fr",
          .sequence = 2,
          .start = at("2026-12-03T10:00:00+01:00"),
          .end = at("2026-12-03T10:20:00+01:00"),
          .summary = personal("Rendez-vous : carte d’identité"),
          .created = at("2026-11-28T09:00:00Z"),
          .modified = at("2026-11-29T09:00:00Z")};
}
Event invited() {
  Event event = appointment();
  event.organizer = Person{personal("Mairie d’Épinal"), personal("rdv@mairie.exemple.fr")};
  event.attendee = Person{personal("Martin; \"Nana\", Jeanne"), personal("jeanne@exemple.fr")};
  return event;
}
std::string text(const std::vector<Event>& events, const Head& head = {}) {
  const auto out = write(events, head);
  EXPECT_TRUE(out) << (out ? "" : out.error().what);
  return out ? out->read() : "";
}
std::string unfolded(std::string folded) {
  for (std::size_t i; (i = folded.find("\r\n ")) != std::string::npos;) folded.erase(i, 3);
  return folded;
}
std::string problem(const Event& event, Method method = Method::none) {
  const auto out = write({event}, {.method = method});
  return out ? "" : out.error().what;
}

TEST(WriteIcs, OneAppointmentToTheByte) {
  Event event = appointment();
  event.location = "Hôtel de ville, 1 place du Parvis; guichet 3";
  event.description = personal("Apportez :\n- une photo ;\n- l’ancienne carte.");
  event.url = personal("https://exemple.fr/rdv/2f9c?t=a,b;c");
  event.alarms = {24h, 60min};
  EXPECT_EQ(text({event}),
            "BEGIN:VCALENDAR\r\n"
            "VERSION:2.0\r\n"
            "PRODID:-//Parvis//Parvis//FR\r\n"
            "CALSCALE:GREGORIAN\r\n"
            "BEGIN:VTIMEZONE\r\n"
            "TZID:Europe/Paris\r\n"
            "BEGIN:DAYLIGHT\r\n"
            "DTSTART:20250330T020000\r\n"
            "TZOFFSETFROM:+0100\r\n"
            "TZOFFSETTO:+0200\r\n"
            "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n"
            "END:DAYLIGHT\r\n"
            "BEGIN:STANDARD\r\n"
            "DTSTART:20251026T030000\r\n"
            "TZOFFSETFROM:+0200\r\n"
            "TZOFFSETTO:+0100\r\n"
            "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n"
            "END:STANDARD\r\n"
            "END:VTIMEZONE\r\n"
            "BEGIN:VEVENT\r\n"
            "UID:rdv-2f9c@mairie.exemple.fr\r\n"
            "DTSTAMP:20261129T090000Z\r\n"
            "CREATED:20261128T090000Z\r\n"
            "LAST-MODIFIED:20261129T090000Z\r\n"
            "SEQUENCE:2\r\n"
            "DTSTART;TZID=Europe/Paris:20261203T100000\r\n"
            "DTEND;TZID=Europe/Paris:20261203T102000\r\n"
            "SUMMARY:Rendez-vous : carte d’identité\r\n"
            "DESCRIPTION:Apportez :\\n- une photo \\;\\n- l’ancienne carte.\r\n"
            "LOCATION:Hôtel de ville\\, 1 place du Parvis\\; guichet 3\r\n"
            "URL:https://exemple.fr/rdv/2f9c?t=a,b;c\r\n"
            "STATUS:CONFIRMED\r\n"
            "TRANSP:OPAQUE\r\n"
            "BEGIN:VALARM\r\n"
            "ACTION:DISPLAY\r\n"
            "DESCRIPTION:Rendez-vous : carte d’identité\r\n"
            "TRIGGER:-P1D\r\n"
            "END:VALARM\r\n"
            "BEGIN:VALARM\r\n"
            "ACTION:DISPLAY\r\n"
            "DESCRIPTION:Rendez-vous : carte d’identité\r\n"
            "TRIGGER:-PT1H\r\n"
            "END:VALARM\r\n"
            "END:VEVENT\r\n"
            "END:VCALENDAR\r\n");
}

TEST(WriteIcs, TheSameEventsAreTheSameBytes) {
  EXPECT_EQ(text({invited(), appointment()}), text({invited(), appointment()}));
}

TEST(WriteIcs, LinesAreFoldedBetweenCharacters) {
  Event event = appointment();
  std::string long_text;
  for (int i = 0; i < 300; ++i) long_text += i % 3 == 0 ? "é" : i % 3 == 1 ? "," : "€\n";
  event.description = personal(long_text);
  const std::string out = text({event});
  std::size_t from = 0;
  for (std::size_t end; (end = out.find("\r\n", from)) != std::string::npos; from = end + 2) {
    EXPECT_LE(end - from, 75u);
    EXPECT_TRUE(text::valid_utf8(out.substr(from, end - from)));
  }
  EXPECT_EQ(from, out.size());
  EXPECT_EQ(std::ranges::count(out, '\r'), std::ranges::count(out, '\n'));
  EXPECT_THAT(unfolded(out), HasSubstr("é\\,€\\né\\,€\\n"));
}

TEST(WriteIcs, TextCannotAddLinesOfItsOwn) {
  Event event = appointment();
  event.description = personal("a\\nb\nEND:VEVENT\nBEGIN:VEVENT");
  EXPECT_THAT(unfolded(text({event})),
              HasSubstr("DESCRIPTION:a\\\\nb\\nEND:VEVENT\\nBEGIN:VEVENT\r\n"));
  for (const char* control : {"a\r\nURL:x", "a\nb", "a\x01", "a\x7f", "a\xff"}) {
    event = appointment();
    event.summary = personal(control);
    EXPECT_THAT(problem(event), HasSubstr("summary")) << control;
  }
}

TEST(WriteIcs, AnInvitationAsksForNoAnswer) {
  const std::string out = unfolded(text({invited()}, {.method = Method::request}));
  EXPECT_THAT(out, HasSubstr("METHOD:REQUEST\r\n"));
  EXPECT_THAT(out, HasSubstr("ORGANIZER;CN=Mairie d’Épinal:mailto:rdv@mairie.exemple.fr\r\n"));
  EXPECT_THAT(out, HasSubstr("ATTENDEE;CN=\"Martin; ^'Nana^', Jeanne\";ROLE=REQ-PARTICIPANT;"
                             "PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:jeanne@exemple.fr\r\n"));
}

TEST(WriteIcs, ACancellationTakesAwayAndRingsNoMore) {
  Event event = invited();
  event.status = Status::cancelled;
  event.alarms = {60min};
  const std::string out = text({event}, {.method = Method::cancel});
  EXPECT_THAT(out, HasSubstr("METHOD:CANCEL\r\n"));
  EXPECT_THAT(out, HasSubstr("STATUS:CANCELLED\r\nTRANSP:TRANSPARENT\r\n"));
  EXPECT_THAT(out, Not(HasSubstr("VALARM")));
  EXPECT_THAT(problem(invited(), Method::cancel), HasSubstr("not cancelled"));
  EXPECT_THAT(problem(appointment(), Method::request), HasSubstr("attendee"));
}

TEST(WriteIcs, AFeedSaysItsNameAndWhenToLookAgain) {
  const std::string out =
      text({}, {.method = Method::publish, .name = "Guichet 1, état civil", .refresh = 15min});
  EXPECT_THAT(out, HasSubstr("METHOD:PUBLISH\r\n"
                             "NAME:Guichet 1\\, état civil\r\n"
                             "X-WR-CALNAME:Guichet 1, état civil\r\n"
                             "REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n"
                             "X-PUBLISHED-TTL:PT15M\r\n"
                             "END:VCALENDAR\r\n"));
}

TEST(WriteIcs, TheHourThatOctoberHasTwice) {
  Event event = appointment();
  event.start = at("2026-10-25T02:30:00+02:00");
  event.end = at("2026-10-25T02:30:00+01:00");  // an hour later
  const std::string out = text({event});
  EXPECT_THAT(out, HasSubstr("DTSTART;TZID=Europe/Paris:20261025T023000\r\n"));
  EXPECT_THAT(out, HasSubstr("DTEND:20261025T013000Z\r\n"));
}

TEST(WriteIcs, ZonesWithoutChangesAndZonesThatChangeTheirRule) {
  Event event = appointment();
  event.zone = *Zone::named("Indian/Reunion");
  EXPECT_THAT(text({event}), HasSubstr("TZID:Indian/Reunion\r\n"
                                       "BEGIN:STANDARD\r\n"
                                       "DTSTART:19700101T000000\r\n"
                                       "TZOFFSETFROM:+0400\r\n"
                                       "TZOFFSETTO:+0400\r\n"
                                       "END:STANDARD\r\n"
                                       "END:VTIMEZONE\r\n"));
  event.zone = *Zone::named("America/Miquelon");
  EXPECT_THAT(text({event}), HasSubstr("RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\n"));
  // France changed its rule for the autumn in 1996.
  event.zone = Zone::paris();
  event.start = at("1996-07-01T10:00:00+02:00");
  event.end = event.start + 20min;
  const std::string out = text({event});
  EXPECT_THAT(out, HasSubstr("DTSTART:19950924T030000\r\n"));
  EXPECT_THAT(out, HasSubstr("DTSTART:19960331T020000\r\n"));
  EXPECT_THAT(out, Not(HasSubstr("RRULE")));
}

TEST(WriteIcs, EachZoneComesOnce) {
  Event there = appointment();
  there.uid = "b";
  there.zone = *Zone::named("Pacific/Noumea");
  const std::string out = text({appointment(), there, appointment()});
  EXPECT_EQ(out.find("TZID:Europe/Paris"), out.rfind("TZID:Europe/Paris"));
  EXPECT_EQ(out.find("TZID:Pacific/Noumea"), out.rfind("TZID:Pacific/Noumea"));
  EXPECT_THAT(out, HasSubstr("DTSTART;TZID=Pacific/Noumea:20261203T200000\r\n"));
}

TEST(WriteIcs, WhatIsRefused) {
  const auto with = [](auto change) {
    Event event = invited();
    change(event);
    return problem(event);
  };
  EXPECT_EQ(with([](Event&) {}), "");
  EXPECT_THAT(with([](Event& e) { e.uid = ""; }), HasSubstr("uid"));
  EXPECT_THAT(with([](Event& e) { e.uid = "a/b"; }), HasSubstr("uid"));
  EXPECT_THAT(with([](Event& e) { e.uid = std::string(kUidMax + 1, 'a'); }), HasSubstr("uid"));
  EXPECT_THAT(with([](Event& e) { e.sequence = -1; }), HasSubstr("sequence"));
  EXPECT_THAT(with([](Event& e) { e.end = e.start; }), HasSubstr("ends before"));
  EXPECT_THAT(with([](Event& e) { e.start = at("1970-06-01T00:00:00Z"); }), HasSubstr("1971"));
  EXPECT_THAT(with([](Event& e) { e.end = at("9999-01-01T00:00:00Z"); }), HasSubstr("2200"));
  EXPECT_THAT(with([](Event& e) { e.summary = personal(""); }), HasSubstr("summary"));
  EXPECT_THAT(with([](Event& e) { e.description = personal(std::string(9000, 'a')); }),
              HasSubstr("description"));
  EXPECT_THAT(with([](Event& e) { e.location = "a\nb"; }), HasSubstr("place"));
  EXPECT_THAT(with([](Event& e) { e.url = personal("javascript:x"); }), HasSubstr("URL"));
  EXPECT_THAT(with([](Event& e) { e.url = personal("https://a b"); }), HasSubstr("URL"));
  EXPECT_THAT(with([](Event& e) { e.attendee->mail = personal("a\r\nX:b@c"); }),
              HasSubstr("person"));
  EXPECT_THAT(with([](Event& e) { e.organizer->name = personal("a\nb"); }), HasSubstr("person"));
  EXPECT_THAT(with([](Event& e) { e.alarms = {-1min}; }), HasSubstr("alarms"));
  EXPECT_FALSE(write(std::vector<Event>(kEventsMax + 1, appointment())));
  EXPECT_FALSE(write({}, {.name = "a\nb"}));
}

}  // namespace
}  // namespace parvis::ics
