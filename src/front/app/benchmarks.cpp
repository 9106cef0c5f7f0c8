// `bench`: how long things take beside a peer that does the same work in the same run.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <iostream>

#include "app/answers.hpp"
#include "app/command.hpp"
#include "app/lines.hpp"
#include "base/error.hpp"
#include "knowledge/knowledge_store.hpp"
#include "retrieval/entries.hpp"
#include "search/bare.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr std::size_t kQuestions = 1000;  // asked in all, the file's again and again

struct Times {
  std::vector<double> ms;
  void add(Clock::duration time) { ms.push_back(Milliseconds(time).count()); }
  double at(double share) {
    std::ranges::sort(ms);
    return ms.at(static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1)));
  }
};

json::object beside(double ours, double peer) {
  return {{"ours", ours}, {"peer", peer}, {"ratio", peer > 0 ? ours / peer : 0}};
}

// Proportional set size of a process, in MB: its own share of what it maps.
double memory_mb(const std::string& process) {
  std::ifstream file("/proc/" + process + "/smaps_rollup");
  for (std::string word; file >> word;)
    if (word == "Pss:") {
      double kilobytes = 0;
      file >> kilobytes;
      return kilobytes / 1024;
    }
  return 0;
}

std::vector<std::string> questions_of(const Arguments& arguments) {
  std::vector<std::string> out;
  const std::filesystem::path file =
      arguments.operands.empty() ? "demo/questions.jsonl" : arguments.operands[0];
  each_line(file, [&](const json::object& line, std::size_t number) {
    out.push_back(text::clean(question_of(line, file, number)));
  });
  if (out.empty()) throw Error(Errc::invalid, file.string() + " has no question");
  return out;
}

void ask(const Answers& answers, std::string question) {
  answers.ask({.text = std::move(question), .earlier = {}, .chosen = {}}, "", system_now());
}

void embed(Models& models, std::string_view question) {
  if (!models.embedder().embed(inference::Kind::query, question))
    throw Error(Errc::unavailable,
                "the model's process stopped while it was measured: measure again");
}

// Questions a second with two at a time.
template <typename Ask>
double throughput(std::size_t count, const Ask& ask) {
  std::atomic<std::size_t> next = 0;
  const auto start = Clock::now();
  auto some = [&] {
    for (std::size_t i = next++; i < count; i = next++) ask(i);
  };
  auto other = std::async(std::launch::async, some);
  some();
  other.get();
  return static_cast<double>(count) / std::chrono::duration<double>(Clock::now() - start).count();
}

// The peer is the embedder alone, on the same questions: the least an answer with vectors can cost.
int bench_answer(const Arguments& arguments) {
  const std::vector<std::string> questions = questions_of(arguments);
  const auto start = Clock::now();
  Home home(arguments.config);
  Models models(home.config);
  const Answers answers(home, models, tenant_named(home, arguments.tenant));
  ask(answers, questions[0]);
  const Milliseconds first = Clock::now() - start;
  if (models.cache(Models::Wait::loaded) == nullptr)
    throw Error(Errc::unavailable, models.problem());
  const Answers warm(home, models, tenant_named(home, arguments.tenant));
  Times ours, peer;
  for (std::size_t i = 0; i < kQuestions; ++i) {
    // One more word each time, so that no cache answers.
    const std::string question = fmt::format("{} {}", questions[i % questions.size()], i);
    auto before = Clock::now();
    ask(warm, question);
    ours.add(Clock::now() - before);
    before = Clock::now();
    embed(models, question);
    peer.add(Clock::now() - before);
  }
  auto question = [&](std::size_t i, char mark) {
    return fmt::format("{} {}{}", questions[i % questions.size()], i, mark);
  };
  const double ours_rate =
      throughput(kQuestions / 4, [&](std::size_t i) { ask(warm, question(i, 'a')); });
  const double peer_rate =
      throughput(kQuestions / 4, [&](std::size_t i) { embed(models, question(i, 'b')); });
  std::cout << json::serialize(json::object{
                   {"peer", "the embedder alone"},
                   {"questions", kQuestions},
                   {"p50_ms", beside(ours.at(0.5), peer.at(0.5))},
                   {"p95_ms", beside(ours.at(0.95), peer.at(0.95))},
                   {"per_second", beside(ours_rate, peer_rate)},
                   {"first_answer_ms", first.count()},
                   {"memory_mb",
                    memory_mb("self") + memory_mb(std::to_string(models.embedder().child()))}})
            << '\n';
  return 0;
}

// The peer is Xapian alone: the same terms on the same indexes, the match set only.
int bench_lexical(const Arguments& arguments) {
  const std::vector<std::string> questions = questions_of(arguments);
  Home home(arguments.config);
  Models models(home.config);
  const Answers answers(home, models, tenant_named(home, arguments.tenant));
  const auto snapshot = answers.snapshot();
  Times ours, peer;
  for (std::size_t i = 0; i < kQuestions; ++i) {
    const std::string& question = questions[i % questions.size()];
    const auto before = Clock::now();
    retrieval::retrieve(*snapshot, models.fitted(), retrieval::Mode::lexical, question, {}, 10);
    ours.add(Clock::now() - before);
    const retrieval::Asked asked = retrieval::read_question(*snapshot, question);
    peer.add(search::bare_search(*snapshot, asked.terms, 4 * retrieval::kPool));
  }
  std::cout << json::serialize(json::object{{"peer", "Xapian alone"},
                                            {"questions", kQuestions},
                                            {"p50_ms", beside(ours.at(0.5), peer.at(0.5))},
                                            {"p95_ms", beside(ours.at(0.95), peer.at(0.95))}})
            << '\n';
  return 0;
}

// The peer is Xapian alone, fed with the same texts from memory.
int bench_import(const Arguments& arguments) {
  Home home(arguments.config);
  std::vector<search::Entry> entries;
  home.database.read([&](db::Tx& tx) {
    entries.clear();
    knowledge::each_document(tx, knowledge::kNational, [&](const knowledge::Document& document) {
      entries.push_back(retrieval::entry_of(document));
    });
  });
  if (entries.empty())
    throw Error(Errc::unavailable, "nothing is imported yet: run parvis import fiches SRC");
  const std::filesystem::path scope = home.config.home / "bench.index";
  const auto before = Clock::now();
  retrieval::build_index(home.database, knowledge::kNational, scope, nullptr);
  const std::chrono::duration<double> ours = Clock::now() - before;
  const std::chrono::duration<double> peer = search::bare_index(scope / "bare", entries);
  std::filesystem::remove_all(scope);
  const auto n = static_cast<double>(entries.size());
  std::cout << json::serialize(
                   json::object{{"peer", "Xapian alone"},
                                {"documents", entries.size()},
                                {"per_second", beside(n / ours.count(), n / peer.count())}})
            << '\n';
  return 0;
}

int bench_all(const Arguments& arguments) {
  return std::max({bench_answer(arguments), bench_lexical(arguments), bench_import(arguments)});
}

constexpr std::array kCommands = {
    Command{"bench answer", "[FILE.jsonl]", "", "answers beside the embedder alone", bench_answer},
    Command{"bench lexical", "[FILE.jsonl]", "", "search by words beside Xapian alone",
            bench_lexical},
    Command{"bench import", "", "", "indexing beside Xapian alone", bench_import},
    Command{"bench all", "[FILE.jsonl]", "", "all of them", bench_all}};

}  // namespace

std::span<const Command> benchmark_commands() { return kCommands; }

}  // namespace parvis::app
