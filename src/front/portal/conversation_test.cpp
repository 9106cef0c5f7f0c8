#include "portal/conversation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "portal/visitor.hpp"
#include "support/databases.hpp"
#include "support/items.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::portal {
namespace {
namespace fs = std::filesystem;

using answer::Answer;
using answer::Status;
using http::Method;
using http::Request;
using http::Response;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const Instant kNow = *parse_rfc3339("2026-11-24T13:38:00Z");
constexpr const char* kHere = "/conversation";
const http::Pairs kOurs = {{"sec-fetch-site", "same-origin"}, {"host", "ville.example"}};

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) out.append("%").append(crypto::to_hex(std::string_view(&c, 1)));
  return out;
}

using Fields = std::vector<std::pair<std::string, std::string>>;
std::string form(const Fields& fields) {
  std::string out;
  for (const auto& [key, value] : fields)
    out.append(out.empty() ? "" : "&").append(key).append("=").append(encoded(value));
  return out;
}

// The value of the first hidden field of that name; empty when there is none.
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

// A browser that keeps one cookie, and says where its forms come from.
struct Visitor {
  std::string cookie;  // as sent: "conversation=…"
  http::Pairs headers = kOurs;
};

// The policy answers by the citizen's words.
class Conversing : public support::EachEngine {
 protected:
  Conversing() : assets_(std::string(PARVIS_SOURCE_DIR) + "/web/assets", "/assets") {
    fs::create_directories(folder_);
    database_.write([](db::Tx& tx) {
      tenancy::create_tenant(tx, {.id = "demo", .name = "Agglomération du Val"}, kNow);
    });
    service_.town = "Agglomération du Val";
    service_.communes = {{.insee = "99001", .slug = "bourg", .name = "Bourg", .postcodes = {}}};
    service_.now = [this] { return now_; };
    service_.services = [](const std::string&) { return std::vector<directory::Service>{}; };
    build();
  }
  ~Conversing() override { fs::remove_all(folder_); }

  void build() {
    router_ = {};
    add_portal(router_, service_, assets_);
    add_conversation(router_, service_, assets_, talk_);
  }

  dialogue::Step step(dialogue::State state, const dialogue::Said& said,
                      const std::string& commune) {
    ++steps_;
    if (policy_fails_) throw Error(Errc::unavailable, "nothing is imported yet");
    Answer answer;
    answer.status = Status::answer;
    answer.text = "Réponse à <" + said.text + "> " + said.choice + " " + commune;
    if (prepared_) answer = *prepared_;
    return {std::move(state), std::move(answer)};
  }

  Response call(Method method, const std::string& path, Visitor& visitor,
                const std::string& body = "") {
    Request request;
    const std::size_t mark = path.find('?');
    auto match = router_.match(method, path.substr(0, mark));
    if (!match || match->route == nullptr) throw std::runtime_error("no route " + path);
    request.method = method;
    request.params = match->params;
    request.received_at = now_;
    request.headers = visitor.headers;
    request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
    if (!visitor.cookie.empty()) request.headers.emplace_back("cookie", visitor.cookie);
    if (mark != std::string::npos) {
      const std::string query = path.substr(mark + 1, path.find('#') - mark - 1);
      request.query = {{query.substr(0, query.find('=')), query.substr(query.find('=') + 1)}};
    }
    request.body = body;
    Response response = match->route->handler(request);
    if (const auto set = response.header("set-cookie")) {
      visitor.cookie = set->substr(0, set->find(';'));
      if (set->find("Max-Age=0") != std::string_view::npos) visitor.cookie.clear();
    }
    return response;
  }
  Response get(Visitor& visitor, const std::string& rest = "", const std::string& here = kHere) {
    return call(Method::get, here + rest, visitor);
  }
  Response post(Visitor& visitor, const Fields& fields, const std::string& rest = "",
                const std::string& here = kHere) {
    return call(Method::post, here + rest, visitor, form(fields));
  }
  // Fills in the form of the page shown, and sends it.
  Response say(Visitor& visitor, const std::string& text, Fields more = {}) {
    const Response page = get(visitor);
    more.insert(more.end(), {{"id", field(page, "id")}, {"text", text}});
    for (const char* name : {"start", "token"})
      if (const std::string value = field(page, name); !value.empty())
        more.emplace_back(name, value);
    return post(visitor, more);
  }
  Response follow(Visitor& visitor, const Response& redirect) {
    return call(Method::get, std::string(redirect.header("location").value_or("")), visitor);
  }
  std::size_t conversations() {
    tenancy::Context cx = api::context_of(talk_, "test");
    cx.actor = tenancy::Actor::system("test");
    return database_.read([&](db::Tx& tx) {
      return conversation::idle_since(tx, cx, now_ + std::chrono::hours(1), 100).size();
    });
  }

