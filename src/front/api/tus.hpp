// Resumable uploads by the tus protocol 1.0 (core, creation, expiration, termination), for whoever
// shows cases: the API by the bearer's token, the portal by its cookie.
//
//   OPTIONS {base}          what is spoken
//   POST    {base}          Upload-Length, Upload-Metadata: filename, field, dated (base64): 201,
//   Location GET     {base}          {"files": […]} HEAD    {base}/{file}   Upload-Offset,
//   Upload-Length: where to go on PATCH   {base}/{file}   Upload-Offset, the bytes from there on:
//   204; what came before a cut is kept GET     {base}/{file}   how it stands, once it was looked
//   at DELETE  {base}/{file}
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "casework/pieces.hpp"
#include "http/router.hpp"

namespace parvis::api {

inline constexpr std::string_view kTusVersion = "1.0.0";
inline constexpr std::size_t kMetadataMax = 2 * 1024;  // bytes of Upload-Metadata
inline constexpr std::size_t kMetadataKeys = 16;

// "filename bm9tLnBkZg==,field bm9t": values decoded, valid UTF-8.
std::expected<std::map<std::string, std::string>, Problem> parse_metadata(std::string_view header);
// A count of bytes as a header says it: decimal digits, at most 15.
std::expected<std::int64_t, Problem> parse_bytes(std::string_view header);

// Whose uploads a request is about; throws what the request is refused with. field: of the question
// that the address names, else the sender's metadata says it; a sender may not say another.
struct UploadsOf {
  tenancy::Context cx;
  std::string id, token;
};
using UploadsGate = std::function<UploadsOf(const http::Request&)>;

// base: a pattern. `pieces` outlives the router. writes: of what begins an upload; reads: the rest.
void add_tus(http::Router& router, const std::string& base, const UploadsGate& gate,
             casework::Pieces& pieces, const http::RouteOptions& writes,
             const http::RouteOptions& reads);

// {"id", "field", "name", "type", "size", "state", "words", "said", "given", "offset"}.
json::object to_json(const casework::Piece& piece);

// A piece as a download: never shown inside of a page, nor guessed at, nor run.
http::Response download(casework::Pieces::Content content);

}  // namespace parvis::api
