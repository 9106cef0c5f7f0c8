#include "portal/repeats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "portal/fields.hpp"
#include "procedure/items.hpp"
#include "text/normalise.hpp"

namespace parvis::portal {
namespace {

using procedure::Sent;

// "enfants[2].nom" of the block "enfants": 2, and ".nom".
struct Item {
  std::size_t index = 0;
  std::string_view rest;
};
std::optional<Item> item_of(std::string_view name, std::string_view block) {
  if (!name.starts_with(block) || name.size() <= block.size() || name[block.size()] != '[')
    return std::nullopt;
  const std::size_t close = name.find(']', block.size());
  if (close == std::string_view::npos) return std::nullopt;
  Item out{.index = 0, .rest = name.substr(close + 1)};
  const auto [end, error] =
      std::from_chars(name.data() + block.size() + 1, name.data() + close, out.index);
  if (error != std::errc() || end != name.data() + close) return std::nullopt;
  return out;
}

std::size_t count_of(const std::vector<Sent>& sent, std::string_view block) {
  std::size_t count = 0;
  for (const Sent& each : sent)
    if (const auto item = item_of(each.name, block)) count = std::max(count, item->index + 1);
  return std::min(count, procedure::kRepeatMax);
}

bool is_name(const Item& item) {
  return item.rest.starts_with('.') && item.rest.substr(1) == procedure::kItemId;
}

// why: procedure::kItemRemoved or kItemBlank.
void remove_item(std::vector<Sent>& sent, const std::string& block, std::size_t index,
                 std::string_view why) {
  std::vector<Sent> kept;
  for (Sent& each : sent) {
    const auto item = item_of(each.name, block);
    if (item && item->index == index) {
      if (is_name(*item)) kept.push_back({std::string(block).append(why), std::move(each.value)});
      continue;
    }
    if (item && item->index > index)
      each.name = fmt::format("{}[{}]{}", block, item->index - 1, item->rest);
    kept.push_back(std::move(each));
  }
  sent = std::move(kept);
}

}  // namespace

std::optional<Changed> change_items(const procedure::Page& page, const std::string& add,
                                    const std::string& remove, std::vector<Sent>& sent) {
  const auto block_of = [&](std::string_view path) -> const procedure::Field* {
    const auto found = std::ranges::find(page.fields, path, &procedure::Field::id);
    return found != page.fields.end() && found->type == procedure::Type::repeat ? &*found : nullptr;
  };
  if (const procedure::Field* block = block_of(add)) {
    const std::size_t count = std::min(count_of(sent, block->id) + 1, procedure::kRepeatMax);
    return Changed{block->id, count, id_of(fmt::format("{}[{}]", block->id, count - 1))};
  }
  const procedure::Field* block = block_of(remove.substr(0, remove.find('[')));
  const auto item = block == nullptr ? std::nullopt : item_of(remove, block->id);
  if (!item) return std::nullopt;
  remove_item(sent, block->id, item->index, procedure::kItemRemoved);
  return Changed{block->id, count_of(sent, block->id), id_of(block->id)};
}

void drop_blank_items(const procedure::Page& page, std::vector<Sent>& sent,
                      const std::vector<std::string>& files) {
  for (const procedure::Field& field : page.fields) {
    if (field.type != procedure::Type::repeat) continue;
    for (std::size_t i = count_of(sent, field.id); i-- > 0;) {
      const bool blank = std::ranges::none_of(sent, [&](const Sent& each) {
        const auto item = item_of(each.name, field.id);
        if (!item || item->index != i) return false;
        if (!is_name(*item)) return !text::clean(each.value).empty();
        return std::ranges::any_of(files, [&](const std::string& file) {
          const auto of = procedure::item_path(file);
          return of && of->block == field.id && of->item == each.value;
        });
      });
      if (blank && (field.optional || count_of(sent, field.id) > 1))
        remove_item(sent, field.id, i, procedure::kItemBlank);
    }
  }
}

}  // namespace parvis::portal
