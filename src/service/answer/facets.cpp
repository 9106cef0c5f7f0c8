#include "answer/facets.hpp"

#include <algorithm>
#include <string>

#include "answer/facts.hpp"
#include "answer/phrases.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

using namespace std::string_view_literals;

// Patterns are folded words, elisions cut off ("j'ai droit" is "ai droit"), parted by |; * ends a
// word by its beginning and stands for any word when alone.
struct Rule {
  Facet facet;
  std::string_view question;
  std::string_view heading;
  std::string_view keyword = {};  // enough in a message of a few words ("prix passeport")
  std::string_view object = {};   // what the message is about, not what it asks ("papiers volés")
};

constexpr std::array<Rule, kFacets> kRules = {
    Rule{
        Facet::cost,
        "combien coute*|combien ca coute*|combien sa coute*|ca coute*|sa coute*|coute combien|"
        "combien payer|payer combien|paye* combien|paie combien|combien dois payer|combien je "
        "dois|combien faut payer|combien a payer|"
        "quel prix|quel est prix|le prix|prix de|prix du|quel tarif*|tarif*|quel cout|le cout|"
        "cout de|cout du|gratuit|gratuite|gratuits|gratuites|payant*|faut payer|frais de|quels "
        "frais|combien est passeport|est ce que payant|combien coutent|c combien|est combien|"
        "est cher|est chere|c cher|coute cher|on paye|on paie|on le paye|on la paye|on le paie|on "
        "la paie|se paye|se paie",
        "cout|couts|frais|tarif|tarifs|prix|cout et paiement|paiement|droits a payer|timbre *",
        "prix|cout|couts|tarif|tarifs|cher|chere|payer|paye|paie",
        "qui paye|qui paie|qui _ payer|ai paye|pas cher|pay* en|pay* par|paie en|paie par|pay* mon|"
        "pay* ma|pay* mes|pay* le|pay* la|pay* les|pay* pas|pay* plus|paie pas|paie plus"},
    Rule{Facet::amount,
         "combien toucher*|combien vais toucher|combien je touche|combien percevoir|"
         "combien vais percevoir|combien gagne*|combien recevoir|combien vais recevoir|"
         "quel montant|quel est montant|montant de|montant du|le montant|combien argent|"
         "combien on touche|combien euros|quel est salaire|combien est paye*|remuneration",
         "montant*|remuneration|indemnisation|calcul*|montant de *|bareme*|indemnite*",
         "montant|montants|calcul"},
    Rule{Facet::delay,
         "combien de temps|combien temps|quel delai|quels delais|delai*|au bout de combien|"
         "dans combien de|sous combien|combien de jours|combien de mois|combien de semaines|"
         "quand recevoir|quand vais recevoir|a quand|avant quelle date|quelle date limite|"
         "date limite|prend combien|met combien|ca prend|longtemps|quand faut|a quel moment|"
         "depuis combien|pendant combien|quelle duree|duree de|duree du|preavis de combien",
         "delai|delais|delai *|delais *|date|dates|quand *|a quel moment *|duree|duree de *|"
         "duree du *|calendrier|instruction*|fabrication|a partir de quand *",
         "delai|delais|duree"},
    Rule{Facet::validity,
         "valable combien|valable jusqu|encore valable|est valable|toujours valable|duree de "
         "validite|"
         "quelle validite|validite d*|"
         "combien de temps valable|perime quand|expire quand|combien de temps est valable|"
         "dure combien de temps",
         "duree de validite|validite|validite *|duree de validite *"},
    Rule{Facet::documents,
         "quels papiers|quel papier|quelle papier|papiers a fournir|papiers a apporter|"
         "quels documents|quel document|quelles pieces|quelle piece|pieces a|piece a fournir|"
         "documents a|document a fournir|quel justificatif*|quels justificatif*|"
         "justificatifs a|quoi apporter|montrer quoi|quoi montrer|presenter quoi|quoi "
         "presenter|apporter quoi|"
         "amener quoi|que faut apporter|"
         "dois apporter|faut amener|dois amener|quoi amener|fournir quoi|quoi fournir|"
         "faut fournir|dois fournir|dossier a fournir|pieces justificatives|apporter comme|"
         "demande comme papier*|faut comme papier*|faut il comme document*|papiers faut|"
         "documents faut|documents necessaires|papiers necessaires|pieces necessaires",
         "pieces *|piece *|documents *|document *|justificatifs *|justificatif *|justificatifs|"
         "pieces|documents|dossier a *|constitution du dossier|composition du dossier|"
         "contenu du dossier",
         "documents|papiers|pieces|justificatifs",
         "papiers perdu*|papiers vole*|perdu _ _ papiers|perte _ papiers|vole _ _ papiers|voler _ "
         "_ papiers|vol _ papiers|mes papiers|sans papiers"},
    Rule{Facet::where,
         "ou aller|ou dois aller|ou faire|ou puis|ou faut|ou peut|ou demander|ou adresser|"
         "ou est|ou se|ou deposer|ou envoyer|ou trouver|ou obtenir|a qui|vers qui|"
         "quel service|quelle mairie|quel bureau|quelle administration|qui contacter|"
         "aupres de qui|quel organisme|a quelle adresse|quel endroit|qui dois contacter|ou on|"
         "qui saisir|qui appeler|dans quelle mairie|quel tribunal",
         "ou *|ou|lieu|lieu *|ou adresser|qui contacter|a qui *|aupres de qui *|service competent|"
         "organisme *|interlocuteur*"},
    Rule{Facet::who,
         "ai je droit|ai droit|droit a|y ai droit|qui peut|qui a droit|a t il droit|avoir droit|"
         "suis concerne|quelles conditions|conditions pour|quelle condition|suis eligible|"
         "eligible*|condition de|conditions de",
         "qui *|conditions|conditions *|condition *|beneficiaires|beneficiaire|"
         "personnes concernees|qui est concerne|qui peut *|qui a *|salaries concernes|"
         "entreprises concernees|public concerne|condition",
         "conditions|eligibilite"},
    Rule{Facet::online,
         "en ligne|sur internet|par internet|site internet|sur le site|teleservice|"
         "formulaire*|cerfa|telecharger|par mail",
         "en ligne|teleservice*|demande en ligne|formulaire*|demarche en ligne|par internet",
         "internet|formulaire"},
    Rule{Facet::steps,
         "comment faire|comment demander|comment obtenir|comment y prendre|comment je fais|"
         "comment fait on|quelle demarche|quelles demarches|les demarches|demarche*|comment *|"
         "que dois je faire|que faire|quoi faire|je fais quoi|marche a suivre|procedure",
         "demarche|demarches|demarche a *|demarches a *|comment faire *|comment demander *|"
         "comment obtenir *|comment en beneficier|procedure|procedure a *|demande|"
         "demande d *|demande de *|declaration|etapes|depot *|faire la *|effectuer la *"},
    Rule{Facet::legal,
         "quelle loi|quel article|texte de loi|textes de loi|base legale|reference legale|"
         "quel texte|code civil|article de loi|quels textes|que dit la loi|legalement",
         "textes de reference|references|textes applicables"},
    Rule{Facet::phone,
         "numero appeler|numero _ appeler|numero a appeler|numero joindre|numero _ joindre|numero "
         "contacter|numero _ contacter|numero d appel|numero vert|numero gratuit|numero de "
         "telephone|numero de tel|par telephone|telephone pour|telephone ou|telephoner|qui appeler|"
         "appeler qui|appelle qui|appel qui|appele qui|qui on appelle|qui j appelle|qui dois "
         "appeler|qui dois je appeler|qui je dois appeler|qui faut appeler|qui contacter|contacter "
         "qui|contacte qui|qui je contacte|qui prevenir|prevenir qui|previens qui|avez le numero|"
         "avez un numero|donner le numero|donnez moi le numero|quel numero|numero de qui",
         "par telephone|numero *|numeros *", "telephone"},
};

