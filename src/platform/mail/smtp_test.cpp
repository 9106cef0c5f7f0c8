// Against a real mail server (aiosmtpd), which keeps what it received as Python's own parser reads
// it: neither libcurl nor GMime judges itself.
#include "mail/smtp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ranges>

#include "mail/message.hpp"
#include "support/smtp_server.hpp"

namespace parvis::mail {
namespace {

using support::SmtpServer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

const Instant kNow = *parse_rfc3339("2026-11-28T09:00:00Z");
constexpr auto kTiny = 300ms;  // for a server that never answers

Address address(std::string_view text) { return Address::parse(text).value(); }
const Address kTown = address("mairie@exemple.fr");
const Address kJeanne = address("jeanne.martin@exemple.fr");

Message letter() {
  return {
      .id = "receipt.1@mairie.exemple.fr",
      .from = {kTown, Personal<std::string>("Mairie d’Épinal, état civil")},
      .to = {kJeanne, Personal<std::string>("Jeanne “Nana” Martin-Lefèvre")},
      .subject = Personal<std::string>("Votre demande d’acte de naissance est bien reçue : "
                                       "nous vous répondons d’ici au 1er décembre"),
      .text = Personal<std::string>("Bonjour,\n\n.\n..\nVotre demande est reçue.\nœuvre 12 €\n")};
}
Personal<std::string> bytes(const Message& message = letter()) {
  return compose(message, kNow, Zone::paris()).value();
}
SmtpConfig to(const SmtpServer& server, Tls tls = Tls::none) {
  return {.url = server.url(), .starttls = tls, .helo = "mairie.exemple.fr"};
}
json::object script(std::string_view stage, std::string_view what) {
  return {{"script", {{stage, what}}}};
}
Delivery deliver(const SmtpConfig& config) { return Smtp(config).send(kTown, kJeanne, bytes()); }

std::string decoded(const json::value& part) {  // base64
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : part.at("bytes").as_string()) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<unsigned>(kDigits.find(c));
    if ((count += 6) >= 8) out += static_cast<char>(bits >> (count -= 8) & 0xff);
  }
  return out;
}

TEST(Smtp, WhatIsSentIsWhatIsRead) {
  const SmtpServer server;
  Message message = letter();
  message.reply_to = Mailbox{address("accueil@exemple.fr"), Personal<std::string>("Accueil")};
  message.html = Personal<std::string>(
      "<!doctype html><html lang=\"fr\"><p>Reçue : " + std::string(3000, 'x') + "</p></html>\n");
  std::string all;
  for (int i = 0; i < 4096; ++i) all += static_cast<char>(i * 7);
  message.attachments.push_back({Personal<std::string>("Accusé de réception n° 12 (été).pdf"),
                                 "application/pdf", Personal<std::string>(all)});
  message.attachments.push_back(
      {Personal<std::string>("lisez-moi.txt"), "text/plain", Personal<std::string>("œ\r\nfin")});
  const Delivery delivery = Smtp(to(server)).send(kTown, kJeanne, bytes(message));
  EXPECT_EQ(delivery.fate, Fate::sent) << delivery.why;
  EXPECT_EQ(delivery.code, 250);
  EXPECT_EQ(delivery.status, "2.0.0");
  EXPECT_EQ(delivery.why, "");

  ASSERT_EQ(server.received(), 1);
  const json::object got = server.record();
  EXPECT_EQ(got.at("mail_from"), "mairie@exemple.fr");
  EXPECT_EQ(got.at("rcpt_tos"), json::array{"jeanne.martin@exemple.fr"});
  EXPECT_EQ(got.at("helo"), "mairie.exemple.fr");
  const auto boxes = [](std::string_view name, std::string_view where) {
    json::array all;
    all.push_back(json::array{name, where});
    return all;
  };
  EXPECT_EQ(got.at("from"), boxes(message.from.name.read(), "mairie@exemple.fr"));
  EXPECT_EQ(got.at("to"), boxes(message.to.name.read(), "jeanne.martin@exemple.fr"));
  EXPECT_EQ(got.at("reply_to"), boxes("Accueil", "accueil@exemple.fr"));
  const json::object& headers = got.at("headers").as_object();
  EXPECT_EQ(headers.at("Subject").as_string(), message.subject.read());
  EXPECT_EQ(headers.at("Message-Id"), "<receipt.1@mairie.exemple.fr>");
  EXPECT_EQ(headers.at("Auto-Submitted"), "auto-generated");
  EXPECT_EQ(headers.at("Date"), "Sat, 28 Nov 2026 10:00:00 +0100");
  EXPECT_EQ(got.at("defects"), json::array{});
  EXPECT_EQ(got.at("types"), (json::array{"multipart/mixed", "multipart/alternative", "text/plain",
                                          "text/html", "application/pdf", "text/plain"}));
  const json::array& parts = got.at("parts").as_array();
  ASSERT_EQ(parts.size(), 4u);
  const auto lines = [](std::string text) {  // as they travel
    std::string out;
    for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
    return out;
  };
  EXPECT_EQ(decoded(parts[0]), lines(message.text.read()));
  EXPECT_EQ(parts[0].at("charset"), "utf-8");
  EXPECT_EQ(decoded(parts[1]), lines(message.html->read()));
  EXPECT_EQ(decoded(parts[2]), all);
  EXPECT_EQ(parts[2].at("name"), "Accusé de réception n° 12 (été).pdf");
  EXPECT_EQ(parts[2].at("disposition"), "attachment");
  EXPECT_EQ(decoded(parts[3]), "œ\r\nfin");
  EXPECT_EQ(server.bytes(), bytes(message).read()) << "byte for byte";
}

