#include "casework/decision_pdf.hpp"

namespace parvis::casework {
namespace {

using pdf::Fact;
using pdf::Heading;
using pdf::List;
using pdf::Paragraph;
using pdf::Section;

pdf::Words plain(std::string text) { return {{.text = std::move(text)}}; }
pdf::Words strong(std::string text) { return {{.text = std::move(text), .strong = true}}; }

void fact(Section& section, std::string label, std::string value) {
  if (!value.empty()) section.blocks.emplace_back(Fact{std::move(label), plain(std::move(value))});
}
void paragraphs(Section& section, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) section.blocks.emplace_back(Paragraph{plain(line)});
}
std::string together(const std::vector<std::string>& lines, std::string_view by) {
  std::string out;
  for (const std::string& line : lines) out.append(out.empty() ? "" : by).append(line);
  return out;
}

}  // namespace

pdf::Document to_document(const Decision& decision,
                          const Personal<std::vector<std::string>>& recipient,
                          std::string_view town, std::string_view accent, Instant at) {
  Section facts{.blocks = {}, .frame = pdf::Frame::ruled};
  fact(facts, "Référence", decision.reference);
  fact(facts, "Démarche", decision.title);
  fact(facts, "Demande déposée le", decision.deposited);
  fact(facts, "Décision prise le", decision.taken);
  fact(facts, "À", together(recipient.read(), ", "));

  Section letter;
  letter.blocks.emplace_back(Heading{.level = 2, .text = std::string(words(decision.verdict))});
  letter.blocks.emplace_back(Paragraph{plain("Madame, Monsieur,")});
  paragraphs(letter, decision.said);
  if (!decision.motives.empty() || !decision.law.empty()) {
    letter.blocks.emplace_back(Heading{
        .level = 3, .text = decision.verdict == Verdict::refused ? "Pourquoi" : "À respecter"});
    paragraphs(letter, decision.motives);
    if (!decision.law.empty())
      letter.blocks.emplace_back(Paragraph{plain("Texte appliqué\u00a0: " + decision.law)});
  }
  if (!decision.appeals.empty()) {
    letter.blocks.emplace_back(Heading{.level = 3, .text = "Contester cette décision"});
    List ways;
    for (const std::string& way : decision.appeals) ways.items.push_back(plain(way));
    letter.blocks.emplace_back(std::move(ways));
  }

  Section signature{.blocks = {}, .frame = pdf::Frame::round};
  signature.blocks.emplace_back(Heading{.level = 3, .text = "Signé", .mark = pdf::Mark::round});
  signature.blocks.emplace_back(Paragraph{strong(decision.signer.name)});
  std::string as = decision.signer.quality;
  as.append(as.empty() ? "" : ", ").append(decision.service);
  signature.blocks.emplace_back(Paragraph{plain(std::move(as))});
  if (!decision.contact.empty())
    signature.blocks.emplace_back(Paragraph{plain(together(decision.contact, "\n"))});

  return {.title = "Décision",
          .author = std::string(town),
          .subject = decision.title,
          .created = at,
          .accent = std::string(accent),
          .footer = decision.reference,
          .sections = {std::move(facts), std::move(letter), std::move(signature)}};
}

}  // namespace parvis::casework
