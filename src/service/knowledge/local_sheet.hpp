// A town's own sheets, Markdown or HTML. A Markdown file starts with a YAML front matter; an HTML
// file may start with the same, in a comment.
//
//   ---
//   id: carte-identite-saint-aubin        letters, digits, - _ . ; default: the file's name
//   title: Carte d’identité : prendre rendez-vous         default: the first heading
//   completes: [F1342, F1341]             national sheets that this one completes
//   overrides: [F2883]                    … or replaces
//   communes: ["99001"]                   INSEE codes; none: the whole tenant. Also `territory`
//   updated: 2026-11-01                   url: https://…          theme: Papiers
//   description: what it is about, in a sentence
//   asked: [c’est quand le marché]        how people ask for it; they are searched, and not shown
//   ---
//   # Heading, ## chapters, ### sub-chapters, paragraphs, lists, tables, links
//
// A link whose target is the id of a national sheet ("F1342") leads to that sheet. Raw HTML inside
// Markdown is text. Scripts, styles and what is not content are left out of HTML.
#pragma once

#include <expected>
#include <filesystem>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "knowledge/document.hpp"

namespace parvis::knowledge {

inline constexpr std::size_t kLocalSheetBytes = 1 << 20;
inline constexpr std::size_t kLocalSheets = 5000;  // in one folder
inline constexpr std::size_t kFrontMatterBytes = 16 * 1024;
inline constexpr std::size_t kHtmlDepth = 100;  // elements in elements

// name: path of the file, for its extension (.md, .html, .htm) and its default id. Never throws.
std::expected<Document, Problem> parse_local_sheet(std::string_view name, std::string_view bytes);

// HTML to blocks: h1 h2 chapters, h3 … sub-chapters. The first h1 is the title and not in the
// blocks.
struct HtmlContent {
  std::string title;
  Blocks blocks;
};
std::expected<HtmlContent, Problem> read_html(std::string_view html);

// The .md, .html and .htm files under the folder, sorted. None when it does not exist. Throws
// Error{too_large} past kLocalSheets.
std::vector<std::filesystem::path> local_sheet_files(const std::filesystem::path& folder);

}  // namespace parvis::knowledge
