// The content, once opened: {"tenants":{"demo":{"kek":"file-1f…","versions":["<64 digits>",…]}}}
#include "vault/sealed_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "base/error.hpp"
#include "base/json.hpp"
#include "crypto/hash.hpp"

namespace parvis::vault {
namespace {
namespace fs = std::filesystem;

constexpr std::string_view kPlace = "parvis keys 1";  // what the file is sealed for
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

[[noreturn]] void out_of_reach(const fs::path& file, std::string_view why) {
  throw Error(Errc::unavailable, "the keys (" + file.string() + "): " + std::string(why));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  bool opened() const { return number_ >= 0; }

 private:
  int number_;
};

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// At most `max` bytes, and one more that tells that there are more.
std::optional<std::string> read_all(int descriptor, std::size_t max) {
  std::string bytes(max + 1, '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    // A small local file, read under the lock only when it changed: nobody may use what is stale.
    // NOLINTNEXTLINE(clang-analyzer-unix.BlockInCriticalSection)
    const ssize_t got = ::read(descriptor, bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

bool sync_folder(const fs::path& file) {
  const Descriptor folder(::open(folder_of(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder.opened() && ::fsync(folder.number()) == 0;
}

std::optional<crypto::Key> key_from(std::string_view digits) {
  auto bytes = crypto::from_hex(digits);
  if (!bytes) return std::nullopt;
  auto key = crypto::Key::from_bytes(*bytes);
  crypto::wipe(*bytes);
  return key;
}

std::string from_variable(const std::string& name) {
  char* value = std::getenv(name.c_str());
  if (value == nullptr)
    throw Error(Errc::unavailable, "the master key: the variable " + name + " is not set");
  std::string digits = value;
  ::explicit_bzero(value, std::strlen(value));  // it is the process's own environment
  ::unsetenv(name.c_str());
  return digits;
}

std::string from_file(const fs::path& file) {
  const Descriptor source(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status{};
  if (!source.opened() || ::fstat(source.number(), &status) != 0)
    throw Error(Errc::unavailable,
                "the master key: cannot read " + file.string() + ": " + std::strerror(errno));
  if ((status.st_mode & S_IRWXO) != 0)
    throw Error(Errc::unavailable,
                "the master key: everybody may read " + file.string() + ": chmod 600 it");
  auto text = read_all(source.number(), kMasterKeyFileMax);
  if (!text) throw Error(Errc::unavailable, "the master key: cannot read " + file.string());
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  return std::move(*text);
}

std::string wrapping(std::string_view tenant, const KekVersion& by, std::string_view associated) {
  return crypto::joined({"parvis wrap 1", tenant, by.kek, std::to_string(by.version), associated});
}

}  // namespace

crypto::Key read_master_key(const MasterKeySource& source) {
  if (source.file.empty() == source.variable.empty())
    throw Error(Errc::invalid, "the master key: name a file or a variable, and not both");
  std::string digits =
      source.file.empty() ? from_variable(source.variable) : from_file(source.file);
  const auto key = key_from(digits);
  crypto::wipe(digits);
  if (!key)
    throw Error(Errc::unavailable, "the master key: it is 64 hexadecimal digits and nothing else");
  return *key;
}

void create_master_key(const fs::path& file) {
  const Descriptor fresh(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!fresh.opened() && errno == EEXIST)
    throw Error(Errc::conflict, "there is a master key in " + file.string() + " already");
  std::string digits = crypto::to_hex(crypto::Key::random().reveal()) + "\n";
  const bool written = fresh.opened() && write_all(fresh.number(), digits) &&
                       ::fsync(fresh.number()) == 0 && sync_folder(file);
  crypto::wipe(digits);
  if (written) return;
  const std::string why = std::strerror(errno);
  if (fresh.opened()) ::unlink(file.c_str());
  out_of_reach(file, "cannot be written: " + why);
}

// One program changes the file at a time. The lock lies beside it, since the file itself is renamed
// over.
class SealedFile::Lock {
 public:
  explicit Lock(const fs::path& file)
      : held_(::open((file.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC,
                     S_IRUSR | S_IWUSR)) {
    if (!held_.opened()) out_of_reach(file, std::string("cannot lock: ") + std::strerror(errno));
    for (int attempt = 1; ::flock(held_.number(), LOCK_EX | LOCK_NB) != 0; ++attempt) {
      if (attempt == kLockAttempts) out_of_reach(file, "another program changes them: try again");
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

 private:
  Descriptor held_;
};

SealedFile::SealedFile(fs::path file, const crypto::Key& master)
    : file_(std::move(file)), master_(master) {
  const std::scoped_lock lock(mutex_);
  refresh();
}

SealedFile::Keks SealedFile::parsed(std::string_view plain) const {
  const auto refuse = [&] { out_of_reach(file_, "not readable: use the program that wrote them"); };
  Keks keks;
  const auto value = parse_json(plain);
  const auto* tenants =
      value && value->is_object() ? object_at(value->get_object(), "tenants") : nullptr;
  if (tenants == nullptr) refuse();
  for (const auto& [tenant, entry] : *tenants) {
    if (!entry.is_object()) refuse();
    const auto id = string_at(entry.get_object(), "kek");
    const auto* versions = array_at(entry.get_object(), "versions");
    if (!id || versions == nullptr || versions->empty()) refuse();
    Kek& kek = keks[std::string(tenant)];
    kek.id = *id;
    for (const json::value& digits : *versions) {
      const auto key = digits.is_string() ? key_from(digits.get_string()) : std::nullopt;
      if (!key) refuse();
      kek.versions.push_back(*key);
    }
  }
  return keks;
}

void SealedFile::refresh() {
  const Descriptor source(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source.opened()) {
    if (errno == ENOENT && keks_.empty()) return;  // no tenant has a key yet
    out_of_reach(file_, errno == ENOENT
                            ? "the file is gone: put it back, or restore it from a backup"
                            : std::string("cannot be read: ") + std::strerror(errno));
  }
  struct stat status{};
  if (::fstat(source.number(), &status) != 0) out_of_reach(file_, "cannot be looked at");
  const Stamp stamp{status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec,
                    status.st_mtim.tv_nsec};
  if (stamp == stamp_) return;
  if ((status.st_mode & kOthers) != 0) out_of_reach(file_, "others may read them: chmod 600 it");
  const auto sealed = read_all(source.number(), kKeysFileMax);
  if (!sealed || sealed->size() > kKeysFileMax) out_of_reach(file_, "cannot be read whole");
  auto plain = crypto::open(master_, kPlace, *sealed);
  if (!plain) {
    switch (plain.error()) {
      case crypto::Refusal::version:
        out_of_reach(file_, "a newer version of the program wrote them: use that one");
      case crypto::Refusal::mismatch:
        out_of_reach(file_, "the master key is not theirs: check where the configuration finds it");
      case crypto::Refusal::truncated:
      case crypto::Refusal::altered:
        out_of_reach(file_, "damaged: restore the file from a backup");
    }
  }
  keks_ = parsed(*plain);
  crypto::wipe(*plain);
  stamp_ = stamp;
}

void SealedFile::write(const Keks& keks) {
  json::object tenants;
  for (const auto& [tenant, kek] : keks) {
    json::array versions;
    for (const crypto::Key& key : kek.versions) versions.emplace_back(crypto::to_hex(key.reveal()));
    tenants[tenant] = json::object{{"kek", kek.id}, {"versions", std::move(versions)}};
  }
  std::string plain = json::serialize(json::object{{"tenants", std::move(tenants)}});
  const std::string sealed = crypto::seal(master_, kPlace, plain);
  crypto::wipe(plain);
  if (sealed.size() > kKeysFileMax) throw Error(Errc::too_large, "the keys pass 8 MB");

  const fs::path fresh = file_.string() + ".new";
  ::unlink(fresh.c_str());  // what a crash left
  const Descriptor target(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!target.opened() || !write_all(target.number(), sealed) || ::fsync(target.number()) != 0 ||
      ::rename(fresh.c_str(), file_.c_str()) != 0 || !sync_folder(file_))
    out_of_reach(file_, std::string("cannot be written: ") + std::strerror(errno));
  refresh();
}

const SealedFile::Kek& SealedFile::kek_of(std::string_view tenant) const {
  const auto found = keks_.find(tenant);
  if (found == keks_.end()) throw Error(Errc::not_found, "this tenant has no key here");
  return found->second;
}

std::optional<KekVersion> SealedFile::current(std::string_view tenant) {
  const std::scoped_lock lock(mutex_);
  refresh();
  const auto found = keks_.find(tenant);
  if (found == keks_.end()) return std::nullopt;
  return found->second.newest();
}

KekVersion SealedFile::ensure(std::string_view tenant) {
  if (auto newest = current(tenant)) return *newest;
  const std::scoped_lock lock(mutex_);
  const Lock alone(file_);
  refresh();  // another program may have been first
  Keks keks = keks_;
  Kek& kek = keks[std::string(tenant)];
  if (kek.versions.empty()) {
    kek.id = "file-" + crypto::random_hex(8);
    kek.versions.push_back(crypto::Key::random());
    write(keks);
  }
  return kek.newest();
}

KekVersion SealedFile::rotate(std::string_view tenant) {
  const std::scoped_lock lock(mutex_);
  const Lock alone(file_);
  refresh();
  if (kek_of(tenant).versions.size() >= kKekVersionsMax)
    throw Error(Errc::too_large, "the tenant's key has 1000 versions already");
  Keks keks = keks_;
  Kek& kek = keks.find(tenant)->second;
  kek.versions.push_back(crypto::Key::random());
  write(keks);
  return kek.newest();
}

Wrapped SealedFile::wrap(std::string_view tenant, const crypto::Key& key,
                         std::string_view associated) {
  const std::scoped_lock lock(mutex_);
  refresh();  // never by a version that another program has made old
  const Kek& kek = kek_of(tenant);
  const KekVersion by = kek.newest();
  return {by, crypto::seal(kek.versions.back(), wrapping(tenant, by, associated), key.reveal())};
}

crypto::Key SealedFile::unwrap(std::string_view tenant, const Wrapped& wrapped,
                               std::string_view associated) {
  const std::scoped_lock lock(mutex_);
  const auto find = [&]() -> const crypto::Key* {
    const auto kek = keks_.find(tenant);
    if (kek == keks_.end() || kek->second.id != wrapped.by.kek || wrapped.by.version < 1 ||
        wrapped.by.version > kek->second.newest().version)
      return nullptr;
    return &kek->second.versions[static_cast<std::size_t>(wrapped.by.version - 1)];
  };
  const crypto::Key* key = find();
  if (key == nullptr) {
    refresh();
    key = find();
  }
  if (key == nullptr)
    throw Error(Errc::not_found, "the key that wrapped this is not among the keys: restore them");
  auto plain = crypto::open(*key, wrapping(tenant, wrapped.by, associated), wrapped.bytes);
  const auto data = plain ? crypto::Key::from_bytes(*plain) : std::nullopt;
  if (plain) crypto::wipe(*plain);
  if (!data)
    throw Error(Errc::failed, "a wrapped key does not open: it was altered, or is another's");
  return *data;
}

void SealedFile::probe() {
  const std::scoped_lock lock(mutex_);
  stamp_ = {};  // the file itself, not what is remembered of it
  refresh();
  const crypto::Key key = crypto::Key::random();
  for (const auto& [tenant, kek] : keks_) {
    const std::string place = wrapping(tenant, kek.newest(), "probe");
    const auto back = crypto::open(kek.versions.back(), place,
                                   crypto::seal(kek.versions.back(), place, key.reveal()));
    if (!back || !crypto::equal_in_constant_time(*back, key.reveal()))
      out_of_reach(file_, "what is wrapped does not unwrap");
  }
}

}  // namespace parvis::vault
