// An appointment in the conversation: the turn that is taken in it. What is told of slots is what
// the caller has now: a slot that is chosen may be gone, and the caller then says so (booking.hpp,
// slot_lost).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "answer/phrases.hpp"
#include "calendar/words.hpp"
#include "dialogue/booking_turn.hpp"
#include "dialogue/places.hpp"
#include "dialogue/reading.hpp"
#include "dialogue/turn.hpp"
#include "dialogue/waiting_words.hpp"
#include "text/normalise.hpp"
#include "text/personal.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Status;
using appointment::Agenda;
using appointment::Reason;
using std::chrono::days;

namespace {

std::optional<std::string> contact_in(const std::string& words, text::PersonalKind kind) {
  for (const text::PersonalSpan& span : text::personal_spans(words))
    if (span.kind == kind) return words.substr(span.begin, span.end - span.begin);
  return std::nullopt;
}

}  // namespace

void BookingTurn::add(std::string& text, std::string_view line) {
  if (!line.empty()) text.append(text.empty() ? "" : "\n").append(line);
}

BookingTurn::BookingTurn(State& state, const World& world, const Said& said, std::string& commune)
    : state_(state),
      world_(world),
      said_(said),
      commune_(commune),
      booker_(*said.booker),
      context_(world.context(commune)),
      zone_(context_.zone),
      now_(context_.now),
      local_(zone_.local(now_)),
      text_(unmarked(said.text)),
      words_(said.words ? said.words->read() : said.text),
      booking_(state.booking) {}

std::optional<Step> BookingTurn::take() {
  if (!said_.choice.empty())
    return said_.choice.starts_with(kBookingChoice) ? pressed() : std::nullopt;
  if (!booking_.asked.empty() && booking_.asked != kAskNothing) {
    if (comes_back(text_)) return once_more("Reprenons.");
    if (auto next = go_on()) return next;
    if (!wants_appointment(text_)) return std::nullopt;
  } else if (auto list = about_list()) {
    return list;
  } else if (auto mine = about_mine()) {
    return mine;
  }
  return begin();
}

void BookingTurn::resume(Answer& answer) {
  const Answer other = std::exchange(answer_, {});
  answer_.appointment = {};
  again();
  add(answer.text, "Revenons à votre rendez-vous.");
  add(answer.text, answer_.text);
  for (const answer::Choice& choice : answer_.choices) answer.choices.push_back(choice);
  answer.appointment = std::move(answer_.appointment);
  answer_ = other;
}

std::string BookingTurn::slug() const {
  const auto at = std::ranges::find(world_.communes, commune_, &tenancy::Commune::insee);
  return at == world_.communes.end() ? std::string() : "/" + at->slug;
}

const Agenda* BookingTurn::agenda(std::string_view id) {
  if (!read_) {
    all_ = booker_.agendas(commune_);
    read_ = true;
  }
  for (const auto& each : all_)
    if (each->id == id) return each.get();
  return nullptr;
}

std::vector<const Agenda*> BookingTurn::agendas() {
  agenda({});
  std::vector<const Agenda*> out;
  for (const auto& each : all_) out.push_back(each.get());
  return out;
}

void BookingTurn::live_in(std::string commune) {
  commune_ = std::move(commune);
  state_.commune = commune_;
  read_ = false;
}

const Reason* BookingTurn::reason() {
  const Agenda* at = agenda(booking_.agenda);
  return at == nullptr ? nullptr : at->reason(booking_.reason);
}

const directory::Service* BookingTurn::place() {
  if (place_) return &*place_;
  if (const Agenda* at = agenda(booking_.agenda)) place_ = booker_.service(at->service);
  return place_ ? &*place_ : nullptr;
}

BookingFacts BookingTurn::facts() {
  const Booked* standing = mine(booking_.of);
  return {.number = booking_.number,
          .reason = reason(),
          .service = place(),
          .id = {},
          .state = standing != nullptr ? "booked"
                   : booking_.start    ? "held"
                                       : "wanted",
          .people = std::max(1, booking_.people),
          .way = booking_.way,
          .start = standing != nullptr ? standing->start : booking_.start,
          .end = {}};
}

std::string BookingTurn::page(std::string_view which) const {
  std::string out =
      fmt::format("{}/rendez-vous/{}/{}/{}", slug(), which, booking_.agenda, booking_.reason);
  if (which == "choisir" && booking_.people > 1)
    out += fmt::format("?personnes={}", booking_.people);
  return out;
}

