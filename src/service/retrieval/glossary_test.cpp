// The French words that messages in other languages name.
#include "retrieval/glossary.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "retrieval/glossary_words.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::retrieval {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct Said {
  std::string_view message, french;
};

void expect(const std::vector<Said>& all) {
  for (const Said& said : all) EXPECT_EQ(french_words(said.message), said.french) << said.message;
}

TEST(Glossary, knows_english) {
  expect({{"I lost my passport", "perte passeport"},
          {"How do I register my newborn baby?", "déclaration naissance"},
          {"My landlord wants to evict me", "propriétaire bailleur expulsion locataire"},
          {"I want to exchange my foreign licence", "échange permis étranger"},
          {"Someone stole my identity card", "vol carte nationale identité"},
          {"Where can I leave a bulky item?", "encombrants collecte"}});
}

TEST(Glossary, knows_arabic_with_its_article_and_prefixes) {
  expect({{"ضاع جواز سفري ماذا أفعل؟", "perte passeport"},
          {"أريد تجديد بطاقة الإقامة", "renouvellement titre séjour"},
          {"وبطاقة التعريف", "carte nationale identité"},
          {"كيف أسجل ابني في المدرسة؟", "inscription école"},
          {"هل يمكنني الحصول على مساعدة السكن؟", "aide logement"},
          {"للمحكمة", "tribunal justice"}});
}

TEST(Glossary, knows_spanish) {
  expect({{"He perdido mi pasaporte", "perte passeport"},
          {"Quiero casarme", "mariage"},
          {"Mi casero no me devuelve la fianza", "propriétaire bailleur dépôt garantie"},
          {"¿Cómo consigo un permiso de residencia?", "titre séjour"},
          {"Sin embargo, así es la mayor parte", ""}});
}

TEST(Glossary, knows_portuguese) {
  expect({{"Perdi a minha carteira de identidade", "perte carte nationale identité"},
          {"Como pedir o abono de família?", "allocations familiales"},
          {"Certidão de nascimento do meu filho", "acte naissance enfant"},
          {"Perdi a carta de condução", "perte permis conduire"}});
}

TEST(Glossary, knows_turkish_with_its_suffixes) {
  expect({{"Pasaportumu kaybettim, ne yapmalıyım?", "passeport perte"},
          {"PASAPORTUMU KAYBETTIM", "passeport perte"},
          {"Çocuğumu okula kaydettirmek istiyorum", "enfant inscription école"},
          {"Oturma iznimi nasıl yenileyebilirim?", "titre séjour renouvellement"},
          {"Babamın ölümünden sonra", "parents décès"},
          {"Sonuç olumlu oldu", ""}});
}

TEST(Glossary, knows_ukrainian_in_its_cases) {
  expect({{"Я загубила паспорт", "perte passeport"},
          {"Як записати дитину до школи?", "inscription école"},
          {"Довідка про тимчасовий захист", "pièces justificatives protection temporaire"},
          {"Хочу обміняти водійське посвідчення", "échange permis étranger"},
          {"Свідоцтво про народження", "acte naissance"},
          {"Возз’єднання сім’ї", "regroupement familial"}});
}

TEST(Glossary, knows_romanian_in_its_cases) {
  expect({{"Mi-am pierdut pașaportul", "perte passeport"},
          {"Cum obțin cetățenia franceză?", "nationalité française naturalisation"},
          {"Vreau să mă căsătoresc la primărie", "mariage mairie"},
          {"Certificatul de naștere", "acte naissance"},
          {"Cât a rămas?", ""},
          {"Proprietarul nu îmi dă înapoi garanția", "propriétaire bailleur dépôt garantie"}});
}

TEST(Glossary, knows_words_with_the_endings_of_their_language) {
  expect({{"contractul de muncă", "contrat travail"},  // of "contract* de munca"
          {"mașinii second", "achat voiture occasion"},
          {"про зарплату та аванси", "salaire avance acompte"},
          {"bisikletlerimizi", "vélo trottinette"},
          {"araçlarımızdan", "véhicule"},
          {"سيارتي", "véhicule"},
          {"وسياراتهم", "véhicule"},
          {"شهادتي", "attestation"},
          {"two flats", "logement"},
          {"flatter flatly", ""}});
}

