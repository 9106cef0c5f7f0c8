// A text to keep or to send, as a tagged PDF (ISO 32000-1 with the structure that PDF/UA-1 asks
// for): a title, headings, paragraphs, lists and links that a screen reader reads in order, each in
// its language; whatever only adorns is an artifact. Pango breaks lines and shapes every script
// (right to left too), Cairo draws A4 pages, qpdf writes structure and metadata (tags.cpp).
//
// The same document and the same fonts give the same bytes: the only date in them is `created`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"

namespace parvis::pdf {

// Bytes of a document's words and addresses: 1.5 s of one core and 120 MB while it is made.
inline constexpr std::size_t kTextMax = 1024 * 1024;
inline constexpr std::size_t kPagesMax = 1500;

// Text is UTF-8 on as many lines as it has line feeds. Other control characters are left out; a
// character that no font has is drawn as a square and read aloud as what it is.
struct Run {
  std::string text;
  // http, https, mailto or tel: the run is a link. An address of another kind leaves the text
  // alone.
  std::string url = {};
  std::string about = {};  // where the link leads, for who does not see it; empty: the text
  bool strong = false;
};
using Words = std::vector<Run>;

enum class Mark : std::uint8_t { none, square, round };  // before a heading: a machine, a person
struct Heading {
  int level = 2;  // 2 or 3: the title is the only one of level 1
  std::string text;
  std::string aside = {};  // said after the text, in a lighter hand: "9 h 05"
  Mark mark = Mark::none;
};
enum class Tone : std::uint8_t { plain, small, notice, danger };
struct Paragraph {
  Words words;
  Tone tone = Tone::plain;
  std::string language = {};  // BCP 47, when it is not the document's
};
struct List {
  std::vector<Words> items;
  int from = 0;               // the number of the first item; 0: no numbers
  std::string language = {};  // as a paragraph's
  bool boxes = false;         // to be ticked by hand, in place of the marks
};
struct Fact {  // "label : value" on a line
  std::string label;
  Words value;
};
struct Code {         // a QR code: error correction M, 33 mm, with the white border that it needs
  std::string text;   // an address, kCodeMax bytes at most
  std::string about;  // for who does not see it
};
inline constexpr std::size_t kCodeMax = 500;  // bytes of its text
struct Blank {    // ruled lines to write on by hand: an artifact, what stands above says what goes
                  // there
  int lines = 1;  // kBlankMax at most
};
inline constexpr int kBlankMax = 40;
using Block = std::variant<Heading, Paragraph, List, Fact, Code, Blank>;

enum class Frame : std::uint8_t { none, ruled, round };  // a line at its side; a tinted box
struct Section {
  std::vector<Block> blocks;
  Frame frame = Frame::none;
};

struct Document {
  std::string title;
  std::string language = "fr";  // BCP 47
  std::string author = {};      // above the title: whose document it is
  std::string subject = {};     // metadata only
  Instant created{};
  std::string accent =
      "#0b5563";            // of the title's plate and the links, made legible; else this one
  std::string footer = {};  // at the bottom of each page, before "2 / 5"
  std::vector<Section> sections;
};

inline constexpr int kAtOnce = 2;  // documents that are made with the same fonts: each takes memory

// The typefaces of documents. Thread-safe: one for the whole program; it outlives each render.
class Fonts {
 public:
  // Every .ttf of `folder` (Atkinson Hyperlegible, which bin/setup puts there), then DejaVu Sans of
  // the Debian package fonts-dejavu-core for the scripts that it lacks. Nothing else that a machine
  // has is used. A folder that is not there is an empty one.
  explicit Fonts(const std::filesystem::path& folder);
  ~Fonts();
  Fonts(const Fonts&) = delete;
  Fonts& operator=(const Fonts&) = delete;

  // A place among those who make a document, which render() takes; nullptr when all are taken.
  // Shared only to be given back by its deleter.
  std::shared_ptr<void> turn() const;

  bool house() const;     // the house's own typeface is there
  bool fallback() const;  // so is the one for all other scripts

 private:
  friend std::string render(const Document& document, const Fonts& fonts);
  struct Held;
  std::unique_ptr<Held> held_;
};

// The bytes of the file. Thread-safe. Errc::overloaded when kAtOnce are being made; Errc::invalid
// when a text is not UTF-8 or a code's is empty; Errc::too_large past kTextMax and kPagesMax;
// Errc::unavailable when there is no font at all; Errc::failed when a library gives up.
std::string render(const Document& document, const Fonts& fonts);

}  // namespace parvis::pdf
