// `bench cases`: lists and searches of an agent over a million invented cases, each kind by itself,
// beside the limit. The cases are made once and kept in --work DIR, or, when --config names a
// PostgreSQL database, in its schema parvis_bench_cases; DIR then holds their keys.
//
// As in a town's third year: twelve services, ten démarches, fifteen cases of a hundred open; names
// and first names as unequal as in life (by the rank of each: Zipf).
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>

#include "app/bench_town.hpp"
#include "app/measure.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "casework/cases.hpp"
#include "casework/find.hpp"
#include "casework/invented_store.hpp"
#include "casework/reference.hpp"
#include "crypto/hash.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::app {
namespace fs = std::filesystem;
namespace {

using casework::Filter;
using casework::State;

constexpr std::size_t kCases = 1'000'000;
constexpr std::size_t kServices = 12, kProcedures = 10, kCommunes = 40;
constexpr std::size_t kLastNames = 20'000, kFirstNames = 500;
constexpr std::size_t kQueries = 400;  // of each kind
constexpr double kLimit = 20;          // milliseconds, p95
constexpr std::uint64_t kSeed = 7;

// Ranks from 0, the first the most frequent, in proportion to 1/(rank + offset).
class Zipf {
 public:
  Zipf(std::size_t size, double offset) {
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i)
      sums_.push_back(sum += 1 / (static_cast<double>(i) + offset));
  }
  std::size_t operator()(std::mt19937_64& random) const {
    const double at = std::uniform_real_distribution<double>(0, sums_.back())(random);
    return static_cast<std::size_t>(std::ranges::lower_bound(sums_, at) - sums_.begin());
  }

 private:
  std::vector<double> sums_;
};

// What a case is, from its number alone: a query can ask for what is there.
class Inventor {
 public:
  struct Person {
    std::string last, first, email, phone;
  };
  Person person(std::size_t number) const {
    std::mt19937_64 random(kSeed + number);
    return {fmt::format("nom{}", last_(random)), fmt::format("prenom{}", first_(random)),
            fmt::format("p{}@exemple.fr", number), fmt::format("+336{:08}", number)};
  }
  static std::string reference(std::size_t number) {
    // 70^4 of them; the factor has no part in common with it, so each number has its own.
    return casework::reference_of(static_cast<std::uint32_t>(number * 9'999'991 % 24'010'000));
  }
  static std::string service(std::size_t number) { return fmt::format("service-{}", number); }
  static std::string procedure(std::size_t number) { return fmt::format("demarche-{}", number); }
  static CivilDate day(std::size_t number, std::size_t count) {  // of the deposit, in three years
    return CivilDate(std::chrono::sys_days(std::chrono::year(2023) / 12 / 1) +
                     std::chrono::days(number * 1095 / count));
  }

  casework::Invented make(std::size_t number, std::size_t count, const crypto::Key& key) const {
    std::mt19937_64 random(~kSeed - number);
    const auto below = [&](std::size_t end) { return random() % end; };
    const std::size_t share = below(100);
    // What is old is over.
    const bool over = number * 100 / count < 80 || below(100) < 25;
    const State state = over         ? (share < 55   ? State::accepted
                                        : share < 70 ? State::refused
                                                     : State::closed)
                        : share < 35 ? State::received
                        : share < 80 ? State::examined
                                     : State::awaiting;
    const CivilDate day = Inventor::day(number, count);
    const Person who = person(number);
    return {
        .id = fmt::format("{:08x}{}", number,
                          crypto::sha256_hex(fmt::format("{}", number)).substr(0, 24)),
        .reference = reference(number),
        .procedure = procedure(below(kProcedures)),
        .service = service(below(kServices)),
        .commune = fmt::format("{}", 99001 + below(kCommunes)),
        .state = state,
        .deposited_at =
            Instant(std::chrono::milliseconds(std::chrono::duration_cast<std::chrono::milliseconds>(
                                                  std::chrono::sys_days(day).time_since_epoch()) +
                                              std::chrono::milliseconds(below(86'400'000)))),
        .due = over
                   ? std::string(casework::kNever)
                   : format_iso_date(CivilDate(std::chrono::sys_days(day) + std::chrono::days(60))),
        .answers = std::string(400, 'x'),
        .digests = casework::digests_of(key, {"word:" + who.last, "word:" + who.first,
                                              "email:" + who.email, "phone:" + who.phone})};
  }

 private:
  Zipf last_{kLastNames, 10}, first_{kFirstNames, 3};
};

std::size_t count_of(const Arguments& arguments) {
  std::size_t count = kCases;
  const std::string& text = arguments.count;
  if (text.empty()) return count;
  const char* end = text.data() + text.size();
  if (std::from_chars(text.data(), end, count).ptr != end || count < 1000 || count > 20'000'000)
    usage("--count wants a number from 1000 to 20000000");
  return count;
}

void fill(db::Database& database, const crypto::Key& key, std::size_t count,
          const Inventor& inventor) {
  const tenancy::Context cx = case_context(system_now());
  const std::size_t step = database.engine() == db::Engine::sqlite ? count : 20'000;
  for (std::size_t from = 0; from < count; from += step)
    database.write(kCaseTenant, [&](db::Tx& tx) {
      casework::prepare_for_many(database, tx);
      for (std::size_t i = from; i < std::min(from + step, count); ++i) {
        casework::insert_invented(tx, cx, inventor.make(i, count, key));
        if (i % 50'000 == 0) std::cerr << fmt::format("\rparvis: {} of {} cases made", i, count);
      }
    });
  std::cerr << fmt::format("\rparvis: {} cases made          \n", count);
  casework::learn_statistics(database);
}

}  // namespace

