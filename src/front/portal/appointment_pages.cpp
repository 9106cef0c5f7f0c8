#include "portal/appointment_pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "calendar/words.hpp"
#include "portal/icons.hpp"
#include "portal/procedure_pages.hpp"

namespace parvis::portal {

using namespace html;

namespace {

using appointment::Fault;
using appointment::Free;
using appointment::Opened;
using appointment::Reason;
using appointment::State;
using appointment::Way;
using std::chrono::days;

std::string hour_words(Instant at, const Zone& zone) {
  const LocalTime local = zone.local(at);
  std::string out = calendar::time_words(time_of_day(local));
  // The hour that October has twice.
  if (at - zone.instant(local) >= Minutes(1)) out += " (heure d’hiver)";
  return out;
}

std::string minutes_words(Minutes length) {
  if (length < Minutes(60)) return fmt::format("{} minutes", length.count());
  const auto hours = length / Minutes(60), rest = length.count() % 60;
  const std::string words = fmt::format("{} heure{}", hours, hours > 1 ? "s" : "");
  return rest == 0 ? words : fmt::format("{} {}", words, rest);
}

// ── choosing ──

// How many come and how, in an address: what is usual is left out.
std::string coming_query(const Reason& reason, int people, appointment::Way way) {
  std::string out;
  if (people > 1) out = "?personnes=" + std::to_string(people);
  if (way != reason.ways.front())
    out.append(out.empty() ? "?" : "&").append("maniere=").append(name(way));
  return out;
}

std::string choosing_url(const Frame& frame, const Choosing& choosing,
                         const std::optional<CivilDate>& day, std::string_view service) {
  std::string out;
  const auto add = [&](std::string_view key, std::string_view value) {
    out.append(out.empty() ? "?" : "&").append(key).append("=").append(value);
  };
  if (choosing.moves == nullptr) {
    out = coming_query(choosing.reason, choosing.people, choosing.way);
    if (!service.empty()) add("lieu", service);
  }
  if (day) add("jour", format_iso_date(*day));
  if (!choosing.url.empty()) {
    if (choosing.url.contains('?') && !out.empty()) out[0] = '&';
    return choosing.url + out;
  }
  const std::string path =
      choosing.moves != nullptr
          ? booking_url(frame, choosing.moves->booking.id, "/deplacer")
          : appointments_url(frame, "choisir/" + choosing.agenda.id + "/" + choosing.reason.id);
  return path + out;
}

Html time_choice(const Choosing& choosing, const Free& slot, std::string_view day) {
  return h("label", {cls("choice")},
           h("input", {type("radio"), name("debut"), value(format_rfc3339(slot.start))}),
           h("span", h("span", {cls("vh")}, day, ", "), hour_words(slot.start, choosing.zone)));
}

Html half(const Choosing& choosing, const std::vector<const Free*>& slots, std::string_view title,
          std::string_view day) {
  if (slots.empty()) return {};
  return h("div", h("p", {cls("half")}, title),
           h("div", {cls("times")},
             each(slots, [&](const Free* slot) { return time_choice(choosing, *slot, day); })));
}

Html plaque_of(CivilDate date) {
  const std::string words = calendar::date_words(date);  // "jeudi 26 novembre"
  const std::size_t first = words.find(' '), last = words.rfind(' ');
  return h("p", {cls("plaque"), attr("aria-hidden", "true")}, h("small", words.substr(0, first)),
           h("b", words.substr(first + 1, last - first - 1)), h("small", words.substr(last + 1)));
}

Html day_of_slots(const Choosing& choosing, CivilDate date) {
  std::vector<const Free*> morning, afternoon;
  for (const Free& slot : choosing.slots) {
    const LocalTime local = choosing.zone.local(slot.start);
    if (civil_date(local) != date) continue;
    (time_of_day(local) < std::chrono::hours(12) ? morning : afternoon).push_back(&slot);
  }
  const std::string words = calendar::date_words(date);
  if (morning.empty() && afternoon.empty()) return {};
  return h("fieldset", {cls("day")}, h("legend", {cls("vh")}, words), plaque_of(date),
           h("div", {cls("flow")}, half(choosing, morning, "Matin", words),
             half(choosing, afternoon, "Après-midi", words)));
}

Html days_of_slots(const Choosing& choosing) {
  Html out;
  for (auto day = std::chrono::local_days(choosing.first);
       day <= std::chrono::local_days(choosing.last); day += days(1))
    out += day_of_slots(choosing, CivilDate(day));
  return out;
}

// How many, how and where; empty when there is nothing to choose.
Html how_fields(const Choosing& choosing) {
  const Reason& reason = choosing.reason;
  if (choosing.moves != nullptr ||
      (reason.people == 1 && reason.ways.size() == 1 && choosing.places.size() < 2))
    return {};
  Html inside;
  if (reason.people > 1) {
    Html options;
    for (int n = 1; n <= reason.people; ++n)
      options += h("option", {value(std::to_string(n)), flag("selected", n == choosing.people)},
                   n == 1 ? std::string("1 personne") : fmt::format("{} personnes", n));
    inside +=
        h("div", {cls("field")},
          h("label", {attr("for", "personnes")}, "Combien de personnes viennent\u202f?"),
          h("p", {cls("hint"), id("personnes-aide")}, "Chacune a son temps, l’une après l’autre."),
          h("select",
            {cls("in in--mid"), id("personnes"), name("personnes"),
             attr("aria-describedby", "personnes-aide")},
            options));
  }
  const auto radios = [&](std::string_view legend, std::string_view own, const auto& all) {
    return h("fieldset", {cls("field")}, h("legend", h("strong", legend)),
             h("div", {cls("choices")}, each(all, [&](const auto& one) {
                 return h("label", {cls("choice")},
                          h("input", {type("radio"), name(own), value(one.first),
                                      flag("checked", one.second.second)}),
                          h("span", one.second.first));
               })));
  };
  using Radio = std::pair<std::string, std::pair<std::string, bool>>;
  if (reason.ways.size() > 1) {
    std::vector<Radio> all;
    for (const Way way : reason.ways) {
      std::string label(words(way));
      label[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(label[0])));
      all.push_back({std::string(name(way)), {label, way == choosing.way}});
    }
    inside += radios("Comment", "maniere", all);
  }
  if (choosing.places.size() > 1) {
    std::vector<Radio> all{{"", {"Peu importe", choosing.service.empty()}}};
    for (const auto& [place, label] : choosing.places)
      all.push_back({place, {label, place == choosing.service}});
    inside += radios("Où", "lieu", all);
  }
  return inside;
}

// A form of its own, which only looks.
Html how(const Frame& frame, const Choosing& choosing) {
  const Html inside = how_fields(choosing);
  if (inside.empty()) return {};
  return h(
      "section", {cls("rung"), attr("aria-labelledby", "comment")},
      h("h2", {id("comment")}, "Pour qui, comment"),
      h("form",
        {cls("questions"), attr("method", "get"), action(choosing_url(frame, choosing, {}, ""))},
        inside, h("div", {cls("row")}, h("button", {cls("btn btn--2")}, "Voir les horaires"))));
}

Html refusal(const Choosing& choosing) {
  if (choosing.confirm)
    return h("div", {cls("notice"), attr("role", "alert")},
             h("p", h("strong", "Appuyez encore une fois sur le bouton.")),
             h("p", "Votre navigateur ne dit pas d’où vient la demande."));
  if (choosing.none_chosen)
    return error_summary({{"#horaires", "Choisissez un jour et une heure."}});
  if (!choosing.taken) return {};
  return h("div", {cls("notice notice--alert"), attr("role", "alert")},
           h("p", h("strong", "Cet horaire vient d’être pris\u00a0: ",
                    slot_words(choosing.taken->start, choosing.zone), ".")),
           choosing.next.empty()
               ? h("p",
                   "Il n’y a plus de place pour le moment. Inscrivez-vous sur la liste "
                   "d’attente, ou appelez.")
               : fragment(h("p", "Les horaires libres les plus proches\u00a0:"),
                          h("ul", each(choosing.next, [&](const Free& slot) {
                              return h("li", slot_words(slot.start, choosing.zone));
                            }))));
}

Html nothing_suits(const Frame& frame, const Choosing& choosing) {
  const bool phones = frame.desk && !frame.desk->phones.empty();
  return h("section", {cls("rung"), attr("aria-labelledby", "rien")},
           h("h2", {id("rien")}, "Rien ne convient\u202f?"),
           h("ul", {cls("ways")},
             when(choosing.moves == nullptr,
                  [&] {
                    return h("li", h("h3", "Être prévenu"),
                             h("p", "Un courriel part dès qu’une place se libère."),
                             h("a",
                               {cls("link"),
                                href(appointments_url(frame, "attente/" + choosing.agenda.id + "/" +
                                                                 choosing.reason.id) +
                                     coming_query(choosing.reason, choosing.people, choosing.way))},
                               "S’inscrire sur la liste d’attente"));
                  }),
             h("li", h("h3", "Par téléphone"), h("p", "Une personne cherche avec vous."),
               phones ? h("ul", phone_links(frame.desk->phones))
                      : h("a", {cls("link"), href("#personne")}, "Joindre le service")),
             h("li", h("h3", "Besoin d’une aide sur place\u202f?"),
               h("p",
                 "Langue des signes, fauteuil, interprète\u00a0: dites-le à l’étape "
                 "suivante."))));
}

// ── who comes ──

std::string fault_of(const std::vector<Fault>& faults, std::string_view field) {
  const auto found = std::ranges::find(faults, field, &Fault::field);
  return found == faults.end() ? std::string() : found->message;
}

Html text_field(const Coming& coming, std::string_view own, std::string_view label,
                std::string_view hint, std::string_view typed, std::string_view kind,
                std::string_view fills, bool required) {
  const std::string fault = fault_of(coming.faults, own);
  const std::string error = std::string(own) + "-erreur", help = std::string(own) + "-aide";
  std::string described;
  if (!fault.empty()) described = error;
  if (!hint.empty()) described.append(described.empty() ? "" : " ").append(help);
  return h("div", {cls(fault.empty() ? "field" : "field group")},
           h("label", {attr("for", own)}, label,
             when(!required, [] { return h("span", {cls("maybe")}, " (facultatif)"); })),
           when(!hint.empty(), [&] { return h("p", {cls("hint"), id(help)}, hint); }),
           when(!fault.empty(),
                [&] {
                  return h("p", {cls("err"), id(error)}, h("span", {cls("vh")}, "Erreur\u00a0: "),
                           fault);
                }),
           h("input", {cls("in in--mid"), id(own), name(own), type(kind), value(typed),
                       attr("autocomplete", fills),
                       attr_if(!described.empty(), "aria-describedby", described),
                       attr_if(!fault.empty(), "aria-invalid", "true")}));
}

Html tick(std::string_view own, std::string_view label, bool on) {
  return h("label", {cls("choice")},
           h("input", {type("checkbox"), id(own), name(own), value("oui"), flag("checked", on)}),
           h("span", label));
}

Html needs_fields(const Coming& coming) {
  const appointment::Needs& needs = coming.given.needs;
  return fragment(
      h("fieldset", {cls("field")},
        h("legend", h("strong", "Une aide sur place"), h("span", {cls("maybe")}, " (facultatif)")),
        h("div", {cls("choices choices--list")},
          tick("step_free", "Accès sans marche, fauteuil", needs.step_free),
          tick("sign_language", "Langue des signes", needs.sign_language),
          tick("companion", "Une personne m’accompagne", needs.companion))),
      text_field(coming, "interpreter", "Interprète", "Écrivez la langue.", needs.interpreter,
                 "text", "off", false));
}

// Who may book: yes or no.
Html may_field(const Coming& coming) {
  if (!coming.reason.may) return {};
  const std::string fault = fault_of(coming.faults, "may_book");
  const auto radio = [&](std::string_view own, std::string_view label, std::string_view says,
                         bool on) {
    return h(
        "label", {cls("choice")},
        h("input", {type("radio"), id(own), name("may_book"), value(says), flag("checked", on)}),
        h("span", label));
  };
  return h(
      "fieldset",
      {cls(fault.empty() ? "field" : "field group"),
       attr_if(!fault.empty(), "aria-describedby", "may_book-erreur")},
      h("legend", h("strong", coming.reason.may->ask)),
      when(!fault.empty(),
           [&] {
             return h("p", {cls("err"), id("may_book-erreur")},
                      h("span", {cls("vh")}, "Erreur\u00a0: "), fault);
           }),
      h("div", {cls("choices")}, radio("may_book", "Oui", "oui", coming.given.may.value_or(false)),
        radio("may_book-non", "Non", "non", !coming.given.may.value_or(true))));
}

Html visitor_fields(const Coming& coming) {
  const appointment::Visitor& given = coming.given;
  Html asked;
  for (const appointment::Asked& each : coming.reason.asks) {
    const auto found = given.asked.find(each.id);
    asked += text_field(coming, each.id, each.label, each.hint,
                        found == given.asked.end() ? "" : found->second.read(), "text", "off",
                        each.required);
  }
  return fragment(
      may_field(coming),
      text_field(coming, "name", "Prénom et nom", "De la personne qui vient.", given.name.read(),
                 "text", "name", true),
      text_field(coming, "email", "Adresse de courriel",
                 "La confirmation et le rappel y partent. Exemple\u00a0: nom@domaine.fr.",
                 given.email.read(), "email", "email", true),
      text_field(coming, "phone", "Téléphone", "Pour vous joindre si le rendez-vous change.",
                 given.phone.read(), "tel", "tel", false),
      asked, needs_fields(coming));
}

Html fault_summary(const std::vector<Fault>& faults) {
  if (faults.empty()) return {};
  std::vector<std::pair<std::string, std::string>> links;
  links.reserve(faults.size());
  for (const Fault& fault : faults) links.emplace_back("#" + fault.field, fault.message);
  return error_summary(links);
}

Html bring_list(const Reason& reason) {
  if (reason.bring.empty()) return {};
  return h("ul", {cls("docs")},
           each(reason.bring, [](const std::string& line) { return h("li", h("span", line)); }));
}

Html place_of(const Booked& booked) {
  if (!booked.office) return {};
  return fragment(
      h("p", h("strong", booked.office->name)),
      when(!booked.office->address.empty(), [&] { return h("p", booked.office->address); }),
      when(!booked.access.empty(), [&] { return h("p", {cls("soft")}, booked.access); }));
}

Html pair_of(std::string_view term, const Html& inside) {
  return h("div", h("dt", term), h("dd", inside));
}

Html video_link(const Opened& opened) {
  if (opened.booking.way != Way::video) return {};
  const std::string url = appointment::video_of(opened);
  if (url.empty()) return Html("\u00a0: le service vous envoie le lien");
  return h("p", "À l’heure dite, ouvrez ", h("a", {href(url)}, url), ".");
}

// A calendar program that reads the personal link again shows a move and a cancellation by itself.
Html subscription(const Booked& booked) {
  if (!booked.ics || booked.link.empty()) return {};
  const std::string feed = booked.link + "/rendez-vous.ics";
  return h("details", h("summary", "S’abonner\u00a0: mon agenda suit les changements"),
           h("div", {cls("matter")},
             h("p",
               "Dans votre programme d’agenda, choisissez «\u00a0S’abonner à un calendrier\u00a0». "
               "Donnez-lui cette adresse personnelle\u00a0:"),
             h("p", {cls("secret")}, h("a", {href(feed)}, feed)),
             h("p", "Si le rendez-vous est déplacé ou annulé, votre agenda le montre.")));
}

std::string state_words(const Booked& booked) {
  switch (booked.opened.booking.state) {
    case State::held:
      return "Ce rendez-vous n’est pas encore confirmé.";
    case State::booked:
      return booked.fresh ? "Votre rendez-vous est pris" : "Votre rendez-vous";
    case State::displaced:
      return "Votre rendez-vous doit changer";
    case State::arrived:
    case State::seen:
      return "Vous êtes venu à ce rendez-vous";
    case State::missed:
      return "Ce rendez-vous est passé";
    case State::cancelled:
      return "Ce rendez-vous est annulé";
  }
  return {};
}

}  // namespace

