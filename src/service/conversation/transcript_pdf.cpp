#include "conversation/transcript_pdf.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "conversation/transcript_parts.hpp"
#include "text/language.hpp"

namespace parvis::conversation {
namespace {

using pdf::Block;
using pdf::Heading;
using pdf::List;
using pdf::Paragraph;
using pdf::Tone;

constexpr std::string_view kFrench = "fr";

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) {
  return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
// Of the ASCII letters that an address is written with.
bool local_part(char c) {
  return letter(c) ? static_cast<unsigned char>(c) < 0x80 : c == '.' || c == '+' || c == '-';
}

// Long enough for any address that is one; what is longer is looked at once only.
constexpr std::size_t kUrlMax = 2000, kLocalPartMax = 64, kDomainMax = 255;

std::size_t url_length(std::string_view text) {
  if (!text.starts_with("http://") && !text.starts_with("https://")) return 0;
  text = text.substr(0, kUrlMax);
  std::size_t end = text.find_first_of(" \t\n<>\"");
  for (const std::string_view stop : {"\u00a0", "\u202f", "«", "»"})
    end = std::min(end, text.find(stop));
  text = text.substr(0, end);
  while (!text.empty() && std::string_view(").,;:!?").contains(text.back())) text.remove_suffix(1);
  return text.size() > std::string_view("https://").size() ? text.size() : 0;
}

std::size_t mail_length(std::string_view text) {
  text = text.substr(0, kLocalPartMax + 1 + kDomainMax);
  std::size_t at = 0;
  while (at < text.size() && at <= kLocalPartMax && local_part(text[at])) ++at;
  if (at == 0 || at >= text.size() || text[at] != '@') return 0;
  std::size_t end = at + 1;
  while (end < text.size() && local_part(text[end]) && text[end] != '+') ++end;
  while (text[end - 1] == '.' || text[end - 1] == '-') --end;
  return text.substr(at, end - at).contains('.') ? end : 0;
}

// "01 23 45 67 89", with spaces, no-break ones or dots between.
std::size_t phone_length(std::string_view text) {
  if (text.size() < 2 || text[0] != '0' || text[1] < '1' || text[1] > '9') return 0;
  std::size_t at = 2;
  for (int pair = 0; pair < 4; ++pair) {
    for (const std::string_view gap : {" ", ".", "\u00a0", "\u202f"})
      if (text.substr(at).starts_with(gap)) {
        at += gap.size();
        break;
      }
    if (at + 2 > text.size() || !digit(text[at]) || !digit(text[at + 1])) return 0;
    at += 2;
  }
  return at < text.size() && digit(text[at]) ? 0 : at;
}

std::string dialled(std::string_view number) {
  std::string out = "tel:";
  std::ranges::copy_if(number, std::back_inserter(out), digit);
  return out;
}

struct Link {
  std::size_t length = 0;  // 0: none begins here
  std::string url;
};

Link link_at(std::string_view text) {
  const std::size_t url = url_length(text), mail = mail_length(text), phone = phone_length(text);
  if (url > 0) return {url, std::string(text.substr(0, url))};
  if (mail > 0) return {mail, "mailto:" + std::string(text.substr(0, mail))};
  if (phone > 0) return {phone, dialled(text.substr(0, phone))};
  return {};
}

// "1. " starts a step: its number and the length of the mark.
std::pair<int, std::size_t> step(std::string_view line) {
  std::size_t digits = 0;
  int number = 0;
  while (digits < line.size() && digits < 3 && digit(line[digits]))
    number = number * 10 + (line[digits++] - '0');
  return digits > 0 && line.substr(digits).starts_with(". ") ? std::pair(number, digits + 2)
                                                             : std::pair(0, std::size_t{0});
}

std::string_view trimmed(std::string_view line) {
  const std::size_t from = line.find_first_not_of(" \t\r");
  if (from == std::string_view::npos) return {};
  return line.substr(from, line.find_last_not_of(" \t\r") - from + 1);
}

// Lines of an answer: "- " starts an item, "1. " a step, another is a paragraph.
void append_lines(std::vector<Block>& out, std::string_view text, Tone tone = Tone::plain,
                  const std::string& language = "") {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    const auto [number, mark] = step(line);
    const bool item = line.starts_with("- ");
    if (!item && mark == 0) {
      out.push_back(Paragraph{linked(line), tone, language});
      continue;
    }
    List* list = out.empty() ? nullptr : std::get_if<List>(&out.back());
    const auto next = list == nullptr ? 0 : list->from + static_cast<int>(list->items.size());
    if (list == nullptr || (item ? list->from != 0 : list->from == 0 || next != number))
      list = &std::get<List>(
          out.emplace_back(List{.items = {}, .from = item ? 0 : number, .language = language}));
    list->items.push_back(linked(line.substr(item ? 2 : mark)));
  }
}

std::string site_of(std::string_view url) {
  const std::size_t from = url.find("://");
  if (from == std::string_view::npos) return "";
  std::string_view host = url.substr(from + 3);
  host = host.substr(0, host.find_first_of("/?#:"));
  if (host.starts_with("www.")) host.remove_prefix(4);
  return std::string(host);
}

pdf::Words source(const Part::Entry& entry) {
  const std::string site = site_of(entry.url);
  const std::string title = entry.words.empty() ? site : entry.words;
  std::string rest = entry.date.empty() ? "" : ", " + entry.date;
  if (!site.empty()) rest += " (" + site + ")";
  return {{.text = title, .url = entry.url, .about = title + (site.empty() ? "" : ", " + site)},
          {rest}};
}

void append(std::vector<Block>& out, const Part& part) {
  if (part.kind != Part::Kind::notices && !part.title.empty())
    out.push_back(Heading{.level = 3, .text = part.title});
  List list;
  for (const Part::Entry& entry : part.entries) switch (part.kind) {
      case Part::Kind::more:
        append_lines(out, entry.words);
        break;
      case Part::Kind::choices:
        list.items.push_back({{entry.words}});
        break;
      case Part::Kind::contact:
        if (entry.label.empty())
          out.push_back(Paragraph{linked(entry.words)});
        else
          out.push_back(pdf::Fact{entry.label, linked(entry.words)});
        break;
      case Part::Kind::sources:
        list.items.push_back(source(entry));
        break;
      case Part::Kind::notices: {
        pdf::Words words = linked(entry.words);
        words.insert(words.begin(), {.text = part.title + "\u00a0: ", .strong = true});
        out.push_back(Paragraph{std::move(words), Tone::notice});
        break;
      }
    }
  if (!list.items.empty()) out.push_back(std::move(list));
}

pdf::Section citizen(const Message& message, std::string when) {
  pdf::Section section{.blocks = {}, .frame = pdf::Frame::round};
  section.blocks.push_back(
      Heading{.text = kCitizen, .aside = std::move(when), .mark = pdf::Mark::round});
  const text::LanguageGuess guess = text::language_of(message.text());
  section.blocks.push_back(
      Paragraph{.words = {{std::string(message.text())}},
                .language = std::string(text::is_foreign(guess.language) ? guess.code : "")});
  return section;
}

pdf::Section agent(const Message& message, std::string when) {
  pdf::Section section{.blocks = {}, .frame = pdf::Frame::ruled};
  section.blocks.push_back(
      Heading{.text = kAgent, .aside = std::move(when), .mark = pdf::Mark::square});
  const bool danger = string_at(message.payload, "status") == "emergency";
  std::string language(string_at(message.payload, "language").value_or(kFrench));
  if (language == kFrench) language.clear();
  append_lines(section.blocks, message.text(), danger ? Tone::danger : Tone::plain, language);
  for (const Part& part : parts_of(message.payload)) append(section.blocks, part);
  return section;
}

}  // namespace

