// HTML that cannot be injected: an Html value is markup, anything else put inside it is escaped.
//
//   h("p", {cls("lead")}, "Bonjour ", name)             an element, its attributes, its children
//   h("ul", each(items, [](auto& i) { return h("li", i.title); }))
//   h("a", {href(url), attr("lang", "fr")}, title)      an unsafe URL loses its href, not its text
//   h("input", {name("q"), flag("required")})           void elements are known
//   when(cond, [&] { return h("p", …); }) · fragment(a, b, c) · document(h("html", …))
//
// A child is Html, text (escaped), an integer, an optional of these or a range of these.
// Tag and attribute names are literals checked by the compiler: style="…" and on…="…" do not exist
// here (the page's CSP would refuse them), and attributes that hold a URL are made only by href,
// src and action. Values own their bytes; an Html is a string and costs as much.
#pragma once

#include <charconv>
#include <concepts>
#include <initializer_list>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>

namespace parvis::html {

// A string literal, checked while compiling. Calling a non-constexpr function is the error.
class Literal {
 public:
  template <std::size_t N>
  consteval Literal(const char (&text)[N]) : text_(text, N - 1) {}  // NOLINT: implicit on purpose
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

void not_a_tag_name();         // lower-case letters, digits and '-'
void not_a_plain_attribute();  // a lower-case name; not style, on…, srcdoc nor a URL attribute

class Tag {
 public:
  template <std::size_t N>
  consteval Tag(const char (&text)[N]) : text_(text, N - 1) {  // NOLINT: implicit on purpose
    if (text_.empty() || text_[0] < 'a' || text_[0] > 'z') not_a_tag_name();
    for (const char c : text_)
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) not_a_tag_name();
  }
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

class AttrName {
 public:
  template <std::size_t N>
  consteval AttrName(const char (&text)[N]) : text_(text, N - 1) {  // NOLINT: implicit on purpose
    if (text_.empty() || text_.starts_with("on")) not_a_plain_attribute();
    for (const char c : text_)
      if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
        not_a_plain_attribute();
    for (const std::string_view url : {"style", "srcdoc", "srcset", "href", "src", "action",
                                       "formaction", "poster", "data", "ping", "cite"})
      if (text_ == url) not_a_plain_attribute();
  }
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// Appends with & < > " ' as references and control characters as U+FFFD: right in text and in a
// quoted attribute.
void escape_to(std::string& out, std::string_view text);

// A link that a page may carry: http, https, mailto, tel, or a path, query or fragment of this
// site. Refused: other schemes, "//host", backslashes, white space and control characters.
bool safe_link(std::string_view url);
bool local_link(std::string_view url);  // of this site only

// One attribute, or none: an absent attribute writes nothing.
class Attr {
 public:
  Attr() = default;
  void write(std::string& out) const { out += written_; }

  static Attr valued(std::string_view name, std::string_view value);
  static Attr bare(std::string_view name);

 private:
  std::string written_;  // " name=\"value\"", or empty
};

Attr attr(AttrName name, std::string_view value);
Attr attr(AttrName name, std::integral auto value) {
  return Attr::valued(name.text(), std::to_string(value));
}
template <std::same_as<std::optional<std::string>> Maybe>
Attr attr(AttrName name, const Maybe& value) {  // absent without a value
  return value ? Attr::valued(name.text(), *value) : Attr();
}
Attr attr_if(bool present, AttrName name, std::string_view value);
Attr flag(AttrName name, bool present = true);  // required, checked, hidden…
Attr href(std::string_view url);                // safe_link, else absent
Attr src(std::string_view url);                 // local_link, else absent
Attr action(std::string_view url);              // local_link, else absent
Attr cls(std::string_view value);
Attr id(std::string_view value);
Attr name(std::string_view value);
Attr value(std::string_view value);
Attr type(std::string_view value);
Attr lang(std::string_view value);

class Html {
 public:
  Html() = default;
  Html(std::string_view text) { escape_to(bytes_, text); }  // NOLINT: text becomes escaped markup
  Html(const char* text) : Html(std::string_view(text)) {}  // NOLINT
  Html(const std::string& text) : Html(std::string_view(text)) {}  // NOLINT
  // Markup written in this program, such as an icon.
  static Html trusted(Literal markup);

  const std::string& str() const& { return bytes_; }
  std::string str() && { return std::move(bytes_); }
  bool empty() const { return bytes_.empty(); }
  Html& operator+=(const Html& more) {
    bytes_ += more.bytes_;
    return *this;
  }

 private:
  friend void open(Html& out, Tag tag, std::initializer_list<Attr> attrs);
  friend void close(Html& out, Tag tag);
  friend Html document(const Html& root);
  std::string bytes_;
};

bool is_void(Tag tag);
void open(Html& out, Tag tag, std::initializer_list<Attr> attrs);  // <tag …>
void close(Html& out, Tag tag);                                    // </tag>

inline void put(Html& out, const Html& child) { out += child; }
inline void put(Html& out, std::string_view text) { out += Html(text); }
inline void put(Html& out, const char* text) { out += Html(text); }
inline void put(Html& out, const std::string& text) { out += Html(text); }
template <std::integral N>
  requires(!std::same_as<N, bool> && !std::same_as<N, char>)
void put(Html& out, N number) {
  out += Html(std::to_string(number));
}
template <typename T>
void put(Html& out, const std::optional<T>& child) {
  if (child) put(out, *child);
}
template <std::ranges::input_range R>
  requires(!std::convertible_to<const R&, std::string_view>)
void put(Html& out, const R& children) {
  for (const auto& child : children) put(out, child);
}

template <typename... Children>
Html fragment(const Children&... children) {
  Html out;
  (put(out, children), ...);
  return out;
}

// A void element has no children; script and style only an address (CSP: nothing inline).
template <typename... Children>
Html h(Tag tag, std::initializer_list<Attr> attrs, const Children&... children) {
  Html out;
  open(out, tag, attrs);
  (put(out, children), ...);
  if (!is_void(tag)) close(out, tag);
  return out;
}
template <typename... Children>
Html h(Tag tag, const Children&... children) {
  return h(tag, std::initializer_list<Attr>{}, children...);
}

template <std::ranges::input_range R, typename Make>
Html each(R&& range, Make&& make) {
  Html out;
  for (auto&& item : range) put(out, make(item));
  return out;
}

template <typename Make>
Html when(bool condition, Make&& make) {
  if (!condition) return {};
  if constexpr (std::invocable<Make&>) {
    return fragment(make());
  } else {
    return fragment(make);
  }
}

Html document(const Html& root);  // <!doctype html> and the root

}  // namespace parvis::html