TEST(Smtp, TheSameMailTwiceIsTheSameMail) {
  const SmtpServer server(script("END", "drop"));  // it took it, and we never learn
  const Delivery first = deliver(to(server));
  EXPECT_EQ(first.fate, Fate::transient);
  deliver(to(server));
  ASSERT_EQ(server.received(), 2);
  EXPECT_EQ(server.bytes(1), server.bytes(2));
}

TEST(Smtp, ALargeMail) {
  const SmtpServer server;
  Message message = letter();
  message.attachments.push_back({Personal<std::string>("plan.bin"), "application/octet-stream",
                                 Personal<std::string>(std::string(3 << 20, '.'))});
  const auto mail = bytes(message);
  EXPECT_EQ(Smtp(to(server)).send(kTown, kJeanne, mail).fate, Fate::sent);
  EXPECT_EQ(server.bytes(), mail.read());
}

struct Refusal {
  const char* stage;
  const char* says;
  Fate fate;
  int code;
  const char* status;
  const char* why;
};

class Refusals : public ::testing::TestWithParam<Refusal> {};
INSTANTIATE_TEST_SUITE_P(
    Of, Refusals,
    ::testing::Values(
        Refusal{"GREETING", "421 4.3.2 busy", Fate::transient, 421, "4.3.2", "before any mail"},
        Refusal{"GREETING", "554 5.7.1 not you", Fate::transient, 554, "5.7.1", "before any mail"},
        Refusal{"MAIL", "451 4.3.0 jeanne", Fate::transient, 451, "4.3.0", "to MAIL"},
        Refusal{"MAIL", "530 5.7.0 sign in", Fate::transient, 530, "5.7.0", "to MAIL"},
        Refusal{"MAIL", "550 5.1.8 jeanne", Fate::permanent, 550, "5.1.8", "to MAIL"},
        Refusal{"RCPT", "450 4.2.0 jeanne", Fate::transient, 450, "4.2.0", "to RCPT"},
        Refusal{"RCPT", "550 5.1.1 <jeanne.martin@exemple.fr> unknown", Fate::permanent, 550,
                "5.1.1", "to RCPT"},
        Refusal{"RCPT", "550 jeanne is not here", Fate::permanent, 550, "", "to RCPT"},
        Refusal{"RCPT", "553 5.1.jeanne", Fate::permanent, 553, "", "to RCPT"},
        Refusal{"DATA", "452 4.3.1 jeanne", Fate::transient, 452, "4.3.1", "to DATA"},
        Refusal{"DATA", "554 5.6.0 jeanne", Fate::permanent, 554, "5.6.0", "to DATA"},
        Refusal{"BODY", "451 4.7.1 jeanne", Fate::transient, 451, "4.7.1", "to the mail itself"},
        Refusal{"BODY", "554 5.7.1 jeanne is spam", Fate::permanent, 554, "5.7.1",
                "to the mail itself"}),
    [](const auto& info) {
      return std::string(info.param.stage) + std::string(info.param.says, 3) + '_' +
             std::to_string(info.index);
    });

