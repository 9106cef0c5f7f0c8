#include "app/vectorizer.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"
#include "retrieval/vectors.hpp"

namespace parvis::app {

using retrieval::Depth;

Vectorizer::Vectorizer(Home& home, Models& models, std::vector<std::string> tenants,
                       std::function<Served()> refresh)
    : home_(home),
      models_(models),
      tenants_(std::move(tenants)),
      refresh_(std::move(refresh)),
      thread_([this] { run(); }) {}

Vectorizer::~Vectorizer() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::string Vectorizer::missing() const {
  const std::scoped_lock lock(mutex_);
  return missing_;
}

void Vectorizer::say(std::string missing) {
  const std::scoped_lock lock(mutex_);
  missing_ = std::move(missing);
}

bool Vectorizer::pause() {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, kLook, [&] { return stopping_; });
}

void Vectorizer::run() {
  std::string failure;
  do {
    try {
      search::VectorCache* cache = models_.cache(Models::Wait::loaded);
      if (cache == nullptr) {
        say(models_.problem() + "; the search is lexical meanwhile");
        continue;
      }
      const Served served = refresh_();
      // A text that the model refuses stays without; the pages' whole text is no part of the
      // search.
      if (served.complete || served.id == done_) say("");
      if (served.id == done_) continue;
      if (cache->can_append()) {
        if (work(*cache, served.complete ? Depth::text : Depth::titles)) done_ = served.id;
      } else if (!served.complete) {
        say("another process makes the vectors; this one sees them after a restart");
      }
    } catch (const Error& error) {  // a full disk, a database out of reach: tried again
      if (failure != error.detail())
        log(Level::warning, "vectors_failed", {{"why", error.detail()}});
      failure = error.detail();
      say("vectors cannot be made: " + failure);
    }
  } while (pause());
}

bool Vectorizer::work(search::VectorCache& cache, Depth from) {
  constexpr std::array kNames = {"titles", "phrasings", "passages"};
  for (const Depth depth : {Depth::titles, Depth::anchors, Depth::passages, Depth::text}) {
    if (depth < from) continue;
    const bool searched = depth != Depth::text;
    if (!searched) say("");
    for (const std::string& tenant : tenants_) {
      const bool done = retrieval::embed_missing(
          home_.database, tenant, depth, models_.embedder(), cache,
          {.progress = [&](std::size_t done, std::size_t wanted) {
            if (searched)
              say(fmt::format("{} of {} vectors of {} are made; the search does without the others",
                              done, wanted, kNames[static_cast<std::size_t>(depth)]));
            if (searched && done % kRefresh == 0) refresh_();
            const std::scoped_lock lock(mutex_);
            return !stopping_;
          }});
      if (!done) return false;
    }
    if (searched) refresh_();
  }
  return true;
}

}  // namespace parvis::app
