#include "portal/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "casework/pieces.hpp"
#include "procedure/items.hpp"
#include "procedure/values.hpp"

namespace parvis::portal {

using namespace html;

namespace {

using procedure::Fault;
using procedure::Field;
using procedure::Option;
using procedure::Type;

constexpr std::size_t kRadiosMax = 20;  // more options are a list to unfold

// Where the name of a control stands: the page's only question is its heading.
enum class Place : std::uint8_t { heading, part };

const json::value* value_at(const json::object& answers, std::string_view path) {
  const std::size_t end = path.find_first_of(".[");
  const json::value* value = answers.if_contains(path.substr(0, end));
  while (value != nullptr && end != std::string_view::npos && path[end] == '[') {
    const std::size_t close = path.find(']', end);
    if (close == std::string_view::npos) return nullptr;
    std::size_t index = 0;
    std::from_chars(path.data() + end + 1, path.data() + close, index);
    const json::array* items = value->if_array();
    if (items == nullptr || index >= items->size()) return nullptr;
    value = &(*items)[index];
    path.remove_prefix(close + 1);
    if (path.empty()) return value;
    const json::object* item = value->if_object();
    return item == nullptr ? nullptr : value_at(*item, path.substr(1));
  }
  if (value == nullptr || end == std::string_view::npos) return value;
  const json::object* object = value->if_object();
  return object == nullptr ? nullptr : value_at(*object, path.substr(end + 1));
}

std::string grouped(double number) {  // "5 000"
  std::string digits = std::to_string(static_cast<long long>(number));
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, "\u202f");
  return digits;
}

std::string typed(const Field& field, const json::value* value) {
  if (value == nullptr || value->is_null()) return {};
  if (const json::string* text = value->if_string())
    if (field.type == Type::text || field.type == Type::long_text || field.type == Type::email)
      return std::string(*text);
  std::string shown = procedure::shown(field, *value);
  return shown;
}

struct Trio {
  std::array<std::string, 3> parts;  // day, month, year
  std::size_t bad = 3;               // the one that is wrong; 3: any of them
};
constexpr std::array<std::string_view, 3> kTrioNames = {"day", "month", "year"};
constexpr std::array<std::string_view, 3> kTrioIds = {"", "-mois", "-annee"};

Trio trio_of(const json::value* value) {
  Trio out;
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  if (text == nullptr) return out;
  const std::string_view all(*text);
  if (const auto date = parse_iso_date(all)) {
    out.parts = {std::to_string(static_cast<unsigned>(date->day())),
                 std::to_string(static_cast<unsigned>(date->month())),
                 std::to_string(static_cast<int>(date->year()))};
    return out;
  }
  std::size_t from = 0;
  for (std::size_t i = 0; i < 3 && from <= all.size(); ++i) {
    const std::size_t end = i == 2 ? all.size() : std::min(all.find('/', from), all.size());
    out.parts[i] = std::string(all.substr(from, end - from));
    from = end + 1;
  }
  const auto outside = [&](std::size_t i, int most) {
    const std::string& part = out.parts[i];
    int number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    return error != std::errc() || end != part.data() + part.size() || number < 1 || number > most;
  };
  constexpr int kYearMax = 9999;
  if (outside(0, 31))
    out.bad = 0;
  else if (outside(1, 12))
    out.bad = 1;
  else if (outside(2, kYearMax))
    out.bad = 2;
  return out;
}

Attr described_by(const std::string& ids) { return attr_if(!ids.empty(), "aria-describedby", ids); }

std::size_t room_left(const FileControl& control) {
  const auto held = static_cast<std::size_t>(
      std::ranges::count_if(control.pieces, [](const casework::Piece* piece) {
        // One that never arrived whole, or is refused, is in nobody's way.
        return piece->state != casework::PieceState::refused &&
               piece->state != casework::PieceState::receiving && !piece->given;
      }));
  return control.files.count > held ? control.files.count - held : 0;
}

class Controls {
 public:
  explicit Controls(const Asking& asking) : asking_(asking) {}

