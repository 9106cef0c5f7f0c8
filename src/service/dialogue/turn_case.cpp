// Where a case stands. A case of this conversation is told at once. Of any other, whose reference
// proves nothing, a link goes to the address that its citizen gave: what is said here is the same
// whether there is such a case or not.
#include <algorithm>
#include <charconv>

#include "answer/facts.hpp"
#include "answer/phrases.hpp"
#include "dialogue/reading.hpp"
#include "dialogue/turn.hpp"
#include "procedure/values.hpp"
#include "text/normalise.hpp"
#include "text/personal.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Status;

namespace {

constexpr std::string_view kCaseChoice = "case/";  // then its place among those deposited here
constexpr std::size_t kShown = 6;                  // cases offered at once, the newest first

bool asks_for_case(std::string_view text) {
  const std::string folded = text::fold(text);
  const auto says = [&](std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](std::string_view word) { return folded.contains(word); });
  };
  if (says({"dossier", "demande", "declaration", "signalement", "inscription"}) &&
      says({"ou en est", "ou ca en est", "en est ou", "en sont ou"}))
    return true;
  // "J'en avais déjà signalé un, où ça en est ?"
  if (says({"ou en est", "ou ca en est", "ca en est ou"}) &&
      answer::has_phrase(answer::folded_words(text),
                         "ai signale|avais signale|avait signale|ai deja signale|avais deja "
                         "signale|ai depose|avais depose|ai deja depose|avais deja depose|ai "
                         "declare|avais declare|ai deja declare|avais deja declare"))
    return true;
  return says({"mon dossier", "ma demande", "ma declaration", "mon signalement", "mes demandes",
               "mes dossiers", "mon inscription"}) &&
         says({"ou en est", "ou en sont", "ou ca en est", "avance", "suivre", "suivi", "statut",
               "etat d", "nouvelles", "ou j'en suis"});
}

// "J'ai plus la référence, j'ai supprimé le mail"
bool lost_reference(std::string_view text) {
  constexpr std::size_t kShort = 14;  // words
  const std::vector<std::string> words = answer::folded_words(text);
  return words.size() <= kShort && !text.contains('?') &&
         !answer::has_phrase(words,
                             "cadastr*|fiscal*|avis|commande|colis|facture|contrat|annonce") &&
         answer::has_phrase(words, "reference|references|numero de dossier|accuse de reception") &&
         answer::has_phrase(words,
                            "plus|pas|perdu*|supprime*|efface*|jete*|aucune|retrouve*|oublie*");
}

// Letters and digits of a word, the groups between its dashes counted.
struct Token {
  std::string_view written;
  std::string letters;
  std::vector<std::size_t> groups;
};
std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> out;
  constexpr std::string_view kAround = " \t\n,;:!?()\"'\u00ab\u00bb\u00a0";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = text.find_first_not_of(kAround, at);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(kAround, begin), text.size());
    at = end;
    Token token{.written = text.substr(begin, end - begin), .letters = {}, .groups = {0}};
    bool plain = true;
    for (const char c : token.written) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (letter || (c >= '0' && c <= '9')) {
        token.letters += c;
        ++token.groups.back();
      } else if (c == '-' || c == '.') {
        token.groups.push_back(0);
      } else {
        plain = false;
      }
    }
    if (token.groups.back() == 0 && token.groups.size() > 1) token.groups.pop_back();
    if (!plain) token.letters.clear();
    out.push_back(std::move(token));
  }
  return out;
}

bool has_digit(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// What looks like the reference of a case. `right`: as it is written; empty when it is not right.
struct Named {
  std::string right;
};
std::optional<Named> reference_in(const World& world, std::string_view text) {
  if (!world.reference) return std::nullopt;
  const std::vector<Token> tokens = tokens_of(text);
  std::optional<Named> wrong;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.letters.empty()) continue;
    if (auto right = world.reference(token.letters)) return Named{std::move(*right)};
    // "kilu bafo 7"
    if (i + 2 < tokens.size() && token.letters.size() == 4 && tokens[i + 1].letters.size() == 4 &&
        tokens[i + 2].letters.size() == 1) {
      const std::string joined = token.letters + tokens[i + 1].letters + tokens[i + 2].letters;
      if (auto right = world.reference(joined)) return Named{std::move(*right)};
    }
    const bool shaped =
        token.groups.size() >= 2 && token.groups[0] == 4 &&
        token.letters.find_first_not_of("0123456789") != std::string::npos &&
        (token.groups.size() == 3 ? token.groups[1] == 4 && token.groups[2] <= 2
                                  : token.groups.size() == 2 && has_digit(token.letters) &&
                                        token.groups[1] >= 4 && token.groups[1] <= 5);
    if (shaped) wrong = Named{};
  }
  return wrong;
}

