#include "answer/sheet_answer.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <set>

#include "answer/facts.hpp"
#include "answer/lead.hpp"
#include "answer/lead_text.hpp"
#include "answer/more.hpp"
#include "answer/nearby.hpp"
#include "answer/offers.hpp"
#include "answer/phrases.hpp"
#include "answer/places.hpp"
#include "answer/section_text.hpp"
#include "answer/sections.hpp"
#include "answer/vocabulary.hpp"
#include "answer/whose.hpp"
#include "answer/words.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

// 1. Read the tree: which branches hold. 2. Split what is left into sections. 3. Choose the section
// that answers (lead.hpp). 4. Say whole pieces of it while they fit, nearest to the question first;
// the rest of it comes first in `more`; what stands elsewhere and is nearest in meaning is quoted
// beside it (nearby.hpp). 5. Where branches are open, read the one that what they
// contain recommends; else say them all when they are short, else what they share; offer them.

namespace parvis::answer {
namespace {

using knowledge::Block;
using knowledge::Document;

constexpr double kPassage =
    3;  // what a passage that is nearest to the question adds to its section
constexpr std::size_t kShortQuestion = 20;  // words; a longer one wants more than one fact
constexpr std::size_t kContextWords = 60;   // an introduction no longer than this comes first

std::string quoted(const std::vector<std::string>& titles) {
  std::string out;
  for (const std::string& title : titles)
    out.append(out.empty() ? "«\u00A0" : ", «\u00A0").append(title).append("\u00A0»");
  return out;
}

bool asks_price(Facet facet) { return facet == Facet::cost || facet == Facet::amount; }

bool names_amount(std::string_view said) {
  return std::ranges::any_of(hard_facts(said), [](const Fact& fact) {
    return fact.kind == Fact::Kind::amount || fact.kind == Fact::Kind::percent;
  });
}

bool names_price(std::string_view said) {
  return text::fold(said).contains("gratuit") || names_amount(said);
}

bool of_another_country(std::string_view branch) {
  return std::ranges::any_of(describe(branch).traits, [](const Trait& trait) {
    return trait.family == Family::place && trait.name == "abroad" && !trait.denied;
  });
}

// What is asked. Who only names another case is asking what was asked before: "et pour son frère de
// 16 ans ?"; "et si je n'en ai plus, je dois le rendre ?" asks something of its own.
std::vector<Facet> facets_of(const Question& question) {
  constexpr std::size_t kOnly = 3;  // terms
  std::vector<Facet> out = facets_of_question(question.text);
  std::string_view text = question.text;
  if (text::terms(text).size() > kOnly || has_question_words(text)) return out;
  for (auto before = question.earlier.rbegin();
       out.empty() && goes_on(text) && before != question.earlier.rend(); ++before) {
    text = *before;
    out = facets_of_question(text);
  }
  return out;
}

Asked asked_of(const Question& question, const ComposeContext& cx) {
  Asked out;
  out.words = describe(question.text);
  const Whose person = whose(question.text);
  for (auto earlier = question.earlier.rbegin(); earlier != question.earlier.rend(); ++earlier) {
    out.earlier.push_back(described_for(person, *earlier));
    complete_with(out.words, out.earlier.back());
  }
  out.chosen = question.chosen;
  out.department = cx.department;
  out.today = civil_date(cx.zone.local(cx.now));
  return out;
}

class Composer {
 public:
  // All outlive it.
  Composer(const Question& question, const Candidate& candidate, const Asked& asked, Words& words)
      : question_(question),
        document_(*candidate.document),
        reading_(document_, asked),
        all_(sections(document_, reading_)),
        facets_(facets_of(question)),
        words_(words),
        terms_(words.terms(question.text)),
        asked_(asked_terms(terms_, words.terms(document_.title))),
        relevance_(relevance(all_, asked_, words)),
        near_(possible(nearby(candidate.passages, all_, words))),
        lead_text_(answer_.text),
        more_(document_, all_, answer_),
        offers_(document_, reading_, all_, answer_),
        sections_(all_, asked_, words, question.said, answers_first(), lead_text_, more_) {
    prefer();
    choice_ = choose_lead(document_, all_, relevance_, facets_, question, words);
    if (goes_on()) choice_ = choose_to_go_on(choice_, all_places(), all_, facets_, by_meaning());
    nearest_ = quoted(near_, all_, relevance_, asked_, words_);
    if (nearest_) sections_.begin_at(*nearest_);
    lead_ = goes_on_at_ = choice_.section;
    if (goes_on()) begin_at_nearest(lead_);
    if (announced()) sections_.say_again(lead_);
  }

