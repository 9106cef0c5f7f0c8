#include "api/chat_bookings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "calendar/words.hpp"
#include "crypto/hash.hpp"
#include "procedure/values.hpp"

namespace parvis::api {

using appointment::Appointments;
using appointment::Opened;
using dialogue::Booked;
using dialogue::Booking;
using dialogue::BookingDeed;
using dialogue::FreeSlot;
using dialogue::Step;
using dialogue::Told;
using dialogue::Waited;
using dialogue::WaitFacts;

static_assert(dialogue::kSlotKept == appointment::kHold);
static_assert(dialogue::kOfferKept == appointment::kOffer);

Appointments::Mine booking_of(const Visit& visit, int number) {
  const std::string name = fmt::format("{}/{}/{}", visit.id, visit.token, number);
  return {crypto::sha256_hex("chat booking id " + name).substr(0, 2 * appointment::kIdBytes),
          Secret(crypto::sha256_hex("chat booking token " + name))};
}

Appointments::Mine waiting_of(const Visit& visit, int number) {
  const std::string name = fmt::format("{}/{}/{}", visit.id, visit.token, number);
  return {crypto::sha256_hex("chat waiting id " + name).substr(0, 2 * appointment::kIdBytes),
          Secret(crypto::sha256_hex("chat waiting token " + name))};
}

namespace {

std::vector<FreeSlot> slots_of(const std::vector<appointment::Free>& free) {
  std::vector<FreeSlot> out;
  out.reserve(free.size());
  for (const appointment::Free& each : free) out.push_back({each.start, each.end, each.service});
  return out;
}

// Where the service calls who comes by telephone, as people write it.
std::string called_at(const Opened& opened) {
  if (opened.booking.way != appointment::Way::phone || !opened.visitor) return {};
  const std::string& number = opened.visitor->phone.read();
  if (number.empty()) return {};
  procedure::Field field;
  field.type = procedure::Type::phone;
  return procedure::shown(field, json::value(number));
}

bool will_mend(const Error& e) {
  return e.code() == Errc::unavailable || e.code() == Errc::overloaded || e.code() == Errc::failed;
}

class Performing {
 public:
  Performing(const Appointing& own, const ServiceOf& service_of, const tenancy::Context& cx,
             const Visit& visit, Step& step)
      : own_(own),
        service_of_(service_of),
        cx_(cx),
        visit_(visit),
        step_(step),
        booking_(step.state.booking) {
    cx_.commune = booking_.commune;
  }

  void perform() {
    note_needs();
    switch (step_.booking) {
      case BookingDeed::none:
      case BookingDeed::needs:
        return;
      case BookingDeed::hold:
        return hold();
      case BookingDeed::confirm:
        return confirm();
      case BookingDeed::release:
        return own_.appointments.release(cx_, booking_of(visit_, booking_.number));
      case BookingDeed::move:
        return move();
      case BookingDeed::cancel:
        return tell(own_.appointments.cancel(cx_, mine()), Told::cancelled);
      case BookingDeed::tell:
        return tell(own_.appointments.open(cx_, mine()), Told::standing);
      case BookingDeed::wait:
        return wait();
      case BookingDeed::tell_list:
        return tell_list(WaitFacts::State::waiting);
      case BookingDeed::leave_list:
        return leave_list();
    }
  }

  // What the caller cannot do is said, and the conversation goes on.
  void refused(const Error& e) {
    step_.answer.text = e.detail();
    step_.answer.choices.clear();
    booking_.asked = dialogue::kAskNothing;
    booking_.start.reset();
  }

 private:
  Booked* booked() {
    const auto at = std::ranges::find(step_.state.booked, booking_.of, &Booked::number);
    return booking_.of <= 0 || at == step_.state.booked.end() ? nullptr : &*at;
  }
  Appointments::Mine mine() {
    const Booked* one = booked();
    return booking_of(visit_, one == nullptr ? booking_.number : one->number);
  }
  appointment::Look look() const {
    return {.agenda = booking_.agenda,
            .reason = booking_.reason,
            .people = std::max(1, booking_.people),
            .way = booking_.way};
  }
  void lost(const appointment::Refused& refusal) {
    dialogue::slot_lost(step_.answer, booking_, slots_of(refusal.next), own_.zone);
  }

