#include "portal/appointments.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "answer/contact.hpp"
#include "base/error.hpp"
#include "dates/dates.hpp"
#include "portal/appointment_pages.hpp"
#include "portal/frames.hpp"
#include "portal/visitor.hpp"
#include "portal/visits.hpp"

namespace parvis::portal {
namespace {

using api::Visit;
using appointment::Agenda;
using appointment::Free;
using appointment::Look;
using appointment::Opened;
using appointment::Reason;
using appointment::State;
using appointment::Way;
using http::Request;
using http::Response;
using std::chrono::days;
using Mine = appointment::Appointments::Mine;

// What a form carries.
struct Sent {
  std::string token, start, act, begin, way, place, until;
  int people = 1;
  unsigned days = 0, halves = 0;
  appointment::Visitor visitor;
};

int number_in(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Sent sent_in(const Request& request) {
  const auto fields = http::parse_form(request);
  if (!fields) throw Error(Errc::invalid, fields.error().what);
  Sent out;
  appointment::Needs& needs = out.visitor.needs;
  for (const auto& [key, value] : *fields) {
    if (key == "_token")
      out.token = value;
    else if (key == "_start")
      out.start = start_like(value) ? value : "";
    else if (key == "act")
      out.act = value;
    else if (key == "debut")
      out.begin = value;
    else if (key == "maniere")
      out.way = value;
    else if (key == "lieu")
      out.place = value;
    else if (key == "until")
      out.until = value;
    else if (key == "personnes")
      out.people = number_in(value);
    else if (key == "jours")
      out.days |= 1U << (static_cast<unsigned>(number_in(value)) % 7);
    else if (key == "moments")
      out.halves |= 1U << (static_cast<unsigned>(number_in(value)) % 2);
    else if (key == "name")
      out.visitor.name = Personal(value);
    else if (key == "email")
      out.visitor.email = Personal(value);
    else if (key == "may_book" && (value == "oui" || value == "non"))
      out.visitor.may = value == "oui";
    else if (key == "phone")
      out.visitor.phone = Personal(value);
    else if (key == "step_free")
      needs.step_free = true;
    else if (key == "sign_language")
      needs.sign_language = true;
    else if (key == "companion")
      needs.companion = true;
    else if (key == "interpreter")
      needs.interpreter = value;
    else if (key == "besoin")
      needs.note = value;
    else if (out.visitor.asked.size() < appointment::kAsksMax)
      out.visitor.asked.insert_or_assign(key, Personal(value));
  }
  return out;
}

class AppointmentPages {
 public:
  AppointmentPages(const Service& service, const http::Assets& assets, Booking booking)
      : service_(service),
        assets_(assets),
        own_(booking.appointing),
        public_url_(std::move(booking.public_url)) {}

  Response list(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    AgendaList agendas;
    if (!own_.tenant.empty()) agendas = own_.agendas.offered(own_.tenant, insee(around));
    return Response::html(
        page(around, "Prendre rendez-vous", appointment_list(around, agendas, insee(around))));
  }

  Response choose(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    return with_reason(request, around, [&](const Agenda& agenda, const Reason& reason) {
      Choosing choosing{.agenda = agenda, .reason = reason, .zone = own_.zone};
      choosing.people = people_in(request, reason);
      choosing.way = way_in(request.query_value("maniere").value_or(""), reason);
      choosing.service = request.query_value("lieu").value_or("");
      choosing.start = new_start();
      return choosing_response(request, around, std::move(choosing), 200);
    });
  }

  Response hold(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const Sent sent = sent_in(request);
    return with_reason(request, around, [&](const Agenda& agenda, const Reason& reason) {
      Choosing choosing{.agenda = agenda, .reason = reason, .zone = own_.zone};
      // How many, how and where stand in the address of the form.
      choosing.people = people_in(request, reason);
      choosing.way = way_in(request.query_value("maniere").value_or(""), reason);
      choosing.service = request.query_value("lieu").value_or("");
      choosing.start = sent.start.empty() ? new_start() : sent.start;
      const auto start = parse_rfc3339(sent.begin);
      if (!start) {
        choosing.none_chosen = true;
        return choosing_response(request, around, std::move(choosing), 400);
      }
      switch (trust_in(request, "", sent.start, visit_in(request, kBookingCookie))) {
        case Trust::none:
          return refused_page(around);
        case Trust::to_confirm: {
          choosing.start = new_start();
          choosing.confirm = true;
          const Visit made = visit_from(choosing.start);
          return choosing_response(request, around, std::move(choosing), 200)
              .set("Set-Cookie", cookie_of(made, request_path(request), request, kBookingCookie));
        }
        case Trust::full:
          break;
      }
      if (sent.start.empty()) return Response::redirect(appointments_url(around));
      if (const auto wait = own_.budgets.refuse_start(own_.tenant, request.received_at))
        return too_many(around, *wait);
      const Visit visit = visit_from(sent.start);
      const auto held = own_.appointments.hold(context(request, around),
                                               {.agenda = agenda.id,
                                                .reason = reason.id,
                                                .people = choosing.people,
                                                .way = choosing.way,
                                                .service = choosing.service},
                                               *start, mine(visit));
      if (!held) {
        choosing.taken = Free{.start = *start, .end = *start, .counter = {}, .service = {}};
        choosing.next = held.error().next;
        choosing.start = new_start();
        return choosing_response(request, around, std::move(choosing), 409);
      }
      const std::string to = booking_url(around, visit.id);
      return Response::redirect(held->booking.state == State::held ? to + "/vous" : to)
          .set("Set-Cookie", cookie_of(visit, to, request, kBookingCookie));
    });
  }

  Response show_who(const Request& request) const {
    return with_booking(request,
                        [&](const Frame& around, const Opened& opened, const Visit& visit) {
                          const std::string own = booking_url(around, opened.booking.id);
                          if (opened.booking.state != State::held) return Response::redirect(own);
                          if (opened.reason == nullptr) return gone(around);  // offered no more
                          return who_response(around, opened, visit, {}, {}, 200);
                        });
  }

  Response confirm(const Request& request) const {
    const Sent sent = sent_in(request);
    return with_form(
        request, sent, [&](const Frame& around, const Opened& opened, const Visit& visit) {
          const std::string own = booking_url(around, opened.booking.id);
          if (opened.booking.state != State::held) return Response::redirect(own);
          if (opened.reason == nullptr) return gone(around);
          appointment::Visitor tidied = sent.visitor;
          auto faults = appointment::tidy(tidied, *opened.reason, appointment::Books::citizen);
          if (!faults.empty())
            return who_response(around, opened, visit, sent.visitor, std::move(faults), 400);
          try {
            own_.appointments.confirm(context(request, around), mine(visit), sent.visitor);
          } catch (const Error& e) {
            if (e.code() == Errc::not_found) return gone(around);
            if (e.code() != Errc::conflict) throw;
            return who_response(around, opened, visit, sent.visitor, {{"confirmer", e.what()}},
                                409);  // its time is past
          }
          return Response::redirect(own + "?pris");
        });
  }

  Response show(const Request& request) const {
    return with_booking(
        request, [&](const Frame& around, const Opened& opened, const Visit& visit) {
          if (opened.booking.state == State::held)
            return Response::redirect(booking_url(around, opened.booking.id, "/vous"));
          Booked booked = booked_of(request, around, opened, visit);
          booked.fresh = request.query_value("pris").has_value();
          booked.noted = request.query_value("note").has_value();
          return Response::html(page(around, booked_title(booked), booked_page(around, booked)));
        });
  }

  Response show_move(const Request& request) const {
    return with_booking(request,
                        [&](const Frame& around, const Opened& opened, const Visit& visit) {
                          return move_response(request, around, opened, visit, {}, 200);
                        });
  }

  Response move(const Request& request) const {
    const Sent sent = sent_in(request);
    return with_form(
        request, sent, [&](const Frame& around, const Opened& opened, const Visit& visit) {
          const auto start = parse_rfc3339(sent.begin);
          if (!start)
            return move_response(
                request, around, opened, visit,
                [](Choosing& choosing) { choosing.none_chosen = true; }, 400);
          try {
            const auto moved =
                own_.appointments.move(context(request, around), mine(visit), *start);
            if (!moved)
              return move_response(
                  request, around, opened, visit,
                  [&](Choosing& choosing) {
                    choosing.taken =
                        Free{.start = *start, .end = *start, .counter = {}, .service = {}};
                    choosing.next = moved.error().next;
                  },
                  409);
          } catch (const Error& e) {
            if (e.code() != Errc::conflict) throw;  // over meanwhile: its page says so
          }
          return Response::redirect(booking_url(around, opened.booking.id));
        });
  }

  Response ask_cancel_page(const Request& request) const {
    return with_booking(
        request, [&](const Frame& around, const Opened& opened, const Visit& visit) {
          if (!can_change(opened))
            return Response::redirect(booking_url(around, opened.booking.id));
          const Booked booked = booked_of(request, around, opened, visit);
          return Response::html(
              page(around, "Annuler ce rendez-vous\u202f?", ask_cancel(around, booked)));
        });
  }

  Response cancel(const Request& request) const {
    const Sent sent = sent_in(request);
    return with_form(request, sent,
                     [&](const Frame& around, const Opened& opened, const Visit& visit) {
                       try {
                         own_.appointments.cancel(context(request, around), mine(visit));
                       } catch (const Error& e) {
                         if (e.code() != Errc::conflict)
                           throw;  // begun meanwhile: its page says so
                       }
                       return Response::redirect(booking_url(around, opened.booking.id));
                     });
  }

  Response show_needs(const Request& request) const {
    return with_booking(
        request, [&](const Frame& around, const Opened& opened, const Visit& visit) {
          const std::string own = booking_url(around, opened.booking.id);
          if (!can_change(opened) || opened.reason == nullptr) return Response::redirect(own);
          const Coming coming{.agenda = *opened.agenda,
                              .reason = *opened.reason,
                              .zone = own_.zone,
                              .given = {.needs = opened.visitor->needs},
                              .token = form_token(visit),
                              .to = own + "/aide"};
          return Response::html(
                     page(around, "Une aide sur place",
                          ask_needs(around, coming, booked_of(request, around, opened, visit))))
              .set("Cache-Control", "private, no-store");
        });
  }

  Response note_needs(const Request& request) const {
    const Sent sent = sent_in(request);
    return with_form(request, sent,
                     [&](const Frame& around, const Opened& opened, const Visit& visit) {
                       const std::string own = booking_url(around, opened.booking.id);
                       appointment::NeedsSaid said{.add = sent.visitor.needs};
                       said.drop = {.step_free = true,
                                    .sign_language = true,
                                    .companion = true,
                                    .interpreter = "*",
                                    .note = "*"};
                       try {
                         own_.appointments.note_needs(context(request, around), mine(visit), said);
                       } catch (const Error& e) {
                         if (e.code() != Errc::conflict) throw;  // over meanwhile: its page says so
                         return Response::redirect(own);
                       }
                       return Response::redirect(own + "?note");
                     });
  }

  Response ics(const Request& request) const {
    return with_booking(request, [&](const Frame& around, const Opened& opened, const Visit&) {
      return ics_of(around, opened);
    });
  }
  // It changes nothing, so it asks nothing: a calendar program cannot press a button.
  Response link_ics(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_of_link(*request.param("link"));
    if (!visit) return gone(around);
    try {
      return ics_of(around, own_.appointments.open(context(request, around), mine(*visit)));
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
      return gone(around);
    }
  }

  Response close(const Request& request) const {
    const Sent sent = sent_in(request);
    return with_form(request, sent, [&](const Frame& around, const Opened& opened, const Visit&) {
      return Response::redirect(appointments_url(around, "ferme"))
          .set("Set-Cookie", no_cookie(booking_url(around, opened.booking.id), kBookingCookie));
    });
  }
  Response closed(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    return Response::html(page(around, "C’est fermé ici", booking_closed(around)));
  }

  // ── the waiting list ──

  Response show_enter(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    return with_reason(request, around, [&](const Agenda& agenda, const Reason& reason) {
      return entering_response(around, entering_of(request, around, agenda, reason), 200);
    });
  }

  Response enter(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const Sent sent = sent_in(request);
    return with_reason(request, around, [&](const Agenda& agenda, const Reason& reason) {
      Entering entering = entering_of(request, around, agenda, reason);
      entering.coming.given = sent.visitor;
      entering.days = sent.days;
      entering.halves = sent.halves;
      entering.until = sent.until;
      entering.people = std::clamp(sent.people, 1, reason.people);
      entering.way = way_in(sent.way, reason);
      if (!sent.start.empty()) entering.start = sent.start;
      const tenancy::Context cx = context(request, around);
      appointment::Visitor tidied = sent.visitor;
      auto& faults = entering.coming.faults;
      faults = appointment::tidy(tidied, reason, appointment::Books::citizen);
      if (sent.days == 0) faults.insert(faults.begin(), {"jours", "Choisissez au moins un jour."});
      if (sent.halves == 0)
        faults.insert(faults.begin(), {"jours", "Choisissez le matin ou l’après-midi."});
      Instant until = cx.now + reason.horizon;
      if (!sent.until.empty()) {
        const auto day =
            dates::parse_civil_date(sent.until, own_.zone.local(cx.now), dates::Prefer::future);
        if (!day)
          faults.push_back({"until", day.error()});
        else
          until = own_.zone.instant(LocalTime(std::chrono::local_days(*day) + days(1)));
      }
      if (!faults.empty()) return entering_response(around, entering, 400);
      switch (trust_in(request, "", sent.start, visit_in(request, kWaitingCookie))) {
        case Trust::none:
          return refused_page(around);
        case Trust::to_confirm: {
          entering.start = new_start();
          entering.confirm = true;
          const Visit made = visit_from(entering.start);
          return entering_response(around, entering, 200)
              .set("Set-Cookie", cookie_of(made, request_path(request), request, kWaitingCookie));
        }
        case Trust::full:
          break;
      }
      if (sent.start.empty()) return Response::redirect(appointments_url(around));
      if (const auto wait = own_.budgets.refuse_start(own_.tenant, request.received_at))
        return too_many(around, *wait);
      const Visit visit = visit_from(sent.start);
      own_.appointments.wait(cx,
                             {.look = {.agenda = agenda.id,
                                       .reason = reason.id,
                                       .people = entering.people,
                                       .way = entering.way,
                                       .from = cx.now,
                                       .until = until},
                              .days = sent.days,
                              .halves = sent.halves},
                             mine(visit), sent.visitor);
      const std::string to = appointments_url(around, "place/" + visit.id);
      return Response::redirect(to).set("Set-Cookie",
                                        cookie_of(visit, to, request, kWaitingCookie));
    });
  }

  Response show_place(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request, kWaitingCookie);
    if (!visit || visit->id != *request.param("id")) return gone(around);
    try {
      const auto waits = own_.appointments.open_waiting(context(request, around), mine(*visit));
      if (waits.offered && waits.offered->state != State::held)
        return Response::redirect(booking_url(around, waits.offered->id))
            .set("Set-Cookie",
                 cookie_of({.id = waits.offered->id, .token = visit->token},
                           booking_url(around, waits.offered->id), request, kBookingCookie));
      return Response::html(
          page(around, "Liste d’attente",
               waiting_page(around, waits, own_.zone, form_token(*visit), own_.now())));
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
      return gone(around);
    }
  }

  Response answer_place(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const Sent sent = sent_in(request);
    const auto visit = visit_in(request, kWaitingCookie);
    if (trust_in(request, sent.token, "", visit) != Trust::full) return refused_page(around);
    if (!visit || visit->id != *request.param("id")) return gone(around);
    try {
      if (sent.act == "laisser") {
        own_.appointments.leave(context(request, around), mine(*visit));
        return Response::redirect(appointments_url(around, "place/" + visit->id));
      }
      const Opened taken = own_.appointments.accept(context(request, around), mine(*visit));
      const std::string to = booking_url(around, taken.booking.id);
      return Response::redirect(to + "?pris")
          .set("Set-Cookie", cookie_of({.id = taken.booking.id, .token = visit->token}, to, request,
                                       kBookingCookie));
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
      return gone(around);
    }
  }

  // ── personal links ──

  Response ask_link(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const std::string_view key = *request.param("link");
    if (!visit_of_link(key)) return gone(around);
    return Response::html(
               page(around, "Ouvrir votre rendez-vous",
                    open_booking_link(around, link_url(around, key), new_start(), false)))
        .set("Referrer-Policy", "no-referrer");
  }

  // Whoever has the link opens it; whether there is something is told only now.
  Response follow_link(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_of_link(*request.param("link"));
    if (!visit) return gone(around);
    const std::string to = link_url(around, *request.param("link"));
    switch (trust_in(request, "", sent_in(request).start, visit_in(request, kBookingCookie))) {
      case Trust::none:
        return refused_page(around);
      case Trust::to_confirm: {
        const std::string start = new_start();
        return Response::html(page(around, "Ouvrir votre rendez-vous",
                                   open_booking_link(around, to, start, true)))
            .set("Referrer-Policy", "no-referrer")
            .set("Set-Cookie", cookie_of(visit_from(start), to, request, kBookingCookie));
      }
      case Trust::full:
        break;
    }
    const tenancy::Context cx = context(request, around);
    try {
      const Opened opened = own_.appointments.open(cx, mine(*visit));
      const std::string own = booking_url(around_of(around, opened.booking.commune), visit->id);
      return Response::redirect(own).set("Set-Cookie",
                                         cookie_of(*visit, own, request, kBookingCookie));
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
    }
    try {
      const auto waits = own_.appointments.open_waiting(cx, mine(*visit));
      const std::string own =
          appointments_url(around_of(around, waits.waiting.commune), "place/" + visit->id);
      return Response::redirect(own).set("Set-Cookie",
                                         cookie_of(*visit, own, request, kWaitingCookie));
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
    }
    return gone(around);
  }

 private:
  static std::string insee(const Frame& around) { return insee_of(around.commune); }
  static Mine mine(const Visit& visit) { return {visit.id, Secret(visit.token)}; }
  static std::string request_path(const Request& request) { return std::string(request.path); }
  static std::string link_url(const Frame& around, std::string_view key) {
    return appointments_url(around, std::string("lien/").append(key));
  }
  static int people_in(const Request& request, const Reason& reason) {
    return std::clamp(number_in(request.query_value("personnes").value_or("1")), 1, reason.people);
  }
  static Way way_in(std::string_view text, const Reason& reason) {
    const auto way = appointment::way_named(text);
    const bool offered = way && std::ranges::find(reason.ways, *way) != reason.ways.end();
    return offered ? *way : reason.ways.front();
  }
  // The pages of the commune for which something was made.
  Frame around_of(const Frame& around, const std::string& commune) const {
    Frame theirs = around;
    theirs.base = "/";
    for (const tenancy::Commune& each : service_.communes)
      if (each.insee == commune) theirs.base = "/" + each.slug + "/";
    return theirs;
  }

  tenancy::Context context(const Request& request, const Frame& around) const {
    return api::context_of(own_, request.request_id, insee(around));
  }

  Response ics_of(const Frame& around, const Opened& opened) const {
    if (!own_.ics || opened.booking.state == State::held) return gone(around);
    return Response::text(own_.ics(opened))
        .set("Content-Type", "text/calendar; charset=utf-8")
        .set("Content-Disposition", "attachment; filename=\"rendez-vous.ics\"")
        .set("Cache-Control", "private, no-store");
  }
  static Response gone(const Frame& around) {
    return Response::html(page(around, "Ce rendez-vous n’est pas ouvert ici", booking_gone(around)),
                          404);
  }

  template <typename Act>
  Response with_reason(const Request& request, const Frame& around, Act act) const {
    if (own_.tenant.empty()) return gone(around);
    const auto edition = own_.agendas.of(own_.tenant, *request.param("agenda"));
    const Reason* reason = edition && !edition->version.withdrawn
                               ? edition->agenda->reason(*request.param("reason"))
                               : nullptr;
    if (reason == nullptr || !reason->offered || !edition->agenda->serves(*reason, insee(around)))
      return gone(around);
    return act(*edition->agenda, *reason);
  }

  template <typename Act>
  Response with_booking(const Request& request, Act act) const {
    Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request, kBookingCookie);
    if (!visit || visit->id != *request.param("id")) return gone(around);
    std::optional<Opened> opened;
    try {
      opened = own_.appointments.open(context(request, around), mine(*visit));
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
      return gone(around);
    }
    if (const auto office = office_of(around, opened->service)) around.desk = office;
    return act(around, *opened, *visit);
  }
  template <typename Act>
  Response with_form(const Request& request, const Sent& sent, Act act) const {
    if (trust_in(request, sent.token, "", visit_in(request, kBookingCookie)) != Trust::full)
      return refused_page(frame_of(service_, assets_, request));
    return with_booking(request, act);
  }

