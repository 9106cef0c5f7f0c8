#include "directory/town.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>

#include "calendar/region.hpp"
#include "directory/forms.hpp"
#include "directory/service_yaml.hpp"
#include "directory/yaml.hpp"

namespace parvis::directory {
namespace {

namespace fs = std::filesystem;
using tenancy::Commune;
using tenancy::Tenant;
constexpr const char* kTownFile = "agglomeration.yaml";
constexpr const char* kServiceFolder = "services";

bool is_colour(std::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

// Paths of the site itself, which a commune's would hide or be hidden by.
constexpr std::array<std::string_view, 12> kOwnPaths = {
    "api",      "assets", "avis",     "bureau",      "conversation", "demarches",
    "dossiers", "fiche",  "question", "rendez-vous", "services",     "themes"};

Commune read_commune(YamlReader& in, const YAML::Node& node) {
  Commune commune;
  if (!in.mapping(node, {"insee", "slug", "name", "postcodes"})) return commune;
  commune = {in.required(node, "insee"), in.required(node, "slug"), in.required(node, "name"),
             in.texts(node, "postcodes")};
  if (!is_insee(commune.insee))
    in.bad(node, "« insee »\u00a0: un code de cinq caractères, entre guillemets.");
  if (!is_slug(commune.slug))
    in.bad(node, "« slug »\u00a0: lettres minuscules sans accent, chiffres et tirets seulement.");
  if (std::ranges::find(kOwnPaths, commune.slug) != kOwnPaths.end())
    in.bad(node, "« slug »\u00a0: ce mot est une adresse du site. Donnez-en un autre.");
  if (commune.postcodes.empty() || commune.postcodes.size() > tenancy::kPostcodesMax ||
      !std::ranges::all_of(commune.postcodes, is_postcode))
    in.bad(node, "« postcodes »\u00a0: des codes de cinq chiffres, entre guillemets.");
  if (commune.name.size() > tenancy::kNameMax)
    in.bad(node, "« name »\u00a0: nom trop long. Raccourcissez-le.");
  return commune;
}

Town read_town(YamlReader& in, const YAML::Node& root) {
  Town town;
  if (!in.mapping(root, {"id", "name", "kind", "zone", "accent", "communes"})) return town;
  Tenant& tenant = town.tenant;
  tenant.id = in.required(root, "id");
  tenant.name = in.required(root, "name");
  tenant.accent = in.text(root, "accent");
  const std::string kind = in.required(root, "kind");
  tenant.kind = kind == "agglomeration" ? Tenant::Kind::agglomeration : Tenant::Kind::commune;
  if (kind != "agglomeration" && kind != "commune")
    in.bad(root["kind"], "« kind »\u00a0: écrivez agglomeration ou commune.");
  if (!is_slug(tenant.id))
    in.bad(root["id"],
           "« id »\u00a0: lettres minuscules sans accent, chiffres et tirets seulement.");
  if (tenant.name.size() > tenancy::kNameMax)
    in.bad(root["name"], "« name »\u00a0: nom trop long. Raccourcissez-le.");
  const std::string zone_name = in.text(root, "zone");
  if (!zone_name.empty()) {
    const auto zone = Zone::named(zone_name);
    if (!zone) in.bad(root["zone"], "« zone »\u00a0: fuseau inconnu. Exemple\u00a0: Europe/Paris.");
    tenant.zone = zone.value_or(Zone::paris());
  }
  if (!tenant.accent.empty() && !is_colour(tenant.accent))
    in.bad(root["accent"], "« accent »\u00a0: une couleur comme \"#0b5563\", entre guillemets.");
  std::set<std::string> seen;
  const std::vector<YAML::Node> communes = in.items(root["communes"], "communes");
  for (const YAML::Node& node : communes) {
    town.communes.push_back(read_commune(in, node));
    const Commune& commune = town.communes.back();
    if (!seen.insert(commune.insee).second || !seen.insert(commune.slug).second)
      in.bad(node, "code INSEE ou slug déjà pris. Donnez-en un autre.");
  }
  if (zone_name.empty() && !town.communes.empty())
    tenant.zone = calendar::zone_of(town.communes.front().insee);
  if (communes.empty()) in.bad(root, "« communes »\u00a0: au moins une commune est attendue.");
  if (communes.size() > kCommunes)
    in.bad(root, fmt::format("« communes »\u00a0: plus de {} communes.", kCommunes));
  return town;
}

// The whole file; empty, with a problem, when it cannot be read or is too long.
std::string content(const fs::path& path, std::string name, std::vector<FileProblem>& problems) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kYamlBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (!file.is_open() || file.bad()) {
    problems.push_back({std::move(name),
                        {"fichier introuvable ou illisible. Vérifiez son nom et "
                         "ses droits."}});
    text.clear();
  }
  return text;
}

// Names of services/*.yaml, in order; none without that folder.
std::vector<fs::path> service_files(const fs::path& folder, std::vector<FileProblem>& problems) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder / kServiceFolder, error), end; !error && at != end;
       at.increment(error)) {
    const std::string extension = at->path().extension().string();
    if (extension == ".yaml" || extension == ".yml") files.push_back(at->path());
    if (files.size() <= kServiceFiles) continue;
    problems.push_back(
        {kServiceFolder,
         {fmt::format("plus de {} fichiers. Regroupez des services.", kServiceFiles)}});
    return {};
  }
  if (error && error != std::errc::no_such_file_or_directory)
    problems.push_back({kServiceFolder, {"dossier illisible. Vérifiez ses droits."}});
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::string words(const FileProblem& problem) {
  if (problem.problem.line == 0) return fmt::format("{}: {}", problem.file, problem.problem.what);
  return fmt::format("{}:{}: {}", problem.file, problem.problem.line, problem.problem.what);
}

