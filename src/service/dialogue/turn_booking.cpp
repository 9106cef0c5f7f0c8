// An appointment in the conversation: begun, a slot chosen and kept, who comes, confirmed; moved,
// cancelled. What is told of slots is what the caller has now: a slot that is chosen may be gone,
// and the caller then says so (booking.hpp, slot_lost).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>

#include "answer/phrases.hpp"
#include "calendar/words.hpp"
#include "dialogue/booking.hpp"
#include "dialogue/booking_words.hpp"
#include "dialogue/filling.hpp"
#include "dialogue/places.hpp"
#include "dialogue/reading.hpp"
#include "dialogue/turn.hpp"
#include "text/normalise.hpp"
#include "text/personal.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Status;
using appointment::Agenda;
using appointment::Reason;
using std::chrono::days;

namespace {

constexpr std::size_t kReasonsOffered = 12;

void add(std::string& text, std::string_view line) {
  if (!line.empty()) text.append(text.empty() ? "" : "\n").append(line);
}

// As a conversation repeats it.
std::string masked(std::string_view email) {
  const std::size_t at = email.find('@');
  if (at == std::string_view::npos) return {};
  return std::string(text::utf8_prefix(email, 1)) + "…" + std::string(email.substr(at));
}

std::optional<std::string> contact_in(const std::string& words, text::PersonalKind kind) {
  for (const text::PersonalSpan& span : text::personal_spans(words))
    if (span.kind == kind) return words.substr(span.begin, span.end - span.begin);
  return std::nullopt;
}

}  // namespace

// One turn of it.
class BookingTurn {
 public:
  BookingTurn(State& state, const World& world, const Said& said, std::string& commune)
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

  std::optional<Step> take() {
    if (!said_.choice.empty())
      return said_.choice.starts_with(kBookingChoice) ? pressed() : std::nullopt;
    if (!booking_.asked.empty() && booking_.asked != kAskNothing) {
      if (comes_back(text_)) return once_more("Reprenons.");
      if (auto next = go_on()) return next;
      if (!wants_appointment(text_)) return std::nullopt;
    } else if (auto mine = about_mine()) {
      return mine;
    }
    return begin();
  }

  // After something else was answered: what was asked, asked again.
  void resume(Answer& answer) {
    const Answer other = std::exchange(answer_, {});
    answer_.appointment = {};
    again();
    add(answer.text, "Revenons à votre rendez-vous.");
    add(answer.text, answer_.text);
    for (const answer::Choice& choice : answer_.choices) answer.choices.push_back(choice);
    answer.appointment = std::move(answer_.appointment);
    answer_ = other;
  }

 private:
  // ── what is there ──

