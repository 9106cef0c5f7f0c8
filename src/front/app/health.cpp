#include "app/health.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "app/booking_letters.hpp"
#include "app/inbox.hpp"
#include "app/letterbox.hpp"
#include "app/migrations.hpp"
#include "app/piece_checks.hpp"
#include "base/error.hpp"
#include "casework/indexing_store.hpp"
#include "jobs/jobs_store.hpp"
#include "knowledge/knowledge_store.hpp"
#include "mail/mail_store.hpp"
#include "pdf/pdf.hpp"
#include "retrieval/entries.hpp"
#include "search/index.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::app {
namespace {

using State = Check::State;

// The name of a migration begins with its day: "20261123T0900_…". This program is no older.
Instant newest_migration() {
  Instant newest{};
  for (const db::Migration& migration : migrations()) {
    const std::string day(migration.name.substr(0, 8));
    const auto at = parse_rfc3339(
        fmt::format("{}-{}-{}T00:00:00Z", day.substr(0, 4), day.substr(4, 2), day.substr(6, 2)));
    if (at) newest = std::max(newest, *at);
  }
  return newest;
}

std::vector<std::string> scopes(db::Tx& tx) {
  std::vector<std::string> all{std::string(knowledge::kNational)};
  for (const tenancy::Tenant& tenant : tenancy::tenants(tx)) all.push_back(tenant.id);
  return all;
}

Check check_index(const Config& config, const std::string& scope, const std::string& state) {
  const bool national = scope.empty();
  Check check{.part = national ? "index of the official sheets" : "index of " + scope,
              .what = {},
              .remedy = {}};
  const auto current = search::current_generation(config.index_of(scope));
  if (!current) {
    const bool nothing = state == knowledge::kNoImport;
    if (!national && nothing) {
      check.what = "the town has no sheets of its own";
      return check;
    }
    check.state = national ? State::broken : State::degraded;
    check.what = "missing";
    check.remedy = national ? "run parvis import fiches SRC" : "run its import again";
    return check;
  }
  const auto generation = search::Generation::open(*current);
  if (!generation) {
    check.state = State::broken;
    check.what = generation.error().what;
    check.remedy = "delete this folder, then run the import again";
    return check;
  }
  check.what = fmt::format("{} documents", (*generation)->forward().documents());
  if (search::made_from(*current) != state) {
    check.state = State::degraded;
    check.what += ", older than what is stored";
    check.remedy = "run the import again";
  }
  return check;
}

}  // namespace

std::string_view name(State state) {
  switch (state) {
    case State::ok:
      return "ok";
    case State::degraded:
      return "degraded";
    case State::broken:
      return "broken";
  }
  return "broken";
}

std::vector<Check> check_database(db::Database& database, bool whole) {
  const bool sqlite = database.engine() == db::Engine::sqlite;
  Check here{.part = "database", .what = sqlite ? "SQLite" : "PostgreSQL", .remedy = {}};
  Check schema{.part = "schema", .what = "every migration is applied", .remedy = {}};
  try {
    if (whole && sqlite)
      database.read([&](db::Tx& tx) {
        tx.each("pragma quick_check(1)", {}, [&](db::Row row) {
          if (row.text(0) == "ok") return;
          here.state = State::broken;
          here.what = std::string(row.text(0));
          here.remedy = "stop parvis, put the last copy of the database back, import again";
        });
      });
    const auto left = db::pending(database, migrations());
    if (!left.empty()) {
      schema.state = State::degraded;
      schema.what = fmt::format("{} migrations are not applied", left.size());
      schema.remedy = "run parvis migrate";
    }
  } catch (const Error& error) {
    Check& at = error.code() == Errc::conflict ? schema : here;
    at.state = State::broken;
    at.what = error.detail();
    at.remedy = "see the message";
    if (&at == &here) return {here};
  }
  return {here, schema};
}

std::vector<Check> check_indexes(const Config& config, db::Database& database) {
  std::vector<Check> out;
  std::vector<std::pair<std::string, std::string>> states;
  database.read([&](db::Tx& tx) {
    states.clear();
    for (std::string& scope : scopes(tx)) {
      std::string state = retrieval::index_state(tx, scope);
      states.emplace_back(std::move(scope), std::move(state));
    }
  });
  for (const auto& [scope, state] : states) out.push_back(check_index(config, scope, state));
  return out;
}

