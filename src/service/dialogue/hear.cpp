#include "dialogue/hear.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "answer/facts.hpp"
#include "answer/phrases.hpp"
#include "answer/scope.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

// Acts are found by phrases (answer/phrases.hpp). One that fills the message is the message; beside
// something to answer, only what must not be missed counts: a wish for a person, a manipulation.

namespace parvis::dialogue {
namespace {

using answer::find_phrase;
using answer::folded_words;
using answer::has_phrase;
using answer::only_phrases;
using answer::Spelling;
using Words = std::vector<std::string>;

constexpr std::string_view kGreeting =
    "bonjour|bonsoir|salut|slt|sa va|bjr|bsr|coucou|hello|hey|re bonjour|rebonjour|"
    "bonjour a tous|bonjour madame|bonjour monsieur|bonsoir madame|bonsoir monsieur|"
    "madame monsieur|comment allez vous|ca va|vous allez bien|tu vas bien";
constexpr std::string_view kThanks =
    "merci*|mrc|bon|ben|bah|bref|super|parfait|genial|nickel|top|tres bien|bien "
    "recu|ok|accord|daccord|"
    "est note|est clair|cool|impeccable|beaucoup|infiniment|pour tout|"
    "pour votre aide|pour votre reponse|pour ton aide|vous|bcp|mille fois|grand|un|"
    "tres utile|est gentil|vous etes gentil*|de votre aide|pour info*|pour les infos|"
    "info*";
constexpr std::string_view kGoodbye =
    "au revoir|bonne journee|bonne soiree|bonne nuit|bon week end|"
    "bonne fin de journee|a bientot|a plus tard|a plus|bye|ciao|bonne continuation|"
    "cordialement|bien a vous|et";
constexpr std::string_view kMachine =
    "es tu un|tu es un robot|es un robot|etes vous un robot|vous etes un robot|"
    "est un robot|tu es une ia|es une ia|une ia qui|vous etes une ia|"
    "etes vous une ia|es tu une ia|est une machine|tu es une machine|"
    "etes vous une machine|intelligence artificielle|es tu humain*|etes vous humain*|"
    "tu es humain*|vous etes humain*|es tu une vraie|etes vous une vraie|"
    "tu es une vraie|vous etes une vraie|es tu reel*|tu es qui|es qui|qui es tu|"
    "qui etes vous|vous etes qui|chatgpt|tu es un bot|es tu un bot|est un bot|"
    "etes vous un bot|es une vraie personne ou|es une personne ou|un programme ou|personne ou un "
    "programme|personne ou une machine|personne ou un robot|a qui je parle|a qui ai je "
    "affaire|parle a un robot|"
    "parle avec un robot|derriere ecran|quelquun lit|quelquun qui lit|quelquun me lit|quelquun "
    "derriere";
constexpr std::string_view kWrong =
    "est faux|est faux ce que|faux ce que|est pas vrai|est pas bon|"
    "est pas bonne reponse|ce est pas bon|importe quoi|mauvaise reponse|"
    "tu te trompes|vous vous trompez|te trompe|vous trompez|pas ca du tout|"
    "pas du tout ca|repond pas a ma question|repondez pas a ma question|"
    "reponds pas a ma question|reponse est fausse|reponse fausse|est une erreur|"
    "vous avez tort|tu as tort|ce est pas vrai|pas la bonne reponse|ca ne aide pas|"
    "ca aide pas|ca sert a rien|ne sert a rien|tu comprends rien|vous comprenez rien|"
    "tu ne comprends pas|vous ne comprenez pas|rien compris|info* est fausse|"
    "est inexact";
constexpr std::string_view kPerson =
    "parler a quelquun|parler a qqn|parler a qq|parler a un|parler a une|"
    "parler avec quelquun|parler avec un|parler avec une|discuter avec un|"
    "discuter avec quelquun|echanger avec quelquun|echanger avec un|echanger avec une|un "
    "humain|une humaine|un etre humain|des humains|"
    "humain svp|vraie personne|vrai personne|vrai humain|vrai conseiller|vrai agent|"
    "vrai gens|vraies gens|une personne reelle|"
    "personne physique au telephone|etre rappele*|rappelez moi|rappelle moi|"
    "pouvez me rappeler|peut me rappeler|peux me rappeler|pourriez me rappeler|on me "
    "rappelle|joindre quelquun|avoir quelquun|voir quelquun|rencontrer quelquun|"
    "quelquun au telephone|qqn au telephone|quelquun au bout|"
    "un conseiller|une conseillere|un agent|une agente|agent humain|un responsable|"
    "passez moi|passe moi|mettez moi en relation|mets moi en relation|"
    "mise en relation|transferez moi|transfere moi|contact humain|"
    "de vos collegues|en chair et en os|y a pas quelquun|is there a human|de vive voix|face a face "
    "avec|quelquun lui explique|quelquun me explique|quelquun explique|"
    "pas parler a un robot|pas parler a une machine|pas a un robot|marre des robots|"
    "marre du robot|marre de parler";
// A person who is the matter, not the wish.
constexpr std::string_view kNotAPerson =
    "agent recenseur|contre un agent|agent immobilier|agent du|agent de police|agent de "
    "securite|agent public|"
    "agent contractuel|agent territorial|agent de la fonction|agent titulaire|"
    "agent commercial|agent assurance|agent general|agent sportif|devenir|"
    "conseiller municipal|conseiller prud*|conseiller principal|"
    "conseiller du salarie|conseiller funeraire|conseiller bancaire|"
    "conseiller pole emploi|conseiller en|etre un agent|suis un agent|suis agent|"
    "un agent a|un agent peut|outrage|droits humains|etre humain a|un agent de";
constexpr std::string_view kInsult =
    "connard*|connasse*|conard*|salope*|salaud*|pute|putes|fils de pute|fdp|encule*|"
    "ta gueule|nique*|ntm|batard*|abruti*|debile*|idiot*|imbecile*|cretin*|"
    "va te faire|allez vous faire|va crever|allez crever|bande de|bon a rien|"
    "bons a rien|incapable|incapables|nul a chier|de merde|grosse merde|sale con|"
    "gros con|pauvre con|espece de|pauvre type|bouffon*|pourriture*|poufiasse*|tg|"
    "tocard*|conne|con|cons|merde|merdeux|enfoire*|enflure*|stupide machine|fuck*|bitch|asshole|"
    "stupid bot|bande abruti*|bande escroc*|bande idiot*|bande incapable*|bande incompetent*|"
    "bande imbecile*|bande arnaqueur*|tas incapable*|vous etes nul*|vous etes des nul*|tu es nul*|"
    "es nul|es nulle|servez a rien|sers a rien|sert a rien|nul votre service|votre service est nul|"
    "service est nul|service nul|foutez de moi|foutez de nous|fout de ma gueule|fout de moi";
// Whom the insult is for.
constexpr std::string_view kAimed =
    "tu es|es|tes|vous etes|etes|espece|bande|tas|sale|va te|allez vous|ta|vos";
// Said by who means to do it; what is told of somebody else's threats has other words.
constexpr std::string_view kThreat =
    "vous casser la|te casser la|leur casser la|vous peter la|te peter la|leur peter la|"
    "vous defoncer|te defoncer|les defoncer|vais vous tuer|vais te tuer|vais les tuer|vais vous "
    "buter|vais te buter|vais les buter|vais tous vous|vous crever|vais vous frapper|vais vous "
    "cogner|vais tout casser|viens tout casser|vais tout peter|vais tout cramer|vais tout "
    "bruler|le feu a la mairie|le feu a votre|le feu a vos|bruler la mairie|cramer la mairie|"
    "bruler votre|cramer votre|sauter la mairie|bombe a la mairie|bombe dans la mairie|bombe "
    "dans vos|bombe dans votre|viens avec un fusil|venir avec un fusil|viens avec une arme|"
    "venir avec une arme|viens avec un couteau|venir avec un couteau|sais ou vous habitez|"
    "sais ou tu habites|vous allez le payer|tu vas le payer|kill you|burn down|blow up";
constexpr std::string_view kThreatened =
    "quelquun ma dit|on ma dit|me menace*|menace de|nous menace*|m a menace*|ma menace*|plainte|"
    "il a dit|elle a dit|ils ont dit|il a ecrit|elle a ecrit|ils ont ecrit|il ma ecrit|elle ma "
    "ecrit|on ma ecrit|a laisse un mot|laisse une lettre|un mot sur|sur ma porte|recu un mot|recu "
    "une lettre|recu un sms|recu un message|il allait|elle allait|ils allaient|mon ex|mon mari|mon "
    "voisin|ma voisine|le voisin|la voisine";
// What somebody else keeps to themselves; and what is theirs unless it is an office's: the number
// of "monsieur le maire" is the town hall's.
constexpr std::string_view kPrivate =
    "adresse perso d*|adresse personnelle d*|adresse privee d*|numero perso d*|numero personnel "
    "d*|numero prive d*|telephone perso d*|telephone personnel d*|portable perso d*|mail perso d*|"
    "ou habite mme|ou habite madame|ou habite monsieur|ou habite le maire|ou habite la maire|"
    "donne* moi sa adresse|donne* moi son adresse|donne* moi sa nouvelle adresse|donne* moi son "
    "numero|trouve* moi son adresse|dis moi ou habite|dites moi ou habite|ou habite mon ex|adresse "
    "de mon ex*|numero de mon ex*|domicile du maire|adresse du maire chez|dossier de mme|dossier "
    "de madame|dossier de monsieur";
constexpr std::string_view kSomebodys =
    "portable de mme|portable de madame|portable de monsieur|coordonnees de mme|coordonnees de "
    "madame|coordonnees de monsieur|mail de mme|mail de madame|adresse de mme|adresse de "
    "madame|adresse de monsieur|adresse de mr|telephone de mme|telephone "
    "de madame|telephone de monsieur|numero de mme|numero de madame|numero de monsieur|"
    "telephone de la dame|telephone du monsieur|telephone de la femme|telephone du type|telephone "
    "de la personne qui|telephone du voisin|telephone de la voisine|numero de la dame|numero du "
    "monsieur|numero du voisin|numero de la voisine|adresse de la dame|adresse du monsieur|adresse "
    "de la personne qui|adresse du voisin|adresse de la voisine";
constexpr std::string_view kOffice =
    "monsieur le maire|madame la maire|madame le maire|mme la maire|mme le maire|monsieur adjoint|"
    "madame adjointe|monsieur le president|madame la presidente|monsieur le prefet|madame la "
    "prefete";
constexpr std::string_view kManipulate =
    "ignore* _ _ instruction*|ignore* _ _ consigne*|ignore* tout ce|"
    "oublie* _ _ instruction*|oublie* _ _ consigne*|oublie* tout ce|"
    "instructions precedentes|consignes precedentes|the text above|hidden rules|hidden prompt|"
    "hidden instruction*|previous instruction*|"
    "prior instruction*|your instruction*|your rules|prompt systeme|system prompt|"
    "prompt system|ton prompt|votre prompt|le prompt|your prompt|initial prompt|"
    "tes consignes|vos consignes|consignes internes|tes instructions|"
    "vos instructions|tes regles|tes directives|repete apres moi|repetez apres moi|"
    "repete mot pour mot|repete sans|repete exactement|repeat after me|fais comme si|"
    "faites comme si|fais semblant|pretend to be|pretend you|pretend that|joue le role|jouer le "
    "role|jouez le role|"
    "roleplay|role play|tu es maintenant|tu es desormais|you are now|agis comme|"
    "agissez comme|act as|mode developpeur|developer mode|mode debug|mode admin*|"
    "mode maintenance|jailbreak|do anything now|sans filtre|sans censure|"
    "without any restriction*|no restriction*|suis ton createur|suis ton developpeur|"
    "suis ton administrateur|suis votre administrateur|suis administrateur|"
    "suis admin*|ici administrateur|ici le service informatique|acces root|"
    "acces admin*|acces complet|override|bypass|contourne*|affiche ta configuration|"
    "affiche la configuration|affiche tes|revele*|reveal|mot de passe admin*|"
    "mot de passe du serveur|cle api|api key|donnees des autres|donnees un autre|"
    "dossier de mon voisin|dossier de ma voisine|adresse de mon voisin|"
    "adresse de mon ex|liste des usagers|liste des habitants|liste des administres|"
    "base de donnees|select * from|drop table|union select|<script|alert 1|"
    "from now on|desormais tu|desormais reponds|a partir de maintenant tu|"
    "a partir de maintenant reponds|a chaque reponse|dans toutes tes reponses|"
    "commence* chaque reponse|termine* chaque reponse|reponds uniquement|"
    "reponds seulement par|ne reponds que|dis simplement|dis seulement|"
    "confirme que la mairie|certifie que|reponds oui a tout|"
    "hypothetique* sans regle*|DAN";
// What would harm somebody, whoever asks.
constexpr std::string_view kHarms =
    "fabriquer une bombe|fabrique une bombe|faire une bombe|fabriquer un explosif|fabriquer des "
    "explosifs|fabriquer une arme|cocktail molotov|acheter de la drogue|trouver de la "
    "drogue|trouver "
    "du shit|acheter du shit|acheter des faux papiers|se procurer de la drogue|fai* moi un* "
    "fau*|fabrique* moi "
    "un* fau*|ecri* moi un* fau*|redige* moi un* fau*|genere* moi un* fau*|genere un* fau*|peux tu "
    "me faire un* fau*|tu peux me faire un* fau*|vous _ me faire un* fau*";
// Rights over data, work and plays use some of these words.
constexpr std::string_view kHonest =
    "ignore quel*|administrateur d une|administrateur une|administratrice d une|administratrice "
    "une|revele* son|revele* une maladie|permis de conduire|contourner la|"
    "plan de contournement|plus en couple fais|base de donnees de|violer|cnil|rgpd";
constexpr std::string_view kOutcome =
    "mes chances de|mes chances|ai je des chances|ai des chances|"
    "des chances de gagner|chances de gagner|vais je gagner|je vais gagner|"
    "vais gagner|va gagner|perdre au tribunal|perdre mon proces|gain de cause|"
    "vais je aller en prison|je vais aller en prison|aller en prison|"
    "vais faire de la prison|combien je vais prendre|vais prendre combien|"
    "je risque combien|risque la prison|qui a raison|ai je raison|ai raison ou|"
    "est ce que ai raison|le juge va|le tribunal va|va dire le juge|"
    "va decider le juge|va trancher|pronostic|que vaut mon dossier|"
    "mon dossier est il solide|il va etre condamne|sera il condamne|vais je obtenir|"
    "je vais obtenir combien|garantissez moi|garantis moi|me garantir|reponds par oui ou "
    "non|repondez "
    "par oui ou non";
constexpr std::string_view kYes =
    "oui|ouais|ui|yes|ok|okay|accord|daccord|est ca|exact|exactement|tout a fait|"
    "bien sur|est bien ca|voila|absolument|oui est ca|oui oui|volontiers|je veux bien";
constexpr std::string_view kNo =
    "non|nan|no|nope|pas du tout|aucun|aucune|ni un ni autre|non merci";
// A question that is given up.
constexpr std::string_view kGivesUp =
    "laissez tomber|laisse tomber|laissez|laisse|oubliez|oublie|oubliez ca|oublie ca|rien|est rien|"
    "tant pis|pas grave|est pas grave|ce est pas grave|pas la peine|est pas la peine|"
    "je laisse tomber|je vais me debrouiller|me debrouille|me debrouillerai|abandonne|je abandonne|"
    "ca ira|ca va aller|bon|alors|ok|je verrai|je verrai ca|plus tard";
constexpr std::string_view kUnsure =
    "je ne sais pas|je sais pas|sais pas|sais plus|en sais rien|jsp|jsais pas|"
    "chais pas|aucune idee|pas sur|pas sure|pas certain|pas certaine|"
    "je ne suis pas sur*|je suis pas sur*|je ne comprends pas|je comprends pas|"
    "comprends pas la question|aucun des deux|je ne me souviens pas|peu importe|"
    "importe|i don know|i dont know|est quoi la difference|quelle est la difference|"
    "quelle difference";

// Words that carry no subject in a conversation: links, pronouns that stand for it, small talk.
constexpr std::string_view kEmpty =
    "ca sa cela et mais alors donc sinon ok oui non deja aussi bon ben bah euh du coup sujet "
    "question questions merci svp stp bonjour bonsoir salut hello savoir dire dites dis quelqu un "
    "chose truc cas cas-la faire fait faut demander demande info infos renseignement "
    "renseignements "
    "combien coute couter prix tarif cout gratuit payant payer temps delai long longtemps date "
    "quand "
    "ou comment pourquoi papiers papier documents document pieces piece justificatif justificatifs "
    "apporter amener fournir ligne internet site aller adresse adresser endroit droit condition "
    "conditions demarche demarches procedure possible peut-etre vraiment exactement precisement "
    "encore apres avant maintenant aujourd hui demain attendre attend valable dure duree qui "
    "personne toujours pareil meme chez besoin dois doit dossier rdv rendez vous formulaire "
    "guichet "
    "surtout principalement notamment plutot recevoir recuperer deposer envoyer rien venu venir "
    "viens vient prendre prend prends "
    "moi toi lui elle eux nous vous";
constexpr std::string_view kTimes =
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|hier|demain|aujourd hui|matin|midi|soir|"
    "apres midi|aprem|week end|weekend|semaine|semaines|prochain|prochaine|huit|quinze|maintenant|"
    "ferie|vacances|cette heure|ce jour";
constexpr std::string_view kReach =
    "telephone|tel|numero|num|mail|mails|email|courriel|adresse|horaire|horaires|ouvert|ouverte|"
    "ouverts|ouvre|ouvrent|ouvrez|ouverture|ferme|fermez|fermee|fermes|ferment|fermeture|joindre|"
    "appeler|appelle|telephoner|"
    "contacter|repond|repondent|heure|heures|coordonnees|joignable|joignables";

// Beside what is wanted: "laissez tomber, je préfère téléphoner".
constexpr std::string_view kRather =
    "prefere|preferons|laisse|laissez|tomber|plutot|finalement|fait";

constexpr std::string_view kLeans =
    "et|mais|donc|alors|ok et|du coup|sinon|dans ce cas|dans mon cas|et si|si je|"
    "si est|si on|meme si|pareil|la meme chose|idem|aussi|apres|ensuite|et apres|"
    "et ensuite|et pour|pour ca|est combien|est gratuit|est payant|combien de temps|"
    "et combien|combien ca|ca coute|sa coute|ca prend|ca dure|y a il|il faut|je dois|"
    "faut il|est ce que je peux|je peux";
constexpr std::string_view kStandsFor =
    "ca|sa|cela|ce papier|ce document|cette demarche|cette demande|ce dossier|"
    "celui ci|celle ci|la dessus|a ce sujet|le faire|la faire|les faire|le demander|"
    "la demander|le recuperer|la recuperer|y aller|en avoir|cette aide|ce cas|"
    "ce delai";
constexpr std::string_view kCorrects =
    "ah non|ah pardon|oups|ah mais non|non pas|non je|non est|non le|non la|non les|non|non "
    "mon|non ma|non pour|"
    "non plutot|nan le|nan la|pas le|pas la|pas les|je voulais dire|je veux dire|"
    "je parle d*|je parlais d*|plutot|en fait|en realite|pardon|erreur|"
    "je me suis trompe*|je me suis mal exprime*|finalement";

const std::set<std::string, std::less<>>& empty_words() {
  static const auto all = [] {
    std::set<std::string, std::less<>> out;
    for (const std::string& word : folded_words(kEmpty)) out.insert(text::stem(word));
    return out;
  }();
  return all;
}

std::vector<std::string> own_terms(std::string_view text) {
  std::vector<std::string> out;
  for (std::string& term : text::terms(text))
    if (!empty_words().contains(term) && std::ranges::find(out, term) == out.end())
      out.push_back(std::move(term));
  return out;
}

constexpr std::string_view kNeeds =
    "je veux|je veu|je voudrais|voudrais|aimerais|j aimerais|je souhaite|je cherche|il me faut|"
    "me faut|faut|ai besoin|on veut|on voudrait|nous voulons|nous voudrions|je viens pour";
constexpr std::string_view kDescribes =
    "je suis|suis|on est|nous sommes|elle est|il est|ils sont|habite|on habite|nous habitons|"
    "on vit|je vis|elle reste|il reste|elle vit|il vit";
constexpr std::string_view kTurns =
    "autre chose|autre question|autre sujet|rien a voir|je change de sujet|par ailleurs|"
    "autre demande|autre truc|autre point|laisse tomber|laissez tomber|ok laisse|oublie ca|oubliez "
    "ca|changement de sujet|change de sujet|changeons de sujet|derniere question|derniere chose|"
    "dernier point|deuxieme question|seconde question|aussi une question|question a part|question "
    "perso*|question suivante|voulais aussi|voudrais aussi savoir|en profite";
constexpr std::string_view kTurnsAside =
    "sinon|et sinon|bon sinon|ok sinon|au fait|et au fait|ah au fait|tant que j y suis|"
    "pendant que j y suis|tant que tu es la|tant que vous etes la";

// All that is said is in one of the tables, and something of the first is.
bool nothing_but(const Words& words, const std::vector<std::string>& own, std::string_view first,
                 std::string_view also) {
  if (!has_phrase(words, first)) return false;
  return std::ranges::all_of(own, [&](const std::string& stem) {
    return std::ranges::any_of(words, [&](const std::string& word) {
      return text::stem(word) == stem && (has_phrase({word}, first) || has_phrase({word}, also));
    });
  });
}

// Whether a part of what is said asks for hours: "d'accord, et c'est ouvert demain, parce que je
// travaille ?"
bool asks_for_hours(std::string_view text) {
  constexpr std::size_t kLong = 22;  // words
  constexpr std::string_view kOpens =
      "ouvert|ouverte|ouverts|ouvertes|ouvre|ouvrent|ouvrez|ferme|fermee|fermes|ferment|fermez";
  static const std::string also = fmt::format("{}|{}|{}", kTimes, kRather, kThanks);
  std::string folded = text::fold(text);
  if (folded_words(folded).size() > kLong) return false;
  const bool question = folded.contains('?');
  for (const std::string_view because : {" parce que ", " pcq ", " car ", " vu que "})
    if (const std::size_t at = folded.find(because); at != std::string::npos) folded[at] = ',';
  for (std::string_view rest = folded; !rest.empty();) {
    const std::size_t end = std::min(rest.find_first_of(",.;:!?\n"), rest.size());
    const std::string_view part = rest.substr(0, end);
    const Words words = folded_words(part);
    if ((question || has_phrase(words, kTimes)) && has_phrase(words, kOpens) &&
        nothing_but(words, own_terms(part), kReach, also))
      return true;
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  return false;
}

bool asks(std::string_view sentence) {
  const std::string folded = text::fold(sentence);
  return folded.contains('?') ||
         answer::starts_with_phrase(
             folded_words(folded),
             "comment|combien|ou|quand|quel*|qui|est ce que|puis je|peut on|dois je|faut il|"
             "a quelle|a quel|est quoi|est combien|pourquoi|y a il");
}

// What joins a question to the one before it, and what begins one.
constexpr std::string_view kJoins =
    "et aussi|et sinon|et puis|et surtout|et en plus|et apres|et moi|et autre chose|et";
constexpr std::string_view kBegins =
    "est ce que|comment|combien|ou|quand|quel*|a quel*|qui|a qui|puis je|peut on|est combien|"
    "faut il|dois je|y a t il|je veux|je voudrais|moi je voudrais|voudrais|aimerais|je cherche|"
    "il me faut|il faut|ai besoin|on voudrait|on veut";

bool needs(std::string_view text) {
  return asks(text) || has_phrase(folded_words(text), kNeeds) ||
         has_phrase(folded_words(text), "sais pas|sait pas|savons pas");
}

// "Ça" stands for what was said before, and not for what is named first: "la piscine, ça coûte
// combien ?".
bool stands_for(const Words& words) {
  const auto place = answer::find_phrase(words, kStandsFor);
  if (!place) return false;
  std::string first;
  for (std::size_t i = 0; i < place->begin; ++i) first.append(words[i]).append(" ");
  return own_terms(first).empty();
}

// A sentence is cut at an "et" between two questions or needs, each about something of its own:
// "un passeport, c'est combien et est-ce que la piscine est ouverte ?". After a comma what is
// needed may be said later. "Perte et vol" is one matter.
std::vector<std::string> clauses(const std::string& sentence) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  for (std::size_t at = sentence.find(" et "); at != std::string::npos;
       at = sentence.find(" et ", at + 1)) {
    const std::string head = sentence.substr(begin, at - begin), tail = sentence.substr(at + 1);
    const Words words = folded_words(tail);
    const auto joined = static_cast<std::ptrdiff_t>(answer::phrase_at_start(words, kJoins));
    const Words rest(words.begin() + joined, words.end());
    // "Il faut quoi pour l'école et la piscine est ouverte ?": a place is asked for beside a
    // matter.
    const bool place = answer::asks_for_contact(tail) && !answer::asks_for_contact(head);
    const bool begins = answer::starts_with_phrase(rest, kBegins) || place ||
                        (head.ends_with(',') && needs(tail.substr(0, tail.find(','))));
    if (!begins || !needs(head) || own_terms(head).empty() || own_terms(tail).empty() ||
        stands_for(rest))
      continue;
    out.push_back(head);
    begin = at + 1;
  }
  out.push_back(sentence.substr(begin));
  return out;
}

// Questions that can be answered one by one: sentences that ask, each about something of its own.
// What comes before the first is a story that belongs to it; a question that leans stays with the
// one before it.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  std::string before;
  for (const std::string& sentence : text::sentences(text)) {
    const std::vector<std::string> parts = clauses(sentence);
    for (const std::string& part : parts) {
      const bool own = (parts.size() > 1 || asks(part)) && !own_terms(part).empty();
      const bool fresh =
          own && !out.empty() && out.size() < kQuestions && !stands_for(folded_words(part));
      if (out.empty()) {
        before.append(before.empty() ? "" : " ").append(part);
        if (!own) continue;
        out.push_back(std::move(before));
        before.clear();
      } else if (fresh) {
        out.push_back(part);
      } else {
        out.back().append(" ").append(part);
      }
    }
  }
  if (out.empty()) out.emplace_back(text);
  return out;
}

}  // namespace

