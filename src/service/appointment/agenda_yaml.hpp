// Agendas as a town writes them, one a file in the folder appointments/ (those marked * are needed;
// demo/appointments has examples):
//
//   id*: identite                    title*: Carte d’identité et passeport
//   service*: mairie-saint-aubin     communes: ["99001"]       (whose inhabitants; none = all)
//   retention: 90                    (days after the meeting)
//   counters*:
//     - {id*: guichet-1, name*: Guichet 1, seats: 1, service: …, hours: {days: …}}
//       (hours as in services/; without them: those of the service)
//       reasons: [cni]  or  {cni: 2}  (which it takes, how many at once; none = all)
//   reasons*:
//     - id*: cni                     label*: Demander une carte d’identité
//       minutes*: 20                 buffer: 5         every: 20          people: 4
//       ways: [in_person, phone, video]                notice: 120 (minutes)   horizon: 60 (days)
//       bring: [Photo d’identité de moins de 6 mois, …]
//       topics: [carte d’identité, …]   sheets: [F1342]   communes: ["99001"]
//       who: …   note: …   offered: false (agents only)
//       may: {ask*: Avez-vous la nationalité française ?, otherwise*: Sinon, allez à la
//       préfecture.} (asked of who books; no: they are told where to go instead, and nothing is
//       booked) asks: [{id*: ants, label*: Numéro de pré-demande, hint: …, required: false}]
#pragma once

#include <expected>
#include <filesystem>
#include <string_view>
#include <vector>

#include "appointment/agenda.hpp"
#include "base/error.hpp"
#include "directory/town.hpp"
#include "procedure/definition.hpp"

namespace parvis::appointment {

inline constexpr std::size_t kAgendasMax = 100;  // of a tenant

// The agenda, or all that is wrong (in French, with line and remedy). Never throws.
enum class Reading : std::uint8_t {
  file,
  stored,  // a reason by video without an address is taken: it was published before one was asked
};
std::expected<Agenda, std::vector<Problem>> read_agenda(std::string_view yaml,
                                                        Reading reading = Reading::file);

// Those of a town's folder; none without appointments/. They name services and communes of the
// town, and a file bears its agenda's id. Never throws.
std::expected<std::vector<Agenda>, std::vector<directory::FileProblem>> load_agendas(
    const std::filesystem::path& folder, const directory::Town& town);

// What is wrong with the appointments that démarches ask for: an agenda or a reason that is not
// there, or not for all who may begin the démarche.
std::vector<directory::FileProblem> judge_appointments(
    const std::vector<procedure::Definition>& procedures, const std::vector<Agenda>& agendas);

}  // namespace parvis::appointment
