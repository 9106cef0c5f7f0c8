// The resources of api.hpp, each in its own file.
#pragma once

#include <variant>

#include "api/api.hpp"
#include "base/json.hpp"

namespace parvis::api {

void add_answers(http::Router& router, const Service& service);
void add_search(http::Router& router, const Service& service);

// The body of a request as an object. A Response (415) when it does not say that it is JSON; throws
// Error(invalid) with `wanted` when it is none.
std::variant<json::object, http::Response> object_of(const http::Request& request,
                                                     std::string_view wanted);
// An optional member that is a text; Error(invalid) when it is something else.
std::string text_of(const json::object& object, std::string_view key);

// "Bearer …", whatever the case of the word (RFC 9110 §11.1); empty when there is none, which opens
// nothing.
std::string bearer(const http::Request& request);

// An Idempotency-Key that opens what is made with it: long enough to be drawn at random.
inline constexpr std::size_t kKeyMin = 22, kKeyMax = 64;
bool idempotency_key_like(std::string_view key);  // letters, digits, hyphens and underscores

// An INSEE code that a client named, which must be one of the town's; empty when it named none.
std::string known_commune(const Service& service, std::string_view insee);

}  // namespace parvis::api
