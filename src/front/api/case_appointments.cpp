#include "api/case_appointments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "calendar/words.hpp"
#include "casework/letters.hpp"
#include "crypto/hash.hpp"
#include "dialogue/slot_choice.hpp"
#include "directory/directory_store.hpp"
#include "procedure/values.hpp"

namespace parvis::api {
namespace {

using appointment::Look;
using appointment::Opened;
using appointment::State;
using procedure::Field;
using procedure::Type;

constexpr std::string_view kPurpose = "appointment";

const json::object* slot_in(const casework::Opened& opened) {
  const Field* field = opened.definition->appointment();
  return field == nullptr ? nullptr : object_at(opened.answers, field->id);
}

std::string text_in(const json::object& slot, const char* key) {
  return std::string(string_at(slot, key).value_or(""));
}

std::string words_of(Instant at, const Zone& zone) {
  const LocalTime local = zone.local(at);
  return calendar::full_date_words(civil_date(local)) + " à " +
         calendar::time_words(time_of_day(local));
}

Error lost() {
  return {Errc::conflict,
          "L’horaire de votre rendez-vous n’est plus gardé. Choisissez-en un autre, puis envoyez "
          "votre demande."};
}

json::object needs_json(const appointment::Needs& needs) {
  json::object out;
  if (needs.step_free) out["step_free"] = true;
  if (needs.sign_language) out["sign_language"] = true;
  if (needs.companion) out["companion"] = true;
  if (!needs.interpreter.empty()) out["interpreter"] = needs.interpreter;
  return out;
}

// The first answer of a type, in the order of the démarche; not those of repeated blocks.
const json::value* first_of(const std::vector<Field>& fields, const json::object& answers,
                            Type type) {
  for (const Field& field : fields) {
    const json::value* value = answers.if_contains(field.id);
    if (value == nullptr || value->is_null()) continue;
    if (field.type == type) return value;
    if (const json::object* parts = value->if_object())
      if (const json::value* found = first_of(field.fields, *parts, type)) return found;
  }
  return nullptr;
}
const json::value* first_of(const casework::Opened& opened, Type type) {
  for (const procedure::Step& step : opened.definition->steps)
    for (const procedure::Page& page : step.pages)
      if (const json::value* found = first_of(page.fields, opened.answers, type)) return found;
  return nullptr;
}

}  // namespace

appointment::Visitor visitor_of(const casework::Opened& opened, const appointment::Reason& reason) {
  appointment::Visitor out;
  if (const json::value* person = first_of(opened, Type::person))
    if (const json::object* parts = person->if_object()) {
      const std::string used = text_in(*parts, "used_name");
      out.name = Personal(text_in(*parts, "first_names") + " " +
                          (used.empty() ? text_in(*parts, "last_name") : used));
    }
  const auto text = [&](Type type) {
    const json::value* value = first_of(opened, type);
    return std::string(value != nullptr && value->is_string()
                           ? std::string_view(value->get_string())
                           : std::string_view());
  };
  out.needs = CaseAppointments::coming(opened).needs;
  out.may = true;  // the démarche says who may apply (Definition::who), and asked for it
  out.email = Personal(text(Type::email));
  out.phone = Personal(text(Type::phone));
  for (const appointment::Asked& asked : reason.asks)
    if (const Field* field = opened.definition->field(asked.id))
      if (const json::value* value = opened.answers.if_contains(asked.id))
        out.asked.insert_or_assign(asked.id, Personal(procedure::shown(*field, *value)));
  return out;
}

tenancy::Context CaseAppointments::of_draft(const tenancy::Context& cx,
                                            const casework::Opened& draft) {
  tenancy::Context out = cx;
  out.commune = draft.commune;
  return out;
}

casework::AtDeposit CaseAppointments::at_deposit() const {
  return [this](const tenancy::Context& cx, const casework::Opened& draft) -> casework::InDeposit {
    const json::object* chosen = slot_in(draft);
    const std::string id = chosen == nullptr ? std::string() : text_in(*chosen, "booking");
    // Shared: what a std::function holds is copied.
    const auto keys = id.empty() ? nullptr
                                 : std::make_shared<const vault::NewKeys>(
                                       keyring_.make(cx, appointment::object_of_booking(id)));
    const auto edition = agendas_.of(cx.tenant, draft.definition->appointment()->slots.agenda);
    return [this, cx, id, keys, edition](db::Tx& tx, const casework::Opened& made) {
      const json::object* slot = slot_in(made);
      if (slot == nullptr) return;  // it is not asked for, with these answers
      if (!keys || text_in(*slot, "booking") != id)
        throw Error(Errc::overloaded, "the slot has just changed: send again");
      const auto start = parse_rfc3339(text_in(*slot, "start"));
      for (const appointment::Booking& booking : appointment::bookings_of_case(tx, cx, made.id)) {
        if (booking.id != id) continue;
        if (!start || booking.start != *start || booking.reason != text_in(*slot, "reason")) break;
        if (booking.state != State::held) break;
        const appointment::Reason* reason =
            edition ? edition->agenda->reason(booking.reason) : nullptr;
        if (reason == nullptr) break;
        appointment::Visitor visitor = visitor_of(made, *reason);
        auto faults = appointment::tidy(visitor, *reason, appointment::Books::citizen);
        // The démarche says who needs an address: what the case writes goes on paper without one.
        if (visitor.email.read().empty())
          std::erase_if(faults, [](const auto& fault) { return fault.field == "email"; });
        if (!faults.empty()) throw Error(Errc::invalid, faults.front().message);
        appointments_.confirm_in(tx, cx, booking, *keys, visitor);
        return;
      }
      throw lost();
    };
  };
}

std::optional<Look> CaseAppointments::look_of(const casework::Opened& draft) const {
  const Field* field = draft.definition->appointment();
  if (field == nullptr) return std::nullopt;
  Look look{.agenda = field->slots.agenda, .reason = procedure::reason_of(*field, draft.answers)};
  if (look.reason.empty()) return std::nullopt;
  return look;
}

std::optional<Look> CaseAppointments::look_with(const tenancy::Context& cx,
                                                const casework::Opened& draft,
                                                const Coming& coming) const {
  auto look = look_of(draft);
  if (!look) return std::nullopt;
  const auto edition = agendas_.of(cx.tenant, look->agenda);
  const appointment::Reason* reason = edition ? edition->agenda->reason(look->reason) : nullptr;
  if (reason == nullptr) return look;
  look->people = std::clamp(coming.people, 1, reason->people);
  const bool taken =
      coming.way && std::ranges::find(reason->ways, *coming.way) != reason->ways.end();
  look->way = taken ? *coming.way : reason->ways.front();
  return look;
}

CaseAppointments::Coming CaseAppointments::coming(const casework::Opened& draft) {
  const json::object* slot = slot_in(draft);
  if (slot == nullptr) return {};
  Coming out{.people = static_cast<int>(integer_at(*slot, "people").value_or(1)),
             .way = appointment::way_named(text_in(*slot, "way"))};
  if (const json::object* needs = object_at(*slot, "needs"))
    out.needs = appointment::visitor_from_json(*needs).needs;
  return out;
}

appointment::Offer CaseAppointments::offer(const tenancy::Context& cx,
                                           const casework::Opened& draft, Instant until,
                                           const Coming& coming) const {
  auto look = look_with(cx, draft, coming);
  if (!look) throw Error(Errc::invalid, "Répondez d’abord aux questions d’avant.");
  look->from = cx.now;
  look->until = until;
  return appointments_.look(of_draft(cx, draft), *look);
}

CaseAppointments::Mine CaseAppointments::mine(const tenancy::Context& cx,
                                              const Theirs& theirs) const {
  const crypto::Key key = theirs.cases.key_for(cx, theirs.id, theirs.token, kPurpose);
  const auto made = [&](std::string_view what, std::size_t bytes) {
    return crypto::to_hex(crypto::hmac_sha256(key.reveal(), what).substr(0, bytes));
  };
  return {.id = made("id", appointment::kIdBytes),
          .token = Secret(made("token", appointment::kTokenBytes))};
}

CaseAppointments::Mine CaseAppointments::opener(const tenancy::Context& cx, const Theirs& theirs,
                                                const Opened& visit) const {
  Mine own = mine(cx, theirs);
  if (own.id == visit.booking.id) return own;
  // Of another case that was merged into this one, or taken after the first: by the link of
  // letters.
  tenancy::Context system = cx;
  system.actor = tenancy::Actor::system("appointment");
  return {.id = visit.booking.id, .token = appointments_.link(system, visit.booking.id)};
}

std::expected<casework::Saved, appointment::Refused> CaseAppointments::choose(
    const tenancy::Context& cx, const Theirs& theirs, const casework::Opened& draft, Instant start,
    const Coming& coming) const {
  const auto look = look_with(cx, draft, coming);
  if (!look) throw Error(Errc::invalid, "Répondez d’abord aux questions d’avant.");
  if (coming.needs.interpreter.size() > appointment::kNeedMax)
    throw Error(Errc::invalid, "La langue de l’interprète est trop longue. Abrégez.");
  const Mine own = mine(cx, theirs);
  const tenancy::Context there = of_draft(cx, draft);
  // Held for another reason before: an earlier answer has changed since.
  if (const auto before = appointments_.of_case(cx, draft.id);
      before && before->booking.state == State::held &&
      (before->booking.reason != look->reason || before->booking.agenda != look->agenda))
    appointments_.release(there, own);
  auto held = appointments_.hold(there, *look, start, own, {}, draft.id);
  if (!held) {
    // The slot chosen before stays, while it is kept.
    const auto before = appointments_.of_case(cx, draft.id);
    if (!before || before->booking.held_until.value_or(Instant()) <= cx.now)
      theirs.cases.set_appointment(cx, theirs.id, theirs.token, nullptr);
    return std::unexpected(std::move(held.error()));
  }
  return theirs.cases.set_appointment(
      cx, theirs.id, theirs.token,
      json::object{{"booking", own.id},
                   {"start", dialogue::with_offset(held->booking.start, cx.zone)},
                   {"reason", held->booking.reason},
                   {"service", held->service},
                   {"people", held->booking.people},
                   {"way", appointment::name(held->booking.way)},
                   {"needs", needs_json(coming.needs)}});
}

CaseAppointments::Standing CaseAppointments::keep(const tenancy::Context& cx, const Theirs& theirs,
                                                  const casework::Opened& draft) const {
  const json::object* slot = slot_in(draft);
  const auto start = slot == nullptr ? std::nullopt : parse_rfc3339(text_in(*slot, "start"));
  if (!start) return {};
  if (const auto own = held(cx, draft)) return {Kept::held, *start, *own->held_until};
  const auto look = look_with(cx, draft, coming(draft));
  // Asked for something else by now: the form says so.
  if (!look || look->reason != text_in(*slot, "reason")) return {Kept::none, *start, {}};
  try {
    const auto anew =
        appointments_.hold(of_draft(cx, draft), *look, *start, mine(cx, theirs), {}, draft.id);
    if (anew && anew->booking.state == State::held && anew->booking.start == *start &&
        anew->booking.held_until)
      return {Kept::held, *start, *anew->booking.held_until};
  } catch (const Error& e) {
    if (e.code() != Errc::not_found) throw;  // the reason is offered no more
  }
  return {Kept::lost, *start, {}};
}

std::optional<appointment::Booking> CaseAppointments::held(const tenancy::Context& cx,
                                                           const casework::Opened& draft) const {
  const json::object* slot = slot_in(draft);
  const auto start = slot == nullptr ? std::nullopt : parse_rfc3339(text_in(*slot, "start"));
  if (!start) return std::nullopt;
  auto own = appointments_.of_case(cx, draft.id);
  if (!own || own->booking.state != State::held || own->booking.start != *start ||
      own->booking.held_until.value_or(Instant()) <= cx.now)
    return std::nullopt;
  return std::move(own->booking);
}

std::optional<Opened> CaseAppointments::of(const tenancy::Context& cx,
                                           const casework::Opened& opened) const {
  if (opened.definition->appointment() == nullptr) return std::nullopt;
  auto found = appointments_.of_case(cx, opened.id);
  if (found && found->booking.state == State::held) return std::nullopt;
  return found;
}

bool CaseAppointments::can_retake(const casework::Opened& opened, const Opened& visit) {
  return casework::is_open(opened.state) && opened.state != casework::State::draft &&
         appointment::came_to_nothing(visit.booking.state) && visit.reason != nullptr;
}

appointment::Offer CaseAppointments::others(const tenancy::Context& cx, const Opened& visit,
                                            Instant until) const {
  return appointments_.alternatives(cx, visit, cx.now, until);
}

std::expected<Opened, appointment::Refused> CaseAppointments::retake(const tenancy::Context& cx,
                                                                     const casework::Opened& opened,
                                                                     Instant start) const {
  if (!casework::is_open(opened.state) || opened.state == casework::State::draft)
    throw Error(Errc::conflict, "Ce dossier est terminé. Rechargez sa page.");
  return appointments_.retake(of_draft(cx, opened), opened.id, start);
}

void CaseAppointments::tell(const tenancy::Context& cx, const casework::Opened& opened,
                            casework::Receipt& receipt) const {
  const auto found = of(cx, opened);
  if (!found) return;
  auto& told = receipt.appointment;
  if (appointment::came_to_nothing(found->booking.state)) {
    told.when.clear();
    return;
  }
  told.when = words_of(found->booking.start, cx.zone);
  if (found->reason != nullptr) told.bring = found->reason->bring;
  if (found->booking.way != appointment::Way::in_person) {
    told.place = {std::string(appointment::words(found->booking.way))};
    if (std::string video = appointment::video_of(*found); !video.empty())
      told.place.push_back(std::move(video));
    return;
  }
  const auto service = database_.read(cx.tenant, [&](db::Tx& tx) {
    return directory::service_by_id(tx, cx.tenant, found->service);
  });
  if (!service) return;
  told.place = {service->name};
  told.place.insert(told.place.end(), service->address.begin(), service->address.end());
  if (const std::string city =
          service->postcode + (service->postcode.empty() ? "" : " ") + service->city;
      !city.empty())
    told.place.push_back(city);
}

}  // namespace parvis::api
