#include "appointment/appointments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "appointment/agenda_yaml.hpp"
#include "appointment/calendar_store.hpp"
#include "base/error.hpp"
#include "directory/directory_store.hpp"
#include "vault/vault_store.hpp"

namespace parvis::appointment {
namespace {

using db::Tx;
using std::chrono::days;

constexpr int kEditions = 4;  // of an agenda, that may be published while one call works
constexpr int kTries = 3;     // to take a seat that was free a moment ago

Error not_offered() {
  return {Errc::not_found,
          "Ce rendez-vous n’est pas proposé en ligne. Choisissez un autre motif, ou appelez le "
          "service."};
}

json::object object_in(std::string_view text) {
  auto value = parse_json(text);
  if (!value || !value->is_object()) throw Error(Errc::failed, "a stored booking is not readable");
  return std::move(value->get_object());
}

void checked(Visitor& visitor, const Reason& reason, Books by) {
  const auto faults = tidy(visitor, reason, by);
  if (faults.empty()) return;
  std::string all;
  for (const Fault& fault : faults) all.append(all.empty() ? "" : "\n").append(fault.message);
  throw Error(Errc::invalid, std::move(all));
}

State stepped(const Booking& booking, Act act, Role by, Instant now) {
  const auto next = step(booking.state, act, by, booking.start, now);
  if (!next) throw Error(Errc::conflict, next.error());
  return *next;
}

vault::Keys keys_of(vault::Keyring& keyring, const tenancy::Context& cx, std::string_view object) {
  try {
    return keyring.keys_for(cx, object);
  } catch (const Error& e) {
    if (e.code() == Errc::not_found) throw gone();  // erased since
    throw;
  }
}

// Until when an offer is kept: by day for kOffer, by night until the morning, and never past the
// last moment at which the slot can be booked.
Instant offer_until(const Zone& zone, Instant now, Instant start, const Reason& reason) {
  const LocalTime local = zone.local(now);
  const auto today = std::chrono::floor<days>(local);
  const auto hour = std::chrono::floor<std::chrono::hours>(local - today).count();
  Instant until = now + kOffer;
  if (hour < kOfferFrom) until = zone.instant(today + std::chrono::hours(kOfferMorning));
  if (hour >= kOfferUntil)
    until = zone.instant(today + days(1) + std::chrono::hours(kOfferMorning));
  return std::min(until, Instant(start - reason.notice));
}

bool suits(const Waiting& waiting, const Slot& slot, const Zone& zone) {
  const LocalTime local = zone.local(slot.start);
  const auto day = std::chrono::floor<days>(local);
  const unsigned weekday = std::chrono::weekday(day).iso_encoding() - 1;
  const unsigned half = local - day < std::chrono::hours(12) ? 0 : 1;
  return (waiting.days >> weekday & 1U) != 0 && (waiting.halves >> half & 1U) != 0 &&
         slot.start < waiting.until;
}

}  // namespace

std::string video_of(const Opened& opened) {
  if (opened.booking.way != Way::video || opened.reason == nullptr) return {};
  return opened.agenda == nullptr ? opened.reason->video
                                  : opened.agenda->video_of(*opened.reason, opened.booking.counter);
}

std::optional<Agendas::Edition> Agendas::of(const std::string& tenant, std::string_view id) {
  const std::string key = fmt::format("{}/{}", tenant, id);
  std::optional<Version> version;
  std::optional<std::string> yaml;
  database_.read(tenant, [&](Tx& tx) {
    version = version_of(tx, tenant, id);
    yaml.reset();
    if (!version) return;
    const std::lock_guard lock(mutex_);
    const auto known = read_.find(key);
    if (known == read_.end() || known->second.version.published_at != version->published_at)
      yaml = yaml_of(tx, tenant, id);
  });
  if (!version) return std::nullopt;
  if (!yaml) {
    const std::lock_guard lock(mutex_);
    if (const auto known = read_.find(key); known != read_.end())
      return Edition{.agenda = known->second.agenda, .version = *version};
    return std::nullopt;
  }
  auto agenda = read_agenda(*yaml, Reading::stored);
  // It was sound when it was published; a program that reads less than the one before says so.
  if (!agenda)
    throw Error(Errc::failed, fmt::format("the agenda {} is not readable any more: {}", id,
                                          agenda.error().front().what));
  Edition edition{.agenda = std::make_shared<const Agenda>(std::move(*agenda)),
                  .version = *version};
  const std::lock_guard lock(mutex_);
  read_.insert_or_assign(key, edition);
  return edition;
}

std::vector<std::shared_ptr<const Agenda>> Agendas::offered(const std::string& tenant,
                                                            std::string_view commune) {
  std::vector<std::shared_ptr<const Agenda>> found;
  for (const Version& version :
       database_.read(tenant, [&](Tx& tx) { return versions(tx, tenant); })) {
    if (version.withdrawn) continue;
    const auto edition = of(tenant, version.id);
    if (edition && std::ranges::any_of(edition->agenda->reasons, [&](const Reason& reason) {
          return reason.offered && edition->agenda->serves(reason, commune);
        }))
      found.push_back(edition->agenda);
  }
  return found;
}

std::vector<std::shared_ptr<const Agenda>> Agendas::held_by(
    const std::string& tenant, const std::vector<std::string>& services) {
  std::vector<std::shared_ptr<const Agenda>> found;
  for (const Version& version :
       database_.read(tenant, [&](Tx& tx) { return versions(tx, tenant); }))
    if (const auto edition = of(tenant, version.id);
        edition && (services.empty() ||
                    std::ranges::any_of(edition->agenda->counters, [&](const Counter& counter) {
                      return std::ranges::find(services, edition->agenda->service_of(counter)) !=
                             services.end();
                    })))
      found.push_back(edition->agenda);
  return found;
}

// An agenda as it stands, with what a look needs.
struct Appointments::Place {
  std::shared_ptr<const Agenda> agenda;
  Version version;
  const Reason* reason = nullptr;
  std::vector<Desk> desks;  // in the order of the agenda's counters
  Wish wish;

