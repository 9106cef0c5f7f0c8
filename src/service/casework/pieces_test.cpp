// Files of a draft and of a case, through the real inspection (this program is its child) and a
// clamd that answers what a test wants; the real one is in tests/integration/test_antivirus.py.
#include "casework/pieces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "crypto/hash.hpp"
#include "inspect/fixtures_for_tests.hpp"
#include "inspect/image.hpp"
#include "support/items.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::casework {
namespace {

namespace fs = std::filesystem;
using inspect::fixtures::page;
using inspect::fixtures::pdf;
using support::error_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Instant kNow = *parse_rfc3339("2026-11-24T13:32:00Z");

constexpr std::string_view kYaml = R"~(
id: essai
version: 1
title: Essai
summary: Pour voir.
service: etat-civil
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 months, basis: Une déclaration.}
steps:
  - title: Un
    pages:
      - {id: nom, type: text, label: Nom}
documents:
  - {id: acte, label: Acte, source: citizen, within: 3 months}
  - {id: photos, label: Photos, source: citizen, optional: true, count: 2, accept: [image/jpeg, image/png]}
)~";

// Says of each file that it is clean, once `before` has returned: what happens during a look.
class SlowAntivirus {
 public:
  SlowAntivirus(const fs::path& path, std::function<void()> before, std::string says = "stream: OK")
      : path_(path) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    thread_ = std::jthread([this, before = std::move(before), says = std::move(says)] {
      for (int client; (client = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(client)) {
        // "zINSTREAM", then chunks: the empty one, four zeros, ends it.
        std::string sent, more(4096, '\0');
        while (!sent.ends_with(std::string(4, '\0'))) {
          const ssize_t some = ::recv(client, more.data(), more.size(), 0);
          if (some <= 0) break;
          sent.append(more, 0, static_cast<std::size_t>(some));
        }
        before();
        ::send(client, says.c_str(), says.size() + 1, MSG_NOSIGNAL);
      }
    });
  }
  ~SlowAntivirus() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  const inspect::Clamd& clamd() const { return clamd_; }

 private:
  const fs::path path_;
  int listener_ = -1;
  std::jthread thread_;
  const inspect::Clamd clamd_{{.address = "unix:" + path_.string()}};
};

class PiecesTest : public support::EachEngine {
 public:
  PiecesTest() { fs::create_directories(folder_); }
  ~PiecesTest() override { fs::remove_all(folder_); }

 protected:
  void SetUp() override {
    auto definition = procedure::read_definition(kYaml);
    ASSERT_TRUE(definition) << definition.error().front().what;
    database_.write("demo",
                    [&](db::Tx& tx) { procedure::publish(tx, "demo", {*definition}, kNow); });
    cases_.begin(cx_, "essai", id_, token_);
    cases_.save(cx_, id_, token(), "nom", {{"nom", "Élodie Roy"}});
  }
  std::string token() const { return token_.reveal(); }
  static tenancy::Context context(tenancy::Actor actor, Instant now = kNow) {
    return {.tenant = "demo",
            .commune = "",
            .actor = std::move(actor),
            .zone = Zone::paris(),
            .deadline = {},
            .request = "r1",
            .now = now};
  }
  Piece give(Pieces& pieces, std::string field, std::string name, std::string_view content) {
    const Upload begun = pieces.begin(cx_, id_, token(),
                                      {.field = std::move(field),
                                       .name = Personal(std::move(name)),
                                       .length = static_cast<std::int64_t>(content.size()),
                                       .dated = parse_iso_date("2026-11-01")});
    const auto sending = pieces.resume(cx_, id_, token(), begun.piece.id, 0);
    sending->append(content);
    return sending->finish();
  }
  // One whose files nobody looks at.
  Pieces& no_one() { return no_one_; }
  Opened open() { return cases_.open(cx_, id_, token()); }
  static std::string whole(Pieces::Content content) {
    std::string out;
    while (out.size() < content.bytes) out += content.next();
    return out;
  }
  static std::string photo() {
    return inspect::fixtures::with_exif(inspect::encode(inspect::Type::jpeg, page()), 1);
  }
  std::int64_t blobs() {
    std::int64_t count = 0;
    database_.read("demo", [&](db::Tx& tx) {
      count = static_cast<std::int64_t>(blob::of_owner(tx, "demo", object_of(id_)).size());
    });
    return count;
  }

