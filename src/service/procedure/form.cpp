#include "procedure/form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "procedure/items.hpp"
#include "procedure/values.hpp"
#include "territory/communes.hpp"
#include "text/normalise.hpp"

namespace parvis::procedure {
namespace {

Value value_of(const json::value& json) {
  switch (json.kind()) {
    case json::kind::null:
      return {};
    case json::kind::bool_:
      return json.get_bool();
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return json.to_number<double>();
    case json::kind::string:
      return std::string(json.get_string());
    case json::kind::array: {
      List list;
      for (const json::value& each : json.get_array()) list.push_back(value_of(each));
      return list;
    }
    case json::kind::object: {
      // What has a name is compared by it: a commune by its code.
      const json::object& object = json.get_object();
      if (const auto insee = string_at(object, "insee"); insee && !insee->empty())
        return std::string(*insee);
      if (object.empty()) return {};
      return true;
    }
  }
  return {};
}

json::value json_of(const Value& value) {
  if (const bool* yes = std::get_if<bool>(&value)) return *yes;
  if (const double* number = std::get_if<double>(&value)) return *number;
  if (const std::string* text = std::get_if<std::string>(&value)) return json::string(*text);
  if (const auto* date = std::get_if<std::chrono::sys_days>(&value))
    return json::string(format_iso_date(CivilDate(*date)));
  if (const List* list = std::get_if<List>(&value)) {
    json::array out;
    for (const Value& each : *list) out.push_back(json_of(each));
    return out;
  }
  return nullptr;
}

const json::value* at(const json::object& answers, std::string_view path) {
  const std::size_t dot = path.find('.');
  const json::value* value = answers.if_contains(path.substr(0, dot));
  if (value == nullptr || dot == std::string_view::npos) return value;
  const json::object* object = value->if_object();
  return object == nullptr ? nullptr : at(*object, path.substr(dot + 1));
}

Value each_part(const json::object& answers, std::string_view block, std::string_view part) {
  List list;
  const json::value* items = at(answers, block);
  if (items != nullptr && items->is_array())
    for (const json::value& item : items->get_array())
      if (const json::object* object = item.if_object())
        if (const json::value* value = at(*object, part)) list.push_back(value_of(*value));
  return list;
}

// What a name stands for: an answer, each of a block's, or a setting.
Value named(const Definition& definition, const json::object& answers, std::string_view name) {
  if (const std::size_t each = name.find("[]."); each != std::string_view::npos)
    return each_part(answers, name.substr(0, each), name.substr(each + 3));
  if (const json::value* value = at(answers, name)) return value_of(*value);
  const auto setting = definition.settings.find(name);
  return setting == definition.settings.end() ? Value() : setting->second;
}

// Whether `path` is of the field, or of a part of it.
bool within(std::string_view path, std::string_view field) {
  return path.starts_with(field) &&
         (path.size() == field.size() || path[field.size()] == '.' || path[field.size()] == '[');
}

// Why there is an order: a question that is not asked counts as not answered for those after it.
class Evaluation {
 public:
  Evaluation(const Definition& definition, const json::object& given, const Moment& moment)
      : definition_(definition), given_(given), moment_(moment) {}

  Form run() {
    Form form;
    for (std::size_t step = 0; step < definition_.steps.size(); ++step)
      for (const Page& page : definition_.steps[step].pages) {
        if (page.when && !test(page.when, lookup())) continue;
        ShownPage shown{&page, step, PageState::done, {}};
        bool asks = false;
        for (const Field& field : page.fields) asks |= answer(field, shown.faults);
        // A page of values that are computed is nobody's to see.
        const bool told = std::ranges::any_of(
            page.fields, [](const Field& field) { return field.type == Type::note; });
        if (!asks && !told) continue;
        const bool missing = std::ranges::any_of(shown.faults, &Fault::missing);
        if (!missing)
          for (const Check& check : page.checks) judge(check, "", shown.faults);
        if (!shown.faults.empty()) shown.state = PageState::open;
        form.pages.push_back(std::move(shown));
      }
    for (const Check& check : definition_.who)
      if (!form.barred && known(check.must) && !test(check.must, lookup()))
        form.barred = Fault{check.field, words(check.message), false};
    const bool done = std::ranges::all_of(
        form.pages, [](const ShownPage& page) { return page.state == PageState::done; });
    if (done)
      for (const Check& check : definition_.checks) judge(check, "", form.faults);
    form.answers = kept_;
    return form;
  }

