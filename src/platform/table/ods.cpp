// OpenDocument 1.3 (ISO/IEC 26300): a zip of a media type, a manifest and content.xml, which is
// written piece by piece; its length stands behind it, so nothing of it is kept.
#include "table/ods.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <exception>

#include "base/error.hpp"

namespace parvis::table {
namespace {

constexpr std::string_view kMedia = "application/vnd.oasis.opendocument.spreadsheet";
constexpr std::string_view kManifest =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" "
    "manifest:version=\"1.3\">"
    "<manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" "
    "manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>"
    "<manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>"
    "</manifest:manifest>\n";
constexpr std::string_view kHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
    "xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" "
    "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.3\">"
    "<office:body><office:spreadsheet>";
constexpr std::string_view kFoot =
    "</table:table></office:spreadsheet></office:body>"
    "</office:document-content>\n";

// Signs that XML 1.0 does not have are left out.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n') out += c;
    }
  return out;
}

struct Free {
  void operator()(archive* a) const { archive_write_free(a); }
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};

class Ods final : public Table {
 public:
  Ods(Ods&&) = delete;
  Ods(std::vector<std::string> columns, std::string_view sheet, Out out)
      : columns_(columns.size()), out_(std::move(out)), zip_(archive_write_new()) {
    CHECK(zip_ != nullptr);
    archive_write_set_format_zip(zip_.get());
    archive_write_zip_set_compression_store(zip_.get());
    archive_write_set_bytes_per_block(zip_.get(), 0);  // nothing is padded
    // What is thrown is kept and rethrown by us: not through the library's frames, nor told to it,
    // since it leaks when a write fails.
    const auto write = [](archive*, void* self, const void* bytes, std::size_t size) -> la_ssize_t {
      Ods& ods = *static_cast<Ods*>(self);
      try {
        if (!ods.over_) ods.out_({static_cast<const char*>(bytes), size});
      } catch (...) {
        ods.thrown_ = std::current_exception();
        ods.over_ = true;
      }
      return static_cast<la_ssize_t>(size);
    };
    done(archive_write_open(zip_.get(), this, nullptr, write, nullptr));
    entry("mimetype", kMedia.size());
    data(kMedia);
    archive_write_zip_set_compression_deflate(zip_.get());
    entry("META-INF/manifest.xml", kManifest.size());
    data(kManifest);
    entry("content.xml", std::nullopt);
    data(kHead);
    data(fmt::format("<table:table table:name=\"{}\">", escaped(sheet)));
    std::vector<Cell> names;
    for (std::string& column : columns) names.emplace_back(std::move(column));
    row(names);
  }

  ~Ods() override { over_ = true; }

  void row(const std::vector<Cell>& cells) override {
    CHECK(cells.size() == columns_);
    std::string line = "<table:table-row>";
    for (const Cell& cell : cells) add(line, cell);
    data(line += "</table:table-row>");
  }
  void end() override {
    data(kFoot);
    done(archive_write_close(zip_.get()));
  }

 private:
  static void add(std::string& line, const Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) {
      line += "<table:table-cell office:value-type=\"string\">";
      for (std::size_t at = 0; at <= text->size();) {  // each line is a paragraph
        const std::size_t end = std::min(text->find('\n', at), text->size());
        line += "<text:p>" + escaped(std::string_view(*text).substr(at, end - at)) + "</text:p>";
        at = end + 1;
      }
      line += "</table:table-cell>";
    } else if (const auto* number = std::get_if<double>(&cell)) {
      line += fmt::format(
          "<table:table-cell office:value-type=\"float\" office:value=\"{0}\"><text:p>{0}</text:p>"
          "</table:table-cell>",
          *number);
    } else if (const auto* date = std::get_if<CivilDate>(&cell)) {
      line += fmt::format(
          "<table:table-cell office:value-type=\"date\" office:date-value=\"{0}\"><text:p>{0}"
          "</text:p></table:table-cell>",
          format_iso_date(*date));
    } else {
      line += "<table:table-cell/>";
    }
  }
  void entry(const char* name, std::optional<std::size_t> size) {
    const std::unique_ptr<archive_entry, Free> head(archive_entry_new());
    archive_entry_set_pathname(head.get(), name);
    archive_entry_set_filetype(head.get(), AE_IFREG);
    archive_entry_set_perm(head.get(), 0644);
    archive_entry_set_mtime(head.get(), 946'684'800, 0);  // the same table, the same bytes
    if (size) archive_entry_set_size(head.get(), static_cast<la_int64_t>(*size));
    done(archive_write_header(zip_.get(), head.get()));
  }
  void data(std::string_view bytes) {
    done(archive_write_data(zip_.get(), bytes.data(), bytes.size()) < 0 ? ARCHIVE_FATAL
                                                                        : ARCHIVE_OK);
  }
  void done(int code) {
    if (thrown_) std::rethrow_exception(thrown_);
    if (code != ARCHIVE_OK) throw Error(Errc::failed, "the spreadsheet cannot be written");
  }

  std::size_t columns_;
  Out out_;
  bool over_ = false;  // nothing more goes out
  std::exception_ptr thrown_;
  std::unique_ptr<archive, Free> zip_;
};

}  // namespace

std::unique_ptr<Table> begin_ods(std::vector<std::string> columns, std::string_view sheet,
                                 Out out) {
  return std::make_unique<Ods>(std::move(columns), sheet, std::move(out));
}

}  // namespace parvis::table
