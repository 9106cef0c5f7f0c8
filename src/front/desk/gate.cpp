#include "desk/gate.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "http/url.hpp"
#include "portal/visitor.hpp"

namespace parvis::desk {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kCases = "/bureau/dossiers/", kVisits = "/bureau/rendez-vous/";
constexpr std::string_view kSecureName = "__Host-bureau", kPlainName = "bureau";

bool by_https(const Request& request) { return portal::origin_of(request).starts_with("https://"); }

std::string_view cookie_named(const Request& request, std::string_view name) {
  std::string_view all = request.header("cookie").value_or("");
  while (!all.empty()) {
    const std::size_t end = std::min(all.find(';'), all.size());
    std::string_view one = all.substr(0, end);
    all.remove_prefix(std::min(end + 1, all.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    const std::size_t equals = one.find('=');
    if (equals != std::string_view::npos && one.substr(0, equals) == name)
      return one.substr(equals + 1);
  }
  return {};
}

std::string form_token(std::string_view session) {
  return crypto::sha256_hex(std::string("parvis desk form\n").append(session));
}

std::string with_query(const Request& request) {
  std::string out = request.path;
  for (const auto& [key, value] : request.query)
    out.append(out.find('?') == std::string::npos ? "?" : "&")
        .append(http::percent_encode(key))
        .append("=")
        .append(http::percent_encode(value));
  return out;
}

}  // namespace

bool Entered::may_read() const {
  return agent.has(identity::Role::agent) || agent.has(identity::Role::manager);
}
bool Entered::may(casework::Act act) const {
  return agent.has(identity::Role::agent) ||
         (act == casework::Act::reassign && agent.has(identity::Role::manager));
}

casework::Author author_of(const identity::Agent& agent) {
  return {.role = casework::Role::agent,
          .id = agent.id(),
          .name = agent.name().read(),
          .services = agent.account().services,
          .communes = agent.account().communes};
}

std::string destination(std::string_view path) {
  const bool ours = path.starts_with("/bureau/") && html::local_link(path) &&
                    !path.starts_with("/bureau/connexion") &&
                    !path.starts_with("/bureau/deconnexion");
  if (!ours) return "/bureau/dossiers";
  if (path.starts_with(kCases) && path.ends_with("/courrier"))
    path.remove_suffix(std::string_view("/courrier").size());
  for (const std::string_view posted : {"/etat", "/fin"})
    if (path.starts_with(kVisits) && path.ends_with(posted)) path.remove_suffix(posted.size());
  return std::string(path);
}

std::string_view Gate::token_in(const Request& request) {
  const std::string_view secure = cookie_named(request, kSecureName);
  // By https only the name that another host cannot set.
  return !secure.empty() || by_https(request) ? secure : cookie_named(request, kPlainName);
}

std::string Gate::cookie_of(std::string_view token, const Request& request) {
  const bool secure = by_https(request);
  return std::string(secure ? kSecureName : kPlainName)
      .append("=")
      .append(token)
      .append("; Path=/; HttpOnly; SameSite=Strict")
      .append(secure ? "; Secure" : "");
}

std::string Gate::no_cookie(const Request& request) {
  return cookie_of("", request) + "; Max-Age=0";
}

tenancy::Context Gate::visitor(const Request& request) const {
  return api::context_of(desk_.casework, request.request_id);
}

Entered Gate::entered_as(identity::Agent agent, std::string_view token,
                         const tenancy::Context& cx) const {
  tenancy::Context own = cx;
  own.actor = agent.actor();
  casework::Author author = author_of(agent);
  Frame frame = outside();
  frame.agent = agent.name().read();
  frame.token = form_token(token);
  return {std::move(agent), std::move(author), std::move(own), std::move(frame)};
}

std::optional<Entered> Gate::entered(const Request& request) const {
  const std::string_view token = token_in(request);
  if (token.empty() || desk_.casework.tenant.empty()) return std::nullopt;
  const tenancy::Context cx = visitor(request);
  auto agent = desk_.sessions.session_of(cx, token, identity::Activity::person);
  if (!agent) return std::nullopt;
  return entered_as(*std::move(agent), token, cx);
}

Response Gate::acted(const Request& request, const Entered& who, const Page& page) const {
  try {
    return page(request, who);
  } catch (const Error& e) {
    if (e.code() != Errc::not_found) throw;
    const bool visits = request.path.starts_with("/bureau/rendez-vous");
    return Response::html(
        desk::page(who.frame, visits ? "Rendez-vous introuvable" : "Dossier introuvable",
                   visits ? lost_appointment() : lost()),
        404);
  }
}

http::Handler Gate::shown(Page page) const {
  return [this, page = std::move(page)](const Request& request) {
    const auto who = entered(request);
    if (who) return acted(request, *who, page);
    std::string to = "/bureau/connexion?vers=" + http::percent_encode(with_query(request));
    if (!token_in(request).empty()) to.append("&fin=1");
    return Response::redirect(to);
  };
}

http::Handler Gate::sent(Page page) const {
  return [this, page = std::move(page)](const Request& request) {
    const auto fields = http::parse_form(request);
    if (!fields) throw Error(Errc::invalid, fields.error().what);
    const bool ours = portal::sender_of(request) == portal::Sender::this_site;
    const auto who = entered(request);
    const auto field = [&](std::string_view name) -> std::string_view {
      const auto found = std::ranges::find(*fields, name, &http::Pairs::value_type::first);
      return found == fields->end() ? std::string_view() : found->second;
    };
    // Forms of cases and appointments alone: a password is never written into a page.
    Kept kept;
    if (ours && destination(request.path) == request.path &&
        (request.path.starts_with(kCases) || request.path.starts_with(kVisits)))
      kept = {.path = request.path, .fields = *fields};
    if (!who) {
      SigningIn signing{
          .login = {}, .to = destination(request.path), .over = true, .kept = std::move(kept)};
      if (const std::string_view agenda = field("agenda");
          signing.to != request.path && !agenda.empty())
        signing.to.append("?agenda=").append(http::percent_encode(agenda));
      return sign_in_page(outside(), signing, 403);
    }
    if (!ours || !crypto::equal_in_constant_time(field("_token"), who->frame.token)) {
      // Of a session before this one: shown with a token of this one, it is sent again by a person.
      if (!kept.fields.empty())
        if (auto again = resume_(*who, kept)) {
          again->status = 403;
          return *std::move(again);
        }
      return Response::html(desk::page(who->frame, "Erreur", refused(403, "")), 403);
    }
    return acted(request, *who, page);
  };
}

}  // namespace parvis::desk
