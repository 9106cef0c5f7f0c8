// The files of migrations/, embedded at build time, in order.
#pragma once

#include <vector>

#include "db/database.hpp"

namespace parvis::app {

const std::vector<db::Migration>& migrations();

}  // namespace parvis::app
