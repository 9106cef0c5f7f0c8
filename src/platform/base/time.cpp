#include "base/time.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <array>
#include <charconv>

namespace parvis {
namespace {

const date::time_zone& tz(const void* zone) { return *static_cast<const date::time_zone*>(zone); }

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

std::optional<Zone> Zone::named(std::string_view iana) {
  try {
    return Zone(date::locate_zone(std::string(iana)));
  } catch (const std::runtime_error&) {  // the database knows no such zone
    return std::nullopt;
  }
}

Zone Zone::paris() {
  static const Zone zone(date::locate_zone("Europe/Paris"));
  return zone;
}

std::string_view Zone::name() const { return tz(zone_).name(); }

LocalTime Zone::local(Instant instant) const {
  auto local = tz(zone_).to_local(std::chrono::floor<std::chrono::seconds>(instant));
  return LocalTime(local.time_since_epoch());
}

Instant Zone::instant(LocalTime local) const {
  return tz(zone_).to_sys(date::local_time<std::chrono::seconds>(local.time_since_epoch()),
                          date::choose::earliest);
}

CivilDate civil_date(LocalTime local) {
  return CivilDate(std::chrono::floor<std::chrono::days>(local));
}

Minutes time_of_day(LocalTime local) {
  return std::chrono::floor<Minutes>(local - std::chrono::floor<std::chrono::days>(local));
}

Instant system_now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::optional<CivilDate> parse_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  auto y = digits(text, 0, 4), m = digits(text, 5, 2), d = digits(text, 8, 2);
  if (!y || !m || !d) return std::nullopt;
  CivilDate date{std::chrono::year(*y), std::chrono::month(static_cast<unsigned>(*m)),
                 std::chrono::day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  return date;
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ')) return {};
  auto date = parse_iso_date(text.substr(0, 10));
  auto h = digits(text, 11, 2), m = digits(text, 14, 2), s = digits(text, 17, 2);
  if (!date || !h || !m || !s || text[13] != ':' || text[16] != ':') return {};
  if (*h > 23 || *m > 59 || *s > 60) return {};
  std::size_t at = 19;
  int millis = 0;
  if (text[at] == '.') {
    int scale = 100;
    std::size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10)
      millis += (text[at] - '0') * scale;
    if (at == first || at == text.size()) return {};
  }
  std::chrono::minutes offset{0};
  if (text[at] == 'Z' || text[at] == 'z') {
    if (at + 1 != text.size()) return {};
  } else {
    auto oh = digits(text, at + 1, 2), om = digits(text, at + 4, 2);
    if ((text[at] != '+' && text[at] != '-') || !oh || !om || text.size() != at + 6 ||
        text[at + 3] != ':' || *oh > 23 || *om > 59)
      return {};
    offset = std::chrono::hours(*oh) + std::chrono::minutes(*om);
    if (text[at] == '-') offset = -offset;
  }
  return Instant(std::chrono::sys_days(*date)) + std::chrono::hours(*h) + std::chrono::minutes(*m) +
         std::chrono::seconds(*s) + std::chrono::milliseconds(millis) - offset;
}

std::string format_iso_date(CivilDate date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string format_rfc3339(Instant instant) {
  auto day = std::chrono::floor<std::chrono::days>(instant);
  std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(instant - day));
  return fmt::format("{}T{:02}:{:02}:{:02}Z", format_iso_date(CivilDate(day)), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::string format_french_date(CivilDate date) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "janvier", "février", "mars",      "avril",   "mai",      "juin",
      "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};
  const auto day = static_cast<unsigned>(date.day());
  return fmt::format("{}{} {} {}", day, day == 1 ? "er" : "",
                     kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()));
}

}  // namespace parvis
