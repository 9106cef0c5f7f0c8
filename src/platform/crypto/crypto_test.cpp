#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/error.hpp"
#include "crypto/aead.hpp"
#include "crypto/hash.hpp"

namespace parvis::crypto {
namespace {

using ::testing::Eq;
using ::testing::Optional;

std::string bytes(std::string_view digits) { return from_hex(digits).value(); }

TEST(Hash, Sha256IsThatOfFips180) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Hash, Sha256InPiecesIsThatOfTheWhole) {
  const std::string whole(200, 'x');
  for (std::size_t piece : {1u, 63u, 64u, 65u, 200u}) {
    Sha256 hash;
    for (std::size_t at = 0; at < whole.size(); at += piece)
      hash.add(std::string_view(whole).substr(at, piece));
    EXPECT_EQ(to_hex(hash.digest()), sha256_hex(whole)) << piece;
  }
  EXPECT_EQ(to_hex(Sha256().digest()), sha256_hex(""));
}

TEST(Hash, HmacOfRfc4231) {
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xaa'),
                               "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hash, HexGoesBothWays) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  EXPECT_THAT(from_hex(to_hex(all)), Optional(Eq(all)));
  EXPECT_EQ(to_hex(std::string_view("\x00\xff\x0a", 3)), "00ff0a");
  EXPECT_THAT(from_hex("fF0A"), Optional(Eq("\xff\x0a")));
  EXPECT_THAT(from_hex(""), Optional(Eq("")));
  for (const std::string_view wrong : {"0", "0g", "g0", " 0", "0x00", "é"})
    EXPECT_FALSE(from_hex(wrong)) << wrong;
}

TEST(Hash, RandomBytesAreAsManyAsAskedAndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    seen.insert(random_bytes(16));
    EXPECT_EQ(random_hex(16).size(), 32u);
  }
  EXPECT_EQ(seen.size(), 100u);
  EXPECT_EQ(seen.begin()->size(), 16u);
}

TEST(Hash, ComparesInConstantTime) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("secret", "secret"));
  EXPECT_FALSE(equal_in_constant_time("secret", "secreT"));
  EXPECT_FALSE(equal_in_constant_time("secret", "secret "));
  EXPECT_FALSE(equal_in_constant_time("", "s"));
}

TEST(Hash, WipesInPlace) {
  std::string secret(64, 'x');
  const char* where = secret.data();
  wipe(secret);
  EXPECT_TRUE(secret.empty());
  EXPECT_EQ(secret.data(), where);
  EXPECT_EQ(std::string_view(where, 64), std::string(64, '\0'));
}

