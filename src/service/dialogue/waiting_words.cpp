#include "dialogue/waiting_words.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "answer/phrases.hpp"
#include "calendar/words.hpp"
#include "dates/dates.hpp"
#include "text/normalise.hpp"

namespace parvis::dialogue {

using answer::folded_words;
using answer::has_phrase;

namespace {

constexpr std::string_view kList = "liste d attente|liste attente|listes d attente|file d attente";
constexpr std::array<std::string_view, 7> kDays = {"lundi",    "mardi",  "mercredi", "jeudi",
                                                   "vendredi", "samedi", "dimanche"};
constexpr unsigned kAllDays = 0x7F, kWeekend = 0x60, kWorkingDays = 0x1F, kBothHalves = 3;

// "jusqu'au 15 janvier", "avant le 20": where it begins, and the day it names.
struct Until {
  std::size_t begin = std::string_view::npos;
  std::optional<CivilDate> day = {};
};
Until until_in(std::string_view text, LocalTime now) {
  Until out;
  for (const std::string_view word : {"jusqu", "avant"})
    out.begin = std::min(out.begin, text.find(word));
  if (out.begin == std::string_view::npos) return out;
  for (const dates::Found& found : dates::parse(text.substr(out.begin), now)) {
    if (found.kind == dates::Kind::none || found.kind == dates::Kind::duration ||
        found.kind == dates::Kind::recurring || found.grain <= dates::Grain::hour)
      continue;
    // An open span ends with its day; any other date is the last one.
    if (!found.start && found.end)
      out.day = civil_date(*found.end - std::chrono::seconds(1));
    else if (found.start)
      out.day = civil_date(*found.start);
    if (out.day) return out;
  }
  return {};
}

}  // namespace

bool names_list(std::string_view text) {
  const auto row = folded_words(text);
  return has_phrase(row, kList) &&
         !has_phrase(row,
                     "pas la liste|pas de liste|pas sur la liste|pas etre|pas m inscri*|plutot que "
                     "la liste|quitter|quitte|quittez");
}

bool asks_for_list(std::string_view text) {
  const auto row = folded_words(text);
  return names_list(text) &&
         has_phrase(row,
                    "inscri*|mettre|mettez|mets|ajout*|rejoindre|entrer|etre sur|attendre|"
                    "prevenez|prevenir|aller sur|veux|voudrais|souhaite");
}

bool leaves_list(std::string_view text) {
  const auto row = folded_words(text);
  if (!has_phrase(row, kList)) return false;
  if (has_phrase(row, "plus attendre|plus etre|plus la liste|plus sur")) return true;
  return has_phrase(row,
                    "quitter|quitte|quittez|retir*|enlev*|desinscri*|sortir|sors|sortez|annul*|"
                    "supprim*|radi*") &&
         !has_phrase(row, "pas|ne");
}

WaitWish wait_wish(std::string_view text, LocalTime now) {
  WaitWish out;
  const Until until = until_in(text, now);
  out.until = until.day;
  const auto row =
      folded_words(until.day ? text.substr(0, std::min(text.size(), until.begin)) : text);
  unsigned wanted = 0, refused = 0, parts = 0, not_parts = 0;
  bool denied = false;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string& word = row[i];
    const std::string next = i + 1 < row.size() ? row[i + 1] : "";
    if (word == "pas" || word == "sauf" || word == "hors" || word == "ni" || word == "jamais")
      denied = true;
    else if (word == "mais" || word == "plutot" || word == "sinon")
      denied = false;
    for (unsigned day = 0; day < kDays.size(); ++day)
      if (word == kDays[day] || word == std::string(kDays[day]) + "s")
        (denied ? refused : wanted) |= 1U << day;
    if (word == "weekend" || word == "weekends" || (word == "week" && next.starts_with("end")))
      (denied ? refused : wanted) |= kWeekend;
    if (word == "matin" || word == "matins" || word == "matinee" || word == "matinees" ||
        (word == "avant" && next == "midi"))
      (denied ? not_parts : parts) |= 1U;
    if (word == "aprem" || word == "aprems" || word == "apresmidi" || word == "soir" ||
        word == "soirs" || (word == "apres" && next.starts_with("midi")))
      (denied ? not_parts : parts) |= 2U;
  }
  if (wanted == 0 && has_phrase(row, "en semaine|jours ouvr*")) wanted = kWorkingDays;
  const bool any =
      has_phrase(row,
                 "tous|toutes|toujours|importe|egal|tout le temps|quand vous voulez|tout me va|"
                 "tout convient|tout va");
  out.days = wanted != 0 ? wanted & ~refused : kAllDays & ~refused;
  out.halves = parts != 0 ? parts : kBothHalves & ~not_parts;
  out.when = any || (wanted | refused | parts | not_parts) != 0;
  // All of it refused is nothing that the list can hold.
  if (out.days == 0 || out.halves == 0) return {.until = out.until};
  return out;
}

std::string wait_words(unsigned days, unsigned halves, const std::optional<CivilDate>& until) {
  std::string out;
  if ((days & kAllDays) == kAllDays) {
    out = "tous les jours";
  } else {
    const int count = std::popcount(days & kAllDays);
    int said = 0;
    for (unsigned day = 0; day < kDays.size(); ++day) {
      if ((days >> day & 1U) == 0) continue;
      ++said;
      out.append(said == 1 ? "" : said == count ? " ou " : ", ").append(kDays[day]);
    }
  }
  if (halves == 1) out += ", le matin";
  if (halves == 2) out += ", l’après-midi";
  if (until) out += ", jusqu’au " + calendar::date_words(*until);
  return out;
}

}  // namespace parvis::dialogue
