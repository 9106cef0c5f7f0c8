#include "desk/appointments.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "dates/dates.hpp"
#include "desk/appointment_pages.hpp"
#include "portal/visitor.hpp"
#include "text/normalise.hpp"

namespace parvis::desk {
namespace {

using appointment::Act;
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

constexpr std::size_t kDaysShown = 5;     // with a slot, on one page
constexpr days kClashesAhead{31};         // looked for, from the day shown on
constexpr std::size_t kLabelBytes = 200;  // of an absence
constexpr std::size_t kTypedBytes = 200;

struct ActNamed {
  std::string_view name;  // in the form
  Act act;
  State then;
  std::string_view done;
};
constexpr ActNamed kActs[] = {
    {"arrive", Act::arrive, State::arrived, "Noté\u00a0: la personne est arrivée."},
    {"recu", Act::see, State::seen, "Noté\u00a0: la personne a été reçue."},
    {"absent", Act::miss, State::missed, "Noté\u00a0: personne n’est venu."},
    {"defait", Act::undo, State::booked, "Noté\u00a0: la personne est attendue."},
};
struct Done {
  std::string_view name, words;
};
constexpr Done kDone[] = {
    {"deplace", "Le rendez-vous est déplacé."},
    {"annule", "Le rendez-vous est annulé."},
    {"pris", "Le rendez-vous est pris."},
    {"absence", "L’absence est notée. Les rendez-vous de ce moment sont à déplacer."},
    {"fin", "L’absence est terminée. Ce qui est à déplacer le reste jusqu’à ce qu’on y revienne."},
    {"change", "Rien n’a changé\u00a0: quelqu’un est passé avant. Voici où il en est."},
};

std::string done_words(std::string_view name) {
  for (const ActNamed& each : kActs)
    if (each.name == name) return std::string(each.done);
  for (const Done& each : kDone)
    if (each.name == name) return std::string(each.words);
  return {};
}

int number_in(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string query(const Request& request, std::string_view name) {
  return std::string(
      text::utf8_prefix(text::clean(request.query_value(name).value_or("")), kTypedBytes));
}

// What a form carries.
class Form {
 public:
  explicit Form(const Request& request) {
    auto fields = http::parse_form(request);
    if (!fields) throw Error(Errc::invalid, fields.error().what);
    fields_ = *std::move(fields);
  }
  explicit Form(http::Pairs fields) : fields_(std::move(fields)) {}
  std::string operator()(std::string_view name, std::size_t most = kTypedBytes) const {
    const auto found = std::ranges::find(fields_, name, &http::Pairs::value_type::first);
    return found == fields_.end()
               ? std::string()
               : std::string(text::utf8_prefix(text::clean(found->second), most));
  }
  appointment::Visitor visitor(const Reason& reason) const {
    appointment::Visitor out{.name = Personal((*this)("name")),
                             .email = Personal((*this)("email")),
                             .phone = Personal((*this)("phone")),
                             .needs = {.step_free = !(*this)("step_free").empty(),
                                       .sign_language = !(*this)("sign_language").empty(),
                                       .companion = !(*this)("companion").empty(),
                                       .interpreter = (*this)("interpreter"),
                                       .note = (*this)("note", appointment::kNeedMax)}};
    if (const std::string may = (*this)("may_book"); may == "oui" || may == "non")
      out.may = may == "oui";
    for (const appointment::Asked& each : reason.asks)
      out.asked.emplace(each.id, Personal((*this)(each.id)));
    return out;
  }

 private:
  http::Pairs fields_;
};

class VisitPages {
 public:
  explicit VisitPages(const Desk& desk) : desk_(desk), own_(*desk.appointing) {}

  Response day(const Request& request, const Entered& who) const {
    return with_agenda(request, who, query(request, "agenda"), [&](Around around) {
      const LocalTime here = around.zone.local(who.cx.now);
      Day out{
          .around = std::move(around), .date = civil_date(here), .bookings = {}, .absences = {}};
      if (const std::string typed = query(request, "jour"); !typed.empty()) {
        const auto iso = parse_iso_date(typed);
        const auto read = iso ? std::expected<CivilDate, std::string>(*iso)
                              : dates::parse_civil_date(typed, here);
        if (read) {
          out.date = *read;
        } else {
          out.around.faults = {{"jour", read.error()}};
          out.typed = typed;
        }
      }
      const LocalTime midnight{std::chrono::local_days(out.date)};
      const Instant begins = std::max(who.cx.zone.instant(midnight), who.cx.now);
      const std::string& agenda = out.around.agenda.id;
      out.bookings = own_.appointments.day(who.cx, author(who), agenda, out.date);
      out.absences =
          own_.appointments.absences(who.cx, author(who), agenda, who.cx.zone.instant(midnight),
                                     who.cx.zone.instant(midnight + days(1)));
      out.clashes =
          own_.appointments.clashes(who.cx, author(who), agenda, begins, begins + kClashesAhead);
      return shown(who, out.around, "Rendez-vous", day_page(out),
                   out.around.faults.empty() ? 200 : 400);
    });
  }

  Response show(const Request& request, const Entered& who) const {
    return with_visit(request, who, [&](Visit visit) {
      visit.fresh = query(request, "fait") == "pris";
      return shown(who, visit.around, "Un rendez-vous", visit_page(visit));
    });
  }

  Response to_case(const Request& request, const Entered& who) const {
    return with_visit(request, who, [&](const Visit& visit) {
      const std::string& id = visit.opened.booking.case_id;
      if (id.empty()) throw appointment::gone();
      return Response::redirect(
          case_url(desk_.casework.cases.open_as(who.cx, who.author, id).reference));
    });
  }

  Response act(const Request& request, const Entered& who) const {
    const Form form(request);
    const std::string name = form("acte");
    const auto named = std::ranges::find(kActs, name, &ActNamed::name);
    if (named == std::end(kActs) || !acts(who)) throw appointment::gone();
    return with_visit(request, who, [&](const Visit& visit) {
      std::string_view done = named->name;
      try {
        own_.appointments.act_as(who.cx, author(who), visit.opened.booking.id, named->act);
      } catch (const Error& e) {
        if (e.code() != Errc::conflict) throw;
        // Pressed twice, or a colleague was first.
        if (own_.appointments.open_as(who.cx, author(who), visit.opened.booking.id).booking.state !=
            named->then)
          done = "change";
      }
      const std::string& id = visit.opened.booking.id;
      if (form("retour") == "un")
        return Response::redirect(visits_url(id, {{"fait", std::string(done)}}) + "#contenu");
      return Response::redirect(to_day(visit, done) + "#rdv-" + id);
    });
  }

  Response show_move(const Request& request, const Entered& who) const {
    return with_visit(request, who,
                      [&](Visit visit) { return move_response(request, who, visit, {}, 200); });
  }

  Response move(const Request& request, const Entered& who) const {
    const Form form(request);
    if (!acts(who)) throw appointment::gone();
    return with_visit(request, who, [&](Visit visit) {
      Choosing choosing{.moment = form("quand")};
      const auto start = moment_in(form("debut"), choosing.moment, who, visit.around);
      if (!start) return move_response(request, who, visit, std::move(choosing), 400);
      std::string id = visit.opened.booking.id;
      try {
        auto moved = visit.retakes ? own_.appointments.retake_as(who.cx, author(who), id, *start)
                                   : own_.appointments.move_as(who.cx, author(who), id, *start);
        if (!moved) {
          choosing.taken = start;
          choosing.next = std::move(moved.error().next);
          return move_response(request, who, visit, std::move(choosing), 409);
        }
      } catch (const Error& e) {
        if (e.code() != Errc::conflict) throw;
        return Response::redirect(visits_url(id, {{"fait", "change"}}) + "#contenu");
      }
      if (visit.retakes)
        id = own_.appointments.of_case(who.cx, visit.opened.booking.case_id)
                 .value_or(visit.opened)
                 .booking.id;
      return Response::redirect(visits_url(id, {{"fait", "deplace"}}) + "#contenu");
    });
  }

  Response ask_cancel(const Request& request, const Entered& who) const {
    return with_visit(request, who, [&](const Visit& visit) {
      if (!can(visit, Act::cancel)) return Response::redirect(visits_url(visit.opened.booking.id));
      return shown(who, visit.around, "Annuler ce rendez-vous\u202f?", cancel_visit_page(visit));
    });
  }

  Response cancel(const Request& request, const Entered& who) const {
    if (!acts(who)) throw appointment::gone();
    return with_visit(request, who, [&](const Visit& visit) {
      const std::string& id = visit.opened.booking.id;
      std::string done = "annule";
      try {
        own_.appointments.act_as(who.cx, author(who), id, Act::cancel);
      } catch (const Error& e) {
        if (e.code() != Errc::conflict) throw;
        done = "change";
      }
      return Response::redirect(visits_url(id, {{"fait", done}}) + "#contenu");
    });
  }

  // ── for who calls ──

  Response calling(const Request& request, const Entered& who) const {
    if (!acts(who)) throw appointment::gone();
    const auto in = [&](std::string_view name) { return query(request, name); };
    return with_agenda(request, who, in("agenda"), [&](Around around) {
      Calling calling = calling_of(std::move(around), in);
      const std::string step = in("etape");
      if (calling.reason == nullptr) {
        if (!step.empty()) calling.around.faults = {{"motif", "Choisissez un motif."}};
        return why_response(who, calling);
      }
      if (!fits(calling)) return why_response(who, calling);
      if (step != "qui") return when_response(request, who, calling, {}, 200);
      Choosing choosing{.moment = in("quand")};
      calling.start = moment_in(in("debut"), choosing.moment, who, calling.around);
      if (!calling.start) return when_response(request, who, calling, std::move(choosing), 400);
      calling.made = portal::new_start();
      return shown(who, calling.around, "Qui vient", calling_who_page(calling, {}));
    });
  }

  Response book(const Request& request, const Entered& who) const {
    if (!acts(who)) throw appointment::gone();
    const Form form(request);
    return with_agenda(request, who, form("agenda"), [&](Around around) {
      Calling calling = called_in(std::move(around), form);
      Choosing choosing;
      choose_again(who, form, calling, choosing);
      if (!calling.start && !choosing.taken) return when_response(request, who, calling, {}, 400);
      if (!calling.start)
        return shown(who, calling.around, "Qui vient", calling_who_page(calling, choosing), 400);
      appointment::Visitor tidied = calling.given;
      for (appointment::Fault& each :
           appointment::tidy(tidied, *calling.reason, appointment::Books::agent))
        calling.around.faults.push_back({std::move(each.field), std::move(each.message)});
      if (!calling.around.faults.empty())
        return shown(who, calling.around, "Qui vient", calling_who_page(calling, {}), 400);
      const api::Visit made = portal::visit_from(calling.made);
      tenancy::Context cx = who.cx;
      cx.commune = calling.commune;
      auto booked = own_.appointments.book_as(cx, author(who), look_of(calling), *calling.start,
                                              {made.id, Secret(made.token)}, calling.given);
      if (booked) return Response::redirect(visits_url(made.id, {{"fait", "pris"}}) + "#contenu");
      choosing = {.taken = calling.start, .next = std::move(booked.error().next)};
      return shown(who, calling.around, "Horaire pris", calling_who_page(calling, choosing), 409);
    });
  }

  // ── absences ──

  Response absences(const Request& request, const Entered& who) const {
    return with_agenda(request, who, query(request, "agenda"), [&](Around around) {
      return absences_response(
          who, {.around = std::move(around), .typed = {.id = portal::new_id()}}, 200);
    });
  }

  Response note_absence(const Request& request, const Entered& who) const {
    const Form form(request);
    return with_agenda(request, who, form("agenda"), [&](Around around) {
      Away away = away_in(std::move(around), form);
      const std::string sure = form("sur");
      if (sure == "non") return absences_response(who, std::move(away), 200);
      const auto span = read_span(away.typed.from, away.typed.until, who.cx.zone, who.cx.now);
      if (!span) {
        away.around.faults = span.error();
        return absences_response(who, std::move(away), 400);
      }
      const appointment::Busy busy{.agenda = away.around.agenda.id,
                                   .counter = away.typed.counter,
                                   .id = away.typed.id,
                                   .from = span->from,
                                   .until = span->until,
                                   .label = away.typed.label};
      try {
        if (sure.empty())
          return shown(
              who, away.around, "Noter cette absence\u202f?",
              confirm_absence_page(away, *span,
                                   own_.appointments.would_displace(who.cx, author(who), busy)));
        own_.appointments.absence(who.cx, author(who), busy);
      } catch (const Error& e) {
        if (e.code() != Errc::invalid) throw;
        away.around.faults = {{"au", e.detail()}};
        return absences_response(who, std::move(away), 400);
      }
      return Response::redirect(
          visits_url("", {{"agenda", busy.agenda},
                          {"jour", format_iso_date(civil_date(
                                       who.cx.zone.local(std::max(busy.from, who.cx.now))))},
                          {"fait", "absence"}}) +
          "#contenu");
    });
  }

  Response end_absence(const Request& request, const Entered& who) const {
    const Form form(request);
    return with_agenda(request, who, form("agenda"), [&](const Around& around) {
      own_.appointments.end_absence(who.cx, author(who),
                                    {.agenda = around.agenda.id,
                                     .counter = form("guichet"),
                                     .id = form("id"),
                                     .from = {},
                                     .until = {}});
      return Response::redirect(
          visits_url("absences", {{"agenda", around.agenda.id}, {"fait", "fin"}}) + "#contenu");
    });
  }

  Response figures(const Request& request, const Entered& who) const {
    return with_agenda(request, who, query(request, "agenda"), [&](Around around) {
      Numbers numbers{
          .around = std::move(around), .first = query(request, "du"), .last = query(request, "au")};
      const auto period = read_period(numbers.first, numbers.last, who.cx.zone, who.cx.now);
      if (!period) {
        numbers.around.faults = period.error();
        return shown(who, numbers.around, "Chiffres", figures_page(numbers), 400);
      }
      numbers.period = *period;
      const auto midnight = [&](CivilDate date, days after) {
        return who.cx.zone.instant(LocalTime(std::chrono::local_days(date) + after));
      };
      numbers.figures =
          figures_of(numbers.around.agenda,
                     own_.appointments.figures(who.cx, author(who), numbers.around.agenda.id,
                                               midnight(period->first, days(0)),
                                               midnight(period->last, days(1))));
      return shown(who, numbers.around, "Chiffres", figures_page(numbers));
    });
  }

  // A form that was typed in another session: nothing of it is done.
  std::optional<Response> resumed(std::string_view rest, const Form& form,
                                  const Entered& who) const {
    constexpr std::string_view kMove = "/deplacer";
    Request request;  // asks nothing more
    if (rest.ends_with(kMove)) {
      rest.remove_suffix(kMove.size());
      request.params = {{"id", std::string(rest)}};
      return with_visit(request, who, [&](Visit visit) {
        visit.around.resumed = true;
        return move_response(request, who, visit, {.moment = form("quand")}, 200);
      });
    }
    if (rest != "absences" && (rest != "nouveau" || !acts(who))) return std::nullopt;
    return with_agenda(request, who, form("agenda"), [&](Around around) {
      around.resumed = true;
      if (rest == "absences") return absences_response(who, away_in(std::move(around), form), 200);
      Calling calling = called_in(std::move(around), form);
      Choosing choosing;
      choose_again(who, form, calling, choosing);
      calling.around.faults.clear();  // nothing was sent yet
      if (!calling.start && !choosing.taken) return when_response(request, who, calling, {}, 200);
      return shown(who, calling.around, "Qui vient", calling_who_page(calling, choosing));
    });
  }

 private:
  static appointment::Author author(const Entered& who) {
    return {.id = who.author.id, .services = who.author.services};
  }
  // Receiving people is an agent's; who is in charge of a service looks, and notes absences.
  static bool acts(const Entered& who) { return who.agent.has(identity::Role::agent); }

  bool can(const Visit& visit, Act act) const {
    return visit.around.acts &&
           appointment::step(visit.opened.booking.state, act, appointment::Role::agent,
                             visit.opened.booking.start, visit.around.now)
               .has_value();
  }

  // An account of some communes alone has the agendas of those, and of the whole tenant.
  AgendaList agendas_of(const Entered& who) const {
    if (!who.may_read()) throw appointment::gone();
    AgendaList all = own_.agendas.held_by(own_.tenant, who.author.services);
    const std::vector<std::string>& communes = who.author.communes;
    if (!communes.empty())
      std::erase_if(all, [&](const std::shared_ptr<const Agenda>& agenda) {
        return !agenda->communes.empty() &&
               std::ranges::find_first_of(agenda->communes, communes) == agenda->communes.end();
      });
    return all;
  }

  static Response shown(const Entered& who, const Around& around, std::string_view title,
                        const html::Html& main, int status = 200) {
    return Response::html(
        page(who.frame,
             (around.faults.empty() && status < 400 ? "" : "Erreur\u00a0: ") + std::string(title),
             main, Shape::board),
        status);
  }

  template <typename Do>
  Response with_agenda(const Request& request, const Entered& who, const std::string& wanted,
                       Do act) const {
    const AgendaList agendas = agendas_of(who);
    if (agendas.empty()) {
      if (!wanted.empty()) throw appointment::gone();
      return Response::html(page(who.frame, "Aucun agenda", no_agenda_page()));
    }
    auto found = agendas.begin();
    if (!wanted.empty())
      found = std::ranges::find(agendas, wanted, [](const auto& each) { return each->id; });
    if (found == agendas.end()) throw appointment::gone();
    return act(around_of(request, who, agendas, **found));
  }

  Around around_of(const Request& request, const Entered& who, const AgendaList& agendas,
                   const Agenda& agenda) const {
    return {.agendas = agendas,
            .agenda = agenda,
            .zone = who.cx.zone,
            .now = who.cx.now,
            .token = who.frame.token,
            .acts = acts(who),
            .done = done_words(query(request, "fait"))};
  }

  template <typename Do>
  Response with_visit(const Request& request, const Entered& who, Do act) const {
    const AgendaList agendas = agendas_of(who);
    const Opened opened =
        own_.appointments.open_as(who.cx, author(who), request.param("id").value_or(""));
    if (std::ranges::find(agendas, opened.booking.agenda,
                          [](const auto& each) { return each->id; }) == agendas.end() ||
        opened.agenda == nullptr)
      throw appointment::gone();
    Visit visit{.around = around_of(request, who, agendas, *opened.agenda), .opened = opened};
    visit.retakes = retakes(who, opened);
    const auto names = desk_.names({opened.service});
    if (const auto name = names.find(opened.service); name != names.end())
      visit.where = name->second;
    for (const directory::Service& each : desk_.services(opened.booking.commune))
      if (each.id == opened.service) visit.address = each.address;
    for (const tenancy::Commune& each : desk_.communes)
      if (each.insee == opened.booking.commune) visit.commune = each.name;
    return act(std::move(visit));
  }

  // It came to nothing, and the case it was for is open and theirs: they give it another slot.
  bool retakes(const Entered& who, const Opened& opened) const {
    const appointment::Booking& row = opened.booking;
    if (row.case_id.empty() || !appointment::came_to_nothing(row.state) || !acts(who)) return false;
    const auto last = own_.appointments.of_case(who.cx, row.case_id);
    if (!last || !appointment::came_to_nothing(last->booking.state)) return false;
    try {
      return casework::is_open(desk_.casework.cases.open_as(who.cx, who.author, row.case_id).state);
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
      return false;
    }
  }

  static std::string to_day(const Visit& visit, std::string_view done) {
    return visits_url(
        "",
        {{"agenda", visit.opened.booking.agenda},
         {"jour", format_iso_date(civil_date(visit.around.zone.local(visit.opened.booking.start)))},
         {"fait", std::string(done)}});
  }

  // A slot that was chosen, or what is typed instead; else the fault is said.
  static std::optional<Instant> moment_in(const std::string& chosen, const std::string& typed,
                                          const Entered& who, Around& around) {
    if (!typed.empty()) {
      const auto read = read_moment(typed, who.cx.zone, who.cx.now);
      if (read) return *read;
      around.faults = {{"quand", read.error()}};
      return std::nullopt;
    }
    if (const auto start = parse_rfc3339(chosen)) return start;
    around.faults = {{"quand", "Choisissez un horaire, ou écrivez un autre moment."}};
    return std::nullopt;
  }

  // The slots from the day that the address says, a few days of them.
  void fill(const Request& request, const Entered& who, const Look& look,
            Choosing& choosing) const {
    Look wanted = look;
    wanted.from = who.cx.now;
    if (const auto day = parse_iso_date(request.query_value("jour").value_or(""))) {
      wanted.from =
          std::max(wanted.from, who.cx.zone.instant(LocalTime(std::chrono::local_days(*day))));
      choosing.from_first = false;
    }
    wanted.until = wanted.from + appointment::kWindowMax;
    std::vector<Free> all = own_.appointments.look_as(who.cx, author(who), wanted).slots;
    std::size_t shown = 0;
    std::optional<CivilDate> last;
    for (Free& slot : all) {
      const CivilDate day = civil_date(who.cx.zone.local(slot.start));
      if (last != day) {
        last = day;
        if (++shown > kDaysShown) {
          choosing.later = day;
          return;
        }
      }
      choosing.slots.push_back(std::move(slot));
    }
  }

  Response move_response(const Request& request, const Entered& who, const Visit& visit,
                         Choosing choosing, int status) const {
    const appointment::Booking& row = visit.opened.booking;
    if (!(can(visit, Act::move) || visit.retakes) || visit.opened.reason == nullptr)
      return Response::redirect(visits_url(row.id));
    fill(request, who,
         {.agenda = row.agenda, .reason = row.reason, .people = row.people, .way = row.way},
         choosing);
    return shown(who, visit.around,
                 visit.retakes ? "Donner un autre horaire" : "Déplacer ce rendez-vous",
                 move_page(visit, choosing), status);
  }

  static Look look_of(const Calling& calling) {
    return {.agenda = calling.around.agenda.id,
            .reason = calling.reason->id,
            .people = calling.people,
            .way = calling.way};
  }

  template <typename In>
  Calling calling_of(Around around, In in) const {
    Calling out{.around = std::move(around)};
    const Agenda& agenda = out.around.agenda;
    out.reason = agenda.reason(in("motif"));
    out.people = std::clamp(number_in(in("personnes")), 1, appointment::kPeopleMax);
    const auto way = appointment::way_named(in("maniere"));
    out.way = way ? *way : out.reason != nullptr ? out.reason->ways.front() : Way::in_person;
    // What was not asked, because there is one way, is that way.
    if (out.reason != nullptr && out.reason->ways.size() == 1 && !way)
      out.way = out.reason->ways.front();
    for (const tenancy::Commune& each : desk_.communes)
      if (agenda.communes.empty() ||
          std::ranges::find(agenda.communes, each.insee) != agenda.communes.end())
        out.communes.emplace_back(each.insee, each.name);
    // Never one that nobody said.
    if (out.communes.size() > 1) out.communes.insert(out.communes.begin(), {"", "Pas demandé"});
    out.commune = in("commune");
    if (std::ranges::find(out.communes, out.commune, &std::pair<std::string, std::string>::first) ==
        out.communes.end())
      out.commune = out.communes.empty() ? std::string() : out.communes.front().first;
    return out;
  }

  // What the form of who calls carries.
  Calling called_in(Around around, const Form& form) const {
    Calling out = calling_of(std::move(around), [&](std::string_view name) { return form(name); });
    if (out.reason == nullptr || !fits(out)) throw appointment::gone();
    out.given = form.visitor(*out.reason);
    out.start = parse_rfc3339(form("debut"));
    out.made = form("_start");
    if (!portal::start_like(out.made)) out.made = portal::new_start();
    return out;
  }

  static Away away_in(Around around, const Form& form) {
    Away out{.around = std::move(around),
             .typed = {.id = form("id"),
                       .counter = form("guichet"),
                       .from = form("du"),
                       .until = form("au"),
                       .label = form("raison", kLabelBytes)}};
    if (out.typed.id.size() != 2 * appointment::kIdBytes) out.typed.id = portal::new_id();
    return out;
  }

  // Whether the reason takes so many, in that way; else the fault is said.
  static bool fits(Calling& calling) {
    const Reason& reason = *calling.reason;
    if (calling.people > reason.people)
      calling.around.faults.push_back(
          {"personnes", reason.people == 1 ? std::string("Ce motif est pour une personne.")
                                           : "Ce motif est pour " + std::to_string(reason.people) +
                                                 " personnes au plus."});
    if (std::ranges::find(reason.ways, calling.way) == reason.ways.end())
      calling.around.faults.push_back({"maniere", "Ce motif ne se fait pas " +
                                                      std::string(appointment::words(calling.way)) +
                                                      ". Choisissez autrement."});
    return calling.around.faults.empty();
  }

  static Response why_response(const Entered& who, const Calling& calling) {
    return shown(who, calling.around, "Prendre pour quelqu’un", calling_why_page(calling),
                 calling.around.faults.empty() ? 200 : 400);
  }

  Response when_response(const Request& request, const Entered& who, const Calling& calling,
                         Choosing choosing, int status) const {
    fill(request, who, look_of(calling), choosing);
    return shown(who, calling.around, "Quand", calling_when_page(calling, choosing), status);
  }

  // Somebody else was first, and the form asks for another time beside who comes: what is chosen or
  // typed is the start. Else `choosing` has what is free now, and nothing is typed again.
  void choose_again(const Entered& who, const Form& form, Calling& calling,
                    Choosing& choosing) const {
    const auto taken = parse_rfc3339(form("pris"));
    if (!taken) return;
    choosing.moment = form("quand");
    calling.start = moment_in(form("debut"), choosing.moment, who, calling.around);
    if (calling.start) return;
    choosing.taken = taken;
    Look wanted = look_of(calling);
    wanted.from = who.cx.now;
    wanted.until = who.cx.now + appointment::kNextWindow;
    const std::vector<Free> all = own_.appointments.look_as(who.cx, author(who), wanted).slots;
    auto from = std::ranges::lower_bound(all, *taken, {}, &Free::start);
    const auto next = static_cast<std::ptrdiff_t>(std::min(all.size(), appointment::kNextSlots));
    if (all.end() - from < next) from = all.end() - next;
    choosing.next.assign(from, from + next);
  }

  Response absences_response(const Entered& who, Away away, int status) const {
    away.absences = own_.appointments.absences(who.cx, author(who), away.around.agenda.id,
                                               who.cx.now, who.cx.now + appointment::kHorizonMax);
    return shown(who, away.around, "Absences", absences_page(away), status);
  }

  const Desk& desk_;
  const api::Appointing& own_;
};

}  // namespace

std::optional<Response> resume_visit(const Desk& desk, const Entered& who, const Kept& kept) {
  constexpr std::string_view kVisits = "/bureau/rendez-vous/";
  if (desk.appointing == nullptr || !kept.path.starts_with(kVisits)) return std::nullopt;
  try {
    return VisitPages(desk).resumed(std::string_view(kept.path).substr(kVisits.size()),
                                    Form(kept.fields), who);
  } catch (const Error& e) {
    if (e.code() != Errc::not_found) throw;
    return std::nullopt;
  }
}

void add_appointments(http::Router& router, const Desk& desk, const Gate& gate) {
  // Shared: the handlers of the router are its owners.
  const auto pages = std::make_shared<const VisitPages>(desk);
  using Do = Response (VisitPages::*)(const Request&, const Entered&) const;
  const auto to = [&](Do act) -> Gate::Page {
    return [pages, act](const Request& request, const Entered& who) {
      return (*pages.*act)(request, who);
    };
  };
  const http::RouteOptions &writes = desk.casework.budgets.writes,
                           &reads = desk.casework.budgets.reads;
  const std::string all = "/bureau/rendez-vous", one = all + "/{id}";
  router.get(all, gate.shown(to(&VisitPages::day)), reads);
  router.get(all + "/nouveau", gate.shown(to(&VisitPages::calling)), reads);
  router.post(all + "/nouveau", gate.sent(to(&VisitPages::book)), writes);
  router.get(all + "/absences", gate.shown(to(&VisitPages::absences)), reads);
  router.post(all + "/absences", gate.sent(to(&VisitPages::note_absence)), writes);
  router.post(all + "/absences/fin", gate.sent(to(&VisitPages::end_absence)), writes);
  router.get(all + "/chiffres", gate.shown(to(&VisitPages::figures)), reads);
  router.get(one, gate.shown(to(&VisitPages::show)), reads);
  router.get(one + "/dossier", gate.shown(to(&VisitPages::to_case)), reads);
  router.post(one + "/etat", gate.sent(to(&VisitPages::act)), writes);
  router.get(one + "/deplacer", gate.shown(to(&VisitPages::show_move)), reads);
  router.post(one + "/deplacer", gate.sent(to(&VisitPages::move)), writes);
  router.get(one + "/annuler", gate.shown(to(&VisitPages::ask_cancel)), reads);
  router.post(one + "/annuler", gate.sent(to(&VisitPages::cancel)), writes);
}

}  // namespace parvis::desk
