// How long a form takes to be evaluated whole, as each page and each turn of a dialogue does it.
#include <benchmark/benchmark.h>

#include <fstream>
#include <sstream>

#include "procedure/form.hpp"

namespace parvis::procedure {
namespace {

using namespace std::chrono_literals;

const Moment kMoment{LocalTime(std::chrono::local_days(CivilDate{2026y / 11 / 28})) + 14h, {}};

// Every field has a condition of two names, so that one answer may hide all others.
void four_hundred_fields(benchmark::State& state) {
  std::string yaml =
      "id: essai\ntitle: Essai\nsummary: x\nservice: mairie\nother_ways: [x]\n"
      "clock: {silence: none, delay: 1 month, basis: x}\n"
      "steps:\n  - title: Un\n    pages:\n      - {id: f0, type: number, label: A}\n";
  json::object answers{{"f0", 1}};
  for (int i = 1; i < 400; ++i) {
    const std::string n = std::to_string(i);
    yaml += "      - {id: f" + n + ", type: number, label: A, when: \"f" + std::to_string(i - 1) +
            " > 0 and f0 in [1, 2, 3]\"}\n";
    answers["f" + n] = 1;
  }
  const auto definition = read_definition(yaml);
  for (auto _ : state) {
    const Form form = evaluate(*definition, answers, kMoment);
    if (!form.complete()) state.SkipWithError("the form is not complete");
  }
}
BENCHMARK(four_hundred_fields)->Unit(benchmark::kMicrosecond);

std::string demo() {
  std::stringstream text;
  text << std::ifstream(PARVIS_SOURCE_DIR "/demo/procedures/acte-etat-civil.yaml").rdbuf();
  return text.str();
}

void read_of_the_demo(benchmark::State& state) {
  const std::string yaml = demo();
  for (auto _ : state)
    if (!read_definition(yaml)) state.SkipWithError("the definition is not sound");
}
BENCHMARK(read_of_the_demo)->Unit(benchmark::kMicrosecond);

void page_of_the_demo(benchmark::State& state) {
  const auto definition = read_definition(demo());
  if (!definition) return state.SkipWithError("the definition is not sound");
  const json::object answers = parse_json(R"({"type":"naissance","lieu":"ici",
      "date_acte":"1990-05-02","document":"copie","lien":"moi"})")
                                   ->as_object();
  for (auto _ : state) benchmark::DoNotOptimize(evaluate(*definition, answers, kMoment));
}
BENCHMARK(page_of_the_demo)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace parvis::procedure
