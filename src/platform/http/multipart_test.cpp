#include "http/multipart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::http {
namespace {

using ::testing::HasSubstr;

// What is told, as one text: (name|filename|content)
struct Told {
  std::string text;
  Multipart parts{"b",
                  {[this](const Part& part) {
                     text += "(" + part.name + "|" + part.filename.value_or("-") + "|";
                   },
                   [this](std::string_view bytes) { text += bytes; }, [this] { text += ")"; }}};
};

std::string body() {
  return "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\nabc\r\n"
         "--b\r\ncontent-disposition: form-data; name=\"acte\"; filename=\"a%22b\\\"c.pdf\"\r\n"
         "Content-Type: application/pdf\r\n\r\nline\r\n--c is no boundary\r\n-\r\n"
         "--b\r\nContent-Disposition: form-data; name=none; "
         "filename=\"\"\r\n\r\n\r\n--b--\r\nepilogue";
}
constexpr std::string_view kWhole =
    "(_token|-|abc)(acte|a\"b\"c.pdf|line\r\n--c is no boundary\r\n-)(none||)";

TEST(Multipart, TellsTheSameHoweverTheBytesCome) {
  for (std::size_t piece = 1; piece <= body().size(); ++piece) {
    Told told;
    const std::string whole = body();
    for (std::size_t at = 0; at < whole.size(); at += piece)
      ASSERT_TRUE(told.parts.take(std::string_view(whole).substr(at, piece))) << piece;
    EXPECT_TRUE(told.parts.whole());
    EXPECT_EQ(told.text, kWhole) << piece;
  }
}

TEST(Multipart, AFormThatIsCutIsNotWhole) {
  Told told;
  EXPECT_TRUE(told.parts.take(body().substr(0, body().size() - 20)));
  EXPECT_FALSE(told.parts.whole());
}

TEST(Multipart, RefusesWhatNoBrowserSends) {
  for (const std::string& bad :
       {std::string("--b\r\nContent-Disposition: attachment; name=a\r\n\r\n"),
        std::string("--b\r\nContent-Disposition: form-data\r\n\r\n"),
        std::string("--b\r\n\r\n\r\n"), std::string("--bX"),
        "--b\r\nX: " + std::string(kPartHeadMax, 'x')}) {
    Told told;
    EXPECT_FALSE(told.parts.take(bad) && told.parts.take("....")) << bad.substr(0, 60);
    EXPECT_FALSE(told.parts.take("--b--")) << "it stays refused";
  }
}

TEST(Multipart, ReadsTheBoundary) {
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(boundary_of("Multipart/Form-Data;charset=utf-8; Boundary=\"a b\""), std::nullopt);
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=\"a+b\""), "a+b");
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=" + std::string(71, 'b')), std::nullopt);
  EXPECT_EQ(boundary_of("multipart/mixed; boundary=abc"), std::nullopt);
  EXPECT_EQ(boundary_of(""), std::nullopt);
}

}  // namespace
}  // namespace parvis::http
