#include "appointment/appointment_store.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "crypto/hash.hpp"

namespace parvis::appointment {

using db::Row;
using db::Tx;

namespace {

std::int64_t stored(Instant instant) { return instant.time_since_epoch().count(); }
Instant instant(std::int64_t milliseconds) {
  return Instant(std::chrono::milliseconds(milliseconds));
}
std::int64_t cell_of(Instant at) {
  return std::chrono::floor<Minutes>(at.time_since_epoch()) / kCell;
}
constexpr std::int64_t kTakesMilliseconds = std::chrono::milliseconds(kTakesMax).count();

bool is_id(std::string_view id) {
  // An id that no statement could take looks like any other that is not there.
  return id.size() == 2 * kIdBytes && crypto::from_hex(id).has_value();
}
bool opens(const std::array<std::string, 2>& hashes, std::string_view token) {
  // A token has 256 random bits: its hash needs no salt and no slowness.
  const std::string hash = crypto::sha256_hex(token);
  return crypto::equal_in_constant_time(hashes[0], hash) ||
         crypto::equal_in_constant_time(hashes[1], hash);
}

// In the order of the columns that every select of bookings names.
Booking booking_in(std::string_view tenant, const Row& row) {
  Booking made;
  made.tenant = tenant;
  made.id = row.text(0);
  made.agenda = row.text(1);
  made.counter = row.text(2);
  made.seat = static_cast<int>(row.integer(3));
  made.reason = row.text(4);
  made.commune = row.text(5);
  made.state = state_named(row.text(6)).value_or(State::cancelled);
  made.way = way_named(row.text(7)).value_or(Way::in_person);
  made.people = static_cast<int>(row.integer(8));
  made.start = instant(row.integer(9));
  made.end = instant(row.integer(10));
  made.free_at = instant(row.integer(11));
  if (!row.is_null(12)) made.held_until = instant(row.integer(12));
  made.waiting = row.text(13);
  made.case_id = row.text(14);
  made.revision = row.integer(15);
  made.sealed = row.blob(16);
  made.created_at = instant(row.integer(17));
  made.changed_at = instant(row.integer(18));
  return made;
}

std::optional<Booking> by_id(Tx& tx, const std::string& tenant, std::string_view id,
                             std::array<std::string, 2>* hashes = nullptr) {
  std::optional<Booking> found;
  if (!is_id(id)) return found;
  tx.each(
      "select id, agenda, counter, seat, reason, commune, state, way, people, starts_at, ends_at, "
      "free_at, held_until, waiting, case_id, revision, details, created_at, changed_at, "
      "token_hash, link_hash from appointment_booking where tenant = $1 and id = $2",
      {tenant, id}, [&](const Row& row) {
        found = booking_in(tenant, row);
        if (hashes != nullptr) *hashes = {std::string(row.text(19)), std::string(row.text(20))};
      });
  return found;
}

// Takes the cells of a seat for a booking. False when one is taken: by another booking, as this one
// gave its own back before.
bool take_cells(Tx& tx, const Booking& booking) {
  std::int64_t wanted = 0, got = 0;
  for (std::int64_t cell = cell_of(booking.start); cell < cell_of(booking.free_at); ++cell) {
    ++wanted;
    got += tx.run(
        "insert into appointment_cell (tenant, agenda, counter, seat, cell, booking) "
        "values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        {booking.tenant, booking.agenda, booking.counter, static_cast<std::int64_t>(booking.seat),
         cell, booking.id});
    if (got < wanted) return false;
  }
  return true;
}

}  // namespace

std::string new_id() { return crypto::random_hex(kIdBytes); }
Secret<std::string> new_token() { return Secret(crypto::random_hex(kTokenBytes)); }

std::string object_of_booking(std::string_view id) { return std::string("booking/").append(id); }
std::string Booking::object() const { return object_of_booking(id); }
std::string Waiting::object() const { return "waiting/" + id; }
vault::Address details_address(std::string_view id) {
  return {.table = "appointment_booking", .column = "details", .row = id};
}
vault::Address waiting_address(std::string_view id) {
  return {.table = "appointment_waiting", .column = "details", .row = id};
}

