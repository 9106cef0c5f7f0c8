#include "appointment/calendar_store.hpp"

namespace parvis::appointment {

using db::Row;
using db::Tx;

namespace {

std::int64_t stored(Instant instant) { return instant.time_since_epoch().count(); }
std::optional<Instant> instant_at(const Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return Instant(std::chrono::milliseconds(row.integer(column)));
}

}  // namespace

std::vector<Entry> entries_of(Tx& tx, std::string_view tenant, std::string_view booking) {
  std::vector<Entry> found;
  tx.each(
      "select agenda, counter, etag from appointment_entry where tenant = $1 and booking = $2 "
      "order by agenda, counter",
      {tenant, booking}, [&](const Row& row) {
        found.push_back({.booking = std::string(booking),
                         .agenda = std::string(row.text(0)),
                         .counter = std::string(row.text(1)),
                         .etag = std::string(row.text(2))});
      });
  return found;
}

void keep(Tx& tx, std::string_view tenant, const Entry& entry) {
  tx.run(
      "insert into appointment_entry (tenant, booking, agenda, counter, etag) "
      "values ($1, $2, $3, $4, $5) "
      "on conflict (tenant, booking, agenda, counter) do update set etag = excluded.etag",
      {tenant, entry.booking, entry.agenda, entry.counter, entry.etag});
}

void forget(Tx& tx, std::string_view tenant, const Entry& entry) {
  tx.run(
      "delete from appointment_entry where tenant = $1 and booking = $2 and agenda = $3 and "
      "counter = $4",
      {tenant, entry.booking, entry.agenda, entry.counter});
}

std::vector<std::string> not_entered(Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                                     std::string_view counter, std::size_t limit) {
  std::vector<std::string> found;
  tx.each(
      "select b.id from appointment_booking b where b.tenant = $1 and b.agenda = $2 and "
      "b.starts_at > $3 and b.counter = $4 and b.state = 'booked' and not exists "
      "(select 1 from appointment_entry e where e.tenant = $1 and e.booking = b.id and "
      "e.agenda = $2 and e.counter = $4) order by b.starts_at limit $5",
      {cx.tenant, agenda, stored(cx.now), counter, static_cast<std::int64_t>(limit)},
      [&](const Row& row) { found.emplace_back(row.text(0)); });
  return found;
}

std::vector<Calendar> calendars(Tx& tx, std::string_view tenant) {
  std::vector<Calendar> found;
  tx.each(
      "select agenda, counter, went_at, failed_at, why from appointment_calendar "
      "where tenant = $1 order by agenda, counter",
      {tenant}, [&](const Row& row) {
        found.push_back({.agenda = std::string(row.text(0)),
                         .counter = std::string(row.text(1)),
                         .went_at = instant_at(row, 2),
                         .failed_at = instant_at(row, 3),
                         .why = std::string(row.text(4))});
      });
  return found;
}

void note(Tx& tx, std::string_view tenant, std::string_view agenda, std::string_view counter,
          std::string_view why, Instant now) {
  tx.run(
      "insert into appointment_calendar (tenant, agenda, counter) values ($1, $2, $3) "
      "on conflict do nothing",
      {tenant, agenda, counter});
  if (why.empty())
    tx.run(
        "update appointment_calendar set went_at = $4 where tenant = $1 and agenda = $2 and "
        "counter = $3",
        {tenant, agenda, counter, stored(now)});
  else
    tx.run(
        "update appointment_calendar set failed_at = $4, why = $5 where tenant = $1 and "
        "agenda = $2 and counter = $3",
        {tenant, agenda, counter, stored(now), why.substr(0, kCalendarWhyMax)});
}

void forget_calendar(Tx& tx, std::string_view tenant, std::string_view agenda,
                     std::string_view counter) {
  tx.run("delete from appointment_calendar where tenant = $1 and agenda = $2 and counter = $3",
         {tenant, agenda, counter});
}

}  // namespace parvis::appointment
