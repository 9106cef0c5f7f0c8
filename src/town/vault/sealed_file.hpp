// The key store of a town without a security module: the versions of every tenant's KEK in one file
// (HOME/keys.sealed, mode 0600), sealed by a master key that the configuration says where to find.
// Whoever has both has everything; so the master key lies elsewhere than the file, and in no backup
// that holds it. Without the master key the file is noise; without the file what is sealed in the
// database is lost: both are backed up, apart.
//
// The file is written aside, synced and renamed, under a lock: a crash leaves the old one or the
// new one. Programs may share it (a command beside the server): each reads it anew when it changed.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "vault/key_store.hpp"

namespace parvis::vault {

inline constexpr std::size_t kKeysFileMax = 8u << 20;  // bytes
inline constexpr std::size_t kKekVersionsMax = 1000;   // of a tenant
inline constexpr std::size_t kMasterKeyFileMax = 256;  // bytes
inline constexpr int kLockAttempts = 100;              // at the file, 20 ms apart

// Where the master key is: 64 hexadecimal digits, alone in a file that others may not read, or in
// an environment variable. Exactly one of the two is given.
struct MasterKeySource {
  std::filesystem::path file;
  std::string variable;
};

// Errc::invalid when the source is not one, Errc::unavailable when there is no key to read there.
// A variable is wiped once read, so that no child process inherits it: call this once, before
// threads.
crypto::Key read_master_key(const MasterKeySource& source);

// A random one into a new file, mode 0600. Errc::conflict when the file is there already.
void create_master_key(const std::filesystem::path& file);

class SealedFile final : public KeyStore {
 public:
  // The file appears with the first KEK. Errc::unavailable when the master key does not open it,
  // when it is damaged, or when others may read it.
  SealedFile(std::filesystem::path file, const crypto::Key& master);

  std::optional<KekVersion> current(std::string_view tenant) override;
  KekVersion ensure(std::string_view tenant) override;
  KekVersion rotate(std::string_view tenant) override;
  Wrapped wrap(std::string_view tenant, const crypto::Key& key,
               std::string_view associated) override;
  crypto::Key unwrap(std::string_view tenant, const Wrapped& wrapped,
                     std::string_view associated) override;
  void probe() override;

 private:
  struct Kek {
    std::string id;
    std::vector<crypto::Key> versions;  // the first is version 1
    KekVersion newest() const { return {id, static_cast<std::int64_t>(versions.size())}; }
  };
  using Keks = std::map<std::string, Kek, std::less<>>;
  struct Stamp {  // of the file as it was read: another one means that it changed
    std::uint64_t device = 0, inode = 0;
    std::int64_t size = 0, seconds = 0, nanoseconds = 0;
    bool operator==(const Stamp&) const = default;
  };
  class Lock;

  // All with mutex_ held.
  void refresh();
  const Kek& kek_of(std::string_view tenant) const;
  void write(const Keks& keks);
  Keks parsed(std::string_view plain) const;

  const std::filesystem::path file_;
  const crypto::Key master_;
  std::mutex mutex_;
  Stamp stamp_;
  Keks keks_;
};

}  // namespace parvis::vault
