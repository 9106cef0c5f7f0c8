#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "api/resources.hpp"
#include "base/error.hpp"
#include "conversation/transcript_pdf.hpp"
#include "http/rate_limit.hpp"
#include "tenancy/names.hpp"
#include "text/normalise.hpp"

namespace parvis::api {
namespace {

using conversation::Message;
using http::Method;
using http::Request;
using http::Response;
using http::RouteOptions;

constexpr std::string_view kJson = "application/json", kPlain = "text/plain",
                           kPdf = "application/pdf", kEvents = "text/event-stream";

std::shared_ptr<http::RateLimit> rate(std::size_t a_minute) {
  CHECK(a_minute >= 1 && a_minute <= kRateMax);
  return std::make_shared<http::RateLimit>(static_cast<double>(a_minute),
                                           std::chrono::milliseconds(60'000 / a_minute));
}

// "Bearer …", whatever the case of the word (RFC 9110 §11.1); empty when there is none, which opens
// nothing.
std::string bearer(const Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view value = request.header("authorization").value_or("");
  if (text::fold(value.substr(0, kScheme.size())) != kScheme) return "";
  return std::string(value.substr(kScheme.size()));
}

// A whole number that is no less than `least`.
std::optional<std::int64_t> number(std::string_view digits, std::int64_t least) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value < least)
    return std::nullopt;
  return value;
}

std::int64_t seq_of(std::string_view after) {
  if (after.empty()) return 0;
  const auto seq = number(after, 0);
  if (!seq) throw Error(Errc::invalid, "\"after\" is the seq of a message, or 0");
  return *seq;
}

json::object to_json(const Message& message, std::string_view verdict = "") {
  json::object out{{"seq", message.seq},
                   {"id", message.id},
                   {"author", name(message.author)},
                   {"at", format_rfc3339(message.at)},
                   {"message", shown(message)}};
  if (!verdict.empty()) out["verdict"] = verdict;
  return out;
}

std::string default_welcome(const std::string& town) {
  return "Bonjour. Je suis l’assistant automatique de " + tenancy::with_article(town) +
         ". Écrivez votre question comme vous la diriez.";
}

// Of the types that a client names, the first; those given are in the order of our own taste, whose
// first it gets when it names none.
std::string_view preferred(const Request& request, std::initializer_list<std::string_view> types) {
  const std::string_view accept = request.header("accept").value_or("");
  return *std::ranges::min_element(types, {},
                                   [&](std::string_view type) { return accept.find(type); });
}

class Resource {
 public:
  Resource(const Service& service, const Talk& talk)
      : service_(service),
        talk_(talk),
        by_visitor_(rate(talk.rates.per_visitor)),
        by_tenant_(rate(talk.rates.per_tenant)) {}

  Response begin(const Request& request) const {
    auto body = object_of(request, "send a JSON object {\"commune\": \"…\"} or {}");
    if (Response* refused = std::get_if<Response>(&body)) return std::move(*refused);
    if (talk_.tenant.empty())
      throw Error(Errc::unavailable, "no town is imported yet: import one, then start again");
    if (auto refused = too_many(request, *by_tenant_, talk_.tenant)) return std::move(*refused);
    const std::string commune =
        known_commune(service_, text_of(std::get<json::object>(body), "commune"));
    const conversation::Begun begun = talk_.conversations.begin(context(request, commune));
    return Response::json(json::object{{"id", begun.conversation.id()},
                                       {"token", begun.token.reveal()},
                                       {"town", talk_.town()},
                                       {"welcome", welcome()}},
                          201);
  }

