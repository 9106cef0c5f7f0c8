#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "directory/forms.hpp"
#include "procedure/definition_reader.hpp"

namespace parvis::procedure {

using directory::YamlReader;
using YAML::Node;

namespace {

constexpr std::size_t kIdBytes = 40;

}  // namespace

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kIdBytes && text[0] >= 'a' && text[0] <= 'z' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

bool is_reserved(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kWords = {
      "and", "or", "not", "in", "true", "false", "today", "time", "commune"};
  return std::ranges::find(kWords, name) != kWords.end();
}

bool present(const Node& node) { return node.IsDefined() && !node.IsNull(); }

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Definition DefinitionReader::read(const Node& root) {
  if (!in_.mapping(
          root, {"id",     "version", "title",    "summary", "theme",      "communes",  "sheets",
                 "starts", "who",     "cost",     "service", "other_ways", "clock",     "documents",
                 "steps",  "checks",  "settings", "texts",   "retention",  "reminders", "ends"}))
    return {};
  out_.id = in_.required(root, "id");
  if (!directory::is_slug(out_.id))
    in_.bad(root["id"],
            "« id »\u00a0: lettres minuscules sans accent, chiffres et tirets seulement.");
  out_.version = static_cast<int>(whole(root, "version", 1, 1, 1'000'000));
  out_.title = in_.required(root, "title");
  out_.summary = in_.required(root, "summary");
  out_.theme = in_.text(root, "theme");
  out_.communes = in_.texts(root, "communes");
  if (!std::ranges::all_of(out_.communes, directory::is_insee))
    in_.bad(root["communes"],
            "« communes »\u00a0: codes INSEE de cinq caractères, entre guillemets.");
  out_.sheets = in_.texts(root, "sheets");
  out_.starts = in_.texts(root, "starts");
  out_.cost = in_.text(root, "cost");
  read_settings(root["settings"]);
  out_.who = checks(root["who"], "who");
  read_services(root);
  out_.other_ways = in_.texts(root, "other_ways");
  if (out_.other_ways.empty())
    in_.bad(root,
            "« other_ways » absent. Dites comment faire sans internet\u00a0: guichet, "
            "téléphone ou courrier. C’est obligatoire.");
  read_clock(root);
  read_steps(root);
  const auto asked = static_cast<std::ptrdiff_t>(out_.steps.size());
  read_documents(root["documents"]);
  // A slot is held for some minutes: it is chosen when all else is done, documents too.
  if (asked > 0 && out_.appointment() != nullptr &&
      out_.steps[static_cast<std::size_t>(asked) - 1].pages.back().fields.back().type ==
          Type::appointment)
    std::rotate(out_.steps.begin() + asked - 1, out_.steps.begin() + asked, out_.steps.end());
  out_.checks = checks(root["checks"], "checks");
  read_texts(root["texts"]);
  read_retention(root["retention"]);
  read_reminders(root["reminders"]);
  read_ends(root["ends"]);
  if (out_.steps.empty()) in_.bad(root, "« steps » absent. Ajoutez au moins une étape.");
  judge_names();
  judge_appointment();
  return std::move(out_);
}

std::int64_t DefinitionReader::whole(const Node& map, const char* key, std::int64_t otherwise,
                                     std::int64_t least, std::int64_t most) {
  const std::string text = in_.text(map, key);
  if (text.empty()) return otherwise;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= least && value <= most)
    return value;
  in_.bad(map[key],
          fmt::format("« {} »\u00a0: un nombre entier de {} à {} est attendu.", key, least, most));
  return otherwise;
}

bool DefinitionReader::yes(const Node& map, const char* key) {
  const std::string text = in_.text(map, key);
  if (!text.empty() && text != "true" && text != "false")
    in_.bad(map[key], fmt::format("« {} »\u00a0: écrivez true ou false.", key));
  return text == "true";
}

Expression DefinitionReader::expression(const Node& map, const char* key, std::size_t reads) {
  const std::string text = in_.text(map, key);
  if (text.empty()) return {};
  auto read = read_expression(text);
  if (!read) {
    in_.bad(map[key], fmt::format("« {} »\u00a0: {}", key, read.error().what));
    return {};
  }
  used_.push_back({map[key], *read, block_, reads});
  return std::move(*read);
}