std::string appointments_url(const Frame& frame, std::string_view rest) {
  std::string out = frame.base + "rendez-vous";
  if (!rest.empty()) out.append("/").append(rest);
  return out;
}

std::string booking_url(const Frame& frame, std::string_view own, std::string_view rest) {
  return appointments_url(frame, "mien/").append(own).append(rest);
}

std::string until_words(Instant until, const Zone& zone) { return hour_words(until, zone); }

std::string slot_words(Instant start, const Zone& zone) {
  return calendar::date_words(civil_date(zone.local(start))) + " à " + hour_words(start, zone);
}

Html appointment_list(const Frame& frame, const AgendaList& agendas, const std::string& insee) {
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")}, h("h1", "Prendre rendez-vous"),
        h("p", {cls("lead")},
          agendas.empty() ? "Aucun rendez-vous ne se prend en ligne ici. Appelez la mairie."
                          : "Pour quoi venez-vous\u202f? Sans compte, en quelques minutes.")),
      each(agendas,
           [&](const std::shared_ptr<const appointment::Agenda>& agenda) {
             const std::string title = "agenda-" + agenda->id;
             return h(
                 "section", {cls("rung"), attr("aria-labelledby", title)},
                 h("h2", {id(title)}, agenda->title),
                 h("ul", {cls("links")}, each(agenda->reasons, [&](const Reason& reason) -> Html {
                     if (!reason.offered || !agenda->serves(reason, insee)) return {};
                     return h("li",
                              h("a",
                                {cls("link"), href(appointments_url(frame, "choisir/" + agenda->id +
                                                                               "/" + reason.id))},
                                reason.label, icon(Icon::arrow)),
                              h("p", {cls("soft")}, minutes_words(reason.duration),
                                reason.ways.front() == Way::in_person
                                    ? "."
                                    : ", " + std::string(words(reason.ways.front())) + "."));
                   })));
           }),
      h("section", {cls("rung"), attr("aria-labelledby", "deja")},
        h("h2", {id("deja")}, "Vous avez déjà un rendez-vous\u202f?"),
        h("p",
          "Ouvrez le lien du courriel de confirmation\u00a0: il permet de déplacer ou "
          "d’annuler. Sans ce courriel, appelez le service.")));
}

