#include "answer/sections.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>

#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

using knowledge::Block;
using knowledge::Blocks;
using Kind = Block::Kind;

constexpr int kLevels = 2;  // of nested branches that are compared

// A paragraph in bold that says no sentence is the heading of those after it.
bool is_label(const Block& block) {
  constexpr std::size_t kLongest = 80;  // bytes
  if (block.kind != Kind::paragraph || block.spans.empty()) return false;
  if (!std::ranges::all_of(block.spans, [](const knowledge::Span& span) {
        return span.kind == knowledge::Span::Kind::strong ||
               span.text.find_first_not_of(" :") == std::string::npos;
      }))
    return false;
  const std::string text = heading_text(block.spans);
  const bool letters = std::ranges::any_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
  return letters && text.size() <= kLongest && !text.ends_with('.') && !text.ends_with(',') &&
         !text.ends_with(';');
}

class Splitter {
 public:
  explicit Splitter(const Reading& reading) : reading_(reading) { all_.emplace_back(); }

  std::vector<Section> split(const Blocks& body) {
    into(body, 0);
    for (Section& section : all_) {
      section.pieces = pieces(section.blocks);
    }
    for (int level = 0; level < kLevels; ++level) unify();
    for (Section& section : all_) section.passage = passage_of(section);
    return std::move(all_);
  }

 private:
  static std::string passage_of(const Section& section) {
    std::string out = heading(section);
    for (const auto* titles : {&section.told, &section.assumed})
      for (const std::string& title : *titles)
        if (!out.contains(title)) out.append(out.empty() ? "" : "\n").append(title);
    for (const Piece& piece : section.pieces)
      out.append(out.empty() ? "" : "\n").append(piece.text);
    return out;
  }

  std::size_t open(std::size_t parent, const std::string& title, bool chapter = true) {
    Section section;
    section.path = all_[parent].path;
    if (!title.empty()) section.path.push_back(title);
    section.parent = parent;
    section.depth = all_[parent].depth + 1;
    section.opens = all_[parent].opens;
    section.told = all_[parent].told;
    section.assumed = all_[parent].assumed;
    section.assumed_groups = all_[parent].assumed_groups;
    section.own_facets = facets_of_heading(title);
    if (chapter) section.facets = section.own_facets;
    if (section.facets.empty()) section.facets = all_[parent].facets;
    all_.push_back(std::move(section));
    return all_.size() - 1;
  }

  void under(std::size_t at, const Block* group, const Block* branch) {
    Section& section = all_[at];
    section.opens.push_back({group, branch, section.path.empty() ? 0 : section.path.size() - 1});
  }

  void group(const Block& block, std::size_t current) {
    const std::vector<const Block*> branches = branches_of(block);
    const Pick pick = reading_.pick(block);
    if (pick.how != Pick::How::open && pick.branch < branches.size()) {
      const Block& branch = *branches[pick.branch];
      // A situation is a heading of its own; a case is read where it stands.
      const bool heading = branch.kind == Kind::situation && branches.size() > 1;
      const std::size_t at = heading ? open(current, branch_title(branch), false) : current;
      if (branches.size() > 1) {
        (pick.how == Pick::How::told ? all_[at].told : all_[at].assumed)
            .push_back(branch_title(branch));
        if (pick.how == Pick::How::assumed) all_[at].assumed_groups.push_back(&block);
      }
      into(branch.children, at);
      return;
    }
    all_[current].blocks.push_back(nullptr);
    if (is_of_ways(block)) {
      for (std::size_t i = 0; i < branches.size(); ++i) {  // the one that was asked for first
        const Block& branch = *branches[(pick.branch + i) % branches.size()];
        const std::size_t at = open(current, branch_title(branch));
        all_[at].way = true;
        into(branch.children, at);
      }
      return;
    }
    all_[current].groups.push_back(&block);
    for (const Block* branch : branches) {
      if (branch->condition && reading_.truth(*branch->condition) == Truth::no) continue;
      const bool chapter = branch->kind != Kind::situation;
      const std::size_t at = open(current, branch_title(*branch), chapter);
      under(at, &block, branch);
      into(branch->children, at);
    }
  }

  void into(const Blocks& blocks, const std::size_t around) {
    std::size_t current = around;
    for (const Block& block : blocks) {
      if (is_label(block) && &block != &blocks.back()) {
        current = open(around, heading_text(block.spans));
        continue;
      }
      const Truth truth = block.condition ? reading_.truth(*block.condition) : Truth::yes;
      if (truth == Truth::no) continue;
      // Undecided by a variable of this sheet: said under the words of that variable.
      const std::string condition = truth == Truth::open ? reading_.label(*block.condition) : "";
      switch (block.kind) {
        case Kind::situations:
        case Kind::cases:
          group(block, current);
          break;
        case Kind::question:
          break;  // its choices set variables; what they change stands elsewhere
        case Kind::chapter:
        case Kind::subchapter: {
          current = around;
          const std::size_t at = open(current, heading_text(block.title));
          if (!condition.empty()) under(at, &block, nullptr);
          into(block.children, at);
          break;
        }
        case Kind::conditional:
        case Kind::group: {
          std::size_t at = current;
          if (!condition.empty()) {
            at = open(current, condition);
            under(at, &block, nullptr);
          }
          into(block.children, at);
          break;
        }
        case Kind::warning: {
          const std::size_t at = open(current, heading_text(block.title));
          all_[at].warning = true;
          into(block.children, at);
          break;
        }
        default:
          all_[current].blocks.push_back(&block);
      }
    }
  }