  std::vector<SheetPlace> all_places() const {
    return places(all_, relevance_, asked_, facets_, question_.said);
  }
  std::string text_of(const SheetPlace& place) const {
    return place.section ? all_[*place.section].passage : std::string();
  }
  std::vector<std::size_t> passages_in(const SheetPlace& place) const {
    std::vector<std::size_t> out;
    for (const Nearby& near : near_)
      if (place.section == near.section) out.push_back(near.hit);
    return out;
  }
  bool by_meaning() const { return !near_.empty(); }

  // The branch to read where the lead leaves one open: the value that chooses it, or nothing.
  std::string likely() const {
    const Block* group = lead_group();
    if (group == nullptr || group->kind == Block::Kind::question) return "";
    const Block* branch = likely_branch(*group, all_, relevance_, terms_.size());
    return branch == nullptr ? "" : std::string(reading_.value(*branch));
  }

  // Once it is composed.
  Fit fit(const Answer& said) const {
    return {.facet = choice_.by_facet,
            .strength = relevance_[choice_.section].strength,
            .odds = choice_.odds,
            .headed = choice_.by_facet && headed(all_[choice_.section], *choice_.by_facet),
            .lacks = choice_.absent || (choice_.by_facet && asks_price(*choice_.by_facet) &&
                                        !names_amount(said.text)),
            .told = !all_[choice_.section].told.empty(),
            .abroad = std::ranges::any_of(all_[choice_.section].told, of_another_country)};
  }

  Answer compose() {
    answer_.status = Status::answer;
    if (choice_.absent) answer_.grounds = Grounds::none;
    situate();
    if (common_.empty() && !all_[lead_].opens.empty()) return over_branches();
    write_lead();
    if (thin()) return over_branches();
    leave_out_general();
    offers_.branches(lead_group(), lead_, goes_on_at_, all_[goes_on_at_].assumed_groups);
    if (asks_how() && !answer_.choices.empty()) ask_which();
    offers_.next(facets_, question_.earlier, sections_.taken());
    more_.write(lead_, sections_.taken(), facets_, relevance_);
    return finish();
  }

 private:
  bool goes_on() const { return !question_.said.empty(); }

  // The sheet was asked before, and what it says now was said then. What is asked by its name is
  // said again; what was asked before is, of somebody else.
  bool says_it_again() const {
    if (said_before_) return true;
    if (!goes_on() || announced() || (choice_.by_facet && (asks_itself() || tells_of_somebody())))
      return false;
    return answer_.text.empty() || (share_said(question_.said, answer_.text) > kMostlySaid &&
                                    !has_half_of(heard_in(answer_.text, asked_, words_), asked_));
  }

  // A heading of its own has words of the question.
  bool announced() const { return choice_.stands_out && relevance_[choice_.section].headed != 0; }
  bool asks_itself() const { return has(facets_of_question(question_.text), *choice_.by_facet); }
  bool tells_of_somebody() const {
    return terms_.empty() || !describe(question_.text).traits.empty();
  }

  Grounds grounds() const {
    if (says_it_again()) return Grounds::again;
    if (!goes_on() || choice_.stands_out) return Grounds::words;
    return choice_.far ? Grounds::far : Grounds::nearness;
  }

  Answer finish() {
    if (answer_.grounds != Grounds::none) answer_.grounds = grounds();
    return std::move(answer_);
  }

  // How to do it is asked, and the introduction alone does not say: the branches do.
  bool asks_how() const {
    return lead_ == 0 && goes_on_at_ == lead_ && has(facets_, Facet::steps) && !answers_first() &&
           all_[0].assumed_groups.empty() && !settled();
  }

