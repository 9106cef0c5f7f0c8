#include "text/personal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/json.hpp"
#include "text/normalise.hpp"

namespace parvis::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum PersonalKind;

// The kind, then the words it covers.
struct Found {
  PersonalKind kind;
  std::string words;
  bool operator==(const Found&) const = default;
};
void PrintTo(const Found& found, std::ostream* out) {
  *out << name(found.kind) << " \"" << found.words << '"';
}

std::vector<Found> found(std::string_view text) {
  std::vector<Found> out;
  for (const PersonalSpan& span : personal_spans(text))
    out.push_back({span.kind, std::string(text.substr(span.begin, span.end - span.begin))});
  return out;
}

// The number is found whole, alone and in a sentence, and nothing else is.
void expect_found(PersonalKind kind, std::string_view number) {
  const std::string word(number);
  EXPECT_THAT(found(word), ElementsAre(Found{kind, word}));
  EXPECT_THAT(found("Bonjour, voici : " + word + ", merci."), ElementsAre(Found{kind, word}));
  EXPECT_THAT(found("(" + word + ")"), ElementsAre(Found{kind, word}));
}

void expect_nothing(std::string_view text) { EXPECT_THAT(found(text), IsEmpty()) << text; }

TEST(Personal, NirInEverySpelling) {
  for (const std::string_view number :
       {"185057800608491", "1 85 05 78 006 084 91", "1.85.05.78.006.084.91",
        "1-85-05-78-006-084-91", "1850578006084 91", "1850578006084 / 91",
        "1 85 05 78 006 084 - 91", "1 8505 78006 084 91", "1 8 5 0 5 7 8 0 0 6 0 8 4 9 1",
        "2 53 07 2B 073 004 70", "253072b07300470", "2 53 07 2a 073 004 43",
        "1 85 05 78 006 084 91", "１８５０５７８００６０８４９１", "٢٥٥٠٨١٤١٦٨٠٢٥٣٨",
        "1850\u200b57800608491"})
    expect_found(nir, number);
  EXPECT_THAT(found("mon numéro:185057800608491merci"), ElementsAre(Found{nir, "185057800608491"}));
  EXPECT_THAT(found("nss185057800608491"), ElementsAre(Found{nir, "185057800608491"}));
}

TEST(Personal, NirWithoutItsKeyOnlyWhenNamed) {
  for (const std::string_view before :
       {"mon numéro de sécurité sociale est le ", "n° secu : ", "num sécu ", "NIR ",
        "carte vitale ", "numéro SS ", "numero de securite social: "}) {
    EXPECT_THAT(found(std::string(before) + "1 85 05 78 006 084"),
                ElementsAre(Found{nir, "1 85 05 78 006 084"}))
        << before;
    EXPECT_THAT(found(std::string(before) + "1 85 05 78 006 084 92"),
                ElementsAre(Found{nir, "1 85 05 78 006 084 92"}))
        << before;
  }
  EXPECT_THAT(found("1850578006084 c'est mon numéro de sécu"),
              ElementsAre(Found{nir, "1850578006084"}));
  EXPECT_THAT(found("1850578006084, clé 91"), ElementsAre(Found{nir, "1850578006084"}));
  expect_nothing("dossier 1850578006084");
  expect_nothing("dossier 185057800608492");
  expect_nothing("numéro de sécurité sociale 1857878006084000");  // too long
  expect_nothing("le 1850578006084 est sans danger, classé");  // "ss" inside a word names nothing
}

TEST(Personal, Iban) {
  for (const std::string_view number :
       {"FR7630006000011234567890189", "FR76 3000 6000 0112 3456 7890 189",
        "fr76 3000 6000 0112 3456 7890 189", "FR76-3000-6000-0112-3456-7890-189",
        "FR 76 30006 00001 12345678901 89", "GB29 NWBK 6016 1331 9268 19", "DE89370400440532013000",
        "BE68 5390 0754 7034", "MA64 011 519 0000012050005349 21"})
    expect_found(iban, number);
  EXPECT_THAT(found("IBANFR7630006000011234567890189"),
              ElementsAre(Found{iban, "FR7630006000011234567890189"}));
  EXPECT_THAT(found("BE68 5390 0754 7034 et BE68 5390 0754 7035"),
              ElementsAre(Found{iban, "BE68 5390 0754 7034"}));
}

TEST(Personal, IbanWithAWrongCheckOnlyWhenNamed) {
  const std::string wrong = "FR76 3000 6000 0112 3456 7890 188";
  EXPECT_THAT(found("mon IBAN : " + wrong), ElementsAre(Found{iban, wrong}));
  EXPECT_THAT(found(wrong + " pour le virement"), ElementsAre(Found{iban, wrong}));
  expect_nothing("ref " + wrong);
  EXPECT_THAT(found("RIB 20041 01005 0500013M026 06"),
              ElementsAre(Found{iban, "20041 01005 0500013M026 06"}));
  expect_nothing("dossier 20041 01005 0500013M026 06");
  expect_nothing("RIB 20041 01005 0500013M026 07");
}

