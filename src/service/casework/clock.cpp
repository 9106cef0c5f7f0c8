// Every threshold of the law is a midnight, so between two events only two things can happen by
// themselves: the last term passes, or the delay ends. Fold::pass_to() lets them happen, in their
// order, and Fold::take() then applies the event.
//
// `end_` is the last day of the delay as it is counted. Where it is no working day and the rule
// moves it, the delay is open until the day it is moved to; a suspension that begins in between
// starts from there, or pieces asked for on that Monday would be due before they can come.
#include "casework/clock.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "calendar/working_days.hpp"

namespace parvis::casework {
namespace {

using calendar::add_days;
using calendar::WorkingWeek;
using std::chrono::days;
using std::chrono::local_days;
using std::chrono::months;
using Kind = ClockStep::Kind;
using Outcome = Clock::Outcome;
using Silence = ClockRule::Silence;
using State = Clock::State;
using Unit = ClockRule::Unit;

constexpr months kAppeal{2};    // R421-1
constexpr months kTakeBack{4};  // CRPA L242-1
constexpr std::array kReminders = {days(15), days(7), days(2)};
constexpr CivilDate kFirstDate{std::chrono::year(1970), std::chrono::January, std::chrono::day(2)};
constexpr CivilDate kLastDate{std::chrono::year(2200), std::chrono::January, std::chrono::day(1)};

days between(CivilDate from, CivilDate to) { return local_days(to) - local_days(from); }

bool within(CivilDate date) { return date.ok() && kFirstDate <= date && date <= kLastDate; }

class Fold {
 public:
  explicit Fold(const ClockRule& rule) : rule_(rule) {}

  std::optional<ClockFault> take(const ClockEvent& event) {
    const bool first = std::holds_alternative<Deposited>(event.what);
    if (!deposited_ && !first) return ClockFault::no_deposit;
    if (deposited_ && first) return ClockFault::second_deposit;
    pass_to(event.at);
    at_ = event.at;
    today_ = date(event.at);
    return std::visit([this](const auto& what) { return on(what); }, event.what);
  }

  Clock result(Instant now) {
    pass_to(now);
    Clock clock;
    clock.state = over_ ? State::ended : open_.empty() ? State::running : State::stopped;
    clock.outcome = outcome_;
    clock.deposited = *deposited_;
    clock.started = started_;
    clock.since = since_;
    if (over_) {
      if (silent_) set_due(clock, *silent_);
      clock.remaining = days(0);
    } else if (!waits()) {
      CivilDate from = date(now);
      CivilDate end = end_;
      if (!open_.empty()) {
        clock.until = last_term();
        from = add_days(*clock.until, days(1));
        end = put_off(date(since_), from);
      }
      set_due(clock, end);
      clock.remaining = std::max(days(0), between(from, *clock.due));
      clock.overdue = *clock.due < date(now);
      if (open_.empty())
        for (const days before : kReminders)
          if (const CivilDate day = add_days(*clock.due, -before); day > started_)
            clock.reminders.push_back(day);
    }
    if (!void_) {
      const CivilDate stop = over_ || !open_.empty() ? stopped_ : date(now);
      clock.elapsed = between(started_, stop) - suspended_;
    }
    clock.appeal_until = appeal();
    if (notified_) clock.notified = how_;
    clock.steps = std::move(steps_);
    if (clock.until)
      clock.steps.push_back({Kind::suspended, date(since_), *clock.until, days(0), pieces_});
    return clock;
  }

 private:
  CivilDate date(Instant at) const { return civil_date(rule_.zone.local(at)); }
  Instant end_of(CivilDate day) const { return rule_.zone.instant(local_days(day) + days(1)); }

  // Whether the delay begins anew when the pieces come, rather than being suspended.
  bool afresh() const {
    return rule_.silence == Silence::accepts || rule_.start == ClockRule::Start::complete_file;
  }
  bool waits() const { return !over_ && !open_.empty() && afresh(); }

  CivilDate last_term() const {
    return std::ranges::max_element(open_, {}, [](const auto& each) { return each.second; })
        ->second;
  }

  CivilDate moved(CivilDate end) const {
    return rule_.last_day == ClockRule::LastDay::kept
               ? end
               : calendar::next_working_day(end, rule_.region);
  }

  std::optional<WorkingWeek> working_week() const {
    if (rule_.unit == Unit::working_days) return WorkingWeek::monday_to_friday;
    if (rule_.unit == Unit::working_days_with_saturday) return WorkingWeek::monday_to_saturday;
    return std::nullopt;
  }

  CivilDate end_from(CivilDate start) const {
    if (const auto week = working_week())
      return calendar::add_working_days(start, rule_.length, rule_.region, *week);
    if (rule_.unit == Unit::months) return calendar::add_months(start, months(rule_.length));
    return add_days(start, days(rule_.length * (rule_.unit == Unit::weeks ? 7 : 1)));
  }

