#include "procedure/form.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "procedure/values.hpp"

namespace parvis::procedure {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Moment moment() {
  return {LocalTime(std::chrono::local_days(CivilDate{2026y / 11 / 28})) + 14h, {}};
}

constexpr std::string_view kHead = R"(id: essai
title: Essai
summary: Pour voir.
service: mairie
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 months, basis: Une déclaration.}
)";

std::string words(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems)
    out += std::to_string(problem.line) + ": " + problem.what + "\n";
  return out;
}

Definition definition(const std::string& rest) {
  auto read = read_definition(std::string(kHead) + rest);
  EXPECT_TRUE(read.has_value()) << (read ? "" : words(read.error()));
  return read ? std::move(*read) : Definition{};
}
std::string problems(const std::string& text) {
  const auto read = read_definition(text);
  return read ? "" : words(read.error());
}

json::object object(std::string_view text) { return parse_json(text)->as_object(); }

std::vector<std::string> asked(const Form& form) {
  std::vector<std::string> out;
  for (const ShownPage& page : form.pages) out.push_back(page.page->id);
  return out;
}
std::vector<std::string> faults(const Form& form) {
  std::vector<std::string> out;
  for (const ShownPage& page : form.pages)
    for (const Fault& fault : page.faults) out.push_back(fault.path + ": " + fault.message);
  return out;
}

const std::string kSteps = R"~(steps:
  - title: Un
    pages:
      - {id: motif, type: choice, label: Pourquoi, options: [{value: vol, label: Un vol}, {value: perte, label: Une perte}]}
      - {id: plainte, type: text, label: Numéro de plainte, when: "motif == 'vol'"}
      - {id: naissance, type: date, label: Né le, latest: today}
      - id: enfants
        title: Vos enfants
        when: age(naissance) >= 18
        fields:
          - id: enfants
            type: repeat
            label: Enfants
            optional: true
            fields:
              - {id: nom, type: text, label: Nom}
              - {id: part, type: number, label: Part, min: 0, max: 10}
              - {id: pourquoi, type: text, label: Pourquoi, when: "part > 5"}
          - {id: total, type: computed, value: "sum(each(enfants, 'part'))"}
)~";

// Each item has its own files, as long as a page shows it by itself.
TEST(Definition, AFileIsOfAnItemOfOneRepeatedBlock) {
  const auto with = [](std::string_view outer, std::string_view inner) {
    return problems(std::string(kHead) + R"(steps:
  - title: Un
    pages:
      - id: enfants
        type: )" + std::string(outer) +
                    R"(
        label: Enfants
        fields:
          - {id: nom, type: text, label: Nom}
)" + std::string(inner));
  };
  constexpr std::string_view kFile = "          - {id: carnet, type: file, label: Carnet}\n";
  EXPECT_EQ(with("block", kFile), "");
  EXPECT_EQ(with("repeat", kFile), "");
  constexpr std::string_view kDeep = R"(          - id: sante
            type: {}
            label: Santé
            fields:
              - {id: carnet, type: file, label: Carnet}
)";
  const auto deep = [&](std::string_view type) {
    std::string out(kDeep);
    return out.replace(out.find("{}"), 2, type);
  };
  EXPECT_EQ(with("repeat", deep("block")), "");
  for (const char* outer : {"block", "repeat"}) {
    const std::string refused = with(outer, deep("repeat"));
    EXPECT_THAT(refused, ::testing::StartsWith("19: ")) << outer;
    EXPECT_THAT(refused, ::testing::HasSubstr("« carnet » attend un fichier dans un repeat qui"));
    EXPECT_THAT(refused, ::testing::HasSubstr("Sortez ce repeat de son bloc"));
  }
}

