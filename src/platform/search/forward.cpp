#include "search/forward.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <utility>

// Layout: magic, section count, then (begin, end) byte offsets of each section, each 8-aligned. The
// vocabulary is a sorted array of 64-bit hashes with the term's number beside it: words themselves
// are not needed again, and a collision among 2^16 words has a chance of 2^-33.

namespace parvis::search {
namespace {

constexpr std::uint64_t kMagic = 0x3244574653565250;  // "PRVSFWD2"

enum Table : std::size_t {
  kVocabulary,
  kFrequencies,
  kKeys,
  kKeyEnds,
  kOccurrences,
  kOccurrenceEnds,
  kTitles,
  kTitleEnds,
  kPassages,
  kPassageEnds,
  kAnchors,
  kAnchorEnds,
  kGroups,
  kGroupEnds,
  kLinksIn,
  kTables,
};

struct VocabularyEntry {
  std::uint64_t hash;
  std::uint64_t number;
};

std::uint64_t hash64(std::string_view term) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : term) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

}  // namespace

std::uint32_t ForwardBuilder::number(const std::string& stem) {
  const auto [at, fresh] =
      numbers_.try_emplace(stem, static_cast<std::uint32_t>(frequencies_.size()));
  if (fresh) {
    term_hashes_.push_back(hash64(stem));
    frequencies_.push_back(0);
  }
  return at->second;
}

void ForwardBuilder::add(const Entry& entry,
                         const std::array<std::vector<std::string>, kFields>& terms) {
  CHECK(links_in_.size() < kIndexDocuments);
  std::map<std::uint32_t, std::uint32_t> fields_of;
  for (std::size_t f = 0; f < kFields; ++f)
    for (const std::string& stem : terms[f]) fields_of[number(stem)] |= 1U << f;
  for (const auto& [term, fields] : fields_of) {
    ++frequencies_[term];
    occurrences_.push_back({.term = term & 0xFFFFFF, .fields = fields & 0xFF});
  }
  for (const std::string& stem : terms[static_cast<std::size_t>(Field::title)])
    titles_.push_back(number(stem));
  passages_.insert(passages_.end(), entry.passages.begin(), entry.passages.end());
  anchors_.insert(anchors_.end(), entry.anchors.begin(), entry.anchors.end());
  groups_.insert(groups_.end(), entry.groups.begin(), entry.groups.end());
  keys_.append(entry.key);
  key_ends_.push_back(keys_.size());
  occurrence_ends_.push_back(occurrences_.size());
  title_ends_.push_back(titles_.size());
  passage_ends_.push_back(passages_.size());
  anchor_ends_.push_back(anchors_.size());
  group_ends_.push_back(groups_.size());
  links_in_.push_back(entry.links_in);
}

void ForwardBuilder::write(const std::filesystem::path& path) const {
  std::vector<VocabularyEntry> vocabulary;
  vocabulary.reserve(term_hashes_.size());
  for (std::size_t i = 0; i < term_hashes_.size(); ++i) vocabulary.push_back({term_hashes_[i], i});
  std::ranges::sort(vocabulary, {}, &VocabularyEntry::hash);

  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  std::array<std::uint64_t, 2 + 2 * kTables> head{kMagic, links_in_.size()};
  std::uint64_t at = sizeof head;
  std::size_t table = 0;
  file.seekp(static_cast<std::streamoff>(at));
  auto section = [&](const auto& values) {
    const std::size_t bytes = values.size() * sizeof(values[0]);
    head[2 + 2 * table] = at;
    head[3 + 2 * table] = at + bytes;
    file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(bytes));
    at += bytes;
    while (at % 8 != 0) {
      file.put('\0');
      ++at;
    }
    ++table;
  };
  section(vocabulary);
  section(frequencies_);
  section(keys_);
  section(key_ends_);
  section(occurrences_);
  section(occurrence_ends_);
  section(titles_);
  section(title_ends_);
  section(passages_);
  section(passage_ends_);
  section(anchors_);
  section(anchor_ends_);
  section(groups_);
  section(group_ends_);
  section(links_in_);
  CHECK(table == kTables);
  file.seekp(0);
  file.write(reinterpret_cast<const char*>(head.data()), sizeof head);
  file.close();
  if (!file) throw Error(Errc::unavailable, "cannot write the index: is the disk full?");
}

