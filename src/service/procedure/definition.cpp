#include "procedure/definition.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace parvis::procedure {
namespace {

template <typename E>
struct Named {
  E value;
  std::string_view name;
};
constexpr std::array kTypes = {
    Named{Type::text, "text"},
    Named{Type::long_text, "long_text"},
    Named{Type::number, "number"},
    Named{Type::amount, "amount"},
    Named{Type::date, "date"},
    Named{Type::time, "time"},
    Named{Type::yes_no, "yes_no"},
    Named{Type::choice, "choice"},
    Named{Type::choices, "choices"},
    Named{Type::email, "email"},
    Named{Type::phone, "phone"},
    Named{Type::commune, "commune"},
    Named{Type::postcode, "postcode"},
    Named{Type::nir, "nir"},
    Named{Type::siret, "siret"},
    Named{Type::iban, "iban"},
    Named{Type::plate, "plate"},
    Named{Type::file, "file"},
    Named{Type::place, "place"},
    Named{Type::attestation, "attestation"},
    Named{Type::appointment, "appointment"},
    Named{Type::computed, "computed"},
    Named{Type::note, "note"},
    Named{Type::address, "address"},
    Named{Type::person, "person"},
    Named{Type::block, "block"},
    Named{Type::repeat, "repeat"},
};
constexpr std::array kSources = {
    Named{Source::citizen, "citizen"},
    Named{Source::held, "held"},
    Named{Source::api_particulier, "api_particulier"},
    Named{Source::api_entreprise, "api_entreprise"},
};
constexpr std::array kSilences = {
    Named{Silence::none, "none"},
    Named{Silence::accepts, "accepts"},
    Named{Silence::refuses, "refuses"},
};

template <typename Table, typename E>
std::string_view name_in(const Table& table, E value) {
  const auto found =
      std::ranges::find_if(table, [&](const auto& row) { return row.value == value; });
  CHECK(found != table.end());
  return found->name;
}

const Field* find(const std::vector<Field>& fields, std::string_view path) {
  const std::size_t dot = path.find('.');
  const auto found = std::ranges::find(fields, path.substr(0, dot), &Field::id);
  if (found == fields.end()) return nullptr;
  return dot == std::string_view::npos ? &*found : find(found->fields, path.substr(dot + 1));
}

}  // namespace

std::string_view name(Type type) { return name_in(kTypes, type); }
std::string_view name(Source source) { return name_in(kSources, source); }
std::string_view name(Silence silence) { return name_in(kSilences, silence); }

std::optional<Type> type_named(std::string_view name) {
  const auto found = std::ranges::find(kTypes, name, &Named<Type>::name);
  return found == kTypes.end() ? std::nullopt : std::optional(found->value);
}

bool is_composite(Type type) {
  return type == Type::address || type == Type::person || type == Type::block ||
         type == Type::repeat;
}
bool is_answered(Type type) { return type != Type::computed && type != Type::note; }

std::string words(const Delay& delay) {
  const std::string count = std::to_string(delay.count) + "\u00a0";
  const std::string_view plural = delay.count > 1 ? "s" : "";
  switch (delay.unit) {
    case DelayUnit::days:
      return (count + "jour").append(plural);
    case DelayUnit::weeks:
      return (count + "semaine").append(plural);
    case DelayUnit::months:
      return count + "mois";
    case DelayUnit::working_days:
      return (count + "jour").append(plural).append(" ouvré").append(plural);
  }
  return {};
}

const Page* Definition::page(std::string_view wanted) const {
  for (const Step& step : steps)
    for (const Page& page : step.pages)
      if (page.id == wanted) return &page;
  return nullptr;
}

const Field* Definition::field(std::string_view path) const {
  for (const Step& step : steps)
    for (const Page& page : step.pages)
      if (const Field* found = find(page.fields, path)) return found;
  return nullptr;
}

const Field* Definition::appointment() const {
  for (const Step& step : steps)
    for (const Page& page : step.pages)
      for (const Field& field : page.fields)
        if (field.type == Type::appointment) return &field;
  return nullptr;
}

const End* Definition::end(std::string_view wanted) const {
  const auto found = std::ranges::find(ends, wanted, &End::id);
  return found == ends.end() ? nullptr : &*found;
}

const std::string& Definition::service_for(std::string_view commune) const {
  const auto own = std::ranges::find(services, commune, &InCharge::commune);
  if (own != services.end()) return own->service;
  const auto all = std::ranges::find(services, std::string_view(), &InCharge::commune);
  return all != services.end() ? all->service : services.front().service;
}

bool Definition::serves(std::string_view commune) const {
  return communes.empty() || std::ranges::find(communes, commune) != communes.end();
}

}  // namespace parvis::procedure
