#include "desk/desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "appointment/agenda_yaml.hpp"
#include "base/error.hpp"
#include "casework/reference.hpp"
#include "crypto/hash.hpp"
#include "directory/directory_store.hpp"
#include "directory/service_yaml.hpp"
#include "identity/accounts.hpp"
#include "portal/visitor.hpp"
#include "support/databases.hpp"
#include "support/items.hpp"
#include "tenancy/tenancy_store.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::desk {
namespace {
namespace fs = std::filesystem;

using casework::Act;
using casework::State;
using http::Method;
using http::Request;
using http::Response;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const Instant kNow = *parse_rfc3339("2026-11-28T09:00:00Z");
constexpr crypto::PasswordCost kCheap{.memory_kib = 64, .passes = 1, .lanes = 1};
const std::string kPassword = "cheval correct batterie";
const std::string kPosted = "X";

constexpr std::string_view kEssai = R"~(id: essai
version: 1
title: Installer <une> benne
summary: Pour voir.
communes: ["99001", "99002"]
service: voirie
other_ways: [Au guichet.]
clock: {silence: refuses, delay: 2 months, ground: no_text, basis: Un texte.}
documents: [{id: plan, label: Un plan, source: citizen, optional: true}]
steps:
  - title: La benne
    pages: [{id: rue, type: text, label: Rue}]
  - title: Vous
    pages: [{id: vous, title: Vous, fields: [{id: vous, type: person, label: Identité}]}]
)~";

// A Monday, 28 November 2026 being a Saturday: three slots an hour at one counter.
constexpr std::string_view kAgenda = R"~(
id: voirie
title: Voirie <et> chantiers
service: voirie
counters: [{id: g1, name: Guichet 1}, {id: g2, name: Guichet 2, reasons: [visite]}]
reasons:
  - id: benne
    label: Une <benne>
    minutes: 20
    people: 2
    notice: 0
    horizon: 60
    ways: [in_person, phone]
    bring: [Un plan]
  - {id: visite, label: Une visite, minutes: 30, offered: false}
)~";
constexpr std::string_view kOffice = R"~(
id: voirie
name: Voirie
hours: {days: {lundi-samedi: 9h-12h}}
)~";

using Fields = std::vector<std::pair<std::string, std::string>>;
std::string form(const Fields& fields) {
  std::string out;
  const auto encoded = [](std::string_view text) {
    std::string code;
    for (const char c : text) code.append("%").append(crypto::to_hex(std::string_view(&c, 1)));
    return code;
  };
  for (const auto& [key, value] : fields)
    out.append(out.empty() ? "" : "&").append(encoded(key)).append("=").append(encoded(value));
  return out;
}
std::string field(const Response& page, std::string_view name) {
  const std::string before = "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"";
  const std::size_t at = page.body.rfind(before);
  if (at == std::string::npos) return "";
  const std::size_t from = at + before.size();
  return page.body.substr(from, page.body.find('"', from) - from);
}
// Of the form that waits on the page of the sign-in, as it is sent with it.
Fields kept_in(const Response& page) {
  Fields out;
  const std::string before = "<input type=\"hidden\" name=\"_garde.";
  for (std::size_t at = page.body.find(before); at != std::string::npos;
       at = page.body.find(before, at + 1)) {
    const std::size_t from = at + before.size(), end = page.body.find('"', from);
    const std::string name = page.body.substr(from, end - from);
    out.emplace_back("_garde." + name, field(page, "_garde." + name));
  }
  return out;
}
std::string location(const Response& response) {
  return std::string(response.header("location").value_or(""));
}

struct Browser {
  std::string cookie = {};
  http::Pairs headers = {{"sec-fetch-site", "same-origin"}, {"host", "ville.example"}};
};

class Office : public support::EachEngine {
 protected:
  Office() : assets_(std::string(PARVIS_SOURCE_DIR) + "/web/assets", "/assets") {
    fs::create_directories(folder_);
    database_.write([](db::Tx& tx) {
      tenancy::create_tenant(tx, {.id = "demo", .name = "Agglomération du Val"}, kNow);
      tenancy::add_commune(tx, "demo", {"99001", "bourg", "Bourg", {}});
      tenancy::add_commune(tx, "demo", {"99002", "mont", "Mont", {}});
    });
    auto read = procedure::read_definition(kEssai);
    EXPECT_TRUE(read) << (read ? "" : read.error().front().what);
    database_.write("demo", [&](db::Tx& tx) { procedure::publish(tx, "demo", {*read}, kNow); });
    auto agenda = appointment::read_agenda(kAgenda);
    EXPECT_TRUE(agenda) << (agenda ? "" : agenda.error().front().what);
    const auto offices = directory::read_services(kOffice);
    EXPECT_TRUE(offices);
    database_.write("demo", [&](db::Tx& tx) {
      directory::replace(tx, "demo", directory::kTownSource, *offices);
      appointment::publish(tx, "demo", {*agenda}, kNow);
    });
    account("claire", "Claire <Petit>", {"voirie"});
    account("jean", "Jean Blanc", {"urbanisme"});
    account("awa", "Awa Diop", {});
    account("mont", "Marc Mont", {}, {"99002"});
    account("admin", "Ada Min", {}, {}, identity::Role::admin);
    add_desk(router_, desk_, assets_);
  }
  ~Office() override { fs::remove_all(folder_); }

  void account(const std::string& who, const std::string& name, std::vector<std::string> services,
               std::vector<std::string> communes = {},
               identity::Role role = identity::Role::agent) {
    tenancy::Context cx = api::context_of(casework_, "test");
    cx.actor = tenancy::Actor::system("test");
    identity::Accounts(database_, {.cost = kCheap})
        .create(cx,
                {.login = who + "@ville.fr",
                 .name = name,
                 .roles = {role},
                 .services = std::move(services),
                 .communes = std::move(communes)},
                Secret(kPassword));
  }

