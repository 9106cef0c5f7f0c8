// The démarches of the demonstration town: each is walked to its end, in two situations that call
// for different documents, and agrees with the town's services and sheets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <regex>
#include <set>
#include <sstream>

#include "procedure/form.hpp"

namespace parvis::procedure {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const fs::path kDemo = fs::path(PARVIS_SOURCE_DIR) / "demo";

std::string read(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

Definition definition(const std::string& id) {
  auto found = read_definition(read(kDemo / "procedures" / (id + ".yaml")));
  EXPECT_TRUE(found.has_value()) << id;
  return found ? std::move(*found) : Definition{};
}

std::vector<Definition> all() {
  std::vector<Definition> out;
  for (const auto& entry : fs::directory_iterator(kDemo / "procedures"))
    if (auto found = read_definition(read(entry.path()))) out.push_back(std::move(*found));
  return out;
}

Moment moment(std::string commune) {
  return {
      LocalTime(std::chrono::local_days(CivilDate{2026y / 11 / 28})) + 14h, {}, std::move(commune)};
}

struct Walk {
  std::string procedure, commune;
  std::string answers;                 // JSON
  std::vector<std::string> documents;  // that the situation calls for
};
std::ostream& operator<<(std::ostream& out, const Walk& walk) {
  return out << walk.procedure << " " << walk.answers;
}

constexpr std::string_view kPerson = R"({"last_name":"Roy","first_names":"Ana"})";
constexpr std::string_view kAddress =
    R"({"street":"3, rue du Gué","postcode":"00110","city":"Montreuil-le-Gué"})";

// $P a person, $A an address, $F a file, $R an appointment.
std::string expanded(std::string text) {
  for (const auto& [mark, value] :
       {std::pair<std::string, std::string_view>{"$P", kPerson},
        {"$A", kAddress},
        {"$F", R"([{"id":"f1","name":"a.pdf","type":"application/pdf"}])"},
        {"$R", R"({"booking":"b1","start":"2026-12-03T14:30:00+01:00",
                   "reason":"autorisation-locale","service":"urbanisme"})"}})
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark))
      text.replace(at, mark.size(), value);
  return text;
}

const std::vector<Walk> kWalks = {
    {"perte-identite",
     "99001",
     R"({"motif":"perte","titre":"carte","date_perte":"2026-11-20","lieu_perte":"Au marché",
         "pour_qui":"moi","titulaire":{"last_name":"Roy","first_names":"Ana",
         "birth_date":"1990-01-01","birth_place":"Lyon"},"email":"a@b.fr","adresse":$A,
         "honneur":true})",
     {"ancienne_copie", "acte_naissance"}},
    {"declaration-perte-objet",
     "99001",
     R"({"nature":"cles","vole":false,"description":"Trois clés, anneau rouge",
         "date_perte":"2026-11-27","endroit":"inconnu","vous":$P,"telephone":"0612345678"})",
     {"photo"}},
    {"declaration-perte-objet",
     "99002",
     R"({"nature":"telephone","vole":false,"description":"Noir, écran fendu",
         "date_perte":"2026-11-27","endroit":"bus","vous":$P,"telephone":"0612345678"})",
     {"photo", "facture"}},
    {"acte-etat-civil",
     "99001",
     R"({"type":"naissance","lieu":"ici","date_acte":"1990-05-02","document":"copie",
         "lien":"moi","personne":$P,"parents":[{"nom":"Roy","prenoms":"Lou"}],"demandeur":$P,
         "email":"a@b.fr","remise":"guichet","piece_identite":$F})",
     {"piece_identite", "acte"}},
    {"acte-etat-civil",
     "99001",
     R"({"type":"mariage","lieu":"ici","date_acte":"1990-05-02","document":"extrait_filiation",
         "lien":"descendant","epoux1":$P,"epoux2":$P,"demandeur":$P,"email":"a@b.fr",
         "remise":"courrier","adresse":$A,"piece_identite":$F,"preuve_lien":$F})",
     {"piece_identite", "preuve_lien", "acte"}},
    {"acte-etat-civil",
     "99002",
     R"({"type":"mariage","lieu":"ici","date_acte":"1990-05-02","document":"extrait",
         "epoux1":$P,"epoux2":$P,"demandeur":$P,"email":"a@b.fr","remise":"guichet"})",
     {"acte"}},
    {"acte-etat-civil",  // without e-mail, there is where to write
     "99002",
     R"({"type":"deces","lieu":"domicile","date_acte":"2026-05-02","personne":$P,"demandeur":$P,
         "remise":"guichet","adresse":$A})",
     {"acte"}},
    {"acte-etat-civil",
     "99002",
     R"({"type":"deces","lieu":"domicile","date_acte":"2026-05-02","personne":$P,"demandeur":$P,
         "email":"a@b.fr","remise":"guichet"})",
     {"acte"}},
    {"rendez-vous-autorisation",
     "99001",
     R"({"projet":"travaux","lieu":{"address":"3, rue du Gué"},"demandeur":$P,"email":"a@b.fr",
         "rendez_vous":$R})",
     {"plans"}},
    {"rendez-vous-autorisation",
     "99002",
     R"({"projet":"terrasse","lieu":{"address":"Place du marché"},"demandeur":$P,
         "email":"a@b.fr","telephone":"0612345678","rendez_vous":$R})",
     {"plans", "plan_tables"}},
    {"changement-adresse",
     "99002",
     R"({"sens":"arrivee","date_demenagement":"2026-12-01","ancienne":$A,"nouvelle":$A,
         "heberge":false,"services":["eau","dechets"],"vous":$P,"email":"a@b.fr",
         "honneur":true,"justificatif_domicile":$F})",
     {"justificatif_domicile"}},
    {"changement-adresse",
     "99001",
     R"({"sens":"interne","date_demenagement":"2026-12-01","ancienne":$A,"nouvelle":$A,
         "heberge":true,"services":["ecole"],"vous":$P,"email":"a@b.fr","foyer":[{"personne":
         {"last_name":"Roy","first_names":"Lou","birth_date":"2020-01-01"}}],
         "honneur":true,"attestation_hebergement":$F})",
     {"attestation_hebergement"}},
    {"changement-adresse",
     "99001",
     R"({"sens":"depart","date_demenagement":"2026-12-01","ancienne":$A,"nouvelle":$A,
         "services":["eau"],"compteur":1234,"vous":$P,"email":"a@b.fr","honneur":true})",
     {}},
    {"declaration-prealable",
     "99002",
     R"({"terrain":$A,"parcelle":"AB 12","surface_terrain":500,"zone_protegee":"non",
         "nature":["cloture"],"modifie_sol":false,"visible":true,
         "description":"Un mur de pierre de 1,20 m","demandeur":"particulier","vous":$P,
         "adresse":$A,"email":"a@b.fr","qualite":true,"plan_situation":$F,"plan_masse":$F,
         "photos":$F})",
     {"plan_situation", "plan_masse", "photos"}},
    {"declaration-prealable",
     "99002",
     R"({"terrain":$A,"surface_terrain":500,"zone_protegee":"oui","nature":["facade"],
         "visible":true,"description":"Des volets en bois peints","demandeur":"societe",
         "societe":"Roy","siret":"73282932000074","vous":$P,"adresse":$A,"email":"a@b.fr",
         "qualite":true,"plan_situation":$F,"plan_facades":$F,"insertion":$F,"photos":$F,
         "notice_protegee":$F})",
     {"plan_situation", "plan_facades", "insertion", "photos", "notice_protegee",
      "extrait_entreprise"}},
    {"occupation-domaine-public",
     "99001",
     R"({"objet":"benne","lieu":{"address":"3, rue de la Halle"},"rue_fermee":false,
         "date_debut":"2026-12-14","date_fin":"2026-12-14","heure_debut":"8h",
         "heure_fin":"17h","longueur":6,"par_entreprise":true,"entreprise":"Roy",
         "siret":"73282932000074","vous":$P,"adresse":$A,"email":"a@b.fr",
         "telephone":"0612345678","engagement":true,"plan_lieu":$F,"assurance":$F})",
     {"plan_lieu", "assurance"}},
    {"occupation-domaine-public",
     "99002",
     R"({"objet":"terrasse","lieu":{"lat":47.1,"lon":1.2},"surface":12,"annee":2027,
         "passage":true,"entreprise":"Café du Gué","siret":"73282932000074","vous":$P,
         "adresse":$A,"email":"a@b.fr","telephone":"0612345678","engagement":true,
         "plan_lieu":$F,"plan_tables":$F})",
     {"plan_lieu", "plan_tables", "kbis"}},
    {"signalement-voirie",
     "99001",
     R"({"probleme":"lampadaire","danger":false,"lieu":{"address":"Rue du Port"}})",
     {"photo"}},
    {"signalement-voirie",
     "99002",
     R"({"probleme":"autre","detail_autre":"Un câble à terre","danger":true,
         "lieu":{"address":"Rue du Gué"},"email":"a@b.fr"})",
     {}},
    {"inscription-scolaire",
     "99001",
     R"({"motif":"rentree","enfant":{"last_name":"Roy","first_names":"Lou",
         "birth_date":"2023-08-01","birth_place":"Lyon"},"deja_scolarise":false,"niveau":"ps",
         "derogation":true,"ecole":"port","raison_derogation":"Sa sœur y est déjà",
         "parent1":{"last_name":"Roy","first_names":"Ana"},"email":"a@b.fr","adresse":$A,
         "qualite":"parent","honneur":true,"identite_enfant":$F,"piece_identite":$F,
         "justificatif_domicile":$F,"vaccinations":$F})",
     {"identite_enfant", "piece_identite", "justificatif_domicile", "vaccinations", "secteur"}},
    {"inscription-scolaire",
     "99002",
     R"({"motif":"demenagement","enfant":{"last_name":"Roy","first_names":"Lou",
         "birth_date":"2018-08-01","birth_place":"Lyon"},"deja_scolarise":true,
         "ancienne_ecole":"Jaurès, Lyon","niveau":"ce2",
         "parent1":{"last_name":"Roy","first_names":"Ana"},"email":"a@b.fr","adresse":$A,
         "qualite":"parent","parent2":{"last_name":"Bel","first_names":"Luc"},
         "separation":true,"honneur":true,"identite_enfant":$F,"piece_identite":$F,
         "justificatif_domicile":$F,"vaccinations":$F,"radiation":$F,"jugement":$F})",
     {"identite_enfant", "piece_identite", "justificatif_domicile", "vaccinations", "radiation",
      "jugement", "secteur"}},
    {"stationnement-resident",
     "99001",
     R"({"zone":"port","adresse":$A,"plaque":"AB-123-CD","vehicule":"fonction",
         "rang":"deuxieme","inclusion":false,"vous":$P,"email":"a@b.fr","carte_grise":$F,
         "justificatif_domicile":$F,"attestation_employeur":$F})",
     {"carte_grise", "justificatif_domicile", "attestation_employeur"}},
    {"stationnement-resident",
     "99002",
     R"({"voie":"gue","adresse":$A,"deja_macaron":true,"plaque":"AB-123-CD","vous":$P,
         "email":"a@b.fr","carte_grise":$F,"justificatif_domicile":$F})",
     {"carte_grise", "justificatif_domicile"}},
    {"plainte-accessibilite",
     "99001",
     R"({"ou":"page","description":"Le menu ne s’ouvre pas au clavier","blocage":false,
         "vous":$P,"moyen":"email","email":"a@b.fr"})",
     {"capture"}},
    {"plainte-accessibilite",
     "99002",
     R"({"ou":"autre","description":"Personne ne signe au guichet","outils":["autre"],
         "blocage":true,"quelle_demarche":"Carte d’identité","vous":$P,"moyen":"courrier",
         "telephone":"0612345678","adresse":$A})",
     {}},
};

