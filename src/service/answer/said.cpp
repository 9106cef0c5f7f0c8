#include "answer/said.hpp"

#include <algorithm>
#include <string>

#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

constexpr std::size_t kLabel = 30;  // bytes; a shorter sentence says little by itself

// Each sentence of each line, without the dash of an item.
template <class Visit>
void each_sentence(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    line.remove_prefix(std::min(line.find_first_not_of(" -"), line.size()));
    for (const std::string& sentence : text::sentences(line))
      if (sentence.size() >= kLabel) visit(sentence);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

bool has(const Said& said, std::string_view sentence) {
  return std::ranges::find(said, text::term_hash(sentence)) != said.end();
}

}  // namespace

Said said_in(std::string_view text) {
  Said out;
  each_sentence(text, [&](const std::string& each) { out.push_back(text::term_hash(each)); });
  return out;
}

bool was_said(const Said& said, std::string_view text) {
  bool first = true, known = false;
  each_sentence(text, [&](const std::string& each) {
    if (first) known = has(said, each);
    first = false;
  });
  return known;
}

double share_said(const Said& said, std::string_view text) {
  std::size_t all = 0, known = 0;
  each_sentence(text, [&](const std::string& each) {
    all += each.size();
    if (has(said, each)) known += each.size();
  });
  return all == 0 ? 0 : static_cast<double>(known) / static_cast<double>(all);
}

}  // namespace parvis::answer
