#include "knowledge/element.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "base/json.hpp"
#include "text/normalise.hpp"

namespace parvis::knowledge {
namespace {

std::size_t line_of(std::string_view bytes, std::size_t at) {
  return 1 + static_cast<std::size_t>(std::ranges::count(bytes.substr(0, at), '\n'));
}

std::expected<void, Problem> acceptable(std::string_view bytes) {
  if (bytes.size() > kSheetBytes)
    return std::unexpected(Problem{fmt::format("larger than {} MB", kSheetBytes >> 20)});
  if (const auto at = bytes.find('\0'); at != std::string_view::npos)
    return std::unexpected(Problem{"contains a NUL character", line_of(bytes, at)});
  return {};
}

// UTF-8 unless the XML declaration says Latin-1, which pugixml converts.
std::expected<void, Problem> acceptable_utf8(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 200);
  if (head.contains("encoding=\"ISO-8859-1\"") || text::valid_utf8(bytes)) return {};
  std::size_t line = 1;
  for (std::size_t at = 0; at < bytes.size(); ++line) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    if (!text::valid_utf8(bytes.substr(at, end - at))) break;
    at = end + 1;
  }
  return std::unexpected(Problem{"not valid UTF-8", line});
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
  // The parser refuses what is not UTF-8. Each element takes two levels of JSON: its object and its
  // array of children.
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
  if (auto sound = acceptable(bytes); !sound) return std::unexpected(sound.error());
  if (auto sound = acceptable_utf8(bytes); !sound) return std::unexpected(sound.error());
  pugi::xml_document document;
  // pugixml expands no external entity and no entity of a DTD: nothing can be fetched or blown up.
  const pugi::xml_parse_result result =
      document.load_buffer(bytes.data(), bytes.size(), pugi::parse_default | pugi::parse_ws_pcdata);
  if (!result) {
    const auto at = static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0));
    return std::unexpected(Problem{std::string("XML: ") + result.description(),
                                   line_of(bytes, std::min(at, bytes.size()))});
  }
  Element element;
  if (!read(document.document_element(), element, 0))
    return std::unexpected(Problem{"XML: nested deeper than any sheet"});
  return element;
}

}  // namespace parvis::knowledge
