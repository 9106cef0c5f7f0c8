#include "casework/certificate.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "calendar/words.hpp"
#include "pdf/parts.hpp"

namespace parvis::casework {
namespace {

using pdf::add_fact;
using pdf::Fact;
using pdf::Heading;
using pdf::Paragraph;
using pdf::plain;
using pdf::Section;

std::optional<Silence> accepted(const Opened& opened) {
  const Happened* event = newest_silence(opened);
  auto silence = event == nullptr ? std::nullopt : silence_in(*event);
  if (silence && silence->verdict != Verdict::accepted) silence.reset();
  return silence;
}

}  // namespace

bool can_attest(const Opened& opened) {
  return is_open(opened.state) && accepted(opened).has_value();
}

pdf::Document certificate_of(const Opened& opened, const Receipt& receipt, std::string_view town,
                             std::string_view accent, Instant now) {
  const auto silence = accepted(opened);
  CHECK(silence.has_value());
  Section notice, facts, words, signature;
  notice.blocks.emplace_back(
      Paragraph{.words = plain("Projet, sans valeur tant que le service ne l’a pas signé."),
                .tone = pdf::Tone::notice});
  facts.frame = pdf::Frame::ruled;
  add_fact(facts, "Demande", receipt.title);
  add_fact(facts, "Référence", receipt.reference);
  add_fact(facts, "Reçue le", receipt.deposited);
  add_fact(facts, "Fin du délai de réponse",
           calendar::full_date_words(silence->last_day) + ", à minuit");
  add_fact(facts, "Service en charge", receipt.service);
  words.blocks.emplace_back(Paragraph{plain(fmt::format(
      "{} atteste que la demande ci-dessus est acceptée. Aucune décision n’a été notifiée avant la "
      "fin du délai\u00a0: le silence gardé vaut décision d’acceptation (article L231-1 du code "
      "des "
      "relations entre le public et l’administration).",
      receipt.service.empty() ? std::string(town) : receipt.service))});
  words.blocks.emplace_back(
      Paragraph{plain("Cette attestation est délivrée à la demande de l’intéressé (article L232-3 "
                      "du même code).")});
  if (!receipt.why.empty()) {
    words.blocks.emplace_back(Heading{.level = 2, .text = "Comment cette date est calculée"});
    pdf::List list;
    for (const std::string& line : receipt.why) list.items.push_back(plain(line));
    words.blocks.emplace_back(std::move(list));
  }
  signature.blocks.emplace_back(Heading{.level = 2, .text = "Signature"});
  signature.blocks.emplace_back(
      Paragraph{plain("Prénom, nom et qualité de la personne qui signe, date, signature\u00a0:")});
  return {
      .title = "Attestation de décision implicite d’acceptation",
      .author = std::string(town),
      .subject = receipt.title,
      .created = now,
      .accent = std::string(accent),
      .footer = receipt.reference,
      .sections = {std::move(notice), std::move(facts), std::move(words), std::move(signature)}};
}

}  // namespace parvis::casework
