// The agent's own sentences: short, true, with a next step. They state no fact of a sheet. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "answer/composer.hpp"
#include "dialogue/hear.hpp"

namespace parvis::dialogue {

// For an act that needs no search: greeting, thanks, goodbye, machine, wrong, insult, manipulate.
answer::Answer reply(Act act, std::string_view town);

// A person: the ways of the service that `matter` names ("quelqu'un de l'urbanisme"), else of the
// town hall, and whether it is open now; what remains when it is not.
answer::Answer person(const answer::ComposeContext& context, std::string_view matter = {});

// What was masked in a message, told to the person: names of kinds ("numéro de sécurité sociale").
std::string told_masked(const std::vector<std::string>& kinds);

// No forecast of a citizen's own case; the general rule and who may advise.
inline constexpr std::string_view kNoForecast =
    "Je ne peux pas prévoir ce qui sera décidé dans votre cas. Je peux vous donner la règle "
    "générale. Pour un avis sur votre dossier, voyez un avocat ou un point d’accès au droit.";

// Before the first answer to who has just lost somebody.
inline constexpr std::string_view kCondolences = "Nous vous présentons nos condoléances.";

// Beside an answer, where danger is not far.
inline constexpr std::string_view kPerhapsInDanger =
    "Quelqu’un est en danger\u202F? Appelez le 112, ou écrivez au 114 par SMS.";

// "je ne sais pas" to a question of the agent.
inline constexpr std::string_view kEachCase =
    "Ce n’est pas grave. Voici ce qui vaut dans chaque cas.";

// Instead of a question that was just asked.
inline constexpr std::string_view kAskedBefore =
    "Je n’ai pas reconnu votre situation parmi celles que la fiche distingue. Choisissez-la, ou "
    "dites-la avec d’autres mots.";

// Of a page that does not say what is asked of it, or nothing of what is told.
std::string nothing_found(std::string_view title);
std::string nothing_of_it(std::string_view title);
// Before what may be it.
inline constexpr std::string_view kPerhapsThis =
    "La fiche ne le dit peut-être pas. Ce qui s’en approche le plus\u00a0:";
// Over what is nearest to it there.
inline constexpr std::string_view kNearest = "Ce qui s’en approche dans la fiche";

// Before another page, where the one talked about does not say what is asked.
inline constexpr std::string_view kPerhapsThere =
    "La fiche précédente ne le précise pas. Celle-ci en parle peut-être.";

// Instead of a third question in a row.
inline constexpr std::string_view kEnoughAsked =
    "Voici ce qui vaut dans chaque cas. Une personne peut aussi vous aider à choisir.";

}  // namespace parvis::dialogue
