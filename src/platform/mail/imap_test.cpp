#include "mail/imap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/imap_server.hpp"

namespace parvis::mail {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string mail_of(const std::string& subject, const std::string& body) {
  return "From: Ana <ana@example.org>\r\nTo: dossier@ville.example\r\nSubject: " + subject +
         "\r\nMessage-ID: <" + subject + "@example.org>\r\n\r\n" + body + "\r\n";
}

ImapConfig config_for(const support::ImapServer& server) {
  ImapConfig config;
  config.url = server.url();
  config.starttls = Tls::none;
  config.user = "parvis";
  config.password = Secret(std::string("secret"));
  return config;
}

TEST(Imap, ReadsMovesAndLosesNothing) {
  support::ImapServer server;
  Imap imap(config_for(server));
  ASSERT_THAT(imap.waiting(10).value(), IsEmpty());
  const std::string long_body = std::string(200'000, 'x') + "\r\n* 1 FETCH (UID 9)\r\nfin";
  server.put(mail_of("un", "Bonjour."));
  server.put(mail_of("deux", long_body));
  server.put(mail_of("trois", "Encore."));
  const auto found = imap.waiting(2).value();
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_GT(found[1].bytes, 200'000u);
  EXPECT_THAT(imap.mail(found[0].uid).value(), HasSubstr("Bonjour."));
  EXPECT_THAT(imap.mail(found[1].uid).value(), HasSubstr("UID 9)\r\nfin"));
  const std::string headers = imap.headers(found[1].uid).value();
  EXPECT_THAT(headers, HasSubstr("Subject: deux"));
  EXPECT_LT(headers.size(), 1000u);
  ASSERT_TRUE(imap.move(found[0].uid, "Parvis/non reconnus"));
  ASSERT_TRUE(imap.move(found[1].uid, "Parvis/repris"));
  EXPECT_EQ(server.count("Parvis.non reconnus"), 1u);
  EXPECT_EQ(server.count("Parvis.repris"), 1u);
  const auto left = imap.waiting(10).value();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_THAT(imap.mail(left[0].uid).value(), HasSubstr("Encore."));
  // The folder is there now, for another connection.
  Imap later(config_for(server));
  EXPECT_TRUE(later.move(left[0].uid, "Parvis/repris"));
  EXPECT_EQ(server.count("Parvis.repris"), 2u);
  EXPECT_EQ(server.count(), 0u);
}

TEST(Imap, AServerThatCannotMoveHasEachMailInItsFolderOnce) {
  support::ImapServer server({{"refuse", json::array{"UID MOVE", "UID EXPUNGE"}}});  // RFC 3501
  Imap imap(config_for(server));
  server.put(mail_of("un", "Bonjour."));
  server.put(mail_of("deux", "Encore."));
  const auto found = imap.waiting(10).value();
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_TRUE(imap.move(found[0].uid, "Parvis/repris"));
  const auto left = imap.waiting(10).value();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].uid, found[1].uid);
  EXPECT_THAT(Imap(config_for(server)).waiting(10).value(), SizeIs(1));  // the next poll
  EXPECT_EQ(server.count("Parvis.repris"), 1u);
  EXPECT_EQ(server.count(), 2u);  // nothing is deleted: what a person marked would go with it
}

TEST(Imap, AnswersAreReadWhateverElseTheServerSays) {
  EXPECT_THAT(uids_in("* 3 EXISTS\r\n* SEARCH 7 2 2 x\r\n* SEARCH\r\n", 10),
              ::testing::ElementsAre(2u, 7u));
  EXPECT_THAT(uids_in("* SEARCH 3 1 2\r\n", 2), ::testing::ElementsAre(1u, 2u));
  const auto sizes = sizes_in("* 1 FETCH (RFC822.SIZE 9 UID 6)\r\n* 2 FETCH (FLAGS ())\r\n", 10);
  ASSERT_THAT(sizes, SizeIs(1));
  EXPECT_EQ(sizes[0].uid, 6u);
  EXPECT_EQ(sizes[0].bytes, 9u);
  EXPECT_EQ(separator_in("* LIST (\\Noselect) \".\" \"\"\r\n"), '.');
  EXPECT_EQ(separator_in("* LIST (\\Noselect) NIL \"\"\r\n"), '/');
  EXPECT_EQ(separator_in(""), '/');
}

TEST(Imap, SaysWhatIsWrongAndNothingAboutPeople) {
  support::ImapServer server;
  ImapConfig wrong = config_for(server);
  wrong.password = Secret(std::string("other"));
  EXPECT_THAT(Imap(wrong).waiting(1).error().what, HasSubstr("the user or the password"));
  ImapConfig strict = config_for(server);
  strict.starttls = Tls::required;
  EXPECT_THAT(Imap(strict).waiting(1).error().what, HasSubstr("STARTTLS"));
  ImapConfig elsewhere = config_for(server);
  elsewhere.folder = "Absent";
  EXPECT_FALSE(Imap(elsewhere).waiting(1));
  Imap here(config_for(server));
  EXPECT_FALSE(here.mail(99).value_or("").contains("a"));
  server.stop();
  EXPECT_THAT(Imap(config_for(server)).waiting(1).error().what, HasSubstr("does it run"));
  EXPECT_FALSE(here.waiting(1));
}

TEST(Imap, RefusesSettingsThatDoNotGoTogether) {
  for (const char* url : {"", "http://mail.example", "imap://", "imap://mail.example:x",
                          "imap://mail.example/INBOX", "imap://a@mail.example"}) {
    ImapConfig config;
    config.url = url;
    EXPECT_THROW(Imap{config}, Error) << url;
  }
  ImapConfig clear;
  clear.url = "imap://mail.example";
  clear.starttls = Tls::none;
  EXPECT_THROW(Imap{clear}, Error);
  clear.url = "imap://127.evil.example";
  EXPECT_THROW(Imap{clear}, Error);
  ImapConfig folder;
  folder.url = "imaps://mail.example";
  folder.folder = "a\"\r\nb";
  EXPECT_THROW(Imap{folder}, Error);
}

}  // namespace
}  // namespace parvis::mail
