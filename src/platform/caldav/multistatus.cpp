#include "caldav/multistatus.hpp"

#include <algorithm>
#include <pugixml.hpp>

namespace parvis::caldav {
namespace {

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == name.npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_node each : node.children())
    if (local_name(each) == name) return each;
  return {};
}

bool has(const pugi::xml_node& node, std::string_view name) { return !child(node, name).empty(); }

// All of its text, which a comment or a CDATA section may have cut in pieces.
std::string content(const pugi::xml_node& node) {
  std::string out;
  for (const pugi::xml_node each : node.children())
    if (each.type() == pugi::node_pcdata || each.type() == pugi::node_cdata) out += each.value();
  return out;
}

std::string trimmed(std::string text) {
  constexpr std::string_view kSpace = " \t\r\n";
  text.erase(0, std::min(text.find_first_not_of(kSpace), text.size()));
  text.erase(text.find_last_not_of(kSpace) + 1);
  return text;
}

std::string short_text(const pugi::xml_node& node, std::size_t max) {
  std::string text = trimmed(content(node));
  return text.size() <= max ? text : "";
}

int status_of(const pugi::xml_node& node) {  // "HTTP/1.1 404 Not Found"
  const std::string text = short_text(child(node, "status"), 200);
  const std::size_t space = text.find(' ');
  if (!text.starts_with("HTTP/") || space == text.npos || text.size() < space + 4) return 0;
  int code = 0;
  for (std::size_t i = space + 1; i < space + 4; ++i) {
    if (text[i] < '0' || text[i] > '9') return 0;
    code = code * 10 + (text[i] - '0');
  }
  return code;
}

void take(const pugi::xml_node& prop, Response& out) {
  for (const pugi::xml_node each : prop.children()) {
    const std::string_view name = local_name(each);
    if (name == "getetag") {
      const std::string etag = short_text(each, kEtagMax);
      if (etag_like(etag)) out.etag = etag;
    } else if (name == "calendar-data") {
      out.data = Personal<std::string>(content(each));
    } else if (name == "resourcetype") {
      out.calendar = has(each, "calendar");
    } else if (name == "getctag") {
      out.ctag = short_text(each, kTokenMax);
    } else if (name == "supported-calendar-component-set") {
      out.events = false;
      for (const pugi::xml_node comp : each.children())
        if (std::string_view(comp.attribute("name").value()) == "VEVENT") out.events = true;
    } else if (name == "current-user-privilege-set") {
      out.writable = false;
      for (const pugi::xml_node privilege : each.children())
        if (has(privilege, "write") || has(privilege, "write-content") || has(privilege, "all") ||
            has(privilege, "bind"))
          out.writable = true;
    }
  }
}

}  // namespace

bool etag_like(std::string_view text) {
  return !text.empty() && text.size() <= kEtagMax &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

std::expected<Multistatus, std::string> parse_multistatus(std::string_view xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8))
    return std::unexpected("its answer is not well-formed XML");
  const pugi::xml_node root = document.document_element();
  if (local_name(root) != "multistatus")
    return std::unexpected("its answer is not a multistatus of WebDAV");
  Multistatus out;
  for (const pugi::xml_node node : root.children()) {
    if (local_name(node) == "sync-token") out.sync_token = short_text(node, kTokenMax);
    if (local_name(node) != "response") continue;
    if (out.responses.size() >= kResponsesMax)
      return std::unexpected("its answer lists more than " + std::to_string(kResponsesMax) +
                             " entries");
    Response response{.href = short_text(child(node, "href"), kHrefMax), .status = status_of(node)};
    if (response.href.empty()) return std::unexpected("an entry of its answer has no address");
    for (const pugi::xml_node each : node.children()) {
      if (local_name(each) != "propstat") continue;
      const int status = status_of(each);
      if (status >= 200 && status < 300) take(child(each, "prop"), response);
    }
    out.responses.push_back(std::move(response));
  }
  return out;
}

}  // namespace parvis::caldav
