// What every page of a démarche or a case begins with: who is there and what they have open. The
// gates are casework's; here what they refuse becomes nothing at all, whatever the reason.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "portal/frames.hpp"
#include "portal/procedure_pages.hpp"
#include "portal/procedures.hpp"
#include "portal/visitor.hpp"

namespace parvis::portal {

// What a form carries. Names of ours begin with a sign that names of answers cannot begin with.
struct Sending {
  std::string seen;  // seen_in, of the page when it was shown
  std::string token, start, id, text, reference, email, code, add, remove;
  std::string take_back;  // a piece
  std::string assigned;   // "4-1/PIECE": what a file that came by mail answers
  bool to_check = false;
  bool reminders = false;                // "voulus": "oui"
  std::string join;                      // the files chosen, and stay at that element
  bool keep_other = false;               // the draft that is open here gives way
  std::vector<procedure::Sent> answers;  // whatever else it carries
};
Sending sending_of(const http::Request& request);
Sending sending_from(const http::Pairs& fields);

// A visitor's draft of a démarche, deposited or not.
struct Draft {
  casework::Opened opened;
  api::Visit visit;
  procedure::Moment moment;
  procedure::Form form;  // refers to opened.definition
};
// A visitor's deposited case.
struct Followed {
  casework::Opened opened;
  api::Visit visit;
};

class Visits {
 public:
  Visits(const Service& service, const http::Assets& assets, Procedures procedures)
      : service_(service), assets_(assets), own_(std::move(procedures)) {}

 protected:
  static std::string insee(const Frame& around) { return insee_of(around.commune); }
  tenancy::Context context(const http::Request& request, const Frame& around) const;
  // By its id in the directory; the town hall when it is there no more.
  std::optional<answer::Contact> office_of(const Frame& around, const std::string& id) const;

  // The démarche that the address names, when it is offered to this commune.
  std::shared_ptr<const procedure::Definition> offered(const http::Request& request,
                                                       const Frame& around) const;
  // The pages of the commune that a case is of, by its INSEE code.
  Frame theirs(const Frame& around, const std::string& commune) const;
  // To the page of a case, with the cookie of the session that begins.
  static http::Response let_in(const http::Request& request, const Frame& there,
                               const casework::Entered& entered, std::string_view rest = "");
  // The cookie of a session, for the browser that deposited this case lately; nothing else.
  std::optional<std::string> just_deposited(const http::Request& request, const Frame& there,
                                            const casework::Opened& opened,
                                            const api::Visit& visit) const;
  // Of what a page's questions had for answers: tells whether another window has changed them.
  static std::string seen_in(const procedure::Page& page, const json::object& answers);
  // The reference that the address names, written as it is.
  static std::optional<std::string> reference_in(const http::Request& request);
  // To the conversation that a draft comes from: a commune that is there; else empty.
  std::string back_of(const http::Request& request) const;

  // Of this démarche and commune. One that an agent types is theirs alone.
  std::optional<Draft> draft(const http::Request& request, const Frame& around) const;
  // With the reference that the address names, of this commune, in a session that is open.
  std::optional<Followed> followed(const http::Request& request, const Frame& around) const;

  // "Demande faite au guichet, saisie pour Zoé Lambert par Claire Petit."; empty: the citizen
  // types.
  std::string typed_words(const http::Request& request, const casework::Opened& opened) const;

  // The page of a draft's personal link, and its whole address.
  static std::string link_url(const Frame& around, std::string_view key);
  std::string link_to(const http::Request& request, const Frame& around,
                      const api::Visit& visit) const;

  static http::Response said(const Frame& around, Told what, int status);

  const Service& service_;
  const http::Assets& assets_;
  const Procedures own_;
};

// The parts of add_procedures.
void add_draft_pages(http::Router& router, const Service& service, const http::Assets& assets,
                     const Procedures& procedures);
void add_entering_pages(http::Router& router, const Service& service, const http::Assets& assets,
                        const Procedures& procedures);
void add_case_pages(http::Router& router, const Service& service, const http::Assets& assets,
                    const Procedures& procedures);

}  // namespace parvis::portal