TEST(Glossary, reads_a_message_in_the_one_language_in_which_most_of_it_is_understood) {
  expect({{"my dog was born", "chien animal naissance"},  // "doğ" of Turkish is "dog" as well
          {"the gun and the dog", "chien animal"},        // "gün" of Turkish
          {"su fatura", "eau facture"}});
}

TEST(Glossary, reads_over_articles_and_possessives_inside_a_form) {
  expect({{"the notice for my period", ""},
          {"driving the licence", "permis conduire"},
          {"driving the my licence", ""},
          {"driving", ""},
          {"driving a", ""}});
}

TEST(Glossary, says_each_word_once_and_in_order) {
  expect({{"passport, passport and passports", "passeport"},
          {"birth certificate and marriage certificate", "acte naissance mariage"},
          {"visa, passport", "visa passeport"},
          {"passport, visa", "passeport visa"}});
}

TEST(Glossary, takes_the_longer_of_two_notions) {
  expect({{"driver's license", "permis conduire"},
          {"refugee travel document", "réfugié titre voyage"},
          {"asilo de ancianos", "maison retraite ehpad"},
          {"hearing aid", "remboursement soins dentaires lunettes"}});
}

TEST(Glossary, does_not_look_inside_words_or_at_half_phrases) {
  expect({{"current parenting", ""},  // rent
          {"a dogma of catalogues", ""},
          {"taxonomy syntax", ""},
          {"the identity of a card player", ""},
          {"I'm fine, the weather is hot", ""},
          {"sovietas revisado", ""}});
}

TEST(Glossary, finds_nothing_harmful_in_french) {
  expect({{"J'ai perdu mon passeport", ""},
          {"Je suis fatigué, il pleut et je rentre chez moi", ""},
          {"À quelle heure ouvre la piscine ?", "piscine"},
          {"Il y a un bail à signer, avec préavis", ""},
          {"Mon mari est belge", ""},
          {"C'est une fine équipe, on joue aux cartes", ""},
          {"Je cherche une location pour les vacances", ""},
          {"Un prêt à court terme, est-ce grave ?", ""},
          {"La carte a été retirée", ""},
          {"Mon infirmière parle de discipline", ""},
          {"Elle part en car, son enfant dort", ""},
          {"Tenant compte de ce qu'il faut noter", ""},
          {"La notice est dans le coin", ""},
          {"La pension alimentaire n'est pas payée", "pension alimentaire"},
          {"J'ai un visa", "visa"}});
}

TEST(Glossary, survives_what_is_no_message) {
  expect({{"", ""}, {" \t\n", ""}, {"?!…", ""}, {"12 000 €", ""}, {"*", ""}});
  EXPECT_THAT(french_words("\xff\xfe\xd8"), IsEmpty());
  EXPECT_THAT(french_words(std::string_view("\0passport\0", 10)), HasSubstr("passeport"));
  EXPECT_EQ(french_words("\xd8 visa \xc3"), "visa");
}

