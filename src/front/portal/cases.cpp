// Deposited cases: their acknowledgement and timeline, messages. The ways into one: entering.cpp.
#include <algorithm>
#include <charconv>

#include "api/tus.hpp"
#include "base/error.hpp"
#include "casework/certificate.hpp"
#include "portal/appointment_pages.hpp"
#include "portal/case_pages.hpp"
#include "portal/entering_pages.hpp"
#include "portal/piece_form.hpp"
#include "portal/visits.hpp"

namespace parvis::portal {
namespace {

using casework::Act;
using casework::Opened;
using casework::State;
using http::Request;
using http::Response;

constexpr std::size_t kTagShown = 100;  // signs of a link that stops reminders

class CasePages : private Visits {
 public:
  using Visits::Visits;

  Response closed(const Request& request) const {
    return said(frame_of(service_, assets_, request), Told::closed, 200);
  }

  Response show_case(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto reference = reference_in(request);
    // The same whether there is such a case or not: nothing is looked up.
    if (reference && !followed(request, around))
      return Response::html(
          page(around, "Ouvrir le dossier " + *reference, ask_to_open(around, *reference)));
    return with_case(request, [&](const Frame& frame, const Followed& followed) {
      CaseShown shown = shown_of(request, frame, followed);
      shown.fresh = request.query_value("depose").has_value();
      return case_response(frame, shown, 200);
    });
  }

  // Whoever has the case has its appointment: its pages open with a cookie of their own.
  Response open_appointment(const Request& request) const {
    return with_case(request, [&](const Frame& around, const Followed& followed) {
      const tenancy::Context cx = context(request, around);
      const auto found = own_.casework.appointments == nullptr
                             ? std::nullopt
                             : own_.casework.appointments->of(cx, followed.opened);
      if (!found) return Response::redirect(cases_url(around, followed.opened.reference));
      const auto mine = own_.casework.appointments->opener(
          cx, {own_.casework.cases, followed.visit.id, followed.visit.token}, *found);
      const std::string own = booking_url(around, mine.id);
      const std::string_view to = request.query_value("vers").value_or("");
      return Response::redirect(to == "deplacer" || to == "annuler" ? own + "/" + std::string(to)
                                                                    : own)
          .set("Set-Cookie", cookie_of({.id = mine.id, .token = mine.token.reveal()}, own, request,
                                       kBookingCookie));
    });
  }

  // Another slot for a case whose visit came to nothing.
  Response show_retake(const Request& request) const {
    return with_case(request, [&](const Frame& around, const Followed& followed) {
      return retake_response(request, around, followed, {}, 200);
    });
  }

  Response retake(const Request& request) const {
    const auto fields = http::parse_form(request);
    if (!fields) throw Error(Errc::invalid, fields.error().what);
    const auto begin = std::ranges::find(*fields, "debut", &http::Pairs::value_type::first);
    const auto start = begin == fields->end() ? std::nullopt : parse_rfc3339(begin->second);
    return with_case_form(
        request, sending_from(*fields), [&](const Frame& around, const Followed& followed) {
          if (!start)
            return retake_response(
                request, around, followed, [](Choosing& choosing) { choosing.none_chosen = true; },
                400);
          try {
            const auto taken = own_.casework.appointments == nullptr
                                   ? throw casework::gone()
                                   : own_.casework.appointments->retake(context(request, around),
                                                                        followed.opened, *start);
            if (!taken)
              return retake_response(
                  request, around, followed,
                  [&](Choosing& choosing) {
                    choosing.taken = appointment::Free{
                        .start = *start, .end = *start, .counter = {}, .service = {}};
                    choosing.next = taken.error().next;
                  },
                  409);
          } catch (const Error& e) {
            // Over, or offered no more: the page of the case says so.
            if (e.code() != Errc::conflict && e.code() != Errc::not_found) throw;
          }
          return Response::redirect(cases_url(around, followed.opened.reference, "#rendez-vous"));
        });
  }

