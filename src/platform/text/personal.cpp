#include "text/personal.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

#include "base/error.hpp"
#include "text/addresses.hpp"
#include "text/cells.hpp"
#include "text/identifiers.hpp"
#include "text/normalise.hpp"
#include "text/phones.hpp"

// The text becomes cells (cells.hpp). Addresses of mail are taken first, as they may hold numbers.
// Then, at each place where a number may begin, the letters and digits that follow are read once as
// a run, whatever separates them, and each kind looks whether it ends at one of the run's joints.
// The surest kind comes first; the reading goes on behind what was found.
namespace parvis::text {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kCutBack = 1024;  // more bytes than any number or address is long

// Letters and digits from one place on, with what stands between them left out.
struct Run {
  std::string chars;               // upper case
  std::vector<std::size_t> cells;  // of each character
  std::vector<bool> opens;         // it comes after a separator
  bool letter_after = false;       // the run was cut: a letter or digit follows at once

  bool digits(std::size_t count) const {
    return chars.size() >= count && std::all_of(chars.begin(), chars.begin() + count, is_digit);
  }
  // The first `count` end at a joint; after digits, a letter is one ("0612345678merci").
  bool ends(std::size_t count) const {
    if (chars.size() < count) return false;
    if (chars.size() == count) return !letter_after;
    return opens[count] || (is_digit(chars[count - 1]) && !is_digit(chars[count]));
  }
  bool ends_word(std::size_t count) const {
    return chars.size() == count ? !letter_after : chars.size() > count && opens[count];
  }
  std::string_view first(std::size_t count) const {
    return std::string_view(chars).substr(0, count);
  }
  std::size_t end(std::size_t count) const { return cells[count - 1] + 1; }
  // Sizes of the groups in the first `count`.
  std::vector<std::size_t> groups(std::size_t count) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < count; ++i) {
      if (i == 0 || opens[i]) out.push_back(0);
      ++out.back();
    }
    return out;
  }
};

bool grouped(const std::vector<std::size_t>& groups,
             std::initializer_list<std::initializer_list<std::size_t>> allowed) {
  return std::ranges::any_of(allowed,
                             [&](const auto& sizes) { return std::ranges::equal(groups, sizes); });
}

// Words that name a kind of number, as the window around it is written: lower case, one space
// between words; with a star, beginnings of words.
using Names = std::initializer_list<std::string_view>;
constexpr Names kNirNames = {"secu*", "nir", "ss", "cle", "vitale", "numero insee"};
constexpr Names kBankNames = {"iban",      "rib",         "compte*", "coordonnees bancaires",
                              "virement*", "prelevement*"};
constexpr Names kCardNames = {"carte", "cb", "visa", "mastercard", "card"};
constexpr Names kTaxNames = {"fisc*", "impot*", "impos*", "spi"};
constexpr Names kNifNames = {"nif", "contribuinte*", "portug*", "financas"};
constexpr Names kPassportNames = {"passeport*", "passport*",   "pasaporte*", "passaport*",
                                  "pasaport*",  "pasapoarte*", "paspoort*"};
constexpr Names kIdentityCardNames = {
    "carte d identite", "carte identite", "carte nationale*", "cni", "cnie",
    "piece d identite", "identity card",  "id card"};
constexpr Names kResidenceNames = {"sejour", "carte de resident", "recepisse*", "etranger*",
                                   "agdref", "residence permit"};
