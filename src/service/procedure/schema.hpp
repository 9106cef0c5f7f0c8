// A démarche for programs: what it asks and says, and the JSON Schema of its answers. Made from the
// definition alone, so it cannot differ from the form.
#pragma once

#include "base/json.hpp"
#include "procedure/definition.hpp"

namespace parvis::procedure {

// {"id", "title", "summary", "theme"}
json::object head_json(const Definition& definition);

// The head, and "version", "who", "cost", "other_ways", "documents", "clock", "steps" with their
// pages and fields (conditions as they are written), and "schema".
json::object to_json(const Definition& definition);

// JSON Schema 2020-12 of the answers. What depends on other answers (conditions, checks) is not in
// it: the server judges that.
json::object schema_of(const Definition& definition);

}  // namespace parvis::procedure
