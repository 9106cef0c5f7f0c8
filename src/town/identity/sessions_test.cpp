#include "identity/sessions.hpp"

#include <thread>

#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "identity/house_for_tests.hpp"

namespace parvis::identity {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Why = SignInRefusal::Why;

class SessionsTest : public House {
 protected:
  std::expected<SignedIn, SignInRefusal> sign_in(Instant now = kNow,
                                                 const Secret<std::string>& password = kPassword,
                                                 const Personal<std::string>& address = kHome,
                                                 std::string_view login = kLogin) {
    return sessions_.sign_in(context(now), login, password, address);
  }
  Why refusal(Instant now, const Secret<std::string>& password,
              const Personal<std::string>& address, std::string_view login = kLogin) {
    const auto in = sign_in(now, password, address, login);
    EXPECT_FALSE(in);
    return in ? Why::refused : in.error().why;
  }
  // An address of its own for each number.
  static Personal<std::string> address(int n) { return Personal("203.0.113." + std::to_string(n)); }
  bool live(const SignedIn& in, Instant now, Activity activity = Activity::machine) {
    return sessions_.session_of(context(now), in.token.reveal(), activity).has_value();
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, SessionsTest, support::kEngines, support::engine_name);

// ── signing in ──

TEST_P(SessionsTest, TheRightPasswordBeginsASession) {
  NewAccount asked = martine();
  asked.roles = {Role::agent, Role::manager};
  asked.services = {"etat-civil"};
  const Account account = create(asked);
  const auto in = sign_in();
  ASSERT_TRUE(in);
  EXPECT_EQ(in->token.reveal().size(), 2 * kTokenBytes);
  const auto agent = sessions_.session_of(context(), in->token.reveal(), Activity::person);
  ASSERT_TRUE(agent);
  EXPECT_EQ(agent->id(), account.id);
  EXPECT_EQ(agent->name().read(), "Martine Dupont");
  EXPECT_TRUE(agent->has(Role::manager));
  EXPECT_FALSE(agent->has(Role::admin));
  EXPECT_TRUE(agent->answers_for("etat-civil"));
  EXPECT_FALSE(agent->answers_for("urbanisme"));
  EXPECT_EQ(agent->actor().kind, tenancy::Actor::Kind::agent);
  EXPECT_EQ(agent->actor().account, account.id);
  EXPECT_EQ(agent->session(), in->agent.session());
  EXPECT_EQ(agent->session().created_at, kNow);
}

TEST_P(SessionsTest, TheTokenIsNewEachTimeAndOnlyItsHashIsKept) {
  create();
  const auto first = sign_in(), second = sign_in();
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->token.reveal(), second->token.reveal());
  const auto stored = sessions_.list(context(), first->agent);
  EXPECT_THAT(stored, SizeIs(2));
  for (const Session& each : stored) EXPECT_NE(each.id, first->token.reveal());
  EXPECT_EQ(first->agent.session().id, crypto::sha256_hex(first->token.reveal()));
}

TEST_P(SessionsTest, TheLoginIsWrittenInEitherCase) {
  create();
  EXPECT_TRUE(sign_in(kNow, kPassword, kHome, " Martine@Ville.FR "));
}

TEST_P(SessionsTest, EveryOtherPairIsRefusedAlike) {
  const Account account = create();
  accounts_.create(as_system(), {.login = "parti@ville.fr", .name = "Parti"}, kPassword);
  accounts_.disable(as_system(), accounts_.with_login(as_system(), "parti@ville.fr")->id);
  EXPECT_EQ(refusal(kNow, kOther, kHome), Why::refused);
  EXPECT_EQ(refusal(kNow, Secret<std::string>(""), kHome), Why::refused);
  EXPECT_EQ(refusal(kNow, Secret(std::string(2000, 'x')), kHome), Why::refused);
  EXPECT_EQ(refusal(kNow, Secret<std::string>("cheval correct batterie "), kHome), Why::refused);
  EXPECT_EQ(refusal(kNow, kPassword, kElsewhere, "inconnu@ville.fr"), Why::refused);
  EXPECT_EQ(refusal(kNow, kPassword, kElsewhere, "parti@ville.fr"), Why::refused);
  EXPECT_EQ(refusal(kNow, kPassword, kElsewhere, account.id), Why::refused);
  EXPECT_EQ(refusal(kNow, kPassword, kElsewhere, ""), Why::refused);
  EXPECT_EQ(refusal(kNow, kPassword, kElsewhere, "martine@ville.fr' or '1'='1"), Why::refused);
  EXPECT_THAT(sessions(account), IsEmpty());
}

// The work is the same whoever is asked for: one password is verified, at the same cost, and no
// transaction is open meanwhile (one inside another aborts).
TEST_P(SessionsTest, OnePasswordIsVerifiedWhoeverIsAskedFor) {
  create();
  accounts_.create(as_system(), {.login = "parti@ville.fr", .name = "Parti"}, kPassword);
  accounts_.disable(as_system(), accounts_.with_login(as_system(), "parti@ville.fr")->id);
  std::vector<std::string> verified;
  Sessions watched(
      database_,
      {.cost = kCheap, .verify = [&](const Secret<std::string>& password, std::string_view phc) {
         EXPECT_EQ(password.reveal(), kOther.reveal());
         EXPECT_TRUE(database_.read([](db::Tx& tx) { return tenancy::tenant_of(tx, "demo"); }));
         verified.emplace_back(phc);
         return crypto::verify_password(password, phc);
       }});
  for (const char* login :
       {"martine@ville.fr", "inconnu@ville.fr", "parti@ville.fr", "no e-mail"}) {
    verified.clear();
    EXPECT_FALSE(watched.sign_in(context(), login, kOther, kHome)) << login;
    ASSERT_THAT(verified, SizeIs(1)) << login;
    EXPECT_FALSE(crypto::needs_rehash(verified[0], kCheap)) << login;
  }
}

TEST_P(SessionsTest, AHashOfAnotherCostIsMadeAnewAtTheNextSignIn) {
  create();
  const auto stored = [&] {
    return database_.read([](db::Tx& tx) { return credentials_with_login(tx, "demo", kLogin); })
        ->password_hash.reveal();
  };
  const crypto::PasswordCost dearer{.memory_kib = 128, .passes = 2, .lanes = 1};
  Sessions later(database_, {.cost = dearer});
  const std::string before = stored();
  EXPECT_FALSE(later.sign_in(context(), kLogin, kOther, kHome));
  EXPECT_EQ(stored(), before);  // a wrong password changes nothing
  EXPECT_TRUE(later.sign_in(context(), kLogin, kPassword, kHome));
  EXPECT_EQ(crypto::password_cost(stored()), dearer);
  const std::string after = stored();
  EXPECT_TRUE(later.sign_in(context(), kLogin, kPassword, kHome));
  EXPECT_EQ(stored(), after);
  EXPECT_EQ(accounts_.list(as_system()).front().password_changed_at, kNow);
}

TEST_P(SessionsTest, WhatChangesWhileThePasswordIsCheckedCounts) {
  const Account account = create();
  std::function<void()> meanwhile;
  Sessions slow(
      database_,
      {.cost = kCheap, .verify = [&](const Secret<std::string>& password, std::string_view phc) {
         const bool right = crypto::verify_password(password, phc);
         meanwhile();
         return right;
       }});
  meanwhile = [&] { accounts_.disable(as_system(), account.id); };
  EXPECT_FALSE(slow.sign_in(context(), kLogin, kPassword, kHome));
  accounts_.enable(as_system(), account.id);
  meanwhile = [&] { accounts_.set_password(as_system(kNow + 1s), account.id, kOther); };
  EXPECT_FALSE(slow.sign_in(context(), kLogin, kPassword, kHome));
  EXPECT_THAT(sessions(account), IsEmpty());
}

TEST_P(SessionsTest, ATownHasItsOwnAccountsAndSessions) {
  create();
  accounts_.create(as_system(kNow, "other"), martine(), kOther);
  EXPECT_FALSE(sessions_.sign_in(context(kNow, "other"), kLogin, kPassword, kHome));
  const auto there = sessions_.sign_in(context(kNow, "other"), kLogin, kOther, kHome);
  const auto here = sign_in();
  ASSERT_TRUE(there && here);
  EXPECT_FALSE(
      sessions_.session_of(context(kNow, "other"), here->token.reveal(), Activity::person));
  EXPECT_FALSE(sessions_.session_of(context(), there->token.reveal(), Activity::person));
  sessions_.sign_out(context(kNow, "other"), here->token.reveal());  // no effect
  EXPECT_FALSE(sessions_.end(context(kNow, "other"), there->agent, here->agent.session().id));
  EXPECT_TRUE(live(*here, kNow));
  EXPECT_THAT(sessions_.list(context(), here->agent), SizeIs(1));
}

// ── how often ──

TEST_P(SessionsTest, TenWrongPasswordsOnALoginInFifteenMinutes) {
  create();
  for (int i = 0; i < kAttempts; ++i)
    EXPECT_EQ(refusal(kNow + i * 1s, kOther, address(i)), Why::refused) << i;
  const auto in = sign_in(kNow + 60s, kPassword, address(100));
  ASSERT_FALSE(in);
  EXPECT_EQ(in.error().why, Why::too_many);
  EXPECT_EQ(in.error().wait, 14min);
  // Being refused is not counted: the first attempt leaves the window, and there is room for one.
  EXPECT_EQ(refusal(kNow + 15min - 1ms, kPassword, address(101)), Why::too_many);
  EXPECT_TRUE(sign_in(kNow + 15min, kPassword, address(102)));
}

TEST_P(SessionsTest, AsManyOnALoginThatNobodyHas) {
  for (int i = 0; i < kAttempts; ++i)
    EXPECT_EQ(refusal(kNow, kPassword, address(i), "inconnu@ville.fr"), Why::refused);
  EXPECT_EQ(refusal(kNow, kPassword, address(100), "INCONNU@ville.fr"), Why::too_many);
  EXPECT_EQ(refusal(kNow, kPassword, address(100), "autre@ville.fr"), Why::refused);
}

TEST_P(SessionsTest, TenWrongPasswordsFromANetwork) {
  create();
  for (int i = 0; i < kAttempts; ++i)
    EXPECT_EQ(refusal(kNow, kOther, kElsewhere, "a" + std::to_string(i) + "@ville.fr"),
              Why::refused);
  EXPECT_EQ(refusal(kNow, kPassword, kElsewhere), Why::too_many);
  EXPECT_TRUE(sign_in(kNow, kPassword, kHome));
}

TEST_P(SessionsTest, AnIpv6NetworkIsItsFirst64Bits) {
  create();
  for (int i = 0; i < kAttempts; ++i)
    refusal(kNow, kOther, Personal("2001:db8:1:2::" + std::to_string(i)),
            "a" + std::to_string(i) + "@ville.fr");
  EXPECT_EQ(refusal(kNow, kPassword, Personal<std::string>("2001:db8:1:2:ffff::1")), Why::too_many);
  EXPECT_TRUE(sign_in(kNow, kPassword, Personal<std::string>("2001:db8:1:3::1")));
}

TEST_P(SessionsTest, Ipv4InsideIpv6IsIpv4) {
  EXPECT_EQ(sign_in_attempt("a", Personal<std::string>("::ffff:192.0.2.1")).network,
            sign_in_attempt("a", kHome).network);
  EXPECT_NE(sign_in_attempt("a", kElsewhere).network, sign_in_attempt("a", kHome).network);
}

TEST_P(SessionsTest, WithoutAnAddressTheLoginAloneCounts) {
  create();
  for (int i = 0; i < kAttempts; ++i)
    refusal(kNow, kOther, Personal<std::string>(""), "a" + std::to_string(i) + "@ville.fr");
  EXPECT_TRUE(sign_in(kNow, kPassword, Personal<std::string>("")));
  for (int i = 0; i < kAttempts; ++i)
    EXPECT_EQ(refusal(kNow, kOther, Personal<std::string>("")), Why::refused);
  EXPECT_EQ(refusal(kNow, kPassword, Personal<std::string>("")), Why::too_many);
}

TEST_P(SessionsTest, TheRightPasswordForgetsTheWrongOnes) {
  create();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < kAttempts - 1; ++i)
      EXPECT_EQ(refusal(kNow, kOther, address(round)), Why::refused);
    EXPECT_TRUE(sign_in(kNow, kPassword, address(round)));
  }
}

