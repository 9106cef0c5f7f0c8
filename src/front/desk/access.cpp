#include "desk/access.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "calendar/words.hpp"
#include "portal/pages.hpp"
#include "portal/visitor.hpp"

namespace parvis::desk {

using namespace html;

namespace {

using http::Request;
using http::Response;

// By address; a town hall's own network may be one. An account's own budget is identity's.
constexpr double kSignInsAtOnce = 60;
constexpr std::chrono::seconds kSignInEvery{2};

constexpr std::string_view kKept = "_garde.";  // before the names of fields that are kept

std::string value_in(const http::Pairs& fields, std::string_view key) {
  for (const auto& [name, value] : fields)
    if (name == key) return value;
  return {};
}

// "Réessayez à 14 h 32, dans 5 minutes."
std::string wait_words(std::chrono::seconds wait, Zone zone, Instant now) {
  // A minute that has begun counts: nobody comes back too early.
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(wait).count();
  const LocalTime then = zone.local(now + std::chrono::minutes(minutes));
  return fmt::format("Trop d’essais. Réessayez à {}, dans {}\u00a0minute{}.",
                     calendar::time_words(time_of_day(then)), minutes, minutes > 1 ? "s" : "");
}

Html head(const SigningIn& signing) {
  return fragment(
      summary(signing.faults), when(signing.left, [] { return notice("Vous êtes déconnecté."); }),
      when(signing.over,
           [&] {
             return h("div", {cls("notice"), attr("role", "status")},
                      h("p", h("strong", "Votre session est finie.")),
                      h("p", signing.kept.fields.empty()
                                 ? "Connectez-vous pour reprendre."
                                 : "Ce que vous avez écrit est gardé. Connectez-vous pour le "
                                   "retrouver."));
           }),
      when(signing.from_outside,
           [&] {
             return h(
                 "div", {cls("notice")},
                 h("p", "Déjà connecté\u202f? ", h("a", {href(signing.to)}, "Ouvrir le bureau")));
           }),
      h("h1", "Bureau des agents"));
}

struct PasswordFields {
  std::vector<Fault> faults = {};
  bool done = false;
};
Html password_page(const Entered& who, const PasswordFields& shown) {
  const auto field = [&](std::string_view own, std::string_view label, std::string_view hint,
                         std::string_view fills) {
    return line_field({.own = own,
                       .label = label,
                       .hint = hint,
                       .fault = fault_of(shown.faults, own),
                       .value = {}},
                      {.type = "password", .autocomplete = fills, .style = "in in--mid"});
  };
  return fragment(
      summary(shown.faults),
      when(shown.done,
           [] {
             return notice(fragment(h("p", h("strong", "Votre mot de passe est changé.")),
                                    h("p", "Vos sessions sur d’autres appareils sont finies.")));
           }),
      h("h1", "Changer de mot de passe"),
      h("form",
        {cls("questions"), action("/bureau/mot-de-passe#erreurs"), attr("method", "post"),
         flag("novalidate")},
        portal::hidden("_token", who.frame.token),
        // For programs that keep passwords: whose it is.
        h("input", {cls("vh"), name("username"), type("email"), attr("autocomplete", "username"),
                    value(who.agent.account().login.read()), attr("tabindex", "-1"),
                    attr("aria-label", "Compte"), flag("readonly")}),
        field("current", "Mot de passe actuel", "", "current-password"),
        field("next", "Nouveau mot de passe",
              "Au moins 12 caractères. Une courte phrase convient bien.", "new-password"),
        field("again", "Nouveau mot de passe, une seconde fois", "", "new-password"),
        h("div", {cls("row")}, h("button", {cls("btn")}, "Changer"),
          h("a", {cls("link"), href("/bureau/dossiers")}, "Revenir aux dossiers"))));
}

class Access {
 public:
  Access(const Desk& desk, const Gate& gate) : desk_(desk), gate_(gate) {}

