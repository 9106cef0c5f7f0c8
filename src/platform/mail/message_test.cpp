#include "mail/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::mail {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const Instant kNow = *parse_rfc3339("2026-11-28T09:00:00Z");

Address address(std::string_view text) { return Address::parse(text).value(); }

Message plain() {
  return {.id = "receipt.1@mairie.exemple.fr",
          .from = {address("mairie@exemple.fr"), Personal<std::string>("Mairie d’Épinal")},
          .to = {address("jeanne@exemple.fr")},
          .subject = Personal<std::string>("Votre demande est reçue"),
          .text = Personal<std::string>("Bonjour,\n\nC’est noté.\n")};
}
std::string bytes(const Message& m, Instant now = kNow) {
  const auto made = compose(m, now, Zone::paris());
  return made ? made->read() : "refused: " + made.error().what;
}

TEST(Compose, IsASmallMail) {
  Message m = plain();
  m.from.name = Personal<std::string>("Mairie");
  m.subject = Personal<std::string>("Bonjour");
  m.text = Personal<std::string>("Oui");
  EXPECT_EQ(bytes(m),
            "Date: Sat, 28 Nov 2026 10:00:00 +0100\r\n"
            "From: Mairie <mairie@exemple.fr>\r\n"
            "Subject: Bonjour\r\n"
            "To: jeanne@exemple.fr\r\n"
            "Message-Id: <receipt.1@mairie.exemple.fr>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "X-Auto-Response-Suppress: All\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "Oui\r\n");
}

TEST(Compose, TheSameMessageIsTheSameBytes) {
  Message m = plain();
  m.html = Personal<std::string>("<p>Bonjour</p>");
  m.attachments.push_back(
      {Personal<std::string>("reçu.pdf"), "application/pdf", Personal<std::string>("%PDF")});
  EXPECT_EQ(bytes(m), bytes(m));
  Message other = m;
  other.id = "receipt.2@mairie.exemple.fr";
  EXPECT_NE(bytes(m), bytes(other));
}

TEST(Compose, TheDateIsThatOfTheZone) {
  EXPECT_THAT(bytes(plain(), *parse_rfc3339("2026-07-01T22:30:00Z")),
              HasSubstr("Date: Thu, 02 Jul 2026 00:30:00 +0200\r\n"));
}