  void ask_which() {
    answer_.status = Status::clarify;
    lead_text_.say("La réponse dépend de votre situation. Laquelle est la vôtre\u202F?");
  }

  std::vector<Nearby> possible(std::vector<Nearby> near) const {
    std::erase_if(near, [&](const Nearby& one) {
      return std::ranges::any_of(all_[one.section].opens, [&](const Open& open) {
        return open.branch != nullptr && reading_.excluded(*open.branch);
      });
    });
    return near;
  }

  // What is near the question in meaning adds to what shares its words.
  void prefer() {
    for (const Nearby& near : near_) {
      double& nearness = relevance_[near.section].nearness;
      nearness = std::max(nearness, near.score);
    }
    for (Relevance& one : relevance_) one.score += kPassage * one.nearness;
    weigh_who_does_it();
  }

  // Of a neighbour's party "Vous organisez une fête" is told to the neighbour.
  void weigh_who_does_it() {
    constexpr double kToAnother = 0.5;
    const std::uint64_t theirs = heard_in(done_by_others(question_.text), asked_, words_);
    if (theirs == 0) return;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      Relevance& one = relevance_[i];
      if (one.headed == 0 || (one.headed & ~theirs) != 0 ||
          !speaks_to_the_doer(short_heading(all_[i])))
        continue;
      one.score *= kToAnother;
      one.strength *= kToAnother;
    }
  }

  // When the section that answers stands under an open branch, what surrounds the branches may
  // already answer: the section that holds the group, with what all its branches share.
  void situate() {
    if (all_[lead_].way && all_[lead_].parent) {  // read with what it is a way for, when short
      const std::size_t parent = *all_[lead_].parent;
      if (words_of(all_[parent]) + words_of(all_[lead_]) <= kLeadWords - kOwnWords) lead_ = parent;
    }
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
    goes_on_at_ = lead_;
  }

  const Block* lead_group() const { return offers_.group_of(lead_); }

  // The sheet is a question: its beginning is the answer.
  bool answers_first() const { return document_.type.contains("éponse"); }

  // Where in the sheet this stands, when one heading does not tell.
  void say_place(const Section& section) {
    std::vector<std::string> path = section.path;
    std::erase_if(path, [&](const std::string& title) {
      return std::ranges::find(section.told, title) != section.told.end() ||
             std::ranges::find(section.assumed, title) != section.assumed.end();
    });
    if (path.empty() || (path.size() == 1 && !states_condition(path[0]))) return;
    std::string line;
    for (const std::string& title : path) line.append(line.empty() ? "" : " › ").append(title);
    line.append("\u00A0:");
    const std::size_t first = section.pieces.empty() ? 0 : section.pieces.front().words;
    if (word_count(line) + first + kOwnWords <= kLeadWords) lead_text_.say(line);
  }

  void say_situation(const Section& section) {
    if (!section.told.empty()) {
      const std::string line = "Situation retenue\u00A0: " + quoted(section.told) + ".";
      if (lead_text_.fits(line)) lead_text_.say(line);
    }
    if (section.assumed.empty()) return;
    const bool general = section.assumed.size() == 1 && section.assumed[0] == "Cas général";
    const std::string line = general ? "Réponse dans le cas général."
                                     : "Réponse pour\u00A0: " + quoted(section.assumed) + ".";
    if (lead_text_.fits(line)) lead_text_.say(line);
  }