TEST(Personal, Card) {
  for (const std::string_view number :
       {"4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "5555 5555 5555 4444",
        "3782 822463 10005", "6011111111111117"})
    expect_found(card, number);
  expect_nothing("4111 1111 1111 1112");
  expect_nothing("1234567812345670");
  // 14 digits are a SIRET first.
  expect_nothing("30569309025904");
  EXPECT_THAT(found("ma carte 3056 930902 5904"), ElementsAre(Found{card, "3056 930902 5904"}));
}

TEST(Personal, ForeignNumbersWithTheirCheck) {
  for (const std::string_view number :
       {"12345678Z", "12345678-Z", "12345678z", "12345678 Z", "12.345.678-Z", "X2482300W",
        "X-2482300-W", "RCCMNL83S18D969H", "rccmnl83s18d969h", "RCC MNL 83S18 D969H",
        "85.07.30-033.28", "85073003328", "850730-033-28", "1630615123457", "44051401359",
        "17291716060", "172 917 160 60", "756.9217.0769.85"})
    expect_found(foreign_identity, number);
  for (const std::string_view number :
       {"12345678A", "X2482300A", "RCCMNL83S18D969A", "85.07.30-033.29", "1630615123458",
        "44051401358", "17291716061", "756.9217.0769.86", "12345678 z", "12345678ZA"})
    expect_nothing(number);
  expect_nothing("travailler chez un concurrent");  // the form of an Italian code, all letters
  expect_nothing("le 20201130 a 14 h");
  expect_nothing("85 07 30 03 3 28 places");  // a row of small numbers
}

TEST(Personal, PortugueseNifOnlyWhenNamed) {
  EXPECT_THAT(found("o meu NIF é 123456789"), ElementsAre(Found{foreign_identity, "123456789"}));
  EXPECT_THAT(found("número de contribuinte 123 456 789"),
              ElementsAre(Found{foreign_identity, "123 456 789"}));
  expect_nothing("NIF 123456780");
  expect_nothing("NIF 501442600");  // a company's
  expect_nothing("123456789");
}

TEST(Personal, TaxNumber) {
  expect_found(tax_number, "30 23 217 600 053");
  expect_found(tax_number, "0701987765493");
  expect_found(tax_number, "07 01 987 765 493");
  EXPECT_THAT(found("mon numéro fiscal 07 01 987 765 432"),
              ElementsAre(Found{tax_number, "07 01 987 765 432"}));
  EXPECT_THAT(found("2012345678901 sur mon avis d'imposition"),
              ElementsAre(Found{tax_number, "2012345678901"}));
  expect_nothing("dossier 2012345678901");
  expect_nothing("numéro fiscal 5012345678901");
}

TEST(Personal, DocumentsOnlyWhenNamed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"mon passeport ", "12AB34567"},
      {"passeport n° ", "12 AB 34567"},
      {"my passport number is ", "C1234567"},
      {"carte d'identité n°", "123456789012"},
      {"ma CNI ", "D2H6862M2"},
      {"titre de séjour ", "9912345678"},
      {"carte de séjour n° ", "X4RTBP123"},
      {"numéro étranger : ", "7503123456"},
      {"récépissé ", "7503123456"},
      {"permis de conduire ", "123456789012"},
      {"permis ", "12AB34567"},
      {"NEPH ", "123456789012"}};
  for (const auto& [before, number] : cases) {
    EXPECT_THAT(found(before + number), ElementsAre(Found{identity_document, number})) << before;
    EXPECT_THAT(found(number + ", c'est ce qui est écrit dessus"), IsEmpty()) << number;
  }
  EXPECT_THAT(found("12AB34567 est mon numéro de passeport"),
              ElementsAre(Found{identity_document, "12AB34567"}));
  expect_nothing("pasaporte AAB123456");  // three letters are no known form
  expect_nothing("passeport périmé depuis le 05 12 2020");
  expect_nothing("mon passeport coûte 86 euros, timbre 12AB345");
  expect_nothing("le cerfa 12100*02 pour la carte d'identité");
  EXPECT_THAT(found("passeport refusé. " + std::string(kNameBefore, 'x') + " 12AB34567"),
              IsEmpty());
}