  // Those that are offered with what is kept so far.
  std::vector<Option> options(const Field& field) const {
    std::vector<Option> out;
    for (const Option& option : field.options)
      if (!option.when || test(option.when, lookup())) out.push_back(option);
    return out;
  }

 private:
  // Names stand for what is kept so far; inside of an item its parts come first.
  Lookup lookup() const {
    return [this](std::string_view name) -> Value {
      for (auto item = items_.rbegin(); item != items_.rend(); ++item)
        if (const json::value* value = at(**item, name)) return value_of(*value);
      return named(definition_, kept_, name);
    };
  }

  bool test(const Expression& expression, const Lookup& look) const {
    return expression.evaluate(look, moment_).truth();
  }
  // Whether all that a condition reads is answered.
  bool known(const Expression& expression) const {
    const Lookup look = lookup();
    return std::ranges::none_of(expression.names(),
                                [&](const std::string& name) { return look(name).absent(); });
  }
  std::string words(std::string_view text) const { return filled_in(definition_, text, kept_); }

  void judge(const Check& check, const std::string& path, std::vector<Fault>& faults) const {
    if (!test(check.must, lookup()))
      faults.push_back({check.field.empty() ? path : check.field, words(check.message), false});
  }

  // Whether the field is asked (and not computed or told).
  bool answer(const Field& field, std::vector<Fault>& faults) {
    const json::value* given = given_.if_contains(field.id);
    json::value kept =
        read(field, given != nullptr ? *given : json::value(nullptr), field.id, faults);
    const bool asked = is_answered(field.type) && asked_;
    if (!kept.is_null()) kept_[field.id] = std::move(kept);
    if (asked) {
      const bool sound = std::ranges::none_of(
          faults, [&](const Fault& fault) { return within(fault.path, field.id); });
      if (sound && kept_.contains(field.id))
        for (const Check& check : field.checks) judge(check, field.id, faults);
    }
    return asked;
  }

  std::string missing_words(const Field& field) const {
    switch (field.type) {
      case Type::choice:
      case Type::yes_no:
        return "Choisissez une réponse.";
      case Type::choices:
        return "Cochez au moins une réponse.";
      case Type::attestation:
        return "Cochez la case pour continuer.";
      case Type::file:
        return fmt::format("Joignez le document\u00a0: {}{}.", words(field.name), item_);
      case Type::appointment:
        return "Choisissez un jour et une heure.";
      case Type::date:
        return fmt::format("Écrivez la date\u00a0: {}.", words(field.name));
      case Type::repeat:
        return "Ajoutez au moins une ligne.";
      default:
        return fmt::format("Répondez à la question\u00a0: {}", words(field.name));
    }
  }

  // What is kept of a value, with its faults; null when it is not asked or not given.
  json::value read(const Field& field, const json::value& given, const std::string& path,
                   std::vector<Fault>& faults) {
    asked_ = !field.when || test(field.when, lookup());
    if (!asked_) return nullptr;
    if (field.type == Type::note) return nullptr;
    if (field.type == Type::computed) return json_of(field.value.evaluate(lookup(), moment_));
    if (field.type == Type::repeat) return read_items(field, given, path, faults);
    if (is_composite(field.type)) {
      json::value kept =
          read_parts(field, given.is_object() ? given.get_object() : json::object(), path, faults);
      asked_ = true;
      return kept;
    }
    auto value = read_json(field, given, moment_);
    if (!value) {
      faults.push_back({path, value.error(), false});
      return nullptr;
    }
    if (value->is_null()) {
      if (!field.optional) faults.push_back({path, missing_words(field), true});
      return nullptr;
    }
    if (std::string fault = bounds(field, *value); !fault.empty()) {
      faults.push_back({path, std::move(fault), false});
      return nullptr;
    }
    return std::move(*value);
  }

