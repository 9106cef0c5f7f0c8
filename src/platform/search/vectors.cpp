#include "search/vectors.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "crypto/hash.hpp"
#include "search/entry.hpp"

namespace parvis::search {
namespace {

constexpr std::size_t kHeaderBytes = 64;
constexpr std::string_view kMagic = "parvis-vectors-1 ";

std::string header_of(std::string_view model, std::size_t dimension) {
  std::string header(kMagic);
  header.append(model.substr(0, 32)).append(" ").append(std::to_string(dimension));
  header.resize(kHeaderBytes, '\0');
  return header;
}

void write_all(int file, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t done = ::write(file, bytes, count);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0)
      throw Error(Errc::unavailable, std::string("cannot write vectors: ") + std::strerror(errno));
    bytes += done;
    count -= static_cast<std::size_t>(done);
  }
}

}  // namespace

std::uint64_t text_hash(std::string_view text) {
  return std::stoull(crypto::sha256_hex(text).substr(0, 16), nullptr, 16);
}

Quantised quantise(std::span<const float> vector) {
  float largest = 0;
  for (const float v : vector) largest = std::max(largest, std::abs(v));
  Quantised out;
  out.scale = largest > 0 ? largest / 127.0F : 1.0F;
  out.values.reserve(vector.size());
  for (const float v : vector)
    out.values.push_back(static_cast<std::int8_t>(std::lround(v / out.scale)));
  return out;
}

std::expected<VectorCache, Problem> VectorCache::open(const std::filesystem::path& path,
                                                      std::string_view model,
                                                      std::size_t dimension) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return std::unexpected(Problem{path.string() + ": " + std::strerror(errno)});
  VectorCache cache(file, dimension);
  cache.path_ = path.string();
  const std::string header = header_of(model, dimension);
  std::string found(kHeaderBytes, '\0');
  const bool ours =
      ::pread(file, found.data(), kHeaderBytes, 0) == static_cast<ssize_t>(kHeaderBytes) &&
      found == header;
  if (!ours) {
    if (::flock(file, LOCK_EX | LOCK_NB) != 0)
      return std::unexpected(Problem{
          path.string() + ": another process is filling it for another model; stop that one"});
    const bool started =
        ::ftruncate(file, 0) == 0 &&
        ::pwrite(file, header.data(), kHeaderBytes, 0) == static_cast<ssize_t>(kHeaderBytes);
    const int error = errno;
    ::flock(file, LOCK_UN);
    if (!started) return std::unexpected(Problem{path.string() + ": " + std::strerror(error)});
  }
  if (const std::string wrong = cache.read_records(); !wrong.empty())
    return std::unexpected(Problem{wrong});
  return cache;
}

std::string VectorCache::read_records() {
  struct stat status{};
  if (::fstat(file_, &status) != 0) return path_ + ": " + std::strerror(errno);
  const std::size_t rows =
      (static_cast<std::size_t>(status.st_size) - kHeaderBytes) / record_bytes();
  constexpr std::size_t kBlock = 4096;  // records read at a time
  std::string buffer(kBlock * record_bytes(), '\0');
  while (rows_read_ < rows) {
    const std::size_t count = std::min(kBlock, rows - rows_read_);
    const auto want = static_cast<ssize_t>(count * record_bytes());
    if (::pread(file_, buffer.data(), static_cast<std::size_t>(want),
                static_cast<off_t>(kHeaderBytes + rows_read_ * record_bytes())) != want)
      return path_ + ": shorter than it says; delete it";
    for (std::size_t i = 0; i < count; ++i, ++rows_read_) {
      std::uint64_t text = 0;
      std::memcpy(&text, buffer.data() + i * record_bytes(), sizeof text);
      rows_.insert_or_assign(text, static_cast<std::uint32_t>(rows_read_));
    }
  }
  return "";
}

bool VectorCache::can_append() {
  const std::scoped_lock lock(mutex_);
  if (writer_) return true;
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) return false;
  // Until this end closes the file. What follows the last whole record was torn.
  if (const std::string wrong = read_records(); !wrong.empty())
    throw Error(Errc::unavailable, wrong);
  if (::ftruncate(file_, static_cast<off_t>(kHeaderBytes + rows_read_ * record_bytes())) != 0)
    throw Error(Errc::unavailable, path_ + ": " + std::strerror(errno));
  writer_ = true;
  return true;
}

