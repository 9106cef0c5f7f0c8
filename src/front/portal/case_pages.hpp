// The pages of a deposited case, as markup. Pure, but for the ids that its forms draw.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "answer/answer.hpp"
#include "appointment/appointments.hpp"
#include "casework/receipt.hpp"
#include "html/html.hpp"
#include "portal/pages.hpp"
#include "procedure/form.hpp"

namespace parvis::portal {

std::string cases_url(const Frame& frame, std::string_view key = "", std::string_view rest = "");

// A case, as its citizen sees it.
struct CaseShown {
  const casework::Opened& opened;
  casework::Receipt receipt;
  Zone zone;
  Instant now;
  std::string token;     // the forms'
  bool pdf = false;      // the acknowledgement can be had as a file
  bool letters = false;  // so can the letters of decisions
  bool attests = false;  // so can the draft of its attestation
  bool fresh = false;    // deposited just now
  std::string written;   // a message that was refused
  std::string fault;     // and why
  bool uploads = false;  // files can be given here
  std::optional<appointment::Opened> visit = {};
};
std::string case_title(const CaseShown& shown);
html::Html case_page(const Frame& frame, const CaseShown& shown);
// The link in a reminder: a button, since programs that read mail open links.
html::Html stop_reminders(const Frame& frame, const std::string& to);
html::Html reminders_stopped(const Frame& frame);
html::Html ask_withdraw(const Frame& frame, const CaseShown& shown);

// The documents that were asked for: files and a word to the service.
struct Giving {
  const CaseShown& shown;
  std::vector<procedure::Fault> faults = {};  // path: kPieces, or of one input
  std::string uploads_url = {};
};
// Name of the input of files that answer no request, and before a dot and its ask of the others:
// "pieces.4-1".
inline constexpr std::string_view kPieces = "pieces";
std::string giving_title(const Giving& giving);
html::Html give_pieces(const Frame& frame, const Giving& giving);
// Those that were handed in and are refused since, each with its reason; empty without any.
html::Html rejected_pieces(const casework::Opened& opened);

// Whether its citizen may take it back.
bool can_withdraw(const casework::Opened& opened);

}  // namespace parvis::portal