  bool current(Tx& tx, const tenancy::Context& cx) const {
    return version_of(tx, cx.tenant, agenda->id) == version;
  }
  Free free(const Slot& slot) const {
    const Counter& counter = agenda->counters[slot.desk];
    return {.start = slot.start,
            .end = slot.end,
            .counter = counter.id,
            .service = agenda->service_of(counter)};
  }
  std::vector<Slot> slots(Tx& tx, const tenancy::Context& cx, Instant from, Instant until) const {
    Wish wanted = wish;
    wanted.from = std::max(from, cx.now);
    wanted.until = std::min({until, Instant(wanted.from + kWindowMax)});
    return appointment::slots(desks, wanted,
                              taken(tx, cx, *agenda, wanted.from, wanted.until + kTakesMax),
                              cx.zone, cx.now);
  }
  // An agent may receive somebody when no counter is open. While one is, its seats are those there
  // are: a closed counter does not stand in.
  std::optional<Slot> seat(Tx& tx, const tenancy::Context& cx, Role by, Instant start,
                           const Leaving& leaving = {}) const {
    const auto busy = taken(tx, cx, *agenda, start - kTakesMax, start + kTakesMax, leaving);
    auto slot = seat_at(desks, wish, start, busy, cx.zone, cx.now);
    if (!slot && by == Role::agent && !seat_at(desks, wish, start, {}, cx.zone, cx.now))
      slot = any_seat_at(desks, wish, start, busy);
    return slot;
  }
  // Absent or busy since the seat was looked for.
  bool away(Tx& tx, const tenancy::Context& cx, const Slot& slot) const {
    return std::ranges::any_of(
        busy_between(tx, cx, agenda->id, slot.start, slot.end + reason->buffer),
        [&](const Busy& busy) {
          return busy.counter.empty() || busy.counter == agenda->counters[slot.desk].id;
        });
  }
  Refused refused(Tx& tx, const tenancy::Context& cx, Instant start) const {
    const auto all = slots(tx, cx, cx.now, cx.now + kNextWindow);
    auto from = std::ranges::lower_bound(all, start, {}, &Slot::start);
    if (all.end() - from < static_cast<std::ptrdiff_t>(kNextSlots))
      from = all.end() - static_cast<std::ptrdiff_t>(std::min(all.size(), kNextSlots));
    Refused out;
    for (; from != all.end() && out.next.size() < kNextSlots; ++from)
      out.next.push_back(free(*from));
    return out;
  }
};

Appointments::Appointments(db::Database& database, vault::Keyring& keyring, Agendas& agendas,
                           OnBooking on_booking, LetterDue letter_due)
    : database_(database),
      keyring_(keyring),
      agendas_(agendas),
      on_booking_(std::move(on_booking)),
      letter_due_(std::move(letter_due)) {}

std::vector<Desk> Appointments::desks(const tenancy::Context& cx, const Agenda& agenda,
                                      std::string_view service_asked) {
  std::map<std::string, std::optional<directory::Service>> services;
  database_.read(cx.tenant, [&](Tx& tx) {
    for (const Counter& counter : agenda.counters)
      if (const std::string& id = agenda.service_of(counter); !services.contains(id))
        services[id] = directory::service_by_id(tx, cx.tenant, id);
  });
  std::vector<Desk> all;
  for (const Counter& counter : agenda.counters) {
    const std::string& where = agenda.service_of(counter);
    const auto& service = services[where];
    Desk desk{
        .counter = &counter, .hours = {}, .asked = service_asked.empty() || service_asked == where};
    // A service that the town closed receives nobody.
    if (service) {
      desk.hours = counter.hours.value_or(service->hours);
      desk.region = directory::region_of(*service);
    }
    all.push_back(std::move(desk));
  }
  return all;
}

Appointments::Place Appointments::place(const tenancy::Context& cx, const Look& look, Role by,
                                        Asked asked) {
  const auto edition = agendas_.of(cx.tenant, look.agenda);
  if (!edition || (edition->version.withdrawn && by == Role::citizen)) throw not_offered();
  Place made{.agenda = edition->agenda,
             .version = edition->version,
             .reason = edition->agenda->reason(look.reason),
             .desks = {},
             .wish = {}};
  if (made.reason == nullptr) throw not_offered();
  if (asked == Asked::now) {
    if (by == Role::citizen &&
        (!made.reason->offered || !made.agenda->serves(*made.reason, cx.commune)))
      throw not_offered();
    if (look.people < 1 || look.people > made.reason->people)
      throw Error(Errc::invalid,
                  fmt::format("Ce rendez-vous est pour {} personne{} au plus. Prenez-"
                              "en plusieurs, ou appelez le service.",
                              made.reason->people, made.reason->people > 1 ? "s" : ""));
    if (std::ranges::find(made.reason->ways, look.way) == made.reason->ways.end())
      throw Error(
          Errc::invalid,
          fmt::format("Ce rendez-vous ne se fait pas {}. Choisissez autrement.", words(look.way)));
  }
  made.desks = desks(cx, *made.agenda, look.service);
  made.wish = {
      .reason = made.reason, .people = look.people, .from = look.from, .until = look.until};
  return made;
}

void Appointments::told(Tx& tx, const Booking& booking, Happened what, Instant now) const {
  // Who chooses a time that is near needs no reminder of it.
  if ((what == Happened::booked || what == Happened::moved) && booking.start - now <= kReminder)
    set_reminded(tx, booking);
  if (on_booking_) on_booking_(tx, booking, what, now);
}

Offer Appointments::look(const tenancy::Context& cx, const Look& look) {
  return looked(cx, look, Role::citizen, Asked::now);
}

Offer Appointments::looked(const tenancy::Context& cx, const Look& look, Role by, Asked asked) {
  const Place place = this->place(cx, look, by, asked);
  Offer out{.agenda = place.agenda, .reason = place.reason, .slots = {}};
  const auto found =
      database_.read(cx.tenant, [&](Tx& tx) { return place.slots(tx, cx, look.from, look.until); });
  out.slots.reserve(found.size());
  for (const Slot& slot : found) out.slots.push_back(place.free(slot));
  return out;
}

namespace {

Booking booking_at(const tenancy::Context& cx, const Agenda& agenda, const Reason& reason,
                   const Slot& slot, const Look& look, std::string id) {
  return {.tenant = cx.tenant,
          .id = std::move(id),
          .agenda = agenda.id,
          .counter = agenda.counters[slot.desk].id,
          .reason = reason.id,
          .commune = cx.commune,
          .seat = slot.seat,
          .way = look.way,
          .people = look.people,
          .start = slot.start,
          .end = slot.end,
          .free_at = slot.end + reason.buffer,
          .created_at = cx.now,
          .changed_at = cx.now};
}

std::optional<Booking> mine_if_any(Tx& tx, const tenancy::Context& cx,
                                   const Appointments::Mine& mine) {
  try {
    return booking_for_citizen(tx, cx, mine.id, mine.token.reveal());
  } catch (const Error& e) {
    if (e.code() != Errc::not_found) throw;
    return std::nullopt;
  }
}

}  // namespace

void Appointments::lapse(Tx& tx, const Booking& hold, Instant now) const {
  erase(tx, hold);
  if (hold.waiting.empty()) return;
  set_waiting(tx, hold.tenant, hold.waiting, WaitingState::closed, "");
  told(tx, hold, Happened::lapsed, now);
}

// The slot is taken by the row, or somebody else was first. A hold that ended gives way.
bool Appointments::take(Tx& tx, const tenancy::Context& cx, const Booking& booking,
                        const Secret<std::string>& token) const {
  if (insert(tx, booking, token)) return true;
  const auto ended = ended_holds(tx, cx, booking.agenda, booking.counter, booking.seat,
                                 booking.start, booking.free_at);
  for (const Booking& each : ended) lapse(tx, each, cx.now);
  return !ended.empty() && insert(tx, booking, token);
}

// An agenda as it was: what it had free then is nothing that was freed.
struct Appointments::Held {
  const Agenda& agenda;
  const std::vector<Desk>& desks;
  std::vector<Taken> busy;
};

namespace {

// What is free at the wish of somebody who waits: looked for once for all who wish the same.
class FreeFor {
 public:
  FreeFor(const Agenda& agenda, const std::vector<Desk>& desks, Instant from, Instant until)
      : agenda_(agenda), desks_(desks), from_(from), until_(until) {}

