#include "app/message_drill.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <vector>

#include "app/killing.hpp"
#include "base/json.hpp"

namespace parvis::app {
namespace {

constexpr int kKills = 8;
constexpr int kEach = 200;  // messages of a conversation, at most: then another begins

struct Talked {
  std::string id, token;
  std::map<std::string, std::int64_t> acknowledged;  // seq of the answer, by the message's id
};

class Citizen {
 public:
  Citizen(const KilledServer& server, int number) : server_(server), number_(number) {}

  // Until it is over: the last message is sent until it is acknowledged.
  void run() {
    for (int sent = 0; !server_.over(); ++sent) {
      if (sent % kEach == 0) begin();
      if (!say(fmt::format("citizen-{}-{}", number_, sent))) return;
    }
  }
  const std::vector<Talked>& talked() const { return talked_; }
  int repeated() const { return repeated_; }
  bool stuck() const { return stuck_; }

 private:
  std::optional<json::object> insist(const std::string& target, const json::object& body,
                                     const std::string& token, bool counted) {
    auto answered = app::insist(server_, target, body, token, "", counted ? &repeated_ : nullptr);
    stuck_ |= !answered;
    return answered;
  }
  void begin() {
    const auto begun = insist("/api/v1/conversations", {}, "", false);
    if (!begun) return;
    talked_.push_back({.id = std::string(string_at(*begun, "id").value_or("")),
                       .token = std::string(string_at(*begun, "token").value_or("")),
                       .acknowledged = {}});
  }
  bool say(const std::string& id) {
    if (talked_.empty()) return false;
    Talked& here = talked_.back();
    const auto both =
        insist("/api/v1/conversations/" + here.id + "/messages",
               {{"id", id}, {"text", "Que dit la mairie du sujet7 ? " + id}}, here.token, true);
    if (!both) return false;
    const json::object* reply = object_at(*both, "reply");
    here.acknowledged[id] = reply == nullptr ? 0 : integer_at(*reply, "seq").value_or(0);
    return true;
  }

  const KilledServer& server_;
  const int number_;
  std::vector<Talked> talked_;
  int repeated_ = 0;
  bool stuck_ = false;
};

std::vector<json::object> all_messages(std::uint16_t port, const Talked& talked) {
  std::vector<json::object> out;
  for (std::int64_t seen = 0;;) {
    const Reply reply =
        call(port, "GET", fmt::format("/api/v1/conversations/{}/events?after={}", talked.id, seen),
             "", talked.token);
    const auto value = parse_json(reply.body);
    const json::array* page =
        value && value->is_object() ? array_at(value->get_object(), "messages") : nullptr;
    if (page == nullptr || page->empty()) return out;
    for (const json::value& each : *page) out.push_back(each.as_object());
    seen = integer_at(out.back(), "seq").value_or(seen + 1);
  }
}

void compare(std::uint16_t port, const Talked& talked, Messages& found) {
  std::map<std::string, int> times;
  std::map<std::string, std::int64_t> seqs;
  std::int64_t seq = 0;
  for (const json::object& message : all_messages(port, talked)) {
    const std::string id(string_at(message, "id").value_or(""));
    if (++times[id] > 1) ++found.duplicated;
    seqs[id] = integer_at(message, "seq").value_or(0);
    if (seqs[id] != ++seq) ++found.lost;  // a gap
  }
  for (const auto& [id, answer] : talked.acknowledged) {
    ++found.acknowledged;
    const std::string reply = "re." + id;
    if (times[id] == 0 || times[reply] == 0 || seqs[reply] != answer) ++found.lost;
  }
}

}  // namespace

Messages drill_messages(Scratch& scratch, std::uint64_t seed) {
  KilledServer server(scratch, seed);
  std::vector<std::unique_ptr<Citizen>> citizens;
  for (int i = 0; i < kCitizens; ++i) citizens.push_back(std::make_unique<Citizen>(server, i));
  server.run(kKills, 0, [&](int number) { citizens[static_cast<std::size_t>(number)]->run(); });
  Messages found{.killed = kKills};
  for (const auto& citizen : citizens) {
    found.repeated += citizen->repeated();
    if (citizen->stuck()) ++found.lost;  // the server did not come back to it
    for (const Talked& talked : citizen->talked()) {
      ++found.conversations;
      compare(server.port(), talked, found);
    }
  }
  return found;
}

}  // namespace parvis::app
