#include "dialogue/filling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "dates/dates.hpp"
#include "dialogue/choices.hpp"
#include "dialogue/hear.hpp"
#include "procedure/values.hpp"
#include "text/normalise.hpp"
#include "text/personal.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {
namespace {

using answer::Answer;
using answer::Choice;
using answer::Status;
using procedure::Definition;
using procedure::Field;
using procedure::Form;
using procedure::Type;

constexpr std::string_view kStop = "form/!stop";
constexpr std::string_view kPass = "form/!pass";
constexpr std::string_view kDeposit = "form/!deposit";
constexpr std::string_view kChange = "form/!change";
constexpr std::string_view kValue = "form/=";
constexpr std::string_view kField = "form/?";
constexpr std::size_t kChoicesMax = 12;  // shown at once; a longer list is typed

// The parts of a page that are asked one by one, with the block they stand in.
struct Leaf {
  const Field* field = nullptr;
  const Field* block = nullptr;  // the outermost; nullptr: none
  const procedure::Page* page = nullptr;
  bool loose = false;  // may be left out without a word: part of an optional block
};

void leaves_of(const std::vector<Field>& fields, const procedure::Page& page, const Field* block,
               bool loose, std::vector<Leaf>& out) {
  for (const Field& field : fields) {
    if (!procedure::is_answered(field.type)) continue;
    if (procedure::is_composite(field.type) && field.type != Type::repeat)
      leaves_of(field.fields, page, block != nullptr ? block : &field, loose || field.optional,
                out);
    else
      out.push_back({&field, block, &page, loose});
  }
}

std::vector<Leaf> leaves_of(const Form& form) {
  std::vector<Leaf> out;
  for (const procedure::ShownPage& page : form.pages)
    leaves_of(page.page->fields, *page.page, nullptr, false, out);
  return out;
}

const json::value* value_at(const json::object& answers, std::string_view path) {
  const std::size_t dot = path.find('.');
  const json::value* value = answers.if_contains(path.substr(0, dot));
  if (value == nullptr || dot == std::string_view::npos) return value;
  const json::object* object = value->if_object();
  return object == nullptr ? nullptr : value_at(*object, path.substr(dot + 1));
}

// Blocks are sent whole: a part of one is set in what the draft has of it.
void set(json::object& answers, const json::object& known, std::string_view path,
         json::value value) {
  const std::size_t dot = path.find('.');
  const std::string_view head = path.substr(0, dot);
  if (dot == std::string_view::npos) {
    answers[head] = std::move(value);
    return;
  }
  if (!answers.contains(head)) {
    const json::value* before = known.if_contains(head);
    answers[head] = before != nullptr && before->is_object() ? *before : json::object();
  }
  set(answers[head].as_object(), {}, path.substr(dot + 1), std::move(value));
}

json::object merged(json::object answers, const json::object& more) {
  for (const auto& member : more)
    if (member.value().is_null())
      answers.erase(member.key());
    else
      answers[member.key()] = member.value();
  return answers;
}

bool in_chat(Type type) { return type != Type::repeat && type != Type::file; }

std::string fault_at(const Form& form, std::string_view path, bool missing) {
  for (const procedure::ShownPage& page : form.pages)
    for (const procedure::Fault& fault : page.faults)
      if (fault.path == path && fault.missing == missing) return fault.message;
  return {};
}

// The next field to ask, in the order of the form; nullptr when it is complete as far as a
// conversation goes.
struct Next {
  std::optional<Leaf> leaf;
  std::string fault;  // why it is asked again
};
Next next_of(const Form& form, const json::object& answers, const Filling& filling) {
  for (const Leaf& leaf : leaves_of(form)) {
    const std::string& path = leaf.field->path;
    if (const std::string wrong = fault_at(form, path, false); !wrong.empty()) return {leaf, wrong};
    const json::value* value = value_at(answers, path);
    if (value != nullptr && !value->is_null()) continue;
    if (!fault_at(form, path, true).empty()) return {leaf, ""};
    const bool left = std::ranges::find(filling.passed, path) != filling.passed.end();
    if (leaf.field->optional && !leaf.loose && !leaf.field->when && !left &&
        in_chat(leaf.field->type))
      return {leaf, ""};
  }
  return {};
}

std::string question_of(const Leaf& leaf) {
  if (leaf.block == nullptr || leaf.block->type == Type::address) return leaf.field->label;
  return fmt::format("{}\u00a0: {}", leaf.block->name.empty() ? leaf.page->title : leaf.block->name,
                     leaf.field->label);
}

void put_choices(Answer& answer, const Draft& draft, const Leaf& leaf,
                 const json::object& answers) {
  const Field& field = *leaf.field;
  const auto offer = [&](std::string label, std::string_view value) {
    answer.choices.push_back({std::move(label), std::string(kValue).append(value)});
  };
  if (field.type == Type::yes_no) {
    offer("Oui", "true");
    offer("Non", "false");
  }
  if (field.type == Type::attestation) offer("Je certifie", "true");
  if (field.type == Type::choice || field.type == Type::choices) {
    const auto options = procedure::options_of(*draft.definition, field, answers, draft.moment);
    if (options.size() <= kChoicesMax)
      for (const procedure::Option& option : options) offer(option.label, option.value);
  }
  if (field.optional) answer.choices.push_back({"Passer", std::string(kPass)});
}

void ask(Answer& answer, const Draft& draft, const Leaf& leaf, const json::object& answers) {
  if (!answer.text.empty()) answer.text += "\n";
  if (!in_chat(leaf.field->type)) {
    const bool file = leaf.field->type == Type::file;
    answer.text += fmt::format(
        "{} «\u00a0{}\u00a0», ouvrez le formulaire\u00a0: vos réponses y sont. Vous pourrez "
        "revenir ici ensuite.",
        file ? "Un document se joint sur la page de votre demande. Pour" : "Pour",
        leaf.field->name);
    answer.choices.push_back({"C’est fait", std::string(kValue)});
  } else {
    answer.text += question_of(leaf);
    if (!leaf.field->hint.empty()) answer.text += "\n" + leaf.field->hint;
    put_choices(answer, draft, leaf, answers);
  }
}

// As a conversation repeats it: enough to be checked, and no more. It is kept with what was said.
std::string discreet(const Field& field, const json::value& value) {
  std::string words = procedure::shown(field, value);
  if (field.type == Type::email)
    if (const std::size_t at = words.find('@'); at != std::string::npos && at > 0)
      return std::string(text::utf8_prefix(words, 1)) + "…" + words.substr(at);
  constexpr std::size_t kTold = 4;  // the last digits
  const bool number =
      field.type == Type::phone || field.type == Type::nir || field.type == Type::iban;
  if (number && words.size() > kTold) return "…" + words.substr(words.size() - kTold);
  return words;
}

std::string summary_of(const Form& form) {
  std::string out;
  for (const procedure::ShownPage& page : form.pages)
    for (const Field& field : page.page->fields) {
      if (!procedure::is_answered(field.type) || field.type == Type::attestation) continue;
      const json::value* value = form.answers.if_contains(field.id);
      if (value == nullptr) continue;
      if (const std::string words = discreet(field, *value); !words.empty())
        out.append(fmt::format("- {}\u00a0: {}\n", field.name, words));
    }
  return out;
}

// The turn after `answers` were taken: the next question, or the whole to look over.
void go_on(Filled& out, const Draft& draft) {
  const json::object answers = merged(draft.answers, out.answers);
  const Form form = procedure::evaluate(*draft.definition, answers, draft.moment);
  out.answer.status = Status::procedure;
  if (form.barred) {
    out.answer.text = form.barred->message + "\nSans internet\u00a0:";
    for (const std::string& way : draft.definition->other_ways) out.answer.text += "\n- " + way;
    out.answer.choices = {{"Corriger une réponse", std::string(kChange)},
                          {"Arrêter", std::string(kStop)}};
    out.filling.asked = kReview;
    return;
  }
  const Next next = next_of(form, answers, out.filling);
  if (next.leaf) {
    if (!next.fault.empty()) {
      if (!out.answer.text.empty()) out.answer.text += "\n";
      out.answer.text += next.fault;
    }
    if (out.filling.asked != next.leaf->field->path) {
      out.filling.before = out.filling.asked == kReview ? "" : out.filling.asked;
      out.filling.asked = next.leaf->field->path;
    }
    ask(out.answer, draft, *next.leaf, answers);
    return;
  }
  out.filling.before = out.filling.asked;
  out.filling.asked = kReview;
  if (!form.faults.empty()) {
    out.answer.text = form.faults[0].message;
    out.answer.choices = {{"Corriger une réponse", std::string(kChange)},
                          {"Arrêter", std::string(kStop)}};
    return;
  }
  out.answer.text =
      "Vérifiez vos réponses.\n" + summary_of(form) + "Est-ce que tout est juste\u202f?";
  out.answer.choices = {{"Déposer ma demande", std::string(kDeposit)},
                        {"Corriger une réponse", std::string(kChange)},
                        {"Plus tard", std::string(kStop)}};
}

std::optional<Leaf> leaf_at(const Form& form, std::string_view path) {
  for (const Leaf& leaf : leaves_of(form))
    if (leaf.field->path == path) return leaf;
  return std::nullopt;
}

bool said_as(std::string_view folded, std::initializer_list<std::string_view> ways) {
  return std::ranges::find(ways, folded) != ways.end();
}

// What opens a correction is cut off: "non, c'est le 12" → "le 12". Empty when it is none.
std::string corrected(std::string_view text) {
  const std::string folded = text::fold(text);
  if (folded.size() != text.size() && folded.empty()) return {};
  static constexpr std::array<std::string_view, 8> kOpenings = {
      "non, c'est ", "non c'est ", "non, plutot ", "non plutot ",
      "non, ",       "non ",       "pardon, ",     "en fait "};
  for (const std::string_view opening : kOpenings)
    if (folded.starts_with(opening) && folded.size() > opening.size()) {
      // Folding drops accents: the words after the opening are the last ones of the text.
      const auto spaces = std::ranges::count(opening, ' ');
      std::size_t at = 0;
      for (std::ptrdiff_t left = spaces; left > 0 && at < text.size(); ++at)
        if (text[at] == ' ') --left;
      return std::string(text.substr(at));
    }
  return {};
}

// Words around a name or a place that are no part of it.
std::string bare(const Field& field, std::string text) {
  if (field.type != Type::text && field.type != Type::place) return text;
  const std::string folded = text::fold(text);
  for (const std::string_view opening :
       {"c'est ", "je m'appelle ", "mon nom est ", "mon prenom est ", "il s'appelle ",
        "elle s'appelle ", "j'habite "}) {
    if (!folded.starts_with(opening)) continue;
    const auto spaces = std::ranges::count(opening, ' ');
    std::size_t at = 0;
    for (std::ptrdiff_t left = spaces; left > 0 && at < text.size(); ++at)
      if (text[at] == ' ') --left;
    return text.substr(at);
  }
  return text;
}

using Read = std::expected<json::value, std::string>;

std::optional<CivilDate> day_in(const Field& field, std::string_view text,
                                const procedure::Moment& moment) {
  const bool past = field.latest.text() == "today";
  const auto found =
      dates::parse(text, moment.now, past ? dates::Prefer::past : dates::Prefer::future);
  std::optional<CivilDate> day;
  for (const dates::Found& each : found) {
    // "hier soir" is a part of one day.
    const bool part = each.kind == dates::Kind::interval && each.start && each.end &&
                      *each.end - *each.start <= std::chrono::hours(24);
    const bool point =
        each.kind == dates::Kind::instant && each.grain <= dates::Grain::day && each.start;
    if (!part && !point) continue;
    if (day) return std::nullopt;  // which of them?
    day = civil_date(*each.start);
  }
  return day;
}

// A value of the field in what the citizen wrote.
Read value_in(const Draft& draft, const Field& field, std::string_view text,
              const json::object& answers) {
  if (field.type == Type::choice || field.type == Type::choices || field.type == Type::yes_no) {
    std::vector<Choice> offered;
    if (field.type == Type::yes_no)
      offered = {{"Oui", "true"}, {"Non", "false"}};
    else
      for (const procedure::Option& option :
           procedure::options_of(*draft.definition, field, answers, draft.moment))
        offered.push_back({option.label, option.value});
    const Heard heard = hear(text);
    if (field.type == Type::yes_no && heard.act == Act::yes) return json::value(true);
    if (field.type == Type::yes_no && heard.act == Act::no) return json::value(false);
    if (const auto at = choice_said(offered, heard))
      return procedure::read_typed(field, offered[*at].value, draft.moment);
  }
  if (field.type == Type::email || field.type == Type::phone) {
    const auto wanted =
        field.type == Type::email ? text::PersonalKind::email : text::PersonalKind::phone;
    for (const text::PersonalSpan& span : text::personal_spans(text))
      if (span.kind == wanted)
        return procedure::read_typed(field, text.substr(span.begin, span.end - span.begin),
                                     draft.moment);
  }
  if (field.type == Type::attestation &&
      (hear(text).act == Act::yes || text::fold(text).starts_with("je certifie")))
    return json::value(true);
  Read typed = procedure::read_typed(field, bare(field, std::string(text)), draft.moment);
  if (!typed && field.type == Type::date)
    if (const auto day = day_in(field, text, draft.moment))
      return json::value(format_iso_date(*day));
  if (!typed && field.type == Type::postcode)
    for (const text::Word& word : text::words(text))
      if (word.folded.size() == 5)
        if (Read code = procedure::read_typed(field, word.folded, draft.moment)) return code;
  return typed;
}

// Stems of a label that name what it is.
std::set<std::string> stems_of(std::string_view text) {
  const std::vector<std::string> terms = text::terms(text);
  return {terms.begin(), terms.end()};
}

double share_of(const std::set<std::string>& wanted, const std::set<std::string>& said) {
  if (wanted.empty()) return 0;
  const auto met =
      std::ranges::count_if(wanted, [&](const std::string& stem) { return said.contains(stem); });
  return static_cast<double>(met) / static_cast<double>(wanted.size());
}

std::string sentence_list(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out.append("\n- ").append(line);
  return out;
}

}  // namespace