  // The end of the delay when it is suspended from one day to the other, the last not included.
  CivilDate put_off(CivilDate from, CivilDate to) const {
    CivilDate end = end_;
    if (from > end) end = moved(end);
    if (from > end) return end_;  // an indicative delay that was over by then
    const auto week = working_week();
    if (!week) return add_days(end, between(from, to));
    int working = 0;
    for (CivilDate day = from; day < to; day = add_days(day, days(1)))
      working += calendar::is_working_day(day, rule_.region, *week);
    return calendar::add_working_days(end, working, rule_.region, *week);
  }

  void begin() {
    started_ = today_;
    since_ = at_;
    end_ = end_from(today_);
    suspended_ = days(0);
    void_ = false;
  }

  void resume(Instant at, CivilDate day) {
    const CivilDate from = date(since_);
    end_ = put_off(from, day);
    suspended_ += between(from, day);
    since_ = at;
  }

  void end(Outcome outcome, Instant at, CivilDate day) {
    if (open_.empty()) stopped_ = day;  // else it had stopped with the request
    over_ = true;
    outcome_ = outcome;
    since_ = at;
    open_.clear();
  }

  // What happens by itself until then, that instant included.
  void pass_to(Instant now) {
    if (!deposited_ || over_) return;
    if (!open_.empty() && !afresh()) {
      const CivilDate term = last_term();
      if (end_of(term) <= now) {
        const CivilDate from = date(since_), day = add_days(term, days(1));
        resume(end_of(term), day);
        steps_.push_back({Kind::resumed_by_term, from, term, between(from, day), pieces_});
        open_.clear();
      } else {
        std::erase_if(open_, [&](const auto& each) { return end_of(each.second) <= now; });
      }
    }
    if (!open_.empty() || rule_.silence == Silence::means_nothing) return;
    const CivilDate last = moved(end_);
    if (end_of(last) > now) return;
    const bool accepts = rule_.silence == Silence::accepts;
    end(accepts ? Outcome::accepted_by_silence : Outcome::refused_by_silence, end_of(last), last);
    silent_ = end_;
    by_silence_ = outcome_;
    steps_.push_back(
        {accepts ? Kind::silence_accepted : Kind::silence_refused, last, last, days(0), ""});
  }

  void note(Kind kind, std::string text = "") {
    steps_.push_back({kind, today_, today_, days(0), std::move(text)});
  }

  std::optional<ClockFault> on(const Deposited&) {
    deposited_ = today_;
    begin();
    note(Kind::received);
    return {};
  }

  std::optional<ClockFault> on(const Transferred& what) {
    if (over_) {
      note(Kind::no_effect, "transmission à une autre autorité");
      return {};
    }
    away_ = true;
    const bool restarts = rule_.silence == Silence::accepts && open_.empty();
    if (restarts) begin();
    note(restarts ? Kind::transfer_restarts : Kind::transferred, what.to);
    return {};
  }

  std::optional<ClockFault> on(const PiecesRequested& what) {
    if (!requests_.insert(what.request).second) return ClockFault::repeated_request;
    if (what.term < today_) return ClockFault::term_before_request;
    if (between(today_, what.term) > kTermMax) return ClockFault::bad_instant;
    if (over_) {
      note(Kind::no_effect, "pièces demandées");
      return {};
    }
    if (open_.empty()) {
      since_ = at_;
      stopped_ = today_;
      pieces_ = what.pieces;
    } else if (!what.pieces.empty()) {
      pieces_ += (pieces_.empty() ? "" : ", ") + what.pieces;
    }
    open_.emplace(what.request, what.term);
    if (!afresh()) return {};
    void_ = true;
    steps_.push_back({Kind::waits, today_, what.term, days(0), what.pieces});
    return {};
  }

  std::optional<ClockFault> on(const PiecesReceived& what) {
    if (!requests_.contains(what.request)) return ClockFault::unknown_request;
    if (over_) {
      note(Kind::no_effect, "pièces reçues");
      return {};
    }
    if (open_.erase(what.request) == 0) {
      note(Kind::pieces_too_late);
      return {};
    }
    if (!open_.empty()) return {};
    if (afresh()) {
      begin();
      note(what.waived ? Kind::restarts_by_waiver : Kind::restarts);
    } else {
      const CivilDate from = date(since_);
      resume(at_, today_);
      steps_.push_back({what.waived ? Kind::resumed_by_waiver : Kind::resumed, from, today_,
                        between(from, today_), pieces_});
    }
    return {};
  }

  std::optional<ClockFault> on(const PieceReceived& what) {
    if (!requests_.contains(what.request)) return ClockFault::unknown_request;
    if (over_ || !open_.contains(what.request)) return {};  // the end of its request says enough
    note(Kind::part_received, (what.waived ? "n’est plus demandé\u00a0: " : "reçu\u00a0: ") +
                                  what.piece + ". Le délai attend encore\u00a0: " + what.still);
    return {};
  }

  std::optional<ClockFault> on(const Withdrawn& what) {
    if (over_) {
      note(Kind::no_effect, what.into.empty() ? "demande retirée" : "demande jointe à une autre");
      return {};
    }
    end(Outcome::withdrawn, at_, today_);
    note(what.into.empty() ? Kind::withdrawn : Kind::joined, what.into);
    return {};
  }