TEST(Personal, Email) {
  for (const std::string_view address :
       {"jean.dupont@example.fr", "J.D+mairie@mail.example.co.uk", "jean@exemple-ville.fr",
        "jean @ example.fr", "jean(at)example.fr", "jean [at] example.fr",
        "jean arobase example point fr", "jean@example(dot)fr", "hélène@exämple.fr",
        "0612345678@example.fr", "x@y.fr"})
    EXPECT_THAT(found("écrire à " + std::string(address) + ", merci"),
                ElementsAre(Found{email, std::string(address)}));
  EXPECT_THAT(found("jean@example.fr."), ElementsAre(Found{email, "jean@example.fr"}));
  EXPECT_THAT(found("a@example.fr;b@example.fr"),
              ElementsAre(Found{email, "a@example.fr"}, Found{email, "b@example.fr"}));
  expect_nothing("@mairie");
  expect_nothing("jean@localhost");
  expect_nothing("rendez-vous @ 14h30");
  expect_nothing("l'arobase point d'interrogation");
  expect_nothing("jean@example.123");
}

TEST(Personal, FrenchPhoneInEverySpelling) {
  for (const std::string_view number :
       {"0612345678",          "06 12 34 56 78",     "06.12.34.56.78",
        "06-12-34-56-78",      "06/12/34/56/78",     "06  12  34  56  78",
        "06 12 34 56 78",      "061 234 56 78",      "0612 34 56 78",
        "06 1234 5678",        "0 612 345 678",      "06 123 456 78",
        "0 6 1 2 3 4 5 6 7 8", "O6 12 34 56 78",     "o612345678",
        "01 42 76 40 40",      "0142764040",         "09 70 00 00 00",
        "+33612345678",        "+33 6 12 34 56 78",  "+33 (0)6 12 34 56 78",
        "+33(0)612345678",     "+33 06 12 34 56 78", "0033 6 12 34 56 78",
        "00 33 6 12 34 56 78", "0033(0)612345678",   "+33.6.12.34.56.78",
        "+33-6-12-34-56-78",   "٠٦١٢٣٤٥٦٧٨"})
    EXPECT_THAT(found("appelez le " + std::string(number) + ", merci"),
                ElementsAre(Found{phone, std::string(number)}));
  EXPECT_THAT(found("tel0612345678merci"), ElementsAre(Found{phone, "0612345678"}));
  EXPECT_THAT(found("06 12 34 56 78 75001 Paris"), ElementsAre(Found{phone, "06 12 34 56 78"}));
  EXPECT_THAT(found("01.42.76.40.40-06.12.34.56.78"),
              ElementsAre(Found{phone, "01.42.76.40.40"}, Found{phone, "06.12.34.56.78"}));
}

TEST(Personal, OtherPhones) {
  for (const std::string_view number :
       {"+32 470 12 34 56", "+44 20 7946 0958", "+212 6 12 34 56 78", "00212 612345678",
        "+351 912 345 678", "+40 721 234 567", "+380 50 123 4567", "+90 532 123 45 67",
        "+1 (202) 555-0123", "+590 590 12 34 56", "+687 12 34 56", "+976 1234 5678"})
    EXPECT_THAT(found("mon numéro " + std::string(number) + " merci"),
                ElementsAre(Found{phone, std::string(number)}));
  EXPECT_THAT(found("+351 912 345 678 75001"), ElementsAre(Found{phone, "+351 912 345 678"}));
}

// The false positives that would hurt: what the service itself says, and what a question is about.
TEST(Personal, LeavesAloneWhatIsNobodys) {
  for (const std::string_view text :
       {"le 15, le 17, le 18, le 112, le 115, le 119, le 3919, le 3939, le 39 39 et le 3114",
        "0 800 123 456",
        "0800 123 456",
        "08 06 00 01 26",
        "0 809 540 550",
        "+33 8 09 54 05 50",
        "0892 68 30 30",
        "36 46",
        "SIRET 732 829 320 00074",
        "73282932000074",
        "SIREN 732829320",
        "356 000 000 49837",
        "TVA FR 40 303265045",
        "FR40303265045",
        "1 234 567,89 euros",
        "12 000 000 €",
        "+10 000 000 euros",
        "+ 12 000 000 €",
        "+15 %",
        "le 05/12/2020 à 14h30",
        "né le 05/12/1980, CNI du 05/12/2010 au 04/12/2025",
        "le 05 12 2020 14 30",
        "05-12-2020 14:30",
        "du 01.02.2020 au 03.04.2021",
        "2020-12-05T14:30:00",
        "75001 Paris, 13100 Aix",
        "fiche F14929, F2301 et R1406",
        "article L1234-5 et R. 4228-20 du code du travail",
        "loi 2000-321 du 12 avril 2000",
        "cerfa 12100*02 et 13404*05",
        "le 12.06.34.56.78.90",
        "décret n° 2010-1234",
        "code 20A004",
        "né le 01/01/1980 à Paris 14e",
        "192.168.10.12",
        "https://www.service-public.fr/F14929",
        "ISBN 978-2-07-036822-8",
        "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15",
        "1 2 3 4 5 6 7 8 9",
        "3e échelon 2e classe",
        "taux de 10,85 % puis 12,45 %",
        "",
        " ",
        "@",
        "+",
        "+33",
        "00",
        "0",
        "o6",
        "à"})
    expect_nothing(text);
}

