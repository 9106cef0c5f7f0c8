#include "portal/feedback_store.hpp"

#include "base/error.hpp"

namespace parvis::portal {

std::string_view reason_of(Helped helped) {
  for (const Reason& reason : kReasons)
    if (reason.helped == helped) return reason.name;
  return {};
}

std::optional<Helped> reason_named(std::string_view name) {
  for (const Reason& reason : kReasons)
    if (reason.name == name && reason.helped != Helped::yes) return reason.helped;
  return std::nullopt;
}

void count(db::Tx& tx, std::string_view tenant, const Vote& vote) {
  tx.run(
      "insert into portal_feedback (tenant, day, commune, audience, sheet, reason, votes) "
      "values ($1, $2, $3, $4, $5, $6, 1) "
      "on conflict (tenant, day, commune, audience, sheet, reason) "
      "do update set votes = portal_feedback.votes + 1",
      {tenant, format_iso_date(vote.day), vote.commune, vote.audience, vote.sheet,
       reason_of(vote.helped)});
}

std::vector<std::pair<Vote, std::int64_t>> votes(db::Tx& tx, std::string_view tenant) {
  std::vector<std::pair<Vote, std::int64_t>> all;
  tx.each(
      "select day, commune, audience, sheet, reason, votes from portal_feedback "
      "where tenant = $1 order by day, commune, audience, sheet, reason",
      {tenant}, [&](db::Row row) {
        const auto day = parse_iso_date(row.text(0));
        CHECK(day.has_value());
        all.push_back({{.day = *day,
                        .commune = std::string(row.text(1)),
                        .audience = std::string(row.text(2)),
                        .sheet = std::string(row.text(3)),
                        .helped = reason_named(row.text(4)).value_or(Helped::yes)},
                       row.integer(5)});
      });
  return all;
}

}  // namespace parvis::portal
