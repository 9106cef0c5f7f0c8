#include <algorithm>

#include "portal/pages.hpp"

namespace parvis::portal {

using namespace html;

namespace {

// A line with its web addresses as links. One that closes a line after a colon is the address of
// what the line names ("Service en ligne : Achat du timbre : https://…"): the name is the link.
Html linked(std::string_view line) {
  constexpr std::string_view kColon = "\u00a0: ";
  Html out;
  while (!line.empty()) {
    const std::size_t at = std::min(line.find("http://"), line.find("https://"));
    if (at == std::string_view::npos) break;
    std::string_view before = line.substr(0, at);
    std::string_view url = line.substr(at, line.substr(at).find_first_of(" )>"));
    while (url.ends_with('.') || url.ends_with(',') || url.ends_with(';')) url.remove_suffix(1);
    line.remove_prefix(at + url.size());
    if (before.ends_with(kColon) && (line.empty() || line == ".")) {
      before.remove_suffix(kColon.size());
      const std::size_t named = before.rfind(kColon);
      const std::size_t start = named == std::string_view::npos ? 0 : named + kColon.size();
      return out +=
             fragment(before.substr(0, start), h("a", {href(url)}, before.substr(start)), line);
    }
    out += fragment(before, h("a", {href(url)}, url));
  }
  return out += Html(line);
}

// "1. " starts a step: the mark's length, or 0.
std::size_t step_mark(std::string_view line) {
  std::size_t digits = 0;
  while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9') ++digits;
  return digits > 0 && line.substr(digits).starts_with(". ") ? digits + 2 : 0;
}

// Without spaces, no-break ones included: sources and answers space the same words differently.
std::string squeezed(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ' || text[i] == '\n' || text[i] == '\t') continue;
    if (text.substr(i).starts_with("\u00a0")) {
      i += 1;
    } else if (text.substr(i).starts_with("\u202f")) {
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

struct Line {
  enum class Kind { paragraph, item, step };
  Kind kind = Kind::paragraph;
  std::string_view text;
  std::size_t source = 0;  // number of its citation; 0 = it states nothing of a sheet
};

std::vector<Line> split(std::string_view text, const std::vector<answer::Citation>& citations) {
  std::vector<std::string> passages;
  for (const answer::Citation& citation : citations) passages.push_back(squeezed(citation.passage));
  std::vector<Line> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    Line line{.text = text.substr(0, end)};
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.text.starts_with("- ")) {
      line.kind = Line::Kind::item;
      line.text.remove_prefix(2);
    } else if (const std::size_t mark = step_mark(line.text); mark > 0) {
      line.kind = Line::Kind::step;
      line.text.remove_prefix(mark);
    }
    if (line.text.empty()) continue;
    const std::string words = squeezed(line.text);
    for (std::size_t i = 0; i < passages.size() && line.source == 0; ++i)
      if (passages[i].find(words) != std::string::npos) line.source = i + 1;
    out.push_back(line);
  }
  return out;
}

Html ref(std::size_t number) {
  const std::string n = std::to_string(number);
  return h("a", {cls("ref"), href("#s" + n), attr("aria-label", "Source " + n)}, n);
}

}  // namespace

Html lines(std::string_view text, const std::vector<answer::Citation>& citations) {
  const std::vector<Line> all = split(text, citations);
  Html out, list;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Line& line = all[i];
    const bool last = i + 1 == all.size();
    const bool closes = line.source != 0 && (last || all[i + 1].source != line.source);
    const Html words = fragment(linked(line.text), when(closes, [&] { return ref(line.source); }));
    if (line.kind == Line::Kind::paragraph) {
      out += h("p", words);
      continue;
    }
    list += h("li", words);
    if (!last && all[i + 1].kind == line.kind) continue;
    out += line.kind == Line::Kind::item ? h("ul", list) : h("ol", list);
    list = Html();
  }
  return out;
}

}  // namespace parvis::portal