TEST(Definition, SaysEachFaultWithItsLineAndItsRemedy) {
  const std::string all = problems(R"(id: Essai é
title: Essai
colour: red
service: mairie
clock: {silence: refuses, delay: bientôt, basis: x}
steps:
  - title: Un
    pages:
      - {id: a, type: frob, label: A}
      - {id: b, type: choice, label: B}
      - {id: c, type: text, label: C, when: "aa == 'x'"}
      - {id: d, type: choice, label: D, options: [x, y]}
      - {id: e, type: text, label: E, when: "d == 'z'"}
      - {id: e, type: text, label: E}
      - {id: f, type: computed, value: "f + 1"}
)");
  EXPECT_THAT(all, HasSubstr("3: champ « colour » inconnu"));
  const std::string rest = problems(R"(id: Essai é
title: Essai
summary: x
service: mairie
clock: {silence: refuses, delay: bientôt, basis: x}
steps:
  - title: Un
    pages:
      - {id: a, type: frob, label: A}
      - {id: b, type: choice, label: B}
      - {id: c, type: text, label: C, when: "aa == 'x'"}
      - {id: d, type: choice, label: D, options: [x, y]}
      - {id: e, type: text, label: E, when: "d == 'z'"}
      - {id: e, type: text, label: E}
      - {id: f, type: computed, value: "f + 1"}
)");
  EXPECT_THAT(rest, HasSubstr("1: « id »"));
  EXPECT_THAT(rest, HasSubstr("« other_ways » absent"));
  EXPECT_THAT(rest, HasSubstr("5: « delay »"));
  EXPECT_THAT(rest, HasSubstr("« ground » se donne"));
  EXPECT_THAT(rest, HasSubstr("9: type « frob » inconnu"));
  EXPECT_THAT(rest, HasSubstr("10: « options » absent"));
  EXPECT_THAT(rest, HasSubstr("11: « aa » n’est ni un champ ni un réglage"));
  EXPECT_THAT(rest, HasSubstr("13: « z » n’est pas une réponse de « d »"));
  EXPECT_THAT(rest, HasSubstr("14: le champ « e » existe déjà"));
  EXPECT_THAT(rest, HasSubstr("15: « f » n’a pas encore de réponse ici"));
}

TEST(Definition, ReadsOnlyWhatIsAskedBefore) {
  const std::string all = problems(std::string(kHead) + R"~(communes: ["99001"]
steps:
  - title: Un
    pages:
      - {id: a, type: text, label: A, when: b == 'x'}
      - {id: b, type: text, label: B, hint: "{c} {d}"}
      - {id: today, type: date, label: C}
      - {id: c, type: number, label: C, when: commune == '99002', pattern: {regex: x, message: y}}
      - id: e
        type: repeat
        label: E
        fields:
          - {id: f, type: text, label: F, when: g == 'x'}
          - {id: g, type: text, label: G, pattern: {regex: "(", message: y}}
)~");
  EXPECT_THAT(all, HasSubstr("11: « b » n’a pas encore de réponse ici"));
  EXPECT_THAT(all, HasSubstr("12: « {d} » n’est ni un champ ni un réglage"));
  EXPECT_THAT(all, ::testing::Not(HasSubstr("« {c} »")));  // "…" until it is answered
  EXPECT_THAT(all, HasSubstr("13: « today » est un mot des conditions"));
  EXPECT_THAT(all, HasSubstr("14: « 99002 » n’est pas une commune de la démarche"));
  EXPECT_THAT(all, HasSubstr("14: « pattern » n’est lu que dans un text"));
  EXPECT_THAT(all, HasSubstr("19: « g » n’a pas encore de réponse ici"));
  EXPECT_THAT(all, HasSubstr("20: « regex »"));
}

TEST(Definition, OfTheDemoAreSound) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(PARVIS_SOURCE_DIR) / "demo/procedures")) {
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const auto read = read_definition(text.str());
    EXPECT_TRUE(read.has_value()) << entry.path() << "\n" << (read ? "" : words(read.error()));
    if (!read) continue;
    ++count;
    EXPECT_EQ(read->id + ".yaml", entry.path().filename());
    EXPECT_FALSE(read->other_ways.empty());
    EXPECT_FALSE(evaluate(*read, {}, moment()).pages.empty());
  }
  EXPECT_GE(count, 1u);
}

