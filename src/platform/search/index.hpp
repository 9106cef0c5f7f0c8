// Index generations: built aside, swapped whole, read without locks.
//
// A scope (the national corpus, one tenant's own knowledge) is a folder of generations. A build
// writes a new one beside the others and then renames the file `current` over the old: a reader
// sees the old generation or the new one, never half of one, and a crash in between leaves the old.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "search/entry.hpp"
#include "search/forward.hpp"
#include "search/vectors.hpp"

namespace Xapian {
class Database;
}

namespace parvis::search {

// A document found, by its number in the snapshot that was searched.
struct Hit {
  std::uint32_t document = 0;
  double score = 0;
};

// A word of the question: its stem and how much it counts (1 for a word as written; less for a
// synonym or a corrected spelling).
struct QueryTerm {
  std::string stem;
  double weight = 1;
};

// One generation of one scope. Immutable but for its vectors, which arrive in the background.
class Generation {
 public:
  static std::expected<std::shared_ptr<Generation>, Problem> open(
      const std::filesystem::path& folder);

  const ForwardIndex& forward() const { return forward_; }
  const std::filesystem::path& folder() const { return folder_; }
  const std::string& id() const { return id_; }  // name of the folder

  struct Vectors {
    VectorTable titles;    // row.document; one a document
    VectorTable anchors;   // row.passage: place in Entry::anchors
    VectorTable passages;  // the others
    // Of the whole generation: how many texts have no vector, of each kind.
    std::size_t titles_missing = 0, anchors_missing = 0, passages_missing = 0;
  };
  std::shared_ptr<const Vectors> vectors() const;
  // Rebuilds the tables from what the cache holds now.
  void load_vectors(const VectorCache& cache);

 private:
  Generation(std::filesystem::path folder, ForwardIndex forward);

  std::filesystem::path folder_;
  std::string id_;
  ForwardIndex forward_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Vectors> vectors_;
};

// Builds a generation: add every document, then publish. Destroyed before that, it leaves no trace.
class GenerationBuilder {
 public:
  explicit GenerationBuilder(const std::filesystem::path& scope);
  GenerationBuilder(GenerationBuilder&&) = delete;
  ~GenerationBuilder();

  void add(const Entry& entry);
  // Makes the new generation current and removes those that are older than the previous one.
  // made_from: one word that names the state of the source; see search::made_from.
  void publish(std::string_view made_from = "");
  std::uint32_t documents() const { return documents_; }

 private:
  struct Lexical;
  std::filesystem::path scope_, folder_;
  std::unique_ptr<Lexical> lexical_;
  ForwardBuilder forward_;
  std::uint32_t documents_ = 0;
  bool published_ = false;
};

std::optional<std::filesystem::path> current_generation(const std::filesystem::path& scope);
// What publish() was told; empty when nothing. It differs from the source's state now when the
// source changed and no generation was published since: a crash in between.
std::string made_from(const std::filesystem::path& generation);
// The vocabulary's stem of a scope's published generation is read with Snapshot; this names the
// file that a search alone (a benchmark's peer) opens.
std::filesystem::path lexical_database(const std::filesystem::path& generation);

// What one search reads: generations side by side, numbered as one collection. Thread-safe.
class Snapshot {
 public:
  explicit Snapshot(std::vector<std::shared_ptr<const Generation>> generations);
  ~Snapshot();

  std::uint32_t documents() const { return documents_; }
  std::string_view key(std::uint32_t document) const;
  const std::string& id() const { return id_; }  // changes when any generation does

  struct Place {
    const Generation* generation;
    std::uint32_t document;  // inside it
    std::size_t index;       // of the generation
  };
  Place place(std::uint32_t document) const;
  std::uint32_t number(std::size_t generation, std::uint32_t document) const {
    return bases_[generation] + document;
  }
  std::span<const std::shared_ptr<const Generation>> generations() const { return generations_; }

  // BM25 over all fields, best first.
  std::vector<Hit> lexical(std::span<const QueryTerm> terms, std::size_t limit) const;
  std::uint32_t document_frequency(std::string_view stem) const;
  // A word of the vocabulary within an edit or two of a folded word that is not in it.
  std::optional<std::string> spelling(std::string_view folded) const;

 private:
  std::unique_ptr<Xapian::Database> take() const;
  void give_back(std::unique_ptr<Xapian::Database> database) const;

  std::vector<std::shared_ptr<const Generation>> generations_;
  std::vector<std::uint32_t> bases_;
  std::uint32_t documents_ = 0;
  std::string id_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Xapian::Database>> idle_;
};

// BM25 parameters; chosen in docs/measurements.md.
inline constexpr double kBm25K1 = 2.0;
inline constexpr double kBm25B = 0.75;
// In a larger index a word seen once is more often a misprint than a word to correct towards.
inline constexpr std::uint32_t kSmallIndex = 1000;
inline constexpr std::size_t kQueryTerms = 64;    // the rarest words of a longer question are kept
inline constexpr std::size_t kSpellingBytes = 3;  // shorter words are not corrected

}  // namespace parvis::search
