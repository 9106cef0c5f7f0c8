#include "portal/on_paper.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace parvis::portal {
namespace {

constexpr std::size_t kItemsOnPaper = 3;

bool is_shown(const procedure::Field& field) { return field.type != procedure::Type::computed; }

}  // namespace

bool is_told(const procedure::Page& page) { return std::ranges::any_of(page.fields, is_shown); }

const procedure::Field* only_field(const procedure::Page& page) {
  if (!page.title.empty()) return nullptr;
  const auto last = std::ranges::find_if(page.fields.rbegin(), page.fields.rend(), is_shown);
  return last == page.fields.rend() ? nullptr : &*last;
}

std::size_t times_on_paper(const procedure::Field& repeated) {
  return repeated.max ? std::min(static_cast<std::size_t>(*repeated.max), kItemsOnPaper)
                      : kItemsOnPaper;
}

Numbers::Numbers(const procedure::Definition& definition) : definition_(definition) {
  std::size_t number = 0;
  for (const procedure::Step& step : definition.steps)
    for (const procedure::Page& page : step.pages) {
      if (!is_told(page)) continue;
      ++number;
      for (const procedure::Field& field : page.fields)
        if (procedure::is_answered(field.type)) page_of_[field.id] = number;
    }
}

std::string Numbers::condition(const procedure::Expression& when) const {
  return condition_words(definition_, when, [this](std::string_view path) {
    const auto found = page_of_.find(path.substr(0, path.find_first_of(".[")));
    return found == page_of_.end() ? std::string()
                                   : fmt::format("à la question\u00a0{}", found->second);
  });
}

}  // namespace parvis::portal