class Walks : public ::testing::TestWithParam<Walk> {};

TEST_P(Walks, ReachesItsEndWithTheDocumentsOfTheSituation) {
  const Walk& walk = GetParam();
  const Definition d = definition(walk.procedure);
  const auto answers = parse_json(expanded(walk.answers));
  ASSERT_TRUE(answers) << walk.answers;
  const Form form = evaluate(d, answers->as_object(), moment(walk.commune));
  for (const ShownPage& page : form.pages)
    for (const Fault& fault : page.faults) ADD_FAILURE() << fault.path << ": " << fault.message;
  for (const Fault& fault : form.faults) ADD_FAILURE() << fault.path << ": " << fault.message;
  EXPECT_FALSE(form.barred) << form.barred->message;
  EXPECT_TRUE(form.complete());
  // Nothing of what is given is lost: each answer is one of a question that is asked.
  for (const auto& [name, value] : answers->as_object())
    EXPECT_TRUE(form.answers.contains(name)) << name;
  std::vector<std::string> documents;
  for (const Document* each : documents_for(d, answers->as_object(), moment(walk.commune)))
    documents.push_back(each->id);
  EXPECT_EQ(documents, walk.documents);
  for (const auto& [name, text] : d.texts)
    EXPECT_EQ(filled_in(d, text, form.answers).find("…"), std::string::npos) << text;
}
INSTANTIATE_TEST_SUITE_P(Demo, Walks, ::testing::ValuesIn(kWalks));

