#include "procedure/follow.hpp"

#include <algorithm>

namespace parvis::procedure {
namespace {

bool same_parts(const std::vector<Field>& older, const std::vector<Field>& newer,
                const json::object& answers) {
  return std::ranges::all_of(answers, [&](const auto& member) {
    if (member.value().is_null()) return true;
    const std::string_view id = member.key();
    const auto before = std::ranges::find(older, id, &Field::id);
    if (before == older.end()) return true;  // never was a question
    const auto after = std::ranges::find(newer, id, &Field::id);
    if (after == newer.end() || after->type != before->type) return false;
    if (!is_composite(before->type)) return true;
    if (const json::object* parts = member.value().if_object())
      return same_parts(before->fields, after->fields, *parts);
    if (const json::array* items = member.value().if_array())
      return std::ranges::all_of(*items, [&](const json::value& item) {
        const json::object* parts = item.if_object();
        return parts == nullptr || same_parts(before->fields, after->fields, *parts);
      });
    return true;
  });
}

// The fields of all pages, side by side: their ids differ.
std::vector<Field> all_fields(const Definition& definition) {
  std::vector<Field> out;
  for (const Step& step : definition.steps)
    for (const Page& page : step.pages)
      out.insert(out.end(), page.fields.begin(), page.fields.end());
  return out;
}

std::vector<std::string> wrong_paths(const Form& form) {
  std::vector<std::string> out;
  for (const ShownPage& page : form.pages)
    for (const Fault& fault : page.faults)
      if (!fault.missing) out.push_back(fault.path);
  return out;
}

}  // namespace

bool follows(const Definition& older, const Definition& newer, const json::object& answers,
             const Moment& moment) {
  if (older.id != newer.id || !newer.serves(moment.commune)) return false;
  if (!same_parts(all_fields(older), all_fields(newer), answers)) return false;
  const Form before = evaluate(older, answers, moment), after = evaluate(newer, answers, moment);
  if (after.barred && !before.barred) return false;
  const std::vector<std::string> known = wrong_paths(before);
  return std::ranges::all_of(wrong_paths(after), [&](const std::string& path) {
    return std::ranges::find(known, path) != known.end();
  });
}

}  // namespace parvis::procedure
