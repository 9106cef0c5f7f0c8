#include "answer/sheet_answer.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "answer/facts.hpp"
#include "answer/more.hpp"
#include "answer/sections.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

// 1. Read the tree: which branches hold. 2. Split what is left into sections. 3. Choose the section
// that answers: the one that states the facet asked for, else the nearest to the words, else the
// introduction. 4. Say whole pieces of it while they fit; the rest of it comes first in `more`.
// 5. Where branches are open, say what they share and offer them.

namespace parvis::answer {
namespace {

using namespace std::string_view_literals;
using knowledge::Block;
using knowledge::Document;

constexpr double kStrong = 1;     // strength from which a section is about the question's own words
constexpr double kAnnounced = 2;  // what a heading that names the facet adds
constexpr double kCovered = 0.4;  // under it, most words of the question are foreign to the sheet
constexpr double kPassage =
    3;  // what a passage that is nearest to the question adds to its section
constexpr std::size_t kShortQuestion = 20;  // words; a longer one wants more than one fact
constexpr std::size_t kContextWords = 60;   // an introduction no longer than this comes first
constexpr std::size_t kOwnWords = 24;       // kept free for the closing sentence of ours

std::string quoted(const std::vector<std::string>& titles) {
  std::string out;
  for (const std::string& title : titles)
    out.append(out.empty() ? "« " : ", « ").append(title).append(" »");
  return out;
}

bool contains(const std::vector<Facet>& facets, Facet facet) {
  return std::ranges::find(facets, facet) != facets.end();
}

// A first sentence whose subject stands in a heading that the citizen does not see.
bool leans_on_heading(std::string_view text) {
  static constexpr std::array kStarts = {
      "elle "sv,       "elles "sv,         "ils "sv,        "celui-ci "sv, "celle-ci "sv,
      "ceux-ci "sv,    "celles-ci "sv,     "cette "sv,      "ce "sv,       "ces "sv,
      "cet "sv,        "il peut s'agir"sv, "il s'agit"sv,   "il doit "sv,  "il est valable"sv,
      "il comporte"sv, "il permet"sv,      "il concerne"sv, "il dure"sv,   "toutefois"sv,
      "cependant"sv,   "dans ce cas"sv};
  const std::string folded = text::fold(text.substr(0, 40));
  return std::ranges::any_of(kStarts, [&](std::string_view s) { return folded.starts_with(s); });
}

// Every sheet tells who may and what to do, under headings or not.
bool vague(Facet facet) { return facet == Facet::who || facet == Facet::steps; }

// A sentence that goes on from the one before it.
bool leans_back(std::string_view text) {
  static constexpr std::array kStarts = {
      "toutefois"sv,   "cependant"sv, "par exemple"sv, "dans ce cas"sv, "sinon"sv, "par contre"sv,
      "en revanche"sv, "cette "sv,    "ces "sv,        "il "sv,         "elle "sv, "ils "sv};
  const std::string folded = text::fold(text.substr(0, 40));
  if (folded.starts_with("il faut") || folded.starts_with("il est ")) return false;
  return std::ranges::any_of(kStarts, [&](std::string_view s) { return folded.starts_with(s); });
}

class Composer {
 public:
  Composer(const Question& question, const Candidate& candidate, const ComposeContext& cx)
      : question_(question),
        document_(*candidate.document),
        asked_(asked(question, cx)),
        reading_(document_, asked_),
        all_(sections(document_, reading_)),
        facets_(facets_of_question(question.text)),
        more_(document_, all_, answer_) {
    relevance_ = relevance(all_, document_.title, text::terms(question.text));
    for (const PassageHit& hit : candidate.passages)
      for (std::size_t i = 0; i < all_.size(); ++i)
        if (heading(all_[i]) == hit.heading) relevance_[i].score += kPassage * hit.score;
  }

  Answer compose() {
    answer_.status = Status::answer;
    choose();
    situate();
    if (common_.empty() && all_[lead_].open_group != nullptr) return ask_first();
    write_lead();
    if (thin()) return ask_first();
    offer(lead_group(), all_[lead_].assumed_groups);
    more_.write(lead_, taken_, facets_, relevance_);
    return std::move(answer_);
  }

 private:
  static Asked asked(const Question& question, const ComposeContext& cx) {
    Asked out;
    out.words = describe(question.text);
    for (auto earlier = question.earlier.rbegin(); earlier != question.earlier.rend(); ++earlier)
      complete_with(out.words, describe(*earlier));
    out.chosen = question.chosen;
    out.department = cx.department;
    return out;
  }

