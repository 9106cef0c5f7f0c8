// Whether a file that somebody sent may be kept, and what of it.
//
// Its content says what it is, never its name: PDF, JPEG, PNG and WebP are taken. An image is
// decoded and written anew, turned as it should be, and so loses all metadata (Exif, GPS) and
// whatever hides in its bytes; its colour profile too. A PDF is checked and kept as it is
// (pdf_check.hpp).
//
// Strangers' bytes are read in a child process of the same program that can open no file, no socket
// and no program (sandbox.hpp), within limits of time and memory (limits.hpp), one process a file.
// When it crashes, hangs or answers nonsense the file is refused as unreadable.
//
// Viruses are another question: clamd.hpp. Words for whoever sent the file: words.hpp.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "inspect/limits.hpp"
#include "inspect/report.hpp"

namespace parvis::inspect {

struct InspectorConfig {
  int children = 2;                            // at once: each may take kMemoryMax
  std::chrono::milliseconds patience{10'000};  // for one of them to be free
  std::chrono::milliseconds time_limit{
      30'000};  // from the first byte sent to the last one received
  std::filesystem::path program = "/proc/self/exe";  // is run as: program inspect-child
};

// Thread-safe. Blocks while the child works.
class Inspector {
 public:
  explicit Inspector(InspectorConfig config) : config_(std::move(config)) {}

  // `kept` receives the image written anew, in pieces of 64 KiB at most, Report::rewritten bytes in
  // all, when there is nothing to refuse; of a file that is then refused (the child died meanwhile)
  // it has received a part, to be thrown away. A PDF is kept as it was sent: `kept` receives
  // nothing. What `source` and `kept` throw passes through. Errc::overloaded when no child is free
  // within the patience; unavailable when none can be started: both say nothing about the file.
  Report inspect(const Source& source, const Sink& kept);

 private:
  class Turn;
  const InspectorConfig config_;
  std::mutex mutex_;
  std::condition_variable free_;
  int busy_ = 0;
};

// The child's side, called first thing in main with these arguments.
inline constexpr std::string_view kChildCommand = "inspect-child";
int run_child(int argc, char** argv);

// Between the two, numbers as they lie in memory:
//   child   u8 kReady, once it stands in its sandbox
//   parent  u32 size, bytes; … ; u32 0
//   child   u32 size, report (report.hpp), then the bytes of the image
inline constexpr std::uint8_t kReady = 0x52;
inline constexpr std::uint32_t kPieceMax = 64 * 1024;

}  // namespace parvis::inspect