TEST_P(Refusals, TellTryLaterFromNever) {
  const Refusal& expected = GetParam();
  const SmtpServer server(script(expected.stage, expected.says));
  const Delivery delivery = deliver(to(server));
  EXPECT_EQ(delivery.fate, expected.fate);
  EXPECT_EQ(delivery.code, expected.code);
  EXPECT_EQ(delivery.status, expected.status);
  EXPECT_THAT(delivery.why, AllOf(HasSubstr(std::to_string(expected.code)), HasSubstr(expected.why),
                                  Not(HasSubstr("jeanne"))));
  EXPECT_EQ(server.received(), 0);
}

TEST(Smtp, ABrokenExchangeIsForLater) {
  for (const char* stage : {"GREETING", "EHLO", "MAIL", "RCPT", "DATA", "BODY"}) {
    const SmtpServer server(script(stage, "drop"));
    const Delivery delivery = deliver(to(server));
    EXPECT_EQ(delivery.fate, Fate::transient) << stage;
    EXPECT_THAT(delivery.why, HasSubstr("broke off")) << stage;
    EXPECT_EQ(server.received(), 0) << stage;
  }
}

TEST(Smtp, ASlowServerIsForLater) {
  for (const char* stage : {"GREETING", "EHLO", "MAIL", "RCPT", "DATA", "BODY"}) {
    const SmtpServer server(script(stage, "hang"));
    SmtpConfig config = to(server);
    config.send_max = kTiny;
    const Delivery delivery = deliver(config);
    EXPECT_EQ(delivery.fate, Fate::transient) << stage;
    EXPECT_THAT(delivery.why, HasSubstr("too slow")) << stage;
  }
}

TEST(Smtp, NobodyThereIsForLater) {
  SmtpServer server;
  server.stop();
  const Delivery refused = deliver(to(server));
  EXPECT_EQ(refused.fate, Fate::transient);
  EXPECT_EQ(refused.code, 0);
  EXPECT_THAT(refused.why, HasSubstr("connection"));
  const Delivery unknown = deliver({.url = "smtp://mail.invalid", .starttls = Tls::none});
  EXPECT_EQ(unknown.fate, Fate::transient);
  EXPECT_THAT(unknown.why, HasSubstr("DNS"));
}

TEST(Smtp, TooLargeGoesNowhere) {
  const SmtpServer small({{"size", 1000}});
  const Delivery refused = Smtp(to(small)).send(
      kTown, kJeanne, Personal<std::string>(bytes().read() + std::string(2000, 'x')));
  EXPECT_EQ(refused.fate, Fate::permanent);
  EXPECT_EQ(refused.code, 552);
  const SmtpServer server;
  SmtpConfig config = to(server);
  config.bytes_max = 10;
  const Delivery ours = deliver(config);
  EXPECT_EQ(ours.fate, Fate::permanent);
  EXPECT_THAT(ours.why, HasSubstr("larger"));
  EXPECT_EQ(server.received(), 0);
}

class Encrypted : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    const std::string make =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
        "-days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost "
        "-keyout '" +
        key_ + "' -out '" + certificate_ + "' 2>/dev/null";
    ASSERT_EQ(std::system(make.c_str()), 0) << "openssl is not installed: run bin/setup";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  json::object with_tls() const { return {{"certificate", certificate_}, {"key", key_}}; }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("parvis-tls-" + crypto::random_hex(6));
  const std::string certificate_ = (folder_ / "certificate.pem").string();
  const std::string key_ = (folder_ / "key.pem").string();
};

TEST_F(Encrypted, ByStartTls) {
  const SmtpServer server(with_tls());
  SmtpConfig config = to(server, Tls::required);
  EXPECT_THAT(deliver(config).why, HasSubstr("certificate")) << "nobody vouches for it";
  EXPECT_EQ(server.received(), 0);
  config.ca_file = certificate_;
  EXPECT_EQ(deliver(config).fate, Fate::sent);
  ASSERT_EQ(server.received(), 1);
  EXPECT_EQ(server.record().at("tls"), true);
  EXPECT_EQ(deliver(to(server, Tls::optional)).fate, Fate::sent);
  EXPECT_EQ(server.record(2).at("tls"), true) << "under any certificate";
  EXPECT_EQ(deliver(to(server, Tls::none)).fate, Fate::sent);
  EXPECT_EQ(server.record(3).at("tls"), false);
}

