#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <set>

#include "directory/forms.hpp"
#include "directory/yaml.hpp"
#include "procedure/definition.hpp"

namespace parvis::procedure {
namespace {

using directory::YamlReader;
using YAML::Node;

constexpr std::size_t kIdBytes = 40;
constexpr std::int64_t kPatternBytes = 256 * 1024;  // of memory that a pattern may take

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kIdBytes && text[0] >= 'a' && text[0] <= 'z' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

// Words that an expression reads otherwise than as a field's name.
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

// The parts of what everybody writes alike.
Field part(std::string id, Type type, std::string label, std::string autocomplete) {
  Field field;
  field.id = std::move(id);
  field.type = type;
  field.label = std::move(label);
  field.autocomplete = std::move(autocomplete);
  return field;
}

std::vector<Field> address_parts() {
  std::vector<Field> parts = {
      part("street", Type::text, "Numéro et rue", "address-line1"),
      part("more", Type::text, "Complément (bâtiment, étage, lieu-dit)", "address-line2"),
      part("postcode", Type::postcode, "Code postal", "postal-code"),
      part("city", Type::text, "Ville", "address-level2")};
  parts[1].optional = true;
  return parts;
}

// `with`: what else than the name is asked.
std::vector<Field> person_parts(const std::vector<std::string>& with) {
  const auto wants = [&](std::string_view what) {
    return std::ranges::find(with, what) != with.end();
  };
  std::vector<Field> parts = {part("last_name", Type::text, "Nom de famille", "family-name"),
                              part("first_names", Type::text, "Prénoms", "given-name")};
  if (wants("used_name")) {
    parts.push_back(part("used_name", Type::text, "Nom d’usage", ""));
    parts.back().optional = true;
    parts.back().hint = "Si vous en avez un, par exemple le nom de votre époux ou épouse.";
  }
  if (wants("birth_date")) {
    parts.push_back(part("birth_date", Type::date, "Date de naissance", "bday"));
    parts.back().latest = *read_expression("today");
  }
  if (wants("birth_place"))
    parts.push_back(part("birth_place", Type::text, "Commune et pays de naissance", ""));
  if (wants("email")) parts.push_back(part("email", Type::email, "Adresse e-mail", "email"));
  if (wants("phone")) {
    parts.push_back(part("phone", Type::phone, "Téléphone", "tel"));
    parts.back().optional = true;
  }
  return parts;
}
constexpr std::array<std::string_view, 5> kPersonExtras = {"used_name", "birth_date", "birth_place",
                                                           "email", "phone"};

class DefinitionReader {
 public:
  explicit DefinitionReader(YamlReader& in) : in_(in) {}

  Definition read(const Node& root) {
    if (!in_.mapping(root, {"id",       "version",    "title",  "summary",   "theme",
                            "communes", "sheets",     "starts", "who",       "cost",
                            "service",  "other_ways", "clock",  "documents", "steps",
                            "checks",   "settings",   "texts",  "retention", "reminders"}))
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
    read_documents(root["documents"]);
    out_.checks = checks(root["checks"], "checks");
    read_texts(root["texts"]);
    read_retention(root["retention"]);
    read_reminders(root["reminders"]);
    if (out_.steps.empty()) in_.bad(root, "« steps » absent. Ajoutez au moins une étape.");
    judge_names();
    return std::move(out_);
  }

 private:
  std::int64_t whole(const Node& map, const char* key, std::int64_t otherwise, std::int64_t least,
                     std::int64_t most) {
    const std::string text = in_.text(map, key);
    if (text.empty()) return otherwise;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && value >= least && value <= most)
      return value;
    in_.bad(map[key], fmt::format("« {} »\u00a0: un nombre entier de {} à {} est attendu.", key,
                                  least, most));
    return otherwise;
  }

  bool yes(const Node& map, const char* key) {
    const std::string text = in_.text(map, key);
    if (!text.empty() && text != "true" && text != "false")
      in_.bad(map[key], fmt::format("« {} »\u00a0: écrivez true ou false.", key));
    return text == "true";
  }