  json::value read_parts(const Field& field, const json::object& given, const std::string& path,
                         std::vector<Fault>& faults) {
    json::object kept;
    items_.push_back(&kept);
    std::vector<Fault> found;
    bool any = false;
    for (const Field& part : field.fields) {
      const json::value* value = given.if_contains(part.id);
      json::value own =
          read(part, value != nullptr ? *value : json::value(nullptr), path + "." + part.id, found);
      if (own.is_null()) continue;
      any |= is_answered(part.type);
      kept[part.id] = std::move(own);
      for (const Check& check : part.checks) judge(check, path + "." + part.id, found);
    }
    items_.pop_back();
    any |= std::ranges::any_of(found, [](const Fault& fault) { return !fault.missing; });
    if (field.optional && !any) return nullptr;  // nobody began it
    if (field.type == Type::address && found.empty()) judge_address(kept, path, found);
    faults.insert(faults.end(), std::make_move_iterator(found.begin()),
                  std::make_move_iterator(found.end()));
    if (kept.empty()) return nullptr;
    return kept;
  }

  json::value read_items(const Field& field, const json::value& given, const std::string& path,
                         std::vector<Fault>& faults) {
    const std::size_t most = items_max(field);
    const bool named = has_named_items(field);
    json::array kept;
    if (const json::array* items = given.if_array()) {
      if (items->size() > most) {
        faults.push_back({path, fmt::format("{} lignes au plus. Retirez-en.", most), false});
        return nullptr;
      }
      for (std::size_t i = 0; i < items->size(); ++i) {
        const json::object* item = (*items)[i].if_object();
        item_ = fmt::format(" ({}, n°\u00a0{})", words(field.name), i + 1);
        json::value own = read_parts(field, item != nullptr ? *item : json::object(),
                                     fmt::format("{}[{}]", path, i), faults);
        item_.clear();
        if (own.is_null()) continue;
        if (const std::string_view name = name_of_item((*items)[i]); named && !name.empty())
          own.get_object()[kItemId] = name;
        kept.push_back(std::move(own));
      }
    }
    const bool sound =
        std::ranges::none_of(faults, [&](const Fault& fault) { return within(fault.path, path); });
    asked_ = true;
    const std::size_t least = field.min        ? static_cast<std::size_t>(*field.min)
                              : field.optional ? 0
                                               : 1;
    if (kept.size() < least && sound)
      faults.push_back(
          {path,
           least <= 1 ? missing_words(field) : fmt::format("Ajoutez au moins {} lignes.", least),
           true});
    if (kept.empty()) return nullptr;
    return kept;
  }

  std::string bounds(const Field& field, const json::value& value) const {
    if (field.type == Type::date) {
      const auto date = parse_iso_date(std::string_view(value.get_string()));
      const auto limit = [&](const Expression& expression) -> std::optional<std::chrono::sys_days> {
        if (!expression) return std::nullopt;
        const Value found = expression.evaluate(lookup(), moment_);
        if (const auto* day = std::get_if<std::chrono::sys_days>(&found)) return *day;
        if (const std::string* text = std::get_if<std::string>(&found))
          if (const auto day = parse_iso_date(*text)) return std::chrono::sys_days(*day);
        return std::nullopt;
      };
      const auto earliest = limit(field.earliest), latest = limit(field.latest);
      if (earliest && std::chrono::sys_days(*date) < *earliest)
        return fmt::format("Donnez une date à partir du {}.",
                           format_french_date(CivilDate(*earliest)));
      if (latest && std::chrono::sys_days(*date) > *latest)
        return fmt::format("Donnez une date au plus tard le {}.",
                           format_french_date(CivilDate(*latest)));
    }
    if (field.type == Type::choice || field.type == Type::choices) {
      const std::vector<Option> offered = options(field);
      const auto is_offered = [&](const json::value& one) {
        return one.is_string() && std::ranges::find(offered, std::string_view(one.get_string()),
                                                    &Option::value) != offered.end();
      };
      const bool sound =
          value.is_array() ? std::ranges::all_of(value.get_array(), is_offered) : is_offered(value);
      if (!sound) return "Choisissez parmi les réponses proposées.";
    }
    if (field.type == Type::appointment &&
        string_at(value.get_object(), "reason") != reason_of(field, kept_))
      return "L’objet du rendez-vous a changé. Choisissez un autre horaire.";
    return {};
  }

