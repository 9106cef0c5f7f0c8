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
#include "app/answers.hpp"
#include "app/home.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/metrics.hpp"
#include "directory/annuaire.hpp"
#include "directory/directory_store.hpp"
#include "directory/town.hpp"
#include "http/ops.hpp"
#include "http/server.hpp"
#include "knowledge/import.hpp"
#include "knowledge/knowledge_store.hpp"
#include "portal/portal.hpp"
#include "runtime/loops.hpp"
#include "runtime/stop_signal.hpp"
#include "runtime/worker_pool.hpp"
#include "tenancy/tenancy_store.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

constexpr std::size_t kWorkers = 2, kWaiting = 64;  // threads; requests that may wait for one

constexpr std::string_view kUsage =
    "usage: parvis [--home DIR] [--tenant T] [--json] COMMAND\n"
    "  migrate                      prepare or upgrade the database\n"
    "  import fiches SRC            the official sheets: npm package or folder of DILA XML\n"
    "         [--dry-run] [--add] [--yes]  (a zip too)\n"
    "  import commune DIR           a town: services, hours, local sheets\n"
    "  import faq FILE.jsonl        questions and answers of the town\n"
    "  import annuaire FILE.json    services of the national directory\n"
    "  ask \"question\"               one answer, with its source\n"
    "      [--after \"earlier question\"]… [--choose VALUE]… [--commune INSEE] [--now TIME]\n"
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

void print_import(const Arguments& arguments, const knowledge::ImportReport& report) {
  for (const std::string& failed : report.failed)
    std::cerr << "parvis: not read: " << failed << '\n';
  if (arguments.json) {
    std::cout << json::serialize(to_json(report)) << '\n';
    return;
  }
  fmt::print("{} added, {} changed, {} removed, {} unchanged, {} not read\n", report.added.size(),
             report.changed.size(), report.removed.size(), report.unchanged,
             report.failed.size() + report.failures_not_shown);
  for (const std::string& name : report.unknown)
    fmt::print("unknown element kept as a plain block: {}\n", name);
}

knowledge::ImportOptions options_of(const Arguments& arguments) {
  return {.add = arguments.add,
          .dry_run = arguments.dry_run,
          .yes = arguments.yes,
          .now = system_now()};
}

// An import that changed nothing needs no new generation, when there is one.
void index_after(const Arguments& arguments, Home& home, std::string_view tenant, bool changed) {
  const std::filesystem::path scope = home.index_of(tenant);
  if (arguments.dry_run || (!changed && search::current_generation(scope))) return;
  const auto bar = progress_bar("indexing");
  answer::build_index(home.database, tenant, scope, [&](std::size_t done) {
    if (bar) bar(done, done);
  });
}

// `import` on an empty home makes the tenant `default`, so that a home with one FAQ works.
std::string tenant_to_fill(const Arguments& arguments, Home& home) {
  const std::string tenant = tenant_named(home, arguments.tenant);
  if (!tenant.empty() || arguments.dry_run) return tenant;
  home.database.write([&](db::Tx& tx) {
    tenancy::create_tenant(tx,
                           {.id = "default",
                            .name = "Ma commune",
                            .kind = tenancy::Tenant::Kind::commune,
                            .zone = Zone::paris()},
                           system_now());
  });
  return "default";
}

int import_fiches(const Arguments& arguments, Home& home) {
  const bool empty = home.database.read([](db::Tx& tx) { return tenancy::tenants(tx).empty(); });
  const knowledge::ImportReport report = knowledge::import_fiches(
      home.database, arguments.words[2], options_of(arguments), progress_bar("reading"));
  if (empty) tenant_to_fill(arguments, home);
  index_after(arguments, home, knowledge::kNational, !report.import_id.empty());
  print_import(arguments, report);
  return 0;
}

