// What a write throws when there is no room for it: nothing of it is stored, and the same again may
// go once there is. For those who say it in words of their own.
#pragma once

#include <string>

#include "base/error.hpp"

namespace parvis::db {

class DiskFull : public Error {
 public:
  explicit DiskFull(std::string detail) : Error(Errc::unavailable, std::move(detail)) {}
};

}  // namespace parvis::db