std::optional<Personal<std::string>> email_in(const Said& said) {
  const std::string& words = said.words ? said.words->read() : said.text;
  for (const text::PersonalSpan& span : text::personal_spans(words))
    if (span.kind == text::PersonalKind::email)
      return Personal(words.substr(span.begin, span.end - span.begin));
  return std::nullopt;
}

}  // namespace

std::optional<Step> Turn::tell_case(const Said& said) {
  if (!said.fills) return std::nullopt;
  Step out{.state = {}, .answer = {}, .answers = {}};
  out.answer.status = Status::case_status;
  const auto done = [&] {
    out.state = std::move(state_);
    if (out.state.filling.asked.empty()) out.state.offered = out.answer.choices;
    return std::optional(std::move(out));
  };
  const auto tell = [&](const Deposited& one) {
    out.tells = one;
    return done();
  };
  if (said.choice.starts_with(kCaseChoice)) {
    std::size_t at = 0;
    const std::string_view digits = std::string_view(said.choice).substr(kCaseChoice.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), at);
    if (at >= state_.deposited.size()) return std::nullopt;
    return tell(state_.deposited[at]);
  }
  if (!said.choice.empty()) return std::nullopt;
  const auto named = reference_in(world_, said.text);
  const bool asks = asks_for_case(said.text);
  constexpr std::size_t kAround = 8;  // words: "ma référence est la suivante : KILU-BAFO-7"
  const bool only = named && answer::word_count(said.text) <= kAround;
  if (!state_.reference.empty() && !named) {
    const std::string reference = std::exchange(state_.reference, {});
    if (auto email = email_in(said)) {
      out.answer.text =
          "Si un dossier existe avec cette référence et cette adresse, un lien vient de partir. Il "
          "arrive en quelques minutes. Regardez aussi parmi les indésirables.\nRien ne "
          "vient\u202f? Vérifiez la référence et l’adresse, ou appelez le service.";
      if (++state_.links <= kLinks) out.link = LinkWanted{reference, std::move(*email)};
      return done();
    }
    if (said.text.contains('@') || text::fold(said.text).contains("arobase") ||
        is_masked(said.words ? said.words->read() : said.text)) {
      state_.reference = reference;
      out.answer.text =
          "Cette adresse e-mail n’est pas complète. Exemple\u00a0: nom@domaine.fr. Écrivez-la de "
          "nouveau.";
      return done();
    }
  }
  if (!asks && !only && !named && lost_reference(said.text)) {
    out.answer.text =
        "Sans la référence, je ne peux pas retrouver votre dossier ici. Elle est dans l’accusé de "
        "réception\u00a0: regardez aussi parmi les indésirables. Sinon, appelez le service\u00a0: "
        "une personne le retrouve avec votre nom.";
    if (context().services.by_pivot) out.answer.contact = context().services.by_pivot("mairie");
    return done();
  }
  if (!asks && !only) return std::nullopt;
  if (named) {
    if (named->right.empty()) {
      out.answer.text =
          "Cette référence n’est pas juste. Recopiez-la de l’accusé de réception. "
          "Exemple\u00a0: KILU-BAFO-7.";
      return done();
    }
    const auto own = std::ranges::find(state_.deposited, named->right, &Deposited::reference);
    if (own != state_.deposited.end()) return tell(*own);
    state_.reference = named->right;
    out.answer.text =
        "Pour ce dossier, je vous envoie un lien personnel\u00a0: lui seul l’ouvre. Quelle adresse "
        "e-mail avez-vous donnée dans la demande\u202f?\nPas d’adresse\u202f? Appelez le service, "
        "avec la référence.";
    return done();
  }
  if (state_.deposited.size() == 1) return tell(state_.deposited.front());
  if (!state_.deposited.empty()) {
    out.answer.text = "Lequel de vos dossiers\u202f?";
    const auto offered = world_.procedures
                             ? world_.procedures(commune_)
                             : std::vector<std::shared_ptr<const procedure::Definition>>();
    for (std::size_t i = state_.deposited.size(); i-- > 0 && out.answer.choices.size() < kShown;) {
      const Deposited& each = state_.deposited[i];
      const auto known =
          std::ranges::find_if(offered, [&](const auto& one) { return one->id == each.procedure; });
      out.answer.choices.push_back(
          {each.reference + (known == offered.end() ? "" : ", " + (*known)->title),
           std::string(kCaseChoice) + std::to_string(i)});
    }
    return done();
  }
  out.answer.text =
      "Quelle est la référence de votre dossier\u202f? Elle est sur l’accusé de réception. "
      "Exemple\u00a0: KILU-BAFO-7.\nJe vous envoie alors un lien, à l’adresse e-mail de la "
      "demande. Sans la référence, appelez le service.";
  if (context().services.by_pivot) out.answer.contact = context().services.by_pivot("mairie");
  return done();
}

}  // namespace parvis::dialogue
