#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "api/tus.hpp"
#include "base/error.hpp"
#include "calendar/words.hpp"
#include "casework/handover_store.hpp"
#include "crypto/hash.hpp"
#include "portal/appointment_pages.hpp"
#include "portal/case_pages.hpp"
#include "portal/piece_form.hpp"
#include "portal/repeats.hpp"
#include "portal/visits.hpp"
#include "procedure/items.hpp"
#include "text/normalise.hpp"

namespace parvis::portal {
namespace {

using api::CaseAppointments;
using api::Visit;
using casework::State;
using http::Request;
using http::Response;
using procedure::Definition;
using procedure::ShownPage;
using Kept = CaseAppointments::Kept;

constexpr std::size_t kItemNameBytes = 5;  // random, of the items that one page begins

std::string at_desk(const std::string& reference) { return "/bureau/dossiers/" + reference; }

// A slot that somebody else was first to take.
struct NotHeld {
  Instant start;
  std::vector<appointment::Free> next;
  CaseAppointments::Coming coming;
};

class DraftPages : private Visits {
 public:
  using Visits::Visits;

  Response list(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    Definitions offered;
    if (!own_.casework.tenant.empty())
      offered = own_.casework.catalogue.offered(own_.casework.tenant, insee_of(around.commune));
    return Response::html(page(around, "Démarches", procedure_list(around, offered)));
  }

  Response start(const Request& request) const { return started(request, {}); }

  Response begin(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto definition = offered(request, around);
    if (!definition) return said(around, Told::not_offered, 404);
    const Sending sending = sending_of(request);
    const auto cookie = visit_in(request, kDraftCookie);
    const std::string here = procedures_url(around, definition->id);
    switch (trust_in(request, "", sending.start, cookie)) {
      case Trust::none:
        return refused_page(around);
      case Trust::to_confirm: {
        const std::string start = new_start();
        return started(request, start)
            .set("Set-Cookie", cookie_of(visit_from(start), here, request, kDraftCookie));
      }
      case Trust::full:
        break;
    }
    // One that is open here goes on, whatever page was left open in another tab.
    const auto open = draft(request, around);
    if (open && open->opened.state == State::draft) return Response::redirect(here + "/suite");
    if (sending.start.empty()) return Response::redirect(here + "#en-ligne");
    if (const auto wait =
            own_.casework.budgets.refuse_start(own_.casework.tenant, request.received_at))
      return too_many(around, *wait);
    const Visit made = visit_from(sending.start);
    own_.casework.cases.begin(context(request, around), definition->id, made.id,
                              Secret(made.token));
    return Response::redirect(here + "/suite")
        .set("Set-Cookie", cookie_of(made, here, request, kDraftCookie));
  }

  Response on_paper(const Request& request) const {
    Frame around = frame_of(service_, assets_, request);
    const auto definition = offered(request, around);
    if (!definition) return said(around, Told::not_offered, 404);
    const Opening opening{.definition = *definition,
                          .office = office_of(around, definition->service_for(insee(around))),
                          .sheets = {},
                          .quotes = {},
                          .start = {}};
    return Response::html(
        page(around, "Formulaire à imprimer, " + definition->title, paper(around, opening)));
  }

  // Where the draft stands.
  Response go_on(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto open = draft(request, around);
    if (!open) return lost(request, around);
    if (open->opened.state != State::draft) return deposited(request, around, *open);
    kept_slot(request, around, *open);  // taken up again: the check says when it was lost
    return Response::redirect(place_of(around, *open, Walk::filling));
  }

  // The same whether the code opens something or not.
  Response ask_passage(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    if (!casework::code_like(*request.param("code"))) return said(around, Told::passed, 404);
    return passage_page(request, around, new_start(), false);
  }