void BookingTurn::set_appointment() {
  if (reason() == nullptr) return;
  json::object before = std::move(answer_.appointment);
  answer_.appointment = appointment_json(facts(), zone_);
  for (auto& member : before)
    if (!answer_.appointment.contains(member.key()))
      answer_.appointment[member.key()] = std::move(member.value());
  answer_.appointment["page"] = page("choisir");
  if (booking_.start && booking_.until) {
    answer_.appointment["held_until"] = format_rfc3339(*booking_.until);
    answer_.appointment["held_until_words"] =
        calendar::time_words(time_of_day(zone_.local(*booking_.until)));
  }
}

std::optional<Step> BookingTurn::done(BookingDeed deed) {
  answer_.status = Status::appointment;
  set_appointment();
  state_.offered.clear();
  state_.at_place = false;
  Step out{.state = {}, .answer = std::move(answer_), .answers = {}};
  out.state = std::move(state_);
  out.booking = deed == BookingDeed::none && needs_.any() ? BookingDeed::needs : deed;
  out.needs = std::move(needs_);
  return out;
}

std::optional<Step> BookingTurn::by_contact(std::string_view why) {
  const answer::ComposeContext there = world_.context(commune_);
  if (there.services.by_pivot) answer_.contact = there.services.by_pivot("mairie");
  add(answer_.text, why);
  leave();
  answer_.status = answer_.contact ? Status::contact : Status::appointment;
  Step out{.state = {}, .answer = std::move(answer_), .answers = {}};
  out.state = std::move(state_);
  return out;
}

void BookingTurn::leave() {
  const int number = booking_.number;
  booking_ = {};
  booking_.number = number;
}