TEST_P(SessionsTest, OnesOwnSignInDoesNotExcuseTheNetwork) {
  create();
  for (int i = 0; i < kAttempts - 1; ++i)
    refusal(kNow, kOther, kElsewhere, "a" + std::to_string(i) + "@ville.fr");
  EXPECT_TRUE(sign_in(kNow, kPassword, kElsewhere));
  EXPECT_EQ(refusal(kNow, kOther, kElsewhere, "victime@ville.fr"), Why::refused);
  EXPECT_EQ(refusal(kNow, kOther, kElsewhere, "victime@ville.fr"), Why::too_many);
}

TEST_P(SessionsTest, NobodyKeepsAnAgentOutOfTheirUsualNetwork) {
  create();
  EXPECT_TRUE(sign_in(kNow, kPassword, kHome));
  for (int i = 0; i < kAttempts; ++i) refusal(kNow, kOther, address(i));  // their login from afar
  for (int i = 0; i < kAttempts; ++i)                                     // others, next to them
    refusal(kNow, kOther, kHome, "a" + std::to_string(i) + "@ville.fr");
  EXPECT_EQ(refusal(kNow, kPassword, address(100)), Why::too_many);
  EXPECT_EQ(refusal(kNow, kPassword, kHome, "nouveau@ville.fr"), Why::too_many);
  // The login from there has a budget of its own, which its agent's success renews.
  for (int i = 0; i < kAttempts - 1; ++i) EXPECT_EQ(refusal(kNow, kOther, kHome), Why::refused);
  EXPECT_TRUE(sign_in(kNow, kPassword, kHome));
  for (int i = 0; i < kAttempts; ++i) EXPECT_EQ(refusal(kNow, kOther, kHome), Why::refused);
  EXPECT_EQ(refusal(kNow, kPassword, kHome), Why::too_many);
}

