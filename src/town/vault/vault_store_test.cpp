// The table, and the keyring over it.
#include "vault/vault_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "crypto/hash.hpp"
#include "support/items.hpp"
#include "vault/keyring.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::vault {
namespace {
namespace fs = std::filesystem;

using support::error_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Instant kNow = *parse_rfc3339("2026-11-24T09:00:00Z");
const Address kHere{"dossier_sample", "answers", "1"};

// A store that can be out of reach.
class Frail final : public KeyStore {
 public:
  explicit Frail(KeyStore& store) : store_(store) {}
  bool there = true;
  int unseen = 0;  // times that it is asked before somebody else's key is there
  std::optional<KekVersion> current(std::string_view t) override {
    return unseen-- > 0 ? std::nullopt : store().current(t);
  }
  KekVersion ensure(std::string_view t) override { return store().ensure(t); }
  KekVersion rotate(std::string_view t) override { return store().rotate(t); }
  Wrapped wrap(std::string_view t, const crypto::Key& key, std::string_view a) override {
    return store().wrap(t, key, a);
  }
  crypto::Key unwrap(std::string_view t, const Wrapped& wrapped, std::string_view a) override {
    return store().unwrap(t, wrapped, a);
  }
  void probe() override { store().probe(); }

 private:
  KeyStore& store() {
    if (!there) throw Error(Errc::unavailable, "the key store is out of reach");
    return store_;
  }
  KeyStore& store_;
};

class Vault : public support::EachEngine {
 public:
  Vault() { fs::create_directories(folder_); }
  ~Vault() override { fs::remove_all(folder_); }

 protected:
  static tenancy::Context context(std::string tenant = "demo") {
    return {.tenant = std::move(tenant),
            .commune = {},
            .actor = tenancy::Actor::visitor(),
            .zone = Zone::paris(),
            .deadline = {},
            .request = "r1",
            .now = kNow};
  }
  // An object with its key, and the bytes that it sealed.
  std::string made(const std::string& object, const std::string& tenant = "demo") {
    const NewKeys fresh = keyring_.make(context(tenant), object);
    database_.write(tenant, [&](db::Tx& tx) { insert_data_key(tx, fresh.row, kNow); });
    return seal(fresh.keys, kHere, "secret of " + object);
  }
  std::string opened(const std::string& object, const std::string& sealed,
                     const std::string& tenant = "demo") {
    return open(keyring_.keys_for(context(tenant), object), kHere, sealed);
  }
  std::optional<DataKey> row(std::string_view object, std::string_view tenant = "demo") {
    return database_.read([&](db::Tx& tx) { return data_key_of(tx, tenant, object); });
  }
  bool destroy(std::string_view object) {
    return database_.write("demo",
                           [&](db::Tx& tx) { return destroy_data_key(tx, "demo", object, kNow); });
  }

