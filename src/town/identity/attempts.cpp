#include "identity/attempts.hpp"

#include <arpa/inet.h>

#include <array>

#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "identity/identity_store.hpp"

namespace parvis::identity {
namespace {

using db::Tx;

constexpr std::size_t kAttemptIdBytes = 16;

// The network that one person can hardly change at will. IPv4 inside IPv6 is IPv4.
std::string network_of(const std::string& address) {
  std::array<char, 16> bytes{};
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return {bytes.data(), 4};
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return address;
  const std::string_view all(bytes.data(), bytes.size());
  if (all.starts_with(std::string_view("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12)))
    return std::string(all.substr(12));
  return std::string(all.substr(0, 8));
}

std::string hash(std::initializer_list<std::string_view> parts) {
  return crypto::sha256_hex(crypto::joined(parts));
}

// How long until a subject may be tried again; zero when it may now.
std::chrono::seconds wait_for(Tx& tx, std::string_view tenant, std::string_view subject,
                              Instant now) {
  if (subject.empty()) return {};
  const Tried found = tried(tx, tenant, subject, now - kAttemptWindow, now + kAttemptWindow);
  if (found.count < kAttempts) return {};
  return std::chrono::ceil<std::chrono::seconds>(found.oldest + kAttemptWindow - now);
}

}  // namespace

Attempt sign_in_attempt(std::string_view login, const Personal<std::string>& address) {
  Attempt out{.id = crypto::random_hex(kAttemptIdBytes),
              .login = hash({"login", login}),
              .network = {},
              .both = {}};
  if (address.read().empty()) return out;
  const std::string network = network_of(address.read());
  out.network = hash({"network", network});
  out.both = hash({"both", login, network});
  return out;
}

Attempt change_attempt(std::string_view account) {
  return {.id = crypto::random_hex(kAttemptIdBytes),
          .login = hash({"change", account}),
          .network = {},
          .both = {}};
}

std::optional<std::chrono::seconds> begin_attempt(Tx& tx, std::string_view tenant,
                                                  const Attempt& attempt, std::string_view account,
                                                  Instant now) {
  delete_old_attempts(tx, tenant, now - kAttemptWindow, now + kAttemptWindow);
  const bool known = network_known(tx, tenant, account, attempt.network, now - kNetworkKept);
  const std::array<std::string_view, 2> subjects =
      known ? std::array<std::string_view, 2>{attempt.both, ""}
            : std::array<std::string_view, 2>{attempt.login, attempt.network};
  std::chrono::seconds wait{0};
  for (const std::string_view subject : subjects)
    wait = std::max(wait, wait_for(tx, tenant, subject, now));
  if (wait.count() > 0) return wait;
  for (const std::string_view subject : subjects)
    if (!subject.empty()) insert_attempt(tx, tenant, subject, attempt.id, now);
  return std::nullopt;
}

void succeed(Tx& tx, std::string_view tenant, const Attempt& attempt, std::string_view account,
             Instant now) {
  delete_attempts(tx, tenant, attempt.login, "");
  if (attempt.network.empty()) return;
  delete_attempts(tx, tenant, attempt.both, "");
  delete_attempts(tx, tenant, attempt.network, attempt.id);  // one's own, not those of others
  remember_network(tx, tenant, account, attempt.network, now);
}

std::int64_t forget_attempts(Tx& tx, std::string_view tenant, Instant now) {
  return delete_old_attempts(tx, tenant, now - kAttemptWindow, now + kAttemptWindow) +
         delete_old_networks(tx, tenant, now - kNetworkKept);
}

}  // namespace parvis::identity
