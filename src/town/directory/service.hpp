// A service of the town: who answers for what, where, when and how to reach it. Pure values.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "calendar/hours.hpp"

namespace parvis::directory {

struct Phone {
  std::string number;  // as it is shown: "02 61 91 24 00"
  std::string label;   // whom it reaches; may be empty
  bool operator==(const Phone&) const = default;
};

struct Service {
  std::string id;    // unique in the tenant: "mairie-saint-aubin", "mairie-45300-01"
  std::string name;  // "Mairie de Saint-Aubin-sur-Orle"
  // Keys of the national directory ("mairie", "epci", "ccas"): official sheets name the service to
  // go to by them.
  std::vector<std::string> pivots;
  std::vector<std::string> communes;  // INSEE codes it serves; empty = the whole tenant
  std::vector<std::string> address;   // lines, without postcode and city
  std::string postcode;
  std::string city;
  std::vector<Phone> phones;
  std::string email;
  std::string url;
  calendar::Hours hours;
  std::string access;                   // step-free entrance, hearing loop, bus
  std::vector<std::string> topics;      // what it answers for, in citizens' words
  std::vector<std::string> other_ways;  // how to do without internet, one sentence each
  std::optional<CivilDate> updated;
  bool operator==(const Service&) const = default;
};

// Lossless: service_from_json(to_json(s)) == s. The form in which a service is stored.
std::string to_json(const Service& service);
std::optional<Service> service_from_json(std::string_view json);

// "Maison des mobilités" of "Maison des mobilités (Orlibus et vélo)": without what explains it.
inline std::string_view short_name(std::string_view name) {
  return name.substr(0, name.find(" ("));
}

// Whose holidays it keeps: those of the only commune that it serves, else of the place where it is.
calendar::Region region_of(const Service& service);

// What a citizen of a commune looks for.
struct Need {
  std::string commune;  // INSEE code; empty = not said, then only services of the whole tenant
  std::string pivot;    // may be empty
  std::string topic;    // words, "rendez-vous passeport"; may be empty
};

// The service that answers a need, or nullptr. A pivot counts before a topic; a service of the
// commune before one of the whole tenant; then the order of `services`. A topic is met when all its
// terms (text::terms) occur among those of `need.topic`, and so is what citizens call a service of
// that pivot ("france services"); the one with most terms counts first. A service of other communes
// alone is never chosen.
const Service* service_for(std::span<const Service> services, const Need& need);

// What that service is there for among what is said, as the town calls it: "nid de poule"; empty
// without a service, or when only its pivot is met.
std::string topic_in(std::span<const Service> services, const Need& need);

}  // namespace parvis::directory