  // Each branch of the group under its title, when all of it fits.
  bool say_branches(const Block* group) {
    constexpr std::size_t kAtOnce = 6;
    const auto tail = [&](std::size_t i) {
      const Section& section = all_[i];
      const auto from = static_cast<std::ptrdiff_t>(section.opens[0].path_at) + 1;
      return std::vector<std::string>(section.path.begin() + from, section.path.end());
    };
    const auto of_group = [&](std::size_t i) {
      return !all_[i].opens.empty() && all_[i].opens[0].group == group;
    };
    std::vector<std::pair<std::string, std::size_t>> said;
    std::size_t words = word_count(answer_.text);
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (!of_group(i) || all_[i].opens[0].branch == nullptr) continue;
      if (of_group(lead_) && choice_.by_facet && tail(i) != tail(lead_)) continue;
      if (all_[i].opens.size() > 1) return false;
      if (!sayable(all_[i])) continue;
      std::string title = all_[i].path[all_[i].opens[0].path_at];
      if (!of_group(lead_) || !choice_.by_facet)
        for (const std::string& inner : tail(i)) title.append(" › ").append(inner);
      words += word_count(title) + words_of(all_[i]) + 1;
      said.emplace_back(std::move(title), i);
    }
    if (said.size() < 2 || said.size() > kAtOnce || words > kLeadWords - kOwnWords) return false;
    for (const auto& [title, i] : said) sections_.say_under(title, i);
    return true;
  }

  // What the branches of a group all say in the same words: of the lead, else of the first of them.
  void say_shared(const Block* group) {
    const auto of_group = [&](const Section& section) {
      return !section.opens.empty() && section.opens[0].group == group;
    };
    std::size_t at = lead_;
    while (at < all_.size() && !(of_group(all_[at]) && sayable(all_[at]))) ++at;
    if (at == all_.size()) return;
    const Section& lead = all_[at];
    const Open& open = lead.opens.front();
    std::map<const Block*, std::string> others;
    for (const Section& section : all_)
      if (!section.opens.empty() && section.opens[0].group == open.group &&
          section.opens[0].branch != open.branch)
        others[section.opens[0].branch].append(section.passage).append("\n");
    if (others.empty()) return;
    for (std::size_t i = 0; i < lead.pieces.size(); ++i) {
      const Piece& piece = lead.pieces[i];
      const bool asked =
          choice_.by_facet ? states(*choice_.by_facet, piece) : sections_.heard(piece) != 0;
      if (!asked || !piece.whole || piece.kind == Piece::Kind::place || leans_back(piece.text) ||
          !lead_text_.fits(piece.text) || !std::ranges::all_of(others, [&](const auto& other) {
            return other.second.contains(piece.text);
          }))
        continue;
      lead_text_.say(piece.text);
      sections_.take(at, i);
      more_.cite(at);
    }
  }

  // What the sheet says of the question elsewhere: room is kept for it in the lead.
  void keep_nearest() {
    if (choice_.by_facet || choice_.by_sheet || !nearest_) return;
    if (nearest_->section == lead_ && all_[lead_].opens.empty()) return;  // said from there on
    lead_text_.keep(word_count(quote(*nearest_, all_)));
  }

  void say_nearest() {
    if (lead_text_.kept() == 0) return;
    lead_text_.keep(0);
    const std::string said = quote(*nearest_, all_);
    const Piece& first = all_[nearest_->section].pieces[nearest_->first];
    if (answer_.text.contains(first.text) || !lead_text_.fits(said)) return;
    lead_text_.say(said);
    more_.cite(nearest_->section);
    for (std::size_t i = nearest_->first; i < nearest_->end; ++i)
      sections_.take(nearest_->section, i);
  }

  // Neither of two places is sure to answer: both are read. Room is kept for the second.
  bool says_also() const {
    if (!choice_.also || choice_.absent || choice_.by_sheet) return false;
    const Section& also = all_[*choice_.also];
    const bool same = *choice_.also == lead_ || also.parent == lead_ ||
                      all_[lead_].parent == choice_.also || also.path == all_[lead_].path;
    return !same && share_said(question_.said, also.passage) < kMostlySaid;
  }

  void keep_also() {
    constexpr std::size_t kPart = 45;  // words
    const Section& also = all_[*choice_.also];
    lead_text_.keep(std::min(kPart, words_of(also) + word_count(title_of(also)) + 1));
  }

  void say_also() {
    lead_text_.keep(0);
    begin_at_nearest(*choice_.also);
    if (sections_.say_some_under(title_of(all_[*choice_.also]), *choice_.also)) return;
    keep_nearest();
    say_nearest();
  }

