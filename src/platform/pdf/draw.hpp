// Lines on pages, drawn. Inside the room.
#pragma once

#include "pdf/layout.hpp"

namespace parvis::pdf {

// Throws Error(failed) when Cairo gives up.
Drawn draw(const Laid& laid, const Document& document, const Palette& palette,
           PangoContext* context);

}  // namespace parvis::pdf
