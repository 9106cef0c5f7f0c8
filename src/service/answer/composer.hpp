// From the sheets found to what the citizen reads. Pure: same input, same answer.
//
// Composed, not generated: every sentence that states something is the sheet's own, whole, with the
// section it stands in as its citation. The few sentences of ours state no fact: they say which
// situation is answered, what the sheet does not give, and what to choose.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "answer/answer.hpp"
#include "answer/said.hpp"
#include "base/time.hpp"
#include "knowledge/document.hpp"

namespace parvis::answer {

struct Question {
  std::string text;                  // cleaned (text::clean), the citizen's own words
  std::vector<std::string> earlier;  // earlier questions of the conversation, oldest first
  std::vector<std::string> chosen;   // values of choices made, as they were offered
  Said said = {};                    // of the sheet, where the text goes on with it
};

// A passage that is near the question in meaning: the beginning of its text, and how near, 0 to 1.
struct PassageHit {
  std::string text;
  double score = 0;
};

struct LocalLink {
  const knowledge::Document* document = nullptr;
  bool overrides = false;  // replaces the national sheet; else it completes it
  std::vector<PassageHit> passages = {};
};

// The national sheet that answers what a town's page leaves to it.
struct General {
  knowledge::Document document;
  std::vector<PassageHit> passages;
};

// A commune that the citizen may choose: its value as a choice is kCommuneChoice and its INSEE
// code.
struct CommuneName {
  std::string name, insee;
};
inline constexpr std::string_view kCommuneChoice = "commune/";

struct Candidate {
  const knowledge::Document* document = nullptr;  // never null; outlives the call
  double probability = 0;                         // that it is a right page, calibrated
  std::vector<LocalLink> local;
  // Of a town's page, the likeliest of the national sheets that it completes: read only where it is
  // wanted. May be empty, and may find none.
  std::function<std::optional<General>()> general = {};
  std::vector<CommuneName> communes;  // that have a text of their own on it, theirs being unknown
  std::vector<PassageHit> passages;   // may be empty
};

struct Floors {
  double answer = 0.4;   // from here on the sheet answers
  double partial = 0.4;  // from here on it is given, and said to be uncertain; under it: `unknown`
};

// The town's services: where a sheet says "mairie", this town's own. Each may be an empty function.
struct Services {
  std::function<std::optional<Contact>(std::string_view pivot)> by_pivot;  // "mairie", "caf"
  std::function<std::optional<Contact>(std::string_view words)> by_words;  // "la déchèterie"
  // The hours of the service of that name on a day: "de 9 h à 12 h". May be empty.
  std::function<std::string(const std::string& name, CivilDate day)> hours_on = {};
  // What the service by_words finds is there for, as the town calls it: "nid de poule".
  std::function<std::string(std::string_view words)> matter;
};

struct ComposeContext {
  Instant now;
  Zone zone = Zone::paris();
  std::string commune;     // its name, or empty
  std::string department;  // code ("45"), or empty
  Services services;
  Floors floors;
};

// Of a sheet that may be wrong, the first of them: the doubt is said first, and others are offered
// to try, more of them where it is rather wrong than right.
void tell_doubt(Answer& answer, std::span<const Candidate> candidates);
// Another page to try.
Choice other_page(const knowledge::Document& document);

// candidates: best first; the first is the page unless a choice names another one.
// Status: emergency and out_of_scope by rule, before everything; contact when the question asks for
// a service of the town that is known; then by the first candidate.
Answer compose(const Question& question, std::span<const Candidate> candidates,
               const ComposeContext& cx);

// The same before verify.hpp has judged it. For tests: what compose drops is a fault of a rule
// here.
Answer draft(const Question& question, std::span<const Candidate> candidates,
             const ComposeContext& cx);

// What `compose` reads of a candidate that is not the page: its title, date and link, and enough to
// say what it is about. Nothing else is kept.
knowledge::Document head_of(const knowledge::Document& document);

inline constexpr std::size_t kOffered = 5;      // sheets offered when none is sure
inline constexpr std::size_t kBranches = 12;    // branches offered at once
inline constexpr std::size_t kMoreParts = 14;   // parts of an answer
inline constexpr std::size_t kMoreWords = 900;  // words of them all, but for the last one taken
inline constexpr std::size_t kPartWords = 350;  // words of one part

}  // namespace parvis::answer
