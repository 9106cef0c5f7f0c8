#include "directory/service.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "text/tokens.hpp"

namespace parvis::directory {
namespace {

bool contains(const std::vector<std::string>& values, const std::string& value) {
  return std::ranges::find(values, value) != values.end();
}

enum class Near { no, tenant, commune };  // worse first

Near near(const Service& service, const std::string& commune) {
  if (service.communes.empty()) return Near::tenant;
  return contains(service.communes, commune) ? Near::commune : Near::no;
}

// What citizens call the services of the national directory, which tells their key and no topic.
struct Called {
  std::string_view pivot, words;
};
constexpr std::array kCalled = {
    Called{"mairie", "mairie"},
    Called{"mairie", "hôtel de ville"},
    Called{"ccas", "ccas"},
    Called{"msap", "france services"},
    Called{"msap", "maison de services"},
    Called{"prefecture", "préfecture"},
    Called{"sous_pref", "sous préfecture"},
    Called{"caf", "caf"},
    Called{"cpam", "cpam"},
    Called{"cpam", "sécurité sociale"},
    Called{"cpam", "assurance maladie"},
    Called{"msa", "msa"},
    Called{"carsat", "carsat"},
    Called{"pole_emploi", "pôle emploi"},
    Called{"pole_emploi", "france travail"},
    Called{"mission_locale", "mission locale"},
    Called{"centre_impots", "impôts"},
    Called{"centre_impots", "trésor public"},
    Called{"gendarmerie", "gendarmerie"},
    Called{"commissariat_police", "commissariat"},
    Called{"maison_handicapees", "mdph"},
    Called{"adil", "adil"},
    Called{"pmi", "pmi"},
    Called{"mjd", "maison de justice"},
    Called{"prudhommes", "prud'hommes"},
    Called{"te", "tribunal pour enfants"},
    Called{"tgi", "tribunal judiciaire"},
    Called{"ta", "tribunal administratif"},
    Called{"conciliateur_justice", "conciliateur de justice"},
};

struct Topic {
  std::string_view words;
  std::size_t terms = 0;
};

// The longest topic or name that `asked` holds whole; of no terms when none does.
Topic topic_of(const Service& service, const std::vector<std::string>& asked) {
  Topic best;
  auto read = [&](std::string_view topic) {
    const std::vector<std::string> terms = text::terms(topic);
    const bool met =
        std::ranges::all_of(terms, [&](const std::string& term) { return contains(asked, term); });
    if (met && terms.size() > best.terms) best = {topic, terms.size()};
  };
  read(short_name(service.name));
  read(service.name);
  for (const std::string& topic : service.topics) read(topic);
  for (const Called& called : kCalled)
    if (contains(service.pivots, std::string(called.pivot))) read(called.words);
  return best;
}

}  // namespace

calendar::Region region_of(const Service& service) {
  if (service.communes.size() == 1) return calendar::region_of(service.communes.front());
  if (!service.postcode.empty()) return calendar::region_of_postcode(service.postcode);
  return service.communes.empty() ? calendar::Region::metropolitan
                                  : calendar::region_of(service.communes.front());
}

const Service* service_for(std::span<const Service> services, const Need& need) {
  const std::vector<std::string> asked = text::terms(need.topic);
  const Service* best = nullptr;
  std::tuple<bool, std::size_t, Near> best_rank;
  for (const Service& service : services) {
    const Near place = near(service, need.commune);
    const bool pivot = !need.pivot.empty() && contains(service.pivots, need.pivot);
    const std::size_t terms = topic_of(service, asked).terms;
    if (place == Near::no || (!pivot && terms == 0)) continue;
    // Among services of the pivot the place decides; a topic alone is compared by its terms first.
    const std::tuple rank(pivot, pivot ? 0 : terms, place);
    if (!best || rank > best_rank) {
      best = &service;
      best_rank = rank;
    }
  }
  return best;
}

std::string topic_in(std::span<const Service> services, const Need& need) {
  const Service* found = service_for(services, need);
  return found == nullptr ? "" : std::string(topic_of(*found, text::terms(need.topic)).words);
}

}  // namespace parvis::directory