  fs::path folder_ = fs::temp_directory_path() / ("pieces-" + crypto::random_hex(8));
  tenancy::Context cx_ = context(tenancy::Actor::visitor());
  db::Database database_{config()};
  vault::SealedFile store_{folder_ / "keys", crypto::Key::random()};
  vault::Keyring keyring_{database_, store_};
  procedure::Catalogue catalogue_{database_};
  Cases cases_{database_, keyring_, catalogue_};
  inspect::Inspector inspector_{{.time_limit = std::chrono::seconds(120)}};
  std::vector<std::string> unsettled_;
  Pieces pieces_{database_,
                 keyring_,
                 catalogue_,
                 inspector_,
                 nullptr,
                 [this](db::Tx&, const Case&, const std::string& piece, Instant, Instant) {
                   unsettled_.push_back(piece);
                 }};
  inspect::Inspector nobody_{{.program = folder_ / "no-such-program"}};
  Pieces no_one_{database_, keyring_, catalogue_, nobody_, nullptr};
  const tenancy::Context system_ = context(tenancy::Actor::system("test"));
  const std::string id_ = new_id();
  const Secret<std::string> token_ = new_token();
  const Author agent_{Role::agent, "a1", "Claire Petit", {"etat-civil"}};
  const Author other_{Role::agent, "a2", "Jean Blanc", {"urbanisme"}};
};

TEST_P(PiecesTest, APieceIsAnAnswerOnceItWasLookedAt) {
  const std::string content = pdf();
  const Upload begun =
      pieces_.begin(cx_, id_, token(),
                    {.field = "acte",
                     .name = Personal(std::string("C:\\Mes documents\\acte d'Élodie.pdf")),
                     .length = static_cast<std::int64_t>(content.size()),
                     .dated = parse_iso_date("2026-11-01")});
  {  // cut in the middle
    const auto sending = pieces_.resume(cx_, id_, token(), begun.piece.id, 0);
    sending->append(content.substr(0, 100));
  }
  EXPECT_EQ(pieces_.at(cx_, id_, token(), begun.piece.id).received, 100);
  EXPECT_EQ(error_of([&] { pieces_.resume(cx_, id_, token(), begun.piece.id, 0); }).code(),
            Errc::conflict);
  EXPECT_FALSE(open().answers.contains("acte")) << "not before all of it is there";
  const auto sending = pieces_.resume(cx_, id_, token(), begun.piece.id, 100);
  EXPECT_EQ(error_of([&] { sending->finish(); }).code(), Errc::conflict) << "bytes are missing";
  sending->append(content.substr(100));
  const Piece piece = sending->finish();
  EXPECT_EQ(piece.state, PieceState::kept);
  EXPECT_EQ(piece.name.read(), "acte d'Élodie.pdf");
  EXPECT_EQ(piece.type, "application/pdf");
  const json::object answers = open().answers;
  EXPECT_EQ(answers.at("acte").as_array().at(0), (json::object{{"id", piece.id},
                                                               {"name", "acte d'Élodie.pdf"},
                                                               {"type", "application/pdf"},
                                                               {"size", piece.size}}));
  EXPECT_EQ(whole(pieces_.open(cx_, id_, token(), piece.id)), content);
  pieces_.remove(cx_, id_, token(), piece.id);
  EXPECT_FALSE(open().answers.contains("acte"));
  EXPECT_EQ(blobs(), 0);
}