  bool sayable(const Section& section) const {
    return std::ranges::any_of(section.pieces, [](const Piece& piece) { return piece.whole; });
  }

  std::size_t piece_words(std::size_t at) const {
    std::size_t words = 0;
    for (const Piece& piece : all_[at].pieces) words += piece.words;
    return words;
  }

  // A chosen branch is what the citizen wants to read: sections under it come first.
  double told_bonus(const Section& section) const {
    return section.told.empty() || question_.chosen.empty() ? 0 : 1;
  }

  void choose() {
    if (!facets_.empty() && !vague(facets_.front())) {
      if (choose_by_facet(facets_.front())) return;
      absent_ = facets_.front();
    }
    Best best;
    for (std::size_t i = 1; i < all_.size(); ++i) {
      if (!sayable(all_[i]) || all_[i].warning) continue;
      const bool announced = std::ranges::any_of(
          facets_, [&](Facet facet) { return headed(all_[i], facet) && vague(facet); });
      best.consider(i, relevance_[i].score + told_bonus(all_[i]) + (announced ? kAnnounced : 0) -
                           (all_[i].open_group != nullptr ? 0.3 : 0));
    }
    const bool strong =
        best.score > 0 && (relevance_[best.at].strength >= kStrong ||
                           (!facets_.empty() && headed(all_[best.at], facets_.front())));
    lead_ = strong ? best.at : first_sayable();
    doubtful_ = !strong && document_.kind == Document::Kind::sheet && question_.chosen.empty() &&
                coverage() < kCovered && !asks_the_title();
  }

  struct Best {
    std::size_t at = 0;
    double score = 0;
    void consider(std::size_t i, double value) {
      if (value <= score + 1e-9) return;
      at = i;
      score = value;
    }
  };

  static bool headed(const Section& section, Facet facet) {
    return contains(facets_of_heading(short_heading(section)), facet);
  }

  // The section that states the facet: by its heading, else by its pieces.
  bool choose_by_facet(Facet wanted) {
    Best best;
    auto open = [&](std::size_t i) { return all_[i].open_group != nullptr ? 1.0 : 0.0; };
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const Section& s = all_[i];
      if (headed(s, wanted) && !s.warning && (sayable(s) || !s.groups.empty()))
        best.consider(i, 10 + relevance_[i].score + told_bonus(s) -
                             0.1 * static_cast<double>(s.depth) - open(i));
    }
    if (best.score == 0 && wanted == Facet::legal) {
      by_sheet_ = !document_.references.empty();
      lead_ = first_sayable();
      return by_sheet_;
    }
    for (std::size_t i = 0; best.score < 10 && i < all_.size(); ++i)
      if (!all_[i].warning && std::ranges::any_of(all_[i].pieces, [&](const Piece& piece) {
            return piece.whole && states(wanted, piece);
          }))
        best.consider(i,
                      2 + relevance_[i].score + told_bonus(all_[i]) + (i == 0 ? 0.5 : 0) - open(i));
    if (best.score == 0) return false;
    lead_ = best.at;
    by_facet_ = wanted;
    return true;
  }

  bool asks_the_title() const {
    const std::vector<std::string> asked = text::terms(question_.text);
    const std::vector<std::string> title = text::terms(document_.title);
    const auto found = std::ranges::count_if(title, [&](const std::string& term) {
      return std::ranges::find(asked, term) != asked.end();
    });
    return 2 * static_cast<std::size_t>(found) >= title.size();
  }

  // The part of the question's own words that the sheet has anywhere.
  double coverage() const {
    std::set<std::string> sheet;
    for (std::string& term : text::terms(document_.title)) sheet.insert(std::move(term));
    for (const Section& section : all_)
      for (std::string& term : text::terms(section.passage)) sheet.insert(std::move(term));
    const std::vector<std::string> asked_terms = text::terms(question_.text);
    const std::set<std::string> asked(asked_terms.begin(), asked_terms.end());
    if (asked.empty()) return 1;
    const auto found =
        std::ranges::count_if(asked, [&](const std::string& term) { return sheet.contains(term); });
    return static_cast<double>(found) / static_cast<double>(asked.size());
  }

  // The introduction; else that of the branch that holds; else the first section of all.
  std::size_t first_sayable() const {
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (!all_[i].warning && all_[i].open_group == nullptr && sayable(all_[i])) return i;
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (!all_[i].warning && sayable(all_[i])) return i;
    return 0;
  }

