#include "app/letterbox.hpp"

#include <fmt/format.h>

#include <fstream>

#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "feed/feed_store.hpp"
#include "jobs/jobs_store.hpp"
#include "mail/message.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

using casework::Act;

constexpr std::size_t kPasswordBytes = 1024;

Secret<std::string> password_in(const std::filesystem::path& file) {
  if (file.empty()) return Secret(std::string());
  std::ifstream in(file, std::ios::binary);
  std::string text(kPasswordBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (!in.is_open() || in.bad() || text.empty() || text.size() > kPasswordBytes)
    throw Error(Errc::invalid,
                "mail.password_file " + file.string() + " is not a file with the password alone");
  return Secret(std::move(text));
}

mail::Tls starttls_in(const std::string& words) {
  if (words == "required") return mail::Tls::required;
  if (words == "optional") return mail::Tls::optional;
  if (words == "none") return mail::Tls::none;
  throw Error(Errc::invalid, "mail.starttls is required, optional or none");
}

bool calls_for_letter(Act act) {
  return act == Act::deposit || act == Act::ask_pieces || act == Act::accept ||
         act == Act::refuse || act == Act::transfer || act == Act::write || act == Act::merge;
}

// Addresses differ by capitals in what people type, not in who they are.
std::string digest(std::string_view salt, std::string_view email) {
  return crypto::sha256_hex(std::string(salt) + "/" + text::fold(email));
}

tenancy::Context context(const jobs::Job& job, Zone zone, Instant now) {
  return {.tenant = job.tenant,
          .commune = "",
          .actor = tenancy::Actor::system("letter"),
          .zone = zone,
          .deadline = {},
          .request = "",
          .now = now};
}

}  // namespace

void enqueue_letter(db::Tx& tx, const casework::Case& row, Act act, Instant now) {
  if (!calls_for_letter(act)) return;
  const std::int64_t seq = feed::last_seq(tx, row.topic()).value_or(0);
  jobs::enqueue(tx,
                {.tenant = row.tenant(),
                 .kind = std::string(kLetterJob),
                 .key = fmt::format("{}/{}", row.id(), seq),
                 .payload = {{"case", row.id()}, {"act", name(act)}, {"seq", seq}},
                 .due = std::nullopt,
                 .priority = jobs::Priority::p1},
                now);
}

void enqueue_link(db::Tx& tx, const std::string& tenant, const std::string& reference,
                  const std::string& email, Instant now) {
  const std::string salt = crypto::random_hex(16);
  jobs::enqueue(
      tx,
      {.tenant = tenant,
       .kind = std::string(kLinkJob),
       .key = reference,
       .payload = {{"reference", reference}, {"salt", salt}, {"digest", digest(salt, email)}},
       .due = std::nullopt,
       .priority = jobs::Priority::p1},
      now, jobs::Existing::move);
}

Letterbox::Letterbox(const Config& config, Parts parts)
    : parts_(std::move(parts)), public_url_(config.public_url) {
  if (config.mail_url.empty()) return;
  auto from = mail::Address::parse(config.mail_from);
  if (!from) throw Error(Errc::invalid, "mail.from: " + from.error().what);
  from_ = std::move(*from);
  smtp_.emplace(mail::SmtpConfig{.url = config.mail_url,
                                 .starttls = starttls_in(config.mail_starttls),
                                 .user = config.mail_user,
                                 .password = password_in(config.mail_password_file)});
}

std::string Letterbox::link_to(const tenancy::Context& cx, const std::string& id) const {
  if (public_url_.empty()) return {};
  return fmt::format("{}/dossiers/lien/{}-{}", public_url_, id, parts_.cases.link(cx, id).reveal());
}

jobs::Outcome Letterbox::deliver(const jobs::Job& job, Instant now) const {
  using namespace std::chrono_literals;
  if (!smtp_) return jobs::Later{now + 10min};  // until there is a mail server
  const tenancy::Context cx = context(job, parts_.zone, now);
  const auto act = casework::act_named(string_at(job.payload, "act").value_or(""));
  const std::string id(string_at(job.payload, "case").value_or(""));
  if (!act || id.empty()) return jobs::GiveUp{"the job is not well formed"};
  std::optional<casework::Opened> opened;
  try {
    opened = parts_.cases.open_for_system(cx, id);
  } catch (const Error& e) {
    if (e.code() == Errc::not_found) return jobs::Done{};  // erased since
    throw;
  }
  const auto email = casework::email_of(*opened);
  if (!email) return jobs::Done{};
  const auto to = mail::Address::parse(email->read());
  if (!to) return jobs::GiveUp{"the address of mail cannot be written to"};
  const casework::Receipt receipt = parts_.receipt(*opened);
  // A new link closes the one before: none is made for a letter that is not written.
  if (!casework::letter_of(*opened, receipt, *act, "")) return jobs::Done{};
  const auto letter = casework::letter_of(*opened, receipt, *act, link_to(cx, id));
  if (!letter) return jobs::Done{};
  return send(*letter, *to,
              fmt::format("case.{}.{}", id, integer_at(job.payload, "seq").value_or(0)), now);
}

jobs::Outcome Letterbox::deliver_link(const jobs::Job& job, Instant now) const {
  using namespace std::chrono_literals;
  if (!smtp_) return jobs::Later{now + 10min};
  const tenancy::Context cx = context(job, parts_.zone, now);
  const auto opened =
      parts_.cases.with_reference(cx, string_at(job.payload, "reference").value_or(""));
  const auto email = opened ? casework::email_of(*opened) : std::nullopt;
  if (!email || digest(string_at(job.payload, "salt").value_or(""), email->read()) !=
                    string_at(job.payload, "digest").value_or(""))
    return jobs::Done{};  // nobody is told
  const auto to = mail::Address::parse(email->read());
  if (!to) return jobs::GiveUp{"the address of mail cannot be written to"};
  return send(casework::link_letter(*opened, parts_.receipt(*opened), link_to(cx, opened->id)), *to,
              "link." + job.id, now);
}

jobs::Outcome Letterbox::send(const casework::Letter& letter, const mail::Address& to,
                              std::string id, Instant now) const {
  const mail::Message message{.id = std::move(id) + "@" + from_->domain(),
                              .from = {*from_, Personal(parts_.town)},
                              .to = {to},
                              .subject = Personal(letter.subject),
                              .text = letter.text};
  const auto composed = mail::compose(message, now, parts_.zone);
  if (!composed) return jobs::GiveUp{composed.error().what};
  const mail::Delivery delivery = smtp_->send(*from_, to, *composed);
  switch (delivery.fate) {
    case mail::Fate::sent:
      return jobs::Done{};
    case mail::Fate::transient:
      return jobs::Failed{delivery.why};
    case mail::Fate::permanent:
      return jobs::GiveUp{delivery.why};
  }
  return jobs::Failed{"the mail server said nothing"};
}

}  // namespace parvis::app
