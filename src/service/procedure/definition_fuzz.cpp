// Whatever the file: a sound definition whose empty form is evaluated, or problems that say why.
#include <cstddef>
#include <cstdint>

#include "base/error.hpp"
#include "procedure/definition.hpp"
#include "procedure/form.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis;
  const auto read = procedure::read_definition({reinterpret_cast<const char*>(data), size});
  if (!read) {
    CHECK(!read.error().empty());
    for (const Problem& problem : read.error()) CHECK(!problem.what.empty());
    return 0;
  }
  const procedure::Moment moment{LocalTime{std::chrono::seconds(1'795'000'000)}, {}};
  const procedure::Form form = procedure::evaluate(*read, {}, moment);
  (void)form.complete();
  return 0;
}