std::expected<Town, std::vector<Problem>> read_town(std::string_view yaml) {
  const auto root = parse_yaml(yaml);
  if (!root) return std::unexpected(std::vector{root.error()});
  YamlReader in;
  Town town;
  try {
    town = read_town(in, *root);
  } catch (const YAML::Exception& error) {
    in.bad(*root, fmt::format("YAML inattendu ({}). Suivez les exemples.", error.msg));
  }
  std::vector<Problem> problems = in.take_problems();
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return town;
}

std::expected<Town, std::vector<FileProblem>> load_town(const fs::path& folder) {
  std::vector<FileProblem> problems;
  const auto note = [&](const std::string& file, const std::vector<Problem>& found) {
    for (const Problem& problem : found) problems.push_back({file, problem});
  };
  Town town;
  const std::string text = content(folder / kTownFile, kTownFile, problems);
  if (problems.empty()) {
    auto read = read_town(text);
    if (read)
      town = std::move(*read);
    else
      note(kTownFile, read.error());
  }
  const bool communes_known = problems.empty();
  std::map<std::string, std::string> file_of;  // by service id
  for (const fs::path& path : service_files(folder, problems)) {
    const std::string name = std::string(kServiceFolder) + "/" + path.filename().string();
    const std::size_t before = problems.size();
    const std::string yaml = content(path, name, problems);
    if (problems.size() > before) continue;
    auto services = read_services(yaml);
    if (!services) {
      note(name, services.error());
      continue;
    }
    for (Service& service : *services) {
      const auto [first, fresh] = file_of.emplace(service.id, name);
      if (!fresh)
        problems.push_back({name,
                            {fmt::format("identifiant « {} » déjà pris dans {}. Changez-le.",
                                         service.id, first->second)}});
      for (const std::string& insee : service.communes)
        if (communes_known &&
            std::ranges::find(town.communes, insee, &Commune::insee) == town.communes.end())
          problems.push_back({name,
                              {fmt::format("« {} »\u00a0: la commune {} n’est pas dans {}. "
                                           "Corrigez le code ou ajoutez-la.",
                                           service.id, insee, kTownFile)}});
      town.services.push_back(std::move(service));
    }
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return town;
}

}  // namespace parvis::directory
