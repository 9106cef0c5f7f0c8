#include "app/letterbox.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "casework/digest.hpp"
#include "casework/receipt_pdf.hpp"
#include "casework/tags.hpp"
#include "crypto/hash.hpp"
#include "feed/feed_store.hpp"
#include "identity/identity_store.hpp"
#include "jobs/jobs_store.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

using casework::Act;
using casework::Opened;

constexpr int kDigestPages = 4;  // of cases that are read for one

// Addresses differ by capitals in what people type, not in who they are.
std::string digest(std::string_view salt, std::string_view email) {
  return crypto::sha256_hex(std::string(salt) + "/" + text::fold(email));
}

}  // namespace

tenancy::Context system_context(const std::string& tenant, std::string reason, Zone zone,
                                Instant now) {
  return {.tenant = tenant,
          .commune = "",
          .actor = tenancy::Actor::system(std::move(reason)),
          .zone = zone,
          .deadline = {},
          .request = "",
          .now = now};
}

void enqueue_letter(db::Tx& tx, const casework::Case& row, Act act, Instant now) {
  if (!casework::calls_for_letter(act)) return;
  const std::int64_t seq = feed::last_seq(tx, row.topic()).value_or(0);
  jobs::enqueue(tx,
                {.tenant = row.tenant(),
                 .kind = std::string(kLetterJob),
                 .key = fmt::format("{}/{}", row.id(), seq),
                 .payload = {{"case", row.id()}, {"seq", seq}},
                 .due = std::nullopt,
                 .priority = jobs::Priority::p1},
                now);
}

void enqueue_link(db::Tx& tx, const std::string& tenant, const casework::LinkAsked& asked,
                  Instant now) {
  const std::string browser = casework::browser_hash(asked.browser);
  json::object payload{{"reference", asked.reference},
                       {"browser", browser},
                       {"code", casework::code_of(asked.browser, asked.reference)},
                       {"asked", now.time_since_epoch().count()}};
  if (asked.email) {
    const std::string salt = crypto::random_hex(16);
    payload["salt"] = salt;
    payload["digest"] = digest(salt, *asked.email);
  }
  // One of each browser: asking again moves one's own, never another's.
  constexpr std::size_t kShort = 16;
  jobs::enqueue(tx,
                {.tenant = tenant,
                 .kind = std::string(kLinkJob),
                 .key = asked.reference + "/" + browser.substr(0, kShort),
                 .payload = std::move(payload),
                 .due = std::nullopt,
                 .priority = jobs::Priority::p1},
                now, jobs::Existing::move);
}

void enqueue_reminder(db::Tx& tx, const casework::Case& row, const std::string& key, Instant now) {
  jobs::enqueue(tx,
                {.tenant = row.tenant(),
                 .kind = std::string(kReminderJob),
                 .key = row.id() + "/" + key,
                 .payload = {{"case", row.id()}, {"key", key}},
                 .due = std::nullopt,
                 .priority = jobs::Priority::p3},
                now);
}

void enqueue_digest(db::Tx& tx, const std::string& tenant, const std::string& account,
                    Instant now) {
  jobs::enqueue(tx,
                {.tenant = tenant,
                 .kind = std::string(kDigestJob),
                 .key = account,
                 .payload = {{"account", account}},
                 .due = std::nullopt,
                 .priority = jobs::Priority::p3},
                now);
}

bool stop_reminders(const tenancy::Context& cx, db::Database& database, vault::Keyring& keyring,
                    casework::Cases& cases, const std::string& id, std::string_view tag) {
  if (!casework::is_tag(casework::tag_key(database, keyring, cx), casework::Purpose::stop, id, tag))
    return false;
  try {
    cases.stop_reminders(cx, id);
  } catch (const Error& e) {
    if (e.code() != Errc::not_found) throw;  // erased: nothing will be sent
  }
  return true;
}

tenancy::Context Letterbox::context(const jobs::Job& job, Instant now) const {
  return system_context(job.tenant, "letter", parts_.zone, now);
}

std::optional<Opened> Letterbox::opened(const tenancy::Context& cx, const jobs::Job& job) const {
  try {
    return parts_.cases.open_for_system(cx, string_at(job.payload, "case").value_or(""));
  } catch (const Error& e) {
    if (e.code() == Errc::not_found) return std::nullopt;  // erased since
    throw;
  }
}

