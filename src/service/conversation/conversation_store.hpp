// The rows of conversations, and the only gate to one: a visitor reaches a conversation with the
// token that was given when it began, and no other way. What is missing, erased, another tenant's
// or not the bearer's gives one and the same Error.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sensitive.hpp"
#include "base/time.hpp"
#include "db/database.hpp"
#include "feed/feed_store.hpp"
#include "tenancy/context.hpp"

namespace parvis::conversation {

inline constexpr std::size_t kIdBytes = 16;     // random, written in hexadecimal
inline constexpr std::size_t kTokenBytes = 32;  // random, written in hexadecimal

// What a citizen thinks of an answer.
enum class Verdict : std::uint8_t { useful, incomplete, off_topic, not_my_case, unclear, wrong };

// As stored and sent, with what the citizen reads.
struct VerdictName {
  Verdict verdict;
  std::string_view name;
  std::string_view words;
};
inline constexpr std::array<VerdictName, 6> kVerdicts = {{
    {Verdict::useful, "useful", "Oui, cela m’aide"},
    {Verdict::incomplete, "incomplete", "Il manque quelque chose"},
    {Verdict::off_topic, "off_topic", "Ce n’est pas ma question"},
    {Verdict::not_my_case, "not_my_case", "Ce n’est pas ma situation"},
    {Verdict::unclear, "unclear", "Je n’ai pas compris"},
    {Verdict::wrong, "wrong", "C’est faux ou dépassé"},
}};
std::string_view name(Verdict verdict);
std::optional<Verdict> verdict_named(std::string_view name);

// One that the gate let through; made here only. Holds for the transaction that got it.
class Conversation {
 public:
  const std::string& tenant() const { return tenant_; }
  const std::string& id() const { return id_; }
  const std::string& commune() const { return commune_; }  // INSEE code, or empty
  Instant created_at() const { return created_at_; }
  Instant last_at() const { return last_at_; }  // of the newest message
  feed::Topic topic() const;
  std::string object() const;  // its name for the vault

 private:
  friend Conversation insert(db::Tx&, const tenancy::Context&, const std::string&,
                             const Secret<std::string>&);
  friend Conversation conversation_for(db::Tx&, const tenancy::Context&, std::string_view,
                                       std::string_view);
  friend std::vector<Conversation> idle_since(db::Tx&, const tenancy::Context&, Instant,
                                              std::size_t);
  Conversation(std::string tenant, std::string id, std::string commune, Instant created_at,
               Instant last_at);
  std::string tenant_, id_, commune_;
  Instant created_at_, last_at_;
};

std::string new_id();
Secret<std::string> new_token();
std::string object_of(std::string_view id);  // Conversation::object before there is one

// The error of the gate: Errc::not_found, and what to do next.
Error gone();

// A conversation of cx.tenant and cx.commune, begun at cx.now.
Conversation insert(db::Tx& tx, const tenancy::Context& cx, const std::string& id,
                    const Secret<std::string>& token);

// The gate. Throws gone() for any reason.
Conversation conversation_for(db::Tx& tx, const tenancy::Context& cx, std::string_view id,
                              std::string_view token);

// For retention: those of cx.tenant without a message since `before`, oldest first, at most
// `limit`. The system's own (CHECK): a person comes by the gate.
std::vector<Conversation> idle_since(db::Tx& tx, const tenancy::Context& cx, Instant before,
                                     std::size_t limit);

void set_last_at(db::Tx& tx, const Conversation& conversation, Instant now);

// Replaces an earlier verdict on the same message.
void set_verdict(db::Tx& tx, const Conversation& conversation, std::int64_t seq, Verdict verdict,
                 Instant now);
std::map<std::int64_t, Verdict> verdicts(db::Tx& tx, const Conversation& conversation);  // by seq

// The rows of this room.
void erase_rows(db::Tx& tx, const Conversation& conversation);

}  // namespace parvis::conversation
