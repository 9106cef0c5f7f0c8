#include "directory/annuaire.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "calendar/words.hpp"

namespace parvis::directory {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Annuaire read(std::string_view json) {
  auto annuaire = read_annuaire(json);
  EXPECT_TRUE(annuaire) << annuaire.error().what;
  return annuaire.value_or(Annuaire{});
}

// Empty, and said, where the shared data are not.
std::string sample(const char* name) {
  std::ifstream file(std::filesystem::path(PARVIS_SOURCE_DIR) / "../shared/data/annuaire" / name);
  if (!file) std::cout << "sample not read: ../shared/data/annuaire/" << name << " is absent\n";
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Annuaire, TheSampleOfTheApi) {
  const std::string json = sample("api-lannuaire_mairie_sandillon.json");
  if (json.empty()) return;
  const Annuaire annuaire = read(json);
  EXPECT_THAT(annuaire.notes, IsEmpty());
  ASSERT_THAT(annuaire.services, SizeIs(1));
  const Service& one = annuaire.services[0];
  EXPECT_EQ(one.id, "mairie-45300-01");
  EXPECT_EQ(one.name, "Mairie - Sandillon");
  EXPECT_THAT(one.pivots, ElementsAre("mairie"));
  EXPECT_THAT(one.communes, ElementsAre("45300"));
  EXPECT_THAT(one.address, ElementsAre("251 route d'Orléans"));
  EXPECT_EQ(one.postcode, "45640");
  EXPECT_EQ(one.city, "Sandillon");
  EXPECT_THAT(one.phones, ElementsAre(Phone{"01 02 03 04 05", ""}));
  EXPECT_EQ(one.email, "bob@sandillon.fr");
  EXPECT_EQ(one.url, "http://www.sandillon.fr");
  EXPECT_THAT(one.access, HasSubstr("rampe d'accès"));
  EXPECT_EQ(one.updated, parse_iso_date("2021-03-08"));
  const auto saturday = std::chrono::local_days(*parse_iso_date("2026-11-28"));
  EXPECT_EQ(open_at(one.hours, saturday + 10h).status, calendar::Open::depends);
  EXPECT_EQ(open_at(one.hours, saturday - 24h + 10h).status, calendar::Open::open);
  EXPECT_THAT(week_words(one.hours, *parse_iso_date("2026-11-28")),
              ElementsAre(HasSubstr("Du lundi au vendredi"), HasSubstr("2e et 4e samedis"),
                          HasSubstr("fermé")));
}

TEST(Annuaire, TheSampleOfTheGeoJson) {
  const std::string json = sample("etablissements-publics-v3_mairie_montbouy.json");
  if (json.empty()) return;
  const Annuaire annuaire = read(json);
  EXPECT_THAT(annuaire.notes, IsEmpty());
  ASSERT_THAT(annuaire.services, SizeIs(1));
  const Service& one = annuaire.services[0];
  EXPECT_EQ(one.id, "mairie-45210-01");
  EXPECT_THAT(one.pivots, ElementsAre("mairie"));
  EXPECT_THAT(one.communes, ElementsAre("45210"));
  EXPECT_THAT(one.phones, ElementsAre(Phone{"02 38 97 53 03", ""}));
  ASSERT_THAT(one.hours.weeks, SizeIs(1));
  EXPECT_THAT(one.hours.weeks[0].days[1], IsEmpty());
  EXPECT_THAT(one.hours.weeks[0].days[3],
              ElementsAre(calendar::Range{9h, 12h + 30min, ""},
                          calendar::Range{13h + 30min, 18h + 30min, ""}));
}

constexpr std::string_view kRecord =
    R"({"nom":"Mairie - Ici","id":"x-1","code_insee_commune":"99001"})";

TEST(Annuaire, ItsWrappings) {
  const std::string record(kRecord);
  for (const std::string& json : {record, "[" + record + "]", "{\"service\":[" + record + "]}",
                                  "{\"total_count\":1,\"results\":[" + record + "]}"})
    EXPECT_THAT(read(json).services, SizeIs(1)) << json;
}

TEST(Annuaire, ListsInsideText) {
  const Annuaire annuaire = read(
      R"({"nom":"CCAS","id":"x","pivot":"[{\"type_service_local\": \"ccas\", \"code_insee_commune\": [\"99001\", \"99002\"]}]",
      "telephone":"[{\"valeur\": \"02 61 91 24 10\", \"description\": \"Accueil\"}]","adresse_courriel":"a@b.example",
      "plage_ouverture":"[{\"nom_jour_debut\": \"Lundi\", \"nom_jour_fin\": \"Mardi\", \"valeur_heure_debut_1\": \"09:00:00\", \"valeur_heure_fin_1\": \"12:00:00\"}]"})");
  ASSERT_THAT(annuaire.services, SizeIs(1));
  const Service& one = annuaire.services[0];
  EXPECT_THAT(one.communes, ElementsAre("99001", "99002"));
  EXPECT_THAT(one.phones, ElementsAre(Phone{"02 61 91 24 10", "Accueil"}));
  EXPECT_EQ(one.email, "a@b.example");
  ASSERT_THAT(one.hours.weeks, SizeIs(1));
  EXPECT_THAT(one.hours.weeks[0].days[1], SizeIs(1));
}

TEST(Annuaire, HalfReadableHoursAreLeftOutWhole) {
  const auto with_hours = [](std::string_view range) {
    return std::string(R"({"nom":"N","id":"x","code_insee_commune":"99001","plage_ouverture":[
      {"nom_jour_debut":"Lundi","nom_jour_fin":"Lundi","valeur_heure_debut_1":"09:00:00","valeur_heure_fin_1":"12:00:00"},)") +
           std::string(range) + "]}";
  };
  for (
      const char* wrong :
      {R"({"nom_jour_debut":"Lundi","nom_jour_fin":"Lundi","valeur_heure_debut_1":"11:00:00","valeur_heure_fin_1":"13:00:00"})",
       R"({"nom_jour_debut":"Mardi","nom_jour_fin":"Mardi","valeur_heure_debut_1":"matin","valeur_heure_fin_1":"midi"})",
       R"({"nom_jour_debut":"Mardi","nom_jour_fin":"Lundi","valeur_heure_debut_1":"09:00:00","valeur_heure_fin_1":"10:00:00"})",
       R"({"nom_jour_debut":"Mardi","nom_jour_fin":"Mardi","valeur_heure_debut_1":"09:00:00","valeur_heure_fin_1":""})",
       R"({"nom_jour_debut":"Jour","nom_jour_fin":"Jour","valeur_heure_debut_1":"09:00:00","valeur_heure_fin_1":"10:00:00"})"}) {
    const Annuaire annuaire = read(with_hours(wrong));
    ASSERT_THAT(annuaire.services, SizeIs(1)) << wrong;
    EXPECT_FALSE(annuaire.services[0].hours.known()) << wrong;
    EXPECT_THAT(annuaire.notes, ElementsAre(HasSubstr("horaires illisibles"))) << wrong;
  }
}

TEST(Annuaire, ACommentWithoutTimesIsKept) {
  const Annuaire annuaire = read(
      R"({"nom":"N","id":"x","code_insee_commune":"99001","plage_ouverture":[
      {"nom_jour_debut":"Lundi","nom_jour_fin":"Vendredi","commentaire":"Sur rendez-vous."}]})");
  EXPECT_EQ(annuaire.services[0].hours.comment, "Sur rendez-vous.");
  EXPECT_FALSE(annuaire.services[0].hours.known());
}

