#include "portal/procedures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "appointment/agenda_yaml.hpp"
#include "base/error.hpp"
#include "casework/letters.hpp"
#include "casework/reference.hpp"
#include "crypto/hash.hpp"
#include "directory/directory_store.hpp"
#include "directory/service_yaml.hpp"
#include "knowledge/vdd.hpp"
#include "portal/appointments.hpp"
#include "portal/case_pages.hpp"
#include "portal/visitor.hpp"
#include "procedure/items.hpp"
#include "support/databases.hpp"
#include "support/items.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::portal {
namespace {
namespace fs = std::filesystem;

using http::Method;
using http::Request;
using http::Response;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const Instant kNow = *parse_rfc3339("2026-11-24T13:32:00Z");
const std::string kHere = "/bourg/demarches/essai";
const http::Pairs kOurs = {{"sec-fetch-site", "same-origin"}, {"host", "ville.example"}};

constexpr std::string_view kEssai = R"~(id: essai
version: 1
title: Déclarer <une> chose
summary: Pour voir.
theme: Papiers
communes: ["99001"]
sheets: [F1]
cost: C’est gratuit.
who:
  - {must: "motif != 'vol'", field: motif, message: Un vol se déclare à la police.}
service: etat-civil
other_ways: ["Au guichet, sans rendez-vous."]
clock: {silence: refuses, delay: 2 months, ground: no_text, basis: Un texte.}
documents:
  - {id: photo, label: Une photo, source: citizen, optional: true}
  - {id: preuve, label: Une preuve, source: citizen, when: "motif == 'don'", when_words: si c’est un don}
  - {id: acte, label: L’acte, source: held, help: La mairie le cherche.}
steps:
  - title: La chose
    pages:
      - id: motif
        type: choice
        label: Que s’est-il passé ?
        name: Motif
        hint: Le <motif>.
        options: [{value: perte, label: Une perte}, {value: vol, label: Un vol}, {value: don, label: Un don}]
      - {id: quand, type: date, label: "Quand ?", latest: today, help: À peu près.}
      - {id: autre, type: yes_no, label: "Autre chose ?", when: "motif == 'don'"}
  - title: Vous
    pages:
      - id: qui
        title: Qui êtes-vous
        fields:
          - {id: personne, type: person, label: Identité, with: [birth_date]}
          - {id: email, type: email, label: Adresse e-mail, autocomplete: email, optional: true}
      - id: enfants
        type: repeat
        label: Vos enfants
        name: Enfants
        optional: true
        fields: [{id: prenom, type: text, label: Prénom}]
      - {id: detail, type: long_text, label: Un détail, optional: true, max: 1000}
      - {id: honneur, type: attestation, label: Je certifie, name: Attestation}
texts: {receipt: "Reçu le {quand}.", next: Le service regarde., accepted: C’est bon., refused: C’est non.}
retention: {drafts: 30 days, closed: 1 year, basis: x}
)~";
constexpr std::string_view kElsewhere = R"~(id: ailleurs
version: 1
title: Ailleurs
summary: Dans une autre commune.
communes: ["99002"]
service: etat-civil
other_ways: [Au guichet.]
clock: {silence: none, delay: 5 working days, basis: Une déclaration.}
steps: [{title: Un, pages: [{id: nom, type: text, label: Nom}]}]
)~";

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) out.append("%").append(crypto::to_hex(std::string_view(&c, 1)));
  return out;
}
using Fields = std::vector<std::pair<std::string, std::string>>;
std::string form(const Fields& fields) {
  std::string out;
  for (const auto& [key, value] : fields)
    out.append(out.empty() ? "" : "&").append(encoded(key)).append("=").append(encoded(value));
  return out;
}
std::string field(const Response& page, std::string_view name) {
  const std::string before = "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"";
  const std::size_t at = page.body.find(before);
  if (at == std::string::npos) return "";
  const std::size_t from = at + before.size();
  return page.body.substr(from, page.body.find('"', from) - from);
}
std::size_t times(std::string_view text, std::string_view wanted) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(wanted, at)) != std::string_view::npos; ++count)
    at += wanted.size();
  return count;
}
std::string location(const Response& response) {
  return std::string(response.header("location").value_or(""));
}

// A browser that keeps cookies by their path, and says where its forms come from.
struct Visitor {
  struct Kept {
    std::string name, value, path;
  };
  std::vector<Kept> cookies = {};
  http::Pairs headers = kOurs;

  std::string sent_to(std::string_view path) const {
    std::string out;
    for (const Kept& cookie : cookies)
      if (path == cookie.path || path.starts_with(cookie.path == "/" ? "/" : cookie.path + "/"))
        out.append(out.empty() ? "" : "; ").append(cookie.name).append("=").append(cookie.value);
    return out;
  }
  void keep(std::string_view set) {
    const std::size_t equals = set.find('='), semicolon = set.find(';');
    const std::size_t path = set.find("; Path=") + 7;
    Kept kept{std::string(set.substr(0, equals)),
              std::string(set.substr(equals + 1, semicolon - equals - 1)),
              std::string(set.substr(path, set.find(';', path) - path))};
    std::erase_if(cookies, [&](const Kept& each) {
      return each.name == kept.name && each.path == kept.path;
    });
    if (set.find("Max-Age=0") == std::string_view::npos) cookies.push_back(std::move(kept));
  }
};

class Doing : public support::EachEngine {
 protected:
  Doing() : assets_(std::string(PARVIS_SOURCE_DIR) + "/web/assets", "/assets") {
    fs::create_directories(folder_);
    database_.write([](db::Tx& tx) {
      tenancy::create_tenant(tx, {.id = "demo", .name = "Agglomération du Val"}, kNow);
    });
    service_.town = "Agglomération du Val";
    service_.communes = {{.insee = "99001", .slug = "bourg", .name = "Bourg", .postcodes = {}},
                         {.insee = "99002", .slug = "mont", .name = "Mont", .postcodes = {}}};
    service_.now = [this] { return now_; };
    service_.services = [](const std::string&) {
      directory::Service office;
      office.id = "etat-civil";
      office.name = "Service <état> civil";
      office.address = {"3 place du Parvis"};
      office.phones = {{"02 61 91 24 05", "État civil"}};
      return std::vector{office};
    };
    service_.sheet = [](const knowledge::DocumentKey& key) -> std::optional<knowledge::Document> {
      if (key.id != "F1") return std::nullopt;
      knowledge::Document sheet;
      sheet.title = "Une fiche";
      return sheet;
    };
    service_.procedures = [this](const std::string& commune) {
      std::vector<Offered> out;
      for (const auto& each : catalogue_.offered("demo", commune))
        out.push_back({each->id, each->title, each->summary});
      return out;
    };
  }
  void SetUp() override {
    publish({kEssai, kElsewhere});
    build();
  }
  ~Doing() override { fs::remove_all(folder_); }

  void publish(const std::vector<std::string_view>& texts) {
    std::vector<procedure::Definition> all;
    for (const std::string_view text : texts) {
      auto read = procedure::read_definition(text);
      ASSERT_TRUE(read) << read.error().front().what;
      all.push_back(std::move(*read));
    }
    database_.write("demo", [&](db::Tx& tx) { procedure::publish(tx, "demo", all, kNow); });
  }
  void build(bool pdf = false) {
    router_ = {};
    add_portal(router_, service_, assets_);
    Procedures procedures{.casework = casework_, .access = access_};
    procedures.uploads = uploads_;
    procedures.agent_of = [this](const Request&) { return signed_in_; };
    procedures.stop_reminders = [this](const std::string& id, const std::string& tag) {
      stopped_.push_back(id + " " + tag);
      return tag == "good";
    };
    if (pdf)
      procedures.certificate_pdf = [](const casework::Opened& opened, const casework::Receipt&) {
        return "%PDF attestation " + opened.reference;
      };
    if (pdf)
      procedures.receipt_pdf = [](const casework::Opened& opened, const casework::Receipt&) {
        return "%PDF " + opened.reference;
      };
    if (pdf)
      procedures.decision_pdf = [](const casework::Decision& decision,
                                   const Personal<std::vector<std::string>>& recipient, Instant) {
        return "%PDF " + decision.law + " " + recipient.read().at(0);
      };
    add_procedures(router_, service_, assets_, procedures);
    add_appointments(router_, service_, assets_, {.appointing = appointing_});
  }

  Response call(Method method, const std::string& target, Visitor& visitor,
                const std::string& body = "") {
    Request request;
    const std::string path = target.substr(0, target.find_first_of("?#"));
    auto match = router_.match(method, path);
    if (!match || match->route == nullptr) throw std::runtime_error("no route " + path);
    request.method = method;
    request.path = path;
    request.params = match->params;
    request.received_at = now_;
    request.headers = visitor.headers;
    request.headers.emplace_back("content-type", body.starts_with("--limite")
                                                     ? "multipart/form-data; boundary=limite"
                                                     : "application/x-www-form-urlencoded");
    if (const std::string cookies = visitor.sent_to(path); !cookies.empty())
      request.headers.emplace_back("cookie", cookies);
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
    Response response = answered(*match->route, request);
    for (const auto& [name, value] : response.headers)
      if (name == "Set-Cookie") visitor.keep(value);
    return response;
  }
  static Response answered(const http::Route& route, const Request& request) {
    if (!route.receives) return route.handler(request);
    auto begun = route.receives(request);  // the body comes in pieces
    if (Response* refused = std::get_if<Response>(&begun)) return std::move(*refused);
    const http::Receiving& receiving = std::get<http::Receiving>(begun);
    receiving.take(request.body);
    return receiving.done();
  }
  Response get(Visitor& visitor, const std::string& target) {
    return call(Method::get, target, visitor);
  }
  Response post(Visitor& visitor, const std::string& target, const Fields& fields) {
    return call(Method::post, target, visitor, form(fields));
  }
  Response follow(Visitor& visitor, const Response& redirect) {
    EXPECT_EQ(redirect.status, 303) << redirect.body.substr(0, 200);
    return get(visitor, location(redirect));
  }
  Response begin(Visitor& visitor) {
    return post(visitor, kHere + "/commencer", {{"_start", field(get(visitor, kHere), "_start")}});
  }
  std::string question(const std::string& page) { return kHere + "/question/" + page; }
  // Fills in a question's form, and sends it.
  Response answer(Visitor& visitor, const std::string& page, Fields fields) {
    fields.emplace_back("_token", field(get(visitor, question(page)), "_token"));
    return post(visitor, question(page), fields);
  }
  const Fields kPerson = {{"personne.last_name", "Lambert"},
                          {"personne.first_names", "Zoé"},
                          {"personne.birth_date.day", "3"},
                          {"personne.birth_date.month", "5"},
                          {"personne.birth_date.year", "1985"}};
  void fill(Visitor& visitor) {
    begin(visitor);
    answer(visitor, "motif", {{"motif", "perte"}});
    answer(visitor, "quand", {{"quand.day", "1"}, {"quand.month", "11"}, {"quand.year", "2026"}});
    answer(visitor, "qui", kPerson);
    answer(visitor, "honneur", {{"honneur", "oui"}});
  }
  Response deposit(Visitor& visitor) {
    return post(visitor, kHere + "/deposer",
                {{"_token", field(get(visitor, kHere + "/verifier"), "_token")}});
  }
  // The address of a deposited case: "/bourg/dossiers/KILU-BAFO-7".
  std::string deposited(Visitor& visitor) {
    fill(visitor);
    const std::string to = location(deposit(visitor));
    EXPECT_THAT(to, StartsWith("/bourg/dossiers/"));
    return to.substr(0, to.find('?'));
  }
  std::vector<casework::Line> cases() {
    tenancy::Context cx = api::context_of(casework_, "test");
    return cases_.list(cx, agent_, {});
  }
  // The link that the last one who asked gets by mail; the job that sends it is the letterbox's.
  std::string mailed() {
    tenancy::Context cx = api::context_of(casework_, "test");
    cx.actor = tenancy::Actor::system("test");
    const casework::LinkAsked& asked = asked_.back();
    const auto link = access_.make_link(
        cx, cases_.with_reference(cx, asked.reference)->id, casework::browser_hash(asked.browser),
        casework::code_of(asked.browser, asked.reference), asked.email.has_value());
    return "/bourg/dossiers/acces/" + link->reveal();
  }
  casework::Opened act(casework::Act act, const std::string& text, const json::object& more = {}) {
    return cases_.act_as(api::context_of(casework_, "test"), agent_, cases().at(0).id, act,
                         new_id(), text, more);
  }

