#include "dialogue/booking_words.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

#include "answer/phrases.hpp"
#include "calendar/words.hpp"
#include "dates/dates.hpp"
#include "dialogue/hear.hpp"
#include "dialogue/reading.hpp"
#include "text/normalise.hpp"
#include "text/personal.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {

using answer::has_phrase;
using answer::Spelling;
using std::chrono::days;
using Words = std::vector<std::string>;

namespace {

constexpr std::string_view kAppointment =
    "rdv|rdvs|rendez vous|rendezvous|rendevous|rendez|randez vous|rende vous|rendes vous|creneau|"
    "creneaux";

// Of others than the town hall.
constexpr std::string_view kElsewhere =
    "prefecture*|sous prefecture*|medecin*|docteur*|dentiste*|hopital*|clinique*|ophtalmo*|caf|"
    "cpam|pole emploi|france travail|impots|banque|consulat|ambassade|tribunal|avocat*|notaire*|"
    "veterinaire*|controle technique|kine*|psy*|coiffeu*|garage|gynecologue*|doctolib|gendarmerie|"
    "commissariat|police|specialiste*|infirmier*|sage femme|radio|irm|scanner|mission locale";

// One that they have or had.
constexpr std::string_view kHad =
    "ai rate|ai manque|ai loupe|ai oublie|avais|avait|avions|ai eu|ai deja|ai un rdv|ai un rendez|"
    "ai rdv|ai rendez|ai pris|avons un|avons rendez|avons rdv|etait|a ete annule|ete annule|pas "
    "recu|a donne un|a annule|en retard|venu a|suis venu*|suis alle*|au rendez vous|mon ancien";

// Whether one is needed, how long it takes to get one.
constexpr std::string_view kAbout =
    "sans rendez|sans rdv|obligatoire*|sur rendez|sur rdv|combien de temps|combien de jours|delai|"
    "delais|faut il|faut un|faut une|faut rdv|faut rendez|faut prendre|fau un|fau rdv|doit on|dois "
    "je|faut avoir|necessaire|c est quoi|pourquoi|qui a un|qui ont un";

constexpr std::string_view kStrong =
    "me faut|me faudrait|nous faut|nous faudrait|je veux|on veut|voudrais|voudrait|voulais|"
    "souhaite*|aimerai*|voudrai*|voulai*|nous voulons|voulons|je veu|jveux|jveu|jvoudrais|besoin d "
    "un|"
    "besoin un|besoin de prendre|desire|faudrait";
constexpr std::string_view kWish =
    "prendre|prends|prend|prenez|prenons|prendrai|reserver|reserve|reservez|fixer|fixez|bloquez|"
    "obtenir|avoir|demande|demander|donne* "
    "moi|me donner|nous donner|donner "
    "un|donnez|trouver|cherche|possible|besoin|poser|programmer|planifier|caler|auriez vous|avez "
    "vous|reste|y a t il|y a|vous avez|comment|rdv pour|vous pour|creneau pour";

// What names no matter of its own.
constexpr std::array<std::string_view, 75> kEmpty = {
    "rdv",     "rdvs",       "rendez",      "vous",       "rendezvous", "creneau",  "creneaux",
    "prendre", "prends",     "prend",       "reserver",   "fixer",      "obtenir",  "mairie",
    "venir",   "passer",     "besoin",      "heure",      "heures",     "jour",     "jours",
    "semaine", "matin",      "midi",        "soir",       "tot",        "tard",     "possible",
    "enfant",  "enfants",    "fils",        "fille",      "filles",     "mari",     "femme",
    "bebe",    "personnes",  "personne",    "famille",    "moi",        "deux",     "trois",
    "quatre",  "urgent",     "vite",        "rapidement", "svp",        "merci",    "bonjour",
    "place",   "disponible", "disponibles", "dispo",      "horaire",    "horaires", "date",
    "dates",   "veux",       "voudrais",    "veu",        "apres",      "plutot",   "autre",
    "nouveau", "rende",      "randez",      "reservez",   "bloquez",    "alors",    "service",
    "parler",  "discuter",   "donner",      "agent",      "aller"};

Words words_of(std::string_view text) { return answer::folded_words(text); }

}  // namespace

bool names_appointment(std::string_view text) {
  return has_phrase(words_of(text), kAppointment, Spelling::careful);
}

