// The peer of benchmarks of the database: transactions that were written down (Said) are said again
// by a client that has nothing but the engine's own library: the same statements with the same
// bytes, prepared once, in the same order on each connection, with the same durability.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "db/database.hpp"

namespace parvis::db {

// One thread and one connection a list; how long until all are done. On SQLite its writers take
// turns on a mutex, which costs less than the engine's own waiting. A transaction that PostgreSQL
// refuses for another's sake is said again. Throws Error(failed) when a statement is refused.
std::chrono::duration<double> say_again(const std::string& url,
                                        const std::vector<std::vector<Said>>& clients);

}  // namespace parvis::db
