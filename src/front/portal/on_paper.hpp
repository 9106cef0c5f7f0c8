// The questions of a démarche when they are printed, by the portal or the desk: numbered in the
// order of the online form, so that a condition can name the answer it depends on. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "portal/conditions.hpp"

namespace parvis::portal {

inline constexpr std::size_t kOptionsOnPaper = 30;  // of a choice; more are written by hand
inline constexpr std::size_t kLinesOnPaper = 5;     // of a long text

// Has something that a person reads or answers.
bool is_told(const procedure::Page& page);
// What the heading of a page without a title is of; nullptr: the page has one, or nothing is told.
const procedure::Field* only_field(const procedure::Page& page);
// How often a repeated block is printed; who has more joins a sheet.
std::size_t times_on_paper(const procedure::Field& repeated);

// By the id of a field. The definition outlives it.
class Numbers {
 public:
  explicit Numbers(const procedure::Definition& definition);
  // "si vous répondez « Oui » à la question 3"; empty without a condition.
  std::string condition(const procedure::Expression& when) const;

 private:
  const procedure::Definition& definition_;
  std::map<std::string, std::size_t, std::less<>> page_of_;  // from 1, of the told ones
};

}  // namespace parvis::portal
