// `vectors` makes the vectors that are missing; `fit` learns the adapter and the ranker.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <numeric>
#include <set>

#include "app/answers.hpp"
#include "app/command.hpp"
#include "app/lines.hpp"
#include "base/error.hpp"
#include "dialogue/going_on.hpp"
#include "knowledge/knowledge_store.hpp"
#include "retrieval/adapter_fit.hpp"
#include "retrieval/anchors.hpp"
#include "retrieval/entries.hpp"
#include "retrieval/fit.hpp"
#include "retrieval/learn.hpp"
#include "retrieval/vectors.hpp"
#include "text/normalise.hpp"

namespace parvis::app {
namespace {

search::VectorCache& ready(Models& models) {
  search::VectorCache* cache = models.cache(Models::Wait::loaded);
  if (cache == nullptr) throw Error(Errc::unavailable, models.problem());
  return *cache;
}

int vectors(const Arguments& arguments) {
  Home home(arguments.config);
  Models models(home.config, Models::Use::command);
  search::VectorCache& cache = ready(models);
  const auto bar = progress_bar("embedding");
  for (const std::string& tenant :
       std::set<std::string>{"", tenant_named(home, arguments.tenant)}) {
    const bool whole = retrieval::embed_missing(
        home.database, tenant,
        arguments.titles ? retrieval::Depth::titles : retrieval::Depth::passages, models.embedder(),
        cache, {.progress = [&](std::size_t done, std::size_t all) {
          if (bar) bar(done, all);
          return true;
        }});
    if (!whole)
      throw Error(Errc::unavailable, "stopped: " + models.problem() + "; run it again to go on");
  }
  fmt::print("{} texts have their vector\n", cache.size());
  return 0;
}

// Vectors of questions, kept beside those of passages: a fit is run many times.
class QuestionVectors {
 public:
  QuestionVectors(const Home& home, Models& models) : models_(models) {
    auto opened =
        search::VectorCache::open(home.config.home / "questions.cache", models.embedder().model(),
                                  models.embedder().dimension());
    if (!opened) throw Error(Errc::unavailable, opened.error().what);
    cache_.emplace(std::move(*opened));
  }

  std::vector<float> of(const std::string& text) {
    const std::uint64_t hash = search::text_hash(text);
    std::vector<std::int8_t> values(cache_->dimension());
    if (!cache_->contains(hash)) {
      const auto fresh = models_.question(text);
      if (!fresh) throw Error(Errc::unavailable, models_.problem());
      cache_->append(hash, *fresh);
    }
    const auto scale = cache_->copy(hash, values.data());
    CHECK(scale.has_value());
    std::vector<float> out;
    for (const std::int8_t v : values) out.push_back(static_cast<float>(v) * *scale);
    return out;
  }

