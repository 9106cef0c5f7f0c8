// A town to talk with as its citizens do, démarches and appointments included, of which nothing is
// left afterwards: what is begun, booked and deposited is written to a copy of its database.
#pragma once

#include <memory>

#include "api/turns.hpp"
#include "app/answers.hpp"
#include "app/home.hpp"

namespace parvis::app {

// The copy lies in the temporary folder, closed to others, and is removed at the end. Only of
// SQLite: with PostgreSQL, and where no town is imported, questions are answered and nothing else
// is done. Not thread-safe.
class Rehearsal {
 public:
  // Both outlive it.
  Rehearsal(Home& home, const Answers& answers);
  ~Rehearsal();
  Rehearsal(const Rehearsal&) = delete;

  bool complete() const { return parts_ != nullptr; }  // démarches and appointments too
  // Of another conversation from now on.
  void begin();
  // text: as typed, not cleaned.
  dialogue::Step turn(dialogue::State state, const std::string& text, const std::string& choice,
                      const std::string& commune, Instant now);

 private:
  struct Parts;
  const Answers& answers_;
  api::Visit visit_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace parvis::app
