// What happened to a case, read and added to, in its caller's transaction: sealed events of its
// topic. Inside the room.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "casework/cases.hpp"
#include "vault/keys.hpp"

namespace parvis::casework {

// Ids that the program makes begin with a sign that those of people cannot have: whoever guesses
// one cannot take it first.
inline constexpr std::string_view kOfProgram = ".";

// What was sealed as JSON, read back. Errc::failed when it is no object.
json::object object_in(std::string_view text);

// Oldest first. Errc::unavailable for acts that this program does not know.
std::vector<Happened> events_of(db::Tx& tx, const Case& row, const vault::Keys& keys);

// False when an event with that id is there: nothing is changed then. Errc::too_large when the case
// is full. last: the number of the event before, where it is known; then nothing is read.
bool append_event(db::Tx& tx, const Case& row, const vault::Keys& keys, std::string_view event_id,
                  Act act, const Author& author, std::string_view text, const json::object& more,
                  Instant now, std::optional<std::int64_t> last = std::nullopt);

}  // namespace parvis::casework
