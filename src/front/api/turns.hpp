// The turns of a conversation: what a citizen says is stored, then answered once.
//
// A message is stored first, masked, and only then answered, outside any transaction, from the
// state that lies sealed in the answer before it. So a conversation is a fold over its messages: a
// message that two tabs, a repetition or a crash left without its answer gets the same one, and
// whoever stores it first is right (conversation::reply_id).
//
// Thread-safe. Throws what conversation::Conversations and the policy throw.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/conversations.hpp"
#include "dialogue/step.hpp"
#include "directory/service.hpp"
#include "runtime/doorbell.hpp"

namespace parvis::api {

inline constexpr std::size_t kChoiceBytes = 300;  // of a choice's value
inline constexpr std::int64_t kLookBack = 20;     // messages looked at for those without answer

// The policy over what the town knows.
using Policy = std::function<dialogue::Step(dialogue::State, const dialogue::Said&,
                                            const std::string& commune, Instant now)>;

// Of one conversation.
struct Visit {
  std::string id;
  std::string token;
};

// What a démarche in a conversation needs besides: its draft, and what is done with it. Both are
// called outside of transactions; perform has one effect however often it is called for a turn.
// A draft that goes on in another window: its code, and where it is.
struct Handed {
  Secret<std::string> code;
  std::string procedure, commune;  // id; INSEE code or empty
  Instant expires_at;
};
// A service of the town, whichever commune it is of.
using ServiceOf = std::function<std::optional<directory::Service>(const std::string& id)>;

struct Forms {
  std::function<std::optional<dialogue::Draft>(const tenancy::Context&, const Visit&,
                                               const dialogue::Filling&)>
      draft;
  // Does the deed of the step, and says in its answer what came of it.
  std::function<void(const tenancy::Context&, const Visit&, dialogue::Step&)> perform;
  // A code for the draft; from: what is to know where it comes from.
  std::function<Handed(const tenancy::Context&, const Visit&, const dialogue::Filling&,
                       std::string_view from)>
      hand_over = {};
  // Where appointments are booked: what is free, for one turn; and the deed of the step.
  std::function<dialogue::Booker(const tenancy::Context&, const Visit&)> booker = {};
  std::function<void(const tenancy::Context&, const Visit&, dialogue::Step&)> book = {};
};

// One turn of a conversation whose state the caller keeps, with what it needs of the town, and with
// what it does there. said: its text, choice and words. commune: of the visitor, or empty. booker:
// what Forms::booker gives, or null.
dialogue::Step turn(const Policy& policy, const Forms& forms, const tenancy::Context& cx,
                    const Visit& visit, dialogue::State state, dialogue::Said said,
                    const std::string& commune, const dialogue::Booker* booker);

// As it came, not cleaned.
struct Incoming {
  std::string id;
  std::string text;
  std::string choice = {};  // value of a choice, whose label is the text
};

class Turns {
 public:
  struct Taken {
    feed::Outcome outcome;  // repeated: the message was there already
    conversation::Message message;
    conversation::Message reply;
  };

  // All outlive it.
  Turns(db::Database& database, conversation::Conversations& conversations,
        runtime::Doorbell& doorbell, Policy policy, Forms forms = {});

  // Returned means stored, both. Errc::too_large past conversation::kTextMax and kChoiceBytes,
  // Errc::invalid for a choice that holds personal data. When only the answer fails the message is
  // kept: the same id again makes up for it.
  Taken take(const tenancy::Context& cx, const Visit& visit, const Incoming& said);

  // What follows `seq`, in order, at most feed::kPageMax. A message among them or a few before that
  // has no answer, and that nobody here is answering, gets it first.
  std::vector<conversation::Message> messages_after(const tenancy::Context& cx, const Visit& visit,
                                                    std::int64_t seq);

  // Hands the démarche that is being filled in over to another window. Nothing when none is.
  std::optional<Handed> hand_over(const tenancy::Context& cx, const Visit& visit,
                                  std::string_view from);

  // What the citizen thought of the answers, by seq.
  std::map<std::int64_t, conversation::Verdict> verdicts(const tenancy::Context& cx,
                                                         const Visit& visit);

  // Streams that are open on it end.
  void erase(const tenancy::Context& cx, const Visit& visit);

 private:
  class Answering;
  // `words`: of the message with this id, as they came: they are kept nowhere.
  struct Words {
    std::string id;
    Personal<std::string> text;
  };
  void answer(const tenancy::Context& cx, const Visit& visit, std::int64_t from, std::int64_t to,
              const Words* words = nullptr);
  bool being_answered(const std::string& id);

  db::Database& database_;
  conversation::Conversations& conversations_;
  runtime::Doorbell& doorbell_;
  const Policy policy_;
  const Forms forms_;
  std::mutex mutex_;
  std::map<std::string, int, std::less<>> answering_;  // how many threads, by conversation
};

// The doorbell's topic of a conversation.
std::string bell_of(std::string_view tenant, std::string_view conversation);

// A message without what is for the program alone: the contract's.
json::object shown(const conversation::Message& message);

}  // namespace parvis::api
