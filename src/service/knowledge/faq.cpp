#include "knowledge/faq.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "text/normalise.hpp"

namespace parvis::knowledge {
namespace {

std::unexpected<Problem> refuse(std::string why) {
  return std::unexpected(Problem{std::move(why)});
}

Span text_span(std::string_view words) {
  return {Span::Kind::text, std::string(words), "", "", ""};
}

// The words with their addresses as links; the full stop after an address is not part of it.
Spans linked(std::string_view words) {
  Spans out;
  auto add = [&](std::string_view run) {
    if (!run.empty()) out.push_back(text_span(run));
  };
  while (!words.empty()) {
    const std::size_t at = std::min(words.find("http://"), words.find("https://"));
    if (at == std::string_view::npos) break;
    std::string_view url = words.substr(at, words.substr(at).find_first_of(" <>\"«»()"));
    while (!url.empty() && std::string_view(".,;:!?").contains(url.back())) url.remove_suffix(1);
    add(words.substr(0, at));
    out.push_back({Span::Kind::web_link, std::string(url), std::string(url), "", ""});
    words.remove_prefix(at + url.size());
  }
  add(words);
  return out;
}

// The item's words when the line is one ("- pain", "2. pain", "2) pain"), and its kind of list.
std::optional<std::pair<std::string_view, std::string_view>> item_of(std::string_view line) {
  for (const std::string_view bullet : {"- ", "* ", "• ", "– "})
    if (line.starts_with(bullet)) return std::pair("puce", line.substr(bullet.size()));
  const std::size_t digits = line.find_first_not_of("0123456789");
  if (digits == 0 || digits > 2 || digits == std::string_view::npos) return std::nullopt;
  const std::string_view rest = line.substr(digits);
  if (!rest.starts_with(". ") && !rest.starts_with(") ")) return std::nullopt;
  return std::pair("numero", rest.substr(2));
}

bool is_insee(std::string_view word) {  // "75056", "2A004"
  return word.size() == 5 && std::ranges::all_of(word, [](char c) {
           return (c >= '0' && c <= '9') || c == 'A' || c == 'B';
         });
}

std::vector<std::string> insee_codes(std::string_view words) {
  std::vector<std::string> codes;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find_first_of(" ,;"), words.size());
    if (end > 0) {
      if (!is_insee(words.substr(0, end))) return {};  // a name
      codes.emplace_back(words.substr(0, end));
    }
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return codes;
}

}  // namespace

bool is_web_address(std::string_view url) {
  return (url.starts_with("https://") || url.starts_with("http://")) && url.size() > 10 &&
         std::ranges::none_of(url, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
}

Blocks blocks_of_text(std::string_view words) {
  Blocks out;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find('\n'), words.size());
    const std::string line = text::clean(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
    if (line.empty()) continue;
    Block paragraph;
    if (const auto item = item_of(line)) {
      const auto& [style, rest] = *item;
      if (out.empty() || out.back().kind != Block::Kind::list || out.back().style != style) {
        out.emplace_back().kind = Block::Kind::list;
        out.back().style = style;
      }
      Block& entry = out.back().children.emplace_back();
      entry.kind = Block::Kind::item;
      paragraph.spans = linked(rest);
      entry.children.push_back(std::move(paragraph));
    } else {
      paragraph.spans = linked(line);
      out.push_back(std::move(paragraph));
    }
  }
  return out;
}

std::expected<Document, Problem> parse_faq_line(std::string_view line) {
  if (line.size() > kFaqLineBytes)
    return refuse(fmt::format("longer than {} KB", kFaqLineBytes / 1024));
  const auto value = parse_json(line);
  if (!value) return refuse(value.error().what);
  const json::object* object = value->if_object();
  if (object == nullptr) return refuse("not a JSON object");
  Document d;
  d.kind = Document::Kind::faq;
  d.key.audience = "local";
  if (const auto number = integer_at(*object, "id"))
    d.key.id = std::to_string(*number);
  else
    d.key.id = text::clean(string_at(*object, "id").value_or(""));
  d.title = text::clean(string_at(*object, "question").value_or(""));
  d.body = blocks_of_text(string_at(*object, "answer").value_or(""));
  if (d.key.id.empty()) return refuse("no \"id\": give each question its own");
  if (d.title.empty()) return refuse("no \"question\"");
  if (d.body.empty()) return refuse("no \"answer\"");
  if (d.key.id.size() > kIdBytes) return refuse("\"id\" is too long");
  if (d.title.size() > kTitleBytes) return refuse("\"question\" is too long");
  d.type = "FAQ";
  d.url = text::clean(string_at(*object, "url").value_or(""));
  if (!d.url.empty() && !is_web_address(d.url))
    return refuse("\"url\" is not an address that starts with http:// or https://");
  if (const auto updated = string_at(*object, "updated"); updated && !updated->empty()) {
    d.updated = parse_iso_date(updated->substr(0, 10));
    if (!d.updated) return refuse("\"updated\" is not a date (YYYY-MM-DD)");
  }
  d.territory = text::clean(string_at(*object, "territory").value_or(""));
  d.communes = insee_codes(d.territory);
  return d;
}

}  // namespace parvis::knowledge
