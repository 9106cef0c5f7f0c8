#include "portal/conversation.hpp"

#include <charconv>

#include "api/casework.hpp"
#include "api/chat_forms.hpp"
#include "base/error.hpp"
#include "calendar/words.hpp"
#include "portal/fields.hpp"
#include "portal/frames.hpp"
#include "portal/piece_form.hpp"
#include "portal/talk_pages.hpp"
#include "portal/visitor.hpp"
#include "text/normalise.hpp"

namespace parvis::portal {
namespace {

using api::Visit;
using conversation::Message;
using http::Request;
using http::Response;

// Said by an address to which a message or a verdict leads: a conversation is to be there.
constexpr std::string_view kExpected = "suite";
constexpr std::string_view kFromForm = "formulaire";

struct Form {
  std::string id, start, token, text, choice;
  std::int64_t seq = 0;
  bool yes = false, no = false;
  std::optional<Helped> reason;
  Visit widget;  // of the conversation in a widget, which has no cookie here
};

Form form_of(const Request& request) {
  const auto fields = http::parse_form(request);
  if (!fields) throw Error(Errc::invalid, fields.error().what);
  Form out;
  std::optional<std::string> say;
  for (const auto& [key, value] : *fields) {
    if (key == "id") out.id = value;
    if (key == "start" && start_like(value)) out.start = value;
    if (key == "token") out.token = value;
    if (key == "text") out.text = value;
    if (key == "choice") out.choice = value;
    if (key == "say") say = value;
    if (key == "conversation") out.widget.id = value;
    if (key == "bearer") out.widget.token = value;
    if (key == "seq") std::from_chars(value.data(), value.data() + value.size(), out.seq);
    if (key == "helped") (value == "yes" ? out.yes : out.no) = true;
    if (key == "reason") out.reason = reason_named(value);
  }
  if (say) out.text = *say;
  return out;
}

std::string value_in(const http::Pairs& fields, std::string_view name) {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return {};
}

std::int64_t number_in(std::string_view digits) {
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

conversation::Verdict verdict_of(Helped helped) {
  return conversation::verdict_named(reason_of(helped)).value_or(conversation::Verdict::useful);
}

// Runs `act`; false when the gate refuses, which is told by one page whatever the reason.
template <typename Act>
bool admitted(Act&& act) {
  try {
    act();
    return true;
  } catch (const Error& e) {
    if (e.code() != Errc::not_found) throw;
    return false;
  }
}

int status_of(Trouble trouble) {
  switch (trouble) {
    case Trouble::none:
    case Trouble::confirm:
      return 200;
    case Trouble::lost:
      return 404;
    case Trouble::empty:
      return 400;
    case Trouble::sent:
      return 409;
    case Trouble::too_long:
    case Trouble::full:
      return 413;
    case Trouble::too_many:
      return 429;
  }
  return 500;
}

class Pages {
 public:
  Pages(const Service& service, const http::Assets& assets, const api::Talk& talk)
      : service_(service), assets_(assets), talk_(talk) {}

  Response show(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request);
    if (!visit && !request.query_value(kExpected)) return start(around, Trouble::none);
    std::optional<Talking> talking;
    if (!visit || !admitted([&] { talking = read(request, *visit); }))
      return start(around, Trouble::lost);
    talking->from_form = request.query_value(kFromForm).has_value();
    return shown(around, *talking);
  }

  // The browser sends the form on, so the code that opens the draft is in no history.
  Response to_form(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const Form form = form_of(request);
    const bool widget = visit_like(form.widget);
    const auto visit = widget ? std::optional(form.widget) : visit_in(request);
    // Whoever has the widget's token has the conversation: another site has not.
    if (widget ? sender_of(request) == Sender::other_site
               : trust(request, form, visit) != Trust::full)
      return refused_page(around);
    const tenancy::Context cx = api::context_of(talk_, request.request_id);
    if (!visit || !admitted([&] { talk_.conversations.check(cx, visit->id, visit->token); }))
      return start(around, Trouble::lost);
    const std::string_view from = widget                      ? kOtherWindow
                                  : around.commune == nullptr ? kNoCommune
                                                              : around.commune->slug;
    std::optional<api::Handed> handed;
    if (!admitted([&] { handed = talk_.turns.hand_over(cx, *visit, from); }) || !handed)
      return onward(around, std::string(kForm));  // erased, or nothing is being filled in
    std::string to;
    for (const tenancy::Commune& commune : around.communes)
      if (commune.insee == handed->commune) to = "/" + commune.slug;
    return Response::redirect(
        to + "/demarches/" + handed->procedure + "/passage/" + handed->code.reveal(), 307);
  }

  Response say(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const Form form = form_of(request);
    const std::string path = conversation_url(around);
    const auto cookie = visit_in(request);
    switch (trust(request, form, cookie)) {
      case Trust::none:
        return refused_page(around);
      case Trust::to_confirm: {
        Talking talking = fresh(Trouble::confirm, form.text);
        const Visit visit = visit_from(talking.start);
        return shown(around, talking).set("Set-Cookie", cookie_of(visit, path, request));
      }
      case Trust::full:
        break;
    }
    const tenancy::Context cx =
        api::context_of(talk_, request.request_id, insee_of(around.commune));
    std::optional<Visit> visit;
    if (cookie && admitted([&] { talk_.conversations.check(cx, cookie->id, cookie->token); }))
      visit = cookie;
    if (!visit && form.start.empty()) return start(around, Trouble::lost, form.text);
    const auto again = [&](Trouble trouble) {
      if (!visit) return start(around, trouble, form.text);
      Talking talking = read(request, *visit);
      talking.trouble = trouble;
      talking.kept = form.text;
      return shown(around, talking);
    };
    if (form.text.size() > conversation::kTextMax) return again(Trouble::too_long);
    if (text::clean(form.text).empty()) return again(Trouble::empty);
    if (!visit) {
      if (const auto wait = talk_.budgets.refuse_start(talk_.tenant, request.received_at))
        return later(again(Trouble::too_many), *wait);
      const Visit made = visit_from(form.start);
      if (!admitted([&] { begin(cx, made); }))  // erased since
        return start(around, Trouble::lost, form.text);
      visit = made;
    }
    if (const auto wait =
            talk_.budgets.refuse_message(visit->id, talk_.tenant, request.received_at))
      return later(again(Trouble::too_many), *wait);
    std::optional<api::Turns::Taken> taken;
    try {
      if (!admitted(
              [&] { taken = talk_.turns.take(cx, *visit, {form.id, form.text, form.choice}); }))
        return start(around, Trouble::lost, form.text);
    } catch (const Error& e) {
      if (e.code() == Errc::conflict) return again(Trouble::sent);
      if (e.code() == Errc::too_large && form.choice.empty()) return again(Trouble::full);
      throw;
    }
    return onward(around, anchor_of(taken->reply.seq))
        .set("Set-Cookie", cookie_of(*visit, path, request));
  }

  Response judge(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const Form form = form_of(request);
    const auto visit = visit_in(request);
    if (trust(request, form, visit) != Trust::full) return refused_page(around);
    if (form.yes == form.no) throw Error(Errc::invalid, "\"helped\" is yes or no");
    if (!form.yes && !form.reason) {
      std::optional<Talking> talking;
      if (!visit || !admitted([&] { talking = read(request, *visit); }))
        return start(around, Trouble::lost);
      talking->reason = ReasonGiven::missing;
      return shown(around, *talking, 400);
    }
    const auto verdict = verdict_of(form.yes ? Helped::yes : *form.reason);
    const tenancy::Context cx = api::context_of(talk_, request.request_id);
    if (!visit || !admitted([&] {
          talk_.conversations.rate(cx, visit->id, visit->token, form.seq, verdict);
        }))
      return start(around, Trouble::lost);
    return onward(around, verdict_anchor_of(form.seq));
  }

  // A document of the démarche that is being filled in.
  std::variant<Response, http::Receiving> receive_document(const Request& request) const {
    // Shared: each part of the form's reading uses it.
    auto faults = std::make_shared<std::vector<std::string>>();
    return receive_form(
        request, {.file =
                      [this, &request, began = talk_.now()](const http::Pairs& fields,
                                                            const http::Part& part) {
                        const auto visit = visit_in(request);
                        if (!visit || !may_send(request, fields, *visit)) return dropped_file();
                        const std::string question = value_in(fields, "question");
                        return taken_file(*talk_.casework->pieces,
                                          api::context_of(*talk_.casework, request.request_id),
                                          draft_of(*visit, fields),
                                          {.field = question,
                                           .name = Personal(*part.filename),
                                           .dated = dated_in(fields, question),
                                           .form_began = began});
                      },
                  .failed =
                      [faults](const http::Part& part, const Error& why) {
                        const std::string name = part.filename.value_or("");
                        faults->push_back(
                            why.code() == Errc::unavailable || why.code() == Errc::overloaded ||
                                    why.code() == Errc::failed
                                ? std::string(kNoFilesNow)
                                : "«\u00a0" + name + "\u00a0»\u00a0: " + why.detail());
                      },
                  .done =
                      [this, &request, faults](const http::Pairs& fields) {
                        return document_sent(request, fields, *faults);
                      }});
  }

  Response ask_erase(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request);
    const tenancy::Context cx = api::context_of(talk_, request.request_id);
    if (!visit || !admitted([&] { talk_.conversations.check(cx, visit->id, visit->token); }))
      return start(around, Trouble::lost);
    return Response::html(page(around, "Effacer cette conversation\u202f?",
                               portal::ask_erase(around, form_token(*visit))));
  }

