// Dense vectors: a durable cache by text, and the table that a search scans.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace parvis::search {

// One int8 vector: component = round(value / scale). Unit vectors lose less than 0.5 % of a cosine.
struct Quantised {
  float scale = 0;
  std::vector<std::int8_t> values;
};
Quantised quantise(std::span<const float> vector);

// Vectors of one model by text_hash, kept in a file of fixed records that only grows. A torn last
// record (kill -9, full disk) is cut off when the file is opened. Derived data: deleting the file
// costs time, nothing else. Thread-safe. One process at a time appends, from its first append on;
// the others read what was there when they opened it.
class VectorCache {
 public:
  // model: hash of the model file; a file of another model or dimension is started anew.
  static std::expected<VectorCache, Problem> open(const std::filesystem::path& file,
                                                  std::string_view model, std::size_t dimension);
  VectorCache(VectorCache&& other) noexcept;
  VectorCache& operator=(VectorCache&&) = delete;
  ~VectorCache();

  bool contains(std::uint64_t text) const;
  std::size_t size() const;
  std::size_t dimension() const { return dimension_; }
  // Becomes the process that appends, and sees what the one before it added; false while another
  // is.
  bool can_append();
  // Throws Error: conflict while another process appends, unavailable when the disk refuses.
  void append(std::uint64_t text, std::span<const float> vector);

  // Copies the vector of `text` to `out` (dimension() bytes); its scale, or nullopt when absent.
  std::optional<float> copy(std::uint64_t text, std::int8_t* out) const;

 private:
  VectorCache(int file, std::size_t dimension) : file_(file), dimension_(dimension) {}
  std::string read_records();  // the records from rows_read_ on; what is wrong, or empty
  std::size_t record_bytes() const { return sizeof(std::uint64_t) + sizeof(float) + dimension_; }

  int file_ = -1;
  bool writer_ = false;
  std::size_t rows_read_ = 0;
  std::string path_;
  std::size_t dimension_ = 0;
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::uint32_t> rows_;
};

// An immutable matrix of quantised vectors, each belonging to a document. Flat scan.
class VectorTable {
 public:
  struct Row {
    std::uint32_t document;
    std::uint32_t passage;  // place in Entry::passages
  };

  explicit VectorTable(std::size_t dimension) : dimension_(dimension) {}
  void reserve(std::size_t rows);
  // `fill` writes dimension() values and returns the scale, or nullopt: then no row is added.
  template <typename Fill>
  bool add(Row row, Fill&& fill) {
    values_.resize(values_.size() + dimension_);
    std::optional<float> scale = fill(values_.data() + values_.size() - dimension_);
    if (!scale) {
      values_.resize(values_.size() - dimension_);
      return false;
    }
    rows_.push_back(row);
    scales_.push_back(*scale);
    return true;
  }

  std::size_t size() const { return rows_.size(); }
  std::size_t dimension() const { return dimension_; }
  const Row& row(std::size_t index) const { return rows_[index]; }
  // Cosine of `query` (quantised from unit length, dimension() values) with the rows from `first`
  // on, as many as `out` has.
  void scan(const Quantised& query, std::size_t first, std::span<float> out) const;
  void vector(std::size_t index, std::span<float> out) const;  // the row, as floats
  // The rows [first, last) of a document: they are added document by document.
  std::pair<std::size_t, std::size_t> rows_of(std::uint32_t document) const;
  // Cosine of `query` with one row.
  float cosine(std::span<const float> query, std::size_t index) const;

 private:
  std::size_t dimension_;
  std::vector<std::int8_t> values_;
  std::vector<float> scales_;
  std::vector<Row> rows_;
};

}  // namespace parvis::search
