#include "knowledge/local_sheet.hpp"

#include <fmt/format.h>
#include <md4c-html.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>

#include "knowledge/faq.hpp"
#include "text/normalise.hpp"

namespace parvis::knowledge {
namespace {
namespace fs = std::filesystem;

constexpr std::array<std::string_view, 11> kKeys = {
    "id",      "title", "completes", "overrides",   "communes", "territory",
    "updated", "url",   "theme",     "description", "asked"};

std::unexpected<Problem> refuse(std::string why, std::size_t line = 0) {
  return std::unexpected(Problem{std::move(why), line});
}

// Takes the front matter off the start of `bytes`, and says on which line it starts.
std::expected<std::string_view, Problem> take_front_matter(std::string_view& bytes, bool html,
                                                           std::size_t& first_line) {
  std::string_view rest = bytes;
  first_line = 2;
  if (html && rest.starts_with("<!--")) {
    rest.remove_prefix(4);
    const std::size_t start = rest.find_first_not_of(" \r\n\t");
    if (start == std::string_view::npos) return std::string_view();
    first_line += static_cast<std::size_t>(std::ranges::count(rest.substr(0, start), '\n'));
    rest.remove_prefix(start);
  }
  if (!rest.starts_with("---\n") && !rest.starts_with("---\r\n")) return std::string_view();
  rest.remove_prefix(rest.find('\n') + 1);
  const std::size_t end = rest.starts_with("---") ? 0 : rest.find("\n---");
  if (end == std::string_view::npos)
    return refuse("the front matter has no end: add a line of three dashes", 1);
  if (end > kFrontMatterBytes)
    return refuse(fmt::format("the front matter is larger than {} KB", kFrontMatterBytes / 1024),
                  1);
  const std::string_view matter = rest.substr(0, end);
  rest.remove_prefix(std::min(rest.find('\n', end + 1), rest.size()));
  if (html) {
    const std::size_t close = rest.find("-->");
    if (close == std::string_view::npos)
      return refuse("the comment of the front matter has no end");
    rest.remove_prefix(close + 3);
  }
  bytes = rest;
  return matter;
}

// A text, or a list of texts.
std::vector<std::string> texts(const YAML::Node& node) {
  std::vector<std::string> out;
  if (node.IsScalar()) out.push_back(text::clean(node.Scalar()));
  if (node.IsSequence())
    for (const auto& each : node)
      if (each.IsScalar()) out.push_back(text::clean(each.Scalar()));
  std::erase(out, "");
  return out;
}

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= kIdBytes && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

// Why the member is wrong, or nothing.
std::optional<std::string> take(const std::string& key, const YAML::Node& value, Document& d) {
  const std::vector<std::string> all = texts(value);
  if (key == "completes")
    d.completes = all;
  else if (key == "overrides")
    d.overrides = all;
  else if (key == "communes")
    d.communes = all;
  else if (key == "asked")
    d.asked = all;
  else if (all.size() > 1)
    return "'" + key + "' takes one text";
  else if (all.empty())
    return std::nullopt;
  else if (key == "title")
    d.title = all[0];
  else if (key == "territory")
    d.territory = all[0];
  else if (key == "theme")
    d.theme = all[0];
  else if (key == "description")
    d.description = all[0];
  else if (key == "id") {
    d.key.id = all[0];
    if (!is_id(d.key.id)) return "'id' is made of letters without accents, digits, - _ and .";
  } else if (key == "url") {
    d.url = all[0];
    if (!is_web_address(d.url)) return "'url' starts with http:// or https://";
  } else if (key == "updated") {
    d.updated = parse_iso_date(all[0]);
    if (!d.updated) return "'updated' is a date: YYYY-MM-DD";
  }
  return std::nullopt;
}

std::expected<void, Problem> read_front_matter(std::string_view yaml, std::size_t first_line,
                                               Document& d) {
  // yaml-cpp tells faults by exceptions; none leaves this function.
  try {
    const YAML::Node node = YAML::Load(std::string(yaml));
    if (node.IsNull()) return {};
    if (!node.IsMap())
      return refuse("the front matter is a list of 'key: value' lines", first_line);
    for (const auto& member : node) {
      const std::string key = member.first.IsScalar() ? member.first.Scalar() : "";
      const std::size_t line = first_line + static_cast<std::size_t>(member.first.Mark().line);
      if (std::ranges::find(kKeys, key) == kKeys.end())
        return refuse(fmt::format("'{}' is not known; known are {}",
                                  text::utf8_prefix(text::clean(key), 40), fmt::join(kKeys, ", ")),
                      line);
      if (auto why = take(key, member.second, d)) return refuse(std::move(*why), line);
    }
    return {};
  } catch (const YAML::Exception& error) {
    const int line = std::max(0, error.mark.line);
    return refuse("the front matter is not YAML: " + error.msg,
                  first_line + static_cast<std::size_t>(line));
  }
}

std::expected<std::string, Problem> html_of(std::string_view markdown) {
  std::string out;
  const auto append = [](const MD_CHAR* text, MD_SIZE size, void* to) {
    static_cast<std::string*>(to)->append(text, size);
  };
  const unsigned flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_PERMISSIVEAUTOLINKS |
                         MD_FLAG_NOHTMLBLOCKS | MD_FLAG_NOHTMLSPANS;
  if (md_html(markdown.data(), static_cast<MD_SIZE>(markdown.size()), append, &out, flags, 0) != 0)
    return refuse("the Markdown cannot be read");
  return out;
}

bool is_html(const fs::path& path) {
  return path.extension() == ".html" || path.extension() == ".htm";
}

}  // namespace

std::expected<Document, Problem> parse_local_sheet(std::string_view name, std::string_view bytes) {
  if (bytes.size() > kLocalSheetBytes)
    return refuse(fmt::format("larger than {} KB", kLocalSheetBytes / 1024));
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.contains('\0')) return refuse("contains a NUL character");
  if (!text::valid_utf8(bytes)) return refuse("not valid UTF-8: save the file as UTF-8");
  const fs::path path(name);
  const bool html = is_html(path);
  Document d;
  d.kind = Document::Kind::local;
  d.key = {"local", path.stem().string()};
  std::size_t line = 0;
  const auto matter = take_front_matter(bytes, html, line);
  if (!matter) return std::unexpected(matter.error());
  if (auto read = read_front_matter(*matter, line, d); !read) return std::unexpected(read.error());
  if (!is_id(d.key.id))
    return refuse("the file's name cannot serve as an id: give it an 'id' in the front matter");
  const auto page = html ? std::expected<std::string, Problem>(bytes) : html_of(bytes);
  if (!page) return std::unexpected(page.error());
  auto content = read_html(*page);
  if (!content) return std::unexpected(content.error());
  if (d.title.empty()) d.title = content->title;
  if (d.title.empty()) return refuse("no title: add 'title' to the front matter or a # heading");
  d.body = std::move(content->blocks);
  if (d.body.empty()) return refuse("no text");
  d.type = "Fiche locale";
  return d;
}

std::vector<fs::path> local_sheet_files(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  if (!fs::is_directory(folder, error)) return out;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (!entry.is_regular_file() || (entry.path().extension() != ".md" && !is_html(entry.path())))
      continue;
    out.push_back(entry.path());
    if (out.size() > kLocalSheets)
      throw Error(Errc::too_large,
                  fmt::format("{} holds more than {} sheets", folder.string(), kLocalSheets));
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace parvis::knowledge
