#include "search/bare.hpp"

#include <xapian.h>

namespace parvis::search {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

std::chrono::nanoseconds bare_search(const Snapshot& snapshot, std::span<const QueryTerm> terms,
                                     std::size_t limit) {
  Xapian::Database database;
  for (const auto& generation : snapshot.generations())
    database.add_database(Xapian::Database(lexical_database(generation->folder()).string()));
  const auto start = Clock::now();
  std::vector<Xapian::Query> parts;
  for (const QueryTerm& term : terms) parts.emplace_back(term.stem);
  Xapian::Enquire enquire(database);
  enquire.set_query(Xapian::Query(Xapian::Query::OP_OR, parts.begin(), parts.end()));
  enquire.get_mset(0, static_cast<Xapian::doccount>(limit));
  return Clock::now() - start;
}

std::chrono::nanoseconds bare_index(const std::filesystem::path& folder,
                                    std::span<const Entry> entries) {
  const auto start = Clock::now();
  Xapian::WritableDatabase database(folder.string(), Xapian::DB_CREATE_OR_OVERWRITE);
  Xapian::TermGenerator generator;
  generator.set_stemmer(Xapian::Stem("french"));
  for (const Entry& entry : entries) {
    Xapian::Document document;
    generator.set_document(document);
    for (std::size_t f = 0; f < kFields; ++f)
      generator.index_text_without_positions(entry.field[f], kFieldWeights[f]);
    database.add_document(document);
  }
  database.commit();
  return Clock::now() - start;
}

}  // namespace parvis::search
