#include "casework/cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "base/log.hpp"
#include "calendar/working_days.hpp"
#include "casework/answers.hpp"
#include "casework/asks.hpp"
#include "casework/decision.hpp"
#include "casework/ends.hpp"
#include "casework/find.hpp"
#include "casework/indexing.hpp"
#include "casework/letters.hpp"
#include "casework/receipt.hpp"
#include "casework/reference.hpp"
#include "casework/story.hpp"
#include "crypto/hash.hpp"
#include "db/disk_full.hpp"
#include "procedure/follow.hpp"
#include "procedure/items.hpp"
#include "text/normalise.hpp"
#include "vault/vault_store.hpp"

namespace parvis::casework {
namespace {

using db::Tx;

constexpr int kReferenceAttempts = 20;  // one in 24 million is taken by chance

// What is wrong with the questions that are asked about, by the id of each.
std::vector<procedure::Fault> faults_of(const Opened& draft, const procedure::Moment& moment,
                                        const std::function<bool(std::string_view)>& about) {
  const procedure::Form form = procedure::evaluate(*draft.definition, draft.answers, moment);
  std::vector<procedure::Fault> faults;
  for (const procedure::ShownPage& page : form.pages)
    for (const procedure::Fault& fault : page.faults)
      if (about(std::string_view(fault.path).substr(0, fault.path.find_first_of(".["))))
        faults.push_back(fault);
  return faults;
}

Opened opened(Tx& tx, const Case& row, const vault::Keys& keys,
              std::shared_ptr<const procedure::Definition> definition) {
  json::object answers = answers_of(row, keys);
  const bool draft = row.state() == State::draft;  // nothing happens to a draft
  std::vector<Piece> pieces = pieces_of(tx, row, keys);
  // What is deposited stays as it was deposited.
  if (draft) put_pieces(*definition, pieces, answers);
  return {.id = row.id(),
          .reference = row.reference(),
          .commune = row.commune(),
          .service = row.service(),
          .state = row.state(),
          .definition = std::move(definition),
          .answers = std::move(answers),
          .created_at = row.created_at(),
          .saved_at = row.saved_at(),
          .deposited_at = row.deposited_at(),
          .due = row.due(),
          .events = draft ? std::vector<Happened>() : events_of(tx, row, keys),
          .pieces = std::move(pieces),
          .reminders = !is_quiet(tx, row),
          .entry = entry_of(tx, row),
          .papers = draft ? std::vector<std::int64_t>() : papers_of(tx, row)};
}

// Whether answers name a piece. Its id is random: no typed answer is an object with it.
bool names(const json::value& answers, std::string_view id) {
  if (const json::array* list = answers.if_array())
    return std::ranges::any_of(*list, [&](const json::value& each) { return names(each, id); });
  const json::object* object = answers.if_object();
  if (object == nullptr) return false;
  return string_at(*object, "id") == id ||
         std::ranges::any_of(*object, [&](const auto& each) { return names(each.value(), id); });
}

// All of it is there, and nobody has looked: whoever sent it counts on it.
bool awaits_look(Tx& tx, const Case& row, const Piece& piece) {
  return !piece.given && (piece.state == PieceState::checking || is_whole(tx, row, piece));
}
Error still_looking() { return {Errc::invalid, std::string(kStillLooking)}; }

// Hands in the pieces that `wanted` says, and refuses to while one is looked at; those that were
// neither handed in nor wanted go: uploads that never ended, refused ones, answers to a question
// that is asked no more.
template <typename Wanted>
json::array hand_in(Tx& tx, const Case& row, const vault::Keys& keys, std::vector<Piece>& pieces,
                    const Wanted& wanted) {
  json::array given;
  for (Piece& piece : pieces) {
    if (piece.given) continue;
    if (wanted(piece) && awaits_look(tx, row, piece)) throw still_looking();
    if (!piece.answers() || !wanted(piece)) {
      erase_piece(tx, row, piece);
      continue;
    }
    piece.given = true;
    update_piece(tx, row, keys, piece);
    given.push_back(answer_of(piece));
  }
  std::erase_if(pieces, [](const Piece& piece) { return !piece.given; });
  return given;
}

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

// A write of a citizen's, who is told in words of theirs when there is no room for it.
constexpr std::string_view kNothingTaken =
    "Votre demande n’est pas déposée\u00a0: le serveur n’a plus de place, et rien n’en est gardé. "
    "Renvoyez-la plus tard, ou déposez-la au guichet.";
constexpr std::string_view kNotSaved =
    "Ces réponses ne sont pas gardées\u00a0: le serveur n’a plus de place. Ce qui était gardé "
    "avant l’est toujours. Réessayez plus tard, ou venez au guichet.";
template <typename Write>
auto told_when_full(std::string_view told, const Write& write) {
  try {
    return write();
  } catch (const db::DiskFull& e) {
    log(Level::error, "disk_full", {{"why", e.detail()}});
    throw Error(Errc::unavailable, std::string(told));
  }
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

std::string missing_words(const procedure::Form& form) {
  if (form.barred) return form.barred->message;
  std::string out = "Il manque des réponses\u00a0:";
  int shown = 0;
  for (const procedure::ShownPage& page : form.pages)
    for (const procedure::Fault& fault : page.faults)
      if (shown++ < 5) out.append("\n- ").append(fault.message);
  for (const procedure::Fault& fault : form.faults)
    if (shown++ < 5) out.append("\n- ").append(fault.message);
  return out;
}

}  // namespace

procedure::Moment moment_of(const tenancy::Context& cx, const std::string& commune) {
  return {cx.zone.local(cx.now),
          [region = calendar::region_of(commune)](CivilDate day) {
            return calendar::is_working_day(day, region);
          },
          commune};
}

Cases::Cases(db::Database& database, vault::Keyring& keyring, procedure::Catalogue& catalogue,
             OnAct on_act, DueOf due_of, OnBegin on_begin, AtDeposit at_deposit)
    : database_(database),
      keyring_(keyring),
      catalogue_(catalogue),
      on_act_(std::move(on_act)),
      due_of_(std::move(due_of)),
      on_begin_(std::move(on_begin)),
      at_deposit_(std::move(at_deposit)) {}

namespace {

// The gate comes first, so that nobody makes the key store work for a case of others; each
// transaction that uses the keys passes it again.
vault::Keys keys_of(vault::Keyring& keyring, const tenancy::Context& cx, const Case& row) {
  try {
    return keyring.keys_for(cx, row.object());
  } catch (const Error& e) {
    if (e.code() == Errc::not_found) throw gone();  // erased since
    throw;
  }
}

// What the transactions of one call share, got before them.
struct Ready {
  vault::Keys keys;
  std::shared_ptr<const procedure::Definition> definition;
};
template <typename Gate>
Ready ready(db::Database& database, vault::Keyring& keyring, procedure::Catalogue& catalogue,
            const tenancy::Context& cx, const Gate& gate) {
  const Case row = database.read(cx.tenant, gate);
  auto definition = catalogue.of(row.tenant(), row.procedure(), row.version());
  if (!definition) throw Error(Errc::failed, "the démarche of this case is not in the database");
  return {keys_of(keyring, cx, row), std::move(definition)};
}
auto citizen(const tenancy::Context& cx, std::string_view id, std::string_view token) {
  return [&cx, id, token](Tx& tx) { return case_for_citizen(tx, cx, id, token); };
}
auto staff(const tenancy::Context& cx, const Author& agent, std::string_view id) {
  return [&cx, &agent, id](Tx& tx) { return case_for_agent(tx, cx, id, agent); };
}

std::shared_ptr<const procedure::Definition> offered(procedure::Catalogue& catalogue,
                                                     const tenancy::Context& cx,
                                                     std::string_view procedure) {
  auto definition = catalogue.newest(cx.tenant, procedure);
  if (!definition || !definition->serves(cx.commune))
    throw Error(Errc::not_found, "Cette démarche n’est pas proposée ici. Choisissez-en une autre.");
  return definition;
}

void only_questions(const procedure::Definition& definition, const json::object& answers) {
  for (const auto& member : answers)
    if (const procedure::Field* field = definition.field(member.key());
        field == nullptr || !procedure::is_answered(field->type))
      throw Error(Errc::invalid, fmt::format("« {} » n’est pas une question de cette démarche.",
                                             text::utf8_prefix(member.key(), 40)));
    else if (field->type == procedure::Type::file)
      throw Error(Errc::invalid,
                  fmt::format("« {} » attend un fichier\u00a0: envoyez-le comme une pièce.",
                              text::utf8_prefix(member.key(), 40)));
    else if (field->type == procedure::Type::appointment)
      throw Error(Errc::invalid,
                  fmt::format("« {} » attend un horaire\u00a0: choisissez-le parmi ceux qui sont "
                              "libres.",
                              text::utf8_prefix(member.key(), 40)));
}

Error another_demarche() {
  return {Errc::conflict, "this Idempotency-Key was used for another démarche: draw one"};
}

}  // namespace

// The key of a tenant's digests is sealed in the vault as the keys of cases are. It is made with
// the first deposit; of two that make it at once, one is kept.
crypto::Key Cases::find_key(const tenancy::Context& cx) {
  constexpr std::string_view kObject = "casework-find", kPurpose = "find";
  {
    const std::lock_guard lock(find_mutex_);
    if (const auto found = find_keys_.find(cx.tenant); found != find_keys_.end())
      return found->second;
  }
  const auto kept = [&] { return vault::sub_key(keyring_.keys_for(cx, kObject), kPurpose); };
  const crypto::Key key = [&] {
    try {
      return kept();
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
    }
    const vault::NewKeys fresh = keyring_.make(cx, kObject);
    try {
      database_.write(cx.tenant, [&](Tx& tx) { vault::insert_data_key(tx, fresh.row, cx.now); });
    } catch (const Error& e) {
      if (e.code() != Errc::conflict) throw;
      return kept();
    }
    return vault::sub_key(fresh.keys, kPurpose);
  }();
  const std::lock_guard lock(find_mutex_);
  return find_keys_.try_emplace(cx.tenant, key).first->second;
}

Opened Cases::begin(const tenancy::Context& cx, std::string_view procedure, const std::string& id,
                    const Secret<std::string>& token) {
  return begun(cx, offered(catalogue_, cx, procedure), id, token, std::nullopt);
}

Opened Cases::begin_for(const tenancy::Context& cx, const Author& agent, std::string_view procedure,
                        const std::string& id, const Secret<std::string>& token, Way way,
                        std::optional<CivilDate> received) {
  CHECK(agent.role == Role::agent && !agent.id.empty());
  const auto definition = catalogue_.newest(cx.tenant, procedure);
  if (!definition || !definition->serves(cx.commune) ||
      !answers_for(agent, definition->service_for(cx.commune), cx.commune))
    throw gone();
  if (way != Way::post) received.reset();
  if (way == Way::post && !received)
    throw Error(Errc::invalid, "Donnez le jour où le courrier est arrivé.");
  if (received && *received > civil_date(cx.zone.local(cx.now)))
    throw Error(Errc::invalid,
                "Ce jour n’est pas encore venu. Donnez celui où le courrier est arrivé.");
  return begun(cx, definition, id, token, Entry{agent.id, way, received});
}

Opened Cases::begun(const tenancy::Context& cx,
                    const std::shared_ptr<const procedure::Definition>& definition,
                    const std::string& id, const Secret<std::string>& token,
                    const std::optional<Entry>& entry) {
  const vault::NewKeys keys = keyring_.make(cx, object_of(id));
  try {
    return database_.write(cx.tenant, [&](Tx& tx) {
      vault::insert_data_key(tx, keys.row, cx.now);
      // Nothing is read, as in deposit_fresh.
      const Case row = insert(tx, cx,
                              {.id = id,
                               .procedure = definition->id,
                               .version = definition->version,
                               .service = definition->service_for(cx.commune),
                               .sealed = sealed_answers(keys.keys, id, {})},
                              token);
      feed::open_topic(tx, row.topic(), cx.now);
      if (entry) insert_entry(tx, row, *entry, cx.now);
      if (on_begin_) on_begin_(tx, row, cx.now);
      return Opened{.id = id,
                    .reference = {},
                    .commune = row.commune(),
                    .service = row.service(),
                    .state = State::draft,
                    .definition = definition,
                    .answers = {},
                    .created_at = cx.now,
                    .saved_at = cx.now,
                    .deposited_at = std::nullopt,
                    .due = std::nullopt,
                    .events = {},
                    .entry = entry};
    });
  } catch (const Error& e) {
    if (e.code() != Errc::conflict) throw;
    return open(cx, id, token.reveal());  // begun before, or gone
  }
}

std::vector<Typing> Cases::typings(const tenancy::Context& cx, const Author& agent) {
  return database_.read(cx.tenant, [&](Tx& tx) { return casework::typings(tx, cx, agent); });
}

Opened Cases::retake(const tenancy::Context& cx, const Author& agent, std::string_view id,
                     const Secret<std::string>& token) {
  database_.write(cx.tenant,
                  [&](Tx& tx) { set_link(tx, draft_for_agent(tx, cx, id, agent), token); });
  return open(cx, id, token.reveal());
}

Opened Cases::open(const tenancy::Context& cx, std::string_view id, std::string_view token) {
  const auto gate = citizen(cx, id, token);
  const auto [keys, definition] = ready(database_, keyring_, catalogue_, cx, gate);
  Opened found =
      database_.read(cx.tenant, [&](Tx& tx) { return opened(tx, gate(tx), keys, definition); });
  if (found.state != State::draft) return found;
  const auto newer = catalogue_.newest(cx.tenant, definition->id);
  const procedure::Moment moment = moment_of(cx, found.commune);
  if (!newer || newer->version <= definition->version ||
      !procedure::follows(*definition, *newer, found.answers, moment))
    return found;
  return database_.write(cx.tenant, [&](Tx& tx) {
    const Case row = gate(tx);
    Opened now = opened(tx, row, keys, row.version() == newer->version ? newer : definition);
    // Another window went on meanwhile: the next opening looks again.
    if (row.state() != State::draft || row.version() != definition->version ||
        now.answers != found.answers)
      return now;
    now.service = newer->service_for(row.commune());
    set_version(tx, row, newer->version, now.service);
    now.definition = newer;
    return now;
  });
}

Secret<std::string> Cases::hand_over(const tenancy::Context& cx, std::string_view id,
                                     std::string_view token, std::string note) {
  Secret<std::string> code = new_code();  // drawn before the transaction, which may run twice
  database_.write(cx.tenant, [&](Tx& tx) {
    const Case row = case_for_citizen(tx, cx, id, token);
    casework::hand_over(tx, cx, code,
                        {.id = row.id(), .token = Secret(std::string(token)), .note = note});
  });
  return code;
}

std::optional<Handover> Cases::take_over(const tenancy::Context& cx, std::string_view code) {
  if (!code_like(code)) return std::nullopt;
  return database_.write(cx.tenant, [&](Tx& tx) { return casework::take_over(tx, cx, code); });
}

namespace {

bool answered(const json::object& answers, std::string_view path) {
  const std::size_t dot = path.find('.');
  const json::value* value = answers.if_contains(path.substr(0, dot));
  if (value == nullptr || value->is_null()) return false;
  if (dot == std::string_view::npos) return true;
  const json::object* parts = value->if_object();
  return parts != nullptr && answered(*parts, path.substr(dot + 1));
}

// Another window has just gone on with a newer version: what was read of the form is of the one
// before.
void same_version(const Case& row, const procedure::Definition& definition) {
  if (row.version() != definition.version)
    throw Error(Errc::overloaded, "the démarche has just changed: send again");
}

Error deposited_already() {
  return {Errc::conflict, "Cette demande est déjà déposée. Suivez-la avec sa référence."};
}

}  // namespace

Saved Cases::save(const tenancy::Context& cx, std::string_view id, std::string_view token,
                  std::string_view page, const std::vector<procedure::Sent>& sent, Blanks blanks) {
  const auto gate = citizen(cx, id, token);
  const auto [keys, definition] = ready(database_, keyring_, catalogue_, cx, gate);
  const procedure::Page* asked = definition->page(page);
  if (asked == nullptr) throw gone();
  return told_when_full(kNotSaved, [&] {
    return database_.write(cx.tenant, [&](Tx& tx) {
      const Case row = gate(tx);
      same_version(row, *definition);
      if (row.state() != State::draft) throw deposited_already();
      Opened draft = opened(tx, row, keys, definition);
      procedure::Filled filled =
          procedure::fill(*definition, *asked, draft.answers, sent, moment_of(cx, row.commune()));
      if (blanks == Blanks::keep) {
        keep_unanswered(filled.answers, draft.answers);
        std::erase_if(filled.faults, [&](const procedure::Fault& fault) {
          return fault.missing && answered(filled.answers, fault.path);
        });
      }
      if (std::ranges::any_of(asked->fields, procedure::has_named_items)) {
        keep_items(*asked, filled.answers, draft.answers, sent, blanks);
        const procedure::Form form =
            procedure::evaluate(*definition, filled.answers, moment_of(cx, row.commune()));
        const procedure::ShownPage* shown = form.find(page);
        filled.faults = shown != nullptr ? shown->faults : std::vector<procedure::Fault>();
        erase_without_item(tx, row, filled.answers, draft.pieces);
      }
      set_answers(tx, row, sealed_answers(keys, row.id(), filled.answers), cx.now);
      draft.answers = std::move(filled.answers);
      draft.saved_at = cx.now;
      return Saved{std::move(draft), std::move(filled.faults)};
    });
  });
}

Saved Cases::merge(const tenancy::Context& cx, std::string_view id, std::string_view token,
                   const json::object& answers) {
  const auto gate = citizen(cx, id, token);
  const auto [keys, definition] = ready(database_, keyring_, catalogue_, cx, gate);
  only_questions(*definition, answers);
  return told_when_full(kNotSaved, [&] {
    return database_.write(cx.tenant, [&](Tx& tx) {
      const Case row = gate(tx);
      same_version(row, *definition);
      if (row.state() != State::draft) throw deposited_already();
      Opened draft = opened(tx, row, keys, definition);
      const json::object before = draft.answers;
      for (const auto& member : answers)
        if (member.value().is_null())
          draft.answers.erase(member.key());
        else
          draft.answers[member.key()] = member.value();
      procedure::name_items(*definition, draft.answers, &before);
      erase_without_item(tx, row, draft.answers, draft.pieces);
      put_pieces(*definition, draft.pieces, draft.answers);
      set_answers(tx, row, sealed_answers(keys, row.id(), draft.answers), cx.now);
      draft.saved_at = cx.now;
      auto faults = faults_of(draft, moment_of(cx, row.commune()), [&](std::string_view question) {
        return answers.contains(question);
      });
      return Saved{std::move(draft), std::move(faults)};
    });
  });
}

Saved Cases::set_appointment(const tenancy::Context& cx, std::string_view id,
                             std::string_view token, const json::value& slot) {
  const auto gate = citizen(cx, id, token);
  const auto [keys, definition] = ready(database_, keyring_, catalogue_, cx, gate);
  const procedure::Field* field = definition->appointment();
  if (field == nullptr) throw Error(Errc::invalid, "Cette démarche ne demande pas de rendez-vous.");
  return database_.write(cx.tenant, [&](Tx& tx) {
    const Case row = gate(tx);
    same_version(row, *definition);
    if (row.state() != State::draft) throw deposited_already();
    Opened draft = opened(tx, row, keys, definition);
    if (slot.is_null())
      draft.answers.erase(field->id);
    else
      draft.answers[field->id] = slot;
    set_answers(tx, row, sealed_answers(keys, row.id(), draft.answers), cx.now);
    draft.saved_at = cx.now;
    auto faults = faults_of(draft, moment_of(cx, row.commune()),
                            [&](std::string_view question) { return question == field->id; });
    return Saved{std::move(draft), std::move(faults)};
  });
}

crypto::Key Cases::key_for(const tenancy::Context& cx, std::string_view id, std::string_view token,
                           std::string_view purpose) {
  const Case row = database_.read(cx.tenant, citizen(cx, id, token));
  return vault::sub_key(keys_of(keyring_, cx, row), purpose);
}

namespace {

// Drawn before the transaction, which may run twice.
std::vector<std::string> drawn_references() {
  std::vector<std::string> references;
  for (int i = 0; i < kReferenceAttempts; ++i) {
    const std::string bytes = crypto::random_bytes(sizeof(std::uint32_t));
    std::uint32_t random = 0;
    std::memcpy(&random, bytes.data(), sizeof random);
    references.push_back(reference_of(random));
  }
  return references;
}

// What the form would take if it were sound is not left behind.
void wait_for_looks(Tx& tx, const Case& row, const Opened& draft, const procedure::Moment& moment) {
  std::vector<Piece> pieces = draft.pieces;
  std::vector<std::string> looked_at;
  for (Piece& piece : pieces) {
    const procedure::Field* question = file_question(*draft.definition, piece.field);
    if (question == nullptr || !awaits_look(tx, row, piece)) continue;
    piece.state = PieceState::waiting;
    piece.type = question->files.types.front();
    looked_at.push_back(piece.id);
  }
  if (looked_at.empty()) return;
  json::object answers = draft.answers;
  put_pieces(*draft.definition, pieces, answers);
  const procedure::Form form = procedure::evaluate(*draft.definition, answers, moment);
  if (std::ranges::any_of(looked_at,
                          [&](const std::string& id) { return names(form.answers, id); }))
    throw still_looking();
}

Error no_reference() { return {Errc::overloaded, "no reference is free: try again"}; }

}  // namespace

Deposit Cases::deposit(const tenancy::Context& cx, std::string_view id, std::string_view token,
                       const Author* typed_by) {
  const auto gate = citizen(cx, id, token);
  const auto [keys, definition] = ready(database_, keyring_, catalogue_, cx, gate);
  const crypto::Key find_key = this->find_key(cx);
  const auto newest = catalogue_.newest(cx.tenant, definition->id);
  InDeposit along;
  if (at_deposit_ && definition->appointment() != nullptr)
    along = at_deposit_(cx, database_.read(cx.tenant, [&](Tx& tx) {
      return opened(tx, gate(tx), keys, definition);
    }));
  bool naming = false;  // the reference is being written: a conflict then is its
  const auto deposit_as = [&](Tx& tx, const std::string& reference) {
    naming = false;
    const Case row = gate(tx);
    same_version(row, *definition);
    Opened made = opened(tx, row, keys, definition);
    if (row.state() != State::draft) return Deposit{std::move(made), true};
    Author author;
    json::object how;
    if (made.entry) {
      if (typed_by == nullptr || typed_by->id != made.entry->account ||
          !answers_for(*typed_by, row.service(), row.commune()))
        throw gone();
      author = *typed_by;
      how["way"] = name(made.entry->way);
      if (made.entry->received) how["received"] = format_iso_date(*made.entry->received);
    }
    const State next = *step(State::draft, Act::deposit, author.role);
    const procedure::Moment moment = moment_of(cx, row.commune());
    wait_for_looks(tx, row, made, moment);
    procedure::Form form = procedure::evaluate(*definition, made.answers, moment);
    if (!form.complete()) throw Error(Errc::invalid, missing_words(form));
    hand_in(tx, row, keys, made.pieces,
            [&](const Piece& piece) { return names(form.answers, piece.id); });
    const std::string sealed = sealed_answers(keys, row.id(), form.answers);
    made.reference = reference;
    made.state = next;
    made.answers = std::move(form.answers);
    made.saved_at = cx.now;
    made.deposited_at = cx.now;
    made.events = {{.seq = 1,
                    .act = Act::deposit,
                    .by = author.role,
                    .author = author.name,
                    .more = how,
                    .at = cx.now}};
    if (due_of_) made.due = due_of_(made);
    naming = true;
    const Case after = set_deposited(tx, row, reference, next, sealed, made.due, cx.now);
    naming = false;
    set_words(tx, after, digests_of(find_key, found_by(*definition, newest.get(), made.answers)),
              cx.now);
    append_event(tx, after, keys, "deposit", Act::deposit, author, "", how, cx.now, 0);
    if (by_post(made)) made.papers = {1};
    for (const std::int64_t seq : made.papers) insert_paper(tx, after, seq, cx.now);
    if (along) along(tx, made);
    if (on_act_) on_act_(tx, after, Act::deposit, cx.now);
    return Deposit{std::move(made), false};
  };
  for (const std::string& reference : drawn_references()) try {
      return told_when_full(kNotDeposited, [&] {
        return database_.write(cx.tenant, [&](Tx& tx) { return deposit_as(tx, reference); });
      });
    } catch (const Error& e) {
      if (e.code() != Errc::conflict || !naming) throw;
    }
  throw no_reference();
}

Deposit Cases::deposit_at_once(const tenancy::Context& cx, std::string_view procedure,
                               const std::string& id, const Secret<std::string>& token,
                               const json::object& answers) {
  const auto definition = offered(catalogue_, cx, procedure);
  // Refused, unless it was deposited before.
  std::optional<Error> refused;
  try {
    only_questions(*definition, answers);
    json::object given;
    for (const auto& member : answers)
      if (!member.value().is_null()) given.insert(member);
    put_pieces(*definition, {}, given);  // nobody gives files with their description alone
    const procedure::Form form = procedure::evaluate(*definition, given, moment_of(cx, cx.commune));
    if (!form.complete()) throw Error(Errc::invalid, missing_words(form));
    return deposit_fresh(cx, definition, id, token, form.answers);
  } catch (const Error& e) {
    if (e.code() != Errc::conflict && e.code() != Errc::invalid) throw;
    refused = e;
  }
  const Opened before = [&] {
    try {
      return open(cx, id, token.reveal());
    } catch (const Error& e) {
      if (e.code() == Errc::not_found && refused->code() == Errc::invalid) throw *refused;
      throw;
    }
  }();
  if (before.definition->id != procedure) throw another_demarche();
  if (before.state == State::draft) try {
      merge(cx, id, token.reveal(), answers);
    } catch (const Error& e) {
      if (e.code() != Errc::conflict) throw;  // deposited meanwhile
    }
  return deposit(cx, id, token.reveal());
}

Deposit Cases::deposit_fresh(const tenancy::Context& cx,
                             const std::shared_ptr<const procedure::Definition>& definition,
                             const std::string& id, const Secret<std::string>& token,
                             const json::object& answers) {
  const vault::NewKeys keys = keyring_.make(cx, object_of(id));
  const crypto::Key find_key = this->find_key(cx);
  const std::vector<std::string> references = drawn_references();
  const State next = *step(State::draft, Act::deposit, Role::citizen);
  const NewCase fresh{.id = id,
                      .procedure = definition->id,
                      .version = definition->version,
                      .service = definition->service_for(cx.commune),
                      .sealed = sealed_answers(keys.keys, id, answers)};
  Opened made{.id = id,
              .reference = {},
              .commune = cx.commune,
              .service = fresh.service,
              .state = next,
              .definition = definition,
              .answers = answers,
              .created_at = cx.now,
              .saved_at = cx.now,
              .deposited_at = cx.now,
              .due = std::nullopt,
              .events = {{.seq = 1, .act = Act::deposit, .by = Role::citizen, .at = cx.now}}};
  if (due_of_) made.due = due_of_(made);
  const bool paper = by_post(made);
  if (paper) made.papers = {1};
  told_when_full(kNothingTaken, [&] {
    database_.write(cx.tenant, [&](Tx& tx) {
      vault::insert_data_key(tx, keys.row, cx.now);
      std::optional<Case> row;
      for (const std::string& reference : references)
        if ((row = insert_deposited(tx, cx, fresh, token, reference, next, made.due))) break;
      if (!row) throw no_reference();
      feed::open_topic(tx, row->topic(), cx.now);
      append_event(tx, *row, keys.keys, "deposit", Act::deposit, Author{}, "", {}, cx.now, 0);
      if (paper) insert_paper(tx, *row, 1, cx.now);
      set_words(tx, *row, digests_of(find_key, words_of(*definition, answers)), cx.now);
      if (on_act_) on_act_(tx, *row, Act::deposit, cx.now);
      made.reference = row->reference();
    });
  });
  return {std::move(made), false};
}

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

void Cases::set_reminders(const tenancy::Context& cx, std::string_view id, std::string_view token,
                          bool wanted) {
  database_.write(cx.tenant, [&](Tx& tx) {
    set_quiet(tx, case_for_citizen(tx, cx, id, token), !wanted, cx.now);
  });
}

void Cases::stop_reminders(const tenancy::Context& cx, std::string_view id) {
  database_.write(cx.tenant,
                  [&](Tx& tx) { set_quiet(tx, case_for_system(tx, cx, id), true, cx.now); });
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

namespace {

// Never shorter than what was promised.
std::chrono::days longest(const procedure::Delay& delay) {
  switch (delay.unit) {
    case procedure::DelayUnit::days:
      return std::chrono::days(delay.count);
    case procedure::DelayUnit::working_days:
      return std::chrono::days(2 * delay.count + 7);
    case procedure::DelayUnit::weeks:
      return std::chrono::days(7 * delay.count);
    case procedure::DelayUnit::months:
      return std::chrono::days(31 * delay.count);
  }
  return std::chrono::days(0);
}

}  // namespace

void Cases::erase(Tx& tx, const Case& row, Instant now) const {
  vault::destroy_data_key(tx, row.tenant(), row.object(), now);
  feed::erase_topic(tx, row.topic());
  erase_pieces(tx, row);
  erase_rows(tx, row);
}

Instant draft_ends(const procedure::Definition& definition, Instant saved_at) {
  return saved_at + longest(definition.retention.drafts);
}

void Cases::erase_draft(const tenancy::Context& cx, std::string_view id, std::string_view token) {
  database_.write(cx.tenant, [&](Tx& tx) {
    const Case row = case_for_citizen(tx, cx, id, token);
    if (row.state() != State::draft) throw deposited_already();
    erase(tx, row, cx.now);
  });
}

std::size_t Cases::expire_drafts(const tenancy::Context& cx) {
  const auto versions =
      database_.read(cx.tenant, [&](Tx& tx) { return versions_of_drafts(tx, cx); });
  std::size_t erased = 0;
  for (const DraftVersion& version : versions) {
    const auto definition = catalogue_.of(cx.tenant, version.procedure, version.version);
    if (!definition) continue;
    const Instant before = cx.now - longest(definition->retention.drafts);
    erased += database_.write(cx.tenant, [&](Tx& tx) {
      const auto idle = drafts_idle_since(tx, cx, version, before, kExpireBatch);
      for (const Case& row : idle) erase(tx, row, cx.now);
      return idle.size();
    });
  }
  return erased;
}

std::size_t Cases::expire_closed(const tenancy::Context& cx) {
  const auto versions =
      database_.read(cx.tenant, [&](Tx& tx) { return procedure::versions(tx, cx.tenant); });
  std::size_t erased = 0;
  for (const procedure::Version& version : versions) {
    const auto definition = catalogue_.of(cx.tenant, version.id, version.version);
    if (!definition) continue;
    const Instant before = cx.now - longest(definition->retention.closed);
    erased += database_.write(cx.tenant, [&](Tx& tx) {
      auto over = over_since(tx, cx, {version.id, version.version}, before, kExpireBatch);
      if (definition->clock.silence != procedure::Silence::none)
        std::ranges::move(out_of_time_since(tx, cx, {version.id, version.version}, before,
                                            kExpireBatch - over.size()),
                          std::back_inserter(over));
      for (const Case& row : over) erase(tx, row, cx.now);
      return over.size();
    });
  }
  return erased;
}

}  // namespace parvis::casework