TEST(Glossary, reads_no_further_than_its_limit) {
  const std::string long_before(100'000, ' ');
  EXPECT_EQ(french_words(long_before + "passport"), "");
  EXPECT_EQ(french_words("passport" + long_before), "passeport");
  EXPECT_THAT(french_words(std::string(100'000, 'a')), IsEmpty());
  std::string arabic;
  while (arabic.size() < 100'000) arabic += "و";
  EXPECT_THAT(french_words(arabic), IsEmpty());
}

// The table itself.

TEST(GlossaryWords, are_read_line_by_line_and_a_broken_line_is_left_out) {
  const std::vector<Notion> read = read_notions(
      "# fr | en | es | pt | ro | tr | uk | ar\n\n"
      "un | a, b* | c | d | e | f | g | h\n"
      "deux | a | b\n"
      "trois | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8\n"
      "quatre | 1 | 2 | 3 | 4 | 5 | 6 | 7");
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].french, "un");
  EXPECT_EQ(read[0].forms[0], "a, b*");
  EXPECT_EQ(read[0].forms[6], "h");
  EXPECT_EQ(read[1].french, "quatre");
}

TEST(GlossaryWords, have_no_line_that_is_passed_over_unmeant) {
  std::size_t lines = 0;
  std::istringstream table{std::string(glossary_table())};
  for (std::string line; std::getline(table, line);)
    if (!line.empty() && !line.starts_with('#')) ++lines;
  EXPECT_EQ(notions().size(), lines);
  EXPECT_EQ(glossary_table().find('\t'), std::string_view::npos);
  EXPECT_EQ(glossary_table().find("  "), std::string_view::npos);
}

// What is cleaned is NFKC and ends where it began, so a line that equals its cleaned self is too.
TEST(GlossaryWords, are_normalised) {
  std::istringstream table{std::string(glossary_table())};
  for (std::string line; std::getline(table, line);) EXPECT_EQ(line, text::clean(line));
}

TEST(GlossaryWords, name_a_notion_in_one_row) {
  std::set<std::string_view> seen;
  for (const Notion& notion : notions())
    EXPECT_TRUE(seen.insert(notion.french).second) << notion.french;
}

TEST(GlossaryWords, have_endings_as_fold_writes_them) {
  for (std::size_t language = 0; language < kGlossaryLanguages.size(); ++language) {
    EXPECT_FALSE(endings(language).empty());
    for (const std::string_view stage : endings(language)) EXPECT_EQ(stage, text::fold(stage));
  }
}

template <typename Each>
void each_form(Each each) {
  for (const Notion& notion : notions())
    for (std::size_t i = 0; i < notion.forms.size(); ++i) {
      std::string_view rest = notion.forms[i];
      while (!rest.empty()) {
        const std::size_t at = std::min(rest.find(", "), rest.size());
        each(notion, kGlossaryLanguages[i], rest.substr(0, at));
        rest.remove_prefix(std::min(at + 2, rest.size()));
      }
    }
}

TEST(GlossaryWords, have_a_form_in_each_language) {
  for (const Notion& notion : notions())
    for (const std::string_view forms : notion.forms) EXPECT_FALSE(forms.empty()) << notion.french;
}

TEST(GlossaryWords, name_one_notion_each) {
  std::map<std::string, std::string_view> notion_of;
  each_form([&](const Notion& notion, std::string_view language, std::string_view form) {
    std::string folded;
    for (const text::Word& word : text::words(form)) folded += word.folded + ' ';
    if (form.ends_with('*') || form.ends_with('~')) folded += form.back();
    const auto [at, fresh] = notion_of.emplace(folded, notion.french);
    EXPECT_EQ(at->second, notion.french) << language << ": " << form;
  });
}

TEST(GlossaryWords, are_short_and_end_with_their_star) {
  each_form([](const Notion& notion, std::string_view language, std::string_view form) {
    const auto spaces = static_cast<std::size_t>(std::ranges::count(form, ' '));
    EXPECT_LT(spaces, kFormWords) << notion.french << ", " << language << ": " << form;
    for (std::size_t i = 0; i + 1 < form.size(); ++i)
      if (form[i] == '*' || form[i] == '~') EXPECT_EQ(form[i + 1], ' ') << form;
    EXPECT_THAT(form, testing::Not(HasSubstr(","))) << form;
  });
}

TEST(GlossaryWords, are_translated_by_words_that_search_reads) {
  for (const Notion& notion : notions()) {
    std::istringstream french{std::string(notion.french)};
    std::size_t words = 0;
    for (std::string word; french >> word; ++words)
      EXPECT_FALSE(text::is_stop_word(text::fold(word))) << notion.french;
    EXPECT_LE(words, kNotionWords) << notion.french;
  }
}

}  // namespace
}  // namespace parvis::retrieval
