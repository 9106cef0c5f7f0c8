// Any bytes as an image whose metadata say which way up it is.
#include "base/error.hpp"
#include "inspect/orientation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis::inspect;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const Type type : {Type::jpeg, Type::png, Type::webp}) {
    const int found = orientation(type, bytes);
    CHECK(found >= 1 && found <= 8);
  }
  CHECK(exif_orientation(bytes) >= 1);
  return 0;
}