Error gone() {
  return {Errc::not_found,
          "Ce rendez-vous n’existe pas, ou n’est plus gardé. Choisissez un horaire, ou appelez le "
          "service."};
}

Published publish(Tx& tx, std::string_view tenant, const std::vector<Agenda>& agendas,
                  Instant now) {
  Published out;
  const auto before = versions(tx, tenant);
  for (const Agenda& agenda : agendas) {
    const auto known = std::ranges::find(before, agenda.id, &Version::id);
    if (known == before.end()) {
      tx.run(
          "insert into appointment_agenda (tenant, id, yaml, published_at) values ($1, $2, $3, $4)",
          {tenant, agenda.id, agenda.yaml, stored(now)});
      out.added.push_back(agenda.id);
    } else if (!known->withdrawn && yaml_of(tx, tenant, agenda.id) == agenda.yaml) {
      ++out.unchanged;
    } else {
      // Two editions within a millisecond are still two.
      const Instant at = std::max(now, known->published_at + std::chrono::milliseconds(1));
      tx.run(
          "update appointment_agenda set former = coalesce(former, yaml), yaml = $3, "
          "published_at = $4, withdrawn_at = null where tenant = $1 and id = $2",
          {tenant, agenda.id, agenda.yaml, stored(at)});
      out.changed.push_back(agenda.id);
    }
  }
  for (const Version& version : before) {
    if (version.withdrawn || std::ranges::find(agendas, version.id, &Agenda::id) != agendas.end())
      continue;
    tx.run("update appointment_agenda set withdrawn_at = $3 where tenant = $1 and id = $2",
           {tenant, version.id, stored(now)});
    out.withdrawn.push_back(version.id);
  }
  return out;
}

std::vector<Former> former_editions(Tx& tx, std::string_view tenant) {
  std::vector<Former> found;
  tx.each(
      "select id, published_at, withdrawn_at, former from appointment_agenda where tenant = $1 and "
      "former is not null order by id",
      {tenant}, [&](const Row& row) {
        const std::string id(row.text(0));
        found.push_back(
            {.id = id,
             .yaml = std::string(row.text(3)),
             .version = {
                 .id = id, .published_at = instant(row.integer(1)), .withdrawn = !row.is_null(2)}});
      });
  return found;
}

bool forget_former(Tx& tx, std::string_view tenant, std::string_view id) {
  return tx.run(
             "update appointment_agenda set former = null where tenant = $1 and id = $2 and former "
             "is not null",
             {tenant, id}) > 0;
}

std::vector<Version> versions(Tx& tx, std::string_view tenant) {
  std::vector<Version> found;
  tx.each(
      "select id, published_at, withdrawn_at from appointment_agenda where tenant = $1 order by id",
      {tenant}, [&](const Row& row) {
        found.push_back({.id = std::string(row.text(0)),
                         .published_at = instant(row.integer(1)),
                         .withdrawn = !row.is_null(2)});
      });
  return found;
}

std::optional<Version> version_of(Tx& tx, std::string_view tenant, std::string_view id) {
  std::optional<Version> found;
  tx.each("select published_at, withdrawn_at from appointment_agenda where tenant = $1 and id = $2",
          {tenant, id}, [&](const Row& row) {
            found = Version{.id = std::string(id),
                            .published_at = instant(row.integer(0)),
                            .withdrawn = !row.is_null(1)};
          });
  return found;
}

std::optional<std::string> yaml_of(Tx& tx, std::string_view tenant, std::string_view id) {
  std::optional<std::string> found;
  tx.each("select yaml from appointment_agenda where tenant = $1 and id = $2", {tenant, id},
          [&](const Row& row) { found = row.text(0); });
  return found;
}

Booking booking_for_citizen(Tx& tx, const tenancy::Context& cx, std::string_view id,
                            std::string_view token) {
  std::array<std::string, 2> hashes;
  auto found = by_id(tx, cx.tenant, id, &hashes);
  if (!opens(hashes, token) || !found) throw gone();
  return std::move(*found);
}