  // Whoever has the code has the draft, once.
  Response pass(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const Sending sending = sending_of(request);
    const Trust trust = trust_in(request, "", sending.start, visit_in(request, kDraftCookie));
    if (trust == Trust::none && sender_of(request) == Sender::other_site)
      return refused_page(around);
    if (trust != Trust::full) {
      // A draft that is open here stays: the cookie is of another path.
      const std::string start = new_start();
      return passage_page(request, around, start, true)
          .set("Set-Cookie", cookie_of(visit_from(start), request.path, request, kDraftCookie));
    }
    const tenancy::Context cx = context(request, around);
    const auto handed = own_.casework.cases.take_over(cx, *request.param("code"));
    if (!handed) return said(around, Told::passed, 404);
    const Visit visit{.id = handed->id, .token = handed->token.reveal()};
    std::optional<casework::Opened> opened;
    try {
      opened = own_.casework.cases.open(cx, visit.id, visit.token);
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
      return said(around, Told::passed, 404);
    }
    const Frame there = theirs(around, opened->commune);
    const std::string here = procedures_url(there, opened->definition->id);
    if (opened->state != State::draft)
      return let_in(request, there, own_.access.enter(cx, visit.id, visit.token));
    const auto other = draft(request, around);
    if (other && other->visit.id != visit.id && other->opened.state == State::draft &&
        !other->opened.answers.empty() && !sending.keep_other) {
      const auto code = own_.casework.cases.hand_over(cx, visit.id, visit.token, handed->note);
      return Response::html(
                 page(there, "Vous avez deux brouillons",
                      two_drafts(there, *opened->definition, here + "/passage/" + code.reveal(),
                                 link_to(request, there, other->visit))))
          .set("Referrer-Policy", "no-referrer");
    }
    const auto note = parse_json(handed->note);
    const json::object* told = note ? note->if_object() : nullptr;
    const auto word = [&](std::string_view key) {
      return std::string(told == nullptr ? "" : string_at(*told, key).value_or(""));
    };
    std::string to = here + "/suite";
    if (word("page") == "verifier") to = here + "/verifier";
    if (opened->definition->page(word("page")) != nullptr)
      to = question_url(there, *opened->definition, word("page"));
    Response out =
        Response::redirect(to).set("Set-Cookie", cookie_of(visit, here, request, kDraftCookie));
    out.headers.emplace_back("Set-Cookie", word_cookie(word("from"), here, request, kBackCookie));
    return out;
  }

  Response show_question(const Request& request) const {
    Frame around = frame_of(service_, assets_, request);
    const auto open = draft(request, around);
    if (!open) return lost(request, around);
    if (open->opened.state != State::draft) return deposited(request, around, *open);
    const ShownPage* shown = open->form.find(*request.param("page"));
    // Not asked with these answers, or no longer.
    if (shown == nullptr) return Response::redirect(place_of(around, *open, Walk::filling));
    return question_page(request, around, *open, *shown, {},
                         request.query_value("retour") == "verifier", 200);
  }

  // refused: what is wrong with files that were sent just now, and are kept nowhere.
  Response question_page(const Request& request, Frame around, const Draft& open,
                         const ShownPage& shown, std::vector<procedure::Fault> refused,
                         bool to_check, int status, const NotHeld* not_held = nullptr) const {
    around.desk = office_of(around, open.opened.service);
    around.typed = typed_words(request, open.opened);
    Question question{
        .asking = {.definition = *open.opened.definition,
                   .form = open.form,
                   .page = *shown.page,
                   .answers = open.opened.answers,
                   .moment = open.moment,
                   .faults = {},
                   .uploads = own_.uploads,
                   .pieces = open.opened.pieces,
                   .uploads_url =
                       question_url(around, *open.opened.definition, shown.page->id) + "/fichiers"},
        .token = form_token(open.visit),
        .saved = saved_words(open),
        .seen = seen_in(*shown.page, open.opened.answers),
        .back = back_of(request),
        .to_check = to_check};
    if (asks_slot(*shown.page))
      question.asking.slots = slots_for(request, around, open, *shown.page, to_check, not_held);
    question.asking.new_items = "k" + crypto::random_hex(kItemNameBytes);
    if (const auto block = request.query_value("bloc")) {
      const std::string_view items = request.query_value("lignes").value_or("");
      question.asking.block = *block;
      std::from_chars(items.data(), items.data() + items.size(), question.asking.items);
    }
    std::vector<procedure::Fault>& faults = question.asking.faults;
    if (request.query_value("corriger")) faults = shown.faults;
    for (procedure::Fault& fault : refused) {
      fault.path = place_of_file(open.opened, fault.path);
      faults.push_back(std::move(fault));
    }
    for (const casework::Piece& piece : open.opened.pieces) {
      if (!on_page(*shown.page, piece.field)) continue;
      const std::string at = place_of_file(open.opened, piece.field);
      if (piece.state == casework::PieceState::refused) {
        // Why the file is refused says more than that one is missing.
        std::erase_if(faults, [&](const auto& fault) { return fault.missing && fault.path == at; });
        faults.push_back(
            {at, piece.name.read() + item_words(open.opened, piece.field) + "\u00a0: " + piece.said,
             false});
      } else if (piece.state == casework::PieceState::checking) {
        for (procedure::Fault& fault : faults)
          if (fault.missing && fault.path == at)
            fault.message = "Nous vérifions encore " + piece.name.read() +
                            ". Rechargez cette page dans un instant.";
      }
    }
    return Response::html(
        page(around, question_title(question), portal::question(around, question)), status);
  }