VectorCache::VectorCache(VectorCache&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      writer_(other.writer_),
      rows_read_(other.rows_read_),
      path_(std::move(other.path_)),
      dimension_(other.dimension_),
      rows_(std::move(other.rows_)) {}

VectorCache::~VectorCache() {
  if (file_ >= 0) ::close(file_);
}

bool VectorCache::contains(std::uint64_t text) const {
  const std::scoped_lock lock(mutex_);
  return rows_.contains(text);
}

std::size_t VectorCache::size() const {
  const std::scoped_lock lock(mutex_);
  return rows_.size();
}

void VectorCache::append(std::uint64_t text, std::span<const float> vector) {
  CHECK(vector.size() == dimension_);
  if (!can_append()) throw Error(Errc::conflict, "another process is adding vectors");
  const Quantised quantised = quantise(vector);
  std::string record(record_bytes(), '\0');
  std::memcpy(record.data(), &text, sizeof text);
  std::memcpy(record.data() + sizeof text, &quantised.scale, sizeof quantised.scale);
  std::memcpy(record.data() + sizeof text + sizeof quantised.scale, quantised.values.data(),
              dimension_);
  const std::scoped_lock lock(mutex_);
  if (rows_.contains(text)) return;
  const off_t end = ::lseek(file_, 0, SEEK_END);
  try {
    write_all(file_, record.data(), record.size());
  } catch (const Error&) {  // a torn record would shift every later one
    if (::ftruncate(file_, end) != 0) ::lseek(file_, end, SEEK_SET);
    throw;
  }
  const auto row = (static_cast<std::size_t>(end) - kHeaderBytes) / record_bytes();
  rows_.emplace(text, static_cast<std::uint32_t>(row));
  rows_read_ = row + 1;
}

std::optional<float> VectorCache::copy(std::uint64_t text, std::int8_t* out) const {
  std::uint32_t row = 0;
  {
    const std::scoped_lock lock(mutex_);
    const auto at = rows_.find(text);
    if (at == rows_.end()) return std::nullopt;
    row = at->second;
  }
  std::string record(record_bytes(), '\0');
  if (::pread(file_, record.data(), record.size(),
              static_cast<off_t>(kHeaderBytes + row * record_bytes())) !=
      static_cast<ssize_t>(record.size()))
    return std::nullopt;
  float scale = 0;
  std::memcpy(&scale, record.data() + sizeof(std::uint64_t), sizeof scale);
  std::memcpy(out, record.data() + sizeof(std::uint64_t) + sizeof scale, dimension_);
  return scale;
}

void VectorTable::reserve(std::size_t rows) {
  values_.reserve(rows * dimension_);
  scales_.reserve(rows);
  rows_.reserve(rows);
}

void VectorTable::scan(const Quantised& query, std::size_t first, std::span<float> out) const {
  CHECK(query.values.size() == dimension_ && first + out.size() <= rows_.size());
  const std::int8_t* values = values_.data() + first * dimension_;
  for (std::size_t r = 0; r < out.size(); ++r, values += dimension_) {
    std::int32_t sum = 0;  // the compiler turns this into vector multiply-adds
    for (std::size_t i = 0; i < dimension_; ++i)
      sum += static_cast<std::int16_t>(values[i]) * static_cast<std::int16_t>(query.values[i]);
    out[r] = static_cast<float>(sum) * scales_[first + r] * query.scale;
  }
}

std::pair<std::size_t, std::size_t> VectorTable::rows_of(std::uint32_t document) const {
  const auto range = std::ranges::equal_range(rows_, document, {}, &Row::document);
  const auto first = static_cast<std::size_t>(range.begin() - rows_.begin());
  return {first, first + range.size()};
}

float VectorTable::cosine(std::span<const float> query, std::size_t index) const {
  CHECK(query.size() == dimension_);
  const std::int8_t* values = values_.data() + index * dimension_;
  float sum = 0;
  for (std::size_t i = 0; i < dimension_; ++i) sum += query[i] * static_cast<float>(values[i]);
  return sum * scales_[index];
}

void VectorTable::vector(std::size_t index, std::span<float> out) const {
  CHECK(out.size() == dimension_);
  const std::int8_t* values = values_.data() + index * dimension_;
  for (std::size_t i = 0; i < dimension_; ++i)
    out[i] = static_cast<float>(values[i]) * scales_[index];
}

}  // namespace parvis::search