Booking booking_for_agent(Tx& tx, const tenancy::Context& cx, std::string_view id,
                          const std::vector<std::string>& agendas) {
  auto found = by_id(tx, cx.tenant, id);
  if (!found || std::ranges::find(agendas, found->agenda) == agendas.end()) throw gone();
  return std::move(*found);
}

Booking booking_for_system(Tx& tx, const tenancy::Context& cx, std::string_view id) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  auto found = by_id(tx, cx.tenant, id);
  if (!found) throw gone();
  return std::move(*found);
}

std::optional<Booking> still(Tx& tx, const Booking& booking) {
  return by_id(tx, booking.tenant, booking.id);
}

std::vector<Booking> bookings_of_case(Tx& tx, const tenancy::Context& cx,
                                      std::string_view case_id) {
  std::vector<Booking> found;
  if (case_id.empty()) return found;
  tx.each(
      "select id, agenda, counter, seat, reason, commune, state, way, people, starts_at, ends_at, "
      "free_at, held_until, waiting, case_id, revision, details, created_at, changed_at "
      "from appointment_booking where tenant = $1 and case_id = $2 "
      "order by created_at desc, id limit 20",
      {cx.tenant, case_id}, [&](const Row& row) { found.push_back(booking_in(cx.tenant, row)); });
  return found;
}

bool insert(Tx& tx, const Booking& booking, const Secret<std::string>& token) {
  const auto held = booking.held_until ? db::Value(stored(*booking.held_until)) : db::Value();
  // A hold that is offered to somebody gets its token with the letter that says so.
  const std::string hash = token.reveal().empty() ? "" : crypto::sha256_hex(token.reveal());
  // Nothing is read: its own id says whether it is there, and the minutes whether they are taken.
  const auto inserted = tx.run(
      "insert into appointment_booking (tenant, id, agenda, counter, seat, reason, commune, state, "
      "way, people, starts_at, ends_at, free_at, held_until, waiting, case_id, token_hash, "
      "revision, created_at, changed_at) values "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, $18, $18) "
      "on conflict do nothing",
      {booking.tenant, booking.id, booking.agenda, booking.counter,
       static_cast<std::int64_t>(booking.seat), booking.reason, booking.commune,
       name(booking.state), name(booking.way), static_cast<std::int64_t>(booking.people),
       stored(booking.start), stored(booking.end), stored(booking.free_at), held, booking.waiting,
       booking.case_id, hash, stored(booking.created_at)});
  if (inserted == 0) return false;
  if (take_cells(tx, booking)) return true;
  erase(tx, booking);
  return false;
}

bool set_slot(Tx& tx, const Booking& booking, const Slot& slot, std::string_view counter,
              Instant free_at, State state, Instant now) {
  Booking moved = booking;
  moved.counter = counter;
  moved.seat = slot.seat;
  moved.start = slot.start;
  moved.free_at = free_at;
  give_back(tx, booking);
  if (!take_cells(tx, moved)) {
    give_back(tx, booking);
    CHECK(take_cells(tx, booking));  // they were its own a moment ago
    return false;
  }
  tx.run(
      "update appointment_booking set counter = $3, seat = $4, starts_at = $5, ends_at = $6, "
      "free_at = $7, state = $8, revision = revision + 1, changed_at = $9 "
      "where tenant = $1 and id = $2",
      {booking.tenant, booking.id, counter, static_cast<std::int64_t>(slot.seat),
       stored(slot.start), stored(slot.end), stored(free_at), name(state), stored(now)});
  return true;
}

void set_booked(Tx& tx, const Booking& booking, std::string_view sealed, Instant now) {
  tx.run(
      "update appointment_booking set state = $3, held_until = null, details = $4, "
      "changed_at = $5 where tenant = $1 and id = $2",
      {booking.tenant, booking.id, name(State::booked), db::Blob(sealed), stored(now)});
}

void set_details(Tx& tx, const Booking& booking, std::string_view sealed) {
  tx.run("update appointment_booking set details = $3 where tenant = $1 and id = $2",
         {booking.tenant, booking.id, db::Blob(sealed)});
}

void set_state(Tx& tx, const Booking& booking, State state, Instant now) {
  tx.run(
      "update appointment_booking set state = $3, revision = revision + 1, changed_at = $4 "
      "where tenant = $1 and id = $2",
      {booking.tenant, booking.id, name(state), stored(now)});
}

