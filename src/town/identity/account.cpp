#include "identity/account.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "text/normalise.hpp"

namespace parvis::identity {
namespace {

constexpr std::string_view kLettersAndDigits = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::size_t kLocalPartMax = 64;  // RFC 5321

bool only(std::string_view text, std::string_view more) {
  return std::ranges::all_of(
      text, [&](char c) { return kLettersAndDigits.contains(c) || more.contains(c); });
}

bool dotted(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' && !text.contains("..");
}

bool domain_like(std::string_view text) {
  return only(text, ".-") && dotted(text) && text.contains('.') && text.front() != '-' &&
         text.back() != '-' && !text.contains(".-") && !text.contains("-.");
}

void require(bool right, std::string_view what) {
  if (!right) throw Error(Errc::invalid, std::string(what));
}

// A word that can stand among others separated by spaces.
bool word_like(std::string_view text) {
  return !text.empty() && text.size() <= kServiceIdMax &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

template <typename T>
std::vector<T> in_order(std::vector<T> all) {
  std::ranges::sort(all);
  const auto twice = std::ranges::unique(all);
  all.erase(twice.begin(), twice.end());
  return all;
}

}  // namespace

std::string_view name(Role role) {
  for (const RoleName& each : kRoles)
    if (each.role == role) return each.name;
  return {};
}

std::optional<Role> role_named(std::string_view name) {
  for (const RoleName& each : kRoles)
    if (each.name == name) return each.role;
  return std::nullopt;
}

bool Account::has(Role role) const { return std::ranges::find(roles, role) != roles.end(); }

bool Account::answers_for(std::string_view service) const {
  return services.empty() || std::ranges::find(services, service) != services.end();
}

std::optional<std::string> login_from(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.size() > kLoginMax) return std::nullopt;
  std::string login(text);
  for (char& c : login)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const std::size_t at = login.find('@');
  if (at == login.npos || at > kLocalPartMax) return std::nullopt;
  const std::string_view local = std::string_view(login).substr(0, at);
  if (!dotted(local) || !only(local, ".!#$%&'*+/=?^_`{|}~-")) return std::nullopt;
  if (!domain_like(std::string_view(login).substr(at + 1))) return std::nullopt;
  return login;
}

Account account_from(const NewAccount& asked, std::string id, Instant now) {
  auto login = login_from(asked.login);
  require(login.has_value(), "a login is an e-mail address, as prenom.nom@ville.fr");
  const std::string name = text::clean(text::utf8_prefix(asked.name, 2 * kNameMax));
  require(!name.empty() && name.size() <= kNameMax, "a name is 1 to 200 bytes of text");
  require(!asked.roles.empty(), "an account has a role: agent, manager or admin");
  require(asked.services.size() <= kServicesMax && std::ranges::all_of(asked.services, word_like),
          "an account's services are ids of the directory, 200 at most");
  require(asked.communes.size() <= kCommunesMax && std::ranges::all_of(asked.communes, word_like),
          "an account's communes are INSEE codes, 500 at most");
  return {.id = std::move(id),
          .login = Personal(*std::move(login)),
          .name = Personal(name),
          .roles = in_order(asked.roles),
          .services = in_order(asked.services),
          .communes = in_order(asked.communes),
          .created_at = now,
          .password_changed_at = now,
          .disabled_at = std::nullopt};
}

}  // namespace parvis::identity
