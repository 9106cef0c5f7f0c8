// `bench bookings`: bookings a second beside the engine alone, as `bench deposit` does it: each
// round a few clients book at once, with all that a booking does (what is free, the five minutes of
// the seat, the keys, who comes, the letter); then the same statements are said again by a client
// that has nothing but the engine's library, in a database of the same content.
//
// `bench slots`: a month of slots of twenty counters with ten thousand bookings, beside its limit:
// computed from what is taken, and with the reading of that, whose peer is the bare client.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <thread>
#include <vector>

#include "app/bench_town.hpp"
#include "app/booking_letters.hpp"
#include "app/measure.hpp"
#include "appointment/agenda_yaml.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "db/bare.hpp"
#include "directory/directory_store.hpp"
#include "directory/service_yaml.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::app {
namespace {

using appointment::Appointments;
using std::chrono::days;
using std::chrono::minutes;

constexpr std::size_t kClients = 4;  // at once
constexpr std::size_t kEach = 100;   // bookings of a client in a round
constexpr std::size_t kRounds = 6;   // the first warms up
constexpr int kCounters = 20;
constexpr int kBookings = 10'000;
constexpr double kSlotsLimit = 5;  // milliseconds
constexpr int kLooks = 50;

thread_local int client = -1;  // whose thread it is; -1: nobody's

std::string agenda_yaml() {
  std::string yaml = "id: essai\ntitle: Essai\nservice: mairie\ncounters:\n";
  for (int n = 0; n < kCounters; ++n)
    yaml += fmt::format("  - {{id: g{}, name: Guichet {}}}\n", n, n);
  return yaml + "reasons: [{id: essai, label: Essai, minutes: 20, notice: 0, horizon: 60}]\n";
}

std::vector<directory::Service> town_services() {
  const auto services = directory::read_services(
      "id: mairie\nname: Mairie\nhours: {days: {lundi-vendredi: \"8h-12h, 13h-18h\"}}\n");
  CHECK(services);
  return *services;
}

class Town {
 public:
  Town(const db::DatabaseConfig& config, const std::filesystem::path& folder)
      : database(config), store_(folder / "keys.sealed", crypto::Key::random()) {
    make_booking_town(database);
  }
  static void make_booking_town(db::Database& database) {
    make_case_town(database);
    const auto agenda = appointment::read_agenda(agenda_yaml());
    CHECK(agenda);
    database.write(std::string(kCaseTenant), [&](db::Tx& tx) {
      appointment::publish(tx, kCaseTenant, {*agenda}, system_now());
      directory::replace(tx, std::string(kCaseTenant), directory::kTownSource, town_services());
    });
  }

  static appointment::Look look(Instant from, Instant until) {
    return {.agenda = "essai", .reason = "essai", .from = from, .until = until};
  }
  // Held and confirmed, as a citizen does it.
  void book(Instant start) {
    const tenancy::Context cx = case_context(system_now());
    const Appointments::Mine mine{appointment::new_id(), appointment::new_token()};
    if (!appointments.hold(cx, look({}, {}), start, mine))
      throw Error(Errc::failed, "a free slot is refused");
    appointments.confirm(cx, mine,
                         {.name = Personal(std::string("Ana Roy")),
                          .email = Personal(std::string("ana@exemple.fr"))});
  }
  // As many starts as are wanted: each as often as there are counters.
  std::vector<Instant> starts(std::size_t wanted) {
    const Instant now = system_now();
    std::vector<Instant> all;
    for (const appointment::Free& slot :
         appointments.look(case_context(now), look(now, now + appointment::kWindowMax)).slots)
      for (int n = 0; n < kCounters && all.size() < wanted; ++n) all.push_back(slot.start);
    if (all.size() < wanted) throw Error(Errc::failed, "there are too few slots");
    return all;
  }
  // Without the way there: rows as they are once they are booked.
  void fill(std::size_t wanted) {
    const Instant now = system_now();
    const auto all = starts(wanted);
    database.write(std::string(kCaseTenant), [&](db::Tx& tx) {
      for (std::size_t i = 0; i < all.size(); ++i) {
        appointment::Booking row{.tenant = std::string(kCaseTenant),
                                 .id = appointment::new_id(),
                                 .agenda = "essai",
                                 .counter = fmt::format("g{}", i % kCounters),
                                 .reason = "essai",
                                 .commune = {},
                                 .start = all[i],
                                 .end = all[i] + minutes(20),
                                 .free_at = all[i] + minutes(20),
                                 .created_at = now,
                                 .changed_at = now};
        row.state = appointment::State::booked;
        CHECK(appointment::insert(tx, row, appointment::new_token()));
      }
    });
  }

  db::Database database;

 private:
  vault::SealedFile store_;
  vault::Keyring keyring_{database, store_};
  appointment::Agendas agendas_{database};

