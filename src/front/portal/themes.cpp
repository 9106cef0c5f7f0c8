#include "portal/themes.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace parvis::portal {
namespace {

using knowledge::Document;
using knowledge::Group;
using Dossiers = std::map<std::string_view, const Document*>;

// seen also stops a corpus whose dossiers hold each other.
void collect(const Group& group, const Dossiers& dossiers, std::set<std::string_view>& seen) {
  for (const knowledge::Link& sheet : group.sheets) seen.insert(sheet.id);
  for (const Group& inner : group.groups) {
    collect(inner, dossiers, seen);
    const auto page = dossiers.find(inner.id);
    if (page != dossiers.end() && seen.insert(inner.id).second)
      collect(page->second->dossier_content, dossiers, seen);
  }
}

}  // namespace

std::vector<Theme> themes_of(const std::vector<Document>& dossiers) {
  Dossiers by_id;
  for (const Document& dossier : dossiers) by_id.emplace(dossier.key.id, &dossier);
  std::vector<Theme> out;
  for (const Document& dossier : dossiers) {
    if (dossier.type != "Theme") continue;
    std::set<std::string_view> seen;
    collect(dossier.dossier_content, by_id, seen);
    const auto sheets =
        std::ranges::count_if(seen, [&](std::string_view id) { return !by_id.contains(id); });
    out.push_back({dossier.key.id, dossier.title, static_cast<std::size_t>(sheets)});
  }
  std::ranges::sort(out, [](const Theme& a, const Theme& b) {
    return a.sheets != b.sheets ? a.sheets > b.sheets : a.id < b.id;
  });
  return out;
}

}  // namespace parvis::portal