  Html all() {
    const procedure::Page& page = asking_.page;
    const bool one = page.title.empty();
    Html out;
    if (!one) {
      out += h("h1", words(page.title));
      if (!page.hint.empty()) out += h("p", {cls("hint lead")}, words(page.hint));
    }
    for (const Field& field : page.fields)
      out += control(field, field.id, one ? Place::heading : Place::part);
    return out;
  }

 private:
  std::string words(std::string_view text) const { return words_of(asking_, text); }
  const json::value* value(std::string_view path) const { return value_at(asking_.answers, path); }

  std::vector<const Fault*> faults(std::string_view path) const {
    std::vector<const Fault*> out;
    for (const Fault& fault : asking_.faults)
      if (fault.path == path) out.push_back(&fault);
    return out;
  }
  bool wrong(std::string_view path) const { return !faults(path).empty(); }
  Html errors(const std::string& path) const {
    const auto found = faults(path);
    if (found.empty()) return {};
    Html said;
    for (const Fault* fault : found)
      said += h("span", h("span", {cls("vh")}, "Erreur\u00a0: "), fault->message);
    return h("p", {cls("err"), id(id_of(path) + "-erreur")}, said);
  }

  // What a screen reader says after the name: the error first, then the hint.
  std::string described(const Field& field, const std::string& path,
                        std::string_view more = "") const {
    std::string out;
    const auto add = [&](std::string_view what) {
      out.append(out.empty() ? "" : " ").append(what);
    };
    if (wrong(path)) add(id_of(path) + "-erreur");
    if (!hint_of(field).empty()) add(id_of(path) + "-aide");
    if (!more.empty()) add(more);
    return out;
  }

  std::string hint_of(const Field& field) const {
    std::string out = words(field.hint);
    const auto add = [&](std::string_view more) {
      if (!out.empty()) {
        if (!out.ends_with('.') && !out.ends_with('?')) out += '.';
        out += ' ';
      }
      out += more;
    };
    switch (field.type) {
      case Type::long_text:
        add(grouped(field.max.value_or(procedure::kLongTextMax)) + " caractères au plus.");
        break;
      case Type::date:
        if (out.find("Exemple") == std::string::npos) add("Exemple\u00a0: 21 11 1985.");
        break;
      case Type::time:
        if (out.find("Exemple") == std::string::npos) add("Exemple\u00a0: 14 h 30.");
        break;
      case Type::amount:
        add("En euros.");
        break;
      case Type::choices:
        add("Cochez une ou plusieurs réponses.");
        break;
      case Type::place:
        if (out.empty()) add("Une adresse, un carrefour ou un lieu.");
        break;
      default:
        break;
    }
    return out;
  }
  Html hint(const Field& field, const std::string& path, Place place) const {
    const std::string text = hint_of(field);
    if (text.empty()) return {};
    return h("p", {cls(place == Place::heading ? "hint lead" : "hint"), id(id_of(path) + "-aide")},
             text);
  }
  Html help(const Field& field, Place place) const {
    if (field.help.empty()) return {};
    const std::string name = words(field.name.empty() ? field.label : field.name);
    return h("details",
             h("summary", "Besoin d’aide\u202f?",
               when(place == Place::part, [&] { return h("span", {cls("vh")}, " ", name); })),
             h("p", words(field.help)));
  }
  Html name_of(const Field& field) const {
    return fragment(words(field.label), when(field.optional, [] {
                      return h("span", {cls("maybe")}, " (facultatif)");
                    }));
  }
  Html labelled(const Field& field, const std::string& target, Place place) const {
    const Html label = h("label", {attr("for", target)}, name_of(field));
    return place == Place::heading ? h("h1", label) : label;
  }
  Html legend(const Field& field, Place place) const {
    if (place == Place::heading) return h("legend", h("h1", name_of(field)));
    if (procedure::is_composite(field.type)) return h("legend", h("h2", name_of(field)));
    return h("legend", {cls("label")}, name_of(field));
  }
  // With a bar at the side of what is wrong.
  Html group(const std::string& path, const Html& inside) const {
    return h("div", {cls(wrong(path) ? "field group" : "field")}, inside);
  }
  // fieldset: its error stands before its parts, as in a single field.
  template <typename... Parts>
  Html fieldset(const Field& field, const std::string& path, Place place,
                const Parts&... parts) const {
    const std::string ids = described(field, path);
    return group(path,
                 fragment(h("fieldset", {cls("flow"), described_by(ids)}, legend(field, place),
                            hint(field, path, place), errors(path), parts...),
                          help(field, place)));
  }

