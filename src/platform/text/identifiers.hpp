// Numbers that name one person or their money, and whether their check is right.
// Every function takes the compact form (upper-case ASCII letters and digits, no separators), is
// pure, thread-safe, and answers false for any other text, whatever its length. A right check says
// "well formed", never "exists".
#pragma once

#include <string_view>

namespace parvis::text {

// NIR, the French social security number: sex (1, 2; 3, 4 while registering; 7, 8 temporary), year,
// month (01–12; 20–42 and 50–99 when the civil record is incomplete), département of birth (01–99,
// 2A, 2B), commune, order, and in the form of 15 the key 97 − n mod 97, where 2A counts as 19 and
// 2B as 18. Décret 82-103, art. 4; INSEE, "Numéro d'inscription au répertoire".
bool nir_shaped(std::string_view number);  // 13 or 15 characters; the key is not looked at
bool valid_nir(std::string_view number);   // 15 characters, right key

// IBAN: the length and the letters' places of its country, and mod 97 = 1 (ISO 13616; SWIFT's IBAN
// registry, and the African and Iranian forms in use that it does not list).
bool iban_shaped(std::string_view iban);
bool valid_iban(std::string_view iban);
std::size_t iban_length(std::string_view iban);  // that its first two letters ask for; 0: unknown
inline constexpr std::size_t kIbanLengthMax = 34;

// RIB, the French account identifier: bank 5, branch 5, account 11, key 2 (mod 97).
bool valid_rib(std::string_view rib);

bool luhn(std::string_view digits);  // ISO/IEC 7812-1, Annex B; false when empty

// Payment card: Luhn, and length and prefix of Visa, Mastercard, American Express, Diners Club,
// Discover, JCB, UnionPay or Maestro (13–19 digits). Cartes Bancaires bear one of these.
bool valid_card(std::string_view digits);

// SIRET, a place of business: 14 digits, Luhn (La Poste, 356000000: sum of digits mod 5).
bool valid_siret(std::string_view digits);

// Numéro fiscal (SPI): 13 digits, first 0–3, the last three the first ten mod 511 (European
// Commission, TIN algorithms).
bool valid_tax_number(std::string_view digits);

bool valid_dni(std::string_view number);             // Spain: 8 digits, letter mod 23
bool valid_nie(std::string_view number);             // Spain, foreigners: X, Y, Z, 7 digits, letter
bool valid_codice_fiscale(std::string_view number);  // Italy: 16, with omocodia, check letter
bool valid_belgian_number(std::string_view digits);  // 11: date, order, 97 − n mod 97; bis too
bool valid_portuguese_nif(std::string_view digits);  // 9, of a person (1, 2, 3, 45), mod 11
bool valid_cnp(std::string_view digits);             // Romania: 13: date, county, mod 11
bool valid_pesel(std::string_view digits);           // Poland: 11: date, mod 10
bool valid_turkish_number(std::string_view digits);  // T.C. Kimlik No: 11, two check digits
bool valid_ahv(std::string_view digits);             // Switzerland: 13, 756…, EAN check

}  // namespace parvis::text
