#include "answer/composer.hpp"

#include <algorithm>
#include <array>

#include "answer/contact.hpp"
#include "answer/emergency.hpp"
#include "answer/facts.hpp"
#include "answer/pieces.hpp"
#include "answer/scope.hpp"
#include "answer/sheet_answer.hpp"
#include "answer/tree.hpp"
#include "answer/verify.hpp"
#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

using knowledge::Block;
using knowledge::Document;

std::string date_notice(const Document& document) {
  if (document.key.is_local())
    return document.updated
               ? "Information locale mise à jour le " + format_french_date(*document.updated) + "."
               : "";
  if (!document.updated) return "La date de cette fiche n’est pas connue.";
  return "Fiche nationale mise à jour le " + format_french_date(*document.updated) +
         ". Des règles ont pu changer depuis.";
}

void add_notice(Answer& answer, std::string notice) {
  if (!notice.empty() && std::ranges::find(answer.notices, notice) == answer.notices.end())
    answer.notices.push_back(std::move(notice));
}

const Block* first_paragraph(const knowledge::Blocks& blocks) {
  for (const Block& block : blocks) {
    if (block.kind == Block::Kind::paragraph && !block.spans.empty()) return &block;
    if (const Block* inner = first_paragraph(block.children)) return inner;
  }
  return nullptr;
}

// What a sheet is about, in its own words: for one that is offered, not asserted. A description
// that the source has cut gives way to the beginning of the sheet.
std::string summary(const Document& document) {
  std::string_view words = document.description;
  std::string beginning;
  if (!words.ends_with('.') && !words.ends_with('?')) {
    const Block* first = first_paragraph(document.body);
    if (first != nullptr) beginning = line_text(first->spans);
    words = announces(beginning) ? "" : std::string_view(beginning);
  }
  return words.empty() ? document.title : document.title + "\n" + std::string(words);
}

void collect_links(const knowledge::Group& group, std::vector<const knowledge::Link*>& out) {
  for (const knowledge::Link& link : group.sheets)
    if (!link.id.empty()) out.push_back(&link);
  for (const knowledge::Group& inner : group.groups) collect_links(inner, out);
}

// A dossier answers nothing by itself: its sheets are offered.
Answer from_dossier(const Question& question, const Document& document) {
  Answer out;
  out.status = Status::clarify;
  out.citations.push_back(cite(document, "Sommaire", summary(document)));
  out.text = "Plusieurs fiches traitent de «\u00A0" + document.title +
             "\u00A0». Laquelle vous concerne\u202F?";
  std::vector<const knowledge::Link*> links;
  collect_links(document.dossier_content, links);
  std::vector<std::string> asked = text::terms(question.text);
  for (const std::string& term : text::terms(document.title)) std::erase(asked, term);
  std::vector<std::pair<std::ptrdiff_t, std::size_t>> order;  // most shared words, then in order
  for (std::size_t i = 0; i < links.size(); ++i)
    order.emplace_back(
        -std::ranges::count_if(
            text::terms(links[i]->title),
            [&](const std::string& term) { return std::ranges::find(asked, term) != asked.end(); }),
        i);
  std::ranges::sort(order);
  for (const auto& [shared, i] : order) {
    if (out.choices.size() == kBranches) break;
    out.choices.push_back({links[i]->title, links[i]->id});
  }
  return out;
}

