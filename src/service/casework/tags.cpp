#include "casework/tags.hpp"

#include "base/error.hpp"
#include "casework/reference.hpp"
#include "crypto/hash.hpp"

namespace parvis::casework {
namespace {

constexpr std::string_view kObject = "casework/post";  // whose key makes the tags
constexpr std::string_view kSigns = "abcdefghijklmnopqrstuvwxyz234567";

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string_view name(Purpose purpose) {
  switch (purpose) {
    case Purpose::reply:
      return "reply";
    case Purpose::stop:
      return "stop";
  }
  return {};
}

std::optional<vault::Keys> keys_there(vault::Keyring& keyring, const tenancy::Context& cx) {
  try {
    return keyring.keys_for(cx, kObject);
  } catch (const Error& e) {
    if (e.code() != Errc::not_found) throw;
    return std::nullopt;
  }
}

}  // namespace

crypto::Key tag_key(db::Database& database, vault::Keyring& keyring, const tenancy::Context& cx) {
  if (const auto keys = keys_there(keyring, cx)) return vault::sub_key(*keys, "tags");
  const vault::NewKeys fresh = keyring.make(cx, kObject);
  try {
    database.write(cx.tenant, [&](db::Tx& tx) { vault::insert_data_key(tx, fresh.row, cx.now); });
    return vault::sub_key(fresh.keys, "tags");
  } catch (const Error& e) {
    if (e.code() != Errc::conflict) throw;  // another thread was first
  }
  return vault::sub_key(keyring.keys_for(cx, kObject), "tags");
}

std::string tag_of(const crypto::Key& key, Purpose purpose, std::string_view case_id) {
  const std::string bytes = crypto::hkdf_sha256(
      key.reveal(), "", crypto::joined({"tag", name(purpose), case_id}), kTagBytes);
  std::string out;
  unsigned held = 0, bits = 0;
  for (const char c : bytes) {
    held = (held << 8) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) out += kSigns[(held >> (bits - 5)) & 31];
  }
  return out;
}

bool is_tag(const crypto::Key& key, Purpose purpose, std::string_view case_id,
            std::string_view tag) {
  return crypto::equal_in_constant_time(tag_of(key, purpose, case_id), lower(tag));
}

std::string plus_of(std::string_view reference, std::string_view tag) {
  return lower(reference).append("-").append(tag);
}

std::optional<Plus> read_plus(std::string_view text) {
  const std::size_t dash = text.rfind('-');
  if (dash == std::string_view::npos || text.size() - dash - 1 != kTagSigns) return std::nullopt;
  auto reference = read_reference(text.substr(0, dash));
  if (!reference) return std::nullopt;
  return Plus{std::move(*reference), lower(text.substr(dash + 1))};
}

}  // namespace parvis::casework
