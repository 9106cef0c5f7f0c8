// The one way into the desk: a live session, told by a cookie, and for what changes something a
// form that this site sent. Everything behind it has an Entered, which is made here only.
//
// The cookie holds the session's token: HttpOnly, SameSite=Strict, without an end of its own; by
// https it is Secure under the name __Host-bureau, which no other host can set. A form carries a
// token made from it, and must come from this site by Sec-Fetch-Site or Origin.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casework/cases.hpp"
#include "desk/desk.hpp"
#include "desk/frame.hpp"

namespace parvis::desk {

struct Entered {
  identity::Agent agent;
  casework::Author author;
  tenancy::Context cx;
  Frame frame;

  // Reading is for agents and for who is in charge of a service; an act is an agent's own, but
  // sharing out the work is both's.
  bool may_read() const;
  bool may(casework::Act act) const;
};

// What was typed in a session that is over: shown again in the next one, never carried out.
struct Kept {
  std::string path;
  http::Pairs fields;
};
// The form with what was typed; nothing when it is none that is shown again.
using Resume = std::function<std::optional<http::Response>(const Entered&, const Kept&)>;

casework::Author author_of(const identity::Agent& agent);

class Gate {
 public:
  using Page = std::function<http::Response(const http::Request&, const Entered&)>;

  Gate(const Desk& desk, const http::Assets& assets, Resume resume)
      : desk_(desk), files_(files_of(assets)), resume_(std::move(resume)) {}

  // Handlers that let only agents in. Errc::not_found becomes the page of a lost case.
  http::Handler shown(Page page) const;  // GET
  http::Handler sent(Page page) const;   // POST
  std::optional<http::Response> resumed(const Entered& who, const Kept& kept) const {
    return resume_(who, kept);
  }

  std::optional<Entered> entered(const http::Request& request) const;
  Entered entered_as(identity::Agent agent, std::string_view token,
                     const tenancy::Context& cx) const;
  Frame outside() const { return {.town = desk_.town, .files = files_}; }
  tenancy::Context visitor(const http::Request& request) const;

  static std::string_view token_in(const http::Request& request);
  static std::string cookie_of(std::string_view token, const http::Request& request);
  static std::string no_cookie(const http::Request& request);

 private:
  http::Response acted(const http::Request& request, const Entered& who, const Page& page) const;

  const Desk& desk_;
  const Files files_;
  const Resume resume_;
};

// The page of the sign-in. `kept`: a form that waits for it.
struct SigningIn {
  std::string login;
  std::string to;  // where to go then: under kPath
  std::vector<Fault> faults = {};
  bool over = false;          // a session was there, and is over
  bool left = false;          // signed out just now
  bool from_outside = false;  // a link elsewhere led here: the cookie was not sent
  Kept kept = {};
};
http::Response sign_in_page(const Frame& frame, const SigningIn& signing, int status);
// A path of the desk that may be gone to; else the list. Where a POST alone is answered, the page
// of its form.
std::string destination(std::string_view path);

}  // namespace parvis::desk
