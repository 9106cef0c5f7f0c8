#include "app/deposit_drill.hpp"

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "crypto/hash.hpp"

namespace parvis::app {
namespace {

constexpr std::string_view kCases = "/api/v1/cases";
constexpr int kAcknowledged = 110;  // of a life of the server: 10,000 in a hundred are wanted

// By the key of a deposit: what was acknowledged; empty when it was sent and not answered.
struct Citizen {
  std::map<std::string, json::object> sent;
  int repeated = 0;
  bool stuck = false;
};

json::object deposit_of(const std::string& key) {
  return {{"procedure", "essai"},
          {"deposit", true},
          {"answers", json::object{{"nom", "Dépôt " + key}}}};
}

void work(const KilledServer& server, Citizen& citizen) {
  while (!server.over()) {
    const std::string key = crypto::random_hex(16);
    citizen.sent[key] = {};
    auto deposited = insist(server, kCases, deposit_of(key), "", key, &citizen.repeated);
    if (!deposited) {
      citizen.stuck = true;
      return;
    }
    citizen.sent[key] = std::move(*deposited);
  }
}

bool same(const json::object& told, const json::object& found, const std::string& key) {
  const json::object* answers = object_at(found, "answers");
  return string_at(told, "reference") == string_at(found, "reference") &&
         string_at(found, "state") == "received" && answers != nullptr &&
         string_at(*answers, "nom") == "Dépôt " + key;
}

}  // namespace

std::filesystem::path deposit_town(Scratch& scratch) {
  const std::filesystem::path folder = scratch.home().parent_path() / "town";
  std::filesystem::create_directories(folder / "services");
  std::filesystem::create_directories(folder / "procedures");
  std::filesystem::create_directories(folder / "knowledge");
  std::ofstream(folder / "agglomeration.yaml")
      << "id: drill\nname: Exercice\nkind: commune\n"
         "communes: [{insee: \"99001\", slug: bourg, name: Bourg, postcodes: [\"00100\"]}]\n";
  std::ofstream(folder / "services/mairie.yaml")
      << "- {id: mairie, name: Mairie, pivots: [mairie]}\n";
  std::ofstream(folder / "procedures/essai.yaml")
      << "id: essai\ntitle: Essai\nsummary: Un essai.\nservice: mairie\n"
         "other_ways: [Au guichet.]\nclock: {silence: none, delay: 2 months, basis: Un essai.}\n"
         "steps: [{title: Un, pages: [{id: nom, type: text, label: Nom}]}]\n";
  return folder;
}

Deposits drill_deposits(Scratch& scratch, std::uint64_t seed, int kills) {
  KilledServer server(scratch, seed);
  std::vector<Citizen> citizens(kCitizens);
  server.run(kills, kAcknowledged,
             [&](int number) { work(server, citizens[static_cast<std::size_t>(number)]); });
  Deposits found;
  std::set<std::string> references;
  for (const Citizen& citizen : citizens) {
    found.repeated += citizen.repeated;
    if (citizen.stuck) ++found.lost;  // the server did not come back to it
    for (const auto& [key, told] : citizen.sent) {
      if (told.empty()) continue;
      ++found.acknowledged;
      const std::string id(string_at(told, "id").value_or(""));
      const Reply reply = call(server.port(), "GET", fmt::format("{}/{}", kCases, id), "",
                               string_at(told, "token").value_or(""));
      const auto value = parse_json(reply.body);
      if (reply.status != 200 || !value || !value->is_object() ||
          !same(told, value->get_object(), key))
        ++found.lost;
      // A key is one case by its id; two cases of one reference would be one deposit told twice.
      if (!references.emplace(string_at(told, "reference").value_or("")).second) ++found.duplicated;
    }
  }
  return found;
}

}  // namespace parvis::app
