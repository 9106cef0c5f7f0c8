// Which page a message in a conversation is about: the one talked about, or another, beside it or
// new. "Et la photo ?" stays, "et ma carte bleue ?" goes to the page of another thing that was
// stolen.
//
// The message is searched three ways: alone, after what was asked before, and after the title of
// the page talked about. A conditional logit over the pages found weighs where each stands in the
// three, and what speaks for staying. It says which other page is meant, and that one is in spite
// of the rules when it is sure (Turn::page_meant). Learnt by `parvis fit going-on` from pairs of
// messages written from the sheets (data/going_on.jsonl). Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "answer/sheet_answer.hpp"
#include "dialogue/step.hpp"

namespace parvis::dialogue {

struct Heard;

enum class Sign : std::uint8_t {
  alone,   // log share of the page among those found for the message alone
  joined,  // after what was asked before
  titled,  // after the title of the page talked about
  // 0 but for the page talked about:
  stays,    // 1
  goes_on,  // the message begins with "et", "mais"; in another language, it only asks a price, a
            // delay
  turns,    // it says that it turns: "autre chose", "sinon"
  words,    // how many words it has that are no stop words, of eight at most, over four
  speaks,   // the share of them that the page has
  asks,     // it is a question, or states a need
  likely,   // log-odds that it stays, as the model reads it after the title, beside what is usual
  // 0 for it:
  linked,    // the page talked about sends to this one
  dossier,   // both are filed under one dossier
  subtheme,  //
  theme,     //
  own,       // this one is the town's, and filed under nothing
};
inline constexpr std::size_t kSigns = 15;

struct Option {
  std::string id;
  std::array<double, kSigns> signs = {};
  bool operator==(const Option&) const = default;
};
using SignWeights = std::array<double, kSigns>;

// What was found three ways.
struct Ways {
  const Found& alone;
  const Found& joined;
  const Found& titled;
};
// The page talked about, as the others are compared with it.
struct Subject {
  std::string id;
  std::vector<std::string> words;   // its stems; none where it is in another language
  knowledge::Filed filed = {};      // Found::Share::filed
  std::vector<std::string> links;   // ids of the pages that it sends to
  std::optional<double> odds = {};  // that the message stays with it (World::stays)
};
// The page talked about is always the first of them.
std::vector<Option> options(const Heard& heard, const Ways& ways, const Subject& subject);
// How the message is read: with the model, by words alone, with the model in another language than
// the pages', or with a model that does not say whether it stays (Subject::odds).
enum class Reading : std::uint8_t { model, words, foreign, other_model };
const SignWeights& sign_weights(Reading reading);
// The chance of each, in their order; they add up to one.
std::vector<double> chances(std::span<const Option> options, const SignWeights& weights);

// The pages that a message may be about, in a conversation in that state about a sheet: as a turn
// weighs them.
std::vector<Option> options(const State& state, const std::string& message, const World& world);
// Where that sheet may say what the message asks, as a turn weighs it; once it has answered what
// opened it. None where it is not there.
std::vector<answer::PlaceRead> places(State state, const std::string& message, const World& world);

}  // namespace parvis::dialogue
