#include "portal/portal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "knowledge/vdd.hpp"
#include "portal/pages.hpp"

namespace parvis::portal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Portal : public ::testing::Test {
 protected:
  Portal() : assets_(std::string(PARVIS_SOURCE_DIR) + "/web/assets", "/assets") {
    service_.town = "Ville";
    service_.communes = {{.insee = "99001", .slug = "bourg", .name = "Bourg", .postcodes = {}}};
    service_.now = [] { return *parse_rfc3339("2026-11-23T10:00:00+01:00"); };
    service_.services = [](const std::string& commune) {
      directory::Service hall;
      hall.name = "Mairie de " + commune;
      hall.pivots = {"mairie"};
      hall.phones = {{"02 61 91 00 00", ""}};
      return std::vector{hall};
    };
    service_.ask = [](const answer::Question& question, const std::string& commune) {
      answer::Answer a;
      a.status = answer::Status::partial;
      a.choices.push_back({"Un <b>", std::to_string(question.chosen.size())});
      a.more.push_back({"Suite", "1. Ouvrir https://example.org/x.\n- point", 0});
      a.text = "La carte est <gratuite>." + commune;
      a.citations.push_back({.id = "F1",
                             .audience = "particuliers",
                             .title = "Carte",
                             .section = "Introduction",
                             .url = "javascript:alert(1)",
                             .updated = "2020-07-21",
                             .origin = "o",
                             .local = false,
                             .passage = "p"});
      return a;
    };
    service_.sheet = [](const knowledge::DocumentKey& key) -> std::optional<knowledge::Document> {
      if (key.id != "F1") return std::nullopt;
      return knowledge::parse_fiche_xml(
                 "<Publication ID='F1'><dc:title>Carte</dc:title><Texte><BlocCas><Cas><Titre>Majeur"
                 "</Titre><Paragraphe>A <LienExterne "
                 "URL='javascript:x'>lien</LienExterne></Paragraphe>"
                 "</Cas></BlocCas><Tableau><Titre>Prix</Titre><Rangée type='header'><Cellule>"
                 "<Paragraphe>Cas</Paragraphe></Cellule></Rangée></Tableau></Texte></Publication>",
                 "particuliers")
          .value();
    };
    add_portal(router_, service_, assets_);
  }
  http::Response call(http::Method method, const std::string& path, const std::string& body = "",
                      const std::string& type = "application/x-www-form-urlencoded") {
    auto match = router_.match(method, path);
    EXPECT_TRUE(match && match->route != nullptr);
    http::Request request;
    request.method = method;
    request.params = match->params;
    request.headers = {{"content-type", type}};
    request.body = body;
    return match->route->handler(request);
  }

  http::Assets assets_;
  Service service_;
  http::Router router_;
};

TEST_F(Portal, HomeAsksOneQuestionWithALabel) {
  const auto home = call(http::Method::get, "/");
  EXPECT_THAT(home.body, HasSubstr("<label for=\"q\">Votre question</label>"));
  EXPECT_THAT(home.body, HasSubstr("lang=\"fr\""));
  EXPECT_THAT(home.body, Not(HasSubstr("<script")));
}

TEST_F(Portal, EachCommuneHasItsPages) {
  EXPECT_THAT(call(http::Method::get, "/").body, HasSubstr("href=\"/bourg/\">Bourg</a>"));
  const auto home = call(http::Method::get, "/bourg/");
  EXPECT_THAT(home.body, HasSubstr("action=\"/bourg/question\""));
  EXPECT_THAT(home.body, HasSubstr("Mairie de 99001"));
  EXPECT_THAT(home.body, HasSubstr("href=\"tel:0261910000\""));
  EXPECT_THAT(call(http::Method::post, "/bourg/question", "q=a").body, HasSubstr(".99001"));
  EXPECT_THAT(call(http::Method::get, "/bourg/services").body,
              HasSubstr("Horaires non renseignés"));
  EXPECT_THROW(call(http::Method::get, "/ailleurs/"), Error);
  EXPECT_THROW(call(http::Method::post, "/api/v1/answers", R"({"question":"a","commune":"1"})",
                    "application/json"),
               Error);
}

TEST_F(Portal, AnswerEscapesWhatItShowsAndDropsUnsafeLinks) {
  const auto answer = call(http::Method::post, "/question", "q=%3Cscript%3E");
  EXPECT_THAT(answer.body, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(answer.body, HasSubstr("&lt;gratuite&gt;"));
  EXPECT_THAT(answer.body, Not(HasSubstr("javascript:")));
  EXPECT_THAT(answer.body, HasSubstr("21 juillet 2020"));
  EXPECT_THROW(call(http::Method::post, "/question", "q=+"), Error);
  EXPECT_THROW(call(http::Method::post, "/question", ""), Error);
}

TEST_F(Portal, ChoicesAreButtonsThatKeepWhatWasChosen) {
  const auto answer = call(http::Method::post, "/question", "q=carte&choice=F1&choice=F1%2Fa");
  EXPECT_THAT(answer.body, HasSubstr("name=\"choice\" value=\"F1\""));
  EXPECT_THAT(answer.body, HasSubstr("value=\"2\">Un &lt;b&gt;</button>"));
  EXPECT_THAT(answer.body, HasSubstr("<ol><li>Ouvrir <a href=\"https://example.org/x\">"));
}

TEST_F(Portal, SheetKeepsCasesApartAndTablesAsTables) {
  const auto sheet = call(http::Method::get, "/fiche/particuliers/F1");
  EXPECT_THAT(sheet.body, HasSubstr("<details><summary>Majeur</summary>"));
  EXPECT_THAT(sheet.body, HasSubstr("<th scope=\"col\">"));
  EXPECT_THAT(sheet.body, Not(HasSubstr("javascript:")));
  EXPECT_THROW(call(http::Method::get, "/fiche/particuliers/F2"), Error);
}

TEST_F(Portal, ApiAnswersJsonAndSaysWhatIsWrong) {
  const auto good =
      call(http::Method::post, "/api/v1/answers", R"({"question":"carte"})", "application/json");
  EXPECT_THAT(good.body, HasSubstr("\"status\":\"partial\""));
  EXPECT_THROW(call(http::Method::post, "/api/v1/answers", "{", "application/json"), Error);
  EXPECT_THROW(call(http::Method::post, "/api/v1/answers", "{}", "application/json"), Error);
  EXPECT_THROW(call(http::Method::post, "/api/v1/answers", R"({"question":"a","chosen":[1]})",
                    "application/json"),
               Error);
}

}  // namespace
}  // namespace parvis::portal
