// One turn of an appointment in the conversation, while it is taken. Each part of its work has a
// file of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialogue/booking.hpp"
#include "dialogue/booking_words.hpp"
#include "dialogue/hear.hpp"
#include "dialogue/step.hpp"

namespace parvis::dialogue {

// Lives for one call. What it is given outlives it; `state` is moved from by the step that is
// taken.
class BookingTurn {
  using Agenda = appointment::Agenda;
  using Reason = appointment::Reason;
  using Answer = answer::Answer;

 public:
  BookingTurn(State& state, const World& world, const Said& said, std::string& commune);

  // Nothing when the turn is none of it.
  std::optional<Step> take();
  // After something else was answered: what was asked, asked again.
  void resume(Answer& answer);

 private:
  // ── the turn (turn_booking.cpp) ──

  std::optional<Step> go_on();
  std::optional<Step> pressed();
  std::optional<Step> stale();  // a choice that is none any more
  static int number_in(std::string_view digits);

  // What is there.
  std::string slug() const;
  const Agenda* agenda(std::string_view id);
  std::vector<const Agenda*> agendas();
  void live_in(std::string commune);
  const Reason* reason();
  const directory::Service* place();
  BookingFacts facts();
  std::string page(std::string_view which) const;

  // How it ends.
  static void add(std::string& text, std::string_view line);
  void set_appointment();
  std::optional<Step> done(BookingDeed deed = BookingDeed::none);
  // No agenda has it: how to reach the town hall.
  std::optional<Step> by_contact(std::string_view why);
  void leave();

  // ── what is asked, and what is said to that (turn_booking_asked.cpp) ──

  static constexpr std::size_t kReasonsOffered = 12;
  static constexpr std::string_view kNotHere =
      "Dans votre commune, ce rendez-vous ne se prend pas en ligne. Appelez la mairie.";

  std::optional<Step> begin();
  std::optional<Step> open(const std::string& opening);
  // For another matter or another commune who comes, and what they need, is known already.
  void renew();
  std::optional<Step> ask_reason(const std::vector<Meant>& found);
  std::optional<Step> ask_commune();
  std::optional<Step> with_reason(const Agenda& at, const Reason& reason);
  std::optional<Step> ask_people(const Reason& reason);
  void introduce(const Reason& reason);
  void ask_may();  // who may book
  std::optional<Step> may_said(const Heard& heard);
  std::optional<Step> of_may(bool may);
  std::optional<Step> begin_slots();
  void ask_next();
  void review();
  void tell_who();  // as they said it
  // What was asked, again.
  void again();
  std::optional<Step> once_more(std::string_view why);
  // Of the one that is being taken; of one that is taken, the caller notes them (Step::needs).
  bool note_needs();
  bool corrects_matter();
  std::optional<Step> reason_said(const Heard& heard);
  std::optional<Step> commune_said();
  std::optional<Step> of_commune(const std::string& insee);
  std::optional<Step> people_said();
  std::optional<Step> of_people(int count);
  std::optional<Step> reviewed(const Heard& heard, const std::optional<std::string>& email);
  // At a review: another address or name is given or wanted; nothing when the words are of neither.
  std::optional<Step> who_mended(const std::vector<std::string>& words,
                                 const std::optional<std::string>& email);
  std::optional<Step> confirm();

  // ── slots (turn_booking_slots.cpp) ──

  std::vector<FreeSlot> free(Instant from) const;
  std::optional<Step> nothing_free();
  // Why nobody receives on the days that were asked for; empty: they do, and all is taken.
  std::string closed_words(const SlotWish& wish);
  // The slots that the words leave, or the nearest ones; the one they name is taken.
  std::optional<Step> list(const SlotWish& wish);
  std::optional<Step> slot_said(const Heard& heard);
  std::optional<Step> take_slot(Instant start);
  std::optional<Step> hold(const FreeSlot& slot);

  // ── the waiting list (turn_booking_list.cpp) ──

  static constexpr std::string_view kNotListed = "Vous n’êtes pas encore sur la liste d’attente.";

  // As a choice, under slots that do not suit. Who moves an appointment has one already.
  void offer_list();
  std::optional<Step> enter_list();
  void ask_days();
  bool note_days();
  std::optional<Step> days_said(const Heard& heard);
  void review_list();
  std::optional<Step> list_reviewed(const Heard& heard, const std::optional<std::string>& email);
  std::optional<Step> enter();
  // Null when there is none, or it was left.
  const Waited* waited(int number) const;
  const Waited* last_waited() const;
  std::optional<Step> about_list();
  void talk_of_list(const Waited& entry);
  // The turn of who waits is lost for ever: it is asked first.
  std::optional<Step> ask_leave(int number);
  void ask_leave_words();
  std::optional<Step> leave_said(const Heard& heard);
  std::optional<Step> stay_listed();
  std::optional<Step> leave_list();

  // ── those that were taken here (turn_booking_mine.cpp) ──

  // Null when there is none, or it is forgotten.
  const Booked* mine(int number) const;
  // Numbers of those to come.
  std::vector<int> live() const;
  std::vector<std::string> labels() const;
  std::optional<Step> about_mine();
  void offer_mine();
  std::optional<Step> which();
  void talk_of(int which);
  // number: of one that is known (mine).
  std::optional<Step> of_mine(int number, AboutBooking about, const std::string& words);
  // A button among those shown last is sure, and so is yes to the question; any other words are
  // asked about first: a move gives the former time away.
  std::optional<Step> move();
  void ask_move_words();
  std::optional<Step> move_said(const Heard& heard);
  void ask_cancel_words();
  std::optional<Step> decide(const Heard& heard);
  std::optional<Step> keep();
  std::optional<Step> cancel();
  std::optional<Step> stop();

  State& state_;
  const World& world_;
  const Said& said_;
  std::string& commune_;
  const Booker& booker_;
  const answer::ComposeContext context_;
  const Zone zone_;
  const Instant now_;
  const LocalTime local_;
  const std::string text_, words_;
  Booking& booking_;
  Answer answer_;
  // Read once, when they are first wanted.
  std::vector<std::shared_ptr<const Agenda>> all_;
  bool read_ = false;
  appointment::NeedsSaid needs_;
  std::optional<directory::Service> place_;
};

}  // namespace parvis::dialogue