bool wants_appointment(std::string_view text) {
  const Words words = words_of(text);
  // "Réservez-moi le 17 décembre vers 15 h": what for was said before.
  if (has_phrase(words, "reservez moi|reserve moi|bloquez moi|reservez le|bloquez le") &&
      !text.contains('?') && !names_matter(text))
    return true;
  const auto place = answer::find_phrase(words, kAppointment, Spelling::careful);
  if (!place || has_phrase(words, kElsewhere) || has_phrase(words, kHad)) return false;
  const AboutBooking about = about_booking(text);
  if (about == AboutBooking::cancel || about == AboutBooking::move) return false;
  if (hear(text).act != Act::ask) return false;
  if (has_phrase(words, kStrong)) return !has_phrase(words, "sans rendez|sans rdv");
  if (has_phrase(words, kAbout) || about != AboutBooking::none) return false;
  if (has_phrase(words, "mon rdv|mon rendez|votre rdv|ce rdv|ce rendez|le rdv d|le rendez vous d"))
    return false;
  if (has_phrase(words, kWish)) return true;
  constexpr std::size_t kBare = 10;  // words: "rdv urbanisme", "bonjour rdv passeport mardi"
  return words.size() <= kBare && (place->begin <= 2 || words.size() <= 4) && !text.ends_with('?');
}

AboutBooking about_booking(std::string_view text) {
  const Words words = words_of(text);
  if (has_phrase(words,
                 "ne peux plus venir|peux plus venir|peux pas venir|pourrai pas venir|"
                 "pourrai plus venir|ne viendrai pas|viendrai pas|viens plus|viens pas|"
                 "pourrais pas venir|peut plus venir|empechement|n irai pas|irai pas|"
                 "annuler|annule|annulez|annulation|anuler|supprimer mon rdv|"
                 "supprimer mon rendez|supprimer le rdv|supprimer le rendez"))
    return AboutBooking::cancel;
  if (has_phrase(words,
                 "decaler|decale|decalez|deplacer|deplace|deplacez|reporter|reporte|"
                 "repousser|avancer mon|avancer le rdv|avancer le rendez|changer d heure|"
                 "changer l heure|changer heure|changer de date|changer date|changer la "
                 "date|changer de jour|changer jour|changer mon rdv|changer mon rendez|"
                 "changer d horaire|changer l horaire|changer horaire|changer le rdv|"
                 "modifier mon rdv|modifier mon rendez|modifier l heure|modifier heure"))
    return AboutBooking::move;
  if (has_phrase(words,
                 "apporter|amener|ramener|emporter|quels papiers|quels documents|quel "
                 "papier|quel document|papiers a|documents a|pieces a|quelles pieces|"
                 "prendre avec moi|venir avec quoi"))
    return AboutBooking::bring;
  if (has_phrase(words,
                 "c est ou|est ou|c ou|ou est ce|ou est|ou ca|ou c est|ou dois|ou faut|quelle "
                 "adresse|l adresse|adresse|comment y aller|comment venir|ou aller|ou se "
                 "passe|ou je dois|ou a lieu|dans quel batiment|quel guichet|acces|parking"))
    return AboutBooking::where;
  if (has_phrase(words,
                 "c est quand|est quand|quand est|quelle heure|quel jour|quelle date|mon rdv "
                 "c est|rappelle moi l heure|rappelez moi la date|rappeler mon rdv|rappeler "
                 "mon rendez"))
    return AboutBooking::when;
  return AboutBooking::none;
}

bool refuses(std::string_view text, AboutBooking about) {
  const Words words = words_of(text);
  if (has_phrase(words,
                 "garder|je garde|je le garde|on garde|garde le|garde mon|gardez|conserver|"
                 "conserve|conservez|maintenir|maintenez|"
                 "maintiens|laissez le|surtout pas|rien changer|changez rien|change rien"))
    return true;
  return about == AboutBooking::cancel
             ? has_phrase(words,
                          "pas _ annuler|plus _ annuler|jamais _ annuler|sans _ annuler|annul* _ "
                          "pas|annul* rien|rien annuler|pas annulation")
             : has_phrase(words,
                          "pas _ deplacer|pas _ decaler|pas _ reporter|pas _ changer|pas _ bouger|"
                          "plus _ deplacer|plus _ decaler|plus _ changer|deplac* _ pas|decal* _ "
                          "pas|report* _ pas|chang* _ pas|boug* _ pas|boug* rien");
}

