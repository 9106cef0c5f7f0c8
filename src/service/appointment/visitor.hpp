// Who comes, as they say it: sealed in the booking, read by the agents who receive them. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "appointment/agenda.hpp"
#include "base/json.hpp"
#include "base/sensitive.hpp"

namespace parvis::appointment {

inline constexpr std::size_t kNameMax = 120;  // bytes, of each text of a visitor
inline constexpr std::size_t kNeedMax = 500;

struct Needs {
  bool step_free = false;        // cannot climb stairs
  bool sign_language = false;    // langue des signes
  bool companion = false;        // comes with somebody who helps
  std::string interpreter = {};  // the language
  std::string note = {};
  bool any() const {
    return step_free || sign_language || companion || !interpreter.empty() || !note.empty();
  }
  bool operator==(const Needs&) const = default;
};

// What is said of needs after an appointment is taken.
struct NeedsSaid {
  Needs add = {};
  Needs drop = {};  // what is needed no more; any language of `interpreter` means all of them
  bool any() const { return add.any() || drop.any(); }
};
void apply(const NeedsSaid& said, Needs& needs);

struct Visitor {
  Personal<std::string> name{""}, email{""}, phone{""};
  Needs needs = {};
  std::map<std::string, Personal<std::string>> asked = {};  // by the id of Reason::asks
  std::optional<bool> may = {};                             // the answer to Reason::may
};

struct Fault {
  std::string field, message;  // "email", and how to mend it
  bool operator==(const Fault&) const = default;
};

// Cleaned, addresses in their usual form; and what is wrong. Whoever books by themselves gives an
// address of mail, which the confirmation goes to; an agent may book with a phone number alone.
enum class Books : std::uint8_t { citizen, agent };
std::vector<Fault> tidy(Visitor& visitor, const Reason& reason, Books by);

void tidy(Needs& needs);  // cleaned, cut at what is kept

json::object to_json(const Visitor& visitor);
Visitor visitor_from_json(const json::object& object);

// "Langue des signes, interprète : arabe": for agents. Empty when there is none.
std::string words(const Needs& needs);

}  // namespace parvis::appointment