  // What the deed says comes after it.
  void note_needs() {
    if (!step_.needs.any() || booked() == nullptr) return;
    try {
      const Opened opened = own_.appointments.note_needs(cx_, mine(), step_.needs);
      dialogue::tell_needs(step_.answer,
                           opened.visitor ? words(opened.visitor->needs) : std::string(),
                           opened.booking.start, own_.zone);
    } catch (const Error& e) {
      if (will_mend(e)) throw;
      dialogue::needs_refused(step_.answer, e.detail());
    }
  }
  bool held() {
    if (!booking_.start) return false;
    auto held =
        own_.appointments.hold(cx_, look(), *booking_.start, booking_of(visit_, booking_.number));
    if (!held) {
      lost(held.error());
      return false;
    }
    booking_.until = held->booking.held_until;
    step_.answer.appointment["id"] = held->booking.id;
    step_.answer.appointment["end"] = format_rfc3339(held->booking.end);
    return true;
  }
  void hold() { held(); }

  void confirm() {
    const Appointments::Mine mine = booking_of(visit_, booking_.number);
    try {
      const Opened open = own_.appointments.open(cx_, mine);
      // Another window chose another one meanwhile; the one that was read over is meant.
      if (open.booking.state == appointment::State::held && booking_.start &&
          open.booking.start != *booking_.start && !held())
        return;
    } catch (const Error& e) {
      // The hold ended: it is honoured when nobody took its time.
      if (e.code() != Errc::not_found) throw;
      if (!held()) return;
    }
    try {
      done(own_.appointments.confirm(cx_, mine, booking_.visitor));
    } catch (const Error& e) {
      if (e.code() != Errc::invalid || !ask_again()) throw;
    }
  }

  // ── the waiting list ──

  std::optional<Appointments::Waits> waits(int number) {
    try {
      return own_.appointments.open_waiting(cx_, waiting_of(visit_, number));
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
      return std::nullopt;
    }
  }

  void wait() {
    const int number = booking_.number;
    if (!waits(number)) try {  // a turn that is taken again meets its entry
        const dialogue::WaitDays& when = booking_.wait;
        Appointments::WaitFor wish{.look = look(), .days = when.days, .halves = when.halves};
        wish.look.until = cx_.now + appointment::kHorizonMax;
        if (when.until)
          wish.look.until = own_.zone.instant(
              LocalTime(std::chrono::local_days(*when.until) + std::chrono::days(1)));
        own_.appointments.wait(cx_, wish, waiting_of(visit_, number), booking_.visitor);
      } catch (const Error& e) {
        if (e.code() == Errc::overloaded) return refused(e);  // it is full, and says so
        if (e.code() != Errc::invalid || !ask_again()) throw;
        return;
      }
    const auto entered = waits(number);
    std::vector<Waited>& all = step_.state.waited;
    if (std::ranges::find(all, number, &Waited::number) == all.end()) {
      if (all.size() >= dialogue::kBookedMax) all.erase(all.begin());
      all.push_back({.number = number,
                     .agenda = booking_.agenda,
                     .reason = booking_.reason,
                     .label = entered && entered->reason ? entered->reason->label : std::string(),
                     .commune = booking_.commune});
    }
    booking_ = {};  // who waits is in the entry, and nowhere else from now on
    booking_.number = number;
    booking_.of = number;
    tell_list(WaitFacts::State::entered);
  }

  void leave_list() {
    try {
      own_.appointments.leave(cx_, waiting_of(visit_, booking_.of));
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;  // it is over
    }
    tell_list(WaitFacts::State::over);
  }