  std::optional<answer::Contact> office_of(const Frame& around, const std::string& id) const {
    for (const directory::Service& each : service_.services(insee(around)))
      if (each.id == id) return answer::contact_of(each, own_.zone.local(own_.now()));
    return std::nullopt;
  }

  std::string access_of(const Frame& around, const std::string& id) const {
    for (const directory::Service& each : service_.services(insee(around)))
      if (each.id == id) return each.access;
    return {};
  }

  static std::optional<CivilDate> day_asked(const Request& request) {
    return parse_iso_date(request.query_value("jour").value_or(""));
  }

  Response choosing_response(const Request& request, Frame around, Choosing choosing,
                             int status) const {
    const tenancy::Context cx = context(request, around);
    std::set<std::string> services;
    for (const appointment::Counter& counter : choosing.agenda.counters)
      if (counter.seats_for(choosing.reason.id) > 0)
        services.insert(choosing.agenda.service_of(counter));
    for (const std::string& id : services)
      if (const auto office = office_of(around, id)) choosing.places.emplace_back(id, office->name);
    if (!services.contains(choosing.service)) choosing.service.clear();
    if (const auto office = office_of(around, choosing.agenda.service)) around.desk = office;
    const auto offer = own_.appointments.look(cx, {.agenda = choosing.agenda.id,
                                                   .reason = choosing.reason.id,
                                                   .people = choosing.people,
                                                   .way = choosing.way,
                                                   .service = choosing.service,
                                                   .from = cx.now,
                                                   .until = cx.now + appointment::kWindowMax});
    show_days(choosing, offer.slots, day_asked(request));
    return Response::html(
               page(around,
                    choosing.taken || choosing.none_chosen ? "Erreur\u00a0: choisir un horaire"
                                                           : "Choisir un horaire",
                    choose_slot(around, choosing)),
               status)
        .set("Cache-Control", "private, no-store");
  }

