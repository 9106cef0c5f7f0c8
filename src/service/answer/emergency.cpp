#include "answer/emergency.hpp"

#include <array>
#include <string>
#include <vector>

#include "answer/phrases.hpp"

// Three kinds of phrases. Those of danger are in the present and name what happens to someone: one
// is enough. Those of the past ("il m'a frappée") count with a word of now ("cette nuit"). Against
// both stand the words of somebody who asks about a right, a job or what is over: the official
// sheet then answers better, unless the danger is said to be now.

namespace parvis::answer {
namespace {

struct Danger {
  std::string_view text;
  std::vector<PhoneNumber> numbers;
  std::string_view now;
  std::string_view past;
};

const std::vector<Danger>& dangers() {
  static const PhoneNumber samu{"15", "SAMU"}, police{"17", "police, gendarmerie"},
      fire{"18", "pompiers"}, europe{"112", "urgences, partout en Europe"},
      silent{"114", "par SMS, si vous ne pouvez pas parler ou entendre"};
  static const std::vector<Danger> all = {
      {"Vous n’êtes pas seul. Appelez le 3114 : des soignants vous écoutent jour et nuit, "
       "gratuitement. En danger immédiat, appelez le 15 ou le 112.",
       {{"3114", "prévention du suicide"}, samu, europe, silent},
       "envie de mourir|veux mourir|voudrais mourir|veut mourir|envie de me tuer|"
       "peux plus de vivre|peu plus de vivre|plus envie de vivre|plus la force de vivre|"
       "veux plus vivre|me suicider|se suicider|fin a mes jours|fin a ses jours|vais me tuer|"
       "vai me tue*|veux me tuer|vais me pendre|veux me pendre|en finir avec la vie|veux en finir|"
       "pensees suicidaires|idees suicidaires|foutre en air|plus gout a _ vie|menace de se tuer|"
       "sauter par la fenetre|fait une tentative de suicide",
       "tentative de suicide|pris des cachets"},
      {"Si une vie est en danger, appelez le 15 maintenant. Restez auprès de la personne et suivez "
       "ce qu’on vous dit.",
       {samu, europe, silent},
       "respire plus|respire pas|arrive pas a respirer|arrive plus a respirer|peux plus respirer|"
       "fait un malaise|fais un malaise|fait une crise cardiaque|fais une crise cardiaque|"
       "fait un infarctus|fait un avc|arret cardiaque en cours|fait un arret cardiaque|"
       "est inconscient*|elle inconsciente|il inconscient|a perdu connaissance|perd connaissance|"
       "saigne beaucoup|saigne enormement|saigne de partout|perd beaucoup de sang|"
       "se vide de son sang|est en train de etouffer|en train etouffer|bebe est bleu|"
       "avale de la javel|avale un produit|avale des medicaments|avale une pile|"
       "fait une overdose|fait une crise convulsion*|perdu les eaux|perd les eaux|"
       "en train accoucher|mal a la poitrine|douleur dans la poitrine|gravement blesse|"
       "se reveille plus|reagit plus|en train de mourir",
       "renverse par une voiture|tombe du toit|tombe de echelle"},
      {"Éloignez-vous du danger et appelez le 18 ou le 112 maintenant.",
       {fire, europe, samu, silent},
       "incendie chez|incendie dans mon|incendie dans ma|incendie dans immeuble|feu chez|"
       "feu dans ma|feu dans mon|feu dans immeuble|maison brule|appartement brule|immeuble brule|"
       "cuisine brule|maison est en feu|appartement est en feu|immeuble est en feu|"
       "voiture est en feu|prend feu|a le feu|sent le gaz|odeur de gaz|"
       "fuite de gaz chez|fuite de gaz dans|se noie|en train de se noyer",
       "pris feu|explosion"},
      {"Un enfant est en danger ou risque de l’être : appelez le 119, jour et nuit, gratuitement. "
       "En danger immédiat, appelez le 17 ou le 112.",
       {{"119", "enfance en danger"}, police, silent, europe},
       "frappe _ enfant*|frappe _ bebe|frappe _ fils|frappe _ fille|bat _ enfant*|bat _ fils|"
       "bat _ fille|tape _ enfant*|maltraite _ enfant*|maltraite _ fils|maltraite _ fille|"
       "enfant est maltraite|enfants sont maltraites|enfant est battu|enfants sont battus|"
       "enfant est frappe|enfant est en danger|enfants sont en danger|viole _ fille|viole _ fils|"
       "viole _ enfant|abuse de _ fille|abuse de _ fils|abuse de _ enfant|pere me frappe|"
       "mere me frappe|parents me frappent|parents me battent|pere me bat|mere me bat|"
       "beau pere me touche",
       "enleve mon fils|enleve ma fille|enleve mon enfant"},
      {"Si vous êtes en danger, appelez le 17 ou le 112, ou écrivez au 114 par SMS. Le 3919 vous "
       "écoute jour et nuit, gratuitement.",
       {police, silent, {"3919", "violences faites aux femmes"}, europe},
       "me frappe|me bat|me tape dessus|me cogne|me tabasse|me viole|etrangle|suis battue|"
       "mari est violent|conjoint est violent|compagnon est violent|copain est violent|"
       "peur de mon mari|peur de mon conjoint|peur de mon compagnon|peur de mon copain|"
       "peur de mon ex|frappe ma mere|bat ma mere|frappe sa femme|bat sa femme|frappe ma soeur|"
       "me sequestre|va me tuer|veut me tuer|menace de me tuer|vont me tuer|"
       "essaie _ entrer chez|essaye _ entrer chez|essaie d entrer chez|essaye d entrer chez|"
       "est entre chez moi|train de me cambrioler|train de me voler|train de me faire agresser|"
       "on agresse|me fais agresser|se fait agresser|se fait tabasser|menace avec un couteau|"
       "menace avec une arme|menace avec un fusil|il a un couteau|il a un fusil|il a une arme|"
       "me suit dans la rue|suis en danger|sommes en danger|entends des coups de feu|"
       "tire des coups de feu",
       "a frappe|a frappee|a battu|a battue|a tape dessus|a cogne|a viole|a violee|a etrangle|"
       "cambriole|agresse|agressee"},
      {"Pour dormir à l’abri ce soir, appelez le 115, jour et nuit, gratuitement. La ligne est "
       "chargée : rappelez plusieurs fois.",
       {{"115", "SAMU social"}, samu, europe},
       "dors dehors|dort dehors|dormons dehors|dormir dehors|dors dans la rue|dort dans la rue|"
       "dormir dans la rue|dors dans ma voiture|dort dans sa voiture|dormons dans _ voiture|"
       "suis a la rue|sommes a la rue|a la rue ce soir|nulle part ou dormir|nul part ou dormir|"
       "nulle part ou aller ce soir|pas ou dormir|sais pas ou dormir|ou dormir ce soir|"
       "ou dormir cette nuit|sans abri ce soir|hebergement pour ce soir|hebergement ce soir|"
       "hebergement cette nuit",
       "mis a la porte|mise a la porte|mis dehors|mise dehors"},
      {"Si quelqu’un est en danger, appelez le 112 maintenant. Si vous ne pouvez pas parler, "
       "écrivez au 114 par SMS.",
       {europe, samu, police, fire, silent},
       "au secours|appelez les secours|appelez la police|appelez les pompiers|appelez le samu",
       ""},
  };
  return all;
}

constexpr std::string_view kNow =
    "maintenant|en ce moment|ce soir|cette nuit|ce matin|tout de suite|hier|hier soir|a instant|"
    "aujourd hui|urgent|il y a une heure|aidez moi|au secours|encore";
constexpr std::string_view kRightNow =
    "maintenant|en ce moment|ce soir|cette nuit|tout de suite|au secours|en train";

// Somebody asks about a right, a job, a procedure, or tells what is over.
constexpr std::string_view kAbout =
    "definition|loi|article|code penal|code civil|peine|peines|sanction*|jurisprudence|"
    "assurance*|assureur|indemnit*|indemnis*|remboursement|annee derniere|an dernier|"
    "mois dernier|semaine derniere|an passe|y a * ans|y a * mois|y a * an|en cas de|plainte*|"
    "procedure|proces|tribunal|avocat|condamne*|juge|ordonnance de protection|formation|devenir|"
    "metier|concours|recrutement|salaire|prime|primes|pompier volontaire|pompiers volontaires|"
    "arret maladie|arret de travail|accident du travail|accident de travail|au travail|employeur|"
    "patron|licenci*|conge|conges|cdd|cdi|demission*|loyer|bail|succession|heritage|testament|"
    "obseques|facture|amende|contravention|detecteur|fumee|difference|film|livre|garde a vue|"
    "casier|ceinture*|chien|chat";

// Turns of phrase that only look like danger.
constexpr std::string_view kHarmless =
    "ce qui me frappe|sur les nerfs|plus vivre avec|plus vivre ensemble|plus vivre en|"
    "plus vivre chez|plus vivre dans|de vivre ensemble|de vivre avec|feu rouge|feu vert|"
    "feu tricolore|permis de feu|mal entre mort|intoxication";

}  // namespace

std::optional<Answer> emergency(std::string_view question) {
  const std::vector<std::string> words = folded_words(question);
  if (has_phrase(words, kHarmless)) return std::nullopt;
  const bool now = has_phrase(words, kNow);
  if (has_phrase(words, kAbout) && !has_phrase(words, kRightNow)) return std::nullopt;
  for (const Danger& danger : dangers()) {
    if (!has_phrase(words, danger.now, Spelling::forgiving) &&
        !(now && has_phrase(words, danger.past, Spelling::forgiving)))
      continue;
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
  return std::nullopt;
}

}  // namespace parvis::answer
