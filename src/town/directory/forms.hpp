// Forms of the identifiers and addresses that the readers of this room accept. Pure.
#pragma once

#include <string_view>

namespace parvis::directory {

bool is_slug(std::string_view text);          // [a-z0-9] and inner '-', 1 to 63
bool is_insee(std::string_view text);         // five digits, or 2A, 2B and three
bool is_pivot(std::string_view text);         // [A-Za-z0-9_-], 1 to 80
bool is_postcode(std::string_view text);      // five digits
bool is_email(std::string_view text);         // one @, a dot after it, no space
bool is_web_address(std::string_view text);   // http:// or https://, no space, quote or <
bool is_phone_number(std::string_view text);  // 2 to 15 digits, spaces, + first

}  // namespace parvis::directory
