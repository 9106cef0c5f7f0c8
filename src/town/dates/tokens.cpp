// Cutting and guarding. A number is blocked here when what stands around it says that it counts or
// names something else, so the grammar never meets it.
#include "dates/tokens.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "dates/lexicon.hpp"
#include "text/normalise.hpp"

namespace parvis::dates {
namespace {

constexpr std::size_t kWordBytes = 40;  // no word of the grammar is longer

std::size_t character_bytes(unsigned char lead) {
  if (lead < 0xc0) return 1;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

// One character, folded, or empty for white space and what cannot be seen.
std::string fold_character(std::string_view bytes) {
  if (bytes.size() == 1) {
    const char c = bytes[0];
    if (c >= 'A' && c <= 'Z') return std::string(1, static_cast<char>(c - 'A' + 'a'));
    return static_cast<unsigned char>(c) <= ' ' ? std::string() : std::string(bytes);
  }
  if (bytes == "\u2019" || bytes == "\u2018" || bytes == "\u02bc") return "'";
  if (bytes >= "\u2010" && bytes <= "\u2015" && bytes.size() == 3) return "-";
  return text::fold(text::clean(bytes));
}

bool is_digits(std::string_view folded) {
  return std::ranges::all_of(folded, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_letters(std::string_view folded) {
  return std::ranges::all_of(folded, [](char c) { return c >= 'a' && c <= 'z'; });
}

// U+0300 to U+036F: an accent written apart belongs to the letter before it.
bool is_combining(std::string_view bytes) {
  return bytes.size() == 2 && (bytes[0] == '\xcc' || (bytes[0] == '\xcd' && bytes[1] <= '\xaf'));
}

// The end of an address of the web or of mail that begins at `at`, or `at`.
std::size_t beyond_address(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find_first_of(" \t\r\n\"<>", at), text.size());
  const std::string_view word = text.substr(at, end - at);
  const bool address = word.find("://") != std::string_view::npos || word.starts_with("www.") ||
                       word.find('@') != std::string_view::npos;
  return address ? end : at;
}

std::vector<Token> cut(std::string_view text) {
  std::vector<Token> all;
  bool space = true, sentence = true;
  for (std::size_t at = 0; at < text.size();) {
    if (at == 0 || std::string_view(" \t\r\n\"<>").contains(text[at - 1]))
      if (const std::size_t end = beyond_address(text, at); end > at) {
        Token sign;
        sign.folded = "@";
        sign.begin = at;
        sign.end = at = end;
        all.push_back(std::move(sign));
        continue;
      }
    const std::size_t bytes =
        std::min(character_bytes(static_cast<unsigned char>(text[at])), text.size() - at);
    const std::string_view raw = text.substr(at, bytes);
    const std::size_t begin = at;
    at += bytes;
    if (is_combining(raw) && !all.empty() && !space && all.back().word()) {
      all.back().end = at;
      continue;
    }
    const std::string folded = fold_character(raw);
    if (folded.empty() || folded == " ") {
      space = true;
      continue;
    }
    const auto kind = is_digits(folded)    ? Token::Kind::number
                      : is_letters(folded) ? Token::Kind::word
                                           : Token::Kind::sign;
    if (!all.empty() && !space && kind != Token::Kind::sign && all.back().kind == kind &&
        all.back().folded.size() < kWordBytes) {
      all.back().folded += folded;
      all.back().end = at;
      continue;
    }
    Token token;
    token.kind = kind;
    token.folded = folded;
    token.begin = begin;
    token.end = at;
    token.glued = !space;
    token.capital = kind == Token::Kind::word &&
                    (bytes == 1 ? raw[0] <= 'Z' : raw[0] == '\xc3' && raw[1] < '\xa0');
    token.opens = sentence;
    if (kind != Token::Kind::sign)
      sentence = false;
    else if (folded == "." || folded == "!" || folded == "?" || folded == ":")
      sentence = true;
    all.push_back(std::move(token));
    space = false;
  }
  for (Token& token : all)
    if (token.number() && token.folded.size() <= 6)
      std::from_chars(token.folded.data(), token.folded.data() + token.folded.size(), token.value);
  return all;
}

// "2m1" is a word; a dash or an apostrophe between two words goes, what it joined is remembered.
std::vector<Token> join(std::vector<Token> cut) {
  std::vector<Token> all;
  for (std::size_t i = 0; i < cut.size(); ++i) {
    const bool between = i > 0 && i + 1 < cut.size() && cut[i].glued && cut[i + 1].glued &&
                         cut[i - 1].word() && cut[i + 1].word();
    if (between && (cut[i].is("-") || cut[i].is("'"))) {
      cut[i + 1].glued = false;
      cut[i + 1].dashed = cut[i].is("-");
      continue;
    }
    if (i + 2 < cut.size() && cut[i].is("2") && cut[i + 1].is("m") && cut[i + 2].is("1") &&
        cut[i + 1].glued && cut[i + 2].glued) {
      Token word = cut[i];
      word.kind = Token::Kind::word;
      word.folded = "demain";
      word.end = cut[i + 2].end;
      all.push_back(std::move(word));
      i += 2;
      continue;
    }
    all.push_back(std::move(cut[i]));
  }
  return all;
}

constexpr auto kCurrency = std::to_array<std::string_view>(
    {"€", "$", "£", "%", "euro", "euros", "eur", "centimes", "km", "kg", "m2", "ko", "mo", "go"});

// What a number names when it follows these: an article, a room, a version.
constexpr auto kNumbering = std::to_array<std::string_view>(
    {"article",     "articles", "art",     "alinea", "numero",  "numeros",  "no",       "n",
     "n°",          "°",        "º",       "page",   "pages",   "chapitre", "titre",    "annexe",
     "formulaire",  "cerfa",    "version", "v",      "lot",     "batiment", "salle",    "etage",
     "appartement", "apt",      "appt",    "porte",  "phase",   "tome",     "dossier",  "reference",
     "ref",         "bp",       "cs",      "cedex",  "chambre", "section",  "parcelle", "guichet",
     "bureau",      "poste",    "ligne",   "bus",    "tram",    "code",     "niveau",   "#",
     "§",           "tel",      "siret",   "siren",  "+",       "fiche",    "insee",    "iban"});

bool in(std::string_view word, auto& list) { return std::ranges::find(list, word) != list.end(); }

bool separates(const Token& token) { return token.is(".") || token.is("-") || token.is("/"); }

// Numbers with the same sign, or only a space, between them. Four or more are a phone number, a
// social security number, an address of a machine.
void block_long_runs(std::vector<Token>& all) {
  for (std::size_t i = 0; i < all.size();) {
    if (!all[i].number()) {
      ++i;
      continue;
    }
    std::size_t last = i, count = 1;
    std::string sign = "?";
    for (std::size_t j = i + 1; j < all.size();) {
      const bool signed_next = j + 1 < all.size() && separates(all[j]) && all[j].glued &&
                               all[j + 1].number() && all[j + 1].glued;
      const std::string here = signed_next ? all[j].folded : all[j].number() ? " " : "";
      if (here.empty() || (sign != "?" && here != sign)) break;
      sign = here;
      last = signed_next ? j + 1 : j;
      j = last + 1;
      ++count;
    }
    if (count >= 4 &&
        !(count == 4 && last + 1 < all.size() && (all[last + 1].is("h") || all[last + 1].is(":"))))
      for (std::size_t j = i; j <= last; ++j) all[j].blocked = true;
    i = last + 1;
  }
}

void block_numbers(std::vector<Token>& all) {
  block_long_runs(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    Token& token = all[i];
    if (!token.number()) continue;
    if (token.digits() > 4) token.blocked = true;
    if (i > 0) {
      const Token& before = all[i - 1];
      // "article 12", "n. 12"; but "bureau 14h30" is a time.
      const bool time =
          i + 1 < all.size() && all[i + 1].glued && (all[i + 1].is("h") || all[i + 1].is(":"));
      const bool pointed = before.is(".") && i > 1 && in(all[i - 2].folded, kNumbering);
      if (!time && (in(before.folded, kNumbering) || pointed)) token.blocked = true;
      // "F1342", "B12": a reference; "h30", "T1", "er" are the grammar's own.
      if (before.word() && token.glued && !joins_number(before.folded)) token.blocked = true;
      if (before.blocked && before.number()) token.blocked = true;
      const bool listed = i > 1 && all[i - 2].blocked && all[i - 2].number();
      if (listed && (before.is("et") || before.is("a") || (separates(before) && before.glued) ||
                     (before.is(",") && token.glued) || before.is(":")))
        token.blocked = true;
    }
  }
  // An amount: also the numbers before its last group ("1 200 €", "25,50 €").
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    if (!all[i].number() || !in(all[i + 1].folded, kCurrency)) continue;
    std::size_t j = i;
    all[j].blocked = true;
    while (j > 0 && (all[j - 1].number() || (j > 1 && all[j].glued && all[j - 1].glued &&
                                             (all[j - 1].is(",") || all[j - 1].is(".")))))
      all[--j].blocked = true;
  }
}

constexpr auto kStreets = std::to_array<std::string_view>(
    {"rue",    "avenue",      "av",    "boulevard", "bd",     "bld",       "place", "quai",
     "square", "impasse",     "allee", "chemin",    "route",  "esplanade", "rond",  "passage",
     "villa",  "residence",   "lycee", "college",   "ecole",  "gymnase",   "stade", "caserne",
     "groupe", "station",     "metro", "sentier",   "ruelle", "promenade", "cite",  "parvis",
     "hameau", "lotissement", "champ", "fontaine"});

constexpr auto kLinks = std::to_array<std::string_view>(
    {"du", "de", "des", "la", "le", "les", "l", "d", "et", "point", "scolaire"});

}  // namespace

std::vector<Token> tokens(std::string_view text) {
  std::vector<Token> all = join(cut(text));
  for (Token& token : all)
    if (token.word()) token.folded = put_right(std::move(token.folded));
  block_numbers(all);
  return all;
}

bool within_name(const std::vector<Token>& tokens, std::size_t at) {
  std::size_t links = 0;
  while (at > 0 && links < 4 && in(tokens[at - 1].folded, kLinks)) --at, ++links;
  if (at == 0) return false;
  const Token& before = tokens[at - 1];
  return in(before.folded, kStreets) && (links > 0 || before.is("rue") || before.is("metro"));
}

}  // namespace parvis::dates