int bench_cases(const Arguments& arguments) {
  log_from(Level::warning);
  const std::size_t count = count_of(arguments);
  const bool postgres = !arguments.config.database_url.empty();
  const fs::path folder = arguments.work.empty() ? fs::temp_directory_path() / "parvis-bench-cases"
                                                 : fs::path(arguments.work);
  const std::string name = fmt::format("{}-{}", postgres ? "postgresql" : "sqlite", count);
  const fs::path complete = folder / (name + ".complete");
  const bool there = fs::exists(complete);
  const db::DatabaseConfig config =
      case_database(arguments, folder, name + ".db", there ? Keep::as_it_is : Keep::nothing);
  if (!there) fs::remove(folder / (name + ".keys"));
  db::Database database(config);
  if (!there) make_case_town(database);
  // A key that protects nothing: what is sealed with it is invented.
  vault::SealedFile store(folder / (name + ".keys"),
                          *crypto::Key::from_bytes(std::string(32, 'b')));
  vault::Keyring keyring(database, store);
  procedure::Catalogue catalogue(database);
  casework::Cases cases(database, keyring, catalogue);
  const tenancy::Context cx = case_context(system_now());
  const Inventor inventor;
  if (!there) {
    fill(database, cases.find_key(cx), count, inventor);
    std::ofstream(complete) << count << '\n';
  }

  std::mt19937_64 random(kSeed);
  const auto below = [&](std::size_t end) { return random() % end; };
  const casework::Author everyone{casework::Role::agent, "a", "Agent", {}};
  const auto day = [&](std::size_t number) { return Inventor::day(number, count); };
  // Deadlines of what is open: the newest fifth, two months later.
  const auto deadline = [&] {
    return CivilDate(std::chrono::sys_days(day(count - count / 5 + below(count / 5))) +
                     std::chrono::days(60));
  };
  const auto week_after = [](CivilDate from) {
    return CivilDate(std::chrono::sys_days(from) + std::chrono::days(7));
  };
  const auto service = [&] { return Inventor::service(below(kServices)); };
  const auto procedure = [&] { return Inventor::procedure(below(kProcedures)); };
  const auto person = [&] { return inventor.person(below(count)); };
  struct Kind {
    std::string_view name;
    std::function<Filter()> filter;
  };
  const std::vector<Kind> kinds = {
      {"list: open", [&] { return Filter{}; }},
      {"list: one service", [&] { return Filter{.services = {service()}}; }},
      {"list: three services",
       [&] { return Filter{.services = {service(), service(), service()}}; }},
      {"list: one state",
       [&] { return Filter{.states = {below(2) == 0 ? State::accepted : State::awaiting}}; }},
      {"list: one démarche", [&] { return Filter{.procedure = procedure()}; }},
      {"list: démarche and service",
       [&] { return Filter{.services = {service()}, .procedure = procedure()}; }},
      {"list: deadlines of a week",
       [&] {
         const CivilDate from = deadline();
         return Filter{.due_from = from, .due_to = week_after(from)};
       }},
      {"list: service and deadlines",
       [&] {
         const CivilDate from = deadline();
         return Filter{.services = {service()}, .due_from = from, .due_to = week_after(from)};
       }},
      {"list: a page far on",
       [&] {
         return Filter{.states = {State::examined},
                       .after_due = format_iso_date(deadline()),
                       .after_id = "8"};
       }},
      {"list: a page of what is over, far on",
       [&] {
         return Filter{.states = {State::accepted},
                       .after_due = std::string(casework::kNever),
                       .after_id = fmt::format("{:08x}", below(count))};
       }},
      {"search: reference", [&] { return Filter{.text = Inventor::reference(below(count))}; }},
      {"search: e-mail", [&] { return Filter{.text = person().email}; }},
      {"search: phone", [&] { return Filter{.text = person().phone}; }},
      {"search: name", [&] { return Filter{.text = person().last}; }},
      {"search: name and first name",
       [&] {
         const auto who = person();
         return Filter{.text = who.first + " " + who.last};
       }},
      {"search: name, open, of a service",
       [&] {
         return Filter{.services = {service()},
                       .states = {State::received, State::examined, State::awaiting},
                       .text = person().last};
       }},
      {"search: a name nobody has", [&] { return Filter{.text = "personne"}; }},
  };
  bool within_limit = true;
  for (const Kind& kind : kinds) {
    Times times;
    std::size_t found = 0;
    for (std::size_t i = 0; i < kQueries; ++i) {
      const Filter filter = kind.filter();
      const auto before = Times::Clock::now();
      found += cases.find(cx, everyone, filter).lines.size();
      times.add(Times::Clock::now() - before);
    }
    within_limit = within_limit && times.at(0.95) <= kLimit;
    std::cout << json::serialize(json::object{
                     {"kind", kind.name},
                     {"engine", postgres ? "postgresql" : "sqlite"},
                     {"cases", count},
                     {"lines", static_cast<double>(found) / static_cast<double>(kQueries)},
                     {"p50_ms", times.at(0.5)},
                     {"p95_ms", within(times.at(0.95), kLimit)}})
              << std::endl;
  }
  return within_limit ? 0 : 1;
}

}  // namespace parvis::app
