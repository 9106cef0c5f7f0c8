#include "answer/offers.hpp"

#include <algorithm>
#include <array>

#include "answer/composer.hpp"
#include "answer/lead.hpp"

namespace parvis::answer {

using knowledge::Block;

const Block* Offers::group_of(std::size_t lead) const {
  if (!all_[lead].opens.empty()) return all_[lead].opens[0].group;
  if (const Block* around = all_[lead].shared_by)
    if (std::ranges::any_of(all_,
                            [&](const Section& section) {
                              return !section.opens.empty() && section.opens[0].group == around;
                            }) &&
        !all_[lead].groups.empty())
      return around;
  if (!all_[lead].groups.empty()) return all_[lead].groups.front();
  // A heading of nothing but sub-headings, some of them open; the only choice of a sheet.
  const Block* only = nullptr;
  std::size_t groups = 0;
  for (const Section& section : all_) {
    if (section.groups.empty()) continue;
    if (section.parent == lead && !sayable(all_[lead])) return section.groups.front();
    if (section.opens.empty()) groups += section.groups.size();
    if (section.parent == lead) only = section.groups.front();
  }
  return groups == 1 ? only : nullptr;
}

void Offers::branches(const Block* group, std::size_t lead, std::size_t goes_on_at,
                      const std::vector<const Block*>& assumed) {
  if (group == nullptr && !assumed.empty()) group = assumed.back();
  if (group == nullptr) return;
  const bool shared = all_[lead].shared_by != nullptr && all_[lead].shared_by != group;
  for (const Block* each : branches_of(*group))
    if (answer_.choices.size() < kBranches && !reading_.excluded(*each))
      branch(*each, shared, goes_on_at);
}

void Offers::branch(const Block& branch, bool shared, std::size_t goes_on_at) {
  const std::string title = branch_title(branch);
  const std::vector<std::string>& said = all_[goes_on_at].assumed;
  if (!title.empty() && !reading_.value(branch).empty() &&
      std::ranges::find(said, title) == said.end())
    answer_.choices.push_back(
        {title, shared ? shared_value(document_, branch) : std::string(reading_.value(branch))});
}

void Offers::next(const std::vector<Facet>& asked, const std::vector<std::string>& earlier,
                  const Taken& taken) {
  constexpr std::array kNext = {Facet::documents, Facet::cost, Facet::delay, Facet::where};
  if (!answer_.choices.empty()) return;
  for (const Facet facet : kNext) {
    const auto before = [&](const std::string& text) {
      return has(facets_of_question(text), facet);
    };
    if (has(asked, facet) || std::ranges::any_of(earlier, before)) continue;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const bool said = std::ranges::any_of(taken, [&](const auto& one) { return one.first == i; });
      if (said || !headed(all_[i], facet) || !all_[i].opens.empty() || !sayable(all_[i])) continue;
      answer_.choices.push_back(
          {std::string(question_for(facet)), document_.key.id + std::string(kOffer)});
      return;
    }
  }
}

}  // namespace parvis::answer