  Response move_response(const Request& request, const Frame& around, const Opened& opened,
                         const Visit& visit, const std::function<void(Choosing&)>& with,
                         int status) const {
    if (!can_change(opened) || opened.reason == nullptr)
      return Response::redirect(booking_url(around, opened.booking.id));
    Choosing choosing{.agenda = *opened.agenda, .reason = *opened.reason, .zone = own_.zone};
    choosing.people = opened.booking.people;
    choosing.way = opened.booking.way;
    choosing.token = form_token(visit);
    choosing.moves = &opened;
    const tenancy::Context cx = context(request, around);
    show_days(
        choosing,
        own_.appointments.alternatives(cx, opened, cx.now, cx.now + appointment::kWindowMax).slots,
        day_asked(request));
    if (with) with(choosing);
    return Response::html(page(around, "Déplacer le rendez-vous", choose_slot(around, choosing)),
                          status)
        .set("Cache-Control", "private, no-store");
  }

  Response who_response(const Frame& around, const Opened& opened, const Visit& visit,
                        appointment::Visitor given, std::vector<appointment::Fault> faults,
                        int status) const {
    const Coming coming{.agenda = *opened.agenda,
                        .reason = *opened.reason,
                        .zone = own_.zone,
                        .given = std::move(given),
                        .faults = std::move(faults),
                        .token = form_token(visit),
                        .to = booking_url(around, opened.booking.id, "/vous")};
    return Response::html(
        page(around, status == 200 ? "Qui vient\u202f?" : "Erreur\u00a0: qui vient\u202f?",
             who_comes(around, coming, opened, own_.now())),
        status);
  }

