#include "api/tus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.hpp"
#include "text/normalise.hpp"

namespace parvis::api {
namespace {

using casework::Pieces;
using http::Method;
using http::Request;
using http::Response;

constexpr std::string_view kType = "application/offset+octet-stream";
constexpr std::string_view kExtensions = "creation,expiration,termination";

// Strict: padded, without line ends (RFC 4648 §4).
std::optional<std::string> base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '=') {
      if (++padding > 2) return std::nullopt;
      continue;
    }
    const int value = c >= 'A' && c <= 'Z'   ? c - 'A'
                      : c >= 'a' && c <= 'z' ? c - 'a' + 26
                      : c >= '0' && c <= '9' ? c - '0' + 52
                      : c == '+'             ? 62
                      : c == '/'             ? 63
                                             : -1;
    if (value < 0 || padding > 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out.push_back(static_cast<char>(bits >> held & 0xFF));
  }
  return out;
}

Response tus(int status) {
  Response out;
  out.status = status;
  return std::move(out).set("Tus-Resumable", kTusVersion);
}

std::string_view header(const Request& request, std::string_view name) {
  return request.header(name).value_or("");
}

// 412, as the protocol wants it, with what is spoken here.
std::optional<Response> other_version(const Request& request) {
  if (header(request, "tus-resumable") == kTusVersion) return std::nullopt;
  return http::problem({412, "Tus-Resumable: 1.0.0 is spoken here"}, request.request_id)
      .set("Tus-Version", kTusVersion);
}

std::int64_t bytes_in(const Request& request, std::string_view name) {
  const auto value = parse_bytes(header(request, name));
  if (!value) throw Error(Errc::invalid, std::string(name) + ": " + value.error().what);
  return *value;
}

json::object upload_json(const casework::Upload& upload) {
  json::object out = to_json(upload.piece);
  out["offset"] = upload.received;
  return out;
}

class Uploads {
 public:
  Uploads(UploadsGate gate, Pieces& pieces) : gate_(std::move(gate)), pieces_(pieces) {}

  Response options(const Request&) const {
    return tus(204)
        .set("Tus-Version", kTusVersion)
        .set("Tus-Extension", kExtensions)
        .set("Tus-Max-Size", std::to_string(blob::kFileMax));
  }

  Response create(const Request& request) const {
    if (auto refused = other_version(request)) return *std::move(refused);
    const UploadsOf own = gate_(request);
    const auto metadata = parse_metadata(header(request, "upload-metadata"));
    if (!metadata) throw Error(Errc::invalid, "Upload-Metadata: " + metadata.error().what);
    const auto said = [&](const char* key) {
      const auto found = metadata->find(key);
      return found == metadata->end() ? std::string() : found->second;
    };
    casework::NewPiece fresh{.field = said("field"), .name = Personal(said("filename"))};
    fresh.ask = said("ask");
    fresh.length = bytes_in(request, "upload-length");
    if (const std::string dated = said("dated"); !dated.empty()) {
      fresh.dated = parse_iso_date(dated);
      if (!fresh.dated) throw Error(Errc::invalid, "dated: a date is YYYY-MM-DD");
    }
    const casework::Upload begun = pieces_.begin(own.cx, own.id, own.token, fresh);
    Response out = tus(201).set("Location", request.path + "/" + begun.piece.id);
    if (begun.expires_at) out.set("Upload-Expires", http_date(*begun.expires_at));
    return out;
  }

  Response list(const Request& request) const {
    const UploadsOf own = gate_(request);
    json::array files;
    for (const casework::Piece& piece : pieces_.list(own.cx, own.id, own.token))
      files.push_back(to_json(piece));
    return Response::json(json::object{{"files", std::move(files)}});
  }

  Response show(const Request& request) const {
    const UploadsOf own = gate_(request);
    const casework::Upload upload = pieces_.at(own.cx, own.id, own.token, *request.param("file"));
    Response out = Response::json(upload_json(upload));
    out.set("Tus-Resumable", kTusVersion);
    out.set("Upload-Offset", std::to_string(upload.received));
    if (upload.length) out.set("Upload-Length", std::to_string(*upload.length));
    if (upload.expires_at) out.set("Upload-Expires", http_date(*upload.expires_at));
    return out;
  }