  fs::path folder_ = fs::path(::testing::TempDir()) / ("doing-" + crypto::random_hex(6));
  Instant now_ = kNow;
  Uploads uploads_ = Uploads::closed;
  std::vector<std::string> stopped_;
  std::vector<casework::LinkAsked> asked_;     // links into cases
  std::optional<casework::Author> signed_in_;  // at the desk, in the browser of every visitor
  db::Database database_{config()};
  vault::SealedFile keys_{folder_ / "keys.sealed", crypto::Key::random()};
  vault::Keyring keyring_{database_, keys_};
  procedure::Catalogue catalogue_{database_};
  appointment::Agendas agendas_{database_};
  appointment::Appointments appointments_{database_, keyring_, agendas_};
  const api::CaseAppointments visits_{database_, keyring_, appointments_, agendas_};
  casework::Cases cases_{database_,
                         keyring_,
                         catalogue_,
                         {},
                         [](const casework::Opened& opened) {
                           const auto clock = casework::clock_of(opened, Zone::paris(), kNow);
                           return clock ? clock->due : std::nullopt;
                         },
                         {},
                         visits_.at_deposit()};
  inspect::Inspector nobody_looks_{{.program = "/nowhere"}};  // files stay to be looked at
  casework::Pieces pieces_{database_, keyring_, catalogue_, nobody_looks_, nullptr};
  casework::Access access_{database_, keyring_};
  const casework::Author agent_{casework::Role::agent, "a1", "Claire <Petit>", {}};
  const api::Casework casework_{
      .cases = cases_,
      .catalogue = catalogue_,
      .tenant = "demo",
      .zone = Zone::paris(),
      .now = [this] { return now_; },
      .receipt =
          [this](const casework::Opened& opened) {
            const directory::Service office = service_.services("")[0];
            casework::Receipt receipt =
                casework::receipt_of(opened, &office, "Le Val", Zone::paris(), now_);
            tenancy::Context cx{.tenant = "demo",
                                .commune = opened.commune,
                                .actor = tenancy::Actor::system("test"),
                                .zone = Zone::paris(),
                                .deadline = {},
                                .request = "receipt",
                                .now = now_};
            visits_.tell(cx, opened, receipt);
            if (!casework::email_of(opened)) receipt.code = access_.paper_code(cx, opened.id);
            return receipt;
          },
      .pieces = &pieces_,
      .appointments = &visits_,
      .send_link = [this](const casework::LinkAsked& asked) { asked_.push_back(asked); }};
  const api::Appointing appointing_{.appointments = appointments_,
                                    .agendas = agendas_,
                                    .tenant = "demo",
                                    .zone = Zone::paris(),
                                    .now = [this] { return now_; }};
  http::Assets assets_;
  Service service_;
  http::Router router_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Doing, support::kEngines, support::engine_name);

TEST_P(Doing, WhatAnAgentTypesIsTheirsAloneAndEndsAtTheDesk) {
  Visitor browser;
  const api::Visit visit = visit_from(new_start());
  tenancy::Context cx = api::context_of(casework_, "test", "99001");
  cases_.begin_for(cx, agent_, "essai", visit.id, Secret(visit.token), casework::Way::phone, {});
  browser.keep(cookie_of(visit, kHere, Request{}, kDraftCookie));
  // Without the agent's session the cookie opens nothing.
  EXPECT_EQ(get(browser, question("motif")).status, 404);
  signed_in_ = casework::Author{casework::Role::agent, "a9", "Jean Blanc", {}};
  browser.keep(cookie_of(visit, kHere, Request{}, kDraftCookie));
  EXPECT_EQ(get(browser, question("motif")).status, 404);
  signed_in_ = agent_;
  browser.keep(cookie_of(visit, kHere, Request{}, kDraftCookie));
  const Response first = get(browser, question("motif"));
  EXPECT_EQ(first.status, 200);
  EXPECT_THAT(first.body, AllOf(HasSubstr("Demande faite par téléphone, saisie pour une personne"),
                                HasSubstr("Claire &lt;Petit")));
  answer(browser, "motif", {{"motif", "perte"}});
  answer(browser, "quand", {{"quand.day", "1"}, {"quand.month", "11"}, {"quand.year", "2026"}});
  answer(browser, "qui", kPerson);
  answer(browser, "honneur", {{"honneur", "oui"}});
  // No personal link is shown.
  const Response later = get(browser, kHere + "/plus-tard");
  EXPECT_THAT(later.body, AllOf(HasSubstr("/bureau/demarches"), Not(HasSubstr("/dossiers/lien/"))));
  const Response check = get(browser, kHere + "/verifier");
  EXPECT_THAT(check.body, HasSubstr("saisie pour Zoé Lambert par"));
  const Response sent = post(browser, kHere + "/deposer", {{"_token", field(check, "_token")}});
  EXPECT_EQ(location(sent), "/bureau/dossiers/" + cases().at(0).reference + "?fait=saisie#contenu");
  EXPECT_TRUE(browser.cookies.empty());
  const casework::Opened made = cases_.open_as(cx, agent_, cases().at(0).id);
  EXPECT_EQ(made.events.at(0).author, agent_.name);
  EXPECT_EQ(casework::way_of(made.events.at(0)), casework::Way::phone);
}

TEST_P(Doing, TheListIsOfTheCommuneAndLinkedFromEveryPage) {
  Visitor visitor;
  const Response list = get(visitor, "/bourg/demarches");
  EXPECT_THAT(list.body, HasSubstr("href=\"/bourg/demarches/essai\""));
  EXPECT_THAT(list.body, HasSubstr("<h2 id=\"theme-1\">Papiers</h2>"));
  EXPECT_THAT(list.body, HasSubstr("Déclarer &lt;une&gt; chose"));
  EXPECT_THAT(list.body, Not(HasSubstr("/demarches/ailleurs")));
  EXPECT_THAT(get(visitor, "/mont/demarches").body, HasSubstr("href=\"/mont/demarches/ailleurs\""));
  EXPECT_THAT(get(visitor, "/bourg/").body,
              AllOf(HasSubstr("<a href=\"/bourg/demarches\">Démarches</a>"),
                    HasSubstr("<a href=\"/bourg/dossiers\">Suivre un dossier</a>"),
                    HasSubstr("href=\"/bourg/demarches/essai\"")));
  publish({});
  EXPECT_THAT(get(visitor, "/bourg/demarches").body, HasSubstr("Aucune démarche"));
}

TEST_P(Doing, BeforeAnythingIsTypedAllIsSaidAndTheWaysWithoutInternetComeFirst) {
  Visitor visitor;
  const Response page = get(visitor, kHere);
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(visitor.cookies.empty());
  const std::string& body = page.body;
  for (const char* said :
       {"C’est gratuit.", "2\u00a0mois",
        "Votre demande est refusée. Vous pouvez alors demander pourquoi",
        "Service &lt;état&gt; civil", "href=\"tel:0261912405\"", "3 place du Parvis",
        "Au guichet, sans rendez-vous.", "Un vol se déclare à la police.", "Une photo (facultatif)",
        "Une preuve, si c’est un don", "Vous n’avez pas à les donner", "La mairie le cherche.",
        "href=\"/bourg/demarches/essai/papier\"", "href=\"/bourg/fiche/particuliers/F1\""})
    EXPECT_THAT(body, HasSubstr(said));
  EXPECT_LT(body.find("id=\"sans-internet\""), body.find(">Commencer</button>"));
  EXPECT_LT(body.find("02 61 91 24 05"), body.find(">Commencer</button>"));
  EXPECT_EQ(times(body, "<h1>"), 1u);
  EXPECT_THAT(body, Not(HasSubstr("<une>")));
}

TEST_P(Doing, ThePaperFormAsksTheSameInTheSameOrder) {
  Visitor visitor;
  const std::string body = get(visitor, kHere + "/papier").body;
  EXPECT_THAT(body, HasSubstr("1. Que s’est-il passé ?"));
  EXPECT_THAT(body, HasSubstr("Répondez seulement si vous répondez «\u00a0Un don\u00a0» à la "
                              "question\u00a01."));
  EXPECT_LT(body.find("Une perte"), body.find("2. Quand ?"));
  EXPECT_LT(body.find("2. Quand ?"), body.find("4. Qui êtes-vous"));
  EXPECT_THAT(body, HasSubstr("3 place du Parvis"));
  EXPECT_THAT(body, HasSubstr("Date et signature"));
  EXPECT_THAT(body, Not(HasSubstr("<input type=\"text\"")));
}

TEST_P(Doing, ToBeginSetsTheCookieOfThisDemarcheAlone) {
  Visitor visitor;
  const Response begun = begin(visitor);
  EXPECT_EQ(location(begun), kHere + "/suite");
  ASSERT_EQ(visitor.cookies.size(), 1u);
  EXPECT_EQ(visitor.cookies[0].name, "demarche");
  EXPECT_EQ(visitor.cookies[0].path, kHere);
  EXPECT_THAT(std::string(*begun.header("set-cookie")),
              HasSubstr("; Max-Age=86400; HttpOnly; SameSite=Lax"));
  EXPECT_EQ(location(get(visitor, kHere + "/suite")), question("motif"));
}

TEST_P(Doing, PressedTwiceBeginsOneDraft) {
  Visitor first, second;
  const std::string start = field(get(first, kHere), "_start");
  post(first, kHere + "/commencer", {{"_start", start}});
  post(second, kHere + "/commencer", {{"_start", start}});
  EXPECT_EQ(first.cookies[0].value, second.cookies[0].value);
  // A page left open in another tab goes on with the draft that is there.
  answer(first, "motif", {{"motif", "perte"}});
  post(first, kHere + "/commencer", {{"_start", new_start()}});
  EXPECT_EQ(first.cookies[0].value, second.cookies[0].value);
  EXPECT_THAT(get(first, kHere).body, HasSubstr("Reprendre ma demande"));
}

TEST_P(Doing, AQuestionIsOneFieldUnderItsHeading) {
  Visitor visitor;
  begin(visitor);
  const std::string body = get(visitor, question("motif")).body;
  EXPECT_THAT(body, HasSubstr("<legend><h1>Que s’est-il passé ?</h1></legend>"));
  EXPECT_THAT(body, HasSubstr("<fieldset class=\"flow\" aria-describedby=\"q-motif-aide\">"));
  EXPECT_THAT(body, HasSubstr("Le &lt;motif&gt;."));
  EXPECT_THAT(body,
              HasSubstr("<input type=\"radio\" id=\"q-motif\" name=\"motif\" value=\"perte\">"));
  EXPECT_THAT(body, HasSubstr("aria-current=\"step\""));
  EXPECT_THAT(body, HasSubstr("Étape 1 sur 4"));
  EXPECT_THAT(body, HasSubstr("<title>Que s’est-il passé ?, étape 1 sur 4"));
  EXPECT_THAT(body, Not(HasSubstr("role=\"alert\"")));
  EXPECT_THAT(body, HasSubstr("Brouillon gardé à 14\u202fh\u202f32."));
  const std::string detail = get(visitor, question("detail")).body;
  EXPECT_THAT(detail, HasSubstr("<h1><label for=\"q-detail\">Un détail"));
  EXPECT_THAT(detail, HasSubstr("1\u202f000 caractères au plus."));
  const std::string who = get(visitor, question("qui")).body;
  EXPECT_THAT(who, HasSubstr("autocomplete=\"section-q-personne family-name\""));
  EXPECT_THAT(who, HasSubstr("autocomplete=\"section-q-personne bday-day\""));
  EXPECT_THAT(who, HasSubstr("autocomplete=\"email\""));
  EXPECT_THAT(who, HasSubstr("type=\"email\""));
  EXPECT_EQ(times(who, "<h1>"), 1u);
}

