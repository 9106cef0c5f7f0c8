// The state of one installation: a folder with the database and the index.
#pragma once

#include <filesystem>
#include <memory>

#include "answer/answer.hpp"
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

// The whole way from a citizen's words to an answer. question: as typed; longer than
// answer::kQuestionBytes throws Error{too_large}.
answer::Answer ask(Home& home, const search::Snapshot& snapshot, std::string_view question);

}  // namespace parvis::app
