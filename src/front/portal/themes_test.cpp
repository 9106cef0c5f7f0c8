#include "portal/themes.hpp"

#include <gtest/gtest.h>

namespace parvis::portal {
namespace {

using knowledge::Document;
using knowledge::Group;

Document dossier(std::string id, std::string type, Group content) {
  Document out;
  out.kind = Document::Kind::dossier;
  out.key = {"particuliers", id};
  out.title = "T " + id;
  out.type = std::move(type);
  out.dossier_content = std::move(content);
  return out;
}
Group group(std::string id, std::vector<std::string> sheets, std::vector<Group> groups = {}) {
  Group out{.id = std::move(id), .title = "", .sheets = {}, .groups = std::move(groups)};
  for (std::string& sheet : sheets) out.sheets.emplace_back().id = std::move(sheet);
  return out;
}

TEST(Themes, CountTheSheetsOfTheirDossiersOnceAndPutTheLargestFirst) {
  const auto themes =
      themes_of({dossier("N1", "Theme", group("", {}, {group("", {}, {group("N3", {})})})),
                 dossier("N2", "Theme", group("", {"F9"}, {group("N4", {}), group("N5", {})})),
                 dossier("N3", "Dossier", group("", {"F1"})),
                 dossier("N4", "Dossier",
                         group("", {}, {group("N4-1", {"F1", "F2"}), group("N4-2", {"F2"})})),
                 dossier("N5", "Dossier", group("", {"F3"}, {group("N5", {}), group("N4", {})}))});
  ASSERT_EQ(themes.size(), 2);
  EXPECT_EQ(themes[0].id, "N2");
  EXPECT_EQ(themes[0].title, "T N2");
  EXPECT_EQ(themes[0].sheets, 4);  // F9 F1 F2 F3
  EXPECT_EQ(themes[1].sheets, 1);
  EXPECT_TRUE(themes_of({}).empty());
}

}  // namespace
}  // namespace parvis::portal