std::vector<Check> DefinitionReader::checks(const Node& node, const char* key) {
  std::vector<Check> found;
  for (const Node& item : in_.items(node, key)) {
    if (!in_.mapping(item, {"must", "message", "field"})) continue;
    Check check;
    check.must = expression(item, "must");
    check.message = said(item, "message", true);
    check.field = in_.text(item, "field");
    if (!check.must) in_.bad(item, "champ « must » absent. Écrivez la condition à remplir.");
    if (!check.field.empty()) fields_named_.push_back({item["field"], check.field});
    found.push_back(std::move(check));
  }
  return found;
}

std::string DefinitionReader::said(const Node& map, const char* key, bool required) {
  std::string text = required ? in_.required(map, key) : in_.text(map, key);
  judge_template(map[key], text);
  return text;
}

void DefinitionReader::read_settings(const Node& node) {
  if (!present(node)) return;
  settings_.reset(node);
  if (!node.IsMap()) {
    in_.bad(node, "« settings »\u00a0: des noms et leurs valeurs sont attendus.");
    return;
  }
  for (const auto& member : node) {
    const std::string key = member.first.IsScalar() ? member.first.Scalar() : "";
    if (!is_id(key)) {
      in_.bad(member.first, "« settings »\u00a0: un nom en minuscules sans accent est attendu.");
      continue;
    }
    if (is_reserved(key)) bad_name(member.first, key);
    if (member.second.IsMap()) read_table(key, member.second);
    out_.settings[key] = setting(member.second);
  }
}
void DefinitionReader::read_table(const std::string& name, const Node& node) {
  for (const auto& row : node)
    if (row.first.IsScalar() && row.second.IsScalar())
      out_.settings[name + "." + row.first.Scalar()] = setting(row.second);
    else
      in_.bad(
          row.first,
          "« settings »\u00a0: un tableau a une valeur par ligne. Exemple\u00a0: premiere: 40.");
}
Value DefinitionReader::setting(const Node& node) {
  if (node.IsSequence()) {
    List list;
    for (const Node& item : in_.items(node, "settings")) list.push_back(setting(item));
    return list;
  }
  if (node.IsMap())  // an option: what is stored of it; or a table, which is there
    return present(node["value"]) ? setting(node["value"]) : Value(true);
  if (!node.IsScalar()) return {};
  const std::string text = node.Scalar();
  if (text == "true" || text == "false") return text == "true";
  if (const auto number = number_in(text); number && node.Tag() != "!") return *number;
  return text;
}

void DefinitionReader::read_services(const Node& root) {
  const Node node = root["service"];
  if (present(node) && node.IsScalar()) {
    out_.services.push_back({"", in_.text(root, "service")});
  } else {
    for (const Node& item : in_.items(node, "service"))
      if (in_.mapping(item, {"commune", "service"}))
        out_.services.push_back({in_.text(item, "commune"), in_.required(item, "service")});
  }
  if (out_.services.empty())
    in_.bad(root, "« service » absent. Nommez le service chargé de la démarche.");
}

Delay DefinitionReader::delay(const Node& map, const char* key, Delay otherwise) {
  const std::string text = in_.text(map, key);
  if (text.empty()) return otherwise;
  static constexpr std::array kUnits = {std::pair{"days", DelayUnit::days},
                                        std::pair{"day", DelayUnit::days},
                                        std::pair{"weeks", DelayUnit::weeks},
                                        std::pair{"week", DelayUnit::weeks},
                                        std::pair{"months", DelayUnit::months},
                                        std::pair{"month", DelayUnit::months},
                                        std::pair{"years", DelayUnit::months},
                                        std::pair{"year", DelayUnit::months},
                                        std::pair{"working days", DelayUnit::working_days}};
  Delay found;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), found.count);
  const std::string_view unit =
      std::string_view(text).substr(static_cast<std::size_t>(end - text.data()));
  const auto known = std::ranges::find_if(
      kUnits, [&](const auto& row) { return unit == std::string(" ") + row.first; });
  if (error != std::errc() || known == kUnits.end() || found.count < 1 || found.count > 3660) {
    in_.bad(map[key], fmt::format("« {} »\u00a0: une durée est attendue. Exemples\u00a0: 2 months, "
                                  "30 days, 5 working days, 1 year.",
                                  key));
    return otherwise;
  }
  found.unit = known->second;
  if (unit.starts_with(" year")) found.count *= 12;
  return found;
}

