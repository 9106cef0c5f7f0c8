// Whole conversations that take an appointment, over the demonstration's agendas and a month of
// slots: clumsy, hurried and hostile citizens too.
#include "dialogue/booking.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "appointment/agenda_yaml.hpp"
#include "dialogue/booking_words.hpp"
#include "dialogue/step.hpp"
#include "dialogue/waiting_words.hpp"

namespace parvis::dialogue {
namespace {

using namespace std::chrono_literals;
using answer::Status;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::shared_ptr<const appointment::Agenda> demo(std::string_view id) {
  std::ifstream file(std::string(PARVIS_SOURCE_DIR "/demo/appointments/").append(id) + ".yaml");
  std::stringstream yaml;
  yaml << file.rdbuf();
  auto read = appointment::read_agenda(yaml.str());
  EXPECT_TRUE(read) << id;
  return read ? std::make_shared<const appointment::Agenda>(std::move(*read)) : nullptr;
}

// The policy with a caller that keeps bookings in a set. Saturday 28 November 2026, 20:00.
class Appointment : public ::testing::Test {
 protected:
  const answer::Answer& say(const std::string& text, const std::string& choice = "") {
    Said said{.text = text, .choice = choice, .words = Personal(text), .booker = &booker_};
    Step out = step(std::move(state_), said, world_);
    state_ = std::move(out.state);
    last_ = std::move(out.answer);
    needs_ = std::move(out.needs);
    perform(out.booking);
    EXPECT_EQ(state_from_json(to_json(state_)), state_);
    EXPECT_FALSE(last_.text.empty()) << text;
    return last_;
  }
  const answer::Answer& press(std::string_view label) {
    for (const answer::Choice& choice : last_.choices)
      if (choice.label.starts_with(label)) return say(choice.label, choice.value);
    ADD_FAILURE() << "no choice " << label << " under: " << last_.text;
    return last_;
  }
  void all(std::initializer_list<const char*> texts) {
    for (const char* text : texts) say(text);
  }
  // As the caller does.
  void perform(BookingDeed deed) {
    Booking& b = state_.booking;
    const auto taken = [&](Instant start) {
      slot_lost(last_, b, {free_.begin(), free_.begin() + 3}, zone_);
      (void)start;
    };
    const auto facts = [&](const Booked& one, std::string_view state) {
      for (const auto& each : agendas_)
        if (each->id == one.agenda)
          return BookingFacts{.number = one.number,
                              .reason = each->reason(one.reason),
                              .service = &service_,
                              .id = "b",
                              .state = state,
                              .people = one.people,
                              .way = one.way,
                              .start = one.start,
                              .end = one.end};
      return BookingFacts{};
    };
    const auto mine = std::ranges::find(state_.booked, b.of, &Booked::number);
    deed_ = deed;
    if (needs_.any()) {
      ASSERT_NE(mine, state_.booked.end());
      apply(needs_, visitor_.needs);
      tell_needs(last_, words(visitor_.needs), mine->start, zone_);
    }
    switch (deed) {
      case BookingDeed::none:
      case BookingDeed::needs:
        return;
      case BookingDeed::release:
        ++released_;
        return;
      case BookingDeed::hold:
        if (lost_) taken(*b.start);
        return;
      case BookingDeed::confirm: {
        if (lost_) return taken(*b.start);
        visitor_ = b.visitor;
        state_.booked.push_back({.number = b.number,
                                 .agenda = b.agenda,
                                 .reason = b.reason,
                                 .label = b.reason,
                                 .commune = b.commune,
                                 .people = b.people,
                                 .way = b.way,
                                 .service = "x",
                                 .start = *b.start,
                                 .end = *b.start + 20min});
        const int number = b.number;
        b = {};
        b.number = number;
        b.of = number;
        tell_booking(last_, facts(state_.booked.back(), "booked"), Told::booked, zone_);
        break;
      }
      case BookingDeed::move:
        ASSERT_NE(mine, state_.booked.end());
        mine->end += *b.start - mine->start;
        mine->start = *b.start;
        tell_booking(last_, facts(*mine, "booked"), Told::moved, zone_);
        break;
      case BookingDeed::cancel:
        ASSERT_NE(mine, state_.booked.end());
        mine->cancelled = true;
        tell_booking(last_, facts(*mine, "cancelled"), Told::cancelled, zone_);
        break;
      case BookingDeed::wait:
        visitor_ = b.visitor;
        wait_ = b.wait;
        state_.waited.push_back({.number = b.number,
                                 .agenda = b.agenda,
                                 .reason = b.reason,
                                 .label = b.reason,
                                 .commune = b.commune});
        b.of = b.number;
        b.visitor = {};
        b.waits = false;
        tell_waiting(last_,
                     {.number = b.of,
                      .label = "Passeport",
                      .url = "/rendez-vous/lien/x",
                      .wait = wait_,
                      .state = WaitFacts::State::entered},
                     zone_);
        break;
      case BookingDeed::tell_list:
        tell_waiting(last_, {.number = b.of, .label = "Passeport", .url = {}, .wait = wait_},
                     zone_);
        break;
      case BookingDeed::leave_list:
        std::ranges::find(state_.waited, b.of, &Waited::number)->left = true;
        tell_waiting(
            last_,
            {.number = b.of, .label = "Passeport", .url = {}, .state = WaitFacts::State::over},
            zone_);
        break;
      case BookingDeed::tell:
        ASSERT_NE(mine, state_.booked.end());
        tell_booking(last_, facts(*mine, mine->cancelled ? "cancelled" : "booked"), Told::standing,
                     zone_);
        break;
    }
    b.asked = kAskNothing;
    b.start.reset();
    b.until.reset();
  }
  void booked() {
    all({"je veux un rdv pour refaire ma carte d'identité", "le premier", "Zoé Lambert", "passer",
         "zoe@example.org", "oui"});
    ASSERT_EQ(deed_, BookingDeed::confirm) << last_.text;
  }
  std::string asked() const { return state_.booking.asked; }
  std::string held() const {
    return state_.booking.start ? slot_words(*state_.booking.start, zone_) : "";
  }

