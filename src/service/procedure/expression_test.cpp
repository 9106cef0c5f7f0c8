#include "procedure/expression.hpp"

#include <gtest/gtest.h>

#include <map>

namespace parvis::procedure {
namespace {

using std::chrono::sys_days;
using namespace std::chrono_literals;

constexpr CivilDate kToday{2026y / 11 / 28};  // a Saturday

Moment moment() { return {LocalTime(std::chrono::local_days(kToday)) + 14h + 30min, {}}; }

const std::map<std::string, Value, std::less<>> kAnswers = {
    {"motif", std::string("vol")},
    {"nom", std::string("Élodie")},
    {"naissance", std::string("2008-11-29")},
    {"enfants", List{Value(true), Value(true)}},
    {"enfants[].part", List{Value(2.0), Value(3.5)}},
    {"langues", List{Value(std::string("fr")), Value(std::string("ar"))}},
    {"revenu", 1200.0},
    {"loyer", std::string("450")},
    {"oui", true},
    {"tarifs.vol", 12.0},
};

Value result(std::string_view text) {
  const auto read = read_expression(text);
  EXPECT_TRUE(read.has_value()) << text << ": " << (read ? "" : read.error().what);
  if (!read) return {};
  return read->evaluate(
      [](std::string_view name) {
        const auto found = kAnswers.find(name);
        return found == kAnswers.end() ? Value() : found->second;
      },
      moment());
}
bool truth(std::string_view text) { return result(text).truth(); }
double number(std::string_view text) {
  const Value value = result(text);
  const double* found = std::get_if<double>(&value);
  EXPECT_NE(found, nullptr) << text;
  return found != nullptr ? *found : -1;
}
std::string date(std::string_view text) {
  const Value value = result(text);
  const sys_days* found = std::get_if<sys_days>(&value);
  EXPECT_NE(found, nullptr) << text;
  return found != nullptr ? format_iso_date(CivilDate(*found)) : "";
}

TEST(Expression, ComparesWhatIsAnswered) {
  EXPECT_TRUE(truth("motif == 'vol'"));
  EXPECT_FALSE(truth("motif != \"vol\""));
  EXPECT_TRUE(truth("motif in ['perte', 'vol']"));
  EXPECT_TRUE(truth("'ar' in langues and 'de' not in langues"));
  EXPECT_TRUE(truth("lower(nom) == 'elodie' and starts(nom, 'É')"));
  EXPECT_TRUE(truth("revenu > 1000 and revenu <= 1200 and not revenu < 1200"));
  EXPECT_TRUE(truth("loyer < 500"));  // digits that were typed as text
  EXPECT_TRUE(truth("oui == true"));
}

TEST(Expression, AbsentIsFalseEqualsNothingAndCountsForNothing) {
  EXPECT_FALSE(truth("autre"));
  EXPECT_FALSE(truth("autre == ''"));
  EXPECT_FALSE(truth("autre < 3 or autre >= 3"));
  EXPECT_FALSE(truth("autre in ['x'] or 'x' in autre"));
  EXPECT_TRUE(truth("autre != 'vol'"));
  EXPECT_FALSE(truth("given(autre)"));
  EXPECT_EQ(number("count(autre)"), 0);
  EXPECT_EQ(number("revenu + autre"), 1200);
  EXPECT_TRUE(result("revenu * autre").absent());
  EXPECT_TRUE(result("revenu / 0").absent());
  EXPECT_TRUE(result("motif + 1").absent());
  EXPECT_TRUE(result("age(motif)").absent());
}

TEST(Expression, BindsAsInSchool) {
  EXPECT_EQ(number("2 + 3 * 4 - 1"), 13);
  EXPECT_EQ(number("(2 + 3) * -4"), -20);
  EXPECT_EQ(number("10 - 2 - 3"), 5);
  EXPECT_TRUE(truth("false and false or true"));
  EXPECT_FALSE(truth("not true or false"));
  EXPECT_EQ(number("if(motif == 'vol', 1, 2)"), 1);
}

TEST(Expression, CountsDaysAndYears) {
  EXPECT_EQ(number("age(naissance)"), 17);     // 18 tomorrow
  EXPECT_EQ(number("age('2008-11-28')"), 18);  // the birthday
  EXPECT_EQ(number("age('2008-02-29')"), 18);
  EXPECT_TRUE(result("age('2027-01-01')").absent());  // not born
  EXPECT_EQ(number("days('2026-11-24', today)"), 4);
  EXPECT_EQ(date("add_days(today, -28)"), "2026-10-31");
  EXPECT_EQ(date("add_months('2026-08-31', 6)"), "2027-02-28");
  EXPECT_EQ(date("add_working_days(today, 2)"), "2026-12-01");
  EXPECT_EQ(date("add_working_days('2026-12-01', -2)"), "2026-11-27");
  EXPECT_TRUE(truth("today >= '2026-11-28' and time >= 14 * 60 and time < 15 * 60"));
  EXPECT_TRUE(result("add_days(today, 1000000000)").absent());
  EXPECT_EQ(number("minutes('14:30') - time"), 0);
  EXPECT_TRUE(result("minutes('midi')").absent());
  EXPECT_TRUE(result("minutes(autre)").absent());
}

TEST(Expression, WorkingDaysAreTheTownsOwn) {
  Moment on = moment();
  on.working = [](CivilDate day) { return day == CivilDate(2026y / 12 / 25); };
  const auto read = read_expression("add_working_days(today, 1)");
  ASSERT_TRUE(read);
  const Value value = read->evaluate([](std::string_view) { return Value(); }, on);
  EXPECT_EQ(std::get<sys_days>(value), sys_days(2026y / 12 / 25));
  on.working = [](CivilDate) { return false; };  // never: it ends all the same
  EXPECT_FALSE(read->evaluate([](std::string_view) { return Value(); }, on).absent());
}

TEST(Expression, ListsOfBlocks) {
  EXPECT_EQ(number("count(enfants)"), 2);
  EXPECT_EQ(number("sum(each(enfants, 'part'))"), 5.5);
  EXPECT_EQ(number("count(nom)"), 6);  // signs, not bytes
  EXPECT_EQ(number("at(tarifs, motif) * 2"), 24);
  EXPECT_TRUE(result("at(tarifs, nom)").absent());
  EXPECT_TRUE(result("at(tarifs, autre)").absent());
}

TEST(Expression, SaysWhatItReads) {
  const auto read = read_expression("a == 'x' and (b.c in ['y', 'z'] or a == 'w') and today > d");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->names(), (std::vector<std::string>{"a", "b.c", "d"}));
  ASSERT_EQ(read->compared().size(), 4u);
  EXPECT_EQ(read->compared()[1].name, "b.c");
  EXPECT_EQ(read->compared()[1].text, "y");
}

TEST(Expression, RefusesWithARemedy) {
  for (const char* text : {"", "motif =", "motif = 'vol'", "motif == 'vol", "(motif", "[1, 2",
                           "frobnicate(1)", "age(1, 2)", "motif 'vol'", "1 +", "a not b",
                           "each(1, 'x')", "each(a, b)", "at(1, a)", "#", "1..2"}) {
    const auto read = read_expression(text);
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().what.find("Exemple"), std::string::npos) << text;
  }
}

TEST(Expression, HasLimits) {
  EXPECT_FALSE(read_expression(std::string(kExpressionBytes + 1, ' ')));
  EXPECT_FALSE(read_expression(std::string(500, '(') + "a"));
  std::string nots;
  for (int i = 0; i < 300; ++i) nots += "not ";
  EXPECT_FALSE(read_expression(nots + "a"));
  std::string sum = "1";
  for (int i = 0; i < 900; ++i) sum += "+1";
  EXPECT_FALSE(read_expression(sum));
}

}  // namespace
}  // namespace parvis::procedure