  void tell_list(WaitFacts::State state) {
    const auto entry = std::ranges::find(step_.state.waited, booking_.of, &Waited::number);
    booking_.asked = dialogue::kAskNothing;
    if (entry == step_.state.waited.end()) return;
    const auto now = waits(entry->number);
    const Appointments::Mine mine = waiting_of(visit_, entry->number);
    WaitFacts facts{.number = entry->number, .label = entry->label, .url = {}, .state = state};
    using Stored = appointment::WaitingState;
    const bool accepted = now && now->offered && now->offered->state != appointment::State::held;
    if (!now || now->waiting.state == Stored::closed || accepted) {
      facts.state = WaitFacts::State::over;
    } else {
      facts.url = fmt::format("/rendez-vous/lien/{}-{}", mine.id, mine.token.reveal());
      facts.people = now->waiting.people;
      facts.way = now->waiting.way;
      facts.wait = {.days = now->waiting.days, .halves = now->waiting.halves};
      // A date of the list's own, at its horizon, was said by nobody.
      const Instant last = now->waiting.until;
      if (now->reason != nullptr && last < now->waiting.created_at + now->reason->horizon)
        facts.wait.until = civil_date(own_.zone.local(last - std::chrono::seconds(1)));
      if (now->offered) {
        facts.state = WaitFacts::State::offered;
        facts.start = now->offered->start;
        facts.until = now->offered->held_until;
      }
    }
    entry->left = facts.state == WaitFacts::State::over;
    dialogue::tell_waiting(step_.answer, facts, own_.zone);
    if (!accepted || now->offered->state != appointment::State::booked) return;
    const std::string when = dialogue::slot_words(now->offered->start, own_.zone);
    step_.answer.text = fmt::format(
        "Vous avez pris la place proposée\u00a0: {}. Le courriel de confirmation la déplace ou "
        "l’annule.",
        when);
    step_.answer.appointment["when"] = when;
  }

  // The first thing that is wrong with who comes is asked again, and nothing else is forgotten.
  bool ask_again() {
    const auto edition = own_.agendas.of(cx_.tenant, booking_.agenda);
    const appointment::Reason* reason =
        edition ? edition->agenda->reason(booking_.reason) : nullptr;
    if (reason == nullptr) return false;
    appointment::Visitor& visitor = booking_.visitor;
    appointment::Visitor tidied = visitor;
    const auto faults = appointment::tidy(tidied, *reason, appointment::Books::citizen);
    if (faults.empty()) return false;
    const std::string& field = faults.front().field;
    std::string& text = step_.answer.text;
    text = faults.front().message;
    step_.answer.choices.clear();
    if (field == "may_book") {
      visitor.may.reset();
      step_.answer.choices = {{"Oui", std::string(dialogue::kMayBook)},
                              {"Non", std::string(dialogue::kMayNot)}};
      booking_.asked = dialogue::kAskMay;
    } else if (field == "phone" && booking_.way == appointment::Way::phone) {
      visitor.phone = Personal(std::string());
      text += "\nÀ quel numéro de téléphone le service vous appelle-t-il\u202f?";
      booking_.asked = dialogue::kAskPhone;
    } else if (field == "phone") {  // nobody asked for it
      visitor.phone = Personal(std::string());
      text += "\nJe ne garde pas ce numéro. Voulez-vous confirmer sans lui\u202f?";
      step_.answer.choices = {{booking_.waits ? "M’inscrire" : "Confirmer le rendez-vous",
                               std::string(dialogue::kConfirm)},
                              {"Abandonner", std::string(dialogue::kLeave)}};
      booking_.asked = booking_.waits ? dialogue::kAskListReview : dialogue::kAskReview;
    } else if (field == "email") {
      visitor.email = Personal(std::string());
      text += "\nQuelle est votre adresse e-mail\u202f?";
      booking_.asked = dialogue::kAskEmail;
    } else if (field == "name") {
      visitor.name = Personal(std::string());
      booking_.asked = dialogue::kAskName;
    } else {
      std::erase(booking_.passed, field);
      visitor.asked.erase(field);
      booking_.asked = std::string(dialogue::kAskOwn) + field;
    }
    return true;
  }

  void done(const Opened& opened) {
    const appointment::Booking& row = opened.booking;
    const int number = booking_.number;
    std::vector<Booked>& all = step_.state.booked;
    auto known = std::ranges::find(all, number, &Booked::number);
    if (known == all.end()) {
      if (all.size() >= dialogue::kBookedMax) all.erase(all.begin());
      known = all.insert(all.end(), Booked{});
    }
    *known = {.number = number,
              .agenda = row.agenda,
              .reason = row.reason,
              .label = opened.reason == nullptr ? std::string() : opened.reason->label,
              .commune = row.commune,
              .people = row.people,
              .way = row.way,
              .service = opened.service,
              .start = row.start,
              .end = row.end};
    booking_ = {};  // who comes is in the booking, and nowhere else from now on
    booking_.number = number;
    booking_.of = number;
    tell(opened, Told::booked);
  }

  void move() {
    if (!booking_.start) return;
    auto moved = own_.appointments.move(cx_, mine(), *booking_.start);
    if (!moved) {
      lost(moved.error());
      return;
    }
    tell(*moved, Told::moved);
  }

