// Names in French sentences. Pure.
#pragma once

#include <string>
#include <string_view>

namespace parvis::tenancy {

// A town after a preposition: "l’Agglomération du Val d’Orle", "la Commune de Bourg", "Bourg".
std::string with_article(std::string_view town);

}  // namespace parvis::tenancy