// An online service, form or model letter: its link, then what the page says of it.
Answer from_resource(const Document& document) {
  Answer out;
  out.status = Status::answer;
  std::vector<std::string> links, words;
  std::vector<const Block*> blocks;
  for (const knowledge::Blocks* all : {&document.body, &document.resources})
    for (const Block& block : *all) blocks.push_back(&block);
  for (Piece& piece : pieces(blocks))
    if (piece.whole)
      (piece.kind == Piece::Kind::service ? links : words).push_back(std::move(piece.text));
  if (links.empty()) links.push_back(document.title);
  if (links[0] == document.title && !document.url.empty())
    links.push_back("- Accéder au service\u00A0: " + document.url);
  for (std::string& sentence : text::sentences(document.description))
    if (!announces(sentence) && sentence != document.title &&
        std::ranges::none_of(words, [&](const auto& said) { return said.contains(sentence); }))
      words.push_back(std::move(sentence));
  std::string passage = document.title, rest;
  for (const auto* all : {&links, &words})
    for (const std::string& one : *all) {
      if (one != document.title) passage.append("\n").append(one);
      const bool room = rest.empty() && word_count(out.text) + word_count(one) <= kLeadWords;
      std::string& to = room ? out.text : rest;
      to.append(to.empty() ? "" : "\n").append(one);
    }
  out.citations.push_back(cite(document, "", std::move(passage)));
  if (out.text.empty()) out.text = document.title;
  if (!rest.empty()) out.more.push_back({"En détail", std::move(rest), 0});
  return out;
}

Answer from_document(const Question& question, const Candidate& candidate, const ComposeContext& cx,
                     Fit* fit = nullptr) {
  const Document& document = *candidate.document;
  if (document.kind == Document::Kind::dossier) return from_dossier(question, document);
  if (document.kind == Document::Kind::resource) return from_resource(document);
  return answer_from_sheet(question, candidate, cx, fit);
}

// The town's service that answers for what is said, in its own words: "une fuite d'eau".
void contact_of_matter(std::string_view said, const ComposeContext& cx, Answer& answer) {
  if (!answer.contact && cx.services.by_words) answer.contact = cx.services.by_words(said);
}

// What is not sure is asked of who deals with it: with the page, and with what was asked before.
void contact_of_before(const Question& question, const Document& page, const ComposeContext& cx,
                       Answer& answer) {
  if (answer.contact || !cx.services.matter) return;
  const std::string matter = cx.services.matter(page.title);
  if (!matter.empty() && std::ranges::any_of(question.earlier, [&](const std::string& before) {
        return cx.services.matter(before) == matter;
      }))
    contact_of_matter(matter, cx, answer);
}

// Nothing is asserted: what was found is offered by its title, with the town hall to ask.
Answer unsure(const Question& question, std::span<const Candidate> candidates,
              const ComposeContext& cx) {
  Answer out;
  out.status = Status::unknown;
  out.text = candidates.empty()
                 ? "Je n’ai pas trouvé de réponse à votre question. Essayez avec d’autres mots, ou "
                   "contactez votre mairie."
                 : "Je ne suis pas sûr d’avoir la réponse. Une de ces fiches peut vous aider. "
                   "Sinon, dites-le avec d’autres mots, ou contactez votre mairie.";
  for (const Candidate& candidate : candidates) {
    if (out.choices.size() == kOffered) break;
    const Document& document = *candidate.document;
    out.choices.push_back({document.title, document.key.id});
    out.citations.push_back(cite(document, "", summary(document)));
  }
  contact_of_matter(question.text, cx, out);
  if (!out.contact && cx.services.by_pivot) out.contact = cx.services.by_pivot("mairie");
  return out;
}

// The page: what a choice names, else the first.
std::size_t page_of(const Question& question, std::span<const Candidate> candidates, bool& named) {
  for (auto chosen = question.chosen.rbegin(); chosen != question.chosen.rend(); ++chosen)
    for (std::size_t i = 0; i < candidates.size(); ++i)
      if (candidates[i].document->key.id == sheet_of_choice(*chosen)) {
        named = true;
        return i;
      }
  named = false;
  return 0;
}

// The town's price, hours and places are the ones that hold here. What to bring and who may is the
// national sheet's, unless the town alone has a heading for it; and so is what it says of a case
// that is told ("né à l'étranger").
bool local_first(const Fit& local, const Fit& national) {
  if (national.told) return false;
  constexpr std::array kOfTheTown = {Facet::cost, Facet::amount, Facet::delay, Facet::where,
                                     Facet::online};
  if (local.headed && !national.headed) return true;
  if (local.facet) return std::ranges::find(kOfTheTown, *local.facet) != kOfTheTown.end();
  if (national.facet) return false;
  return local.odds != national.odds ? local.odds > national.odds
                                     : local.strength > national.strength;
}

