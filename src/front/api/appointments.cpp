#include "api/appointments.hpp"

#include <algorithm>
#include <charconv>

#include "api/resources.hpp"
#include "base/error.hpp"
#include "crypto/hash.hpp"

namespace parvis::api {
namespace {

using appointment::Free;
using appointment::Look;
using appointment::Opened;
using appointment::Reason;
using appointment::Way;
using http::Method;
using http::Request;
using http::Response;
using Mine = appointment::Appointments::Mine;

json::object free_json(const Free& slot) {
  return {{"start", format_rfc3339(slot.start)},
          {"end", format_rfc3339(slot.end)},
          {"service", slot.service}};
}
json::array all_json(const std::vector<Free>& slots) {
  json::array out;
  for (const Free& slot : slots) out.push_back(free_json(slot));
  return out;
}
json::array texts_json(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

json::object reason_json(const Reason& reason) {
  json::array ways, asks;
  for (const Way way : reason.ways) ways.push_back(json::string(name(way)));
  for (const appointment::Asked& each : reason.asks)
    asks.push_back(json::object{
        {"id", each.id}, {"label", each.label}, {"hint", each.hint}, {"required", each.required}});
  return {{"id", reason.id},
          {"label", reason.label},
          {"minutes", reason.duration.count()},
          {"people", reason.people},
          {"ways", std::move(ways)},
          {"bring", texts_json(reason.bring)},
          {"asks", std::move(asks)},
          {"who", reason.who},
          {"note", reason.note},
          {"may", reason.may ? json::value(json::object{{"ask", reason.may->ask},
                                                        {"otherwise", reason.may->otherwise}})
                             : json::value(nullptr)}};
}

appointment::Needs needs_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return {};
  if (!value->is_object())
    throw Error(Errc::invalid, "\"" + std::string(key) + "\" is an object of needs");
  return needs_of(value->get_object());
}

appointment::Visitor visitor_in(const json::object& object) {
  for (const std::string_view key : {"name", "email", "phone", "interpreter", "note"})
    text_of(object, key);  // is a text, or it is said
  return appointment::visitor_from_json(object);
}

// An id and a token made from the key, so that the same key is the same booking in any process.
Mine made_from(std::string_view key) {
  return {crypto::sha256_hex("booking id " + std::string(key)).substr(0, 2 * appointment::kIdBytes),
          Secret(crypto::sha256_hex("booking token " + std::string(key)))};
}

class Resource {
 public:
  Resource(const Service& service, const Appointing& appointing)
      : service_(service), own_(appointing) {}

  Response agendas(const Request& request) const {
    const std::string commune =
        known_commune(service_, request.query_value("commune").value_or(""));
    json::array all;
    for (const auto& agenda : own_.agendas.offered(own_.tenant, commune)) {
      json::array reasons;
      for (const Reason& reason : agenda->reasons)
        if (reason.offered && agenda->serves(reason, commune))
          reasons.push_back(reason_json(reason));
      all.push_back(json::object{{"id", agenda->id},
                                 {"title", agenda->title},
                                 {"service", agenda->service},
                                 {"reasons", std::move(reasons)}});
    }
    return Response::json(json::object{{"agendas", std::move(all)}});
  }

  Response slots(const Request& request) const {
    const auto query = [&](std::string_view key) {
      return std::string(request.query_value(key).value_or(""));
    };
    const tenancy::Context cx =
        context_of(own_, request.request_id, known_commune(service_, query("commune")));
    Look look{.agenda = query("agenda"), .reason = query("reason"), .service = query("service")};
    look.people = people_in(query("people"));
    look.way = way_in(query("way"));
    look.from = instant_in(query("from"), "from", cx.now);
    look.until = instant_in(query("until"), "until", look.from + std::chrono::days(14));
    return Response::json(
        json::object{{"slots", all_json(own_.appointments.look(cx, look).slots)}});
  }

