#include "app/answers.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "answer/contact.hpp"
#include "answer/emergency.hpp"
#include "answer/tree.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
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
    : home_(home), models_(models), tenant_(std::move(tenant)), view_(load(published())) {}

std::vector<std::filesystem::path> Answers::published() const {
  std::vector<std::filesystem::path> out;
  for (const std::string& scope : std::set<std::string>{"", tenant_})
    if (auto folder = search::current_generation(home_.config.index_of(scope)))
      out.push_back(std::move(*folder));
  return out;
}

std::shared_ptr<const Answers::View> Answers::load(
    std::vector<std::filesystem::path> generations) const {
  auto view = std::make_shared<View>();
  view->vectors = models_.cache() != nullptr;
  for (const std::filesystem::path& folder : generations) {
    auto generation = search::Generation::open(folder);
    if (!generation) throw Error(Errc::unavailable, generation.error().what);
    models_.load(**generation);
    view->opened.push_back(std::move(*generation));
  }
  view->snapshot = std::make_shared<const search::Snapshot>(
      std::vector<std::shared_ptr<const search::Generation>>(view->opened.begin(),
                                                             view->opened.end()));
  view->generations = std::move(generations);
  if (tenant_.empty()) return view;
  home_.database.read(tenant_, [&](db::Tx& tx) {
    view->local.clear();
    if (const auto found = tenancy::tenant_of(tx, tenant_)) {
      view->name = found->name;
      view->zone = found->zone;
    }
    view->communes = tenancy::communes(tx, tenant_);
    knowledge::each_document(
        tx, tenant_, [&](const Document& document) { view->local[document.key.id] = document; });
  });
  return view;
}

// One thread reads what is new while the others go on with what they have: a request never waits
// for an import.
std::shared_ptr<const Answers::View> Answers::view() const {
  std::vector<std::filesystem::path> now = published();
  const bool vectors = models_.cache() != nullptr;
  {
    const std::scoped_lock lock(mutex_);
    const bool same = now == view_->generations && vectors == view_->vectors;
    if (same) stale_.clear();
    if (loading_ || same) return view_;
    loading_ = true;
  }
  std::shared_ptr<const View> fresh;
  std::string why;
  try {
    fresh = load(std::move(now));
  } catch (const Error& error) {
    why = error.detail();
  }
  const std::scoped_lock lock(mutex_);
  loading_ = false;
  if (!fresh && stale_ != why) log(Level::warning, "generation_refused", {{"why", why}});
  if (fresh) view_ = std::move(fresh);
  stale_ = std::move(why);
  return view_;
}

std::shared_ptr<const Answers::View> Answers::searchable() const {
  std::shared_ptr<const View> current = view();
  if (current->generations.empty())
    throw Error(Errc::unavailable, "nothing is imported yet: run parvis import fiches SRC");
  return current;
}

std::string Answers::stale() const {
  view();
  const std::scoped_lock lock(mutex_);
  return stale_;
}

// A sheet of some communes holds for a citizen of one of them, and for one who did not say only
// when it holds in all.
bool Answers::View::holds(const Document& sheet, const std::string& commune) const {
  if (sheet.communes.empty()) return true;
  if (!commune.empty()) return contains(sheet.communes, commune);
  return std::ranges::all_of(
      communes, [&](const auto& each) { return contains(sheet.communes, each.insee); });
}

