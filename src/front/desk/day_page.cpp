#include <fmt/format.h>

#include <algorithm>

#include "calendar/words.hpp"
#include "desk/visit_parts.hpp"
#include "portal/appointment_pages.hpp"
#include "portal/icons.hpp"
#include "portal/procedure_pages.hpp"

namespace parvis::desk {

using namespace html;

namespace {

using appointment::Booking;
using appointment::Busy;
using appointment::Opened;
using appointment::State;
using std::chrono::days;

std::string day_url(const Around& around, CivilDate date) {
  return visits_url("", {{"agenda", around.agenda.id}, {"jour", format_iso_date(date)}});
}

Html days_nav(const Day& day) {
  const auto here = std::chrono::local_days(day.date);
  const auto today = civil_date(day.around.zone.local(day.around.now));
  const auto step = [&](days by, std::string_view words) {
    return h("a", {cls("btn btn--2"), href(day_url(day.around, CivilDate(here + by)))}, words);
  };
  return h("nav", {cls("row"), attr("aria-label", "Jours")}, step(days(-1), "Jour d’avant"),
           when(day.date != today,
                [&] {
                  return h("a", {cls("btn btn--2"), href(day_url(day.around, today))},
                           "Aujourd’hui");
                }),
           step(days(1), "Jour d’après"));
}

Html visit_line(const Day& day, const Opened& opened) {
  const appointment::Booking& row = opened.booking;
  const std::string needs = opened.visitor ? appointment::words(opened.visitor->needs) : "";
  return h("li", {cls("visit"), id("rdv-" + row.id)},
           h("p", {cls("hour")}, h("strong", hour_words(row.start, day.around.zone)),
             h("span", {cls("soft")}, "jusqu’à ", hour_words(row.end, day.around.zone))),
           h("div", {cls("flow")},
             h("h3", h("a", {href(visits_url(row.id))}, visitor_name(opened)), " ",
               state_tag(row.state)),
             h("p", reason_words(opened), ". ", how_words(row.people, row.way), "."),
             when(!needs.empty(),
                  [&] { return h("p", {cls("needs")}, h("strong", "À prévoir\u00a0: "), needs); }),
             when(!row.case_id.empty(),
                  [&] {
                    return h("p", h("a", {cls("link"), href(visits_url(row.id + "/dossier"))},
                                    "Voir le dossier",
                                    h("span", {cls("vh")}, " de ", visitor_name(opened))));
                  }),
             [&] {
               const Html acts = act_forms(day.around, opened, "jour");
               return acts.empty() ? Html() : h("ul", {cls("acts")}, acts);
             }()));
}

// Opening hours of absences, within that day.
Html away_lines(const Day& day, std::string_view counter) {
  Html out;
  for (const Busy& busy : day.absences)
    if (busy.counter.empty() || busy.counter == counter)
      out +=
          h("p", {cls("notice notice--plain")},
            h("strong", busy.counter.empty() ? "Tout l’agenda est absent" : "Absence", "\u00a0: "),
            span_words({busy.from, busy.until}, day.around.zone),
            busy.label.empty() ? std::string(".") : ". " + busy.label + ".");
  return out;
}

constexpr std::size_t kClashesShown = 10;  // of a counter

Html clash_notice(const Day& day, std::string_view counter) {
  std::vector<const Booking*> all;
  for (const Booking& each : day.clashes)
    if (each.counter == counter) all.push_back(&each);
  if (all.empty()) return {};
  const bool one = all.size() == 1;
  const std::size_t left = all.size() - std::min(all.size(), kClashesShown);
  all.resize(all.size() - left);
  return h(
      "div", {cls("notice notice--alert")},
      h("p", h("strong", fmt::format("{} rendez-vous {} quand ce guichet est occupé ou absent.",
                                     all.size() + left, one ? "tombe" : "tombent"))),
      h("p", one ? "Déplacez-le, ou libérez ce moment." : "Déplacez-les, ou libérez ces moments."),
      h("ul", each(all,
                   [&](const Booking* each) {
                     const appointment::Reason* reason = day.around.agenda.reason(each->reason);
                     return h("li",
                              h("a", {href(visits_url(each->id))},
                                portal::slot_words(each->start, day.around.zone)),
                              ", ", reason == nullptr ? each->reason : reason->label, ".");
                   })),
      when(left > 0, [&] { return h("p", fmt::format("Et {} de plus.", left)); }));
}

Html counter_section(const Day& day, const std::string& counter,
                     const std::vector<const Opened*>& visits) {
  const std::string title = "guichet-" + counter;
  return h("section", {cls("counter"), attr("aria-labelledby", title)},
           h("h2", {id(title)}, counter_name(day.around.agenda, counter), " ",
             h("span", {cls("count")}, visits.size(), h("span", {cls("vh")}, " rendez-vous"))),
           clash_notice(day, counter), away_lines(day, counter),
           visits.empty() ? h("p", {cls("soft")}, "Personne n’est attendu.")
                          : h("ol", {cls("visits-list")}, each(visits, [&](const Opened* each) {
                                return visit_line(day, *each);
                              })));
}

}  // namespace

Html day_page(const Day& day) {
  std::vector<std::string> counters;
  for (const appointment::Counter& each : day.around.agenda.counters) counters.push_back(each.id);
  std::vector<const Opened*> cancelled;
  for (const Opened& each : day.bookings) {
    if (each.booking.state == State::cancelled)
      cancelled.push_back(&each);
    else if (std::ranges::find(counters, each.booking.counter) == counters.end())
      counters.push_back(each.booking.counter);  // one that the agenda has no more
  }
  for (const Booking& each : day.clashes)
    if (std::ranges::find(counters, each.counter) == counters.end())
      counters.push_back(each.counter);
  Html sections;
  for (const std::string& counter : counters) {
    std::vector<const Opened*> visits;
    for (const Opened& each : day.bookings)
      if (each.booking.counter == counter && each.booking.state != State::cancelled)
        visits.push_back(&each);
    sections += counter_section(day, counter, visits);
  }
  const std::string fault = fault_of(day.around.faults, "jour");
  const Html date =
      line_field({.own = "jour",
                  .label = "Jour",
                  .hint = "",
                  .fault = fault,
                  .value = day.typed.empty() ? format_french_date(day.date) : day.typed},
                 {.style = "in in--mid"});
  return beside(
      day.around, "", calendar::full_date_words(day.date),
      fragment(
          h("p", {cls("lead")}, day.around.agenda.title),
          agenda_choice(day.around, "", date, "Voir ce jour"), days_nav(day),
          when(day.around.acts,
               [&] {
                 return h("p", h("a",
                                 {cls("btn"),
                                  href(visits_url("nouveau", {{"agenda", day.around.agenda.id}}))},
                                 portal::icon(portal::Icon::phone), "Prendre pour quelqu’un"));
               }),
          h("div", {cls("counters")}, sections), when(!cancelled.empty(), [&] {
            return h("details",
                     h("summary", cancelled.size() == 1
                                      ? std::string("1 rendez-vous annulé")
                                      : fmt::format("{} rendez-vous annulés", cancelled.size())),
                     h("ul", each(cancelled, [&](const Opened* each) {
                         return h("li", hour_words(each->booking.start, day.around.zone), ", ",
                                  h("a", {href(visits_url(each->booking.id))}, visitor_name(*each)),
                                  ", ", reason_words(*each));
                       })));
          })));
}

Html figures_page(const Numbers& numbers) {
  const Around& around = numbers.around;
  const auto field = [&](std::string_view own, std::string_view label, const std::string& typed,
                         const std::optional<CivilDate>& day) {
    return line_field({.own = own,
                       .label = label,
                       .hint = "",
                       .fault = fault_of(around.faults, own),
                       .value = day ? format_french_date(*day) : typed},
                      {.style = "in in--mid"});
  };
  const auto& period = numbers.period;
  return beside(
      around, "chiffres", "Chiffres",
      fragment(
          h("p", {cls("lead")}, around.agenda.title),
          agenda_choice(around, "chiffres",
                        fragment(field("du", "Du", numbers.first,
                                       period ? std::optional(period->first) : std::nullopt),
                                 field("au", "Au", numbers.last,
                                       period ? std::optional(period->last) : std::nullopt)),
                        "Compter"),
          when(period && numbers.figures.empty(),
               [] { return h("p", "Aucun rendez-vous dans cette période."); }),
          when(!numbers.figures.empty(),
               [&] {
                 return h(
                     "div",
                     {cls("wide"), attr("role", "region"), attr("tabindex", "0"),
                      attr("aria-label", "Rendez-vous par motif")},
                     h("table",
                       h("caption", "Rendez-vous ",
                         calendar::span_words(period->first, period->last)),
                       h("thead",
                         h("tr", each(std::vector<std::string_view>{"Motif", "Venus", "Absents",
                                                                    "Taux d’absence", "Annulés",
                                                                    "À venir"},
                                      [](std::string_view head) {
                                        return h("th", {attr("scope", "col")}, head);
                                      }))),
                       h("tbody", each(numbers.figures, [](const Figures& each) {
                           return h("tr", h("th", {attr("scope", "row")}, each.label),
                                    h("td", each.kept), h("td", each.missed),
                                    h("td", each.rate().empty() ? std::string("–") : each.rate()),
                                    h("td", each.cancelled), h("td", each.coming));
                         }))));
               }),
          h("p", {cls("soft")},
            fmt::format("Le taux d’absence compte les absents parmi ceux dont l’heure est passée. "
                        "Les rendez-vous sont effacés {} jours après\u00a0: les chiffres ne "
                        "remontent pas plus loin.",
                        around.agenda.retention.count()))));
}

Html no_agenda_page() {
  return fragment(
      h("h1", "Aucun agenda dans vos services"),
      h("p", {cls("lead")},
        "Les rendez-vous d’un service se voient ici quand un agenda est publié pour lui. "
        "Demandez-le à votre administrateur."),
      h("p", h("a", {cls("btn"), href("/bureau/dossiers")}, "Voir les dossiers")));
}

}  // namespace parvis::desk
