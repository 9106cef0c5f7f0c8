#include "desk/schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::desk {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Zone kZone = Zone::paris();
const Instant kNow = *parse_rfc3339("2026-11-30T10:30:00+01:00");  // a Monday
Instant at(std::string_view time) { return *parse_rfc3339(time); }

TEST(Moment, IsADayAndAnHour) {
  EXPECT_EQ(read_moment("jeudi 3 décembre à 14 h 30", kZone, kNow),
            at("2026-12-03T14:30:00+01:00"));
  EXPECT_EQ(read_moment("demain à 9h", kZone, kNow), at("2026-12-01T09:00:00+01:00"));
  EXPECT_EQ(read_moment("aujourd’hui à 9h", kZone, kNow), at("2026-11-30T09:00:00+01:00"));
  for (const char* text : {"", "jeudi", "bientôt", "jeudi à 9h ou vendredi à 9h", "demain matin"})
    EXPECT_THAT(read_moment(text, kZone, kNow).error(), HasSubstr("un jour et une heure")) << text;
  EXPECT_THAT(read_moment("lundi 3 décembre 2026 à 9h", kZone, kNow).error(),
              HasSubstr("un jour et une heure"));  // a Thursday
  EXPECT_THAT(read_moment("3 novembre 2026 à 9h", kZone, kNow).error(), HasSubstr("passé"));
  EXPECT_THAT(read_moment("demain à 9h02", kZone, kNow).error(), HasSubstr("cinq en cinq"));
}

TEST(Moment, OfTheNightWithoutAnHourIsRefused) {
  EXPECT_THAT(read_moment("28 mars 2027 à 2h30", kZone, kNow).error(), HasSubstr("n’existe pas"));
  // The first of the two.
  EXPECT_EQ(read_moment("31 octobre 2027 à 2h30", kZone, kNow), at("2027-10-31T02:30:00+02:00"));
}

struct Read {
  const char *from, *until, *begin, *end;
};
TEST(Span, IsDaysOrHours) {
  for (const Read& each : {
           Read{"demain", "", "2026-12-01T00:00:00+01:00", "2026-12-02T00:00:00+01:00"},
           Read{"demain", "jeudi", "2026-12-01T00:00:00+01:00", "2026-12-04T00:00:00+01:00"},
           Read{"demain à 14h", "17h", "2026-12-01T14:00:00+01:00", "2026-12-01T17:00:00+01:00"},
           Read{"du 3 au 7 décembre", "", "2026-12-03T00:00:00+01:00", "2026-12-08T00:00:00+01:00"},
           Read{"vendredi", "mardi", "2026-12-04T00:00:00+01:00", "2026-12-09T00:00:00+01:00"},
       }) {
    const auto span = read_span(each.from, each.until, kZone, kNow);
    ASSERT_TRUE(span) << each.from << ": " << span.error()[0].words;
    EXPECT_EQ(span->from, at(each.begin)) << each.from;
    EXPECT_EQ(span->until, at(each.end)) << each.from << " " << each.until;
  }
}

TEST(Span, SaysWhatIsWrongAtItsField) {
  const auto fault = [](const char* from, const char* until) {
    const auto span = read_span(from, until, kZone, kNow);
    return span ? std::string("none") : span.error()[0].field + ": " + span.error()[0].words;
  };
  EXPECT_THAT(fault("", ""), HasSubstr("du: Écrivez un jour"));
  EXPECT_THAT(fault("demain à 14h", ""), HasSubstr("au: Écrivez jusqu’à quand"));
  EXPECT_THAT(fault("demain", "un de ces jours"), HasSubstr("au: Écrivez un jour"));
  EXPECT_THAT(fault("5 décembre 2026", "3 décembre 2026"), HasSubstr("au: La fin vient avant"));
  EXPECT_THAT(fault("3 novembre 2026", "4 novembre 2026"), HasSubstr("au: Cette absence est déjà"));
}

TEST(Span, IsToldInWords) {
  const auto words = [](const char* from, const char* until) {
    return span_words(*read_span(from, until, kZone, kNow), kZone);
  };
  EXPECT_EQ(words("demain", ""), "mardi 1er décembre, toute la journée");
  EXPECT_EQ(words("demain", "jeudi"), "du mardi 1er décembre au jeudi 3 décembre compris");
  EXPECT_EQ(words("demain à 14h", "17h"), "mardi 1er décembre, de 14\u202fh à 17\u202fh");
}

TEST(Period, IsTheLastMonthUnlessOneSays) {
  const auto usual = read_period("", "", kZone, kNow);
  ASSERT_TRUE(usual);
  EXPECT_EQ(format_iso_date(usual->first), "2026-11-01");
  EXPECT_EQ(format_iso_date(usual->last), "2026-11-30");
  const auto asked = read_period("1er septembre 2026", "2026-10-31", kZone, kNow);
  ASSERT_TRUE(asked);
  EXPECT_EQ(format_iso_date(asked->first), "2026-09-01");
  EXPECT_THAT(read_period("32 janvier", "", kZone, kNow).error(), SizeIs(1));
  EXPECT_THAT(read_period("2026-10-02", "2026-10-01", kZone, kNow).error()[0].words,
              HasSubstr("avant le premier"));
  EXPECT_THAT(read_period("2020-10-02", "2026-10-01", kZone, kNow).error()[0].words,
              HasSubstr("un an au plus"));
}

TEST(FiguresOf, CountWhoCameAndWhoDidNot) {
  using appointment::State;
  appointment::Agenda agenda;
  agenda.reasons = {{.id = "cni", .label = "Carte"}, {.id = "passeport", .label = "Passeport"}};
  EXPECT_THAT(figures_of(agenda, {}), IsEmpty());
  const auto all = figures_of(agenda, {{"passeport", State::booked, 2},
                                       {"cni", State::seen, 5},
                                       {"cni", State::arrived, 1},
                                       {"cni", State::missed, 2},
                                       {"cni", State::cancelled, 3},
                                       {"ancien", State::displaced, 1}});
  ASSERT_THAT(all, SizeIs(4));
  EXPECT_EQ(all[0].label, "Carte");
  EXPECT_EQ(all[0].kept, 6);
  EXPECT_EQ(all[0].rate(), "25\u00a0%");
  EXPECT_EQ(all[1].label, "Passeport");
  EXPECT_EQ(all[1].rate(), "");
  EXPECT_EQ(all[2].label, "ancien");
  EXPECT_EQ(all[3].coming, 3);
  EXPECT_EQ(all[3].cancelled, 3);
}

}  // namespace
}  // namespace parvis::desk
