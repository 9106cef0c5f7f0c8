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
    service_.town = "Ville d’ Éole";
    service_.themes = {{.id = "N1", .title = "Papiers", .sheets = 2}};
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
                 "</Cas><Cas><Titre>Mineur</Titre><Paragraphe><LienInterne "
                 "LienPublication='F7'>autre</LienInterne></Paragraphe></Cas>"
                 "</BlocCas><Tableau><Titre>Prix</Titre><Rangée type='header'><Cellule>"
                 "<Paragraphe>Cas</Paragraphe></Cellule></Rangée><Rangée><Cellule><Paragraphe>1 €"
                 "</Paragraphe></Cellule></Rangée></Tableau></Texte>"
                 "<OuSAdresser type='Local personnalisé'><Titre>Mairie</Titre>"
                 "<PivotLocal>mairie</PivotLocal></OuSAdresser>"
                 "<OuSAdresser type='Local personnalisé'><Titre>Préfecture</Titre>"
                 "<PivotLocal>prefecture</PivotLocal></OuSAdresser></Publication>",
                 "particuliers")
          .value();
    };
    service_.vote = [this](const Vote& vote) { votes_.push_back(vote); };
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

  std::vector<Vote> votes_;
  http::Assets assets_;
  Service service_;
  http::Router router_;
};

TEST_F(Portal, HomeAsksOneQuestionWithALabel) {
  const auto home = call(http::Method::get, "/");
  EXPECT_THAT(home.body, HasSubstr("<label class=\"label\" for=\"q\">Votre question</label>"));
  EXPECT_THAT(home.body, HasSubstr("lang=\"fr\""));
  EXPECT_THAT(home.body, HasSubstr("aujourd’hui lundi 23 novembre"));
  EXPECT_THAT(home.body, HasSubstr("href=\"/fiche/particuliers/N1\""));
  EXPECT_THAT(home.body, HasSubstr("2 fiches"));
}

TEST_F(Portal, ThePlaqueWritesTheNameOfThePlaceLarge) {
  EXPECT_THAT(call(http::Method::get, "/").body, HasSubstr("<small>Ville d’</small> <b>Éole</b>"));
  service_.town = "Ville";
  EXPECT_THAT(call(http::Method::get, "/").body, HasSubstr("href=\"/\"> <b>Ville</b>"));
}

TEST_F(Portal, EachCommuneHasItsPages) {
  EXPECT_THAT(call(http::Method::get, "/").body, HasSubstr("href=\"/bourg/\">Bourg</a>"));
  const auto home = call(http::Method::get, "/bourg/");
  EXPECT_THAT(home.body, HasSubstr("action=\"/bourg/question\""));
  EXPECT_THAT(home.body, HasSubstr("Mairie de 99001"));
  EXPECT_THAT(home.body, HasSubstr("href=\"tel:0261910000\""));
  EXPECT_THAT(home.body, HasSubstr("aria-current=\"true\""));
  EXPECT_THAT(call(http::Method::post, "/bourg/question", "q=a").body, HasSubstr(".99001"));
  EXPECT_THAT(call(http::Method::get, "/bourg/services").body,
              HasSubstr("Horaires non renseignés"));
  EXPECT_THAT(call(http::Method::get, "/bourg/themes").body,
              HasSubstr("href=\"/bourg/fiche/particuliers/N1\""));
  EXPECT_THAT(call(http::Method::get, "/bourg/fiche/particuliers/F1").body,
              HasSubstr("href=\"/bourg/fiche/particuliers/F7\""));
  for (const std::string page : {"", "services", "themes", "fiche/particuliers/F1"})
    EXPECT_THROW(call(http::Method::get, "/ailleurs/" + page), Error) << page;
}

TEST_F(Portal, TheTownsColourIsAStyleSheet) {
  service_.accent = "#aa0000";
  http::Router router;
  add_portal(router, service_, assets_);
  const auto match = router.match(http::Method::get, "/town.css");
  const auto css = match->route->handler({});
  EXPECT_THAT(css.body, HasSubstr("--tenant:#aa0000"));
  EXPECT_EQ(css.header("content-type"), "text/css; charset=utf-8");
}

