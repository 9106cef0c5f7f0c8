#include "procedure/schema.hpp"

#include "procedure/items.hpp"

namespace parvis::procedure {
namespace {

json::object text_schema(std::string_view pattern = "", std::string_view format = "") {
  json::object out{{"type", "string"}};
  if (!pattern.empty()) out["pattern"] = pattern;
  if (!format.empty()) out["format"] = format;
  return out;
}

json::object object_schema(const std::vector<Field>& fields);

json::array values_of(const Field& field) {
  json::array values;
  for (const Option& option : field.options) values.push_back(json::string(option.value));
  return values;
}

json::object field_schema(const Field& field) {
  switch (field.type) {
    case Type::text:
    case Type::long_text: {
      json::object out = text_schema();
      const std::size_t most = field.type == Type::long_text ? kLongTextMax : kTextMax;
      out["maxLength"] =
          field.max ? static_cast<std::int64_t>(*field.max) : static_cast<std::int64_t>(most);
      if (field.min) out["minLength"] = static_cast<std::int64_t>(*field.min);
      return out;
    }
    case Type::number:
    case Type::amount: {
      json::object out{{"type", "number"}};
      if (field.min) out["minimum"] = *field.min;
      if (field.max) out["maximum"] = *field.max;
      if (field.type == Type::amount) out["multipleOf"] = 0.01;
      return out;
    }
    case Type::date:
      return text_schema("", "date");
    case Type::time:
      return text_schema("^([01][0-9]|2[0-3]):[0-5][0-9]$");
    case Type::yes_no:
      return {{"type", "boolean"}};
    case Type::attestation:
      return {{"const", true}};
    case Type::choice:
      return {{"enum", values_of(field)}};
    case Type::choices:
      return {{"type", "array"},
              {"items", json::object{{"enum", values_of(field)}}},
              {"uniqueItems", true},
              {"minItems", 1}};
    case Type::email:
      return text_schema("", "email");
    case Type::phone:
      return text_schema("^\\+[0-9]{7,15}$");
    case Type::postcode:
      return text_schema("^[0-9]{5}$");
    case Type::nir:
      return text_schema("^[0-9][0-9AB]{14}$");
    case Type::siret:
      return text_schema("^[0-9]{14}$");
    case Type::iban:
      return text_schema("^[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}$");
    case Type::plate:
      return text_schema("^[0-9A-Z-]{4,9}$");
    case Type::commune:
      return {{"type", "object"},
              {"required", json::array{"name"}},
              {"properties", json::object{{"insee", text_schema()}, {"name", text_schema()}}}};
    case Type::place:
      return {{"type", "object"},
              {"properties", json::object{{"address", text_schema()},
                                          {"lat", json::object{{"type", "number"}}},
                                          {"lon", json::object{{"type", "number"}}}}}};
    case Type::file:
      return {{"type", "array"},
              {"maxItems", field.files.count},
              {"items",
               json::object{{"type", "object"}, {"required", json::array{"id", "name", "type"}}}}};
    case Type::appointment:  // chosen among the free slots, not written
      return {{"type", "object"},
              {"readOnly", true},
              {"required", json::array{"booking", "start", "reason"}},
              {"properties", json::object{{"booking", text_schema()},
                                          {"start", text_schema("", "date-time")},
                                          {"reason", text_schema()},
                                          {"service", text_schema()},
                                          {"people", json::object{{"type", "integer"}}},
                                          {"way", text_schema()},
                                          {"needs", json::object{{"type", "object"}}}}}};
    case Type::address:
    case Type::person:
    case Type::block:
      return object_schema(field.fields);
    case Type::repeat: {
      json::object item = object_schema(field.fields);
      if (has_named_items(field)) {
        json::object name = text_schema("^[a-z][a-z0-9]{0,15}$");
        name["title"] = "Nom de la ligne\u00a0: ses fichiers y tiennent";
        item.at("properties").as_object()[kItemId] = std::move(name);
      }
      json::object out{{"type", "array"}, {"items", std::move(item)}};
      out["maxItems"] =
          field.max ? static_cast<std::int64_t>(*field.max) : static_cast<std::int64_t>(kRepeatMax);
      if (field.min) out["minItems"] = static_cast<std::int64_t>(*field.min);
      return out;
    }
    case Type::computed:
    case Type::note:
      break;
  }
  return {};
}

json::object object_schema(const std::vector<Field>& fields) {
  json::object properties;
  json::array required;
  for (const Field& field : fields) {
    if (!is_answered(field.type)) continue;
    json::object schema = field_schema(field);
    schema["title"] = field.name;
    properties[field.id] = std::move(schema);
    if (!field.optional && !field.when) required.push_back(json::string(field.id));
  }
  json::object out{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) out["required"] = std::move(required);
  out["additionalProperties"] = false;
  return out;
}

json::object field_json(const Field& field) {
  json::object out{{"id", field.id}, {"type", name(field.type)}, {"label", field.label}};
  if (!field.hint.empty()) out["hint"] = field.hint;
  if (!field.help.empty()) out["help"] = field.help;
  if (field.optional) out["optional"] = true;
  if (field.when) out["when"] = field.when.text();
  if (field.type == Type::appointment) {
    out["agenda"] = field.slots.agenda;
    if (!field.slots.reason.empty()) {
      out["reason"] = field.slots.reason;
    } else {
      out["reason_by"] = field.slots.by;
      json::object reasons;
      for (const auto& [answer, reason] : field.slots.reasons) reasons[answer] = reason;
      out["reasons"] = std::move(reasons);
    }
  }
  if (!field.options.empty()) {
    json::array options;
    for (const Option& option : field.options)
      options.push_back(json::object{{"value", option.value}, {"label", option.label}});
    out["options"] = std::move(options);
  }
  if (!field.fields.empty()) {
    json::array parts;
    for (const Field& part : field.fields) parts.push_back(field_json(part));
    out["fields"] = std::move(parts);
  }
  return out;
}

}  // namespace

json::object head_json(const Definition& definition) {
  return {{"id", definition.id},
          {"title", definition.title},
          {"summary", definition.summary},
          {"theme", definition.theme}};
}

json::object schema_of(const Definition& definition) {
  json::object properties;
  json::array required;
  for (const Step& step : definition.steps)
    for (const Page& page : step.pages) {
      json::object own = object_schema(page.fields);
      for (const auto& member : own.at("properties").as_object())
        properties[member.key()] = member.value();
      if (!page.when && own.contains("required"))
        for (const json::value& each : own.at("required").as_array()) required.push_back(each);
    }
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", definition.title},
          {"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

json::object to_json(const Definition& definition) {
  json::object out = head_json(definition);
  out["version"] = definition.version;
  json::array who;
  for (const Check& check : definition.who) who.push_back(json::string(check.message));
  out["who"] = std::move(who);
  out["cost"] = definition.cost;
  out["other_ways"] = json::array(definition.other_ways.begin(), definition.other_ways.end());
  json::array documents;
  for (const Document& document : definition.documents) {
    json::object each{{"id", document.id},
                      {"label", document.label},
                      {"source", name(document.source)},
                      {"optional", document.optional}};
    if (!document.when_words.empty()) each["when"] = document.when_words;
    if (!document.help.empty()) each["help"] = document.help;
    documents.push_back(std::move(each));
  }
  out["documents"] = std::move(documents);
  out["clock"] = json::object{{"silence", name(definition.clock.silence)},
                              {"delay", words(definition.clock.delay)},
                              {"basis", definition.clock.basis}};
  json::array steps;
  for (const Step& step : definition.steps) {
    json::array pages;
    for (const Page& page : step.pages) {
      json::array fields;
      for (const Field& field : page.fields) fields.push_back(field_json(field));
      json::object each{{"id", page.id}, {"fields", std::move(fields)}};
      if (!page.title.empty()) each["title"] = page.title;
      if (page.when) each["when"] = page.when.text();
      pages.push_back(std::move(each));
    }
    steps.push_back(json::object{{"title", step.title}, {"pages", std::move(pages)}});
  }
  out["steps"] = std::move(steps);
  out["schema"] = schema_of(definition);
  return out;
}

}  // namespace parvis::procedure
