#include "app/inbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/error.hpp"
#include "base/log.hpp"
#include "casework/tags.hpp"
#include "crypto/hash.hpp"
#include "jobs/jobs_store.hpp"
#include "mail/mail_store.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

using casework::Act;
using casework::Opened;
using mail::Received;
using mail::Writer;

// Of notes, what they are about.
constexpr std::string_view kTooLarge = "too_large", kBounced = "bounced";

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// What stands behind the plus sign of an address in small letters.
std::string_view plus_in(std::string_view address, std::string_view local,
                         std::string_view domain) {
  const std::size_t sign = address.rfind('@');
  if (sign == std::string_view::npos || address.substr(sign + 1) != domain) return {};
  address = address.substr(0, sign);
  if (!address.starts_with(local) || address.size() <= local.size() || address[local.size()] != '+')
    return {};
  return address.substr(local.size() + 1);
}

// Of one mail for ever: its own name, and its words, lest two mails share a name.
std::string name_of(const Received& mail, std::string_view bytes) {
  return crypto::sha256_hex(crypto::joined({mail.id, mail.id.empty() ? bytes : mail.text.read()}))
      .substr(0, 32);
}

// At lines where it can be.
std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty() && out.size() < kMailParts) {
    std::string_view part = text::utf8_prefix(text, kMailPartBytes);
    if (part.size() < text.size())
      if (const std::size_t line = part.rfind('\n'); line != std::string_view::npos && line > 0)
        part = part.substr(0, line);
    out.emplace_back(part);
    text.remove_prefix(part.size());
    while (text.starts_with('\n')) text.remove_prefix(1);
  }
  return out;
}

bool has_words(std::string_view text) { return !text::clean(text).empty(); }

}  // namespace

void enqueue_inbox(db::Tx& tx, const std::string& tenant, Instant now) {
  jobs::enqueue(tx,
                {.tenant = tenant,
                 .kind = std::string(kInboxJob),
                 .key = "poll",
                 .payload = {},
                 .due = std::nullopt,
                 .priority = jobs::Priority::p2},
                now, jobs::Existing::sooner);
}

mail::ImapConfig imap_config(const Config& config) {
  return {.url = config.imap_url,
          .starttls = starttls_in(config.imap_starttls, "mail.imap_starttls"),
          .user = config.imap_user,
          .password = password_in(config.imap_password_file, "mail.imap_password_file"),
          .folder = config.imap_folder};
}

Inbox::Inbox(const Config& config, Parts parts) : parts_(parts) {
  if (config.imap_url.empty()) return;
  imap_ = imap_config(config);
  const mail::Imap sound(*imap_);  // its settings go together
  const std::string reply = lower(config.mail_reply);
  local_ = reply.substr(0, reply.find('@'));
  domain_ = reply.substr(std::min(reply.size(), reply.find('@') + 1));
  from_ = lower(config.mail_from);
}

bool Inbox::ours(const mail::Address& address) const {
  const std::string text = lower(address.value().read());
  return text == from_ || text == local_ + "@" + domain_ || !plus_in(text, local_, domain_).empty();
}

std::optional<Opened> Inbox::case_of(const tenancy::Context& cx, const Received& mail) const {
  for (const mail::Address& to : mail.to) {
    const std::string address = lower(to.value().read());
    const auto plus = casework::read_plus(plus_in(address, local_, domain_));
    if (!plus) continue;
    auto opened = parts_.cases.with_reference(cx, plus->reference);
    if (opened && casework::is_tag(casework::tag_key(parts_.database, parts_.keyring, cx),
                                   casework::Purpose::reply, opened->id, plus->tag))
      return opened;
  }
  return std::nullopt;
}

// By the name that the letter bore ("case.ID.3@ville.fr"), which its recipient alone has seen, or
// by the address that it came back to.
std::optional<Opened> Inbox::case_that_bounced(const tenancy::Context& cx,
                                               const Received& mail) const {
  constexpr std::string_view kCase = "case.";
  std::string_view id = mail.bounce ? std::string_view(mail.bounce->id) : std::string_view();
  if (id.starts_with(kCase)) {
    id.remove_prefix(kCase.size());
    try {
      Opened opened = parts_.cases.open_for_system(cx, id.substr(0, id.find('.')));
      if (opened.state != casework::State::draft) return opened;
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
    }
  }
  return case_of(cx, mail);
}

bool Inbox::full(const Opened& opened, Instant now) const {
  const auto day = [&](Instant at) { return civil_date(parts_.zone.local(at)); };
  const auto came = std::ranges::count_if(opened.events, [&](const casework::Happened& each) {
    const auto note = string_at(each.more, "mail");
    return day(each.at) == day(now) && (each.more.contains("by_mail") || note == kBounced);
  });
  return static_cast<std::size_t>(came) >= kMessagesADay;
}

bool Inbox::answered_enough(const Opened& opened, Instant now) const {
  const auto day = [&](Instant at) { return civil_date(parts_.zone.local(at)); };
  const auto told = std::ranges::count_if(opened.events, [&](const casework::Happened& each) {
    return day(each.at) == day(now) && each.more.contains("refused");
  });
  return static_cast<std::size_t>(told) >= kAnswersADay;
}

