#include "conversation/conversations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "crypto/hash.hpp"
#include "support/items.hpp"
#include "vault/sealed_file.hpp"
#include "vault/vault_store.hpp"

namespace parvis::conversation {
namespace {
namespace fs = std::filesystem;

using support::error_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Property;
using ::testing::SizeIs;

const Instant kNow = *parse_rfc3339("2026-11-24T09:00:00Z");

tenancy::Context context(std::string tenant = "demo", Instant now = kNow) {
  return {.tenant = std::move(tenant),
          .commune = "99001",
          .actor = tenancy::Actor::visitor(),
          .zone = Zone::paris(),
          .deadline = {},
          .request = "r1",
          .now = now};
}

tenancy::Context system_context(Instant now, std::string tenant = "demo") {
  tenancy::Context cx = context(std::move(tenant), now);
  cx.actor = tenancy::Actor::system("retention");
  return cx;
}

json::object words(std::string_view text) { return {{"text", text}}; }

auto text_is(std::string_view text) { return Property(&Message::text, text); }

// A key store that is never there.
class Unreachable final : public vault::KeyStore {
 public:
  std::optional<vault::KekVersion> current(std::string_view) override { fail(); }
  vault::KekVersion ensure(std::string_view) override { fail(); }
  vault::KekVersion rotate(std::string_view) override { fail(); }
  vault::Wrapped wrap(std::string_view, const crypto::Key&, std::string_view) override { fail(); }
  crypto::Key unwrap(std::string_view, const vault::Wrapped&, std::string_view) override { fail(); }
  void probe() override { fail(); }

 private:
  [[noreturn]] static void fail() { throw Error(Errc::unavailable, "out of reach"); }
};

class Talk : public support::EachEngine {
 public:
  Talk() { fs::create_directories(folder_); }
  ~Talk() override { fs::remove_all(folder_); }

 protected:
  std::vector<Message> messages(const Begun& begun, std::int64_t seq = 0,
                                std::size_t limit = feed::kPageMax) {
    return talk_.messages_after(cx_, begun.conversation.id(), begun.token.reveal(), seq, limit);
  }
  Said say(const Begun& begun, std::string_view id, const json::object& payload) {
    return talk_.say(cx_, begun.conversation.id(), begun.token.reveal(), id, payload);
  }
  Said reply(const Begun& begun, std::string_view id, const json::object& payload) {
    return talk_.reply(cx_, begun.conversation.id(), begun.token.reveal(), id, payload);
  }
  Errc say_code(const Begun& begun, std::string_view id, const json::object& payload) {
    return error_of([&] { say(begun, id, payload); }).code();
  }

