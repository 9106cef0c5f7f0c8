// An appointment that is begun: what it is for, how many come, who they are; what is said of that.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "answer/phrases.hpp"
#include "dialogue/booking_turn.hpp"
#include "dialogue/filling.hpp"
#include "dialogue/places.hpp"
#include "dialogue/reading.hpp"
#include "dialogue/slot_choice.hpp"
#include "dialogue/turn.hpp"
#include "dialogue/waiting_words.hpp"
#include "text/normalise.hpp"

namespace parvis::dialogue {

using appointment::Agenda;
using appointment::Reason;

namespace {

// As a conversation repeats it.
std::string masked(std::string_view email) {
  const std::size_t at = email.find('@');
  if (at == std::string_view::npos) return {};
  return std::string(text::utf8_prefix(email, 1)) + "…" + std::string(email.substr(at));
}

}  // namespace

std::optional<Step> BookingTurn::begin() {
  if (!wants_appointment(text_) && !asks_for_list(text_)) return std::nullopt;
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

std::optional<Step> BookingTurn::open(const std::string& opening) {
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

void BookingTurn::renew() {
  appointment::Visitor known;
  if (!booking_.asked.empty() && booking_.asked != kAskNothing && booking_.of == 0)
    known = std::move(booking_.visitor);
  known.asked.clear();
  known.may.reset();
  const int number = booking_.number;
  booking_ = {};
  booking_.number = number + 1;
  booking_.visitor = std::move(known);
}

std::optional<Step> BookingTurn::ask_reason(const std::vector<Meant>& found) {
  booking_.asked = kAskReason;
  add(answer_.text, "Pour quel motif voulez-vous un rendez-vous\u202f?");
  for (const Meant& each : found)
    if (answer_.choices.size() < kReasonsOffered)
      answer_.choices.push_back({each.reason->label, std::string(kReasonChoice) + each.agenda->id +
                                                         "/" + each.reason->id});
  return done();
}

std::optional<Step> BookingTurn::ask_commune() {
  booking_.asked = kAskCommune;
  add(answer_.text, "Quelle est votre commune\u202f? Le rendez-vous en dépend.");
  for (const tenancy::Commune& each : world_.communes)
    answer_.choices.push_back({each.name, std::string(kTownChoice) + each.insee});
  return done();
}

std::optional<Step> BookingTurn::with_reason(const Agenda& at, const Reason& reason) {
  if (booking_.agenda != at.id || booking_.reason != reason.id) booking_.visitor.may.reset();
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
        (way == appointment::Way::video && answer::has_phrase(row, "visio|video|visioconference")))
      booking_.way = way;
  if (booking_.people == 0) {
    const People people = people_in(booking_.opening);
    if (people.unsure && reason.people > 1) return ask_people(reason);
    booking_.people = std::max(1, people.count);
  }
  if (reason.people == 1) booking_.people = 1;
  if (booking_.people > reason.people) {
    add(answer_.text, fmt::format("Ce rendez-vous est pour {} personnes au plus. Pour plus, prenez "
                                  "un second rendez-vous, ou appelez le service.",
                                  reason.people));
    return ask_people(reason);
  }
  introduce(reason);
  if (reason.may && !booking_.visitor.may.value_or(false)) {
    ask_may();
    return done();
  }
  return begin_slots();
}

std::optional<Step> BookingTurn::begin_slots() {
  if (names_list(booking_.opening)) return enter_list();
  return list(slot_wish(booking_.opening, local_));
}

void BookingTurn::ask_may() {
  booking_.asked = kAskMay;
  if (const Reason* why = reason(); why != nullptr && why->may) add(answer_.text, why->may->ask);
  answer_.choices = {{"Oui", std::string(kMayBook)}, {"Non", std::string(kMayNot)}};
}

std::optional<Step> BookingTurn::may_said(const Heard& heard) {
  const auto words = answer::folded_words(text_);
  if (heard.act == Act::no || answer::starts_with_phrase(words, "non|nan")) return of_may(false);
  if (heard.act == Act::yes || says_yes(text_) || answer::starts_with_phrase(words, "oui|ouais"))
    return of_may(true);
  if (heard.asks) return std::nullopt;
  return once_more("Répondez par oui ou par non.");
}

std::optional<Step> BookingTurn::of_may(bool may) {
  const Reason* why = reason();
  if (why == nullptr) return by_contact(kNotHere);
  if (!may) return by_contact(why->may ? std::string_view(why->may->otherwise) : kNotHere);
  booking_.visitor.may = true;
  return begin_slots();
}

std::optional<Step> BookingTurn::ask_people(const Reason& reason) {
  booking_.asked = kAskPeople;
  booking_.people = 0;
  add(answer_.text, "Combien de personnes viennent pour leur demande\u202f?");
  for (int i = 1; i <= reason.people; ++i)
    answer_.choices.push_back({fmt::format("{} personne{}", i, i > 1 ? "s" : ""),
                               std::string(kPeopleChoice) + std::to_string(i)});
  return done();
}

void BookingTurn::introduce(const Reason& reason) {
  std::string& text = answer_.text;
  add(text, fmt::format("{}. Durée\u00a0: {}{}.", reason.label,
                        length_words(appointment::length(reason, booking_.people)),
                        booking_.people > 1 ? fmt::format(" pour {} personnes", booking_.people)
                                            : std::string()));
  if (const directory::Service* at = place()) {
    state_.place = at->name;  // "c'est quoi leur numéro ?"
    add(text, booking_.way == appointment::Way::in_person
                  ? "Lieu\u00a0: " + at->name + "."
                  : fmt::format("Avec\u00a0: {}, {}.", at->name, words(booking_.way)));
  }
  add(text, reason.who);
  add(text, reason.note);
  if (!reason.bring.empty()) add(text, bring_words(facts()));
}

void BookingTurn::ask_next() {
  const Reason* why = reason();
  answer_.choices.clear();
  if (booking_.visitor.name.read().empty()) {
    booking_.asked = kAskName;
    add(answer_.text, booking_.people > 1
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
  if (booking_.way == appointment::Way::phone && booking_.visitor.phone.read().empty()) {
    booking_.asked = kAskPhone;
    add(answer_.text, "À quel numéro de téléphone le service vous appelle-t-il\u202f?");
    return;
  }
  if (booking_.visitor.email.read().empty()) {
    booking_.asked = kAskEmail;
    add(answer_.text, booking_.waits
                          ? "Quelle est votre adresse e-mail\u202f? La proposition y part."
                          : "Quelle est votre adresse e-mail\u202f? La confirmation y part.");
    return;
  }
  booking_.waits ? review_list() : review();
}

void BookingTurn::review() {
  booking_.asked = kAskReview;
  std::string& text = answer_.text;
  add(text, "Vérifiez\u00a0:");
  if (booking_.start) add(text, "- " + slot_words(*booking_.start, zone_));
  if (const Reason* why = reason())
    add(text, "- " + why->label +
                  (booking_.people > 1 ? fmt::format(", {} personnes", booking_.people) : ""));
  if (const directory::Service* at = place()) add(text, "- " + at->name);
  tell_who();
  add(text, "Est-ce que tout est juste\u202f?");
  answer_.choices = {{"Confirmer le rendez-vous", std::string(kConfirm)},
                     {"Changer l’horaire", std::string(kOtherDay)},
                     {"Abandonner", std::string(kLeave)}};
}

void BookingTurn::tell_who() {
  std::string& text = answer_.text;
  const appointment::Visitor& visitor = booking_.visitor;
  add(text, "- " + visitor.name.read());
  add(text, "- " + masked(visitor.email.read()));
  if (visitor.needs.any())
    add(text, "- " + words(visitor.needs));
  else
    add(text, "Un besoin\u202f? Accès sans marche, langue des signes, interprète\u00a0: dites-le.");
}

void BookingTurn::again() {
  if (booking_.asked == kAskMay) {
    ask_may();
    set_appointment();
    return;
  }
  if (booking_.asked == kAskDays || booking_.asked == kAskLeaveList) {
    booking_.asked == kAskDays ? ask_days() : ask_leave_words();
    set_appointment();
    return;
  }
  if (booking_.asked == kAskReason || booking_.asked == kAskCommune ||
      booking_.asked == kAskPeople || booking_.asked == kAskSlot || booking_.asked == kAskCancel ||
      booking_.asked == kAskMove || booking_.asked == kAskWhich) {
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
      offer_slots(answer_, booking_, still.empty() ? first_slots(all) : still, zone_);
    }
    set_appointment();
    return;
  }
  ask_next();
  set_appointment();
}

std::optional<Step> BookingTurn::once_more(std::string_view why) {
  add(answer_.text, why);
  again();
  return done();
}

bool BookingTurn::note_needs() {
  if (mine(booking_.of) != nullptr) {
    needs_ = needs_told(text_).said;
    return needs_.any();
  }
  const std::string noted = needs_said(text_, booking_.visitor.needs);
  if (noted.empty()) return false;
  add(answer_.text, "Merci de le dire. C’est noté\u00a0: " + noted + ".");
  return true;
}

bool BookingTurn::corrects_matter() {
  if (!corrects_time(text_)) return false;
  const auto found = reasons_meant(agendas(), commune_, text_);
  return found.size() == 1 && found[0].reason->id != booking_.reason;
}

std::optional<Step> BookingTurn::reason_said(const Heard& heard) {
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

std::optional<Step> BookingTurn::commune_said() {
  const std::string named = commune_named(world_.communes, text_);
  if (named.empty()) {
    if (hear(text_).asks) return std::nullopt;
    return once_more("Je ne connais pas cette commune.");
  }
  return of_commune(named);
}

std::optional<Step> BookingTurn::of_commune(const std::string& insee) {
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

std::optional<Step> BookingTurn::people_said() {
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

std::optional<Step> BookingTurn::of_people(int count) {
  const Agenda* at = agenda(booking_.agenda);
  const Reason* why = reason();
  if (at == nullptr || why == nullptr) return by_contact(kNotHere);
  booking_.people = count;
  return with_reason(*at, *why);
}

std::optional<Step> BookingTurn::who_mended(const std::vector<std::string>& words,
                                            const std::optional<std::string>& email) {
  if (email) {
    booking_.visitor.email = Personal(*email);
    return once_more({});
  }
  if (answer::has_phrase(words, "mail|email|adresse|courriel")) {
    booking_.visitor.email = Personal(std::string());
    ask_next();
    return done();
  }
  if (answer::has_phrase(words, "nom|prenom|appelle|appelles")) {
    booking_.visitor.name = Personal(
        answer::has_phrase(words, "appelle|nom est|est") ? name_in(words_) : std::string());
    ask_next();
    return done();
  }
  return std::nullopt;
}

std::optional<Step> BookingTurn::reviewed(const Heard& heard,
                                          const std::optional<std::string>& email) {
  const auto words = answer::folded_words(text_);
  if (auto mended = who_mended(words, email)) return mended;
  if (heard.act == Act::no || answer::has_phrase(words, "non|pas|corrig*|modifi*|chang*")) {
    add(answer_.text, "Que faut-il changer\u00a0: l’horaire, le nom ou l’adresse e-mail\u202f?");
    answer_.choices = {{"Confirmer le rendez-vous", std::string(kConfirm)},
                       {"Changer l’horaire", std::string(kOtherDay)},
                       {"Abandonner", std::string(kLeave)}};
    return done();
  }
  const People people = people_in(text_);
  if (people.count > 1 && people.count != booking_.people) return of_people(people.count);
  if (!heard.asks && answer::starts_with_phrase(words, "oui|ouais|ok|accord|parfait"))
    return once_more("Ce rendez-vous n’est pas encore pris.");
  return std::nullopt;
}

std::optional<Step> BookingTurn::confirm() {
  if (!booking_.start || booking_.visitor.email.read().empty()) return once_more({});
  return done(BookingDeed::confirm);
}

}  // namespace parvis::dialogue