  const std::vector<Slot>& operator()(const Waiting& waiting, const std::vector<Taken>& busy,
                                      const tenancy::Context& cx) {
    const auto [found, made] = known_.try_emplace({waiting.reason, waiting.people});
    const Reason* reason = agenda_.reason(waiting.reason);
    if (made && reason != nullptr)
      found->second = slots(
          desks_, {.reason = reason, .people = waiting.people, .from = from_, .until = until_},
          busy, cx.zone, cx.now);
    return found->second;
  }
  void forget() { known_.clear(); }

 private:
  const Agenda& agenda_;
  const std::vector<Desk>& desks_;
  const Instant from_, until_;
  std::map<std::pair<std::string, int>, std::vector<Slot>> known_;
};

}  // namespace

void Appointments::offer_freed(Tx& tx, const tenancy::Context& cx, const Agenda& agenda,
                               const std::vector<Desk>& desks, const Booking& freed) const {
  offer_between(tx, cx, agenda, desks, {freed.start, freed.free_at}, {});
}

// What is given back goes to the first who waits and whom it suits; what is left, to the next.
void Appointments::offer_between(Tx& tx, const tenancy::Context& cx, const Agenda& agenda,
                                 const std::vector<Desk>& desks, const Span& span,
                                 const std::optional<Held>& before) const {
  if (span.until <= cx.now) return;
  std::vector<Taken> busy;
  bool stale = true;
  FreeFor free(agenda, desks, span.from, span.until);
  std::optional<FreeFor> was;
  if (before) was.emplace(before->agenda, before->desks, span.from, span.until);
  // Whoever waits could have had it: it was shown, or would be if the hours began elsewhere.
  const auto free_before = [&](const Waiting& waiting, const Slot& slot) {
    if (!before) return false;
    const Reason* reason = before->agenda.reason(waiting.reason);
    if (reason == nullptr) return false;
    const Wish wish{.reason = reason, .people = waiting.people, .from = {}, .until = {}};
    return std::ranges::binary_search((*was)(waiting, before->busy, cx), slot.start, {},
                                      &Slot::start) ||
           seat_at(before->desks, wish, slot.start, before->busy, cx.zone, cx.now).has_value();
  };
  for (const Waiting& waiting : waiting_in_order(tx, cx, agenda.id)) {
    const Reason* reason = agenda.reason(waiting.reason);
    if (reason == nullptr || !agenda.serves(*reason, waiting.commune)) continue;
    if (stale) {
      busy = taken(tx, cx, agenda, span.from - kTakesMax, span.until + kTakesMax);
      free.forget();
    }
    stale = false;
    const auto& found = free(waiting, busy, cx);
    const auto slot = std::ranges::find_if(found, [&](const Slot& each) {
      return suits(waiting, each, cx.zone) && !free_before(waiting, each);
    });
    if (slot == found.end()) continue;
    const Look look{
        .agenda = agenda.id, .reason = reason->id, .people = waiting.people, .way = waiting.way};
    Booking kept = booking_at(cx, agenda, *reason, *slot, look, new_id());
    kept.commune = waiting.commune;
    kept.waiting = waiting.id;
    kept.held_until = offer_until(cx.zone, cx.now, slot->start, *reason);
    if (*kept.held_until <= cx.now) continue;
    if (!take(tx, cx, kept, Secret(std::string()))) continue;
    set_waiting(tx, cx.tenant, waiting.id, WaitingState::offered, kept.id);
    told(tx, kept, Happened::offered, cx.now);
    stale = true;
  }
}

namespace {

struct Lost {};  // what was done with the slot is taken back: it is somebody else's by now

// What the person has already, and what leaves when they get the slot.
struct Claim {
  std::optional<Booking> done = {};
  Leaving leaving = {};
};

}  // namespace

// The seat is looked for before the transaction that takes it, so that two who take different seats
// are not in each other's way; the five minutes and the edition say whether it is still right. Who
// has lost kTries times looks and takes in one transaction.
template <typename Before, typename Act>
std::expected<Opened, Refused> Appointments::at_place(const tenancy::Context& cx, const Look& look,
                                                      Instant start, Role by, Asked asked,
                                                      Before before, Act act) {
  for (int attempt = 0; attempt < kTries + kEditions; ++attempt) {
    const Place here = place(cx, look, by, asked);
    Claim claim;
    std::optional<Slot> slot;
    const auto seek = [&](Tx& tx) {
      claim = before(tx);
      slot = claim.done ? std::nullopt : here.seat(tx, cx, by, start, claim.leaving);
    };
    if (attempt < kTries) database_.read(cx.tenant, seek);
    std::optional<Booking> booking;
    bool stale = false;
    if (slot || attempt >= kTries) try {
        database_.write(cx.tenant, [&](Tx& tx) {
          booking.reset();
          stale = !here.current(tx, cx);
          if (stale) return;
          if (attempt >= kTries) seek(tx);
          if (!slot) return;
          stale = here.away(tx, cx, *slot);
          if (!stale) booking = act(tx, here, *slot, claim);
        });
      } catch (const Lost&) {
        stale = true;
      }
    if (stale) continue;
    if (claim.done) return opened(cx, std::move(*claim.done));
    if (booking) return opened(cx, std::move(*booking));
    return std::unexpected(
        database_.read(cx.tenant, [&](Tx& tx) { return here.refused(tx, cx, start); }));
  }
  throw Error(Errc::overloaded, "Cet agenda est en train de changer. Réessayez.");
}

std::expected<Opened, Refused> Appointments::hold(const tenancy::Context& cx, const Look& look,
                                                  Instant start, const Mine& mine,
                                                  const std::optional<Mine>& instead,
                                                  std::string_view case_id) {
  // Sent again with another choice, or too late: the former holds make room for it, and stay when
  // it is refused.
  const auto before = [&](Tx& tx) -> Claim {
    auto own = mine_if_any(tx, cx, mine);
    if (own) {
      const bool runs = own->held_until && *own->held_until > cx.now;
      const bool same = own->start == start && own->people == look.people && own->way == look.way;
      if (own->state != State::held || (same && runs)) return {std::move(own), {}};
    }
    auto former = instead ? mine_if_any(tx, cx, *instead) : std::nullopt;
    if (former && former->state != State::held) former.reset();
    return {{}, {own ? own->id : "", former ? former->id : ""}};
  };
  std::vector<Booking> elsewhere;  // given back in another agenda than that of the new hold
  auto held = at_place(cx, look, start, Role::citizen, Asked::now, before,
                       [&](Tx& tx, const Place& here, const Slot& slot, const Claim& claim) {
                         std::vector<Booking> given;
                         for (const std::string& id : claim.leaving) {
                           if (id.empty()) continue;
                           auto left = mine_if_any(tx, cx, id == mine.id ? mine : *instead);
                           if (left && left->state != State::held)
                             throw Lost();  // confirmed meanwhile
                           if (!left) continue;
                           erase(tx, *left);
                           given.push_back(std::move(*left));
                         }
                         Booking booking =
                             booking_at(cx, *here.agenda, *here.reason, slot, look, mine.id);
                         booking.held_until = cx.now + kHold;
                         booking.case_id = case_id;
                         if (!take(tx, cx, booking, mine.token)) throw Lost();
                         elsewhere.clear();
                         for (Booking& left : given) {
                           if (left.agenda != here.agenda->id) {
                             elsewhere.push_back(std::move(left));
                             continue;
                           }
                           std::vector<Desk> all = here.desks;
                           for (Desk& desk : all)
                             desk.asked = true;  // whoever waits asks for no place
                           offer_freed(tx, cx, *here.agenda, all, left);
                         }
                         return booking;
                       });
  for (const Booking& left : elsewhere)
    if (const auto [agenda, desks] = desks_of(cx, left.agenda); agenda)
      database_.write(cx.tenant, [&](Tx& tx) { offer_freed(tx, cx, *agenda, desks, left); });
  return held;
}

void Appointments::confirm_in(Tx& tx, const tenancy::Context& cx, const Booking& booking,
                              const vault::NewKeys& keys, const Visitor& visitor) {
  stepped(booking, Act::book, Role::citizen, cx.now);
  vault::insert_data_key(tx, keys.row, cx.now);
  set_booked(tx, booking,
             vault::seal(keys.keys, details_address(booking.id), json::serialize(to_json(visitor))),
             cx.now);
  told(tx, booking, Happened::booked, cx.now);
}

Opened Appointments::confirm(const tenancy::Context& cx, const Mine& mine, Visitor visitor) {
  const auto gate = [&](Tx& tx) {
    return booking_for_citizen(tx, cx, mine.id, mine.token.reveal());
  };
  const Booking held = database_.read(cx.tenant, gate);
  if (held.state != State::held) return open(cx, mine);  // confirmed before
  const auto edition = agendas_.of(cx.tenant, held.agenda);
  const Reason* reason = edition ? edition->agenda->reason(held.reason) : nullptr;
  if (reason == nullptr) throw not_offered();
  checked(visitor, *reason, Books::citizen);
  const vault::NewKeys keys = keyring_.make(cx, held.object());
  try {
    database_.write(cx.tenant, [&](Tx& tx) {
      const Booking now = gate(tx);
      if (now.state == State::held) confirm_in(tx, cx, now, keys, visitor);
    });
  } catch (const Error& e) {
    // Two confirmations at once: the other one made the key.
    if (e.code() != Errc::conflict || database_.read(cx.tenant, gate).state == State::held) throw;
  }
  return open(cx, mine);
}

std::optional<Opened> Appointments::of_case(const tenancy::Context& cx, std::string_view case_id) {
  auto all = database_.read(cx.tenant, [&](Tx& tx) { return bookings_of_case(tx, cx, case_id); });
  if (all.empty()) return std::nullopt;
  const auto stands =
      std::ranges::find_if(all, [](const Booking& each) { return !came_to_nothing(each.state); });
  return opened(cx, std::move(stands == all.end() ? all.front() : *stands));
}

void Appointments::release(const tenancy::Context& cx, const Mine& mine) {
  const auto held = database_.read(cx.tenant, [&](Tx& tx) { return mine_if_any(tx, cx, mine); });
  if (held && held->state == State::held) give_up(cx, *held, false);
}

// A hold goes, and its time is offered.
void Appointments::give_up(const tenancy::Context& cx, const Booking& hold, bool ended) {
  const auto [agenda, desks] = desks_of(cx, hold.agenda);
  database_.write(cx.tenant, [&](Tx& tx) {
    const auto now = still(tx, hold);
    if (!now || now->state != State::held || (ended && now->held_until > cx.now)) return;
    if (ended) {
      lapse(tx, *now, cx.now);
    } else {  // given back by the person: there is nothing to tell them
      erase(tx, *now);
      if (!now->waiting.empty())
        set_waiting(tx, now->tenant, now->waiting, WaitingState::closed, "");
    }
    if (agenda) offer_freed(tx, cx, *agenda, desks, *now);
  });
}

std::pair<std::shared_ptr<const Agenda>, std::vector<Desk>> Appointments::desks_of(
    const tenancy::Context& cx, std::string_view id) {
  const auto edition = agendas_.of(cx.tenant, id);
  if (!edition || edition->version.withdrawn) return {};
  return {edition->agenda, desks(cx, *edition->agenda, "")};
}

Opened Appointments::opened(const tenancy::Context& cx, Booking booking) {
  Opened out{.booking = std::move(booking), .agenda = {}, .service = {}};
  if (const auto edition = agendas_.of(cx.tenant, out.booking.agenda)) {
    out.agenda = edition->agenda;
    out.reason = out.agenda->reason(out.booking.reason);
    const Counter* counter = out.agenda->counter(out.booking.counter);
    out.service = counter != nullptr ? out.agenda->service_of(*counter) : out.agenda->service;
  }
  if (!out.booking.sealed.empty()) {
    const vault::Keys keys = keys_of(keyring_, cx, out.booking.object());
    out.visitor = visitor_from_json(
        object_in(vault::open(keys, details_address(out.booking.id), out.booking.sealed)));
  }
  return out;
}

Opened Appointments::open(const tenancy::Context& cx, const Mine& mine) {
  return opened(cx, database_.read(cx.tenant, [&](Tx& tx) {
    return booking_for_citizen(tx, cx, mine.id, mine.token.reveal());
  }));
}

// What a booking looks for when it moves: the place that it has now.
Look Appointments::look_of(const tenancy::Context& cx, const Booking& booking) {
  const auto edition = agendas_.of(cx.tenant, booking.agenda);
  const Counter* counter = edition ? edition->agenda->counter(booking.counter) : nullptr;
  return {.agenda = booking.agenda,
          .reason = booking.reason,
          .people = booking.people,
          .way = booking.way,
          .service = counter != nullptr ? edition->agenda->service_of(*counter) : ""};
}

std::expected<Opened, Refused> Appointments::moved(const tenancy::Context& cx, Instant start,
                                                   Role by,
                                                   const std::function<Booking(Tx&)>& gate) {
  const Booking first = database_.read(cx.tenant, gate);
  const auto moves = [&](const Booking& row) {
    const State next = stepped(row, Act::move, by, cx.now);
    return std::pair(next, row.start != start || row.state != State::booked);
  };
  return at_place(
      cx, look_of(cx, first), start, by, Asked::before,
      [&](Tx& tx) -> Claim {
        Booking row = gate(tx);
        if (!moves(row).second) return {std::move(row), {}};  // moved before
        return {{}, {row.id}};
      },
      [&](Tx& tx, const Place& here, const Slot& slot, const Claim&) {
        const Booking row = gate(tx);
        const auto [next, another] = moves(row);
        if (!another) throw Lost();
        const std::string& counter = here.agenda->counters[slot.desk].id;
        const Instant free_at = slot.end + here.reason->buffer;
        if (!set_slot(tx, row, slot, counter, free_at, next, cx.now)) {
          for (const Booking& ended :
               ended_holds(tx, cx, row.agenda, counter, slot.seat, slot.start, free_at))
            lapse(tx, ended, cx.now);
          if (!set_slot(tx, row, slot, counter, free_at, next, cx.now)) throw Lost();
        }
        Booking after = gate(tx);
        told(tx, after, Happened::moved, cx.now);
        offer_freed(tx, cx, *here.agenda, here.desks, row);
        return after;
      });
}

std::expected<Opened, Refused> Appointments::move(const tenancy::Context& cx, const Mine& mine,
                                                  Instant start) {
  return moved(cx, start, Role::citizen,
               [&](Tx& tx) { return booking_for_citizen(tx, cx, mine.id, mine.token.reveal()); });
}

std::expected<Opened, Refused> Appointments::retaken(const tenancy::Context& cx,
                                                     std::string_view case_id, Instant start,
                                                     Role by,
                                                     const std::vector<std::string>& agendas) {
  const auto of_it = [&](Tx& tx) { return bookings_of_case(tx, cx, case_id); };
  const auto before = database_.read(cx.tenant, of_it);
  if (before.empty() ||
      (by == Role::agent && std::ranges::find(agendas, before.front().agenda) == agendas.end()))
    throw gone();
  const Opened former = opened(cx, before.front());
  if (!former.visitor) throw gone();
  // Made of what it follows: of two who are quick, one has it.
  const vault::Keys old = keys_of(keyring_, cx, former.booking.object());
  const Mine next{vault::sub_token(old, "the next one").reveal().substr(0, 2 * kIdBytes),
                  vault::sub_token(old, "the next one's token")};
  const vault::NewKeys keys = keyring_.make(cx, object_of_booking(next.id));
  const Look look = look_of(cx, former.booking);
  return at_place(
      cx, look, start, by, Asked::now,
      [&](Tx& tx) -> Claim {
        for (Booking& row : of_it(tx))
          if (!came_to_nothing(row.state)) return {std::move(row), {}};
        return {};
      },
      [&](Tx& tx, const Place& here, const Slot& slot, const Claim&) {
        Booking booking = booking_at(cx, *here.agenda, *here.reason, slot, look, next.id);
        booking.commune = former.booking.commune;
        booking.case_id = case_id;
        booking.held_until = cx.now + kHold;
        if (!take(tx, cx, booking, next.token)) throw Lost();
        confirm_in(tx, cx, booking, keys, *former.visitor);
        return booking_for_citizen(tx, cx, next.id, next.token.reveal());
      });
}

std::expected<Opened, Refused> Appointments::retake(const tenancy::Context& cx,
                                                    std::string_view case_id, Instant start) {
  return retaken(cx, case_id, start, Role::citizen, {});
}

Opened Appointments::acted(const tenancy::Context& cx, Act act, Role by,
                           const std::function<Booking(Tx&)>& gate) {
  const Booking first = database_.read(cx.tenant, gate);
  const auto [agenda, desks] = desks_of(cx, first.agenda);
  Booking after = database_.write(cx.tenant, [&](Tx& tx) {
    const Booking before = gate(tx);
    if (act == Act::cancel && before.state == State::cancelled) return before;  // cancelled before
    const State next = stepped(before, act, by, cx.now);
    set_state(tx, before, next, cx.now);
    if (act == Act::cancel) {
      give_back(tx, before);
      told(tx, before, Happened::cancelled, cx.now);
      if (agenda) offer_freed(tx, cx, *agenda, desks, before);
    } else if (before.state == State::displaced && next == State::booked) {
      told(tx, before, Happened::moved, cx.now);  // it stays where it was
    } else if (act == Act::undo || next == State::arrived || next == State::missed) {
      told(tx, before, Happened::visited, cx.now);
    }
    return gate(tx);
  });
  return opened(cx, std::move(after));
}

Opened Appointments::cancel(const tenancy::Context& cx, const Mine& mine) {
  return acted(cx, Act::cancel, Role::citizen,
               [&](Tx& tx) { return booking_for_citizen(tx, cx, mine.id, mine.token.reveal()); });
}

Opened Appointments::note_needs(const tenancy::Context& cx, const Mine& mine,
                                const NeedsSaid& said) {
  const auto gate = [&](Tx& tx) {
    return booking_for_citizen(tx, cx, mine.id, mine.token.reveal());
  };
  const vault::Keys keys = keys_of(keyring_, cx, database_.read(cx.tenant, gate).object());
  // Two tabs: what each of them says is noted, in the order of their transactions.
  Booking after = database_.write(cx.tenant, [&](Tx& tx) {
    const Booking row = gate(tx);
    stepped(row, Act::move, Role::citizen, cx.now);  // what can be moved can be changed
    const vault::Address at = details_address(row.id);
    Visitor visitor = visitor_from_json(object_in(vault::open(keys, at, row.sealed)));
    apply(said, visitor.needs);
    tidy(visitor.needs);
    set_details(tx, row, vault::seal(keys, at, json::serialize(to_json(visitor))));
    return gate(tx);
  });
  return opened(cx, std::move(after));
}

Offer Appointments::alternatives(const tenancy::Context& cx, const Opened& from, Instant begin,
                                 Instant end) {
  Look look = look_of(cx, from.booking);
  look.from = begin;
  look.until = end;
  return looked(cx, look, Role::citizen, Asked::before);
}

void Appointments::wait(const tenancy::Context& cx, const WaitFor& wish, const Mine& mine,
                        Visitor visitor) {
  const Place here = place(cx, wish.look, Role::citizen, Asked::now);
  checked(visitor, *here.reason, Books::citizen);
  if ((wish.days & 0x7FU) == 0 || (wish.halves & 3U) == 0)
    throw Error(Errc::invalid, "Choisissez au moins un jour et un moment de la journée.");
  Waiting row{.tenant = cx.tenant,
              .id = mine.id,
              .agenda = here.agenda->id,
              .reason = here.reason->id,
              .commune = cx.commune,
              .people = wish.look.people,
              .way = wish.look.way,
              .days = wish.days & 0x7FU,
              .halves = wish.halves & 3U,
              .until = std::min(wish.look.until, Instant(cx.now + here.reason->horizon)),
              .created_at = cx.now};
  if (row.until <= cx.now)
    throw Error(Errc::invalid, "Cette date est passée. Choisissez une date plus tard.");
  const vault::NewKeys keys = keyring_.make(cx, row.object());
  row.sealed = vault::seal(keys.keys, waiting_address(row.id), json::serialize(to_json(visitor)));
  try {
    database_.write(cx.tenant, [&](Tx& tx) {
      if (count_waiting(tx, cx, row.agenda) >= static_cast<std::int64_t>(kWaitingMax))
        throw Error(Errc::overloaded, "La liste d’attente est pleine. Appelez le service.");
      vault::insert_data_key(tx, keys.row, cx.now);
      insert(tx, row, mine.token);
    });
  } catch (const Error& e) {
    if (e.code() != Errc::conflict) throw;
    open_waiting(cx, mine);  // entered before; or gone()
  }
}

Appointments::Waits Appointments::waits(const tenancy::Context& cx, Waiting waiting) {
  Waits out{.waiting = std::move(waiting), .agenda = {}, .visitor = {}};
  if (const auto edition = agendas_.of(cx.tenant, out.waiting.agenda)) {
    out.agenda = edition->agenda;
    out.reason = out.agenda->reason(out.waiting.reason);
  }
  const vault::Keys keys = keys_of(keyring_, cx, out.waiting.object());
  out.visitor = visitor_from_json(
      object_in(vault::open(keys, waiting_address(out.waiting.id), out.waiting.sealed)));
  if (out.waiting.state == WaitingState::offered)
    out.offered = database_.read(cx.tenant, [&](Tx& tx) { return offered_to(tx, out.waiting); });
  return out;
}

Appointments::Waits Appointments::open_waiting(const tenancy::Context& cx, const Mine& mine) {
  return waits(cx, database_.read(cx.tenant, [&](Tx& tx) {
    return waiting_for_citizen(tx, cx, mine.id, mine.token.reveal());
  }));
}

Opened Appointments::accept(const tenancy::Context& cx, const Mine& mine) {
  const Waits waits = open_waiting(cx, mine);
  if (!waits.offered) throw gone();
  const vault::NewKeys keys = keyring_.make(cx, waits.offered->object());
  const auto gate = [&](Tx& tx) {
    const Waiting row = waiting_for_citizen(tx, cx, mine.id, mine.token.reveal());
    auto offered = offered_to(tx, row);
    if (!offered) throw gone();
    return std::pair(row, std::move(*offered));
  };
  Booking booking = database_.write(cx.tenant, [&](Tx& tx) {
    const auto [row, offered] = gate(tx);
    if (offered.state != State::held) return offered;  // accepted before
    confirm_in(tx, cx, offered, keys, waits.visitor);
    set_token(tx, offered, mine.token);  // an offer had none: its own letters have links beside it
    // The entry stays until it is over: its link leads to the booking.
    return gate(tx).second;
  });
  return opened(cx, std::move(booking));
}

void Appointments::leave(const tenancy::Context& cx, const Mine& mine) {
  const auto gate = [&](Tx& tx) {
    return waiting_for_citizen(tx, cx, mine.id, mine.token.reveal());
  };
  const auto [agenda, desks] = desks_of(cx, database_.read(cx.tenant, gate).agenda);
  database_.write(cx.tenant, [&](Tx& tx) {
    const Waiting row = gate(tx);
    const auto offered = offered_to(tx, row);
    set_waiting(tx, cx.tenant, row.id, WaitingState::closed, "");
    if (!offered || offered->state != State::held) return;
    erase(tx, *offered);
    if (agenda) offer_freed(tx, cx, *agenda, desks, *offered);
  });
}

std::vector<std::string> Appointments::agendas_of(const tenancy::Context& cx, const Author& agent) {
  std::vector<std::string> ids;
  for (const auto& agenda : agendas_.held_by(cx.tenant, agent.services)) ids.push_back(agenda->id);
  return ids;
}

namespace {

void require(const std::vector<std::string>& agendas, std::string_view agenda) {
  if (std::ranges::find(agendas, agenda) == agendas.end())
    throw Error(Errc::not_found,
                "Cet agenda n’existe pas, ou n’est pas celui d’un de vos services.");
}

}  // namespace

std::vector<Opened> Appointments::day(const tenancy::Context& cx, const Author& agent,
                                      std::string_view agenda, CivilDate date) {
  require(agendas_of(cx, agent), agenda);
  const auto midnight = LocalTime(std::chrono::local_days(date));
  const auto rows = database_.read(cx.tenant, [&](Tx& tx) {
    return between(tx, cx, agenda, cx.zone.instant(midnight), cx.zone.instant(midnight + days(1)));
  });
  std::vector<Opened> out;
  out.reserve(rows.size());
  for (const Booking& row : rows) out.push_back(opened(cx, row));
  return out;
}

Opened Appointments::open_as(const tenancy::Context& cx, const Author& agent, std::string_view id) {
  const auto agendas = agendas_of(cx, agent);
  return opened(cx, database_.read(cx.tenant,
                                   [&](Tx& tx) { return booking_for_agent(tx, cx, id, agendas); }));
}

Offer Appointments::look_as(const tenancy::Context& cx, const Author& agent, const Look& look) {
  require(agendas_of(cx, agent), look.agenda);
  return looked(cx, look, Role::agent, Asked::now);
}

std::expected<Opened, Refused> Appointments::book_as(const tenancy::Context& cx,
                                                     const Author& agent, const Look& look,
                                                     Instant start, const Mine& mine,
                                                     Visitor visitor) {
  require(agendas_of(cx, agent), look.agenda);
  checked(visitor, *place(cx, look, Role::agent, Asked::now).reason, Books::agent);
  const vault::NewKeys keys = keyring_.make(cx, object_of_booking(mine.id));
  return at_place(
      cx, look, start, Role::agent, Asked::now,
      [&](Tx& tx) -> Claim { return {mine_if_any(tx, cx, mine), {}}; },
      [&](Tx& tx, const Place& here, const Slot& slot, const Claim&) {
        Booking booking = booking_at(cx, *here.agenda, *here.reason, slot, look, mine.id);
        booking.held_until = cx.now + kHold;
        if (!take(tx, cx, booking, mine.token)) throw Lost();
        stepped(booking, Act::book, Role::agent, cx.now);
        vault::insert_data_key(tx, keys.row, cx.now);
        set_booked(
            tx, booking,
            vault::seal(keys.keys, details_address(booking.id), json::serialize(to_json(visitor))),
            cx.now);
        told(tx, booking, Happened::booked, cx.now);
        return booking_for_citizen(tx, cx, mine.id, mine.token.reveal());
      });
}

std::expected<Opened, Refused> Appointments::move_as(const tenancy::Context& cx,
                                                     const Author& agent, std::string_view id,
                                                     Instant start) {
  const auto agendas = agendas_of(cx, agent);
  return moved(cx, start, Role::agent,
               [&](Tx& tx) { return booking_for_agent(tx, cx, id, agendas); });
}

std::expected<Opened, Refused> Appointments::retake_as(const tenancy::Context& cx,
                                                       const Author& agent, std::string_view id,
                                                       Instant start) {
  const auto agendas = agendas_of(cx, agent);
  const Booking row =
      database_.read(cx.tenant, [&](Tx& tx) { return booking_for_agent(tx, cx, id, agendas); });
  return retaken(cx, row.case_id, start, Role::agent, agendas);
}

Opened Appointments::act_as(const tenancy::Context& cx, const Author& agent, std::string_view id,
                            Act act) {
  if (act == Act::book || act == Act::move || act == Act::displace)
    throw Error(Errc::invalid, "Cet acte ne se fait pas ainsi.");
  const auto agendas = agendas_of(cx, agent);
  return acted(cx, act, Role::agent,
               [&](Tx& tx) { return booking_for_agent(tx, cx, id, agendas); });
}

void Appointments::check_absence(const tenancy::Context& cx, const Author& agent,
                                 const Busy& busy) {
  require(agendas_of(cx, agent), busy.agenda);
  const auto edition = agendas_.of(cx.tenant, busy.agenda);
  if (!edition || (!busy.counter.empty() && edition->agenda->counter(busy.counter) == nullptr))
    throw Error(Errc::invalid, "Ce guichet n’est pas dans l’agenda. Choisissez-en un autre.");
  if (busy.until <= busy.from || busy.until - busy.from > kHorizonMax)
    throw Error(Errc::invalid,
                "La fin de l’absence vient avant son début, ou plus d’un an après. Corrigez-la.");
}

namespace {

// Bookings to come that the absence displaces.
std::vector<Booking> within(Tx& tx, const tenancy::Context& cx, const Busy& busy) {
  auto rows = between(tx, cx, busy.agenda, busy.from - kMeetingMax, busy.until, kTakenMax);
  std::erase_if(rows, [&](const Booking& row) {
    return row.end <= busy.from || (!busy.counter.empty() && row.counter != busy.counter) ||
           row.start <= cx.now || !step(row.state, Act::displace, Role::agent, row.start, cx.now);
  });
  return rows;
}

}  // namespace

Appointments::Displacing Appointments::would_displace(const tenancy::Context& cx,
                                                      const Author& agent, const Busy& busy) {
  check_absence(cx, agent, busy);
  auto rows = database_.read(cx.tenant, [&](Tx& tx) { return within(tx, cx, busy); });
  Displacing out{.count = rows.size()};
  rows.resize(std::min(rows.size(), kDisplacedShown));
  for (Booking& row : rows) out.first.push_back(opened(cx, std::move(row)));
  return out;
}

std::size_t Appointments::absence(const tenancy::Context& cx, const Author& agent,
                                  const Busy& busy) {
  check_absence(cx, agent, busy);
  return database_.write(cx.tenant, [&](Tx& tx) {
    insert(tx, cx, busy);
    for (const Booking& hold : holds_between(tx, cx, busy.agenda, busy.from, busy.until)) {
      if (!busy.counter.empty() && hold.counter != busy.counter) continue;
      erase(tx, hold);
      // Who was offered it waits on, in their turn.
      if (!hold.waiting.empty())
        set_waiting(tx, cx.tenant, hold.waiting, WaitingState::waiting, "");
    }
    const auto rows = within(tx, cx, busy);
    for (const Booking& row : rows) {
      set_state(tx, row, *step(row.state, Act::displace, Role::agent, row.start, cx.now), cx.now);
      told(tx, row, Happened::displaced, cx.now);
    }
    return rows.size();
  });
}

void Appointments::end_absence(const tenancy::Context& cx, const Author& agent, const Busy& busy) {
  require(agendas_of(cx, agent), busy.agenda);
  const auto [agenda, desks] = desks_of(cx, busy.agenda);
  database_.write(cx.tenant, [&](Tx& tx) {
    const auto all = busy_between(tx, cx, busy.agenda, cx.now, cx.now + 2 * kHorizonMax);
    const auto ends = std::ranges::find_if(all, [&](const Busy& each) {
      return !each.from_calendar && each.id == busy.id && each.counter == busy.counter;
    });
    const Span span =
        ends == all.end() ? Span{cx.now, cx.now} : Span{std::max(ends->from, cx.now), ends->until};
    auto before = agenda ? held(tx, cx, *agenda, desks, span) : std::nullopt;
    remove_busy(tx, cx, busy);
    if (before) offer_between(tx, cx, *agenda, desks, span, before);
  });
}

// What counts when time opens in the span; nullopt when nobody waits, or it is all past.
std::optional<Appointments::Held> Appointments::held(Tx& tx, const tenancy::Context& cx,
                                                     const Agenda& agenda,
                                                     const std::vector<Desk>& desks,
                                                     const Span& span) const {
  if (span.until <= cx.now || waiting_in_order(tx, cx, agenda.id).empty()) return std::nullopt;
  return Held{agenda, desks, taken(tx, cx, agenda, span.from - kTakesMax, span.until + kTakesMax)};
}

bool Appointments::set_calendar(const tenancy::Context& cx, const std::string& agenda,
                                const std::string& counter, const std::vector<Busy>& all) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  const auto [edition, desks] = desks_of(cx, agenda);
  const Span span{cx.now, cx.now + kWindowMax};
  return database_.write(cx.tenant, [&](Tx& tx) {
    std::vector<Busy> known = busy_between(tx, cx, agenda, cx.now, cx.now + 2 * kHorizonMax);
    std::erase_if(known,
                  [&](const Busy& row) { return !row.from_calendar || row.counter != counter; });
    if (std::ranges::equal(known, all, [](const Busy& a, const Busy& b) {
          return a.id == b.id && a.from == b.from && a.until == b.until;
        }))
      return false;
    auto before = edition ? held(tx, cx, *edition, desks, span) : std::nullopt;
    replace_calendar(tx, cx, agenda, counter, all);
    if (before) offer_between(tx, cx, *edition, desks, span, before);
    return true;
  });
}