  // `reads`: how many fields, in the order of the form, are answered where it is evaluated.
  Expression expression(const Node& map, const char* key, std::size_t reads = kFieldsMax) {
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

  std::vector<Check> checks(const Node& node, const char* key) {
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

  // A text that may show answers: {name}.
  std::string said(const Node& map, const char* key, bool required = false) {
    std::string text = required ? in_.required(map, key) : in_.text(map, key);
    judge_template(map[key], text);
    return text;
  }

  void read_settings(const Node& node) {
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
  // A table's rows are settings of their own, "tarifs.premiere", which at() looks for.
  void read_table(const std::string& name, const Node& node) {
    for (const auto& row : node)
      if (row.first.IsScalar() && row.second.IsScalar())
        out_.settings[name + "." + row.first.Scalar()] = setting(row.second);
      else
        in_.bad(
            row.first,
            "« settings »\u00a0: un tableau a une valeur par ligne. Exemple\u00a0: premiere: 40.");
  }
  Value setting(const Node& node) {
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

  void read_services(const Node& root) {
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

  Delay delay(const Node& map, const char* key, Delay otherwise) {
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
      in_.bad(map[key],
              fmt::format("« {} »\u00a0: une durée est attendue. Exemples\u00a0: 2 months, "
                          "30 days, 5 working days, 1 year.",
                          key));
      return otherwise;
    }
    found.unit = known->second;
    if (unit.starts_with(" year")) found.count *= 12;
    return found;
  }

  void read_clock(const Node& root) {
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

  void read_steps(const Node& root) {
    for (const Node& node : in_.items(root["steps"], "steps")) {
      if (!in_.mapping(node, {"title", "pages"})) continue;
      Step step;
      step.title = in_.required(node, "title");
      for (const Node& page : in_.items(node["pages"], "pages"))
        step.pages.push_back(read_page(page));
      if (step.pages.empty()) in_.bad(node, "« pages » absent. Ajoutez au moins une question.");
      out_.steps.push_back(std::move(step));
    }
  }

  Page read_page(const Node& node) {
    Page page;
    if (node.IsMap() && present(node["type"])) {  // one question
      Field field = read_field(node, "");
      page.id = field.id;
      page.when = field.when;
      field.when = {};
      page.fields.push_back(std::move(field));
      note_page(node, page.id);
      return page;
    }
    if (!in_.mapping(node, {"id", "title", "hint", "when", "fields", "checks"})) return page;
    page.id = in_.required(node, "id");
    page.title = said(node, "title", true);
    page.hint = said(node, "hint");
    page.when = expression(node, "when", count_);
    page.fields = read_fields(node, "");
    page.checks = checks(node["checks"], "checks");
    if (!is_id(page.id)) bad_id(node["id"]);
    note_page(node, page.id);
    return page;
  }

  void note_page(const Node& node, const std::string& id) {
    if (!id.empty() && !pages_.insert(id).second)
      in_.bad(node, fmt::format("la page « {} » existe déjà. Changez l’identifiant.", id));
  }

  void bad_name(const Node& node, const std::string& name) {
    in_.bad(node, fmt::format("« {} » est un mot des conditions. Changez le nom.", name));
  }

  void bad_id(const Node& node) {
    in_.bad(node,
            "« id »\u00a0: lettres minuscules sans accent, chiffres et « _ » seulement, une "
            "lettre d’abord.");
  }

  std::vector<Field> read_fields(const Node& map, const std::string& prefix) {
    std::vector<Field> fields;
    const std::vector<Node> items = in_.items(map["fields"], "fields");
    if (items.empty()) in_.bad(map, "« fields » absent. Ajoutez au moins un champ.");
    for (const Node& item : items) {
      Field field = read_field(item, prefix);
      if (std::ranges::find(fields, field.id, &Field::id) != fields.end())
        in_.bad(item, fmt::format("le champ « {} » existe déjà ici. Changez son nom.", field.id));
      fields.push_back(std::move(field));
    }
    return fields;
  }

  Field read_field(const Node& node, const std::string& prefix) {
    Field field;
    if (!in_.mapping(node, {"id",       "type",     "label",  "name",         "hint",      "help",
                            "optional", "when",     "value",  "options",      "must",      "min",
                            "max",      "earliest", "latest", "autocomplete", "with",      "accept",
                            "count",    "within",   "fields", "pattern",      "searchable"}))
      return field;
    field.id = in_.required(node, "id");
    if (!is_id(field.id)) bad_id(node["id"]);
    field.path = prefix + field.id;
    if (is_reserved(field.id)) bad_name(node["id"], field.id);
    if (prefix.empty() && !names_.insert(field.id).second)
      in_.bad(node["id"], fmt::format("le champ « {} » existe déjà. Changez son nom.", field.id));
    if (++count_ == kFieldsMax + 1)
      in_.bad(node, fmt::format("plus de {} champs. Coupez la démarche en deux.", kFieldsMax));
    order_[field.path] = count_;
    const std::size_t earlier = count_ - 1;
    const std::string type = in_.required(node, "type");
    if (const auto known = type_named(type))
      field.type = *known;
    else
      in_.bad(node["type"],
              fmt::format("type « {} » inconnu. Voyez la liste dans docs/procedures.md.", type));
    const bool silent = field.type == Type::computed;
    field.label = said(node, "label", !silent);
    field.name = said(node, "name");
    if (field.name.empty()) field.name = field.label;
    field.hint = said(node, "hint");
    field.help = said(node, "help");
    field.optional = yes(node, "optional");
    field.searchable = yes(node, "searchable");
    if (field.searchable && field.type != Type::text)
      in_.bad(node["searchable"],
              "« searchable » est pour un champ de type text. Les adresses e-mail, téléphones et "
              "noms de personnes le sont toujours.");
    field.when = expression(node, "when", earlier);
    field.value = expression(node, "value", earlier);
    field.checks = checks(node["must"], "must");
    field.earliest = expression(node, "earliest", earlier);
    field.latest = expression(node, "latest", earlier);
    field.autocomplete = in_.text(node, "autocomplete");
    for (const auto& [key, bound] : {std::pair("min", &field.min), std::pair("max", &field.max)}) {
      const std::string text = in_.text(node, key);
      if (text.empty()) continue;
      *bound = number_in(text);
      if (!*bound) in_.bad(node[key], fmt::format("« {} »\u00a0: un nombre est attendu.", key));
    }
    read_options(node, field);
    read_pattern(node, field);
    read_files(node, field);
    if (field.type == Type::computed && !field.value)
      in_.bad(node, "champ « value » absent. Écrivez comment la valeur se calcule.");
    read_parts(node, field);
    if (field.autocomplete.empty() && field.type == Type::email) field.autocomplete = "email";
    if (field.autocomplete.empty() && field.type == Type::phone) field.autocomplete = "tel";
    return field;
  }

  void read_parts(const Node& node, Field& field) {
    const std::string prefix = field.path + ".";
    const std::vector<std::string> with = in_.texts(node, "with");
    if (field.type == Type::person)
      for (const std::string& each : with)
        if (std::ranges::find(kPersonExtras, each) == kPersonExtras.end())
          in_.bad(node["with"], fmt::format("« with »\u00a0: « {} » inconnu. Possibles\u00a0: {}.",
                                            each, fmt::join(kPersonExtras, ", ")));
    if (field.type == Type::address) field.fields = address_parts();
    if (field.type == Type::person) field.fields = person_parts(with);
    if (field.type == Type::address || field.type == Type::person)
      for (Field& each : field.fields) {
        each.path = prefix + each.id;
        each.name = each.label;
      }
    if (field.type != Type::block && field.type != Type::repeat) {
      if (present(node["fields"]))
        in_.bad(
            node["fields"],
            "« fields » n’est lu que dans un block ou un repeat. Retirez-le ou changez le type.");
      return;
    }
    if (depth_ == kBlockDepth) {
      in_.bad(node,
              fmt::format("plus de {} blocs l’un dans l’autre. Aplatissez-les.", kBlockDepth));
      return;
    }
    const std::string outer = std::exchange(block_, prefix);
    ++depth_;
    field.fields = read_fields(node, prefix);
    --depth_;
    block_ = outer;
  }

  void read_options(const Node& node, Field& field) {
    Node options = node["options"];
    if (field.type != Type::choice && field.type != Type::choices) {
      if (present(options))
        in_.bad(options, "« options » n’est lu que dans un choice ou un choices. Retirez-le.");
      return;
    }
    if (present(options) && options.IsScalar()) {
      const Node settings = settings_;  // const: looking for a name does not add it
      const Node list = settings.IsMap() ? settings[options.Scalar()] : Node();
      if (!list.IsDefined() || !list.IsSequence()) {
        in_.bad(options,
                "« options »\u00a0: une liste, ou le nom d’une liste de « settings », est "
                "attendue.");
        return;
      }
      options.reset(list);
    }
    for (const Node& item : in_.items(options, "options")) {
      Option option;
      if (item.IsScalar()) {
        option.value = option.label = item.Scalar();
      } else if (in_.mapping(item, {"value", "label", "hint", "when"})) {
        option = {in_.required(item, "value"), in_.required(item, "label"), in_.text(item, "hint"),
                  expression(item, "when", count_ - 1)};
      }
      if (std::ranges::find(field.options, option.value, &Option::value) != field.options.end())
        in_.bad(item,
                fmt::format("le choix « {} » est écrit deux fois. Gardez-en un.", option.value));
      field.options.push_back(std::move(option));
    }
    if (field.options.empty()) in_.bad(node, "« options » absent. Ajoutez les réponses possibles.");
    if (field.options.size() > kOptionsMax)
      in_.bad(options, fmt::format("plus de {} choix.", kOptionsMax));
  }

  // A whole text that fits it is sound: RE2, whose time is linear in the text.
  void read_pattern(const Node& node, Field& field) {
    if (!present(node["pattern"])) return;
    if (field.type != Type::text) {
      in_.bad(node["pattern"], "« pattern » n’est lu que dans un text. Retirez-le.");
      return;
    }
    if (!in_.mapping(node["pattern"], {"regex", "message"})) return;
    const std::string regex = in_.required(node["pattern"], "regex");
    field.pattern_message = in_.required(node["pattern"], "message");
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_max_mem(kPatternBytes);
    field.pattern = std::make_shared<const re2::RE2>(regex, options);
    if (!field.pattern->ok() || regex.size() > kTextMax)
      in_.bad(node["pattern"],
              fmt::format("« regex »\u00a0: expression régulière illisible ({}). Exemple\u00a0: "
                          "'[0-9]{{5}}'.",
                          field.pattern->error()));
  }

  void read_files(const Node& node, Field& field) {
    if (field.type != Type::file) return;
    field.files.types = in_.texts(node, "accept");
    static constexpr std::array<std::string_view, 4> kAccepted = {"application/pdf", "image/jpeg",
                                                                  "image/png", "image/webp"};
    for (const std::string& each : field.files.types)
      if (std::ranges::find(kAccepted, each) == kAccepted.end())
        in_.bad(node["accept"],
                fmt::format("« accept »\u00a0: « {} » n’est pas reçu. Possibles\u00a0: {}.", each,
                            fmt::join(kAccepted, ", ")));
    if (field.files.types.empty()) field.files.types.assign(kAccepted.begin(), kAccepted.end());
    field.files.count = static_cast<std::size_t>(whole(node, "count", 1, 1, kFilesMax));
    if (present(node["within"])) {
      const Delay within = delay(node, "within", {});
      field.files.months = within.count;
      if (within.unit != DelayUnit::months)
        in_.bad(node["within"], "« within »\u00a0: comptez en mois. Exemple\u00a0: 3 months.");
    }
  }

  // The documents that the citizen gives are the last questions of the form.
  void read_documents(const Node& node) {
    Step step;
    step.title = "Vos documents";
    for (const Node& item : in_.items(node, "documents")) {
      if (!in_.mapping(item, {"id", "label", "help", "source", "when", "when_words", "optional",
                              "accept", "count", "within"}))
        continue;
      Document document;
      document.id = in_.required(item, "id");
      document.label = in_.required(item, "label");
      document.help = in_.text(item, "help");
      document.when = expression(item, "when");
      document.when_words = in_.text(item, "when_words");
      document.optional = yes(item, "optional");
      const std::string source = in_.required(item, "source");
      bool known = false;
      for (const Source each :
           {Source::citizen, Source::held, Source::api_particulier, Source::api_entreprise})
        if (name(each) == source) {
          document.source = each;
          known = true;
        }
      if (!known)
        in_.bad(item,
                "« source »\u00a0: écrivez citizen, held, api_particulier ou api_entreprise.");
      if (document.when && document.when_words.empty())
        in_.bad(item, "« when_words » absent. Dites en mots quand ce document est demandé.");
      if (!is_id(document.id)) bad_id(item["id"]);
      if (document.source == Source::citizen) {
        Field field;
        field.id = field.path = document.id;
        field.type = Type::file;
        field.label = field.name = document.label;
        field.hint = document.help;
        field.optional = document.optional;
        read_files(item, field);
        if (!names_.insert(field.id).second)
          in_.bad(item, fmt::format("le champ « {} » existe déjà. Changez son nom.", field.id));
        Page page;
        page.id = field.id;
        page.when = document.when;
        page.fields.push_back(std::move(field));
        note_page(item, page.id);
        step.pages.push_back(std::move(page));
      }
      out_.documents.push_back(std::move(document));
    }
    if (!step.pages.empty()) out_.steps.push_back(std::move(step));
  }

  void read_texts(const Node& node) {
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

  void read_retention(const Node& node) {
    if (!present(node)) return;
    if (!in_.mapping(node, {"drafts", "closed", "basis"})) return;
    out_.retention.drafts = delay(node, "drafts", out_.retention.drafts);
    out_.retention.closed = delay(node, "closed", out_.retention.closed);
    out_.retention.basis = in_.text(node, "basis");
  }

  void read_reminders(const Node& node) {
    if (!present(node)) return;
    if (!in_.mapping(node, {"pieces", "silence", "draft"})) return;
    out_.reminders.pieces = days(node, "pieces", out_.reminders.pieces);
    out_.reminders.silence = days(node, "silence", out_.reminders.silence);
    out_.reminders.draft = days(node, "draft", out_.reminders.draft);
  }

  // Days before something, the earliest first.
  std::vector<int> days(const Node& map, const char* key, std::vector<int> otherwise) {
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

  // {name} in a text is an answer's or a setting's.
  void judge_template(const Node& node, const std::string& text) {
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

  // Every name is one of a field or a setting, and what a choice is compared with is one of its
  // values: what is misspelt would be absent for ever.
  void judge_names() {
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
        if (std::ranges::find(field->options, compared.text, &Option::value) ==
            field->options.end())
          in_.bad(used.where,
                  fmt::format(
                      "« {} » n’est pas une réponse de « {} ». Prenez une valeur de ses options.",
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

  // Where a field, or the one that it is a part of, stands in the form: from 1.
  std::size_t place(std::string path) const {
    for (;;) {
      if (const auto found = order_.find(path); found != order_.end()) return found->second;
      const std::size_t dot = path.rfind('.');
      if (dot == std::string::npos) return 0;  // of a document: read by texts alone
      path.resize(dot);
    }
  }

  struct Used {
    Node where;
    Expression expression;
    std::string block;  // inside which its names may be short; empty at the top
    std::size_t reads = 0;
  };
  YamlReader& in_;
  Definition out_;
  std::vector<Used> used_;
  std::vector<std::pair<Node, std::string>> fields_named_, shown_;
  std::map<std::string, std::size_t> order_;
  Node settings_;
  std::set<std::string> pages_, names_;
  std::string block_;
  std::size_t count_ = 0, depth_ = 0;
};

}  // namespace

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