  fs::path folder_ = fs::path(::testing::TempDir()) / ("conversing-" + crypto::random_hex(6));
  Instant now_ = kNow;
  int steps_ = 0;
  bool policy_fails_ = false;
  std::optional<Answer> prepared_;
  db::Database database_{config()};
  vault::SealedFile keys_{folder_ / "keys.sealed", crypto::Key::random()};
  vault::Keyring keyring_{database_, keys_};
  conversation::Conversations conversations_{database_, keyring_};
  runtime::Doorbell doorbell_;
  api::Turns turns_{
      database_, conversations_, doorbell_,
      [this](dialogue::State state, const dialogue::Said& said, const std::string& commune,
             Instant) { return step(std::move(state), said, commune); }};
  http::Assets assets_;
  Service service_;
  const pdf::Fonts fonts_{fs::path(PARVIS_SOURCE_DIR) / "web/assets/fonts"};
  api::Talk talk_{.turns = turns_,
                  .conversations = conversations_,
                  .doorbell = doorbell_,
                  .fonts = fonts_,
                  .tenant = "demo",
                  .zone = Zone::paris(),
                  .now = [this] { return now_; },
                  .town = [] { return std::string("Agglomération du Val"); },
                  .accent = "#0b5563"};
  http::Router router_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Conversing, support::kEngines, support::engine_name);

TEST_P(Conversing, TheStartSaysWhoAnswersAndKeepsNothing) {
  Visitor visitor;
  const Response page = get(visitor);
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("set-cookie"), std::nullopt);
  EXPECT_THAT(page.body, HasSubstr("Un assistant automatique vous répond"));
  EXPECT_THAT(page.body,
              HasSubstr("<label class=\"label\" for=\"message\">Votre question</label>"));
  EXPECT_THAT(page.body, HasSubstr("l’assistant automatique de l’Agglomération du Val"));
  EXPECT_GE(times(page.body, "Parler à quelqu’un"), 2u);
  EXPECT_EQ(times(page.body, "<h1>"), 1u);
  EXPECT_EQ(conversations(), 0u);
  EXPECT_NE(field(page, "start"), field(get(visitor), "start"));
  EXPECT_NE(field(page, "id"), field(get(visitor), "id"));
}

TEST_P(Conversing, AMessageIsAnsweredByTheWayToItsAnswer) {
  Visitor visitor;
  const Response sent = say(visitor, " le\tpasseport ");
  EXPECT_EQ(sent.status, 303);
  EXPECT_EQ(sent.header("location"), "/conversation?suite=1#m2");
  EXPECT_THAT(std::string(*sent.header("set-cookie")),
              HasSubstr("; Path=/conversation; Max-Age=86400; HttpOnly; SameSite=Lax"));
  const Response page = follow(visitor, sent);
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("<h2 class=\"who\" id=\"m1\">Vous <span>14\u202fh\u202f38"));
  EXPECT_THAT(page.body, HasSubstr("<p dir=\"auto\">le passeport</p>"));
  EXPECT_THAT(page.body, HasSubstr("<h2 class=\"who\" id=\"m2\" tabindex=\"-1\">"));
  EXPECT_THAT(page.body, HasSubstr("Réponse à &lt;le passeport&gt;"));
  EXPECT_THAT(page.body, Not(HasSubstr("?text=")));
  const Response second = say(visitor, "et pour mon fils ?");
  EXPECT_EQ(second.header("location"), "/conversation?suite=1#m4");
  EXPECT_EQ(conversations(), 1u);
}

