// Services as a town writes them. One mapping, or a list of mappings, with these fields (those
// marked * are needed; demo/services has examples):
//
//   id*: mairie-saint-aubin           name*: Mairie de Saint-Aubin-sur-Orle
//   pivots: [mairie]                  communes: ["99001"]       (none = the whole tenant)
//   address: {lines: [...], postcode: "00100", city: Saint-Aubin-sur-Orle}
//   phones: [{number: "02 61 91 24 00", label: Accueil}]
//   email: …  url: …  access: …  updated: 2026-11-01
//   topics: [carte d’identité, …]     other_ways: [Au guichet, …]
//   hours:
//     days: {lundi-vendredi: 8h30-12h, 13h30-17h30, samedi: {hours: 9h-12h, comment: …}}
//     weeks: [{name: Été, from: 04-01, until: 09-30, days: …}]   (seasons; dates may bear a year)
//     holidays: closed | open
//     comment: …
//     exceptions: [{date: 2026-12-24, hours: 8h30-12h, reason: …}, {from: …, until: …, reason: …}]
//
// A day that is not named is closed. `days` holds when no season of `weeks` does.
#pragma once

#include <expected>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "directory/service.hpp"

namespace parvis::directory {

// All the services, or all that is wrong (in French, with line and remedy). Never throws. Limits:
// yaml.hpp and calendar/hours.hpp.
std::expected<std::vector<Service>, std::vector<Problem>> read_services(std::string_view yaml);

}  // namespace parvis::directory
