// From a document to lines that stand on pages, and to the structure that they will be read by.
// Inside the room. Lengths are points (1/72 inch), y grows downwards.
#pragma once

#include <fontconfig/fontconfig.h>
#include <pango/pango.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pdf/pdf.hpp"
#include "pdf/tags.hpp"

namespace parvis::pdf {

struct Colour {
  double red = 0, green = 0, blue = 0;  // sRGB, 0 to 1
};

// The house's colours (web/assets/portal.css), those of paper: the ground is white.
struct Palette {
  explicit Palette(std::string_view accent);  // "#rrggbb"
  Colour plate, on_plate;                     // the town's own colour
  Colour link, soft;                          // of its hue: text on white and on soft; grounds
  Colour ink{.102, .122, .141}, ink_2{.251, .275, .298}, rule{.812, .788, .737};
  Colour lamp{.941, .694, .231}, lamp_soft{.984, .933, .796};
  Colour alert{.561, .102, .078}, alert_soft{.980, .894, .878};
};

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
using LayoutPtr = std::unique_ptr<PangoLayout, Unref>;

// A stretch of a text, by the byte where it ends.
struct Piece {
  std::size_t end = 0;
  std::size_t node = 0;
  Colour colour;
  bool link = false;
};

enum class Strip : std::uint8_t { none, notice, danger };  // behind a paragraph

// Squares of a code, row by row: true is dark.
struct Squares {
  std::size_t side = 0;
  std::vector<bool> dark;
};
inline constexpr double kCodeSide = 94;   // points, with its border
inline constexpr double kCodeBorder = 4;  // squares of white around it (ISO 18004)
inline constexpr double kBlankLine = 25;  // points: a hand needs 8 mm and more

struct Text {
  LayoutPtr layout;
  std::vector<Piece> pieces;  // in order; the last ends where the text does
  double x = 0, width = 0;
  bool rtl = false;  // what stands before it stands at its right
  Strip strip = Strip::none;
  Mark mark = Mark::none;
  std::size_t section = 0;
  Squares code;        // in place of its words, which are one space
  bool blank = false;  // the same: a line to write on
};

struct Line {
  std::size_t text = 0;
  PangoLayoutLine* line = nullptr;  // the layout's
  double x = 0;                     // of its left end
  double height = 0, ascent = 0;
  double before = 0, at_top = 0;  // space above it; the same as the first of a page
  bool with_next = false;         // stands on the page of the line after it
  std::size_t label = kNoNode;    // the text before it: a list's mark
  bool heading = false;
  int level = 0;
  // Set once it stands:
  std::size_t page = 0;
  double y = 0;  // of its top
};

struct Laid {
  std::vector<Node> nodes;  // the first is the Document
  std::vector<Text> texts;
  std::vector<Line> lines;
  std::vector<Frame> frames;  // by section; the title's own is the first, and has none
  std::size_t pages = 0;
};

inline constexpr double kLeft = 64, kRight = 64, kTop = 62, kBottom = 70;
inline constexpr double kPlateTop = 40;  // of the first page
inline constexpr double kPlateSide = 40;
inline constexpr double kPad = 11;   // between a box and its words
inline constexpr double kTurn = 92;  // what a person says begins further right
inline constexpr double kStripPad = 7;

struct Hand {
  double size = 11;
  bool bold = false;
};
LayoutPtr lay(PangoContext* context, std::string_view text, Hand hand, double width);

// Throws what render() says of texts and pages.
Laid lay_out(const Document& document, const Palette& palette, PangoContext* context,
             const FcCharSet* drawn);

// Where the words of a page begin: under the plate on the first one.
std::string readable(std::string_view text);  // valid UTF-8 without control characters but '\n'

}  // namespace parvis::pdf
