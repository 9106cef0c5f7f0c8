#include "app/rehearsal.hpp"

#include <filesystem>
#include <utility>

#include "api/chat_bookings.hpp"
#include "api/chat_forms.hpp"
#include "app/keys.hpp"
#include "app/letterbox.hpp"
#include "casework/clock.hpp"
#include "crypto/hash.hpp"
#include "directory/directory_store.hpp"
#include "text/normalise.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::app {
namespace fs = std::filesystem;
namespace {

// Removed last, after what is open in it.
struct Folder {
  Folder() : path(fs::temp_directory_path() / ("parvis-rehearsal-" + crypto::random_hex(6))) {
    fs::create_directories(path);
    fs::permissions(path, fs::perms::owner_all);
  }
  Folder(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  const fs::path path;
};

Config copied(const Config& config, const fs::path& folder) {
  Config out = config;
  out.home = folder;
  db::copy_sqlite(config.database(), out.home / "parvis.db");
  out.database_url.clear();
  return out;
}

// The copy holds keys that the town's own key opens; where it has none yet, one of the copy's own.
std::unique_ptr<vault::KeyStore> keys_for(const Config& config, const fs::path& folder) {
  if (fs::exists(config.keys_file())) return open_key_store(config);
  return std::make_unique<vault::SealedFile>(folder / "keys.sealed", crypto::Key::random());
}

}  // namespace

// Construction order is lifetime order.
struct Rehearsal::Parts {
  Parts(const Config& config, const Answers& of)
      : answers(of), home(copied(config, folder.path)), keys(keys_for(config, folder.path)) {}

  casework::Receipt receipt(const casework::Opened& opened) {
    const auto service = service_of(opened.service);
    casework::Receipt out = casework::receipt_of(opened, service ? &*service : nullptr,
                                                 answers.name(), answers.zone(), now);
    case_appointments.tell(context(), opened, out);
    return out;
  }
  tenancy::Context context() const {
    return system_context(answers.tenant(), "rehearsal", answers.zone(), now);
  }

  const Answers& answers;
  const Folder folder;
  Home home;
  const std::unique_ptr<vault::KeyStore> keys;
  vault::Keyring keyring{home.database, *keys};
  Instant now;  // of the turn
  procedure::Catalogue catalogue{home.database};
  appointment::Agendas agendas{home.database};
  appointment::Appointments appointments{home.database, keyring, agendas};
  const api::CaseAppointments case_appointments{home.database, keyring, appointments, agendas};
  casework::Cases cases{home.database,
                        keyring,
                        catalogue,
                        {},
                        [this](const casework::Opened& opened) {
                          const auto clock = casework::clock_of(opened, answers.zone(), now);
                          return clock ? clock->due : std::nullopt;
                        },
                        {},
                        case_appointments.at_deposit()};
  const api::ServiceOf service_of = [this](const std::string& id) {
    return home.database.read(answers.tenant(), [&](db::Tx& tx) {
      return directory::service_by_id(tx, answers.tenant(), id);
    });
  };
  const api::Casework casework{
      .cases = cases,
      .catalogue = catalogue,
      .tenant = answers.tenant(),
      .zone = answers.zone(),
      .now = [this] { return now; },
      .receipt = [this](const casework::Opened& opened) { return receipt(opened); },
      .appointments = &case_appointments,
      .send_link = [](const casework::LinkAsked&) {}};
  const api::Appointing appointing{.appointments = appointments,
                                   .agendas = agendas,
                                   .tenant = answers.tenant(),
                                   .zone = answers.zone(),
                                   .now = [this] { return now; }};
  const api::Forms forms =
      api::with_bookings(api::forms_of(casework, service_of), appointing, service_of);
};

Rehearsal::Rehearsal(Home& home, const Answers& answers) : answers_(answers) {
  if (home.database.engine() == db::Engine::sqlite && !answers.tenant().empty())
    parts_ = std::make_unique<Parts>(home.config, answers);
  begin();
}
Rehearsal::~Rehearsal() = default;

void Rehearsal::begin() {
  constexpr std::size_t kBytes = 16;
  visit_ = {.id = crypto::random_hex(kBytes), .token = crypto::random_hex(kBytes)};
}

dialogue::Step Rehearsal::turn(dialogue::State state, const std::string& text,
                               const std::string& choice, const std::string& commune, Instant now) {
  const std::string clean = text::clean(text);
  dialogue::Said said{.text = clean, .choice = choice, .words = Personal(clean)};
  if (!parts_) return answers_.step(std::move(state), said, commune, now);
  parts_->now = now;
  tenancy::Context cx = parts_->context();
  cx.commune = commune;
  const dialogue::Booker booker = parts_->forms.booker(cx, visit_);
  const api::Policy policy = [this](dialogue::State before, const dialogue::Said& heard,
                                    const std::string& where, Instant at) {
    return answers_.step(std::move(before), heard, where, at);
  };
  return api::turn(policy, parts_->forms, cx, visit_, std::move(state), std::move(said), commune,
                   &booker);
}

}  // namespace parvis::app
