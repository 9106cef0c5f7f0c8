// Which way up an image is: cameras leave pixels as the sensor lay and write in the metadata (Exif
// 2.3, tag 274) how to turn them. Pure; takes any bytes.
#pragma once

#include <string_view>

#include "inspect/report.hpp"

namespace parvis::inspect {

// 1 (as it should be) to 8, in the numbering of Exif; 1 when the image does not say, or says
// something that makes no sense.
int orientation(Type type, std::string_view bytes);
int exif_orientation(std::string_view tiff);  // of the metadata alone

}  // namespace parvis::inspect
