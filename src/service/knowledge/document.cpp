#include "knowledge/document.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "text/tokens.hpp"

// The stored form is compact: a member that is empty or has its default value is left out. Each
// type is described once, by a function that visits its members; the writer and the reader are two
// visitors, so they cannot differ.

namespace parvis::knowledge {
namespace {

// Kinds are stored by name, in the order of their enumerators.
template <typename Kind>
constexpr std::array<std::string_view, 0> kNames;
template <>
constexpr std::array<std::string_view, 12> kNames<Span::Kind> = {
    "text",     "strong", "expression", "superscript", "subscript", "value",
    "variable", "quote",  "foreign",    "sheet_link",  "term_link", "web_link"};
template <>
constexpr std::array<std::string_view, 4> kNames<Condition::Kind> = {"is_true", "is_undefined",
                                                                     "all", "any"};
template <>
constexpr std::array<std::string_view, 31> kNames<Block::Kind> = {
    "paragraph",  "list",        "item",      "table",   "row",     "cell",         "chapter",
    "subchapter", "situations",  "situation", "cases",   "case",    "conditional",  "note",
    "know",       "attention",   "reminder",  "example", "help",    "warning",      "online",
    "form",       "notice_link", "template",  "tool",    "contact", "illustration", "question",
    "choice",     "group",       "unknown"};
template <>
constexpr std::array<std::string_view, 6> kNames<Document::Kind> = {"sheet", "dossier", "resource",
                                                                    "faq",   "local",   "service"};

template <typename Kind>
std::string_view name_of(Kind kind) {
  return kNames<Kind>.at(static_cast<std::size_t>(kind));
}

struct Writer {
  json::object out;

  void member(const char* key, const std::string& value) {
    if (!value.empty()) out[key] = value;
  }
  void member(const char* key, bool value) {
    if (value) out[key] = true;
  }
  void member(const char* key, std::uint16_t value) {
    if (value != 1) out[key] = value;
  }
  void member(const char* key, const std::optional<CivilDate>& value) {
    if (value) out[key] = format_iso_date(*value);
  }
  template <typename T>
    requires std::is_enum_v<T>
  void member(const char* key, T value) {
    if (value != T{}) out[key] = name_of(value);
  }
  void member(const char* key, const std::vector<std::string>& values) {
    if (!values.empty()) out[key] = json::array(values.begin(), values.end());
  }
  template <typename T>
  void member(const char* key, const std::vector<T>& values) {
    json::array array;
    for (const T& value : values) array.push_back(write(value));
    if (!array.empty()) out[key] = std::move(array);
  }
  template <typename T>
  void member(const char* key, const std::optional<T>& value) {
    if (value) out[key] = write(*value);
  }
  template <typename T>
    requires std::is_class_v<T>
  void member(const char* key, const T& value) {
    json::object inner = write(value);
    if (!inner.empty()) out[key] = std::move(inner);
  }
  template <typename T>
  static json::object write(const T& value);
};

struct Reader {
  const json::object& in;
  bool& sound;

