#include "mail/gmime.hpp"

namespace parvis::mail {

void begin_gmime() {
  static const bool begun = [] {
    g_mime_init();
    return true;
  }();
  static_cast<void>(begun);
}

Owned<GMimeStream> reading(std::string_view bytes) {
  return Owned<GMimeStream>(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
}

}  // namespace parvis::mail