json::object to_json(const Filling& filling) {
  return {{"procedure", filling.procedure},
          {"number", filling.number},
          {"asked", filling.asked},
          {"before", filling.before},
          {"passed", json::array(filling.passed.begin(), filling.passed.end())}};
}

Filling filling_from_json(const json::object& object) {
  Filling out;
  out.procedure = string_at(object, "procedure").value_or("");
  out.number = static_cast<int>(integer_at(object, "number").value_or(0));
  out.asked = string_at(object, "asked").value_or("");
  out.before = string_at(object, "before").value_or("");
  if (const json::array* passed = array_at(object, "passed"))
    for (const json::value& each : *passed)
      if (each.is_string()) out.passed.emplace_back(each.get_string());
  return out;
}

json::object told_in(const Draft& draft, std::string_view text) {
  json::object told;
  const std::set<std::string> said = stems_of(text);
  const auto spans = text::personal_spans(text);
  const auto known = [&](const Field& field) {
    const json::value* value = draft.answers.if_contains(field.id);
    return (value != nullptr && !value->is_null()) || told.contains(field.id);
  };
  bool day_taken = false;
  for (const procedure::Step& step : draft.definition->steps)
    for (const procedure::Page& page : step.pages)
      for (const Field& field : page.fields) {
        if (known(field)) continue;
        if (field.type == Type::email || field.type == Type::phone) {
          const auto wanted =
              field.type == Type::email ? text::PersonalKind::email : text::PersonalKind::phone;
          for (const text::PersonalSpan& span : spans)
            if (span.kind == wanted && !known(field))
              if (auto value = procedure::read_typed(
                      field, text.substr(span.begin, span.end - span.begin), draft.moment);
                  value && !value->is_null())
                told[field.id] = std::move(*value);
        }
        if (field.type == Type::date && !day_taken)
          if (const auto day = day_in(field, text, draft.moment)) {
            told[field.id] = json::string(format_iso_date(*day));
            day_taken = true;
          }
        if (field.type == Type::choice) {
          // One option is named, and no other as much.
          constexpr double kNamed = 0.6;
          const procedure::Option* named = nullptr;
          double best = 0, second = 0;
          for (const procedure::Option& option : field.options) {
            const double share = share_of(stems_of(option.label), said);
            if (share > best) {
              second = std::exchange(best, share);
              named = &option;
            } else {
              second = std::max(second, share);
            }
          }
          if (named != nullptr && best >= kNamed && second < best)
            told[field.id] = json::string(named->value);
        }
      }
  // What bounds and conditions refuse is not taken: it is asked.
  const Form form =
      procedure::evaluate(*draft.definition, merged(draft.answers, told), draft.moment);
  for (const procedure::ShownPage& page : form.pages)
    for (const procedure::Fault& fault : page.faults)
      if (!fault.missing) told.erase(fault.path);
  return told;
}