std::vector<Appointments::Opening> Appointments::openings(const tenancy::Context& cx) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  std::vector<Opening> all;
  for (const Version& version :
       database_.read(cx.tenant, [&](Tx& tx) { return versions(tx, cx.tenant); })) {
    if (version.withdrawn) continue;
    if (auto [agenda, desks] = desks_of(cx, version.id); agenda)
      all.push_back({std::move(agenda), std::move(desks)});
  }
  return all;
}

std::size_t Appointments::offer_opened(const tenancy::Context& cx,
                                       const std::vector<Opening>& before) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  const Span span{cx.now, cx.now + kWindowMax};
  std::size_t changed = 0;
  for (const Opening& each : before) {
    const auto now = desks_of(cx, each.agenda->id);
    if (!now.first || std::ranges::equal(each.desks, now.second, [](const Desk& a, const Desk& b) {
          return a.counter->id == b.counter->id && a.hours == b.hours && a.region == b.region;
        }))
      continue;
    ++changed;
    database_.write(cx.tenant, [&](Tx& tx) {
      if (const auto was = held(tx, cx, *each.agenda, each.desks, span))
        offer_between(tx, cx, *now.first, now.second, span, was);
    });
  }
  return changed;
}

std::size_t Appointments::offer_editions(const tenancy::Context& cx) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  const auto changed =
      database_.read(cx.tenant, [&](Tx& tx) { return former_editions(tx, cx.tenant); });
  for (const Former& each : changed) {
    const auto now = desks_of(cx, each.id);
    const auto former = read_agenda(each.yaml, Reading::stored);
    const std::vector<Desk> former_desks = former ? desks(cx, *former, "") : std::vector<Desk>();
    const Span span{cx.now, cx.now + kWindowMax};
    database_.write(cx.tenant, [&](Tx& tx) {
      if (version_of(tx, cx.tenant, each.id) != each.version) return;  // again in a minute
      if (!forget_former(tx, cx.tenant, each.id)) return;
      // One that is not readable any more says nothing of what it had free.
      if (!former || !now.first) return;
      if (const auto before = held(tx, cx, *former, former_desks, span))
        offer_between(tx, cx, *now.first, now.second, span, before);
    });
  }
  return changed.size();
}

