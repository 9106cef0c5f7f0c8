// How much of a file is looked at, and how much looking at it may cost.
#pragma once

#include <chrono>
#include <cstdint>

namespace parvis::inspect {

inline constexpr std::size_t kFileMax = 32 << 20;       // bytes of a file
inline constexpr std::size_t kRewrittenMax = 64 << 20;  // bytes of an image once written anew
inline constexpr std::uint32_t kPagesMax = 200;         // of a PDF

// Of an image. A JPEG past kPixelsMax is read at a half, a quarter or an eighth of its size (phones
// make them of 200 million pixels); another image past it is refused.
inline constexpr std::uint64_t kPixelsMax = 40'000'000;
inline constexpr std::uint64_t kJpegPixelsMax = 250'000'000;
inline constexpr std::uint32_t kSideMin = 100;       // pixels of its shorter side
inline constexpr std::uint64_t kPixelsMin = 40'000;  // an identity photo has more

// Of the process that looks.
inline constexpr std::chrono::seconds kCpuMax{20};
inline constexpr std::size_t kMemoryMax = std::size_t{3}
                                          << 29;  // 1.5 GB of addresses, program included

}  // namespace parvis::inspect
