// What a query answers: rows of cells, read by column name or index.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace parvis::db {

class Rows;

// A column: its name or its index from 0. An unknown one is a bug (CHECK).
struct Column {
  Column(const char* n) : name(n) {}
  Column(std::string_view n) : name(n) {}
  Column(int i) : index(i) {}
  std::string_view name;
  int index = -1;
};

// One row of a Rows, valid as long as it: text and blob point inside. A getter throws Errc::failed
// when the cell is NULL or of another type; real() also takes an integer.
class Row {
 public:
  Row(const Rows& rows, std::size_t index) : rows_(&rows), index_(index) {}
  bool is_null(Column column) const;
  std::int64_t integer(Column column) const;
  bool boolean(Column column) const { return integer(column) != 0; }
  double real(Column column) const;
  std::string_view text(Column column) const;
  std::string_view blob(Column column) const;
  Instant instant(Column column) const;
  // nullopt when NULL
  std::optional<std::int64_t> optional_integer(Column column) const;
  std::optional<std::string_view> optional_text(Column column) const;
  std::optional<Instant> optional_instant(Column column) const;

 private:
  const Rows* rows_;
  std::size_t index_;
};

// A whole answer, in memory. For an unbounded one use Tx::each.
class Rows {
 public:
  struct Cell {
    enum class Kind : std::uint8_t { null, integer, real, text, blob };
    Kind kind = Kind::null;
    std::size_t offset = 0;  // of text and blob, in bytes_
    std::size_t size = 0;
    std::int64_t integer = 0;
    double real = 0;
  };
  class Iterator {
   public:
    Iterator(const Rows& rows, std::size_t index) : rows_(&rows), index_(index) {}
    Row operator*() const { return Row(*rows_, index_); }
    Iterator& operator++() { return ++index_, *this; }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const Rows* rows_;
    std::size_t index_;
  };

  std::size_t size() const { return names_.empty() ? 0 : cells_.size() / names_.size(); }
  bool empty() const { return size() == 0; }
  Row operator[](std::size_t index) const;
  Row front() const { return (*this)[0]; }
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }

  // For the connections, which fill it: columns once, then cells row by row.
  void columns(std::vector<std::string> names) { names_ = std::move(names); }
  void add_null() { cells_.emplace_back(); }
  void add_integer(std::int64_t value);
  void add_real(double value);
  void add_bytes(Cell::Kind kind, std::string_view bytes);  // text or blob
  void clear_cells();

 private:
  friend class Row;
  const Cell& cell(std::size_t row, const Column& column) const;
  std::vector<std::string> names_;
  std::vector<Cell> cells_;
  std::string bytes_;
};

}  // namespace parvis::db
