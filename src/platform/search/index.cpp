#include "search/index.hpp"

#include <xapian.h>

#include <algorithm>
#include <fstream>
#include <unordered_map>

#include "crypto/hash.hpp"
#include "text/tokens.hpp"

namespace parvis::search {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kCurrent = "current";
constexpr std::string_view kForward = "forward.bin";
constexpr std::string_view kLexical = "lexical";
constexpr std::string_view kMadeFrom = "made-from";

Error index_error(const std::exception& cause) {
  return {Errc::unavailable, std::string("the index cannot be written (") + cause.what() +
                                 "); free space, then import"};
}

}  // namespace

fs::path lexical_database(const fs::path& generation) { return generation / kLexical; }

std::optional<fs::path> current_generation(const fs::path& scope) {
  std::ifstream file(scope / kCurrent);
  std::string name;
  if (!(file >> name) || name.find('/') != std::string::npos) return std::nullopt;
  fs::path folder = scope / name;
  if (!fs::is_directory(folder)) return std::nullopt;
  return folder;
}

std::string made_from(const fs::path& generation) {
  std::ifstream file(generation / kMadeFrom);
  std::string word;
  file >> word;
  return word;
}

// ── building ────────────────────────────────────────────────────────────────────────────────────

struct GenerationBuilder::Lexical {
  explicit Lexical(const fs::path& folder)
      : database(folder.string(), Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS |
                                      Xapian::DB_NO_SYNC | Xapian::DB_DANGEROUS) {}
  Xapian::WritableDatabase database;
  std::unordered_map<std::string, Xapian::termcount> spellings;
};

GenerationBuilder::GenerationBuilder(const fs::path& scope) : scope_(scope) {
  try {
    fs::create_directories(scope);
    folder_ = scope / ("g" + crypto::random_hex(6));
    fs::create_directory(folder_);
    lexical_ = std::make_unique<Lexical>(folder_ / kLexical);
  } catch (const Xapian::Error& e) {
    throw Error(Errc::unavailable, "cannot start an index: " + e.get_msg());
  } catch (const fs::filesystem_error& e) {
    throw index_error(e);
  }
}

GenerationBuilder::~GenerationBuilder() {
  lexical_.reset();
  std::error_code ignored;  // what is left is swept by the next publish
  if (!published_) fs::remove_all(folder_, ignored);
}

void GenerationBuilder::add(const Entry& entry) {
  std::array<std::vector<std::string>, kFields> terms;
  std::unordered_map<std::string, Xapian::termcount> weights;
  for (std::size_t f = 0; f < kFields; ++f) {
    for (const text::Word& word : text::words(entry.field[f])) {
      if (text::is_stop_word(word.folded)) continue;
      if (word.folded.size() > kSpellingBytes && f != static_cast<std::size_t>(Field::anchors))
        ++lexical_->spellings[word.folded];
      terms[f].push_back(text::stem(word.folded));
      weights[terms[f].back()] += kFieldWeights[f];
    }
  }
  try {
    Xapian::Document document;
    for (const auto& [term, weight] : weights) document.add_term(term, weight);
    lexical_->database.add_document(document);
  } catch (const Xapian::Error& e) {
    throw Error(Errc::unavailable, "the index cannot be written: " + e.get_msg());
  }
  forward_.add(entry, terms);
  ++documents_;
}

void GenerationBuilder::publish(std::string_view made_from) {
  try {
    for (const auto& [word, count] : lexical_->spellings)
      if (count > 1 || documents_ < kSmallIndex) lexical_->database.add_spelling(word, count);
    lexical_->database.commit();
    lexical_->database.close();
    lexical_.reset();
    forward_.write(folder_ / kForward);
    std::ofstream source(folder_ / kMadeFrom);
    source << made_from << '\n';
    source.close();
    if (!source) throw Error(Errc::unavailable, "cannot write the index: is the disk full?");
    const fs::path fresh = scope_ / "current.new";
    std::ofstream pointer(fresh, std::ios::trunc);
    pointer << folder_.filename().string() << '\n';
    pointer.close();
    if (!pointer) throw Error(Errc::unavailable, "cannot write the index: is the disk full?");
    const auto previous = current_generation(scope_);
    fs::rename(fresh, scope_ / kCurrent);
    published_ = true;
    for (const auto& entry : fs::directory_iterator(scope_)) {
      if (!entry.is_directory() || entry.path() == folder_) continue;
      if (previous && entry.path() == *previous) continue;  // readers may still be in it
      std::error_code ignored;
      fs::remove_all(entry.path(), ignored);
    }
  } catch (const Xapian::Error& e) {
    throw Error(Errc::unavailable, "the index cannot be written: " + e.get_msg());
  } catch (const fs::filesystem_error& e) {
    throw index_error(e);
  }
}

// ── one generation ──────────────────────────────────────────────────────────────────────────────

Generation::Generation(fs::path folder, ForwardIndex forward)
    : folder_(std::move(folder)), id_(folder_.filename().string()), forward_(std::move(forward)) {}

std::expected<std::shared_ptr<Generation>, Problem> Generation::open(const fs::path& folder) {
  auto forward = ForwardIndex::open(folder / kForward);
  if (!forward) return std::unexpected(forward.error());
  try {
    const Xapian::Database probe((folder / kLexical).string());
    if (probe.get_doccount() != forward->documents())
      return std::unexpected(Problem{folder.string() + ": its two halves differ; import again"});
  } catch (const Xapian::Error& e) {
    return std::unexpected(Problem{folder.string() + ": " + e.get_msg()});
  }
  return std::shared_ptr<Generation>(new Generation(folder, std::move(*forward)));
}

