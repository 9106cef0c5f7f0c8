#include "casework/receipt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "calendar/words.hpp"
#include "casework/letters.hpp"
#include "procedure/values.hpp"

namespace parvis::casework {
namespace {

using procedure::DelayUnit;

struct GroundName {
  std::string_view name;
  ClockRule::Ground ground;
};
// As a définition writes them (definition.hpp, Clock::ground).
constexpr std::array kGrounds = {
    GroundName{"not_individual", ClockRule::Ground::not_individual},
    GroundName{"no_text", ClockRule::Ground::no_text},
    GroundName{"complaint", ClockRule::Ground::complaint},
    GroundName{"financial", ClockRule::Ground::financial},
    GroundName{"decree", ClockRule::Ground::decree},
    GroundName{"agents", ClockRule::Ground::agents},
};

std::string day_words(CivilDate date) { return calendar::full_date_words(date); }

std::string moment_words(Instant instant, Zone zone) {
  const LocalTime local = zone.local(instant);
  return fmt::format("{}, à {}", day_words(civil_date(local)),
                     calendar::time_words(time_of_day(local)));
}

ClockRule::Unit unit_of(DelayUnit unit) {
  switch (unit) {
    case DelayUnit::days:
      return ClockRule::Unit::days;
    case DelayUnit::working_days:
      return ClockRule::Unit::working_days;
    case DelayUnit::weeks:
      return ClockRule::Unit::weeks;
    case DelayUnit::months:
      return ClockRule::Unit::months;
  }
  return ClockRule::Unit::months;
}

std::vector<ClockEvent> clock_events(const Opened& opened, Zone zone) {
  std::vector<ClockEvent> out;
  std::uint32_t requests = 0;
  std::vector<std::uint32_t> pending;
  // In the order in which they were kept: a server's clock that is set back turns nothing round.
  Instant at = Instant::min();
  for (const Happened& event : opened.events) {
    at = std::max(at, event.at);
    const auto add = [&](auto what) { out.push_back({at, std::move(what)}); };
    switch (event.act) {
      case Act::deposit:
        add(Deposited{});
        if (const auto received = received_in(opened))
          out.back().at = std::min(out.back().at, zone.instant(std::chrono::local_days(*received) +
                                                               std::chrono::seconds(0)));
        break;
      case Act::ask_pieces: {
        const auto term = parse_iso_date(string_at(event.more, "term").value_or(""));
        if (!term) break;
        pending.push_back(++requests);
        std::string pieces;
        for (const std::string& piece : pieces_in(event))
          pieces.append(pieces.empty() ? "" : ", ").append(piece);
        add(PiecesRequested{requests, std::move(pieces), *term});
        break;
      }
      case Act::give_pieces:
        for (const std::uint32_t request : pending) add(PiecesReceived{request});
        pending.clear();
        break;
      case Act::transfer:
        add(Transferred{std::string(string_at(event.more, "to").value_or(""))});
        break;
      case Act::withdraw:
        add(Withdrawn{});
        break;
      case Act::merge:  // the case that goes on has its own clock, of its own deposit
        if (const auto into = string_at(event.more, "into")) add(Withdrawn{std::string(*into)});
        break;
      case Act::accept:
      case Act::refuse:
        add(Decided{event.act == Act::accept ? Verdict::accepted : Verdict::refused});
        // Told by e-mail as it is taken; without one, by a letter whose day nobody knows here.
        if (email_of(opened)) add(Notified{});
        break;
      case Act::reopen:
        add(Reopened{});
        break;
      case Act::take_up:
      case Act::close:
      case Act::write:
      case Act::note:
      case Act::visit:
      case Act::reject_piece:  // it is the service's to ask for another
      case Act::reassign:
      case Act::silence:  // the clock says it by itself
        break;
    }
  }
  return out;
}

}  // namespace

std::optional<Way> way_of(const Happened& deposit) {
  return way_named(string_at(deposit.more, "way").value_or(""));
}

std::optional<CivilDate> received_in(const Opened& opened) {
  const auto deposit = std::ranges::find(opened.events, Act::deposit, &Happened::act);
  return deposit == opened.events.end()
             ? std::nullopt
             : parse_iso_date(string_at(deposit->more, "received").value_or(""));
}

std::vector<std::string> pieces_in(const Happened& event) {
  std::vector<std::string> out;
  const json::value* pieces = event.more.if_contains("pieces");
  if (pieces == nullptr) return out;
  if (const json::string* one = pieces->if_string()) out.emplace_back(std::string_view(*one));
  if (const json::array* several = pieces->if_array())
    for (const json::value& each : *several) {
      if (const json::string* piece = each.if_string()) out.emplace_back(std::string_view(*piece));
      if (const json::object* file = each.if_object())  // sent on line
        out.emplace_back(string_at(*file, "name").value_or(""));
    }
  return out;
}

std::vector<NotKept> refused_in(const Happened& event) {
  std::vector<NotKept> out;
  if (const json::array* refused = array_at(event.more, "refused"))
    for (const json::value& each : *refused)
      if (const json::object* file = each.if_object())
        out.push_back({std::string(string_at(*file, "name").value_or("")),
                       std::string(string_at(*file, "said").value_or(""))});
  return out;
}

ClockRule rule_of(const procedure::Definition& definition, std::string_view commune, Zone zone) {
  const procedure::Clock& clock = definition.clock;
  ClockRule rule;
  rule.length = clock.delay.count;
  rule.unit = unit_of(clock.delay.unit);
  switch (clock.silence) {
    case procedure::Silence::none:
      rule.silence = ClockRule::Silence::means_nothing;
      break;
    case procedure::Silence::accepts:
      rule.silence = ClockRule::Silence::accepts;
      break;
    case procedure::Silence::refuses:
      rule.silence = ClockRule::Silence::refuses;
      break;
  }
  const auto ground = std::ranges::find(kGrounds, clock.ground, &GroundName::name);
  if (ground != kGrounds.end()) rule.ground = ground->ground;
  rule.start = clock.from_complete ? ClockRule::Start::complete_file : ClockRule::Start::receipt;
  rule.basis = clock.basis;
  rule.region = calendar::region_of(commune);
  rule.zone = zone;
  return rule;
}

std::expected<Clock, ClockError> clock_of(const Opened& opened, Zone zone, Instant now) {
  return clock_of(rule_of(*opened.definition, opened.commune, zone), clock_events(opened, zone),
                  now);
}

Receipt receipt_of(const Opened& opened, const directory::Service* service, std::string_view town,
                   Zone zone, Instant now) {
  const procedure::Definition& definition = *opened.definition;
  Receipt out;
  out.reference = opened.reference;
  out.title = definition.title;
  out.deposited_at = opened.deposited_at.value_or(opened.saved_at);
  out.deposited = moment_words(out.deposited_at, zone);
  if (const auto received = received_in(opened))
    out.deposited = calendar::full_date_words(*received) + ", par courrier";
  out.by_post = by_post(opened);
  out.other_ways = definition.other_ways;
  if (service != nullptr) {
    out.service = service->name;
    out.address = service->address;
    const std::string city =
        service->postcode + (service->postcode.empty() ? "" : " ") + service->city;
    if (!city.empty()) out.address.push_back(city);
    out.phones = service->phones;
    out.email = service->email;
  } else {
    out.service = town;
  }
  if (const auto text = definition.texts.find("receipt"); text != definition.texts.end())
    out.text = procedure::filled_in(definition, text->second, opened.answers);
  if (const procedure::Field* field = definition.appointment())
    if (const json::value* slot = opened.answers.if_contains(field->id))
      out.appointment.when = procedure::shown(*field, *slot);
  const auto clock = clock_of(opened, zone, now);
  if (!clock) return out;
  out.why = why(rule_of(definition, opened.commune, zone), *clock);
  if (!clock->due) return out;
  const std::string due = day_words(*clock->due);
  out.answer_by = fmt::format("{}, soit {}", due, words(definition.clock.delay));
  constexpr std::string_view kAppeals =
      "Vous avez alors deux mois pour contester. Écrivez d’abord à la mairie (recours gracieux), "
      "ou "
      "saisissez le tribunal administratif, aussi sur www.telerecours.fr.";
  switch (definition.clock.silence) {
    case procedure::Silence::none:
      out.silence =
          "Cette démarche n’appelle pas de décision. Si rien ne vient, appelez le service.";
      break;
    case procedure::Silence::accepts:
      out.silence = "Votre demande est acceptée.";
      out.certificate = "Vous pouvez alors demander une attestation de cet accord au service.";
      break;
    case procedure::Silence::refuses:
      out.silence = "Votre demande est refusée. Vous pouvez demander pourquoi.";
      out.appeals = kAppeals;
      break;
  }
  return out;
}

json::object to_json(const Receipt& receipt) {
  json::array phones;
  for (const directory::Phone& phone : receipt.phones)
    phones.push_back(json::object{{"number", phone.number}, {"label", phone.label}});
  json::object out{
      {"reference", receipt.reference},
      {"title", receipt.title},
      {"deposited_at", format_rfc3339(receipt.deposited_at)},
      {"deposited", receipt.deposited},
      {"service", receipt.service},
      {"address", json::array(receipt.address.begin(), receipt.address.end())},
      {"phones", std::move(phones)},
      {"email", receipt.email},
      {"answer_by", receipt.answer_by},
      {"silence", receipt.silence},
      {"appeals", receipt.appeals},
      {"certificate", receipt.certificate},
      {"text", receipt.text},
      {"appointment",
       receipt.appointment.when.empty()
           ? json::value(nullptr)
           : json::value(json::object{{"when", receipt.appointment.when},
                                      {"place", json::array(receipt.appointment.place.begin(),
                                                            receipt.appointment.place.end())},
                                      {"bring", json::array(receipt.appointment.bring.begin(),
                                                            receipt.appointment.bring.end())}})},
      {"why", json::array(receipt.why.begin(), receipt.why.end())},
      {"other_ways", json::array(receipt.other_ways.begin(), receipt.other_ways.end())}};
  return out;
}

}  // namespace parvis::casework
