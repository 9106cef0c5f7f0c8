#include "identity/password_policy.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "crypto/password.hpp"
#include "text/normalise.hpp"

namespace parvis::identity {
namespace {

// What French-speaking people and town halls choose first, folded. Sequences are cut by
// `squeezed`, years and other short endings by kOwnCharactersMin.
constexpr std::array<std::string_view, 71> kCommon = {
    "motdepasse",     "mot de passe",  "mdp",           "password",    "passwort",
    "passe",          "pass",          "secret",        "azertyuiop",  "azerty",
    "qwertyuiop",     "qwerty",        "qwertz",        "qsdfghjklm",  "wxcvbn",
    "asdfghjkl",      "zxcvbnm",       "1q2w3e4r",      "1qaz2wsx",    "admin",
    "administrateur", "administrator", "root",          "utilisateur", "user",
    "login",          "connexion",     "bienvenue",     "welcome",     "bonjour",
    "bonsoir",        "salut",         "hello",         "coucou",      "jetaime",
    "iloveyou",       "amour",         "soleil",        "loulou",      "doudou",
    "chouchou",       "princesse",     "chocolat",      "marseille",   "football",
    "dragon",         "monkey",        "letmein",       "changeme",    "changezmoi",
    "provisoire",     "temporaire",    "test",          "demo",        "mairie",
    "ville",          "commune",       "agglomeration", "metropole",   "prefecture",
    "departement",    "service",       "citoyen",       "accueil",     "etatcivil",
    "republique",     "liberte",       "france",        "parvis",      "agent",
    "doudoune"};

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::size_t erase_all(std::string& text, std::string_view word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at), ++count)
    text.erase(at, word.size());
  return count;
}

// Letters that digits and signs stand for.
std::string unmasked(std::string text) {
  static constexpr std::string_view kSigns = "0134578@$!", kLetters = "oieastbasi";
  for (char& c : text)
    if (const std::size_t at = kSigns.find(c); at != kSigns.npos) c = kLetters[at];
  return text;
}

// Runs of the same, next or previous character ("aaaa", "1234", "4321") as their first.
std::string squeezed(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    out.push_back(text[i]);
    std::size_t end = i + 1;
    const int step = end < text.size() ? text[end] - text[i] : 2;
    while (step >= -1 && step <= 1 && end < text.size() && text[end] - text[end - 1] == step) ++end;
    i = end - i >= 3 ? end : i + 1;
  }
  return out;
}

// The words of a name or an e-mail, the longest first, so that "dupont-martin" goes before
// "dupont".
std::vector<std::string> personal_words(std::span<const std::string_view> texts) {
  std::set<std::string> found;
  for (const std::string_view each : texts) {
    const std::string folded = text::fold(each);
    std::string word, joined;
    const auto take = [&] {
      if (word.size() >= kPersonalWordMin) found.insert(word);
      word.clear();
    };
    for (const char c : folded) {
      const bool part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c < 0;
      if (!part) {
        take();
        continue;
      }
      word.push_back(c);
      joined.push_back(c);
    }
    take();
    found.insert({folded, joined});
  }
  found.erase("");
  std::vector<std::string> out(found.begin(), found.end());
  std::ranges::sort(out, std::greater<>(), &std::string::size);
  return out;
}

// Whether too little is left of a password once `list` is taken out of it.
template <typename Words>
bool made_of(std::string text, const Words& list) {
  std::size_t count = 0;
  for (const auto& word : list) count += erase_all(text, word);
  return count > 0 && characters(text) < kOwnCharactersMin;
}

bool one_line_of_text(std::string_view text) {
  return text::valid_utf8(text) &&
         std::ranges::none_of(text, [](char c) { return (c >= 0 && c < ' ') || c == 127; });
}

}  // namespace

std::string_view words(PasswordFault fault) {
  for (const PasswordFaultWords& each : kPasswordFaults)
    if (each.fault == fault) return each.words;
  return {};
}

std::string_view detail(PasswordFault fault) {
  for (const PasswordFaultWords& each : kPasswordFaults)
    if (each.fault == fault) return each.detail;
  return {};
}

std::optional<PasswordFault> password_fault(const Secret<std::string>& password,
                                            std::span<const std::string_view> personal) {
  const std::string& text = password.reveal();
  if (text.size() > crypto::kPasswordMaxBytes) return PasswordFault::too_long;
  if (!one_line_of_text(text)) return PasswordFault::not_text;
  if (characters(text) < kPasswordCharactersMin) return PasswordFault::too_short;
  const std::string folded = text::fold(text);
  const std::vector<std::string> own = personal_words(personal);
  std::vector<std::string_view> both(own.begin(), own.end());
  both.insert(both.end(), kCommon.begin(), kCommon.end());
  std::ranges::sort(both, std::greater<>(), &std::string_view::size);
  for (const std::string& form : {folded, unmasked(folded)}) {
    if (made_of(form, own)) return PasswordFault::personal;
    if (made_of(form, both)) return PasswordFault::common;
  }
  const std::string short_form = squeezed(folded);
  if (characters(short_form) < kOwnCharactersMin || made_of(short_form, both) ||
      std::set<char>(folded.begin(), folded.end()).size() < kDistinctCharactersMin)
    return PasswordFault::common;
  return std::nullopt;
}

}  // namespace parvis::identity
