// Which passwords an agent may choose (ASVS 6.2): long ones, of any characters, that are neither
// the person nor what everybody chooses. No rule asks for digits or capitals, and none expires.
// Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/sensitive.hpp"

namespace parvis::identity {

inline constexpr std::size_t kPasswordCharactersMin = 12;
// What must be left once the words below are taken out: "mairie" may stand in a sentence, and is no
// password with a year behind it.
inline constexpr std::size_t kOwnCharactersMin = 8;
inline constexpr std::size_t kDistinctCharactersMin = 5;
inline constexpr std::size_t kPersonalWordMin = 3;  // bytes: shorter words of a name are no secret

enum class PasswordFault : std::uint8_t { too_short, too_long, not_text, personal, common };

// What an agent reads, and what an administrator reads on the command line.
struct PasswordFaultWords {
  PasswordFault fault;
  std::string_view words;
  std::string_view detail;
};
inline constexpr std::array<PasswordFaultWords, 5> kPasswordFaults = {{
    {PasswordFault::too_short,
     "Choisissez au moins 12 caractères. Une courte phrase convient bien.",
     "a password has 12 characters at least: a short sentence does well"},
    {PasswordFault::too_long, "Choisissez un mot de passe plus court : 1 024 octets au plus.",
     "a password has 1024 bytes at most"},
    {PasswordFault::not_text,
     "Ce mot de passe contient des caractères illisibles. Tapez-le à nouveau.",
     "a password is text on one line, in UTF-8"},
    {PasswordFault::personal,
     "Votre nom, votre adresse ou votre collectivité se devinent. Choisissez d’autres mots.",
     "a password is not made of the person's name or e-mail, or of the town's name: choose other "
     "words"},
    {PasswordFault::common,
     "Ce mot de passe est trop courant. Choisissez plusieurs mots sans lien.",
     "this password is commonplace: choose several words that do not go together"},
}};
std::string_view words(PasswordFault fault);
std::string_view detail(PasswordFault fault);

// What is wrong with a password, or nullopt. `personal`: the login, the name, the town's name; the
// words in them count. Case, accents and digits in place of letters ("m0td3passe") change nothing.
std::optional<PasswordFault> password_fault(const Secret<std::string>& password,
                                            std::span<const std::string_view> personal);

}  // namespace parvis::identity
