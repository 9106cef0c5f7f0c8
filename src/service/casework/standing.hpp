// Where a case stands, in the words that its page, the conversation and a program give alike: what
// was done, whose turn it is, what comes next and until when. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "casework/cases.hpp"

namespace parvis::casework {

enum class Whose : std::uint8_t { nobody, service, citizen };  // turn it is to act
std::string_view name(Whose whose);

// Of an event that its citizen is told, "Vous avez déposé votre demande"; empty for others.
std::string done_words(const Happened& event);
// "jeudi 24 décembre 2026": the term of a request for pieces; empty without one.
std::string term_of(const Happened& event);
// "mardi 24 novembre 2026, à 14 h 32".
std::string at_words(Instant at, Zone zone);

struct Standing {
  std::string state;  // "Votre demande est reçue"
  Whose whose = Whose::nobody;
  std::string now;   // "Le service étudie votre demande"; empty: it is over
  std::string term;  // awaited from the citizen until then; may be empty
  std::vector<std::string> pieces;
  std::string asked;       // what the agent wrote with the request
  std::string next;        // "Une personne décide et vous écrit"; empty: nothing comes
  std::string next_words;  // the démarche's own
  bool decided = false;    // a person decides: no machine does
  std::string by;          // "dimanche 24 janvier 2027": until when; may be empty
};
Standing standing_of(const Opened& opened);

// For programs: the standing and what was done.
json::object to_json(const Standing& standing, const Opened& opened, Zone zone);

}  // namespace parvis::casework
