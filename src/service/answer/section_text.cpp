#include "answer/section_text.hpp"

#include <algorithm>
#include <bit>

#include "answer/answer.hpp"
#include "answer/facts.hpp"

namespace parvis::answer {
namespace {

constexpr std::size_t kEnough = 40;  // words; under them a part of a long piece is added

// A short warning beside a rule: the rule is not said without it.
bool limits(const Piece& piece) {
  constexpr std::size_t kShort = 40;  // words
  return piece.whole && piece.kind == Piece::Kind::notice && piece.words <= kShort &&
         piece.block->kind == knowledge::Block::Kind::attention;
}

}  // namespace

std::size_t SectionText::nearest_piece(std::size_t at, std::optional<Facet> facet) const {
  if (words_of(all_[at]) <= kLeadWords - kOwnWords || (at == 0 && begins_with_answer_)) return 0;
  return most_heard_piece(at, facet);
}

std::size_t SectionText::most_heard_piece(std::size_t at, std::optional<Facet> facet) const {
  const Section& section = all_[at];
  if (!facet && nearest_ && nearest_->section == at) return nearest_->first;
  constexpr std::size_t kStates = 2, kFirst = 1;
  std::size_t best = 0, most = 0;
  bool first = true;
  for (std::size_t i = 0; i < section.pieces.size(); ++i) {
    const Piece& piece = section.pieces[i];
    if (!piece.whole) continue;
    std::size_t near = static_cast<std::size_t>(std::popcount(heard(piece))) + (first ? kFirst : 0);
    if (facet && states(*facet, piece)) near += kStates;
    first = false;
    if (near <= most) continue;
    best = i;
    most = near;
  }
  while (best > 0 && (leans_back(section.pieces[best].text) ||
                      section.pieces[best].kind == Piece::Kind::notice))
    --best;
  return best;
}

bool SectionText::passed_over(const Piece& piece, std::optional<Facet> facet) const {
  return was_said(said_, piece.text) && !(facet && states(*facet, piece)) &&
         !has_half_of(heard(piece), asked_);
}

void SectionText::say(std::size_t at, std::optional<Facet> facet) {
  const Section& section = all_[at];
  const std::size_t begin = nearest_piece(at, facet), kept = text_.kept();
  std::size_t limit = begin;
  while (limit < section.pieces.size() && !limits(section.pieces[limit])) ++limit;
  bool any = false, full = false;
  for (std::size_t i = begin; i < section.pieces.size(); ++i) {
    const Piece& piece = section.pieces[i];
    // An example of a case that nobody asks about takes the place of what holds for all.
    if (!piece.whole || (gives_example(piece.text) && heard(piece) == 0)) continue;
    if (again_ != at && passed_over(piece, facet)) continue;
    text_.keep(kept);
    if (any && i < limit && limit < section.pieces.size() && piece.kind == Piece::Kind::prose &&
        text_.fits(section.pieces[limit].text))
      text_.keep(kept + section.pieces[limit].words);
    const bool notice = piece.kind == Piece::Kind::notice;
    if (full && !(notice && any)) continue;
    if (notice && !any && !section.groups.empty()) continue;  // of what the branches say
    std::string said = piece.text;
    const std::string title = short_heading(section);
    if (!any && !title.empty() && !title.ends_with('?') && leans_on_heading(said))
      said = title + "\u00A0: " + said;
    if (text_.fits(said)) {
      text_.say(said);
      taken_.insert({at, i});
      any = true;
      continue;
    }
    full = true;
    if (any && text_.words() >= kEnough) continue;
    const std::string some =
        piece.kind == Piece::Kind::list
            ? text_.some_items(
                  said, [&](std::string_view item) { return heard_in(item, asked_, words_) != 0; })
            : text_.first_sentences(said);
    if (some.empty()) continue;
    text_.say(some);
    any = true;
  }
  text_.keep(kept);
}

bool SectionText::say_under(const std::string& title, std::size_t at) {
  std::string text = title + "\u00A0:";
  bool first = true;
  for (const Piece& piece : all_[at].pieces) {
    if (!piece.whole) continue;
    const bool same_line = first && piece.kind == Piece::Kind::prose;
    text.append(same_line ? " " : "\n").append(piece.text);
    first = false;
  }
  if (first || !text_.fits(text)) return false;
  text_.say(text);
  more_.cite(at);
  for (std::size_t i = 0; i < all_[at].pieces.size(); ++i)
    if (all_[at].pieces[i].whole) taken_.insert({at, i});
  return true;
}

bool SectionText::say_some_under(const std::string& title, std::size_t at) {
  if (say_under(title, at)) return true;
  const Section& section = all_[at];
  bool any = false;
  for (std::size_t i = most_heard_piece(at, std::nullopt); i < section.pieces.size(); ++i) {
    const Piece& piece = section.pieces[i];
    const bool notice = piece.kind == Piece::Kind::notice;  // beside a rule, and not without one
    if (!piece.whole || (notice && !any) || passed_over(piece, std::nullopt) ||
        (gives_example(piece.text) && heard(piece) == 0))
      continue;
    const bool prose = piece.kind == Piece::Kind::prose;
    const std::string opening = any ? "" : title + (prose ? "\u00A0: " : "\u00A0:\n");
    if (text_.fits(opening + piece.text)) {
      text_.say(opening + piece.text);
      taken_.insert({at, i});
      any = true;
      continue;
    }
    if (any) break;
    // What the title takes is kept free while a part is cut to what fits.
    const std::size_t kept = text_.kept();
    text_.keep(kept + word_count(opening));
    const std::string some = piece.kind == Piece::Kind::list
                                 ? text_.some_items(piece.text,
                                                    [&](std::string_view item) {
                                                      return heard_in(item, asked_, words_) != 0;
                                                    })
                                 : text_.first_sentences(piece.text);
    text_.keep(kept);
    if (some.empty()) continue;
    text_.say(opening + some);
    any = true;
    break;
  }
  if (any) more_.cite(at);
  return any;
}

void SectionText::say_ways(std::size_t at) {
  for (std::size_t i = at + 1; i < all_.size(); ++i)
    if (all_[i].way && all_[i].parent == at) say_under(short_heading(all_[i]), i);
}

void SectionText::say_stating(std::size_t at, Facet facet) {
  const bool told = std::ranges::any_of(all_[at].pieces, [&](const Piece& piece) {
    return piece.whole && piece.kind == Piece::Kind::prose && states(facet, piece);
  });
  for (std::size_t i = 0; i < all_[at].pieces.size(); ++i) {
    const Piece& piece = all_[at].pieces[i];
    const bool follows = i > 0 && taken_.contains({at, i - 1});
    const bool notice = piece.kind == Piece::Kind::notice && !taken_.empty();
    if (!piece.whole || !(states(facet, piece) || notice) || !text_.fits(piece.text)) continue;
    if (!follows && leans_back(piece.text)) continue;
    if (told && taken_.empty() && piece.kind != Piece::Kind::prose) continue;
    text_.say(piece.text);
    taken_.insert({at, i});
  }
}

bool SectionText::all_said(std::size_t at) const {
  for (std::size_t i = 0; i < all_[at].pieces.size(); ++i)
    if (all_[at].pieces[i].whole && !taken_.contains({at, i})) return false;
  return true;
}

}  // namespace parvis::answer