  const tenancy::Context cx_ = context();
  const fs::path folder_ = fs::temp_directory_path() / ("parvis-talk-" + crypto::random_hex(6));
  std::optional<db::Database> held_{std::in_place, config()};
  db::Database& database_ = *held_;
  vault::SealedFile store_{folder_ / "keys.sealed", crypto::Key::random()};
  vault::Keyring keyring_{database_, store_};
  Conversations talk_{database_, keyring_};
};
INSTANTIATE_TEST_SUITE_P(Engines, Talk, support::kEngines, support::engine_name);

TEST_P(Talk, TheSameIdAndTokenBeginOneConversation) {
  const std::string id = new_id();
  const Secret<std::string> token = new_token();
  talk_.begin(cx_, id, token);
  talk_.say(cx_, id, token.reveal(), "question-1", words("Bonjour"));
  EXPECT_EQ(talk_.begin(context("demo", kNow + std::chrono::hours(1)), id, token).created_at(),
            kNow);
  EXPECT_THAT(talk_.messages_after(cx_, id, token.reveal(), 0), SizeIs(1));
  EXPECT_EQ(error_of([&] { talk_.begin(cx_, id, new_token()); }).code(), Errc::not_found);
  talk_.erase(cx_, id, token.reveal());  // a form that is sent again brings nothing back
  EXPECT_EQ(error_of([&] { talk_.begin(cx_, id, token); }).code(), Errc::not_found);
}

TEST_P(Talk, TwoThatBeginTheSameAtOnceHaveOneConversation) {
  const std::string id = new_id();
  const Secret<std::string> token = new_token();
  std::vector<std::string> ids(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& each : ids)
      threads.emplace_back([&] { each = talk_.begin(cx_, id, token).id(); });
  }
  EXPECT_THAT(ids, ::testing::Each(id));
}

TEST_P(Talk, KeepsWhatWasSaidInOrder) {
  const Begun begun = talk_.begin(cx_);
  const Said asked = say(begun, "question-1", words("J’ai perdu ma carte"));
  EXPECT_EQ(asked.outcome, feed::Outcome::appended);
  EXPECT_EQ(asked.message.seq, 1);
  const json::object answer{{"status", "answer"}, {"text", "Voici."}, {"more", json::array{}}};
  EXPECT_EQ(reply(begun, "question-1", answer).message.id, "re.question-1");
  say(begun, "question-2", words("Merci"));

  const auto all = messages(begun);
  EXPECT_THAT(all,
              ElementsAre(text_is("J’ai perdu ma carte"), text_is("Voici."), text_is("Merci")));
  EXPECT_EQ(all[0].author, Author::citizen);
  EXPECT_EQ(all[1].author, Author::virtual_agent);
  EXPECT_EQ(all[1].payload, answer);
  EXPECT_EQ(all[1].at, kNow);
  EXPECT_THAT(messages(begun, 1, 1), ElementsAre(text_is("Voici.")));
  EXPECT_THAT(messages(begun, 3), IsEmpty());

  Conversations restarted(database_, keyring_);
  EXPECT_THAT(restarted.messages_after(cx_, begun.conversation.id(), begun.token.reveal(), 0),
              SizeIs(3));
}

TEST_P(Talk, AnIdIsOneMessage) {
  const Begun begun = talk_.begin(cx_);
  say(begun, "question-1", words("Bonjour"));
  const Said again = say(begun, "question-1", words("Bonjour"));
  EXPECT_EQ(again.outcome, feed::Outcome::repeated);
  EXPECT_EQ(again.message.seq, 1);
  EXPECT_EQ(say_code(begun, "question-1", words("Autre chose")), Errc::conflict);
  reply(begun, "question-1", words("Oui."));
  const Said other = reply(begun, "question-1", words("Non."));
  EXPECT_EQ(other.outcome, feed::Outcome::repeated);
  EXPECT_EQ(other.message.text(), "Oui.");
  EXPECT_THAT(messages(begun), ElementsAre(text_is("Bonjour"), text_is("Oui.")));
  EXPECT_EQ(say(talk_.begin(cx_), "question-1", words("Bonjour")).outcome,
            feed::Outcome::appended);  // ids are a conversation's own
}

TEST_P(Talk, OneMessageSentByManyAtOnceIsStoredOnce) {
  const Begun begun = talk_.begin(cx_);
  std::atomic<int> appended = 0;
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        const Said said = say(begun, "question-1", words("Bonjour"));
        EXPECT_EQ(said.message.seq, 1);
        if (said.outcome == feed::Outcome::appended) ++appended;
      });
  }
  EXPECT_EQ(appended, 1);
  EXPECT_THAT(messages(begun), SizeIs(1));
}

TEST_P(Talk, RefusesWhatIsNotAMessage) {
  const Begun begun = talk_.begin(cx_);
  for (const std::string& id : {std::string(), std::string("short-1"), std::string("re.question-1"),
                                std::string("question 1"), std::string(kMessageIdMax + 1, 'a')})
    EXPECT_EQ(say_code(begun, id, words("Bonjour")), Errc::invalid) << id;
  for (const std::string& text : {std::string(), std::string(" \n\t"), std::string("a\xff"),
                                  std::string("a\0b", 3), std::string("\x1b[31m")})
    EXPECT_EQ(say_code(begun, "question-1", words(text)), Errc::invalid) << text;
  EXPECT_EQ(say_code(begun, "question-1", {{"texte", "Bonjour"}}), Errc::invalid);
  EXPECT_EQ(say_code(begun, "question-1", words(std::string(kTextMax + 1, 'a'))), Errc::too_large);
  EXPECT_EQ(say_code(begun, "question-1", {{"text", "a"}, {"x", std::string(kPayloadMax, 'a')}}),
            Errc::too_large);
  EXPECT_THAT(messages(begun), IsEmpty());
  EXPECT_EQ(say(begun, std::string(kMessageIdMax, 'a'), words(std::string(kTextMax, 'a')))
                .message.text()
                .size(),
            kTextMax);
}

