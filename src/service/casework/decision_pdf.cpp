#include "casework/decision_pdf.hpp"

#include <fmt/ranges.h>

#include "pdf/parts.hpp"

namespace parvis::casework {
namespace {

using pdf::add_fact;
using pdf::Fact;
using pdf::Heading;
using pdf::List;
using pdf::Paragraph;
using pdf::plain;
using pdf::Section;
using pdf::strong;

void paragraphs(Section& section, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) section.blocks.emplace_back(Paragraph{plain(line)});
}

}  // namespace

pdf::Document to_document(const Decision& decision,
                          const Personal<std::vector<std::string>>& recipient,
                          std::string_view town, std::string_view accent, Instant at) {
  Section facts{.blocks = {}, .frame = pdf::Frame::ruled};
  add_fact(facts, "Référence", decision.reference);
  add_fact(facts, "Démarche", decision.title);
  add_fact(facts, "Demande déposée le", decision.deposited);
  add_fact(facts, "Décision prise le", decision.taken);
  add_fact(facts, "À", fmt::format("{}", fmt::join(recipient.read(), ", ")));

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
    signature.blocks.emplace_back(
        Paragraph{plain(fmt::format("{}", fmt::join(decision.contact, "\n")))});

  return {.title = "Décision",
          .author = std::string(town),
          .subject = decision.title,
          .created = at,
          .accent = std::string(accent),
          .footer = decision.reference,
          .sections = {std::move(facts), std::move(letter), std::move(signature)}};
}

}  // namespace parvis::casework
