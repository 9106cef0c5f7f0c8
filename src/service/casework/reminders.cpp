#include "casework/reminders.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "calendar/words.hpp"
#include "calendar/working_days.hpp"
#include "casework/asks.hpp"
#include "casework/standing.hpp"

namespace parvis::casework {
namespace {

using std::chrono::days;

Instant start_of(CivilDate day, Zone zone) {
  return zone.instant(std::chrono::local_days(day) + std::chrono::seconds(0));
}
Instant morning_of(CivilDate day, Zone zone) {
  return zone.instant(std::chrono::local_days(day) + kMorning);
}
Instant end_of(CivilDate day, Zone zone) {
  return start_of(calendar::add_days(day, days(1)), zone);
}

// Of one thing: `before` days ahead of `date`, the earliest first, each until the next one.
void add(std::vector<Reminder>& all, About about, const std::string& name,
         const std::vector<int>& before, CivilDate date, Instant begun, Instant end, Zone zone) {
  const std::size_t first = all.size();
  for (const int ahead : before) {
    const Instant at = morning_of(calendar::add_days(date, -days(ahead)), zone);
    if (at <= begun || at >= end) continue;  // whoever has just been told is not reminded
    if (all.size() > first) all.back().until = at;
    all.push_back({about, fmt::format("{}-{}", name, ahead), at, end, date});
  }
}

const Happened* asked(const Opened& opened) {
  if (opened.state != State::awaiting) return nullptr;
  return newest_request(opened.events, asks_of(opened.events));
}
std::optional<CivilDate> term_in(const Happened& event) {
  return parse_iso_date(string_at(event.more, "term").value_or(""));
}

bool decides(const Opened& opened) {
  return opened.definition->clock.silence != procedure::Silence::none;
}

// What was promised and did not come: told in the mornings after, as long as it does not.
void add_late(std::vector<Reminder>& all, const Opened& opened, Zone zone, Instant now) {
  const auto clock = clock_of(opened, zone, now);
  if (!clock || clock->state != Clock::State::running || !clock->due) return;
  const std::size_t first = all.size();
  for (const int after : opened.definition->reminders.late) {
    const Instant at = morning_of(calendar::add_days(*clock->due, days(after)), zone);
    if (all.size() > first) all.back().until = at;
    all.push_back({About::late, fmt::format("late-{}-{}", format_iso_date(*clock->due), after), at,
                   at + kLateFor, *clock->due});
  }
}

}  // namespace

std::vector<Reminder> reminders_of(const Opened& opened, Zone zone, Instant now) {
  std::vector<Reminder> all;
  const procedure::Reminders& before = opened.definition->reminders;
  if (opened.state == State::draft) {
    if (opened.entry) return all;  // an agent types it: nobody else can go on with it
    const Instant end = draft_ends(*opened.definition, opened.saved_at);
    const CivilDate last = civil_date(zone.local(end));
    add(all, About::draft, "draft-" + format_iso_date(last), before.draft, last, opened.saved_at,
        end, zone);
    return all;
  }
  if (const Happened* event = asked(opened))
    if (const auto term = term_in(*event))
      add(all, About::pieces, fmt::format("pieces-{}", event->seq), before.pieces, *term, event->at,
          end_of(*term, zone), zone);
  if (is_open(opened.state) && decides(opened))
    // While it is stopped its end is not known.
    if (const auto clock = clock_of(opened, zone, now);
        clock && clock->state == Clock::State::running && clock->due)
      add(all, About::silence, "silence-" + format_iso_date(*clock->due), before.silence,
          *clock->due, clock->since, end_of(*clock->due, zone), zone);
  if (is_open(opened.state) && !decides(opened)) add_late(all, opened, zone, now);
  std::ranges::sort(all, {}, [](const Reminder& it) { return std::pair(it.at, it.key); });
  return all;
}

std::optional<Reminder> reminder_due(const Opened& opened, std::string_view key, Zone zone,
                                     Instant now) {
  for (Reminder& each : reminders_of(opened, zone, now))
    if (each.key == key && each.at <= now && now < each.until) return std::move(each);
  return std::nullopt;
}

std::optional<Instant> next_look(const Opened& opened, Zone zone, Instant now) {
  std::optional<Instant> next;
  const auto look = [&](Instant at) {
    if (at > now && (!next || at < *next)) next = at;
  };
  for (const Reminder& each : reminders_of(opened, zone, now)) {
    look(each.at);
    look(each.until);
  }
  if (opened.state == State::draft || !is_open(opened.state)) return next;
  if (const Happened* event = asked(opened))
    if (const auto term = term_in(*event)) look(end_of(*term, zone));
  if (const auto clock = clock_of(opened, zone, now)) {
    if (clock->silence_at) look(*clock->silence_at);
    if (clock->until) look(end_of(*clock->until, zone));
  }
  return next;
}

std::optional<Silence> silence_of(const Opened& opened, Zone zone, Instant now) {
  if (opened.state == State::draft || !is_open(opened.state)) return std::nullopt;
  const auto clock = clock_of(opened, zone, now);
  if (!clock || !clock->due) return std::nullopt;
  if (clock->outcome == Clock::Outcome::accepted_by_silence)
    return Silence{Verdict::accepted, *clock->due, std::nullopt};
  if (clock->outcome == Clock::Outcome::refused_by_silence)
    return Silence{Verdict::refused, *clock->due, clock->appeal_until};
  return std::nullopt;
}

std::string event_id(const Silence& silence) {
  return "silence-" + format_iso_date(silence.last_day);
}

json::object to_json(const Silence& silence) {
  json::object out{{"verdict", silence.verdict == Verdict::accepted ? "accepted" : "refused"},
                   {"last_day", format_iso_date(silence.last_day)}};
  if (silence.appeal_until) out["appeal_until"] = format_iso_date(*silence.appeal_until);
  return out;
}

std::optional<Silence> silence_in(const Happened& event) {
  const auto day = parse_iso_date(string_at(event.more, "last_day").value_or(""));
  if (event.act != Act::silence || !day) return std::nullopt;
  return Silence{
      string_at(event.more, "verdict") == "accepted" ? Verdict::accepted : Verdict::refused, *day,
      parse_iso_date(string_at(event.more, "appeal_until").value_or(""))};
}

const Happened* newest_silence(const Opened& opened) {
  for (auto event = opened.events.rbegin(); event != opened.events.rend(); ++event) {
    if (event->act == Act::silence) return &*event;
    if (event->act == Act::accept || event->act == Act::refuse || event->act == Act::settle ||
        event->act == Act::reopen)
      return nullptr;
  }
  return nullptr;
}

std::optional<MissedTerm> missed_term(const Opened& opened, Zone zone, Instant now) {
  const Happened* event = asked(opened);
  const auto term = event == nullptr ? std::nullopt : term_in(*event);
  if (!term || now < end_of(*term, zone)) return std::nullopt;
  return MissedTerm{event->seq, *term};
}

Letter reminder_letter(const Opened& opened, const Receipt& receipt, const Reminder& reminder,
                       const std::string& link, const std::string& stop) {
  const std::string day = calendar::full_date_words(reminder.date);
  std::string subject, text = "Bonjour,";
  const auto write = [&](std::string_view words) {
    if (!words.empty()) text.append("\n\n").append(words);
  };
  switch (reminder.about) {
    case About::pieces: {
      subject = fmt::format("Dossier {}\u00a0: il manque encore quelque chose", opened.reference);
      write(fmt::format("Le service attend vos documents, jusqu’au {}.", day));
      if (const Happened* event = asked(opened)) {
        std::string pieces;
        for (const std::string& label : awaited_labels(asks_of(opened.events)))
          pieces.append(pieces.empty() ? "" : "\n").append("- " + label);
        write(pieces);
        write(event->text);
      }
      write("Vous les avez déjà donnés\u202f? Alors ne faites rien.");
      break;
    }
    case About::silence: {
      const bool accepts = opened.definition->clock.silence == procedure::Silence::accepts;
      subject = fmt::format("Dossier {}\u00a0: la fin du délai approche", opened.reference);
      write(fmt::format("Le service doit répondre à votre demande au plus tard le {}.", day));
      write(accepts ? "Sans réponse à cette date, votre demande est acceptée."
                    : "Sans réponse à cette date, votre demande est refusée. Vous pourrez demander "
                      "pourquoi, et contester dans les deux mois.");
      write("Vous n’avez rien à faire.");
      break;
    }
    case About::late:
      subject = fmt::format("Dossier {}\u00a0: nous sommes en retard", opened.reference);
      write(late_words(day));
      write(
          "Pour savoir où elle en est, joignez le service\u00a0: ses coordonnées sont ci-dessous, "
          "votre référence suffit.");
      break;
    case About::draft:
      subject = "Votre demande n’est pas terminée";
      write(fmt::format("Vous avez commencé cette demande\u00a0: {}.", receipt.title));
      write(fmt::format("Elle n’est pas envoyée. Elle sera effacée le {}.", day));
      break;
  }
  if (!link.empty())
    write(reminder.about == About::draft
              ? "Reprendre votre demande\u00a0:\n" + link +
                    "\nCe lien est personnel\u00a0: gardez-le pour vous."
              : "Suivre votre dossier\u00a0:\n" + link +
                    "\nCette page vous envoie un lien à cette adresse e-mail, pour l’ouvrir.");
  if (!stop.empty()) write("Ne plus recevoir de rappels pour ce dossier\u00a0:\n" + stop);
  std::string who = receipt.service;
  for (const directory::Phone& phone : receipt.phones) who.append("\n").append(phone.number);
  if (!receipt.email.empty()) who.append("\n").append(receipt.email);
  write(who);
  return {std::move(subject), Personal(std::move(text))};
}

}  // namespace parvis::casework