// Beside an answer, another one under its title, before the answer's own parts.
void add_beside(Answer& answer, std::string title, Answer other) {
  const std::size_t shift = answer.citations.size();
  std::vector<Part> parts;
  if (!other.text.empty() && !other.citations.empty())
    parts.push_back({std::move(title), std::move(other.text), shift});
  for (Part& part : other.more) {
    part.citation += shift;
    parts.push_back(std::move(part));
  }
  std::ranges::move(other.citations, std::back_inserter(answer.citations));
  answer.more.insert(answer.more.begin(), std::make_move_iterator(parts.begin()),
                     std::make_move_iterator(parts.end()));
}

// The national sheet with the town's own text that completes it; whichever answers is read first.
Answer completed(const Question& question, const Candidate& national, const LocalLink& link,
                 const ComposeContext& cx) {
  Candidate local;
  local.document = link.document;
  local.passages = link.passages;
  Fit of_national, of_local;
  Answer general = from_document(question, national, cx, &of_national);
  if (of_national.abroad) return general;  // what the town does is for here
  Answer own = from_document(question, local, cx, &of_local);
  const bool first = local_first(of_local, of_national);
  Answer out = std::move(first ? own : general);
  add_beside(out,
             first ? "Fiche nationale\u00A0: " + national.document->title
                   : "Dans votre commune\u00A0: " + link.document->title,
             std::move(first ? general : own));
  add_notice(out,
             first ? "Votre commune a ses propres informations, qui complètent la fiche nationale."
                   : "Votre commune complète la fiche nationale.");
  return out;
}

// A town's own page; where it lacks what is asked by its name ("un timbre fiscal", and no price),
// the national sheet that it completes answers first, if that one states it.
Answer with_general(const Question& question, const Candidate& own, const ComposeContext& cx) {
  Fit of_own, of_general;
  Answer out = from_document(question, own, cx, &of_own);
  if (!own.general || !of_own.lacks) return out;
  std::optional<General> found = own.general();
  if (!found) return out;
  Candidate national;
  national.document = &found->document;
  national.passages = std::move(found->passages);
  Question afresh = question;
  afresh.said.clear();  // of the town's page
  Answer general = from_document(afresh, national, cx, &of_general);
  if (!of_general.facet || of_general.lacks) return out;
  add_notice(general, date_notice(found->document));
  if (out.grounds != Grounds::none)
    add_beside(general, "Dans votre commune\u00A0: " + own.document->title, std::move(out));
  return general;
}

// What holds depends on the commune, which is not known.
void ask_commune(std::span<const CommuneName> communes, Answer& answer) {
  if (communes.empty()) return;
  if (answer.status == Status::answer) answer.status = Status::partial;
  add_notice(answer, "Votre commune a ses propres règles ou tarifs\u00A0: choisissez-la.");
  for (const CommuneName& each : communes)
    answer.choices.push_back({each.name, std::string(kCommuneChoice) + each.insee});
}

void contact_of_place(const Document& document, const ComposeContext& cx, Answer& answer) {
  if (!cx.services.by_pivot || answer.contact) return;
  std::vector<const Block*> ancestors;
  auto look = [&](const Block& block, const std::vector<const Block*>&) {
    if (block.kind == Block::Kind::contact && !block.pivot.empty() && !answer.contact) {
      const std::string_view pivots = block.pivot;
      answer.contact = cx.services.by_pivot(pivots.substr(0, pivots.find_first_of(", ")));
    }
    return !answer.contact;
  };
  knowledge::walk(document.body, ancestors, look);
  knowledge::walk(document.resources, ancestors, look);
}

}  // namespace

