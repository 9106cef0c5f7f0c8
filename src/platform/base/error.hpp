// How a request ends early, and how a bug ends the process.
//
// throw Error{...}: this request cannot go on; one place maps it to problem+json (or to a page, or
// to the command line's one line). An outcome the caller branches on is a std::expected instead.
#pragma once

#include <exception>
#include <source_location>
#include <string>
#include <string_view>

namespace parvis {

enum class Errc {
  invalid,      // the input is wrong; detail says what and how to mend it      400 / exit 2
  not_found,    // missing or forbidden: they look alike                         404
  conflict,     // the state does not allow it                                   409
  too_large,    // a limit was passed; detail names it                           413
  overloaded,   // try again later                                               503
  unavailable,  // something this depends on is out of reach                     503
  failed,       // anything else that is no fault of the caller                  500 / exit 1
};

std::string_view name(Errc code);

// detail is shown to whoever made the request: plain words, no personal data, no secret.
class Error : public std::exception {
 public:
  Error(Errc code, std::string detail) : code_(code), detail_(std::move(detail)) {}
  Errc code() const { return code_; }
  const std::string& detail() const { return detail_; }
  const char* what() const noexcept override { return detail_.c_str(); }

 private:
  Errc code_;
  std::string detail_;
};

// Why a value was refused, for parsers: what is wrong, where, and what to do.
struct Problem {
  std::string what;
  std::size_t line = 0;  // 1-based; 0 when the input has no lines
};

[[noreturn]] void check_failed(const char* condition, std::source_location where);

}  // namespace parvis

// A bug, never an outcome: says where and aborts, in every build.
#define CHECK(condition)        \
  (static_cast<bool>(condition) \
       ? static_cast<void>(0)   \
       : ::parvis::check_failed(#condition, std::source_location::current()))
