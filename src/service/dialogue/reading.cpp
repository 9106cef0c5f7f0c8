#include "dialogue/reading.hpp"

#include <algorithm>
#include <array>

#include "answer/facts.hpp"
#include "answer/phrases.hpp"
#include "dates/dates.hpp"
#include "dialogue/asking.hpp"
#include "dialogue/choices.hpp"
#include "dialogue/hear.hpp"
#include "procedure/values.hpp"
#include "text/normalise.hpp"
#include "text/personal.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {

using answer::Choice;
using procedure::Definition;
using procedure::Field;
using procedure::Form;
using procedure::Type;

namespace {

bool asks_name(const Field& field) {
  return field.autocomplete == "given-name" || field.autocomplete == "family-name";
}

// What follows an opening that the folded text has. Folding drops accents: words are counted, and
// not bytes.
std::string_view after_opening(std::string_view text, std::string_view opening) {
  std::size_t at = 0;
  for (auto left = std::ranges::count(opening, ' '); left > 0 && at < text.size(); ++at)
    if (text[at] == ' ') --left;
  return text.substr(at);
}

// Words around a name or a place that are no part of it.
std::string bare(const Field& field, std::string text) {
  if (field.type != Type::text && field.type != Type::place) return text;
  static constexpr std::array<std::string_view, 7> kOpenings = {
      "c'est ",        "je m'appelle ",   "mon nom est ", "mon prenom est ",
      "il s'appelle ", "elle s'appelle ", "j'habite "};
  static constexpr std::array<std::string_view, 6> kOfNames = {"moi c'est ",
                                                               "je suis ",
                                                               "mon nom c'est ",
                                                               "mon nom de famille est ",
                                                               "mon nom de famille c'est ",
                                                               "je me nomme "};
  const std::string folded = text::fold(text);
  const auto begins = [&](std::string_view opening) { return folded.starts_with(opening); };
  const auto* opening = std::ranges::find_if(kOpenings, begins);
  if (opening == kOpenings.end()) {
    if (!asks_name(field)) return text;
    opening = std::ranges::find_if(kOfNames, begins);
    if (opening == kOfNames.end()) return text;
  }
  return std::string(after_opening(text, *opening));
}

using Read = std::expected<json::value, std::string>;

std::optional<CivilDate> day_in(const Field& field, std::string_view text,
                                const procedure::Moment& moment) {
  const bool past = field.latest.text() == "today";
  const auto found =
      dates::parse(text, moment.now, past ? dates::Prefer::past : dates::Prefer::future);
  std::optional<CivilDate> day;
  for (const dates::Found& each : found) {
    // "hier soir" is a part of one day.
    const bool part = each.kind == dates::Kind::interval && each.start && each.end &&
                      *each.end - *each.start <= std::chrono::hours(24);
    const bool point =
        each.kind == dates::Kind::instant && each.grain <= dates::Grain::day && each.start;
    if (!part && !point) continue;
    if (day) return std::nullopt;  // which of them?
    day = civil_date(*each.start);
  }
  return day;
}

// Stems of a label that name what it is.
std::set<std::string> stems_of(std::string_view text) {
  const std::vector<std::string> terms = text::terms(text);
  return {terms.begin(), terms.end()};
}

double share_of(const std::set<std::string>& wanted, const std::set<std::string>& said) {
  if (wanted.empty()) return 0;
  const auto met =
      std::ranges::count_if(wanted, [&](const std::string& stem) { return said.contains(stem); });
  return static_cast<double>(met) / static_cast<double>(wanted.size());
}

}  // namespace

bool is_sentence_for_name(const Field& field, std::string_view text) {
  constexpr std::size_t kLongest = 8;  // words
  // No name begins so; nor with the second ones, unless each of its words has a capital ("Ma Li").
  constexpr std::string_view kOpens = "mon|mes|notre|votre|pour|avec|mais|cette|pas|plus",
                             kOpensLower = "ma|un|une|on|si|ce|la mere|le pere|la soeur|le frere";
  constexpr std::string_view kHolds =
      "je|il est|elle est|il a|elle a|nous|vous|ils|elles|suis|sommes|etes|sont|avons|avez|veux|"
      "veut|voulez|voudrais|peux|peut|pouvez|comprends|sais pas|est pas|ai pas|ai perdu|ai plus|ai "
      "deja|est mon|est ma|est un|est une|faut|refuse*|demande*|parce que|pourquoi|est ce";
  if (!asks_name(field)) return false;
  const std::string name = bare(field, std::string(text));
  const std::vector<std::string> words = answer::folded_words(name);
  if (words.size() <= 1) return false;
  if (words.size() > kLongest || answer::has_phrase(words, kHolds) ||
      answer::starts_with_phrase(words, kOpens))
    return true;
  bool capitals = true, begins = true;
  for (const char c : name) {
    capitals = capitals && !(begins && c >= 'a' && c <= 'z');
    begins = c == ' ' || c == '-' || c == '\'';
  }
  return !capitals && answer::starts_with_phrase(words, kOpensLower);
}

