#include "app/widget_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "base/error.hpp"

namespace parvis::app {
namespace {
namespace fs = std::filesystem;

using ::testing::HasSubstr;
using ::testing::Not;

class WidgetFiles : public ::testing::Test {
 protected:
  WidgetFiles() {
    fs::create_directories(folder_ / "widget");
    std::ofstream(folder_ / "widget.js") << "loader";
    std::ofstream(folder_ / "widget" / "index.html") << "page";
    std::ofstream(folder_ / "widget" / "app.js") << "app";
    files_.emplace(folder_, "");
    add_widget_files(router_, *files_, {"https://www.ville.example"});
  }
  ~WidgetFiles() override { fs::remove_all(folder_); }
  http::Response get(const std::string& path) {
    auto match = router_.match(http::Method::get, path);
    if (!match || match->route == nullptr) throw Error(Errc::not_found, "");
    http::Request request;
    request.params = match->params;
    return match->route->handler(request);
  }
  fs::path folder_ =
      fs::path(::testing::TempDir()) / ("widget-files-" + std::to_string(::getpid()));
  std::optional<http::Assets> files_;
  http::Router router_;
};

TEST_F(WidgetFiles, TheFramedPageSaysWhoMayFrameIt) {
  for (const auto& [path, bytes] :
       {std::pair{"/widget/", "page"}, std::pair{"/widget/index.html", "page"},
        std::pair{"/widget/app.js", "app"}}) {
    const http::Response response = get(path);
    EXPECT_EQ(response.bytes(), bytes);
    EXPECT_THAT(std::string(response.header("content-security-policy").value_or("")),
                HasSubstr("frame-ancestors 'self' https://www.ville.example"));
    EXPECT_EQ(response.header("cache-control"), "no-cache");
    EXPECT_TRUE(response.header("etag"));
  }
  EXPECT_EQ(get("/widget.js").bytes(), "loader");
  EXPECT_THROW(get("/widget/widget.js"), Error);
  EXPECT_THROW(get("/widget/nothing"), Error);
}

TEST(WidgetPolicy, WithoutOriginsOnlyThisSite) {
  EXPECT_THAT(widget_policy({}), ::testing::EndsWith("frame-ancestors 'self'"));
  EXPECT_THAT(widget_policy({"*"}), ::testing::EndsWith("frame-ancestors 'self' *"));
  EXPECT_THAT(widget_policy({}), Not(HasSubstr("unsafe")));
}

}  // namespace
}  // namespace parvis::app
