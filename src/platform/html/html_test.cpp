#include "html/html.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace parvis::html {
namespace {

TEST(Html, nests_elements_text_numbers_and_ranges) {
  const std::vector<std::string> items = {"a", "b<"};
  EXPECT_EQ(
      h("ul", {cls("list"), id("x")}, each(items, [](auto& i) { return h("li", i, 1); })).str(),
      "<ul class=\"list\" id=\"x\"><li>a1</li><li>b&lt;1</li></ul>");
  EXPECT_EQ(h("p", items).str(), "<p>ab&lt;</p>");
  EXPECT_EQ(h("p", std::optional<Html>{}, std::optional<std::string>{"&"}).str(), "<p>&amp;</p>");
  EXPECT_EQ(fragment("a", h("br"), std::string_view("b")).str(), "a<br>b");
  EXPECT_EQ(document(h("html", {lang("fr")})).str(),
            "<!doctype html>\n<html lang=\"fr\"></html>\n");
}

TEST(Html, conditions_and_optional_attributes) {
  EXPECT_EQ(when(true, [] { return h("b", "x"); }).str(), "<b>x</b>");
  EXPECT_TRUE(when(false, [] { return h("b"); }).empty());
  EXPECT_EQ(when(true, "x & y").str(), "x &amp; y");
  EXPECT_EQ(h("input", {flag("required"), flag("disabled", false), attr("maxlength", 20),
                        attr("title", std::optional<std::string>{}), attr_if(false, "lang", "de")})
                .str(),
            "<input required maxlength=\"20\">");
  EXPECT_EQ(Html::trusted("<svg></svg>").str(), "<svg></svg>");
}

TEST(Html, hostile_text_stays_text) {
  EXPECT_EQ(h("p", "<script>alert('1')</script>&amp;").str(),
            "<p>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;</p>");
  EXPECT_EQ(h("p", {attr("title", "\" onclick=\"x")}).str(),
            "<p title=\"&quot; onclick=&quot;x\"></p>");
  EXPECT_EQ(h("p", {attr("title", "'><b>")}, "</p>").str(),
            "<p title=\"&#39;&gt;&lt;b&gt;\">&lt;/p&gt;</p>");
  EXPECT_EQ(h("p", std::string_view("a\0b\x1B\n", 5)).str(),
            "<p>a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD\n</p>");
}

TEST(Html, unsafe_links_lose_their_href) {
  for (const char* url :
       {"javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:x",
        "\tjavascript:x", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//evil.example",
        "/\\evil.example", "\\\\evil.example", "http:evil", "https:/evil", "mailto:", "", "a b",
        "x:y/z", ":"}) {
    EXPECT_EQ(h("a", {href(url)}, "x").str(), "<a>x</a>") << url;
    EXPECT_FALSE(local_link(url)) << url;
  }
  for (const char* url : {"https://www.service-public.fr/x?a=1&b=2", "HTTP://a.example",
                          "mailto:a@b.fr", "tel:+33123456789"}) {
    EXPECT_TRUE(safe_link(url)) << url;
    EXPECT_FALSE(local_link(url)) << url;
  }
  for (const char* url : {"/a/b?c=d:e#f", "#s", "?q=1", "page", "./a:b", "été"}) {
    EXPECT_TRUE(safe_link(url)) << url;
    EXPECT_TRUE(local_link(url)) << url;
  }
  EXPECT_EQ(h("a", {href("/?a=1&b='")}).str(), "<a href=\"/?a=1&amp;b=&#39;\"></a>");
  EXPECT_EQ(h("img", {src("https://tracker.example/x"), attr("alt", "")}).str(), "<img alt=\"\">");
  EXPECT_EQ(h("form", {action("https://evil.example/")}).str(), "<form></form>");
}

}  // namespace
}  // namespace parvis::html