// The test cases of RFC 5869, appendix A, for SHA-256.
TEST(Hkdf, IsThatOfRfc5869) {
  EXPECT_EQ(to_hex(hkdf_sha256(std::string(22, '\x0b'), bytes("000102030405060708090a0b0c"),
                               bytes("f0f1f2f3f4f5f6f7f8f9"), 42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  std::string secret, salt, info;
  for (int i = 0; i < 80; ++i) {
    secret.push_back(static_cast<char>(i));
    salt.push_back(static_cast<char>(0x60 + i));
    info.push_back(static_cast<char>(0xb0 + i));
  }
  EXPECT_EQ(to_hex(hkdf_sha256(secret, salt, info, 82)),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
            "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
            "cc30c58179ec3e87c14c01d5c1f3434f1d87");
  EXPECT_EQ(to_hex(hkdf_sha256(std::string(22, '\x0b'), "", "", 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Key, HasThirtyTwoBytes) {
  EXPECT_THAT(Key::from_bytes(std::string(32, 'k'))->reveal(), Eq(std::string(32, 'k')));
  EXPECT_FALSE(Key::from_bytes(std::string(31, 'k')));
  EXPECT_FALSE(Key::from_bytes(std::string(33, 'k')));
  EXPECT_FALSE(Key::from_bytes(""));
  EXPECT_NE(Key::random().reveal(), Key::random().reveal());
}

TEST(Joined, NoOtherListGivesTheSameBytes) {
  EXPECT_EQ(joined({"a", ""}), std::string("\0\0\0\1a\0\0\0\0", 9));
  const std::set<std::string> all = {
      joined({}),         joined({""}),
      joined({"", ""}),   joined({"ab"}),
      joined({"a", "b"}), joined({"ab", ""}),
      joined({"", "ab"}), joined({std::string_view("a\0\0\0\1b", 6)})};
  EXPECT_EQ(all.size(), 8u);
}

class Sealing : public ::testing::Test {
 protected:
  const Key key_ = Key::random();
};

TEST_F(Sealing, OpensWhatItSealed) {
  for (const std::size_t size : {0, 1, 15, 16, 17, 1000, 1 << 20}) {
    const std::string plain(size, 'p');
    const std::string sealed = seal(key_, "row 1", plain);
    EXPECT_EQ(sealed.size(), size + kSealOverhead);
    EXPECT_EQ(open(key_, "row 1", sealed), plain);
  }
  EXPECT_EQ(open(key_, "", seal(key_, "", "no associated data")), "no associated data");
  const std::string far(100'000, 'a');
  EXPECT_EQ(open(key_, far, seal(key_, far, "much of it")), "much of it");
}

TEST_F(Sealing, NeverGivesTheSameBytesTwice) {
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) seen.insert(seal(key_, "row 1", "the same"));
  EXPECT_EQ(seen.size(), 200u);
  for (const std::string& sealed : seen) EXPECT_FALSE(sealed.contains("the same"));
}

TEST_F(Sealing, AnotherKeyOrPlaceDoesNotOpenIt) {
  const std::string sealed = seal(key_, "row 1", "plain");
  EXPECT_EQ(open(Key::random(), "row 1", sealed), std::unexpected(Refusal::mismatch));
  for (const std::string_view other : {"", "row 2", "row 11", "row "})
    EXPECT_EQ(open(key_, other, sealed), std::unexpected(Refusal::mismatch)) << other;
}

TEST_F(Sealing, EveryFlippedBitIsRefused) {
  const std::string sealed = seal(key_, "row 1", "plain");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string flipped = sealed;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const std::size_t header = 1 + kNonceBytes + kCommitmentBytes;
    const Refusal expected = bit / 8 == 0       ? Refusal::version
                             : bit / 8 < header ? Refusal::mismatch
                                                : Refusal::altered;
    EXPECT_EQ(open(key_, "row 1", flipped), std::unexpected(expected)) << bit;
  }
}

TEST_F(Sealing, EveryTruncationAndAnyAdditionIsRefused) {
  const std::string sealed = seal(key_, "row 1", "plain");
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_EQ(open(key_, "row 1", std::string_view(sealed).substr(0, size)),
              std::unexpected(size < kSealOverhead ? Refusal::truncated : Refusal::altered))
        << size;
  EXPECT_EQ(open(key_, "row 1", sealed + '\0'), std::unexpected(Refusal::altered));
}

TEST_F(Sealing, RefusesMoreThanItsLimit) {
  const std::string huge(kPlainMax + 1, 'x');
  EXPECT_THROW(seal(key_, "row 1", huge), Error);
}

// Sealed by this version of the format: it opens for as long as the version is known.
TEST_F(Sealing, OpensTheFirstVersionForEver) {
  const Key key = *Key::from_bytes("0123456789abcdef0123456789abcdef");
  EXPECT_EQ(open(key, "row 1",
                 bytes("01000102030405060708090a0bade49cd3bcb8335d6ed0e9e9ea7aac150e92f48919cc8ec05"
                       "d9c0f1398118b865f1d1ca66c341295264678214e4124a3d9d992d92911de")),
            "Bonjour");
}

}  // namespace
}  // namespace parvis::crypto