TEST_P(Doing, WhatIsWrongIsSaidOnTopAndAtItsFieldAndKeptAsTyped) {
  Visitor visitor;
  begin(visitor);
  const Response sent = answer(
      visitor, "quand", {{"quand.day", "11"}, {"quand.month", "21"}, {"quand.year", "2026"}});
  EXPECT_EQ(location(sent), question("quand") + "?corriger=1#erreurs");
  const std::string body = follow(visitor, sent).body;
  EXPECT_THAT(body, HasSubstr("<title>Erreur\u00a0: Quand ?"));
  EXPECT_THAT(body, HasSubstr("role=\"alert\" tabindex=\"-1\""));
  EXPECT_THAT(body, HasSubstr("<a href=\"#q-quand-mois\">"));
  EXPECT_THAT(body, HasSubstr("id=\"q-quand-mois\" name=\"quand.month\" type=\"text\" "
                              "inputmode=\"numeric\" value=\"21\" autocomplete=\"off\" "
                              "aria-invalid=\"true\" aria-describedby=\"q-quand-erreur\""));
  EXPECT_THAT(body, HasSubstr("<p class=\"err\" id=\"q-quand-erreur\">"));
  EXPECT_EQ(times(body, "aria-invalid"), 1u);
  // Loaded again at its own address it says nothing: nobody pressed anything.
  EXPECT_THAT(get(visitor, question("quand")).body, Not(HasSubstr("role=\"alert\"")));
  const Response nothing = answer(visitor, "motif", {});
  EXPECT_THAT(follow(visitor, nothing).body, HasSubstr("<a href=\"#q-motif\">Choisissez"));
}

TEST_P(Doing, QuestionsFollowTheAnswers) {
  Visitor visitor;
  begin(visitor);
  EXPECT_EQ(location(answer(visitor, "motif", {{"motif", "don"}})), question("quand"));
  EXPECT_EQ(location(answer(visitor, "quand",
                            {{"quand.day", "1"}, {"quand.month", "11"}, {"quand.year", "2026"}})),
            question("autre"));
  answer(visitor, "motif", {{"motif", "perte"}});
  // Not asked any more: to where the draft stands.
  EXPECT_EQ(location(get(visitor, question("autre"))), question("qui"));
  EXPECT_EQ(get(visitor, question("inconnue")).status, 303);
}

TEST_P(Doing, WhoMayNotApplyIsToldAtOnceWithAnotherWay) {
  Visitor visitor;
  begin(visitor);
  const Response sent = answer(visitor, "motif", {{"motif", "vol"}});
  EXPECT_EQ(location(sent), kHere + "/impossible");
  const std::string body = follow(visitor, sent).body;
  EXPECT_THAT(body, HasSubstr("Un vol se déclare à la police."));
  EXPECT_THAT(body, HasSubstr("href=\"" + question("motif") + "\""));
  EXPECT_THAT(body, HasSubstr("href=\"tel:0261912405\""));
  EXPECT_EQ(location(get(visitor, kHere + "/verifier")), kHere + "/impossible");
  answer(visitor, "motif", {{"motif", "perte"}});
  EXPECT_EQ(location(get(visitor, kHere + "/impossible")), question("quand"));
}

TEST_P(Doing, ItemsAreAddedAndTakenAwayWithoutAScript) {
  Visitor visitor;
  begin(visitor);
  EXPECT_THAT(get(visitor, question("enfants")).body, HasSubstr("Aucune ligne pour l’instant."));
  const Response added = answer(visitor, "enfants", {{"_ajouter", "enfants"}});
  EXPECT_THAT(location(added), HasSubstr("#q-enfants-0"));
  EXPECT_THAT(follow(visitor, added).body, HasSubstr("name=\"enfants[0].prenom\""));
  const Response more =
      answer(visitor, "enfants", {{"enfants[0].prenom", "Léa"}, {"_ajouter", "enfants"}});
  const std::string two = follow(visitor, more).body;
  EXPECT_THAT(two, AllOf(HasSubstr("value=\"Léa\""), HasSubstr("name=\"enfants[1].prenom\"")));
  const Response fewer = answer(
      visitor, "enfants",
      {{"enfants[0].prenom", "Léa"}, {"enfants[1].prenom", "Tom"}, {"_retirer", "enfants[0]"}});
  const std::string one = follow(visitor, fewer).body;
  EXPECT_THAT(one, AllOf(HasSubstr("value=\"Tom\""), Not(HasSubstr("value=\"Léa\""))));
  // Blank ones are none.
  EXPECT_EQ(location(answer(visitor, "enfants",
                            {{"enfants[0].prenom", " "}, {"enfants[1].prenom", "Tom"}})),
            question("detail"));
  EXPECT_THAT(get(visitor, kHere + "/verifier").body, HasSubstr("Prénom\u00a0: Tom"));
  for (const char* odd : {"enfants[9999999]", "enfants[x]", "personne", "enfants", "["})
    EXPECT_EQ(answer(visitor, "enfants", {{"_retirer", odd}}).status, 303) << odd;
  EXPECT_EQ(get(visitor, question("enfants") + "?bloc=enfants&lignes=99999999").status, 200);
}

TEST_P(Doing, TheCheckShowsAnswersAndComesBackAfterAChange) {
  Visitor visitor;
  begin(visitor);
  const Response missing = get(visitor, kHere + "/verifier");
  EXPECT_THAT(missing.body, HasSubstr("Il manque des réponses"));
  EXPECT_THAT(missing.body, Not(HasSubstr("Envoyer ma demande")));
  EXPECT_THAT(missing.body, HasSubstr(question("motif") + "?retour=verifier#q-motif"));
  fill(visitor);
  const Response check = get(visitor, kHere + "/verifier");
  for (const char* said : {"<dt>Motif</dt>", "Une perte", "1er novembre 2026", "Zoé Lambert",
                           "Oui, je le certifie", "Pas de réponse", "Envoyer ma demande"})
    EXPECT_THAT(check.body, HasSubstr(said));
  EXPECT_THAT(get(visitor, question("motif") + "?retour=verifier").body,
              HasSubstr("name=\"_retour\" value=\"verifier\""));
  EXPECT_EQ(location(answer(visitor, "motif", {{"motif", "perte"}, {"_retour", "verifier"}})),
            kHere + "/verifier");
  // A question that the change opened comes first.
  EXPECT_EQ(location(answer(visitor, "motif", {{"motif", "don"}, {"_retour", "verifier"}})),
            question("autre") + "?retour=verifier");
}

TEST_P(Doing, AnOptionalDocumentIsPassedANeededOneIsGivenOtherwise) {
  Visitor visitor;
  fill(visitor);
  EXPECT_THAT(get(visitor, question("photo")).body, HasSubstr("Continuez sans ce document."));
  EXPECT_EQ(location(answer(visitor, "photo", {})), kHere + "/verifier");
  answer(visitor, "motif", {{"motif", "don"}});
  answer(visitor, "autre", {{"autre", "non"}});
  EXPECT_THAT(get(visitor, question("preuve")).body, HasSubstr("Donnez ce document au guichet"));
  EXPECT_EQ(location(answer(visitor, "preuve", {})), kHere + "/verifier");
  EXPECT_THAT(get(visitor, kHere + "/verifier").body, Not(HasSubstr("Envoyer ma demande")));
}

TEST_P(Doing, ADocumentThatIsBeingLookedAtIsWaitedFor) {
  Visitor visitor;
  fill(visitor);
  Request request;
  request.headers = {{"cookie", "demarche=" + visitor.cookies[0].value}};
  const auto visit = visit_in(request, kDraftCookie);
  ASSERT_TRUE(visit);
  const tenancy::Context cx = api::context_of(casework_, "test");
  const std::string id =
      pieces_.begin(cx, visit->id, visit->token, {.field = "photo", .length = 5}).piece.id;
  const auto sending = pieces_.resume(cx, visit->id, visit->token, id, 0);
  sending->append("%PDF-");
  sending->finish();
  const Response refused = deposit(visitor);
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.body, AllOf(HasSubstr(casework::kStillLooking),
                                  HasSubstr("Envoyer ma demande"), HasSubstr("role=\"alert\"")));
  EXPECT_THAT(cases(), IsEmpty());
  pieces_.remove(cx, visit->id, visit->token, id);
  EXPECT_THAT(location(deposit(visitor)), StartsWith("/bourg/dossiers/"));
}

TEST_P(Doing, PiecesThatAreAskedForAreGivenOrAnsweredWithAWord) {
  Visitor visitor;
  const std::string own = deposited(visitor);
  EXPECT_EQ(location(get(visitor, own + "/pieces")), own + "#suivi") << "nothing is asked for";
  act(casework::Act::ask_pieces, "Il manque la facture.", {{"term", "2026-12-24"}});
  const Response page = get(visitor, own + "/pieces");
  for (const char* said : {"Il manque la facture.", "24 décembre 2026", "multipart/form-data",
                           "type=\"file\"", "Envoyer au service"})
    EXPECT_THAT(page.body, HasSubstr(said));
  const std::string token = field(page, "_token");
  const auto give = [&](const std::string& text) {
    return post(visitor, own + "/pieces",
                {{"_token", token}, {"id", "event-000001"}, {"text", text}});
  };
  const Response empty = give("");
  EXPECT_EQ(empty.status, 400);
  EXPECT_THAT(empty.body, HasSubstr("Joignez un document, ou écrivez un message"));
  // A word gives no document: the service reads it, and the delay stays stopped.
  EXPECT_EQ(location(give("Je l’ai perdue.")), own + "#suivi");
  EXPECT_EQ(cases().at(0).state, casework::State::awaiting);
  EXPECT_THAT(get(visitor, own).body, HasSubstr("Je l’ai perdue."));
  EXPECT_EQ(location(give("Je l’ai perdue.")), own + "#suivi") << "sent twice";
}

TEST_P(Doing, FilesOfAMailAreNamedAndOneThatIsRejectedIsGivenAgain) {
  Visitor visitor;
  const std::string own = deposited(visitor), id = cases().at(0).id, piece(32, 'a');
  tenancy::Context system = api::context_of(casework_, "test");
  system.actor = tenancy::Actor::system("test");
  pieces_.take(system, id, piece, Personal(std::string("plan <1>.pdf")), "%PDF-");
  cases_.write_by_mail(
      system, id, "mail-000001", "Voici.",
      {{"by_mail", true},
       {"refused", json::array{json::object{{"name", "lettre.doc"}, {"said", "Exportez-le."}}}}},
      {piece});
  const std::string told = get(visitor, own).body;
  for (const char* said : {"Venu par e-mail", "Fichiers joints", "plan &lt;1&gt;.pdf",
                           "Fichiers non gardés", "lettre.doc\u00a0: Exportez-le."})
    EXPECT_THAT(told, HasSubstr(said));
  EXPECT_THAT(told, Not(HasSubstr("à donner de nouveau")));
  EXPECT_EQ(location(get(visitor, own + "/pieces")), own + "#suivi") << "nothing is asked for";
  // The antivirus finds something in it.
  const vault::Keys keys = keyring_.keys_for(system, casework::object_of(id));
  database_.write("demo", [&](db::Tx& tx) {
    const casework::Case row = casework::case_for_system(tx, system, id);
    casework::Piece found = casework::find_piece(tx, row, keys, piece).value();
    found.state = casework::PieceState::refused;
    found.said = "Un virus <y> est.";
    update_piece(tx, row, keys, found);
  });
  EXPECT_THAT(
      get(visitor, own).body,
      AllOf(HasSubstr("Un document est à donner de nouveau"), HasSubstr("Un virus &lt;y&gt; est."),
            HasSubstr("Donnez-le au guichet"), Not(HasSubstr("rien à faire"))));
  const Response page = get(visitor, own + "/pieces");
  EXPECT_THAT(page.body, AllOf(HasSubstr("<h1>Donner de nouveau un document</h1>"),
                               HasSubstr("Un virus &lt;y&gt; est."), HasSubstr("type=\"file\""),
                               Not(HasSubstr("Le service vous demande"))));
  EXPECT_EQ(location(post(visitor, own + "/pieces",
                          {{"_token", field(page, "_token")},
                           {"id", "event-000001"},
                           {"text", "Je l’apporte au guichet."}})),
            own + "#suivi");
  EXPECT_EQ(cases().at(0).state, casework::State::received);
  EXPECT_THAT(get(visitor, own).body, HasSubstr("Je l’apporte au guichet."));
}

