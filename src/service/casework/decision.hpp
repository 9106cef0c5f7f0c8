// A decision as its letter says it (CRPA, L211-2 and L211-5: a refusal gives its motives in fact
// and in law; L212-1 and L212-2: who decides, as what, for which service; code de justice
// administrative, R421-5: how and until when to contest). Pure.
//
// What is signed is what is read before: the letter is made once, shown, and kept with the act that
// takes the decision. What changes afterwards, a service's address or its name, changes no letter.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/sensitive.hpp"
#include "casework/cases.hpp"
#include "casework/clock.hpp"
#include "casework/receipt.hpp"

namespace parvis::casework {

inline constexpr std::size_t kLawMax = 500;  // bytes of the text that founds a refusal

struct Signer {
  std::string name, quality;  // "Claire Petit", "Agent"
  bool operator==(const Signer&) const = default;
};

struct Decision {
  Verdict verdict = Verdict::accepted;
  std::string reference, title;      // of the case, of the démarche
  std::string deposited, taken;      // days, in words
  std::vector<std::string> said;     // paragraphs of the démarche's letter, or the usual ones
  std::vector<std::string> motives;  // lines of the agent's: of a refusal; conditions of an accord
  std::string law;                   // the text that founds a refusal
  std::vector<std::string> appeals;  // sentences; none when all is granted without a condition
  Signer signer;
  std::string service;
  std::vector<std::string> contact;  // lines: address, phones, e-mail
  bool operator==(const Decision&) const = default;
};

// The letter of a decision that is taken now. receipt: of the case, for who is in charge.
Decision decision_of(const Opened& opened, Verdict verdict, std::string_view motives,
                     std::string_view law, Signer signer, const Receipt& receipt, Zone zone,
                     Instant now);

// What an act that accepts or refuses carries in `more`, and the decision of such an act; of one
// that carries no letter, made from what it says.
json::object with_letter(const Decision& decision);
Decision decision_in(const Opened& opened, const Happened& event, const Receipt& receipt,
                     Zone zone);
// The act with that number, when it is a decision.
const Happened* decision_at(const Opened& opened, std::int64_t seq);
bool is_decision(Act act);

// Heading of the letter: "Votre demande est refusée".
std::string_view words(Verdict verdict);

// Who the case is of, as far as the answers say it: the first person among them; empty: nobody.
Personal<std::string> named_in(const Opened& opened);
// The same and where they live, in lines: the last address among the answers.
Personal<std::vector<std::string>> recipient_of(const Opened& opened);

}  // namespace parvis::casework
