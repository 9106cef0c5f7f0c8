#include "table/table.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "base/error.hpp"
#include "base/json.hpp"

namespace parvis::table {
namespace {
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::vector<std::vector<Cell>> kRows = {
    {std::string("Ana; \"B\"\nRoy"), 12.5, CivilDate(std::chrono::year(2026) / 11 / 24)},
    {std::string("=1+1"), -3.0, std::monostate{}}};

std::string written(Format format, const std::vector<std::vector<Cell>>& rows) {
  std::string bytes;
  const auto table = begin(format, {"Nom", "Prix", "Jour"}, "Dossiers & co",
                           [&](std::string_view more) { bytes += more; });
  for (const auto& row : rows) table->row(row);
  table->end();
  return bytes;
}

TEST(Table, CsvOpensInAFrenchSpreadsheetAndRunsNothing) {
  EXPECT_EQ(written(Format::csv, kRows),
            "\xEF\xBB\xBFNom;Prix;Jour\r\n"
            "\"Ana; \"\"B\"\"\nRoy\";12,5;2026-11-24\r\n"
            "'=1+1;-3;\r\n");
  for (const std::string_view text : {"+33612345678", "-1", "@x", "\tx", "\rx"})
    EXPECT_THAT(written(Format::csv, {{std::string(text), std::monostate{}, std::monostate{}}}),
                HasSubstr("'" + std::string(text)))
        << text;
}

TEST(Table, JsonIsAnArrayOfObjects) {
  const auto value = parse_json(written(Format::json, kRows));
  ASSERT_TRUE(value && value->is_array());
  EXPECT_EQ(value->get_array().at(0),
            (json::object{{"Nom", "Ana; \"B\"\nRoy"}, {"Prix", 12.5}, {"Jour", "2026-11-24"}}));
  EXPECT_EQ(value->get_array().at(1), (json::object{{"Nom", "=1+1"}, {"Prix", -3}}));
  EXPECT_EQ(written(Format::json, {}), "[]\n");
}

std::map<std::string, std::string> unzipped(const std::string& bytes) {
  const std::unique_ptr<archive, int (*)(archive*)> zip(archive_read_new(), archive_read_free);
  archive_read_support_format_zip(zip.get());
  EXPECT_EQ(archive_read_open_memory(zip.get(), bytes.data(), bytes.size()), ARCHIVE_OK);
  std::map<std::string, std::string> files;
  for (archive_entry* head = nullptr; archive_read_next_header(zip.get(), &head) == ARCHIVE_OK;) {
    std::string& file = files[archive_entry_pathname(head)];
    std::string piece(1 << 16, '\0');
    for (la_ssize_t n = 0; (n = archive_read_data(zip.get(), piece.data(), piece.size())) > 0;)
      file.append(piece, 0, static_cast<std::size_t>(n));
  }
  return files;
}

TEST(Table, OdsIsAZipWhoseTypeIsReadInItsFirstBytes) {
  const std::string bytes = written(Format::ods, kRows);
  EXPECT_THAT(bytes, StartsWith("PK\x03\x04"));
  // Name and content of the first entry, in the clear, where OpenDocument 1.3 part 2, 3.3 wants it.
  EXPECT_EQ(bytes.substr(30, 8), "mimetype");
  EXPECT_THAT(bytes.substr(0, 200), HasSubstr("application/vnd.oasis.opendocument.spreadsheet"));
  const auto files = unzipped(bytes);
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files.at("mimetype"), media_type(Format::ods));
  EXPECT_THAT(files.at("META-INF/manifest.xml"), HasSubstr("content.xml"));
  const std::string& content = files.at("content.xml");
  EXPECT_THAT(content, HasSubstr("table:name=\"Dossiers &amp; co\""));
  EXPECT_THAT(content, HasSubstr("<text:p>Ana; &quot;B&quot;</text:p><text:p>Roy</text:p>"));
  EXPECT_THAT(content, HasSubstr("office:value-type=\"float\" office:value=\"12.5\""));
  EXPECT_THAT(content, HasSubstr("office:date-value=\"2026-11-24\""));
  EXPECT_THAT(content, HasSubstr("<text:p>=1+1</text:p>"));  // a text: it does not run
  EXPECT_EQ(written(Format::ods, kRows), bytes);
}

TEST(Table, OdsKeepsNothingButTheRowAtHand) {
  std::size_t bytes = 0, largest = 0;
  const auto table = begin(Format::ods, {"Nom"}, "Beaucoup", [&](std::string_view more) {
    bytes += more.size();
    largest = std::max(largest, more.size());
  });
  std::size_t before_end = 0;
  for (int i = 0; i < 20'000; ++i) table->row({std::to_string(i * 7919)});
  before_end = bytes;
  table->end();
  EXPECT_GT(before_end, bytes / 2);  // it went out while rows came in
  EXPECT_LT(largest, 1u << 20);
}

TEST(Table, WhatTheReceiverThrowsEndsIt) {
  for (const Format format : {Format::csv, Format::ods, Format::json})
    EXPECT_THROW(
        {
          const auto table = begin(format, {"Nom"}, "x", [](std::string_view) {
            throw Error(Errc::unavailable, "the disk is full");
          });
          for (int i = 0; i < 200'000; ++i) table->row({std::string("aaaaaaaaaaaaaaaaaaaaaaaa")});
          table->end();
        },
        Error);
}

TEST(Table, FormatsHaveNames) {
  EXPECT_EQ(format_named("ods"), Format::ods);
  EXPECT_FALSE(format_named("xls"));
}

}  // namespace
}  // namespace parvis::table
