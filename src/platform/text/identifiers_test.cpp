#include "text/identifiers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parvis::text {
namespace {

using Check = bool (*)(std::string_view);

// Each number that differs in one digit: the checks exist to refuse them all.
std::vector<std::string> with_one_wrong_digit(std::string_view number) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (number[i] < '0' || number[i] > '9') continue;
    for (char c = '0'; c <= '9'; ++c) {
      if (c == number[i]) continue;
      out.emplace_back(number);
      out.back()[i] = c;
    }
  }
  return out;
}

void expect_all(Check check, const std::vector<std::string_view>& numbers) {
  for (const std::string_view number : numbers) {
    EXPECT_TRUE(check(number)) << number;
    for (const std::string& wrong : with_one_wrong_digit(number))
      EXPECT_FALSE(check(wrong)) << wrong;
    EXPECT_FALSE(check(number.substr(1)));
    EXPECT_FALSE(check(std::string(number) + "0"));
  }
}

TEST(Identifiers, RefuseWhatIsNoNumber) {
  for (const Check check :
       {nir_shaped, valid_nir, iban_shaped, valid_iban, valid_rib, valid_card, valid_siret,
        valid_tax_number, valid_dni, valid_nie, valid_codice_fiscale, valid_belgian_number,
        valid_portuguese_nif, valid_cnp, valid_pesel, valid_turkish_number, valid_ahv})
    for (const std::string_view text :
         {"", "0", "A", "ABCDEFGHI", "é", "               ", "-----------", "ABCDEFGHIJKLMNOP",
          "00000000000000000000000000000000000000000000000000"})
      EXPECT_FALSE(check(text)) << text;
  EXPECT_FALSE(luhn(""));
  EXPECT_FALSE(luhn("4111-1111"));
}

TEST(Nir, HasItsKey) {
  expect_all(valid_nir,
             {"185057800608491", "269054958815780", "255081416802538", "295109912611193"});
  EXPECT_TRUE(valid_nir("253072B07300470"));
  EXPECT_TRUE(valid_nir("253072A07300443"));
  EXPECT_FALSE(valid_nir("253072A07300470"));  // each half of Corsica has its own key
  EXPECT_FALSE(valid_nir("253072C07300443"));
}

TEST(Nir, HasItsForm) {
  const auto with_month = [](std::string_view month) {
    return nir_shaped("185" + std::string(month) + "78006084");
  };
  for (const std::string_view month : {"01", "12", "20", "30", "42", "50", "99"})
    EXPECT_TRUE(with_month(month)) << month;
  for (const std::string_view month : {"00", "13", "19", "43", "49"})
    EXPECT_FALSE(with_month(month)) << month;
  EXPECT_TRUE(nir_shaped("1850578006084"));    // without its key
  EXPECT_TRUE(nir_shaped("185057800608492"));  // a wrong key is no matter of form
  EXPECT_FALSE(nir_shaped("185057800608498"));
  EXPECT_FALSE(nir_shaped("185057800608400"));
  EXPECT_FALSE(nir_shaped("5850578006084"));
  EXPECT_FALSE(nir_shaped("1850500006084"));  // département 00
  EXPECT_FALSE(nir_shaped("1850578006000"));  // order 000
  EXPECT_FALSE(nir_shaped("18505780060843"));
}

TEST(Iban, OfManyCountries) {
  for (const std::string_view iban : {"FR7630006000011234567890189",
                                      "FR1420041010050500013M02606",
                                      "MC5811222000010123456789030",
                                      "GB29NWBK60161331926819",
                                      "DE89370400440532013000",
                                      "BE68539007547034",
                                      "NO9386011117947",
                                      "MT84MALT011000012345MTLCAST001S",
                                      "LC55HEMM000100010012001200023015",
                                      "MA64011519000001205000534921",
                                      "DZ580002100001113000000570",
                                      "TN5910006035183598478831",
                                      "UA213223130000026007233566001",
                                      "TR330006100519786457841326",
                                      "RO49AAAA1B31007593840000",
                                      "PT50000201231234567890154",
                                      "ES9121000418450200051332",
                                      "IT60X0542811101000000123456",
                                      "CH9300762011623852957",
                                      "LU280019400644750000",
                                      "NL91ABNA0417164300",
                                      "PL61109010140000071219812874",
                                      "BR1800360305000010009795493C1"}) {
    EXPECT_TRUE(valid_iban(iban)) << iban;
    EXPECT_EQ(iban_length(iban), iban.size());
    for (const std::string& wrong : with_one_wrong_digit(iban)) EXPECT_FALSE(valid_iban(wrong));
    EXPECT_FALSE(valid_iban(iban.substr(0, iban.size() - 1)));
    EXPECT_FALSE(valid_iban(std::string(iban) + "0"));
  }
  EXPECT_TRUE(iban_shaped("FR0030006000011234567890189"));  // the form alone
  EXPECT_FALSE(iban_shaped("FR00X0006000011234567890189"));
  EXPECT_FALSE(iban_shaped("FRA030006000011234567890189"));
  EXPECT_EQ(iban_length("XX00"), 0U);
  EXPECT_EQ(iban_length("US"), 0U);
  EXPECT_EQ(iban_length(""), 0U);
}