  Response write(const Request& request) const {
    const Sending sending = sending_of(request);
    return with_case_form(request, sending, [&](const Frame& around, Followed& followed) {
      CaseShown shown = shown_of(request, around, followed);
      shown.written = sending.text;
      if (const auto wait = own_.casework.budgets.refuse_message(
              followed.visit.id, own_.casework.tenant, request.received_at)) {
        shown.fault = "Trop de messages en ce moment. Attendez une minute, puis envoyez.";
        return case_response(around, shown, 429).set("Retry-After", std::to_string(wait->count()));
      }
      try {
        followed.opened =
            own_.casework.cases.act(context(request, around), followed.visit.id,
                                    followed.visit.token, Act::write, sending.id, sending.text);
      } catch (const Error& e) {
        if (e.code() != Errc::invalid && e.code() != Errc::too_large) throw;
        shown.fault = e.detail();
        return case_response(around, shown, e.code() == Errc::invalid ? 400 : 413);
      }
      const auto last =
          std::ranges::find(followed.opened.events.rbegin(), followed.opened.events.rend(),
                            Act::write, &casework::Happened::act);
      return Response::redirect(cases_url(
          around, followed.opened.reference,
          last == followed.opened.events.rend() ? "#ecrire" : "#m" + std::to_string(last->seq)));
    });
  }

  Response ask_withdraw_page(const Request& request) const {
    return with_case(request, [&](const Frame& around, const Followed& followed) {
      if (!can_withdraw(followed.opened))
        return Response::redirect(cases_url(around, followed.opened.reference));
      return Response::html(page(around, "Retirer votre demande\u202f?",
                                 ask_withdraw(around, shown_of(request, around, followed))));
    });
  }

  Response withdraw(const Request& request) const {
    const Sending sending = sending_of(request);
    return with_case_form(request, sending, [&](const Frame& around, const Followed& followed) {
      const std::string to = cases_url(around, followed.opened.reference, "#suivi");
      try {
        own_.casework.cases.act(context(request, around), followed.visit.id, followed.visit.token,
                                Act::withdraw, sending.id, sending.text);
      } catch (const Error& e) {
        if (e.code() != Errc::conflict) throw;  // decided meanwhile: its page says so
      }
      return Response::redirect(to);
    });
  }

  Response set_reminders(const Request& request) const {
    const Sending sending = sending_of(request);
    return with_case_form(request, sending, [&](const Frame& around, const Followed& followed) {
      own_.casework.cases.set_reminders(context(request, around), followed.visit.id,
                                        followed.visit.token, sending.reminders);
      return Response::redirect(cases_url(around, followed.opened.reference, "#vous-pouvez"));
    });
  }

  // The same whether there is a case or not.
  Response ask_stop(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    return Response::html(
        page(around, "Ne plus recevoir de rappels\u202f?",
             portal::stop_reminders(around, cases_url(around, "rappels/" + tag_in(request)))));
  }
  // The link alone says whose, and stopping is all it can: mail programs press it without a cookie
  // (RFC 8058).
  Response stop(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const std::string tag = tag_in(request);
    const std::size_t dash = tag.find('-');
    if (!own_.stop_reminders || dash == std::string::npos ||
        !own_.stop_reminders(tag.substr(0, dash), tag.substr(dash + 1)))
      return said(around, Told::lost, 404);
    return Response::html(page(around, "Les rappels sont arrêtés", reminders_stopped(around)));
  }

  // Asked once for each silence, whatever is pressed: the button's id is the delay's.
  Response ask_certificate(const Request& request) const {
    const Sending sending = sending_of(request);
    return with_case_form(request, sending, [&](const Frame& around, const Followed& followed) {
      if (casework::can_attest(followed.opened))
        own_.casework.cases.act(
            context(request, around), followed.visit.id, followed.visit.token, Act::write,
            sending.id,
            "Je demande une attestation de l’acceptation de ma demande (article L232-3 du code des "
            "relations entre le public et l’administration).");
      return Response::redirect(cases_url(around, followed.opened.reference, "#ecrire"));
    });
  }

