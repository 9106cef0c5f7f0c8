// The démarches of a town's folder: procedures/*.yaml, one a file.
#pragma once

#include <expected>
#include <filesystem>
#include <vector>

#include "directory/town.hpp"
#include "procedure/definition.hpp"

namespace parvis::procedure {

// Everything, or all that is wrong; none without that folder. A démarche names services and
// communes of the town, and its file bears its id. Never throws.
std::expected<std::vector<Definition>, std::vector<directory::FileProblem>> load_definitions(
    const std::filesystem::path& folder, const directory::Town& town);

}  // namespace parvis::procedure