  // What is not there is as erased as what was.
  Response erase(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request);
    if (trust(request, form_of(request), visit) != Trust::full) return refused_page(around);
    if (visit)
      admitted([&] { talk_.turns.erase(api::context_of(talk_, request.request_id), *visit); });
    return Response::redirect(conversation_url(around, "/effacee"))
        .set("Set-Cookie", no_cookie(conversation_url(around)));
  }

  Response erased(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    return Response::html(page(around, "La conversation est effacée", portal::erased(around)));
  }

  Response download(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request);
    const api::Format* format = nullptr;
    for (const api::Format& each : api::formats())
      if (each.extension == *request.param("extension")) format = &each;
    if (format == nullptr) throw Error(Errc::not_found, "this page does not exist");
    const tenancy::Context cx = api::context_of(talk_, request.request_id);
    std::optional<conversation::Transcript> whole;
    if (!visit ||
        !admitted([&] { whole = talk_.conversations.transcript(cx, visit->id, visit->token); }))
      return start(around, Trouble::lost);
    return api::file_of(*format, std::move(*whole), talk_);
  }

 private:
  static Trust trust(const Request& request, const Form& form, const std::optional<Visit>& cookie) {
    return trust_in(request, form.token, form.start, cookie);
  }

  bool may_send(const Request& request, const http::Pairs& fields, const Visit& visit) const {
    return trust_in(request, value_in(fields, "token"), "", visit) == Trust::full && admitted([&] {
             talk_.conversations.check(api::context_of(talk_, request.request_id), visit.id,
                                       visit.token);
           });
  }
  static Visit draft_of(const Visit& visit, const http::Pairs& fields) {
    const std::int64_t number = number_in(value_in(fields, "numero"));
    const bool sound = number > 0 && number <= conversation::kMessagesMax;
    auto [id, token] =
        api::case_of(visit, value_in(fields, "demarche"), sound ? static_cast<int>(number) : 0);
    return {.id = std::move(id), .token = token.reveal()};
  }

  Response document_sent(const Request& request, const http::Pairs& fields,
                         const std::vector<std::string>& faults) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request);
    if (trust_in(request, value_in(fields, "token"), "", visit) != Trust::full)
      return refused_page(around);
    if (!visit || !may_send(request, fields, *visit)) return start(around, Trouble::lost);
    if (const std::string piece = value_in(fields, kTakeBack); !piece.empty())
      take_back(*talk_.casework->pieces, api::context_of(*talk_.casework, request.request_id),
                draft_of(*visit, fields), piece);
    if (faults.empty()) return onward(around, std::string(kDocument));
    Talking talking = read(request, *visit);
    if (!talking.document) return onward(around, std::string(kForm));  // it is asked no more
    talking.document->faults.insert(talking.document->faults.begin(), faults.begin(), faults.end());
    return shown(around, talking, 400);
  }

  // The document that the last answer asks for, while its draft is one.
  std::optional<Document> document_of(const Request& request, const Visit& visit,
                                      const answer::Answer& last) const {
    const json::object* files = object_at(last.procedure, "files");
    if (files == nullptr || talk_.casework == nullptr || talk_.casework->pieces == nullptr)
      return std::nullopt;
    const std::string path(string_at(*files, "question").value_or(""));
    const std::int64_t number = integer_at(*files, "number").value_or(0);
    const auto [id, token] =
        api::case_of(visit, string_at(last.procedure, "id").value_or(""), static_cast<int>(number));
    std::optional<casework::Opened> draft;
    if (!admitted([&] {
          draft = talk_.casework->cases.open(api::context_of(*talk_.casework, request.request_id),
                                             id, token.reveal());
        }) ||
        draft->state != casework::State::draft)
      return std::nullopt;
    const procedure::Field* question = casework::file_question(*draft->definition, path);
    if (question == nullptr) return std::nullopt;
    Document out{.definition = draft->definition,
                 .question = question,
                 .path = path,
                 .number = number,
                 .pieces = {}};
    for (casework::Piece& piece : draft->pieces) {
      if (piece.field != path || piece.state == casework::PieceState::receiving) continue;
      if (piece.state == casework::PieceState::refused)
        out.faults.push_back("«\u00a0" + piece.name.read() + "\u00a0» n’est pas gardé. " +
                             piece.said);
      out.pieces.push_back(std::move(piece));
    }
    return out;
  }

  void begin(const tenancy::Context& cx, const Visit& visit) const {
    if (talk_.tenant.empty())
      throw Error(Errc::unavailable, "no town is imported yet: import one, then start again");
    talk_.conversations.begin(cx, visit.id, Secret(visit.token));
  }

  Talking fresh(Trouble trouble, std::string kept = "") const {
    return {.turns = {},
            .welcome = api::welcome_of(talk_),
            .start = new_start(),
            .token = {},
            .trouble = trouble,
            .kept = std::move(kept)};
  }

  Response start(const Frame& around, Trouble trouble, std::string kept = "") const {
    Response out = shown(around, fresh(trouble, std::move(kept)));
    if (trouble == Trouble::lost) out.set("Set-Cookie", no_cookie(conversation_url(around)));
    return out;
  }

  Talking read(const Request& request, const Visit& visit) const {
    const tenancy::Context cx = api::context_of(talk_, request.request_id);
    Talking out{.turns = {}, .welcome = {}, .start = {}, .token = form_token(visit)};
    out.formats = api::formats();
    // Ends: a conversation has kMessagesMax messages and their answers.
    for (std::int64_t seen = 0;;) {
      const std::vector<Message> messages = talk_.turns.messages_after(cx, visit, seen);
      if (messages.empty()) break;
      seen = messages.back().seq;
      for (const Message& message : messages) out.turns.push_back(turn_of(message, cx.now));
      if (out.turns.size() > kTurnsShown) {
        out.turns.erase(out.turns.begin(), out.turns.end() - kTurnsShown);
        out.older = true;
      }
    }
    if (!out.turns.empty() && !out.turns.back().mine)
      out.document = document_of(request, visit, out.turns.back().answer);
    const auto verdicts = talk_.turns.verdicts(cx, visit);
    for (Turn& turn : out.turns)
      if (const auto found = verdicts.find(turn.seq); found != verdicts.end())
        turn.verdict = found->second;
    return out;
  }

  Turn turn_of(const Message& message, Instant now) const {
    const LocalTime local = talk_.zone.local(message.at);
    const CivilDate day = civil_date(local);
    const std::string hour = calendar::time_words(time_of_day(local));
    Turn turn{.seq = message.seq,
              .when = day == civil_date(talk_.zone.local(now))
                          ? hour
                          : calendar::date_words(day) + ", " + hour};
    turn.mine = message.author == conversation::Author::citizen;
    if (turn.mine)
      turn.text = message.text();
    else
      turn.answer = answer::answer_from_json(message.payload);
    return turn;
  }

  static Response shown(const Frame& around, const Talking& talking) {
    return shown(around, talking, status_of(talking.trouble));
  }
  static Response shown(const Frame& around, const Talking& talking, int status) {
    return Response::html(page(around, talk_title(talking), talk(around, talking)), status);
  }

  static Response onward(const Frame& around, const std::string& anchor) {
    return Response::redirect(
        conversation_url(around, std::string("?").append(kExpected).append("=1#").append(anchor)));
  }

  static Response later(Response response, std::chrono::seconds wait) {
    return std::move(response).set("Retry-After", std::to_string(wait.count()));
  }

  const Service& service_;
  const http::Assets& assets_;
  const api::Talk& talk_;
};

}  // namespace

