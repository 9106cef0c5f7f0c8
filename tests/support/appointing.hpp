// A town where appointments are taken, on both engines: the rooms that keep them, one agenda, its
// service, and a démarche that asks for one of its slots. For tests of rooms that use casework.
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include "api/case_appointments.hpp"
#include "appointment/agenda_yaml.hpp"
#include "crypto/hash.hpp"
#include "directory/directory_store.hpp"
#include "directory/service_yaml.hpp"
#include "support/databases.hpp"
#include "tenancy/tenancy_store.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::support {

class Town : public EachEngine {
 public:
  ~Town() override { std::filesystem::remove_all(folder_); }

 protected:
  struct Files {
    std::string_view agenda, services, demarche;  // as the town wrote them
  };
  Town(Instant now, const Files& files, appointment::OnBooking on_booking = {},
       casework::OnAct on_act = {})
      : now_(now), files_(files), on_booking_(std::move(on_booking)), on_act_(std::move(on_act)) {
    std::filesystem::create_directories(folder_);
  }
  void SetUp() override {
    const auto agenda = appointment::read_agenda(files_.agenda);
    const auto services = directory::read_services(files_.services);
    const auto demarche = procedure::read_definition(files_.demarche);
    ASSERT_TRUE(agenda) << agenda.error().front().what;
    ASSERT_TRUE(services);
    ASSERT_TRUE(demarche) << demarche.error().front().what;
    database_.write([&](db::Tx& tx) {
      tenancy::create_tenant(tx, {.id = "demo", .name = "Agglomération du Val"}, now_);
    });
    database_.write("demo", [&](db::Tx& tx) {
      appointment::publish(tx, "demo", {*agenda}, now_);
      directory::replace(tx, "demo", directory::kTownSource, *services);
      procedure::publish(tx, "demo", {*demarche}, now_);
    });
  }
  static tenancy::Context context(Instant now) {
    return {.tenant = "demo",
            .commune = "99001",
            .actor = tenancy::Actor::visitor(),
            .zone = Zone::paris(),
            .deadline = {},
            .request = "r1",
            .now = now};
  }
  tenancy::Context context() const { return context(now_); }
  static tenancy::Context system(Instant now) {
    tenancy::Context cx = context(now);
    cx.actor = tenancy::Actor::system("test");
    return cx;
  }
  tenancy::Context system() const { return system(now_); }

  const Instant now_;
  const Files files_;
  const appointment::OnBooking on_booking_;
  const casework::OnAct on_act_;
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("town-" + crypto::random_hex(8));
  db::Database database_{config()};
  vault::SealedFile store_{folder_ / "keys", crypto::Key::random()};
  vault::Keyring keyring_{database_, store_};
  appointment::Agendas agendas_{database_};
  appointment::Appointments appointments_{database_, keyring_, agendas_, on_booking_};
  api::CaseAppointments visits_{database_, keyring_, appointments_, agendas_};
  procedure::Catalogue catalogue_{database_};
  casework::Cases cases_{database_, keyring_, catalogue_, on_act_, {}, {}, visits_.at_deposit()};
};

}  // namespace parvis::support