// Where a message asks: its sentences with a question mark or a question word, and the last one.
std::string asking_part(std::string_view text) {
  constexpr std::size_t kShort = 25;  // words; a short message asks all over
  const std::vector<std::string> sentences = text::sentences(text);
  if (word_count(text) <= kShort || sentences.size() < 2) return std::string(text);
  std::string out;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const std::string folded = text::fold(sentences[i]);
    const bool asks = folded.contains('?') || folded.starts_with("comment") ||
                      folded.starts_with("quel") || folded.starts_with("est-ce") ||
                      folded.starts_with("puis-je") || folded.starts_with("combien") ||
                      folded.contains("je voudrais savoir") || folded.contains("j'aimerais savoir");
    if (asks || i + 1 == sentences.size()) out.append(sentences[i]).append(" ");
  }
  return out;
}

}  // namespace

std::vector<Facet> facets_of_question(std::string_view text) {
  const std::vector<std::string> words = folded_words(asking_part(text));
  std::vector<Facet> out;
  constexpr std::size_t kFew = 6;
  for (const Rule& rule : kRules)
    if (has_phrase(words, rule.question, Spelling::loose) ||
        (words.size() <= kFew && has_phrase(words, rule.keyword) &&
         !has_phrase(words, rule.object)))
      out.push_back(rule.facet);
  auto drop = [&](Facet facet) { std::erase(out, facet); };
  auto has = [&](Facet facet) { return std::ranges::find(out, facet) != out.end(); };
  // "J'ai rempli le formulaire en ligne" tells a story; a short message asks.
  constexpr std::size_t kShort = 20;
  if (words.size() > kShort) drop(Facet::online);
  // The vague gives way to the precise.
  if (has(Facet::validity)) drop(Facet::delay);
  if (has(Facet::amount)) drop(Facet::cost);
  if (has(Facet::phone)) drop(Facet::where);
  if (out.size() > 1) drop(Facet::steps);
  if (out.size() > 1 && has(Facet::who)) drop(Facet::who);
  return out;
}

