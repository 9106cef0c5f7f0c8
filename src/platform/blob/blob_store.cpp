#include "blob/blob_store.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"

namespace parvis::blob {
namespace {

using db::Row;
using db::Tx;

constexpr auto kChunk = static_cast<std::int64_t>(kChunkBytes);
constexpr std::array<std::string_view, 4> kStates = {"receiving", "quarantined", "clean",
                                                     "refused"};

std::int64_t stored(Instant instant) { return instant.time_since_epoch().count(); }
Instant instant(std::int64_t milliseconds) {
  return Instant(std::chrono::milliseconds(milliseconds));
}

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

bool id_like(std::string_view id) {
  return !id.empty() && id.size() <= kIdMax && std::ranges::all_of(id, plain);
}

bool owner_like(std::string_view owner) {
  return !owner.empty() && owner.size() <= kOwnerMax &&
         std::ranges::all_of(owner, [](char c) { return plain(c) || c == '/'; });
}

bool reason_like(std::string_view reason) {
  return !reason.empty() && reason.size() <= kReasonMax &&
         std::ranges::all_of(reason, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

// id, owner, state, reason, length, max_bytes, received, created_at, expires_at
File file_from(std::string_view tenant, const Row& row) {
  const auto state = std::ranges::find(kStates, row.text(2));
  CHECK(state != kStates.end());
  File file{.id = {std::string(tenant), std::string(row.text(0))},
            .owner = std::string(row.text(1)),
            .state = static_cast<State>(state - kStates.begin()),
            .reason = std::string(row.text(3)),
            .length = std::nullopt,
            .max_bytes = row.integer(5),
            .received = row.integer(6),
            .created_at = instant(row.integer(7)),
            .expires_at = std::nullopt};
  if (!row.is_null(4)) file.length = row.integer(4);
  if (!row.is_null(8)) file.expires_at = instant(row.integer(8));
  return file;
}

Error gone() { return {Errc::not_found, "there is no such file, or its upload has expired"}; }

File known(Tx& tx, const FileId& id) {
  auto file = find(tx, id);
  if (!file) throw gone();
  return std::move(*file);
}

File receiving(Tx& tx, const FileId& id, Instant now) {
  File file = known(tx, id);
  if (file.state != State::receiving)
    throw Error(Errc::conflict, "this file is received already: send another one");
  if (file.expires_at && now >= *file.expires_at) throw gone();
  return file;
}

Instant expiry(const File& file, Instant now) {
  return std::min<Instant>(now + kIdleMax, file.created_at + kUploadMax);
}

// What a chunk is bound to. Only the end of a file knows how long the file is; whoever reads one
// opens its end first.
std::string place(const File& file, std::int64_t number, std::string_view rank) {
  const std::string total = rank == "more" ? "" : std::to_string(file.received);
  return crypto::joined(
      {"parvis blob 1", file.id.tenant, file.id.id, std::to_string(number), rank, total});
}

std::string rank_of(const File& file, std::int64_t number) {
  if (number + 1 < file.chunks()) return "more";
  return file.state == State::receiving ? "tail" : "last";
}

std::string opened(const crypto::Key& key, const std::string& place, std::string_view sealed) {
  auto bytes = crypto::open(key, place, sealed);
  if (bytes) return std::move(*bytes);
  if (bytes.error() == crypto::Refusal::version)
    throw Error(Errc::unavailable,
                "this was sealed by a newer version of the program: use that one, or a newer one");
  throw Error(Errc::failed, "a sealed file does not open: it was altered, or is not where it was");
}

void put(Tx& tx, const crypto::Key& key, const File& file, std::int64_t number,
         std::string_view rank, std::string_view bytes) {
  tx.run(
      "insert into blob_chunk (tenant, file, number, bytes) values ($1, $2, $3, $4) "
      "on conflict (tenant, file, number) do update set bytes = excluded.bytes",
      {file.id.tenant, file.id.id, number,
       db::Blob(crypto::seal(key, place(file, number, rank), bytes))});
}

void erase_chunks(Tx& tx, const FileId& id) {
  tx.run("delete from blob_chunk where tenant = $1 and file = $2", {id.tenant, id.id});
}

File settle(Tx& tx, const FileId& id, State state, std::string_view reason) {
  File file = known(tx, id);
  if (file.state == state && file.reason == reason) return file;
  if (file.state != State::quarantined)
    throw Error(Errc::conflict, "this file is not in quarantine");
  file.state = state;
  file.reason = reason;
  tx.run("update blob_file set state = $3, reason = $4 where tenant = $1 and id = $2",
         {id.tenant, id.id, name(state), reason});
  return file;
}

}  // namespace

std::string_view name(State state) { return kStates.at(static_cast<std::size_t>(state)); }

std::int64_t File::chunks() const {
  if (state == State::refused) return 0;
  const std::int64_t full = (received + kChunk - 1) / kChunk;
  return state == State::receiving ? full : std::max<std::int64_t>(full, 1);
}

File begin(Tx& tx, const FileId& id, const NewFile& wanted, Instant now) {
  if (!id_like(id.id))
    throw Error(Errc::invalid, "a file's id is 1 to 80 letters, digits, hyphens and dots");
  if (!owner_like(wanted.owner))
    throw Error(Errc::invalid, "an owner is 1 to 128 letters, digits, hyphens, dots and slashes");
  const std::int64_t max = std::clamp<std::int64_t>(wanted.max_bytes, 0, kFileMax);
  if (wanted.length && *wanted.length < 0)
    throw Error(Errc::invalid, "a file's length is a number of bytes");
  if (wanted.length && *wanted.length > max)
    throw Error(Errc::too_large, "this file has " + std::to_string(max) + " bytes at most");
  if (auto first = find(tx, id)) {
    if (first->owner != wanted.owner || (wanted.length && first->length != wanted.length))
      throw Error(Errc::conflict, "this id is that of another file: make a new one");
    return std::move(*first);
  }
  std::int64_t files = 0;
  tx.each("select count(*) from blob_file where tenant = $1 and owner = $2",
          {id.tenant, wanted.owner}, [&](Row row) { files = row.integer(0); });
  if (files >= kFilesOfOwnerMax)
    throw Error(Errc::too_large, "there are 50 files here, which is the most: remove one first");
  File file{.id = id,
            .owner = wanted.owner,
            .length = wanted.length,
            .max_bytes = max,
            .created_at = now,
            .expires_at = now + kIdleMax};
  tx.run(
      "insert into blob_file (tenant, id, owner, state, reason, length, max_bytes, received, "
      "created_at, expires_at) values ($1, $2, $3, 'receiving', '', $4, $5, 0, $6, $7)",
      {id.tenant, id.id, file.owner, file.length ? db::Value(*file.length) : db::Value(),
       file.max_bytes, stored(now), stored(*file.expires_at)});
  return file;
}

File announce(Tx& tx, const FileId& id, std::int64_t length, Instant now) {
  File file = receiving(tx, id, now);
  if (file.length == length) return file;
  if (file.length) throw Error(Errc::conflict, "another length was announced for this file");
  if (length < file.received)
    throw Error(Errc::conflict, "more bytes than this length are received already");
  if (length > file.max_bytes)
    throw Error(Errc::too_large,
                "this file has " + std::to_string(file.max_bytes) + " bytes at most");
  file.length = length;
  tx.run("update blob_file set length = $3 where tenant = $1 and id = $2",
         {id.tenant, id.id, length});
  return file;
}

File append(Tx& tx, const crypto::Key& key, const FileId& id, std::int64_t offset,
            std::string_view bytes, Instant now) {
  File file = receiving(tx, id, now);
  if (offset != file.received)
    throw Error(Errc::conflict, "this file goes on at byte " + std::to_string(file.received));
  if (bytes.size() > kAppendMax) throw Error(Errc::too_large, "a piece has 1 MB at most");
  const std::int64_t end = offset + static_cast<std::int64_t>(bytes.size());
  if (file.length && end > *file.length)
    throw Error(Errc::conflict, "this file was announced with " + std::to_string(*file.length) +
                                    " bytes: more were sent");
  if (end > file.max_bytes)
    throw Error(Errc::too_large,
                "this file has " + std::to_string(file.max_bytes) + " bytes at most");

  // What is there of the last chunk comes first: it takes the new bytes until it is full.
  std::int64_t number = std::max<std::int64_t>(file.chunks() - 1, 0);
  std::string tail = file.chunks() > 0 ? chunk(tx, key, file, number) : "";
  file.received = end;
  file.expires_at = expiry(file, now);
  while (!bytes.empty()) {
    if (tail.size() == kChunkBytes) {
      put(tx, key, file, number++, "more", tail);
      tail.clear();
    }
    const std::size_t taken = std::min(kChunkBytes - tail.size(), bytes.size());
    tail += bytes.substr(0, taken);
    bytes.remove_prefix(taken);
  }
  if (end > offset) put(tx, key, file, number, "tail", tail);
  tx.run("update blob_file set received = $3, expires_at = $4 where tenant = $1 and id = $2",
         {id.tenant, id.id, file.received, stored(*file.expires_at)});
  return file;
}

File close(Tx& tx, const crypto::Key& key, const FileId& id, std::int64_t received,
           std::string_view sha256, Instant now) {
  File file = receiving(tx, id, now);
  if (file.length && *file.length != file.received)
    throw Error(Errc::conflict,
                std::to_string(*file.length - file.received) + " bytes of this file are missing");
  if (file.received != received)
    throw Error(Errc::conflict, "more of this file has come meanwhile: finish it again");
  const std::int64_t number = std::max<std::int64_t>(file.chunks() - 1, 0);
  const std::string tail = file.chunks() > 0 ? chunk(tx, key, file, number) : "";
  file.state = State::quarantined;
  file.length = file.received;
  file.expires_at.reset();
  put(tx, key, file, number, "last", tail);
  tx.run(
      "update blob_file set state = 'quarantined', length = received, expires_at = null, "
      "digest = $3 where tenant = $1 and id = $2",
      {id.tenant, id.id, db::Blob(crypto::seal(key, place(file, -1, "digest"), sha256))});
  return file;
}

File accept(Tx& tx, const FileId& id) { return settle(tx, id, State::clean, ""); }

File refuse(Tx& tx, const FileId& id, std::string_view reason) {
  if (!reason_like(reason))
    throw Error(Errc::invalid, "a reason is 1 to 40 lower-case letters and low lines");
  File file = settle(tx, id, State::refused, reason);
  erase_chunks(tx, id);
  return file;
}

std::optional<File> find(Tx& tx, const FileId& id) {
  std::optional<File> file;
  tx.each(
      "select id, owner, state, reason, length, max_bytes, received, created_at, expires_at "
      "from blob_file where tenant = $1 and id = $2",
      {id.tenant, id.id}, [&](Row row) { file = file_from(id.tenant, row); });
  return file;
}

std::vector<File> of_owner(Tx& tx, std::string_view tenant, std::string_view owner) {
  std::vector<File> files;
  tx.each(
      "select id, owner, state, reason, length, max_bytes, received, created_at, expires_at "
      "from blob_file where tenant = $1 and owner = $2 order by created_at, id",
      {tenant, owner}, [&](Row row) { files.push_back(file_from(tenant, row)); });
  return files;
}

std::string chunk(Tx& tx, const crypto::Key& key, const File& file, std::int64_t number) {
  if (number < 0 || number >= file.chunks())
    throw Error(Errc::not_found, "this file has no such chunk");
  std::optional<std::string> bytes;
  tx.each("select bytes from blob_chunk where tenant = $1 and file = $2 and number = $3",
          {file.id.tenant, file.id.id, number}, [&](Row row) {
            bytes = opened(key, place(file, number, rank_of(file, number)), row.blob(0));
          });
  if (!bytes)
    throw Error(Errc::failed, "a chunk of this file is missing: it was erased, or altered");
  // What was sealed as `more` is full and what ends the file is what is left of it; anything else
  // is a bug, not an attack: the seal stands against those.
  const std::int64_t expected = std::min(kChunk, file.received - number * kChunk);
  CHECK(std::cmp_equal(bytes->size(), expected));
  return std::move(*bytes);
}

std::string sha256(Tx& tx, const crypto::Key& key, const File& file) {
  std::optional<std::string> digest;
  tx.each("select digest from blob_file where tenant = $1 and id = $2 and digest is not null",
          {file.id.tenant, file.id.id},
          [&](Row row) { digest = opened(key, place(file, -1, "digest"), row.blob(0)); });
  if (!digest) throw Error(Errc::conflict, "this file is not received yet");
  return std::move(*digest);
}

bool erase(Tx& tx, const FileId& id) {
  erase_chunks(tx, id);
  return tx.run("delete from blob_file where tenant = $1 and id = $2", {id.tenant, id.id}) > 0;
}

std::size_t erase_of_owner(Tx& tx, std::string_view tenant, std::string_view owner) {
  const std::vector<File> files = of_owner(tx, tenant, owner);
  for (const File& file : files) erase(tx, file.id);
  return files.size();
}

std::size_t erase_expired(Tx& tx, Instant now) {
  std::vector<FileId> expired;
  tx.each(
      "select tenant, id from blob_file where state = 'receiving' and expires_at <= $1 "
      "order by expires_at limit $2",
      {stored(now), static_cast<std::int64_t>(kExpiredMax)},
      [&](Row row) { expired.push_back({std::string(row.text(0)), std::string(row.text(1))}); });
  for (const FileId& id : expired) erase(tx, id);
  return expired.size();
}

}  // namespace parvis::blob
