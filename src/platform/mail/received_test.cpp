#include "mail/received.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mail/html_text.hpp"
#include "mail/message.hpp"
#include "mail/quoted.hpp"

namespace parvis::mail {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Received read(const std::string& text) { return read_mail(text).value(); }
Writer writer(const std::string& headers) {
  return read("From: a@exemple.fr\r\n" + headers + "\r\nBonjour\r\n").writer;
}

TEST(Received, IsWhatAPersonWrote) {
  const Received mail = read(
      "From: =?utf-8?q?Jeanne_Lef=C3=A8vre?= <Jeanne@Exemple.fr>\r\n"
      "To: Mairie <mairie@exemple.fr>, accueil@exemple.fr\r\n"
      "Cc: \"Nom, de travers\" <not an address>, maire@exemple.fr\r\n"
      "Subject: =?utf-8?b?UmU6IHZvdHJlIGRlbWFuZGUgcmXDp3Vl?=\r\n"
      "Date: Sat, 28 Nov 2026 10:00:00 +0100\r\n"
      "Message-ID: <x1@exemple.fr>\r\n"
      "In-Reply-To: <receipt.1@mairie.exemple.fr>\r\n"
      "References: <first@exemple.fr>\r\n <receipt.1@mairie.exemple.fr>\r\n"
      "Content-Type: text/plain; charset=iso-8859-1\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
      "Merci, c'est not=E9.\r\n\r\n"
      "Le sam. 28 nov. 2026 =E0 09:00, Mairie <mairie@exemple.fr> a =E9crit :\r\n"
      "> Votre demande est re=E7ue.\r\n");
  EXPECT_EQ(mail.writer, Writer::person);
  EXPECT_EQ(mail.from->value().read(), "Jeanne@exemple.fr");
  EXPECT_EQ(mail.from_name.read(), "Jeanne Lefèvre");
  std::vector<std::string> to;
  for (const Address& each : mail.to) to.push_back(each.value().read());
  EXPECT_THAT(to, ElementsAre("mairie@exemple.fr", "accueil@exemple.fr", "maire@exemple.fr"));
  EXPECT_EQ(mail.subject.read(), "Re: votre demande reçue");
  EXPECT_EQ(mail.date, parse_rfc3339("2026-11-28T09:00:00Z"));
  EXPECT_EQ(mail.id, "x1@exemple.fr");
  EXPECT_THAT(mail.references, ElementsAre("first@exemple.fr", "receipt.1@mairie.exemple.fr"));
  EXPECT_EQ(mail.text.read(), "Merci, c'est noté.");
  EXPECT_THAT(mail.files, IsEmpty());
  EXPECT_EQ(mail.left_out, 0u);
}

TEST(Received, ReadsWhatWeWrite) {
  Message message{.id = "receipt.1@mairie.exemple.fr",
                  .from = {Address::parse("mairie@exemple.fr").value(),
                           Personal<std::string>("Mairie d’Épinal")},
                  .to = {Address::parse("jeanne@exemple.fr").value()},
                  .subject = Personal<std::string>("Votre demande “œuvre” est reçue"),
                  .text = Personal<std::string>("Bonjour,\n\nReçue.\n"),
                  .html = Personal<std::string>("<p>Autre</p>")};
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  message.references = {"a@exemple.fr"};
  message.attachments.push_back(
      {Personal<std::string>("reçu n° 1.pdf"), "application/pdf", Personal<std::string>(all)});
  const Received mail =
      read(compose(message, *parse_rfc3339("2026-11-28T09:00:00Z"), Zone::paris())->read());
  EXPECT_EQ(mail.writer, Writer::machine) << "we say that a machine wrote it";
  EXPECT_EQ(mail.from_name.read(), message.from.name.read());
  EXPECT_EQ(mail.subject.read(), message.subject.read());
  EXPECT_EQ(mail.id, message.id);
  EXPECT_THAT(mail.references, ElementsAre("a@exemple.fr"));
  EXPECT_EQ(mail.text.read(), "Bonjour,\n\nReçue.");
  ASSERT_THAT(mail.files, SizeIs(1));
  EXPECT_EQ(mail.files[0].name.read(), "reçu n° 1.pdf");
  EXPECT_EQ(mail.files[0].type, "application/pdf");
  EXPECT_EQ(mail.files[0].bytes.read(), all);
}

TEST(Received, TellsMachinesFromPersons) {
  EXPECT_EQ(writer(""), Writer::person);
  EXPECT_EQ(writer("Auto-Submitted: no\r\n"), Writer::person);
  EXPECT_EQ(writer("Precedence: first-class\r\n"), Writer::person);
  EXPECT_EQ(writer("Return-Path: <a@exemple.fr>\r\n"), Writer::person);
  EXPECT_EQ(writer("Auto-Submitted: auto-replied\r\n"), Writer::machine);
  EXPECT_EQ(writer("Auto-Submitted: Auto-Generated; owner=x\r\n"), Writer::machine);
  EXPECT_EQ(writer("Precedence: BULK\r\n"), Writer::machine);
  EXPECT_EQ(writer("Precedence: auto_reply\r\n"), Writer::machine);
  EXPECT_EQ(writer("X-Autoreply: yes\r\n"), Writer::machine);
  EXPECT_EQ(writer("X-Auto-Response-Suppress: All\r\n"), Writer::machine);
  EXPECT_EQ(writer("List-Id: <info.exemple.fr>\r\n"), Writer::list);
  EXPECT_EQ(writer("Precedence: list\r\n"), Writer::list);
  EXPECT_EQ(writer("Return-Path: <>\r\n"), Writer::bounce);
  EXPECT_EQ(writer("Return-Path: <>\r\nAuto-Submitted: auto-replied\r\n"), Writer::machine);
  EXPECT_EQ(read("From: MAILER-DAEMON@mx.exemple.fr\r\n\r\nx").writer, Writer::bounce);
}

TEST(Received, ABounceNamesTheMailAndWhy) {
  const Received mail = read(
      "Return-Path: <>\r\nFrom: postmaster@mx.exemple.fr\r\nSubject: Undelivered\r\n"
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
      "--b\r\nContent-Type: text/plain\r\n\r\nIt did not arrive.\r\n"
      "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
      "Reporting-MTA: dns; mx.exemple.fr\r\n\r\n"
      "Final-Recipient: rfc822; jeanne@exemple.fr\r\nAction: failed\r\nStatus: 5.1.1\r\n"
      "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
      "From: mairie@exemple.fr\r\nMessage-Id: <receipt.1@mairie.exemple.fr>\r\n"
      "--b--\r\n");
  ASSERT_EQ(mail.writer, Writer::bounce);
  EXPECT_EQ(mail.bounce->id, "receipt.1@mairie.exemple.fr");
  EXPECT_EQ(mail.bounce->status, "5.1.1");
  EXPECT_EQ(mail.text.read(), "It did not arrive.");

  const Received whole = read(
      "From: MAILER-DAEMON@mx.exemple.fr\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
      "--b\r\n\r\nReturned.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
      "Message-ID: <receipt.2@mairie.exemple.fr>\r\nSubject: x\r\n\r\nBonjour\r\n--b--\r\n");
  ASSERT_EQ(whole.writer, Writer::bounce);
  EXPECT_EQ(whole.bounce->id, "receipt.2@mairie.exemple.fr");
  EXPECT_EQ(whole.bounce->status, "");
  EXPECT_EQ(whole.text.read(), "Returned.");
  ASSERT_THAT(whole.files, SizeIs(1));
  EXPECT_EQ(whole.files[0].type, "message/rfc822");
}

TEST(Received, HtmlAloneIsReadToo) {
  const Received mail = read(
      "From: a@exemple.fr\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
      "<html><head><title>x</title><style>p{}</style></head><body><p>Bonjour,</p>"
      "<div>une&nbsp;question &amp; une <b>autre</b><br>ligne</div>"
      "<div>Le 28 nov. 2026, Mairie a écrit :</div><blockquote><p>Reçue</p></blockquote>"
      "<script>alert(1)</script></body></html>");
  EXPECT_EQ(mail.text.read(), "Bonjour,\n\nune\u00a0question & une autre\nligne");
}

TEST(Received, FilesWithLimits) {
  std::string text =
      "From: a@exemple.fr\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
      "--b\r\nContent-Type: text/plain\r\n\r\nVoici.\r\n"
      "--b\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\nContent-Disposition: inline\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\n"
      "--b\r\nContent-Type: Application/PDF; name=\"..\\\\..\\\\a/b\\\\re\r\n "
      "=?utf-8?q?=C3=A7?=u.pdf\"\r\n"
      "Content-Disposition: attachment\r\n\r\n%PDF\r\n";
  for (std::size_t i = 0; i < kReceivedFilesMax; ++i)
    text += "--b\r\nContent-Type: application/x-y\r\n\r\nz\r\n";
  const Received mail = read(text + "--b--\r\n");
  EXPECT_EQ(mail.text.read(), "Voici.");
  ASSERT_THAT(mail.files, SizeIs(kReceivedFilesMax));
  EXPECT_EQ(mail.left_out, 2u);
  EXPECT_EQ(mail.files_left_out, 2u);
  EXPECT_EQ(mail.files[0].bytes.read(), std::string("\0\1\2", 3));
  EXPECT_FALSE(mail.files[1].embedded);
  EXPECT_EQ(mail.files[1].type, "application/pdf");
  EXPECT_EQ(mail.files[1].name.read().find_first_of("/\\"), std::string::npos);
  EXPECT_EQ(mail.files[2].name.read(), "piece-jointe-3");
}

// What its HTML shows and is small: a logo. A photo that a phone puts into the text is a file.
TEST(Received, ASmallImageThatTheTextShowsIsEmbedded) {
  const auto image = [](const std::string& id, std::size_t bytes) {
    return "--b\r\nContent-Type: image/png; name=" + id + ".png\r\nContent-ID: <" + id +
           "@x>\r\nContent-Disposition: inline\r\n\r\n" + std::string(bytes, 'p') + "\r\n";
  };
  const Received mail = read(
      "Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
      "<p>Voici.<img src=\"cid:logo%40x\"><img src='cid:photo@x'>\r\n" +
      image("logo", 100) + image("photo", kEmbeddedMax + 1) + image("autre", 100) +
      "--b\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n"
      "Content-Disposition: attachment\r\n\r\nx\r\n--b--\r\n");
  ASSERT_THAT(mail.files, SizeIs(3));
  EXPECT_TRUE(mail.files[0].embedded);
  EXPECT_FALSE(mail.files[1].embedded) << "too large for a logo";
  EXPECT_FALSE(mail.files[2].embedded) << "the text does not show it";
}

TEST(Received, PartsAndNestingHaveLimits) {
  std::string many = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
  for (std::size_t i = 0; i < 3 * kPartsMax; ++i) many += "--b\r\n\r\nx\r\n";
  EXPECT_GT(read(many).left_out, 0u);
  std::string deep = "Subject: x\r\n";
  for (int i = 0; i < 500; ++i) {
    const std::string b = std::to_string(i);
    deep += "Content-Type: multipart/mixed; boundary=b" + b + "\r\n\r\n--b" + b + "\r\n";
  }
  EXPECT_GT(read(deep + "\r\nx").left_out, 0u);
  EXPECT_FALSE(read_mail(std::string(kReceivedMax + 1, 'x')));
  const Received large = read("From: a@exemple.fr\r\n\r\n" + std::string(2'000'000, 'x'));
  EXPECT_EQ(large.text.read().size(), kReceivedTextMax);
  EXPECT_GT(large.left_out, 0u);
}

TEST(Received, LyingMailIsStillText) {
  EXPECT_EQ(read("From: a@exemple.fr\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
                 "d\xe9j\xe0 \x80")
                .text.read(),
            "déjà €");
  const Received mail = read(
      "From: <not an address>\r\nSubject: =?utf-8?q?a=0D=0ABcc:_x?=\r\n"
      "Message-ID: <no good>\r\nDate: yesterday\r\n\r\nx");
  EXPECT_EQ(mail.from, std::nullopt);
  EXPECT_EQ(mail.subject.read(), "a Bcc: x");
  EXPECT_EQ(mail.id, "");
  EXPECT_EQ(mail.date, std::nullopt);
  EXPECT_EQ(read("\r\n").text.read(), "");
}

TEST(WithoutQuoted, LeavesWhatTheyWrote) {
  EXPECT_EQ(without_quoted("Merci\n\n> Bonjour\n> fin\n"), "Merci");
  EXPECT_EQ(without_quoted("Merci\n\nLe lun. 2 nov. 2026 à 10:12,\nMairie <m@e.fr> a écrit :\n\n"
                           "> Bonjour\n"),
            "Merci");
  EXPECT_EQ(without_quoted("Merci\n\nOn Mon, 2 Nov 2026, Mairie wrote:\n> x\n"), "Merci");
  EXPECT_EQ(without_quoted("Merci\n\n-----Message d'origine-----\nDe : Mairie\nx\n"), "Merci");
  EXPECT_EQ(without_quoted("Merci\n\n________________________________\nDe : Mairie <m@e.fr>\n"
                           "Envoyé : lundi 2 novembre\nÀ : Jeanne\nObjet : x\n\nBonjour\n"),
            "Merci");
  EXPECT_EQ(without_quoted("Merci\n\nLe 2 nov. 2026, Mairie a écrit :\nBonjour\nsans signe\n"),
            "Merci");
  EXPECT_EQ(without_quoted("Merci\n-- \nJeanne\n01 02 03 04 05\n"), "Merci");
}

TEST(WithoutQuoted, KeepsAnswersBetweenAndBelow) {
  EXPECT_EQ(without_quoted("Le 2 nov. 2026, Mairie a écrit :\n> Quel jour ?\nLundi.\n"
                           "> À quelle heure ?\nÀ dix heures.\n"),
            "Lundi.\nÀ dix heures.");
}

TEST(WithoutQuoted, KeepsWhatOnlyLooksQuoted) {
  for (const std::string text :
       {"Le maire m'a écrit : que faire ?", "De : quoi parlez-vous\nmerci",
        "On the phone she wrote: nothing\nmore", "a\n---\nb", "Le 5 mars j'ai reçu un courrier"})
    EXPECT_EQ(without_quoted(text), text);
  EXPECT_EQ(without_quoted("> tout est cité\n"), "> tout est cité") << "rather than nothing";
  EXPECT_EQ(without_quoted(""), "");
  EXPECT_EQ(without_quoted("\n\n \n"), "");
}

TEST(HtmlText, HasLimits) {
  EXPECT_EQ(html_text("<p>a<p>b"), "a\n\nb\n");
  std::string deep;
  for (std::size_t i = 0; i <= kHtmlDepth; ++i) deep += "<div>";
  EXPECT_EQ(html_text(deep + "x"), "");
  EXPECT_EQ(html_text(std::string(kHtmlRead + 1, 'x')), "");
}

}  // namespace
}  // namespace parvis::mail
