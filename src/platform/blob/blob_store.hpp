// Files in the database, in sealed chunks: received in pieces of any size, resumed after a cut at
// the byte that is durable, read back chunk by chunk. A file is never whole in memory here.
//
//   receiving --finish--> quarantined --settle--> clean | refused (its content is erased)
//
// A chunk is sealed (crypto::seal) by the caller's key, bound to tenant, file, number and rank:
//   more   another chunk follows: it is full
//   tail   the last one so far, and how many bytes the file has so far
//   last   the last one, and how many bytes the file has
// so chunks that are swapped, moved to another file or tenant, reordered, dropped or cut off do not
// open, even for someone who may write every table. While a file is being received its tail is
// opened and sealed anew by each append: pieces of about kAppendMax cost least. An older state of a
// file as a whole (row and chunks) is not told from the present one, and whoever may write the
// table may call a file clean: a seal says where bytes belong, not what was found in them.
//
// What a file is, and whether it may be kept, is for platform/inspect; whose it is and who may read
// it, for whoever names its owner.
//
// Errors: not_found (no such file, or its upload has expired), conflict (the state or the offset is
// not the one that was meant; detail says which), too_large (past a limit; detail names it),
// invalid (an id or owner that is not well formed), failed (sealed bytes do not open), unavailable
// (sealed by a newer program). Sizes and offsets are bytes of the plain content.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "crypto/aead.hpp"
#include "db/database.hpp"

namespace parvis::blob {

inline constexpr std::size_t kChunkBytes = 64 * 1024;
inline constexpr std::int64_t kFileMax = 32 << 20;    // bytes of a file, whatever the caller allows
inline constexpr std::size_t kAppendMax = 1 << 20;    // bytes of one append: a short transaction
inline constexpr std::int64_t kFilesOfOwnerMax = 50;  // refused ones included
inline constexpr std::size_t kIdMax = 80;             // letters, digits and -_.
inline constexpr std::size_t kOwnerMax = 128;         // those and /
inline constexpr std::size_t kReasonMax = 40;         // lower-case letters and _
inline constexpr std::chrono::hours kIdleMax{24};  // an upload to which nothing was added expires
inline constexpr std::chrono::hours kUploadMax{7 * 24};  // and so does one that never ends
inline constexpr std::size_t kExpiredMax = 20;           // uploads erased at once

struct FileId {
  std::string tenant;
  std::string id;  // made by the sender, one of its tenant
  bool operator==(const FileId&) const = default;
};

enum class State : std::uint8_t { receiving, quarantined, clean, refused };
std::string_view name(State state);

struct File {
  FileId id;
  std::string owner = {};
  State state = State::receiving;
  std::string reason = {};                  // why it is refused: a word
  std::optional<std::int64_t> length = {};  // announced; the size once it is received
  std::int64_t max_bytes = 0;
  std::int64_t received = 0;  // durable bytes: where the next append begins
  Instant created_at = {};
  std::optional<Instant> expires_at = {};  // until it is received

  std::int64_t chunks() const;  // that are stored
  bool operator==(const File&) const = default;
};

struct NewFile {
  std::string owner;                                  // 'draft/<id>'
  std::optional<std::int64_t> length = std::nullopt;  // none: announced later, or never
  std::int64_t max_bytes = kFileMax;                  // of this file
};

// The same id again, for the same owner, is the same upload as it stands. Errc::conflict when it
// has another owner or length; too_large when the length passes max_bytes, or the owner has
// kFilesOfOwnerMax files.
File begin(db::Tx& tx, const FileId& id, const NewFile& file, Instant now);

// The length of an upload that began without one; announced once, and never below what is received.
File announce(db::Tx& tx, const FileId& id, std::int64_t length, Instant now);

// Adds bytes at `offset`, which must be what is received so far: Errc::conflict otherwise, as for
// bytes past the announced length. All of them are durable when the transaction is committed, or
// none.
File append(db::Tx& tx, const crypto::Key& key, const FileId& id, std::int64_t offset,
            std::string_view bytes, Instant now);

// Closes what is received, and puts it in quarantine. Errc::conflict when bytes of the announced
// length are missing, or when more than `received` bytes are there by now. `sha256` is that of the
// whole (32 bytes); blob::finish computes it.
File close(db::Tx& tx, const crypto::Key& key, const FileId& id, std::int64_t received,
           std::string_view sha256, Instant now);

// Ends the quarantine. The same again is no error; another outcome is Errc::conflict.
File accept(db::Tx& tx, const FileId& id);
File refuse(db::Tx& tx, const FileId& id, std::string_view reason);

std::optional<File> find(db::Tx& tx, const FileId& id);  // expired ones too
std::vector<File> of_owner(db::Tx& tx, std::string_view tenant, std::string_view owner);

// One chunk, opened; number from 0. Errc::not_found past the last one.
std::string chunk(db::Tx& tx, const crypto::Key& key, const File& file, std::int64_t number);
// SHA-256 of the content, 32 bytes. Errc::conflict before it is received.
std::string sha256(db::Tx& tx, const crypto::Key& key, const File& file);

bool erase(db::Tx& tx, const FileId& id);  // false when it was not there
std::size_t erase_of_owner(db::Tx& tx, std::string_view tenant, std::string_view owner);
// Unfinished uploads that have expired, at most kExpiredMax of them; how many. As the system: those
// of every tenant.
std::size_t erase_expired(db::Tx& tx, Instant now);

}  // namespace parvis::blob
