// A citizen's stored message is {"text","choice"?,"masked"?}: names of what was masked in it. An
// answer is the contract's object and "state": the policy's, after it.
#include "api/turns.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "dialogue/replies.hpp"
#include "text/normalise.hpp"
#include "text/personal.hpp"

namespace parvis::api {
namespace {

using conversation::Author;
using conversation::Message;
using dialogue::State;

constexpr const char* kState = "state";
constexpr const char* kMasked = "masked";

json::object payload_of(const Incoming& said) {
  if (said.text.size() > conversation::kTextMax)
    throw Error(Errc::too_large,
                "Votre message est trop long. Raccourcissez-le, ou envoyez-le en plusieurs fois.");
  const std::string clean = text::clean(said.text);
  const auto personal = text::personal_spans(clean);
  json::object payload{{"text", text::mask(clean, personal)}};
  if (!said.choice.empty()) {
    if (said.choice.size() > kChoiceBytes)
      throw Error(Errc::too_large, "\"choice\" is the value of a choice that was offered");
    if (text::clean(said.choice) != said.choice || !text::personal_spans(said.choice).empty())
      throw Error(Errc::invalid, "\"choice\" is the value of a choice that was offered");
    payload["choice"] = said.choice;
  }
  json::array masked;
  for (const text::PersonalSpan& span : personal)
    if (const json::string name(text::name(span.kind));
        std::ranges::find(masked, name) == masked.end())
      masked.emplace_back(name);
  if (!masked.empty()) payload[kMasked] = std::move(masked);
  return payload;
}

// The policy reads what is stored, where nothing is left to mask: whoever answers, now or after a
// crash, says the same.
void tell_masked(answer::Answer& answer, const json::object& message) {
  const json::array* masked = array_at(message, kMasked);
  if (masked == nullptr) return;
  std::vector<std::string> kinds;
  for (const json::value& name : *masked) kinds.emplace_back(name.as_string());
  answer.notices.insert(answer.notices.begin(), dialogue::told_masked(kinds));
}

std::size_t bytes_of(const json::object& payload) { return json::serialize(payload).size(); }

// What was told is cut until it all can be stored, the oldest first.
json::object with_state(json::object payload, State state) {
  payload[kState] = to_json(state);
  while (bytes_of(payload) > conversation::kPayloadMax && !state.told.empty()) {
    state.told.erase(state.told.begin(),
                     state.told.begin() + static_cast<std::ptrdiff_t>(state.told.size() / 2 + 1));
    payload[kState] = to_json(state);
  }
  return payload;
}

// A reply that could not be stored would stop the conversation for good. What is remembered is cut
// first, then the answer; what is being filled in, booked or deposited stays.
json::object reply_payload(const answer::Answer& answer, State state) {
  if (json::object payload = with_state(to_json(answer), state);
      bytes_of(payload) <= conversation::kPayloadMax)
    return payload;
  answer::Answer less;
  less.text =
      "La réponse est trop longue pour cette conversation. Posez une question plus précise, ou "
      "appelez votre mairie.";
  less.contact = answer.contact;
  less.took_ms = answer.took_ms;
  state.offered.clear();  // they are not shown
  json::object payload = with_state(to_json(less), state);
  if (bytes_of(payload) <= conversation::kPayloadMax) return payload;
  state.chosen.clear();
  return with_state(to_json(less), std::move(state));
}

State state_in(const Message& reply) {
  const json::object* state = object_at(reply.payload, kState);
  return state == nullptr ? State{} : dialogue::state_from_json(*state);
}

}  // namespace

dialogue::Step turn(const Policy& policy, const Forms& forms, const tenancy::Context& cx,
                    const Visit& visit, State state, dialogue::Said said,
                    const std::string& commune, const dialogue::Booker* booker) {
  std::optional<dialogue::Draft> draft;
  said.fills = forms.draft != nullptr;
  if (said.fills && !state.filling.procedure.empty()) draft = forms.draft(cx, visit, state.filling);
  if (draft) said.draft = &*draft;
  said.booker = booker;
  dialogue::Step step = policy(std::move(state), said, commune, cx.now);
  if (said.fills && (step.deed != dialogue::Deed::none || step.tells || step.link || step.keep)) {
    tenancy::Context here = cx;
    here.commune = step.state.commune.empty() ? commune : step.state.commune;
    forms.perform(here, visit, step);
  }
  if (step.booking != dialogue::BookingDeed::none && forms.book) forms.book(cx, visit, step);
  return step;
}

// While it lives, a reader leaves the answer to us.
class Turns::Answering {
 public:
  Answering(Turns& turns, std::string id) : turns_(turns), id_(std::move(id)) {
    const std::scoped_lock lock(turns_.mutex_);
    ++turns_.answering_[id_];
  }
  Answering(const Answering&) = delete;
  ~Answering() {
    const std::scoped_lock lock(turns_.mutex_);
    const auto at = turns_.answering_.find(id_);
    if (--at->second == 0) turns_.answering_.erase(at);
  }