bool about_something_else(std::string_view text, const std::vector<std::string>& labels) {
  // Elisions are kept: "l'amende" is something, "annuler merci" is not.
  Words words(1);
  for (const char c : text::fold(text))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  constexpr std::string_view kActs =
      "annul*|anul*|supprim*|decal*|deplac*|report*|repouss*|avanc*|chang*|modifi*";
  constexpr std::string_view kBefore =
      "un|une|mon|ma|mes|notre|nos|ce|cette|ces|des|du|de|la|les|le|l|d|son|sa|ses";
  constexpr std::string_view kTheirs =
      "rdv*|rendez*|rende|randez|creneau*|horaire*|heure*|date*|jour*|moment|visite*|venue|"
      "reservation*|passage|entretien|lundi|mardi|mercredi|jeudi|vendredi|samedi|matin|midi|apres|"
      "soir|semaine|premier|deuxieme|dernier|prochain|celui|autre|mien|tout|deux|plus|suite|a|il|"
      "s|svp|stp|merci|car|parce|je|j|si|et|ou|pour|alors|maintenant|finalement|demain|janvier|"
      "fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|nouveau";
  const auto act = answer::find_phrase(words, kActs);
  if (!act) return false;
  std::size_t at = act->end;
  while (at < words.size() && has_phrase({words[at]}, kBefore)) ++at;
  if (at == act->end || at >= words.size() || words[at].empty()) return false;
  const std::string& named = words[at];
  if (std::ranges::all_of(named, [](char c) { return c >= '0' && c <= '9'; })) return false;
  return !has_phrase({named}, kTheirs) &&
         std::ranges::none_of(labels, [&](const std::string& label) {
           return has_phrase(words_of(label), named, Spelling::careful);
         });
}

namespace {

// How many words of a phrase that names something the text has; 0 unless it has all.
std::size_t agrees(std::string_view phrase, const Words& words, const Words& stems) {
  std::size_t count = 0;
  for (const text::Word& word : text::words(phrase)) {
    if (text::is_stop_word(word.folded)) continue;
    const bool met = std::ranges::find(stems, text::stem(word.folded)) != stems.end() ||
                     has_phrase(words, word.folded, Spelling::forgiving);
    if (!met) return 0;
    ++count;
  }
  return count;
}

}  // namespace

namespace {

// Stems of what is named besides the wish, the time and the people.
Words matter_of(std::string_view text) {
  std::string rest(text);
  const auto any = LocalTime(std::chrono::local_days(CivilDate{std::chrono::year(2026) / 1 / 1}));
  const auto found = dates::parse(text, any);
  for (auto each = found.rbegin(); each != found.rend(); ++each)
    rest.replace(each->begin, each->stop - each->begin, " ");
  Words out;
  for (const std::string& stem : hear(rest).own)
    if (std::ranges::none_of(kEmpty,
                             [&](std::string_view word) { return text::stem(word) == stem; }))
      out.push_back(stem);
  // The stem of "mairie" is that of the mayor.
  if (has_phrase(words_of(text), "maire|adjoint|adjointe|elu|elue|elus|president|presidente"))
    out.emplace_back("maire");
  return out;
}

}  // namespace

