// The accusé de réception (CRPA, L112-3, R112-5; L112-11 by electronic way), as values: what a
// page, a letter and a program show of it. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "casework/cases.hpp"
#include "casework/clock.hpp"
#include "directory/service.hpp"

namespace parvis::casework {

struct Receipt {
  std::string reference;
  std::string title;  // of the démarche
  Instant deposited_at;
  std::string deposited;  // "mardi 24 novembre 2026, à 14 h 32"
  // Who is in charge, and how to reach them.
  std::string service;
  std::vector<std::string> address;  // lines
  std::vector<directory::Phone> phones;
  std::string email;
  // What comes, in sentences. Empty when there is none: a declaration has no decision.
  std::string answer_by;         // "24 janvier 2027, soit 2 mois"
  std::string silence;           // what no answer by then means
  std::string appeals;           // how long and where to contest
  std::string certificate;       // of a silence that accepts: the right to an attestation
  std::string text;              // the démarche's own words
  std::vector<std::string> why;  // how the date comes about
  std::vector<std::string> other_ways;
  bool by_post = false;  // no e-mail address: letters are printed (letters.hpp)
  // What opens the case without e-mail (Access::paper_code), filled in for who has none; else
  // empty. Never sent by mail, and in no JSON.
  std::string code = {};
  // Of a démarche that asks for one: as it was chosen, and where and with what when somebody fills
  // that in. Empty when there is none, or it is cancelled.
  struct {
    std::string when;  // "jeudi 26 novembre 2026 à 9 h 40"
    std::vector<std::string> place, bring;
  } appointment;
};

// service: nullptr when the directory has it no more; the receipt then says whom to call: the town.
Receipt receipt_of(const Opened& opened, const directory::Service* service, std::string_view town,
                   Zone zone, Instant now);
json::object to_json(const Receipt& receipt);

// How a request came that an agent typed, and by post the day of its reception: the law counts from
// there, not from the day of typing.
std::optional<Way> way_of(const Happened& deposit);
std::optional<CivilDate> received_in(const Opened& opened);

// How the letter of a decision came to its person: its notification, from which the time to appeal
// runs (code de justice administrative, R421-1).
struct Handing {
  enum class Way : std::uint8_t {
    handed,      // over the counter: that day
    registered,  // by post: the day that the acknowledgement of receipt bears
    posted,      // by post: the day of posting, since nothing says when it came
  };
  std::int64_t letter = 0;  // `seq` of the decision
  Way way = Way::handed;
  CivilDate day;
};
std::string_view name(Handing::Way way);
std::string_view words(Handing::Way way);  // "remise en main propre"
std::optional<Handing::Way> handing_named(std::string_view name);
json::object to_json(const Handing& handing);  // what an act of notifying keeps, and back
std::optional<Handing> handing_in(const Happened& event);

// What a request asked for, or what came: one text or a list of them in `more`.
std::vector<std::string> pieces_in(const Happened& event);
// Files of a mail that are not kept, with what is said of each. The name may be empty.
struct NotKept {
  std::string name, said;
};
std::vector<NotKept> refused_in(const Happened& event);

// The legal clock of a case: the rule of its démarche over what happened.
ClockRule rule_of(const procedure::Definition& definition, std::string_view commune, Zone zone);
std::expected<Clock, ClockError> clock_of(const Opened& opened, Zone zone, Instant now);

}  // namespace parvis::casework
