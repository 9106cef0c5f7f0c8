// `fit alarm` learns what tells of danger; `eval danger` counts what is heard, by rule and by
// meaning.
#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iostream>
#include <map>

#include "answer/emergency.hpp"
#include "app/command.hpp"
#include "app/home.hpp"
#include "app/lines.hpp"
#include "app/models.hpp"
#include "base/error.hpp"
#include "danger/alarm_fit.hpp"
#include "retrieval/anchors.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

//   {"text": "what is written", "kind": "suicide" (danger/alarm.hpp) or "calm",
//    "numbers": ["3114"] (eval danger: the first one is to be given), "topic": "…"}
struct Sentence {
  std::string text, number, topic;
  danger::Kind kind = danger::Kind::calm;
};

std::vector<Sentence> sentences_in(const std::filesystem::path& path) {
  std::vector<Sentence> out;
  each_line(path, [&](const json::object& line, std::size_t number) {
    const auto text = string_at(line, "text");
    const auto kind = danger::kind_named(string_at(line, "kind").value_or(""));
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

Models& ready(Models& models) {
  if (models.embedder().wait().state != inference::Embedder::State::ready)
    throw Error(Errc::unavailable, models.problem());
  return models;
}

int fit_alarm(const Arguments& arguments) {
  Home home(arguments.config);
  Models models(home.config, Models::Use::command);
  ready(models);
  std::vector<Sentence> sentences = sentences_in(arguments.operands.at(0));
  // How citizens put what the sheets answer: calm, unless a rule hears a danger.
  for (const auto& [id, said] : retrieval::phrasings())
    for (const std::string& each : said)
      if (!answer::emergency(each))
        sentences.push_back({.text = text::clean(each), .number = {}, .topic = {}});
  std::vector<danger::Lesson> lessons;
  const auto bar = progress_bar("embedding");
  for (const Sentence& each : sentences) {
    const auto vector = models.question(each.text);
    if (!vector) throw Error(Errc::unavailable, "stopped: " + models.problem());
    lessons.push_back({*vector, each.kind});
    if (bar) bar(lessons.size(), sentences.size());
  }
  const danger::AlarmFit fit = danger::fit_alarm(lessons, models.embedder().model());
  const std::filesystem::path folder =
      arguments.out.empty() ? home.config.home / "fitted" : arguments.out;
  std::filesystem::create_directories(folder);
  std::ofstream file(folder / "alarm.json", std::ios::trunc);
  file << fit.alarm.to_json() << '\n';
  file.close();
  if (!file)
    throw Error(Errc::unavailable, (folder / "alarm.json").string() + " cannot be written");
  std::cout << json::serialize(json::object{{"lessons", lessons.size()},
                                            {"dangers", fit.dangers},
                                            {"heard_out_of_fold", fit.heard},
                                            {"of_their_kind", fit.named},
                                            {"calm", fit.calm},
                                            {"raised_out_of_fold", fit.raised},
                                            {"threshold", fit.alarm.threshold()}})
            << '\n';
  return 0;
}

int eval_danger(const Arguments& arguments) {
  Home home(arguments.config);
  Models models(home.config, Models::Use::command);
  ready(models);
  struct Count {
    std::int64_t all = 0, by_rule = 0, by_meaning = 0, in_doubt = 0, right_number = 0;
  };
  Count danger, calm;
  std::map<std::string, Count> topics;
  for (const Sentence& each : sentences_in(arguments.operands.at(0))) {
    const auto by_rule = answer::emergency(each.text);
    const danger::Heard meant = by_rule ? danger::Heard() : models.alarm(each.text);
    const auto heard = by_rule || meant.doubtful ? by_rule : answer::emergency(meant.kind);
    const bool is_danger = each.kind != danger::Kind::calm;
    const bool right = heard && heard->contact &&
                       std::ranges::any_of(heard->contact->phones, [&](const auto& phone) {
                         return phone.number == each.number;
                       });
    for (Count* count : {is_danger ? &danger : &calm, &topics[each.topic]}) {
      ++count->all;
      count->by_rule += by_rule ? 1 : 0;
      count->by_meaning += !by_rule && heard ? 1 : 0;
      count->in_doubt += meant.doubtful ? 1 : 0;
      count->right_number += right ? 1 : 0;
    }
    if (is_danger != heard.has_value())
      std::cerr << fmt::format("{} {}: {}\n", is_danger ? "not heard" : "raised by", each.topic,
                               each.text);
  }
  const auto told = [](const Count& count) {
    return json::object{{"all", count.all},
                        {"by_rule", count.by_rule},
                        {"by_meaning", count.by_meaning},
                        {"in_doubt", count.in_doubt},
                        {"right_number", count.right_number}};
  };
  json::object by_topic;
  for (const auto& [topic, count] : topics) by_topic[topic] = told(count);
  std::cout << json::serialize(json::object{
                   {"danger", told(danger)}, {"calm", told(calm)}, {"topics", by_topic}})
            << '\n';
  return 0;
}

constexpr std::array kCommands = {
    Command{"fit alarm", "FILE.jsonl", "[--out DIR]",
            "learns which messages tell of danger, from sentences with their kind", fit_alarm},
    Command{"eval danger", "FILE.jsonl", "",
            "dangers that are heard, and calm messages that are not", eval_danger}};

}  // namespace

std::span<const Command> danger_commands() { return kCommands; }

}  // namespace parvis::app
