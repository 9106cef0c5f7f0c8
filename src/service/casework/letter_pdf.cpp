#include "casework/letter_pdf.hpp"

#include <fmt/ranges.h>

#include "calendar/words.hpp"
#include "casework/decision.hpp"
#include "pdf/parts.hpp"

namespace parvis::casework {
namespace {

using pdf::add_fact;
using pdf::Fact;
using pdf::List;
using pdf::Paragraph;
using pdf::plain;
using pdf::Section;
using pdf::strong;

// Subjects begin with a plain letter: they stand in the middle of one in a mail.
std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

// Lines that begin with a dash are a list, others a paragraph each.
void write(Section& section, std::string_view text) {
  List list;
  const auto end_list = [&] {
    if (!list.items.empty()) section.blocks.emplace_back(std::move(list));
    list = {};
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("- ")) {
      list.items.push_back(plain(std::string(line.substr(2))));
      continue;
    }
    end_list();
    if (!line.empty()) section.blocks.emplace_back(Paragraph{plain(std::string(line))});
  }
  end_list();
}

}  // namespace

std::optional<pdf::Document> letter_document(const Opened& opened, const Receipt& receipt,
                                             const Happened& event, std::string_view town,
                                             std::string_view accent, Zone zone) {
  const auto body = body_of(opened, receipt, event, Medium::paper);
  if (!body) return std::nullopt;
  Section facts{.blocks = {}, .frame = pdf::Frame::ruled};
  add_fact(facts, "Référence", opened.reference);
  add_fact(facts, "Démarche", receipt.title);
  add_fact(facts, "Demande déposée le", receipt.deposited);
  add_fact(facts, "Lettre du", calendar::full_date_words(civil_date(zone.local(event.at))));
  add_fact(facts, "À", fmt::format("{}", fmt::join(recipient_of(opened).read(), ", ")));
  Section letter;
  write(letter, body->text.read());
  Section service{.blocks = {}, .frame = pdf::Frame::ruled};
  service.blocks.emplace_back(Paragraph{strong(receipt.service)});
  add_fact(service, "Adresse", fmt::format("{}", fmt::join(receipt.address, ", ")));
  for (const directory::Phone& phone : receipt.phones)
    add_fact(service, phone.label.empty() ? "Téléphone" : phone.label, phone.number);
  add_fact(service, "E-mail", receipt.email);
  return pdf::Document{.title = capital(body->subject),
                       .author = std::string(town),
                       .subject = receipt.title,
                       .created = event.at,
                       .accent = std::string(accent),
                       .footer = opened.reference,
                       .sections = {std::move(facts), std::move(letter), std::move(service)}};
}

}  // namespace parvis::casework