std::vector<Busy> Appointments::absences(const tenancy::Context& cx, const Author& agent,
                                         std::string_view agenda, Instant from, Instant until) {
  require(agendas_of(cx, agent), agenda);
  return database_.read(cx.tenant,
                        [&](Tx& tx) { return busy_between(tx, cx, agenda, from, until); });
}

std::vector<Count> Appointments::figures(const tenancy::Context& cx, const Author& agent,
                                         std::string_view agenda, Instant from, Instant until) {
  require(agendas_of(cx, agent), agenda);
  return database_.read(cx.tenant, [&](Tx& tx) { return counts(tx, cx, agenda, from, until); });
}

Opened Appointments::open_for_system(const tenancy::Context& cx, std::string_view id) {
  return opened(cx,
                database_.read(cx.tenant, [&](Tx& tx) { return booking_for_system(tx, cx, id); }));
}

namespace {

bool to_come(const Booking& row, Instant now) {
  return row.start > now && step(row.state, Act::cancel, Role::agent, row.start, now).has_value();
}

}  // namespace

void Appointments::cancel_of_case(const tenancy::Context& cx, std::string_view case_id) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  for (const Booking& row :
       database_.read(cx.tenant, [&](Tx& tx) { return bookings_of_case(tx, cx, case_id); }))
    if (to_come(row, cx.now))
      acted(cx, Act::cancel, Role::agent,
            [&](Tx& tx) { return booking_for_system(tx, cx, row.id); });
}

