// The slot of the appointment that a démarche asks for, chosen in the conversation. What is said of
// a slot that is taken here holds once the caller has held it; slot_gone() says otherwise.
#include <fmt/format.h>

#include <algorithm>

#include "answer/phrases.hpp"
#include "calendar/words.hpp"
#include "dialogue/filling_parts.hpp"
#include "dialogue/slot_choice.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Status;
using appointment::Reason;
using appointment::Way;

namespace {

Way way_of(const Reason& reason, const Coming& coming) {
  const bool taken = coming.way && std::ranges::find(reason.ways, *coming.way) != reason.ways.end();
  return taken ? *coming.way : reason.ways.front();
}
int people_of(const Reason& reason, const Coming& coming) {
  return std::clamp(coming.people, 1, reason.people);
}

BookingFacts facts_of(const Slots::Offer& offer, const directory::Service* service,
                      const Coming& coming) {
  return {.reason = offer.reason,
          .service = service,
          .id = {},
          .people = people_of(*offer.reason, coming),
          .way = way_of(*offer.reason, coming),
          .start = {},
          .end = {}};
}

std::optional<directory::Service> place_in(const Slots& slots, const Slots::Offer& offer) {
  return slots.service && offer.agenda ? slots.service(offer.agenda->service) : std::nullopt;
}

void put_slots(Answer& answer, Filling& filling, const std::vector<FreeSlot>& all,
               const Zone& zone) {
  filling.shown.clear();
  answer.choices.clear();
  json::array told;
  for (const FreeSlot& slot : all) {
    if (filling.shown.size() == kSlotsShown) break;
    std::string words = slot_words(slot.start, zone);
    filling.shown.push_back(slot.start);
    told.push_back(json::object{{"start", format_rfc3339(slot.start)},
                                {"end", format_rfc3339(slot.end)},
                                {"service", slot.service},
                                {"words", words}});
    answer.choices.push_back({std::move(words), std::string(kValue) + format_rfc3339(slot.start)});
  }
  answer.choices.push_back(
      {all.empty() ? "Regarder de nouveau" : "Un autre jour", std::string(kOtherSlots)});
  answer.choices.push_back({"Reprendre plus tard", std::string(kStop)});
  answer.appointment["slots"] = std::move(told);
}

void none_free(Answer& answer, const Draft& draft, Filling& filling) {
  add(answer.text, "Aucun horaire n’est libre en ce moment. Vos réponses sont gardées.");
  add(answer.text, "Revenez plus tard, ou appelez le service.");
  put_slots(answer, filling, {}, draft.slots->zone);
}

// What to know before one chooses: said once.
void introduce(Answer& answer, const Slots& slots, const Slots::Offer& offer,
               const Coming& coming) {
  const Reason& reason = *offer.reason;
  const auto place = place_in(slots, offer);
  const Way way = way_of(reason, coming);
  std::string& text = answer.text;
  add(text, fmt::format("Durée\u00a0: {}.",
                        length_words(appointment::length(reason, people_of(reason, coming)))));
  if (place)
    add(text, way == Way::in_person
                  ? "Lieu\u00a0: " + place->name + "."
                  : fmt::format("Avec\u00a0: {}, {}.", place->name, appointment::words(way)));
  add(text, reason.who);
  add(text, reason.note);
  if (!reason.bring.empty())
    add(text, bring_words(facts_of(offer, place ? &*place : nullptr, coming)));
  if (reason.people > 1) add(text, "Vous venez à plusieurs\u202f? Dites combien.");
  for (const Way other : reason.ways)
    if (other != way)
      add(text, fmt::format("C’est possible aussi {}\u00a0: dites-le.", appointment::words(other)));
  add(text, "Un besoin\u202f? Accès sans marche, langue des signes, interprète\u00a0: dites-le.");
}

// Asks which slot, among those that are free as it was wished.
class Choosing {
 public:
  Choosing(const Draft& draft, const Leaf& leaf, const json::object& answers, Filling& filling)
      : slots_(*draft.slots),
        draft_(draft),
        leaf_(leaf),
        answers_(answers),
        filling_(filling),
        offer_(slots_.offer(answers, filling.coming)) {}

