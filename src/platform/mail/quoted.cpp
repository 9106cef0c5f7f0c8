#include "mail/quoted.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "text/normalise.hpp"

namespace parvis::mail {
namespace {

constexpr std::size_t kAnnouncement = 400;  // bytes of a line, or two, that announce a quotation
constexpr std::size_t kBlock = 6;           // lines of a header block that are looked at

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kSpace = " \t\r";
  line.remove_prefix(std::min(line.find_first_not_of(kSpace), line.size()));
  return line.substr(0, line.find_last_not_of(kSpace) + 1);
}
bool quoted(std::string_view line) { return trimmed(line).starts_with('>'); }

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// "Le jeudi 26 nov. 2026 à 10:12, Mairie <mairie@exemple.fr> a écrit :"; folded.
bool announces(std::string_view folded) {
  const bool french =
      folded.starts_with("le ") && (folded.ends_with("a ecrit :") || folded.ends_with("a ecrit:"));
  return french || (folded.starts_with("on ") && folded.ends_with("wrote:"));
}

bool original_message(std::string_view folded) {
  const std::size_t begin = folded.find_first_not_of("- ");
  if (begin == std::string_view::npos || !folded.starts_with("--")) return false;
  const std::string_view words = folded.substr(begin);
  return std::ranges::any_of(
      std::array<std::string_view, 5>{"message d'origine", "message original", "original message",
                                      "message transfere", "forwarded message"},
      [&](std::string_view start) { return words.starts_with(start); });
}

// "De :" with "Envoyé :", "Date :" or "À :" close behind.
bool header_block(const std::vector<std::string_view>& lines, std::size_t at) {
  const auto begins = [](std::string_view line, auto... starts) {
    std::string folded = text::fold(trimmed(line).substr(0, 40));
    std::erase_if(folded, [](char c) { return c == ' ' || c == '*'; });
    return (folded.starts_with(starts) || ...);
  };
  if (!begins(lines[at], "de:", "from:")) return false;
  for (std::size_t i = at + 1; i < lines.size() && i < at + kBlock; ++i)
    if (begins(lines[i], "envoye:", "date:", "sent:", "envoyele:")) return true;
  return false;
}

}  // namespace

std::string without_quoted(std::string_view text) {
  const std::vector<std::string_view> lines = lines_of(text);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] == "-- " || lines[i] == "-- \r" || header_block(lines, i)) break;
    if (quoted(lines[i])) continue;
    std::string folded;
    std::size_t used = 0;  // lines of an announcement: some programs break it
    for (std::size_t n = 1; n <= 2 && i + n <= lines.size() && used == 0; ++n) {
      if (folded.size() + lines[i + n - 1].size() > kAnnouncement) break;
      folded += (n == 1 ? "" : " ") + text::fold(trimmed(lines[i + n - 1]));
      if (announces(folded)) used = n;
    }
    if (used > 0) {
      std::size_t next = i + used;
      while (next < lines.size() && trimmed(lines[next]).empty()) ++next;
      if (next == lines.size() || !quoted(lines[next])) break;
      i = next;
      continue;
    }
    if (original_message(text::fold(trimmed(lines[i])))) break;
    (out += lines[i]) += '\n';
  }
  const auto trim = [](std::string_view all) {
    constexpr std::string_view kSpace = " \t\r\n_";  // Outlook draws a line of _ before its block
    const std::size_t begin = all.find_first_not_of("\r\n");
    if (begin == std::string_view::npos) return std::string();
    return std::string(all.substr(begin, all.find_last_not_of(kSpace) + 1 -
                                             std::min(begin, all.find_last_not_of(kSpace) + 1)));
  };
  std::string kept = trim(out);
  return kept.empty() ? trim(text) : kept;
}

}  // namespace parvis::mail
