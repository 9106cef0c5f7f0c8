#include <algorithm>
#include <charconv>
#include <ranges>

#include "api/casework.hpp"
#include "api/chat_forms.hpp"
#include "api/resources.hpp"
#include "api/tus.hpp"
#include "base/error.hpp"
#include "text/normalise.hpp"

namespace parvis::api {
namespace {

using conversation::Message;
using http::Method;
using http::Request;
using http::Response;
using http::RouteOptions;

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

// Which of two types a client would rather have: the one that it names first, `one` when neither.
bool prefers(const Request& request, std::string_view other, std::string_view one) {
  const std::string_view accept = request.header("accept").value_or("");
  const std::size_t at = accept.find(other);
  return at != std::string_view::npos && at < accept.find(one);
}

// The format whose type a client names first.
const Format& wanted(const Request& request) {
  const std::string_view accept = request.header("accept").value_or("");
  const auto place = [&](const Format& format) {
    return accept.find(format.type.substr(0, format.type.find(';')));
  };
  return *std::ranges::min_element(std::views::reverse(formats()), {}, place);
}

class Resource {
 public:
  Resource(const Service& service, const Talk& talk) : service_(service), talk_(talk) {}

  Response begin(const Request& request) const {
    auto body = object_of(request, "send a JSON object {\"commune\": \"…\"} or {}");
    if (Response* refused = std::get_if<Response>(&body)) return std::move(*refused);
    if (talk_.tenant.empty())
      throw Error(Errc::unavailable, "no town is imported yet: import one, then start again");
    if (const auto wait = talk_.budgets.refuse_start(talk_.tenant, request.received_at))
      return too_many(request, *wait);
    const std::string commune =
        known_commune(service_, text_of(std::get<json::object>(body), "commune"));
    const conversation::Begun begun = talk_.conversations.begin(context(request, commune));
    return Response::json(json::object{{"id", begun.conversation.id()},
                                       {"token", begun.token.reveal()},
                                       {"town", talk_.town()},
                                       {"welcome", welcome_of(talk_)}},
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
    if (const auto wait = talk_.budgets.refuse_message(visit.id, talk_.tenant, request.received_at))
      return too_many(request, *wait);
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
    if (!prefers(request, "text/event-stream", "application/json")) {
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
                   messages_after(context_of(talk_, request_id), visit, seq_of(last)))
                events.push_back({.id = std::to_string(message.at("seq").as_int64()),
                                  .type = "message",
                                  .data = json::serialize(message)});
              return events;
            },
        .still_allowed =
            [this, request_id, visit] {
              const tenancy::Context now = context_of(talk_, request_id);
              talk_.conversations.check(now, visit.id, visit.token);  // or throws
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

  // The address names the draft by a code of one use: the token stays here.
  Response hand_over(const Request& request) const {
    const tenancy::Context cx = context(request);
    const auto handed = talk_.turns.hand_over(cx, visit_of(request), ".");
    if (!handed)
      throw Error(Errc::conflict, "Aucune démarche n’est en cours dans cette conversation.");
    std::string url;
    for (const tenancy::Commune& commune : service_.communes())
      if (commune.insee == handed->commune) url = "/" + commune.slug;
    url += "/demarches/" + handed->procedure + "/passage/" + handed->code.reveal();
    return Response::json(
        json::object{{"url", url}, {"expires_at", format_rfc3339(handed->expires_at)}}, 201);
  }

  // The draft is the conversation's, so its token opens it: case_of says which it is.
  UploadsOf uploads_of(const Request& request) const {
    const tenancy::Context cx = context(request);
    const Visit visit = visit_of(request);
    talk_.conversations.check(cx, visit.id, visit.token);
    const auto count = number(*request.param("number"), 1);
    if (!count || *count > conversation::kMessagesMax) throw casework::gone();
    auto [id, token] = case_of(visit, *request.param("procedure"), static_cast<int>(*count));
    return {context_of(*talk_.casework, request.request_id), std::move(id), token.reveal()};
  }

  Response transcript(const Request& request) const {
    const tenancy::Context cx = context(request);
    const Visit visit = visit_of(request);
    return file_of(wanted(request), talk_.conversations.transcript(cx, visit.id, visit.token),
                   talk_);
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
    const auto hall = service_.hall ? service_.hall(insee) : std::nullopt;
    json::object out{{"town", talk_.town()},   {"commune_name", name},
                     {"accent", talk_.accent}, {"welcome", welcome_of(talk_)},
                     {"open", nullptr},        {"open_words", nullptr}};
    if (hall && hall->open) {
      out["open"] = *hall->open;
      out["open_words"] = hall->open_words;
    }
    return Response::json(out);
  }

 private:
  tenancy::Context context(const Request& request, std::string commune = "") const {
    return context_of(talk_, request.request_id, std::move(commune));
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

  static Response too_many(const Request& request, std::chrono::seconds wait) {
    return http::problem({429, "Trop de messages. Réessayez dans un instant."}, request.request_id)
        .set("Retry-After", std::to_string(wait.count()));
  }

  const Service& service_;
  const Talk& talk_;
};

}  // namespace

void add_conversations(http::Router& router, const Service& service, const Talk& talk) {
  // Shared: the handlers of the router are its owners.
  const auto resource = std::make_shared<const Resource>(service, talk);
  const RouteOptions &writes = talk.budgets.writes, &reads = talk.budgets.reads;
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
  router.post(one + "/handover", to(&Resource::hand_over), writes);
  router.get(one + "/transcript", to(&Resource::transcript), reads);
  router.add(Method::del, one, to(&Resource::erase), reads);
  router.get("/widget/config.json", to(&Resource::widget), reads);
  if (talk.casework == nullptr || talk.casework->pieces == nullptr) return;
  add_tus(
      router, one + "/drafts/{procedure}/{number}/files",
      [resource](const Request& request) { return resource->uploads_of(request); },
      *talk.casework->pieces, writes, reads);
}

}  // namespace parvis::api