void DefinitionReader::read_clock(const Node& root) {
  const Node node = root["clock"];
  if (!present(node)) {
    in_.bad(root,
            "« clock » absent. Dites ce que vaut le silence (accepts, refuses ou none) et "
            "en combien de temps.");
    return;
  }
  if (!in_.mapping(node, {"silence", "delay", "from", "ground", "basis"})) return;
  const std::string silence = in_.required(node, "silence");
  if (silence == "accepts")
    out_.clock.silence = Silence::accepts;
  else if (silence == "refuses")
    out_.clock.silence = Silence::refuses;
  else if (silence != "none" && !silence.empty())
    in_.bad(node["silence"], "« silence »\u00a0: écrivez accepts, refuses ou none.");
  if (!present(node["delay"])) in_.bad(node, "champ « delay » absent. Ajoutez-le.");
  out_.clock.delay = delay(node, "delay", {2, DelayUnit::months});
  const std::string from = in_.text(node, "from");
  if (!from.empty() && from != "receipt" && from != "complete")
    in_.bad(node["from"], "« from »\u00a0: écrivez receipt ou complete.");
  out_.clock.from_complete = from == "complete";
  out_.clock.ground = in_.text(node, "ground");
  out_.clock.basis = in_.required(node, "basis");
  static constexpr std::array<std::string_view, 6> kGrounds = {
      "not_individual", "no_text", "complaint", "financial", "decree", "agents"};
  const bool known = std::ranges::find(kGrounds, out_.clock.ground) != kGrounds.end();
  if (out_.clock.silence == Silence::refuses ? !known : !out_.clock.ground.empty())
    in_.bad(node, fmt::format("« ground » se donne quand le silence vaut refus, et alors "
                              "seulement\u00a0: {}. Ce sont les exceptions de l’article L231-4 "
                              "du code des relations entre le public et l’administration.",
                              fmt::join(kGrounds, ", ")));
}

void DefinitionReader::read_texts(const Node& node) {
  if (!present(node)) return;
  if (!in_.mapping(node, {"receipt", "next", "accepted", "refused", "letter_accepted",
                          "letter_refused", "appeals"}))
    return;
  for (const char* key : {"receipt", "accepted", "refused", "next"})
    if (const std::string text = in_.text(node, key); !text.empty()) {
      out_.texts[key] = text;
      judge_template(node[key], text);
    }
  // Of several paragraphs, each a line.
  for (const char* key : {"letter_accepted", "letter_refused", "appeals"})
    for (const std::string& paragraph : in_.texts(node, key)) {
      std::string& text = out_.texts[key];
      text.append(text.empty() ? "" : "\n").append(paragraph);
      judge_template(node[key], paragraph);
    }
}

void DefinitionReader::read_retention(const Node& node) {
  if (!present(node)) return;
  if (!in_.mapping(node, {"drafts", "closed", "basis"})) return;
  out_.retention.drafts = delay(node, "drafts", out_.retention.drafts);
  out_.retention.closed = delay(node, "closed", out_.retention.closed);
  out_.retention.basis = in_.text(node, "basis");
}

void DefinitionReader::read_reminders(const Node& node) {
  if (!present(node)) return;
  if (!in_.mapping(node, {"pieces", "silence", "draft", "late"})) return;
  out_.reminders.pieces = days(node, "pieces", out_.reminders.pieces);
  out_.reminders.silence = days(node, "silence", out_.reminders.silence);
  out_.reminders.draft = days(node, "draft", out_.reminders.draft);
  out_.reminders.late = days(node, "late", out_.reminders.late);
  std::ranges::sort(out_.reminders.late);  // the soonest first, as they come
}

void DefinitionReader::read_ends(const Node& node) {
  if (!present(node)) return;
  if (out_.clock.silence != Silence::none)
    in_.bad(node,
            "« ends » se donne quand il n’y a rien à décider (« silence: none »). Ailleurs, une "
            "demande est acceptée ou refusée\u00a0: retirez « ends ».");
  const std::vector<Node> ends = in_.items(node, "ends");
  if (ends.size() > kEndsMax)
    in_.bad(node, fmt::format("« ends »\u00a0: {} fins au plus.", kEndsMax));
  bool happy = false;
  for (const Node& each : ends) {
    if (!in_.mapping(each, {"id", "label", "words", "act", "text", "reason"})) return;
    End end{.id = in_.required(each, "id"),
            .label = in_.required(each, "label"),
            .words = in_.required(each, "words"),
            .act = in_.required(each, "act"),
            .text = said(each, "text"),
            .reason = yes(each, "reason")};
    if (!end.id.empty() && (!is_id(end.id) || out_.end(end.id) != nullptr))
      in_.bad(each["id"],
              "« id » d’une fin\u00a0: lettres minuscules sans accent, chiffres et _, une fois "
              "chacun.");
    happy = happy || !end.reason;
    out_.ends.push_back(std::move(end));
  }
  if (!happy && !ends.empty())
    in_.bad(node,
            "toutes les fins demandent une raison. Gardez-en une sans « reason », pour ce qui est "
            "fait.");
}