std::vector<Meant> reasons_meant(const std::vector<const appointment::Agenda*>& agendas,
                                 std::string_view commune, std::string_view text) {
  const Words words = words_of(text), stems = text::terms(text);
  Words telling;  // "je ne peux pas" is no pacs
  std::ranges::copy_if(words, std::back_inserter(telling),
                       [](const std::string& word) { return !text::is_stop_word(word); });
  std::vector<Meant> best;
  std::size_t most = 0;
  const auto take = [&](std::size_t score, const Meant& meant) {
    if (score == 0 || score < most) return;
    if (score > most) best.clear();
    most = score;
    best.push_back(meant);
  };
  for (const appointment::Agenda* agenda : agendas)
    for (const appointment::Reason& reason : agenda->reasons) {
      if (!reason.offered || !agenda->serves(reason, commune)) continue;
      std::size_t score = agrees(reason.label, telling, stems);
      for (const std::string& topic : reason.topics)
        score = std::max(score, agrees(topic, telling, stems));
      take(score, {agenda, &reason});
    }
  if (!best.empty()) return best;
  // "rdv urbanisme": an agenda is named, and nothing else.
  const Words matter = matter_of(text);
  for (const appointment::Agenda* agenda : agendas) {
    std::size_t score = 0;
    const Words title = words_of(agenda->title), title_stems = text::terms(agenda->title);
    const bool all = std::ranges::all_of(matter, [&](const std::string& stem) {
      return std::ranges::find(title_stems, stem) != title_stems.end() ||
             has_phrase(title, stem + "*", Spelling::careful);
    });
    if (!all) continue;
    for (const text::Word& word : text::words(agenda->title)) {
      constexpr std::size_t kShort = 4;
      if (!text::is_stop_word(word.folded) && word.folded.size() >= kShort &&
          has_phrase(words, word.folded, Spelling::careful))
        ++score;
    }
    for (const appointment::Reason& reason : agenda->reasons)
      if (reason.offered && agenda->serves(reason, commune)) take(score, {agenda, &reason});
  }
  return best;
}

bool names_matter(std::string_view text) { return !matter_of(text).empty(); }

namespace {

int number_of(const std::string& word) {
  static const std::map<std::string, int, std::less<>> kNumbers = {
      {"un", 1},   {"une", 1},  {"deux", 2}, {"trois", 3}, {"quatre", 4}, {"cinq", 5}, {"six", 6},
      {"sept", 7}, {"huit", 8}, {"neuf", 9}, {"dix", 10},  {"1", 1},      {"2", 2},    {"3", 3},
      {"4", 4},    {"5", 5},    {"6", 6},    {"7", 7},     {"8", 8},      {"9", 9},    {"10", 10}};
  const auto found = kNumbers.find(word);
  return found == kNumbers.end() ? 0 : found->second;
}

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> all) {
  return std::ranges::find(all, word) != all.end();
}

bool of_family(const std::string& word) {
  return is_one_of(
      word, {"fils",  "fille", "enfant", "mari",   "femme",  "conjoint", "conjointe", "epouse",
             "epoux", "bebe",  "mere",   "pere",   "frere",  "soeur",    "compagne",  "compagnon",
             "ado",   "gamin", "gamine", "copain", "copine", "amie",     "ami",       "maman",
             "papa",  "grand", "petit",  "neveu",  "niece",  "voisin",   "voisine"});
}
bool of_families(const std::string& word) {
  return is_one_of(word, {"enfants", "filles", "parents", "ados", "gamins", "gosses", "garcons",
                          "jumeaux", "jumelles", "bebes", "freres", "soeurs", "petits"});
}

}  // namespace

People people_in(std::string_view text) {
  const Words words = words_of(text);
  People out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const std::string next = i + 1 < words.size() ? words[i + 1] : "";
    const std::string third = i + 2 < words.size() ? words[i + 2] : "";
    // "nous sommes quatre", "on est 3", "on sera cinq", "nous deux", "a trois"
    const bool all_of_us = is_one_of(word, {"sommes", "serons", "nous"}) ||
                           (word == "on" && is_one_of(next, {"est", "sera", "vient"}));
    const std::string& told = word == "on" ? third : next;
    if (all_of_us && number_of(told) > 1) return {.count = number_of(told), .unsure = false};
    if (const int number = number_of(word)) {
      if (is_one_of(next,
                    {"personnes", "personne", "passeports", "cartes", "cni", "titres", "gens"}))
        return {.count = number, .unsure = false};
      if (of_families(next) || of_families(third) || (number == 1 && of_family(next))) {
        out.count += number;
        i += of_families(next) || of_family(next) ? 1 : 2;
      }
      continue;
    }
    if (is_one_of(word, {"mon", "ma", "notre", "son", "sa"}) &&
        (of_family(next) || of_family(third))) {
      ++out.count;
      i += of_family(next) ? 1 : 2;
    } else if (is_one_of(word, {"mes", "nos", "ses", "les"})) {
      if (number_of(next) > 0) continue;  // counted with its number
      if (next == "parents") {
        out.count += 2;
      } else if (of_families(next)) {
        out.unsure = true;
      }
    } else if (word == "moi" &&
               !(i > 0 && is_one_of(words[i - 1], {"donne", "donnez", "dites", "aidez", "pour",
                                                   "chez", "faut", "trouvez"}))) {
      ++out.count;
    } else if (word == "moi" && i > 0 && words[i - 1] == "pour" && next == "et") {
      ++out.count;
    } else if (word == "famille") {
      out.unsure = true;
    }
  }
  if (out.unsure) out.count = 0;
  return out;
}

