// What words of Turkish, Ukrainian and Arabic keep in their cases, and which ones stay apart.
#include "retrieval/light_stem.hpp"

#include <gmock/gmock.h>

#include <string_view>
#include <vector>

namespace parvis::retrieval {
namespace {

using Words = std::vector<std::string_view>;

void expect_one(const Words& words) {
  for (const std::string_view word : words) {
    EXPECT_NE(light_stem(word), "") << word;
    EXPECT_EQ(light_stem(word), light_stem(words[0])) << word;
  }
}

void expect_apart(std::string_view a, std::string_view b) {
  EXPECT_NE(light_stem(a), light_stem(b)) << a << ", " << b;
}

TEST(LightStem, is_one_in_the_forms_of_an_arabic_word) {
  expect_one({"سياره", "سيارات", "سيارتي", "سيارته", "سيارتنا", "السياره", "للسياره", "والسيارات"});
  expect_one({"بطاقه", "بطاقتي", "البطاقات", "بطاقتها"});
  expect_one({"موظف", "موظفون", "الموظفين", "موظفه"});
  expect_one({"عايله", "عايلتي", "العايليه", "عايلات"});
  expect_one({"وثيقه", "وثيقتان", "الوثيقه"});
}

TEST(LightStem, is_one_whoever_does_it_in_arabic) {
  expect_one({"اجدد", "نجدد", "تجدد", "يجدد", "يجددون", "تجددها"});
  expect_one({"انتقل", "انتقلت", "انتقلنا", "انتقلوا"});
}

TEST(LightStem, keeps_arabic_words_apart) {
  expect_apart("مدرسه", "مدينه");
  expect_apart("ولاده", "والد");
  expect_apart("جواز", "زواج");
  expect_apart("تجديد", "تحديد");
  expect_apart("سيارات", "زيارات");
}

TEST(LightStem, is_one_in_the_cases_of_a_ukrainian_word) {
  expect_one({"довідка", "довідки", "довідку", "довідкою", "довідці", "довідок", "довідками"});
  expect_one({"договір", "договору", "договором", "договори", "договорів"});
  expect_one({"податок", "податку", "податки", "податків", "податками"});
  expect_one({"поліція", "поліціі", "поліцією", "поліцію"});
  expect_one({"навчання", "навчанню", "навчань", "навчанням"});
  expect_one({"безкоштовнии", "безкоштовна", "безкоштовного", "безкоштовними", "безкоштовні"});
  expect_one({"школа", "школи", "школою", "шкіл"});
}

TEST(LightStem, is_one_in_the_tenses_of_a_ukrainian_verb) {
  expect_one({"переіхати", "переіхав", "переіхала", "переіхали"});
  expect_one({"загубити", "загубив", "загубила", "загубили", "загублю"});
  expect_one({"орендувати", "орендую", "орендуємо", "орендував", "оренда", "оренди"});
  expect_one({"записати", "записатися", "записалась", "записав"});
}

TEST(LightStem, keeps_ukrainian_words_apart) {
  expect_apart("паркувати", "парку");
  expect_apart("лікарня", "лікаря");
  expect_apart("світло", "світять");
  expect_apart("півня", "повне");
  expect_apart("місце", "місяць");
  expect_apart("виселити", "весілля");
  expect_apart("посвідка", "довідка");
}

TEST(LightStem, is_one_in_the_cases_of_a_turkish_word) {
  expect_one({"cocuk", "cocugu", "cocugum", "cocugumu", "cocuklar", "cocuklarimiz", "cocuga"});
  expect_one({"kimlik", "kimligim", "kimligimi", "kimlikler"});
  expect_one({"pasaport", "pasaportum", "pasaportumu", "pasaportlarimizi", "pasaportun"});
  expect_one({"sirket", "sirketim", "sirketin", "sirketler"});
  expect_one({"sokak", "sokagi", "sokakta", "sokaklar"});
  expect_one({"komsu", "komsular", "komsunun", "komsumuz"});
}

TEST(LightStem, is_one_in_the_tenses_of_a_turkish_verb) {
  expect_one({"tasinmak", "tasindim", "tasindik", "tasiniyoruz", "tasinacagiz", "tasindigim"});
  expect_one({"bosanmak", "bosandim", "bosaniyorum", "bosanacagim", "bosanabilirim"});
}

TEST(LightStem, keeps_turkish_words_apart) {
  expect_apart("vergiler", "sergiler");
  expect_apart("sigortam", "sigaram");
  expect_apart("otobusler", "otomobiller");
  expect_apart("belediyede", "belgelerde");
}

TEST(LightStem, has_nothing_to_say_of_short_words) {
  for (const std::string_view word : {"", "a", "ev", "evim", "мі", "син", "اب", "من", "1234"})
    EXPECT_EQ(light_stem(word), "") << word;
}

TEST(LightStem, survives_what_is_no_word) {
  for (const std::string_view word : {"\xD8", "\xD0", "\xD0\xB0\xD0", "\xff\xfe", "ااااااااا"})
    EXPECT_LE(light_stem(word).size(), word.size() + 2) << word;
}

}  // namespace
}  // namespace parvis::retrieval
