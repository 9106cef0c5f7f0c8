// Why a file is not kept. Also read as C++17 (pdf_check.cpp).
#pragma once

#include <cstdint>

namespace parvis::inspect {

enum class Refusal : std::uint8_t {
  none,
  empty,       // of no bytes
  too_large,   // more than kFileMax
  type,        // neither a PDF nor an image that is taken
  unreadable,  // damaged, or whoever looked at it did not come back
  animated,    // several images in one
  pixels,      // more of them than are decoded
  tiny,        // too few of them to be read
  dark,        // nothing shows, for want of light
  blank,       // nothing shows
  encrypted,   // a PDF that asks for a password
  pages,       // more than kPagesMax
  active,      // a PDF with a program in it, or that starts one
  attached,    // a PDF with files in it
};

}  // namespace parvis::inspect