int import_faq(const Arguments& arguments, Home& home) {
  const std::string tenant = tenant_to_fill(arguments, home);
  const knowledge::ImportReport report =
      knowledge::import_faq(home.database, tenant, arguments.words[2], "Questions de la commune",
                            options_of(arguments), progress_bar("reading"));
  index_after(arguments, home, tenant, !report.import_id.empty());
  print_import(arguments, report);
  return 0;
}

int import_commune(const Arguments& arguments, Home& home) {
  const std::filesystem::path folder = arguments.words[2];
  const auto town = directory::load_town(folder);
  if (!town) {
    std::string all = "the folder " + folder.string() + " is not sound";
    for (const directory::FileProblem& problem : town.error())
      all.append("\n  ").append(words(problem));
    throw Error(Errc::invalid, all);
  }
  if (!arguments.tenant.empty() && arguments.tenant != town->tenant.id)
    throw Error(Errc::invalid, "this folder is of the tenant " + town->tenant.id + ", not " +
                                   arguments.tenant + ": name that one, or none");
  const std::string& tenant = town->tenant.id;
  if (!arguments.dry_run)
    home.database.write([&](db::Tx& tx) {
      if (!tenancy::tenant_of(tx, tenant)) tenancy::create_tenant(tx, town->tenant, system_now());
      for (const tenancy::Commune& commune : town->communes)
        if (!tenancy::update_commune(tx, tenant, commune))
          tenancy::add_commune(tx, tenant, commune);
    });
  const directory::Changes services = home.database.write(tenant, [&](db::Tx& tx) {
    return arguments.dry_run ? directory::changes(tx, tenant, "commune", town->services)
                             : directory::replace(tx, tenant, "commune", town->services);
  });
  const knowledge::ImportReport report =
      knowledge::import_local_sheets(home.database, tenant, folder / "knowledge", town->tenant.name,
                                     options_of(arguments), nullptr);
  index_after(arguments, home, tenant, !report.import_id.empty());
  std::cerr << fmt::format("parvis: {} services added, {} changed, {} removed, {} unchanged\n",
                           services.added.size(), services.changed.size(), services.removed.size(),
                           services.unchanged);
  print_import(arguments, report);
  return 0;
}

int import_annuaire(const Arguments& arguments, Home& home) {
  std::ifstream file(arguments.words[2], std::ios::binary);
  if (!file) throw Error(Errc::invalid, arguments.words[2] + " cannot be read: check its name");
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  const auto read = directory::read_annuaire(bytes);
  if (!read) throw Error(Errc::invalid, arguments.words[2] + ": " + read.error().what);
  const std::string tenant = tenant_to_fill(arguments, home);
  for (const std::string& note : read->notes) std::cerr << "parvis: " << note << '\n';
  const directory::Changes done = home.database.write(tenant, [&](db::Tx& tx) {
    return arguments.dry_run ? directory::changes(tx, tenant, "annuaire", read->services)
                             : directory::replace(tx, tenant, "annuaire", read->services);
  });
  const json::object report{{"added", array_of(done.added)},
                            {"changed", array_of(done.changed)},
                            {"removed", array_of(done.removed)},
                            {"unchanged", done.unchanged}};
  if (arguments.json)
    std::cout << json::serialize(report) << '\n';
  else
    fmt::print("{} services added, {} changed, {} removed, {} unchanged\n", done.added.size(),
               done.changed.size(), done.removed.size(), done.unchanged);
  return 0;
}

std::vector<std::string> texts_at(const json::object& line, std::string_view key) {
  std::vector<std::string> out;
  if (const json::array* values = array_at(line, key))
    for (const json::value& value : *values)
      if (value.is_string()) out.emplace_back(value.get_string());
  return out;
}

// --commune, which must be one of the tenant's.
std::string commune_named(const Arguments& arguments, const Answers& answers) {
  if (arguments.commune.empty()) return "";
  for (const tenancy::Commune& commune : answers.communes())
    if (commune.insee == arguments.commune) return commune.insee;
  throw Error(Errc::invalid, "--commune " + arguments.commune + " is no commune of this tenant");
}