TEST_P(PiecesTest, AnImageIsKeptWithoutItsMetadata) {
  const Piece piece = give(pieces_, "photos", "IMG_1.HEIC", photo());
  ASSERT_EQ(piece.state, PieceState::kept) << piece.said;
  EXPECT_EQ(piece.name.read(), "IMG_1.jpg");
  EXPECT_THAT(piece.said, HasSubstr("IMG_1.jpg")) << "its name was changed, and that is said";
  const std::string kept = whole(pieces_.open(cx_, id_, token(), piece.id));
  EXPECT_EQ(static_cast<std::int64_t>(kept.size()), piece.size);
  EXPECT_THAT(photo(), HasSubstr(inspect::fixtures::kPlace));
  EXPECT_THAT(kept, Not(HasSubstr(inspect::fixtures::kPlace)));
  EXPECT_EQ(blobs(), 1) << "nothing is left of what was sent";
}

TEST_P(PiecesTest, WhatIsRefusedSaysWhyAndIsNoAnswer) {
  const Piece text = give(pieces_, "acte", "acte.pdf", "Bonjour, ceci est du texte.");
  EXPECT_EQ(text.state, PieceState::refused);
  EXPECT_THAT(text.said, HasSubstr("PDF"));
  EXPECT_FALSE(open().answers.contains("acte"));
  EXPECT_EQ(error_of([&] { pieces_.open(cx_, id_, token(), text.id); }).code(), Errc::not_found);
  // The next one takes its place.
  EXPECT_EQ(give(pieces_, "acte", "acte.pdf", pdf()).state, PieceState::kept);
  EXPECT_THAT(pieces_.list(cx_, id_, token()), SizeIs(1));
  const Piece wrong = give(pieces_, "photos", "photo.pdf", pdf());
  EXPECT_EQ(wrong.state, PieceState::refused);
  EXPECT_THAT(wrong.said, HasSubstr("une photo, pas un PDF"));
}

TEST_P(PiecesTest, LimitsAreSaidBeforeAByteIsSent) {
  const auto begin = [&](NewPiece fresh) {
    return error_of([&] { pieces_.begin(cx_, id_, token(), fresh); });
  };
  EXPECT_EQ(begin({.field = "photos", .length = (10 << 20) + 1}).code(), Errc::too_large);
  EXPECT_EQ(begin({.field = "photos", .length = 0}).code(), Errc::invalid);
  EXPECT_EQ(begin({.field = "nom", .length = 10}).code(), Errc::invalid);
  EXPECT_EQ(begin({.field = "", .length = 10}).code(), Errc::invalid);
  EXPECT_THAT(begin({.field = "acte", .length = 10}).detail(), HasSubstr("Écrivez la date"));
  const Error old = begin({.field = "acte", .length = 10, .dated = parse_iso_date("2026-08-23")});
  EXPECT_THAT(old.detail(), HasSubstr("plus de 3 mois"));
  EXPECT_EQ(begin({.field = "acte", .length = 10, .dated = parse_iso_date("2026-11-25")}).code(),
            Errc::invalid);
  pieces_.begin(cx_, id_, token(),
                {.field = "acte", .length = 10, .dated = parse_iso_date("2026-08-24")});
  // One of unknown length ends at the limit.
  const Upload open_ended =
      pieces_.begin(cx_, id_, token(), {.field = "acte", .dated = parse_iso_date("2026-11-01")});
  const auto sending = pieces_.resume(cx_, id_, token(), open_ended.piece.id, 0);
  sending->append(std::string(10 << 20, 'x'));
  EXPECT_THAT(error_of([&] { sending->append("x"); }).detail(), HasSubstr("10\u00a0Mo"));
  give(pieces_, "photos", "1.jpg", photo());
  give(pieces_, "photos", "2.jpg", photo());
  EXPECT_THAT(begin({.field = "photos", .length = 10}).detail(), HasSubstr("2 fichiers au plus"));
}

