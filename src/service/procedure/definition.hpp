// A démarche, as a town writes it: one YAML file gives its form, its dialogue, its API and what the
// law asks to be said. docs/procedures.md shows how to write one; demo/procedures has examples.
// Pure values; a definition that was read is sound and never changes.
//
//   id: perte-identite            version: 3           title: Déclarer la perte de…
//   summary: one sentence         theme: Papiers       communes: ["99001"]   (absent: the tenant)
//   sheets: [F1344]               official pages whose price, documents and delay are quoted
//   starts: ["j'ai perdu ma carte d'identité"]         messages that mean it
//   who: [{must: "age(naissance) >= 18", message: …}]  who may apply: asked first, told before
//   service: etat-civil | [{commune: "99001", service: …}]
//   other_ways: [sentences]       how to do without internet: mandatory
//   clock: {silence: accepts | refuses | none, delay: 2 months, ground: …, basis: …, from: …}
//   documents: [{id, label, source, when, when_words, help, accept, count, within}]
//   steps: [{title, pages: [a field, or {title, when, fields: […]}]}]
//   checks: [{must, message, field}]   of the whole, before the end
//   settings: {name: value}       what a town copies and changes: prices, delays, lists, and
//                                 tables of a value a row ({premiere: 40, deuxieme: 90})
//   texts: {receipt, next, accepted, refused, letter_accepted, letter_refused, appeals}
//   ends: [{id, label, words, act, text, reason}]   of what asks for no decision (silence: none)
//   retention: {drafts: 30 days, closed: 1 year, basis: …}
//   reminders: {pieces: [7, 2], silence: [7], draft: [5]}   days before; none: []
//              {late: [1]}   days after a promised answer that did not come; none: []
//
// A field: {id, type, label, name, hint, help, optional, searchable, when, value, must: [{must,
// message}], min, max, pattern: {regex, message}, earliest, latest, options: [text or {value,
// label, hint, when}] or the name of a setting that is such a list, autocomplete, with, accept,
// count, within, fields}. Types are those of enum Type, by their names. An appointment, one of a
// démarche and alone in the last of its steps (asked after the documents), has also {agenda, reason
// | reason_by, reasons: {answer: reason}}.
//
// Labels, names, hints, helps, titles of pages, messages and texts may show answers and settings:
// {name}, which form.hpp fills in. Conditions, computed values and limits read what is asked before
// them; checks read all.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "procedure/expression.hpp"

namespace re2 {
class RE2;
}

