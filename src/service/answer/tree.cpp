#include "answer/tree.hpp"

#include <algorithm>
#include <array>

#include "answer/phrases.hpp"
#include "answer/pieces.hpp"
#include "text/normalise.hpp"

namespace parvis::answer {
namespace {

using namespace std::string_view_literals;
using knowledge::Block;
using knowledge::Blocks;
using knowledge::Condition;
using Kind = Block::Kind;

constexpr double kTold = 2;       // agreement from which the question says which branch
constexpr double kMargin = 1;     // and by how much it beats the next one
constexpr double kExcluded = -3;  // and from which it says that the branch is not the one
constexpr double kDenied = -2;    // a word of the title is denied, or its opposite said
constexpr std::size_t kSlugBytes = 60;

std::string label_of(const Block& branch) {
  return branch.kind == Kind::choice && !branch.text.empty() ? branch.text : branch_title(branch);
}

// The branch that holds when nothing particular is said: the general one, else France (a town
// hall's portal answers people who live there), else the adult's (who asks for a child says so).
std::optional<std::size_t> usual(const std::vector<const Block*>& branches,
                                 const std::vector<Described>& titles) {
  std::optional<std::size_t> general, france, adult;
  bool abroad = false, minor = false;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    const std::string title = text::fold(branch_title(*branches[i]));
    if (title.starts_with("cas general") || title.starts_with("dans le cas general") ||
        title.starts_with("regime general") || title == "metropole" ||
        title.starts_with("en metropole"))
      if (!general) general = i;
    bool here = false, there = false;
    for (const Trait& trait : titles[i].traits) {
      if (trait.family == Family::age) {
        minor = minor || trait.name == "minor";
        if (trait.name == "adult") adult = i;
      }
      if (trait.family != Family::place) continue;
      there = there || trait.name == "abroad";
      here = here || trait.name == "france";
    }
    abroad = abroad || there;
    if (here && !there && !title.starts_with("ne")) france = i;
  }
  if (general) return general;
  if (abroad && france) return france;
  return minor ? adult : std::nullopt;
}

// The last date of "depuis mars 2019", "entre le 13 mai et le 30 septembre 2018", "avant 2020": day
// and month may be missing.
std::optional<CivilDate> date_in(const std::vector<std::string>& words) {
  static constexpr std::array kMonths = {"janvier"sv,   "fevrier"sv, "mars"sv,     "avril"sv,
                                         "mai"sv,       "juin"sv,    "juillet"sv,  "aout"sv,
                                         "septembre"sv, "octobre"sv, "novembre"sv, "decembre"sv};
  for (std::size_t i = words.size(); i-- > 1;) {
    const int year = std::atoi(words[i].c_str());
    if (words[i].size() != 4 || year < 1900 || year > 2100) continue;
    const auto month = std::ranges::find(kMonths, std::string_view(words[i - 1]));
    if (month == kMonths.end())
      return CivilDate{std::chrono::year(year), std::chrono::January, std::chrono::day(1)};
    const int day = i > 1 ? std::max(1, std::atoi(words[i - 2].c_str())) : 1;
    const CivilDate date{std::chrono::year(year),
                         std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
                         std::chrono::day(static_cast<unsigned>(day))};
    return date.ok() ? std::optional(date) : std::nullopt;
  }
  return std::nullopt;
}

// Of branches that are all periods, the only one that holds on that day.
std::optional<std::size_t> of_today(const std::vector<const Block*>& branches, CivilDate today) {
  std::optional<std::size_t> holds;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    const std::vector<std::string> words = folded_words(branch_title(*branches[i]));
    const bool since = starts_with_phrase(words, "depuis|a partir|a compter|des");
    const bool until = starts_with_phrase(words, "jusqu|entre");
    const auto date = date_in(words);
    if (!date || !(since || until || starts_with_phrase(words, "avant"))) return std::nullopt;
    if (words[0] == "entre" && today <= *date) return std::nullopt;  // when it begins is not read
    if (since ? today >= *date : (until ? today <= *date : today < *date)) {
      if (holds) return std::nullopt;
      holds = i;
    }
  }
  return holds;
}

