#include "casework/piece_store.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "procedure/items.hpp"

namespace parvis::casework {
namespace {

using db::Row;
using db::Tx;

constexpr std::array kStates = {PieceState::receiving, PieceState::checking, PieceState::kept,
                                PieceState::waiting, PieceState::refused};

std::int64_t stored(Instant at) { return at.time_since_epoch().count(); }

std::string sealed(const Case& row, const vault::Keys& keys, const Piece& piece) {
  const std::string place = row.id() + "/" + piece.id;
  return vault::seal(keys, {.table = "casework_piece", .column = "sealed", .row = place},
                     json::serialize(json::object{{"field", piece.field},
                                                  {"name", piece.name.read()},
                                                  {"type", piece.type},
                                                  {"size", piece.size},
                                                  {"said", piece.said},
                                                  {"ask", piece.ask}}));
}

Piece of(const Row& stored_row, const Case& row, const vault::Keys& keys) {
  const std::string id(stored_row.text(0));
  const std::string place = row.id() + "/" + id;
  const auto opened = parse_json(vault::open(
      keys, {.table = "casework_piece", .column = "sealed", .row = place}, stored_row.blob(4)));
  if (!opened || !opened->is_object())
    throw Error(Errc::failed, "a stored piece of a case is not readable");
  const json::object& known = opened->get_object();
  const auto text = [&](std::string_view key) {
    return std::string(string_at(known, key).value_or(""));
  };
  const auto state =
      std::ranges::find(kStates, stored_row.text(2), [](PieceState each) { return name(each); });
  const json::value* size = known.if_contains("size");
  return {.id = id,
          .blob = std::string(stored_row.text(1)),
          .state = state == kStates.end() ? PieceState::refused : *state,
          .given = stored_row.integer(3) != 0,
          .field = text("field"),
          .name = Personal(text("name")),
          .type = text("type"),
          .size = size != nullptr && size->is_number() ? size->to_number<std::int64_t>() : 0,
          .said = text("said"),
          .ask = text("ask"),
          .created_at = Instant(std::chrono::milliseconds(stored_row.integer(5)))};
}

// Where an answer of that path lies; made on the way, but for an item. Nothing where something else
// is.
json::value* place_of(json::object& answers, std::string_view path) {
  if (const auto item = procedure::item_path(path)) {
    json::value* items = answers.if_contains(item->block);
    if (items == nullptr || !items->is_array()) return nullptr;
    for (json::value& each : items->get_array())
      if (procedure::name_of_item(each) == item->item)
        return place_of(each.as_object(), item->rest);
    return nullptr;
  }
  const std::size_t dot = path.find('.');
  const std::string_view first = path.substr(0, dot);
  if (dot == std::string_view::npos) return &answers[first];
  json::value& inner = answers[first];
  if (inner.is_null()) inner = json::object();
  json::object* object = inner.if_object();
  return object == nullptr ? nullptr : place_of(*object, path.substr(dot + 1));
}

void forget(const std::vector<procedure::Field>& fields, json::object& answers) {
  for (const procedure::Field& field : fields) {
    if (field.type == procedure::Type::file) answers.erase(field.id);
    json::value* inner = answers.if_contains(field.id);
    if (inner == nullptr) continue;
    if (field.type == procedure::Type::block && inner->is_object())
      forget(field.fields, inner->get_object());
    if (field.type == procedure::Type::repeat && inner->is_array())
      for (json::value& item : inner->get_array())
        if (item.is_object()) forget(field.fields, item.get_object());
  }
}

}  // namespace

std::string_view name(PieceState state) {
  switch (state) {
    case PieceState::receiving:
      return "receiving";
    case PieceState::checking:
      return "checking";
    case PieceState::kept:
      return "kept";
    case PieceState::waiting:
      return "waiting";
    case PieceState::refused:
      return "refused";
  }
  return "refused";
}

void insert_piece(Tx& tx, const Case& row, const vault::Keys& keys, const Piece& piece) {
  tx.run(
      "insert into casework_piece (tenant, id, case_id, content, state, given, sealed, created_at) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8)",
      {row.tenant(), piece.id, row.id(), piece.blob, name(piece.state), piece.given ? 1 : 0,
       db::Blob(sealed(row, keys, piece)), stored(piece.created_at)});
}

void update_piece(Tx& tx, const Case& row, const vault::Keys& keys, const Piece& piece) {
  tx.run(
      "update casework_piece set content = $4, state = $5, given = $6, sealed = $7 "
      "where tenant = $1 and id = $2 and case_id = $3",
      {row.tenant(), piece.id, row.id(), piece.blob, name(piece.state), piece.given ? 1 : 0,
       db::Blob(sealed(row, keys, piece))});
}

std::vector<Piece> pieces_of(Tx& tx, const Case& row, const vault::Keys& keys) {
  std::vector<Piece> out;
  tx.each(
      "select id, content, state, given, sealed, created_at from casework_piece "
      "where tenant = $1 and case_id = $2 order by created_at, id",
      {row.tenant(), row.id()}, [&](const Row& each) { out.push_back(of(each, row, keys)); });
  return out;
}

std::optional<Piece> find_piece(Tx& tx, const Case& row, const vault::Keys& keys,
                                std::string_view id) {
  std::optional<Piece> out;
  tx.each(
      "select id, content, state, given, sealed, created_at from casework_piece "
      "where tenant = $1 and id = $2 and case_id = $3",
      {row.tenant(), id, row.id()}, [&](const Row& each) { out = of(each, row, keys); });
  return out;
}

void erase_piece(Tx& tx, const Case& row, const Piece& piece) {
  blob::erase(tx, piece.sent(row.tenant()));
  blob::erase(tx, piece.anew(row.tenant()));
  tx.run("delete from casework_piece where tenant = $1 and id = $2 and case_id = $3",
         {row.tenant(), piece.id, row.id()});
}

void erase_pieces(Tx& tx, const Case& row) {
  blob::erase_of_owner(tx, row.tenant(), row.object());
  tx.run("delete from casework_piece where tenant = $1 and case_id = $2", {row.tenant(), row.id()});
}

std::size_t erase_lost_pieces(Tx& tx, const tenancy::Context& cx) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  return static_cast<std::size_t>(
      tx.run("delete from casework_piece where tenant = $1 and state = $2 and created_at < $3",
             {cx.tenant, name(PieceState::receiving), stored(cx.now - kReceivingMax)}));
}

