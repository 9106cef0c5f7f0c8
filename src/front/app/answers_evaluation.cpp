// `eval answers`: what the answers to labelled questions are worth.
#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <map>

#include "answer/print.hpp"
#include "app/answers.hpp"
#include "app/command.hpp"
#include "app/lines.hpp"
#include "base/error.hpp"
#include "retrieval/calibration.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

using answer::Status;

// What a question wants. Empty members want nothing.
struct Expected {
  std::vector<std::string> statuses, ids, contains, must_not;
};

// A person's judgement of the answer from one sheet: "right", "partial", "wrong", "unknown".
struct Mark {
  std::string id, mark;
};

std::vector<std::string> one_or_many(const json::object& object, std::string_view key) {
  if (const auto one = string_at(object, key)) return {std::string(*one)};
  return texts_at(object, key);
}

Expected expected_of(const json::object& line) {
  const json::object* expect = object_at(line, "expect");
  if (expect == nullptr)
    return {.statuses = {}, .ids = texts_at(line, "expected_ids"), .contains = {}, .must_not = {}};
  return {.statuses = one_or_many(*expect, "status"),
          .ids = one_or_many(*expect, "ids"),
          .contains = one_or_many(*expect, "contains"),
          .must_not = one_or_many(*expect, "must_not")};
}

bool holds(const std::vector<std::string>& all, std::string_view one) {
  return std::ranges::find(all, one) != all.end();
}

std::string all_words(const answer::Answer& answer) {
  std::string out = answer.text;
  for (const answer::Part& part : answer.more)
    out.append("\n").append(part.title).append("\n").append(part.text);
  return text::fold(out);
}

bool met(const Expected& expected, const answer::Answer& answer) {
  if (!expected.statuses.empty() && !holds(expected.statuses, name(answer.status))) return false;
  if (!expected.ids.empty() &&
      (answer.citations.empty() || !holds(expected.ids, answer.citations[0].id)))
    return false;
  const std::string words = all_words(answer);
  auto said = [&](const std::string& text) { return says(words, text::fold(text)); };
  return std::ranges::all_of(expected.contains, said) &&
         std::ranges::none_of(expected.must_not, said);
}

std::map<std::string, std::vector<Mark>> read_marks(const std::filesystem::path& file) {
  std::map<std::string, std::vector<Mark>> out;
  each_line(file, [&](const json::object& line, std::size_t number) {
    const auto qid = string_at(line, "qid"), id = string_at(line, "id"),
               mark = string_at(line, "mark");
    constexpr std::array kMarks = {"right", "partial", "wrong", "unknown"};
    if (!qid || !id || !mark || std::ranges::find(kMarks, *mark) == kMarks.end())
      throw Error(Errc::invalid, file.string() + ":" + std::to_string(number) +
                                     ": a mark has qid, id and mark: right, partial, wrong or "
                                     "unknown");
    out[std::string(*qid)].push_back({std::string(*id), std::string(*mark)});
  });
  return out;
}

enum class Verdict : std::uint8_t {
  right,
  partial_and_saying_so,
  wrong_and_sure,
  rightly_unknown,
  over_refusal,
  not_sure,  // leads on without asserting: neither right nor wrong
  unmarked,  // asserts from a sheet that has no mark
};
constexpr std::array<std::string_view, 7> kVerdicts = {"right",          "partial_and_saying_so",
                                                       "wrong_and_sure", "rightly_unknown",
                                                       "over_refusal",   "not_sure",
                                                       "unmarked"};

bool refuses(Status status) { return status == Status::unknown || status == Status::out_of_scope; }