void tell_doubt(Answer& answer, std::span<const Candidate> candidates) {
  if (answer.status == Status::answer) answer.status = Status::partial;
  if (answer.status != Status::partial && answer.status != Status::clarify) return;
  constexpr std::string_view kDoubt =
      "Je n’en suis pas certain\u00A0: vérifiez que cette fiche correspond à votre situation.";
  if (word_count(kDoubt) + word_count(answer.text) <= kLeadWords)
    answer.text.insert(0, std::string(kDoubt) + "\n");
  else
    answer.notices.emplace(answer.notices.begin(), kDoubt);
  std::erase_if(answer.choices, [](const Choice& choice) { return is_offer(choice.value); });
  constexpr std::size_t kOthers = 2, kMoreOthers = 4;  // where it is rather wrong than right
  constexpr double kRatherRight = 0.5;
  const bool right = !candidates.empty() && candidates[0].probability >= kRatherRight;
  for (std::size_t i = 1; i < candidates.size() && i <= (right ? kOthers : kMoreOthers); ++i)
    answer.choices.push_back(other_page(*candidates[i].document));
}

Choice other_page(const Document& document) {
  return {"Autre fiche\u00A0: " + document.title, document.key.id};
}

Answer compose(const Question& question, std::span<const Candidate> candidates,
               const ComposeContext& cx) {
  Answer out = draft(question, candidates, cx);
  verify(out);
  return out;
}

Document head_of(const Document& document) {
  Document out;
  out.kind = document.kind;
  out.type = document.type;
  out.key = document.key;
  out.title = document.title;
  out.description = document.description;
  out.url = document.url;
  out.updated = document.updated;
  out.origin = document.origin;
  if (const Block* first = first_paragraph(document.body)) out.body.push_back(*first);
  return out;
}

Answer draft(const Question& question, std::span<const Candidate> candidates,
             const ComposeContext& cx) {
  const double confidence = candidates.empty() ? 0 : candidates.front().probability;
  auto finish = [&](Answer answer) {
    answer.confidence = confidence;
    return answer;
  };
  if (auto danger = emergency(question.text)) return finish(std::move(*danger));
  bool named = false;
  const std::size_t page = page_of(question, candidates, named);
  if (!named) {
    if (auto reply = out_of_scope(question.text)) {
      Answer out;
      out.status = Status::out_of_scope;
      out.text = std::move(*reply);
      return finish(std::move(out));
    }
    if (cx.services.by_words)
      if (const auto words = asks_for_contact(question.text))
        if (auto contact = cx.services.by_words(*words)) {
          Answer out;
          out.status = Status::contact;
          out.text = in_brief(*contact, question.text);
          out.contact = std::move(contact);
          return finish(std::move(out));
        }
    if (candidates.empty() || confidence < cx.floors.partial)
      return finish(unsure(question, candidates, cx));
  }
  Candidate first = candidates[page];
  const LocalLink* completing = nullptr;
  bool overridden = false;
  for (const LocalLink& link : first.local) {
    if (link.overrides && !overridden) {
      first.document = link.document;
      first.passages = link.passages;
      overridden = true;
    } else if (!link.overrides) {
      completing = &link;
    }
  }
  Answer out = completing != nullptr && !overridden ? completed(question, first, *completing, cx)
                                                    : with_general(question, first, cx);
  if (overridden)
    add_notice(out, "Votre commune a sa propre règle\u00A0: elle remplace la fiche nationale.");
  ask_commune(first.communes, out);
  contact_of_matter(question.text, cx, out);
  // Who answers for the town's own page answers here, and not whom the sheet sends everyone to.
  if (completing != nullptr) contact_of_matter(completing->document->title, cx, out);
  contact_of_place(*first.document, cx, out);
  add_notice(out, date_notice(*first.document));
  if (!named && confidence < cx.floors.answer) tell_doubt(out, candidates);
  if (out.status == Status::partial) contact_of_before(question, *first.document, cx, out);
  return finish(std::move(out));
}

}  // namespace parvis::answer
