#include "app/commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>

#include "answer/entries.hpp"
#include "answer/print.hpp"
#include "answer/retrieve.hpp"
#include "app/home.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/metrics.hpp"
#include "http/ops.hpp"
#include "http/server.hpp"
#include "knowledge/import.hpp"
#include "knowledge/knowledge_store.hpp"
#include "portal/portal.hpp"
#include "runtime/loops.hpp"
#include "runtime/stop_signal.hpp"
#include "runtime/worker_pool.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

constexpr std::size_t kWorkers = 2, kWaiting = 64;  // threads; requests that may wait for one

constexpr std::string_view kUsage =
    "usage: parvis [--home DIR] [--json] COMMAND\n"
    "  migrate                      prepare or upgrade the database\n"
    "  import fiches SRC            the official sheets: npm package or folder of DILA XML\n"
    "         [--dry-run] [--add] [--yes]\n"
    "  ask \"question\"               one answer, with its source\n"
    "      [--after \"earlier question\"]… [--choose VALUE]…\n"
    "  ask --batch FILE.jsonl       one answer a line\n"
    "  serve                        the pages and the API [--listen ADDR:PORT] [--assets DIR]\n"
    "  eval retrieval FILE.jsonl    how often the right sheet is found [--lexical] [--out FILE]\n";

// Calls fn for each JSON object of a file, with its line number. Throws on a line that is not one.
void each_line(const std::filesystem::path& path,
               const std::function<void(const json::object&, std::size_t)>& fn) {
  std::ifstream file(path);
  if (!file) throw Error(Errc::invalid, path.string() + " cannot be read: check its name");
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.empty()) continue;
    const auto value = parse_json(line);
    if (!value || !value->is_object())
      throw Error(Errc::invalid, fmt::format("{}:{}: not a JSON object", path.string(), number));
    fn(value->get_object(), number);
  }
}

std::string question_of(const json::object& line, const std::filesystem::path& path,
                        std::size_t number) {
  const auto question = string_at(line, "question");
  if (!question)
    throw Error(Errc::invalid, fmt::format("{}:{}: no \"question\"", path.string(), number));
  return std::string(*question);
}

std::function<void(std::size_t, std::size_t)> progress_bar(std::string what) {
  if (isatty(STDERR_FILENO) != 1) return nullptr;
  return [what = std::move(what)](std::size_t done, std::size_t all) {
    if (done % 200 == 0) std::cerr << '\r' << what << ' ' << done << '/' << all << std::flush;
  };
}

json::array array_of(const std::vector<std::string>& values) {
  return json::array(values.begin(), values.end());
}

