// The files that a citizen gives with a case: sent in pieces of any size and resumed after a cut,
// then looked at (a virus, a type by content, an image written anew without its metadata), and kept
// sealed by the case's key. Nothing here is ever whole in memory.
//
//   begin → append… → finish: receiving → checking → kept | waiting | refused
//
// With the last byte that was announced a job is there that looks at it, whatever becomes of its
// sender; finish looks at once. While nobody can (a crash, too many at once) the piece stays
// `checking`, and recheck, which the job calls, goes on. Of two looks at once the first to end
// counts, and of two that finish one upload one looks. With the antivirus out of reach what is
// sound is `waiting`: it counts as given, and nobody opens it before the antivirus has spoken. One
// that is refused after it was handed in goes, with an event in its case (Act::reject_piece).
//
// The same gates as Cases: a citizen by the token, an agent by the services. Thread-safe. Errors:
// gone() when a gate refuses or there is no such piece; Errc::invalid, too_large, conflict with
// what to do, in French; Errc::unavailable when keys or disk are out of reach: nothing is half
// taken.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>
#include <vector>

#include "casework/cases.hpp"
#include "casework/piece_store.hpp"
#include "inspect/clamd.hpp"
#include "inspect/inspector.hpp"

namespace parvis::casework {

struct NewPiece {
  std::string field;  // a file question of a draft, an item by its name or its place; empty: a case
                      // whose pieces were asked for
  Personal<std::string> name{std::string()};          // as its sender calls it
  std::optional<std::int64_t> length = std::nullopt;  // bytes, when they are known
  std::optional<CivilDate> dated = std::nullopt;      // the date that is written on it
  std::string ask = {};  // of a case whose pieces were asked for: which it answers (asks.hpp);
                         // empty: nobody says, or the one that is awaited
  // When the form was begun to be sent in which it comes, maybe with others: what was refused of
  // them has not been read yet, and stays.
  std::optional<Instant> form_began = std::nullopt;
};

struct Upload {
  Piece piece;
  std::int64_t received = 0;                          // durable bytes: where to go on
  std::optional<std::int64_t> length = std::nullopt;  // announced
  std::optional<Instant> expires_at = std::nullopt;
};

class Pieces {
 public:
  // Called in a transaction that leaves a piece to be looked at (again), from that moment on.
  using OnUnsettled = std::function<void(db::Tx&, const Case&, const std::string& piece,
                                         Instant from, Instant now)>;
  static constexpr std::chrono::minutes kRecheck{3};  // longer than looking takes
  // Looks that senders wait for, at once: a slow antivirus must not hold every worker. What finds
  // no place is left to recheck, at once.
  static constexpr std::ptrdiff_t kLooksAtOnce = 1;

  // clamd: null when the town has no antivirus; then files are kept without one. All outlive this.
  // on_act: as of Cases, for what a piece's end does in its case.
  Pieces(db::Database& database, vault::Keyring& keyring, procedure::Catalogue& catalogue,
         inspect::Inspector& inspector, const inspect::Clamd* clamd, OnUnsettled on_unsettled = {},
         OnAct on_act = {});

  Upload begin(const tenancy::Context& cx, std::string_view id, std::string_view token,
               const NewPiece& fresh);
  Upload at(const tenancy::Context& cx, std::string_view id, std::string_view token,
            std::string_view piece);

  // One sender's turn with an upload: its keys are got once, its gate is passed in each
  // transaction. One thread at a time; `cx` is kept.
  class Sending {
   public:
    const Upload& upload() const { return upload_; }
    // Durable when it returns. Errc::too_large past what the question takes.
    void append(std::string_view bytes);
    // Once all of it is there: looks at it, and gives it as it stands then. Finished by another
    // meanwhile, it is given as it stands.
    Piece finish();

