// The pages, as markup. Pure.
#pragma once

#include <string>

#include "answer/composer.hpp"
#include "html/html.hpp"
#include "knowledge/document.hpp"

namespace parvis::portal {

// What every page carries around its matter.
struct Frame {
  std::string town;
  std::string stylesheet;  // address
};

std::string page(const Frame& frame, std::string_view title, const html::Html& main);
html::Html home();
html::Html answered(const answer::Question& question, const answer::Answer& answer);
html::Html sheet(const knowledge::Document& document);
html::Html refused(int status, std::string_view detail);

// The address of a sheet's own page.
std::string sheet_url(std::string_view audience, std::string_view id);

}  // namespace parvis::portal