bool said_as(std::string_view folded, std::initializer_list<std::string_view> ways) {
  return std::ranges::find(ways, folded) != ways.end();
}

std::string corrected(std::string_view text) {
  const std::string folded = text::fold(text);
  if (folded.size() != text.size() && folded.empty()) return {};
  static constexpr std::array<std::string_view, 8> kOpenings = {
      "non, c'est ", "non c'est ", "non, plutot ", "non plutot ",
      "non, ",       "non ",       "pardon, ",     "en fait "};
  for (const std::string_view opening : kOpenings)
    if (folded.starts_with(opening) && folded.size() > opening.size())
      return std::string(after_opening(text, opening));
  return {};
}

namespace {

std::string plain_words(std::string_view text) {
  std::string out = " ";
  for (const text::Word& word : text::words(text)) out.append(word.folded).append(" ");
  return out;
}

// The one option whose label stands in the words, or whose label has the words in it: "c est a
// moi", "au guichet". Of several the longest one that is said; nothing in doubt.
std::optional<std::string> option_said(const std::vector<Choice>& offered, std::string_view text) {
  const std::string said = plain_words(text);
  const Choice* whole = nullptr;
  std::size_t longest = 0;
  bool tie = false;
  for (const Choice& each : offered) {
    const std::string label = plain_words(each.label);
    if (label.size() <= 1 || label.size() < longest || !said.contains(label)) continue;
    tie = label.size() == longest;
    longest = label.size();
    whole = &each;
  }
  if (whole != nullptr) return tie ? std::nullopt : std::optional(whole->value);
  constexpr std::size_t kLeast = 3;  // letters: "de" stands in many labels
  if (said.size() < kLeast + 2) return std::nullopt;
  // Else the one whose label has them, in order or by what they name.
  const std::vector<std::string> terms = text::terms(text);
  for (const bool in_order : {true, false}) {
    const Choice* part = nullptr;
    std::size_t found = 0;
    for (const Choice& each : offered) {
      const std::vector<std::string> own = text::terms(each.label);
      const bool has = in_order ? plain_words(each.label).contains(said)
                                : !terms.empty() && std::ranges::all_of(terms, [&](const auto& t) {
                                    return std::ranges::find(own, t) != own.end();
                                  });
      if (!has) continue;
      part = &each;
      ++found;
    }
    if (found == 1) return part->value;
  }
  return std::nullopt;
}

// Each option of a list that the words name, for a field that takes several.
json::array options_said(const std::vector<Choice>& offered, std::string_view text) {
  const std::vector<std::string> terms = text::terms(text);
  const std::set<std::string> said(terms.begin(), terms.end());
  json::array out;
  for (const Choice& each : offered)
    for (const std::string& term : text::terms(each.label))
      if (said.contains(term)) {
        out.emplace_back(each.value);
        break;
      }
  return out;
}

}  // namespace

bool agrees(std::string_view text) {
  const std::vector<std::string> words = answer::folded_words(text);
  return answer::starts_with_phrase(words,
                                    "oui|je certifie|je engage|atteste|je confirme|je le "
                                    "certifie|certifie") &&
         !text.contains('?') &&
         !answer::has_phrase(words, "mais|sauf|pas|non|attend*|avant|chang*|corrig*|modifi*");
}

bool says_yes(std::string_view text) {
  constexpr std::string_view kYes =
      "oui|ouais|ui|yes|ok|okay|accord|daccord|bien sur|exact|exactement|tout a fait|absolument|"
      "parfait|parfaitement|tres bien|volontiers|est bon|est ca|est bien ca|est bien moi|est "
      "juste|est correct|correct|tout est juste|tout est bon|tout est correct|tout est ok|tout est "
      "exact|tout bon|tout va bien|confirm*|valid*|reserv*|depos*|envoy*|envoie|je prends|je "
      "engage|certifie|atteste|allez y|vas y|est parti|go|me va|me convient|ca marche|nickel|"
      "impec|impeccable|super|voila|pas de probleme|pas de souci|aucun probleme|sans probleme|je "
      "veux bien";
  // No "ce" and no "vous" alone: "est-ce que c'est bon" and "vous confirmez" may ask.
  constexpr std::string_view kAround =
      "merci|merci beaucoup|beaucoup|bien|bon|il vous plait|s il vous plait|il te plait|s il te "
      "plait|svp|stp|le|la|mon|ma|ce rendez vous|ce rdv|rendez vous|rdv|demande|dossier|demarche|"
      "declaration|alors|maintenant|tout|tout de suite|bonjour|madame|monsieur|vous pouvez|tu "
      "peux|je|je vous|on|moi|ca|c|d|et|pour moi|que|est|suis|sur honneur|sur l honneur";
  const std::vector<std::string> words = answer::folded_words(text);
  return answer::only_phrases(words, {kYes, kAround}) && answer::has_phrase(words, kYes);
}

