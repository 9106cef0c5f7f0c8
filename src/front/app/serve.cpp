#include <array>
#include <iostream>

#include "app/answers.hpp"
#include "app/command.hpp"
#include "base/error.hpp"
#include "base/metrics.hpp"
#include "http/ops.hpp"
#include "http/server.hpp"
#include "knowledge/knowledge_store.hpp"
#include "portal/portal.hpp"
#include "runtime/loops.hpp"
#include "runtime/stop_signal.hpp"
#include "runtime/worker_pool.hpp"

namespace parvis::app {
namespace {

// Construction order is lifetime order.
int serve(const Arguments& arguments) {
  const auto where = http::parse_listen(arguments.config.listen);
  if (!where)
    throw Error(Errc::invalid, "--listen " + arguments.config.listen + ": " + where.error().what);
  runtime::StopSignal stop;
  Home home(arguments.config);
  Models models(home.config);
  const Answers answers(home, models, tenant_named(home, arguments.tenant));
  const http::Assets assets(arguments.config.assets, "/assets");
  portal::Service service{
      .town = answers.name(),
      .communes = answers.communes(),
      .themes = portal::themes_of(home.database.read([](db::Tx& tx) {
        return knowledge::dossiers(tx, knowledge::kNational, "particuliers");
      })),
      .zone = answers.zone(),
      .now = system_now,
      .ask =
          [&](answer::Question question, const std::string& commune) {
            return answers.ask(std::move(question), commune, system_now());
          },
      .sheet = [&](const knowledge::DocumentKey& key) { return answers.sheet(key); },
      .services = [&](const std::string& commune) { return answers.services(commune); },
      .vote =
          [&](const portal::Vote& vote) {
            home.database.write(answers.tenant(),
                                [&](db::Tx& tx) { portal::count(tx, answers.tenant(), vote); });
          }};
  Metrics metrics;
  http::Router router;
  portal::add_portal(router, service, assets);
  assets.add_to(router);
  http::add_ops(router, metrics, [] {
    return http::Readiness{
        .ready = true,
        .degraded = {{"vectors", "the search is lexical: this version has no embedder"}}};
  });
  runtime::Loops loops(1);
  const Config& config = arguments.config;
  runtime::WorkerPool workers(static_cast<std::size_t>(config.workers),
                              static_cast<std::size_t>(config.waiting));
  http::ServerOptions options;
  options.limits.connections = static_cast<std::size_t>(config.connections);
  options.limits.connections_per_address = static_cast<std::size_t>(config.connections_per_address);
  options.limits.drain_time = std::chrono::seconds(config.drain_s);
  if (config.behind_proxy) options.forwarded = http::Forwarded::local_proxy;
  options.error_page = portal::error_page(service, assets);
  http::Server server(loops, workers, metrics, std::move(router), std::move(options));
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