void show_days(Choosing& choosing, const std::vector<Free>& all,
               const std::optional<CivilDate>& asked) {
  constexpr std::size_t kDaysShown = 6;  // with a slot, on one page
  const auto day = [&](const Free& slot) {
    return CivilDate(civil_date(choosing.zone.local(slot.start)));
  };
  std::vector<CivilDate> free_days;
  for (const Free& slot : all)
    if (free_days.empty() || free_days.back() != day(slot)) free_days.push_back(day(slot));
  if (free_days.empty()) return;
  auto first = asked ? std::ranges::lower_bound(free_days, *asked) : free_days.begin();
  if (first == free_days.end())
    first = free_days.end() - static_cast<std::ptrdiff_t>(std::min(free_days.size(), kDaysShown));
  const auto last = first + static_cast<std::ptrdiff_t>(std::min<std::size_t>(
                                kDaysShown, static_cast<std::size_t>(free_days.end() - first)));
  choosing.first = *first;
  choosing.last = *(last - 1);
  if (first != free_days.begin())
    choosing.earlier =
        *(first - static_cast<std::ptrdiff_t>(std::min<std::size_t>(
                      kDaysShown, static_cast<std::size_t>(first - free_days.begin()))));
  if (last != free_days.end()) choosing.later = *last;
  for (const Free& slot : all)
    if (day(slot) >= choosing.first && day(slot) <= choosing.last) choosing.slots.push_back(slot);
}