TEST(Definition, OfTheManualIsSoundAndComplete) {
  std::stringstream text;
  text << std::ifstream(std::filesystem::path(PARVIS_SOURCE_DIR) / "docs/procedures.md").rdbuf();
  const std::string manual = text.str();
  const std::size_t open = manual.find("```yaml\n"), close = manual.find("\n```\n", open);
  ASSERT_NE(close, std::string::npos);
  const std::string yaml = manual.substr(open + 8, close - open - 7);
  const auto read = read_definition(yaml);
  ASSERT_TRUE(read.has_value()) << words(read.error());
  EXPECT_EQ(filled_in(*read, read->field("rappel")->label,
                      evaluate(*read, object(R"({"qui":"habitant"})"), moment()).answers),
            "Préparez un chèque de caution de 50 €.");
  for (int type = 0; type <= static_cast<int>(Type::repeat); ++type) {
    const std::string name(procedure::name(static_cast<Type>(type)));
    EXPECT_THAT(manual, HasSubstr("`" + name + "`"));
  }
  // Each example of a condition can be read.
  std::istringstream lines(manual.substr(manual.find("## Conditions")));
  int examples = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    const std::string example = line.substr(3, line.find('`', 3) - 3);
    EXPECT_TRUE(read_expression(example).has_value()) << example;
    ++examples;
  }
  EXPECT_EQ(examples, 12);
}

TEST(Form, AsksWhatTheAnswersCallFor) {
  const Definition d = definition(kSteps);
  EXPECT_THAT(asked(evaluate(d, {}, moment())), ElementsAre("motif", "naissance"));
  EXPECT_THAT(asked(evaluate(d, object(R"({"motif":"vol"})"), moment())),
              ElementsAre("motif", "plainte", "naissance"));
  const Form adult = evaluate(d, object(R"({"motif":"perte","naissance":"1980-01-01"})"), moment());
  EXPECT_THAT(asked(adult), ElementsAre("motif", "naissance", "enfants"));
  EXPECT_TRUE(adult.complete());
}

TEST(Form, KeepsOnlyWhatIsAsked) {
  const Definition d = definition(kSteps);
  const json::object draft = object(
      R"({"motif":"perte","plainte":"123","naissance":"2020-01-01","enfants":[{"nom":"A"}]})");
  const Form form = evaluate(d, draft, moment());
  EXPECT_TRUE(form.complete());
  EXPECT_EQ(form.answers, object(R"({"motif":"perte","naissance":"2020-01-01"})"));
}

TEST(Form, NamesWhatIsMissingAndWhatIsWrong) {
  const Definition d = definition(kSteps);
  const Form form = evaluate(
      d,
      object(
          R"({"motif":"autre","naissance":"1980-01-01","enfants":[{"part":12},{"nom":"B","part":6}]})"),
      moment());
  EXPECT_THAT(faults(form), ElementsAre("motif: Choisissez une des réponses proposées.",
                                        HasSubstr("enfants[0].nom: "),
                                        HasSubstr("enfants[0].part: Écrivez un nombre de 10"),
                                        HasSubstr("enfants[1].pourquoi: ")));
  ASSERT_NE(form.next(), nullptr);
  EXPECT_EQ(form.next()->page->id, "motif");
  EXPECT_FALSE(form.complete());
}

TEST(Form, ComputesOverBlocks) {
  const Definition d = definition(kSteps);
  const Form form = evaluate(
      d,
      object(
          R"({"motif":"perte","naissance":"1980-01-01","enfants":[{"nom":"A","part":2},{"nom":"B","part":0.5}]})"),
      moment());
  ASSERT_TRUE(form.complete());
  EXPECT_EQ(form.answers.at("total").to_number<double>(), 2.5);
}

TEST(Form, WhoMayNotApplyIsToldAsSoonAsItIsKnown) {
  const Definition d = definition(
      "who: [{must: \"age(naissance) >= 18\", field: naissance, message: Réservé aux majeurs.}]\n" +
      kSteps);
  EXPECT_FALSE(evaluate(d, {}, moment()).barred);
  const Form form = evaluate(d, object(R"({"naissance":"2010-01-01"})"), moment());
  ASSERT_TRUE(form.barred);
  EXPECT_EQ(form.barred->message, "Réservé aux majeurs.");
  EXPECT_FALSE(form.complete());
}

