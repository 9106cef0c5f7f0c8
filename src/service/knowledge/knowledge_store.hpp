// SQL for documents. Tenant '' (kNational) holds the national corpus, shared by all tenants.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "db/database.hpp"
#include "knowledge/document.hpp"

namespace parvis::knowledge {

inline constexpr std::string_view kNational = "";

// hash of the source of each document of `audience`, by id.
std::map<std::string, std::string> source_hashes(db::Tx& tx, std::string_view tenant,
                                                 std::string_view audience);
void put(db::Tx& tx, std::string_view tenant, const Document& document, std::string_view hash);
void remove(db::Tx& tx, std::string_view tenant, const DocumentKey& key);
std::optional<Document> load(db::Tx& tx, std::string_view tenant, const DocumentKey& key);
void each_document(db::Tx& tx, std::string_view tenant,
                   const std::function<void(const Document&)>& fn);

}  // namespace parvis::knowledge
