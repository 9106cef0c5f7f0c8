#include "desk/cases.hpp"

#include <algorithm>
#include <charconv>

#include "api/tus.hpp"
#include "base/error.hpp"
#include "calendar/words.hpp"
#include "casework/reference.hpp"
#include "dates/dates.hpp"
#include "desk/case_pages.hpp"
#include "portal/procedure_pages.hpp"
#include "portal/visitor.hpp"
#include "text/normalise.hpp"

namespace parvis::desk {
namespace {

using casework::Act;
using casework::Opened;
using casework::Verdict;
using http::Request;
using http::Response;

constexpr std::chrono::days kUsualTerm{30};  // proposed for pieces
constexpr std::size_t kDayShown = 60;        // bytes of a day that is typed
constexpr std::size_t kSoughtMax = 60;       // bytes shown of what was sought

// What a request works with; made for each.
class Work {
 public:
  Work(const Desk& desk, const Entered& who) : desk_(desk), who_(who) {}

  // Throws not_found: missing and forbidden look alike.
  Opened open(std::string_view key) const {
    if (!who_.may_read()) throw casework::gone();
    const auto reference = casework::read_reference(key);
    const auto id = reference ? cases().find_as(who_.cx, who_.author, *reference) : std::nullopt;
    if (!id) throw casework::gone();
    return cases().open_as(who_.cx, who_.author, *id);
  }

  Shown shown(const Opened& opened) {
    names_.services = desk_.names({opened.service});
    for (const tenancy::Commune& commune : desk_.communes)
      names_.communes[commune.insee] = commune.name;
    const auto clock = casework::clock_of(opened, who_.cx.zone, who_.cx.now);
    Shown out{.opened = opened,
              .receipt = desk_.casework.receipt(opened),
              .clock = clock ? std::optional(*clock) : std::nullopt,
              .names = names_,
              .zone = who_.cx.zone,
              .now = who_.cx.now,
              .acts = next_acts(opened),
              .token = who_.frame.token,
              .pdf = desk_.decision_pdf != nullptr,
              .done = {},
              .receipt_pdf = desk_.receipt_pdf != nullptr};
    out.letters = desk_.letter_pdf != nullptr;
    if (desk_.casework.appointments != nullptr)
      out.visit = desk_.casework.appointments->of(who_.cx, opened);
    std::erase_if(out.acts, [&](const ActForm* form) { return !who_.may(form->act); });
    return out;
  }

  Facts facts(const Opened& opened) const {
    return facts_of(opened, desk_.services(opened.commune),
                    casework::moment_of(who_.cx, opened.commune));
  }

  // What came since the form was shown is told with it: sent again, it counts as seen.
  Response form_page(const Opened& opened, Acting acting, int status) {
    acting.changed = acting.changed || opened.events.back().seq != acting.typed.seen;
    const std::string title = (acting.changed || !acting.faults.empty() ? "Erreur\u00a0: " : "") +
                              std::string(acting.form.title);
    return Response::html(page(who_.frame, title, act_page(shown(opened), facts(opened), acting)),
                          status);
  }

  casework::Signer signer() const {
    // CRPA, L212-1: who decides, and as what.
    return {who_.author.name,
            who_.agent.has(identity::Role::manager) ? "Responsable de service" : "Agent"};
  }

 private:
  casework::Cases& cases() const { return desk_.casework.cases; }