namespace {

Html other_days(const Frame& frame, const Choosing& choosing) {
  const auto to = [&](const std::optional<CivilDate>& day, std::string_view words) {
    return when(day.has_value(), [&] {
      return h(
          "p",
          h("a", {cls("link"), href(choosing_url(frame, choosing, day, choosing.service))}, words));
    });
  };
  return fragment(to(choosing.earlier, "Voir plus tôt"), to(choosing.later, "Voir plus tard"));
}

}  // namespace

Html slots_asked(const Frame& frame, const Choosing& choosing,
                 const api::CaseAppointments::Standing& standing) {
  using Kept = api::CaseAppointments::Kept;
  const Reason& reason = choosing.reason;
  const Html asked_how = how_fields(choosing);
  return fragment(
      refusal(choosing),
      when(standing.kept == Kept::held,
           [&] {
             return h(
                 "div", {cls("notice")},
                 h("p",
                   "Votre horaire\u00a0: ", h("strong", slot_words(standing.start, choosing.zone)),
                   ". Nous le gardons jusqu’à ", hour_words(standing.until, choosing.zone), "."),
                 h("p", "Continuez pour le garder, ou choisissez-en un autre."));
           }),
      h("p", reason.label, ". Le rendez-vous dure ",
        minutes_words(appointment::length(reason, choosing.people)), ", ", words(choosing.way),
        "."),
      when(!reason.who.empty(), [&] { return h("p", reason.who); }),
      when(!reason.bring.empty(),
           [&] {
             return fragment(h("h2", "Ce que vous apporterez"), bring_list(reason),
                             when(!reason.note.empty(), [&] { return h("p", reason.note); }));
           }),
      when(!asked_how.empty(),
           [&] {
             return h("section", {attr("aria-labelledby", "comment")},
                      h("h2", {id("comment")}, "Pour qui, comment"), asked_how,
                      h("div", {cls("row")},
                        h("button", {cls("btn btn--2"), name("act"), value("voir")},
                          "Voir les horaires")));
           }),
      h("h2", {id("horaires"), attr("tabindex", "-1")}, "Jour et heure"),
      choosing.slots.empty() && standing.kept != Kept::held
          ? h("p", h("strong", "Aucune place en ce moment."),
              " Vos réponses sont gardées. Revenez plus tard, ou appelez le service.")
          : fragment(h("p", {cls("soft")},
                       fmt::format("Tous les horaires affichés sont libres. Le vôtre est gardé {} "
                                   "minutes, le temps d’envoyer votre demande.",
                                   appointment::kHold.count())),
                     other_days(frame, choosing), h("div", {cls("days")}, days_of_slots(choosing)),
                     needs_fields({.agenda = choosing.agenda,
                                   .reason = reason,
                                   .zone = choosing.zone,
                                   .given = {.needs = choosing.needs}})));
}