  Response certificate(const Request& request) const {
    return with_case(request, [&](const Frame& around, const Followed& followed) {
      if (!own_.certificate_pdf || !casework::can_attest(followed.opened))
        return said(around, Told::lost, 404);
      Response out{.status = 200};
      out.body = own_.certificate_pdf(followed.opened, own_.casework.receipt(followed.opened));
      return std::move(out)
          .set("Content-Type", "application/pdf")
          .set("Content-Disposition",
               "attachment; filename=\"projet-attestation-" + followed.opened.reference + ".pdf\"");
    });
  }

  Response ask_pieces_page(const Request& request) const {
    return with_case(request, [&](const Frame& around, const Followed& followed) {
      return giving_page(request, around, followed, {}, "", 200);
    });
  }

  std::variant<Response, http::Receiving> receive_pieces(const Request& request) const {
    // Shared: each part of the form's reading uses it.
    auto refused = std::make_shared<std::vector<procedure::Fault>>();
    return receive_form(
        request,
        {.file = [this, &request, began = own_.casework.now()](
                     const http::Pairs& fields,
                     const http::Part& part) { return take(request, fields, part, began); },
         .failed = [refused](const http::Part& part,
                             const Error& why) { refused->push_back(refusal_of(part.name, why)); },
         .done =
             [this, &request, refused](const http::Pairs& fields) {
               return give(request, sending_from(fields), std::move(*refused));
             }});
  }

  // Whose uploads a script sends (api/tus.hpp).
  api::UploadsOf uploads_of(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request, kCaseCookie);
    if (trust_in(request, request.header("x-form-token").value_or(""), "", visit) != Trust::full)
      throw casework::gone();
    if (!followed(request, around)) throw casework::gone();
    return {context(request, around), visit->id, visit->token};
  }

  Response close_case(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request, kCaseCookie);
    if (trust_in(request, sending_of(request).token, "", visit) != Trust::full)
      return refused_page(around);
    Response out = Response::redirect(cases_url(around, "ferme"));
    if (const auto open = followed(request, around)) {
      own_.access.leave(context(request, around), visit->id, visit->token);
      // Of a deposit of just now: nothing here opens the case any more.
      out.headers.emplace_back(
          "Set-Cookie",
          no_cookie(procedures_url(around, open->opened.definition->id), kDepositedCookie));
    }
    out.headers.emplace_back("Set-Cookie", no_cookie(here(request, around), kCaseCookie));
    return out;
  }

  Response pdf(const Request& request) const {
    return with_case(request, [&](const Frame& around, const Followed& followed) {
      if (!own_.receipt_pdf) return said(around, Told::lost, 404);
      Response out{.status = 200};
      out.body = own_.receipt_pdf(followed.opened, own_.casework.receipt(followed.opened));
      return std::move(out)
          .set("Content-Type", "application/pdf")
          .set("Content-Disposition", "attachment; filename=\"accuse-de-reception-" +
                                          followed.opened.reference + ".pdf\"");
    });
  }

  Response decision(const Request& request) const {
    return with_case(request, [&](const Frame& around, const Followed& followed) {
      const std::string_view number = *request.param("seq");
      std::int64_t seq = 0;
      std::from_chars(number.data(), number.data() + number.size(), seq);
      const casework::Happened* event = casework::decision_at(followed.opened, seq);
      if (event == nullptr || !own_.decision_pdf) return said(around, Told::lost, 404);
      Response out{.status = 200};
      out.body = own_.decision_pdf(
          casework::decision_in(followed.opened, *event, own_.casework.receipt(followed.opened),
                                own_.casework.zone),
          casework::recipient_of(followed.opened), event->at);
      return std::move(out)
          .set("Content-Type", "application/pdf")
          .set("Content-Disposition",
               "attachment; filename=\"decision-" + followed.opened.reference + ".pdf\"");
    });
  }

