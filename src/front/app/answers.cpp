#include "app/answers.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "answer/contact.hpp"
#include "answer/emergency.hpp"
#include "answer/tree.hpp"
#include "base/error.hpp"
#include "directory/directory_store.hpp"
#include "knowledge/knowledge_store.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

using knowledge::Document;

std::string limited(std::string_view text) {
  if (text.size() > answer::kQuestionBytes)
    throw Error(Errc::too_large, "a question is longer than 8 KB: shorten it");
  return text::clean(text);
}

bool contains(const std::vector<std::string>& all, std::string_view one) {
  return std::ranges::find(all, one) != all.end();
}

}  // namespace

Answers::Answers(Home& home, Models& models, std::string tenant)
    : home_(home), models_(models), tenant_(std::move(tenant)) {
  std::vector<std::shared_ptr<const search::Generation>> generations;
  for (const std::string& scope : std::set<std::string>{"", tenant_})
    if (const auto folder = search::current_generation(home.config.index_of(scope))) {
      auto generation = search::Generation::open(*folder);
      if (!generation) throw Error(Errc::unavailable, generation.error().what);
      models_.load(**generation);
      generations.push_back(std::move(*generation));
    }
  if (generations.empty())
    throw Error(Errc::unavailable, "nothing is imported yet: run parvis import fiches SRC");
  snapshot_ = std::make_unique<search::Snapshot>(std::move(generations));
  if (tenant_.empty()) return;
  home.database.read(tenant_, [&](db::Tx& tx) {
    local_.clear();
    if (const auto found = tenancy::tenant_of(tx, tenant_)) {
      name_ = found->name;
      zone_ = found->zone;
    }
    communes_ = tenancy::communes(tx, tenant_);
    knowledge::each_document(tx, tenant_,
                             [&](const Document& document) { local_[document.key.id] = document; });
  });
}

// A sheet of some communes holds for a citizen of one of them, and for one who did not say only
// when it holds in all.
bool Answers::holds(const Document& local, const std::string& commune) const {
  if (local.communes.empty()) return true;
  if (!commune.empty()) return contains(local.communes, commune);
  return std::ranges::all_of(
      communes_, [&](const auto& each) { return contains(local.communes, each.insee); });
}

answer::Services Answers::services_for(const std::string& commune, LocalTime now) const {
  if (tenant_.empty()) return {};
  auto find = [this, commune, now](std::string_view pivot,
                                   std::string_view topic) -> std::optional<answer::Contact> {
    const std::vector<directory::Service> all = services(commune);
    const directory::Service* found = directory::service_for(
        all, {.commune = commune, .pivot = std::string(pivot), .topic = std::string(topic)});
    if (found == nullptr) return std::nullopt;
    return answer::contact_of(*found, now);
  };
  return {.by_pivot = [find](std::string_view pivot) { return find(pivot, ""); },
          .by_words = [find](std::string_view words) { return find("", words); }};
}

answer::Answer Answers::ask(answer::Question question, const std::string& commune,
                            Instant now) const {
  const auto start = std::chrono::steady_clock::now();
  if (question.earlier.size() > answer::kEarlierQuestions ||
      question.chosen.size() > answer::kEarlierQuestions)
    throw Error(Errc::too_large, "more than 20 earlier questions or choices: start a new question");
  question.text = limited(question.text);
  for (std::string& earlier : question.earlier) earlier = limited(earlier);
  if (auto danger = answer::emergency(question.text)) return std::move(*danger);

  retrieval::Retrieval retrieval = find(question.text, answer::kOffered + local_.size(), false);
  std::erase_if(retrieval.found, [&](const retrieval::Found& found) {
    const auto at = found.key.audience == "local" ? local_.find(found.key.id) : local_.end();
    return found.key.audience == "local" && (at == local_.end() || !holds(at->second, commune));
  });
  retrieval.found.resize(std::min(retrieval.found.size(), answer::kOffered));

  std::vector<Document> documents;
  auto have = [&](std::string_view id) {
    return std::ranges::any_of(documents, [&](const Document& d) { return d.key.id == id; });
  };
  home_.database.read(tenant_, [&](db::Tx& tx) {
    documents.clear();
    const std::set<knowledge::DocumentKey> off =
        tenant_.empty() ? std::set<knowledge::DocumentKey>{} : knowledge::switched_off(tx, tenant_);
    auto take = [&](std::optional<Document> document) {
      if (document && !off.contains(document->key)) documents.push_back(std::move(*document));
    };
    for (const retrieval::Found& found : retrieval.found)
      take(found.key.audience == "local" ? std::optional(local_.at(found.key.id))
                                         : knowledge::load(tx, knowledge::kNational, found.key));
    for (const std::string& choice : question.chosen) {  // a sheet of a dossier that was offered
      const std::string id(answer::sheet_of_choice(choice));
      if (!have(id)) take(knowledge::load_by_id(tx, tenant_, id));
    }
  });
  std::vector<answer::Candidate> candidates;
  for (const Document& document : documents) {
    answer::Candidate& candidate = candidates.emplace_back();
    candidate.document = &document;
    candidate.probability = candidates.size() == 1 ? retrieval.confidence : 0;
    if (document.key.audience == "local") continue;
    for (const auto& [id, local] : local_) {
      const bool overrides = contains(local.overrides, document.key.id);
      if ((overrides || contains(local.completes, document.key.id)) && holds(local, commune))
        candidate.local.push_back({.document = &local, .overrides = overrides});
    }
  }
  const LocalTime local_now = zone_.local(now);
  answer::ComposeContext context;
  context.now = now;
  context.zone = zone_;
  for (const tenancy::Commune& each : communes_)
    if (each.insee == commune) context.commune = each.name;
  context.services = services_for(commune, local_now);
  context.floors.answer = home_.config.answer_floor;
  answer::Answer out = compose(question, candidates, context);
  if (retrieval.mode == retrieval::Mode::lexical)
    out.notices.emplace_back("Recherche par mots seulement.");
  out.took_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return out;
}

retrieval::Retrieval Answers::find(std::string_view question, std::size_t limit,
                                   bool lexical) const {
  const retrieval::Mode mode = lexical ? retrieval::Mode::lexical : retrieval::mode_of(*snapshot_);
  std::optional<std::vector<float>> vector;
  if (mode != retrieval::Mode::lexical) vector = models_.question(question);
  return retrieval::retrieve(*snapshot_, models_.fitted(), mode, question,
                             vector ? std::span<const float>(*vector) : std::span<const float>(),
                             limit);
}

std::optional<Document> Answers::sheet(const knowledge::DocumentKey& key) const {
  return home_.database.read(tenant_, [&](db::Tx& tx) -> std::optional<Document> {
    if (!tenant_.empty() && knowledge::switched_off(tx, tenant_).contains(key)) return std::nullopt;
    if (key.audience != "local") return knowledge::load(tx, knowledge::kNational, key);
    const auto at = local_.find(key.id);
    return at == local_.end() ? std::nullopt : std::optional(at->second);
  });
}

std::vector<directory::Service> Answers::services(const std::string& commune) const {
  if (tenant_.empty()) return {};
  return home_.database.read(
      tenant_, [&](db::Tx& tx) { return directory::services_of(tx, tenant_, commune); });
}

}  // namespace parvis::app