std::optional<Step> BookingTurn::go_on() {
  const Heard heard = hear(text_);
  if (heard.act == Act::person || heard.act == Act::insult || heard.act == Act::threat ||
      heard.act == Act::manipulate || heard.act == Act::machine)
    return std::nullopt;
  if ((booking_.asked == kAskCancel || booking_.asked == kAskMove) && !mine(booking_.of))
    return stop();
  if (booking_.asked == kAskCancel) return decide(heard);
  if (booking_.asked == kAskMove) return move_said(heard);
  if (booking_.asked == kAskWhich) return which();
  if (booking_.asked == kAskLeaveList) return leave_said(heard);
  const bool own = booking_.asked.starts_with(kAskOwn);
  if (gives_up(text_) && !(own && heard.act == Act::no)) return stop();
  const bool question = text_.contains('?');
  const AboutBooking about = about_booking(text_);
  // "je ne peux pas venir lundi" wants another day.
  if (about == AboutBooking::cancel && !question && !refuses(text_, about) &&
      answer::has_phrase(answer::folded_words(text_),
                         "annul*|anul*|supprim*|plus venir|viens plus|viendrai pas|empechement") &&
      !about_something_else(text_, labels()) && !slot_wish(text_, local_).said())
    return booking_.of > 0 ? of_mine(booking_.of, about, text_) : stop();
  if (reason() != nullptr && (about == AboutBooking::bring || about == AboutBooking::where) &&
      !(booking_.asked == kAskEmail && without_email(text_)) &&
      (question || heard.asks || booking_.asked == kAskSlot)) {
    add(answer_.text, about == AboutBooking::bring ? bring_words(facts()) : place_words(facts()));
    again();
    return done();
  }
  if (about == AboutBooking::when && booking_.start && (question || heard.asks)) {
    add(answer_.text, fmt::format("Je vous garde {}.", slot_words(*booking_.start, zone_)));
    again();
    return done();
  }
  // "Non pas du tout" names no matter, though "pacs" is near.
  if (booking_.asked == kAskMay && (heard.act == Act::no || text::terms(text_).size() <= 1) &&
      answer::starts_with_phrase(answer::folded_words(text_), "non|nan"))
    return may_said(heard);
  // Another matter altogether: "non, pour le passeport finalement".
  if (booking_.asked != kAskReason && reason() != nullptr && corrects_matter()) return open(text_);
  if (booking_.asked == kAskMay) return may_said(heard);
  const bool early =
      booking_.asked == kAskReason || booking_.asked == kAskCommune || booking_.asked == kAskPeople;
  if (early && note_needs() && reasons_meant(agendas(), commune_, text_).empty() &&
      commune_named(world_.communes, text_).empty() && people_in(text_).count == 0) {
    again();
    return done();
  }
  if (booking_.asked == kAskReason) return reason_said(heard);
  if (booking_.asked == kAskCommune) return commune_said();
  if (booking_.asked == kAskPeople) return people_said();
  if (booking_.asked == kAskSlot) return slot_said(heard);
  if (booking_.asked == kAskDays) return days_said(heard);
  if (booking_.waits && booking_.asked != kAskListReview && corrects_time(text_) && !question &&
      note_days())
    return once_more("C’est noté.");
  // The slot is held; another one is wanted.
  const SlotWish wish = slot_wish(text_, local_);
  if (wish.said() && !booking_.waits && !question &&
      (corrects_time(text_) || booking_.asked == kAskReview)) {
    if (wish.limits() || wish.other_day || wish.later || wish.sooner) return list(wish);
  }
  if (!booking_.waits && corrects_time(text_) && about == AboutBooking::move) return list({});
  if (note_needs()) {
    again();
    return done();
  }
  if (booking_.asked == kAskReview && confirms(text_)) return confirm();
  if (booking_.asked == kAskListReview && confirms(text_)) return enter();
  if (heard.act == Act::greeting || heard.act == Act::thanks || heard.act == Act::goodbye)
    return std::nullopt;
  const auto email = contact_in(words_, text::PersonalKind::email);
  if (is_masked(words_))
    return once_more(
        "Je n’ai pas gardé ce que vous avez écrit\u00a0: une partie en est masquée. Écrivez-le "
        "de nouveau.");
  if (booking_.asked == kAskReview && question && says_yes(text_))
    return once_more("Ce rendez-vous n’est pas encore pris.");
  if (booking_.asked == kAskListReview && question && says_yes(text_)) return once_more(kNotListed);
  if (question && !email) return std::nullopt;
  if (auto phone = contact_in(words_, text::PersonalKind::phone))
    booking_.visitor.phone = Personal(std::move(*phone));
  if (booking_.asked == kAskReview) return reviewed(heard, email);
  if (booking_.asked == kAskListReview) return list_reviewed(heard, email);
  if (email) booking_.visitor.email = Personal(*email);
  if (booking_.asked == kAskName) {
    const std::string name = name_in(words_);
    if (name.empty()) {
      if (heard.asks || heard.act == Act::wrong) return std::nullopt;
      return once_more("Écrivez seulement le prénom et le nom, par exemple\u00a0: Zoé Lambert.");
    }
    booking_.visitor.name = Personal(name);
  } else if (own) {
    const std::string id = booking_.asked.substr(kAskOwn.size());
    const bool passes =
        heard.act == Act::no || heard.act == Act::unsure ||
        answer::has_phrase(answer::folded_words(text_),
                           "passer|passe|je passe|ai pas|pas encore|sais pas|aucun|aucune|rien|pas "
                           "fait|connais pas|pas de numero");
    const Reason* why = reason();
    const appointment::Asked* asked = nullptr;
    if (why != nullptr)
      for (const appointment::Asked& each : why->asks)
        if (each.id == id) asked = &each;
    if (passes || asked == nullptr) {
      if (asked != nullptr && asked->required)
        return once_more("Le service en a besoin. Sans cette réponse, appelez-le.");
      booking_.passed.push_back(id);
    } else if (!email) {
      booking_.visitor.asked.insert_or_assign(
          id, Personal(std::string(text::utf8_prefix(words_, appointment::kNameMax))));
    }
  } else if (booking_.asked == kAskPhone) {
    if (booking_.visitor.phone.read().empty()) {
      if (heard.asks) return std::nullopt;
      return once_more("Écrivez un numéro de téléphone, par exemple\u00a0: 06 12 34 56 78.");
    }
  } else if (booking_.asked == kAskEmail) {
    if (!email) {
      if (without_email(text_) && !words_.contains('@')) {
        if (const directory::Service* at = place(); at != nullptr && context_.services.by_words)
          answer_.contact = context_.services.by_words(at->name);
        return once_more(
            booking_.waits
                ? "Sans adresse e-mail, appelez le service\u00a0: la proposition part par courriel."
                : "Sans adresse e-mail, appelez le service\u00a0: il prend le rendez-vous avec "
                  "vous. "
                  "Je garde l’horaire jusque-là.");
      }
      if (heard.asks && !words_.contains('@')) return std::nullopt;
      return once_more("Cette adresse e-mail n’est pas complète. Exemple\u00a0: nom@domaine.fr.");
    }
  }
  ask_next();
  return done();
}