  Entering entering_of(const Request& request, const Frame& around, const Agenda& agenda,
                       const Reason& reason) const {
    return {.coming = {.agenda = agenda,
                       .reason = reason,
                       .zone = own_.zone,
                       .to = appointments_url(around, "attente/" + agenda.id + "/" + reason.id)},
            .people = people_in(request, reason),
            .way = way_in(request.query_value("maniere").value_or(""), reason),
            .start = new_start()};
  }
  static Response entering_response(const Frame& around, const Entering& entering, int status) {
    return Response::html(
        page(around,
             entering.coming.faults.empty() ? "Liste d’attente" : "Erreur\u00a0: liste d’attente",
             enter_waiting(around, entering)),
        status);
  }

  bool can_change(const Opened& opened) const {
    return appointment::step(opened.booking.state, appointment::Act::cancel,
                             appointment::Role::citizen, opened.booking.start, own_.now())
        .has_value();
  }

  Booked booked_of(const Request& request, const Frame& around, const Opened& opened,
                   const Visit& visit) const {
    return {.opened = opened,
            .zone = own_.zone,
            .now = own_.now(),
            .office = office_of(around, opened.service),
            .access = access_of(around, opened.service),
            .token = form_token(visit),
            .link = (public_url_.empty() ? origin_of(request) : public_url_) +
                    link_url(around, link_key(visit)),
            .ics = own_.ics != nullptr};
  }

