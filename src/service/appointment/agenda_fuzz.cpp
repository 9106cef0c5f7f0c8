// read_agenda takes any bytes, and what it takes is sound.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "appointment/agenda_yaml.hpp"
#include "base/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read =
      parvis::appointment::read_agenda(std::string_view(reinterpret_cast<const char*>(data), size));
  if (read)
    for (const auto& reason : read->reasons) {
      CHECK(reason.duration >= parvis::appointment::kCell && reason.people >= 1);
      CHECK(parvis::appointment::length(reason, reason.people) <= parvis::appointment::kMeetingMax);
    }
  return 0;
}
