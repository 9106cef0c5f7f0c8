// `bench`: how long things take beside a peer that does the same work in the same run.
#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <iostream>

#include "app/answers.hpp"
#include "app/command.hpp"
#include "app/measure.hpp"
#include "base/error.hpp"
#include "knowledge/knowledge_store.hpp"
#include "retrieval/entries.hpp"
#include "search/bare.hpp"

namespace parvis::app {
namespace {

constexpr std::size_t kQuestions = 1000;  // asked in all, the file's again and again

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
    const auto before = Times::Clock::now();
    retrieval::retrieve(*snapshot, models.fitted().ranker, retrieval::Mode::lexical, question, {},
                        10);
    ours.add(Times::Clock::now() - before);
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
  const auto before = Times::Clock::now();
  retrieval::build_index(home.database, knowledge::kNational, scope, nullptr);
  const std::chrono::duration<double> ours = Times::Clock::now() - before;
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
  Arguments through_http = arguments;
  through_http.http = true;
  return std::max({bench_streams(arguments), bench_answer(arguments), bench_answer(through_http),
                   bench_lexical(arguments), bench_import(arguments), bench_deposit(arguments),
                   bench_bookings(arguments), bench_slots(arguments)});
}

constexpr std::array kCommands = {
    Command{"bench answer", "[FILE.jsonl]", "[--http]",
            "answers beside the embedder alone; through a conversation's stream (--http)",
            bench_answer},
    Command{"bench lexical", "[FILE.jsonl]", "", "search by words beside Xapian alone",
            bench_lexical},
    Command{"bench import", "", "", "indexing beside Xapian alone", bench_import},
    Command{"bench streams", "", "", "10,000 streams: memory; messages beside a bare broadcast",
            bench_streams},
    Command{"bench deposit", "", "",
            "deposits beside the same statements said by a bare client; --config names a database",
            bench_deposit},
    Command{"bench bookings", "", "",
            "bookings beside the same statements said by a bare client; --config names a database",
            bench_bookings},
    Command{"bench slots", "", "", "a month of slots of 20 counters with 10,000 bookings",
            bench_slots},
    Command{"bench cases", "", "[--work DIR] [--count N]",
            "lists and searches over a million cases, made once and kept in DIR", bench_cases},
    Command{"bench all", "[FILE.jsonl]", "", "all of them", bench_all}};

}  // namespace

std::span<const Command> benchmark_commands() { return kCommands; }

}  // namespace parvis::app