Filled begin_filling(const Draft& draft, int number, std::string_view said) {
  const Definition& definition = *draft.definition;
  Filled out;
  out.deed = Deed::begin;
  out.filling.procedure = definition.id;
  out.filling.number = number;
  out.answers = told_in(draft, said);
  out.answer.text = definition.title + ".\n" + definition.summary;
  std::vector<std::string> needed;
  const json::object known = merged(draft.answers, out.answers);
  for (const procedure::Document* document :
       procedure::documents_for(definition, known, draft.moment)) {
    if (document->source != procedure::Source::citizen) continue;
    std::string line = document->label;
    if (!document->when_words.empty()) line += ", " + document->when_words;
    if (document->optional) line += " (facultatif)";
    needed.push_back(std::move(line));
  }
  out.answer.text += needed.empty() ? "\nAucun document n’est demandé."
                                    : "\nÀ préparer\u00a0:" + sentence_list(needed);
  for (const auto& told : out.answers)
    if (const Field* field = definition.field(told.key()))
      out.answer.text +=
          fmt::format("\n{}\u00a0: {}.", field->name, discreet(*field, told.value()));
  go_on(out, draft);
  if (out.answer.choices.empty() || out.answer.choices.back().value != kStop)
    out.answer.choices.push_back({"Plus tard", std::string(kStop)});
  return out;
}