pdf::Words linked(std::string_view line) {
  pdf::Words out;
  std::size_t from = 0;  // of what is no link
  const auto flush = [&](std::size_t to) {
    if (to > from) out.push_back({std::string(line.substr(from, to - from))});
  };
  for (std::size_t at = 0; at < line.size();) {
    const Link link = at == 0 || !letter(line[at - 1]) ? link_at(line.substr(at)) : Link{};
    if (link.length == 0) {
      ++at;
      continue;
    }
    flush(at);
    out.push_back({std::string(line.substr(at, link.length)), link.url});
    from = at += link.length;
  }
  flush(line.size());
  return out;
}

pdf::Document to_document(const Transcript& transcript, const Letterhead& letterhead, Zone zone,
                          Instant now) {
  CivilDate day = civil_date(zone.local(transcript.created_at));
  const std::string title = fmt::format("Conversation du {}", format_french_date(day));
  const std::string whose = fmt::format("l’assistant automatique de {}", letterhead.with);
  pdf::Document document{.title = title,
                         .author = std::string(letterhead.town),
                         .subject = fmt::format("{} avec {}", title, whose),
                         .created = now,
                         .accent = std::string(letterhead.accent),
                         .footer = kDisclaimer,
                         .sections = {}};
  document.sections.push_back(
      {.blocks = {Paragraph{{{fmt::format("Avec {}. {}", whose, kDisclaimer)}}, Tone::small}}});
  for (const Message& message : transcript.messages) {
    const LocalTime local = zone.local(message.at);
    std::string when = hour(local);
    if (civil_date(local) != day) {
      day = civil_date(local);
      when = fmt::format("le {} à {}", format_french_date(day), when);
    }
    document.sections.push_back(message.author == Author::citizen
                                    ? citizen(message, std::move(when))
                                    : agent(message, std::move(when)));
  }
  return document;
}

std::string to_pdf(const Transcript& transcript, const Letterhead& letterhead, Zone zone,
                   Instant now, const pdf::Fonts& fonts) {
  return pdf::render(to_document(transcript, letterhead, zone, now), fonts);
}

}  // namespace parvis::conversation
