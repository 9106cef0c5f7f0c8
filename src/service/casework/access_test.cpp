#include "casework/access.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "casework/cases.hpp"
#include "casework/reference.hpp"
#include "crypto/hash.hpp"
#include "procedure/procedure_store.hpp"
#include "support/items.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::casework {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Link = Access::Link;
using Refused = Access::Refused;
using support::error_of;
using ::testing::MatchesRegex;
using ::testing::Not;

const Instant kNow = *parse_rfc3339("2026-11-24T13:32:00Z");

constexpr std::string_view kYaml = R"(id: essai
title: Essai
summary: Pour voir.
service: etat-civil
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 months, basis: Une déclaration.}
steps: [{title: Un, pages: [{id: nom, type: text, label: Nom}]}]
)";

class Entering : public support::EachEngine {
 public:
  Entering() { fs::create_directories(folder_); }
  ~Entering() override { fs::remove_all(folder_); }

 protected:
  void SetUp() override {
    database_.write("demo", [&](db::Tx& tx) {
      procedure::publish(tx, "demo", {procedure::read_definition(kYaml).value()}, kNow);
    });
  }
  tenancy::Context at(std::chrono::milliseconds later = 0ms) const {
    return {.tenant = "demo",
            .commune = "99001",
            .actor = tenancy::Actor::visitor(),
            .zone = Zone::paris(),
            .deadline = {},
            .request = "r1",
            .now = kNow + later};
  }
  tenancy::Context system(std::chrono::milliseconds later = 0ms) const {
    tenancy::Context cx = at(later);
    cx.actor = tenancy::Actor::system("test");
    return cx;
  }
  struct Mine {
    std::string id;
    Secret<std::string> token;
    std::string reference;
  };
  Mine draft() {
    Mine mine{new_id(), new_token(), {}};
    cases_.begin(at(), "essai", mine.id, mine.token);
    cases_.merge(at(), mine.id, mine.token.reveal(), {{"nom", "Roy"}});
    return mine;
  }
  Mine deposited() {
    Mine mine = draft();
    mine.reference = cases_.deposit(at(), mine.id, mine.token.reveal()).opened.reference;
    return mine;
  }
  // As the letter has it, asked for by that browser.
  std::optional<std::string> sent(const Mine& mine, const std::string& browser,
                                  std::chrono::milliseconds later = 0ms, bool named = true) {
    const auto link = access_.make_link(system(later), mine.id, browser_hash(browser),
                                        code_of(browser, mine.reference), named);
    return link ? std::optional(link->reveal()) : std::nullopt;
  }
  Refused refused(std::string_view link, std::string_view browser, std::string_view code,
                  std::chrono::milliseconds later = 0ms) {
    const auto outcome = access_.follow(at(later), link, browser, code);
    EXPECT_FALSE(outcome);
    return outcome ? Refused::locked : outcome.error();
  }
  bool opens(const Mine& mine, const Secret<std::string>& token,
             std::chrono::milliseconds later = 0ms) {
    try {
      return cases_.open(at(later), mine.id, token.reveal()).reference == mine.reference;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Errc::not_found);
      return false;
    }
  }

  fs::path folder_ = fs::temp_directory_path() / ("access-" + crypto::random_hex(8));
  db::Database database_{config()};
  vault::SealedFile store_{folder_ / "keys", crypto::Key::random()};
  vault::Keyring keyring_{database_, store_};
  procedure::Catalogue catalogue_{database_};
  Cases cases_{database_, keyring_, catalogue_};
  Access access_{database_, keyring_};
  const std::string here_ = new_browser(), elsewhere_ = new_browser();
};

TEST_P(Entering, ALinkOpensOneCaseOnceInTheBrowserThatAsked) {
  const Mine mine = deposited(), other = deposited();
  const std::string link = *sent(mine, here_);
  EXPECT_GE(link.size() * 4, 128u);  // bits, in hexadecimal
  const auto entered = access_.follow(at(), link, here_, "");
  ASSERT_TRUE(entered);
  EXPECT_EQ(entered->reference, mine.reference);
  EXPECT_EQ(entered->commune, "99001");
  EXPECT_TRUE(access_.goes_on(at(), mine.id, entered->token.reveal()));
  EXPECT_TRUE(opens(mine, entered->token));
  EXPECT_FALSE(access_.goes_on(at(), other.id, entered->token.reveal()));
  EXPECT_FALSE(opens(other, entered->token));
  EXPECT_EQ(refused(link, here_, ""), Refused::gone);
  EXPECT_EQ(access_.look(at(), link, here_), Link::gone);
}

TEST_P(Entering, LookingUsesNothingUp) {
  const Mine mine = deposited();
  const std::string link = *sent(mine, here_);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(access_.look(at(), link, here_), Link::here);
    EXPECT_EQ(access_.look(at(), link, elsewhere_), Link::elsewhere);
    EXPECT_EQ(access_.look(at(), link, ""), Link::elsewhere);
    EXPECT_EQ(access_.look(at(), new_browser(), here_), Link::gone);
  }
  EXPECT_TRUE(access_.follow(at(), link, here_, ""));
}

