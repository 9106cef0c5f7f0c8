// What people type, as values of a field: each type's own reading, the same for the form, the
// dialogue and the API. Pure, thread-safe, never throws.
//
// Values, as JSON:
//   text, long_text, email, phone ("+33261912400"), postcode, nir, siret, iban, plate, choice: text
//   number: number   amount: euros, a number with two decimals at most   date: "2026-11-24"
//   time: "14:30"    yes_no, attestation: true or false    choices: list of texts
//   commune: {"insee", "name"}    place: {"address"?, "lat"?, "lon"?}
//   appointment: {"booking", "start": RFC 3339 with the town's own offset, "reason", "service"}
//   file: list of {"id", "name", "type", "bytes"}   address, person, block: object   repeat: list
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "procedure/definition.hpp"

namespace parvis::procedure {

// A value of a leaf from what was typed or chosen, or what is wrong with it and how to mend it, in
// French. `typed` is cleaned here. An empty text is no value: null.
std::expected<json::value, std::string> read_typed(const Field& field, std::string_view typed,
                                                   const Moment& moment);

// The same from JSON of outside: what is no text is taken when it has the type's own form. For a
// composite each part is judged apart (form.hpp).
std::expected<json::value, std::string> read_json(const Field& field, const json::value& given,
                                                  const Moment& moment);

// As it is shown: "24 novembre 2026", "Oui", the label of a choice, "02 61 91 24 00". Of a
// composite, its parts after each other. Empty when there is none.
std::string shown(const Field& field, const json::value& value);

// "Un PDF ou une photo, 3 au plus. 10 Mo au plus chacun."
std::string limits_words(const Files& files);

}  // namespace parvis::procedure
