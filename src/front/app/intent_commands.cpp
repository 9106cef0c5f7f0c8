// `fit intents` learns what messages are besides questions; `eval intents` counts what is heard, by
// rule and by meaning.
#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iostream>
#include <map>

#include "answer/emergency.hpp"
#include "answer/scope.hpp"
#include "app/command.hpp"
#include "app/home.hpp"
#include "app/lines.hpp"
#include "app/models.hpp"
#include "base/error.hpp"
#include "dialogue/hear.hpp"
#include "intent/classifier_fit.hpp"
#include "retrieval/anchors.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

//   {"text": "what is written", "kind": "question" (intent/classifier.hpp),
//    "numbers": ["3114"] (of a danger: the first one is to be given), "topic": "…"}
struct Sentence {
  std::string text, number, topic;
  intent::Kind kind = intent::Kind::question;
};

std::vector<Sentence> sentences_in(const std::filesystem::path& path) {
  std::vector<Sentence> out;
  each_line(path, [&](const json::object& line, std::size_t number) {
    const auto text = string_at(line, "text");
    const auto kind = intent::kind_named(string_at(line, "kind").value_or(""));
    if (!text || !kind)
      throw Error(Errc::invalid,
                  fmt::format("{}:{}: a text and a kind are wanted", path.string(), number));
    const std::vector<std::string> numbers = texts_at(line, "numbers");
    out.push_back({.text = text::clean(*text),
                   .number = numbers.empty() ? "" : numbers.front(),
                   .topic = std::string(string_at(line, "topic").value_or("")),
                   .kind = *kind});
  });
  return out;
}

constexpr std::array kGroupKinds = {intent::Kind::suicide, intent::Kind::person,
                                    intent::Kind::unsafe, intent::Kind::outside};

std::string group_name(intent::Kind kind) {
  return intent::is_danger(kind) ? "danger" : std::string(intent::name(kind));
}

Models& ready(Models& models) {
  if (models.embedder().wait().state != inference::Embedder::State::ready)
    throw Error(Errc::unavailable, models.problem());
  return models;
}

int fit_intents(const Arguments& arguments) {
  Home home(arguments.config);
  Models models(home.config, Models::Use::command);
  ready(models);
  std::vector<Sentence> sentences = sentences_in(arguments.operands.at(0));
  // How citizens put what the sheets answer: questions, unless a rule hears a danger.
  for (const auto& [id, said] : retrieval::phrasings())
    for (const std::string& each : said)
      if (!answer::emergency(each))
        sentences.push_back({.text = text::clean(each), .number = {}, .topic = {}});
  std::vector<intent::Lesson> lessons;
  const auto bar = progress_bar("embedding");
  for (const Sentence& each : sentences) {
    const auto vector = models.question(each.text);
    if (!vector) throw Error(Errc::unavailable, "stopped: " + models.problem());
    lessons.push_back({*vector, each.kind});
    if (bar) bar(lessons.size(), sentences.size());
  }
  const intent::ClassifierFit fit =
      intent::fit_classifier(lessons, models.embedder().query_model());
  const std::filesystem::path folder =
      arguments.out.empty() ? home.config.home / "fitted" : arguments.out;
  std::filesystem::create_directories(folder);
  std::ofstream file(folder / "intents.json", std::ios::trunc);
  file << fit.classifier.to_json() << '\n';
  file.close();
  if (!file)
    throw Error(Errc::unavailable, (folder / "intents.json").string() + " cannot be written");
  json::object groups;
  for (const intent::Kind first : kGroupKinds) {
    const std::size_t g = intent::group(first);
    const intent::Judged& judged = fit.groups[g];
    groups[group_name(first)] = {{"lessons", judged.all},
                                 {"heard_out_of_fold", judged.heard},
                                 {"of_their_kind", judged.named},
                                 {"questions_raised", judged.raised},
                                 {"threshold", fit.classifier.thresholds()[g]}};
  }
  std::cout << json::serialize(json::object{
                   {"lessons", lessons.size()}, {"questions", fit.questions}, {"groups", groups}})
            << '\n';
  return 0;
}

// By rule, a danger, an act of the conversation or a matter that is outside; else by meaning.
intent::Heard by_rule(const Sentence& each) {
  using intent::Kind;
  if (answer::emergency(each.text))
    return {intent::is_danger(each.kind) ? each.kind : Kind::crime, false};
  switch (dialogue::hear(each.text).act) {
    case dialogue::Act::person:
      return {Kind::person, false};
    case dialogue::Act::insult:
    case dialogue::Act::threat:
    case dialogue::Act::manipulate:
      return {Kind::unsafe, false};
    default:
      return {answer::out_of_scope(each.text) ? Kind::outside : Kind::question, false};
  }
}

int eval_intents(const Arguments& arguments) {
  Home home(arguments.config);
  Models models(home.config, Models::Use::command);
  ready(models);
  struct Count {
    std::int64_t all = 0, by_rule = 0, by_meaning = 0, in_doubt = 0, right_number = 0,
                 otherwise = 0;
  };
  std::map<std::string, Count> kinds, topics;
  for (const Sentence& each : sentences_in(arguments.operands.at(0))) {
    const intent::Heard ruled = by_rule(each);
    const bool rule = ruled.kind != intent::Kind::question;
    const intent::Heard meant = rule ? ruled : models.by_meaning(each.text);
    const intent::Kind heard = meant.doubtful ? intent::Kind::question : meant.kind;
    const bool right = group_name(heard) == group_name(each.kind);
    std::optional<answer::Answer> danger;
    if (intent::is_danger(heard)) {
      danger = answer::emergency(each.text);
      if (!danger) danger = answer::emergency(heard);
    }
    const bool number = danger && danger->contact &&
                        std::ranges::any_of(danger->contact->phones, [&](const auto& phone) {
                          return phone.number == each.number;
                        });
    for (Count* count : {&kinds[group_name(each.kind)], &topics[each.topic]}) {
      ++count->all;
      count->by_rule += rule && right ? 1 : 0;
      count->by_meaning += !rule && right ? 1 : 0;
      count->in_doubt += meant.doubtful ? 1 : 0;
      count->right_number += number ? 1 : 0;
      count->otherwise += right ? 0 : 1;
    }
    if (!right)
      std::cerr << fmt::format("{} heard as {}: {}\n", group_name(each.kind), group_name(heard),
                               each.text);
  }
  const auto told = [](const std::map<std::string, Count>& counts) {
    json::object out;
    for (const auto& [name, count] : counts)
      if (!name.empty())
        out[name] = {{"all", count.all},
                     {"by_rule", count.by_rule},
                     {"by_meaning", count.by_meaning},
                     {"in_doubt", count.in_doubt},
                     {"right_number", count.right_number},
                     {"heard_otherwise", count.otherwise}};
    return out;
  };
  std::cout << json::serialize(json::object{{"intents", told(kinds)}, {"topics", told(topics)}})
            << '\n';
  return 0;
}

constexpr std::array kCommands = {
    Command{"fit intents", "FILE.jsonl", "[--out DIR]",
            "learns which messages tell of danger, want a person, are refused", fit_intents},
    Command{"eval intents", "FILE.jsonl", "", "what messages are heard as, by rule and by meaning",
            eval_intents}};

}  // namespace

std::span<const Command> intent_commands() { return kCommands; }

}  // namespace parvis::app
