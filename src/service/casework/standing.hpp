// Where a case stands, in the words that its page, the conversation and a program give alike: what
// was done, whose turn it is, what comes next and until when. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "casework/asks.hpp"
#include "casework/cases.hpp"

namespace parvis::casework {

enum class Whose : std::uint8_t { nobody, service, citizen };  // turn it is to act
std::string_view name(Whose whose);

// What is said when a promised day is past.
std::string late_words(std::string_view day);

// Of an event that its citizen is told, "Vous avez déposé votre demande"; empty for others.
std::string done_words(const procedure::Definition& definition, const Happened& event);
// "jeudi 24 décembre 2026": the term of a request for pieces; empty without one.
std::string term_of(const Happened& event);
// "mardi 24 novembre 2026, à 14 h 32".
std::string at_words(Instant at, Zone zone);

struct Standing {
  std::string state;  // "Votre demande est reçue"
  Whose whose = Whose::nobody;
  std::string now;                  // "Le service étudie votre demande"; empty: it is over
  std::string term;                 // awaited from the citizen until then; may be empty
  std::vector<std::string> pieces;  // those that are awaited still
  std::vector<Ask> asks;            // each that was asked for, those that came too
  std::string asked;                // what the agent wrote with the request
  std::string next;                 // "Une personne décide et vous écrit"; empty: nothing comes
  std::string next_words;           // the démarche's own
  bool decided = false;             // a person decides: no machine does
  std::string by;                   // "dimanche 24 janvier 2027": until when; may be empty
  bool late = false;                // that day was promised, and is past
  std::string back;                 // how to come back, where nothing came of it; empty elsewhere
};
Standing standing_of(const Opened& opened, CivilDate today);

// Each document that was asked for, for programs.
json::array to_json(const std::vector<Ask>& asks);
// For programs: the standing and what was done.
json::object to_json(const Standing& standing, const Opened& opened, Zone zone);

}  // namespace parvis::casework