  const Desk& desk_;
  const Entered& who_;
  Names names_;
};

std::string param(const Request& request, std::string_view name) {
  return std::string(request.param(name).value_or(""));
}
std::string query(const Request& request, std::string_view name) {
  return std::string(request.query_value(name).value_or(""));
}

// Where a page begins, as it stands in the address: "2026-12-15.1f…", of what is found by words
// "t1764410400000.1f…".
std::string after_words(const casework::Filter& filter) {
  return (filter.after_deposited
              ? "t" + std::to_string(filter.after_deposited->time_since_epoch().count())
              : filter.after_due) +
         "." + filter.after_id;
}
bool page_after(std::string_view words, casework::Filter& filter) {
  const std::size_t dot = words.find('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view place = words.substr(0, dot);
  if (place.starts_with('t') == filter.text.empty()) return false;
  if (filter.text.empty()) {
    filter.after_due = place;
  } else {
    std::int64_t at = 0;
    if (std::from_chars(place.data() + 1, place.data() + place.size(), at).ec != std::errc())
      return false;
    filter.after_deposited = Instant(std::chrono::milliseconds(at));
  }
  filter.after_id = words.substr(dot + 1);
  return true;
}

class CasePages {
 public:
  explicit CasePages(const Desk& desk) : desk_(desk) {}

  Response list(const Request& request, const Entered& who) const {
    if (!who.may_read())
      return Response::html(
          page(who.frame, "Compte sans dossier",
               html::fragment(html::h("h1", "Votre compte n’a pas accès aux dossiers"),
                              html::h("p",
                                      "Il sert à l’administration. Demandez le rôle d’agent à "
                                      "votre administrateur."))),
          403);
    Wanted wanted{.state = query(request, "etat"),
                  .procedure = query(request, "demarche"),
                  .service = query(request, "service"),
                  .sought = {},
                  .after = query(request, "apres")};
    // The one place where something is sought.
    wanted.sought = text::utf8_prefix(text::clean(query(request, "q")), kSoughtMax);
    if (const auto reference = casework::read_reference(wanted.sought);
        reference && desk_.casework.cases.find_as(who.cx, who.author, *reference))
      return Response::redirect(case_url(*reference));
    if (std::ranges::find(states_shown(), wanted.state, &StatesShown::name) == states_shown().end())
      wanted.state.clear();
    casework::Filter filter{.procedure = wanted.procedure, .text = wanted.sought};
    if (!wanted.service.empty()) filter.services = {wanted.service};
    if (!page_after(wanted.after, filter)) wanted.after.clear();
    casework::Page found = desk_.casework.cases.find(who.cx, who.author, filter);
    const bool lost =
        !wanted.sought.empty() && found.lines.empty() && !found.next && wanted.after.empty();
    // What is sought is sought in every state; else a state is shown.
    if (wanted.sought.empty() || lost) {
      filter.text.clear();
      filter.states = std::ranges::find(states_shown(), wanted.state, &StatesShown::name)->states;
      found =
          wanted.state == kPapers
              ? casework::Page{desk_.casework.cases.with_papers(who.cx, who.author), std::nullopt}
              : desk_.casework.cases.find(who.cx, who.author, filter);
    }
    const std::vector<casework::Line>& lines = found.lines;
    const Names names = names_of(who, lines);
    Listing listing{.wanted = std::move(wanted),
                    .lines = lines,
                    .next = {},
                    .procedures = {names.procedures.begin(), names.procedures.end()},
                    .services = {},
                    .names = names,
                    .zone = who.cx.zone,
                    .today = civil_date(who.cx.zone.local(who.cx.now)),
                    .done = done_words(request)};
    for (const auto& [id, name] : names.services)
      if (who.agent.answers_for(id)) listing.services.emplace_back(id, name);
    if (found.next) listing.next = after_words(*found.next);
    listing.lost = lost;
    listing.appointments = desk_.appointing != nullptr;
    Frame frame = who.frame;
    frame.sought = listing.wanted.sought;
    return Response::html(page(frame, "Dossiers", list_page(listing), Shape::board));
  }

  Response show(const Request& request, const Entered& who) const {
    Work work(desk_, who);
    const Opened opened = work.open(param(request, "key"));
    Shown shown = work.shown(opened);
    shown.done = done_words(request);
    return Response::html(page(who.frame, case_title(shown), case_page(shown), Shape::board));
  }

  Response form(const Request& request, const Entered& who) const {
    Work work(desk_, who);
    const Opened opened = work.open(param(request, "key"));
    const ActForm* form = act_form(param(request, "act"));
    if (form == nullptr) throw casework::gone();
    if (!possible(opened, *form, who)) return Response::redirect(case_url(opened.reference));
    Typed typed = fresh(opened, *form, who);
    typed.end = query(request, "choix");
    return work.form_page(opened, {.form = *form, .typed = std::move(typed)}, 200);
  }

  Response act(const Request& request, const Entered& who) const {
    Work work(desk_, who);
    const Opened opened = work.open(param(request, "key"));
    const ActForm* form = act_form(param(request, "act"));
    if (form == nullptr || !who.may(form->act)) throw casework::gone();
    const auto fields = http::parse_form(request);
    if (!fields) throw Error(Errc::invalid, fields.error().what);
    Acting acting{.form = *form, .typed = typed_of(*fields)};
    if (acting.typed.edit) return work.form_page(opened, acting, 200);
    auto told = read_act(form->act, acting.typed, work.facts(opened));
    if (!told) {
      acting.faults = std::move(told.error());
      return work.form_page(opened, acting, 400);
    }
    if (casework::is_decision(form->act)) {
      const Verdict verdict = form->act == Act::accept ? Verdict::accepted : Verdict::refused;
      const casework::Decision decision =
          casework::decision_of(opened, verdict, told->text, acting.typed.law, work.signer(),
                                desk_.casework.receipt(opened), who.cx.zone, who.cx.now);
      if (!acting.typed.sign) {
        if (opened.events.back().seq != acting.typed.seen)
          return conflict(work, opened, std::move(acting), who, "Relisez-le avant d’agir.");
        return Response::html(
            page(who.frame, "Relire la lettre", letter_page(work.shown(opened), acting, decision)));
      }
      told->more = casework::with_letter(decision);
    }
    // Words change nothing that others could have decided meanwhile.
    const bool words_only = form->act == Act::write || form->act == Act::note;
    try {
      if (form->act == Act::merge) {
        desk_.casework.cases.merge_into(who.cx, who.author, opened.id,
                                        string_at(told->more, "into").value_or(""), acting.typed.id,
                                        told->text, acting.typed.seen);
      } else {
        desk_.casework.cases.act_as(who.cx, who.author, opened.id, form->act, acting.typed.id,
                                    told->text, told->more,
                                    words_only ? std::nullopt : std::optional(acting.typed.seen));
      }
    } catch (const Error& e) {
      if (e.code() == Errc::conflict)
        return conflict(work, work.open(opened.reference), std::move(acting), who, e.detail());
      if (e.code() != Errc::invalid && e.code() != Errc::too_large) throw;
      const bool of_pieces = form->act == Act::give_pieces || form->act == Act::return_pieces ||
                             form->act == Act::waive_pieces;
      acting.faults = {{form->act == Act::merge ? "to" : of_pieces ? "asks" : "text", e.detail()}};
      return work.form_page(opened, acting, 400);
    }
    // A fragment of its own: the browser would keep the form's.
    const std::string done = "?fait=" + std::string(form->slug) + "#contenu";
    // Another service's from now on.
    if (!desk_.casework.cases.find_as(who.cx, who.author, opened.reference))
      return Response::redirect("/bureau/dossiers" + done);
    return Response::redirect(case_url(opened.reference) + done);
  }

  Response letter(const Request& request, const Entered& who) const {
    Work work(desk_, who);
    const Opened opened = work.open(param(request, "key"));
    const std::string number = param(request, "seq");
    std::int64_t seq = 0;
    std::from_chars(number.data(), number.data() + number.size(), seq);
    const casework::Happened* event = casework::decision_at(opened, seq);
    if (event == nullptr || !desk_.decision_pdf) throw casework::gone();
    Response out{.status = 200};
    out.body = desk_.decision_pdf(
        casework::decision_in(opened, *event, desk_.casework.receipt(opened), who.cx.zone),
        casework::recipient_of(opened), event->at);
    return std::move(out)
        .set("Content-Type", "application/pdf")
        .set("Content-Disposition",
             "attachment; filename=\"decision-" + opened.reference + ".pdf\"");
  }

  // The letter of any other act, for paper.
  Response act_letter(const Request& request, const Entered& who) const {
    const Opened opened = Work(desk_, who).open(param(request, "key"));
    const std::string number = param(request, "seq");
    std::int64_t seq = 0;
    std::from_chars(number.data(), number.data() + number.size(), seq);
    const auto event = std::ranges::find(opened.events, seq, &casework::Happened::seq);
    std::string pdf;
    if (desk_.letter_pdf && event != opened.events.end())
      pdf = desk_.letter_pdf(opened, desk_.casework.receipt(opened), *event);
    if (pdf.empty()) throw casework::gone();
    Response out{.status = 200};
    out.body = std::move(pdf);
    return std::move(out)
        .set("Content-Type", "application/pdf")
        .set("Content-Disposition", "attachment; filename=\"lettre-" + opened.reference + "-" +
                                        std::to_string(seq) + ".pdf\"");
  }

  Response receipt(const Request& request, const Entered& who) const {
    const Opened opened = Work(desk_, who).open(param(request, "key"));
    if (!desk_.receipt_pdf) throw casework::gone();
    Response out{.status = 200};
    out.body = desk_.receipt_pdf(opened, desk_.casework.receipt(opened));
    return std::move(out)
        .set("Content-Type", "application/pdf")
        .set("Content-Disposition",
             "attachment; filename=\"accuse-de-reception-" + opened.reference + ".pdf\"");
  }

  Response posted(const Request& request, const Entered& who) const {
    Work work(desk_, who);
    const Opened opened = work.open(param(request, "key"));
    if (!who.may(Act::note)) throw casework::gone();
    const auto fields = http::parse_form(request);
    if (!fields) throw Error(Errc::invalid, fields.error().what);
    HandedTyped typed;
    for (const auto& [name, value] : *fields) {
      if (name == "seq") std::from_chars(value.data(), value.data() + value.size(), typed.seq);
      if (name == "way") typed.way = value;
      if (name == "day") typed.day = text::utf8_prefix(value, kDayShown);
    }
    if (casework::decision_at(opened, typed.seq) == nullptr) {
      desk_.casework.cases.posted(who.cx, who.author, opened.id, typed.seq);
      return Response::redirect(case_url(opened.reference) + "?fait=courrier#contenu");
    }
    const auto way = casework::handing_named(typed.way);
    const auto day =
        dates::parse_civil_date(typed.day, who.cx.zone.local(who.cx.now), dates::Prefer::past);
    if (!way)
      typed.fault = "Dites comment la personne reçoit la lettre.";
    else if (!day)
      typed.fault = day.error();
    else
      try {
        desk_.casework.cases.notified(who.cx, who.author, opened.id,
                                      {.letter = typed.seq, .way = *way, .day = *day});
      } catch (const Error& e) {
        if (e.code() != Errc::invalid) throw;
        typed.fault = e.detail();
      }
    if (!typed.fault.empty()) {
      Shown shown = work.shown(opened);
      shown.handed = std::move(typed);
      return Response::html(
          page(who.frame, "Erreur\u00a0: " + case_title(shown), case_page(shown), Shape::board),
          400);
    }
    return Response::redirect(case_url(opened.reference) + "?fait=courrier#contenu");
  }

  Response piece(const Request& request, const Entered& who) const {
    const Opened opened = Work(desk_, who).open(param(request, "key"));
    if (desk_.casework.pieces == nullptr) throw casework::gone();
    try {
      return api::download(
          desk_.casework.pieces->open_as(who.cx, who.author, opened.id, param(request, "piece")));
    } catch (const Error& e) {
      if (e.code() != Errc::conflict) throw;
      return Response::html(
          page(who.frame, "Fichier pas encore ouvrable",
               html::fragment(
                   portal::back_link(case_url(opened.reference), "Dossier " + opened.reference),
                   html::h("h1", "Ce fichier ne peut pas encore être ouvert"),
                   html::h("p", {html::cls("lead")}, e.detail()))),
          409);
    }
  }

 private:
  // Of what the list shows, and of what it can be narrowed to: the démarches that are offered and
  // the services that they are for.
  Names names_of(const Entered& who, const std::vector<casework::Line>& lines) const {
    Names out;
    std::vector<std::string> services = who.author.services;
    for (const auto& each : desk_.casework.catalogue.offered(who.cx.tenant, "")) {
      out.procedures[each->id] = each->title;
      for (const procedure::InCharge& in_charge : each->services)
        services.push_back(in_charge.service);
    }
    for (const casework::Line& line : lines) {
      services.push_back(line.service);
      if (!out.procedures.contains(line.procedure))  // withdrawn since
        out.procedures[line.procedure] = line.procedure;
    }
    std::ranges::sort(services);
    services.erase(std::ranges::unique(services).begin(), services.end());
    out.services = desk_.names(services);
    for (const tenancy::Commune& commune : desk_.communes)
      out.communes[commune.insee] = commune.name;
    return out;
  }

  static std::string done_words(const Request& request) {
    if (query(request, "fait") == "saisie")
      return "La demande est déposée. Imprimez l’accusé de réception, puis remettez-le ou "
             "envoyez-le.";
    if (query(request, "fait") == "courrier") return "C’est noté au dossier.";
    const ActForm* form = act_form(query(request, "fait"));
    return form == nullptr ? std::string() : std::string(form->done);
  }

  static bool possible(const Opened& opened, const ActForm& form, const Entered& who) {
    const auto acts = next_acts(opened);
    return who.may(form.act) && std::ranges::find(acts, &form) != acts.end();
  }

  static Typed fresh(const Opened& opened, const ActForm& form, const Entered& who) {
    Typed typed{.id = portal::new_id(), .seen = opened.events.back().seq};
    if (form.act == Act::ask_pieces || form.act == Act::return_pieces)
      typed.term = format_french_date(
          CivilDate(std::chrono::sys_days(civil_date(who.cx.zone.local(who.cx.now))) + kUsualTerm));
    return typed;
  }

  static Response conflict(Work& work, const Opened& opened, Acting acting, const Entered& who,
                           std::string_view why) {
    if (possible(opened, acting.form, who)) {
      acting.changed = true;
      return work.form_page(opened, acting, 409);
    }
    return Response::html(page(who.frame, "Erreur\u00a0: le dossier a changé",
                               too_late_page(work.shown(opened), acting, why)),
                          409);
  }

  friend std::optional<Response> desk::resume_act(const Desk&, const Entered&, const Kept&);
  const Desk& desk_;
};

}  // namespace

std::optional<Response> resume_act(const Desk& desk, const Entered& who, const Kept& kept) {
  constexpr std::string_view kCases = "/bureau/dossiers/";
  std::string_view rest = kept.path;
  if (!rest.starts_with(kCases)) return std::nullopt;
  rest.remove_prefix(kCases.size());
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const ActForm* form = act_form(rest.substr(slash + 1));
  if (form == nullptr || form->act == Act::take_up) return std::nullopt;
  try {
    Work work(desk, who);
    const Opened opened = work.open(rest.substr(0, slash));
    Acting acting{.form = *form, .typed = typed_of(kept.fields), .resumed = true};
    if (!CasePages::possible(opened, *form, who))
      return CasePages::conflict(work, opened, std::move(acting), who,
                                 "Ce n’est plus possible maintenant.");
    return work.form_page(opened, acting, 200);
  } catch (const Error& e) {
    if (e.code() != Errc::not_found) throw;
    return std::nullopt;
  }
}

void add_cases(http::Router& router, const Desk& desk, const Gate& gate) {
  // Shared: the handlers of the router are its owners.
  const auto pages = std::make_shared<const CasePages>(desk);
  using Do = Response (CasePages::*)(const Request&, const Entered&) const;
  const auto to = [&](Do act) -> Gate::Page {
    return [pages, act](const Request& request, const Entered& who) {
      return (*pages.*act)(request, who);
    };
  };
  const http::RouteOptions &writes = desk.casework.budgets.writes,
                           &reads = desk.casework.budgets.reads;
  const std::string all = "/bureau/dossiers", one = all + "/{key}";
  router.get(all, gate.shown(to(&CasePages::list)), reads);
  router.get(one, gate.shown(to(&CasePages::show)), reads);
  router.get(one + "/{act}", gate.shown(to(&CasePages::form)), reads);
  router.post(one + "/{act}", gate.sent(to(&CasePages::act)), writes);
  router.get(one + "/accuse-de-reception.pdf", gate.shown(to(&CasePages::receipt)), reads);
  router.post(one + "/courrier", gate.sent(to(&CasePages::posted)), writes);
  router.get(one + "/lettre/{seq}", gate.shown(to(&CasePages::act_letter)), reads);
  router.get(one + "/decision/{seq}", gate.shown(to(&CasePages::letter)), reads);
  router.get(one + "/pieces/{piece}", gate.shown(to(&CasePages::piece)), reads);
}

}  // namespace parvis::desk
