// The communes of France, and where a message names one.
//
// Source: INSEE's code officiel géographique with La Poste's postcodes, as the npm package
// @etalab/decoupage-administratif gives them (Licence Ouverte 2.0); bin/setup makes a table of it
// that is built in. Communes of today, and the arrondissements of Paris, Lyon and Marseille by
// their postcodes only. Pure; thread-safe.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace parvis::territory {

struct Commune {
  std::string_view insee;      // "45234"
  std::string_view name;       // "Orléans"
  std::string_view postcodes;  // "45000 45100", separated by spaces
  unsigned population = 0;     // 0 = not known
};

// In the order of their codes; empty when the program was built without the table.
const std::vector<Commune>& communes();

// The commune that a message says to be of or to live in: by its name after a word of place ("à
// Lyon", "mairie de Montreuil", "j'habite Brest"), or by a postcode. Names that are everyday words
// ("Sens", "Mer") count only after "mairie de", "ville de", "commune de" and "habite". Of several
// with the name, the most populous. Nothing when none is named. text: as typed, a few KB at most.
std::optional<Commune> commune_in(std::string_view text);

// Those with this postcode, as a rule several.
std::vector<Commune> at_postcode(std::string_view postcode);

}  // namespace parvis::territory
