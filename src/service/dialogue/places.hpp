// Which of the town's own communes a message names. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tenancy/tenancy_store.hpp"

namespace parvis::dialogue {

// INSEE code of the one that is named: by its name, its postcode, or the first words of its name
// ("Saint-Aubin" for Saint-Aubin-sur-Orle) after a word of place or alone. Empty when none is, or
// when a department or postcode says that another one of that name is meant ("Montreuil, 93").
std::string commune_named(const std::vector<tenancy::Commune>& communes, std::string_view text);

// Nothing but its name is said, or that the citizen is there: "à Saint-Aubin".
bool is_commune(const std::vector<tenancy::Commune>& communes, std::string_view text);

// The citizen says to live in the one that is named.
bool lives_there(const std::vector<tenancy::Commune>& communes, std::string_view text);

// What was asked, of another place: "c'est pareil à Montreuil ?", "c'est le même prix ?"
bool asks_the_same(std::string_view text);

// The text without their names, as it was written; the whole of it when nothing else is said.
std::string without_communes(const std::vector<tenancy::Commune>& communes, std::string_view text);

// The text without one of them, however it is written; the whole of it when that is all.
std::string without_name(std::string_view text, std::string_view commune);

// Where the citizen comes from, which is not where the matter is: "on arrive de Nantes".
bool comes_from(std::string_view text, std::string_view commune);

}  // namespace parvis::dialogue
