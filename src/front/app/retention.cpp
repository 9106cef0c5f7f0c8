#include "app/retention.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "casework/access_store.hpp"
#include "identity/sessions.hpp"

namespace parvis::app {

namespace {

tenancy::Context context(const std::string& tenant, Instant now) {
  return {.tenant = tenant,
          .commune = "",
          .actor = tenancy::Actor::system("retention"),
          .zone = Zone::paris(),
          .deadline = {},
          .request = "",
          .now = now};
}

}  // namespace

std::size_t expire_all(conversation::Conversations& conversations, const std::string& tenant,
                       std::chrono::days kept, Instant now, const std::function<bool()>& goes_on) {
  const tenancy::Context cx = context(tenant, now);
  std::size_t erased = 0;
  for (int batch = 0; batch < Retention::kBatches && goes_on(); ++batch) {
    const std::size_t some = conversations.expire(cx, kept);
    erased += some;
    if (some < conversation::kExpireBatch) break;
  }
  return erased;
}

Retention::Retention(db::Database& database, conversation::Conversations& conversations,
                     casework::Cases* cases, casework::Pieces* pieces,
                     appointment::Appointments* appointments, Metrics& metrics, std::string tenant,
                     std::chrono::days kept, std::function<Instant()> now)
    : database_(database),
      conversations_(conversations),
      cases_(cases),
      pieces_(pieces),
      appointments_(appointments),
      metrics_(metrics),
      tenant_(std::move(tenant)),
      kept_(kept),
      now_(std::move(now)),
      thread_([this] { run(); }) {}

Retention::~Retention() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool Retention::stopping() {
  const std::scoped_lock lock(mutex_);
  return stopping_;
}

void Retention::step(const std::string& name, const std::function<std::size_t()>& batch) {
  std::size_t erased = 0;
  try {
    for (int done = 0; done < kBatches && !stopping(); ++done) {
      const std::size_t some = batch();
      erased += some;
      if (some == 0) break;
    }
  } catch (const std::exception& error) {
    metrics_
        .counter("parvis_retention_failures_total", "Steps of retention that failed",
                 {{"step", name}})
        .add();
    log(Level::warning, "retention_failed", {{"step", name}, {"why", error.what()}});
  }
  if (erased > 0) log(Level::info, name + "_expired", {{"erased", erased}});
}

void Retention::look() {
  if (tenant_.empty()) return;
  const auto cx = [this] { return context(tenant_, now_()); };
  step("sign_ins", [&] {
    identity::expire(database_, cx());  // all at once
    return std::size_t{0};
  });
  step("conversations", [&] { return conversations_.expire(cx(), kept_); });
  if (cases_ != nullptr) {
    step("ways_in", [&] {
      const tenancy::Context now = cx();
      database_.write(tenant_, [&](db::Tx& tx) { casework::erase_old_access(tx, now); });
      return std::size_t{0};  // all at once
    });
    step("drafts", [&] { return cases_->expire_drafts(cx()); });
    step("cases", [&] { return cases_->expire_closed(cx()); });
  }
  if (pieces_ != nullptr) step("uploads", [&] { return pieces_->erase_lost(cx()); });
  if (appointments_ != nullptr) step("bookings", [&] { return appointments_->erase_old(cx()); });
}

void Retention::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    look();
    lock.lock();
    changed_.wait_for(lock, kEvery, [&] { return stopping_; });
  }
}

}  // namespace parvis::app