TEST(Form, FillsAPageFromWhatIsTyped) {
  const Definition d = definition(kSteps);
  const json::object before = object(R"({"motif":"perte"})");
  Filled filled = fill(d, *d.page("naissance"), before,
                       {{"naissance.day", "1"},
                        {"naissance.month", "2"},
                        {"naissance.year", "1990"},
                        {"bouton", "x"},
                        {"motif", "vol"}},
                       moment());
  EXPECT_TRUE(filled.faults.empty());
  EXPECT_EQ(filled.answers, object(R"({"motif":"perte","naissance":"1990-02-01"})"));
  // What is wrong is kept as typed, and said.
  filled = fill(d, *d.page("naissance"), before,
                {{"naissance.day", "11"}, {"naissance.month", "21"}, {"naissance.year", "2026"}},
                moment());
  EXPECT_EQ(filled.answers.at("naissance").as_string(), "11/21/2026");
  ASSERT_EQ(filled.faults.size(), 1u);
  EXPECT_FALSE(filled.faults[0].message.empty());
  // Emptied is not answered any more.
  filled = fill(d, *d.page("naissance"), filled.answers, {{"naissance", " "}}, moment());
  EXPECT_TRUE(filled.faults.at(0).missing);
}

TEST(Form, FillsBlocksByTheirPlace) {
  const Definition d = definition(kSteps);
  const Filled filled =
      fill(d, *d.page("enfants"), object(R"({"motif":"perte","naissance":"1990-01-01"})"),
           {{"enfants[0].nom", "Ana"},
            {"enfants[0].part", "1,5"},
            {"enfants[1].nom", "Bo"},
            {"enfants[99].nom", "trop"},
            {"enfants[x].nom", "?"}},
           moment());
  EXPECT_EQ(filled.answers.at("enfants").as_array().size(), 2u);
  EXPECT_THAT(filled.faults, ElementsAre(::testing::Field(&Fault::path, "enfants[1].part")));
}

TEST(Form, APersonAnAddressAndAnOptionalBlock) {
  const Definition d = definition(R"(steps:
  - title: Un
    pages:
      - id: vous
        title: Vous
        fields:
          - {id: vous, type: person, label: Vous, with: [birth_date]}
          - {id: adresse, type: address, label: Adresse}
          - {id: autre, type: person, label: Autre, optional: true}
)");
  const Form empty = evaluate(d, {}, moment());
  EXPECT_THAT(faults(empty), Contains(HasSubstr("vous.last_name")));
  EXPECT_THAT(faults(empty), ::testing::Not(Contains(HasSubstr("autre"))));
  const Form wrong = evaluate(
      d,
      object(
          R"({"vous":{"last_name":"Roy","first_names":"Ana","birth_date":"2030-01-01"},"autre":{"last_name":"X"},
        "adresse":{"street":"1 rue A","postcode":"45000","city":"Lyon"}})"),
      moment());
  EXPECT_THAT(faults(wrong),
              ElementsAre(HasSubstr("vous.birth_date: "),
                          HasSubstr("adresse.city: 45000 est le code postal de Orléans"),
                          HasSubstr("autre.first_names: ")));
  const Form right = evaluate(
      d, object(R"({"vous":{"last_name":"Roy","first_names":"Ana","birth_date":"1990-01-01"},
        "adresse":{"street":"1 rue A","postcode":"45000","city":"orleans"}})"),
      moment());
  EXPECT_TRUE(right.complete());
  EXPECT_EQ(shown(*d.field("vous"), right.answers.at("vous")), "Ana Roy, 1er janvier 1990");
}