TEST_P(Doing, AWithdrawalThatAnAgentNotedIsReadWithItsReason) {
  Visitor visitor;
  const std::string own = deposited(visitor);
  act(casework::Act::withdraw, "Vous l’avez dit au téléphone.");
  EXPECT_THAT(get(visitor, own).body, HasSubstr("Vous l’avez dit au téléphone."));
}

TEST_P(Doing, ADepositHasItsReceiptHoweverOftenItIsSent) {
  Visitor visitor;
  fill(visitor);
  Visitor twin = visitor;  // a second tab
  const Response once = deposit(visitor);
  const Fields again = {{"_token", form_token(*visit_in(
                                       [&] {
                                         Request request;
                                         request.headers = {
                                             {"cookie", "demarche=" + twin.cookies[0].value}};
                                         return request;
                                       }(),
                                       kDraftCookie))}};
  const Response twice = post(twin, kHere + "/deposer", again);
  EXPECT_EQ(location(once), location(twice));
  EXPECT_EQ(cases().size(), 1u);
  const Response receipt = follow(visitor, once);
  EXPECT_EQ(receipt.status, 200);
  for (const char* said :
       {"Votre demande est déposée", "Accusé de réception", "mardi 24 novembre 2026, à 14",
        "Service &lt;état&gt; civil", "02 61 91 24 05", "soit 2\u00a0mois",
        "Votre demande est refusée", "tribunal administratif", "Reçu le 1er novembre 2026.",
        "Le service va prendre votre demande", "Le service regarde."})
    EXPECT_THAT(receipt.body, HasSubstr(said));
  EXPECT_THAT(receipt.body, HasSubstr(cases()[0].reference));
  // Back to the form: the case, not a second one.
  for (const std::string page : {"/question/motif", "/verifier", "/suite", "/plus-tard"}) {
    const Response back = get(visitor, kHere + page);
    EXPECT_EQ(back.status, 409) << page;
    EXPECT_THAT(back.body, HasSubstr("déjà déposée"));
    EXPECT_THAT(back.body, HasSubstr("/bourg/dossiers/" + cases()[0].reference));
  }
  EXPECT_EQ(post(visitor, question("motif"), again).status, 409);
  EXPECT_THAT(get(visitor, kHere).body, HasSubstr("Commencer une autre demande"));
  begin(visitor);
  EXPECT_EQ(location(get(visitor, kHere + "/suite")), question("motif"));
}

TEST_P(Doing, AnIncompleteFormIsNotDeposited) {
  Visitor visitor;
  begin(visitor);
  const std::string token = field(get(visitor, question("motif")), "_token");
  EXPECT_EQ(location(post(visitor, kHere + "/deposer", {{"_token", token}})), kHere + "/verifier");
  EXPECT_THAT(cases(), IsEmpty());
}

TEST_P(Doing, WhatIsNotOpenHereIsOnePageThatSaysWhatToDo) {
  Visitor owner;
  const std::string whole = deposited(owner);
  Visitor draft;
  begin(draft);
  const auto body_of = [&](Visitor visitor, const std::string& target) {
    const Response page = get(visitor, target);
    EXPECT_EQ(page.status, 404) << target;
    return page.body.substr(page.body.find("<main"),
                            page.body.find("id=\"personne\"") - page.body.find("<main"));
  };
  Visitor none, foreign, odd;
  foreign.cookies = {{"demarche", std::string(32, 'a') + "." + std::string(64, 'b'), kHere},
                     {"dossier", std::string(32, 'a') + "." + std::string(64, 'b'), whole}};
  odd.cookies = {{"demarche", "x", kHere}, {"dossier", "", whole}};
  const std::string lost = body_of(none, kHere + "/verifier");
  EXPECT_THAT(lost,
              AllOf(HasSubstr("n’est pas ouverte ici"), HasSubstr("href=\"/bourg/dossiers\"")));
  EXPECT_EQ(times(lost, "<h1>"), 1u);
  for (Visitor* visitor : {&none, &foreign, &odd})
    for (const std::string& target :
         {kHere + "/suite", question("motif"), std::string("/bourg/dossiers/KILU-BAFO-1")})
      EXPECT_EQ(body_of(*visitor, target), lost) << target;
  // Another commune's, another démarche's, a draft that is asked for as a case.
  Visitor moved;
  moved.cookies = {{"demarche", draft.cookies[0].value, "/mont/demarches/essai"},
                   {"dossier", draft.cookies[0].value, whole}};
  EXPECT_EQ(get(moved, "/mont/demarches/essai/suite").status, 404);
  EXPECT_THAT(get(moved, whole).body, HasSubstr("Ouvrir le dossier"));
}

TEST_P(Doing, ACaseThatIsNotOpenHereSaysHowToGetInAndNotWhetherItIsThere) {
  Visitor owner;
  const std::string whole = deposited(owner), reference = cases()[0].reference;
  std::string nobody = casework::reference_of(12345);
  if (nobody == reference) nobody = casework::reference_of(12346);
  const std::string none = "/bourg/dossiers/" + nobody;
  const auto neutral = [](std::string body, const std::string& name) {
    for (std::size_t at = 0; (at = body.find(name)) != std::string::npos;)
      body.replace(at, name.size(), "REF");
    return body;
  };
  Visitor stranger, forged;
  forged.cookies = {{"dossier", std::string(32, 'a') + "." + std::string(64, 'b'), whole},
                    {"dossier", owner.cookies[0].value, none}};
  const std::string asks = neutral(get(stranger, whole).body, reference);
  EXPECT_THAT(asks, AllOf(HasSubstr("Ouvrir le dossier"), HasSubstr("Recevoir un lien par e-mail"),
                          HasSubstr("Votre code")));
  for (Visitor* visitor : {&stranger, &forged}) {
    for (const auto& [page, name] : {std::pair{whole, reference}, {none, nobody}}) {
      const Response shown = get(*visitor, page);
      EXPECT_EQ(shown.status, 200);
      EXPECT_EQ(neutral(shown.body, name), asks);
      for (const std::string rest :
           {"/retirer", "/pieces", "/rendez-vous", "/decision/1", "/accuse-de-reception.pdf"})
        EXPECT_EQ(location(get(*visitor, page + rest)), page) << rest;
      EXPECT_EQ(location(post(*visitor, page + "/retirer", {{"id", new_id()}})), page);
    }
  }
  // Asked for in one press, and by name: one answer.
  for (const auto& [page, name] : {std::pair{whole, reference}, {none, nobody}}) {
    Visitor asking;
    const Response sent = post(asking, page + "/lien", {});
    EXPECT_EQ(sent.status, 303);
    EXPECT_EQ(location(sent), "/bourg/dossiers/envoye?reference=" + name);
    EXPECT_EQ(asked_.back().reference, name);
    EXPECT_FALSE(asked_.back().email);
    const std::string code = casework::code_of(asked_.back().browser, name);
    const std::string digits = code.substr(0, 3) + "\u00a0" + code.substr(3);
    EXPECT_EQ(times(follow(asking, sent).body, digits), 1u);
  }
  // So does a code on paper that is wrong, until it is one too many.
  for (int i = 0; i <= casework::kPaperTries; ++i) {
    std::vector<std::string> said;
    for (const std::string& name : {reference, nobody}) {
      const Response page =
          post(stranger, "/bourg/dossiers/code", {{"reference", name}, {"code", "0000 0000 0000"}});
      EXPECT_EQ(page.status, i < casework::kPaperTries ? 400 : 429);
      said.push_back(neutral(page.body, name));
    }
    EXPECT_EQ(said[0], said[1]);
  }
}

TEST_P(Doing, ALinkOfAMailOpensTheCaseOnceInTheBrowserThatAsked) {
  Visitor owner;
  const std::string whole = deposited(owner), reference = cases()[0].reference;
  Visitor asking;
  post(asking, "/bourg/dossiers", {{"reference", reference}, {"email", "a@b.fr"}});
  EXPECT_EQ(asked_.back().email, "a@b.fr");
  const std::string link = mailed();
  // A program that reads mail, and the person: to look uses nothing up.
  for (int i = 0; i < 2; ++i) {
    Visitor program;
    EXPECT_THAT(get(program, link).body, HasSubstr("Code à six chiffres"));
    EXPECT_TRUE(program.cookies.empty());
  }
  const Response asked = get(asking, link);
  EXPECT_EQ(asked.status, 200);
  EXPECT_EQ(asked.header("referrer-policy"), "no-referrer");
  EXPECT_THAT(asked.body, Not(HasSubstr("Code à six chiffres")));
  Visitor other_site = asking;
  other_site.headers = {{"sec-fetch-site", "cross-site"}, {"host", "ville.example"}};
  EXPECT_EQ(post(other_site, link, {}).status, 403);
  const Response opened = post(asking, link, {});
  EXPECT_EQ(location(opened), whole);
  const auto cookie = opened.header("set-cookie").value_or("");
  EXPECT_THAT(std::string(cookie),
              AllOf(StartsWith("dossier="), HasSubstr("HttpOnly"), HasSubstr("SameSite=Lax"),
                    HasSubstr("Path=" + whole + ";"), Not(HasSubstr("Secure"))));
  EXPECT_THAT(follow(asking, opened).body, HasSubstr("Où en est votre dossier"));
  // Used: in another tab, and for whoever finds the mail.
  EXPECT_EQ(post(asking, link, {}).status, 404);
  EXPECT_THAT(get(asking, link).body, HasSubstr("Ce lien ne marche plus"));
  // By https, the cookie goes nowhere else.
  Visitor secure = asking;
  secure.headers.emplace_back("x-forwarded-proto", "https");
  post(secure, whole + "/lien", {});
  EXPECT_THAT(std::string(post(secure, mailed(), {}).header("set-cookie").value_or("")),
              HasSubstr("Secure"));
}

TEST_P(Doing, AnotherBrowserWritesTheCodeThatTheFirstOneShows) {
  Visitor owner;
  const std::string whole = deposited(owner), reference = cases()[0].reference;
  Visitor desktop, phone;
  post(desktop, whole + "/lien", {});
  const std::string link = mailed(), code = casework::code_of(asked_.back().browser, reference);
  EXPECT_EQ(post(phone, link, {}).status, 400);
  const Response wrong = post(phone, link, {{"code", code == "123456" ? "654321" : "123456"}});
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.body, AllOf(HasSubstr("<title>Erreur"), HasSubstr("href=\"#code\""),
                                HasSubstr("aria-invalid=\"true\"")));
  EXPECT_EQ(location(post(phone, link, {{"code", code}})), whole);
  EXPECT_THAT(get(phone, whole).body, HasSubstr("Où en est votre dossier"));
  EXPECT_THAT(get(desktop, whole).body, HasSubstr("Ouvrir le dossier"));
  // A browser that does not say where the form comes from presses twice, and types once.
  Visitor silent;
  silent.headers = {{"host", "ville.example"}};
  post(desktop, whole + "/lien", {});
  const std::string second = mailed();
  const Response confirm = post(silent, second, {{"code", code}});
  EXPECT_EQ(confirm.status, 200);
  EXPECT_THAT(confirm.body, AllOf(HasSubstr("Appuyez encore une fois"), HasSubstr(code)));
  EXPECT_EQ(location(post(silent, second, {{"code", code}, {"_start", field(confirm, "_start")}})),
            whole);
}

TEST_P(Doing, TwoTabsOfOneBrowserAskAndBothLinksOpen) {
  Visitor owner;
  const std::string whole = deposited(owner);
  Visitor asking;
  post(asking, whole + "/lien", {});
  const std::string first = mailed(), browser = asked_.back().browser;
  post(asking, whole + "/lien", {});
  EXPECT_EQ(asked_.back().browser, browser);
  const std::string second = mailed();
  EXPECT_EQ(location(post(asking, second, {})), whole);
  EXPECT_EQ(location(post(asking, first, {})), whole);
}

TEST_P(Doing, ABrowserAsksForSoManyLinks) {
  Visitor asking;
  const Fields named = {{"reference", casework::reference_of(7)}, {"email", "a@b.fr"}};
  int sent = 0;
  for (; sent < 50 && post(asking, "/bourg/dossiers", named).status == 303; ++sent) continue;
  EXPECT_EQ(sent, 5);
  EXPECT_EQ(asked_.size(), 5u);
  EXPECT_EQ(post(asking, "/bourg/dossiers", named).status, 429);
  now_ += std::chrono::minutes(1);
  EXPECT_EQ(post(asking, "/bourg/dossiers", named).status, 303);
}

