#include "portal/visits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "answer/contact.hpp"
#include "base/error.hpp"
#include "calendar/words.hpp"
#include "casework/reference.hpp"
#include "crypto/hash.hpp"
#include "portal/case_pages.hpp"
#include "procedure/items.hpp"

namespace parvis::portal {

using api::Visit;
using casework::Opened;
using casework::State;
using http::Request;
using http::Response;
using procedure::Definition;
using procedure::Form;

Sending sending_of(const Request& request) {
  const auto fields = http::parse_form(request);
  if (!fields) throw Error(Errc::invalid, fields.error().what);
  return sending_from(*fields);
}

Sending sending_from(const http::Pairs& fields) {
  Sending out;
  for (const auto& [key, value] : fields) {
    if (key == "_token")
      out.token = value;
    else if (key == "_start")
      out.start = start_like(value) ? value : "";
    else if (key == "_vu")
      out.seen = value;
    else if (key == "_autre")
      out.keep_other = value == "garder";
    else if (key == "_retour")
      out.to_check = value == "verifier";
    else if (key == kAdd)
      out.add = value;
    else if (key == kRemove)
      out.remove = value;
    else if (key == kTakeBack)
      out.take_back = value;
    else if (key == kAssign)
      out.assigned = value;
    else if (key == kJoin)
      out.join = value;
    else
      out.answers.push_back({key, value});
    if (key == "id") out.id = value;
    if (key == "text") out.text = value;
    if (key == "reference") out.reference = value;
    if (key == "email") out.email = value;
    if (key == "code") out.code = value;
    if (key == "voulus") out.reminders = value == "oui";
  }
  return out;
}

tenancy::Context Visits::context(const Request& request, const Frame& around) const {
  return api::context_of(own_.casework, request.request_id, insee(around));
}

std::shared_ptr<const Definition> Visits::offered(const Request& request,
                                                  const Frame& around) const {
  if (own_.casework.tenant.empty()) return nullptr;
  auto definition = own_.casework.catalogue.newest(own_.casework.tenant, *request.param("id"));
  const bool here = definition && (around.commune == nullptr || definition->serves(insee(around)));
  return here ? definition : nullptr;
}

std::optional<answer::Contact> Visits::office_of(const Frame& around, const std::string& id) const {
  for (const directory::Service& each : service_.services(insee(around)))
    if (each.id == id) return answer::contact_of(each, service_.zone.local(service_.now()));
  return around.desk;
}

std::optional<Draft> Visits::draft(const Request& request, const Frame& around) const {
  const auto visit = visit_in(request, kDraftCookie);
  if (!visit) return std::nullopt;
  const tenancy::Context cx = context(request, around);
  try {
    Opened opened = own_.casework.cases.open(cx, visit->id, visit->token);
    if (opened.definition->id != *request.param("id") || opened.commune != cx.commune)
      return std::nullopt;
    if (opened.entry) {
      const auto agent = own_.agent_of ? own_.agent_of(request) : std::nullopt;
      if (!agent || agent->id != opened.entry->account) return std::nullopt;
    }
    procedure::Moment moment = casework::moment_of(cx, opened.commune);
    Form form = procedure::evaluate(*opened.definition, opened.answers, moment);
    return Draft{std::move(opened), *visit, std::move(moment), std::move(form)};
  } catch (const Error& e) {
    if (e.code() != Errc::not_found) throw;
    return std::nullopt;
  }
}

std::optional<Followed> Visits::followed(const Request& request, const Frame& around) const {
  const auto visit = visit_in(request, kCaseCookie);
  if (!visit) return std::nullopt;
  const tenancy::Context cx = context(request, around);
  try {
    if (!own_.access.goes_on(cx, visit->id, visit->token)) return std::nullopt;
    Opened opened = own_.casework.cases.open(cx, visit->id, visit->token);
    if (opened.state == State::draft || opened.reference != *request.param("key") ||
        opened.commune != cx.commune)
      return std::nullopt;
    return Followed{std::move(opened), *visit};
  } catch (const Error& e) {
    if (e.code() != Errc::not_found) throw;
    return std::nullopt;
  }
}

Frame Visits::theirs(const Frame& around, const std::string& commune) const {
  Frame out = around;
  out.base = "/";
  for (const tenancy::Commune& each : service_.communes)
    if (each.insee == commune) out.base = "/" + each.slug + "/";
  return out;
}

namespace {

std::string session_cookie(const Request& request, const Frame& there,
                           const casework::Entered& entered) {
  return cookie_of({.id = entered.id, .token = entered.token.reveal()},
                   cases_url(there, entered.reference), request, kCaseCookie);
}

}  // namespace

Response Visits::let_in(const Request& request, const Frame& there,
                        const casework::Entered& entered, std::string_view rest) {
  return Response::redirect(cases_url(there, entered.reference, rest))
      .set("Set-Cookie", session_cookie(request, there, entered));
}

std::optional<std::string> Visits::just_deposited(const Request& request, const Frame& there,
                                                  const Opened& opened, const Visit& visit) const {
  const tenancy::Context cx = context(request, there);
  if (!opened.deposited_at || cx.now >= *opened.deposited_at + casework::kDepositedLately)
    return std::nullopt;
  try {
    return session_cookie(request, there, own_.access.enter(cx, visit.id, visit.token));
  } catch (const Error& e) {
    // It is deposited all the same: the page of the case then asks how to get in.
    if (e.code() != Errc::unavailable && e.code() != Errc::overloaded) throw;
    return std::nullopt;
  }
}

std::string Visits::typed_words(const Request& request, const Opened& opened) const {
  if (!opened.entry) return {};
  const auto agent = own_.agent_of ? own_.agent_of(request) : std::nullopt;
  const std::string who = casework::named_in(opened).read();
  return fmt::format(
      "Demande faite {}{}, saisie pour {} par {}.", casework::words(opened.entry->way),
      opened.entry->received ? ", reçue le " + calendar::date_words(*opened.entry->received)
                             : std::string(),
      who.empty() ? "une personne" : who, agent ? agent->name : "un agent");
}

namespace {

// What a form sends again of an answer: not its files, which are given apart.
json::value typed_of(const procedure::Field& field, const json::value* value) {
  if (value == nullptr || field.type == procedure::Type::file) return nullptr;
  const auto parts = [&](const json::object& given) -> json::value {
    json::array out;
    bool any = false;
    for (const procedure::Field& part : field.fields) {
      out.push_back(typed_of(part, given.if_contains(part.id)));
      any |= !out.back().is_null();
    }
    return any ? json::value(std::move(out)) : json::value(nullptr);
  };
  if (field.type == procedure::Type::block && value->is_object()) return parts(value->get_object());
  if (!procedure::has_named_items(field) || !value->is_array()) return *value;
  json::array items;
  for (const json::value& item : value->get_array())
    if (item.is_object())
      if (json::value own = parts(item.get_object()); !own.is_null())
        items.push_back(std::move(own));
  return items.empty() ? json::value(nullptr) : json::value(std::move(items));
}

}  // namespace

std::string Visits::seen_in(const procedure::Page& page, const json::object& answers) {
  json::array all;
  for (const procedure::Field& field : page.fields)
    all.push_back(typed_of(field, answers.if_contains(field.id)));
  constexpr std::size_t kDigits = 16;
  return crypto::sha256_hex(json::serialize(all)).substr(0, kDigits);
}

std::optional<std::string> Visits::reference_in(const Request& request) {
  auto read = casework::read_reference(*request.param("key"));
  return read && *read == *request.param("key") ? read : std::nullopt;
}

std::string Visits::back_of(const Request& request) const {
  std::string word = word_in(request, kBackCookie);
  const bool known = word == kNoCommune || word == kOtherWindow ||
                     std::ranges::find(service_.communes, word, &tenancy::Commune::slug) !=
                         service_.communes.end();
  return known ? word : std::string();
}

std::string Visits::link_to(const Request& request, const Frame& around, const Visit& visit) const {
  const Secret<std::string> token =
      own_.casework.cases.link(context(request, around), visit.id, visit.token);
  return (own_.public_url.empty() ? origin_of(request) : own_.public_url) +
         link_url(around, link_key({.id = visit.id, .token = token.reveal()}));
}

std::string Visits::link_url(const Frame& around, std::string_view key) {
  return cases_url(around, "lien").append("/").append(key);
}

Response Visits::said(const Frame& around, Told what, int status) {
  return Response::html(page(around, told_title(what), told(around, what)), status);
}

void add_procedures(http::Router& router, const Service& service, const http::Assets& assets,
                    const Procedures& procedures) {
  add_draft_pages(router, service, assets, procedures);
  add_entering_pages(router, service, assets, procedures);
  add_case_pages(router, service, assets, procedures);
}

}  // namespace parvis::portal