  std::string slug() const {
    const auto at = std::ranges::find(world_.communes, commune_, &tenancy::Commune::insee);
    return at == world_.communes.end() ? std::string() : "/" + at->slug;
  }
  const Agenda* agenda(std::string_view id) {
    if (!read_) {
      all_ = booker_.agendas(commune_);
      read_ = true;
    }
    for (const auto& each : all_)
      if (each->id == id) return each.get();
    return nullptr;
  }
  std::vector<const Agenda*> agendas() {
    agenda({});
    std::vector<const Agenda*> out;
    for (const auto& each : all_) out.push_back(each.get());
    return out;
  }
  void live_in(std::string commune) {
    commune_ = std::move(commune);
    state_.commune = commune_;
    read_ = false;
  }
  const Reason* reason() {
    const Agenda* at = agenda(booking_.agenda);
    return at == nullptr ? nullptr : at->reason(booking_.reason);
  }
  std::vector<FreeSlot> free(Instant from) const {
    const Booked* moved = mine(booking_.of);
    std::vector<FreeSlot> out = booker_.free({.agenda = booking_.agenda,
                                              .reason = booking_.reason,
                                              .commune = booking_.commune,
                                              .people = std::max(1, booking_.people),
                                              .way = booking_.way,
                                              .from = from,
                                              .until = from + kSlotsAhead,
                                              .number = moved ? moved->number : booking_.number});
    // Where it stands already is no time to move it to.
    if (moved != nullptr)
      std::erase_if(out, [&](const FreeSlot& slot) { return slot.start == moved->start; });
    return out;
  }
  const directory::Service* place() {
    if (place_) return &*place_;
    if (const Agenda* at = agenda(booking_.agenda)) place_ = booker_.service(at->service);
    return place_ ? &*place_ : nullptr;
  }
  BookingFacts facts() {
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
  std::string page(std::string_view which) const {
    std::string out =
        fmt::format("{}/rendez-vous/{}/{}/{}", slug(), which, booking_.agenda, booking_.reason);
    if (which == "choisir" && booking_.people > 1)
      out += fmt::format("?personnes={}", booking_.people);
    return out;
  }
  void set_appointment() {
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
  std::optional<Step> done(BookingDeed deed = BookingDeed::none) {
    answer_.status = Status::appointment;
    set_appointment();
    state_.offered.clear();
    state_.at_place = false;
    Step out{.state = {}, .answer = std::move(answer_), .answers = {}};
    out.state = std::move(state_);
    out.booking = deed;
    return out;
  }
  // No agenda has it: how to reach the town hall.
  std::optional<Step> by_contact(std::string_view why) {
    const answer::ComposeContext there = world_.context(commune_);
    if (there.services.by_pivot) answer_.contact = there.services.by_pivot("mairie");
    add(answer_.text, why);
    leave();
    answer_.status = answer_.contact ? Status::contact : Status::appointment;
    Step out{.state = {}, .answer = std::move(answer_), .answers = {}};
    out.state = std::move(state_);
    return out;
  }
  void leave() {
    const int number = booking_.number;
    booking_ = {};
    booking_.number = number;
  }

  // ── begun ──

  std::optional<Step> begin() {
    if (!wants_appointment(text_)) return std::nullopt;
    // A démarche that ends in an appointment takes what it is for.
    if (world_.procedures) {
      const auto offered = world_.procedures(commune_);
      if (const auto* one = meant(offered, text_);
          one != nullptr && one->title.contains("endez-vous"))
        return std::nullopt;
    }
    if (const std::string named = commune_named(world_.communes, text_); !named.empty())
      live_in(named);
    return open(text_);
  }

  std::optional<Step> open(const std::string& opening) {
    const auto all = agendas();
    if (all.empty()) return std::nullopt;
    std::vector<Meant> found = reasons_meant(all, commune_, opening);
    if (found.empty()) {
      if (names_matter(without_communes(world_.communes, opening))) return std::nullopt;
      // What was talked about.
      for (const Agenda* each : all)
        for (const Reason& reason : each->reasons)
          if (reason.offered && each->serves(reason, commune_) &&
              std::ranges::find(reason.sheets, state_.subject) != reason.sheets.end())
            found.push_back({each, &reason});
      if (found.empty() && !state_.subject.empty())
        found = reasons_meant(all, commune_, state_.title);
    }
    if (found.empty())
      for (const Agenda* each : all)
        for (const Reason& reason : each->reasons)
          if (reason.offered && each->serves(reason, commune_)) found.push_back({each, &reason});
    renew();
    booking_.opening = std::string(text::utf8_prefix(opening, kQuestionBytes));
    note_needs();
    if (found.size() == 1) return with_reason(*found[0].agenda, *found[0].reason);
    // The same in each commune: which one is asked.
    const bool alike = std::ranges::all_of(
        found, [&](const Meant& each) { return each.reason->label == found[0].reason->label; });
    if (alike && commune_.empty()) return ask_commune();
    return ask_reason(found);
  }

  // For another matter or another commune who comes, and what they need, is known already.
  void renew() {
    appointment::Visitor known;
    if (!booking_.asked.empty() && booking_.asked != kAskNothing && booking_.of == 0)
      known = std::move(booking_.visitor);
    known.asked.clear();
    const int number = booking_.number;
    booking_ = {};
    booking_.number = number + 1;
    booking_.visitor = std::move(known);
  }

  std::optional<Step> ask_reason(const std::vector<Meant>& found) {
    booking_.asked = kAskReason;
    add(answer_.text, "Pour quel motif voulez-vous un rendez-vous\u202f?");
    for (const Meant& each : found)
      if (answer_.choices.size() < kReasonsOffered)
        answer_.choices.push_back(
            {each.reason->label,
             std::string(kReasonChoice) + each.agenda->id + "/" + each.reason->id});
    return done();
  }

  std::optional<Step> ask_commune() {
    booking_.asked = kAskCommune;
    add(answer_.text, "Quelle est votre commune\u202f? Le rendez-vous en dépend.");
    for (const tenancy::Commune& each : world_.communes)
      answer_.choices.push_back({each.name, std::string(kTownChoice) + each.insee});
    return done();
  }

  std::optional<Step> with_reason(const Agenda& at, const Reason& reason) {
    booking_.agenda = at.id;
    booking_.reason = reason.id;
    place_.reset();
    const auto& whose = reason.communes.empty() ? at.communes : reason.communes;
    if (commune_.empty() && !whose.empty() && world_.communes.size() > 1) return ask_commune();
    booking_.commune = commune_;
    booking_.way = reason.ways.front();
    const auto row = answer::folded_words(booking_.opening);
    for (const appointment::Way way : reason.ways)
      if ((way == appointment::Way::phone && answer::has_phrase(row, "telephone|tel|appel")) ||
          (way == appointment::Way::video &&
           answer::has_phrase(row, "visio|video|visioconference")))
        booking_.way = way;
    if (booking_.people == 0) {
      const People people = people_in(booking_.opening);
      if (people.unsure && reason.people > 1) return ask_people(reason);
      booking_.people = std::max(1, people.count);
    }
    if (reason.people == 1) booking_.people = 1;
    if (booking_.people > reason.people) {
      add(answer_.text,
          fmt::format("Ce rendez-vous est pour {} personnes au plus. Pour plus, prenez "
                      "un second rendez-vous, ou appelez le service.",
                      reason.people));
      return ask_people(reason);
    }
    introduce(reason);
    return list(slot_wish(booking_.opening, local_));
  }

  std::optional<Step> ask_people(const Reason& reason) {
    booking_.asked = kAskPeople;
    booking_.people = 0;
    add(answer_.text, "Combien de personnes viennent pour leur demande\u202f?");
    for (int i = 1; i <= reason.people; ++i)
      answer_.choices.push_back({fmt::format("{} personne{}", i, i > 1 ? "s" : ""),
                                 std::string(kPeopleChoice) + std::to_string(i)});
    return done();
  }

  void introduce(const Reason& reason) {
    std::string& text = answer_.text;
    add(text, fmt::format("{}. Durée\u00a0: {}{}.", reason.label,
                          length_words(appointment::length(reason, booking_.people)),
                          booking_.people > 1 ? fmt::format(" pour {} personnes", booking_.people)
                                              : std::string()));
    if (const directory::Service* at = place())
      add(text, booking_.way == appointment::Way::in_person
                    ? "Lieu\u00a0: " + at->name + "."
                    : fmt::format("Avec\u00a0: {}, {}.", at->name, words(booking_.way)));
    add(text, reason.who);
    add(text, reason.note);
    if (!reason.bring.empty()) add(text, bring_words(facts()));
  }

  // ── slots ──

  static std::vector<FreeSlot> first(std::vector<FreeSlot> slots) {
    if (slots.size() > kSlotsShown) slots.resize(kSlotsShown);
    return slots;
  }

  std::optional<Step> nothing_free() {
    add(answer_.text,
        "Aucun horaire n’est libre en ce moment. Inscrivez-vous sur la liste d’attente\u00a0: une "
        "place qui se libère vous est proposée.");
    answer_.choices.clear();
    answer_.choices.push_back({"Arrêter", std::string(kLeave)});
    answer_.appointment["waiting"] = page("attente");
    if (context_.services.by_words && place() != nullptr)
      answer_.contact = context_.services.by_words(place()->name);
    booking_.asked = kAskSlot;
    booking_.shown.clear();
    return done();
  }

  // Why nobody receives on the days that were asked for; empty: they do, and all is taken.
  std::string closed_words(const SlotWish& wish) {
    if (!wish.one_day || wish.spans.empty()) return {};
    const CivilDate date = civil_date(wish.spans[0].first);
    const Agenda* at = agenda(booking_.agenda);
    if (at == nullptr) return {};
    std::string why;
    for (const appointment::Counter& counter : at->counters) {
      if (counter.seats_for(booking_.reason) == 0) continue;
      const auto service = booker_.service(at->service_of(counter));
      if (!service) continue;
      const calendar::Hours& hours = counter.hours ? *counter.hours : service->hours;
      const auto day = calendar::day_of(hours, date, directory::region_of(*service));
      if (!day || !day->empty()) return {};
      why = calendar::day_words(hours, date, directory::region_of(*service));
    }
    return why;
  }

  // The slots that the words leave, or the nearest ones; the one they name is taken.
  std::optional<Step> list(const SlotWish& wish) {
    const bool moving = booking_.of > 0;
    std::vector<FreeSlot> all = free(now_);
    if (!wish.spans.empty() && zone_.instant(wish.spans[0].first) > now_ + kSlotsAhead)
      all = free(zone_.instant(wish.spans[0].first) - days(7));
    if (all.empty()) return nothing_free();
    std::vector<FreeSlot> fit;
    for (const FreeSlot& slot : all)
      if (wish.holds(zone_.local(slot.start))) fit.push_back(slot);
    if (wish.any) return hold(all.front());
    if (wish.at) {
      // The day that is talked about, when none is said.
      std::optional<CivilDate> day;
      if (wish.spans.empty() && booking_.start) day = civil_date(zone_.local(*booking_.start));
      std::vector<FreeSlot> at_time;
      for (const FreeSlot& slot : fit)
        if (time_of_day(zone_.local(slot.start)) == *wish.at) at_time.push_back(slot);
      const auto shown = [&](const FreeSlot& slot) {
        return std::ranges::find(booking_.shown, slot.start) != booking_.shown.end();
      };
      const auto of_shown = std::ranges::count_if(at_time, shown);
      if (wish.spans.empty() && of_shown == 1) return hold(*std::ranges::find_if(at_time, shown));
      if (wish.one_day && at_time.size() == 1) return hold(at_time.front());
      if (wish.spans.empty() && !day && !booking_.shown.empty())
        day = civil_date(zone_.local(booking_.shown.front()));
      if (day)
        for (const FreeSlot& slot : at_time)
          if (civil_date(zone_.local(slot.start)) == *day) return hold(slot);
      if (!at_time.empty()) {
        add(answer_.text, "À cette heure, voici ce qui est libre.");
        offer_slots(answer_, booking_, first(at_time), zone_);
        return done();
      }
      // The nearest hours of the same days.
      const auto pool = fit.empty() ? all : fit;
      std::vector<FreeSlot> near = pool;
      const auto distance = [&](const FreeSlot& slot) {
        const LocalTime local = zone_.local(slot.start);
        const auto off = std::abs((time_of_day(local) - *wish.at).count());
        const auto aside =
            day ? std::abs(
                      (std::chrono::floor<days>(local) - std::chrono::local_days(*day)).count())
                : 0;
        return std::tuple(aside, off, slot.start);
      };
      std::ranges::sort(near, {}, distance);
      near = first(std::move(near));
      std::ranges::sort(near, {}, &FreeSlot::start);
      add(answer_.text, "Rien n’est libre à cette heure-là. Voici les horaires les plus proches.");
      if (const std::string why = closed_words(wish); !why.empty()) tell_closed(wish, why);
      offer_slots(answer_, booking_, near, zone_);
      return done();
    }
    if (wish.later || wish.other_day || wish.sooner) {
      std::vector<FreeSlot> rest;
      for (const FreeSlot& slot : fit) {
        const bool known = !booking_.shown.empty();
        const LocalTime local = zone_.local(slot.start);
        if (wish.other_day
                ? !known || std::chrono::floor<days>(local) >
                                std::chrono::floor<days>(zone_.local(booking_.shown.back()))
            : wish.later ? !known || slot.start > booking_.shown.back()
                         : !known || slot.start < booking_.shown.front())
          rest.push_back(slot);
      }
      if (wish.sooner && rest.size() > kSlotsShown)
        rest.erase(rest.begin(), rest.end() - static_cast<std::ptrdiff_t>(kSlotsShown));
      if (rest.empty()) {
        add(answer_.text, wish.sooner
                              ? "Ce sont les premiers horaires libres."
                              : "Il n’y a pas d’horaire après ceux-là. Voici les premiers.");
        answer_.appointment["waiting"] = page("attente");
        rest = all;
      } else {
        add(answer_.text, "Voici d’autres horaires libres.");
      }
      offer_slots(answer_, booking_, first(std::move(rest)), zone_);
      return done();
    }
    if (fit.empty()) {
      if (const std::string why = closed_words(wish); !why.empty())
        tell_closed(wish, why);
      else if (!wish.words.empty()) {
        add(answer_.text, fmt::format("Rien n’est libre {}.", wish.words));
        answer_.appointment["asked"] = wish.words;
      } else {
        add(answer_.text, "Rien n’est libre comme vous le demandez.");
      }
      std::vector<FreeSlot> near = all;
      // The same part of the day, and then any.
      SlotWish looser = wish;
      looser.spans.clear();
      std::vector<FreeSlot> alike;
      for (const FreeSlot& slot : all)
        if (looser.holds(zone_.local(slot.start))) alike.push_back(slot);
      if (!alike.empty()) near = alike;
      if (!wish.spans.empty()) {
        const Instant middle = zone_.instant(wish.spans[0].first);
        std::ranges::sort(near, {}, [&](const FreeSlot& slot) {
          return std::pair(slot.start > middle ? slot.start - middle : middle - slot.start,
                           slot.start);
        });
      }
      near = first(std::move(near));
      std::ranges::sort(near, {}, &FreeSlot::start);
      add(answer_.text, "Voici les horaires les plus proches. Il y a aussi une liste d’attente.");
      answer_.appointment["waiting"] = page("attente");
      offer_slots(answer_, booking_, near, zone_);
      return done();
    }
    if (moving && !wish.said())
      add(answer_.text, "Quel nouvel horaire vous convient\u202f?");
    else if (wish.limits())
      add(answer_.text, "Voici ce qui est libre. Lequel choisissez-vous\u202f?");
    else
      add(answer_.text,
          "Voici les premiers horaires libres. Lequel choisissez-vous\u202f? Vous "
          "pouvez aussi dire un jour ou une heure.");
    offer_slots(answer_, booking_, first(std::move(fit)), zone_);
    return done();
  }

  void tell_closed(const SlotWish& wish, const std::string& why) {
    add(answer_.text, fmt::format("Le {}\u00a0: {}.", wish.words, why));
    answer_.appointment["asked"] = wish.words;
    answer_.appointment["closed"] = why;
  }

  std::optional<Step> hold(const FreeSlot& slot) {
    booking_.start = slot.start;
    if (booking_.of > 0) return move();
    booking_.until = now_ + kSlotKept;
    add(answer_.text, fmt::format("Je vous garde {} pendant 10 minutes, jusqu’à {}.",
                                  slot_words(slot.start, zone_),
                                  calendar::time_words(time_of_day(zone_.local(*booking_.until)))));
    answer_.appointment["kept"] = "10 minutes";
    ask_next();
    return done(BookingDeed::hold);
  }

  // A button among those shown last is sure, and so is yes to the question; any other words are
  // asked about first: a move gives the former time away.
  std::optional<Step> move() {
    const bool pressed = said_.choice.starts_with(kSlotChoice) &&
                         std::ranges::find(booking_.shown, *booking_.start) != booking_.shown.end();
    if (pressed) return done(BookingDeed::move);
    booking_.asked = kAskMove;
    booking_.shown = {*booking_.start};
    ask_move_words();
    return done();
  }
  void ask_move_words() {
    const Booked* standing = mine(booking_.of);
    if (standing == nullptr || !booking_.start) return;
    const std::string next = slot_words(*booking_.start, zone_);
    add(answer_.text, fmt::format("Voulez-vous déplacer votre rendez-vous du {} au {}\u202f?",
                                  slot_words(standing->start, zone_), next));
    answer_.choices = {
        {"Oui, déplacer", std::string(kSlotChoice) + format_rfc3339(*booking_.start)},
        {"Un autre horaire", std::string(kOtherDay)},
        {"Non, le garder", std::string(kKeepIt)}};
    answer_.appointment["slots"] =
        json::array{json::object{{"start", format_rfc3339(*booking_.start)}, {"words", next}}};
  }
  std::optional<Step> move_said(const Heard& heard) {
    const SlotWish wish = slot_wish(text_, local_);
    const bool question = text_.contains('?');
    if (refuses(text_, AboutBooking::move)) return keep();
    // "oui, jeudi à 14h" says again what was asked.
    const bool same = wish.limits() && booking_.start && wish.holds(zone_.local(*booking_.start)) &&
                      (!wish.at || time_of_day(zone_.local(*booking_.start)) == *wish.at);
    if (same && agrees(text_)) return done(BookingDeed::move);
    if (wish.said() && !question) return list(wish);
    const auto row = answer::folded_words(text_);
    if (heard.act == Act::no || gives_up(text_) ||
        (answer::has_phrase(row, "non|nan") && !answer::has_phrase(row, "oui")))
      return keep();
    if (confirms(text_)) return done(BookingDeed::move);
    if (about_booking(text_) == AboutBooking::cancel && !question &&
        !about_something_else(text_, labels()))
      return of_mine(booking_.of, AboutBooking::cancel, text_);
    if (question && !says_yes(text_)) return std::nullopt;
    return once_more("Rien n’est déplacé pour l’instant. Répondez par oui ou par non.");
  }

  // ── who comes ──

  void ask_next() {
    const Reason* why = reason();
    answer_.choices.clear();
    if (booking_.visitor.name.read().empty()) {
      booking_.asked = kAskName;
      add(answer_.text,
          booking_.people > 1
              ? "Quels sont le prénom et le nom d’une des personnes qui viennent\u202f?"
              : "Quels sont le prénom et le nom de la personne qui vient\u202f?");
      return;
    }
    if (why != nullptr)
      for (const appointment::Asked& each : why->asks) {
        if (booking_.visitor.asked.contains(each.id) ||
            std::ranges::find(booking_.passed, each.id) != booking_.passed.end())
          continue;
        booking_.asked = std::string(kAskOwn) + each.id;
        add(answer_.text, each.label + "\u202f?" + (each.hint.empty() ? "" : " " + each.hint));
        if (!each.required) answer_.choices.push_back({"Passer", std::string(kPassIt)});
        return;
      }
    if (booking_.visitor.email.read().empty()) {
      booking_.asked = kAskEmail;
      add(answer_.text, "Quelle est votre adresse e-mail\u202f? La confirmation y part.");
      return;
    }
    review();
  }

  void review() {
    booking_.asked = kAskReview;
    std::string& text = answer_.text;
    add(text, "Vérifiez\u00a0:");
    if (booking_.start) add(text, "- " + slot_words(*booking_.start, zone_));
    if (const Reason* why = reason())
      add(text, "- " + why->label +
                    (booking_.people > 1 ? fmt::format(", {} personnes", booking_.people) : ""));
    if (const directory::Service* at = place()) add(text, "- " + at->name);
    add(text, "- " + booking_.visitor.name.read());
    add(text, "- " + masked(booking_.visitor.email.read()));
    if (booking_.visitor.needs.any()) add(text, "- " + words(booking_.visitor.needs));
    if (!booking_.visitor.needs.any())
      add(text,
          "Un besoin\u202f? Accès sans marche, langue des signes, interprète\u00a0: dites-le.");
    add(text, "Est-ce que tout est juste\u202f?");
    answer_.choices = {{"Confirmer le rendez-vous", std::string(kConfirm)},
                       {"Changer l’horaire", std::string(kOtherDay)},
                       {"Abandonner", std::string(kLeave)}};
  }

  // What was asked, again.
  void again() {
    if (booking_.asked == kAskReason || booking_.asked == kAskCommune ||
        booking_.asked == kAskPeople || booking_.asked == kAskSlot ||
        booking_.asked == kAskCancel || booking_.asked == kAskMove || booking_.asked == kAskWhich) {
      if (booking_.asked == kAskReason) {
        const auto all = agendas();
        auto found = reasons_meant(all, commune_, booking_.opening);
        if (found.empty())
          for (const Agenda* each : all)
            for (const Reason& one : each->reasons)
              if (one.offered && each->serves(one, commune_)) found.push_back({each, &one});
        add(answer_.text, "Pour quel motif voulez-vous un rendez-vous\u202f?");
        for (const Meant& each : found)
          if (answer_.choices.size() < kReasonsOffered)
            answer_.choices.push_back(
                {each.reason->label,
                 std::string(kReasonChoice) + each.agenda->id + "/" + each.reason->id});
      } else if (booking_.asked == kAskCommune) {
        add(answer_.text, "Quelle est votre commune\u202f?");
        for (const tenancy::Commune& each : world_.communes)
          answer_.choices.push_back({each.name, std::string(kTownChoice) + each.insee});
      } else if (booking_.asked == kAskPeople) {
        add(answer_.text, "Combien de personnes viennent pour leur demande\u202f?");
        if (const Reason* why = reason())
          for (int i = 1; i <= why->people; ++i)
            answer_.choices.push_back({fmt::format("{} personne{}", i, i > 1 ? "s" : ""),
                                       std::string(kPeopleChoice) + std::to_string(i)});
      } else if (booking_.asked == kAskCancel) {
        ask_cancel_words();
      } else if (booking_.asked == kAskMove) {
        ask_move_words();
      } else if (booking_.asked == kAskWhich) {
        offer_mine();
      } else {
        const std::vector<FreeSlot> all = free(now_);
        std::vector<FreeSlot> still;
        for (const FreeSlot& slot : all)
          if (std::ranges::find(booking_.shown, slot.start) != booking_.shown.end())
            still.push_back(slot);
        add(answer_.text, "Quel horaire choisissez-vous\u202f?");
        offer_slots(answer_, booking_, still.empty() ? first(all) : still, zone_);
      }
      set_appointment();
      return;
    }
    ask_next();
    set_appointment();
  }
  std::optional<Step> once_more(std::string_view why) {
    add(answer_.text, why);
    again();
    return done();
  }

  bool note_needs() {
    const std::string noted = needs_said(text_, booking_.visitor.needs);
    if (noted.empty()) return false;
    if (booking_.of > 0) {
      booking_.visitor.needs = {};
      tell_whom();
      return true;
    }
    add(answer_.text, "Merci de le dire. C’est noté\u00a0: " + noted + ".");
    return true;
  }

  // What is booked is sealed: whoever receives them is told by them.
  void tell_whom() {
    add(answer_.text,
        "Merci de le dire. Ce rendez-vous est déjà pris\u00a0: je ne peux plus l’y noter.");
    const directory::Service* at = place();
    if (at != nullptr && context_.services.by_words)
      answer_.contact = context_.services.by_words(at->name);
    if (!answer_.contact && context_.services.by_pivot)
      answer_.contact = context_.services.by_pivot("mairie");
    if (at == nullptr) {
      add(answer_.text, "Dites-le au service avant de venir.");
      return;
    }
    add(answer_.text, at->phones.empty()
                          ? fmt::format("Dites-le avant de venir à ce service\u00a0: {}.", at->name)
                          : fmt::format("Dites-le avant de venir à ce service\u00a0: {}, {}.",
                                        at->name, at->phones.front().number));
  }

  // ── a turn in it ──

  std::optional<Step> go_on() {
    const Heard heard = hear(text_);
    if (heard.act == Act::person || heard.act == Act::insult || heard.act == Act::threat ||
        heard.act == Act::manipulate || heard.act == Act::machine)
      return std::nullopt;
    if ((booking_.asked == kAskCancel || booking_.asked == kAskMove) && !mine(booking_.of))
      return stop();
    if (booking_.asked == kAskCancel) return decide(heard);
    if (booking_.asked == kAskMove) return move_said(heard);
    if (booking_.asked == kAskWhich) return which();
    const bool own = booking_.asked.starts_with(kAskOwn);
    if (gives_up(text_) && !(own && heard.act == Act::no)) return stop();
    const bool question = text_.contains('?');
    const AboutBooking about = about_booking(text_);
    // "je ne peux pas venir lundi" wants another day.
    if (about == AboutBooking::cancel && !question && !refuses(text_, about) &&
        answer::has_phrase(
            answer::folded_words(text_),
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
    // Another matter altogether: "non, pour le passeport finalement".
    if (booking_.asked != kAskReason && reason() != nullptr && corrects_matter())
      return open(text_);
    const bool early = booking_.asked == kAskReason || booking_.asked == kAskCommune ||
                       booking_.asked == kAskPeople;
    if (early && note_needs() && reasons_meant(agendas(), commune_, text_).empty() &&
        commune_named(world_.communes, text_).empty() && people_in(text_).count == 0) {
      again();
      return done();
    }
    if (booking_.asked == kAskReason) return reason_said(heard);
    if (booking_.asked == kAskCommune) return commune_said();
    if (booking_.asked == kAskPeople) return people_said();
    if (booking_.asked == kAskSlot) return slot_said(heard);
    // The slot is held; another one is wanted.
    const SlotWish wish = slot_wish(text_, local_);
    if (wish.said() && (corrects_time(text_) || booking_.asked == kAskReview) && !question) {
      if (wish.limits() || wish.other_day || wish.later || wish.sooner) return list(wish);
    }
    if (corrects_time(text_) && about == AboutBooking::move) return list({});
    if (note_needs()) {
      again();
      return done();
    }
    if (booking_.asked == kAskReview && confirms(text_)) return confirm();
    if (heard.act == Act::greeting || heard.act == Act::thanks || heard.act == Act::goodbye)
      return std::nullopt;
    const auto email = contact_in(words_, text::PersonalKind::email);
    if (is_masked(words_))
      return once_more(
          "Je n’ai pas gardé ce que vous avez écrit\u00a0: une partie en est masquée. Écrivez-le "
          "de nouveau.");
    if (booking_.asked == kAskReview && question && says_yes(text_))
      return once_more("Ce rendez-vous n’est pas encore pris.");
    if (question && !email) return std::nullopt;
    if (auto phone = contact_in(words_, text::PersonalKind::phone))
      booking_.visitor.phone = Personal(std::move(*phone));
    if (booking_.asked == kAskReview) return reviewed(heard, email);
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
          answer::has_phrase(
              answer::folded_words(text_),
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
    } else if (booking_.asked == kAskEmail) {
      if (!email) {
        if (without_email(text_) && !words_.contains('@')) {
          if (const directory::Service* at = place(); at != nullptr && context_.services.by_words)
            answer_.contact = context_.services.by_words(at->name);
          return once_more(
              "Sans adresse e-mail, appelez le service\u00a0: il prend le rendez-vous avec vous. "
              "Je "
              "garde l’horaire jusque-là.");
        }
        if (heard.asks && !words_.contains('@')) return std::nullopt;
        return once_more("Cette adresse e-mail n’est pas complète. Exemple\u00a0: nom@domaine.fr.");
      }
    }
    ask_next();
    return done();
  }

  bool corrects_matter() {
    if (!corrects_time(text_)) return false;
    const auto found = reasons_meant(agendas(), commune_, text_);
    return found.size() == 1 && found[0].reason->id != booking_.reason;
  }

  std::optional<Step> reason_said(const Heard& heard) {
    if (const std::string named = commune_named(world_.communes, text_); !named.empty())
      live_in(named);
    auto found = reasons_meant(agendas(), commune_, text_);
    // Among those that were offered first.
    const auto before = reasons_meant(agendas(), commune_, booking_.opening);
    if (before.size() > 1) {
      std::vector<Meant> both;
      for (const Meant& each : found)
        for (const Meant& one : before)
          if (one.reason == each.reason) both.push_back(each);
      if (!both.empty()) found = both;
      if (const auto at = ordinal_in(text_, before.size()); found.empty() && at)
        found = {before[*at]};
    }
    if (found.size() == 1) {
      booking_.opening += " " + text_;
      return with_reason(*found[0].agenda, *found[0].reason);
    }
    if (found.size() > 1) return ask_reason(found);
    if (heard.asks || names_matter(text_)) {
      if (!heard.asks) {
        leave();
        return by_contact(
            "Ce rendez-vous ne se prend pas ici. Appelez la mairie\u00a0: elle vous "
            "dira qui vous reçoit.");
      }
      return std::nullopt;
    }
    return once_more("Je n’ai pas compris.");
  }

  std::optional<Step> commune_said() {
    const std::string named = commune_named(world_.communes, text_);
    if (named.empty()) {
      if (hear(text_).asks) return std::nullopt;
      return once_more("Je ne connais pas cette commune.");
    }
    return of_commune(named);
  }
  std::optional<Step> of_commune(const std::string& insee) {
    live_in(insee);
    if (booking_.reason.empty()) {
      const int number = booking_.number;
      auto next = open(booking_.opening);
      if (next) next->state.booking.number = number;
      return next ? std::move(next) : by_contact(kNotHere);
    }
    const Agenda* at = agenda(booking_.agenda);
    const Reason* why = at == nullptr ? nullptr : at->reason(booking_.reason);
    if (why != nullptr && at->serves(*why, commune_)) return with_reason(*at, *why);
    const auto found = reasons_meant(agendas(), commune_, booking_.opening);
    if (found.size() == 1) return with_reason(*found[0].agenda, *found[0].reason);
    return by_contact(kNotHere);
  }
  static constexpr std::string_view kNotHere =
      "Dans votre commune, ce rendez-vous ne se prend pas en ligne. Appelez la mairie.";

  std::optional<Step> people_said() {
    int count = people_in(text_).count;
    for (const std::string& word : answer::folded_words(text_))
      if (count == 0) {
        int number = 0;
        const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), number);
        if (fault == std::errc() && end == word.data() + word.size()) count = number;
      }
    static constexpr std::array<std::string_view, 8> kNumbers = {
        "une|un|seul|seule", "deux", "trois", "quatre", "cinq", "six", "sept", "huit"};
    for (std::size_t i = 0; i < kNumbers.size() && count == 0; ++i)
      if (answer::has_phrase(answer::folded_words(text_), kNumbers[i]))
        count = static_cast<int>(i) + 1;
    if (count <= 0) {
      if (hear(text_).asks) return std::nullopt;
      return once_more("Écrivez un nombre, par exemple\u00a0: 2.");
    }
    return of_people(count);
  }
  std::optional<Step> of_people(int count) {
    const Agenda* at = agenda(booking_.agenda);
    const Reason* why = reason();
    if (at == nullptr || why == nullptr) return by_contact(kNotHere);
    booking_.people = count;
    return with_reason(*at, *why);
  }

  std::optional<Step> slot_said(const Heard& heard) {
    if (reason() == nullptr) return by_contact(kNotHere);
    const bool noted = note_needs();
    if (const auto at = ordinal_in(text_, booking_.shown.size()))
      return take_slot(booking_.shown[*at]);
    const SlotWish wish = slot_wish(text_, local_);
    if (wish.said()) {
      // "celui de mardi": it is one of those shown.
      if (wish.one_day && !wish.at && booking_.shown.size() > 1) {
        std::vector<Instant> those;
        for (const Instant start : booking_.shown)
          if (wish.holds(zone_.local(start))) those.push_back(start);
        if (those.size() == 1 && answer::has_phrase(answer::folded_words(text_),
                                                    "celui|ca me va|me va|parfait|d accord|ok"))
          return take_slot(those[0]);
      }
      return list(wish);
    }
    const bool yes = confirms(text_) || agrees(text_) ||
                     answer::has_phrase(answer::folded_words(text_), "me va|me convient|parfait");
    if (yes && booking_.shown.size() == 1) return take_slot(booking_.shown[0]);
    const People people = people_in(text_);
    if (people.count > 1 && people.count != booking_.people) return of_people(people.count);
    if (noted) {
      again();
      return done();
    }
    if (yes) return once_more("Lequel\u202f? Dites «\u00a0le premier\u00a0», ou l’heure.");
    if (heard.act == Act::no) {
      SlotWish later;
      later.later = true;
      return list(later);
    }
    constexpr std::size_t kShort = 4;  // words
    if (heard.asks || heard.act != Act::ask || answer::folded_words(text_).size() > kShort)
      return std::nullopt;
    return once_more("Je n’ai pas compris. Dites un jour ou une heure, ou choisissez.");
  }

  std::optional<Step> take_slot(Instant start) {
    for (const FreeSlot& slot : free(std::max(now_, start - days(1))))
      if (slot.start == start) return hold(slot);
    if (booking_.start == start && booking_.of == 0) {  // held already
      ask_next();
      return done(BookingDeed::hold);
    }
    slot_lost(answer_, booking_, first(free(now_)), zone_);
    return done();
  }

  std::optional<Step> reviewed(const Heard& heard, const std::optional<std::string>& email) {
    if (email) {
      booking_.visitor.email = Personal(*email);
      return once_more({});
    }
    const auto words = answer::folded_words(text_);
    if (answer::has_phrase(words, "mail|email|adresse|courriel")) {
      booking_.visitor.email = Personal(std::string());
      ask_next();
      return done();
    }
    if (answer::has_phrase(words, "nom|prenom|appelle|appelles")) {
      const std::string name =
          answer::has_phrase(words, "appelle|nom est|est") ? name_in(words_) : std::string();
      booking_.visitor.name = Personal(name);
      ask_next();
      return done();
    }
    if (heard.act == Act::no || answer::has_phrase(words, "non|pas|corrig*|modifi*|chang*")) {
      add(answer_.text, "Que faut-il changer\u00a0: l’horaire, le nom ou l’adresse e-mail\u202f?");
      answer_.choices = {{"Confirmer le rendez-vous", std::string(kConfirm)},
                         {"Changer l’horaire", std::string(kOtherDay)},
                         {"Abandonner", std::string(kLeave)}};
      return done();
    }
    const People people = people_in(text_);
    if (people.count > 1 && people.count != booking_.people) return of_people(people.count);
    return std::nullopt;
  }

  std::optional<Step> confirm() {
    if (!booking_.start || booking_.visitor.email.read().empty()) return once_more({});
    return done(BookingDeed::confirm);
  }

  std::optional<Step> stop() {
    const Booked* moving = mine(booking_.of);
    const bool held = booking_.start.has_value() && booking_.of == 0;
    const auto others = live();
    if (moving != nullptr) {
      add(answer_.text, "D’accord. Votre rendez-vous reste comme il est.");
      answer_.choices = {
          {"Annuler le rendez-vous", std::string(kDoCancel) + std::to_string(moving->number)}};
    } else if (others.empty()) {
      add(answer_.text, "D’accord, j’arrête. Aucun rendez-vous n’est pris.");
    } else {
      const Booked* last = mine(others.back());
      add(answer_.text, fmt::format("D’accord, j’arrête. L’autre rendez-vous, {}, reste.",
                                    slot_words(last->start, zone_)));
      answer_.choices = {
          {"Annuler l’autre rendez-vous", std::string(kDoCancel) + std::to_string(last->number)}};
    }
    const int number = booking_.number;
    set_appointment();
    answer_.appointment.erase("held_until");
    answer_.appointment.erase("held_until_words");
    leave();
    booking_.number = number;
    if (moving != nullptr) booking_.asked = kAskNothing;
    return done(held ? BookingDeed::release : BookingDeed::none);
  }

  // ── those that were taken here ──

  // Null when there is none, or it is forgotten.
  const Booked* mine(int number) const {
    const auto at = std::ranges::find(state_.booked, number, &Booked::number);
    return number <= 0 || at == state_.booked.end() ? nullptr : &*at;
  }
  // Numbers of those to come.
  std::vector<int> live() const {
    std::vector<int> out;
    for (const Booked& each : state_.booked)
      if (!each.cancelled && each.end > now_) out.push_back(each.number);
    return out;
  }
  std::vector<std::string> labels() const {
    std::vector<std::string> out;
    for (const Booked& each : state_.booked) out.push_back(each.label);
    return out;
  }

  std::optional<Step> about_mine() {
    const auto mine = live();
    AboutBooking about = about_booking(text_);
    const bool named = names_appointment(text_), question = text_.contains('?');
    if (hear(text_).act == Act::person) return std::nullopt;
    if (mine.empty()) {
      const bool over = about == AboutBooking::cancel || about == AboutBooking::move;
      if (!over || !named ||
          answer::has_phrase(answer::folded_words(text_), "prefecture*|medecin*"))
        return std::nullopt;
      return by_contact(
          "Je ne vois pas de rendez-vous pris dans cette conversation. Le lien du message de "
          "confirmation le déplace ou l’annule. Sinon, appelez la mairie.");
    }
    const bool just_now = booking_.asked == kAskNothing;
    const auto words = answer::folded_words(text_);
    constexpr std::size_t kShort = 9;  // words: "je dois apporter quoi ?"
    const bool brief = words.size() <= kShort;
    if (about == AboutBooking::none && just_now) {
      const SlotWish wish = slot_wish(text_, local_);
      if (wish.said() && corrects_time(text_) && !question) about = AboutBooking::move;
    }
    if (about == AboutBooking::none && (named || (just_now && !question))) {
      appointment::Needs needs;
      if (!needs_said(text_, needs).empty()) {
        talk_of(mine.back());
        booking_.asked = kAskNothing;
        tell_whom();
        return done();
      }
    }
    if (about == AboutBooking::none && named &&
        answer::has_phrase(words, "mon rdv|mon rendez|rappelez moi|rappelle moi|rappel"))
      about = AboutBooking::when;
    if (about == AboutBooking::none) {
      if (just_now) booking_.asked.clear();  // another subject
      return std::nullopt;
    }
    if (!named && !brief) return std::nullopt;
    // Minutes later, "adresse" may be that of anything.
    if (!named && !just_now &&
        (about == AboutBooking::where || about == AboutBooking::when ||
         about == AboutBooking::bring))
      return std::nullopt;
    if (about == AboutBooking::cancel || about == AboutBooking::move) {
      if (!named && about_something_else(text_, labels())) return std::nullopt;
      if (refuses(text_, about) && !question) {
        talk_of(mine.back());
        return keep();
      }
      if (mine.size() > 1) {
        booking_.opening = text_;
        booking_.asked = kAskWhich;
        offer_mine();
        return done();
      }
    }
    return of_mine(mine.back(), about, text_);
  }

  void offer_mine() {
    add(answer_.text, "Lequel de vos rendez-vous\u202f?");
    answer_.choices.clear();
    json::array slots;
    for (const int number : live()) {
      const Booked& each = *mine(number);
      std::string words = slot_words(each.start, zone_) + ", " + each.label;
      slots.push_back(json::object{{"start", format_rfc3339(each.start)}, {"words", words}});
      answer_.choices.push_back(
          {std::move(words), std::string(kWhichChoice) + std::to_string(number)});
    }
    answer_.appointment["slots"] = std::move(slots);
  }
  std::optional<Step> which() {
    const auto all = live();
    if (gives_up(text_)) return stop();
    if (const auto at = ordinal_in(text_, all.size()))
      return of_mine(all[*at], about_booking(booking_.opening), booking_.opening);
    const SlotWish wish = slot_wish(text_, local_);
    std::vector<int> those;
    for (const int number : all) {
      const Booked& each = *mine(number);
      const auto label = answer::folded_words(each.label);
      bool named = wish.limits() && wish.holds(zone_.local(each.start)) &&
                   (!wish.at || time_of_day(zone_.local(each.start)) == *wish.at);
      for (const std::string& word : answer::folded_words(text_))
        named |= word.size() > 4 && std::ranges::find(label, word) != label.end();
      if (named) those.push_back(number);
    }
    if (those.size() == 1)
      return of_mine(those[0], about_booking(booking_.opening), booking_.opening);
    if (hear(text_).asks) return std::nullopt;
    return once_more("Je n’ai pas compris.");
  }

  void talk_of(int which) {
    const Booked& each = *mine(which);
    const int number = booking_.number;
    booking_ = {};
    booking_.number = number;
    booking_.of = which;
    booking_.agenda = each.agenda;
    booking_.reason = each.reason;
    booking_.commune = each.commune;
    booking_.people = each.people;
    booking_.way = each.way;
    place_.reset();
  }

  // number: of one that is known (mine).
  std::optional<Step> of_mine(int number, AboutBooking about, const std::string& words) {
    talk_of(number);
    const Booked& mine = *this->mine(number);
    switch (about) {
      case AboutBooking::cancel:
        booking_.asked = kAskCancel;
        ask_cancel_words();
        booking_.start = mine.start;
        return done();
      case AboutBooking::move: {
        if (reason() == nullptr)
          return by_contact("Ce rendez-vous ne se déplace plus ici. Appelez le service.");
        booking_.shown = {mine.start};
        return list(slot_wish(words, local_));
      }
      case AboutBooking::where:
      case AboutBooking::when:
      case AboutBooking::bring:
      case AboutBooking::none:
        break;
    }
    booking_.asked = kAskNothing;
    booking_.start = mine.start;
    if (about == AboutBooking::bring) add(answer_.text, bring_words(facts()));
    if (about == AboutBooking::where) add(answer_.text, place_words(facts()));
    return done(BookingDeed::tell);
  }

  void ask_cancel_words() {
    const Booked* mine = this->mine(booking_.of);
    if (mine == nullptr) return;
    const std::string number = std::to_string(mine->number);
    add(answer_.text,
        fmt::format("Voulez-vous annuler votre rendez-vous, {}\u202f? Vous pouvez aussi le "
                    "décaler.",
                    slot_words(mine->start, zone_)));
    answer_.choices = {{"Oui, annuler", std::string(kSure) + number},
                       {"Décaler le rendez-vous", std::string(kDoMove) + number},
                       {"Non, le garder", std::string(kKeepIt)}};
  }

  std::optional<Step> decide(const Heard& heard) {
    const int number = booking_.of;
    const SlotWish wish = slot_wish(text_, local_);
    const AboutBooking about = about_booking(text_);
    const bool question = text_.contains('?');
    const auto row = answer::folded_words(text_);
    if (refuses(text_, AboutBooking::cancel)) return keep();
    if (about == AboutBooking::move ||
        (wish.limits() && !question && !answer::has_phrase(row, "annul*|anul*")))
      return of_mine(number, AboutBooking::move, text_);
    const bool no = answer::has_phrase(row, "non|nan") && !answer::has_phrase(row, "oui");
    if (heard.act == Act::no || (no && !about_something_else(text_, labels()))) return keep();
    if (!question && !about_something_else(text_, labels()) &&
        (confirms(text_) || about == AboutBooking::cancel ||
         answer::has_phrase(row, "en veux plus|plus besoin")))
      return cancel();
    if (question && !says_yes(text_)) return std::nullopt;
    return once_more("Rien n’est annulé pour l’instant. Répondez par oui ou par non.");
  }
  std::optional<Step> keep() {
    const bool moving = booking_.asked == kAskMove;
    add(answer_.text, moving ? "D’accord, je ne déplace rien." : "D’accord, je n’annule rien.");
    if (mine(booking_.of) == nullptr) return done();
    return of_mine(booking_.of, AboutBooking::when, {});
  }
  std::optional<Step> cancel() {
    booking_.asked = kAskNothing;
    return done(BookingDeed::cancel);
  }

  // ── choices ──

  std::optional<Step> pressed() {
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
        return of_mine(number, about_booking(booking_.opening), booking_.opening);
      return of_mine(number, act == kDoMove ? AboutBooking::move : AboutBooking::cancel, {});
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
    if (booking_.asked == kAskNothing && choice == kConfirm && !alive.empty())
      return of_mine(alive.back(), AboutBooking::when, {});  // pressed twice
    if (booking_.asked.empty() || booking_.asked == kAskNothing) return stale();
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
    return stale();
  }
  static int number_in(std::string_view digits) {
    int out = -1;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return fault == std::errc() && end == digits.data() + digits.size() ? out : -1;
  }
  std::optional<Step> stale() {
    if (booking_.asked.empty() || booking_.asked == kAskNothing) {
      add(answer_.text,
          "Ce choix ne vaut plus. Pour un rendez-vous, dites pourquoi vous venez, par "
          "exemple\u00a0: «\u00a0un rendez-vous pour un passeport\u00a0».");
      return done();
    }
    return once_more("Ce choix ne vaut plus.");
  }

  State& state_;
  const World& world_;
  const Said& said_;
  std::string& commune_;
  const Booker& booker_;
  const answer::ComposeContext context_;
  const Zone zone_;
  const Instant now_;
  const LocalTime local_;
  const std::string text_, words_;
  Booking& booking_;
  Answer answer_;
  std::vector<std::shared_ptr<const Agenda>> all_;
  bool read_ = false;
  std::optional<directory::Service> place_;
};

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