  // A postcode that is known goes with its communes.
  static void judge_address(const json::object& address, const std::string& path,
                            std::vector<Fault>& faults) {
    const auto postcode = string_at(address, "postcode"), city = string_at(address, "city");
    if (!postcode || !city) return;
    const auto communes = territory::at_postcode(*postcode);
    if (communes.empty()) return;
    const auto plain = [](std::string_view name) {
      std::string folded = text::fold(name);
      std::ranges::replace(folded, '-', ' ');
      if (folded.starts_with("st ")) folded.replace(0, 3, "saint ");
      if (folded.starts_with("ste ")) folded.replace(0, 4, "sainte ");
      return folded;
    };
    const std::string own = plain(*city);
    for (const territory::Commune& commune : communes) {
      const std::string name = plain(commune.name);
      if (own.starts_with(name) || name.starts_with(own)) return;
    }
    std::string names;
    for (std::size_t i = 0; i < communes.size() && i < 3; ++i)
      names.append(i == 0 ? "" : ", ").append(communes[i].name);
    faults.push_back(
        {path + ".city",
         fmt::format("{} est le code postal de {}. Corrigez le code postal ou la ville.", *postcode,
                     names),
         false});
  }

  const Definition& definition_;
  const json::object& given_;
  const Moment& moment_;
  json::object kept_;
  std::vector<const json::object*> items_;  // of the blocks being read, outermost first
  std::string item_;                        // which item is read, as it is told: " (Enfant, n° 2)"
  bool asked_ = true;
};

// "enfants[1].nom" → the member it means in `into`, made on the way; nullptr when the way is none.
json::value* member(json::object& into, std::string_view path) {
  const std::size_t end = path.find_first_of(".[");
  json::value* value = &into[path.substr(0, end)];
  if (end == std::string_view::npos) return value;
  path.remove_prefix(end);
  if (path[0] == '[') {
    const std::size_t close = path.find(']');
    if (close == std::string_view::npos) return nullptr;
    std::size_t index = 0;
    const auto [stop, error] = std::from_chars(path.data() + 1, path.data() + close, index);
    if (error != std::errc() || stop != path.data() + close || index >= kRepeatMax) return nullptr;
    if (!value->is_array()) value->emplace_array();
    json::array& items = value->get_array();
    while (items.size() <= index) items.emplace_back(json::object());
    value = &items[index];
    path.remove_prefix(close + 1);
    if (path.empty()) return value;
  }
  if (path[0] != '.') return nullptr;
  if (!value->is_object()) value->emplace_object();
  return member(value->get_object(), path.substr(1));
}

}  // namespace

bool Form::complete() const {
  return !barred && faults.empty() && !pages.empty() &&
         std::ranges::all_of(pages,
                             [](const ShownPage& page) { return page.state == PageState::done; });
}

const ShownPage* Form::find(std::string_view page) const {
  const auto found =
      std::ranges::find_if(pages, [&](const ShownPage& shown) { return shown.page->id == page; });
  return found == pages.end() ? nullptr : &*found;
}

const ShownPage* Form::next() const {
  const auto found = std::ranges::find(pages, PageState::open, &ShownPage::state);
  return found == pages.end() ? nullptr : &*found;
}

Form evaluate(const Definition& definition, const json::object& answers, const Moment& moment) {
  return Evaluation(definition, answers, moment).run();
}

std::vector<Option> options_of(const Definition& definition, const Field& field,
                               const json::object& answers, const Moment& moment) {
  Evaluation evaluation(definition, answers, moment);
  evaluation.run();
  return evaluation.options(field);
}

std::string reason_of(const Field& field, const json::object& answers) {
  const Slots& slots = field.slots;
  if (!slots.reason.empty()) return slots.reason;
  const json::value* answer = at(answers, slots.by);
  if (answer == nullptr || !answer->is_string()) return {};
  const auto found = slots.reasons.find(std::string_view(answer->get_string()));
  return found == slots.reasons.end() ? std::string() : found->second;
}

std::string filled_in(const Definition& definition, std::string_view text,
                      const json::object& answers) {
  std::string out;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t open = text.find('{', from);
    const std::size_t close = text.find('}', std::min(open, text.size()));
    out.append(text.substr(from, open - from));
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    const std::string_view path = text.substr(open + 1, close - open - 1);
    const Field* field = definition.field(path);
    const json::value* value = at(answers, path);
    std::string words = field != nullptr && value != nullptr ? shown(*field, *value) : "";
    if (const auto setting = definition.settings.find(path); setting != definition.settings.end())
      words = shown({}, json_of(setting->second));
    out.append(words.empty() ? "…" : words);
    from = close + 1;
  }
  return out;
}