  Response call(Method method, const std::string& target, Browser& browser,
                const std::string& body = "") {
    Request request;
    const std::string path = target.substr(0, target.find_first_of("?#"));
    auto match = router_.match(method, path);
    if (!match || match->route == nullptr) throw std::runtime_error("no route " + path);
    request.method = method;
    request.path = path;
    request.params = match->params;
    request.received_at = now_;
    request.peer = "192.0.2.1";
    request.headers = browser.headers;
    request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
    if (!browser.cookie.empty()) request.headers.emplace_back("cookie", browser.cookie);
    if (const std::size_t mark = target.find('?'); mark != std::string::npos) {
      std::string_view query = std::string_view(target).substr(mark + 1);
      query = query.substr(0, query.find('#'));
      while (!query.empty()) {
        const std::string_view one = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(one.size() + 1, query.size()));
        request.query.emplace_back(one.substr(0, one.find('=')),
                                   one.substr(std::min(one.find('=') + 1, one.size())));
      }
    }
    request.body = body;
    Response response = match->route->handler(request);
    for (const auto& [name, value] : response.headers)
      if (name == "Set-Cookie") browser.cookie = value.substr(0, value.find(';'));
    return response;
  }
  Response get(Browser& browser, const std::string& target) {
    return call(Method::get, target, browser);
  }
  Response post(Browser& browser, const std::string& target, const Fields& fields) {
    return call(Method::post, target, browser, form(fields));
  }
  Browser signed_in(const std::string& who) {
    Browser browser;
    const Response in = sign_in(browser, who);
    EXPECT_EQ(in.status, 303) << in.body.substr(0, 300);
    return browser;
  }
  Response sign_in(Browser& browser, const std::string& who,
                   const std::string& password = kPassword) {
    return post(browser, "/bureau/connexion",
                {{"login", who + "@ville.fr"}, {"password", password}});
  }
  // Signing in with the form that waits on that page.
  Response again(Browser& browser, const Response& over) {
    EXPECT_EQ(over.status, 403);
    Fields fields = kept_in(over);
    for (auto& [name, value] : Fields{{"login", "claire@ville.fr"},
                                      {"password", kPassword},
                                      {"_vers", field(over, "_vers")}})
      fields.emplace_back(name, value);
    return post(browser, "/bureau/connexion", fields);
  }
  // A form of an act, filled in and sent.
  Response act(Browser& browser, const std::string& to, Fields fields) {
    const Response page = get(browser, to);
    for (const char* name : {"_token", "id", "seen"}) fields.emplace_back(name, field(page, name));
    return post(browser, to, fields);
  }

  // A case of the commune, and where the desk has it.
  std::string deposited(const std::string& commune = "99001") {
    const tenancy::Context cx = api::context_of(casework_, "test", commune);
    last_ = casework::new_id();
    token_ = casework::new_token().reveal();
    cases_.begin(cx, "essai", last_, Secret(token_));
    cases_.merge(cx, last_, token_,
                 {{"rue", "8 rue <Haute>"},
                  {"vous", json::object{{"last_name", "Lambert"}, {"first_names", "Zoé"}}}});
    return "/bureau/dossiers/" + cases_.deposit(cx, last_, token_).opened.reference;
  }
  // An appointment that a citizen took by themselves, and where the desk has it.
  std::string booked(std::string_view at, std::string_view reason = "benne") {
    const std::string id = appointment::new_id();
    const appointment::Appointments::Mine mine{id, appointment::new_token()};
    const tenancy::Context cx = api::context_of(appointing_, "test", "99001");
    const appointment::Look look{.agenda = "voirie", .reason = std::string(reason)};
    EXPECT_TRUE(appointments_.hold(cx, look, *parse_rfc3339(at), mine));
    appointments_.confirm(cx, mine,
                          {.name = Personal(std::string("Zoé <Lambert>")),
                           .email = Personal(std::string("zoe@example.org")),
                           .needs = {.sign_language = true}});
    return "/bureau/rendez-vous/" + id;
  }
  appointment::State state_of(const std::string& visit) {
    tenancy::Context cx = api::context_of(appointing_, "test");
    cx.actor = tenancy::Actor::system("test");
    return appointments_.open_for_system(cx, visit.substr(visit.rfind('/') + 1)).booking.state;
  }
  casework::Opened opened() {
    return cases_.open(api::context_of(casework_, "test"), last_, token_);
  }

  fs::path folder_ = fs::path(::testing::TempDir()) / ("desk-" + crypto::random_hex(6));
  Instant now_ = kNow;
  std::string last_, token_;
  db::Database database_{config()};
  vault::SealedFile keys_{folder_ / "keys.sealed", crypto::Key::random()};
  vault::Keyring keyring_{database_, keys_};
  procedure::Catalogue catalogue_{database_};
  casework::Cases cases_{database_, keyring_, catalogue_, {}, [this](const casework::Opened& of) {
                           const auto clock = casework::clock_of(of, Zone::paris(), now_);
                           return clock ? clock->due : std::nullopt;
                         }};
  const api::Casework casework_{.cases = cases_,
                                .catalogue = catalogue_,
                                .tenant = "demo",
                                .zone = Zone::paris(),
                                .now = [this] { return now_; },
                                .receipt =
                                    [this](const casework::Opened& of) {
                                      const directory::Service office = services()[0];
                                      return casework::receipt_of(of, &office, "Le Val",
                                                                  Zone::paris(), now_);
                                    },
                                .budgets = {}};
  static std::vector<directory::Service> services() {
    directory::Service roads, plans;
    roads.id = "voirie";
    roads.name = "Voirie";
    roads.address = {"3 place du Parvis"};
    plans.id = "urbanisme";
    plans.name = "Urbanisme";
    return {roads, plans};
  }
  appointment::Agendas agendas_{database_};
  appointment::Appointments appointments_{database_, keyring_, agendas_};
  const api::Appointing appointing_{.appointments = appointments_,
                                    .agendas = agendas_,
                                    .tenant = "demo",
                                    .zone = Zone::paris(),
                                    .now = [this] { return now_; }};
  identity::Sessions sessions_{database_, {.cost = kCheap}};
  const Desk desk_{
      .sessions = sessions_,
      .casework = casework_,
      .town = "Agglomération du Val",
      .communes = {{.insee = "99001", .slug = "bourg", .name = "Bourg", .postcodes = {}},
                   {.insee = "99002", .slug = "mont", .name = "Mont", .postcodes = {}}},
      .names =
          [](const std::vector<std::string>& ids) {
            std::map<std::string, std::string> out;
            for (const directory::Service& each : services())
              if (std::ranges::find(ids, each.id) != ids.end()) out[each.id] = each.name;
            return out;
          },
      .services = [](const std::string&) { return services(); },
      .decision_pdf = [](const casework::Decision& decision,
                         const Personal<std::vector<std::string>>& recipient,
                         Instant) { return "%PDF " + decision.law + " " + recipient.read().at(0); },
      .appointing = &appointing_,
      .receipt_pdf = [](const casework::Opened& opened,
                        const casework::Receipt&) { return "%PDF " + opened.reference; },
      .form_pdf =
          [](const procedure::Definition& definition, const directory::Service* office) {
            return "%PDF " + definition.id + " " + (office == nullptr ? "" : office->name);
          }};
  http::Assets assets_;
  http::Router router_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Office, support::kEngines, support::engine_name);

TEST_P(Office, AnAgentOpensACaseForAPerson) {
  const std::string to = "/bureau/demarches/essai/saisie";
  Browser claire = signed_in("claire");
  EXPECT_THAT(get(claire, "/bureau/demarches").body, HasSubstr(to));
  const Response page = get(claire, to);
  EXPECT_EQ(page.status, 200);
  const Fields known = {{"_token", field(page, "_token")}, {"_start", field(page, "_start")}};
  const auto send = [&](Fields fields) {
    fields.insert(fields.end(), known.begin(), known.end());
    Browser browser = claire;  // the cookie of the draft is not the desk's
    return post(browser, to, fields);
  };
  EXPECT_THAT(send({}).body, HasSubstr("Choisissez comment vient la demande."));
  EXPECT_THAT(send({{"way", "post"}}).body, HasSubstr("le jour où le courrier est arrivé"));
  EXPECT_EQ(send({{"way", "post"}, {"received", "30 novembre 2026"}}).status, 400);  // to come
  // Elsewhere the démarche is not offered, or the commune is not the agent's.
  EXPECT_EQ(send({{"way", "counter"}, {"commune", "99009"}}).status, 404);
  const Response begun =
      send({{"way", "post"}, {"received", "26 novembre 2026"}, {"commune", "99002"}});
  EXPECT_EQ(location(begun), "/mont/demarches/essai/suite");
  EXPECT_THAT(std::string(begun.header("set-cookie").value_or("")),
              AllOf(StartsWith("demarche="), HasSubstr("Path=/mont/demarches/essai;"),
                    HasSubstr("HttpOnly")));
  // Twice is once; and what was begun is found again.
  send({{"way", "post"}, {"received", "26 novembre 2026"}, {"commune", "99002"}});
  tenancy::Context cx = api::context_of(casework_, "test");
  const auto author = [&](const std::string& name) {
    Browser browser = signed_in(name);
    Request request;
    request.headers = {{"cookie", browser.cookie}, {"host", "ville.example"}};
    return *agent_of(desk_, request);
  };
  const auto typings = cases_.typings(cx, author("claire"));
  ASSERT_EQ(typings.size(), 1u);
  EXPECT_THAT(get(claire, "/bureau/demarches").body,
              AllOf(HasSubstr("Vos saisies en cours"), HasSubstr(typings[0].id)));
  Browser again = claire;
  EXPECT_EQ(location(post(again, to, {known[0], {"reprendre", typings[0].id}})),
            "/mont/demarches/essai/suite");
  // The form of another agent, of a town's administrator, of nobody.
  Browser awa = signed_in("awa");
  const std::string token = field(get(awa, to), "_token");
  EXPECT_EQ(post(awa, to, {{"_token", token}, {"reprendre", typings[0].id}}).status, 404);
  for (const char* who : {"jean", "admin"}) {
    Browser other = signed_in(who);
    EXPECT_THAT(get(other, "/bureau/demarches").body, Not(HasSubstr(to)));
    EXPECT_EQ(get(other, to).status, 404);
  }
  Browser jean = signed_in("jean");
  const Response forbidden = get(jean, to), missing = get(jean, "/bureau/demarches/rien/saisie");
  EXPECT_EQ(forbidden.body.substr(forbidden.body.find("<main")),
            missing.body.substr(missing.body.find("<main")));
  // A form of another site begins nothing.
  Browser outside = claire;
  outside.headers = {{"sec-fetch-site", "cross-site"}};
  EXPECT_EQ(post(outside, to, {known[0], known[1], {"way", "counter"}}).status, 403);
}