bool has_question_words(std::string_view text) {
  return has_phrase(folded_words(text),
                    "combien|cb|quoi|koi|quel|quelle|quels|quelles|comment|quand|pourquoi|est ce|"
                    "peut|peux|pouvons|puis je|possible|oblige*|obligatoire*|faut|droit|dois|doit");
}

bool goes_on(std::string_view text) {
  constexpr std::size_t kShort = 12;  // words
  const std::vector<std::string> words = folded_words(text);
  return words.size() <= kShort &&
         starts_with_phrase(words,
                            "et pour|et si|et moi|et lui|et elle|et nous|et mon|et ma|et mes|et "
                            "son|et sa|et ses|et avec|et chez|et en|et a|et au|et le|et la|et les|"
                            "pour moi|pour lui|pour elle|pour mon|pour ma|pour mes");
}

std::vector<Facet> facets_of_heading(std::string_view heading) {
  const std::vector<std::string> words = folded_words(heading);
  std::vector<Facet> out;
  for (const Rule& rule : kRules)
    if (starts_with_phrase(words, rule.heading)) out.push_back(rule.facet);
  if (std::ranges::find(out, Facet::validity) != out.end()) std::erase(out, Facet::delay);
  return out;
}

bool states(Facet facet, const Piece& piece) {
  // What a call or an hour there costs is not what is asked.
  if (piece.kind == Piece::Kind::place && facet != Facet::phone) return facet == Facet::where;
  const std::string folded = text::fold(piece.text);
  auto any_of = [&](std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](std::string_view w) { return folded.contains(w); });
  };
  constexpr std::size_t kDigits = 10;            // the first, which is 0, may stand apart
  const auto is_phone = [&](const Fact& fact) {  // "0 805 160 075", or "3919" where one calls
    return fact.kind == Fact::Kind::number &&
           (fact.value.size() == kDigits || fact.value.size() == kDigits - 1 ||
            (fact.value.size() == 4 && fact.value.starts_with('3') &&
             any_of({"numero", "appel", "telephone"})));
  };
  auto fact = [&](Fact::Kind kind) {
    return std::ranges::any_of(hard_facts(piece.text),
                               [&](const Fact& f) { return f.kind == kind; });
  };
  switch (facet) {
    case Facet::cost:
      return any_of({"gratuit", "payant", "timbre fiscal", "tarif", "frais", " cout", "prix"}) ||
             (fact(Fact::Kind::amount) && any_of({"paye", "paie", "regler", "droit", "redevance",
                                                  "cheque", "mandat postal", "virement"}));
    case Facet::amount:
      return fact(Fact::Kind::amount) ||
             (fact(Fact::Kind::percent) && any_of({"salaire", "montant"}));
    case Facet::delay:
      return fact(Fact::Kind::duration) || fact(Fact::Kind::date) ||
             any_of({"delai", "sans attendre", "immediatement", "debutera"});
    case Facet::validity:
      return any_of({"valable", "validite", "valide pendant", "expire"}) &&
             (fact(Fact::Kind::duration) || fact(Fact::Kind::date) || any_of({"illimite"}));
    case Facet::documents:
      return any_of({"justificatif", "piece d'identite", "pieces suivantes", "documents suivants",
                     "fournir", "copie de", "formulaire"});
    case Facet::where:
      return piece.kind == Piece::Kind::service ||
             any_of({"aupres d", "en mairie", "a la mairie", "au tribunal", "adresser a",
                     "s'adresser", "au guichet", "au commissariat", "a la prefecture"});
    case Facet::who:
      return any_of({"condition", "pouvez", "peut ", "peuvent", "avoir droit", "beneficier"});
    case Facet::online:
      return any_of({"service en ligne", "teleservice", "formulaire", "par internet",
                     "demarche en ligne", "demande en ligne", "se fait en ligne"});
    case Facet::steps:
      return any_of(
          {"demande", "declar", "adresser", "envoyer", "remplir", "lettre", "doit", "devez"});
    case Facet::legal:
      return any_of({"article", "code ", "loi ", "decret"});
    case Facet::phone:
      return std::ranges::any_of(hard_facts(piece.text), is_phone);
  }
  return false;
}