TEST_P(PiecesTest, TheDepositHandsThemInAndLeavesNoOther) {
  give(pieces_, "acte", "acte.pdf", pdf());
  pieces_.begin(cx_, id_, token(), {.field = "photos", .length = 9});  // never sent
  give(pieces_, "photos", "note.txt", "du texte");                     // refused
  EXPECT_THAT(pieces_.list(cx_, id_, token()), SizeIs(3));
  const Opened deposited = cases_.deposit(cx_, id_, token()).opened;
  EXPECT_EQ(deposited.answers.at("acte").as_array().size(), 1u);
  const auto given = pieces_.list_as(context(tenancy::Actor::visitor()), agent_, id_);
  ASSERT_THAT(given, SizeIs(1));
  EXPECT_EQ(whole(pieces_.open_as(cx_, agent_, id_, given[0].id)), pdf());
  EXPECT_EQ(error_of([&] { pieces_.list_as(cx_, other_, id_); }).code(), Errc::not_found);
  EXPECT_EQ(error_of([&] { pieces_.open_as(cx_, other_, id_, given[0].id); }).code(),
            Errc::not_found);
  EXPECT_EQ(error_of([&] { pieces_.remove(cx_, id_, token(), given[0].id); }).code(),
            Errc::conflict);
  EXPECT_EQ(error_of([&] { pieces_.begin(cx_, id_, token(), {.field = "photos"}); }).code(),
            Errc::conflict);
  EXPECT_EQ(blobs(), 1);
}

TEST_P(PiecesTest, PiecesThatWereAskedForAreSeenOnceTheyAreGiven) {
  give(pieces_, "acte", "acte.pdf", pdf());
  cases_.deposit(cx_, id_, token());
  cases_.act_as(cx_, agent_, id_, Act::ask_pieces, "event-01", "Il manque une page.");
  const auto give_all = [&](std::string_view event, std::string_view text) {
    return cases_.act(cx_, id_, token(), Act::give_pieces, event, text);
  };
  EXPECT_EQ(error_of([&] { give_all("event-02", ""); }).code(), Errc::invalid);
  const Piece page = give(pieces_, "", "page 2.pdf", pdf());
  EXPECT_THAT(pieces_.list_as(cx_, agent_, id_), SizeIs(1)) << "not before they are sent";
  EXPECT_EQ(error_of([&] { pieces_.open_as(cx_, agent_, id_, page.id); }).code(), Errc::not_found);
  const Opened after = give_all("event-03", "");
  EXPECT_EQ(after.state, State::examined);
  EXPECT_EQ(after.events.back().more.at("pieces").as_array().at(0).at("name"), "page 2.pdf");
  EXPECT_THAT(pieces_.list_as(cx_, agent_, id_), SizeIs(2));
}

TEST_P(PiecesTest, WithoutAnAntivirusAPieceIsTakenAndWaits) {
  const inspect::Clamd down({.address = "unix:" + (folder_ / "none").string()});
  Pieces pieces(database_, keyring_, catalogue_, inspector_, &down,
                [this](db::Tx&, const Case&, const std::string& piece, Instant, Instant) {
                  unsettled_.push_back(piece);
                });
  const Piece piece = give(pieces, "acte", "acte.pdf", pdf());
  EXPECT_EQ(piece.state, PieceState::waiting);
  EXPECT_THAT(unsettled_, testing::Contains(piece.id));
  EXPECT_EQ(open().answers.at("acte").as_array().at(0).at("waiting"), true);
  cases_.deposit(cx_, id_, token());
  const auto seen = pieces.list_as(cx_, agent_, id_);
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].state, PieceState::waiting) << "the agent is told";
  EXPECT_EQ(error_of([&] { pieces.open_as(cx_, agent_, id_, piece.id); }).code(), Errc::conflict);
  const tenancy::Context system = context(tenancy::Actor::system("test"));
  EXPECT_EQ(pieces.recheck(system, id_, piece.id), PieceState::waiting);
  // The antivirus is there again: here, none is asked for any more.
  EXPECT_EQ(pieces_.recheck(system, id_, piece.id), PieceState::kept);
  EXPECT_EQ(whole(pieces_.open_as(cx_, agent_, id_, piece.id)), pdf());
  EXPECT_EQ(pieces.recheck(system, id_, new_id()), std::nullopt);
}