TEST_P(SessionsTest, ANetworkIsUsualForThirtyDays) {
  create();
  EXPECT_TRUE(sign_in(kNow, kPassword, kHome));
  const Instant later = kNow + kNetworkKept;
  for (int i = 0; i < kAttempts; ++i) refusal(later, kOther, address(i));
  EXPECT_EQ(refusal(later, kPassword, kHome), Why::too_many);
}

TEST_P(SessionsTest, ARestartForgetsNoAttempt) {
  create();
  for (int i = 0; i < kAttempts; ++i) refusal(kNow, kOther, address(i));
  db::Database again(config());
  Sessions restarted(again, {.cost = kCheap});
  const auto in = restarted.sign_in(context(), kLogin, kPassword, kElsewhere);
  ASSERT_FALSE(in);
  EXPECT_EQ(in.error().why, Why::too_many);
}

TEST_P(SessionsTest, ManyAtOnceAreNoWayAround) {
  create();
  std::atomic<int> verified = 0;
  Sessions watched(database_, {.cost = kCheap, .verify = [&](const auto&, std::string_view) {
                                 ++verified;
                                 return false;
                               }});
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 5; ++i)
          EXPECT_FALSE(watched.sign_in(context(), kLogin, kOther, address(10 * t + i)));
      });
  }
  EXPECT_EQ(verified, kAttempts);
}

