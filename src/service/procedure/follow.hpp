// Whether a draft that was begun with one version of a démarche goes on with a newer one. Pure.
#pragma once

#include "procedure/form.hpp"

namespace parvis::procedure {

// All that was answered is a question of the newer version, of the same type, and what was right is
// right there: new questions are asked, none is lost and none has to be answered again. The commune
// is served, and nobody is barred who was not.
bool follows(const Definition& older, const Definition& newer, const json::object& answers,
             const Moment& moment);

}  // namespace parvis::procedure
