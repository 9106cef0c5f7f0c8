#include "procedure/values.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "calendar/words.hpp"
#include "dates/dates.hpp"
#include "directory/forms.hpp"
#include "territory/communes.hpp"
#include "text/identifiers.hpp"
#include "text/normalise.hpp"

namespace parvis::procedure {
namespace {

using Read = std::expected<json::value, std::string>;
std::unexpected<std::string> wrong(std::string what) { return std::unexpected(std::move(what)); }

std::size_t signs(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Letters and digits in capitals, what separates them left out: "fr76 3000-1" → "FR7630001".
std::string compact(std::string_view text) {
  std::string out;
  for (const char c : text::fold(text))
    if (is_digit(c))
      out += c;
    else if (c >= 'a' && c <= 'z')
      out += static_cast<char>(c - 'a' + 'A');
  return out;
}

// Line ends are kept: a long text is written in paragraphs.
std::string clean_lines(std::string_view text) {
  std::string out;
  int blank = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text::clean(text.substr(at, end - at));
    blank = line.empty() ? blank + 1 : 0;
    if (blank < 2) out.append(line).append("\n");
    at = end + 1;
  }
  while (!out.empty() && out.back() == '\n') out.pop_back();
  out.erase(0, std::min(out.find_first_not_of('\n'), out.size()));
  return out;
}

std::string number_words(double number) { return fmt::format("{}", number); }

Read read_text(const Field& field, std::string text) {
  const std::size_t most = field.max                       ? static_cast<std::size_t>(*field.max)
                           : field.type == Type::long_text ? kLongTextMax
                                                           : kTextMax;
  const std::size_t length = signs(text);
  if (length > most)
    return wrong(fmt::format("Votre texte compte {} caractères. Raccourcissez-le à {} au plus.",
                             length, most));
  if (field.min && length < static_cast<std::size_t>(*field.min))
    return wrong(fmt::format("Votre texte est trop court. Écrivez au moins {} caractères.",
                             static_cast<std::size_t>(*field.min)));
  if (field.pattern && !re2::RE2::FullMatch(text, *field.pattern))
    return wrong(field.pattern_message);
  return json::value(std::move(text));
}

// "1 234,50 €", "12.5"
Read read_number(const Field& field, std::string_view text) {
  std::string plain;
  for (const char c : text::fold(text))
    if (c == ',')
      plain += '.';
    else if (c != ' ')
      plain += c;
  const bool amount = field.type == Type::amount;
  if (amount)
    for (const std::string_view unit : {"€", "euros", "euro", "eur"})
      if (plain.ends_with(unit)) {
        plain.resize(plain.size() - unit.size());
        break;
      }
  double number = 0;
  const auto [end, error] =
      std::from_chars(plain.data(), plain.data() + plain.size(), number, std::chars_format::fixed);
  constexpr double kMost = 1e12;
  if (plain.empty() || error != std::errc() || end != plain.data() + plain.size() ||
      std::abs(number) > kMost)
    return wrong(amount ? "Écrivez un montant en euros. Exemple\u00a0: 25,50."
                        : "Écrivez un nombre en chiffres. Exemple\u00a0: 3.");
  if (amount && std::abs(number * 100 - std::round(number * 100)) > 1e-6)
    return wrong("Écrivez un montant avec deux chiffres après la virgule au plus.");
  if (field.min && number < *field.min)
    return wrong(fmt::format("Écrivez un nombre d’au moins {}.", number_words(*field.min)));
  if (field.max && number > *field.max)
    return wrong(fmt::format("Écrivez un nombre de {} au plus.", number_words(*field.max)));
  return json::value(number);
}

Read read_date(const Field& field, std::string_view text, const Moment& moment) {
  if (const auto stored = parse_iso_date(text)) return json::value(format_iso_date(*stored));
  const bool past = field.latest.text() == "today";
  const bool future = field.earliest.text() == "today";
  const auto date = dates::parse_civil_date(text, moment.now,
                                            past     ? dates::Prefer::past
                                            : future ? dates::Prefer::future
                                                     : dates::Prefer::either);
  if (!date) return wrong(date.error());
  return json::value(format_iso_date(*date));
}

// "14h30", "14:30", "8 h"
Read read_time(std::string_view text) {
  const std::string folded = text::fold(text);
  int hour = -1, minute = 0, digits = 0, part = 0;
  int* into = &hour;
  for (const char c : folded) {
    if (is_digit(c)) {
      *into = std::max(*into, 0) * 10 + (c - '0');
      if (++digits > 2) return wrong("Écrivez une heure. Exemple\u00a0: 14 h 30.");
    } else if ((c == 'h' || c == ':') && part == 0 && hour >= 0) {
      into = &minute;
      digits = 0;
      part = 1;
    } else if (c != ' ') {
      return wrong("Écrivez une heure. Exemple\u00a0: 14 h 30.");
    }
  }
  if (part == 0 || hour < 0 || hour > 23 || minute > 59)
    return wrong("Écrivez une heure entre 0 h et 23 h 59. Exemple\u00a0: 14 h 30.");
  return json::value(fmt::format("{:02}:{:02}", hour, minute));
}

std::optional<bool> read_yes_no(std::string_view text) {
  const std::string folded = text::fold(text);
  for (const std::string_view yes : {"oui", "true", "yes", "o", "ok", "d'accord", "on"})
    if (folded == yes) return true;
  for (const std::string_view no : {"non", "false", "no", "n"})
    if (folded == no) return false;
  return std::nullopt;
}

// E.164: French numbers from ten digits, others with their country's code.
Read read_phone(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (is_digit(c) || (c == '+' && digits.empty()))
      digits += c;
    else if (c != ' ' && c != '.' && c != '-' && c != '(' && c != ')' && c != '/')
      return wrong("Un numéro de téléphone n’a que des chiffres. Exemple\u00a0: 02 61 91 24 00.");
  if (digits.starts_with("00")) digits.replace(0, 2, "+");
  if (digits.starts_with("+330")) digits.erase(3, 1);  // "+33 (0)2 61…"
  if (digits.size() == 10 && digits[0] == '0' && digits[1] != '0')
    return json::value("+33" + digits.substr(1));
  const bool french = digits.starts_with("+33");
  if (digits.starts_with('+') && (french ? digits.size() == 12 : digits.size() >= 8) &&
      digits.size() <= 16)
    return json::value(std::move(digits));
  return wrong("Ce numéro n’est pas complet. Écrivez dix chiffres, ou + et l’indicatif du pays.");
}

Read read_email(std::string_view text) {
  constexpr std::size_t kMost = 254;  // RFC 5321, 4.5.3.1.3
  if (text.size() > kMost || !directory::is_email(text))
    return wrong("Cette adresse e-mail n’est pas complète. Exemple\u00a0: nom@domaine.fr.");
  return json::value(std::string(text));
}

Read read_nir(std::string_view text) {
  const std::string number = compact(text);
  if (number.size() == 13)
    return wrong(
        "Ajoutez la clé\u00a0: les deux chiffres à la fin de votre numéro de sécurité sociale.");
  if (!text::valid_nir(number))
    return wrong(
        "Ce numéro de sécurité sociale n’est pas juste. Recopiez les 15 chiffres de votre carte "
        "Vitale.");
  return json::value(number);
}

// AA-123-AA since 2009, and the former ones: 1234 AB 45.
Read read_plate(std::string_view text) {
  const std::string plate = compact(text);
  std::size_t at = 0;
  const auto run = [&](bool digits, std::size_t least, std::size_t most) {
    const std::size_t begin = at;
    while (at < plate.size() && at - begin < most && is_digit(plate[at]) == digits) ++at;
    return at - begin >= least;
  };
  if (run(false, 2, 2) && run(true, 3, 3) && run(false, 2, 2) && at == plate.size())
    return json::value(plate.substr(0, 2) + "-" + plate.substr(2, 3) + "-" + plate.substr(5));
  at = 0;
  if (run(true, 1, 4) && run(false, 1, 3) && run(true, 1, 3) && at == plate.size())
    return json::value(plate);
  return wrong("Cette plaque n’a pas la bonne forme. Exemples\u00a0: AB-123-CD, 1234 AB 45.");
}

Read read_commune(std::string_view text) {
  std::string folded = text::fold(text);
  const bool postcode = directory::is_postcode(folded);
  if (postcode) {
    const auto communes = territory::at_postcode(folded);
    if (communes.size() == 1)
      return json::object{{"insee", communes[0].insee}, {"name", communes[0].name}};
    if (communes.size() > 1)
      return wrong("Plusieurs communes ont ce code postal. Écrivez le nom de la vôtre.");
  } else {
    std::ranges::replace(folded, '-', ' ');
    const territory::Commune* found = nullptr;
    for (const territory::Commune& commune : territory::communes()) {
      std::string name = text::fold(commune.name);
      std::ranges::replace(name, '-', ' ');
      if (name == folded && (found == nullptr || commune.population > found->population))
        found = &commune;
    }
    if (found != nullptr) return json::object{{"insee", found->insee}, {"name", found->name}};
    // A town that is not in the table: abroad, or before a merger.
    if (signs(text) >= 2) return json::object{{"insee", ""}, {"name", text}};
  }
  return wrong("Cette commune n’est pas connue. Vérifiez le nom ou le code postal.");
}

Read read_choice(const std::vector<Option>& options, std::string_view text) {
  for (const Option& option : options)
    if (option.value == text) return json::value(option.value);
  const std::string folded = text::fold(text);
  for (const Option& option : options)
    if (text::fold(option.label) == folded) return json::value(option.value);
  return wrong("Choisissez une des réponses proposées.");
}

Read read_siret(std::string_view text) {
  const std::string number = compact(text);
  if (!text::valid_siret(number))
    return wrong("Ce numéro SIRET n’est pas juste. Recopiez les 14 chiffres.");
  return json::value(number);
}

Read read_iban(std::string_view text) {
  const std::string iban = compact(text);
  if (!text::valid_iban(iban))
    return wrong("Cet IBAN n’est pas juste. Recopiez-le depuis votre relevé d’identité bancaire.");
  return json::value(iban);
}

std::string grouped_phone(const std::string& e164) {
  if (!e164.starts_with("+33") || e164.size() != 12) return e164;
  std::string out = "0" + e164.substr(3, 1);
  for (std::size_t i = 4; i < e164.size(); i += 2) out += "\u00a0" + e164.substr(i, 2);
  return out;
}

}  // namespace

Read read_typed(const Field& field, std::string_view typed, const Moment& moment) {
  const std::string text = field.type == Type::long_text ? clean_lines(typed) : text::clean(typed);
  if (text.empty()) return json::value(nullptr);
  switch (field.type) {
    case Type::text:
    case Type::long_text:
      return read_text(field, text);
    case Type::number:
    case Type::amount:
      return read_number(field, text);
    case Type::date:
      return read_date(field, text, moment);
    case Type::time:
      return read_time(text);
    case Type::yes_no:
      if (const auto yes = read_yes_no(text)) return json::value(*yes);
      return wrong("Répondez oui ou non.");
    case Type::attestation:
      // Not ticked is not answered.
      if (read_yes_no(text).value_or(false)) return json::value(true);
      return json::value(nullptr);
    case Type::choice:
      return read_choice(field.options, text);
    case Type::choices: {
      auto one = read_choice(field.options, text);
      if (!one) return one;
      return json::value(json::array{std::move(*one)});
    }
    case Type::email:
      return read_email(text);
    case Type::phone:
      return read_phone(text);
    case Type::postcode:
      if (directory::is_postcode(text)) return json::value(text);
      return wrong("Un code postal a cinq chiffres. Exemple\u00a0: 45000.");
    case Type::commune:
      return read_commune(text);
    case Type::nir:
      return read_nir(text);
    case Type::siret:
      return read_siret(text);
    case Type::iban:
      return read_iban(text);
    case Type::plate:
      return read_plate(text);
    case Type::place: {
      auto address = read_text(field, text);
      if (!address) return address;
      return json::object{{"address", std::move(*address)}};
    }
    case Type::file:
    case Type::appointment:
    case Type::computed:
    case Type::note:
    case Type::address:
    case Type::person:
    case Type::block:
    case Type::repeat:
      break;
  }
  return wrong("Cette réponse ne s’écrit pas ici.");
}

namespace {

Read read_files(const Field& field, const json::value& given) {
  const json::array* files = given.if_array();
  if (files == nullptr) return wrong("Une liste de fichiers est attendue.");
  if (files->size() > field.files.count)
    return wrong(
        fmt::format("Vous pouvez joindre {} fichier(s) au plus. Retirez-en.", field.files.count));
  for (const json::value& each : *files) {
    const json::object* file = each.if_object();
    if (file == nullptr || !string_at(*file, "id") || !string_at(*file, "name"))
      return wrong("Un fichier déposé est attendu.");
    const std::string type(string_at(*file, "type").value_or(""));
    if (std::ranges::find(field.files.types, type) == field.files.types.end())
      return wrong("Ce type de fichier n’est pas reçu. Joignez un PDF ou une photo.");
  }
  return given;
}

Read read_appointment(const json::value& given) {
  const json::object* slot = given.if_object();
  const auto text = [&](const char* key) {
    return slot == nullptr ? std::string_view() : string_at(*slot, key).value_or("");
  };
  if (text("booking").empty() || text("reason").empty() || !parse_rfc3339(text("start")))
    return wrong("Choisissez un des horaires libres.");
  return given;
}

// As the town's clocks show it: the offset that is written is theirs.
std::string slot_words(std::string_view start) {
  constexpr std::size_t kDate = 10, kTime = 16;  // "2026-12-01T09:40"
  const auto date = parse_iso_date(start.substr(0, kDate));
  if (!date || start.size() < kTime) return {};
  const auto two = [&](std::size_t at) { return (start[at] - '0') * 10 + (start[at + 1] - '0'); };
  return fmt::format("{} à {}", calendar::full_date_words(*date),
                     calendar::time_words(Minutes(two(kDate + 1) * 60 + two(kDate + 4))));
}

Read read_place(const Field& field, const json::object& given, const Moment& moment) {
  json::object place;
  if (const auto address = string_at(given, "address")) {
    auto read = read_typed(field, *address, moment);
    if (!read) return read;
    if (read->is_object()) place = read->as_object();
  }
  const auto degrees = [&](const char* key) -> std::optional<double> {
    const json::value* value = given.if_contains(key);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    return value->to_number<double>();
  };
  const auto lat = degrees("lat"), lon = degrees("lon");
  if (lat && lon && std::abs(*lat) <= 90 && std::abs(*lon) <= 180) {
    place["lat"] = *lat;
    place["lon"] = *lon;
  } else if (lat || lon) {
    return wrong("Ce point de la carte n’existe pas. Écrivez plutôt l’adresse.");
  }
  if (place.empty()) return json::value(nullptr);
  return place;
}

}  // namespace

Read read_json(const Field& field, const json::value& given, const Moment& moment) {
  if (given.is_null()) return given;
  if (const json::string* text = given.if_string())
    return read_typed(field, std::string_view(*text), moment);
  switch (field.type) {
    case Type::yes_no:
    case Type::attestation:
      if (const bool* yes = given.if_bool())
        return *yes || field.type == Type::yes_no ? Read(given) : Read(json::value(nullptr));
      break;
    case Type::number:
    case Type::amount:
      if (given.is_number())
        return read_number(field, fmt::format("{}", given.to_number<double>()));
      break;
    case Type::choices:
      if (const json::array* several = given.if_array()) {
        if (several->size() > field.options.size()) return wrong("Cochez chaque réponse une fois.");
        json::array out;
        for (const json::value& each : *several) {
          const json::string* text = each.if_string();
          if (text == nullptr) return wrong("Choisissez parmi les réponses proposées.");
          auto one = read_choice(field.options, std::string_view(*text));
          if (!one) return one;
          if (std::ranges::find(out, *one) == out.end()) out.push_back(std::move(*one));
        }
        if (out.empty()) return json::value(nullptr);
        return json::value(std::move(out));
      }
      break;
    case Type::commune:
      if (const json::object* commune = given.if_object())
        if (const auto name = string_at(*commune, "name")) {
          const auto insee = string_at(*commune, "insee");
          if (insee && directory::is_insee(*insee)) return given;
          return read_typed(field, *name, moment);
        }
      break;
    case Type::file:
      return read_files(field, given);
    case Type::appointment:
      return read_appointment(given);
    case Type::place:
      if (const json::object* place = given.if_object()) return read_place(field, *place, moment);
      break;
    default:
      break;
  }
  return wrong("Cette réponse n’a pas la forme attendue.");
}

std::string shown(const Field& field, const json::value& value) {
  if (value.is_null()) return {};
  const auto label = [&](std::string_view text) -> std::string {
    const auto option = std::ranges::find(field.options, text, &Option::value);
    return std::string(option == field.options.end() ? text : std::string_view(option->label));
  };
  const auto joined = [](const std::vector<std::string>& parts, std::string_view by) {
    std::string out;
    for (const std::string& part : parts)
      if (!part.empty()) out.append(out.empty() ? "" : by).append(part);
    return out;
  };
  if (const json::string* text = value.if_string()) {
    const std::string_view plain(*text);
    if (field.type == Type::date)
      if (const auto date = parse_iso_date(plain)) return format_french_date(*date);
    if (field.type == Type::time && plain.size() == 5)
      return std::string(plain.substr(0, 2)) + "\u202fh\u202f" + std::string(plain.substr(3));
    if (field.type == Type::phone) return grouped_phone(std::string(plain));
    return label(plain);
  }
  if (const bool* yes = value.if_bool()) return *yes ? "Oui" : "Non";
  if (value.is_number()) {
    const double number = value.to_number<double>();
    std::string out =
        field.type == Type::amount ? fmt::format("{:.2f}", number) : number_words(number);
    std::ranges::replace(out, '.', ',');
    return field.type == Type::amount ? out + "\u00a0€" : out;
  }
  if (const json::array* list = value.if_array()) {
    std::vector<std::string> parts;
    for (const json::value& each : *list) {
      if (const json::string* text = each.if_string())
        parts.push_back(label(std::string_view(*text)));
      else if (const json::object* object = each.if_object(); object && field.type == Type::file)
        parts.emplace_back(string_at(*object, "name").value_or(""));
      else if (field.type == Type::repeat) {
        Field item = field;
        item.type = Type::block;
        parts.push_back(shown(item, each));
      }
    }
    return joined(parts, field.type == Type::repeat ? "\n" : ", ");
  }
  const json::object* object = value.if_object();
  if (object == nullptr) return {};
  if (field.type == Type::appointment) return slot_words(string_at(*object, "start").value_or(""));
  if (field.type == Type::commune) return std::string(string_at(*object, "name").value_or(""));
  if (field.type == Type::place) {
    if (const auto address = string_at(*object, "address")) return std::string(*address);
    const auto at = [&](const char* key) { return object->at(key).to_number<double>(); };
    return fmt::format("{:.5f}, {:.5f}", at("lat"), at("lon"));
  }
  std::vector<std::string> parts;
  for (const Field& each : field.fields)
    if (const json::value* part = object->if_contains(each.id)) parts.push_back(shown(each, *part));
  if (field.type == Type::person && parts.size() > 1) {
    std::swap(parts[0], parts[1]);  // first names first
    parts[0] += " " + parts[1];
    parts.erase(parts.begin() + 1);
  }
  return joined(parts, ", ");
}

std::string limits_words(const Files& files) {
  const auto takes = [&](std::string_view what) {
    return files.types.empty() || std::ranges::any_of(files.types, [&](const std::string& type) {
             return type.starts_with(what);
           });
  };
  std::string out = takes("application/pdf") && takes("image/") ? "Un PDF ou une photo"
                    : takes("image/")                           ? "Une photo"
                                                                : "Un fichier PDF";
  if (files.count > 1) out += fmt::format(", {} au plus", files.count);
  out +=
      fmt::format(". {}\u00a0Mo au plus{}.", files.bytes >> 20, files.count > 1 ? " chacun" : "");
  if (files.months > 0) out += fmt::format(" De moins de {} mois.", files.months);
  return out;
}

}  // namespace parvis::procedure
