#include <fmt/format.h>

#include <algorithm>

#include "api/casework.hpp"
#include "api/resources.hpp"
#include "api/tus.hpp"
#include "base/error.hpp"
#include "casework/asks.hpp"
#include "casework/ends.hpp"
#include "casework/standing.hpp"
#include "crypto/hash.hpp"
#include "procedure/schema.hpp"
#include "text/normalise.hpp"

namespace parvis::api {
namespace {

using casework::Act;
using casework::Happened;
using casework::Opened;
using http::Method;
using http::Request;
using http::Response;

json::array faults_json(const std::vector<procedure::Fault>& faults) {
  json::array out;
  for (const procedure::Fault& fault : faults)
    out.push_back(
        json::object{{"path", fault.path}, {"message", fault.message}, {"missing", fault.missing}});
  return out;
}

json::object event_json(const Happened& event) {
  json::object out{{"seq", event.seq},
                   {"act", name(event.act)},
                   {"by", event.by == casework::Role::citizen ? "citizen"
                          : event.by == casework::Role::agent ? "agent"
                                                              : "system"},
                   {"at", format_rfc3339(event.at)}};
  if (!event.author.empty()) out["author"] = event.author;
  if (!event.text.empty()) out["text"] = event.text;
  if (!event.more.empty()) out["more"] = event.more;
  return out;
}

// An id and a token made from the key, so that the same key is the same case in any process.
struct Made {
  std::string id;
  Secret<std::string> token;
};
Made made_from(std::string_view key) {
  return {crypto::sha256_hex("case id " + std::string(key)).substr(0, 2 * casework::kIdBytes),
          Secret(crypto::sha256_hex("case token " + std::string(key)))};
}

class Resource {
 public:
  Resource(const Service& service, const Casework& casework)
      : service_(service), casework_(casework) {}

  Response procedures(const Request& request) const {
    const std::string commune =
        known_commune(service_, request.query_value("commune").value_or(""));
    json::array all;
    for (const auto& each : casework_.catalogue.offered(casework_.tenant, commune))
      all.push_back(procedure::head_json(*each));
    return Response::json(json::object{{"procedures", std::move(all)}});
  }

  Response procedure_of(const Request& request) const {
    const auto found = casework_.catalogue.newest(casework_.tenant, *request.param("id"));
    if (!found) throw Error(Errc::not_found, "this démarche does not exist, or no longer");
    return Response::json(procedure::to_json(*found));
  }

  Response begin(const Request& request) const {
    auto body = object_of(request, "send a JSON object {\"procedure\": \"…\"}");
    if (Response* refused = std::get_if<Response>(&body)) return std::move(*refused);
    const json::object& object = std::get<json::object>(body);
    if (casework_.tenant.empty())
      throw Error(Errc::unavailable, "no town is imported yet: import one, then start again");
    const std::string_view key = request.header("idempotency-key").value_or("");
    const bool keyed = !key.empty();
    if (keyed && !idempotency_key_like(key))
      throw Error(Errc::invalid,
                  "Idempotency-Key is 22 to 64 letters, digits, hyphens and "
                  "underscores, drawn at random and kept secret");
    const json::object* answers = object_at(object, "answers");
    const bool deposit = bool_at(object, "deposit").value_or(false);
    if (deposit && !keyed)
      throw Error(Errc::invalid,
                  "a deposit at once needs an Idempotency-Key: without one a retry "
                  "could be a second deposit");
    if (const auto wait = casework_.budgets.refuse_start(casework_.tenant, request.received_at))
      return too_many(request, *wait);
    const tenancy::Context cx = context_of(casework_, request.request_id,
                                           known_commune(service_, text_of(object, "commune")));
    const Made made = keyed ? made_from(key) : Made{casework::new_id(), casework::new_token()};
    const std::string& token = made.token.reveal();
    const std::string procedure = text_of(object, "procedure");
    if (deposit) {
      // What was deposited under this key is deposited, whatever else the retry says, and whichever
      // of two that were sent at once comes first.
      json::object out =
          shown(cx, casework_.cases
                        .deposit_at_once(cx, procedure, made.id, made.token,
                                         answers != nullptr ? *answers : json::object())
                        .opened);
      out["token"] = token;
      return Response::json(std::move(out), 201);
    }
    Opened opened = casework_.cases.begin(cx, procedure, made.id, made.token);
    if (opened.definition->id != procedure)
      throw Error(Errc::conflict, "this Idempotency-Key was used for another démarche: draw one");
    if (answers != nullptr && opened.state == casework::State::draft)
      opened = casework_.cases.merge(cx, made.id, token, *answers).opened;
    json::object out = shown(cx, opened);
    out["token"] = token;
    return Response::json(std::move(out), 201);
  }

