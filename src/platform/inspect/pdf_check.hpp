// A PDF is kept as it is, when it is pages and nothing else. Bytes come from strangers: called in
// the child process only (inspector.hpp). Its source is C++17: qpdf 11.3 has a class that holds a
// vector of itself, which C++20 refuses.
#pragma once

#include <cstdint>
#include <string_view>

#include "inspect/refusal.hpp"

namespace parvis::inspect {

struct PdfCheck {
  Refusal refusal = Refusal::none;  // unreadable, encrypted, pages, active, attached, or none
  std::uint32_t pages = 0;
};

// A damaged table of objects is built anew, as readers do. A file that opens without a password is
// taken, whatever its owner forbids to do with it (tax notices and bank statements are such). Every
// object is looked at, used or not: scripts, launched programs, sent forms, XFA, sound and film are
// `active`; files inside are `attached`.
PdfCheck check_pdf(std::string_view bytes);

}  // namespace parvis::inspect
