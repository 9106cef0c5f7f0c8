// What is written to a citizen when something happened to their case: the accusé de réception
// first. The words are those of the page. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/sensitive.hpp"
#include "casework/receipt.hpp"

namespace parvis::casework {

struct Letter {
  std::string subject;  // names no person and no matter: others see it on a locked screen
  Personal<std::string> text;
};

// event: one of `opened`, whatever came after it. link: to the page of the case, which opens for
// nobody by itself; empty when the town has no public address. Nothing for an act that is not the
// citizen's to know, or their own, and for a decision that was taken back since.
std::optional<Letter> letter_of(const Opened& opened, const Receipt& receipt, const Happened& event,
                                const std::string& link);

// What is written without who writes and how to follow: the subject is the matter alone, "il manque
// quelque chose"; paragraphs stand apart, items of a list begin with "- ".
enum class Medium : std::uint8_t { mail, paper };
std::optional<Letter> body_of(const Opened& opened, const Receipt& receipt, const Happened& event,
                              Medium medium);

// The link that the citizen asked for: of one use, for kLinkLife (access.hpp).
Letter link_letter(const Opened& opened, const Receipt& receipt, const std::string& link);

// The address of mail that the citizen gave: of the first field of that type with an answer.
std::optional<Personal<std::string>> email_of(const Opened& opened);
// Whether its citizen can be written to by post alone: a name and an address, and no e-mail.
bool by_post(const Opened& opened);
// Whether a citizen is told of such an act by a letter; and what that letter is, in words that
// agents read: "la décision".
bool calls_for_letter(Act act);
std::string_view letter_name(Act act);

}  // namespace parvis::casework
