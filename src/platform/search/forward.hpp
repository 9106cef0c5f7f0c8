// The forward index: which words each document has, and in which fields. Retrieval features read it
// to ask "how much of the question does this document cover, and where". Immutable, mapped from a
// file; thread-safe.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "search/entry.hpp"

namespace parvis::search {

// A word of a document: its number in the vocabulary, and the fields it stands in (bit = Field).
struct Occurrence {
  std::uint32_t term : 24;
  std::uint32_t fields : 8;
};

class ForwardIndex {
 public:
  static std::expected<ForwardIndex, Problem> open(const std::filesystem::path& file);
  ForwardIndex(ForwardIndex&& other) noexcept;
  ForwardIndex& operator=(ForwardIndex&&) = delete;
  ~ForwardIndex();

  std::uint32_t documents() const { return documents_; }
  std::string_view key(std::uint32_t document) const;
  // Number of `stem` in the vocabulary, or kNoTerm.
  std::uint32_t term(std::string_view stem) const;
  std::uint32_t document_frequency(std::uint32_t term) const;
  // Sorted by term.
  std::span<const Occurrence> occurrences(std::uint32_t document) const;
  // Stems of the title in order, as vocabulary numbers.
  std::span<const std::uint32_t> title(std::uint32_t document) const;
  std::span<const std::uint64_t> passages(std::uint32_t document) const;
  std::span<const std::uint64_t> anchors(std::uint32_t document) const;
  std::span<const std::uint32_t> groups(std::uint32_t document) const;
  std::uint32_t links_in(std::uint32_t document) const;
  std::uint32_t words(std::uint32_t document) const;  // distinct terms

  static constexpr std::uint32_t kNoTerm = 0xFFFFFFFF;

 private:
  ForwardIndex() = default;
  template <typename T>
  std::span<const T> slice(std::size_t table, std::uint32_t document) const;

  const char* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::uint32_t documents_ = 0;
  struct Section {
    std::uint64_t begin, end;
  };
  std::vector<Section> sections_;
};

// Collects documents, then writes the file whole. Not thread-safe.
class ForwardBuilder {
 public:
  // terms: stems of each field, in order.
  void add(const Entry& entry, const std::array<std::vector<std::string>, kFields>& terms);
  void write(const std::filesystem::path& file) const;  // throws Error when it cannot

 private:
  std::uint32_t number(const std::string& stem);

  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::uint64_t> term_hashes_;
  std::vector<std::uint32_t> frequencies_;
  std::string keys_;
  std::vector<std::uint64_t> key_ends_;
  std::vector<Occurrence> occurrences_;
  std::vector<std::uint64_t> occurrence_ends_;
  std::vector<std::uint32_t> titles_;
  std::vector<std::uint64_t> title_ends_;
  std::vector<std::uint64_t> passages_;
  std::vector<std::uint64_t> passage_ends_;
  std::vector<std::uint64_t> anchors_;
  std::vector<std::uint64_t> anchor_ends_;
  std::vector<std::uint32_t> groups_;
  std::vector<std::uint64_t> group_ends_;
  std::vector<std::uint32_t> links_in_;
};

}  // namespace parvis::search