namespace {

// What stays of an answer whose page is sent again: its files and its slot, which no form field
// carries.
json::value files_of(const Field& field, const json::value* given) {
  if (given == nullptr) return nullptr;
  if (field.type == Type::file || field.type == Type::appointment) return *given;
  const json::object* object = given->if_object();
  if (field.type != Type::block || object == nullptr) return nullptr;
  json::object kept;
  for (const Field& part : field.fields)
    if (json::value own = files_of(part, object->if_contains(part.id)); !own.is_null())
      kept[part.id] = std::move(own);
  return kept.empty() ? json::value() : json::value(std::move(kept));
}

// Those of an item, in what was sent of it.
void keep_files(const std::vector<Field>& fields, const json::object& before, json::object& item) {
  for (const Field& field : fields) {
    json::value files = files_of(field, before.if_contains(field.id));
    if (files.is_null()) continue;
    json::value& now = item[field.id];
    if (field.type == Type::block && now.is_object())
      keep_files(field.fields, before.at(field.id).as_object(), now.get_object());
    else
      now = std::move(files);
  }
}

void keep_files_of_items(const Page& page, const json::object& before, json::object& answers) {
  for (const Field& field : page.fields) {
    json::value* items = answers.if_contains(field.id);
    if (!has_named_items(field) || items == nullptr || !items->is_array()) continue;
    for (json::value& item : items->get_array())
      if (const json::object* known = item_named(before, field.id, name_of_item(item)))
        keep_files(field.fields, *known, item.as_object());
  }
}

}  // namespace

