// Cases as agents and the system find and open them.
#include <algorithm>

#include "base/error.hpp"
#include "casework/case_work.hpp"
#include "casework/find.hpp"
#include "casework/indexing.hpp"
#include "casework/reference.hpp"
#include "text/normalise.hpp"

namespace parvis::casework {

using db::Tx;

Opened Cases::open_as(const tenancy::Context& cx, const Author& agent, std::string_view id) {
  const auto gate = staff(cx, agent, id);
  const auto [keys, definition] = ready(database_, keyring_, catalogue_, cx, gate);
  return database_.read(cx.tenant, [&](Tx& tx) { return opened(tx, gate(tx), keys, definition); });
}

std::vector<Line> Cases::list(const tenancy::Context& cx, const Author& agent, Filter filter) {
  return find(cx, agent, std::move(filter)).lines;
}

namespace {

// An agent's own services, whatever the filter says. False: none is left.
bool narrow(Filter& filter, const Author& agent) {
  if (filter.services.empty())
    filter.services = agent.services;
  else if (!agent.services.empty())
    std::erase_if(filter.services, [&](const std::string& service) {
      return std::ranges::find(agent.services, service) == agent.services.end();
    });
  if (filter.communes.empty())
    filter.communes = agent.communes;
  else if (!agent.communes.empty())
    std::erase_if(filter.communes, [&](const std::string& commune) {
      return std::ranges::find(agent.communes, commune) == agent.communes.end();
    });
  return (!filter.services.empty() || agent.services.empty()) &&
         (!filter.communes.empty() || agent.communes.empty());
}

}  // namespace

std::optional<std::string> Cases::find_as(const tenancy::Context& cx, const Author& agent,
                                          std::string_view reference) {
  const Page page = find(cx, agent, {.text = std::string(reference)});
  return page.lines.empty() ? std::nullopt : std::optional(page.lines[0].id);
}

Page Cases::find(const tenancy::Context& cx, const Author& agent, Filter filter) {
  if (!narrow(filter, agent)) return {};
  if (text::clean(filter.text).empty())
    return database_.read(cx.tenant, [&](Tx& tx) {
      Page page{casework::list(tx, cx, filter), std::nullopt};
      if (page.lines.size() < kListMax) return page;
      const Line& last = page.lines.back();
      page.next = filter;
      page.next->after_due = due_key(last);
      page.next->after_id = last.id;
      return page;
    });
  if (const auto reference = read_reference(filter.text))
    return database_.read(
        cx.tenant, [&](Tx& tx) { return casework::with_reference(tx, cx, filter, *reference); });
  const std::vector<std::string> words = words_asked(filter.text);
  if (words.empty()) return {};
  const std::vector<std::string> digests = digests_of(find_key(cx), words);
  return database_.read(cx.tenant, [&](Tx& tx) { return with_words(tx, cx, filter, digests); });
}

Opened Cases::open_for_system(const tenancy::Context& cx, std::string_view id) {
  const auto gate = [&](Tx& tx) { return case_for_system(tx, cx, id); };
  const auto [keys, definition] = ready(database_, keyring_, catalogue_, cx, gate);
  return database_.read(cx.tenant, [&](Tx& tx) { return opened(tx, gate(tx), keys, definition); });
}

std::optional<Opened> Cases::with_reference(const tenancy::Context& cx,
                                            std::string_view reference) {
  const auto seen =
      database_.read(cx.tenant, [&](Tx& tx) { return case_with_reference(tx, cx, reference); });
  return seen ? std::optional(open_for_system(cx, seen->id())) : std::nullopt;
}

namespace {

template <typename Gate>
Secret<std::string> linking(db::Database& database, vault::Keyring& keyring,
                            const tenancy::Context& cx, const Gate& gate) {
  const vault::Keys keys = keys_of(keyring, cx, database.read(cx.tenant, gate));
  Secret<std::string> token = vault::sub_token(keys, "link");
  database.write(cx.tenant, [&](Tx& tx) { set_link(tx, gate(tx), token); });
  return token;
}

}  // namespace

Secret<std::string> Cases::link(const tenancy::Context& cx, std::string_view id) {
  return linking(database_, keyring_, cx, [&](Tx& tx) { return case_for_system(tx, cx, id); });
}

Secret<std::string> Cases::link(const tenancy::Context& cx, std::string_view id,
                                std::string_view token) {
  return linking(database_, keyring_, cx,
                 [&](Tx& tx) { return case_for_citizen(tx, cx, id, token); });
}

std::optional<Cases::Linked> Cases::linked(const tenancy::Context& cx, std::string_view id,
                                           std::string_view token) {
  const auto row =
      database_.read(cx.tenant, [&](Tx& tx) { return case_by_link(tx, cx, id, token); });
  if (!row) return std::nullopt;
  return Linked{.state = row->state(),
                .commune = row->commune(),
                .procedure = row->procedure(),
                .reference = row->reference()};
}

}  // namespace parvis::casework
