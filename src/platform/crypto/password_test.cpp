#include "crypto/password.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace parvis::crypto {
namespace {

using ::testing::MatchesRegex;
using ::testing::Optional;

constexpr PasswordCost kCheap{.memory_kib = 64, .passes = 1, .lanes = 1};

Secret<std::string> secret(std::string_view text) { return Secret(std::string(text)); }

TEST(Password, CostsWhatOwaspAdvisesAtLeast) {
  EXPECT_GE(PasswordCost{}.memory_kib, 19u * 1024);
  EXPECT_GE(PasswordCost{}.passes, 2u);
  EXPECT_EQ(PasswordCost{}.lanes, 1u);
  EXPECT_THAT(password_cost(hash_password(secret("correct cheval"))), Optional(PasswordCost{}));
}

TEST(Password, IsStoredInThePhcFormAndVerifies) {
  const std::string phc = hash_password(secret("correct cheval"), kCheap);
  EXPECT_THAT(
      phc, MatchesRegex(R"(\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43})"));
  EXPECT_TRUE(verify_password(secret("correct cheval"), phc));
  for (const char* wrong : {"correct chevaL", "correct cheval ", " correct cheval", "correct cheva",
                            "Correct cheval", "12345678"})
    EXPECT_FALSE(verify_password(secret(wrong), phc)) << wrong;
}

// From libargon2's own tests (test.c, version 19, argon2id).
TEST(Password, IsThatOfOtherPrograms) {
  const char* phc =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  EXPECT_TRUE(verify_password(secret("password"), phc));
  EXPECT_FALSE(verify_password(secret("passwore"), phc));
}

TEST(Password, HasASaltOfItsOwnEachTime) {
  EXPECT_NE(hash_password(secret("correct cheval"), kCheap),
            hash_password(secret("correct cheval"), kCheap));
}

TEST(Password, CountsEveryByteEvenZeros) {
  const std::string zero("avant\0apres", 11);
  const std::string phc = hash_password(Secret(zero), kCheap);
  EXPECT_TRUE(verify_password(Secret(zero), phc));
  EXPECT_FALSE(verify_password(Secret(std::string("avant\0autre", 11)), phc));
  const std::string longest(kPasswordMaxBytes, 'x');
  EXPECT_TRUE(verify_password(Secret(longest), hash_password(Secret(longest), kCheap)));
  EXPECT_FALSE(verify_password(Secret(longest.substr(1)), hash_password(Secret(longest), kCheap)));
}

TEST(Password, RefusesLengthsThatNoPasswordHas) {
  for (const std::size_t size : {std::size_t{0}, kPasswordMinBytes - 1, kPasswordMaxBytes + 1}) {
    EXPECT_THROW(hash_password(Secret(std::string(size, 'x')), kCheap), Error) << size;
    EXPECT_FALSE(verify_password(Secret(std::string(size, 'x')),
                                 hash_password(secret("correct cheval"), kCheap)));
  }
}

TEST(Password, IsMadeAnewWhenItsCostIsNoLongerThatOfToday) {
  const std::string old = hash_password(secret("correct cheval"), kCheap);
  EXPECT_FALSE(needs_rehash(old, kCheap));
  EXPECT_TRUE(needs_rehash(old));
  for (const PasswordCost other : {PasswordCost{128, 1, 1}, {64, 2, 1}, {64, 1, 2}})
    EXPECT_TRUE(needs_rehash(old, other));
  // A shorter salt than ours: right, but not what is made today.
  EXPECT_TRUE(needs_rehash(
      "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
      kCheap));
  const std::string now = hash_password(secret("correct cheval"), {128, 1, 1});
  EXPECT_TRUE(verify_password(secret("correct cheval"), now));
  EXPECT_TRUE(verify_password(secret("correct cheval"), old));
}

TEST(Password, AFormThatIsMalformedOrAsksForTooMuchOpensNothing) {
  const std::string salt = "$c29tZXNhbHQ";
  const std::string tag = "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  for (const std::string& phc : {
           std::string(),
           std::string("password"),
           "$argon2i$v=19$m=64,t=1,p=1" + salt + tag,  // the other kinds
           "$argon2d$v=19$m=64,t=1,p=1" + salt + tag,
           "$argon2id$v=16$m=64,t=1,p=1" + salt + tag,  // an older version
           "$argon2id$m=64,t=1,p=1" + salt + tag,
           "$argon2id$v=19$m=0,t=1,p=1" + salt + tag,
           "$argon2id$v=19$m=64,t=,p=1" + salt + tag,
           "$argon2id$v=19$m=064,t=1,p=1" + salt + tag,
           "$argon2id$v=19$m=-64,t=1,p=1" + salt + tag,
           "$argon2id$v=19$m=262145,t=1,p=1" + salt + tag,  // past each limit
           "$argon2id$v=19$m=64,t=17,p=1" + salt + tag,
           "$argon2id$v=19$m=64,t=1,p=9" + salt + tag,
           "$argon2id$v=19$m=99999999999,t=1,p=1" + salt + tag,
           "$argon2id$v=19$m=64,t=1,p=1" + salt,  // without its tag
           "$argon2id$v=19$m=64,t=1,p=1" + salt + "$CTFhFdXP",
           "$argon2id$v=19$m=64,t=1,p=1$c29t" + tag,  // a salt too short
           "$argon2id$v=19$m=64,t=1,p=1" + salt + tag + "=",
           "$argon2id$v=19$m=64,t=1,p=1" + salt + tag + "$",
           "$argon2id$v=19$m=64,t=1,p=1" + salt + tag + std::string(300, 'A'),
       }) {
    EXPECT_EQ(password_cost(phc), std::nullopt) << phc;
    EXPECT_TRUE(needs_rehash(phc, kCheap)) << phc;
    EXPECT_FALSE(verify_password(secret("password"), phc)) << phc;
  }
}

}  // namespace
}  // namespace parvis::crypto