  Html control(const Field& field, const std::string& path, Place place) {
    switch (field.type) {
      case Type::computed:
        return {};
      case Type::note:
        return h("div", {cls("notice")},
                 place == Place::heading ? h("h1", words(field.label)) : h("p", words(field.label)),
                 when(!field.help.empty(), [&] { return h("p", words(field.help)); }));
      case Type::long_text:
        return area(field, path, place);
      case Type::date:
        return date(field, path, place);
      case Type::yes_no:
        return yes_no(field, path, place);
      case Type::choice:
      case Type::choices:
        return choices(field, path, place);
      case Type::attestation:
        return attestation(field, path, place);
      case Type::file:
        return file(field, path, place);
      case Type::appointment:
        return appointment(field, path);
      case Type::address:
      case Type::person:
      case Type::block:
        return block(field, path, place);
      case Type::repeat:
        return repeat(field, path, place);
      default:
        return line(field, path, place);
    }
  }

  std::string autocomplete(const Field& field, const std::string& path) const {
    if (field.autocomplete.empty()) return "off";
    // Two persons of one page are two sections.
    const std::size_t dot = path.rfind('.');
    if (dot == std::string::npos) return field.autocomplete;
    return "section-" + id_of(path.substr(0, dot)) + " " + field.autocomplete;
  }

  Html line(const Field& field, const std::string& path, Place place) const {
    std::string_view mode, kind = "text", width = "in";
    switch (field.type) {
      case Type::number:
      case Type::amount:
        mode = "decimal";
        width = "in in--short";
        break;
      case Type::postcode:
        mode = "numeric";
        width = "in in--short";
        break;
      case Type::siret:
        mode = "numeric";
        width = "in in--mid";
        break;
      case Type::nir:
        width = "in in--mid";
        break;
      case Type::phone:
        kind = "tel";
        width = "in in--mid";
        break;
      case Type::email:
        kind = "email";
        break;
      case Type::time:
      case Type::plate:
        width = "in in--short";
        break;
      default:
        if (field.max && *field.max <= 30) width = "in in--mid";
        break;
    }
    return group(
        path, fragment(labelled(field, id_of(path), place), hint(field, path, place), errors(path),
                       h("input", {cls(width), id(id_of(path)), name(path), type(kind),
                                   html::value(typed(field, value(path))),
                                   attr_if(!mode.empty(), "inputmode", mode),
                                   attr("autocomplete", autocomplete(field, path)),
                                   attr_if(field.type == Type::email || field.type == Type::plate ||
                                               field.type == Type::iban,
                                           "spellcheck", "false"),
                                   described_by(described(field, path)),
                                   attr_if(wrong(path), "aria-invalid", "true")}),
                       help(field, place)));
  }

  Html area(const Field& field, const std::string& path, Place place) const {
    return group(
        path, fragment(labelled(field, id_of(path), place), hint(field, path, place), errors(path),
                       h("textarea",
                         {cls("in"), id(id_of(path)), name(path), attr("rows", 6),
                          attr("autocomplete", autocomplete(field, path)),
                          described_by(described(field, path)),
                          attr_if(wrong(path), "aria-invalid", "true")},
                         typed(field, value(path))),
                       help(field, place)));
  }