  Response show(const Request& request) const {
    const tenancy::Context cx = context_of(casework_, request.request_id);
    return Response::json(shown(cx, casework_.cases.open(cx, id_of(request), bearer(request))));
  }

  Response answer(const Request& request) const {
    auto body = object_of(request, "send a JSON object {\"answers\": {…}}");
    if (Response* refused = std::get_if<Response>(&body)) return std::move(*refused);
    const json::object* answers = object_at(std::get<json::object>(body), "answers");
    if (answers == nullptr) throw Error(Errc::invalid, "\"answers\" is an object");
    const tenancy::Context cx = context_of(casework_, request.request_id);
    return Response::json(
        shown(cx, casework_.cases.merge(cx, id_of(request), bearer(request), *answers).opened));
  }

  // A slot that was looked up (slots.cpp): held, with the draft's question answered.
  Response choose_slot(const Request& request) const {
    auto body = object_of(request, "send a JSON object {\"start\": \"2026-12-01T09:40:00+01:00\"}");
    if (Response* refused = std::get_if<Response>(&body)) return std::move(*refused);
    const auto start = parse_rfc3339(text_of(std::get<json::object>(body), "start"));
    if (!start)
      throw Error(Errc::invalid, "\"start\" is a time with its offset, of a slot that is free");
    const tenancy::Context cx = context_of(casework_, request.request_id);
    const std::string id = id_of(request), token = bearer(request);
    const Opened draft = casework_.cases.open(cx, id, token);
    if (draft.state != casework::State::draft)
      throw Error(Errc::conflict, "this case is deposited: its appointment is moved, not chosen");
    const auto held =
        casework_.appointments->choose(cx, {casework_.cases, id, token}, draft, *start);
    if (!held)
      throw Error(Errc::conflict,
                  "Cet horaire vient d’être pris. Choisissez-en un autre parmi ceux qui sont "
                  "libres.");
    return Response::json(shown(cx, held->opened));
  }

  Response deposit(const Request& request) const {
    const tenancy::Context cx = context_of(casework_, request.request_id);
    const casework::Deposit done = casework_.cases.deposit(cx, id_of(request), bearer(request));
    return Response::json(shown(cx, done.opened), done.repeated ? 200 : 201);
  }

  Response erase(const Request& request) const {
    casework_.cases.erase_draft(context_of(casework_, request.request_id), id_of(request),
                                bearer(request));
    return Response::no_content();
  }

  Response write(const Request& request) const { return act(request, Act::write); }
  Response withdraw(const Request& request) const { return act(request, Act::withdraw); }
  Response give_pieces(const Request& request) const { return act(request, Act::give_pieces); }

  UploadsOf uploads_of(const Request& request) const {
    return {context_of(casework_, request.request_id), id_of(request), bearer(request)};
  }
  Response content(const Request& request) const {
    const UploadsOf own = uploads_of(request);
    return download(casework_.pieces->open(own.cx, own.id, own.token, *request.param("file")));
  }

 private:
  static std::string id_of(const Request& request) { return std::string(*request.param("id")); }
  Response act(const Request& request, Act what) const {
    auto body = object_of(request, "send a JSON object {\"id\": \"…\", \"text\": \"…\"}");
    if (Response* refused = std::get_if<Response>(&body)) return std::move(*refused);
    const json::object& object = std::get<json::object>(body);
    const tenancy::Context cx = context_of(casework_, request.request_id);
    return Response::json(
        shown(cx, casework_.cases.act(cx, id_of(request), bearer(request), what,
                                      text_of(object, "id"), text_of(object, "text"))));
  }

