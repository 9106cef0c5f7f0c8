// Cases and drafts that are kept no longer, and reminders that their citizen does not want.
#include <algorithm>

#include "casework/case_work.hpp"
#include "feed/feed_store.hpp"
#include "vault/vault_store.hpp"

namespace parvis::casework {

using db::Tx;

void Cases::set_reminders(const tenancy::Context& cx, std::string_view id, std::string_view token,
                          bool wanted) {
  database_.write(cx.tenant, [&](Tx& tx) {
    set_quiet(tx, case_for_citizen(tx, cx, id, token), !wanted, cx.now);
  });
}

void Cases::stop_reminders(const tenancy::Context& cx, std::string_view id) {
  database_.write(cx.tenant,
                  [&](Tx& tx) { set_quiet(tx, case_for_system(tx, cx, id), true, cx.now); });
}

namespace {

// Never shorter than what was promised.
std::chrono::days longest(const procedure::Delay& delay) {
  switch (delay.unit) {
    case procedure::DelayUnit::days:
      return std::chrono::days(delay.count);
    case procedure::DelayUnit::working_days:
      return std::chrono::days(2 * delay.count + 7);
    case procedure::DelayUnit::weeks:
      return std::chrono::days(7 * delay.count);
    case procedure::DelayUnit::months:
      return std::chrono::days(31 * delay.count);
  }
  return std::chrono::days(0);
}

}  // namespace

void Cases::erase(Tx& tx, const Case& row, Instant now) const {
  vault::destroy_data_key(tx, row.tenant(), row.object(), now);
  feed::erase_topic(tx, row.topic());
  erase_pieces(tx, row);
  erase_rows(tx, row);
}

Instant draft_ends(const procedure::Definition& definition, Instant saved_at) {
  return saved_at + longest(definition.retention.drafts);
}

void Cases::erase_draft(const tenancy::Context& cx, std::string_view id, std::string_view token) {
  database_.write(cx.tenant, [&](Tx& tx) {
    const Case row = case_for_citizen(tx, cx, id, token);
    if (row.state() != State::draft) throw deposited_already();
    erase(tx, row, cx.now);
  });
}

std::size_t Cases::expire_drafts(const tenancy::Context& cx) {
  const auto versions =
      database_.read(cx.tenant, [&](Tx& tx) { return versions_of_drafts(tx, cx); });
  std::size_t erased = 0;
  for (const DraftVersion& version : versions) {
    const auto definition = catalogue_.of(cx.tenant, version.procedure, version.version);
    if (!definition) continue;
    const Instant before = cx.now - longest(definition->retention.drafts);
    erased += database_.write(cx.tenant, [&](Tx& tx) {
      const auto idle = drafts_idle_since(tx, cx, version, before, kExpireBatch);
      for (const Case& row : idle) erase(tx, row, cx.now);
      return idle.size();
    });
  }
  return erased;
}

std::size_t Cases::expire_closed(const tenancy::Context& cx) {
  const auto versions =
      database_.read(cx.tenant, [&](Tx& tx) { return procedure::versions(tx, cx.tenant); });
  std::size_t erased = 0;
  for (const procedure::Version& version : versions) {
    const auto definition = catalogue_.of(cx.tenant, version.id, version.version);
    if (!definition) continue;
    const Instant before = cx.now - longest(definition->retention.closed);
    erased += database_.write(cx.tenant, [&](Tx& tx) {
      auto over = over_since(tx, cx, {version.id, version.version}, before, kExpireBatch);
      if (definition->clock.silence != procedure::Silence::none)
        std::ranges::move(out_of_time_since(tx, cx, {version.id, version.version}, before,
                                            kExpireBatch - over.size()),
                          std::back_inserter(over));
      for (const Case& row : over) erase(tx, row, cx.now);
      return over.size();
    });
  }
  return erased;
}

}  // namespace parvis::casework