std::vector<int> DefinitionReader::days(const Node& map, const char* key,
                                        std::vector<int> otherwise) {
  if (!present(map[key])) return otherwise;
  std::vector<int> found;
  for (const std::string& text : in_.texts(map, key)) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 1 ||
        value > kRemindDaysMax || found.size() == kRemindersMax) {
      in_.bad(map[key],
              fmt::format("« {} »\u00a0: une liste d’au plus {} nombres de jours, de 1 à {}. "
                          "Exemple\u00a0: [7, 2].",
                          key, kRemindersMax, kRemindDaysMax));
      return otherwise;
    }
    found.push_back(value);
  }
  std::ranges::sort(found, std::greater<>());
  return found;
}

void DefinitionReader::judge_template(const Node& node, const std::string& text) {
  for (std::size_t open = text.find('{'); open != std::string::npos;
       open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    const std::string name =
        close == std::string::npos ? "" : text.substr(open + 1, close - open - 1);
    if (close == std::string::npos)
      in_.bad(node, "une accolade n’est pas fermée. Écrivez {nom_du_champ}.");
    else
      shown_.push_back({node, name});
  }
}

void DefinitionReader::judge_names() {
  const auto resolve = [&](const std::string& name, const std::string& block) -> const Field* {
    // Inside a block its parts bear their short names too.
    for (std::string prefix = block;;) {
      if (const Field* field = out_.field(prefix + name)) return field;
      if (prefix.empty()) return nullptr;
      prefix.pop_back();
      const std::size_t dot = prefix.rfind('.');
      prefix = dot == std::string::npos ? "" : prefix.substr(0, dot + 1);
    }
  };
  for (const Used& used : used_) {
    for (const std::string& name : used.expression.names()) {
      const Field* field = resolve(name, used.block);
      if (field == nullptr && !out_.settings.contains(name))
        in_.bad(used.where,
                fmt::format("« {} » n’est ni un champ ni un réglage. Corrigez le nom.", name));
      if (field != nullptr && place(field->path) > used.reads)
        in_.bad(used.where, fmt::format("« {} » n’a pas encore de réponse ici. Lisez seulement "
                                        "des questions posées avant.",
                                        name));
    }
    for (const Expression::Compared& compared : used.expression.compared()) {
      if (compared.name == "commune" && !out_.serves(compared.text))
        in_.bad(used.where, fmt::format("« {} » n’est pas une commune de la démarche. Voyez "
                                        "« communes ».",
                                        compared.text));
      const Field* field = resolve(compared.name, used.block);
      if (field == nullptr || field->options.empty()) continue;
      if (std::ranges::find(field->options, compared.text, &Option::value) == field->options.end())
        in_.bad(
            used.where,
            fmt::format("« {} » n’est pas une réponse de « {} ». Prenez une valeur de ses options.",
                        compared.text, compared.name));
    }
  }
  for (const auto& [node, name] : fields_named_)
    if (out_.field(name) == nullptr)
      in_.bad(node, fmt::format("le champ « {} » n’existe pas. Corrigez le nom.", name));
  for (const auto& [node, name] : shown_)
    if (out_.field(name) == nullptr && !out_.settings.contains(name))
      in_.bad(node,
              fmt::format("« {{{}}} » n’est ni un champ ni un réglage. Corrigez le nom.", name));
}

std::size_t DefinitionReader::place(std::string path) const {
  for (;;) {
    if (const auto found = order_.find(path); found != order_.end()) return found->second;
    const std::size_t dot = path.rfind('.');
    if (dot == std::string::npos) return 0;  // of a document: read by texts alone
    path.resize(dot);
  }
}

std::expected<Definition, std::vector<Problem>> read_definition(std::string_view yaml) {
  const auto root = directory::parse_yaml(yaml);
  if (!root) return std::unexpected(std::vector{root.error()});
  YamlReader in;
  Definition definition;
  try {
    definition = DefinitionReader(in).read(*root);
  } catch (const YAML::Exception& error) {
    in.bad(*root, fmt::format("YAML inattendu ({}). Suivez les exemples.", error.msg));
  }
  std::vector<Problem> problems = in.take_problems();
  if (!problems.empty()) return std::unexpected(std::move(problems));
  definition.yaml = std::string(yaml);
  return definition;
}

}  // namespace parvis::procedure
