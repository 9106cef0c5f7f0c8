// Any bytes as a stored password: what is read stays within the limits and bears the marks of the
// form. Nothing is computed from it but what is cheap.
#include "base/error.hpp"
#include "crypto/password.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis;
  const std::string_view phc(reinterpret_cast<const char*>(data), size);
  const auto cost = crypto::password_cost(phc);
  if (!cost) {
    CHECK(crypto::needs_rehash(phc));
    CHECK(!crypto::verify_password(Secret<std::string>("correct cheval"), phc));
    return 0;
  }
  CHECK(phc.starts_with("$argon2id$v=19$") && phc.size() <= crypto::kPhcMaxBytes);
  CHECK(phc.find('\0') == phc.npos);
  CHECK(cost->memory_kib >= 1 && cost->memory_kib <= crypto::kPasswordMemoryMaxKib);
  CHECK(cost->passes >= 1 && cost->passes <= crypto::kPasswordPassesMax);
  CHECK(cost->lanes >= 1 && cost->lanes <= crypto::kPasswordLanesMax);
  if (cost->memory_kib <= 64 && cost->passes <= 2)
    crypto::verify_password(Secret<std::string>("correct cheval"), phc);
  return 0;
}
