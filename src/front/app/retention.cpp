#include "app/retention.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
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
                     appointment::Appointments* appointments, std::string tenant,
                     std::chrono::days kept, std::function<Instant()> now)
    : database_(database),
      conversations_(conversations),
      cases_(cases),
      pieces_(pieces),
      appointments_(appointments),
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

void Retention::look() {
  if (tenant_.empty()) return;
  try {
    identity::expire(database_, context(tenant_, now_()));
    const std::size_t erased =
        expire_all(conversations_, tenant_, kept_, now_(), [this] { return !stopping(); });
    if (erased > 0) log(Level::info, "conversations_expired", {{"erased", erased}});
    std::size_t drafts = 0;
    for (int batch = 0; cases_ != nullptr && batch < kBatches && !stopping(); ++batch) {
      const std::size_t some = cases_->expire_drafts(context(tenant_, now_()));
      drafts += some;
      if (some == 0) break;
    }
    if (drafts > 0) log(Level::info, "drafts_expired", {{"erased", drafts}});
    std::size_t closed = 0;
    for (int batch = 0; cases_ != nullptr && batch < kBatches && !stopping(); ++batch) {
      const std::size_t some = cases_->expire_closed(context(tenant_, now_()));
      closed += some;
      if (some == 0) break;
    }
    if (closed > 0) log(Level::info, "cases_expired", {{"erased", closed}});
    std::size_t uploads = 0;
    for (int batch = 0; pieces_ != nullptr && batch < kBatches && !stopping(); ++batch) {
      const std::size_t some = pieces_->erase_lost(context(tenant_, now_()));
      uploads += some;
      if (some == 0) break;
    }
    if (uploads > 0) log(Level::info, "uploads_expired", {{"erased", uploads}});
    std::size_t bookings = 0;
    for (int batch = 0; appointments_ != nullptr && batch < kBatches && !stopping(); ++batch) {
      const std::size_t some = appointments_->erase_old(context(tenant_, now_()));
      bookings += some;
      if (some == 0) break;
    }
    if (bookings > 0) log(Level::info, "bookings_expired", {{"erased", bookings}});
  } catch (const Error& error) {
    log(Level::warning, "retention_failed", {{"why", error.detail()}});
  }
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
