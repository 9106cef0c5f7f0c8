#include "answer/sheet_answer.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "answer/facts.hpp"
#include "answer/lead.hpp"
#include "answer/more.hpp"
#include "answer/sections.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

// 1. Read the tree: which branches hold. 2. Split what is left into sections. 3. Choose the section
// that answers (lead.hpp). 4. Say whole pieces of it while they fit; the rest of it comes first in
// `more`. 5. Where branches are open, say what they share and offer them.

namespace parvis::answer {
namespace {

using namespace std::string_view_literals;
using knowledge::Block;
using knowledge::Document;

constexpr double kPassage =
    3;  // what a passage that is nearest to the question adds to its section
constexpr std::size_t kShortQuestion = 20;  // words; a longer one wants more than one fact
constexpr std::size_t kContextWords = 60;   // an introduction no longer than this comes first
constexpr std::size_t kOwnWords = 24;       // kept free for the closing sentence of ours

std::string quoted(const std::vector<std::string>& titles) {
  std::string out;
  for (const std::string& title : titles)
    out.append(out.empty() ? "«\u00A0" : ", «\u00A0").append(title).append("\u00A0»");
  return out;
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

// A heading that says for whom or when what follows holds.
bool states_condition(std::string_view heading) {
  static constexpr std::array kStarts = {"vous "sv,    "votre "sv, "si "sv,     "en cas"sv,
                                         "pour "sv,    "avant "sv, "depuis "sv, "à partir"sv,
                                         "lorsque "sv, "après "sv};
  std::string folded = text::fold(heading.substr(0, 40));
  if (heading.ends_with('?')) return false;
  return std::ranges::any_of(kStarts,
                             [&](std::string_view s) { return folded.starts_with(text::fold(s)); });
}

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
    choice_ = choose_lead(document_, all_, relevance_, facets_, question);
    lead_ = choice_.section;
  }

  Answer compose() {
    answer_.status = Status::answer;
    situate();
    if (common_.empty() && !all_[lead_].opens.empty()) return ask_first();
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

  // When the section that answers stands under an open branch, what surrounds the branches may
  // already answer: the section that holds the group, with what all its branches share.
  void situate() {
    std::size_t at = lead_;
    while (!all_[at].opens.empty() && all_[at].parent) at = *all_[at].parent;
    const bool moved = at != lead_;
    if (has(all_[at].facets, Facet::documents))  // other lists lean on their first words
      for (const Block* group : all_[at].groups)
        for (std::string& item : common_items(*group, reading_))
          if (!leans_back(item)) common_.push_back(std::move(item));
    if (moved && (!common_.empty() || (at != 0 && sayable(all_[at]) && choice_.by_facet &&
                                       has(all_[at].facets, *choice_.by_facet))))
      lead_ = at;
  }

  const Block* lead_group() const {
    if (!all_[lead_].opens.empty()) return all_[lead_].opens[0].group;
    if (const Block* around = all_[lead_].shared_by)
      if (std::ranges::any_of(all_,
                              [&](const Section& section) {
                                return !section.opens.empty() && section.opens[0].group == around;
                              }) &&
          !all_[lead_].groups.empty())
        return around;
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
    if (path.empty() || (path.size() == 1 && !states_condition(path[0]))) return;
    std::string line = "Extrait de «\u00A0";
    for (std::size_t i = 0; i < path.size(); ++i) line.append(i == 0 ? "" : " › ").append(path[i]);
    line.append("\u00A0».");
    const std::size_t first = section.pieces.empty() ? 0 : section.pieces.front().words;
    if (word_count(line) + first + kOwnWords <= kLeadWords) say(line);
  }

  void say_situation(const Section& section) {
    if (!section.told.empty()) {
      const std::string line = "Situation retenue\u00A0: " + quoted(section.told) + ".";
      if (fits(line)) say(line);
    }
    if (section.assumed.empty()) return;
    const bool general = section.assumed.size() == 1 && section.assumed[0] == "Cas général";
    const std::string line = general ? "Réponse dans le cas général."
                                     : "Réponse pour\u00A0: " + quoted(section.assumed) + ".";
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
        said = title + "\u00A0: " + said;
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
      std::size_t end = text.find('\n');
      while (end < text.size() && text.substr(end + 1).starts_with(' '))
        end = text.find('\n', end + 1);
      const std::string_view item = text.substr(0, std::min(end, text.size()));
      text.remove_prefix(std::min(item.size() + 1, text.size()));
      const std::string longer = some + (some.empty() ? "" : "\n") + std::string(item);
      if (!fits(longer) || (!item.starts_with("- ") && items > 0)) break;
      if (item.starts_with("- ")) ++items;
      some = longer;
    }
    return items < kLeast || announces(some) ? "" : some;
  }

