#include "answer/verify.hpp"

#include <algorithm>
#include <vector>

#include "answer/facts.hpp"
#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

void append_line(std::string& to, std::string_view line) {
  if (!to.empty()) to.push_back('\n');
  to.append(line);
}

std::size_t keep_stated(std::string& text, const Facts& stated) {
  std::size_t dropped = 0;
  std::string out;
  for (const std::string& line : lines(text)) {
    if (states_all(stated, line)) {
      append_line(out, line);
      continue;
    }
    std::string kept;
    for (const std::string& sentence : text::sentences(line)) {
      if (!states_all(stated, sentence))
        ++dropped;
      else
        kept.append(kept.empty() ? "" : " ").append(sentence);
    }
    if (!kept.empty()) append_line(out, kept);
  }
  text = std::move(out);
  return dropped;
}

bool announces(std::string_view line) {
  const std::string plain = plain_spaces(line);
  return plain.ends_with(':');
}

}  // namespace

std::size_t verify(Answer& answer) {
  std::vector<Facts> stated;
  Facts all;
  for (const Citation& citation : answer.citations) {
    stated.push_back(hard_facts(citation.passage));
    all.insert(stated.back().begin(), stated.back().end());
  }
  if (const auto& contact = answer.contact) {
    for (const std::string* field :
         {&contact->name, &contact->address, &contact->email, &contact->url, &contact->hours,
          &contact->open_words, &contact->note})
      all.merge(hard_facts(*field));
    for (const PhoneNumber& phone : contact->phones) all.merge(hard_facts(phone.number));
  }
  std::size_t dropped = keep_stated(answer.text, all);
  for (Part& part : answer.more)
    if (part.citation < stated.size()) {
      dropped += keep_stated(part.text, stated[part.citation]);
      if (!states_all(stated[part.citation], part.title)) {
        part.title.clear();
        ++dropped;
      }
    }
  std::erase_if(answer.more, [](const Part& part) { return part.text.empty(); });
  return dropped;
}

std::string flaw(const Answer& answer) {
  if (word_count(answer.text) > kLeadWords) return "long";
  auto judge = [](std::string_view text) -> std::string {
    const std::vector<std::string> all = lines(text);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool last = i + 1 == all.size();
      if (announces(all[i]) && last) return "colon: " + all[i];
    }
    return "";
  };
  if (std::string found = judge(answer.text); !found.empty() && answer.choices.empty())
    return found;
  for (const Part& part : answer.more)
    if (std::string found = judge(part.text); !found.empty()) return found;
  return "";
}

}  // namespace parvis::answer
