// How a case ends of which nothing was to be decided, in the words of its démarche
// (procedure::End). Pure.
#pragma once

#include <string>
#include <string_view>

#include "casework/cases.hpp"

namespace parvis::casework {

// Whether a person accepts or refuses; else the démarche has ends of its own.
bool is_decided(const procedure::Definition& definition);

// The end that an act of settling gave; nullptr for another act.
const procedure::End* end_in(const procedure::Definition& definition, const Happened& event);
// The one that holds: of a case that was settled and was not reopened since.
const procedure::End* end_of(const Opened& opened);

// What the démarche says with that end, with the answers in it; may be empty.
std::string told(const Opened& opened, const procedure::End& end);

// Said with an end of which nothing comes: nobody appeals from it, and one may come back.
inline constexpr std::string_view kComeBack =
    "Ce n’est pas une décision. Un fait nouveau, ou vous n’êtes pas d’accord\u202f? Écrivez au "
    "service avec votre référence\u00a0: un agent peut rouvrir votre dossier. Vous pouvez aussi "
    "faire une nouvelle demande.";

}  // namespace parvis::casework
