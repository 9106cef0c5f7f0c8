#include "dialogue/slot_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "answer/phrases.hpp"
#include "calendar/words.hpp"
#include "dialogue/reading.hpp"

namespace parvis::dialogue {

using std::chrono::days;

namespace {

void add(std::string& text, std::string_view line) {
  if (!line.empty()) text.append(text.empty() ? "" : "\n").append(line);
}

class Choosing {
 public:
  Choosing(const std::vector<FreeSlot>& all, const SlotWish& wish, const SlotTalk& talk,
           const Zone& zone, const std::function<std::string(const SlotWish&)>& closed)
      : all_(all), wish_(wish), talk_(talk), zone_(zone), closed_(closed) {
    for (const FreeSlot& slot : all)
      if (wish.holds(zone.local(slot.start))) fit_.push_back(slot);
  }

  SlotsOffered choose() {
    if (wish_.any)
      out_.meant = all_.front();
    else if (wish_.at)
      at_an_hour();
    else if (wish_.later || wish_.other_day || wish_.sooner)
      others();
    else if (fit_.empty())
      nearest();
    else
      fitting();
    return std::move(out_);
  }

 private:
  void offer(std::vector<FreeSlot> slots) { out_.slots = first_slots(std::move(slots)); }
  void tell_closed(const std::string& why) {
    add(out_.text, fmt::format("Le {}\u00a0: {}.", wish_.words, why));
    out_.asked = wish_.words;
    out_.closed = why;
  }

  void at_an_hour() {
    // The day that is talked about, when none is said.
    std::optional<CivilDate> day;
    if (wish_.spans.empty() && talk_.start) day = civil_date(zone_.local(*talk_.start));
    std::vector<FreeSlot> at_time;
    for (const FreeSlot& slot : fit_)
      if (time_of_day(zone_.local(slot.start)) == *wish_.at) at_time.push_back(slot);
    const auto shown = [&](const FreeSlot& slot) {
      return std::ranges::find(talk_.shown, slot.start) != talk_.shown.end();
    };
    if (wish_.spans.empty() && std::ranges::count_if(at_time, shown) == 1) {
      out_.meant = *std::ranges::find_if(at_time, shown);
      return;
    }
    if (wish_.one_day && at_time.size() == 1) {
      out_.meant = at_time.front();
      return;
    }
    if (wish_.spans.empty() && !day && !talk_.shown.empty())
      day = civil_date(zone_.local(talk_.shown.front()));
    if (day)
      for (const FreeSlot& slot : at_time)
        if (civil_date(zone_.local(slot.start)) == *day) {
          out_.meant = slot;
          return;
        }
    if (!at_time.empty()) {
      add(out_.text, "À cette heure, voici ce qui est libre.");
      offer(std::move(at_time));
      return;
    }
    // The nearest hours of the same days.
    std::vector<FreeSlot> near = fit_.empty() ? all_ : fit_;
    const auto distance = [&](const FreeSlot& slot) {
      const LocalTime local = zone_.local(slot.start);
      const auto off = std::abs((time_of_day(local) - *wish_.at).count());
      const auto aside =
          day ? std::abs((std::chrono::floor<days>(local) - std::chrono::local_days(*day)).count())
              : 0;
      return std::tuple(aside, off, slot.start);
    };
    std::ranges::sort(near, {}, distance);
    near = first_slots(std::move(near));
    std::ranges::sort(near, {}, &FreeSlot::start);
    add(out_.text, "Rien n’est libre à cette heure-là. Voici les horaires les plus proches.");
    if (const std::string why = closed_(wish_); !why.empty()) tell_closed(why);
    offer(std::move(near));
    out_.list = true;
  }

  void others() {
    std::vector<FreeSlot> rest;
    const bool known = !talk_.shown.empty();
    for (const FreeSlot& slot : fit_) {
      const LocalTime local = zone_.local(slot.start);
      if (wish_.other_day ? !known || std::chrono::floor<days>(local) >
                                          std::chrono::floor<days>(zone_.local(talk_.shown.back()))
          : wish_.later ? !known || slot.start > talk_.shown.back()
                        : !known || slot.start < talk_.shown.front())
        rest.push_back(slot);
    }
    if (wish_.sooner && rest.size() > kSlotsShown)
      rest.erase(rest.begin(), rest.end() - static_cast<std::ptrdiff_t>(kSlotsShown));
    if (rest.empty()) {
      add(out_.text, wish_.sooner ? "Ce sont les premiers horaires libres."
                                  : "Il n’y a pas d’horaire après ceux-là. Voici les premiers.");
      out_.list_page = true;
      rest = all_;
    } else {
      add(out_.text, "Voici d’autres horaires libres.");
    }
    offer(std::move(rest));
    out_.list = true;
  }

