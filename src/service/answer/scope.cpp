#include "answer/scope.hpp"

#include <array>

#include "answer/phrases.hpp"

namespace parvis::answer {
namespace {

struct Outside {
  std::string_view phrases;
  std::string_view unless;
  std::string_view reply;
};

constexpr std::array kOutside = {
    Outside{"meteo|quel temps fait*|quel temps il fait|quel temps va|temps qu il fait|"
            "va t il pleuvoir|il va pleuvoir|prevision* meteo*|temperature demain",
            "intemperies|chomage|travail|calamite*|catastrophe",
            "Je ne donne pas la météo. Voyez Météo-France, ou posez-moi une question sur vos "
            "démarches."},
    Outside{"recette de|recette du|recette pour|comment cuisiner|comment faire un gateau|"
            "comment faire des crepes|cuisson de|gateau au|pate a crepe*",
            "recette municipal*|recettes fiscales|impot*|fisc*|entreprise|vendre|regie*",
            "Je ne donne pas de recettes de cuisine. Je réponds sur vos droits, vos démarches et "
            "les services de la mairie."},
    Outside{
        "score du match|qui a gagne le match|resultat* du match|resultat* du foot|"
        "resultat* ligue 1|ligue des champions|coupe du monde|qui a gagne la coupe|"
        "equipe de france de",
        "billet|visa|remboursement",
        "Je ne suis pas les résultats sportifs. Je réponds sur vos droits, vos démarches et les "
        "services de la mairie."},
    Outside{
        "ecris _ code|ecrire _ code python|code python|code javascript|script python|"
        "programme en python|en javascript|fonction python|ecris moi un poeme|ecris un poeme|"
        "raconte _ blague|raconte * blague|raconte * * blague|raconte * * * blague|histoire "
        "drole|fais moi rire|faites moi "
        "rire|raconte "
        "moi "
        "une histoire|fais mes devoirs|resous cette equation|"
        "racine carree|traduis en anglais|traduis moi|dissert*|mes devoirs|mon devoir de|ma "
        "redaction",
        "formation",
        "Je ne sais pas faire cela. Je réponds sur vos droits, vos démarches et les services de "
        "la mairie."},
    Outside{
        "pour qui voter|pour qui dois voter|pour qui faut voter|pour qui il faut voter|pour qui "
        "je dois voter|pour qui je vote|pour qui on vote|tu penses quoi d*|vous pensez quoi d*|"
        "tu en penses quoi|quel parti|que penses tu d*|"
        "que pensez vous d*|ton avis sur|votre avis sur|meilleur president|"
        "meilleur candidat|macron est|es tu de gauche|es tu de droite|"
        "de quel bord|quel bord politique|quelle couleur politique|de quel parti|est il de "
        "droite|est "
        "il de gauche|faut il voter pour|voter pour qui|tu votes|tu voterais|voterais tu|vous "
        "voteriez|voteriez "
        "vous|trouve* comment le maire|maire est il honnete|maire est "
        "honnete|maire est corrompu|bon maire|vous votez pour|voterais pour|votes pour qui",
        "procuration|carte electorale|inscri*|bureau de vote|prime|loi macron",
        "Je ne donne pas d’avis politique. Je peux vous aider pour votre inscription ou votre "
        "procuration."},
    Outside{"horoscope|numeros du loto|loto de ce soir|resultat* du loto|signe astrologique|"
            "cours du bitcoin|prix du bitcoin|acheter des bitcoin*|"
            "quel film|quelle serie|programme tele",
            "impot*|declar*|redevance|arnaque",
            "Je ne réponds pas à cela. Je réponds sur vos droits, vos démarches et les services de "
            "la mairie."},
};

// The services that a commune runs or hosts; what people ask the hours and phone of.
constexpr std::string_view kPlaces =
    "mairie|mairies|dechetterie|decheterie|dechetteries|bibliotheque|mediatheque|piscine|ccas|"
    "hotel de ville|service urbanisme|etat civil|police municipale|cimetiere|marche|"
    "maison france services|france services|creche|cantine|centre de loisirs|gymnase|salle des "
    "fetes|office de tourisme|poste|prefecture|sous prefecture|caf|cpam|pole emploi|impots|"
    "tresorerie|gendarmerie|commissariat|tribunal|hopital";
constexpr std::string_view kAsks =
    "horaire*|heures d ouverture|heures ouverture|heure d ouverture|heure ouverture|ouvert|"
    "ouverte|ouverts|ouvre|ouvrent|ouvrez|fermez|un numero|ferme|fermee|fermes|ferment|numero de "
    "telephone|numero de tel|"
    "telephone d*|tel de|numero d*|adresse d*|adresse mail|joindre|appeler|contacter|coordonnees|"
    "mail de|email|peux passer|puis passer|puis je passer|peut passer|passer voir|peux venir|puis "
    "je "
    "venir|peux aller|ou se trouve|ou se situe|ou est|quelle heure|il quelquun|y a quelquun|ya "
    "quelquun";
// Kept by an office that has other hours: the town's own page says when they are open.
constexpr std::string_view kWithoutDesk = "marche|cantine|salle des fetes|cimetiere";
constexpr std::string_view kHours =
    "horaire*|heures d ouverture|heures ouverture|ouvert*|ouvre*|ferme*|quelle heure";
// Who cannot do it online, or would not alone, gets somebody to do it with.
constexpr std::string_view kOffline =
    "comprends rien a internet|connais rien a internet|internet y comprends rien|internet y "
    "connais "
    "rien|internet je comprends rien|pas internet|plus internet|pas acces a internet|pas "
    "ordinateur|sais pas me servir d|sais pas utiliser internet|sais pas utiliser un ordinateur|"
    "pas a aise avec internet|pas a aise avec informatique|rien a informatique|moi et "
    "informatique|aider a remplir|aide pour remplir|aide a remplir|remplir avec moi|aide numerique|"
    "conseiller numerique|mediateur numerique";
constexpr std::string_view kOfflineService = "aide numérique france services";
// Not a question about a place, though its words are there.
constexpr std::string_view kNotAPlace =
    "numero de securite|numero fiscal|numero siret|numero allocataire|numero d allocataire|"
    "changement d adresse|changer d adresse|changement adresse|changer adresse|horaires de travail|"
    "compte ouvert|dossier|plainte|jugement|facture|convocation|contravention";
constexpr std::string_view kTownThings =
    "statue*|fontaine*|sculpture*|monument aux morts|feu _ artifice|feux _ artifice|kermesse|"
    "brocante*|braderie|fete _ ville|fete communale|fete _ village|fete patronale|fete foraine|"
    "fete _ musique|carnaval|concert*|festival*|marche de noel|illuminations|jumelage|ville "
    "jumelle|"
    "conseil municipal|budget de la commune|budget de la ville|budget de la mairie|dette de la "
    "commune|dette de la ville|nombre d habitants|combien habitants|combien d habitants|combien on "
    "est habitants|histoire de la ville|histoire de la commune|histoire du village";
constexpr std::string_view kTownDid =
    "la commune a|la ville a|la municipalite a|la commune va|la ville va|la municipalite va|le "
    "village a|le maire a _ depense*|le maire a _ construit*|la mairie a _ plante*|la mairie a _ "
    "construit*|la mairie a _ depense*";
constexpr std::string_view kAsksFact =
    "qui a|qui est|qui etait|quand|quel jour|quelle date|quelle heure|horaire*|programme|combien|"
    "pourquoi|en quelle annee|date d*";
// A right, or what somebody wants to do.
constexpr std::string_view kAsksRight =
    "quand meme|suis je|dois je|indemnis*|droit|autorisation*|organiser|organise|organisons|puis "
    "je|peut on|faut il|demander|comment|"
    "oblige*|obligation*|recours|contester|inscri*|louer|vendre|tirer|refuse*|accident|mon|ma|mes|"
    "notre|nos";
constexpr std::size_t kPlaceWords = 4;     // "mairie de saint aubin"
constexpr std::size_t kContactWords = 22;  // a longer message tells something else too

}  // namespace

std::optional<std::string> out_of_scope(std::string_view question) {
  const std::vector<std::string> words = folded_words(question);
  for (const Outside& rule : kOutside)
    if (has_phrase(words, rule.phrases) && !has_phrase(words, rule.unless))
      return std::string(rule.reply);
  return std::nullopt;
}

bool of_the_towns_life(std::string_view question) {
  const std::vector<std::string> words = folded_words(question);
  constexpr std::size_t kStory = 24;  // words; a longer message is of somebody's own case
  return words.size() <= kStory && has_phrase(words, kAsksFact) && !has_phrase(words, kAsksRight) &&
         (has_phrase(words, kTownThings) || has_phrase(words, kTownDid));
}

bool asks_to_reach(std::string_view question) {
  const std::vector<std::string> words = folded_words(question);
  return words.size() <= kContactWords && !has_phrase(words, kNotAPlace) &&
         has_phrase(words, kAsks);
}

std::optional<std::string> asks_for_contact(std::string_view question) {
  const std::vector<std::string> words = folded_words(question);
  if (words.size() > kContactWords || has_phrase(words, kNotAPlace)) return std::nullopt;
  if (has_phrase(words, kOffline)) return std::string(kOfflineService);
  // "Je me marie" is no "mairie" where another place is named as it is written.
  auto place = find_phrase(words, kPlaces);
  if (!place) place = find_phrase(words, kPlaces, Spelling::forgiving);
  if (!place || !has_phrase(words, kAsks)) return std::nullopt;
  if (has_phrase({words.begin() + static_cast<std::ptrdiff_t>(place->begin),
                  words.begin() + static_cast<std::ptrdiff_t>(place->end)},
                 kWithoutDesk) &&
      has_phrase(words, kHours))
    return std::nullopt;
  std::string out;
  for (std::size_t i = place->begin; i < words.size() && i < place->begin + kPlaceWords; ++i)
    out.append(out.empty() ? "" : " ").append(words[i]);
  return out;
}

}  // namespace parvis::answer
