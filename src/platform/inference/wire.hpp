// Frames between the embedder and its child. Both are the same program on the same machine, so
// numbers travel as they lie in memory.
//   request:  u32 bytes, u8 kind, text
//   response: u32 count, count floats; count 0: the text could not be embedded
//   the child's first response is one float: the dimension
#pragma once

#include <cstdint>

namespace parvis::inference {

inline constexpr std::uint32_t kMaxDimension = 8192;

}  // namespace parvis::inference