bool confirms(std::string_view text) { return says_yes(text) && !text.contains('?'); }

std::string unmarked(std::string text) {
  for (std::size_t at = 0; (at = text.find('[', at)) != std::string::npos;) {
    const std::size_t end = text.find(']', at);
    if (end == std::string::npos) break;
    if (text.substr(at, end - at).contains("masqu"))
      text.erase(at, end - at + 1);
    else
      at = end;
  }
  return text::clean(text);
}

std::string without_masked(std::string_view text) {
  constexpr std::size_t kLead = 8;  // words
  std::string out(text);
  for (std::size_t at = 0; (at = out.find('[', at)) != std::string::npos;) {
    const std::size_t end = out.find(']', at);
    if (end == std::string::npos) break;
    if (!std::string_view(out).substr(at, end - at).contains("masqu")) {
      at = end;
      continue;
    }
    std::size_t begin = out.find_last_of(",;.:!?(", at);
    begin = begin == std::string::npos ? 0 : begin + 1;
    if (const std::size_t join = out.rfind(" et ", at); join != std::string::npos && join > begin)
      begin = join;
    if (answer::word_count(std::string_view(out).substr(begin, at - begin)) > kLead) begin = at;
    out.erase(begin, end + 1 - begin);
    at = begin;
  }
  return text::terms(out).empty() ? std::string(text) : out;
}

bool is_masked(std::string_view text) { return unmarked(std::string(text)) != text::clean(text); }

Read value_in(const Draft& draft, const Field& field, std::string_view text,
              const json::object& answers) {
  if (field.type == Type::choice || field.type == Type::choices || field.type == Type::yes_no) {
    std::vector<Choice> offered;
    if (field.type == Type::yes_no)
      offered = {{"Oui", "true"}, {"Non", "false"}};
    else
      for (const procedure::Option& option :
           procedure::options_of(*draft.definition, field, answers, draft.moment))
        offered.push_back({option.label, option.value});
    const Heard heard = hear(text);
    if (field.type == Type::yes_no && heard.act == Act::yes) return json::value(true);
    if (field.type == Type::yes_no && heard.act == Act::no) return json::value(false);
    if (field.type == Type::choices && text.find_first_of(", ") != std::string_view::npos)
      if (json::array several = options_said(offered, text); several.size() > 1)
        return procedure::read_json(field, several, draft.moment);
    if (const auto value = option_said(offered, text))
      return procedure::read_typed(field, *value, draft.moment);
    if (const auto at = choice_said(offered, heard))
      return procedure::read_typed(field, offered[*at].value, draft.moment);
  }
  if (field.type == Type::email || field.type == Type::phone) {
    const auto wanted =
        field.type == Type::email ? text::PersonalKind::email : text::PersonalKind::phone;
    for (const text::PersonalSpan& span : text::personal_spans(text))
      if (span.kind == wanted)
        return procedure::read_typed(field, text.substr(span.begin, span.end - span.begin),
                                     draft.moment);
  }
  if (field.type == Type::attestation && (confirms(text) || agrees(text))) return json::value(true);
  Read typed = procedure::read_typed(field, bare(field, std::string(text)), draft.moment);
  if (!typed && field.type == Type::date)
    if (const auto day = day_in(field, text, draft.moment))
      return json::value(format_iso_date(*day));
  if (!typed && (field.type == Type::number || field.type == Type::amount)) {
    // "10 mètres", "environ 35"
    std::optional<json::value> one;
    for (const text::Word& word : text::words(text))
      if (Read number = procedure::read_typed(field, word.folded, draft.moment);
          number && !number->is_null()) {
        if (one) return typed;  // which of them?
        one = std::move(*number);
      }
    if (one) return std::move(*one);
  }
  if (!typed && field.type == Type::postcode)
    for (const text::Word& word : text::words(text))
      if (word.folded.size() == 5)
        if (Read code = procedure::read_typed(field, word.folded, draft.moment)) return code;
  return typed;
}