TEST(Demo, EveryDemarcheIsWalkedAndOffersItsDocuments) {
  for (const Definition& d : all()) {
    std::set<std::vector<std::string>> situations;
    for (const Walk& walk : kWalks)
      if (walk.procedure == d.id) situations.insert(walk.documents);
    EXPECT_GE(situations.size(), d.id == "perte-identite" ? 1u : 2u) << d.id;
    // What the administration holds or fetches is never asked for.
    for (const Document& document : d.documents)
      EXPECT_EQ(d.page(document.id) != nullptr, document.source == Source::citizen) << document.id;
  }
}

TEST(Demo, WhoMayHaveAnActDependsOnKinship) {
  const Definition d = definition("acte-etat-civil");
  const auto barred = [&](const char* answers) {
    const Form form = evaluate(d, parse_json(answers)->as_object(), moment("99001"));
    return form.barred ? form.barred->path : "";
  };
  // Others have an extract without filiation, and all may have a death certificate.
  EXPECT_EQ(barred(R"({"type":"naissance","lieu":"ici","date_acte":"1990-01-01",
                       "document":"copie","lien":"autre"})"),
            "lien");
  EXPECT_EQ(barred(R"({"type":"naissance","lieu":"ici","date_acte":"1990-01-01",
                       "document":"extrait","lien":"autre"})"),
            "");
  EXPECT_EQ(barred(R"({"type":"deces","lieu":"ici","date_acte":"1990-01-01",
                       "document":"copie","lien":"autre"})"),
            "");
  EXPECT_EQ(barred(R"({"type":"naissance","lieu":"ici","date_acte":"1949-01-01",
                       "document":"copie","lien":"autre"})"),
            "");  // of the archives
  EXPECT_EQ(barred(R"({"type":"naissance","lieu":"ici","date_acte":"2015-01-01",
                       "document":"copie","lien":"moi"})"),
            "lien");  // a minor asks through a parent
  EXPECT_EQ(barred(R"({"type":"mariage","lieu":"etranger"})"), "lieu");
}

