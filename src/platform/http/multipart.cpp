#include "http/multipart.hpp"

#include <algorithm>

namespace parvis::http {
namespace {

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// The next parameter of a header's value: `; name="value"`, what stands before it taken off.
// Nothing at the end. A quote inside of a value is sent as %22, or by some as \".
struct Parameter {
  std::string_view name;
  std::string value;
};
std::optional<Parameter> next_parameter(std::string_view& rest) {
  const std::size_t semicolon = rest.find(';');
  if (semicolon == std::string_view::npos) return std::nullopt;
  rest.remove_prefix(semicolon + 1);
  const std::size_t equals = rest.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  Parameter out{trimmed(rest.substr(0, equals)), ""};
  rest.remove_prefix(equals + 1);
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
  if (!rest.starts_with('"')) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    out.value = trimmed(rest.substr(0, end));
    rest.remove_prefix(end);
    return out;
  }
  rest.remove_prefix(1);
  while (!rest.empty() && rest.front() != '"') {
    if (rest.starts_with("\\\"")) rest.remove_prefix(1);
    out.value.push_back(rest.front());
    rest.remove_prefix(1);
  }
  if (rest.empty()) return std::nullopt;  // no closing quote
  rest.remove_prefix(1);
  return out;
}

// What the form encoding of HTML escapes in names, and nothing else.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view here = text.substr(i, 3);
    const char plain = here == "%22" ? '"' : here == "%0D" || here == "%0A" ? ' ' : '\0';
    out.push_back(plain != '\0' ? plain : text[i]);
    if (plain != '\0') i += 2;
  }
  return out;
}

std::optional<Part> part_of(std::string_view head) {
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos ||
        !same_word(trimmed(line.substr(0, colon)), "content-disposition"))
      continue;
    std::string_view value = line.substr(colon + 1);
    if (!same_word(trimmed(value.substr(0, value.find(';'))), "form-data")) return std::nullopt;
    std::optional<std::string> name, filename;
    while (auto parameter = next_parameter(value)) {
      if (same_word(parameter->name, "name")) name = unescaped(parameter->value);
      if (same_word(parameter->name, "filename")) filename = unescaped(parameter->value);
    }
    if (!name || name->empty()) return std::nullopt;
    return Part{*std::move(name), std::move(filename)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> boundary_of(std::string_view content_type) {
  if (!same_word(trimmed(content_type.substr(0, content_type.find(';'))), "multipart/form-data"))
    return std::nullopt;
  while (auto parameter = next_parameter(content_type)) {
    if (!same_word(parameter->name, "boundary")) continue;
    const std::string& value = parameter->value;
    const bool sound = !value.empty() && value.size() <= kBoundaryMax &&
                       std::ranges::all_of(value, [](char c) { return c > ' ' && c < 127; });
    return sound ? std::optional(value) : std::nullopt;
  }
  return std::nullopt;
}

bool Multipart::take(std::string_view bytes) {
  if (at_ == At::end) return true;  // an epilogue says nothing
  if (at_ == At::broken) return false;
  rest_.append(bytes);
  while (step()) {
  }
  return at_ != At::broken;
}

bool Multipart::step() {
  const auto broken = [this] {
    at_ = At::broken;
    return false;
  };
  switch (at_) {
    case At::preamble:
    case At::data: {
      const std::size_t found = rest_.find(delimiter_);
      const bool data = at_ == At::data;
      if (found == std::string::npos) {
        // Whatever cannot be the beginning of a boundary.
        const std::size_t keep = std::min(rest_.size(), delimiter_.size() - 1);
        const std::size_t sure = rest_.size() - keep;
        if (data && sure > 0) events_.data(std::string_view(rest_).substr(0, sure));
        rest_.erase(0, sure);
        return false;
      }
      if (data && found > 0) events_.data(std::string_view(rest_).substr(0, found));
      rest_.erase(0, found + delimiter_.size());
      at_ = At::boundary;
      if (data) events_.end();
      return true;
    }
    case At::boundary: {
      const std::size_t text = rest_.find_first_not_of(" \t");
      if (std::min(text, rest_.size()) > kPartHeadMax) return broken();
      if (text == std::string::npos || rest_.size() < text + 2) return false;
      const std::string_view here = std::string_view(rest_).substr(text, 2);
      if (here == "--" && text == 0) {
        at_ = At::end;
        rest_.clear();
        return false;
      }
      if (here != "\r\n" || ++parts_ > kPartsMax) return broken();
      rest_.erase(0, text);  // the line's end begins the head, which may be empty of fields
      at_ = At::head;
      return true;
    }
    case At::head: {
      const std::size_t end = rest_.find("\r\n\r\n");
      if (end == std::string::npos) return rest_.size() > kPartHeadMax + 3 ? broken() : false;
      if (end > kPartHeadMax) return broken();
      const auto part = part_of(std::string_view(rest_).substr(0, end));
      if (!part) return broken();
      rest_.erase(0, end + 4);
      at_ = At::data;
      events_.begin(*part);
      return true;
    }
    case At::end:
    case At::broken:
      break;
  }
  return false;
}

}  // namespace parvis::http
