#include "dialogue/spelling.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "answer/phrases.hpp"
#include "text/normalise.hpp"

namespace parvis::dialogue {
namespace {

struct Form {
  std::string_view written, word;
};

constexpr std::array kForms = std::to_array<Form>({
    {"jai", "j'ai"},
    {"ca", "ça"},
    {"coute", "coûte"},
    {"koi", "quoi"},
    {"kwa", "quoi"},
    {"komen", "comment"},
    {"komment", "comment"},
    {"coment", "comment"},
    {"cmt", "comment"},
    {"ke", "que"},
    {"ki", "qui"},
    {"kel", "quel"},
    {"kelle", "quelle"},
    {"kan", "quand"},
    {"qd", "quand"},
    {"pk", "pourquoi"},
    {"pkoi", "pourquoi"},
    {"pourkoi", "pourquoi"},
    {"pa", "pas"},
    {"ds", "dans"},
    {"pr", "pour"},
    {"avc", "avec"},
    {"tjs", "toujours"},
    {"tjrs", "toujours"},
    {"bcp", "beaucoup"},
    {"mtn", "maintenant"},
    {"jsui", "je suis"},
    {"jsuis", "je suis"},
    {"chui", "je suis"},
    {"jpeu", "je peux"},
    {"jpeux", "je peux"},
    {"jfé", "je fais"},
    {"jfais", "je fais"},
    {"jveu", "je veux"},
    {"jveux", "je veux"},
    {"jdoi", "je dois"},
    {"jdois", "je dois"},
    {"fo", "faut"},
    {"fau", "faut"},
    {"fé", "fais"},
    {"vieu", "vieux"},
    {"papié", "papier"},
    {"papiés", "papiers"},
    {"voitur", "voiture"},
    {"keske", "qu'est-ce que"},
    {"kesk", "qu'est-ce que"},
    {"slmt", "seulement"},
    {"dc", "donc"},
    {"nvx", "nouveaux"},
    {"nvel", "nouvelle"},
    {"dcd", "décédé"},
    {"jpe", "je peux"},
    {"jsp", "je ne sais pas"},
    {"feuil", "feuille"},
    {"portefeuil", "portefeuille"},
});

struct Kind {
  std::string_view names, kind;
};

// Names of makers and models tell nothing but that it is a car.
constexpr Kind kCars = {
    "clio|twingo|megane|scenic|kangoo|renault|peugeot|citroen|dacia|sandero|duster|logan|"
    "volkswagen|toyota|yaris|opel|corsa|fiat|mercedes|bmw|audi|skoda|hyundai|tesla",
    "voiture"};

constexpr std::array kKinds = std::to_array<Kind>({
    {"canape|canapes|matelas|sommier|vieux meuble*|vieille armoire|frigo|refrigerateur|congelateur|"
     "lave linge|machine a laver|lave vaisselle|gaziniere",
     "encombrants"},
    {"poubelle*", "ordures ménagères"},
    {"nid de poule|nids de poule", "trou dans la chaussée"},
});

std::string kind_of_name(std::string_view token) {
  const std::vector<std::string> words = answer::folded_words(token);
  return words.size() == 1 && answer::has_phrase(words, kCars.names) ? std::string(kCars.kind) : "";
}

bool digits(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

std::string lower(std::string_view word) {
  std::string out(word);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// "G" and "c" alone are words only where a sentence or what is said begins.
std::string word_for(const std::string& written, const std::vector<std::string>& before) {
  constexpr std::array<std::string_view, 10> kBegins = {"et",  "mais",    "que", "ke",  "si",
                                                        "bjr", "bonjour", "slt", "car", "donc"};
  const bool first = before.empty() || before.back().ends_with(',') ||
                     before.back().ends_with('.') || before.back().ends_with('?') ||
                     before.back().ends_with('!') ||
                     std::ranges::find(kBegins, before.back()) != kBegins.end();
  if (written == "g" && (before.empty() || !digits(before.back()))) return "j'ai";
  if (written == "c" && first) return "c'est";
  if (written == "2" && !before.empty() && before.back() == "pas") return "de";
  if (written == "cb" && !before.empty() && before.back() == "carte") return "bancaire";
  if (written == "cb") {  // "ma cb", "payer par cb"; "ça coûte cb"
    constexpr std::array<std::string_view, 10> kCard = {"ma",  "ta", "sa",   "la",    "une",
                                                        "par", "en", "avec", "votre", "leur"};
    const bool card = !before.empty() && std::ranges::find(kCard, before.back()) != kCard.end();
    return card ? "carte bancaire" : "combien";
  }
  for (const Form& form : kForms)
    if (form.written == written) return std::string(form.word);
  return "";
}

}  // namespace

std::string spelled_out(std::string_view text) {
  constexpr std::string_view kAfter = ",.;:!?";
  std::string out;
  std::vector<std::string> before;
  while (!text.empty()) {
    const std::size_t gap = std::min(text.find_first_not_of(" \n\t"), text.size());
    out.append(text.substr(0, gap));
    text.remove_prefix(gap);
    const std::string_view token = text.substr(0, text.find_first_of(" \n\t"));
    text.remove_prefix(token.size());
    std::string_view bare = token;
    while (!bare.empty() && kAfter.contains(bare.back())) bare.remove_suffix(1);
    const std::string word = word_for(lower(bare), before);
    const std::string said =
        word.empty() ? std::string(token) : word + std::string(token.substr(bare.size()));
    out.append(said);
    if (!said.empty()) before.push_back(lower(said));
  }
  return out;
}

namespace {

// What stands between spaces, each with the spaces before it.
template <typename Each>
void each_token(std::string_view text, Each each) {
  while (!text.empty()) {
    const std::size_t gap = std::min(text.find_first_not_of(" \n\t"), text.size());
    const std::string_view blank = text.substr(0, gap);
    text.remove_prefix(gap);
    const std::string_view token = text.substr(0, text.find_first_of(" \n\t"));
    text.remove_prefix(token.size());
    each(blank, token);
  }
}

}  // namespace

std::string with_kind(std::string_view text) {
  std::string out;
  bool before = false;  // "ma renault clio" is one car
  each_token(text, [&](std::string_view blank, std::string_view token) {
    const std::string kind = kind_of_name(token);
    if (kind.empty() || !before) out.append(blank).append(kind.empty() ? token : kind);
    before = !kind.empty();
  });
  const std::vector<std::string> words = answer::folded_words(text);
  for (const Kind& each : kKinds)
    if (answer::has_phrase(words, each.names) && !answer::has_phrase(words, text::fold(each.kind)))
      out.append(" ").append(each.kind);
  return out;
}

std::string without_bare_days(std::string_view text) {
  static constexpr std::array kDays = {"lundi",    "mardi",  "mercredi", "jeudi",
                                       "vendredi", "samedi", "dimanche"};
  static constexpr std::array kSpokenOf = {"le",     "un", "les", "du", "des",
                                           "chaque", "et", "ou",  "au"};
  std::string out;
  std::string before;
  bool others = false;
  each_token(text, [&](std::string_view blank, std::string_view token) {
    std::string folded = text::fold(token);
    const std::size_t end = folded.find_last_not_of(",.;:!?)");
    folded.resize(end == std::string::npos ? 0 : end + 1);
    const bool day = std::ranges::find(kDays, folded) != kDays.end();
    const bool spoken_of = std::ranges::find(kSpokenOf, before) != kSpokenOf.end();
    if (!day || spoken_of) out.append(blank).append(token);
    others = others || (!day && !folded.empty());
    before = std::move(folded);
  });
  return others ? out : std::string(text);
}

}  // namespace parvis::dialogue
