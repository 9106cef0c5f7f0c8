#include "app/config.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <variant>

#include "base/error.hpp"

namespace parvis::app {
namespace {

using std::filesystem::path;

struct Key {
  std::string_view name;
  std::variant<std::string Config::*, path Config::*, std::int64_t Config::*, double Config::*,
               bool Config::*, std::vector<std::string> Config::*>
      member;
  std::int64_t least = 0, most = 1;  // of a number
};

constexpr std::array kKeys = {
    Key{"home", &Config::home},
    Key{"database.url", &Config::database_url},
    Key{"database.connections", &Config::database_connections, 1, 1000},
    Key{"database.patience_ms", &Config::database_patience_ms, 1, 600'000},
    Key{"server.listen", &Config::listen},
    Key{"server.assets", &Config::assets},
    Key{"server.workers", &Config::workers, 1, 1024},
    Key{"server.waiting", &Config::waiting, 1, 100'000},
    Key{"server.connections", &Config::connections, 1, 1'000'000},
    Key{"server.connections_per_address", &Config::connections_per_address, 1, 1'000'000},
    Key{"server.streams", &Config::streams, 1, 1'000'000},
    Key{"server.streams_per_address", &Config::streams_per_address, 1, 1'000'000},
    Key{"server.stream_ping_s", &Config::stream_ping_s, 1, 600},
    Key{"server.drain_s", &Config::drain_s, 0, 3600},
    Key{"server.behind_proxy", &Config::behind_proxy},
    Key{"index.folder", &Config::index},
    Key{"models.embedder", &Config::embedder},
    Key{"models.threads", &Config::embedder_threads, 1, 64},
    Key{"models.query_prefix", &Config::embedder_query_prefix},
    Key{"models.passage_prefix", &Config::embedder_passage_prefix},
    Key{"answer.floor", &Config::answer_floor, 0, 1},
    Key{"answer.partial_floor", &Config::partial_floor, 0, 1},
    Key{"vault.master_key_file", &Config::master_key_file},
    Key{"vault.master_key_variable", &Config::master_key_variable},
    Key{"conversations.kept_days", &Config::kept_days, 1, 3650},
    Key{"conversations.messages_per_visitor", &Config::messages_per_visitor, 1, 60'000},
    Key{"conversations.messages_per_address", &Config::messages_per_address, 1, 60'000},
    Key{"conversations.messages_per_tenant", &Config::messages_per_tenant, 1, 60'000},
    Key{"server.public_url", &Config::public_url},
    Key{"mail.url", &Config::mail_url},
    Key{"mail.from", &Config::mail_from},
    Key{"mail.starttls", &Config::mail_starttls},
    Key{"mail.user", &Config::mail_user},
    Key{"mail.password_file", &Config::mail_password_file},
    Key{"mail.reply", &Config::mail_reply},
    Key{"mail.imap_url", &Config::imap_url},
    Key{"mail.imap_starttls", &Config::imap_starttls},
    Key{"mail.imap_user", &Config::imap_user},
    Key{"mail.imap_password_file", &Config::imap_password_file},
    Key{"mail.imap_folder", &Config::imap_folder},
    Key{"clamd.address", &Config::clamd_address},
    Key{"widget.folder", &Config::widget},
    Key{"widget.origins", &Config::widget_origins},
    Key{"widget.welcome", &Config::welcome}};

struct CalendarKey {
  std::string_view name;
  std::variant<std::string CalendarConfig::*, path CalendarConfig::*> member;
  bool wanted = false;
};
constexpr std::array kCalendarKeys = {CalendarKey{"agenda", &CalendarConfig::agenda, true},
                                      CalendarKey{"counter", &CalendarConfig::counter, true},
                                      CalendarKey{"url", &CalendarConfig::url, true},
                                      CalendarKey{"user", &CalendarConfig::user},
                                      CalendarKey{"password_file", &CalendarConfig::password_file},
                                      CalendarKey{"ca_file", &CalendarConfig::ca_file},
                                      CalendarKey{"auth", &CalendarConfig::auth}};

constexpr std::size_t kOrigins = 100;
constexpr std::size_t kCalendars = 100;

// "*", or a scheme and a host, which may begin with "*.", and perhaps a port: it stands in a header
// (CSP Level 3 §2.3.1, host-source).
bool origin_like(std::string_view text) {
  if (text == "*") return true;
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  std::string_view host = text.substr(scheme);
  if (scheme == 0 || host.empty()) return false;
  if (host.starts_with("*.")) host.remove_prefix(2);
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
  });
}

struct Reader {
  std::string_view file;
  Config config;

  [[noreturn]] void refuse(const toml::source_region& at, const std::string& what) const {
    throw Error(Errc::invalid, fmt::format("{}:{}: {}", file, at.begin.line, what));
  }
  template <typename Value>
  Value as(const toml::node& node, std::string_view name, std::string_view wanted) const {
    if (node.is<Value>()) return *node.value<Value>();
    refuse(node.source(), fmt::format("{} wants {}", name, wanted));
  }
  template <typename Number>
  Number within(const toml::node& node, const Key& key, Number value) const {
    if (value >= static_cast<Number>(key.least) && value <= static_cast<Number>(key.most))
      return value;
    refuse(node.source(), fmt::format("{} goes from {} to {}", key.name, key.least, key.most));
  }
  void read(const toml::node& node, const Key& key, std::string Config::* member) {
    config.*member = as<std::string>(node, key.name, "a text in quotes");
  }
  void read(const toml::node& node, const Key& key, path Config::* member) {
    config.*member = as<std::string>(node, key.name, "a path in quotes");
  }
  void read(const toml::node& node, const Key& key, bool Config::* member) {
    config.*member = as<bool>(node, key.name, "true or false");
  }
  void read(const toml::node& node, const Key& key, std::int64_t Config::* member) {
    config.*member = within(node, key, as<std::int64_t>(node, key.name, "a whole number"));
  }
  void read(const toml::node& node, const Key& key, double Config::* member) {
    const auto number = node.value<double>();  // a whole number too
    if (!number) refuse(node.source(), fmt::format("{} wants a number", key.name));
    config.*member = within(node, key, *number);
  }
  void read(const toml::node& node, const Key& key, std::vector<std::string> Config::* member) {
    const toml::array* all = node.as_array();
    if (all == nullptr || all->size() > kOrigins)
      refuse(node.source(), fmt::format("{} wants a list of at most {}", key.name, kOrigins));
    for (const toml::node& each : *all) {
      const auto text = as<std::string>(each, key.name, "texts in quotes");
      if (!origin_like(text))
        refuse(each.source(),
               fmt::format("{} wants origins such as \"https://www.ville.example\", or \"*\"",
                           key.name));
      (config.*member).push_back(text);
    }
  }
  void read_calendar(const toml::table& table) {
    CalendarConfig calendar;
    for (const auto& [word, node] : table) {
      const auto key = std::ranges::find(kCalendarKeys, word.str(), &CalendarKey::name);
      if (key == kCalendarKeys.end())
        refuse(word.source(), fmt::format("the key caldav.{} is not known: config/example.toml has "
                                          "them all",
                                          word.str()));
      const auto text =
          as<std::string>(node, fmt::format("caldav.{}", word.str()), "a text in quotes");
      std::visit([&](auto member) { calendar.*member = text; }, key->member);
    }
    for (const CalendarKey& key : kCalendarKeys)
      if (key.wanted && !table.contains(key.name))
        refuse(table.source(), fmt::format("a [[caldav]] lacks its {}", key.name));
    config.calendars.push_back(std::move(calendar));
  }
  void read_calendars(const toml::node& node) {
    const toml::array* all = node.as_array();
    if (all == nullptr || all->size() > kCalendars)
      refuse(node.source(),
             fmt::format("calendars are written [[caldav]], {} at most", kCalendars));
    for (const toml::node& each : *all) {
      if (!each.is_table()) refuse(each.source(), "calendars are written [[caldav]]");
      read_calendar(*each.as_table());
    }
  }
  void read(const toml::table& table, const std::string& prefix) {
    for (const auto& [word, node] : table) {
      const std::string name = prefix + std::string(word.str());
      if (name == "caldav") {
        read_calendars(node);
        continue;
      }
      if (const toml::table* inner = node.as_table()) {
        const bool known = std::ranges::any_of(
            kKeys, [&](const Key& key) { return key.name.starts_with(name + "."); });
        if (!known) refuse(word.source(), fmt::format("the section [{}] is not known", name));
        read(*inner, name + ".");
        continue;
      }
      const auto key = std::ranges::find(kKeys, name, &Key::name);
      if (key == kKeys.end())
        refuse(word.source(),
               fmt::format("the key {} is not known: config/example.toml has them all", name));
      std::visit([&](auto member) { read(node, *key, member); }, key->member);
    }
  }
};

}  // namespace

db::DatabaseConfig Config::database() const {
  return {.url = database_url.empty() ? "sqlite:" + (home / "parvis.db").string() : database_url,
          .connections = static_cast<int>(database_connections),
          .patience = std::chrono::milliseconds(database_patience_ms)};
}

path Config::index_of(std::string_view tenant) const {
  const path root = index.empty() ? home / "index" : index;
  return tenant.empty() ? root / "national" : root / "tenants" / tenant;
}

path Config::embedder_file() const {
  constexpr std::string_view kDefault = "multilingual-e5-small-q4_0.gguf";
  if (!embedder.empty()) return embedder;
  const char* shared = std::getenv("PARVIS_MODELS");  // where bin/setup puts it
  if (shared == nullptr || std::filesystem::exists(home / "models" / kDefault))
    return home / "models" / kDefault;
  return path(shared) / kDefault;
}

std::optional<std::string> Config::query_prefix() const {
  return embedder_query_prefix.empty() ? std::nullopt : std::optional(embedder_query_prefix);
}

std::optional<std::string> Config::passage_prefix() const {
  return embedder_passage_prefix.empty() ? std::nullopt : std::optional(embedder_passage_prefix);
}

Config parse_config(std::string_view toml, std::string_view name) {
  Reader reader{name, {}};
  try {
    reader.read(toml::parse(toml, name), "");
  } catch (const toml::parse_error& error) {
    reader.refuse(error.source(), std::string(error.description()));
  }
  return reader.config;
}

Config read_config(const path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  if (!in.is_open() || in.bad())
    throw Error(Errc::invalid, file.string() + " cannot be read: check the name after --config");
  return parse_config(text, file.string());
}

std::set<std::string> calendar_keys() {
  std::set<std::string> names;
  for (const CalendarKey& key : kCalendarKeys) names.emplace(key.name);
  return names;
}

std::set<std::string> config_keys() {
  std::set<std::string> names;
  for (const Key& key : kKeys) names.emplace(key.name);
  return names;
}

}  // namespace parvis::app