Check check_disk(const Config& config) {
  Check check{.part = "disk", .what = {}, .remedy = {}};
  const std::string folder = std::filesystem::absolute(config.home).string();
  struct statvfs disk{};
  if (::statvfs(folder.c_str(), &disk) != 0 || ::access(folder.c_str(), W_OK | X_OK) != 0) {
    check.state = State::broken;
    check.what = folder + ": " + std::strerror(errno);
    check.remedy = "give the user of parvis the right to write there, on a disk that allows it";
    return check;
  }
  const std::uint64_t free = disk.f_bavail * disk.f_frsize;
  check.what = fmt::format("{} MB free in {}", free >> 20, folder);
  if (free < kSpaceWanted) {
    check.state = free < kSpaceNeeded ? State::broken : State::degraded;
    check.remedy = fmt::format("free some: an import wants {} MB", kSpaceWanted >> 20);
  }
  return check;
}

Check check_clock(db::Database& database, Instant now) {
  Check check{.part = "clock", .what = format_rfc3339(now), .remedy = {}};
  Instant last = newest_migration();
  database.read([&](db::Tx& tx) {
    for (const std::string& scope : scopes(tx))
      for (const knowledge::ImportRecord& import : knowledge::imports(tx, scope))
        last = std::max(last, import.finished);
  });
  if (now < last) {
    check.state = State::degraded;
    check.what += ", before " + format_rfc3339(last) + ", which is past";
    check.remedy = "set the clock (NTP): opening hours and dates follow it";
  } else if (!Zone::named("Europe/Paris")) {
    check.state = State::broken;
    check.what = "the zone Europe/Paris is missing";
    check.remedy = "install the package tzdata";
  }
  return check;
}

Check check_model(const Config& config) {
  Check check{.part = "model", .what = config.embedder_file().string(), .remedy = {}};
  if (std::filesystem::is_regular_file(config.embedder_file())) return check;
  check.state = State::degraded;
  check.what += " is missing: the search finds by words only";
  check.remedy = "run bin/setup, or name the model in models.embedder";
  return check;
}

Check check_assets(const Config& config) {
  Check check{.part = "pages", .what = config.assets.string(), .remedy = {}};
  if (std::filesystem::is_regular_file(config.assets / "portal.css")) return check;
  check.state = State::broken;
  check.what += " has no portal.css";
  check.remedy = "name the folder web/assets with --assets or server.assets";
  return check;
}

namespace {

std::string since_words(const std::optional<Instant>& at) {
  return at ? format_rfc3339(*at) : std::string("never");
}

}  // namespace

std::vector<Check> check_mail(const Config& config, db::Database& database,
                              const std::string& tenant, Instant now, Look look) {
  mail::Traffic out, in;
  std::int64_t waiting = 0, dead = 0;
  std::optional<Instant> oldest;
  database.read(tenant, [&](db::Tx& tx) {
    waiting = dead = 0;
    oldest.reset();
    out = mail::traffic(tx, tenant, mail::Way::out);
    in = mail::traffic(tx, tenant, mail::Way::in);
    for (const std::string_view kind :
         {kLetterJob, kLinkJob, kReminderJob, kDigestJob, kBookingJob, kSoonJob, kPlaceJob}) {
      std::optional<Instant> due;
      if (look == Look::glance) {
        const jobs::Glance seen = jobs::glance(tx, now, tenant, kind);
        waiting += seen.any ? 1 : 0;
        dead += seen.dead ? 1 : 0;
        due = seen.oldest_due;
      } else {
        const jobs::Counts counts = jobs::counts(tx, now, tenant, kind);
        waiting += counts.waiting + counts.due + counts.leased;
        dead += counts.dead;
        due = counts.oldest_due;
      }
      if (due && (!oldest || *due < *oldest)) oldest = due;
    }
  });
  const std::string letters =
      look == Look::count ? fmt::format("{} letters wait, {} were given up", waiting, dead)
                          : fmt::format("{}{}", waiting > 0 ? "letters wait" : "no letter waits",
                                        dead > 0 ? ", some were given up" : "");
  std::vector<Check> all;
  Check sent{.part = "mail out",
             .what = fmt::format("last sent {}, {}", since_words(out.went_at), letters),
             .remedy = {}};
  if (config.mail_url.empty()) {
    sent.what = "no mail server is named, " + letters;
    sent.state = waiting > 0 ? Check::State::degraded : Check::State::ok;
    if (waiting > 0) sent.remedy = "name it in mail.url";
  } else if (out.failing()) {
    sent.state = Check::State::degraded;
    sent.what += fmt::format("; since {}: {}", since_words(out.failed_at), out.why);
    sent.remedy = "mend the mail server or [mail]: letters wait, and go by themselves";
  } else if (oldest && now - *oldest > kLetterLate) {
    sent.state = Check::State::degraded;
    sent.what += fmt::format("; one should have gone at {}", format_rfc3339(*oldest));
    sent.remedy = "look whether parvis serve runs, and at its log";
  } else if (dead > 0) {
    sent.state = Check::State::degraded;
    sent.remedy = "the cases say which: reach these citizens by phone or post";
  } else if (config.public_url.empty()) {
    sent.state = Check::State::degraded;
    sent.what += "; letters bear no link, and none into a case is sent";
    sent.remedy = "name the site's address in server.public_url";
  }
  all.push_back(std::move(sent));
  if (config.imap_url.empty()) return all;
  Check read{.part = "mail in", .what = "last read " + since_words(in.went_at), .remedy = {}};
  if (in.failing()) {
    read.state = Check::State::degraded;
    read.what += fmt::format("; since {}: {}", since_words(in.failed_at), in.why);
    read.remedy = "mend the mailbox or mail.imap_…: replies wait there, and are read then";
  } else if (in.went_at && now - *in.went_at > kQueueLate) {
    read.state = Check::State::degraded;
    read.remedy = "look whether parvis serve runs, and at its log";
  }
  all.push_back(std::move(read));
  return all;
}