  void begin_at_nearest(std::size_t section) {
    const auto near = std::ranges::find(near_, section, &Nearby::section);
    if (near != near_.end()) sections_.begin_at(*near);  // they are nearest first
  }

  static std::string title_of(const Section& section) {
    const std::string place = place_of(section);
    return place.empty() ? "En général" : place;
  }

  void write_lead() {
    const Section& lead = all_[lead_];
    if (choice_.by_sheet) return say_references();
    if (choice_.absent == Facet::phone && say_numbers()) {
      answer_.grounds = Grounds::words;
      return;
    }
    if (choice_.absent) {
      const std::string absent = "La fiche ne donne pas " + std::string(french(*choice_.absent));
      answer_.status = Status::partial;
      if (goes_on()) {  // what it does give was read
        more_.cite(lead_);
        return lead_text_.say(absent + ".");
      }
      lead_text_.say(absent + ". Elle indique ceci.");
    }
    more_.cite(lead_);
    say_situation(lead);
    if (lead.opens.empty()) say_place(lead);
    const bool also = says_also();
    if (also)
      keep_also();
    else
      keep_nearest();
    const bool stated_by_heading = choice_.by_facet && headed(lead, *choice_.by_facet);
    const std::size_t before = answer_.text.size();
    if (!goes_on() && !choice_.by_facet && lead_ != 0 && sayable(all_[0]) &&
        words_of(all_[0]) <= kContextWords &&
        (answers_first() || relevance_[0].strength >= relevance_[lead_].strength))
      say_introduction();
    const bool first_answers = lead_ == 0 && answers_first();
    if (choice_.by_facet && !stated_by_heading && !first_answers &&
        words_of(all_[lead_]) > kLeadWords - kOwnWords &&
        word_count(question_.text) <= kShortQuestion)
      sections_.say_stating(lead_, *choice_.by_facet);
    const std::size_t lead_begins = answer_.text.size();
    if (lead_begins == before || !choice_.by_facet) sections_.say(lead_, choice_.by_facet);
    if (answer_.text.size() == lead_begins && lead_text_.kept() > 0) {  // no room for both
      lead_text_.keep(0);
      sections_.say(lead_, choice_.by_facet);
    }
    if (!common_.empty()) say_common();
    if (also)
      say_also();
    else
      say_nearest();
    sections_.say_ways(lead_);
    const bool says_nothing = says_nothing_of_it();  // what is gone on with is for everyone
    if (lead_ == 0 && !choice_.by_facet && !answers_first()) go_on_in_branch();
    say_other_facets();
    if (answer_.text.size() == before) say_children();
    if (answer_.text.size() == before && lead_ != 0 && !goes_on() && sayable(all_[0]))
      say_introduction();
    if (answer_.text.size() == before && !goes_on()) say_description();
    say_matching_service();
    said_before_ = goes_on() && answer_.text.size() == before;
    if (said_before_) return;
    if ((choice_.doubtful || says_nothing) && !choice_.absent) {
      answer_.status = Status::partial;
      lead_text_.say("Cette fiche ne répond peut-être pas à toute votre question.");
    }
    if (!sections_.all_said(lead_)) point_to(lead);
  }

  // Two things asked at once: what states the second one, under its heading.
  void say_other_facets() {
    for (std::size_t k = 1; k < facets_.size(); ++k) {
      const auto at = section_of(document_, all_, relevance_, facets_[k], question_);
      if (!at || *at == lead_ || !all_[*at].opens.empty() || all_[*at].path.empty()) continue;
      if (sections_.say_under(short_heading(all_[*at]), *at)) continue;
      const std::vector<Piece>& pieces = all_[*at].pieces;
      for (std::size_t i = 0; i < pieces.size(); ++i) {
        const std::string said = short_heading(all_[*at]) + "\u00A0: " + pieces[i].text;
        if (!pieces[i].whole || pieces[i].kind != Piece::Kind::prose ||
            !states(facets_[k], pieces[i]) || leans_back(pieces[i].text) || !lead_text_.fits(said))
          continue;
        lead_text_.say(said);
        more_.cite(*at);
        sections_.take(*at, i);
        break;
      }
    }
  }

