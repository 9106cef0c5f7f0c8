// What a citizen's words and a branch's title say of a situation: age, place, nationality, couple,
// housing, work, occasion, channel, form of a number plate; quantities; words that are denied.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parvis::answer {

enum class Family {
  age,
  place,
  nationality,
  couple,
  housing,
  work,
  employer,
  occasion,
  validity,
  channel,
  life,
  plate,
  scene  // where it happened: at home, in a hospital or a home for the old, in the street
};

struct Trait {
  Family family = Family::age;
  std::string_view name;
  bool denied = false;             // "je ne suis pas marié"
  std::vector<std::string> stems;  // of the words that say it
  bool operator==(const Trait&) const = default;
};

// "Entre 12 et 13 ans", "plus de 50 salariés", "8 ans": low and high are included.
struct Quantity {
  double low = 0;
  double high = 0;
  std::string unit;  // stem: "an", "mois", "salari"; of "mon 2e enfant" kRank
  bool elapsed =
      false;  // a length of time ("depuis 3 ans", "périmé depuis moins de 5 ans"), no age
};

inline constexpr std::string_view kRank = "e";

struct Described {
  std::vector<std::string> stems;  // without stop words; "!passeport" under a negation
  std::vector<Trait> traits;
  std::vector<Quantity> quantities;
  // "Chat, chien ou furet": the stems of each; empty when one thing is said
  std::vector<std::vector<std::string>> alternatives;
  std::size_t words = 0;
  std::string_view in_country;  // "europe" or "abroad": was in such a country, on a trip or not
};

Described describe(std::string_view text);

// Adds what another text says, where `to` says nothing of the same family.
void complete_with(Described& to, const Described& other);

// A title of another age than what is said: "d'un majeur" of a child of twelve, "de moins de 18
// ans" of a son of 22.
bool of_another_age(const Described& title, const Described& said);
// Of something else that happened: "volé" of what is broken.
bool of_another_occasion(const Described& title, const Described& said);
// Of somebody or something else in any way that traits tell.
bool contradicts(const Described& title, const Described& said);

// How far `asked` tells that it is about `title`: above 0 for, under 0 against, 0 nothing said.
// common: stems that every sibling of the title has too; they tell nothing.
double agreement(const Described& asked, const Described& title,
                 const std::vector<std::string>& common);

}  // namespace parvis::answer