  bool offered() const { return offer_.reason != nullptr; }
  const Reason& reason() const { return *offer_.reason; }

  void introduce(Answer& answer) const {
    dialogue::introduce(answer, slots_, offer_, filling_.coming);
  }

  // The one that is meant, or nothing when some are shown.
  std::optional<Instant> list(Answer& answer, const SlotWish& wish) {
    put_appointment(answer, "wanted");
    if (offer_.free.empty()) {
      none_free(answer, draft_, filling_);
      return std::nullopt;
    }
    std::optional<Instant> start;
    if (const json::value* slot = value_at(answers_, leaf_.path); slot != nullptr)
      if (const json::object* parts = slot->if_object())
        start = parse_rfc3339(string_at(*parts, "start").value_or(""));
    const SlotsOffered found = slots_offered(
        offer_.free, wish, {.shown = filling_.shown, .start = start}, slots_.zone,
        [this](const SlotWish& wanted) {
          return offer_.agenda && slots_.service
                     ? closed_words(*offer_.agenda, offer_.reason->id, slots_.service, wanted)
                     : std::string();
        });
    if (found.meant) return found.meant->start;
    add(answer.text, found.text);
    if (!found.asked.empty()) answer.appointment["asked"] = found.asked;
    if (!found.closed.empty()) answer.appointment["closed"] = found.closed;
    put_slots(answer, filling_, found.slots, slots_.zone);
    return std::nullopt;
  }

  // The slot as the draft has it once it is held.
  json::object held(Answer& answer, Instant start) const {
    const Instant until = slots_.now + kSlotKept;
    const std::string hour = calendar::time_words(time_of_day(slots_.zone.local(until)));
    add(answer.text, fmt::format("Je vous garde {} pendant 10 minutes, jusqu’à {}.",
                                 slot_words(start, slots_.zone), hour));
    put_appointment(answer, "held", start);
    answer.appointment["held_until"] = format_rfc3339(until);
    answer.appointment["held_until_words"] = hour;
    answer.appointment["kept"] = "10 minutes";
    return {{leaf_.path, json::object{{"booking", "held"},
                                      {"start", with_offset(start, slots_.zone)},
                                      {"reason", offer_.reason->id}}}};
  }

 private:
  void put_appointment(Answer& answer, std::string_view state,
                       std::optional<Instant> start = {}) const {
    const auto place = place_in(slots_, offer_);
    BookingFacts facts = facts_of(offer_, place ? &*place : nullptr, filling_.coming);
    facts.state = state;
    facts.start = start;
    answer.appointment = appointment_json(facts, slots_.zone);
  }

  const Slots& slots_;
  const Draft& draft_;
  const Leaf& leaf_;
  const json::object& answers_;
  Filling& filling_;
  const Slots::Offer offer_;
};

constexpr std::string_view kNotHere =
    "Ce rendez-vous ne se prend plus en ligne. Vos réponses sont gardées. Appelez le service.";

// What is said of who comes and how; the words for what is new.
std::string coming_said(const std::string& text, const Reason& reason, Coming& coming) {
  std::string out;
  if (const std::string needs = needs_said(text, coming.needs); !needs.empty())
    add(out, "Merci de le dire. C’est noté\u00a0: " + needs + ".");
  if (const People people = people_in(text); people.count > 1 && people.count != coming.people) {
    coming.people = std::clamp(people.count, 1, reason.people);
    add(out, people.count > reason.people
                 ? fmt::format("Ce rendez-vous est pour {} personne{} au plus.", reason.people,
                               reason.people > 1 ? "s" : "")
                 : fmt::format("C’est noté\u00a0: {} personnes.", people.count));
  }
  const auto words = answer::folded_words(text);
  const auto wants = [&](Way way, std::string_view phrase) {
    if (!answer::has_phrase(words, phrase) || way_of(reason, coming) == way) return;
    if (std::ranges::find(reason.ways, way) == reason.ways.end()) {
      add(out, fmt::format("Ce rendez-vous ne se fait pas {}.", appointment::words(way)));
      return;
    }
    coming.way = way;
    add(out, fmt::format("C’est noté\u00a0: {}.", appointment::words(way)));
  };
  wants(Way::phone, "telephone|par tel|telephonique");
  wants(Way::video, "visio|video|visioconference");
  wants(Way::in_person, "sur place|en personne|au guichet");
  return out;
}

}  // namespace

