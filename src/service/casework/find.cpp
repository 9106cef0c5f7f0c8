#include "casework/find.hpp"

#include <algorithm>
#include <functional>

#include "crypto/hash.hpp"
#include "procedure/values.hpp"
#include "text/normalise.hpp"

namespace parvis::casework {
namespace {

constexpr std::size_t kTypedMax = 300;  // bytes of a search
constexpr std::size_t kLeast = 2;       // letters of a word: initials find nobody

void add(std::vector<std::string>& words, std::string word) {
  if (words.size() < kWordsMax && std::ranges::find(words, word) == words.end())
    words.push_back(std::move(word));
}

// "Roy-Dupont" is found by either name.
void add_words(std::vector<std::string>& words, std::string_view text) {
  const std::string folded = text::fold(text);
  std::string word;
  const auto end = [&] {
    if (word.size() >= kLeast) add(words, "word:" + word);
    word.clear();
  };
  for (const char c : folded)
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80)
      word += c;
    else
      end();
  end();
}

void add_phone(std::vector<std::string>& words, std::string_view text) {
  procedure::Field phone;
  phone.type = procedure::Type::phone;
  // Its one form, E.164, whoever stored it.
  if (const auto number = procedure::read_typed(phone, text, {}); number && number->is_string())
    add(words, "phone:" + std::string(number->get_string()));
}

bool names_a_person(const procedure::Field& field) {
  return field.id == "last_name" || field.id == "first_names" || field.id == "used_name";
}

void look(std::vector<std::string>& words, const std::vector<procedure::Field>& fields,
          const json::object& answers, bool of_person) {
  using procedure::Type;
  for (const procedure::Field& field : fields) {
    const json::value* value = answers.if_contains(field.id);
    if (value == nullptr) continue;
    if (value->is_object()) {
      look(words, field.fields, value->get_object(), field.type == Type::person);
    } else if (value->is_array() && field.type == Type::repeat) {
      for (const json::value& each : value->get_array())
        if (each.is_object()) look(words, field.fields, each.get_object(), false);
    } else if (value->is_string()) {
      const std::string_view text = value->get_string();
      if (field.type == Type::email)
        add(words, "email:" + text::fold(text));
      else if (field.type == Type::phone)
        add_phone(words, text);
      else if (field.searchable || (of_person && names_a_person(field)))
        add_words(words, text);
    }
  }
}

}  // namespace

std::vector<std::string> words_of(const procedure::Definition& definition,
                                  const json::object& answers) {
  std::vector<std::string> words;
  for (const procedure::Step& step : definition.steps)
    for (const procedure::Page& page : step.pages) look(words, page.fields, answers, false);
  return words;
}

std::string indexed_in(const procedure::Definition& definition) {
  using procedure::Type;
  std::string out;
  const std::function<void(const std::vector<procedure::Field>&, bool)> look =
      [&](const std::vector<procedure::Field>& fields, bool of_person) {
        for (const procedure::Field& field : fields) {
          const bool found = field.type == Type::email || field.type == Type::phone ||
                             field.searchable || (of_person && names_a_person(field));
          if (found) out.append(field.path).append(" ").append(name(field.type)).append("\n");
          look(field.fields, field.type == Type::person);
        }
      };
  for (const procedure::Step& step : definition.steps)
    for (const procedure::Page& page : step.pages) look(page.fields, false);
  return out;
}

std::vector<std::string> words_asked(std::string_view typed) {
  const std::string text = text::clean(text::utf8_prefix(typed, kTypedMax));
  std::vector<std::string> words;
  if (text.contains('@')) {
    if (!text.contains(' ')) words.push_back("email:" + text::fold(text));
    return words;
  }
  add_phone(words, text);
  if (!words.empty()) return words;
  add_words(words, text);
  if (words.size() > kAskedMax) words.resize(kAskedMax);
  return words;
}

std::string digest_of(const crypto::Key& key, std::string_view word) {
  return crypto::hmac_sha256(key.reveal(), word).substr(0, kWordBytes);
}

std::vector<std::string> digests_of(const crypto::Key& key, const std::vector<std::string>& words) {
  std::vector<std::string> out;
  for (const std::string& word : words) out.push_back(digest_of(key, word));
  return out;
}

}  // namespace parvis::casework
