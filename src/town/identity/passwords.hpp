// How this room makes and checks passwords: at what cost and by what. Both take a fraction of a
// second on purpose, and are called outside of any transaction.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/sensitive.hpp"
#include "crypto/password.hpp"

namespace parvis::identity {

struct Passwords {
  crypto::PasswordCost cost = {};
  // Tests put one of their own here, to see when it is called.
  std::function<bool(const Secret<std::string>&, std::string_view phc)> verify =
      crypto::verify_password;
};

}  // namespace parvis::identity