 private:
  Models& models_;
  std::optional<search::VectorCache> cache_;
};

std::vector<retrieval::LabelledQuestion> read_labels(const std::vector<std::string>& files) {
  std::vector<retrieval::LabelledQuestion> out;
  for (const std::string& file : files)
    each_line(file, [&](const json::object& line, std::size_t number) {
      retrieval::LabelledQuestion& labelled = out.emplace_back();
      labelled.question = text::clean(question_of(line, file, number));
      labelled.expected = texts_at(line, "expected_ids");
      labelled.source = string_at(line, "source").value_or(file);
      labelled.parent = string_at(line, "variant_of").value_or("");
      if (labelled.parent.empty()) {
        const std::string_view qid = string_at(line, "qid").value_or("");
        labelled.parent = qid.substr(qid.find(':') + 1);
      }
    });
  return out;
}

// Pairs "words of a link → the sheet it leads to", over the titles of the national corpus.
// Phrasings are not among them: they made it worse (docs/measurements.md).
retrieval::AdapterLessons adapter_lessons(Home& home, const search::Snapshot& snapshot,
                                          const retrieval::Without& without,
                                          QuestionVectors& questions) {
  retrieval::AdapterLessons out;
  std::map<std::string, std::uint32_t, std::less<>> row_of;  // by id, the first audience
  for (const auto& generation : snapshot.generations()) {
    const auto vectors = generation->vectors();
    if (!vectors) continue;
    out.dimension = vectors->titles.dimension();
    std::vector<float> row(out.dimension);
    for (std::size_t r = 0; r < vectors->titles.size(); ++r) {
      const std::string_view key = generation->forward().key(vectors->titles.row(r).document);
      row_of.emplace(key.substr(key.find('/') + 1),
                     static_cast<std::uint32_t>(out.texts.size() / out.dimension));
      vectors->titles.vector(r, row);
      out.texts.insert(out.texts.end(), row.begin(), row.end());
    }
  }
  std::set<std::pair<std::string, std::uint32_t>> pairs;
  home.database.read([&](db::Tx& tx) {
    pairs.clear();
    knowledge::each_document(tx, knowledge::kNational, [&](const knowledge::Document& document) {
      retrieval::each_link(document, [&](std::string_view words, std::string_view id, auto) {
        const auto row = row_of.find(id);
        if (row == row_of.end() || id == document.key.id) return;
        if (without.contains(retrieval::comparable(words))) return;
        pairs.emplace(text::clean(words), row->second);
      });
    });
  });
  const auto bar = progress_bar("links");
  std::size_t done = 0;
  for (const auto& [words, target] : pairs) {
    if (bar) bar(++done, pairs.size());
    const std::vector<float> vector = questions.of(words);
    out.questions.insert(out.questions.end(), vector.begin(), vector.end());
    out.targets.push_back(target);
  }
  return out;
}

int fit(const Arguments& arguments) {
  Home home(arguments.config);
  Models models(home.config, Models::Use::command);
  const search::VectorCache& cache = ready(models);
  std::vector<retrieval::LabelledQuestion> labelled = read_labels(arguments.operands);
  if (labelled.empty()) throw Error(Errc::invalid, "the files have no question");
  retrieval::Without without;
  for (const auto& each : labelled) without.insert(retrieval::comparable(each.question));
  if (!arguments.without.empty())
    for (const auto& each : read_labels({arguments.without}))
      without.insert(retrieval::comparable(each.question));

  // An index of its own, without the words of the labelled questions: they must not find
  // themselves.
  const std::filesystem::path scope = home.config.home / "fit.index";
  std::cerr << "parvis: indexing without the labelled questions\n";
  retrieval::build_index(home.database, knowledge::kNational, scope, nullptr, without);
  auto generation = search::Generation::open(*search::current_generation(scope));
  if (!generation) throw Error(Errc::unavailable, generation.error().what);
  (*generation)->load_vectors(cache);
  const search::Snapshot snapshot({*generation});
  const retrieval::Mode mode = retrieval::mode_of(snapshot);
  if (mode == retrieval::Mode::lexical)
    throw Error(Errc::conflict, "titles lack their vectors: run parvis vectors first");

  QuestionVectors questions(home, models);
  for (auto& each : labelled) each.vector = questions.of(each.question);
  const retrieval::AdapterLessons pairs = adapter_lessons(home, snapshot, without, questions);
  std::cerr << fmt::format("parvis: adapter from {} links\n", pairs.targets.size());
  const retrieval::Adapter adapter =
      fit_adapter(pairs, models.embedder().model(), {}, [](int epoch, double loss) {
        std::cerr << fmt::format("  epoch {} loss {:.3f}\n", epoch, loss);
      });
  const retrieval::FitResult result =
      retrieval::fit_ranker(snapshot, mode, adapter, labelled, arguments.cv);
  if (arguments.cv) {
    std::cout << json::serialize(result.report) << '\n';
    if (arguments.out.empty()) return 0;
  }
  retrieval::Fitted fitted{result.ranker, adapter};
  fitted.ranker.model = adapter.model();
  const std::filesystem::path folder =
      arguments.out.empty() ? home.config.home / "fitted" : arguments.out;
  fitted.save(folder);
  std::filesystem::remove_all(scope);
  fmt::print("fitted on {} questions and {} links: {}\n", labelled.size(), pairs.targets.size(),
             folder.string());
  return 0;
}

// Pairs of messages: {"first": "…", "page": ["F1"], "then": "…", "expect": "stay" or ["F2"],
// "commune": INSEE code, or none}.
std::vector<retrieval::Choice> going_on_lessons(const Answers& answers,
                                                const std::filesystem::path& path) {
  std::vector<retrieval::Choice> out;
  each_line(path, [&](const json::object& line, std::size_t number) {
    const auto first = string_at(line, "first"), then = string_at(line, "then");
    const std::vector<std::string> page = texts_at(line, "page");
    std::optional<knowledge::Document> subject;
    for (const char* audience : {"particuliers", "local"})
      if (!page.empty() && !subject) subject = answers.sheet({audience, page[0]});
    if (!first || !then || !subject)
      throw Error(Errc::invalid, fmt::format("{}:{}: two messages and the page of the first",
                                             path.string(), number));
    const bool stays = string_at(line, "expect") == "stay";
    const std::vector<std::string> wanted = stays ? page : texts_at(line, "expect");
    dialogue::State state;
    state.subject = page[0];
    state.title = subject->title;
    state.question = text::clean(*first);
    state.confidence = 1;
    state.told = {state.question};
    const dialogue::World world =
        answers.world(std::string(string_at(line, "commune").value_or("")), Instant{});
    retrieval::Choice choice;
    for (const dialogue::Option& option : dialogue::options(state, text::clean(*then), world)) {
      choice.options.emplace_back(option.signs.begin(), option.signs.end());
      choice.right.push_back(std::ranges::find(wanted, option.id) != wanted.end());
    }
    out.push_back(std::move(choice));
  });
  return out;
}

int fit_going_on(const Arguments& arguments) {
  constexpr double kRidge = 3;
  constexpr std::size_t kFolds = 8;
  Home home(arguments.config);
  Models models(home.config, arguments.lexical ? Models::Use::words : Models::Use::command);
  if (!arguments.lexical) ready(models);
  const Answers answers(home, models, tenant_named(home, arguments.tenant));
  const std::vector<retrieval::Choice> all = going_on_lessons(answers, arguments.operands.at(0));
  const auto learnt = [&](std::size_t without) {
    std::vector<const retrieval::Choice*> some;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (i % kFolds != without) some.push_back(&all[i]);
    return retrieval::learn_choice(some, kRidge);
  };
  std::size_t right = 0;
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    const std::vector<double> weights = learnt(fold);
    for (std::size_t i = fold; i < all.size(); i += kFolds) {
      std::size_t best = 0;
      double most = -1e300;
      for (std::size_t o = 0; o < all[i].options.size(); ++o) {
        const double score =
            std::inner_product(weights.begin(), weights.end(), all[i].options[o].begin(), 0.0);
        if (score <= most) continue;
        most = score;
        best = o;
      }
      right += all[i].right[best] ? 1 : 0;
    }
  }
  std::string weights;
  for (const double weight : learnt(kFolds))
    weights.append(weights.empty() ? "" : ", ").append(fmt::format("{:.3f}", weight));
  fmt::print("{} of {} pairs out of fold\n{{{}}}\n", right, all.size(), weights);
  return 0;
}

constexpr std::array kCommands = {
    Command{"vectors", "", "[--titles]", "makes the vectors that are missing, in the foreground",
            vectors},
    Command{"fit going-on", "FILE.jsonl", "[--lexical]",
            "learns when a message stays with the page talked about, from pairs of messages",
            fit_going_on},
    Command{"fit", "FILE.jsonl…", "[--cv] [--without FILE] [--out DIR]",
            "learns the adapter from the corpus's links and the ranker from labelled questions",
            fit}};

}  // namespace

std::span<const Command> learning_commands() { return kCommands; }

}  // namespace parvis::app
