#include "casework/cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "base/log.hpp"
#include "calendar/working_days.hpp"
#include "casework/answers.hpp"
#include "casework/case_work.hpp"
#include "casework/find.hpp"
#include "casework/indexing.hpp"
#include "casework/letters.hpp"
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

// Whether answers name a piece. Its id is random: no typed answer is an object with it.
bool names(const json::value& answers, std::string_view id) {
  if (const json::array* list = answers.if_array())
    return std::ranges::any_of(*list, [&](const json::value& each) { return names(each, id); });
  const json::object* object = answers.if_object();
  if (object == nullptr) return false;
  return string_at(*object, "id") == id ||
         std::ranges::any_of(*object, [&](const auto& each) { return names(each.value(), id); });
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
      const procedure::Form form =
          procedure::evaluate(*definition, draft.answers, moment_of(cx, row.commune()));
      std::vector<procedure::Fault> faults;
      for (const procedure::ShownPage& page : form.pages)
        for (const procedure::Fault& fault : page.faults)
          if (answers.contains(fault.path.substr(0, fault.path.find_first_of(".["))))
            faults.push_back(fault);
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
    const procedure::Form form =
        procedure::evaluate(*definition, draft.answers, moment_of(cx, row.commune()));
    std::vector<procedure::Fault> faults;
    for (const procedure::ShownPage& page : form.pages)
      for (const procedure::Fault& fault : page.faults)
        if (fault.path == field->id) faults.push_back(fault);
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

}  // namespace parvis::casework