  // A price is asked and none is named; or the question has words of its own, beside those of the
  // title, and the answer has none of them.
  bool says_nothing_of_it() const {
    constexpr std::size_t kOwnOfQuestion = 4;
    if (!question_.chosen.empty()) return false;
    if (choice_.by_facet) return asks_price(*choice_.by_facet) && !names_price(answer_.text);
    std::uint64_t own = 0;
    for (const AskedTerm& term : asked_)
      if (!term.known && term.word < 64) own |= std::uint64_t{1} << term.word;
    return static_cast<std::size_t>(std::popcount(own)) >= kOwnOfQuestion &&
           heard_in(answer_.text, asked_, words_) == 0;
  }

  // What can be said for everyone is next to nothing: the question to ask is the answer.
  bool thin() const {
    constexpr std::size_t kThin = 30;                           // words
    if (goes_on() && !sections_.taken().empty()) return false;  // more was said before
    return lead_group() != nullptr && common_.empty() && !settled() && !states_for_all() &&
           word_count(answer_.text) < kThin && open_words(lead_) > 0;
  }

  // The price or the time that is asked for is stated, and no branch has another.
  bool states_for_all() const {
    if (!choice_.by_facet) return false;
    const bool price = asks_price(*choice_.by_facet);
    if (!price && *choice_.by_facet != Facet::delay && *choice_.by_facet != Facet::validity)
      return false;
    const Fact::Kind kind = price ? Fact::Kind::amount : Fact::Kind::duration;
    const auto of_kind = [&](std::string_view text) {
      Facts facts = hard_facts(text);
      std::erase_if(facts, [&](const Fact& fact) { return fact.kind != kind; });
      return facts;
    };
    const Facts stated = of_kind(answer_.text);
    return !stated.empty() && std::ranges::all_of(all_, [&](const Section& section) {
      return section.opens.empty() || section.opens[0].group != lead_group() ||
             std::ranges::includes(stated, of_kind(section.passage));
    });
  }

