// After the documents of a scope changed: its index.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "app/home.hpp"

namespace parvis::app {

// One import at a time in a home: each sweeps away the unfinished generations that it finds.
// Throws Error{conflict} while another process has it. It ends with the process, however that ends.
class ImportLock {
 public:
  explicit ImportLock(const Home& home);
  ~ImportLock();
  ImportLock(const ImportLock&) = delete;
  ImportLock& operator=(const ImportLock&) = delete;

 private:
  int file_;
};

enum class Reindex { when_older, always };

// Publishes a generation unless the one there is sound and was made from what is stored now: what
// changed nothing makes no new one, and what a crash left unindexed is made up for.
void reindex(Home& home, std::string_view scope, Reindex when = Reindex::when_older);

// The same for each scope that holds documents, when the program starts: what a crash left
// unindexed, or a version before this one has written in another form. Left to an import that runs.
void make_up_for(Home& home, const std::set<std::string>& scopes);

}  // namespace parvis::app