void give_back(Tx& tx, const Booking& booking) {
  tx.run("delete from appointment_cell where tenant = $1 and booking = $2",
         {booking.tenant, booking.id});
}

void set_case(Tx& tx, const Booking& booking, std::string_view case_id) {
  tx.run("update appointment_booking set case_id = $3 where tenant = $1 and id = $2",
         {booking.tenant, booking.id, case_id});
}

void set_token(Tx& tx, const Booking& booking, const Secret<std::string>& token) {
  tx.run("update appointment_booking set token_hash = $3 where tenant = $1 and id = $2",
         {booking.tenant, booking.id, crypto::sha256_hex(token.reveal())});
}

void set_link(Tx& tx, const Booking& booking, const Secret<std::string>& token) {
  tx.run("update appointment_booking set link_hash = $3 where tenant = $1 and id = $2",
         {booking.tenant, booking.id, crypto::sha256_hex(token.reveal())});
}

void erase(Tx& tx, const Booking& booking) {
  give_back(tx, booking);
  tx.run("delete from appointment_booking where tenant = $1 and id = $2",
         {booking.tenant, booking.id});
}

std::vector<Booking> not_reminded(Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                                  Instant until, std::size_t limit) {
  std::vector<Booking> found;
  tx.each(
      "select id, agenda, counter, seat, reason, commune, state, way, people, starts_at, ends_at, "
      "free_at, held_until, waiting, case_id, revision, details, created_at, changed_at "
      "from appointment_booking where tenant = $1 and agenda = $2 and starts_at > $3 and "
      "starts_at < $4 and state = 'booked' and (reminded_for is null or reminded_for <> starts_at) "
      "order by starts_at, id limit $5",
      {cx.tenant, agenda, stored(cx.now), stored(until), static_cast<std::int64_t>(limit)},
      [&](const Row& row) { found.push_back(booking_in(cx.tenant, row)); });
  return found;
}

void set_reminded(Tx& tx, const Booking& booking) {
  tx.run("update appointment_booking set reminded_for = $3 where tenant = $1 and id = $2",
         {booking.tenant, booking.id, stored(booking.start)});
}

std::vector<Taken> taken(Tx& tx, const tenancy::Context& cx, const Agenda& agenda, Instant from,
                         Instant until, const Leaving& leaving) {
  std::vector<Taken> found;
  const auto rank = [&](std::string_view counter) {
    return static_cast<std::size_t>(std::ranges::find(agenda.counters, counter, &Counter::id) -
                                    agenda.counters.begin());
  };
  const auto take = [&](const Row& row) {
    found.push_back({.desk = rank(row.text(0)),
                     .seat = static_cast<int>(row.integer(1)),
                     .from = instant(row.integer(2)),
                     .to = instant(row.integer(3))});
  };
  const std::int64_t first = stored(from) - kTakesMilliseconds, last = stored(until);
  const auto most = static_cast<std::int64_t>(kTakenMax);
  // Bounded on both sides of the index: no meeting is longer than kTakesMilliseconds. All but the
  // id stands in it, so the table is read for those who leave alone.
  if (leaving == Leaving())
    tx.each(
        "select counter, seat, starts_at, free_at from appointment_booking "
        "where tenant = $1 and agenda = $2 and starts_at > $3 and starts_at < $4 and free_at > $5 "
        "and state <> 'cancelled' and (state <> 'held' or held_until > $6) limit $7",
        {cx.tenant, agenda.id, first, last, stored(from), stored(cx.now), most}, take);
  else
    tx.each(
        "select counter, seat, starts_at, free_at from appointment_booking "
        "where tenant = $1 and agenda = $2 and starts_at > $3 and starts_at < $4 and free_at > $5 "
        "and state <> 'cancelled' and (state <> 'held' or held_until > $6) "
        "and id not in ($7, $8) limit $9",
        {cx.tenant, agenda.id, first, last, stored(from), stored(cx.now), leaving[0], leaving[1],
         most},
        take);
  for (const Busy& busy : busy_between(tx, cx, agenda.id, from, until))
    for (std::size_t desk = 0; desk < agenda.counters.size(); ++desk)
      if (busy.counter.empty() || agenda.counters[desk].id == busy.counter)
        found.push_back({.desk = desk, .seat = kAllSeats, .from = busy.from, .to = busy.until});
  return found;
}

