#include "answer/lead.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "answer/facts.hpp"

namespace parvis::answer {
namespace {

using knowledge::Document;

constexpr double kStrong = 1;  // strength from which a section is about the question's own words
constexpr double kStrongInStory = 1.5;  // among many words, one meets a heading by chance
constexpr std::size_t kStory = 12;      // terms
constexpr std::size_t kOneThing = 20;   // words
constexpr double kAnnounced = 2;        // what a heading that names the facet adds
constexpr double kCovered = 0.4;  // under it, most words of the question are foreign to the sheet
constexpr double kOpen = 0.3;     // what standing under an open branch costs
constexpr double kHeaded = 10;    // a heading that names the facet beats any text that states it

struct Best {
  std::size_t at = 0;
  double score = 0;
  void consider(std::size_t i, double value) {
    if (value <= score + 1e-9) return;
    at = i;
    score = value;
  }
};

// Every sheet tells who may and what to do, under headings or not.
bool vague(Facet facet) { return facet == Facet::who || facet == Facet::steps; }

bool asks_the_title(const Document& document, const Question& question, Words& words) {
  const std::vector<std::string>& asked = words.terms(question.text);
  const std::vector<std::string>& title = words.terms(document.title);
  const auto found = std::ranges::count_if(title, [&](const std::string& term) {
    return std::ranges::find(asked, term) != asked.end();
  });
  return 2 * static_cast<std::size_t>(found) >= title.size();
}

// The part of the question's own words that the sheet has anywhere.
double coverage(const Document& document, const std::vector<Section>& all, const Question& question,
                Words& words) {
  std::set<std::string_view> sheet;
  auto read = [&](const std::string& text) {
    for (const std::string& term : words.terms(text)) sheet.insert(term);
  };
  read(document.title);
  for (const Section& section : all) {
    for (const auto* titles : {&section.path, &section.told, &section.assumed})
      for (const std::string& title : *titles) read(title);
    for (const Piece& piece : section.pieces) read(piece.text);
  }
  const std::vector<std::string>& terms = words.terms(question.text);
  const std::set<std::string_view> asked(terms.begin(), terms.end());
  if (asked.empty()) return 1;
  const auto found =
      std::ranges::count_if(asked, [&](std::string_view term) { return sheet.contains(term); });
  return static_cast<double>(found) / static_cast<double>(asked.size());
}

// A chosen branch is what the citizen wants to read: sections under it come first.
double told_bonus(const Section& section, const Question& question) {
  return section.told.empty() || question.chosen.empty() ? 0 : 1;
}

}  // namespace

bool has(const std::vector<Facet>& facets, Facet facet) {
  return std::ranges::find(facets, facet) != facets.end();
}

bool headed(const Section& section, Facet facet) { return has(section.own_facets, facet); }

std::size_t first_sayable(const std::vector<Section>& all, bool chosen) {
  if (chosen)
    for (std::size_t i = 0; i < all.size(); ++i)
      if (!all[i].warning && all[i].opens.empty() && !all[i].told.empty() && sayable(all[i]))
        return i;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!all[i].warning && all[i].opens.empty() && sayable(all[i])) return i;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!all[i].warning && sayable(all[i])) return i;
  return 0;
}

std::optional<std::size_t> section_of(const Document& document, const std::vector<Section>& all,
                                      const std::vector<Relevance>& relevance, Facet wanted,
                                      const Question& question) {
  Best best;
  auto score = [&](std::size_t i) {
    return relevance[i].score + told_bonus(all[i], question) - (all[i].opens.empty() ? 0 : 1);
  };
  for (std::size_t i = 0; i < all.size(); ++i)
    if (headed(all[i], wanted) && !all[i].warning && (sayable(all[i]) || !all[i].groups.empty()))
      best.consider(i, kHeaded + score(i) - 0.1 * static_cast<double>(all[i].depth));
  if (best.score == 0 && wanted == Facet::legal) return std::nullopt;  // in the references
  // A sheet that is about the facet itself answers from its beginning.
  const bool of_title = has(facets_of_question(document.title), wanted) && sayable(all[0]);
  // What is told under a branch of the citizen's own says more than a beginning that is for all.
  constexpr double kStated = 2, kIntroduction = 0.5, kOwnBranch = 1;
  for (std::size_t i = 0; best.score < kHeaded - 1 && i < all.size(); ++i) {
    if (all[i].warning) continue;
    const bool stated = std::ranges::any_of(
        all[i].pieces, [&](const Piece& piece) { return piece.whole && states(wanted, piece); });
    if (stated || (i == 0 && of_title))
      best.consider(i, kStated + score(i) + (i == 0 ? kIntroduction : 0) +
                           (all[i].told.empty() ? 0 : kOwnBranch));
  }
  return best.score == 0 ? std::nullopt : std::optional(best.at);
}

