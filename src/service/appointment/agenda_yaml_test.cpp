#include "appointment/agenda_yaml.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "appointment/visitor.hpp"

namespace parvis::appointment {
namespace {

using std::chrono::minutes;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

constexpr std::string_view kSound = R"~(
id: titres
title: Titres d’identité
service: mairie
counters:
  - {id: g1, name: Guichet 1, seats: 2, reasons: {cni: 1}}
  - {id: g2, name: Guichet 2, hours: {days: {lundi: 9h-12h}}}
reasons:
  - {id: cni, label: Carte, minutes: 20, buffer: 5, people: 3, ways: [phone, in_person], bring: [Une photo]}
  - {id: passeport, label: Passeport, minutes: 25, offered: false}
)~";

std::string problem(std::string_view from, std::string_view to) {
  std::string text(kSound);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  text.replace(at, from.size(), to);
  const auto read = read_agenda(text);
  if (read) return "none";
  return read.error().front().what + "@" + std::to_string(read.error().front().line);
}

TEST(ReadAgenda, WhatItSays) {
  const auto agenda = read_agenda(kSound);
  ASSERT_TRUE(agenda) << agenda.error().front().what;
  ASSERT_EQ(agenda->reasons.size(), 2U);
  const Reason& cni = agenda->reasons[0];
  EXPECT_EQ(cni.duration, minutes(20));
  EXPECT_EQ(cni.buffer, minutes(5));
  EXPECT_EQ(length(cni, 3), minutes(60));
  EXPECT_THAT(cni.ways, ElementsAre(Way::phone, Way::in_person));
  EXPECT_TRUE(cni.offered);
  EXPECT_FALSE(agenda->reasons[1].offered);
  EXPECT_EQ(agenda->counters[0].seats_for("cni"), 1);
  EXPECT_EQ(agenda->counters[0].seats_for("passeport"), 0);
  EXPECT_EQ(agenda->counters[1].seats_for("passeport"), 1);
  EXPECT_TRUE(agenda->counters[1].hours);
  EXPECT_EQ(agenda->yaml, kSound);
}

TEST(ReadAgenda, WhoMayBookIsAQuestion) {
  std::string text(kSound);
  text.replace(text.find(", people: 3"), 11,
               ", may: {ask: 'Êtes-vous français ?', otherwise: Allez à la préfecture.}");
  const auto agenda = read_agenda(text);
  ASSERT_TRUE(agenda) << agenda.error().front().what;
  ASSERT_TRUE(agenda->reasons[0].may);
  EXPECT_EQ(agenda->reasons[0].may->otherwise, "Allez à la préfecture.");
  EXPECT_FALSE(agenda->reasons[1].may);
  EXPECT_THAT(problem(", people: 3", ", may: {ask: Oui}"), HasSubstr("otherwise"));
}

TEST(Tidy, WhoMayNotBookIsToldWhereToGo) {
  Reason reason{.id = "cni", .label = "Carte"};
  reason.may = {.ask = "Êtes-vous français ?", .otherwise = "Allez à la préfecture."};
  const auto faults = [&](std::optional<bool> may) {
    Visitor visitor{.name = Personal(std::string("Ana Roy")),
                    .email = Personal(std::string("ana@example.org"))};
    visitor.may = may;
    visitor = visitor_from_json(to_json(visitor));
    return tidy(visitor, reason, Books::citizen);
  };
  EXPECT_TRUE(faults(true).empty());
  EXPECT_EQ(faults(false), (std::vector{Fault{"may_book", "Allez à la préfecture."}}));
  ASSERT_EQ(faults({}).size(), 1U);
  EXPECT_THAT(faults({})[0].message, HasSubstr("Êtes-vous français"));
  reason.may.reset();
  EXPECT_TRUE(faults(false).empty());
}

TEST(ReadAgenda, WhatIsWrongIsSaidWithItsLineAndItsRemedy) {
  EXPECT_THAT(problem("minutes: 20", "minutes: 22"), HasSubstr("multiple de 5 minutes"));
  EXPECT_THAT(problem("minutes: 20", "minutes: 20"), "none");
  EXPECT_THAT(problem("minutes: 20", "minutes: douze"), HasSubstr("@9"));
  EXPECT_THAT(problem("people: 3", "people: 9"), HasSubstr("de 1 à 8"));
  EXPECT_THAT(problem("minutes: 20", "minutes: 300"), HasSubstr("ensemble"));
  EXPECT_THAT(problem("{cni: 1}", "{rien: 1}"), HasSubstr("n’est pas dans reasons"));
  EXPECT_THAT(problem("{cni: 1}", "{cni: 3}"), HasSubstr("de 1 à 2"));
  EXPECT_THAT(problem("[phone, in_person]", "[telegraphe]"),
              HasSubstr("in_person, phone ou video"));
  EXPECT_THAT(problem("[phone, in_person]", "[video]"), HasSubstr("Ajoutez « video: https://… »"));
  EXPECT_EQ(problem("[phone, in_person]", "[video], video: 'https://visio.example/a'"), "none");
  for (const char* bad :
       {"http://visio.example/a", "https:///a", "https://", "'https://a b'", "javascript:alert(1)"})
    EXPECT_THAT(problem("[phone, in_person]", std::string("[video], video: ") + bad),
                HasSubstr("commence par https://"));
  EXPECT_THAT(problem("id: g2", "id: g1"), HasSubstr("deux guichets"));
  EXPECT_THAT(problem("lundi: 9h-12h", "lundi: 12h-9h"), HasSubstr("@7"));
  EXPECT_THAT(problem("offered: false", "offered: non"), HasSubstr("true ou false"));
  EXPECT_THAT(problem("offered: false", "asks: [{id: phone, label: Téléphone}]"),
              HasSubstr("« phone »"));
  EXPECT_THAT(problem("service: mairie", "servise: mairie"), HasSubstr("servise"));
  EXPECT_THAT(problem("  - {id: g2, name: Guichet 2, hours: {days: {lundi: 9h-12h}}}\n", ""),
              HasSubstr("aucun guichet ne reçoit pour « passeport »"));
}

TEST(LoadAgendas, TheDemoIsSoundAndNamesItsServices) {
  const std::filesystem::path demo = std::string(PARVIS_SOURCE_DIR) + "/demo";
  const auto town = directory::load_town(demo);
  ASSERT_TRUE(town);
  const auto agendas = load_agendas(demo, *town);
  ASSERT_TRUE(agendas) << words(agendas.error().front());
  EXPECT_THAT(*agendas, Contains(::testing::Field(&Agenda::id, "titres-identite")));
  directory::Town elsewhere = *town;
  elsewhere.services.clear();
  const auto lost = load_agendas(demo, elsewhere);
  ASSERT_FALSE(lost);
  EXPECT_THAT(words(lost.error().front()), HasSubstr("n’existe pas"));
}

TEST(ReadAgenda, WhatADemarcheAsksForIsThere) {
  const Agenda agenda = *read_agenda(kSound);
  const auto said = [&](const std::string& slots, const std::string& communes = "") {
    const auto procedure = procedure::read_definition(
        "id: essai\ntitle: Essai\nsummary: Pour voir.\nservice: mairie\nother_ways: [Au "
        "guichet.]\n" +
        communes +
        "clock: {silence: none, delay: 2 months, basis: x}\n"
        "steps:\n"
        "  - {title: Un, pages: [{id: vous, type: person, label: Vous, with: [email]}]}\n"
        "  - {title: Deux, pages: [{id: visite, type: appointment, label: Quand, " +
        slots + "}]}\n");
    EXPECT_TRUE(procedure) << procedure.error().front().what;
    if (!procedure) return std::string();
    std::string all;
    for (const auto& each : judge_appointments({*procedure}, {agenda}))
      all += directory::words(each) + "\n";
    return all;
  };
  EXPECT_EQ(said("agenda: titres, reason: cni"), "");
  EXPECT_THAT(said("agenda: titre, reason: cni"),
              HasSubstr("procedures/essai.yaml:9: l’agenda « titre » n’existe pas"));
  EXPECT_THAT(said("agenda: titres, reason: permis"), HasSubstr("« permis » n’est pas offert"));
  EXPECT_THAT(said("agenda: titres, reason: passeport"),  // agents alone book it
              HasSubstr("« passeport » n’est pas offert"));
}

}  // namespace
}  // namespace parvis::appointment