std::string_view question_for(Facet facet) {
  switch (facet) {
    case Facet::cost:
      return "Combien ça coûte\u202F?";
    case Facet::amount:
      return "Quel est le montant\u202F?";
    case Facet::delay:
      return "Quel est le délai\u202F?";
    case Facet::validity:
      return "Quelle est la durée de validité\u202F?";
    case Facet::documents:
      return "Quels documents fournir\u202F?";
    case Facet::where:
      return "Où s’adresser\u202F?";
    case Facet::who:
      return "Qui y a droit\u202F?";
    case Facet::online:
      return "Est-ce possible en ligne\u202F?";
    case Facet::steps:
      return "Comment faire\u202F?";
    case Facet::legal:
      return "Quels sont les textes de loi\u202F?";
    case Facet::phone:
      return "Quel numéro appeler\u202F?";
  }
  return "";
}

std::string_view french(Facet facet) {
  switch (facet) {
    case Facet::cost:
      return "le coût";
    case Facet::amount:
      return "le montant";
    case Facet::delay:
      return "le délai";
    case Facet::validity:
      return "la durée de validité";
    case Facet::documents:
      return "les documents à fournir";
    case Facet::where:
      return "le lieu ou le service";
    case Facet::who:
      return "les conditions";
    case Facet::online:
      return "de démarche en ligne";
    case Facet::steps:
      return "la démarche";
    case Facet::legal:
      return "les textes de loi";
    case Facet::phone:
      return "de numéro à appeler";
  }
  return "";
}

}  // namespace parvis::answer
