// What was asked of a citizen, document by document, and where each stands: awaited until its
// answer came, asked for again when that is not good, or needed no more. The delay stops until the
// last of them came or is waived (CRPA, L114-5). Pure: a fold over what happened.
//
// What the events say, in `more`:
//   ask_pieces     "pieces": names, each an ask; "term"
//   give_pieces    "asks": those that are answered; without it, as it was written before asks were
//                  told apart, all that are awaited. "pieces": files, each with its "ask". "came":
//                  when they came, of what an agent found in the file later
//   return_pieces  "asks": given, and not good; "term". The text says why
//   waive_pieces   "asks": needed no more. The text says why
//   reject_piece   "pieces": files that the antivirus refused late. The delay, when it runs again,
//                  runs on: it is the service's to ask again
// With its end a case awaits nothing any more; what was awaited is then waived.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "casework/cases.hpp"

namespace parvis::casework {

struct Ask {
  enum class State : std::uint8_t { awaited, given, returned, waived };
  std::string id;     // "4-1": of the event that asked first, and its place there
  std::string label;  // "Un justificatif de domicile"
  State state = State::awaited;
  std::string said = {};  // why it is asked for again, or needed no more
  std::optional<CivilDate> term = {};
  Instant asked_at, since;               // first; and since when it stands so
  std::vector<std::string> pieces = {};  // ids of the files that answer it
  std::int64_t request = 0;              // the event that asked last: its term holds

  bool awaited() const { return state == State::awaited || state == State::returned; }
};
std::string_view name(Ask::State state);   // "awaited"…
std::string_view words(Ask::State state);  // "Attendu", "Reçu", "À donner de nouveau"…

std::vector<Ask> asks_of(const std::vector<Happened>& events);
// One event more.
void take(std::vector<Ask>& asks, const Happened& event);

std::vector<const Ask*> awaited(const std::vector<Ask>& asks);
const Ask* find_ask(const std::vector<Ask>& asks, std::string_view id);
// The names of those that are awaited, in the order in which they were asked for.
std::vector<std::string> awaited_labels(const std::vector<Ask>& asks);
// The event that asked last for something that is awaited still; nullptr when nothing is.
const Happened* newest_request(const std::vector<Happened>& events, const std::vector<Ask>& asks);

// The one ask that files answer of which nobody says what they are: the only one that is awaited.
// nullptr when there are several, or when a file that was refused is to be given again as well.
const Ask* only_ask(const std::vector<Ask>& asks, const std::vector<Piece>& pieces);
// Files that were handed in after the deposit, and of which nobody has said what they answer.
std::vector<const Piece*> unassigned(const std::vector<Piece>& pieces);

// A case of which pieces were given, or waived, waits on while others are awaited. next: what
// step() says.
State state_after(State before, State next, const std::vector<Ask>& asks);

}  // namespace parvis::casework