TEST(Values, EachTypeReadsWhatPeopleType) {
  const auto typed = [](Type type, std::string_view text) -> json::value {
    Field field;
    field.type = type;
    auto value = read_typed(field, text, moment());
    return value ? *value : json::value(json::object{{"wrong", value.error()}});
  };
  EXPECT_EQ(typed(Type::phone, "02.61 91-24 00"), "+33261912400");
  EXPECT_EQ(typed(Type::phone, "+33 (0)2 61 91 24 00"), "+33261912400");
  EXPECT_EQ(typed(Type::phone, "+262692123456"), "+262692123456");
  EXPECT_EQ(typed(Type::amount, "1 234,50 €"), 1234.5);
  EXPECT_EQ(typed(Type::time, "8 h"), "08:00");
  EXPECT_EQ(typed(Type::time, "14h30"), "14:30");
  EXPECT_EQ(typed(Type::yes_no, "Oui"), true);
  EXPECT_EQ(typed(Type::plate, "ab 123 cd"), "AB-123-CD");
  EXPECT_EQ(typed(Type::date, "le 3 mars 2025"), "2025-03-03");
  EXPECT_EQ(typed(Type::nir, "2 55 08 14 168 025 38"), "255081416802538");
  EXPECT_EQ(typed(Type::iban, "FR14 2004 1010 0505 0001 3M02 606"), "FR1420041010050500013M02606");
  EXPECT_EQ(typed(Type::long_text, "a \r\n\n\n\nb  c\n"), "a\n\nb c");
  EXPECT_EQ(typed(Type::attestation, ""), nullptr);
  EXPECT_EQ(typed(Type::text, " \t "), nullptr);
  for (const auto& [type, text] :
       std::vector<std::pair<Type, std::string>>{{Type::phone, "061234"},
                                                 {Type::phone, "06 12 34 56 7x"},
                                                 {Type::amount, "12,345"},
                                                 {Type::number, "trois"},
                                                 {Type::time, "25 h"},
                                                 {Type::yes_no, "peut-être"},
                                                 {Type::email, "moi@"},
                                                 {Type::plate, "123"},
                                                 {Type::date, "31/02/2026"},
                                                 {Type::nir, "255081416802539"},
                                                 {Type::iban, "FR14"},
                                                 {Type::siret, "12345678901234"},
                                                 {Type::postcode, "4500"}}) {
    const json::value value = typed(type, text);
    ASSERT_TRUE(value.is_object()) << text;
    EXPECT_FALSE(value.as_object().at("wrong").as_string().empty());
  }
}

TEST(Form, ChecksAFieldWhoseNameBeginsAnother) {
  const Definition d = definition(R"(steps:
  - title: Un
    pages:
      - id: vous
        title: Vous
        fields:
          - {id: nom_usage, type: text, label: Nom d’usage}
          - {id: nom, type: text, label: Nom, must: [{must: "count(nom) > 1", message: Trop court.}]}
          - {id: enfants, type: repeat, label: Enfants, fields: [{id: nom, type: text, label: Nom}]}
)");
  EXPECT_THAT(faults(evaluate(d, object(R"({"nom":"X"})"), moment())),
              ElementsAre(HasSubstr("nom_usage: "), "nom: Trop court.",
                          "enfants: Ajoutez au moins une ligne."));
}

TEST(Form, ShowsAnswersAndSettingsInItsWords) {
  const Definition d = definition(
      R"~(settings: {tarif: 12.5, prime: {n: 3, Sud: 4}, zones: [{value: n, label: Nord}, Sud]}
steps:
  - title: Un
    pages:
      - {id: zone, type: choice, label: Zone, options: zones}
      - {id: mat, type: text, label: Numéro du mât, when: zone == 'n', pattern: {regex: "[A-Z][0-9]{3}", message: "Une lettre et trois chiffres."}}
      - {id: jours, type: number, label: "Jours en zone {zone}", min: 1}
      - {id: prix, type: computed, value: "jours * tarif + at(prime, zone)"}
      - {id: total, type: note, label: "{jours} jours à {tarif} : {prix}"}
)~");
  const Form form = evaluate(d, object(R"({"zone":"n","mat":"a1"})"), moment());
  EXPECT_THAT(faults(form), ElementsAre("mat: Une lettre et trois chiffres.",
                                        "jours: Répondez à la question\u00a0: Jours en zone Nord"));
  const Form full = evaluate(d, object(R"({"zone":"n","mat":"B123","jours":3})"), moment());
  EXPECT_TRUE(full.complete());
  EXPECT_EQ(filled_in(d, d.field("total")->label, full.answers), "3 jours à 12,5 : 40,5");
}

