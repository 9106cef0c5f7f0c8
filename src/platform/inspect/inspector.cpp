#include "inspect/inspector.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "child/child.hpp"

namespace parvis::inspect {
namespace {

using Clock = std::chrono::steady_clock;

struct Running {
  explicit Running(const std::filesystem::path& program)
      : child(child::start(program, {std::string(kChildCommand)})) {}
  ~Running() { child::end(child); }
  Running(Running&&) = delete;
  bool send(const void* bytes, std::size_t count) const {
    return child::send_all(child.socket, bytes, count, deadline);
  }
  bool receive(void* bytes, std::size_t count) const {
    return child::receive_all(child.socket, bytes, count, deadline);
  }
  child::Child child;
  child::Deadline deadline = child::Deadline::max();
};

bool sent(const Running& running, std::string_view piece) {
  while (!piece.empty()) {
    const auto size = static_cast<std::uint32_t>(std::min<std::size_t>(piece.size(), kPieceMax));
    if (!running.send(&size, sizeof size) || !running.send(piece.data(), size)) return false;
    piece.remove_prefix(size);
  }
  return true;
}

std::optional<Report> received(const Running& running) {
  std::uint32_t size = 0;
  if (!running.receive(&size, sizeof size) || size > kReportMax) return std::nullopt;
  std::string bytes(size, '\0');
  if (!running.receive(bytes.data(), size)) return std::nullopt;
  return parse_report(bytes);
}

}  // namespace

// One of the children that may run at once.
class Inspector::Turn {
 public:
  explicit Turn(Inspector& inspector) : inspector_(inspector) {
    std::unique_lock lock(inspector_.mutex_);
    if (!inspector_.free_.wait_for(lock, inspector_.config_.patience,
                                   [&] { return inspector_.busy_ < inspector_.config_.children; }))
      throw Error(Errc::overloaded, "too many files are being looked at: try again in a minute");
    ++inspector_.busy_;
  }
  ~Turn() {
    {
      const std::scoped_lock lock(inspector_.mutex_);
      --inspector_.busy_;
    }
    inspector_.free_.notify_one();
  }
  Turn(Turn&&) = delete;

 private:
  Inspector& inspector_;
};

Report Inspector::inspect(const Source& source, const Sink& kept) {
  const Turn turn(*this);
  Running running(config_.program);
  running.deadline = Clock::now() + config_.time_limit;
  std::uint8_t ready = 0;
  if (running.child.pid == 0 || !running.receive(&ready, 1) || ready != kReady)
    throw Error(Errc::unavailable,
                "files cannot be looked at on this machine: its process does not start");

  Report unreadable{.refusal = Refusal::unreadable};
  std::size_t total = 0;
  for (std::string piece = source(); !piece.empty(); piece = source()) {
    total += piece.size();
    if (total > kFileMax) return {.refusal = Refusal::too_large};
    if (!sent(running, piece)) return unreadable;
  }
  if (total == 0) return {.refusal = Refusal::empty};
  const std::uint32_t end = 0;
  if (!running.send(&end, sizeof end)) return unreadable;
  const auto report = received(running);
  if (!report) return unreadable;
  std::string piece;
  for (std::uint32_t left = report->rewritten; left > 0;) {
    piece.resize(std::min(left, kPieceMax));
    if (!running.receive(piece.data(), piece.size())) return unreadable;
    kept(piece);
    left -= static_cast<std::uint32_t>(piece.size());
  }
  return *report;
}

}  // namespace parvis::inspect
