// One date in a form field. The reading is parse()'s; what is refused, and why, is here.
#include <fmt/format.h>

#include "dates/grammar.hpp"
#include "text/normalise.hpp"

namespace parvis::dates {
namespace {

constexpr std::string_view kExample = "Écrivez-la en chiffres, par exemple 24/11/2026.";

// Nothing but articles and signs outside what was read.
bool covers(const std::vector<Token>& all, const Found& found) {
  for (const Token& token : all) {
    if (token.begin >= found.begin && token.end <= found.stop) continue;
    if (token.kind == Token::Kind::sign || token.is("le") || token.is("la") || token.is("l") ||
        token.is("date"))
      continue;
    return false;
  }
  return true;
}

// "30/02/2026", "30 février", "24/13/2026": the reason, when the text has the shape of a date.
std::optional<std::string> impossible(const Reader& r) {
  std::size_t at = r.skip_article(0);
  if (const auto named = weekday(r, at)) at = named->next;
  if (!r.number(at)) return std::nullopt;
  const int day = r.at(at).value;
  at = r.skip(at + 1, {"/", ".", "-", "er"});
  std::optional<unsigned> named;
  if (const auto word = month(r, at)) named = word->value;
  if (named && (day < 1 || day > 31)) return "Ce jour n’existe pas. Vérifiez le jour et le mois.";
  if (!named && r.number(at) && r.at(at).digits() <= 2) {
    const int number = r.at(at).value;
    if (number > 12 && day <= 12) return "Écrivez le jour avant le mois, par exemple 24/11/2026.";
    if (number < 1 || number > 12) return "Ce mois n’existe pas. Vérifiez la date.";
    named = static_cast<unsigned>(number);
  }
  if (!named || day < 1) return std::nullopt;
  const std::size_t after = r.skip(at + 1, {"/", ".", "-"});
  if (!r.number(after) || r.at(after).digits() != 4 ||
      date_of(r.at(after).value, *named, static_cast<unsigned>(day)))
    if (date_of(2024, *named, static_cast<unsigned>(std::min(day, 99)))) return std::nullopt;
  return "Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois.";
}

}  // namespace

std::expected<CivilDate, std::string> parse_civil_date(std::string_view text, LocalTime now,
                                                       Prefer prefer) {
  const auto refused = [](std::string why) { return std::unexpected(std::move(why)); };
  if (text.size() > kStrictBytes)
    return refused("Écrivez seulement une date, par exemple 24/11/2026.");
  const std::vector<Token> all = tokens(text);
  if (all.empty()) return refused("Indiquez une date, par exemple 24/11/2026.");
  const Reader r{all, now, prefer};
  if (const auto reason = impossible(r)) return refused(*reason);
  const std::vector<Found> found = parse(text, now, prefer);
  if (found.empty())
    return refused(fmt::format("Nous n’avons pas compris cette date. {}", kExample));
  if (found.size() > 1) return refused("Vous avez indiqué plusieurs dates. Gardez-en une seule.");
  const Found& only = found.front();
  if (only.kind == Kind::duration)
    return refused(fmt::format("Vous avez indiqué une durée. Il faut une date. {}", kExample));
  if (only.kind == Kind::recurring)
    return refused(
        "Cette date revient plusieurs fois. Choisissez un seul jour, par exemple 24/11/2026.");
  if (only.kind == Kind::interval) {
    const bool calendar = only.grain == Grain::month || only.grain == Grain::year;
    return refused(
        calendar
            ? "Il manque le jour. Écrivez par exemple 24/11/2026."
            : "Vous avez indiqué une période. Choisissez un seul jour, par exemple 24/11/2026.");
  }
  if (only.grain != Grain::day)
    return refused("Indiquez le jour sans l’heure, par exemple 24/11/2026.");
  if (!covers(all, only)) return refused(fmt::format("Écrivez seulement la date. {}", kExample));
  const CivilDate date = civil_date(*only.start), today = civil_date(now);
  if (only.doubts.wrong_weekday) {
    static constexpr std::string_view kDays[] = {"lundi",    "mardi",  "mercredi", "jeudi",
                                                 "vendredi", "samedi", "dimanche"};
    return refused(fmt::format("Le {} est un {}. Corrigez le jour ou la date.",
                               format_french_date(date), kDays[weekday_of(date)]));
  }
  if (only.doubts.next_or_following)
    return refused(fmt::format(
        "Ces mots peuvent désigner deux jours. Écrivez la date, par exemple {}.",
        fmt::format("{:02}/{:02}/{}", static_cast<unsigned>(date.day()),
                    static_cast<unsigned>(date.month()), static_cast<int>(date.year()))));
  if (only.doubts.two_digit_year) {
    // Two centuries are possible unless only one is on the side that is asked for.
    const auto other = date + std::chrono::years(date > today ? -100 : 100);
    const bool past_only = prefer == Prefer::past && date <= today && other > today;
    const bool future_only = prefer == Prefer::future && date >= today && other < today;
    const CivilDate older = date - std::chrono::years(100);
    // A person of a hundred years and more has a birthday too.
    const bool far =
        prefer == Prefer::past && today.year() - older.year() > std::chrono::years(120);
    if (!future_only && !(past_only && far))
      return refused(
          "L’année est sur deux chiffres. Écrivez-la sur quatre, par exemple 2026 ou 1926.");
  }
  if (prefer == Prefer::either && (only.doubts.year_guessed || only.doubts.month_guessed))
    return refused(only.doubts.month_guessed
                       ? "Il manque le mois et l’année. Écrivez par exemple 24/11/2026."
                       : "Il manque l’année. Écrivez par exemple 24/11/2026.");
  if (only.doubts.approximate)
    return refused(fmt::format("Cette date n’est pas précise. {}", kExample));
  if (prefer == Prefer::past && date > today)
    return refused("Cette date est à venir. Indiquez une date passée.");
  if (prefer == Prefer::future && date < today)
    return refused("Cette date est passée. Indiquez une date à venir.");
  return date;
}

}  // namespace parvis::dates
