// A démarche on paper, for who calls or comes to the counter: its questions to be filled in by
// hand, what to bring, and what the law asks to be said. Pure.
#pragma once

#include <string_view>

#include "directory/service.hpp"
#include "pdf/pdf.hpp"
#include "procedure/definition.hpp"

namespace parvis::desk {

// office: who takes it; nullptr: it is not known, and the paper says the town hall.
pdf::Document paper_form(const procedure::Definition& definition, const directory::Service* office,
                         std::string_view town, std::string_view accent, Instant now);

}  // namespace parvis::desk