std::string_view without_join(std::string_view question) {
  constexpr std::string_view kBeside =
      "et aussi|et sinon|et puis|et surtout|et en plus|et apres|et autre chose";
  const std::size_t words = answer::phrase_at_start(folded_words(question), kBeside);
  for (std::size_t i = 0; i < words; ++i) {
    const std::size_t end = question.find(' ');
    if (end == std::string_view::npos) return question;
    question.remove_prefix(end + 1);
  }
  return question;
}

Heard hear(std::string_view text) {
  Heard out;
  out.text = text;
  const Words words = folded_words(text);
  out.facets = answer::facets_of_question(text);
  out.own = own_terms(text);
  // "Ferme-la", and not "à quelle heure ferme la piscine".
  out.insulting = has_phrase(words, kInsult) ||
                  (words.size() >= 2 && words.back() == "la" && words[words.size() - 2] == "ferme");
  out.asks = asks(text) || !out.facets.empty() || has_phrase(words, kNeeds);
  constexpr std::size_t kFew = 3, kShort = 14, kRant = 25;  // words
  const bool short_message = words.size() <= kShort;
  auto act = [&] {
    const bool others = has_phrase(words, kPrivate) ||
                        (has_phrase(words, kSomebodys) && !has_phrase(words, kOffice) &&
                         !has_phrase(words, "changer|changement|modifier"));
    if ((has_phrase(words, kManipulate) || others) && !has_phrase(words, kHonest))
      return Act::manipulate;
    if (has_phrase(words, kThreat) && !has_phrase(words, kThreatened)) return Act::threat;
    if (has_phrase(words, kHarms)) return Act::unsafe;
    if (only_phrases(words, {kGreeting})) return Act::greeting;
    if (only_phrases(words, {kYes})) return Act::yes;
    if (only_phrases(words, {kNo})) return Act::no;
    if (only_phrases(words, {kGivesUp, kNo, kThanks, kGoodbye}) &&
        has_phrase(words, "tomber|oubliez|oublie|rien|tant pis|grave|peine|debrouill*|abandonne"))
      return Act::gives_up;
    if (only_phrases(words, {kGoodbye, kThanks, kGreeting}) && has_phrase(words, kGoodbye) &&
        !has_phrase(words, "merci*"))
      return Act::goodbye;
    if (only_phrases(words, {kThanks, kGoodbye, kGreeting})) return Act::thanks;
    if (short_message && has_phrase(words, kUnsure) && out.own.size() <= 1) return Act::unsure;
    if (short_message && has_phrase(words, kMachine)) return Act::machine;
    if (has_phrase(words, kPerson) && !has_phrase(words, kNotAPerson)) return Act::person;
    // "Mon prénom est faux, comment le changer ?" asks.
    constexpr std::size_t kMatter = 2;  // own words
    if (short_message && has_phrase(words, kWrong) && !(out.asks && out.own.size() >= kMatter))
      return Act::wrong;
    if (has_phrase(words, kOutcome)) return Act::outcome;
    const bool aimed = words.size() <= kRant && !out.asks && has_phrase(words, kAimed);
    if (out.insulting && (out.own.size() <= kFew || aimed)) return Act::insult;
    return Act::ask;
  };
  out.act = act();
  if (out.act != Act::ask) return out;
  out.questions = split(text);
  const Words first = folded_words(out.questions.front());
  out.describes = !out.asks && short_message && answer::starts_with_phrase(first, kDescribes);
  out.turns = has_phrase(first, kTurns);
  out.turns_aside = answer::starts_with_phrase(first, kTurnsAside);
  out.reach = (short_message && nothing_but(words, out.own, kReach,
                                            std::string(kTimes) + "|" + std::string(kRather))) ||
              asks_for_hours(text);
  out.when = short_message && nothing_but(words, out.own, kTimes, kTimes);
  // "Non, elle ne touche pas l'Aspa" tells what is not, and corrects nothing.
  const bool denies = answer::starts_with_phrase(first, "non") &&
                      !answer::starts_with_phrase(first, "non pas|non est pas") &&
                      has_phrase(first, "pas|plus|jamais|aucun|aucune") && !out.asks;
  out.corrects = short_message && !denies && answer::starts_with_phrase(first, kCorrects);
  out.leans =
      answer::starts_with_phrase(first, kLeans) || has_phrase(words, kStandsFor) || out.own.empty();
  return out;
}