// The branch that words agree with, when they do so clearly.
std::optional<std::size_t> told_by(const std::vector<double>& scores) {
  const auto best = std::ranges::max_element(scores);
  if (*best < kTold) return std::nullopt;
  const auto near = [&](double score) { return *best - score < kMargin; };
  if (std::ranges::count_if(scores, near) > 1) return std::nullopt;
  return static_cast<std::size_t>(best - scores.begin());
}

// One branch of two holds for a reader: when one is denied, the other. Of more, a denial may be of
// what several have in common.
std::optional<std::size_t> last_left(const std::vector<double>& scores) {
  if (scores.size() != 2) return std::nullopt;
  for (const std::size_t i : {0U, 1U})
    if (scores[i] >= 0 && scores[1 - i] <= kDenied) return i;
  return std::nullopt;
}

Truth negate(Truth truth) {
  return truth == Truth::open ? Truth::open : (truth == Truth::yes ? Truth::no : Truth::yes);
}

}  // namespace

bool is_group(const Block& block) {
  return block.kind == Kind::situations || block.kind == Kind::cases ||
         block.kind == Kind::question;
}

bool is_of_ways(const Block& group) {
  constexpr std::string_view kWays =
      "en ligne|par internet|sur internet|via internet|par teleservice|sur place|par courrier|par "
      "correspondance|"
      "par voie postale|par lettre|par telephone|par mail|par courriel|au guichet|en personne|"
      "en mairie|a la mairie|en prefecture|formulaire papier|sur papier|par fax";
  if (group.kind == Kind::question) return false;
  const std::vector<const Block*> branches = branches_of(group);
  std::size_t services = 0;  // "Auprès d'un professionnel": a way only beside another one
  for (const Block* branch : branches) {
    const std::vector<std::string> words = folded_words(branch_title(*branch));
    if (branch->condition || !branch->sets.empty()) return false;
    if (starts_with_phrase(words, "aupres"))
      ++services;
    else if (!starts_with_phrase(words, kWays))
      return false;
  }
  return branches.size() > 1 && services < branches.size();
}

std::vector<const Block*> branches_of(const Block& group) {
  std::vector<const Block*> out;
  for (const Block& child : group.children)
    if (child.kind == Kind::situation || child.kind == Kind::case_ || child.kind == Kind::choice)
      out.push_back(&child);
  return out;
}

std::string branch_title(const Block& branch) { return heading_text(branch.title); }

std::string slug(std::string_view text) {
  std::string out;
  for (const char c : text::fold(text)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter)
      out.push_back(c);
    else if (!out.empty() && out.back() != '-')
      out.push_back('-');
    if (out.size() == kSlugBytes) break;
  }
  while (out.ends_with('-')) out.pop_back();
  return out;
}

std::string shared_value(const knowledge::Document& document, const Block& branch) {
  return document.key.id + "/~/" + slug(branch_title(branch));
}

std::string_view sheet_of_choice(std::string_view value) {
  return value.substr(0, value.find('/'));
}

std::vector<std::string> told_against(const knowledge::Document& document,
                                      const std::vector<std::string>& chosen,
                                      const Described& said) {
  Asked asked;
  asked.words = said;
  const Reading reading(document, asked);
  std::vector<std::string> out;
  std::vector<const Block*> ancestors;
  knowledge::walk(document.body, ancestors, [&](const Block& block, const auto&) {
    if (!is_group(block) || reading.pick(block).how != Pick::How::told) return true;
    const std::vector<const Block*> branches = branches_of(block);
    for (std::size_t i = 0; i < branches.size(); ++i)
      if (i != reading.pick(block).branch)
        for (const std::string& value : chosen)
          if (value == reading.value(*branches[i])) out.push_back(value);
    return true;
  });
  return out;
}

Reading::Reading(const knowledge::Document& document, const Asked& asked) : asked_(asked) {
  for (const std::string_view chosen : asked.chosen)
    if (const std::string any = document.key.id + "/~/"; chosen.starts_with(any))
      told_slugs_.emplace_back(chosen.substr(any.size()));
  learn_labels(document.body);
  visit(document.body, document.key.id);
}