TEST_P(Doing, ASessionEndsAndWhatWasWrittenComesBack) {
  Visitor visitor;
  const std::string whole = deposited(visitor);
  const Response page = get(visitor, whole);
  now_ += casework::kSessionIdle;
  EXPECT_THAT(get(visitor, whole).body, HasSubstr("Ouvrir le dossier"));
  const Response late = post(visitor, whole + "/message",
                             {{"_token", field(page, "_token")},
                              {"id", field(page, "id")},
                              {"text", "Une <longue> lettre"}});
  EXPECT_EQ(late.status, 409);
  EXPECT_THAT(late.body,
              AllOf(HasSubstr("n’est pas parti"), HasSubstr("Une &lt;longue&gt; lettre")));
  // Nor does the browser's draft open it again by now: it leads to the page that asks.
  EXPECT_EQ(get(visitor, kHere + "/suite").status, 409);
  EXPECT_THAT(get(visitor, whole).body, HasSubstr("Ouvrir le dossier"));
}

TEST_P(Doing, WhoHasNoEmailOpensTheirCaseWithTheCodeOnPaper) {
  Visitor owner;
  const std::string whole = deposited(owner), reference = cases()[0].reference;
  tenancy::Context cx = api::context_of(casework_, "test");
  const std::string code = access_.paper_code(cx, cases()[0].id);
  EXPECT_THAT(get(owner, whole).body, HasSubstr(code));  // the acknowledgement, to be printed
  Visitor library;
  EXPECT_EQ(location(post(library, "/dossiers/code", {{"reference", reference}, {"code", code}})),
            whole);
  EXPECT_THAT(get(library, whole).body, HasSubstr("Où en est votre dossier"));
  const Response empty = post(library, "/bourg/dossiers/code", {{"reference", "x"}, {"code", ""}});
  EXPECT_EQ(empty.status, 400);
  EXPECT_THAT(empty.body, AllOf(HasSubstr("2 points sont à corriger"), HasSubstr("<details open")));
  Visitor silent;
  silent.headers = {{"host", "ville.example"}};
  const Fields typed = {{"reference", reference}, {"code", code}};
  const Response confirm = post(silent, "/bourg/dossiers/code", typed);
  EXPECT_THAT(confirm.body, HasSubstr("Appuyez encore une fois"));
  Fields again = typed;
  again.emplace_back("_start", field(confirm, "_start"));
  EXPECT_EQ(location(post(silent, "/bourg/dossiers/code", again)), whole);
  silent.headers.emplace_back("sec-fetch-site", "cross-site");
  EXPECT_EQ(post(silent, "/bourg/dossiers/code", typed).status, 403);
  // Who gave an address needs none, and gets none.
  Visitor with_mail;
  begin(with_mail);
  answer(with_mail, "motif", {{"motif", "perte"}});
  answer(with_mail, "quand", {{"quand.day", "1"}, {"quand.month", "11"}, {"quand.year", "2026"}});
  Fields person = kPerson;
  person.emplace_back("email", "a@b.fr");
  answer(with_mail, "qui", person);
  answer(with_mail, "honneur", {{"honneur", "oui"}});
  EXPECT_THAT(follow(with_mail, deposit(with_mail)).body, Not(HasSubstr("Votre code")));
}

TEST_P(Doing, ADemarcheThatIsNotOfferedIsMissingWhateverTheReason) {
  Visitor visitor;
  const auto body_of = [&](const std::string& target) {
    const Response page = get(visitor, target);
    EXPECT_EQ(page.status, 404) << target;
    EXPECT_THAT(page.body, HasSubstr("href=\"/bourg/demarches\""));
    return page.body;
  };
  const std::string never = body_of("/bourg/demarches/jamais");
  EXPECT_EQ(body_of("/bourg/demarches/ailleurs"), never);
  EXPECT_EQ(body_of("/bourg/demarches/ailleurs/papier"), never);
  Visitor begun;
  fill(begun);
  publish({kElsewhere});
  EXPECT_EQ(body_of(kHere), never);
  EXPECT_EQ(post(visitor, kHere + "/commencer", {{"_start", new_start()}}).status, 404);
  // What was begun goes on.
  EXPECT_THAT(location(deposit(begun)), StartsWith("/bourg/dossiers/"));
  EXPECT_THROW(get(visitor, "/nulle-part/demarches"), Error);
}

TEST_P(Doing, AFormOfAnotherSiteIsRefused) {
  Visitor visitor;
  const std::string whole = deposited(visitor);
  Visitor drafting;
  begin(drafting);
  for (Visitor* each : {&visitor, &drafting})
    each->headers = {{"sec-fetch-site", "cross-site"}, {"host", "ville.example"}};
  const std::string start = new_start();
  for (const std::string& target : {kHere + "/commencer", question("motif"), kHere + "/deposer",
                                    kHere + "/effacer", kHere + "/fermer"})
    EXPECT_EQ(post(drafting, target, {{"_start", start}, {"motif", "don"}}).status, 403) << target;
  for (const std::string rest : {"/message", "/retirer", "/fermer"})
    EXPECT_EQ(post(visitor, whole + rest, {{"id", new_id()}, {"text", "x"}}).status, 403) << rest;
  EXPECT_EQ(post(visitor, "/bourg/dossiers", {{"reference", "KILU-BAFO-7"}}).status, 403);
  EXPECT_EQ(act(casework::Act::note, "vu").state, casework::State::received);
}

TEST_P(Doing, ABrowserThatSaysNothingReturnsTheFormsToken) {
  Visitor visitor;
  visitor.headers = {{"host", "ville.example"}};
  // To begin, the form is shown once more, with the cookie that it then has to match: otherwise
  // another site could have its visitors write into a draft that it reads.
  const Response once = post(visitor, kHere + "/commencer", {{"_start", new_start()}});
  EXPECT_EQ(once.status, 200);
  EXPECT_THAT(once.body, HasSubstr("Appuyez encore une fois"));
  const Response twice = post(visitor, kHere + "/commencer", {{"_start", field(once, "_start")}});
  EXPECT_EQ(location(twice), kHere + "/suite");
  EXPECT_EQ(location(answer(visitor, "motif", {{"motif", "perte"}})), question("quand"));
  EXPECT_EQ(post(visitor, question("motif"), {{"motif", "don"}}).status, 403);
  EXPECT_EQ(post(visitor, question("motif"), {{"_token", std::string(64, '0')}}).status, 403);
}

TEST_P(Doing, APersonalLinkOpensNothingUntilItsButtonIsPressed) {
  Visitor visitor;
  fill(visitor);
  const std::string later = get(visitor, kHere + "/plus-tard").body;
  const std::size_t at = later.find("http://ville.example/bourg/dossiers/lien/");
  ASSERT_NE(at, std::string::npos);
  const std::string link = later.substr(at + 20, later.find('"', at) - at - 20);
  Visitor other;
  const Response asked = get(other, link);
  EXPECT_EQ(asked.status, 200);
  EXPECT_EQ(asked.header("referrer-policy"), "no-referrer");
  EXPECT_TRUE(other.cookies.empty());
  const Response opened = post(other, link, {{"_start", field(asked, "_start")}});
  EXPECT_EQ(location(opened), kHere + "/suite");
  EXPECT_EQ(location(get(other, kHere + "/suite")), kHere + "/verifier");
  // Once it is deposited the same link leads to the page of the case, and opens nothing.
  deposit(visitor);
  Visitor third;
  const Response whole = post(third, link, {{"_start", field(get(third, link), "_start")}});
  EXPECT_EQ(location(whole), "/bourg/dossiers/" + cases()[0].reference);
  EXPECT_TRUE(third.cookies.empty());
  EXPECT_THAT(follow(third, whole).body, HasSubstr("Ouvrir le dossier"));
  // As it is written in a letter: of no commune.
  Visitor fourth;
  const std::string plain = link.substr(std::string("/bourg").size());
  EXPECT_EQ(location(post(fourth, plain, {{"_start", field(get(fourth, plain), "_start")}})),
            "/bourg/dossiers/" + cases()[0].reference);
  // A link to nothing shows the same button, and then the one page.
  const std::string nothing = "/bourg/dossiers/lien/" +
                              link_key({.id = std::string(32, '0'), .token = std::string(64, '0')});
  EXPECT_THAT(get(other, nothing).body, HasSubstr("Ouvrir ma demande"));
  EXPECT_EQ(post(other, nothing, {{"_start", new_start()}}).status, 404);
  Visitor silent;
  silent.headers = {{"host", "ville.example"}};
  const Response confirm = post(silent, link, {{"_start", new_start()}});
  EXPECT_EQ(confirm.status, 200);
  EXPECT_EQ(post(silent, link, {{"_start", field(confirm, "_start")}}).status, 303);
  silent.headers.emplace_back("sec-fetch-site", "cross-site");
  EXPECT_EQ(post(silent, link, {{"_start", new_start()}}).status, 403);
}

TEST_P(Doing, TheLinkIsSentAgainWithoutTellingWhetherThereIsACase) {
  Visitor visitor;
  const std::string to = "/bourg/dossiers";
  const Response sent = post(visitor, to, {{"reference", "kilu bafo 7"}, {"email", "a@b.fr"}});
  const bool known = casework::read_reference("kilu bafo 7").has_value();
  const std::string reference = casework::reference_of(12345);
  const Response good = post(visitor, to, {{"reference", reference}, {"email", " a@b.fr "}});
  EXPECT_EQ(location(good), "/bourg/dossiers/envoye?reference=" + reference);
  EXPECT_EQ(asked_.back().reference, reference);
  EXPECT_EQ(asked_.back().email, "a@b.fr");
  EXPECT_EQ(asked_.size(), known ? 2u : 1u);
  EXPECT_EQ(sent.status, known ? 303 : 400);
  EXPECT_THAT(follow(visitor, good).body, HasSubstr("Si une demande existe"));
  Visitor passing;  // who did not ask sees no code
  EXPECT_THAT(get(passing, location(good)).body, Not(HasSubstr("plaque--ref")));
  const Response bad = post(visitor, to, {{"reference", "<x>"}, {"email", "a"}});
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(bad.body, HasSubstr("2 points sont à corriger"));
  EXPECT_THAT(bad.body, HasSubstr("value=\"&lt;x&gt;\""));
  EXPECT_EQ(times(bad.body, "aria-invalid=\"true\""), 2u);
}

TEST_P(Doing, MessagesGoBothWaysAndOnceEach) {
  Visitor visitor;
  const std::string whole = deposited(visitor);
  const Response page = get(visitor, whole);
  const Fields message = {{"_token", field(page, "_token")},
                          {"id", field(page, "id")},
                          {"text", "Bonjour <b>\nDeux lignes"}};
  const Response sent = post(visitor, whole + "/message", message);
  EXPECT_THAT(location(sent), StartsWith(whole + "#m"));
  post(visitor, whole + "/message", message);
  act(casework::Act::write, "Nous regardons.");
  act(casework::Act::note, "entre nous");
  const std::string body = get(visitor, whole).body;
  EXPECT_EQ(times(body, "Bonjour &lt;b&gt;"), 1u);
  EXPECT_THAT(body, AllOf(HasSubstr("Nous regardons."), HasSubstr("Claire &lt;Petit&gt;"),
                          Not(HasSubstr("entre nous"))));
  const Response empty = post(visitor, whole + "/message",
                              {{"_token", field(page, "_token")}, {"id", new_id()}, {"text", " "}});
  EXPECT_EQ(empty.status, 400);
  EXPECT_THAT(empty.body, HasSubstr("<title>Erreur"));
  EXPECT_THAT(empty.body, HasSubstr("href=\"#message\""));
  const Response long_one =
      post(visitor, whole + "/message",
           {{"_token", field(page, "_token")}, {"id", new_id()}, {"text", std::string(5000, 'a')}});
  EXPECT_EQ(long_one.status, 413);
  EXPECT_THAT(long_one.body, HasSubstr(std::string(5000, 'a')));
}