 private:
  static bool takes_pieces(const Opened& opened) {
    return casework::takes_pieces(opened.state, opened.pieces);
  }
  Response retake_response(const Request& request, const Frame& around, const Followed& followed,
                           const std::function<void(Choosing&)>& with, int status) const {
    const std::string whole = cases_url(around, followed.opened.reference, "#rendez-vous");
    const api::CaseAppointments* visits = own_.casework.appointments;
    const tenancy::Context cx = context(request, around);
    const auto visit = visits == nullptr ? std::nullopt : visits->of(cx, followed.opened);
    if (!visit || !api::CaseAppointments::can_retake(followed.opened, *visit))
      return Response::redirect(whole);
    Choosing choosing{
        .agenda = *visit->agenda, .reason = *visit->reason, .zone = own_.casework.zone};
    choosing.people = visit->booking.people;
    choosing.way = visit->booking.way;
    choosing.token = form_token(followed.visit);
    choosing.moves = &*visit;
    choosing.url = cases_url(around, followed.opened.reference, "/rendez-vous/choisir");
    choosing.back = whole;
    show_days(choosing, visits->others(cx, *visit, cx.now + appointment::kWindowMax).slots,
              parse_iso_date(request.query_value("jour").value_or("")));
    if (with) with(choosing);
    return Response::html(page(around,
                               status == 200 ? "Choisir un autre horaire"
                                             : "Erreur\u00a0: choisir un autre horaire",
                               choose_slot(around, choosing)),
                          status)
        .set("Cache-Control", "private, no-store");
  }

  // What the files of an input answer; nullopt: it is no input of files.
  static std::optional<std::string> ask_of(std::string_view input) {
    if (input == kPieces) return std::string();
    if (!input.starts_with(kPieces) || input[kPieces.size()] != '.') return std::nullopt;
    return std::string(input.substr(kPieces.size() + 1));
  }
  static std::string input_of(const casework::Piece& piece) {
    return piece.ask.empty() ? std::string(kPieces) : std::string(kPieces) + "." + piece.ask;
  }

  static procedure::Fault refusal_of(std::string_view input, const Error& why) {
    const bool down = why.code() == Errc::unavailable || why.code() == Errc::overloaded;
    return {std::string(input), down ? std::string(kNoFilesNow) : why.detail(), false};
  }

  FormFile take(const Request& request, const http::Pairs& fields, const http::Part& part,
                Instant began) const {
    const auto visit = visit_in(request, kCaseCookie);
    const auto ask = ask_of(part.name);
    if (own_.casework.pieces == nullptr || !visit || !ask ||
        trust_in(request, sending_from(fields).token, "", visit) != Trust::full)
      return dropped_file();
    const Frame around = frame_of(service_, assets_, request);
    if (!followed(request, around)) return dropped_file();
    return taken_file(
        *own_.casework.pieces, context(request, around), *visit,
        {.field = {}, .name = Personal(*part.filename), .ask = *ask, .form_began = began});
  }