std::string Letterbox::base(const Opened& opened) const {
  return parts_.base ? parts_.base(opened.commune) : std::string("/");
}

std::string Letterbox::link_to(const tenancy::Context& cx, const Opened& opened) const {
  if (parts_.public_url.empty()) return {};
  if (opened.state != casework::State::draft)
    return casework::lookup_of(parts_.public_url, base(opened), opened.reference);
  return fmt::format("{}{}dossiers/lien/{}-{}", parts_.public_url, base(opened), opened.id,
                     parts_.cases.link(cx, opened.id).reveal());
}

jobs::Outcome Letterbox::deliver(const jobs::Job& job, Instant now) const {
  if (!parts_.mailer.sends()) return jobs::Later{now + kMailAsked};
  const tenancy::Context cx = context(job, now);
  const auto seq = integer_at(job.payload, "seq");
  if (!seq) return jobs::GiveUp{"the job is not well formed"};
  const auto found = opened(cx, job);
  const auto email = found ? casework::email_of(*found) : std::nullopt;
  if (!email) return jobs::Done{};
  const auto event = std::ranges::find(found->events, *seq, &casework::Happened::seq);
  if (event == found->events.end()) return jobs::Done{};
  const casework::Receipt receipt = parts_.receipt(*found);
  const auto letter = casework::letter_of(*found, receipt, *event, link_to(cx, *found));
  if (!letter) return jobs::Done{};
  Posting posting{.id = "", .to = email->read(), .sender = parts_.town};
  if (event->act == Act::deposit && parts_.receipt_pdf)
    posting.attachments.push_back(
        {.name = Personal("accuse-de-reception-" + found->reference + ".pdf"),
         .type = "application/pdf",
         .bytes = Personal(parts_.receipt_pdf(*found, receipt))});
  if (casework::is_decision(event->act) && parts_.decision_pdf)
    posting.attachments.push_back({.name = Personal("decision-" + found->reference + ".pdf"),
                                   .type = "application/pdf",
                                   .bytes = Personal(parts_.decision_pdf(
                                       casework::decision_in(*found, *event, receipt, parts_.zone),
                                       casework::recipient_of(*found), event->at))});
  return send(cx, job, *found, *letter, std::to_string(*seq), std::move(posting));
}

jobs::Outcome Letterbox::deliver_link(const jobs::Job& job, Instant now) const {
  const Instant asked(std::chrono::milliseconds(integer_at(job.payload, "asked").value_or(0)));
  if (now > asked + casework::kAskLife) return jobs::Done{};
  if (!parts_.mailer.sends()) return jobs::Later{now + kMailAsked};
  if (parts_.public_url.empty()) return jobs::GiveUp{"a link needs public_url"};
  const tenancy::Context cx = context(job, now);
  const auto word = [&](std::string_view key) { return string_at(job.payload, key).value_or(""); };
  const auto found = parts_.cases.with_reference(cx, word("reference"));
  const auto email = found ? casework::email_of(*found) : std::nullopt;
  const bool named = job.payload.contains("digest");
  if (!email || (named && digest(word("salt"), email->read()) != word("digest")))
    return jobs::Done{};  // nobody is told
  const auto link = parts_.access.make_link(cx, found->id, word("browser"), word("code"), named);
  if (!link) return jobs::Done{};  // enough for this hour
  jobs::Outcome outcome = send(
      cx, job, *found,
      casework::link_letter(
          *found, parts_.receipt(*found),
          fmt::format("{}{}dossiers/acces/{}", parts_.public_url, base(*found), link->reveal())),
      "link-" + job.id, {.id = "", .to = email->read(), .sender = parts_.town});
  if (!std::holds_alternative<jobs::Done>(outcome)) parts_.access.unmake(cx, *link);
  return outcome;
}

jobs::Outcome Letterbox::deliver_reminder(const jobs::Job& job, Instant now) const {
  if (!parts_.mailer.sends()) return jobs::Later{now + kMailAsked};
  const tenancy::Context cx = context(job, now);
  const auto found = opened(cx, job);
  if (!found || !found->reminders) return jobs::Done{};
  const std::string key(string_at(job.payload, "key").value_or(""));
  const auto reminder = casework::reminder_due(*found, key, parts_.zone, now);
  const auto email = casework::email_of(*found);
  if (!reminder || !email) return jobs::Done{};  // it no longer applies
  Posting posting{.id = "", .to = email->read(), .sender = parts_.town};
  if (!parts_.public_url.empty())
    posting.stop =
        fmt::format("{}/dossiers/rappels/{}-{}", parts_.public_url, found->id,
                    casework::tag_of(casework::tag_key(parts_.database, parts_.keyring, cx),
                                     casework::Purpose::stop, found->id));
  const casework::Letter letter = casework::reminder_letter(
      *found, parts_.receipt(*found), *reminder, link_to(cx, *found), posting.stop);
  return send(cx, job, *found, letter, key, std::move(posting));
}

