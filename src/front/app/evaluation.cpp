#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iostream>

#include "app/answers.hpp"
#include "app/command.hpp"
#include "app/lines.hpp"
#include "base/error.hpp"
#include "text/language.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

using retrieval::By;

// As the agent searches (dialogue/step.hpp).
std::string_view language(const std::string& question) {
  const text::LanguageGuess guess = text::language_of(question);
  return text::is_foreign(guess.language) ? guess.code : "";
}

int eval_retrieval(const Arguments& arguments) {
  Home home(arguments.config);
  Models models(home.config, arguments.lexical ? Models::Use::words : Models::Use::command);
  models.cache(Models::Wait::loaded);
  const Answers answers(home, models, tenant_named(home, arguments.tenant));
  std::ofstream out(arguments.out);
  std::array<double, 4> hits{};
  constexpr std::array<std::size_t, 4> kAt = {1, 3, 5, 10};
  double mrr = 0;
  retrieval::Mode mode = retrieval::Mode::passages;  // the least of the run
  std::vector<double> times;
  const std::filesystem::path path = arguments.operands[0];
  each_line(path, [&](const json::object& line, std::size_t number) {
    const std::string question = text::clean(question_of(line, path, number));
    const auto start = std::chrono::steady_clock::now();
    const retrieval::Retrieval retrieval = answers.find(
        question, retrieval::kFound, arguments.lexical ? By::words : By::both, language(question));
    mode = std::min(mode, retrieval.mode);
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
            .count());
    const json::array* expected = array_at(line, "expected_ids");
    json::array ranked;
    std::size_t rank = 0;
    for (const retrieval::Found& found : retrieval.found) {
      ranked.emplace_back(found.key.id);
      const bool right =
          expected != nullptr && std::ranges::any_of(*expected, [&](const json::value& id) {
            return id.is_string() && id.get_string() == found.key.id;
          });
      if (right && rank == 0) rank = ranked.size();
    }
    for (std::size_t i = 0; i < kAt.size(); ++i) hits[i] += rank != 0 && rank <= kAt[i] ? 1 : 0;
    mrr += rank != 0 ? 1.0 / static_cast<double>(rank) : 0;
    if (!arguments.out.empty())
      out << json::serialize(json::object{{"qid", string_at(line, "qid").value_or("")},
                                          {"confidence", retrieval.confidence},
                                          {"ids", std::move(ranked)}})
          << '\n';
  });
  if (times.empty()) throw Error(Errc::invalid, path.string() + " has no question");
  std::ranges::sort(times);
  const auto n = static_cast<double>(times.size());
  auto percentile = [&](double p) { return times[static_cast<std::size_t>(p * (n - 1))]; };
  std::cout << json::serialize(json::object{{"n", times.size()},
                                            {"hit@1", hits[0] / n},
                                            {"hit@3", hits[1] / n},
                                            {"hit@5", hits[2] / n},
                                            {"hit@10", hits[3] / n},
                                            {"mrr", mrr / n},
                                            {"p50_ms", percentile(0.5)},
                                            {"p95_ms", percentile(0.95)},
                                            {"mode", name(mode)}})
            << '\n';
  return 0;
}

constexpr std::array kCommands = {Command{"eval retrieval", "FILE.jsonl",
                                          "[--lexical] [--out FILE]",
                                          "how often the right sheet is found", eval_retrieval}};

}  // namespace

std::span<const Command> evaluation_commands() { return kCommands; }

}  // namespace parvis::app
