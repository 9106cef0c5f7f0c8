#include "api/chat_forms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "calendar/words.hpp"
#include "casework/standing.hpp"
#include "crypto/hash.hpp"
#include "dialogue/asking.hpp"

namespace parvis::api {
namespace {

using dialogue::Deed;
using dialogue::Step;

json::object case_json(const casework::Opened& opened, const casework::Receipt& receipt) {
  json::object out = casework::to_json(receipt);
  out["state"] = name(opened.state);
  out["state_words"] = words(opened.state);
  return out;
}

// "Une personne décide": in the middle of a sentence. Its first letter is plain ASCII.
std::string lowered(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z')
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

void add_line(std::string& text, std::string_view line) {
  if (!line.empty()) text.append(text.empty() ? "" : "\n").append(line);
}

void tell_deposit(Step& step, const casework::Opened& opened, const casework::Receipt& receipt) {
  std::string& text = step.answer.text;
  text = fmt::format("C’est déposé. Votre référence\u00a0: {}.", opened.reference);
  add_line(text, receipt.text);
  add_line(text, fmt::format("Reçu le {} par {}.", receipt.deposited, receipt.service));
  if (const auto& visit = receipt.appointment; !visit.when.empty()) {
    std::string place;
    for (const std::string& line : visit.place)
      place.append(place.empty() ? "" : ", ").append(line);
    add_line(text, fmt::format("Rendez-vous\u00a0: {}{}{}.", visit.when, place.empty() ? "" : ". ",
                               place));
    if (!visit.bring.empty()) add_line(text, "À apporter\u00a0:");
    for (const std::string& each : visit.bring) add_line(text, "- " + each);
  }
  if (!receipt.answer_by.empty())
    add_line(text, fmt::format("Réponse au plus tard\u00a0: {}.", receipt.answer_by));
  if (!receipt.silence.empty())
    add_line(text, opened.definition->clock.silence == procedure::Silence::none
                       ? receipt.silence
                       : "Sans réponse à cette date\u00a0: " + receipt.silence);
  add_line(text, receipt.certificate);
  add_line(text, receipt.appeals);
  add_line(text, "Pour suivre, demandez-moi «\u00a0où en est mon dossier\u202f?\u00a0».");
  step.answer.case_file = case_json(opened, receipt);
}

void tell_case(Step& step, const casework::Opened& opened, const casework::Receipt& receipt,
               Zone zone, Instant now) {
  const casework::Standing standing = casework::standing_of(opened, civil_date(zone.local(now)));
  std::string& text = step.answer.text;
  add_line(text, fmt::format("{} ({}).", standing.state, opened.reference));
  std::string came;
  for (const casework::Ask& ask : standing.asks)
    if (ask.state == casework::Ask::State::given)
      came.append(came.empty() ? "" : ", ").append(ask.label);
  switch (standing.whose) {
    case casework::Whose::nobody:
      break;
    case casework::Whose::service:
      add_line(text,
               standing.late ? standing.now : "C’est au service d’agir. Vous n’avez rien à faire.");
      if (standing.late) {
        add_line(text, "Joignez le service\u00a0: " + receipt.service + ".");
        for (const directory::Phone& phone : receipt.phones) add_line(text, phone.number);
        add_line(text, receipt.email);
      }
      break;
    case casework::Whose::citizen:
      add_line(text, standing.term.empty()
                         ? "C’est à vous d’agir."
                         : "C’est à vous d’agir, jusqu’au " + standing.term + ".");
      for (const std::string& piece : standing.pieces) add_line(text, "- " + piece);
      if (!came.empty()) add_line(text, "Déjà reçu\u00a0: " + came + ".");
      add_line(text, standing.asked);
      break;
  }
  if (!standing.next.empty()) add_line(text, "Ensuite\u00a0: " + lowered(standing.next) + ".");
  add_line(text, standing.next_words);
  add_line(text, standing.back);
  if (!standing.by.empty()) add_line(text, "Au plus tard le " + standing.by + ".");
  for (auto event = opened.events.rbegin(); event != opened.events.rend(); ++event)
    if (event->by == casework::Role::agent && event->act != casework::Act::note &&
        event->act != casework::Act::ask_pieces && event->act != casework::Act::waive_pieces &&
        event->act != casework::Act::return_pieces && !event->text.empty()) {
      add_line(text,
               fmt::format("{} vous écrit\u00a0: «\u00a0{}\u00a0»", event->author, event->text));
      break;
    }
  step.answer.case_file = case_json(opened, receipt);
  for (auto& member : casework::to_json(standing, opened, zone))
    step.answer.case_file[member.key()] = std::move(member.value());
}

}  // namespace

std::pair<std::string, Secret<std::string>> case_of(const Visit& visit, std::string_view procedure,
                                                    int number) {
  const std::string name = fmt::format("{}/{}/{}/{}", visit.id, visit.token, procedure, number);
  return {crypto::sha256_hex("chat case id " + name).substr(0, 2 * casework::kIdBytes),
          Secret(crypto::sha256_hex("chat case token " + name))};
}

namespace {

std::vector<dialogue::FreeSlot> slots_of(const std::vector<appointment::Free>& free) {
  std::vector<dialogue::FreeSlot> out;
  out.reserve(free.size());
  for (const appointment::Free& each : free) out.push_back({each.start, each.end, each.service});
  return out;
}

CaseAppointments::Coming attendance(const dialogue::Coming& coming) {
  return {.people = coming.people, .way = coming.way, .needs = coming.needs};
}

// What the draft's appointment can be, with these answers.
dialogue::Slots::Offer offer_for(const Casework& casework, const tenancy::Context& cx,
                                 casework::Opened draft, const json::object& answers,
                                 const dialogue::Coming& coming) {
  const auto own = casework.appointments->held(cx, draft);
  draft.answers = answers;
  try {
    const appointment::Offer offer = casework.appointments->offer(
        cx, draft, cx.now + appointment::kWindowMax, attendance(coming));
    std::vector<dialogue::FreeSlot> free = slots_of(offer.slots);
    // Its own slot is free for itself: a turn that is taken again finds it.
    if (own && own->reason == offer.reason->id) {
      const auto at = std::ranges::lower_bound(free, own->start, {}, &dialogue::FreeSlot::start);
      if (at == free.end() || at->start != own->start)
        free.insert(at, {own->start, own->end, offer.agenda->service});
    }
    return {.agenda = offer.agenda, .reason = offer.reason, .free = std::move(free)};
  } catch (const Error& e) {
    if (e.code() != Errc::not_found && e.code() != Errc::invalid) throw;
    return {};  // withdrawn since
  }
}

// Somebody else has the slot: others are shown. draft: as it is now; a slot chosen before may
// stand.
void slot_lost(const Casework& casework, const casework::Opened& draft,
               const std::vector<dialogue::FreeSlot>& next, std::string_view why, Step& step) {
  const std::string& field = draft.definition->appointment()->id;
  dialogue::slot_gone(step.answer, step.state.filling, field, next, casework.zone, why);
  step.state.filling.seen = dialogue::trace_of(draft.answers, field);
  step.answer.procedure["step"] = step.state.filling.asked;
  step.state.offered = step.answer.choices;
}

// Holds anew what ended while the draft lay. When somebody else has it by now another one is asked
// for, before anything is deposited.
bool slot_kept(const Casework& casework, const tenancy::Context& cx, std::string_view id,
               std::string_view token, Step& step) {
  if (casework.appointments == nullptr) return true;
  casework::Opened draft = casework.cases.open(cx, id, token);
  if (draft.definition->appointment() == nullptr || draft.state != casework::State::draft)
    return true;
  const auto standing = casework.appointments->keep(cx, {casework.cases, id, token}, draft);
  if (standing.kept == CaseAppointments::Kept::held && step.keep)
    add_line(step.answer.text,
             fmt::format("Votre horaire n’était plus gardé. Il est encore libre\u00a0: je le garde "
                         "de nouveau, jusqu’à {}.",
                         calendar::time_words(time_of_day(casework.zone.local(standing.until)))));
  if (standing.kept != CaseAppointments::Kept::lost) return true;
  draft = casework.cases.set_appointment(cx, id, token, nullptr).opened;
  const dialogue::Coming& coming = step.state.filling.coming;
  const bool deposits = step.deed == Deed::deposit;
  slot_lost(casework, draft, offer_for(casework, cx, draft, draft.answers, coming).free,
            deposits ? "L’horaire de votre rendez-vous n’est plus libre. Votre demande n’est pas "
                       "déposée."
                     : "Votre horaire n’était plus gardé, et il n’est plus libre.",
            step);
  return false;
}

// No browser holds what this one asked with: wherever the mail is opened, the code is asked for.
void send_link(const Casework& casework, Step& step) {
  const casework::LinkAsked asked{.reference = step.link->reference,
                                  .email = step.link->email.read(),
                                  .browser = casework::new_browser()};
  casework.send_link(asked);
  const std::string code = casework::code_of(asked.browser, asked.reference);
  step.answer.notices.push_back(
      fmt::format("Le lien sert une seule fois, pendant dix minutes. Il vous demande ce "
                  "code\u00a0: {}\u00a0{}.",
                  code.substr(0, 3), code.substr(3)));
}

void hold_slot(const Casework& casework, const tenancy::Context& cx, std::string_view id,
               std::string_view token, Step& step) {
  if (casework.appointments == nullptr || !step.slot) return;
  const casework::Opened draft = casework.cases.open(cx, id, token);
  const auto held = casework.appointments->choose(
      cx, {casework.cases, id, token}, draft, *step.slot, attendance(step.state.filling.coming));
  if (!held)
    slot_lost(casework, casework.cases.open(cx, id, token), slots_of(held.error().next),
              "Cet horaire vient d’être pris.", step);
}

void do_deed(const Casework& casework, const tenancy::Context& cx, const Visit& visit, Step& step) {
  casework::Cases& cases = casework.cases;
  if (step.link && casework.send_link) send_link(casework, step);
  if (step.tells) {
    const auto [id, token] = case_of(visit, step.tells->procedure, step.tells->number);
    const casework::Opened opened = cases.open(cx, id, token.reveal());
    tell_case(step, opened, casework.receipt(opened), casework.zone, casework.now());
    const auto booked =
        casework.appointments == nullptr ? std::nullopt : casework.appointments->of(cx, opened);
    if (booked && CaseAppointments::can_retake(opened, *booked))
      add_line(
          step.answer.text,
          booked->booking.state == appointment::State::missed
              ? "Votre rendez-vous est passé sans vous. Prenez-en un autre sur la page de votre "
                "dossier\u00a0: «\u00a0Choisir un autre horaire\u00a0»."
              : "Votre rendez-vous est annulé. Prenez-en un autre sur la page de votre "
                "dossier\u00a0: «\u00a0Choisir un autre horaire\u00a0».");
    return;
  }
  if (step.deed == Deed::none && !step.keep) return;
  dialogue::Filling& filling = step.state.filling;
  const auto [id, token] = case_of(visit, filling.procedure, filling.number);
  if (step.deed == Deed::begin) cases.begin(cx, filling.procedure, id, token);
  if (!step.answers.empty()) cases.merge(cx, id, token.reveal(), step.answers);
  if (step.deed == Deed::slot) hold_slot(casework, cx, id, token.reveal(), step);
  if (step.deed != Deed::deposit && !step.keep) return;
  if (!slot_kept(casework, cx, id, token.reveal(), step) || step.deed != Deed::deposit) return;
  const casework::Opened opened = cases.deposit(cx, id, token.reveal()).opened;
  tell_deposit(step, opened, casework.receipt(opened));
  step.state.deposited.push_back({filling.procedure, filling.number, opened.reference});
  filling = {.procedure = {},
             .number = filling.number,
             .asked = {},
             .before = {},
             .seen = {},
             .passed = {}};
}

}  // namespace

namespace {

dialogue::Slots slots_for(const Casework& casework, const tenancy::Context& cx,
                          casework::Opened opened, const ServiceOf& service_of) {
  dialogue::Slots out{.offer = {}, .service = service_of, .zone = casework.zone, .now = cx.now};
  const json::value* chosen = opened.answers.if_contains(opened.definition->appointment()->id);
  out.lapsed = opened.state == casework::State::draft && chosen != nullptr && !chosen->is_null() &&
               !casework.appointments->held(cx, opened);
  // Shared: what a std::function holds is copied.
  const auto draft = std::make_shared<const casework::Opened>(std::move(opened));
  out.offer = [&casework, cx, draft](const json::object& answers, const dialogue::Coming& coming) {
    return offer_for(casework, cx, *draft, answers, coming);
  };
  return out;
}

std::vector<dialogue::GivenFile> files_of(const casework::Opened& opened) {
  using State = dialogue::GivenFile::State;
  std::vector<dialogue::GivenFile> out;
  for (const casework::Piece& piece : opened.pieces) {
    if (piece.field.empty() || piece.state == casework::PieceState::receiving) continue;
    out.push_back({.field = piece.field,
                   .name = piece.name,
                   .state = piece.answers()                                ? State::answers
                            : piece.state == casework::PieceState::refused ? State::refused
                                                                           : State::checked,
                   .said = piece.said});
  }
  return out;
}

// The page of what is asked; "verifier" when all is answered.
std::string page_of(const procedure::Definition& definition, const dialogue::Filling& filling) {
  if (filling.asked == dialogue::kReview) return "verifier";
  const std::string_view id =
      std::string_view(filling.asked).substr(0, filling.asked.find_first_of(".["));
  for (const procedure::Step& step : definition.steps)
    for (const procedure::Page& page : step.pages)
      for (const procedure::Field& field : page.fields)
        if (field.id == id) return page.id;
  return {};
}

}  // namespace

Forms forms_of(const Casework& casework, ServiceOf service_of) {
  Forms forms;
  forms.draft = [&casework, service_of = std::move(service_of)](
                    const tenancy::Context& cx, const Visit& visit,
                    const dialogue::Filling& filling) -> std::optional<dialogue::Draft> {
    const auto [id, token] = case_of(visit, filling.procedure, filling.number);
    try {
      casework::Opened opened = casework.cases.open(cx, id, token.reveal());
      dialogue::Draft out{opened.definition, opened.answers,
                          casework::moment_of(cx, opened.commune), opened.reference};
      out.takes_files = casework.pieces != nullptr;
      out.files = files_of(opened);
      if (casework.appointments != nullptr && opened.definition->appointment() != nullptr)
        out.slots = slots_for(casework, cx, std::move(opened), service_of);
      return out;
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
      return std::nullopt;  // it was erased
    }
  };
  forms.perform = [&casework](const tenancy::Context& cx, const Visit& visit, Step& step) {
    try {
      do_deed(casework, cx, visit, step);
    } catch (const Error& e) {
      // Out of reach or too busy: the same message again makes up for it. Anything else would
      // refuse it for ever: it is said, and the conversation goes on.
      if (e.code() == Errc::unavailable || e.code() == Errc::overloaded || e.code() == Errc::failed)
        throw;
      step.answer.text = e.detail();
      step.answer.choices.clear();
    }
  };
  forms.hand_over = [&casework](const tenancy::Context& cx, const Visit& visit,
                                const dialogue::Filling& filling, std::string_view from) {
    const auto [id, token] = case_of(visit, filling.procedure, filling.number);
    const casework::Opened opened = casework.cases.open(cx, id, token.reveal());
    std::string note = json::serialize(
        json::object{{"from", from}, {"page", page_of(*opened.definition, filling)}});
    return Handed{.code = casework.cases.hand_over(cx, id, token.reveal(), std::move(note)),
                  .procedure = filling.procedure,
                  .commune = opened.commune,
                  .expires_at = cx.now + casework::kHandoverLife};
  };
  return forms;
}

}  // namespace parvis::api
