// Whatever the text: it is read or refused, and what was read evaluates.
#include <cstddef>
#include <cstdint>

#include "base/error.hpp"
#include "procedure/expression.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis;
  const auto read = procedure::read_expression({reinterpret_cast<const char*>(data), size});
  if (!read) {
    CHECK(!read.error().what.empty());
    return 0;
  }
  const procedure::Moment moment{LocalTime{std::chrono::seconds(1'795'000'000)}, {}};
  (void)read->evaluate(
      [](std::string_view name) {
        return name.size() % 2 == 0 ? procedure::Value(static_cast<double>(name.size()))
                                    : procedure::Value(std::string(name));
      },
      moment);
  return 0;
}
