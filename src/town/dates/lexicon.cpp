#include "dates/lexicon.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace parvis::dates {
namespace {

constexpr auto kMonths = std::to_array<std::string_view>(
    {"janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
     "octobre", "novembre", "decembre"});
constexpr auto kMonthsShort = std::to_array<std::pair<std::string_view, unsigned>>({{"jan", 1},
                                                                                    {"janv", 1},
                                                                                    {"fev", 2},
                                                                                    {"fevr", 2},
                                                                                    {"mar", 3},
                                                                                    {"avr", 4},
                                                                                    {"jun", 6},
                                                                                    {"jui", 7},
                                                                                    {"juil", 7},
                                                                                    {"juill", 7},
                                                                                    {"jul", 7},
                                                                                    {"aou", 8},
                                                                                    {"sep", 9},
                                                                                    {"sept", 9},
                                                                                    {"septb", 9},
                                                                                    {"oct", 10},
                                                                                    {"nov", 11},
                                                                                    {"novb", 11},
                                                                                    {"dec", 12}});
constexpr auto kWeekdays = std::to_array<std::string_view>(
    {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"});
constexpr auto kWeekdaysShort = std::to_array<std::pair<std::string_view, unsigned>>({{"lun", 0},
                                                                                      {"mar", 1},
                                                                                      {"mer", 2},
                                                                                      {"jeu", 3},
                                                                                      {"ven", 4},
                                                                                      {"vend", 4},
                                                                                      {"sam", 5},
                                                                                      {"dim", 6}});

// Words of French that are one edit away from a name and mean something else.
constexpr auto kOtherWords = std::to_array<std::string_view>(
    {"hardi", "levrier", "avrils", "demaine", "domain", "remain", "lundis", "mardis", "jeudis",
     "samedis", "dimanches", "mercredis", "vendredis", "joudi", "sameda", "avrile"});
// Below this many letters every word has a neighbour.
constexpr std::size_t kLettersToMend = 5;

// One insertion, deletion, replacement, or exchange of neighbours.
bool one_edit(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  const auto at = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  if (a.size() < b.size()) return a.substr(at) == b.substr(at + 1);
  if (at == a.size()) return false;  // equal
  if (a.substr(at + 1) == b.substr(at + 1)) return true;
  return at + 1 < a.size() && a[at] == b[at + 1] && a[at + 1] == b[at] &&
         a.substr(at + 2) == b.substr(at + 2);
}

constexpr auto kUnits = std::to_array<std::pair<std::string_view, Unit>>({
    {"seconde", {Grain::second, 1}},
    {"secondes", {Grain::second, 1}},
    {"sec", {Grain::second, 1}},
    {"secs", {Grain::second, 1}},
    {"s", {Grain::second, 1}},
    {"minute", {Grain::minute, 1}},
    {"minutes", {Grain::minute, 1}},
    {"min", {Grain::minute, 1}},
    {"mins", {Grain::minute, 1}},
    {"mn", {Grain::minute, 1}},
    {"heure", {Grain::hour, 1}},
    {"heures", {Grain::hour, 1}},
    {"h", {Grain::hour, 1}},
    {"jour", {Grain::day, 1}},
    {"jours", {Grain::day, 1}},
    {"journee", {Grain::day, 1}},
    {"journees", {Grain::day, 1}},
    {"j", {Grain::day, 1}},
    {"nuit", {Grain::day, 1}},
    {"nuits", {Grain::day, 1}},
    {"nuitees", {Grain::day, 1}},
    {"semaine", {Grain::week, 1}},
    {"semaines", {Grain::week, 1}},
    {"sem", {Grain::week, 1}},
    {"mois", {Grain::month, 1}},
    {"trimestre", {Grain::quarter, 1}},
    {"trimestres", {Grain::quarter, 1}},
    {"semestre", {Grain::quarter, 2}},
    {"semestres", {Grain::quarter, 2}},
    {"an", {Grain::year, 1}},
    {"ans", {Grain::year, 1}},
    {"annee", {Grain::year, 1}},
    {"annees", {Grain::year, 1}},
});

constexpr auto kNumbers = std::to_array<std::pair<std::string_view, int>>({{"zero", 0},
                                                                           {"un", 1},
                                                                           {"une", 1},
                                                                           {"deux", 2},
                                                                           {"trois", 3},
                                                                           {"quatre", 4},
                                                                           {"cinq", 5},
                                                                           {"six", 6},
                                                                           {"sept", 7},
                                                                           {"huit", 8},
                                                                           {"neuf", 9},
                                                                           {"dix", 10},
                                                                           {"onze", 11},
                                                                           {"douze", 12},
                                                                           {"treize", 13},
                                                                           {"quatorze", 14},
                                                                           {"quinze", 15},
                                                                           {"seize", 16}});
constexpr auto kTens = std::to_array<std::pair<std::string_view, int>>({{"vingt", 20},
                                                                        {"trente", 30},
                                                                        {"quarante", 40},
                                                                        {"cinquante", 50},
                                                                        {"soixante", 60},
                                                                        {"septante", 70},
                                                                        {"huitante", 80},
                                                                        {"octante", 80},
                                                                        {"nonante", 90}});
constexpr auto kOrdinals = std::to_array<std::pair<std::string_view, int>>({{"premier", 1},
                                                                            {"premiere", 1},
                                                                            {"premiers", 1},
                                                                            {"premieres", 1},
                                                                            {"deuxieme", 2},
                                                                            {"second", 2},
                                                                            {"seconde", 2},
                                                                            {"deuxiemes", 2},
                                                                            {"troisieme", 3},
                                                                            {"quatrieme", 4},
                                                                            {"cinquieme", 5},
                                                                            {"sixieme", 6},
                                                                            {"septieme", 7},
                                                                            {"huitieme", 8},
                                                                            {"neuvieme", 9},
                                                                            {"dixieme", 10},
                                                                            {"dernier", -1},
                                                                            {"derniere", -1},
                                                                            {"derniers", -1}});
constexpr auto kEndings = std::to_array<std::string_view>(
    {"er", "ere", "re", "e", "eme", "emes", "es", "nd", "nde", "ier", "iere", "ieme", "d", "ers"});
constexpr auto kParts =
    std::to_array<std::pair<std::string_view, PartOfDay>>({{"matin", PartOfDay::morning},
                                                           {"matins", PartOfDay::morning},
                                                           {"matinee", PartOfDay::morning},
                                                           {"mat", PartOfDay::morning},
                                                           {"aprem", PartOfDay::afternoon},
                                                           {"soir", PartOfDay::evening},
                                                           {"soirs", PartOfDay::evening},
                                                           {"soiree", PartOfDay::evening},
                                                           {"nuit", PartOfDay::night},
                                                           {"nuits", PartOfDay::night}});

constexpr auto kFeasts = std::to_array<Feast>({
    {"lundi de paques", "lundi de Pâques"},
    {"dimanche de paques", "", 0},
    {"lundi de pentecote", "lundi de Pentecôte"},
    {"dimanche de pentecote", "", 49},
    {"jeudi de l ascension", "Ascension"},
    {"dimanche des rameaux", "", -7},
    {"mercredi des cendres", "", -46},
    {"vendredi saint", "", -2},
    {"jeudi saint", "", -3},
    {"mardi gras", "", -47},
    {"paques", "", 0},
    {"pentecote", "", 49},
    {"ascension", "Ascension"},
    {"fete du travail", "fête du Travail"},
    {"fete de la victoire", "8 mai 1945"},
    {"fete nationale", "fête nationale"},
    {"assomption", "Assomption"},
    {"toussaint", "Toussaint"},
    {"jour des morts", "", 0, 11, 2},
    {"armistice", "armistice de 1918"},
    {"noel", "Noël"},
    {"jour de l an", "jour de l’an"},
    {"nouvel an", "jour de l’an"},
    {"premier de l an", "jour de l’an"},
    {"reveillon de noel", "", 0, 12, 24},
    {"saint sylvestre", "", 0, 12, 31},
    {"epiphanie", "", 0, 1, 6},
    {"chandeleur", "", 0, 2, 2},
    {"saint valentin", "", 0, 2, 14},
    {"saint jean", "", 0, 6, 24},
    {"fete de la musique", "", 0, 6, 21},
    {"halloween", "", 0, 10, 31},
});

bool contains(const auto& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

template <typename Value>
std::optional<Value> look_up(std::string_view word, const auto& table) {
  const auto found = std::ranges::find(table, word, [](const auto& row) { return row.first; });
  if (found == std::end(table)) return std::nullopt;
  return found->second;
}

std::optional<Named> named(std::string_view word, const auto& full, const auto& abbreviated,
                           unsigned first) {
  if (const auto at = std::ranges::find(full, word); at != full.end())
    return Named{static_cast<unsigned>(at - full.begin()) + first, Spelling::full};
  if (const auto number = look_up<unsigned>(word, abbreviated))
    return Named{*number, Spelling::abbreviated};
  return std::nullopt;
}

}  // namespace

std::optional<Named> month_name(std::string_view folded) {
  return named(folded, kMonths, kMonthsShort, 1);
}

std::optional<Named> weekday_name(std::string_view folded) {
  if (folded.size() > 5 && folded.ends_with('s')) folded.remove_suffix(1);
  return named(folded, kWeekdays, kWeekdaysShort, 0);
}

std::string put_right(std::string folded) {
  constexpr std::string_view kTomorrow = "demain", kToday = "aujourd";
  static constexpr auto kShort = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"ds", "dans"}, {"jrs", "jours"}, {"jr", "jour"}, {"hr", "heure"}, {"apr", "apres"}});
  for (const auto& [word, whole] : kShort)
    if (folded == word) return std::string(whole);
  if (folded.size() < kLettersToMend || folded == kTomorrow || folded == kToday ||
      weekday_name(folded) || month_name(folded) || contains(kOtherWords, folded))
    return folded;
  std::string_view found;
  const auto look = [&](std::string_view name) {
    if (name.size() < kLettersToMend || !one_edit(folded, name)) return true;
    if (!found.empty() && found != name) return false;
    found = name;
    return true;
  };
  const bool clear = std::ranges::all_of(kMonths, look) && std::ranges::all_of(kWeekdays, look) &&
                     look(kTomorrow) && look(kToday);
  return clear && !found.empty() ? std::string(found) : folded;
}

std::optional<Unit> unit_name(std::string_view folded) { return look_up<Unit>(folded, kUnits); }
std::optional<int> unit_number(std::string_view folded) { return look_up<int>(folded, kNumbers); }
std::optional<int> tens_number(std::string_view folded) { return look_up<int>(folded, kTens); }
std::optional<int> ordinal_word(std::string_view folded) { return look_up<int>(folded, kOrdinals); }
bool is_ordinal_ending(std::string_view folded) { return contains(kEndings, folded); }
std::optional<PartOfDay> part_name(std::string_view folded) {
  return look_up<PartOfDay>(folded, kParts);
}

bool joins_number(std::string_view folded) {
  return folded == "h" || folded == "t" || folded == "s" || folded == "w" || folded == "min" ||
         folded == "mn" || folded == "heures" || folded == "trimestre" || folded == "q" ||
         month_name(folded) || weekday_name(folded);
}

std::span<const Feast> feasts() { return kFeasts; }

}  // namespace parvis::dates