TEST_P(Doing, TheTimelineSaysWhatIsDoneWhatIsNowAndWhoseTurnItIs) {
  Visitor visitor;
  const std::string whole = deposited(visitor);
  act(casework::Act::take_up, "");
  EXPECT_THAT(get(visitor, whole).body, AllOf(HasSubstr("Le service a pris votre demande"),
                                              HasSubstr("Le service étudie votre demande"),
                                              HasSubstr("C’est au service d’agir")));
  act(casework::Act::ask_pieces, "Il manque la page 2.",
      {{"pieces", "un acte <de> naissance"}, {"term", "2026-12-24"}});
  const std::string waiting = get(visitor, whole).body;
  EXPECT_THAT(waiting,
              AllOf(HasSubstr("C’est à vous d’agir"), HasSubstr("jusqu’au jeudi 24 décembre 2026"),
                    HasSubstr("un acte &lt;de&gt; naissance"), HasSubstr("Il manque la page 2.")));
  EXPECT_EQ(times(waiting, "Il manque la page 2."), 1u);
  act(casework::Act::give_pieces, "");
  act(casework::Act::accept, "Tout est en ordre.");
  const std::string done = get(visitor, whole).body;
  EXPECT_THAT(done,
              AllOf(HasSubstr("Votre demande est acceptée"), HasSubstr("C’est bon."),
                    HasSubstr("Tout est en ordre."), HasSubstr("Décision de Claire &lt;Petit&gt;"),
                    Not(HasSubstr("En ce moment")), Not(HasSubstr("/retirer\""))));
}

TEST_P(Doing, ARequestIsWithdrawnAfterItIsAsked) {
  Visitor visitor;
  const std::string whole = deposited(visitor);
  const Response asked = get(visitor, whole + "/retirer");
  EXPECT_THAT(asked.body, HasSubstr("Retirer votre demande\u202f?"));
  const Fields sent = {{"_token", field(asked, "_token")}, {"id", field(asked, "id")}};
  EXPECT_EQ(location(post(visitor, whole + "/retirer", sent)), whole + "#suivi");
  EXPECT_EQ(post(visitor, whole + "/retirer", sent).status, 303);
  EXPECT_THAT(get(visitor, whole).body, HasSubstr("Vous avez retiré votre demande"));
  EXPECT_EQ(location(get(visitor, whole + "/retirer")), whole);
}

TEST_P(Doing, ADraftIsErasedOrForgottenHere) {
  Visitor visitor;
  begin(visitor);
  Visitor twin = visitor;
  const auto token = [&] { return field(get(visitor, kHere + "/plus-tard"), "_token"); };
  EXPECT_EQ(location(post(visitor, kHere + "/fermer", {{"_token", token()}})), kHere + "/ferme");
  EXPECT_TRUE(visitor.cookies.empty());
  EXPECT_EQ(get(twin, question("motif")).status, 200);
  visitor = twin;
  EXPECT_EQ(location(post(visitor, kHere + "/effacer", {{"_token", token()}})), kHere + "/efface");
  EXPECT_EQ(get(visitor, kHere + "/efface").status, 200);
  EXPECT_EQ(get(twin, question("motif")).status, 404);
  Visitor closing;
  const std::string whole = deposited(closing);
  EXPECT_EQ(location(post(closing, whole + "/fermer",
                          {{"_token", field(get(closing, whole), "_token")}})),
            "/bourg/dossiers/ferme");
  EXPECT_TRUE(closing.cookies.empty());  // nor does what the draft was filled in with open it
  EXPECT_THAT(get(closing, whole).body, HasSubstr("Ouvrir le dossier"));
  EXPECT_EQ(cases().size(), 1u);
}

TEST_P(Doing, TheReceiptIsAFileWhenThereIsOne) {
  Visitor visitor;
  const std::string whole = deposited(visitor);
  const std::string to = whole + "/accuse-de-reception.pdf";
  EXPECT_THAT(get(visitor, whole).body, Not(HasSubstr(to)));
  EXPECT_EQ(get(visitor, to).status, 404);
  build(true);
  EXPECT_THAT(get(visitor, whole).body, HasSubstr(to));
  const Response file = get(visitor, to);
  EXPECT_EQ(file.header("content-type"), "application/pdf");
  EXPECT_THAT(file.body, StartsWith("%PDF"));
}

TEST_P(Doing, RemindersAreSwitchedOnThePageAndByTheLinkOfAMail) {
  Visitor visitor;
  const std::string whole = deposited(visitor);
  const auto token = [&] { return field(get(visitor, whole), "_token"); };
  EXPECT_THAT(get(visitor, whole).body, HasSubstr("Ne plus recevoir de rappels"));
  EXPECT_EQ(location(post(visitor, whole + "/rappels", {{"_token", token()}, {"voulus", "non"}})),
            whole + "#vous-pouvez");
  EXPECT_THAT(get(visitor, whole).body,
              AllOf(HasSubstr("Recevoir des rappels"), HasSubstr("toujours envoyés")));
  post(visitor, whole + "/rappels", {{"_token", token()}, {"voulus", "oui"}});
  EXPECT_THAT(get(visitor, whole).body, HasSubstr("Ne plus recevoir de rappels"));

  Visitor stranger;  // a mail program: no cookie, and no word of where the form comes from
  stranger.headers = {{"host", "ville.example"}};
  const std::string to = "/dossiers/rappels/abc-good";
  EXPECT_THAT(get(stranger, to).body, HasSubstr("action=\"" + to + "\""));
  EXPECT_TRUE(stopped_.empty());  // looking stops nothing
  EXPECT_EQ(post(stranger, to, {{"List-Unsubscribe", "One-Click"}}).status, 200);
  EXPECT_EQ(stopped_, (std::vector<std::string>{"abc good"}));
  EXPECT_EQ(post(stranger, "/dossiers/rappels/abc-bad", {}).status, 404);
  EXPECT_EQ(post(stranger, "/dossiers/rappels/abc", {}).status, 404);
}

TEST_P(Doing, SilenceThatAcceptedIsToldAndAttested) {
  build(true);
  Visitor visitor;
  const std::string whole = deposited(visitor);
  EXPECT_EQ(get(visitor, whole + "/attestation.pdf").status, 404);
  tenancy::Context cx = api::context_of(casework_, "test");
  cx.actor = tenancy::Actor::system("test");
  cases_.record(cx, cases().at(0).id, casework::Act::silence, "silence-2027-01-25", "",
                {{"verdict", "accepted"}, {"last_day", "2027-01-25"}});
  const Response page = get(visitor, whole);
  EXPECT_THAT(
      page.body,
      AllOf(HasSubstr("Le délai a pris fin sans réponse\u00a0: votre demande est acceptée"),
            HasSubstr("Demander l’attestation"), Not(HasSubstr("C’est au service d’agir"))));
  EXPECT_THAT(get(visitor, whole + "/attestation.pdf").body, StartsWith("%PDF attestation"));
  const Fields asked = {{"_token", field(page, "_token")}, {"id", "attestation-2027-01-25"}};
  for (int i = 0; i < 2; ++i) EXPECT_EQ(post(visitor, whole + "/attestation", asked).status, 303);
  EXPECT_EQ(times(get(visitor, whole).body, "Je demande une attestation"), 1u);
  act(casework::Act::take_up, "");
  act(casework::Act::refuse, "Retirée.");  // a decision undoes it: nothing to attest
  EXPECT_EQ(get(visitor, whole + "/attestation.pdf").status, 404);
}

TEST_P(Doing, ACodeOnPaperFillsInTheReferenceAndOpensNothing) {
  Visitor visitor;
  const std::string reference = casework::reference_of(12345);
  EXPECT_THAT(get(visitor, "/dossiers?reference=" + reference).body,
              HasSubstr("value=\"" + reference + "\""));
  EXPECT_THAT(get(visitor, "/dossiers?reference=KILU").body, Not(HasSubstr("KILU\"")));
}

// A draft that a conversation holds, with its first question answered, and a code for it.
TEST_P(Doing, ADraftOfAConversationIsOpenedAtTheSameStepByACodeOfOneUse) {
  const api::Visit talk{.id = casework::new_id(), .token = casework::new_token().reveal()};
  const tenancy::Context cx = api::context_of(casework_, "test", "99001");
  cases_.begin(cx, "essai", talk.id, Secret(talk.token));
  cases_.merge(cx, talk.id, talk.token, {{"motif", "perte"}});
  const auto passage = [&] {
    return kHere + "/passage/" +
           cases_.hand_over(cx, talk.id, talk.token, R"({"from":"bourg","page":"quand"})").reveal();
  };
  const std::string to = passage();
  Visitor visitor;
  // Asks first; says the same whatever the code.
  const Response asked = get(visitor, to);
  EXPECT_EQ(asked.status, 200);
  EXPECT_EQ(asked.header("referrer-policy"), "no-referrer");
  EXPECT_THAT(visitor.cookies, IsEmpty());
  const Response opened = post(visitor, to, {{"_start", field(asked, "_start")}});
  EXPECT_EQ(location(opened), kHere + "/question/quand");
  EXPECT_THAT(follow(visitor, opened).body,
              HasSubstr("href=\"/bourg/conversation?suite=1&amp;formulaire=1#reprendre\""));
  answer(visitor, "quand", {{"quand.day", "1"}, {"quand.month", "11"}, {"quand.year", "2026"}});
  EXPECT_EQ(cases_.open(cx, talk.id, talk.token).answers.at("quand"), "2026-11-01");
  // Used, and never again.
  Visitor other;
  EXPECT_EQ(post(other, to, {{"_start", field(get(other, to), "_start")}}).status, 404);
  EXPECT_THAT(other.cookies, IsEmpty());
  other.headers = {{"sec-fetch-site", "cross-site"}, {"host", "ville.example"}};
  EXPECT_EQ(post(other, passage(), {}).status, 403);
}

TEST_P(Doing, TheDraftThatIsOpenHereDoesNotGiveWayUnasked) {
  Visitor visitor;
  begin(visitor);
  answer(visitor, "motif", {{"motif", "don"}});
  const api::Visit talk{.id = casework::new_id(), .token = casework::new_token().reveal()};
  const tenancy::Context cx = api::context_of(casework_, "test", "99001");
  cases_.begin(cx, "essai", talk.id, Secret(talk.token));
  const std::string to =
      kHere + "/passage/" +
      cases_.hand_over(cx, talk.id, talk.token, R"({"from":".","page":"motif"})").reveal();
  const Response which = post(visitor, to, {{"_start", new_start()}});
  EXPECT_EQ(which.status, 200);
  EXPECT_THAT(which.body,
              AllOf(HasSubstr("Vous avez deux brouillons"), HasSubstr("/dossiers/lien/")));
  EXPECT_THAT(get(visitor, question("motif")).body, HasSubstr("value=\"don\" checked"));
  const std::size_t at = which.body.find("action=\"" + kHere + "/passage/");
  ASSERT_NE(at, std::string::npos);
  const std::string again = which.body.substr(at + 8, which.body.find('"', at + 8) - at - 8);
  const Response opened = post(visitor, again, {{"_autre", "garder"}});
  EXPECT_EQ(location(opened), question("motif"));
  EXPECT_THAT(follow(visitor, opened).body,
              AllOf(Not(HasSubstr("value=\"don\" checked")), HasSubstr("dans l’autre onglet")));
}

TEST_P(Doing, WhatAnotherWindowAnsweredOnThePageIsNotEmptied) {
  Visitor visitor;
  begin(visitor);
  const Response shown = get(visitor, question("qui"));
  const std::string seen = field(shown, "_vu"), token = field(shown, "_token");
  answer(visitor, "qui", kPerson);  // in another tab, or in the conversation
  post(visitor, question("qui"),
       {{"_token", token}, {"_vu", seen}, {"personne.first_names", "Léa"}, {"email", ""}});
  const Response now = get(visitor, question("qui"));
  EXPECT_THAT(now.body, AllOf(HasSubstr("value=\"Lambert\""), HasSubstr("value=\"Léa\"")));
  // Emptied on the page as it is: empty.
  post(visitor, question("qui"),
       {{"_token", token}, {"_vu", field(now, "_vu")}, {"personne.first_names", "Léa"}});
  EXPECT_THAT(get(visitor, question("qui")).body, Not(HasSubstr("value=\"Lambert\"")));
}

