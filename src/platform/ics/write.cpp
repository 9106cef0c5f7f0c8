#include "ics/write.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "ics/libical.hpp"
#include "ics/vtimezone.hpp"
#include "text/normalise.hpp"

namespace parvis::ics {
namespace {

using namespace std::chrono;

std::unexpected<Problem> bad(std::string what) { return std::unexpected(Problem{std::move(what)}); }

bool letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool plain(std::string_view text, std::size_t max, bool lines = false) {
  return text.size() <= max && text::valid_utf8(text) && std::ranges::all_of(text, [&](char c) {
           return (static_cast<unsigned char>(c) >= ' ' && c != 0x7f) || (lines && c == '\n');
         });
}

bool mail_like(std::string_view mail) {
  return mail.size() <= 254 && mail.find('@') != std::string_view::npos &&
         std::ranges::all_of(mail, [](char c) {
           return c > ' ' && c < 0x7f && !std::string_view("\",:;<>()[]\\").contains(c);
         });
}

bool url_like(std::string_view url) {
  return (url.starts_with("https://") || url.starts_with("http://")) && url.size() <= kUrlMax &&
         std::ranges::all_of(url, [](char c) { return c > ' ' && c < 0x7f && c != '"'; });
}

// What is wrong with an event, empty when nothing is.
std::string_view wrong(const Event& event, Method method) {
  if (event.uid.empty() || event.uid.size() > kUidMax ||
      !std::ranges::all_of(event.uid, [](char c) {
        return letter_or_digit(c) || std::string_view("@._-").contains(c);
      }))
    return "the uid of an event is made of letters, digits and @._-";
  if (event.sequence < 0) return "the sequence of an event is negative";
  const auto year_of = [](Instant at) {
    return static_cast<int>(year_month_day(floor<days>(at)).year());
  };
  if (event.end <= event.start) return "an event ends before it begins";
  if (year_of(event.start) < 1971 || year_of(event.end) > 2200)
    return "an event lies outside the years 1971 to 2200";
  if (event.summary.read().empty() || !plain(event.summary.read(), kSummaryMax))
    return "the summary of an event is empty, too long, or holds a control character";
  if (!plain(event.description.read(), kDescriptionMax, true))
    return "the description of an event is too long or holds a control character";
  if (!plain(event.location, kPlaceMax))
    return "the place of an event is too long or holds a control character";
  if (!event.url.read().empty() && !url_like(event.url.read()))
    return "the address of an event is not an http or https URL";
  for (const auto* person : {&event.organizer, &event.attendee})
    if (*person && (!mail_like((*person)->mail.read()) || !plain((*person)->name.read(), kNameMax)))
      return "the mail or the name of a person of an event is not well formed";
  if (event.alarms.size() > kAlarmsMax || std::ranges::any_of(event.alarms, [](minutes before) {
        return before < minutes(0) || before > kAlarmMax;
      }))
    return "an event has too many alarms, or one out of range";
  if ((method == Method::request || method == Method::cancel) &&
      (!event.organizer || !event.attendee))
    return "an event that is sent by mail lacks its organizer or its attendee";
  if (method == Method::cancel && event.status != Status::cancelled)
    return "a cancellation holds an event that is not cancelled";
  return {};
}

icaltimetype utc(Instant at) {
  return icaltime_from_timet_with_zone(system_clock::to_time_t(floor<seconds>(at)), 0,
                                       icaltimezone_get_utc_timezone());
}

icaltimetype wall(LocalTime local) {
  return icaltime_from_timet_with_zone(static_cast<time_t>(local.time_since_epoch().count()), 0,
                                       nullptr);
}

// A time of the event, by the clock of its place.
void add_time(icalcomponent* component, icalproperty* (*make)(icaltimetype), const Zone& zone,
              Instant at) {
  at = floor<seconds>(at);
  const LocalTime local = zone.local(at);
  if (zone.instant(local) != at) {  // the second pass of the hour that October has twice
    icalcomponent_add_property(component, make(utc(at)));
    return;
  }
  icalproperty* property = make(wall(local));
  icalproperty_add_parameter(property, icalparameter_new_tzid(std::string(zone.name()).c_str()));
  icalcomponent_add_property(component, property);
}

std::string address(const Person& person) { return "mailto:" + person.mail.read(); }

void add_name(icalproperty* property, const Person& person) {
  if (!person.name.read().empty())
    icalproperty_add_parameter(property, icalparameter_new_cn(person.name.read().c_str()));
}

icalproperty_status status_of(Status status) {
  switch (status) {
    case Status::confirmed:
      return ICAL_STATUS_CONFIRMED;
    case Status::tentative:
      return ICAL_STATUS_TENTATIVE;
    case Status::cancelled:
      return ICAL_STATUS_CANCELLED;
  }
  return ICAL_STATUS_CONFIRMED;
}

void add_alarm(icalcomponent* component, const Event& event, minutes before) {
  icalcomponent* alarm = icalcomponent_new(ICAL_VALARM_COMPONENT);
  icalcomponent_add_property(alarm, icalproperty_new_action(ICAL_ACTION_DISPLAY));
  icalcomponent_add_property(alarm, icalproperty_new_description(event.summary.read().c_str()));
  icalcomponent_add_property(alarm, icalproperty_new_trigger(icaltriggertype_from_int(
                                        -static_cast<int>(seconds(before).count()))));
  icalcomponent_add_component(component, alarm);
}

OwnedComponent vevent(const Event& event) {
  OwnedComponent out(icalcomponent_new(ICAL_VEVENT_COMPONENT));
  icalcomponent* part = out.get();
  const auto add = [&](icalproperty* property) { icalcomponent_add_property(part, property); };
  add(icalproperty_new_uid(event.uid.c_str()));
  add(icalproperty_new_dtstamp(utc(event.modified)));
  add(icalproperty_new_created(utc(event.created)));
  add(icalproperty_new_lastmodified(utc(event.modified)));
  add(icalproperty_new_sequence(event.sequence));
  add_time(part, icalproperty_new_dtstart, event.zone, event.start);
  add_time(part, icalproperty_new_dtend, event.zone, event.end);
  add(icalproperty_new_summary(event.summary.read().c_str()));
  if (!event.description.read().empty())
    add(icalproperty_new_description(event.description.read().c_str()));
  if (!event.location.empty()) add(icalproperty_new_location(event.location.c_str()));
  if (!event.url.read().empty()) add(icalproperty_new_url(event.url.read().c_str()));
  add(icalproperty_new_status(status_of(event.status)));
  add(icalproperty_new_transp(event.status == Status::cancelled ? ICAL_TRANSP_TRANSPARENT
                                                                : ICAL_TRANSP_OPAQUE));
  if (event.organizer) {
    icalproperty* organizer = icalproperty_new_organizer(address(*event.organizer).c_str());
    add_name(organizer, *event.organizer);
    add(organizer);
  }
  if (event.attendee) {
    icalproperty* attendee = icalproperty_new_attendee(address(*event.attendee).c_str());
    add_name(attendee, *event.attendee);
    icalproperty_add_parameter(attendee, icalparameter_new_role(ICAL_ROLE_REQPARTICIPANT));
    // Who booked has said yes already, and nobody reads what a calendar program would answer.
    icalproperty_add_parameter(attendee, icalparameter_new_partstat(ICAL_PARTSTAT_ACCEPTED));
    icalproperty_add_parameter(attendee, icalparameter_new_rsvp(ICAL_RSVP_FALSE));
    add(attendee);
  }
  if (event.status != Status::cancelled)
    for (const minutes before : event.alarms) add_alarm(part, event, before);
  return out;
}

void add_zones(icalcomponent* calendar, const std::vector<Event>& events) {
  struct Span {
    Zone zone;
    Instant first;
    Instant last;
  };
  std::map<std::string, Span, std::less<>> zones;
  for (const Event& event : events) {
    Span& span =
        zones.try_emplace(std::string(event.zone.name()), Span{event.zone, event.start, event.end})
            .first->second;
    span.first = std::min(span.first, event.start);
    span.last = std::max(span.last, event.end);
  }
  for (const auto& [name, span] : zones)
    icalcomponent_add_component(calendar, vtimezone(span.zone, span.first, span.last).release());
}

}  // namespace

std::expected<Personal<std::string>, Problem> write(const std::vector<Event>& events,
                                                    const Head& head) {
  if (events.size() > kEventsMax) return bad("more events than a calendar may have");
  if (!plain(head.name, kNameMax) || head.refresh < minutes(0) || head.refresh > kAlarmMax)
    return bad("the name or the refresh delay of a calendar is not well formed");
  for (const Event& event : events)
    if (const std::string_view what = wrong(event, head.method); !what.empty())
      return bad(std::string(what));
  begin_libical();
  const OwnedComponent calendar(icalcomponent_new(ICAL_VCALENDAR_COMPONENT));
  const auto add = [&](icalproperty* property) {
    icalcomponent_add_property(calendar.get(), property);
  };
  add(icalproperty_new_version("2.0"));
  add(icalproperty_new_prodid("-//Parvis//Parvis//FR"));
  add(icalproperty_new_calscale("GREGORIAN"));
  if (head.method == Method::publish) add(icalproperty_new_method(ICAL_METHOD_PUBLISH));
  if (head.method == Method::request) add(icalproperty_new_method(ICAL_METHOD_REQUEST));
  if (head.method == Method::cancel) add(icalproperty_new_method(ICAL_METHOD_CANCEL));
  // RFC 7986, and the names that programs older than it look for.
  const auto add_x = [&](const char* name, const std::string& value) {
    icalproperty* property = icalproperty_new_x(value.c_str());
    icalproperty_set_x_name(property, name);
    add(property);
  };
  if (!head.name.empty()) {
    add(icalproperty_new_name(head.name.c_str()));
    add_x("X-WR-CALNAME", head.name);
  }
  if (head.refresh > minutes(0)) {
    const icaldurationtype each =
        icaldurationtype_from_int(static_cast<int>(seconds(head.refresh).count()));
    icalproperty* refresh = icalproperty_new_refreshinterval(each);
    icalproperty_add_parameter(refresh, icalparameter_new_value(ICAL_VALUE_DURATION));
    add(refresh);
    add_x("X-PUBLISHED-TTL", taken(icaldurationtype_as_ical_string_r(each)));
  }
  add_zones(calendar.get(), events);
  for (const Event& event : events)
    icalcomponent_add_component(calendar.get(), vevent(event).release());
  return Personal<std::string>(taken(icalcomponent_as_ical_string_r(calendar.get())));
}

}  // namespace parvis::ics
