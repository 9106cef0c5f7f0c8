// What is read of an answer, part by part, whatever form the transcript takes. Inside the room.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"

namespace parvis::conversation {

struct Part {
  enum class Kind { more, choices, contact, sources, notices };
  struct Entry {
    std::string label = {};  // of a phone number
    std::string words = {};  // of `more`: several lines
    std::string date = {};   // of a source: "14 septembre 2020"
    std::string url = {};    // of a source
  };
  Kind kind = Kind::more;
  std::string title;
  std::vector<Entry> entries;  // never none
};

// In the order of reading, after the text. What an answer lacks or holds in another shape is left
// out.
std::vector<Part> parts_of(const json::object& payload);

std::string hour(LocalTime local);  // "9 h 05"

inline constexpr const char* kDisclaimer =
    "Ces réponses sont automatiques. Elles ne remplacent pas une décision de l’administration.";
inline constexpr const char* kCitizen = "Vous";
inline constexpr const char* kAgent = "Assistant automatique";

}  // namespace parvis::conversation