int import_fiches(const Arguments& arguments, Home& home) {
  const auto start = std::chrono::steady_clock::now();
  const knowledge::ImportReport report = knowledge::import_fiches(
      home.database, arguments.words[2],
      {.add = arguments.add, .dry_run = arguments.dry_run, .yes = arguments.yes},
      progress_bar("reading"));
  std::uint32_t indexed = 0;
  if (!arguments.dry_run) {
    const auto bar = progress_bar("indexing");
    indexed = answer::build_index(home.database, knowledge::kNational, home.national_index(),
                                  [&](std::size_t done) {
                                    if (bar) bar(done, done);
                                  });
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  for (const std::string& failed : report.failed)
    std::cerr << "parvis: not read: " << failed << '\n';
  if (arguments.json) {
    std::cout << json::serialize(json::object{{"added", array_of(report.added)},
                                              {"changed", array_of(report.changed)},
                                              {"removed", array_of(report.removed)},
                                              {"unchanged", report.unchanged},
                                              {"failed", array_of(report.failed)},
                                              {"unknown", array_of(report.unknown)},
                                              {"indexed", indexed},
                                              {"seconds", seconds}})
              << '\n';
  } else {
    fmt::print(
        "{} added, {} changed, {} removed, {} unchanged, {} not read; {} indexed in {:.1f} s\n",
        report.added.size(), report.changed.size(), report.removed.size(), report.unchanged,
        report.failed.size(), indexed, seconds);
    for (const std::string& name : report.unknown)
      fmt::print("unknown element kept as a plain block: {}\n", name);
  }
  return 0;
}

std::vector<std::string> texts_at(const json::object& line, std::string_view key) {
  std::vector<std::string> out;
  if (const json::array* values = array_at(line, key))
    for (const json::value& value : *values)
      if (value.is_string()) out.emplace_back(value.get_string());
  return out;
}

int ask(const Arguments& arguments, Home& home) {
  const auto snapshot = open_index(home);
  if (!arguments.batch.empty()) {
    each_line(arguments.batch, [&](const json::object& line, std::size_t number) {
      answer::Answer answer = app::ask(home, *snapshot,
                                       {.text = question_of(line, arguments.batch, number),
                                        .earlier = texts_at(line, "after"),
                                        .chosen = texts_at(line, "chosen")});
      answer.qid = string_at(line, "qid").value_or("");
      std::cout << json::serialize(to_json(answer)) << '\n';
    });
    return 0;
  }
  const answer::Answer answer = app::ask(
      home, *snapshot,
      {.text = arguments.words[1], .earlier = arguments.after, .chosen = arguments.chosen});
  if (arguments.json)
    std::cout << json::serialize(to_json(answer)) << '\n';
  else
    fmt::print("{}", render_text(answer));
  return 0;
}

int eval_retrieval(const Arguments& arguments, const Home& home) {
  const auto snapshot = open_index(home);
  std::ofstream out(arguments.out);
  std::array<double, 4> hits{};
  constexpr std::array<std::size_t, 4> kAt = {1, 3, 5, 10};
  double mrr = 0;
  std::vector<double> times;
  const std::filesystem::path path = arguments.words[2];
  each_line(path, [&](const json::object& line, std::size_t number) {
    const std::string question = text::clean(question_of(line, path, number));
    const auto start = std::chrono::steady_clock::now();
    const answer::Retrieval retrieval = answer::retrieve(*snapshot, question, answer::kFound);
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
            .count());
    const json::array* expected = array_at(line, "expected_ids");
    json::array ranked;
    std::size_t rank = 0;
    for (const answer::Found& found : retrieval.found) {
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
                                            {"mode", "lexical"}})
            << '\n';
  return 0;
}

// Construction order is lifetime order.
int serve(const Arguments& arguments, Home& home) {
  const auto where = http::parse_listen(arguments.listen);
  if (!where)
    throw Error(Errc::invalid, "--listen " + arguments.listen + ": " + where.error().what);
  runtime::StopSignal stop;
  const auto snapshot = open_index(home);
  const http::Assets assets(arguments.assets, "/assets");
  const portal::Service service{
      .town = arguments.town,
      .ask =
          [&](answer::Question question) { return app::ask(home, *snapshot, std::move(question)); },
      .sheet =
          [&](const knowledge::DocumentKey& key) {
            return home.database.read(
                [&](db::Tx& tx) { return knowledge::load(tx, knowledge::kNational, key); });
          }};
  Metrics metrics;
  http::Router router;
  portal::add_portal(router, service, assets);
  assets.add_to(router);
  http::add_ops(router, metrics, [] {
    return http::Readiness{
        .ready = true,
        .degraded = {{"vectors", "the search is lexical: this version has no embedder"}}};
  });
  runtime::Loops loops(1);
  runtime::WorkerPool workers(kWorkers, kWaiting);
  http::ServerOptions options;
  options.error_page = portal::error_page(service, assets);
  http::Server server(loops, workers, metrics, std::move(router), std::move(options));
  server.listen(*where);
  std::cerr << "parvis: open http://" << server.address() << "/\n";
  stop.wait();
  stop.next_one_kills();
  return server.stop() ? 0 : 1;
}

[[noreturn]] void usage(const std::string& what) {
  throw Error(Errc::invalid, what + "; run parvis help");
}

}  // namespace

Arguments parse_arguments(const std::vector<std::string>& all) {
  Arguments out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string& word = all[i];
    auto value = [&]() -> const std::string& {
      if (++i == all.size()) usage("the option " + word + " needs a value");
      return all[i];
    };
    if (word == "--home")
      out.home = value();
    else if (word == "--batch")
      out.batch = value();
    else if (word == "--out")
      out.out = value();
    else if (word == "--listen")
      out.listen = value();
    else if (word == "--assets")
      out.assets = value();
    else if (word == "--town")
      out.town = value();
    else if (word == "--after")
      out.after.push_back(value());
    else if (word == "--choose")
      out.chosen.push_back(value());
    else if (word == "--json")
      out.json = true;
    else if (word == "--add")
      out.add = true;
    else if (word == "--dry-run")
      out.dry_run = true;
    else if (word == "--yes")
      out.yes = true;
    else if (word == "--lexical")
      out.lexical = true;
    else if (word == "--help")
      out.words = {"help"};
    else if (word.starts_with("--"))
      usage("the option " + word + " is not known");
    else
      out.words.push_back(word);
  }
  return out;
}

int run(const Arguments& arguments) {
  const std::vector<std::string>& words = arguments.words;
  if (words.empty() || words[0] == "help") {
    std::cout << kUsage;
    return words.empty() ? 2 : 0;
  }
  const bool import = words[0] == "import" && words.size() == 3 && words[1] == "fiches";
  const bool ask_one = words[0] == "ask" && (words.size() == 2) != !arguments.batch.empty();
  const bool eval = words[0] == "eval" && words.size() == 3 && words[1] == "retrieval";
  const bool migrate = words[0] == "migrate" && words.size() == 1;
  const bool serves = words[0] == "serve" && words.size() == 1;
  if (!import && !ask_one && !eval && !migrate && !serves)
    usage("this command is not known or is incomplete");
  Home home(arguments.home);
  if (import) return import_fiches(arguments, home);
  if (ask_one) return ask(arguments, home);
  if (eval) return eval_retrieval(arguments, home);
  if (serves) return serve(arguments, home);
  std::cout << "the database is ready\n";
  return 0;
}

}  // namespace parvis::app
