#include "app/mailer.hpp"

#include <fmt/format.h>

#include <fstream>

#include "base/error.hpp"
#include "base/log.hpp"
#include "mail/mail_store.hpp"

namespace parvis::app {
namespace {

constexpr std::size_t kPasswordBytes = 1024;

mail::Address address(const std::string& text, std::string_view name) {
  auto parsed = mail::Address::parse(text);
  if (!parsed) throw Error(Errc::invalid, fmt::format("{}: {}", name, parsed.error().what));
  return std::move(*parsed);
}

}  // namespace

Secret<std::string> password_in(const std::filesystem::path& file, std::string_view name) {
  if (file.empty()) return Secret(std::string());
  std::ifstream in(file, std::ios::binary);
  std::string text(kPasswordBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (!in.is_open() || in.bad() || text.empty() || text.size() > kPasswordBytes)
    throw Error(Errc::invalid,
                fmt::format("{} {} is not a file with the password alone", name, file.string()));
  return Secret(std::move(text));
}

mail::Tls starttls_in(const std::string& words, std::string_view name) {
  if (words == "required") return mail::Tls::required;
  if (words == "optional") return mail::Tls::optional;
  if (words == "none") return mail::Tls::none;
  throw Error(Errc::invalid, fmt::format("{} is required, optional or none", name));
}

mail::SmtpConfig smtp_config(const Config& config) {
  return {.url = config.mail_url,
          .starttls = starttls_in(config.mail_starttls, "mail.starttls"),
          .user = config.mail_user,
          .password = password_in(config.mail_password_file, "mail.password_file")};
}

Mailer::Mailer(const Config& config, db::Database& database, std::string tenant, Zone zone)
    : database_(database), tenant_(std::move(tenant)), zone_(zone) {
  if (!config.mail_reply.empty()) reply_ = address(config.mail_reply, "mail.reply");
  if (!config.imap_url.empty() && !reply_)
    throw Error(Errc::invalid,
                "mail.reply is the address whose mail lies at mail.imap_url: name it, as "
                "dossier@ville.fr");
  if (config.imap_url.empty()) reply_.reset();
  if (config.mail_url.empty()) return;
  from_ = address(config.mail_from, "mail.from");
  smtp_.emplace(smtp_config(config));
}

std::optional<mail::Address> Mailer::reply_address(const std::string& plus) const {
  if (!reply_) return std::nullopt;
  const std::string& whole = reply_->value().read();
  const std::size_t sign = whole.find('@');
  auto tagged = mail::Address::parse(whole.substr(0, sign) + "+" + plus + whole.substr(sign));
  return tagged ? std::optional(std::move(*tagged)) : std::nullopt;
}

// For doctor alone: a letter that went is not sent again because this could not be written.
void Mailer::noted(const std::function<void(db::Tx&)>& note) const {
  try {
    database_.write(tenant_, note);
  } catch (const Error& e) {
    log(Level::warning, "mail_not_noted", {{"why", e.detail()}});
  }
}

jobs::Outcome Mailer::send(const casework::Letter& letter, const Posting& posting,
                           Instant now) const {
  if (!smtp_) return jobs::Later{now + kMailAsked};
  const auto to = mail::Address::parse(posting.to);
  if (!to) return jobs::GiveUp{"the address of mail cannot be written to"};
  mail::Message message{.id = posting.id + "@" + from_->domain(),
                        .from = {*from_, Personal(posting.sender)},
                        .to = {*to},
                        .subject = Personal(letter.subject),
                        .text = letter.text,
                        .attachments = posting.attachments};
  if (posting.reply_to)
    message.reply_to = mail::Mailbox{*posting.reply_to, Personal(posting.sender)};
  if (!posting.stop.empty())
    // One press in the mail program (RFC 8058): the address tells whose and what.
    message.headers = {{"List-Unsubscribe", "<" + posting.stop + ">"},
                       {"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"}};
  const auto composed = mail::compose(message, now, zone_);
  if (!composed) return jobs::GiveUp{composed.error().what};
  // A mail that does not arrive comes back to the case that it is about.
  const mail::Address& envelope = posting.reply_to ? *posting.reply_to : *from_;
  const mail::Delivery delivery = smtp_->send(envelope, *to, *composed);
  switch (delivery.fate) {
    case mail::Fate::sent:
      noted([&](db::Tx& tx) { note_went(tx, tenant_, mail::Way::out, now); });
      return jobs::Done{};
    case mail::Fate::transient:
      noted([&](db::Tx& tx) { note_failed(tx, tenant_, mail::Way::out, delivery.why, now); });
      return jobs::Failed{delivery.why};
    case mail::Fate::permanent:
      return jobs::GiveUp{delivery.why};
  }
  return jobs::Failed{"the mail server said nothing"};
}

}  // namespace parvis::app
