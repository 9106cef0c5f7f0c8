#include "appointment/letters.hpp"

#include <gmock/gmock.h>

namespace parvis::appointment {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const Zone kParis = Zone::paris();

class Letters : public ::testing::Test {
 protected:
  Reason reason_{.id = "cni",
                 .label = "Demander une carte d’identité",
                 .bring = {"Une photo"},
                 .note = "Les enfants viennent aussi."};
  directory::Service service_{.id = "mairie",
                              .name = "Mairie de Bourg",
                              .pivots = {},
                              .communes = {},
                              .address = {"3, place du Parvis"},
                              .postcode = "00100",
                              .city = "Bourg",
                              .phones = {{"02 61 91 24 00", ""}},
                              .email = {},
                              .url = {},
                              .hours = {},
                              .access = "De plain-pied.",
                              .topics = {},
                              .other_ways = {},
                              .updated = {}};
  Opened opened_{.booking = {.tenant = "demo",
                             .id = "b",
                             .agenda = "titres",
                             .counter = "g",
                             .reason = "cni",
                             .commune = "",
                             .state = State::booked,
                             .start = *parse_rfc3339("2026-11-26T09:40:00+01:00")},
                 .agenda = {},
                 .reason = &reason_,
                 .service = "mairie",
                 .visitor = Visitor{.name = Personal(std::string("Zoé Lambert")),
                                    .email = Personal(std::string("zoe@example.org"))}};
  Told told_{.zone = kParis,
             .service = &service_,
             .town = "Ville de Bourg",
             .link = "https://bourg.example/rendez-vous/lien/x"};
};

TEST_F(Letters, AConfirmationSaysAllThatIsNeeded) {
  const auto letter = letter_of(opened_, Happened::booked, told_);
  ASSERT_TRUE(letter);
  EXPECT_THAT(
      letter->text.read(),
      AllOf(HasSubstr("jeudi 26 novembre 2026 à 9\u202fh\u202f40"), HasSubstr("3, place du Parvis"),
            HasSubstr("De plain-pied"), HasSubstr("- Une photo"), HasSubstr("Les enfants viennent"),
            HasSubstr("02 61 91 24 00"), HasSubstr(told_.link), HasSubstr("Ville de Bourg")));
  // Others see the subject.
  EXPECT_THAT(letter->subject, AllOf(Not(HasSubstr("Lambert")), Not(HasSubstr("identité"))));
}

TEST_F(Letters, APhoneCallHasNoAddress) {
  opened_.booking.way = Way::phone;
  const auto letter = letter_of(opened_, Happened::booked, told_);
  EXPECT_THAT(letter->text.read(),
              AllOf(HasSubstr("Nous vous appelons"), Not(HasSubstr("3, place du Parvis"))));
}

TEST_F(Letters, AMeetingByVideoSaysWhereOrWhoSendsIt) {
  opened_.booking.way = Way::video;
  EXPECT_THAT(reminder_of(opened_, told_).text.read(), HasSubstr("vous envoie le lien"));
  reason_.video = "https://visio.example/bourg";
  for (const Personal<std::string>& text :
       {letter_of(opened_, Happened::booked, told_)->text, reminder_of(opened_, told_).text})
    EXPECT_THAT(text.read(), AllOf(HasSubstr("https://visio.example/bourg"),
                                   Not(HasSubstr("vous envoie le lien"))));
  EXPECT_THAT(practical_words(opened_, told_), HasSubstr("https://visio.example/bourg"));
}

TEST_F(Letters, WhatACaseHadIsCancelledWithIt) {
  opened_.booking.case_id = "c1";
  EXPECT_THAT(letter_of(opened_, Happened::cancelled, told_)->text.read(),
              AllOf(HasSubstr("est annulé"), HasSubstr("votre dossier")));
}

TEST_F(Letters, AnAbsenceIsAnApologyWithProposals) {
  told_.proposals = {{.start = *parse_rfc3339("2026-11-27T09:00:00+01:00"),
                      .end = *parse_rfc3339("2026-11-27T09:20:00+01:00"),
                      .counter = "g",
                      .service = "mairie"}};
  const auto letter = letter_of(opened_, Happened::displaced, told_);
  EXPECT_THAT(letter->text.read(), AllOf(HasSubstr("désolés"), HasSubstr("- vendredi 27 novembre"),
                                         HasSubstr(told_.link)));
}

TEST_F(Letters, WithoutAPublicAddressOneCalls) {
  told_.link.clear();
  EXPECT_THAT(reminder_of(opened_, told_).text.read(),
              AllOf(HasSubstr("appelez le service"), Not(HasSubstr("http"))));
}

TEST_F(Letters, AnOfferSaysUntilWhen) {
  Appointments::Waits waits{.waiting = {}, .agenda = {}, .reason = &reason_, .visitor = {}};
  waits.offered = opened_.booking;
  waits.offered->held_until = *parse_rfc3339("2026-11-25T18:00:00+01:00");
  EXPECT_THAT(offer_of(waits, told_).text.read(),
              AllOf(HasSubstr("jusqu’au mercredi 25 novembre 2026 à 18\u202fh"),
                    HasSubstr("personne suivante")));
  EXPECT_THAT(lapse_of(waits, told_).text.read(), HasSubstr("liste d’attente"));
}

TEST_F(Letters, NothingIsWrittenOfWhatTheCitizenKnows) {
  EXPECT_FALSE(letter_of(opened_, Happened::visited, told_));
  EXPECT_EQ(email_of(opened_.visitor)->read(), "zoe@example.org");
  EXPECT_FALSE(email_of(std::nullopt));
}

}  // namespace
}  // namespace parvis::appointment
