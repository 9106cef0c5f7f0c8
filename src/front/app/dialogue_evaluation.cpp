// `eval dialogues`: recorded conversations, each turn with what it must give.
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "app/answers.hpp"
#include "app/command.hpp"
#include "app/lines.hpp"
#include "app/rehearsal.hpp"
#include "base/error.hpp"
#include "text/normalise.hpp"

//   about: "who, in what situation"
//   now: 2026-11-24T22:00:00+01:00       commune: "99001"                   (optional)
//   turns:
//     - say: "what the citizen writes"      or   choose: "part of a choice's label"
//       expect: {status: answer, ids: [F1], contains: ["25 €", ["mairie", "consulat"]],
//                must_not: ["3114"], choices: true}
// A list of statuses or ids means any of them; a list inside `contains` too.

namespace parvis::app {
namespace {

using Texts = std::vector<std::string>;

struct Expected {
  Texts statuses, ids, must_not;
  std::vector<Texts> contains;
  bool choices = false;
};

struct Turn {
  std::string say, choose;
  Expected expected;
};

struct Recorded {
  std::string name;
  Instant now;
  std::string commune;
  std::vector<Turn> turns;
};

Texts one_or_many(const YAML::Node& node) {
  if (!node) return {};
  if (node.IsScalar()) return {node.as<std::string>()};
  return node.as<Texts>();
}

Turn read_turn(const YAML::Node& node) {
  Turn out;
  out.say = node["say"].as<std::string>("");
  out.choose = node["choose"].as<std::string>("");
  if (out.say.empty() == out.choose.empty()) throw YAML::Exception(node.Mark(), "say or choose");
  const YAML::Node expect = node["expect"];
  if (!expect) throw YAML::Exception(node.Mark(), "a turn without expect");
  out.expected.statuses = one_or_many(expect["status"]);
  out.expected.ids = one_or_many(expect["ids"]);
  out.expected.must_not = one_or_many(expect["must_not"]);
  out.expected.choices = expect["choices"].as<bool>(false);
  for (const YAML::Node& each : expect["contains"])
    out.expected.contains.push_back(one_or_many(each));
  return out;
}

Recorded read_dialogue(const std::filesystem::path& path) {
  try {
    const YAML::Node root = YAML::LoadFile(path.string());
    Recorded out;
    out.name = path.stem().string();
    out.commune = root["commune"].as<std::string>("");
    const auto now = parse_rfc3339(root["now"].as<std::string>());
    if (!now) throw YAML::Exception(root["now"].Mark(), "now is no time");
    out.now = *now;
    for (const YAML::Node& turn : root["turns"]) out.turns.push_back(read_turn(turn));
    if (out.turns.empty()) throw YAML::Exception(root.Mark(), "no turn");
    return out;
  } catch (const YAML::Exception& wrong) {
    throw Error(Errc::invalid, path.string() + ": " + wrong.what());
  }
}

std::string comparable(std::string_view text) { return text::fold(text::clean(text)); }

// All that is shown of an answer.
std::string shown(const answer::Answer& answer) {
  std::string out = answer.text;
  auto add = [&](const std::string& more) { out.append("\n").append(more); };
  for (const answer::Part& part : answer.more) add(part.title), add(part.text);
  for (const answer::Choice& choice : answer.choices) add(choice.label);
  for (const std::string& notice : answer.notices) add(notice);
  if (answer.contact) {
    const answer::Contact& c = *answer.contact;
    for (const std::string* each :
         {&c.name, &c.address, &c.email, &c.url, &c.hours, &c.open_words, &c.note})
      add(*each);
    for (const answer::PhoneNumber& phone : c.phones) add(phone.number + " " + phone.label);
  }
  return comparable(out);
}

// What is wrong with an answer, in words; empty when it is right.
std::string fault(const Expected& expected, const answer::Answer& answer) {
  auto holds = [](const Texts& all, std::string_view one) {
    return std::ranges::find(all, one) != all.end();
  };
  if (!expected.statuses.empty() && !holds(expected.statuses, name(answer.status))) return "status";
  if (!expected.ids.empty() &&
      (answer.citations.empty() || !holds(expected.ids, answer.citations[0].id)))
    return "sheet " + (answer.citations.empty() ? "none" : answer.citations[0].id);
  if (expected.choices && answer.choices.empty()) return "no choices";
  const std::string words = shown(answer);
  auto said = [&](const std::string& text) { return says(words, comparable(text)); };
  for (const Texts& any : expected.contains)
    if (std::ranges::none_of(any, said)) return "lacks " + any.front();
  for (const std::string& text : expected.must_not)
    if (said(text)) return "says " + text;
  return "";
}

const answer::Choice& choice_named(const answer::Answer& answer, const std::string& label) {
  for (const answer::Choice& choice : answer.choices)
    if (comparable(choice.label).contains(comparable(label))) return choice;
  static const answer::Choice none;
  return none;
}

struct Count {
  std::size_t turns = 0, right = 0, wrong_and_sure = 0, over_refusal = 0;
};

class Judge {
 public:
  explicit Judge(Rehearsal& town) : town_(town) {}