// Those that the case takes, as `pieces`, and what is to be said of the others. Each has a name of
// its own, so a mail that is read again gives it once.
json::object Inbox::take_files(const tenancy::Context& cx, const Opened& opened,
                               const Received& mail, const std::string& name,
                               std::vector<std::string>& pieces) const {
  json::array refused;
  const auto refuse = [&](std::string_view file, std::string_view why) {
    refused.push_back(json::object{{"name", file}, {"said", why}});
  };
  bool looked_bad = false;
  for (std::size_t i = 0; i < mail.files.size(); ++i) {
    const mail::ReceivedFile& file = mail.files[i];
    if (file.embedded) continue;
    const std::string piece =
        crypto::sha256_hex(crypto::joined({name, "file", std::to_string(i)})).substr(0, 32);
    try {
      const casework::Piece taken =
          parts_.pieces.take(cx, opened.id, piece, file.name, file.bytes.read());
      pieces.push_back(piece);
      looked_bad = looked_bad || taken.state == casework::PieceState::refused;
    } catch (const Error& e) {
      if (e.code() != Errc::invalid && e.code() != Errc::too_large) throw;
      refuse(file.name.read(), e.detail());
    }
  }
  if (mail.files_left_out > 0)
    refuse("",
           fmt::format("{} de plus\u00a0: un e-mail porte {} fichiers et {}\u00a0Mo au plus. "
                       "Envoyez-les dans un autre e-mail.",
                       mail.files_left_out == 1 ? std::string("Un fichier")
                                                : fmt::format("{} fichiers", mail.files_left_out),
                       mail::kReceivedFilesMax, mail::kReceivedFileBytesMax >> 20));
  json::object more;
  const bool some = !refused.empty() || looked_bad;
  if (!refused.empty()) more["refused"] = std::move(refused);
  if (some && answered_enough(opened, cx.now)) more["untold"] = true;
  return more;
}

Inbox::Fate Inbox::left_aside(const tenancy::Context& cx, const Opened& opened) const {
  log(Level::warning, "mail_left_aside", {{"case", opened.id}, {"limit", kMessagesADay}});
  parts_.cases.record(
      cx, opened.id, Act::note,
      "mailfull-" + format_iso_date(civil_date(parts_.zone.local(cx.now))),
      fmt::format("Beaucoup d’e-mails viennent pour ce dossier. Les suivants ne sont plus repris "
                  "aujourd’hui\u00a0: ils sont dans la boîte du service, dossier « {} ».",
                  kUnknownFolder),
      {{"mail", "too_many"}});
  return Fate::unknown;
}

void Inbox::write(const tenancy::Context& cx, const Opened& opened, const Received& mail,
                  std::string_view bytes) const {
  const std::string name = name_of(mail, bytes);
  std::vector<std::string> pieces;
  const auto known = casework::email_of(opened);
  const bool stranger =
      !known || !mail.from || text::fold(known->read()) != text::fold(mail.from->value().read());
  json::object more = take_files(cx, opened, mail, name, pieces);
  more["by_mail"] = true;
  if (stranger) more["other_sender"] = true;
  std::vector<std::string> parts = parts_of(mail.text.read());
  if (std::ranges::none_of(parts, has_words)) parts = {"(E-mail sans texte.)"};
  std::size_t written = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    written += parts[i].size();
    if (!has_words(parts[i])) continue;
    parts_.cases.write_by_mail(cx, opened.id, fmt::format("mail-{}-{}", name, i), parts[i], more,
                               pieces);
    // Its files are of its first part.
    pieces.clear();
    more.erase("refused");
  }
  std::string note;
  const auto say = [&](std::string_view words) {
    note.append(note.empty() ? "" : "\n").append(words);
  };
  if (stranger)
    say("Ce message est venu par e-mail d’une autre adresse que celle du dossier. Vérifiez qui "
        "écrit "
        "avant de donner une information personnelle.");
  if (written + kMailPartBytes < mail.text.read().size())
    say(
        fmt::format("Ce message est très long\u00a0: sa fin est dans la boîte du service, dossier "
                    "« {} ».",
                    kTakenFolder));
  if (!note.empty())
    parts_.cases.record(cx, opened.id, Act::note, "mailnote-" + name, note,
                        {{"mail", stranger ? "other_sender" : "left_out"}});
}

