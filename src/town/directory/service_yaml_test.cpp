#include "directory/service_yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calendar/words.hpp"
#include "directory/yaml.hpp"

namespace parvis::directory {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::string_view kTownHall = R"(
id: mairie-saint-aubin
name: Mairie de Saint-Aubin-sur-Orle
pivots: [mairie]
communes: ["99001"]
address:
  lines: ["3, place du Parvis"]
  postcode: "00100"
  city: Saint-Aubin-sur-Orle
phones:
  - {number: "02 61 91 24 00", label: Accueil}
email: mairie@saint-aubin.example
url: https://saint-aubin.example
access: Entrée de plain-pied.
topics: [carte d’identité, passeport]
other_ways: Au guichet.
updated: 2026-11-01
hours:
  comment: Derniers dossiers à 17 h.
  holidays: closed
  weeks:
    - name: Été
      from: 07-01
      until: 08-31
      days:
        lundi-vendredi: 8h30-13h
  days:
    lundi-vendredi: 8h30-12h, 13h30-17h30
    samedi:
      hours: 9h-12h
      comment: 2e et 4e samedis du mois
  exceptions:
    - {date: 2026-12-24, hours: 8h30-12h, reason: veille de Noël}
    - {from: 2026-05-15, until: 2026-05-16, reason: pont de l’Ascension}
)";

TEST(ReadServices, AWholeService) {
  const auto services = read_services(kTownHall);
  ASSERT_TRUE(services) << services.error()[0].what;
  ASSERT_THAT(*services, SizeIs(1));
  const Service& one = services->front();
  EXPECT_EQ(one.id, "mairie-saint-aubin");
  EXPECT_THAT(one.pivots, ElementsAre("mairie"));
  EXPECT_THAT(one.communes, ElementsAre("99001"));
  EXPECT_THAT(one.address, ElementsAre("3, place du Parvis"));
  EXPECT_EQ(one.postcode, "00100");
  EXPECT_THAT(one.phones, ElementsAre(Phone{"02 61 91 24 00", "Accueil"}));
  EXPECT_THAT(one.other_ways, ElementsAre("Au guichet."));
  EXPECT_EQ(one.updated, parse_iso_date("2026-11-01"));
  ASSERT_THAT(one.hours.weeks, SizeIs(2));
  EXPECT_EQ(one.hours.weeks[0].name, "Été");
  EXPECT_EQ(one.hours.weeks[1].days[5][0].comment, "2e et 4e samedis du mois");
  EXPECT_TRUE(one.hours.weeks[1].days[6].empty());
  ASSERT_THAT(one.hours.exceptions, SizeIs(2));
  EXPECT_EQ(one.hours.exceptions[0].ranges[0].to, 12h);
  EXPECT_EQ(one.hours.comment, "Derniers dossiers à 17 h.");
}

TEST(ReadServices, SeveralInOneFileAndLittleNeeded) {
  const auto services = read_services("- {id: a, name: A}\n- {id: b, name: B}\n");
  ASSERT_TRUE(services);
  EXPECT_THAT(*services, SizeIs(2));
  EXPECT_FALSE(services->front().hours.known());
}

TEST(ReadServices, DaysMayHoldBothKindsOfRange) {
  const auto services = read_services(
      "{id: a, name: A, hours: {days: {mardi: [9h-12h, {hours: 14h-16h, comment: sur rdv}]}}}");
  ASSERT_TRUE(services);
  const calendar::Day& day = services->front().hours.weeks[0].days[1];
  ASSERT_THAT(day, SizeIs(2));
  EXPECT_EQ(day[0].comment, "");
  EXPECT_EQ(day[1].comment, "sur rdv");
}

struct Wrong {
  std::string_view yaml;
  std::size_t line;
  std::string_view said;
};

class ReadServicesRefuses : public ::testing::TestWithParam<Wrong> {};

TEST_P(ReadServicesRefuses, WithLineAndRemedy) {
  const auto services = read_services(GetParam().yaml);
  ASSERT_FALSE(services);
  EXPECT_THAT(services.error(), ::testing::Contains(::testing::AllOf(
                                    ::testing::Field(&Problem::line, GetParam().line),
                                    ::testing::Field(&Problem::what, HasSubstr(GetParam().said)))))
      << services.error()[0].line << " " << services.error()[0].what;
}

