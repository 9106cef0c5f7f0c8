// What of a document is indexed: its fields, its groups and how many sheets point to it.
#pragma once

#include <filesystem>
#include <functional>

#include "db/database.hpp"
#include "knowledge/document.hpp"
#include "search/entry.hpp"

namespace parvis::answer {

search::Entry entry_of(const knowledge::Document& document);

// Builds and publishes a generation of the tenant's documents in `scope`; the number of documents.
// A search goes on with the generation before it.
std::uint32_t build_index(db::Database& database, std::string_view tenant,
                          const std::filesystem::path& scope,
                          const std::function<void(std::size_t)>& progress);

}  // namespace parvis::answer
