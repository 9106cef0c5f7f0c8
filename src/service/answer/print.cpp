#include "answer/print.hpp"

#include <set>

namespace parvis::answer {
namespace {

void line(std::string& out, std::string_view text) { out.append(text).append("\n"); }

void contact_lines(std::string& out, const Contact& contact) {
  line(out, contact.name);
  for (const std::string* field : {&contact.address, &contact.open_words, &contact.hours,
                                   &contact.note, &contact.email, &contact.url})
    if (!field->empty()) line(out, "  " + *field);
  for (const PhoneNumber& phone : contact.phones)
    line(out, "  " + phone.number + (phone.label.empty() ? "" : " (" + phone.label + ")"));
}

}  // namespace

std::string render_text(const Answer& answer) {
  std::string out;
  line(out, answer.text);
  for (const Part& part : answer.more) {
    out.push_back('\n');
    line(out, part.title);
    line(out, part.text);
  }
  if (!answer.choices.empty()) line(out, "\nVotre choix :");
  for (std::size_t i = 0; i < answer.choices.size(); ++i)
    line(out, "  " + std::to_string(i + 1) + ". " + answer.choices[i].label);
  if (answer.contact) {
    out.push_back('\n');
    contact_lines(out, *answer.contact);
  }
  if (!answer.notices.empty()) out.push_back('\n');
  for (const std::string& notice : answer.notices) line(out, notice);
  std::set<std::string> seen;
  for (const Citation& citation : answer.citations) {
    if (!seen.insert(citation.id).second) continue;
    if (seen.size() == 1) line(out, "\nSources :");
    std::string source = "  " + citation.id + " " + citation.title;
    if (!citation.updated.empty()) source.append(" (").append(citation.updated).append(")");
    if (!citation.url.empty()) source.append(" : ").append(citation.url);
    line(out, source);
  }
  return out;
}

}  // namespace parvis::answer
