#include "desk/pieces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::desk {
namespace {

using casework::PieceState;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

casework::Opened with(std::vector<casework::Piece> pieces) {
  procedure::Definition definition;
  procedure::Page page;
  page.id = "plan";
  procedure::Field field;
  field.id = "plan";
  field.name = "Un plan";
  field.type = procedure::Type::file;
  page.fields = {field};
  procedure::Step step;
  step.pages = {page};
  definition.steps = {step};
  casework::Opened opened;
  opened.definition = std::make_shared<const procedure::Definition>(std::move(definition));
  opened.pieces = std::move(pieces);
  return opened;
}
casework::Piece file(std::string field, PieceState state, bool given = true) {
  return {.id = "1", .blob = {}, .state = state, .given = given, .field = std::move(field)};
}

TEST(Pieces, AreThoseThatWereHandedInByTheirQuestion) {
  EXPECT_THAT(pieces_of(with({file("plan", PieceState::kept, false)})), IsEmpty());
  const auto all = pieces_of(with({file("plan", PieceState::kept), file("", PieceState::waiting)}));
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].label, "Un plan");
  EXPECT_EQ(all[0].state, Piece::State::with_form);
  EXPECT_EQ(all[1].state, Piece::State::sent);
}

TEST(Pieces, OfARepeatedBlockSayTheirItem) {
  procedure::Definition definition;
  procedure::Field block, part;
  part.id = "carnet";
  part.path = "enfants.carnet";
  part.name = "Carnet";
  part.type = procedure::Type::file;
  block.id = block.path = "enfants";
  block.name = "Enfant";
  block.type = procedure::Type::repeat;
  block.fields = {part};
  procedure::Page page;
  page.id = "enfants";
  page.fields = {block};
  procedure::Step step;
  step.pages = {page};
  definition.steps = {step};
  casework::Opened opened = with({file("enfants[kb].carnet", PieceState::kept)});
  opened.definition = std::make_shared<const procedure::Definition>(std::move(definition));
  opened.answers = {
      {"enfants", json::array{json::object{{"_id", "ka"}}, json::object{{"_id", "kb"}}}}};
  const auto all = pieces_of(opened);
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].label, "Carnet (Enfant, n°\u00a02)");
}

TEST(Pieces, AreOpenedOnceTheAntivirusHasSpoken) {
  EXPECT_TRUE(can_be_opened(file("", PieceState::kept)));
  for (const PieceState state :
       {PieceState::receiving, PieceState::checking, PieceState::waiting, PieceState::refused})
    EXPECT_FALSE(can_be_opened(file("", state)));
  EXPECT_THAT(standing(file("", PieceState::waiting)), HasSubstr("Attend l’antivirus"));
  casework::Piece refused = file("", PieceState::refused);
  EXPECT_EQ(standing(refused), "Refusé au contrôle");
  refused.said = "Un virus a été trouvé.";
  EXPECT_THAT(standing(refused), HasSubstr("Un virus"));
}

}  // namespace
}  // namespace parvis::desk
