// The waiting list of an agenda: entered in words, told, left.
#include <fmt/format.h>

#include <algorithm>

#include "answer/phrases.hpp"
#include "dialogue/booking_turn.hpp"
#include "dialogue/reading.hpp"
#include "dialogue/waiting_words.hpp"

namespace parvis::dialogue {

void BookingTurn::offer_list() {
  if (booking_.of == 0)
    answer_.choices.push_back({"M’inscrire sur la liste d’attente", std::string(kWaitChoice)});
}

std::optional<Step> BookingTurn::enter_list() {
  if (reason() == nullptr) return by_contact(kNotHere);
  const bool held = booking_.start.has_value() && booking_.until.has_value();
  booking_.waits = true;
  booking_.wait = {};
  booking_.start.reset();
  booking_.until.reset();
  booking_.shown.clear();
  answer_.choices.clear();
  add(answer_.text,
      "D’accord, la liste d’attente. Les places qui se libèrent sont proposées par courriel, dans "
      "l’ordre des inscriptions.");
  ask_days();
  return done(held ? BookingDeed::release : BookingDeed::none);
}

void BookingTurn::ask_days() {
  booking_.asked = kAskDays;
  add(answer_.text,
      "Quels jours, et à quel moment, pouvez-vous venir\u202f? Par exemple\u00a0: «\u00a0mardi ou "
      "jeudi, le matin\u00a0». Une date limite\u202f? Dites-la aussi.");
  answer_.choices = {{"Tous les jours", std::string(kEveryDay)}, {"Arrêter", std::string(kLeave)}};
}

bool BookingTurn::note_days() {
  const WaitWish wish = wait_wish(text_, local_);
  if (!wish.said() || (wish.until && *wish.until < civil_date(local_))) return false;
  if (wish.when) {
    booking_.wait.days = wish.days;
    booking_.wait.halves = wish.halves;
  }
  if (wish.until) booking_.wait.until = wish.until;
  return true;
}

std::optional<Step> BookingTurn::days_said(const Heard& heard) {
  const bool needs = note_needs();
  const bool question = text_.contains('?');
  if (!question && note_days()) {
    ask_next();
    return done();
  }
  if (needs) {
    again();
    return done();
  }
  constexpr std::size_t kShort = 4;  // words
  const bool short_no = heard.act == Act::no;
  if (!short_no && (question || heard.asks || heard.act != Act::ask ||
                    answer::folded_words(text_).size() > kShort))
    return std::nullopt;
  return once_more("Dites un jour, ou «\u00a0tous les jours\u00a0».");
}

void BookingTurn::review_list() {
  booking_.asked = kAskListReview;
  std::string& text = answer_.text;
  add(text, "Vérifiez votre inscription sur la liste d’attente\u00a0:");
  if (const Reason* why = reason())
    add(text, "- " + why->label +
                  (booking_.people > 1 ? fmt::format(", {} personnes", booking_.people) : ""));
  const std::string when =
      wait_words(booking_.wait.days, booking_.wait.halves, booking_.wait.until);
  add(text, "- " + when);
  answer_.appointment["asked"] = when;
  tell_who();
  add(text, "Est-ce que tout est juste\u202f?");
  answer_.choices = {{"M’inscrire", std::string(kConfirm)},
                     {"Changer les jours", std::string(kOtherDays)},
                     {"Abandonner", std::string(kLeave)}};
}

std::optional<Step> BookingTurn::list_reviewed(const Heard& heard,
                                               const std::optional<std::string>& email) {
  const auto words = answer::folded_words(text_);
  if (auto mended = who_mended(words, email)) return mended;
  if (!text_.contains('?') && note_days()) return once_more({});
  if (answer::has_phrase(words, "jour|jours|moment|horaire|horaires")) {
    ask_days();
    return done();
  }
  if (heard.act == Act::no || answer::has_phrase(words, "non|pas|corrig*|modifi*|chang*")) {
    add(answer_.text, "Que faut-il changer\u00a0: les jours, le nom ou l’adresse e-mail\u202f?");
    answer_.choices = {{"M’inscrire", std::string(kConfirm)},
                       {"Changer les jours", std::string(kOtherDays)},
                       {"Abandonner", std::string(kLeave)}};
    return done();
  }
  if (!heard.asks && answer::starts_with_phrase(words, "oui|ouais|ok|accord|parfait"))
    return once_more(kNotListed);
  return std::nullopt;
}

std::optional<Step> BookingTurn::enter() {
  if (booking_.visitor.email.read().empty() || booking_.visitor.name.read().empty())
    return once_more({});
  return done(BookingDeed::wait);
}

// ── what was entered here ──

const Waited* BookingTurn::waited(int number) const {
  const auto at = std::ranges::find(state_.waited, number, &Waited::number);
  return number <= 0 || at == state_.waited.end() || at->left ? nullptr : &*at;
}

const Waited* BookingTurn::last_waited() const {
  for (auto each = state_.waited.rbegin(); each != state_.waited.rend(); ++each)
    if (!each->left) return &*each;
  return nullptr;
}

std::optional<Step> BookingTurn::about_list() {
  const Waited* last = last_waited();
  if (last == nullptr || hear(text_).act == Act::person) return std::nullopt;
  if (leaves_list(text_)) return ask_leave(last->number);
  if (!names_list(text_) || asks_for_list(text_)) return std::nullopt;
  talk_of_list(*last);
  return done(BookingDeed::tell_list);
}

void BookingTurn::talk_of_list(const Waited& entry) {
  const int number = booking_.number;
  booking_ = {};
  booking_.number = number;
  booking_.of = entry.number;
  booking_.agenda = entry.agenda;
  booking_.reason = entry.reason;
  booking_.commune = entry.commune;
  booking_.asked = kAskNothing;
  place_.reset();
}

std::optional<Step> BookingTurn::ask_leave(int number) {
  const Waited* entry = waited(number);
  if (entry == nullptr) return stale();
  talk_of_list(*entry);
  booking_.asked = kAskLeaveList;
  ask_leave_words();
  return done();
}

void BookingTurn::ask_leave_words() {
  const Waited* entry = waited(booking_.of);
  if (entry == nullptr) return;
  add(answer_.text,
      fmt::format("Voulez-vous quitter la liste d’attente ({})\u202f? Vous perdrez votre tour.",
                  entry->label));
  answer_.choices = {
      {"Oui, la quitter", std::string(kSureLeaveList) + std::to_string(entry->number)},
      {"Non, y rester", std::string(kStayListed)}};
}

std::optional<Step> BookingTurn::leave_said(const Heard& heard) {
  if (waited(booking_.of) == nullptr) return stop();
  const bool question = text_.contains('?');
  if (!question && (confirms(text_) || leaves_list(text_))) return leave_list();
  const auto row = answer::folded_words(text_);
  if (heard.act == Act::no || gives_up(text_) ||
      (answer::has_phrase(row, "non|nan|rester|reste") && !answer::has_phrase(row, "oui")))
    return stay_listed();
  if (question && !says_yes(text_)) return std::nullopt;
  if (heard.asks || heard.act != Act::ask) return std::nullopt;
  return once_more("Vous êtes toujours sur la liste. Répondez par oui ou par non.");
}

std::optional<Step> BookingTurn::stay_listed() {
  const Waited* entry = waited(booking_.of);
  if (entry == nullptr) return stale();
  add(answer_.text, "D’accord, vous restez sur la liste.");
  booking_.asked = kAskNothing;
  return done(BookingDeed::tell_list);
}

std::optional<Step> BookingTurn::leave_list() {
  booking_.asked = kAskNothing;
  return done(BookingDeed::leave_list);
}

}  // namespace parvis::dialogue
