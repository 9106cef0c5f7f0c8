// GMime's objects with owners. Inside the room.
#pragma once

#include <gmime/gmime.h>

#include <memory>
#include <string>
#include <string_view>

namespace parvis::mail {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

struct Free {
  void operator()(gpointer text) const { g_free(text); }
};
using OwnedText = std::unique_ptr<char, Free>;

void begin_gmime();  // once a process; thread-safe

Owned<GMimeStream> reading(std::string_view bytes);  // a copy

// What `write(stream)` writes.
template <typename Fn>
std::string written(Fn&& write) {
  const Owned<GMimeStream> stream(g_mime_stream_mem_new());
  write(stream.get());
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
  return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

}  // namespace parvis::mail
