#include "knowledge/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "knowledge/faq.hpp"
#include "knowledge/knowledge_store.hpp"
#include "knowledge/local_sheet.hpp"
#include "knowledge/source.hpp"
#include "knowledge/vdd.hpp"

// Every import is the same three steps: what is held is read; the source is read, and what differs
// is gathered as text ready to be written (trees of a whole corpus would not fit in a small
// machine); one transaction writes it with its way back.

namespace parvis::knowledge {
namespace fs = std::filesystem;
namespace {

std::string name_of(const DocumentKey& key) { return key.audience + "/" + key.id; }

class Import {
 public:
  Import(db::Database& database, std::string_view tenant, std::string source,
         const ImportOptions& options)
      : database_(database),
        tenant_(tenant),
        source_(std::move(source)),
        options_(options),
        held_(database.read([&](db::Tx& tx) { return held(tx, tenant); })) {}

  // A file or line with what tells its versions apart. True when it is held as it is.
  bool unchanged(const DocumentKey& key, const std::string& hash) {
    const auto at = held_.find(key);
    if (at == held_.end() || at->second.hash != hash || at->second.source != source_) return false;
    if (seen_.insert(key).second) ++report_.unchanged;
    return true;
  }
  bool seen(const DocumentKey& key) const { return seen_.contains(key); }
  void add(Document document, std::string hash) {
    unknown_.insert(document.unknown.begin(), document.unknown.end());
    if (unchanged(document.key, hash)) return;
    seen_.insert(document.key);
    Version version{document.key, document.title, std::move(hash), to_json(document)};
    const auto at = held_.find(document.key);
    if (at == held_.end()) {
      report_.added.push_back(name_of(document.key));
    } else if (at->second.source == source_ && version.body == stored_body(document.key)) {
      ++report_.unchanged;  // other bytes that say the same: another format, a newer reader
      rehashed_.push_back(std::move(version));
      return;
    } else {
      report_.changed.push_back(name_of(document.key));
    }
    fresh_.push_back(std::move(version));
  }
  void fail(std::string where, const Problem& problem) {
    if (report_.failed.size() >= kFailuresShown) {
      ++report_.failures_not_shown;
      return;
    }
    report_.failed.push_back(problem.line > 0
                                 ? fmt::format("{}:{}: {}", where, problem.line, problem.what)
                                 : fmt::format("{}: {}", where, problem.what));
  }
  void keep(const DocumentKey& key) { kept_.insert(key); }  // broken now: its old version stays
  void keep_all() { keeps_all_ = true; }                    // broken, and which is not known

  std::size_t read() const { return seen_.size(); }
  ImportReport finish(bool guard_removal);

 private:
  std::vector<DocumentKey> gone() const;
  std::string stored_body(const DocumentKey& key) {
    return database_.read([&](db::Tx& tx) { return body_of(tx, tenant_, key); });
  }

