#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <optional>

#include "api/api.hpp"
#include "api/casework.hpp"
#include "api/chat_bookings.hpp"
#include "api/chat_forms.hpp"
#include "app/answers.hpp"
#include "app/booking_calendars.hpp"
#include "app/booking_letters.hpp"
#include "app/case_visits.hpp"
#include "app/command.hpp"
#include "app/health.hpp"
#include "app/inbox.hpp"
#include "app/indexing.hpp"
#include "app/keys.hpp"
#include "app/letterbox.hpp"
#include "app/piece_checks.hpp"
#include "app/reindex.hpp"
#include "app/retention.hpp"
#include "app/server_limits.hpp"
#include "app/vectorizer.hpp"
#include "app/watch.hpp"
#include "app/widget_files.hpp"
#include "base/error.hpp"
#include "base/metrics.hpp"
#include "casework/certificate.hpp"
#include "casework/decision_pdf.hpp"
#include "casework/letter_pdf.hpp"
#include "casework/receipt_pdf.hpp"
#include "desk/desk.hpp"
#include "desk/paper_form.hpp"
#include "directory/directory_store.hpp"
#include "http/descriptors.hpp"
#include "http/ops.hpp"
#include "http/server.hpp"
#include "identity/sessions.hpp"
#include "jobs/jobs_store.hpp"
#include "jobs/runner.hpp"
#include "knowledge/knowledge_store.hpp"
#include "portal/accent.hpp"
#include "portal/appointments.hpp"
#include "portal/conversation.hpp"
#include "portal/portal.hpp"
#include "portal/procedures.hpp"
#include "runtime/doorbell.hpp"
#include "runtime/loops.hpp"
#include "runtime/stop_signal.hpp"
#include "runtime/worker_pool.hpp"

namespace parvis::app {
namespace {

// Answers by status and their time, whoever asks: a page, the API or a conversation.
class Counted {
 public:
  Counted(const Answers& answers, Metrics& metrics)
      : answers_(answers),
        metrics_(metrics),
        seconds_(metrics.histogram("parvis_answer_seconds", "Time to make an answer")) {}
  answer::Answer operator()(answer::Question question, const std::string& commune) const {
    answer::Answer answer = answers_.ask(std::move(question), commune, system_now());
    count(answer);
    return answer;
  }
  dialogue::Step step(dialogue::State state, const dialogue::Said& said, const std::string& commune,
                      Instant now) const {
    dialogue::Step step = answers_.step(std::move(state), said, commune, now);
    count(step.answer);
    return step;
  }

 private:
  void count(const answer::Answer& answer) const {
    metrics_
        .counter("parvis_answers_total", "Answers given",
                 {{"status", std::string(name(answer.status))}})
        .add();
    seconds_.observe(answer.took_ms / 1000);
  }