TEST_P(Entering, ALinkIsTooLateAfterTenMinutes) {
  const Mine mine = deposited();
  const std::string link = *sent(mine, here_);
  EXPECT_EQ(access_.look(at(kLinkLife - 1ms), link, here_), Link::here);
  EXPECT_EQ(access_.look(at(kLinkLife), link, here_), Link::gone);
  EXPECT_EQ(refused(link, here_, "", kLinkLife), Refused::gone);
  EXPECT_TRUE(access_.follow(at(kLinkLife - 1ms), link, here_, ""));
}

TEST_P(Entering, AnotherBrowserNeedsTheCodeOfTheOneThatAsked) {
  const Mine mine = deposited();
  const std::string link = *sent(mine, here_);
  const std::string code = code_of(here_, mine.reference);
  EXPECT_THAT(code, MatchesRegex("[0-9]{6}"));
  EXPECT_EQ(code, code_of(here_, mine.reference));
  EXPECT_NE(code_of(here_, mine.reference + "x") + code_of(elsewhere_, mine.reference),
            code + code);
  // None at all is no try: a program that presses buttons does not shut the link.
  for (int i = 0; i < 2 * kCodeTries; ++i)
    EXPECT_EQ(refused(link, elsewhere_, " "), Refused::wrong);
  EXPECT_EQ(refused(link, elsewhere_, "12"), Refused::wrong);
  EXPECT_TRUE(access_.follow(at(), link, elsewhere_, code.substr(0, 3) + " " + code.substr(3)));
}

TEST_P(Entering, WrongCodesShutTheLink) {
  const Mine mine = deposited();
  const std::string link = *sent(mine, here_), code = code_of(here_, mine.reference);
  const std::string wrong = code == "000000" ? "000001" : "000000";
  for (int i = 1; i < kCodeTries; ++i) EXPECT_EQ(refused(link, "", wrong), Refused::wrong);
  EXPECT_EQ(refused(link, "", wrong), Refused::gone);
  EXPECT_EQ(refused(link, "", code), Refused::gone);
  EXPECT_EQ(refused(link, here_, ""), Refused::gone);
  // Another that was asked for goes on.
  EXPECT_TRUE(access_.follow(at(), *sent(mine, here_), "", code));
}

TEST_P(Entering, AnHourHasSoManyLinksAndStrangersTakeNoneOfThose) {
  const Mine mine = deposited(), other = deposited();
  for (int i = 0; i < kLinksUnnamed; ++i) EXPECT_TRUE(sent(mine, elsewhere_, 0ms, false));
  EXPECT_FALSE(sent(mine, elsewhere_, 1min, false));
  std::string last;
  for (int i = 0; i < kLinksNamed; ++i) last = sent(mine, here_, 1min).value_or("");
  EXPECT_FALSE(sent(mine, here_, 1min));
  EXPECT_TRUE(sent(other, here_, 1min));
  EXPECT_TRUE(access_.follow(at(1min), last, here_, ""));
  EXPECT_FALSE(sent(mine, here_, 1min + kAskLife - 1ms));
  EXPECT_TRUE(sent(mine, here_, 1min + kAskLife));
  // What could not be sent counts for nothing.
  const auto unsent = access_.make_link(system(2 * kAskLife), other.id, "", "", true);
  access_.unmake(at(), *unsent);
  EXPECT_EQ(access_.look(at(2 * kAskLife), unsent->reveal(), ""), Link::gone);
}

TEST_P(Entering, ASessionEndsUnusedOrOldOrWhenItIsLeft) {
  const Mine mine = deposited();
  const auto begin = [&] { return access_.enter(at(), mine.id, mine.token.reveal()).token; };
  const Secret<std::string> idle = begin(), used = begin(), left = begin();
  EXPECT_NE(idle.reveal(), used.reveal());
  EXPECT_TRUE(access_.goes_on(at(kSessionIdle - 1ms), mine.id, idle.reveal()));
  EXPECT_TRUE(access_.goes_on(at(2 * kSessionIdle - 2ms), mine.id, idle.reveal()));
  EXPECT_FALSE(access_.goes_on(at(3 * kSessionIdle), mine.id, idle.reveal()));
  EXPECT_FALSE(opens(mine, idle, 3 * kSessionIdle));
  for (auto later = 0ms; later < kSessionLife; later += 30min)
    EXPECT_TRUE(access_.goes_on(at(later), mine.id, used.reveal())) << later.count();
  EXPECT_FALSE(access_.goes_on(at(kSessionLife), mine.id, used.reveal()));
  access_.leave(at(), mine.id, left.reveal());
  EXPECT_FALSE(access_.goes_on(at(), mine.id, left.reveal()));
  EXPECT_FALSE(opens(mine, left));
  EXPECT_FALSE(access_.goes_on(at(), mine.id, ""));
  // A clock that was set back does not keep one open.
  const Secret<std::string> ahead = access_.enter(at(5h), mine.id, mine.token.reveal()).token;
  EXPECT_FALSE(access_.goes_on(at(), mine.id, ahead.reveal()));
}