INSTANTIATE_TEST_SUITE_P(
    Faults, ReadServicesRefuses,
    ::testing::Values(
        Wrong{"", 0, "fichier vide"}, Wrong{"\xff\xfe", 0, "UTF-8"},
        Wrong{", a: b", 0, "un signe en trop"},
        Wrong{"id: a\nname: \x04", 2, "caractère de contrôle"},
        Wrong{"id: a\nname: [", 2, "YAML mal formé"}, Wrong{"juste un texte", 1, "des champs"},
        Wrong{"id: a\nname: A\n---\nid: b\nname: B\n", 0, "plusieurs documents"},
        Wrong{"id: a\nnom: A\n", 2, "champ « nom » inconnu"},
        Wrong{"id: a\nname: A\nname: B\n", 3, "écrit deux fois"},
        Wrong{"id: a\n", 1, "champ « name » absent"}, Wrong{"id: Mairie 1\nname: A\n", 1, "« id »"},
        Wrong{"id: a\nname: [A]\n", 2, "un texte est attendu"},
        Wrong{"id: a\nname: \"A\\0\"\n", 2, "caractère interdit"},
        Wrong{"id: a\nname: A\ncommunes: [1234]\n", 3, "codes INSEE"},
        Wrong{"id: a\nname: A\nemail: personne\n", 3, "« email »"},
        Wrong{"id: a\nname: A\nurl: javascript:alert(1)\n", 3, "« url »"},
        Wrong{"id: a\nname: A\nphones: [{number: appelez}]\n", 3, "« phones »"},
        Wrong{"id: a\nname: A\nphones: {number: \"15\"}\n", 3, "une liste est attendue"},
        Wrong{"id: a\nname: A\nupdated: hier\n", 3, "« updated »"},
        Wrong{"id: a\nname: A\naddress: {postcode: 100}\n", 3, "code postal"},
        Wrong{"id: a\nname: A\nhours:\n  days:\n    lundi: matin\n", 5, "heures illisibles"},
        Wrong{"id: a\nname: A\nhours:\n  days:\n    lun: 9h-12h\n", 5, "jours inconnus"},
        Wrong{"id: a\nname: A\nhours:\n  days:\n    lundi: 9h-12h\n    lundi-jeudi: 9h-12h\n", 6,
              "donné deux fois"},
        Wrong{"id: a\nname: A\nhours:\n  days:\n    lundi: 9h-12h, 11h-13h\n", 4, "se chevauchent"},
        Wrong{"id: a\nname: A\nhours:\n  days:\n    lundi: [[9h-12h]]\n", 5, "une liste dans"},
        Wrong{"id: a\nname: A\nhours:\n  holidays: parfois\n", 4, "open ou closed"},
        Wrong{"id: a\nname: A\nhours:\n  weeks:\n    - {from: été, until: hiver}\n", 5, "période"},
        Wrong{"id: a\nname: A\nhours:\n  exceptions:\n    - {date: 12-24, reason: x}\n", 5,
              "dates"},
        Wrong{"id: a\nname: A\nhours:\n  exceptions:\n    - {date: 2026-12-24}\n", 5, "« reason »"},
        Wrong{"id: &a [*a]\nname: A\n", 1, "un texte est attendu"}));

TEST(ReadServices, SeveralFaultsInOnePass) {
  const auto services = read_services("id: A\nnom: b\nemail: c\n");
  ASSERT_FALSE(services);
  EXPECT_THAT(services.error(), SizeIs(1));  // an unknown field first: the rest may follow from it
  const auto more = read_services("id: A\nname: b\nemail: c\nurl: d\n");
  ASSERT_FALSE(more);
  EXPECT_THAT(more.error(), SizeIs(3));
}

TEST(ReadServices, LimitsHold) {
  const auto large = read_services(std::string(kYamlBytes + 1, ' '));
  ASSERT_FALSE(large);
  EXPECT_THAT(large.error()[0].what, HasSubstr("plus de 256 Ko"));
  EXPECT_FALSE(read_services(std::string(20'000, '[')));
  EXPECT_FALSE(read_services("id: a\nname: " + std::string(kTextBytes + 1, 'x')));
  std::string items = "id: a\nname: A\ntopics:\n";
  for (std::size_t i = 0; i <= kListItems; ++i) items += "  - x\n";
  EXPECT_FALSE(read_services(items));
  std::string unknown = "id: a\nname: A\n";
  for (int i = 0; i < 200; ++i) unknown += "x" + std::to_string(i) + ": y\n";
  EXPECT_THAT(read_services(unknown).error(), SizeIs(kYamlProblems));
}

}  // namespace
}  // namespace parvis::directory