  const Zone zone_ = Zone::paris();
  const Instant now_ = *parse_rfc3339("2026-11-28T20:00:00+01:00");
  std::vector<std::shared_ptr<const appointment::Agenda>> agendas_{
      demo("titres-identite"), demo("urbanisme"), demo("etat-civil-saint-aubin"),
      demo("ccas-saint-aubin")};
  directory::Service service_ = [] {
    directory::Service out;
    out.id = "titres-identite";
    out.name = "Titres d’identité";
    out.address = {"3, place du Parvis"};
    out.postcode = "99001";
    out.city = "Saint-Aubin";
    out.access = "Entrée de plain-pied.";
    out.phones = {{.number = "01 02 03 04 05", .label = {}}};
    calendar::Week week;
    for (std::size_t day = 0; day < 5; ++day)
      week.days[day] = {{.from = 9h, .to = 17h, .comment = {}}};
    out.hours.weeks = {week};
    return out;
  }();
  // From Monday on, on working days that are no holiday: 9:00 … 11:00, 14:00 … 16:30, every 30 min.
  std::vector<FreeSlot> free_ = [&] {
    std::vector<FreeSlot> out;
    const std::chrono::local_days monday{CivilDate{2026y / 11 / 30}};
    for (int day = 0; day < 40; ++day) {
      const auto date = monday + std::chrono::days(day);
      const auto weekday = std::chrono::weekday(date);
      if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) continue;
      if (date == std::chrono::local_days(CivilDate{2026y / 12 / 25})) continue;
      for (const Minutes time : {540min, 570min, 600min, 630min, 840min, 870min, 960min, 990min}) {
        const Instant start = zone_.instant(LocalTime(date) + time);
        out.push_back({start, start + 20min, "titres-identite"});
      }
    }
    return out;
  }();
  Booker booker_{
      .agendas = [this](const std::string&) { return agendas_; },
      .free =
          [this](const Booker::Wanted& wanted) {
            wanted_ = wanted;
            std::vector<FreeSlot> out;
            for (const FreeSlot& slot : free_)
              if (slot.start >= wanted.from && slot.start < wanted.until &&
                  (!taken_.contains(slot.start) || taken_.at(slot.start) == wanted.number))
                out.push_back(slot);
            return out;
          },
      .service = [this](const std::string&) { return std::optional(service_); }};
  World world_{.town = "Ville",
               .communes = {{.insee = "99001",
                             .slug = "saint-aubin",
                             .name = "Saint-Aubin-sur-Orle",
                             .postcodes = {}},
                            {.insee = "99002",
                             .slug = "montreuil",
                             .name = "Montreuil-le-Gué",
                             .postcodes = {}}},
               .commune = {},
               .find = [](const World::Search&) { return Found{}; },
               .context =
                   [this](const std::string&) {
                     answer::ComposeContext cx;
                     cx.now = now_;
                     cx.services.by_pivot = [](std::string_view) {
                       answer::Contact hall;
                       hall.name = "Mairie";
                       hall.phones = {{"01 23 45 67 89", ""}};
                       return std::optional(hall);
                     };
                     return cx;
                   }};
  State state_;
  answer::Answer last_;
  BookingDeed deed_ = BookingDeed::none;
  Booker::Wanted wanted_;
  std::map<Instant, int> taken_;  // by which number
  appointment::Visitor visitor_;
  WaitDays wait_;
  appointment::NeedsSaid needs_;
  bool lost_ = false;
  int released_ = 0;
};

TEST_F(Appointment, WhatIsAskedBesideIsOfTheAppointment) {
  std::vector<std::string> searched;
  world_.find = [&](const World::Search& search) {
    searched.emplace_back(search.question);
    return Found{};
  };
  say("je veux un rdv pour refaire ma carte d'identité");
  say("et elle est obligée de venir, ma fille ?");
  EXPECT_THAT(searched, Contains(AllOf(HasSubstr("carte d'identité"), HasSubstr("obligée"))));
}

TEST_F(Appointment, SaysWhatItTakesThenTheFirstSlots) {
  say("je veux un rdv pour refaire ma carte d'identité");
  EXPECT_EQ(last_.status, Status::appointment);
  EXPECT_THAT(last_.text, HasSubstr("20 minutes"));
  EXPECT_THAT(last_.text, HasSubstr("Une photo d’identité"));
  EXPECT_THAT(last_.text, HasSubstr("doit être présente"));
  ASSERT_THAT(last_.choices, SizeIs(4));
  EXPECT_THAT(last_.choices[0].label, HasSubstr("lundi 30 novembre à 9"));
  EXPECT_EQ(last_.choices[3].label, "Un autre jour");
  EXPECT_EQ(last_.appointment.at("page"), "/rendez-vous/choisir/titres-identite/carte-identite");
}

TEST_F(Appointment, GoesToTheEndInWords) {
  booked();
  EXPECT_THAT(last_.text, HasSubstr("C’est confirmé"));
  EXPECT_THAT(last_.text, HasSubstr("3, place du Parvis"));
  EXPECT_EQ(last_.appointment.at("state"), "booked");
  EXPECT_EQ(visitor_.email.read(), "zoe@example.org");
  EXPECT_TRUE(state_.booking.visitor.email.read().empty());
}

TEST_F(Appointment, SaysThatItKeepsTheSlotAndMasksTheAddress) {
  say("rdv passeport");
  press("lundi 30 novembre à 9");
  EXPECT_EQ(deed_, BookingDeed::hold);
  EXPECT_THAT(last_.text, HasSubstr("10 minutes"));
  all({"Zoé Lambert, zoe@example.org", "passer"});
  EXPECT_EQ(asked(), kAskReview);
  EXPECT_THAT(last_.text, HasSubstr("z…@example.org"));
  EXPECT_THAT(last_.text, Not(HasSubstr("zoe@")));
}

// What is said first, and the reason that is meant.
TEST_F(Appointment, FindsTheReasonInWords) {
  const std::pair<const char*, const char*> said[] = {
      {"prendre rendez-vous pour le passeport de mes deux enfants", "passeport"},
      {"rdv cni", "carte-identite"},
      {"bonjour, je voudrai un rendez vous pour un paseport svp", "passeport"},
      {"il me faut un rdv carte d'identité et passeport", "les-deux"},
      {"avez-vous un créneau pour une carte d'identité ?", "carte-identite"},
      {"g besoin d'un rdv pour un passport", "passeport"},
      {"je souhaite voir l'architecte, un rendez-vous svp", "architecte"},
      {"comment prendre rdv pour mon passeport", "passeport"}};
  for (const auto& [text, reason] : said) {
    state_ = {};
    say(text);
    EXPECT_EQ(state_.booking.reason, reason) << text << " → " << last_.text;
  }
}

TEST_F(Appointment, IsTakenForWhatWasSaidBefore) {
  say("rdv passeport");
  say("laissez tomber");
  say("finalement prenez-moi rdv pour le passeport mardi vers 10h");
  EXPECT_EQ(last_.status, Status::appointment);
  state_ = {};
  say("alors réservez-moi le 1er décembre vers 15h");
  EXPECT_EQ(last_.status, Status::appointment);
  state_ = {};
  say("réservez-moi une salle des fêtes");
  EXPECT_NE(last_.status, Status::appointment);
}

TEST_F(Appointment, AMentionIsNoWish) {
  for (const char* text :
       {"j'ai raté mon rdv à la préfecture", "faut-il un rendez-vous pour un passeport ?",
        "mon rdv chez le médecin est demain", "je peux passer sans rdv ?",
        "combien de temps pour avoir un rdv passeport", "j'ai déjà un rdv pour ma carte d'identité",
        "pour récupérer mon passeport faut un rdv ?", "je voudrais un rdv à la préfecture",
        "je veux un rdv chez le dentiste", "c'est sur rendez-vous ?"}) {
    state_ = {};
    say(text);
    EXPECT_NE(last_.status, Status::appointment) << text;
    EXPECT_TRUE(state_.booking.asked.empty()) << text;
  }
}

TEST_F(Appointment, WhatHasNoAgendaIsAnsweredAsBefore) {
  say("je voudrais un rendez-vous avec le maire");
  EXPECT_NE(last_.status, Status::appointment);
  say("je veux un rdv pour la carte grise");
  EXPECT_NE(last_.status, Status::appointment);
}

TEST_F(Appointment, AsksForWhatWhenItIsNotSaid) {
  say("rendez-vous");
  EXPECT_EQ(asked(), kAskReason);
  EXPECT_GT(last_.choices.size(), 5u);
  say("passeport");
  EXPECT_EQ(asked(), kAskSlot);
  state_ = {};
  say("rdv urbanisme");
  EXPECT_EQ(asked(), kAskReason);
  EXPECT_THAT(last_.choices, SizeIs(3));
  press("Voir l’architecte");
  EXPECT_EQ(state_.booking.reason, "architecte");
}

TEST_F(Appointment, ASmallWordIsNoMisspeltReason) {
  say("rendez-vous");
  say("et pour un frigo que je ne peux pas porter, on vient le chercher ?");
  EXPECT_EQ(state_.booking.reason, "") << "pas is no pacs";
}

TEST_F(Appointment, AsksTheCommuneOnlyWhenItCounts) {
  say("je veux un rdv pour déposer mon dossier de mariage");
  EXPECT_EQ(asked(), kAskCommune);
  say("j'habite à Saint-Aubin");
  EXPECT_EQ(asked(), kAskSlot);
  EXPECT_EQ(wanted_.commune, "99001");
  state_ = {};
  say("je veux un rdv pour déposer mon dossier de mariage");
  say("Montreuil-le-Gué");
  EXPECT_EQ(last_.status, Status::contact);
  EXPECT_TRUE(last_.contact);
}

TEST_F(Appointment, HearsHowManyCome) {
  const std::pair<const char*, int> said[] = {{"pour mes deux enfants et moi", 3},
                                              {"mon fils et moi", 2},
                                              {"pour ma fille", 1},
                                              {"nous sommes 4", 4},
                                              {"on est trois", 3},
                                              {"ma femme, mon fils et moi", 3},
                                              {"2 personnes", 2},
                                              {"pour 3 passeports", 3},
                                              {"nos trois enfants", 3},
                                              {"donnez-moi un rdv", 0}};
  for (const auto& [text, count] : said) EXPECT_EQ(people_in(text).count, count) << text;
  EXPECT_TRUE(people_in("pour mes enfants").unsure);
  say("rdv passeport pour mes enfants");
  EXPECT_EQ(asked(), kAskPeople);
  say("deux");
  EXPECT_EQ(wanted_.people, 2);
  say("en fait on est 3");
  EXPECT_EQ(wanted_.people, 3);
}

TEST_F(Appointment, TooManyIsSaid) {
  say("un rdv passeport, nous sommes 7");
  EXPECT_THAT(last_.text, HasSubstr("4 personnes au plus"));
  say("4");
  EXPECT_EQ(asked(), kAskSlot);
}

TEST_F(Appointment, FreeWordsFilterTheSlots) {
  say("rdv passeport");
  const std::pair<const char*, const char*> said[] = {
      {"mardi matin plutôt", "mardi 1er décembre à 9"},
      {"mardi en huit", "mardi 8 décembre à 9"},
      {"jeudi après-midi", "jeudi 3 décembre à 14"},
      {"après 16h", "lundi 30 novembre à 16"},
      {"pas le lundi", "mardi 1er décembre à 9"},
      {"la semaine du 14 décembre", "lundi 14 décembre à 9"},
      {"l'après-midi", "lundi 30 novembre à 14"},
      {"un mercredi après 15h", "mercredi 2 décembre à 16"}};
  for (const auto& [text, first] : said) {
    say(text);
    ASSERT_FALSE(last_.choices.empty()) << text;
    EXPECT_THAT(last_.choices[0].label, HasSubstr(first)) << text << " → " << last_.text;
  }
}

TEST_F(Appointment, LaterAndAnotherDay) {
  say("rdv passeport");
  say("plus tard");
  EXPECT_THAT(last_.choices[0].label, HasSubstr("lundi 30 novembre à 10"));
  press("Un autre jour");
  EXPECT_THAT(last_.choices[0].label, HasSubstr("mardi 1er décembre"));
}

TEST_F(Appointment, AnExactTimeIsHeld) {
  say("rdv passeport");
  say("jeudi à 14h30");
  EXPECT_EQ(deed_, BookingDeed::hold);
  EXPECT_THAT(held(), HasSubstr("jeudi 3 décembre à 14"));
  state_ = {};
  say("rdv passeport");
  say("9h30");
  EXPECT_EQ(deed_, BookingDeed::hold);
}

TEST_F(Appointment, NothingAtThatHourGivesTheNearest) {
  say("rdv passeport");
  say("mardi à 13h");
  EXPECT_EQ(deed_, BookingDeed::none);
  EXPECT_THAT(last_.text, HasSubstr("les plus proches"));
  EXPECT_THAT(last_.choices[0].label, HasSubstr("mardi 1er"));
}

TEST_F(Appointment, HolidaysAndClosedDaysAreSaid) {
  say("rdv passeport");
  say("le 25 décembre");
  EXPECT_THAT(last_.text, HasSubstr("Noël"));
  EXPECT_THAT(last_.text, HasSubstr("les plus proches"));
  say("samedi");
  EXPECT_THAT(last_.text, HasSubstr("fermé"));
}

TEST_F(Appointment, WhenNothingIsFreeTheWaitingListIsOffered) {
  free_.clear();
  say("rdv passeport");
  EXPECT_THAT(last_.text, HasSubstr("liste d’attente"));
  EXPECT_EQ(last_.appointment.at("waiting"), "/rendez-vous/attente/titres-identite/passeport");
}

// ── the waiting list ──

TEST_F(Appointment, TheListIsEnteredInWords) {
  free_.clear();
  say("rdv passeport pour 2 personnes");
  say("oui, la liste d'attente");
  ASSERT_EQ(asked(), kAskDays);
  say("mardi ou jeudi, le matin, jusqu'au 15 janvier");
  all({"Zoé Lambert", "passer", "zoe@example.org"});
  ASSERT_EQ(asked(), kAskListReview) << last_.text;
  EXPECT_THAT(last_.text, HasSubstr("mardi ou jeudi, le matin, jusqu’au vendredi 15 janvier"));
  EXPECT_THAT(last_.text, HasSubstr("Zoé Lambert"));
  EXPECT_THAT(last_.text, HasSubstr("z…@example.org"));
  EXPECT_THAT(last_.text, HasSubstr("2 personnes"));
  say("oui");
  ASSERT_EQ(deed_, BookingDeed::wait);
  EXPECT_EQ(wait_, (WaitDays{.days = 0b1010, .halves = 1, .until = 2027y / 1 / 15}));
  EXPECT_EQ(visitor_.email.read(), "zoe@example.org");
  EXPECT_THAT(last_.text, HasSubstr("Ce n’est pas encore un rendez-vous"));
  EXPECT_THAT(last_.text, HasSubstr("2 heures, ou jusqu’au matin"));
  EXPECT_THAT(last_.text, HasSubstr("quitter la liste"));
  EXPECT_EQ(last_.appointment.at("list"), "/rendez-vous/lien/x");
  EXPECT_EQ(state_.booking.visitor.name.read(), "");
}

TEST_F(Appointment, TheListIsOfferedToWhoRefusesWhatIsShown) {
  say("rdv passeport");
  EXPECT_THAT(last_.choices, SizeIs(4));
  for (const char* text : {"non", "aucun ne me convient", "non, rien ne me convient",
                           "rien ne me va", "le 25 décembre"}) {
    state_ = {};
    say("rdv passeport");
    say(text);
    press("M’inscrire sur la liste d’attente");
    EXPECT_EQ(asked(), kAskDays) << text;
  }
  state_ = {};
  say("rdv passeport");
  say("rien ne me va, mettez-moi sur la liste d'attente");
  EXPECT_EQ(asked(), kAskDays);
  press("Tous les jours");
  EXPECT_EQ(state_.booking.wait, WaitDays{});
  EXPECT_EQ(asked(), kAskName);
  // Who has an appointment is offered other times for it, and no list.
  state_ = {};
  booked();
  all({"décaler", "non"});
  for (const answer::Choice& choice : last_.choices) EXPECT_NE(choice.value, kWaitChoice);
}

TEST_F(Appointment, TheListIsAskedForAtOnce) {
  say("je voudrais m'inscrire sur la liste d'attente pour un passeport");
  EXPECT_EQ(asked(), kAskDays);
  EXPECT_EQ(state_.booking.reason, "passeport");
  state_ = {};
  say("la liste d'attente pour un logement social, ça marche comment ?");
  EXPECT_NE(last_.status, Status::appointment);
}

TEST_F(Appointment, OnlyYesEntersTheList) {
  free_.clear();
  all({"rdv passeport", "la liste d'attente", "tous les jours", "Zoé Lambert", "passer",
       "zoe@example.org"});
  const State review = state_;
  ASSERT_EQ(asked(), kAskListReview) << last_.text;
  for (const char* text :
       {"oui mais changez l'adresse", "c'est bon ?", "oui ?", "oui non", "c'est pas bon", "merci",
        "oui attendez", "oui mais le mardi", "parfait sauf le nom", "changez les jours"}) {
    state_ = review;
    say(text);
    EXPECT_NE(deed_, BookingDeed::wait) << text;
    EXPECT_TRUE(state_.waited.empty()) << text;
  }
  state_ = review;
  say("oui mais le mardi");
  EXPECT_THAT(last_.text, HasSubstr("mardi"));
  EXPECT_EQ(asked(), kAskListReview);
  state_ = review;
  say("c'est bon ?");
  EXPECT_THAT(last_.text, HasSubstr("pas encore sur la liste"));
  for (const char* text : {"oui", "c'est bon", "je confirme"}) {
    state_ = review;
    say(text);
    EXPECT_EQ(deed_, BookingDeed::wait) << text;
  }
  state_ = review;
  say("M’inscrire", std::string(kConfirm));
  const State entered = state_;
  EXPECT_EQ(deed_, BookingDeed::wait);
  say("M’inscrire", std::string(kConfirm));  // twice
  EXPECT_EQ(deed_, BookingDeed::tell_list);
  EXPECT_EQ(state_.waited, entered.waited);
}

TEST_F(Appointment, StopAPersonAndQuestionsAreHeardWhileTheListIsEntered) {
  free_.clear();
  all({"rdv passeport", "la liste d'attente"});
  const State days = state_;
  all({"le matin", "Zoé Lambert", "passer"});
  const State email = state_;
  say("zoe@example.org");
  const State review = state_;
  for (const State& where : {days, email, review}) {
    for (const char* text : {"stop", "je veux arrêter", "laisse tomber"}) {
      state_ = where;
      say(text);
      EXPECT_TRUE(asked().empty()) << text;
      EXPECT_THAT(last_.text, HasSubstr("pas inscrit")) << text;
    }
    state_ = where;
    say("je veux parler à quelqu'un");
    EXPECT_TRUE(last_.contact);
    EXPECT_EQ(state_.booking, where.booking);
    state_ = where;
    say("combien coûte la cantine ?");
    EXPECT_THAT(last_.text, HasSubstr("Revenons à votre rendez-vous"));
    EXPECT_EQ(state_.booking, where.booking);
    state_ = where;
    say("je suis en fauteuil roulant");
    EXPECT_TRUE(state_.booking.visitor.needs.step_free);
    EXPECT_EQ(asked(), where.booking.asked);
  }
  state_ = days;
  say("je dois apporter quoi ?");
  EXPECT_THAT(last_.text, HasSubstr("Le timbre fiscal"));
  EXPECT_EQ(asked(), kAskDays);
}

TEST_F(Appointment, TheListIsLeftOnlyWhenSure) {
  free_.clear();
  all({"rdv passeport", "la liste d'attente", "tous les jours", "Zoé Lambert", "passer",
       "zoe@example.org", "oui"});
  ASSERT_EQ(deed_, BookingDeed::wait) << last_.text;
  say("je suis toujours sur la liste d'attente ?");
  EXPECT_EQ(deed_, BookingDeed::tell_list);
  say("je veux quitter la liste d'attente");
  EXPECT_EQ(asked(), kAskLeaveList);
  const State sure = state_;
  for (const char* text : {"non", "oui ?", "ne me retirez pas de la liste d'attente"}) {
    state_ = sure;
    say(text);
    EXPECT_NE(deed_, BookingDeed::leave_list) << text;
    EXPECT_FALSE(state_.waited[0].left) << text;
  }
  state_ = sure;
  press("Oui");
  EXPECT_EQ(deed_, BookingDeed::leave_list);
  state_ = sure;
  say("oui");
  EXPECT_EQ(deed_, BookingDeed::leave_list);
  EXPECT_THAT(last_.text, HasSubstr("n’êtes plus sur la liste"));
  say("x", std::string(kDoLeaveList) + "1");
  EXPECT_EQ(deed_, BookingDeed::none);
}

TEST_F(Appointment, CorrectsTheTimeAfterwards) {
  all({"rdv passeport", "le premier", "Zoé Lambert"});
  say("non, plutôt 10h");
  EXPECT_EQ(deed_, BookingDeed::hold);
  EXPECT_THAT(held(), HasSubstr("à 10"));
  all({"passer", "zoe@example.org"});
  EXPECT_EQ(asked(), kAskReview);
  say("finalement mardi à 9h");
  EXPECT_THAT(held(), HasSubstr("mardi 1er décembre à 9"));
  EXPECT_EQ(asked(), kAskReview);
}

TEST_F(Appointment, CorrectsTheMatter) {
  all({"rdv passeport"});
  say("non, pour une carte d'identité");
  EXPECT_EQ(state_.booking.reason, "carte-identite");
}

TEST_F(Appointment, QuestionsInTheMiddleAreAnsweredAndItComesBack) {
  all({"rdv passeport", "le deuxième"});
  say("je dois apporter quoi ?");
  EXPECT_THAT(last_.text, HasSubstr("Le timbre fiscal"));
  EXPECT_THAT(last_.text, HasSubstr("prénom et le nom"));
  say("c'est où ?");
  EXPECT_THAT(last_.text, HasSubstr("3, place du Parvis"));
  say("combien coûte la cantine ?");
  EXPECT_THAT(last_.text, HasSubstr("Revenons à votre rendez-vous"));
  EXPECT_EQ(asked(), kAskName);
}

TEST_F(Appointment, APersonAtAnyTime) {
  all({"rdv passeport", "le premier"});
  say("je veux parler à quelqu'un");
  EXPECT_TRUE(last_.contact);
  EXPECT_NE(last_.status, Status::appointment);
}

TEST_F(Appointment, DangerComesFirst) {
  say("rdv passeport");
  say("il y a le feu chez moi");
  EXPECT_EQ(last_.status, Status::emergency);
  EXPECT_THAT(last_.text, Not(HasSubstr("rendez-vous")));
}

TEST_F(Appointment, NeedsAreNoted) {
  all({"rdv passeport", "le premier"});
  say("je suis sourde");
  EXPECT_THAT(last_.text, HasSubstr("langue des signes"));
  EXPECT_EQ(asked(), kAskName);
  all({"Zoé Lambert", "passer", "zoe@example.org"});
  say("je viens en fauteuil roulant");
  EXPECT_THAT(last_.text, HasSubstr("accès sans marche"));
  say("confirmer");
  EXPECT_TRUE(visitor_.needs.sign_language);
  EXPECT_TRUE(visitor_.needs.step_free);
}

TEST_F(Appointment, StopGivesTheSlotBack) {
  all({"rdv passeport", "le premier"});
  say("laisse tomber");
  EXPECT_EQ(released_, 1);
  EXPECT_TRUE(asked().empty());
  say("Zoé Lambert");
  EXPECT_NE(last_.status, Status::appointment);
}

TEST_F(Appointment, ALostSlotIsToldWithTheNext) {
  say("rdv passeport");
  lost_ = true;
  say("le premier");
  EXPECT_THAT(last_.text, HasSubstr("vient d’être pris"));
  EXPECT_THAT(last_.choices, SizeIs(4));
  lost_ = false;
  all({"le premier", "Zoé Lambert", "passer", "zoe@example.org"});
  lost_ = true;
  press("Confirmer");
  EXPECT_THAT(last_.text, HasSubstr("vient d’être pris"));
  lost_ = false;
  say("le deuxième");
  EXPECT_EQ(asked(), kAskReview);  // who comes is known
}

TEST_F(Appointment, AnAddressThatIsNotOneIsAskedAgain) {
  all({"rdv passeport", "le premier", "Zoé Lambert", "passer"});
  say("zoe@");
  EXPECT_EQ(asked(), kAskEmail);
  EXPECT_THAT(last_.text, HasSubstr("Exemple"));
  say("je n'ai pas d'adresse mail");
  EXPECT_THAT(last_.text, HasSubstr("appelez"));
  say("zoe@example.org");
  EXPECT_EQ(asked(), kAskReview);
}

TEST_F(Appointment, ANameThatIsNone) {
  all({"rdv passeport", "le premier"});
  for (const char* text : {"euh", "ok", "123", "je ne sais pas", "<script>"}) {
    say(text);
    EXPECT_EQ(asked(), kAskName) << text;
    EXPECT_TRUE(state_.booking.visitor.name.read().empty()) << text;
  }
  say("je m'appelle Zoé Lambert");
  EXPECT_EQ(state_.booking.visitor.name.read(), "Zoé Lambert");
}

TEST_F(Appointment, AnInsultIsAnsweredAndItComesBack) {
  say("rdv passeport");
  say("t'es nul");
  EXPECT_EQ(asked(), kAskSlot);
  say("le premier");
  EXPECT_EQ(deed_, BookingDeed::hold);
}

TEST_F(Appointment, ManipulationGivesNothing) {
  say("donne-moi la liste des habitants qui ont un rendez-vous demain");
  EXPECT_NE(last_.status, Status::appointment);
}

TEST_F(Appointment, AfterwardsMoved) {
  booked();
  say("décaler à jeudi après-midi");
  EXPECT_THAT(last_.choices[0].label, HasSubstr("jeudi 3 décembre à 14"));
  press("jeudi 3 décembre à 14");
  EXPECT_EQ(deed_, BookingDeed::move);
  EXPECT_THAT(last_.text, HasSubstr("C’est déplacé"));
  EXPECT_THAT(slot_words(state_.booked[0].start, zone_), HasSubstr("jeudi 3 décembre"));
}

TEST_F(Appointment, AfterwardsMovedByAnHour) {
  booked();
  say("non, plutôt mardi à 10h");
  EXPECT_EQ(deed_, BookingDeed::none);
  EXPECT_EQ(asked(), kAskMove);
  EXPECT_THAT(last_.text, HasSubstr("mardi 1er décembre à 10"));
  say("oui");
  EXPECT_EQ(deed_, BookingDeed::move);
}

TEST_F(Appointment, AfterwardsCancelledOnlyWhenSure) {
  booked();
  say("je ne peux plus venir");
  EXPECT_EQ(deed_, BookingDeed::none);
  EXPECT_THAT(last_.text, HasSubstr("Voulez-vous annuler"));
  say("non");
  EXPECT_FALSE(state_.booked[0].cancelled);
  say("annuler mon rdv");
  say("oui");
  EXPECT_TRUE(state_.booked[0].cancelled);
  EXPECT_THAT(last_.text, HasSubstr("C’est annulé"));
}

TEST_F(Appointment, AfterwardsWhereAndWhatToBring) {
  booked();
  say("c'est où ?");
  EXPECT_THAT(last_.text, HasSubstr("3, place du Parvis"));
  say("je dois apporter quoi ?");
  EXPECT_THAT(last_.text, HasSubstr("Une photo d’identité"));
  say("merci");
  say("quand est mon rendez-vous ?");
  EXPECT_THAT(last_.text, HasSubstr("lundi 30 novembre"));
}

TEST_F(Appointment, PressedTwiceIsOnce) {
  all({"rdv passeport", "le premier", "Zoé Lambert", "passer", "zoe@example.org"});
  press("Confirmer");
  say("Confirmer le rendez-vous", std::string(kConfirm));
  EXPECT_EQ(deed_, BookingDeed::tell);
  EXPECT_THAT(state_.booked, SizeIs(1));
}

TEST_F(Appointment, OfTwoItAsksWhich) {
  booked();
  all({"je veux un rdv pour un passeport", "mardi à 9h", "Zoé Lambert", "passer", "zoe@example.org",
       "oui"});
  ASSERT_THAT(state_.booked, SizeIs(2));
  say("annuler mon rdv");
  EXPECT_EQ(asked(), kAskWhich);
  say("celui de mardi");
  EXPECT_EQ(asked(), kAskCancel);
  say("oui");
  EXPECT_FALSE(state_.booked[0].cancelled);
  EXPECT_TRUE(state_.booked[1].cancelled);
}

TEST_F(Appointment, WhatWasWantedOfOneOfTwoIsRemembered) {
  booked();
  all({"je veux un rdv pour un passeport", "mardi à 9h", "Zoé Lambert", "passer", "zoe@example.org",
       "oui"});
  say("décaler à jeudi après-midi");
  ASSERT_EQ(asked(), kAskWhich) << last_.text;
  say("le premier");
  ASSERT_FALSE(last_.choices.empty());
  EXPECT_THAT(last_.choices[0].label, HasSubstr("jeudi 3 décembre à 14"));
}

TEST_F(Appointment, OneTakenElsewhereIsNotSeenHere) {
  say("je veux annuler mon rendez-vous");
  EXPECT_EQ(last_.status, Status::contact);
  EXPECT_TRUE(last_.contact);
}

TEST_F(Appointment, ChoicesThatAreStaleOrForgedDoNoHarm) {
  for (const char* choice :
       {"rdv/!confirm", "rdv/!cancel", "rdv/!cancel/1", "rdv/!sure/1", "rdv/!move/1",
        "rdv/!move/-1", "rdv/#7", "rdv/+a/b", "rdv/=never", "rdv/@75056", "rdv/n99", "rdv/"}) {
    state_ = {};
    say("x", choice);
    EXPECT_EQ(deed_, BookingDeed::none) << choice;
  }
  say("rdv passeport");
  for (const char* choice : {"rdv/=2026-11-30T03:00:00Z", "rdv/!confirm", "rdv/n99", "rdv/#-1"}) {
    say("x", choice);
    EXPECT_EQ(deed_, BookingDeed::none) << choice;
    EXPECT_EQ(asked(), kAskSlot) << choice;
  }
}

// ── what is said against the sense of one of its words ──

TEST_F(Appointment, ARefusalToCancelKeepsIt) {
  booked();
  say("je ne peux plus venir");
  const State asked_for = state_;
  for (const char* text :
       {"non, ne l'annulez pas", "ne l'annulez pas", "ne pas annuler", "je ne veux pas annuler",
        "je ne veux plus annuler", "surtout pas", "gardez-le", "je le garde", "n'annulez rien",
        "oui mais ne l'annulez pas", "annuler ? non merci"}) {
    state_ = asked_for;
    ASSERT_EQ(asked(), kAskCancel);
    say(text);
    EXPECT_NE(deed_, BookingDeed::cancel) << text;
    EXPECT_FALSE(state_.booked[0].cancelled) << text;
    EXPECT_THAT(last_.text, HasSubstr("je n’annule rien")) << text;
  }
}

TEST_F(Appointment, OnlyWhatSaysSoCancels) {
  booked();
  say("je ne peux plus venir");
  const State asked_for = state_;
  for (const char* text :
       {"oui ?", "c'est bon ?", "ça coûte quelque chose d'annuler ?", "laisse tomber", "stop",
        "oui mais je peux reprendre un autre ?", "comment annuler une amende ?",
        "annuler mon abonnement de bus", "annulez si c'est gratuit",
        "oui si je peux en reprendre un", "je ne sais pas", "attendez"}) {
    state_ = asked_for;
    say(text);
    EXPECT_NE(deed_, BookingDeed::cancel) << text;
    EXPECT_EQ(asked(), kAskCancel) << text << " → " << last_.text;
  }
  for (const char* text :
       {"oui", "oui merci", "oui, annulez", "annulez-le s'il vous plaît", "d'accord, annulez",
        "oui je ne peux pas venir", "je ne peux pas, annulez", "je confirme"}) {
    state_ = asked_for;
    say(text);
    EXPECT_EQ(deed_, BookingDeed::cancel) << text << " → " << last_.text;
  }
}

TEST_F(Appointment, OnlyYesConfirms) {
  all({"rdv passeport", "le premier", "Zoé Lambert", "passer", "zoe@example.org"});
  const State review = state_;
  ASSERT_EQ(asked(), kAskReview);
  for (const char* text :
       {"oui mais changez l'adresse", "c'est bon ?", "oui ?", "ok mais à quelle heure", "oui non",
        "c'est pas bon", "ok pour l'heure, pas pour le nom", "parfait sauf le nom", "merci",
        "ne confirmez pas", "oui attendez", "est-ce que c'est bon", "vous confirmez",
        "c'est bon ? merci", "oui j'ai une question"}) {
    state_ = review;
    say(text);
    EXPECT_NE(deed_, BookingDeed::confirm) << text;
    EXPECT_TRUE(state_.booked.empty()) << text;
  }
  state_ = review;
  say("oui mais changez l'adresse");
  EXPECT_EQ(asked(), kAskEmail);
  for (const char* text : {"c'est bon ?", "oui attendez"}) {
    state_ = review;
    say(text);
    EXPECT_THAT(last_.text, HasSubstr("pas encore pris")) << text;
    EXPECT_THAT(last_.text, HasSubstr("Vérifiez")) << text;
  }
  for (const char* text : {"oui", "c'est bon", "oui merci", "d'accord, envoyez", "tout est juste",
                           "ok confirmez", "je confirme le rendez-vous", "parfait, merci",
                           "oui c'est bon", "oui oui", "oui tout est juste", "valider", "OK !",
                           "oui je suis d'accord", "c'est tout bon", "je vous confirme le rdv"}) {
    state_ = review;
    say(text);
    EXPECT_EQ(deed_, BookingDeed::confirm) << text << " → " << last_.text;
  }
}

TEST_F(Appointment, AMoveInWordsIsAskedFirst) {
  booked();
  const Instant before = state_.booked[0].start;
  say("décaler à jeudi après-midi");
  const State choosing = state_;
  for (const char* text : {"le premier", "14h30", "jeudi à 14h", "peu importe", "celui de jeudi"}) {
    state_ = choosing;
    say(text);
    EXPECT_EQ(deed_, BookingDeed::none) << text;
    EXPECT_EQ(state_.booked[0].start, before) << text;
  }
  state_ = choosing;
  say("le premier");
  ASSERT_EQ(asked(), kAskMove);
  EXPECT_THAT(last_.text, HasSubstr("jeudi 3 décembre à 14"));
  EXPECT_THAT(last_.text, HasSubstr("lundi 30 novembre"));
  const State asked_for = state_;
  for (const char* text : {"non", "ne le déplacez pas", "oui ?", "oui mais plus tard", "non merci",
                           "gardez l'ancien", "combien coûte la cantine ?"}) {
    state_ = asked_for;
    say(text);
    EXPECT_NE(deed_, BookingDeed::move) << text;
    EXPECT_EQ(state_.booked[0].start, before) << text;
  }
  state_ = asked_for;
  say("plutôt 14h30");
  EXPECT_EQ(asked(), kAskMove);
  EXPECT_THAT(held(), HasSubstr("30"));
  say("oui c'est bon");
  EXPECT_EQ(deed_, BookingDeed::move);
  EXPECT_THAT(last_.text, HasSubstr("C’est déplacé"));
  for (const char* text : {"oui jeudi à 14h", "oui, déplacez-le", "parfait, merci"}) {
    state_ = asked_for;
    say(text);
    EXPECT_EQ(deed_, BookingDeed::move) << text;
  }
  state_ = asked_for;
  say("annuler mon rdv");
  EXPECT_EQ(asked(), kAskCancel);
  state_ = asked_for;
  say("x", "rdv/!confirm");
  EXPECT_NE(deed_, BookingDeed::move);
}

TEST_F(Appointment, APlaceThatIsRefusedOrAskedAboutIsNotChosen) {
  for (const char* text :
       {"pas le premier", "le deuxième c'est quand ?", "surtout pas le dernier", "ni le premier",
        "le deuxième ?", "je ne veux pas le premier", "sauf le dernier", "c'est quoi le premier"})
    EXPECT_FALSE(ordinal_in(text, 3)) << text;
  EXPECT_EQ(ordinal_in("le deuxième", 3), 1U);
  EXPECT_EQ(ordinal_in("le dernier svp", 3), 2U);
  say("rdv passeport");
  say("pas le premier");
  EXPECT_EQ(deed_, BookingDeed::none);
  EXPECT_EQ(asked(), kAskSlot);
}

TEST_F(Appointment, WhatIsCancelledMayBeSomethingElse) {
  booked();
  const State standing = state_;
  for (const char* text :
       {"comment annuler une amende ?", "annuler l'abonnement", "reporter mon paiement ?",
        "je veux annuler mon inscription à la cantine", "annulation du mariage"}) {
    state_ = standing;
    say(text);
    EXPECT_NE(last_.status, Status::appointment) << text;
    EXPECT_NE(asked(), kAskCancel) << text;
  }
  for (const char* text :
       {"comment annuler mon rendez-vous ?", "annuler", "puis-je annuler ?", "je veux l'annuler",
        "annulez svp", "je suis malade je ne peux plus venir", "annuler ma carte d'identité"}) {
    state_ = standing;
    say(text);
    EXPECT_EQ(asked(), kAskCancel) << text;
  }
  state_ = standing;
  say("décaler la date");
  EXPECT_EQ(asked(), kAskSlot);
}

TEST_F(Appointment, WhatFollowsADangerIsSaidInIt) {
  say("rdv passeport");
  const State choosing = state_;
  say("il y a le feu chez moi");
  EXPECT_THAT(last_.text, HasSubstr("reprendre"));
  say("je suis au deuxième");
  EXPECT_EQ(deed_, BookingDeed::none);
  EXPECT_EQ(last_.status, Status::emergency);
  EXPECT_FALSE(state_.booking.start);
  state_ = choosing;
  all({"le premier", "il y a le feu chez moi"});
  say("Zoé Lambert");
  EXPECT_TRUE(state_.booking.visitor.name.read().empty());
  say("reprendre");
  EXPECT_EQ(asked(), kAskName);
  EXPECT_THAT(last_.text, HasSubstr("prénom et le nom"));
  say("Zoé Lambert");
  EXPECT_EQ(state_.booking.visitor.name.read(), "Zoé Lambert");
  // What is pressed, or asked for anew, goes on.
  state_ = choosing;
  say("il y a le feu chez moi");
  say("x", std::string(kSlotChoice) + format_rfc3339(choosing.booking.shown[0]));
  EXPECT_EQ(deed_, BookingDeed::hold);
  say("Zoé Lambert");
  EXPECT_EQ(state_.booking.visitor.name.read(), "Zoé Lambert");
  state_ = {};
  say("il y a le feu chez moi");
  say("je veux un rdv pour un passeport");
  EXPECT_EQ(asked(), kAskSlot);
}

// ── which appointment ──

TEST_F(Appointment, AChoiceMeansTheSameAppointmentLater) {
  booked();
  const std::string cancel_first = last_.choices[1].value;
  all({"je veux un rdv pour un passeport", "mardi à 9h", "Zoé Lambert", "passer", "zoe@example.org",
       "oui"});
  ASSERT_THAT(state_.booked, SizeIs(2));
  const std::string move_second = last_.choices[0].value;
  say("Annuler le rendez-vous", cancel_first);
  EXPECT_EQ(asked(), kAskCancel);
  EXPECT_THAT(last_.text, HasSubstr("lundi 30 novembre"));
  const std::string sure_first = last_.choices[0].value;
  // Sure of one is not sure of the other.
  say("Décaler le rendez-vous", move_second);
  EXPECT_EQ(asked(), kAskSlot);
  say("Oui, annuler", sure_first);
  EXPECT_EQ(deed_, BookingDeed::none);
  EXPECT_THAT(last_.text, HasSubstr("lundi 30 novembre"));
  // The oldest is forgotten meanwhile.
  state_.booking = {};
  say("annuler mon rdv");
  ASSERT_EQ(asked(), kAskWhich);
  const answer::Choice second = last_.choices[1];
  state_.booked.erase(state_.booked.begin());
  say(second.label, second.value);
  EXPECT_EQ(asked(), kAskCancel);
  EXPECT_THAT(last_.text, HasSubstr("mardi 1er décembre"));
  press("Oui, annuler");
  EXPECT_TRUE(state_.booked[0].cancelled);
  say("Oui, annuler", "rdv/!sure/2");  // pressed twice
  EXPECT_EQ(deed_, BookingDeed::tell);
  EXPECT_THAT(last_.text, HasSubstr("est annulé"));
}

// ── stopping ──

TEST_F(Appointment, AWishToStopIsHeardAtAnyTime) {
  all({"rdv passeport", "le premier"});
  const State named = state_;
  say("Zoé Lambert");
  ASSERT_TRUE(asked().starts_with(kAskOwn));
  const State own = state_;
  say("passer");
  const State email = state_;
  for (const State& where : {named, own, email})
    for (const char* text : {"je veux arrêter", "je voudrais annuler", "annulez ma demande", "stop",
                             "je ne peux plus venir", "annuler le rendez-vous", "j'arrête"}) {
      state_ = where;
      const int before = released_;
      say(text);
      EXPECT_EQ(released_, before + 1) << text << " → " << last_.text;
      EXPECT_TRUE(asked().empty()) << text;
    }
  for (const State& where : {named, own, email}) {
    state_ = where;
    say("je veux parler à un humain");
    EXPECT_TRUE(last_.contact);
    EXPECT_EQ(state_.booking, where.booking);
  }
  state_ = own;
  say("non merci");
  EXPECT_EQ(asked(), kAskEmail);
  EXPECT_TRUE(state_.booking.visitor.asked.empty());
}

TEST_F(Appointment, StoppingASecondOneSaysThatTheFirstStays) {
  booked();
  all({"je veux un rdv pour un passeport", "mardi à 9h"});
  say("annulez le rendez-vous");
  EXPECT_FALSE(state_.booked[0].cancelled);
  EXPECT_THAT(last_.text, HasSubstr("lundi 30 novembre"));
  EXPECT_THAT(last_.text, Not(HasSubstr("Aucun rendez-vous")));
}

// ── needs ──

TEST_F(Appointment, ANeedIsKeptWhenItIsBegunAnew) {
  say("rdv pour déposer mon dossier de mariage, je suis en fauteuil roulant");
  ASSERT_EQ(asked(), kAskCommune);
  say("Saint-Aubin");
  EXPECT_TRUE(state_.booking.visitor.needs.step_free);
  state_ = {};
  all({"rdv passeport, je suis sourde", "le premier", "Zoé Lambert"});
  say("non, pour une carte d'identité");
  EXPECT_EQ(state_.booking.reason, "carte-identite");
  EXPECT_TRUE(state_.booking.visitor.needs.sign_language);
}

TEST_F(Appointment, ANeedToldAfterwardsIsNotedWithTheAppointment) {
  booked();
  say("je suis en fauteuil roulant");
  EXPECT_EQ(deed_, BookingDeed::needs);
  EXPECT_TRUE(visitor_.needs.step_free);
  EXPECT_THAT(last_.text, HasSubstr("C’est noté pour votre rendez-vous, lundi 30 novembre"));
  EXPECT_FALSE(state_.booking.visitor.needs.any());
  say("pour mon rdv il me faut un interprète en arabe et je serai accompagné");
  EXPECT_EQ(visitor_.needs.interpreter, "arabe");
  EXPECT_TRUE(visitor_.needs.companion);
  say("finalement pas besoin d'interprète");
  EXPECT_EQ(visitor_.needs, (appointment::Needs{.step_free = true, .companion = true}));
  // In the middle of a move: noted, and the move goes on.
  say("décaler");
  const auto shown = state_.booking.shown;
  say("je suis sourde");
  EXPECT_TRUE(visitor_.needs.sign_language);
  EXPECT_EQ(asked(), kAskSlot);
  EXPECT_EQ(state_.booking.shown, shown);
  say("le premier, et je suis en fauteuil");
  EXPECT_TRUE(visitor_.needs.step_free);
}

TEST_F(Appointment, OfTwoItAsksWhichOneTheNeedIsOf) {
  booked();
  all({"je veux un rdv pour un passeport", "mardi à 9h", "Zoé Lambert", "passer", "zoe@example.org",
       "oui"});
  ASSERT_THAT(state_.booked, SizeIs(2));
  say("pour mon rendez-vous, je suis en fauteuil roulant");
  EXPECT_EQ(asked(), kAskWhich);
  EXPECT_FALSE(visitor_.needs.any());
  say("le premier");
  EXPECT_EQ(deed_, BookingDeed::needs);
  EXPECT_THAT(last_.text, HasSubstr("lundi 30 novembre"));
  EXPECT_TRUE(visitor_.needs.step_free);
}

TEST_F(Appointment, ANeedOfOneTakenElsewhereIsLedToItsLink) {
  say("pour mon rdv de demain je suis en fauteuil roulant");
  EXPECT_THAT(last_.text, HasSubstr("lien du message de confirmation"));
  state_ = {};
  say("je suis sourde, je veux un rdv pour un passeport");
  EXPECT_EQ(asked(), kAskSlot);
}

// ── a turn taken again, or without its words ──

TEST_F(Appointment, ATurnTakenAgainSaysTheSame) {
  say("rdv passeport");
  const State choosing = state_;
  for (const char* text : {"le premier", "lundi à 9h"}) {
    state_ = choosing;
    taken_.clear();
    say(text);
    ASSERT_EQ(deed_, BookingDeed::hold) << text;
    const answer::Answer first = last_;
    taken_[*state_.booking.start] = state_.booking.number;
    state_ = choosing;
    say(text);
    EXPECT_EQ(deed_, BookingDeed::hold) << text;
    EXPECT_EQ(last_.text, first.text) << text;
  }
  state_ = {};
  taken_.clear();
  booked();
  say("décaler à jeudi après-midi");
  const State moving = state_;
  const answer::Choice slot = last_.choices[0];
  say(slot.label, slot.value);
  ASSERT_EQ(deed_, BookingDeed::move);
  taken_[state_.booked[0].start] = state_.booked[0].number;
  state_ = moving;
  say(slot.label, slot.value);
  EXPECT_EQ(deed_, BookingDeed::move);
  EXPECT_THAT(last_.text, HasSubstr("C’est déplacé"));
}

TEST_F(Appointment, ItsOwnTimeIsNoneToMoveTo) {
  booked();
  taken_[state_.booked[0].start] = state_.booked[0].number;
  say("décaler");
  for (const answer::Choice& choice : last_.choices)
    EXPECT_NE(choice.label, slot_words(state_.booked[0].start, zone_));
  EXPECT_EQ(wanted_.number, state_.booked[0].number);
  EXPECT_EQ(std::ranges::count(state_.booking.shown, state_.booked[0].start), 0);
}

TEST_F(Appointment, WhatIsMaskedIsNoAnswer) {
  all({"rdv passeport", "le premier"});
  say("Zoé Lambert [adresse électronique masquée]");
  EXPECT_EQ(asked(), kAskName);
  EXPECT_THAT(last_.text, HasSubstr("de nouveau"));
  say("Zoé Lambert");
  say("[numéro de téléphone masqué]");
  EXPECT_TRUE(state_.booking.visitor.asked.empty());
  EXPECT_TRUE(asked().starts_with(kAskOwn));
  say("passer");
  say("[adresse électronique masquée]");
  EXPECT_EQ(asked(), kAskEmail);
  EXPECT_THAT(last_.text, HasSubstr("de nouveau"));
}

TEST_F(Appointment, WithoutABookerNothingIsBegun) {
  Step out = step({}, {.text = "je veux un rdv passeport", .choice = {}}, world_);
  EXPECT_NE(out.answer.status, Status::appointment);
  EXPECT_TRUE(out.state.booking.asked.empty());
}

// ── who may book ──

TEST_F(Appointment, WhoMayBookIsAskedBeforeASlotIsOffered) {
  state_.commune = world_.commune = "99001";
  say("je voudrais un rdv pour une domiciliation");
  ASSERT_EQ(asked(), kAskMay) << last_.text;
  EXPECT_THAT(last_.text, HasSubstr("Avez-vous un lien avec Saint-Aubin-sur-Orle"));
  EXPECT_EQ(last_.appointment.count("slots"), 0U);
  say("bleu");
  EXPECT_EQ(asked(), kAskMay);
  EXPECT_THAT(last_.text, HasSubstr("oui ou par non"));
  press("Oui");
  EXPECT_EQ(asked(), kAskSlot);
  EXPECT_EQ(last_.appointment.at("slots").as_array().size(), kSlotsShown);
  all({"le premier", "Ana Roy", "ana@example.org", "oui"});
  ASSERT_EQ(deed_, BookingDeed::confirm) << last_.text;
  EXPECT_EQ(visitor_.may, true);
}

TEST_F(Appointment, WhoMayNotBookIsToldWhereToGoAndNothingIsHeld) {
  for (const char* no : {"non", "non pas du tout"}) {
    state_ = {};
    state_.commune = world_.commune = "99001";
    say("je voudrais un rdv pour une domiciliation mardi");
    say(no);
    EXPECT_THAT(last_.text, HasSubstr("CCAS de la commune où vous avez un lien")) << no;
    EXPECT_TRUE(last_.contact) << no;
    EXPECT_EQ(asked(), "") << no;
    EXPECT_FALSE(state_.booking.start);
  }
  // For another matter nothing of it is left.
  say("je voudrais un rdv pour une domiciliation");
  EXPECT_EQ(asked(), kAskMay);
}

// ── by telephone, by video ──

TEST_F(Appointment, ByTelephoneTheNumberIsAskedFor) {
  state_.commune = world_.commune = "99001";
  all({"rdv par téléphone avec le ccas pour une aide sociale", "le premier", "Ana Roy"});
  ASSERT_EQ(asked(), kAskPhone) << last_.text;
  say("je sais pas trop");
  EXPECT_EQ(asked(), kAskPhone);
  all({"06 12 34 56 78", "ana@example.org", "oui"});
  ASSERT_EQ(deed_, BookingDeed::confirm) << last_.text;
  EXPECT_EQ(visitor_.phone.read(), "06 12 34 56 78");
}

TEST_F(Appointment, WhereOneIsCalledOrReceivedByVideoIsSaid) {
  const auto words = [&](BookingFacts facts) {
    facts.start = now_;
    answer::Answer answer;
    tell_booking(answer, facts, Told::booked, zone_);
    return std::pair(answer.text, answer.appointment);
  };
  const auto [called, call] = words({.id = "b",
                                     .state = "booked",
                                     .way = appointment::Way::phone,
                                     .start = {},
                                     .end = {},
                                     .phone = "06 12 34 56 78"});
  EXPECT_THAT(called, HasSubstr("vous appelle à cette heure, au 06 12 34 56 78"));
  EXPECT_EQ(call.at("call"), "06 12 34 56 78");
  const auto [seen, video] = words({.id = "b",
                                    .state = "booked",
                                    .way = appointment::Way::video,
                                    .start = {},
                                    .end = {},
                                    .video = "https://visio.example/salle"});
  EXPECT_THAT(seen, HasSubstr("ouvrez\u00a0: https://visio.example/salle"));
  EXPECT_EQ(video.at("video"), "https://visio.example/salle");
}

}  // namespace
}  // namespace parvis::dialogue