bool SlotWish::holds(LocalTime start) const {
  const auto day = std::chrono::floor<std::chrono::days>(start);
  const unsigned weekday = std::chrono::weekday(day).iso_encoding() - 1;
  const Minutes time = time_of_day(start);
  if ((days >> weekday & 1U) == 0 || time < from || time >= to) return false;
  return spans.empty() || std::ranges::any_of(spans, [&](const auto& span) {
           return start >= span.first && start < span.second;
         });
}

namespace {

// Nothing but a time of day is said, and no day: "après 17h", "le matin".
bool only_time(std::string_view found) {
  std::string before;
  for (const text::Word& word : text::words(found)) {
    const std::string& w = word.folded;
    const bool digits = std::ranges::all_of(w, [](char c) { return c >= '0' && c <= '9'; });
    if (digits && (before == "le" || before == "au" || before == "du")) return false;
    const bool time =
        (w[0] >= '0' && w[0] <= '9') ||
        is_one_of(w,
                  {"a",     "vers",   "apres",  "avant",   "entre",  "et",    "de",     "des",
                   "jusqu", "partir", "le",     "la",      "les",    "l",     "en",     "dans",
                   "fin",   "debut",  "milieu", "du",      "au",     "matin", "matins", "matinee",
                   "midi",  "soir",   "soiree", "journee", "heures", "heure", "h",      "minuit",
                   "demie", "demi",   "quart",  "environ", "moins"});
    if (!time) return false;
    before = w;
  }
  return true;
}

constexpr std::array<std::string_view, 7> kDays = {"lundi",    "mardi",  "mercredi", "jeudi",
                                                   "vendredi", "samedi", "dimanche"};

// The last words before a place of the text.
Words before(std::string_view text, std::size_t at) { return words_of(text.substr(0, at)); }

}  // namespace

