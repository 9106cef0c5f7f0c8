#include "directory/annuaire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "directory/dates.hpp"
#include "directory/forms.hpp"
#include "text/normalise.hpp"

namespace parvis::directory {
namespace {

using calendar::Hours;
using calendar::Range;

constexpr std::size_t kValueBytes = 2000;

std::string tidy(std::string_view text) {
  return std::string(text::utf8_prefix(text::clean(text), kValueBytes));
}

std::string word(const json::object& record, std::string_view key) {
  return tidy(string_at(record, key).value_or(""));
}

// A list of a record, itself or as JSON in a text. At most kAnnuaireItems of it.
json::array list(const json::object& record, std::string_view key) {
  json::array items;
  if (const json::array* array = array_at(record, key)) {
    items = *array;
  } else if (const auto text = string_at(record, key)) {
    const auto inner = parse_json(*text);
    if (inner && inner->is_array()) items = inner->get_array();
  }
  if (items.size() > kAnnuaireItems) items.resize(kAnnuaireItems);
  return items;
}

std::vector<json::object> objects(const json::object& record, std::string_view key) {
  std::vector<json::object> found;
  for (const json::value& item : list(record, key))
    if (item.is_object()) found.push_back(item.get_object());
  return found;
}

void add(std::vector<std::string>& values, std::string value) {
  if (!value.empty() && std::ranges::find(values, value) == values.end())
    values.push_back(std::move(value));
}

void add_phone(Service& service, std::string number, std::string label) {
  if (is_phone_number(number)) service.phones.push_back({std::move(number), std::move(label)});
}

// Both forms say "from weekday to weekday, these ranges"; this gathers them into one week.
class WeekBuilder {
 public:
  void add(std::string_view first, std::string_view last, std::string_view from,
           std::string_view to, const std::string& comment) {
    if (from.empty() && to.empty()) return;
    const auto begin = parse_weekdays(first), end = parse_weekdays(last.empty() ? first : last);
    const auto opens = parse_time(from), closes = parse_time(to);
    if (!begin || !end || begin->size() != 1 || end->size() != 1 || begin > end || !opens ||
        !closes) {
      sound_ = false;
      return;
    }
    for (std::size_t day = begin->front(); day <= end->front(); ++day) {
      calendar::Day& ranges = week_.days[day];
      if (ranges.size() < calendar::kRangesADay)
        ranges.push_back({*opens, *closes, comment});
      else
        sound_ = false;
    }
    some_ = true;
  }
  // A comment on days without times.
  void note(const std::string& comment) { directory::add(comments_, comment); }

  // The hours, or none with a note.
  Hours finish(std::vector<std::string>& notes, const std::string& name) {
    Hours hours;
    for (const std::string& comment : comments_)
      hours.comment += (hours.comment.empty() ? "" : " ") + comment;
    if (!some_ && sound_) return hours;
    for (calendar::Day& day : week_.days) std::ranges::sort(day);
    hours.weeks.push_back(week_);
    if (!sound_ || !faults(hours).empty()) {
      hours.weeks.clear();
      notes.push_back(fmt::format("{}\u00a0: horaires illisibles, laissés de côté.", name));
    }
    return hours;
  }