TEST(Compose, LinesAreShortAndSevenBit) {
  Message m = plain();
  m.subject = Personal<std::string>(std::string(90, 'x') + " é " + std::string(90, 'y'));
  m.from.name = Personal<std::string>("Communauté d’agglomération " + std::string(150, 'z'));
  m.text =
      Personal<std::string>(std::string(5000, 'a') + "é" + std::string(5000, 'b') +
                            "\n.\n..\nFrom here\r\nbare\rreturn " + std::string(200, ' ') + "\n");
  m.html = Personal<std::string>("<p>" + std::string(5000, 'a') + "</p>");
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  m.attachments.push_back({Personal<std::string>(std::string(180, 'n') + "é.bin"),
                           "application/octet-stream", Personal<std::string>(all)});
  const std::string made = bytes(m);
  std::size_t begin = 0, longest = 0;
  for (std::size_t at = 0; at < made.size(); ++at) {
    EXPECT_GE(made[at], 0) << "8-bit at " << at;
    if (made[at] == '\n') {
      ASSERT_TRUE(at > 0 && made[at - 1] == '\r') << "bare line feed at " << at;
      longest = std::max(longest, at - 1 - begin);
      begin = at + 1;
    } else if (made[at] == '\r') {
      ASSERT_TRUE(at + 1 < made.size() && made[at + 1] == '\n') << "bare return at " << at;
    }
  }
  EXPECT_EQ(begin, made.size()) << "it ends with a line";
  EXPECT_LE(longest, 998u);
  EXPECT_GT(made.size(), 15'000u);
}

TEST(Compose, HeadersOfItsOwn) {
  Message m = plain();
  m.reply_to = Mailbox{address("accueil@exemple.fr")};
  m.references = {"a@exemple.fr", "b@exemple.fr"};
  m.headers = {{"X-Parvis-Tenant", "demo"}, {"List-Unsubscribe", "<https://exemple.fr/stop>"}};
  EXPECT_THAT(bytes(m), AllOf(HasSubstr("\r\nReply-To: accueil@exemple.fr\r\n"),
                              HasSubstr("\r\nIn-Reply-To: <b@exemple.fr>\r\n"),
                              HasSubstr("\r\nReferences: <a@exemple.fr> <b@exemple.fr>\r\n"),
                              HasSubstr("\r\nX-Parvis-Tenant: demo\r\n"),
                              HasSubstr("\r\nList-Unsubscribe: <https://exemple.fr/stop>\r\n")));
  m.origin = Origin::person;
  EXPECT_THAT(bytes(m), Not(HasSubstr("Auto-")));
}

TEST(Compose, ACalendarSaysItsMethod) {
  Message m = plain();
  m.attachments.push_back({Personal<std::string>("a.ics"), "text/calendar",
                           Personal<std::string>("BEGIN:VCALENDAR"), "REQUEST"});
  EXPECT_THAT(bytes(m), HasSubstr("text/calendar; charset=utf-8; method=REQUEST"));
  m.attachments[0].method = "REQUEST\r\nX: y";
  EXPECT_THAT(bytes(m), HasSubstr("refused: the method"));
}

TEST(Compose, NoHeaderCanBeSlippedIn) {
  const auto refused = [](auto&& change) {
    Message m = plain();
    change(m);
    const std::string made = bytes(m);
    EXPECT_THAT(made, HasSubstr("refused: "));
    EXPECT_THAT(made, Not(HasSubstr("Bcc")));
  };
  for (const std::string evil :
       {"a\r\nBcc: x@y.fr", "a\nBcc: x@y.fr", "a\rBcc: x@y.fr", "a\tBcc", "a\x7f"}) {
    refused([&](Message& m) { m.subject = Personal<std::string>(evil); });
    refused([&](Message& m) { m.from.name = Personal<std::string>(evil); });
    refused([&](Message& m) { m.to.name = Personal<std::string>(evil); });
    refused([&](Message& m) { m.reply_to = {m.from.address, Personal<std::string>(evil)}; });
    refused([&](Message& m) { m.id = evil + "@b"; });
    refused([&](Message& m) { m.references = {evil + "@b"}; });
    refused([&](Message& m) { m.headers = {{"X-A", evil}}; });
    refused([&](Message& m) { m.headers = {{"X-" + evil, "a"}}; });
    refused([&](Message& m) {
      m.attachments.push_back({Personal<std::string>(evil), "a/b", Personal<std::string>("")});
    });
    refused([&](Message& m) {
      m.attachments.push_back({Personal<std::string>("a"), "a/" + evil, Personal<std::string>("")});
    });
  }
}

TEST(Compose, RefusesWhatIsNotWellFormedAndWhatIsTooMuch) {
  const auto why = [](auto&& change) {
    Message m = plain();
    change(m);
    return bytes(m);
  };
  const auto name = [](std::string text) { return Personal<std::string>(std::move(text)); };
  const auto file = [&](std::string n, std::string type, std::size_t size = 1) {
    return Attachment{name(std::move(n)), std::move(type), name(std::string(size, 'x'))};
  };
  EXPECT_THAT(why([](Message& m) { m.id = "receipt"; }), HasSubstr("Message-ID"));
  EXPECT_THAT(why([](Message& m) { m.id = "<a@b>"; }), HasSubstr("Message-ID"));
  EXPECT_THAT(why([](Message& m) { m.id = std::string(kIdMax, 'a') + "@b"; }),
              HasSubstr("Message-ID"));
  EXPECT_THAT(why([&](Message& m) { m.subject = name(""); }), HasSubstr("subject"));
  EXPECT_THAT(why([&](Message& m) { m.subject = name(std::string(kSubjectMax + 1, 'a')); }),
              HasSubstr("subject"));
  EXPECT_THAT(why([&](Message& m) { m.subject = name("\xff"); }), HasSubstr("subject"));
  EXPECT_THAT(why([&](Message& m) { m.from.name = name(std::string(kNameMax + 1, 'a')); }),
              HasSubstr("name of a sender"));
  EXPECT_THAT(why([&](Message& m) { m.text = name(""); }), HasSubstr("plain text"));
  EXPECT_THAT(why([&](Message& m) { m.text = name("\xe9"); }), HasSubstr("UTF-8"));
  EXPECT_THAT(why([&](Message& m) { m.text = name(std::string("a\0b", 3)); }), HasSubstr("UTF-8"));
  EXPECT_THAT(why([&](Message& m) { m.html = name(std::string(kBodyMax + 1, 'a')); }),
              HasSubstr("1 MB"));
  EXPECT_THAT(why([&](Message& m) { m.attachments.assign(kAttachmentsMax + 1, file("a", "a/b")); }),
              HasSubstr("10 attachments"));
  EXPECT_THAT(why([&](Message& m) { m.attachments = {file("a", "a/b", kAttachedMax + 1)}; }),
              HasSubstr("15 MB"));
  for (const char* type : {"", "pdf", "/pdf", "a/", "a/b/c", "a b/c", "multipart/mixed",
                           "message/rfc822", "a/b; name=c"})
    EXPECT_THAT(why([&](Message& m) { m.attachments = {file("a", type)}; }), HasSubstr("type"))
        << type;
  for (const char* folder : {"", "../a", "a\\b"})
    EXPECT_THAT(why([&](Message& m) { m.attachments = {file(folder, "a/b")}; }),
                HasSubstr("name of an attachment"));
  for (const char* header : {"Bcc", "From", "X-", "Content-Type", "X-A:", "Received"})
    EXPECT_THAT(why([&](Message& m) { m.headers = {{header, "a"}}; }), HasSubstr("header is"))
        << header;
  EXPECT_THAT(why([](Message& m) { m.headers.assign(kHeadersMax + 1, {"X-A", "a"}); }),
              HasSubstr("8 headers"));
  EXPECT_THAT(why([](Message& m) { m.references.assign(kReferencesMax + 1, "a@b"); }),
              HasSubstr("20 others"));
}

}  // namespace
}  // namespace parvis::mail
