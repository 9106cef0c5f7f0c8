// Accounts of agents, for who administers the machine.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>

#include "app/command.hpp"
#include "app/home.hpp"
#include "app/terminal.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "directory/directory_store.hpp"
#include "identity/accounts.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::app {
namespace {

using identity::Account;
using identity::Accounts;

// What each command works with.
struct Work {
  explicit Work(const Arguments& arguments)
      : home(arguments.config), accounts(home.database), cx(context(arguments)) {}

  // By the login that is the command's operand.
  Account account(const Arguments& arguments) {
    auto found = accounts.with_login(cx, arguments.operands[0]);
    if (!found)
      throw Error(Errc::invalid, "there is no account " + arguments.operands[0] + " in tenant " +
                                     cx.tenant + ": see parvis user list");
    return *std::move(found);
  }

  Home home;
  Accounts accounts;
  const tenancy::Context cx;

 private:
  tenancy::Context context(const Arguments& arguments) {
    std::string tenant = tenant_named(home, arguments.tenant);
    if (tenant.empty()) throw Error(Errc::invalid, "there is no tenant yet: run parvis import");
    return {.tenant = std::move(tenant),
            .commune = "",
            .actor = tenancy::Actor::system("command line"),
            .zone = Zone::paris(),
            .deadline = {},
            .request = "",
            .now = system_now()};
  }
};

std::vector<identity::Role> roles_of(const Arguments& arguments) {
  std::vector<identity::Role> roles;
  for (const std::string& word : arguments.roles) {
    const auto role = identity::role_named(word);
    if (!role) usage("the role " + word + " is not known: agent, manager or admin");
    roles.push_back(*role);
  }
  if (roles.empty()) roles.push_back(identity::Role::agent);
  return roles;
}

// An agent of a service that is not there would answer nobody.
void require_services(Work& work, const std::vector<std::string>& services) {
  work.home.database.read(work.cx.tenant, [&](db::Tx& tx) {
    for (const std::string& id : services)
      if (!directory::service_by_id(tx, work.cx.tenant, id))
        throw Error(Errc::invalid, "there is no service " + id + ": write its id in the directory");
  });
}

std::string joined(const std::vector<std::string>& words, std::string_view none) {
  if (words.empty()) return std::string(none);
  return fmt::format("{}", fmt::join(words, " "));
}

std::vector<std::string> role_names(const Account& account) {
  std::vector<std::string> out;
  out.reserve(account.roles.size());
  for (const identity::Role role : account.roles) out.emplace_back(name(role));
  return out;
}

json::array array_of(const std::vector<std::string>& words) {
  return json::array(words.begin(), words.end());
}

json::object json_of(const Account& account) {
  json::object out{{"account", account.id},
                   {"login", account.login.read()},
                   {"name", account.name.read()},
                   {"roles", array_of(role_names(account))},
                   {"services", array_of(account.services)},
                   {"communes", array_of(account.communes)},
                   {"created", format_rfc3339(account.created_at)},
                   {"password_changed", format_rfc3339(account.password_changed_at)},
                   {"disabled", nullptr}};
  if (account.disabled_at) out["disabled"] = format_rfc3339(*account.disabled_at);
  return out;
}

int say(const Arguments& arguments, const Account& account, std::string_view what) {
  if (arguments.json)
    std::cout << json::serialize(json_of(account)) << '\n';
  else
    fmt::print("{} {}\n", account.login.read(), what);
  return 0;
}

int add(const Arguments& arguments) {
  if (arguments.person.empty()) usage("user add needs --name: as colleagues and citizens read it");
  identity::NewAccount asked{.login = arguments.operands[0],
                             .name = arguments.person,
                             .roles = roles_of(arguments),
                             .services = arguments.services};
  if (!arguments.commune.empty()) asked.communes = {arguments.commune};
  Work work(arguments);
  require_services(work, asked.services);
  if (work.accounts.with_login(work.cx, asked.login))
    throw Error(Errc::invalid, "there is an account " + asked.login + " already");
  const Account made = work.accounts.create(work.cx, asked, read_password(arguments));
  return say(arguments, made, "has an account");
}

int list(const Arguments& arguments) {
  Work work(arguments);
  json::array out;
  for (const Account& account : work.accounts.list(work.cx)) {
    out.push_back(json_of(account));
    if (arguments.json) continue;
    fmt::print("{}  {}  {}  services: {}  communes: {}{}\n", account.login.read(),
               account.name.read(), joined(role_names(account), "no role"),
               joined(account.services, "all"), joined(account.communes, "all"),
               account.disabled_at ? "  disabled " + format_rfc3339(*account.disabled_at) : "");
  }
  if (arguments.json) std::cout << json::serialize(out) << '\n';
  return 0;
}

int disable(const Arguments& arguments) {
  Work work(arguments);
  const Account account = work.account(arguments);
  confirm(arguments, fmt::format("The account {} ({}) will be disabled, and its sessions end.",
                                 account.login.read(), account.name.read()));
  work.accounts.disable(work.cx, account.id);
  return say(arguments, work.account(arguments), "is disabled");
}

int enable(const Arguments& arguments) {
  Work work(arguments);
  work.accounts.enable(work.cx, work.account(arguments).id);
  return say(arguments, work.account(arguments), "is enabled, with the password it had");
}

int password(const Arguments& arguments) {
  Work work(arguments);
  const Account account = work.account(arguments);
  work.accounts.set_password(work.cx, account.id, read_password(arguments));
  return say(arguments, work.account(arguments), "has a new password; its sessions have ended");
}

constexpr std::array kCommands = {
    Command{"user add", "LOGIN",
            "[--name NAME] [--role agent|manager|admin] [--service ID] [--commune INSEE] "
            "[--password-file FILE]",
            "an account for an agent, by e-mail; several roles and services may be given", add},
    Command{"user list", "", "", "the agents' accounts", list},
    Command{"user disable", "LOGIN", "[--yes]", "it signs in no more, and its sessions end",
            disable},
    Command{"user enable", "LOGIN", "", "it signs in again", enable},
    Command{"user password", "LOGIN", "[--password-file FILE]",
            "a new password, typed without being shown or on standard input", password}};

}  // namespace

std::span<const Command> user_commands() { return kCommands; }

}  // namespace parvis::app