TEST_P(Entering, ACaseHasSoManySessionsAndTheOldestGoes) {
  const Mine mine = deposited();
  std::vector<Secret<std::string>> all;
  for (std::size_t i = 0; i <= kSessionsMax; ++i)
    all.push_back(access_.enter(at(i * 1s), mine.id, mine.token.reveal()).token);
  EXPECT_FALSE(access_.goes_on(at(1min), mine.id, all.front().reveal()));
  EXPECT_TRUE(access_.goes_on(at(1min), mine.id, all[1].reveal()));
  EXPECT_TRUE(access_.goes_on(at(1min), mine.id, all.back().reveal()));
}

TEST_P(Entering, TheCodeOnPaperOpensItsCase) {
  const Mine mine = deposited(), other = deposited();
  const std::string code = access_.paper_code(at(), mine.id);
  EXPECT_THAT(code, MatchesRegex("[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-"
                                 "[0-9A-HJKMNP-TV-Z]{4}"));
  EXPECT_EQ(access_.paper_code(at(8760h), mine.id), code);
  EXPECT_NE(access_.paper_code(at(), other.id), code);
  // As people type it.
  std::string typed;
  for (const char c : code) typed += c == '0' ? 'o' : c == '1' ? 'l' : c == '-' ? ' ' : c;
  for (const std::string& each : {code, typed}) {
    const auto entered = access_.enter_with_code(at(), mine.reference, each);
    ASSERT_TRUE(entered) << each;
    EXPECT_TRUE(opens(mine, entered->token));
  }
  EXPECT_EQ(access_.enter_with_code(at(), other.reference, code).error(), Refused::wrong);
  EXPECT_EQ(access_.enter_with_code(at(), mine.reference, "").error(), Refused::wrong);
}

TEST_P(Entering, WrongCodesOnPaperWaitTheSameWhetherThereIsACaseOrNot) {
  const Mine mine = deposited();
  std::string nobody = reference_of(1);
  if (nobody == mine.reference) nobody = reference_of(2);
  for (const std::string& reference : {mine.reference, nobody}) {
    for (int i = 0; i < kPaperTries; ++i)
      EXPECT_EQ(access_.enter_with_code(at(1min), reference, "0000-0000-0000").error(),
                Refused::wrong);
    EXPECT_EQ(access_.enter_with_code(at(2min), reference, "0000-0000-0000").error(),
              Refused::locked);
  }
  const std::string code = access_.paper_code(at(), mine.id);
  EXPECT_EQ(access_.enter_with_code(at(kPaperPause), mine.reference, code).error(),
            Refused::locked);
  EXPECT_TRUE(access_.enter_with_code(at(1min + kPaperPause), mine.reference, code));
  EXPECT_EQ(access_.enter_with_code(at(1min + kPaperPause), nobody, code).error(), Refused::wrong);
}

TEST_P(Entering, TheLinkOfADraftOpensNoCase) {
  const Mine mine = draft();
  const Secret<std::string> link = cases_.link(system(), mine.id);
  EXPECT_EQ(cases_.link(at(), mine.id, mine.token.reveal()).reveal(), link.reveal());
  EXPECT_EQ(cases_.open(at(30min), mine.id, link.reveal()).state, State::draft);
  EXPECT_EQ(error_of([&] { access_.enter(at(), mine.id, link.reveal()); }).code(), Errc::not_found);
  Mine sent = mine;
  sent.reference = cases_.deposit(at(30min), mine.id, link.reveal()).opened.reference;
  // A second press, in another window, finds the case; an old mail does not.
  EXPECT_TRUE(opens(sent, link, 30min + kDepositedLately - 1ms));
  EXPECT_FALSE(opens(sent, link, 30min + kDepositedLately));
  EXPECT_EQ(
      error_of([&] { access_.enter(at(30min + kDepositedLately), mine.id, link.reveal()); }).code(),
      Errc::not_found);
  // It names its case still, to say where to ask.
  const auto linked = cases_.linked(at(1h), mine.id, link.reveal());
  ASSERT_TRUE(linked);
  EXPECT_EQ(linked->reference, sent.reference);
  EXPECT_FALSE(cases_.linked(at(1h), mine.id, new_browser()));
  // The program that holds the case's own token keeps it.
  EXPECT_TRUE(opens(sent, mine.token, 8760h));
}

TEST_P(Entering, WhatIsErasedHasNoWayIn) {
  const Mine mine = draft();
  EXPECT_EQ(error_of([&] { access_.enter(at(), new_id(), mine.token.reveal()); }).code(),
            Errc::not_found);
  EXPECT_EQ(access_.enter_with_code(at(), "KILU-BAFO-7", "0000-0000-0000").error(), Refused::wrong);
  cases_.erase_draft(at(), mine.id, mine.token.reveal());
  EXPECT_EQ(error_of([&] { access_.make_link(system(), mine.id, "", "", true); }).code(),
            Errc::not_found);
}

INSTANTIATE_TEST_SUITE_P(Engines, Entering, support::kEngines, support::engine_name);

}  // namespace
}  // namespace parvis::casework