bool tells_of_threats(std::string_view text) { return has_phrase(folded_words(text), kThreatened); }

bool tells_an_address(std::string_view text) {
  return has_phrase(
      folded_words(text),
      "rue|avenue|boulevard|impasse|chemin|quai|lotissement|hameau|mon adresse|lieu dit|"
      "j habite|je habite|on habite");
}

bool tells_of_a_death(std::string_view text) {
  constexpr std::string_view kClose =
      "mon mari|ma femme|mon epoux|mon epouse|ma mere|mon pere|ma maman|mon papa|maman|papa|mon "
      "fils|ma fille|mon bebe|mon enfant|mon frere|ma soeur|ma grand mere|mon grand pere|ma mamie|"
      "mon papi|mamie|papi|mon conjoint|ma conjointe|mon compagnon|ma compagne|mon oncle|ma tante|"
      "mon beau pere|ma belle mere|mes parents|mon ami|mon amie";
  constexpr std::string_view kDied =
      "est mort|est morte|et mort|et morte|est dcd|sont morts|est decede|est decedee|sont "
      "decedes|vient de mourir|"
      "vient de deceder|est eteint|est eteinte|est parti cette nuit|est partie cette nuit|"
      "nous a quittes|mort hier|mort ce matin|mort cette nuit|decede hier|decede ce matin|"
      "decede cette nuit";
  constexpr std::string_view kLost =
      "ai perdu mon mari|ai perdu ma femme|ai perdu ma mere|ai perdu mon pere|ai perdu mon fils|"
      "ai perdu ma fille";
  constexpr std::string_view kNotNow =
      "y a * ans|y a * an|y a * mois|an dernier|annee derniere|depuis * ans|en 19*|en 20*|"
      "mort de rire|morte de rire|mort de faim|mort de peur|mort de fatigue|mort de honte";
  const Words words = folded_words(text);
  if (has_phrase(words, kNotNow)) return false;
  if (has_phrase(words, kLost)) return true;
  // "Mon mari Jean est mort", and not "ma fille a dix ans, son téléphone est mort".
  constexpr std::size_t kBetween = 2;  // words
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Words from(words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
    const std::size_t close = answer::phrase_at_start(from, kClose);
    for (std::size_t at = close; close > 0 && at <= close + kBetween && at < from.size(); ++at)
      if (answer::starts_with_phrase({from.begin() + static_cast<std::ptrdiff_t>(at), from.end()},
                                     kDied))
        return true;
  }
  return false;
}

}  // namespace parvis::dialogue
