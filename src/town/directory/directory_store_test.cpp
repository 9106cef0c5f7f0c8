#include "directory/directory_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/databases.hpp"

namespace parvis::directory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Service service(std::string id, std::string name, std::vector<std::string> communes,
                std::vector<std::string> pivots = {}) {
  Service one;
  one.id = std::move(id);
  one.name = std::move(name);
  one.communes = std::move(communes);
  one.pivots = std::move(pivots);
  return one;
}

class Store : public support::EachEngine {
 protected:
  Changes replace(const std::vector<Service>& services, std::string_view source = "commune",
                  std::string_view tenant = "demo") {
    return database_.write(
        tenant, [&](db::Tx& tx) { return directory::replace(tx, tenant, source, services); });
  }
  std::vector<std::string> ids(std::string_view insee, std::string_view tenant = "demo") {
    std::vector<std::string> found;
    for (const Service& one :
         database_.read(tenant, [&](db::Tx& tx) { return services_of(tx, tenant, insee); }))
      found.push_back(one.id);
    return found;
  }

  db::Database database_{config()};
};
INSTANTIATE_TEST_SUITE_P(Engines, Store, support::kEngines, support::engine_name);

const std::vector<Service> kTown = {service("a-epci", "Accueil", {}, {"epci"}),
                                    service("m1", "Mairie 1", {"99001"}, {"mairie"}),
                                    service("m2", "Mairie 2", {"99002"}, {"mairie"}),
                                    service("ecoles", "Écoles", {"99001", "99002"})};

TEST_P(Store, TheTownsOwnOfficeStandsBeforeTheSameOneOfAnotherSource) {
  replace(kTown);
  replace({service("mairie-99001-01", "Mairie", {"99001"}, {"mairie"}),
           service("mairie-99003-01", "Mairie", {"99003"}, {"mairie"}),
           service("ccas-99001-01", "CCAS", {"99001"}, {"ccas"})},
          "annuaire");
  EXPECT_THAT(ids("99001"), ElementsAre("ccas-99001-01", "m1", "ecoles", "a-epci"));
  EXPECT_THAT(ids("99003"), ElementsAre("mairie-99003-01", "a-epci"));
  replace({kTown[0]});
  EXPECT_THAT(ids("99001"), ElementsAre("ccas-99001-01", "mairie-99001-01", "a-epci"));
}

TEST_P(Store, AddsChangesAndRemoves) {
  EXPECT_THAT(replace(kTown).added, ElementsAre("a-epci", "m1", "m2", "ecoles"));
  EXPECT_EQ(replace(kTown), (Changes{{}, {}, {}, 4}));
  std::vector<Service> next = {kTown[0], kTown[1], kTown[3]};
  next[1].communes = {"99002"};
  const Changes dry =
      database_.read([&](db::Tx& tx) { return changes(tx, "demo", "commune", next); });
  EXPECT_EQ(dry, (Changes{{}, {"m1"}, {"m2"}, 2}));
  EXPECT_EQ(replace(next), dry);
  EXPECT_THAT(ids("99001"), ElementsAre("ecoles", "a-epci"));
  EXPECT_THAT(ids("99002"), ElementsAre("m1", "ecoles", "a-epci"));
}

TEST_P(Store, TheCommunesFirstThenTheTenants) {
  replace(kTown);
  EXPECT_THAT(ids("99001"), ElementsAre("m1", "ecoles", "a-epci"));
  EXPECT_THAT(ids("99003"), ElementsAre("a-epci"));
  EXPECT_THAT(ids(""), ElementsAre("a-epci"));
  EXPECT_THAT(ids("99001", "other"), IsEmpty());
}

TEST_P(Store, ByPivotAndById) {
  replace(kTown);
  database_.read([&](db::Tx& tx) {
    EXPECT_EQ(service_by_pivot(tx, "demo", "99002", "mairie"), kTown[2]);
    EXPECT_EQ(service_by_pivot(tx, "demo", "99002", "epci"), kTown[0]);
    EXPECT_FALSE(service_by_pivot(tx, "demo", "99003", "mairie"));
    EXPECT_EQ(service_by_id(tx, "demo", "ecoles"), kTown[3]);
    EXPECT_FALSE(service_by_id(tx, "other", "ecoles"));
    EXPECT_FALSE(service_by_id(tx, "demo", "none"));
  });
}

TEST_P(Store, SourcesAndTenantsAreApart) {
  replace(kTown);
  replace({service("x", "X", {"99001"})}, "annuaire");
  replace({service("m1", "Autre", {"99001"})}, "commune", "other");
  EXPECT_THAT(replace({}, "annuaire").removed, ElementsAre("x"));
  EXPECT_THAT(ids("99001"), ElementsAre("m1", "ecoles", "a-epci"));
  EXPECT_THAT(ids("99001", "other"), ElementsAre("m1"));
}

TEST_P(Store, AnIdOfAnotherSourceIsRefusedWhole) {
  replace(kTown);
  EXPECT_THROW(replace({service("new", "N", {}), service("m1", "M", {})}, "annuaire"), Error);
  EXPECT_THAT(ids(""), ElementsAre("a-epci"));  // "new" went with the transaction
  EXPECT_THROW(replace({service("d", "D", {}), service("d", "D", {})}), Error);
  EXPECT_THAT(ids("99002"), ElementsAre("m2", "ecoles", "a-epci"));
}

TEST_P(Store, TooManyAreRefused) {
  EXPECT_THROW(replace(std::vector<Service>(kServicesPerTenant + 1)), Error);
}

}  // namespace
}  // namespace parvis::directory
