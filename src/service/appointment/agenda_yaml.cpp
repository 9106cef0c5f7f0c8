#include "appointment/agenda_yaml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>

#include "directory/forms.hpp"
#include "directory/hours_yaml.hpp"
#include "directory/yaml.hpp"

namespace parvis::appointment {
namespace {

namespace fs = std::filesystem;
using directory::FileProblem;
using directory::YamlReader;
constexpr const char* kFolder = "appointments";

bool given(const YAML::Node& node) { return node.IsDefined() && !node.IsNull(); }

// A whole number of a member within bounds; `otherwise` when absent.
int number(YamlReader& in, const YAML::Node& map, const char* key, int low, int high,
           int otherwise) {
  const std::string text = in.text(map, key);
  if (text.empty()) return otherwise;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= low && value <= high)
    return value;
  in.bad(map[key], fmt::format("« {} »\u00a0: un nombre entier de {} à {}.", key, low, high));
  return otherwise;
}

Minutes cells(YamlReader& in, const YAML::Node& map, const char* key, int low, int high,
              int otherwise) {
  const int value = number(in, map, key, low, high, otherwise);
  if (value % kCell.count() != 0)
    in.bad(map[key], fmt::format("« {} »\u00a0: un multiple de {} minutes.", key, kCell.count()));
  return Minutes(value);
}

std::string slug(YamlReader& in, const YAML::Node& map) {
  std::string id = in.required(map, "id");
  if (!id.empty() && !directory::is_slug(id))
    in.bad(map["id"],
           "« id »\u00a0: lettres minuscules sans accent, chiffres et tirets seulement.");
  return id;
}

std::vector<std::string> communes(YamlReader& in, const YAML::Node& map) {
  auto found = in.texts(map, "communes");
  if (!std::ranges::all_of(found, directory::is_insee))
    in.bad(map["communes"],
           "« communes »\u00a0: codes INSEE de cinq caractères, entre guillemets.");
  return found;
}
// Sent to citizens: nothing but a plain address of a site.
std::string video(YamlReader& in, const YAML::Node& map) {
  std::string url = in.text(map, "video");
  constexpr std::string_view kScheme = "https://";
  const bool plain = url.size() > kScheme.size() && url.size() <= kVideoMax &&
                     url.starts_with(kScheme) && url[kScheme.size()] != '/' &&
                     std::ranges::all_of(url, [](char c) {
                       return c > ' ' && c < '\x7F' && c != '"' && c != '<' && c != '>';
                     });
  if (url.empty() || plain) return url;
  in.bad(map["video"],
         fmt::format("« video »\u00a0: l’adresse de la salle, qui commence par https:// et a {} "
                     "signes au plus.",
                     kVideoMax));
  return {};
}

Reason read_reason(YamlReader& in, const YAML::Node& node) {
  Reason reason;
  if (!in.mapping(node, {"id", "label", "minutes", "buffer", "every", "people", "ways", "notice",
                         "horizon", "bring", "topics", "sheets", "communes", "who", "note", "may",
                         "offered", "asks", "video"}))
    return reason;
  constexpr int kLongest = static_cast<int>(kMeetingMax.count());
  reason.id = slug(in, node);
  reason.label = in.required(node, "label");
  if (in.required(node, "minutes").empty()) return reason;
  reason.duration = cells(in, node, "minutes", 5, kLongest, 20);
  reason.buffer = cells(in, node, "buffer", 0, static_cast<int>(kBufferMax.count()), 0);
  reason.every = cells(in, node, "every", 5, kLongest, 0);
  reason.people = number(in, node, "people", 1, kPeopleMax, 1);
  if (reason.duration * reason.people > kMeetingMax)
    in.bad(node["people"],
           fmt::format("« people »\u00a0: tous ensemble dépassent {} heures. Baissez people ou "
                       "minutes.",
                       kMeetingMax / std::chrono::hours(1)));
  if (const auto ways = in.texts(node, "ways"); !ways.empty()) {
    reason.ways.clear();
    for (const std::string& each : ways) {
      const auto way = way_named(each);
      if (!way)
        in.bad(node["ways"], "« ways »\u00a0: écrivez in_person, phone ou video.");
      else if (std::ranges::find(reason.ways, *way) == reason.ways.end())
        reason.ways.push_back(*way);
    }
  }
  reason.notice = Minutes(number(in, node, "notice", 0, 60 * 24 * 30, 60));
  reason.horizon =
      std::chrono::days(number(in, node, "horizon", 1, static_cast<int>(kHorizonMax.count()), 60));
  reason.bring = in.texts(node, "bring");
  reason.topics = in.texts(node, "topics");
  reason.sheets = in.texts(node, "sheets");
  reason.communes = communes(in, node);
  reason.who = in.text(node, "who");
  reason.note = in.text(node, "note");
  if (const YAML::Node may = node["may"]; given(may) && in.mapping(may, {"ask", "otherwise"}))
    reason.may = {.ask = in.required(may, "ask"), .otherwise = in.required(may, "otherwise")};
  reason.video = video(in, node);
  const std::string offered = in.text(node, "offered");
  if (!offered.empty() && offered != "true" && offered != "false")
    in.bad(node["offered"], "« offered »\u00a0: écrivez true ou false.");
  reason.offered = offered != "false";
  // What forms carry besides: an answer would be taken for one of them.
  static constexpr std::string_view kTaken[] = {
      "name",  "email",   "phone",     "interpreter", "note",          "until",
      "act",   "lieu",    "step-free", "companion",   "sign-language", "jours",
      "debut", "maniere", "moments",   "personnes"};
  std::set<std::string> ids;
  for (const YAML::Node& item : in.items(node["asks"], "asks")) {
    if (!in.mapping(item, {"id", "label", "hint", "required"})) continue;
    reason.asks.push_back({.id = slug(in, item),
                           .label = in.required(item, "label"),
                           .hint = in.text(item, "hint"),
                           .required = in.text(item, "required") == "true"});
    const std::string& id = reason.asks.back().id;
    if (!ids.insert(id).second) in.bad(item, "deux questions portent le même id. Changez-en un.");
    if (std::ranges::find(kTaken, id) != std::end(kTaken))
      in.bad(item, fmt::format("« {} » est déjà pris. Donnez un autre id à cette question.", id));
  }
  if (reason.asks.size() > kAsksMax)
    in.bad(node["asks"], fmt::format("« asks »\u00a0: {} questions au plus.", kAsksMax));
  return reason;
}

Counter read_counter(YamlReader& in, const YAML::Node& node) {
  Counter counter;
  if (!in.mapping(node, {"id", "name", "seats", "service", "hours", "reasons", "video"}))
    return counter;
  counter.id = slug(in, node);
  counter.name = in.required(node, "name");
  counter.seats = number(in, node, "seats", 1, kSeatsMax, 1);
  counter.service = in.text(node, "service");
  counter.video = video(in, node);
  if (const YAML::Node hours = node["hours"]; given(hours))
    counter.hours = directory::read_hours(in, hours);
  const YAML::Node reasons = node["reasons"];
  if (given(reasons) && reasons.IsMap()) {
    for (const auto& each : reasons) {
      const std::string id = each.first.IsScalar() ? each.first.Scalar() : "";
      counter.reasons[id] = number(in, reasons, id.c_str(), 1, counter.seats, counter.seats);
    }
  } else {
    for (std::string& id : in.texts(node, "reasons"))
      counter.reasons[std::move(id)] = counter.seats;
  }
  return counter;
}

template <typename Item>
void check_ids(YamlReader& in, const YAML::Node& node, std::vector<Item>& items,
               std::string_view what, std::size_t limit) {
  std::set<std::string> ids;
  for (const Item& item : items)
    if (!ids.insert(item.id).second)
      in.bad(node, fmt::format("deux {} portent l’id « {} ». Changez-en un.", what, item.id));
  if (items.empty() || items.size() > limit)
    in.bad(node, fmt::format("il faut de 1 à {} {}.", limit, what));
}

Agenda read(YamlReader& in, const YAML::Node& root, Reading reading) {
  Agenda agenda;
  if (!in.mapping(root, {"id", "title", "service", "communes", "retention", "counters", "reasons"}))
    return agenda;
  agenda.id = slug(in, root);
  agenda.title = in.required(root, "title");
  agenda.service = in.required(root, "service");
  agenda.communes = communes(in, root);
  agenda.retention = std::chrono::days(number(in, root, "retention", 1, 3650, 90));
  for (const YAML::Node& node : in.items(root["reasons"], "reasons"))
    agenda.reasons.push_back(read_reason(in, node));
  check_ids(in, root["reasons"], agenda.reasons, "motifs (reasons)", kReasonsMax);
  for (const YAML::Node& node : in.items(root["counters"], "counters")) {
    agenda.counters.push_back(read_counter(in, node));
    for (const auto& [id, seats] : agenda.counters.back().reasons)
      if (agenda.reason(id) == nullptr)
        in.bad(node, fmt::format("le motif « {} » n’est pas dans reasons.", id));
  }
  check_ids(in, root["counters"], agenda.counters, "guichets (counters)", kCountersMax);
  if (reading == Reading::file)
    for (std::size_t n = 0; n < agenda.reasons.size(); ++n) {
      const Reason& reason = agenda.reasons[n];
      if (std::ranges::find(reason.ways, Way::video) != reason.ways.end() &&
          std::ranges::any_of(agenda.counters, [&](const Counter& counter) {
            return counter.seats_for(reason.id) > 0 && agenda.video_of(reason, counter.id).empty();
          }))
        in.bad(root["reasons"][n],
               fmt::format("« {} » se fait en visioconférence, sans adresse. Ajoutez « video: "
                           "https://… » au motif ou à ses guichets, ou retirez video de « ways ».",
                           reason.id));
    }
  for (const Reason& reason : agenda.reasons)
    if (std::ranges::none_of(agenda.counters, [&](const Counter& counter) {
          return counter.seats_for(reason.id) > 0;
        }))
      in.bad(
          root["reasons"],
          fmt::format("aucun guichet ne reçoit pour « {} ». Ajoutez-le à un guichet.", reason.id));
  return agenda;
}

}  // namespace

