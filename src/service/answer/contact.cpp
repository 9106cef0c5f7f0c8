#include "answer/contact.hpp"

#include <algorithm>
#include <array>

#include "calendar/hours.hpp"
#include "calendar/words.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

void add(std::string& out, std::string_view separator, std::string_view words) {
  if (words.empty()) return;
  out.append(out.empty() ? "" : separator).append(words);
}

// "Mairie", "Médiathèque": what is open agrees with it.
bool feminine(std::string_view name) {
  static constexpr std::array kFirst = {
      "agence",    "annexe",          "antenne",     "bibliotheque", "caisse",     "cantine",
      "chambre",   "communaute",      "cour",        "creche",       "decheterie", "dechetterie",
      "direction", "ecole",           "gendarmerie", "halte",        "ludotheque", "mairie",
      "maison",    "mediatheque",     "mission",     "patinoire",    "permanence", "piscine",
      "police",    "poste",           "prefecture",  "recyclerie",   "regie",      "ressourcerie",
      "salle",     "sous-prefecture", "tresorerie"};
  const std::string folded = text::fold(name);
  const std::string_view first = std::string_view(folded).substr(0, folded.find(' '));
  return std::ranges::find(kFirst, first) != kFirst.end();
}

std::string agreed(std::string words, std::string_view name) {
  for (const std::string_view word : {"Ouvert", "Fermé", "fermé"})
    if (words.starts_with(word) && feminine(name)) words.insert(word.size(), "e");
  return words;
}

// Of equals the first: it reaches everybody.
const PhoneNumber& phone_for(const Contact& contact, std::string_view asked) {
  const std::vector<std::string> terms = text::terms(asked);
  const auto shared = [&](const PhoneNumber& phone) {
    // "Décès, le samedi": what follows tells when, and not what for.
    const std::string_view matter = std::string_view(phone.label).substr(0, phone.label.find(','));
    return std::ranges::count_if(text::terms(matter), [&](const std::string& term) {
      return std::ranges::find(terms, term) != terms.end();
    });
  };
  return *std::ranges::max_element(contact.phones, {}, shared);
}

}  // namespace

Contact contact_of(const directory::Service& service, LocalTime now) {
  Contact out;
  out.name = service.name;
  for (const std::string& line : service.address) add(out.address, ", ", line);
  add(out.address, ", ", service.postcode + (service.city.empty() ? "" : " " + service.city));
  for (const directory::Phone& phone : service.phones)
    out.phones.push_back({phone.number, phone.label});
  out.email = service.email;
  out.url = service.url;
  const calendar::Region region = directory::region_of(service);
  const calendar::OpenState state = calendar::open_at(service.hours, now, region);
  out.open_words = agreed(calendar::open_words(state, now), service.name);
  if (state.status == calendar::Open::open) out.open = true;
  if (state.status == calendar::Open::closed) out.open = false;
  if (service.hours.known()) {
    out.hours = "Aujourd’hui\u00a0: " + calendar::day_words(service.hours, civil_date(now), region);
    for (const std::string& line : calendar::week_words(service.hours, civil_date(now)))
      add(out.hours, "\n", line);
    for (const std::string& line : calendar::notice_words(service.hours, civil_date(now)))
      add(out.note, "\n", line);
  }
  add(out.note, "\n", service.access);
  for (const std::string& way : service.other_ways) add(out.note, "\n", way);
  return out;
}

std::string hours_on(const directory::Service& service, CivilDate day) {
  return agreed(calendar::day_words(service.hours, day, directory::region_of(service)),
                service.name);
}

std::string in_brief(const Contact& contact, std::string_view asked, std::string_view hours) {
  std::string out = contact.name + ".";
  const auto say = [&out](std::string_view sentence) {
    if (sentence.empty()) return;
    out.append(" ").append(sentence);
    if (!out.ends_with('.')) out.append(".");
  };
  say(hours.empty() ? contact.open_words : hours);
  if (contact.phones.empty()) return out;
  const PhoneNumber& phone = phone_for(contact, asked);
  const bool for_all = &phone == &contact.phones.front();
  say((for_all ? "Téléphone" : phone.label) + "\u00a0: " + phone.number);
  return out;
}

}  // namespace parvis::answer
