#include "answer/pieces.hpp"

#include <algorithm>
#include <array>

#include "answer/facts.hpp"
#include "text/normalise.hpp"

// The blocks of a sheet lean on each other: a paragraph ends with "suivants :" and the list after
// it is its object; a table is read with the sentence before it. Pieces are built by gluing what
// leans: a list, table or service joins the paragraph before it when that one announces it (and a
// list joins whatever stands before it). Inside a piece everything is in the sheet's order.

namespace parvis::answer {
namespace {

using namespace std::string_view_literals;
using knowledge::Block;
using knowledge::Blocks;
using Kind = Block::Kind;

constexpr const char* kColon = "\u00A0: ";

std::string collapse(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!space)
      out.push_back(c);
    else if (!out.empty() && out.back() != ' ')
      out.push_back(' ');
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

void add_line(std::string& out, std::string_view line) {
  if (line.empty()) return;
  if (!out.empty()) out.push_back('\n');
  out.append(line);
}

std::string notice_name(Kind kind) {
  switch (kind) {
    case Kind::note:
      return "À noter";
    case Kind::know:
      return "À savoir";
    case Kind::reminder:
      return "Rappel";
    case Kind::example:
      return "Exemple";
    default:
      return "Attention";
  }
}

bool is_notice(Kind kind) {
  return kind == Kind::note || kind == Kind::know || kind == Kind::attention ||
         kind == Kind::reminder || kind == Kind::example;
}

bool is_service(Kind kind) {
  return kind == Kind::online || kind == Kind::form || kind == Kind::template_ ||
         kind == Kind::tool || kind == Kind::notice_link;
}

std::string_view service_name(const Block& block) {
  switch (block.kind) {
    case Kind::form:
      return "Formulaire";
    case Kind::template_:
      return "Modèle";
    case Kind::tool:
      return "Outil en ligne";
    case Kind::notice_link:
      return "Notice";
    default:
      return "Service en ligne";
  }
}

// "Téléservice : Déclarer la vente" is named as a service already.
std::string_view without_kind(std::string_view title) {
  for (const std::string_view kind : {"Téléservice"sv, "Simulateur"sv, "Formulaire"sv,
                                      "Modèle de document"sv, "Module de recherche"sv})
    for (const std::string_view colon : {"\u00A0: "sv, " : "sv})
      if (title.starts_with(kind) && title.substr(kind.size()).starts_with(colon))
        return title.substr(kind.size() + colon.size());
  return title;
}

std::string indent(std::size_t depth) { return std::string(2 * depth, ' '); }

void say(const Block& block, std::string& out, std::size_t depth);

void say_all(const Blocks& blocks, std::string& out, std::size_t depth) {
  for (const Block& child : blocks) say(child, out, depth);
}

void say_item(const Block& item, std::string& out, std::size_t depth) {
  bool first = true;
  for (const Block& child : item.children) {
    if (child.kind != Kind::paragraph) {
      say(child, out, depth + 1);
      continue;
    }
    const std::string words = line_text(child.spans);
    if (words.empty()) continue;
    add_line(out, indent(depth) + (first ? "- " : "  ") + words);
    first = false;
  }
}

std::string flat(const Block& cell) {
  std::string out;
  say_all(cell.children, out, 0);
  std::string joined;
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t end = std::min(out.find('\n', at), out.size());
    std::string_view line = std::string_view(out).substr(at, end - at);
    while (line.starts_with(' ')) line.remove_prefix(1);
    const bool item = line.starts_with("- ");
    if (item) line.remove_prefix(2);
    if (!joined.empty()) {
      const bool closed = joined.ends_with('.') || joined.ends_with(':') || joined.ends_with(';') ||
                          joined.ends_with(',');
      joined.append(closed ? " " : (item ? ", " : ". "));
    }
    joined.append(line);
    at = end + 1;
  }
  return joined;
}

// One line a row: its first cell, then each other cell under the name of its column. Merged cells
// are repeated where they hold.
void say_table(const Block& table, std::string& out) {
  add_line(out, heading_text(table.title));
  std::vector<std::vector<std::string>> grid;
  std::vector<bool> heading;
  for (const Block& row : table.children) {
    if (row.kind != Kind::row) {
      say(row, out, 0);
      continue;
    }
    heading.push_back(row.style == "header");
    grid.resize(std::max(grid.size(), heading.size()));
    const std::size_t y = heading.size() - 1;
    std::size_t x = 0;
    for (const Block& cell : row.children) {
      while (x < grid[y].size() && grid[y][x] != "\x01") ++x;
      const std::string words = flat(cell);
      for (std::size_t dy = 0; dy < cell.span_rows; ++dy) {
        if (y + dy >= grid.size()) grid.resize(y + dy + 1);
        auto& line = grid[y + dy];
        if (line.size() < x + cell.span_columns) line.resize(x + cell.span_columns, "\x01");
        std::fill_n(line.begin() + static_cast<std::ptrdiff_t>(x), cell.span_columns, words);
      }
      x += cell.span_columns;
    }
  }
  std::vector<std::string> names;
  for (std::size_t y = 0; y < heading.size(); ++y) {
    auto& row = grid[y];
    for (std::string& cell : row)
      if (cell == "\x01") cell.clear();
    if (heading[y]) {
      names.resize(std::max(names.size(), row.size()));
      for (std::size_t x = 0; x < row.size(); ++x) {
        if (names[x] == row[x]) continue;
        if (!names[x].empty() && !row[x].empty()) names[x].append(", ");
        names[x].append(row[x]);
      }
      continue;
    }
    if (row.empty()) continue;
    if (std::ranges::count(heading, false) == 1 && !names.empty() && !names[0].empty()) {
      // One row under named columns: each column is an item.
      for (std::size_t x = 0; x < row.size(); ++x)
        if (!row[x].empty() && (x == 0 || names[std::min(x, names.size() - 1)] != names[x - 1]))
          add_line(out, "- " + (x < names.size() && !names[x].empty() ? names[x] + kColon : "") +
                            row[x]);
      continue;
    }
    std::string line = row[0];
    for (std::size_t x = 1; x < row.size(); ++x) {
      if (row[x].empty() || (x > 1 && row[x] == row[x - 1])) continue;
      // A single column of values needs no name: the title or the sentence before says it.
      const bool named = row.size() > 2 && x < names.size() && !names[x].empty();
      line.append(line.empty() ? "" : (x == 1 ? (line.ends_with(':') ? " " : kColon) : "\u202F; "));
      if (named) line.append(names[x]).append(kColon);
      line.append(row[x]);
    }
    if (!line.empty()) add_line(out, "- " + line);
  }
  // A table of nothing but headings is read as rows.
  if (std::ranges::all_of(heading, [](bool h) { return h; }))
    for (const std::string& name : names)
      if (!name.empty()) add_line(out, "- " + name);
}

void say_place(const Block& block, std::string& out, std::size_t depth) {
  std::string line = heading_text(block.title);
  if (line.empty() && block.url.empty() && block.children.empty()) return;
  if (!block.text.empty()) line.append(" (").append(collapse(block.text)).append(")");
  if (!block.url.empty()) line.append(line.empty() ? "" : kColon).append(block.url);
  add_line(out, indent(depth) + "- " + line);
  say_all(block.children, out, depth + 1);
}

void say_service(const Block& block, std::string& out, std::size_t depth) {
  std::string line = std::string(service_name(block));
  if (const std::string title = heading_text(block.title); !title.empty())
    line.append(kColon).append(without_kind(title));
  else if (!block.text.empty())
    line.append(kColon).append(collapse(block.text));
  if (!block.number.empty()) line.append(" (").append(collapse(block.number)).append(")");
  if (!block.url.empty()) line.append(kColon).append(block.url);
  add_line(out, indent(depth) + "- " + line);
  for (const Block& child : block.children) {
    if (is_service(child.kind))
      say_service(child, out, depth + 1);
    else {
      std::string inner;
      say(child, inner, depth + 1);
      if (!inner.empty()) add_line(out, inner.starts_with(' ') ? inner : indent(depth + 1) + inner);
    }
  }
}

void say(const Block& block, std::string& out, std::size_t depth) {
  if (is_notice(block.kind)) {
    std::string inner;
    say_all(block.children, inner, depth);
    if (inner.empty()) return;
    std::size_t at = 0;
    while (at < inner.size() && inner[at] == ' ') ++at;
    std::string title = heading_text(block.title);
    if (title.empty()) title = notice_name(block.kind);
    const bool item = inner.substr(at).starts_with("- ");
    add_line(out,
             indent(depth) + title + "\u00A0:" + (item ? "\n" + inner : " " + inner.substr(at)));
    return;
  }
  if (is_service(block.kind)) return say_service(block, out, depth);
  switch (block.kind) {
    case Kind::paragraph: {
      const std::string words = line_text(block.spans);
      if (!words.empty()) add_line(out, indent(depth) + words);
      return;
    }
    case Kind::list:
      for (const Block& item : block.children) say_item(item, out, depth);
      return;
    case Kind::table:
      return say_table(block, out);
    case Kind::contact:
      return say_place(block, out, depth);
    case Kind::chapter:
    case Kind::subchapter:  // inside a contact: "Par téléphone"
    case Kind::case_:
    case Kind::situation: {
      std::string inner;
      say_all(block.children, inner, depth + 1);
      if (inner.empty()) return;
      const std::string title = heading_text(block.title);
      if (!title.empty()) add_line(out, indent(depth) + title + "\u00A0:");
      add_line(out, inner);
      return;
    }
    case Kind::illustration:
      return;  // its alternative text describes a picture that is not shown here
    case Kind::unknown: {
      std::string words = heading_text(block.title);
      if (!block.text.empty()) words.append(words.empty() ? "" : kColon).append(block.text);
      add_line(out, words);
      return;
    }
    default:
      return say_all(block.children, out, depth);
  }
}

Piece::Kind kind_of(const Block& block) {
  if (is_notice(block.kind)) return Piece::Kind::notice;
  if (is_service(block.kind)) return Piece::Kind::service;
  if (block.kind == Kind::contact) return Piece::Kind::place;
  if (block.kind == Kind::table) return Piece::Kind::table;
  if (block.kind == Kind::list || block.kind == Kind::item) return Piece::Kind::list;
  return Piece::Kind::prose;
}

// Points forward without a colon: "dans le tableau suivant.", "comme indiqué ci-dessous."
bool points_forward(std::string_view line) {
  const std::string folded = text::fold(plain_spaces(line));
  if (folded.contains("ci-dessous") || folded.contains("ci-apres")) return true;
  std::string_view rest = folded;
  while (!rest.empty() && ". :;)"sv.contains(rest.back())) rest.remove_suffix(1);
  for (const std::string_view word : {"suivant"sv, "suivante"sv, "suivants"sv, "suivantes"sv})
    if (rest.ends_with(word)) return true;
  // "Des documents suivants, photographiés ou numérisés."
  static constexpr std::array kTimes = {"jours"sv,  "mois"sv,    "annees"sv,   "ans"sv,
                                        "heures"sv, "minutes"sv, "semaines"sv, "chiffres"sv};
  for (const std::string_view word : {" suivants, "sv, " suivantes, "sv, " suivants ("sv})
    if (const std::size_t at = folded.find(word);
        at != std::string::npos && !folded.substr(at).contains(':'))
      return std::ranges::none_of(
          kTimes, [&](std::string_view time) { return folded.substr(0, at).ends_with(time); });
  return false;
}

// Says that what follows depends on the situation, which is asked or told already.
bool tells_it_depends(std::string_view line) {
  const std::string folded = text::fold(line);
  return folded.contains(" depend ") || folded.contains(" dependent ") ||
         folded.contains(" varie") || folded.contains("differe selon") ||
         folded.contains("differente selon");
}

bool points_back(std::string_view line) {
  const std::string folded = text::fold(line);
  return folded.contains("ci-dessus") || folded.contains("ci-avant");
}

// A word or two on a line of their own, "Émolument": the name of what follows.
bool names_next(const Piece& piece) {
  constexpr std::size_t kName = 3;  // words
  return piece.kind == Piece::Kind::prose && piece.words <= kName &&
         piece.text.find_first_of(".!?;,0123456789\n") == std::string::npos;
}

std::string last_line(std::string_view text) {
  const std::size_t at = text.rfind('\n');
  return std::string(at == std::string_view::npos ? text : text.substr(at + 1));
}

}  // namespace