TEST_P(Conversing, WhatIsShownIsEscaped) {
  Visitor visitor;
  say(visitor, "<script>alert(1)</script>");
  prepared_ = Answer{};
  prepared_->status = Status::answer;
  prepared_->text = "<img src=x> https://a.example/?a=1&b";
  prepared_->choices = {{"<b>Oui</b>", "\"><script>"}};
  prepared_->more = {{"<i>", "javascript:alert(1)", 0}};
  prepared_->notices = {"<u>"};
  prepared_->citations = {
      {"F1", "particuliers", "<s>", "", "javascript:alert(1)", "2020-07-21", "o", false, "p"}};
  say(visitor, "un");
  const std::string body = get(visitor).body;
  for (const char* raw : {"<script>", "<img", "<b>Oui", "<i>", "<u>", "<s>", "href=\"javascript"})
    EXPECT_THAT(body, Not(HasSubstr(raw))) << raw;
  EXPECT_THAT(body, HasSubstr("value=\"&quot;&gt;&lt;script&gt;\""));
  EXPECT_THAT(body, HasSubstr("href=\"https://a.example/?a=1&amp;b\""));
}

TEST_P(Conversing, AFormSentTwiceIsOneMessage) {
  Visitor visitor;
  say(visitor, "un");
  const Response page = get(visitor);
  const Fields fields = {
      {"id", field(page, "id")}, {"token", field(page, "token")}, {"text", "deux"}};
  EXPECT_EQ(post(visitor, fields).header("location"), "/conversation?suite=1#m4");
  EXPECT_EQ(post(visitor, fields).header("location"), "/conversation?suite=1#m4");
  EXPECT_EQ(times(get(visitor).body, "<h2 class=\"who\""), 4u);
  EXPECT_EQ(steps_, 2);
}

TEST_P(Conversing, TheFirstFormSentTwiceIsOneConversation) {
  Visitor visitor;
  const Response page = get(visitor);
  const Fields fields = {
      {"id", field(page, "id")}, {"start", field(page, "start")}, {"text", "un"}};
  Visitor pressed = visitor, again = visitor;  // the cookie of the first is not there yet
  {
    const std::jthread one([&] { post(pressed, fields); });
    const std::jthread two([&] { post(again, fields); });
  }
  EXPECT_THAT(pressed.cookie, StartsWith("conversation="));
  EXPECT_EQ(pressed.cookie, again.cookie);
  EXPECT_EQ(conversations(), 1u);
  EXPECT_EQ(times(get(again).body, "<h2 class=\"who\""), 2u);
}

TEST_P(Conversing, TwoTabsThatBeginShareTheConversation) {
  Visitor visitor;
  const Response one = get(visitor), two = get(visitor);
  for (const Response& tab : {one, two})
    post(visitor, {{"id", field(tab, "id")}, {"start", field(tab, "start")}, {"text", "un"}});
  EXPECT_EQ(conversations(), 1u);
  EXPECT_EQ(times(get(visitor).body, "<h2 class=\"who\""), 4u);
}

TEST_P(Conversing, AFormThatWasSentWithOtherWordsIsAskedAbout) {
  Visitor visitor;
  say(visitor, "un");
  const Response page = get(visitor);
  Fields fields = {{"id", field(page, "id")}, {"token", field(page, "token")}, {"text", "deux"}};
  post(visitor, fields);
  fields.back().second = "trois";
  const Response again = post(visitor, fields);
  EXPECT_EQ(again.status, 409);
  EXPECT_THAT(again.body, AllOf(HasSubstr("déjà parti"), HasSubstr(">trois</textarea>")));
  EXPECT_NE(field(again, "id"), field(page, "id"));
}

