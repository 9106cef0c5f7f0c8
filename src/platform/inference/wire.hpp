// Frames between the embedder and its child. Both are the same program on the same machine, so
// numbers travel as they lie in memory.
//   request:  u32 bytes, u8 kind, text
//   response: u32 count, count floats; count 0: the text could not be embedded
//   before any: 64 hexadecimal digits of the model; u32 bytes, the adapter of queries; the same of
//   what is asked of a page, and of whether it is. The child answers with two floats: the
//   dimension, and 1 when the adapter of queries is in use, else 0
#pragma once

#include <cstdint>

namespace parvis::inference {

inline constexpr std::uint32_t kMaxDimension = 8192, kMaxAdapterBytes = 64 << 20;
inline constexpr std::size_t kModelDigits = 64;

}  // namespace parvis::inference