SlotWish slot_wish(std::string_view text, LocalTime now) {
  SlotWish out;
  const Words words = words_of(text);
  unsigned wanted_days = 0, refused = 0;
  for (const dates::Found& found : dates::parse(text, now)) {
    if (found.kind == dates::Kind::none || found.kind == dates::Kind::duration) continue;
    const std::string_view said = text.substr(found.begin, found.stop - found.begin);
    const Words row = words_of(said), ahead = before(text, found.begin);
    unsigned day_bits = 0;
    for (std::size_t i = 0; i < kDays.size(); ++i)
      if (has_phrase(row, std::string(kDays[i]) + "|" + std::string(kDays[i]) + "s"))
        day_bits |= 1U << i;
    const std::string last = ahead.empty() ? "" : ahead.back();
    const bool denied =
        is_one_of(last, {"pas", "sauf", "ni", "hors", "jamais"}) ||
        (ahead.size() > 1 && is_one_of(ahead[ahead.size() - 2], {"pas", "sauf", "ni"}) &&
         is_one_of(last, {"le", "les", "un", "libre", "dispo", "disponible"}));
    if (denied) {
      refused |= day_bits;
      if (day_bits == 0 && only_time(said) && found.start && found.end) {
        // "pas le matin": after it; "pas l'après-midi": before it.
        const Minutes start = time_of_day(*found.start), end = time_of_day(*found.end);
        if (start < Minutes(12 * 60) && end <= Minutes(12 * 60))
          out.from = std::max(out.from, end);
        else
          out.to = std::min(out.to, start);
      }
      continue;
    }
    const bool has_time = found.grain <= dates::Grain::hour;
    if (found.kind == dates::Kind::recurring ||
        (day_bits != 0 && !has_time && (row.size() > 1 || is_one_of(last, {"un", "les"})) &&
         row.size() <= 2 && (is_one_of(row[0], {"un", "les"}) || is_one_of(last, {"un", "les"})))) {
      if (found.rule.contains("DAILY")) continue;
      wanted_days |= day_bits;
      if (has_time && found.start) out.from = std::max(out.from, time_of_day(*found.start));
      if (has_time && found.end && time_of_day(*found.end) > Minutes(0))
        out.to = std::min(out.to, time_of_day(*found.end));
      continue;
    }
    if (has_time && only_time(said)) {
      if (found.kind == dates::Kind::instant) {
        if (found.start) out.at = time_of_day(*found.start);
        continue;
      }
      if (found.start) out.from = std::max(out.from, time_of_day(*found.start));
      if (found.end)
        out.to = time_of_day(*found.end) == Minutes(0) ? Minutes(24 * 60) : time_of_day(*found.end);
      continue;
    }
    if (found.kind == dates::Kind::instant && found.start) {
      const LocalTime day(std::chrono::floor<days>(*found.start));
      if (has_time) out.at = time_of_day(*found.start);
      out.spans.emplace_back(day, day + days(1));
      out.one_day = true;
      continue;
    }
    const LocalTime far = now + days(1000);
    LocalTime begin = found.start.value_or(now), end = found.end.value_or(far);
    // "mardi après 14h" ends with the day.
    if (has_time && found.start && !found.end)
      end = LocalTime(std::chrono::floor<days>(begin)) + days(1);
    if (has_time && found.end && !found.start) begin = LocalTime(std::chrono::floor<days>(end));
    out.spans.emplace_back(begin, end);
    out.one_day = end - begin <= days(1);
  }
  if (out.spans.size() != 1) out.one_day = false;
  if (wanted_days != 0) out.days = wanted_days;
  out.days &= ~refused & 0x7FU;
  if (out.days == 0) out.days = 0x7F;
  if (out.spans.size() == 1) {
    const auto& [begin, end] = out.spans[0];
    if (out.one_day)
      out.words = calendar::date_words(civil_date(begin));
    else if (end < now + days(500))
      out.words = calendar::span_words(civil_date(std::max(begin, now)),
                                       civil_date(end - std::chrono::seconds(1)));
  }
  const bool date = !out.spans.empty();
  out.later = !date &&
              has_phrase(words,
                         "plus tard|apres|ensuite|suivant*|plus loin|d autres|autres "
                         "horaires|autre horaire|autres creneaux|autre creneau|autre "
                         "heure|autre chose|aucun|aucune|me va pas|me vont pas|va "
                         "pas|vont pas|convient pas|conviennent pas|rien ne|rien "
                         "qui|rien me|impossible|pas "
                         "possible|les autres|encore|pas dispo*|pas libre") &&
              !out.limits();
  out.sooner = !date && has_phrase(words, "plus tot|avant|plus vite|plus proche") &&
               !out.limits() && !has_phrase(words, "plus tot possible|plus vite possible");
  out.other_day = !date && has_phrase(words,
                                      "autre jour|autres jours|autre date|autres dates|un "
                                      "autre moment|changer de jour|changer d horaire|changer "
                                      "l horaire|changer horaire");
  out.any = !out.limits() &&
            has_phrase(words,
                       "plus tot possible|plus vite possible|des que possible|importe|peu "
                       "importe|n importe quand|egal|premier disponible|premier libre|premier "
                       "creneau|quand vous voulez|comme vous voulez|au plus vite|asap");
  if (out.any) out.later = out.sooner = false;
  return out;
}

std::optional<std::size_t> ordinal_in(std::string_view text, std::size_t shown) {
  const Words words = words_of(text);
  constexpr std::size_t kShort = 7;
  if (shown == 0 || words.empty() || words.size() > kShort) return std::nullopt;
  if (text.contains('?') ||
      has_phrase(words, "pas|ni|sauf|jamais|quand|quoi|quel*|combien|comment|pourquoi|ou"))
    return std::nullopt;
  if (has_phrase(words, "dernier|derniere")) return shown - 1;
  static constexpr std::array<std::string_view, 3> kPlaces = {
      "premier|premiere|1er|1ere|choix 1|option 1|numero 1|le 1|numero un",
      "deuxieme|second|seconde|2eme|2e|2nd|choix 2|option 2|numero 2|le 2|numero deux",
      "troisieme|3eme|3e|choix 3|option 3|numero 3|le 3|numero trois"};
  static constexpr std::array<std::string_view, 3> kAlone = {"1|un", "2|deux", "3|trois"};
  for (std::size_t i = 0; i < std::min(shown, kPlaces.size()); ++i) {
    if (words.size() == 1 && has_phrase(words, kAlone[i])) return i;
    // "le 2 décembre", "le 3 à 14h30" are dates.
    const auto place = answer::find_phrase(words, kPlaces[i], Spelling::exact);
    if (place && (place->end == words.size() ||
                  has_phrase(words, "premier|premiere|deuxieme|second|seconde|troisieme")))
      if (!has_phrase(words,
                      "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|"
                      "novembre|decembre|jour"))
        return i;
  }
  return std::nullopt;
}