Html choose_slot(const Frame& frame, const Choosing& choosing) {
  const Reason& reason = choosing.reason;
  const bool moving = choosing.moves != nullptr;
  const bool again = !choosing.back.empty();
  const std::string back = again    ? choosing.back
                           : moving ? booking_url(frame, choosing.moves->booking.id)
                                    : appointments_url(frame);
  return fragment(
      h("div", {cls("wrap")},
        h("div", {cls("page-head")},
          back_link(back, again    ? "Votre dossier"
                          : moving ? "Votre rendez-vous"
                                   : "Tous les rendez-vous"),
          refusal(choosing),
          h("h1", moving && !again ? "Quand voulez-vous venir à la place\u202f?"
                                   : "Quand voulez-vous venir\u202f?"),
          h("p", {cls("lead")}, reason.label, ". Le rendez-vous dure ",
            minutes_words(appointment::length(reason, choosing.people)), "."),
          when(moving && !again,
               [&] {
                 return h("p", "Votre rendez-vous du ",
                          slot_words(choosing.moves->booking.start, choosing.zone),
                          " reste à vous jusqu’à ce que vous en choisissiez un autre.");
               }),
          when(!reason.who.empty(), [&] { return h("p", reason.who); })),
        when(!moving && !reason.bring.empty(),
             [&] {
               return h("section", {cls("rung"), attr("aria-labelledby", "apporter")},
                        h("h2", {id("apporter")}, "Ce que vous apporterez"),
                        h("div", {cls("flow")}, bring_list(reason),
                          when(!reason.note.empty(), [&] { return h("p", reason.note); })));
             }),
        how(frame, choosing)),
      h("form",
        {attr("method", "post"), action(choosing_url(frame, choosing, {}, choosing.service))},
        when(!choosing.start.empty(), [&] { return hidden("_start", choosing.start); }),
        when(!choosing.token.empty(), [&] { return hidden("_token", choosing.token); }),
        h("div", {cls("wrap")},
          h("section", {cls("rung"), attr("aria-labelledby", "horaires")},
            h("div", {cls("flow")},
              h("h2", {id("horaires"), attr("tabindex", "-1")}, "Jour et heure"),
              h("p", {cls("soft")},
                moving ? "Tous les horaires affichés sont libres."
                       : fmt::format("Tous les horaires affichés sont libres. Le vôtre est gardé "
                                     "{} minutes.",
                                     appointment::kHold.count())),
              other_days(frame, choosing)),
            choosing.slots.empty() ? h("p", h("strong", "Aucune place en ce moment."),
                                       " Inscrivez-vous sur la liste d’attente, ou appelez.")
                                   : h("div", {cls("days")}, days_of_slots(choosing))),
          when(!choosing.slots.empty(),
               [&] {
                 return h("div", {cls("row")},
                          h("button", {cls("btn btn--big")},
                            again    ? "Prendre ce rendez-vous"
                            : moving ? "Déplacer le rendez-vous"
                                     : "Garder cet horaire"));
               }))),
      h("div", {cls("wrap")}, nothing_suits(frame, choosing)));
}

