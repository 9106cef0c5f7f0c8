#pragma once

#include "table/table.hpp"

namespace parvis::table {

std::unique_ptr<Table> begin_ods(std::vector<std::string> columns, std::string_view sheet, Out out);

}  // namespace parvis::table
