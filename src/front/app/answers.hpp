// The whole way from a citizen's words to an answer, for one tenant. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "answer/composer.hpp"
#include "app/home.hpp"
#include "app/models.hpp"
#include "directory/service.hpp"
#include "search/index.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::app {

class Answers {
 public:
  // Opens the published indexes and the tenant's own sheets; what is imported later is seen by the
  // next one. Throws Error{unavailable} that names the remedy when nothing is imported.
  Answers(Home& home, Models& models, std::string tenant);

  // commune: INSEE code, or empty: then only what holds for the whole tenant is local. question: as
  // typed. Throws Error{too_large} past answer::kQuestionBytes a text and answer::kEarlierQuestions
  // earlier texts or choices.
  answer::Answer ask(answer::Question question, const std::string& commune, Instant now) const;

  // The documents that may answer, for a cleaned question.
  retrieval::Retrieval find(std::string_view question, std::size_t limit, bool lexical) const;

  // Nothing for a sheet that the tenant has switched off, as for one that is missing.
  std::optional<knowledge::Document> sheet(const knowledge::DocumentKey& key) const;
  std::vector<directory::Service> services(const std::string& commune) const;
  const std::vector<tenancy::Commune>& communes() const { return communes_; }
  const std::string& tenant() const { return tenant_; }
  const std::string& name() const { return name_; }  // of the town, as it is shown
  const Zone& zone() const { return zone_; }
  const search::Snapshot& snapshot() const { return *snapshot_; }

 private:
  bool holds(const knowledge::Document& local, const std::string& commune) const;
  answer::Services services_for(const std::string& commune, LocalTime now) const;

  Home& home_;
  Models& models_;
  std::string tenant_, name_ = "Service public";
  Zone zone_ = Zone::paris();
  std::vector<tenancy::Commune> communes_;
  std::unique_ptr<search::Snapshot> snapshot_;
  std::map<std::string, knowledge::Document> local_;  // the tenant's own, by id
};

}  // namespace parvis::app
