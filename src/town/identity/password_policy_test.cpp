#include "identity/password_policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/password.hpp"

namespace parvis::identity {
namespace {

using ::testing::Optional;

std::optional<PasswordFault> fault(std::string_view password) {
  constexpr std::array<std::string_view, 3> kPersonal = {"martine.dupont@ville-exemple.fr",
                                                         "Martine Dupont-Lefèvre", "Val d’Orle"};
  return password_fault(Secret(std::string(password)), kPersonal);
}

TEST(PasswordPolicy, TakesLongOnesOfAnyCharacters) {
  for (const char* good :
       {"cheval correct batterie", "rxkqvbnhtjwz", "Un été sans orage", "7319 4826 5093 2",
        "тихий вечер у реки", "déjà-vu à Brest", "4f9a1c7be02d", "   espaces   partout   ",
        "la mairie est à côté du pont", "Martine aime les tomates vertes"})
    EXPECT_EQ(fault(good), std::nullopt) << good;
  EXPECT_EQ(fault("abc def " + std::string(80, 'z') + " fin de phrase"), std::nullopt);
}

TEST(PasswordPolicy, CountsCharactersNotBytes) {
  EXPECT_THAT(fault("rxkqvbnhtjw"), Optional(PasswordFault::too_short));
  EXPECT_THAT(fault("éèàùçôéèàùç"), Optional(PasswordFault::too_short));  // 22 bytes
  EXPECT_THAT(fault(""), Optional(PasswordFault::too_short));
  EXPECT_THAT(fault(std::string(crypto::kPasswordMaxBytes + 1, 'x')),
              Optional(PasswordFault::too_long));
}

TEST(PasswordPolicy, IsTextOnOneLine) {
  for (const char* bad : {"cheval correct\nbatterie", "cheval\tcorrect batterie",
                          "cheval correct \xff batterie", "cheval correct\x7f batterie"})
    EXPECT_THAT(fault(bad), Optional(PasswordFault::not_text)) << bad;
}

TEST(PasswordPolicy, IsNotThePersonNorTheTown) {
  for (const char* own :
       {"martine.dupont", "Martine.Dupont@Ville-Exemple.fr", "DupontMartine2026!", "dupont-lefevre",
        "DUPONT LEFÈVRE 45", "m4rt1n3dup0nt!", "ville-exemple2026", "martinedupontlefevre",
        "valdorle123456", "Val d'Orle 45"})
    EXPECT_THAT(fault(own), Optional(PasswordFault::personal)) << own;
}

TEST(PasswordPolicy, IsNotWhatEverybodyChooses) {
  for (const char* common :
       {"motdepasse2026", "MotDePasse!!",   "m0td3p@sse2026", "Azertyuiop123",   "azertyazerty",
        "qwertyuiop12",   "password1234",   "P@ssw0rd!2026",  "123456789012",    "987654321098",
        "abcdefghijkl",   "aaaaaaaaaaaa",   "abababababab",   "bonjourbonjour",  "MairieAdmin2026",
        "bienvenue2026!", "administrateur", "soleil soleil",  "martinebonjour1", "111122223333"})
    EXPECT_THAT(fault(common), Optional(PasswordFault::common)) << common;
}

TEST(PasswordPolicy, SaysEachFaultInWords) {
  for (const PasswordFaultWords& each : kPasswordFaults) {
    EXPECT_EQ(words(each.fault), each.words);
    EXPECT_EQ(detail(each.fault), each.detail);
    EXPECT_FALSE(each.words.empty());
  }
}

}  // namespace
}  // namespace parvis::identity
