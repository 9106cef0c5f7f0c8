#include "text/identifiers.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace parvis::text {
namespace {

using namespace std::string_view_literals;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool digits(std::string_view text, std::size_t length) {
  return text.size() == length && std::ranges::all_of(text, is_digit);
}
int digit(char c) { return c - '0'; }

// The number that these digits write; at most 18 of them.
std::uint64_t number(std::string_view text) {
  std::uint64_t out = 0;
  for (const char c : text) out = out * 10 + static_cast<std::uint64_t>(digit(c));
  return out;
}

int weighted(std::string_view text, std::string_view weights) {
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += digit(text[i]) * digit(weights[i]);
  return sum;
}

// A day that a month may have; the century is unknown, so the 29th of February always is one.
bool day_of_month(std::uint64_t day, std::uint64_t month) {
  constexpr std::array<std::uint64_t, 12> days = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

// Letters as ISO 7064 counts them: A = 10 … Z = 35.
int mod97(std::string_view text) {
  int rest = 0;
  for (const char c : text) {
    const int value = is_digit(c) ? digit(c) : c - 'A' + 10;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

// What follows the country and its two check digits: counts, then n (digits), a (letters) or
// c (both).
struct IbanForm {
  std::string_view country;
  std::string_view bban;
};
constexpr auto kIbanForms = std::to_array<IbanForm>({
    // The registry.
    {"AD", "8n12c"},
    {"AE", "19n"},
    {"AL", "8n16c"},
    {"AT", "16n"},
    {"AZ", "4a20c"},
    {"BA", "16n"},
    {"BE", "12n"},
    {"BG", "4a6n8c"},
    {"BH", "4a14c"},
    {"BI", "23n"},
    {"BR", "23n1a1c"},
    {"BY", "4c4n16c"},
    {"CH", "5n12c"},
    {"CR", "18n"},
    {"CY", "8n16c"},
    {"CZ", "20n"},
    {"DE", "18n"},
    {"DJ", "23n"},
    {"DK", "14n"},
    {"DO", "4c20n"},
    {"EE", "16n"},
    {"EG", "25n"},
    {"ES", "20n"},
    {"FI", "14n"},
    {"FK", "2a12n"},
    {"FO", "14n"},
    {"FR", "10n11c2n"},
    {"GB", "4a14n"},
    {"GE", "2a16n"},
    {"GI", "4a15c"},
    {"GL", "14n"},
    {"GR", "7n16c"},
    {"GT", "24c"},
    {"HN", "4a20n"},
    {"HR", "17n"},
    {"HU", "24n"},
    {"IE", "4a14n"},
    {"IL", "19n"},
    {"IQ", "4a15n"},
    {"IS", "22n"},
    {"IT", "1a10n12c"},
    {"JO", "4a4n18c"},
    {"KW", "4a22c"},
    {"KZ", "3n13c"},
    {"LB", "4n20c"},
    {"LC", "4a24c"},
    {"LI", "5n12c"},
    {"LT", "16n"},
    {"LU", "3n13c"},
    {"LV", "4a13c"},
    {"LY", "21n"},
    {"MC", "10n11c2n"},
    {"MD", "20c"},
    {"ME", "18n"},
    {"MK", "3n10c2n"},
    {"MN", "16n"},
    {"MR", "23n"},
    {"MT", "4a5n18c"},
    {"MU", "4a19n3a"},
    {"NI", "4a20n"},
    {"NL", "4a10n"},
    {"NO", "11n"},
    {"OM", "3n16c"},
    {"PK", "4a16c"},
    {"PL", "24n"},
    {"PS", "4a21c"},
    {"PT", "21n"},
    {"QA", "4a21c"},
    {"RO", "4a16c"},
    {"RS", "18n"},
    {"RU", "14n15c"},
    {"SA", "2n18c"},
    {"SC", "4a20n3a"},
    {"SD", "14n"},
    {"SE", "20n"},
    {"SI", "15n"},
    {"SK", "20n"},
    {"SM", "1a10n12c"},
    {"SO", "19n"},
    {"ST", "21n"},
    {"SV", "4a20n"},
    {"TL", "19n"},
    {"TN", "20n"},
    {"TR", "6n16c"},
    {"UA", "6n19c"},
    {"VA", "18n"},
    {"VG", "4a16n"},
    {"XK", "16n"},
    {"YE", "4a4n18c"},
    // In use, not in the registry.
    {"AO", "21n"},
    {"BF", "24c"},
    {"BJ", "24c"},
    {"CF", "23n"},
    {"CG", "23n"},
    {"CI", "24c"},
    {"CM", "23n"},
    {"CV", "21n"},
    {"DZ", "22n"},
    {"GA", "23n"},
    {"GQ", "23n"},
    {"GW", "2c19n"},
    {"IR", "22n"},
    {"KM", "23n"},
    {"MA", "24n"},
    {"MG", "23n"},
    {"ML", "24c"},
    {"MZ", "21n"},
    {"NE", "24c"},
    {"SN", "24c"},
    {"TD", "23n"},
    {"TG", "24c"},
});

// The parts of a form one after the other, until `see(count, kind)` answers false.
template <typename See>
bool each_part(std::string_view form, See see) {
  std::size_t count = 0;
  for (const char c : form) {
    if (is_digit(c)) {
      count = count * 10 + static_cast<std::size_t>(digit(c));
      continue;
    }
    if (!see(count, c)) return false;
    count = 0;
  }
  return true;
}

const IbanForm* form_of(std::string_view iban) {
  const auto found = std::ranges::find(kIbanForms, iban.substr(0, 2), &IbanForm::country);
  return found == kIbanForms.end() ? nullptr : &*found;
}

bool fits(std::string_view text, char kind) {
  return std::ranges::all_of(
      text, [&](char c) { return (kind != 'a' && is_digit(c)) || (kind != 'n' && is_letter(c)); });
}

bool between(std::uint64_t value, std::uint64_t low, std::uint64_t high) {
  return value >= low && value <= high;
}

// Length and prefix of one of the schemes (their published ranges of issuer numbers).
bool card_range(std::string_view card) {
  const std::size_t length = card.size();
  const std::uint64_t two = number(card.substr(0, 2)), three = number(card.substr(0, 3));
  const std::uint64_t four = number(card.substr(0, 4)), six = number(card.substr(0, 6));
  if (card[0] == '4') return length == 13 || length == 16 || length == 19;     // Visa
  if (between(two, 51, 55) || between(four, 2221, 2720)) return length == 16;  // Mastercard
  if (two == 34 || two == 37) return length == 15;                             // American Express
  if (between(three, 300, 305) || four == 3095 || two == 36 || two == 38 || two == 39)
    return length >= 14;                                                           // Diners Club
  if (between(four, 3528, 3589)) return length >= 16;                              // JCB
  if (four == 6011 || between(three, 644, 649) || two == 65) return length >= 16;  // Discover
  if (two == 62 || two == 81) return length >= 16;                                 // UnionPay
  constexpr std::array<std::uint64_t, 9> maestro = {5018, 5020, 5038, 5893, 6304,
                                                    6759, 6761, 6762, 6763};
  return std::ranges::find(maestro, four) != maestro.end() ||
         between(six, 560000, 589999);  // Maestro
}

constexpr std::string_view kSpanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

// Italian letters stand for digits where two people would share a code (omocodia).
int omocode(char c) {
  if (is_digit(c)) return digit(c);
  const std::size_t at = "LMNPQRSTUV"sv.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

bool nir_shaped(std::string_view nir) {
  if (nir.size() != 13 && nir.size() != 15) return false;
  std::string plain(nir);
  if (plain[5] == '2' && (plain[6] == 'A' || plain[6] == 'B')) plain[6] = '0';
  if (!digits(plain, nir.size())) return false;
  const std::uint64_t month = number(plain.substr(3, 2));
  return "123478"sv.contains(plain[0]) &&
         (between(month, 1, 12) || between(month, 20, 42) || between(month, 50, 99)) &&
         plain.substr(5, 2) != "00" && plain.substr(10, 3) != "000" &&
         (nir.size() == 13 || between(number(plain.substr(13)), 1, 97));
}

bool valid_nir(std::string_view nir) {
  if (nir.size() != 15 || !nir_shaped(nir)) return false;
  std::string plain(nir.substr(0, 13));
  if (plain[6] == 'A' || plain[6] == 'B') plain.replace(5, 2, plain[6] == 'A' ? "19" : "18");
  return 97 - number(plain) % 97 == number(nir.substr(13));
}

std::size_t iban_length(std::string_view iban) {
  const IbanForm* form = form_of(iban);
  if (form == nullptr) return 0;
  std::size_t length = 4;
  each_part(form->bban, [&](std::size_t count, char) {
    length += count;
    return true;
  });
  return length;
}

bool iban_shaped(std::string_view iban) {
  const IbanForm* form = form_of(iban);
  if (form == nullptr || iban.size() != iban_length(iban) || !fits(iban.substr(2, 2), 'n'))
    return false;
  std::size_t at = 4;
  return each_part(form->bban, [&](std::size_t count, char kind) {
    at += count;
    return fits(iban.substr(at - count, count), kind);
  });
}

bool valid_iban(std::string_view iban) {
  return iban_shaped(iban) &&
         mod97(std::string(iban.substr(4)) + std::string(iban.substr(0, 4))) == 1;
}

bool valid_rib(std::string_view rib) {
  if (rib.size() != 23 || !fits(rib, 'c')) return false;
  // Letters of the account count as A–I = 1–9, J–R = 1–9, S–Z = 2–9.
  std::string plain(rib);
  for (char& c : plain)
    if (is_letter(c))
      c = static_cast<char>('1' + (c <= 'I' ? c - 'A' : c <= 'R' ? c - 'J' : c - 'S' + 1));
  return (89 * number(plain.substr(0, 5)) + 15 * number(plain.substr(5, 5)) +
          3 * number(plain.substr(10, 11)) + number(plain.substr(21))) %
                 97 ==
             0 &&
         digits(rib.substr(0, 10), 10) && digits(rib.substr(21), 2) &&
         number(rib.substr(0, 5)) != 0;
}

bool luhn(std::string_view text) {
  if (text.empty() || !digits(text, text.size())) return false;
  int sum = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int value = digit(text[text.size() - 1 - i]);
    sum += i % 2 == 0 ? value : value < 5 ? 2 * value : 2 * value - 9;
  }
  return sum % 10 == 0;
}

bool valid_card(std::string_view card) {
  return between(card.size(), 13, 19) && luhn(card) && card_range(card);
}

bool valid_siret(std::string_view siret) {
  if (!digits(siret, 14) || number(siret) == 0) return false;
  if (luhn(siret)) return true;
  return siret.starts_with("356000000") && weighted(siret, "11111111111111") % 5 == 0;
}

bool valid_tax_number(std::string_view spi) {
  return digits(spi, 13) && spi[0] <= '3' && number(spi.substr(0, 10)) != 0 &&
         number(spi.substr(0, 10)) % 511 == number(spi.substr(10));
}

bool valid_dni(std::string_view dni) {
  return dni.size() == 9 && digits(dni.substr(0, 8), 8) &&
         dni[8] == kSpanishLetters[number(dni.substr(0, 8)) % 23];
}

bool valid_nie(std::string_view nie) {
  if (nie.size() != 9 || nie[0] < 'X' || nie[0] > 'Z') return false;
  std::string dni(nie);
  dni[0] = static_cast<char>('0' + (nie[0] - 'X'));
  return valid_dni(dni);
}

bool valid_codice_fiscale(std::string_view code) {
  if (code.size() != 16 || !fits(code, 'c')) return false;
  for (const std::size_t at : {0U, 1U, 2U, 3U, 4U, 5U, 8U, 11U, 15U})
    if (!is_letter(code[at])) return false;
  for (const std::size_t at : {6U, 7U, 9U, 10U, 12U, 13U, 14U})
    if (omocode(code[at]) < 0) return false;
  const std::size_t month = "ABCDEHLMPRST"sv.find(code[8]);
  if (month == std::string_view::npos) return false;
  const auto day = static_cast<std::uint64_t>(omocode(code[9]) * 10 + omocode(code[10]));
  if (!day_of_month(day > 40 ? day - 40 : day, month + 1)) return false;  // a woman's day is + 40
  constexpr std::array<int, 26> odd = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                       20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  int sum = 0;
  for (std::size_t i = 0; i < 15; ++i) {
    const int value = is_digit(code[i]) ? digit(code[i]) : code[i] - 'A';
    sum += i % 2 == 0 ? odd[static_cast<std::size_t>(value)] : value;
  }
  return code[15] == static_cast<char>('A' + sum % 26);
}

bool valid_belgian_number(std::string_view text) {
  if (!digits(text, 11)) return false;
  // A bis number adds 20 or 40 to the month; 00 is a month or day that nobody knows.
  const std::uint64_t month = number(text.substr(2, 2)) % 20, day = number(text.substr(4, 2));
  if (number(text.substr(2, 2)) >= 60 || month > 12 || day > 31) return false;
  if (month != 0 && day != 0 && !day_of_month(day, month)) return false;
  if (number(text.substr(6, 3)) == 0) return false;
  const std::uint64_t key = number(text.substr(9)), base = number(text.substr(0, 9));
  return 97 - base % 97 == key || 97 - (2'000'000'000 + base) % 97 == key;
}

bool valid_portuguese_nif(std::string_view nif) {
  if (!digits(nif, 9) || !(between(number(nif.substr(0, 1)), 1, 3) || nif.starts_with("45")))
    return false;
  const int rest = weighted(nif, "98765432") % 11;
  return digit(nif[8]) == (rest < 2 ? 0 : 11 - rest);
}

bool valid_cnp(std::string_view cnp) {
  if (!digits(cnp, 13) || cnp[0] == '0') return false;
  const std::uint64_t county = number(cnp.substr(7, 2));
  if (!day_of_month(number(cnp.substr(5, 2)), number(cnp.substr(3, 2)))) return false;
  if (!between(county, 1, 52) && county != 70) return false;  // 70: registered online
  const int rest = weighted(cnp, "279146358279") % 11;
  return digit(cnp[12]) == (rest == 10 ? 1 : rest);
}

bool valid_pesel(std::string_view pesel) {
  if (!digits(pesel, 11)) return false;
  // The century is added to the month: 80, 0, 20, 40 or 60.
  const std::uint64_t month = number(pesel.substr(2, 2)) % 20;
  return day_of_month(number(pesel.substr(4, 2)), month) &&
         (weighted(pesel, "1379137913") + digit(pesel[10])) % 10 == 0;
}

bool valid_turkish_number(std::string_view text) {
  if (!digits(text, 11) || text[0] == '0') return false;
  const int first = (10 - weighted(text, "313131313") % 10) % 10;
  return digit(text[9]) == first && digit(text[10]) == weighted(text, "1111111111") % 10;
}

bool valid_ahv(std::string_view text) {
  return digits(text, 13) && text.starts_with("756") &&
         (weighted(text, "131313131313") + digit(text[12])) % 10 == 0;
}

}  // namespace parvis::text