  Html date(const Field& field, const std::string& path, Place place) const {
    const Trio trio = trio_of(value(path));
    const bool birthday = field.autocomplete == "bday";
    constexpr std::array<std::string_view, 3> kLabels = {"Jour", "Mois", "Année"};
    Html parts;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::string own = id_of(path) + std::string(kTrioIds[i]);
      const bool bad = wrong(path) && (trio.bad == 3 || trio.bad == i);
      std::string fills = "off";
      if (birthday) {
        fills = autocomplete(field, path) + "-" + std::string(kTrioNames[i]);
      }
      parts += h("div", {cls("field")}, h("label", {attr("for", own)}, kLabels[i]),
                 h("input", {cls(i == 2 ? "in year" : "in"), id(own),
                             name(path + "." + std::string(kTrioNames[i])), type("text"),
                             attr("inputmode", "numeric"), html::value(trio.parts[i]),
                             attr("autocomplete", fills), attr_if(bad, "aria-invalid", "true"),
                             attr_if(bad, "aria-describedby", id_of(path) + "-erreur")}));
    }
    return fieldset(field, path, place, h("div", {cls("trio")}, parts));
  }

  Html option(const std::string& path, std::size_t number, std::string_view kind,
              std::string_view sent, std::string_view label, std::string_view more,
              bool chosen) const {
    const std::string own =
        number == 0 ? id_of(path) : id_of(path) + "-" + std::to_string(number + 1);
    return h("label", {cls("choice")},
             h("input", {type(kind), id(own), name(path), html::value(sent),
                         flag("checked", chosen), attr_if(wrong(path), "aria-invalid", "true")}),
             h("span", label, when(!more.empty(), [&] {
                 return fragment(" ", h("small", {cls("soft")}, more));
               })));
  }

  Html yes_no(const Field& field, const std::string& path, Place place) const {
    const json::value* given = value(path);
    const bool* yes = given == nullptr ? nullptr : given->if_bool();
    return fieldset(field, path, place,
                    h("div", {cls("choices")},
                      option(path, 0, "radio", "oui", "Oui", "", yes != nullptr && *yes),
                      option(path, 1, "radio", "non", "Non", "", yes != nullptr && !*yes)));
  }

  bool chosen(const std::string& path, std::string_view option) const {
    const json::value* given = value(path);
    if (given == nullptr) return false;
    if (const json::string* text = given->if_string()) return std::string_view(*text) == option;
    const json::array* several = given->if_array();
    return several != nullptr && std::ranges::any_of(*several, [&](const json::value& each) {
             const json::string* text = each.if_string();
             return text != nullptr && std::string_view(*text) == option;
           });
  }

  Html choices(const Field& field, const std::string& path, Place place) const {
    const std::vector<Option> offered =
        procedure::options_of(asking_.definition, field, asking_.answers, asking_.moment);
    const bool several = field.type == Type::choices;
    if (!several && offered.size() > kRadiosMax) return unfolded(field, path, place, offered);
    Html all;
    std::size_t number = 0;
    for (const Option& each : offered)
      all += option(path, number++, several ? "checkbox" : "radio", each.value, words(each.label),
                    words(each.hint), chosen(path, each.value));
    if (!several && field.optional && !offered.empty())
      all += option(path, number, "radio", "", "Je ne réponds pas", "", false);
    return fieldset(field, path, place, h("div", {cls("choices choices--list")}, all));
  }

  Html unfolded(const Field& field, const std::string& path, Place place,
                const std::vector<Option>& offered) const {
    Html all = h("option", {html::value("")}, "Choisissez");
    for (const Option& each : offered)
      all += h("option", {html::value(each.value), flag("selected", chosen(path, each.value))},
               words(each.label));
    return group(
        path, fragment(labelled(field, id_of(path), place), hint(field, path, place), errors(path),
                       h("select",
                         {cls("in"), id(id_of(path)), name(path),
                          attr("autocomplete", autocomplete(field, path)),
                          described_by(described(field, path)),
                          attr_if(wrong(path), "aria-invalid", "true")},
                         all),
                       help(field, place)));
  }