TEST_P(Conversing, AChoiceIsAButtonThatSendsItsValueAndLabel) {
  prepared_ = Answer{};
  prepared_->status = Status::clarify;
  prepared_->text = "Pour qui ?";
  prepared_->choices = {{"Un mineur", "F1/a"}, {"Un majeur", "F1/b"}};
  Visitor visitor;
  const Response page = follow(visitor, say(visitor, "carte"));
  prepared_.reset();
  EXPECT_THAT(page.body, HasSubstr("name=\"text\" value=\"Un mineur\"><input type=\"hidden\" "
                                   "name=\"choice\" value=\"F1/a\"><button class=\"choice\">"));
  post(visitor, {{"id", field(page, "id")},
                 {"token", field(page, "token")},
                 {"text", "Un mineur"},
                 {"choice", "F1/a"}});
  const std::string body = get(visitor).body;
  EXPECT_THAT(body, HasSubstr("Réponse à &lt;Un mineur&gt; F1/a"));
  EXPECT_THAT(body, Not(HasSubstr("name=\"choice\"")));  // those of earlier answers are gone
}

TEST_P(Conversing, AButtonSpeaksInsteadOfTheField) {
  Visitor visitor;
  const Response page =
      follow(visitor, say(visitor, "à moitié écrit", {{"say", "Je veux parler à quelqu’un"}}));
  EXPECT_THAT(page.body, HasSubstr("<p dir=\"auto\">Je veux parler à quelqu’un</p>"));
  EXPECT_THAT(page.body,
              HasSubstr("form=\"ecrire\" name=\"say\" value=\"Je veux parler à quelqu’un\""));
}

TEST_P(Conversing, AnAnswerHasItsSourcesPartsNoticesAndContact) {
  prepared_ = Answer{};
  prepared_->status = Status::answer;
  prepared_->text = "Apportez\u00a0:\n- une photo\n- un titre";
  prepared_->citations = {
      {"F1", "particuliers", "Carte", "Prix", "https://a.example/", "2020-07-21", "o", false, "p"},
      {"F1", "particuliers", "Carte", "Délai", "", "2020-07-21", "o", false, "p"},
      {"regle", "local", "Chez nous", "", "", "", "Mairie", true, "p"}};
  for (int i = 0; i < 7; ++i)
    prepared_->more.push_back({"Partie " + std::to_string(i), "Suite.", 0});
  prepared_->notices = {"J’ai masqué ceci dans votre message\u00a0: numéro de téléphone."};
  prepared_->contact = answer::Contact{.name = "Mairie de Bourg",
                                       .address = "1 place",
                                       .phones = {{"02 61 91 00 00", ""}},
                                       .email = "",
                                       .url = "",
                                       .hours = "",
                                       .open = true,
                                       .open_words = "Ouvert",
                                       .note = ""};
  Visitor visitor;
  const std::string body = follow(visitor, say(visitor, "carte")).body;
  EXPECT_THAT(body, HasSubstr("<ul><li>une photo</li><li>un titre</li></ul>"));
  EXPECT_THAT(body, HasSubstr("<a href=\"/fiche/particuliers/F1\">Carte, 21 juillet 2020</a>"));
  EXPECT_EQ(times(body, "/fiche/particuliers/F1\""), 1u);
  EXPECT_THAT(body, HasSubstr("<a href=\"/fiche/local/regle\">Chez nous</a>"));
  EXPECT_THAT(body, HasSubstr("<summary>Tout lire (3 autres points)</summary>"));
  EXPECT_THAT(body, HasSubstr("J’ai masqué ceci"));
  EXPECT_THAT(body, HasSubstr("href=\"tel:0261910000\""));
}

TEST_P(Conversing, DangerComesFirst) {
  prepared_ = Answer{};
  prepared_->status = Status::emergency;
  prepared_->text = "Appelez les secours.";
  prepared_->contact = answer::Contact{};
  prepared_->contact->phones = {{"15", "SAMU"}};
  Visitor visitor;
  const Response page = follow(visitor, say(visitor, "il ne respire plus"));
  const std::string& body = page.body;
  EXPECT_LT(body.find("href=\"tel:15\""), body.find("Appelez les secours."));
  EXPECT_THAT(body, HasSubstr("Je ne peux pas prévenir les secours"));
  EXPECT_THAT(body, HasSubstr("<title>Conversation\u00a0: Appelez maintenant"));
  EXPECT_THAT(body, Not(HasSubstr("id=\"avis\"")));
}

