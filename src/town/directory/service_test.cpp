#include "directory/service.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace parvis::directory {
namespace {

using namespace std::chrono_literals;

CivilDate date(std::string_view iso) { return *parse_iso_date(iso); }

Service service(std::string id, std::vector<std::string> pivots, std::vector<std::string> communes,
                std::vector<std::string> topics = {}) {
  Service one;
  one.id = std::move(id);
  one.pivots = std::move(pivots);
  one.communes = std::move(communes);
  one.topics = std::move(topics);
  return one;
}

std::string found(const std::vector<Service>& services, const Need& need) {
  const Service* one = service_for(services, need);
  return one ? one->id : "";
}

const std::vector<Service> kTown = {
    service("agglomeration", {"epci"}, {}, {"transport scolaire", "déchets"}),
    service("ccas-agglomeration", {"ccas"}, {}),
    service("mairie-1", {"mairie"}, {"99001"}, {"carte d’identité", "passeport"}),
    service("mairie-2", {"mairie"}, {"99002"}),
    service("ccas-1", {"ccas"}, {"99001"}, {"aide alimentaire"}),
    service("ecole", {}, {"99001", "99002"}, {"transport", "cantine"}),
};

TEST(ServiceFor, TheCommunesOwnThenTheAgglomerations) {
  EXPECT_EQ(found(kTown, {"99001", "mairie", ""}), "mairie-1");
  EXPECT_EQ(found(kTown, {"99002", "mairie", ""}), "mairie-2");
  EXPECT_EQ(found(kTown, {"99001", "ccas", ""}), "ccas-1");
  EXPECT_EQ(found(kTown, {"99002", "ccas", ""}), "ccas-agglomeration");
  EXPECT_EQ(found(kTown, {"", "ccas", ""}), "ccas-agglomeration");
}

TEST(RegionOf, AServiceIsThatOfItsOnlyCommuneOrOfItsPlace) {
  using calendar::Region;
  const auto region = [](std::vector<std::string> communes, std::string postcode) {
    Service service;
    service.communes = std::move(communes);
    service.postcode = std::move(postcode);
    return region_of(service);
  };
  EXPECT_EQ(region({}, ""), Region::metropolitan);
  EXPECT_EQ(region({"97127"}, ""), Region::saint_martin);
  EXPECT_EQ(region({"67482", "67447"}, ""), Region::alsace_moselle);
  EXPECT_EQ(region({"57463", "54395"}, "54000"), Region::metropolitan);
  EXPECT_EQ(region({}, "97150"), Region::saint_martin);
}

TEST(ServiceFor, NeverAnotherCommune) {
  EXPECT_EQ(found(kTown, {"99003", "mairie", ""}), "");
  EXPECT_EQ(found(kTown, {"", "mairie", ""}), "");
  EXPECT_EQ(found(kTown, {"99002", "", "passeport"}), "");
}

TEST(ServiceFor, ATopicIsMetWhole) {
  EXPECT_EQ(found(kTown, {"99001", "", "ma carte d'identite est perdue"}), "mairie-1");
  EXPECT_EQ(found(kTown, {"99001", "", "carte de stationnement"}), "");
  EXPECT_EQ(found(kTown, {"99001", "", "le transport scolaire de mon fils"}), "agglomeration");
  EXPECT_EQ(found(kTown, {"99001", "", "transport"}), "ecole");
  EXPECT_EQ(found(kTown, {"99001", "", ""}), "");
}

TEST(ServiceFor, AServiceOfThePublicDirectoryIsFoundByWhatItIsCalled) {
  const std::vector<Service> town = {service("epci-1", {"epci"}, {}),
                                     service("msap-1", {"msap"}, {}),
                                     service("cpam-1", {"cpam"}, {})};
  EXPECT_EQ(found(town, {"99001", "", "numéro de france services svp"}), "msap-1");
  EXPECT_EQ(found(town, {"99001", "", "les horaires de la sécu sociale"}), "");
  EXPECT_EQ(found(town, {"99001", "", "les horaires de la sécurité sociale"}), "cpam-1");
}

TEST(ServiceFor, ItsWholeNameIsSaid) {
  std::vector<Service> town = {service("agglomeration", {}, {}, {"val d’Orle"}),
                               service("urbanisme", {}, {}, {"permis"})};
  town[0].name = "Accueil";
  town[1].name = "Service urbanisme du val d’Orle";
  EXPECT_EQ(found(town, {"", "", "Service urbanisme du val d’Orle"}), "urbanisme");
  EXPECT_EQ(found(town, {"", "", "le val d'Orle"}), "agglomeration");
}

TEST(ServiceFor, WhatExplainsANameIsNotNeeded) {
  std::vector<Service> town = {service("mobility", {}, {}, {"bus"}),
                               service("house", {}, {}, {"maison"})};
  town[0].name = "Maison des mobilités (Orlibus et vélo)";
  town[1].name = "Accueil";
  EXPECT_EQ(found(town, {"", "", "la maison des mobilités est ouverte ?"}), "mobility");
  EXPECT_EQ(short_name(town[0].name), "Maison des mobilités");
  EXPECT_EQ(short_name("Mairie"), "Mairie");
}

TEST(ServiceFor, TheTopicIsGivenAsTheTownCallsIt) {
  EXPECT_EQ(topic_in(kTown, {"99001", "", "ma carte d'identite est perdue"}), "carte d’identité");
  EXPECT_EQ(topic_in(kTown, {"99001", "", "carte de stationnement"}), "");
}

TEST(ServiceFor, APivotCountsBeforeATopic) {
  EXPECT_EQ(found(kTown, {"99001", "ccas", "passeport"}), "ccas-1");
  EXPECT_EQ(found(kTown, {"99001", "prefecture", "passeport"}), "mairie-1");
}

Service full() {
  Service one = service("mairie-1", {"mairie", "ccas"}, {"99001"}, {"état civil"});
  one.name = "Mairie « du » \"Gué\"";
  one.address = {"3, place du Parvis", "Bâtiment B"};
  one.postcode = "00100";
  one.city = "Saint-Aubin";
  one.phones = {{"02 61 91 24 00", "Accueil"}, {"39 39", ""}};
  one.email = "a@b.example";
  one.url = "https://b.example/x?y=1&z";
  one.access = "Rampe";
  one.other_ways = {"Au guichet."};
  one.updated = date("2026-11-01");
  calendar::Week summer{
      "Été", calendar::Yearly{std::chrono::April / 1, std::chrono::September / 30}, {}};
  summer.days[5] = {{9h, 12h, "2e samedi"}, {14h, 24h, ""}};
  calendar::Week dated{"", calendar::Dates{date("2026-01-01"), date("2026-12-31")}, {}};
  one.hours = {{summer, dated, calendar::Week{}},
               {{{date("2026-12-24"), date("2026-12-26")}, {}, "Noël"},
                {{date("2026-11-11"), date("2026-11-11")}, {{10h, 12h, ""}}, "cérémonie"}},
               false,
               "Sans rendez-vous"};
  return one;
}

TEST(ServiceJson, LosesNothing) {
  EXPECT_EQ(service_from_json(to_json(full())), full());
  EXPECT_EQ(service_from_json(to_json(Service{})), Service{});
}

// Take any member away, or change its type: it is refused, never half read.
TEST(ServiceJson, RefusesWhatIsNotWhole) {
  const json::value whole = *parse_json(to_json(full()));
  for (const auto& member : whole.get_object()) {
    json::value less = whole, other = whole;
    less.get_object().erase(member.key());
    other.get_object()[member.key()] = 7;
    EXPECT_FALSE(service_from_json(json::serialize(less))) << member.key();
    EXPECT_FALSE(service_from_json(json::serialize(other))) << member.key();
  }
  for (const auto& member : whole.at("hours").get_object()) {
    json::value less = whole;
    less.at("hours").get_object().erase(member.key());
    EXPECT_FALSE(service_from_json(json::serialize(less))) << member.key();
  }
  json::value six_days = whole;
  six_days.at_pointer("/hours/weeks/0/days").get_array().pop_back();
  EXPECT_FALSE(service_from_json(json::serialize(six_days)));
  json::value long_range = whole;
  long_range.at_pointer("/hours/weeks/0/days/5/0") = {540, 720, "a", "b"};
  EXPECT_FALSE(service_from_json(json::serialize(long_range)));
  EXPECT_FALSE(service_from_json("[]"));
  EXPECT_FALSE(service_from_json(""));
}

}  // namespace
}  // namespace parvis::directory
