#include <cstdint>

#include "base/error.hpp"
#include "mail/imap.hpp"

// Whatever a server says: no more than was asked for, in order, and a sign that a command can hold.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis::mail;
  const std::string_view answer(reinterpret_cast<const char*>(data), size);
  const auto uids = uids_in(answer, 5);
  CHECK(uids.size() <= 5);
  for (std::size_t i = 1; i < uids.size(); ++i) CHECK(uids[i - 1] < uids[i]);
  CHECK(sizes_in(answer, 5).size() <= 5);
  const char sign = separator_in(answer);
  CHECK(sign > ' ' && sign < 0x7f && sign != '"' && sign != '\\' && sign != '%');
  return 0;
}