bool announces(std::string_view line) {
  while (line.ends_with(' ') || line.ends_with('\n')) line.remove_suffix(1);
  return line.ends_with(':');
}

std::string line_text(const knowledge::Spans& spans) {
  std::string text = collapse(plain(spans));
  for (const std::string_view mark : {" ."sv, " ,"sv})  // left by a link before the mark
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at))
      if (text.compare(at, 4, " ...") == 0)
        at += 4;
      else
        text.erase(at, 1);
  return text;
}

std::string heading_text(const knowledge::Spans& spans) {
  std::string text = line_text(spans);
  while (text.ends_with(':') || text.ends_with(' ') || text.ends_with("\u00A0")) {
    if (text.ends_with("\u00A0")) text.pop_back();
    text.pop_back();
  }
  return text;
}

std::vector<Piece> pieces(const std::vector<const Block*>& blocks) {
  std::vector<Piece> out;
  for (const Block* block : blocks) {
    if (block == nullptr) {
      // What announces open cases has nothing to announce when it is read alone.
      if (out.empty()) continue;
      const std::string line = last_line(out.back().text);
      constexpr std::size_t kShort = 25;  // words
      if (announces(line) || points_forward(line) ||
          (out.back().words <= kShort && tells_it_depends(line)))
        out.back().whole = false;
      continue;
    }
    std::string text;
    say(*block, text, 0);
    if (text.empty()) continue;
    const Piece::Kind kind = kind_of(*block);
    bool joins = false;
    if (!out.empty()) {
      const Piece& before = out.back();
      const std::string line = last_line(before.text);
      joins = announces(line) || points_back(text) ||
              (names_next(before) && kind == Piece::Kind::prose) ||
              (points_forward(line) && kind != Piece::Kind::notice) ||
              (kind == Piece::Kind::list && before.kind != Piece::Kind::notice &&
               before.kind != Piece::Kind::service && before.kind != Piece::Kind::place);
    }
    if (joins) {
      Piece& before = out.back();
      before.text.append("\n").append(text);
      before.words = word_count(before.text);
      if (kind != Piece::Kind::prose && before.kind != Piece::Kind::table) before.kind = kind;
      continue;
    }
    const std::size_t words = word_count(text);
    out.push_back({kind, std::move(text), words, block, true});
  }
  for (Piece& piece : out)
    if (announces(piece.text)) piece.whole = false;  // the source announces nothing
  return out;
}

}  // namespace parvis::answer
