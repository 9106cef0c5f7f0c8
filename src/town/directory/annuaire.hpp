// Services from the national directory of administrations (DILA, "annuaire de l'administration",
// Licence Ouverte 2.0), in the two JSON forms it is published in:
//   - api-lannuaire.service-public.fr: one record, a list of records, or {"service": [...]},
//     {"results": [...]}; in the last, lists inside a record come as JSON in a text;
//   - etablissements-publics v3: GeoJSON, a Feature or a FeatureCollection.
// The same office has the same id in both (its pivot key, "mairie-45300-01"), when it has one.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "directory/service.hpp"

namespace parvis::directory {

inline constexpr std::size_t kAnnuaireBytes = 64 * 1024 * 1024;
inline constexpr std::size_t kAnnuaireServices = 20'000;
inline constexpr std::size_t kAnnuaireItems = 200;  // of a list inside a record

struct Annuaire {
  std::vector<Service> services;
  std::vector<std::string> notes;  // French, one line each: what was left out, of which record
};

// Text is trimmed and its spaces made plain. A record without name or id, or that is not to be
// published, is left out with a note. Hours with an unreadable range are left out whole, with a
// note: half an opening time is a wrong one. Comments of ranges are kept (calendar/hours.hpp).
// An error only when nothing can be read at all. Never throws.
std::expected<Annuaire, Problem> read_annuaire(std::string_view json);

}  // namespace parvis::directory
