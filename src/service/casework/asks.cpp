#include "casework/asks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "casework/receipt.hpp"

namespace parvis::casework {
namespace {

constexpr std::string_view kUnnamed = "Ce que le service demande";

std::optional<CivilDate> term_of(const Happened& event) {
  return parse_iso_date(string_at(event.more, "term").value_or(""));
}

std::vector<std::string> texts_at(const json::object& object, std::string_view key) {
  std::vector<std::string> out;
  if (const json::array* list = array_at(object, key))
    for (const json::value& each : *list)
      if (const json::string* text = each.if_string()) out.emplace_back(std::string_view(*text));
  return out;
}

// What an event says of its files: their ids, and what each answers.
template <typename See>
void each_file(const Happened& event, const See& see) {
  if (const json::array* files = array_at(event.more, "pieces"))
    for (const json::value& each : *files)
      if (const json::object* file = each.if_object())
        see(std::string(string_at(*file, "id").value_or("")),
            string_at(*file, "ask").value_or(std::string_view()));
}

void ask(std::vector<Ask>& asks, const Happened& event) {
  std::vector<std::string> labels = pieces_in(event);
  if (labels.empty()) labels.emplace_back(kUnnamed);
  std::size_t place = 0;
  for (std::string& label : labels)
    asks.push_back({.id = fmt::format("{}-{}", event.seq, ++place),
                    .label = std::move(label),
                    .term = term_of(event),
                    .asked_at = event.at,
                    .since = event.at,
                    .request = event.seq});
}

void give(std::vector<Ask>& asks, const Happened& event) {
  const bool all = !event.more.contains("asks");
  const std::vector<std::string> ids = texts_at(event.more, "asks");
  const auto came = parse_rfc3339(string_at(event.more, "came").value_or(""));
  for (Ask& each : asks) {
    if (all ? !each.awaited() : std::ranges::find(ids, each.id) == ids.end()) continue;
    const Instant since = each.since;
    each.since = came ? std::clamp(*came, std::min(since, event.at), event.at) : event.at;
    each.state = Ask::State::given;
    each.said.clear();
    each_file(event, [&](std::string id, std::string_view of) {
      if (of == each.id) each.pieces.push_back(std::move(id));
    });
  }
}

void ask_again(std::vector<Ask>& asks, const Happened& event) {
  const auto term = term_of(event);
  for (const std::string& id : texts_at(event.more, "asks"))
    for (Ask& each : asks) {
      if (each.id != id) continue;
      each.state = Ask::State::returned;
      each.said = event.text;
      each.since = event.at;
      each.pieces.clear();
      if (!term) continue;
      each.term = term;
      each.request = event.seq;
    }
}

void lose(std::vector<Ask>& asks, const Happened& event) {
  each_file(event, [&](const std::string& id, std::string_view) {
    for (Ask& each : asks)
      if (std::erase(each.pieces, id) > 0 && each.pieces.empty() &&
          each.state == Ask::State::given) {
        each.state = Ask::State::returned;
        each.said = event.text;
        each.since = event.at;
      }
  });
}

void waive(std::vector<Ask>& asks, const Happened& event, const auto& wanted) {
  for (Ask& each : asks) {
    if (!each.awaited() || !wanted(each)) continue;
    each.state = Ask::State::waived;
    each.said = event.act == Act::waive_pieces ? event.text : std::string();
    each.since = event.at;
  }
}

}  // namespace

std::string_view name(Ask::State state) {
  switch (state) {
    case Ask::State::awaited:
      return "awaited";
    case Ask::State::given:
      return "given";
    case Ask::State::returned:
      return "returned";
    case Ask::State::waived:
      return "waived";
  }
  return {};
}

std::string_view words(Ask::State state) {
  switch (state) {
    case Ask::State::awaited:
      return "Attendu";
    case Ask::State::given:
      return "Reçu";
    case Ask::State::returned:
      return "À donner de nouveau";
    case Ask::State::waived:
      return "N’est plus demandé";
  }
  return {};
}

void take(std::vector<Ask>& asks, const Happened& event) {
  switch (event.act) {
    case Act::ask_pieces:
      ask(asks, event);
      break;
    case Act::give_pieces:
      give(asks, event);
      break;
    case Act::return_pieces:
      ask_again(asks, event);
      break;
    case Act::waive_pieces: {
      const std::vector<std::string> ids = texts_at(event.more, "asks");
      waive(asks, event,
            [&](const Ask& each) { return std::ranges::find(ids, each.id) != ids.end(); });
      break;
    }
    case Act::reject_piece:
      lose(asks, event);
      break;
    case Act::merge:
      if (!event.more.contains("into")) break;
      [[fallthrough]];
    case Act::accept:
    case Act::refuse:
    case Act::settle:
    case Act::withdraw:
    case Act::close:
    case Act::reopen:  // what another authority was to ask for, when it comes back from there
      waive(asks, event, [](const Ask&) { return true; });
      break;
    case Act::deposit:
    case Act::take_up:
    case Act::transfer:
    case Act::write:
    case Act::note:
    case Act::reassign:
    case Act::silence:
    case Act::visit:
    case Act::notify:
      break;
  }
}

std::vector<Ask> asks_of(const std::vector<Happened>& events) {
  std::vector<Ask> asks;
  for (const Happened& event : events) take(asks, event);
  return asks;
}

std::vector<const Ask*> awaited(const std::vector<Ask>& asks) {
  std::vector<const Ask*> out;
  for (const Ask& each : asks)
    if (each.awaited()) out.push_back(&each);
  return out;
}

const Ask* find_ask(const std::vector<Ask>& asks, std::string_view id) {
  const auto found = std::ranges::find(asks, id, &Ask::id);
  return found == asks.end() ? nullptr : &*found;
}

std::vector<std::string> awaited_labels(const std::vector<Ask>& asks) {
  std::vector<std::string> out;
  for (const Ask* each : awaited(asks)) out.push_back(each->label);
  return out;
}

const Happened* newest_request(const std::vector<Happened>& events, const std::vector<Ask>& asks) {
  for (const Happened& event : events | std::views::reverse)
    if (std::ranges::any_of(
            asks, [&](const Ask& each) { return each.awaited() && each.request == event.seq; }))
      return &event;
  return nullptr;
}

const Ask* only_ask(const std::vector<Ask>& asks, const std::vector<Piece>& pieces) {
  const std::vector<const Ask*> all = awaited(asks);
  const bool other = std::ranges::any_of(
      pieces, [](const Piece& piece) { return piece.rejected() && piece.ask.empty(); });
  return all.size() == 1 && !other ? all.front() : nullptr;
}

std::vector<const Piece*> unassigned(const std::vector<Piece>& pieces) {
  std::vector<const Piece*> out;
  for (const Piece& piece : pieces)
    if (piece.given && piece.field.empty() && piece.ask.empty() && piece.answers())
      out.push_back(&piece);
  return out;
}

State state_after(State before, State next, const std::vector<Ask>& asks) {
  const bool waits = before == State::awaiting && next == State::examined;
  return waits && std::ranges::any_of(asks, &Ask::awaited) ? State::awaiting : next;
}

}  // namespace parvis::casework
