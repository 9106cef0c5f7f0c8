// What of a document is indexed: its fields, its groups and how many sheets point to it.
#pragma once

#include <filesystem>
#include <functional>

#include "db/database.hpp"
#include "knowledge/document.hpp"
#include "retrieval/anchors.hpp"
#include "search/entry.hpp"

namespace parvis::retrieval {

// Passages by their text_hash, groups outermost first and the DocumentClass after them; without
// anchors, which are for whoever knows the other documents.
search::Entry entry_of(const knowledge::Document& document);

// Of all documents of a tenant; without must outlive it.
Anchors anchors_of(db::Tx& tx, std::string_view tenant, const Without& without);

// What an index of the tenant's documents is made from: their last import and the form of the
// entries; knowledge::kNoImport when there are none.
std::string index_state(db::Tx& tx, std::string_view tenant);

// Builds and publishes a generation of the tenant's documents in `scope`; the number of documents.
// A search goes on with the generation before it. without: anchors that are left out.
std::uint32_t build_index(db::Database& database, std::string_view tenant,
                          const std::filesystem::path& scope,
                          const std::function<void(std::size_t)>& progress,
                          const Without& without = {});

}  // namespace parvis::retrieval
