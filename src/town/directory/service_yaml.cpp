#include "directory/service_yaml.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "directory/forms.hpp"
#include "directory/hours_yaml.hpp"
#include "directory/yaml.hpp"

namespace parvis::directory {
namespace {

void check(YamlReader& in, const YAML::Node& node, const Service& service) {
  const auto need = [&](bool sound, const char* key, std::string_view remedy) {
    const YAML::Node where = node[key];
    if (!sound)
      in.bad(where.IsDefined() ? where : node, fmt::format("« {} »\u00a0: {}", key, remedy));
  };
  need(service.id.empty() || is_slug(service.id), "id",
       "lettres minuscules sans accent, chiffres et tirets seulement.");
  need(std::ranges::all_of(service.communes, is_insee), "communes",
       "codes INSEE de cinq caractères, entre guillemets.");
  need(std::ranges::all_of(service.pivots, is_pivot), "pivots",
       "lettres, chiffres, tirets et traits bas seulement.");
  need(service.postcode.empty() || is_postcode(service.postcode), "address",
       "le code postal a cinq chiffres, entre guillemets.");
  need(service.email.empty() || is_email(service.email), "email", "adresse du type nom@domaine.");
  need(service.url.empty() || is_web_address(service.url), "url",
       "adresse qui commence par https:// ou http://.");
  need(std::ranges::all_of(service.phones, is_phone_number, &Phone::number), "phones",
       "chiffres et espaces seulement, entre guillemets.");
}

Service read_service(YamlReader& in, const YAML::Node& node) {
  Service service;
  if (!in.mapping(node, {"id", "name", "pivots", "communes", "address", "phones", "email", "url",
                         "hours", "access", "topics", "other_ways", "updated"}))
    return service;
  service.id = in.required(node, "id");
  service.name = in.required(node, "name");
  service.pivots = in.texts(node, "pivots");
  service.communes = in.texts(node, "communes");
  service.email = in.text(node, "email");
  service.url = in.text(node, "url");
  service.access = in.text(node, "access");
  service.topics = in.texts(node, "topics");
  service.other_ways = in.texts(node, "other_ways");
  if (const YAML::Node address = node["address"];
      address.IsDefined() && in.mapping(address, {"lines", "postcode", "city"})) {
    service.address = in.texts(address, "lines");
    service.postcode = in.text(address, "postcode");
    service.city = in.text(address, "city");
  }
  for (const YAML::Node& phone : in.items(node["phones"], "phones"))
    if (in.mapping(phone, {"number", "label"}))
      service.phones.push_back({in.required(phone, "number"), in.text(phone, "label")});
  if (const YAML::Node hours = node["hours"]; hours.IsDefined() && !hours.IsNull())
    service.hours = read_hours(in, hours);
  const std::string updated = in.text(node, "updated");
  service.updated = parse_iso_date(updated);
  if (!updated.empty() && !service.updated)
    in.bad(node["updated"], "« updated »\u00a0: écrivez la date ainsi\u00a0: 2026-11-01.");
  check(in, node, service);
  return service;
}

}  // namespace

std::expected<std::vector<Service>, std::vector<Problem>> read_services(std::string_view yaml) {
  const auto root = parse_yaml(yaml);
  if (!root) return std::unexpected(std::vector{root.error()});
  YamlReader in;
  std::vector<Service> services;
  try {
    if (root->IsSequence())
      for (const YAML::Node& node : in.items(*root, "services"))
        services.push_back(read_service(in, node));
    else
      services.push_back(read_service(in, *root));
  } catch (const YAML::Exception& error) {  // a node of a kind that no check above foresees
    in.bad(*root, fmt::format("YAML inattendu ({}). Suivez les exemples.", error.msg));
  }
  std::vector<Problem> problems = in.take_problems();
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return services;
}

}  // namespace parvis::directory
