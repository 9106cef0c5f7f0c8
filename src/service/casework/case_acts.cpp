// Cases, once they are deposited: what their citizen, agents and the system do to them.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "casework/asks.hpp"
#include "casework/case_work.hpp"
#include "casework/decision.hpp"
#include "casework/ends.hpp"
#include "casework/find.hpp"
#include "casework/letters.hpp"
#include "casework/receipt.hpp"
#include "casework/reference.hpp"
#include "casework/story.hpp"
#include "text/normalise.hpp"

namespace parvis::casework {

using db::Tx;

namespace {

std::string cleaned(std::string_view text, Act act) {
  if (text.size() > kReasonMax)
    throw Error(Errc::too_large, "Ce texte est trop long. Raccourcissez-le.");
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {  // paragraphs are kept
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text::clean(text.substr(at, end - at));
    if (!line.empty()) out.append(out.empty() ? "" : "\n").append(line);
    at = end + 1;
  }
  const bool needed = act == Act::write || act == Act::note || act == Act::refuse ||
                      act == Act::ask_pieces || act == Act::return_pieces ||
                      act == Act::waive_pieces || act == Act::transfer || act == Act::reopen;
  if (needed && out.empty())
    throw Error(Errc::invalid, act == Act::write
                                   ? "Votre message est vide. Écrivez-le."
                                   : "Écrivez la raison\u00a0: elle figure au dossier.");
  return out;
}

// Hands in the files that a message came with, and names them in its `more`: those that are taken
// ("pieces"), and those that are not ("refused": each with what its sender is told).
void hand_in_with(Tx& tx, const Case& row, const vault::Keys& keys,
                  const std::vector<std::string>& files, json::object& more) {
  json::array taken, refused;
  for (Piece& piece : pieces_of(tx, row, keys)) {
    if (std::ranges::find(files, piece.id) == files.end()) continue;
    piece.given = true;
    update_piece(tx, row, keys, piece);
    if (piece.state == PieceState::refused)
      refused.push_back(json::object{{"name", piece.name.read()}, {"said", piece.said}});
    else
      taken.push_back(answer_of(piece));
  }
  if (const json::array* known = array_at(more, "refused"))
    refused.insert(refused.end(), known->begin(), known->end());
  if (!taken.empty()) more["pieces"] = std::move(taken);
  if (!refused.empty()) more["refused"] = std::move(refused);
}

std::vector<std::string> texts_at(const json::object& object, std::string_view key) {
  std::vector<std::string> out;
  if (const json::array* list = array_at(object, key))
    for (const json::value& each : *list)
      if (const json::string* text = each.if_string()) out.emplace_back(std::string_view(*text));
  return out;
}

bool has(const std::vector<std::string>& list, std::string_view wanted) {
  return std::ranges::find(list, wanted) != list.end();
}

// Of files that were refused after they were handed in: those in whose place others came.
void erase_replaced(Tx& tx, const Case& row, const std::vector<Piece>& pieces,
                    const std::vector<std::string>& answered, bool others) {
  for (const Piece& piece : pieces)
    if (piece.rejected() && (piece.ask.empty() ? others : has(answered, piece.ask)))
      erase_piece(tx, row, piece);
}

// What a citizen sent since the deposit is handed in, each for what it was sent for, or for the one
// document that is awaited: what the act then says of it. Nothing when nothing was sent.
json::object given_by_citizen(Tx& tx, const Case& row, const vault::Keys& keys,
                              const std::vector<Ask>& asks) {
  std::vector<Piece> pieces = pieces_of(tx, row, keys);
  if (!takes_pieces(row.state(), pieces)) throw takes_no_pieces();
  const Ask* only = only_ask(asks, pieces);
  for (Piece& piece : pieces) {
    if (piece.given || !piece.field.empty()) continue;
    const Ask* wanted = find_ask(asks, piece.ask);
    if (wanted != nullptr && !wanted->awaited()) piece.ask.clear();  // waived meanwhile
    if (piece.ask.empty() && only != nullptr) piece.ask = only->id;
  }
  json::array given =
      hand_in(tx, row, keys, pieces, [](const Piece& piece) { return piece.field.empty(); });
  if (given.empty()) return {};
  std::vector<std::string> answered;
  bool others = false;
  for (const json::value& each : given) {
    const std::string ask(string_at(each.get_object(), "ask").value_or(""));
    others = others || ask.empty();
    if (!ask.empty() && !has(answered, ask)) answered.push_back(ask);
  }
  erase_replaced(tx, row, pieces, answered, others);
  return {{"asks", json::array(answered.begin(), answered.end())}, {"pieces", std::move(given)}};
}

// What an agent says of documents that were asked for, as the event keeps it.
json::object about_asks(Tx& tx, const Case& row, const vault::Keys& keys, Act act,
                        const json::object& more, const std::vector<Ask>& asks, Instant now) {
  json::object said = more;
  std::vector<std::string> ids = texts_at(more, "asks");
  if (act == Act::give_pieces && !more.contains("asks"))
    for (const Ask* each : awaited(asks)) ids.push_back(each->id);
  const bool wanted = std::ranges::all_of(ids, [&](const std::string& id) {
    const Ask* ask = find_ask(asks, id);
    return ask != nullptr &&
           (act == Act::return_pieces ? ask->state == Ask::State::given : ask->awaited());
  });
  if (ids.empty() || !wanted)
    throw Error(Errc::invalid, act == Act::return_pieces
                                   ? "Choisissez parmi les documents reçus. Rechargez le dossier."
                                   : "Choisissez parmi les documents attendus. Rechargez le "
                                     "dossier.");
  said["asks"] = json::array(ids.begin(), ids.end());
  const std::vector<Piece> pieces = pieces_of(tx, row, keys);
  if (const auto id = string_at(more, "piece"); id && act == Act::give_pieces) {
    const std::vector<const Piece*> open = unassigned(pieces);
    const auto found = std::ranges::find(open, *id, [](const Piece* each) { return each->id; });
    if (found == open.end() || ids.size() != 1)
      throw Error(Errc::invalid, "Ce fichier répond déjà à une demande. Rechargez le dossier.");
    Piece piece = **found;
    piece.ask = ids.front();
    update_piece(tx, row, keys, piece);
    said.erase("piece");
    said["pieces"] = json::array{answer_of(piece)};
    said["came"] = format_rfc3339(std::min(piece.created_at, now));
  }
  if (act != Act::return_pieces) erase_replaced(tx, row, pieces, ids, false);
  return said;
}

// Files of a mail answer what is awaited when that is one document alone; the act that says so, to
// come after the message. Another person's are an agent's to judge.
std::optional<json::object> given_by_mail(Tx& tx, const Case& row, const vault::Keys& keys,
                                          const std::vector<std::string>& files,
                                          const json::object& more, const std::vector<Ask>& asks) {
  if (!is_open(row.state()) || bool_at(more, "other_sender").value_or(false)) return std::nullopt;
  const std::vector<Piece> pieces = pieces_of(tx, row, keys);
  const Ask* only = only_ask(asks, pieces);
  if (only == nullptr) return std::nullopt;
  json::array given;
  for (Piece piece : pieces) {
    if (!has(files, piece.id) || !piece.answers()) continue;
    piece.ask = only->id;
    update_piece(tx, row, keys, piece);
    given.push_back(answer_of(piece));
  }
  if (given.empty()) return std::nullopt;
  erase_replaced(tx, row, pieces, {only->id}, false);
  return json::object{
      {"asks", json::array{only->id}}, {"pieces", std::move(given)}, {"by_mail", true}};
}

// A decision is for a demand; what asks for none ends as its démarche says.
void fits_ends(const procedure::Definition& definition, Act act, const json::object& more,
               std::string_view text) {
  if (is_decision(act) && !is_decided(definition))
    throw Error(Errc::conflict,
                "Cette démarche n’appelle pas de décision. Choisissez une de ses fins.");
  if (act != Act::settle) return;
  const procedure::End* end = definition.end(string_at(more, "end").value_or(""));
  if (end == nullptr)
    throw Error(Errc::invalid, is_decided(definition)
                                   ? "Cette démarche appelle une décision\u00a0: acceptez ou "
                                     "refusez."
                                   : "Choisissez une des fins de la démarche.");
  if (end->reason && text.empty())
    throw Error(Errc::invalid, "Écrivez pourquoi\u00a0: l’usager le lit.");
}

}  // namespace

namespace {

bool event_id_like(std::string_view id) {
  return id.size() >= 8 && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

}  // namespace

constexpr std::string_view kOfPeople = "";

static void must_be_as_seen(Tx& tx, const Case& row, std::optional<std::int64_t> seen) {
  if (seen && feed::last_seq(tx, row.topic()).value_or(0) != *seen)
    throw Error(Errc::conflict,
                "Le dossier a changé depuis que vous l’avez ouvert. Relisez-le avant d’agir.");
}

// What both sides share. `gate` is passed again in each transaction.
template <typename Gate>
static Opened acted(db::Database& database, vault::Keyring& keyring,
                    procedure::Catalogue& catalogue, const OnAct& on_act, const DueOf& due_of,
                    const tenancy::Context& cx, const Gate& gate, const Author& author, Act wanted,
                    std::string_view given_id, std::string_view text, const json::object& more,
                    std::optional<std::int64_t> seen = std::nullopt,
                    std::string_view whose_id = kOfPeople,
                    const std::vector<std::string>& files = {}) {
  if (!event_id_like(given_id))
    throw Error(Errc::invalid, "an act's id is 8 to 64 letters, digits, hyphens and underscores");
  const std::string event_id = std::string(whose_id).append(given_id);
  const std::string words = cleaned(text, wanted);
  // A file that is there already is said to answer something, by either side.
  const bool gives =
      wanted == Act::give_pieces && author.role == Role::citizen && !more.contains("piece");
  const auto [keys, definition] = ready(database, keyring, catalogue, cx, gate);
  return database.write(cx.tenant, [&](Tx& tx) {
    const Case row = gate(tx);
    // Sent again: it is done, whatever came after.
    if (const auto before = feed::event_with_id(tx, row.topic(), event_id)) {
      if (before->type != name(wanted) && !(gives && before->type == name(Act::write)))
        throw Error(Errc::conflict, "this act's id was used for another act: make a new one");
      return opened(tx, row, keys, definition);
    }
    Act act = wanted;
    auto next = step(row.state(), act, author.role);
    if (!next) throw Error(Errc::conflict, next.error());
    must_be_as_seen(tx, row, seen);
    json::object said = more;
    if (!files.empty()) hand_in_with(tx, row, keys, files, said);
    fits_ends(*definition, act, more, words);
    const std::vector<Ask> asks = asks_of(events_of(tx, row, keys));
    if (gives) {
      json::object given = given_by_citizen(tx, row, keys, asks);
      if (given.empty() && words.empty())
        throw Error(Errc::invalid, "Joignez un document, ou écrivez un message au service.");
      if (given.empty()) {  // a word gives nothing: what is asked for is still awaited
        act = Act::write;
        next = step(row.state(), act, author.role);
        CHECK(next);
      } else {
        for (auto& member : given) said[member.key()] = std::move(member.value());
      }
    } else if (act == Act::give_pieces || act == Act::return_pieces || act == Act::waive_pieces) {
      said = about_asks(tx, row, keys, act, more, asks, cx.now);
    }
    const auto by_mail = files.empty() || act != Act::write
                             ? std::nullopt
                             : given_by_mail(tx, row, keys, files, more, asks);
    append_event(tx, row, keys, event_id, act, author, words, said, cx.now);
    if (by_mail) {  // two acts: what was written, and that it brought what was asked for
      if (on_act) on_act(tx, row, act, cx.now);
      act = Act::give_pieces;
      next = step(row.state(), act, author.role);
      CHECK(next);
      append_event(tx, row, keys, event_id + "-gives", act, author, "", *by_mail, cx.now);
    }
    if (act == Act::reassign)
      set_service(tx, row, string_at(more, "service").value_or(row.service()), cx.now);
    Opened made = opened(tx, row, keys, definition);
    made.state = state_after(row.state(), *next, asks_of(made.events));
    if (due_of) made.due = is_open(made.state) ? due_of(made) : std::nullopt;
    set_state(tx, row, made.state, made.due, cx.now);
    if (author.role != Role::citizen && calls_for_letter(act) && by_post(made)) {
      made.papers.push_back(made.events.back().seq);
      insert_paper(tx, row, made.papers.back(), cx.now);
    }
    if (on_act) on_act(tx, row, act, cx.now);
    return made;
  });
}

Opened Cases::act(const tenancy::Context& cx, std::string_view id, std::string_view token, Act act,
                  std::string_view event_id, std::string_view text, const json::object& more) {
  if (act != Act::write && act != Act::withdraw && act != Act::give_pieces)
    throw Error(Errc::invalid, "this is not a citizen's to do");
  return acted(database_, keyring_, catalogue_, on_act_, due_of_, cx, citizen(cx, id, token),
               Author{}, act, event_id, text, more);
}

std::optional<std::string> merged_into(const Opened& opened) {
  if (opened.state != State::closed) return std::nullopt;
  for (auto event = opened.events.rbegin(); event != opened.events.rend(); ++event) {
    if (event->act == Act::reopen) return std::nullopt;
    if (event->act != Act::merge) continue;
    if (const auto into = string_at(event->more, "into")) return std::string(*into);
  }
  return std::nullopt;
}

std::string state_words(const Opened& opened) {
  const auto into = merged_into(opened);
  if (const procedure::End* end = end_of(opened); end != nullptr && !into) return end->words;
  return into ? "Votre demande est suivie dans votre dossier " + *into
              : std::string(words(opened.state));
}

namespace {

// One address or number, or a name and a first name: what two cases of one person have in common.
// Cases that name nobody are an agent's to judge.
bool of_one_person(const Opened& one, const Opened& two) {
  const std::vector<std::string> ours = words_of(*one.definition, one.answers),
                                 theirs = words_of(*two.definition, two.answers);
  if (ours.empty() && theirs.empty()) return true;
  int names = 0;
  for (const std::string& word : ours) {
    if (std::ranges::find(theirs, word) == theirs.end()) continue;
    if (!word.starts_with("word:")) return true;
    ++names;
  }
  return names >= 2;
}

}  // namespace

Opened Cases::merge_into(const tenancy::Context& cx, const Author& agent, std::string_view id,
                         std::string_view reference, std::string_view event_id,
                         std::string_view text, std::optional<std::int64_t> seen) {
  CHECK(agent.role == Role::agent && !agent.id.empty());
  if (!event_id_like(event_id))
    throw Error(Errc::invalid, "an act's id is 8 to 64 letters, digits, hyphens and underscores");
  const std::string said = cleaned(text, Act::merge);
  const auto written = read_reference(reference);
  const auto named = [&](Tx& tx) {
    const Page found =
        written ? casework::with_reference(
                      tx, cx, {.services = agent.services, .communes = agent.communes}, *written)
                : Page{};
    if (found.lines.empty())
      throw Error(Errc::invalid,
                  "Aucun de vos dossiers n’a cette référence. Vérifiez-la, lettre de contrôle "
                  "comprise.");
    return staff(cx, agent, found.lines[0].id)(tx);
  };
  const auto gate = staff(cx, agent, id);
  const auto [keys, definition] = ready(database_, keyring_, catalogue_, cx, gate);
  const auto [kept_keys, kept_definition] = ready(database_, keyring_, catalogue_, cx, named);
  return database_.write(cx.tenant, [&](Tx& tx) {
    const Case row = gate(tx), kept = named(tx);
    Opened ends = opened(tx, row, keys, definition);
    if (const auto before = feed::event_with_id(tx, row.topic(), event_id)) {
      if (before->type != name(Act::merge) || merged_into(ends) != kept.reference())
        throw Error(Errc::conflict, "this act's id was used for another act: make a new one");
      return ends;
    }
    must_be_as_seen(tx, row, seen);
    if (row.id() == kept.id())
      throw Error(Errc::invalid, "C’est le même dossier. Donnez la référence de l’autre.");
    Opened goes_on = opened(tx, kept, kept_keys, kept_definition);
    if (row.procedure() != kept.procedure() || !of_one_person(ends, goes_on))
      throw Error(Errc::invalid,
                  "Ces deux dossiers ne sont pas de la même démarche et de la même personne. "
                  "Vérifiez la référence.");
    const auto next = step(row.state(), Act::merge, Role::agent);
    if (!next) throw Error(Errc::conflict, next.error());
    if (!is_open(kept.state()))
      throw Error(Errc::conflict,
                  "L’autre dossier est terminé. Rouvrez-le d’abord, ou gardez celui-ci.");
    // The delay runs from the first deposit: the citizen loses no day of it.
    if (row.deposited_at() < kept.deposited_at())
      throw Error(Errc::conflict,
                  "Ce dossier a été déposé avant l’autre, et son délai court déjà. Ouvrez l’autre, "
                  "et réunissez-le avec celui-ci.");
    append_event(tx, row, keys, event_id, Act::merge, agent, said, {{"into", kept.reference()}},
                 cx.now);
    append_event(tx, kept, kept_keys, event_id, Act::merge, agent, "",
                 {{"from", row.reference()},
                  {"deposited_at", format_rfc3339(row.deposited_at().value_or(row.created_at()))}},
                 cx.now);
    ends = opened(tx, row, keys, definition);
    ends.state = *next;
    ends.due = std::nullopt;
    set_state(tx, row, *next, std::nullopt, cx.now);
    if (by_post(ends)) insert_paper(tx, row, ends.events.back().seq, cx.now);
    set_state(tx, kept, kept.state(), kept.due(), cx.now);
    if (on_act_) on_act_(tx, row, Act::merge, cx.now);
    return ends;
  });
}

Opened Cases::act_as(const tenancy::Context& cx, const Author& agent, std::string_view id, Act act,
                     std::string_view event_id, std::string_view text, const json::object& more,
                     std::optional<std::int64_t> seen) {
  // A decision is signed: no name, no act.
  CHECK(agent.role == Role::agent && !agent.id.empty());
  if (act == Act::merge) throw Error(Errc::invalid, "a merge names the other case: merge_into");
  return acted(database_, keyring_, catalogue_, on_act_, due_of_, cx, staff(cx, agent, id), agent,
               act, event_id, text, more, seen);
}

Opened Cases::record(const tenancy::Context& cx, std::string_view id, Act act,
                     std::string_view event_id, std::string_view text, const json::object& more) {
  CHECK(act == Act::silence || act == Act::note || act == Act::visit);
  return acted(
      database_, keyring_, catalogue_, on_act_, due_of_, cx,
      [&](Tx& tx) { return case_for_system(tx, cx, id); }, Author{Role::system, "", "", {}}, act,
      event_id, text, more, std::nullopt, kOfProgram);
}

Opened Cases::write_by_mail(const tenancy::Context& cx, std::string_view id,
                            std::string_view event_id, std::string_view text,
                            const json::object& more, const std::vector<std::string>& files) {
  return acted(
      database_, keyring_, catalogue_, on_act_, due_of_, cx,
      [&](Tx& tx) { return case_for_system(tx, cx, id); }, Author{}, Act::write, event_id, text,
      more, std::nullopt, kOfProgram, files);
}

std::vector<Line> Cases::with_papers(const tenancy::Context& cx, const Author& agent) {
  return database_.read(cx.tenant, [&](Tx& tx) { return casework::with_papers(tx, cx, agent); });
}

void Cases::posted(const tenancy::Context& cx, const Author& agent, std::string_view id,
                   std::int64_t seq) {
  const Opened before = open_as(cx, agent, id);
  if (std::ranges::find(before.papers, seq) == before.papers.end()) return;  // done
  const auto event = std::ranges::find(before.events, seq, &Happened::seq);
  act_as(cx, agent, id, Act::note, fmt::format("posted-{}", seq),
         fmt::format("Remis à la personne ou envoyé par courrier\u00a0: {}.",
                     event == before.events.end() ? "une lettre" : letter_name(event->act)));
  database_.write(cx.tenant,
                  [&](Tx& tx) { erase_paper(tx, case_for_agent(tx, cx, id, agent), seq); });
}

void Cases::notified(const tenancy::Context& cx, const Author& agent, std::string_view id,
                     const Handing& handing) {
  const Opened before = open_as(cx, agent, id);
  const Happened* decision = decision_at(before, handing.letter);
  if (decision == nullptr)
    throw Error(Errc::invalid, "Cette lettre n’est pas une décision. Rechargez le dossier.");
  const auto day_of = [&](Instant at) { return civil_date(cx.zone.local(at)); };
  if (handing.day > day_of(cx.now))
    throw Error(Errc::invalid, "Ce jour n’est pas encore venu. Écrivez celui où c’est arrivé.");
  if (handing.day < day_of(decision->at))
    throw Error(Errc::invalid, "Ce jour est avant la décision. Vérifiez la date.");
  act_as(cx, agent, id, Act::notify,
         fmt::format("notified-{}-{}-{}", handing.letter, name(handing.way),
                     format_iso_date(handing.day)),
         "", to_json(handing));
  database_.write(cx.tenant, [&](Tx& tx) {
    erase_paper(tx, case_for_agent(tx, cx, id, agent), handing.letter);
  });
}

}  // namespace parvis::casework
