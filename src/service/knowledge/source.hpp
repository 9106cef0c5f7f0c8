// Where official sheets come from: the folder of the npm package, a folder of DILA XML, or a zip of
// either. Nothing is ever written to disk, so the paths inside a zip can lead nowhere.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace parvis::knowledge {

inline constexpr std::size_t kSourceFiles = 50'000;        // entries looked at
inline constexpr std::uint64_t kSourceBytes = 2ULL << 30;  // of all sheets, unpacked
inline constexpr int kSourceDepth = 6;                     // folders in folders

struct SheetFile {
  std::string name;      // path inside the source, safe to print
  std::string id;        // "F1342": what the file's name announces
  std::string audience;  // by its folder in the npm package; empty: the sheet says it
  bool json = false;     // else XML
  std::expected<std::string, Problem> bytes;
};

// Calls fn for each sheet of the source (files named F…, N… or R… with digits, .json or .xml), in
// the order of names for a folder, of the archive for a zip. fn gets the number of sheets too.
// Returns their number. Throws Error: invalid when the source is neither a folder nor a zip or the
// zip is damaged, too_large when it passes a limit.
std::size_t each_sheet(const std::filesystem::path& source,
                       const std::function<void(SheetFile&&, std::size_t all)>& fn);

}  // namespace parvis::knowledge