TEST_P(Office, ACaseThatAnAgentTypedSaysSoAndHasItsReceipt) {
  tenancy::Context cx = api::context_of(casework_, "test", "99001");
  Browser claire = signed_in("claire");
  Request request;
  request.headers = {{"cookie", claire.cookie}, {"host", "ville.example"}};
  const casework::Author author = *agent_of(desk_, request);
  last_ = casework::new_id();
  token_ = casework::new_token().reveal();
  cases_.begin_for(cx, author, "essai", last_, Secret(token_), casework::Way::counter, {});
  cases_.merge(cx, last_, token_,
               {{"rue", "8 rue Haute"},
                {"vous", json::object{{"last_name", "Lambert"}, {"first_names", "Zoé"}}}});
  const std::string reference = cases_.deposit(cx, last_, token_, &author).opened.reference;
  const std::string whole = "/bureau/dossiers/" + reference;
  const Response page = get(claire, whole + "?fait=saisie");
  EXPECT_THAT(page.body, AllOf(HasSubstr("Imprimez l’accusé de réception"),
                               HasSubstr("Demande saisie, faite au guichet"),
                               HasSubstr("Claire &lt;Petit&gt;"),
                               HasSubstr(whole + "/accuse-de-reception.pdf")));
  const Response pdf = get(claire, whole + "/accuse-de-reception.pdf");
  EXPECT_EQ(pdf.header("content-type"), "application/pdf");
  EXPECT_EQ(pdf.body, "%PDF " + reference);
  Browser jean = signed_in("jean");
  EXPECT_EQ(get(jean, whole + "/accuse-de-reception.pdf").status, 404);
}

TEST_P(Office, EveryRouteIsBehindTheGate) {
  Browser nobody;
  int seen = 0;
  for (const http::Route& route : router_.routes()) {
    if (route.pattern == "/bureau" || route.pattern == "/bureau/" ||
        route.pattern == "/bureau/connexion" || route.pattern == "/bureau/deconnexion")
      continue;
    ++seen;
    std::string path;
    for (const std::string& segment : route.segments)
      path.append("/").append(segment.starts_with("{") ? kPosted : segment);
    path = path.substr(path.starts_with("//") ? 1 : 0);
    const Response out = call(route.method, path, nobody, "");
    if (route.method == Method::get) {
      EXPECT_EQ(out.status, 303) << route.pattern;
      EXPECT_THAT(location(out), StartsWith("/bureau/connexion?vers=")) << route.pattern;
    } else {
      EXPECT_EQ(out.status, 403) << route.pattern;
      EXPECT_THAT(out.body, HasSubstr("Bureau des agents")) << route.pattern;
    }
  }
  EXPECT_EQ(seen, 29);
}

TEST_P(Office, SigningInOpensTheListAndACookieThatNothingElseReads) {
  Browser browser;
  Response in = sign_in(browser, "claire");
  EXPECT_EQ(location(in), "/bureau/dossiers#contenu");
  std::string cookie(in.header("set-cookie").value_or(""));
  EXPECT_THAT(cookie, AllOf(StartsWith("bureau="), HasSubstr("; HttpOnly; SameSite=Strict"),
                            Not(HasSubstr("Secure")), Not(HasSubstr("Max-Age"))));
  EXPECT_THAT(get(browser, "/bureau/dossiers").body,
              AllOf(HasSubstr("Claire &lt;Petit&gt;"), HasSubstr("Aucun dossier à traiter")));
  Browser secure{.headers = {{"sec-fetch-site", "same-origin"}, {"x-forwarded-proto", "https"}}};
  in = sign_in(secure, "claire");
  EXPECT_THAT(std::string(in.header("set-cookie").value_or("")),
              AllOf(StartsWith("__Host-bureau="), HasSubstr("; Path=/;"), HasSubstr("; Secure")));
  EXPECT_EQ(get(secure, "/bureau/dossiers").status, 200);
  // By https a cookie that another host may have set opens nothing.
  secure.cookie = secure.cookie.substr(std::string("__Host-").size());
  EXPECT_EQ(get(secure, "/bureau/dossiers").status, 303);
}

TEST_P(Office, AWrongPasswordAndAnUnknownLoginAreToldAlike) {
  Browser browser;
  const Response wrong = sign_in(browser, "claire", "autre chose");
  const Response unknown = sign_in(browser, "clairs", "autre chose");
  EXPECT_EQ(wrong.status, 403);
  EXPECT_THAT(wrong.body, HasSubstr("ne vont pas ensemble"));
  EXPECT_THAT(wrong.body, HasSubstr("value=\"claire@ville.fr\""));
  EXPECT_THAT(wrong.body, Not(HasSubstr("autre chose")));
  std::string as_wrong = unknown.body;
  as_wrong.replace(as_wrong.find("clairs@"), 7, "claire@");
  EXPECT_EQ(as_wrong, wrong.body);
  EXPECT_THAT(sign_in(browser, "", "").body, HasSubstr("Écrivez votre mot de passe."));
  EXPECT_THAT(browser.cookie, IsEmpty());
}

TEST_P(Office, TooManyTriesSayWhenToComeBack) {
  Browser browser;
  for (int i = 0; i < identity::kAttempts; ++i) sign_in(browser, "claire", "autre chose");
  const Response out = sign_in(browser, "claire");
  EXPECT_EQ(out.status, 429);
  EXPECT_EQ(out.header("retry-after"), "900");
  EXPECT_THAT(out.body, HasSubstr("Réessayez à 10\u202fh\u202f15, dans 15\u00a0minutes."));
  now_ += std::chrono::minutes(15);
  EXPECT_EQ(sign_in(browser, "claire").status, 303);
}

TEST_P(Office, FormsOfOtherSitesAndOldOnesAreRefused) {
  const std::string to = deposited() + "/prise-en-charge";
  Browser claire = signed_in("claire");
  const Response page = get(claire, to);
  Fields fields = {
      {"_token", field(page, "_token")}, {"id", field(page, "id")}, {"seen", field(page, "seen")}};
  claire.headers[0].second = "cross-site";
  EXPECT_EQ(post(claire, to, fields).status, 403);
  Browser bare{.cookie = claire.cookie, .headers = {}};  // nothing says where it comes from
  EXPECT_EQ(post(bare, to, fields).status, 403);
  claire.headers[0].second = "same-origin";
  fields[0].second = std::string(64, '0');
  EXPECT_EQ(post(claire, to, fields).status, 403);
  EXPECT_EQ(opened().state, State::received);
  Browser other{.headers = {{"sec-fetch-site", "cross-site"}}};
  EXPECT_EQ(sign_in(other, "claire").status, 403);  // nobody is signed in by another site
}

TEST_P(Office, ASessionThatEndsLosesNothingTyped) {
  const std::string to = deposited() + "/message";
  Browser claire = signed_in("claire");
  const Response page = get(claire, to);
  now_ += std::chrono::minutes(31);
  EXPECT_EQ(location(get(claire, "/bureau/dossiers?etat=pieces")),
            "/bureau/connexion?vers=%2Fbureau%2Fdossiers%3Fetat%3Dpieces&fin=1");
  const Response over = post(claire, to,
                             {{"_token", field(page, "_token")},
                              {"id", field(page, "id")},
                              {"seen", field(page, "seen")},
                              {"text", "Il manque <le> plan."}});
  EXPECT_EQ(over.status, 403);
  EXPECT_THAT(over.body, HasSubstr("Ce que vous avez écrit est gardé"));
  const Response back = post(claire, "/bureau/connexion",
                             {{"login", "claire@ville.fr"},
                              {"password", kPassword},
                              {"_vers", field(over, "_vers")},
                              {"_garde.id", field(over, "_garde.id")},
                              {"_garde.seen", field(over, "_garde.seen")},
                              {"_garde.text", "Il manque <le> plan."}});
  EXPECT_EQ(back.status, 200);
  EXPECT_THAT(back.body, AllOf(HasSubstr("Vous êtes reconnecté"),
                               HasSubstr("Il manque &lt;le&gt; plan.</textarea>")));
  EXPECT_EQ(opened().events.size(), 1u);  // nothing was sent
  const Response sent = post(claire, to,
                             {{"_token", field(back, "_token")},
                              {"id", field(back, "id")},
                              {"seen", field(back, "seen")},
                              {"text", "Il manque le plan."}});
  EXPECT_EQ(sent.status, 303);
  EXPECT_EQ(opened().events.back().text, "Il manque le plan.");
}