 private:
  Turns& turns_;
  const std::string id_;
};

Turns::Turns(db::Database& database, conversation::Conversations& conversations,
             runtime::Doorbell& doorbell, Policy policy, Forms forms)
    : database_(database),
      conversations_(conversations),
      doorbell_(doorbell),
      policy_(std::move(policy)),
      forms_(std::move(forms)) {}

bool Turns::being_answered(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  return answering_.contains(id);
}

// Answers in order the messages after `from`, up to `to`, that have no answer. The state of each is
// the one stored with the last answer before it, whoever made that.
void Turns::answer(const tenancy::Context& cx, const Visit& visit, std::int64_t from,
                   std::int64_t to, const Words* words) {
  std::vector<Message> messages =
      conversations_.messages_after(cx, visit.id, visit.token, std::max<std::int64_t>(from, 0));
  // The answers to the last of a full page may be on the next one.
  if (messages.size() == feed::kPageMax) to = std::min(to, messages.back().seq - kLookBack);
  std::set<std::string> answered;
  State state;
  for (const Message& message : messages)
    if (message.author == Author::virtual_agent) {
      answered.insert(message.id);
      state = state_in(message);
    }
  std::optional<dialogue::Booker> booker;
  std::string commune;
  bool known = false, rung = false;
  for (const Message& message : messages) {
    if (message.author != Author::citizen || message.seq > to ||
        answered.contains(conversation::reply_id(message.id)))
      continue;
    if (!known) commune = conversations_.check(cx, visit.id, visit.token).commune();
    known = true;
    dialogue::Said said{.text = std::string(message.text()),
                        .choice = std::string(string_at(message.payload, "choice").value_or(""))};
    if (words != nullptr && words->id == message.id) said.words = words->text;
    if (forms_.booker && !booker) booker = forms_.booker(cx, visit);
    dialogue::Step step = turn(policy_, forms_, cx, visit, std::move(state), std::move(said),
                               commune, booker ? &*booker : nullptr);
    // An address that was asked for is in the draft or with the booking, and useful.
    if (step.deed == dialogue::Deed::none && step.answer.status != answer::Status::case_status &&
        step.answer.status != answer::Status::appointment)
      tell_masked(step.answer, message.payload);
    const conversation::Said stored = conversations_.reply(
        cx, visit.id, visit.token, message.id, reply_payload(step.answer, std::move(step.state)));
    state = state_in(stored.message);
    rung = true;
  }
  if (rung) doorbell_.ring(bell_of(cx.tenant, visit.id));
}

Turns::Taken Turns::take(const tenancy::Context& cx, const Visit& visit, const Incoming& incoming) {
  const json::object payload = payload_of(incoming);
  const Answering mine(*this, visit.id);
  conversation::Said said = conversations_.say(cx, visit.id, visit.token, incoming.id, payload);
  const std::int64_t seq = said.message.seq;
  if (said.outcome == feed::Outcome::appended) doorbell_.ring(bell_of(cx.tenant, visit.id));
  const Words words{incoming.id, Personal(text::clean(incoming.text))};
  answer(cx, visit, seq - kLookBack, seq, &words);
  const std::string wanted = conversation::reply_id(incoming.id);
  for (Message& each : conversations_.messages_after(cx, visit.id, visit.token, seq))
    if (each.id == wanted) return {said.outcome, std::move(said.message), std::move(each)};
  throw Error(Errc::failed, "an answer that was stored is not there");
}

std::vector<Message> Turns::messages_after(const tenancy::Context& cx, const Visit& visit,
                                           std::int64_t seq) {
  if (!being_answered(visit.id))
    answer(cx, visit, seq - kLookBack, std::numeric_limits<std::int64_t>::max());
  return conversations_.messages_after(cx, visit.id, visit.token, seq);
}

std::optional<Handed> Turns::hand_over(const tenancy::Context& cx, const Visit& visit,
                                       std::string_view from) {
  if (!forms_.hand_over) return std::nullopt;
  State state;
  // Ends: a conversation has kMessagesMax messages and their answers.
  for (std::int64_t seen = 0;;) {
    const std::vector<Message> page =
        conversations_.messages_after(cx, visit.id, visit.token, seen);
    if (page.empty()) break;
    seen = page.back().seq;
    for (const Message& message : page)
      if (message.author != Author::citizen) state = state_in(message);
  }
  if (state.filling.procedure.empty()) return std::nullopt;
  return forms_.hand_over(cx, visit, state.filling, from);
}

std::map<std::int64_t, conversation::Verdict> Turns::verdicts(const tenancy::Context& cx,
                                                              const Visit& visit) {
  return database_.read(cx.tenant, [&](db::Tx& tx) {
    return conversation::verdicts(tx,
                                  conversation::conversation_for(tx, cx, visit.id, visit.token));
  });
}

void Turns::erase(const tenancy::Context& cx, const Visit& visit) {
  conversations_.erase(cx, visit.id, visit.token);
  doorbell_.ring(bell_of(cx.tenant, visit.id));  // its streams end
}

std::string bell_of(std::string_view tenant, std::string_view conversation) {
  return std::string(tenant).append("/").append(conversation::object_of(conversation));
}

json::object shown(const Message& message) {
  if (message.author == Author::citizen) return {{"text", message.text()}};
  json::object out = message.payload;
  out.erase(kState);
  return out;
}

}  // namespace parvis::api