  db::Database& database_;
  std::string tenant_;
  std::string source_;
  ImportOptions options_;
  std::map<DocumentKey, Held> held_;
  std::set<DocumentKey> seen_, kept_;
  std::vector<Version> fresh_, rehashed_;
  std::set<std::string> unknown_;
  bool keeps_all_ = false;
  ImportReport report_;
};

// What this source brought before and no longer holds, in the audiences that it holds.
std::vector<DocumentKey> Import::gone() const {
  std::vector<DocumentKey> out;
  if (options_.add || keeps_all_) return out;
  std::set<std::string_view> audiences;
  for (const DocumentKey& key : seen_) audiences.insert(key.audience);
  if (source_ != "fiches") audiences.insert("local");
  for (const auto& [key, what] : held_)
    if (what.source == source_ && audiences.contains(key.audience) && !seen_.contains(key) &&
        !kept_.contains(key))
      out.push_back(key);
  return out;
}

ImportReport Import::finish(bool guard_removal) {
  const std::vector<DocumentKey> removed = gone();
  std::map<std::string_view, std::size_t> all, going;
  for (const auto& [key, what] : held_)
    if (what.source == source_) ++all[key.audience];
  for (const DocumentKey& key : removed) {
    report_.removed.push_back(name_of(key));
    ++going[key.audience];
  }
  report_.unknown.assign(unknown_.begin(), unknown_.end());
  if (options_.dry_run) return std::move(report_);
  if (guard_removal && !options_.yes)
    for (const auto& [audience, count] : going)
      if (static_cast<double>(count) > kRemovedShare * static_cast<double>(all[audience]))
        throw Error(Errc::invalid,
                    fmt::format("{} of {} sheets of '{}' would be removed: check the source, then "
                                "add --yes (or --add to remove nothing)",
                                count, all[audience], audience));
  const bool changes = !fresh_.empty() || !removed.empty();
  if (!changes && rehashed_.empty()) return std::move(report_);
  database_.write([&](db::Tx& tx) {
    for (const Version& version : rehashed_) put(tx, tenant_, source_, version);
    if (!changes) return;
    report_.import_id = next_import_id(tx, tenant_);
    for (const Version& version : fresh_) {
      keep_past(tx, tenant_, report_.import_id, version.key);
      put(tx, tenant_, source_, version);
    }
    for (const DocumentKey& key : removed) {
      keep_past(tx, tenant_, report_.import_id, key);
      remove(tx, tenant_, key);
    }
    record_import(tx, tenant_,
                  {report_.import_id, source_, options_.now, json::serialize(to_json(report_))});
  });
  return std::move(report_);
}

std::string hash_of(std::string_view bytes, std::string_view origin = {}) {
  return crypto::sha256_hex(fmt::format("{}\n{}\n{}", kTreeVersion, origin, bytes));
}

std::string read_file(const fs::path& path, std::size_t limit) {
  std::ifstream in(path, std::ios::binary);
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error || !in)
    throw Error(Errc::invalid, path.string() + " cannot be read: check its name and permissions");
  if (size > limit)
    throw Error(Errc::too_large,
                fmt::format("{} is larger than {} MB", path.string(), limit >> 20));
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

json::object to_json(const ImportReport& report) {
  const auto list = [](const std::vector<std::string>& values) {
    return json::array(values.begin(), values.end());
  };
  return {{"import", report.import_id},
          {"added", list(report.added)},
          {"changed", list(report.changed)},
          {"removed", list(report.removed)},
          {"unchanged", report.unchanged},
          {"failed", list(report.failed)},
          {"failures_not_shown", report.failures_not_shown},
          {"unknown", list(report.unknown)}};
}

ImportReport import_fiches(db::Database& database, const fs::path& source,
                           const ImportOptions& options, const Progress& progress) {
  static constexpr std::array<const char*, 3> kAudiences = {"particuliers", "professionnels",
                                                            "associations"};
  Import import(database, kNational, "fiches", options);
  std::size_t done = 0;
  const std::size_t all = each_sheet(source, [&](SheetFile&& file, std::size_t total) {
    if (progress) progress(done, total);
    ++done;
    const auto broken = [&](const Problem& problem) {
      import.fail(file.name, problem);
      for (const std::string audience : kAudiences)
        if (file.audience.empty() || file.audience == audience) import.keep({audience, file.id});
    };
    if (!file.bytes) return broken(file.bytes.error());
    const std::string hash = hash_of(*file.bytes);
    // In the npm package an unchanged file is not parsed again.
    if (!file.audience.empty() && import.unchanged({file.audience, file.id}, hash)) return;
    auto document = file.json ? parse_fiche_json(*file.bytes, file.audience)
                              : parse_fiche_xml(*file.bytes, file.audience);
    if (!document) return broken(document.error());
    if (import.seen(document->key))
      return broken({"a second file for " + name_of(document->key) + ": the first one is used"});
    import.add(std::move(*document), hash);
  });
  if (import.read() == 0)
    throw Error(Errc::invalid,
                all == 0
                    ? source.string() +
                          " holds no sheet (files named F…, N… or R…, .json or .xml): is it "
                          "the npm package, or DILA XML?"
                    : fmt::format("none of the {} sheets of {} can be read", all, source.string()));
  return import.finish(true);
}

ImportReport import_faq(db::Database& database, std::string_view tenant, const fs::path& file,
                        std::string_view origin, const ImportOptions& options,
                        const Progress& progress) {
  CHECK(tenant != kNational);
  const std::string bytes = read_file(file, 512 << 20);
  const std::string where = file.filename().string();
  Import import(database, tenant, "faq:" + fs::weakly_canonical(file).string(), options);
  std::string_view rest = bytes;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (number > kFaqLines)
      throw Error(Errc::too_large, fmt::format("{} has more than {} lines", where, kFaqLines));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (progress) progress(bytes.size() - rest.size(), bytes.size());
    auto document = parse_faq_line(line);
    if (!document) {
      import.fail(where, {document.error().what, number});
      import.keep_all();
    } else if (import.seen(document->key)) {
      import.fail(where, {"the id " + document->key.id + " stands on an earlier line", number});
    } else {
      document->origin = origin;
      import.add(std::move(*document), hash_of(line, origin));
    }
  }
  if (import.read() == 0)
    throw Error(Errc::invalid,
                where +
                    " holds no readable line: one JSON object a line is expected, with "
                    "\"id\", \"question\" and \"answer\"");
  return import.finish(false);
}

ImportReport import_local_sheets(db::Database& database, std::string_view tenant,
                                 const fs::path& folder, std::string_view origin,
                                 const ImportOptions& options, const Progress& progress) {
  CHECK(tenant != kNational);
  Import import(database, tenant, "local:" + fs::weakly_canonical(folder).string(), options);
  const std::vector<fs::path> files = local_sheet_files(folder);
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (progress) progress(i, files.size());
    const std::string name = fs::relative(files[i], folder).generic_string();
    const std::string bytes = read_file(files[i], kLocalSheetBytes);
    auto document = parse_local_sheet(name, bytes);
    if (!document) {
      import.fail(name, document.error());
      import.keep_all();
    } else if (import.seen(document->key)) {
      import.fail(name, {"the id " + document->key.id + " is that of another sheet"});
    } else {
      document->origin = origin;
      import.add(std::move(*document), hash_of(bytes, origin));
    }
  }
  if (!files.empty() && import.read() == 0)
    throw Error(Errc::invalid, "no sheet of " + folder.string() + " can be read");
  return import.finish(false);
}

}  // namespace parvis::knowledge
