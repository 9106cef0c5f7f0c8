// The configuration: defaults, then a TOML file (--config), then the command line's own options.
// config/example.toml says what each key is for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"

namespace parvis::app {

// The calendar of a counter on its server.
struct CalendarConfig {
  std::string agenda, counter, url, user;
  std::filesystem::path password_file, ca_file;
  std::string auth = "basic";
  bool operator==(const CalendarConfig&) const = default;
};

struct Config {
  std::filesystem::path home = "var";
  std::string database_url;  // empty: SQLite in home
  std::int64_t database_connections = 8;
  std::int64_t database_patience_ms = 5000;
  std::string listen = "127.0.0.1:8080";
  std::filesystem::path assets = "web/assets";
  std::int64_t workers = 2;   // threads that answer
  std::int64_t waiting = 64;  // requests that may wait for one
  std::int64_t connections = 1000;
  std::int64_t connections_per_address = 100;
  std::int64_t streams = 10'000;  // of events, open at once
  std::int64_t streams_per_address = 100;
  std::int64_t stream_ping_s = 15;
  std::int64_t drain_s = 10;
  bool behind_proxy = false;
  std::filesystem::path index;     // empty: in home
  std::filesystem::path embedder;  // empty: HOME/models, then the folder of bin/setup
  std::int64_t embedder_threads = 2;
  std::string embedder_query_prefix, embedder_passage_prefix;  // empty: those of the model's file
  // A sheet answers from the first on, with a doubt from the second; docs/measurements.md has the
  // curve that they are chosen on.
  double answer_floor = 0.75;
  double partial_floor = 0.2;
  // Where the key of the towns' keys is; both empty: HOME/master.key, made when there is none.
  std::filesystem::path master_key_file;
  std::string master_key_variable;
  std::int64_t kept_days = 30;  // of a conversation, after its last message
  std::int64_t messages_per_visitor = 20, messages_per_address = 120, messages_per_tenant = 3000;
  std::filesystem::path widget = "web/dist";
  std::vector<std::string> widget_origins;  // sites that may frame it, besides this one
  std::string public_url;  // of the site, "https://demarches.ville.fr"; empty: letters bear no link
  // Letters to citizens: smtp:// or smtps://; empty: none is sent, they wait.
  std::string mail_url, mail_from, mail_starttls = "required", mail_user;
  std::filesystem::path mail_password_file;
  // Replies to letters: the mailbox of mail_reply, imap:// or imaps://; empty: none come back.
  std::string mail_reply, imap_url, imap_starttls = "required", imap_user, imap_folder = "INBOX";
  std::filesystem::path imap_password_file;
  // Of the antivirus: unix:PATH or tcp:ADDRESS:PORT; empty: files are not looked at for viruses.
  std::string clamd_address;
  std::vector<CalendarConfig> calendars;  // [[caldav]]
  std::string welcome;                    // empty: kind words with the town's name
  bool operator==(const Config&) const = default;

  db::DatabaseConfig database() const;
  std::filesystem::path embedder_file() const;
  std::optional<std::string> query_prefix() const;
  std::optional<std::string> passage_prefix() const;
  std::filesystem::path keys_file() const { return home / "keys.sealed"; }
  // Where the generations of a scope are: the national corpus (tenant ""), or a tenant's own.
  std::filesystem::path index_of(std::string_view tenant) const;
};

// name: what messages call the text. Throws Error{invalid} that names the line: a key that is not
// known, a value of another type or out of its bounds, text that is not TOML.
Config parse_config(std::string_view toml, std::string_view name);

Config read_config(const std::filesystem::path& file);  // Error{invalid} too when there is none

std::set<std::string> config_keys();    // "home", "server.workers"…
std::set<std::string> calendar_keys();  // of each [[caldav]]: "agenda"…

}  // namespace parvis::app