TEST_P(Talk, AnswersOnlyWhatACitizenSaid) {
  const Begun begun = talk_.begin(cx_);
  say(begun, "question-1", words("Bonjour"));
  reply(begun, "question-1", words("Bonjour."));
  for (const std::string_view id : {"question-2", "re.question-1", ""})
    EXPECT_EQ(error_of([&] { reply(begun, id, words("Oui.")); }).code(), Errc::invalid) << id;
  say(begun, "question-2", words("Et le prix ?"));
  EXPECT_EQ(error_of([&] { reply(begun, "question-2", {{"status", "answer"}}); }).code(),
            Errc::invalid);
}

TEST_P(Talk, AConversationFillsUpAndItsLastQuestionIsAnswered) {
  const Begun begun = talk_.begin(cx_);
  const vault::Keys keys = keyring_.keys_for(cx_, begun.conversation.object());
  database_.write("demo", [&](db::Tx& tx) {
    for (std::int64_t i = 1; i <= kMessagesMax; ++i)
      conversation::say(tx, begun.conversation, keys, "question-" + std::to_string(i), words("a"),
                        kNow);
  });
  EXPECT_EQ(say_code(begun, "one-too-many", words("a")), Errc::too_large);
  const std::string last = "question-" + std::to_string(kMessagesMax);
  EXPECT_EQ(reply(begun, last, words("b")).message.seq, kMessagesMax + 1);
  EXPECT_EQ(say(begun, last, words("a")).outcome, feed::Outcome::repeated);
  const auto whole = talk_.transcript(cx_, begun.conversation.id(), begun.token.reveal());
  EXPECT_THAT(whole.messages, SizeIs(kMessagesMax + 1));
}

TEST_P(Talk, TheGateGivesOneAnswerToWhoeverMayNot) {
  const Begun begun = talk_.begin(cx_);
  const Begun other = talk_.begin(cx_);
  const std::string id = begun.conversation.id();
  const std::string token = begun.token.reveal();
  EXPECT_EQ(token.size(), 2 * kTokenBytes);
  EXPECT_NE(token, other.token.reveal());
  EXPECT_EQ(talk_.check(cx_, id, token).commune(), "99001");

  struct Try {
    std::string tenant, id, token;
  };
  std::string flipped = token;
  flipped.back() = flipped.back() == '0' ? '1' : '0';
  const std::vector<Try> tries = {{"demo", id, ""},
                                  {"demo", id, flipped},
                                  {"demo", id, token + "0"},
                                  {"demo", id, token.substr(1)},
                                  {"demo", id, other.token.reveal()},
                                  {"demo", id, crypto::sha256_hex(token)},
                                  {"demo", id, std::string("\xff\0", 2)},
                                  {"demo", other.conversation.id(), token},
                                  {"demo", std::string(2 * kIdBytes, '0'), token},
                                  {"demo", "", token},
                                  {"demo", "' or 1=1 --", token},
                                  {"demo", std::string("\xff\0", 2), token},
                                  {"other", id, token},
                                  {"", id, token}};
  for (const Try& each : tries) {
    const tenancy::Context cx = context(each.tenant);
    for (const std::function<void()>& call : std::initializer_list<std::function<void()>>{
             [&] { talk_.check(cx, each.id, each.token); },
             [&] { talk_.say(cx, each.id, each.token, "question-1", words("a")); },
             [&] { talk_.reply(cx, each.id, each.token, "question-1", words("a")); },
             [&] { talk_.messages_after(cx, each.id, each.token, 0); },
             [&] { talk_.transcript(cx, each.id, each.token); },
             [&] { talk_.rate(cx, each.id, each.token, 1, Verdict::useful); },
             [&] { talk_.erase(cx, each.id, each.token); }}) {
      const Error refused = error_of(call);
      EXPECT_EQ(refused.code(), gone().code()) << each.id;
      EXPECT_EQ(refused.detail(), gone().detail()) << each.id;
    }
  }
  EXPECT_THAT(messages(begun), IsEmpty());
}