void Appointments::carry_to_case(const tenancy::Context& cx, std::string_view from,
                                 std::string_view to) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  database_.write(cx.tenant, [&](Tx& tx) {
    for (const Booking& own : bookings_of_case(tx, cx, to))
      if (own.state != State::held && !came_to_nothing(own.state)) return;
    for (const Booking& row : bookings_of_case(tx, cx, from))
      if (to_come(row, cx.now)) return set_case(tx, row, to);
  });
  cancel_of_case(cx, from);
}

Appointments::Waits Appointments::open_waiting_for_system(const tenancy::Context& cx,
                                                          std::string_view id) {
  return waits(cx,
               database_.read(cx.tenant, [&](Tx& tx) { return waiting_for_system(tx, cx, id); }));
}

Secret<std::string> Appointments::link(const tenancy::Context& cx, std::string_view id) {
  const auto gate = [&](Tx& tx) { return booking_for_system(tx, cx, id); };
  const Booking row = database_.read(cx.tenant, gate);
  Secret<std::string> token = vault::sub_token(keys_of(keyring_, cx, row.object()), "link");
  database_.write(cx.tenant, [&](Tx& tx) { set_link(tx, gate(tx), token); });
  return token;
}

Secret<std::string> Appointments::waiting_link(const tenancy::Context& cx, std::string_view id) {
  const auto gate = [&](Tx& tx) { return waiting_for_system(tx, cx, id); };
  const Waiting row = database_.read(cx.tenant, gate);
  Secret<std::string> token = vault::sub_token(keys_of(keyring_, cx, row.object()), "link");
  database_.write(cx.tenant, [&](Tx& tx) { set_link(tx, gate(tx), token); });
  return token;
}