TEST_P(Conversing, ALineInAnotherLanguageSaysSo) {
  prepared_ = Answer{};
  prepared_->status = Status::answer;
  prepared_->language = "ar";
  prepared_->text = "النص الفرنسي.\nLa carte est gratuite.";
  Visitor visitor;
  EXPECT_THAT(follow(visitor, say(visitor, "بطاقة")).body,
              HasSubstr("<div lang=\"ar\" dir=\"rtl\"><p>النص الفرنسي.</p></div><p>La carte est "
                        "gratuite.</p>"));
  prepared_->language = "en";
  prepared_->text = "In French only.";
  EXPECT_THAT(follow(visitor, say(visitor, "card")).body,
              HasSubstr("<div lang=\"en\" dir=\"ltr\"><p>In French only.</p></div></div>"));
}

TEST_P(Conversing, EachCommuneHasItsConversation) {
  Visitor visitor;
  const std::string here = "/bourg/conversation";
  const Response start = get(visitor, "", here);
  EXPECT_THAT(start.body, HasSubstr("action=\"/bourg/conversation\""));
  const Response sent =
      post(visitor, {{"id", field(start, "id")}, {"start", field(start, "start")}, {"text", "un"}},
           "", here);
  EXPECT_EQ(sent.header("location"), "/bourg/conversation?suite=1#m2");
  EXPECT_THAT(std::string(*sent.header("set-cookie")), HasSubstr("; Path=/bourg/conversation;"));
  const std::string body = follow(visitor, sent).body;
  EXPECT_THAT(body, HasSubstr("99001"));
  EXPECT_THAT(body, HasSubstr("href=\"/bourg/conversation/telecharger/txt\""));
  for (const std::string rest : {"", "/effacer", "/effacee", "/telecharger/txt"})
    EXPECT_THROW(get(visitor, rest, "/ailleurs/conversation"), Error) << rest;
}

TEST_P(Conversing, LostErasedAnothersAndInventedLookAlike) {
  Visitor owner, other, mixed, invented, nobody;
  say(owner, "mon secret");
  say(other, "un");
  const std::string token = other.cookie.substr(other.cookie.find('.'));
  mixed.cookie = owner.cookie.substr(0, owner.cookie.find('.')) + token;
  invented.cookie = "conversation=" + std::string(32, 'a') + "." + std::string(64, 'a');
  post(other, {{"token", field(get(other), "token")}}, "/effacer");
  other.cookie = "conversation=" + std::string(32, 'b') + token;
  for (Visitor* each : {&other, &mixed, &invented, &nobody})
    for (const std::string rest : {"?suite=1", "/effacer", "/telecharger/txt"}) {
      Visitor visitor = *each;
      const Response page = get(visitor, rest);
      EXPECT_EQ(page.status, 404) << rest;
      EXPECT_THAT(page.body, HasSubstr("Cette conversation n’est plus là."));
      EXPECT_THAT(page.body, Not(HasSubstr("mon secret")));
      EXPECT_EQ(visitor.cookie, "");
    }
}

TEST_P(Conversing, ALostConversationKeepsWhatWasWritten) {
  Visitor visitor;
  say(visitor, "un");
  const Response page = get(visitor);
  visitor.cookie.clear();
  const Response lost =
      post(visitor,
           {{"id", field(page, "id")}, {"token", field(page, "token")}, {"text", "deux & trois"}});
  EXPECT_EQ(lost.status, 404);
  EXPECT_THAT(lost.body, HasSubstr(">deux &amp; trois</textarea>"));
  EXPECT_EQ(
      post(visitor,
           {{"id", field(lost, "id")}, {"start", field(lost, "start")}, {"text", "deux & trois"}})
          .status,
      303);
  EXPECT_EQ(conversations(), 2u);
}