TEST_P(Talk, JudgesAnswersFromAClosedList) {
  const Begun begun = talk_.begin(cx_);
  const auto rate = [&](std::int64_t seq, Verdict verdict) {
    talk_.rate(cx_, begun.conversation.id(), begun.token.reveal(), seq, verdict);
  };
  say(begun, "question-1", words("Bonjour"));
  reply(begun, "question-1", words("Bonjour."));
  rate(2, Verdict::useful);
  rate(2, Verdict::wrong);
  for (const std::int64_t seq : {-1, 0, 1, 3})
    EXPECT_EQ(error_of([&] { rate(seq, Verdict::useful); }).code(), Errc::invalid) << seq;
  const auto whole = talk_.transcript(cx_, begun.conversation.id(), begun.token.reveal());
  EXPECT_THAT(whole.verdicts, ElementsAre(std::pair(2, Verdict::wrong)));
  EXPECT_THAT(to_text(whole, "la mairie", cx_.zone), HasSubstr("Bonjour."));
}

// Someone who may write the database moves sealed messages about: within a conversation, between
// two of one town, and between towns. None opens where it was not sealed.
TEST_P(Talk, MessagesDoNotOpenElsewhere) {
  struct One {
    Begun begun;
    tenancy::Context cx;
  };
  std::vector<One> all;
  for (const char* tenant : {"demo", "demo", "other"})
    all.push_back({talk_.begin(context(tenant)), context(tenant)});
  std::vector<std::vector<feed::Event>> events;
  for (const One& one : all) {
    for (const char* id : {"question-1", "question-2"})
      talk_.say(one.cx, one.begun.conversation.id(), one.begun.token.reveal(), id, words("secret"));
    talk_.reply(one.cx, one.begun.conversation.id(), one.begun.token.reveal(), "question-1",
                words("secret"));
    events.push_back(database_.read(
        [&](db::Tx& tx) { return feed::events_after(tx, one.begun.conversation.topic(), 0); }));
  }
  // Writes a conversation's feed anew, with one payload that comes from elsewhere.
  const auto forge = [&](std::size_t at, const std::vector<feed::Event>& written) {
    const feed::Topic topic = all[at].begun.conversation.topic();
    database_.write([&](db::Tx& tx) {
      feed::erase_topic(tx, topic);
      feed::open_topic(tx, topic, kNow);
      for (const feed::Event& event : written)
        feed::append(tx, topic, event.id, event.type, event.at,
                     [&](std::int64_t) { return event.payload; });
    });
  };
  const auto read = [&](std::size_t at) {
    return talk_.messages_after(all[at].cx, all[at].begun.conversation.id(),
                                all[at].begun.token.reveal(), 0);
  };
  for (std::size_t to = 0; to < all.size(); ++to)
    for (std::size_t from = 0; from < all.size(); ++from)
      for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j) {
          auto written = events[to];
          written[i].payload = events[from][j].payload;
          forge(to, written);
          if (to == from && i == j)
            EXPECT_THAT(read(to), SizeIs(3));
          else
            EXPECT_EQ(error_of([&] { read(to); }).code(), Errc::failed)
                << from << '/' << j << " in " << to << '/' << i;
        }
  // Nor may its order, id, author or time change under it.
  for (const std::function<void(std::vector<feed::Event>&)>& change :
       std::initializer_list<std::function<void(std::vector<feed::Event>&)>>{
           [](auto& written) { std::swap(written[0], written[1]); },
           [](auto& written) { written.erase(written.begin()); },
           [](auto& written) { written[0].id = "question-3"; },
           [](auto& written) { written[0].type = "virtual_agent"; },
           [](auto& written) { written[0].at += std::chrono::milliseconds(1); }}) {
    auto written = events[0];
    change(written);
    forge(0, written);
    EXPECT_EQ(error_of([&] { read(0); }).code(), Errc::failed);
  }
  forge(0, events[0]);
  EXPECT_THAT(read(0), SizeIs(3));
}

