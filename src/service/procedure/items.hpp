// Items of a repeated block that takes files: each has a name of its own, which stays whatever is
// added or taken away around it, so that a file belongs to its item and not to a place. The name
// stands in the answers beside those of the item ("_id", which no question can be called); items of
// other blocks have none.
//
// A question inside of an item has two paths: by place, as faults and controls have it
// ("enfants[1].carnet"), and by name, as files have it ("enfants[k3m9x2].carnet"). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "procedure/definition.hpp"

namespace parvis::procedure {

inline constexpr std::string_view kItemId = "_id";
inline constexpr std::size_t kItemIdMax = 16;  // bytes
// Names of two fields that no control has: an item that a person took away, and one that was sent
// without an answer. Values: the item's name.
inline constexpr std::string_view kItemRemoved = "[]._id";
inline constexpr std::string_view kItemBlank = "[]._blank";

bool has_named_items(const Field& field);   // a repeated block with a file in it
bool item_id_like(std::string_view text);   // [a-z][a-z0-9]*: never a place
std::size_t items_max(const Field& field);  // of a repeated block

// "enfants[1].carnet" → "enfants.carnet"
std::string without_items(std::string_view path);
// "enfants[1].carnet": "enfants", "1", "carnet". Nothing for a path without an item, or with two.
struct ItemPath {
  std::string_view block, item, rest;
};
std::optional<ItemPath> item_path(std::string_view path);

// The items of a block, and one of that name.
const json::array* items_in(const json::object& answers, std::string_view block);
const json::object* item_named(const json::object& answers, std::string_view block,
                               std::string_view name);
std::string_view name_of_item(const json::value& item);  // empty without one
bool holds_answers(const json::value& item);             // more than a name

// Gives a name to each item of such blocks that has none, or one that an item before it has: that
// of the item at its place in `before` while nobody has it, else one made of its place.
void name_items(const Definition& definition, json::object& answers,
                const json::object* before = nullptr);

// A path the other way; as it is without an item, nothing when there is no such item.
std::optional<std::string> by_name(const json::object& answers, std::string_view path);
std::optional<std::string> by_place(const json::object& answers, std::string_view path);

// A question as it is told apart from the same one of other items: "Carnet (Enfant, n° 2)".
std::string told_apart(const Definition& definition, const json::object& answers,
                       std::string_view path);

}  // namespace parvis::procedure
