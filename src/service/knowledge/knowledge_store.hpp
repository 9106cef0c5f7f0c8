// SQL for documents, imports and switches. Tenant '' (kNational) holds the national corpus, stored
// once and shared by all tenants; a tenant's own knowledge is under its own id.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "db/database.hpp"
#include "knowledge/document.hpp"

namespace parvis::knowledge {

inline constexpr std::string_view kNational = "";
inline constexpr std::size_t kImportsKept = 5;  // of each tenant: further back there is no way

// ── documents ──

// A document as it is written. hash tells versions apart without reading the body.
struct Version {
  DocumentKey key;
  std::string title;
  std::string hash;
  std::string body;  // to_json
};
struct Held {
  std::string hash;
  std::string source;
};
std::map<DocumentKey, Held> held(db::Tx& tx, std::string_view tenant);

// The stored body of a document; empty when there is none.
std::string body_of(db::Tx& tx, std::string_view tenant, const DocumentKey& key);

void put(db::Tx& tx, std::string_view tenant, std::string_view source, const Version& version);
void remove(db::Tx& tx, std::string_view tenant, const DocumentKey& key);
std::optional<Document> load(db::Tx& tx, std::string_view tenant, const DocumentKey& key);
// By id alone: the tenant's own document, else the national one, particuliers first, then
// professionnels, then associations.
std::optional<Document> load_by_id(db::Tx& tx, std::string_view tenant, std::string_view id);
// The pages of an audience that group its sheets, themes and dossiers, by id.
std::vector<Document> dossiers(db::Tx& tx, std::string_view tenant, std::string_view audience);
// In the order of keys. Throws Errc::failed on a body that cannot be read.
void each_document(db::Tx& tx, std::string_view tenant,
                   const std::function<void(const Document&)>& fn);

// ── imports ──

struct ImportRecord {
  std::string id;  // next_import_id
  std::string source;
  Instant finished{};
  std::string report;  // JSON
};
// Sorts after every import that is kept.
std::string next_import_id(db::Tx& tx, std::string_view tenant);
// Keeps the version that is about to be replaced or removed, or that there was none. Once for a
// document and import.
void keep_past(db::Tx& tx, std::string_view tenant, std::string_view import_id,
               const DocumentKey& key);
// Records it and forgets what lies further back than kImportsKept.
void record_import(db::Tx& tx, std::string_view tenant, const ImportRecord& record);
// Names what the tenant's documents are now: the same word as long as no import or rollback changes
// them; kNoImport when there was none.
inline constexpr std::string_view kNoImport = "none";
std::string state(db::Tx& tx, std::string_view tenant);
std::vector<ImportRecord> imports(db::Tx& tx, std::string_view tenant);  // the latest first
// Undoes the latest import and forgets it; nullopt when there is none. Again goes further back.
std::optional<ImportRecord> roll_back(db::Tx& tx, std::string_view tenant);

// ── switches ──

// The key may be of a national sheet: it is off for this tenant only.
void switch_off(db::Tx& tx, std::string_view tenant, const DocumentKey& key,
                std::string_view reason, Instant now);
void switch_on(db::Tx& tx, std::string_view tenant, const DocumentKey& key);
std::set<DocumentKey> switched_off(db::Tx& tx, std::string_view tenant);

}  // namespace parvis::knowledge
