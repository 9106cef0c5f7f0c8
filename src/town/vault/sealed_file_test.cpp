#include "vault/sealed_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "crypto/hash.hpp"

namespace parvis::vault {
namespace {
namespace fs = std::filesystem;

using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Optional;
using ::testing::UnorderedElementsAre;

std::optional<Errc> code_of(const std::function<void()>& fn) {
  try {
    fn();
  } catch (const Error& e) {
    return e.code();
  }
  return std::nullopt;
}

std::string detail_of(const std::function<void()>& fn) {
  try {
    fn();
  } catch (const Error& e) {
    return e.detail();
  }
  return "nothing was thrown";
}

class Folder : public ::testing::Test {
 public:
  Folder() { fs::create_directories(folder_); }
  ~Folder() override { fs::remove_all(folder_); }

 protected:
  static std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const fs::path& path, std::string_view bytes, mode_t mode = 0600) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    ::chmod(path.c_str(), mode);
  }
  static mode_t mode(const fs::path& path) {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777;
  }
  const fs::path folder_ = fs::temp_directory_path() / ("parvis-keys-" + crypto::random_hex(6));
};

class KeysFile : public Folder {
 protected:
  SealedFile open() const { return {file_, master_}; }
  const fs::path file_ = folder_ / "keys.sealed";
  const crypto::Key master_ = crypto::Key::random();
  const crypto::Key data_ = crypto::Key::random();
};

TEST_F(KeysFile, UnwrapsWhatItWrapped) {
  SealedFile store(file_, master_);
  store.ensure("demo");
  const Wrapped wrapped = store.wrap("demo", data_, "case/1");
  EXPECT_EQ(wrapped.by.version, 1);
  EXPECT_THAT(wrapped.by.kek, ::testing::StartsWith("file-"));
  EXPECT_FALSE(wrapped.bytes.contains(data_.reveal()));
  EXPECT_EQ(store.unwrap("demo", wrapped, "case/1").reveal(), data_.reveal());
}

TEST_F(KeysFile, IsWrittenForItsOwnerAloneAndHoldsNothingPlain) {
  SealedFile store(file_, master_);
  EXPECT_FALSE(fs::exists(file_));  // nothing to keep yet
  store.ensure("demo");
  EXPECT_EQ(mode(file_), 0600u);
  EXPECT_FALSE(read(file_).contains("demo"));
  EXPECT_FALSE(read(file_).contains("tenants"));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_))
    names.push_back(entry.path().filename());
  EXPECT_THAT(names, UnorderedElementsAre("keys.sealed", "keys.sealed.lock"));
}

TEST_F(KeysFile, ATenantHasOneKekAndItsVersions) {
  SealedFile store(file_, master_);
  EXPECT_EQ(store.current("demo"), std::nullopt);
  EXPECT_EQ(code_of([&] { store.wrap("demo", data_, ""); }), Errc::not_found);
  EXPECT_EQ(code_of([&] { store.rotate("demo"); }), Errc::not_found);
  const KekVersion first = store.ensure("demo");
  EXPECT_EQ(store.ensure("demo"), first);
  const Wrapped before = store.wrap("demo", data_, "case/1");
  EXPECT_EQ(store.rotate("demo"), (KekVersion{first.kek, 2}));
  EXPECT_THAT(store.current("demo"), Optional(KekVersion{first.kek, 2}));
  const Wrapped after = store.wrap("demo", data_, "case/1");
  EXPECT_EQ(after.by.version, 2);
  for (const Wrapped& wrapped : {before, after})
    EXPECT_EQ(store.unwrap("demo", wrapped, "case/1").reveal(), data_.reveal());
  EXPECT_NE(store.ensure("other").kek, first.kek);
}

TEST_F(KeysFile, SurvivesTheProcess) {
  const Wrapped wrapped = [&] {
    SealedFile store(file_, master_);
    store.ensure("demo");
    store.rotate("demo");
    return store.wrap("demo", data_, "case/1");
  }();
  EXPECT_EQ(open().unwrap("demo", wrapped, "case/1").reveal(), data_.reveal());
}

