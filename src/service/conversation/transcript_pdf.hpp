// A whole conversation as a tagged PDF, for the citizen to keep or to hand in. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "conversation/transcript.hpp"
#include "pdf/pdf.hpp"

namespace parvis::conversation {

struct Letterhead {
  std::string_view town;    // "Agglomération du Val d’Orle"
  std::string_view with;    // as to_text: "l’Agglomération du Val d’Orle"
  std::string_view accent;  // "#0b5563"
};

// The content of to_text, in French: a heading for each turn, lists, links with their dates. What a
// citizen wrote in another language says which one. `now`: when the file is made.
pdf::Document to_document(const Transcript& transcript, const Letterhead& letterhead, Zone zone,
                          Instant now);

// Its bytes. The errors of pdf::render.
std::string to_pdf(const Transcript& transcript, const Letterhead& letterhead, Zone zone,
                   Instant now, const pdf::Fonts& fonts);

// A line with the web pages, e-mails and phone numbers of ten digits that it holds as links.
pdf::Words linked(std::string_view line);

}  // namespace parvis::conversation
