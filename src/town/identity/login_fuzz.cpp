// Any bytes as what is typed at the sign-in: a login is read as one way of writing it alone, and a
// password is judged without end or surprise.
#include <array>

#include "base/error.hpp"
#include "crypto/password.hpp"
#include "identity/account.hpp"
#include "identity/password_policy.hpp"
#include "text/normalise.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  if (const auto login = identity::login_from(bytes)) {
    CHECK(login->size() <= identity::kLoginMax && login->size() <= bytes.size());
    CHECK(identity::login_from(*login) == login);
    CHECK(login->find_first_of(" \t\n<>\"ABCXYZ") == login->npos && login->contains('@'));
    // Nobody's password is their own login.
    const std::array<std::string_view, 1> personal = {*login};
    CHECK(identity::password_fault(Secret(*login), personal));
  }
  const std::array<std::string_view, 2> personal = {"martine@ville.fr", bytes};
  const auto fault = identity::password_fault(Secret(bytes), personal);
  if (!fault) {
    CHECK(text::valid_utf8(bytes) && bytes.size() <= crypto::kPasswordMaxBytes);
    CHECK(bytes.size() >= identity::kPasswordCharactersMin);
  } else {
    CHECK(!identity::words(*fault).empty());
  }
  return 0;
}