std::optional<Step> BookingTurn::pressed() {
  const std::string_view choice = said_.choice;
  const auto alive = live();
  if (choice == kLeave) return booking_.asked == kAskNothing ? stale() : stop();
  if (choice == kKeepIt) {
    if (alive.empty()) return stale();
    if (std::ranges::find(alive, booking_.of) == alive.end()) booking_.of = alive.back();
    return keep();
  }
  for (const std::string_view act : {kDoCancel, kSure, kDoMove, kWhichChoice}) {
    if (!choice.starts_with(act)) continue;
    const int number = number_in(choice.substr(act.size()));
    if (mine(number) == nullptr) return stale();
    // Cancelled or over by now: how it stands is told.
    if (std::ranges::find(alive, number) == alive.end())
      return of_mine(number, AboutBooking::when, {});
    if (act == kSure && booking_.asked == kAskCancel && booking_.of == number) return cancel();
    if (act == kWhichChoice)
      return of_mine(number, about_booking(booking_.opening),
                     booking_.asked == kAskWhich ? booking_.opening : std::string());
    return of_mine(number, act == kDoMove ? AboutBooking::move : AboutBooking::cancel, {});
  }
  for (const std::string_view act : {kDoLeaveList, kSureLeaveList}) {
    if (!choice.starts_with(act)) continue;
    const int number = number_in(choice.substr(act.size()));
    if (waited(number) == nullptr) return stale();
    return act == kSureLeaveList && booking_.asked == kAskLeaveList && booking_.of == number
               ? leave_list()
               : ask_leave(number);
  }
  if (choice.starts_with(kReasonChoice)) {
    const std::string_view rest = choice.substr(kReasonChoice.size());
    const std::size_t slash = rest.find('/');
    const Agenda* at = slash == std::string_view::npos ? nullptr : agenda(rest.substr(0, slash));
    const Reason* why = at == nullptr ? nullptr : at->reason(rest.substr(slash + 1));
    if (why == nullptr || !why->offered || !at->serves(*why, commune_)) return stale();
    if (booking_.asked != kAskReason) renew();
    return with_reason(*at, *why);
  }
  if (booking_.asked == kAskNothing && choice == kConfirm && waited(booking_.of) != nullptr)
    return done(BookingDeed::tell_list);  // pressed twice
  if (booking_.asked == kAskNothing && choice == kConfirm && !alive.empty())
    return of_mine(alive.back(), AboutBooking::when, {});  // pressed twice
  if (booking_.asked.empty() || booking_.asked == kAskNothing) return stale();
  if (choice == kMayBook || choice == kMayNot)
    return booking_.asked == kAskMay ? of_may(choice == kMayBook) : stale();
  if (choice.starts_with(kTownChoice)) {
    const auto known = std::ranges::find(world_.communes, choice.substr(kTownChoice.size()),
                                         &tenancy::Commune::insee);
    return known == world_.communes.end() ? stale() : of_commune(known->insee);
  }
  if (reason() == nullptr) return stale();
  if (choice.starts_with(kPeopleChoice)) {
    const int count = number_in(choice.substr(kPeopleChoice.size()));
    return count < 1 || count > reason()->people ? stale() : of_people(count);
  }
  if (choice.starts_with(kSlotChoice)) {
    const auto start = parse_rfc3339(choice.substr(kSlotChoice.size()));
    return start ? take_slot(*start) : stale();
  }
  if (choice == kStayListed && booking_.asked == kAskLeaveList) return stay_listed();
  if (choice == kWaitChoice && booking_.of == 0) return enter_list();
  if (choice == kOtherDays && booking_.waits) {
    ask_days();
    return done();
  }
  if (choice == kEveryDay && booking_.asked == kAskDays) {
    booking_.wait = {};
    ask_next();
    return done();
  }
  if (choice == kOtherDay) {
    SlotWish wish;
    wish.other_day = true;
    if (booking_.shown.empty() && booking_.start) booking_.shown = {*booking_.start};
    return list(wish);
  }
  if (choice == kPassIt && booking_.asked.starts_with(kAskOwn)) {
    booking_.passed.push_back(booking_.asked.substr(kAskOwn.size()));
    ask_next();
    return done();
  }
  if (choice == kConfirm && booking_.asked == kAskReview) return confirm();
  if (choice == kConfirm && booking_.asked == kAskListReview) return enter();
  return stale();
}

int BookingTurn::number_in(std::string_view digits) {
  int out = -1;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return fault == std::errc() && end == digits.data() + digits.size() ? out : -1;
}

std::optional<Step> BookingTurn::stale() {
  if (booking_.asked.empty() || booking_.asked == kAskNothing) {
    add(answer_.text,
        "Ce choix ne vaut plus. Pour un rendez-vous, dites pourquoi vous venez, par "
        "exemple\u00a0: «\u00a0un rendez-vous pour un passeport\u00a0».");
    return done();
  }
  return once_more("Ce choix ne vaut plus.");
}

std::optional<Step> Turn::book(const Said& said) {
  if (said.booker == nullptr || !state_.filling.asked.empty()) return std::nullopt;
  return BookingTurn(state_, world_, said, commune_).take();
}

void Turn::resume_booking(Step& step, const Said& said) {
  const std::string& asked = step.state.booking.asked;
  if (said.booker == nullptr || asked.empty() || asked == kAskNothing) return;
  if (step.answer.status == Status::emergency || !step.state.filling.asked.empty()) return;
  std::string commune = step.state.booking.commune.empty() ? commune_ : step.state.booking.commune;
  BookingTurn(step.state, world_, said, commune).resume(step.answer);
}

}  // namespace parvis::dialogue
