// Whether answers helped, counted by day and sheet. No question, no address, nothing of a person is
// kept: there is no way from a count back to who voted.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "db/database.hpp"

namespace parvis::portal {

enum class Helped : std::uint8_t { yes, incomplete, off_topic, not_my_case, unclear, wrong };

// As stored and sent by the form, with what the citizen reads ("" for yes, which has no reason).
struct Reason {
  Helped helped;
  std::string_view name;
  std::string_view words;
};
inline constexpr std::array<Reason, 6> kReasons = {{
    {Helped::yes, "", ""},
    {Helped::incomplete, "incomplete", "Il manque quelque chose"},
    {Helped::off_topic, "off_topic", "Ce n’est pas ma question"},
    {Helped::not_my_case, "not_my_case", "Ce n’est pas ma situation"},
    {Helped::unclear, "unclear", "Je n’ai pas compris"},
    {Helped::wrong, "wrong", "C’est faux ou dépassé"},
}};
std::string_view reason_of(Helped helped);
std::optional<Helped> reason_named(std::string_view name);  // never yes

struct Vote {
  CivilDate day;         // of the town
  std::string commune;   // INSEE code, or empty
  std::string audience;  // of the first source of the answer
  std::string sheet;     // its id; both empty without a source
  Helped helped = Helped::yes;
  bool operator==(const Vote&) const = default;
};

void count(db::Tx& tx, std::string_view tenant, const Vote& vote);

// The votes of a tenant with how often each was cast, in order of day, commune, sheet and reason.
std::vector<std::pair<Vote, std::int64_t>> votes(db::Tx& tx, std::string_view tenant);

}  // namespace parvis::portal