TEST(Form, KnowsTheCommuneItIsCarriedOutWith) {
  const Definition d = definition(R"(steps:
  - title: Un
    pages:
      - {id: zone, type: text, label: Zone, when: commune == '99001'}
      - {id: voie, type: text, label: Voie, when: commune == '99002'}
)");
  Moment there = moment();
  there.commune = "99002";
  EXPECT_THAT(asked(evaluate(d, {}, there)), ElementsAre("voie"));
  EXPECT_TRUE(evaluate(d, {}, moment()).pages.empty());
}

TEST(Form, OffersOptionsByWhatIsComputed) {
  const Definition d = definition(R"(steps:
  - title: Un
    pages:
      - {id: surface, type: number, label: Surface}
      - {id: grande, type: computed, value: surface > 20}
      - id: dossier
        type: choice
        label: Dossier
        options: [{value: dp, label: Déclaration, when: not grande}, {value: pc, label: Permis}]
)");
  const auto offered = [&](const char* answers) {
    std::vector<std::string> values;
    for (const Option& option : options_of(d, *d.field("dossier"), object(answers), moment()))
      values.push_back(option.value);
    return values;
  };
  EXPECT_THAT(offered(R"({"surface":10})"), ElementsAre("dp", "pc"));
  EXPECT_THAT(offered(R"({"surface":30})"), ElementsAre("pc"));
  EXPECT_FALSE(evaluate(d, object(R"({"surface":30,"dossier":"dp"})"), moment()).complete());
}

TEST(Form, DocumentsAreThoseOfTheSituation) {
  const Definition d = definition(R"(documents:
  - {id: piece, label: Pièce, source: citizen}
  - {id: lien, label: Livret, source: citizen, when: "type == 'copie' and qui != 'moi'", when_words: pour un proche}
  - {id: revenus, label: Revenus, source: api_particulier, when: "type == 'copie'", when_words: pour une copie}
steps:
  - title: Un
    pages:
      - {id: type, type: choice, label: Quoi, options: [copie, extrait]}
      - {id: qui, type: choice, label: Qui, options: [moi, proche], when: "type == 'copie'"}
)");
  const auto asked_for = [&](const char* answers) {
    std::vector<std::string> ids;
    for (const Document* document : documents_for(d, object(answers), moment()))
      ids.push_back(document->id);
    return ids;
  };
  EXPECT_THAT(asked_for("{}"), ElementsAre("piece", "lien", "revenus"));
  EXPECT_THAT(asked_for(R"({"type":"copie"})"), ElementsAre("piece", "lien", "revenus"));
  EXPECT_THAT(asked_for(R"({"type":"copie","qui":"moi"})"), ElementsAre("piece", "revenus"));
  EXPECT_THAT(asked_for(R"({"type":"extrait"})"), ElementsAre("piece"));  // who is not asked
}

// Open Forms has a known pain here: 95 components took seconds.
TEST(Form, OfFourHundredFieldsInOnePass) {
  std::string steps =
      "steps:\n  - title: Un\n    pages:\n      - {id: f0, type: number, label: A}\n";
  json::object answers{{"f0", 1}};
  for (int i = 1; i < 400; ++i) {
    steps += "      - {id: f" + std::to_string(i) + ", type: number, label: A, when: \"f" +
             std::to_string(i - 1) + " > 0 and f0 > 0\"}\n";
    answers["f" + std::to_string(i)] = 1;
  }
  const Definition d = definition(steps);
  const Form form = evaluate(d, answers, moment());
  EXPECT_EQ(form.pages.size(), 400u);
  EXPECT_TRUE(form.complete());
  answers["f0"] = 0;  // one answer hides all the others
  EXPECT_EQ(evaluate(d, answers, moment()).pages.size(), 1u);
}

// ── appointments ──

constexpr std::string_view kVisit = R"~(steps:
  - title: Un
    pages:
      - {id: objet, type: choice, label: Objet, options: [travaux, terrasse]}
      - {id: vous, type: person, label: Vous, with: [email]}
  - title: Quand
    pages:
      - id: visite
        type: appointment
        label: Quand ?
        agenda: urbanisme
        reason_by: objet
        reasons: {travaux: autorisation, terrasse: occupation}