constexpr Names kDrivingNames = {"permis", "neph", "driving licence", "driver s license"};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : cells_(text) {}

  std::vector<PersonalSpan> spans() {
    for (std::size_t i = 0; i < cells_.size(); ++i)
      if (const MailAddress mail = mail_address_at(cells_, i); mail.end != 0)
        take(PersonalKind::email, mail.begin, mail.end);
    for (std::size_t i = 0; i < cells_.size();)
      i = std::max(i + 1, cells_.taken(i) ? 0 : number_at(i));
    std::ranges::sort(found_, {}, &PersonalSpan::begin);
    return std::move(found_);
  }

 private:
  std::size_t take(PersonalKind kind, std::size_t begin, std::size_t end) {
    cells_.take(begin, end);
    found_.push_back({kind, cells_[begin].begin, cells_[end - 1].end});
    return end;
  }

  Run run_at(std::size_t i) const {
    Run run;
    bool opens = true;
    while (run.chars.size() < kIbanLengthMax) {
      const char c = cells_.at(i);
      run.chars.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
      run.cells.push_back(i++);
      run.opens.push_back(opens);
      std::size_t next = i;
      while (next < i + kGap && is_separator(cells_.at(next))) ++next;
      if (!is_word(cells_.at(next)) || cells_.at(next) == kOtherLetter) {
        run.letter_after = next == i && is_letter(cells_.at(i));
        return run;
      }
      opens = next != i;
      i = next;
    }
    run.letter_after = !opens;
    return run;
  }

  // Is one of these words near? What was already found is not read.
  bool named(std::size_t begin, std::size_t end, Names names) const {
    return near(begin > kNameBefore ? begin - kNameBefore : 0, begin, names) ||
           near(end, std::min(cells_.size(), end + kNameAfter), names);
  }
  bool near(std::size_t begin, std::size_t end, Names names) const {
    std::string window = is_word(cells_.before(begin)) ? "" : " ";
    for (std::size_t i = begin; i < end; ++i) {
      const char c = is_word(cells_.at(i)) ? cells_.at(i) : ' ';
      if (c != ' ' || !window.ends_with(' ')) window.push_back(c);
    }
    if (!is_word(cells_.at(end)) && !window.ends_with(' ')) window.push_back(' ');
    return std::ranges::any_of(names, [&](std::string_view word) {
      std::string sought = " " + std::string(word);
      if (sought.ends_with('*'))
        sought.pop_back();
      else
        sought.push_back(' ');
      return window.contains(sought);
    });
  }

  // One past what was found or passed over at this place; 0 for nothing.
  std::size_t number_at(std::size_t i) {
    const char c = cells_.at(i), previous = cells_.before(i);
    if (is_digit(previous)) return 0;
    if (c == '0')  // a tax number may begin like a phone number
      if (const std::size_t end = tax_number_at(i, run_at(i))) return end;
    if (const Phone phone = phone_at(cells_, i); phone.end != 0)
      return phone.service ? phone.end : take(PersonalKind::phone, i, phone.end);
    if (!is_word(c) || c == kOtherLetter) return 0;
    if (is_letter(c) && is_word(previous) && !after_name_of_iban(i)) return 0;
    const Run run = run_at(i);
    const std::size_t end =
        is_digit(c) ? digits_at(i, run, is_letter(previous)) : letters_at(i, run);
    return end != 0 || is_letter(previous) ? end : document_at(i, run);
  }

  bool after_name_of_iban(std::size_t i) const {  // "ibanFR76…"
    return i >= 4 && cells_.reads(i - 4, "iban");
  }

  std::size_t digits_at(std::size_t i, const Run& run, bool after_letter) {
    const auto has = [&](std::size_t count) { return run.digits(count) && run.ends(count); };
    const auto take_first = [&](PersonalKind kind, std::size_t count) {
      return take(kind, i, run.end(count));
    };
    if (run.ends(15) && valid_nir(run.first(15))) return take_first(PersonalKind::nir, 15);
    if (has(14) && valid_siret(run.first(14)) &&
        !(grouped(run.groups(14), {{4, 6, 4}}) && named(i, run.end(14), kCardNames)))
      return run.end(14);
    for (std::size_t count = 19; count >= 13; --count)
      if (has(count) && valid_card(run.first(count))) return take_first(PersonalKind::card, count);
    if (after_letter) return 0;  // what follows is part of a word, or has a sign before it

    for (const std::size_t count : {15U, 13U})
      if (run.ends(count) && nir_shaped(run.first(count)) && named(i, run.end(count), kNirNames))
        return take_first(PersonalKind::nir, count);
    if (has(13) && (valid_cnp(run.first(13)) || valid_ahv(run.first(13))))
      return take_first(PersonalKind::foreign_identity, 13);
    if (const std::size_t end = tax_number_at(i, run)) return end;
    if (has(11) && eleven_digits(i, run)) return take_first(PersonalKind::foreign_identity, 11);
    if (run.ends_word(9) && valid_dni(run.first(9)) && letter_belongs(run))
      return take_first(PersonalKind::foreign_identity, 9);
    if (has(9) && valid_portuguese_nif(run.first(9)) && named(i, run.end(9), kNifNames))
      return take_first(PersonalKind::foreign_identity, 9);
    if (run.ends(23) && valid_rib(run.first(23)) && named(i, run.end(23), kBankNames))
      return take_first(PersonalKind::iban, 23);
    return 0;
  }

  std::size_t tax_number_at(std::size_t i, const Run& run) {
    if (!run.digits(13) || !run.ends(13) || run.chars[0] > '3') return 0;
    if (!valid_tax_number(run.first(13)) && !named(i, run.end(13), kTaxNames)) return 0;
    return take(PersonalKind::tax_number, i, run.end(13));
  }

  // Written as its owners write it, not as a row of small numbers; "FR 40 303265045" is a VAT
  // number.
  bool eleven_digits(std::size_t i, const Run& run) const {
    const std::string_view number = run.first(11);
    const auto groups = run.groups(11);
    if (luhn(number.substr(2)) && i >= 3 && cells_.before(i) == ' ' && cells_.at(i - 2) == 'r' &&
        cells_.at(i - 3) == 'f')
      return false;
    return (valid_belgian_number(number) &&
            grouped(groups, {{11}, {6, 5}, {6, 3, 2}, {2, 2, 2, 3, 2}, {2, 2, 2, 5}})) ||
           (valid_pesel(number) && grouped(groups, {{11}, {6, 5}})) ||
           (valid_turkish_number(number) && grouped(groups, {{11}, {3, 3, 3, 2}, {3, 3, 5}}));
  }

  // The letter of a DNI stands at its digits, or after a dash, or alone and upper case: "à" in
  // "20201130 à 14 h" is a word.
  bool letter_belongs(const Run& run) const {
    if (!grouped(run.groups(9), {{9}, {8, 1}, {2, 3, 3, 1}, {2, 3, 4}})) return false;
    const std::size_t letter = run.cells[8];
    return !run.opens[8] || cells_.before(letter) == '-' || cells_[letter].upper;
  }

  std::size_t letters_at(std::size_t i, const Run& run) {
    const std::size_t length = iban_length(run.chars);
    if (length > 0 && run.ends(length)) {
      const std::string_view iban = run.first(length);
      if (valid_iban(iban) || (iban_shaped(iban) && named(i, run.end(length), kBankNames)))
        return take(PersonalKind::iban, i, run.end(length));
    }
    if (run.ends_word(9) && valid_nie(run.first(9)) &&
        grouped(run.groups(9), {{9}, {1, 7, 1}, {1, 8}, {8, 1}}))
      return take(PersonalKind::foreign_identity, i, run.end(9));
    // With two true digits at least, though a code may have none: "travailler chez un" has the
    // form.
    if (run.ends_word(16) && valid_codice_fiscale(run.first(16)) &&
        std::ranges::count_if(run.first(16), is_digit) >= 2 &&
        grouped(run.groups(16), {{16}, {3, 3, 5, 5}, {6, 5, 5}, {3, 3, 5, 4, 1}, {6, 5, 4, 1}}))
      return take(PersonalKind::foreign_identity, i, run.end(16));
    return 0;
  }

  // Numbers without a check: only with their name beside them.
  std::size_t document_at(std::size_t i, const Run& run) {
    const auto shape = [&](std::string_view form) {  // d digit, L letter
      if (!run.ends_word(form.size())) return false;
      for (std::size_t k = 0; k < form.size(); ++k)
        if (is_digit(run.chars[k]) != (form[k] == 'd')) return false;
      return true;
    };
    const auto take_if = [&](std::size_t count, Names names) -> std::size_t {
      if (!named(i, run.end(count), names)) return 0;
      return take(PersonalKind::identity_document, i, run.end(count));
    };
    if (shape("ddLLddddd")) {
      if (const std::size_t end = take_if(9, kPassportNames)) return end;
      if (const std::size_t end = take_if(9, kDrivingNames)) return end;
    }
    for (const std::string_view form : {"Ldddddddd"sv, "LLddddddd"sv, "LLdddddd"sv, "Lddddddd"sv})
      if (shape(form) && run.groups(form.size()).size() <= 2)
        if (const std::size_t end = take_if(form.size(), kPassportNames)) return end;
    if (shape("dddddddddddd")) {
      if (const std::size_t end = take_if(12, kIdentityCardNames)) return end;
      if (const std::size_t end = take_if(12, kDrivingNames)) return end;
    }
    if (shape("dddddddddd"))
      if (const std::size_t end = take_if(10, kResidenceNames)) return end;
    if (run.ends_word(9) && run.groups(9).size() == 1) {
      const auto digits = std::ranges::count_if(run.first(9), is_digit);
      if (digits >= 3 && digits < 9) {
        if (const std::size_t end = take_if(9, kIdentityCardNames)) return end;
        if (const std::size_t end = take_if(9, kResidenceNames)) return end;
      }
    }
    return 0;
  }

  Cells cells_;
  std::vector<PersonalSpan> found_;
};

}  // namespace

