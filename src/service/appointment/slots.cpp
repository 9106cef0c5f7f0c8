#include "appointment/slots.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <tuple>

#include "base/error.hpp"

namespace parvis::appointment {
namespace {

using std::chrono::days;
using std::chrono::floor;
using Cell = std::int64_t;  // from the start of a window

// One bit a cell.
class Cells {
 public:
  explicit Cells(Cell count) : count_(count), words_(static_cast<std::size_t>((count + 63) / 64)) {}

  void set(Cell from, Cell to) {
    each_word(from, to, [](std::uint64_t& word, std::uint64_t mask) { word |= mask; });
  }
  // The last cell that is set in [from, to), or -1.
  Cell last_set(Cell from, Cell to) const {
    for (Cell at = std::min(to, count_); at > from;) {
      const auto index = static_cast<std::size_t>((at - 1) / 64);
      const Cell low = static_cast<Cell>(index) * 64;
      std::uint64_t word = words_[index];
      if (const Cell above = low + 64 - at; above > 0) word = word << above >> above;
      if (word != 0) {
        const Cell found = low + 63 - std::countl_zero(word);
        return found >= from ? found : -1;
      }
      at = low;
    }
    return -1;
  }

 private:
  template <typename Fn>
  void each_word(Cell from, Cell to, Fn fn) {
    from = std::max<Cell>(from, 0);
    to = std::min(to, count_);
    while (from < to) {
      const Cell low = from / 64 * 64;
      const Cell end = std::min(to, low + 64);
      const auto width = static_cast<unsigned>(end - from);
      const std::uint64_t ones = width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
      fn(words_[static_cast<std::size_t>(low / 64)], ones << static_cast<unsigned>(from - low));
      from = end;
    }
  }

