// The conversation as pages: the widget's, without its script. Forms and links do all of it.
//
// Under "/" and under "/{commune}/", the commune's pages having a conversation of their own:
//   GET  conversation                          what was said, or the start
//   POST conversation                          {"id", "start" or "token", "text" or "say",
//   "choice"?} POST conversation/avis                     {"token", "seq", "helped": "yes" or "no",
//   "reason"?} POST conversation/formulaire               {"token"}, or {"conversation", "bearer"}
//   of the widget: the démarche being filled in, in its form: 307 to a page that opens it
//   (visits.hpp) GET  conversation/effacer, POST the same   asks first; {"token"} GET
//   conversation/effacee POST conversation/document  multipart: {"token", "demarche", "numero",
//   "question"} and files, or "_reprendre": a file to take back GET
//   conversation/telecharger/{extension}  a format of api::formats()
//
// No address names a conversation: the cookie does (visitor.hpp), so missing, erased, too old and
// another's give one and the same page (404), which says it plainly and offers to start again. A
// message is answered by a redirect to its answer: loading again sends nothing again. Its id comes
// with the form, so a form sent twice is one message; the first one sent twice is one conversation.
// A form of another site is refused (403). A message that is refused is shown again with what to do
// at its field (400, 409, 413, 429), its text kept.
#pragma once

#include "api/talk.hpp"
#include "portal/portal.hpp"

namespace parvis::portal {

// All outlive the router. The budgets are the API's own.
void add_conversation(http::Router& router, const Service& service, const http::Assets& assets,
                      const api::Talk& talk);

inline constexpr std::size_t kTurnsShown = 40;  // the newest; a download has all

}  // namespace parvis::portal