std::vector<Check> check_jobs(db::Database& database, const std::string& tenant, Instant now,
                              Look look) {
  Check check{.part = "jobs", .what = "some wait", .remedy = {}};
  std::optional<Instant> oldest;
  if (look == Look::glance) {
    oldest =
        database.read(tenant, [&](db::Tx& tx) { return jobs::glance(tx, now, tenant); }).oldest_due;
  } else {
    const jobs::Counts counts =
        database.read(tenant, [&](db::Tx& tx) { return jobs::counts(tx, now, tenant); });
    check.what = fmt::format("{} wait, {} are due, {} run, {} were given up", counts.waiting,
                             counts.due, counts.leased, counts.dead);
    oldest = counts.oldest_due;
  }
  if (oldest && now - *oldest > kQueueLate) {
    check.state = Check::State::degraded;
    check.what += "; the oldest is due since " + format_rfc3339(*oldest);
    check.remedy = "look whether parvis serve runs, and at its log lines job_…";
  }
  return {check};
}

std::vector<Check> check_mail_servers(const Config& config) {
  std::vector<Check> all;
  const auto look = [&](std::string part, std::string_view remedy, auto&& ask) {
    Check check{.part = std::move(part), .what = "answers", .remedy = {}};
    std::string why;
    try {
      why = ask();
    } catch (const Error& error) {
      why = error.detail();
    }
    if (!why.empty()) {
      check.state = Check::State::degraded;
      check.what = why;
      check.remedy = remedy;
    }
    all.push_back(std::move(check));
  };
  if (!config.mail_url.empty())
    look("mail server", "mend it, or mail.url and what stands beside it", [&] {
      const mail::Delivery tried = mail::Smtp(smtp_config(config)).check();
      return tried.fate == mail::Fate::sent ? std::string() : tried.why;
    });
  if (!config.imap_url.empty())
    look("mailbox", "mend it, or mail.imap_url and what stands beside it", [&] {
      const auto tried = mail::Imap(imap_config(config)).waiting(1);
      return tried ? std::string() : tried.error().what;
    });
  return all;
}

Check check_found(db::Database& database, const std::string& tenant) {
  Check check{.part = "search of cases", .what = {}, .remedy = {}};
  std::optional<casework::IndexProgress> at;
  std::int64_t cases = 0;
  database.read(tenant, [&](db::Tx& tx) {
    at = casework::index_progress(tx, tenant);
    cases = casework::deposited_count(tx, tenant);
  });
  if (at && at->finished_at) {
    check.what = fmt::format("every case is found; looked at since {}: {}, mended: {}",
                             format_rfc3339(*at->finished_at), at->looked, at->changed);
  } else if (!at && cases == 0) {
    check.what = "there is no case";
  } else {
    check.state = Check::State::degraded;
    check.what = fmt::format("{} of {} cases are looked at: agents may not find the others",
                             at ? at->looked : 0, cases);
    check.remedy = "wait: parvis serve goes on by itself";
  }
  return check;
}

Check check_fonts(const Config& config) {
  const pdf::Fonts fonts(config.assets / "fonts");
  Check check{.part = "fonts", .what = "for PDFs", .remedy = {}};
  if (fonts.house() && fonts.fallback()) return check;
  check.state = State::degraded;
  check.what = !fonts.fallback() ? "a PDF has no letters but the Latin ones"
                                 : "a PDF is not in the typeface of the pages";
  check.remedy = !fonts.fallback() ? "install fonts-dejavu-core" : "run bin/setup";
  return check;
}

Check check_antivirus(const Config& config) {
  Check check{
      .part = "antivirus", .what = "none: files are checked by content alone", .remedy = {}};
  if (config.clamd_address.empty()) return check;
  const auto antivirus = antivirus_of(config);
  if (const auto version = antivirus->version()) {
    check.what = *version;
    return check;
  }
  check.state = State::degraded;
  check.what = config.clamd_address + " does not answer: files wait in quarantine";
  check.remedy = "start clamav-daemon, or correct clamd.address";
  return check;
}

}  // namespace parvis::app