Html who_comes(const Frame& frame, const Coming& coming, const Opened& held, Instant now) {
  const std::string at = slot_words(held.booking.start, coming.zone);
  const bool ended = held.booking.held_until && *held.booking.held_until <= now;
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")},
        back_link(appointments_url(frame, "choisir/" + coming.agenda.id + "/" + coming.reason.id) +
                      coming_query(coming.reason, held.booking.people, held.booking.way),
                  "Choisir un autre horaire"),
        fault_summary(coming.faults), h("h1", "Qui vient\u202f?"),
        h("p", {cls("lead")}, coming.reason.label, ", ", at, "."),
        h("p", {cls("soft")},
          ended ? std::string("L’horaire n’est plus gardé. S’il est encore libre, il est à vous "
                              "quand vous confirmez.")
                : fmt::format("Nous gardons cet horaire jusqu’à {}.",
                              hour_words(*held.booking.held_until, coming.zone))),
        h("form", {cls("questions"), attr("method", "post"), action(coming.to), flag("novalidate")},
          hidden("_token", coming.token), visitor_fields(coming),
          h("div", {cls("row")},
            h("button", {cls("btn btn--big"), id("confirmer")}, "Confirmer le rendez-vous"))),
        h("p", {cls("soft")}, "Ces informations servent à ce rendez-vous. Elles sont effacées ",
          fmt::format("{} jours après.", coming.agenda.retention.count()))));
}

std::string booked_title(const Booked& booked) { return state_words(booked); }

Html booked_page(const Frame& frame, const Booked& booked) {
  const Opened& opened = booked.opened;
  const appointment::Booking& row = opened.booking;
  const bool stands = row.state == State::booked || row.state == State::displaced;
  const bool open = stands && booked.now < row.start;
  const auto url = [&](std::string_view rest) { return booking_url(frame, row.id, rest); };
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")}, h("h1", state_words(booked)),
        when(booked.noted,
             [] {
               return h("p", {cls("lead"), attr("role", "status")},
                        "C’est noté. Le service le lit avant de vous recevoir.");
             }),
        when(booked.fresh,
             [] {
               return h("p", {cls("lead"), attr("role", "status")},
                        "Un courriel de confirmation part à votre adresse.");
             }),
        when(row.state == State::displaced,
             [&] {
               return h("div", {cls("notice notice--alert")},
                        h("p", h("strong", "Nous sommes désolés.")),
                        h("p",
                          "La personne qui devait vous recevoir ne peut pas être là. "
                          "Choisissez un autre horaire\u00a0: votre place d’avant ne peut pas "
                          "être tenue."),
                        h("p", h("a", {cls("btn"), href(url("/deplacer"))},
                                 "Choisir un autre horaire")));
             }),
        h("div", {cls("plaque plaque--wide")}, h("b", slot_words(row.start, booked.zone)),
          h("small", opened.reason != nullptr ? opened.reason->label : std::string()))),
      h("section", {cls("rung"), attr("aria-labelledby", "pratique")},
        h("h2", {id("pratique")}, "En pratique"),
        h("dl", {cls("pairs")},
          pair_of("Durée", minutes_words(std::chrono::floor<Minutes>(row.end - row.start))),
          pair_of("Comment", fragment(words(row.way),
                                      when(row.way == Way::phone,
                                           [] { return Html("\u00a0: nous vous appelons"); }),
                                      video_link(opened))),
          when(row.people > 1, [&] { return pair_of("Personnes", fmt::format("{}", row.people)); }),
          when(row.way == Way::in_person && booked.office.has_value(),
               [&] { return pair_of("Où", place_of(booked)); }),
          when(opened.visitor && opened.visitor->needs.any(),
               [&] { return pair_of("Aide prévue", words(opened.visitor->needs)); }))),
      when(opened.reason != nullptr && !opened.reason->bring.empty() && stands,
           [&] {
             return h("section", {cls("rung"), attr("aria-labelledby", "apporter")},
                      h("h2", {id("apporter")}, "À apporter"),
                      h("div", {cls("flow")}, bring_list(*opened.reason),
                        when(!opened.reason->note.empty(),
                             [&] { return h("p", opened.reason->note); })));
           }),
      when(open,
           [&] {
             return h(
                 "section", {cls("rung"), attr("aria-labelledby", "pouvez")},
                 h("h2", {id("pouvez")}, "Vous pouvez"),
                 h("div", {cls("flow")},
                   h("ul", {cls("links")},
                     when(booked.ics,
                          [&] {
                            return h("li", h("a", {cls("link"), href(url("/rendez-vous.ics"))},
                                             icon(Icon::download), "Ajouter à mon agenda (ICS)"));
                          }),
                     h("li",
                       h("a", {cls("link"), href(url("/deplacer"))}, "Déplacer le rendez-vous")),
                     h("li", h("a", {cls("link"), href(url("/aide"))},
                               opened.visitor && opened.visitor->needs.any()
                                   ? "Changer l’aide prévue"
                                   : "Demander une aide sur place")),
                     h("li",
                       h("a", {cls("link"), href(url("/annuler"))}, "Annuler le rendez-vous"))),
                   subscription(booked),
                   when(!booked.link.empty(),
                        [&] {
                          return h(
                              "details", h("summary", "Revenir plus tard à ce rendez-vous"),
                              h("div", {cls("matter")},
                                h("p",
                                  "Gardez ce lien personnel. Il ouvre votre rendez-vous "
                                  "sur tout appareil\u00a0:"),
                                h("p", {cls("secret")}, h("a", {href(booked.link)}, booked.link))));
                        }),
                   h("form", {action(url("/fermer")), attr("method", "post")},
                     hidden("_token", booked.token),
                     h("button", {cls("btn btn--2")}, "Fermer ce rendez-vous sur cet appareil"))));
           }),
      when(!open, [&] {
        return h("p", h("a", {cls("link"), href(appointments_url(frame))},
                        "Prendre un autre rendez-vous"));
      }));
}