  Html attestation(const Field& field, const std::string& path, Place place) const {
    const json::value* given = value(path);
    const bool* ticked = given == nullptr ? nullptr : given->if_bool();
    const std::string heading = words(field.name.empty() ? field.label : field.name);
    return group(
        path,
        fragment(when(place == Place::heading, [&] { return h("h1", heading); }),
                 when(!field.help.empty(), [&] { return h("p", words(field.help)); }),
                 hint(field, path, place), errors(path),
                 h("label", {cls("choice")},
                   h("input", {type("checkbox"), id(id_of(path)), name(path), html::value("oui"),
                               flag("checked", ticked != nullptr && *ticked),
                               described_by(described(field, path)),
                               attr_if(wrong(path), "aria-invalid", "true")}),
                   h("span", words(field.label)))));
  }

  // Always alone on its page. Its heading is what a fault leads to: the slots are many.
  Html appointment(const Field& field, const std::string& path) const {
    return group(path, fragment(h("h1", {id(id_of(path)), attr("tabindex", "-1")}, name_of(field)),
                                hint(field, path, Place::heading), errors(path),
                                help(field, Place::heading), asking_.slots));
  }

  // A file is of an item by its name, not by its place.
  std::string file_name(const std::string& path) const {
    const auto item = procedure::item_path(path);
    const auto named =
        item ? item_names_.find(path.substr(0, path.find(']') + 1)) : item_names_.end();
    return named == item_names_.end()
               ? path
               : fmt::format("{}[{}].{}", item->block, named->second, item->rest);
  }

  // What was given before, if anything; then the way to give it.
  Html file(const Field& field, const std::string& path, Place place) const {
    const json::value* given = value(path);
    const json::array* files = given == nullptr ? nullptr : given->if_array();
    Html list;
    if (files != nullptr && !files->empty())
      list = h("ul", {cls("given")}, each(*files, [](const json::value& file) {
                 const json::object* object = file.if_object();
                 return h("li", object == nullptr ? "" : string_at(*object, "name").value_or(""));
               }));
    if (asking_.uploads == Uploads::open &&
        casework::file_question(asking_.definition, file_name(path)) != nullptr) {
      const std::string limits = id_of(path) + "-limites";
      const std::string sent = file_name(path);
      FileControl control{.path = sent,
                          .id = id_of(path),
                          .files = field.files,
                          .pieces = {},
                          .described = described(field, path, limits),
                          .wrong = wrong(path),
                          .uploads_url = asking_.uploads_url};
      for (const casework::Piece& piece : asking_.pieces)
        if (piece.field == sent) control.pieces.push_back(&piece);
      const bool room = room_left(control) > 0;
      // Without an input to label: a heading, under that of its item.
      const Html title = room                      ? labelled(field, id_of(path), place)
                         : place == Place::heading ? h("h1", name_of(field))
                         : item_names_.empty()     ? h("h2", name_of(field))
                                                   : h("h3", {cls("label")}, name_of(field));
      return h("div",
               {cls(wrong(path) ? "field group" : "field"), id(id_of(path) + "-champ"),
                attr("data-files", "")},
               title, hint(field, path, place),
               h("p", {cls("hint"), id(limits)}, files_limits(field.files)), errors(path),
               file_control(control), help(field, place));
    }
    const Html heading =
        place == Place::heading ? h("h1", name_of(field)) : h("h2", name_of(field));
    return group(
        path,
        fragment(
            heading, hint(field, path, place), h("p", {cls("hint")}, files_limits(field.files)),
            errors(path), list,
            h("div", {cls("notice"), id(id_of(path)), attr("tabindex", "-1")},
              h("p", h("strong", "L’envoi de fichiers n’est pas encore ouvert sur cette page.")),
              h("p", field.optional
                         ? "Continuez sans ce document. Vous pourrez le donner au guichet ou par "
                           "courrier."
                         : "Donnez ce document au guichet ou par courrier. Un agent dépose alors "
                           "la demande avec vous. Vos réponses restent ici.")),
            help(field, place)));
  }

