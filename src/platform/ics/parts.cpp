#include "ics/parts.hpp"

#include <algorithm>
#include <array>

namespace parvis::ics {
namespace {

constexpr std::size_t kDepthMax = 8;

constexpr std::array<std::string_view, 20> kRead = {
    "UID",    "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND",        "DURATION",  "SUMMARY",
    "STATUS", "TRANSP",  "RRULE",    "RDATE",   "EXDATE",       "FREEBUSY",  "RECURRENCE-ID",
    "TZID",   "METHOD",  "BEGIN",    "END",     "TZOFFSETFROM", "TZOFFSETTO"};

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::size_t colon_of(std::string_view text) {  // not one in quotes
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == ':' && !quoted) return i;
  }
  return text.npos;
}

std::string value_of(std::string_view text) {
  const std::size_t colon = colon_of(text);
  std::string_view value = colon == text.npos ? "" : text.substr(colon + 1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  return std::string(value);
}

std::unexpected<Fault> fault(std::size_t line, std::string what) {
  return std::unexpected(Fault{line, std::move(what), std::string(kExportAgain)});
}

bool name_like(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

// One line after the other, unfolded.
class Lines {
 public:
  explicit Lines(std::string_view bytes) : left_(bytes) {}
  bool next(std::string& text, std::size_t& number) {
    for (;;) {
      if (left_.empty()) return false;
      number = ++number_;
      text = cut();
      while (!left_.empty() && (left_.front() == ' ' || left_.front() == '\t')) {
        ++number_;
        text += cut().substr(1);
      }
      if (text.find_first_not_of(" \t") != text.npos) return true;
    }
  }

 private:
  std::string_view cut() {
    const std::size_t end = left_.find('\n');
    std::string_view line = left_.substr(0, end);
    left_.remove_prefix(end == left_.npos ? left_.size() : end + 1);
    while (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  std::string_view left_;
  std::size_t number_ = 0;
};

}  // namespace

const Line* Part::find(std::string_view line) const {
  const auto at = std::ranges::find(lines, line, &Line::name);
  return at == lines.end() ? nullptr : &*at;
}

std::expected<Parts, Fault> take_apart(std::string_view bytes) {
  if (bytes.size() > kFileMax)
    return std::unexpected(Fault{0, "ce calendrier dépasse 1 Mo",
                                 "exportez seulement l’année en cours et les suivantes"});
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  if (bytes.find('\0') != bytes.npos)
    return std::unexpected(
        Fault{0, "ce fichier n’est pas un calendrier", "choisissez un fichier .ics"});
  Parts out;
  std::vector<Part> open;
  std::size_t calendars = 0, kept = 0;
  Lines lines(bytes);
  std::string text;
  for (std::size_t number = 0; lines.next(text, number);) {
    const std::string_view head = std::string_view(text).substr(0, colon_of(text));
    const std::string_view name = head.substr(0, head.find(';'));
    if (colon_of(text) == text.npos || !name_like(name)) {
      if (calendars == 0)
        return std::unexpected(
            Fault{number, "ce fichier n’est pas un calendrier", "choisissez un fichier .ics"});
      return fault(number, "cette ligne n’a pas la forme NOM:valeur");
    }
    Line line{number, upper(name), text};
    if (std::ranges::find(kRead, line.name) == kRead.end()) continue;
    if (line.name == "BEGIN") {
      Part part{.name = upper(value_of(text)), .number = number};
      if (open.empty() && part.name != "VCALENDAR")
        return fault(number, "un calendrier commence par BEGIN:VCALENDAR");
      calendars += open.empty() ? 1 : 0;
      if (open.size() >= kDepthMax) return fault(number, "ce calendrier est mal imbriqué");
      open.push_back(std::move(part));
    } else if (open.empty()) {
      return fault(number, "cette ligne est hors du calendrier");
    } else if (line.name == "END") {
      if (open.back().name != upper(value_of(text)))
        return fault(number, "cette ligne ne ferme pas ce qui a été ouvert à la ligne " +
                                 std::to_string(open.back().number));
      Part part = std::move(open.back());
      open.pop_back();
      const bool observance = part.name == "STANDARD" || part.name == "DAYLIGHT";
      const std::string_view around = open.empty() ? "" : std::string_view(open.back().name);
      if (observance && around == "VTIMEZONE") {
        open.back().parts.push_back(std::move(part));
      } else if (around == "VCALENDAR" &&
                 (part.name == "VEVENT" || part.name == "VFREEBUSY" || part.name == "VTIMEZONE")) {
        if (++kept > kEventsMax)
          return std::unexpected(Fault{
              part.number, "ce calendrier a plus de " + std::to_string(kEventsMax) + " événements",
              "exportez seulement l’année en cours et les suivantes"});
        out.parts.push_back(std::move(part));
      }
    } else if (line.name == "METHOD" && open.size() == 1) {
      out.cancels = out.cancels || upper(value_of(text)) == "CANCEL";
    } else {
      open.back().lines.push_back(std::move(line));
    }
  }
  if (!open.empty())
    return std::unexpected(Fault{open.back().number,
                                 "ce calendrier est coupé : ce qui s’ouvre ici n’est pas fermé",
                                 "téléchargez ou exportez de nouveau le fichier entier"});
  if (calendars == 0)
    return std::unexpected(Fault{0, "ce fichier est vide", "choisissez un fichier .ics"});
  return out;
}

OwnedProperty property(const Line& line) {
  begin_libical();
  // libical would make one property of each value of a list; what is asked of it is about them all.
  const bool list = line.name == "RDATE" || line.name == "EXDATE" || line.name == "FREEBUSY";
  const std::size_t end = list ? line.text.find(',', colon_of(line.text)) : line.text.npos;
  return OwnedProperty(icalproperty_new_from_string(line.text.substr(0, end).c_str()));
}

std::string parameter(icalproperty* property, icalparameter_kind kind) {
  icalparameter* found = icalproperty_get_first_parameter(property, kind);
  if (found == nullptr) return "";
  std::string text = taken(icalparameter_as_ical_string_r(found));  // NAME=value
  text.erase(0, text.find('=') + 1);
  std::erase(text, '"');
  return text;
}

std::string value(const Line& line) { return value_of(line.text); }

std::vector<std::string> values(const Line& line) {
  std::vector<std::string> out;
  const std::string all = value(line);
  for (std::size_t from = 0; from <= all.size();) {
    const std::size_t comma = std::min(all.find(',', from), all.size());
    out.push_back(all.substr(from, comma - from));
    from = comma + 1;
  }
  return out;
}

}  // namespace parvis::ics
