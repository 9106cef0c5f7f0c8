#include "casework/export.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"
#include "casework/ends.hpp"
#include "procedure/values.hpp"

namespace parvis::casework {
namespace {

using procedure::Field;
using procedure::Type;

// A question, as a column; the field belongs to a definition that is kept beside.
struct Column {
  std::string path, label;
};

void add_columns(std::vector<Column>& columns, const std::vector<Field>& fields,
                 const std::string& path, const std::string& label) {
  for (const Field& field : fields) {
    if (field.type == Type::note || field.type == Type::file) continue;
    const std::string at = path.empty() ? field.id : path + "." + field.id;
    const std::string named = label.empty() ? field.name : label + " – " + field.name;
    if (!field.fields.empty() && field.type != Type::repeat) {
      add_columns(columns, field.fields, at, named);
    } else if (std::ranges::find(columns, at, &Column::path) == columns.end()) {
      columns.push_back({at, named.empty() ? at : named});
    }
  }
}

void add_columns(std::vector<Column>& columns, const procedure::Definition& definition) {
  for (const procedure::Step& step : definition.steps)
    for (const procedure::Page& page : step.pages) add_columns(columns, page.fields, "", "");
}

const json::value* value_at(const json::object& answers, std::string_view path) {
  const json::object* object = &answers;
  for (;;) {
    const std::size_t dot = path.find('.');
    const json::value* value = object->if_contains(path.substr(0, dot));
    if (value == nullptr || dot == std::string_view::npos) return value;
    if (!value->is_object()) return nullptr;
    object = &value->get_object();
    path.remove_prefix(dot + 1);
  }
}

table::Cell cell_of(const Opened& opened, const std::string& path) {
  const Field* field = opened.definition->field(path);
  const json::value* value = value_at(opened.answers, path);
  if (field == nullptr || value == nullptr || value->is_null()) return {};
  if (value->is_number()) return value->to_number<double>();
  if (field->type == Type::date && value->is_string())
    if (const auto date = parse_iso_date(std::string_view(value->get_string()))) return *date;
  std::string words = procedure::shown(*field, *value);
  if (words.empty() && value->is_string()) words = value->get_string();  // of a computed one
  return words.empty() ? table::Cell() : table::Cell(std::move(words));
}

table::Cell day(const std::optional<Instant>& instant, Zone zone) {
  return instant ? table::Cell(civil_date(zone.local(*instant))) : table::Cell();
}

// How a declaration ended: its démarche's own word.
table::Cell end_cell(const Opened& opened, bool ids) {
  const procedure::End* end = end_of(opened);
  if (end == nullptr) return {};
  return table::Cell(ids ? end->id : end->label);
}

std::string joined(const std::vector<State>& states) {
  std::string out;
  for (const State state : states) out.append(out.empty() ? "" : " ").append(name(state));
  return out;
}

}  // namespace

std::size_t export_cases(db::Database& database, procedure::Catalogue& catalogue, Cases& cases,
                         const tenancy::Context& cx, const Author& agent, const Export& wanted,
                         const table::Out& out, const OnProgress& progress) {
  Filter filter = wanted.filter;
  filter.text.clear();
  if (filter.states.empty())
    filter.states = {State::received,  State::examined,    State::awaiting,
                     State::accepted,  State::refused,     State::settled,
                     State::withdrawn, State::transferred, State::closed};
  auto versions =
      database.read(cx.tenant, [&](db::Tx& tx) { return procedure::versions(tx, cx.tenant); });
  std::erase_if(versions, [&](const auto& each) { return each.id != filter.procedure; });
  if (versions.empty())
    throw Error(Errc::not_found, "there is no démarche " + filter.procedure +
                                     ": `parvis import commune` lists those of the town");
  std::vector<Column> columns;
  std::string title;
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    const auto definition = catalogue.of(cx.tenant, version->id, version->version);
    if (title.empty()) title = definition->title;
    add_columns(columns, *definition);
  }
  const bool paths = wanted.format == table::Format::json;
  std::vector<std::string> names =
      paths ? std::vector<std::string>{"reference", "state", "service", "commune",
                                       "deposited", "due",   "end"}
            : std::vector<std::string>{"Référence", "État",           "Service", "Commune",
                                       "Déposé le", "Réponse due le", "Fin"};
  const std::size_t fixed = names.size();
  for (const Column& column : columns)
    names.push_back(paths ? "answers." + column.path : column.label);
  // Two questions may have one label: then each has its path behind.
  for (std::size_t i = fixed; i < names.size(); ++i)
    if (std::ranges::count(names, names[i]) > 1)
      names[i] += fmt::format(" ({})", columns[i - fixed].path);

  const std::size_t total =
      database.read(cx.tenant, [&](db::Tx& tx) { return count(tx, cx, agent, filter); });
  const auto table = table::begin(wanted.format, std::move(names), title, out);
  std::size_t written = 0;
  for (std::optional<Filter> page = filter; page;) {
    Page found = cases.find(cx, agent, *page);
    for (const Line& line : found.lines) {
      const std::optional<Opened> opened = [&]() -> std::optional<Opened> {
        try {
          return cases.open_as(cx, agent, line.id);
        } catch (const Error& e) {
          if (e.code() == Errc::not_found) return std::nullopt;  // erased since
          throw;
        }
      }();
      if (!opened) continue;
      std::vector<table::Cell> cells = {
          opened->reference,
          std::string(paths ? name(opened->state) : label(opened->state)),
          opened->service,
          opened->commune.empty() ? table::Cell() : table::Cell(opened->commune),
          day(opened->deposited_at, cx.zone),
          opened->due ? table::Cell(*opened->due) : table::Cell(),
          end_cell(*opened, paths)};
      for (const Column& column : columns) cells.push_back(cell_of(*opened, column.path));
      table->row(cells);
      ++written;
    }
    if (progress) progress(written, total);
    page = std::move(found.next);
  }
  table->end();
  log(Level::info, "cases_exported",
      {{"tenant", cx.tenant},
       {"who", agent.id},
       {"procedure", filter.procedure},
       {"states", joined(wanted.filter.states)},
       {"cases", written}});
  return written;
}

}  // namespace parvis::casework