TEST_P(Talk, ErasesOnDemandEvenWithoutItsKeyStore) {
  const Begun begun = talk_.begin(cx_);
  const Begun other = talk_.begin(cx_);
  say(begun, "question-1", words("Bonjour"));
  reply(begun, "question-1", words("Bonjour."));
  talk_.rate(cx_, begun.conversation.id(), begun.token.reveal(), 2, Verdict::useful);
  say(other, "question-1", words("Je reste"));

  Unreachable gone_store;
  vault::Keyring without(database_, gone_store);
  Conversations(database_, without).erase(cx_, begun.conversation.id(), begun.token.reveal());
  EXPECT_EQ(error_of([&] { messages(begun); }).detail(), gone().detail());
  EXPECT_EQ(say_code(begun, "question-2", words("a")), Errc::not_found);
  database_.read([&](db::Tx& tx) {
    const auto key = vault::data_key_of(tx, "demo", begun.conversation.object());
    ASSERT_TRUE(key);
    EXPECT_EQ(key->destroyed_at, kNow);
    EXPECT_THAT(key->wrapped.bytes, IsEmpty());
    EXPECT_EQ(feed::last_seq(tx, begun.conversation.topic()), std::nullopt);
    EXPECT_THAT(feed::events_after(tx, begun.conversation.topic(), 0), IsEmpty());
    EXPECT_THAT(verdicts(tx, begun.conversation), IsEmpty());
  });
  EXPECT_THAT(messages(other), ElementsAre(text_is("Je reste")));
}

TEST_P(Talk, WithoutItsKeyStoreNothingIsReadOrStored) {
  const Begun begun = talk_.begin(cx_);
  say(begun, "question-1", words("Bonjour"));
  Unreachable gone_store;
  vault::Keyring without(database_, gone_store);
  Conversations cut(database_, without);
  const std::string id = begun.conversation.id();
  const std::string token = begun.token.reveal();
  for (const std::function<void()>& call : std::initializer_list<std::function<void()>>{
           [&] { cut.begin(cx_); }, [&] { cut.say(cx_, id, token, "question-2", words("a")); },
           [&] { cut.messages_after(cx_, id, token, 0); }})
    EXPECT_EQ(error_of(call).code(), Errc::unavailable);
  EXPECT_EQ(cut.check(cx_, id, token).id(), id);
  EXPECT_THAT(messages(begun), SizeIs(1));
}

TEST_P(Talk, ForgetsWhatHasBeenSilentForLong) {
  using std::chrono::days;
  const auto begun_at = [&](Instant when, std::string tenant = "demo") {
    return talk_.begin(context(std::move(tenant), when));
  };
  const Begun old = begun_at(kNow - days(31));
  const Begun talking = begun_at(kNow - days(31));  // begun long ago, spoken in since
  const Begun edge = begun_at(kNow - days(30));
  const Begun others = begun_at(kNow - days(31), "other");
  talk_.say(context("demo", kNow - days(2)), talking.conversation.id(), talking.token.reveal(),
            "question-1", words("Toujours là"));
  const auto there = [&](const Begun& begun, std::string tenant = "demo") {
    try {
      talk_.check(context(std::move(tenant)), begun.conversation.id(), begun.token.reveal());
      return true;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Errc::not_found);
      return false;
    }
  };
  EXPECT_EQ(talk_.expire(system_context(kNow), days(30)), 1u);
  EXPECT_FALSE(there(old));
  EXPECT_TRUE(there(talking));
  EXPECT_TRUE(there(edge));
  EXPECT_TRUE(there(others, "other"));
  EXPECT_EQ(talk_.expire(system_context(kNow), days(30)), 0u);
  EXPECT_EQ(talk_.expire(system_context(kNow + days(1)), days(30)), 1u);
  EXPECT_FALSE(there(edge));
  EXPECT_EQ(talk_.expire(system_context(kNow, "other"), days(30)), 1u);
  EXPECT_EQ(error_of([&] { keyring_.keys_for(cx_, old.conversation.object()); }).code(),
            Errc::not_found);
}

TEST_P(Talk, ForgetsByBatches) {
  for (std::size_t i = 0; i <= kExpireBatch; ++i) talk_.begin(cx_);
  const auto later = system_context(kNow + std::chrono::days(2));
  EXPECT_EQ(talk_.expire(later, std::chrono::days(1)), kExpireBatch);
  EXPECT_EQ(talk_.expire(later, std::chrono::days(1)), 1u);
  EXPECT_EQ(talk_.expire(later, std::chrono::days(1)), 0u);
}