bool takes_pieces(State state, const std::vector<Piece>& pieces) {
  return state == State::awaiting ||
         (state != State::draft && is_open(state) && std::ranges::any_of(pieces, &Piece::rejected));
}

Error takes_no_pieces() {
  return {Errc::conflict,
          "Ce dossier ne reçoit pas de document maintenant. Rechargez la page pour voir où il en "
          "est."};
}

bool is_whole(Tx& tx, const Case& row, const Piece& piece) {
  if (piece.state != PieceState::receiving) return false;
  const auto file = blob::find(tx, piece.sent(row.tenant()));
  return file && file->received > 0 && file->length == file->received;
}

json::object answer_of(const Piece& piece) {
  json::object out{
      {"id", piece.id}, {"name", piece.name.read()}, {"type", piece.type}, {"size", piece.size}};
  if (piece.state == PieceState::waiting) out["waiting"] = true;
  if (!piece.ask.empty()) out["ask"] = piece.ask;
  return out;
}

void put_pieces(const procedure::Definition& definition, const std::vector<Piece>& pieces,
                json::object& answers) {
  procedure::name_items(definition, answers);
  for (const procedure::Step& step : definition.steps)
    for (const procedure::Page& page : step.pages) forget(page.fields, answers);
  for (const Piece& piece : pieces) {
    if (!piece.answers() || file_question(definition, piece.field) == nullptr) continue;
    json::value* place = place_of(answers, piece.field);
    if (place == nullptr) continue;
    if (!place->is_array()) *place = json::array();
    place->get_array().push_back(answer_of(piece));
  }
}

const procedure::Field* file_question(const procedure::Definition& definition,
                                      std::string_view path) {
  const procedure::Field* field = definition.field(procedure::without_items(path));
  if (field == nullptr || field->type != procedure::Type::file) return nullptr;
  const auto item = procedure::item_path(path);
  if (path.contains('[') && (!item || !procedure::item_id_like(item->item))) return nullptr;
  // Blocks around it, but for the one whose item it is of.
  for (std::size_t dot = field->path.find('.'); dot != std::string_view::npos;
       dot = field->path.find('.', dot + 1)) {
    const procedure::Field* around = definition.field(field->path.substr(0, dot));
    const bool right = around != nullptr && (item && around->path == item->block
                                                 ? procedure::has_named_items(*around)
                                                 : around->type == procedure::Type::block);
    if (!right) return nullptr;
  }
  return field;
}

}  // namespace parvis::casework
