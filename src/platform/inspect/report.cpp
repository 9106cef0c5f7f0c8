#include "inspect/report.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "inspect/limits.hpp"

namespace parvis::inspect {
namespace {

constexpr std::array<std::string_view, 14> kRefusals = {
    "none", "empty", "too_large", "type",      "unreadable", "animated", "pixels",
    "tiny", "dark",  "blank",     "encrypted", "pages",      "active",   "attached"};
constexpr std::array<std::string_view, 5> kExtensions = {"", ".pdf", ".jpg", ".png", ".webp"};
constexpr std::size_t kHead = 3 + 4 * sizeof(std::uint32_t);

void put(std::string& bytes, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(number >> shift));
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i)
    number |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  return number;
}

bool mime_like(std::string_view mime) {
  return mime.size() <= kMimeMax && std::ranges::all_of(mime, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view("/.+-_").contains(c);
         });
}

// What is kept is a PDF as it is, or an image written anew as JPEG or PNG.
bool coherent(const Report& report) {
  if (report.pages > kPagesMax && report.refusal != Refusal::pages) return false;
  if (report.refusal != Refusal::none) return report.kept == Type::other && report.rewritten == 0;
  if (report.type == Type::pdf)
    return report.kept == Type::pdf && report.rewritten == 0 && report.pages > 0;
  const bool image = report.kept == Type::jpeg || report.kept == Type::png;
  return report.type != Type::other && image && report.rewritten > 0 &&
         report.rewritten <= kRewrittenMax && report.width > 0 && report.height > 0;
}

}  // namespace

std::string_view name(Refusal refusal) { return kRefusals.at(static_cast<std::size_t>(refusal)); }

std::string_view extension(Type type) { return kExtensions.at(static_cast<std::size_t>(type)); }

std::string encode(const Report& report) {
  std::string bytes = {static_cast<char>(report.refusal), static_cast<char>(report.type),
                       static_cast<char>(report.kept)};
  for (const std::uint32_t number : {report.pages, report.width, report.height, report.rewritten})
    put(bytes, number);
  bytes += report.mime;
  CHECK(bytes.size() <= kReportMax);
  return bytes;
}

std::optional<Report> parse_report(std::string_view bytes) {
  if (bytes.size() < kHead || bytes.size() > kReportMax) return std::nullopt;
  const auto refusal = static_cast<std::size_t>(static_cast<unsigned char>(bytes[0]));
  const auto type = static_cast<std::size_t>(static_cast<unsigned char>(bytes[1]));
  const auto kept = static_cast<std::size_t>(static_cast<unsigned char>(bytes[2]));
  if (refusal >= kRefusals.size() || type >= kExtensions.size() || kept >= kExtensions.size())
    return std::nullopt;
  Report report{.refusal = static_cast<Refusal>(refusal),
                .type = static_cast<Type>(type),
                .mime = std::string(bytes.substr(kHead)),
                .pages = number_at(bytes, 3),
                .width = number_at(bytes, 7),
                .height = number_at(bytes, 11),
                .kept = static_cast<Type>(kept),
                .rewritten = number_at(bytes, 15)};
  if (!mime_like(report.mime) || !coherent(report)) return std::nullopt;
  return report;
}

}  // namespace parvis::inspect
