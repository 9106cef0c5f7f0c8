#include "api/chat_forms.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "crypto/hash.hpp"

namespace parvis::api {
namespace {

using dialogue::Deed;
using dialogue::Step;

json::object case_json(const casework::Opened& opened, const casework::Receipt& receipt) {
  json::object out = casework::to_json(receipt);
  out["state"] = name(opened.state);
  out["state_words"] = words(opened.state);
  return out;
}

void add_line(std::string& text, std::string_view line) {
  if (!line.empty()) text.append(text.empty() ? "" : "\n").append(line);
}

void tell_deposit(Step& step, const casework::Opened& opened, const casework::Receipt& receipt) {
  std::string& text = step.answer.text;
  text = fmt::format("C’est déposé. Votre référence\u00a0: {}.", opened.reference);
  add_line(text, receipt.text);
  add_line(text, fmt::format("Reçu le {} par {}.", receipt.deposited, receipt.service));
  if (!receipt.answer_by.empty())
    add_line(text, fmt::format("Réponse au plus tard\u00a0: {}.", receipt.answer_by));
  if (!receipt.silence.empty())
    add_line(text, opened.definition->clock.silence == procedure::Silence::none
                       ? receipt.silence
                       : "Sans réponse à cette date\u00a0: " + receipt.silence);
  add_line(text, receipt.certificate);
  add_line(text, receipt.appeals);
  add_line(text, "Pour suivre, demandez-moi «\u00a0où en est mon dossier\u202f?\u00a0».");
  step.answer.case_file = case_json(opened, receipt);
}

void tell_case(Step& step, const casework::Opened& opened, const casework::Receipt& receipt) {
  std::string& text = step.answer.text;
  text = fmt::format("{} ({}).", words(opened.state), opened.reference);
  if (casework::is_open(opened.state) && opened.due)
    add_line(text, fmt::format("Réponse au plus tard\u00a0: {}.", receipt.answer_by));
  if (!opened.events.empty())
    for (auto event = opened.events.rbegin(); event != opened.events.rend(); ++event)
      if (event->by == casework::Role::agent && event->act != casework::Act::note &&
          !event->text.empty()) {
        add_line(text,
                 fmt::format("{} vous écrit\u00a0: «\u00a0{}\u00a0»", event->author, event->text));
        break;
      }
  step.answer.case_file = case_json(opened, receipt);
}

}  // namespace

std::pair<std::string, Secret<std::string>> case_of(const Visit& visit, std::string_view procedure,
                                                    int number) {
  const std::string name = fmt::format("{}/{}/{}/{}", visit.id, visit.token, procedure, number);
  return {crypto::sha256_hex("chat case id " + name).substr(0, 2 * casework::kIdBytes),
          Secret(crypto::sha256_hex("chat case token " + name))};
}

namespace {

void do_deed(const Casework& casework, const tenancy::Context& cx, const Visit& visit, Step& step) {
  casework::Cases& cases = casework.cases;
  if (step.tells_case) {
    const std::string& last = step.state.deposited.back();
    const std::size_t slash = last.rfind('/');
    const auto [id, token] =
        case_of(visit, last.substr(0, slash), std::stoi(last.substr(slash + 1)));
    const casework::Opened opened = cases.open(cx, id, token.reveal());
    tell_case(step, opened, casework.receipt(opened));
    return;
  }
  dialogue::Filling& filling = step.state.filling;
  const auto [id, token] = case_of(visit, filling.procedure, filling.number);
  if (step.deed == Deed::begin) cases.begin(cx, filling.procedure, id, token);
  if (!step.answers.empty()) cases.merge(cx, id, token.reveal(), step.answers);
  if (step.deed != Deed::deposit) return;
  const casework::Opened opened = cases.deposit(cx, id, token.reveal()).opened;
  tell_deposit(step, opened, casework.receipt(opened));
  step.state.deposited.push_back(fmt::format("{}/{}", filling.procedure, filling.number));
  filling = {.procedure = {}, .number = filling.number, .asked = {}, .before = {}, .passed = {}};
}

}  // namespace

Forms forms_of(const Casework& casework) {
  Forms forms;
  forms.draft = [&casework](const tenancy::Context& cx, const Visit& visit,
                            const dialogue::Filling& filling) -> std::optional<dialogue::Draft> {
    const auto [id, token] = case_of(visit, filling.procedure, filling.number);
    try {
      casework::Opened opened = casework.cases.open(cx, id, token.reveal());
      if (opened.state != casework::State::draft) return std::nullopt;  // deposited elsewhere
      return dialogue::Draft{opened.definition, std::move(opened.answers),
                             casework::moment_of(cx, opened.commune)};
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
      return std::nullopt;  // it was erased
    }
  };
  forms.perform = [&casework](const tenancy::Context& cx, const Visit& visit, Step& step) {
    try {
      do_deed(casework, cx, visit, step);
    } catch (const Error& e) {
      // Out of reach or too busy: the same message again makes up for it. Anything else would
      // refuse it for ever: it is said, and the conversation goes on.
      if (e.code() == Errc::unavailable || e.code() == Errc::overloaded || e.code() == Errc::failed)
        throw;
      step.answer.text = e.detail();
      step.answer.choices.clear();
    }
  };
  return forms;
}

}  // namespace parvis::api