  // A form of a question, with or without files. The files are taken while they come, so whatever
  // the form says before them decides.
  std::variant<Response, http::Receiving> receive_question(const Request& request) const {
    // Shared: each part of the form's reading uses it.
    auto refused = std::make_shared<std::vector<procedure::Fault>>();
    return receive_form(
        request,
        {.file = [this, &request, began = own_.casework.now()](
                     const http::Pairs& fields,
                     const http::Part& part) { return take(request, fields, part, began); },
         .failed =
             [refused](const http::Part& part, const Error& why) {
               const bool down = why.code() == Errc::unavailable || why.code() == Errc::overloaded;
               refused->push_back(
                   {part.name, down ? std::string(kNoFilesNow) : why.detail(), false});
             },
         .done =
             [this, &request, refused](const http::Pairs& fields) {
               return save_question(request, sending_from(fields), std::move(*refused));
             }});
  }

  // One file of a form. What may not be sent is dropped: what the form then answers says why.
  FormFile take(const Request& request, const http::Pairs& fields, const http::Part& part,
                Instant began) const {
    const auto visit = visit_in(request, kDraftCookie);
    if (own_.casework.pieces == nullptr || !visit ||
        trust_in(request, sending_from(fields).token, "", visit) != Trust::full)
      return dropped_file();
    const Frame around = frame_of(service_, assets_, request);
    const auto open = draft(request, around);
    if (!open || open->opened.state != State::draft) return dropped_file();
    const procedure::Page* asked = open->opened.definition->page(*request.param("page"));
    if (asked == nullptr || !on_page(*asked, part.name)) return dropped_file();
    return taken_file(*own_.casework.pieces, context(request, around), *visit,
                      {.field = part.name,
                       .name = Personal(*part.filename),
                       .dated = dated_in(fields, part.name),
                       .form_began = began});
  }

  // Whose uploads a script sends (api/tus.hpp).
  api::UploadsOf uploads_of(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request, kDraftCookie);
    if (trust_in(request, request.header("x-form-token").value_or(""), "", visit) != Trust::full)
      throw casework::gone();
    const auto open = draft(request, around);
    if (!open) throw casework::gone();
    return {context(request, around), visit->id, visit->token};
  }

