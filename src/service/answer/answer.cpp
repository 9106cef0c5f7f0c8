#include "answer/answer.hpp"

namespace parvis::answer {

std::string_view name(Status status) {
  switch (status) {
    case Status::answer:
      return "answer";
    case Status::partial:
      return "partial";
    case Status::clarify:
      return "clarify";
    case Status::procedure:
      return "procedure";
    case Status::case_status:
      return "case_status";
    case Status::appointment:
      return "appointment";
    case Status::contact:
      return "contact";
    case Status::handoff:
      return "handoff";
    case Status::smalltalk:
      return "smalltalk";
    case Status::out_of_scope:
      return "out_of_scope";
    case Status::other_commune:
      return "other_commune";
    case Status::emergency:
      return "emergency";
    case Status::unsafe:
      return "unsafe";
    case Status::unknown:
      return "unknown";
  }
  return "unknown";
}

json::object to_json(const Answer& answer) {
  auto or_null = [](const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
  };
  json::array citations, more, choices, notices;
  for (const Citation& c : answer.citations)
    citations.push_back({{"id", c.id},
                         {"audience", c.audience},
                         {"title", c.title},
                         {"section", c.section},
                         {"url", or_null(c.url)},
                         {"updated", or_null(c.updated)},
                         {"origin", c.origin},
                         {"local", c.local},
                         {"passage", c.passage}});
  for (const Part& p : answer.more)
    more.push_back({{"title", p.title}, {"text", p.text}, {"citation", p.citation}});
  for (const Choice& c : answer.choices)
    choices.push_back({{"label", c.label}, {"value", c.value}});
  for (const std::string& n : answer.notices) notices.emplace_back(n);
  json::value contact = nullptr;
  if (answer.contact) {
    json::array phones;
    for (const PhoneNumber& p : answer.contact->phones)
      phones.push_back({{"number", p.number}, {"label", p.label}});
    const Contact& c = *answer.contact;
    contact = {{"name", c.name},
               {"address", or_null(c.address)},
               {"phones", std::move(phones)},
               {"email", or_null(c.email)},
               {"url", or_null(c.url)},
               {"hours", or_null(c.hours)},
               {"open", c.open ? json::value(*c.open) : json::value(nullptr)},
               {"open_words", or_null(c.open_words)},
               {"note", or_null(c.note)}};
  }
  json::object out{{"status", name(answer.status)},
                   {"text", answer.text},
                   {"language", answer.language},
                   {"confidence", answer.confidence},
                   {"citations", std::move(citations)},
                   {"more", std::move(more)},
                   {"choices", std::move(choices)},
                   {"procedure", nullptr},
                   {"contact", std::move(contact)},
                   {"case", nullptr},
                   {"appointment", nullptr},
                   {"notices", std::move(notices)},
                   {"took_ms", answer.took_ms}};
  if (!answer.qid.empty()) out["qid"] = answer.qid;
  return out;
}

}  // namespace parvis::answer