// L7: whoever asks gives a postal address or an e-mail; nobody needs the latter.
TEST(Demo, NobodyNeedsAnEmailAddress) {
  for (const char* id :
       {"perte-identite", "acte-etat-civil", "changement-adresse", "declaration-prealable",
        "occupation-domaine-public", "inscription-scolaire", "stationnement-resident",
        "rendez-vous-autorisation"}) {
    const Definition d = definition(id);
    EXPECT_TRUE(d.field("email")->optional) << id;
    for (const Walk& walk : kWalks) {
      if (walk.procedure != id) continue;
      json::object answers = parse_json(expanded(walk.answers))->as_object();
      answers.erase("email");
      bool writes = false;
      const Form form = evaluate(d, answers, moment(walk.commune));
      for (const ShownPage& page : form.pages)
        for (const Field& field : page.page->fields)
          writes |= field.type == Type::address && !field.optional;
      EXPECT_TRUE(writes) << id;
    }
  }
}

// Those that ask for no postal address have another way: a call, or to stay unknown.
TEST(Demo, WhatAsksForNoAddressAsksForNoEmailEither) {
  for (const Definition& d : all()) {
    const Field* email = d.field("email");
    ASSERT_NE(email, nullptr) << d.id;
    EXPECT_TRUE(email->optional || email->when) << d.id;
  }
}

