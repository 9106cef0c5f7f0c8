// Invented cases by the million, for benchmarks: rows as deposits and acts leave them, with answers
// that are noise and without events, so that nothing but lists and searches can be done with them.
#pragma once

#include <string>
#include <vector>

#include "casework/workflow.hpp"
#include "db/database.hpp"
#include "tenancy/context.hpp"

namespace parvis::casework {

struct Invented {
  std::string id, reference, procedure, service, commune;
  State state = State::received;
  Instant deposited_at;
  std::string due;  // a civil date
  std::string answers;
  std::vector<std::string> digests;  // one to four
};

void insert_invented(db::Tx& tx, const tenancy::Context& cx, const Invented& made);

// Before and after a million of them, in the same transaction: memory for what is in order
// nowhere; then what the engine chooses its plans by, as its own housekeeping would find out.
void prepare_for_many(db::Database& database, db::Tx& tx);
void learn_statistics(db::Database& database);

}  // namespace parvis::casework
