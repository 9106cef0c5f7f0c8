#include "casework/access.hpp"

#include <charconv>

#include "base/error.hpp"
#include "casework/access_store.hpp"
#include "casework/tags.hpp"
#include "crypto/aead.hpp"
#include "crypto/hash.hpp"

namespace parvis::casework {
namespace {

using db::Tx;

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kDigits = 6;
constexpr std::int64_t kCodes = 1'000'000;
constexpr std::string_view kSigns = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kGroup = 4;
constexpr std::chrono::minutes kClockSkew{5};  // between the clocks of two servers

Secret<std::string> new_secret() { return Secret(crypto::random_hex(kSecretBytes)); }

bool live(const SessionRow& session, Instant now) {
  return now < session.began_at + kSessionLife && now < session.seen_at + kSessionIdle &&
         session.began_at <= now + kClockSkew && session.seen_at <= now + kClockSkew;
}

std::string without_gaps(std::string_view typed) {
  std::string out;
  for (const char c : typed)
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) out += c;
  return out;
}

// As it is written, for what people read in its place.
std::string signs_in(std::string_view typed) {
  std::string out = without_gaps(typed);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
  }
  return out;
}

std::string paper_signs(const crypto::Key& key, std::string_view id) {
  const std::string bytes =
      crypto::hkdf_sha256(key.reveal(), "", crypto::joined({"paper code", id}), kPaperSigns);
  std::string out;
  for (const char c : bytes) out += kSigns[static_cast<unsigned char>(c) & 31];
  return out;
}

}  // namespace

std::string new_browser() { return crypto::random_hex(kSecretBytes); }
bool browser_like(std::string_view text) {
  return text.size() == 2 * kSecretBytes && crypto::from_hex(text).has_value();
}
std::string browser_hash(std::string_view browser) {
  return crypto::sha256_hex(std::string("parvis browser ").append(browser));
}

std::string code_of(std::string_view browser, std::string_view reference) {
  const std::string hash = crypto::sha256_hex(
      std::string("parvis link code ").append(browser).append("/").append(reference));
  std::int64_t number = 0;
  constexpr std::size_t kHex = 15;  // 60 bits
  std::from_chars(hash.data(), hash.data() + kHex, number, 16);
  const std::string digits = std::to_string(number % kCodes);
  return std::string(kDigits - digits.size(), '0') + digits;
}

bool session_opens(Tx& tx, const Case& row, std::string_view hash, Instant now) {
  const auto session = session_with(tx, row.tenant(), hash, row.id());
  return session && live(*session, now);
}

std::optional<Secret<std::string>> Access::make_link(const tenancy::Context& cx,
                                                     std::string_view id, std::string_view browser,
                                                     std::string_view code, bool named) {
  Secret<std::string> link = new_secret();  // drawn before the transaction, which may run twice
  const bool made = database_.write(cx.tenant, [&](Tx& tx) {
    const Case row = case_for_system(tx, cx, id);
    erase_old_access(tx, cx);
    if (links_since(tx, row, named, cx.now - kAskLife) >= (named ? kLinksNamed : kLinksUnnamed))
      return false;
    insert_link(tx, row, crypto::sha256_hex(link.reveal()), browser, code, named, cx.now);
    return true;
  });
  return made ? std::optional(std::move(link)) : std::nullopt;
}

void Access::unmake(const tenancy::Context& cx, const Secret<std::string>& link) {
  database_.write(cx.tenant,
                  [&](Tx& tx) { erase_link(tx, cx, crypto::sha256_hex(link.reveal())); });
}

Access::Link Access::look(const tenancy::Context& cx, std::string_view link,
                          std::string_view browser) {
  const std::string hash = crypto::sha256_hex(link);
  const auto found = database_.read(
      cx.tenant, [&](Tx& tx) { return link_with(tx, cx, hash, cx.now - kLinkLife, kCodeTries); });
  if (!found) return Link::gone;
  return crypto::equal_in_constant_time(found->browser, browser_hash(browser)) ? Link::here
                                                                               : Link::elsewhere;
}

