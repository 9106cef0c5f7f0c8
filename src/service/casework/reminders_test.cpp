#include "casework/reminders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "casework/standing.hpp"

namespace parvis::casework {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Instant at(std::string_view text) { return *parse_rfc3339(text); }
const Zone kZone = Zone::paris();

Opened opened(std::string_view clock, std::string_view reminders = "{}") {
  const auto read = procedure::read_definition(
      "id: essai\ntitle: Installer un échafaudage\nsummary: Pour voir.\nservice: voirie\n"
      "other_ways: [Au guichet.]\nsteps:\n  - title: Un\n    pages:\n"
      "      - {id: email, type: email, label: E-mail}\nclock: " +
      std::string(clock) + "\nreminders: " + std::string(reminders) + "\n");
  EXPECT_TRUE(read) << (read ? "" : read.error().front().what);
  Opened out;
  out.id = "0";
  out.reference = "KILU-BAFO-A";
  out.state = State::received;
  out.definition = std::make_shared<const procedure::Definition>(*read);
  out.answers = {{"email", "ana@example.org"}};
  out.deposited_at = out.saved_at = at("2026-11-24T13:32:00Z");
  out.events = {{.seq = 1, .act = Act::deposit, .at = *out.deposited_at}};
  return out;
}
constexpr std::string_view kAccepts =
    "{silence: accepts, delay: 2 months, basis: article L231-1 du code}";
constexpr std::string_view kRefuses =
    "{silence: refuses, delay: 2 months, ground: financial, basis: article L231-4 du code}";
constexpr std::string_view kNothing = "{silence: none, delay: 5 days, basis: La mairie.}";

Opened awaiting(std::string_view clock) {
  Opened out = opened(clock);
  out.state = State::awaiting;
  out.events.push_back({.seq = 2,
                        .act = Act::ask_pieces,
                        .by = Role::agent,
                        .text = "Un plan.",
                        .more = {{"term", "2026-12-24"}},
                        .at = at("2026-12-01T09:00:00Z")});
  return out;
}

const CivilDate kToday = std::chrono::year(2026) / 12 / 1;

std::vector<std::string> due(const Opened& of, std::string_view now) {
  std::vector<std::string> keys;
  for (const Reminder& each : reminders_of(of, kZone, at(now)))
    if (reminder_due(of, each.key, kZone, at(now))) keys.push_back(each.key);
  return keys;
}

TEST(Reminders, BeforeTheTermOfPiecesUntilTheyCome) {
  Opened of = awaiting(kNothing);
  EXPECT_THAT(due(of, "2026-12-17T07:59:00Z"), ElementsAre());
  EXPECT_THAT(due(of, "2026-12-17T08:00:00Z"), ElementsAre("pieces-2-7"));
  EXPECT_THAT(due(of, "2026-12-22T08:00:00Z"), ElementsAre("pieces-2-2"));
  EXPECT_THAT(due(of, "2026-12-24T22:59:00Z"), ElementsAre("pieces-2-2"));
  EXPECT_THAT(due(of, "2026-12-24T23:00:00Z"), ElementsAre());  // midnight in Paris
  EXPECT_EQ(missed_term(of, kZone, at("2026-12-24T23:00:00Z"))->seq, 2);
  EXPECT_FALSE(missed_term(of, kZone, at("2026-12-24T22:59:00Z")));
  of.state = State::examined;
  EXPECT_THAT(due(of, "2026-12-22T08:00:00Z"), ElementsAre());
}

TEST(Reminders, BeforeSilenceDecidesAndNotWhileTheClockIsStopped) {
  EXPECT_THAT(due(opened(kAccepts), "2027-01-18T09:00:00Z"),
              ElementsAre("silence-2027-01-25-7"));  // the 24th is a Sunday
  EXPECT_THAT(due(opened(kNothing), "2026-11-29T09:00:00Z"), ElementsAre());
  Opened of = awaiting(kAccepts);
  of.definition = opened(kAccepts).definition;
  EXPECT_THAT(due(of, "2026-12-18T09:00:00Z"), ElementsAre("pieces-2-7"));
  EXPECT_THAT(due(opened(kAccepts, "{silence: []}"), "2027-01-18T09:00:00Z"), ElementsAre());
}

TEST(Reminders, APromiseThatWasNotKeptIsToldInTheMorningAfter) {
  // Deposited on Tuesday the 24th, promised in five days: the 29th is a Sunday.
  Opened of = opened(kNothing);
  EXPECT_THAT(due(of, "2026-11-30T12:00:00Z"), ElementsAre());
  EXPECT_THAT(due(of, "2026-12-01T08:00:00Z"), ElementsAre("late-2026-11-30-1"));
  EXPECT_THAT(due(of, "2026-12-15T07:59:00Z"), ElementsAre("late-2026-11-30-1"));
  EXPECT_THAT(due(of, "2026-12-15T08:00:00Z"), ElementsAre());  // it is no news any more
  EXPECT_EQ(next_look(of, kZone, at("2026-11-25T08:00:00Z")), at("2026-12-01T08:00:00Z"));
  EXPECT_THAT(due(opened(kNothing, "{late: []}"), "2026-12-01T08:00:00Z"), ElementsAre());
  EXPECT_THAT(due(opened(kNothing, "{late: [1, 8]}"), "2026-12-08T08:00:00Z"),
              ElementsAre("late-2026-11-30-8"));
  EXPECT_THAT(due(awaiting(kNothing), "2026-12-02T08:00:00Z"),
              ElementsAre());  // the citizen's turn
  const Letter letter =
      reminder_letter(of, receipt_of(of, nullptr, "la mairie", kZone, at("2026-12-01T08:00:00Z")),
                      *reminder_due(of, "late-2026-11-30-1", kZone, at("2026-12-01T08:00:00Z")), "",
                      "https://v.example/stop");
  EXPECT_THAT(letter.subject, HasSubstr("nous sommes en retard"));
  EXPECT_THAT(letter.text.read(), HasSubstr("lundi 30 novembre 2026"));
  EXPECT_THAT(letter.text.read(), HasSubstr("la mairie"));
  EXPECT_THAT(letter.text.read(), HasSubstr("https://v.example/stop"));
  of.due = std::chrono::year(2026) / 11 / 30;
  EXPECT_FALSE(standing_of(of, std::chrono::year(2026) / 11 / 30).late);
  EXPECT_TRUE(standing_of(of, kToday).late);
  EXPECT_THAT(standing_of(of, kToday).now, HasSubstr("Nous sommes en retard"));
  of.state = State::settled;
  EXPECT_THAT(due(of, "2026-12-01T08:00:00Z"), ElementsAre());
  EXPECT_FALSE(standing_of(of, kToday).late);
}

TEST(Reminders, ADraftIsRemindedBeforeItIsErased) {
  Opened of = opened(kNothing);
  of.state = State::draft;
  of.events.clear();
  EXPECT_THAT(due(of, "2026-12-18T09:00:00Z"), ElementsAre());
  EXPECT_THAT(due(of, "2026-12-19T08:00:00Z"), ElementsAre("draft-2026-12-24-5"));
  EXPECT_THAT(due(of, "2026-12-24T13:32:00Z"), ElementsAre());
  of.saved_at = at("2026-12-20T09:00:00Z");  // taken up again: later, and another reminder
  EXPECT_THAT(due(of, "2026-12-20T10:00:00Z"), ElementsAre());
  EXPECT_THAT(due(of, "2027-01-14T09:00:00Z"), ElementsAre("draft-2027-01-19-5"));
}

TEST(Reminders, EachLookSaysWhenTheNextIs) {
  const Opened of = awaiting(kRefuses);
  std::vector<std::string> looks;
  for (auto next = next_look(of, kZone, at("2026-12-01T10:00:00Z")); next && looks.size() < 20;
       next = next_look(of, kZone, *next))
    looks.push_back(format_rfc3339(*next));
  // Seven and two days before the term, its end; the silence, 24 suspended days later.
  EXPECT_THAT(looks,
              ElementsAre("2026-12-17T08:00:00Z", "2026-12-22T08:00:00Z", "2026-12-24T23:00:00Z",
                          "2027-02-10T08:00:00Z", "2027-02-17T23:00:00Z"));
}

TEST(Reminders, SilenceIsKnownAtMidnightAfterTheLastDay) {
  const Opened accepted = opened(kAccepts);
  EXPECT_FALSE(silence_of(accepted, kZone, at("2027-01-25T22:59:59Z")));
  const auto silence = silence_of(accepted, kZone, at("2027-01-25T23:00:00Z"));
  ASSERT_TRUE(silence);
  EXPECT_EQ(event_id(*silence), "silence-2027-01-25");
  EXPECT_FALSE(silence->appeal_until);
  const auto refused = silence_of(opened(kRefuses), kZone, at("2027-02-01T00:00:00Z"));
  ASSERT_TRUE(refused && refused->appeal_until);
  EXPECT_EQ(format_iso_date(*refused->appeal_until), "2027-03-26");
  EXPECT_FALSE(silence_of(opened(kNothing), kZone, at("2027-06-01T00:00:00Z")));

  Happened event{.seq = 2, .act = Act::silence, .by = Role::system, .more = to_json(*refused)};
  const auto read = silence_in(event);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->appeal_until, refused->appeal_until);
  Opened of = opened(kRefuses);
  of.events.push_back(event);
  of.state = State::examined;
  EXPECT_NE(newest_silence(of), nullptr);
  EXPECT_EQ(standing_of(of, kToday).whose, Whose::nobody);
  of.events.push_back({.seq = 3, .act = Act::accept, .by = Role::agent});
  EXPECT_EQ(newest_silence(of), nullptr);
  // Reopened after it, a case is under way again, wherever it is told.
  of.events.push_back({.seq = 4, .act = Act::reopen, .by = Role::agent});
  EXPECT_EQ(standing_of(of, kToday).whose, Whose::service);
}