TEST_P(SessionsTest, AClockThatWasWrongLocksNobodyOut) {
  create();
  for (int i = 0; i < kAttempts; ++i) refusal(kNow + 24h * 3650, kOther, address(i));
  EXPECT_TRUE(sign_in(kNow, kPassword, kElsewhere));
}

// ── how long ──

TEST_P(SessionsTest, EndsAfterThirtyMinutesWithoutTheAgent) {
  create();
  const auto in = sign_in();
  EXPECT_TRUE(live(*in, kNow + kIdle - 1ms));
  EXPECT_FALSE(live(*in, kNow + kIdle));
  EXPECT_FALSE(sessions_.session_of(context(kNow + kIdle), in->token.reveal(), Activity::person));
  EXPECT_FALSE(live(*in, kNow + kIdle));  // asking does not bring it back
}

TEST_P(SessionsTest, GoesOnWhileTheAgentWorksTenHoursAtMost) {
  create();
  const auto in = sign_in();
  Instant now = kNow;
  for (; now < kNow + kAbsolute; now += 29min)
    EXPECT_TRUE(live(*in, now, Activity::person)) << format_rfc3339(now);
  EXPECT_TRUE(live(*in, kNow + kAbsolute - 1ms, Activity::person));
  EXPECT_FALSE(live(*in, kNow + kAbsolute, Activity::person));
}

