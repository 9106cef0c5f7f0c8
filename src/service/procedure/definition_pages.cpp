// What a démarche asks: its pages, their fields and the documents.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "procedure/definition_reader.hpp"

namespace parvis::procedure {

using YAML::Node;

namespace {

constexpr std::int64_t kPatternBytes = 256 * 1024;  // of memory that a pattern may take

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

}  // namespace

void DefinitionReader::read_steps(const Node& root) {
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

Page DefinitionReader::read_page(const Node& node) {
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

void DefinitionReader::note_page(const Node& node, const std::string& id) {
  if (!id.empty() && !pages_.insert(id).second)
    in_.bad(node, fmt::format("la page « {} » existe déjà. Changez l’identifiant.", id));
}

void DefinitionReader::bad_name(const Node& node, const std::string& name) {
  in_.bad(node, fmt::format("« {} » est un mot des conditions. Changez le nom.", name));
}

void DefinitionReader::bad_id(const Node& node) {
  in_.bad(node,
          "« id »\u00a0: lettres minuscules sans accent, chiffres et « _ » seulement, une "
          "lettre d’abord.");
}

std::vector<Field> DefinitionReader::read_fields(const Node& map, const std::string& prefix) {
  std::vector<Field> fields;
  const std::vector<Node> items = in_.items(map["fields"], "fields");
  if (items.empty()) in_.bad(map, "« fields » absent. Ajoutez au moins un champ.");
  for (const Node& item : items) {
    Field field = read_field(item, prefix);
    if (field.type == Type::appointment)
      in_.bad(item, "un rendez-vous est une question à lui seul. Écrivez-le comme une page.");
    if (std::ranges::find(fields, field.id, &Field::id) != fields.end())
      in_.bad(item, fmt::format("le champ « {} » existe déjà ici. Changez son nom.", field.id));
    fields.push_back(std::move(field));
  }
  return fields;
}

Field DefinitionReader::read_field(const Node& node, const std::string& prefix) {
  Field field;
  if (!in_.mapping(
          node, {"id",      "type",         "label",   "name",   "hint",    "help",     "optional",
                 "when",    "value",        "options", "must",   "min",     "max",      "earliest",
                 "latest",  "autocomplete", "with",    "accept", "count",   "within",   "fields",
                 "pattern", "searchable",   "agenda",  "reason", "reasons", "reason_by"}))
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
  read_slots(node, field);
  if (field.type == Type::computed && !field.value)
    in_.bad(node, "champ « value » absent. Écrivez comment la valeur se calcule.");
  read_parts(node, field);
  if (field.autocomplete.empty() && field.type == Type::email) field.autocomplete = "email";
  if (field.autocomplete.empty() && field.type == Type::phone) field.autocomplete = "tel";
  return field;
}

void DefinitionReader::read_parts(const Node& node, Field& field) {
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
      in_.bad(node["fields"],
              "« fields » n’est lu que dans un block ou un repeat. Retirez-le ou changez le type.");
    return;
  }
  if (depth_ == kBlockDepth) {
    in_.bad(node, fmt::format("plus de {} blocs l’un dans l’autre. Aplatissez-les.", kBlockDepth));
    return;
  }
  const std::string outer = std::exchange(block_, prefix);
  const std::size_t repeats = field.type == Type::repeat ? 1 : 0;
  if (depth_ == 0) outer_repeat_ = repeats > 0;
  ++depth_;
  repeats_ += repeats;
  field.fields = read_fields(node, prefix);
  repeats_ -= repeats;
  --depth_;
  block_ = outer;
}

void DefinitionReader::read_options(const Node& node, Field& field) {
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

void DefinitionReader::read_pattern(const Node& node, Field& field) {
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

void DefinitionReader::read_files(const Node& node, Field& field) {
  if (field.type != Type::file) return;
  if (repeats_ > (outer_repeat_ ? 1u : 0u))  // a file is of one item, which a page shows by itself
    in_.bad(node, fmt::format("« {} » attend un fichier dans un repeat qui est lui-même dans un "
                              "autre bloc. Sortez ce repeat de son bloc, ou le fichier du repeat.",
                              field.id));
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

void DefinitionReader::read_slots(const Node& node, Field& field) {
  if (field.type != Type::appointment) {
    for (const char* key : {"agenda", "reason", "reasons", "reason_by"})
      if (present(node[key]))
        in_.bad(node[key],
                fmt::format("« {} » n’est lu que dans un appointment. Retirez-le.", key));
    return;
  }
  if (appointment_.IsDefined() && !appointment_.IsNull())
    in_.bad(node, "un seul rendez-vous par démarche. Retirez l’autre.");
  appointment_.reset(node);
  field.slots.line = static_cast<std::size_t>(node.Mark().line) + 1;
  field.slots.agenda = in_.required(node, "agenda");
  if (field.optional)
    in_.bad(node["optional"],
            "un rendez-vous n’est pas facultatif. Posez-le sous une condition\u00a0: « when ».");
  field.slots.reason = in_.text(node, "reason");
  field.slots.by = in_.text(node, "reason_by");
  const Node reasons = node["reasons"];
  if (present(reasons) && !reasons.IsMap())
    in_.bad(reasons, "« reasons »\u00a0: un motif pour chaque réponse est attendu.");
  else if (present(reasons))
    for (const auto& member : reasons) {
      const std::string answer = member.first.IsScalar() ? member.first.Scalar() : "";
      field.slots.reasons[answer] = in_.required(reasons, answer.c_str());
    }
  if (field.slots.reason.empty() == field.slots.reasons.empty() ||
      field.slots.reasons.empty() != field.slots.by.empty())
    in_.bad(node,
            "le motif du rendez-vous manque ou est dit deux fois. Écrivez « reason », ou "
            "« reason_by » et « reasons ».");
}

void DefinitionReader::judge_appointment() {
  const Field* field = out_.appointment();
  if (field == nullptr) return;
  const Slots& slots = field->slots;
  if (const Step& last = out_.steps.back();
      last.pages.size() != 1 || &last.pages.front().fields.front() != field)
    in_.bad(appointment_,
            "un rendez-vous est seul dans la dernière étape\u00a0: l’horaire n’est gardé que "
            "quelques minutes. Déplacez-le.");
  if (!slots.by.empty()) {
    const Field* by = out_.field(slots.by);
    if (by == nullptr || by->type != Type::choice || place(by->path) >= place(field->path)) {
      in_.bad(appointment_["reason_by"],
              fmt::format("« {} » n’est pas un choix demandé avant. Corrigez le nom.", slots.by));
    } else {
      for (const Option& option : by->options)
        if (!slots.reasons.contains(option.value))
          in_.bad(appointment_["reasons"],
                  fmt::format("« reasons »\u00a0: la réponse « {} » n’a pas de motif. Ajoutez-la.",
                              option.value));
      for (const auto& [answer, reason] : slots.reasons)
        if (std::ranges::find(by->options, answer, &Option::value) == by->options.end())
          in_.bad(appointment_["reasons"],
                  fmt::format("« {} » n’est pas une réponse de « {} ». Prenez une valeur de ses "
                              "options.",
                              answer, slots.by));
    }
  }
  // The appointment is booked for whoever the démarche names.
  bool person = false, email = false;
  const auto look = [&](const auto& self, const std::vector<Field>& fields) -> void {
    for (const Field& each : fields) {
      person |= each.type == Type::person;
      email |= each.type == Type::email;
      if (each.type != Type::repeat) self(self, each.fields);
    }
  };
  for (const Step& step : out_.steps)
    for (const Page& page : step.pages) look(look, page.fields);
  if (!person || !email)
    in_.bad(appointment_,
            "un rendez-vous demande qui vient et son adresse e-mail. Ajoutez une question person "
            "et une question email.");
}

void DefinitionReader::read_documents(const Node& node) {
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
      in_.bad(item, "« source »\u00a0: écrivez citizen, held, api_particulier ou api_entreprise.");
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

}  // namespace parvis::procedure