  const fs::path folder_ = fs::temp_directory_path() / ("parvis-vault-" + crypto::random_hex(6));
  const crypto::Key master_ = crypto::Key::random();
  db::Database database_{config()};
  SealedFile file_{folder_ / "keys.sealed", master_};
  Frail store_{file_};
  std::vector<std::string> unwrapped_;
  Keyring keyring_{database_, store_, [this](const tenancy::Context& cx, const DataKey& key) {
                     unwrapped_.push_back(cx.request + " " + key.tenant + " " + key.object + " " +
                                          std::to_string(key.wrapped.by.version));
                   }};
};
INSTANTIATE_TEST_SUITE_P(Engines, Vault, support::kEngines, support::engine_name);

TEST_P(Vault, AnObjectOpensWithItsKeys) {
  const std::string sealed = made("case/1");
  EXPECT_EQ(opened("case/1", sealed), "secret of case/1");
  EXPECT_EQ(row("case/1")->wrapped.by, *file_.current("demo"));
  Keyring again(database_, file_);  // as after a restart
  EXPECT_EQ(open(again.keys_for(context(), "case/1"), kHere, sealed), "secret of case/1");
}

TEST_P(Vault, EachUnwrapIsTold) {
  const std::string sealed = made("case/1");
  EXPECT_THAT(unwrapped_, IsEmpty());  // made, not unwrapped
  opened("case/1", sealed);
  EXPECT_THAT(unwrapped_, ElementsAre("r1 demo case/1 1"));
  Keyring strict(database_, file_, [](const tenancy::Context&, const DataKey&) {
    throw Error(Errc::unavailable, "the trail is out of reach");
  });
  EXPECT_EQ(error_of([&] { strict.keys_for(context(), "case/1"); }).detail(),
            "the trail is out of reach");
}

TEST_P(Vault, ObjectsAndTenantsDoNotOpenEachOther) {
  struct One {
    std::string tenant, object, sealed;
  };
  std::vector<One> all;
  for (const char* tenant : {"demo", "other"})
    for (const char* object : {"case/1", "case/2", "case/3"})
      all.push_back({tenant, object, made(object, tenant)});
  for (const One& from : all)
    for (const One& to : all) {
      if (&from == &to)
        EXPECT_EQ(opened(to.object, from.sealed, to.tenant), "secret of " + to.object);
      else
        EXPECT_EQ(error_of([&] { opened(to.object, from.sealed, to.tenant); }).code(),
                  Errc::failed);
    }
}

// Whoever may write the table moves wrapped keys about: between objects, tenants and versions.
TEST_P(Vault, AWrappedKeyInAnotherRowDoesNotUnwrap) {
  const std::string one = made("case/1");
  made("case/2");
  made("case/1", "other");
  database_.write([&](db::Tx& tx) {
    tx.run(
        "update vault_data_key set wrapped = (select wrapped from vault_data_key "
        "where tenant = 'demo' and object = 'case/1') where object = 'case/2'");
    tx.run(
        "update vault_data_key set wrapped = (select wrapped from vault_data_key "
        "where tenant = 'demo' and object = 'case/1'), kek = (select kek from vault_data_key "
        "where tenant = 'demo' and object = 'case/1') where tenant = 'other'");
  });
  EXPECT_EQ(error_of([&] { keyring_.keys_for(context(), "case/2"); }).code(), Errc::failed);
  EXPECT_EQ(error_of([&] { keyring_.keys_for(context("other"), "case/1"); }).code(), Errc::failed);
  EXPECT_EQ(opened("case/1", one), "secret of case/1");
  file_.rotate("demo");
  database_.write([&](db::Tx& tx) { tx.run("update vault_data_key set kek_version = 2"); });
  EXPECT_EQ(error_of([&] { keyring_.keys_for(context(), "case/1"); }).code(), Errc::failed);
}

TEST_P(Vault, ADestroyedKeyIsGone) {
  const std::string sealed = made("case/1");
  EXPECT_TRUE(destroy("case/1"));
  EXPECT_FALSE(destroy("case/1"));
  EXPECT_FALSE(destroy("absent"));
  const auto destroyed = error_of([&] { opened("case/1", sealed); });
  const auto absent = error_of([&] { opened("absent", sealed); });
  EXPECT_EQ(destroyed.code(), Errc::not_found);
  EXPECT_EQ(destroyed.detail(), absent.detail());
  EXPECT_THAT(row("case/1")->wrapped.bytes, IsEmpty());
  EXPECT_EQ(row("case/1")->destroyed_at, kNow);
  EXPECT_EQ(error_of([&] { made("case/1"); }).code(), Errc::conflict);  // it does not come back
}

TEST_P(Vault, NoKeyOfAnotherTenant) {
  made("case/1", "other");
  EXPECT_EQ(error_of([&] { opened("case/1", "", "demo"); }).code(), Errc::not_found);
}

TEST_P(Vault, RotatesAndWrapsAnew) {
  std::vector<std::string> sealed;
  sealed.reserve(5);
  for (int i = 0; i < 5; ++i) sealed.push_back(made("case/" + std::to_string(i)));
  const std::string others = made("case/1", "other");
  destroy("case/4");
  EXPECT_EQ(keyring_.remaining(context()), 0);
  EXPECT_EQ(keyring_.rotate(context()).version, 2);
  EXPECT_EQ(keyring_.remaining(context()), 4);
  const DataKey before = *row("case/1");
  EXPECT_EQ(opened("case/1", sealed[1]), "secret of case/1");  // before it is wrapped anew
  EXPECT_EQ(made("case/5").empty(), false);
  EXPECT_EQ(row("case/5")->wrapped.by.version, 2);
  unwrapped_.clear();
  EXPECT_EQ(keyring_.rewrap(context()), 4u);
  EXPECT_EQ(unwrapped_.size(), 4u);
  EXPECT_EQ(keyring_.remaining(context()), 0);
  EXPECT_EQ(keyring_.rewrap(context()), 0u);
  for (int i = 0; i < 4; ++i) {
    const std::string object = "case/" + std::to_string(i);
    EXPECT_EQ(row(object)->wrapped.by.version, 2);
    EXPECT_EQ(opened(object, sealed[static_cast<std::size_t>(i)]), "secret of " + object);
  }
  EXPECT_NE(row("case/1")->wrapped.bytes, before.wrapped.bytes);
  EXPECT_THAT(row("case/4")->wrapped.bytes, IsEmpty());
  EXPECT_EQ(row("case/1", "other")->wrapped.by.version, 1);
  EXPECT_EQ(opened("case/1", others, "other"), "secret of case/1");
}

TEST_P(Vault, WrapsAnewByBatches) {
  const NewKeys fresh = keyring_.make(context(), "case/0");
  database_.write([&](db::Tx& tx) {
    for (std::size_t i = 0; i <= kRewrapBatch; ++i) {
      const std::string object = "case/" + std::to_string(i);
      insert_data_key(tx,
                      {.tenant = "demo",
                       .object = object,
                       .wrapped = file_.wrap("demo", crypto::Key::random(),
                                             crypto::joined({"data key", object}))},
                      kNow);
    }
  });
  keyring_.rotate(context());
  EXPECT_EQ(keyring_.rewrap(context()), kRewrapBatch);
  EXPECT_EQ(keyring_.remaining(context()), 1);
  EXPECT_EQ(keyring_.rewrap(context()), 1u);
  EXPECT_EQ(keyring_.remaining(context()), 0);
}

TEST_P(Vault, WrappingAnewLeavesWhatChangedMeanwhile) {
  made("case/1");
  const DataKey read = *row("case/1");
  destroy("case/1");
  EXPECT_FALSE(database_.write(
      [&](db::Tx& tx) { return replace_wrapping(tx, read, {{read.wrapped.by.kek, 2}, "fresh"}); }));
  EXPECT_THAT(row("case/1")->wrapped.bytes, IsEmpty());
}

TEST_P(Vault, OutOfReachMeansReceptionOnly) {
  const std::string sealed = made("case/1");
  store_.there = false;
  EXPECT_EQ(keyring_.keys_for(context(), "case/1").reach(), Keys::Reach::reception_only);
  EXPECT_EQ(error_of([&] { opened("case/1", sealed); }).code(), Errc::unavailable);
  EXPECT_EQ(error_of([&] { keyring_.make(context(), "case/2"); }).code(), Errc::unavailable);
  EXPECT_EQ(error_of([&] { keyring_.rewrap(context()); }).code(), Errc::unavailable);
  store_.there = true;
  EXPECT_EQ(opened("case/1", sealed), "secret of case/1");
}

TEST_P(Vault, ALostFileOfKeysIsSaidAndNotReplaced) {
  made("case/1");
  SealedFile empty(folder_ / "another.sealed", master_);
  Keyring without(database_, empty);
  EXPECT_EQ(error_of([&] { without.keys_for(context(), "case/1"); }).code(), Errc::failed);
  EXPECT_THAT(error_of([&] { without.make(context(), "case/2"); }).detail(),
              HasSubstr("the tenant's key is lost"));
  EXPECT_EQ(empty.current("demo"), std::nullopt);
  EXPECT_EQ(without.make(context("new"), "case/1").row.wrapped.by.version, 1);
}

TEST_P(Vault, AKeyThatIsBeingMadeIsNotLost) {
  made("case/1");
  store_.unseen = 2;  // at first, and when the rows are counted: the row of the other is there
  EXPECT_NO_THROW(made("case/2"));
}

TEST_P(Vault, RowLevelSecurityStandsBehind) {
  made("case/1");
  made("case/1", "other");
  const auto seen = database_.read("other", [](db::Tx& tx) {
    std::int64_t count = 0;
    tx.each("select count(*) from vault_data_key", {}, [&](db::Row r) { count = r.integer(0); });
    return count;
  });
  EXPECT_EQ(seen, on_sqlite() ? 2 : 1);  // SQLite has no such wall
}

}  // namespace
}  // namespace parvis::vault