  // When the section that answers stands under an open branch, what surrounds the branches may
  // already answer: the section that holds the group, with what all its branches share.
  void situate() {
    std::size_t at = lead_;
    while (all_[at].open_group != nullptr && all_[at].parent) at = *all_[at].parent;
    const bool moved = at != lead_;
    if (contains(all_[at].facets, Facet::documents))  // other lists lean on their first words
      for (const Block* group : all_[at].groups)
        for (std::string& item : common_items(*group, reading_))
          if (!leans_back(item)) common_.push_back(std::move(item));
    if (moved && (!common_.empty() || (at != 0 && sayable(all_[at]) && by_facet_ &&
                                       contains(all_[at].facets, *by_facet_))))
      lead_ = at;
  }

  const Block* lead_group() const {
    if (all_[lead_].open_group != nullptr) return all_[lead_].open_group;
    if (!all_[lead_].groups.empty()) return all_[lead_].groups.front();
    // A heading of nothing but sub-headings, some of them open.
    for (const Section& section : all_)
      if (section.parent == lead_ && !section.groups.empty()) return section.groups.front();
    return nullptr;
  }

  void say(std::string_view line) {
    if (line.empty()) return;
    if (!answer_.text.empty()) answer_.text.push_back('\n');
    answer_.text.append(line);
  }

  bool fits(std::string_view more) const {
    return word_count(answer_.text) + word_count(more) <= kLeadWords - kOwnWords;
  }

  // Where in the sheet this stands, when one heading does not tell.
  void say_place(const Section& section) {
    std::vector<std::string> path = section.path;
    std::erase_if(path, [&](const std::string& title) {
      return std::ranges::find(section.told, title) != section.told.end() ||
             std::ranges::find(section.assumed, title) != section.assumed.end();
    });
    if (path.size() < 2) return;
    std::string line = "Extrait de « ";
    for (std::size_t i = 0; i < path.size(); ++i) line.append(i == 0 ? "" : " › ").append(path[i]);
    line.append(" ».");
    const std::size_t first = section.pieces.empty() ? 0 : section.pieces.front().words;
    if (word_count(line) + first + kOwnWords <= kLeadWords) say(line);
  }

  void say_situation(const Section& section) {
    if (!section.told.empty()) {
      const std::string line = "Situation retenue : " + quoted(section.told) + ".";
      if (fits(line)) say(line);
    }
    if (section.assumed.empty()) return;
    const bool general = section.assumed.size() == 1 && section.assumed[0] == "Cas général";
    const std::string line = general ? "Réponse dans le cas général."
                                     : "Réponse pour : " + quoted(section.assumed) + ".";
    if (fits(line)) say(line);
  }

  // Whole pieces in order, as long as they fit. The piece that does not fit gives its first
  // sentences when it is prose and nothing has been said yet.
  void say_section(std::size_t at) {
    const Section& section = all_[at];
    bool any = false, full = false;
    for (std::size_t i = 0; i < section.pieces.size(); ++i) {
      const Piece& piece = section.pieces[i];
      if (!piece.whole) continue;
      const bool notice = piece.kind == Piece::Kind::notice;
      if (full && !(notice && any)) continue;
      std::string said = piece.text;
      const std::string title = short_heading(section);
      if (!any && !title.empty() && !title.ends_with('?') && leans_on_heading(said))
        said = title + " : " + said;
      if (fits(said)) {
        say(said);
        taken_.insert({at, i});
        any = true;
        continue;
      }
      full = true;
      if (any) continue;
      const std::string some =
          piece.kind == Piece::Kind::list ? first_items(said) : first_sentences(said);
      if (some.empty()) continue;
      say(some);
      any = true;
    }
  }

  std::string first_sentences(std::string_view text) const {
    std::string some;
    for (const std::string& sentence : text::sentences(text)) {
      const std::string longer = some + (some.empty() ? "" : " ") + sentence;
      if (!fits(longer) || announces(sentence)) break;
      some = longer;
    }
    return some;
  }

  // The sentence that announces a list and as many whole items as fit; the whole of it is in
  // `more`, and the closing sentence says so.
  std::string first_items(std::string_view text) const {
    constexpr std::size_t kLeast = 2;
    std::string some;
    std::size_t items = 0;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      const std::string longer = some + (some.empty() ? "" : "\n") + std::string(line);
      if (!fits(longer)) break;
      if (!line.starts_with("- ") && items > 0) break;
      if (line.starts_with("- ")) ++items;
      some = longer;
    }
    return items < kLeast || announces(some) ? "" : some;
  }

