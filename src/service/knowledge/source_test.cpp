#include "knowledge/source.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "crypto/hash.hpp"
#include "knowledge/element.hpp"

namespace parvis::knowledge {
namespace {
namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Source : public ::testing::Test {
 protected:
  Source() : folder_(fs::temp_directory_path() / ("parvis-source-" + crypto::random_hex(6))) {
    fs::create_directories(folder_);
  }
  ~Source() override { fs::remove_all(folder_); }

  void file(const fs::path& name, std::string_view bytes) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  // A zip with these entries, whatever their names.
  fs::path zip(const std::vector<std::pair<std::string, std::string>>& entries) const {
    fs::path path = folder_ / "sheets.zip";
    archive* a = archive_write_new();
    archive_write_set_format_zip(a);
    archive_write_open_filename(a, path.c_str());
    for (const auto& [name, bytes] : entries) {
      archive_entry* entry = archive_entry_new();
      archive_entry_set_pathname(entry, name.c_str());
      archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
      archive_entry_set_filetype(entry, AE_IFREG);
      archive_entry_set_perm(entry, 0644);
      archive_write_header(a, entry);
      archive_write_data(a, bytes.data(), bytes.size());
      archive_entry_free(entry);
    }
    archive_write_free(a);
    return path;
  }
  std::vector<std::string> read(const fs::path& path) {
    std::vector<std::string> out;
    each_sheet(path, [&](SheetFile&& sheet, std::size_t all) {
      all_ = all;
      out.push_back(sheet.audience + "/" + sheet.id + "=" +
                    (sheet.bytes ? *sheet.bytes : "! " + sheet.bytes.error().what));
    });
    return out;
  }

  fs::path folder_;
  std::size_t all_ = 0;
};

TEST_F(Source, ReadsTheFolderOfTheNpmPackage) {
  file("data/particuliers/F1.json", "a");
  file("data/particuliers/index.json", "[]");
  file("data/associations/R2.json", "b");
  file("package.json", "{}");
  EXPECT_THAT(read(folder_), ElementsAre("associations/R2=b", "particuliers/F1=a"));
  EXPECT_EQ(all_, 2U);
}

TEST_F(Source, ReadsAFolderOfXmlAndOnlySheets) {
  file("part-F1.xml", "a");
  file("deeper/N358-1.xml", "b");
  for (const char* name : {"arborescence.xml", "F.xml", "F1x.xml", "F1.txt", "F-1.xml", "-.xml"})
    file(name, "no");
  EXPECT_THAT(read(folder_), ElementsAre("/N358-1=b", "/F1=a"));
}

TEST_F(Source, ReadsAZip) {
  EXPECT_THAT(
      read(zip({{"vdd/F1.xml", "a"}, {"vdd/menu.xml", "no"}, {"particuliers/F2.json", "b"}})),
      ElementsAre("/F1=a", "particuliers/F2=b"));
  EXPECT_EQ(all_, 2U);
}

TEST_F(Source, APathInAZipLeadsNowhere) {
  const fs::path path =
      zip({{"../../F1.xml", "a"}, {"/etc/F2.xml", "b"}, {"x\x1b[31m/F3.xml", "c"}});
  std::vector<std::string> names;
  each_sheet(path, [&](SheetFile&& sheet, std::size_t) { names.push_back(sheet.name); });
  ASSERT_EQ(names.size(), 3U);
  EXPECT_THAT(names[2], ::testing::Not(HasSubstr("\x1b")));
  EXPECT_FALSE(fs::exists(folder_.parent_path() / "F1.xml"));
}

TEST_F(Source, AnEntryThatUnpacksToTooMuchIsRefusedAndTheOthersAreRead) {
  const std::string bomb(kSheetBytes + 1, ' ');
  const auto sheets = read(zip({{"F1.xml", bomb}, {"F2.xml", "b"}}));
  EXPECT_LT(fs::file_size(folder_ / "sheets.zip"), 100'000U);
  EXPECT_THAT(sheets, ElementsAre(HasSubstr("! larger than"), "/F2=b"));
  file("alone/F1.xml", bomb);
  EXPECT_THAT(read(folder_ / "alone"), ElementsAre(HasSubstr("! larger than")));
}

TEST_F(Source, RefusesADamagedZipAndWhatIsNone) {
  const fs::path path = zip({{"F1.xml", std::string(5000, 'a')}});
  fs::resize_file(path, fs::file_size(path) / 2);
  EXPECT_THAT(
      [&] {
        try {
          return read(path).empty() ? std::string("refused") : read(path)[0];
        } catch (const Error& error) {
          return error.detail();
        }
      }(),
      ::testing::AnyOf(HasSubstr("cannot be read as a zip"), HasSubstr("damaged"), "refused"));
  file("plain.zip", "this is no zip");
  EXPECT_THROW(read(folder_ / "plain.zip"), Error);
  EXPECT_THROW(read(folder_ / "absent"), Error);
  fs::create_directories(folder_ / "empty");
  EXPECT_THAT(read(folder_ / "empty"), IsEmpty());
}

}  // namespace
}  // namespace parvis::knowledge
