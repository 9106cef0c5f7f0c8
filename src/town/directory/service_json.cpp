// The stored form of a service. Short keys and arrays for hours: a town keeps hundreds of them.
//   range [from, to] or [from, to, "comment"] in minutes · week {"name", "when", "days": 7 arrays}
//   when "" (always), "2026-01-01/2026-12-31" (dates) or "04-01/09-30" (every year)
#include "base/json.hpp"
#include "directory/dates.hpp"
#include "directory/service.hpp"

namespace parvis::directory {
namespace {

using calendar::Day;
using calendar::Exception;
using calendar::Hours;
using calendar::Range;
using calendar::Week;

json::array json_of(const std::vector<std::string>& values) {
  return json::array(values.begin(), values.end());
}

json::array json_of(const Day& day) {
  json::array ranges;
  for (const Range& range : day) {
    json::array one{range.from.count(), range.to.count()};
    if (!range.comment.empty()) one.emplace_back(range.comment);
    ranges.push_back(std::move(one));
  }
  return ranges;
}

json::object json_of(const Hours& hours) {
  json::array weeks, exceptions;
  for (const Week& week : hours.weeks) {
    json::array days;
    for (const Day& day : week.days) days.push_back(json_of(day));
    weeks.push_back({{"name", week.name}, {"when", format_period(week.when)}, {"days", days}});
  }
  for (const Exception& each : hours.exceptions)
    exceptions.push_back({{"when", format_period(each.dates)},
                          {"ranges", json_of(each.ranges)},
                          {"reason", each.reason}});
  return {{"weeks", weeks},
          {"exceptions", exceptions},
          {"closed_on_holidays", hours.closed_on_holidays},
          {"comment", hours.comment}};
}

// Reads members and remembers whether all were there, of their type.
class Members {
 public:
  explicit Members(const json::value& value) : object_(value.if_object()) { sound(object_); }
  bool all() const { return all_; }
  void sound(bool ok) { all_ = all_ && ok; }

  std::string text(std::string_view key) {
    const json::value* value = at(key);
    sound(value && value->is_string());
    return all_ ? std::string(value->get_string()) : "";
  }
  bool truth(std::string_view key) {
    const json::value* value = at(key);
    sound(value && value->is_bool());
    return all_ && value->get_bool();
  }
  const json::array& list(std::string_view key) {
    static const json::array none;
    const json::value* value = at(key);
    sound(value && value->is_array());
    return all_ ? value->get_array() : none;
  }
  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> values;
    for (const json::value& value : list(key)) {
      sound(value.is_string());
      if (all_) values.emplace_back(value.get_string());
    }
    return values;
  }
  const json::value* at(std::string_view key) { return all_ ? object_->if_contains(key) : nullptr; }

 private:
  const json::object* object_;
  bool all_ = true;
};

bool read(const json::value& value, Day& day) {
  const json::array* ranges = value.if_array();
  if (!ranges) return false;
  for (const json::value& each : *ranges) {
    const json::array* one = each.if_array();
    if (!one || one->size() < 2 || one->size() > 3) return false;
    const json::value *from = one->if_contains(0), *to = one->if_contains(1);
    const json::value* comment = one->if_contains(2);
    if (!from->is_int64() || !to->is_int64() || (comment && !comment->is_string())) return false;
    day.push_back({Minutes(from->get_int64()), Minutes(to->get_int64()),
                   comment ? std::string(comment->get_string()) : ""});
  }
  return true;
}

bool read(const json::value& value, Week& week) {
  Members members(value);
  week.name = members.text("name");
  const auto when = parse_period(members.text("when"));
  const json::array& days = members.list("days");
  members.sound(when && days.size() == 7);
  if (!members.all()) return false;
  week.when = *when;
  for (std::size_t i = 0; i < 7; ++i)
    if (!read(days[i], week.days[i])) return false;
  return true;
}

bool read(const json::value& value, Exception& exception) {
  Members members(value);
  exception.reason = members.text("reason");
  const auto when = parse_period(members.text("when"));
  const json::value* ranges = members.at("ranges");
  members.sound(when && std::holds_alternative<calendar::Dates>(*when) && ranges);
  if (!members.all()) return false;
  exception.dates = std::get<calendar::Dates>(*when);
  return read(*ranges, exception.ranges);
}

bool read(const json::value& value, Hours& hours) {
  Members members(value);
  hours.comment = members.text("comment");
  hours.closed_on_holidays = members.truth("closed_on_holidays");
  for (const json::value& each : members.list("weeks"))
    members.sound(read(each, hours.weeks.emplace_back()));
  for (const json::value& each : members.list("exceptions"))
    members.sound(read(each, hours.exceptions.emplace_back()));
  return members.all();
}

}  // namespace

std::string to_json(const Service& service) {
  json::array phones;
  for (const Phone& phone : service.phones)
    phones.push_back({{"number", phone.number}, {"label", phone.label}});
  return json::serialize(
      json::object{{"id", service.id},
                   {"name", service.name},
                   {"pivots", json_of(service.pivots)},
                   {"communes", json_of(service.communes)},
                   {"address", json_of(service.address)},
                   {"postcode", service.postcode},
                   {"city", service.city},
                   {"phones", phones},
                   {"email", service.email},
                   {"url", service.url},
                   {"hours", json_of(service.hours)},
                   {"access", service.access},
                   {"topics", json_of(service.topics)},
                   {"other_ways", json_of(service.other_ways)},
                   {"updated", service.updated ? format_iso_date(*service.updated) : ""}});
}

std::optional<Service> service_from_json(std::string_view text) {
  const auto value = parse_json(text);
  if (!value) return std::nullopt;
  Members members(*value);
  Service service;
  service.id = members.text("id");
  service.name = members.text("name");
  service.pivots = members.texts("pivots");
  service.communes = members.texts("communes");
  service.address = members.texts("address");
  service.postcode = members.text("postcode");
  service.city = members.text("city");
  service.email = members.text("email");
  service.url = members.text("url");
  service.access = members.text("access");
  service.topics = members.texts("topics");
  service.other_ways = members.texts("other_ways");
  const std::string updated = members.text("updated");
  service.updated = parse_iso_date(updated);
  members.sound(updated.empty() || service.updated);
  for (const json::value& each : members.list("phones")) {
    Members phone(each);
    service.phones.push_back({phone.text("number"), phone.text("label")});
    members.sound(phone.all());
  }
  const json::value* hours = members.at("hours");
  members.sound(hours && read(*hours, service.hours));
  if (!members.all()) return std::nullopt;
  return service;
}

}  // namespace parvis::directory
