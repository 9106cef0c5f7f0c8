#include "knowledge/element.hpp"

#include <algorithm>
#include <pugixml.hpp>

#include "base/json.hpp"
#include "text/normalise.hpp"

namespace parvis::knowledge {
namespace {

std::expected<void, Problem> acceptable(std::string_view bytes) {
  if (bytes.size() > kSheetBytes) return std::unexpected(Problem{"larger than 4 MB"});
  if (bytes.contains('\0')) return std::unexpected(Problem{"contains a NUL character"});
  if (!text::valid_utf8(bytes)) return std::unexpected(Problem{"not valid UTF-8"});
  return {};
}

bool read(const json::object& node, Element& out) {
  if (auto words = string_at(node, "text")) {
    out.text = *words;
    return true;
  }
  const auto name = string_at(node, "name");
  if (!name || name->empty()) return false;
  out.name = *name;
  if (const json::object* attributes = object_at(node, "attributes"))
    for (const auto& [key, value] : *attributes)
      if (value.is_string())
        out.attributes.emplace_back(std::string(key), std::string(value.get_string()));
  if (const json::array* children = array_at(node, "children"))
    for (const json::value& child : *children) {
      const json::object* object = child.if_object();
      if (object == nullptr || !read(*object, out.children.emplace_back())) return false;
    }
  return true;
}

bool read(const pugi::xml_node& node, Element& out, std::size_t depth) {
  if (depth > kSheetDepth) return false;
  out.name = node.name();
  for (const pugi::xml_attribute& attribute : node.attributes())
    out.attributes.emplace_back(attribute.name(), attribute.value());
  for (const pugi::xml_node& child : node.children()) {
    switch (child.type()) {
      case pugi::node_element:
        if (!read(child, out.children.emplace_back(), depth + 1)) return false;
        break;
      case pugi::node_pcdata:
      case pugi::node_cdata:
        out.children.emplace_back().text = child.value();
        break;
      default:
        break;  // comments and processing instructions say nothing to a reader
    }
  }
  return true;
}

}  // namespace

std::string_view Element::attribute(std::string_view key) const {
  for (const auto& [name_, value] : attributes)
    if (name_ == key) return value;
  return {};
}

const Element* Element::child(std::string_view child_name) const {
  for (const Element& c : children)
    if (c.name == child_name) return &c;
  return nullptr;
}

std::expected<Element, Problem> element_from_json(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (auto sound = acceptable(bytes); !sound) return std::unexpected(sound.error());
  // Each element takes two levels of JSON: its object and its array of children.
  auto value = parse_json(bytes, 2 * kSheetDepth);
  if (!value) return std::unexpected(value.error());
  const json::object* root = value->if_object();
  const json::array* children = root == nullptr ? nullptr : array_at(*root, "children");
  if (children != nullptr && children->size() == 1 && children->front().is_object()) {
    Element element;
    if (read(children->front().get_object(), element) && !element.name.empty()) return element;
  }
  return std::unexpected(Problem{"not a sheet: one root element with a name is expected"});
}

std::expected<Element, Problem> element_from_xml(std::string_view bytes) {
  if (bytes.size() > kSheetBytes) return std::unexpected(Problem{"larger than 4 MB"});
  pugi::xml_document document;
  // pugixml expands no external entity and no entity of a DTD: nothing can be fetched or blown up.
  const pugi::xml_parse_result result = document.load_buffer(
      bytes.data(), bytes.size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
  if (!result) {
    const auto at = std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0)),
                             bytes.size());
    const auto lines = std::ranges::count(bytes.substr(0, at), '\n');
    return std::unexpected(
        Problem{std::string("XML: ") + result.description(), static_cast<std::size_t>(lines) + 1});
  }
  Element element;
  const pugi::xml_node root = document.document_element();
  if (!root || !read(root, element, 0))
    return std::unexpected(Problem{"nested deeper than any sheet"});
  return element;
}

}  // namespace parvis::knowledge