  // Sections that say the same in several branches of one group become one.
  void unify() {
    struct Same {
      std::vector<std::size_t> sections;
      std::set<const Block*> branches;
    };
    std::map<std::tuple<const Block*, std::string, std::string>, Same> same;
    std::map<const Block*, std::set<const Block*>> live;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const Section& section = all_[i];
      if (section.opens.empty() || section.opens[0].branch == nullptr) continue;
      const Open& open = section.opens[0];
      live[open.group].insert(open.branch);
      if (section.pieces.empty()) continue;
      std::string tail, text;
      for (std::size_t k = open.path_at + 1; k < section.path.size(); ++k)
        tail.append(section.path[k]).push_back('\n');
      for (const Piece& piece : section.pieces) text.append(piece.text).push_back('\n');
      Same& one = same[{open.group, std::move(tail), std::move(text)}];
      if (one.branches.insert(open.branch).second) one.sections.push_back(i);
    }
    std::vector<std::size_t> into(all_.size());
    std::iota(into.begin(), into.end(), 0);
    for (const auto& [key, one] : same) {
      if (one.sections.size() < 2) continue;
      const std::size_t first = one.sections.front();
      Section& kept = all_[first];
      const std::size_t at = kept.opens[0].path_at;
      for (const std::size_t other : one.sections) into[other] = first;
      if (one.branches.size() == live[std::get<0>(key)].size()) {
        kept.shared_by = kept.opens[0].group;
        kept.path.erase(kept.path.begin() + static_cast<std::ptrdiff_t>(at));
        kept.opens.erase(kept.opens.begin());
        for (Open& inner : kept.opens) --inner.path_at;
        while (kept.parent && all_[*kept.parent].opens.size() > kept.opens.size())
          kept.parent = all_[*kept.parent].parent;
      } else {
        for (std::size_t k = 1; k < one.sections.size(); ++k)
          kept.path[at].append(", ").append(all_[one.sections[k]].path[at]);
      }
    }
    std::vector<Section> left;
    std::vector<std::size_t> place(all_.size());
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (into[i] != i) continue;
      place[i] = left.size();
      left.push_back(std::move(all_[i]));
    }
    for (Section& section : left)
      if (section.parent) section.parent = place[into[*section.parent]];
    all_ = std::move(left);
  }

  const Reading& reading_;
  std::vector<Section> all_;
};

void items_of(const Block& block, const Reading& reading, std::vector<std::string>& out);

void items_in(const Blocks& blocks, const Reading& reading, std::vector<std::string>& out) {
  for (const Block& block : blocks) items_of(block, reading, out);
}

void items_of(const Block& block, const Reading& reading, std::vector<std::string>& out) {
  if (block.condition && reading.truth(*block.condition) == Truth::no) return;
  if (is_group(block)) {
    const std::vector<const Block*> branches = branches_of(block);
    const Pick pick = reading.pick(block);
    if (pick.how == Pick::How::open) {
      for (std::string& item : common_items(block, reading)) out.push_back(std::move(item));
    } else if (pick.branch < branches.size()) {
      items_in(branches[pick.branch]->children, reading, out);
    }
    return;
  }
  if (block.kind == Kind::item) {
    if (block.children.size() == 1 && block.children[0].kind == Kind::paragraph)
      out.push_back(line_text(block.children[0].spans));
    return;
  }
  // Items under another condition, or of a note, are not everyone's.
  if (block.kind == Kind::list || block.kind == Kind::group) items_in(block.children, reading, out);
}

constexpr double kHeadingWeight = 3;
constexpr double kCommon = 0.4;   // weight of a stem that most sections have: it tells nothing
constexpr double kTelling = 0.8;  // weight of a stem that about a third of the sections have

}  // namespace

bool sayable(const Section& section) {
  return std::ranges::any_of(section.pieces, [](const Piece& piece) { return piece.whole; });
}

std::size_t words_of(const Section& section) {
  std::size_t words = 0;
  for (const Piece& piece : section.pieces) words += piece.words;
  return words;
}

std::string heading(const Section& section) {
  std::string out;
  for (const std::string& title : section.path) out.append(out.empty() ? "" : " › ").append(title);
  return out;
}

std::string short_heading(const Section& section) {
  return section.path.empty() ? "" : section.path.back();
}

std::vector<Section> sections(const knowledge::Document& document, const Reading& reading) {
  return Splitter(reading).split(document.body);
}