  const Service& service_;
  const http::Assets& assets_;
  const api::Appointing& own_;
  const std::string public_url_;
};

}  // namespace

void add_appointments(http::Router& router, const Service& service, const http::Assets& assets,
                      const Booking& booking) {
  // Shared: the handlers of the router are its owners.
  const auto pages = std::make_shared<const AppointmentPages>(service, assets, booking);
  using Do = Response (AppointmentPages::*)(const Request&) const;
  const auto to = [&](Do act) {
    return [pages, act](const Request& request) { return (*pages.*act)(request); };
  };
  const http::RouteOptions &writes = booking.appointing.budgets.writes,
                           &reads = booking.appointing.budgets.reads;
  using Pages = AppointmentPages;
  for (const std::string base : {"/", "/{commune}/"}) {
    const std::string all = base + "rendez-vous", own = all + "/mien/{id}",
                      choose = all + "/choisir/{agenda}/{reason}",
                      wait = all + "/attente/{agenda}/{reason}";
    router.get(all, to(&Pages::list), reads);
    router.get(all + "/ferme", to(&Pages::closed), reads);
    router.get(choose, to(&Pages::choose), reads);
    router.post(choose, to(&Pages::hold), writes);
    router.get(own, to(&Pages::show), reads);
    router.get(own + "/vous", to(&Pages::show_who), reads);
    router.post(own + "/vous", to(&Pages::confirm), writes);
    router.get(own + "/deplacer", to(&Pages::show_move), reads);
    router.post(own + "/deplacer", to(&Pages::move), writes);
    router.get(own + "/aide", to(&Pages::show_needs), reads);
    router.post(own + "/aide", to(&Pages::note_needs), writes);
    router.get(own + "/annuler", to(&Pages::ask_cancel_page), reads);
    router.post(own + "/annuler", to(&Pages::cancel), writes);
    router.get(own + "/rendez-vous.ics", to(&Pages::ics), reads);
    router.post(own + "/fermer", to(&Pages::close), reads);
    router.get(wait, to(&Pages::show_enter), reads);
    router.post(wait, to(&Pages::enter), writes);
    router.get(all + "/place/{id}", to(&Pages::show_place), reads);
    router.post(all + "/place/{id}", to(&Pages::answer_place), writes);
    router.get(all + "/lien/{link}", to(&Pages::ask_link), reads);
    router.post(all + "/lien/{link}", to(&Pages::follow_link), writes);
    router.get(all + "/lien/{link}/rendez-vous.ics", to(&Pages::link_ics), reads);
  }
}

}  // namespace parvis::portal