void Reading::learn_labels(const Blocks& blocks) {
  for (const Block& block : blocks) {
    if (block.condition && block.condition->kind == Condition::Kind::is_true &&
        (block.kind == Kind::situation || block.kind == Kind::case_))
      labels_.emplace(block.condition->variable, branch_title(block));
    for (const std::string& variable : block.sets)
      if (!variable.starts_with('!')) labels_.emplace(variable, label_of(block));
    learn_labels(block.children);
  }
}

void Reading::set(const Block& branch, bool holds, Pick::How how) {
  if (branch.condition && branch.condition->kind == Condition::Kind::is_true &&
      variables_.emplace(branch.condition->variable, holds).second && how == Pick::How::assumed)
    assumed_variables_.insert(branch.condition->variable);
  if (!holds) return;
  for (const std::string& variable : branch.sets) {
    const bool falsely = variable.starts_with('!');
    variables_.insert_or_assign(variable.substr(falsely ? 1 : 0), !falsely);
  }
}

bool Reading::by_assumption(const Condition& condition) const {
  if (assumed_variables_.contains(condition.variable)) return true;
  return std::ranges::any_of(condition.operands,
                             [&](const Condition& operand) { return by_assumption(operand); });
}

bool Reading::told_true(const Condition& condition) const {
  if (condition.kind == Condition::Kind::is_true) return variables_.contains(condition.variable);
  return std::ranges::any_of(condition.operands,
                             [&](const Condition& operand) { return told_true(operand); });
}

void Reading::visit(const Blocks& blocks, const std::string& path) {
  for (const Block& block : blocks) {
    if (is_group(block)) {
      decide(block, path);
      continue;
    }
    const bool heading = block.kind == Kind::chapter || block.kind == Kind::subchapter;
    const std::string title = heading ? slug(heading_text(block.title)) : "";
    visit(block.children, title.empty() ? path : path + "/" + title);
  }
}

void Reading::decide(const Block& group, const std::string& path) {
  const std::vector<const Block*> branches = branches_of(group);
  std::vector<std::string> slugs;
  std::vector<Described> titles;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    const Block& branch = *branches[i];
    std::string name = slug(branch_title(branch));
    if (name.empty() || std::ranges::find(slugs, name) != slugs.end())
      name.append("-").append(std::to_string(i + 1));
    values_[&branch] = path + "/" +
                       (group.kind == Kind::question ? slug(heading_text(group.title)) + "/" : "") +
                       name;
    slugs.push_back(std::move(name));
    titles.push_back(describe(label_of(branch)));
  }
  Pick pick;
  auto tell = [&](std::size_t branch, Pick::How how) { pick = {how, branch}; };
  // A choice made, on this branch or below it; else a variable already known; else the same words
  // told elsewhere in the sheet.
  for (std::size_t i = 0; i < branches.size(); ++i) {
    const std::string& value = values_[branches[i]];
    for (const std::string& chosen : asked_.chosen)
      if (chosen == value || chosen.starts_with(value + "/")) tell(i, Pick::How::told);
  }
  if (pick.how == Pick::How::open)
    for (std::size_t i = 0; i < branches.size(); ++i)
      if (branches[i]->condition && truth(*branches[i]->condition) == Truth::yes &&
          told_true(*branches[i]->condition))
        tell(i, by_assumption(*branches[i]->condition) ? Pick::How::assumed : Pick::How::told);
  if (pick.how == Pick::How::open)
    for (std::size_t i = 0; i < branches.size(); ++i)
      if (std::ranges::find(told_slugs_, slugs[i]) != told_slugs_.end()) tell(i, Pick::How::told);
  if (pick.how == Pick::How::open && branches.size() == 1 && group.kind != Kind::question)
    tell(0, Pick::How::told);
  if (pick.how == Pick::How::open && !branches.empty()) {
    std::vector<std::string> common = titles[0].stems;
    for (const Described& title : titles)
      std::erase_if(common, [&](const std::string& stem) {
        return std::ranges::find(title.stems, stem) == title.stems.end();
      });
    const auto vote = [&](const Described& said) {
      std::vector<double> scores;
      for (std::size_t i = 0; i < branches.size(); ++i) {
        double score = agreement(said, titles[i], common);
        if (!asked_.department.empty() &&
            branch_title(*branches[i]).contains("(" + asked_.department + ")"))
          score += kTold + kMargin;
        if (branches[i]->condition && truth(*branches[i]->condition) == Truth::no) score -= 100;
        scores.push_back(score);
      }
      return scores;
    };
    const std::vector<double> scores = vote(asked_.words);
    for (std::size_t i = 0; i < branches.size(); ++i)
      if (scores[i] <= kExcluded) excluded_.insert(branches[i]);
    const std::optional<std::size_t> best = told_by(scores);
    const bool ways = is_of_ways(group);
    if (best && ways)
      pick.branch = *best;
    else if (best)
      tell(*best, Pick::How::told);
    else if (!ways && std::ranges::max(scores) < kTold) {
      if (group.kind != Kind::question) {
        if (const auto i = usual(branches, titles)) tell(*i, Pick::How::assumed);
        if (const auto i = of_today(branches, asked_.today)) tell(*i, Pick::How::assumed);
      }
      if (const auto i = last_left(scores)) tell(*i, Pick::How::assumed);
      // What was told before holds while what is said now leans to no other branch.
      for (const Described& said : asked_.earlier)
        if (pick.how == Pick::How::open)
          if (const auto i = told_by(vote(said));
              i && scores[*i] > kDenied && scores[*i] >= std::ranges::max(scores))
            tell(*i, Pick::How::assumed);
    }
  }
  if (pick.how == Pick::How::open)
    for (std::size_t i = 0; i < branches.size(); ++i)
      if (std::ranges::find(asked_.likely, values_[branches[i]]) != asked_.likely.end())
        tell(i, Pick::How::assumed);
  picks_[&group] = pick;
  if (pick.how == Pick::How::open) {
    for (const Block* branch : branches) visit(branch->children, values_[branch]);
    return;
  }
  const std::string title = branches.size() > 1 ? label_of(*branches[pick.branch]) : "";
  auto& titles_said = pick.how == Pick::How::told ? told_ : assumed_;
  if (!title.empty() && std::ranges::find(titles_said, title) == titles_said.end())
    titles_said.push_back(title);
  if (pick.how == Pick::How::told && branches.size() > 1) told_slugs_.push_back(slugs[pick.branch]);
  const Block& branch = *branches[pick.branch];
  set(branch, true, pick.how);  // first: two branches may share a variable
  for (const Block* other : branches)
    if (other != &branch) set(*other, false, pick.how);
  visit(branch.children, values_[&branch]);
}