  Response save_question(const Request& request, Sending sending,
                         std::vector<procedure::Fault> refused) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request, kDraftCookie);
    if (trust_in(request, sending.token, "", visit) != Trust::full) return refused_page(around);
    auto open = draft(request, around);
    if (!open) return lost(request, around);
    if (open->opened.state != State::draft) return deposited(request, around, *open);
    const Definition& definition = *open->opened.definition;
    const procedure::Page* asked = definition.page(*request.param("page"));
    if (asked == nullptr) return lost(request, around);
    const std::string here = question_url(around, definition, asked->id);
    if (asks_slot(*asked)) return choose(request, around, *open, *asked, sending);
    const std::optional<Changed> changed =
        change_items(*asked, sending.add, sending.remove, sending.answers);
    if (!changed) {
      std::vector<std::string> files;
      for (const casework::Piece& piece : open->opened.pieces) files.push_back(piece.field);
      drop_blank_items(*asked, sending.answers, files);
    }
    casework::Saved saved;
    try {
      const bool changed_since =
          !sending.seen.empty() && sending.seen != seen_in(*asked, open->opened.answers);
      saved = own_.casework.cases.save(
          context(request, around), visit->id, visit->token, asked->id, sending.answers,
          changed_since ? casework::Cases::Blanks::keep : casework::Cases::Blanks::clear);
    } catch (const Error& e) {
      if (e.code() == Errc::not_found) return lost(request, around);
      if (e.code() != Errc::conflict) throw;
      open = draft(request, around);
      return open ? deposited(request, around, *open) : lost(request, around);
    }
    const auto kept = [&](const std::string& to) {
      return Response::redirect(to).set(
          "Set-Cookie",
          cookie_of(*visit, procedures_url(around, definition.id), request, kDraftCookie));
    };
    std::string to_file = sending.join;
    for (const casework::Piece& piece : open->opened.pieces)
      if (piece.id == sending.take_back) to_file = id_of(place_of_file(saved.opened, piece.field));
    if (!is_element(to_file)) to_file = first_file(*asked);
    if (!sending.take_back.empty() && own_.casework.pieces != nullptr)
      take_back(*own_.casework.pieces, context(request, around), *visit, sending.take_back);
    const std::string back = sending.to_check ? "&retour=verifier" : "";
    if (!refused.empty()) {
      open = draft(request, around);
      if (!open) return lost(request, around);
      if (const ShownPage* shown = open->form.find(asked->id))
        return question_page(request, around, *open, *shown, std::move(refused), sending.to_check,
                             400);
    }
    const bool just_refused = std::ranges::any_of(saved.opened.pieces, [&](const auto& piece) {
      return piece.state == casework::PieceState::refused && on_page(*asked, piece.field);
    });
    if (!sending.join.empty() || !sending.take_back.empty() || just_refused)
      return kept(just_refused && sending.take_back.empty()
                      ? fmt::format("{}?corriger=1{}#erreurs", here, back)
                      : fmt::format("{}?joint=1{}#{}", here, back, to_file));
    if (changed)
      return kept(fmt::format("{}?bloc={}&lignes={}{}#{}", here, changed->block, changed->items,
                              sending.to_check ? "&retour=verifier" : "", changed->target));
    if (blocks(definition, *asked, saved.faults))
      return kept(
          fmt::format("{}?corriger=1{}#erreurs", here, sending.to_check ? "&retour=verifier" : ""));
    open->opened = std::move(saved.opened);
    open->form = procedure::evaluate(definition, open->opened.answers, open->moment);
    if (open->form.barred) return kept(procedures_url(around, definition.id, "/impossible"));
    return kept(place_of(around, *open, sending.to_check ? Walk::checking : Walk::filling,
                         sending.to_check ? std::string_view() : asked->id));
  }

  Response verify(const Request& request) const {
    return with_draft(request, [&](const Frame& around, const Draft& found) {
      const CaseAppointments::Standing slot = kept_slot(request, around, found);
      std::optional<Draft> without;
      if (slot.kept == Kept::lost) {
        own_.casework.cases.set_appointment(context(request, around), found.visit.id,
                                            found.visit.token, nullptr);
        without = draft(request, around);
        if (!without) return lost(request, around);
      }
      const Draft& open = without ? *without : found;
      if (open.form.barred)
        return Response::redirect(
            procedures_url(around, open.opened.definition->id, "/impossible"));
      Checking checking = checking_of(request, around, open);
      if (slot.kept == Kept::lost) checking.slot_lost = slot_words(slot.start, own_.casework.zone);
      if (slot.kept == Kept::held)
        checking.slot_until = until_words(slot.until, own_.casework.zone);
      return Response::html(page(around, check_title(checking), check_answers(around, checking)));
    });
  }

  Response barred_page(const Request& request) const {
    return with_draft(request, [&](const Frame& around, const Draft& open) {
      if (!open.form.barred) return Response::redirect(place_of(around, open, Walk::filling));
      return Response::html(page(around, "Cette démarche n’est pas pour vous",
                                 barred(around, checking_of(request, around, open))));
    });
  }

  Response deposit(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request, kDraftCookie);
    if (trust_in(request, sending_of(request).token, "", visit) != Trust::full)
      return refused_page(around);
    const auto open = draft(request, around);
    if (!open) return lost(request, around);
    std::optional<casework::Deposit> done;
    if (open->opened.state == State::draft) kept_slot(request, around, *open);
    try {
      const auto agent = open->opened.entry ? own_.agent_of(request) : std::nullopt;
      done = own_.casework.cases.deposit(context(request, around), visit->id, visit->token,
                                         agent ? &*agent : nullptr);
    } catch (const Error& e) {
      // The check of the answers says what is missing, or that the slot is somebody else's.
      const bool full = e.detail() == casework::kNotDeposited;
      const bool later = full || e.detail() == casework::kStillLooking;
      if (!later && e.code() != Errc::invalid && e.code() != Errc::conflict) throw;
      if (!later)
        return Response::redirect(procedures_url(around, open->opened.definition->id, "/verifier"));
      Checking checking = checking_of(request, around, *open);
      checking.wait = e.detail();
      Response out = Response::html(
          page(around, check_title(checking), check_answers(around, checking)), full ? 503 : 409);
      if (full) out.set("Retry-After", "60");
      return out;
    }
    const std::string& reference = done->opened.reference;
    // The agent goes on at the desk, and nothing here opens the person's case.
    if (done->opened.entry)
      return Response::redirect(at_desk(reference) + "?fait=saisie#contenu")
          .set("Set-Cookie",
               no_cookie(procedures_url(around, done->opened.definition->id), kDraftCookie));
    Response out = Response::redirect(cases_url(around, reference, "?depose=1"));
    if (auto cookie = just_deposited(request, around, done->opened, *visit)) {
      out.headers.emplace_back("Set-Cookie", std::move(*cookie));
      out.headers.emplace_back(
          "Set-Cookie", cookie_of(*visit, procedures_url(around, done->opened.definition->id),
                                  request, kDepositedCookie));
    }
    return out;
  }

  Response later_page(const Request& request) const {
    return with_draft(request, [&](const Frame& around, const Draft& open) {
      return Response::html(
          page(around, "Reprendre plus tard",
               later(around, checking_of(request, around, open),
                     open.opened.entry ? std::string() : link_to(request, around, open.visit))));
    });
  }

  Response ask_erase(const Request& request) const {
    return with_draft(request, [&](const Frame& around, const Draft& open) {
      return Response::html(page(around, "Effacer ce brouillon\u202f?",
                                 ask_erase_draft(around, checking_of(request, around, open))));
    });
  }

  // What is not there is as erased as what was.
  Response erase(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request, kDraftCookie);
    if (trust_in(request, sending_of(request).token, "", visit) != Trust::full)
      return refused_page(around);
    const auto open = draft(request, around);
    if (open && open->opened.state != State::draft) return deposited(request, around, *open);
    if (open) own_.casework.cases.erase_draft(context(request, around), visit->id, visit->token);
    return forgotten(request, around, "/efface");
  }

  Response close_draft(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    if (trust_in(request, sending_of(request).token, "", visit_in(request, kDraftCookie)) !=
        Trust::full)
      return refused_page(around);
    return forgotten(request, around, "/ferme");
  }

  Response erased(const Request& request) const {
    return said(frame_of(service_, assets_, request), Told::erased, 200);
  }
  Response closed(const Request& request) const {
    return said(frame_of(service_, assets_, request), Told::closed, 200);
  }

 private:
  static Response passage_page(const Request& request, const Frame& around,
                               const std::string& start, bool confirm) {
    return Response::html(page(around, "Continuer dans le formulaire",
                               open_passage(around, request.path, start, confirm)))
        .set("Referrer-Policy", "no-referrer");
  }

  enum class Walk : std::uint8_t { filling, checking };

  // ── the appointment ──

  static bool asks_slot(const procedure::Page& page) {
    return std::ranges::find(page.fields, procedure::Type::appointment, &procedure::Field::type) !=
           page.fields.end();
  }

  CaseAppointments::Theirs theirs_of(const Draft& open) const {
    return {own_.casework.cases, open.visit.id, open.visit.token};
  }

  // Holds the slot of a draft anew when it ended, as long as it is asked for.
  CaseAppointments::Standing kept_slot(const Request& request, const Frame& around,
                                       const Draft& open) const {
    const procedure::Field* field = open.opened.definition->appointment();
    if (own_.casework.appointments == nullptr || field == nullptr ||
        !open.form.answers.contains(field->id))
      return {};
    return own_.casework.appointments->keep(context(request, around), theirs_of(open), open.opened);
  }

  static int people_in(std::string_view text) {
    int people = 1;
    std::from_chars(text.data(), text.data() + text.size(), people);
    return std::clamp(people, 1, appointment::kPeopleMax);
  }

  // How many come, how and with what help, as the form says.
  static CaseAppointments::Coming coming_in(const Sending& sending) {
    CaseAppointments::Coming out;
    for (const auto& [key, value] : sending.answers) {
      if (key == "personnes") out.people = people_in(value);
      if (key == "maniere") out.way = appointment::way_named(value);
      if (key == "step_free") out.needs.step_free = true;
      if (key == "sign_language") out.needs.sign_language = true;
      if (key == "companion") out.needs.companion = true;
      if (key == "interpreter") out.needs.interpreter = text::clean(value);
    }
    return out;
  }

  html::Html slots_for(const Request& request, const Frame& around, const Draft& open,
                       const procedure::Page& page, bool to_check, const NotHeld* not_held) const {
    const auto no_slots = [](std::string_view why) { return html::h("p", why); };
    if (own_.casework.appointments == nullptr)
      return no_slots("Ce rendez-vous ne se prend pas en ligne ici. Appelez le service.");
    if (!own_.casework.appointments->look_of(open.opened))
      return no_slots("Répondez d’abord aux questions d’avant\u00a0: les horaires en dépendent.");
    const tenancy::Context cx = context(request, around);
    CaseAppointments::Coming coming = CaseAppointments::coming(open.opened);
    if (not_held != nullptr) {
      coming = not_held->coming;
    } else {
      if (const auto people = request.query_value("personnes")) coming.people = people_in(*people);
      if (const auto way = request.query_value("maniere"))
        coming.way = appointment::way_named(*way);
    }
    std::optional<appointment::Offer> offer;
    try {
      offer = own_.casework.appointments->offer(cx, open.opened, cx.now + appointment::kWindowMax,
                                                coming);
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
      return no_slots("Ce rendez-vous ne se prend plus en ligne. Appelez le service.");
    }
    Choosing choosing{.agenda = *offer->agenda,
                      .reason = *offer->reason,
                      .zone = own_.casework.zone,
                      .people = std::clamp(coming.people, 1, offer->reason->people),
                      .way = offer->reason->ways.front(),
                      .needs = coming.needs,
                      .url = question_url(around, *open.opened.definition, page.id) +
                             (to_check ? "?retour=verifier" : "")};
    if (coming.way &&
        std::ranges::find(offer->reason->ways, *coming.way) != offer->reason->ways.end())
      choosing.way = *coming.way;
    CaseAppointments::Standing standing = kept_slot(request, around, open);
    if (not_held != nullptr) {
      choosing.taken = appointment::Free{
          .start = not_held->start, .end = not_held->start, .counter = {}, .service = {}};
      choosing.next = not_held->next;
      standing = {};
    } else if (standing.kept == Kept::lost) {
      choosing.taken = appointment::Free{
          .start = standing.start, .end = standing.start, .counter = {}, .service = {}};
    }
    show_days(choosing, offer->slots, parse_iso_date(request.query_value("jour").value_or("")));
    return slots_asked(around, choosing, standing);
  }

  Response choose(const Request& request, const Frame& around, Draft open,
                  const procedure::Page& asked, const Sending& sending) const {
    const Definition& definition = *open.opened.definition;
    const std::string wrong =
        fmt::format("{}?corriger=1{}#erreurs", question_url(around, definition, asked.id),
                    sending.to_check ? "&retour=verifier" : "");
    const auto chosen =
        std::ranges::find(sending.answers, std::string_view("debut"), &procedure::Sent::name);
    auto start = chosen == sending.answers.end() ? std::nullopt : parse_rfc3339(chosen->value);
    const CaseAppointments::Coming coming = coming_in(sending);
    if (std::ranges::any_of(sending.answers, [](const procedure::Sent& each) {
          return each.name == "act" && each.value == "voir";
        }))
      return Response::redirect(fmt::format(
          "{}?personnes={}{}{}#comment", question_url(around, definition, asked.id), coming.people,
          coming.way ? "&maniere=" + std::string(appointment::name(*coming.way)) : std::string(),
          sending.to_check ? "&retour=verifier" : ""));
    if (own_.casework.appointments == nullptr || !own_.casework.appointments->look_of(open.opened))
      return Response::redirect(wrong);
    if (!start) {  // the one that is held stays
      const auto kept = kept_slot(request, around, open);
      if (kept.kept != Kept::held) return Response::redirect(wrong);
      if (coming != CaseAppointments::coming(open.opened)) start = kept.start;
    }
    if (start) {
      try {
        auto held = own_.casework.appointments->choose(context(request, around), theirs_of(open),
                                                       open.opened, *start, coming);
        if (!held) {
          const auto now = draft(request, around);
          const ShownPage* shown = now ? now->form.find(asked.id) : nullptr;
          if (shown == nullptr) return lost(request, around);
          const NotHeld not_held{*start, std::move(held.error().next), coming};
          return question_page(request, around, *now, *shown, {}, sending.to_check, 409, &not_held);
        }
        open.opened = std::move(held->opened);
      } catch (const Error& e) {
        if (e.code() != Errc::conflict && e.code() != Errc::not_found && e.code() != Errc::invalid)
          throw;
        const auto now = draft(request, around);
        if (now && now->opened.state == State::draft) return Response::redirect(wrong);
        return now ? deposited(request, around, *now) : lost(request, around);
      }
      open.form = procedure::evaluate(definition, open.opened.answers, open.moment);
    }
    return Response::redirect(place_of(around, open,
                                       sending.to_check ? Walk::checking : Walk::filling,
                                       sending.to_check ? std::string_view() : asked.id))
        .set("Set-Cookie",
             cookie_of(open.visit, procedures_url(around, definition.id), request, kDraftCookie));
  }

  static bool on_page(const procedure::Page& page, std::string_view path) {
    return std::ranges::find(page.fields, path.substr(0, path.find_first_of(".[")),
                             &procedure::Field::id) != page.fields.end();
  }
  // Where a piece stands on its page; at its block when its item is gone.
  static std::string place_of_file(const casework::Opened& opened, const std::string& path) {
    return procedure::by_place(opened.answers, path)
        .value_or(path.substr(0, path.find_first_of(".[")));
  }
  // " (Enfant, n° 2)", for a file whose question several items ask.
  static std::string item_words(const casework::Opened& opened, const std::string& path) {
    const procedure::Field* field = casework::file_question(*opened.definition, path);
    return field == nullptr ? std::string()
                            : procedure::told_apart(*opened.definition, opened.answers, path)
                                  .substr(field->name.size());
  }
  // As id_of makes them: what a browser sends goes into an address.
  static bool is_element(std::string_view text) {
    return text.starts_with("q-") && std::ranges::all_of(text, [](char c) {
             return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
           });
  }
  // The element of the first question of a page that takes files.
  static std::string first_file(const procedure::Page& page) {
    for (const procedure::Field& field : page.fields)
      if (field.type == procedure::Type::file || procedure::has_named_items(field))
        return id_of(field.id);
    return "main";
  }

  template <typename Show>
  Response with_draft(const Request& request, Show&& show) const {
    Frame around = frame_of(service_, assets_, request);
    const auto open = draft(request, around);
    if (!open) return lost(request, around);
    if (open->opened.state != State::draft) return deposited(request, around, *open);
    around.desk = office_of(around, open->opened.service);
    around.typed = typed_words(request, open->opened);
    return show(std::as_const(around), *open);
  }

  std::string saved_words(const Draft& open) const {
    const Zone& zone = own_.casework.zone;
    const LocalTime local = zone.local(open.opened.saved_at);
    const std::string hour = calendar::time_words(time_of_day(local));
    const CivilDate day = civil_date(local);
    return day == civil_date(zone.local(own_.casework.now()))
               ? hour
               : hour + ", " + calendar::date_words(day);
  }

  Checking checking_of(const Request& request, const Frame& around, const Draft& open) const {
    return {.definition = *open.opened.definition,
            .form = open.form,
            .answers = open.opened.answers,
            .office = around.desk,
            .token = form_token(open.visit),
            .saved = saved_words(open),
            .back = back_of(request)};
  }

  // After a page that is done, the next one in order, so that whoever went back walks through what
  // they wrote; from the check of the answers, what is still open, then the check again.
  static std::string place_of(const Frame& around, const Draft& open, Walk walk,
                              std::string_view after = "") {
    const Definition& definition = *open.opened.definition;
    const std::string check = procedures_url(around, definition.id, "/verifier");
    if (!after.empty()) {
      const ShownPage* last = open.form.find(after);
      if (last != nullptr) {
        const std::size_t next = static_cast<std::size_t>(last - open.form.pages.data()) + 1;
        return next < open.form.pages.size()
                   ? question_url(around, definition, open.form.pages[next].page->id)
                   : check;
      }
    }
    const ShownPage* next = open.form.next();
    if (next == nullptr) return check;
    return question_url(around, definition, next->page->id) +
           (walk == Walk::checking ? "?retour=verifier" : "");
  }

  // A document that cannot be sent here keeps nobody from the questions after it.
  bool blocks(const Definition& definition, const procedure::Page& page,
              const std::vector<procedure::Fault>& faults) const {
    return std::ranges::any_of(faults, [&](const procedure::Fault& fault) {
      if (own_.uploads == Uploads::open || !fault.missing || !on_page(page, fault.path))
        return true;
      const procedure::Field* field = definition.field(procedure::without_items(fault.path));
      return field == nullptr || field->type != procedure::Type::file;
    });
  }

  Response started(const Request& request, std::string confirm) const {
    Frame around = frame_of(service_, assets_, request);
    const auto definition = offered(request, around);
    if (!definition) return said(around, Told::not_offered, 404);
    Opening opening{.definition = *definition,
                    .office = office_of(around, definition->service_for(insee(around))),
                    .sheets = sheets_of(around, *definition),
                    .quotes = quotes_of(around, *definition),
                    .choose_commune = around.commune == nullptr && !around.communes.empty() &&
                                      definition->services.size() > 1,
                    .start = confirm.empty() ? new_start() : confirm,
                    .confirm = !confirm.empty()};
    if (const auto open = draft(request, around))
      opening.draft =
          open->opened.state == State::draft ? Opening::Draft::open : Opening::Draft::deposited;
    around.desk = opening.office;
    return Response::html(page(around, definition->title, portal::opening(around, opening)));
  }

  std::vector<Opening::Sheet> sheets_of(const Frame& around, const Definition& definition) const {
    std::vector<Opening::Sheet> out;
    for (const std::string& id : definition.sheets)
      for (const char* audience : {"particuliers", "local"})
        if (const auto sheet = service_.sheet({audience, id})) {
          out.push_back({sheet->title, sheet_url(around, audience, id)});
          break;
        }
    return out;
  }

  std::vector<answer::Quote> quotes_of(const Frame& around, const Definition& definition) const {
    answer::ComposeContext cx;
    cx.now = service_.now();
    cx.zone = service_.zone;
    if (around.commune != nullptr) cx.commune = around.commune->name;
    std::vector<answer::Quote> out;
    for (const std::string& id : definition.sheets)
      for (const char* audience : {"particuliers", "local"}) {
        const auto sheet = service_.sheet({audience, id});
        if (!sheet || sheet->body.empty()) continue;
        // The first sheet that says it: the definition names the nearest first.
        for (answer::Quote& quote : answer::quotes(*sheet, definition.title, cx))
          if (std::ranges::find(out, quote.facet, &answer::Quote::facet) == out.end())
            out.push_back(std::move(quote));
      }
    return out;
  }

  Response lost(const Request& request, const Frame& around) const {
    Response out = said(around, Told::lost, 404);
    if (const auto id = request.param("id"))
      out.set("Set-Cookie", no_cookie(procedures_url(around, *id), kDraftCookie));
    return out;
  }
  Response forgotten(const Request& request, const Frame& around, std::string_view rest) const {
    return Response::redirect(procedures_url(around, *request.param("id"), rest))
        .set("Set-Cookie", no_cookie(procedures_url(around, *request.param("id")), kDraftCookie));
  }
  // Whoever has the draft has its case.
  Response deposited(const Request& request, const Frame& around, const Draft& open) const {
    if (open.opened.entry) return Response::redirect(at_desk(open.opened.reference));
    const std::string whole = cases_url(around, open.opened.reference);
    Response out = Response::html(page(around, "Cette demande est déjà déposée",
                                       deposited_already(around, *open.opened.definition, whole)),
                                  409);
    if (auto cookie = just_deposited(request, around, open.opened, open.visit))
      out.headers.emplace_back("Set-Cookie", std::move(*cookie));
    return out;
  }
};

}  // namespace