std::size_t Appointments::end_holds(const tenancy::Context& cx) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  const auto ended = database_.read(cx.tenant, [&](Tx& tx) { return ended_holds(tx, cx, kSweep); });
  for (const Booking& hold : ended) give_up(cx, hold, true);
  return ended.size();
}

std::size_t Appointments::remind(const tenancy::Context& cx) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  std::size_t reminded = 0;
  for (const auto& agenda : agendas_.held_by(cx.tenant, {})) {
    const auto due = [&](Tx& tx) {
      return not_reminded(tx, cx, agenda->id, cx.now + kReminder, kSweep);
    };
    if (database_.read(cx.tenant, due).empty()) continue;  // a look that writes nothing is cheap
    reminded += database_.write(cx.tenant, [&](Tx& tx) {
      const auto rows = due(tx);
      for (const Booking& row : rows) {
        set_reminded(tx, row);
        told(tx, row, Happened::soon, cx.now);
      }
      return rows.size();
    });
  }
  return reminded;
}

std::vector<Booking> Appointments::clashes(const tenancy::Context& cx, const Author& agent,
                                           std::string_view agenda, Instant from, Instant until) {
  require(agendas_of(cx, agent), agenda);
  return database_.read(cx.tenant, [&](Tx& tx) {
    const auto busy = busy_between(tx, cx, agenda, from, until);
    std::vector<Booking> found;
    if (busy.empty()) return found;
    for (Booking& row : between(tx, cx, agenda, from, until, kTakenMax)) {
      if (row.state != State::booked || found.size() == kDayMax) continue;
      const bool clash = std::ranges::any_of(busy, [&](const Busy& each) {
        return (each.counter.empty() || each.counter == row.counter) && each.from < row.end &&
               row.start < each.until;
      });
      if (clash) found.push_back(std::move(row));
    }
    return found;
  });
}

