#include "dialogue/waiting_words.hpp"

#include <gtest/gtest.h>

namespace parvis::dialogue {
namespace {

using namespace std::chrono_literals;

const LocalTime kNow = LocalTime(std::chrono::local_days(CivilDate{2026y / 11 / 28})) + 20h;

TEST(WaitingWords, DaysHalvesAndTheLastDay) {
  const struct {
    const char* text;
    unsigned days, halves;
    std::optional<CivilDate> until = {};
  } cases[] = {
      {"tous les jours", 0x7F, 3},
      {"n'importe quand", 0x7F, 3},
      {"mardi ou jeudi, le matin", 0b1010, 1},
      {"les lundis après-midi", 0b1, 2},
      {"tout sauf le mercredi", 0x7F & ~0b100U, 3},
      {"pas le lundi ni le mardi", 0x7F & ~0b11U, 3},
      {"pas le matin", 0x7F, 2},
      {"en semaine, l'aprem", 0x1F, 2},
      {"le week-end", 0x60, 3},
      {"vendredi jusqu'au 15 janvier", 0b10000, 3, 2027y / 1 / 15},
      {"avant le 20 décembre", 0x7F, 3, 2026y / 12 / 19},
  };
  for (const auto& each : cases) {
    const WaitWish wish = wait_wish(each.text, kNow);
    EXPECT_TRUE(wish.said()) << each.text;
    EXPECT_EQ(wish.days, each.days) << each.text;
    EXPECT_EQ(wish.halves, each.halves) << each.text;
    EXPECT_EQ(wish.until.has_value(), each.until.has_value()) << each.text;
    if (each.until) EXPECT_EQ(wish.until.value_or(CivilDate()), *each.until) << each.text;
  }
  for (const char* text : {"", "je ne sais pas", "Zoé Lambert", "ni le matin ni l'après-midi"})
    EXPECT_FALSE(wait_wish(text, kNow).said()) << text;
}

TEST(WaitingWords, TheListIsNamedAskedForAndLeft) {
  EXPECT_TRUE(names_list("et la liste d’attente ?"));
  EXPECT_FALSE(names_list("je veux attendre"));
  EXPECT_FALSE(names_list("pas la liste d'attente"));
  EXPECT_TRUE(asks_for_list("inscrivez-moi sur la liste d'attente"));
  EXPECT_FALSE(asks_for_list("je suis encore sur la liste d'attente ?"));
  for (const char* text : {"quitter la liste d'attente", "retirez-moi de la liste d'attente",
                           "je ne veux plus être sur la liste d'attente"})
    EXPECT_TRUE(leaves_list(text)) << text;
  for (const char* text : {"ne me retirez pas de la liste d'attente", "quitter la page"})
    EXPECT_FALSE(leaves_list(text)) << text;
}

TEST(WaitingWords, WhatIsSaidBack) {
  EXPECT_EQ(wait_words(0x7F, 3, {}), "tous les jours");
  EXPECT_EQ(wait_words(0b10101, 2, {}), "lundi, mercredi ou vendredi, l’après-midi");
  EXPECT_EQ(wait_words(0b1, 1, 2027y / 1 / 15), "lundi, le matin, jusqu’au vendredi 15 janvier");
}

}  // namespace
}  // namespace parvis::dialogue
