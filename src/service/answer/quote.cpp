#include "answer/quote.hpp"

#include <array>

#include "answer/sheet_answer.hpp"
#include "answer/verify.hpp"

namespace parvis::answer {

std::vector<Quote> quotes(const knowledge::Document& sheet, std::string_view matter,
                          const ComposeContext& cx) {
  std::vector<Quote> out;
  Candidate candidate;
  candidate.document = &sheet;
  candidate.probability = 1;
  for (const Facet facet : std::array{Facet::cost, Facet::documents, Facet::delay}) {
    const Question question{
        .text = std::string(question_for(facet)), .earlier = {std::string(matter)}, .chosen = {}};
    Fit fit;
    Answer answer = answer_from_sheet(question, candidate, cx, &fit);
    // The section that answers is about it; else the sheet only tells something near.
    if (fit.facet != facet || answer.grounds == Grounds::none || answer.citations.empty()) continue;
    if (answer.status != Status::answer && answer.status != Status::partial) continue;
    answer.citations.resize(1);
    answer.more.clear();
    answer.contact.reset();
    verify(answer);
    if (!answer.text.empty() && flaw(answer).empty())
      out.push_back({facet, std::move(answer.text), std::move(answer.citations[0])});
  }
  return out;
}

std::string title_of(const Quote& quote) {
  const std::string_view what = quote.facet == Facet::cost        ? "Prix"
                                : quote.facet == Facet::documents ? "Documents"
                                                                  : "Délai";
  return std::string(what).append(", selon «\u00a0").append(quote.citation.title).append("\u00a0»");
}

}  // namespace parvis::answer
