// Which branches of a sheet hold for this citizen: told by the question, assumed and said so, or
// open and offered as choices. Pure.
//
// Sheets are decision trees: exactly one situation of a list, and one case of a group, applies to
// a reader. Variables ("T10576") tie a branch to fragments, chapters, links elsewhere.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "answer/traits.hpp"
#include "base/time.hpp"
#include "knowledge/document.hpp"

namespace parvis::answer {

struct Asked {
  Described words;                  // of the question, completed by the earlier ones
  std::vector<Described> earlier;   // what was said before, the latest first: its words tell a
                                    // branch that the question leaves open
  std::vector<std::string> chosen;  // choice values, as offered
  std::string department;           // code of the commune's department ("45"), or empty
  CivilDate today{};                // decides between "Depuis mars 2019" and "Avant mars 2019"
  std::vector<std::string> likely;  // values of branches that nothing decides and that what they
                                    // contain recommends: assumed
};

enum class Truth { yes, no, open };

struct Pick {
  enum class How {
    told,     // the question or a choice says so
    assumed,  // the general case, France, today's rule: said with the answer, the others offered
    open,     // nobody knows yet
  };
  How how = How::open;
  std::size_t branch = 0;  // index among the branches; of open ways, the one to say first
};

class Reading {
 public:
  Reading(const knowledge::Document& document, const Asked& asked);

  // group: a block of kind situations, cases or question of the document.
  Pick pick(const knowledge::Block& group) const;
  Truth truth(const knowledge::Condition& condition) const;
  // The words of the branch that makes a variable true ("Vous avez un emploi"); empty when no
  // branch of this sheet sets it: then the fragment's own words say when it holds.
  std::string label(const knowledge::Condition& condition) const;
  // What is sent back to choose a branch: "F1342/demande-en-france/…"; stable across imports as
  // long as the titles stand.
  std::string_view value(const knowledge::Block& branch) const;
  // What the question says excludes it, in a group that is left open.
  bool excluded(const knowledge::Block& branch) const { return excluded_.contains(&branch); }

  const std::vector<std::string>& told() const { return told_; }  // titles, outermost first
  const std::vector<std::string>& assumed() const { return assumed_; }

 private:
  void visit(const knowledge::Blocks& blocks, const std::string& path);
  void decide(const knowledge::Block& group, const std::string& path);
  void learn_labels(const knowledge::Blocks& blocks);
  void set(const knowledge::Block& branch, bool holds, Pick::How how);
  bool by_assumption(const knowledge::Condition& condition) const;
  // Something that was said makes it true, and not only that nothing was.
  bool told_true(const knowledge::Condition& condition) const;

  const Asked& asked_;
  std::unordered_map<const knowledge::Block*, Pick> picks_;
  std::unordered_map<const knowledge::Block*, std::string> values_;
  std::set<const knowledge::Block*> excluded_;
  std::map<std::string, bool> variables_;
  std::set<std::string> assumed_variables_;
  std::map<std::string, std::string> labels_;
  std::vector<std::string> told_, assumed_, told_slugs_;
};

bool is_group(const knowledge::Block& block);
// Its branches are ways of doing the same thing (online, at the desk, by post): the citizen's to
// choose, so they are all said; open unless one was chosen.
bool is_of_ways(const knowledge::Block& group);
std::vector<const knowledge::Block*> branches_of(const knowledge::Block& group);
std::string branch_title(const knowledge::Block& branch);

// Of these choices, those that words said since stand against: they tell another branch of the same
// group.
std::vector<std::string> told_against(const knowledge::Document& document,
                                      const std::vector<std::string>& chosen,
                                      const Described& said);

std::string slug(std::string_view text);  // "L'enfant a un passeport" → "l-enfant-a-un-passeport"
// Chooses every branch of that title, whatever stands around it: "F1342/~/par-courrier".
std::string shared_value(const knowledge::Document& document, const knowledge::Block& branch);
// What usually comes next is offered as a question, its label: "F1342/?".
inline constexpr std::string_view kOffer = "/?";
inline bool is_offer(std::string_view value) { return value.ends_with(kOffer); }
std::string_view sheet_of_choice(std::string_view value);  // "F1342" of "F1342/…"

}  // namespace parvis::answer
