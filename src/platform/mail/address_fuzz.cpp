#include <cstdint>

#include "base/error.hpp"
#include "mail/address.hpp"

// What is taken can be written into a command or a header as it is, and is taken again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using parvis::mail::Address;
  const auto address = Address::parse({reinterpret_cast<const char*>(data), size});
  if (!address) {
    CHECK(!address.error().what.empty());
    return 0;
  }
  const std::string& value = address->value().read();
  CHECK(value.size() <= parvis::mail::kAddressMax);
  CHECK(value.ends_with("@" + address->domain()));
  for (const char c : value)
    CHECK(c > ' ' && c < 0x7f && !std::string_view("<>()[]\\\",;:").contains(c));
  const auto again = Address::parse(value);
  CHECK(again && again->value().read() == value);
  return 0;
}