LeadChoice choose_lead(const Document& document, const std::vector<Section>& all,
                       const std::vector<Relevance>& relevance, const std::vector<Facet>& asked,
                       const Question& question, Words& words) {
  LeadChoice out;
  if (!asked.empty() && !vague(asked.front())) {
    if (const auto at = section_of(document, all, relevance, asked.front(), question)) {
      out.section = *at;
      out.by_facet = asked.front();
      return out;
    }
    if (asked.front() == Facet::legal && !document.references.empty()) {
      out.section = first_sayable(all);
      out.by_sheet = true;
      return out;
    }
    // A short message asks for one thing; a story may ask for something else beside it.
    if (word_count(question.text) <= kOneThing &&
        has(facets_of_question(question.text), asked.front()))
      out.absent = asked.front();
  }
  Best best;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (!sayable(all[i]) || all[i].warning) continue;
    const bool announced = std::ranges::any_of(
        asked, [&](Facet facet) { return vague(facet) && headed(all[i], facet); });
    best.consider(i, relevance[i].score + told_bonus(all[i], question) +
                         (announced ? kAnnounced : 0) - (all[i].opens.empty() ? 0 : kOpen));
  }
  const double needed = words.terms(question.text).size() > kStory ? kStrongInStory : kStrong;
  const bool strong = best.score > 0 && (relevance[best.at].strength >= needed ||
                                         (!asked.empty() && headed(all[best.at], asked.front())));
  out.section = strong ? best.at : first_sayable(all, !question.chosen.empty());
  out.stands_out = strong;
  out.doubtful = !strong && document.kind == Document::Kind::sheet && question.chosen.empty() &&
                 coverage(document, all, question, words) < kCovered &&
                 !asks_the_title(document, question, words);
  return out;
}

LeadChoice choose_to_go_on(LeadChoice out, std::span<const SheetPlace> all,
                           const std::vector<Section>& sections, const std::vector<Facet>& asked,
                           bool by_meaning) {
  // From these chances on it is said: as what comes nearest, with a doubt, without one.
  constexpr double kPerhaps = 0.12, kSays = 0.25, kSurely = 0.6;
  constexpr double kBeside = 0.05;  // of the next likeliest, read too where the first is not sure
  // What is asked by its name stands under a heading that names it.
  if (out.by_facet && headed(sections[out.section], *out.by_facet)) {
    out.stands_out = true;
    return out;
  }
  const std::vector<LikelyPlace> likely = by_likelihood(all, place_weights(by_meaning));
  const double chance = likely.empty() ? 0 : likely[0].chance;
  double nowhere = 1;
  for (const LikelyPlace& place : likely) nowhere -= place.chance;
  out.odds = chance / std::max(nowhere, 1e-9);
  out.stands_out = chance >= kSays;
  out.far = chance < kPerhaps;
  out.doubtful = out.stands_out && chance < kSurely;
  if (out.by_sheet || likely.empty() || (out.absent && !out.stands_out)) return out;
  if (!out.far && chance < kSurely && likely.size() > 1 && likely[1].chance >= kBeside)
    out.also = likely[1].section;
  out.section = likely[0].section;
  out.by_facet.reset();
  out.absent.reset();
  for (const Facet facet : asked)
    if (!vague(facet) && !out.by_facet &&
        (headed(sections[out.section], facet) ||
         std::ranges::any_of(sections[out.section].pieces, [&](const Piece& piece) {
           return piece.whole && states(facet, piece);
         })))
      out.by_facet = facet;
  return out;
}

}  // namespace parvis::answer