TEST(Personal, SeveralInOneMessage) {
  const std::string text =
      "Bonjour, Jean, 1 85 05 78 006 084 91, tel 06 12 34 56 78, jean@example.fr ; IBAN FR76 3000 "
      "6000 0112 3456 7890 189. Merci";
  EXPECT_EQ(mask(text),
            "Bonjour, Jean, [numéro de sécurité sociale masqué], tel [numéro de téléphone masqué], "
            "[adresse électronique masquée] ; IBAN [compte bancaire masqué]. Merci");
  EXPECT_EQ(mask(mask(text)), mask(text));
  EXPECT_EQ(mask("0612345678 0712345678"),
            "[numéro de téléphone masqué] [numéro de téléphone masqué]");
  EXPECT_EQ(mask("rien à cacher"), "rien à cacher");
  EXPECT_EQ(mask(""), "");
}

TEST(Personal, MarksAndNamesAreFrench) {
  EXPECT_EQ(mark(tax_number), "[numéro fiscal masqué]");
  EXPECT_EQ(name(tax_number), "numéro fiscal");
  EXPECT_EQ(name(email), "adresse électronique");
  for (const PersonalKind kind :
       {nir, iban, card, foreign_identity, identity_document, tax_number, email, phone, unread}) {
    EXPECT_TRUE(mark(kind).starts_with('[') && mark(kind).ends_with(']'));
    EXPECT_TRUE(mark(kind).contains(name(kind)));
    expect_nothing(mark(kind));
  }
}

TEST(Personal, ReadsMalformedBytes) {
  EXPECT_THAT(found("\xff 0612345678 \xc3"), ElementsAre(Found{phone, "0612345678"}));
  EXPECT_EQ(mask("\xff\xfe"), "\xff\xfe");
}

// What nobody looked at is not kept.
TEST(Personal, MasksWhatLiesPastItsLimits) {
  const std::string fits(kPersonalBytes - 11, 'x');
  EXPECT_EQ(mask(fits + " 0612345678"), fits + " [numéro de téléphone masqué]");
  std::string text(kPersonalBytes, ' ');
  text += "0612345678";
  EXPECT_FALSE(mask(text).contains("0612"));
  EXPECT_TRUE(mask(text).ends_with("[suite masquée]"));
  EXPECT_LT(mask(text).size(), kPersonalBytes);
  for (std::size_t shift = 0; shift < 30; ++shift) {  // a number across the cut
    std::string across(kPersonalBytes - shift, ' ');
    across += "06 12 34 56 78 et la suite";
    EXPECT_FALSE(mask(across).contains("12")) << shift;
  }
  std::string many;
  for (std::size_t i = 0; i < kPersonalSpans + 5; ++i) many += "0612345678 ";
  const auto spans = personal_spans(many);
  ASSERT_EQ(spans.size(), kPersonalSpans + 1);
  EXPECT_EQ(spans.back().kind, unread);
  EXPECT_EQ(spans.back().end, many.size());
}

// Every span raised on real questions is printed, to be read: nobody typed a number there.
TEST(Personal, StaysCalmOnRealQuestions) {
  const std::filesystem::path data = std::filesystem::path(PARVIS_SOURCE_DIR) / "../shared/data";
  std::size_t read = 0, raised = 0;
  for (const char* file :
       {"queries/unlabelled_fr.jsonl", "retrieval/dev.jsonl", "retrieval/dev_citizens.jsonl",
        "retrieval/dev_labour_variants.jsonl", "intents/cdtn_requetes.jsonl"}) {
    std::ifstream lines(data / file);
    for (std::string line; std::getline(lines, line); ++read) {
      const auto value = parse_json(line);
      ASSERT_TRUE(value.has_value() && value->is_object());
      const auto question = string_at(value->get_object(), "question");
      const std::string asked(question ? *question
                                       : string_at(value->get_object(), "text").value_or(""));
      if (personal_spans(asked).empty()) continue;
      std::cout << "personal: " << mask(asked) << '\n';
      ++raised;
    }
  }
  if (read == 0) std::cout << "real questions not read: ../shared/data is absent\n";
  EXPECT_EQ(raised, 0U);
}

}  // namespace
}  // namespace parvis::text