TEST_P(Office, ASessionThatEndsLosesNothingTypedForWhoCalls) {
  const std::string visit = booked("2026-11-28T11:20:00+01:00"), to = "/bureau/rendez-vous/nouveau";
  Browser claire = signed_in("claire");
  const Response page = get(claire, to + "?agenda=voirie&motif=benne&personnes=2&maniere=phone&"
                                         "etape=qui&debut=2026-11-28T09:40:00Z");
  Fields fields;
  for (const char* name :
       {"_token", "_start", "agenda", "motif", "personnes", "maniere", "commune", "debut"})
    fields.emplace_back(name, field(page, name));
  fields.emplace_back("name", "Élodie Roy");
  fields.emplace_back("phone", "06 12 34 56 78");
  fields.emplace_back("note", "Un fauteuil");
  now_ += std::chrono::minutes(31);
  const Response over = post(claire, to, fields);
  EXPECT_THAT(over.body, HasSubstr("Ce que vous avez écrit est gardé"));
  const Response back = again(claire, over);
  EXPECT_EQ(back.status, 200);
  EXPECT_THAT(back.body, AllOf(HasSubstr("Vous êtes reconnecté"), HasSubstr("value=\"Élodie Roy\""),
                               HasSubstr("value=\"Un fauteuil\""), HasSubstr("2 personnes")));
  EXPECT_EQ(field(back, "debut"), "2026-11-28T09:40:00Z");
  EXPECT_EQ(field(back, "_start"), field(page, "_start"));  // sent again it is one booking
  fields[0].second = field(back, "_token");
  EXPECT_THAT(location(post(claire, to, fields)), HasSubstr("fait=pris"));
  // The moment that a booking is moved to.
  const std::string token = fields[0].second;
  now_ += std::chrono::minutes(31);
  const Response moving = again(
      claire, post(claire, visit + "/deplacer", {{"_token", token}, {"quand", "lundi à 18 h"}}));
  EXPECT_THAT(moving.body,
              AllOf(HasSubstr("Vous êtes reconnecté"), HasSubstr("value=\"lundi à 18 h\"")));
}

TEST_P(Office, ASessionThatEndsLosesNoAbsenceAndNoPlace) {
  const std::string visit = booked("2026-11-28T11:20:00+01:00"),
                    to = "/bureau/rendez-vous/absences";
  Browser claire = signed_in("claire");
  const Response page = get(claire, to);
  const std::string token = field(page, "_token");
  now_ += std::chrono::minutes(31);
  const Response back = again(claire, post(claire, to,
                                           {{"_token", token},
                                            {"agenda", "voirie"},
                                            {"id", field(page, "id")},
                                            {"guichet", "g2"},
                                            {"du", "lundi à 9h"},
                                            {"au", "11h"},
                                            {"raison", "Formation interne"}}));
  EXPECT_EQ(back.status, 200);
  EXPECT_THAT(back.body,
              AllOf(HasSubstr("Vous êtes reconnecté"), HasSubstr("value=\"lundi à 9h\""),
                    HasSubstr("value=\"Formation interne\""), HasSubstr("value=\"g2\" selected"),
                    HasSubstr("Aucune absence notée")));
  EXPECT_EQ(field(back, "id"), field(page, "id"));
  // What a POST alone answers leads back to the page that its button stands on.
  now_ += std::chrono::minutes(31);
  const Response state = post(claire, visit + "/etat", {{"_token", token}, {"acte", "arrive"}});
  EXPECT_THAT(state.body, Not(HasSubstr("Ce que vous avez écrit")));
  EXPECT_EQ(location(again(claire, state)), visit + "#contenu");
  now_ += std::chrono::minutes(31);
  EXPECT_EQ(location(again(claire, post(claire, to + "/fin",
                                        {{"_token", token}, {"agenda", "voirie"}, {"id", "x"}}))),
            to + "?agenda=voirie#contenu");
  EXPECT_EQ(state_of(visit), appointment::State::booked);
}

TEST_P(Office, AFormOfASessionBeforeThisOneIsShownAgainAndNotCarriedOut) {
  const std::string here = deposited();
  Browser claire = signed_in("claire");
  const Response message = get(claire, here + "/message"),
                 absences = get(claire, "/bureau/rendez-vous/absences");
  EXPECT_EQ(sign_in(claire, "claire").status, 303);  // in another window
  const Response again = post(claire, here + "/message",
                              {{"_token", field(message, "_token")},
                               {"id", field(message, "id")},
                               {"seen", field(message, "seen")},
                               {"text", "Il manque le plan."}});
  EXPECT_EQ(again.status, 403);
  EXPECT_THAT(again.body, AllOf(HasSubstr("Il manque le plan.</textarea>"),
                                HasSubstr("relisez, puis envoyez")));
  EXPECT_EQ(opened().events.size(), 1u);
  EXPECT_EQ(post(claire, here + "/message",
                 {{"_token", field(again, "_token")},
                  {"id", field(again, "id")},
                  {"seen", field(again, "seen")},
                  {"text", "Il manque le plan."}})
                .status,
            303);
  EXPECT_THAT(post(claire, "/bureau/rendez-vous/absences",
                   {{"_token", field(absences, "_token")},
                    {"agenda", "voirie"},
                    {"du", "lundi à 9h"},
                    {"sur", "1"}})
                  .body,
              AllOf(HasSubstr("value=\"lundi à 9h\""), HasSubstr("Aucune absence notée")));
  // That of another site is not even read.
  claire.headers[0].second = "cross-site";
  EXPECT_THAT(post(claire, here + "/message", {{"text", "Piège"}}).body, Not(HasSubstr("Piège")));
}

TEST_P(Office, ASessionThatEndsWritesNoPasswordIntoAPage) {
  Browser claire = signed_in("claire");
  const std::string token = field(get(claire, "/bureau/mot-de-passe"), "_token");
  now_ += std::chrono::minutes(31);
  const Response over = post(claire, "/bureau/mot-de-passe",
                             {{"_token", token}, {"current", kPassword}, {"next", "agrafe bleue"}});
  EXPECT_EQ(over.status, 403);
  EXPECT_THAT(over.body, AllOf(HasSubstr("Votre session est finie"), Not(HasSubstr(kPassword)),
                               Not(HasSubstr("agrafe bleue"))));
  // Nor does a form of another site wait for the sign-in.
  claire.headers[0].second = "cross-site";
  EXPECT_THAT(post(claire, "/bureau/dossiers/KILU-BAFO-7/message", {{"text", "Piège"}}).body,
              Not(HasSubstr("Piège")));
}

TEST_P(Office, SigningOutEndsTheSession) {
  Browser claire = signed_in("claire");
  const std::string cookie = claire.cookie;
  EXPECT_EQ(post(claire, "/bureau/deconnexion", {}).status, 403);
  const Response out = post(claire, "/bureau/deconnexion",
                            {{"_token", field(get(claire, "/bureau/dossiers"), "_token")}});
  EXPECT_EQ(location(out), "/bureau/connexion?sorti=1");
  EXPECT_EQ(claire.cookie, "bureau=");
  claire.cookie = cookie;
  EXPECT_EQ(get(claire, "/bureau/dossiers").status, 303);
  EXPECT_THAT(get(claire, "/bureau/connexion?sorti=1").body, HasSubstr("Vous êtes déconnecté"));
}

TEST_P(Office, APasswordIsChangedByWhoKnowsIt) {
  Browser claire = signed_in("claire"), elsewhere = signed_in("claire");
  const auto change = [&](const std::string& current, const std::string& next,
                          const std::string& again) {
    return post(claire, "/bureau/mot-de-passe",
                {{"_token", field(get(claire, "/bureau/mot-de-passe"), "_token")},
                 {"current", current},
                 {"next", next},
                 {"again", again}});
  };
  EXPECT_THAT(change("faux", "agrafe bleue du jardin", "agrafe bleue du jardin").body,
              HasSubstr("Ce n’est pas votre mot de passe actuel"));
  EXPECT_THAT(change(kPassword, "agrafe bleue du jardin", "agrafe").body, HasSubstr("diffèrent"));
  EXPECT_THAT(change(kPassword, "court", "court").body, HasSubstr("au moins 12 caractères"));
  EXPECT_EQ(location(change(kPassword, "agrafe bleue du jardin", "agrafe bleue du jardin")),
            "/bureau/mot-de-passe?fait=1#contenu");
  EXPECT_EQ(get(elsewhere, "/bureau/dossiers").status, 303);
  EXPECT_EQ(get(claire, "/bureau/dossiers").status, 200);
}

TEST_P(Office, TheListShowsOnesOwnWithTheirDeadlines) {
  const std::string here = deposited();
  const std::string there = deposited("99002");
  const std::string one = here.substr(here.rfind('/') + 1),
                    two = there.substr(there.rfind('/') + 1);
  Browser claire = signed_in("claire"), jean = signed_in("jean"), mont = signed_in("mont");
  const Response list = get(claire, "/bureau/dossiers");
  EXPECT_THAT(list.body, AllOf(HasSubstr("href=\"" + here + "\""), HasSubstr(two),
                               HasSubstr("Installer &lt;une&gt; benne"), HasSubstr("Plus tard"),
                               HasSubstr("Dans 61\u00a0jours, jeudi 28 janvier")));
  EXPECT_THAT(get(jean, "/bureau/dossiers").body, Not(HasSubstr(one)));
  EXPECT_THAT(get(mont, "/bureau/dossiers").body, AllOf(Not(HasSubstr(one)), HasSubstr(two)));
  EXPECT_THAT(get(claire, "/bureau/dossiers?etat=pieces").body, Not(HasSubstr(one)));
  EXPECT_THAT(get(claire, "/bureau/dossiers?demarche=autre").body,
              HasSubstr("Aucun dossier avec ces filtres"));
  EXPECT_THAT(get(claire, "/bureau/dossiers?service=urbanisme").body, Not(HasSubstr(one)));
  now_ += std::chrono::days(70);
  claire = signed_in("claire");
  EXPECT_THAT(get(claire, "/bureau/dossiers").body, HasSubstr("En retard de 9\u00a0jours"));
}