std::optional<Filled> fill_in(const Draft& draft, const Filling& filling,
                              const Personal<std::string>& words, std::string_view choice) {
  const std::string& text = words.read();
  const std::string folded = text::fold(text);
  Filled out;
  out.filling = filling;
  out.deed = Deed::save;
  const Form form = procedure::evaluate(*draft.definition, draft.answers, draft.moment);
  const auto leave = [&] {
    out.deed = Deed::none;
    out.answer.status = Status::procedure;
    out.answer.text =
        "D’accord. Votre brouillon est gardé. Pour reprendre, dites «\u00a0reprendre la "
        "démarche\u00a0», ou ouvrez le formulaire.";
    out.answer.choices = {{"Reprendre la démarche", std::string(kFormChoice) + "!resume"}};
    out.filling.asked.clear();
    return out;
  };
  if (choice == kStop ||
      (choice.empty() && said_as(folded, {"plus tard", "arreter", "annuler", "stop", "on arrete",
                                          "laisse tomber", "je veux arreter"})))
    return leave();
  // Left for a while: only a word of return comes back to it.
  if (filling.asked.empty()) {
    if (choice == "form/!resume" ||
        (choice.empty() && said_as(folded, {"reprendre", "reprendre la demarche", "je reprends",
                                            "on reprend", "continuer la demarche", "continuer"}))) {
      out.deed = Deed::none;
      out.answer.text = "Reprenons.";
      go_on(out, draft);
      return out;
    }
    return std::nullopt;
  }
  if (choice == kChange || (filling.asked == kReview && choice.empty() &&
                            said_as(folded, {"non", "corriger", "modifier", "changer"}))) {
    out.deed = Deed::none;
    out.answer.status = Status::procedure;
    out.answer.text = "Quelle réponse voulez-vous corriger\u202f?";
    for (const Leaf& leaf : leaves_of(form)) {
      const json::value* value = value_at(draft.answers, leaf.field->path);
      if (value == nullptr || !in_chat(leaf.field->type)) continue;
      out.answer.choices.push_back({leaf.field->name, std::string(kField) + leaf.field->path});
    }
    return out;
  }
  if (choice.starts_with(kField)) {
    const auto leaf = leaf_at(form, choice.substr(kField.size()));
    if (!leaf) return std::nullopt;
    out.deed = Deed::none;
    out.filling.before.clear();
    out.filling.asked = leaf->field->path;
    out.answer.status = Status::procedure;
    ask(out.answer, draft, *leaf, draft.answers);
    return out;
  }
  if (choice == kDeposit || (filling.asked == kReview && choice.empty() &&
                             (hear(text).act == Act::yes ||
                              said_as(folded, {"deposer", "envoyer", "c'est bon", "tout est juste",
                                               "valider", "deposer ma demande"})))) {
    if (form.complete()) {
      out.deed = Deed::deposit;
      out.answer.status = Status::procedure;
      return out;
    }
    out.deed = Deed::none;
    go_on(out, draft);
    return out;
  }
  if (filling.asked == kReview) return std::nullopt;
  const auto leaf = leaf_at(form, filling.asked);
  if (!leaf) {  // another way in answered it, or it is not asked any more
    out.deed = Deed::none;
    go_on(out, draft);
    return out;
  }
  const Field& field = *leaf->field;
  if (choice == kPass || (choice.empty() && field.optional &&
                          said_as(folded, {"passer", "je passe", "je ne sais pas", "non", "aucun",
                                           "aucune", "rien"}))) {
    if (!field.optional) return std::nullopt;
    out.filling.passed.push_back(field.path);
    go_on(out, draft);
    return out;
  }
  if (!choice.empty() && !choice.starts_with(kValue)) return std::nullopt;
  if (!in_chat(field.type)) {  // the form has it, or not yet
    out.deed = Deed::none;
    if (choice.empty() && hear(text).asks) return std::nullopt;
    if (field.type == Type::file) {
      const json::value* given = value_at(draft.answers, field.path);
      if (given == nullptr || given->is_null())
        out.answer.text = "Je ne vois pas encore ce document.";
    }
    go_on(out, draft);
    return out;
  }
  const Heard heard = hear(text);
  if (choice.empty() && heard.act == Act::person) return std::nullopt;
  // "non, c'est le 12": what was answered before is mended, and the question asked again.
  if (choice.empty() && !filling.before.empty() && field.type != Type::yes_no)
    if (const std::string mended = corrected(text); !mended.empty())
      if (const auto before = leaf_at(form, filling.before))
        if (Read value = value_in(draft, *before->field, mended, draft.answers);
            value && !value->is_null()) {
          out.answer.text =
              fmt::format("{}\u00a0: {}.", before->field->name, discreet(*before->field, *value));
          set(out.answers, draft.answers, before->field->path, std::move(*value));
          go_on(out, draft);
          return out;
        }
  const std::string_view said =
      choice.empty() ? std::string_view(text) : choice.substr(kValue.size());
  Read value = value_in(draft, field, said, draft.answers);
  const bool free_text = field.type == Type::text || field.type == Type::long_text ||
                         field.type == Type::place || field.type == Type::commune;
  const bool a_question = choice.empty() && heard.asks && text.ends_with('?');
  if (a_question && (free_text || !value)) return std::nullopt;
  if (!value || value->is_null()) {
    if (choice.empty() && heard.asks && !free_text) return std::nullopt;
    out.deed = Deed::none;
    out.answer.status = Status::procedure;
    out.answer.text = value ? "Je n’ai pas compris votre réponse." : value.error();
    ask(out.answer, draft, *leaf, draft.answers);
    return out;
  }
  set(out.answers, draft.answers, field.path, std::move(*value));
  // Several answers in one sentence.
  if (choice.empty() && !free_text) {
    Draft with = draft;
    with.answers = merged(draft.answers, out.answers);
    for (auto& member : told_in(with, text))
      if (!out.answers.contains(member.key())) {
        if (const Field* other = draft.definition->field(member.key()))
          out.answer.text += fmt::format("{}{}\u00a0: {}.", out.answer.text.empty() ? "" : "\n",
                                         other->name, discreet(*other, member.value()));
        out.answers[member.key()] = std::move(member.value());
      }
  }
  go_on(out, draft);
  return out;
}

