// What is read first, as it grows: whole lines and sentences, never more than kLeadWords.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace parvis::answer {

class LeadText {
 public:
  // text: what it is written to; outlives it.
  explicit LeadText(std::string& text) : text_(text) {}

  // So many more words leave room for the closing sentence of ours.
  bool fits(std::string_view more) const;
  std::size_t words() const;
  std::size_t kept() const { return kept_; }
  void keep(std::size_t words) { kept_ = words; }  // for what is said later
  void say(std::string_view lines);
  bool close(std::string_view sentence);  // the last one: may take the room that is kept

  // As much of a text as fits, whole; may be empty.
  std::string first_sentences(std::string_view text) const;
  // The sentence that announces a list with as many whole items as fit, two at least, in their
  // order: those that are wanted before the others.
  std::string some_items(std::string_view text,
                         const std::function<bool(std::string_view)>& wanted) const;

 private:
  std::string& text_;
  std::size_t kept_ = 0;
};

inline constexpr std::size_t kOwnWords = 24;  // kept free for the closing sentence

bool leans_on_heading(std::string_view text);  // its subject stands in a heading: "Elle dure…"
bool leans_back(std::string_view text);        // goes on from the sentence before: "Toutefois, …"
bool gives_example(std::string_view text);     // of one case: "Par exemple, si vous…"
bool states_condition(std::string_view heading);  // for whom or when what follows holds

}  // namespace parvis::answer
