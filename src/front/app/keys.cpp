#include "app/keys.hpp"

#include <fmt/format.h>

#include <iostream>

#include "base/error.hpp"
#include "base/log.hpp"
#include "tenancy/tenancy_store.hpp"
#include "vault/sealed_file.hpp"
#include "vault/vault_store.hpp"

namespace parvis::app {
namespace {
namespace fs = std::filesystem;

class Closed final : public vault::KeyStore {
 public:
  explicit Closed(std::string why) : why_(std::move(why)) {}
  std::optional<vault::KekVersion> current(std::string_view) override { fail(); }
  vault::KekVersion ensure(std::string_view) override { fail(); }
  vault::KekVersion rotate(std::string_view) override { fail(); }
  vault::Wrapped wrap(std::string_view, const crypto::Key&, std::string_view) override { fail(); }
  crypto::Key unwrap(std::string_view, const vault::Wrapped&, std::string_view) override { fail(); }
  void probe() override { fail(); }

 private:
  [[noreturn]] void fail() const { throw Error(Errc::unavailable, why_); }
  const std::string why_;
};

fs::path own_master_key(const Config& config) { return config.home / "master.key"; }

vault::MasterKeySource source_of(const Config& config) {
  vault::MasterKeySource source{.file = config.master_key_file,
                                .variable = config.master_key_variable};
  if (source.file.empty() && source.variable.empty()) source.file = own_master_key(config);
  return source;
}

// A master key made for keys that another one sealed would hide that it was lost.
void make_master_key(const Config& config, const vault::MasterKeySource& source) {
  if (source.file != own_master_key(config) || fs::exists(source.file) ||
      fs::exists(config.keys_file()))
    return;
  try {
    vault::create_master_key(source.file);
  } catch (const Error& error) {
    if (error.code() == Errc::conflict) return;  // another process was first
    throw;
  }
  std::cerr << "parvis: made the master key " << source.file.string()
            << ": back it up apart from the database and from keys.sealed; without it "
               "conversations cannot be read\n";
}

std::unique_ptr<vault::KeyStore> opened(const Config& config) {
  return std::make_unique<vault::SealedFile>(config.keys_file(),
                                             vault::read_master_key(source_of(config)));
}

}  // namespace

std::unique_ptr<vault::KeyStore> open_key_store(const Config& config) {
  try {
    make_master_key(config, source_of(config));
    return opened(config);
  } catch (const Error& error) {
    if (error.code() == Errc::invalid) throw;
    log(Level::error, "keys_closed", {{"why", error.detail()}});
    return std::make_unique<Closed>(error.detail());
  }
}

std::unique_ptr<vault::KeyStore> no_key_store() {
  return std::make_unique<Closed>("this command opens no keys");
}

Check check_keys(const Config& config, db::Database& database) {
  Check check{.part = "keys", .what = config.keys_file().string(), .remedy = {}};
  try {
    const vault::MasterKeySource source = source_of(config);
    const bool fresh = source.file == own_master_key(config) && !fs::exists(source.file) &&
                       !fs::exists(config.keys_file());
    std::unique_ptr<vault::KeyStore> store;
    if (!fresh) {
      store = opened(config);
      store->probe();
    }
    std::string lost;
    database.read([&](db::Tx& tx) {
      lost.clear();
      for (const tenancy::Tenant& tenant : tenancy::tenants(tx))
        if ((!store || !store->current(tenant.id)) &&
            vault::count_data_keys_not_under(tx, tenant.id, {}) > 0)
          lost = tenant.id;
    });
    if (!lost.empty()) {
      check.state = Check::State::broken;
      check.what = fmt::format("the key of {} is lost: its conversations cannot be read", lost);
      check.remedy = "put keys.sealed and its master key back from their backups";
    } else if (fresh) {
      check.what = "none yet: the first serve makes the master key";
    }
  } catch (const Error& error) {
    check.state = Check::State::degraded;
    check.what = error.detail();
    check.remedy =
        "put the key file and its master key back; meanwhile conversations are refused, and "
        "questions are answered";
  }
  return check;
}

}  // namespace parvis::app
