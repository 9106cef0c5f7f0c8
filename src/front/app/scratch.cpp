#include "app/scratch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <charconv>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/error.hpp"
#include "base/json.hpp"
#include "crypto/hash.hpp"

namespace parvis::app {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::seconds kPatience{120};  // for a child to listen, or to answer
constexpr std::chrono::milliseconds kLook{10};

}  // namespace

Child::Child(const std::vector<std::string>& arguments, fs::path output, std::uint64_t file_bytes)
    : output_(std::move(output)) {
  std::vector<std::string> words = {"parvis"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int out = ::open(output_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  pid_ = ::fork();
  if (out < 0 || pid_ < 0) throw Error(Errc::unavailable, "a process cannot be started");
  if (pid_ == 0) {  // only calls that are safe between fork and exec
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (file_bytes > 0) {
      const rlimit limit{file_bytes, file_bytes};
      ::setrlimit(RLIMIT_FSIZE, &limit);
      ::signal(SIGXFSZ, SIG_IGN);  // a write past it fails instead, as on a full disk
    }
    ::execv("/proc/self/exe", argv.data());
    ::_exit(127);
  }
  ::close(out);
}

Child::~Child() {
  if (pid_ == 0) return;
  signal(SIGKILL);
  wait();
}

void Child::signal(int number) const { ::kill(pid_, number); }

int Child::wait() {
  if (pid_ != 0) ::waitpid(pid_, &status_, 0);
  pid_ = 0;
  return WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
}

bool Child::ended() {
  if (pid_ != 0 && ::waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = 0;
  return pid_ == 0;
}

std::uint16_t Child::port() {
  constexpr std::string_view kOpen = "open http://127.0.0.1:";
  const auto last = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    const std::string text = said();
    const std::size_t at = text.find(kOpen);
    const std::size_t end = at == std::string::npos ? at : text.find('/', at + kOpen.size());
    if (end != std::string::npos) {
      std::uint16_t port = 0;
      std::from_chars(text.data() + at + kOpen.size(), text.data() + end, port);
      return port;
    }
    if (ended() || std::chrono::steady_clock::now() > last)
      throw Error(Errc::failed, "the server does not start: " + text);
    std::this_thread::sleep_for(kLook);
  }
}

std::string Child::said() const {
  std::ifstream file(output_, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Scratch::Scratch()
    : folder_(fs::temp_directory_path() / ("parvis-drill-" + crypto::random_hex(6))) {
  fs::create_directories(folder_);
  configure("");
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Scratch::configure(std::string_view toml) const {
  std::ofstream(folder_ / "parvis.toml") << toml;
}

std::vector<std::string> Scratch::with_home(std::vector<std::string> command) const {
  command.insert(command.end(), {"--config", folder_ / "parvis.toml", "--home", home().string()});
  return command;
}

fs::path Scratch::output() { return folder_ / fmt::format("output-{}", ++outputs_); }

fs::path Scratch::faq(int version, int count) const {
  const fs::path path = folder_ / "faq.jsonl";
  std::ofstream file(path, std::ios::trunc);
  for (int i = 0; i < count; ++i)
    file << json::serialize(json::object{
                {"id", i},
                {"question", fmt::format("Que dit la mairie du sujet{} ?", i)},
                {"answer", fmt::format("Le sujet{} en est à la version {}.", i, version)}})
         << '\n';
  return path;
}

Reply call(std::uint16_t port, std::string_view method, std::string_view target,
           std::string_view json, std::string_view token, std::string_view idempotency_key) {
  boost::asio::ip::tcp::iostream stream;
  stream.expires_after(kPatience);
  stream.connect("127.0.0.1", std::to_string(port));
  stream << method << ' ' << target << " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
  if (!token.empty()) stream << "Authorization: Bearer " << token << "\r\n";
  if (!idempotency_key.empty()) stream << "Idempotency-Key: " << idempotency_key << "\r\n";
  if (!json.empty())
    stream << "Content-Type: application/json\r\nContent-Length: " << json.size() << "\r\n";
  stream << "\r\n" << json << std::flush;
  Reply reply;
  std::string line;
  if (!std::getline(stream, line) || line.size() < 12) return reply;
  std::from_chars(line.data() + 9, line.data() + 12, reply.status);
  while (std::getline(stream, line) && line != "\r")
    if (line.starts_with("Retry-After:")) reply.retry_after = true;
  reply.body.assign(std::istreambuf_iterator<char>(stream), {});
  return reply;
}

}  // namespace parvis::app