  Response form(const Request& request) const {
    const std::string to = destination(request.query_value("vers").value_or(""));
    if (gate_.entered(request)) return Response::redirect(to);
    return sign_in_page(
        gate_.outside(),
        {.login = {},
         .to = to,
         .over = request.query_value("fin").has_value() && !request.query_value("sorti"),
         .left = request.query_value("sorti").has_value(),
         // A cookie of this site alone is not sent with a link of another.
         .from_outside = request.header("sec-fetch-site") == "cross-site"},
        200);
  }

  Response sign_in(const Request& request) const {
    if (portal::sender_of(request) != portal::Sender::this_site)
      return Response::html(page(gate_.outside(), "Erreur", refused(403, "")), 403);
    const auto fields = http::parse_form(request);
    if (!fields) throw Error(Errc::invalid, fields.error().what);
    SigningIn signing{.login = value_in(*fields, "login"),
                      .to = destination(value_in(*fields, "_vers")),
                      .kept = kept_in(*fields)};
    const std::string password = value_in(*fields, "password");
    if (signing.login.empty()) signing.faults.push_back({"login", "Écrivez votre adresse e-mail."});
    if (password.empty()) signing.faults.push_back({"password", "Écrivez votre mot de passe."});
    if (!signing.faults.empty()) return sign_in_page(gate_.outside(), signing, 400);
    if (desk_.casework.tenant.empty())
      throw Error(Errc::unavailable, "no town is imported yet: import one, then sign in");
    const tenancy::Context cx = gate_.visitor(request);
    const auto in = desk_.sessions.sign_in(cx, signing.login, Secret(password),
                                           Personal(std::string(request.peer)));
    if (!in) {
      if (in.error().why == identity::SignInRefusal::Why::too_many) {
        signing.faults.push_back({"", wait_words(in.error().wait, cx.zone, cx.now)});
        return sign_in_page(gate_.outside(), signing, 429)
            .set("Retry-After", std::to_string(in.error().wait.count()));
      }
      signing.faults.push_back(
          {"login", "Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez les deux."});
      return sign_in_page(gate_.outside(), signing, 403);
    }
    // Whatever session this browser had, another begins.
    if (const std::string_view old = Gate::token_in(request); !old.empty())
      desk_.sessions.sign_out(cx, old);
    const std::string& token = in->token.reveal();
    const std::string cookie = Gate::cookie_of(token, request);
    if (!signing.kept.fields.empty())
      if (auto page = gate_.resumed(gate_.entered_as(in->agent, token, cx), signing.kept))
        return std::move(*page).set("Set-Cookie", cookie);
    // A fragment of its own: the browser would keep the form's.
    return Response::redirect(signing.to + "#contenu").set("Set-Cookie", cookie);
  }

  Response sign_out(const Request& request) const {
    const auto fields = http::parse_form(request);
    const auto who = gate_.entered(request);
    // A form of another site does not sign anybody out.
    if (who && (!fields || value_in(*fields, "_token") != who->frame.token))
      return Response::html(page(who->frame, "Erreur", refused(403, "")), 403);
    if (who) desk_.sessions.sign_out(who->cx, Gate::token_in(request));
    return Response::redirect("/bureau/connexion?sorti=1")
        .set("Set-Cookie", Gate::no_cookie(request));
  }

  Response password_form(const Request& request, const Entered& who) const {
    return Response::html(
        page(who.frame, "Changer de mot de passe",
             password_page(who, {.done = request.query_value("fait").has_value()})));
  }