TEST_F(Encrypted, ForAnotherNameItDoesNotHold) {
  const SmtpServer server(with_tls());
  SmtpConfig config = to(server, Tls::required);
  config.url = "smtp://127.0.0.1:" + server.port();
  config.ca_file = certificate_;
  const Delivery delivery = deliver(config);
  EXPECT_EQ(delivery.fate, Fate::transient);
  EXPECT_THAT(delivery.why, HasSubstr("certificate"));
  EXPECT_EQ(server.received(), 0);
}

TEST_F(Encrypted, FromTheFirstByte) {
  json::object options = with_tls();
  options["smtps"] = true;
  const SmtpServer server(options);
  SmtpConfig config = to(server);
  config.url = server.url("smtps");
  config.ca_file = certificate_;
  EXPECT_EQ(deliver(config).fate, Fate::sent);
  EXPECT_EQ(server.record().at("tls"), true);
}

TEST(Smtp, WithoutTlsWhereItIsRequiredNothingIsSent) {
  const SmtpServer server;
  const Delivery delivery = deliver(to(server, Tls::required));
  EXPECT_EQ(delivery.fate, Fate::transient);
  EXPECT_THAT(delivery.why, HasSubstr("STARTTLS"));
  EXPECT_EQ(server.received(), 0);
  EXPECT_EQ(deliver(to(server, Tls::optional)).fate, Fate::sent);
}

TEST_F(Encrypted, SignsIn) {
  json::object options = with_tls();
  options["user"] = {"parvis", "s3cret é"};
  const SmtpServer server(options);
  SmtpConfig config = to(server, Tls::required);
  config.ca_file = certificate_;
  EXPECT_EQ(deliver(config).fate, Fate::transient) << "530: not the mail's fault";
  config.user = "parvis";
  config.password = Secret<std::string>("wrong");
  const Delivery refused = deliver(config);
  EXPECT_EQ(refused.fate, Fate::transient);
  EXPECT_THAT(refused.why, AllOf(HasSubstr("password"), Not(HasSubstr("wrong"))));
  EXPECT_EQ(Smtp(config).check().fate, Fate::transient);
  EXPECT_EQ(server.received(), 0);
  config.password = Secret<std::string>("s3cret é");
  EXPECT_EQ(Smtp(config).check().fate, Fate::sent);
  EXPECT_EQ(deliver(config).fate, Fate::sent);
  EXPECT_EQ(server.record().at("user"), "parvis");
}

TEST(Smtp, ACheckSendsNothing) {
  SmtpServer server;
  EXPECT_EQ(Smtp(to(server)).check().fate, Fate::sent);
  EXPECT_EQ(server.received(), 0);
  server.stop();
  EXPECT_EQ(Smtp(to(server)).check().fate, Fate::transient);
  const SmtpServer busy(script("GREETING", "421 4.3.2 busy"));
  EXPECT_EQ(Smtp(to(busy)).check().fate, Fate::transient);
}

TEST(Smtp, RefusesAConfigurationThatCannotBeMeant) {
  const auto code = [](SmtpConfig config) {
    try {
      const Smtp smtp(std::move(config));
    } catch (const Error& error) {
      return error.code();
    }
    return Errc::failed;  // it took it
  };
  for (const char* url : {"", "mail.exemple.fr", "http://mail.exemple.fr", "smtp://",
                          "smtp://mail.exemple.fr/path", "smtp://user:pass@mail.exemple.fr",
                          "smtp://mail exemple.fr", "smtp://mail.exemple.fr:", "smtp://a:1234567",
                          "smtp://mail.exemple.fr:25\r\nQUIT", "smtp:/mail"})
    EXPECT_EQ(code({.url = url}), Errc::invalid) << url;
  EXPECT_EQ(code({.url = "smtp://a.fr", .helo = "a\r\nMAIL"}), Errc::invalid);
  EXPECT_EQ(code({.url = "smtp://a.fr", .starttls = Tls::optional, .user = "u"}), Errc::invalid);
  const Smtp near({.url = "smtp://localhost:25", .starttls = Tls::none, .user = "u"});
  EXPECT_THROW(Smtp({.url = "smtp://127.evil.example", .starttls = Tls::none, .user = "u"}), Error);
  const Smtp safe({.url = "smtps://a.fr", .starttls = Tls::none, .user = "u"});
}

}  // namespace
}  // namespace parvis::mail
