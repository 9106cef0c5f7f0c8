// Démarches and cases as pages: forms and links do all of it, a script nothing.
//
// Under "/" and under "/{commune}/", each commune's pages having drafts of their own:
//   GET  demarches                        the list
//   GET  demarches/{id}                   what it is, before anything is typed
//   POST demarches/{id}/commencer         {"_start"}: a draft; the cookie is set here
//   GET  demarches/{id}/papier            the form to print
//   GET  demarches/{id}/suite             where the draft stands: redirects there
//   GET, POST demarches/{id}/passage/{code}  a draft of a conversation: asks first; {"_start"}
//   GET  demarches/{id}/question/{page}   ?corriger: with what is wrong; ?retour=verifier
//   POST the same                         {"_token", the answers, "_ajouter" or "_retirer"}
//                                         of an appointment: {"debut"}; ?jour=: later slots
//   GET  demarches/{id}/verifier          the answers, to read again
//   GET  demarches/{id}/impossible        who may not apply
//   POST demarches/{id}/deposer           {"_token"}
//   GET  demarches/{id}/plus-tard         the personal link
//   GET, POST demarches/{id}/effacer      asks first; {"_token"}
//   POST demarches/{id}/fermer            {"_token"}: forgets the draft on this device
//   GET  demarches/{id}/efface, /ferme
//   GET, POST dossiers                    {"reference", "email"}: a link into the case is sent;
//                                         ?reference= fills it in
//   GET  dossiers/envoye                  ?reference=: the code that another browser asks for
//   POST dossiers/code                    {"reference", "code"}: the code on paper opens it
//   GET, POST dossiers/acces/{link}       the link that was sent: asks first; {"code"?, "_start"?}
//   GET, POST dossiers/lien/{link}        the link to a draft: asks first; {"_start"}
//   GET  dossiers/{reference}             acknowledgement, timeline, messages; to whoever is not in
//                                         it, how to get in, whether there is such a case or not
//   POST dossiers/{reference}/lien        sends a link to the address of the case
//   POST dossiers/{reference}/message     {"_token", "id", "text"}
//   GET, POST dossiers/{reference}/retirer  asks first; {"_token", "id", "text"?}
//   POST dossiers/{reference}/fermer      {"_token"}: ends the session
//   GET  dossiers/{reference}/rendez-vous  opens its appointment: redirects there;
//                                         ?vers=deplacer, annuler
//   GET  dossiers/{reference}/decision/{seq}  the signed letter as PDF
//   POST dossiers/{reference}/rappels     {"_token", "voulus": "oui" or "non"}
//   POST dossiers/{reference}/attestation {"_token", "id"}: asks the service for it
//   GET  dossiers/{reference}/accuse-de-reception.pdf, /attestation.pdf
//   GET, POST dossiers/rappels/{tag}      the link in a reminder: a button stops them, no cookie
//
// A cookie opens a draft or a case, and only its own pages receive it; addresses name no draft.
// That of a case is a session (casework/access.hpp), begun by the deposit, by a link of one use or
// by the code on paper. The link to a draft carries a token that opens the draft alone. Both kinds
// of link show a button before they open anything. A conversation hands its draft over by a code of
// one use, for some minutes (casework/handover): when another draft of the démarche is open here,
// its citizen chooses, and loses neither. What is missing, too old, another's or of another commune
// is one page (404) that says what to do. A form that has been sent is answered by a redirect, so
// that loading again and going back send nothing again. A page with what is wrong is loaded with
// GET: the draft keeps wrong answers as typed. A form of another site is refused (403).
//
// A draft that an agent types for a person (desk/counter.hpp) has the same pages. They say so, open
// in that agent's session alone, show no personal link, and lead to the case at the desk.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/casework.hpp"
#include "casework/decision.hpp"
#include "portal/fields.hpp"
#include "portal/portal.hpp"

namespace parvis::portal {

struct Procedures {
  const api::Casework& casework;  // outlives the router; its budgets are spent here too
  casework::Access& access;       // the same
  // The acknowledgement as PDF; may be empty.
  std::function<std::string(const casework::Opened&, const casework::Receipt&)> receipt_pdf = {};
  // The letter of a decision taken at that moment, as PDF; may be empty.
  std::function<std::string(const casework::Decision&,
                            const Personal<std::vector<std::string>>& recipient, Instant at)>
      decision_pdf = {};
  // The draft of an attestation that silence accepted (casework::can_attest); may be empty.
  std::function<std::string(const casework::Opened&, const casework::Receipt&)> certificate_pdf =
      {};
  // Stops the reminders of a case for whoever has the link of one of them; false when the tag is
  // not that case's. May be empty.
  std::function<bool(const std::string& id, const std::string& tag)> stop_reminders = {};
  // Who is signed in at the desk, for drafts that an agent types: without that agent they are lost.
  // May be empty.
  std::function<std::optional<casework::Author>(const http::Request&)> agent_of = {};
  Uploads uploads = Uploads::closed;
  // As citizens write it, "https://demarches.ville.example", for links that are shown; empty: as
  // the browser wrote it.
  std::string public_url = {};
};

// service and assets outlive the router.
void add_procedures(http::Router& router, const Service& service, const http::Assets& assets,
                    const Procedures& procedures);

}  // namespace parvis::portal