TEST_P(Doing, WhatSheetsSayIsQuotedWithWhereItStands) {
  service_.sheet = [](const knowledge::DocumentKey& key) -> std::optional<knowledge::Document> {
    if (key.id != "F1" || key.audience != "particuliers") return std::nullopt;
    auto read = knowledge::parse_fiche_xml(
        R"(<Publication ID="F1" type="Fiche d'information"><dc:title>Une fiche</dc:title>
<dc:date>modified 2020-09-14</dc:date><Texte><Chapitre><Titre><Paragraphe>Coût</Paragraphe></Titre>
<Paragraphe>La démarche coûte <Valeur>25 €</Valeur>.</Paragraphe></Chapitre></Texte></Publication>)",
        "particuliers");
    return read ? std::optional(std::move(*read)) : std::nullopt;
  };
  build();
  Visitor visitor;
  EXPECT_THAT(get(visitor, kHere).body,
              AllOf(HasSubstr("Ce que disent les fiches officielles"), HasSubstr("25 €"),
                    HasSubstr("Coût"), HasSubstr("/fiche/particuliers/F1")));
  service_.sheet = [](const knowledge::DocumentKey&) -> std::optional<knowledge::Document> {
    return std::nullopt;
  };
  build();
  const Response without = get(visitor, kHere);
  EXPECT_EQ(without.status, 200);
  EXPECT_THAT(without.body, Not(HasSubstr("Ce que disent les fiches")));
}

TEST_P(Doing, TwoTabsOnTwoQuestionsLoseNothing) {
  Visitor visitor;
  begin(visitor);
  std::thread one([&, tab = visitor]() mutable { answer(tab, "motif", {{"motif", "perte"}}); });
  std::thread two([&, tab = visitor]() mutable { answer(tab, "detail", {{"detail", "Bleu"}}); });
  one.join();
  two.join();
  const std::string body = get(visitor, kHere + "/verifier").body;
  EXPECT_THAT(body, AllOf(HasSubstr("Une perte"), HasSubstr("Bleu")));
}

TEST_P(Doing, ADecisionIsReadWithItsMotivesHowToContestAndItsSignedLetter) {
  build(true);
  Visitor visitor;
  const std::string mine = deposited(visitor);
  act(casework::Act::take_up, "");
  const casework::Opened examined =
      cases_.open_as(api::context_of(casework_, "test"), agent_, cases().at(0).id);
  const casework::Decision decision = casework::decision_of(
      examined, casework::Verdict::refused, "C’est <trop> tard.", "Article 3",
      {"Claire Petit", "Agent"}, casework_.receipt(examined), Zone::paris(), now_);
  const casework::Opened refused =
      act(casework::Act::refuse, "C’est <trop> tard.", casework::with_letter(decision));
  const std::string letter = mine + "/decision/" + std::to_string(refused.events.back().seq);
  EXPECT_THAT(get(visitor, mine).body,
              AllOf(HasSubstr("C’est &lt;trop&gt; tard."), HasSubstr("Article 3"),
                    HasSubstr("Décision de Claire &lt;Petit&gt;"),
                    HasSubstr("tribunal administratif"), HasSubstr("href=\"" + letter + "\"")));
  const Response pdf = get(visitor, letter);
  EXPECT_EQ(pdf.header("content-type"), "application/pdf");
  EXPECT_EQ(pdf.body, "%PDF Article 3 Zoé Lambert");
  EXPECT_EQ(get(visitor, mine + "/decision/1").status, 404);  // the deposit decides nothing
  Visitor stranger;  // is led to the page that asks for a link
  EXPECT_THAT(location(get(stranger, letter)), testing::EndsWith("/dossiers/" + refused.reference));
}

// ── files of the items of a repeated block ──

constexpr std::string_view kCantine = R"~(id: cantine
version: 1
title: Inscrire à la cantine
summary: Pour voir.
communes: ["99001"]
service: etat-civil
other_ways: [Au guichet.]
clock: {silence: none, delay: 5 working days, basis: Une déclaration.}
steps:
  - title: Enfants
    pages:
      - id: enfants
        type: repeat
        label: Vos enfants
        name: Enfant
        max: 3
        fields:
          - {id: nom, type: text, label: Prénom}
          - {id: carnet, type: file, label: Carnet de santé, name: Carnet, within: 3 months}
)~";

class Family : public Doing {
 protected:
  void SetUp() override {
    publish({kCantine});
    uploads_ = Uploads::open;
    build();
    post(visitor_, here_ + "/commencer", {{"_start", field(get(visitor_, here_), "_start")}});
  }
  Response page(const std::string& query = "") { return get(visitor_, to_ + query); }
  // As a browser sends it: texts, and a file for each value that begins with '%'.
  Response send(Fields fields) {
    fields.insert(fields.begin(), {"_token", field(page(), "_token")});
    std::string body;
    for (const auto& [name, value] : fields) {
      const bool file = value.starts_with('%');
      body += "--limite\r\nContent-Disposition: form-data; name=\"" + name + "\"" +
              (file ? "; filename=\"" + value.substr(5) + "\"" : "") + "\r\n\r\n" + value + "\r\n";
    }
    return call(Method::post, to_, visitor_, body + "--limite--\r\n");
  }
  static Fields child(int place, const std::string& id, const std::string& name,
                      const std::string& file = "") {
    const std::string item = "enfants[" + std::to_string(place) + "].";
    Fields out = {{item + "_id", id}, {item + "nom", name}};
    if (file.empty()) return out;
    const std::string dated = "enfants[" + id + "].carnet";
    for (const auto& [part, value] : Fields{{".day", "1"}, {".month", "11"}, {".year", "2026"}})
      out.emplace_back(dated + std::string(kDated) + part, value);
    out.emplace_back(dated, "%PDF-" + file);
    return out;
  }
  static Fields all(std::initializer_list<Fields> parts) {
    Fields out;
    for (const Fields& part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
  }
  // The draft's pieces; each that awaits its look is seen and ends as `state`.
  std::vector<casework::Piece> look(casework::PieceState state) {
    Request request;
    request.headers = {{"cookie", "demarche=" + visitor_.cookies[0].value}};
    const auto visit = visit_in(request, kDraftCookie);
    tenancy::Context cx = api::context_of(casework_, "test");
    cx.actor = tenancy::Actor::system("test");
    const vault::Keys keys = keyring_.keys_for(cx, casework::object_of(visit->id));
    return database_.write("demo", [&](db::Tx& tx) {
      const casework::Case row = casework::case_for_system(tx, cx, visit->id);
      auto pieces = casework::pieces_of(tx, row, keys);
      for (casework::Piece& piece : pieces) {
        if (piece.state != casework::PieceState::checking) continue;
        piece.state = state;
        piece.type = "application/pdf";
        if (state == casework::PieceState::refused) piece.said = "Ce fichier est abîmé.";
        casework::update_piece(tx, row, keys, piece);
      }
      return pieces;
    });
  }
  const std::string here_ = "/bourg/demarches/cantine", to_ = here_ + "/question/enfants";
  Visitor visitor_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Family, support::kEngines, support::engine_name);

TEST_P(Family, EachItemHasItsOwnFilesWithoutAScript) {
  const Response first = page();
  const std::string lea = field(first, "enfants[0]._id");
  ASSERT_TRUE(procedure::item_id_like(lea)) << first.body;
  EXPECT_THAT(first.body,
              AllOf(HasSubstr("enctype=\"multipart/form-data\""),
                    HasSubstr("type=\"file\" id=\"q-enfants-0-carnet\" name=\"enfants[" + lea +
                              "].carnet\"")));
  // The file comes with the child's answers, and another child is added.
  const Response added = send(all({child(0, lea, "Léa", "léa.pdf"), {{"_ajouter", "enfants"}}}));
  EXPECT_THAT(location(added), HasSubstr("lignes=2"));
  look(casework::PieceState::kept);
  const Response two = get(visitor_, location(added));
  EXPECT_THAT(two.body, AllOf(HasSubstr("léa.pdf"), HasSubstr("n°\u00a02")));
  const std::string tom = field(two, "enfants[1]._id");
  EXPECT_NE(tom, lea);
  const Response joined = send(all({child(0, lea, "Léa"),
                                    child(1, tom, "Tom", "tom.pdf"),
                                    {{"_joindre", "q-enfants-1-carnet"}}}));
  EXPECT_THAT(location(joined), testing::EndsWith("#q-enfants-1-carnet"));
  EXPECT_THAT(look(casework::PieceState::kept), testing::SizeIs(2));
  // The first is taken away: its file goes with it, and Tom's stays his.
  const Response fewer =
      send(all({child(0, lea, "Léa"), child(1, tom, "Tom"), {{"_retirer", "enfants[0]"}}}));
  const Response one = get(visitor_, location(fewer));
  EXPECT_THAT(one.body,
              AllOf(HasSubstr("tom.pdf"), HasSubstr("value=\"Tom\""), Not(HasSubstr("léa.pdf"))));
  EXPECT_EQ(field(one, "enfants[0]._id"), tom);
  EXPECT_EQ(location(send(child(0, tom, "Tom"))), here_ + "/verifier");
  const Response check = get(visitor_, here_ + "/verifier");
  EXPECT_THAT(check.body, AllOf(HasSubstr("Carnet\u00a0: tom.pdf"), HasSubstr("Envoyer ma demande"),
                                Not(HasSubstr(tom))));
}

TEST_P(Family, WhatIsMissingOrRefusedNamesTheItemAndLeadsToIt) {
  const std::string lea = "klea", tom = "ktom";
  const Response sent = send(all({child(0, lea, "Léa", "léa.pdf"), child(1, tom, "Tom")}));
  look(casework::PieceState::refused);
  const std::string wrong = get(visitor_, location(sent)).body;
  EXPECT_THAT(wrong, AllOf(HasSubstr("léa.pdf (Enfant, n°\u00a01)\u00a0: Ce fichier est abîmé."),
                           HasSubstr("href=\"#q-enfants-0-carnet\""),
                           HasSubstr("Joignez le document\u00a0: Carnet (Enfant, n°\u00a02)."),
                           HasSubstr("href=\"#q-enfants-1-carnet\"")));
  EXPECT_THAT(get(visitor_, here_ + "/verifier").body,
              AllOf(HasSubstr("Carnet (Enfant, n°\u00a02)"), Not(HasSubstr("Envoyer ma demande"))));
  // One too old is refused where it was chosen.
  Fields old = child(1, tom, "Tom", "tom.pdf");
  for (auto& [name, value] : old)
    if (name.ends_with(".year")) value = "2020";
  const Response refused = send(all({child(0, lea, "Léa"), old}));
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, AllOf(HasSubstr("il a plus de 3 mois"),
                                  HasSubstr("id=\"q-enfants-1-carnet-erreur\"")));
}

TEST_P(Family, AnItemWithAFileAloneIsNotBlank) {
  send(child(0, "klea", "", "léa.pdf"));
  look(casework::PieceState::kept);
  const Response sent = send(all({child(0, "klea", ""), child(1, "kvide", "")}));
  EXPECT_THAT(get(visitor_, location(sent)).body,
              AllOf(HasSubstr("léa.pdf"), HasSubstr("Répondez à la question\u00a0: Prénom"),
                    Not(HasSubstr("kvide"))));
}

TEST_P(Family, TwoWindowsKeepTheFilesOfBoth) {
  send(child(0, "klea", "Léa", "léa.pdf"));
  look(casework::PieceState::kept);
  const std::string seen = field(page(), "_vu");
  EXPECT_EQ(seen, field(page(), "_vu"));
  send(all({child(0, "klea", "Léa"), child(1, "ktom", "Tom", "tom.pdf")}));  // in another window
  look(casework::PieceState::kept);
  send(all({{{"_vu", seen}}, child(0, "klea", "Léa Roy")}));
  EXPECT_THAT(page().body, AllOf(HasSubstr("Léa Roy"), HasSubstr("Tom"), HasSubstr("tom.pdf")));
}