TEST(Rib, HasItsKey) {
  EXPECT_TRUE(valid_rib("20041010050500013M02606"));
  EXPECT_TRUE(valid_rib("30006000011234567890189"));
  for (const std::string& wrong : with_one_wrong_digit("30006000011234567890189"))
    EXPECT_FALSE(valid_rib(wrong)) << wrong;
}

TEST(Card, OfTheKnownSchemes) {
  for (const std::string_view card :
       {"4111111111111111", "5555555555554444", "2223003122003222", "378282246310005",
        "371449635398431", "30569309025904", "38520000023237", "6011111111111117",
        "3530111333300000", "6304000000000000", "6200000000000005", "4222222222222"}) {
    EXPECT_TRUE(valid_card(card)) << card;
    for (const std::string& wrong : with_one_wrong_digit(card))
      EXPECT_FALSE(valid_card(wrong)) << wrong;
  }
  EXPECT_FALSE(valid_card("1234567812345670"));      // right sum, no scheme
  EXPECT_FALSE(valid_card("73282932000074"));        // a SIRET
  EXPECT_FALSE(valid_card("411111111111"));          // too short
  EXPECT_FALSE(valid_card("55555555555544440000"));  // too long
}

TEST(Siret, IsOfABusiness) {
  EXPECT_TRUE(valid_siret("73282932000074"));
  EXPECT_FALSE(valid_siret("73282932000075"));
  EXPECT_TRUE(valid_siret("35600000049837"));  // a post office: the sum of its digits is 45
  EXPECT_FALSE(valid_siret("00000000000000"));
}

TEST(TaxNumber, HasItsKey) {
  for (const std::string_view number : {"0701987765493", "3023217600053"}) {
    EXPECT_TRUE(valid_tax_number(number)) << number;
    for (const std::string& wrong : with_one_wrong_digit(number))
      EXPECT_FALSE(valid_tax_number(wrong));
  }
  EXPECT_FALSE(valid_tax_number("4023217600053"));
  EXPECT_FALSE(valid_tax_number("0000000000000"));
}

TEST(ForeignNumbers, HaveTheirChecks) {
  expect_all(valid_dni, {"12345678Z", "54362315K", "00000000T"});
  expect_all(valid_nie, {"X2482300W", "Y0000000Z", "Z0000000M"});
  EXPECT_FALSE(valid_nie("A2482300W"));
  expect_all(valid_belgian_number, {"85073003328", "17073003384"});
  EXPECT_FALSE(valid_belgian_number("12345678901"));
  expect_all(valid_portuguese_nif, {"123456789", "250000008", "312345674"});
  EXPECT_FALSE(valid_portuguese_nif("501442600"));  // right, and of a company
  expect_all(valid_cnp, {"1630615123457"});
  EXPECT_FALSE(valid_cnp("0800101221142"));  // no such sex
  EXPECT_FALSE(valid_cnp("1632215123457"));  // no such month
  expect_all(valid_pesel, {"44051401359", "02211307589"});
  expect_all(valid_turkish_number, {"17291716060"});
  EXPECT_FALSE(valid_turkish_number("07291716092"));
  expect_all(valid_ahv, {"7569217076985"});
}

TEST(CodiceFiscale, HasItsCheckLetterAndItsDay) {
  for (const std::string_view code : {"RCCMNL83S18D969H", "CNTCHR83T41D969D", "RCCMNL83S18D96VW"}) {
    EXPECT_TRUE(valid_codice_fiscale(code)) << code;
    for (char c = 'A'; c <= 'Z'; ++c) {
      std::string wrong(code);
      wrong[15] = c;
      EXPECT_EQ(valid_codice_fiscale(wrong), wrong == code) << wrong;
    }
  }
  EXPECT_FALSE(valid_codice_fiscale("RCCMNL83F18D969I"));  // F is no month
  EXPECT_FALSE(valid_codice_fiscale("RCCMNL83S00D969O"));
  EXPECT_FALSE(valid_codice_fiscale("RCCMNL83S31D969Q"));  // November has 30 days
  EXPECT_FALSE(valid_codice_fiscale("RCCMNL83S18D969"));
}

}  // namespace
}  // namespace parvis::text
