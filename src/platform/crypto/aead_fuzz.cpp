// Any bytes as sealed ones: none opens that was not sealed; what was sealed opens, and not when a
// byte of it differs.
#include "base/error.hpp"
#include "crypto/aead.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const crypto::Key key = crypto::Key::random();
  const auto opened = crypto::open(key, "here", bytes);
  CHECK(!opened);
  CHECK((opened.error() == crypto::Refusal::version) ==
        (!bytes.empty() && bytes.front() != crypto::kSealVersion));

  std::string sealed = crypto::seal(key, "here", bytes);
  CHECK(sealed.size() == bytes.size() + crypto::kSealOverhead);
  CHECK(crypto::open(key, "here", sealed) == std::string(bytes));
  CHECK(!crypto::open(key, bytes, sealed) || bytes == "here");
  if (size < 3) return 0;
  const std::size_t at = (std::size_t{data[0]} << 8 | data[1]) % sealed.size();
  sealed[at] = static_cast<char>(sealed[at] ^ (data[2] == 0 ? 1 : data[2]));
  CHECK(!crypto::open(key, "here", sealed));
  return 0;
}