  Html block(const Field& field, const std::string& path, Place place) {
    Html parts;
    for (const Field& part : field.fields)
      parts += control(part, path + "." + part.id, Place::part);
    return fieldset(field, path, place, h("div", {cls("parts-of")}, parts));
  }

  Html repeat(const Field& field, const std::string& path, Place place) {
    const json::value* given = value(path);
    const json::array* items = given == nullptr ? nullptr : given->if_array();
    const std::size_t least = field.optional ? 0 : 1;
    const std::size_t wanted =
        asking_.block == path ? std::min(asking_.items, procedure::kRepeatMax) : 0;
    const std::size_t count =
        std::max({items == nullptr ? std::size_t{0} : items->size(), least, wanted});
    const std::size_t most = procedure::items_max(field);
    const bool named = procedure::has_named_items(field);
    const std::string one = words(field.name.empty() ? field.label : field.name);
    Html all;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string item = fmt::format("{}[{}]", path, i);
      Html parts;
      if (named) {
        const std::string_view known =
            items != nullptr && i < items->size() ? procedure::name_of_item((*items)[i]) : "";
        const std::string& called = item_names_[item] =
            known.empty() ? asking_.new_items + std::to_string(i) : std::string(known);
        parts += h("input", {type("hidden"), name(item + "." + std::string(procedure::kItemId)),
                             html::value(called)});
      }
      for (const Field& part : field.fields)
        parts += control(part, item + "." + part.id, Place::part);
      all += h("fieldset", {cls("item flow"), id(id_of(item)), attr("tabindex", "-1")},
               h("legend", h("h2", one, ", n°\u00a0", i + 1)), h("div", {cls("parts-of")}, parts),
               when(count > least, [&] {
                 return h("button", {cls("link"), name(kRemove), html::value(item)},
                          "Retirer\u00a0: ", one, ", n°\u00a0", i + 1);
               }));
    }
    return fieldset(
        field, path, place,
        when(count == 0, [] { return h("p", {cls("soft")}, "Aucune ligne pour l’instant."); }), all,
        when(count < most, [&] {
          return h("button", {cls("btn btn--2"), id(id_of(path)), name(kAdd), html::value(path)},
                   count == 0 ? "Ajouter" : "Ajouter une ligne",
                   h("span", {cls("vh")}, "\u00a0: ", one));
        }));
  }

  const Asking& asking_;
  std::map<std::string, std::string> item_names_;  // "enfants[1]" → "k3m9"
};

}  // namespace

std::string id_of(std::string_view path) {
  std::string out = "q-";
  for (const char c : path)
    if (c == '.' || c == '[')
      out += '-';
    else if (c != ']')
      out += c;
  return out;
}

std::string target_of(const Asking& asking, const Fault& fault) {
  if (fault.path.empty()) return {};
  const Field* field = asking.definition.field(procedure::without_items(fault.path));
  const bool item = fault.path.ends_with(']');
  std::string path = fault.path;
  // The first control of a block stands for it.
  while (field != nullptr && procedure::is_composite(field->type) && !field->fields.empty() &&
         (field->type != Type::repeat || item)) {
    field = &field->fields.front();
    path += "." + field->id;
  }
  if (field != nullptr && field->type == Type::date) {
    const Trio trio = trio_of(value_at(asking.answers, path));
    return id_of(path) + std::string(kTrioIds[trio.bad % 3]);
  }
  return id_of(path);
}

std::string words_of(const Asking& asking, std::string_view text) {
  return procedure::filled_in(asking.definition, text, asking.form.answers);
}

std::string heading_of(const Asking& asking) {
  const procedure::Page& page = asking.page;
  if (!page.title.empty()) return words_of(asking, page.title);
  for (const Field& field : page.fields) {
    if (field.type == Type::computed) continue;
    if (field.type == Type::attestation && !field.name.empty()) return words_of(asking, field.name);
    return words_of(asking, field.label);
  }
  return asking.definition.title;
}

