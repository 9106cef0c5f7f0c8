// A file's content as a whole, in many short transactions: the end of an upload, and reading.
#pragma once

#include <string>

#include "blob/blob_store.hpp"

namespace parvis::blob {

// Of an upload as it stands: what close() wants, for whoever closes it in a transaction of their
// own. Errc::conflict when it changes meanwhile.
struct Digest {
  std::int64_t received = 0;
  std::string sha256;  // 32 bytes
};
Digest digest(db::Database& database, const crypto::Key& key, const FileId& id);

// Ends an upload: reads it once for its SHA-256, then closes it (blob_store.hpp), and gives it as
// it stands. A file that is received already is given as it stands, so that a request may be
// repeated.
File finish(db::Database& database, const crypto::Key& key, const FileId& id, Instant now);

enum class Purpose : std::uint8_t {
  delivery,    // clean files
  inspection,  // those in quarantine too
};

// Reads a file by chunks of kChunkBytes, the last one shorter; one chunk at a time is in memory,
// and no transaction is open between two. The constructor opens the end of the file, so one that
// was cut off is refused before its first byte is given. One thread at a time; holds `database`.
class Reader {
 public:
  // Errc::not_found when the file is not there, or not for this purpose.
  Reader(db::Database& database, const crypto::Key& key, const FileId& id, Purpose purpose);
  const File& file() const { return file_; }
  std::int64_t chunks() const { return file_.chunks(); }
  // Errc::not_found past the last one, and for a file that was erased meanwhile.
  std::string chunk(std::int64_t number);
  std::string sha256();  // 32 bytes

 private:
  db::Database& database_;
  crypto::Key key_;
  File file_;
};

}  // namespace parvis::blob
