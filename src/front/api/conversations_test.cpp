#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "api/api.hpp"
#include "api/appointments.hpp"
#include "api/casework.hpp"
#include "api/openapi.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "support/databases.hpp"
#include "support/items.hpp"
#include "tenancy/tenancy_store.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::api {
namespace {
namespace fs = std::filesystem;

using http::Method;
using http::Request;
using http::Response;
using support::error_of;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAreArray;

const Instant kNow = *parse_rfc3339("2026-11-24T21:00:00Z");
constexpr const char* kAll = "/api/v1/conversations";

struct Begun {
  std::string id, token;
};

// A policy that says what it was given: the number of turns so far, the words, the choice.
class Talking : public support::EachEngine {
 protected:
  Talking() {
    fs::create_directories(folder_);
    database_.write([](db::Tx& tx) {
      tenancy::create_tenant(tx, {.id = "demo", .name = "Agglomération du Val"}, kNow);
    });
    service_.communes = [] {
      return std::vector{
          tenancy::Commune{.insee = "99001", .slug = "bourg", .name = "Bourg", .postcodes = {}}};
    };
    service_.ask = [](const answer::Question&, const std::string&) { return answer::Answer{}; };
    service_.find = [](const std::string&, const std::string&, std::size_t) {
      return std::vector<knowledge::Document>{};
    };
    talk_.casework = &casework_;
    build();
  }
  ~Talking() override { fs::remove_all(folder_); }

  void build() {
    router_ = {};
    add_api(router_, service_);
    add_conversations(router_, service_, talk_);
    add_cases(router_, service_, casework_);
    add_appointments(router_, service_, appointing_);
  }

  dialogue::Step step(dialogue::State state, const dialogue::Said& said,
                      const std::string& commune) {
    ++steps_;
    given_ = state;
    if (policy_fails_) throw Error(Errc::unavailable, "nothing is imported yet");
    state.told.push_back(said.text);
    ++state.links;
    dialogue::Step out{std::move(state), {}};
    out.answer.status = answer::Status::smalltalk;
    out.answer.text = "n" + std::to_string(out.state.told.size()) + "|" + said.text + "|" +
                      said.choice + "|" + commune;
    if (answer_bytes_ > 0)
      out.answer.more.push_back({.title = "", .text = std::string(answer_bytes_, 'a')});
    return out;
  }

  const http::Route& route(Method method, const std::string& path, Request& request) {
    auto match = router_.match(method, path);
    if (!match || match->route == nullptr) throw std::runtime_error("no route " + path);
    request.params = match->params;
    request.received_at = now_;
    return *match->route;
  }
  Response call(Method method, const std::string& path, const Begun& begun, const json::value& body,
                const std::string& accept = "", http::Pairs query = {}) {
    Request request;
    request.headers = {{"content-type", "application/json"},
                       {"authorization", "Bearer " + begun.token},
                       {"accept", accept}};
    request.query = std::move(query);
    request.body = json::serialize(body);
    const http::Route& found = route(method, path, request);
    if (!found.streams) return found.handler(request);
    http::Reply reply = found.streams(request);
    return std::get<Response>(std::move(reply));
  }
  static json::object object(const Response& response) {
    return parse_json(response.body)->as_object();
  }
  std::string at(const Begun& begun, const std::string& rest = "") {
    return std::string(kAll) + "/" + begun.id + rest;
  }

  Begun begin(const json::object& body = {}) {
    const json::object begun = object(call(Method::post, kAll, {}, body));
    return {std::string(begun.at("id").as_string()), std::string(begun.at("token").as_string())};
  }
  Response say(const Begun& begun, const json::object& body) {
    return call(Method::post, at(begun, "/messages"), begun, body);
  }
  Response say(const Begun& begun, const std::string& id, const std::string& text) {
    return say(begun, {{"id", id}, {"text", text}});
  }
  std::vector<json::object> events(const Begun& begun, int after = 0) {
    std::vector<json::object> out;
    const Response response = call(Method::get, at(begun, "/events"), begun, {}, "application/json",
                                   {{"after", std::to_string(after)}});
    for (const json::value& each : object(response).at("messages").as_array())
      out.push_back(each.as_object());
    return out;
  }
  http::Stream stream(const Begun& begun, const std::string& last = "") {
    Request request;
    request.headers = {{"authorization", "bearer " + begun.token},
                       {"accept", "text/event-stream"},
                       {"last-event-id", last}};
    http::Reply reply = route(Method::get, at(begun, "/events"), request).streams(request);
    return std::get<http::Stream>(std::move(reply));
  }
  static std::string text(const json::value& message) {
    return std::string(message.at("message").at("text").as_string());
  }
  static std::vector<std::string> texts(const std::vector<json::object>& messages) {
    std::vector<std::string> out;
    for (const json::object& each : messages) out.push_back(text(each));
    return out;
  }
  Errc code(const std::function<void()>& fn) { return error_of(fn).code(); }