  json::object shown(const tenancy::Context& cx, const Opened& opened) const {
    json::object out{{"id", opened.id},
                     {"procedure", opened.definition->id},
                     {"version", opened.definition->version},
                     {"commune", opened.commune},
                     {"state", name(opened.state)},
                     {"state_words", casework::state_words(opened)},
                     {"answers", opened.answers},
                     {"created_at", format_rfc3339(opened.created_at)},
                     {"saved_at", format_rfc3339(opened.saved_at)}};
    if (opened.state == casework::State::draft) {
      const procedure::Form form = procedure::evaluate(*opened.definition, opened.answers,
                                                       casework::moment_of(cx, opened.commune));
      json::array pages;
      for (const procedure::ShownPage& page : form.pages)
        pages.push_back(json::object{{"id", page.page->id},
                                     {"done", page.state == procedure::PageState::done},
                                     {"faults", faults_json(page.faults)}});
      out["pages"] = std::move(pages);
      out["faults"] = faults_json(form.faults);
      out["barred"] = form.barred ? json::value(form.barred->message) : json::value(nullptr);
      out["complete"] = form.complete();
      return out;
    }
    out["reference"] = opened.reference;
    out["receipt"] = casework::to_json(casework_.receipt(opened));
    const procedure::End* end = casework::end_of(opened);
    out["end"] = end == nullptr
                     ? json::value(nullptr)
                     : json::value(json::object{
                           {"id", end->id}, {"label", end->label}, {"words", end->words}});
    out["asks"] = casework::to_json(casework::asks_of(opened.events));
    out["due"] = opened.due ? json::value(format_iso_date(*opened.due)) : json::value(nullptr);
    json::array events;
    for (const Happened& event : opened.events)
      if (event.act != Act::note) events.push_back(event_json(event));  // between agents
    out["events"] = std::move(events);
    return out;
  }

  static Response too_many(const Request& request, std::chrono::seconds wait) {
    return http::problem({429, "Trop de demandes. Réessayez dans un instant."}, request.request_id)
        .set("Retry-After", std::to_string(wait.count()));
  }

  const Service& service_;
  const Casework& casework_;
};

}  // namespace

tenancy::Context context_of(const Casework& casework, const std::string& request_id,
                            std::string commune) {
  return {.tenant = casework.tenant,
          .commune = std::move(commune),
          .actor = tenancy::Actor::visitor(),
          .zone = casework.zone,
          .deadline = {},
          .request = request_id,
          .now = casework.now()};
}

void add_cases(http::Router& router, const Service& service, const Casework& casework) {
  // Shared: the handlers of the router are its owners.
  const auto resource = std::make_shared<const Resource>(service, casework);
  const http::RouteOptions &writes = casework.budgets.writes, &reads = casework.budgets.reads;
  const std::string all = "/api/v1/cases", one = all + "/{id}";
  using Do = Response (Resource::*)(const Request&) const;
  const auto to = [&](Do act) {
    return [resource, act](const Request& request) { return (*resource.*act)(request); };
  };
  router.get("/api/v1/procedures", to(&Resource::procedures), reads);
  router.get("/api/v1/procedures/{id}", to(&Resource::procedure_of), reads);
  router.post(all, to(&Resource::begin), writes);
  router.get(one, to(&Resource::show), reads);
  router.add(Method::patch, one, to(&Resource::answer), reads);
  router.add(Method::del, one, to(&Resource::erase), reads);
  router.post(one + "/deposit", to(&Resource::deposit), reads);
  router.post(one + "/messages", to(&Resource::write), writes);
  router.post(one + "/withdrawal", to(&Resource::withdraw), writes);
  router.post(one + "/pieces", to(&Resource::give_pieces), writes);
  if (casework.appointments != nullptr)
    router.post(one + "/appointment", to(&Resource::choose_slot), writes);
  if (casework.pieces == nullptr) return;
  add_tus(
      router, one + "/files",
      [resource](const Request& request) { return resource->uploads_of(request); },
      *casework.pieces, writes, reads);
  router.get(one + "/files/{file}/content", to(&Resource::content), reads);
}

}  // namespace parvis::api