  void judge(const Recorded& dialogue, std::ostream* out) {
    town_.begin();
    dialogue::State state;
    answer::Answer last;
    bool right = true;
    for (std::size_t i = 0; i < dialogue.turns.size(); ++i) {
      const Turn& turn = dialogue.turns[i];
      const answer::Choice pressed =
          turn.choose.empty() ? answer::Choice{} : choice_named(last, turn.choose);
      dialogue::Step step = town_.turn(std::move(state), turn.say + turn.choose, pressed.value,
                                       dialogue.commune, dialogue.now);
      state = std::move(step.state);
      last = std::move(step.answer);
      std::string wrong = fault(turn.expected, last);
      if (!turn.choose.empty() && pressed.value.empty()) wrong = "no such choice: " + turn.choose;
      count(turn.expected, last, wrong);
      right = right && wrong.empty();
      if (!wrong.empty())
        std::cerr << fmt::format("{} turn {}: {} (is {})\n", dialogue.name, i + 1, wrong,
                                 name(last.status));
      if (out != nullptr)
        *out << json::serialize(json::object{{"dialogue", dialogue.name},
                                             {"turn", i + 1},
                                             {"said", turn.say + turn.choose},
                                             {"wrong", wrong},
                                             {"answer", to_json(last)}})
             << '\n';
    }
    ++dialogues_;
    right_ += right ? 1 : 0;
  }

  json::object report() const {
    json::object statuses;
    Count all;
    for (const auto& [status, c] : by_status_) {
      statuses[status] = {{"turns", c.turns}, {"right", c.right}};
      all.turns += c.turns;
      all.right += c.right;
      all.wrong_and_sure += c.wrong_and_sure;
      all.over_refusal += c.over_refusal;
    }
    const auto share = [](std::size_t part, std::size_t whole) {
      return whole == 0
                 ? 0.0
                 : std::round(1e4 * static_cast<double>(part) / static_cast<double>(whole)) / 1e4;
    };
    return {{"dialogues", dialogues_},
            {"right", right_},
            {"share_right", share(right_, dialogues_)},
            {"turns", all.turns},
            {"turns_right", all.right},
            {"wrong_and_sure", share(all.wrong_and_sure, all.turns)},
            {"over_refusal", share(all.over_refusal, all.turns)},
            {"by_expected_status", std::move(statuses)}};
  }

 private:
  void count(const Expected& expected, const answer::Answer& answer, const std::string& wrong) {
    Count& c = by_status_[expected.statuses.empty() ? "any" : expected.statuses.front()];
    ++c.turns;
    if (wrong.empty()) {
      ++c.right;
      return;
    }
    using answer::Status;
    if (answer.status == Status::answer) ++c.wrong_and_sure;
    if ((answer.status == Status::unknown || answer.status == Status::out_of_scope ||
         answer.status == Status::unsafe) &&
        wrong == "status")
      ++c.over_refusal;
  }

  Rehearsal& town_;
  std::size_t dialogues_ = 0, right_ = 0;
  std::map<std::string, Count> by_status_;  // by the first expected status
};

int eval_dialogues(const Arguments& arguments) {
  const std::filesystem::path folder = arguments.operands[0];
  std::set<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".yaml") files.insert(entry.path());
  if (error || files.empty())
    throw Error(Errc::invalid, folder.string() + " has no dialogue: name a folder of .yaml files");
  std::vector<Recorded> all;
  for (const auto& file : files) all.push_back(read_dialogue(file));
  Home home(arguments.config);
  Models models(home.config, arguments.lexical ? Models::Use::words : Models::Use::command);
  models.cache(Models::Wait::loaded);
  const Answers answers(home, models, tenant_named(home, arguments.tenant));
  Rehearsal town(home, answers);
  if (!town.complete())
    std::cerr
        << "parvis: démarches and appointments are not rehearsed: they are with SQLite, and a "
           "town that is imported\n";
  Judge judge(town);
  std::ofstream out(arguments.out);
  for (const Recorded& dialogue : all)
    judge.judge(dialogue, arguments.out.empty() ? nullptr : &out);
  std::cout << json::serialize(judge.report()) << '\n';
  return 0;
}

constexpr std::array kCommands = {Command{"eval dialogues", "DIR", "[--out FILE] [--lexical]",
                                          "recorded conversations: what each turn must give",
                                          eval_dialogues}};

}  // namespace

std::span<const Command> dialogue_evaluation_commands() { return kCommands; }

}  // namespace parvis::app