Html ask_cancel(const Frame& frame, const Booked& booked) {
  const std::string own = booking_url(frame, booked.opened.booking.id);
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")}, back_link(own, "Votre rendez-vous"),
             h("h1", "Annuler ce rendez-vous\u202f?"),
             h("p", {cls("lead")}, "Votre place du ",
               slot_words(booked.opened.booking.start, booked.zone), " ira à une autre personne."),
             h("form", {action(own + "/annuler"), attr("method", "post")},
               hidden("_token", booked.token),
               h("div", {cls("row")}, h("button", {cls("btn btn--big")}, "Annuler le rendez-vous"),
                 h("a", {cls("btn btn--2"), href(own + "/deplacer")}, "Plutôt le déplacer"),
                 h("a", {cls("link"), href(own)}, "Le garder")))));
}

Html ask_needs(const Frame& frame, const Coming& coming, const Booked& booked) {
  const std::string own = booking_url(frame, booked.opened.booking.id);
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")}, back_link(own, "Votre rendez-vous"),
        h("h1", "De quelle aide avez-vous besoin\u202f?"),
        h("p", {cls("lead")}, "Rendez-vous du ",
          slot_words(booked.opened.booking.start, booked.zone), "."),
        h("p",
          "Ce que vous écrivez remplace ce qui était noté. Le service qui vous reçoit le lit."),
        h("form", {cls("questions"), attr("method", "post"), action(coming.to), flag("novalidate")},
          hidden("_token", coming.token), needs_fields(coming),
          text_field(coming, "besoin", "Autre chose à prévoir",
                     "Par exemple\u00a0: je vois mal, je me fatigue vite.", coming.given.needs.note,
                     "text", "off", false),
          h("div", {cls("row")}, h("button", {cls("btn btn--big")}, "Enregistrer"),
            h("a", {cls("link"), href(own)}, "Ne rien changer")))));
}

