// Documents of a démarche that a conversation fills in, through its routes, on both engines: whose
// they are, and what the next answer says of them. Nobody can look at a file here, so that what is
// sent stays to be checked.
#include <gmock/gmock.h>

#include "api/casework.hpp"
#include "api/chat_bookings.hpp"
#include "api/chat_forms.hpp"
#include "api/tus.hpp"
#include "base/error.hpp"
#include "support/appointing.hpp"
#include "support/items.hpp"

namespace parvis::api {
namespace {

using http::Method;
using http::Request;
using http::Response;
using support::error_of;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const Instant kNow = *parse_rfc3339("2026-11-30T10:30:00+01:00");
constexpr std::string_view kAgenda = R"~(
id: urbanisme
title: Urbanisme
service: mairie
counters: [{id: g1, name: Guichet 1}]
reasons: [{id: travaux, label: Travaux, minutes: 30}]
)~";
constexpr std::string_view kServices = R"~(
id: mairie
name: Mairie
address: {lines: [3 place du Parvis]}
hours: {days: {lundi-vendredi: 9h-10h30}}
)~";
constexpr std::string_view kDemarche = R"~(id: essai
title: Essayer un plan
summary: Pour voir.
service: mairie
other_ways: [Au guichet.]
clock: {silence: none, delay: 5 days, basis: Une déclaration.}
documents: [{id: plan, label: Un plan, source: citizen, count: 2}]
steps: [{title: Vous, pages: [{id: chantier, type: text, label: Chantier}]}]
)~";

class Giving : public support::Town {
 protected:
  Giving() : Town(kNow, {.agenda = kAgenda, .services = kServices, .demarche = kDemarche}) {
    service_.communes = [] { return std::vector<tenancy::Commune>{}; };
    add_conversations(router_, service_, talk_);
  }
  void SetUp() override {
    Town::SetUp();
    const conversation::Begun begun = conversations_.begin(context());
    visit_ = {begun.conversation.id(), begun.token.reveal()};
  }
  std::string say(const std::string& text, const std::string& choice = "") {
    reply_ = turns_
                 .take(context(), visit_,
                       {.id = "message-" + std::to_string(++said_), .text = text, .choice = choice})
                 .reply.payload;
    return std::string(reply_.at("text").as_string());
  }
  Response call(Method method, const std::string& path, http::Pairs headers,
                const std::string& body = "") {
    Request request;
    request.path = path;
    request.headers = std::move(headers);
    request.received_at = kNow;
    auto match = router_.match(method, path);
    if (!match || match->route == nullptr) throw std::runtime_error("no route " + path);
    request.params = match->params;
    if (!match->route->receives) return match->route->handler(request);
    auto receiving = match->route->receives(request);
    if (auto* refused = std::get_if<Response>(&receiving)) return std::move(*refused);
    std::get<http::Receiving>(receiving).take(body);
    return std::get<http::Receiving>(receiving).done();
  }
  std::string files() const {
    return "/api/v1/conversations/" + visit_.id + "/drafts/essai/1/files";
  }
  http::Pairs tus(http::Pairs more = {}) const {
    more.emplace_back("authorization", "Bearer " + visit_.token);
    more.emplace_back("tus-resumable", kTusVersion);
    return more;
  }
  Response begin_upload(const std::string& path) {
    return call(Method::post, path,
                tus({{"upload-length", "9"},
                     {"upload-metadata", "filename cGxhbi5wZGY=,field cGxhbg=="}}));  // plan
  }
  json::array listed() {
    return parse_json(call(Method::get, files(), tus()).body)->at("files").as_array();
  }