documents:
  - {id: plan, label: Un plan, source: citizen, optional: true}
)~";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Appointment, IsAskedLastAndItsReasonGoesByAnAnswer) {
  const Definition d = definition(std::string(kVisit));
  const Field* field = d.appointment();
  ASSERT_NE(field, nullptr);
  json::object answers = object(
      R"({"objet": "terrasse", "vous": {"last_name": "Roy", "first_names": "Ana", "email": "a@b.fr"}})");
  Form form = evaluate(d, answers, moment());
  EXPECT_EQ(asked(form), (std::vector<std::string>{"objet", "vous", "plan", "visite"}));
  EXPECT_THAT(faults(form), ElementsAre("visite: Choisissez un jour et une heure."));
  EXPECT_EQ(reason_of(*field, answers), "occupation");
  EXPECT_EQ(reason_of(*field, {}), "");
  answers["visite"] = object(
      R"({"booking": "b", "start": "2026-12-03T14:30:00+01:00", "reason": "occupation", "service": "u"})");
  form = evaluate(d, answers, moment());
  EXPECT_TRUE(form.complete());
  EXPECT_EQ(shown(*field, answers["visite"]), "jeudi 3 décembre 2026 à 14\u202fh\u202f30");
  // Another answer needs another slot.
  answers["objet"] = "travaux";
  EXPECT_THAT(faults(evaluate(d, answers, moment())),
              ElementsAre(HasSubstr("visite: L’objet du rendez-vous a changé")));
}

TEST(Appointment, IsNotWrittenAsOtherAnswersAre) {
  const Definition d = definition(std::string(kVisit));
  for (const std::string_view wrong :
       {R"("demain")", R"({"booking": "b"})", R"({"booking": "b", "start": "x", "reason": "y"})",
        "[]", "true"})
    EXPECT_FALSE(read_json(*d.appointment(), *parse_json(wrong), moment())) << wrong;
  // What a page sends does not touch the slot.
  const json::object answers = object(
      R"({"visite": {"booking": "b", "start": "2026-12-03T14:30:00+01:00", "reason": "occupation"}})");
  EXPECT_EQ(fill(d, *d.page("visite"), answers, {{"visite", "demain"}}, moment()).answers, answers);
}

TEST(Appointment, WhatIsWrongIsSaidWithItsLine) {
  const std::string sound = std::string(kHead) + std::string(kVisit);
  EXPECT_EQ(problems(sound), "");
  const auto wrong = [&](std::string_view from, std::string_view to) {
    return problems(replaced(sound, from, to));
  };
  EXPECT_THAT(wrong("        agenda: urbanisme\n", ""), HasSubstr("« agenda »"));
  EXPECT_THAT(wrong("reason_by: objet\n", "reason: autorisation\n"),
              HasSubstr("14: le motif du rendez-vous manque ou est dit deux fois"));
  EXPECT_THAT(wrong("reason_by: objet", "reason_by: projet"),
              HasSubstr("« projet » n’est pas un choix demandé avant"));
  EXPECT_THAT(wrong(", terrasse: occupation", ""), HasSubstr("« terrasse » n’a pas de motif"));
  EXPECT_THAT(wrong("terrasse: occupation", "terrasse: occupation, jardin: x"),
              HasSubstr("« jardin » n’est pas une réponse de « objet »"));
  EXPECT_THAT(wrong(", with: [email]", ""), HasSubstr("son adresse e-mail"));
  EXPECT_THAT(
      wrong("        agenda: urbanisme\n", "        agenda: urbanisme\n        optional: true\n"),
      HasSubstr("n’est pas facultatif"));
  EXPECT_THAT(wrong("  - title: Quand\n    pages:\n", ""),
              HasSubstr("seul dans la dernière étape"));
  EXPECT_THAT(wrong("      - {id: vous, type: person, label: Vous, with: [email]}",
                    "      - {id: vous, type: person, label: Vous, with: [email], agenda: x}"),
              HasSubstr("« agenda » n’est lu que dans un appointment"));
}

}  // namespace
}  // namespace parvis::procedure
