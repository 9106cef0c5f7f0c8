// Static files, read once at start and served from memory with ETag and Cache-Control.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "http/router.hpp"

namespace parvis::http {

class Assets {
 public:
  // Reads every regular file under `folder` whose extension is known. Throws Error(unavailable)
  // when the folder cannot be read, Error(too_large) past kAssetBytes or kAssetsBytes.
  // `prefix`: where they are served, "/assets".
  Assets(const std::filesystem::path& folder, std::string prefix);

  // The address of a file with its version, to be cached for ever: "/assets/a.css?v=1f0c…".
  // CHECKs that the file exists: its name is written in the program.
  std::string url(std::string_view file) const;
  Response serve(const Request& request, std::string_view file) const;  // throws not_found
  // GET prefix/{file...}; this object outlives the router.
  void add_to(Router& router) const;

 private:
  struct Asset {
    std::shared_ptr<const std::string> bytes;  // shared with the responses being written
    std::string type;
    std::string version;  // the first half of SHA-256
  };
  std::string prefix_;
  std::map<std::string, Asset, std::less<>> files_;
};

}  // namespace parvis::http
