// Démarches in conversations: the draft of one is a case like any other, whose id and token are
// made from the visitor's, so that a crash, a repetition or another tab finds the same one.
#pragma once

#include <string>
#include <utility>

#include "api/casework.hpp"
#include "api/turns.hpp"

namespace parvis::api {

// casework outlives what is given. service_of: where appointments are; may be empty.
Forms forms_of(const Casework& casework, ServiceOf service_of = {});

// Of the number-th démarche of a conversation.
std::pair<std::string, Secret<std::string>> case_of(const Visit& visit, std::string_view procedure,
                                                    int number);

}  // namespace parvis::api
