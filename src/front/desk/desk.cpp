#include "desk/desk.hpp"

#include "desk/access.hpp"
#include "desk/appointments.hpp"
#include "desk/cases.hpp"
#include "desk/counter.hpp"
#include "desk/forms.hpp"
#include "desk/gate.hpp"

namespace parvis::desk {

void add_desk(http::Router& router, const Desk& desk, const http::Assets& assets) {
  // Shared: handlers of the router are its owners, those at the end by name.
  const auto gate =
      std::make_shared<const Gate>(desk, assets, [&desk](const Entered& who, const Kept& kept) {
        auto page = resume_act(desk, who, kept);
        return page ? std::move(page) : resume_visit(desk, who, kept);
      });
  add_access(router, desk, *gate);
  add_cases(router, desk, *gate);
  add_forms(router, desk, *gate);
  add_counter(router, desk, *gate);
  if (desk.appointing != nullptr) add_appointments(router, desk, *gate);
  for (const std::string path : {"/bureau", "/bureau/"})
    router.get(path, [gate](const http::Request&) {
      return http::Response::redirect("/bureau/dossiers");
    });
}

std::optional<casework::Author> agent_of(const Desk& desk, const http::Request& request) {
  const std::string_view token = Gate::token_in(request);
  if (token.empty() || desk.casework.tenant.empty()) return std::nullopt;
  const auto agent = desk.sessions.session_of(api::context_of(desk.casework, request.request_id),
                                              token, identity::Activity::person);
  if (!agent || !agent->has(identity::Role::agent)) return std::nullopt;
  return author_of(*agent);
}

bool of_desk(const http::Request& request) {
  return request.path == kPath || request.path.starts_with(std::string(kPath) + "/");
}

http::ErrorPage error_page(const Desk& desk, const http::Assets& assets) {
  return [&desk, files = files_of(assets)](const http::Request&, const http::Refusal& refusal) {
    // Without the name of whoever asks: an error asks the database nothing.
    const Frame frame{.town = desk.town, .files = files};
    return http::Response::html(page(frame, "Erreur", refused(refusal.status, refusal.detail)),
                                refusal.status);
  };
}

}  // namespace parvis::desk
