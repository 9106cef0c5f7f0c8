#include "html/html.hpp"

#include <algorithm>
#include <array>

namespace parvis::html {
namespace {

constexpr std::array<std::string_view, 13> kVoid = {"area",   "base",  "br",    "col",  "embed",
                                                    "hr",     "img",   "input", "link", "meta",
                                                    "source", "track", "wbr"};

bool unsafe_in_url(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F || c == '\\';
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

void escape_to(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\t':
      case '\n':
      case '\r':
        out += c;
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          out += "\xEF\xBF\xBD";
        } else {
          out += c;
        }
    }
  }
}

bool local_link(std::string_view url) {
  if (url.empty() || std::ranges::any_of(url, unsafe_in_url) || url.starts_with("//")) return false;
  return url.substr(0, url.find_first_of("/?#")).find(':') == std::string_view::npos;
}

bool safe_link(std::string_view url) {
  if (std::ranges::any_of(url, unsafe_in_url)) return false;
  const std::size_t colon = url.substr(0, url.find_first_of("/?#")).find(':');
  if (colon == std::string_view::npos) return local_link(url);
  std::string scheme(url.substr(0, colon));
  std::ranges::transform(scheme, scheme.begin(), lower);
  if (scheme == "mailto" || scheme == "tel") return url.size() > colon + 1;
  return (scheme == "http" || scheme == "https") && url.substr(colon + 1).starts_with("//");
}

Attr Attr::valued(std::string_view name, std::string_view value) {
  Attr attr;
  attr.written_.append(" ").append(name).append("=\"");
  escape_to(attr.written_, value);
  attr.written_ += '"';
  return attr;
}

Attr Attr::bare(std::string_view name) {
  Attr attr;
  attr.written_.append(" ").append(name);
  return attr;
}

Attr attr(AttrName name, std::string_view value) { return Attr::valued(name.text(), value); }
Attr attr_if(bool present, AttrName name, std::string_view value) {
  return present ? attr(name, value) : Attr();
}
Attr flag(AttrName name, bool present) { return present ? Attr::bare(name.text()) : Attr(); }
Attr href(std::string_view url) { return safe_link(url) ? Attr::valued("href", url) : Attr(); }
Attr src(std::string_view url) { return local_link(url) ? Attr::valued("src", url) : Attr(); }
Attr action(std::string_view url) { return local_link(url) ? Attr::valued("action", url) : Attr(); }
Attr cls(std::string_view value) { return attr("class", value); }
Attr id(std::string_view value) { return attr("id", value); }
Attr name(std::string_view value) { return attr("name", value); }
Attr value(std::string_view value) { return attr("value", value); }
Attr type(std::string_view value) { return attr("type", value); }
Attr lang(std::string_view value) { return attr("lang", value); }

Html Html::trusted(Literal markup) {
  Html out;
  out.bytes_ = markup.text();
  return out;
}

bool is_void(Tag tag) { return std::ranges::find(kVoid, tag.text()) != kVoid.end(); }

void open(Html& out, Tag tag, std::initializer_list<Attr> attrs) {
  out.bytes_.append("<").append(tag.text());
  for (const Attr& attr : attrs) attr.write(out.bytes_);
  out.bytes_ += '>';
}

void close(Html& out, Tag tag) { out.bytes_.append("</").append(tag.text()).append(">"); }

Html document(const Html& root) {
  Html out;
  out.bytes_ = "<!doctype html>\n" + root.bytes_ + "\n";
  return out;
}

}  // namespace parvis::html