Inbox::Fate Inbox::take(const std::string& tenant, std::string_view bytes, bool headers_only,
                        Instant now) const {
  const tenancy::Context cx = system_context(tenant, "mail", parts_.zone, now);
  const auto mail = mail::read_mail(bytes);
  if (!mail) return Fate::unknown;
  try {
    if (mail->writer == Writer::bounce) {
      const auto opened = case_that_bounced(cx, *mail);
      if (!opened) return Fate::unknown;
      if (full(*opened, now)) return left_aside(cx, *opened);
      const std::string& status = mail->bounce->status;
      // 4.x.x: the server still tries (RFC 3463).
      if (!status.starts_with('4'))
        parts_.cases.record(
            cx, opened->id, Act::note, "bounce-" + name_of(*mail, bytes),
            fmt::format("Un e-mail au citoyen n’est pas arrivé{}. Appelez ou écrivez par courrier.",
                        status.empty() ? "" : fmt::format(" (code {})", status)),
            {{"mail", kBounced}});
      return Fate::taken;
    }
    const auto opened = case_of(cx, *mail);
    if (!opened) return Fate::unknown;
    if (mail->writer != Writer::person || (mail->from && ours(*mail->from))) {
      // One note a day, however often two machines write to each other.
      parts_.cases.record(cx, opened->id, Act::note,
                          "auto-" + format_iso_date(civil_date(parts_.zone.local(now))),
                          "Une réponse automatique est venue par e-mail (absence, accusé). Elle "
                          "n’est pas reprise.",
                          {{"mail", "automatic"}});
      return Fate::taken;
    }
    if (full(*opened, now)) return left_aside(cx, *opened);
    if (headers_only) {
      parts_.cases.record(
          cx, opened->id, Act::note, "large-" + name_of(*mail, bytes),
          fmt::format("Un e-mail trop gros est venu pour ce dossier. Il est dans la "
                      "boîte du service, dossier « {} ».",
                      kUnknownFolder),
          {{"mail", kTooLarge}});
      json::object more{
          {"by_mail", true},
          {"refused",
           json::array{json::object{
               {"name", ""},
               {"said", fmt::format("Cet e-mail dépasse {}\u00a0Mo\u00a0: nous n’avons pas pu le "
                                    "lire. Écrivez de nouveau, avec des fichiers plus petits.",
                                    mail::kReceivedMax >> 20)}}}}};
      if (answered_enough(*opened, now)) more["untold"] = true;
      parts_.cases.write_by_mail(cx, opened->id, "mail-" + name_of(*mail, bytes) + "-large",
                                 "(E-mail trop gros pour être repris.)", more);
      return Fate::unknown;
    }
    write(cx, *opened, *mail, bytes);
    return Fate::taken;
  } catch (const Error& e) {
    // Erased meanwhile, or full: no later attempt would do better.
    if (e.code() != Errc::not_found && e.code() != Errc::too_large) throw;
    return Fate::unknown;
  }
}

std::vector<jobs::Kind> job_kinds(const JobParts& parts) {
  std::vector<jobs::Kind> all;
  const auto add = [&](std::string_view name, const jobs::Policy& policy, const auto& of,
                       auto act) {
    all.push_back({std::string(name), policy,
                   [&of, act](const jobs::Job& job, Instant now) { return (of.*act)(job, now); }});
  };
  add(kLetterJob, kMailPolicy, parts.letterbox, &Letterbox::deliver);
  add(kLinkJob, kMailPolicy, parts.letterbox, &Letterbox::deliver_link);
  add(kReminderJob, kMailPolicy, parts.letterbox, &Letterbox::deliver_reminder);
  add(kDigestJob, kMailPolicy, parts.letterbox, &Letterbox::deliver_digest);
  // Looks that fail (keys out of reach) are made again for days: a date must not be missed.
  add(kWatchJob, kMailPolicy, parts.watch, &Watch::look);
  add(kDigestsJob, kMailPolicy, parts.watch, &Watch::plan_digests);
  add(kInboxJob, kMailPolicy, parts.inbox, &Inbox::poll);
  return all;
}

jobs::Outcome Inbox::poll(const jobs::Job& job, Instant now) const {
  if (!imap_) return jobs::Done{};
  const auto again = [&](std::chrono::seconds wait) { return jobs::Later{now + wait}; };
  const auto failed = [&](const std::string& why) {
    log(Level::warning, "mailbox_not_read", {{"why", why}});
    parts_.database.write(
        job.tenant, [&](db::Tx& tx) { note_failed(tx, job.tenant, mail::Way::in, why, now); });
    return again(kInboxEvery);
  };
  const auto begun = std::chrono::steady_clock::now();
  mail::Imap imap(*imap_);
  const auto waiting = imap.waiting(kInboxMails);
  if (!waiting) return failed(waiting.error().what);
  bool all = waiting->size() < kInboxMails;
  try {
    for (const mail::Waiting& each : *waiting) {
      if (std::chrono::steady_clock::now() - begun > kInboxSpell) {
        all = false;
        break;
      }
      const bool large = each.bytes > mail::kReceivedMax;
      const auto bytes = large ? imap.headers(each.uid) : imap.mail(each.uid);
      if (!bytes) return failed(bytes.error().what);
      const Fate fate = take(job.tenant, *bytes, large, now);
      const auto moved = imap.move(each.uid, fate == Fate::taken ? kTakenFolder : kUnknownFolder);
      if (!moved) return failed(moved.error().what);
    }
  } catch (const Error& e) {
    return failed(e.detail());
  }
  parts_.database.write(job.tenant,
                        [&](db::Tx& tx) { note_went(tx, job.tenant, mail::Way::in, now); });
  return again(all ? kInboxEvery : std::chrono::seconds(1));
}

}  // namespace parvis::app
