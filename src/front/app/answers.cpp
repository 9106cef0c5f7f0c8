#include "app/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ranges>
#include <set>
#include <utility>

#include "answer/contact.hpp"
#include "answer/tree.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "casework/reference.hpp"
#include "directory/directory_store.hpp"
#include "knowledge/knowledge_store.hpp"
#include "retrieval/passages.hpp"
#include "tenancy/names.hpp"
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

// One that is as near as `nearest` counts whole, one that is `far` behind not at all.
std::vector<answer::PassageHit> hits(std::span<const retrieval::Passage> passages,
                                     std::span<const retrieval::NearPassage> near, double nearest,
                                     double far) {
  std::vector<answer::PassageHit> out;
  for (const retrieval::NearPassage& each : near)
    if (const double behind = (nearest - each.cosine) / far;
        behind < 1 && each.at < passages.size())
      out.push_back({.text = passages[each.at].text, .score = 1 - behind});
  return out;
}

// The passages of a document that are near the question.
std::vector<answer::PassageHit> near(const Document& document,
                                     std::span<const retrieval::Found> found) {
  constexpr double kFar = 0.05;  // cosines of this kind of model differ by little
  const auto at = std::ranges::find(found, document.key, &retrieval::Found::key);
  if (at == found.end() || at->near.empty()) return {};
  return hits(retrieval::passages_of(document), at->near, at->near.front().cosine, kFar);
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
      view->accent = found->accent;
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

void Answers::View::name_communes(const Document& sheet,
                                  std::vector<answer::CommuneName>& into) const {
  for (const tenancy::Commune& each : communes)
    if (contains(sheet.communes, each.insee) &&
        std::ranges::find(into, each.insee, &answer::CommuneName::insee) == into.end())
      into.push_back({each.name, each.insee});
}

std::vector<Document> Answers::documents(const View& view, const std::string& commune,
                                         std::vector<retrieval::Found> found, std::size_t limit,
                                         Read read, std::span<const std::string> more_ids) const {
  return home_.database.read(tenant_, [&](db::Tx& tx) {
    std::vector<Document> out;
    const std::set<knowledge::DocumentKey> off =
        tenant_.empty() ? std::set<knowledge::DocumentKey>{} : knowledge::switched_off(tx, tenant_);
    for (const retrieval::Found& each : found) {
      if (out.size() == limit) break;
      if (off.contains(each.key)) continue;
      if (each.key.is_local()) {
        const auto at = view.local.find(each.key.id);
        if (at != view.local.end() && view.holds(at->second, commune)) out.push_back(at->second);
      } else {
        const bool whole = read == Read::whole || out.empty() ||
                           std::ranges::find(more_ids, each.key.id) != more_ids.end();
        if (auto document = whole ? knowledge::load(tx, knowledge::kNational, each.key)
                                  : head(view, tx, each.key))
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

std::optional<Document> Answers::head(const View& view, db::Tx& tx,
                                      const knowledge::DocumentKey& key) const {
  {
    const std::scoped_lock lock(view.heads_mutex);
    if (const auto at = view.heads.find(key); at != view.heads.end()) return at->second;
  }
  const auto whole = knowledge::load(tx, knowledge::kNational, key);
  if (!whole) return std::nullopt;
  Document head = answer::head_of(*whole);
  const std::scoped_lock lock(view.heads_mutex);
  if (view.heads.size() < View::kHeads) view.heads.emplace(key, head);
  return head;
}

answer::Services Answers::services_for(const std::string& commune, LocalTime now) const {
  if (tenant_.empty()) return {};
  // Read once for an answer, when it first wants one.
  const auto all = std::make_shared<std::optional<std::vector<directory::Service>>>();
  auto find = [this, commune, now, all](std::string_view pivot,
                                        std::string_view topic) -> std::optional<answer::Contact> {
    if (!*all) *all = services(commune);
    const directory::Service* found = directory::service_for(
        **all, {.commune = commune, .pivot = std::string(pivot), .topic = std::string(topic)});
    if (found == nullptr) return std::nullopt;
    return answer::contact_of(*found, now);
  };
  return {.by_pivot = [find](std::string_view pivot) { return find(pivot, ""); },
          .by_words = [find](std::string_view words) { return find("", words); },
          .hours_on = [this, commune, all](const std::string& name, CivilDate day) -> std::string {
            if (!*all) *all = services(commune);
            const auto at = std::ranges::find(**all, name, &directory::Service::name);
            return at == (*all)->end() ? "" : answer::hours_on(*at, day);
          },
          .matter =
              [this, commune, all](std::string_view words) {
                if (!*all) *all = services(commune);
                return directory::topic_in(
                    **all, {.commune = commune, .pivot = {}, .topic = std::string(words)});
              }};
}

std::optional<answer::Contact> Answers::hall(const std::string& commune, Instant now) const {
  const auto view = this->view();
  if (commune.empty() && view->communes.size() > 1) return std::nullopt;
  const answer::Services services = services_for(commune, view->zone.local(now));
  return services.by_pivot ? services.by_pivot("mairie") : std::nullopt;
}

std::vector<std::vector<answer::PassageHit>> Answers::near_in_pages(
    std::span<const Document* const> pages, std::string_view question) const {
  constexpr double kFar = 0.15;  // the model is taught to part them
  const search::VectorCache* vectors = models_.cache();
  const auto vector = models_.question(question, inference::Kind::of_page);
  if (vectors == nullptr || !vector) return {};
  struct Read {
    std::vector<retrieval::Passage> text;
    std::vector<retrieval::NearPassage> near;
  };
  std::vector<Read> all;
  double nearest = -1;
  for (const Document* page : pages) {
    Read read{.text = retrieval::text_of(*page), .near = {}};
    read.near = retrieval::nearest(read.text, *vectors, *vector);
    if (!read.near.empty()) nearest = std::max(nearest, read.near.front().cosine);
    all.push_back(std::move(read));
  }
  std::vector<std::vector<answer::PassageHit>> out;
  for (const Read& read : all) out.push_back(hits(read.text, read.near, nearest, kFar));
  return out;
}

dialogue::Found Answers::found(const std::shared_ptr<const View>& view,
                               const dialogue::World::Search& search) const {
  const std::string& commune = search.commune;
  const retrieval::Retrieval retrieval =
      find(*view, search.question,
           std::max(answer::kOffered + view->local.size(), dialogue::kShares), retrieval::By::both,
           search.goes_on ? inference::Kind::going_on : inference::Kind::query, search.language);
  struct Kept {
    std::shared_ptr<const View> view;  // its local sheets
    std::vector<Document> documents;
  };
  auto kept = std::make_shared<Kept>();
  kept->view = view;
  kept->documents =
      documents(*view, commune, retrieval.found, answer::kOffered, Read::first_whole, search.also);
  dialogue::Found out;
  out.words_only = retrieval.mode == retrieval::Mode::lexical;
  out.shares = shares(*view, commune, retrieval.found);
  for (const Document& document : kept->documents) {
    answer::Candidate& candidate = out.candidates.emplace_back();
    candidate.document = &document;
    candidate.probability = out.candidates.size() == 1 ? retrieval.confidence : 0;
    // What is composed of: the first, or one that was asked for.
    const bool read = out.candidates.size() == 1 || contains(search.also, document.key.id);
    if (read) candidate.passages = near(document, retrieval.found);
    if (document.key.is_local()) {
      if (read) candidate.general = completed_by(document, retrieval.found);
      continue;
    }
    for (const auto& [id, local] : view->local) {
      const bool overrides = contains(local.overrides, document.key.id);
      if (!overrides && !contains(local.completes, document.key.id)) continue;
      if (view->holds(local, commune))
        candidate.local.push_back(
            {.document = &local,
             .overrides = overrides,
             .passages = read ? near(local, retrieval.found) : std::vector<answer::PassageHit>{}});
      else if (commune.empty())
        view->name_communes(local, candidate.communes);
    }
  }
  out.keep = std::move(kept);
  return out;
}

std::function<std::optional<answer::General>()> Answers::completed_by(
    const Document& own, std::span<const retrieval::Found> found) const {
  const auto at = std::ranges::find_if(
      found, [&](const retrieval::Found& each) { return contains(own.completes, each.key.id); });
  if (at == found.end()) return {};
  return [this, sheet = *at]() -> std::optional<answer::General> {
    auto document = home_.database.read(tenant_, [&](db::Tx& tx) -> std::optional<Document> {
      if (knowledge::switched_off(tx, tenant_).contains(sheet.key)) return std::nullopt;
      return knowledge::load(tx, knowledge::kNational, sheet.key);
    });
    if (!document) return std::nullopt;
    auto passages = near(*document, {&sheet, 1});
    return answer::General{std::move(*document), std::move(passages)};
  };
}

std::vector<dialogue::Found::Share> Answers::shares(const View& view, const std::string& commune,
                                                    std::span<const retrieval::Found> found) {
  const auto here = [&](const retrieval::Found& each) {
    const auto at = view.local.find(each.key.id);
    return !each.key.is_local() || (at != view.local.end() && view.holds(at->second, commune));
  };
  std::vector<dialogue::Found::Share> out;
  double sum = 0;
  for (const retrieval::Found& each :
       found | std::views::filter(here) | std::views::take(dialogue::kShares)) {
    out.push_back({each.key.id, each.score - found.front().score, each.filed});
    sum += std::exp(out.back().log);
  }
  for (dialogue::Found::Share& share : out) share.log -= std::log(sum);
  return out;
}

answer::ComposeContext Answers::context(const View& view, const std::string& commune,
                                        Instant now) const {
  answer::ComposeContext out;
  out.now = now;
  out.zone = view.zone;
  for (const tenancy::Commune& each : view.communes)
    if (each.insee == commune) out.commune = each.name;
  out.services = services_for(commune, view.zone.local(now));
  out.floors.answer = home_.config.answer_floor;
  out.floors.partial = home_.config.partial_floor;
  return out;
}

dialogue::World Answers::world(const std::string& commune, Instant now) const {
  const std::shared_ptr<const View> town = this->view();
  // Read at the first search: danger needs none.
  auto view = std::make_shared<std::shared_ptr<const View>>();
  return {
      .town = tenancy::with_article(town->name),
      .communes = town->communes,
      .commune = commune,
      .find =
          [this, view](const dialogue::World::Search& search) {
            if (!*view) *view = searchable();
            return found(*view, search);
          },
      .near = [this](std::span<const Document* const> pages,
                     std::string_view question) { return near_in_pages(pages, question); },
      .stays = [this](std::string_view message) { return models_.stays(message); },
      .context = [this, town, now](const std::string& where) { return context(*town, where, now); },
      .procedures = [this](const std::string& where) { return catalogue_.offered(tenant_, where); },
      .reference = [](std::string_view typed) { return casework::read_reference(typed); },
      .by_meaning = [this](std::string_view message) { return models_.by_meaning(message); }};
}

dialogue::Step Answers::step(dialogue::State state, const dialogue::Said& said,
                             const std::string& commune, Instant now) const {
  const auto start = std::chrono::steady_clock::now();
  dialogue::Step out = dialogue::step(std::move(state),
                                      {.text = limited(said.text),
                                       .choice = said.choice,
                                       .fills = said.fills,
                                       .words = said.words,
                                       .draft = said.draft,
                                       .booker = said.booker},
                                      world(commune, now));
  out.answer.took_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return out;
}

answer::Answer Answers::ask(const answer::Question& question, const std::string& commune,
                            Instant now) const {
  if (question.earlier.size() > answer::kEarlierQuestions ||
      question.chosen.size() > answer::kEarlierQuestions)
    throw Error(Errc::too_large, "more than 20 earlier questions or choices: start a new question");
  const auto start = std::chrono::steady_clock::now();
  dialogue::Step out;
  for (const std::string& earlier : question.earlier)
    out = step(std::move(out.state), {.text = earlier, .choice = {}}, commune, now);
  out = step(std::move(out.state), {.text = question.text, .choice = {}}, commune, now);
  for (const std::string& choice : question.chosen)
    if (out.answer.status != answer::Status::emergency)
      out = step(std::move(out.state), {.text = {}, .choice = choice}, commune, now);
  out.answer.took_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return std::move(out.answer);
}

retrieval::Retrieval Answers::find(const View& view, std::string_view question, std::size_t limit,
                                   retrieval::By by, inference::Kind as,
                                   std::string_view language) const {
  const search::Snapshot& snapshot = *view.snapshot;
  const retrieval::Mode mode = by == retrieval::By::words ? retrieval::Mode::lexical
                                                          : std::min(retrieval::mode_of(snapshot),
                                                                     models_.fitted().ranker.most);
  const std::string from =
      snapshot.id() + "/" + std::to_string(retrieval::vectors_missing(snapshot));
  const std::string key = fmt::format("{} {} {} {} {}", limit, static_cast<int>(by),
                                      static_cast<int>(as), language, question);
  if (auto known = found_.find(from, key)) return std::move(*known);
  std::optional<std::vector<float>> vector;
  const inference::Embedder& embedder = models_.embedder();
  const bool whole = as == inference::Kind::query;
  const retrieval::Ranker& ranker = whole ? models_.fitted().ranker : models_.fitted().going_on;
  const bool fits = (whole ? embedder.query_model() : embedder.model()) == ranker.model;
  if (mode != retrieval::Mode::lexical && fits) vector = models_.question(question, as);
  retrieval::Retrieval out = retrieval::retrieve(
      snapshot, ranker, mode, question,
      vector ? std::span<const float>(*vector) : std::span<const float>(), limit, by, language);
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
  retrieval::Retrieval retrieval = find(*view, limited(words), retrieval::kFound,
                                        retrieval::By::both, inference::Kind::query, "");
  return documents(*view, commune, std::move(retrieval.found), limit, Read::whole);
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
