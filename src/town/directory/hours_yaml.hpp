// Opening hours as an editor writes them: the `hours` of service_yaml.hpp, for services and for the
// counters of agendas.
#pragma once

#include "calendar/hours.hpp"
#include "directory/yaml.hpp"

namespace parvis::directory {

// What is wrong is noted in `in`, with its line and its remedy.
calendar::Hours read_hours(YamlReader& in, const YAML::Node& node);

}  // namespace parvis::directory
