// What is no date, places, limits, JSON, and the strict reading of a form field.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dates/notation_for_tests.hpp"

namespace parvis::dates {
namespace {

using testing::HasSubstr;

TEST(Dates, AreNotFoundIn) {
  for (const std::string_view text : {
           "",
           " ",
           "bonjour",
           "je voudrais un rendez-vous",
           // numbers that are something else
           "06 12 34 56 78",
           "06.12.34.56.78",
           "+33 6 12 34 56 78",
           "mon numéro est le 06.12.34.56.78",
           "1 85 05 78 006 084 36",
           "FR76 3000 1007 9412",
           "25 €",
           "25,50 €",
           "1 200 euros",

           "75012 Paris",
           "la fiche F1342",
           "N123 et R12",
           "article 12",
           "article L. 12 et 13 du code",
           "version 2.3.1",
           "la version 12.04.26",
           "n° 2024-12",
           "le dossier 24/11/2026",
           "192.168.10.11",
           "1/2 litre",
           "24h/24 et 7j/7",
           "le 93",
           "chambre 12",
           "il y a 10 étudiants",
           "3 enfants et 2 chiens",
           "100 %",
           "le 3 pièces",
           "https://mairie.fr/2026/11/24/avis",
           "jean.mars@mairie.fr",
           // names
           "12 rue du 11 novembre",
           "place du 8 mai 1945",
           "3 avenue du 14 juillet 1789",
           "boulevard du 1er mai",
           "rue de la Toussaint",
           "la planète Mars",
           "la barre Mars",
           "Avril Lavigne",
           "Mme Avril",
           "le père Noël",
           "dans le Midi",
           "Midi-Pyrénées",
           "Saint-Jean-de-Luz",
           "appelez le 15",
           "composer le 18",
           // words
           "j'ai été malade",
           "il a été convenu",
           "une seconde fois",
           "un jour férié",
           "jour après jour",
           "la mer",
           "un jeu",
       })
    EXPECT_EQ(says(text), "") << text;
}

TEST(Dates, StandBesideWhatIsNone) {
  EXPECT_EQ(says("tél : 01 23 45 67 89 le 3 mai"), "2027-05-03");
  EXPECT_EQ(says("je paie 12,50 € le 3 mai"), "2027-05-03");
  EXPECT_EQ(says("place de la mairie le 3 mai"), "2027-05-03");
  EXPECT_EQ(says("décret n° 2015-1342 du 23 octobre 2015"), "2015-10-23");
  EXPECT_EQ(says("12 rue du 11 novembre, mardi à 9h"), "2026-12-01T09:00");
}

TEST(Dates, HaveTheirPlace) {
  const std::string_view text = "Rendez-vous à l’école le 3 août ou le 5.";
  const auto found = parse(text, at("2026-11-24"));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(text.substr(found[0].begin, found[0].stop - found[0].begin), "le 3 août");
  EXPECT_EQ(text.substr(found[1].begin, found[1].stop - found[1].begin), "le 5");
}

TEST(Dates, Limits) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "le 3 mai. ";
  EXPECT_EQ(parse(many, at("2026-11-24")).size(), kResults);
  const std::string far = std::string(kInputBytes, ' ') + "demain";
  EXPECT_TRUE(parse(far, at("2026-11-24")).empty());
  EXPECT_EQ(says("dans 99999 ans"), "");
  EXPECT_EQ(says("dans 100 ans"), "2126-11-24");
  EXPECT_EQ(says("\xff\xfe demain \xc3"), "2026-11-25");
}

TEST(Dates, Json) {
  const std::string_view text = "demain à 14h30, pendant 2 heures";
  const json::object object = to_json(parse(text, at("2026-11-24", 10)), text);
  EXPECT_EQ(
      json::serialize(object),
      R"({"kind":"instant","start":"2026-11-25T14:30:00","end":null,"grain":"minute","all":[)"
      R"({"kind":"instant","start":"2026-11-25T14:30:00","end":null,"grain":"minute","text":"demain à 14h30","begin":0,"stop":15},)"
      R"({"kind":"duration","start":null,"end":null,"grain":"hour","text":"pendant 2 heures","begin":17,"stop":33,"duration":"PT2H"}]})");
  EXPECT_EQ(json::serialize(to_json({}, "")),
            R"({"kind":"none","start":null,"end":null,"grain":null,"all":[]})");
  const std::string_view every = "tous les mardis";
  const json::object recurring = to_json(parse(every, at("2026-11-24")), every);
  EXPECT_EQ(recurring.at("all").at(0).at("rule"), "FREQ=WEEKLY;BYDAY=TU");
}

std::string strict(std::string_view text, Prefer prefer = Prefer::either) {
  const auto date = parse_civil_date(text, at("2026-11-24", 10), prefer);
  return date ? format_iso_date(*date) : date.error();
}

TEST(Strict, OneDate) {
  EXPECT_EQ(strict("24/11/2026"), "2026-11-24");
  EXPECT_EQ(strict(" le 3 mai 1985. "), "1985-05-03");
  EXPECT_EQ(strict("mardi 24 novembre 2026"), "2026-11-24");
  EXPECT_EQ(strict("29/02/2028"), "2028-02-29");
  EXPECT_EQ(strict("demain", Prefer::future), "2026-11-25");
  EXPECT_EQ(strict("3 mai", Prefer::future), "2027-05-03");
  EXPECT_EQ(strict("3 mai", Prefer::past), "2026-05-03");
  EXPECT_EQ(strict("24/11/2026", Prefer::past), "2026-11-24");
  EXPECT_EQ(strict("24/11/2026", Prefer::future), "2026-11-24");
  EXPECT_EQ(strict("3 mai 27", Prefer::future), "2027-05-03");
  EXPECT_EQ(strict("lundi prochain", Prefer::future), "2026-11-30");
}

TEST(Strict, RefusesAndSaysHowToMend) {
  constexpr Row kRows[] = {
      {"", "Indiquez une date"},
      {"je ne sais pas", "pas compris"},
      {"30/02/2026", "n’existe pas"},
      {"31 avril 2026", "n’existe pas"},
      {"29/02/2027", "n’existe pas"},
      {"32 janvier 2027", "n’existe pas"},
      {"11/24/2026", "jour avant le mois"},
      {"24/13/2026", "mois n’existe pas"},
      {"lundi 24 novembre 2026", "est un mardi"},
      {"24/11/26", "sur quatre"},
      {"3 mai", "manque l’année"},
      {"le 3", "manque le mois"},
      {"mars 2027", "manque le jour"},
      {"2027", "manque le jour"},
      {"la semaine prochaine", "un seul jour"},
      {"du 3 au 7 mai 2027", "un seul jour"},
      {"3 mai 2027 ou 4 mai 2027", "plusieurs dates"},
      {"24/11/2026 à 9h", "sans l’heure"},
      {"trois mois", "durée"},
      {"tous les mardis", "plusieurs fois"},
      {"vendredi prochain", "deux jours"},
      {"24/11/2026 au plus tôt si possible", "seulement la date"},
  };
  for (const Row& row : kRows) EXPECT_THAT(strict(row.text), HasSubstr(row.meaning)) << row.text;
  EXPECT_THAT(strict("25/11/2026", Prefer::past), HasSubstr("à venir"));
  EXPECT_THAT(strict("23/11/2026", Prefer::future), HasSubstr("passée"));
  EXPECT_THAT(strict("03/05/20", Prefer::past), HasSubstr("sur quatre"));
  EXPECT_THAT(strict(std::string(kStrictBytes + 1, 'x')), HasSubstr("seulement une date"));
}

}  // namespace
}  // namespace parvis::dates