  std::optional<ClockFault> on(const Decided& what) {
    if (decided_ || outcome_ == Outcome::withdrawn || outcome_ == Outcome::settled)
      return ClockFault::ended;
    const bool accepted = what.verdict == Verdict::accepted, late = over_;
    decided_ = today_;
    if (!late) end(Outcome::none, at_, today_);
    outcome_ = accepted ? Outcome::accepted : Outcome::refused;
    if (!late) {
      note(accepted ? Kind::accepted : Kind::refused);
      return {};
    }
    if (accepted || by_silence_ == Outcome::refused_by_silence) {
      note(accepted ? Kind::late_accepted : Kind::late_refused);
      return {};
    }
    const CivilDate limit = calendar::add_months(moved(*silent_), kTakeBack);
    steps_.push_back({Kind::acceptance_taken_back, today_, limit, days(0), ""});
    return {};
  }

  std::optional<ClockFault> on(const Notified& what) {
    if (!decided_) return ClockFault::not_decided;
    if (!notified_) {
      notified_ = today_;
      how_ = what.how;
    }
    switch (what.how) {
      case Notified::How::told:
        note(Kind::notified);
        break;
      case Notified::How::handed:
        note(Kind::handed);
        break;
      case Notified::How::registered:
        note(Kind::registered);
        break;
      case Notified::How::posted:
        note(Kind::posted);
        break;
    }
    return {};
  }

  std::optional<ClockFault> on(const Settled& what) {
    if (over_) return ClockFault::ended;
    end(Outcome::settled, at_, today_);
    note(Kind::settled, what.how);
    return {};
  }

  std::optional<ClockFault> on(const Reopened&) {
    if (!over_) {
      if (!std::exchange(away_, false)) return ClockFault::not_ended;
      note(Kind::returned);
      return {};
    }
    over_ = away_ = false;
    outcome_ = by_silence_ = Outcome::none;
    decided_ = notified_ = silent_ = std::nullopt;
    begin();
    note(Kind::reopened);
    return {};
  }

  void set_due(Clock& clock, CivilDate end) const {
    clock.counted = end;
    clock.due = moved(end);
    if (rule_.silence != Silence::means_nothing) clock.silence_at = end_of(*clock.due);
  }

  std::optional<CivilDate> appeal() const {
    const auto from = [&](CivilDate day) {
      return calendar::add_clear_months(day, kAppeal, rule_.region);
    };
    const bool refused_before = by_silence_ == Outcome::refused_by_silence;
    if (outcome_ == Outcome::refused_by_silence) return from(moved(*silent_));
    if (outcome_ != Outcome::refused) return std::nullopt;
    // A refusal in words gives two new months when it comes while those of the silence run.
    if (refused_before) {
      const CivilDate silent = from(moved(*silent_));
      if (!notified_ || *decided_ > silent) return silent;
    }
    if (!notified_) return std::nullopt;
    return from(*notified_);
  }

  const ClockRule& rule_;
  Instant at_;                          // of the event
  CivilDate today_;                     // its day
  std::optional<CivilDate> deposited_;  // none before the first event
  CivilDate started_;
  CivilDate end_;
  days suspended_{0};  // since started_, without a suspension under way
  Instant since_;
  CivilDate stopped_;                        // the day of the request, or of the end
  std::map<std::uint32_t, CivilDate> open_;  // requests that wait, with their terms
  std::set<std::uint32_t> requests_;         // all that were made
  std::string pieces_;                       // of the stop under way
  bool void_ = false;                        // what has run does not count: pieces are awaited
  bool over_ = false;
  bool away_ = false;  // transferred to another authority
  Outcome outcome_ = Outcome::none;
  Outcome by_silence_ = Outcome::none;                    // before a late decision
  std::optional<CivilDate> silent_, decided_, notified_;  // silent_: end_ as it was counted
  Notified::How how_ = Notified::How::told;
  std::vector<ClockStep> steps_;
};

}  // namespace

std::expected<Clock, ClockError> clock_of(const ClockRule& rule,
                                          const std::vector<ClockEvent>& events, Instant now) {
  const auto fault = [](ClockFault what, std::size_t event = 0) {
    return std::unexpected(ClockError{what, event});
  };
  if (!faults(rule).empty()) return fault(ClockFault::bad_rule);
  if (events.size() > kClockEvents) return fault(ClockFault::too_many_events, kClockEvents);
  if (events.empty()) return fault(ClockFault::no_deposit);
  const auto sound = [](Instant at) { return within(CivilDate(std::chrono::floor<days>(at))); };
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto* asked = std::get_if<PiecesRequested>(&events[i].what);
    if (!sound(events[i].at) || (asked != nullptr && !within(asked->term)))
      return fault(ClockFault::bad_instant, i);
  }
  if (!sound(now)) return fault(ClockFault::bad_instant, events.size());
  std::vector<std::size_t> order(events.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(events[i].at, i); });
  Fold fold(rule);
  for (const std::size_t i : order)
    if (const auto what = fold.take(events[i])) return fault(*what, i);
  return fold.result(std::max(now, events[order.back()].at));
}

}  // namespace parvis::casework
