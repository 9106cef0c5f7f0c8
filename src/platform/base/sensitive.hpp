// Values that cannot be printed. Neither type converts to text, streams or formats: leaking one to
// a log does not compile. Reading the inside is a call that a reviewer can search for.
#pragma once

#include <utility>

namespace parvis {

// A key, password or token.
template <typename T>
class Secret {
 public:
  explicit Secret(T value) : value_(std::move(value)) {}
  const T& reveal() const { return value_; }

 private:
  T value_;
};

// Something about a person: their words, name, address. Handed on whole; read where it is needed.
template <typename T>
class Personal {
 public:
  explicit Personal(T value) : value_(std::move(value)) {}
  const T& read() const { return value_; }

 private:
  T value_;
};

}  // namespace parvis
