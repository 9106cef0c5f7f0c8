// The pages, as markup. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "answer/composer.hpp"
#include "html/html.hpp"
#include "knowledge/document.hpp"

namespace parvis::portal {

// What every page carries around its matter.
struct Frame {
  std::string town;
  std::string commune;                      // its name, or empty
  std::string base = "/";                   // "/" or "/{slug}/": where this citizen's pages are
  std::string stylesheet;                   // address
  std::vector<answer::PhoneNumber> phones;  // of the town hall, to reach a person
};

struct Place {  // a commune to choose
  std::string name;
  std::string url;
};

std::string page(const Frame& frame, std::string_view title, const html::Html& main);
// town_hall: of this commune, when known.
html::Html home(const Frame& frame, const std::vector<Place>& places,
                const std::optional<answer::Contact>& town_hall);
html::Html services(const std::vector<answer::Contact>& all);
html::Html answered(const Frame& frame, const answer::Question& question,
                    const answer::Answer& answer);
html::Html sheet(const knowledge::Document& document);
html::Html refused(int status, std::string_view detail);

// The address of a sheet's own page.
std::string sheet_url(std::string_view audience, std::string_view id);

}  // namespace parvis::portal