void resume(Answer& answer, const Draft& draft, const Filling& filling) {
  if (filling.asked.empty()) return;
  const Form form = procedure::evaluate(*draft.definition, draft.answers, draft.moment);
  if (filling.asked == kReview) {
    answer.choices = {{"Déposer ma demande", std::string(kDeposit)},
                      {"Corriger une réponse", std::string(kChange)},
                      {"Plus tard", std::string(kStop)}};
    answer.text += "\nVotre demande est prête. Voulez-vous la déposer\u202f?";
    return;
  }
  const auto leaf = leaf_at(form, filling.asked);
  if (!leaf) return;
  answer.choices.clear();
  answer.text += "\nRevenons à votre demande.";
  ask(answer, draft, *leaf, draft.answers);
}

const Definition* meant(const std::vector<std::shared_ptr<const Definition>>& offered,
                        std::string_view message) {
  const std::set<std::string> said = stems_of(message);
  if (said.empty()) return nullptr;
  // All that a way of starting says is said, and what is said is mostly that.
  constexpr double kOwn = 0.5;
  const Definition* best = nullptr;
  double most = 0;
  bool tie = false;
  for (const auto& definition : offered)
    for (const std::string& start : definition->starts) {
      const std::set<std::string> wanted = stems_of(start);
      if (wanted.empty() || share_of(wanted, said) < 1) continue;
      const double own = static_cast<double>(wanted.size()) / static_cast<double>(said.size());
      if (own < kOwn || own < most) continue;
      tie = own == most && best != nullptr && best != definition.get();
      most = own;
      best = definition.get();
    }
  return tie ? nullptr : best;
}