  const Answers& answers_;
  Metrics& metrics_;
  Histogram& seconds_;
};

http::Readiness readiness(Home& home, vault::KeyStore& keys, const Vectorizer& vectorizer,
                          const Answers& answers, const std::string& few_files,
                          const std::string& tenant) {
  std::vector<Check> checks;
  try {
    checks = check_database(home.database, false);
    for (Check& check : check_indexes(home.config, home.database))
      checks.push_back(std::move(check));
    if (!tenant.empty()) {
      for (Check& check :
           check_mail(home.config, home.database, tenant, system_now(), Look::glance))
        checks.push_back(std::move(check));
      for (Check& check : check_calendars(home.config, home.database, tenant))
        checks.push_back(std::move(check));
      for (Check& check : check_jobs(home.database, tenant, system_now(), Look::glance))
        checks.push_back(std::move(check));
    }
  } catch (const Error& error) {
    checks.push_back(
        {.state = Check::State::broken, .part = "database", .what = error.detail(), .remedy = {}});
  }
  // Answering writes nothing: without space or the right to write, only imports stop.
  Check disk = check_disk(home.config);
  disk.state = std::min(disk.state, Check::State::degraded);
  checks.push_back(std::move(disk));
  http::Readiness out;
  for (const Check& check : checks) {
    if (check.state == Check::State::ok) continue;
    if (check.state == Check::State::broken) out.ready = false;
    out.degraded.push_back({check.part, check.what + ": " + check.remedy});
  }
  try {
    keys.probe();
  } catch (const Error& error) {
    out.degraded.push_back({"keys", "conversations are refused: " + error.detail()});
  }
  if (const std::string why = answers.stale(); !why.empty())
    out.degraded.push_back({"index", "an older one serves, since the new one is refused: " + why});
  if (const std::string missing = vectorizer.missing(); !missing.empty())
    out.degraded.push_back({"vectors", missing});
  if (!few_files.empty()) out.degraded.push_back({"streams", few_files});
  return out;
}

http::ServerOptions options_of(const Config& config, const http::Limits& limits,
                               http::ErrorPage page, http::ErrorPage desk_page) {
  http::ServerOptions options{.limits = limits};
  if (config.behind_proxy) options.forwarded = http::Forwarded::local_proxy;
  // The API speaks problem+json, whatever its client says it would rather have.
  options.error_page = [page = std::move(page), desk_page = std::move(desk_page)](
                           const http::Request& request, const http::Refusal& refusal) {
    if (desk::of_desk(request)) return desk_page(request, refusal);
    if (request.path.starts_with("/api/")) return http::problem(refusal, request.request_id);
    return page(request, refusal);
  };
  return options;
}

// Construction order is lifetime order.
int serve(const Arguments& arguments) {
  const Config& config = arguments.config;
  const auto where = http::parse_listen(config.listen);
  if (!where) throw Error(Errc::invalid, "--listen " + config.listen + ": " + where.error().what);
  const ServerLimits held = limits_within(config, http::allow_descriptors(files_needed(config)));
  if (!held.problem.empty()) std::cerr << "parvis: " << held.problem << '\n';
  runtime::StopSignal stop;
  Home home(config);
  const std::unique_ptr<vault::KeyStore> keys = open_key_store(config);  // before any thread
  Models models(home.config);
  const std::string tenant = tenant_named(home, arguments.tenant);
  make_up_for(home, {"", tenant});
  const Answers answers(home, models, tenant);
  const Vectorizer vectorizer(home, models, {"", answers.tenant()}, [&] {
    const std::size_t missing = answers.refresh_vectors();
    return Served{.id = answers.snapshot()->id(), .complete = missing == 0};
  });
  const http::Assets assets(config.assets, "/assets");
  Metrics metrics;
  const Counted ask(answers, metrics);
  const api::Service service{
      .communes = [&] { return answers.communes(); },
      .ask = ask,
      .find = [&](const std::string& words, const std::string& commune,
                  std::size_t limit) { return answers.sheets(words, commune, limit); },
      .hall = [&](const std::string& commune) { return answers.hall(commune, system_now()); }};
  procedure::Catalogue catalogue(home.database);
  const portal::Service pages{
      .town = answers.name(),
      .accent = answers.accent(),
      .communes = answers.communes(),
      .themes = portal::themes_of(home.database.read([](db::Tx& tx) {
        return knowledge::dossiers(tx, knowledge::kNational, "particuliers");
      })),
      .zone = answers.zone(),
      .now = system_now,
      .ask = ask,
      .sheet = [&](const knowledge::DocumentKey& key) { return answers.sheet(key); },
      .services = [&](const std::string& commune) { return answers.services(commune); },
      .vote =
          [&](const portal::Vote& vote) {
            home.database.write(answers.tenant(),
                                [&](db::Tx& tx) { portal::count(tx, answers.tenant(), vote); });
          },
      .procedures =
          [&](const std::string& commune) {
            std::vector<portal::Offered> out;
            for (const auto& each : catalogue.offered(tenant, commune))
              out.push_back({each->id, each->title, each->summary});
            return out;
          }};
  vault::Keyring keyring(home.database, *keys);
  conversation::Conversations conversations(home.database, keyring);
  const pdf::Fonts fonts(config.assets / "fonts");
  const api::Budgets budgets =
      api::MessageRates{.per_visitor = static_cast<std::size_t>(config.messages_per_visitor),
                        .per_address = static_cast<std::size_t>(config.messages_per_address),
                        .per_tenant = static_cast<std::size_t>(config.messages_per_tenant)};
  const auto due_of = [zone = answers.zone()](const casework::Opened& opened) {
    const auto clock = casework::clock_of(opened, zone, system_now());
    return clock ? clock->due : std::nullopt;
  };
  runtime::Doorbell doorbell;
  appointment::Agendas agendas(home.database);
  appointment::Appointments appointments(
      home.database, keyring, agendas,
      [&](db::Tx& tx, const appointment::Booking& row, appointment::Happened what, Instant now) {
        enqueue_booking_letter(tx, row, what, now);
        enqueue_entry(tx, config, row, what, now);
        enqueue_visit(tx, row, what, now);
      },
      place_letter_due);
  const api::CaseAppointments case_appointments(home.database, keyring, appointments, agendas);
  const casework::OnAct on_act = [](db::Tx& tx, const casework::Case& row, casework::Act act,
                                    Instant now) {
    enqueue_letter(tx, row, act, now);
    enqueue_watch(tx, row, now);
    enqueue_visit_end(tx, row, act, now);
  };
  casework::Cases cases(
      home.database, keyring, catalogue, on_act, due_of,
      [](db::Tx& tx, const casework::Case& row, Instant now) { enqueue_watch(tx, row, now); },
      case_appointments.at_deposit());
  inspect::Inspector inspector({});
  const std::optional<inspect::Clamd> antivirus = antivirus_of(config);
  casework::Pieces pieces(home.database, keyring, catalogue, inspector,
                          antivirus ? &*antivirus : nullptr, enqueue_check, on_act);
  casework::Indexing indexing(home.database, keyring, catalogue, cases);
  const BookingCalendars calendars(config, home.database, appointments, agendas, answers.zone());
  const Retention retention(home.database, conversations, &cases, &pieces, &appointments, metrics,
                            tenant, std::chrono::days(config.kept_days), system_now);
  casework::Access access(home.database, keyring);
  // "/bourg/" of a commune, by its INSEE code.
  const auto base_of = [&](const std::string& commune) {
    for (const tenancy::Commune& each : answers.communes())
      if (each.insee == commune) return "/" + each.slug + "/";
    return std::string("/");
  };
  const api::Casework casework{
      .cases = cases,
      .catalogue = catalogue,
      .tenant = tenant,
      .zone = answers.zone(),
      .now = system_now,
      .receipt =
          [&](const casework::Opened& opened) {
            const auto service = home.database.read(tenant, [&](db::Tx& tx) {
              return directory::service_by_id(tx, tenant, opened.service);
            });
            casework::Receipt receipt =
                casework::receipt_of(opened, service ? &*service : nullptr, answers.name(),
                                     answers.zone(), system_now());
            const tenancy::Context cx =
                system_context(tenant, "receipt", answers.zone(), system_now());
            case_appointments.tell(cx, opened, receipt);
            if (!casework::email_of(opened)) receipt.code = access.paper_code(cx, opened.id);
            return receipt;
          },
      .budgets = budgets,
      .pieces = &pieces,
      .appointments = &case_appointments,
      .send_link =
          [&](const casework::LinkAsked& asked) {
            const Instant now = system_now();
            home.database.write(tenant, [&](db::Tx& tx) { enqueue_link(tx, tenant, asked, now); });
            doorbell.ring(jobs::kTopic);
          }};
  const Mailer mailer(config, home.database, tenant, answers.zone());
  const BookingLetters booking_letters({.mailer = mailer,
                                        .database = home.database,
                                        .appointments = appointments,
                                        .town = answers.name(),
                                        .from = config.mail_from,
                                        .public_url = config.public_url,
                                        .zone = answers.zone()});
  const api::Appointing appointing{
      .appointments = appointments,
      .agendas = agendas,
      .tenant = tenant,
      .zone = answers.zone(),
      .now = system_now,
      .budgets = budgets,
      .ics = [&](const appointment::Opened& opened) { return booking_letters.file(opened); }};
  const std::string accent =
      answers.accent().empty() ? std::string(portal::kAccent) : answers.accent();
  const auto receipt_pdf = [&](const casework::Opened& opened, const casework::Receipt& receipt) {
    return pdf::render(
        casework::to_document(
            opened, receipt, answers.name(), accent, system_now(),
            casework::lookup_of(config.public_url, base_of(opened.commune), opened.reference)),
        fonts);
  };
  const auto decision_pdf = [&](const casework::Decision& decision,
                                const Personal<std::vector<std::string>>& recipient, Instant at) {
    return pdf::render(casework::to_document(decision, recipient, answers.name(), accent, at),
                       fonts);
  };
  const auto letter_pdf = [&](const casework::Opened& opened, const casework::Receipt& receipt,
                              const casework::Happened& event) {
    const auto letter =
        casework::letter_document(opened, receipt, event, answers.name(), accent, answers.zone());
    return letter ? pdf::render(*letter, fonts) : std::string();
  };
  const Letterbox letterbox({.mailer = mailer,
                             .database = home.database,
                             .keyring = keyring,
                             .cases = cases,
                             .access = access,
                             .catalogue = catalogue,
                             .receipt = casework.receipt,
                             .receipt_pdf = receipt_pdf,
                             .decision_pdf = decision_pdf,
                             .town = answers.name(),
                             .public_url = config.public_url,
                             .zone = answers.zone(),
                             .base = base_of});
  const Watch watch(home.database, cases, answers.zone());
  const Inbox inbox(config, {home.database, keyring, cases, pieces, answers.zone()});
  if (!tenant.empty())
    home.database.write(tenant, [&](db::Tx& tx) {
      enqueue_digests(tx, tenant, system_now());
      enqueue_indexing(tx, tenant, system_now());
      if (inbox.reads()) enqueue_inbox(tx, tenant, system_now());
    });
  std::vector<jobs::Kind> kinds = job_kinds({letterbox, watch, inbox});
  kinds.push_back(check_kind(pieces, answers.zone()));
  kinds.push_back(index_kind(indexing, answers.zone()));
  for (auto more : {booking_letters.kinds(), calendars.kinds()})
    for (jobs::Kind& each : more) kinds.push_back(std::move(each));
  kinds.push_back(visit_kind(home.database, cases, answers.zone()));
  kinds.push_back(visit_end_kind(appointments, cases, answers.zone()));
  jobs::Runner jobs(home.database, doorbell, metrics, system_now, std::move(kinds));
  // Two: a mail server that is slow does not hold up what else is due.
  jobs.start(2);
  const BookingTimer timer(appointments, tenant, answers.zone(), system_now,
                           [&] { calendars.poll(tenant, system_now()); });
  api::Turns turns(
      home.database, conversations, doorbell,
      [&](dialogue::State state, const dialogue::Said& said, const std::string& commune,
          Instant now) { return ask.step(std::move(state), said, commune, now); },
      api::with_bookings(api::forms_of(casework), appointing, [&](const std::string& id) {
        return home.database.read(
            tenant, [&](db::Tx& tx) { return directory::service_by_id(tx, tenant, id); });
      }));
  const api::Talk talk{.turns = turns,
                       .conversations = conversations,
                       .doorbell = doorbell,
                       .fonts = fonts,
                       .tenant = tenant,
                       .zone = answers.zone(),
                       .now = system_now,
                       .town = [&] { return answers.name(); },
                       .accent = accent,
                       .welcome = config.welcome,
                       .budgets = budgets};
  std::optional<http::Assets> widget;
  if (std::filesystem::exists(config.widget / "widget.js")) widget.emplace(config.widget, "");
  const auto form_pdf = [&](const procedure::Definition& definition,
                            const directory::Service* office) {
    return pdf::render(
        desk::paper_form(definition, office, answers.name(), talk.accent, system_now()), fonts);
  };
  identity::Sessions sessions(home.database);
  const desk::Desk bureau{.sessions = sessions,
                          .casework = casework,
                          .town = answers.name(),
                          .communes = answers.communes(),
                          .names =
                              [&](const std::vector<std::string>& ids) {
                                return home.database.read(tenant, [&](db::Tx& tx) {
                                  std::map<std::string, std::string> out;
                                  for (const std::string& id : ids)
                                    if (auto service = directory::service_by_id(tx, tenant, id))
                                      out[id] = service->name;
                                  return out;
                                });
                              },
                          .services = pages.services,
                          .decision_pdf = decision_pdf,
                          .appointing = &appointing,
                          // Handed over or posted: it bears the code, whatever address was given.
                          .receipt_pdf =
                              [&](const casework::Opened& opened, casework::Receipt receipt) {
                                receipt.code = access.paper_code(
                                    system_context(tenant, "receipt", answers.zone(), system_now()),
                                    opened.id);
                                return receipt_pdf(opened, receipt);
                              },
                          .letter_pdf = letter_pdf,
                          .form_pdf = form_pdf};
  http::Router router;
  portal::add_portal(router, pages, assets);
  api::add_api(router, service);
  api::add_conversations(router, service, talk);
  api::add_cases(router, service, casework);
  portal::add_conversation(router, pages, assets, talk);
  portal::add_procedures(
      router, pages, assets,
      {.casework = casework,
       .access = access,
       .receipt_pdf = receipt_pdf,
       .decision_pdf = decision_pdf,
       .certificate_pdf =
           [&](const casework::Opened& opened, const casework::Receipt& receipt) {
             return pdf::render(
                 casework::certificate_of(opened, receipt, answers.name(), accent, system_now()),
                 fonts);
           },
       .stop_reminders =
           [&](const std::string& id, const std::string& tag) {
             const tenancy::Context cx =
                 system_context(tenant, "reminders", answers.zone(), system_now());
             return stop_reminders(cx, home.database, keyring, cases, id, tag);
           },
       .agent_of = [&](const http::Request& request) { return desk::agent_of(bureau, request); },
       .uploads = portal::Uploads::open,
       .public_url = config.public_url});
  api::add_appointments(router, service, appointing);
  portal::add_appointments(router, pages, assets,
                           {.appointing = appointing, .public_url = config.public_url});
  desk::add_desk(router, bureau, assets);
  assets.add_to(router);
  if (widget) add_widget_files(router, *widget, config.widget_origins);
  http::add_ops(router, metrics,
                [&] { return readiness(home, *keys, vectorizer, answers, held.problem, tenant); });
  runtime::Loops loops(1);
  runtime::WorkerPool workers(static_cast<std::size_t>(config.workers),
                              static_cast<std::size_t>(config.waiting));
  http::Server server(loops, workers, metrics, std::move(router),
                      options_of(config, held.limits, portal::error_page(pages, assets),
                                 desk::error_page(bureau, assets)));
  server.listen(*where);
  std::cerr << "parvis: open http://" << server.address() << "/\n";
  stop.wait();
  stop.next_one_kills();
  return server.stop() ? 0 : 1;
}

constexpr std::array kCommands = {
    Command{"serve", "", "[--listen ADDR:PORT] [--assets DIR]", "the pages and the API", serve}};

}  // namespace

std::span<const Command> serve_commands() { return kCommands; }

}  // namespace parvis::app
