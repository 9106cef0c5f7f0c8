#include "casework/counter_store.hpp"

#include <algorithm>
#include <array>

namespace parvis::casework {

using db::Row;
using db::Tx;

namespace {

struct WayRow {
  Way way;
  std::string_view name, words;
};
constexpr std::array kWays = {WayRow{Way::counter, "counter", "au guichet"},
                              WayRow{Way::phone, "phone", "par téléphone"},
                              WayRow{Way::post, "post", "par courrier"}};

const WayRow& row_of(Way way) { return *std::ranges::find(kWays, way, &WayRow::way); }

}  // namespace

std::string_view name(Way way) { return row_of(way).name; }
std::string_view words(Way way) { return row_of(way).words; }
std::optional<Way> way_named(std::string_view name) {
  const auto found = std::ranges::find(kWays, name, &WayRow::name);
  return found == kWays.end() ? std::nullopt : std::optional(found->way);
}

void insert_entry(Tx& tx, const Case& row, const Entry& entry, Instant now) {
  tx.run(
      "insert into casework_entry (tenant, case_id, account, way, received, at) "
      "values ($1, $2, $3, $4, $5, $6)",
      {row.tenant(), row.id(), entry.account, name(entry.way),
       entry.received ? format_iso_date(*entry.received) : std::string(),
       now.time_since_epoch().count()});
}

std::optional<Entry> entry_of(Tx& tx, const Case& row) {
  std::optional<Entry> found;
  tx.each("select account, way, received from casework_entry where tenant = $1 and case_id = $2",
          {row.tenant(), row.id()}, [&](const Row& each) {
            found = Entry{.account = std::string(each.text(0)),
                          .way = way_named(each.text(1)).value_or(Way::counter),
                          .received = parse_iso_date(each.text(2))};
          });
  return found;
}

std::vector<Typing> typings(Tx& tx, const tenancy::Context& cx, const Author& agent) {
  std::vector<Typing> found;
  tx.each(
      "select c.id, c.procedure, c.commune, e.way, c.saved_at, c.service from casework_entry e "
      "join casework_case c on c.tenant = e.tenant and c.id = e.case_id "
      "where e.tenant = $1 and e.account = $2 and c.state = $3 order by e.at desc limit $4",
      {cx.tenant, agent.id, name(State::draft), static_cast<std::int64_t>(kTypingMax)},
      [&](const Row& each) {
        if (!answers_for(agent, each.text(5), each.text(2))) return;
        found.push_back({.id = std::string(each.text(0)),
                         .procedure = std::string(each.text(1)),
                         .commune = std::string(each.text(2)),
                         .way = way_named(each.text(3)).value_or(Way::counter),
                         .saved_at = Instant(std::chrono::milliseconds(each.integer(4)))});
      });
  return found;
}

void insert_paper(Tx& tx, const Case& row, std::int64_t seq, Instant now) {
  tx.run("insert into casework_paper (tenant, case_id, seq, at) values ($1, $2, $3, $4)",
         {row.tenant(), row.id(), seq, now.time_since_epoch().count()});
}

void erase_paper(Tx& tx, const Case& row, std::int64_t seq) {
  tx.run("delete from casework_paper where tenant = $1 and case_id = $2 and seq = $3",
         {row.tenant(), row.id(), seq});
}

std::vector<std::int64_t> papers_of(Tx& tx, const Case& row) {
  std::vector<std::int64_t> found;
  tx.each("select seq from casework_paper where tenant = $1 and case_id = $2 order by seq",
          {row.tenant(), row.id()}, [&](const Row& each) { found.push_back(each.integer(0)); });
  return found;
}

void erase_counter(Tx& tx, const Case& row) {
  tx.run("delete from casework_entry where tenant = $1 and case_id = $2", {row.tenant(), row.id()});
  tx.run("delete from casework_paper where tenant = $1 and case_id = $2", {row.tenant(), row.id()});
}

}  // namespace parvis::casework
