#include "app/booking_drill.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "crypto/hash.hpp"

namespace parvis::app {
namespace {

constexpr std::string_view kAppointments = "/api/v1/appointments";
constexpr int kAcknowledged = 110;  // of a life of the server
constexpr int kAttempts = 600;      // at one request
constexpr std::chrono::milliseconds kAgain{50};
// Of the 288 a day of the agenda: few enough that citizens meet, more than they book.
constexpr int kSlots = 30'000;
constexpr int kMoveOneIn = 5, kCancelOneIn = 7;

struct Told {
  std::string id, token;
  std::string state, start;  // as acknowledged last; empty state: nothing was
};

struct Citizen {
  std::vector<Told> told;
  BookingsFound found;
  bool stuck = false;
};

Reply insist(const KilledServer& server, std::string_view method, const std::string& target,
             const std::string& body, std::string_view token, std::string_view key,
             BookingsFound& found) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (attempt > 0) {
      std::this_thread::sleep_for(kAgain);
      ++found.repeated;
    }
    Reply reply = call(server.port(), method, target, body, token, key);
    // Cut in its middle, it is no acknowledgement.
    const auto value = parse_json(reply.body);
    if (!value || !value->is_object()) continue;
    if (reply.status == 200 || reply.status == 201) server.count();
    if (reply.status == 200 || reply.status == 201 || reply.status == 409) return reply;
  }
  return {};
}

class Work {
 public:
  Work(const KilledServer& server, Citizen& citizen, std::uint64_t seed, Instant from)
      : server_(server),
        citizen_(citizen),
        random_(static_cast<std::minstd_rand::result_type>(seed)),
        from_(from) {}

  void run() {
    while (!server_.over() && !citizen_.stuck) {
      book();
      if (citizen_.told.empty() || citizen_.told.back().state != "booked") continue;
      if (one_in(kMoveOneIn)) move(citizen_.told.back());
      if (one_in(kCancelOneIn)) cancel(citizen_.told.back());
    }
  }

 private:
  int under(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  bool one_in(int n) { return under(n) == 0; }
  std::string start() { return format_rfc3339(from_ + std::chrono::minutes(5) * under(kSlots)); }

  std::optional<json::object> send(std::string_view method, const std::string& target,
                                   const json::object& body, std::string_view token,
                                   std::string_view key) {
    const Reply reply =
        insist(server_, method, target, body.empty() ? std::string() : json::serialize(body), token,
               key, citizen_.found);
    if (reply.status == 0) citizen_.stuck = true;  // the server did not come back to it
    if (reply.status == 409) ++citizen_.found.refused;
    if (reply.status != 200 && reply.status != 201) return std::nullopt;
    return parse_json(reply.body)->get_object();
  }
  void took(Told& told, const json::object& answer) {
    told.state = string_at(answer, "state").value_or("");
    told.start = string_at(answer, "start").value_or("");
    ++citizen_.found.acknowledged;
  }

  void book() {
    const auto answer =
        send("POST", std::string(kAppointments),
             {{"agenda", "essai"},
              {"reason", "essai"},
              {"start", start()},
              {"visitor", json::object{{"name", "Ana Roy"}, {"email", "ana@example.org"}}}},
             "", crypto::random_hex(16));
    if (!answer) return;
    citizen_.told.push_back({.id = std::string(string_at(*answer, "id").value_or("")),
                             .token = std::string(string_at(*answer, "token").value_or("")),
                             .state = {},
                             .start = {}});
    took(citizen_.told.back(), *answer);
  }
  void move(Told& told) {
    const auto answer = send("POST", fmt::format("{}/{}/move", kAppointments, told.id),
                             {{"start", start()}}, told.token, "");
    if (answer) took(told, *answer);
  }
  void cancel(Told& told) {
    const auto answer =
        send("DELETE", fmt::format("{}/{}", kAppointments, told.id), {}, told.token, "");
    if (answer) took(told, *answer);
  }

  const KilledServer& server_;
  Citizen& citizen_;
  std::minstd_rand random_;
  const Instant from_;
};

}  // namespace

std::filesystem::path booking_town(Scratch& scratch) {
  const std::filesystem::path folder = scratch.home().parent_path() / "town";
  for (const char* part : {"services", "appointments", "knowledge"})
    std::filesystem::create_directories(folder / part);
  std::ofstream(folder / "agglomeration.yaml")
      << "id: drill\nname: Exercice\nkind: commune\n"
         "communes: [{insee: \"99001\", slug: bourg, name: Bourg, postcodes: [\"00100\"]}]\n";
  std::ofstream(folder / "services/mairie.yaml")
      << "- id: mairie\n  name: Mairie\n  pivots: [mairie]\n"
         "  hours: {holidays: open, days: {lundi-dimanche: 0h-24h}}\n";
  std::ofstream(folder / "appointments/essai.yaml")
      << "id: essai\ntitle: Essai\nservice: mairie\ncounters: [{id: un, name: Un}]\n"
         "reasons: [{id: essai, label: Essai, minutes: 5, notice: 0, horizon: 400}]\n";
  return folder;
}

BookingsFound drill_bookings(Scratch& scratch, std::uint64_t seed, int kills) {
  KilledServer server(scratch, seed);
  const Instant from = std::chrono::ceil<std::chrono::days>(system_now()) + std::chrono::days(1);
  std::vector<Citizen> citizens(kCitizens);
  server.run(kills, kAcknowledged, [&](int number) {
    Work(server, citizens[static_cast<std::size_t>(number)],
         seed + static_cast<std::uint64_t>(number) + 1, from)
        .run();
  });
  BookingsFound found;
  std::set<std::string> starts;
  for (const Citizen& citizen : citizens) {
    found.acknowledged += citizen.found.acknowledged;
    found.refused += citizen.found.refused;
    found.repeated += citizen.found.repeated;
    if (citizen.stuck) ++found.lost;
    for (const Told& told : citizen.told) {
      const Reply reply =
          call(server.port(), "GET", fmt::format("{}/{}", kAppointments, told.id), "", told.token);
      const auto value = parse_json(reply.body);
      if (reply.status != 200 || !value || !value->is_object() ||
          string_at(value->get_object(), "state") != told.state ||
          string_at(value->get_object(), "start") != told.start)
        ++found.lost;
      if (told.state == "booked" && !starts.insert(told.start).second) ++found.duplicated;
    }
  }
  return found;
}

}  // namespace parvis::app