TEST_P(Talk, SurvivesARotationOfTheTownsKey) {
  const Begun begun = talk_.begin(cx_);
  say(begun, "question-1", words("Avant"));
  keyring_.rotate(cx_);
  say(begun, "question-2", words("Pendant"));
  EXPECT_EQ(keyring_.rewrap(cx_), 1u);
  say(begun, "question-3", words("Après"));
  EXPECT_THAT(messages(begun), ElementsAre(text_is("Avant"), text_is("Pendant"), text_is("Après")));
}

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What a thief of the disk finds: on SQLite the files as they are, on PostgreSQL what a query
// gives.
TEST_P(Talk, NothingThatWasSaidLiesAnywhereInPlain) {
  std::vector<std::string> canaries;
  canaries.reserve(75);  // 50 in messages, and a token a conversation
  for (int i = 0; i < 50; ++i) canaries.push_back("canari" + crypto::random_hex(8));
  std::vector<Begun> all;
  for (std::size_t i = 0; i < canaries.size(); i += 2) {
    all.push_back(talk_.begin(cx_));
    say(all.back(), "question-1", words("Je m’appelle " + canaries[i] + " et j’ai perdu ma carte"));
    reply(all.back(), "question-1", {{"text", canaries[i + 1]}, {"status", "answer"}});
  }
  for (const Begun& begun : all) canaries.push_back(begun.token.reveal());

  std::string kept = bytes_of(folder_ / "keys.sealed");
  if (on_sqlite()) {
    const std::string file = config().url.substr(std::string_view("sqlite:").size());
    for (const char* suffix : {"", "-wal", "-shm"}) kept += bytes_of(file + suffix);
  }
  database_.read([&](db::Tx& tx) {
    for (const Begun& begun : all) {
      for (const feed::Event& event : feed::events_after(tx, begun.conversation.topic(), 0))
        kept += event.id + event.type + event.payload;
      kept += vault::data_key_of(tx, "demo", begun.conversation.object())->wrapped.bytes;
    }
  });
  for (const std::string& canary : canaries) {
    EXPECT_FALSE(kept.contains(canary)) << canary;
    EXPECT_FALSE(kept.contains(crypto::to_hex(canary))) << canary;
  }
  EXPECT_FALSE(kept.contains("perdu ma carte"));
  EXPECT_TRUE(kept.contains("re.question-1"));  // it looks where the messages are
  if (on_sqlite()) EXPECT_TRUE(kept.contains(all.back().conversation.id()));
}

// Erased, and the log written back: not even the wrapped key is left in the file.
TEST_P(Talk, AnErasedKeyIsOverwritten) {
  const Begun begun = talk_.begin(cx_);
  say(begun, "question-1", words("Bonjour"));
  const auto key = [&] {
    return database_.read(
        [&](db::Tx& tx) { return *vault::data_key_of(tx, "demo", begun.conversation.object()); });
  };
  const std::string wrapped = key().wrapped.bytes;
  ASSERT_THAT(wrapped, Not(IsEmpty()));
  if (!on_sqlite()) {  // its pages are the server's: what a query gives is all there is to see
    talk_.erase(cx_, begun.conversation.id(), begun.token.reveal());
    EXPECT_THAT(key().wrapped.bytes, IsEmpty());
    return;
  }
  const std::string file = config().url.substr(std::string_view("sqlite:").size());
  EXPECT_TRUE((bytes_of(file) + bytes_of(file + "-wal")).contains(wrapped));
  talk_.erase(cx_, begun.conversation.id(), begun.token.reveal());
  held_.reset();  // the last connection writes the log back into the file
  EXPECT_FALSE(fs::exists(file + "-wal"));
  EXPECT_FALSE(bytes_of(file).contains(wrapped));
}

TEST(Verdicts, AreAClosedList) {
  for (const VerdictName& each : kVerdicts) {
    EXPECT_EQ(verdict_named(each.name), each.verdict);
    EXPECT_EQ(name(each.verdict), each.name);
    EXPECT_FALSE(each.words.empty());
  }
  for (const std::string_view wrong : {"", "yes", "Useful", "other"})
    EXPECT_FALSE(verdict_named(wrong)) << wrong;
}

}  // namespace
}  // namespace parvis::conversation
