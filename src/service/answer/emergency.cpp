#include "answer/emergency.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

using namespace std::string_view_literals;

struct Danger {
  std::string_view text;
  std::vector<PhoneNumber> numbers;
  // Words that follow each other; '|' separates phrases. Elisions are cut off, accents folded.
  std::string_view phrases;
};

const std::vector<Danger>& dangers() {
  static const std::vector<Danger> all = {
      {"Si une vie est en danger, appelez le 15 maintenant. Restez auprès de la personne et suivez "
       "ce "
       "qu’on vous dit.",
       {{"15", "SAMU"}, {"112", "urgences, partout en Europe"}, {"114", "par SMS ou visio"}},
       "ne respire plus|respire plus|fait un malaise|fais un malaise|fait un avc|arret cardiaque "
       "en "
       "cours|a perdu connaissance|est inconscient|est inconsciente|perd beaucoup de sang|saigne "
       "beaucoup|fait une crise cardiaque|fais une crise cardiaque|avale des medicaments|fait une "
       "overdose|est en train de mourir"},
      {"Éloignez-vous du danger et appelez le 18 ou le 112 maintenant.",
       {{"18", "pompiers"}, {"112", "urgences, partout en Europe"}, {"114", "par SMS ou visio"}},
       "incendie chez moi|incendie dans mon immeuble|feu chez moi|feu dans mon immeuble|maison "
       "brule|"
       "appartement brule|immeuble brule|maison est en feu|appartement est en feu|y a le feu|ca "
       "sent "
       "le gaz|odeur de gaz|fuite de gaz chez moi"},
      {"Si vous êtes en danger, appelez le 17 ou le 112, ou écrivez au 114 par SMS. Le 3919 vous "
       "écoute "
       "jour et nuit, gratuitement.",
       {{"17", "police, gendarmerie"},
        {"114", "par SMS, sans bruit"},
        {"3919", "violences faites aux femmes"},
        {"112", "urgences, partout en Europe"}},
       "il me frappe|elle me frappe|mari me frappe|conjoint me frappe|compagnon me frappe|concubin "
       "me "
       "frappe|copain me frappe|ex me frappe|me tape dessus|il me bat|mari me bat|conjoint me bat|"
       "compagnon me bat|me frappe devant|il va me tuer|veut me tuer|menace de me tuer|me viole|il "
       "me "
       "etrangle|on m agresse|suis en train de me faire agresser|quelqu un essaie de entrer chez "
       "moi|"
       "quelqu un est entre chez moi"},
      {"Vous n’êtes pas seul. Appelez le 3114 : des soignants vous écoutent jour et nuit, "
       "gratuitement. En danger immédiat, appelez le 15 ou le 112.",
       {{"3114", "prévention du suicide"}, {"15", "SAMU"}, {"112", "urgences, partout en Europe"}},
       "envie de mourir|veux mourir|voudrais mourir|veux en finir avec la vie|en finir avec la "
       "vie|me "
       "suicider|vais me tuer|veux me tuer|mettre fin a mes jours|peux plus de vivre|plus envie de "
       "vivre|plus la force de vivre|veut se suicider|va se suicider|tente de se suicider"},
      {"Un enfant est en danger ou risque de l’être : appelez le 119, jour et nuit, gratuitement. "
       "En "
       "danger immédiat, appelez le 17 ou le 112.",
       {{"119", "enfance en danger"}, {"17", "police, gendarmerie"}, {"114", "par SMS ou visio"}},
       "frappe ses enfants|frappe mes enfants|frappe son enfant|bat ses enfants|bat mes "
       "enfants|bat "
       "son enfant|enfant est battu|enfant est frappe|enfants sont battus|maltraite ses enfants|"
       "maltraite mes enfants|abuse de ma fille|abuse de mon fils|abuse de mon enfant|mes parents "
       "me "
       "frappent|pere me frappe|mere me frappe|parents me battent"},
      {"Pour dormir à l’abri ce soir, appelez le 115, jour et nuit, gratuitement. La ligne est "
       "chargée : rappelez plusieurs fois.",
       {{"115", "SAMU social"}, {"112", "urgences, partout en Europe"}},
       "dors dehors|dort dehors|dormons dehors|dormir dehors|suis a la rue|sommes a la rue|dors "
       "dans la "
       "rue|dort dans la rue|dors dans ma voiture|nulle part ou dormir|pas ou dormir|ou dormir ce "
       "soir|sans abri ce soir|a la rue ce soir"},
  };
  return all;
}

// Within one insertion, deletion, substitution or swap.
bool nearly(std::string_view a, std::string_view b) {
  if (a == b) return true;
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  std::size_t i = 0;
  while (i < a.size() && a[i] == b[i]) ++i;
  if (a.size() != b.size()) return a.substr(i) == b.substr(i + 1);
  if (a.substr(i + 1) == b.substr(i + 1)) return true;
  return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] &&
         a.substr(i + 2) == b.substr(i + 2);
}

constexpr std::size_t kMisspelt = 6;  // shorter words must be written right: too many neighbours

bool same_word(std::string_view asked, std::string_view rule) {
  return asked == rule || (rule.size() >= kMisspelt && nearly(asked, rule));
}

// People who tell of a rule, a past or another's book do not tell of a danger now.
constexpr std::array kAfterwards = {"indemnite"sv, "indemnisation"sv, "assurance"sv,
                                    "procedure"sv, "definition"sv,    "article"sv,
                                    "detecteur"sv, "employeur"sv,     "loi"sv};

bool contains(std::span<const text::Word> words, std::string_view phrase) {
  std::vector<std::string_view> rule;
  for (std::size_t at = 0; at <= phrase.size();) {
    const std::size_t end = std::min(phrase.find(' ', at), phrase.size());
    rule.push_back(phrase.substr(at, end - at));
    at = end + 1;
  }
  for (std::size_t begin = 0; begin + rule.size() <= words.size(); ++begin) {
    std::size_t matched = 0;
    while (matched < rule.size() && same_word(words[begin + matched].folded, rule[matched]))
      ++matched;
    if (matched == rule.size()) return true;
  }
  return false;
}

}  // namespace

std::optional<Answer> emergency(std::string_view question) {
  const std::vector<text::Word> words = text::words(question);
  for (const text::Word& word : words)
    if (std::ranges::find(kAfterwards, std::string_view(word.folded)) != kAfterwards.end())
      return std::nullopt;
  for (const Danger& danger : dangers()) {
    for (std::string_view rest = danger.phrases; !rest.empty();) {
      const std::size_t end = std::min(rest.find('|'), rest.size());
      if (contains(words, rest.substr(0, end))) {
        Answer out;
        out.status = Status::emergency;
        out.text = danger.text;
        out.contact = Contact{.name = "Numéros d’urgence",
                              .address = {},
                              .phones = danger.numbers,
                              .email = {},
                              .url = {},
                              .hours = "Jour et nuit",
                              .open = true,
                              .open_words = "Ouvert jour et nuit",
                              .note = {}};
        return out;
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return std::nullopt;
}

}  // namespace parvis::answer