std::string needs_said(std::string_view text, appointment::Needs& needs) {
  const Words words = words_of(text);
  std::string out;
  const auto note = [&](bool& need, std::string_view phrase, std::string_view label) {
    if (need || !has_phrase(words, phrase, Spelling::exact)) return;
    need = true;
    out.append(out.empty() ? "" : ", ").append(label);
  };
  note(
      needs.sign_language,
      "suis sourd|suis sourde|sourd et|sourde et|malentendant*|langue des signes|lsf|est sourd|est "
      "sourde|sourd muet",
      "langue des signes");
  note(needs.step_free,
       "fauteuil roulant|fauteuil|sans marche|sans marches|sans escalier|sans "
       "escaliers|pmr|mobilite "
       "reduite|bequilles|deambulateur|peux pas monter|handicap moteur|poussette",
       "accès sans marche");
  note(needs.companion,
       "serai accompagne|serai accompagnee|suis accompagne|suis accompagnee|viens accompagne|viens "
       "accompagnee|avec mon educateur|avec mon educatrice|avec mon auxiliaire|avec mon tuteur",
       "personne accompagnée");
  if (needs.interpreter.empty())
    if (const auto at = answer::find_phrase(words, "interprete|interpretes|traducteur")) {
      std::size_t next = at->end;
      while (next < words.size() && is_one_of(words[next], {"en", "d", "de", "langue"})) ++next;
      if (next < words.size() && !text::is_stop_word(words[next])) {
        needs.interpreter = words[next];
        out.append(out.empty() ? "" : ", ").append("interprète\u00a0: ").append(words[next]);
      }
    }
  return out;
}

NeedsTold needs_told(std::string_view text) {
  const Words words = words_of(text);
  NeedsTold out;
  const bool drops =
      has_phrase(words,
                 "plus besoin|pas besoin|plus d interprete|pas d interprete|sans "
                 "interprete|ne suis plus|suis plus|serai plus|serai pas|viens pas "
                 "accompagne|viens pas accompagnee|plus en fauteuil|pas en fauteuil");
  out.words = needs_said(text, drops ? out.said.drop : out.said.add);
  // Whatever its language is.
  if (drops && has_phrase(words, "interprete|interpretes|traducteur")) {
    out.said.drop.interpreter = "*";
    if (!out.words.contains("interprète"))
      out.words.append(out.words.empty() ? "" : ", ").append("interprète");
  }
  if (drops && has_phrase(words, "accompagne|accompagnee|accompagnateur")) {
    out.said.drop.companion = true;
    if (!out.words.contains("accompagnée"))
      out.words.append(out.words.empty() ? "" : ", ").append("personne accompagnée");
  }
  return out;
}