  // The sheet begins with yes or no, or says elsewhere than in these branches what is asked.
  bool settled(const Block* group = nullptr) const {
    if (group != nullptr && nearest_ &&
        sections_.taken().contains({nearest_->section, nearest_->first}) &&
        std::ranges::none_of(all_[nearest_->section].opens,
                             [&](const Open& open) { return open.group == group; }))
      return true;
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
      if (!lead_text_.fits(longer)) break;
      list = longer;
    }
    if (list.ends_with(':')) return sections_.say(lead_, choice_.by_facet);
    lead_text_.say(list);
  }

  // Nothing of the lead can be said in so few words: the sheet's own summary, and where to read on.
  void say_description() {
    // The source cuts a long one in the middle of a word: it ends with its last whole sentence. A
    // short one without a full stop is whole.
    constexpr std::size_t kCut = 120;  // bytes
    std::string whole;
    const std::vector<std::string> sentences = text::sentences(document_.description);
    for (const std::string& sentence : sentences)
      if (sentence.ends_with('.') || sentence.ends_with('?') || sentence.ends_with('!'))
        whole.append(whole.empty() ? "" : " ").append(sentence);
    if (whole.empty() && !document_.description.empty() && document_.description.size() < kCut)
      whole = document_.description + ".";
    const std::string some = lead_text_.first_sentences(whole);
    if (some.empty() || was_said(question_.said, some)) return;
    lead_text_.say(some);
    answer_.citations.push_back(cite(document_, "Résumé", document_.description));
  }

  // Whom the sheet gives to call, beside its text. False when there is nobody.
  bool say_numbers() {
    const std::size_t before = answer_.text.size();
    for (const Block& block : document_.resources) {
      if (block.kind != Block::Kind::contact) continue;
      for (const Piece& piece : pieces({&block})) {
        if (!piece.whole || !states(Facet::phone, piece) || !lead_text_.fits(piece.text)) continue;
        lead_text_.say(piece.text);
        answer_.citations.push_back(cite(document_, "Où s’adresser", piece.text));
      }
    }
    return answer_.text.size() > before;
  }

  // An online service or form of the sheet that the question names.
  void say_matching_service() {
    const std::vector<std::string>& title = words_.terms(document_.title);
    auto has = [](const std::vector<std::string>& all, const std::string& one) {
      return std::ranges::find(all, one) != all.end();
    };
    for (const Block& block : document_.resources) {
      if (block.kind == Block::Kind::contact || block.url.empty()) continue;
      std::set<std::string> shared, own;
      for (const std::string& term : words_.terms(heading_text(block.title))) {
        if (has(title, term)) continue;
        own.insert(term);
        if (has(terms_, term)) shared.insert(term);
      }
      if (own.empty() || 2 * shared.size() < own.size() || shared.size() > 3) continue;
      for (const Piece& piece : pieces({&block})) {
        if (!piece.whole || answer_.text.contains(block.url) || !lead_text_.fits(piece.text))
          continue;
        lead_text_.say(piece.text);
        answer_.citations.push_back(cite(document_, "Services en ligne", piece.text));
      }
      return;
    }
  }

  // A heading without text of its own: its first sections speak for it.
  void say_children() {
    for (std::size_t i = lead_ + 1; i < all_.size(); ++i)
      if (all_[i].parent == lead_ && all_[i].opens.empty() && sayable(all_[i]) &&
          lead_text_.fits(all_[i].passage)) {
        more_.cite(i);
        sections_.say(i, choice_.by_facet);
      }
  }

  void say_introduction() {
    more_.cite(0);
    sections_.say(0, choice_.by_facet);
  }

  // The introduction holds for all: the answer goes on with what the branch that holds begins with.
  void go_on_in_branch() {
    for (std::size_t i = 1; i < all_.size(); ++i) {
      const Section& section = all_[i];
      if (section.warning || !section.opens.empty() || !sayable(section) ||
          (section.told.empty() && section.assumed.empty()))
        continue;
      const Piece& first = *std::ranges::find_if(section.pieces, &Piece::whole);
      std::vector<std::string> titles = section.told;
      titles.insert(titles.end(), section.assumed.begin(), section.assumed.end());
      if (word_count(answer_.text) + first.words + word_count(quoted(titles)) + 2 * kOwnWords >
          kLeadWords)
        return;
      goes_on_at_ = i;
      more_.cite(i);
      say_situation(section);
      say_place(section);
      sections_.say(i, choice_.by_facet);
      sections_.say_ways(i);
      return;
    }
  }

  // What the introduction says of all branches gives way to what was told of one: its price, and
  // not everybody's.
  void leave_out_general() {
    if (!choice_.by_facet || lead_ == 0 || all_[lead_].told.empty()) return;
    for (std::size_t i = 0; i < all_[0].pieces.size(); ++i)
      if (states(*choice_.by_facet, all_[0].pieces[i])) sections_.take(0, i);
  }

  void point_to(const Section& section) {
    lead_text_.close(section.path.empty()
                         ? "La suite est plus bas."
                         : "La suite est dans «\u00A0" + short_heading(section) + "\u00A0».");
  }

  void say_common() {
    std::string list = "Dans tous les cas\u00A0:";
    for (const std::string& item : common_) list.append("\n- ").append(item);
    if (!lead_text_.fits(list)) return;
    lead_text_.say(list);
    // Each branch lists them: the first one is cited.
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (!all_[i].opens.empty() && std::ranges::all_of(common_, [&](const std::string& item) {
            return all_[i].passage.contains(item);
          })) {
        more_.cite(i);
        return;
      }
  }

  // The lead leaves branches open: each of them when they are short, else what they share, else the
  // question to ask.
  Answer over_branches() {
    const Block* group = lead_group();
    const bool open = !all_[lead_].opens.empty();
    if (open) say_situation(all_[lead_]);
    const std::size_t before = answer_.text.size();
    const bool all = say_branches(group);
    if (!all) say_shared(group);
    if (!all && answer_.text.size() > before && says_also()) say_also();
    if (answer_.text.size() > before) {
      if (!all) lead_text_.close("La suite dépend de votre situation.");
      offers_.branches(group, lead_, goes_on_at_, {});
      more_.write(lead_, sections_.taken(), facets_, relevance_);
      return finish();
    }
    if (open) answer_.text.clear();
    answer_.status = Status::clarify;
    if (answer_.text.empty()) {
      if (goes_on()) say_of_branch();
      keep_nearest();
      if (answer_.text.empty()) say_context();
      say_nearest();
    }
    if (answer_.citations.empty()) more_.cite(lead_);
    if (settled(group)) {
      answer_.status = Status::answer;
      lead_text_.say("La suite dépend de votre situation.");
    } else {
      ask_which();
    }
    offers_.branches(group, lead_, goes_on_at_, {});
    more_.write(lead_, sections_.taken(), facets_, relevance_);
    return finish();
  }

  // What the section that answers says under its branch, which is named, and the next likeliest
  // one: who goes on gets that much.
  void say_of_branch() {
    if (all_[lead_].opens.empty() || !sayable(all_[lead_])) return;
    const bool also = says_also();
    if (also) keep_also();
    sections_.say_some_under(title_of(all_[lead_]), lead_);
    if (also) say_also();
  }

  // What the branches are about, before they are asked.
  void say_context() {
    const std::size_t at = first_sayable(all_);
    if (!all_[at].opens.empty()) return say_description();
    more_.cite(at);
    say_situation(all_[at]);
    if (words_of(all_[at]) <= kContextWords) return sections_.say(at, choice_.by_facet);
    for (const Piece& piece : all_[at].pieces)
      if (piece.whole && !sections_.passed_over(piece, choice_.by_facet) &&
          piece.kind == Piece::Kind::prose) {
        std::string some;
        for (const std::string& sentence : text::sentences(piece.text)) {
          if (word_count(some) + word_count(sentence) > kContextWords || announces(sentence)) break;
          some.append(some.empty() ? "" : " ").append(sentence);
        }
        return lead_text_.say(some);
      }
  }

  const Question& question_;
  const Document& document_;
  const Reading reading_;
  const std::vector<Section> all_;
  const std::vector<Facet> facets_;
  Words& words_;
  const std::vector<std::string>& terms_;  // of the question
  const std::vector<AskedTerm> asked_;
  std::vector<Relevance> relevance_;
  const std::vector<Nearby> near_;
  Answer answer_;
  LeadText lead_text_;
  More more_;
  Offers offers_;
  SectionText sections_;
  LeadChoice choice_;
  std::size_t lead_ = 0;
  std::size_t goes_on_at_ = 0;  // the lead, or where the answer goes on from it
  std::optional<Nearby> nearest_;
  std::vector<std::string> common_;
  bool said_before_ = false;  // all that answers
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
  out.local = document.key.is_local();
  out.passage = std::move(passage);
  return out;
}