  Cell count_;
  std::vector<std::uint64_t> words_;
};

// A stretch of the timeline in cells, and the local days that it touches.
struct Window {
  Instant origin;
  Cell cells;
  Cell floor_of(Instant at) const { return floor<Minutes>(at - origin) / kCell; }
  Cell ceil_of(Instant at) const {
    const auto since = at - origin;
    const Cell cell = floor<Minutes>(since) / kCell;
    return Instant(origin + cell * kCell) < at ? cell + 1 : cell;
  }
  Instant at(Cell cell) const { return origin + cell * kCell; }
};

Window window_between(Instant from, Instant until) {
  // Origins at UTC midnight: cells are the same whatever is looked at, as every zone is a whole
  // number of them away from UTC.
  const Instant origin = floor<days>(from);
  const auto length = std::chrono::ceil<Minutes>(until - origin);
  return {.origin = origin, .cells = std::max<Cell>(0, (length + kCell - Minutes(1)) / kCell)};
}

// When a desk is open, in order; hours that touch are one stretch, and midnight parts them. What
// begins before the window is left out.
struct Stretch {
  Cell begin, end;
};
std::vector<Stretch> stretches(const Desk& desk, const Window& window, const Zone& zone) {
  std::vector<Stretch> found;
  auto day = floor<days>(zone.local(window.origin));
  const auto last = floor<days>(zone.local(window.at(window.cells)));
  for (; day <= last; day += days(1)) {
    const auto ranges = calendar::day_of(desk.hours, CivilDate(day), desk.region);
    if (!ranges) continue;
    const std::size_t today = found.size();
    for (const calendar::Range& range : *ranges) {
      if (!range.comment.empty()) continue;
      const Stretch next{.begin = window.ceil_of(zone.instant(LocalTime(day) + range.from)),
                         .end = window.floor_of(zone.instant(LocalTime(day) + range.to))};
      if (next.begin < 0 || next.begin >= next.end) continue;
      if (found.size() > today && found.back().end == next.begin)
        found.back().end = next.end;
      else
        found.push_back(next);
    }
  }
  return found;
}

Cells taken_cells(std::size_t desk, int seat, const Window& window, std::span<const Taken> taken) {
  Cells cells(window.cells);
  for (const Taken& each : taken)
    if (each.desk == desk && (each.seat == seat || each.seat == kAllSeats))
      cells.set(window.floor_of(each.from), window.ceil_of(each.to));
  return cells;
}

struct Needs {
  Cell meeting, all, step;  // all: with the buffer
};
Needs needs(const Wish& wish) {
  const Reason& reason = *wish.reason;
  const Cell meeting = length(reason, wish.people) / kCell;
  const Cell all = meeting + reason.buffer / kCell;
  return {.meeting = meeting,
          .all = all,
          .step = reason.every > Minutes(0) ? reason.every / kCell : all};
}

bool possible(const Wish& wish) {
  return wish.reason != nullptr && wish.people >= 1 && wish.people <= kPeopleMax &&
         length(*wish.reason, wish.people) <= kMeetingMax;
}

// What is too soon, and what is too late.
Instant earliest(const Reason& reason, Instant now) { return now + reason.notice; }
Instant latest(const Reason& reason, const Zone& zone, Instant now) {
  const auto today = floor<days>(zone.local(now));
  return zone.instant(LocalTime(today + reason.horizon + days(1)));  // excluded
}

// Seats are asked for one by one, in order, while `visit` says so.
template <typename Fn>
void each_seat(std::span<const Desk> desks, const Wish& wish, Fn visit) {
  for (std::size_t desk = 0; desk < desks.size(); ++desk)
    for (int seat = 0; desks[desk].asked && seat < desks[desk].counter->seats_for(wish.reason->id);
         ++seat)
      if (!visit(desk, seat)) return;
}

}  // namespace

std::vector<Slot> slots(std::span<const Desk> desks, const Wish& wish, std::span<const Taken> taken,
                        const Zone& zone, Instant now) {
  std::vector<Slot> found;
  if (!possible(wish)) return found;
  const Instant from = std::max(wish.from, earliest(*wish.reason, now));
  const Instant until =
      std::min({wish.until, latest(*wish.reason, zone, now), Instant(wish.from + kWindowMax)});
  if (until <= from) return found;
  const Needs need = needs(wish);
  // Slots are counted from the start of a stretch, which may lie a day before what is asked for,
  // and the last meeting may end after it.
  const Window window = window_between(from - days(1), until + 2 * kMeetingMax);
  // What each desk is taken by, sorted out once.
  std::vector<std::vector<Taken>> of_desk(desks.size());
  for (const Taken& each : taken)
    if (each.desk < desks.size() && each.to > window.origin && each.from < window.at(window.cells))
      of_desk[each.desk].push_back(each);
  std::vector<Stretch> open;
  each_seat(desks, wish, [&](std::size_t desk, int seat) {
    if (seat == 0) open = stretches(desks[desk], window, zone);
    const Cells busy = taken_cells(desk, seat, window, of_desk[desk]);
    for (const Stretch& stretch : open) {
      for (Cell at = stretch.begin; at + need.meeting <= stretch.end;) {
        if (const Cell obstacle = busy.last_set(at, at + need.all); obstacle >= 0) {
          at = obstacle + 1;
          continue;
        }
        const Instant start = window.at(at);
        if (start >= until) break;
        if (start >= from)
          found.push_back(
              {.start = start, .end = start + need.meeting * kCell, .desk = desk, .seat = seat});
        at += need.step;
      }
    }
    return true;
  });
  std::ranges::sort(found, [](const Slot& a, const Slot& b) {
    return std::tie(a.start, a.desk, a.seat) < std::tie(b.start, b.desk, b.seat);
  });
  const auto same = std::ranges::unique(found, {}, &Slot::start);
  found.erase(same.begin(), same.end());
  if (found.size() > kSlotsMax) found.resize(kSlotsMax);
  return found;
}

namespace {

std::optional<Slot> seat_in(std::span<const Desk> desks, const Wish& wish, Instant start,
                            std::span<const Taken> taken, const Zone* zone) {
  if (!possible(wish)) return std::nullopt;
  const Window window = window_between(start - days(2), start + 2 * kMeetingMax);
  const Cell at = window.floor_of(start);
  if (window.at(at) != start) return std::nullopt;
  const Needs need = needs(wish);
  std::optional<Slot> found;
  std::vector<Stretch> open;
  each_seat(desks, wish, [&](std::size_t desk, int seat) {
    if (zone != nullptr) {
      if (seat == 0) open = stretches(desks[desk], window, *zone);
      if (std::ranges::none_of(open, [&](const Stretch& stretch) {
            return stretch.begin <= at && at + need.meeting <= stretch.end;
          }))
        return true;
    }
    if (taken_cells(desk, seat, window, taken).last_set(at, at + need.all) >= 0) return true;
    found = Slot{.start = start, .end = start + need.meeting * kCell, .desk = desk, .seat = seat};
    return false;
  });
  return found;
}

}  // namespace

std::optional<Slot> seat_at(std::span<const Desk> desks, const Wish& wish, Instant start,
                            std::span<const Taken> taken, const Zone& zone, Instant now) {
  if (!possible(wish) || start < earliest(*wish.reason, now) ||
      start >= latest(*wish.reason, zone, now))
    return std::nullopt;
  return seat_in(desks, wish, start, taken, &zone);
}

std::optional<Slot> any_seat_at(std::span<const Desk> desks, const Wish& wish, Instant start,
                                std::span<const Taken> taken) {
  return seat_in(desks, wish, start, taken, nullptr);
}

}  // namespace parvis::appointment
