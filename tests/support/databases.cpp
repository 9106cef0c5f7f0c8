#include "support/databases.hpp"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <fstream>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "crypto/hash.hpp"

namespace parvis::support {
namespace {
namespace fs = std::filesystem;

constexpr const char* kBinaries = "/usr/lib/postgresql/15/bin";
constexpr std::chrono::seconds kStartMax{60};

fs::path new_folder(const std::string& prefix) {
  const fs::path folder = fs::temp_directory_path() / (prefix + crypto::random_hex(6));
  fs::create_directories(folder);
  return folder;
}

// PostgreSQL refuses to run as root: the user it then runs as.
const passwd* other_user() {
  if (::geteuid() != 0) return nullptr;
  const passwd* user = ::getpwnam("postgres");
  return user != nullptr ? user : ::getpwnam("nobody");
}

// Runs a program as that user, its output to `log`. It dies with this process, whatever ends it.
pid_t start(const std::vector<std::string>& words, const passwd* user, const fs::path& log) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child != 0) return child;
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  ::dup2(out, 1);
  ::dup2(out, 2);
  if (user != nullptr &&
      (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0))
    ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (::getppid() != parent) ::_exit(125);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

struct Closing {
  int file = -1;
  ~Closing() {
    if (file >= 0) ::close(file);
  }
};

class PostgresServer {
 public:
  static PostgresServer& instance() {
    static PostgresServer server;
    return server;
  }

  std::string url(const std::string& database, const std::string& role = "parvis") const {
    return "postgresql:///" + database + "?host=" + folder_.string() + "&user=" + role;
  }
  void execute(const std::string& database, const std::string& role, const std::string& sql) const {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(
        PQconnectdb(url(database, role).c_str()), PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(connection.get(), sql.c_str()), PQclear);
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK &&
        PQresultStatus(result.get()) != PGRES_TUPLES_OK)
      throw std::runtime_error("PostgreSQL: " + sql + ": " + PQerrorMessage(connection.get()));
  }
  std::string clone() {
    const std::string name = "test_" + std::to_string(++clones_);
    execute("postgres", "parvis", "create database " + name + " template parvis_template");
    return name;
  }

 private:
  PostgresServer() {
    const fs::path binaries = kBinaries;
    if (!fs::exists(binaries / "initdb") || !fs::exists(binaries / "postgres"))
      throw std::runtime_error("PostgreSQL 15 is not installed: run bin/setup");
    folder_ = new_folder("parvis-pg-");
    try {
      const passwd* user = other_user();
      if (user != nullptr && ::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0)
        throw std::runtime_error("PostgreSQL: its folder cannot be handed over");
      const fs::path data = folder_ / "data";
      int status = 0;
      const pid_t init =
          start({binaries / "initdb", "--pgdata", data, "--username", "admin", "--auth", "trust",
                 "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"},
                user, folder_ / "log");
      if (::waitpid(init, &status, 0) != init || status != 0) fail("initdb failed");
      server_ = start({binaries / "postgres", "-D", data, "-k", folder_, "-c",
                       "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=32MB"},
                      user, folder_ / "log");
      wait_until_ready();
      execute("postgres", "admin", "create role parvis login createdb");
      execute("postgres", "parvis", "create database parvis_template");
      db::Database model(db::DatabaseConfig{.url = url("parvis_template")});
      migrate(model, migrations());
    } catch (...) {
      stop();
      throw;
    }
  }
  ~PostgresServer() { stop(); }

  void stop() const {
    if (server_ > 0) {
      ::kill(server_, SIGQUIT);  // at once, without a checkpoint: nothing is to be kept
      ::waitpid(server_, nullptr, 0);
    }
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  // Its log says when; a change of the log, or its end, wakes who waits.
  void wait_until_ready() {
    const Closing changes{::inotify_init1(IN_CLOEXEC)};
    const fs::path log = folder_ / "log";
    if (::inotify_add_watch(changes.file, log.c_str(), IN_MODIFY) < 0) fail("its log is not there");
    const Closing end{static_cast<int>(::syscall(SYS_pidfd_open, server_, 0))};
    const auto last = std::chrono::steady_clock::now() + kStartMax;
    while (!said().contains("database system is ready to accept connections")) {
      std::array<pollfd, 2> waits = {pollfd{changes.file, POLLIN, 0}, pollfd{end.file, POLLIN, 0}};
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          last - std::chrono::steady_clock::now());
      if (left.count() <= 0 ||
          ::poll(waits.data(), waits.size(), static_cast<int>(left.count())) == 0)
        fail("it does not answer");
      if (waits[1].revents != 0) {
        ::waitpid(server_, nullptr, 0);
        server_ = 0;
        fail("it stopped");
      }
      std::array<char, 4096> read_away{};
      if (waits[0].revents != 0 && ::read(changes.file, read_away.data(), read_away.size()) < 0)
        fail("its log is not readable");
    }
  }
  std::string said() const {
    std::ifstream log(folder_ / "log");
    return {std::istreambuf_iterator<char>(log), {}};
  }
  [[noreturn]] void fail(const std::string& why) const {
    throw std::runtime_error("PostgreSQL: " + why + "\n" + said());
  }

  fs::path folder_;
  pid_t server_ = 0;
  int clones_ = 0;
};

}  // namespace

const std::vector<db::Migration>& migrations() {
  static const auto all = [] {
    static std::deque<std::string> texts;  // what the migrations point to
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(fs::path(PARVIS_SOURCE_DIR) / "migrations"))
      if (entry.path().extension() == ".sql") files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<db::Migration> out;
    for (const fs::path& path : files) {
      std::ifstream file(path, std::ios::binary);
      const std::string& name = texts.emplace_back(path.stem());
      const std::string& sql = texts.emplace_back(std::istreambuf_iterator<char>(file),
                                                  std::istreambuf_iterator<char>());
      out.push_back({name, sql});
    }
    return out;
  }();
  return all;
}

EachEngine::EachEngine() {
  config_.rehearse = true;
  if (on_sqlite()) {
    folder_ = new_folder("parvis-test-");
    config_.url = "sqlite:" + (folder_ / "parvis.db").string();
    db::Database fresh(config_);
    migrate(fresh, migrations());
  } else {
    name_ = PostgresServer::instance().clone();
    config_.url = PostgresServer::instance().url(name_);
  }
}

EachEngine::~EachEngine() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

void EachEngine::cut_connections() const {
  PostgresServer::instance().execute(
      "postgres", "admin",
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name_ + "'");
}

}  // namespace parvis::support
