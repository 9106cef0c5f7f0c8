// What makes a drawn PDF readable to who does not see it. Inside the room.
//
// C++17, as tags.cpp is compiled (CMakeLists.txt): the headers of qpdf 11.3 name a vector of a
// class that is not complete yet, which the constexpr vectors of later standards refuse.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace parvis::pdf {

inline constexpr std::size_t kNoNode = static_cast<std::size_t>(-1);
inline constexpr double kPageWidth = 595.28, kPageHeight = 841.89;  // A4, in points

// What Cairo 1.16, which has no artifacts, is told to call them; here they get their name.
inline constexpr const char* kArtifact = "Code";

// An element of the structure, in the order of reading; one without content is left out.
struct Node {
  std::string_view role;  // "P"
  std::size_t parent = kNoNode;
  std::string language = {};  // empty: its parent's
  std::string actual = {};    // what it says, where a font could not
  std::string url = {};       // of a link, and what it leads to
  std::string about = {};     // of a figure, what it shows
  bool numbered = false;      // of a list
};

struct Drawn {
  std::string bytes;  // a PDF whose marked content stands in a flat list of elements
  std::size_t pages = 0;
  // By element: the node whose words it holds, or kNoNode for an artifact. In the order of reading.
  std::vector<std::size_t> marks = {};
  struct Link {
    std::size_t node = 0, page = 0;
    double left = 0, top = 0, right = 0, bottom = 0;  // points, y downwards
  };
  std::vector<Link> links = {};  // one for each line that a link touches
};

struct About {
  std::string title, author, subject, language;
  std::string created;  // "D:20261124090000Z"
  std::string xmp;      // the same for readers of XMP, and that this is PDF/UA-1
};

// The file, with the tree of nodes over the marked content. Throws what qpdf throws, and
// std::logic_error when `drawn` and `nodes` do not belong together.
std::string tagged(const Drawn& drawn, const std::vector<Node>& nodes, const About& about);

}  // namespace parvis::pdf