Filled fill(const Definition& definition, const Page& page, const json::object& answers,
            const std::vector<Sent>& sent, const Moment& moment) {
  Filled out{answers, {}};
  for (const Field& field : page.fields)
    if (is_answered(field.type)) {
      json::value kept = files_of(field, out.answers.if_contains(field.id));
      if (kept.is_null())
        out.answers.erase(field.id);
      else
        out.answers[field.id] = std::move(kept);
    }
  struct Trio {
    std::string day, month, year;
  };
  std::map<std::string, Trio> trios;
  std::map<std::string, json::array> several;
  for (const Sent& each : sent) {
    std::string path = each.name;
    if (const auto item = item_path(path); item && item->rest == kItemId) {
      const auto block = std::ranges::find(page.fields, item->block, &Field::id);
      if (block != page.fields.end() && has_named_items(*block) && !item->item.empty() &&
          item_id_like(each.value))
        if (json::value* name = member(out.answers, path)) *name = json::string(each.value);
      continue;
    }
    std::string Trio::* part = nullptr;
    for (const auto& [suffix, which] :
         {std::pair(".day", &Trio::day), std::pair(".month", &Trio::month),
          std::pair(".year", &Trio::year)})
      if (path.ends_with(suffix)) {
        path.resize(path.size() - std::string_view(suffix).size());
        part = which;
        break;
      }
    const Field* field = definition.field(without_items(path));
    const bool here = std::ranges::find(page.fields, path.substr(0, path.find_first_of(".[")),
                                        &Field::id) != page.fields.end();
    if (field == nullptr || !here || is_composite(field->type) || !is_answered(field->type) ||
        field->type == Type::file || field->type == Type::appointment)
      continue;  // not of this page: a browser sends its button too
    if (part != nullptr && field->type == Type::date) {
      trios[path].*part = text::clean(each.value);
      continue;
    }
    if (field->type == Type::choices) {
      if (!text::clean(each.value).empty()) several[path].push_back(json::string(each.value));
      continue;
    }
    auto value = read_typed(*field, each.value, moment);
    if (value && value->is_null()) continue;
    json::value* into = member(out.answers, path);
    if (into == nullptr) continue;
    *into = value ? std::move(*value)
                  : json::value(json::string(text::utf8_prefix(each.value, kLongTextMax)));
  }
  for (auto& [path, trio] : trios) {
    if (trio.day.empty() && trio.month.empty() && trio.year.empty()) continue;
    const std::string typed = trio.day + "/" + trio.month + "/" + trio.year;
    auto value = read_typed(*definition.field(without_items(path)), typed, moment);
    if (json::value* into = member(out.answers, path))
      *into = value ? std::move(*value) : json::value(json::string(typed));
  }
  for (auto& [path, values] : several)
    if (json::value* into = member(out.answers, path)) *into = std::move(values);
  name_items(definition, out.answers, &answers);
  keep_files_of_items(page, answers, out.answers);
  const Form form = evaluate(definition, out.answers, moment);
  if (const ShownPage* shown = form.find(page.id)) out.faults = shown->faults;
  return out;
}

namespace {

// Whether a condition cannot change any more before its questions are answered: each name it reads
// is answered, or stands for a question that is not asked, and that is decided too.
class Decided {
 public:
  Decided(const Definition& definition, const Form& form, const Moment& moment)
      : definition_(definition), form_(form), moment_(moment) {}

  bool holds(const Expression& expression) const {
    const auto look = [this](std::string_view name) {
      return named(definition_, form_.answers, name);
    };
    return !expression || expression.evaluate(look, moment_).truth();
  }
  bool operator()(const Expression& expression) const {
    return std::ranges::all_of(expression.names(),
                               [this](const std::string& name) { return settled(name); });
  }

 private:
  bool settled(const std::string& name) const {
    // Names read others before them, which ends; each is looked at once.
    if (const auto seen = settled_.find(name); seen != settled_.end()) return seen->second;
    return settled_[name] = settle(name);
  }
  bool settle(std::string_view name) const {
    if (at(form_.answers, name) != nullptr) return true;
    const std::string_view id = name.substr(0, name.find('.'));
    for (const Step& step : definition_.steps)
      for (const Page& page : step.pages)
        for (const Field& field : page.fields) {
          if (field.id != id) continue;
          if (field.type == Type::computed && !(*this)(field.value)) return false;
          for (const Expression* when : {&page.when, &field.when}) {
            if (!(*this)(*when)) return false;
            if (!holds(*when)) return true;  // never asked
          }
          // Asked: left empty, or yet to be answered.
          const ShownPage* shown = form_.find(page.id);
          return shown == nullptr || shown->state == PageState::done;
        }
    return true;  // a setting
  }

  const Definition& definition_;
  const Form& form_;
  const Moment& moment_;
  mutable std::map<std::string, bool> settled_;
};

}  // namespace

std::vector<const Document*> documents_for(const Definition& definition,
                                           const json::object& answers, const Moment& moment) {
  std::vector<const Document*> out;
  const Form form = evaluate(definition, answers, moment);
  const Decided decided(definition, form, moment);
  for (const Document& document : definition.documents)
    if (decided.holds(document.when) || !decided(document.when)) out.push_back(&document);
  return out;
}

}  // namespace parvis::procedure