TEST_P(Office, AReferenceIsFoundByThoseWhoseCaseItIs) {
  const std::string here = deposited(), reference = here.substr(here.rfind('/') + 1);
  Browser claire = signed_in("claire"), jean = signed_in("jean");
  EXPECT_EQ(location(get(claire, "/bureau/dossiers?q=" + reference)), here);
  const Response none = get(jean, "/bureau/dossiers?q=" + reference);
  EXPECT_THAT(none.body, HasSubstr("Aucun dossier «"));
  EXPECT_EQ(none.status, 200);
  EXPECT_THAT(get(claire, "/bureau/dossiers?q=<b>").body, HasSubstr("&lt;b&gt;"));
}

TEST_P(Office, MissingAndForbiddenLookAlike) {
  const std::string here = deposited();
  Browser jean = signed_in("jean"), mont = signed_in("mont"), admin = signed_in("admin");
  const Response missing = get(jean, "/bureau/dossiers/" + casework::reference_of(1));
  EXPECT_EQ(missing.status, 404);
  EXPECT_THAT(missing.body, HasSubstr("n’est pas à votre service"));
  EXPECT_EQ(get(jean, here).body, missing.body);
  EXPECT_EQ(get(jean, "/bureau/dossiers/nimporte").body, missing.body);
  EXPECT_EQ(get(jean, here + "/refus").body, missing.body);
  EXPECT_EQ(get(jean, here + "/decision/2").body, missing.body);
  const std::string token = field(get(jean, "/bureau/dossiers"), "_token");
  EXPECT_EQ(
      post(jean, here + "/prise-en-charge", {{"_token", token}, {"id", portal::new_id()}}).body,
      missing.body);
  EXPECT_EQ(get(mont, here).status, 404);
  EXPECT_EQ(get(admin, here).status, 404);
  EXPECT_EQ(get(admin, "/bureau/dossiers").status, 403);
  EXPECT_EQ(opened().state, State::received);
}