Html fields(const Asking& asking) { return Controls(asking).all(); }

std::string files_limits(const procedure::Files& files) { return procedure::limits_words(files); }

bool has_files(const procedure::Page& page) {
  const auto any = [](const auto& self, const std::vector<Field>& fields) -> bool {
    return std::ranges::any_of(fields, [&](const Field& field) {
      return field.type == Type::file || procedure::has_named_items(field) ||
             (field.type == Type::block && self(self, field.fields));
    });
  };
  return any(any, page.fields);
}

Html file_control(const FileControl& control) {
  Html list;
  for (const casework::Piece* piece : control.pieces) {
    const std::string& called = piece->name.read();
    list +=
        h("li", {attr_if(piece->state == casework::PieceState::refused, "class", "refused")},
          h("span", {cls("file")}, h("strong", called),
            h("span", {cls("soft")},
              fmt::format("{}\u00a0: {}", casework::words(piece->state),
                          casework::size_words(piece->size))),
            when(!piece->said.empty() && piece->answers(), [&] { return h("span", piece->said); })),
          h("button", {cls("link"), name(kTakeBack), html::value(piece->id)}, "Retirer",
            h("span", {cls("vh")}, " ", called)));
  }
  const std::size_t room = room_left(control);
  std::string accepted, images;
  for (const std::string& each : control.files.types) {
    accepted.append(accepted.empty() ? "" : ",").append(each);
    if (each.starts_with("image/")) images.append(images.empty() ? "" : ",").append(each);
  }
  Html out =
      h("ul",
        {cls("files"), id(room > 0 ? control.id + "-joints" : control.id), attr("tabindex", "-1"),
         attr("aria-label", "Fichiers joints"), flag("hidden", control.pieces.empty())},
        list);
  if (room == 0) return out;
  const auto input = [&](const std::string& id_here, std::string_view takes, bool camera) {
    return h("input",
             {cls("in"), type("file"), id(id_here), name(control.path),
              attr_if(!takes.empty(), "accept", takes), attr_if(camera, "capture", "environment"),
              flag("multiple", room > 1 && !camera), described_by(control.described),
              attr_if(control.wrong, "aria-invalid", "true"),
              attr_if(!control.uploads_url.empty(), "data-upload", control.uploads_url),
              attr("data-max", std::to_string(control.files.bytes))});
  };
  // A document of less than so many months is judged by the date on it, before it is sent.
  if (control.files.months > 0) {
    constexpr std::array<std::string_view, 3> kLabels = {"Jour", "Mois", "Année"};
    Html parts;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::string own = fmt::format("{}-date-{}", control.id, kTrioNames[i]);
      parts +=
          h("div", {cls("field")}, h("label", {attr("for", own)}, kLabels[i]),
            h("input", {cls(i == 2 ? "in year" : "in"), id(own),
                        name(control.path + std::string(kDated) + "." + std::string(kTrioNames[i])),
                        type("text"), attr("inputmode", "numeric"), attr("autocomplete", "off"),
                        attr("data-dated", kTrioNames[i])}));
    }
    out +=
        h("fieldset", {cls("flow")}, h("legend", {cls("label")}, "Date qui figure sur le document"),
          h("div", {cls("trio")}, parts));
    out += h("p", {cls("label")}, "Le document");
  }
  out += input(control.id, accepted, false);
  // Where a finger points there is a camera.
  if (!images.empty())
    out += h("div", {cls("camera")},
             h("label", {attr("for", control.id + "-photo")}, "Ou prenez une photo"),
             input(control.id + "-photo", images, true));
  out += h("div", {cls("row")},
           h("button", {cls("btn btn--2"), name(kJoin), html::value(control.id)},
             room > 1 ? "Joindre ces fichiers" : "Joindre ce fichier"));
  return out;
}

}  // namespace parvis::portal
