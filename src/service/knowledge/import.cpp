#include "knowledge/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "knowledge/knowledge_store.hpp"
#include "knowledge/vdd.hpp"

namespace parvis::knowledge {
namespace fs = std::filesystem;
namespace {

struct Source {
  fs::path path;
  std::string audience;  // empty: read from the sheet
};

bool sheet_name(const fs::path& path) {
  const std::string stem = path.stem();
  const auto letter = stem.rfind('-') == std::string::npos ? 0 : stem.rfind('-') + 1;
  return (path.extension() == ".json" || path.extension() == ".xml") && letter < stem.size() &&
         std::string_view("FNR").contains(stem[letter]) && letter + 1 < stem.size() &&
         std::all_of(
             stem.begin() + static_cast<std::ptrdiff_t>(letter) + 1, stem.end(),
             [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

std::vector<Source> sources_of(const fs::path& root) {
  if (!fs::is_directory(root))
    throw Error(Errc::invalid, root.string() + " is not a folder: name the folder of the sheets");
  std::vector<Source> all;
  for (const char* audience : {"particuliers", "professionnels", "associations"}) {
    const fs::path folder = root / "data" / audience;
    if (!fs::is_directory(folder)) continue;
    for (const auto& entry : fs::directory_iterator(folder))
      if (sheet_name(entry.path())) all.push_back({entry.path(), audience});
  }
  if (all.empty())
    for (const auto& entry : fs::directory_iterator(root))
      if (sheet_name(entry.path())) all.push_back({entry.path(), ""});
  std::ranges::sort(all, {}, &Source::path);
  return all;
}

// The key that a file's name and folder announce, for a file that cannot be read.
std::string id_of(const fs::path& path) {
  const std::string stem = path.stem();
  const auto letter = stem.find_last_of("FNR");
  return letter == std::string::npos ? stem : stem.substr(letter);
}

}  // namespace

ImportReport import_fiches(db::Database& database, const fs::path& root,
                           const ImportOptions& options,
                           const std::function<void(std::size_t, std::size_t)>& progress) {
  const std::vector<Source> sources = sources_of(root);
  ImportReport report;
  std::map<std::string, std::map<std::string, std::string>> stored;  // audience, id, hash
  auto stored_in = [&](const std::string& audience) -> const std::map<std::string, std::string>& {
    const auto at = stored.find(audience);
    if (at != stored.end()) return at->second;
    return stored[audience] =
               database.read([&](db::Tx& tx) { return source_hashes(tx, kNational, audience); });
  };
  std::set<std::string> unknown;
  std::map<std::string, std::set<std::string>> seen;
  std::vector<std::pair<Document, std::string>> fresh;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (progress) progress(i, sources.size());
    const Source& source = sources[i];
    std::ifstream file(source.path, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    const std::string hash = crypto::sha256_hex(fmt::format("{}\n", kTreeVersion) + bytes);
    if (!source.audience.empty()) {  // an unchanged file is not parsed again
      const auto& hashes = stored_in(source.audience);
      const auto at = hashes.find(id_of(source.path));
      if (at != hashes.end() && at->second == hash) {
        seen[source.audience].insert(at->first);
        ++report.unchanged;
        continue;
      }
    }
    auto document = source.path.extension() == ".xml" ? parse_fiche_xml(bytes, source.audience)
                                                      : parse_fiche_json(bytes, source.audience);
    if (!document) {
      const Problem& problem = document.error();
      report.failed.push_back(
          problem.line > 0
              ? fmt::format("{}:{}: {}", source.path.string(), problem.line, problem.what)
              : fmt::format("{}: {}", source.path.string(), problem.what));
      for (const char* audience : {"particuliers", "professionnels", "associations"})
        if (source.audience.empty() || source.audience == audience)
          seen[audience].insert(id_of(source.path));  // keeps its old version
      continue;
    }
    const DocumentKey key = document->key;
    if (!seen[key.audience].insert(key.id).second && source.audience.empty()) continue;
    unknown.insert(document->unknown.begin(), document->unknown.end());
    const auto& hashes = stored_in(key.audience);
    const auto at = hashes.find(key.id);
    const std::string name = key.audience + "/" + key.id;
    if (at != hashes.end() && at->second == hash) {
      ++report.unchanged;
      continue;
    }
    (at == hashes.end() ? report.added : report.changed).push_back(name);
    fresh.emplace_back(std::move(*document), hash);
  }
  if (fresh.empty() && report.unchanged == 0)
    throw Error(Errc::invalid, fmt::format("no sheet could be read in {} ({} files failed)",
                                           root.string(), report.failed.size()));
  if (!options.add)
    for (const auto& [audience, ids] : stored) {
      if (!seen.contains(audience)) continue;
      std::size_t gone = 0;
      for (const auto& [id, hash] : ids)
        if (!seen[audience].contains(id)) {
          report.removed.push_back(audience + "/" + id);
          ++gone;
        }
      if (static_cast<double>(gone) > kRemovedShare * static_cast<double>(ids.size()) &&
          !options.yes && !options.dry_run)
        throw Error(Errc::invalid,
                    fmt::format("{} of {} sheets of '{}' would be removed: check the source, then "
                                "add --yes (or --add to remove nothing)",
                                gone, ids.size(), audience));
    }
  report.unknown.assign(unknown.begin(), unknown.end());
  if (options.dry_run) return report;
  database.write([&](db::Tx& tx) {
    for (const auto& [document, hash] : fresh) put(tx, kNational, document, hash);
    for (const std::string& name : report.removed) {
      const auto slash = name.find('/');
      remove(tx, kNational, {name.substr(0, slash), name.substr(slash + 1)});
    }
  });
  return report;
}

}  // namespace parvis::knowledge
