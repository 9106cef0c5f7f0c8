// The rows of the ways into a deposited case (access.hpp): links sent by e-mail, sessions, wrong
// codes. Secrets come as their SHA-256.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "casework/case_store.hpp"
#include "db/database.hpp"
#include "tenancy/context.hpp"

namespace parvis::casework {

// A deposited case, as far as a way into it has to know it.
struct Deposited {
  std::string id, reference, commune;
};
std::optional<Deposited> deposited_with(db::Tx& tx, const tenancy::Context& cx,
                                        std::string_view reference);

struct LinkRow {
  Deposited of;
  std::string browser, code;
};
void insert_link(db::Tx& tx, const Case& row, std::string_view hash, std::string_view browser,
                 std::string_view code, bool named, Instant now);
void erase_link(db::Tx& tx, const tenancy::Context& cx, std::string_view hash);
// Of the case, since then.
std::int64_t links_since(db::Tx& tx, const Case& row, bool named, Instant since);
// One that works still: made after `since`, not used, with fewer than `tries` wrong codes.
std::optional<LinkRow> link_with(db::Tx& tx, const tenancy::Context& cx, std::string_view hash,
                                 Instant since, std::int64_t tries);
// True once.
bool use_link(db::Tx& tx, const tenancy::Context& cx, std::string_view hash);
void count_wrong(db::Tx& tx, const tenancy::Context& cx, std::string_view hash);

struct SessionRow {
  Instant began_at, seen_at;
};
void insert_session(db::Tx& tx, const tenancy::Context& cx, std::string_view hash,
                    std::string_view case_id);
std::optional<SessionRow> session_with(db::Tx& tx, const std::string& tenant, std::string_view hash,
                                       std::string_view case_id);
void see_session(db::Tx& tx, const tenancy::Context& cx, std::string_view hash);
void erase_session(db::Tx& tx, const tenancy::Context& cx, std::string_view hash,
                   std::string_view case_id);
// All but the newest `kept` of a case.
void crowd_out(db::Tx& tx, const tenancy::Context& cx, std::string_view case_id, std::size_t kept);

// Wrong codes for a reference, of which the first came after `since`.
std::int64_t wrong_codes(db::Tx& tx, const tenancy::Context& cx, std::string_view reference,
                         Instant since);
void add_wrong_code(db::Tx& tx, const tenancy::Context& cx, std::string_view reference,
                    Instant since);

// What is too old to open or to count for anything, of the tenant.
void erase_old_access(db::Tx& tx, const tenancy::Context& cx);
void erase_access(db::Tx& tx, const Case& row);  // of the case, all of it

}  // namespace parvis::casework
