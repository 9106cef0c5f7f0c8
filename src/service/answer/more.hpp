// What comes after the lead: the rest of the section that answers, then what is useful, in order
// and in bounds. Pure.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "answer/answer.hpp"
#include "answer/sections.hpp"
#include "knowledge/document.hpp"

namespace parvis::answer {

using Taken = std::set<std::pair<std::size_t, std::size_t>>;  // section, piece: already said

// The parts and citations of one answer from one sheet.
class More {
 public:
  // All three outlive it.
  More(const knowledge::Document& document, const std::vector<Section>& all, Answer& answer)
      : document_(document), all_(all), answer_(answer) {}

  std::size_t cite(std::size_t section);  // index of its citation, made once

  // lead: the section that `text` comes from. Order: the rest of the lead and what stands under
  // it; a warning on the whole sheet; sections as relevant as it; then documents, steps, cost,
  // delay, place…; online services and forms; legal references; what else the sheet treats.
  void write(std::size_t lead, const Taken& taken, const std::vector<Facet>& asked,
             const std::vector<Relevance>& relevance);

 private:
  bool add_section(std::size_t at, const Taken& taken);
  void add_resources();
  void add_references(std::size_t limit);
  void add_outline();
  void add_part(std::string title, std::string text, std::string section);
  double rank(std::size_t at, std::size_t lead, const std::vector<Facet>& asked,
              const std::vector<Relevance>& relevance) const;
  bool within(std::size_t at, std::size_t ancestor) const;

  const knowledge::Document& document_;
  const std::vector<Section>& all_;
  Answer& answer_;
  std::map<std::size_t, std::size_t> cited_;
  std::set<std::size_t> shown_;
  std::size_t words_ = 0;
};

}  // namespace parvis::answer