void ask_slot(Answer& answer, const Draft& draft, const Leaf& leaf, const json::object& answers,
              Filling& filling) {
  const bool first = filling.shown.empty();
  add(answer.text, leaf.field->label);
  if (first) add(answer.text, leaf.field->hint);
  Choosing choosing(draft, leaf, answers, filling);
  if (!choosing.offered()) {
    add(answer.text, kNotHere);
    answer.choices = {{"Reprendre plus tard", std::string(kStop)}};
    return;
  }
  if (first) choosing.introduce(answer);
  choosing.list(answer, {});
}

std::optional<Filled> slot_said(const Draft& draft, const Leaf& leaf, Filled out,
                                const std::string& text, std::string_view choice) {
  const Slots& slots = *draft.slots;
  out.deed = Deed::none;
  out.answer.status = Status::procedure;
  const auto take = [&](Choosing& choosing, Instant start) {
    out.deed = Deed::slot;
    out.slot = start;
    const json::object also = choosing.held(out.answer, start);
    const json::object told = std::exchange(out.answer.appointment, {});
    go_on(out, draft, also);
    out.answer.appointment = told;
    return out;
  };
  const LocalTime now = slots.zone.local(slots.now);
  const Heard heard = hear(text);
  SlotWish wish;
  std::optional<Instant> start;
  bool again = false;
  if (choice == kOtherSlots) {
    wish.other_day = true;
  } else if (choice.starts_with(kValue)) {
    start = parse_rfc3339(choice.substr(kValue.size()));
    if (!start) add(out.answer.text, "Je ne vois pas encore votre horaire.");
  } else if (!choice.empty()) {
    return std::nullopt;
  } else {
    if (const Choosing known(draft, leaf, draft.answers, out.filling); known.offered())
      add(out.answer.text, coming_said(text, known.reason(), out.filling.coming));
    const bool noted = !out.answer.text.empty();
    const auto meant = dialogue::slot_said(text, heard, out.filling.shown, slots.zone, now);
    if (meant && meant->start) {
      start = meant->start;
    } else if (meant && meant->wish) {
      wish = *meant->wish;
    } else if (noted) {
      again = true;
    } else if (heard.asks && text.contains('?')) {
      return std::nullopt;
    } else if (meant && meant->refused) {
      wish.later = true;
    } else {
      add(out.answer.text, meant ? "Lequel\u202f? Dites «\u00a0le premier\u00a0», ou l’heure."
                                 : "Je n’ai pas compris. Dites un jour ou une heure, ou "
                                   "choisissez.");
      again = true;
    }
  }
  Choosing choosing(draft, leaf, draft.answers, out.filling);
  if (!choosing.offered()) {
    add(out.answer.text, kNotHere);
    out.answer.choices = {{"Reprendre plus tard", std::string(kStop)}};
    return out;
  }
  if (start) return take(choosing, *start);
  if (again) out.filling.shown.clear();
  if (const auto meant = choosing.list(out.answer, wish)) return take(choosing, *meant);
  return out;
}

void slot_gone(Answer& answer, Filling& filling, std::string_view field,
               const std::vector<FreeSlot>& next, const Zone& zone, std::string_view why) {
  answer.status = Status::procedure;
  answer.text = why;
  answer.text += next.empty() ? " Aucun autre n’est libre en ce moment. Vos réponses sont gardées."
                              : " Voici d’autres horaires libres. Lequel choisissez-vous\u202f?";
  answer.appointment = {};
  put_slots(answer, filling, next, zone);
  // Its start was told; what is left is what can be chosen.
  json::value slots = std::move(answer.appointment["slots"]);
  answer.appointment = {{"id", nullptr},
                        {"state", "wanted"},
                        {"start", nullptr},
                        {"end", nullptr},
                        {"people", filling.coming.people},
                        {"way", name(filling.coming.way.value_or(Way::in_person))},
                        {"slots", std::move(slots)}};
  filling.asked = field;
  filling.seen.clear();
}

}  // namespace parvis::dialogue