 private:
  calendar::Week week_;
  std::vector<std::string> comments_;
  bool sound_ = true;
  bool some_ = false;
};

std::optional<CivilDate> french_numeric_date(std::string_view text) {  // "08/03/2021 14:14:36"
  if (text.size() < 10 || text[2] != '/' || text[5] != '/') return std::nullopt;
  return parse_iso_date(
      fmt::format("{}-{}-{}", text.substr(6, 4), text.substr(3, 2), text.substr(0, 2)));
}

void read_address(const json::object& record, Service& service) {
  const std::vector<json::object> addresses = objects(record, "adresse");
  if (addresses.empty()) return;
  auto at = std::ranges::find_if(
      addresses, [](const json::object& one) { return word(one, "type_adresse") == "Adresse"; });
  const json::object& address = at == addresses.end() ? addresses.front() : *at;
  for (const char* key : {"complement1", "complement2", "numero_voie", "service_distribution"})
    add(service.address, word(address, key));
  service.postcode = word(address, "code_postal");
  service.city = word(address, "nom_commune");
  const std::string code = word(address, "accessibilite");
  std::string access = code == "ACC"   ? "Accessible en fauteuil roulant."
                       : code == "DEM" ? "Accessible en fauteuil roulant sur demande."
                       : code == "NAC" ? "Non accessible en fauteuil roulant."
                                       : "";
  const std::string note = word(address, "note_accessibilite");
  if (!note.empty()) access += (access.empty() ? "" : " ") + note;
  service.access = std::move(access);
}

Service read_record(const json::object& record, std::vector<std::string>& notes) {
  Service service;
  service.name = word(record, "nom");
  service.id = word(record, "ancien_code_pivot");
  if (service.id.empty()) service.id = word(record, "id");
  for (const json::object& pivot : objects(record, "pivot")) {
    add(service.pivots, word(pivot, "type_service_local"));
    for (const json::value& code : list(pivot, "code_insee_commune"))
      if (code.is_string()) add(service.communes, tidy(code.get_string()));
  }
  add(service.communes, word(record, "code_insee_commune"));
  read_address(record, service);
  for (const json::object& phone : objects(record, "telephone"))
    add_phone(service, word(phone, "valeur"), word(phone, "description"));
  for (const json::value& email : list(record, "adresse_courriel"))
    if (service.email.empty() && email.is_string()) service.email = tidy(email.get_string());
  if (service.email.empty()) service.email = word(record, "adresse_courriel");
  for (const json::object& site : objects(record, "site_internet"))
    if (service.url.empty()) service.url = word(site, "valeur");
  service.updated = french_numeric_date(word(record, "date_modification"));

  WeekBuilder week;
  for (const json::object& days : objects(record, "plage_ouverture")) {
    const std::string first = word(days, "nom_jour_debut"), last = word(days, "nom_jour_fin");
    const std::string comment = word(days, "commentaire");
    const std::string from1 = word(days, "valeur_heure_debut_1");
    const std::string from2 = word(days, "valeur_heure_debut_2");
    week.add(first, last, from1, word(days, "valeur_heure_fin_1"), comment);
    week.add(first, last, from2, word(days, "valeur_heure_fin_2"), comment);
    if (from1.empty() && from2.empty()) week.note(comment);
  }
  service.hours = week.finish(notes, service.name);
  return service;
}

Service read_feature(const json::object& properties, std::vector<std::string>& notes) {
  Service service;
  service.name = word(properties, "nom");
  service.id = word(properties, "id");
  add(service.pivots, word(properties, "pivotLocal"));
  if (const json::object* zone = object_at(properties, "zonage"))
    for (const json::value& commune : list(*zone, "communes"))  // "45210 Montbouy"
      if (commune.is_string()) add(service.communes, tidy(commune.get_string()).substr(0, 5));
  add(service.communes, word(properties, "codeInsee"));
  const std::vector<json::object> addresses = objects(properties, "adresses");
  if (!addresses.empty()) {
    const json::object& address = addresses.front();
    for (const json::value& line : list(address, "lignes"))
      if (line.is_string()) add(service.address, tidy(line.get_string()));
    service.postcode = word(address, "codePostal");
    service.city = word(address, "commune");
  }
  add_phone(service, word(properties, "telephone"), "");
  service.email = word(properties, "email");
  service.url = word(properties, "url");

  WeekBuilder week;
  for (const json::object& days : objects(properties, "horaires")) {
    const std::string note = word(days, "note");
    const std::vector<json::object> times = objects(days, "heures");
    for (const json::object& range : times)
      week.add(word(days, "du"), word(days, "au"), word(range, "de"), word(range, "a"), note);
    if (times.empty()) week.note(note);
  }
  service.hours = week.finish(notes, service.name);
  return service;
}

// What must not be shown as it is, is not kept.
void keep_sound_values(Service& service) {
  std::erase_if(service.communes, [](const std::string& code) { return !is_insee(code); });
  std::erase_if(service.pivots, [](const std::string& pivot) { return !is_pivot(pivot); });
  if (!is_postcode(service.postcode)) service.postcode.clear();
  if (!is_email(service.email)) service.email.clear();
  if (!is_web_address(service.url)) service.url.clear();
}

// The records of a file, whichever of the forms it has.
std::vector<const json::object*> records_of(const json::value& root) {
  const json::array* array = root.if_array();
  const json::object* object = root.if_object();
  if (object)
    for (const char* key : {"features", "service", "results"})
      if (const json::array* found = array_at(*object, key)) array = found;
  std::vector<const json::object*> records;
  if (array) {
    for (const json::value& each : *array) records.push_back(each.if_object());
  } else if (object) {
    records.push_back(object);
  }
  return records;
}

}  // namespace

std::expected<Annuaire, Problem> read_annuaire(std::string_view text) {
  if (text.size() > kAnnuaireBytes)
    return std::unexpected(Problem{fmt::format("plus de {} Mo. Coupez le fichier par département.",
                                               kAnnuaireBytes / 1024 / 1024)});
  const auto root = parse_json(text);
  if (!root) return std::unexpected(root.error());
  const auto records = records_of(*root);
  if (records.size() > kAnnuaireServices)
    return std::unexpected(Problem{
        fmt::format("plus de {} services. Coupez le fichier par département.", kAnnuaireServices)});
  Annuaire annuaire;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto leave = [&](std::string_view why) {
      annuaire.notes.push_back(fmt::format("Fiche {}\u00a0: {}.", i + 1, why));
    };
    if (!records[i]) {
      leave("ce n’est pas un objet");
      continue;
    }
    if (word(*records[i], "statut_de_diffusion") == "false") {
      leave("non diffusée");
      continue;
    }
    const json::object* properties = object_at(*records[i], "properties");
    Service service = properties ? read_feature(*properties, annuaire.notes)
                                 : read_record(*records[i], annuaire.notes);
    keep_sound_values(service);
    if (service.name.empty() || !is_pivot(service.id)) {
      leave("sans nom ou sans identifiant");
    } else if (service.communes.empty()) {
      leave("sans commune");  // it would pass for a service of the whole tenant
    } else if (!seen.insert(service.id).second) {
      leave(fmt::format("identifiant {} déjà lu", service.id));
    } else {
      annuaire.services.push_back(std::move(service));
    }
  }
  if (annuaire.services.empty())
    return std::unexpected(Problem{
        "aucun service lisible. Prenez un fichier de l’annuaire de l’administration (JSON)."});
  return annuaire;
}

}  // namespace parvis::directory