TEST_P(Conversing, AFormOfAnotherSiteIsRefused) {
  Visitor visitor;
  say(visitor, "un");
  const Response page = get(visitor);
  const Fields fields = {{"id", field(page, "id")},
                         {"token", field(page, "token")},
                         {"text", "volé"},
                         {"seq", "2"},
                         {"helped", "yes"}};
  for (const http::Pairs& headers :
       {http::Pairs{{"sec-fetch-site", "cross-site"}}, http::Pairs{{"sec-fetch-site", "same-site"}},
        http::Pairs{{"origin", "https://evil.example"}, {"host", "ville.example"}}}) {
    visitor.headers = headers;
    for (const std::string rest : {"", "/avis", "/effacer"})
      EXPECT_EQ(post(visitor, fields, rest).status, 403) << rest;
    Visitor newcomer{.cookie = "", .headers = headers};
    const Response start = get(newcomer);
    EXPECT_EQ(post(newcomer,
                   {{"id", field(start, "id")}, {"start", field(start, "start")}, {"text", "volé"}})
                  .status,
              403);
    EXPECT_EQ(newcomer.cookie, "");
  }
  visitor.headers = kOurs;
  EXPECT_THAT(get(visitor).body, Not(HasSubstr("volé")));
  EXPECT_EQ(conversations(), 1u);
}

TEST_P(Conversing, ABrowserThatDoesNotSayWhereFromReturnsTheFormsToken) {
  Visitor visitor;
  say(visitor, "un");
  Visitor other;
  say(other, "autre");
  const std::string mine = field(get(visitor), "token"), theirs = field(get(other), "token");
  visitor.headers = {};
  for (const std::string& token : {std::string(), theirs, mine.substr(1)})
    for (const std::string rest : {"", "/avis", "/effacer"})
      EXPECT_EQ(
          post(visitor,
               {{"id", "message-2"}, {"token", token}, {"text", "deux"}, {"helped", "yes"}}, rest)
              .status,
          403);
  EXPECT_EQ(post(visitor, {{"id", "message-2"}, {"token", mine}, {"text", "deux"}}).status, 303);
}

TEST_P(Conversing, SuchABrowsersFirstMessageIsShownOnceMore) {
  Visitor visitor{.cookie = "", .headers = {}};
  const Response start = get(visitor);
  const Response asked =
      post(visitor, {{"id", field(start, "id")}, {"start", field(start, "start")}, {"text", "un"}});
  EXPECT_EQ(asked.status, 200);
  EXPECT_THAT(asked.body, AllOf(HasSubstr("Relisez votre message"), HasSubstr(">un</textarea>")));
  EXPECT_NE(field(asked, "start"), field(start, "start"));  // another site may know that one
  const Response known =
      post(visitor, {{"id", field(asked, "id")}, {"start", field(start, "start")}, {"text", "un"}});
  EXPECT_EQ(known.status, 200);
  EXPECT_EQ(conversations(), 0u);
  const Response sent =
      post(visitor, {{"id", field(known, "id")}, {"start", field(known, "start")}, {"text", "un"}});
  EXPECT_EQ(sent.status, 303);
  EXPECT_EQ(conversations(), 1u);
}

TEST_P(Conversing, AnEmptyOrTooLongMessageIsAnErrorSaidAtItsField) {
  Visitor visitor;
  for (const bool begun : {false, true}) {
    if (begun) say(visitor, "un");
    for (const std::string& text : {std::string(" \n "), std::string(8193, 'a')}) {
      const Response page = say(visitor, text);
      EXPECT_EQ(page.status, text.size() > 10 ? 413 : 400);
      EXPECT_THAT(page.body, HasSubstr("role=\"alert\""));
      EXPECT_THAT(page.body, HasSubstr("<p class=\"err\" id=\"message-error\">"));
      EXPECT_THAT(page.body, HasSubstr("aria-describedby=\"message-error message-hint\" "
                                       "aria-invalid=\"true\">" +
                                       text + "</textarea>"));
      EXPECT_THAT(page.body, HasSubstr("<title>Erreur\u00a0: "));
    }
    EXPECT_EQ(conversations(), begun ? 1u : 0u);
  }
}

TEST_P(Conversing, TooManyMessagesAreToldWithTheTextKept) {
  talk_.budgets = api::MessageRates{.per_visitor = 2, .per_address = 100, .per_tenant = 4};
  build();
  Visitor visitor;
  say(visitor, "un");
  say(visitor, "deux");
  const Response third = say(visitor, "trois");
  EXPECT_EQ(third.status, 429);
  EXPECT_EQ(third.header("retry-after"), "30");
  EXPECT_THAT(third.body, AllOf(HasSubstr(">trois</textarea>"), HasSubstr("Attendez une minute")));
  now_ += std::chrono::seconds(30);
  EXPECT_EQ(say(visitor, "trois").status, 303);
  Visitor other;
  say(other, "un");  // with its start, the rest of the town's budget
  Visitor late;
  const Response refused = say(late, "moi aussi");
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr(">moi aussi</textarea>"));
  EXPECT_EQ(late.cookie, "");
}