TEST_F(KeysFile, RefusesAnotherTenantPlaceOrVersion) {
  SealedFile store(file_, master_);
  const std::string kek = store.ensure("demo").kek;
  store.ensure("other");
  store.rotate("demo");
  const Wrapped wrapped = store.wrap("demo", data_, "case/1");
  const auto refused = [&](std::string_view tenant, const Wrapped& what, std::string_view place) {
    return code_of([&] { store.unwrap(tenant, what, place); });
  };
  EXPECT_EQ(refused("demo", wrapped, "case/2"), Errc::failed);
  EXPECT_EQ(refused("demo", wrapped, ""), Errc::failed);
  EXPECT_EQ(refused("demo", {{kek, 1}, wrapped.bytes}, "case/1"), Errc::failed);
  EXPECT_EQ(refused("other", {*store.current("other"), wrapped.bytes}, "case/1"), Errc::failed);
  EXPECT_EQ(refused("other", wrapped, "case/1"), Errc::not_found);
  EXPECT_EQ(refused("nobody", wrapped, "case/1"), Errc::not_found);
  for (const std::int64_t version : {-1, 0, 3})
    EXPECT_EQ(refused("demo", {{kek, version}, wrapped.bytes}, "case/1"), Errc::not_found);
  EXPECT_EQ(refused("demo", {{"file-0", 2}, wrapped.bytes}, "case/1"), Errc::not_found);
  for (std::size_t i = 0; i < wrapped.bytes.size(); ++i) {
    Wrapped altered = wrapped;
    altered.bytes[i] = static_cast<char>(altered.bytes[i] ^ 1);
    EXPECT_EQ(refused("demo", altered, "case/1"), Errc::failed) << i;
    altered.bytes.resize(i);
    EXPECT_EQ(refused("demo", altered, "case/1"), Errc::failed) << i;
  }
}

TEST_F(KeysFile, SaysWhatIsWrongWithIt) {
  open().ensure("demo");
  const std::string right = read(file_);
  EXPECT_THAT(detail_of([&] { SealedFile(file_, crypto::Key::random()); }),
              HasSubstr("the master key is not theirs"));
  std::string altered = right;
  altered.back() = static_cast<char>(altered.back() ^ 1);
  write(file_, altered);
  EXPECT_THAT(detail_of([&] { open(); }), HasSubstr("damaged"));
  write(file_, right.substr(0, 20));
  EXPECT_THAT(detail_of([&] { open(); }), HasSubstr("damaged"));
  write(file_, "");
  EXPECT_THAT(detail_of([&] { open(); }), HasSubstr("damaged"));
  write(file_, "\x02" + right.substr(1));
  EXPECT_THAT(detail_of([&] { open(); }), HasSubstr("newer version"));
  write(file_, crypto::seal(master_, "parvis keys 1", R"({"tenants":{"demo":{}}})"));
  EXPECT_THAT(detail_of([&] { open(); }), HasSubstr("not readable"));
  write(file_, right, 0640);
  EXPECT_THAT(detail_of([&] { open(); }), HasSubstr("chmod 600"));
  EXPECT_EQ(code_of([&] { open(); }), Errc::unavailable);
  write(file_, right);
  open().probe();
}

TEST_F(KeysFile, TwoProgramsShareIt) {
  SealedFile server(file_, master_);
  SealedFile command(file_, master_);
  const KekVersion first = server.ensure("demo");
  EXPECT_EQ(command.ensure("demo"), first);
  EXPECT_EQ(command.rotate("demo").version, 2);
  const Wrapped wrapped = server.wrap("demo", data_, "");  // never by the old one
  EXPECT_EQ(wrapped.by.version, 2);
  EXPECT_EQ(command.rotate("demo").version, 3);
  EXPECT_EQ(server.unwrap("demo", command.wrap("demo", data_, ""), "").reveal(), data_.reveal());
  command.ensure("other");
  EXPECT_TRUE(server.current("other"));
}

TEST_F(KeysFile, NoVersionIsLostBetweenThreadsAndPrograms) {
  constexpr int kThreads = 4;
  constexpr int kEach = 5;
  open().ensure("demo");
  {
    std::vector<std::jthread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i)
      threads.emplace_back([&] {
        SealedFile store(file_, master_);
        for (int turn = 0; turn < kEach; ++turn) {
          const std::int64_t version = store.rotate("demo").version;
          const Wrapped wrapped = store.wrap("demo", data_, "");
          EXPECT_GE(wrapped.by.version, version);
          EXPECT_EQ(store.unwrap("demo", wrapped, "").reveal(), data_.reveal());
        }
      });
  }
  EXPECT_EQ(open().current("demo")->version, 1 + kThreads * kEach);
}