TEST_P(PiecesTest, AnImageThatWaitedForTheAntivirusIsRefusedByIt) {
  const inspect::Clamd down({.address = "unix:" + (folder_ / "none").string()});
  Pieces before(database_, keyring_, catalogue_, inspector_, &down);
  const Piece piece = give(before, "photos", "photo.jpg", photo());
  ASSERT_EQ(piece.state, PieceState::waiting);
  const SlowAntivirus finds(folder_ / "finds", [] {}, "stream: Eicar FOUND");
  Pieces pieces(database_, keyring_, catalogue_, inspector_, &finds.clamd());
  EXPECT_EQ(pieces.recheck(system_, id_, piece.id), PieceState::refused);
  EXPECT_THAT(open().pieces.at(0).said, HasSubstr("virus"));
  EXPECT_FALSE(open().answers.contains("photos"));
}

TEST_P(PiecesTest, NobodyToLookLeavesItToTheJob) {
  inspect::Inspector none({.program = folder_ / "no-such-program"});
  Pieces pieces(database_, keyring_, catalogue_, none, nullptr);
  const Piece piece = give(pieces, "photos", "photo.jpg", photo());
  EXPECT_EQ(piece.state, PieceState::checking);
  EXPECT_FALSE(open().answers.contains("photos"));
  EXPECT_EQ(pieces_.recheck(context(tenancy::Actor::system("test")), id_, piece.id),
            PieceState::kept);
  EXPECT_EQ(open().answers.at("photos").as_array().size(), 1u);
}

// A program that ends in the middle of a look leaves what it had written anew.
TEST_P(PiecesTest, TakesWithItWhatALookHadBegun) {
  const Piece piece = give(no_one(), "photos", "photo.jpg", photo());
  database_.write("demo", [&](db::Tx& tx) {
    blob::begin(tx, {"demo", piece.id + "-kept"}, {.owner = object_of(id_)}, kNow);
  });
  EXPECT_EQ(blobs(), 2);
  pieces_.remove(cx_, id_, token(), piece.id);
  EXPECT_EQ(blobs(), 0);
}

TEST_P(PiecesTest, WhatIsHandedInDuringALookStaysHandedIn) {
  const inspect::Clamd down({.address = "unix:" + (folder_ / "none").string()});
  Pieces before(database_, keyring_, catalogue_, inspector_, &down);
  const Piece piece = give(before, "acte", "acte.pdf", pdf());
  ASSERT_EQ(piece.state, PieceState::waiting);
  const SlowAntivirus slow(folder_ / "slow", [&] { cases_.deposit(cx_, id_, token()); });
  Pieces pieces(database_, keyring_, catalogue_, inspector_, &slow.clamd());
  EXPECT_EQ(pieces.recheck(system_, id_, piece.id), PieceState::kept);
  ASSERT_THAT(pieces_.list_as(cx_, agent_, id_), SizeIs(1));
  EXPECT_EQ(whole(pieces_.open_as(cx_, agent_, id_, piece.id)), pdf());
}