TEST_P(Conversing, PagesAndApiSpendOneBudgetByAddress) {
  Request request;
  const auto rate = [&](Method method, const std::string& path) {
    return router_.match(method, path)->route->options.rate;
  };
  EXPECT_EQ(rate(Method::post, "/conversation"), talk_.budgets.writes.rate);
  EXPECT_EQ(rate(Method::post, "/bourg/conversation"), talk_.budgets.writes.rate);
  EXPECT_EQ(rate(Method::get, "/conversation"), talk_.budgets.reads.rate);
  EXPECT_NE(rate(Method::post, "/conversation/effacer"), nullptr);
  EXPECT_NE(rate(Method::get, "/conversation/telecharger/txt"), nullptr);
}

TEST_P(Conversing, OpinionsAreKeptWithTheirReason) {
  Visitor visitor;
  const Response page = follow(visitor, say(visitor, "un"));
  EXPECT_THAT(page.body, HasSubstr("action=\"/conversation/avis\""));
  const Fields about = {{"seq", field(page, "seq")}, {"token", field(page, "token")}};
  Fields no = about;
  no.emplace_back("helped", "no");
  const Response missing = post(visitor, no, "/avis");
  EXPECT_EQ(missing.status, 400);
  EXPECT_THAT(missing.body, AllOf(HasSubstr("aria-describedby=\"reason-error\""),
                                  HasSubstr("Réponse à &lt;un&gt;")));
  no.emplace_back("reason", "not_my_case");
  const Response sent = post(visitor, no, "/avis");
  EXPECT_EQ(sent.header("location"), "/conversation?suite=1#avis-2");
  const std::string body = follow(visitor, sent).body;
  EXPECT_THAT(body, HasSubstr("id=\"avis-2\" tabindex=\"-1\">Merci. Votre avis est noté\u00a0: Ce "
                              "n’est pas ma situation.</p>"));
  EXPECT_THAT(body, Not(HasSubstr("id=\"avis\"")));
  Fields yes = about;
  yes.emplace_back("helped", "yes");
  EXPECT_EQ(post(visitor, yes, "/avis").status, 303);
  EXPECT_THAT(get(visitor).body, HasSubstr("Oui, cela m’aide"));
  yes[0].second = "1";
  EXPECT_EQ(support::error_of([&] { post(visitor, yes, "/avis"); }).code(), Errc::invalid);
  EXPECT_EQ(support::error_of([&] { post(visitor, about, "/avis"); }).code(), Errc::invalid);
  visitor.cookie.clear();
  EXPECT_EQ(post(visitor, yes, "/avis").status, 404);
}

TEST_P(Conversing, ErasingAsksFirstAndLeavesNothing) {
  Visitor visitor;
  const Response first = get(visitor);
  const Fields start = {
      {"id", field(first, "id")}, {"start", field(first, "start")}, {"text", "un"}};
  post(visitor, start);
  const std::string cookie = visitor.cookie;
  const Response asked = get(visitor, "/effacer");
  EXPECT_THAT(asked.body, AllOf(HasSubstr("Effacer cette conversation"), HasSubstr("Garder")));
  EXPECT_EQ(conversations(), 1u);
  const Fields sure = {{"token", field(asked, "token")}};
  const Response gone = post(visitor, sure, "/effacer");
  EXPECT_EQ(gone.header("location"), "/conversation/effacee");
  EXPECT_EQ(visitor.cookie, "");
  EXPECT_EQ(conversations(), 0u);
  EXPECT_THAT(follow(visitor, gone).body, HasSubstr("La conversation est effacée"));
  visitor.cookie = cookie;
  EXPECT_EQ(post(visitor, sure, "/effacer").header("location"), "/conversation/effacee");
  const Response back = post(visitor, start);  // the page before, sent again
  EXPECT_EQ(back.status, 404);
  EXPECT_EQ(conversations(), 0u);
}

