#include "api/chat_forms.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
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

// Holds anew what ended while the draft lay. When somebody else has it by now another one is asked
// for, on the page, before anything is deposited.
bool slot_kept(const Casework& casework, const tenancy::Context& cx, std::string_view id,
               std::string_view token, Step& step) {
  if (casework.appointments == nullptr) return true;
  const casework::Opened draft = casework.cases.open(cx, id, token);
  const procedure::Field* field = draft.definition->appointment();
  if (field == nullptr || draft.state != casework::State::draft) return true;
  const auto standing = casework.appointments->keep(cx, {casework.cases, id, token}, draft);
  if (standing.kept != CaseAppointments::Kept::lost) return true;
  casework.cases.set_appointment(cx, id, token, nullptr);
  step.answer.text =
      "L’horaire de votre rendez-vous n’est plus libre. Votre demande n’est pas déposée.\n"
      "Ouvrez le formulaire pour choisir un autre horaire, puis revenez ici.";
  step.answer.choices = {{"C’est fait", std::string(dialogue::kValue)}};
  step.state.filling.asked = field->id;
  step.state.filling.seen.clear();
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
  if (step.deed == Deed::none) return;
  dialogue::Filling& filling = step.state.filling;
  const auto [id, token] = case_of(visit, filling.procedure, filling.number);
  if (step.deed == Deed::begin) cases.begin(cx, filling.procedure, id, token);
  if (!step.answers.empty()) cases.merge(cx, id, token.reveal(), step.answers);
  if (step.deed != Deed::deposit) return;
  if (!slot_kept(casework, cx, id, token.reveal(), step)) return;
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

Forms forms_of(const Casework& casework) {
  Forms forms;
  forms.draft = [&casework](const tenancy::Context& cx, const Visit& visit,
                            const dialogue::Filling& filling) -> std::optional<dialogue::Draft> {
    const auto [id, token] = case_of(visit, filling.procedure, filling.number);
    try {
      casework::Opened opened = casework.cases.open(cx, id, token.reveal());
      return dialogue::Draft{opened.definition, std::move(opened.answers),
                             casework::moment_of(cx, opened.commune), std::move(opened.reference)};
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
