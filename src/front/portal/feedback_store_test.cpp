#include "portal/feedback_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/databases.hpp"

namespace parvis::portal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class FeedbackStore : public support::EachEngine {
 protected:
  void cast(const Vote& vote, std::string_view tenant = "demo") {
    database_.write(tenant, [&](db::Tx& tx) { count(tx, tenant, vote); });
  }
  auto all(std::string_view tenant = "demo") {
    return database_.read(tenant, [&](db::Tx& tx) { return votes(tx, tenant); });
  }
  db::Database database_{config()};
};
INSTANTIATE_TEST_SUITE_P(Engines, FeedbackStore, support::kEngines, support::engine_name);

Vote vote(int day, std::string commune, std::string sheet, Helped helped) {
  return {.day = CivilDate(std::chrono::year(2026), std::chrono::month(11), std::chrono::day(day)),
          .commune = std::move(commune),
          .audience = sheet.empty() ? "" : "particuliers",
          .sheet = std::move(sheet),
          .helped = helped};
}

TEST_P(FeedbackStore, CountsByDayCommuneSheetAndReason) {
  const Vote yes = vote(23, "99001", "F1342", Helped::yes);
  const Vote wrong = vote(23, "99001", "F1342", Helped::wrong);
  const Vote later = vote(24, "99001", "F1342", Helped::yes);
  const Vote nothing = vote(23, "", "", Helped::off_topic);
  for (const Vote& each : {yes, wrong, yes, later, nothing, yes}) cast(each);
  EXPECT_THAT(all(), ElementsAre(Pair(nothing, 1), Pair(yes, 3), Pair(wrong, 1), Pair(later, 1)));
}

TEST_P(FeedbackStore, TenantsAreApart) {
  cast(vote(23, "", "F1", Helped::yes));
  cast(vote(23, "", "F1", Helped::yes), "");  // an installation without a town
  EXPECT_THAT(all("other"), IsEmpty());
  EXPECT_THAT(all(""), ElementsAre(Pair(vote(23, "", "F1", Helped::yes), 1)));
}

TEST(Feedback, ReasonsAreAClosedList) {
  for (const Reason& reason : kReasons) {
    if (reason.helped == Helped::yes) continue;
    EXPECT_EQ(reason_named(reason.name), reason.helped);
    EXPECT_EQ(reason_of(reason.helped), reason.name);
    EXPECT_FALSE(reason.words.empty());
  }
  for (const std::string_view wrong : {"", "yes", "Wrong", "other"})
    EXPECT_FALSE(reason_named(wrong)) << wrong;
}

}  // namespace
}  // namespace parvis::portal