  Response say(const Request& request) const {
    auto body = object_of(request, "send a JSON object {\"id\": \"…\", \"text\": \"…\"}");
    if (Response* refused = std::get_if<Response>(&body)) return std::move(*refused);
    const json::object& object = std::get<json::object>(body);
    const Incoming said{.id = text_of(object, "id"),
                        .text = text_of(object, "text"),
                        .choice = text_of(object, "choice")};
    const tenancy::Context cx = context(request);
    const Visit visit = visit_of(request);
    // The gate first, so that nobody spends the budget of another's conversation.
    talk_.conversations.check(cx, visit.id, visit.token);
    if (auto refused = too_many(request, *by_visitor_, visit.id)) return std::move(*refused);
    if (auto refused = too_many(request, *by_tenant_, talk_.tenant)) return std::move(*refused);
    const Turns::Taken taken = talk_.turns.take(cx, visit, said);
    return Response::json(
        json::object{{"message", to_json(taken.message)}, {"reply", to_json(taken.reply)}},
        taken.outcome == feed::Outcome::repeated ? 200 : 201);
  }

  http::Reply events(const Request& request) const {
    const tenancy::Context cx = context(request);
    Visit visit = visit_of(request);
    talk_.conversations.check(cx, visit.id, visit.token);
    const auto after = http::resume_id(request);
    if (!after) throw Error(Errc::invalid, after.error().what);
    if (preferred(request, {kJson, kEvents}) == kJson) {
      json::array messages;
      for (json::object& message : messages_after(cx, visit, seq_of(*after)))
        messages.emplace_back(std::move(message));
      return Response::json(json::object{{"messages", std::move(messages)}});
    }
    seq_of(*after);  // refused now, rather than by a stream that cannot begin
    const std::string request_id = request.request_id;
    return http::Stream{
        .doorbell = talk_.doorbell,
        .topic = bell_of(talk_.tenant, visit.id),
        .next =
            [this, request_id, visit](const std::string& last) {
              std::vector<http::Event> events;
              for (const json::object& message :
                   messages_after(later(request_id), visit, seq_of(last)))
                events.push_back({.id = std::to_string(message.at("seq").as_int64()),
                                  .type = "message",
                                  .data = json::serialize(message)});
              return events;
            },
        .still_allowed =
            [this, request_id, visit] {
              talk_.conversations.check(later(request_id), visit.id, visit.token);  // or throws
              return true;
            }};
  }

  Response judge(const Request& request) const {
    auto body = object_of(request, "send a JSON object {\"seq\": 2, \"verdict\": \"useful\"}");
    if (Response* refused = std::get_if<Response>(&body)) return std::move(*refused);
    const json::object& object = std::get<json::object>(body);
    const Visit visit = visit_of(request);
    const tenancy::Context cx = context(request);
    talk_.conversations.check(cx, visit.id, visit.token);
    const auto seq = integer_at(object, "seq");
    const auto verdict = conversation::verdict_named(text_of(object, "verdict"));
    if (!seq) throw Error(Errc::invalid, "\"seq\" is the seq of an answer");
    if (!verdict)
      throw Error(Errc::invalid,
                  "\"verdict\" is one of useful, incomplete, off_topic, not_my_case, unclear, "
                  "wrong");
    talk_.conversations.rate(cx, visit.id, visit.token, *seq, *verdict);
    return Response::no_content();
  }

  Response transcript(const Request& request) const {
    const tenancy::Context cx = context(request);
    const Visit visit = visit_of(request);
    conversation::Transcript whole = talk_.conversations.transcript(cx, visit.id, visit.token);
    for (Message& message : whole.messages) message.payload = shown(message);
    const std::string_view type = preferred(request, {kJson, kPlain, kPdf});
    const std::string town = talk_.town(), with = tenancy::with_article(town);
    Response response;
    if (type == kPdf) {
      response.body =
          conversation::to_pdf(whole, {.town = town, .with = with, .accent = talk_.accent},
                               talk_.zone, cx.now, talk_.fonts);
      response.set("Content-Type", kPdf);
    } else if (type == kPlain) {
      response = Response::text(conversation::to_text(whole, with, talk_.zone));
    } else {
      response = Response::json(conversation::to_json(whole));
    }
    const std::string day = format_iso_date(civil_date(talk_.zone.local(whole.created_at)));
    const std::string_view extension = type == kPdf ? "pdf" : type == kPlain ? "txt" : "json";
    return std::move(response).set(
        "Content-Disposition",
        fmt::format("attachment; filename=\"conversation-{}.{}\"", day, extension));
  }

