#include "casework/decision.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "calendar/words.hpp"
#include "procedure/values.hpp"
#include "text/normalise.hpp"

namespace parvis::casework {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text::clean(text.substr(at, end - at));
    if (!line.empty()) out.push_back(std::move(line));
    at = end + 1;
  }
  return out;
}

std::string told(const Opened& opened, std::string_view key) {
  const auto found = opened.definition->texts.find(std::string(key));
  return found == opened.definition->texts.end()
             ? std::string()
             : procedure::filled_in(*opened.definition, found->second, opened.answers);
}

std::string day_of(Instant at, Zone zone) {
  return calendar::full_date_words(civil_date(zone.local(at)));
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out.append(out.empty() ? "" : ", ").append(line);
  return out;
}

std::vector<std::string> appeals_of(const Opened& opened, const Receipt& receipt) {
  if (const std::string own = told(opened, "appeals"); !own.empty()) return lines_of(own);
  std::string where = receipt.service;
  if (!receipt.address.empty()) where.append(", ").append(joined(receipt.address));
  return {"Vous avez deux mois pour contester cette décision, à partir du jour où vous la recevez.",
          fmt::format("Vous pouvez d’abord écrire à\u00a0: {} (recours gracieux). Sans réponse "
                      "sous deux mois, c’est non\u00a0: vous avez alors deux mois pour saisir le "
                      "tribunal.",
                      where),
          "Vous pouvez aussi saisir le tribunal administratif, par courrier ou sur "
          "www.telerecours.fr."};
}

std::vector<std::string> texts_at(const json::object& object, std::string_view key) {
  std::vector<std::string> out;
  if (const json::array* list = array_at(object, key))
    for (const json::value& each : *list)
      if (const json::string* text = each.if_string()) out.emplace_back(std::string_view(*text));
  return out;
}

json::array array_of(const std::vector<std::string>& lines) {
  return json::array(lines.begin(), lines.end());
}

}  // namespace

std::string_view words(Verdict verdict) {
  return verdict == Verdict::accepted ? "Votre demande est acceptée" : "Votre demande est refusée";
}

bool is_decision(Act act) { return act == Act::accept || act == Act::refuse; }

Decision decision_of(const Opened& opened, Verdict verdict, std::string_view motives,
                     std::string_view law, Signer signer, const Receipt& receipt, Zone zone,
                     Instant now) {
  const bool accepted = verdict == Verdict::accepted;
  Decision out{.verdict = verdict,
               .reference = opened.reference,
               .title = opened.definition->title,
               .deposited = day_of(opened.deposited_at.value_or(opened.saved_at), zone),
               .taken = day_of(now, zone),
               .said = lines_of(told(opened, accepted ? "letter_accepted" : "letter_refused")),
               .motives = lines_of(motives),
               .law = accepted ? std::string() : text::clean(law),
               .appeals = {},
               .signer = std::move(signer),
               .service = receipt.service,
               .contact = receipt.address};
  if (out.said.empty()) {
    const std::string own = told(opened, accepted ? "accepted" : "refused");
    out.said.push_back("Le service a étudié votre demande.");
    out.said.push_back(!own.empty() ? own
                       : accepted   ? "Elle est acceptée."
                                    : "Elle ne peut pas être acceptée.");
  }
  if (!accepted || !out.motives.empty()) out.appeals = appeals_of(opened, receipt);
  for (const directory::Phone& phone : receipt.phones) out.contact.push_back(phone.number);
  if (!receipt.email.empty()) out.contact.push_back(receipt.email);
  return out;
}

json::object with_letter(const Decision& d) {
  return {{"letter", json::object{{"said", array_of(d.said)},
                                  {"motives", array_of(d.motives)},
                                  {"law", d.law},
                                  {"appeals", array_of(d.appeals)},
                                  {"deposited", d.deposited},
                                  {"taken", d.taken},
                                  {"name", d.signer.name},
                                  {"quality", d.signer.quality},
                                  {"service", d.service},
                                  {"contact", array_of(d.contact)}}}};
}

Decision decision_in(const Opened& opened, const Happened& event, const Receipt& receipt,
                     Zone zone) {
  CHECK(is_decision(event.act));
  Decision out = decision_of(
      opened, event.act == Act::accept ? Verdict::accepted : Verdict::refused, event.text,
      string_at(event.more, "law").value_or(""), {event.author, ""}, receipt, zone, event.at);
  const json::object* letter = object_at(event.more, "letter");
  if (letter == nullptr) return out;
  const auto text = [&](const char* key) {
    return std::string(string_at(*letter, key).value_or(""));
  };
  out.said = texts_at(*letter, "said");
  out.motives = texts_at(*letter, "motives");
  out.law = text("law");
  out.appeals = texts_at(*letter, "appeals");
  out.deposited = text("deposited");
  out.taken = text("taken");
  out.signer = {text("name"), text("quality")};
  out.service = text("service");
  out.contact = texts_at(*letter, "contact");
  return out;
}

const Happened* decision_at(const Opened& opened, std::int64_t seq) {
  const auto found = std::ranges::find(opened.events, seq, &Happened::seq);
  return found == opened.events.end() || !is_decision(found->act) ? nullptr : &*found;
}

namespace {

// The answers that have parts, in the order of the questions.
template <typename See>
void each_of_parts(const Opened& opened, const See& see) {
  for (const procedure::Step& step : opened.definition->steps)
    for (const procedure::Page& page : step.pages)
      for (const procedure::Field& field : page.fields) {
        const json::value* value = opened.answers.if_contains(field.id);
        const json::object* parts = value == nullptr ? nullptr : value->if_object();
        if (parts != nullptr)
          see(field.type,
              [&](const char* key) { return std::string(string_at(*parts, key).value_or("")); });
      }
}

}  // namespace

Personal<std::string> named_in(const Opened& opened) {
  std::string who;
  each_of_parts(opened, [&](procedure::Type type, const auto& part) {
    if (type == procedure::Type::person && who.empty())
      who = text::clean(part("first_names") + " " + part("last_name"));
  });
  return Personal(std::move(who));
}

Personal<std::vector<std::string>> recipient_of(const Opened& opened) {
  std::vector<std::string> where;
  each_of_parts(opened, [&](procedure::Type type, const auto& part) {
    if (type != procedure::Type::address) return;
    // The last one: the ground to build on and the home that is left are asked before.
    where.clear();
    for (std::string line :
         {part("street"), part("more"), text::clean(part("postcode") + " " + part("city"))})
      if (!line.empty()) where.push_back(std::move(line));
  });
  std::vector<std::string> out;
  if (std::string who = named_in(opened).read(); !who.empty()) out.push_back(std::move(who));
  std::ranges::move(where, std::back_inserter(out));
  return Personal(std::move(out));
}

}  // namespace parvis::casework
