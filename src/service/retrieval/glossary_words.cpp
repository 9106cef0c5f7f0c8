#include "retrieval/glossary_words.hpp"

#include <algorithm>

// The file as it is in the source tree.
__asm__(
    ".section .rodata\n"
    "parvis_glossary: .incbin \"" PARVIS_DATA
    "/glossary.txt\"\nparvis_glossary_end: .byte 0\n"
    ".global parvis_glossary, parvis_glossary_end\n"
    ".previous\n");
extern "C" const char parvis_glossary[], parvis_glossary_end[];

namespace parvis::retrieval {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kBar = " | ";

constexpr std::array kEnglish = {"s es"sv};
constexpr std::array kSpanish = {"s es"sv};
constexpr std::array kPortuguese = {"s es"sv};
// The article, the plural and the case are one ending.
constexpr std::array kRomanian = {
    "a e i ii le lor l lui ul ului ei ile ilor ele elor uri urile urilor"sv};
// Number, whose it is, case. Vowels agree with the word's, and fold() makes ı an i and ü an u.
constexpr std::array kTurkish = {
    "lar ler"sv, "m n im um in un i u si su imiz umuz iniz unuz miz muz niz nuz"sv,
    "i u yi yu ni nu a e ya ye na ne da de ta te nda nde dan den tan ten ndan nden in un nin nun yla yle la le"sv};
// fold() makes й an и and ї an і.
constexpr std::array kUkrainian = {
    "а у ю я о е і и є ь ові еві єві ом ем єм ою ею єю ів еи ам ям ами ями ах ях ого ому оі іи им их ими"sv};
// Whose it is, the plural.
constexpr std::array kArabic = {"ه ات ين ون ان ي ها هم نا كم ك تي ته تها تنا تهم اتي اته اتها"sv};

constexpr std::array<std::span<const std::string_view>, kGlossaryLanguages.size()> kEndings = {
    kEnglish, kSpanish, kPortuguese, kRomanian, kTurkish, kUkrainian, kArabic};

constexpr std::array<std::string_view, kGlossaryLanguages.size()> kFinalLetters = {
    "", "", "", "aei", "", "аяоеиіуюь", "ه"};

}  // namespace

std::vector<Notion> read_notions(std::string_view table) {
  std::vector<Notion> out;
  while (!table.empty()) {
    const std::size_t end = std::min(table.find('\n'), table.size());
    std::string_view line = table.substr(0, end);
    table.remove_prefix(std::min(end + 1, table.size()));
    if (line.starts_with('#')) continue;
    std::array<std::string_view, kGlossaryLanguages.size() + 1> parts;
    std::size_t n = 0;
    while (!line.empty()) {
      const std::size_t bar = std::min(line.find(kBar), line.size());
      if (n < parts.size()) parts[n] = line.substr(0, bar);
      ++n;
      line.remove_prefix(std::min(bar + kBar.size(), line.size()));
    }
    if (n != parts.size()) continue;
    Notion& notion = out.emplace_back(parts[0]);
    std::copy(parts.begin() + 1, parts.end(), notion.forms.begin());
  }
  return out;
}

std::string_view glossary_table() { return {parvis_glossary, parvis_glossary_end}; }

std::span<const Notion> notions() {
  static const std::vector<Notion> all = read_notions(glossary_table());
  return all;
}

std::span<const std::string_view> endings(std::size_t language) { return kEndings[language]; }
std::string_view final_letters(std::size_t language) { return kFinalLetters[language]; }

}  // namespace parvis::retrieval
