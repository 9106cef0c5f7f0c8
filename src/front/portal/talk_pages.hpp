// The conversation’s pages, as markup. Pure, but for the ids that its forms draw.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/talk.hpp"
#include "casework/piece_store.hpp"
#include "portal/pages.hpp"

namespace parvis::portal {

struct Turn {
  std::int64_t seq = 0;
  std::string when;  // "14 h 38"
  bool mine = false;
  std::string text = {};       // mine
  answer::Answer answer = {};  // the assistant's
  std::optional<conversation::Verdict> verdict = {};
};

// Why a page is shown again, or instead of another. What is wrong with the message stands at its
// field; its text is kept.
enum class Trouble {
  none,
  lost,      // there is no such conversation (any more)
  empty,     // the message
  too_long,  // the message
  too_many,  // messages, too fast
  full,      // the conversation
  sent,      // the form's message is there already, with another text
  confirm,   // nothing says that this site sent the form
};
bool at_field(Trouble trouble);

// A document that the last answer asks for, and that can be given here.
struct Document {
  std::shared_ptr<const procedure::Definition> definition;
  const procedure::Field* question = nullptr;  // of it
  std::string path;
  std::int64_t number = 0;              // of the démarche in this conversation
  std::vector<casework::Piece> pieces;  // given for it
  std::vector<std::string> faults = {};
};

struct Talking {
  std::vector<Turn> turns;  // the newest ones, in order; none: it is still to begin
  bool older = false;       // there are more before
  std::string welcome;
  std::string start;  // while it is to begin
  std::string token;  // the forms', once it has begun
  Trouble trouble = Trouble::none;
  std::string kept = {};  // what was written
  ReasonGiven reason = ReasonGiven::not_yet;
  std::span<const api::Format> formats = {};
  bool from_form = false;  // the citizen comes back from the form of a démarche
  std::optional<Document> document = {};
};
std::string talk_title(const Talking& talking);
html::Html talk(const Frame& frame, const Talking& talking);
html::Html ask_erase(const Frame& frame, std::string_view token);
html::Html erased(const Frame& frame);

inline constexpr std::string_view kForm = "ecrire";        // the field where one writes
inline constexpr std::string_view kDocument = "document";  // where a document is given

// Anchors: of a message's heading, and of what was thought of it.
std::string anchor_of(std::int64_t seq);
std::string verdict_anchor_of(std::int64_t seq);

inline constexpr std::string_view kSpeakToSomebody = "Je veux parler à quelqu’un";

}  // namespace parvis::portal
