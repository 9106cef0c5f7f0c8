// Sections said in what is read first: whole pieces, and what has been said of them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "answer/lead_text.hpp"
#include "answer/more.hpp"
#include "answer/nearby.hpp"
#include "answer/sections.hpp"
#include "answer/words.hpp"

namespace parvis::answer {

class SectionText {
 public:
  // All outlive it. said: what is passed over, unless it is asked for. begins_with_answer: the
  // sheet is a question, its beginning is the answer.
  SectionText(const std::vector<Section>& all, const std::vector<AskedTerm>& asked, Words& words,
              const Said& said, bool begins_with_answer, LeadText& text, More& more)
      : all_(all),
        asked_(asked),
        words_(words),
        said_(said),
        begins_with_answer_(begins_with_answer),
        text_(text),
        more_(more) {}

  // Whole pieces in order, as long as they fit, from the one nearest to the question. A piece that
  // does not fit gives its first sentences or items when little has been said yet.
  void say(std::size_t at, std::optional<Facet> facet);
  // Where a section too long for the lead is read from: what is nearest to the question in meaning.
  void begin_at(const Nearby& near) { nearest_ = near; }
  // A section whole, under a title; false when it does not fit.
  bool say_under(const std::string& title, std::size_t at);
  // As much of a section as fits, under where it stands, from the piece nearest to the question;
  // false when nothing does.
  bool say_some_under(const std::string& title, std::size_t at);
  // The ways to do what a section says, each that fits under its name.
  void say_ways(std::size_t at);
  // The pieces of a section that state the facet, when its heading does not announce it.
  void say_stating(std::size_t at, Facet facet);

  std::uint64_t heard(const Piece& piece) const { return heard_in(piece.text, asked_, words_); }
  // A section that is asked for is not passed over.
  void say_again(std::size_t at) { again_ = at; }
  // It was said before, and has less than half of the question's words.
  bool passed_over(const Piece& piece, std::optional<Facet> facet) const;
  bool all_said(std::size_t at) const;
  void take(std::size_t at, std::size_t piece) { taken_.insert({at, piece}); }
  const Taken& taken() const { return taken_; }

  // The piece from which a section too long for the lead is read: the one nearest to the question,
  // with what it goes on from; the first when none stands out, and in a sheet that begins with its
  // answer.
  std::size_t nearest_piece(std::size_t at, std::optional<Facet> facet) const;

 private:
  // The same of a section of any length.
  std::size_t most_heard_piece(std::size_t at, std::optional<Facet> facet) const;

  const std::vector<Section>& all_;
  const std::vector<AskedTerm>& asked_;
  Words& words_;
  const Said& said_;
  const bool begins_with_answer_;
  LeadText& text_;
  More& more_;
  Taken taken_;
  std::optional<Nearby> nearest_;
  std::optional<std::size_t> again_;
};

}  // namespace parvis::answer
