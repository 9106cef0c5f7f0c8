// What agents find cases by: e-mail addresses, phone numbers, names of persons, and texts that the
// démarche marks `searchable`, each in one normal form and then as a digest under a key of the
// tenant's, cut to 128 bits. Whoever has the table alone learns which cases share a word, and no
// word. A whole word is found, or nothing. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "crypto/aead.hpp"
#include "procedure/definition.hpp"

namespace parvis::casework {

inline constexpr std::size_t kWordBytes = 16;  // of a digest
inline constexpr std::size_t kWordsMax = 32;   // of a case: the first of the form
inline constexpr std::size_t kAskedMax = 4;    // of a search

// In normal form, each once, with its kind: "email:ana@b.fr", "phone:+33612345678", "word:roy".
std::vector<std::string> words_of(const procedure::Definition& definition,
                                  const json::object& answers);

// What words_of looks at, by path and type, one a line: other words are found once it differs, or
// once the rules by which a word gets its form do (then kIndexRules is another).
inline constexpr std::string_view kIndexRules = "1";
std::string indexed_in(const procedure::Definition& definition);

// Of what an agent types: an address, a number, or up to kAskedMax words, all of which are to be
// there. Empty: it names nothing that is found by.
std::vector<std::string> words_asked(std::string_view typed);

std::string digest_of(const crypto::Key& key, std::string_view word);  // kWordBytes
std::vector<std::string> digests_of(const crypto::Key& key, const std::vector<std::string>& words);

}  // namespace parvis::casework
