#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "blob/content.hpp"
#include "crypto/hash.hpp"
#include "support/items.hpp"

namespace parvis::blob {
namespace {

using namespace std::chrono_literals;
using support::error_of;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Instant kNow = *parse_rfc3339("2026-11-28T09:00:00Z");
const FileId kFile{"demo", "photo-1"};
const NewFile kNew{.owner = "draft/1"};

// Bytes that differ from place to place, so that any disorder shows.
std::string content(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t x = 1;
  for (char& byte : bytes) {
    x = x * 1664525 + 1013904223;
    byte = static_cast<char>(x >> 24);
  }
  return bytes;
}

class Blob : public support::EachEngine {
 protected:
  File start(const FileId& id = kFile, const NewFile& file = kNew, Instant now = kNow) {
    return database_.write([&](db::Tx& tx) { return begin(tx, id, file, now); });
  }
  File add(std::int64_t offset, std::string_view bytes, const FileId& id = kFile,
           Instant now = kNow) {
    return database_.write([&](db::Tx& tx) { return append(tx, key_, id, offset, bytes, now); });
  }
  File end(const FileId& id = kFile, Instant now = kNow) {
    return finish(database_, key_, id, now);
  }
  std::optional<File> look(const FileId& id = kFile) {
    return database_.read([&](db::Tx& tx) { return find(tx, id); });
  }
  // In pieces of `piece` bytes.
  File upload(std::string_view bytes, std::size_t piece = kAppendMax, const FileId& id = kFile) {
    start(id);
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      add(static_cast<std::int64_t>(at), bytes.substr(at, piece), id);
    return end(id);
  }
  void settle_clean(const FileId& id = kFile) {
    database_.write([&](db::Tx& tx) { accept(tx, id); });
  }
  std::string whole(const FileId& id = kFile, Purpose purpose = Purpose::inspection) {
    Reader reader(database_, key_, id, purpose);
    std::string bytes;
    for (std::int64_t i = 0; i < reader.chunks(); ++i) bytes += reader.chunk(i);
    return bytes;
  }
  // How many chunks of all those of the file open.
  int opening(const FileId& id = kFile) {
    const auto file = look(id);
    int count = 0;
    for (std::int64_t i = 0; i < file->chunks(); ++i) {
      try {
        database_.read([&](db::Tx& tx) { chunk(tx, key_, *file, i); });
        ++count;
      } catch (const Error& e) {
        EXPECT_EQ(e.code(), Errc::failed) << e.detail();
      }
    }
    return count;
  }
  std::map<std::int64_t, std::string> stored_chunks(const FileId& id = kFile) {
    std::map<std::int64_t, std::string> chunks;
    database_.read([&](db::Tx& tx) {
      tx.each("select number, bytes from blob_chunk where tenant = $1 and file = $2",
              {id.tenant, id.id},
              [&](db::Row row) { chunks[row.integer(0)] = std::string(row.blob(1)); });
    });
    return chunks;
  }
  void store_chunk(std::int64_t number, const std::string& bytes, const FileId& id = kFile) {
    database_.write([&](db::Tx& tx) {
      tx.run("update blob_chunk set bytes = $4 where tenant = $1 and file = $2 and number = $3",
             {id.tenant, id.id, number, db::Blob(bytes)});
    });
  }
  Errc reading(const FileId& id = kFile) {
    return error_of([&] { whole(id); }).code();
  }

