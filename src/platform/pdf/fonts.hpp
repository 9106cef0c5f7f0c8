// What Fonts holds. Inside the room.
#pragma once

#include <fontconfig/fontconfig.h>

#include <semaphore>

#include "pdf/pdf.hpp"

namespace parvis::pdf {

// Fontconfig may be asked from several threads once nothing changes any more.
struct Fonts::Held {
  FcConfig* config = nullptr;
  FcCharSet* drawn = nullptr;  // the characters that one of the fonts has
  bool house = false, fallback = false;
  std::counting_semaphore<kAtOnce> turns{kAtOnce};
};

}  // namespace parvis::pdf