Html enter_waiting(const Frame& frame, const Entering& entering) {
  const Coming& coming = entering.coming;
  static constexpr std::array<std::string_view, 7> kDays{"Lundi",    "Mardi",  "Mercredi", "Jeudi",
                                                         "Vendredi", "Samedi", "Dimanche"};
  Html day_ticks;
  for (unsigned n = 0; n < kDays.size() - 1; ++n)
    day_ticks += h("label", {cls("choice")},
                   h("input", {type("checkbox"), name("jours"), value(std::to_string(n)),
                               flag("checked", (entering.days >> n & 1U) != 0)}),
                   h("span", kDays[n]));
  const auto part = [&](unsigned bit, std::string_view label) {
    return h("label", {cls("choice")},
             h("input", {type("checkbox"), name("moments"), value(std::to_string(bit)),
                         flag("checked", (entering.halves >> bit & 1U) != 0)}),
             h("span", label));
  };
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")},
        back_link(appointments_url(frame, "choisir/" + coming.agenda.id + "/" + coming.reason.id) +
                      coming_query(coming.reason, entering.people, entering.way),
                  "Les horaires libres"),
        when(entering.confirm,
             [] {
               return h("div", {cls("notice"), attr("role", "alert")},
                        h("p", h("strong", "Appuyez encore une fois sur le bouton.")));
             }),
        fault_summary(coming.faults), h("h1", "Être prévenu d’une place qui se libère"),
        h("p", {cls("lead")}, coming.reason.label, "."),
        h("p", fmt::format("Les places libérées sont proposées dans l’ordre des inscriptions. La "
                           "vôtre est gardée {} heures, ou jusqu’au matin.",
                           appointment::kOffer.count())),
        h("form", {cls("questions"), attr("method", "post"), action(coming.to), flag("novalidate")},
          hidden("_start", entering.start), hidden("personnes", std::to_string(entering.people)),
          hidden("maniere", name(entering.way)),
          h("fieldset", {cls("field")}, h("legend", h("strong", "Quels jours\u202f?")),
            h("div", {cls("choices"), id("jours")}, day_ticks)),
          h("fieldset", {cls("field")}, h("legend", h("strong", "À quel moment\u202f?")),
            h("div", {cls("choices")}, part(0, "Le matin"), part(1, "L’après-midi"))),
          text_field(coming, "until", "Jusqu’à quelle date\u202f?",
                     "Par exemple\u00a0: 15 janvier. Vide\u00a0: aussi longtemps que possible.",
                     entering.until, "text", "off", false),
          visitor_fields(coming),
          h("div", {cls("row")}, h("button", {cls("btn btn--big")}, "M’inscrire")))));
}

Html waiting_page(const Frame& frame, const appointment::Appointments::Waits& waits,
                  const Zone& zone, const std::string& token, Instant now) {
  const std::string to = appointments_url(frame, "place/" + waits.waiting.id);
  const auto button = [&](std::string_view act, std::string_view words, std::string_view style) {
    return h("form", {action(to), attr("method", "post")}, hidden("_token", token),
             hidden("act", act), h("button", {cls(style)}, words));
  };
  const std::string label = waits.reason != nullptr ? waits.reason->label : std::string();
  if (waits.offered && waits.offered->state == State::held)
    return h("div", {cls("wrap")},
             h("div", {cls("page-head")}, h("h1", "Une place s’est libérée"),
               h("p", {cls("lead")}, label, ", ", slot_words(waits.offered->start, zone), "."),
               h("p", {cls("soft")},
                 waits.offered->held_until && *waits.offered->held_until > now
                     ? "Nous la gardons pour vous jusqu’au " +
                           slot_words(*waits.offered->held_until, zone) + "."
                     : std::string("Le délai est passé. Si elle est encore libre, elle est à "
                                   "vous.")),
               h("div", {cls("row")}, button("prendre", "Prendre cette place", "btn btn--big"),
                 button("laisser", "La laisser à la personne suivante", "btn btn--2"))));
  const bool waiting = waits.waiting.state == appointment::WaitingState::waiting;
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")},
             h("h1", waiting ? "Vous êtes sur la liste d’attente"
                             : "Vous n’êtes plus sur la liste d’attente"),
             h("p", {cls("lead")}, label, "."),
             waiting ? fragment(h("p", "Un courriel part dès qu’une place vous convient."),
                                button("laisser", "Quitter la liste", "btn btn--2"))
                     : h("p", h("a", {cls("link"), href(appointments_url(frame))},
                                "Prendre rendez-vous"))));
}

Html open_booking_link(const Frame& frame, const std::string& to, const std::string& start,
                       bool confirm) {
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")},
             when(confirm,
                  [] {
                    return h("div", {cls("notice"), attr("role", "alert")},
                             h("p", h("strong", "Appuyez encore une fois sur le bouton.")));
                  }),
             h("h1", "Ouvrir votre rendez-vous"),
             h("p", {cls("lead")}, "Ce lien est personnel. Il ouvre votre rendez-vous ici."),
             h("form", {action(to), attr("method", "post")}, hidden("_start", start),
               h("button", {cls("btn btn--big")}, "Ouvrir mon rendez-vous")),
             h("p", "Ce lien ne vient pas de vous\u202f? ",
               h("a", {href(frame.base)}, "Revenir à l’accueil"))));
}

Html booking_gone(const Frame& frame) {
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")}, h("h1", "Ce rendez-vous n’est pas ouvert ici"),
             h("p", {cls("lead")},
               "Il n’est plus gardé, il est effacé, ou il a été ouvert sur un autre appareil."),
             h("ul", {cls("links")},
               h("li", h("a", {cls("link"), href(appointments_url(frame))}, "Choisir un horaire")),
               h("li", "Ou ouvrez le lien du courriel de confirmation."),
               h("li", "Ou appelez le service."))));
}

Html booking_closed(const Frame& frame) {
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")}, h("h1", "C’est fermé ici"),
             h("p", {cls("lead"), attr("role", "status")},
               "Votre rendez-vous tient toujours. Le lien du courriel le rouvre."),
             h("p", h("a", {cls("link"), href(frame.base)}, "Revenir à l’accueil"))));
}

}  // namespace parvis::portal