std::size_t Appointments::erase_old(const tenancy::Context& cx) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  std::size_t erased = 0;
  for (const auto& agenda : agendas_.held_by(cx.tenant, {}))
    erased += database_.write(cx.tenant, [&](Tx& tx) {
      const auto over = over_since(tx, cx, agenda->id, cx.now - agenda->retention, kSweep);
      for (const Booking& row : over) {
        vault::destroy_data_key(tx, cx.tenant, row.object(), cx.now);
        for (const Entry& entry : entries_of(tx, cx.tenant, row.id)) forget(tx, cx.tenant, entry);
        erase(tx, row);
      }
      return over.size();
    });
  erased += database_.write(cx.tenant, [&](Tx& tx) {
    // Those that wait for their letter do not stand in the way of the others.
    auto over = waiting_over(tx, cx, cx.now, kWaitingMax);
    std::erase_if(over, [&](const Waiting& row) {
      return letter_due_ && cx.now < row.until + kKeptForLetter && letter_due_(tx, row);
    });
    over.resize(std::min(over.size(), kSweep));
    for (const Waiting& row : over) {
      vault::destroy_data_key(tx, cx.tenant, row.object(), cx.now);
      erase(tx, row);
    }
    return over.size();
  });
  return erased;
}

}  // namespace parvis::appointment