   private:
    friend class Pieces;
    Sending(Pieces& pieces, tenancy::Context cx, std::function<Case(db::Tx&)> gate,
            vault::Keys keys, std::shared_ptr<const procedure::Definition> definition,
            Upload upload);
    Pieces& pieces_;
    const tenancy::Context cx_;
    const std::function<Case(db::Tx&)> gate_;
    const vault::Keys keys_;
    const std::shared_ptr<const procedure::Definition> definition_;
    Upload upload_;
  };
  // Errc::conflict when it goes on elsewhere than at `offset`.
  std::unique_ptr<Sending> resume(const tenancy::Context& cx, std::string_view id,
                                  std::string_view token, std::string_view piece,
                                  std::int64_t offset);

  // The system's (CHECK): a file of a mail that was written to a case which is deposited. `piece`
  // names it for ever: the same again goes on where it was cut off, and is one piece. It is handed
  // in by the message that it came with (Cases::write_by_mail), and until then nobody's but its
  // citizen's. Refused as any upload is: as a piece, or by Errc::too_large or invalid.
  Piece take(const tenancy::Context& cx, std::string_view id, const std::string& piece,
             const Personal<std::string>& name, std::string_view bytes);

  // Errc::conflict for one that was handed in.
  void remove(const tenancy::Context& cx, std::string_view id, std::string_view token,
              std::string_view piece);

  // What is known of them, and one as it is read: a chunk at a time. Errc::conflict while nobody
  // has looked at it, or the antivirus has not.
  struct Content {
    Piece piece;
    std::uint64_t bytes = 0;
    std::function<std::string()> next;  // chunk after chunk, `bytes` in all; refers to the database
  };
  std::vector<Piece> list(const tenancy::Context& cx, std::string_view id, std::string_view token);
  Content open(const tenancy::Context& cx, std::string_view id, std::string_view token,
               std::string_view piece);
  // Those that were handed in.
  std::vector<Piece> list_as(const tenancy::Context& cx, const Author& agent, std::string_view id);
  Content open_as(const tenancy::Context& cx, const Author& agent, std::string_view id,
                  std::string_view piece);

  // The system's (CHECK): looks at a piece that nobody has looked at, or asks the antivirus again.
  // One of which all is there and that nobody finished is finished first.
  // Where it stands then; nothing when it is there no more.
  std::optional<PieceState> recheck(const tenancy::Context& cx, std::string_view id,
                                    std::string_view piece);
  // The system's (CHECK), for retention: rows and bytes of uploads that never ended; how many.
  std::size_t erase_lost(const tenancy::Context& cx);

  bool has_antivirus() const { return clamd_ != nullptr; }

 private:
  using Gate = std::function<Case(db::Tx&)>;
  struct Ready;
  Ready ready(const tenancy::Context& cx, const Gate& gate);
  struct Ended {
    Piece piece;
    bool now = false;  // by this call
  };
  Ended end(const tenancy::Context& cx, const Gate& gate, const vault::Keys& keys, Piece piece);
  Piece settle(const tenancy::Context& cx, const Gate& gate, const vault::Keys& keys,
               const procedure::Definition& definition, const Piece& piece);
  Piece look(const tenancy::Context& cx, const Gate& gate, const vault::Keys& keys,
             const procedure::Definition& definition, Piece piece);
  void reject(db::Tx& tx, const Case& row, const vault::Keys& keys, const Piece& piece,
              std::string_view reason, Instant now);
  Content content(const tenancy::Context& cx, const Gate& gate, std::string_view piece,
                  bool handed_in_only);

  db::Database& database_;
  vault::Keyring& keyring_;
  procedure::Catalogue& catalogue_;
  inspect::Inspector& inspector_;
  const inspect::Clamd* const clamd_;
  const OnUnsettled on_unsettled_;
  const OnAct on_act_;
  std::counting_semaphore<> looks_{kLooksAtOnce};
};

// In French: "Reçu", "En cours de vérification"…; how many bytes: "1,2 Mo".
std::string_view words(PieceState state);
std::string size_words(std::int64_t bytes);

}  // namespace parvis::casework
