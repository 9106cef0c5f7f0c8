// A draft handed over from one window to another that shares no cookie with it: from the widget of
// another site to the pages of the town. The code stands in an address for a moment; it opens the
// draft once, and only until it expires. The long token never stands in an address.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/sensitive.hpp"
#include "base/time.hpp"
#include "db/database.hpp"
#include "tenancy/context.hpp"

namespace parvis::casework {

inline constexpr std::chrono::minutes kHandoverLife{5};
inline constexpr std::size_t kCodeBytes = 24;  // random, written in hexadecimal

struct Handover {
  std::string id;
  Secret<std::string> token;
  std::string note;  // the caller's, at most kHandoverNoteMax bytes: where it comes from
};
inline constexpr std::size_t kHandoverNoteMax = 200;

Secret<std::string> new_code();
bool code_like(std::string_view text);

// One code a case: the one before opens nothing any more. Codes that are too old go with it.
void hand_over(db::Tx& tx, const tenancy::Context& cx, const Secret<std::string>& code,
               const Handover& what);
// The code is used up. Nothing for a code that was never given, was used or is too old.
std::optional<Handover> take_over(db::Tx& tx, const tenancy::Context& cx, std::string_view code);

}  // namespace parvis::casework
