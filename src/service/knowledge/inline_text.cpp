#include "knowledge/inline_text.hpp"

#include <algorithm>
#include <array>

// First every run of text is laid end to end with what it is (a link stays a link whatever stands
// inside it; else the innermost element counts), then the spaces between runs are put right.
//
// A lost space is told from a word that is only half emphasised ("départ <a>volontair</a>e") by the
// two words that touch: see parted().

namespace parvis::knowledge {
namespace {

struct InlineName {
  std::string_view name;
  Span::Kind kind;
  std::string_view target;  // attribute that holds it
};
constexpr std::array kInline = {
    InlineName{"MiseEnEvidence", Span::Kind::strong, ""},
    InlineName{"Expression", Span::Kind::expression, ""},
    InlineName{"Exposant", Span::Kind::superscript, ""},
    InlineName{"Indice", Span::Kind::subscript, ""},
    InlineName{"Valeur", Span::Kind::value, ""},
    InlineName{"Montant", Span::Kind::value, ""},
    InlineName{"Variable", Span::Kind::variable, ""},
    InlineName{"Citation", Span::Kind::quote, ""},
    InlineName{"TermeEtranger", Span::Kind::foreign, "langue"},
    InlineName{"LienInterne", Span::Kind::sheet_link, "LienPublication"},
    InlineName{"LienIntra", Span::Kind::term_link, "LienID"},
    InlineName{"LienExterne", Span::Kind::web_link, "URL"},
};

const InlineName* inline_name(std::string_view name) {
  const auto at = std::ranges::find(kInline, name, &InlineName::name);
  return at == kInline.end() ? nullptr : &*at;
}

bool is_layout(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_link(Span::Kind kind) {
  return kind == Span::Kind::sheet_link || kind == Span::Kind::term_link ||
         kind == Span::Kind::web_link;
}

// ── lost spaces ─────────────────────────────────────────────────────────────────────────────────

// A word at the edge of a run; `elided` when an apostrophe follows it ("d'ancienneté").
struct Word {
  std::string_view text;
  bool elided = false;
};

// Letters of French (ASCII, Latin-1 letters, œ) and digits. UTF-8: `at` is the first byte.
std::size_t letter_at(std::string_view text, std::size_t at) {
  const auto c = static_cast<unsigned char>(text[at]);
  if (std::isalnum(c) != 0) return 1;
  if (at + 1 >= text.size()) return 0;
  const auto next = static_cast<unsigned char>(text[at + 1]);
  if (c == 0xC3 && next != 0x97 && next != 0xB7) return 2;  // not × ÷
  if (c == 0xC5 && (next == 0x92 || next == 0x93)) return 2;
  return 0;
}

Word first_word(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size()) {
    const std::size_t step = letter_at(text, end);
    if (step == 0) break;
    end += step;
  }
  const std::string_view rest = text.substr(end);
  return {text.substr(0, end), rest.starts_with('\'') || rest.starts_with("\u2019")};
}

Word last_word(std::string_view text) {
  std::size_t begin = text.size();
  while (begin > 0) {
    std::size_t at = begin - 1;
    if (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    if (at + letter_at(text, at) != begin) break;
    begin = at;
  }
  return {text.substr(begin)};
}

std::size_t letters(std::string_view word) {
  return static_cast<std::size_t>(std::ranges::count_if(
      word, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}
bool has_digit(std::string_view word) {
  return std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; });
}
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_acronym(std::string_view word) {
  return word.size() >= 2 && std::ranges::all_of(word, is_upper);
}

// Words that stand alone and end or begin no other word in the corpus's split words.
constexpr std::array<std::string_view, 27> kSmallWords = {
    "ou",  "et",  "du",   "de",    "des",   "le",  "la",  "les",   "au",
    "aux", "un",  "une",  "par",   "pour",  "sur", "si",  "dans",  "avec",
    "en",  "est", "vous", "avant", "après", "pas", "qui", "votre", "entre"};
bool is_small_word(std::string_view word) {
  return std::ranges::find(kSmallWords, word) != kSmallWords.end();
}

// Whether a space between two words was lost where `left` touches `right`.
bool parted(const Span& left, const Span& right) {
  if (right.kind == Span::Kind::superscript || right.kind == Span::Kind::subscript) return false;
  const auto [a, elided_a] = last_word(left.text);
  const auto [b, elided_b] = first_word(right.text);
  if (a.empty() || b.empty()) return false;
  const std::size_t size_a = letters(a), size_b = letters(b);
  if (left.kind == Span::Kind::superscript) return size_b >= 2 || elided_b;  // 1er|jour
  if (left.kind == Span::Kind::subscript) return false;
  const bool both_inline = left.kind != Span::Kind::text && right.kind != Span::Kind::text;
  if (has_digit(a) && has_digit(b)) return false;                        // 6h|00
  if (has_digit(a)) return size_b >= 4 || is_small_word(b) || elided_b;  // 15|jours
  if (has_digit(b)) return size_a >= 2 && (both_inline || right.kind == Span::Kind::value);
  if ((is_small_word(a) && (size_b >= 2 || is_upper(b.front()))) ||
      (is_small_word(b) && (size_a >= 2 || is_upper(a.front()))))
    return true;
  if (both_inline) return size_a >= 2 && (size_b >= 2 || elided_b);
  return size_a >= 2 && ((is_lower(a.back()) && is_acronym(b)) ||
                         (is_acronym(a) && is_lower(b.front()) && (size_b >= 2 || elided_b)));
}

bool same_style(const Span& a, const Span& b) {
  return a.kind == b.kind && a.target == b.target && a.audience == b.audience && a.note == b.note;
}

// ── runs ────────────────────────────────────────────────────────────────────────────────────────

class Runs {
 public:
  Runs(std::vector<std::string>& unknown) : unknown_(unknown) {}

  void add(const Element& parent, const Span& style) {
    for (const Element& child : parent.children) {
      if (child.name.empty()) {
        Span run = style;
        run.text = child.text;
        std::ranges::replace_if(run.text, is_layout, ' ');
        if (!run.text.empty()) runs_.push_back(std::move(run));
      } else if (const InlineName* known = inline_name(child.name)) {
        add(child, is_link(style.kind) ? style : styled(child, *known));
      } else {  // Paragraphe, Titre, Item…: a line of its own
        if (child.name != "Paragraphe" && child.name != "Titre") unknown_.push_back(child.name);
        gap();
        add(child, style);
        gap();
      }
    }
  }

  Spans take() {
    Spans out;
    for (Span& run : runs_) {
      if (!out.empty() && parted(out.back(), run))
        out.push_back({Span::Kind::text, " ", "", "", ""});
      out.push_back(std::move(run));
    }
    return tidy(std::move(out));
  }

 private:
  static Span styled(const Element& e, const InlineName& name) {
    Span style{name.kind, "", "", "", ""};
    if (!name.target.empty()) style.target = e.attribute(name.target);
    style.audience = audience_of(e.attribute("audience"));
    style.note = e.attribute("commentaireLien");
    for (const std::string_view key : {"format", "poids", "langue"})
      if (name.kind == Span::Kind::web_link && !e.attribute(key).empty())
        style.note.append(style.note.empty() ? "" : ", ").append(e.attribute(key));
    const std::string_view type = e.attribute("type");
    // An acronym is explained on the same sheet; some glossary links have become sheets.
    if (type == "Sigle" || type == "Acronyme") style.kind = Span::Kind::term_link;
    if (name.kind == Span::Kind::term_link && type.starts_with("Fiche"))
      style.kind = Span::Kind::sheet_link;
    return style;
  }
  void gap() {
    if (!runs_.empty()) runs_.push_back({Span::Kind::text, " ", "", "", ""});
  }

  Spans runs_;
  std::vector<std::string>& unknown_;
};

}  // namespace

Spans tidy(Spans spans) {
  Spans out;
  for (Span& span : spans) {
    std::string text;
    for (const char c : span.text)
      if (c != ' ' ||
          (text.empty() ? !out.empty() && !out.back().text.ends_with(' ') : text.back() != ' '))
        text.push_back(c);
    if (text.empty()) continue;
    span.text = std::move(text);
    if (!out.empty() && same_style(out.back(), span))
      out.back().text.append(span.text);
    else
      out.push_back(std::move(span));
  }
  while (!out.empty() && out.back().text.ends_with(' ')) {
    out.back().text.pop_back();
    if (out.back().text.empty()) out.pop_back();
  }
  return out;
}

bool is_inline(std::string_view element_name) { return inline_name(element_name) != nullptr; }

Spans spans_of(const Element& parent, std::vector<std::string>& unknown) {
  Runs runs(unknown);
  runs.add(parent, Span{});
  return runs.take();
}

std::string words_of(const Element* element) {
  if (element == nullptr) return {};
  std::vector<std::string> unknown;
  return plain(spans_of(*element, unknown));
}

std::string collapse(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_layout(c))
      out.push_back(c);
    else if (!out.empty() && out.back() != ' ')
      out.push_back(' ');
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string_view audience_of(std::string_view words) {
  if (words == "Particuliers") return "particuliers";
  if (words == "Professionnels") return "professionnels";
  if (words == "Associations") return "associations";
  return words;
}

}  // namespace parvis::knowledge