std::vector<Booking> ended_holds(Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                                 std::string_view counter, int seat, Instant from, Instant until) {
  std::vector<Booking> found;
  tx.each(
      "select b.id, b.agenda, b.counter, b.seat, b.reason, b.commune, b.state, b.way, b.people, "
      "b.starts_at, b.ends_at, b.free_at, b.held_until, b.waiting, b.case_id, b.revision, "
      "b.details, b.created_at, b.changed_at from appointment_booking b "
      "where b.tenant = $1 and b.state = 'held' and b.held_until <= $2 and b.id in "
      "(select c.booking from appointment_cell c where c.tenant = $1 and c.agenda = $3 and "
      "c.counter = $4 and c.seat = $5 and c.cell >= $6 and c.cell < $7)",
      {cx.tenant, stored(cx.now), agenda, counter, static_cast<std::int64_t>(seat), cell_of(from),
       cell_of(until)},
      [&](const Row& row) { found.push_back(booking_in(cx.tenant, row)); });
  return found;
}

std::vector<Booking> ended_holds(Tx& tx, const tenancy::Context& cx, std::size_t limit) {
  std::vector<Booking> found;
  tx.each(
      "select id, agenda, counter, seat, reason, commune, state, way, people, starts_at, ends_at, "
      "free_at, held_until, waiting, case_id, revision, details, created_at, changed_at "
      "from appointment_booking where tenant = $1 and state = 'held' and held_until <= $2 "
      "order by held_until limit $3",
      {cx.tenant, stored(cx.now), static_cast<std::int64_t>(limit)},
      [&](const Row& row) { found.push_back(booking_in(cx.tenant, row)); });
  return found;
}

std::vector<Booking> between(Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                             Instant from, Instant until, std::size_t limit) {
  std::vector<Booking> found;
  tx.each(
      "select id, agenda, counter, seat, reason, commune, state, way, people, starts_at, ends_at, "
      "free_at, held_until, waiting, case_id, revision, details, created_at, changed_at "
      "from appointment_booking where tenant = $1 and agenda = $2 and starts_at >= $3 and "
      "starts_at < $4 and state <> 'held' order by starts_at, counter, seat, id limit $5",
      {cx.tenant, agenda, stored(from), stored(until),
       static_cast<std::int64_t>(std::min(limit, kTakenMax))},
      [&](const Row& row) { found.push_back(booking_in(cx.tenant, row)); });
  return found;
}

std::vector<Booking> holds_between(Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                                   Instant from, Instant until) {
  std::vector<Booking> found;
  tx.each(
      "select id, agenda, counter, seat, reason, commune, state, way, people, starts_at, ends_at, "
      "free_at, held_until, waiting, case_id, revision, details, created_at, changed_at "
      "from appointment_booking where tenant = $1 and agenda = $2 and starts_at > $3 and "
      "starts_at < $4 and ends_at > $5 and state = 'held' order by starts_at, id limit $6",
      {cx.tenant, agenda, stored(from) - kTakesMilliseconds, stored(until), stored(from),
       static_cast<std::int64_t>(kTakenMax)},
      [&](const Row& row) { found.push_back(booking_in(cx.tenant, row)); });
  return found;
}

std::vector<Booking> over_since(Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                                Instant before, std::size_t limit) {
  std::vector<Booking> found;
  tx.each(
      "select id, agenda, counter, seat, reason, commune, state, way, people, starts_at, ends_at, "
      "free_at, held_until, waiting, case_id, revision, details, created_at, changed_at "
      "from appointment_booking where tenant = $1 and agenda = $2 and starts_at < $3 and "
      "ends_at < $3 order by starts_at limit $4",
      {cx.tenant, agenda, stored(before), static_cast<std::int64_t>(limit)},
      [&](const Row& row) { found.push_back(booking_in(cx.tenant, row)); });
  return found;
}

