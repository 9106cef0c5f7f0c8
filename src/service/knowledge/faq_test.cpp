#include "knowledge/faq.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::knowledge {
namespace {
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Faq, ReadsALine) {
  const auto d = parse_faq_line(
      R"({"id":7,"question":"Quand passe la benne ?","answer":"Le mardi.\nÀ sortir :\n- la veille\n- après 19 h\nVoir https://e.org/b.","url":"https://e.org/f","updated":"2026-03-02T10:00:00Z","territory":"99001, 99002","more":1})");
  ASSERT_TRUE(d.has_value()) << d.error().what;
  EXPECT_EQ(d->kind, Document::Kind::faq);
  EXPECT_EQ(d->key, (DocumentKey{"local", "7"}));
  EXPECT_EQ(d->title, "Quand passe la benne ?");
  EXPECT_EQ(d->url, "https://e.org/f");
  EXPECT_EQ(d->updated, parse_iso_date("2026-03-02"));
  EXPECT_THAT(d->communes, ElementsAre("99001", "99002"));
  ASSERT_EQ(d->body.size(), 4U);
  EXPECT_EQ(plain(d->body[0].spans), "Le mardi.");
  EXPECT_EQ(d->body[2].kind, Block::Kind::list);
  EXPECT_EQ(plain(d->body[2].children.at(1).children.at(0).spans), "après 19 h");
  const Spans& last = d->body[3].spans;
  EXPECT_EQ(last.at(1).target, "https://e.org/b");
  EXPECT_EQ(last.at(2).text, ".");
  EXPECT_TRUE(from_json(to_json(*d)) == *d);
}

TEST(Faq, ANameIsATerritoryWithoutCommunes) {
  const auto d =
      parse_faq_line(R"({"id":"a","question":"q","answer":"r","territory":"Val d’Orle"})");
  ASSERT_TRUE(d.has_value());
  EXPECT_EQ(d->territory, "Val d’Orle");
  EXPECT_THAT(d->communes, ElementsAre());
}

TEST(Faq, SaysWhatIsWrongWithALine) {
  const auto why = [](std::string_view line) {
    const auto d = parse_faq_line(line);
    return d ? std::string("read") : d.error().what;
  };
  EXPECT_THAT(why(""), HasSubstr("JSON"));
  EXPECT_THAT(why("{\"id\":"), HasSubstr("JSON"));
  EXPECT_THAT(why("[1]"), HasSubstr("object"));
  EXPECT_THAT(why("\xff"), HasSubstr("JSON"));
  EXPECT_THAT(why(R"({"question":"q","answer":"r"})"), HasSubstr("\"id\""));
  EXPECT_THAT(why(R"({"id":"\u0000\u202e","question":"q","answer":"r"})"), HasSubstr("\"id\""));
  EXPECT_THAT(why(R"({"id":"a","question":" ","answer":"r"})"), HasSubstr("\"question\""));
  EXPECT_THAT(why(R"({"id":"a","question":"q","answer":"\n\n"})"), HasSubstr("\"answer\""));
  EXPECT_THAT(why(R"({"id":"a","question":"q","answer":["r"]})"), HasSubstr("\"answer\""));
  EXPECT_THAT(why(R"({"id":"a","question":"q","answer":"r","url":"javascript:alert"})"),
              HasSubstr("\"url\""));
  EXPECT_THAT(why(R"({"id":"a","question":"q","answer":"r","updated":"2026-02-30"})"),
              HasSubstr("\"updated\""));
  EXPECT_THAT(why(std::string(kFaqLineBytes + 1, ' ')), HasSubstr("longer"));
  EXPECT_THAT(why(std::string(500, '[')), HasSubstr("JSON"));
}

TEST(Faq, PlainTextBecomesParagraphsListsAndLinks) {
  const Blocks blocks =
      blocks_of_text("Un\r\n\r\n1. a\n2) b\n- c\n• d\nhttp://e.org (https://f.org)");
  ASSERT_EQ(blocks.size(), 4U);
  EXPECT_EQ(blocks[1].style, "numero");
  EXPECT_EQ(blocks[1].children.size(), 2U);
  EXPECT_EQ(blocks[2].style, "puce");
  EXPECT_EQ(blocks[3].spans.at(0).target, "http://e.org");
  EXPECT_EQ(blocks[3].spans.at(2).target, "https://f.org");
  EXPECT_EQ(plain(blocks[3].spans), "http://e.org (https://f.org)");
  EXPECT_EQ(blocks_of_text("12 rue de la Paix").at(0).kind, Block::Kind::paragraph);
}

TEST(Faq, KnowsAWebAddress) {
  EXPECT_TRUE(is_web_address("https://e.org/a?b=c"));
  for (const char* bad : {"", "ftp://e.org/aaaa", "https://", "https://e.org/a b", "e.org",
                          "https://e.org/\n", "javascript:https://"})
    EXPECT_FALSE(is_web_address(bad)) << bad;
}

}  // namespace
}  // namespace parvis::knowledge
