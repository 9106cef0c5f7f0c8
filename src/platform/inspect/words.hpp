// What is said in French to whoever sent a file. Pure.
#pragma once

#include <string>
#include <string_view>

#include "inspect/report.hpp"

namespace parvis::inspect {

// Why a file is refused and what to do, in plain sentences; empty when it is not. `name` is the
// name that the file was sent under.
std::string why_refused(const Report& report, std::string_view name);

// When a file that is kept is not what its name says ("acte.pdf", a JPEG): a sentence that tells
// it; empty otherwise. It is kept under its right extension (kept_name).
std::string misnamed(const Report& report, std::string_view name);
// The name with the extension of what is kept.
std::string kept_name(const Report& report, std::string_view name);

// A file in which clamd found something.
std::string infected();

}  // namespace parvis::inspect