  fs::path folder_ = fs::path(::testing::TempDir()) /
                     ("talking-" + std::to_string(::getpid()) + "-" +
                      std::to_string(std::hash<std::string>{}(
                          ::testing::UnitTest::GetInstance()->current_test_info()->name())) +
                      (on_sqlite() ? "s" : "p"));
  Instant now_ = kNow;
  int steps_ = 0;
  dialogue::State given_;
  bool policy_fails_ = false;
  std::size_t answer_bytes_ = 0;
  db::Database database_{config()};
  vault::SealedFile keys_{folder_ / "keys.sealed", crypto::Key::random()};
  vault::Keyring keyring_{database_, keys_};
  conversation::Conversations conversations_{database_, keyring_};
  runtime::Doorbell doorbell_;
  Turns turns_{database_, conversations_, doorbell_,
               [this](dialogue::State state, const dialogue::Said& said, const std::string& commune,
                      Instant) { return step(std::move(state), said, commune); }};
  Service service_;
  const pdf::Fonts fonts_{fs::path(PARVIS_SOURCE_DIR) / "web/assets/fonts"};
  Talk talk_{.turns = turns_,
             .conversations = conversations_,
             .doorbell = doorbell_,
             .fonts = fonts_,
             .tenant = "demo",
             .zone = Zone::paris(),
             .now = [this] { return now_; },
             .town = [] { return std::string("Agglomération du Val"); },
             .accent = "#0b5563"};
  procedure::Catalogue catalogue_{database_};
  casework::Cases cases_{database_, keyring_, catalogue_};
  appointment::Agendas agendas_{database_};
  appointment::Appointments appointments_{database_, keyring_, agendas_};
  CaseAppointments case_appointments_{database_, keyring_, appointments_, agendas_};
  inspect::Inspector inspector_{{}};
  casework::Pieces pieces_{database_, keyring_, catalogue_, inspector_, nullptr, {}};
  Casework casework_{.cases = cases_,
                     .catalogue = catalogue_,
                     .tenant = "demo",
                     .zone = Zone::paris(),
                     .now = [this] { return now_; },
                     .receipt = [](const casework::Opened&) { return casework::Receipt{}; },
                     .pieces = &pieces_,
                     .appointments = &case_appointments_};
  Appointing appointing_{.appointments = appointments_,
                         .agendas = agendas_,
                         .tenant = "demo",
                         .zone = Zone::paris(),
                         .now = [this] { return now_; }};
  http::Router router_;
};

TEST_P(Talking, BeginsWithATokenAndAWelcome) {
  const Response response = call(Method::post, kAll, {}, json::object{{"commune", "99001"}});
  EXPECT_EQ(response.status, 201);
  const json::object begun = object(response);
  EXPECT_EQ(begun.at("id").as_string().size(), 32);
  EXPECT_EQ(begun.at("token").as_string().size(), 64);
  EXPECT_EQ(begun.at("town"), "Agglomération du Val");
  EXPECT_EQ(begun.at("welcome"),
            "Bonjour. Je suis l’assistant automatique de l’Agglomération du Val. Écrivez votre "
            "question comme vous la diriez.");
  EXPECT_EQ(code([&] { begin({{"commune", "75056"}}); }), Errc::invalid);
  EXPECT_EQ(code([&] { begin({{"commune", 99001}}); }), Errc::invalid);
  talk_.welcome = "Bienvenue.";
  EXPECT_EQ(object(call(Method::post, kAll, {}, json::object{})).at("welcome"), "Bienvenue.");
}

TEST_P(Talking, WithoutATownNothingBegins) {
  talk_.tenant.clear();
  EXPECT_EQ(code([&] { begin(); }), Errc::unavailable);
}

TEST_P(Talking, AMessageHasItsAnswer) {
  const Begun begun = begin({{"commune", "99001"}});
  const Response response = say(begun, "message-1", "  le\tpasseport ");
  EXPECT_EQ(response.status, 201);
  const json::object both = object(response);
  EXPECT_EQ(json::serialize(both.at("message")),
            R"({"seq":1,"id":"message-1","author":"citizen","at":"2026-11-24T21:00:00Z",)"
            R"("message":{"text":"le passeport"}})");
  const json::object& reply = both.at("reply").as_object();
  EXPECT_EQ(text(reply), "n1|le passeport||99001");
  EXPECT_EQ(reply.at("seq"), 2);
  EXPECT_EQ(reply.at("author"), "virtual_agent");
  EXPECT_EQ(reply.at("message").at("status"), "smalltalk");
  EXPECT_FALSE(reply.at("message").as_object().contains("state"));
  EXPECT_FALSE(reply.contains("verdict"));
}

TEST_P(Talking, WhatWasSaidIsRemembered) {
  const Begun begun = begin();
  say(begun, "message-1", "un");
  say(begun, {{"id", "message-2"}, {"text", "Mineur"}, {"choice", "F1/mineur"}});
  EXPECT_EQ(text(object(say(begun, "message-3", "trois")).at("reply")), "n3|trois||");
  EXPECT_THAT(texts(events(begun)), ElementsAre("un", "n1|un||", "Mineur", "n2|Mineur|F1/mineur|",
                                                "trois", "n3|trois||"));
  EXPECT_THAT(texts(events(begun, 4)), ElementsAre("trois", "n3|trois||"));
  EXPECT_THAT(events(begun, 6), IsEmpty());
}

TEST_P(Talking, TheSameIdHasOneEffect) {
  const Begun begun = begin();
  const Response first = say(begun, "message-1", "un");
  const Response again = say(begun, "message-1", "un");
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(first.body, again.body);
  EXPECT_EQ(steps_, 1);
  EXPECT_EQ(code([&] { say(begun, "message-1", "deux"); }), Errc::conflict);
  EXPECT_THAT(events(begun), SizeIs(2));
}

// Two tabs send at once: here the second has stored its message before the first is answered.
TEST_P(Talking, TwoTabsAreAnsweredInOrder) {
  const Begun begun = begin();
  say(begun, "message-0", "zéro");
  const tenancy::Context cx{"demo", "", tenancy::Actor::visitor(), Zone::paris(), {}, "r", kNow};
  conversations_.say(cx, begun.id, begun.token, "tab-one-1", {{"text", "un"}});
  EXPECT_EQ(text(object(say(begun, "tab-two-1", "deux")).at("reply")), "n3|deux||");
  EXPECT_EQ(text(object(say(begun, "tab-one-1", "un")).at("reply")), "n2|un||");
  EXPECT_THAT(texts(events(begun)),
              ElementsAre("zéro", "n1|zéro||", "un", "deux", "n2|un||", "n3|deux||"));
}

TEST_P(Talking, AnAnswerThatWasLostIsMadeWhenAskedAgain) {
  const Begun begun = begin();
  policy_fails_ = true;
  EXPECT_EQ(code([&] { say(begun, "message-1", "un"); }), Errc::unavailable);
  EXPECT_EQ(code([&] { events(begun); }), Errc::unavailable);
  policy_fails_ = false;
  EXPECT_THAT(texts(events(begun, 1)), ElementsAre("n1|un||"));
  policy_fails_ = true;
  EXPECT_EQ(code([&] { say(begun, "message-2", "deux"); }), Errc::unavailable);
  policy_fails_ = false;
  const Response again = say(begun, "message-2", "deux");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(text(object(again).at("reply")), "n2|deux||");
  EXPECT_THAT(events(begun), SizeIs(4));
}

TEST_P(Talking, PersonalDataAreMaskedAndItIsSaid) {
  const Begun begun = begin();
  const Response response =
      say(begun, "message-1", "mon numéro 1 85 05 78 006 084 91 et moi@exemple.fr");
  EXPECT_THAT(response.body, Not(HasSubstr("006 084")));
  EXPECT_THAT(response.body, Not(HasSubstr("exemple.fr")));
  const json::object both = object(response);
  EXPECT_THAT(text(both.at("message")), HasSubstr("[numéro de sécurité sociale masqué]"));
  EXPECT_THAT(std::string(both.at("reply").at("message").at("notices").at(0).as_string()),
              AllOf(HasSubstr("numéro de sécurité sociale"), HasSubstr("adresse électronique")));
  EXPECT_EQ(say(begun, "message-1", "mon numéro 1 85 05 78 006 084 91 et moi@exemple.fr").status,
            200);
  EXPECT_EQ(
      code([&] { say(begun, {{"id", "message-2"}, {"text", "a"}, {"choice", "moi@exemple.fr"}}); }),
      Errc::invalid);
}

TEST_P(Talking, SaysWhatIsWrongWithAMessage) {
  const Begun begun = begin();
  const std::vector<json::object> wrong = {{},
                                           {{"id", "message-1"}},
                                           {{"id", "message-1"}, {"text", ""}},
                                           {{"id", "message-1"}, {"text", " \t"}},
                                           {{"id", "message-1"}, {"text", 3}},
                                           {{"id", "short"}, {"text", "a"}},
                                           {{"id", "message.1"}, {"text", "a"}},
                                           {{"id", std::string(65, 'a')}, {"text", "a"}},
                                           {{"id", 12345678}, {"text", "a"}},
                                           {{"id", "message-1"}, {"text", "a"}, {"choice", 1}}};
  for (const json::object& body : wrong)
    EXPECT_EQ(code([&] { say(begun, body); }), Errc::invalid) << json::serialize(body);
  EXPECT_EQ(code([&] { say(begun, "message-1", std::string(8193, 'a')); }), Errc::too_large);
  EXPECT_EQ(code([&] {
              say(begun, {{"id", "message-1"}, {"text", "a"}, {"choice", std::string(301, 'a')}});
            }),
            Errc::too_large);
  EXPECT_EQ(say(begun, "message-1", std::string(8192, 'a')).status, 201);
  EXPECT_THAT(events(begun), SizeIs(2));
}

TEST_P(Talking, AnswersThatAreTooLongDoNotStopTheConversation) {
  talk_.budgets = MessageRates{.per_visitor = 100};
  build();
  const Begun begun = begin();
  for (int i = 0; i < 40; ++i)  // what is remembered passes the bound of a message
    ASSERT_EQ(say(begun, "message-" + std::to_string(i), std::string(8000, 'a')).status, 201);
  answer_bytes_ = conversation::kPayloadMax;
  const json::object both = object(say(begun, "message-x", "un"));
  EXPECT_THAT(text(both.at("reply")), HasSubstr("trop longue"));
  answer_bytes_ = 0;
  say(begun, "message-y", "deux");
  // What was said last, and all the rest, is remembered.
  EXPECT_EQ(given_.links, 41);
  EXPECT_THAT(given_.told, Not(IsEmpty()));
  EXPECT_EQ(given_.told.back(), "un");
}

TEST_P(Talking, WithoutTheTokenThereIsNothing) {
  const Begun begun = begin();
  say(begun, "message-1", "un");
  std::vector<Begun> strangers = {{begun.id, ""},
                                  {begun.id, std::string(64, 'a')},
                                  {std::string(32, 'a'), begun.token},
                                  {"nothing", begun.token},
                                  {begin().id, begun.token}};
  std::set<std::string> details;
  for (const Begun& who : strangers)
    for (const auto& act : std::vector<std::function<void()>>{
             [&] { say(who, "message-2", "deux"); }, [&] { events(who); }, [&] { stream(who); },
             [&] {
               call(Method::post, at(who, "/feedback"), who,
                    json::object{{"seq", 2}, {"verdict", "useful"}});
             },
             [&] { call(Method::get, at(who, "/transcript"), who, {}); },
             [&] { call(Method::del, at(who), who, {}); }}) {
      const Error error = error_of(act);
      EXPECT_EQ(error.code(), Errc::not_found);
      details.insert(error.detail());
    }
  EXPECT_THAT(details, SizeIs(1));
  EXPECT_THAT(events(begun), SizeIs(2));
}

TEST_P(Talking, WhatIsErasedIsGone) {
  const Begun begun = begin();
  say(begun, "message-1", "un");
  const http::Stream open = stream(begun);
  EXPECT_TRUE(open.still_allowed());
  EXPECT_EQ(call(Method::del, at(begun), begun, {}).status, 204);
  EXPECT_EQ(code([&] { events(begun); }), Errc::not_found);
  EXPECT_EQ(code([&] { say(begun, "message-1", "un"); }), Errc::not_found);
  EXPECT_EQ(code([&] { open.next("2"); }), Errc::not_found);
  EXPECT_EQ(code([&] { open.still_allowed(); }), Errc::not_found);
  EXPECT_EQ(code([&] { call(Method::del, at(begun), begun, {}); }), Errc::not_found);
}

TEST_P(Talking, AStreamGoesOnFromTheLastMessage) {
  const Begun begun = begin();
  say(begun, "message-1", "un");
  const http::Stream open = stream(begun, "1");
  const auto first = open.next("");
  ASSERT_THAT(first, SizeIs(2));
  EXPECT_EQ(first[1].id, "2");
  EXPECT_EQ(first[1].type, "message");
  EXPECT_EQ(text(*parse_json(first[1].data)), "n1|un||");
  EXPECT_THAT(open.next("2"), IsEmpty());
  say(begun, "message-2", "deux");
  EXPECT_THAT(open.next("2"), SizeIs(2));
  EXPECT_EQ(open.topic, bell_of("demo", begun.id));
  for (const char* last : {"x", "-1", "1.5", "99999999999999999999"}) {
    EXPECT_EQ(code([&] { stream(begun, last); }), Errc::invalid) << last;
    EXPECT_EQ(
        code([&] { call(Method::get, at(begun, "/events"), begun, {}, "", {{"after", last}}); }),
        Errc::invalid);
  }
}

TEST_P(Talking, ACitizenJudgesAnAnswer) {
  const Begun begun = begin();
  say(begun, "message-1", "un");
  const auto judge = [&](const json::object& body) {
    return call(Method::post, at(begun, "/feedback"), begun, body).status;
  };
  EXPECT_EQ(judge({{"seq", 2}, {"verdict", "wrong"}}), 204);
  EXPECT_EQ(judge({{"seq", 2}, {"verdict", "useful"}}), 204);
  EXPECT_EQ(events(begun)[1].at("verdict"), "useful");
  const std::vector<json::object> wrong = {{{"seq", 2}, {"verdict", "great"}},
                                           {{"seq", 1}, {"verdict", "useful"}},
                                           {{"seq", 9}, {"verdict", "useful"}},
                                           {{"seq", "2"}, {"verdict", "useful"}},
                                           {{"verdict", "useful"}},
                                           {{"seq", 2}}};
  for (const json::object& body : wrong)
    EXPECT_EQ(code([&] { judge(body); }), Errc::invalid) << json::serialize(body);
}

TEST_P(Talking, TheWholeIsThereToKeep) {
  const Begun begun = begin({{"commune", "99001"}});
  say(begun, "message-1", "un moi@exemple.fr");
  const auto get = [&](const std::string& accept) {
    return call(Method::get, at(begun, "/transcript"), begun, {}, accept);
  };
  const Response plain = get("text/plain");
  EXPECT_EQ(plain.header("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(plain.header("content-disposition"),
            "attachment; filename=\"conversation-2026-11-24.txt\"");
  EXPECT_THAT(plain.body, HasSubstr("l’assistant automatique de l’Agglomération du Val\n"));
  const Response pdf = get("application/pdf, text/plain");
  EXPECT_EQ(pdf.header("content-type"), "application/pdf");
  EXPECT_EQ(pdf.header("content-disposition"),
            "attachment; filename=\"conversation-2026-11-24.pdf\"");
  EXPECT_THAT(pdf.body, StartsWith("%PDF-1.7"));
  EXPECT_EQ(get("application/pdf").body, pdf.body);
  EXPECT_EQ(get("text/plain, application/pdf").body, plain.body);
  for (const char* accept : {"application/json", "*/*", "", "application/json, text/plain",
                             "application/json;q=1, application/pdf"}) {
    const json::object whole = object(get(accept));
    EXPECT_EQ(whole.at("commune"), "99001");
    const json::array& messages = whole.at("messages").as_array();
    EXPECT_EQ(messages.at(0).at("message").as_object().size(), 1);
    EXPECT_FALSE(messages.at(1).at("message").as_object().contains("state"));
  }
}

TEST_P(Talking, AnEndlessConversationIsThereAsTextOnly) {
  talk_.budgets = MessageRates{.per_visitor = 100};
  build();
  const Begun begun = begin();
  answer_bytes_ = conversation::kPayloadMax - 4096;
  for (int i = 0; i < 5; ++i)
    ASSERT_EQ(say(begun, "message-" + std::to_string(i), "un").status, 201);
  const auto get = [&](const std::string& accept) {
    return call(Method::get, at(begun, "/transcript"), begun, {}, accept);
  };
  const Error error = error_of([&] { get("application/pdf"); });
  EXPECT_EQ(error.code(), Errc::too_large);
  EXPECT_THAT(error.detail(), HasSubstr("as text"));
  EXPECT_EQ(get("text/plain").status, 200);
}

TEST_P(Talking, TooManyMessagesAreToldWhenToComeBack) {
  talk_.budgets = MessageRates{.per_visitor = 2, .per_address = 100, .per_tenant = 5};
  build();
  const Begun begun = begin(), other = begin();
  say(begun, "message-1", "un");
  say(begun, "message-2", "deux");
  const Response third = say(begun, "message-3", "trois");
  EXPECT_EQ(third.status, 429);
  EXPECT_EQ(third.header("retry-after"), "30");
  EXPECT_THAT(events(begun), SizeIs(4));
  now_ += std::chrono::seconds(30);
  EXPECT_EQ(say(begun, "message-3", "trois").status, 201);
  begin();
  begin();  // the whole town's budget is spent
  EXPECT_EQ(say(other, "message-1", "un").status, 429);
  EXPECT_EQ(call(Method::post, kAll, {}, json::object{}).status, 429);
  const Begun stranger{other.id, "x"};
  now_ += std::chrono::seconds(60);
  for (int i = 0; i < 9; ++i)  // who may not enter spends nothing
    EXPECT_EQ(code([&] { say(stranger, "message-1", "un"); }), Errc::not_found);
  EXPECT_EQ(say(other, "message-1", "un").status, 201);
}

TEST_P(Talking, OnlyJsonIsTaken) {
  const Begun begun = begin();
  for (const std::string& path :
       {std::string(kAll), at(begun, "/messages"), at(begun, "/feedback")}) {
    Request request;
    request.headers = {{"content-type", "text/plain"}, {"authorization", "Bearer " + begun.token}};
    request.body = "{}";
    EXPECT_EQ(route(Method::post, path, request).handler(request).status, 415);
    request.headers[0].second = "application/json";
    for (const char* body : {"", "{", "[]", "3"}) {
      request.body = body;
      EXPECT_EQ(code([&] { route(Method::post, path, request).handler(request); }), Errc::invalid);
    }
  }
}

TEST_P(Talking, TheWidgetKnowsHowToPresentItself) {
  const auto config = [&](http::Pairs query) {
    return object(call(Method::get, "/widget/config.json", {}, {}, "", std::move(query)));
  };
  EXPECT_EQ(config({}).at("commune_name"), "");
  const json::object bourg = config({{"commune", "99001"}});
  EXPECT_EQ(bourg.at("commune_name"), "Bourg");
  EXPECT_EQ(bourg.at("accent"), "#0b5563");
  EXPECT_EQ(bourg.at("town"), "Agglomération du Val");
  EXPECT_THAT(std::string(bourg.at("welcome").as_string()), HasSubstr("Bonjour"));
  EXPECT_TRUE(bourg.at("open").is_null()) << "no hours are known";
  service_.hall = [](const std::string& commune) -> std::optional<answer::Contact> {
    if (commune.empty()) return std::nullopt;
    answer::Contact out;
    out.open = commune == "99001";
    out.open_words = "Ouvert jusqu’à 17 h";
    return out;
  };
  EXPECT_TRUE(config({}).at("open").is_null());
  EXPECT_EQ(config({{"commune", "99001"}}).at("open"), true);
  EXPECT_EQ(config({{"commune", "99001"}}).at("open_words"), "Ouvert jusqu’à 17 h");
  EXPECT_EQ(code([&] { config({{"commune", "1"}}); }), Errc::invalid);
}

TEST_P(Talking, TheContractHasEachRoute) {
  std::vector<std::string> described;
  const json::object contract = openapi();
  for (const auto& [path, item] : contract.at("paths").as_object())
    for (const auto& [verb, operation] : item.as_object()) {
      std::string method(verb);
      for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
      if (verb != "parameters" && (path.starts_with("/api/") || path.starts_with("/widget/")))
        described.push_back(method + " " + std::string(path));
    }
  EXPECT_THAT(router_.names(), UnorderedElementsAreArray(described));
}

INSTANTIATE_TEST_SUITE_P(Engines, Talking, support::kEngines, support::engine_name);

}  // namespace
}  // namespace parvis::api