std::vector<PersonalSpan> personal_spans(std::string_view text) {
  const std::string_view read = utf8_prefix(text, kPersonalBytes);
  std::vector<PersonalSpan> spans = Scanner(read).spans();
  std::optional<std::size_t> unread;
  // What begins close to the cut may go on behind it, so it counts as unread.
  if (read.size() < text.size()) unread = utf8_prefix(read, kPersonalBytes - kCutBack).size();
  if (spans.size() > kPersonalSpans) {
    spans.resize(kPersonalSpans);
    unread = spans.back().end;
  }
  if (!unread) return spans;
  std::erase_if(spans, [&](const PersonalSpan& span) { return span.begin >= *unread; });
  if (!spans.empty()) unread = std::max(*unread, spans.back().end);
  if (*unread < text.size()) spans.push_back({PersonalKind::unread, *unread, text.size()});
  return spans;
}

std::string mask(std::string_view text) { return mask(text, personal_spans(text)); }

std::string mask(std::string_view text, const std::vector<PersonalSpan>& spans) {
  std::string out;
  std::size_t from = 0;
  for (const PersonalSpan& span : spans) {
    CHECK(span.begin >= from && span.begin < span.end && span.end <= text.size());
    out.append(text.substr(from, span.begin - from)).append(mark(span.kind));
    from = span.end;
  }
  return out.append(text.substr(from));
}

std::string_view mark(PersonalKind kind) {
  switch (kind) {
    case PersonalKind::nir:
      return "[numéro de sécurité sociale masqué]";
    case PersonalKind::iban:
      return "[compte bancaire masqué]";
    case PersonalKind::card:
      return "[carte bancaire masquée]";
    case PersonalKind::foreign_identity:
      return "[numéro d’identité masqué]";
    case PersonalKind::identity_document:
      return "[numéro de pièce d’identité masqué]";
    case PersonalKind::tax_number:
      return "[numéro fiscal masqué]";
    case PersonalKind::email:
      return "[adresse électronique masquée]";
    case PersonalKind::phone:
      return "[numéro de téléphone masqué]";
    case PersonalKind::unread:
      break;
  }
  return "[suite masquée]";
}

std::string_view name(PersonalKind kind) {
  const std::string_view whole = mark(kind);
  return whole.substr(1, whole.rfind(" masqu") - 1);
}

}  // namespace parvis::text
