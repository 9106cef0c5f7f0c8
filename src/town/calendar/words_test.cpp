#include "calendar/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::calendar {
namespace {

using namespace std::chrono_literals;
using std::chrono::local_days;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

CivilDate date(std::string_view iso) { return *parse_iso_date(iso); }

LocalTime at(std::string_view iso, Minutes time) { return local_days(date(iso)) + time; }

// Spaces as a reader of this file sees them: U+202F and U+00A0 written "_" and "~".
std::string shown(std::string words) {
  const auto replace = [&](std::string_view from, std::string_view to) {
    for (std::size_t i = 0; (i = words.find(from, i)) != std::string::npos; i += to.size())
      words.replace(i, from.size(), to);
  };
  replace("\u202f", "_");
  replace("\u00a0", "~");
  return words;
}

std::vector<std::string> shown(std::vector<std::string> lines) {
  for (std::string& line : lines) line = shown(std::move(line));
  return lines;
}

Hours town_hall() {
  Hours hours;
  Week week;
  for (std::size_t day = 0; day < 5; ++day)
    week.days[day] = {{8h + 30min, 12h, ""}, {13h + 30min, 17h + 30min, ""}};
  hours.weeks = {week};
  return hours;
}

std::string open_words_at(const Hours& hours, LocalTime now) {
  return shown(open_words(open_at(hours, now), now));
}

TEST(TimeWords, FrenchHours) {
  EXPECT_EQ(shown(time_words(17h + 30min)), "17_h_30");
  EXPECT_EQ(shown(time_words(8h)), "8_h");
  EXPECT_EQ(shown(time_words(12h + 5min)), "12_h_05");
  EXPECT_EQ(shown(time_words(0h + 15min)), "0_h_15");
  EXPECT_EQ(time_words(0h), "minuit");
  EXPECT_EQ(time_words(24h), "minuit");
}

TEST(DateWords, WeekdayAndFirstOfTheMonth) {
  EXPECT_EQ(date_words(date("2024-12-26")), "jeudi 26 décembre");
  EXPECT_EQ(date_words(date("2026-03-01")), "dimanche 1er mars");
}

TEST(DateWords, WithTheYear) {
  EXPECT_EQ(full_date_words(date("2026-11-24")), "mardi 24 novembre 2026");
  EXPECT_EQ(full_date_words(date("2027-01-01")), "vendredi 1er janvier 2027");
}

TEST(SpanWords, SayMonthAndYearOnce) {
  EXPECT_EQ(span_words(date("2026-12-03"), date("2026-12-10")), "du 3 au 10 décembre 2026");
  EXPECT_EQ(span_words(date("2026-12-01"), date("2026-12-10")), "du 1er au 10 décembre 2026");
  EXPECT_EQ(span_words(date("2026-11-28"), date("2026-12-03")),
            "du 28 novembre au 3 décembre 2026");
  EXPECT_EQ(span_words(date("2026-12-28"), date("2027-01-01")),
            "du 28 décembre 2026 au 1er janvier 2027");
  EXPECT_EQ(span_words(date("2025-12-03"), date("2026-12-03")),
            "du 3 décembre 2025 au 3 décembre 2026");
  EXPECT_EQ(span_words(date("2026-12-03"), date("2026-12-03")), "le 3 décembre 2026");
}

TEST(OpenWords, OpenAndClosed) {
  const Hours hours = town_hall();
  EXPECT_EQ(open_words_at(hours, at("2026-11-24", 14h)), "Ouvert jusqu’à 17_h_30");
  EXPECT_EQ(open_words_at(hours, at("2026-11-24", 8h)), "Fermé. Ouvre à 8_h_30");
  EXPECT_EQ(open_words_at(hours, at("2026-11-24", 12h + 30min)),
            "Fermé pour le déjeuner. Ouvre à 13_h_30");
  EXPECT_EQ(open_words_at(hours, at("2026-11-24", 18h)), "Fermé. Ouvre demain à 8_h_30");
  EXPECT_EQ(open_words_at(hours, at("2026-11-27", 18h)), "Fermé. Ouvre lundi 30 novembre à 8_h_30");
  EXPECT_EQ(open_words_at({}, at("2026-11-27", 18h)), "Horaires non renseignés");
}

TEST(OpenWords, SayWhyADayIsClosed) {
  Hours hours = town_hall();
  EXPECT_EQ(open_words_at(hours, at("2024-12-25", 10h)),
            "Fermé aujourd’hui (jour férié~: Noël). Ouvre jeudi 26 décembre à 8_h_30");
  hours.exceptions = {{{date("2026-11-24"), date("2026-11-24")}, {}, "formation des agents"},
                      {{date("2026-11-26"), date("2026-11-26")}, {{9h, 11h, ""}}, "inventaire"}};
  EXPECT_EQ(open_words_at(hours, at("2026-11-24", 10h)),
            "Fermé aujourd’hui (formation des agents). Ouvre mercredi 25 novembre à 8_h_30");
  EXPECT_EQ(open_words_at(hours, at("2026-11-26", 10h)), "Ouvert jusqu’à 11_h (inventaire)");
  EXPECT_EQ(open_words_at(hours, at("2026-11-26", 14h)),
            "Fermé (inventaire). Ouvre vendredi 27 novembre à 8_h_30");
}

TEST(OpenWords, ACommentIsShownNeverJudged) {
  Hours hours = town_hall();
  hours.weeks[0].days[5] = {{9h, 12h, "2e et 4e samedis du mois"}};
  EXPECT_EQ(open_words_at(hours, at("2026-11-28", 10h)),
            "À vérifier~: 2e et 4e samedis du mois (jusqu’à 12_h)");
  EXPECT_EQ(open_words_at(hours, at("2026-11-27", 18h)),
            "Fermé. À vérifier, demain à 9_h~: 2e et 4e samedis du mois. "
            "Ouvre lundi 30 novembre à 8_h_30");
}

TEST(OpenWords, MidnightAndRoundTheClock) {
  Hours hours = town_hall();
  hours.weeks[0].days[1] = {{20h, 24h, ""}};
  hours.weeks[0].days[2] = {};
  EXPECT_EQ(open_words_at(hours, at("2026-11-24", 21h)), "Ouvert jusqu’à minuit");
  hours.weeks[0].days[2] = {{0h, 2h, ""}};
  EXPECT_EQ(open_words_at(hours, at("2026-11-24", 21h)),
            "Ouvert jusqu’au mercredi 25 novembre à 2_h");
  for (Day& day : hours.weeks[0].days) day = {{0h, 24h, ""}};
  hours.closed_on_holidays = false;
  EXPECT_EQ(open_words_at(hours, at("2026-11-24", 21h)), "Ouvert jour et nuit");
  EXPECT_EQ(week_words(hours, date("2026-11-24")).front(),
            "Du lundi au dimanche\u00a0: jour et nuit");
}

TEST(OpenWords, NothingInSight) {
  Hours hours;
  hours.weeks.emplace_back();
  EXPECT_EQ(open_words_at(hours, at("2026-11-24", 21h)), "Fermé");
}

TEST(DayWords, OneDate) {
  Hours hours = town_hall();
  EXPECT_EQ(shown(day_words(hours, date("2026-11-24"))),
            "de 8_h_30 à 12_h, puis de 13_h_30 à 17_h_30");
  EXPECT_EQ(shown(day_words(hours, date("2026-11-28"))), "fermé");
  EXPECT_EQ(shown(day_words(hours, date("2024-12-25"))), "fermé (jour férié~: Noël)");
  EXPECT_EQ(shown(day_words(hours, date("2024-12-26"), Region::alsace_moselle)),
            "fermé (jour férié~: Saint-Étienne)");
  EXPECT_EQ(day_words({}, date("2024-12-25")), "horaires non renseignés");
}

TEST(WeekWords, GroupsDays) {
  Hours hours = town_hall();
  hours.weeks[0].days[5] = {{9h, 12h, "2e et 4e samedis du mois"}};
  EXPECT_THAT(shown(week_words(hours, date("2026-11-24"))),
              ElementsAre("Du lundi au vendredi~: de 8_h_30 à 12_h, puis de 13_h_30 à 17_h_30",
                          "Samedi~: de 9_h à 12_h (2e et 4e samedis du mois)", "Dimanche~: fermé"));
  hours.weeks[0].days[2] = {{9h, 12h, ""}};
  hours.weeks[0].days[5] = {};
  EXPECT_THAT(
      shown(week_words(hours, date("2026-11-24"))),
      ElementsAre("Lundi, mardi, jeudi et vendredi~: de 8_h_30 à 12_h, puis de 13_h_30 à 17_h_30",
                  "Mercredi~: de 9_h à 12_h", "Samedi et dimanche~: fermé"));
  EXPECT_THAT(week_words({}, date("2026-11-24")), IsEmpty());
}

TEST(WeekWords, SeasonsHaveHeadings) {
  Hours hours;
  Week old{"", Dates{date("2025-01-01"), date("2025-12-31")}, {}};
  Week summer{"Été", Yearly{std::chrono::April / 1, std::chrono::September / 30}, {}};
  Week rest;
  summer.days.fill({{9h, 19h, ""}});
  rest.days.fill({{9h, 17h, ""}});
  hours.weeks = {old, summer, rest};
  EXPECT_THAT(
      shown(week_words(hours, date("2026-11-24"))),
      ElementsAre("Été, du 1er avril au 30 septembre~:", "Du lundi au dimanche~: de 9_h à 19_h",
                  "Le reste de l’année~:", "Du lundi au dimanche~: de 9_h à 17_h"));
  EXPECT_EQ(shown(week_words(hours, date("2025-06-01"))).front(),
            "Du 1er janvier 2025 au 31 décembre 2025~:");
}

TEST(NoticeWords, HolidaysExceptionsAndComment) {
  Hours hours = town_hall();
  hours.comment = "Dernier dossier à 17 h.";
  hours.exceptions = {
      {{date("2026-12-31"), date("2026-12-31")}, {{8h + 30min, 12h, ""}}, "veille de fête"},
      {{date("2026-12-24"), date("2026-12-26")}, {}, ""},
      {{date("2026-11-23"), date("2026-11-23")}, {}, "passé"},
      {{date("2027-05-07"), date("2027-05-07")}, {}, "lointain"},
  };
  EXPECT_THAT(shown(notice_words(hours, date("2026-11-24"))),
              ElementsAre("Dernier dossier à 17 h.", "Fermé les jours fériés",
                          "Fermé du jeudi 24 décembre au samedi 26 décembre",
                          "Le jeudi 31 décembre (veille de fête)~: de 8_h_30 à 12_h"));
  EXPECT_THAT(notice_words({}, date("2026-11-24")), IsEmpty());
}

}  // namespace
}  // namespace parvis::calendar
