#include "directory/service_yaml.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "directory/dates.hpp"
#include "directory/forms.hpp"
#include "directory/yaml.hpp"

namespace parvis::directory {
namespace {

using calendar::Day;
using calendar::Hours;
using calendar::Week;

constexpr std::chrono::sys_days kAnyDay{};

// "9h-12h", or {hours: 9h-12h, comment: …}, or a list of both.
Day read_day(YamlReader& in, const YAML::Node& node) {
  if (node.IsSequence()) {
    Day day;
    for (const YAML::Node& item : in.items(node, "days")) {
      if (item.IsSequence()) {
        in.bad(item, "une liste dans une liste. Écrivez une plage par tiret.");
        continue;
      }
      const Day part = read_day(in, item);
      day.insert(day.end(), part.begin(), part.end());
    }
    return day;
  }
  std::string words, comment;
  if (node.IsScalar()) {
    words = node.Scalar();
  } else if (in.mapping(node, {"hours", "comment"})) {
    words = in.required(node, "hours");
    comment = in.text(node, "comment");
  } else {
    return {};
  }
  auto day = parse_ranges(words);
  if (!day) {
    in.bad(node, "heures illisibles. Écrivez-les ainsi\u00a0: 8h30-12h, 13h30-17h30.");
    return {};
  }
  for (calendar::Range& range : *day) range.comment = comment;
  return std::move(*day);
}

void read_days(YamlReader& in, const YAML::Node& node, Week& week) {
  if (!node.IsMap()) {
    in.bad(node, "« days »\u00a0: des jours sont attendus. Exemple\u00a0: lundi-vendredi: 9h-12h.");
    return;
  }
  std::array<bool, 7> named{};
  for (const auto& member : node) {
    const auto days = parse_weekdays(member.first.IsScalar() ? member.first.Scalar() : "");
    if (!days) {
      in.bad(member.first,
             "jours inconnus. Exemples\u00a0: lundi, lundi-vendredi, « mardi, jeudi ».");
      continue;
    }
    const Day day = read_day(in, member.second);
    for (const std::size_t each : *days) {
      if (named[each])
        in.bad(member.first, "un jour est donné deux fois. Gardez une ligne par jour.");
      named[each] = true;
      week.days[each] = day;
    }
  }
}

Week read_week(YamlReader& in, const YAML::Node& node) {
  Week week;
  if (!in.mapping(node, {"name", "from", "until", "days"})) return week;
  week.name = in.text(node, "name");
  const auto period = period_between(in.required(node, "from"), in.required(node, "until"));
  if (period)
    week.when = *period;
  else
    in.bad(node, "période illisible. Écrivez from et until ainsi\u00a0: 04-01 ou 2026-04-01.");
  if (const YAML::Node days = node["days"]; days.IsDefined() && !days.IsNull())
    read_days(in, days, week);
  return week;
}

calendar::Exception read_exception(YamlReader& in, const YAML::Node& node) {
  // A sound date from the start: what is wrong is said once.
  calendar::Exception exception{{CivilDate(kAnyDay), CivilDate(kAnyDay)}, {}, ""};
  if (!in.mapping(node, {"date", "from", "until", "hours", "reason"})) return exception;
  const std::string date = in.text(node, "date");
  const std::string from = date.empty() ? in.required(node, "from") : date;
  const std::string until = date.empty() ? in.required(node, "until") : date;
  const auto period = period_between(from, until);
  if (period && std::holds_alternative<calendar::Dates>(*period))
    exception.dates = std::get<calendar::Dates>(*period);
  else
    in.bad(node, "dates illisibles. Écrivez date (ou from et until) ainsi\u00a0: 2026-12-24.");
  exception.reason = in.required(node, "reason");
  if (const YAML::Node hours = node["hours"]; hours.IsDefined() && !hours.IsNull())
    exception.ranges = read_day(in, hours);
  return exception;
}

Hours read_hours(YamlReader& in, const YAML::Node& node) {
  Hours hours;
  if (!in.mapping(node, {"days", "weeks", "holidays", "comment", "exceptions"})) return hours;
  for (const YAML::Node& week : in.items(node["weeks"], "weeks"))
    hours.weeks.push_back(read_week(in, week));
  if (const YAML::Node days = node["days"]; days.IsDefined() && !days.IsNull())
    read_days(in, days, hours.weeks.emplace_back());
  for (const YAML::Node& each : in.items(node["exceptions"], "exceptions"))
    hours.exceptions.push_back(read_exception(in, each));
  hours.comment = in.text(node, "comment");
  const std::string holidays = in.text(node, "holidays");
  if (!holidays.empty() && holidays != "open" && holidays != "closed")
    in.bad(node["holidays"], "« holidays »\u00a0: écrivez open ou closed.");
  hours.closed_on_holidays = holidays != "open";
  for (const std::string& fault : faults(hours)) in.bad(node, fault);
  return hours;
}

void check(YamlReader& in, const YAML::Node& node, const Service& service) {
  const auto need = [&](bool sound, const char* key, std::string_view remedy) {
    const YAML::Node where = node[key];
    if (!sound)
      in.bad(where.IsDefined() ? where : node, fmt::format("« {} »\u00a0: {}", key, remedy));
  };
  need(service.id.empty() || is_slug(service.id), "id",
       "lettres minuscules sans accent, chiffres et tirets seulement.");
  need(std::ranges::all_of(service.communes, is_insee), "communes",
       "codes INSEE de cinq caractères, entre guillemets.");
  need(std::ranges::all_of(service.pivots, is_pivot), "pivots",
       "lettres, chiffres, tirets et traits bas seulement.");
  need(service.postcode.empty() || is_postcode(service.postcode), "address",
       "le code postal a cinq chiffres, entre guillemets.");
  need(service.email.empty() || is_email(service.email), "email", "adresse du type nom@domaine.");
  need(service.url.empty() || is_web_address(service.url), "url",
       "adresse qui commence par https:// ou http://.");
  need(std::ranges::all_of(service.phones, is_phone_number, &Phone::number), "phones",
       "chiffres et espaces seulement, entre guillemets.");
}

Service read_service(YamlReader& in, const YAML::Node& node) {
  Service service;
  if (!in.mapping(node, {"id", "name", "pivots", "communes", "address", "phones", "email", "url",
                         "hours", "access", "topics", "other_ways", "updated"}))
    return service;
  service.id = in.required(node, "id");
  service.name = in.required(node, "name");
  service.pivots = in.texts(node, "pivots");
  service.communes = in.texts(node, "communes");
  service.email = in.text(node, "email");
  service.url = in.text(node, "url");
  service.access = in.text(node, "access");
  service.topics = in.texts(node, "topics");
  service.other_ways = in.texts(node, "other_ways");
  if (const YAML::Node address = node["address"];
      address.IsDefined() && in.mapping(address, {"lines", "postcode", "city"})) {
    service.address = in.texts(address, "lines");
    service.postcode = in.text(address, "postcode");
    service.city = in.text(address, "city");
  }
  for (const YAML::Node& phone : in.items(node["phones"], "phones"))
    if (in.mapping(phone, {"number", "label"}))
      service.phones.push_back({in.required(phone, "number"), in.text(phone, "label")});
  if (const YAML::Node hours = node["hours"]; hours.IsDefined() && !hours.IsNull())
    service.hours = read_hours(in, hours);
  const std::string updated = in.text(node, "updated");
  service.updated = parse_iso_date(updated);
  if (!updated.empty() && !service.updated)
    in.bad(node["updated"], "« updated »\u00a0: écrivez la date ainsi\u00a0: 2026-11-01.");
  check(in, node, service);
  return service;
}

}  // namespace

std::expected<std::vector<Service>, std::vector<Problem>> read_services(std::string_view yaml) {
  const auto root = parse_yaml(yaml);
  if (!root) return std::unexpected(std::vector{root.error()});
  YamlReader in;
  std::vector<Service> services;
  try {
    if (root->IsSequence())
      for (const YAML::Node& node : in.items(*root, "services"))
        services.push_back(read_service(in, node));
    else
      services.push_back(read_service(in, *root));
  } catch (const YAML::Exception& error) {  // a node of a kind that no check above foresees
    in.bad(*root, fmt::format("YAML inattendu ({}). Suivez les exemples.", error.msg));
  }
  std::vector<Problem> problems = in.take_problems();
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return services;
}

}  // namespace parvis::directory