std::vector<Document> Answers::documents(const View& view, const std::string& commune,
                                         std::vector<retrieval::Found> found, std::size_t limit,
                                         std::span<const std::string> more_ids) const {
  return home_.database.read(tenant_, [&](db::Tx& tx) {
    std::vector<Document> out;
    const std::set<knowledge::DocumentKey> off =
        tenant_.empty() ? std::set<knowledge::DocumentKey>{} : knowledge::switched_off(tx, tenant_);
    for (const retrieval::Found& each : found) {
      if (out.size() == limit) break;
      if (off.contains(each.key)) continue;
      if (each.key.audience == "local") {
        const auto at = view.local.find(each.key.id);
        if (at != view.local.end() && view.holds(at->second, commune)) out.push_back(at->second);
      } else if (auto document = knowledge::load(tx, knowledge::kNational, each.key)) {
        out.push_back(std::move(*document));
      }
    }
    for (const std::string& id : more_ids) {
      if (std::ranges::any_of(out, [&](const Document& d) { return d.key.id == id; })) continue;
      auto document = knowledge::load_by_id(tx, tenant_, id);
      if (document && !off.contains(document->key)) out.push_back(std::move(*document));
    }
    return out;
  });
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

  const std::shared_ptr<const View> view = searchable();
  retrieval::Retrieval retrieval =
      find(*view, question.text, answer::kOffered + view->local.size(), false);
  std::vector<std::string> chosen;  // sheets of a dossier that was offered
  for (const std::string& choice : question.chosen)
    chosen.emplace_back(answer::sheet_of_choice(choice));
  const std::vector<Document> documents =
      this->documents(*view, commune, std::move(retrieval.found), answer::kOffered, chosen);
  std::vector<answer::Candidate> candidates;
  for (const Document& document : documents) {
    answer::Candidate& candidate = candidates.emplace_back();
    candidate.document = &document;
    candidate.probability = candidates.size() == 1 ? retrieval.confidence : 0;
    if (document.key.audience == "local") continue;
    for (const auto& [id, local] : view->local) {
      const bool overrides = contains(local.overrides, document.key.id);
      if ((overrides || contains(local.completes, document.key.id)) && view->holds(local, commune))
        candidate.local.push_back({.document = &local, .overrides = overrides});
    }
  }
  const LocalTime local_now = view->zone.local(now);
  answer::ComposeContext context;
  context.now = now;
  context.zone = view->zone;
  for (const tenancy::Commune& each : view->communes)
    if (each.insee == commune) context.commune = each.name;
  context.services = services_for(commune, local_now);
  context.floors.answer = home_.config.answer_floor;
  context.floors.partial = home_.config.partial_floor;
  answer::Answer out = compose(question, candidates, context);
  if (retrieval.mode == retrieval::Mode::lexical)
    out.notices.emplace_back("Recherche par mots seulement.");
  out.took_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return out;
}

retrieval::Retrieval Answers::find(const View& view, std::string_view question, std::size_t limit,
                                   bool lexical) const {
  const search::Snapshot& snapshot = *view.snapshot;
  const retrieval::Mode mode =
      lexical ? retrieval::Mode::lexical
              : std::min(retrieval::mode_of(snapshot), models_.fitted().ranker.most);
  const std::string from =
      snapshot.id() + "/" + std::to_string(retrieval::vectors_missing(snapshot));
  const std::string key = std::to_string(limit) + (lexical ? "w " : " ") + std::string(question);
  if (auto known = found_.find(from, key)) return std::move(*known);
  std::optional<std::vector<float>> vector;
  const bool fits = models_.embedder().model() == models_.fitted().ranker.model;
  if (mode != retrieval::Mode::lexical && fits) vector = models_.question(question);
  retrieval::Retrieval out = retrieval::retrieve(
      snapshot, models_.fitted(), mode, question,
      vector ? std::span<const float>(*vector) : std::span<const float>(), limit);
  if (out.mode == mode) found_.keep(from, key, out);  // not what a busy model could not help with
  return out;
}

std::size_t Answers::refresh_vectors() const {
  const std::shared_ptr<const View> view = this->view();
  const search::VectorCache* cache = models_.cache();
  const std::string now =
      view->snapshot->id() + "/" + std::to_string(cache == nullptr ? 0 : cache->size());
  {  // the tables are read anew only for other documents or more vectors
    const std::scoped_lock lock(mutex_);
    if (std::exchange(refreshed_, now) == now) return retrieval::vectors_missing(*view->snapshot);
  }
  for (const auto& generation : view->opened) models_.load(*generation);
  return retrieval::vectors_missing(*view->snapshot);
}

std::vector<Document> Answers::sheets(const std::string& words, const std::string& commune,
                                      std::size_t limit) const {
  const std::shared_ptr<const View> view = searchable();
  retrieval::Retrieval retrieval = find(*view, limited(words), retrieval::kFound, false);
  return documents(*view, commune, std::move(retrieval.found), limit);
}

std::optional<Document> Answers::sheet(const knowledge::DocumentKey& key) const {
  const std::shared_ptr<const View> view = this->view();
  return home_.database.read(tenant_, [&](db::Tx& tx) -> std::optional<Document> {
    if (!tenant_.empty() && knowledge::switched_off(tx, tenant_).contains(key)) return std::nullopt;
    if (key.audience != "local") return knowledge::load(tx, knowledge::kNational, key);
    const auto at = view->local.find(key.id);
    return at == view->local.end() ? std::nullopt : std::optional(at->second);
  });
}

std::vector<directory::Service> Answers::services(const std::string& commune) const {
  if (tenant_.empty()) return {};
  return home_.database.read(
      tenant_, [&](db::Tx& tx) { return directory::services_of(tx, tenant_, commune); });
}

}  // namespace parvis::app
