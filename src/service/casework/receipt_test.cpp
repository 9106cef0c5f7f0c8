#include "casework/receipt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "casework/certificate.hpp"
#include "casework/letters.hpp"
#include "casework/receipt_pdf.hpp"

namespace parvis::casework {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Instant at(std::string_view text) { return *parse_rfc3339(text); }

std::shared_ptr<const procedure::Definition> definition(std::string_view clock) {
  const auto read = procedure::read_definition(R"(id: essai
title: Installer un échafaudage
summary: Pour voir.
service: voirie
other_ways: [Au guichet.]
steps:
  - title: Un
    pages:
      - {id: rue, type: text, label: Rue}
      - {id: vous, title: Vous, fields: [{id: vous, type: person, label: Vous, with: [email], optional: true}]}
texts: {receipt: "Votre demande pour {rue} est enregistrée."}
clock: )" + std::string(clock) + "\n");
  EXPECT_TRUE(read) << (read ? "" : read.error().front().what);
  return std::make_shared<const procedure::Definition>(*read);
}

Opened opened(std::string_view clock) {
  Opened out;
  out.id = "0";
  out.reference = "KILU-BAFO-A";
  out.state = State::received;
  out.definition = definition(clock);
  out.answers = {{"rue", "8 rue de la Halle"}};
  out.deposited_at = out.saved_at = at("2026-11-24T13:32:00Z");
  out.events = {{.seq = 1, .act = Act::deposit, .at = *out.deposited_at}};
  return out;
}

// By an agent.
void add(Opened& of, Act act, std::string_view when, json::object more = {},
         std::string_view text = "x") {
  of.events.push_back({.seq = std::ssize(of.events) + 1,
                       .act = act,
                       .by = Role::agent,
                       .text = std::string(text),
                       .more = std::move(more),
                       .at = at(when)});
}

directory::Service voirie() {
  directory::Service service;
  service.id = "voirie";
  service.name = "Voirie et domaine public";
  service.address = {"3, place du Parvis"};
  service.postcode = "00100";
  service.city = "Saint-Aubin-sur-Orle";
  service.phones = {{"02 61 91 24 31", ""}};
  service.email = "voirie@orle.example";
  return service;
}

Receipt receipt(const Opened& of, const directory::Service* service) {
  return receipt_of(of, service, "l’agglomération", Zone::paris(), at("2026-11-24T13:32:00Z"));
}

// CRPA, R112-5: date of receipt, service and how to reach it, what silence means and when, appeals.
TEST(Receipt, OfASilenceThatRefuses) {
  const directory::Service service = voirie();
  const Receipt all = receipt(
      opened("{silence: refuses, delay: 2 months, ground: decree, basis: article X}"), &service);
  EXPECT_EQ(all.deposited, "mardi 24 novembre 2026, à 14\u202fh\u202f32");
  EXPECT_EQ(all.service, "Voirie et domaine public");
  EXPECT_EQ(all.address.back(), "00100 Saint-Aubin-sur-Orle");
  EXPECT_EQ(all.email, "voirie@orle.example");
  // 24 January 2027 is a Sunday.
  EXPECT_THAT(all.answer_by, HasSubstr("lundi 25 janvier 2027"));
  EXPECT_THAT(all.silence, HasSubstr("refusée"));
  EXPECT_THAT(all.appeals, HasSubstr("deux mois"));
  EXPECT_THAT(all.certificate, IsEmpty());
  EXPECT_EQ(all.text, "Votre demande pour 8 rue de la Halle est enregistrée.");
  EXPECT_THAT(all.why, Not(IsEmpty()));
}

TEST(Receipt, OfASilenceThatAcceptsAndOfADeclaration) {
  const Receipt accepts =
      receipt(opened("{silence: accepts, delay: 1 month, basis: article X}"), nullptr);
  EXPECT_THAT(accepts.silence, HasSubstr("acceptée"));
  EXPECT_THAT(accepts.certificate, HasSubstr("attestation"));
  EXPECT_THAT(accepts.appeals, IsEmpty());
  EXPECT_EQ(accepts.service, "l’agglomération");
  const Receipt declared =
      receipt(opened("{silence: none, delay: 2 working days, basis: La mairie}"), nullptr);
  EXPECT_THAT(declared.answer_by, HasSubstr("jeudi 26 novembre 2026"));
  EXPECT_THAT(declared.silence, HasSubstr("pas de décision"));
}

TEST(CaseClock, FollowsWhatHappened) {
  Opened of = opened("{silence: accepts, delay: 1 month, basis: article X}");
  const auto now = at("2027-01-10T09:00:00Z");
  EXPECT_EQ(clock_of(of, Zone::paris(), at("2026-11-25T09:00:00Z"))->due,
            CivilDate(std::chrono::year(2026) / 12 / 24));
  add(of, Act::ask_pieces, "2026-12-01T09:00:00Z", {{"term", "2026-12-31"}, {"pieces", "un plan"}});
  EXPECT_FALSE(clock_of(of, Zone::paris(), at("2026-12-02T09:00:00Z"))->due);
  add(of, Act::give_pieces, "2026-12-10T09:00:00Z");
  EXPECT_EQ(clock_of(of, Zone::paris(), at("2026-12-11T09:00:00Z"))->due,
            CivilDate(std::chrono::year(2027) / 1 / 11));  // the 10th is a Sunday
  add(of, Act::accept, "2026-12-20T09:00:00Z");
  EXPECT_EQ(clock_of(of, Zone::paris(), now)->outcome, Clock::Outcome::accepted);
}

TEST(CaseClock, TimeToAppealRunsFromADecisionThatWasTold) {
  Opened of = opened("{silence: accepts, delay: 1 month, basis: article X}");
  add(of, Act::refuse, "2026-12-01T09:00:00Z");
  const auto until = [&] {
    return clock_of(of, Zone::paris(), at("2026-12-02T09:00:00Z"))->appeal_until;
  };
  EXPECT_FALSE(until());  // by post: from the day it is received
  of.answers["vous"] = json::object{{"email", "ana@example.org"}};
  EXPECT_EQ(until(), CivilDate(std::chrono::year(2027) / 2 / 2));
}

TEST(CaseClock, AServersClockThatIsSetBackTurnsNothingRound) {
  Opened of = opened("{silence: accepts, delay: 1 month, basis: article X}");
  const Instant before = of.events.front().at - std::chrono::hours(1);
  add(of, Act::ask_pieces, "2026-12-01T09:00:00Z", {{"term", "2026-12-31"}, {"pieces", "un plan"}});
  of.events.back().at = before;
  ASSERT_TRUE(clock_of(of, Zone::paris(), at("2026-12-02T09:00:00Z")));
  EXPECT_FALSE(clock_of(of, Zone::paris(), at("2026-12-02T09:00:00Z"))->due);
}

TEST(Letters, AWithdrawalThatAnAgentNotedIsTold) {
  Opened of = opened("{silence: accepts, delay: 1 month, basis: article X}");
  add(of, Act::withdraw, "2026-12-01T09:00:00Z", {}, "Par téléphone.");
  const auto letter = letter_of(of, receipt(of, nullptr), of.events.back(), "");
  ASSERT_TRUE(letter);
  EXPECT_THAT(letter->text.read(), HasSubstr("Par téléphone."));
}

TEST(Letters, AnAcknowledgementSaysWhatTheLawAsks) {
  Opened of = opened("{silence: refuses, delay: 2 months, ground: decree, basis: article X}");
  const directory::Service service = voirie();
  const Receipt all = receipt(of, &service);
  const auto letter = letter_of(of, all, of.events.front(), "https://orle.example/d/1");
  ASSERT_TRUE(letter);
  EXPECT_EQ(letter->subject, "Dossier KILU-BAFO-A\u00a0: accusé de réception");
  for (const std::string& fact :
       {all.reference, all.deposited, all.service, all.answer_by, all.silence, all.appeals,
        all.email, std::string("02 61 91 24 31"), std::string("Au guichet."),
        std::string("https://orle.example/d/1")})
    EXPECT_THAT(letter->text.read(), HasSubstr(fact));
  EXPECT_THAT(letter->subject, Not(HasSubstr("échafaudage")));
}

TEST(Letters, ARefusalGivesItsReasonItsAuthorAndTheAppeals) {
  Opened of = opened("{silence: accepts, delay: 1 month, basis: article X}");
  of.events.push_back({.seq = 2,
                       .act = Act::refuse,
                       .by = Role::agent,
                       .author = "Claire Petit",
                       .text = "La rue est trop étroite.",
                       .at = at("2026-12-01T09:00:00Z")});
  const auto letter = letter_of(of, receipt(of, nullptr), of.events.back(), "");
  ASSERT_TRUE(letter);
  for (const char* words : {"La rue est trop étroite.", "Claire Petit", "deux mois", "tribunal"})
    EXPECT_THAT(letter->text.read(), HasSubstr(words));
  for (const Act act : {Act::note, Act::take_up, Act::close, Act::withdraw, Act::reassign})
    EXPECT_FALSE(letter_of(of, receipt(of, nullptr), {.seq = 3, .act = act}, ""));
  // Taken back before its letter left, it is not told any more.
  of.events.push_back({.seq = 3, .act = Act::reopen, .by = Role::agent});
  EXPECT_FALSE(letter_of(of, receipt(of, nullptr), of.events[of.events.size() - 2], ""));
}

TEST(Letters, EachMessageHasItsOwn) {
  Opened of = opened("{silence: none, delay: 1 month, basis: x}");
  of.events.push_back({.seq = 2, .act = Act::write, .by = Role::agent, .text = "Le premier."});
  of.events.push_back({.seq = 3, .act = Act::write, .by = Role::agent, .text = "Le second."});
  of.events.push_back({.seq = 4, .act = Act::write, .by = Role::citizen, .text = "Merci."});
  const auto said = [&](std::size_t at) {
    return letter_of(of, receipt(of, nullptr), of.events[at], "");
  };
  const std::size_t first = of.events.size() - 3;
  EXPECT_THAT(said(first)->text.read(), HasSubstr("Le premier."));
  EXPECT_THAT(said(first + 1)->text.read(), HasSubstr("Le second."));
  EXPECT_FALSE(said(first + 2));  // their own
}

TEST(Letters, GoToTheAddressThatWasGiven) {
  Opened of = opened("{silence: none, delay: 1 month, basis: x}");
  EXPECT_FALSE(email_of(of));
  of.answers["vous"] = json::object{{"email", "ana@example.org"}};
  EXPECT_EQ(email_of(of)->read(), "ana@example.org");
}

TEST(ReceiptPdf, HoldsWhatTheLawAsksAndTheAnswers) {
  const Opened of = opened("{silence: refuses, delay: 2 months, ground: decree, basis: article X}");
  const directory::Service service = voirie();
  const Receipt all = receipt(of, &service);
  const pdf::Document document =
      to_document(of, all, "Agglomération", "#0b5563", at("2026-11-24T13:32:00Z"));
  std::string text;
  const auto add = [&](const pdf::Words& words) {
    for (const pdf::Run& run : words) text += run.text + "\n";
  };
  for (const pdf::Section& section : document.sections)
    for (const pdf::Block& block : section.blocks) {
      if (const auto* fact = std::get_if<pdf::Fact>(&block)) add(fact->value);
      if (const auto* paragraph = std::get_if<pdf::Paragraph>(&block)) add(paragraph->words);
      if (const auto* list = std::get_if<pdf::List>(&block))
        for (const pdf::Words& item : list->items) add(item);
    }
  for (const std::string& fact : {all.reference, all.deposited, all.service, all.answer_by,
                                  all.appeals, all.email, std::string("8 rue de la Halle")})
    EXPECT_THAT(text, HasSubstr(fact));
}

TEST(Letters, ALinkThatWasAskedFor) {
  const Opened of = opened("{silence: none, delay: 1 month, basis: x}");
  const Letter letter = link_letter(of, receipt(of, nullptr), "https://orle.example/d/2");
  EXPECT_THAT(letter.text.read(), HasSubstr("https://orle.example/d/2"));
  EXPECT_THAT(letter.text.read(), HasSubstr("Ne faites rien"));
  EXPECT_THAT(letter.text.read(), HasSubstr("pendant 10 minutes"));
}

// What is scanned from a sheet that lies around: the reference and a page, no token.
TEST(Receipt, ItsCodeHoldsTheLookupAndNoSecret) {
  Opened of = opened("{silence: none, delay: 5 days, basis: La mairie.}");
  of.id = "0123456789abcdef0123456789abcdef";
  const std::string lookup = lookup_of("https://v.example", "/bourg/", of.reference);
  EXPECT_EQ(lookup, "https://v.example/bourg/dossiers/KILU-BAFO-A");
  const pdf::Document with =
      to_document(of, receipt(of, nullptr), "Le Val", "#0b5563", *of.deposited_at, lookup);
  std::vector<std::string> codes;
  for (const pdf::Section& section : with.sections)
    for (const pdf::Block& block : section.blocks)
      if (const auto* code = std::get_if<pdf::Code>(&block)) codes.push_back(code->text);
  EXPECT_EQ(codes, std::vector<std::string>{lookup});
  EXPECT_EQ(lookup_of("", "/", of.reference), "");
  EXPECT_EQ(
      with.sections.size(),
      to_document(of, receipt(of, nullptr), "Le Val", "", *of.deposited_at).sections.size() + 1);
}

// Of who has no e-mail address, with or without a page to scan.
TEST(Receipt, ItBearsTheCodeThatOpensTheCaseAndNoJsonDoes) {
  const Opened of = opened("{silence: none, delay: 5 days, basis: La mairie.}");
  Receipt with = receipt(of, nullptr);
  with.code = "7K3M-Q9TR-2WXD";
  std::vector<std::string> facts;
  for (const pdf::Section& section :
       to_document(of, with, "Le Val", "#0b5563", *of.deposited_at).sections)
    for (const pdf::Block& block : section.blocks)
      if (const auto* fact = std::get_if<pdf::Fact>(&block))
        for (const pdf::Run& run : fact->value) facts.push_back(run.text);
  EXPECT_THAT(facts, Contains("7K3M-Q9TR-2WXD"));
  EXPECT_THAT(json::serialize(to_json(with)), Not(HasSubstr("7K3M")));
}

TEST(Certificate, SaysWhatSilenceAcceptedAndThatNobodySignedYet) {
  Opened of = opened("{silence: accepts, delay: 2 months, basis: article L231-1 du code}");
  EXPECT_FALSE(can_attest(of));
  of.events.push_back({.seq = 2,
                       .act = Act::silence,
                       .by = Role::system,
                       .more = {{"verdict", "accepted"}, {"last_day", "2027-01-25"}},
                       .at = at("2027-01-25T23:00:00Z")});
  ASSERT_TRUE(can_attest(of));
  const pdf::Document made =
      certificate_of(of, receipt(of, nullptr), "Le Val", "#0b5563", at("2027-01-26T09:00:00Z"));
  std::string text;
  for (const pdf::Section& section : made.sections)
    for (const pdf::Block& block : section.blocks) {
      if (const auto* paragraph = std::get_if<pdf::Paragraph>(&block))
        for (const pdf::Run& run : paragraph->words) text += run.text;
      if (const auto* fact = std::get_if<pdf::Fact>(&block))
        for (const pdf::Run& run : fact->value) text += run.text;
    }
  EXPECT_THAT(text, HasSubstr("lundi 25 janvier 2027, à minuit"));
  EXPECT_THAT(text, HasSubstr("L232-3"));
  EXPECT_THAT(text, HasSubstr("Projet, sans valeur"));
  of.events.back().more["verdict"] = "refused";
  EXPECT_FALSE(can_attest(of));
}

}  // namespace
}  // namespace parvis::casework