Instant now_of(const Arguments& arguments) {
  if (arguments.now.empty()) return system_now();
  const auto now = parse_rfc3339(arguments.now);
  if (!now) throw Error(Errc::invalid, "--now wants a time like 2026-11-24T09:00:00+01:00");
  return *now;
}

int ask(const Arguments& arguments, Home& home) {
  const Answers answers(home, tenant_named(home, arguments.tenant));
  const std::string commune = commune_named(arguments, answers);
  const Instant now = now_of(arguments);
  if (!arguments.batch.empty()) {
    each_line(arguments.batch, [&](const json::object& line, std::size_t number) {
      answer::Answer answer = answers.ask({.text = question_of(line, arguments.batch, number),
                                           .earlier = texts_at(line, "after"),
                                           .chosen = texts_at(line, "chosen")},
                                          commune, now);
      answer.qid = string_at(line, "qid").value_or("");
      std::cout << json::serialize(to_json(answer)) << '\n';
    });
    return 0;
  }
  const answer::Answer answer = answers.ask(
      {.text = arguments.words[1], .earlier = arguments.after, .chosen = arguments.chosen}, commune,
      now);
  if (arguments.json)
    std::cout << json::serialize(to_json(answer)) << '\n';
  else
    fmt::print("{}", render_text(answer));
  return 0;
}

int eval_retrieval(const Arguments& arguments, Home& home) {
  const Answers answers(home, tenant_named(home, arguments.tenant));
  std::ofstream out(arguments.out);
  std::array<double, 4> hits{};
  constexpr std::array<std::size_t, 4> kAt = {1, 3, 5, 10};
  double mrr = 0;
  std::vector<double> times;
  const std::filesystem::path path = arguments.words[2];
  each_line(path, [&](const json::object& line, std::size_t number) {
    const std::string question = text::clean(question_of(line, path, number));
    const auto start = std::chrono::steady_clock::now();
    const answer::Retrieval retrieval =
        answer::retrieve(answers.snapshot(), question, answer::kFound);
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
  const Answers answers(home, tenant_named(home, arguments.tenant));
  const http::Assets assets(arguments.assets, "/assets");
  portal::Service service{
      .town = answers.name(),
      .communes = answers.communes(),
      .zone = answers.zone(),
      .now = system_now,
      .ask =
          [&](answer::Question question, const std::string& commune) {
            return answers.ask(std::move(question), commune, system_now());
          },
      .sheet = [&](const knowledge::DocumentKey& key) { return answers.sheet(key); },
      .services = [&](const std::string& commune) { return answers.services(commune); }};
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
    else if (word == "--tenant")
      out.tenant = value();
    else if (word == "--commune")
      out.commune = value();
    else if (word == "--now")
      out.now = value();
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
  const bool import = words[0] == "import" && words.size() == 3 &&
                      (words[1] == "fiches" || words[1] == "faq" || words[1] == "commune" ||
                       words[1] == "annuaire");
  const bool ask_one = words[0] == "ask" && (words.size() == 2) != !arguments.batch.empty();
  const bool eval = words[0] == "eval" && words.size() == 3 && words[1] == "retrieval";
  const bool migrate = words[0] == "migrate" && words.size() == 1;
  const bool serves = words[0] == "serve" && words.size() == 1;
  if (!import && !ask_one && !eval && !migrate && !serves)
    usage("this command is not known or is incomplete");
  Home home(arguments.home);
  if (import && words[1] == "fiches") return import_fiches(arguments, home);
  if (import && words[1] == "faq") return import_faq(arguments, home);
  if (import && words[1] == "commune") return import_commune(arguments, home);
  if (import) return import_annuaire(arguments, home);
  if (ask_one) return ask(arguments, home);
  if (eval) return eval_retrieval(arguments, home);
  if (serves) return serve(arguments, home);
  std::cout << "the database is ready\n";
  return 0;
}

}  // namespace parvis::app