Pick Reading::pick(const Block& group) const {
  const auto at = picks_.find(&group);
  return at == picks_.end() ? Pick{} : at->second;
}

std::string_view Reading::value(const Block& branch) const {
  const auto at = values_.find(&branch);
  return at == values_.end() ? std::string_view() : std::string_view(at->second);
}

Truth Reading::truth(const Condition& condition) const {
  switch (condition.kind) {
    case Condition::Kind::is_true: {
      const auto at = variables_.find(condition.variable);
      if (at == variables_.end()) return Truth::open;
      return at->second ? Truth::yes : Truth::no;
    }
    case Condition::Kind::is_undefined:  // holds for the reader who has not chosen
      return variables_.contains(condition.variable) ? Truth::no : Truth::yes;
    case Condition::Kind::all:
    case Condition::Kind::any: {
      // `all` is settled by one "no", `any` by one "yes"; what is not settled stays open.
      const Truth settles = condition.kind == Condition::Kind::all ? Truth::no : Truth::yes;
      bool open = condition.operands.empty();
      for (const Condition& operand : condition.operands) {
        const Truth t = truth(operand);
        if (t == settles) return settles;
        open = open || t == Truth::open;
      }
      return open ? Truth::open : negate(settles);
    }
  }
  return Truth::open;
}

std::string Reading::label(const Condition& condition) const {
  if (condition.kind == Condition::Kind::is_true) {
    const auto at = labels_.find(condition.variable);
    return at == labels_.end() ? "" : at->second;
  }
  std::string out;
  for (const Condition& operand : condition.operands) {
    const std::string one = label(operand);
    if (one.empty() || (condition.kind == Condition::Kind::all && out.contains(one))) continue;
    out.append(out.empty() ? "" : (condition.kind == Condition::Kind::any ? " ou " : " et "))
        .append(one);
  }
  return out;
}

}  // namespace parvis::answer
