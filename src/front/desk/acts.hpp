// What an agent may do to a case, as forms: their words, what each carries, and what is wrong with
// what was typed. Pure.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "casework/asks.hpp"
#include "casework/cases.hpp"
#include "desk/frame.hpp"
#include "directory/service.hpp"
#include "http/message.hpp"

namespace parvis::desk {

inline constexpr std::size_t kPiecesMax = 20;    // of a request
inline constexpr std::size_t kPieceBytes = 200;  // of one that is typed
inline constexpr std::size_t kAuthorityBytes = 200;

struct ActForm {
  casework::Act act;
  std::string_view slug;   // in the address
  std::string_view label;  // of the button that leads to it
  std::string_view title;  // of its page
  std::string_view lead;   // what it does
  std::string_view send;   // of the button that does it
  std::string_view done;   // once it is done
};
std::span<const ActForm> act_forms();
const ActForm* act_form(std::string_view slug);
// Those that the workflow allows an agent in that state, in order: the usual next one first; and of
// them those for which this case has something: documents that are awaited or came, a decision or
// the ends of its démarche.
std::vector<const ActForm*> next_acts(casework::State state);
std::vector<const ActForm*> next_acts(const casework::Opened& opened);

// A form as it was sent.
struct Typed {
  std::string id = {};                   // of the act: made with the form, sent again with it
  std::int64_t seen = 0;                 // the last event that the page showed
  std::string text = {};                 // reason, message, opinion, motives
  std::string law = {};                  // refusal: the text that founds it
  std::string term = {}, other = {};     // request for pieces: until when; others, a line each
  std::vector<std::string> pieces = {};  // ids of documents of the démarche
  std::vector<std::string> asks = {};    // ids of documents that were asked for
  std::string piece = {};                // a file that answers one of them
  std::string end = {};                  // of the démarche: its id
  std::string to = {};                   // transfer: the authority's name
  std::string service = {};              // reassignment: its id
  bool sign = false;                     // a decision, whose letter was shown
  bool edit = false;                     // or is to be mended
};
Typed typed_of(const http::Pairs& fields);

// What a form is about.
struct Facts {
  const casework::Opened& opened;
  std::vector<const procedure::Document*> documents;  // that may be asked for
  std::vector<directory::Service> services;           // that may take it over
  std::vector<casework::Ask> asks;                    // what was asked for so far
  LocalTime now;
};
// documents: of the démarche for these answers, but those that the administration holds, which
// nobody may be asked for (CRPA, L113-12).
Facts facts_of(const casework::Opened& opened, std::vector<directory::Service> services,
               const procedure::Moment& moment);

// What the act is then told to casework, or what is wrong, each at its field.
struct Told {
  std::string text;
  json::object more;
};
// Of the documents that were asked for, those that an act may be about: what came, for what is
// asked again; else what is awaited.
std::vector<const casework::Ask*> asks_for(casework::Act act,
                                           const std::vector<casework::Ask>& asks);
std::expected<Told, std::vector<Fault>> read_act(casework::Act act, const Typed& typed,
                                                 const Facts& facts);

}  // namespace parvis::desk