void add_conversation(http::Router& router, const Service& service, const http::Assets& assets,
                      const api::Talk& talk) {
  // Shared: the handlers of the router are its owners.
  const auto pages = std::make_shared<const Pages>(service, assets, talk);
  using Act = Response (Pages::*)(const Request&) const;
  const auto to = [&](Act act) {
    return [pages, act](const Request& request) { return (*pages.*act)(request); };
  };
  for (const std::string base : {"/", "/{commune}/"}) {
    const std::string here = base + "conversation";
    router.get(here, to(&Pages::show), talk.budgets.reads);
    router.post(here, to(&Pages::say), talk.budgets.writes);
    router.post(here + "/formulaire", to(&Pages::to_form), talk.budgets.writes);
    router.post(here + "/avis", to(&Pages::judge), talk.budgets.reads);
    if (talk.casework != nullptr && talk.casework->pieces != nullptr) {
      http::RouteOptions with_files = talk.budgets.writes;
      with_files.body_bytes = kFormBytes;
      router.receive(
          http::Method::post, here + "/document",
          [pages](const Request& request) { return pages->receive_document(request); }, with_files);
    }
    router.get(here + "/effacer", to(&Pages::ask_erase), talk.budgets.reads);
    router.post(here + "/effacer", to(&Pages::erase), talk.budgets.reads);
    router.get(here + "/effacee", to(&Pages::erased));
    router.get(here + "/telecharger/{extension}", to(&Pages::download), talk.budgets.reads);
  }
}

}  // namespace parvis::portal
