#include "procedure/items.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace parvis::procedure {
namespace {

bool takes_files(const std::vector<Field>& fields) {
  return std::ranges::any_of(fields, [](const Field& field) {
    return field.type == Type::file || (field.type == Type::block && takes_files(field.fields));
  });
}

std::optional<std::size_t> place_in(std::string_view text) {
  std::size_t place = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), place);
  if (failed != std::errc() || end != text.data() + text.size() || place >= kRepeatMax)
    return std::nullopt;
  return place;
}

std::string with_item(const ItemPath& path, std::string_view item) {
  return fmt::format("{}[{}]{}{}", path.block, item, path.rest.empty() ? "" : ".", path.rest);
}

std::optional<std::size_t> place_of(const json::array& items, std::string_view name) {
  const auto found = std::ranges::find(items, name, &name_of_item);
  if (found == items.end()) return std::nullopt;
  return static_cast<std::size_t>(found - items.begin());
}

void name_all(json::array& items, const json::array* before) {
  std::set<std::string, std::less<>> taken;
  std::vector<json::object*> nameless;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < items.size(); ++i) {
    json::object* item = items[i].if_object();
    if (item == nullptr) continue;
    const std::string_view name = name_of_item(items[i]);
    if (!name.empty() && taken.emplace(name).second) continue;
    nameless.push_back(item);
    places.push_back(i);
  }
  for (std::size_t i = 0; i < nameless.size(); ++i) {
    std::string name;
    if (before != nullptr && places[i] < before->size()) name = name_of_item((*before)[places[i]]);
    for (std::size_t number = places[i] + 1; name.empty() || taken.contains(name); ++number)
      name = fmt::format("n{}", number);
    taken.insert(name);
    (*nameless[i])[kItemId] = name;
  }
}

}  // namespace

bool has_named_items(const Field& field) {
  return field.type == Type::repeat && takes_files(field.fields);
}

bool item_id_like(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && text.size() <= kItemIdMax && letter(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

std::size_t items_max(const Field& field) {
  return field.max ? std::min(static_cast<std::size_t>(*field.max), kRepeatMax) : kRepeatMax;
}

std::string without_items(std::string_view path) {
  std::string out;
  bool inside = false;
  for (const char c : path) {
    if (c == '[') inside = true;
    if (!inside) out += c;
    if (c == ']') inside = false;
  }
  return out;
}

std::optional<ItemPath> item_path(std::string_view path) {
  const std::size_t open = path.find('['), close = path.find(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return std::nullopt;
  ItemPath out{path.substr(0, open), path.substr(open + 1, close - open - 1),
               path.substr(close + 1)};
  if (!out.rest.empty()) {
    if (out.rest.front() != '.' || out.rest.find_first_of("[]") != std::string_view::npos)
      return std::nullopt;
    out.rest.remove_prefix(1);
  }
  return out;
}

const json::array* items_in(const json::object& answers, std::string_view block) {
  const json::value* value = answers.if_contains(block);
  return value == nullptr ? nullptr : value->if_array();
}

std::string_view name_of_item(const json::value& item) {
  const json::object* object = item.if_object();
  const std::string_view name =
      object == nullptr ? std::string_view() : string_at(*object, kItemId).value_or("");
  return item_id_like(name) ? name : std::string_view();
}

const json::object* item_named(const json::object& answers, std::string_view block,
                               std::string_view name) {
  const json::array* items = items_in(answers, block);
  const auto place = items == nullptr ? std::nullopt : place_of(*items, name);
  return place ? (*items)[*place].if_object() : nullptr;
}

bool holds_answers(const json::value& item) {
  const json::object* object = item.if_object();
  return object != nullptr && std::ranges::any_of(*object, [](const auto& member) {
           return member.key() != kItemId && !member.value().is_null();
         });
}

void name_items(const Definition& definition, json::object& answers, const json::object* before) {
  for (const Step& step : definition.steps)
    for (const Page& page : step.pages)
      for (const Field& field : page.fields) {
        if (!has_named_items(field)) continue;
        json::value* items = answers.if_contains(field.id);
        if (items != nullptr && items->is_array())
          name_all(items->get_array(), before == nullptr ? nullptr : items_in(*before, field.id));
      }
}

std::optional<std::string> by_name(const json::object& answers, std::string_view path) {
  const auto parts = item_path(path);
  if (!parts) return std::string(path);
  if (item_id_like(parts->item))
    return item_named(answers, parts->block, parts->item) == nullptr
               ? std::nullopt
               : std::optional(std::string(path));
  const auto place = place_in(parts->item);
  const json::array* items = items_in(answers, parts->block);
  if (!place || items == nullptr || *place >= items->size()) return std::nullopt;
  const std::string_view name = name_of_item((*items)[*place]);
  return name.empty() ? std::nullopt : std::optional(with_item(*parts, name));
}

std::optional<std::string> by_place(const json::object& answers, std::string_view path) {
  const auto parts = item_path(path);
  if (!parts || place_in(parts->item)) return std::string(path);
  const json::array* items = items_in(answers, parts->block);
  const auto place = items == nullptr ? std::nullopt : place_of(*items, parts->item);
  return place ? std::optional(with_item(*parts, std::to_string(*place))) : std::nullopt;
}

std::string told_apart(const Definition& definition, const json::object& answers,
                       std::string_view path) {
  const Field* field = definition.field(without_items(path));
  if (field == nullptr) return {};
  std::string out = field->name;
  const auto parts = item_path(path);
  const Field* block = parts ? definition.field(parts->block) : nullptr;
  const auto placed = by_place(answers, path);
  if (block == nullptr || !placed) return out;
  if (const auto place = place_in(item_path(*placed)->item))
    out += fmt::format(" ({}, n°\u00a0{})", block->name, *place + 1);
  return out;
}

}  // namespace parvis::procedure