std::vector<Count> counts(Tx& tx, const tenancy::Context& cx, std::string_view agenda, Instant from,
                          Instant until) {
  std::vector<Count> found;
  tx.each(
      "select reason, state, count(*) from appointment_booking where tenant = $1 and agenda = $2 "
      "and starts_at >= $3 and starts_at < $4 and state <> 'held' "
      "group by reason, state order by reason, state",
      {cx.tenant, agenda, stored(from), stored(until)}, [&](const Row& row) {
        found.push_back({.reason = std::string(row.text(0)),
                         .state = state_named(row.text(1)).value_or(State::cancelled),
                         .count = row.integer(2)});
      });
  return found;
}

void insert(Tx& tx, const tenancy::Context& cx, const Busy& busy) {
  tx.run(
      "insert into appointment_busy (tenant, agenda, counter, id, source, from_at, until_at, "
      "label) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
      {cx.tenant, busy.agenda, busy.counter, busy.id, busy.from_calendar ? "calendar" : "absence",
       stored(busy.from), stored(busy.until), busy.label});
}

bool remove_busy(Tx& tx, const tenancy::Context& cx, const Busy& busy) {
  return tx.run(
             "delete from appointment_busy where tenant = $1 and agenda = $2 and counter = $3 and "
             "id = $4",
             {cx.tenant, busy.agenda, busy.counter, busy.id}) > 0;
}

std::vector<Busy> busy_between(Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                               Instant from, Instant until) {
  std::vector<Busy> found;
  tx.each(
      "select counter, id, source, from_at, until_at, label from appointment_busy "
      "where tenant = $1 and agenda = $2 and from_at < $3 and until_at > $4 "
      "order by from_at, counter, id limit $5",
      {cx.tenant, agenda, stored(until), stored(from), static_cast<std::int64_t>(kTakenMax)},
      [&](const Row& row) {
        found.push_back({.agenda = std::string(agenda),
                         .counter = std::string(row.text(0)),
                         .id = std::string(row.text(1)),
                         .from_calendar = row.text(2) == "calendar",
                         .from = instant(row.integer(3)),
                         .until = instant(row.integer(4)),
                         .label = std::string(row.text(5))});
      });
  return found;
}

void replace_calendar(Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                      std::string_view counter, const std::vector<Busy>& all) {
  tx.run(
      "delete from appointment_busy where tenant = $1 and agenda = $2 and counter = $3 and "
      "source = 'calendar'",
      {cx.tenant, agenda, counter});
  for (const Busy& busy : all) insert(tx, cx, busy);
}

namespace {

constexpr std::array<std::string_view, 3> kWaitingStates{"waiting", "offered", "closed"};

Waiting waiting_in(std::string_view tenant, const Row& row) {
  const auto state = std::ranges::find(kWaitingStates, row.text(10)) - kWaitingStates.begin();
  return {.tenant = std::string(tenant),
          .id = std::string(row.text(0)),
          .agenda = std::string(row.text(1)),
          .reason = std::string(row.text(2)),
          .commune = std::string(row.text(3)),
          .people = static_cast<int>(row.integer(4)),
          .way = way_named(row.text(5)).value_or(Way::in_person),
          .days = static_cast<unsigned>(row.integer(6)),
          .halves = static_cast<unsigned>(row.integer(7)),
          .until = instant(row.integer(8)),
          .state = state < 3 ? static_cast<WaitingState>(state) : WaitingState::closed,
          .booking = std::string(row.text(11)),
          .sealed = std::string(row.blob(12)),
          .created_at = instant(row.integer(9))};
}

std::optional<Waiting> waiting_by_id(Tx& tx, const std::string& tenant, std::string_view id,
                                     std::array<std::string, 2>* hashes = nullptr) {
  std::optional<Waiting> found;
  if (!is_id(id)) return found;
  tx.each(
      "select id, agenda, reason, commune, people, way, days, halves, until_at, created_at, state, "
      "booking, details, token_hash, link_hash from appointment_waiting "
      "where tenant = $1 and id = $2",
      {tenant, id}, [&](const Row& row) {
        found = waiting_in(tenant, row);
        if (hashes != nullptr) *hashes = {std::string(row.text(13)), std::string(row.text(14))};
      });
  return found;
}

}  // namespace