  Response give(const Request& request, const Sending& sending,
                std::vector<procedure::Fault> refused) const {
    return with_case_form(request, sending, [&](const Frame& around, Followed& followed) {
      const std::string here = cases_url(around, followed.opened.reference, "/pieces");
      const tenancy::Context cx = context(request, around);
      if (own_.casework.pieces == nullptr || !takes_pieces(followed.opened))
        return Response::redirect(cases_url(around, followed.opened.reference, "#suivi"));
      if (!sending.take_back.empty()) {
        take_back(*own_.casework.pieces, cx, followed.visit, sending.take_back);
        return Response::redirect(here + "#pieces");
      }
      if (const std::size_t slash = sending.assigned.find('/'); slash != std::string::npos) {
        try {
          own_.casework.cases.act(cx, followed.visit.id, followed.visit.token, Act::give_pieces,
                                  sending.id, "",
                                  {{"asks", json::array{sending.assigned.substr(0, slash)}},
                                   {"piece", sending.assigned.substr(slash + 1)}});
        } catch (const Error& e) {
          // Said by an agent meanwhile: the page shows what is awaited now.
          if (e.code() != Errc::conflict && e.code() != Errc::invalid) throw;
        }
        return Response::redirect(here + "#contenu");
      }
      const auto again = [&] {
        if (auto newer = this->followed(request, around))
          followed.opened = std::move(newer->opened);
      };
      again();
      if (!refused.empty())
        return giving_page(request, around, followed, std::move(refused), sending.text, 400);
      const bool bad = std::ranges::any_of(followed.opened.pieces, [](const auto& piece) {
        return !piece.given && (piece.state == casework::PieceState::refused ||
                                piece.state == casework::PieceState::checking);
      });
      if (bad) return giving_page(request, around, followed, {}, sending.text, 400);
      if (!sending.join.empty())
        return giving_page(request, around, followed, {}, sending.text, 200);
      try {
        own_.casework.cases.act(cx, followed.visit.id, followed.visit.token, Act::give_pieces,
                                sending.id, sending.text);
      } catch (const Error& e) {
        if (e.code() == Errc::invalid || e.code() == Errc::too_large)
          return giving_page(request, around, followed, {{std::string(kPieces), e.detail(), false}},
                             sending.text, 400);
        if (e.code() != Errc::conflict) throw;  // decided meanwhile: its page says so
      }
      return Response::redirect(cases_url(around, followed.opened.reference, "#suivi"));
    });
  }

  Response giving_page(const Request& request, const Frame& around, const Followed& followed,
                       std::vector<procedure::Fault> faults, std::string_view written,
                       int status) const {
    if (own_.casework.pieces == nullptr || !takes_pieces(followed.opened))
      return Response::redirect(cases_url(around, followed.opened.reference, "#suivi"));
    CaseShown shown = shown_of(request, around, followed);
    shown.written = written;
    for (const casework::Piece& piece : followed.opened.pieces) {
      if (piece.given || !piece.field.empty()) continue;
      if (piece.state == casework::PieceState::refused)
        faults.push_back({input_of(piece), piece.name.read() + "\u00a0: " + piece.said, false});
      if (piece.state == casework::PieceState::checking && status == 400)
        faults.push_back({input_of(piece),
                          "Nous vérifions encore " + piece.name.read() +
                              ". Rechargez cette page dans un instant.",
                          false});
    }
    const Giving giving{
        .shown = shown,
        .faults = std::move(faults),
        .uploads_url = cases_url(around, followed.opened.reference, "/pieces/fichiers")};
    return Response::html(page(around, giving_title(giving), give_pieces(around, giving)), status);
  }

  static std::string here(const Request& request, const Frame& around) {
    return cases_url(around, *request.param("key"));
  }

  // What stands in a page's address: of plain signs alone.
  static std::string tag_in(const Request& request) {
    std::string tag(*request.param("tag"));
    std::erase_if(tag, [](char c) {
      return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    });
    return tag.substr(0, kTagShown);
  }

  template <typename Show>
  Response with_case(const Request& request, Show&& show) const {
    Frame around = frame_of(service_, assets_, request);
    auto open = followed(request, around);
    if (!open) return not_in(request, around);
    around.desk = office_of(around, open->opened.service);
    return show(std::as_const(around), *open);
  }
  template <typename Do>
  Response with_case_form(const Request& request, const Sending& sending, Do&& act) const {
    const Frame around = frame_of(service_, assets_, request);
    if (trust_in(request, sending.token, "", visit_in(request, kCaseCookie)) != Trust::full)
      return refused_page(around);
    // The session ended while it was written: the words come back.
    if (!sending.text.empty() && reference_in(request) && !followed(request, around))
      return Response::html(page(around, "Votre message n’est pas parti",
                                 not_sent(around, *reference_in(request), sending.text)),
                            409);
    return with_case(request, act);
  }
  // The page of the case says how to get in.
  static Response not_in(const Request& request, const Frame& around) {
    return reference_in(request) ? Response::redirect(here(request, around))
                                 : said(around, Told::lost, 404);
  }

