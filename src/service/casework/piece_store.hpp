// The rows of pieces: files that a citizen gives with a case. What a row says of a person (its
// question, its name) is sealed by the case's key; the content is platform/blob's, under the owner
// Case::object(). Each call is inside the transaction whose gate gave the Case.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/sensitive.hpp"
#include "blob/blob_store.hpp"
#include "casework/case_store.hpp"
#include "procedure/definition.hpp"
#include "vault/keys.hpp"

namespace parvis::casework {

inline constexpr std::size_t kPiecesMax = 40;               // of a case, refused ones included
inline constexpr std::int64_t kPiecesBytesMax = 100 << 20;  // of a case, all its pieces
inline constexpr std::size_t kPieceNameMax = 200;           // bytes
inline constexpr std::chrono::hours kReceivingMax{8 * 24};  // longer than any upload lives

enum class PieceState : std::uint8_t {
  receiving,
  checking,  // all of it is there, nobody has looked yet
  kept,      // looked at, and free of viruses as far as is known
  waiting,   // looked at; the antivirus has not answered: taken, and opened by nobody
  refused,   // Piece::said tells why; its content is erased
};
std::string_view name(PieceState state);

struct Piece {
  std::string id;
  std::string blob;  // its content, in platform/blob
  PieceState state = PieceState::receiving;
  bool given = false;      // handed in: seen by agents, and taken back no more
  std::string field = {};  // path of the question, an item by its name (procedure/items.hpp);
                           // empty: it was asked for after the deposit
  Personal<std::string> name{std::string()};  // as it is kept: "acte.jpg"
  std::string type = {};                      // MIME, by content; empty until looked at
  std::int64_t size = 0;                      // bytes: announced, then those that are kept
  std::string said = {};  // to its citizen: why it is refused, or that its name was changed
  std::string ask = {};   // what was asked for that it answers (asks.hpp); empty: nobody has said
  Instant created_at = {};

  // Handed in, and refused since: its citizen may give another one.
  bool rejected() const { return given && state == PieceState::refused; }
  bool answers() const { return state == PieceState::kept || state == PieceState::waiting; }
  blob::FileId content(std::string_view tenant) const { return {std::string(tenant), blob}; }
  // What came from its sender, and an image that a look writes anew.
  blob::FileId sent(std::string_view tenant) const { return {std::string(tenant), id}; }
  blob::FileId anew(std::string_view tenant) const { return {std::string(tenant), id + "-kept"}; }
};

void insert_piece(db::Tx& tx, const Case& row, const vault::Keys& keys, const Piece& piece);
void update_piece(db::Tx& tx, const Case& row, const vault::Keys& keys, const Piece& piece);
// Those of the case, oldest first.
std::vector<Piece> pieces_of(db::Tx& tx, const Case& row, const vault::Keys& keys);
std::optional<Piece> find_piece(db::Tx& tx, const Case& row, const vault::Keys& keys,
                                std::string_view id);
// Its content too, and what a look that was cut off had begun to write.
void erase_piece(db::Tx& tx, const Case& row, const Piece& piece);
void erase_pieces(db::Tx& tx, const Case& row);  // the same, all of the case
// Rows whose upload never ended and is gone by now, of every case; how many. The system's (CHECK).
std::size_t erase_lost_pieces(db::Tx& tx, const tenancy::Context& cx);

// Whether a case that is deposited takes pieces on line: they were asked for, or one was rejected.
bool takes_pieces(State state, const std::vector<Piece>& pieces);
Error takes_no_pieces();  // Errc::conflict

// Whether all bytes that were announced of a piece are there, and nobody has begun to look at it.
bool is_whole(db::Tx& tx, const Case& row, const Piece& piece);

// As an answer: {"id", "name", "type", "size"}, "waiting": true while the antivirus is awaited, and
// "ask" of one that answers a request.
json::object answer_of(const Piece& piece);
// The answers with those of file questions as the pieces say, and as nothing else says; items that
// files belong to get their names first.
void put_pieces(const procedure::Definition& definition, const std::vector<Piece>& pieces,
                json::object& answers);

// The question of that path, when files can be given to it: of a page, a block, or a named item of
// a repeated block.
const procedure::Field* file_question(const procedure::Definition& definition,
                                      std::string_view path);

}  // namespace parvis::casework