namespace {

// Reads the sheet, with the branches that what they contain recommends.
template <class Read>
auto with_composer(const Question& question, const Candidate& candidate, const ComposeContext& cx,
                   const Read& read) {
  constexpr int kGuesses = 2;  // levels of branches
  Asked asked = asked_of(question, cx);
  Words words;
  for (int level = 0;; ++level) {
    Composer composer(question, candidate, asked, words);
    std::string likely = level < kGuesses ? composer.likely() : "";
    if (likely.empty()) return read(composer);
    asked.likely.push_back(std::move(likely));
  }
}

}  // namespace

Answer answer_from_sheet(const Question& question, const Candidate& candidate,
                         const ComposeContext& cx, Fit* fit) {
  return with_composer(question, candidate, cx, [&](Composer& composer) {
    Answer answer = composer.compose();
    if (fit != nullptr) *fit = composer.fit(answer);
    return answer;
  });
}

std::vector<PlaceRead> places_of_sheet(const Question& question, const Candidate& candidate,
                                       const ComposeContext& cx) {
  return with_composer(question, candidate, cx, [](const Composer& composer) {
    std::vector<PlaceRead> out;
    for (const SheetPlace& place : composer.all_places())
      out.push_back({place.signs, composer.text_of(place), composer.passages_in(place)});
    return out;
  });
}

}  // namespace parvis::answer
