#include "casework/receipt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "calendar/words.hpp"
#include "casework/asks.hpp"
#include "casework/ends.hpp"
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

// Requests for pieces as the clock counts them: each until the last of its documents came or is
// waived. Those that one request asked for are told apart by asks.hpp.
class Requests {
 public:
  // What an event changes; `add` gives the clock something, at an instant.
  template <typename Add>
  void take(const Happened& event, Instant at, const Add& add) {
    const std::vector<Ask> before = asks_;
    casework::take(asks_, event);
    if (event.act == Act::ask_pieces || event.act == Act::return_pieces) begin(event, at, add);
    const bool over = event.act == Act::accept || event.act == Act::refuse ||
                      event.act == Act::settle || event.act == Act::withdraw ||
                      event.act == Act::close || event.act == Act::merge;
    const bool waived = event.act == Act::waive_pieces || event.act == Act::reopen;
    for (auto request = pending_.begin(); request != pending_.end();) {
      const auto number = static_cast<std::uint32_t>(*request);
      const std::string still =
          named([&](const Ask& each) { return each.request == *request && each.awaited(); });
      if (still.empty()) {
        // The last to come, of which an agent may have found later that it was there.
        std::optional<Instant> closed;
        for (const Ask& each : asks_)
          if (each.request == *request) closed = std::max(closed.value_or(each.since), each.since);
        if (!over)
          add(std::clamp(closed.value_or(at), began_.at(*request), at),
              PiecesReceived{number, waived});
        request = pending_.erase(request);
        continue;
      }
      const std::string came = named([&](const Ask& each) {
        const Ask* was = find_ask(before, each.id);
        return each.request == *request && !each.awaited() && was != nullptr && was->awaited();
      });
      if (!came.empty()) add(at, PieceReceived{number, came, still, waived});
      ++request;
    }
  }

 private:
  template <typename Add>
  void begin(const Happened& event, Instant at, const Add& add) {
    const auto term = parse_iso_date(string_at(event.more, "term").value_or(""));
    if (!term) return;
    const std::string pieces =
        event.act == Act::ask_pieces
            ? joined(pieces_in(event))
            : named([&](const Ask& each) { return each.request == event.seq; });
    add(at, PiecesRequested{static_cast<std::uint32_t>(event.seq), pieces, *term});
    pending_.insert(event.seq);
    began_[event.seq] = at;
  }

  static std::string joined(const std::vector<std::string>& labels) {
    std::string out;
    for (const std::string& label : labels) out.append(out.empty() ? "" : ", ").append(label);
    return out;
  }
  template <typename Wanted>
  std::string named(const Wanted& wanted) const {
    std::vector<std::string> labels;
    for (const Ask& each : asks_)
      if (wanted(each)) labels.push_back(each.label);
    return joined(labels);
  }

  std::vector<Ask> asks_;
  std::set<std::int64_t> pending_;  // events that asked
  std::map<std::int64_t, Instant> began_;
};

// Of the letter of a decision: how and when its person came to have it. What an acknowledgement of
// receipt says counts before the day of posting.
std::optional<ClockEvent> notified(const Opened& opened, const Happened& decision, Instant at,
                                   Zone zone) {
  std::optional<Handing> best;
  for (const Happened& event : opened.events)
    if (const auto handing = handing_in(event); handing && handing->letter == decision.seq)
      if (!best || best->way == Handing::Way::posted || handing->way != Handing::Way::posted)
        best = handing;  // of two of a kind the later corrects the other
  if (!best) return std::nullopt;
  const Notified::How how = best->way == Handing::Way::handed       ? Notified::How::handed
                            : best->way == Handing::Way::registered ? Notified::How::registered
                                                                    : Notified::How::posted;
  const Instant morning =
      zone.instant(std::chrono::local_days(best->day) + std::chrono::seconds(0));
  return ClockEvent{std::max(at, morning), Notified{how}};
}

std::vector<ClockEvent> clock_events(const Opened& opened, Zone zone) {
  std::vector<ClockEvent> out;
  Requests requests;
  // In the order in which they were kept: a server's clock that is set back turns nothing round.
  Instant at = Instant::min();
  for (const Happened& event : opened.events) {
    at = std::max(at, event.at);
    const auto add = [&](auto what) { out.push_back({at, std::move(what)}); };
    requests.take(event, at,
                  [&](Instant when, auto what) { out.push_back({when, std::move(what)}); });
    switch (event.act) {
      case Act::deposit:
        add(Deposited{});
        if (const auto received = received_in(opened))
          out.back().at = std::min(out.back().at, zone.instant(std::chrono::local_days(*received) +
                                                               std::chrono::seconds(0)));
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
        // Told by e-mail as it is taken; without one, by a letter, once an agent says when.
        if (email_of(opened))
          add(Notified{});
        else if (const auto letter = notified(opened, event, at, zone))
          out.push_back(*letter);
        break;
      case Act::settle: {
        const procedure::End* end = end_in(*opened.definition, event);
        add(Settled{end == nullptr ? std::string() : end->label});
        break;
      }
      case Act::reopen:
        add(Reopened{});
        break;
      case Act::ask_pieces:  // and what becomes of them: above
      case Act::give_pieces:
      case Act::return_pieces:
      case Act::waive_pieces:
      case Act::reject_piece:
      case Act::take_up:
      case Act::close:
      case Act::write:
      case Act::note:
      case Act::notify:
      case Act::visit:
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

namespace {

struct HandingRow {
  Handing::Way way;
  std::string_view name, words;
};
constexpr std::array kHandings = {
    HandingRow{Handing::Way::handed, "handed", "remise en main propre"},
    HandingRow{Handing::Way::registered, "registered", "reçue, d’après l’avis de réception"},
    HandingRow{Handing::Way::posted, "posted", "envoyée par courrier"},
};

}  // namespace

std::string_view name(Handing::Way way) {
  return std::ranges::find(kHandings, way, &HandingRow::way)->name;
}
std::string_view words(Handing::Way way) {
  return std::ranges::find(kHandings, way, &HandingRow::way)->words;
}
std::optional<Handing::Way> handing_named(std::string_view name) {
  const auto found = std::ranges::find(kHandings, name, &HandingRow::name);
  return found == kHandings.end() ? std::nullopt : std::optional(found->way);
}

json::object to_json(const Handing& handing) {
  return {{"letter", handing.letter},
          {"way", name(handing.way)},
          {"day", format_iso_date(handing.day)}};
}

std::optional<Handing> handing_in(const Happened& event) {
  if (event.act != Act::notify) return std::nullopt;
  const auto letter = integer_at(event.more, "letter");
  const auto way = handing_named(string_at(event.more, "way").value_or(""));
  const auto day = parse_iso_date(string_at(event.more, "day").value_or(""));
  if (!letter || !way || !day) return std::nullopt;
  return Handing{.letter = *letter, .way = *way, .day = *day};
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
