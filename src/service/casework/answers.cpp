#include "casework/answers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "casework/cases.hpp"
#include "casework/story.hpp"
#include "procedure/items.hpp"

namespace parvis::casework {

using procedure::Field;

json::object answers_of(const Case& row, const vault::Keys& keys) {
  return object_in(vault::open(keys, answers_address(row.id()), row.sealed()));
}

std::string sealed_answers(const vault::Keys& keys, std::string_view id,
                           const json::object& answers) {
  const std::string plain = json::serialize(answers);
  if (plain.size() > kAnswersMax)
    throw Error(Errc::too_large, "Vos réponses sont trop longues. Raccourcissez-en une.");
  return vault::seal(keys, answers_address(id), plain);
}

std::string file_path(db::Tx& tx, const Case& row, const vault::Keys& keys,
                      const procedure::Definition& definition, std::string_view path, Instant now) {
  const auto item = procedure::item_path(path);
  const std::string plain =
      item ? fmt::format("{}[{}].{}", item->block, "x", item->rest) : std::string(path);
  if (file_question(definition, plain) == nullptr)
    throw Error(Errc::invalid, "Cette question n’attend pas de fichier.");
  if (!item) return std::string(path);
  const json::object before = answers_of(row, keys);
  json::object answers = before;
  procedure::name_items(definition, answers);
  std::optional<std::string> named = procedure::by_name(answers, path);
  if (!named && !procedure::item_id_like(item->item))
    throw Error(Errc::invalid,
                "Cette ligne n’existe pas ou n’existe plus. Rechargez la page, puis joignez le "
                "document.");
  if (!named) {
    json::value& items = answers[item->block];
    if (!items.is_array()) items.emplace_array();
    const std::size_t most = procedure::items_max(*definition.field(item->block));
    if (items.get_array().size() >= most)
      throw Error(Errc::invalid, fmt::format("{} lignes au plus. Retirez-en.", most));
    items.get_array().push_back(json::object{{procedure::kItemId, item->item}});
    named = std::string(path);
  }
  if (answers != before) set_answers(tx, row, sealed_answers(keys, row.id(), answers), now);
  return *named;
}

void keep_unanswered(json::object& answers, const json::object& before) {
  for (const auto& member : before) {
    json::value& now = answers[member.key()];
    if (now.is_null())
      now = member.value();
    else if (now.is_object() && member.value().is_object())
      keep_unanswered(now.get_object(), member.value().get_object());
  }
}

void keep_items(const procedure::Page& page, json::object& answers, const json::object& before,
                const std::vector<procedure::Sent>& sent, Blanks blanks) {
  for (const Field& field : page.fields) {
    const json::array* known = procedure::items_in(before, field.id);
    if (!procedure::has_named_items(field) || known == nullptr) continue;
    const auto says = [&](std::string_view what, std::string_view name) {
      return std::ranges::any_of(sent, [&](const procedure::Sent& each) {
        return each.value == name && each.name == std::string(field.id).append(what);
      });
    };
    json::array items;
    if (const json::array* now = procedure::items_in(answers, field.id))
      for (const json::value& item : *now)
        if (!says(procedure::kItemRemoved, procedure::name_of_item(item))) items.push_back(item);
    for (std::size_t i = 0; i < known->size(); ++i) {
      const json::value& item = (*known)[i];
      const std::string_view name = procedure::name_of_item(item);
      const auto now = std::ranges::find(items, name, &procedure::name_of_item);
      if (now != items.end()) {
        if (blanks == Blanks::keep) keep_unanswered(now->as_object(), item.as_object());
      } else if (procedure::holds_answers(item) && !says(procedure::kItemRemoved, name) &&
                 !(blanks == Blanks::clear && says(procedure::kItemBlank, name))) {
        items.insert(items.begin() + static_cast<std::ptrdiff_t>(std::min(i, items.size())), item);
      }
    }
    if (items.empty())
      answers.erase(field.id);
    else
      answers[field.id] = std::move(items);
  }
}

void erase_without_item(db::Tx& tx, const Case& row, const json::object& answers,
                        std::vector<Piece>& pieces) {
  std::erase_if(pieces, [&](const Piece& piece) {
    const bool gone = !piece.given && !procedure::by_name(answers, piece.field);
    if (gone) erase_piece(tx, row, piece);
    return gone;
  });
}

}  // namespace parvis::casework