  // The sentences of the section that state the facet, when its heading does not announce it.
  void say_stating(std::size_t at, Facet facet) {
    const bool told = std::ranges::any_of(all_[at].pieces, [&](const Piece& piece) {
      return piece.whole && piece.kind == Piece::Kind::prose && states(facet, piece);
    });
    for (std::size_t i = 0; i < all_[at].pieces.size(); ++i) {
      const Piece& piece = all_[at].pieces[i];
      const bool follows = i > 0 && taken_.contains({at, i - 1});
      const bool notice = piece.kind == Piece::Kind::notice && !taken_.empty();
      if (!piece.whole || !(states(facet, piece) || notice) || !fits(piece.text)) continue;
      if (!follows && leans_back(piece.text)) continue;
      if (told && taken_.empty() && piece.kind != Piece::Kind::prose) continue;
      say(piece.text);
      taken_.insert({at, i});
    }
  }

  void write_lead() {
    const Section& lead = all_[lead_];
    if (choice_.by_sheet) return say_references();
    if (choice_.absent) {
      say("La fiche ne donne pas " + std::string(french(*choice_.absent)) + ". Elle indique ceci.");
      answer_.status = Status::partial;
    }
    more_.cite(lead_);
    say_situation(lead);
    if (lead.opens.empty()) say_place(lead);
    const bool stated_by_heading = choice_.by_facet && headed(lead, *choice_.by_facet);
    const std::size_t before = answer_.text.size();
    if (!choice_.by_facet && lead_ != 0 && sayable(all_[0]) && words_of(all_[0]) <= kContextWords)
      say_introduction();
    const bool first_answers = lead_ == 0 && document_.type.contains("éponse");
    if (choice_.by_facet && !stated_by_heading && !first_answers &&
        words_of(all_[lead_]) > kLeadWords - kOwnWords &&
        word_count(question_.text) <= kShortQuestion)
      say_stating(lead_, *choice_.by_facet);
    if (answer_.text.size() == before || !choice_.by_facet) say_section(lead_);
    if (!common_.empty()) say_common();
    if (answer_.text.size() == before) say_children();
    if (answer_.text.size() == before && lead_ != 0 && sayable(all_[0])) say_introduction();
    if (answer_.text.size() == before) say_description();
    say_matching_service();
    if (choice_.doubtful && !choice_.absent) {
      answer_.status = Status::partial;
      say("Cette fiche ne répond peut-être pas à toute votre question.");
    }
    if (!all_said(lead_)) point_to(lead);
  }

  // What can be said for everyone is next to nothing: the question to ask is the answer.
  bool thin() const {
    constexpr std::size_t kThin = 30;  // words
    return lead_group() != nullptr && common_.empty() && !settled() &&
           word_count(answer_.text) < kThin && open_words(lead_) > kThin;
  }

  // The sheet begins with yes or no.
  bool settled() const {
    const std::string folded = text::fold(answer_.text.substr(0, 8));
    return folded.starts_with("oui") || folded.starts_with("non");
  }

  // Words that stand under a section, in branches that are open.
  std::size_t open_words(std::size_t at) const {
    std::size_t words = 0;
    for (std::size_t i = at + 1; i < all_.size(); ++i)
      if (!all_[i].opens.empty() && all_[i].depth > all_[at].depth) words += words_of(all_[i]);
    return words;
  }

  void say_references() {
    more_.cite(lead_);
    std::string list = "La fiche cite ces textes de référence\u00A0:";
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
      if (all_[i].parent == lead_ && all_[i].opens.empty() && sayable(all_[i]) &&
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
    const std::string line = "La suite est dans «\u00A0" + short_heading(section) + "\u00A0».";
    if (word_count(answer_.text) + word_count(line) <= kLeadWords) say(line);
  }

  void say_common() {
    std::string list = "Dans tous les cas\u00A0:";
    for (const std::string& item : common_) list.append("\n- ").append(item);
    if (!fits(list)) return;
    say(list);
    // Each branch lists them: the first one is cited.
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (!all_[i].opens.empty() && std::ranges::all_of(common_, [&](const std::string& item) {
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
      const std::size_t at = first_sayable(all_);
      if (all_[at].opens.empty()) {
        more_.cite(at);
        say_situation(all_[at]);
        say_section(at);
      } else {
        say_description();
      }
    }
    if (answer_.citations.empty()) more_.cite(lead_);
    if (settled()) {
      answer_.status = Status::answer;
      say("La suite dépend de votre situation.");
    } else {
      say("La réponse dépend de votre situation. Laquelle est la vôtre\u202F?");
    }
    offer(group, {});
    more_.write(lead_, taken_, facets_, relevance_);
    return std::move(answer_);
  }

  void offer(const Block* group, const std::vector<const Block*>& assumed) {
    if (group == nullptr && !assumed.empty()) group = assumed.back();
    if (group == nullptr) return;
    const bool shared = all_[lead_].shared_by != nullptr && all_[lead_].shared_by != group;
    for (const Block* branch : branches_of(*group))
      if (answer_.choices.size() < kBranches) offer_branch(*branch, shared);
  }

  void offer_branch(const Block& branch, bool shared) {
    const std::string title = branch_title(branch);
    if (!title.empty() && !reading_.value(branch).empty() &&
        std::ranges::find(all_[lead_].assumed, title) == all_[lead_].assumed.end())
      answer_.choices.push_back(
          {title, shared ? shared_value(document_, branch) : std::string(reading_.value(branch))});
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
  LeadChoice choice_;
  std::size_t lead_ = 0;
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