TEST_P(Family, OnPaperEachItemHasItsBoxForTheDocument) {
  const std::string paper = get(visitor_, here_ + "/papier").body;
  EXPECT_EQ(times(paper, "Je joins ce document."), times(paper, "N°\u00a0"));
  EXPECT_GE(times(paper, "Je joins ce document."), 2u);
}

TEST_P(Family, AButtonLeadsNowhereElse) {
  EXPECT_THAT(location(send({{"_joindre", "x\r\nSet-Cookie: a=b"}})),
              testing::EndsWith("#q-enfants"));
}

// ── the appointment of a démarche ──

constexpr std::string_view kVisit = R"~(id: visite
version: 1
title: Venir voir
summary: Pour voir.
communes: ["99001"]
service: etat-civil
other_ways: [Au guichet.]
clock: {silence: none, delay: 5 working days, basis: Une déclaration.}
steps:
  - title: Vous
    pages:
      - {id: qui, type: person, label: Vous, with: [email]}
  - title: Rendez-vous
    pages: [{id: quand, type: appointment, label: "Quand venez-vous ?", agenda: guichet, reason: conseil}]
texts: {receipt: "Pris : {quand}."}
)~";
constexpr std::string_view kGuichet = R"~(
id: guichet
title: Guichet
service: etat-civil
counters: [{id: g1, name: Guichet 1}]
reasons: [{id: conseil, label: Un conseil, minutes: 30, notice: 0, horizon: 30, bring: [Un <plan>]}]
)~";

class Coming : public Doing {
 protected:
  void SetUp() override {
    publish({kVisit});
    const auto agenda = appointment::read_agenda(kGuichet);
    const auto services = directory::read_services(
        "id: etat-civil\nname: Service <état> civil\nhours: {days: {lundi-vendredi: 9h-10h}}\n");
    ASSERT_TRUE(agenda) << agenda.error().front().what;
    ASSERT_TRUE(services);
    database_.write("demo", [&](db::Tx& tx) {
      appointment::publish(tx, "demo", {*agenda}, kNow);
      directory::replace(tx, "demo", directory::kTownSource, *services);
    });
    build();
  }
  const std::string here_ = "/bourg/demarches/visite";
  Response ask(Visitor& visitor, const std::string& query = "") {
    return get(visitor, here_ + "/question/quand" + query);
  }
  // With all but the slot.
  void begun(Visitor& visitor) {
    post(visitor, here_ + "/commencer", {{"_start", field(get(visitor, here_), "_start")}});
    const std::string to = here_ + "/question/qui";
    post(visitor, to,
         {{"_token", field(get(visitor, to), "_token")},
          {"qui.last_name", "Lambert"},
          {"qui.first_names", "Zoé"},
          {"qui.email", "zoe@example.org"}});
  }
  Response choose(Visitor& visitor, const std::string& start) {
    return post(visitor, here_ + "/question/quand",
                {{"_token", field(ask(visitor), "_token")}, {"debut", start}});
  }
  Response send(Visitor& visitor) {
    return post(visitor, here_ + "/deposer",
                {{"_token", field(get(visitor, here_ + "/verifier"), "_token")}});
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Coming, support::kEngines, support::engine_name);

const std::string kFirst = "2026-11-25T08:00:00Z", kSecond = "2026-11-25T08:30:00Z";

TEST_P(Coming, ASlotIsChosenAmongThoseThatAreFreeAndToldWithTheCase) {
  Visitor visitor;
  begun(visitor);
  Response asked = ask(visitor);
  EXPECT_THAT(asked.body,
              AllOf(HasSubstr("Quand venez-vous"), HasSubstr("value=\"" + kFirst + "\""),
                    HasSubstr("Un &lt;plan&gt;"), HasSubstr("gardé 10 minutes")));
  EXPECT_THAT(asked.body, HasSubstr(here_ + "/question/quand?jour=2026-12-0"));  // later
  EXPECT_THAT(
      ask(visitor, "?jour=2026-12-07").body,
      AllOf(HasSubstr("Voir plus tôt"), HasSubstr("2026-12-07T08:00:00Z"), Not(HasSubstr(kFirst))));
  // Nothing chosen is said at the heading.
  EXPECT_THAT(follow(visitor, choose(visitor, "")).body,
              AllOf(HasSubstr("Choisissez un jour et une heure."), HasSubstr("#q-quand")));
  EXPECT_EQ(location(choose(visitor, kFirst)), here_ + "/verifier");
  EXPECT_THAT(
      get(visitor, here_ + "/verifier").body,
      AllOf(HasSubstr("mercredi 25 novembre 2026 à 9"), HasSubstr("Nous gardons votre horaire")));
  // Back on the page: it stays when nothing else is chosen.
  EXPECT_THAT(ask(visitor).body, HasSubstr("Nous le gardons jusqu’à"));
  EXPECT_EQ(location(choose(visitor, "")), here_ + "/verifier");
  const std::string to = location(send(visitor));
  ASSERT_THAT(to, StartsWith("/bourg/dossiers/"));
  const std::string own = to.substr(0, to.find('?'));
  const Response receipt = get(visitor, to);
  EXPECT_THAT(receipt.body, AllOf(HasSubstr("Votre rendez-vous"), HasSubstr("Un &lt;plan&gt;"),
                                  HasSubstr("Service &lt;état&gt; civil"),
                                  HasSubstr("rendez-vous?vers=deplacer")));
  const Response moved = get(visitor, own + "/rendez-vous?vers=deplacer");
  EXPECT_THAT(location(moved),
              AllOf(StartsWith("/bourg/rendez-vous/mien/"), testing::EndsWith("/deplacer")));
  const Response page = follow(visitor, moved);
  EXPECT_THAT(page.body, HasSubstr(kSecond));
  EXPECT_EQ(post(visitor, location(moved), {{"_token", field(page, "_token")}, {"debut", kSecond}})
                .status,
            303);
  EXPECT_THAT(get(visitor, own).body, HasSubstr("mercredi 25 novembre à 9\u202fh\u202f30"));
  // Nobody else gets there.
  Visitor other;
  EXPECT_THAT(location(get(other, own + "/rendez-vous")), own);
}

TEST_P(Coming, HowManyComeHowAndWithWhatHelpIsAskedWithTheSlot) {
  std::string yaml(kGuichet);
  yaml.replace(yaml.find("notice: 0"), 9, "notice: 0, people: 2, ways: [in_person, phone]");
  const auto agenda = appointment::read_agenda(yaml);
  ASSERT_TRUE(agenda) << agenda.error().front().what;
  database_.write("demo", [&](db::Tx& tx) {
    appointment::publish(tx, "demo", {*agenda}, kNow + std::chrono::minutes(1));
  });
  Visitor visitor;
  begun(visitor);
  const Response asked = ask(visitor);
  EXPECT_THAT(asked.body,
              AllOf(HasSubstr("name=\"personnes\""), HasSubstr("name=\"maniere\""),
                    HasSubstr("name=\"step_free\""), HasSubstr("name=\"interpreter\"")));
  const auto sent = [&](std::vector<std::pair<std::string, std::string>> more) {
    more.insert(more.begin(), {{"_token", field(asked, "_token")},
                               {"personnes", "2"},
                               {"maniere", "phone"},
                               {"step_free", "oui"},
                               {"interpreter", "arabe"}});
    return post(visitor, here_ + "/question/quand", more);
  };
  const std::string looked = location(sent({{"act", "voir"}}));
  EXPECT_EQ(looked, here_ + "/question/quand?personnes=2&maniere=phone#comment");
  EXPECT_THAT(ask(visitor, "?personnes=2&maniere=phone").body,
              AllOf(HasSubstr("dure 1 heure, par téléphone"), HasSubstr(kFirst),
                    Not(HasSubstr(kSecond)), HasSubstr("personnes=2&amp;maniere=phone")));
  EXPECT_EQ(location(sent({{"debut", kFirst}})), here_ + "/verifier");
  EXPECT_THAT(ask(visitor).body, HasSubstr("value=\"arabe\""));
  const std::string to = location(send(visitor)), own = to.substr(0, to.find('?'));
  EXPECT_THAT(follow(visitor, get(visitor, own + "/rendez-vous")).body,
              AllOf(HasSubstr("par téléphone"), HasSubstr("accès sans marche, interprète")));
}

TEST_P(Coming, WhoseVisitIsCancelledChoosesAnotherWhileTheCaseIsOpen) {
  Visitor visitor;
  begun(visitor);
  choose(visitor, kFirst);
  const std::string sent = location(send(visitor)), own = sent.substr(0, sent.find('?'));
  const std::string again = own + "/rendez-vous/choisir";
  EXPECT_EQ(location(get(visitor, again)), own + "#rendez-vous") << "there is one that stands";
  const std::string cancel = location(get(visitor, own + "/rendez-vous?vers=annuler"));
  post(visitor, cancel, {{"_token", field(get(visitor, cancel), "_token")}});
  now_ += std::chrono::minutes(5);
  EXPECT_THAT(get(visitor, own).body,
              AllOf(HasSubstr("Votre dossier reste ouvert"), HasSubstr("href=\"" + again)));
  const Response page = get(visitor, again);
  EXPECT_THAT(page.body, AllOf(HasSubstr(kFirst), HasSubstr("Prendre ce rendez-vous"),
                               HasSubstr(again + "?jour="), Not(HasSubstr("reste à vous"))));
  const auto take = [&](const std::string& start) {
    return post(visitor, again, {{"_token", field(page, "_token")}, {"debut", start}});
  };
  EXPECT_EQ(take("").status, 400);
  EXPECT_EQ(location(take(kSecond)), own + "#rendez-vous");
  EXPECT_EQ(location(take(kFirst)), own + "#rendez-vous") << "pressed twice: the first holds";
  EXPECT_THAT(get(visitor, own).body, AllOf(HasSubstr("mercredi 25 novembre à 9\u202fh\u202f30"),
                                            Not(HasSubstr("est annulé"))));
  // It opens as the first one did.
  EXPECT_EQ(follow(visitor, get(visitor, own + "/rendez-vous?vers=deplacer")).status, 200);
  Visitor other;
  EXPECT_THAT(location(get(other, again)), own);
  // Once the case is over there is nothing to come for.
  const std::string anew = location(get(visitor, own + "/rendez-vous?vers=annuler"));
  post(visitor, anew, {{"_token", field(get(visitor, anew), "_token")}});
  post(visitor, own + "/retirer",
       {{"_token", field(get(visitor, own + "/retirer"), "_token")}, {"id", "retirer-01"}});
  EXPECT_THAT(get(visitor, own).body, AllOf(HasSubstr("Ce rendez-vous est annulé."),
                                            Not(HasSubstr("reste ouvert")), Not(HasSubstr(again))));
  EXPECT_EQ(location(get(visitor, again)), own + "#rendez-vous");
}

TEST_P(Coming, ASlotThatSomebodyElseHasIsSaidWhereItIsChosenAndWhereItIsRead) {
  Visitor first, second;
  begun(first);
  begun(second);
  EXPECT_EQ(location(choose(first, kFirst)), here_ + "/verifier");
  const Response taken = choose(second, kFirst);
  EXPECT_EQ(taken.status, 409);
  EXPECT_THAT(taken.body, AllOf(HasSubstr("Cet horaire vient d’être pris"), HasSubstr(kSecond)));
  EXPECT_EQ(location(choose(second, kSecond)), here_ + "/verifier");
  // The first leaves; another day the slot is the second's.
  now_ += std::chrono::minutes(20);
  EXPECT_EQ(location(choose(second, kFirst)), here_ + "/verifier");
  const std::string token = field(get(second, here_ + "/verifier"), "_token");
  const Response lost = get(first, here_ + "/verifier");
  EXPECT_THAT(lost.body, AllOf(HasSubstr("Votre horaire n’est plus libre"),
                               HasSubstr("Il manque des réponses"),
                               HasSubstr(here_ + "/question/quand?retour=verifier")));
  EXPECT_EQ(location(send(first)), here_ + "/verifier");
  EXPECT_THAT(location(send(second)), StartsWith("/bourg/dossiers/"));
  EXPECT_EQ(location(choose(first, kSecond)), here_ + "/verifier");
  EXPECT_THAT(location(send(first)), StartsWith("/bourg/dossiers/"));
}

}  // namespace
}  // namespace parvis::portal
