#include "ics/read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "ics/write.hpp"

namespace parvis::ics {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Instant at(std::string_view text) { return *parse_rfc3339(text); }
const Instant kFrom = at("2026-01-01T00:00:00+01:00");
const Instant kUntil = at("2027-01-01T00:00:00+01:00");

std::string calendar(const std::string& parts) {
  return "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y\n" + parts + "END:VCALENDAR\n";
}
std::string event(const std::string& lines, const std::string& uid = "a") {
  return "BEGIN:VEVENT\nUID:" + uid + "\nDTSTAMP:20260101T000000Z\n" + lines + "END:VEVENT\n";
}
std::string words(const Interval& interval, const Zone& zone) {
  const auto when = [&](Instant i) {
    std::string text = format_rfc3339(Instant(zone.local(i).time_since_epoch()));
    return text.substr(0, 10) + ' ' + text.substr(11, 5);
  };
  return when(interval.start) + " / " + when(interval.end);
}
// All of it, merged, by the clock of Paris.
std::vector<std::string> busy(const std::string& text, Instant from = kFrom, Instant until = kUntil,
                              const Zone& zone = Zone::paris()) {
  const auto read_text = read(text, from, until, zone);
  if (!read_text)
    return {"line " + std::to_string(read_text.error().line) + ": " + read_text.error().what};
  std::vector<Interval> all;
  for (const Entry& entry : read_text->entries)
    all.insert(all.end(), entry.intervals.begin(), entry.intervals.end());
  std::vector<std::string> out;
  for (const Interval& interval : merged(all)) out.push_back(words(interval, Zone::paris()));
  return out;
}
std::vector<std::string> busy_event(const std::string& lines) {
  return busy(calendar(event(lines)));
}
Fault fault(const std::string& text) {
  const auto out = read(text, kFrom, kUntil, Zone::paris());
  EXPECT_FALSE(out) << text;
  if (out) return {};
  EXPECT_FALSE(out.error().what.empty());
  EXPECT_FALSE(out.error().remedy.empty());
  return out.error();
}

TEST(ReadIcs, WhatWeWriteIsReadBack) {
  const Event written{.uid = "rdv-1@exemple.fr",
                      .sequence = 3,
                      .start = at("2026-12-03T10:00:00+01:00"),
                      .end = at("2026-12-03T10:20:00+01:00"),
                      .summary = Personal<std::string>("Carte d’identité, « été » ; \\ n° 1"),
                      .alarms = {60min},
                      .created = kFrom,
                      .modified = kFrom};
  Event cancelled = written;
  cancelled.uid = "rdv-2@exemple.fr";
  cancelled.status = Status::cancelled;
  Event twice = written;  // in the hour that October has twice
  twice.uid = "rdv-3@exemple.fr";
  twice.start = at("2026-10-25T02:30:00+01:00");
  twice.end = at("2026-10-25T02:50:00+01:00");
  for (const char* zone : {"Europe/Paris", "Indian/Reunion", "America/Miquelon"}) {
    twice.zone = *Zone::named(zone);
    const auto back = read(write({written, cancelled, twice})->read(), kFrom, kUntil,
                           *Zone::named("Pacific/Noumea"));
    ASSERT_TRUE(back);
    ASSERT_EQ(back->entries.size(), 3u);
    const Entry& entry = back->entries[0];
    EXPECT_EQ(entry.uid, written.uid);
    EXPECT_EQ(entry.sequence, 3);
    EXPECT_EQ(entry.status, Status::confirmed);
    EXPECT_EQ(entry.summary.read(), written.summary.read());
    EXPECT_THAT(entry.intervals, ElementsAre(Interval{written.start, written.end}));
    EXPECT_EQ(back->entries[1].status, Status::cancelled);
    EXPECT_THAT(back->entries[1].intervals, IsEmpty());
    EXPECT_THAT(back->entries[2].intervals, ElementsAre(Interval{twice.start, twice.end}));
  }
}

TEST(ReadIcs, TimesOfEveryKind) {
  EXPECT_THAT(busy_event("DTSTART:20260301T100000Z\nDTEND:20260301T110000Z\n"),
              ElementsAre("2026-03-01 11:00 / 2026-03-01 12:00"));
  EXPECT_THAT(busy_event("DTSTART:20260301T100000\nDURATION:PT45M\n"),
              ElementsAre("2026-03-01 10:00 / 2026-03-01 10:45"));
  EXPECT_THAT(busy_event("DTSTART;TZID=Indian/Reunion:20260301T100000\nDURATION:PT1H\n"),
              ElementsAre("2026-03-01 07:00 / 2026-03-01 08:00"));
  EXPECT_THAT(
      busy_event(
          "dtstart;tzid=\"/mozilla.org/2005/Indian/Reunion\":20260301T100000\nDURATION:PT1H\n"),
      ElementsAre("2026-03-01 07:00 / 2026-03-01 08:00"));
  EXPECT_THAT(busy_event("DTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:20260303\n"),
              ElementsAre("2026-03-01 00:00 / 2026-03-03 00:00"));
  EXPECT_THAT(busy_event("DTSTART;VALUE=DATE:20260301\n"),
              ElementsAre("2026-03-01 00:00 / 2026-03-02 00:00"));
  // Days and floating times are those of the place.
  EXPECT_THAT(busy(calendar(event("DTSTART;VALUE=DATE:20260301\n")), kFrom, kUntil,
                   *Zone::named("Indian/Reunion")),
              ElementsAre("2026-02-28 21:00 / 2026-03-01 21:00"));
  // What has no length keeps nobody.
  EXPECT_THAT(busy_event("DTSTART:20260301T100000Z\n"), IsEmpty());
  EXPECT_THAT(busy_event("DTSTART:20260301T100000Z\nDTEND:20260301T100000Z\n"), IsEmpty());
}

TEST(ReadIcs, TheHourThatMarchLacksAndTheOneThatOctoberHasTwice) {
  const std::string paris = ";TZID=Europe/Paris:";
  EXPECT_THAT(busy_event("DTSTART" + paris + "20260329T023000\nDURATION:PT30M\n"),
              ElementsAre("2026-03-29 03:30 / 2026-03-29 04:00"));
  EXPECT_THAT(
      busy_event("DTSTART" + paris + "20260329T013000\nDTEND" + paris + "20260329T033000\n"),
      ElementsAre("2026-03-29 01:30 / 2026-03-29 03:30"));
  const auto october = read(calendar(event("DTSTART" + paris + "20261025T023000\nDURATION:PT1H\n")),
                            kFrom, kUntil, Zone::paris());
  EXPECT_THAT(
      october->entries[0].intervals,
      ElementsAre(Interval{at("2026-10-25T02:30:00+02:00"), at("2026-10-25T02:30:00+01:00")}));
  // A series keeps its hour on the wall across the changes, and its length on the watch.
  EXPECT_THAT(
      busy(calendar(event("DTSTART" + paris +
                          "20260328T023000\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=3\n"))),
      ElementsAre("2026-03-28 02:30 / 2026-03-28 03:00", "2026-03-29 03:30 / 2026-03-29 04:00",
                  "2026-03-30 02:30 / 2026-03-30 03:00"));
  EXPECT_THAT(
      busy(calendar(event("DTSTART" + paris + "20261024T200000\nDTEND" + paris +
                          "20261025T060000\nRRULE:FREQ=WEEKLY;COUNT=2\n"))),
      ElementsAre("2026-10-24 20:00 / 2026-10-25 06:00", "2026-10-31 20:00 / 2026-11-01 07:00"))
      << "eleven hours, as the first time";
  // A nominal day ends at the same hour of the next one.
  EXPECT_THAT(busy_event("DTSTART" + paris + "20261024T200000\nDURATION:P1D\n"),
              ElementsAre("2026-10-24 20:00 / 2026-10-25 20:00"));
}

TEST(ReadIcs, ZonesThatTheFileBrings) {
  const std::string outlook =
      "BEGIN:VTIMEZONE\nTZID:Romance Standard Time\n"
      "BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
      "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n"
      "BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
      "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
  const std::string start = "DTSTART;TZID=Romance Standard Time:";
  // In whatever order, and hour by hour what the zone of Paris says.
  for (const char* day : {"20260110", "20260329", "20260330", "20260701", "20261025", "20261231"})
    for (const char* time : {"T000000", "T013000", "T023000", "T030000", "T033000", "T120000"}) {
      const std::string part = event(start + day + time + "\nDURATION:PT10M\n");
      const std::string same =
          event("DTSTART;TZID=Europe/Paris:" + (day + std::string(time)) + "\nDURATION:PT10M\n");
      EXPECT_EQ(busy(calendar(outlook + part)), busy(calendar(same))) << day << time;
      EXPECT_EQ(busy(calendar(part + outlook)), busy(calendar(same))) << day << time;
    }
  EXPECT_THAT(fault(calendar(event(start + "20260110T100000\n"))).what,
              HasSubstr("« Romance Standard Time »"));
  const std::string fixed =
      "BEGIN:VTIMEZONE\nTZID:Custom\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
      "TZOFFSETFROM:+0530\nTZOFFSETTO:+0530\nEND:STANDARD\nEND:VTIMEZONE\n";
  EXPECT_THAT(busy(calendar(fixed + event("DTSTART;TZID=Custom:20260110T100000\nDURATION:PT1H\n"))),
              ElementsAre("2026-01-10 05:30 / 2026-01-10 06:30"));
}

TEST(ReadIcs, ASeriesItsExceptionsAndItsChanges) {
  const std::string weekly =
      "DTSTART;TZID=Europe/Paris:20260105T090000\nDTEND;TZID=Europe/Paris:20260105T100000\n"
      "RRULE:FREQ=WEEKLY;UNTIL=20260202T080000Z\n";
  EXPECT_THAT(
      busy_event(weekly),
      ElementsAre("2026-01-05 09:00 / 2026-01-05 10:00", "2026-01-12 09:00 / 2026-01-12 10:00",
                  "2026-01-19 09:00 / 2026-01-19 10:00", "2026-01-26 09:00 / 2026-01-26 10:00",
                  "2026-02-02 09:00 / 2026-02-02 10:00"));
  EXPECT_THAT(
      busy_event(weekly + "EXDATE;TZID=Europe/Paris:20260112T090000,20260119T090000\n"
                          "EXDATE;VALUE=DATE:20260126\n"
                          "RDATE:20260301T080000Z\n"
                          "RDATE;VALUE=PERIOD:20260302T080000Z/PT3H\n"),
      ElementsAre("2026-01-05 09:00 / 2026-01-05 10:00", "2026-02-02 09:00 / 2026-02-02 10:00",
                  "2026-03-01 09:00 / 2026-03-01 10:00", "2026-03-02 09:00 / 2026-03-02 12:00"));
  // One moved, one cancelled, one that is free; the changed one may come first in the file.
  const std::string moved = event(
      "RECURRENCE-ID:20260112T080000Z\nDTSTART:20260113T140000Z\nDURATION:PT2H\nSEQUENCE:1\n");
  const std::string gone = event(
      "RECURRENCE-ID:20260119T080000Z\nDTSTART:20260119T080000Z\nSTATUS:CANCELLED\n"
      "DURATION:PT1H\n");
  const std::string free = event(
      "RECURRENCE-ID;TZID=Europe/Paris:20260126T090000\nDTSTART:20260126T080000Z\n"
      "DURATION:PT1H\nTRANSP:TRANSPARENT\n");
  EXPECT_THAT(
      busy(calendar(moved + event(weekly) + gone + free)),
      ElementsAre("2026-01-05 09:00 / 2026-01-05 10:00", "2026-01-13 15:00 / 2026-01-13 17:00",
                  "2026-02-02 09:00 / 2026-02-02 10:00"));
  // From one occurrence on, later and longer.
  const std::string onwards = event(
      "RECURRENCE-ID;RANGE=THISANDFUTURE:20260119T080000Z\nDTSTART:20260120T100000Z\n"
      "DURATION:PT90M\n");
  EXPECT_THAT(
      busy(calendar(event(weekly) + moved + onwards)),
      ElementsAre("2026-01-05 09:00 / 2026-01-05 10:00", "2026-01-13 15:00 / 2026-01-13 17:00",
                  "2026-01-20 11:00 / 2026-01-20 12:30", "2026-01-27 11:00 / 2026-01-27 12:30",
                  "2026-02-03 11:00 / 2026-02-03 12:30"));
  // An occurrence whose series is not there stands for itself.
  EXPECT_THAT(busy(calendar(moved)), ElementsAre("2026-01-13 15:00 / 2026-01-13 17:00"));
}

TEST(ReadIcs, NothingIsDoubled) {
  const std::string old = event("DTSTART:20260301T080000Z\nDURATION:PT1H\nSEQUENCE:1\n");
  const std::string fresh = event("DTSTART:20260302T080000Z\nDURATION:PT1H\nSEQUENCE:2\n");
  for (const std::string& both : {old + fresh, fresh + old})
    EXPECT_THAT(busy(calendar(both)), ElementsAre("2026-03-02 09:00 / 2026-03-02 10:00"));
  // Rules that overlap give each date once.
  const auto out =
      read(calendar(event("DTSTART:20260301T080000Z\nDURATION:PT1H\n"
                          "RRULE:FREQ=DAILY;COUNT=4\nRRULE:FREQ=DAILY;INTERVAL=2;COUNT=2\n"
                          "RDATE:20260302T080000Z,20260302T080000Z\n")),
           kFrom, kUntil, Zone::paris());
  EXPECT_EQ(out->entries.at(0).intervals.size(), 4u);
  // Events without a uid are events of their own.
  const std::string nameless =
      "BEGIN:VEVENT\nDTSTART:20260301T080000Z\nDURATION:PT1H\nEND:VEVENT\n";
  EXPECT_EQ(read(calendar(nameless + nameless), kFrom, kUntil, Zone::paris())->entries.size(), 2u);
}

TEST(ReadIcs, WhatKeepsNobodyBusy) {
  const std::string hour = "DTSTART:20260301T080000Z\nDURATION:PT1H\n";
  EXPECT_THAT(busy_event(hour + "TRANSP:TRANSPARENT\n"), IsEmpty());
  EXPECT_THAT(busy_event(hour + "STATUS:CANCELLED\n"), IsEmpty());
  EXPECT_THAT(busy("BEGIN:VCALENDAR\nMETHOD:CANCEL\n" + event(hour) + "END:VCALENDAR\n"),
              IsEmpty());
  EXPECT_THAT(busy(calendar("BEGIN:VTODO\nUID:t\nDTSTART:nonsense\nEND:VTODO\n")), IsEmpty());
  EXPECT_EQ(busy_event(hour + "STATUS:TENTATIVE\nTRANSP:OPAQUE\n").size(), 1u);
  EXPECT_EQ(busy_event(hour + "X-WR-FOO;X=\"a:b\":c\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\n"
                              "BEGIN:VALARM\nTRIGGER:-PT1H\nDURATION:nonsense\nEND:VALARM\n")
                .size(),
            1u);
}

TEST(ReadIcs, FreeBusyLists) {
  EXPECT_THAT(
      busy(calendar("BEGIN:VFREEBUSY\nUID:f\n"
                    "FREEBUSY:20260301T080000Z/20260301T090000Z,20260301T100000Z/PT1H\n"
                    "FREEBUSY;FBTYPE=FREE:20260302T080000Z/PT1H\n"
                    "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260303T080000Z/PT1H\n"
                    "END:VFREEBUSY\n")),
      ElementsAre("2026-03-01 09:00 / 2026-03-01 10:00", "2026-03-01 11:00 / 2026-03-01 12:00",
                  "2026-03-03 09:00 / 2026-03-03 10:00"));
}

TEST(ReadIcs, TheWindow) {
  const std::string series =
      calendar(event("DTSTART:19900101T230000Z\nDURATION:PT3H\nRRULE:FREQ=DAILY\n"));
  EXPECT_THAT(busy(series, at("2026-03-02T00:30:00+01:00"), at("2026-03-03T00:00:00+01:00")),
              ElementsAre("2026-03-02 00:00 / 2026-03-02 03:00"))
      << "begun before, and none that begins at its end";
  const std::string long_ago =
      calendar(event("DTSTART;VALUE=DATE:20200101\nDTEND;VALUE=DATE:20280101\n"));
  EXPECT_THAT(busy(long_ago), ElementsAre("2020-01-01 00:00 / 2028-01-01 00:00"));
}

TEST(ReadIcs, RulesWithoutEndTakeNoTime) {
  const auto what = [](const std::string& rule) {
    const auto out =
        read(calendar(event("DTSTART:20200101T080000Z\nDURATION:PT1S\nRRULE:" + rule + "\n")),
             kFrom, kUntil, Zone::paris());
    return out ? std::to_string(out->entries.at(0).intervals.size()) : out.error().what;
  };
  EXPECT_EQ(what("FREQ=DAILY"), "365");
  EXPECT_EQ(what("FREQ=HOURLY"), "8760");
  EXPECT_THAT(what("FREQ=SECONDLY"), HasSubstr("trop de dates"));
  EXPECT_THAT(what("FREQ=SECONDLY;BYHOUR=3"), HasSubstr("trop de dates"));
  EXPECT_THAT(what("FREQ=MINUTELY"), HasSubstr("trop de dates"));
  EXPECT_EQ(what("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "0");
  EXPECT_EQ(what("FREQ=YEARLY;INTERVAL=30000"), "0");
  EXPECT_EQ(what("FREQ=MONTHLY;INTERVAL=30000"), "0");
  EXPECT_EQ(what("FREQ=WEEKLY;INTERVAL=30000"), "0");
  // Of a zone too.
  const Fault zone = fault(calendar(
      "BEGIN:VTIMEZONE\nTZID:Z\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\n"
      "TZOFFSETTO:+0200\nRRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE\n" +
      event("DTSTART;TZID=Z:20260101T100000\n")));
  EXPECT_EQ(zone.line, 10u);
  // A thousand of the worst together.
  std::string many;
  for (int i = 0; i < 1000; ++i)
    many += event("DTSTART:20200101T080000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n",
                  std::to_string(i));
  EXPECT_THAT(busy(calendar(many)), IsEmpty());
}

TEST(ReadIcs, FaultsSayTheLineAndWhatToDo) {
  struct Case {
    std::string text;
    std::size_t line;
    const char* what;
  };
  const std::string start = "DTSTART:20260301T080000Z\n";  // line 7 of a calendar of one event
  const std::vector<Case> cases = {
      {"", 0, "vide"},
      {"\n\n", 0, "vide"},
      {"<!doctype html>\n<p>Connexion", 1, "pas un calendrier"},
      {std::string("PK\3\4\0\0", 6), 0, "pas un calendrier"},
      {"BEGIN:VEVENT\nEND:VEVENT\n", 1, "BEGIN:VCALENDAR"},
      {"BEGIN:VCALENDAR\n" + event(start), 1, "coupé"},
      {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2026", 2, "coupé"},
      {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", 3, "ligne 2"},
      {calendar(event(start)) + "SUMMARY:x\n", 10, "hors du calendrier"},
      {calendar(event(start + "garbage\n")), 8, "NOM:valeur"},
      {calendar(event("")), 4, "pas de début"},
      {calendar(event("SUMMARY:long\n  and\n  folded\nDTSTART:tomorrow\n")), 10, "« tomorrow »"},
      {calendar(event("DTSTART:20260230T080000Z\n")), 7, "n’existe pas"},
      {calendar(event("DTSTART:20260301T250000Z\n")), 7, "n’existe pas"},
      {calendar(event("DTSTART:20260301T0800\n")), 7, "n’existe pas"},
      {calendar(event("DTSTART:00010101T000000Z\n")), 7, "hors de toute mesure"},
      {calendar(event("DTSTART:99991231T000000Z\n")), 7, "hors de toute mesure"},
      {calendar(event(start + "DTEND:20260301T070000Z\n")), 8, "avant de commencer"},
      {calendar(event(start + "DURATION:-PT1H\n")), 8, "avant de commencer"},
      {calendar(event(start + "DURATION:tomorrow\n")), 8, "durée"},
      {calendar(event(start + "DURATION:PT99999999999H\n")), 8, ""},
      {calendar(event(start + "DTEND:20990301T070000Z\n")), 8, "plus de dix ans"},
      {calendar(event(start + start)), 8, "deux fois"},
      {calendar(event(start + "RRULE:FREQ=NEVER\n")), 8, "répétition"},
      {calendar(event(start + "RRULE:FREQ=WEEKLY;BYDAY=XX\n")), 8, "répétition"},
      {calendar(event(start + "RDATE:x\n")), 8, "« x »"},
      {calendar(event(start + "EXDATE:20260301T080000Z,\n")), 8, "date"},
      {calendar(event("DTSTART;TZID=Mars/Olympus:20260301T080000\n")), 7, "« Mars/Olympus »"},
      {calendar("BEGIN:VTIMEZONE\nTZID:Z\nBEGIN:STANDARD\nTZOFFSETFROM:+1\nTZOFFSETTO:+0100\n"
                "END:STANDARD\nEND:VTIMEZONE\n" +
                event("DTSTART;TZID=Z:20260301T080000\n")),
       7, "décalage"},
      {calendar("BEGIN:VFREEBUSY\nFREEBUSY:20260301T080000Z\nEND:VFREEBUSY\n"), 5, "mal formée"},
      {std::string(kFileMax + 1, 'x'), 0, "1 Mo"},
  };
  for (const Case& one : cases) {
    const Fault found = fault(one.text);
    EXPECT_EQ(found.line, one.line) << one.text.substr(0, 300) << found.what;
    EXPECT_THAT(found.what, HasSubstr(one.what)) << one.text.substr(0, 300);
  }
  std::string many;
  for (std::size_t i = 0; i <= kEventsMax; ++i) many += "BEGIN:VEVENT\nEND:VEVENT\n";
  EXPECT_THAT(fault(calendar(many)).what, HasSubstr("5000 événements"));
}

TEST(ReadIcs, WhatProgramsWriteOddly) {
  // A byte-order mark, CRLF, blank lines, folding by a tab, lower case, bytes that are not UTF-8.
  const auto out = read(
      "\xef\xbb\xbf"
      "begin:vcalendar\r\n\r\nBegin:VEvent\r\nuid:x\r\n"
      "dtstart:20260301T08\r\n\t0000Z\r\nduration:PT1H\r\nsummary:caf\xe9 \\, th\\n e\r\n"
      "end:vevent\r\nEND:VCALENDAR",
      kFrom, kUntil, Zone::paris());
  ASSERT_TRUE(out) << out.error().what;
  EXPECT_EQ(out->entries.at(0).intervals.size(), 1u);
  EXPECT_EQ(out->entries.at(0).summary.read(), "caf , th e");
  // Several calendars in one file.
  const std::string one = calendar(event("DTSTART:20260301T080000Z\nDURATION:PT1H\n"));
  EXPECT_EQ(read(one + one, kFrom, kUntil, Zone::paris())->entries.size(), 1u) << "the same uid";
  // An all-day event that ends the day it begins.
  EXPECT_EQ(busy_event("DTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:20260301\n").size(), 1u);
}

TEST(ReadIcs, SeveralAtOnce) {
  const Event written{.uid = "rdv-1",
                      .start = at("2026-12-03T10:00:00+01:00"),
                      .end = at("2026-12-03T10:20:00+01:00"),
                      .summary = Personal<std::string>("x"),
                      .created = kFrom,
                      .modified = kFrom};
  const std::string series = calendar(event(
      "DTSTART;TZID=Europe/Paris:20260105T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=9\n"));
  const std::vector<std::string> expected = busy(series);
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 50; ++n) {
          right += busy(series) == expected ? 1 : 0;
          right += busy(write({written})->read()).size() == 1 ? 1 : 0;
        }
      });
  }
  EXPECT_EQ(right, 400);
}

TEST(Merged, SortedAndDisjoint) {
  const auto hour = [](int h) { return kFrom + std::chrono::hours(h); };
  EXPECT_THAT(merged({{hour(5), hour(6)},
                      {hour(1), hour(3)},
                      {hour(2), hour(4)},
                      {hour(4), hour(5)},
                      {hour(8), hour(9)}}),
              ElementsAre(Interval{hour(1), hour(6)}, Interval{hour(8), hour(9)}));
  EXPECT_THAT(merged({}), IsEmpty());
}

}  // namespace
}  // namespace parvis::ics