  CaseShown shown_of(const Request& request, const Frame& around, const Followed& followed) const {
    return {
        .opened = followed.opened,
        .receipt = own_.casework.receipt(followed.opened),
        .zone = own_.casework.zone,
        .now = own_.casework.now(),
        .token = form_token(followed.visit),
        .pdf = own_.receipt_pdf != nullptr,
        .letters = own_.decision_pdf != nullptr,
        .attests = own_.certificate_pdf != nullptr && casework::can_attest(followed.opened),
        .written = {},
        .fault = {},
        .uploads = own_.uploads == Uploads::open && own_.casework.pieces != nullptr,
        .visit = own_.casework.appointments == nullptr
                     ? std::nullopt
                     : own_.casework.appointments->of(context(request, around), followed.opened)};
  }
  static Response case_response(const Frame& around, const CaseShown& shown, int status) {
    return Response::html(page(around, case_title(shown), case_page(around, shown)), status);
  }
};

}  // namespace

void add_case_pages(http::Router& router, const Service& service, const http::Assets& assets,
                    const Procedures& procedures) {
  // Shared: the handlers of the router are its owners.
  const auto pages = std::make_shared<const CasePages>(service, assets, procedures);
  using Do = Response (CasePages::*)(const Request&) const;
  const auto to = [&](Do act) {
    return [pages, act](const Request& request) { return (*pages.*act)(request); };
  };
  const http::RouteOptions &writes = procedures.casework.budgets.writes,
                           &reads = procedures.casework.budgets.reads;
  for (const std::string base : {"/", "/{commune}/"}) {
    const std::string cases = base + "dossiers", own = cases + "/{key}";
    router.get(cases + "/ferme", to(&CasePages::closed), reads);
    router.get(own, to(&CasePages::show_case), reads);
    router.post(own + "/message", to(&CasePages::write), writes);
    router.get(own + "/retirer", to(&CasePages::ask_withdraw_page), reads);
    router.post(own + "/retirer", to(&CasePages::withdraw), writes);
    router.get(own + "/pieces", to(&CasePages::ask_pieces_page), reads);
    http::RouteOptions with_files = writes;
    with_files.body_bytes = kFormBytes;
    router.receive(
        http::Method::post, own + "/pieces",
        [pages](const Request& request) { return pages->receive_pieces(request); }, with_files);
    if (procedures.casework.pieces != nullptr)
      api::add_tus(
          router, own + "/pieces/fichiers",
          [pages](const Request& request) { return pages->uploads_of(request); },
          *procedures.casework.pieces, reads, reads);
    router.get(own + "/rendez-vous", to(&CasePages::open_appointment), reads);
    router.get(own + "/rendez-vous/choisir", to(&CasePages::show_retake), reads);
    router.post(own + "/rendez-vous/choisir", to(&CasePages::retake), writes);
    router.post(own + "/fermer", to(&CasePages::close_case), reads);
    router.get(own + "/accuse-de-reception.pdf", to(&CasePages::pdf), reads);
    router.get(own + "/decision/{seq}", to(&CasePages::decision), reads);
    router.post(own + "/rappels", to(&CasePages::set_reminders), writes);
    router.post(own + "/attestation", to(&CasePages::ask_certificate), writes);
    router.get(own + "/attestation.pdf", to(&CasePages::certificate), reads);
    router.get(cases + "/rappels/{tag}", to(&CasePages::ask_stop), reads);
    router.post(cases + "/rappels/{tag}", to(&CasePages::stop), writes);
  }
}

}  // namespace parvis::portal
