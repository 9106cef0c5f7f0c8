// Drills: harm done on purpose to a server in a scratch home, and an oracle that says whether
// anything was lost. Each prints one JSON object; exit 0 when nothing was.
#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <charconv>
#include <chrono>
#include <csignal>
#include <iostream>
#include <random>
#include <set>
#include <thread>

#include "app/booking_drill.hpp"
#include "app/command.hpp"
#include "app/deposit_drill.hpp"
#include "app/killing.hpp"
#include "app/message_drill.hpp"
#include "app/scratch.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "db/database.hpp"

namespace parvis::app {
namespace {

constexpr int kQuestions = 300;  // of a version
constexpr int kSamples = 12;     // looked at in each version
constexpr int kRounds = 6;

int done(json::object report, std::size_t lost, std::size_t also_wrong = 0) {
  report["lost"] = lost;
  std::cout << json::serialize(report) << '\n';
  return lost == 0 && also_wrong == 0 ? 0 : 1;
}

struct Import {
  int exit = 0;
  std::string said;
};
Import import(Scratch& scratch, int version, std::uint64_t file_bytes = 0) {
  Child child(scratch.with_home({"import", "faq", scratch.faq(version, kQuestions).string()}),
              scratch.output(), file_bytes);
  const int exit = child.wait();
  return {exit, child.said()};
}

// What a command said at last.
std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

// The versions that the server answers with: one, when it serves whole imports.
std::set<int> served(std::uint16_t port) {
  std::set<int> versions;
  for (int i = 0; i < kSamples; ++i) {
    const Reply reply = call(
        port, "GET", fmt::format("/api/v1/search?limit=1&q=sujet{}", i * kQuestions / kSamples));
    constexpr std::string_view kVersion = "à la version ";
    const std::size_t at = reply.body.find(kVersion);
    int version = -1;  // no answer, or another one
    if (at != std::string::npos)
      std::from_chars(reply.body.data() + at + kVersion.size(),
                      reply.body.data() + reply.body.size(), version);
    versions.insert(version);
  }
  return versions;
}

std::uint64_t seed_of(const Arguments& arguments) {
  std::uint64_t seed = std::random_device{}();
  if (arguments.seed.empty()) return seed;
  const char* end = arguments.seed.data() + arguments.seed.size();
  if (std::from_chars(arguments.seed.data(), end, seed).ptr != end)
    usage("--seed wants a whole number");
  return seed;
}

// kill -9 at a random moment of an import. Before and after it one whole version is served, and the
// next import succeeds.
int kill_imports(std::uint64_t seed) {
  std::minstd_rand random(static_cast<std::minstd_rand::result_type>(seed));
  Scratch scratch;
  const auto start = std::chrono::steady_clock::now();
  if (import(scratch, 0).exit != 0) throw Error(Errc::failed, "the first import fails");
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  Child server(scratch.with_home({"serve", "--listen", "127.0.0.1:0"}), scratch.output());
  const std::uint16_t port = server.port();
  std::size_t wrong = served(port) == std::set{0} ? 0 : 1;
  int killed = 0, acknowledged = 1;
  for (int version = 1; version <= kRounds; ++version) {
    {
      Child child(scratch.with_home({"import", "faq", scratch.faq(version, kQuestions).string()}),
                  scratch.output());
      std::this_thread::sleep_for(
          std::uniform_int_distribution<std::int64_t>(0, whole.count())(random) *
          std::chrono::microseconds(1));
      child.signal(SIGKILL);
      if (child.wait() != 0) ++killed;
    }
    const std::set<int> between = served(port);
    if (between != std::set{version - 1} && between != std::set{version}) ++wrong;
    if (import(scratch, version).exit != 0) ++wrong;
    ++acknowledged;
    if (served(port) != std::set{version}) ++wrong;
  }
  return done({{"drill", "kill9"},
               {"work", "import"},
               {"seed", seed},
               {"killed", killed},
               {"acknowledged", acknowledged}},
              wrong);
}

// kill -9 of the server while citizens write: what it acknowledged is there, once.
int kill_messages(std::uint64_t seed) {
  Scratch scratch;
  scratch.configure(KilledServer::kConfig);
  if (import(scratch, 0).exit != 0) throw Error(Errc::failed, "the first import fails");
  const Messages found = drill_messages(scratch, seed);
  return done({{"drill", "kill9"},
               {"work", "messages"},
               {"seed", seed},
               {"killed", found.killed},
               {"conversations", found.conversations},
               {"acknowledged", found.acknowledged},
               {"repeated", found.repeated},
               {"duplicated", found.duplicated}},
              found.lost, found.duplicated);
}

int kills_of(const Arguments& arguments) {
  constexpr int kKills = 8;
  int kills = kKills;
  if (arguments.kills.empty()) return kills;
  const char* end = arguments.kills.data() + arguments.kills.size();
  if (std::from_chars(arguments.kills.data(), end, kills).ptr != end || kills < 1)
    usage("--kills wants a whole number");
  return kills;
}

// Kept on another database when the configuration names one, which is empty.
void make_town(Scratch& scratch, const Arguments& arguments, const std::filesystem::path& folder) {
  std::string toml(KilledServer::kConfig);
  if (const std::string& url = arguments.config.database_url; !url.empty())
    toml += "[database]\nurl = \"" + url + "\"\n";
  scratch.configure(toml);
  Child town(scratch.with_home({"import", "commune", folder.string()}), scratch.output());
  if (town.wait() != 0) throw Error(Errc::failed, "the town cannot be imported: " + town.said());
}

// kill -9 of the server while citizens book, move and cancel: what they were told holds, and no
// time of a seat is two people's.
int kill_bookings(const Arguments& arguments, std::uint64_t seed) {
  const int kills = kills_of(arguments);
  Scratch scratch;
  make_town(scratch, arguments, booking_town(scratch));
  const BookingsFound found = drill_bookings(scratch, seed, kills);
  return done({{"drill", "kill9"},
               {"work", "bookings"},
               {"seed", seed},
               {"killed", kills},
               {"acknowledged", found.acknowledged},
               {"refused", found.refused},
               {"repeated", found.repeated},
               {"duplicated", found.duplicated}},
              found.lost, found.duplicated);
}

// kill -9 of the server while citizens deposit: what it acknowledged is there, once.
int kill_deposits(const Arguments& arguments, std::uint64_t seed) {
  const int kills = kills_of(arguments);
  Scratch scratch;
  make_town(scratch, arguments, deposit_town(scratch));
  const Deposits found = drill_deposits(scratch, seed, kills);
  return done({{"drill", "kill9"},
               {"work", "deposits"},
               {"seed", seed},
               {"killed", kills},
               {"acknowledged", found.acknowledged},
               {"repeated", found.repeated},
               {"duplicated", found.duplicated}},
              found.lost, found.duplicated);
}

int kill9(const Arguments& arguments) {
  const bool imports = arguments.work == "import", deposits = arguments.work == "deposits",
             bookings = arguments.work == "bookings";
  if (!imports && !deposits && !bookings && arguments.work != "messages")
    usage("kill9 wants --work import, messages, deposits or bookings");
  const std::uint64_t seed = seed_of(arguments);
  std::cerr << "parvis: drill kill9 --work " << arguments.work << " --seed " << seed << '\n';
  if (deposits) return kill_deposits(arguments, seed);
  if (bookings) return kill_bookings(arguments, seed);
  return imports ? kill_imports(seed) : kill_messages(seed);
}

// An import that may write ever more before the disk is full. It says so and leaves what was there;
// with room it succeeds.
int disk_full(const Arguments&) {
  Scratch scratch;
  if (import(scratch, 0).exit != 0) throw Error(Errc::failed, "the first import fails");
  Child server(scratch.with_home({"serve", "--listen", "127.0.0.1:0"}), scratch.output());
  const std::uint16_t port = server.port();
  std::size_t wrong = 0;
  int refused = 0, version = 0;
  json::array messages;
  for (std::uint64_t bytes = 16 << 10; bytes <= 64 << 20; bytes *= 4) {
    const Import tried = import(scratch, version + 1, bytes);
    if (tried.exit == 0) {
      ++version;
    } else {
      ++refused;
      const bool said = tried.exit == 1 && last_line(tried.said).starts_with("parvis: ");
      if (!said) ++wrong;
      messages.emplace_back(last_line(tried.said));
    }
    const std::set<int> now = served(port);
    // The documents may be stored and only their index be refused: the next import makes up for it.
    if (now != std::set{version}) ++wrong;
  }
  if (import(scratch, ++version).exit != 0 || served(port) != std::set{version}) ++wrong;
  if (refused == 0) ++wrong;  // nothing was tried
  return done({{"drill", "disk-full"}, {"refused", refused}, {"messages", std::move(messages)}},
              wrong);
}

// Another program holds the database: who asks is answered, who imports is told.
int locked(const Arguments&) {
  Scratch scratch;
  scratch.configure("[database]\npatience_ms = 300\n");
  if (import(scratch, 0).exit != 0) throw Error(Errc::failed, "the first import fails");
  db::Database holder(scratch.home() / "parvis.db");
  Import refused;
  int asked = 0;
  holder.write([&](db::Tx&) {  // a writer from its first moment
    std::jthread([&] {
      refused = import(scratch, 1);
      Child child(scratch.with_home({"ask", "Que dit la mairie du sujet7 ?"}), scratch.output());
      asked = child.wait();
    }).join();
  });
  std::size_t wrong = refused.exit == 1 && last_line(refused.said).starts_with("parvis: ") ? 0 : 1;
  if (asked != 0) ++wrong;
  if (import(scratch, 1).exit != 0) ++wrong;
  return done({{"drill", "locked"},
               {"import", refused.exit},
               {"ask", asked},
               {"message", last_line(refused.said)}},
              wrong);
}

// More requests at once than the server holds: each is answered, or told when to come back.
int overload(const Arguments&) {
  constexpr int kClients = 40, kEach = 10;
  Scratch scratch;
  scratch.configure("[server]\nworkers = 1\nwaiting = 2\n");
  if (import(scratch, 0).exit != 0) throw Error(Errc::failed, "the first import fails");
  Child server(scratch.with_home({"serve", "--listen", "127.0.0.1:0"}), scratch.output());
  const std::uint16_t port = server.port();
  std::atomic<int> answered = 0, shed = 0, wrong = 0;
  {
    std::vector<std::jthread> clients;
    for (int client = 0; client < kClients; ++client)
      clients.emplace_back([&] {
        for (int i = 0; i < kEach; ++i) {
          const Reply reply = call(port, "POST", "/api/v1/answers",
                                   R"({"question":"Que dit la mairie du sujet7 ?"})");
          if (reply.status == 200)
            ++answered;
          else if (reply.status == 503 && reply.retry_after)
            ++shed;
          else
            ++wrong;
        }
      });
  }
  if (served(port) != std::set{0}) ++wrong;  // and then it is as before
  if (shed == 0 || answered == 0) ++wrong;
  return done({{"drill", "overload"},
               {"asked", kClients * kEach},
               {"acknowledged", answered.load()},
               {"shed", shed.load()}},
              static_cast<std::size_t>(wrong.load()));
}

// SIGTERM while a question is on its way: it is still answered, then the server ends by itself.
int drain(const Arguments&) {
  Scratch scratch;
  if (import(scratch, 0).exit != 0) throw Error(Errc::failed, "the first import fails");
  Child server(scratch.with_home({"serve", "--listen", "127.0.0.1:0"}), scratch.output());
  boost::asio::ip::tcp::iostream stream;
  stream.expires_after(std::chrono::seconds(60));
  stream.connect("127.0.0.1", std::to_string(server.port()));
  constexpr std::string_view kBody = R"({"question":"Que dit la mairie du sujet7 ?"})";
  stream << "POST /api/v1/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Expect: 100-continue\r\nContent-Length: "
         << kBody.size() << "\r\n\r\n"
         << std::flush;
  std::string line;
  std::getline(stream, line);  // "100 Continue": the request is the server's now
  const bool taken = line.contains(" 100 ");
  std::getline(stream, line);
  server.signal(SIGTERM);
  stream << kBody << std::flush;
  std::getline(stream, line);
  const bool answered = line.contains(" 200 ");
  stream.close();
  const int exit = server.wait();
  return done({{"drill", "drain"}, {"acknowledged", answered ? 1 : 0}, {"exit", exit}},
              taken && answered && exit == 0 ? 0 : 1);
}

constexpr std::array kCommands = {
    Command{"drill kill9", "", "[--work import] [--seed N] [--kills N]",
            "kill imports, or the server under messages, deposits or bookings (--work …), at "
            "random moments",
            kill9},
    Command{"drill disk-full", "", "", "import on a disk that fills up", disk_full},
    Command{"drill locked", "", "", "ask and import while another program holds the database",
            locked},
    Command{"drill overload", "", "", "more requests at once than the server holds", overload},
    Command{"drill drain", "", "", "SIGTERM while a question is on its way", drain}};

}  // namespace

std::span<const Command> drill_commands() { return kCommands; }

}  // namespace parvis::app
