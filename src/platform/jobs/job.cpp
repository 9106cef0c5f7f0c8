#include "jobs/job.hpp"

#include <algorithm>

#include "crypto/hash.hpp"

namespace parvis::jobs {
namespace {

constexpr std::uint64_t kSteps = 1 << 16;  // between half and whole

std::uint64_t step(std::string_view id, int attempt) {
  std::uint64_t value = 0;
  for (const char digit :
       crypto::sha256_hex(std::string(id) + '#' + std::to_string(attempt)).substr(0, 4))
    value = value * 16 + static_cast<std::uint64_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  return value;
}

}  // namespace

std::chrono::milliseconds backoff(const Policy& policy, int attempt, std::string_view id) {
  const auto longest = std::max(policy.longest, policy.first);
  auto whole = policy.first;
  for (int i = 1; i < attempt && whole < longest; ++i) whole *= 2;
  whole = std::min(whole, longest);
  const auto half = static_cast<std::uint64_t>(whole.count()) / 2;
  return std::chrono::milliseconds(whole.count() - static_cast<std::int64_t>(half) +
                                   static_cast<std::int64_t>(half * step(id, attempt) / kSteps));
}

}  // namespace parvis::jobs