  db::Database database_{config()};
  crypto::Key key_ = crypto::Key::random();
};
INSTANTIATE_TEST_SUITE_P(Engines, Blob, support::kEngines, support::engine_name);

TEST_P(Blob, GivesBackWhatWasReceivedWhateverThePieces) {
  int n = 0;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kChunkBytes - 1, kChunkBytes,
                                 kChunkBytes + 1, 3 * kChunkBytes, 3 * kChunkBytes + 7})
    for (const std::size_t piece : {std::size_t{30'001}, kChunkBytes, kAppendMax}) {
      const FileId id{"demo", "file-" + std::to_string(++n)};
      const std::string bytes = content(size);
      const File file = upload(bytes, piece, id);
      EXPECT_EQ(file.state, State::quarantined);
      EXPECT_EQ(file.received, size);
      EXPECT_EQ(file.length, size);
      EXPECT_EQ(file.expires_at, std::nullopt);
      EXPECT_TRUE(whole(id) == bytes) << size << " by " << piece;
      EXPECT_EQ(file, look(id));
      Reader reader(database_, key_, id, Purpose::inspection);
      EXPECT_EQ(crypto::to_hex(reader.sha256()), crypto::sha256_hex(bytes));
      EXPECT_THAT(stored_chunks(id),
                  SizeIs(std::max<std::size_t>(1, (size + kChunkBytes - 1) / kChunkBytes)));
    }
}

TEST_P(Blob, NothingIsStoredInPlain) {
  upload(std::string(kChunkBytes + 5, 'x'));
  for (const auto& [number, bytes] : stored_chunks()) EXPECT_FALSE(bytes.contains("xxxx"));
  const std::string hex = crypto::sha256_hex(std::string(kChunkBytes + 5, 'x'));
  database_.read([&](db::Tx& tx) {
    tx.each("select digest from blob_file", {},
            [&](db::Row row) { EXPECT_FALSE(row.blob(0).contains(*crypto::from_hex(hex))); });
  });
}

TEST_P(Blob, GoesOnAtTheByteThatIsDurable) {
  const std::string bytes = content(5 * kChunkBytes + 100);
  const NewFile announced{.owner = "draft/1", .length = static_cast<std::int64_t>(bytes.size())};
  start(kFile, announced);
  const std::size_t cut = bytes.size() * 99 / 100;
  add(0, std::string_view(bytes).substr(0, cut));
  // The line is cut in the middle of the next piece: nothing of it is stored.
  EXPECT_THROW(database_.write([&](db::Tx& tx) {
    append(tx, key_, kFile, static_cast<std::int64_t>(cut), std::string_view(bytes).substr(cut),
           kNow);
    throw Error(Errc::unavailable, "the line was cut");
  }),
               Error);
  db::Database after_restart{config()};
  const auto file = after_restart.read([&](db::Tx& tx) { return find(tx, kFile); });
  ASSERT_EQ(file->received, cut);
  EXPECT_EQ(file->state, State::receiving);
  EXPECT_THAT(error_of([&] { end(); }).detail(), HasSubstr("are missing"));
  add(file->received, std::string_view(bytes).substr(cut));
  end();
  EXPECT_TRUE(whole() == bytes);
}

TEST_P(Blob, APieceTwiceOrOutOfOrderIsRefused) {
  start();
  add(0, "abc");
  EXPECT_EQ(error_of([&] { add(0, "abc"); }).code(), Errc::conflict);
  EXPECT_EQ(error_of([&] { add(4, "e"); }).code(), Errc::conflict);
  EXPECT_EQ(error_of([&] { add(-1, "e"); }).code(), Errc::conflict);
  EXPECT_THAT(error_of([&] { add(4, "e"); }).detail(), HasSubstr("byte 3"));
  add(3, "d");
  end();
  EXPECT_EQ(whole(), "abcd");
  EXPECT_EQ(error_of([&] { add(4, "e"); }).code(), Errc::conflict);
}

TEST_P(Blob, TwoSendersAtTheSameOffsetAreOneWinner) {
  start();
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> threads;
    for (const char c : {'a', 'b', 'c'})
      threads.emplace_back([&, c] {
        try {
          add(0, std::string(100, c));
        } catch (const Error& e) {
          EXPECT_EQ(e.code(), Errc::conflict) << e.detail();
          ++refused;
        }
      });
  }
  EXPECT_EQ(refused, 2);
  end();
  EXPECT_EQ(whole(), std::string(100, whole().front()));
}

TEST_P(Blob, ALengthMayBeAnnouncedLater) {
  start();
  add(0, "abc");
  const auto announced = [&](std::int64_t length) {
    return database_.write([&](db::Tx& tx) { return announce(tx, kFile, length, kNow); });
  };
  EXPECT_EQ(error_of([&] { announced(2); }).code(), Errc::conflict);
  EXPECT_EQ(error_of([&] { announced(kFileMax + 1); }).code(), Errc::too_large);
  EXPECT_EQ(announced(4).length, 4);
  EXPECT_EQ(announced(4).length, 4);
  EXPECT_EQ(error_of([&] { announced(5); }).code(), Errc::conflict);
  EXPECT_EQ(error_of([&] { add(3, "de"); }).code(), Errc::conflict);
  EXPECT_EQ(error_of([&] { end(); }).code(), Errc::conflict);
  add(3, "d");
  EXPECT_EQ(end().length, 4);
}

TEST_P(Blob, LimitsAreKept) {
  const NewFile small{.owner = "draft/1", .max_bytes = 10};
  start(kFile, small);
  add(0, "0123456789");
  EXPECT_EQ(error_of([&] { add(10, "x"); }).code(), Errc::too_large);
  EXPECT_EQ(error_of([&] { add(10, std::string(kAppendMax + 1, 'x')); }).code(), Errc::too_large);
  EXPECT_EQ(look()->received, 10);
  EXPECT_EQ(error_of([&] {
              start({"demo", "b"}, {.owner = "draft/1", .length = 11, .max_bytes = 10});
            }).code(),
            Errc::too_large);
  EXPECT_EQ(error_of([&] {
              start({"demo", "b"}, {.owner = "d", .length = kFileMax + 1, .max_bytes = 1LL << 40});
            }).code(),
            Errc::too_large);
  EXPECT_EQ(error_of([&] { start({"demo", "b"}, {.owner = "d", .length = -1}); }).code(),
            Errc::invalid);
  for (std::int64_t i = 1; i < kFilesOfOwnerMax; ++i) start({"demo", "f" + std::to_string(i)});
  EXPECT_EQ(error_of([&] { start({"demo", "one-more"}); }).code(), Errc::too_large);
  start(kFile, small);                                // is there already
  start({"demo", "other"}, {.owner = "draft/2"});     // another owner's
  start({"elsewhere", "f50"}, {.owner = "draft/1"});  // another tenant's
}

TEST_P(Blob, RefusesWhatIsNotWellFormed) {
  for (const std::string& id :
       {std::string(), std::string("a/b"), std::string("é"), std::string(kIdMax + 1, 'a')})
    EXPECT_EQ(error_of([&] { start({"demo", id}); }).code(), Errc::invalid) << id;
  for (const std::string& owner :
       {std::string(), std::string("a b"), std::string(kOwnerMax + 1, 'a')})
    EXPECT_EQ(error_of([&] { start(kFile, {.owner = owner}); }).code(), Errc::invalid) << owner;
  EXPECT_EQ(error_of([&] { add(0, "x"); }).code(), Errc::not_found);
  EXPECT_EQ(error_of([&] { end(); }).code(), Errc::not_found);
}

TEST_P(Blob, TheSameBeginningIsTheSameUpload) {
  start(kFile, {.owner = "draft/1", .length = 9});
  add(0, "abc");
  EXPECT_EQ(start(kFile, {.owner = "draft/1", .length = 9}).received, 3);
  EXPECT_EQ(error_of([&] { start(kFile, {.owner = "draft/2", .length = 9}); }).code(),
            Errc::conflict);
  EXPECT_EQ(error_of([&] { start(kFile, {.owner = "draft/1", .length = 8}); }).code(),
            Errc::conflict);
}

TEST_P(Blob, FinishingTwiceIsOnce) {
  const File file = upload("abc");
  EXPECT_EQ(end(), file);
  settle_clean();
  EXPECT_EQ(end().state, State::clean);
}

TEST_P(Blob, IsReadOnlyWhenItMayBe) {
  const auto code = [&](Purpose purpose) {
    return error_of([&] { Reader(database_, key_, kFile, purpose); }).code();
  };
  EXPECT_EQ(code(Purpose::inspection), Errc::not_found);
  start();
  add(0, "abc");
  EXPECT_EQ(code(Purpose::inspection), Errc::not_found);
  EXPECT_EQ(error_of([&] { database_.write([](db::Tx& tx) { accept(tx, kFile); }); }).code(),
            Errc::conflict);
  end();
  EXPECT_EQ(code(Purpose::delivery), Errc::not_found);
  EXPECT_EQ(whole(), "abc");
  settle_clean();
  settle_clean();
  EXPECT_EQ(whole(kFile, Purpose::delivery), "abc");
  EXPECT_EQ(
      error_of([&] { database_.write([](db::Tx& tx) { refuse(tx, kFile, "late"); }); }).code(),
      Errc::conflict);
}

TEST_P(Blob, ReadsAnyPart) {
  const std::string bytes = content(3 * kChunkBytes + 5);
  upload(bytes);
  Reader reader(database_, key_, kFile, Purpose::inspection);
  EXPECT_EQ(reader.chunks(), 4);
  EXPECT_TRUE(reader.chunk(2) == bytes.substr(2 * kChunkBytes, kChunkBytes));
  EXPECT_TRUE(reader.chunk(3) == bytes.substr(3 * kChunkBytes));
  EXPECT_TRUE(reader.chunk(0) == bytes.substr(0, kChunkBytes));
  for (const std::int64_t number : {-1, 4})
    EXPECT_EQ(error_of([&] { reader.chunk(number); }).code(), Errc::not_found);
}

TEST_P(Blob, ARefusedFileLosesItsContentAndTellsWhy) {
  upload(content(2 * kChunkBytes));
  Reader reader(database_, key_, kFile, Purpose::inspection);
  const auto refused = [&](std::string_view reason) {
    return database_.write([&](db::Tx& tx) { return refuse(tx, kFile, reason); });
  };
  EXPECT_EQ(error_of([&] { refused("Not a word"); }).code(), Errc::invalid);
  EXPECT_EQ(refused("infected").reason, "infected");
  EXPECT_EQ(refused("infected").state, State::refused);
  EXPECT_EQ(error_of([&] { refused("encrypted"); }).code(), Errc::conflict);
  EXPECT_EQ(look()->reason, "infected");
  EXPECT_THAT(stored_chunks(), IsEmpty());
  EXPECT_EQ(reading(), Errc::not_found);
  EXPECT_EQ(error_of([&] { reader.chunk(0); }).code(), Errc::not_found);
}

TEST_P(Blob, AnotherKeyOpensNothing) {
  upload("abc");
  key_ = crypto::Key::random();
  EXPECT_EQ(reading(), Errc::failed);
}

TEST_P(Blob, ChunksThatAreSwappedDoNotOpen) {
  upload(content(4 * kChunkBytes));
  const auto chunks = stored_chunks();
  ASSERT_EQ(opening(), 4);
  for (const auto& [a, bytes_a] : chunks)
    for (const auto& [b, bytes_b] : chunks) {
      if (a >= b) continue;
      store_chunk(a, bytes_b);
      store_chunk(b, bytes_a);
      EXPECT_EQ(opening(), 2) << a << " and " << b;
      EXPECT_EQ(reading(), Errc::failed);
      store_chunk(a, bytes_a);
      store_chunk(b, bytes_b);
    }
  EXPECT_EQ(opening(), 4);
}

TEST_P(Blob, ChunksOfAnotherFileOrTenantDoNotOpen) {
  const std::string bytes = content(2 * kChunkBytes);
  const FileId sibling{"demo", "photo-2"};
  const FileId elsewhere{"elsewhere", "photo-1"};
  upload(bytes);
  for (const FileId& other : {sibling, elsewhere}) {
    upload(bytes, kAppendMax, other);
    for (const auto& [number, sealed] : stored_chunks()) store_chunk(number, sealed, other);
    EXPECT_EQ(opening(other), 0) << other.id;
    EXPECT_EQ(reading(other), Errc::failed);
  }
}

TEST_P(Blob, AFileThatIsCutOffDoesNotOpen) {
  upload(content(3 * kChunkBytes));
  // Its last chunk is dropped, and its row made to fit.
  const auto forge = [&](std::int64_t received) {
    database_.write([&](db::Tx& tx) {
      tx.run("delete from blob_chunk where number = 2");
      tx.run("update blob_file set received = $1, length = $1", {received});
    });
  };
  forge(3 * static_cast<std::int64_t>(kChunkBytes));
  EXPECT_EQ(reading(), Errc::failed);
  forge(2 * static_cast<std::int64_t>(kChunkBytes));
  // Not even its first byte is given: a reader opens the end first.
  EXPECT_EQ(error_of([&] { Reader(database_, key_, kFile, Purpose::inspection); }).code(),
            Errc::failed);
}

TEST_P(Blob, AFileThatIsMadeLongerDoesNotOpen) {
  upload(content(kChunkBytes));
  const std::string sealed = stored_chunks().at(0);
  database_.write([&](db::Tx& tx) {
    tx.run("insert into blob_chunk (tenant, file, number, bytes) values ('demo', 'photo-1', 1, $1)",
           {db::Blob(sealed)});
    tx.run("update blob_file set received = 2 * received, length = 2 * length");
  });
  EXPECT_EQ(opening(), 0);
}

TEST_P(Blob, AnUnfinishedFileCannotPassForAWholeOne) {
  start();
  add(0, content(kChunkBytes + 10));
  database_.write([](db::Tx& tx) { tx.run("update blob_file set state = 'clean'"); });
  EXPECT_EQ(reading(), Errc::failed);
}

TEST_P(Blob, AnyAlteredBitShows) {
  upload("abc");
  const std::string sealed = stored_chunks().at(0);
  for (std::size_t at = 1; at < sealed.size(); ++at) {
    std::string altered = sealed;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    store_chunk(0, altered);
    EXPECT_EQ(reading(), Errc::failed) << at;
  }
}

TEST_P(Blob, AnUploadThatNobodyEndsExpires) {
  start();
  start({"elsewhere", "photo-1"});
  start({"demo", "whole"});
  add(0, "abc", {"demo", "whole"});
  end({"demo", "whole"});
  const auto expire = [&](Instant now) {
    return database_.write([&](db::Tx& tx) { return erase_expired(tx, now); });
  };
  EXPECT_EQ(add(0, "abc", kFile, kNow + 23h).expires_at, kNow + 23h + kIdleMax);
  EXPECT_EQ(expire(kNow + kIdleMax - 1ms), 0u);
  EXPECT_EQ(expire(kNow + kIdleMax), 1u);  // the one to which nothing was added
  EXPECT_FALSE(look({"elsewhere", "photo-1"}));
  // Nobody goes on with what is about to be erased.
  EXPECT_EQ(error_of([&] { add(3, "d", kFile, kNow + 47h); }).code(), Errc::not_found);
  EXPECT_EQ(error_of([&] { end(kFile, kNow + 47h); }).code(), Errc::not_found);
  EXPECT_EQ(expire(kNow + 47h), 1u);
  EXPECT_THAT(stored_chunks(), IsEmpty());
  EXPECT_EQ(expire(kNow + 1000h), 0u);
  EXPECT_EQ(whole({"demo", "whole"}), "abc");
}

TEST_P(Blob, AnUploadThatNeverEndsExpiresToo) {
  start();
  Instant now = kNow;
  std::int64_t at = 0;
  for (; now < kNow + kUploadMax; now += 20h) add(at++, "x", kFile, now);
  EXPECT_EQ(look()->expires_at, kNow + kUploadMax);
  EXPECT_EQ(error_of([&] { add(at, "x", kFile, now); }).code(), Errc::not_found);
}

TEST_P(Blob, ErasesInBatches) {
  for (std::size_t i = 0; i < kExpiredMax + 3; ++i) start({"demo", "f" + std::to_string(i)});
  const auto expire = [&] {
    return database_.write([&](db::Tx& tx) { return erase_expired(tx, kNow + kIdleMax); });
  };
  EXPECT_EQ(expire(), kExpiredMax);
  EXPECT_EQ(expire(), 3u);
}

TEST_P(Blob, ListsAndErasesWhatIsOfAnOwner) {
  upload("abc");
  start({"demo", "b"}, kNew, kNow + 1s);
  start({"demo", "c"}, {.owner = "draft/2"});
  start({"elsewhere", "d"});
  const auto files = [&](std::string_view owner) {
    return database_.read([&](db::Tx& tx) { return of_owner(tx, "demo", owner); });
  };
  EXPECT_THAT(files("draft/1"),
              ElementsAre(Field(&File::id, kFile), Field(&File::id, FileId{"demo", "b"})));
  EXPECT_EQ(database_.write([](db::Tx& tx) { return erase_of_owner(tx, "demo", "draft/1"); }), 2u);
  EXPECT_THAT(files("draft/1"), IsEmpty());
  EXPECT_THAT(stored_chunks(), IsEmpty());
  EXPECT_THAT(files("draft/2"), SizeIs(1));
  const auto erased = [&] {
    return database_.write([](db::Tx& tx) { return erase(tx, {"demo", "c"}); });
  };
  EXPECT_TRUE(erased());
  EXPECT_FALSE(erased());
  EXPECT_TRUE(look({"elsewhere", "d"}));
}

TEST_P(Blob, RowLevelSecurityStandsBehind) {
  upload("abc");
  if (on_sqlite()) {  // it has no such wall: the statements alone keep tenants apart
    EXPECT_FALSE(look({"elsewhere", kFile.id}));
    return;
  }
  database_.read("elsewhere", [](db::Tx& tx) {
    EXPECT_FALSE(find(tx, kFile));
    std::int64_t rows = -1;
    tx.each("select count(*) from blob_chunk", {}, [&](db::Row row) { rows = row.integer(0); });
    EXPECT_EQ(rows, 0);
  });
  EXPECT_THROW(
      database_.write("elsewhere", [](db::Tx& tx) { begin(tx, {"demo", "f"}, kNew, kNow); }),
      Error);
}

}  // namespace
}  // namespace parvis::blob
