// Message-IDs and status codes as headers hold them. Inside the room.
#pragma once

#include <string_view>

namespace parvis::mail {

bool id_like(std::string_view id);  // left@right without brackets; kIdMax

// The beginning of `text` when it is "5.1.1": three numbers of 1 to 3 digits (RFC 3463).
std::string_view enhanced_status(std::string_view text);

}  // namespace parvis::mail
