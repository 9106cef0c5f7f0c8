#include <fstream>

#include "retrieval/retrieve.hpp"

// The files of fitted/, as they are in the source tree.
__asm__(
    ".section .rodata\n"
    "parvis_ranker: .incbin \"" PARVIS_FITTED
    "/ranker.json\"\nparvis_ranker_end: .byte 0\n"
    "parvis_adapter: .incbin \"" PARVIS_FITTED
    "/adapter.bin\"\nparvis_adapter_end: .byte 0\n"
    ".global parvis_ranker, parvis_ranker_end, parvis_adapter, parvis_adapter_end\n"
    ".previous\n");
extern "C" const char parvis_ranker[], parvis_ranker_end[], parvis_adapter[], parvis_adapter_end[];

namespace parvis::retrieval {
namespace {

std::expected<Fitted, Problem> parse(std::string_view ranker, std::string_view adapter) {
  auto read_ranker = ranker_from_json(ranker);
  if (!read_ranker) return std::unexpected(read_ranker.error());
  auto read_adapter = Adapter::from_bytes(adapter);
  if (!read_adapter) return std::unexpected(read_adapter.error());
  if (read_adapter->model() != read_ranker->model)
    return std::unexpected(Problem{"the ranker and the adapter are of two models: run parvis fit"});
  return Fitted{std::move(*read_ranker), std::move(*read_adapter)};
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::filesystem::path& path, const std::string& bytes) {
  const std::filesystem::path fresh = path.string() + ".new";
  std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
  file << bytes;
  file.close();
  if (!file) throw Error(Errc::unavailable, fresh.string() + " cannot be written");
  std::filesystem::rename(fresh, path);
}

}  // namespace

const Fitted& Fitted::built_in() {
  static const Fitted fitted = [] {
    auto read = parse({parvis_ranker, parvis_ranker_end}, {parvis_adapter, parvis_adapter_end});
    CHECK(read.has_value());
    return std::move(*read);
  }();
  return fitted;
}

std::expected<Fitted, Problem> Fitted::load(const std::filesystem::path& folder) {
  auto out = parse(bytes_of(folder / kRankerFile), bytes_of(folder / kAdapterFile));
  if (!out) return std::unexpected(Problem{folder.string() + ": " + out.error().what});
  return out;
}

void Fitted::save(const std::filesystem::path& folder) const {
  std::filesystem::create_directories(folder);
  write(folder / kAdapterFile, adapter.to_bytes());
  write(folder / kRankerFile, to_json(ranker));
}

}  // namespace parvis::retrieval
