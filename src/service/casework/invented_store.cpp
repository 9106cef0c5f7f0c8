#include "casework/invented_store.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace parvis::casework {

void insert_invented(db::Tx& tx, const tenancy::Context& cx, const Invented& made) {
  CHECK(!made.digests.empty() && made.digests.size() <= 4);
  const std::int64_t at = made.deposited_at.time_since_epoch().count();
  tx.run(
      "insert into casework_case (tenant, id, commune, procedure, version, service, token_hash, "
      "state, reference, answers, created_at, saved_at, deposited_at, due) "
      "values ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $10, $10, $11)",
      {cx.tenant, made.id, made.commune, made.procedure, made.service, made.id + made.id,
       name(made.state), made.reference, db::Blob(made.answers), at, made.due});
  const auto word = [&](std::size_t i) {
    return db::Blob(made.digests[std::min(i, made.digests.size() - 1)]);
  };
  tx.run(
      "insert into casework_find (tenant, deposited_at, id, word) values ($1, $2, $3, $4), "
      "($1, $2, $3, $5), ($1, $2, $3, $6), ($1, $2, $3, $7) on conflict do nothing",
      {cx.tenant, at, made.id, word(0), word(1), word(2), word(3)});
}

void prepare_for_many(db::Database& database, db::Tx& tx) {
  if (database.engine() == db::Engine::sqlite) tx.run("pragma cache_size = -1500000");
}

void learn_statistics(db::Database& database) {
  database.write([](db::Tx& tx) {
    tx.run("analyze casework_case");
    tx.run("analyze casework_find");
  });
}

}  // namespace parvis::casework
