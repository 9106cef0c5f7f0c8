// A town's own folder: agglomeration.yaml and services/*.yaml (service_yaml.hpp). Local knowledge
// in the same folder is read by service/knowledge.
//
//   id: demo                               name: Agglomération du Val d’Orle
//   kind: agglomeration | commune          zone: Europe/Paris        accent: "#0b5563"
//   (without a zone: that of the first commune, by its INSEE code)
//   communes: [{insee: "99001", slug: saint-aubin-sur-orle, name: …, postcodes: ["00100"]}]
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "directory/service.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::directory {

inline constexpr std::size_t kServiceFiles = 500;
inline constexpr std::size_t kCommunes = 300;

struct Town {
  tenancy::Tenant tenant;
  std::vector<tenancy::Commune> communes;  // at least one
  std::vector<Service> services;           // ids unique; they serve communes of the town only
};

struct FileProblem {
  std::string file;  // relative to the folder
  Problem problem;
};
std::string words(const FileProblem& problem);  // "services/eau.yaml:12: …"

// Everything, or all that is wrong. Never throws.
std::expected<Town, std::vector<FileProblem>> load_town(const std::filesystem::path& folder);

// The text of agglomeration.yaml, without services.
std::expected<Town, std::vector<Problem>> read_town(std::string_view yaml);

}  // namespace parvis::directory