std::expected<Entered, Access::Refused> Access::follow(const tenancy::Context& cx,
                                                       std::string_view link,
                                                       std::string_view browser,
                                                       std::string_view code) {
  using Outcome = std::expected<Entered, Refused>;
  const std::string hash = crypto::sha256_hex(link), digits = without_gaps(code);
  const Secret<std::string> token = new_secret();
  return database_.write(cx.tenant, [&](Tx& tx) -> Outcome {
    const auto found = link_with(tx, cx, hash, cx.now - kLinkLife, kCodeTries);
    if (!found) return std::unexpected(Refused::gone);
    const bool here = crypto::equal_in_constant_time(found->browser, browser_hash(browser));
    if (!here && !crypto::equal_in_constant_time(found->code, digits)) {
      if (!digits.empty()) count_wrong(tx, cx, hash);
      const bool works = link_with(tx, cx, hash, cx.now - kLinkLife, kCodeTries).has_value();
      return std::unexpected(works ? Refused::wrong : Refused::gone);
    }
    if (!use_link(tx, cx, hash)) return std::unexpected(Refused::gone);
    return begun(tx, cx, token, found->of.id, found->of.reference, found->of.commune);
  });
}

std::expected<Entered, Access::Refused> Access::enter_with_code(const tenancy::Context& cx,
                                                                std::string_view reference,
                                                                std::string_view code) {
  using Outcome = std::expected<Entered, Refused>;
  const crypto::Key key = tag_key(database_, keyring_, cx);
  const std::string signs = signs_in(code);
  const Secret<std::string> token = new_secret();
  return database_.write(cx.tenant, [&](Tx& tx) -> Outcome {
    erase_old_access(tx, cx);
    const auto found = deposited_with(tx, cx, reference);
    const std::string right = paper_signs(key, found ? found->id : reference);
    if (wrong_codes(tx, cx, reference, cx.now - kPaperPause) >= kPaperTries)
      return std::unexpected(Refused::locked);
    if (!crypto::equal_in_constant_time(right, signs) || !found) {
      add_wrong_code(tx, cx, reference, cx.now - kPaperPause);
      return std::unexpected(Refused::wrong);
    }
    return begun(tx, cx, token, found->id, found->reference, found->commune);
  });
}

std::string Access::paper_code(const tenancy::Context& cx, std::string_view id) {
  const std::string signs = paper_signs(tag_key(database_, keyring_, cx), id);
  std::string out;
  for (std::size_t at = 0; at < signs.size(); at += kGroup)
    out.append(out.empty() ? "" : "-").append(signs, at, kGroup);
  return out;
}

Entered Access::enter(const tenancy::Context& cx, std::string_view id, std::string_view token) {
  const Secret<std::string> fresh = new_secret();
  return database_.write(cx.tenant, [&](Tx& tx) {
    const Case row = case_for_citizen(tx, cx, id, token);
    if (row.state() == State::draft) throw gone();
    return begun(tx, cx, fresh, row.id(), row.reference(), row.commune());
  });
}

Entered Access::begun(Tx& tx, const tenancy::Context& cx, const Secret<std::string>& token,
                      std::string_view id, std::string_view reference,
                      std::string_view commune) const {
  insert_session(tx, cx, crypto::sha256_hex(token.reveal()), id);
  crowd_out(tx, cx, id, kSessionsMax);
  return {.id = std::string(id),
          .token = token,
          .reference = std::string(reference),
          .commune = std::string(commune)};
}

bool Access::goes_on(const tenancy::Context& cx, std::string_view id, std::string_view token) {
  const std::string hash = crypto::sha256_hex(token);
  const auto session =
      database_.read(cx.tenant, [&](Tx& tx) { return session_with(tx, cx.tenant, hash, id); });
  if (!session || !live(*session, cx.now)) return false;
  if (cx.now < session->seen_at + kSessionGrain) return true;
  try {
    database_.write(cx.tenant, [&](Tx& tx) { see_session(tx, cx, hash); });
  } catch (const Error& e) {
    // A disk that is full closes no case: it can still be read.
    if (e.code() != Errc::unavailable && e.code() != Errc::overloaded) throw;
  }
  return true;
}

void Access::leave(const tenancy::Context& cx, std::string_view id, std::string_view token) {
  database_.write(cx.tenant, [&](Tx& tx) { erase_session(tx, cx, crypto::sha256_hex(token), id); });
}

}  // namespace parvis::casework