TEST_P(PiecesTest, OfTwoLooksAtOnceTheFirstToEndCounts) {
  give(pieces_, "acte", "acte.pdf", pdf());
  const Piece piece = give(no_one(), "photos", "photo.jpg", photo());
  const SlowAntivirus slow(folder_ / "slow", [&] {
    EXPECT_EQ(pieces_.recheck(system_, id_, piece.id), PieceState::kept);
    cases_.deposit(cx_, id_, token());
  });
  Pieces pieces(database_, keyring_, catalogue_, inspector_, &slow.clamd());
  EXPECT_EQ(pieces.recheck(system_, id_, piece.id), PieceState::kept);
  ASSERT_THAT(pieces_.list_as(cx_, agent_, id_), SizeIs(2));
  EXPECT_FALSE(whole(pieces_.open_as(cx_, agent_, id_, piece.id)).empty());
  EXPECT_EQ(blobs(), 2);
}

TEST_P(PiecesTest, OneThatIsTakenAwayDuringALookLeavesNothing) {
  const Piece piece = give(no_one(), "photos", "photo.jpg", photo());
  const SlowAntivirus slow(folder_ / "slow", [&] { pieces_.remove(cx_, id_, token(), piece.id); });
  Pieces pieces(database_, keyring_, catalogue_, inspector_, &slow.clamd());
  EXPECT_EQ(pieces.recheck(system_, id_, piece.id), std::nullopt);
  EXPECT_EQ(blobs(), 0);
}

TEST_P(PiecesTest, AnUploadThatIsEndedTwiceIsOnePiece) {
  const std::string content = photo();
  std::unique_ptr<Pieces::Sending> other;
  int looks = 0;
  const SlowAntivirus slow(folder_ / "slow", [&] {
    ++looks;
    EXPECT_EQ(other->finish().state, PieceState::checking) << "the first one looks";
  });
  Pieces pieces(database_, keyring_, catalogue_, inspector_, &slow.clamd());
  const std::string id =
      pieces
          .begin(cx_, id_, token(),
                 {.field = "photos", .length = static_cast<std::int64_t>(content.size())})
          .piece.id;
  const auto all = static_cast<std::int64_t>(content.size());
  const auto sending = pieces.resume(cx_, id_, token(), id, 0);
  sending->append(content);
  other = pieces.resume(cx_, id_, token(), id, all);
  const auto late = pieces.resume(cx_, id_, token(), id, all);
  EXPECT_EQ(sending->finish().state, PieceState::kept);
  EXPECT_EQ(late->finish().state, PieceState::kept) << "what it was sent as is erased by now";
  EXPECT_EQ(looks, 1);
  EXPECT_THAT(pieces_.list(cx_, id_, token()), SizeIs(1));
  EXPECT_EQ(open().answers.at("photos").as_array().size(), 1u);
  EXPECT_EQ(blobs(), 1);
}

TEST_P(PiecesTest, ADepositWaitsForADocumentThatIsBeingLookedAt) {
  give(pieces_, "acte", "acte.pdf", pdf());
  const Piece photo_sent = give(no_one(), "photos", "photo.jpg", photo());
  const auto refused = [&] { return error_of([&] { cases_.deposit(cx_, id_, token()); }); };
  EXPECT_EQ(refused().code(), Errc::invalid);
  EXPECT_THAT(refused().detail(), HasSubstr("Nous vérifions encore votre document"));
  pieces_.recheck(system_, id_, photo_sent.id);
  // One whose last byte has come, and nothing else yet.
  const std::string content = photo();
  const Upload begun = pieces_.begin(
      cx_, id_, token(), {.field = "photos", .length = static_cast<std::int64_t>(content.size())});
  pieces_.resume(cx_, id_, token(), begun.piece.id, 0)->append(content);
  EXPECT_EQ(refused().code(), Errc::invalid);
  pieces_.recheck(system_, id_, begun.piece.id);
  cases_.deposit(cx_, id_, token());
  EXPECT_THAT(pieces_.list_as(cx_, agent_, id_), SizeIs(3));
  // So do those that were asked for.
  cases_.act_as(cx_, agent_, id_, Act::ask_pieces, "event-01", "Il manque une page.");
  const Piece asked = give(no_one(), "", "page 2.pdf", pdf());
  const auto send = [&] {
    cases_.act(cx_, id_, token(), Act::give_pieces, "event-02", "La voici.");
  };
  EXPECT_EQ(error_of(send).code(), Errc::invalid);
  pieces_.recheck(system_, id_, asked.id);
  send();
  EXPECT_THAT(pieces_.list_as(cx_, agent_, id_), SizeIs(4));
}

