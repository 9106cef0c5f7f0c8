#include "casework/indexing_store.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace parvis::casework {

using db::Row;
using db::Tx;

namespace {

std::int64_t stored(Instant at) { return at.time_since_epoch().count(); }

}  // namespace

std::optional<IndexProgress> index_progress(Tx& tx, std::string_view tenant) {
  std::optional<IndexProgress> found;
  tx.each(
      "select mark, after_id, looked, changed, finished_at from casework_indexing "
      "where tenant = $1",
      {tenant}, [&](const Row& row) {
        found = IndexProgress{.mark = std::string(row.text(0)),
                              .after = std::string(row.text(1)),
                              .looked = row.integer(2),
                              .changed = row.integer(3)};
        if (!row.is_null(4))
          found->finished_at = Instant(std::chrono::milliseconds(row.integer(4)));
      });
  return found;
}

void set_index_progress(Tx& tx, const tenancy::Context& cx, const IndexProgress& progress) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  const db::Value finished =
      progress.finished_at ? db::Value(stored(*progress.finished_at)) : db::Value();
  tx.run(
      "insert into casework_indexing (tenant, mark, after_id, looked, changed, finished_at) "
      "values ($1, $2, $3, $4, $5, $6) on conflict (tenant) do update set mark = excluded.mark, "
      "after_id = excluded.after_id, looked = excluded.looked, changed = excluded.changed, "
      "finished_at = excluded.finished_at",
      {cx.tenant, progress.mark, progress.after, progress.looked, progress.changed, finished});
}

std::vector<std::string> deposited_after(Tx& tx, const tenancy::Context& cx, std::string_view after,
                                         std::size_t limit) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  std::vector<std::string> out;
  tx.each(
      "select id from casework_case where tenant = $1 and id > $2 and state <> $3 "
      "order by id limit $4",
      {cx.tenant, after, name(State::draft), static_cast<std::int64_t>(limit)},
      [&](const Row& row) { out.emplace_back(row.text(0)); });
  return out;
}

std::int64_t deposited_count(Tx& tx, std::string_view tenant) {
  std::int64_t count = 0;
  tx.each("select count(*) from casework_case where tenant = $1 and state <> $2",
          {tenant, name(State::draft)}, [&](const Row& row) { count = row.integer(0); });
  return count;
}

bool replace_words(Tx& tx, const Case& row, const std::vector<std::string>& digests, Instant now) {
  std::vector<std::string> known, wanted = digests;
  tx.each("select word from casework_find where tenant = $1 and id = $2", {row.tenant(), row.id()},
          [&](const Row& each) { known.emplace_back(each.blob(0)); });
  std::ranges::sort(known);
  std::ranges::sort(wanted);
  if (known == wanted) return false;
  tx.run("delete from casework_find where tenant = $1 and id = $2", {row.tenant(), row.id()});
  set_words(tx, row, digests, now);
  return true;
}

}  // namespace parvis::casework
