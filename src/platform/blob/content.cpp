#include "blob/content.hpp"

#include "base/error.hpp"
#include "crypto/hash.hpp"

namespace parvis::blob {
namespace {

Error gone() { return {Errc::not_found, "there is no such file, or it may not be read yet"}; }

File file_for(db::Database& database, const FileId& id) {
  auto file = database.read(id.tenant, [&](db::Tx& tx) { return find(tx, id); });
  if (!file) throw gone();
  return std::move(*file);
}

}  // namespace

namespace {

Digest digest(db::Database& database, const crypto::Key& key, const File& file) {
  crypto::Sha256 hash;
  for (std::int64_t number = 0; number < file.chunks(); ++number)
    hash.add(database.read(file.id.tenant, [&](db::Tx& tx) {
      // An append seals the end of the file anew: what was begun here is no longer the whole.
      if (find(tx, file.id) != file)
        throw Error(Errc::conflict, "this file has changed meanwhile: finish it again");
      return chunk(tx, key, file, number);
    }));
  return {file.received, hash.digest()};
}

}  // namespace

Digest digest(db::Database& database, const crypto::Key& key, const FileId& id) {
  return digest(database, key, file_for(database, id));
}

File finish(db::Database& database, const crypto::Key& key, const FileId& id, Instant now) {
  const File file = file_for(database, id);
  if (file.state != State::receiving) return file;
  const Digest whole = digest(database, key, file);
  return database.write(id.tenant, [&](db::Tx& tx) {
    // Two requests that finish the same upload: the second finds it done.
    const auto current = find(tx, id);
    if (current && current->state != State::receiving) return *current;
    return close(tx, key, id, whole.received, whole.sha256, now);
  });
}

Reader::Reader(db::Database& database, const crypto::Key& key, const FileId& id, Purpose purpose)
    : database_(database), key_(key), file_(file_for(database, id)) {
  const bool readable = file_.state == State::clean ||
                        (purpose == Purpose::inspection && file_.state == State::quarantined);
  if (!readable) throw gone();
  chunk(file_.chunks() - 1);
}

std::string Reader::chunk(std::int64_t number) {
  return database_.read(file_.id.tenant, [&](db::Tx& tx) {
    const auto current = find(tx, file_.id);
    if (!current || current->chunks() == 0) throw gone();
    return blob::chunk(tx, key_, file_, number);
  });
}

std::string Reader::sha256() {
  return database_.read(file_.id.tenant, [&](db::Tx& tx) { return blob::sha256(tx, key_, file_); });
}

}  // namespace parvis::blob