json::object told_in(const Draft& draft, std::string_view text) {
  json::object told;
  std::set<std::string> said = stems_of(text);
  const auto spans = text::personal_spans(text);
  const auto known = [&](const Field& field) {
    const json::value* value = draft.answers.if_contains(field.id);
    return (value != nullptr && !value->is_null()) || told.contains(field.id);
  };
  bool day_taken = false;
  for (const procedure::Step& step : draft.definition->steps)
    for (const procedure::Page& page : step.pages)
      for (const Field& field : page.fields) {
        if (known(field) && field.type != Type::choice) continue;
        if (field.type == Type::email || field.type == Type::phone) {
          const auto wanted =
              field.type == Type::email ? text::PersonalKind::email : text::PersonalKind::phone;
          for (const text::PersonalSpan& span : spans)
            if (span.kind == wanted && !known(field))
              if (auto value = procedure::read_typed(
                      field, text.substr(span.begin, span.end - span.begin), draft.moment);
                  value && !value->is_null())
                told[field.id] = std::move(*value);
        }
        if (field.type == Type::date && !day_taken)
          if (const auto day = day_in(field, text, draft.moment)) {
            told[field.id] = json::string(format_iso_date(*day));
            day_taken = true;
          }
        if (field.type == Type::choice) {
          // One option is named, and no other as much.
          constexpr double kNamed = 0.6;
          const procedure::Option* named = nullptr;
          double best = 0, second = 0;
          for (const procedure::Option& option : field.options) {
            const double share = share_of(stems_of(option.label), said);
            if (share > best) {
              second = std::exchange(best, share);
              named = &option;
            } else {
              second = std::max(second, share);
            }
          }
          if (named == nullptr || best < kNamed || second >= best) continue;
          if (!known(field)) told[field.id] = json::string(named->value);
          // A word names one answer: "un acte de naissance" does not say "c’est mon acte" too.
          for (const std::string& stem : stems_of(named->label)) said.erase(stem);
        }
      }
  // What bounds and conditions refuse is not taken: it is asked.
  const Form form =
      procedure::evaluate(*draft.definition, merged(draft.answers, told), draft.moment);
  for (const procedure::ShownPage& page : form.pages)
    for (const procedure::Fault& fault : page.faults)
      if (!fault.missing) told.erase(fault.path);
  return told;
}

namespace {

// All that a way of starting says is said, in `least` words or more, and at least that share of
// what is said is it.
const Definition* said_among(const std::vector<std::shared_ptr<const Definition>>& offered,
                             std::string_view message, std::size_t least, double share) {
  const std::set<std::string> said = stems_of(message);
  if (said.empty()) return nullptr;
  const Definition* best = nullptr;
  double most = 0;
  bool tie = false;
  for (const auto& definition : offered)
    for (const std::string& start : definition->starts) {
      const std::set<std::string> wanted = stems_of(start);
      if (wanted.size() < least || share_of(wanted, said) < 1) continue;
      const double own = static_cast<double>(wanted.size()) / static_cast<double>(said.size());
      if (own < share || own < most) continue;
      tie = own == most && best != nullptr && best != definition.get();
      most = own;
      best = definition.get();
    }
  return tie ? nullptr : best;
}

}  // namespace

const Definition* meant(const std::vector<std::shared_ptr<const Definition>>& offered,
                        std::string_view message) {
  // "Changer l’adresse sur ma carte grise" is half a change of address.
  constexpr double kMoreThanHalf = 0.51;
  return said_among(offered, message, 1, kMoreThanHalf);
}

const Definition* touched(const std::vector<std::shared_ptr<const Definition>>& offered,
                          std::string_view message) {
  return said_among(offered, message, 2, 0);
}

const Definition* wanted(const std::vector<std::shared_ptr<const Definition>>& offered,
                         std::string_view sentence) {
  static const std::set<std::string> kWish = stems_of(
      "je veux voudrais souhaite aimerais dois viens désire il faut faire s'il vous plaît bonjour");
  std::set<std::string> said = stems_of(sentence);
  for (const std::string& stem : kWish) said.erase(stem);
  constexpr double kCovered = 0.75;
  constexpr std::size_t kLeast = 2;  // words: one alone names a matter, and not what is to be done
  // Of one way of saying it: words of several may be another matter ("porter plainte").
  constexpr double kOneWay = 0.5;
  const Definition* best = nullptr;
  double most = 0, second = 0;
  for (const auto& definition : offered) {
    std::set<std::string> own = stems_of(definition->title);
    double one_way = share_of(own, said);
    for (const std::string& start : definition->starts) {
      std::set<std::string> way = stems_of(start);
      one_way = std::max(one_way, share_of(way, said));
      own.merge(way);
    }
    const double covered = share_of(said, own);
    if (covered > most) {
      second = std::exchange(most, covered);
      best = one_way >= kOneWay ? definition.get() : nullptr;
    } else {
      second = std::max(second, covered);
    }
  }
  return said.size() >= kLeast && most >= kCovered && second < most ? best : nullptr;
}

}  // namespace parvis::dialogue
