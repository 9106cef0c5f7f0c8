#include "procedure/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "directory/yaml.hpp"
#include "procedure/procedure_store.hpp"

namespace parvis::procedure {
namespace {

namespace fs = std::filesystem;
using directory::FileProblem;
constexpr const char* kFolder = "procedures";

void judge(const Definition& definition, const directory::Town& town, const std::string& file,
           std::vector<FileProblem>& problems) {
  const auto bad = [&](std::string what) { problems.push_back({file, {std::move(what)}}); };
  if (fs::path(file).stem() != definition.id)
    bad(fmt::format("le fichier s’appelle autrement que la démarche. Nommez-le {}.yaml.",
                    definition.id));
  const auto is_commune = [&](const std::string& insee) {
    return std::ranges::find(town.communes, insee, &tenancy::Commune::insee) != town.communes.end();
  };
  for (const std::string& insee : definition.communes)
    if (!is_commune(insee)) bad(fmt::format("la commune {} n’est pas de la ville.", insee));
  for (const InCharge& each : definition.services) {
    if (!each.commune.empty() && !is_commune(each.commune))
      bad(fmt::format("la commune {} n’est pas de la ville.", each.commune));
    if (std::ranges::find(town.services, each.service, &directory::Service::id) ==
        town.services.end())
      bad(fmt::format("le service « {} » n’existe pas. Prenez un identifiant de services/.",
                      each.service));
  }
}

}  // namespace

std::expected<std::vector<Definition>, std::vector<FileProblem>> load_definitions(
    const fs::path& folder, const directory::Town& town) {
  std::vector<FileProblem> problems;
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder / kFolder, error), end; !error && at != end;
       at.increment(error))
    if (at->path().extension() == ".yaml") files.push_back(at->path());
  if (error && error != std::errc::no_such_file_or_directory)
    problems.push_back({kFolder, {"dossier illisible. Vérifiez ses droits."}});
  if (files.size() > kProceduresMax)
    problems.push_back({kFolder, {fmt::format("plus de {} démarches.", kProceduresMax)}});
  std::ranges::sort(files);
  std::vector<Definition> found;
  for (const fs::path& path : files) {
    if (!problems.empty() && files.size() > kProceduresMax) break;
    const std::string name = std::string(kFolder) + "/" + path.filename().string();
    std::ifstream file(path, std::ios::binary);
    std::string text(directory::kYamlBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    auto read = read_definition(text);
    if (!read) {
      for (Problem& problem : read.error()) problems.push_back({name, std::move(problem)});
      continue;
    }
    judge(*read, town, name, problems);
    found.push_back(std::move(*read));
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return found;
}

}  // namespace parvis::procedure