  std::variant<Response, http::Receiving> receive(const Request& request) const {
    if (auto refused = other_version(request)) return *std::move(refused);
    if (header(request, "content-type") != kType)
      return http::problem({415, "Content-Type: application/offset+octet-stream"},
                           request.request_id);
    const UploadsOf own = gate_(request);
    // Shared: both functions are its owners.
    std::shared_ptr<Pieces::Sending> sending = pieces_.resume(
        own.cx, own.id, own.token, *request.param("file"), bytes_in(request, "upload-offset"));
    return http::Receiving{
        .take = [sending](std::string_view bytes) { sending->append(bytes); },
        .done =
            [sending] {
              const casework::Upload& upload = sending->upload();
              const bool whole = upload.length && upload.received == *upload.length;
              if (whole) sending->finish();
              Response out = tus(204).set("Upload-Offset", std::to_string(upload.received));
              if (!whole && upload.expires_at)
                out.set("Upload-Expires", http_date(*upload.expires_at));
              return out;
            }};
  }

  Response remove(const Request& request) const {
    const UploadsOf own = gate_(request);
    pieces_.remove(own.cx, own.id, own.token, *request.param("file"));
    return tus(204);
  }

 private:
  // RFC 9110 §5.6.7.
  static std::string http_date(Instant at) {
    static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const CivilDate date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
    return fmt::format(
        "{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday(day).c_encoding()],
        static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
        time.seconds().count());
  }

  const UploadsGate gate_;
  Pieces& pieces_;
};

}  // namespace

std::expected<std::map<std::string, std::string>, Problem> parse_metadata(std::string_view header) {
  if (header.size() > kMetadataMax) return std::unexpected(Problem{"too long"});
  std::map<std::string, std::string> out;
  while (!header.empty()) {
    const std::size_t comma = std::min(header.find(','), header.size());
    std::string_view pair = header.substr(0, comma);
    header.remove_prefix(std::min(comma + 1, header.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    const std::size_t space = std::min(pair.find(' '), pair.size());
    const std::string_view key = pair.substr(0, space);
    const std::string_view value = pair.substr(std::min(space + 1, pair.size()));
    const auto decoded = base64(value);
    if (key.empty() || out.size() == kMetadataKeys)
      return std::unexpected(Problem{"at most 16 keys, each with its value in base64"});
    if (!decoded || !text::valid_utf8(*decoded))
      return std::unexpected(Problem{"a value is text in base64"});
    if (!out.emplace(key, *decoded).second) return std::unexpected(Problem{"a key comes twice"});
  }
  return out;
}

std::expected<std::int64_t, Problem> parse_bytes(std::string_view header) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(header.data(), header.data() + header.size(), value);
  const bool digits = !header.empty() && header.size() <= 15 &&
                      std::ranges::all_of(header, [](char c) { return c >= '0' && c <= '9'; });
  if (failed != std::errc() || end != header.data() + header.size() || !digits)
    return std::unexpected(Problem{"a number of bytes is wanted"});
  return value;
}

json::object to_json(const casework::Piece& piece) {
  return {{"id", piece.id},
          {"field", piece.field},
          {"name", piece.name.read()},
          {"type", piece.type},
          {"size", piece.size},
          {"state", name(piece.state)},
          {"words", words(piece.state)},
          {"said", piece.said},
          {"given", piece.given}};
}

http::Response download(Pieces::Content content) {
  // RFC 6266: the name in ASCII for old programs, then as it is (RFC 8187).
  std::string plain, whole;
  for (const char c : content.piece.name.read()) {
    const bool safe = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '.' || c == '-' || c == '_';
    plain.push_back(safe ? c : '_');
    whole += safe ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  Response out;
  out.pieces = std::make_shared<const http::PiecedBody>(
      http::PiecedBody{content.bytes, std::move(content.next)});
  return std::move(out)
      .set("Content-Type", content.piece.type)
      .set("Content-Disposition",
           fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", plain, whole))
      .set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
      .set("X-Content-Type-Options", "nosniff");
}

void add_tus(http::Router& router, const std::string& base, const UploadsGate& gate, Pieces& pieces,
             const http::RouteOptions& writes, const http::RouteOptions& reads) {
  // Shared: the handlers of the router are its owners.
  const auto uploads = std::make_shared<const Uploads>(gate, pieces);
  using Do = Response (Uploads::*)(const Request&) const;
  const auto to = [&](Do act) {
    return [uploads, act](const Request& request) { return (*uploads.*act)(request); };
  };
  const std::string one = base + "/{file}";
  http::RouteOptions whole = reads;
  whole.body_bytes = static_cast<std::size_t>(blob::kFileMax);
  router.add(Method::options, base, to(&Uploads::options), reads);
  router.post(base, to(&Uploads::create), writes);
  router.get(base, to(&Uploads::list), reads);
  router.get(one, to(&Uploads::show), reads);
  router.receive(
      Method::patch, one, [uploads](const Request& request) { return uploads->receive(request); },
      whole);
  router.add(Method::del, one, to(&Uploads::remove), reads);
}

}  // namespace parvis::api