std::expected<ForwardIndex, Problem> ForwardIndex::open(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status{};
  if (file < 0 || ::fstat(file, &status) != 0) {
    if (file >= 0) ::close(file);
    return std::unexpected(Problem{path.string() + ": " + std::strerror(errno)});
  }
  ForwardIndex index;
  index.size_ = static_cast<std::size_t>(status.st_size);
  constexpr std::size_t kHead = (2 + 2 * kTables) * sizeof(std::uint64_t);
  void* mapped = index.size_ >= kHead ? ::mmap(nullptr, index.size_, PROT_READ, MAP_SHARED, file, 0)
                                      : MAP_FAILED;
  ::close(file);
  if (mapped == MAP_FAILED)
    return std::unexpected(Problem{path.string() + ": not an index; import again"});
  index.bytes_ = static_cast<const char*>(mapped);
  std::array<std::uint64_t, 2 + 2 * kTables> head{};
  std::memcpy(head.data(), index.bytes_, sizeof head);
  bool sound = head[0] == kMagic && head[1] <= kIndexDocuments;
  for (std::size_t t = 0; t < kTables; ++t) {
    const Section section{head[2 + 2 * t], head[3 + 2 * t]};
    sound = sound && section.begin <= section.end && section.end <= index.size_ &&
            section.begin % 8 == 0;
    index.sections_.push_back(section);
  }
  index.documents_ = static_cast<std::uint32_t>(head[1]);
  for (const Table ends :
       {kKeyEnds, kOccurrenceEnds, kTitleEnds, kPassageEnds, kAnchorEnds, kGroupEnds})
    sound = sound && index.sections_[ends].end - index.sections_[ends].begin ==
                         index.documents_ * sizeof(std::uint64_t);
  if (!sound) return std::unexpected(Problem{path.string() + ": damaged; import again"});
  return index;
}

ForwardIndex::ForwardIndex(ForwardIndex&& other) noexcept
    : bytes_(std::exchange(other.bytes_, nullptr)),
      size_(other.size_),
      documents_(other.documents_),
      sections_(std::move(other.sections_)) {}

ForwardIndex::~ForwardIndex() {
  if (bytes_ != nullptr) ::munmap(const_cast<char*>(bytes_), size_);
}

// The part of `table` that belongs to `document`; table + 1 holds the ends.
template <typename T>
std::span<const T> ForwardIndex::slice(std::size_t table, std::uint32_t document) const {
  CHECK(document < documents_);
  const auto* ends = reinterpret_cast<const std::uint64_t*>(bytes_ + sections_[table + 1].begin);
  const std::uint64_t begin = document == 0 ? 0 : ends[document - 1], end = ends[document];
  const std::uint64_t all = (sections_[table].end - sections_[table].begin) / sizeof(T);
  if (begin > end || end > all) return {};
  const auto* first = reinterpret_cast<const T*>(bytes_ + sections_[table].begin);
  return {first + begin, first + end};
}

std::string_view ForwardIndex::key(std::uint32_t document) const {
  const auto chars = slice<char>(kKeys, document);
  return {chars.data(), chars.size()};
}

std::uint32_t ForwardIndex::term(std::string_view stem) const {
  const Section section = sections_[kVocabulary];
  const std::span all(reinterpret_cast<const VocabularyEntry*>(bytes_ + section.begin),
                      (section.end - section.begin) / sizeof(VocabularyEntry));
  const std::uint64_t hash = hash64(stem);
  const auto at = std::ranges::lower_bound(all, hash, {}, &VocabularyEntry::hash);
  if (at == all.end() || at->hash != hash) return kNoTerm;
  return static_cast<std::uint32_t>(at->number);
}

std::uint32_t ForwardIndex::document_frequency(std::uint32_t term) const {
  const Section section = sections_[kFrequencies];
  if (term >= (section.end - section.begin) / sizeof(std::uint32_t)) return 0;
  return reinterpret_cast<const std::uint32_t*>(bytes_ + section.begin)[term];
}

std::span<const Occurrence> ForwardIndex::occurrences(std::uint32_t document) const {
  return slice<Occurrence>(kOccurrences, document);
}
std::span<const std::uint32_t> ForwardIndex::title(std::uint32_t document) const {
  return slice<std::uint32_t>(kTitles, document);
}
std::span<const std::uint64_t> ForwardIndex::passages(std::uint32_t document) const {
  return slice<std::uint64_t>(kPassages, document);
}
std::span<const std::uint64_t> ForwardIndex::anchors(std::uint32_t document) const {
  return slice<std::uint64_t>(kAnchors, document);
}
std::span<const std::uint32_t> ForwardIndex::groups(std::uint32_t document) const {
  return slice<std::uint32_t>(kGroups, document);
}
std::uint32_t ForwardIndex::links_in(std::uint32_t document) const {
  CHECK(document < documents_);
  return reinterpret_cast<const std::uint32_t*>(bytes_ + sections_[kLinksIn].begin)[document];
}
std::uint32_t ForwardIndex::words(std::uint32_t document) const {
  return static_cast<std::uint32_t>(occurrences(document).size());
}

}  // namespace parvis::search
