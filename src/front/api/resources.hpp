// The resources of api.hpp, each in its own file.
#pragma once

#include "api/api.hpp"

namespace parvis::api {

void add_answers(http::Router& router, const Service& service);
void add_search(http::Router& router, const Service& service);

// An INSEE code that a client named, which must be one of the town's; empty when it named none.
std::string known_commune(const Service& service, std::string_view insee);

}  // namespace parvis::api
