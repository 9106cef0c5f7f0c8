#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>

#include "knowledge/source.hpp"

// The input as a zip: whatever it holds, sheets come out or an Error, and nothing else happens.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("parvis-source-fuzz-" + std::to_string(getpid()) + ".zip");
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  try {
    parvis::knowledge::each_sheet(path, [](parvis::knowledge::SheetFile&&, std::size_t) {});
  } catch (const parvis::Error&) {
  }
  std::filesystem::remove(path);
  return 0;
}
