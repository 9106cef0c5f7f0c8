#include "casework/asks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "casework/letter_pdf.hpp"
#include "casework/receipt.hpp"

namespace parvis::casework {
namespace {

using std::chrono::year;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const Zone kZone = Zone::paris();
Instant at(std::string_view text) { return *parse_rfc3339(text); }

Opened opened(std::string_view clock) {
  auto read = procedure::read_definition(
      "id: essai\ntitle: Essai\nsummary: Pour voir.\nservice: voirie\nother_ways: [Au guichet.]\n"
      "steps:\n  - title: Un\n    pages:\n      - {id: rue, type: text, label: Rue}\nclock: " +
      std::string(clock) + "\n");
  EXPECT_TRUE(read) << (read ? "" : read.error().front().what);
  Opened out;
  out.reference = "KILU-BAFO-A";
  out.state = State::examined;
  out.definition = std::make_shared<const procedure::Definition>(*read);
  out.deposited_at = out.saved_at = at("2026-11-24T13:32:00Z");
  out.events = {{.seq = 1, .act = Act::deposit, .at = *out.deposited_at}};
  return out;
}
void add(Opened& of, Act act, std::string_view when, json::object more = {},
         std::string text = "") {
  of.events.push_back({.seq = static_cast<std::int64_t>(of.events.size()) + 1,
                       .act = act,
                       .by = Role::agent,
                       .text = std::move(text),
                       .more = std::move(more),
                       .at = at(when)});
}
json::object asks(std::initializer_list<const char*> ids) {
  json::array out;
  for (const char* id : ids) out.emplace_back(id);
  return {{"asks", std::move(out)}};
}
Clock clock(const Opened& of, std::string_view now) { return *clock_of(of, kZone, at(now)); }
std::vector<std::string> lines(const Opened& of, std::string_view now) {
  return why(rule_of(*of.definition, of.commune, kZone), clock(of, now));
}
CivilDate day(std::string_view text) { return *parse_iso_date(text); }

constexpr std::string_view kAccepts =
    "{silence: accepts, delay: 1 month, basis: article L231-1 du code}";
constexpr std::string_view kRefuses =
    "{silence: refuses, delay: 2 months, ground: decree, basis: article L231-4 du code}";

void ask_three(Opened& of) {
  add(of, Act::ask_pieces, "2026-12-01T09:00:00Z",
      {{"term", "2026-12-31"}, {"pieces", json::array{"un plan", "un devis", "un bail"}}});
}

// CRPA, L114-5: the delay runs anew when the pieces came, all of them.
TEST(Asks, OneOfThreeDoesNotStartTheDelay) {
  Opened of = opened(kAccepts);
  ask_three(of);
  add(of, Act::give_pieces, "2026-12-03T09:00:00Z", asks({"2-2"}));
  EXPECT_THAT(awaited_labels(asks_of(of.events)), ElementsAre("un plan", "un bail"));
  EXPECT_EQ(clock(of, "2026-12-04T09:00:00Z").state, Clock::State::stopped);
  EXPECT_FALSE(clock(of, "2026-12-04T09:00:00Z").due);
  EXPECT_THAT(
      lines(of, "2026-12-04T09:00:00Z"),
      Contains("Le jeudi 3 décembre 2026, reçu\u00a0: un devis. Le délai attend encore\u00a0: "
               "un plan, un bail."));
  add(of, Act::give_pieces, "2026-12-08T09:00:00Z", asks({"2-1"}));
  EXPECT_FALSE(clock(of, "2026-12-09T09:00:00Z").due);
  add(of, Act::give_pieces, "2026-12-10T09:00:00Z", asks({"2-3"}));
  EXPECT_EQ(clock(of, "2026-12-11T09:00:00Z").started, day("2026-12-10"));
  EXPECT_EQ(clock(of, "2026-12-11T09:00:00Z").due, day("2027-01-11"));  // the 10th is a Sunday
}

TEST(Asks, AWaiverOfTheLastOneStartsTheDelayAndSaysSo) {
  Opened of = opened(kAccepts);
  ask_three(of);
  add(of, Act::give_pieces, "2026-12-03T09:00:00Z", asks({"2-1", "2-2"}));
  add(of, Act::waive_pieces, "2026-12-07T09:00:00Z", asks({"2-3"}), "Il est au dossier.");
  EXPECT_EQ(clock(of, "2026-12-08T09:00:00Z").started, day("2026-12-07"));
  EXPECT_THAT(lines(of, "2026-12-08T09:00:00Z"),
              Contains(HasSubstr("le service n’attend plus aucune pièce")));
  const Ask* waived = nullptr;
  const auto all = asks_of(of.events);
  waived = find_ask(all, "2-3");
  ASSERT_NE(waived, nullptr);
  EXPECT_EQ(waived->state, Ask::State::waived);
  EXPECT_EQ(waived->said, "Il est au dossier.");
}

TEST(Asks, ASuspensionLastsUntilTheLastOneCame) {
  Opened of = opened(kRefuses);
  ask_three(of);
  add(of, Act::give_pieces, "2026-12-03T09:00:00Z", asks({"2-1"}));
  EXPECT_EQ(clock(of, "2026-12-05T09:00:00Z").state, Clock::State::stopped);
  add(of, Act::give_pieces, "2026-12-11T09:00:00Z", asks({"2-2", "2-3"}));
  // From 24 January, ten days of suspension later.
  EXPECT_EQ(clock(of, "2026-12-12T09:00:00Z").counted, day("2027-02-03"));
  EXPECT_THAT(lines(of, "2026-12-12T09:00:00Z"), Contains(HasSubstr("soit 10\u202fjours")));
}

TEST(Asks, WhatDoesNotDoIsAskedForAgainAndStopsTheDelayAgain) {
  Opened of = opened(kAccepts);
  ask_three(of);
  add(of, Act::give_pieces, "2026-12-03T09:00:00Z");  // as it was written before: all of them
  EXPECT_EQ(clock(of, "2026-12-04T09:00:00Z").state, Clock::State::running);
  json::object again = asks({"2-1"});
  again["term"] = "2027-01-10";
  add(of, Act::return_pieces, "2026-12-08T09:00:00Z", again, "Il est illisible.");
  const auto all = asks_of(of.events);
  EXPECT_EQ(find_ask(all, "2-1")->state, Ask::State::returned);
  EXPECT_EQ(find_ask(all, "2-1")->term, day("2027-01-10"));
  EXPECT_EQ(newest_request(of.events, all)->seq, 4);
  EXPECT_EQ(clock(of, "2026-12-09T09:00:00Z").state, Clock::State::stopped);
  EXPECT_THAT(lines(of, "2026-12-09T09:00:00Z"),
              Contains(HasSubstr("Pièces demandées le mardi 8")));
  add(of, Act::give_pieces, "2026-12-14T09:00:00Z", asks({"2-1"}));
  EXPECT_EQ(clock(of, "2026-12-15T09:00:00Z").started, day("2026-12-14"));
}

TEST(Asks, AFileThatTheAntivirusRefusesLateOpensItsAskWhileOthersAreAwaited) {
  Opened of = opened(kAccepts);
  ask_three(of);
  json::object given = asks({"2-1"});
  given["pieces"] = json::array{json::object{{"id", "p1"}, {"name", "plan.pdf"}, {"ask", "2-1"}}};
  add(of, Act::give_pieces, "2026-12-03T09:00:00Z", given);
  EXPECT_THAT(find_ask(asks_of(of.events), "2-1")->pieces, ElementsAre("p1"));
  add(of, Act::reject_piece, "2026-12-04T09:00:00Z",
      {{"pieces", json::array{json::object{{"id", "p1"}, {"name", "plan.pdf"}}}}}, "Un virus.");
  EXPECT_EQ(find_ask(asks_of(of.events), "2-1")->state, Ask::State::returned);
  add(of, Act::give_pieces, "2026-12-05T09:00:00Z", asks({"2-2", "2-3"}));
  EXPECT_FALSE(clock(of, "2026-12-06T09:00:00Z").due);
  add(of, Act::give_pieces, "2026-12-07T09:00:00Z", asks({"2-1"}));
  EXPECT_EQ(clock(of, "2026-12-08T09:00:00Z").started, day("2026-12-07"));
}

TEST(Asks, AFileThatAnAgentFindsCameWhenItCame) {
  Opened of = opened(kAccepts);
  add(of, Act::ask_pieces, "2026-12-01T09:00:00Z",
      {{"term", "2026-12-31"}, {"pieces", json::array{"un plan"}}});
  json::object found = asks({"2-1"});
  found["came"] = "2026-12-03T09:00:00Z";
  add(of, Act::give_pieces, "2026-12-08T09:00:00Z", found);
  EXPECT_EQ(clock(of, "2026-12-09T09:00:00Z").started, day("2026-12-03"));
  // What lay there before it was asked for came with the request.
  of.events.back().more["came"] = "2026-11-26T09:00:00Z";
  EXPECT_EQ(clock(of, "2026-12-09T09:00:00Z").started, day("2026-12-01"));
}

TEST(Asks, AnEndAwaitsNothing) {
  Opened of = opened(kAccepts);
  ask_three(of);
  add(of, Act::refuse, "2026-12-10T09:00:00Z", {}, "Non.");
  EXPECT_THAT(awaited_labels(asks_of(of.events)), IsEmpty());
  EXPECT_EQ(clock(of, "2026-12-11T09:00:00Z").outcome, Clock::Outcome::refused);
  add(of, Act::reopen, "2026-12-14T09:00:00Z", {}, "Un fait nouveau.");
  EXPECT_EQ(clock(of, "2026-12-15T09:00:00Z").state, Clock::State::running);
}

TEST(Asks, OnlyOneIsMeantWithoutAWord) {
  Opened of = opened(kAccepts);
  ask_three(of);
  EXPECT_EQ(only_ask(asks_of(of.events), {}), nullptr);
  add(of, Act::give_pieces, "2026-12-03T09:00:00Z", asks({"2-1", "2-2"}));
  const auto all = asks_of(of.events);
  ASSERT_NE(only_ask(all, {}), nullptr);
  EXPECT_EQ(only_ask(all, {})->id, "2-3");
  Piece refused;
  refused.id = "p";
  refused.given = true;
  refused.state = PieceState::refused;
  EXPECT_EQ(only_ask(all, {refused}), nullptr) << "it may be meant for that one";
}

std::string text_of(const pdf::Document& document) {
  std::string out = document.title;
  for (const pdf::Section& section : document.sections)
    for (const pdf::Block& block : section.blocks) {
      const auto words = [&](const pdf::Words& all) {
        for (const auto& each : all) out.append("|").append(each.text);
      };
      if (const auto* it = std::get_if<pdf::Paragraph>(&block)) words(it->words);
      if (const auto* it = std::get_if<pdf::List>(&block))
        for (const pdf::Words& item : it->items) words(item);
    }
  return out;
}

TEST(PaperLetters, EveryActThatIsToldByPostHasOne) {
  Opened of = opened(kRefuses);
  ask_three(of);
  add(of, Act::waive_pieces, "2026-12-03T09:00:00Z", asks({"2-3"}), "Il est au dossier.");
  json::object again = asks({"2-1"});
  again["term"] = "2027-01-10";
  add(of, Act::give_pieces, "2026-12-04T09:00:00Z", asks({"2-1"}));
  add(of, Act::return_pieces, "2026-12-05T09:00:00Z", again, "Il est illisible.");
  add(of, Act::write, "2026-12-06T09:00:00Z", {}, "Bonjour.");
  add(of, Act::withdraw, "2026-12-07T09:00:00Z", {}, "Par téléphone.");
  add(of, Act::transfer, "2026-12-07T09:00:00Z", {{"to", "la préfecture"}}, "Pas nous.");
  add(of, Act::silence, "2027-01-25T09:00:00Z",
      {{"verdict", "refused"}, {"last_day", "2027-01-25"}});
  const Receipt receipt = receipt_of(of, nullptr, "la mairie", kZone, at("2026-12-08T09:00:00Z"));
  for (const Happened& event : of.events) {
    if (event.act == Act::deposit || event.act == Act::give_pieces) continue;
    ASSERT_TRUE(calls_for_letter(event.act)) << name(event.act);
    const auto letter = letter_document(of, receipt, event, "la mairie", "#123456", kZone);
    ASSERT_TRUE(letter) << name(event.act);
    const std::string text = text_of(*letter);
    EXPECT_EQ(letter->footer, "KILU-BAFO-A");
    // Nothing that only a mail can say.
    for (const char* never : {"répondez à ce message", "ouvrez votre dossier", "http"})
      EXPECT_THAT(text, Not(HasSubstr(never))) << name(event.act);
  }
  const auto asked = letter_document(of, receipt, of.events[1], "la mairie", "#123456", kZone);
  EXPECT_EQ(asked->title, "Il manque quelque chose");
  EXPECT_THAT(text_of(*asked), HasSubstr("|un plan|un devis|un bail"));
  EXPECT_THAT(text_of(*asked), HasSubstr("jeudi 31 décembre 2026"));
}

}  // namespace
}  // namespace parvis::casework