  inspect::Inspector nobody_{{.program = "/no-such-program"}};
  casework::Pieces pieces_{database_, keyring_, catalogue_, nobody_, nullptr};
  Casework casework_{.cases = cases_,
                     .catalogue = catalogue_,
                     .tenant = "demo",
                     .zone = Zone::paris(),
                     .now = [] { return kNow; },
                     .receipt = [](const casework::Opened&) { return casework::Receipt{}; },
                     .pieces = &pieces_};
  conversation::Conversations conversations_{database_, keyring_};
  runtime::Doorbell doorbell_;
  dialogue::World world_{
      .town = "le Val",
      .communes = {},
      .commune = "99001",
      .find = [](const dialogue::World::Search&) { return dialogue::Found{}; },
      .context =
          [](const std::string&) {
            answer::ComposeContext cx;
            cx.now = kNow;
            return cx;
          },
      .procedures =
          [this](const std::string& commune) { return catalogue_.offered("demo", commune); }};
  Turns turns_{database_, conversations_, doorbell_,
               [this](dialogue::State state, const dialogue::Said& said, const std::string&,
                      Instant) { return dialogue::step(std::move(state), said, world_); },
               forms_of(casework_)};
  const pdf::Fonts fonts_{std::filesystem::path(PARVIS_SOURCE_DIR) / "web/assets/fonts"};
  Service service_;
  Talk talk_{.turns = turns_,
             .conversations = conversations_,
             .doorbell = doorbell_,
             .fonts = fonts_,
             .tenant = "demo",
             .zone = Zone::paris(),
             .now = [] { return kNow; },
             .town = [] { return std::string("le Val"); },
             .accent = "#0b5563",
             .casework = &casework_};
  http::Router router_;
  Visit visit_;
  json::object reply_;
  int said_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, Giving, support::kEngines, support::engine_name);

TEST_P(Giving, ADocumentIsAskedForTakenAndSeen) {
  say("Essayer un plan", "procedure/essai");
  const std::string asked = say("Rue du Gué");
  EXPECT_THAT(asked, HasSubstr("Un plan"));
  EXPECT_THAT(asked, HasSubstr("Joignez-le ici"));
  const json::object& told = reply_.at("procedure").at("files").as_object();
  EXPECT_EQ(told.at("number"), 1);
  EXPECT_EQ(told.at("question"), "plan");
  EXPECT_EQ(told.at("count"), 2);
  EXPECT_THAT(say("c’est fait"), HasSubstr("Je ne vois pas encore ce document"));
  const Response begun = begin_upload(files());
  ASSERT_EQ(begun.status, 201);
  const std::string own(begun.header("Location").value_or(""));
  EXPECT_THAT(own, HasSubstr(files() + "/"));
  // A question in between leaves it asked.
  EXPECT_THAT(say("combien ça coûte ?"), HasSubstr("Joignez-le ici"));
  EXPECT_EQ(reply_.at("procedure").at("files").at("question"), "plan");
  http::Pairs patch =
      tus({{"upload-offset", "0"}, {"content-type", "application/offset+octet-stream"}});
  EXPECT_EQ(call(Method::patch, own, patch, "%PDF-1.7\n").status, 204);
  ASSERT_THAT(listed(), SizeIs(1));
  EXPECT_EQ(listed()[0].at("state"), "checking");
  EXPECT_THAT(say("c’est fait"), HasSubstr("en cours de vérification"));
  EXPECT_EQ(call(Method::del, own, tus()).status, 204);
  EXPECT_THAT(listed(), SizeIs(0));
  EXPECT_THAT(say("je ne l’ai pas sous la main"), HasSubstr("votre brouillon est gardé"));
  EXPECT_EQ(reply_.at("procedure").at("step"), "plan");
}

TEST_P(Giving, OnlyTheConversationOpensItsDraft) {
  say("Essayer un plan", "procedure/essai");
  say("Rue du Gué");
  const auto refused = [&](const std::string& path) {
    return error_of([&] { begin_upload(path); }).code();
  };
  const std::string one = "/api/v1/conversations/" + visit_.id + "/drafts/";
  for (const char* which : {"essai/2/files", "essai/0/files", "essai/-1/files", "essai/x/files",
                            "essai/99999999999/files", "autre/1/files"})
    EXPECT_EQ(refused(one + which), Errc::not_found) << which;
  const std::string path = files();
  const Visit own = std::exchange(visit_, {visit_.id, std::string(64, 'f')});
  EXPECT_EQ(refused(path), Errc::not_found);
  const conversation::Begun other = conversations_.begin(context());
  visit_ = {other.conversation.id(), other.token.reveal()};
  EXPECT_EQ(refused(files()), Errc::not_found);
  visit_ = own;
  EXPECT_EQ(begin_upload(files()).status, 201);
  turns_.erase(context(), visit_);
  EXPECT_EQ(refused(path), Errc::not_found);
}

}  // namespace
}  // namespace parvis::api