std::vector<std::string> common_items(const Block& group, const Reading& reading) {
  constexpr std::size_t kLeast = 2;
  std::vector<std::string> common;
  bool first = true;
  for (const Block* branch : branches_of(group)) {
    if (branch->condition && reading.truth(*branch->condition) == Truth::no) continue;
    std::vector<std::string> items;
    items_in(branch->children, reading, items);
    if (first)
      common = items;
    else
      std::erase_if(common, [&](const std::string& item) {
        return std::ranges::find(items, item) == items.end();
      });
    first = false;
  }
  std::vector<std::string> out;
  for (std::string& item : common)
    if (std::ranges::find(out, item) == out.end()) out.push_back(std::move(item));
  return out.size() < kLeast ? std::vector<std::string>{} : out;
}

std::vector<Relevance> relevance(const std::vector<Section>& all,
                                 const std::vector<AskedTerm>& asked, Words& words) {
  std::unordered_map<std::string_view, std::size_t> places;  // in `asked`
  for (std::size_t k = 0; k < asked.size(); ++k) places[asked[k].term] = k;
  auto places_in = [&](std::string_view text) {
    std::vector<std::size_t> found;
    for (const std::string& term : words.terms(text))
      if (const auto at = places.find(term); at != places.end()) found.push_back(at->second);
    return found;
  };
  std::map<std::string, std::vector<std::size_t>> headings;  // each is around many sections
  auto of_heading = [&](const std::string& title) -> const std::vector<std::size_t>& {
    const auto [at, added] = headings.try_emplace(title);
    if (added) at->second = places_in(title);
    return at->second;
  };
  const std::size_t width = asked.size();
  std::vector<double> weights(all.size() * width), sections_with(width);
  std::vector<bool> own(all.size() * width);
  for (std::size_t i = 0; i < all.size(); ++i) {
    double* row = weights.data() + i * width;
    for (const auto* titles : {&all[i].path, &all[i].told, &all[i].assumed})
      for (const std::string& title : *titles)
        for (const std::size_t k : of_heading(title)) row[k] += 1;
    for (const Piece& piece : all[i].pieces)
      for (const std::size_t k : places_in(piece.text)) row[k] += 1;
    for (std::size_t k = 0; k < width; ++k) row[k] /= row[k] + 1.5;  // saturates
    double level = kHeadingWeight;
    for (auto at = all[i].path.rbegin(); at != all[i].path.rend(); ++at) {
      for (const std::size_t k : of_heading(*at)) row[k] += level;
      level /= 2;  // a heading around says less than its own
    }
    for (const std::size_t k : of_heading(short_heading(all[i]))) own[i * width + k] = true;
    for (std::size_t k = 0; k < width; ++k) sections_with[k] += row[k] > 0 ? 1 : 0;
  }
  std::vector<Relevance> out(all.size());
  const auto count = static_cast<double>(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::unordered_map<std::size_t, double> best;  // strength by word of the question
    for (std::size_t k = 0; k < width; ++k) {
      const double weight = weights[i * width + k];
      if (weight == 0) continue;
      const AskedTerm& term = asked[k];
      const double idf = std::log(1 + (count - sections_with[k] + 0.5) / (sections_with[k] + 0.5));
      out[i].score += weight * idf * term.weight * (term.known ? 0.3 : 1.0);
      if (term.known) continue;
      const bool heading = own[i * width + k];
      if (term.word < 64) {
        const std::uint64_t bit = std::uint64_t{1} << term.word;
        out[i].heard |= bit;
        if (heading) out[i].headed |= bit;
      }
      double& strength = best[term.word];
      if (idf >= kCommon && heading)
        strength = std::max(strength, term.weight);
      else if (idf >= kTelling)
        strength = std::max(strength, (weight >= 1 ? 1 : 0.5) * term.weight);
    }
    for (const auto& [word, strength] : best) out[i].strength += strength;
    if (all[i].pieces.empty()) out[i].score *= 0.5;
    out[i].by_words = out[i].score;
  }
  return out;
}

const Block* likely_branch(const Block& group, const std::vector<Section>& all,
                           const std::vector<Relevance>& relevance, std::size_t terms) {
  constexpr std::size_t kManyTerms = 12;
  constexpr double kHeading = 1, kText = 0.34, kNext = 3;
  struct Words {
    std::uint64_t heard = 0, headed = 0;
  };
  std::map<const Block*, Words> words;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const Open& open : all[i].opens)
      if (open.group == &group && open.branch != nullptr) {
        words[open.branch].heard |= relevance[i].heard;
        words[open.branch].headed |= relevance[i].headed;
      }
  const Block* best = nullptr;
  double most = 0, next = 0;
  for (const auto& [branch, own] : words) {
    std::uint64_t others = 0;
    for (const auto& [other, theirs] : words)
      if (other != branch) others |= theirs.heard | theirs.headed;
    const double score = kHeading * std::popcount(own.headed & ~others) +
                         kText * std::popcount(own.heard & ~own.headed & ~others);
    if (score > most) {
      next = most;
      most = score;
      best = branch;
    } else {
      next = std::max(next, score);
    }
  }
  const double needed = terms > kManyTerms ? 2.5 : 1.3;
  return most >= needed && next * kNext <= most ? best : nullptr;
}

}  // namespace parvis::answer