jobs::Outcome Letterbox::send(const tenancy::Context& cx, const jobs::Job& job,
                              const Opened& opened, const casework::Letter& letter,
                              const std::string& name, Posting posting) const {
  const bool draft = opened.state == casework::State::draft;
  posting.id = fmt::format("case.{}.{}", opened.id, name);
  if (!draft)
    posting.reply_to = parts_.mailer.reply_address(casework::plus_of(
        opened.reference, casework::tag_of(casework::tag_key(parts_.database, parts_.keyring, cx),
                                           casework::Purpose::reply, opened.id)));
  jobs::Outcome outcome = parts_.mailer.send(letter, posting, cx.now);
  const bool given_up =
      std::holds_alternative<jobs::GiveUp>(outcome) ||
      (std::holds_alternative<jobs::Failed>(outcome) && job.attempt >= kMailPolicy.attempts);
  if (given_up && !draft)
    parts_.cases.record(
        cx, opened.id, Act::note, "undelivered-" + name,
        fmt::format("Un e-mail au citoyen n’est pas parti\u00a0: le serveur de mail ne le prend "
                    "pas (« {} »). Appelez ou écrivez par courrier.",
                    letter.subject),
        {{"mail", "undelivered"}});
  return outcome;
}

jobs::Outcome Letterbox::deliver_digest(const jobs::Job& job, Instant now) const {
  if (!parts_.mailer.sends()) return jobs::Later{now + kMailAsked};
  const tenancy::Context cx = context(job, now);
  const std::string id(string_at(job.payload, "account").value_or(""));
  const CivilDate today = civil_date(parts_.zone.local(now));
  std::optional<CivilDate> last;
  const auto account = parts_.database.read(job.tenant, [&](db::Tx& tx) {
    last = identity::digest_day(tx, job.tenant, id);
    return identity::account_of(tx, job.tenant, id);
  });
  if (!account || account->disabled_at || !account->digest) return jobs::Done{};
  const auto since = casework::digest_since(last, today);
  if (!since) return jobs::Done{};
  const casework::Author agent{casework::Role::agent, account->id, account->name.read(),
                               account->services, account->communes};
  // Those that ended before have been told; those further than the first of kDigestDays will be.
  const auto iso = [](CivilDate from, int days) {
    return format_iso_date(std::chrono::sys_days(from) + std::chrono::days(days));
  };
  const std::string far = iso(today, casework::kDigestDays.front());
  casework::Filter filter;
  filter.after_due = iso(*since, -1);
  std::vector<casework::Line> lines;
  for (int page = 0; page < kDigestPages; ++page) {
    const auto some = parts_.cases.list(cx, agent, filter);
    lines.insert(lines.end(), some.begin(), some.end());
    if (some.size() < casework::kListMax || !some.back().due ||
        format_iso_date(*some.back().due) > far)
      break;
    filter.after_due = format_iso_date(*some.back().due);
    filter.after_id = some.back().id;
  }
  const auto told = casework::crossing(lines, *since, today, parts_.zone);
  jobs::Outcome outcome = jobs::Done{};
  if (!told.empty()) {
    const auto title = [&](const std::string& procedure) {
      const auto definition = parts_.catalogue.newest(job.tenant, procedure);
      return definition ? definition->title : procedure;
    };
    Posting posting{.id = fmt::format("digest.{}.{}", id, format_iso_date(today)),
                    .to = account->login.read(),
                    .sender = parts_.town};
    outcome = parts_.mailer.send(casework::digest_letter(told, title, today), posting, now);
  }
  if (std::holds_alternative<jobs::Done>(outcome))
    parts_.database.write(job.tenant,
                          [&](db::Tx& tx) { identity::set_digest_day(tx, job.tenant, id, today); });
  return outcome;
}

}  // namespace parvis::app
