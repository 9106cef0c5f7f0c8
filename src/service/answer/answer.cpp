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

Status status_named(std::string_view text) {
  for (int i = 0; i < static_cast<int>(Status::unknown); ++i)
    if (const auto status = static_cast<Status>(i); name(status) == text) return status;
  return Status::unknown;
}

namespace {

json::value object_or_null(const json::object& object) {
  return object.empty() ? json::value(nullptr) : json::value(object);
}

}  // namespace

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
                   {"procedure", object_or_null(answer.procedure)},
                   {"contact", std::move(contact)},
                   {"case", object_or_null(answer.case_file)},
                   {"appointment", object_or_null(answer.appointment)},
                   {"notices", std::move(notices)},
                   {"took_ms", answer.took_ms}};
  if (!answer.qid.empty()) out["qid"] = answer.qid;
  return out;
}

namespace {

std::string text_at(const json::object& object, std::string_view key) {
  return std::string(string_at(object, key).value_or(""));
}

template <typename Make>
auto all_at(const json::object& object, std::string_view key, Make&& make) {
  std::vector<decltype(make(object))> out;
  if (const json::array* array = array_at(object, key))
    for (const json::value& value : *array)
      if (const json::object* each = value.if_object()) out.push_back(make(*each));
  return out;
}

Citation citation_from(const json::object& object) {
  return {.id = text_at(object, "id"),
          .audience = text_at(object, "audience"),
          .title = text_at(object, "title"),
          .section = text_at(object, "section"),
          .url = text_at(object, "url"),
          .updated = text_at(object, "updated"),
          .origin = text_at(object, "origin"),
          .local = bool_at(object, "local").value_or(false),
          .passage = text_at(object, "passage")};
}

Contact contact_from(const json::object& object) {
  return {.name = text_at(object, "name"),
          .address = text_at(object, "address"),
          .phones = all_at(object, "phones",
                           [](const json::object& phone) {
                             return PhoneNumber{text_at(phone, "number"), text_at(phone, "label")};
                           }),
          .email = text_at(object, "email"),
          .url = text_at(object, "url"),
          .hours = text_at(object, "hours"),
          .open = bool_at(object, "open"),
          .open_words = text_at(object, "open_words"),
          .note = text_at(object, "note")};
}

}  // namespace

Answer answer_from_json(const json::object& object) {
  Answer out;
  out.qid = text_at(object, "qid");
  out.status = status_named(text_at(object, "status"));
  out.text = text_at(object, "text");
  out.language = string_at(object, "language").value_or(out.language);
  if (const json::value* confidence = object.if_contains("confidence"))
    if (confidence->is_double()) out.confidence = confidence->get_double();
  out.citations = all_at(object, "citations", citation_from);
  out.more = all_at(object, "more", [](const json::object& part) {
    const std::int64_t citation = integer_at(part, "citation").value_or(0);
    return Part{text_at(part, "title"), text_at(part, "text"),
                citation < 0 ? 0 : static_cast<std::size_t>(citation)};
  });
  out.choices = all_at(object, "choices", [](const json::object& choice) {
    return Choice{text_at(choice, "label"), text_at(choice, "value")};
  });
  if (const json::object* contact = object_at(object, "contact"))
    out.contact = contact_from(*contact);
  if (const json::object* procedure = object_at(object, "procedure")) out.procedure = *procedure;
  if (const json::object* case_file = object_at(object, "case")) out.case_file = *case_file;
  if (const json::object* appointment = object_at(object, "appointment"))
    out.appointment = *appointment;
  if (const json::array* notices = array_at(object, "notices"))
    for (const json::value& notice : *notices)
      if (notice.is_string()) out.notices.emplace_back(notice.get_string());
  return out;
}

}  // namespace parvis::answer