std::string name_in(std::string_view text) {
  std::string rest = text::clean(text);
  // Contact details written with it are no part of it.
  const auto spans = text::personal_spans(rest);
  for (auto each = spans.rbegin(); each != spans.rend(); ++each)
    if (each->kind == text::PersonalKind::email || each->kind == text::PersonalKind::phone)
      rest.replace(each->begin, each->end - each->begin, " ");
  rest = text::clean(rest);
  static constexpr std::array<std::string_view, 17> kOpenings = {
      "non, ",    "non ",       "bonjour, ",    "bonjour ",     "alors ",         "je m'appelle ",
      "je suis ", "moi c'est ", "c'est ",       "mon nom est ", "mon nom c'est ", "au nom de ",
      "nom : ",   "pour ",      "je me nomme ", "madame ",      "monsieur "};
  for (bool again = true; again;) {
    again = false;
    const std::string folded = text::fold(rest);
    for (const std::string_view opening : kOpenings)
      if (folded.starts_with(opening)) {
        auto spaces = std::ranges::count(opening, ' ');
        std::size_t at = 0;
        for (; spaces > 0 && at < rest.size(); ++at)
          if (rest[at] == ' ') --spaces;
        rest = rest.substr(at);
        again = true;
        break;
      }
  }
  while (!rest.empty() &&
         (rest.back() == '.' || rest.back() == ',' || rest.back() == ' ' || rest.back() == '!'))
    rest.pop_back();
  const Words words = words_of(rest);
  constexpr std::size_t kWordsMax = 6;
  if (words.empty() || words.size() > kWordsMax || rest.size() > appointment::kNameMax) return {};
  if (rest.find_first_of("?@[]{}<>/=0123456789") != std::string::npos) return {};
  for (const std::string& word : words)
    if (is_one_of(word, {"je",     "tu",      "vous",    "pas",       "est",    "suis",   "veux",
                         "ne",     "quoi",    "comment", "pourquoi",  "rdv",    "oui",    "non",
                         "ok",     "rien",    "merci",   "peux",      "faut",   "quand",  "avez",
                         "ai",     "bof",     "euh",     "quel",      "quelle", "que",    "il",
                         "ca",     "cela",    "sais",    "comprends", "aucun",  "passer", "plutot",
                         "retour", "bonjour", "aide",    "heure",     "demain", "lol",    "mdr"}))
      return {};
  std::size_t letters = 0;
  for (const char c : text::fold(rest)) letters += c >= 'a' && c <= 'z' ? 1 : 0;
  // A name in another script has no such letters.
  if (letters < 2 && text::fold(rest).size() < 4) return {};
  return rest;
}

bool corrects_time(std::string_view text) {
  const Words words = words_of(text);
  return answer::starts_with_phrase(words,
                                    "non|plutot|finalement|en fait|pardon|je prefere|je "
                                    "prefererais|euh non|ah non|attendez") ||
         has_phrase(words,
                    "plutot|prefere|prefererais|changer l heure|changer d heure|changer d "
                    "horaire|changer l horaire|changer horaire|changer heure");
}

bool gives_up(std::string_view text) {
  const Words words = words_of(text);
  return answer::only_phrases(words, {"stop|annuler|annule|annulez|arreter|arrete|arretez|laisse "
                                      "tomber|laissez tomber|laisse|on "
                                      "arrete|je veux arreter|abandonner|abandonne|j "
                                      "abandonne|tant pis|quitter|je ne veux plus|"
                                      "je veux plus|plus besoin|non merci|oubliez|oublie|je n en "
                                      "veux plus|en veux plus|finalement "
                                      "non|non finalement",
                                      "merci|stp|svp|s il vous plait|il vous plait|bon|non|ok|oui|"
                                      "tout|ca|la|le|ma|mon|cette|ce|de|j|on|je|je veux|je "
                                      "voudrais|je souhaite|aimerais|je prefere|finalement|"
                                      "alors|maintenant|faire|continuer|rdv|rendez|vous|demande|"
                                      "demarche|formulaire|dossier|declaration|vous pouvez|ici"}) &&
         has_phrase(words,
                    "stop|annul*|arret*|laiss*|abandonn*|tant pis|quitter|veux plus|plus besoin|"
                    "non merci|oubli*|finalement non|non finalement");
}

bool comes_back(std::string_view text) {
  constexpr std::string_view kBack =
      "reprendre|reprends|reprend|reprenons|continuer|continue|continuons|revenons|fausse alerte";
  const Words words = words_of(text);
  return has_phrase(words, kBack) &&
         answer::only_phrases(
             words,
             {kBack,
              "on|je|veux|voudrais|peut|oui|ok|bon|est bon|maintenant|la demarche|le formulaire|ma "
              "demande|le rdv|mon rdv|le rendez vous|mon rendez vous|merci|svp|peux|a"});
}

bool without_email(std::string_view text) {
  return has_phrase(
      words_of(text),
      "pas d email|pas de mail|pas d e mail|pas d adresse|pas de courriel|pas internet|pas d "
      "internet|pas mail|pas email|aucun mail|aucune adresse|pas de boite mail|sans mail|sans "
      "email|sans adresse|pas e mail|n ai pas|pas de|pas adresse");
}

}  // namespace parvis::dialogue
