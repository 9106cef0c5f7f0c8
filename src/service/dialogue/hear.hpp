// What a citizen's message does in a conversation, before any search: greets, thanks, asks for a
// person, insults, manipulates, says yes or that they do not know; asks one thing or several; leans
// on what was said before. By rule, on folded words, with slips of spelling where a miss would
// harm. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "answer/facets.hpp"

namespace parvis::dialogue {

enum class Act : std::uint8_t {
  ask,         // anything to be answered
  greeting,    // and nothing else, as for the acts below
  thanks,      //
  goodbye,     //
  machine,     // "tu es un robot ?"
  wrong,       // "c'est faux", "ça ne répond pas à ma question"
  person,      // wants a human
  insult,      // and nothing that could be answered
  threat,      // to harm people or the place
  manipulate,  // tries to change what the agent is or says, or to have what is not theirs
  unsafe,      // one of the three, told by meaning alone: which is not known
  outside,     // what no public service answers, told by meaning alone
  outcome,     // what will a judge, an office decide in my case: a legal opinion
  yes,         //
  no,          //
  unsure,      // "je ne sais pas"
  gives_up,    // "laissez tomber"
};

struct Heard {
  std::string text;  // what is left to answer: without greetings and thanks around it
  Act act = Act::ask;
  bool insulting = false;              // among other words: it is answered all the same
  std::vector<std::string> questions;  // what is asked, one a member; at least one for Act::ask
  std::vector<answer::Facet> facets;   // of the whole text
  std::vector<std::string> own;  // stems that name a subject: no stop, facet or small talk word
  bool asks = false;             // or states a need: "il me faut un passeport"
  bool leans = false;            // on what was said before: "et ça coûte combien ?"
  bool describes = false;        // who speaks and their case: "je suis né à Alger"
  bool turns = false;            // to another matter, and says so: "autre chose"
  bool turns_aside = false;      // to one that may be another: "au fait", "sinon"
  bool reach = false;            // nothing but how and when to reach a service: "leur téléphone ?"
  bool when = false;             // nothing but a time: "et jeudi matin ?"
  bool corrects = false;         // "non, le passeport"
};

// text: cleaned (text::clean).
Heard hear(std::string_view text);

// A question of several, without the words that only join it to the one before: "et puis".
std::string_view without_join(std::string_view question);

inline constexpr std::size_t kQuestions = 3;  // of one message; the rest is read with the last

// What somebody else threatens: "il a écrit sur ma porte".
bool tells_of_threats(std::string_view text);

// Where somebody lives or something is: "c'est rue du Moulin".
bool tells_an_address(std::string_view text);

// Somebody close has just died: "mon mari est mort hier", and not "il y a dix ans".
bool tells_of_a_death(std::string_view text);

}  // namespace parvis::dialogue
