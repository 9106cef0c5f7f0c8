#include "app/conversation_server.hpp"

#include <optional>
#include <utility>

#include "api/api.hpp"
#include "app/home.hpp"
#include "app/scratch.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "http/server.hpp"
#include "runtime/loops.hpp"
#include "runtime/worker_pool.hpp"
#include "tenancy/tenancy_store.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::app {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kTenant = "bench";
constexpr std::string_view kConversations = "/api/v1/conversations";

struct Folder {
  explicit Folder(fs::path folder) : path(std::move(folder)) { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  const fs::path path;
};

Config config_in(const fs::path& folder) {
  Config config;
  config.home = folder;
  return config;
}

http::ServerOptions options_for(std::size_t streams) {
  http::ServerOptions options;
  options.limits.streams = options.limits.streams_per_address = streams;
  options.limits.drain_time = std::chrono::milliseconds(500);  // nobody is owed anything
  return options;
}

}  // namespace

// Construction order is lifetime order.
struct ConversationServer::Parts {
  explicit Parts(Options options)
      : folder(std::move(options.folder)),
        home(config_in(folder.path)),
        keys(home.config.keys_file(), crypto::Key::random()),
        keyring(home.database, keys),
        conversations(home.database, keyring),
        turns(home.database, conversations, doorbell, std::move(options.policy)),
        workers(static_cast<std::size_t>(home.config.workers),
                static_cast<std::size_t>(home.config.waiting)),
        server(loops, workers, metrics, routes(options), options_for(options.streams)) {
    home.database.write([](db::Tx& tx) {
      tenancy::create_tenant(tx, {.id = std::string(kTenant), .name = "Mesure"}, system_now());
    });
    server.listen({"127.0.0.1", 0});
  }
  http::Router routes(const Options& options) {
    http::Router router;
    api::add_conversations(router, service, talk);
    if (options.routes) options.routes(router, doorbell);
    return router;
  }

  Folder folder;
  Home home;
  vault::SealedFile keys;
  vault::Keyring keyring;
  conversation::Conversations conversations;
  runtime::Doorbell doorbell;
  api::Turns turns;
  const pdf::Fonts fonts{"web/assets/fonts"};
  const api::Service service{
      .communes = [] { return std::vector<tenancy::Commune>{}; },
      .ask = [](const answer::Question&, const std::string&) { return answer::Answer{}; },
      .find = [](const std::string&, const std::string&,
                 std::size_t) { return std::vector<knowledge::Document>{}; }};
  const api::Talk talk{
      .turns = turns,
      .conversations = conversations,
      .doorbell = doorbell,
      .fonts = fonts,
      .tenant = std::string(kTenant),
      .zone = Zone::paris(),
      .now = system_now,
      .town = [] { return std::string("Mesure"); },
      .accent = "#0b5563",
      .budgets = api::MessageRates{
          .per_visitor = api::kRateMax, .per_address = api::kRateMax, .per_tenant = api::kRateMax}};
  Metrics metrics;
  runtime::Loops loops{1};
  runtime::WorkerPool workers;
  http::Server server;
};

ConversationServer::ConversationServer(Options options)
    : parts_((log_from(Level::warning), std::make_unique<Parts>(std::move(options)))) {}
ConversationServer::~ConversationServer() = default;

std::uint16_t ConversationServer::port() const { return parts_->server.port(); }
runtime::Doorbell& ConversationServer::doorbell() const { return parts_->doorbell; }

std::string Talking::target(std::string_view rest) const {
  return std::string(kConversations).append("/").append(id).append("/").append(rest);
}

Talking begin_conversation(std::uint16_t port) {
  const Reply reply = call(port, "POST", kConversations, "{}");
  const auto begun = parse_json(reply.body);
  if (reply.status != 201 || !begun || !begun->is_object())
    throw Error(Errc::unavailable, "no conversation can be begun: status " +
                                       std::to_string(reply.status) + " " + reply.body);
  return {.id = std::string(string_at(begun->get_object(), "id").value_or("")),
          .token = std::string(string_at(begun->get_object(), "token").value_or(""))};
}

}  // namespace parvis::app