TEST_F(Portal, AnswerEscapesWhatItShowsAndDropsUnsafeLinks) {
  const auto answer = call(http::Method::post, "/question", "q=%3Cscript%3E");
  EXPECT_THAT(answer.body, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(answer.body, HasSubstr("&lt;gratuite&gt;"));
  EXPECT_THAT(answer.body, Not(HasSubstr("javascript:")));
  EXPECT_THAT(answer.body, HasSubstr("21 juillet 2020"));
}

TEST_F(Portal, ABrowserMayGoBackToAnAnswerThatCannotBePostedAgain) {
  EXPECT_EQ(call(http::Method::post, "/question", "q=a").header("cache-control"),
            "private, no-cache");
}

TEST_F(Portal, AnEmptyQuestionIsAnErrorSaidAtItsField) {
  for (const std::string body : {"q=+", "", "q=%C2%A0"}) {
    const auto answer = call(http::Method::post, "/bourg/question", body);
    EXPECT_EQ(answer.status, 400);
    EXPECT_THAT(answer.body, HasSubstr("role=\"alert\""));
    EXPECT_THAT(answer.body, HasSubstr("id=\"q-error\""));
    EXPECT_THAT(answer.body, HasSubstr("aria-describedby=\"q-error q-hint\""));
    EXPECT_THAT(answer.body, HasSubstr("aria-invalid=\"true\""));
  }
  EXPECT_THAT(call(http::Method::get, "/").body, Not(HasSubstr("q-error")));
}

TEST_F(Portal, TheConversationGoesOn) {
  const auto answer = call(http::Method::post, "/question", "q=combien&after=carte");
  EXPECT_THAT(answer.body, HasSubstr("name=\"after\" value=\"carte\">"
                                     "<input type=\"hidden\" name=\"after\" value=\"combien\""));
}

TEST_F(Portal, ErrorsArePagesOfTheCommuneWithAWayOn) {
  http::Request request;
  request.path = "/bourg/nulle-part";
  const auto page = error_page(service_, assets_);
  for (const int status : {400, 404, 405, 413, 500, 503}) {
    const auto shown = page(request, {.status = status, .detail = "in English"});
    EXPECT_EQ(shown.status, status);
    EXPECT_THAT(shown.body, HasSubstr("href=\"/bourg/\">Revenir à l’accueil</a>"));
    EXPECT_THAT(shown.body, Not(HasSubstr("in English")));
  }
}

TEST_F(Portal, AMarkClosesTheLinesThatOneSourceProves) {
  std::vector<answer::Citation> citations(2);
  citations[0].passage = "Elle coûte 25\u00a0€. Il faut\nune photo.";
  citations[1].passage = "Lundi.";
  const std::string ref1 = "<a class=\"ref\" href=\"#s1\" aria-label=\"Source 1\">1</a>";
  const std::string ref2 = "<a class=\"ref\" href=\"#s2\" aria-label=\"Source 2\">2</a>";
  EXPECT_EQ(
      lines("Elle coûte 25 €.\n- Il faut une photo.\n1. Lundi.\nChoisissez.", citations).str(),
      "<p>Elle coûte 25 €.</p><ul><li>Il faut une photo." + ref1 + "</li></ul><ol><li>Lundi." +
          ref2 + "</li></ol><p>Choisissez.</p>");
}

TEST_F(Portal, TheNameOfALinkIsWhatTheLineNames) {
  EXPECT_EQ(lines("Service en ligne\u00a0: Achat\u00a0: https://a.example/b.", {}).str(),
            "<p>Service en ligne\u00a0: <a href=\"https://a.example/b\">Achat</a>.</p>");
  EXPECT_EQ(lines("Voir https://a.example, puis payer.", {}).str(),
            "<p>Voir <a href=\"https://a.example\">https://a.example</a>, puis payer.</p>");
}

TEST_F(Portal, AVoteIsCountedOnceWithTheSheetItIsAbout) {
  const auto yes = call(http::Method::post, "/bourg/avis",
                        "helped=yes&audience=particuliers&sheet=F1&reason=wrong&q=secret");
  EXPECT_EQ(yes.status, 303);
  EXPECT_EQ(yes.header("location"), "/bourg/avis");
  call(http::Method::post, "/avis", "helped=no&reason=unclear&audience=x&sheet=");
  const CivilDate day(std::chrono::year(2026), std::chrono::month(11), std::chrono::day(23));
  EXPECT_THAT(votes_, ::testing::ElementsAre(Vote{day, "99001", "particuliers", "F1", Helped::yes},
                                             Vote{day, "", "", "", Helped::unclear}));
  EXPECT_THAT(call(http::Method::get, "/bourg/avis").body, HasSubstr("role=\"status\""));
}

TEST_F(Portal, AVoteThatIsNoneIsNotCounted) {
  for (const std::string body :
       {"helped=no&sheet=", "helped=no&reason=boredom", "helped=no&reason="}) {
    const auto page = call(http::Method::post, "/avis", body);
    EXPECT_EQ(page.status, 400);
    EXPECT_THAT(page.body, HasSubstr("aria-describedby=\"reason-error\""));
  }
  for (const std::string body :
       {"", "helped=yes&helped=no", "helped=yes&audience=particuliers&sheet=F2"})
    EXPECT_THROW(call(http::Method::post, "/avis", body), Error) << body;
  EXPECT_TRUE(votes_.empty());
}

TEST_F(Portal, ChoicesAreButtonsThatKeepWhatWasChosen) {
  const auto answer = call(http::Method::post, "/question", "q=carte&choice=F1&choice=F1%2Fa");
  EXPECT_THAT(answer.body, HasSubstr("name=\"choice\" value=\"F1\""));
  EXPECT_THAT(answer.body, HasSubstr("value=\"2\"><span>Un &lt;b&gt;</span>"));
  EXPECT_THAT(answer.body, HasSubstr("<ol><li>Ouvrir <a href=\"https://example.org/x\">"));
}

TEST_F(Portal, SheetKeepsCasesApartAndTablesAsTables) {
  const auto sheet = call(http::Method::get, "/fiche/particuliers/F1");
  EXPECT_THAT(sheet.body, HasSubstr("<details><summary>Majeur</summary>"));
  EXPECT_THAT(sheet.body, HasSubstr("<caption>Prix</caption><thead><tr><th scope=\"col\">"));
  EXPECT_THAT(sheet.body, HasSubstr("</thead><tbody>"));
  EXPECT_THAT(sheet.body, Not(HasSubstr("javascript:")));
  EXPECT_THROW(call(http::Method::get, "/fiche/particuliers/F2"), Error);
}

TEST_F(Portal, WhereASheetSaysWhomToTurnToStandsTheTownsOwnOffice) {
  const std::string body = call(http::Method::get, "/bourg/fiche/particuliers/F1").body;
  EXPECT_THAT(body,
              HasSubstr("<strong>Mairie</strong></p><div class=\"group\"><p><strong>Mairie de "
                        "99001</strong></p>"));
  EXPECT_THAT(body, HasSubstr("<strong>Préfecture</strong></p></div>"));
}

}  // namespace
}  // namespace parvis::portal
