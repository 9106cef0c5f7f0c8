#include <algorithm>

#include "calendar/words.hpp"
#include "desk/case_pages.hpp"
#include "desk/deadline.hpp"
#include "http/url.hpp"
#include "portal/icons.hpp"
#include "portal/pages.hpp"

namespace parvis::desk {

using namespace html;

namespace {

// Stored as digests: nothing else of a case can be found.
constexpr std::string_view kSearched =
    "On trouve un dossier par sa référence (KILU-BAFO-7), une adresse e-mail, un numéro de "
    "téléphone ou des noms, écrits en entier.";

using casework::Line;
using casework::State;

std::string address(const Wanted& wanted) {
  std::string out = "/bureau/dossiers";
  for (const auto& [key, value] :
       {std::pair("etat", wanted.state), std::pair("demarche", wanted.procedure),
        std::pair("service", wanted.service), std::pair("q", wanted.sought),
        std::pair("apres", wanted.after)})
    if (!value.empty())
      out.append(out.find('?') == std::string::npos ? "?" : "&")
          .append(key)
          .append("=")
          .append(http::percent_encode(value));
  return out;
}

std::string named(const std::map<std::string, std::string>& names, const std::string& id) {
  const auto found = names.find(id);
  return found == names.end() ? id : found->second;
}

Html states_rail(const Listing& listing) {
  std::vector<RailEntry> entries;
  for (const StatesShown& each : states_shown()) {
    Wanted to = listing.wanted;
    to.state = each.name;
    to.after.clear();
    to.sought.clear();
    const bool sought = !listing.wanted.sought.empty() && !listing.lost;
    entries.push_back({address(to), each.words, !sought && listing.wanted.state == each.name});
  }
  if (listing.appointments) entries.push_back({"/bureau/rendez-vous", "Rendez-vous"});
  entries.push_back({"/bureau/demarches", "Démarches"});
  return rail("Dossiers par état", entries);
}

Html choice(std::string_view own, std::string_view label, std::string_view all,
            const std::vector<std::pair<std::string, std::string>>& options,
            const std::string& chosen) {
  if (options.size() < 2) return {};
  return h("div", {cls("field")}, h("label", {attr("for", own)}, label),
           h("select", {cls("in"), id(own), name(own)}, h("option", {value("")}, all),
             each(options, [&](const auto& option) {
               return h("option", {value(option.first), flag("selected", option.first == chosen)},
                        option.second);
             })));
}

Html filters(const Listing& listing) {
  const Html choices = fragment(
      choice("demarche", "Démarche", "Toutes", listing.procedures, listing.wanted.procedure),
      choice("service", "Service", "Tous les miens", listing.services, listing.wanted.service));
  if (choices.empty()) return {};
  return h("form", {cls("filters"), action("/bureau/dossiers"), attr("method", "get")},
           when(!listing.wanted.state.empty(),
                [&] { return portal::hidden("etat", listing.wanted.state); }),
           when(!listing.wanted.sought.empty() && !listing.lost,
                [&] { return portal::hidden("q", listing.wanted.sought); }),
           choices, h("button", {cls("btn btn--2")}, "Filtrer"));
}

Html line(const Listing& listing, const Line& each) {
  const Deadline deadline = deadline_of(each.state, each.due, listing.today);
  return h("li", {cls("case")},
           h("h3", h("a", {href(case_url(each.reference))},
                     named(listing.names.procedures, each.procedure), " ",
                     h("span", {cls("num")}, each.reference))),
           h("p", {cls("when")}, tag(deadline)),
           h("p", {cls("soft")},
             when(casework::is_open(each.state),
                  [&] { return h("strong", casework::label(each.state), ". "); }),
             named(listing.names.services, each.service), ", ",
             named(listing.names.communes, each.commune), ". Déposé le ",
             calendar::date_words(civil_date(listing.zone.local(each.deposited_at))), "."));
}

Html groups(const Listing& listing) {
  Html out;
  for (const Urgency urgency : {Urgency::late, Urgency::soon, Urgency::later, Urgency::none}) {
    Html lines;
    std::size_t count = 0;
    for (const Line& each : listing.lines)
      if (deadline_of(each.state, each.due, listing.today).urgency == urgency) {
        lines += line(listing, each);
        ++count;
      }
    if (count == 0) continue;
    const bool ended = !casework::is_open(listing.lines.front().state);
    out += h(
        "section", {cls("cases")},
        h("h2", ended && urgency == Urgency::none ? std::string_view("Terminés") : heading(urgency),
          " ", h("span", {cls("count")}, count, h("span", {cls("vh")}, " dossiers"))),
        h("ul", {cls("case-list")}, lines));
  }
  return out;
}

// What was sought, in every state.
Html results(const Listing& listing) {
  if (listing.lines.empty())
    return h("div", {cls("notice notice--plain")},
             h("p", listing.next.empty() ? "Il n’y a plus rien après."
                                         : "Rien dans cette partie. Cherchez plus loin."));
  return h("section", {cls("cases"), attr("aria-label", "Dossiers trouvés")},
           h("ul", {cls("case-list")},
             each(listing.lines, [&](const Line& each) { return line(listing, each); })));
}

Html nothing(const Listing& listing) {
  const bool filtered = !listing.wanted.procedure.empty() || !listing.wanted.service.empty() ||
                        !listing.wanted.state.empty();
  return h("div", {cls("notice notice--plain")},
           h("p", filtered ? "Aucun dossier avec ces filtres." : "Aucun dossier à traiter."),
           when(filtered, [] {
             return h("p", h("a", {href("/bureau/dossiers")}, "Voir tout ce qui est à traiter"));
           }));
}

}  // namespace

const std::vector<StatesShown>& states_shown() {
  static const std::vector<StatesShown> all = {
      {"", "À traiter", {}},
      {"a-prendre", "À prendre", {State::received}},
      {"en-cours", "En cours", {State::examined}},
      {"pieces", "Pièces demandées", {State::awaiting}},
      {"decides", "Décidés", {State::accepted, State::refused}},
      {"traites", "Traités sans décision", {State::settled}},
      {"termines", "Terminés", {State::withdrawn, State::transferred, State::closed}},
      {kPapers, "Courriers à envoyer", {}},
  };
  return all;
}

Html list_page(const Listing& listing) {
  const auto shown = std::ranges::find(states_shown(), listing.wanted.state, &StatesShown::name);
  const bool sought = !listing.wanted.sought.empty() && !listing.lost;
  const std::string title =
      sought ? "Recherche\u00a0: " + listing.wanted.sought
             : std::string(shown == states_shown().end() ? states_shown().front().words
                                                         : shown->words);
  Wanted first = listing.wanted, next = listing.wanted;
  if (listing.lost) first.sought = next.sought = "";
  first.after.clear();
  next.after = listing.next;
  const auto body = [&] {
    if (sought) return results(listing);
    return listing.lines.empty() ? nothing(listing) : groups(listing);
  };
  return fragment(states_rail(listing),
                  h("div", {cls("list")},
                    when(!listing.done.empty(), [&] { return notice(h("p", listing.done)); }),
                    when(listing.lost,
                         [&] {
                           return h("div", {cls("notice"), attr("role", "status")},
                                    h("p", h("strong", "Aucun dossier « ", listing.wanted.sought,
                                             " » dans vos services.")),
                                    h("p", kSearched));
                         }),
                    h("div", {cls("list-head")}, h("h1", title), filters(listing)),
                    when(sought, [] { return h("p", {cls("soft")}, kSearched); }), body(),
                    when(!listing.next.empty() || !listing.wanted.after.empty(), [&] {
                      return h("nav", {cls("row"), attr("aria-label", "Pages")},
                               when(!listing.wanted.after.empty(),
                                    [&] {
                                      return h("a", {cls("btn btn--2"), href(address(first))},
                                               "Revenir au début");
                                    }),
                               when(!listing.next.empty(), [&] {
                                 return h("a", {cls("btn btn--2"), href(address(next))},
                                          "Page suivante", portal::icon(portal::Icon::arrow));
                               }));
                    })));
}

}  // namespace parvis::desk
