// One turn of a conversation: what the citizen said, what is remembered, what is answered.
//
// The policy is a fold: the same turns over the same knowledge give the same answers and the same
// state, so a conversation is replayed from its feed. Danger comes before everything
// (answer/emergency.hpp). What is asserted comes from answer::compose, and nowhere else: the
// sentences of this room state no fact of a sheet.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "answer/composer.hpp"
#include "base/json.hpp"
#include "base/sensitive.hpp"
#include "dialogue/booking.hpp"
#include "dialogue/filling.hpp"
#include "intent/classifier.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::dialogue {

// A turn of the citizen: words, or the value of a choice that was offered; with a choice the words
// are its label.
struct Said {
  std::string text;         // cleaned (text::clean); personal data in it are masked before anything
  std::string choice = {};  // empty when the citizen wrote
  // What the caller has for this turn, where démarches can be filled in.
  bool fills = false;
  std::optional<Personal<std::string>> words = {};  // not masked: an answer of a form
  const Draft* draft = nullptr;                     // of the démarche being filled in
  const Booker* booker = nullptr;                   // where appointments can be booked
};

// A case that was deposited here. The caller opens it with what it has of the conversation.
struct Deposited {
  std::string procedure;  // id
  int number = 0;         // Filling::number
  std::string reference;  // "KILU-BAFO-7"
  bool operator==(const Deposited&) const = default;
};

// What is remembered. Everything in it comes from the turns.
struct State {
  std::string subject;                  // id of the sheet talked about, "F1342", or empty
  std::string title;                    // its title
  double confidence = 0;                // that it is the right page, when it was chosen
  std::string question;                 // the words that opened the subject
  std::string opened;                   // the same in another language: then `question` is a title
  std::vector<std::string> told;        // what the citizen wrote, oldest first, at most kRemembered
  std::vector<answer::Choice> chosen;   // of this subject
  std::vector<answer::Choice> offered;  // with the last answer
  std::string place;                    // words for the service last shown ("la piscine")
  bool at_place = false;                // the last answer was about it, and not about the sheet
  std::string commune;                  // INSEE code of the one the citizen says to live in
  std::string danger;                   // the words that told of a danger, until something is asked
  bool danger_again = false;            // heard by its meaning alone, it was told again
  bool endangered = false;              // a danger was told in this conversation
  int misses = 0;                       // answers in a row that asserted nothing
  int asked = 0;                        // questions of ours in a row
  answer::Said said;                    // sentences of what was asserted, at most kSaid
  Filling filling;                      // the démarche being filled in
  std::vector<Deposited> deposited;     // démarches of this conversation
  std::string reference;                // of a case asked about, while its e-mail is awaited
  int links = 0;                        // to a case, asked for here
  Booking booking;                      // the appointment being taken, moved or cancelled
  std::vector<Booked> booked;           // appointments of this conversation
  std::vector<Waited> waited;           // its entries of waiting lists
  bool operator==(const State&) const = default;
};
json::object to_json(const State& state);
// What is not there or of another type is as in a new conversation.
State state_from_json(const json::object& object);

// What a search gives. The documents live as long as `keep`.
struct Found {
  std::vector<answer::Candidate> candidates;  // best first; the first has the confidence
  // Of more pages than the candidates, best first: how likely each is among them by its score, as a
  // logarithm.
  struct Share {
    std::string id;
    double log = 0;
    knowledge::Filed filed = {};  // under which theme, subtheme, dossier; 0: none
  };
  std::vector<Share> shares;
  std::shared_ptr<const void> keep;
  bool words_only = false;  // the model was not there
};
inline constexpr std::size_t kShares = 60;

// What the policy may look at, for one turn.
struct World {
  std::string town;  // in a sentence: "l’Agglomération du Val d’Orle"
  std::vector<tenancy::Commune> communes;
  std::string commune;  // INSEE code of the citizen's, or empty
  struct Search {
    std::string_view question;
    const std::string& commune;
    const std::vector<std::string>& also;  // ids of sheets that are found in any case
    std::string_view language = "";  // ISO 639-1, where its words are not French: by meaning alone
    bool goes_on = false;  // it may lean on the page talked about, and is no whole question
  };
  std::function<Found(const Search&)> find;
  // Of a page, and of those read beside it, the passages near what is asked of it, after its title:
  // as near as the nearest of them all. May be empty: then those are near that the search found.
  std::function<std::vector<std::vector<answer::PassageHit>>(
      std::span<const knowledge::Document* const> pages, std::string_view question)>
      near = {};
  // That a message, after the title of the page talked about, stays with it: log-odds. May be
  // empty, and there is none without the model.
  std::function<std::optional<double>(std::string_view message)> stays = {};
  // Time, services and floors, for a commune.
  std::function<answer::ComposeContext(const std::string& commune)> context;
  // The démarches that can be started there; may be empty.
  std::function<std::vector<std::shared_ptr<const procedure::Definition>>(
      const std::string& commune)>
      procedures = {};
  // The reference of a case as it is written, whatever its case and dashes; nothing when its check
  // character is not right. May be empty: then none is read.
  std::function<std::optional<std::string>(std::string_view typed)> reference = {};
  // What a message is by its meaning, where the rules hear a question. May be empty.
  std::function<intent::Heard(std::string_view message)> by_meaning = {};
};

// A link to a case, for whoever gave this address with it. What the citizen is told does not depend
// on whether there is such a case.
struct LinkWanted {
  std::string reference;
  Personal<std::string> email;
};

struct Step {
  State state;
  answer::Answer answer;
  // What the caller does before the answer is stored: the draft is its.
  Deed deed = Deed::none;
  json::object answers = {};            // to merge into the draft
  std::optional<Deposited> tells = {};  // the answer is where this case stands
  std::optional<LinkWanted> link = {};  // to send
  // The same for an appointment, of state.booking; the caller says in the answer what came of it.
  BookingDeed booking = BookingDeed::none;
  appointment::NeedsSaid needs = {};  // of the one that is talked about, which is taken
  // Of the draft's appointment: the slot to hold (Deed::slot); or the one that was chosen ended,
  // and is to be held anew.
  std::optional<Instant> slot = {};
  bool keep = false;
};
Step step(State state, const Said& said, const World& world);

inline constexpr std::size_t kRemembered = 20;
inline constexpr std::size_t kSaid = 100;
inline constexpr int kMisses = 2;  // then a person is offered before anything else
inline constexpr int kLinks = 3;   // to cases, asked for in one conversation
inline constexpr int kAsked = 2;   // then no question of ours: what is known, links, a person

}  // namespace parvis::dialogue
