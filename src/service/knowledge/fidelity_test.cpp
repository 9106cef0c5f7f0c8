// Nothing of a source is lost, over the whole national corpus: every run of text, in its order, and
// every attribute that says something is found in the complete print of the document; the stored
// form gives the document back; no element is unknown. Each file is read once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <unordered_set>

#include "knowledge/inline_text.hpp"
#include "knowledge/print.hpp"
#include "knowledge/vdd.hpp"

namespace parvis::knowledge {
namespace {
namespace fs = std::filesystem;

// What a reader does not miss, and why.
constexpr std::array<std::string_view, 12> kLeftOut = {
    "dc:creator",      "dc:publisher",  "dc:rights",  // the same words in every file
    "dc:format",       "dc:identifier",               // text/xml; the ID again
    "dc:relation",     "dc:source",  // the dossier's ID, the URLs of Reference again
    "dc:type",         "SurTitre",   // a label of the root's type
    "Canal",           "Colonne",    // the site; widths (headings become a style)
    "RechercheGuidee",               // editors' name of a search tool
};
bool left_out(const Element& e, const Element* parent) {
  if (std::ranges::find(kLeftOut, e.name) != kLeftOut.end()) return true;
  if (parent == nullptr) return false;
  // A resource for several audiences lists a theme for each; the document keeps its own.
  if (e.name == "Theme" && parent->name == "ServiceComplementaire" && e.child("Audience"))
    return true;
  if (e.name == "TitreAlternatif")  // mostly the title again
    return words_of(&e) == words_of(parent->child("Titre"));
  return e.name == "Audience" && parent->name == "Dossier";  // that of the sheet
}

// A run of text, without spaces: the words of an element that holds words, inline elements
// included.
struct Run {
  std::string text;
  bool ordered = false;  // a paragraph; the fields of a contact or resource have an order of ours
};
struct Source {
  std::vector<std::vector<Run>> runs;      // by child of the root, in order
  std::unordered_set<std::string> values;  // of attributes
};

std::string squeeze(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') out.push_back(c);
  return out;
}

bool kept_attribute(const Element& e, std::string_view key) {
  static constexpr std::array<std::string_view, 14> kLayout = {
      "xmlns:dc",
      "xmlns:xsi",
      "xsi:noNamespaceSchemaLocation",  // the format itself
      "largeur",
      "positionIllustration",
      "redimensionnable",
      "poids",  // layout; of images, below
      "fusionHorizontale",
      "fusionVerticale",  // tested by themselves
      "sve",
      "personnalisable",
      "important",
      "statut",  // the site's own routing
      "date"};
  if (key == "poids") return e.name != "Image" && e.name != "Illustration";
  if (std::ranges::find(kLayout, key) != kLayout.end()) return false;
  if (key == "langue" && e.attribute(key) == "fr") return false;
  if (key == "ID") return e.name != "Source" && e.name != "Theme" && e.name != "Dossier";
  if (key == "audience") return e.name != "OuSAdresserSupport";
  if (key == "type")
    return e.name == "Publication" || e.name == "Liste" || e.name == "Cas" ||
           e.name == "Chapitre" || e.name == "ServiceEnLigne" || e.name == "OuSAdresser" ||
           e.name == "Reference";
  return true;
}

// Titles of resources and the like stand where the print puts that field.
bool in_text(const Element& parent) {
  static constexpr std::array<std::string_view, 5> kFields = {
      "TitreAlternatif", "IntituleSiSelectionne", "Commentaire", "Complement", "Resume"};
  return std::ranges::find(kFields, parent.name) == kFields.end();
}

void collect(const Element& e, std::string& run, std::vector<Run>& runs, Source& source) {
  auto flush = [&] {
    if (!run.empty()) runs.push_back({std::move(run), false});
    run.clear();
  };
  for (const auto& [key, value] : e.attributes)
    if (kept_attribute(e, key) && !value.empty())
      source.values.emplace(key == "audience" ? audience_of(value) : std::string_view(value));
  for (const Element& child : e.children) {
    if (child.name.empty()) {
      run.append(squeeze(child.text));
    } else if (is_inline(child.name)) {
      if (child.children.empty() && e.name == "Paragraphe") continue;  // a link without words
      collect(child, run, runs, source);
    } else if (!left_out(child, &e)) {
      flush();
      collect(child, run, runs, source);
      if (!run.empty()) runs.push_back({std::move(run), child.name == "Paragraphe" && in_text(e)});
      run.clear();
    }
  }
}

void expect_nothing_lost(const Element& root, const Document& document, const std::string& where) {
  Source source;
  for (const auto& [key, value] : root.attributes)
    if (kept_attribute(root, key))
      source.values.insert(key.starts_with("date") ? value.substr(0, 10) : value);
  for (const Element& e : root.children) {
    if (left_out(e, &root)) continue;
    auto& runs = source.runs.emplace_back();
    std::string run;
    collect(e, run, runs, source);
    if (!run.empty()) runs.push_back({std::move(run), false});
  }
  const std::string print = print_text(document);
  std::string text;  // the print without spaces, lines kept apart
  for (const char c : print)
    if (c != ' ') text.push_back(c);

  for (const std::string& value : source.values)
    if (!print.contains(value)) ADD_FAILURE() << where << ": lost value '" << value << "'";
  // In order within each child of the root…
  std::vector<std::string_view> all;
  for (const auto& runs : source.runs) {
    std::size_t at = 0;
    for (const Run& raw : runs) {
      std::string_view run = raw.text;
      if (run.starts_with("modified")) run.remove_prefix(8);
      run = audience_of(run);
      all.push_back(run);
      if (!raw.ordered) continue;
      const std::size_t found = text.find(run, at);
      if (found == std::string::npos)
        ADD_FAILURE() << where << ": out of order: '" << run << "'";
      else
        at = found + run.size();
    }
  }
  // …and each as often as in the source: the longest first, each taken out once.
  std::ranges::sort(all, std::ranges::greater{}, &std::string_view::size);
  for (const std::string_view run : all) {
    const std::size_t found = text.find(run);
    if (found == std::string::npos) {
      if (run != "Fr") ADD_FAILURE() << where << ": lost: '" << run << "'";
      continue;
    }
    std::ranges::fill(text.begin() + static_cast<std::ptrdiff_t>(found),
                      text.begin() + static_cast<std::ptrdiff_t>(found + run.size()), '\n');
  }
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Fidelity, NothingOfTheCorpusIsLost) {
  const char* corpus = std::getenv("PARVIS_CORPUS");
  if (corpus == nullptr || !fs::is_directory(corpus)) {
    std::cout << "sheets not read: PARVIS_CORPUS is absent (bin/setup fetches it)\n";
    return;
  }
  std::size_t files = 0;
  std::size_t stored = 0;
  for (const std::string audience : {"particuliers", "professionnels", "associations"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(corpus) / "data" / audience)) {
      if (entry.path().filename() == "index.json") continue;
      const std::string where = audience + "/" + entry.path().filename().string();
      const auto root = element_from_json(read_file(entry.path()));
      ASSERT_TRUE(root.has_value()) << where << root.error().what;
      const auto document = document_from(*root, audience);
      ASSERT_TRUE(document.has_value()) << where << document.error().what;
      EXPECT_THAT(document->unknown, ::testing::IsEmpty()) << where;
      expect_nothing_lost(*root, *document, where);
      const std::string json = to_json(*document);
      stored += json.size();
      EXPECT_TRUE(from_json(json) == *document) << where;
      ++files;
      if (::testing::Test::HasFailure() && files > 400) return;
    }
  }
  EXPECT_EQ(files, 7591U);
  std::cout << files << " sheets, " << stored / 1'000'000 << " MB as stored\n";
}

TEST(Fidelity, NothingOfTheXmlSamplesIsLost) {
  const fs::path samples = fs::path(PARVIS_SOURCE_DIR) / "../shared/data/dila";
  if (!fs::is_directory(samples)) {
    std::cout << "XML samples not read: ../shared/data/dila is absent\n";
    return;
  }
  for (const auto& entry : fs::recursive_directory_iterator(samples)) {
    if (entry.path().extension() != ".xml") continue;
    const auto root = element_from_xml(read_file(entry.path()));
    ASSERT_TRUE(root.has_value()) << entry.path() << root.error().what;
    const auto document = document_from(*root, "");
    ASSERT_TRUE(document.has_value()) << entry.path();
    EXPECT_THAT(document->unknown, ::testing::IsEmpty()) << entry.path();
    expect_nothing_lost(*root, *document, entry.path().filename());
    EXPECT_TRUE(from_json(to_json(*document)) == *document) << entry.path();
  }
}

}  // namespace
}  // namespace parvis::knowledge