TEST(Demo, ParkingFollowsTheCommune) {
  const Definition d = definition("stationnement-resident");
  const auto answers = parse_json(R"({"zone":"port","rang":"premiere","inclusion":false})");
  const Form paid = evaluate(d, answers->as_object(), moment("99001"));
  EXPECT_EQ(filled_in(d, d.field("conseil_prix")->label, paid.answers),
            "Votre carte coûte 40\u00a0€ par an. Vous payez quand elle est accordée.");
  EXPECT_NE(paid.find("cout"), nullptr);
  EXPECT_EQ(evaluate(d, answers->as_object(), moment("99002")).find("cout"), nullptr);
  // The prices are those of the town's sheet.
  const std::string sheet = read(kDemo / "knowledge/stationnement-resident-saint-aubin.md");
  for (const char* price : {"tarifs.premiere", "tarifs.deuxieme"}) {
    const int euros = static_cast<int>(std::get<double>(d.settings.at(price)));
    EXPECT_NE(sheet.find(" " + std::to_string(euros) + "\u00a0€ par an"), std::string::npos)
        << price;
  }
}

TEST(Demo, RoadsAreAskedForInTime) {
  const Definition d = definition("occupation-domaine-public");
  const auto faults = [&](const char* answers) {
    const Form form = evaluate(d, parse_json(answers)->as_object(), moment("99001"));
    std::string out;
    if (const ShownPage* page = form.find("dates"))
      for (const Fault& fault : page->faults) out += fault.path + ": " + fault.message + "\n";
    return out;
  };
  EXPECT_EQ(faults(R"({"objet":"benne","rue_fermee":true,"date_debut":"2026-12-14",
                       "date_fin":"2026-12-14"})"),
            "date_debut: Donnez une date à partir du 28 décembre 2026.\n");
  EXPECT_EQ(faults(R"({"objet":"benne","rue_fermee":false,"date_debut":"2026-12-14",
                       "date_fin":"2026-12-14","heure_debut":"17h","heure_fin":"8h"})"),
            "heure_fin: La fin est avant le début. Corrigez une des deux heures.\n");
}

TEST(Demo, ServicesAndSheetsExist) {
  std::set<std::string> services;
  const std::regex line("- id: ([a-z0-9-]+)");
  for (const auto& entry : fs::directory_iterator(kDemo / "services")) {
    const std::string text = read(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), line), end; at != end; ++at)
      services.insert((*at)[1]);
  }
  const char* corpus = std::getenv("PARVIS_CORPUS");
  if (corpus == nullptr) std::cout << "official sheets not looked for: PARVIS_CORPUS is not set\n";
  for (const Definition& d : all()) {
    for (const InCharge& each : d.services) EXPECT_TRUE(services.contains(each.service)) << d.id;
    for (const std::string& sheet : d.sheets) {
      if (fs::exists(kDemo / "knowledge" / (sheet + ".md"))) continue;
      EXPECT_EQ(sheet[0], 'F') << sheet;
      const auto there = [&](const char* audience) {
        return fs::exists(fs::path(corpus) / "data" / audience / (sheet + ".json"));
      };
      EXPECT_TRUE(corpus == nullptr || there("particuliers") || there("professionnels")) << sheet;
    }
  }
}

// Plain French: sentences under twenty words, and the messages of citizens to know them by.
TEST(Demo, SpeaksPlainly) {
  for (const Definition& d : all()) {
    EXPECT_GE(d.starts.size(), 10u) << d.id;
    EXPECT_LE(d.starts.size(), 15u) << d.id;
    std::vector<std::string> texts = {d.title, d.summary, d.cost, d.clock.basis, d.clock.ground};
    texts.insert(texts.end(), d.other_ways.begin(), d.other_ways.end());
    for (const Check& check : d.who) texts.push_back(check.message);
    for (const Document& each : d.documents)
      texts.insert(texts.end(), {each.label, each.help, each.when_words});
    for (const auto& [name, text] : d.texts) texts.push_back(text);
    for (const Step& step : d.steps)
      for (const Page& page : step.pages) {
        texts.insert(texts.end(), {page.title, page.hint});
        for (const Field& field : page.fields)
          texts.insert(texts.end(), {field.label, field.hint, field.help});
      }
    for (const std::string& text : texts) {
      int words = 0;
      std::istringstream in(text);
      for (std::string word; in >> word;) {
        words += word == ":" || word == "?" ? 0 : 1;
        EXPECT_LE(words, 20) << d.id << ": " << text;
        if (words > 20) break;
        if (word.ends_with('.') || word == "?" || word == ":") words = 0;
      }
    }
  }
}

}  // namespace
}  // namespace parvis::procedure
