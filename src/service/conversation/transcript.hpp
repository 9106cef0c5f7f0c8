// A whole conversation, for the citizen to keep: as text to read, as JSON for a program. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "conversation/messages.hpp"

namespace parvis::conversation {

struct Transcript {
  std::string id;
  std::string commune;  // INSEE code, or empty
  Instant created_at;
  std::vector<Message> messages;             // in order
  std::map<std::int64_t, Verdict> verdicts;  // by seq
};

// {"id","commune","created_at","messages":[{"seq","id","author","at","verdict"?,"message":{…}}]}
json::object to_json(const Transcript& transcript);

// Plain text, UTF-8, in French: who said what and when in `zone`, and of each answer its text, its
// further parts, choices, contact, sources and notices. `with` names whose assistant it was ("la
// mairie de …"). What an answer lacks or holds in another shape is left out.
std::string to_text(const Transcript& transcript, std::string_view with, Zone zone);

}  // namespace parvis::conversation