  Response change_password(const Request& request, const Entered& who) const {
    const auto fields = http::parse_form(request);
    const std::string current = value_in(*fields, "current"), next = value_in(*fields, "next");
    PasswordFields shown;
    if (current.empty()) shown.faults.push_back({"current", "Écrivez votre mot de passe actuel."});
    if (next.empty()) shown.faults.push_back({"next", "Écrivez le nouveau mot de passe."});
    if (!next.empty() && next != value_in(*fields, "again"))
      shown.faults.push_back({"again", "Les deux nouveaux mots de passe diffèrent. Retapez-le."});
    int status = 400;
    if (shown.faults.empty()) {
      const auto done =
          desk_.sessions.change_password(who.cx, who.agent, Secret(current), Secret(next));
      if (done) return Response::redirect("/bureau/mot-de-passe?fait=1#contenu");
      switch (done.error().why) {
        case identity::ChangeRefusal::Why::signed_out:
          return Response::redirect("/bureau/connexion?vers=%2Fbureau%2Fmot-de-passe&fin=1");
        case identity::ChangeRefusal::Why::wrong_password:
          shown.faults.push_back(
              {"current", "Ce n’est pas votre mot de passe actuel. Retapez-le."});
          break;
        case identity::ChangeRefusal::Why::too_many:
          shown.faults.push_back({"", wait_words(done.error().wait, who.cx.zone, who.cx.now)});
          status = 429;
          break;
        case identity::ChangeRefusal::Why::unfit:
          shown.faults.push_back({"next", std::string(words(*done.error().fault))});
          break;
      }
    }
    return Response::html(
        page(who.frame, "Erreur\u00a0: changer de mot de passe", password_page(who, shown)),
        status);
  }

 private:
  static Kept kept_in(const http::Pairs& fields) {
    Kept kept{.path = destination(value_in(fields, "_vers")), .fields = {}};
    for (const auto& [name, value] : fields)
      if (name.starts_with(kKept)) kept.fields.emplace_back(name.substr(kKept.size()), value);
    return kept;
  }

  const Desk& desk_;
  const Gate& gate_;
};

}  // namespace

Response sign_in_page(const Frame& frame, const SigningIn& signing, int status) {
  const Html main = fragment(
      head(signing),
      h("form",
        {cls("questions"), action("/bureau/connexion#erreurs"), attr("method", "post"),
         flag("novalidate")},
        portal::hidden("_vers", signing.to),
        each(signing.kept.fields,
             [](const auto& field) {
               // Tokens of the session that is over are worth nothing.
               return field.first == "_token"
                          ? Html()
                          : portal::hidden(std::string(kKept) + field.first, field.second);
             }),
        line_field({.own = "login",
                    .label = "Adresse e-mail professionnelle",
                    .hint = {},
                    .fault = fault_of(signing.faults, "login"),
                    .value = signing.login},
                   {.type = "email", .autocomplete = "username"}),
        line_field({.own = "password",
                    .label = "Mot de passe",
                    .hint = {},
                    .fault = fault_of(signing.faults, "password"),
                    .value = {}},
                   {.type = "password", .autocomplete = "current-password"}),
        h("div", {cls("row")}, h("button", {cls("btn btn--big")}, "Se connecter"))),
      h("p", {cls("soft")},
        "Mot de passe oublié\u202f? Demandez-en un autre à l’administrateur de votre mairie."),
      h("p", h("a", {href("/")}, "Vous êtes un usager\u202f? Allez au portail")));
  return Response::html(
      page(frame, signing.faults.empty() ? "Connexion" : "Erreur\u00a0: connexion", main), status);
}

void add_access(http::Router& router, const Desk& desk, const Gate& gate) {
  // Shared: the handlers of the router are its owners.
  const auto access = std::make_shared<const Access>(desk, gate);
  const auto rate = std::make_shared<http::RateLimit>(kSignInsAtOnce, kSignInEvery);
  const http::RouteOptions& reads = desk.casework.budgets.reads;
  router.get("/bureau/connexion", [access](const Request& r) { return access->form(r); }, reads);
  router.post("/bureau/connexion", [access](const Request& r) { return access->sign_in(r); },
              {.rate = rate});
  router.post(
      "/bureau/deconnexion", [access](const Request& r) { return access->sign_out(r); }, reads);
  router.get("/bureau/mot-de-passe", gate.shown([access](const Request& r, const Entered& who) {
    return access->password_form(r, who);
  }),
             reads);
  router.post("/bureau/mot-de-passe", gate.sent([access](const Request& r, const Entered& who) {
    return access->change_password(r, who);
  }),
              {.rate = rate});
}

}  // namespace parvis::desk
