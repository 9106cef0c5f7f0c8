// What a citizen gets for one question: the object of docs' contract, as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"

namespace parvis::answer {

enum class Status {
  answer,
  partial,
  clarify,
  procedure,
  case_status,
  appointment,
  contact,
  handoff,
  smalltalk,
  out_of_scope,
  other_commune,
  emergency,
  unsafe,
  unknown,
};
std::string_view name(Status status);
Status status_named(std::string_view name);  // unknown for any other name

struct Citation {
  std::string id;        // "F1342"
  std::string audience;  // "particuliers": where the portal's own sheet page is
  std::string title;
  std::string section;  // heading path inside the sheet
  std::string url;      // empty = null
  std::string updated;  // ISO date, or empty
  std::string origin;   // who says it ("service-public.fr (DILA)", "Mairie de …")
  bool local = false;   // the town's own rule
  std::string passage;  // the cited text, whole
};

// A part of the answer that is not read first. text: lines; a line that starts with "- " is an
// item, "1. " a step.
struct Part {
  std::string title;
  std::string text;
  std::size_t citation = 0;  // index into citations
};

struct Choice {
  std::string label;
  std::string value;  // sent back with the question to choose it
  bool operator==(const Choice&) const = default;
};

struct PhoneNumber {
  std::string number;  // "15", "01 23 45 67 89"
  std::string label;   // whom it reaches
};

struct Contact {
  std::string name;
  std::string address;
  std::vector<PhoneNumber> phones;
  std::string email;
  std::string url;
  std::string hours;         // in words, for today and the week
  std::optional<bool> open;  // at `now`; nullopt = not known
  std::string open_words;    // "Ouvert jusqu'à 17 h 30", "Fermé. Ouvre demain à 8 h 30"
  std::string note;          // free comment of the hours, shown as it is
};

// What speaks for that the page answers, where it is gone on with.
enum class Grounds : std::uint8_t {
  words,     // enough: it is likely to answer
  nearness,  // in meaning or in words: it may be what is wanted
  far,       // hardly anything
  again,     // all that it says was said before
  none,      // what is asked of the page is not in it
};

struct Answer {
  std::string qid;
  Status status = Status::unknown;
  std::string text;  // read first, at most kLeadWords words
  std::string language = "fr";
  double confidence = 0;  // calibrated P(first citation is a right page)
  std::vector<Citation> citations;
  std::vector<Part> more;
  std::vector<Choice> choices;
  std::optional<Contact> contact;
  json::object procedure;            // a démarche that is offered or filled in; empty: none
  json::object appointment;          // one that is looked for or booked; empty: none
  json::object case_file;            // a case that is told about; empty: none
  std::vector<std::string> notices;  // dates of the corpus, degraded modes
  Grounds grounds = Grounds::words;  // for the program alone
  double took_ms = 0;
  std::uint64_t generation = 0;  // of the index that answered
};

inline constexpr std::size_t kLeadWords = 120;
inline constexpr std::size_t kQuestionBytes = 8192;   // a longer question is refused: 413
inline constexpr std::size_t kEarlierQuestions = 20;  // `after` / --after

json::object to_json(const Answer& answer);
// The way back. What is not there or of another type is as in an empty answer; took_ms and the
// generation are not read.
Answer answer_from_json(const json::object& object);

}  // namespace parvis::answer