  void tell(const Opened& opened, Told told) {
    const auto service = service_of_(opened.service);
    const appointment::Booking& row = opened.booking;
    dialogue::tell_booking(step_.answer,
                           {.number = booking_.of,
                            .reason = opened.reason,
                            .service = service ? &*service : nullptr,
                            .id = row.id,
                            .state = appointment::name(row.state),
                            .people = row.people,
                            .way = row.way,
                            .start = row.start,
                            .end = row.end,
                            .video = appointment::video_of(opened),
                            .phone = called_at(opened)},
                           told, own_.zone);
    if (Booked* one = booked()) {
      one->start = row.start;
      one->end = row.end;
      one->service = opened.service;
      one->cancelled = row.state == appointment::State::cancelled;
    }
    booking_.asked = dialogue::kAskNothing;
    booking_.start.reset();
    booking_.until.reset();
  }

  const Appointing& own_;
  const ServiceOf& service_of_;
  tenancy::Context cx_;
  const Visit& visit_;
  Step& step_;
  Booking& booking_;
};

// The booking that is being taken or moved, when it is held or booked already.
std::optional<Opened> standing(const Appointing& own, const tenancy::Context& cx,
                               const Visit& visit, const dialogue::Booker::Wanted& wanted) {
  if (wanted.number <= 0) return std::nullopt;
  try {
    Opened opened = own.appointments.open(cx, booking_of(visit, wanted.number));
    const appointment::Booking& row = opened.booking;
    if (row.agenda == wanted.agenda && row.reason == wanted.reason && row.people == wanted.people)
      return opened;
  } catch (const Error& e) {
    if (will_mend(e)) throw;
  }
  return std::nullopt;
}

std::vector<FreeSlot> free_for(const Appointing& own, const tenancy::Context& cx,
                               const Visit& visit, const dialogue::Booker::Wanted& wanted) {
  using appointment::State;
  const auto mine = standing(own, cx, visit, wanted);
  const State state = mine ? mine->booking.state : State::cancelled;
  const bool moves = state == State::booked || state == State::displaced;
  std::vector<FreeSlot> slots =
      slots_of(moves ? own.appointments.alternatives(cx, *mine, wanted.from, wanted.until).slots
                     : own.appointments
                           .look(cx, {.agenda = wanted.agenda,
                                      .reason = wanted.reason,
                                      .people = wanted.people,
                                      .way = wanted.way,
                                      .from = wanted.from,
                                      .until = wanted.until})
                           .slots);
  // Its own slot is free for itself: a turn that is taken again finds it.
  const bool has = state == State::booked ||
                   (state == State::held && mine->booking.held_until.value_or(cx.now) > cx.now);
  if (!has || mine->booking.start < wanted.from || mine->booking.start >= wanted.until)
    return slots;
  const auto at = std::ranges::lower_bound(slots, mine->booking.start, {}, &FreeSlot::start);
  if (at == slots.end() || at->start != mine->booking.start)
    slots.insert(at, {mine->booking.start, mine->booking.end, mine->service});
  return slots;
}

dialogue::Booker booker_of(const Appointing& own, const ServiceOf& service_of,
                           const tenancy::Context& cx, const Visit& visit) {
  return {
      .agendas =
          [&own, cx](const std::string& commune) {
            return own.agendas.offered(cx.tenant, commune);
          },
      .free = [&own, cx, visit](const dialogue::Booker::Wanted& wanted) -> std::vector<FreeSlot> {
        tenancy::Context here = cx;
        here.commune = wanted.commune;
        try {
          return free_for(own, here, visit, wanted);
        } catch (const Error& e) {
          if (will_mend(e)) throw;
          return {};  // withdrawn since
        }
      },
      .service = service_of};
}

}  // namespace

Forms with_bookings(Forms forms, const Appointing& appointing, ServiceOf service_of) {
  forms.booker = [&appointing, service_of](const tenancy::Context& cx, const Visit& visit) {
    return booker_of(appointing, service_of, cx, visit);
  };
  forms.book = [&appointing, service_of = std::move(service_of)](const tenancy::Context& cx,
                                                                 const Visit& visit, Step& step) {
    Performing performing(appointing, service_of, cx, visit, step);
    try {
      performing.perform();
    } catch (const Error& e) {
      if (will_mend(e)) throw;  // the same message again makes up for it
      performing.refused(e);
    }
  };
  return forms;
}

}  // namespace parvis::api
