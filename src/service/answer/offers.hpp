// What may be chosen with an answer: the branches that the lead leaves open, or the question that
// usually comes next. Pure.
#pragma once

#include <string>
#include <vector>

#include "answer/answer.hpp"
#include "answer/more.hpp"
#include "answer/sections.hpp"
#include "answer/tree.hpp"
#include "knowledge/document.hpp"

namespace parvis::answer {

// The choices of one answer from one sheet.
class Offers {
 public:
  // All outlive it.
  Offers(const knowledge::Document& document, const Reading& reading,
         const std::vector<Section>& all, Answer& answer)
      : document_(document), reading_(reading), all_(all), answer_(answer) {}

  // The choice that a section stands under, shares or leaves open; nullptr when there is none.
  const knowledge::Block* group_of(std::size_t lead) const;

  // Those of a group that the question does not exclude, at most kBranches; without a group, of the
  // last one that was assumed. The branch that is assumed where the answer goes on is not offered.
  void branches(const knowledge::Block* group, std::size_t lead, std::size_t goes_on_at,
                const std::vector<const knowledge::Block*>& assumed);

  // When nothing else is offered, one question: for what the sheet states under a heading of its
  // own, and that was neither asked nor said.
  void next(const std::vector<Facet>& asked, const std::vector<std::string>& earlier,
            const Taken& taken);

 private:
  void branch(const knowledge::Block& branch, bool shared, std::size_t goes_on_at);

  const knowledge::Document& document_;
  const Reading& reading_;
  const std::vector<Section>& all_;
  Answer& answer_;
};

}  // namespace parvis::answer