std::shared_ptr<const Generation::Vectors> Generation::vectors() const {
  const std::scoped_lock lock(mutex_);
  return vectors_;
}

void Generation::load_vectors(const VectorCache& cache) {
  const VectorTable empty(cache.dimension());
  auto fresh = std::make_shared<Vectors>(empty, empty, empty);
  fresh->titles.reserve(forward_.documents());
  for (std::uint32_t d = 0; d < forward_.documents(); ++d) {
    auto add = [&](VectorTable& table, std::size_t& missing, std::uint32_t p, std::uint64_t text) {
      if (!table.add({d, p}, [&](std::int8_t* out) { return cache.copy(text, out); })) ++missing;
    };
    const auto passages = forward_.passages(d), anchors = forward_.anchors(d);
    for (std::uint32_t p = 0; p < passages.size(); ++p)
      p == 0 ? add(fresh->titles, fresh->titles_missing, p, passages[p])
             : add(fresh->passages, fresh->passages_missing, p, passages[p]);
    for (std::uint32_t a = 0; a < anchors.size(); ++a)
      add(fresh->anchors, fresh->anchors_missing, a, anchors[a]);
  }
  const std::scoped_lock lock(mutex_);
  vectors_ = std::move(fresh);
}

// ── searching ───────────────────────────────────────────────────────────────────────────────────

Snapshot::Snapshot(std::vector<std::shared_ptr<const Generation>> generations)
    : generations_(std::move(generations)) {
  for (const auto& generation : generations_) {
    bases_.push_back(documents_);
    documents_ += generation->forward().documents();
    id_.append(id_.empty() ? "" : "+").append(generation->id());
  }
}

Snapshot::~Snapshot() = default;

Snapshot::Place Snapshot::place(std::uint32_t document) const {
  CHECK(document < documents_);
  const auto after = std::ranges::upper_bound(bases_, document);
  const auto index = static_cast<std::size_t>(after - bases_.begin()) - 1;
  return {generations_[index].get(), document - bases_[index], index};
}

std::string_view Snapshot::key(std::uint32_t document) const {
  const Place at = place(document);
  return at.generation->forward().key(at.document);
}

// A Xapian::Database serves one thread at a time: searches borrow one.
std::unique_ptr<Xapian::Database> Snapshot::take() const {
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      auto database = std::move(idle_.back());
      idle_.pop_back();
      return database;
    }
  }
  auto database = std::make_unique<Xapian::Database>();
  for (const auto& generation : generations_)
    database->add_database(Xapian::Database(lexical_database(generation->folder()).string()));
  return database;
}

void Snapshot::give_back(std::unique_ptr<Xapian::Database> database) const {
  const std::scoped_lock lock(mutex_);
  idle_.push_back(std::move(database));
}

std::vector<Hit> Snapshot::lexical(std::span<const QueryTerm> terms, std::size_t limit) const {
  std::vector<Hit> hits;
  if (terms.empty() || documents_ == 0) return hits;
  try {
    auto database = take();
    std::vector<Xapian::Query> parts;
    for (const QueryTerm& term : terms.first(std::min(terms.size(), kQueryTerms))) {
      Xapian::Query part(term.stem);
      parts.push_back(term.weight == 1
                          ? part
                          : Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, part, term.weight));
    }
    Xapian::Enquire enquire(*database);
    enquire.set_query(Xapian::Query(Xapian::Query::OP_OR, parts.begin(), parts.end()));
    enquire.set_weighting_scheme(Xapian::BM25Weight(kBm25K1, 0, 1, kBm25B, 0.5));
    const Xapian::MSet found = enquire.get_mset(0, static_cast<Xapian::doccount>(limit));
    const auto shards = static_cast<Xapian::docid>(generations_.size());
    hits.reserve(found.size());
    for (auto hit = found.begin(); hit != found.end(); ++hit) {
      const Xapian::docid id = *hit - 1;
      hits.push_back({number(id % shards, id / shards), hit.get_weight()});
    }
    give_back(std::move(database));
  } catch (const Xapian::Error& e) {
    throw Error(Errc::unavailable, "the index cannot be read: " + e.get_msg());
  }
  return hits;
}

std::uint32_t Snapshot::document_frequency(std::string_view stem) const {
  std::uint32_t sum = 0;
  for (const auto& generation : generations_) {
    const ForwardIndex& forward = generation->forward();
    const std::uint32_t term = forward.term(stem);
    if (term != ForwardIndex::kNoTerm) sum += forward.document_frequency(term);
  }
  return sum;
}

std::optional<std::string> Snapshot::spelling(std::string_view folded) const {
  if (folded.size() <= kSpellingBytes || documents_ == 0) return std::nullopt;
  try {
    auto database = take();
    std::string found =
        database->get_spelling_suggestion(std::string(folded), folded.size() < 6 ? 1 : 2);
    give_back(std::move(database));
    if (found.empty()) return std::nullopt;
    return found;
  } catch (const Xapian::Error&) {  // a correction is a help, its absence no fault
    return std::nullopt;
  }
}

}  // namespace parvis::search