  Response erase(const Request& request) const {
    talk_.turns.erase(context(request), visit_of(request));
    return Response::no_content();
  }

  Response widget(const Request& request) const {
    const std::string insee = known_commune(service_, request.query_value("commune").value_or(""));
    std::string name;
    for (const tenancy::Commune& commune : service_.communes())
      if (commune.insee == insee) name = commune.name;
    return Response::json(json::object{{"town", talk_.town()},
                                       {"commune_name", name},
                                       {"accent", talk_.accent},
                                       {"welcome", welcome()}});
  }

 private:
  tenancy::Context context(const Request& request, std::string commune = "") const {
    tenancy::Context cx = later(request.request_id);
    cx.commune = std::move(commune);
    return cx;
  }
  // For a stream, whose request is long gone.
  tenancy::Context later(const std::string& request_id) const {
    return {.tenant = talk_.tenant,
            .commune = "",
            .actor = tenancy::Actor::visitor(),
            .zone = talk_.zone,
            .deadline = {},
            .request = request_id,
            .now = talk_.now()};
  }
  static Visit visit_of(const Request& request) {
    return {.id = std::string(*request.param("id")), .token = bearer(request)};
  }

  std::vector<json::object> messages_after(const tenancy::Context& cx, const Visit& visit,
                                           std::int64_t seq) const {
    std::vector<json::object> out;
    const std::vector<Message> messages = talk_.turns.messages_after(cx, visit, seq);
    if (messages.empty()) return out;
    const auto verdicts = talk_.turns.verdicts(cx, visit);
    for (const Message& message : messages) {
      const auto verdict = verdicts.find(message.seq);
      out.push_back(to_json(message, verdict == verdicts.end() ? "" : name(verdict->second)));
    }
    return out;
  }

  std::string welcome() const {
    return talk_.welcome.empty() ? default_welcome(talk_.town()) : talk_.welcome;
  }

  static std::optional<Response> too_many(const Request& request, http::RateLimit& limit,
                                          std::string_view whom) {
    const auto wait = limit.refuse(whom, request.received_at);
    if (!wait) return std::nullopt;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
    return http::problem({429, "Trop de messages. Réessayez dans un instant."}, request.request_id)
        .set("Retry-After", std::to_string(seconds));
  }

  const Service& service_;
  const Talk& talk_;
  const std::shared_ptr<http::RateLimit> by_visitor_, by_tenant_;
};

}  // namespace

void add_conversations(http::Router& router, const Service& service, const Talk& talk) {
  // Shared: the handlers of the router are its owners.
  const auto resource = std::make_shared<const Resource>(service, talk);
  const RouteOptions writes{.rate = rate(talk.rates.per_address)};
  const RouteOptions reads{.rate =
                               rate(std::min(kRateMax, talk.rates.per_address * kReadsPerMessage))};
  const std::string all = "/api/v1/conversations", one = all + "/{id}";
  using Act = Response (Resource::*)(const Request&) const;
  const auto to = [&](Act act) {
    return [resource, act](const Request& request) { return (*resource.*act)(request); };
  };
  router.post(all, to(&Resource::begin), writes);
  router.post(one + "/messages", to(&Resource::say), writes);
  router.stream(
      one + "/events", [resource](const Request& request) { return resource->events(request); },
      reads);
  router.post(one + "/feedback", to(&Resource::judge), reads);
  router.get(one + "/transcript", to(&Resource::transcript), reads);
  router.add(Method::del, one, to(&Resource::erase), reads);
  router.get("/widget/config.json", to(&Resource::widget), reads);
}

}  // namespace parvis::api