std::expected<Agenda, std::vector<Problem>> read_agenda(std::string_view yaml, Reading reading) {
  const auto root = directory::parse_yaml(yaml);
  if (!root) return std::unexpected(std::vector{root.error()});
  YamlReader in;
  Agenda agenda;
  try {
    agenda = read(in, *root, reading);
  } catch (const YAML::Exception& error) {  // a node of a kind that no check above foresees
    in.bad(*root, fmt::format("YAML inattendu ({}). Suivez les exemples.", error.msg));
  }
  std::vector<Problem> problems = in.take_problems();
  if (!problems.empty()) return std::unexpected(std::move(problems));
  agenda.yaml = yaml;
  return agenda;
}

std::expected<std::vector<Agenda>, std::vector<FileProblem>> load_agendas(
    const fs::path& folder, const directory::Town& town) {
  std::vector<FileProblem> problems;
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder / kFolder, error), end; !error && at != end;
       at.increment(error))
    if (at->path().extension() == ".yaml") files.push_back(at->path());
  if (error && error != std::errc::no_such_file_or_directory)
    problems.push_back({kFolder, {"dossier illisible. Vérifiez ses droits."}});
  if (files.size() > kAgendasMax)
    return std::unexpected(
        std::vector<FileProblem>{{kFolder, {fmt::format("plus de {} agendas.", kAgendasMax)}}});
  std::ranges::sort(files);
  std::vector<Agenda> found;
  const auto is_service = [&](const std::string& id) {
    return std::ranges::find(town.services, id, &directory::Service::id) != town.services.end();
  };
  const auto is_commune = [&](const std::string& insee) {
    return std::ranges::find(town.communes, insee, &tenancy::Commune::insee) != town.communes.end();
  };
  for (const fs::path& path : files) {
    const std::string name = std::string(kFolder) + "/" + path.filename().string();
    std::ifstream file(path, std::ios::binary);
    std::string text(directory::kYamlBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    auto agenda = read_agenda(text);
    if (!agenda) {
      for (Problem& problem : agenda.error()) problems.push_back({name, std::move(problem)});
      continue;
    }
    const auto bad = [&](std::string what) { problems.push_back({name, {std::move(what)}}); };
    if (path.stem() != agenda->id)
      bad(fmt::format("le fichier s’appelle autrement que l’agenda. Nommez-le {}.yaml.",
                      agenda->id));
    std::vector<std::string> services{agenda->service};
    for (const Counter& counter : agenda->counters)
      if (!counter.service.empty()) services.push_back(counter.service);
    for (const std::string& id : services)
      if (!is_service(id))
        bad(fmt::format("le service « {} » n’existe pas. Prenez un identifiant de services/.", id));
    std::vector<std::string> insee = agenda->communes;
    for (const Reason& reason : agenda->reasons)
      insee.insert(insee.end(), reason.communes.begin(), reason.communes.end());
    for (const std::string& code : insee)
      if (!is_commune(code)) bad(fmt::format("la commune {} n’est pas de la ville.", code));
    found.push_back(std::move(*agenda));
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return found;
}

std::vector<FileProblem> judge_appointments(const std::vector<procedure::Definition>& procedures,
                                            const std::vector<Agenda>& agendas) {
  std::vector<FileProblem> problems;
  for (const procedure::Definition& definition : procedures) {
    const procedure::Field* field = definition.appointment();
    if (field == nullptr) continue;
    const procedure::Slots& wanted = field->slots;
    const auto bad = [&](std::string what) {
      problems.push_back({"procedures/" + definition.id + ".yaml", {std::move(what), wanted.line}});
    };
    const auto agenda = std::ranges::find(agendas, wanted.agenda, &Agenda::id);
    if (agenda == agendas.end()) {
      bad(fmt::format("l’agenda « {} » n’existe pas. Prenez un identifiant de appointments/.",
                      wanted.agenda));
      continue;
    }
    std::set<std::string> ids;
    if (!wanted.reason.empty()) ids.insert(wanted.reason);
    for (const auto& [answer, id] : wanted.reasons) ids.insert(id);
    for (const std::string& id : ids) {
      const Reason* reason = agenda->reason(id);
      if (reason == nullptr || !reason->offered) {
        bad(
            fmt::format("le motif « {} » n’est pas offert par l’agenda « {} ». Prenez un de ses "
                        "motifs.",
                        id, agenda->id));
        continue;
      }
      const bool all = agenda->communes.empty() && reason->communes.empty();
      if (definition.communes.empty() && !all)
        bad(
            fmt::format("le motif « {} » n’est pas pour toutes les communes. Limitez « communes » "
                        "de la démarche.",
                        id));
      for (const std::string& insee : definition.communes)
        if (!agenda->serves(*reason, insee))
          bad(fmt::format("le motif « {} » n’est pas pour la commune {}. Ajoutez-la à l’agenda.",
                          id, insee));
      if (reason->may && definition.who.empty())
        bad(
            fmt::format("le motif « {} » n’est pas pour tous (may). Écrivez qui peut le demander "
                        "dans « who » de la démarche.",
                        id));
      for (const Asked& asked : reason->asks)
        if (asked.required && definition.field(asked.id) == nullptr)
          bad(fmt::format("le motif « {} » demande « {} ». Posez une question de ce nom.", id,
                          asked.id));
    }
  }
  return problems;
}

}  // namespace parvis::appointment
