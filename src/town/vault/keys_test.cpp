#include "vault/keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "base/error.hpp"

namespace parvis::vault {
namespace {

template <typename Fn>
std::optional<Errc> code_of(Fn&& fn) {
  try {
    fn();
  } catch (const Error& e) {
    return e.code();
  }
  return std::nullopt;
}

const Address kHere{"dossier_sample", "answers", "1"};

TEST(Keys, OpenWhatTheySealed) {
  const Keys keys = Keys::full("demo", "case/1", crypto::Key::random());
  EXPECT_EQ(keys.reach(), Keys::Reach::full);
  for (const std::string& plain : {std::string(), std::string("J’ai perdu ma carte"),
                                   std::string("\0\xff", 2), std::string(100'000, 'x')}) {
    const std::string sealed = seal(keys, kHere, plain);
    EXPECT_EQ(open(keys, kHere, sealed), plain);
    EXPECT_NE(seal(keys, kHere, plain), sealed);
    if (plain.size() > 8) EXPECT_FALSE(sealed.contains(plain.substr(0, 8)));
  }
}

// Every pair of a sample of places, even under one and the same data key: tenants, objects, tables,
// columns and rows, with names that run into each other.
TEST(Keys, NothingOpensElsewhere) {
  const crypto::Key data = crypto::Key::random();
  struct Place {
    Keys keys;
    std::string table, column, row;
    Address address() const { return {table, column, row}; }
  };
  std::vector<Place> places;
  for (const char* tenant : {"demo", "demo1"})
    for (const char* object : {"case/1", "case/11"})
      for (const char* table : {"dossier_sample", "dossier_samplea"})
        for (const char* column : {"answers", "nswers"})
          for (const char* row : {"1", "11", "12", ""})
            places.push_back({Keys::full(tenant, object, data), table, column, row});
  int opened = 0;
  int refused = 0;
  for (std::size_t from = 0; from < places.size(); ++from) {
    const std::string sealed = seal(places[from].keys, places[from].address(), "secret");
    for (std::size_t to = 0; to < places.size(); ++to) {
      const auto code = code_of([&] { (void)open(places[to].keys, places[to].address(), sealed); });
      EXPECT_EQ(code, from == to ? std::nullopt : std::optional(Errc::failed))
          << from << " in " << to;
      ++(code ? refused : opened);
    }
  }
  EXPECT_EQ(opened, 64);
  EXPECT_EQ(refused, 64 * 63);
}

TEST(Keys, AnotherKeyDoesNotOpen) {
  const Keys keys = Keys::full("demo", "case/1", crypto::Key::random());
  const Keys others = Keys::full("demo", "case/1", crypto::Key::random());
  EXPECT_EQ(code_of([&] { (void)open(others, kHere, seal(keys, kHere, "secret")); }), Errc::failed);
}

TEST(Keys, AlteredOrTruncatedBytesDoNotOpen) {
  const Keys keys = Keys::full("demo", "case/1", crypto::Key::random());
  const std::string sealed = seal(keys, kHere, "secret");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string flipped = sealed;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    EXPECT_EQ(code_of([&] { (void)open(keys, kHere, flipped); }),
              i == 0 ? Errc::unavailable : Errc::failed)  // the version: a newer program's
        << i;
    EXPECT_EQ(code_of([&] { (void)open(keys, kHere, sealed.substr(0, i)); }), Errc::failed) << i;
  }
}

TEST(Keys, ForReceptionOnlyNothingIsOpenedOrSealed) {
  const Keys keys = Keys::full("demo", "case/1", crypto::Key::random());
  const Keys without = Keys::reception_only("demo", "case/1");
  EXPECT_EQ(without.reach(), Keys::Reach::reception_only);
  EXPECT_EQ(without.tenant(), "demo");
  EXPECT_EQ(without.object(), "case/1");
  EXPECT_EQ(code_of([&] { (void)open(without, kHere, seal(keys, kHere, "x")); }),
            Errc::unavailable);
  EXPECT_EQ(code_of([&] { (void)seal(without, kHere, "x"); }), Errc::unavailable);
}

// One for each tenant, object and purpose, from each data key; never the data key itself.
TEST(Keys, GiveAKeyOfItsOwnToEachPurpose) {
  const crypto::Key data = crypto::Key::random();
  std::set<std::string> seen = {std::string(data.reveal())};
  std::size_t made = 1;
  for (const crypto::Key& each : {data, crypto::Key::random()})
    for (const char* tenant : {"demo", "demo1"})
      for (const char* object : {"case/1", "1case/1", "case/11"})
        for (const char* purpose : {"blob", "blob1", ""}) {
          const Keys keys = Keys::full(tenant, object, each);
          EXPECT_EQ(sub_key(keys, purpose).reveal(), sub_key(keys, purpose).reveal());
          seen.emplace(sub_key(keys, purpose).reveal());
          EXPECT_EQ(seen.size(), ++made) << tenant << object << purpose;
        }
  EXPECT_EQ(code_of([] { sub_key(Keys::reception_only("demo", "case/1"), "blob"); }),
            Errc::unavailable);
}

}  // namespace
}  // namespace parvis::vault