// The mandatory one is not said to be missing.
TEST_P(PiecesTest, ADocumentThatIsBeingLookedAtIsNotMissing) {
  give(no_one(), "acte", "acte.pdf", pdf());
  EXPECT_THAT(error_of([&] { cases_.deposit(cx_, id_, token()); }).detail(),
              HasSubstr("Nous vérifions encore votre document"));
}

TEST_P(PiecesTest, ItsLastByteIsEnoughForItToBeLookedAt) {
  const std::string content = photo();
  const Upload begun = pieces_.begin(
      cx_, id_, token(), {.field = "photos", .length = static_cast<std::int64_t>(content.size())});
  const auto sending = pieces_.resume(cx_, id_, token(), begun.piece.id, 0);
  sending->append(content.substr(0, 100));
  EXPECT_THAT(unsettled_, IsEmpty());
  EXPECT_EQ(pieces_.recheck(system_, id_, begun.piece.id), PieceState::receiving);
  sending->append(content.substr(100));
  EXPECT_THAT(unsettled_, testing::Contains(begun.piece.id));
  // The program ends here.
  EXPECT_EQ(pieces_.recheck(system_, id_, begun.piece.id), PieceState::kept);
  EXPECT_EQ(open().answers.at("photos").as_array().size(), 1u);
}

TEST_P(PiecesTest, AnAgentOfOtherCommunesSeesNone) {
  const Piece piece = give(pieces_, "acte", "acte.pdf", pdf());
  cases_.deposit(cx_, id_, token());
  const Author elsewhere{Role::agent, "a3", "Luc Noir", {"etat-civil"}, {"99002"}};
  EXPECT_EQ(error_of([&] { pieces_.list_as(cx_, elsewhere, id_); }).code(), Errc::not_found);
  EXPECT_EQ(error_of([&] { pieces_.open_as(cx_, elsewhere, id_, piece.id); }).code(),
            Errc::not_found);
}

TEST_P(PiecesTest, GoesWithTheDraft) {
  const Piece piece = give(pieces_, "acte", "Roy.pdf", pdf());
  cases_.erase_draft(cx_, id_, token());
  EXPECT_EQ(blobs(), 0);
  EXPECT_EQ(error_of([&] { pieces_.at(cx_, id_, token(), piece.id); }).code(), Errc::not_found);
}

TEST_P(PiecesTest, AnUploadThatNeverEndedGoes) {
  pieces_.begin(cx_, id_, token(),
                {.field = "acte", .length = 10, .dated = parse_iso_date("2026-11-01")});
  const auto system = [](Instant now) { return context(tenancy::Actor::system("retention"), now); };
  EXPECT_EQ(pieces_.erase_lost(system(kNow + std::chrono::hours(1))), 0u);
  EXPECT_EQ(pieces_.erase_lost(system(kNow + blob::kIdleMax + std::chrono::hours(1))), 1u);
  EXPECT_EQ(blobs(), 0);
  EXPECT_EQ(pieces_.erase_lost(system(kNow + kReceivingMax + std::chrono::hours(1))), 1u);
  EXPECT_THAT(open().pieces, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, PiecesTest, support::kEngines, support::engine_name);

}  // namespace
}  // namespace parvis::casework

// This program is the child that looks at files, too.
int main(int argc, char** argv) {
  if (argc > 1 && argv[1] == parvis::inspect::kChildCommand)
    return parvis::inspect::run_child(argc, argv);
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
