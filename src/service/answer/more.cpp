#include "answer/more.hpp"

#include <algorithm>
#include <array>

#include "answer/composer.hpp"
#include "answer/facts.hpp"
#include "answer/sheet_answer.hpp"

namespace parvis::answer {
namespace {

using knowledge::Block;
using Kind = Block::Kind;

constexpr std::array kUseful = {Facet::documents, Facet::steps, Facet::cost,     Facet::amount,
                                Facet::delay,     Facet::where, Facet::validity, Facet::who,
                                Facet::online,    Facet::phone, Facet::legal};
constexpr std::size_t kReferences = 5;
constexpr std::size_t kLegalReferences = 12;  // when they are what is asked for
constexpr std::size_t kOutline = 12;
constexpr std::size_t kOpenBranches = 6;  // more of them are only offered as choices
constexpr double kAsRelevant = 0.6;

std::string title_of(const Section& section) {
  std::string out = heading(section);
  for (const std::string& title : section.assumed)
    if (!out.contains(title)) out.append(out.empty() ? "" : " ").append("(" + title + ")");
  return out;
}

}  // namespace

std::size_t More::cite(std::size_t section) {
  if (const auto at = cited_.find(section); at != cited_.end()) return at->second;
  const std::string path = heading(all_[section]);
  answer_.citations.push_back(
      answer::cite(document_, path.empty() ? "Introduction" : path, all_[section].passage));
  return cited_[section] = answer_.citations.size() - 1;
}

bool More::within(std::size_t at, std::size_t ancestor) const {
  for (std::optional<std::size_t> i = at; i; i = all_[*i].parent)
    if (*i == ancestor) return true;
  return false;
}

// Lower comes first.
double More::rank(std::size_t at, std::size_t lead, const std::vector<Facet>& asked,
                  const std::vector<Relevance>& relevance) const {
  const Section& section = all_[at];
  const auto order = static_cast<double>(at) / 1000.0;
  if (section.warning) return 1.9;  // often out of date: after what answers
  // Beside a lead that is one of several branches stand those of the others.
  const bool beside = !all_[lead].opens.empty() && !section.opens.empty() &&
                      section.opens[0].group == all_[lead].opens[0].group &&
                      short_heading(section) == short_heading(all_[lead]);
  if (at == lead || beside) return order;
  if (lead != 0 && within(at, lead)) return 1 + order;
  for (std::size_t i = 0; i < asked.size(); ++i)
    if (std::ranges::find(section.facets, asked[i]) != section.facets.end())
      return 2 + static_cast<double>(i) * 0.1 + order / 100;
  const double most = std::ranges::max(relevance, {}, &Relevance::score).score;
  if (asked.empty() && relevance[at].score > 0 && relevance[at].score >= kAsRelevant * most)
    return 3 + (1 - relevance[at].score / most);
  if (at == 0) return asked.empty() ? 0.5 : 4;
  // Sheets in order of use; what no facet names keeps the sheet's own order, after them.
  for (std::size_t i = 0; i < kUseful.size(); ++i)
    if (std::ranges::find(section.facets, kUseful[i]) != section.facets.end())
      return 5 + static_cast<double>(i) + order;
  return 5 + static_cast<double>(kUseful.size()) + order;
}

bool More::add_section(std::size_t at, const Taken& taken) {
  const Section& section = all_[at];
  std::string text;
  std::size_t words = 0;
  bool cut = false;
  for (std::size_t i = 0; i < section.pieces.size(); ++i) {
    const Piece& piece = section.pieces[i];
    if (!piece.whole || taken.contains({at, i})) continue;
    if (words > 0 && words + piece.words > kPartWords) {
      cut = true;
      break;
    }
    text.append(text.empty() ? "" : "\n").append(piece.text);
    words += piece.words;
  }
  shown_.insert(at);
  if (text.empty()) return false;
  if (cut) text.append("\nLa suite est dans la fiche.");
  words_ += words;
  std::string title = title_of(section);
  if (title.empty())
    title = !taken.empty() && taken.begin()->first == at ? "Suite de la réponse" : "Présentation";
  answer_.more.push_back({std::move(title), std::move(text), cite(at)});
  return true;
}

void More::add_part(std::string title, std::string text, std::string section) {
  if (text.empty()) return;
  answer_.citations.push_back(answer::cite(document_, std::move(section), title + "\n" + text));
  words_ += word_count(text);
  answer_.more.push_back({std::move(title), std::move(text), answer_.citations.size() - 1});
}

void More::add_resources() {
  std::string services, places;
  std::string said;
  for (const Part& part : answer_.more) said.append(part.text).append("\n");
  said.append(answer_.text);
  for (const Block& block : document_.resources) {
    for (const Piece& piece : pieces({&block})) {
      if (!piece.whole || said.contains(piece.text)) continue;
      const std::string& url = block.url;
      if (!url.empty() && said.contains(url) && block.kind != Kind::contact) continue;
      std::string& to = piece.kind == Piece::Kind::place ? places : services;
      to.append(to.empty() ? "" : "\n").append(piece.text);
    }
  }
  add_part("Services en ligne et formulaires", std::move(services), "Services en ligne");
  add_part("Où s’adresser", std::move(places), "Où s’adresser");
}

void More::add_references(std::size_t limit) {
  std::string text;
  std::size_t count = 0;
  for (const knowledge::Link& link : document_.references) {
    if (count == limit) break;
    std::string line = "- " + link.title;
    if (!link.note.empty()) line.append(" (").append(link.note).append(")");
    if (!link.url.empty()) line.append("\u00A0: ").append(link.url);
    text.append(text.empty() ? "" : "\n").append(line);
    ++count;
  }
  add_part("Textes de référence", std::move(text), "Textes de référence");
}

// What the sheet treats and the answer leaves out, so that nobody thinks they have read it all.
void More::add_outline() {
  std::string text;
  std::size_t count = 0;
  for (std::size_t i = 1; i < all_.size() && count < kOutline; ++i) {
    const Section& section = all_[i];
    if (shown_.contains(i) || !section.opens.empty() || !sayable(section)) continue;
    if (cited_.contains(i)) continue;
    text.append(text.empty() ? "" : "\n").append("- ").append(heading(section));
    ++count;
  }
  add_part("La fiche traite aussi de", std::move(text), "Sommaire");
}

void More::write(std::size_t lead, const Taken& taken, const std::vector<Facet>& asked,
                 const std::vector<Relevance>& relevance) {
  const bool legal = !asked.empty() && asked.front() == Facet::legal;
  if (legal) add_references(kLegalReferences);
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < all_.size(); ++i)
    order.emplace_back(rank(i, lead, asked, relevance), i);
  std::ranges::sort(order);
  for (const auto& [place, i] : order) {
    const Section& section = all_[i];
    if (answer_.more.size() >= kMoreParts || words_ >= kMoreWords) break;
    if (!section.opens.empty()) {
      // Open branches are said, each under its condition, when they are what is asked and few.
      const Block* group = section.opens[0].group;
      const std::vector<Open>& around = all_[lead].opens;
      const bool of_lead = within(i, lead) || (!around.empty() && around[0].group == group);
      if (!of_lead || branches_of(*group).size() > kOpenBranches) {
        shown_.insert(i);
        continue;
      }
    }
    add_section(i, taken);
  }
  add_resources();
  if (!legal) add_references(kReferences);
  add_outline();
}

}  // namespace parvis::answer