  // The sentences of the section that state the facet, when its heading does not announce it.
  void say_stating(std::size_t at, Facet facet) {
    for (std::size_t i = 0; i < all_[at].pieces.size(); ++i) {
      const Piece& piece = all_[at].pieces[i];
      const bool follows = i > 0 && taken_.contains({at, i - 1});
      const bool notice = piece.kind == Piece::Kind::notice && !taken_.empty();
      if (!piece.whole || !(states(facet, piece) || notice) || !fits(piece.text)) continue;
      if (!follows && leans_back(piece.text)) continue;
      say(piece.text);
      taken_.insert({at, i});
    }
  }

  void write_lead() {
    const Section& lead = all_[lead_];
    if (by_sheet_) return say_references();
    if (absent_) {
      say("La fiche ne donne pas " + std::string(french(*absent_)) + ". Elle indique ceci.");
      answer_.status = Status::partial;
    }
    more_.cite(lead_);
    say_situation(lead);
    if (lead.open_group == nullptr) say_place(lead);
    const bool stated_by_heading = by_facet_ && headed(lead, *by_facet_);
    const std::size_t before = answer_.text.size();
    if (!by_facet_ && lead_ != 0 && sayable(all_[0]) && piece_words(0) <= kContextWords)
      say_introduction();
    const bool answers_first = lead_ == 0 && document_.type.contains("éponse");
    if (by_facet_ && !stated_by_heading && !answers_first &&
        piece_words(lead_) > kLeadWords - kOwnWords && word_count(question_.text) <= kShortQuestion)
      say_stating(lead_, *by_facet_);
    if (answer_.text.size() == before || !by_facet_) say_section(lead_);
    if (!common_.empty()) say_common();
    if (answer_.text.size() == before) say_children();
    if (answer_.text.size() == before && lead_ != 0 && sayable(all_[0])) say_introduction();
    if (answer_.text.size() == before) say_description();
    say_matching_service();
    if (doubtful_ && !absent_) {
      answer_.status = Status::partial;
      say("Cette fiche ne répond peut-être pas à toute votre question.");
    }
    if (!all_said(lead_)) point_to(lead);
  }

  // What can be said for everyone is next to nothing: the question to ask is the answer.
  bool thin() const {
    constexpr std::size_t kThin = 30;  // words
    const std::string folded = text::fold(answer_.text.substr(0, 8));
    const bool settled = folded.starts_with("oui") || folded.starts_with("non");
    return lead_group() != nullptr && common_.empty() && !settled &&
           word_count(answer_.text) < kThin && open_words(lead_) > kThin;
  }

  // Words that stand under a section, in branches that are open.
  std::size_t open_words(std::size_t at) const {
    std::size_t words = 0;
    for (std::size_t i = at + 1; i < all_.size(); ++i)
      if (all_[i].open_group != nullptr && all_[i].depth > all_[at].depth) words += piece_words(i);
    return words;
  }

  void say_references() {
    more_.cite(lead_);
    std::string list = "La fiche cite ces textes de référence :";
    for (const knowledge::Link& link : document_.references) {
      const std::string longer = list + "\n- " + link.title;
      if (!fits(longer)) break;
      list = longer;
    }
    if (list.ends_with(':')) return say_section(lead_);
    say(list);
  }

  // Nothing of the lead can be said in so few words: the sheet's own summary, and where to read on.
  void say_description() {
    if (document_.description.empty()) return;
    const std::string some = first_sentences(document_.description);
    if (some.empty()) return;
    say(some);
    answer_.citations.push_back(cite(document_, "Résumé", document_.description));
  }

  // An online service or form of the sheet that the question names.
  void say_matching_service() {
    const std::vector<std::string> asked = text::terms(question_.text);
    const std::vector<std::string> title = text::terms(document_.title);
    auto has = [](const std::vector<std::string>& all, const std::string& one) {
      return std::ranges::find(all, one) != all.end();
    };
    for (const Block& block : document_.resources) {
      if (block.kind == Block::Kind::contact || block.url.empty()) continue;
      std::set<std::string> shared, own;
      for (const std::string& term : text::terms(heading_text(block.title))) {
        if (has(title, term)) continue;
        own.insert(term);
        if (has(asked, term)) shared.insert(term);
      }
      if (own.empty() || 2 * shared.size() < own.size() || shared.size() > 3) continue;
      for (const Piece& piece : pieces({&block})) {
        if (!piece.whole || answer_.text.contains(block.url) || !fits(piece.text)) continue;
        say(piece.text);
        answer_.citations.push_back(cite(document_, "Services en ligne", piece.text));
      }
      return;
    }
  }

