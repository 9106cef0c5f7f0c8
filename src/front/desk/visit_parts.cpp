#include "desk/visit_parts.hpp"

#include <fmt/format.h>

#include "calendar/words.hpp"
#include "http/url.hpp"
#include "portal/appointment_pages.hpp"
#include "portal/procedure_pages.hpp"

namespace parvis::desk {

using namespace html;
using appointment::Act;
using appointment::Free;
using appointment::Opened;
using appointment::State;
using appointment::Way;

std::string visits_url(std::string_view rest,
                       const std::vector<std::pair<std::string_view, std::string>>& query) {
  std::string out = "/bureau/rendez-vous";
  if (!rest.empty()) out.append("/").append(rest);
  char mark = '?';
  for (const auto& [key, value] : query) {
    if (value.empty()) continue;
    out.append(1, mark).append(key).append("=").append(http::percent_encode(value));
    mark = '&';
  }
  return out;
}

Html beside(const Around& around, std::string_view current, std::string_view title,
            const Html& inside, const Html& above) {
  const std::string& own = around.agenda.id;
  std::vector<RailEntry> entries;
  for (const auto& [rest, words] :
       {std::pair("", "Rendez-vous"), std::pair("nouveau", "Prendre pour quelqu’un"),
        std::pair("absences", "Absences"), std::pair("chiffres", "Chiffres")}) {
    if (rest == std::string_view("nouveau") && !around.acts) continue;
    entries.push_back({visits_url(rest, {{"agenda", own}}), words, current == rest});
  }
  entries.push_back({"/bureau/dossiers", "Dossiers"});
  entries.push_back({"/bureau/demarches", "Démarches"});
  return fragment(rail("Rendez-vous", entries),
                  h("div", {cls("list visits")},
                    when(!around.done.empty(), [&] { return notice(h("p", around.done)); }),
                    summary(around.faults), when(around.resumed, resumed_notice), above,
                    h("div", {cls("list-head")}, h("h1", title)), inside));
}

Html agenda_choice(const Around& around, std::string_view rest, const Html& more,
                   std::string_view send) {
  if (around.agendas.size() < 2 && more.empty()) return {};
  return h("form", {cls("filters"), action(visits_url(rest)), attr("method", "get")},
           around.agendas.size() < 2
               ? portal::hidden("agenda", around.agenda.id)
               : h("div", {cls("field")}, h("label", {attr("for", "agenda")}, "Agenda"),
                   h("select", {cls("in"), id("agenda"), name("agenda")},
                     each(around.agendas,
                          [&](const std::shared_ptr<const appointment::Agenda>& each) {
                            return h(
                                "option",
                                {value(each->id), flag("selected", each->id == around.agenda.id)},
                                each->title);
                          }))),
           more, h("button", {cls("btn btn--2")}, send));
}

std::string hour_words(Instant at, const Zone& zone) {
  const LocalTime local = zone.local(at);
  std::string out = calendar::time_words(time_of_day(local));
  if (at - zone.instant(local) >= Minutes(1)) out += " (heure d’hiver)";
  return out;
}

std::string counter_name(const appointment::Agenda& agenda, std::string_view counter) {
  const appointment::Counter* found = agenda.counter(counter);
  return found == nullptr ? std::string(counter) : found->name;
}

std::string reason_words(const Opened& opened) {
  return opened.reason != nullptr ? opened.reason->label : opened.booking.reason;
}

std::string visitor_name(const Opened& opened) {
  return opened.visitor ? opened.visitor->name.read() : std::string("Nom inconnu");
}

std::string how_words(int people, Way way) {
  std::string out = people == 1 ? std::string("1 personne") : fmt::format("{} personnes", people);
  return out.append(", ").append(appointment::words(way));
}

Html state_tag(State state) {
  const bool alert = state == State::displaced || state == State::missed;
  return h("span",
           {cls(alert                     ? "tag tag--alert"
                : state == State::arrived ? "tag tag--lamp"
                                          : "tag")},
           appointment::label(state));
}

Html phone_link(std::string_view phone) {
  std::string digits;
  for (const char c : phone)
    if ((c >= '0' && c <= '9') || c == '+') digits.push_back(c);
  return h("a", {cls("link"), href("tel:" + digits)}, phone);
}

namespace {

struct Button {
  Act act;
  std::string_view name, words;
  bool first;  // what usually comes next
};
constexpr Button kButtons[] = {
    {Act::arrive, "arrive", "Arrivé", true},
    {Act::see, "recu", "Reçu", true},
    {Act::miss, "absent", "Absent", false},
    {Act::undo, "defait", "Revenir à attendu", false},
};

Html slot_choice(const Around& around, const Free& slot, std::string_view day,
                 const std::optional<Instant>& chosen) {
  return h("label", {cls("choice")},
           h("input", {type("radio"), name("debut"), value(format_rfc3339(slot.start)),
                       flag("checked", chosen == slot.start)}),
           h("span", h("span", {cls("vh")}, day, ", "), hour_words(slot.start, around.zone)));
}

}  // namespace

Html act_forms(const Around& around, const Opened& opened, std::string_view back) {
  if (!around.acts) return {};
  const appointment::Booking& row = opened.booking;
  Html out;
  for (const Button& button : kButtons) {
    if (!appointment::step(row.state, button.act, appointment::Role::agent, row.start, around.now))
      continue;
    out += h("li", h("form", {action(visits_url(row.id + "/etat")), attr("method", "post")},
                     portal::hidden("_token", around.token), portal::hidden("acte", button.name),
                     portal::hidden("retour", back),
                     h("button", {cls(button.first ? "btn" : "btn btn--2")}, button.words,
                       h("span", {cls("vh")}, "\u00a0: ", visitor_name(opened), ", ",
                         hour_words(row.start, around.zone)))));
  }
  return out;
}

Html slot_choices(const Around& around, const Choosing& choosing, const std::string& later_url,
                  const std::string& first_url) {
  Html days;
  for (std::size_t i = 0; i < choosing.slots.size();) {
    const auto day = civil_date(around.zone.local(choosing.slots[i].start));
    const std::string words = calendar::date_words(day);
    Html times;
    for (;
         i < choosing.slots.size() && civil_date(around.zone.local(choosing.slots[i].start)) == day;
         ++i)
      times += slot_choice(around, choosing.slots[i], words, {});
    days += h("fieldset", {cls("slots")}, h("legend", words), h("div", {cls("times")}, times));
  }
  return fragment(
      days.empty() ? h("p", h("strong", "Aucun horaire libre dans cette période."))
                   : h("div", {cls("flow"), id("horaires")}, days),
      h("p", {cls("row")},
        when(!choosing.from_first,
             [&] { return h("a", {cls("link"), href(first_url)}, "Premiers horaires libres"); }),
        when(choosing.later.has_value(),
             [&] { return h("a", {cls("link"), href(later_url)}, "Voir plus tard"); })));
}

Html taken_notice(const Around& around, const Choosing& choosing) {
  if (!choosing.taken) return {};
  return h("div", {cls("notice notice--alert"), attr("role", "alert")},
           h("p", h("strong", "Cet horaire n’est plus libre\u00a0: ",
                    portal::slot_words(*choosing.taken, around.zone), ".")),
           choosing.next.empty()
               ? h("p", "Il n’y a plus d’horaire libre dans le mois qui vient.")
               : fragment(h("p", "Les horaires libres les plus proches\u00a0:"),
                          h("ul", each(choosing.next, [&](const Free& slot) {
                              return h("li", portal::slot_words(slot.start, around.zone));
                            }))));
}

}  // namespace parvis::desk
