// Where a message says more about a person than its question needs: numbers, accounts, addresses of
// mail. They are masked before the message is stored or logged, and the person is told.
//
// Found, wherever it stands, because its check is right (rules: identifiers.hpp):
//   NIR with its key · IBAN of any country · payment card · numéro fiscal (SPI) · Spanish DNI and
//   NIE, Italian codice fiscale, Belgian national number, Romanian CNP, Polish PESEL, Turkish T.C.
//   Kimlik, Swiss AHV/AVS.
// Found by its form:
//   e-mail address ("@", and "(at)", "[at]", "arobase" … "point") · French phone number of ten
//   digits in any grouping, with 0033 or +33, "(0)", an O for the first zero · any other phone
//   number with + or 00 before its country code (ITU-T E.164, at most 15 digits).
// Found only when named within kNameBefore characters before it or kNameAfter after it:
//   NIR without its key or with a wrong one ("sécu"…) · IBAN with a wrong check, RIB ("IBAN",
//   "RIB", "compte"…) · numéro fiscal with a wrong check ("fiscal", "impôts"…) · Portuguese NIF
//   ("NIF", "contribuinte"…), as nine digits are more often a SIREN · numbers without a check:
//   passport (12AB34567 and foreign forms), carte d'identité (12 digits, or 9 letters and digits),
//   titre de séjour and foreigner's number (10 digits, or 9 letters and digits), permis de
//   conduire.
// Digits may be of any script, full-width too; spaces of any kind, dots and dashes may stand
// between them, characters that nobody sees anywhere.
//
// Left alone: SIRET, SIREN and VAT numbers, which name a business; short numbers (15, 115, 3919…)
// and 08 numbers, which are services; amounts, dates, postcodes, articles of law, F sheets, cerfa
// numbers. A landline is masked even when it is a service's own: nothing tells it from a person's.
// Not found: names, postal addresses, dates of birth, number plates, health, user names, passwords,
// numbers written in words, an unnamed number that was mistyped.
//
// Pure and thread-safe; time grows with the text's length alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parvis::text {

enum class PersonalKind : std::uint8_t {
  nir,
  iban,  // and RIB
  card,
  foreign_identity,
  identity_document,  // passport, carte d'identité, titre de séjour, permis
  tax_number,
  email,
  phone,
  unread,  // past a limit: nobody has looked, so it is masked too
};

// Bytes of the text given, on character boundaries.
struct PersonalSpan {
  PersonalKind kind;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const PersonalSpan&) const = default;
};

// In order, apart from each other. What lies past kPersonalBytes, or past the last of
// kPersonalSpans, is one span "unread". Malformed bytes belong to no span but that one.
std::vector<PersonalSpan> personal_spans(std::string_view text);
inline constexpr std::size_t kPersonalBytes = 64 * 1024;
inline constexpr std::size_t kPersonalSpans = 256;
inline constexpr std::size_t kNameBefore = 60;
inline constexpr std::size_t kNameAfter = 30;

// The text with the mark of its kind in the place of each span. Given `spans`, they are those of
// personal_spans(text).
std::string mask(std::string_view text);
std::string mask(std::string_view text, const std::vector<PersonalSpan>& spans);

std::string_view mark(PersonalKind kind);  // "[numéro de sécurité sociale masqué]"
std::string_view name(PersonalKind kind);  // "numéro de sécurité sociale", to tell the person

}  // namespace parvis::text