  // A heading without text of its own: its first sections speak for it.
  void say_children() {
    for (std::size_t i = lead_ + 1; i < all_.size(); ++i)
      if (all_[i].parent == lead_ && all_[i].open_group == nullptr && sayable(all_[i]) &&
          fits(all_[i].passage)) {
        more_.cite(i);
        say_section(i);
      }
  }

  void say_introduction() {
    more_.cite(0);
    say_section(0);
  }

  bool all_said(std::size_t at) const {
    for (std::size_t i = 0; i < all_[at].pieces.size(); ++i)
      if (all_[at].pieces[i].whole && !taken_.contains({at, i})) return false;
    return true;
  }

  void point_to(const Section& section) {
    if (section.path.empty()) return;
    const std::string line = "La suite est dans « " + short_heading(section) + " ».";
    if (word_count(answer_.text) + word_count(line) <= kLeadWords) say(line);
  }

  void say_common() {
    std::string list = "Dans tous les cas :";
    for (const std::string& item : common_) list.append("\n- ").append(item);
    if (!fits(list)) return;
    say(list);
    // Each branch lists them: the first one is cited.
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (all_[i].branch != nullptr && std::ranges::all_of(common_, [&](const std::string& item) {
            return all_[i].passage.contains(item);
          })) {
        more_.cite(i);
        return;
      }
  }

  Answer ask_first() {
    answer_.status = Status::clarify;
    const Block* group = lead_group();
    if (answer_.text.empty()) {
      const std::size_t at = first_sayable();
      if (all_[at].open_group == nullptr) {
        more_.cite(at);
        say_situation(all_[at]);
        say_section(at);
      } else {
        say_description();
      }
    }
    if (answer_.citations.empty()) more_.cite(lead_);
    say("La réponse dépend de votre situation. Laquelle est la vôtre\u202F?");
    offer(group, {});
    more_.write(lead_, taken_, facets_, relevance_);
    return std::move(answer_);
  }

  void offer(const Block* group, const std::vector<const Block*>& assumed) {
    if (group == nullptr && !assumed.empty()) group = assumed.back();
    if (group == nullptr) return;
    const std::vector<const Block*> branches = branches_of(*group);
    if (branches.size() > kBranches) {
      for (std::size_t i = 0; i < kBranches; ++i) offer_branch(*branches[i]);
      return;
    }
    for (const Block* branch : branches) offer_branch(*branch);
  }

  void offer_branch(const Block& branch) {
    if (branch.condition && reading_.truth(*branch.condition) == Truth::no &&
        std::ranges::find(all_[lead_].assumed_groups, nullptr) != all_[lead_].assumed_groups.end())
      return;
    const std::string title = branch_title(branch);
    if (!title.empty() && !reading_.value(branch).empty() &&
        std::ranges::find(all_[lead_].assumed, title) == all_[lead_].assumed.end())
      answer_.choices.push_back({title, std::string(reading_.value(branch))});
  }

  const Question& question_;
  const Document& document_;
  const Asked asked_;
  const Reading reading_;
  const std::vector<Section> all_;
  const std::vector<Facet> facets_;
  Answer answer_;
  More more_;
  std::vector<Relevance> relevance_;
  std::size_t lead_ = 0;
  std::optional<Facet> by_facet_;  // the facet that the lead answers
  std::optional<Facet> absent_;    // the facet asked for that the sheet does not state
  bool by_sheet_ = false;          // the facet is answered by the sheet's own references
  bool doubtful_ = false;          // the sheet has few words of the question
  std::vector<std::string> common_;
  Taken taken_;
};

}  // namespace

Citation cite(const Document& document, std::string section, std::string passage) {
  Citation out;
  out.id = document.key.id;
  out.audience = document.key.audience;
  out.title = document.title;
  out.section = std::move(section);
  out.url = document.url;
  if (document.updated) out.updated = format_iso_date(*document.updated);
  out.origin = document.origin;
  out.local = document.kind == Document::Kind::local;
  out.passage = std::move(passage);
  return out;
}

Answer answer_from_sheet(const Question& question, const Candidate& candidate,
                         const ComposeContext& cx) {
  return Composer(question, candidate, cx).compose();
}

}  // namespace parvis::answer
