// The state of one installation: a folder with the database and the index.
#pragma once

#include <filesystem>
#include <memory>

#include "answer/composer.hpp"
#include "db/database.hpp"
#include "search/index.hpp"

namespace parvis::app {

// Opens --home DIR, creating it, and applies the pending migrations.
struct Home {
  explicit Home(const std::filesystem::path& folder);

  std::filesystem::path national_index() const { return folder / "index" / "national"; }

  std::filesystem::path folder;
  db::Database database;
};

// Opens the published index. Throws Error{unavailable} that names the remedy when there is none.
std::unique_ptr<search::Snapshot> open_index(const Home& home);

// The whole way from a citizen's words to an answer. question: as typed. Throws Error{too_large}
// past answer::kQuestionBytes a text and answer::kEarlierQuestions earlier texts or choices.
answer::Answer ask(Home& home, const search::Snapshot& snapshot, answer::Question question);

// Under it nothing is asserted: the sheets found are offered. With words alone 9 of 10 answers
// above it are right, and 33 of 40 above 0.7 (docs/measurements.md).
inline constexpr double kLexicalFloor = 0.8;

}  // namespace parvis::app