const Definition* wanted(const std::vector<std::shared_ptr<const Definition>>& offered,
                         std::string_view sentence) {
  static const std::set<std::string> kWish = stems_of(
      "je veux voudrais souhaite aimerais dois viens désire il faut faire s'il vous plaît bonjour");
  std::set<std::string> said = stems_of(sentence);
  for (const std::string& stem : kWish) said.erase(stem);
  constexpr double kCovered = 0.75;
  constexpr std::size_t kLeast = 2;  // words: one alone names a matter, and not what is to be done
  const Definition* best = nullptr;
  double most = 0, second = 0;
  for (const auto& definition : offered) {
    std::set<std::string> own = stems_of(definition->title);
    for (const std::string& start : definition->starts) own.merge(stems_of(start));
    const double covered = share_of(said, own);
    if (covered > most) {
      second = std::exchange(most, covered);
      best = definition.get();
    } else {
      second = std::max(second, covered);
    }
  }
  return said.size() >= kLeast && most >= kCovered && second < most ? best : nullptr;
}

json::object offer_json(const Definition& definition, std::string_view step) {
  return {{"id", definition.id},
          {"title", definition.title},
          {"summary", definition.summary},
          {"step", step},
          {"url", "/demarches/" + definition.id}};
}

}  // namespace parvis::dialogue