TEST_F(KeysFile, AFileThatGoesAwayIsSaidAndNotReplaced) {
  SealedFile store(file_, master_);
  store.ensure("demo");
  const Wrapped wrapped = store.wrap("demo", data_, "");
  const std::string bytes = read(file_);
  fs::remove(file_);
  EXPECT_THAT(detail_of([&] { store.probe(); }), HasSubstr("the file is gone"));
  EXPECT_EQ(code_of([&] { store.ensure("other"); }), Errc::unavailable);
  EXPECT_EQ(code_of([&] { store.rotate("demo"); }), Errc::unavailable);
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_EQ(store.unwrap("demo", wrapped, "").reveal(), data_.reveal());  // it has it in memory
  write(file_, bytes);
  store.probe();
  EXPECT_EQ(store.ensure("other").version, 1);
}

TEST_F(KeysFile, WhatACrashLeftBesideItIsNoHindrance) {
  open().ensure("demo");
  write(file_.string() + ".new", "half a file", 0644);
  EXPECT_EQ(open().rotate("demo").version, 2);
  EXPECT_EQ(mode(file_), 0600u);
  EXPECT_FALSE(fs::exists(file_.string() + ".new"));
}

TEST_F(KeysFile, NeedsAFolderToWriteIn) {
  SealedFile store(folder_ / "absent" / "keys.sealed", master_);
  EXPECT_EQ(store.current("demo"), std::nullopt);
  EXPECT_EQ(code_of([&] { store.ensure("demo"); }), Errc::unavailable);
}

class MasterKey : public Folder {
 protected:
  crypto::Key from_file() const { return read_master_key({.file = file_, .variable = {}}); }
  const fs::path file_ = folder_ / "master.key";
};

TEST_F(MasterKey, IsMadeOnceAndReadBack) {
  create_master_key(file_);
  EXPECT_EQ(mode(file_), 0600u);
  EXPECT_EQ(read(file_), crypto::to_hex(from_file().reveal()) + "\n");
  EXPECT_EQ(code_of([&] { create_master_key(file_); }), Errc::conflict);
  create_master_key(folder_ / "other.key");
  EXPECT_NE(read(file_), read(folder_ / "other.key"));
  EXPECT_EQ(code_of([&] { create_master_key(folder_ / "absent" / "master.key"); }),
            Errc::unavailable);
}

TEST_F(MasterKey, IsSixtyFourDigitsForItsOwner) {
  const std::string digits = crypto::random_hex(32);
  for (const std::string& right : {digits, digits + "\n", digits + "\r\n"}) {
    write(file_, right);
    EXPECT_EQ(crypto::to_hex(from_file().reveal()), digits);
  }
  for (const std::string& wrong : {std::string(), digits.substr(2), digits + "00", " " + digits,
                                   digits + " # ours", std::string(100'000, '0')}) {
    write(file_, wrong);
    EXPECT_EQ(code_of([&] { from_file(); }), Errc::unavailable) << wrong.size();
  }
  write(file_, digits, 0604);
  EXPECT_THAT(detail_of([&] { from_file(); }), HasSubstr("chmod 600"));
  fs::remove(file_);
  EXPECT_THAT(detail_of([&] { from_file(); }), HasSubstr("cannot read"));
}

TEST_F(MasterKey, FromAVariableIsReadOnceAndNotInherited) {
  const MasterKeySource source{.file = {}, .variable = "PARVIS_TEST_MASTER_KEY"};
  const std::string digits = crypto::random_hex(32);
  ASSERT_EQ(::setenv(source.variable.c_str(), digits.c_str(), 1), 0);
  EXPECT_EQ(crypto::to_hex(read_master_key(source).reveal()), digits);
  EXPECT_EQ(std::getenv(source.variable.c_str()), nullptr);
  EXPECT_THAT(detail_of([&] { read_master_key(source); }), HasSubstr("is not set"));
}

TEST_F(MasterKey, HasExactlyOneSource) {
  EXPECT_EQ(code_of([&] { read_master_key({}); }), Errc::invalid);
  EXPECT_EQ(code_of([&] { read_master_key({.file = file_, .variable = "X"}); }), Errc::invalid);
}

}  // namespace
}  // namespace parvis::vault