TEST_P(SessionsTest, AStreamThatChecksItsAccessIsNotTheAgentAtWork) {
  create();
  const auto in = sign_in();
  for (Instant now = kNow; now < kNow + kIdle; now += 1min)
    EXPECT_TRUE(live(*in, now, Activity::machine));
  EXPECT_FALSE(live(*in, kNow + kIdle, Activity::machine));
}

TEST_P(SessionsTest, SaysWhenItEndsUnlessTheAgentDoesSomething) {
  create();
  const auto in = sign_in();
  EXPECT_EQ(in->agent.idle_at(), kNow + kIdle);
  const auto agent =
      sessions_.session_of(context(kNow + 10min), in->token.reveal(), Activity::person);
  EXPECT_EQ(agent->idle_at(), kNow + 40min);
  EXPECT_EQ(agent->session().expires_at, kNow + kAbsolute);
}

TEST_P(SessionsTest, IsWrittenOnceAMinuteAtMost) {
  create();
  const auto in = sign_in();
  const auto seen_at = [&](Instant now) {
    EXPECT_TRUE(live(*in, now, Activity::person));
    return sessions_.list(context(now), in->agent).front().last_seen_at;
  };
  EXPECT_EQ(seen_at(kNow + 59s), kNow);
  EXPECT_EQ(seen_at(kNow + 60s), kNow + 60s);
  EXPECT_EQ(seen_at(kNow + 61s), kNow + 60s);
}

TEST_P(SessionsTest, OneFromAWrongClockIsNone) {
  create();
  const auto in = sign_in(kNow + 24h);
  EXPECT_FALSE(live(*in, kNow));
  EXPECT_TRUE(live(*in, kNow + 24h - kClockSkew));  // two servers differ by as much
}

// ── ending ──

TEST_P(SessionsTest, SigningOutEndsThisOne) {
  create();
  const auto in = sign_in(), other = sign_in();
  sessions_.sign_out(context(), in->token.reveal());
  EXPECT_FALSE(live(*in, kNow));
  EXPECT_TRUE(live(*other, kNow));
  sessions_.sign_out(context(), in->token.reveal());  // again, or anything else: nothing
  sessions_.sign_out(context(), "anything");
  EXPECT_TRUE(live(*other, kNow));
}

TEST_P(SessionsTest, NothingButTheTokenOpensIt) {
  create();
  const auto in = sign_in();
  for (const std::string& wrong :
       {std::string(), std::string("0"), in->agent.session().id, in->agent.id(),
        in->token.reveal() + "0", in->token.reveal().substr(1), std::string(64, '0'),
        std::string(1 << 20, 'x'), std::string("\0\xff", 2)})
    EXPECT_FALSE(sessions_.session_of(context(), wrong, Activity::person));
}

TEST_P(SessionsTest, AnAgentSeesAndEndsTheirOwn) {
  create();
  create({.login = "autre@ville.fr", .name = "Autre"});
  const auto first = sign_in(), second = sign_in(kNow + 1s), third = sign_in(kNow + 2s);
  const auto other = sign_in(kNow, kPassword, kHome, "autre@ville.fr");
  EXPECT_THAT(sessions_.list(context(kNow + 2s), first->agent),
              ElementsAre(third->agent.session(), second->agent.session(), first->agent.session()));
  EXPECT_FALSE(sessions_.end(context(), other->agent, first->agent.session().id));
  EXPECT_FALSE(sessions_.end(context(), first->agent, "absent"));
  EXPECT_TRUE(sessions_.end(context(), first->agent, second->agent.session().id));
  EXPECT_FALSE(live(*second, kNow + 2s));
  EXPECT_EQ(sessions_.end_others(context(), first->agent), 1);
  EXPECT_FALSE(live(*third, kNow + 2s));
  EXPECT_TRUE(live(*first, kNow + 2s) && live(*other, kNow + 2s));
  EXPECT_THAT(sessions_.list(context(kNow + kIdle), first->agent), IsEmpty());
}

