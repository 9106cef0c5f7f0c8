#include "app/reindex.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "app/lines.hpp"
#include "base/error.hpp"
#include "knowledge/knowledge_store.hpp"
#include "retrieval/entries.hpp"
#include "search/index.hpp"

namespace parvis::app {

ImportLock::ImportLock(const Home& home) {
  const std::filesystem::path path = home.config.home / "import.lock";
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file_ < 0)
    throw Error(Errc::unavailable, path.string() + " cannot be made: is the disk writable?");
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(file_);
  throw Error(Errc::conflict, "another import is running: try again when it is done");
}

ImportLock::~ImportLock() { ::close(file_); }

void reindex(Home& home, std::string_view scope, Reindex when) {
  const std::filesystem::path folder = home.config.index_of(scope);
  const auto current = search::current_generation(folder);
  const std::string state =
      home.database.read(scope, [&](db::Tx& tx) { return retrieval::index_state(tx, scope); });
  if (when == Reindex::when_older && current && search::made_from(*current) == state &&
      search::Generation::open(*current))
    return;
  const auto bar = progress_bar("indexing");
  retrieval::build_index(home.database, scope, folder, [&](std::size_t done) { bar(done, 0); });
}

void make_up_for(Home& home, const std::set<std::string>& scopes) {
  try {
    const ImportLock lock(home);
    for (const std::string& scope : scopes) {
      const bool holds = home.database.read(
          scope, [&](db::Tx& tx) { return knowledge::state(tx, scope) != knowledge::kNoImport; });
      if (holds) reindex(home, scope);
    }
  } catch (const Error& error) {
    if (error.code() != Errc::conflict) throw;
  }
}

}  // namespace parvis::app