Verdict judge(const Expected& expected, const answer::Answer& answer) {
  const bool wants_none = std::ranges::any_of(
      expected.statuses, [](const auto& s) { return s == "unknown" || s == "out_of_scope"; });
  if (met(expected, answer) && !(expected.statuses.empty() && answer.status != Status::answer))
    return wants_none && refuses(answer.status) ? Verdict::rightly_unknown : Verdict::right;
  if (answer.status == Status::partial) return Verdict::partial_and_saying_so;
  if (answer.status == Status::answer) return Verdict::wrong_and_sure;
  return refuses(answer.status) && !wants_none ? Verdict::over_refusal : Verdict::not_sure;
}

Verdict judge(const std::vector<Mark>& marks, const answer::Answer& answer) {
  if (answer.status == Status::partial) return Verdict::partial_and_saying_so;
  const bool unanswerable =
      std::ranges::any_of(marks, [](const Mark& m) { return m.mark == "unknown"; });
  if (refuses(answer.status))
    return unanswerable ? Verdict::rightly_unknown : Verdict::over_refusal;
  if (answer.status != Status::answer) return Verdict::not_sure;
  for (const Mark& mark : marks)
    if (!answer.citations.empty() && mark.id == answer.citations[0].id)
      return mark.mark == "right" ? Verdict::right : Verdict::wrong_and_sure;
  return Verdict::unmarked;
}

int eval_answers(const Arguments& arguments) {
  Home home(arguments.config);
  Models models(home.config, Models::Use::command);
  models.cache(Models::Wait::loaded);
  const Answers answers(home, models, tenant_named(home, arguments.tenant));
  const auto marks = arguments.marks.empty() ? std::map<std::string, std::vector<Mark>>{}
                                             : read_marks(arguments.marks);
  std::ofstream out(arguments.out);
  std::array<std::size_t, kVerdicts.size()> counts{};
  std::map<std::string, std::array<std::size_t, kVerdicts.size()>> by_status;
  std::vector<double> said;
  std::vector<bool> right_page;
  const std::filesystem::path path = arguments.operands[0];
  each_line(path, [&](const json::object& line, std::size_t number) {
    const answer::Answer answer = answers.ask(
        {.text = question_of(line, path, number), .earlier = texts_at(line, "after"), .chosen = {}},
        "", system_now());
    const std::string qid(string_at(line, "qid").value_or(""));
    const Expected expected = expected_of(line);
    const auto marked = marks.find(qid);
    if (!marks.empty() && marked == marks.end()) return;  // nobody has judged this one
    const Verdict verdict = marks.empty() ? judge(expected, answer) : judge(marked->second, answer);
    const auto place = static_cast<std::size_t>(verdict);
    ++counts[place];
    ++by_status[std::string(name(answer.status))][place];
    if (!expected.ids.empty() || !answer.citations.empty()) {
      said.push_back(answer.confidence);
      right_page.push_back(!answer.citations.empty() &&
                           holds(expected.ids, answer.citations[0].id));
    }
    if (!arguments.out.empty())
      out << json::serialize(json::object{
                 {"qid", qid}, {"verdict", kVerdicts[place]}, {"answer", to_json(answer)}})
          << '\n';
  });
  if (said.empty()) throw Error(Errc::invalid, path.string() + " has no question to judge");
  auto named = [](const auto& numbers) {
    json::object object;
    for (std::size_t i = 0; i < kVerdicts.size(); ++i) object[kVerdicts[i]] = numbers[i];
    return object;
  };
  json::object report = named(counts), statuses;
  for (const auto& [status, numbers] : by_status) statuses[status] = named(numbers);
  std::size_t n = 0;
  for (const std::size_t count : counts) n += count;
  report["n"] = n;
  report["by_status"] = std::move(statuses);
  report["confidence"] = retrieval::confidence_report(said, right_page);
  std::cout << json::serialize(report) << '\n';
  return 0;
}

constexpr std::array kCommands = {
    Command{"eval answers", "FILE.jsonl", "[--marks FILE] [--out FILE]",
            "what the answers are worth, by expectations in the file or by marks of a person",
            eval_answers}};

}  // namespace

std::span<const Command> answers_evaluation_commands() { return kCommands; }

}  // namespace parvis::app
