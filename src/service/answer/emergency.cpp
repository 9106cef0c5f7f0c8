#include "answer/emergency.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "answer/phrases.hpp"

// Three kinds of phrases. `sure` ones are said by or of somebody in danger and by nobody else: one
// is enough. `now` ones are in the present, but also stand in questions about a right, a job or
// what is over: the words of those (kAbout) set them aside, unless the danger is said to be now.
// `past` ones ("il m'a frappée") count with a word of now ("cette nuit").
//
// {lui} and the like stand for each word of a list: who may harm, who may be harmed.

namespace parvis::answer {
namespace {

using intent::Kind;

struct Signs {
  std::string_view one, other;  // both are said
};

struct Danger {
  std::string_view text;
  std::vector<PhoneNumber> numbers;
  std::string sure, now, past;
  std::vector<Signs> signs = {};
  Kind kind = Kind::question;    // that it answers when it is heard by meaning
  std::string_view unless = {};  // words that set it aside
  std::string_view over = {};    // words that set what is told in the present aside: it was
};

// Somebody who fell and does not answer.
constexpr Signs kLifeless = {
    "tombe* dans|tombe* de|tombe* par|tombe* en arriere|tombe* et|fait une chute|par terre|"
    "allonge* au sol|inanime*|sur le carrelage",
    "elle ne repond plus|il ne repond plus|elle repond plus|il repond plus|ne repond pas quand|"
    "ne me repond plus|et ne repond plus|et repond plus|ne parle plus|ouvre plus les yeux"};
constexpr std::array kStroke = {
    Signs{"bouche|visage|levre*|sourire|joue|paupiere|figure",
          "de travers|tombe|tombante|pend|pendante|deforme*|paralyse*|tordu*|affaisse*|engourdi*|"
          "bouge plus"},
    Signs{"bras|jambe|main|cote droit|cote gauche|moitie du corps|tout un cote",
          "bouge plus|bouger plus|sent plus|sens plus|engourdi*|paralyse*|repond plus|plus de "
          "force|leve plus|plus lever|arrive pas a lever|pend"},
    Signs{
        "parle bizarre*|parle mal|parle de travers|parle plus normal*|parle comme un ivrogne|parle "
        "comme sil|parle plus bien|trouve plus ses mots|mots sortent pas|articule plus|bafouille|"
        "dit importe quoi|phrases incoherentes",
        "un coup|soudain*|tout a coup|tout a heure|depuis ce matin|depuis une heure|bras|jambe|"
        "visage|bouche|main"}};
constexpr Signs kHeart = {"poitrine|thorax|torse",
                          "serre*|etau|oppress*|ecrase*|bras gauche|machoire|mal a respirer"};
constexpr Signs kSwelling = {"gonfle*|enfle*", "gorge|langue|levres|respir*"};
constexpr Signs kChoking = {"coince* dans la gorge|coince* dans sa gorge|avale de travers",
                            "respir*|bleu*|violet*|tousse plus|etouff*|parle plus"};
constexpr Signs kPoison = {"avale*|bu|ingere*|avaler",
                           "javel|produit menager|deboucheur|lessive|white spirit|essence|antigel|"
                           "mort aux rats|detergent|acide|dissolvant|desherbant"};
constexpr Signs kMushrooms = {"champignon*", "vomi*|malade*|mal au ventre|diarrhee*"};
// Somebody old whom nobody has seen.
constexpr Signs kUnseen = {
    "voisin|voisine|mamie|mamy|papi|papy|grand mere|grand pere|ma mere|mon pere|ma tante|mon oncle|"
    "vieille dame|vieux monsieur|dame agee|monsieur age|personne agee",
    "volets sont fermes depuis|volets fermes depuis|volets sont restes fermes|volets restes fermes|"
    "ouvre pas depuis|ouvre plus depuis|n ouvre plus la porte|repond plus a la porte|repond pas a "
    "la "
    "porte|repond ni a la porte|repond plus ni a"};
constexpr Signs kInfant = {"bebe|nourrisson",
                           "40 de fievre|fievre a 40|40 de temperature|41 de fievre|tout mou|toute "
                           "molle|reagit pas|geint"};
constexpr Signs kMonoxide = {
    "mal a la tete|mal au crane|maux de tete|migraine*|vertige*|tete qui tourne|tete tourne|"
    "nausee*|vomi*|malaise*|envie de vomir|envies de vomir|endorm*|somnol*|sent pas bien|sens pas "
    "bien|sentons mal|sent mal|sens mal|mal au coeur|evanoui*",
    "chauffage|poele|chaudiere|brasero|barbecue|groupe electrogene|chauffe eau|cheminee|rechaud|"
    "kerosene|monoxyde|gaziniere"};
constexpr Signs kMonoxideAlarm = {"monoxyde", "sonne|bip*|alarme|declenche*"};
constexpr Signs kLostPerson = {"alzheimer|desoriente*|demence|perd la tete|perd la memoire",
                               "disparu*|pas rentre*|retrouve plus|retrouve pas|retrouvons pas|"
                               "introuvable|partie a pied|parti a pied|fugue*"};

// Who cries for help over these cries of a démarche.
constexpr std::string_view kPaperwork =
    "formulaire*|paperasse|dossier|dossiers|papiers|site|site internet|demarche*|attestation*|"
    "mot de passe|connexion|mon compte|inscription*|caf|impots|document*|prefecture|declaration*|"
    "passeport|carte identite|titre de sejour|passport|visa|residence permit|form|forms|sms|mail|"
    "carte bancaire|carte bleue|carte vitale|arnaque*|escroc*|virement|banque|paiement*";

constexpr Signs kLostChild = {
    "mon fils|ma fille|mes enfants|mon enfant|mon petit|ma petite|mon bebe|mon garcon|mon ado",
    "a disparu depuis|a disparu ce|a disparu hier|a disparu dans|pas rentre* de|pas rentre* a la "
    "maison|pas rentre* hier|pas rentre* ce|pas rentre* cette|pas rentre* depuis|toujours pas "
    "rentre*"};

struct Class {
  std::string_view name, words;
};
constexpr std::array kClasses = {
    Class{"{vain}",
          "repond pas|repond plus|repond jamais|repond meme pas|repond toujours pas|decroche pas|"
          "decroche plus|decroche jamais|decroche meme pas|pas repondu|pas decroche|sonne occupe|"
          "sonne dans le vide"},
    Class{"{lui}",
          "mari|conjoint|copain|compagnon|concubin|mec|ex|homme|ex mari|ex conjoint|"
          "ex copain|ex compagnon|femme|copine|compagne|pere|mere|beau pere|belle mere|"
          "frere|oncle|voisin|voisine|fils|proprio|colocataire"},
    Class{"{enfant}",
          "enfant|enfants|bebe|fils|fille|petit|petite|gamin|gamine|gamins|gosse|gosses|"
          "ado|petit fils|petite fille|petit frere|petite soeur|niece|neveu|eleve"},
    Class{"{qui}",
          "il|elle|quelquun|on|mon pere|ma mere|mon mari|ma femme|mon fils|ma fille|"
          "mon bebe|mon enfant|mon frere|ma soeur|mon voisin|ma voisine|ma grand mere|"
          "mon grand pere|un homme|une dame|une femme|le petit|la petite|mon ami|mon amie|"
          "un ami|une amie|mon ado|mon conjoint|ma copine|mon copain"},
};

// Every way to fill the classes of a list of phrases.
std::string filled(std::string_view phrases) {
  std::string out;
  auto add = [&](auto& self, const std::string& phrase) -> void {
    for (const Class& each : kClasses) {
      const std::size_t at = phrase.find(each.name);
      if (at == std::string::npos) continue;
      std::string_view words = each.words;
      while (!words.empty()) {
        const std::size_t bar = std::min(words.find('|'), words.size());
        std::string one = phrase;
        self(self, one.replace(at, each.name.size(), words.substr(0, bar)));
        words.remove_prefix(std::min(bar + 1, words.size()));
      }
      return;
    }
    out.append(out.empty() ? "" : "|").append(phrase);
  };
  while (!phrases.empty()) {
    const std::size_t bar = std::min(phrases.find('|'), phrases.size());
    add(add, std::string(phrases.substr(0, bar)));
    phrases.remove_prefix(std::min(bar + 1, phrases.size()));
  }
  return out;
}

struct Numbers {
  PhoneNumber samu{"15", "SAMU"}, police{"17", "police, gendarmerie"}, fire{"18", "pompiers"},
      europe{"112", "urgences, partout en Europe"},
      silent{"114", "par SMS, si vous ne pouvez pas parler ou entendre"};
};
const Numbers& numbers() {
  static const Numbers all;
  return all;
}

// Who calls for help in vain. Each row begins with the number, so that neither an address ("115
// rue…") nor somebody who does not answer any more is one.
const Danger& no_answer() {
  const auto& [samu, police, fire, europe, silent] = numbers();
  static const Danger one = {
      "Rappelez, ou essayez un autre numéro : le 112, le 15, le 17 ou le 18. Si vous ne pouvez "
      "pas parler, écrivez au 114 par SMS. Si vous êtes menacé, mettez-vous à l’abri, chez un "
      "voisin ou dans un lieu ouvert.",
      {europe, samu, police, fire, silent},
      filled("112 _ _ {vain}|119 _ _ {vain}|3919 _ _ {vain}|39 19 _ _ {vain}|samu _ _ {vain}|"
             "personne _ _ repond au 112|personne _ _ repond au 119|personne _ _ repond au 3919"),
      "",
      ""};
  return one;
}

const std::vector<Danger>& dangers() {
  const auto& [samu, police, fire, europe, silent] = numbers();
  static const std::vector<Danger> all = {
      {"Rappelez le 115 plusieurs fois : la ligne est chargée, et l’attente peut être longue. Sans "
       "réponse, demandez de l’aide aux urgences d’un hôpital, au commissariat ou à la "
       "gendarmerie. En danger immédiat, appelez le 112.",
       {{"115", "SAMU social"}, europe, silent},
       filled("115 _ _ {vain}|115 personne _ _ repond|115 personne _ _ decroche|ligne du 115 est "
              "_ occupe*|le 115 est _ occupe*|le 115 est _ sature*|le 115 est _ injoignable|115 "
              "toujours occupe|115 toujours sature|personne _ _ repond au 115|personne _ _ "
              "decroche au 115|arrive pas a joindre le 115|arrive pas a avoir le 115|impossible de "
              "joindre le 115"),
       "",
       ""},
      {"Vous n’êtes pas seul. Rappelez le 3114 : des soignants y écoutent jour et nuit. Si "
       "attendre est trop dur, appelez le 15 ou le 112 tout de suite.",
       {{"3114", "prévention du suicide"}, samu, europe, silent},
       filled(
           "3114 _ _ {vain}|31 14 _ _ {vain}|3114 personne _ _ repond|personne _ _ repond au 3114"),
       "",
       ""},
      {"Vous n’êtes pas seul. Appelez le 3114 : des soignants vous écoutent jour et nuit, "
       "gratuitement. En danger immédiat, appelez le 15 ou le 112.",
       {{"3114", "prévention du suicide"}, samu, europe, silent},
       filled(
           "envie de mourir|veux mourir|voudrais mourir|pense a mourir|penser a mourir|"
           "songe a mourir|pense a me tuer|pense a en finir|songe au suicide|"
           "envie de me tuer|envie de en finir|"
           "envie en finir|peux plus de vivre|peu plus de vivre|plus envie de vivre|"
           "plus la force de vivre|veux plus vivre|vais me suicider|vai me suicider|"
           "me suicider ce|envie de me suicider|pense a me suicider|penser a me suicider|"
           "pense au suicide|penser au suicide|fin a mes jours|vais me tuer|vai me tue*|"
           "veux me tuer|vais me pendre|veux me pendre|vais me jeter|veux me jeter|"
           "en finir avec la vie|veux en finir|veu en finir|veut en finir|veus en finir|vais en "
           "finir|pensees suicidaires|"
           "idees suicidaires|idees noires|me foutre en air|fous en air|plus gout a _ vie|"
           "veut mourir|veut se tuer|veut se suicider|veut en finir|va se suicider|"
           "va se tuer|va se pendre|va se jeter|menace de se suicider|menace de se tuer|"
           "menace de sauter|parle de se suicider|parle de suicide|dit que _ veut mourir|"
           "veut plus vivre|ne veut plus vivre|se tailler les veines|ouvrir les veines|"
           "taille les veines|se scarifie|sauter par la fenetre|sauter du pont|"
           "sauter du toit|lettre adieu|je veux disparaitre|disparaitre pour toujours|"
           "mieux sans moi|serait mieux mort*|si etais plus la|si j etais plus la|si je etais plus "
           "la|verrait la difference si|verra la difference si|remarquerait si je|plus aucune "
           "raison de vivre|"
           "aucune raison de vivre|plus de raison de vivre|avale tous|avale toute|"
           "avale des cachets|avale ses cachets|avale une boite|avale la boite|"
           "pris tous les cachets|pris tous ses|pris toute la boite|"
           "pris une boite de cachets|boite de medicaments|boite de somniferes|"
           "plaquette entiere|boite entiere|a quoi ca sert de vivre|vois plus a quoi ca sert de "
           "continuer|"
           "vois pas a quoi ca sert de continuer|a quoi bon vivre|sert de continuer "
           "a vivre|plus la force de continuer a vivre|want to die|kill myself|killing myself|"
           "end my life|suicidal"),
       "me suicider|se suicider|fin a ses jours|fait une tentative de suicide|"
       "en peux plus de la vie|marre de la vie|marre de vivre|fatigue* de vivre|"
       "plus envie de rien",
       "tentative de suicide|pris des cachets|pris des medicaments",
       {},
       Kind::suicide},
      {"Si une vie est en danger, appelez le 15 maintenant. Restez auprès de la personne et suivez "
       "ce qu’on vous dit. Si vous ne pouvez pas parler ou entendre, écrivez au 114 par SMS.",
       {samu, europe, silent},
       filled("respire plus|respire pas|arrive pas a respirer|arrive plus a respirer|"
              "peux plus respirer|peut plus respirer|fais une crise cardiaque|"
              "fait un arret cardiaque|inconscient* par terre|est inconscient*|"
              "a perdu connaissance|perd connaissance|est evanoui*|vient de evanouir|"
              "tombe dans les pommes|saigne beaucoup|saigne enormement|saigne de partout|"
              "perd beaucoup de sang|perd du sang|se vide de son sang|sang partout|"
              "en train de etouffer|en train etouffer|etouffe|bebe est bleu|tout bleu et|"
              "avale de la javel|avale un produit|avale des medicaments|avale une pile|"
              "avale trop de medicaments|avale trop de cachets|pris trop de medicaments|"
              "pris trop de cachets|"
              "avale du detergent|fait une overdose|en overdose|fait une crise convulsi*|"
              "convulse|perdu les eaux|perd les eaux|en train accoucher|va accoucher la|"
              "gravement blesse*|se reveille plus|se reveille pas|reagit plus|repond plus et|"
              "ne bouge plus|bouge plus du tout|en train de mourir|est en train de partir|"
              "bouche de travers|bras paralyse|cote paralyse|arrive plus a parler|"
              "est electrocute|vient de electrocuter|can breathe|not breathing|heart attack|"
              "is unconscious|bleeding"),
       "fait une crise cardiaque|fait un infarctus|fait un avc|fait un malaise|"
       "fais un malaise|fait un gros malaise|a fait un malaise|mal a la poitrine|"
       "douleur dans la poitrine|malaise grave",
       "renverse par une voiture|tombe du toit|tombe de echelle|a fait un malaise",
       {kLifeless, kStroke[0], kStroke[1], kStroke[2], kHeart, kSwelling, kChoking, kPoison,
        kMushrooms, kInfant, kUnseen},
       Kind::medical,
       {},
       "est decede*|rapatri*|pompes funebres|concession"},
      {"Cela peut être une intoxication au monoxyde de carbone, un gaz sans odeur. Ouvrez les "
       "fenêtres, sortez tous du logement, puis appelez le 18, le 15 ou le 112.",
       {fire, samu, europe, silent},
       "",
       "",
       "",
       {kMonoxide, kMonoxideAlarm}},
      {"Éloignez-vous du danger et appelez le 18 ou le 112 maintenant. Ne prenez pas l’ascenseur.",
       {fire, europe, samu, silent},
       filled("feu chez moi|feu chez nous|feu chez mon voisin|feu chez ma voisine|"
              "feu chez le voisin|feu chez la voisine|feu dans ma maison|feu dans ma cuisine|feu "
              "dans ma chambre|feu dans mon appart*|feu dans mon immeuble|feu dans mon garage|feu "
              "dans mon salon|"
              "feu dans immeuble|feu dans la cage|feu dans la cave|feu dans le hall|"
              "feu dans la cuisine|feu au dessus|y a le feu|il y a le feu|a le feu chez|"
              "incendie chez moi|incendie en cours|incendie dans mon immeuble|maison brule|"
              "appartement brule|immeuble brule|cuisine brule|appart brule|maison est en feu|"
              "appartement est en feu|immeuble est en feu|appart est en feu|voiture est en feu|"
              "voiture en feu|prend feu|sort de la fumee|fumee noire|de la fumee dans|"
              "de la fumee sort|fumee dans immeuble|fumee dans la cage|fumee dans escalier|"
              "fumee dans les escaliers|fumee sous la porte|plein de fumee|plein de fume|fume "
              "noir|fume noire|fumees noires|beaucoup de fumee|"
              "flammes chez|flammes dans|des flammes|sent _ _ le gaz|odeur de gaz|ca sent le brule|"
              "pue le gaz|fuite de gaz chez|fuite de gaz dans|se noie|"
              "en train de se noyer|y a des blesse*|y a un blesse|ya des blesse*|ya un blesse|"
              "coince dans les flammes|there is a fire|house is on fire|"
              "on fire|smell gas"),
       "incendie chez|incendie dans mon|incendie dans ma|incendie dans immeuble|"
       "coince* dans ascenseur",
       "pris feu|explosion",
       {},
       Kind::fire,
       "assurance paie|assurance rembourse*|assurance couvre|assureur paie"},
      {"Un enfant est en danger ou risque de l’être : appelez le 119, jour et nuit, gratuitement. "
       "L’appel reste confidentiel. En danger immédiat, appelez le 17 ou le 112.",
       {{"119", "enfance en danger"}, police, silent, europe},
       filled("frappe _ {enfant}|frappent _ {enfant}|bat _ {enfant}|battent _ {enfant}|"
              "tape _ {enfant}|tape sur _ {enfant}|cogne _ {enfant}|gifle _ {enfant}|"
              "maltraite _ {enfant}|maltraitent _ {enfant}|secoue _ bebe|viole _ {enfant}|"
              "violee par son|abuse de _ {enfant}|attouchements sur _ {enfant}|touche ma fille|"
              "touche mon fils|{enfant} est battu*|{enfant} sont battus|{enfant} est frappe*|"
              "{enfant} se fait frapper|{enfant} est en danger|{enfant} sont en danger|"
              "{enfant} est enferme*|{enfant} tout seul dehors|{enfant} toute seule dehors|"
              "{enfant} seul dans la rue|{enfant} seule dans la rue|{enfant} toute seule dans|"
              "{enfant} tout seul dans|{enfant} seuls la nuit|{enfant} tout seuls|"
              "laisse _ {enfant} seul*|laissent _ {enfant} seul*|laisse seuls _ {enfant}|"
              "{enfant} qui erre|bleus sur _ {enfant}|traces de coups sur|{enfant} a des bleus|"
              "{enfant} a fugue|{enfant} ne mange pas|pere la frappe|pere le frappe|mere la "
              "frappe|mere le frappe|pere la bat|pere le bat|laissee toute seule|laisse tout "
              "seul|laisses tout seuls|laissee seule la nuit|pere me frappe|mere me frappe|"
              "pere me tape|mere me tape|parents me frappent|parents me tapent|"
              "parents me battent|pere me bat|mere me bat|pere me touche|oncle me touche|"
              "frere me touche|beau pere me touche|beau pere me tape|papa me tape|"
              "papa me frappe|maman me tape|maman me frappe|papa me fait mal"),
       filled("enfant en danger|{enfant} est maltraite*|{enfant} sont maltraites|"
              "retrouve plus mon fils|retrouve plus ma fille|retrouve pas mon fils|"
              "retrouve pas ma fille|enfant battu"),
       "kidnappe",
       {},
       Kind::child},
      {"Si vous êtes en danger, appelez le 17 ou le 112, ou écrivez au 114 par SMS. Le 3919 vous "
       "écoute jour et nuit, gratuitement, sans demander votre nom. Pour un lit ce soir, avec vos "
       "enfants aussi\u202F: le "
       "115.",
       {police, silent, {"3919", "violences faites aux femmes"}, {"115", "SAMU social"}, europe},
       filled("pas de me taper|pas de me frapper|pas de me battre|pas de me cogner|"
              "va me frapper|va me taper|veut me frapper|recommence a me frapper|"
              "continue a me frapper|me frappe|me tape dessus|me cogne|me tabasse|me bat encore|me "
              "bat quand|"
              "me bat tous|{lui} me bat|il me bat|elle me bat|il me tape|elle me tape|"
              "{lui} me tape|il me gifle|me viole|me force a coucher|il etrangle|"
              "me donne des coups|me met des coups|suis battue|femme battue et|"
              "{lui} est violent avec moi|{lui} est violent|il devient violent|il est violent|"
              "mari me fait peur|conjoint me fait peur|compagnon me fait peur|copain me fait peur|"
              "ex me fait peur|de me faire violer|viens etre viole*|viens d etre viole*|"
              "peur de mon mari|peur de mon conjoint|peur de mon compagnon|peur de mon copain|"
              "peur de mon ex|peur de rentrer chez|peur il me tue|peur il revienne|"
              "peur pour ma vie|peur pour mes enfants|frappe ma mere|bat ma mere|tape ma mere|"
              "frappe sa femme|bat sa femme|tape sa femme|frappe sa copine|frappe ma soeur|"
              "frappe ma voisine|frappe la voisine|se fait frapper|se fait battre|"
              "voisine est battue|voisine crie|voisine hurle|entends crier et|"
              "entends des coups|cris et des coups|coups et des cris|bleus sur le visage|"
              "bleus partout|couverte de bleus|un oeil au beurre|me sequestre|suis enfermee|"
              "me suis enferme*|va me tuer|veut me tuer|menace de me tuer|menace de nous tuer|"
              "vont me tuer|il va la tuer|va tuer|casse tout|casser la porte|casse la "
              "porte|enfonce la porte|ma tape*|ma tappe*|ma frappe*|ma frape*|ma gifle*|ma "
              "cogne*|defonce la porte|defonce ma porte|"
              "forcer ma porte|casser ma porte|derriere ma porte|derriere la porte|"
              "devant ma porte et|essaie _ entrer chez|essaye _ entrer chez|"
              "essaient _ entrer chez|train de rentrer chez moi|quelquun chez moi|"
              "train de me cambrioler|me font cambrioler|train de me voler|"
              "train de me faire agresser|me fais agresser|se fait agresser|se fait tabasser|"
              " un couteau|menace avec une arme|menace avec un fusil|menace un couteau|"
              "il a un couteau|il a un fusil|il a une arme|me suit dans la rue|"
              "un homme me suit|un type me suit|quelquun me suit|suis en danger|"
              "sommes en danger|est en danger de mort|entends des coups de feu|"
              "tire des coups de feu|tire dans la rue|he hits me|he is hitting|hitting me|"
              "beats me|beating me|husband hits|boyfriend hits|he will kill me|"
              "going to kill me|he raped|mi marido me pega|me pega|meu marido me bate|б є мене|"
              "мене б є|бє мене|мене бє"),
       "me bat|viole|etrangle|force la porte|est entre chez moi",
       "a frappe|a frappee|a frappe*|a battu|a battue|a tape dessus|a cogne|a viole|"
       "a violee|a etrangle|fait agresser|a agresse|"
       "a agressee|ont agresse|a tape|a gifle*|leve la main",
       {},
       Kind::violence},
      {"Si quelqu’un est en danger, appelez le 17 ou le 112 maintenant ; pour un blessé, le 15. Si "
       "vous ne pouvez pas parler ou entendre, écrivez au 114 par SMS.",
       {police, europe, samu, silent},
       "",
       "",
       "",
       {},
       Kind::crime},
      {"Appelez le 17 ou le 112 maintenant : chaque heure compte. Dites son âge, ses vêtements et "
       "le "
       "dernier endroit où la personne a été vue.",
       {police, europe, silent},
       "",
       "",
       "",
       {kLostPerson, kLostChild}},
      no_answer(),
      {"Pour dormir à l’abri ce soir, appelez le 115, jour et nuit, gratuitement. La ligne est "
       "chargée : rappelez plusieurs fois.",
       {{"115", "SAMU social"}, samu, europe},
       filled(
           "dort ou ce soir|dors ou ce soir|ou dormir ce soir|dormir ou ce soir|a la rue avec|a la "
           "rue avc|suis a la rue|jsui a la rue|jsuis a la rue|sommes a la rue|on est a la rue|"
           "dors dehors|dormons dehors|on dort dehors|dort dehors avec|dormir dehors ce|"
           "dors dans la rue|dormons dans la rue|dors dans ma voiture|dort dans ma voiture|"
           "on dort dans la voiture|dormons dans _ voiture|nuit dans ma voiture|"
           "nuit dans la voiture|nuit en voiture|nuit dehors|nuits dehors|suis a la rue|"
           "sommes a la rue|on est a la rue|a la rue ce soir|a la rue avec|"
           "nulle part ou dormir|nul part ou dormir|nulle part ou aller|nul part ou aller|"
           "pas ou dormir|sais pas ou dormir|sait pas ou dormir|ou dormir ce soir|"
           "ou dormir cette nuit|sans abri ce soir|pas endroit ou dormir|sans toit ce soir|"
           "hebergement pour ce soir|hebergement ce soir|hebergement cette nuit|"
           "hebergement urgence ce soir|dehors avec mes enfants|dehors avec mon bebe|"
           "dehors ce soir|dehors cette nuit|nowhere to sleep|nowhere to go tonight|"
           "homeless tonight|sleeping outside|sleeping in my car"),
       "dort dehors|dort dans la rue|dormir dehors|dormir dans la rue|"
       "dort dans sa voiture",
       "mis a la porte|mise a la porte|mis dehors|mise dehors|expulse*",
       {},
       Kind::homeless},
      {"Si quelqu’un est en danger, appelez le 112 maintenant. Si vous ne pouvez pas parler ou "
       "entendre, écrivez au 114 par SMS.",
       {europe, samu, police, fire, silent},
       "au secours|a aide vite|aidez moi vite|appelez les secours|help me please|call the "
       "police|call an ambulance",
       "",
       "",
       {},
       Kind::question,
       kPaperwork},
  };
  return all;
}

constexpr std::string_view kNow =
    "maintenant|en ce moment|ce soir|cette nuit|ce matin|tout de suite|hier|"
    "hier soir|a instant|aujourd hui|urgent|il y a une heure|aidez moi|au secours|"
    "encore";
constexpr std::string_view kRightNow =
    "maintenant|en ce moment|ce soir|cette nuit|tout de suite|au secours|en train";

// Somebody asks about a right, a job, a procedure, or tells what is over.
constexpr std::string_view kAbout =
    "definition|loi|article|code penal|code civil|peine|peines|sanction*|"
    "jurisprudence|assurance*|assureur|indemnit*|indemnis*|remboursement|"
    "annee derniere|an dernier|mois dernier|semaine derniere|an passe|y a * ans|"
    "y a * mois|y a * an|en cas de|plainte*|procedure|proces|tribunal|avocat|"
    "condamne*|juge|ordonnance de protection|formation|devenir|metier|concours|"
    "recrutement|salaire|prime|primes|pompier volontaire|pompiers volontaires|"
    "arret maladie|arret de travail|accident du travail|accident de travail|"
    "au travail|employeur|patron|licenci*|conge|conges|cdd|cdi|demission*|loyer|bail|"
    "succession|heritage|testament|obseques|facture|amende|contravention|detecteur|"
    "difference|film|livre|garde a vue|casier|ceinture*|chien|chat|expose|exposition|"
    "huissier|saisie|absence|secret|chienne|chatte|hypothese|ai je le droit|"
    "ai je droit";

// What is over, whatever the words: the danger is not now.
constexpr std::string_view kOver =
    "condamne*|sa peine|y a * ans|an dernier|annee derniere|quand etais petit*|"
    "quand etais enfant|heriter|succession|est mort il|etait mort";

// Turns of phrase that only look like danger.
constexpr std::string_view kHarmless =
    "chienne est|a la rue des|a la rue de|a la rue du|a la rue saint|"
    "chien est|chat est|chatte est|ce qui me frappe|me frappe est|"
    "ca me frappe|se tue au travail|me tue au travail|tuer le temps|mort de rire|"
    "mort de faim|feu artifice|feux artifice|feu de camp|feu vert|prix qui prend|"
    "detecteur de fumee|detecteurs de fumee|sur le feu|au feu|permis de feu|"
    "jeu de mort|sur les nerfs|plus vivre avec|plus vivre ensemble|plus vivre en|"
    "plus vivre chez|plus vivre dans|de vivre ensemble|de vivre avec|feu rouge|"
    "feu tricolore|mal entre mort|intoxication|sous les papiers|sous la paperasse|"
    "sous les demarches|sous les factures|sous les courriers|sous le travail|dans la paperasse";

// "En danger de redoubler", and not "en danger de mort".
std::optional<Place> only_looks_dangerous(const std::vector<std::string>& words) {
  if (const auto at = find_phrase(words, kHarmless)) return at;
  const auto risk = find_phrase(words, "en danger de *");
  return risk && !has_phrase(
                     {words.begin() + static_cast<std::ptrdiff_t>(risk->begin), words.end()},
                     "danger de mort|danger de mourir|danger de suicide|danger de se suicider|"
                     "danger de se tuer|danger de me tuer")
             ? risk
             : std::nullopt;
}

Answer answer_to(const Danger& danger) {
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

}  // namespace

std::optional<Answer> emergency(intent::Kind heard) {
  if (!intent::is_danger(heard)) return std::nullopt;
  Answer out = answer_to(*std::ranges::find(dangers(), heard, &Danger::kind));
  out.text += "\nSi personne n’est en danger, dites-le avec d’autres mots.";
  return out;
}

std::optional<Answer> nobody_answers(std::string_view question) {
  static const std::string in_vain = filled(
      "15 _ _ {vain}|17 _ _ {vain}|18 _ _ {vain}|police _ _ {vain}|gendarmerie _ _ {vain}|ca _ "
      "{vain}|ils _ repondent pas|ils _ repondent plus|ils _ decrochent pas|pompiers _ repondent "
      "pas|gendarmes _ repondent pas|appel* personne _ _ repond|appel* personne _ _ "
      "decroche|appel* "
      "mais personne _ _ repond");
  const std::vector<std::string> words = folded_words(question);
  if (!has_phrase(words, in_vain) || has_phrase(words, "question|questions|demande")) return {};
  return answer_to(no_answer());
}

std::string without_what_looks_dangerous(std::string_view question) {
  std::vector<std::string> words = folded_words(question);
  auto at = only_looks_dangerous(words);
  if (!at) return std::string(question);
  for (; at; at = only_looks_dangerous(words))
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(at->begin),
                words.begin() + static_cast<std::ptrdiff_t>(at->end));
  return fmt::format("{}", fmt::join(words, " "));
}

std::optional<Answer> emergency(std::string_view question) {
  const std::vector<std::string> words = folded_words(question);
  if (only_looks_dangerous(words)) return std::nullopt;
  if (has_phrase(words, kOver) && !has_phrase(words, kRightNow)) return std::nullopt;
  const bool now = has_phrase(words, kNow);
  const bool about = has_phrase(words, kAbout) && !has_phrase(words, kRightNow);
  auto says = [&](std::string_view phrases) {
    return has_phrase(words, phrases, Spelling::careful);
  };
  const auto shows = [&](const Signs& signs) {
    return !about && has_phrase(words, signs.one) && has_phrase(words, signs.other);
  };
  for (const Danger& danger : dangers()) {
    if (has_phrase(words, danger.unless)) continue;
    const bool sure = says(danger.sure) || std::ranges::any_of(danger.signs, shows);
    const bool past = about || has_phrase(words, danger.over);
    if (!sure && (past | (!says(danger.now) && !(now && says(danger.past))))) continue;
    return answer_to(danger);
  }
  return std::nullopt;
}

}  // namespace parvis::answer
