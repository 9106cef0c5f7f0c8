// The whole way from a citizen's words to an answer, for one tenant. Thread-safe.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "answer/composer.hpp"
#include "app/found_cache.hpp"
#include "app/home.hpp"
#include "app/models.hpp"
#include "dialogue/step.hpp"
#include "directory/service.hpp"
#include "procedure/procedure_store.hpp"
#include "search/index.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::app {

class Answers {
 public:
  // Works on what is published now, and on each later generation from the first request after it,
  // with vectors once the model has loaded; requests under way keep theirs. Nothing needs to be
  // there: then `ask` throws.
  Answers(Home& home, Models& models, std::string tenant);

  // commune: INSEE code, or empty: then only what holds for the whole tenant is local. question: as
  // typed. Throws Error: too_large past answer::kQuestionBytes a text and answer::kEarlierQuestions
  // earlier texts or choices; unavailable, naming the remedy, when nothing is imported.
  // The conversation so far is taken up again from the earlier texts.
  answer::Answer ask(const answer::Question& question, const std::string& commune,
                     Instant now) const;
  // One turn of a conversation whose state the caller keeps. Throws as `ask`.
  dialogue::Step step(dialogue::State state, const dialogue::Said& said, const std::string& commune,
                      Instant now) const;

  // What the policy of a conversation looks at, for one turn: for one thread, and not beyond
  // `this`.
  dialogue::World world(const std::string& commune, Instant now) const;

  // The documents that may answer, for a cleaned question.
  retrieval::Retrieval find(std::string_view question, std::size_t limit, retrieval::By by,
                            std::string_view language = "") const {
    return find(*searchable(), question, limit, by, inference::Kind::query, language);
  }
  // The sheets for some words, best first; those of other communes and those switched off left
  // out. Throws as `ask`.
  std::vector<knowledge::Document> sheets(const std::string& words, const std::string& commune,
                                          std::size_t limit) const;

  // Nothing for a sheet that the tenant has switched off, as for one that is missing.
  std::optional<knowledge::Document> sheet(const knowledge::DocumentKey& key) const;
  std::vector<directory::Service> services(const std::string& commune) const;
  // The town hall, open or not now: of the commune, or of the only one.
  std::optional<answer::Contact> hall(const std::string& commune, Instant now) const;
  std::vector<tenancy::Commune> communes() const { return view()->communes; }
  const std::string& tenant() const { return tenant_; }
  std::string name() const { return view()->name; }      // of the town, as it is shown
  std::string accent() const { return view()->accent; }  // its colour, or empty
  Zone zone() const { return view()->zone; }
  std::shared_ptr<const search::Snapshot> snapshot() const { return view()->snapshot; }
  // Gives what is served the vectors that were made since; how many are still missing.
  std::size_t refresh_vectors() const;
  // Why a newer generation is not used; empty when there is none or it is.
  std::string stale() const;

 private:
  // All that one request looks at, read whole when a generation is published.
  struct View {
    std::string name = "Service public", accent;
    Zone zone = Zone::paris();
    std::vector<tenancy::Commune> communes;
    std::map<std::string, knowledge::Document> local;         // the tenant's own, by id
    std::shared_ptr<const search::Snapshot> snapshot;         // never null
    std::vector<std::shared_ptr<search::Generation>> opened;  // of the snapshot
    std::vector<std::filesystem::path> generations;
    bool vectors = false;  // the model was there to give them
    bool holds(const knowledge::Document& local, const std::string& commune) const;
    // Adds those that a sheet of some communes is of.
    void name_communes(const knowledge::Document& local,
                       std::vector<answer::CommuneName>& into) const;

    // Heads of national sheets that were offered: a new view begins without.
    mutable std::mutex heads_mutex;
    mutable std::map<knowledge::DocumentKey, knowledge::Document> heads;
    static constexpr std::size_t kHeads = 10'000;
  };
  enum class Read : std::uint8_t { whole, first_whole };  // of the others, answer::head_of
  std::shared_ptr<const View> view() const;
  std::shared_ptr<const View> searchable() const;  // throws unavailable when nothing is imported
  std::vector<std::filesystem::path> published() const;
  std::shared_ptr<const View> load(std::vector<std::filesystem::path> generations) const;
  // Of a view, those found that hold in the commune and are not switched off; `more_ids` whole.
  std::vector<knowledge::Document> documents(const View& view, const std::string& commune,
                                             std::vector<retrieval::Found> found, std::size_t limit,
                                             Read read,
                                             std::span<const std::string> more_ids = {}) const;
  std::optional<knowledge::Document> head(const View& view, db::Tx& tx,
                                          const knowledge::DocumentKey& key) const;
  retrieval::Retrieval find(const View& view, std::string_view question, std::size_t limit,
                            retrieval::By by, inference::Kind as, std::string_view language) const;
  // dialogue::World::near; none without vectors.
  std::vector<std::vector<answer::PassageHit>> near_in_pages(
      std::span<const knowledge::Document* const> pages, std::string_view question) const;
  dialogue::Found found(const std::shared_ptr<const View>& view,
                        const dialogue::World::Search& search) const;
  // Reads the national sheet that a town's own page completes; of several, the first that was
  // found.
  std::function<std::optional<answer::General>()> completed_by(
      const knowledge::Document& own, std::span<const retrieval::Found> found) const;
  static std::vector<dialogue::Found::Share> shares(const View& view, const std::string& commune,
                                                    std::span<const retrieval::Found> found);
  answer::ComposeContext context(const View& view, const std::string& commune, Instant now) const;
  answer::Services services_for(const std::string& commune, LocalTime now) const;

  Home& home_;
  mutable procedure::Catalogue catalogue_{home_.database};  // thread-safe
  Models& models_;
  std::string tenant_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const View> view_;
  mutable bool loading_ = false;  // some thread reads a newer view; the others keep the old one
  mutable std::string stale_;
  mutable std::string refreshed_;  // documents and number of vectors of the last refresh
  mutable FoundCache found_;
};

}  // namespace parvis::app