void insert(Tx& tx, const Waiting& waiting, const Secret<std::string>& token) {
  tx.run(
      "insert into appointment_waiting (tenant, id, agenda, reason, commune, people, way, days, "
      "halves, until_at, state, token_hash, details, created_at) values "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $11, $12, $13)",
      {waiting.tenant, waiting.id, waiting.agenda, waiting.reason, waiting.commune,
       static_cast<std::int64_t>(waiting.people), name(waiting.way),
       static_cast<std::int64_t>(waiting.days), static_cast<std::int64_t>(waiting.halves),
       stored(waiting.until), crypto::sha256_hex(token.reveal()), db::Blob(waiting.sealed),
       stored(waiting.created_at)});
}

Waiting waiting_for_citizen(Tx& tx, const tenancy::Context& cx, std::string_view id,
                            std::string_view token) {
  std::array<std::string, 2> hashes;
  auto found = waiting_by_id(tx, cx.tenant, id, &hashes);
  if (!opens(hashes, token) || !found) throw gone();
  return std::move(*found);
}

std::optional<Booking> offered_to(Tx& tx, const Waiting& waiting) {
  return by_id(tx, waiting.tenant, waiting.booking);
}

Waiting waiting_for_system(Tx& tx, const tenancy::Context& cx, std::string_view id) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  auto found = waiting_by_id(tx, cx.tenant, id);
  if (!found) throw gone();
  return std::move(*found);
}

std::vector<Waiting> waiting_in_order(Tx& tx, const tenancy::Context& cx, std::string_view agenda) {
  std::vector<Waiting> found;
  tx.each(
      "select id, agenda, reason, commune, people, way, days, halves, until_at, created_at, state, "
      "booking, details from appointment_waiting "
      "where tenant = $1 and agenda = $2 and state = 'waiting' and until_at > $3 "
      "order by created_at, id limit $4",
      {cx.tenant, agenda, stored(cx.now), static_cast<std::int64_t>(kWaitingMax)},
      [&](const Row& row) { found.push_back(waiting_in(cx.tenant, row)); });
  return found;
}

std::int64_t count_waiting(Tx& tx, const tenancy::Context& cx, std::string_view agenda) {
  std::int64_t count = 0;
  tx.each(
      "select count(*) from appointment_waiting w where tenant = $1 and agenda = $2 and "
      "(state = 'waiting' or (state = 'offered' and exists (select 1 from appointment_booking b "
      "where b.tenant = w.tenant and b.id = w.booking and b.state = 'held')))",
      {cx.tenant, agenda}, [&](const Row& row) { count = row.integer(0); });
  return count;
}

void set_waiting(Tx& tx, std::string_view tenant, std::string_view id, WaitingState state,
                 std::string_view booking) {
  tx.run("update appointment_waiting set state = $3, booking = $4 where tenant = $1 and id = $2",
         {tenant, id, kWaitingStates[static_cast<std::size_t>(state)], booking});
}

void set_link(Tx& tx, const Waiting& waiting, const Secret<std::string>& token) {
  tx.run("update appointment_waiting set link_hash = $3 where tenant = $1 and id = $2",
         {waiting.tenant, waiting.id, crypto::sha256_hex(token.reveal())});
}

void erase(Tx& tx, const Waiting& waiting) {
  tx.run("delete from appointment_waiting where tenant = $1 and id = $2",
         {waiting.tenant, waiting.id});
}

std::vector<Waiting> waiting_over(Tx& tx, const tenancy::Context& cx, Instant now,
                                  std::size_t limit) {
  std::vector<Waiting> found;
  tx.each(
      "select id, agenda, reason, commune, people, way, days, halves, until_at, created_at, state, "
      "booking, details from appointment_waiting "
      "where tenant = $1 and (until_at <= $2 or state = 'closed') order by until_at limit $3",
      {cx.tenant, stored(now), static_cast<std::int64_t>(limit)},
      [&](const Row& row) { found.push_back(waiting_in(cx.tenant, row)); });
  return found;
}

}  // namespace parvis::appointment
