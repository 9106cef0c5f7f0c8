#include "knowledge/source.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <vector>

#include "knowledge/element.hpp"
#include "text/normalise.hpp"

namespace parvis::knowledge {
namespace {
namespace fs = std::filesystem;

// "part-F1342.xml" and "F1342.json" name F1342; "index.json" and "arborescence.xml" name no sheet.
// Ids of pages inside a dossier go on with a dash ("N358-1").
std::string id_of(std::string_view stem) {
  for (const std::string_view prefix : {"part-", "pro-", "asso-"})
    if (stem.starts_with(prefix)) stem.remove_prefix(prefix.size());
  if (stem.size() < 2 || !std::string_view("FNR").contains(stem.front())) return {};
  const bool sound = std::ranges::all_of(stem.substr(1),
                                         [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
  return sound && stem[1] != '-' ? std::string(stem) : std::string();
}

// A sheet by its path, or nothing.
std::optional<SheetFile> sheet_at(const fs::path& path) {
  const std::string extension = path.extension().string();
  if (extension != ".json" && extension != ".xml") return std::nullopt;
  SheetFile file;
  file.id = id_of(path.stem().string());
  if (file.id.empty()) return std::nullopt;
  file.name = text::clean(path.generic_string());
  file.json = extension == ".json";
  const std::string folder = path.parent_path().filename().string();
  if (folder == "particuliers" || folder == "professionnels" || folder == "associations")
    file.audience = folder;
  return file;
}

void refuse_more(std::size_t files, std::uint64_t bytes, const fs::path& source) {
  if (files > kSourceFiles)
    throw Error(Errc::too_large, fmt::format("{} holds more than {} files: is it the right one?",
                                             source.string(), kSourceFiles));
  if (bytes > kSourceBytes)
    throw Error(Errc::too_large, fmt::format("{} holds more than {} GB of sheets once unpacked",
                                             source.string(), kSourceBytes >> 30));
}

std::expected<std::string, Problem> oversized() {
  return std::unexpected(Problem{fmt::format("larger than {} MB", kSheetBytes >> 20)});
}

std::size_t each_in_folder(const fs::path& root,
                           const std::function<void(SheetFile&&, std::size_t)>& fn) {
  std::vector<fs::path> paths;
  std::size_t seen = 0;
  for (auto at =
           fs::recursive_directory_iterator(root, fs::directory_options::skip_permission_denied);
       at != fs::recursive_directory_iterator(); ++at) {
    refuse_more(++seen, 0, root);
    if (at.depth() >= kSourceDepth) at.disable_recursion_pending();
    if (at->is_regular_file() && sheet_at(at->path())) paths.push_back(at->path());
  }
  std::ranges::sort(paths);
  std::uint64_t bytes = 0;
  for (const fs::path& path : paths) {
    SheetFile file = *sheet_at(path);
    std::error_code error;
    const std::uintmax_t size = fs::file_size(path, error);
    std::ifstream in(path, std::ios::binary);
    if (error || !in) {
      file.bytes = std::unexpected(Problem{"cannot be read: check its permissions"});
    } else if (size > kSheetBytes) {
      file.bytes = oversized();
    } else {
      refuse_more(0, bytes += size, root);
      file.bytes->assign(std::istreambuf_iterator<char>(in), {});
    }
    fn(std::move(file), paths.size());
  }
  return paths.size();
}

// ── zip ─────────────────────────────────────────────────────────────────────────────────────────

struct Close {
  void operator()(archive* a) const { archive_read_free(a); }
};
using Archive = std::unique_ptr<archive, Close>;

[[noreturn]] void damaged(const fs::path& source, archive* a) {
  const char* why = archive_error_string(a);
  throw Error(Errc::invalid,
              fmt::format("{} cannot be read as a zip ({}): get it again", source.string(),
                          why == nullptr ? "no reason given" : text::clean(why)));
}

Archive open_zip(const fs::path& source) {
  Archive a(archive_read_new());
  archive_read_support_format_zip(a.get());
  if (archive_read_open_filename(a.get(), source.c_str(), 1 << 16) != ARCHIVE_OK)
    damaged(source, a.get());
  return a;
}

// The sheet that the next entries lead to; nothing at the end.
std::optional<SheetFile> next_sheet(const fs::path& source, archive* a, std::size_t& seen) {
  archive_entry* entry = nullptr;
  for (;;) {
    const int result = archive_read_next_header(a, &entry);
    if (result == ARCHIVE_EOF) return std::nullopt;
    if (result < ARCHIVE_WARN) damaged(source, a);
    refuse_more(++seen, 0, source);
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr || archive_entry_filetype(entry) != AE_IFREG) continue;
    if (auto file = sheet_at(name)) return file;
  }
}

// What an entry unpacks to, whatever size its header claims. `left` is the room in the whole.
std::expected<std::string, Problem> unpack(archive* a, std::uint64_t& total) {
  std::string out;
  std::vector<char> buffer(1 << 16);
  for (;;) {
    const la_ssize_t got = archive_read_data(a, buffer.data(), buffer.size());
    if (got == 0) return out;
    if (got < 0) {
      const char* why = archive_error_string(a);
      return std::unexpected(
          Problem{fmt::format("damaged in the zip ({})", why == nullptr ? "?" : text::clean(why))});
    }
    total += static_cast<std::uint64_t>(got);
    if (out.size() + static_cast<std::size_t>(got) > kSheetBytes) return oversized();
    out.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

std::size_t each_in_zip(const fs::path& source,
                        const std::function<void(SheetFile&&, std::size_t)>& fn) {
  std::size_t all = 0, seen = 0;
  for (const Archive listing = open_zip(source); next_sheet(source, listing.get(), seen);) ++all;
  seen = 0;
  std::uint64_t bytes = 0;
  const Archive a = open_zip(source);
  while (auto file = next_sheet(source, a.get(), seen)) {
    file->bytes = unpack(a.get(), bytes);
    refuse_more(0, bytes, source);
    fn(std::move(*file), all);
  }
  return all;
}

}  // namespace

std::size_t each_sheet(const fs::path& source,
                       const std::function<void(SheetFile&&, std::size_t)>& fn) {
  std::error_code error;
  if (fs::is_directory(source, error)) return each_in_folder(source, fn);
  if (fs::is_regular_file(source, error)) return each_in_zip(source, fn);
  throw Error(Errc::invalid, source.string() +
                                 " does not exist: name the folder of the npm package, or a folder "
                                 "or zip of DILA XML");
}

}  // namespace parvis::knowledge