TEST_P(Conversing, ErasingWorksWithoutKeys) {
  Visitor visitor;
  say(visitor, "un");
  const std::string token = field(get(visitor), "token");
  fs::remove(folder_ / "keys.sealed");
  post(visitor, {{"token", token}}, "/effacer");
  EXPECT_EQ(conversations(), 0u);
}

TEST_P(Conversing, IsKeptAsAFileInEachFormat) {
  Visitor visitor;
  say(visitor, "un");
  const std::string page = get(visitor).body;
  for (const api::Format& format : api::formats())
    EXPECT_THAT(page,
                HasSubstr("href=\"/conversation/telecharger/" + std::string(format.extension) +
                          "\">Télécharger " + std::string(format.words) + "</a>"));
  const Response text = get(visitor, "/telecharger/txt");
  EXPECT_EQ(text.header("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(text.header("content-disposition"),
            "attachment; filename=\"conversation-2026-11-24.txt\"");
  EXPECT_THAT(text.body, HasSubstr("Réponse à <un>"));
  const Response data = get(visitor, "/telecharger/json");
  EXPECT_EQ(data.header("content-type"), "application/json");
  EXPECT_THAT(data.body, AllOf(HasSubstr("\"messages\""), Not(HasSubstr("\"state\""))));
  const Response document = get(visitor, "/telecharger/pdf");
  EXPECT_EQ(document.header("content-type"), "application/pdf");
  EXPECT_TRUE(document.body.starts_with("%PDF-"));
  EXPECT_EQ(support::error_of([&] { get(visitor, "/telecharger/exe"); }).code(), Errc::not_found);
}

TEST_P(Conversing, WhenTheAnswerFailsTheMessageIsKeptAndAnsweredLater) {
  Visitor visitor;
  say(visitor, "un");
  policy_fails_ = true;
  EXPECT_EQ(support::error_of([&] { say(visitor, "deux"); }).code(), Errc::unavailable);
  policy_fails_ = false;
  EXPECT_THAT(get(visitor).body, HasSubstr("Réponse à &lt;deux&gt;"));
}

TEST_P(Conversing, WithoutATownNothingBegins) {
  talk_.tenant.clear();
  Visitor visitor;
  EXPECT_EQ(get(visitor).status, 200);
  EXPECT_EQ(support::error_of([&] { say(visitor, "un"); }).code(), Errc::unavailable);
}

TEST_P(Conversing, ShowsTheNewestTurns) {
  talk_.budgets = api::MessageRates{.per_visitor = 1000, .per_address = 1000, .per_tenant = 1000};
  build();
  Visitor visitor;
  const std::size_t messages = kTurnsShown / 2 + 1;
  for (std::size_t i = 0; i < messages; ++i) say(visitor, "n" + std::to_string(i) + "!");
  const std::string body = get(visitor).body;
  EXPECT_EQ(times(body, "<h2 class=\"who\""), kTurnsShown);
  EXPECT_THAT(body, AllOf(Not(HasSubstr(">n0!<")), HasSubstr(">n1!<"),
                          HasSubstr("Les premiers messages ne sont pas affichés")));
  now_ += std::chrono::days(1);
  EXPECT_THAT(get(visitor).body, HasSubstr("<span>mardi 24 novembre, 14\u202fh\u202f38</span>"));
}

TEST_P(Conversing, AnAnswerOfAPageGoesOnAsAConversation) {
  service_.ask = [](const answer::Question&, const std::string&) { return Answer{}; };
  Visitor visitor;
  const Response page = call(Method::post, "/question", visitor, "q=carte+%26+titre");
  EXPECT_THAT(page.body, HasSubstr("Poursuivre la conversation"));
  EXPECT_EQ(page.header("set-cookie"), std::nullopt);
  const Response sent =
      post(visitor,
           {{"id", field(page, "id")}, {"start", field(page, "start")}, {"text", "carte & titre"}});
  EXPECT_THAT(follow(visitor, sent).body, HasSubstr("<p dir=\"auto\">carte &amp; titre</p>"));
}

}  // namespace
}  // namespace parvis::portal