void add_draft_pages(http::Router& router, const Service& service, const http::Assets& assets,
                     const Procedures& procedures) {
  // Shared: the handlers of the router are its owners.
  const auto pages = std::make_shared<const DraftPages>(service, assets, procedures);
  using Do = Response (DraftPages::*)(const Request&) const;
  const auto to = [&](Do act) {
    return [pages, act](const Request& request) { return (*pages.*act)(request); };
  };
  const http::RouteOptions &writes = procedures.casework.budgets.writes,
                           &reads = procedures.casework.budgets.reads;
  for (const std::string base : {"/", "/{commune}/"}) {
    const std::string all = base + "demarches", one = all + "/{id}";
    router.get(all, to(&DraftPages::list), reads);
    router.get(one, to(&DraftPages::start), reads);
    router.post(one + "/commencer", to(&DraftPages::begin), writes);
    router.get(one + "/papier", to(&DraftPages::on_paper), reads);
    router.get(one + "/suite", to(&DraftPages::go_on), reads);
    router.get(one + "/passage/{code}", to(&DraftPages::ask_passage), reads);
    router.post(one + "/passage/{code}", to(&DraftPages::pass), writes);
    router.get(one + "/question/{page}", to(&DraftPages::show_question), reads);
    http::RouteOptions with_files = reads;
    with_files.body_bytes = kFormBytes;
    router.receive(
        http::Method::post, one + "/question/{page}",
        [pages](const Request& request) { return pages->receive_question(request); }, with_files);
    if (procedures.casework.pieces != nullptr)
      api::add_tus(
          router, one + "/question/{page}/fichiers",
          [pages](const Request& request) { return pages->uploads_of(request); },
          *procedures.casework.pieces, reads, reads);
    router.get(one + "/verifier", to(&DraftPages::verify), reads);
    router.get(one + "/impossible", to(&DraftPages::barred_page), reads);
    router.post(one + "/deposer", to(&DraftPages::deposit), reads);
    router.get(one + "/plus-tard", to(&DraftPages::later_page), reads);
    router.get(one + "/effacer", to(&DraftPages::ask_erase), reads);
    router.post(one + "/effacer", to(&DraftPages::erase), reads);
    router.get(one + "/efface", to(&DraftPages::erased), reads);
    router.post(one + "/fermer", to(&DraftPages::close_draft), reads);
    router.get(one + "/ferme", to(&DraftPages::closed), reads);
  }
}

}  // namespace parvis::portal
