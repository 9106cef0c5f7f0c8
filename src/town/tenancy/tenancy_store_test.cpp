#include "tenancy/tenancy_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/databases.hpp"
#include "tenancy/context.hpp"

namespace parvis::tenancy {
namespace {
using db::Tx;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Instant kNow{std::chrono::milliseconds(1'795'000'000'123)};
const Tenant kDemo{"demo", "Agglomération d'Exemple", Tenant::Kind::agglomeration,
                   *Zone::named("Indian/Reunion"), "#0b5563"};
const Tenant kAlone{"seule", "Ville Seule", Tenant::Kind::commune, Zone::paris()};
const Commune kVille{"99001", "ville", "Ville-Exemple", {"99000", "99100"}};
const Commune kBourg{"2A004", "bourg", "Bourg", {}};

class Tenancy : public support::EachEngine {
 protected:
  Tenancy() : database(config()) {}
  void create(const Tenant& tenant) {
    database.write([&](Tx& tx) { create_tenant(tx, tenant, kNow); });
  }
  void add(std::string_view tenant, const Commune& commune) {
    database.write(tenant, [&](Tx& tx) { add_commune(tx, tenant, commune); });
  }
  db::Database database;
};
INSTANTIATE_TEST_SUITE_P(Engines, Tenancy, support::kEngines, support::engine_name);

template <typename Fn>
Error error_of(Fn&& fn) {
  try {
    fn();
  } catch (const Error& e) {
    return e;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(Errc::failed, "");
}

TEST_P(Tenancy, KeepsTenants) {
  create(kDemo);
  create(kAlone);
  EXPECT_THAT(database.read([](Tx& tx) { return tenants(tx); }), ElementsAre(kDemo, kAlone));
  EXPECT_EQ(database.read([](Tx& tx) { return tenant_of(tx, "seule"); }), kAlone);
  EXPECT_EQ(database.read([](Tx& tx) { return tenant_of(tx, "autre"); }), std::nullopt);
  EXPECT_EQ(error_of([&] { create(kDemo); }).code(), Errc::conflict);
}

TEST_P(Tenancy, UpdatesATenant) {
  create(kDemo);
  Tenant renamed = kDemo;
  renamed.name = "Val d'Exemple";
  renamed.accent = "#aa0000";
  auto update = [&](const Tenant& tenant) {
    return database.write([&](Tx& tx) { return update_tenant(tx, tenant); });
  };
  EXPECT_TRUE(update(renamed));
  EXPECT_EQ(database.read([](Tx& tx) { return tenant_of(tx, "demo"); }), renamed);
  EXPECT_FALSE(update(kAlone));
  renamed.accent = "red";
  EXPECT_EQ(error_of([&] { update(renamed); }).code(), Errc::invalid);
}

TEST_P(Tenancy, WorksForTheOnlyTenantOrAsks) {
  auto only = [&] { return database.read([](Tx& tx) { return the_only_tenant(tx); }); };
  EXPECT_EQ(error_of(only).code(), Errc::not_found);
  create(kDemo);
  EXPECT_EQ(only(), kDemo);
  create(kAlone);
  const Error several = error_of(only);
  EXPECT_EQ(several.code(), Errc::invalid);
  EXPECT_EQ(several.detail(), "several tenants: name one with --tenant");
}

TEST_P(Tenancy, KeepsCommunes) {
  create(kDemo);
  create(kAlone);
  add("demo", kVille);
  add("demo", kBourg);
  add("seule", kVille);  // the same territory may be known to two tenants
  database.read("demo", [&](Tx& tx) {
    EXPECT_THAT(communes(tx, "demo"), ElementsAre(kBourg, kVille));
    EXPECT_EQ(commune_of(tx, "demo", "99001"), kVille);
    EXPECT_EQ(commune_of(tx, "demo", "99002"), std::nullopt);
    EXPECT_EQ(commune_at(tx, "demo", "bourg"), kBourg);
    EXPECT_EQ(commune_at(tx, "demo", "99001"), std::nullopt);
    EXPECT_THAT(communes_at_postcode(tx, "demo", "99100"), ElementsAre(kVille));
    EXPECT_THAT(communes_at_postcode(tx, "demo", "9910"), IsEmpty());
  });
}

TEST_P(Tenancy, SeesNoCommuneOfAnotherTenant) {
  create(kDemo);
  create(kAlone);
  add("seule", kVille);
  database.read([](Tx& tx) {
    EXPECT_THAT(communes(tx, "demo"), IsEmpty());
    EXPECT_EQ(commune_of(tx, "demo", "99001"), std::nullopt);
    EXPECT_EQ(commune_at(tx, "demo", "ville"), std::nullopt);
  });
  EXPECT_FALSE(database.write([](Tx& tx) { return update_commune(tx, "demo", kVille); }));
  if (!on_sqlite())  // the second wall: even a statement that names the other
    database.read("demo", [](Tx& tx) { EXPECT_THAT(communes(tx, "seule"), IsEmpty()); });
}

TEST_P(Tenancy, ChangesACommune) {
  create(kDemo);
  add("demo", kVille);
  add("demo", kBourg);
  Commune changed = kVille;
  changed.name = "Nouvelle Ville";
  changed.slug = "nouvelle";
  changed.postcodes = {"99999"};
  EXPECT_TRUE(database.write([&](Tx& tx) { return update_commune(tx, "demo", changed); }));
  EXPECT_EQ(database.read([](Tx& tx) { return commune_of(tx, "demo", "99001"); }), changed);
  changed.slug = "bourg";
  EXPECT_EQ(error_of([&] {
              database.write([&](Tx& tx) { update_commune(tx, "demo", changed); });
            }).code(),
            Errc::conflict);
}

TEST_P(Tenancy, RefusesACommuneTwiceItsSlugTwiceAndNoTenant) {
  create(kDemo);
  add("demo", kVille);
  EXPECT_EQ(error_of([&] { add("demo", kVille); }).code(), Errc::conflict);
  Commune twin = kBourg;
  twin.slug = kVille.slug;
  EXPECT_EQ(error_of([&] { add("demo", twin); }).code(), Errc::conflict);
  EXPECT_THAT(error_of([&] { add("absent", kVille); }).detail(), HasSubstr("create it first"));
}

TEST_P(Tenancy, RefusesWhatIsMalformed) {
  create(kDemo);
  auto refused = [&](auto change) {
    Commune commune = kVille;
    change(commune);
    return error_of([&] { add("demo", commune); }).code() == Errc::invalid;
  };
  for (const char* insee : {"", "9900", "990011", "2C004", "99 01", "A2004"})
    EXPECT_TRUE(refused([&](Commune& c) { c.insee = insee; })) << insee;
  for (const char* slug : {"", "-a", "a-", "Ville", "a/b", "é", ".."})
    EXPECT_TRUE(refused([&](Commune& c) { c.slug = slug; })) << slug;
  EXPECT_TRUE(refused([](Commune& c) { c.slug.assign(kIdMax + 1, 'a'); }));
  EXPECT_TRUE(refused([](Commune& c) { c.name.assign(kNameMax + 1, 'a'); }));
  for (const char* name : {"", "a\nb", "\xff"})
    EXPECT_TRUE(refused([&](Commune& c) { c.name = name; })) << name;
  EXPECT_TRUE(refused([](Commune& c) { c.postcodes = {"99000", "9 000"}; }));
  EXPECT_TRUE(refused([](Commune& c) { c.postcodes.assign(kPostcodesMax + 1, "99000"); }));
  Tenant tenant = kAlone;
  tenant.id = "Ville";
  EXPECT_EQ(error_of([&] { create(tenant); }).code(), Errc::invalid);
  add("demo", kVille);  // and the form itself is accepted
}

TEST(Context, SaysWhyTheSystemActs) {
  const Context cx{"demo", "", Actor::system("nightly import"), Zone::paris(), {}, "r1", kNow};
  EXPECT_EQ(cx.actor.kind, Actor::Kind::system);
  EXPECT_EQ(cx.actor.reason, "nightly import");
  EXPECT_EQ(Actor::visitor().kind, Actor::Kind::visitor);
}

TEST(Context, SaysWhichAgentActs) {
  const Actor agent = Actor::agent("a1", Personal<std::string>("Martine Dupont"));
  EXPECT_EQ(agent.kind, Actor::Kind::agent);
  EXPECT_EQ(agent.account, "a1");
  EXPECT_EQ(agent.name.read(), "Martine Dupont");
  EXPECT_EQ(Actor::visitor().account, "");
}

}  // namespace
}  // namespace parvis::tenancy
