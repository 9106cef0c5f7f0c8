#include "answer/contact.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::answer {
namespace {

using std::chrono::hours;
using ::testing::HasSubstr;

directory::Service town_hall() {
  directory::Service out;
  out.name = "Mairie";
  out.address = {"1 place du Parvis"};
  out.postcode = "00100";
  out.city = "Ville";
  out.phones = {{"02 61 91 00 00", "Accueil"}};
  calendar::Week week;
  week.days[0] = {{hours(9), hours(12), ""}, {hours(14), hours(17), ""}};
  week.days[5] = {{hours(9), hours(12), "2e et 4e samedis"}};
  out.hours.weeks = {week};
  return out;
}

LocalTime at(int day, int hour) {  // November 2026; the 23rd is a Monday
  using namespace std::chrono;
  return local_days(2026y / November / std::chrono::day(static_cast<unsigned>(day))) +
         std::chrono::hours(hour);
}

TEST(ContactOf, SaysWhetherItIsOpen) {
  const Contact morning = contact_of(town_hall(), at(23, 10));
  EXPECT_EQ(morning.open, true);
  EXPECT_EQ(morning.address, "1 place du Parvis, 00100 Ville");
  EXPECT_EQ(morning.phones.at(0).number, "02 61 91 00 00");
  EXPECT_THAT(morning.hours, HasSubstr("de 9\u202fh à 12\u202fh"));
  EXPECT_EQ(contact_of(town_hall(), at(23, 13)).open, false);
}

TEST(ContactOf, OpenAgreesWithTheService) {
  EXPECT_TRUE(contact_of(town_hall(), at(23, 10)).open_words.starts_with("Ouverte jusqu"));
  EXPECT_TRUE(contact_of(town_hall(), at(23, 13)).open_words.starts_with("Fermée"));
  directory::Service desk = town_hall();
  desk.name = "Service état civil";
  EXPECT_TRUE(contact_of(desk, at(23, 10)).open_words.starts_with("Ouvert jusqu"));
  EXPECT_FALSE(contact_of({}, at(23, 10)).open_words.starts_with("Ouvert"));
}

TEST(ContactOf, IsToldWithTheNumberThatReachesIt) {
  Contact contact = contact_of(town_hall(), at(23, 10));
  contact.open_words = "Ouverte";
  EXPECT_EQ(in_brief(contact), contact.name + ". Ouverte. Téléphone\u00a0: 02 61 91 00 00.");
  contact.phones.push_back({"06 00 00 00 00", "Décès, le samedi"});
  EXPECT_EQ(in_brief(contact, "un décès", "Samedi\u00a0: fermée"),
            contact.name + ". Samedi\u00a0: fermée. Décès, le samedi\u00a0: 06 00 00 00 00.");
  EXPECT_THAT(in_brief(contact, "ouvert samedi ?"), HasSubstr("Téléphone"));
  EXPECT_THAT(in_brief(contact, "un passeport"), HasSubstr("Téléphone\u00a0: 02 61 91 00 00."));
  contact.phones.clear();
  EXPECT_EQ(in_brief(contact), contact.name + ". Ouverte.");
}

TEST(ContactOf, TellsTheHoursOfADay) {
  const CivilDate sunday = std::chrono::year(2026) / 11 / 22;
  EXPECT_EQ(hours_on(town_hall(), sunday), "fermée");
  EXPECT_TRUE(hours_on(town_hall(), civil_date(at(23, 10))).starts_with("de "));
}

// Monday 27 April is a holiday in Mayotte alone, Monday 23 November nowhere.
TEST(ContactOf, KeepsTheHolidaysOfItsPlace) {
  using namespace std::chrono;
  directory::Service there = town_hall();
  there.communes = {"97611"};
  const LocalTime monday = local_days(2026y / April / 27) + 10h;
  EXPECT_EQ(contact_of(there, monday).open, false);
  EXPECT_THAT(contact_of(there, monday).hours, HasSubstr("abolition de l’esclavage"));
  EXPECT_EQ(contact_of(town_hall(), monday).open, true);
  EXPECT_EQ(contact_of(there, at(23, 10)).open, true);
}

TEST(ContactOf, NeverTurnsACommentIntoOpen) {
  const Contact saturday = contact_of(town_hall(), at(28, 10));
  EXPECT_EQ(saturday.open, std::nullopt);
  EXPECT_THAT(saturday.open_words, HasSubstr("2e et 4e samedis"));
  EXPECT_EQ(contact_of({}, at(23, 10)).open, std::nullopt);
}

}  // namespace
}  // namespace parvis::answer
