// The towns' keys as the configuration says: which store, and where its master key is.
#pragma once

#include <memory>

#include "app/config.hpp"
#include "app/health.hpp"
#include "db/database.hpp"
#include "vault/key_store.hpp"

namespace parvis::app {

// For a server: makes HOME/master.key where the configuration names none and there are no keys yet,
// and says so on standard error. A store that cannot be opened is no reason not to answer
// questions: one is given that refuses everything with the reason (Errc::unavailable). Once, before
// threads: a variable is wiped. Errc::invalid when the configuration names two places.
std::unique_ptr<vault::KeyStore> open_key_store(const Config& config);

// For a command that reads and writes nothing sealed: each use of a key is refused.
std::unique_ptr<vault::KeyStore> no_key_store();

// The keys open, and no town has lost its own. Makes nothing.
Check check_keys(const Config& config, db::Database& database);

}  // namespace parvis::app
