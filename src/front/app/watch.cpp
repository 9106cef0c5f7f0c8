#include "app/watch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "calendar/words.hpp"
#include "calendar/working_days.hpp"
#include "identity/identity_store.hpp"
#include "jobs/jobs_store.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::app {

using casework::Act;
using casework::Opened;

namespace {

// Files that came by mail: they answer a request once an agent has seen that they do.
bool files_since(const Opened& opened, std::int64_t seq) {
  return std::ranges::any_of(opened.events, [&](const casework::Happened& each) {
    return each.seq > seq && each.act == Act::write && each.more.contains("pieces");
  });
}

}  // namespace

void enqueue_watch(db::Tx& tx, const casework::Case& row, Instant now) {
  jobs::enqueue(tx,
                {.tenant = row.tenant(),
                 .kind = std::string(kWatchJob),
                 .key = row.id(),
                 .payload = {{"case", row.id()}},
                 .due = std::nullopt,
                 .priority = jobs::Priority::p3},
                now, jobs::Existing::sooner);
}

void enqueue_digests(db::Tx& tx, const std::string& tenant, Instant now) {
  jobs::enqueue(tx,
                {.tenant = tenant,
                 .kind = std::string(kDigestsJob),
                 .key = "daily",
                 .payload = {},
                 .due = std::nullopt,
                 .priority = jobs::Priority::p3},
                now, jobs::Existing::sooner);
}

jobs::Outcome Watch::look(const jobs::Job& job, Instant now) const {
  const tenancy::Context cx = system_context(job.tenant, "watch", zone_, now);
  const std::string id(string_at(job.payload, "case").value_or(""));
  std::optional<Opened> opened;
  try {
    opened = cases_.open_for_system(cx, id);
  } catch (const Error& e) {
    if (e.code() == Errc::not_found) return jobs::Done{};  // erased since
    throw;
  }
  if (const auto silence = casework::silence_of(*opened, zone_, now)) {
    const casework::Happened* known = casework::newest_silence(*opened);
    const auto before = known != nullptr ? casework::silence_in(*known) : std::nullopt;
    if (!before || before->last_day != silence->last_day)
      opened = cases_.record(cx, id, Act::silence, event_id(*silence), "", to_json(*silence));
  }
  if (const auto missed = casework::missed_term(*opened, zone_, now))
    opened = cases_.record(
        cx, id, Act::note, fmt::format("missed-term-{}", missed->seq),
        fmt::format("Le citoyen avait jusqu’au {} pour donner ses documents. {}",
                    calendar::full_date_words(missed->term),
                    files_since(*opened, missed->seq)
                        ? "Des fichiers sont venus par e-mail depuis\u00a0: voyez s’ils suffisent."
                        : "Il n’a rien donné ici."));
  if (opened->reminders && casework::email_of(*opened))
    for (const casework::Reminder& each : casework::reminders_of(*opened, zone_, now)) {
      if (each.at > now || now >= each.until) continue;
      database_.write(job.tenant, [&](db::Tx& tx) {
        const casework::Case row = casework::case_for_system(tx, cx, id);
        if (casework::take_reminder(tx, row, each.key, now))
          enqueue_reminder(tx, row, each.key, now);
      });
    }
  const auto next = casework::next_look(*opened, zone_, now);
  return next ? jobs::Outcome(jobs::Later{*next}) : jobs::Done{};
}

jobs::Outcome Watch::plan_digests(const jobs::Job& job, Instant now) const {
  const CivilDate today = civil_date(zone_.local(now));
  const auto morning = [&](CivilDate day) {
    return zone_.instant(std::chrono::local_days(day) + kDigestsAt);
  };
  if (now < morning(today)) return jobs::Later{morning(today)};
  const calendar::Region region = database_.read(job.tenant, [&](db::Tx& tx) {
    const auto communes = tenancy::communes(tx, job.tenant);
    return communes.empty() ? calendar::Region::metropolitan
                            : calendar::region_of(communes.front().insee);
  });
  if (calendar::is_working_day(today, region))
    database_.write(job.tenant, [&](db::Tx& tx) {
      for (const identity::Account& account : identity::accounts(tx, job.tenant))
        if (account.digest && !account.disabled_at &&
            (account.has(identity::Role::agent) || account.has(identity::Role::manager)))
          enqueue_digest(tx, job.tenant, account.id, now);
    });
  return jobs::Later{morning(calendar::add_days(today, std::chrono::days(1)))};
}

}  // namespace parvis::app