  const json::value* find(const char* key) const { return in.if_contains(key); }
  void member(const char* key, std::string& value) {
    if (auto text = string_at(in, key)) value = *text;
  }
  void member(const char* key, bool& value) { value = bool_at(in, key).value_or(false); }
  void member(const char* key, std::uint16_t& value) {
    value = static_cast<std::uint16_t>(integer_at(in, key).value_or(1));
  }
  void member(const char* key, std::optional<CivilDate>& value) {
    if (auto text = string_at(in, key)) value = parse_iso_date(*text);
  }
  template <typename T>
    requires std::is_enum_v<T>
  void member(const char* key, T& value) {
    const auto text = string_at(in, key);
    if (!text) return;
    const auto at = std::ranges::find(kNames<T>, *text);
    if (at == kNames<T>.end())
      sound = false;
    else
      value = static_cast<T>(at - kNames<T>.begin());
  }
  void member(const char* key, std::vector<std::string>& values) {
    if (const json::array* array = array_at(in, key))
      for (const json::value& each : *array)
        if (each.is_string()) values.emplace_back(each.get_string());
  }
  template <typename T>
  void member(const char* key, std::vector<T>& values) {
    if (const json::array* array = array_at(in, key))
      for (const json::value& each : *array) read(each, values.emplace_back());
  }
  template <typename T>
  void member(const char* key, std::optional<T>& value) {
    if (const json::value* found = find(key)) read(*found, value.emplace());
  }
  template <typename T>
    requires std::is_class_v<T>
  void member(const char* key, T& value) {
    if (const json::value* found = find(key)) read(*found, value);
  }
  template <typename T>
  void read(const json::value& from, T& value);
};

void visit(auto& v, auto& s, const Span*) {
  v.member("k", s.kind), v.member("t", s.text), v.member("to", s.target);
  v.member("a", s.audience), v.member("note", s.note);
}
void visit(auto& v, auto& c, const Condition*) {
  v.member("k", c.kind), v.member("v", c.variable), v.member("o", c.operands);
}
void visit(auto& v, auto& b, const Block*) {
  v.member("k", b.kind), v.member("id", b.id), v.member("h", b.title), v.member("s", b.spans);
  v.member("c", b.children), v.member("if", b.condition), v.member("url", b.url);
  v.member("style", b.style), v.member("pivot", b.pivot), v.member("source", b.source);
  v.member("text", b.text), v.member("number", b.number), v.member("format", b.format);
  v.member("lang", b.language), v.member("sets", b.sets), v.member("cols", b.span_columns);
  v.member("rows", b.span_rows);
}
void visit(auto& v, auto& l, const Link*) {
  v.member("id", l.id), v.member("a", l.audience), v.member("t", l.title), v.member("url", l.url);
  v.member("type", l.type), v.member("theme", l.theme), v.member("source", l.source);
  v.member("note", l.note), v.member("format", l.format), v.member("lang", l.language);
  v.member("if", l.condition);
}
void visit(auto& v, auto& d, const Definition*) {
  v.member("id", d.id), v.member("term", d.term), v.member("text", d.text);
  v.member("abbreviation", d.abbreviation), v.member("references", d.references);
}
void visit(auto& v, auto& p, const PathStep*) { v.member("id", p.id), v.member("t", p.title); }
void visit(auto& v, auto& g, const Group*) {
  v.member("id", g.id), v.member("t", g.title), v.member("sheets", g.sheets);
  v.member("groups", g.groups);
}
void visit(auto& v, auto& k, const DocumentKey*) {
  v.member("audience", k.audience), v.member("id", k.id);
}
void visit(auto& v, auto& d, const Document*) {
  v.member("kind", d.kind), v.member("key", d.key), v.member("title", d.title);
  v.member("type", d.type), v.member("description", d.description);
  v.member("subject", d.subject), v.member("url", d.url), v.member("updated", d.updated);
  v.member("important_change", d.important_change), v.member("language", d.language);
  v.member("origin", d.origin), v.member("contributor", d.contributor);
  v.member("territory", d.territory), v.member("audiences", d.audiences);
  v.member("readers", d.readers), v.member("path", d.path), v.member("theme", d.theme);
  v.member("subtheme", d.subtheme), v.member("dossier", d.dossier);
  v.member("subdossier", d.subdossier), v.member("theme_id", d.theme_id);
  v.member("subtheme_id", d.subtheme_id), v.member("dossier_id", d.dossier_id);
  v.member("dossier_content", d.dossier_content), v.member("body", d.body);
  v.member("definitions", d.definitions), v.member("questions", d.questions);
  v.member("what_if", d.what_if), v.member("see_also", d.see_also);
  v.member("references", d.references), v.member("more", d.more);
  v.member("resources", d.resources), v.member("completes", d.completes);
  v.member("overrides", d.overrides), v.member("communes", d.communes);
  v.member("asked", d.asked), v.member("unknown", d.unknown);
}

template <typename T>
json::object Writer::write(const T& value) {
  Writer inner;
  visit(inner, value, static_cast<const T*>(nullptr));
  return std::move(inner.out);
}

template <typename T>
void Reader::read(const json::value& from, T& value) {
  const json::object* object = from.if_object();
  if (object == nullptr) {
    sound = false;
    return;
  }
  Reader inner{*object, sound};
  visit(inner, value, static_cast<const T*>(nullptr));
}

}  // namespace

std::string plain(const Spans& spans) {
  std::string out;
  for (const Span& span : spans) out.append(span.text);
  return out;
}

std::string_view name(Block::Kind kind) { return name_of(kind); }

std::string to_json(const Document& document) { return json::serialize(Writer::write(document)); }

std::optional<Document> from_json(std::string_view text) {
  // Each level of the tree takes an object and an array.
  const auto value = parse_json(text, 256, json::make_shared_resource<json::monotonic_resource>());
  if (!value) return std::nullopt;
  Document document;
  document.language.clear();
  bool sound = true;
  json::object none;
  Reader{none, sound}.read(*value, document);
  if (!sound || document.key.id.empty()) return std::nullopt;
  return document;
}

Filed filed_under(const Document& document) {
  Filed out{};
  const std::array all = {&document.theme_id, &document.subtheme_id, &document.dossier_id};
  for (std::size_t i = 0; i < out.size(); ++i)
    if (!all[i]->empty()) out[i] = text::term_hash(*all[i]);
  return out;
}

}  // namespace parvis::knowledge
