#include "crypto/aead.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "crypto/hash.hpp"

namespace parvis::crypto {
namespace {

constexpr std::string_view kInfo = "parvis seal 1";

const unsigned char* in(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* out(std::string& bytes, std::size_t at = 0) {
  return reinterpret_cast<unsigned char*>(bytes.data()) + at;
}
int length(std::string_view bytes) { return static_cast<int>(bytes.size()); }

OSSL_PARAM octets(const char* name, std::string_view bytes) {  // OpenSSL only reads them
  return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(bytes.data()), bytes.size());
}

// What one sealing uses: a sub-key and the proof that it comes from this key, here.
class Derived {
 public:
  Derived(const Key& key, std::string_view associated, std::string_view nonce)
      : bytes_(hkdf_sha256(key.reveal(), associated, std::string(kInfo).append(nonce),
                           kKeyBytes + kCommitmentBytes)) {}
  Derived(const Derived&) = delete;
  ~Derived() { wipe(bytes_); }
  std::string_view key() const { return std::string_view(bytes_).substr(0, kKeyBytes); }
  std::string_view commitment() const { return std::string_view(bytes_).substr(kKeyBytes); }

 private:
  std::string bytes_;
};

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Cipher cipher() {
  Cipher context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  CHECK(context != nullptr);
  return context;
}

}  // namespace

Key Key::random() {
  std::string bytes = random_bytes(kKeyBytes);
  const Key key = *from_bytes(bytes);
  wipe(bytes);
  return key;
}

std::optional<Key> Key::from_bytes(std::string_view bytes) {
  if (bytes.size() != kKeyBytes) return std::nullopt;
  Key key;
  std::ranges::copy(bytes, key.bytes_.begin());
  return key;
}

Key::~Key() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

std::string hkdf_sha256(std::string_view secret, std::string_view salt, std::string_view info,
                        std::size_t count) {
  CHECK(count > 0 && count <= kHkdfMax && info.size() <= kHkdfInfoMax);
  static EVP_KDF* const hkdf = EVP_KDF_fetch(nullptr, OSSL_KDF_NAME_HKDF, nullptr);
  CHECK(hkdf != nullptr);
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(EVP_KDF_CTX_new(hkdf),
                                                                          &EVP_KDF_CTX_free);
  CHECK(context != nullptr);
  char digest[] = "SHA256";
  const std::array params = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                             octets(OSSL_KDF_PARAM_KEY, secret), octets(OSSL_KDF_PARAM_SALT, salt),
                             octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  std::string derived(count, '\0');
  CHECK(EVP_KDF_derive(context.get(), out(derived), count, params.data()) == 1);
  return derived;
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const std::string_view part : parts) {
    CHECK(part.size() <= kPlainMax);
    for (int shift = 24; shift >= 0; shift -= 8)
      all.push_back(static_cast<char>(part.size() >> shift & 0xFF));
    all.append(part);
  }
  return all;
}

std::string seal(const Key& key, std::string_view associated, std::string_view plain) {
  if (plain.size() > kPlainMax) throw Error(Errc::too_large, "more than 64 MB to seal at once");
  const std::string nonce = random_bytes(kNonceBytes);
  const Derived derived(key, associated, nonce);
  std::string sealed(1, kSealVersion);
  sealed.append(nonce).append(derived.commitment());
  const std::size_t body = sealed.size();
  sealed.resize(body + plain.size() + kTagBytes);

  const Cipher context = cipher();
  int written = 0;
  CHECK(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, in(derived.key()),
                           in(nonce)) == 1);
  CHECK(EVP_EncryptUpdate(context.get(), nullptr, &written, in(associated), length(associated)) ==
        1);
  CHECK(EVP_EncryptUpdate(context.get(), out(sealed, body), &written, in(plain), length(plain)) ==
        1);
  CHECK(static_cast<std::size_t>(written) == plain.size());
  const std::size_t tag = body + plain.size();
  CHECK(EVP_EncryptFinal_ex(context.get(), out(sealed, tag), &written) == 1 && written == 0);
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, out(sealed, tag)) ==
        1);
  return sealed;
}

std::expected<std::string, Refusal> open(const Key& key, std::string_view associated,
                                         std::string_view sealed) {
  if (sealed.empty()) return std::unexpected(Refusal::truncated);
  if (sealed.front() != kSealVersion) return std::unexpected(Refusal::version);
  if (sealed.size() < kSealOverhead) return std::unexpected(Refusal::truncated);
  if (sealed.size() > kSealOverhead + kPlainMax) return std::unexpected(Refusal::altered);
  const std::string_view nonce = sealed.substr(1, kNonceBytes);
  const Derived derived(key, associated, nonce);
  if (!equal_in_constant_time(derived.commitment(),
                              sealed.substr(1 + kNonceBytes, kCommitmentBytes)))
    return std::unexpected(Refusal::mismatch);
  sealed.remove_prefix(1 + kNonceBytes + kCommitmentBytes);
  const std::string_view body = sealed.substr(0, sealed.size() - kTagBytes);
  std::string tag(sealed.substr(body.size()));

  const Cipher context = cipher();
  int written = 0;
  std::string plain(body.size(), '\0');
  CHECK(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, in(derived.key()),
                           in(nonce)) == 1);
  CHECK(EVP_DecryptUpdate(context.get(), nullptr, &written, in(associated), length(associated)) ==
        1);
  CHECK(EVP_DecryptUpdate(context.get(), out(plain), &written, in(body), length(body)) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, out(tag)) == 1);
  if (EVP_DecryptFinal_ex(context.get(), out(tag), &written) != 1) {
    wipe(plain);  // what does not authenticate was never ours to read
    return std::unexpected(Refusal::altered);
  }
  return plain;
}

}  // namespace parvis::crypto
