// Files of a draft and of a case, through the real inspection (this program is its child) and a
// clamd that answers what a test wants; the real one is in tests/integration/test_antivirus.py.
#include "casework/pieces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "casework/asks.hpp"
#include "casework/standing.hpp"
#include "crypto/hash.hpp"
#include "inspect/fixtures_for_tests.hpp"
#include "inspect/image.hpp"
#include "support/antivirus.hpp"
#include "support/items.hpp"
#include "vault/sealed_file.hpp"

namespace parvis::casework {
namespace {

namespace fs = std::filesystem;
using inspect::fixtures::page;
using inspect::fixtures::pdf;
using support::error_of;
using support::SlowAntivirus;
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
  Piece give(Pieces& pieces, std::string field, std::string name, std::string_view content,
             std::string ask = {}) {
    const Upload begun = pieces.begin(cx_, id_, token(),
                                      {.field = std::move(field),
                                       .name = Personal(std::move(name)),
                                       .length = static_cast<std::int64_t>(content.size()),
                                       .dated = parse_iso_date("2026-11-01"),
                                       .ask = std::move(ask)});
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

TEST_P(PiecesTest, WhatIsRefusedOfAFormStaysUntilItWasRead) {
  give(pieces_, "photos", "note.txt", "du texte");
  const Instant began = cx_.now;  // of the form that brings both
  const NewPiece beside{.field = "photos", .length = 9, .form_began = began};
  pieces_.begin(cx_, id_, token(), beside);
  EXPECT_THAT(pieces_.list(cx_, id_, token()), SizeIs(2)) << "its refusal is to be told";
  cx_.now += std::chrono::seconds(1);
  pieces_.begin(cx_, id_, token(), {.field = "photos", .length = 9, .form_began = cx_.now});
  EXPECT_THAT(pieces_.list(cx_, id_, token()), SizeIs(2)) << "of the form before, it is over";
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

TEST_P(PiecesTest, EachFileAnswersWhatItWasSentFor) {
  give(pieces_, "acte", "acte.pdf", pdf());
  cases_.deposit(cx_, id_, token());
  cases_.act_as(cx_, agent_, id_, Act::ask_pieces, "event-01", "Il manque deux documents.",
                {{"pieces", json::array{"Un plan", "Un devis"}}, {"term", "2027-01-15"}});
  const auto hand_in = [&](std::string_view event) {
    return cases_.act(cx_, id_, token(), Act::give_pieces, event, "");
  };
  EXPECT_EQ(error_of([&] { give(pieces_, "", "x.pdf", pdf(), "9-9"); }).code(), Errc::invalid);
  give(pieces_, "", "devis.pdf", pdf(), "2-2");
  Opened now = hand_in("event-02");
  EXPECT_EQ(now.state, State::awaiting) << "one of two";
  EXPECT_THAT(awaited_labels(asks_of(now.events)), testing::ElementsAre("Un plan"));
  EXPECT_EQ(error_of([&] { give(pieces_, "", "x.pdf", pdf(), "2-2"); }).code(), Errc::invalid);
  // Of the one that is left, nothing has to be said.
  give(pieces_, "", "plan.pdf", pdf());
  now = hand_in("event-03");
  EXPECT_EQ(now.state, State::examined);
  EXPECT_EQ(now.events.back().more.at("pieces").as_array().at(0).at("ask"), "2-1");
}

TEST_P(PiecesTest, AFileOfWhichNobodySaysWhatItIsWaitsForAnAgentToSayIt) {
  give(pieces_, "acte", "acte.pdf", pdf());
  cases_.deposit(cx_, id_, token());
  cases_.act_as(cx_, agent_, id_, Act::ask_pieces, "event-01", "Il manque deux documents.",
                {{"pieces", json::array{"Un plan", "Un devis"}}, {"term", "2027-01-15"}});
  const tenancy::Context system = [&] {
    tenancy::Context cx = cx_;
    cx.actor = tenancy::Actor::system("test");
    return cx;
  }();
  const auto mailed = [&](const std::string& file, std::string_view event,
                          const json::object& more) {
    pieces_.take(system, id_, file, Personal(std::string("plan.pdf")), pdf());
    return cases_.write_by_mail(system, id_, event, "Voici.", more, {file});
  };
  const std::string first(32, 'a'), second(32, 'b'), third(32, 'c');
  // Two are awaited: it is not guessed which.
  Opened now = mailed(first, "mail-event-1", {{"by_mail", true}});
  EXPECT_EQ(now.state, State::awaiting);
  ASSERT_EQ(unassigned(now.pieces).size(), 1u);
  cx_.now += std::chrono::hours(72);
  now = cases_.act_as(cx_, agent_, id_, Act::give_pieces, "assign-001", "",
                      {{"asks", json::array{"2-1"}}, {"piece", first}});
  EXPECT_EQ(now.state, State::awaiting);
  EXPECT_TRUE(unassigned(now.pieces).empty());
  EXPECT_EQ(find_ask(asks_of(now.events), "2-1")->since, cx_.now - std::chrono::hours(72))
      << "it came with the mail";
  EXPECT_EQ(error_of([&] {
              cases_.act_as(cx_, agent_, id_, Act::give_pieces, "assign-002", "",
                            {{"asks", json::array{"2-2"}}, {"piece", first}});
            }).code(),
            Errc::invalid);
  // One alone is awaited: another person's mail is an agent's to judge, the citizen's answers it.
  now = mailed(second, "mail-event-2", {{"by_mail", true}, {"other_sender", true}});
  EXPECT_EQ(now.state, State::awaiting);
  now = mailed(third, "mail-event-3", {{"by_mail", true}});
  EXPECT_EQ(now.state, State::examined);
  EXPECT_EQ(now.events.back().act, Act::give_pieces);
  EXPECT_EQ(now.events[now.events.size() - 2].act, Act::write);
  const std::size_t events = now.events.size();
  EXPECT_EQ(mailed(third, "mail-event-3", {{"by_mail", true}}).events.size(), events)
      << "read again";
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

// One that was handed in while the antivirus was away, and has a virus.
class RejectedPieces : public PiecesTest {
 protected:
  void SetUp() override {
    PiecesTest::SetUp();
    const inspect::Clamd down({.address = "unix:" + (folder_ / "none").string()});
    Pieces before(database_, keyring_, catalogue_, inspector_, &down);
    piece_ = give(before, "acte", "acte.pdf", pdf()).id;
    cases_.deposit(cx_, id_, token());
    ASSERT_EQ(pieces_.list_as(cx_, agent_, id_).at(0).state, PieceState::waiting);
  }
  std::size_t rejections() {
    return static_cast<std::size_t>(
        std::ranges::count(open().events, Act::reject_piece, &Happened::act));
  }
  std::string piece_;
  std::vector<Act> acts_;
  const OnAct on_act_ = [this](db::Tx&, const Case&, Act act, Instant) { acts_.push_back(act); };
};

TEST_P(RejectedPieces, GoAndTheirCaseTellsOfItOnce) {
  std::size_t looks = 0;
  std::unique_ptr<Pieces> other;
  // Two jobs at once: the other one begins while this one looks.
  const SlowAntivirus finds(
      folder_ / "finds",
      [&] {
        if (++looks == 1) {
          EXPECT_EQ(other->recheck(system_, id_, piece_), PieceState::refused);
        }
      },
      "stream: Eicar FOUND");
  const SlowAntivirus finds_too(folder_ / "too", [] {}, "stream: Eicar FOUND");
  other = std::make_unique<Pieces>(database_, keyring_, catalogue_, inspector_, &finds_too.clamd(),
                                   nullptr, on_act_);
  Pieces pieces(database_, keyring_, catalogue_, inspector_, &finds.clamd(), nullptr, on_act_);
  EXPECT_EQ(pieces.recheck(system_, id_, piece_), PieceState::refused);
  EXPECT_EQ(pieces.recheck(system_, id_, piece_), PieceState::refused);  // the job ran again
  const Opened after = open();
  ASSERT_EQ(rejections(), 1u);
  EXPECT_EQ(after.events.back().by, Role::system);
  EXPECT_EQ(after.events.back().more.at("pieces").as_array().at(0).at("name"), "acte.pdf");
  EXPECT_THAT(after.events.back().text, HasSubstr("programme malveillant"));
  EXPECT_EQ(after.state, State::received);
  EXPECT_THAT(acts_, testing::Contains(Act::reject_piece));
  const Standing standing = standing_of(after, std::chrono::year(2026) / 11 / 28);
  EXPECT_EQ(standing.whose, Whose::citizen);
  EXPECT_THAT(standing.pieces, testing::ElementsAre("acte.pdf"));
  EXPECT_THAT(standing.asked, HasSubstr("Donnez-le de nouveau"));
  // The agent sees that it was there, and nobody opens it.
  EXPECT_TRUE(pieces_.list_as(cx_, agent_, id_).at(0).rejected());
  EXPECT_EQ(error_of([&] { pieces_.open_as(cx_, agent_, id_, piece_); }).code(), Errc::not_found);
}

TEST_P(RejectedPieces, AreGivenAgainWithoutBeingAskedFor) {
  const auto begin = [&] {
    return pieces_.begin(cx_, id_, token(), {.field = "", .length = 10}).piece;
  };
  const auto send = [&](std::string_view event) {
    return cases_.act(cx_, id_, token(), Act::give_pieces, event, "Le voici.");
  };
  EXPECT_EQ(error_of([&] { begin(); }).code(), Errc::conflict);
  EXPECT_EQ(error_of([&] { send("event-01"); }).code(), Errc::conflict);
  const SlowAntivirus finds(folder_ / "finds", [] {}, "stream: Eicar FOUND");
  Pieces(database_, keyring_, catalogue_, inspector_, &finds.clamd()).recheck(system_, id_, piece_);
  const Piece anew = give(pieces_, "", "acte sain.pdf", pdf());
  EXPECT_EQ(anew.state, PieceState::kept);
  const Opened after = send("event-02");
  EXPECT_EQ(after.state, State::received) << "nothing was asked for: its delay goes on";
  ASSERT_THAT(after.pieces, SizeIs(1));
  EXPECT_EQ(after.pieces[0].id, anew.id);
  EXPECT_EQ(error_of([&] { begin(); }).code(), Errc::conflict) << "once";
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

// A disk that fills up at any page: what was said to be there stays, nothing else is left, and all
// goes on once there is room.
class FullDisk : public PiecesTest {
 protected:
  std::int64_t pages(db::Sql sql) {
    std::int64_t n = 0;
    database_.read([&](db::Tx& tx) { tx.each(sql, {}, [&](db::Row row) { n = row.integer(0); }); });
    return n;
  }
  // The same database, that may grow by so many pages. Those that are free in it are used up first.
  std::unique_ptr<db::Database> with_room_for(std::uint64_t room) {
    constexpr std::int64_t kPage = 4096;
    while (const std::int64_t free = pages("select freelist_count from pragma_freelist_count"))
      database_.write([&](db::Tx& tx) {
        tx.run("create table if not exists filler (bytes blob) strict");
        tx.run("insert into filler (bytes) values (zeroblob($1))", {free * (kPage - 96)});
      });
    db::DatabaseConfig small = config();
    small.max_bytes =
        kPage *
        (room + static_cast<std::uint64_t>(pages("select page_count from pragma_page_count")));
    return std::make_unique<db::Database>(small);
  }
  static std::string scan() {  // large enough for many pages, and written anew as large
    inspect::Pixels pixels = page(900, 700);
    std::uint32_t random = 1;
    for (char& c : pixels.rgb)
      c = static_cast<char>(static_cast<unsigned char>(c) ^
                            ((random = random * 1664525 + 1013904223) >> 27));
    return inspect::encode(inspect::Type::jpeg, pixels);
  }
};

TEST_P(FullDisk, AnUploadIsRefusedAndGoesOnOnceThereIsRoom) {
  const std::string content = scan();
  constexpr std::size_t kSlice = 20'000;
  ASSERT_GT(content.size(), 5 * kSlice);
  for (const std::uint64_t room : {0, 1, 3, 8, 13, 21}) {
    const std::string piece =
        pieces_
            .begin(cx_, id_, token(),
                   {.field = "photos", .length = static_cast<std::int64_t>(content.size())})
            .piece.id;
    const auto small = with_room_for(room);
    Pieces pieces(*small, keyring_, catalogue_, inspector_, nullptr);
    std::size_t sent = 0;
    const auto send = [&](Pieces& to) {
      const auto sending = to.resume(cx_, id_, token(), piece, static_cast<std::int64_t>(sent));
      while (sent < content.size()) {
        sending->append(std::string_view(content).substr(sent, kSlice));
        sent = static_cast<std::size_t>(sending->upload().received);
      }
      return sending->finish();
    };
    for (int twice = 0; twice < 2; ++twice) {
      const Error full = error_of([&] { send(pieces); });
      EXPECT_EQ(full.code(), Errc::unavailable);
      EXPECT_THAT(full.detail(), HasSubstr("n’a plus de place"));
      EXPECT_EQ(pieces_.at(cx_, id_, token(), piece).received, static_cast<std::int64_t>(sent));
    }
    EXPECT_EQ(send(pieces_).state, PieceState::kept);
    pieces_.remove(cx_, id_, token(), piece);
    EXPECT_EQ(blobs(), 0);
  }
}

TEST_P(FullDisk, APieceIsLookedAtOnceThereIsRoom) {
  const std::string content = scan();
  int left = 0;
  for (std::uint64_t room = 0; room < 24; room += 3) {
    const std::string piece =
        pieces_
            .begin(cx_, id_, token(),
                   {.field = "photos", .length = static_cast<std::int64_t>(content.size())})
            .piece.id;
    pieces_.resume(cx_, id_, token(), piece, 0)->append(content);
    const auto small = with_room_for(room);
    Pieces pieces(*small, keyring_, catalogue_, inspector_, nullptr);
    const auto sending =
        pieces.resume(cx_, id_, token(), piece, static_cast<std::int64_t>(content.size()));
    try {
      if (sending->finish().state == PieceState::checking) ++left;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Errc::unavailable);
      EXPECT_THAT(e.detail(), HasSubstr("n’a plus de place"));
    }
    EXPECT_FALSE(open().answers.contains("photos")) << "no half of it counts";
    EXPECT_EQ(pieces_.recheck(system_, id_, piece), PieceState::kept);
    EXPECT_EQ(open().answers.at("photos").as_array().size(), 1u);
    EXPECT_EQ(blobs(), 1);
    pieces_.remove(cx_, id_, token(), piece);
  }
  EXPECT_GT(left, 0) << "no look was in the way of a full disk";
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

INSTANTIATE_TEST_SUITE_P(Engines, FullDisk, ::testing::Values(db::Engine::sqlite),
                         support::engine_name);  // SQLite: the one whose disk is this program's
INSTANTIATE_TEST_SUITE_P(Engines, RejectedPieces, support::kEngines, support::engine_name);
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
