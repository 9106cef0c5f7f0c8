#include "text/language.hpp"

// clang-format off: compact_lang_det.h uses FILE without including it
#include <cstdio>
#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
// clang-format on
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "text/language_words.hpp"
#include "text/normalise.hpp"

// Latin letters: each tongue gets the weights of its words, of letters that only it writes, and
// cld2's vote; a softmax makes shares of them, and the largest is told when it is sure and more
// than one word says so. Other scripts: the script and its telling letters decide, cld2 helps.
namespace parvis::text {
namespace {

using namespace std::string_view_literals;

constexpr double kSharpness = 3;       // of the softmax: one word more is e³ times as likely
constexpr double kFrenchBefore = 0.7;  // what French has before any word
constexpr double kFrenchSure = 0.55;   // a little more than before any word
constexpr double kFrenchDoubt = 0.1;   // French's share beside a language that is told
constexpr double kAccents = 0.5;       // a word with a letter that only this tongue writes
constexpr double kWordsLeast = 2;      // that make a message foreign; cld2's vote is as good as one
constexpr double kAhead = 0.8;         // foreign grammar over French: its nouns are then borrowed
constexpr double kBorrowed = 0.3;      // and count so much

constexpr double kCyrillicVote = 0.4;      // it takes short Ukrainian for Russian
constexpr double kVote = 1;                // cld2's, when it calls itself reliable
constexpr double kEnglishVote = 0.3;       // it takes French keywords for English
constexpr std::size_t kVoteLetters = 20;   // a vote on fewer weighs less, on more weighs more,
constexpr double kVoteMost = 1.5;          // up to so much
constexpr std::size_t kOtherLetters = 40;  // for cld2 alone to name a language we have no words of,
constexpr double kAloneSure = 0.8;         // and the share that it then needs

constexpr double kScriptSure = 0.95;  // what a script alone is worth
constexpr double kOtherShare = 0.5;   // of the letters, for a script to decide alone
constexpr double kSomeShare = 0.2;    // and beside Latin letters without French grammar
constexpr double kSomeGrammar = 1.2;  // more than the "de" of "titre de séjour"

constexpr auto kFrench = static_cast<std::size_t>(Tongue::french);
constexpr auto kEnglish = static_cast<std::size_t>(Tongue::english);

// The words of a message, as they are and folded.
struct Message {
  std::string plain;  // what cld2 reads
  std::vector<std::string> folded;
  std::vector<std::string> lower;
  std::array<std::size_t, USCRIPT_CODE_LIMIT> letters{};
  std::size_t all = 0;  // letters
  std::size_t latin() const { return letters[USCRIPT_LATIN]; }
};

bool is_apostrophe(UChar32 c) { return c == '\'' || c == 0x2019; }

// "CNI", "CAF": initials are of no language. In a message all in capitals every word may be one.
bool initials(const icu::UnicodeString& word) {
  if (word.length() < 2 || word.length() > 5) return false;
  for (std::int32_t i = 0; i < word.length(); ++i)
    if (u_isUUppercase(word[i]) == 0) return false;
  return true;
}

std::string utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

void add(Message& message, icu::UnicodeString word) {
  for (std::int32_t i = 0; i < word.length();) {
    const UChar32 c = word.char32At(i);
    i += U16_LENGTH(c);
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(c, &status);
    if (u_isalpha(c) == 0 || U_FAILURE(status) || script < 0 || script >= USCRIPT_CODE_LIMIT)
      continue;
    ++message.letters[static_cast<std::size_t>(script)];
    ++message.all;
  }
  message.plain += utf8(word) + ' ';
  message.lower.push_back(utf8(word.toLower()));
  std::string folded = fold(message.lower.back());
  for (std::size_t at; (at = folded.find("ı")) != std::string::npos;)
    folded.replace(at, "ı"sv.size(), "i");
  message.folded.push_back(std::move(folded));
}

// Between two spaces: words, parted by dashes and other signs; an address or a number is none.
bool is_address(const icu::UnicodeString& part) {
  for (std::int32_t i = 0; i < part.length(); ++i)
    if (u_isdigit(part[i]) != 0 || part[i] == u'@' || part[i] == u'/' || part[i] == u'_')
      return true;
  return false;
}

Message read(std::string_view text) {
  Message message;
  const icu::UnicodeString all =
      icu::UnicodeString::fromUTF8(clean(utf8_prefix(text, kLanguageBytes)));
  const bool shouted = icu::UnicodeString(all).toUpper() == all;
  for (std::int32_t begin = 0, end = 0; begin < all.length(); begin = end + 1) {
    end = all.indexOf(u' ', begin);
    if (end < 0) end = all.length();
    if (is_address(all.tempSubStringBetween(begin, end))) continue;
    icu::UnicodeString word;
    for (std::int32_t i = begin; i <= end;) {
      const UChar32 c = i < end ? all.char32At(i) : u' ';
      i += U16_LENGTH(c);
      if (u_isalpha(c) != 0 || u_getCombiningClass(c) != 0 ||
          (is_apostrophe(c) && !word.isEmpty())) {
        word.append(c);
        continue;
      }
      while (!word.isEmpty() && is_apostrophe(word[word.length() - 1]))
        word.truncate(word.length() - 1);
      if (!word.isEmpty() && (shouted || !initials(word))) add(message, word);
      word.remove();
    }
  }
  return message;
}

// cld2's code of the language; "" when it is not reliable.
std::string_view vote(const Message& message) {
  CLD2::Language three[3];
  int percent[3], bytes = 0;
  double scores[3];
  bool reliable = false;
  const CLD2::CLDHints none{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  const CLD2::Language language = CLD2::ExtDetectLanguageSummary(
      message.plain.data(), static_cast<int>(message.plain.size()), true, &none, 0, three, percent,
      scores, nullptr, &bytes, &reliable);
  if (!reliable || language == CLD2::UNKNOWN_LANGUAGE) return "";
  return CLD2::LanguageCode(language);
}

struct Named {
  Language language;
  std::string_view code;
};
constexpr std::array<Named, kTongues> kNamed = {{{Language::french, "fr"},
                                                 {Language::english, "en"},
                                                 {Language::spanish, "es"},
                                                 {Language::portuguese, "pt"},
                                                 {Language::turkish, "tr"},
                                                 {Language::romanian, "ro"},
                                                 {Language::other, "it"},
                                                 {Language::other, "de"}}};

// Beside another script, cld2 may read the Latin letters: that is no code of an `other`.
std::string_view vote_of_other(const Message& message) {
  const std::string_view code = vote(message);
  return std::ranges::find(kNamed, code, &Named::code) == kNamed.end() ? code : "";
}

// Letters that, of the eight tongues, only this one writes.
std::string_view own_letters(Tongue tongue) {
  switch (tongue) {
    case Tongue::french:
      return "èùœû";
    case Tongue::spanish:
      return "ñ";
    case Tongue::portuguese:
      return "ãõ";
    case Tongue::turkish:
      return "ğış";
    case Tongue::romanian:
      return "ășțţ";
    case Tongue::german:
      return "ßä";
    default:
      return "";
  }
}

bool has_one_of(std::string_view word, std::string_view letters) {
  for (std::size_t i = 0; i < letters.size(); i += 2)  // each of two bytes
    if (word.contains(letters.substr(i, 2))) return true;
  return false;
}

// A Latin letter that none of the eight tongues writes: Polish, Vietnamese, Czech…
bool strange(std::string_view lower) {
  static const icu::UnicodeString known =
      icu::UnicodeString::fromUTF8("àáâãäăåæçèéêëìíîïıñòóôõöœșşțţùúûüğßÿ\u0307");
  const icu::UnicodeString word = icu::UnicodeString::fromUTF8(
      icu::StringPiece(lower.data(), static_cast<std::int32_t>(lower.size())));
  for (std::int32_t i = 0; i < word.length(); ++i)
    if (word[i] >= 0x80 && !is_apostrophe(word[i]) && known.indexOf(word[i]) < 0) return true;
  return false;
}

// What the words say for each tongue, and of it what grammar says: the rest are nouns, which
// travel.
struct Tally {
  std::array<double, kTongues> all{}, grammar{}, words{};
  double strange = 0;  // words with a letter that none of the tongues writes
  bool add(std::string_view folded) {
    const Weights weights = weights_of(folded);
    for (std::size_t t = 0; t < kTongues; ++t) {
      all[t] += weights.all[t];
      grammar[t] += weights.grammar[t];
      words[t] += weights.all[t] > 0 ? 1 : 0;
    }
    return weights.known;
  }
};

Tally tally(const Message& message) {
  Tally out;
  for (std::size_t i = 0; i < message.folded.size(); ++i) {
    const std::string_view folded = message.folded[i];
    if (strange(message.lower[i])) {  // folding would make French "toi" of it
      ++out.strange;
      continue;
    }
    if (!out.add(folded) && folded.contains('\''))
      for (std::string_view rest = folded; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\''), rest.size());  // "l'acte"
        out.add(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    for (std::size_t t = 0; t < kTongues; ++t)
      if (has_one_of(message.lower[i], own_letters(static_cast<Tongue>(t)))) {
        out.all[t] += kAccents;
        out.words[t] += kAccents;
      }
  }
  return out;
}

LanguageGuess latin(const Message& message, const Tally& said) {
  std::array<double, kTongues> score = said.all, words = said.words;
  const std::string_view code = vote(message);
  const double length =
      std::min(kVoteMost, static_cast<double>(message.all) / static_cast<double>(kVoteLetters));
  bool ours = false;
  for (std::size_t t = 0; t < kTongues; ++t) {
    if (code != kNamed[t].code) continue;
    ours = true;
    score[t] += t == kFrench ? kVote : t == kEnglish ? kEnglishVote : kVote * length;
    if (t != kFrench && t != kEnglish) words[t] += 1;
  }
  double other = kAccents * said.strange;
  if (!code.empty() && !ours && message.all >= kOtherLetters) other += 2 * length;
  // "mi titre de séjour caduca": who lives in France uses its nouns in any language.
  const double foreign_grammar = *std::max_element(said.grammar.begin() + 1, said.grammar.end());
  if (foreign_grammar >= said.grammar[kFrench] + kAhead)
    score[kFrench] = said.grammar[kFrench] + kBorrowed * (score[kFrench] - said.grammar[kFrench]);
  score[kFrench] += kFrenchBefore;

  const double top = std::max(other, *std::ranges::max_element(score));
  double sum = std::exp(kSharpness * (other - top));
  for (const double s : score) sum += std::exp(kSharpness * (s - top));
  const auto share = [&](double s) { return std::exp(kSharpness * (s - top)) / sum; };
  const auto best = static_cast<std::size_t>(std::ranges::max_element(score) - score.begin());
  if (other > score[best])
    return share(other) >= kAloneSure && said.strange + (ours ? 0 : 2) >= kWordsLeast
               ? LanguageGuess{Language::other, ours ? ""sv : code, share(other)}
               : LanguageGuess{};
  const double sure = share(score[best]);
  if (best == kFrench)
    return sure >= kFrenchSure ? LanguageGuess{Language::french, "fr", sure} : LanguageGuess{};
  // One word may be borrowed.
  if (sure < kLanguageSure || share(score[kFrench]) > kFrenchDoubt || words[best] < kWordsLeast)
    return {};
  return {kNamed[best].language, kNamed[best].code, sure};
}

// Letters that Persian, Urdu, Pashto or Kurdish writes and Arabic does not.
LanguageGuess arabic(const Message& message) {
  std::string_view code = "ar";
  const auto holds = [&](std::string_view letters) { return has_one_of(message.plain, letters); };
  const std::string_view voted = vote_of_other(message);
  if (holds("ټډړښڼې"))
    code = "ps";
  else if (holds("ٹڈڑںے"))
    code = "ur";
  else if (holds("ڕڵێۆ"))
    code = "ku";
  else if (holds("پچژگ") && voted != "ar")
    code = "fa";
  else if (holds("کی") && voted != "ar")
    code = voted.empty() ? "fa" : voted;
  else if (voted == "fa" || voted == "ur" || voted == "ps")
    code = voted;
  return {code == "ar" ? Language::arabic : Language::other, code, kScriptSure};
}

LanguageGuess cyrillic(const Message& message) {
  double ukrainian = 0, russian = 0, neither = 0;
  for (const std::string& word : message.lower) {
    const bool uk = has_one_of(word, "іїєґ"), ru = has_one_of(word, "ыэъё");
    const Slavic slavic = slavic_word(word);
    // Ukrainian infinitives; the Russian words with that end are in its list.
    const bool infinitive = word.size() > 10 && (word.ends_with("ти") || word.ends_with("тися"));
    ukrainian += (uk || infinitive ? 1 : 0) + (slavic == Slavic::ukrainian ? 1 : 0);
    russian += (ru ? 1 : 0) + (slavic == Slavic::russian ? 1 : 0);
    neither += has_one_of(word, "ўјљњћђџқғңұүө") ? 2 : 0;
  }
  const std::string_view code = vote_of_other(message);
  if (code == "uk")
    ukrainian += kCyrillicVote;
  else if (code == "ru")
    russian += kCyrillicVote;
  else if (!code.empty())
    neither += kCyrillicVote;
  const double sum = std::exp(kSharpness * ukrainian) + std::exp(kSharpness * russian) +
                     std::exp(kSharpness * neither);
  const double share = std::exp(kSharpness * ukrainian) / sum;
  if (ukrainian >= 1 && share >= kLanguageSure) return {Language::ukrainian, "uk", share};
  const bool is_russian = russian >= 1 && russian > ukrainian && russian >= neither;
  return {Language::other, is_russian ? "ru"sv : neither > ukrainian ? code : ""sv, kScriptSure};
}

// Scripts of one language that people in France write; others are told by cld2.
struct ScriptName {
  UScriptCode script;
  std::string_view code;
};
constexpr auto kScripts = std::to_array<ScriptName>({{USCRIPT_GREEK, "el"},
                                                     {USCRIPT_HEBREW, "he"},
                                                     {USCRIPT_GEORGIAN, "ka"},
                                                     {USCRIPT_ARMENIAN, "hy"},
                                                     {USCRIPT_THAI, "th"},
                                                     {USCRIPT_LAO, "lo"},
                                                     {USCRIPT_KHMER, "km"},
                                                     {USCRIPT_HANGUL, "ko"},
                                                     {USCRIPT_HIRAGANA, "ja"},
                                                     {USCRIPT_KATAKANA, "ja"},
                                                     {USCRIPT_HAN, "zh"},
                                                     {USCRIPT_BENGALI, "bn"},
                                                     {USCRIPT_TAMIL, "ta"},
                                                     {USCRIPT_SINHALA, "si"},
                                                     {USCRIPT_GURMUKHI, "pa"}});

LanguageGuess by_script(const Message& message) {
  std::size_t most = 0;
  for (std::size_t s = 0; s < message.letters.size(); ++s)
    if (s != USCRIPT_LATIN && s != USCRIPT_COMMON && s != USCRIPT_INHERITED &&
        message.letters[s] > message.letters[most])
      most = s;
  if (most == USCRIPT_ARABIC) return arabic(message);
  if (most == USCRIPT_CYRILLIC) return cyrillic(message);
  // Japanese writes Chinese characters too.
  if (message.letters[USCRIPT_HIRAGANA] + message.letters[USCRIPT_KATAKANA] > 0)
    return {Language::other, "ja", kScriptSure};
  for (const ScriptName& name : kScripts)
    if (static_cast<std::size_t>(name.script) == most)
      return {Language::other, name.code, kScriptSure};
  return {Language::other, vote_of_other(message), kScriptSure};
}

}  // namespace

LanguageGuess language_of(std::string_view text) {
  const Message message = read(text);
  if (message.all < 2) return {};
  const auto foreign =
      static_cast<double>(message.all - message.latin()) / static_cast<double>(message.all);
  if (foreign >= kOtherShare) return by_script(message);
  const Tally said = tally(message);
  if (foreign >= kSomeShare && said.grammar[kFrench] < kSomeGrammar) return by_script(message);
  return latin(message, said);
}

bool is_foreign(Language language) {
  return language != Language::french && language != Language::unknown;
}

}  // namespace parvis::text
