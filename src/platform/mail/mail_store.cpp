#include "mail/mail_store.hpp"

#include "text/normalise.hpp"

namespace parvis::mail {
namespace {

std::string_view name(Way way) { return way == Way::out ? "out" : "in"; }
std::int64_t ms(Instant at) { return at.time_since_epoch().count(); }
Instant instant(std::int64_t count) { return Instant(std::chrono::milliseconds(count)); }

}  // namespace

void note_went(db::Tx& tx, std::string_view tenant, Way way, Instant now) {
  tx.run(
      "insert into mail_traffic (tenant, way, went_at) values ($1, $2, $3) "
      "on conflict (tenant, way) do update set went_at = excluded.went_at",
      {tenant, name(way), ms(now)});
}

void note_failed(db::Tx& tx, std::string_view tenant, Way way, std::string_view why, Instant now) {
  tx.run(
      "insert into mail_traffic (tenant, way, failed_at, why) values ($1, $2, $3, $4) "
      "on conflict (tenant, way) do update set failed_at = excluded.failed_at, why = excluded.why",
      {tenant, name(way), ms(now), text::utf8_prefix(why, kTrafficWhyMax)});
}

Traffic traffic(db::Tx& tx, std::string_view tenant, Way way) {
  Traffic out;
  tx.each("select went_at, failed_at, why from mail_traffic where tenant = $1 and way = $2",
          {tenant, name(way)}, [&](const db::Row& row) {
            if (!row.is_null(0)) out.went_at = instant(row.integer(0));
            if (!row.is_null(1)) out.failed_at = instant(row.integer(1));
            out.why = row.text(2);
          });
  return out;
}

}  // namespace parvis::mail
