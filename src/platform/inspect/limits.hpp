// How much of a file is looked at, and how much looking at it may cost.
#pragma once

#include <chrono>
#include <cstdint>

namespace parvis::inspect {

inline constexpr std::size_t kFileMax = 32 << 20;       // bytes of a file
inline constexpr std::size_t kRewrittenMax = kFileMax;  // bytes of an image once written anew
inline constexpr std::uint32_t kPagesMax = 200;         // of a PDF

// Of an image. A JPEG past kPixelsMax is read at a half, a quarter or an eighth of its size (phones
// make them of 200 million pixels); another image past it is refused.
inline constexpr std::uint64_t kPixelsMax = 40'000'000;
inline constexpr std::uint64_t kJpegPixelsMax = 210'000'000;
// A PNG past it is kept as JPEG: it is a photo, of which PNG would make a file larger than is kept.
// A page scanned at 300 dpi has 8.7 million.
inline constexpr std::uint64_t kPngPixelsMax = 10'000'000;
inline constexpr std::uint32_t kSideMin = 100;       // pixels of its shorter side
inline constexpr std::uint64_t kPixelsMin = 40'000;  // an identity photo has more

// Of the process that looks.
inline constexpr std::chrono::seconds kCpuMax{20};
inline constexpr std::size_t kMemoryMax =
    1 << 30;  // bytes of addresses, those of the program included

}  // namespace parvis::inspect
