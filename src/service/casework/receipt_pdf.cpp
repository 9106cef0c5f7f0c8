#include "casework/receipt_pdf.hpp"

#include <fmt/ranges.h>

#include "pdf/parts.hpp"
#include "procedure/values.hpp"

namespace parvis::casework {
namespace {

using pdf::add_fact;
using pdf::Fact;
using pdf::Heading;
using pdf::List;
using pdf::Paragraph;
using pdf::plain;
using pdf::Section;

void paragraph(Section& section, std::string text) {
  if (!text.empty()) section.blocks.emplace_back(Paragraph{plain(std::move(text))});
}

Section facts(const Receipt& receipt) {
  Section section{.blocks = {}, .frame = pdf::Frame::ruled};
  add_fact(section, "Référence", receipt.reference);
  add_fact(section, "Déposée le", receipt.deposited);
  add_fact(section, "Service en charge", receipt.service);
  add_fact(section, "Adresse", fmt::format("{}", fmt::join(receipt.address, ", ")));
  for (const directory::Phone& phone : receipt.phones)
    add_fact(section, phone.label.empty() ? "Téléphone" : phone.label, phone.number);
  if (!receipt.email.empty())
    section.blocks.emplace_back(
        Fact{"E-mail", {{.text = receipt.email, .url = "mailto:" + receipt.email}}});
  add_fact(section, "Réponse au plus tard", receipt.answer_by);
  add_fact(section, "Rendez-vous", receipt.appointment.when);
  add_fact(section, "Lieu du rendez-vous",
           fmt::format("{}", fmt::join(receipt.appointment.place, ", ")));
  add_fact(section, "À apporter", fmt::format("{}", fmt::join(receipt.appointment.bring, ", ")));
  return section;
}

Section follow(const Receipt& receipt, std::string_view lookup) {
  Section section;
  section.blocks.emplace_back(Heading{.level = 2, .text = "Suivre votre dossier"});
  if (!lookup.empty())
    section.blocks.emplace_back(Paragraph{
        {{.text = "Scannez ce QR code, ou ouvrez "},
         {.text = std::string(lookup), .url = std::string(lookup), .about = "Suivre votre dossier"},
         {.text = receipt.code.empty()
                      ? std::string(". Un lien est envoyé à l’adresse e-mail de la demande.")
                      : std::string(". On vous demande votre code.")}}});
  if (!receipt.code.empty()) {
    add_fact(section, "Votre code", receipt.code);
    paragraph(section, "Avec la référence, il ouvre votre dossier\u00a0: gardez-le pour vous.");
  }
  if (!lookup.empty())
    section.blocks.emplace_back(
        pdf::Code{.text = std::string(lookup), .about = "QR code pour suivre votre dossier"});
  return section;
}

Section law(const Receipt& receipt) {
  Section section;
  section.blocks.emplace_back(Heading{.level = 2, .text = "Et ensuite"});
  paragraph(section, receipt.text);
  if (receipt.by_post)
    paragraph(section, "Vous n’avez pas donné d’adresse e-mail. Nous vous écrivons par courrier.");
  paragraph(section, receipt.appeals.empty() && receipt.certificate.empty()
                         ? receipt.silence
                         : "Sans réponse à cette date\u00a0: " + receipt.silence);
  paragraph(section, receipt.certificate);
  paragraph(section, receipt.appeals);
  if (!receipt.why.empty()) {
    section.blocks.emplace_back(Heading{.level = 3, .text = "Comment cette date est calculée"});
    List list;
    for (const std::string& line : receipt.why) list.items.push_back(plain(line));
    section.blocks.emplace_back(std::move(list));
  }
  section.blocks.emplace_back(Heading{.level = 3, .text = "Sans internet"});
  List ways;
  for (const std::string& way : receipt.other_ways) ways.items.push_back(plain(way));
  section.blocks.emplace_back(std::move(ways));
  return section;
}

Section answers(const Opened& opened) {
  Section section;
  section.blocks.emplace_back(Heading{.level = 2, .text = "Vos réponses"});
  for (const procedure::Step& step : opened.definition->steps) {
    bool begun = false;
    for (const procedure::Page& page : step.pages)
      for (const procedure::Field& field : page.fields) {
        const json::value* value = opened.answers.if_contains(field.id);
        if (value == nullptr || !procedure::is_answered(field.type)) continue;
        std::string words = procedure::shown(field, *value);
        if (words.empty()) continue;
        if (!begun) section.blocks.emplace_back(Heading{.level = 3, .text = step.title});
        begun = true;
        add_fact(section, field.name, std::move(words));
      }
  }
  return section;
}

}  // namespace

std::string lookup_of(std::string_view public_url, std::string_view base,
                      std::string_view reference) {
  if (public_url.empty()) return {};
  return std::string(public_url).append(base).append("dossiers/").append(reference);
}

pdf::Document to_document(const Opened& opened, const Receipt& receipt, std::string_view town,
                          std::string_view accent, Instant now, std::string_view lookup) {
  pdf::Document out{.title = "Accusé de réception",
                    .author = std::string(town),
                    .subject = receipt.title,
                    .created = now,
                    .accent = std::string(accent),
                    .footer = receipt.reference,
                    .sections = {Section{.blocks = {Heading{.level = 2, .text = receipt.title}}},
                                 facts(receipt), law(receipt), answers(opened)}};
  if (!lookup.empty() || !receipt.code.empty())
    out.sections.insert(out.sections.begin() + 2, follow(receipt, lookup));
  return out;
}

}  // namespace parvis::casework