 public:
  Appointments appointments{database, keyring_, agendas_, enqueue_booking_letter};
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int bench_bookings(const Arguments& arguments) {
  log_from(Level::warning);
  BenchFolder folder;
  std::vector<std::vector<db::Said>> said(kClients);
  db::DatabaseConfig ours = bench_database(arguments, folder.path, "ours");
  const db::DatabaseConfig bare = bench_database(arguments, folder.path, "bare");
  ours.on_said = [&](db::Said one) {
    if (client >= 0) said[static_cast<std::size_t>(client)].push_back(std::move(one));
  };
  Town town(ours, folder.path);
  {
    db::Database other(bare);
    Town::make_booking_town(other);
  }
  // A client has its own stretch of the calendar: what is measured is booking, not refusing.
  const auto starts = town.starts(1 + kClients * kEach * kRounds);
  town.book(starts.back());  // the keys of the tenant
  std::vector<double> our_rates, bare_rates, ratios;
  Times times;
  std::size_t statements = 0, transactions = 0;
  constexpr auto kAll = static_cast<double>(kClients * kEach);
  for (std::size_t round = 0; round < kRounds; ++round) {
    for (auto& each : said) each.clear();
    std::vector<Times> took(kClients);
    std::vector<std::exception_ptr> errors(kClients);
    const auto before = Times::Clock::now();
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < kClients; ++i)
        threads.emplace_back([&, i] {
          client = static_cast<int>(i);
          try {
            for (std::size_t n = 0; n < kEach; ++n) {
              const auto start = Times::Clock::now();
              town.book(starts[(i * kRounds + round) * kEach + n]);
              took[i].add(Times::Clock::now() - start);
            }
          } catch (...) {
            errors[i] = std::current_exception();
          }
        });
    }
    const std::chrono::duration<double> we = Times::Clock::now() - before;
    for (const std::exception_ptr& error : errors)
      if (error) std::rethrow_exception(error);
    const std::chrono::duration<double> they = db::say_again(bare.url, said);
    if (round == 0) continue;
    for (const Times& each : took) times.add(each);
    our_rates.push_back(kAll / we.count());
    bare_rates.push_back(kAll / they.count());
    ratios.push_back(they / we);
    transactions = statements = 0;
    for (const auto& each : said)
      for (const db::Said& one : each) {
        ++transactions;
        statements += one.statements.size();
      }
  }
  std::cout << json::serialize(json::object{
                   {"peer", "the same statements by a bare client"},
                   {"engine", arguments.config.database_url.empty() ? "sqlite" : "postgresql"},
                   {"clients", kClients},
                   {"bookings", kClients * kEach * (kRounds - 1)},
                   {"transactions", static_cast<double>(transactions) / kAll},
                   {"statements", static_cast<double>(statements) / kAll},
                   {"per_second", beside(median(our_rates), median(bare_rates))},
                   {"ratio", median(ratios)},
                   {"p50_ms", times.at(0.5)},
                   {"p95_ms", times.at(0.95)}})
            << std::endl;
  return 0;
}

int bench_slots(const Arguments& arguments) {
  log_from(Level::warning);
  BenchFolder folder;
  std::vector<db::Said> said;
  db::DatabaseConfig config = bench_database(arguments, folder.path, "ours");
  config.on_said = [&](db::Said one) {
    if (client >= 0) said.push_back(std::move(one));
  };
  Town town(config, folder.path);
  town.fill(kBookings);

  const auto agenda = appointment::read_agenda(agenda_yaml());
  CHECK(agenda);
  const calendar::Hours hours = town_services().front().hours;
  std::vector<appointment::Desk> desks;
  for (const appointment::Counter& counter : agenda->counters)
    desks.push_back({.counter = &counter, .hours = hours});
  Times looks, computed;
  Times::Clock::duration we{};
  std::size_t found = 0;
  for (int n = 0; n < kLooks; ++n) {
    const Instant now = system_now();
    const tenancy::Context cx = case_context(now);
    const Instant until = now + days(31);
    const auto time = [](Times& times, const auto& work) {
      const auto before = Times::Clock::now();
      work();
      const auto took = Times::Clock::now() - before;
      times.add(took);
      return took;
    };
    client = 0;
    we += time(looks,
               [&] { found = town.appointments.look(cx, Town::look(now, until)).slots.size(); });
    client = -1;

    const auto taken = town.database.read(
        cx.tenant, [&](db::Tx& tx) { return appointment::taken(tx, cx, *agenda, now, until); });
    const appointment::Wish wish{.reason = agenda->reasons.data(), .from = now, .until = until};
    std::size_t same = 0;
    time(computed, [&] { same = slots(desks, wish, taken, Zone::paris(), now).size(); });
    CHECK(same == found);
  }
  const std::chrono::duration<double, std::milli> they = db::say_again(config.url, {said});
  const double ours = std::chrono::duration<double, std::milli>(we).count() / kLooks;
  std::cout << json::serialize(json::object{
                   {"engine", arguments.config.database_url.empty() ? "sqlite" : "postgresql"},
                   {"counters", kCounters},
                   {"bookings", kBookings},
                   {"slots", found},
                   {"computed_p50_ms", within(computed.at(0.5), kSlotsLimit)},
                   {"computed_p95_ms", within(computed.at(0.95), kSlotsLimit)},
                   {"read_and_computed_p50_ms", within(looks.at(0.5), kSlotsLimit)},
                   {"read_and_computed_p95_ms", within(looks.at(0.95), kSlotsLimit)},
                   {"peer", "the same statements by a bare client"},
                   {"mean_ms", beside(ours, they.count() / kLooks)}})
            << std::endl;
  return 0;
}

}  // namespace parvis::app
