#include "tenancy/names.hpp"

#include "text/normalise.hpp"

namespace parvis::tenancy {

std::string with_article(std::string_view town) {
  const std::string word = text::fold(town.substr(0, town.find(' ')));
  if (word == "agglomeration") return "l’" + std::string(town);
  for (const std::string_view feminine : {"commune", "communaute", "mairie", "metropole", "ville"})
    if (word == feminine) return "la " + std::string(town);
  return std::string(town);
}

}  // namespace parvis::tenancy