namespace parvis::procedure {

inline constexpr std::size_t kFieldsMax = 600;   // of a definition, parts of blocks included
inline constexpr std::size_t kOptionsMax = 300;  // of a choice
inline constexpr std::size_t kRepeatMax = 50;    // items of a repeated block
inline constexpr std::size_t kFilesMax = 10;     // of one document
inline constexpr std::size_t kTextMax = 500;     // characters of a text that names no maximum
inline constexpr std::size_t kLongTextMax = 5000;
inline constexpr std::size_t kBlockDepth = 3;
inline constexpr std::size_t kRemindersMax = 5;  // of one thing
inline constexpr int kRemindDaysMax = 90;        // before it

enum class Type : std::uint8_t {
  text,
  long_text,
  number,
  amount,
  date,
  time,
  yes_no,
  choice,
  choices,
  email,
  phone,
  commune,
  postcode,
  nir,
  siret,
  iban,
  plate,
  file,
  place,
  attestation,
  appointment,
  computed,
  note,
  // Of several parts, each a field: an object, and a list of objects.
  address,
  person,
  block,
  repeat,
};
std::string_view name(Type type);
std::optional<Type> type_named(std::string_view name);
bool is_composite(Type type);  // has parts
bool is_answered(Type type);   // by a person: not computed and not a note

struct Option {
  std::string value, label, hint;
  Expression when;  // offered only then
  bool operator==(const Option& o) const { return value == o.value && label == o.label; }
};

struct Check {
  Expression must;
  std::string message;  // what is wrong and how to mend it
  std::string field;    // where it is said; empty: at the page's top
};

enum class Source : std::uint8_t {
  citizen,          // asked for
  held,             // the administration has it: never asked for (CRPA, L113-12)
  api_particulier,  // fetched, and said so (CRPA, L114-8)
  api_entreprise,
};
std::string_view name(Source source);

struct Files {                      // what a document may be
  std::vector<std::string> types;   // MIME; empty: images and PDF
  std::size_t count = 1;            // how many at most
  std::uint64_t bytes = 10u << 20;  // of each
  int months = 0;                   // its date may be that old; 0: any
};

// Whose free slots are offered: a reason of an agenda (appointment/agenda.hpp), named, or by the
// answer to a choice asked before.
struct Slots {
  std::string agenda, reason, by;
  std::map<std::string, std::string, std::less<>> reasons;  // of each answer of `by`
  std::size_t line = 0;  // where it is written, for who looks whether they exist
};

struct Field {
  std::string id;    // [a-z][a-z0-9_]*; unique among its neighbours
  std::string path;  // from the definition: "demandeur.naissance"
  Type type = Type::text;
  std::string label;  // the question
  std::string name;   // for summaries and errors: "Date de naissance"; the label when not given
  std::string hint;   // under the label
  std::string help;   // on demand
  bool optional = false;
  bool searchable = false;  // of a text: agents find the case by its words
  Expression when;
  Expression value;  // of a computed one
  std::vector<Option> options;
  std::vector<Check> checks;
  std::optional<double> min, max;           // of a number; signs of a text; items of a list
  std::shared_ptr<const re2::RE2> pattern;  // of a whole text; shared: a definition is copied
  std::string pattern_message;
  Expression earliest, latest;  // of a date
  std::string autocomplete;     // WCAG 1.3.5: the purpose of the input, "bday"
  Files files;
  Slots slots;                // of an appointment
  std::vector<Field> fields;  // parts
};

struct Page {
  std::string id;     // of its one field, or its own
  std::string title;  // of several fields; empty for one field: its label is the page's heading
  std::string hint;
  Expression when;
  std::vector<Field> fields;
  std::vector<Check> checks;
};

struct Step {
  std::string title;
  std::vector<Page> pages;
};

// What is to be given, whoever gives it.
struct Document {
  std::string id, label, help;
  Source source = Source::citizen;
  Expression when;
  std::string when_words;  // "si vous demandez pour un mineur"
  bool optional = false;
};

enum class Silence : std::uint8_t { none, accepts, refuses };
std::string_view name(Silence silence);

enum class DelayUnit : std::uint8_t { days, working_days, weeks, months };
struct Delay {
  int count = 0;
  DelayUnit unit = DelayUnit::months;
  bool operator==(const Delay&) const = default;
};
std::string words(const Delay& delay);  // "2 mois", "5 jours ouvrés"

struct Clock {
  Silence silence = Silence::none;
  Delay delay;
  bool from_complete = false;  // runs from the complete file, not from its receipt
  // Of a silence that refuses, which exception of L231-4 and L231-5: not_individual, no_text,
  // complaint, financial, decree or agents.
  std::string ground;
  std::string basis;  // "Code des relations entre le public et l’administration, article…"
};

struct InCharge {
  std::string commune;  // INSEE code; empty: all others
  std::string service;  // id in the directory
};

struct Retention {
  Delay drafts{30, DelayUnit::days};
  Delay closed{12, DelayUnit::months};
  std::string basis;
};

// How many days before a citizen is reminded: of the term of pieces that were asked for, of the day
// on which silence decides, of the erasure of a draft. late: how many days after the day that was
// promised, where silence decides nothing.
struct Reminders {
  std::vector<int> pieces{7, 2}, silence{7}, draft{5}, late{1};
};

// How a case ends of which nothing is to be decided: a declaration, a report, a complaint. Such a
// démarche has ends of its own in the place of an acceptance and a refusal, and nobody appeals.
struct End {
  std::string id;       // "traite": kept with the case
  std::string label;    // as agents and exports name it: "Traité"
  std::string words;    // as the citizen reads it: "Votre signalement est traité"
  std::string act;      // what the agent presses: "Clore comme traité"
  std::string text;     // said to the citizen with it; may show answers: {name}
  bool reason = false;  // nothing comes of it: the agent says why, and the citizen how to come back
};
inline constexpr std::size_t kEndsMax = 6;

struct Definition {
  std::string id;
  int version = 1;
  std::string title, summary, theme;
  std::vector<std::string> communes;  // INSEE codes; empty: the whole tenant
  std::vector<std::string> sheets;    // ids of official or local pages
  std::vector<std::string> starts;    // messages that mean it
  std::vector<Check> who;             // read over the fields of the first step
  std::string cost;                   // only what no sheet says: "Gratuit"
  std::vector<InCharge> services;
  std::vector<std::string> other_ways;
  Clock clock;
  std::vector<Document> documents;
  std::vector<Step>
      steps;  // the documents that a citizen gives are the last, but for an appointment
  std::vector<Check> checks;
  std::map<std::string, Value, std::less<>> settings;
  std::map<std::string, std::string> texts;  // with {names}: the answers stand there
  Retention retention;
  Reminders reminders;
  std::vector<End> ends;  // empty: a person decides, accepts or refuses
  std::string yaml;       // as it was read: what is published

  const Page* page(std::string_view id) const;
  const Field* field(std::string_view path) const;  // "demandeur.naissance", "enfants.nom"
  const End* end(std::string_view id) const;        // nullptr: it has none of that name
  const Field* appointment() const;  // the one question of that type; nullptr without one
  const std::string& service_for(std::string_view commune) const;
  bool serves(std::string_view commune) const;
};

// Everything, or all that is wrong, each with its line and its remedy. Never throws.
std::expected<Definition, std::vector<Problem>> read_definition(std::string_view yaml);

}  // namespace parvis::procedure
