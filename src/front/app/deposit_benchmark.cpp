// `bench deposit`: deposits a second beside the engine alone. Each round a few clients deposit at
// once, with all that a deposit does: the gate, the keys, the form, the reference, the event, what
// it is found by, the letter. What they said to the database is written down and then said again,
// in the same order on as many connections, by a client that has nothing but the engine's library
// (db/bare.hpp), in a database of the same content. Rounds take turns, so that a disk that is busy
// for a while is busy for both.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <thread>
#include <vector>

#include "app/bench_town.hpp"
#include "app/letterbox.hpp"
#include "app/measure.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "casework/cases.hpp"
#include "casework/receipt.hpp"
#include "db/bare.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::app {
namespace {

constexpr std::size_t kClients = 4;  // at once
constexpr std::size_t kEach = 150;   // deposits of a client in a round
constexpr std::size_t kRounds = 6;   // the first warms up

thread_local int client = -1;  // whose thread it is; -1: nobody's

enum class Way { at_once, by_pages };

json::object answers_of(std::size_t number) {
  return {{"objet", fmt::format("Demande numéro {}", number)},
          {"vous", json::object{{"last_name", fmt::format("Nom{}", number % 997)},
                                {"first_names", "Ana"},
                                {"email", fmt::format("ana{}@exemple.fr", number)},
                                {"phone", "+33612345678"}}}};
}

class Town {
 public:
  Town(const db::DatabaseConfig& config, const std::filesystem::path& folder)
      : database(config), store_(folder / "keys.sealed", crypto::Key::random()) {
    make_case_town(database);
  }

  void deposit(Way way, std::size_t number) {
    const tenancy::Context cx = case_context(system_now());
    const std::string id = casework::new_id();
    const Secret<std::string> token = casework::new_token();
    if (way == Way::at_once) {
      cases_.deposit_at_once(cx, kCaseProcedure, id, token, answers_of(number));
      return;
    }
    cases_.begin(cx, kCaseProcedure, id, token);
    cases_.merge(cx, id, token.reveal(), answers_of(number));
    cases_.deposit(cx, id, token.reveal());
  }

  db::Database database;

 private:
  vault::SealedFile store_;
  vault::Keyring keyring_{database, store_};
  procedure::Catalogue catalogue_{database};
  casework::Cases cases_{
      database, keyring_, catalogue_, enqueue_letter, [](const casework::Opened& opened) {
        const auto clock = casework::clock_of(opened, Zone::paris(), system_now());
        return clock ? clock->due : std::nullopt;
      }};
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

json::object measure(Way way, const Arguments& arguments) {
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
    make_case_town(other);
  }
  town.deposit(way, 0);  // the keys of the tenant
  std::vector<double> our_rates, bare_rates, ratios;
  Times times;
  std::size_t statements = 0, transactions = 0;
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
              town.deposit(way, (round * kClients + i) * kEach + n);
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
    constexpr double kAll = kClients * kEach;
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
  constexpr auto kAll = static_cast<double>(kClients * kEach);
  return {{"way", way == Way::at_once ? "at once" : "page by page"},
          {"transactions", static_cast<double>(transactions) / kAll},
          {"statements", static_cast<double>(statements) / kAll},
          {"per_second", beside(median(our_rates), median(bare_rates))},
          {"ratio", median(ratios)},
          {"p50_ms", times.at(0.5)},
          {"p95_ms", times.at(0.95)}};
}

}  // namespace

int bench_deposit(const Arguments& arguments) {
  log_from(Level::warning);
  const bool postgres = !arguments.config.database_url.empty();
  for (const Way way : {Way::at_once, Way::by_pages}) {
    json::object line{{"peer", "the same statements by a bare client"},
                      {"engine", postgres ? "postgresql" : "sqlite"},
                      {"clients", kClients},
                      {"deposits", kClients * kEach * (kRounds - 1)}};
    for (auto& member : measure(way, arguments)) line.insert(member);
    std::cout << json::serialize(line) << std::endl;
  }
  return 0;
}

}  // namespace parvis::app