TEST(Reminders, SayWhatComesAndHowToStopThem) {
  const Opened of = opened(kRefuses);
  const Receipt receipt = receipt_of(of, nullptr, "la mairie", kZone, at("2027-01-18T09:00:00Z"));
  const auto reminder = reminder_due(of, "silence-2027-01-25-7", kZone, at("2027-01-18T09:00:00Z"));
  ASSERT_TRUE(reminder);
  const Letter letter =
      reminder_letter(of, receipt, *reminder, "https://v.example/l", "https://v.example/stop");
  EXPECT_THAT(letter.subject, HasSubstr("KILU-BAFO-A"));
  EXPECT_THAT(letter.text.read(), HasSubstr("lundi 25 janvier 2027"));
  EXPECT_THAT(letter.text.read(), HasSubstr("votre demande est refusée"));
  EXPECT_THAT(letter.text.read(), HasSubstr("https://v.example/stop"));
  EXPECT_THAT(reminder_letter(of, receipt, *reminder, "", "").text.read(), Not(HasSubstr("http")));
}

TEST(Reminders, AreReadFromTheDefinition) {
  for (const char* wrong : {"{pieces: [0]}", "{pieces: [a]}", "{draft: [91]}",
                            "{silence: [1,2,3,4,5,6]}", "{other: [1]}"})
    EXPECT_FALSE(
        procedure::read_definition(opened(kNothing).definition->yaml.substr(
                                       0, opened(kNothing).definition->yaml.rfind("reminders")) +
                                   "reminders: " + wrong + "\n"))
        << wrong;
  EXPECT_THAT(opened(kNothing, "{pieces: [2, 10]}").definition->reminders.pieces,
              ElementsAre(10, 2));
}

}  // namespace
}  // namespace parvis::casework