  Response book(const Request& request) const {
    auto body = object_of(request, "send a JSON object {\"agenda\": \"…\", \"reason\": \"…\"}");
    if (Response* refused = std::get_if<Response>(&body)) return std::move(*refused);
    const json::object& object = std::get<json::object>(body);
    if (own_.tenant.empty())
      throw Error(Errc::unavailable, "no town is imported yet: import one, then start again");
    const std::string_view key = request.header("idempotency-key").value_or("");
    if (!key.empty() && !idempotency_key_like(key)) throw Error(Errc::invalid, kKeyWanted);
    const json::object* visitor = object_at(object, "visitor");
    if (visitor != nullptr && key.empty())
      throw Error(Errc::invalid,
                  "a booking at once needs an Idempotency-Key: without one a retry could be a "
                  "second booking");
    const tenancy::Context cx =
        context_of(own_, request.request_id, known_commune(service_, text_of(object, "commune")));
    const Look look{.agenda = text_of(object, "agenda"),
                    .reason = text_of(object, "reason"),
                    .people = static_cast<int>(integer_at(object, "people").value_or(1)),
                    .way = way_in(text_of(object, "way")),
                    .service = text_of(object, "service")};
    const Instant start = instant_in(text_of(object, "start"), "start", Instant());
    if (const auto wait = own_.budgets.refuse_start(own_.tenant, request.received_at))
      return too_many(request, *wait);
    const Mine mine =
        key.empty() ? Mine{appointment::new_id(), appointment::new_token()} : made_from(key);
    auto held = own_.appointments.hold(cx, look, start, mine);
    if (!held) return taken(request, held.error());
    Opened opened = std::move(*held);
    if (visitor != nullptr) opened = own_.appointments.confirm(cx, mine, visitor_in(*visitor));
    json::object out = shown(opened);
    out["token"] = mine.token.reveal();
    return Response::json(std::move(out), 201);
  }

  Response show(const Request& request) const {
    return Response::json(shown(own_.appointments.open(context(request), mine_of(request))));
  }

  Response confirm(const Request& request) const {
    auto body = object_of(request, "send a JSON object {\"name\": \"…\", \"email\": \"…\"}");
    if (Response* refused = std::get_if<Response>(&body)) return std::move(*refused);
    return Response::json(shown(own_.appointments.confirm(
        context(request), mine_of(request), visitor_in(std::get<json::object>(body)))));
  }

  // Told after it was booked: who receives them reads it.
  Response note_needs(const Request& request) const {
    auto body = object_of(request, "send a JSON object {\"add\": {…}, \"drop\": {…}}");
    if (Response* refused = std::get_if<Response>(&body)) return std::move(*refused);
    const json::object& object = std::get<json::object>(body);
    const appointment::NeedsSaid said{.add = needs_in(object, "add"),
                                      .drop = needs_in(object, "drop")};
    if (!said.any()) throw Error(Errc::invalid, "\"add\" or \"drop\" names a need");
    return Response::json(
        shown(own_.appointments.note_needs(context(request), mine_of(request), said)));
  }

  Response move(const Request& request) const {
    auto body = object_of(request, "send a JSON object {\"start\": \"…\"}");
    if (Response* refused = std::get_if<Response>(&body)) return std::move(*refused);
    const Instant start =
        instant_in(text_of(std::get<json::object>(body), "start"), "start", Instant());
    auto moved = own_.appointments.move(context(request), mine_of(request), start);
    if (!moved) return taken(request, moved.error());
    return Response::json(shown(*moved));
  }

  // A hold is given back; a booking is cancelled.
  Response cancel(const Request& request) const {
    const tenancy::Context cx = context(request);
    const Mine mine = mine_of(request);
    if (own_.appointments.open(cx, mine).booking.state == appointment::State::held) {
      own_.appointments.release(cx, mine);
      return Response::no_content();
    }
    return Response::json(shown(own_.appointments.cancel(cx, mine)));
  }

 private:
  static constexpr const char* kKeyWanted =
      "Idempotency-Key is 22 to 64 letters, digits, hyphens and underscores, drawn at random and "
      "kept secret";

