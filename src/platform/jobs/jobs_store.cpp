// A row is waiting or leased; ready_at is when it may be taken next, in both cases. So one index
// finds what is due and what was lost, and taking is one conditional update of one row by its key.
// What is ready is read outside the writing transaction: a write that looked over the queue would
// conflict, on PostgreSQL, with each transaction that enqueues.
#include "jobs/jobs_store.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "text/normalise.hpp"

namespace parvis::jobs {
namespace {

using db::Row;
using db::Tx;

std::int64_t ms(Instant at) { return at.time_since_epoch().count(); }
Instant instant(std::int64_t count) { return Instant(std::chrono::milliseconds(count)); }

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

json::object payload_from(std::string_view text) {
  auto value = parse_json(text);
  if (!value || !value->is_object()) return {};  // written by enqueue: cannot be
  return std::move(value->as_object());
}

std::string_view short_why(std::string_view why) { return text::utf8_prefix(why, kWhyMax); }

void check(const NewJob& job) {
  if (job.kind.empty() || job.kind.size() > kKindMax || !std::ranges::all_of(job.kind, plain))
    throw Error(Errc::invalid, "a job's kind is 1 to 40 letters, digits, hyphens and dots");
  if (job.key.empty() || job.key.size() > kKeyMax ||
      !std::ranges::all_of(job.key, [](char c) { return plain(c) || c == '/'; }))
    throw Error(Errc::invalid,
                "a job's key is 1 to 200 letters, digits, hyphens, dots and slashes");
}

Job job_from(const Row& row) {  // tenant, kind, key, id, priority, payload, fence, attempts
  return {.tenant = std::string(row.text(0)),
          .kind = std::string(row.text(1)),
          .key = std::string(row.text(2)),
          .payload = payload_from(row.text(5)),
          .priority = static_cast<Priority>(row.integer(4)),
          .id = std::string(row.text(3)),
          .fence = row.integer(6),
          .attempt = static_cast<int>(row.integer(7))};
}

// The first of each priority: five short walks of the index, past what waits for its time.
std::vector<Job> ready_of(Tx& tx, std::string_view tenant, Instant now, std::size_t limit) {
  std::vector<Job> jobs;
  tx.each(
      "select tenant, kind, key, id, priority, payload, fence, attempts from ("
      "select * from (select * from jobs_job where tenant = $1 and priority = 0 and "
      "  ready_at <= $2 order by ready_at limit $3) as p0 union all "
      "select * from (select * from jobs_job where tenant = $1 and priority = 1 and "
      "  ready_at <= $2 order by ready_at limit $3) as p1 union all "
      "select * from (select * from jobs_job where tenant = $1 and priority = 2 and "
      "  ready_at <= $2 order by ready_at limit $3) as p2 union all "
      "select * from (select * from jobs_job where tenant = $1 and priority = 3 and "
      "  ready_at <= $2 order by ready_at limit $3) as p3 union all "
      "select * from (select * from jobs_job where tenant = $1 and priority = 4 and "
      "  ready_at <= $2 order by ready_at limit $3) as p4) as each_priority "
      "order by priority, ready_at, kind, key limit $3",
      {tenant, ms(now), static_cast<std::int64_t>(limit)},
      [&](Row row) { jobs.push_back(job_from(row)); });
  return jobs;
}

// Every tenant that has a job, by jumping from one to the next in the index.
std::vector<std::string> tenants(Tx& tx) {
  std::vector<std::string> out;
  tx.each(
      "with recursive each_tenant(tenant) as (select min(tenant) from jobs_job union all "
      "  select (select min(job.tenant) from jobs_job as job where job.tenant > "
      "each_tenant.tenant) "
      "  from each_tenant where each_tenant.tenant is not null) "
      "select tenant from each_tenant where tenant is not null order by tenant",
      {}, [&](Row row) { out.emplace_back(row.text(0)); });
  return out;
}

// The end of a life of a key: gone, or, when it was asked for while it ran, a new life.
void end(Tx& tx, const Job& job, Instant now) {
  const std::string id = crypto::random_hex(16);
  if (tx.run("update jobs_job set id = $5, leased = 0, fence = 0, attempts = 0, why = '', "
             "  created_at = $6, again_at = null, "
             "  counted_from = case when again_at > $6 then null else $6 end, "
             "  ready_at = case when again_at > $6 then again_at else $6 end "
             "where tenant = $1 and kind = $2 and key = $3 and id = $4 and again_at is not null",
             {job.tenant, job.kind, job.key, job.id, id, ms(now)}) == 0)
    tx.run("delete from jobs_job where tenant = $1 and kind = $2 and key = $3 and id = $4",
           {job.tenant, job.kind, job.key, job.id});
}

bool forget(Tx& tx, std::string_view tenant, std::string_view kind, std::string_view key) {
  return tx.run("delete from jobs_dead where tenant = $1 and kind = $2 and key = $3",
                {tenant, kind, key}) > 0;
}

}  // namespace

Enqueued enqueue(Tx& tx, const NewJob& job, Instant now, Existing existing) {
  check(job);
  const std::string payload = json::serialize(job.payload);
  if (payload.size() > kPayloadMax)
    throw Error(Errc::too_large, "a job's payload has 4 KB at most");
  const std::string id = crypto::random_hex(16);
  const std::int64_t ready_at = ms(job.due.value_or(now));
  const db::Value counted_from = ready_at > ms(now) ? db::Value{} : db::Value{ms(now)};
  const auto priority = static_cast<std::int64_t>(job.priority);

  Enqueued outcome = Enqueued::kept;
  // Under lease, what is asked for is the next run: its due time is again_at.
  const std::int64_t move = existing == Existing::move;
  const std::int64_t sooner = existing == Existing::sooner;
  tx.each(
      "insert into jobs_job (tenant, kind, key, id, priority, payload, ready_at, counted_from, "
      "  leased, fence, attempts, again_at, why, created_at) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, null, '', $9) "
      "on conflict (tenant, kind, key) do update set "
      "  priority = case when $10 = 1 then excluded.priority else jobs_job.priority end, "
      "  payload = case when $10 = 1 then excluded.payload else jobs_job.payload end, "
      "  again_at = case when jobs_job.leased = 0 then null "
      "    when $10 = 0 and jobs_job.again_at <= excluded.ready_at then jobs_job.again_at "
      "    else excluded.ready_at end, "
      "  ready_at = case when jobs_job.leased = 0 then excluded.ready_at "
      "    else jobs_job.ready_at end, "
      "  counted_from = case when jobs_job.leased = 0 then excluded.counted_from "
      "    else jobs_job.counted_from end "
      "where jobs_job.leased = 1 or $10 = 1 or "
      "  ($11 = 1 and jobs_job.ready_at > excluded.ready_at) returning id",
      {job.tenant, job.kind, job.key, id, priority, payload, ready_at, counted_from, ms(now), move,
       sooner},
      [&](Row row) { outcome = row.text(0) == id ? Enqueued::added : Enqueued::changed; });
  return outcome;
}

bool cancel(Tx& tx, std::string_view tenant, std::string_view kind, std::string_view key) {
  const bool lived = tx.run("delete from jobs_job where tenant = $1 and kind = $2 and key = $3",
                            {tenant, kind, key}) > 0;
  return forget(tx, tenant, kind, key) || lived;
}

bool lives(Tx& tx, std::string_view tenant, std::string_view kind, std::string_view key) {
  bool found = false;
  tx.each("select 1 from jobs_job where tenant = $1 and kind = $2 and key = $3",
          {tenant, kind, key}, [&](const db::Row&) { found = true; });
  return found;
}

std::vector<Job> ready(Tx& tx, Instant now, std::size_t limit, std::string_view after) {
  limit = std::min(limit, kTakeMax);
  std::vector<std::string> turn = tenants(tx);
  std::ranges::rotate(turn, std::ranges::upper_bound(turn, after));
  std::vector<std::vector<Job>> queues;
  for (const std::string& tenant : turn) {
    if (queues.size() == limit) break;  // the first of each fill it
    if (auto jobs = ready_of(tx, tenant, now, limit); !jobs.empty())
      queues.push_back(std::move(jobs));
  }
  std::vector<Job> out;
  for (std::size_t place = 0; place < limit; ++place)
    for (std::vector<Job>& queue : queues)
      if (place < queue.size() && out.size() < limit) out.push_back(std::move(queue[place]));
  return out;
}

std::optional<Job> take(Tx& tx, const Job& job, Instant now, Instant until) {
  std::optional<Job> taken;
  tx.each(
      "update jobs_job set leased = 1, fence = fence + 1, attempts = attempts + 1, "
      "  ready_at = $6, counted_from = $5, "
      "  again_at = case when again_at <= $5 then null else again_at end "
      "where tenant = $1 and kind = $2 and key = $3 and id = $4 and ready_at <= $5 "
      "returning tenant, kind, key, id, priority, payload, fence, attempts",
      {job.tenant, job.kind, job.key, job.id, ms(now), ms(until)},
      [&](Row row) { taken = job_from(row); });
  return taken;
}

bool holds(Tx& tx, const Job& job) {
  bool held = false;
  tx.each(
      "select 1 from jobs_job where tenant = $1 and kind = $2 and key = $3 and id = $4 and "
      "fence = $5 and leased = 1",
      {job.tenant, job.kind, job.key, job.id, job.fence}, [&](Row) { held = true; });
  return held;
}

bool done(Tx& tx, const Job& job, Instant now) {
  if (!holds(tx, job)) return false;
  forget(tx, job.tenant, job.kind, job.key);
  end(tx, job, now);
  return true;
}

bool later(Tx& tx, const Job& job, Instant now, Instant at, At kind, std::string_view why) {
  const db::Value counted_from = kind == At::wait ? db::Value{ms(now)} : db::Value{};
  const std::int64_t attempts = why.empty() ? 0 : job.attempt;
  // Asked for while it ran: looked at again before a date that was found without it. A wait after a
  // failure is waited for all the same.
  const std::int64_t sooner = kind == At::date && why.empty();
  return tx.run(
             "update jobs_job set leased = 0, counted_from = $7, attempts = $8, why = $9, "
             "  ready_at = case when $10 = 1 and again_at < $6 then again_at else $6 end, "
             "  again_at = case when again_at <= $6 then null else again_at end "
             "where tenant = $1 and kind = $2 and key = $3 and id = $4 and fence = $5 and "
             "leased = 1",
             {job.tenant, job.kind, job.key, job.id, job.fence, ms(at), counted_from, attempts,
              short_why(why), sooner}) > 0;
}

bool bury(Tx& tx, const Job& job, Instant now, std::string_view why) {
  if (!holds(tx, job)) return false;
  tx.run(
      "insert into jobs_dead (tenant, kind, key, priority, payload, attempts, why, died_at) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8) "
      "on conflict (tenant, kind, key) do update set priority = excluded.priority, "
      "  payload = excluded.payload, attempts = excluded.attempts, why = excluded.why, "
      "  died_at = excluded.died_at",
      {job.tenant, job.kind, job.key, static_cast<std::int64_t>(job.priority),
       json::serialize(job.payload), std::int64_t{job.attempt}, short_why(why), ms(now)});
  end(tx, job, now);
  return true;
}

std::vector<Dead> dead(Tx& tx, std::string_view tenant, std::size_t limit) {
  std::vector<Dead> out;
  tx.each(
      "select tenant, kind, key, payload, priority, attempts, why, died_at from jobs_dead "
      "where tenant = $1 order by died_at desc, kind, key limit $2",
      {tenant, static_cast<std::int64_t>(std::min(limit, kPageMax))}, [&](Row row) {
        out.push_back({.tenant = std::string(row.text(0)),
                       .kind = std::string(row.text(1)),
                       .key = std::string(row.text(2)),
                       .payload = payload_from(row.text(3)),
                       .priority = static_cast<Priority>(row.integer(4)),
                       .attempts = static_cast<int>(row.integer(5)),
                       .why = std::string(row.text(6)),
                       .died_at = instant(row.integer(7))});
      });
  return out;
}

bool revive(Tx& tx, std::string_view tenant, std::string_view kind, std::string_view key,
            Instant now) {
  const std::string id = crypto::random_hex(16);
  tx.run(
      "insert into jobs_job (tenant, kind, key, id, priority, payload, ready_at, counted_from, "
      "  leased, fence, attempts, again_at, why, created_at) "
      "select tenant, kind, key, $4, priority, payload, $5, $5, 0, 0, 0, null, '', $5 "
      "from jobs_dead where tenant = $1 and kind = $2 and key = $3 "
      "on conflict (tenant, kind, key) do nothing",
      {tenant, kind, key, id, ms(now)});
  return forget(tx, tenant, kind, key);
}

std::int64_t forget_dead(Tx& tx, std::string_view tenant, Instant before) {
  return tx.run("delete from jobs_dead where tenant = $1 and died_at < $2", {tenant, ms(before)});
}

Counts counts(Tx& tx, Instant now, std::string_view tenant, std::string_view kind) {
  Counts out;
  tx.each(
      "select coalesce(sum(case when ready_at > $1 and leased = 0 then 1 else 0 end), 0), "
      "  coalesce(sum(case when ready_at <= $1 then 1 else 0 end), 0), "
      "  coalesce(sum(case when ready_at > $1 and leased = 1 then 1 else 0 end), 0), "
      "  min(case when ready_at <= $1 then ready_at end) "
      "from jobs_job where ($2 = '' or tenant = $2) and ($3 = '' or kind = $3)",
      {ms(now), tenant, kind}, [&](Row row) {
        out.waiting = row.integer(0);
        out.due = row.integer(1);
        out.leased = row.integer(2);
        if (!row.is_null(3)) out.oldest_due = instant(row.integer(3));
      });
  tx.each(
      "select count(*) from jobs_dead where ($1 = '' or tenant = $1) and ($2 = '' or kind = $2)",
      {tenant, kind}, [&](Row row) { out.dead = row.integer(0); });
  return out;
}

Glance glance(Tx& tx, Instant now, std::string_view tenant, std::string_view kind) {
  Glance out;
  const auto first = [&](Row row) {
    if (row.is_null(0)) return;
    out.any = true;
    if (const Instant at = instant(row.integer(0)); at <= now) out.oldest_due = at;
  };
  const auto died = [&](Row) { out.dead = true; };
  if (kind.empty()) {
    tx.each(
        "select min(first) from ("
        "select min(ready_at) as first from jobs_job where tenant = $1 and priority = 0 union all "
        "select min(ready_at) from jobs_job where tenant = $1 and priority = 1 union all "
        "select min(ready_at) from jobs_job where tenant = $1 and priority = 2 union all "
        "select min(ready_at) from jobs_job where tenant = $1 and priority = 3 union all "
        "select min(ready_at) from jobs_job where tenant = $1 and priority = 4) as each_priority",
        {tenant}, first);
    tx.each("select 1 from jobs_dead where tenant = $1 limit 1", {tenant}, died);
  } else {
    tx.each("select min(ready_at) from jobs_job where tenant = $1 and kind = $2", {tenant, kind},
            first);
    tx.each("select 1 from jobs_dead where tenant = $1 and kind = $2 limit 1", {tenant, kind},
            died);
  }
  return out;
}

std::optional<Instant> next_ready(Tx& tx) {
  std::optional<Instant> next;
  tx.each("select min(ready_at) from jobs_job", {}, [&](Row row) {
    if (!row.is_null(0)) next = instant(row.integer(0));
  });
  return next;
}

std::int64_t clock_went_back(Tx& tx, Instant now) {
  return tx.run(
      "update jobs_job set ready_at = $1 + (ready_at - counted_from), counted_from = $1 "
      "where counted_from > $2",
      {ms(now), ms(now + kClocksApart)});
}

}  // namespace parvis::jobs