TEST_P(SessionsTest, HasALimitAndTheOldestEnds) {
  create();
  std::vector<SignedIn> all;
  for (std::size_t i = 0; i <= kSessionsPerAccount; ++i)
    all.push_back(*sign_in(kNow + static_cast<int>(i) * 1s));
  const Instant now = kNow + 20s;
  EXPECT_THAT(sessions_.list(context(now), all.back().agent), SizeIs(kSessionsPerAccount));
  EXPECT_FALSE(live(all.front(), now));
  EXPECT_TRUE(live(all[1], now) && live(all.back(), now));
}

TEST_P(SessionsTest, ExpiringErasesWhatNoLongerCounts) {
  create();
  sign_in();
  refusal(kNow, kOther, kElsewhere);
  EXPECT_EQ(expire(database_, as_system(kNow + 14min)), 0);
  EXPECT_EQ(expire(database_, as_system(kNow + kIdle)), 3);  // a session; two rows of an attempt
  EXPECT_EQ(expire(database_, as_system(kNow + kNetworkKept)), 1);
  EXPECT_DEATH(expire(database_, context()), "Kind::system");
}

// ── changing one's password ──

TEST_P(SessionsTest, ChangingThePasswordEndsTheOthers) {
  create();
  const auto in = sign_in(), other = sign_in();
  EXPECT_TRUE(sessions_.change_password(context(kNow + 1s), in->agent, kPassword, kOther));
  EXPECT_TRUE(live(*in, kNow + 1s));
  EXPECT_FALSE(live(*other, kNow + 1s));
  EXPECT_EQ(refusal(kNow + 2s, kPassword, kHome), Why::refused);
  EXPECT_TRUE(sign_in(kNow + 2s, kOther));
  EXPECT_EQ(accounts_.list(as_system()).front().password_changed_at, kNow + 1s);
}

TEST_P(SessionsTest, AChangeIsRefusedWithItsReason) {
  const Account account = create();
  const auto in = sign_in(), other = sign_in();
  const auto change = [&](const Secret<std::string>& current, const Secret<std::string>& next) {
    return sessions_.change_password(context(), in->agent, current, next);
  };
  using ChangeWhy = ChangeRefusal::Why;
  const auto unfit = change(kPassword, Secret<std::string>("martine.dupont"));
  ASSERT_FALSE(unfit);
  EXPECT_EQ(unfit.error().why, ChangeWhy::unfit);
  EXPECT_EQ(unfit.error().fault, PasswordFault::personal);
  EXPECT_EQ(change(kPassword, Secret<std::string>("court")).error().fault,
            PasswordFault::too_short);
  for (int i = 0; i < kAttempts; ++i)
    EXPECT_EQ(change(kOther, kOther).error().why, ChangeWhy::wrong_password);
  const auto late = change(kPassword, kOther);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().why, ChangeWhy::too_many);
  EXPECT_EQ(late.error().wait, kAttemptWindow);
  EXPECT_TRUE(live(*other, kNow));
  EXPECT_TRUE(sign_in());  // signing in has a budget of its own

  sessions_.sign_out(context(), in->token.reveal());
  EXPECT_EQ(
      sessions_.change_password(context(kNow + 15min), in->agent, kPassword, kOther).error().why,
      ChangeWhy::signed_out);
  accounts_.disable(as_system(), account.id);
  EXPECT_EQ(
      sessions_.change_password(context(kNow + 15min), in->agent, kPassword, kOther).error().why,
      ChangeWhy::signed_out);
  accounts_.enable(as_system(), account.id);
  EXPECT_TRUE(sign_in());  // with the password that it had
}

}  // namespace
}  // namespace parvis::identity
