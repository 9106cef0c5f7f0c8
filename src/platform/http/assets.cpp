#include "http/assets.hpp"

#include <array>
#include <fstream>
#include <iterator>

#include "crypto/hash.hpp"

namespace parvis::http {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kTypes = {{
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".webmanifest", "application/manifest+json"},
}};

std::string_view type_of(const std::filesystem::path& path) {
  for (const auto& [extension, type] : kTypes)
    if (path.extension() == extension) return type;
  return {};
}

// If-None-Match: "*" or a list of tags, W/ ignored (RFC 9110 §13.1.2: weak comparison).
bool names_tag(std::string_view header, std::string_view tag) {
  return header == "*" || header.find(tag) != std::string_view::npos;
}

}  // namespace

Assets::Assets(const std::filesystem::path& folder, std::string prefix)
    : prefix_(std::move(prefix)) {
  std::error_code failed;
  std::size_t total = 0;
  std::filesystem::recursive_directory_iterator entry(folder, failed), end;
  for (; !failed && entry != end; entry.increment(failed)) {
    const std::string_view type = type_of(entry->path());
    if (!entry->is_regular_file() || type.empty()) continue;
    if (entry->file_size() > kAssetBytes || (total += entry->file_size()) > kAssetsBytes)
      throw Error(Errc::too_large, "static file too large: " + entry->path().string());
    std::ifstream file(entry->path(), std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(file)), {});
    if (file.bad() || !file) failed = std::make_error_code(std::errc::io_error);
    std::string version = crypto::sha256_hex(bytes).substr(0, 32);
    files_[entry->path().lexically_relative(folder).generic_string()] = {
        std::make_shared<const std::string>(std::move(bytes)), std::string(type),
        std::move(version)};
    if (failed) break;
  }
  if (failed)
    throw Error(Errc::unavailable,
                "cannot read static files in " + folder.string() + ": " + failed.message());
}

std::string Assets::url(std::string_view file) const {
  const auto found = files_.find(file);
  CHECK(found != files_.end());
  return prefix_ + "/" + found->first + "?v=" + found->second.version;
}

Response Assets::serve(const Request& request, std::string_view file) const {
  const auto found = files_.find(file);
  if (found == files_.end()) throw Error(Errc::not_found, "");
  const Asset& asset = found->second;
  const std::string tag = "\"" + asset.version + "\"";
  Response response;
  response.set("ETag", tag);
  response.set("Cache-Control", request.query_value("v") == asset.version
                                    ? "public, max-age=31536000, immutable"
                                    : "no-cache");
  if (names_tag(request.header("if-none-match").value_or(""), tag)) {
    response.status = 304;
    return response;
  }
  response.set("Content-Type", asset.type);
  response.shared = asset.bytes;
  return response;
}

void Assets::add_to(Router& router) const {
  router.get(prefix_ + "/{file...}",
             [this](const Request& request) { return serve(request, *request.param("file")); },
             {.runs = Runs::on_loop});
}

}  // namespace parvis::http