TEST_P(Office, ACaseIsOnOneScreen) {
  const std::string here = deposited();
  cases_.act(api::context_of(casework_, "test"), last_, token_, Act::write, "event-0001",
             "Quand <viendrez>-vous ?");
  Browser claire = signed_in("claire");
  const std::string page = get(claire, here).body;
  for (const char* part : {"Réponses", "Ce qui s’est passé", "Délai", "Pièces", "L’usager"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_THAT(page,
              AllOf(HasSubstr("8 rue &lt;Haute&gt;"), HasSubstr("Zoé Lambert"),
                    HasSubstr("Message de l’usager"), HasSubstr("Quand &lt;viendrez&gt;-vous"),
                    HasSubstr("Comment ce délai est compté"), HasSubstr("61\u00a0jours restants"),
                    HasSubstr("28 janvier 2027")));
  // What the workflow allows in that state, and nothing else.
  EXPECT_THAT(page, AllOf(HasSubstr("/prise-en-charge\""), HasSubstr("/pieces\""),
                          Not(HasSubstr("/accord\"")), Not(HasSubstr("/cloture\""))));
  EXPECT_EQ(location(get(claire, here + "/accord")), here);
}

// What came with a mail, and what did not.
TEST_P(Office, FilesOfAMailAreNamedWithItsMessage) {
  const std::string here = deposited();
  tenancy::Context system = api::context_of(casework_, "test");
  system.actor = tenancy::Actor::system("test");
  const auto write = [&](const char* event, json::object more) {
    more["by_mail"] = true;
    more["refused"] =
        json::array{json::object{{"name", "lettre <1>.doc"}, {"said", "Exportez-la."}}};
    more["pieces"] = json::array{json::object{{"id", "0"}, {"name", "plan <2>.pdf"}}};
    cases_.write_by_mail(system, last_, event, "Voici.", more);
  };
  write("mail-000001", {});
  Browser claire = signed_in("claire");
  const std::string page = get(claire, here).body;
  EXPECT_THAT(page, AllOf(HasSubstr("plan &lt;2&gt;.pdf"), HasSubstr("l’usager en est averti"),
                          HasSubstr("lettre &lt;1&gt;.doc\u00a0: Exportez-la.")));
  EXPECT_THAT(page, Not(HasSubstr("n’en est pas averti")));
  write("mail-000002", {{"untold", true}});
  EXPECT_THAT(get(claire, here).body, HasSubstr("L’usager n’en est pas averti par e-mail"));
}

TEST_P(Office, PiecesAreAskedForOnceHoweverOftenTheFormIsSent) {
  const std::string here = deposited();
  Browser claire = signed_in("claire");
  EXPECT_EQ(act(claire, here + "/prise-en-charge", {}).status, 303);
  const std::string to = here + "/pieces";
  const Response empty = act(claire, to, {{"text", "Flou <ici>."}});
  EXPECT_EQ(empty.status, 400);
  EXPECT_THAT(empty.body, AllOf(HasSubstr("id=\"erreurs\""), HasSubstr("href=\"#term\""),
                                HasSubstr("Flou &lt;ici&gt;.</textarea>")));
  const Response page = get(claire, to);
  EXPECT_THAT(page.body, AllOf(HasSubstr("value=\"28 décembre 2026\""), HasSubstr("Un plan")));
  const Fields fields = {{"_token", field(page, "_token")},
                         {"id", field(page, "id")},
                         {"seen", field(page, "seen")},
                         {"pieces", "plan"},
                         {"other", "Une photo"},
                         {"term", "15 janvier 2027"},
                         {"text", "Le plan est flou."}};
  EXPECT_EQ(location(post(claire, to, fields)), here + "?fait=pieces#contenu");
  EXPECT_EQ(location(post(claire, to, fields)), here + "?fait=pieces#contenu");
  const casework::Opened after = opened();
  EXPECT_EQ(after.state, State::awaiting);
  EXPECT_EQ(after.events.size(), 3u);
  EXPECT_EQ(after.events[2].author, "Claire <Petit>");
  const std::string shown = get(claire, here + "?fait=pieces").body;
  EXPECT_THAT(shown, AllOf(HasSubstr("le délai est arrêté"), HasSubstr("Délai arrêté"),
                           HasSubstr("Une photo"), HasSubstr("vendredi 15 janvier")));
  // Each of the two is awaited for itself.
  EXPECT_EQ(act(claire, here + "/pieces-recues", {}).status, 400);
  EXPECT_EQ(act(claire, here + "/pieces-recues", {{"asks", "3-2"}}).status, 303);
  EXPECT_EQ(opened().state, State::awaiting);
  EXPECT_EQ(act(claire, here + "/pieces-inutiles", {{"asks", "3-1"}}).status, 400);  // no reason
  EXPECT_EQ(
      act(claire, here + "/pieces-inutiles", {{"asks", "3-1"}, {"text", "Il est là."}}).status,
      303);
  EXPECT_EQ(opened().state, State::examined);
  EXPECT_THAT(get(claire, here).body, HasSubstr("N’est plus nécessaire"));
  EXPECT_EQ(location(get(claire, here + "/pieces-inutiles")), here) << "nothing is awaited";
}

TEST_P(Office, ARefusalIsReadBeforeItIsSigned) {
  const std::string here = deposited(), to = here + "/refus";
  Browser claire = signed_in("claire");
  act(claire, here + "/prise-en-charge", {});
  EXPECT_EQ(act(claire, to, {{"text", "Trop étroit."}}).status, 400);
  const Fields typed = {{"text", "La rue est <trop> étroite."}, {"law", "Article L113-2"}};
  const Response letter = act(claire, to, typed);
  EXPECT_EQ(letter.status, 200);
  EXPECT_THAT(letter.body, AllOf(HasSubstr("Votre demande est refusée"), HasSubstr("Zoé Lambert"),
                                 HasSubstr("La rue est &lt;trop&gt; étroite."),
                                 HasSubstr("Article L113-2"), HasSubstr("deux mois"),
                                 HasSubstr("Agent, Voirie"), HasSubstr("Signer le refus")));
  EXPECT_EQ(opened().state, State::examined);  // reading decides nothing
  Fields sending = typed;
  for (const char* name : {"_token", "id", "seen"}) sending.emplace_back(name, field(letter, name));
  Fields mending = sending;
  mending.emplace_back("sign", "edit");
  EXPECT_THAT(post(claire, to, mending).body,
              HasSubstr("La rue est &lt;trop&gt; étroite.</textarea>"));
  sending.emplace_back("sign", "1");
  EXPECT_EQ(location(post(claire, to, sending)), here + "?fait=refus#contenu");
  EXPECT_EQ(location(post(claire, to, sending)), here + "?fait=refus#contenu");
  const casework::Opened after = opened();
  EXPECT_EQ(after.state, State::refused);
  EXPECT_EQ(after.events.size(), 3u);
  const Response pdf = get(claire, here + "/decision/3");
  EXPECT_EQ(pdf.header("content-type"), "application/pdf");
  EXPECT_EQ(pdf.body, "%PDF Article L113-2 Zoé Lambert");
  EXPECT_EQ(get(claire, here + "/decision/2").status, 404);
}

TEST_P(Office, WhoComesSecondIsToldAndLosesNothingTyped) {
  const std::string here = deposited(), to = here + "/accord";
  Browser claire = signed_in("claire"), awa = signed_in("awa");
  act(claire, here + "/prise-en-charge", {});
  const Response page = get(claire, to);
  const Fields typed = {{"_token", field(page, "_token")},
                        {"id", field(page, "id")},
                        {"seen", field(page, "seen")},
                        {"text", "Du 1er au 5."}};
  act(awa, here + "/avis", {{"text", "Attention au bus."}});
  // It can still be decided, but not unseen.
  const Response stale = post(claire, to, typed);
  EXPECT_EQ(stale.status, 409);
  EXPECT_THAT(stale.body,
              AllOf(HasSubstr("Le dossier a changé entre-temps"), HasSubstr("Attention au bus."),
                    HasSubstr("Awa Diop"), HasSubstr("Du 1er au 5.</textarea>")));
  Fields signing = typed;
  signing.emplace_back("sign", "1");
  EXPECT_EQ(post(claire, to, signing).status, 409);
  EXPECT_EQ(opened().state, State::examined);
  // Decided by the other: what was typed can still be copied.
  const Response letter = act(awa, here + "/refus", {{"text", "Non."}, {"law", "Article 1"}});
  post(awa, here + "/refus",
       {{"_token", field(letter, "_token")},
        {"id", field(letter, "id")},
        {"seen", field(letter, "seen")},
        {"text", "Non."},
        {"law", "Article 1"},
        {"sign", "1"}});
  const Response late = post(claire, to, signing);
  EXPECT_EQ(late.status, 409);
  EXPECT_THAT(late.body, AllOf(HasSubstr("Demande refusée"), HasSubstr("Du 1er au 5.</textarea>")));
  EXPECT_EQ(opened().state, State::refused);
}

TEST_P(Office, AFormThatComesBackForAFaultTellsWhatHappenedMeanwhile) {
  const std::string here = deposited(), to = here + "/refus";
  Browser claire = signed_in("claire"), awa = signed_in("awa");
  act(claire, here + "/prise-en-charge", {});
  const Response page = get(claire, to);
  act(awa, here + "/avis", {{"text", "Attention au bus."}});
  const Response faulty = post(claire, to,
                               {{"_token", field(page, "_token")},
                                {"id", field(page, "id")},
                                {"seen", field(page, "seen")},
                                {"text", "Trop étroit."}});
  EXPECT_EQ(faulty.status, 400);
  EXPECT_THAT(faulty.body,
              AllOf(HasSubstr("href=\"#law\""), HasSubstr("Le dossier a changé entre-temps"),
                    HasSubstr("Attention au bus."), HasSubstr("Trop étroit.</textarea>")));
  const std::string id = "id=\"erreurs\"";
  EXPECT_EQ(faulty.body.find(id), faulty.body.rfind(id));  // one of that name
  // Told once: it is news no more.
  const Response seen = post(claire, to,
                             {{"_token", field(faulty, "_token")},
                              {"id", field(faulty, "id")},
                              {"seen", field(faulty, "seen")},
                              {"text", "Trop étroit."}});
  EXPECT_EQ(seen.status, 400);
  EXPECT_THAT(seen.body, Not(HasSubstr("entre-temps")));
}

TEST_P(Office, CasesAreJoinedByWhoHasSeenWhatHappenedToThem) {
  const std::string kept = deposited(), here = deposited(), to = here + "/reunion";
  Browser claire = signed_in("claire"), awa = signed_in("awa");
  const Response page = get(claire, to);
  Fields fields = {{"_token", field(page, "_token")},
                   {"id", field(page, "id")},
                   {"seen", field(page, "seen")},
                   {"to", kept.substr(kept.rfind('/') + 1)}};
  act(awa, here + "/avis", {{"text", "Ce n’est pas la même benne."}});
  const Response stale = post(claire, to, fields);
  EXPECT_EQ(stale.status, 409);
  EXPECT_THAT(stale.body, AllOf(HasSubstr("Ce n’est pas la même benne."),
                                HasSubstr("value=\"" + fields[3].second + "\"")));
  EXPECT_EQ(opened().state, State::received);
  fields[2].second = field(stale, "seen");
  for (int twice = 0; twice < 2; ++twice)
    EXPECT_EQ(location(post(claire, to, fields)), here + "?fait=reunion#contenu");
  EXPECT_EQ(opened().state, State::closed);
  EXPECT_EQ(opened().events.size(), 3u);
}

TEST_P(Office, ACaseThatGoesToAnotherServiceIsTheirs) {
  const std::string here = deposited();
  Browser claire = signed_in("claire"), jean = signed_in("jean");
  EXPECT_EQ(location(act(claire, here + "/service",
                         {{"service", "urbanisme"}, {"text", "Une question de permis."}})),
            "/bureau/dossiers?fait=service#contenu");
  EXPECT_THAT(get(claire, "/bureau/dossiers?fait=service").body,
              HasSubstr("Le dossier est confié à un autre service."));
  EXPECT_EQ(get(claire, here).status, 404);
  EXPECT_THAT(get(jean, here).body, HasSubstr("Confié au service\u00a0: Urbanisme"));
}

TEST_P(Office, AnOpinionAndAMessageAreWordsAndCloseAndReopenAreActs) {
  const std::string here = deposited();
  Browser claire = signed_in("claire");
  EXPECT_EQ(act(claire, here + "/avis", {{"text", " "}}).status, 400);
  EXPECT_EQ(act(claire, here + "/avis", {{"text", "Favorable."}}).status, 303);
  EXPECT_EQ(act(claire, here + "/message", {{"text", "Bonjour."}}).status, 303);
  EXPECT_EQ(act(claire, here + "/transmission",
                {{"to", "Préfecture du Loiret"}, {"text", "Domaine de l’État."}})
                .status,
            303);
  EXPECT_EQ(opened().state, State::transferred);
  EXPECT_THAT(get(claire, here).body, HasSubstr("Transmis à Préfecture du Loiret"));
  EXPECT_EQ(act(claire, here + "/cloture", {}).status, 303);
  EXPECT_EQ(act(claire, here + "/reouverture", {}).status, 400);
  EXPECT_EQ(act(claire, here + "/reouverture", {{"text", "Une erreur."}}).status, 303);
  EXPECT_EQ(opened().state, State::examined);
}

TEST_P(Office, ThereAreMorePagesThanOne) {
  for (std::size_t i = 0; i <= casework::kListMax; ++i) deposited();
  Browser claire = signed_in("claire");
  const std::string first = get(claire, "/bureau/dossiers").body;
  const std::size_t at = first.find("/bureau/dossiers?apres=");
  ASSERT_NE(at, std::string::npos);
  const std::string next = first.substr(at, first.find('"', at) - at);
  EXPECT_THAT(get(claire, next).body,
              AllOf(HasSubstr("Revenir au début"), HasSubstr("class=\"case\""),
                    Not(HasSubstr("Page suivante"))));
}

TEST_P(Office, ACaseIsFoundByWhatItsPersonWrote) {
  const std::string here = deposited(), reference = here.substr(here.rfind('/') + 1);
  Browser claire = signed_in("claire"), jean = signed_in("jean");
  for (const char* sought : {"lambert", "zoé lambert"})
    EXPECT_THAT(get(claire, std::string("/bureau/dossiers?q=") + sought).body,
                AllOf(HasSubstr("Recherche"), HasSubstr("href=\"" + here + "\"")))
        << sought;
  EXPECT_THAT(get(claire, "/bureau/dossiers?q=lamb").body,
              AllOf(HasSubstr("Aucun dossier «"), HasSubstr("une adresse e-mail")));
  // What another service has is what nobody has.
  EXPECT_THAT(get(jean, "/bureau/dossiers?q=lambert").body,
              AllOf(HasSubstr("Aucun dossier «"), Not(HasSubstr(reference))));
}

TEST_P(Office, WhatIsFoundHasMorePagesThanOne) {
  for (std::size_t i = 0; i <= casework::kListMax; ++i) deposited();
  Browser claire = signed_in("claire");
  const std::string first = get(claire, "/bureau/dossiers?q=lambert").body;
  const std::size_t at = first.find("/bureau/dossiers?q=lambert&amp;apres=t");
  ASSERT_NE(at, std::string::npos);
  std::string next = first.substr(at, first.find('"', at) - at);
  next.replace(next.find("&amp;"), 5, "&");
  EXPECT_THAT(get(claire, next).body,
              AllOf(HasSubstr("Revenir au début"), HasSubstr("class=\"case\""),
                    Not(HasSubstr("Page suivante"))));
}

TEST_P(Office, AnEmptyFormOfADemarcheIsPrintedForWhoCalls) {
  Browser jean = signed_in("jean"), admin = signed_in("admin");
  EXPECT_THAT(get(jean, "/bureau/dossiers").body, HasSubstr("href=\"/bureau/demarches\""));
  const std::string form = "/bureau/demarches/essai/formulaire";
  EXPECT_THAT(get(jean, "/bureau/demarches").body,
              AllOf(HasSubstr("Installer &lt;une&gt; benne"), HasSubstr("href=\"" + form + "\""),
                    HasSubstr("Formulaire vide (PDF)")));
  const Response pdf = get(jean, form);
  EXPECT_EQ(pdf.header("content-type"), "application/pdf");
  EXPECT_EQ(pdf.header("content-disposition"), "attachment; filename=\"formulaire-essai.pdf\"");
  EXPECT_EQ(pdf.body, "%PDF essai Voirie");
  EXPECT_EQ(get(jean, form + "?commune=99009").body, "%PDF essai ");  // not one of the town's
  EXPECT_EQ(get(jean, "/bureau/demarches/autre/formulaire").status, 404);
  EXPECT_EQ(get(admin, form).status, 404);
}

TEST_P(Office, TheDayIsToldByCounterAndHour) {
  const std::string visit = booked("2026-11-28T10:20:00+01:00");
  Browser claire = signed_in("claire");
  const std::string day = get(claire, "/bureau/rendez-vous").body;
  EXPECT_THAT(day, AllOf(HasSubstr("samedi 28 novembre 2026"), HasSubstr("Guichet 1"),
                         HasSubstr("10\u202fh\u202f20"), HasSubstr("Zoé &lt;Lambert&gt;"),
                         HasSubstr("Une &lt;benne&gt;"), HasSubstr("1 personne, sur place"),
                         HasSubstr("langue des signes"), HasSubstr("Attendu")));
  EXPECT_THAT(day, Not(HasSubstr("value=\"absent\"")));  // the hour is not there yet
  EXPECT_THAT(day, HasSubstr("aria-current=\"page\">Rendez-vous<"));
  EXPECT_THAT(get(claire, "/bureau/rendez-vous?agenda=voirie&jour=2026-11-30").body,
              HasSubstr("Personne n’est attendu"));
  const Response wrong = get(claire, "/bureau/rendez-vous?jour=32 mars");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.body, HasSubstr("href=\"#jour\""));
  EXPECT_EQ(get(claire, visit).status, 200);
}

TEST_P(Office, ABookingWithinABusyTimeIsToldAtItsCounter) {
  const std::string today = booked("2026-11-28T10:20:00+01:00"),
                    monday = booked("2026-11-30T10:20:00+01:00"),
                    free = booked("2026-11-30T11:40:00+01:00");
  Browser claire = signed_in("claire");
  const std::string to = "/bureau/rendez-vous";
  EXPECT_THAT(get(claire, to).body, Not(HasSubstr("occupé")));
  const tenancy::Context cx = api::context_of(appointing_, "test");
  database_.write("demo", [&](db::Tx& tx) {  // as a calendar is read
    appointment::replace_calendar(tx, cx, "voirie", "g1",
                                  {{.agenda = "voirie",
                                    .counter = "g1",
                                    .id = "one",
                                    .from_calendar = true,
                                    .from = *parse_rfc3339("2026-11-28T09:30:00Z"),
                                    .until = *parse_rfc3339("2026-11-28T11:00:00Z")},
                                   {.agenda = "voirie",
                                    .counter = "g1",
                                    .id = "two",
                                    .from_calendar = true,
                                    .from = *parse_rfc3339("2026-11-30T09:00:00Z"),
                                    .until = *parse_rfc3339("2026-11-30T10:00:00Z")}});
  });
  const auto told = [&](const std::string& visit, const char* when) {
    return "<li><a href=\"" + visit + "\">" + when;
  };
  const std::string day = get(claire, to).body;
  EXPECT_THAT(day, AllOf(HasSubstr("2 rendez-vous tombent quand ce guichet est occupé"),
                         HasSubstr(told(today, "samedi 28 novembre")),
                         HasSubstr(told(monday, "lundi 30 novembre")),
                         Not(HasSubstr(told(free, "lundi")))));
  // At its own counter, not at the other one.
  EXPECT_LT(day.find("est occupé"), day.find("Guichet 2"));
  EXPECT_EQ(day.find("est occupé"), day.rfind("est occupé"));
  // Of a later day, what comes from it on.
  EXPECT_THAT(get(claire, to + "?jour=2026-11-29").body,
              AllOf(HasSubstr("1 rendez-vous tombe quand"), Not(HasSubstr(told(today, "samedi"))),
                    HasSubstr(told(monday, "lundi"))));
  const std::string token = field(get(claire, monday + "/deplacer"), "_token");
  for (const std::string& visit : {today, monday})
    post(claire, visit + "/annuler", {{"_token", token}});
  EXPECT_THAT(get(claire, to).body, Not(HasSubstr("est occupé")));
}

TEST_P(Office, WhoIsThereIsReceivedAndWhoIsNotIsAbsent) {
  const std::string one = booked("2026-11-28T10:20:00+01:00"),
                    two = booked("2026-11-28T10:40:00+01:00");
  Browser claire = signed_in("claire");
  const auto act = [&](const std::string& visit, const char* name) {
    return post(claire, visit + "/etat",
                {{"_token", field(get(claire, "/bureau/mot-de-passe"), "_token")},
                 {"acte", name},
                 {"retour", "jour"}});
  };
  EXPECT_THAT(location(act(one, "arrive")), HasSubstr("fait=arrive#rdv-"));
  EXPECT_THAT(location(act(one, "arrive")), HasSubstr("fait=arrive#rdv-"));  // pressed twice
  EXPECT_EQ(state_of(one), appointment::State::arrived);
  EXPECT_THAT(location(act(one, "absent")), HasSubstr("fait=change"));
  act(one, "defait");
  EXPECT_EQ(state_of(one), appointment::State::booked);
  act(one, "arrive");
  act(one, "recu");
  EXPECT_EQ(state_of(one), appointment::State::seen);
  EXPECT_THAT(location(act(two, "absent")), HasSubstr("fait=change"));  // too early
  now_ = *parse_rfc3339("2026-11-28T09:45:00Z");
  claire = signed_in("claire");
  EXPECT_THAT(location(act(two, "absent")), HasSubstr("fait=absent"));
  EXPECT_EQ(state_of(two), appointment::State::missed);
  EXPECT_EQ(act(two, "nimporte").status, 404);
  EXPECT_THAT(get(claire, "/bureau/rendez-vous/chiffres").body,
              AllOf(HasSubstr("Une &lt;benne&gt;"), HasSubstr("50\u00a0%")));
  EXPECT_EQ(get(claire, "/bureau/rendez-vous/chiffres?du=hier ou pas").status, 400);
}

TEST_P(Office, AppointmentsOfAnotherServiceAreThoseThatDoNotExist) {
  const std::string visit = booked("2026-11-28T10:20:00+01:00");
  Browser jean = signed_in("jean"), awa = signed_in("awa"), admin = signed_in("admin");
  const Response missing = get(jean, "/bureau/rendez-vous/" + appointment::new_id());
  EXPECT_EQ(missing.status, 404);
  EXPECT_THAT(missing.body, HasSubstr("n’est pas à votre service"));
  for (const std::string& to : {visit, visit + "/deplacer", visit + "/annuler", visit + "/dossier",
                                std::string("/bureau/rendez-vous?agenda=voirie"),
                                std::string("/bureau/rendez-vous?agenda=autre"),
                                std::string("/bureau/rendez-vous/absences?agenda=voirie"),
                                std::string("/bureau/rendez-vous/nouveau?agenda=voirie"),
                                std::string("/bureau/rendez-vous/chiffres?agenda=voirie")})
    EXPECT_EQ(get(jean, to).body, missing.body) << to;
  const std::string token = field(get(jean, "/bureau/dossiers"), "_token");
  for (const char* act : {"/etat", "/deplacer", "/annuler"})
    EXPECT_EQ(post(jean, visit + act,
                   {{"_token", token}, {"acte", "arrive"}, {"debut", "2026-11-30T08:00:00Z"}})
                  .body,
              missing.body)
        << act;
  EXPECT_EQ(state_of(visit), appointment::State::booked);
  EXPECT_THAT(get(jean, "/bureau/rendez-vous").body, HasSubstr("Aucun agenda dans vos services"));
  EXPECT_EQ(get(awa, visit).status, 200);
  EXPECT_EQ(get(admin, visit).status, 404);
}

TEST_P(Office, WhoCallsIsBookedOnceAndToldWhatToBring) {
  Browser claire = signed_in("claire");
  const std::string to = "/bureau/rendez-vous/nouveau";
  EXPECT_THAT(get(claire, to).body, AllOf(HasSubstr("Pour quelle démarche"),
                                          HasSubstr("Une visite"), HasSubstr("Combien")));
  EXPECT_EQ(get(claire, to + "?agenda=voirie&etape=quand").status, 400);
  const std::string asked = to + "?agenda=voirie&motif=benne&personnes=2&maniere=phone";
  EXPECT_THAT(get(claire, asked).body,
              AllOf(HasSubstr("apportez"), HasSubstr("Un plan"), HasSubstr("40 minutes"),
                    HasSubstr("value=\"2026-11-28T09:20:00Z\"")));
  EXPECT_EQ(get(claire, to + "?agenda=voirie&motif=visite&personnes=2").status, 400);
  EXPECT_EQ(get(claire, asked + "&etape=qui").status, 400);
  EXPECT_THAT(get(claire, asked + "&etape=qui&quand=jeudi").body,
              HasSubstr("un jour et une heure"));
  const Response form = get(claire, asked + "&etape=qui&debut=2026-11-28T09:00:00Z");
  ASSERT_EQ(form.status, 200);
  Fields fields;
  for (const char* name :
       {"_token", "_start", "agenda", "motif", "personnes", "maniere", "commune", "debut"})
    fields.emplace_back(name, field(form, name));
  const Response nobody = post(claire, to, fields);
  EXPECT_EQ(nobody.status, 400);
  EXPECT_THAT(nobody.body, AllOf(HasSubstr("href=\"#name\""), HasSubstr("href=\"#phone\"")));
  fields.emplace_back("name", "Élodie Roy");
  fields.emplace_back("phone", "06 12 34 56 78");
  const std::string made = location(post(claire, to, fields));
  EXPECT_EQ(location(post(claire, to, fields)), made);  // pressed twice
  EXPECT_THAT(get(claire, made).body,
              AllOf(HasSubstr("À dire avant de raccrocher"), HasSubstr("Élodie Roy"),
                    HasSubstr("Nous vous appelons"), HasSubstr("rappelez-nous")));
  // A second person at the same time: told, with the next ones, and nothing is typed again.
  Fields late = fields;
  late[1].second = portal::new_start();
  const Response taken = post(claire, to, late);
  EXPECT_EQ(taken.status, 409);
  EXPECT_THAT(taken.body, AllOf(HasSubstr("n’est plus libre"), HasSubstr("Élodie Roy"),
                                HasSubstr("value=\"2026-11-28T09:40:00Z\"")));
  // Sent again without another time, or with one that is none: the name stays, beside what is free.
  Fields again{{"pris", field(taken, "pris")}};
  for (const auto& each : late)
    if (each.first != "debut") again.push_back(each);
  ASSERT_EQ(again[0].second, "2026-11-28T09:00:00Z");
  for (const char* typed : {"", "bientôt"}) {
    Fields none = again;
    none.emplace_back("quand", typed);
    const Response still = post(claire, to, none);
    EXPECT_EQ(still.status, 400) << typed;
    EXPECT_THAT(still.body, AllOf(HasSubstr("href=\"#quand\""), HasSubstr("Élodie Roy"),
                                  HasSubstr("06 12 34 56 78"), HasSubstr("name=\"pris\""),
                                  HasSubstr("value=\"2026-11-28T09:40:00Z\""), HasSubstr(typed)));
  }
  again.emplace_back("quand", "lundi 30 novembre à 18 h");
  EXPECT_THAT(get(claire, location(post(claire, to, again))).body,
              AllOf(HasSubstr("Élodie Roy"), HasSubstr("18\u202fh")));
}

TEST_P(Office, AnAppointmentIsMovedEvenOutsideOfHoursAndCancelled) {
  const std::string visit = booked("2026-11-28T10:20:00+01:00");
  Browser claire = signed_in("claire");
  const Response page = get(claire, visit + "/deplacer");
  const std::string token = field(page, "_token");
  EXPECT_THAT(page.body, HasSubstr("value=\"2026-11-30T08:00:00Z\""));
  const auto move = [&](const char* name, const char* value) {
    return post(claire, visit + "/deplacer", {{"_token", token}, {name, value}});
  };
  EXPECT_EQ(move("debut", "").status, 400);
  EXPECT_THAT(move("quand", "bientôt").body, HasSubstr("href=\"#quand\""));
  EXPECT_THAT(location(move("debut", "2026-11-30T08:00:00Z")), HasSubstr("fait=deplace"));
  EXPECT_THAT(location(move("quand", "lundi 30 novembre à 18 h")), HasSubstr("fait=deplace"));
  EXPECT_THAT(get(claire, visit).body, HasSubstr("18\u202fh"));
  booked("2026-11-30T09:00:00+01:00");
  const Response taken = move("debut", "2026-11-30T08:00:00Z");
  EXPECT_EQ(taken.status, 409);
  EXPECT_THAT(taken.body, HasSubstr("n’est plus libre"));
  EXPECT_THAT(get(claire, visit + "/annuler").body, HasSubstr("Annuler ce rendez-vous"));
  for (int twice = 0; twice < 2; ++twice)
    EXPECT_THAT(location(post(claire, visit + "/annuler", {{"_token", token}})),
                HasSubstr("fait=annule"));
  EXPECT_EQ(state_of(visit), appointment::State::cancelled);
  EXPECT_EQ(location(get(claire, visit + "/deplacer")), visit);
}

TEST_P(Office, AnAbsenceSaysWhomItDisplacesBeforeItIsNoted) {
  const std::string visit = booked("2026-11-30T10:20:00+01:00");
  Browser claire = signed_in("claire");
  const std::string to = "/bureau/rendez-vous/absences";
  const Response page = get(claire, to);
  Fields fields = {{"_token", field(page, "_token")},
                   {"agenda", "voirie"},
                   {"id", field(page, "id")},
                   {"guichet", "g1"},
                   {"raison", "Formation <interne>"}};
  EXPECT_EQ(post(claire, to, fields).status, 400);
  fields.emplace_back("du", "lundi à 9h");
  fields.emplace_back("au", "11h");
  const Response asked = post(claire, to, fields);
  EXPECT_THAT(asked.body,
              AllOf(HasSubstr("1 rendez-vous à déplacer"), HasSubstr("Zoé &lt;Lambert&gt;"),
                    HasSubstr("lundi 30 novembre, de 9\u202fh à 11\u202fh")));
  EXPECT_EQ(state_of(visit), appointment::State::booked);  // looking changes nothing
  fields.emplace_back("sur", "1");
  for (int twice = 0; twice < 2; ++twice)
    EXPECT_EQ(location(post(claire, to, fields)),
              "/bureau/rendez-vous?agenda=voirie&jour=2026-11-30&fait=absence#contenu");
  EXPECT_EQ(state_of(visit), appointment::State::displaced);
  EXPECT_THAT(get(claire, "/bureau/rendez-vous?jour=2026-11-30").body,
              AllOf(HasSubstr("À déplacer"), HasSubstr("Formation &lt;interne&gt;")));
  const Response list = get(claire, to);
  EXPECT_THAT(list.body, HasSubstr("Terminer cette absence"));
  EXPECT_THAT(location(post(claire, to + "/fin", fields)), HasSubstr("fait=fin"));
  EXPECT_THAT(get(claire, to).body, HasSubstr("Aucune absence notée"));
}

}  // namespace
}  // namespace parvis::desk
