// Services to reach, and which commune they are of.
#include <algorithm>
#include <cctype>
#include <ranges>

#include "answer/contact.hpp"
#include "answer/facts.hpp"
#include "answer/phrases.hpp"
#include "answer/scope.hpp"
#include "calendar/words.hpp"
#include "dates/dates.hpp"
#include "dialogue/places.hpp"
#include "dialogue/turn.hpp"
#include "directory/service.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {

using answer::Answer;
using answer::Status;

std::optional<territory::Commune> Turn::elsewhere(std::string_view text) const {
  if (world_.communes.empty() || !commune_named(text).empty()) return std::nullopt;
  const auto named = territory::commune_in(text);
  return named && comes_from(text, named->name) ? std::nullopt : named;
}

Step Turn::other_commune(const territory::Commune& commune, const std::string& asked) {
  // "Et chez moi ?" asks the same of here.
  state_.question =
      std::string(text::utf8_prefix(without_name(asked, commune.name), kQuestionBytes));
  state_.subject.clear();
  state_.title.clear();
  remember(asked);
  Answer out;
  out.status = Status::other_commune;
  out.text = "Je réponds pour " + world_.town + ". Pour " + std::string(commune.name) +
             ", adressez-vous à la mairie de cette commune\u00A0: elle a ses propres services et "
             "horaires.\nJe peux vous répondre sur les démarches nationales.";
  return done(std::move(out));
}

namespace {

// A service of the town is asked for by its whole name: "la maison des mobilités est ouverte ?"
bool names_service(const std::string& text, const answer::ComposeContext& cx) {
  if (!cx.services.by_words || !answer::asks_to_reach(text)) return false;
  const auto named = cx.services.by_words(text);
  if (!named) return false;
  const std::vector<std::string> said = text::terms(text);
  const std::vector<std::string> name = text::terms(directory::short_name(named->name));
  return !name.empty() && std::ranges::all_of(name, [&](const std::string& word) {
    return std::ranges::find(said, word) != said.end();
  });
}

// The days after today that a message names ("samedi", "ce week-end", "le 24"), at most kDays.
std::vector<CivilDate> days_named(const std::string& text, LocalTime now) {
  constexpr std::size_t kDays = 3;
  std::vector<CivilDate> out;
  for (const dates::Found& each : dates::parse(text, now, dates::Prefer::future)) {
    if (!each.start || each.grain > dates::Grain::day || each.kind == dates::Kind::duration)
      continue;
    const LocalTime last = each.end ? *each.end - std::chrono::seconds(1) : *each.start;
    LocalTime at = std::max(*each.start, now + std::chrono::days(1));
    // However long it is: "du 1er janvier au 31 décembre 9999".
    for (; out.size() < kDays && civil_date(at) <= civil_date(last); at += std::chrono::days(1))
      if (const CivilDate day = civil_date(at); std::ranges::find(out, day) == out.end())
        out.push_back(day);
  }
  return out;
}

}  // namespace

std::optional<Answer> Turn::service(const Heard& heard) {
  auto place = answer::asks_for_contact(heard.text);
  constexpr std::size_t kBare = 3, kOpen = 8;  // words: "leur téléphone ?", "vous ouvrez quand ?"
  const std::size_t most = answer::has_phrase(answer::folded_words(heard.text),
                                              "ouvert*|ouvre*|ferme|fermez|fermes|horaires")
                               ? kOpen
                               : kBare;
  if (!place && heard.reach && state_.place.empty() && answer::word_count(heard.text) <= most)
    place = "mairie";
  if (!place && !state_.place.empty() && (heard.reach || (heard.when && state_.at_place))) {
    place = state_.place;
    if (const std::string there = commune_named(*place); !there.empty()) commune_ = there;
  }
  // Nothing of its own is said: of the service last shown, "faut un rendez-vous ?".
  if (!place && state_.at_place && heard.own.empty() && heard.facets.empty()) place = state_.place;
  const answer::ComposeContext cx = context();
  // "Et la médiathèque ?", "non, la déchèterie", after the hours of another.
  constexpr std::size_t kNamed = 2;  // own words
  if (!place && state_.at_place && heard.own.size() <= kNamed && heard.facets.empty() &&
      (answer::goes_on(heard.text) || heard.corrects) && cx.services.by_words &&
      cx.services.by_words(heard.text))
    place = heard.text;
  if (!place && names_service(heard.text, cx)) place = heard.text;
  if (!place || !cx.services.by_words) return std::nullopt;
  auto contact = cx.services.by_words(*place);
  // A desk that has no page of its own is in the building last shown.
  if (!contact && state_.at_place) contact = cx.services.by_words(state_.place);
  if (!contact && commune_.empty() && world_.communes.size() > 1) return which_commune(*place);
  if (!contact) return std::nullopt;
  // "Samedi c'est ouvert, l'état civil ? Et la médiathèque ?"
  std::string when = heard.text;
  if (state_.at_place && answer::goes_on(when) && !state_.told.empty() &&
      dates::parse(when, cx.zone.local(cx.now), dates::Prefer::future).empty())
    when = state_.told.back();
  remember(heard.text);
  return reached(std::move(*contact), heard.text, when);
}

Answer Turn::which_commune(const std::string& place) {
  Answer out;
  out.status = Status::clarify;
  out.text = "De quelle commune\u202F? Choisissez-la, ou écrivez son nom.";
  for (const tenancy::Commune& each : world_.communes)
    out.choices.push_back({each.name, std::string(answer::kCommuneChoice) + each.insee});
  state_.question = "téléphone de " + place;
  state_.subject.clear();
  return out;
}

Answer Turn::reached(answer::Contact contact, const std::string& asked,
                     const std::string& when) const {
  const answer::ComposeContext cx = context();
  Answer out;
  out.status = Status::contact;
  std::string of_days;
  if (cx.services.hours_on) {
    for (const CivilDate& day : days_named(when, cx.zone.local(cx.now)))
      if (const std::string hours = cx.services.hours_on(contact.name, day); !hours.empty())
        of_days.append(of_days.empty() ? "" : " ; ")
            .append(calendar::date_words(day))
            .append("\u00a0: ")
            .append(hours);
    if (!of_days.empty())
      of_days[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(of_days[0])));
  }
  out.text = answer::in_brief(contact, asked, of_days);
  out.contact = std::move(contact);
  return out;
}

bool Turn::is_local(const Heard& heard, const Found& found) {
  constexpr std::size_t kPlaceOnly = 2;  // words of the place itself
  constexpr std::size_t kFirst = 3;
  return heard.own.size() <= kPlaceOnly ||
         std::ranges::any_of(
             found.candidates | std::views::take(kFirst),
             [](const answer::Candidate& each) { return each.document->key.is_local(); });
}

}  // namespace parvis::dialogue
