// What the counter adds to cases: drafts that an agent types for a person, and letters on paper for
// who has no e-mail address.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casework/case_store.hpp"

namespace parvis::casework {

// How a request came that an agent types.
enum class Way : std::uint8_t { counter, phone, post };
std::string_view name(Way way);   // "counter"
std::string_view words(Way way);  // "au guichet"
std::optional<Way> way_named(std::string_view name);

struct Entry {
  std::string account;  // the agent's
  Way way = Way::counter;
  std::optional<CivilDate> received = {};  // by post: the day from which the law counts
};
void insert_entry(db::Tx& tx, const Case& row, const Entry& entry, Instant now);
std::optional<Entry> entry_of(db::Tx& tx, const Case& row);

struct Typing {  // a draft that waits for its agent
  std::string id, procedure, commune;
  Way way = Way::counter;
  Instant saved_at;
};
inline constexpr std::size_t kTypingMax = 20;
// Those of the agent, the newest first, kTypingMax at most.
std::vector<Typing> typings(db::Tx& tx, const tenancy::Context& cx, const Author& agent);

// A letter that has to be printed, of the event `seq`; one for each.
void insert_paper(db::Tx& tx, const Case& row, std::int64_t seq, Instant now);
void erase_paper(db::Tx& tx, const Case& row, std::int64_t seq);
std::vector<std::int64_t> papers_of(db::Tx& tx, const Case& row);

void erase_counter(db::Tx& tx, const Case& row);  // all of it

}  // namespace parvis::casework