  tenancy::Context context(const Request& request) const {
    return context_of(own_, request.request_id);
  }
  static Mine mine_of(const Request& request) {
    return {std::string(*request.param("id")), Secret(bearer(request))};
  }
  static Way way_in(const std::string& text) {
    if (text.empty()) return Way::in_person;
    const auto way = appointment::way_named(text);
    if (!way) throw Error(Errc::invalid, "\"way\" is in_person, phone or video");
    return *way;
  }
  static int people_in(const std::string& text) {
    if (text.empty()) return 1;
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
      throw Error(Errc::invalid, "\"people\" is a number");
    return value;
  }
  static Instant instant_in(const std::string& text, std::string_view key, Instant otherwise) {
    if (text.empty() && otherwise != Instant()) return otherwise;
    const auto read = parse_rfc3339(text);
    if (!read)
      throw Error(Errc::invalid, "\"" + std::string(key) +
                                     "\" is a time as in RFC 3339: 2026-12-01T09:00:00+01:00");
    return *read;
  }

  json::object shown(const Opened& opened) const {
    const appointment::Booking& row = opened.booking;
    json::object out{{"id", row.id},
                     {"agenda", row.agenda},
                     {"reason", row.reason},
                     {"commune", row.commune},
                     {"service", opened.service},
                     {"state", name(row.state)},
                     {"way", name(row.way)},
                     {"people", row.people},
                     {"start", format_rfc3339(row.start)},
                     {"end", format_rfc3339(row.end)},
                     {"held_until", row.state == appointment::State::held && row.held_until
                                        ? json::value(format_rfc3339(*row.held_until))
                                        : json::value(nullptr)}};
    out["visitor"] = opened.visitor ? json::value(to_json(*opened.visitor)) : json::value(nullptr);
    if (opened.reason != nullptr) out["bring"] = texts_json(opened.reason->bring);
    return out;
  }

  // Somebody else was first: what is still free is in the problem.
  static Response taken(const Request& request, const appointment::Refused& refused) {
    json::object problem{{"type", "about:blank"},
                         {"title", "Conflict"},
                         {"status", 409},
                         {"detail", "Cet horaire vient d’être pris. Choisissez-en un autre."},
                         {"request_id", request.request_id},
                         {"next", all_json(refused.next)}};
    return Response::json(std::move(problem), 409).set("Content-Type", "application/problem+json");
  }
  static Response too_many(const Request& request, std::chrono::seconds wait) {
    return http::problem({429, "Trop de demandes. Réessayez dans un instant."}, request.request_id)
        .set("Retry-After", std::to_string(wait.count()));
  }

  const Service& service_;
  const Appointing& own_;
};

}  // namespace

appointment::Needs needs_of(const json::object& object) {
  for (const std::string_view key : {"step_free", "sign_language", "companion"})
    if (const json::value* value = object.if_contains(key); value != nullptr && !value->is_bool())
      throw Error(Errc::invalid, "\"" + std::string(key) + "\" is true or false");
  for (const std::string_view key : {"interpreter", "note"})
    if (text_of(object, key).size() > appointment::kNeedMax)
      throw Error(Errc::invalid, "\"" + std::string(key) + "\" is too long: make it shorter");
  return appointment::visitor_from_json(object).needs;
}

tenancy::Context context_of(const Appointing& appointing, const std::string& request_id,
                            std::string commune) {
  return {.tenant = appointing.tenant,
          .commune = std::move(commune),
          .actor = tenancy::Actor::visitor(),
          .zone = appointing.zone,
          .deadline = {},
          .request = request_id,
          .now = appointing.now()};
}

void add_appointments(http::Router& router, const Service& service, const Appointing& appointing) {
  // Shared: the handlers of the router are its owners.
  const auto resource = std::make_shared<const Resource>(service, appointing);
  const http::RouteOptions &writes = appointing.budgets.writes, &reads = appointing.budgets.reads;
  const std::string all = "/api/v1/appointments", one = all + "/{id}";
  using Do = Response (Resource::*)(const Request&) const;
  const auto to = [&](Do act) {
    return [resource, act](const Request& request) { return (*resource.*act)(request); };
  };
  router.get("/api/v1/agendas", to(&Resource::agendas), reads);
  router.get("/api/v1/slots", to(&Resource::slots), reads);
  router.post(all, to(&Resource::book), writes);
  router.get(one, to(&Resource::show), reads);
  router.post(one + "/confirmation", to(&Resource::confirm), writes);
  router.post(one + "/needs", to(&Resource::note_needs), writes);
  router.post(one + "/move", to(&Resource::move), writes);
  router.add(Method::del, one, to(&Resource::cancel), writes);
}

}  // namespace parvis::api