  void nearest() {
    if (const std::string why = closed_(wish_); !why.empty()) {
      tell_closed(why);
    } else if (!wish_.words.empty()) {
      add(out_.text, fmt::format("Rien n’est libre {}.", wish_.words));
      out_.asked = wish_.words;
    } else {
      add(out_.text, "Rien n’est libre comme vous le demandez.");
    }
    std::vector<FreeSlot> near = all_;
    // The same part of the day, and then any.
    SlotWish looser = wish_;
    looser.spans.clear();
    std::vector<FreeSlot> alike;
    for (const FreeSlot& slot : all_)
      if (looser.holds(zone_.local(slot.start))) alike.push_back(slot);
    if (!alike.empty()) near = std::move(alike);
    if (!wish_.spans.empty()) {
      const Instant middle = zone_.instant(wish_.spans[0].first);
      std::ranges::sort(near, {}, [&](const FreeSlot& slot) {
        return std::pair(slot.start > middle ? slot.start - middle : middle - slot.start,
                         slot.start);
      });
    }
    near = first_slots(std::move(near));
    std::ranges::sort(near, {}, &FreeSlot::start);
    add(out_.text, "Voici les horaires les plus proches.");
    offer(std::move(near));
    out_.list = out_.list_page = out_.none = true;
  }

  void fitting() {
    if (talk_.moves && !wish_.said())
      add(out_.text, "Quel nouvel horaire vous convient\u202f?");
    else if (wish_.limits())
      add(out_.text, "Voici ce qui est libre. Lequel choisissez-vous\u202f?");
    else
      add(out_.text,
          "Voici les premiers horaires libres. Lequel choisissez-vous\u202f? Vous "
          "pouvez aussi dire un jour ou une heure.");
    offer(std::move(fit_));
  }

  const std::vector<FreeSlot>& all_;
  const SlotWish& wish_;
  const SlotTalk& talk_;
  const Zone& zone_;
  const std::function<std::string(const SlotWish&)>& closed_;
  std::vector<FreeSlot> fit_;
  SlotsOffered out_;
};

}  // namespace

std::string closed_words(
    const appointment::Agenda& agenda, std::string_view reason,
    const std::function<std::optional<directory::Service>(const std::string& id)>& service,
    const SlotWish& wish) {
  if (!wish.one_day || wish.spans.empty()) return {};
  const CivilDate date = civil_date(wish.spans[0].first);
  std::string why;
  for (const appointment::Counter& counter : agenda.counters) {
    if (counter.seats_for(reason) == 0) continue;
    const auto at = service(agenda.service_of(counter));
    if (!at) continue;
    const calendar::Hours& hours = counter.hours ? *counter.hours : at->hours;
    const auto day = calendar::day_of(hours, date, directory::region_of(*at));
    if (!day || !day->empty()) return {};
    why = calendar::day_words(hours, date, directory::region_of(*at));
  }
  return why;
}

std::string with_offset(Instant at, const Zone& zone) {
  const Instant shown(zone.local(at).time_since_epoch());
  std::string out = format_rfc3339(shown);
  const auto offset = std::chrono::floor<Minutes>(shown - at).count();
  out.pop_back();  // "Z"
  return out + fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', std::abs(offset) / 60,
                           std::abs(offset) % 60);
}

std::vector<FreeSlot> first_slots(std::vector<FreeSlot> slots) {
  if (slots.size() > kSlotsShown) slots.resize(kSlotsShown);
  return slots;
}

SlotsOffered slots_offered(const std::vector<FreeSlot>& all, const SlotWish& wish,
                           const SlotTalk& talk, const Zone& zone,
                           const std::function<std::string(const SlotWish&)>& closed) {
  return Choosing(all, wish, talk, zone, closed).choose();
}

std::optional<SlotSaid> slot_said(std::string_view text, const Heard& heard,
                                  const std::vector<Instant>& shown, const Zone& zone,
                                  LocalTime now) {
  if (const auto at = ordinal_in(text, shown.size())) return SlotSaid{.start = shown[*at]};
  if (SlotWish wish = slot_wish(text, now); wish.said()) {
    // "celui de mardi": it is one of those shown.
    if (wish.one_day && !wish.at && shown.size() > 1) {
      std::vector<Instant> those;
      for (const Instant start : shown)
        if (wish.holds(zone.local(start))) those.push_back(start);
      if (those.size() == 1 && answer::has_phrase(answer::folded_words(text),
                                                  "celui|ca me va|me va|parfait|d accord|ok"))
        return SlotSaid{.start = those[0]};
    }
    return SlotSaid{.wish = std::move(wish)};
  }
  const bool yes = confirms(text) || agrees(text) ||
                   answer::has_phrase(answer::folded_words(text), "me va|me convient|parfait");
  if (yes && shown.size() == 1) return SlotSaid{.start = shown[0]};
  if (yes) return SlotSaid{.unclear = true};
  if (heard.act == Act::no) return SlotSaid{.refused = true};
  return std::nullopt;
}

}  // namespace parvis::dialogue
