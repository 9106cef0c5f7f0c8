#include "answer/compose.hpp"

#include <algorithm>

#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

using knowledge::Block;
using knowledge::Document;

// dc:description is cut at 200 characters in many sheets: what is left of its last sentence is
// dropped.
std::string whole_sentences(std::string_view text) {
  std::string out;
  for (const std::string& sentence : text::sentences(text))
    if (sentence.ends_with('.') || sentence.ends_with('!') || sentence.ends_with('?'))
      out.append(out.empty() ? "" : " ").append(sentence);
  return out;
}

// The paragraphs that stand before any heading, situation, case or list: what holds for everyone.
std::string introduction(const Document& document) {
  std::string out;
  for (const Block& block : document.body) {
    if (block.kind != Block::Kind::paragraph || block.spans.empty()) break;
    const std::string words = plain(block.spans);
    if (words.ends_with(':')) break;  // announces a list that is not part of it
    out.append(out.empty() ? "" : "\n").append(words);
  }
  return out.empty() ? whole_sentences(document.description) : out;
}

// Whole sentences, as many as fit.
std::string lead(std::string_view passage) {
  std::string out;
  std::size_t words = 0;
  for (const std::string& sentence : text::sentences(passage)) {
    words += 1 + static_cast<std::size_t>(std::ranges::count(sentence, ' '));
    if (words > kLeadWords) break;
    out.append(out.empty() ? "" : " ").append(sentence);
  }
  return out;
}

Citation cite(const Document& document, std::string passage) {
  Citation out;
  out.id = document.key.id;
  out.audience = document.key.audience;
  out.title = document.title;
  out.section = "Introduction";
  out.url = document.url;
  if (document.updated) out.updated = format_iso_date(*document.updated);
  out.origin = document.origin;
  out.passage = std::move(passage);
  return out;
}

// The headings that a reader chooses from: situations, else chapters.
void outline(const knowledge::Blocks& blocks, std::string& out, int depth) {
  for (const Block& block : blocks) {
    const bool heading = block.kind == Block::Kind::situation ||
                         block.kind == Block::Kind::chapter || block.kind == Block::Kind::case_;
    if (heading && !block.title.empty())
      out.append("- ").append(plain(block.title)).append("\n");
    else if (depth < 2)
      outline(block.children, out, depth + 1);
  }
}

std::string notice_of(const Document& document) {
  if (!document.updated) return "La date de cette fiche n’est pas connue.";
  return "Fiche mise à jour le " + format_french_date(*document.updated) +
         ". Des règles ont pu changer depuis.";
}

}  // namespace

Answer compose(std::span<const Document> documents, double confidence) {
  Answer out;
  out.confidence = confidence;
  if (documents.empty()) {
    out.status = Status::unknown;
    out.text =
        "Je n’ai pas trouvé de fiche pour votre question. Essayez avec d’autres mots, ou "
        "demandez à votre mairie.";
    return out;
  }
  const Document& first = documents.front();
  const std::string passage = introduction(first);
  const std::string text = lead(passage);
  if (confidence >= kPartialFloor && !text.empty()) {
    out.status = Status::partial;
    out.text = text;
    out.citations.push_back(cite(first, passage));
    std::string parts;
    outline(first.body, parts, 0);
    if (!parts.empty()) {
      parts.pop_back();
      // Headings may state facts (an age, a delay): they are part of what is cited.
      out.citations[0].passage.append("\n").append(parts);
      out.more.push_back({"La fiche détaille", parts, 0});
    }
    out.notices.push_back(
        "Ceci est le début de la fiche : lisez-la en entier pour votre situation.");
    out.notices.push_back(notice_of(first));
    return out;
  }
  out.status = Status::clarify;
  out.text = "Je ne suis pas sûr de bien comprendre. Quelle fiche correspond à votre question ?";
  for (const Document& document : documents.first(std::min(documents.size(), kChoices))) {
    out.choices.push_back({document.title, document.key.audience + "/" + document.key.id});
    out.citations.push_back(cite(document, introduction(document)));
  }
  return out;
}

}  // namespace parvis::answer
