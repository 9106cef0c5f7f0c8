// The answers of a draft as they are sealed, and the items of its repeated blocks to which files
// belong (procedure/items.hpp). Each call is inside the transaction whose gate gave the Case.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "casework/case_store.hpp"
#include "casework/piece_store.hpp"
#include "procedure/form.hpp"
#include "vault/keys.hpp"

namespace parvis::casework {

json::object answers_of(const Case& row, const vault::Keys& keys);
// Errc::too_large past kAnswersMax.
std::string sealed_answers(const vault::Keys& keys, std::string_view id,
                           const json::object& answers);

// The path of a file question of a draft as its pieces have it: an item by its name. A form sends
// files before the answers around them, so an item that nobody knows yet is added to the draft,
// with its name alone. Errc::invalid when the question takes no file, there is no item at that
// place, or there are enough of them.
std::string file_path(db::Tx& tx, const Case& row, const vault::Keys& keys,
                      const procedure::Definition& definition, std::string_view path, Instant now);

// What stands in `before` and not in `answers` any more. Lists are taken as they come.
void keep_unanswered(json::object& answers, const json::object& before);

enum class Blanks : std::uint8_t { clear, keep };
// The items of a page after it was sent: one that the form did not know of stays, since another
// window or an upload made it; what was taken away goes. blanks: as of Cases::save.
void keep_items(const procedure::Page& page, json::object& answers, const json::object& before,
                const std::vector<procedure::Sent>& sent, Blanks blanks);
// Pieces whose item is there no more go with it.
void erase_without_item(db::Tx& tx, const Case& row, const json::object& answers,
                        std::vector<Piece>& pieces);

}  // namespace parvis::casework