TEST(Annuaire, LeavesOutWhatCannotServe) {
  const Annuaire annuaire = read(
      R"([7,{"nom":"","id":"x","code_insee_commune":"99001"},{"nom":"N","id":"a b","code_insee_commune":"99001"},
      {"nom":"N","id":"x"},{"nom":"N","id":"y","code_insee_commune":"99001","statut_de_diffusion":"false"},
      {"nom":"N","id":"z","code_insee_commune":"99001"},{"nom":"M","id":"z","code_insee_commune":"99001"}])");
  EXPECT_THAT(annuaire.services, SizeIs(1));
  EXPECT_THAT(annuaire.notes, SizeIs(6));
}

TEST(Annuaire, DropsValuesThatAreNotWhatTheyClaim) {
  const Annuaire annuaire = read(
      R"({"nom":"N","id":"x","code_insee_commune":"99001","adresse_courriel":["pas une adresse"],
      "site_internet":[{"valeur":"javascript:alert"}],"telephone":[{"valeur":"voir le site"}],
      "adresse":[{"code_postal":"456","nom_commune":"Ici"}]})");
  const Service& one = annuaire.services[0];
  EXPECT_EQ(one.email, "");
  EXPECT_EQ(one.url, "");
  EXPECT_EQ(one.postcode, "");
  EXPECT_THAT(one.phones, IsEmpty());
}

TEST(Annuaire, RefusesWhatIsNoDirectory) {
  for (const char* wrong : {"", "{", "7", "[]", "{}", R"({"features":[]})", R"({"features":[{}]})"})
    EXPECT_FALSE(read_annuaire(wrong)) << wrong;
  EXPECT_EQ(read_annuaire("{\n\n!").error().line, 3U);
  EXPECT_FALSE(read_annuaire(std::string(100'000, '[')));
}

}  // namespace
}  // namespace parvis::directory
